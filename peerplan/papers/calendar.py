"""The calendar of a meeting: by when its papers and notices must be public. No database in here.

The law, and where it was read:

- Agenda and reports. England: five clear days (Local Government Act 1972, section 100B, whose three
  SI 2002/715 made five); for the executive SI 2012/2089, regulation 6(2). Wales: three clear days
  (section 100BA). Read on legislation.gov.uk: the order of 2002, regulation 6 and section 100BA;
  section 100B itself was not. Scotland: three clear days (Local Government (Scotland) Act 1973,
  section 50B), read in a council's standing orders. Northern Ireland: five days, read in an account
  of the bill of the 2014 Act; counted clear, which is the safe side.
- A key decision of an executive in England: SI 2012/2089, regulation 9, unless the general
  exception (10) or special urgency (11) is followed, both on legislation.gov.uk. That the 28 days
  of 9(2) are clear days was read in a law firm's and councils' accounts of it, and in the like rule
  for combined authorities (SI 2017/68, article 11(3)).
- A private part of an executive's meeting in England: "at least 28 clear days" (regulation 5(2))
  and a second notice "at least five clear days" before (5(4)), or an agreement (5(6)). On
  legislation.gov.uk.
- Call-in: the council's own constitution, usually five working days.

Clear days leave out both ends: the day of publication and the day of the meeting. In the three and
five clear days weekends, bank holidays and the council's closure days do not count either (usual
practice, after R v Swansea City Council, ex parte Elitestone, 1993); in the 28 days they do, as
councils count them. What is published must lie open at the council's offices, so the last day for
it is always a working day: where a limit falls on a closed day, it is the working day before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from reviews.deadlines import counted, in_words
from reviews.deadlines import is_working_day as is_bank_working_day

ONE_DAY = timedelta(days=1)
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
REGULATIONS = (
    "Local Authorities (Executive Arrangements) (Meetings and Access to Information) (England) "
    "Regulations 2012"
)


class Days(StrEnum):
    """How the days of a rule are counted."""

    CALENDAR = "calendar days"
    WORKING = "working days"
    CLEAR = "clear days"


@dataclass(frozen=True)
class CouncilCalendar:
    """The days on which one council works: its nation's, less its own closure days.

    `nation` is a value of `Council.Nation`.
    """

    nation: str = "england"
    closures: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """True from Monday to Friday, less bank holidays of the nation and closure days."""
        return not self.why_not(day)

    def why_not(self, day: date) -> str:
        """Why `day` is no working day, such as "Saturday" or "bank holiday"; "" where it is one."""
        if day.weekday() >= 5:
            return f"{day:%A}"
        if not is_bank_working_day(day, self.nation):
            return "bank holiday"
        return "council closed" if day in self.closures else ""

    def last_working_day(self, day: date) -> date:
        """`day` itself where it is a working day, otherwise the working day before it."""
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day


@dataclass(frozen=True)
class Rule:
    """One rule of the calendar: how many days, of which sort, and where it comes from.

    `leaves_out_closed_days` tells whether weekends, bank holidays and closure days are left out of
    the count. `if_late` says what to do where it was missed; it is empty where that depends on the
    day (a key decision).
    """

    key: str
    label: str
    count: int
    days: Days
    source: str
    leaves_out_closed_days: bool = True
    if_late: str = ""

    @property
    def period(self) -> str:
        """The length of time, such as "five clear days" or "one working day"."""
        days = self.days.value
        return f"{number(self.count)} {days[:-1] if self.count == 1 else days}"


@dataclass(frozen=True)
class StripDay:
    """One cell of the strip of days between two ends: a day, or a run of days.

    `why` says why a run is not counted, such as "weekend" or "weekend, bank holiday".
    """

    first: date
    last: date
    label: str
    is_end: bool
    counts: bool
    why: str = ""

    @property
    def weekdays(self) -> str:
        """ "Tue"; "Sat, Sun" for two days; "Fri to Mon" for more."""
        return self._joined(f"{self.first:%a}", f"{self.last:%a}")

    @property
    def numbers(self) -> str:
        """ "2"; "5, 6" for two days; "18 to 21" for more. Ends and long runs have their month."""
        if self.is_end or (self.last - self.first).days > 7:
            return self._joined(
                f"{self.first.day} {self.first:%b}", f"{self.last.day} {self.last:%b}"
            )
        return self._joined(str(self.first.day), str(self.last.day))

    def _joined(self, first: str, last: str) -> str:
        length = (self.last - self.first).days
        if length == 0:
            return first
        return f"{first}, {last}" if length == 1 else f"{first} to {last}"


@dataclass(frozen=True)
class Reckoning:
    """The day that a rule gives, and how it was counted.

    `day` is the last day on which what the rule asks is in time; for call-in, its last day.
    `strip` are the days from one end to the other, in order, for a picture of the count.
    """

    rule: Rule
    day: date
    sentence: str
    strip: tuple[StripDay, ...] = ()

    @property
    def explanation(self) -> str:
        """What does not count, and the source of the rule, in sentences."""
        if self.rule.days is Days.WORKING:
            ends = "The day of publication, weekends"
        elif self.rule.leaves_out_closed_days:
            ends = "The day of publication, the day of the meeting, weekends"
        else:
            return (
                "Neither the day of the notice nor the day of the meeting counts; weekends and "
                "bank holidays do. The notice is given on a working day, because it must be "
                f"available at the council's offices. Source: {self.rule.source}."
            )
        return (
            f"{ends}, bank holidays and days on which the council is closed do not count. "
            f"Source: {self.rule.source}."
        )


@dataclass(frozen=True)
class Standing:
    """How one thing stands against its rule, as at a day.

    `days_left` are calendar days from that day to the last day, below nought when it is past.
    `remedy` says in plain words what to do, with its source; "" unless it is late.
    """

    reckoning: Reckoning
    done_on: date | None
    is_late: bool
    days_left: int
    headline: str
    remedy: str


@dataclass(frozen=True)
class MeetingFacts:
    """What the calendar must know of one item at one meeting.

    `notice_published_on` is the notice of the key decision; `private_notice_published_on` and
    `second_private_notice_published_on` are the two notices that a part will be in private.
    """

    on: date
    is_executive: bool
    is_key: bool
    has_private_part: bool
    agenda_published_on: date | None
    notice_published_on: date | None
    private_notice_published_on: date | None
    decision_published_on: date | None
    is_open_to_call_in: bool
    call_in_days: int = 5
    second_private_notice_published_on: date | None = None


_SHORTER = "or from the time it was called, where the meeting was called at shorter notice"
_URGENT = (
    "The item may be taken only if, for special circumstances, the chair is of the opinion that "
    "it should be considered as a matter of urgency; the reason is stated and recorded in the "
    "minutes ({source}). Otherwise move it to a later meeting."
)
_LATE_EXECUTIVE = (
    "The executive may consider the item in public only where the agenda was public for five "
    f"clear days, {_SHORTER} ({REGULATIONS}, regulation 6(2)). Move it to a later meeting, or "
    "take the monitoring officer's advice; a reason for urgency is stated by the chair and "
    "recorded in the minutes."
)
_LATE_PRIVATE = (
    "The part may be held in private only if the chair of overview and scrutiny (failing them the "
    "chair of the council, then its vice-chair) agrees that the meeting is urgent and cannot "
    f"reasonably be deferred; then publish the reasons ({REGULATIONS}, regulation 5(6)). "
    "Otherwise move it to a later meeting."
)


def _publication(count: int, source: str, if_late: str) -> Rule:
    return Rule("publication", "Agenda and report", count, Days.CLEAR, source, True, if_late)


PUBLICATION = {
    "england": _publication(
        5,
        "Local Government Act 1972, section 100B",
        _URGENT.format(source="Local Government Act 1972, section 100B(4)(b)"),
    ),
    "wales": _publication(
        3,
        "Local Government Act 1972, section 100BA",
        _URGENT.format(source="Local Government Act 1972, section 100BA(6)"),
    ),
    "scotland": _publication(
        3,
        "Local Government (Scotland) Act 1973, section 50B",
        _URGENT.format(source="Local Government (Scotland) Act 1973, section 50B"),
    ),
    "northern-ireland": _publication(
        5,
        "Local Government Act (Northern Ireland) 2014, access to meetings and documents; "
        "see also the council's standing orders",
        "See the council's standing orders for an urgent item: the chair's reason is recorded in "
        "the minutes. Otherwise move it to a later meeting.",
    ),
}
EXECUTIVE_PUBLICATION = _publication(5, f"{REGULATIONS}, regulations 6 and 7", _LATE_EXECUTIVE)
KEY_DECISION = Rule(
    "key-decision-notice",
    "Notice of the key decision",
    28,
    Days.CLEAR,
    f"{REGULATIONS}, regulation 9",
    leaves_out_closed_days=False,
)
GENERAL_EXCEPTION = Rule(
    "general-exception",
    "General exception",
    5,
    Days.CLEAR,
    f"{REGULATIONS}, regulation 10",
)
PRIVATE = Rule(
    "private-notice",
    "Notice of the private part",
    28,
    Days.CLEAR,
    f"{REGULATIONS}, regulation 5(2)",
    leaves_out_closed_days=False,
    if_late=_LATE_PRIVATE,
)
SECOND_PRIVATE = Rule(
    "second-private-notice",
    "Second notice of the private part",
    5,
    Days.CLEAR,
    f"{REGULATIONS}, regulation 5(4)",
    if_late=_LATE_PRIVATE,
)


def number(count: int) -> str:
    """A count as it is written in a sentence: one to nine in words, the rest in figures."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else str(count)


def named_day(day: date, with_year: bool = True) -> str:
    """A day with its weekday, such as "Monday 16 June 2025", or "Monday 16 June"."""
    return f"{day:%A} {in_words(day)}" if with_year else f"{day:%A} {day.day} {day:%B}"


def publish_by(
    meeting_on: date, calendar: CouncilCalendar, *, is_executive: bool = False
) -> Reckoning:
    """The last day to make the agenda and report of a meeting public.

    Five clear days in England and Northern Ireland, three in Wales and Scotland; see the top of
    this module for the law. `is_executive` changes the source in England, not the day.
    """
    rule = PUBLICATION[calendar.nation]
    if is_executive and calendar.nation == "england":
        rule = EXECUTIVE_PUBLICATION
    return _clear_days_before(rule, "Publish", "publish", meeting_on, calendar)


def key_decision_notice_by(meeting_on: date, calendar: CouncilCalendar) -> Reckoning:
    """The last day to publish notice of a key decision: 28 clear days before it is made.

    England's executives only (SI 2012/2089, regulation 9). Weekends and bank holidays count.
    """
    act = "Give notice of the key decision"
    return _clear_days_before(KEY_DECISION, act, "notice", meeting_on, calendar)


def general_exception_by(meeting_on: date, calendar: CouncilCalendar) -> Reckoning:
    """The last day for the notice that lets a key decision be made without 28 days' notice.

    Five clear days must pass between it and the decision (SI 2012/2089, regulation 10(1)(c)).
    """
    act = "Tell the chair of overview and scrutiny, and publish that notice,"
    return _clear_days_before(GENERAL_EXCEPTION, act, "notice", meeting_on, calendar)


def private_notice_by(meeting_on: date, calendar: CouncilCalendar) -> Reckoning:
    """The last day for the first notice that part of an executive's meeting will be in private.

    At least 28 clear days before it, in England (SI 2012/2089, regulation 5(2)). Weekends count.
    """
    act = "Give notice of the private part"
    return _clear_days_before(PRIVATE, act, "notice", meeting_on, calendar)


def second_private_notice_by(meeting_on: date, calendar: CouncilCalendar) -> Reckoning:
    """The last day for the further notice, which answers what people said against privacy.

    At least five clear days before the meeting, in England (SI 2012/2089, regulation 5(4)).
    """
    act = "Give the second notice of the private part"
    return _clear_days_before(SECOND_PRIVATE, act, "notice", meeting_on, calendar)


def call_in_ends(published_on: date, calendar: CouncilCalendar, count: int = 5) -> Reckoning:
    """The last day on which a decision published on `published_on` may be called in.

    `count` working days after it, by the council's own constitution; that day does not count.
    Raises ValueError where `count` is below one: such a decision is not open to call-in.
    """
    rule = _call_in_rule(count)
    day = _working_days_after(published_on, count, calendar)
    strip = (
        StripDay(published_on, published_on, "published", is_end=True, counts=False),
        *_cells(published_on + ONE_DAY, day - ONE_DAY, "counted", calendar),
        StripDay(day, day, "call-in ends", is_end=True, counts=True),
    )
    sentence = (
        f"Call-in ends on {named_day(day)}: {rule.period} after the decision was published on "
        f"{named_day(published_on)}."
    )
    return Reckoning(rule, day, sentence, strip)


def stand(
    reckoning: Reckoning,
    *,
    done_on: date | None,
    today: date,
    calendar: CouncilCalendar,
    meeting_on: date,
) -> Standing:
    """How a thing to be published stands against its rule, as at `today`.

    A `done_on` still to come counts as not done. What was never recorded as done is late, after
    the meeting too, until its day is recorded. Not for call-in, which nobody does.
    """
    if done_on is not None and done_on > today:
        done_on = None
    days_left = (reckoning.day - today).days
    is_late = (done_on or today) > reckoning.day
    if done_on is not None:
        late_by = counted((done_on - reckoning.day).days, "day")
        headline = f"Published, {late_by} late" if is_late else "Published, on time"
    elif today > meeting_on:
        headline = "Not recorded"
    else:
        headline = _days_left(days_left)
    if not is_late:
        remedy = ""
    elif done_on is None and today > meeting_on:
        remedy = "The meeting has been held: record the day on which this was published."
    else:
        remedy = reckoning.rule.if_late or _late_key_decision(today, calendar, meeting_on)
    return Standing(reckoning, done_on, is_late, days_left, headline, remedy)


def meeting_calendar(
    facts: MeetingFacts, calendar: CouncilCalendar, today: date
) -> tuple[Standing, ...]:
    """What a meeting must keep to and how each thing stands as at `today`, in order of the day.

    Notices bind the executive in England only. Call-in is for executive decisions; before the
    decision is published it is counted from the earliest day that it can be, and says so.
    """
    asked = [
        (publish_by(facts.on, calendar, is_executive=facts.is_executive), facts.agenda_published_on)
    ]
    if facts.is_executive and calendar.nation == "england":
        if facts.is_key:
            asked.append((key_decision_notice_by(facts.on, calendar), facts.notice_published_on))
        if facts.has_private_part:
            first_on = facts.private_notice_published_on
            second_on = facts.second_private_notice_published_on
            asked.append((private_notice_by(facts.on, calendar), first_on))
            asked.append((second_private_notice_by(facts.on, calendar), second_on))
    found = [
        stand(reckoning, done_on=done_on, today=today, calendar=calendar, meeting_on=facts.on)
        for reckoning, done_on in asked
    ]
    if facts.is_executive and facts.is_open_to_call_in:
        found.append(_call_in(facts, calendar, today))
    return tuple(sorted(found, key=lambda standing: standing.reckoning.day))


def _call_in_rule(count: int) -> Rule:
    if count < 1:
        raise ValueError("Call-in lasts one working day or more.")
    return Rule("call-in", "Call-in", count, Days.WORKING, "the council's own constitution")


def _call_in(facts: MeetingFacts, calendar: CouncilCalendar, today: date) -> Standing:
    published_on = facts.decision_published_on
    if published_on is None or published_on > today:
        reckoning = call_in_ends(max(facts.on, today), calendar, facts.call_in_days)
        rule = reckoning.rule
        sentence = f"Call-in ends {rule.period} after the decision is published"
        if facts.on < today and published_on is None:
            sentence += "; that day is not recorded."
        else:
            sentence += f": {named_day(reckoning.day)} at the earliest."
        reckoning = Reckoning(rule, reckoning.day, sentence)
        days_left = (reckoning.day - today).days
        return Standing(reckoning, None, False, days_left, "Waits for the decision", "")
    reckoning = call_in_ends(published_on, calendar, facts.call_in_days)
    days_left = (reckoning.day - today).days
    headline = "Call-in has ended" if days_left < 0 else _days_left(days_left, "Ends today")
    return Standing(reckoning, published_on, False, days_left, headline, "")


def _days_left(days_left: int, on_the_day: str = "Due today") -> str:
    if days_left < 0:
        return f"{counted(-days_left, 'day')} late"
    return f"{counted(days_left, 'day')} left" if days_left else on_the_day


def _late_key_decision(today: date, calendar: CouncilCalendar, meeting_on: date) -> str:
    """What remains for a key decision without 28 days' notice (regulations 10, 11 and 18)."""
    limit = named_day(general_exception_by(meeting_on, calendar).day)
    if today > meeting_on:
        return (
            "Check that the general exception (regulation 10) or special urgency (regulation 11) "
            "was followed and its reasons were published; where neither was, regulation 18 deals "
            f"with a report to the council ({REGULATIONS})."
        )
    if today <= general_exception_by(meeting_on, calendar).day:
        return (
            f"General exception: by {limit} tell the chair of overview and scrutiny in writing "
            "what is to be decided, and make that notice public at the offices and on the "
            "website, so that five clear days pass before the decision; then publish why 28 days "
            f"were impracticable ({REGULATIONS}, regulation 10)."
        )
    return (
        f"Unless the notice of the general exception was public by {limit} (regulation 10), this "
        "is special urgency: the decision may be made only if the chair of overview and scrutiny "
        "(failing them the chair of the council, then its vice-chair) agrees that it is urgent "
        "and cannot reasonably be deferred; then publish the reasons "
        f"({REGULATIONS}, regulation 11). Otherwise move it to a later meeting."
    )


def _clear_days_before(
    rule: Rule, act: str, label: str, meeting_on: date, calendar: CouncilCalendar
) -> Reckoning:
    """The last working day with `rule.count` clear days between it and the meeting."""
    day = meeting_on
    left = rule.count
    while left > 0:
        day -= ONE_DAY
        if not rule.leaves_out_closed_days or calendar.is_working_day(day):
            left -= 1
    day = calendar.last_working_day(day - ONE_DAY)
    first, last = day + ONE_DAY, meeting_on - ONE_DAY
    between: Iterable[StripDay]
    if rule.leaves_out_closed_days:
        between = _cells(first, last, "clear", calendar)
    else:
        words = f"{(last - first).days + 1} clear days"
        between = [StripDay(first, last, words, is_end=False, counts=True)]
    strip = (
        StripDay(day, day, label, is_end=True, counts=False),
        *between,
        StripDay(meeting_on, meeting_on, "meeting", is_end=True, counts=False),
    )
    # Thirty-one days are not twenty-eight: where weekends count, an early day makes them more.
    at_least = "" if rule.leaves_out_closed_days else "at least "
    period = f"{at_least}{rule.period} before {named_day(meeting_on)}"
    sentence = f"{act} by {named_day(day)}: {period}."
    return Reckoning(rule, day, sentence, strip)


def _working_days_after(start: date, count: int, calendar: CouncilCalendar) -> date:
    day = start
    while count > 0:
        day += ONE_DAY
        if calendar.is_working_day(day):
            count -= 1
    return day


def _cells(first: date, last: date, label: str, calendar: CouncilCalendar) -> Iterable[StripDay]:
    """The days from `first` to `last`: a cell for each that counts, one for a run that does not."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for counts, run in groupby(days, key=calendar.is_working_day):
        if counts:
            for day in run:
                yield StripDay(day, day, label, is_end=False, counts=True)
        else:
            closed = list(run)
            reasons = dict.fromkeys(
                "weekend" if day.weekday() >= 5 else calendar.why_not(day) for day in closed
            )
            why = ", ".join(reasons)
            yield StripDay(closed[0], closed[-1], "not counted", False, False, why)
