"""The exceptions of a position as the dashboards list them. Pure: no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from actions.exceptions import DUE_SOON_DAYS, QUIET_DAYS, Exceptions, exceptions
from actions.position import ActionPosition, Position
from actions.sentences import Need, Piece, clipped, counted_days, listed, needs, was
from actions.states import Rating
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.ratings import Rule, Status

LONGEST_NEED = 280


@dataclass(frozen=True)
class Row:
    """One action that needs attention, with how it was and what is needed."""

    action: ActionPosition
    status: Piece
    was: str
    forecast: Piece | None
    due_was: date | None
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Group:
    """Exceptions of one kind; `above` are references told in full under an earlier kind."""

    key: str
    heading: str
    rows: tuple[Row, ...]
    above: str

    @property
    def count(self) -> int:
        """The number of actions told in full here."""
        return len(self.rows)


@dataclass(frozen=True)
class Soon:
    """An action due in the next days."""

    action: ActionPosition
    status: Piece
    left: str


@dataclass(frozen=True)
class Quiet:
    """An open action that nobody has updated for long."""

    action: ActionPosition
    status: Piece
    since: str


@dataclass(frozen=True)
class Attention:
    """All that members must look at first."""

    groups: tuple[Group, ...]
    soon: tuple[Soon, ...]
    quiet: tuple[Quiet, ...]
    soon_days: int = DUE_SOON_DAYS
    quiet_days: int = QUIET_DAYS

    @property
    def count(self) -> int:
        """The number of actions told in full, each counted once."""
        return sum(group.count for group in self.groups)


def expected_worse(position: Position) -> tuple[ActionPosition, ...]:
    """Open actions that are amber or green, and forecast to be amber or red at their due date."""
    return tuple(
        action
        for action in position.actions
        if (action.status == Status.AMBER and action.forecast in (Rating.RED, Rating.AMBER))
        or (action.status == Status.GREEN and action.forecast in (Rating.RED, Rating.AMBER))
    )


def attention(position: Position, before: Position | None, scheme: Mapping[str, Rule]) -> Attention:
    """The exceptions of `position` on its own day, compared with `before`."""
    on = position.as_at
    found = exceptions(position, on)
    kinds = (
        ("red", scheme[Status.RED].label, found.red),
        ("overdue", "Overdue", found.overdue),
        ("forecast", "Not expected to be on track at the due date", expected_worse(position)),
        ("slipped", "Date moved later than first agreed", found.slipped),
    )
    groups, told = [], set[int]()
    for key, heading, actions in kinds:
        if not actions:
            continue
        above = listed([action.ref for action in actions if action.id in told])
        fresh = [action for action in actions if action.id not in told]
        told.update(action.id for action in fresh)
        rows = tuple(_row(action, before, on, scheme) for action in fresh)
        groups.append(Group(key, heading, rows, above))
    return Attention(tuple(groups), _soon(found, on, scheme), _quiet(found, on, scheme))


def _row(
    action: ActionPosition, before: Position | None, on: date, scheme: Mapping[str, Rule]
) -> Row:
    earlier = before.by_id.get(action.id) if before else None
    wanted = tuple(Need(need.label, clipped(need.text, LONGEST_NEED)) for need in needs(action, on))
    if not wanted and action.update and action.update.commentary:
        wanted = (Need("", clipped(action.update.commentary, LONGEST_NEED)),)
    slipped = action.original_due if action.days_slipped > 0 else None
    return Row(
        action=action,
        status=_pill(action.status, scheme),
        was=was(action, earlier, before.as_at, on, scheme) if before else "",
        forecast=_pill(action.forecast, scheme) if action.forecast else None,
        due_was=slipped,
        needs=wanted,
    )


def _pill(key: str, scheme: Mapping[str, Rule]) -> Piece:
    return Piece(scheme[key].label, str(key))


def _soon(found: Exceptions, on: date, scheme: Mapping[str, Rule]) -> tuple[Soon, ...]:
    rows = []
    for action in found.due_soon:
        assert action.due is not None
        days = (action.due - on).days
        left = f"{counted_days(days)} left" if days else "today"
        rows.append(Soon(action, _pill(action.status, scheme), left))
    return tuple(rows)


def _quiet(found: Exceptions, on: date, scheme: Mapping[str, Rule]) -> tuple[Quiet, ...]:
    rows = []
    for action in found.quiet:
        if action.update is None:
            since = f"never updated; in the plan from {day_in_words(action.in_plan_from)}"
        else:
            days = counted_days((on - action.update.as_at).days)
            since = f"last updated as at {day_in_words(action.update.as_at)}, {days} before"
        rows.append(Quiet(action, _pill(action.status, scheme), since))
    return tuple(rows)
