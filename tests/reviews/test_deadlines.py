from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.councils.models import Council
from reviews import deadlines
from reviews.models import PeerChallenge
from reviews.presets import RULE_SETS, DeadlineRule, Event, Unit

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


def rule(
    offset: int = 3,
    unit: Unit = Unit.MONTHS,
    done_by: str = "report_published_on",
    limit: bool = True,
) -> DeadlineRule:
    return DeadlineRule("key", "Report published", Event.ON_SITE_TO, offset, unit, done_by, limit)


def leicestershire(**dates: date | str) -> PeerChallenge:
    """The real timeline of North West Leicestershire's challenge, from its committee papers."""
    return PeerChallenge(
        council=Council(nation="england"),
        title="Corporate Peer Challenge 2024",
        on_site_from=date(2024, 6, 26),
        on_site_to=date(2024, 6, 28),
        plan_approved_on=date(2024, 12, 17),
        review_from=date(2025, 4, 1),
        review_to=date(2025, 4, 2),
        review_report_published_on=date(2025, 6, 24),
        **dates,
    )


def by_key(challenge: PeerChallenge, today: date) -> dict[str, deadlines.Deadline]:
    return {one.rule.key: one for one in deadlines.deadlines(challenge, today)}


@pytest.mark.parametrize(
    ("start", "offset", "unit", "due"),
    [
        (date(2024, 6, 28), 3, Unit.MONTHS, date(2024, 9, 28)),
        (date(2024, 6, 28), 5, Unit.MONTHS, date(2024, 11, 28)),
        (date(2023, 11, 30), 3, Unit.MONTHS, date(2024, 2, 29)),
        (date(2024, 11, 30), 3, Unit.MONTHS, date(2025, 2, 28)),
        (date(2024, 8, 31), 1, Unit.MONTHS, date(2024, 9, 30)),
        (date(2024, 2, 29), 12, Unit.MONTHS, date(2025, 2, 28)),
        (date(2022, 3, 17), 56, Unit.DAYS, date(2022, 5, 12)),
        # Friday to Monday: the weekend does not count.
        (date(2024, 6, 28), 1, Unit.WORKING_DAYS, date(2024, 7, 1)),
        # Over Christmas: 25 and 26 December and 1 January are bank holidays.
        (date(2024, 12, 24), 1, Unit.WORKING_DAYS, date(2024, 12, 27)),
        (date(2024, 12, 24), 4, Unit.WORKING_DAYS, date(2025, 1, 2)),
        # Ofsted's 20 and 70 working days, over Easter and the May bank holidays of 2025.
        (date(2025, 3, 31), 20, Unit.WORKING_DAYS, date(2025, 4, 30)),
        (date(2025, 3, 31), 70, Unit.WORKING_DAYS, date(2025, 7, 11)),
    ],
)
def test_due_date(start: date, offset: int, unit: Unit, due: date) -> None:
    assert deadlines.due_date(rule(offset, unit), start) == due


def test_bank_holidays_are_those_of_the_nation() -> None:
    st_andrew = date(2026, 11, 30)
    assert deadlines.is_working_day(st_andrew, "england")
    assert not deadlines.is_working_day(st_andrew, "scotland")
    assert not deadlines.is_working_day(date(2026, 3, 17), "northern-ireland")
    assert deadlines.is_working_day(date(2026, 3, 17), "wales")


@given(start=DAYS, count=st.integers(1, 120))
def test_working_days_are_counted_and_end_on_one(start: date, count: int) -> None:
    due = deadlines.add_working_days(start, count)
    between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(deadlines.is_working_day(day) for day in between) == count
    assert deadlines.is_working_day(due)


@given(start=DAYS, offset=st.integers(1, 60))
def test_months_end_in_the_right_month_and_never_run_over_its_end(start: date, offset: int) -> None:
    due = deadlines.due_date(rule(offset), start)
    assert (due.year * 12 + due.month) - (start.year * 12 + start.month) == offset
    assert due.day == start.day or (due.day < start.day and (due + timedelta(1)).day == 1)


@given(
    start=DAYS, earlier=st.integers(0, 400), unit=st.sampled_from(Unit), offset=st.integers(1, 90)
)
def test_a_later_start_is_never_due_earlier(
    start: date, earlier: int, unit: Unit, offset: int
) -> None:
    first = deadlines.due_date(rule(offset, unit), start - timedelta(days=earlier))
    assert first <= deadlines.due_date(rule(offset, unit), start)


@given(start=DAYS, done=st.integers(-50, 400), today=st.integers(0, 500))
def test_late_and_left_are_one_count(start: date, done: int, today: int) -> None:
    challenge = PeerChallenge(
        on_site_from=start, on_site_to=start, report_published_on=start + timedelta(days=done)
    )
    now = start + timedelta(days=today)
    found = deadlines.deadline(challenge, rule(), now)
    assert found.due is not None
    assert found.is_done == (done <= today)
    reached = found.done_on or now
    assert found.days_left == (found.due - reached).days
    assert found.is_late == (reached > found.due)
    assert found.days_late == max(0, (reached - found.due).days)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2024, 6, 28), date(2024, 12, 17), "5 months 19 days"),
        (date(2024, 6, 28), date(2024, 7, 28), "1 month"),
        (date(2024, 6, 28), date(2024, 6, 29), "1 day"),
        (date(2024, 6, 28), date(2024, 6, 28), "0 days"),
        (date(2023, 6, 28), date(2024, 8, 1), "13 months 4 days"),
    ],
)
def test_elapsed(start: date, end: date, words: str) -> None:
    assert deadlines.elapsed(start, end) == words


def test_the_real_timeline_of_north_west_leicestershire() -> None:
    found = by_key(leicestershire(), date(2025, 6, 24))
    plan = found["plan"]
    assert plan.due == date(2024, 11, 28)
    assert plan.is_late
    assert plan.days_late == 19
    assert plan.headline == "Done, 19 days late"
    assert plan.sentence == (
        "17 December 2024, 5 months 19 days after the last day on site: late; "
        "due by 28 November 2024, 5 months after the last day on site."
    )
    review = found["review"]
    assert (review.due, review.days_left) == (date(2025, 4, 28), 27)
    assert review.sentence == (
        "1 April 2025; due about 28 April 2025, 10 months after the last day on site."
    )
    report = found["review-report"]
    assert (report.due, report.days_left) == (date(2025, 6, 28), 4)
    assert report.headline == "Done, 4 days early"
    assert found["report"].headline == "269 days late"


def test_before_its_day_a_date_is_planned_and_not_done() -> None:
    review = by_key(leicestershire(), date(2025, 3, 1))["review"]
    assert not review.is_done
    assert review.booked_for == date(2025, 4, 1)
    assert review.headline == "58 days left"
    assert review.sentence.endswith("Planned for 1 April 2025.")


def test_a_limit_that_will_be_missed_says_so() -> None:
    plan = by_key(leicestershire(), date(2024, 11, 1))["plan"]
    assert plan.headline == "27 days left"
    assert plan.sentence.endswith("Planned for 17 December 2024, which is late.")


@pytest.mark.parametrize(
    ("today", "headline"),
    [
        (date(2024, 9, 27), "1 day left"),
        (date(2024, 9, 28), "Due today"),
        (date(2024, 9, 29), "1 day late"),
    ],
)
def test_the_day_itself_is_in_time(today: date, headline: str) -> None:
    report = by_key(leicestershire(), today)["report"]
    assert report.headline == headline
    assert report.is_late == (headline == "1 day late")


def test_an_approximate_day_is_past_but_never_late() -> None:
    challenge = leicestershire()
    challenge.review_from = None
    review = by_key(challenge, date(2025, 5, 28))["review"]
    assert review.headline == "30 days past"
    assert not review.is_late


def test_without_a_start_there_is_no_day_to_be_late() -> None:
    challenge = PeerChallenge(
        council=Council(nation="england"),
        kind="ofsted-ilacs",
        rule_set="ofsted",
        on_site_from=date(2025, 3, 3),
        on_site_to=date(2025, 3, 14),
    )
    draft = by_key(challenge, date(2026, 3, 14))["draft-plan"]
    assert (draft.due, draft.days_left, draft.is_late) == (None, None, False)
    assert draft.headline == "No start date yet"
    challenge.report_received_on = date(2025, 3, 31)
    assert by_key(challenge, date(2025, 4, 1))["draft-plan"].due == date(2025, 4, 30)


def test_the_clock_tells_the_next_deadline_and_the_late_ones() -> None:
    challenge = leicestershire()
    before = deadlines.clock(challenge, date(2024, 6, 20))
    assert (before.visit_headline, before.visit_is_over) == ("6 days to go", False)
    assert before.visit_sentence == "26 to 28 June 2024"
    assert deadlines.clock(challenge, date(2024, 6, 27)).visit_headline == "On site now"
    after = deadlines.clock(challenge, date(2024, 12, 20))
    assert after.visit_is_over
    assert [one.rule.key for one in after.late] == ["report"]
    assert after.following is not None
    assert after.following.rule.key == "report"
    assert [one.due for one in after.deadlines] == sorted(
        one.due for one in after.deadlines if one.due
    )


@pytest.mark.parametrize("key", sorted(RULE_SETS))
def test_every_rule_names_dates_that_a_challenge_has(key: str) -> None:
    names = {field.name for field in PeerChallenge._meta.get_fields()}
    assert RULE_SETS[key].dates <= names
