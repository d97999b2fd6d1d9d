"""The clock of a challenge: what is due when, and how many days are left. No database in here.

Months are calendar months (the last day of a shorter month), days are calendar days, and working
days leave out weekends and the bank holidays of the council's nation. The day of the start event
does not count. Sources of the offsets: `reviews.presets`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.relativedelta import relativedelta

from reviews.models import PeerChallenge
from reviews.presets import EVENT_LABELS, DeadlineRule, Unit

_SUBDIVISIONS = {
    "england": "ENG",
    "wales": "WLS",
    "scotland": "SCT",
    "northern-ireland": "NIR",
}


@dataclass(frozen=True)
class Deadline:
    """One thing due, when it is due, and whether it is done.

    `due` is None while the start event has no date. `done_on` is the day it was done, `booked_for`
    a day still to come on which it will be. `days_left` counts calendar days from today, or from
    the day it was done, to the day it is due: below nought it is late. `sentence` says it all in
    words, for pages and papers alike.
    """

    rule: DeadlineRule
    due: date | None
    done_on: date | None
    booked_for: date | None
    days_left: int | None
    headline: str
    sentence: str

    @property
    def is_done(self) -> bool:
        """True once its day has come and gone."""
        return self.done_on is not None

    @property
    def is_late(self) -> bool:
        """True where a limit was missed: done after its day, or not done and its day is past."""
        return self.rule.is_limit and self.days_left is not None and self.days_left < 0

    @property
    def days_late(self) -> int:
        """Calendar days past the due day, nought where there are none."""
        return max(0, -(self.days_left or 0))


@dataclass(frozen=True)
class Clock:
    """The visit and the deadlines that follow it, in the order in which they fall due."""

    visit_headline: str
    visit_sentence: str
    visit_is_over: bool
    source: str
    deadlines: tuple[Deadline, ...]

    @property
    def late(self) -> tuple[Deadline, ...]:
        """The limits that are past and not met."""
        return tuple(one for one in self.deadlines if one.is_late and not one.is_done)

    @property
    def following(self) -> Deadline | None:
        """The next thing to do: the first that is not done and has a day."""
        waiting = (one for one in self.deadlines if not one.is_done and one.due is not None)
        return next(waiting, None)


@lru_cache(maxsize=64)
def bank_holidays(year: int, nation: str) -> frozenset[date]:
    """The bank holidays of a year in a nation of the United Kingdom."""
    found = holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[nation], years=year)
    return frozenset(found)


def is_working_day(day: date, nation: str = "england") -> bool:
    """True from Monday to Friday, bank holidays of the nation left out."""
    return day.weekday() < 5 and day not in bank_holidays(day.year, nation)


def add_working_days(start: date, count: int, nation: str = "england") -> date:
    """The working day that comes `count` working days after `start`, which does not count."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day, nation):
            count -= 1
    return day


def due_date(rule: DeadlineRule, start: date, nation: str = "england") -> date:
    """The last day on which what `rule` asks is in time, when its event fell on `start`."""
    if rule.unit is Unit.MONTHS:
        return start + relativedelta(months=rule.offset)
    if rule.unit is Unit.DAYS:
        return start + timedelta(days=rule.offset)
    return add_working_days(start, rule.offset, nation)


def elapsed(start: date, end: date) -> str:
    """The time from `start` to `end` in whole months and days, such as "5 months 19 days"."""
    gap = relativedelta(end, start)
    months = gap.years * 12 + gap.months
    parts = [counted(months, "month")] if months else []
    if gap.days or not months:
        parts.append(counted(gap.days, "day"))
    return " ".join(parts)


def counted(number: int, word: str) -> str:
    """ "1 day", "2 days"."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def in_words(day: date) -> str:
    """A day as councils print it, such as "5 June 2026"."""
    return f"{day.day} {day:%B %Y}"


def _period(rule: DeadlineRule) -> str:
    word = {Unit.MONTHS: "month", Unit.DAYS: "day", Unit.WORKING_DAYS: "working day"}[rule.unit]
    return f"{counted(rule.offset, word)} after {EVENT_LABELS[rule.event]}"


def _done(rule: DeadlineRule, start: date, due: date, done_on: date) -> tuple[str, str]:
    early = (due - done_on).days
    limit = f"{'due by' if rule.is_limit else 'due about'} {in_words(due)}, {_period(rule)}"
    if early > 0:
        return f"Done, {counted(early, 'day')} early", f"{in_words(done_on)}; {limit}."
    if early == 0:
        return "Done, on the day", f"{in_words(done_on)}; {limit}."
    if not rule.is_limit:
        return "Done", f"{in_words(done_on)}; {limit}."
    took = f"{elapsed(start, done_on)} after {EVENT_LABELS[rule.event]}: late"
    return f"Done, {counted(-early, 'day')} late", f"{in_words(done_on)}, {took}; {limit}."


def _open(rule: DeadlineRule, due: date, booked_for: date | None, today: date) -> tuple[str, str]:
    left = (due - today).days
    sentence = f"Due {'by' if rule.is_limit else 'about'} {in_words(due)}, {_period(rule)}."
    if booked_for:
        after = rule.is_limit and booked_for > due
        sentence += f" Planned for {in_words(booked_for)}{', which is late' if after else ''}."
    if left > 0:
        return f"{counted(left, 'day')} left", sentence
    if left == 0:
        return "Due today", sentence
    return f"{counted(-left, 'day')} {'late' if rule.is_limit else 'past'}", sentence


def deadline(challenge: PeerChallenge, rule: DeadlineRule, today: date) -> Deadline:
    """How `challenge` stands against one rule, as at `today`."""
    start: date | None = getattr(challenge, rule.event)
    given: date | None = getattr(challenge, rule.done_by)
    done_on = given if given and given <= today else None
    booked_for = given if given and given > today else None
    if start is None:
        headline = "Done" if done_on else "No start date yet"
        sentence = f"Due {_period(rule)}, which has no date yet."
        if given:
            sentence = f"{in_words(given)}. {sentence}"
        return Deadline(rule, None, done_on, booked_for, None, headline, sentence)
    nation = challenge.council.nation if rule.unit is Unit.WORKING_DAYS else "england"
    due = due_date(rule, start, nation)
    if done_on:
        headline, sentence = _done(rule, start, due, done_on)
    else:
        headline, sentence = _open(rule, due, booked_for, today)
    days_left = (due - (done_on or today)).days
    return Deadline(rule, due, done_on, booked_for, days_left, headline, sentence)


def deadlines(challenge: PeerChallenge, today: date) -> list[Deadline]:
    """The deadlines of the challenge's rule set as at `today`, soonest first, dateless last.

    Reads the challenge's own dates and, for working days, its council's nation.
    """
    found = [deadline(challenge, rule, today) for rule in challenge.deadlines_from.rules]
    return sorted(found, key=lambda one: one.due or date.max)


def clock(challenge: PeerChallenge, today: date) -> Clock:
    """What the clock on a page shows: the visit, then each deadline."""
    before = (challenge.on_site_from - today).days
    if before > 0:
        headline = f"{counted(before, 'day')} to go"
    else:
        headline = "Done" if challenge.on_site_to < today else "On site now"
    return Clock(
        visit_headline=headline,
        visit_sentence=days_on_site(challenge.on_site_from, challenge.on_site_to),
        visit_is_over=challenge.on_site_to < today,
        source=challenge.deadlines_from.label,
        deadlines=tuple(deadlines(challenge, today)),
    )


def days_on_site(first: date, last: date) -> str:
    """Two days as one phrase, such as "3 to 5 March 2026"."""
    if first == last:
        return in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {in_words(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%B} to {in_words(last)}"
    return f"{in_words(first)} to {in_words(last)}"
