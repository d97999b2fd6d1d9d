"""The slippage ledger: every date an action has had, as pure rules over its position.

Who asked for each date, why, who approved it and with which minute; how often it slipped, by how
many days, and by how many in all. Drawn from a position, so that it shows what its reader may see.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from actions.position import ActionPosition
from peerplan.core.templatetags.parts import day_in_words


def is_later(to: date | None, due: date | None) -> bool:
    """True where `to` puts off what was due on `due`: a later day, or no day any more.

    What had no day cannot slip: its first day is no extension.
    """
    return due is not None and (to is None or to > due)


@dataclass(frozen=True)
class Entry:
    """One date in an action's ledger. `days` is whole calendar days since the date before.

    `days` None: one of the two is words only. The original date has no reason and no days.
    """

    day: date | None
    words: str
    since: date | None
    reason: str = ""
    asked_by: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    minute: str = ""
    days: int | None = None
    is_original: bool = False
    is_slip: bool = False

    @property
    def is_withheld(self) -> bool:
        """True where its texts are not for this reader: no revision is without a reason."""
        return not (self.is_original or self.reason)

    @property
    def approval(self) -> str:
        """Who approved it, when and with which minute, "" where nothing of it is recorded."""
        parts = [self.approved_by]
        if self.approved_by and self.approved_on:
            parts.append(day_in_words(self.approved_on))
        if self.minute:
            parts.append(self.minute)
        return ", ".join(part for part in parts if part)

    @property
    def days_in_words(self) -> str:
        """By how much it moved: "92 days later", "" for the original date."""
        if self.is_original:
            return ""
        if self.days is None:
            return "No day to count to" if self.is_slip else "No day to count from"
        return span_in_words(self.days)


@dataclass(frozen=True)
class Ledger:
    """The dates of one action, the original first."""

    action: ActionPosition
    entries: tuple[Entry, ...]

    @property
    def revisions(self) -> tuple[Entry, ...]:
        """Every date after the original."""
        return self.entries[1:]

    @property
    def latest_first(self) -> tuple[Entry, ...]:
        """The dates as a page lists them: the one that holds at the top, the original last."""
        return self.entries[::-1]

    @property
    def times_slipped(self) -> int:
        """How often the date was put off."""
        return sum(entry.is_slip for entry in self.entries)

    @property
    def days_slipped(self) -> int:
        """Whole calendar days between the original date and the one that holds, 0 without both."""
        return self.action.days_slipped

    @property
    def without_approval(self) -> int:
        """How many times it was put off with no approval on record."""
        return sum(entry.is_slip and not entry.approved_by for entry in self.entries)

    @property
    def in_words(self) -> str:
        """Times and days, such as "Slipped twice, 184 days in all"."""
        if not self.times_slipped:
            if self.days_slipped < 0:
                return f"Brought forward by {_days(-self.days_slipped)}"
            return "Has not slipped" if self.revisions else "Has not moved"
        times = f"Slipped {_times(self.times_slipped)}"
        if self.days_slipped > 0:
            return f"{times}, {_days(self.days_slipped)} in all"
        return times


@dataclass(frozen=True)
class PlanLedger:
    """The ledgers of a plan's actions, in plan order."""

    ledgers: tuple[Ledger, ...]

    @property
    def moved(self) -> tuple[Ledger, ...]:
        """Those whose date was ever revised."""
        return tuple(each for each in self.ledgers if each.revisions)

    @property
    def slipped(self) -> tuple[Ledger, ...]:
        """Those whose date was ever put off."""
        return tuple(each for each in self.ledgers if each.times_slipped)

    @property
    def times_slipped(self) -> int:
        """How often dates of the plan were put off."""
        return sum(each.times_slipped for each in self.ledgers)

    @property
    def days_slipped(self) -> int:
        """Whole calendar days by which its actions are later than first said."""
        return sum(max(each.days_slipped, 0) for each in self.ledgers if each.times_slipped)

    @property
    def without_approval(self) -> int:
        """How many times a date was put off with no approval on record."""
        return sum(each.without_approval for each in self.ledgers)


def span_in_words(days: int) -> str:
    """How far one day is from another: "92 days later", "1 day earlier", "the same day"."""
    if days == 0:
        return "the same day"
    return f"{_days(abs(days))} {'later' if days > 0 else 'earlier'}"


def ledger_of(action: ActionPosition) -> Ledger:
    """The ledger of one action as its reader sees it."""
    entries = [
        Entry(action.original_due, action.original_due_words, action.in_plan_from, is_original=True)
    ]
    for move in action.date_moves:
        before = entries[-1].day
        entries.append(
            Entry(
                day=move.to,
                words=move.words,
                since=move.as_at,
                reason=move.reason,
                asked_by=move.asked_by,
                approved_by=move.approved_by,
                approved_on=move.approved_on,
                minute=move.minute,
                days=(move.to - before).days if move.to and before else None,
                is_slip=is_later(move.to, before),
            )
        )
    return Ledger(action, tuple(entries))


def ledger_of_plan(actions: Iterable[ActionPosition]) -> PlanLedger:
    """The ledgers of `actions`, in their order."""
    return PlanLedger(tuple(ledger_of(action) for action in actions))


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _days(number: int) -> str:
    return f"{number:,} day" if number == 1 else f"{number:,} days"
