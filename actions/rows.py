"""The plan page's rows, worked out once, so that its template only prints. Pure: no database."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from actions.position import ActionPosition, Position, RecommendationPosition
from actions.sentences import clipped
from actions.states import Rating
from peerplan.councils.ratings import Rule, Status

SETTLED = (Status.COMPLETE, Status.BUSINESS_AS_USUAL, Status.MERGED, Status.NOT_TAKEN_FORWARD)
"""Statuses that ask for nothing more; a correction is given on the action's own page."""


@dataclass(frozen=True, slots=True)
class Row:
    """One action as one line of the plan page.

    `todo` is what the reader may do about it in the row: "Update", "Check" or nothing. `url` is
    empty where there is no page to go to, `anchor` where the action stands above already.
    """

    id: int
    anchor: str
    ref: str
    title: str
    url: str
    lead: str
    due: date | None
    due_words: str
    due_before: date | None
    is_overdue: bool
    status: Status
    label: str
    was: str
    forecast: str
    forecast_label: str
    news: str
    news_on: date | None
    todo: str
    is_quiet: bool
    is_exempt: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One recommendation with its rows. `differs` is a sentence, or empty."""

    id: int
    ref: str
    title: str
    wording: str
    note: str
    response: str
    response_reason: str
    own_status: str
    own_label: str
    own_summary: str
    own_as_at: date | None
    impact: str
    closed: str
    counts: tuple[tuple[str, str, int], ...]
    worst: str
    worst_label: str
    differs: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PlanRows:
    """Everything below the filters: sections, and the rows that answer no recommendation."""

    sections: tuple[Section, ...]
    unlinked: tuple[Row, ...]
    actions: int
    not_counted: int


@dataclass(frozen=True)
class RowMaker:
    """Turns actions of a position into rows.

    `refs` gives the present reference of an action by id (for its address) where the position is
    of the past; `was` the status it had at the last release; `to_check` the ids of the
    claims that this reader is asked to check.
    """

    base_url: str
    on: date
    scheme: Mapping[str, Rule]
    may_update: Callable[[ActionPosition], bool]
    was: Mapping[int, Status]
    was_when: str = ""
    to_check: Collection[int] = ()
    refs: Mapping[int, str] | None = None

    def row(self, action: ActionPosition) -> Row:
        """The row of one action."""
        status = action.status
        before = self.was.get(action.id)
        update = action.update
        ref = action.ref if self.refs is None else self.refs.get(action.id, "")
        moved = action.original_due is not None and action.due != action.original_due
        return Row(
            id=action.id,
            anchor=f"a{action.ref}",
            ref=action.ref,
            title=action.title,
            url=f"{self.base_url}{quote(ref)}/" if ref else "",
            lead=action.lead_role,
            due=action.due,
            due_words=action.due_words,
            due_before=action.original_due if moved else None,
            is_overdue=action.is_overdue(self.on),
            status=status,
            label=self.scheme[status].label,
            was=f"was {self.scheme[before].label} {self.was_when}"
            if before is not None and before != status
            else "",
            forecast=action.forecast,
            forecast_label=self.scheme[Rating(action.forecast)].label if action.forecast else "",
            news=clipped(update.commentary) if update else "",
            news_on=update.as_at if update else None,
            todo=self._todo(action) if ref else "",
            is_quiet=not action.is_counted,
            is_exempt=action.is_exempt,
        )

    def _todo(self, action: ActionPosition) -> str:
        if action.id in self.to_check:
            return "Check"
        return "" if action.status in SETTLED or not self.may_update(action) else "Update"


def plan_rows(position: Position, maker: RowMaker, whole: Position) -> PlanRows:
    """The rows of a (filtered) position, each action's made once however often it is shown.

    What is said of a recommendation is said of all its actions, as they stand in `whole`: a
    filter must not make the council's own status look wrong.
    """
    unfiltered = {rec.id: rec for rec in whole.recommendations}
    made = {action.id: maker.row(action) for action in position.actions}
    shown: set[int] = set()
    sections: list[Section] = []
    for each in position.recommendations:
        rows = tuple(
            replace(made[action.id], anchor="") if action.id in shown else made[action.id]
            for action in each.actions
        )
        shown.update(row.id for row in rows)
        sections.append(_section(unfiltered[each.id], rows, maker.scheme))
    return PlanRows(
        sections=tuple(sections),
        unlinked=tuple(made[action.id] for action in position.unlinked),
        actions=sum(action.is_counted for action in position.actions),
        not_counted=sum(not action.is_counted for action in position.actions),
    )


def _section(
    rec: RecommendationPosition, rows: tuple[Row, ...], scheme: Mapping[str, Rule]
) -> Section:
    worst = rec.worst
    own = rec.own
    accountable = tuple(dict.fromkeys(a.portfolio for a in rec.actions if a.portfolio))
    notes = [rec.kind_label, *rec.themes]
    if 0 < len(accountable) <= 2:
        notes.append(f"Accountable: {', '.join(accountable)}")
    differs = ""
    if rec.differs and own and worst:
        differs = (
            f"The council gives this recommendation as {scheme[own.status].label}; "
            f"the most serious of its actions is {scheme[worst].label}."
        )
    return Section(
        id=rec.id,
        ref=rec.ref,
        title=rec.title,
        wording=rec.wording,
        note=" · ".join(notes),
        response=rec.response_label if rec.response else "",
        response_reason=rec.response_reason,
        own_status=own.status if own else "",
        own_label=scheme[own.status].label if own else "",
        own_summary=own.summary if own else "",
        own_as_at=own.as_at if own else None,
        impact=own.impact if own else "",
        closed=rec.closed_words,
        counts=tuple(
            (key, scheme[key].label, number) for key, number in rec.counts.items() if number
        ),
        worst=worst or "",
        worst_label=scheme[worst].label if worst else "",
        differs=differs,
        rows=rows,
    )


def counts_of(position: Position, scheme: Mapping[str, Rule]) -> list[tuple[str, str, int]]:
    """Key, label and number of each status that some counted action has, worst first."""
    return [(key, scheme[key].label, number) for key, number in position.counts.items() if number]


def days_left(due: date, on: date) -> str:
    """ "42 days left", "due today" or "3 days late", in whole calendar days."""
    days = (due - on).days
    if days == 0:
        return "due today"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{count} left" if days > 0 else f"{count} late"
