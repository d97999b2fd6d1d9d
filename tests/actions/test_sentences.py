"""What changed and where a plan stands, in words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions.changes import Change, changes
from actions.position import ActionPosition, DateMove, Position, UpdatePosition
from actions.sentences import (
    ChangeGroup,
    change_groups,
    change_sentence,
    claim_counts,
    claims_told,
    clipped,
    closure_in_words,
    counted,
    days_left,
    headline,
    kind_of,
    listed,
    needs,
    number_changed,
    plain,
    span,
    standing,
    then,
    was,
)
from peerplan.councils.ratings import DEFAULT_RULES

SCHEME = {rule.key: rule for rule in DEFAULT_RULES}
MARCH, JUNE = date(2025, 3, 31), date(2025, 6, 24)
STATES = {
    "none": "not-started",
    "complete": "verified",
    "merged": "superseded",
    "claimed": "claimed",
    "paused": "paused",
    "bau": "bau",
    "withdrawn": "withdrawn",
}


def action(
    status: str = "", due: date | None = date(2025, 9, 30), words: str = "", **more: object
) -> ActionPosition:
    """An action with a status (none: no update yet). `update` numbers its update."""
    number = more.pop("update", 1)
    given: dict[str, object] = {
        name: more.pop(name, "")
        for name in ("commentary", "recovery_plan", "decision_sought", "forecast")
    }
    update = None
    if status:
        update = UpdatePosition(
            id=number,  # type: ignore[arg-type]
            kind="progress",
            as_at=MARCH,
            recorded_at=datetime(2025, 4, 1, tzinfo=UTC),
            on_behalf_of="",
            state=STATES.get(status, "in-progress"),
            rating="" if status in STATES else status,
            expected_date=due,
            expected_words=words,
            visibility="public",
            **given,  # type: ignore[arg-type]
        )
    base: dict[str, object] = {
        "id": 1,
        "ref": "1.1",
        "position": 0,
        "title": "Clear the backlog",
        "description": "",
        "success_measure": "",
        "lead_role": "Head of Housing",
        "lead_person_id": None,
        "portfolio": "",
        "directorate": "",
        "beginning": "new",
        "in_plan_from": date(2024, 12, 17),
        "original_due": date(2025, 9, 30),
        "original_due_words": "",
        "exempt_paragraph": None,
        "is_exempt": False,
        "version": 1,
        "update": update,
    }
    return ActionPosition(**(base | more))  # type: ignore[arg-type]


def position(*actions: ActionPosition, as_at: date = JUNE) -> Position:
    """A position of actions, numbered 1.1, 1.2 and so on."""
    rows = tuple(
        replace(each, id=number, ref=f"1.{number}") for number, each in enumerate(actions, start=1)
    )
    known = datetime(2025, 6, 24, tzinfo=UTC)
    return Position(1, as_at, known, True, (), rows)


Before = ActionPosition | None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (action("green"), action("amber", update=2), "went from Green to Amber"),
        (action("amber"), action("amber", update=2), "is still Amber"),
        (action("amber"), action("amber"), "has had no update"),
        (
            action("green"),
            action("claimed", update=2),
            "went from Green to Claimed complete, not yet checked",
        ),
        (
            action("claimed"),
            action("complete", update=2),
            "was checked by a second person and is Complete",
        ),
        (action("complete"), action("bau", update=2), "moved to Business as usual"),
        (action("green"), action("merged", update=2), f"ended: {SCHEME['merged'].label}"),
        (action("red"), action("withdrawn", update=2), "ended: Not taken forward"),
        (action("red"), action("paused", update=2), "went from Red to Paused"),
        (action(), action("green"), "went from Not started to Green"),
        (None, action("green"), "is new in the plan: Green"),
        (action("green"), None, "is no longer in the plan"),
        (
            action("green"),
            action("amber", date(2025, 12, 31), update=2),
            "went from Green to Amber; its date moved from 30 September to 31 December 2025 "
            "(92 days)",
        ),
        (
            action("green"),
            action("green", date(2026, 1, 31), update=2),
            "is still Green; its date moved from 30 September 2025 to 31 January 2026 (123 days)",
        ),
        (
            action("green"),
            action("green", date(2025, 9, 29), update=2),
            "is still Green; its date moved from 30 September to 29 September 2025 (1 day earlier)",
        ),
        (
            action("green"),
            action("green", None, "Ongoing", update=2),
            "is still Green; its date moved from 30 September 2025 to Ongoing",
        ),
        (
            action("green"),
            action("green", date(2025, 9, 30), "Autumn 2025", update=2),
            "is still Green; its date is now given as “Autumn 2025”",
        ),
        (
            action("green", None, original_due=None),
            action("green", date(2025, 12, 31), update=2),
            "is still Green; it now has a date, 31 December 2025",
        ),
        (
            action("green"),
            action("green", None, original_due=None, update=2),
            "is still Green; it no longer has a date",
        ),
        (
            action("amber", commentary="We  wait."),
            action("amber", commentary="We wait.", update=2),
            "is still Amber; the words are the same as last time",
        ),
    ],
)
def test_a_change_is_told_in_words(before: Before, after: Before, words: str) -> None:
    assert plain(change_sentence(Change(before, after), SCHEME)) == words


def test_the_councils_own_labels_are_used() -> None:
    scheme = SCHEME | {"amber": replace(SCHEME["amber"], label="At risk")}
    change = Change(action("green"), action("amber", update=2))
    sentence = change_sentence(change, scheme)
    assert plain(sentence) == "went from Green to At risk"
    assert [piece.key for piece in sentence if piece.key] == ["green", "amber"]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (action("green"), action("red", update=2), "worse"),
        (action(), action("amber"), "worse"),
        (action("complete"), action("claimed", update=2), "worse"),
        (action("complete"), action("green", update=2), "worse"),
        (action("red"), action("amber", update=2), "better"),
        (action("paused"), action("green", update=2), "better"),
        (action(), action("green"), "started"),
        (action("amber"), action("claimed", update=2), "complete"),
        (action("claimed"), action("complete", update=2), "complete"),
        (action("complete"), action("bau", update=2), "normal"),
        (action("green"), action("paused", update=2), "paused"),
        (action("green"), action("merged", update=2), "ended"),
        (action("green"), None, "ended"),
        (None, action("red"), "new"),
        (action("green"), action("green", date(2026, 1, 1), update=2), "date"),
        (action("red"), action("red", update=2), "still"),
        (action("green"), action("green", update=2), "same"),
        (action("green"), action("green"), "quiet"),
        (action("complete"), action("complete"), ""),
    ],
)
def test_each_change_is_of_one_kind(before: Before, after: Before, kind: str) -> None:
    assert kind_of(Change(before, after)) == kind


def test_changes_are_grouped_with_their_number() -> None:
    before = position(*(action("green") for _ in range(4)), as_at=MARCH)
    after = position(
        action("red", update=2), action("amber", update=2), action("claimed", update=2),
        action("green"),
    )  # fmt: skip
    groups = change_groups(changes(before, after))
    assert [group.heading for group in groups] == [
        "Two got worse",
        "One more is claimed complete",
        "One has no new update",
    ]
    assert groups[0].refs == "1.1 and 1.2"
    assert number_changed(groups) == 3


def test_an_empty_group_is_left_out() -> None:
    groups: tuple[ChangeGroup, ...] = change_groups(changes(position(), position()))
    assert groups == ()


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([], ("There are no actions in the plan yet.", "")),
        (
            ["green", "complete", "amber", "red", "none"],
            (
                "2 of 5 actions are complete, on track or in normal work.",
                "One is at risk and one is off track: 1.4.",
            ),
        ),
        (
            ["green", "claimed", "bau", "merged"],
            (
                "All three actions are complete, on track or in normal work.",
                "None is at risk or off track.",
            ),
        ),
        (
            ["amber", "amber", "green"],
            (
                "1 of 3 actions is complete, on track or in normal work.",
                "Two are at risk and none is off track.",
            ),
        ),
        (
            ["red"] * 5 + ["green"],
            (
                "1 of 6 actions is complete, on track or in normal work.",
                "Five are off track.",
            ),
        ),
        (
            ["red", "none"],
            (
                "None of 2 actions are complete, on track or in normal work.",
                "One is off track: 1.1.",
            ),
        ),
        (
            ["green"],
            (
                "The one action is complete, on track or in normal work.",
                "None is at risk or off track.",
            ),
        ),
    ],
)
def test_where_a_plan_stands(actions: list[str], words: tuple[str, str]) -> None:
    assert standing(position(*(action(status) for status in actions))) == words


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([], "There are no actions in the plan yet."),
        (["red", "red", "amber"], "Two actions are off track and one is at risk."),
        (["red"], "One action is off track."),
        (["amber"], "Nothing is off track. One is at risk."),
        (["green"], "Nothing is off track. Nothing is at risk."),
    ],
)
def test_the_card_says_first_what_is_wrong(actions: list[str], words: str) -> None:
    assert "".join(headline(position(*(action(status) for status in actions)))) == words


@pytest.mark.parametrize(
    ("actions", "short", "sentence"),
    [
        (["green", "bau"], "", ""),
        (
            ["claimed"],
            "1 claimed complete, none of them verified",
            "One action is claimed complete and not yet verified.",
        ),
        (
            ["complete"],
            "1 claimed complete, 1 of them verified",
            "One action is claimed complete and verified.",
        ),
        (
            ["claimed", "red", "claimed"],
            "2 claimed complete, none of them verified",
            "Two actions are claimed complete, none of them verified.",
        ),
        (
            ["complete"] * 9 + ["claimed"] * 3 + ["bau", "merged"],
            "12 claimed complete, 9 of them verified",
            "12 actions are claimed complete, nine of them verified.",
        ),
    ],
)
def test_both_counts_of_what_is_claimed(actions: list[str], short: str, sentence: str) -> None:
    found = position(*(action(status) for status in actions))
    assert (claim_counts(found), claims_told(found)) == (short, sentence)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("", "", ""), ""),
        (("delivered", "", ""), "Delivered."),
        (
            ("bau", "The service plan.", "Head of Housing"),
            "Moved to business as usual: The service plan. Now with Head of Housing.",
        ),
        (("not-relevant", "", "Cabinet"), "No longer relevant. Agreed by Cabinet."),
    ],
)
def test_why_an_action_closed(given: tuple[str, str, str], words: str) -> None:
    assert closure_in_words(*given) == words


def test_how_it_was() -> None:
    now = action("red", update=2)
    assert was(now, action("amber"), MARCH, JUNE, SCHEME) == "was Amber in March"
    assert was(now, action("red"), MARCH, JUNE, SCHEME) == "as in March"
    assert was(now, None, MARCH, JUNE, SCHEME) == "new since March"
    assert (
        was(now, action("amber"), date(2024, 12, 31), JUNE, SCHEME) == "was Amber in December 2024"
    )
    assert was(now, action("amber"), date(2025, 6, 3), JUNE, SCHEME) == "was Amber on 3 June"


def test_what_is_needed_comes_in_order() -> None:
    late = action(
        "red",
        date(2025, 6, 20),
        decision_sought="Cabinet to choose.",
        original_due=date(2025, 3, 31),
        date_moves=(DateMove(MARCH, date(2025, 6, 20), "", "The surveyor left."),),
    )
    assert [(need.label, need.text) for need in needs(late, JUNE)] == [
        ("Decision sought", "Cabinet to choose."),
        ("Overdue", "it was due on 20 June 2025, 4 days ago."),
        ("Date", "81 days later than first agreed. Reason: The surveyor left."),
    ]
    assert needs(action("green"), JUNE) == ()


def test_small_words() -> None:
    assert (counted(1, "action"), counted(12, "action")) == ("one action", "12 actions")
    assert (listed([]), listed(["1"]), listed(["1", "2", "3"])) == ("", "1", "1, 2 and 3")
    assert span(date(2025, 1, 1), date(2026, 1, 1)) == "1 January 2025 to 1 January 2026"
    assert then(date(2025, 6, 1), JUNE) == "on 1 June"
    assert days_left(JUNE, JUNE) == "due today"
    assert days_left(date(2025, 6, 25), JUNE) == "1 day left"
    assert days_left(date(2025, 6, 20), JUNE) == "4 days overdue"


def test_long_texts_are_cut_at_a_word() -> None:
    assert clipped("one\n two", 20) == "one two"
    cut = clipped("word " * 100, 30)
    assert len(cut) <= 30
    assert cut == "word word word word word…"
