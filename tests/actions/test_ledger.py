"""The slippage ledger as pure rules: times slipped, days each and in all, who approved."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.ledger import Ledger, is_later, ledger_of, ledger_of_plan, span_in_words
from actions.position import ActionPosition, DateMove, UpdatePosition
from peerplan.core import clock

JUNE, SEPTEMBER, DECEMBER = date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def action(*moves: DateMove, original: date | None = JUNE, words: str = "") -> ActionPosition:
    """An open action whose date made `moves`."""
    last = moves[-1] if moves else None
    update = UpdatePosition(
        id=1,
        kind="progress",
        as_at=date(2025, 3, 31),
        recorded_at=clock.now(),
        on_behalf_of="",
        state="in-progress",
        rating="green",
        forecast="",
        expected_date=last.to if last else None,
        expected_words=last.words if last else "",
        commentary="",
        recovery_plan="",
        decision_sought="",
        visibility="public",
    )
    return ActionPosition(
        id=1,
        ref="1.1",
        position=1,
        title="Map repairs",
        description="",
        success_measure="",
        lead_role="Head of Housing",
        lead_person_id=None,
        portfolio="",
        directorate="",
        beginning="new",
        in_plan_from=date(2024, 12, 17),
        original_due=original,
        original_due_words=words,
        exempt_paragraph=None,
        is_exempt=False,
        version=1,
        update=update,
        date_moves=moves,
    )


def move(to: date | None, words: str = "", **given: str) -> DateMove:
    return DateMove(
        date(2025, 3, 31), to, words, given.pop("reason", "Posts were vacant."), **given
    )


def days_of(ledger: Ledger) -> list[int | None]:
    return [each.days for each in ledger.revisions]


@pytest.mark.parametrize(
    ("to", "due", "later"),
    [
        (SEPTEMBER, JUNE, True),
        (JUNE, JUNE, False),
        (JUNE, SEPTEMBER, False),
        (None, JUNE, True),
        (JUNE, None, False),
        (None, None, False),
    ],
)
def test_a_later_day_or_no_day_any_more_puts_off(
    to: date | None, due: date | None, later: bool
) -> None:
    assert is_later(to, due) is later


def test_each_date_has_its_own_days_and_the_ledger_all_of_them() -> None:
    ledger = ledger_of(action(move(SEPTEMBER), move(DECEMBER)))
    assert [each.day for each in ledger.entries] == [JUNE, SEPTEMBER, DECEMBER]
    assert days_of(ledger) == [92, 92]
    assert (ledger.times_slipped, ledger.days_slipped) == (2, 184)
    assert ledger.in_words == "Slipped twice, 184 days in all"
    assert [each.day for each in ledger.latest_first] == [DECEMBER, SEPTEMBER, JUNE]


def test_a_date_brought_forward_is_a_revision_and_no_slip() -> None:
    ledger = ledger_of(action(move(date(2025, 6, 29))))
    assert (ledger.times_slipped, days_of(ledger)) == (0, [-1])
    assert ledger.revisions[0].days_in_words == "1 day earlier"
    assert ledger.in_words == "Brought forward by 1 day"


def test_back_to_the_first_date_is_no_days_in_all_and_still_one_slip() -> None:
    ledger = ledger_of(action(move(SEPTEMBER), move(JUNE)))
    assert (ledger.times_slipped, ledger.days_slipped) == (1, 0)
    assert ledger.in_words == "Slipped once"


def test_words_without_a_day_slip_and_have_no_days_to_count() -> None:
    ledger = ledger_of(action(move(None, "Ongoing"), move(DECEMBER)))
    assert days_of(ledger) == [None, None]
    assert [each.is_slip for each in ledger.revisions] == [True, False]
    assert ledger.revisions[0].days_in_words == "No day to count to"
    assert ledger.revisions[1].days_in_words == "No day to count from"


def test_without_a_move_there_is_the_original_date_only() -> None:
    ledger = ledger_of(action(words="Summer 2025"))
    assert ledger.revisions == ()
    assert ledger.entries[0].is_original
    assert ledger.entries[0].words == "Summer 2025"
    assert ledger.in_words == "Has not moved"


def test_an_approval_names_role_or_body_with_its_day_and_minute() -> None:
    by_body = replace(
        move(SEPTEMBER, asked_by="Head of Housing", approved_by="Cabinet", minute="Minute 54"),
        approved_on=date(2025, 4, 15),
    )
    ledger = ledger_of(action(by_body, move(DECEMBER)))
    assert ledger.revisions[0].approval == "Cabinet, 15 April 2025, Minute 54"
    assert ledger.revisions[0].asked_by == "Head of Housing"
    assert ledger.revisions[1].approval == ""
    assert ledger.without_approval == 1


def test_what_was_written_while_exempt_is_withheld_from_other_readers() -> None:
    exempt = replace(
        move(SEPTEMBER, "When the bidder signs", asked_by="Head of Land", approved_by="Cabinet"),
        visibility="exempt",
        minute="Exempt minute 9",
    )
    ledger = ledger_of(action(exempt).for_publication())
    (entry,) = ledger.revisions
    assert entry.is_withheld
    assert (entry.words, entry.reason, entry.asked_by) == ("Not for publication", "", "")
    assert (entry.approval, entry.days) == ("", 92)


def test_a_plan_adds_up_what_slipped_and_does_not_set_off_what_came_earlier() -> None:
    late, early = action(move(SEPTEMBER)), action(move(date(2025, 5, 31)))
    plan = ledger_of_plan([late, early, action()])
    assert len(plan.moved) == 2
    assert len(plan.slipped) == 1
    assert (plan.times_slipped, plan.days_slipped, plan.without_approval) == (1, 92, 1)


@pytest.mark.parametrize(
    ("days", "words"), [(1, "1 day later"), (-2, "2 days earlier"), (0, "the same day")]
)
def test_a_span_is_said_in_days(days: int, words: str) -> None:
    assert span_in_words(days) == words


@given(original=DAYS, days=st.lists(DAYS, max_size=6))
def test_the_days_of_all_revisions_add_up_to_the_days_in_all(
    original: date, days: list[date]
) -> None:
    ledger = ledger_of(action(*[move(day) for day in days], original=original))
    assert sum(each.days or 0 for each in ledger.revisions) == ledger.days_slipped
    assert original + timedelta(ledger.days_slipped) == ledger.entries[-1].day
    assert ledger.times_slipped == sum((each.days or 0) > 0 for each in ledger.revisions)
