"""How many actions had each status at the end of each month: one query, then pure counting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from actions.figures import segments
from actions.models import Action, ProgressUpdate
from actions.position import NOT_COUNTED, Position
from actions.states import printed_status
from peerplan.core.templatetags.parts import MONTHS, day_in_words
from peerplan.councils.ratings import Rule, Status
from peerplan.render.charts import Trend, TrendColumn
from reviews.models import PeerChallenge

MONTHS_SHOWN = 12

Row = tuple[int, date, datetime, int, str, str]
"""An update: action, as at, recorded at, its own id, state, rating."""


@dataclass(frozen=True)
class MonthCount:
    """Counted actions by status on a day, usually the last of a month."""

    day: date
    counts: Mapping[str, int]


def month_ends(until: date, begins: date, shown: int = MONTHS_SHOWN) -> tuple[date, ...]:
    """`until` and the month ends before it, oldest first: at most `shown`, none before `begins`."""
    days = [until]
    day = until.replace(day=1) - timedelta(days=1)
    while len(days) < shown and day >= begins:
        days.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return tuple(reversed(days))


def monthly_counts(
    rows: Iterable[Row], in_plan_from: Mapping[int, date], days: Sequence[date]
) -> tuple[MonthCount, ...]:
    """The counts on each of `days` (oldest first), from updates in any order.

    `in_plan_from` holds the actions that may be counted and the day each came into the plan.
    """
    ordered = sorted((row for row in rows if row[0] in in_plan_from), key=lambda row: row[1:4])
    held: dict[int, str] = dict.fromkeys(in_plan_from, Status.NOT_STARTED)
    found = []
    at = 0
    for day in days:
        while at < len(ordered) and ordered[at][1] <= day:
            held[ordered[at][0]] = printed_status(ordered[at][4], ordered[at][5])
            at += 1
        counts: dict[str, int] = {}
        for action, status in held.items():
            if in_plan_from[action] <= day and status not in NOT_COUNTED:
                counts[status] = counts.get(status, 0) + 1
        found.append(MonthCount(day, counts))
    return tuple(found)


def update_rows(
    challenge: PeerChallenge, first: date, until: date, known_by: datetime | None
) -> list[Row]:
    """The updates after `first` up to `until`, and for each action the one that held on `first`.

    `known_by` None: as known now.
    """
    known = Q() if known_by is None else Q(recorded_at__lte=known_by)
    latest = (
        ProgressUpdate.objects.filter(known, action=OuterRef("pk"), as_at__lte=first)
        .order_by("-as_at", "-recorded_at", "-id")
        .values("pk")[:1]
    )
    ids = Action.objects.filter(challenge=challenge).annotate(held=Subquery(latest)).values("held")
    columns = ("action_id", "as_at", "recorded_at", "id", "state", "rating")
    before = ProgressUpdate.objects.filter(pk__in=ids).order_by().values_list(*columns)
    since = (
        ProgressUpdate.objects.filter(
            known, action__challenge=challenge, as_at__gt=first, as_at__lte=until
        )
        .order_by()
        .values_list(*columns)
    )
    return list(before.union(since, all=True))


def trend_of(
    challenge: PeerChallenge, position: Position, scheme: Mapping[str, Rule]
) -> Trend | None:
    """The trend up to the day of `position`, over its own actions; None with less than two months.

    What was known when the position was released is what is counted.
    """
    if not position.actions:
        return None
    begins = min(action.in_plan_from for action in position.actions)
    days = month_ends(position.as_at, begins)
    if len(days) < 2:
        return None
    known_by = None if position.is_live else position.known_by
    months = monthly_counts(
        update_rows(challenge, days[0], position.as_at, known_by),
        {action.id: action.in_plan_from for action in position.actions},
        days,
    )
    return Trend(
        f"Actions by status at the end of each month, {_title(days)}",
        tuple(
            TrendColumn(_label(day), segments(_ordered(counts), scheme))
            for day, counts in ((month.day, month.counts) for month in months)
        ),
        description=_description(months),
    )


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: counts[key] for key in Status.values if key in counts}


def _label(day: date) -> str:
    return MONTHS[day.month - 1][:3]


def _title(days: Sequence[date]) -> str:
    first = MONTHS[days[0].month - 1]
    if days[0].year != days[-1].year:
        first += f" {days[0].year}"
    return f"{first} to {day_in_words(days[-1])}"


def _description(months: Sequence[MonthCount]) -> str:
    def troubled(month: MonthCount) -> int:
        return month.counts.get(Status.RED, 0) + month.counts.get(Status.AMBER, 0)

    def complete(month: MonthCount) -> int:
        return month.counts.get(Status.COMPLETE, 0) + month.counts.get(Status.CLAIMED, 0)

    first, last = months[0], months[-1]
    peak = max(months, key=troubled)
    return (
        f"Complete went from {complete(first)} to {complete(last)}. Off track and at risk "
        f"together went from {troubled(first)} to {troubled(last)}; the most was "
        f"{troubled(peak)}, in {MONTHS[peak.day.month - 1]}."
    )
