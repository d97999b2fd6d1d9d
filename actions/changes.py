"""What changed between two positions, action by action. Pure: no database."""

from dataclasses import dataclass
from datetime import date

from actions.position import ActionPosition, Position
from actions.states import SEVERITY
from peerplan.councils.ratings import Status


@dataclass(frozen=True, slots=True)
class Change:
    """How one action stood before and stands after. `before` None: new; `after` None: gone."""

    before: ActionPosition | None
    after: ActionPosition | None

    @property
    def action(self) -> ActionPosition:
        """The action as it is, or as it last was."""
        shown = self.after or self.before
        assert shown is not None
        return shown

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_gone(self) -> bool:
        return self.after is None

    @property
    def status_from(self) -> Status | None:
        return self.before.status if self.before else None

    @property
    def status_to(self) -> Status | None:
        return self.after.status if self.after else None

    @property
    def moved_status(self) -> bool:
        """True where the printed status differs."""
        return bool(self.before and self.after and self.before.status != self.after.status)

    @property
    def worsened(self) -> bool:
        """True where the printed status became more serious."""
        return bool(
            self.moved_status
            and self.status_from
            and self.status_to
            and SEVERITY[self.status_to] < SEVERITY[self.status_from]
        )

    @property
    def completed(self) -> bool:
        """True where it became complete, claimed or checked."""
        done = (Status.COMPLETE, Status.CLAIMED)
        return self.status_to in done and self.status_from not in done

    @property
    def ended(self) -> bool:
        """True where it stopped counting: merged, superseded or not taken forward."""
        return bool(
            self.after and not self.after.is_counted and (not self.before or self.before.is_counted)
        )

    @property
    def date_from(self) -> date | None:
        return self.before.due if self.before else None

    @property
    def date_to(self) -> date | None:
        return self.after.due if self.after else None

    @property
    def moved_date(self) -> bool:
        """True where the due date, or the words for it, differ."""
        return bool(
            self.before
            and self.after
            and (self.before.due, self.before.due_words) != (self.after.due, self.after.due_words)
        )

    @property
    def days_moved(self) -> int | None:
        """Whole calendar days by which the due date moved, None without two dates."""
        if self.date_from is None or self.date_to is None:
            return None
        return (self.date_to - self.date_from).days

    @property
    def has_news(self) -> bool:
        """True where an update was given in between."""
        before = self.before.update.id if self.before and self.before.update else None
        return bool(self.after and self.after.update and self.after.update.id != before)


@dataclass(frozen=True)
class Changes:
    """Everything that changed between two positions, in plan order."""

    since: date
    until: date
    all: tuple[Change, ...]

    @property
    def completed(self) -> tuple[Change, ...]:
        return tuple(each for each in self.all if each.completed)

    @property
    def worsened(self) -> tuple[Change, ...]:
        return tuple(each for each in self.all if each.worsened and not each.ended)

    @property
    def improved(self) -> tuple[Change, ...]:
        """Better, but not complete."""
        return tuple(
            each
            for each in self.all
            if each.moved_status and not (each.worsened or each.completed or each.ended)
        )

    @property
    def dates_moved(self) -> tuple[Change, ...]:
        return tuple(each for each in self.all if each.moved_date)

    @property
    def new(self) -> tuple[Change, ...]:
        return tuple(each for each in self.all if each.is_new and not each.ended)

    @property
    def ended(self) -> tuple[Change, ...]:
        """Merged, superseded, not taken forward, or no longer there."""
        return tuple(each for each in self.all if each.ended or each.is_gone)

    @property
    def not_updated(self) -> tuple[Change, ...]:
        """Open actions without an update in between."""
        return tuple(
            each
            for each in self.all
            if each.before and each.after and each.after.is_open and not each.has_news
        )

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to tell."""
        return not any(
            each.is_new or each.is_gone or each.moved_status or each.moved_date or each.has_news
            for each in self.all
        )


def changes(before: Position, after: Position) -> Changes:
    """Compares two positions of one challenge, matching actions by identity, not by reference."""
    rows = [Change(before.by_id.get(action.id), action) for action in after.actions]
    rows += [Change(action, None) for action in before.actions if action.id not in after.by_id]
    return Changes(since=before.as_at, until=after.as_at, all=tuple(rows))
