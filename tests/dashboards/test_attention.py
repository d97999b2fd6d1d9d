"""Exceptions, counts by heading and own actions, from positions without a database."""

from dataclasses import replace
from datetime import date, timedelta

from actions.figures import by_directorate, by_theme
from actions.position import RecommendationPosition
from peerplan.councils.ratings import DEFAULT_RULES
from peerplan.dashboards.attention import attention
from peerplan.dashboards.tasks import own_action
from tests.actions.test_sentences import JUNE, MARCH, action, position

SCHEME = {rule.key: rule for rule in DEFAULT_RULES}


def test_each_exception_is_told_in_full_once_and_named_in_later_kinds() -> None:
    late = date(2025, 6, 1)
    now = position(
        action("red", late, decision_sought="Cabinet to choose.", original_due=MARCH),
        action("amber", late),
        action("amber", recovery_plan="Work Saturdays.", forecast="amber"),
        action("green", date(2025, 12, 31)),
        action("green", forecast="green"),
        action("complete", late),
    )
    found = attention(now, None, SCHEME)
    told = [
        (group.key, [row.action.ref for row in group.rows], group.above) for group in found.groups
    ]
    assert told == [
        ("red", ["1.1"], ""),
        ("overdue", ["1.2"], "1.1"),
        ("forecast", ["1.3"], ""),
        ("slipped", ["1.4"], "1.1"),
    ]
    assert found.count == 4
    needs = [need.text for need in found.groups[0].rows[0].needs]
    assert needs[0] == "Cabinet to choose."
    assert found.groups[2].rows[0].forecast is not None


def test_an_action_without_a_plan_shows_what_was_written() -> None:
    found = attention(position(action("red", commentary="We wait.")), None, SCHEME)
    assert [need.text for need in found.groups[0].rows[0].needs] == ["We wait."]


def test_due_soon_and_quiet_actions_say_how_long() -> None:
    soon = action("green", JUNE + timedelta(days=11))
    quiet = position(soon, action(in_plan_from=date(2025, 1, 1)), as_at=JUNE)
    found = attention(quiet, None, SCHEME)
    assert [(row.action.ref, row.left) for row in found.soon] == [("1.1", "11 days left")]
    assert [row.since for row in found.quiet] == ["never updated; in the plan from 1 January 2025"]
    later = position(soon, as_at=date(2025, 7, 5))
    assert attention(later, None, SCHEME).soon[0].left == "today"
    assert attention(later, None, SCHEME).quiet[0].since == (
        "last updated as at 31 March 2025, 96 days before"
    )


def test_nothing_wrong_is_nothing_to_tell() -> None:
    found = attention(position(action("green"), as_at=MARCH), None, SCHEME)
    assert (found.groups, found.soon, found.quiet) == ((), (), ())


def recommendation(number: int, *themes: str) -> RecommendationPosition:
    return RecommendationPosition(
        number, str(number), "key", "Key", "Title", "", None, "", "", "", themes, None, ()
    )


def test_actions_are_counted_under_each_of_their_themes_and_once_in_all() -> None:
    now = replace(
        position(
            action("red", recommendation_ids=(1,)),
            action("green", recommendation_ids=(1, 2)),
            action("bau", recommendation_ids=(9,)),
            action("merged", recommendation_ids=(1,)),
        ),
        recommendations=(recommendation(1, "Housing"), recommendation(2, "Finance")),
        themes=("Finance", "Housing"),
    )
    table = by_theme(now, SCHEME)
    assert [column.label for column in table.columns] == [
        "Red", "Amber", "Green", "Complete", "Business as usual",
    ]  # fmt: skip
    assert [(line.label, line.counts, line.total) for line in table.lines] == [
        ("Finance", (0, 0, 1, 0, 0), 1),
        ("Housing", (1, 0, 1, 0, 0), 2),
        ("No theme", (0, 0, 0, 0, 1), 1),
    ]
    assert (table.total.counts, table.total.total) == ((1, 0, 1, 0, 1), 3)
    assert table.overlaps


def test_directorates_come_by_name_and_rare_statuses_as_one() -> None:
    now = position(
        action("paused", directorate="Resources"),
        action("none", directorate="Communities"),
        action("claimed"),
    )
    table = by_directorate(now, SCHEME)
    assert [column.label for column in table.columns][-2:] == ["Claimed complete", "Other"]
    assert [line.label for line in table.lines] == ["Communities", "Resources", "No directorate"]
    assert not table.overlaps


def test_what_an_action_needs_of_its_lead() -> None:
    cases = {
        "overdue": own_action(action("green", date(2025, 6, 1)), JUNE),
        "soon": own_action(action("green", date(2025, 7, 1)), JUNE),
        "quiet": own_action(action("green"), date(2025, 8, 1)),
        "resting": own_action(action("green"), JUNE),
        "done": own_action(action("complete"), date(2026, 1, 1)),
    }
    assert {key: own.need for key, own in cases.items()} == {key: key for key in cases}
    assert cases["overdue"].words == "23 days overdue"
    assert cases["soon"].words == "7 days left"
    assert cases["quiet"].words == "Not updated for 123 days"
    assert [key for key, own in cases.items() if own.is_pressing] == ["overdue", "soon", "quiet"]
