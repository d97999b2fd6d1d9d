"""What members must look at first. Pure: no database."""

from dataclasses import dataclass
from datetime import date, timedelta

from actions.position import ActionPosition, Position
from peerplan.councils.ratings import Status

DUE_SOON_DAYS = 60
QUIET_DAYS = 90


@dataclass(frozen=True)
class Exceptions:
    """The exceptions of a position, each in plan order."""

    red: tuple[ActionPosition, ...]
    overdue: tuple[ActionPosition, ...]
    slipped: tuple[ActionPosition, ...]
    due_soon: tuple[ActionPosition, ...]
    quiet: tuple[ActionPosition, ...]

    @property
    def all(self) -> tuple[ActionPosition, ...]:
        """Every action that is red, overdue or slipped, or amber with no green forecast, once."""
        seen: dict[int, ActionPosition] = {}
        for group in (self.red, self.overdue, self.slipped):
            for action in group:
                seen.setdefault(action.id, action)
        return tuple(seen.values())


def exceptions(position: Position, on: date) -> Exceptions:
    """The exceptions of `position` seen on a day (usually its own as-at date)."""
    counted = [action for action in position.actions if action.is_counted]
    open_actions = [action for action in counted if action.is_open]
    soon = on + timedelta(days=DUE_SOON_DAYS)
    quiet_since = on - timedelta(days=QUIET_DAYS)
    return Exceptions(
        red=tuple(action for action in counted if action.status == Status.RED),
        overdue=tuple(action for action in open_actions if action.is_overdue(on)),
        slipped=tuple(action for action in open_actions if action.days_slipped > 0),
        due_soon=tuple(
            sorted(
                (a for a in open_actions if a.due is not None and on <= a.due <= soon),
                key=lambda a: (a.due or date.max, a.position),
            )
        ),
        quiet=tuple(
            action
            for action in open_actions
            if (action.update.as_at if action.update else action.in_plan_from) < quiet_since
        ),
    )
