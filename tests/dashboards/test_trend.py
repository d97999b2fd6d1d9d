"""The trend by month."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.position import plan_position, released_position
from peerplan.councils.ratings import DEFAULT_RULES
from peerplan.dashboards.trend import Row, month_ends, monthly_counts, trend_of
from tests.plugins.plans import Plan

SCHEME = {rule.key: rule for rule in DEFAULT_RULES}
BEGAN = date(2025, 1, 1)


def row(action: int, as_at: date, number: int, rating: str) -> Row:
    """An update recorded at the minute of its number; a rating of "" means complete."""
    recorded = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    return (action, as_at, recorded, number, "in-progress" if rating else "verified", rating)


@pytest.mark.parametrize(
    ("until", "begins", "days"),
    [
        (date(2025, 3, 31), BEGAN, [(1, 31), (2, 28), (3, 31)]),
        (date(2025, 3, 12), BEGAN, [(1, 31), (2, 28), (3, 12)]),
        (date(2025, 1, 10), BEGAN, [(1, 10)]),
    ],
)
def test_month_ends_begin_with_the_plan(
    until: date, begins: date, days: list[tuple[int, int]]
) -> None:
    assert [(day.month, day.day) for day in month_ends(until, begins)] == days


def test_at_most_twelve_months() -> None:
    assert len(month_ends(date(2025, 12, 31), date(2020, 1, 1))) == 12


def test_a_correction_replaces_what_it_corrects() -> None:
    day = date(2025, 1, 31)
    rows = [row(1, day, 2, "green"), row(1, day, 1, "red")]
    assert monthly_counts(rows, {1: BEGAN}, [day])[0].counts == {"green": 1}


def test_an_action_counts_from_the_day_it_came_and_until_it_is_merged() -> None:
    days = [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]
    merged: Row = (1, days[2], datetime(2025, 4, 1, tzinfo=UTC), 9, "superseded", "")
    counts = monthly_counts([merged], {1: date(2025, 2, 10)}, days)
    assert [month.counts for month in counts] == [{}, {"none": 1}, {}]


def test_an_action_that_may_not_be_seen_is_not_counted() -> None:
    day = date(2025, 1, 31)
    assert monthly_counts([row(2, day, 1, "red")], {1: BEGAN}, [day])[0].counts == {"none": 1}


UPDATES = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.dates(date(2024, 12, 1), date(2025, 6, 30)),
        st.sampled_from(["red", "amber", "green", ""]),
    ),
    max_size=30,
)


@given(UPDATES, st.randoms())
def test_counts_equal_a_replay_of_the_updates(
    updates: list[tuple[int, date, str]], random: object
) -> None:
    rows = [
        row(action, day, number, rating) for number, (action, day, rating) in enumerate(updates)
    ]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    days = month_ends(date(2025, 6, 30), BEGAN)
    actions = dict.fromkeys(range(1, 5), BEGAN)
    for month in monthly_counts(shuffled, actions, days):
        replayed: dict[str, int] = {}
        for action in actions:
            known = [each for each in rows if each[0] == action and each[1] <= month.day]
            last = max(known, key=lambda each: (each[1], each[2], each[3]), default=None)
            status = "none" if last is None else last[5] or "complete"
            replayed[status] = replayed.get(status, 0) + 1
        assert month.counts == replayed


@pytest.mark.django_db
def test_the_last_month_is_the_position_itself(plan: Plan) -> None:
    for position in (
        plan_position(plan.challenge),
        released_position(plan.releases[0]),
        released_position(plan.releases[1]).for_reader(reads_exempt=False),
    ):
        trend = trend_of(plan.challenge, position, SCHEME)
        assert trend is not None
        last = {segment.key: segment.count for segment in trend.columns[-1].segments}
        assert last == {key: count for key, count in position.counts.items() if count}


@pytest.mark.django_db
def test_each_month_is_the_position_as_at_its_end(plan: Plan) -> None:
    trend = trend_of(plan.challenge, plan_position(plan.challenge), SCHEME)
    assert trend is not None
    assert [column.label for column in trend.columns] == [
        "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    ]  # fmt: skip
    march = plan_position(plan.challenge, date(2025, 3, 31))
    held = {segment.key: segment.count for segment in trend.columns[3].segments}
    assert held == {key: count for key, count in march.counts.items() if count}


@pytest.mark.django_db
def test_one_month_is_no_trend(plan: Plan) -> None:
    position = plan_position(plan.challenge, date(2024, 12, 20))
    assert trend_of(plan.challenge, position, SCHEME) is None
