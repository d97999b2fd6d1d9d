"""Dates as people write them in papers, found in plain text. Pure: no database.

Read are "26-28 June 2024", "26 to 28 June 2024", "30 June to 2 July 2024", "Tuesday 24 June",
"15th March 2022", "June 26, 2024", "June 2025", "late 2016", "31/03/2026" and "2026-03-31".
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
MONTHS["sept"] = 9
WEEKDAYS = [name.lower() for name in calendar.day_name]
PARTS_OF_YEAR = {"early": (1, 4), "mid": (4, 9), "late": (9, 12)}

_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?"
)
_YEAR = r"(?:19|20|21)\d{2}\b"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TO = r"\s*(?:-|\N{EN DASH}|\N{EM DASH}|to\b|until\b)\s*"
# "6 March and 25 March" are two dates, "26 and 27 March" are days that belong together.
_AND = r"\s+and\s+"

WRITTEN = re.compile(
    rf"""(?<![\w.,/£]) (?:
        (?:(?P<weekday>{_WEEKDAY}),?\s+(?:the\s+)?)?
        (?P<day>{_DAY})
        (?: \s+(?P<month1>{_MONTH})(?:,?\s+(?P<year1>{_YEAR}))? {_TO} | (?:{_TO}|{_AND}) )
        (?:(?P<weekday2>{_WEEKDAY}),?\s+)?
        (?P<day2>{_DAY})\s+(?:of\s+)?(?P<month2>{_MONTH})(?:,?\s+(?P<year2>{_YEAR}))?
      |
        (?:(?P<weekday3>{_WEEKDAY}),?\s+(?:the\s+)?)?
        (?P<day3>{_DAY})\s+(?:of\s+)?(?P<month3>{_MONTH})(?:,?\s+(?P<year3>{_YEAR}))?
      |
        (?P<month4>{_MONTH})\s+(?P<day4>{_DAY})(?:,\s*|\s+)(?P<year4>{_YEAR})
      |
        (?P<part>early|mid|late)(?:\s+in)?[\s-]+(?P<year6>{_YEAR})
      |
        (?P<month5>{_MONTH}),?\s+(?P<year5>{_YEAR})
    ) (?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
FIGURES = re.compile(
    r"(?<![\w./-])(?:(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})"
    r"|(?P<iso>\d{4})-(?P<im>\d{2})-(?P<id>\d{2}))(?![\w/-])"
)
# A date that is brought forward moves "from" the later day "to" the earlier one.
A_MOVE = re.compile(r"\b(?:moved|changed|brought)\b[^.]*\bfrom\s+$", re.IGNORECASE)
# The words "may" and "march" with a number after them are words; months have a capital.
WORD_NOT_MONTH = re.compile(r"^(?:may|march|mar|jan|jun|dec|sep|oct|nov|feb|apr|jul|aug)\b")


@dataclass(frozen=True)
class Mention:
    """A date as it is written: `first` to `last`, the same for one day.

    `precision` is "day", "range", "month" or "part" of a year. `has_year` is False where the year
    was taken from what stands around it. `wrong` says why there is no such date; then the days
    mean nothing. `weekday` is the one that is written, 0 for Monday, None without.
    """

    start: int
    end: int
    text: str
    precision: str
    first: date
    last: date
    has_year: bool = True
    weekday: int | None = None
    last_weekday: int | None = None
    wrong: str = ""

    def holds(self, day: date) -> bool:
        """True where `day` lies in what is mentioned."""
        return self.first <= day <= self.last


def mentions(text: str, near: date) -> tuple[Mention, ...]:
    """The dates in a text, in order; a day without a year is the one nearest to `near`."""
    found = [*_written(text, near), *_in_figures(text)]
    return tuple(sorted(found, key=lambda each: each.start))


def _written(text: str, near: date) -> Iterator[Mention]:
    for match in WRITTEN.finditer(text):
        groups = match.groupdict()
        if groups["month2"]:
            yield _range(match, near)
        elif groups["month3"]:
            yield _day(match, "3", near)
        elif groups["month4"]:
            yield _day(match, "4", near)
        elif groups["part"]:
            year = int(groups["year6"])
            first, last = PARTS_OF_YEAR[groups["part"].lower()]
            yield Mention(
                match.start(),
                match.end(),
                match.group(),
                "part",
                date(year, first, 1),
                _month_end(year, last),
            )
        elif not WORD_NOT_MONTH.match(match.group()):
            year, month = int(groups["year5"]), _month(groups["month5"])
            yield Mention(
                match.start(),
                match.end(),
                match.group(),
                "month",
                date(year, month, 1),
                _month_end(year, month),
            )


def _in_figures(text: str) -> Iterator[Mention]:
    for match in FIGURES.finditer(text):
        groups = match.groupdict()
        if groups["iso"]:
            day, month, year = int(groups["id"]), int(groups["im"]), int(groups["iso"])
        else:
            day, month, year = int(groups["d"]), int(groups["m"]), int(groups["y"])
            if groups["sep"] != "/" and not (1990 <= year <= 2199):
                continue
        wrong = ""
        if not 1 <= month <= 12:
            wrong = f"there is no month {month}: dates are day, month, year"
        elif not 1 <= day <= calendar.monthrange(year or 1, month)[1]:
            wrong = _no_such_day(day, month, year)
        on = near_enough(year, month, day)
        yield Mention(match.start(), match.end(), match.group(), "day", on, on, wrong=wrong)


def _day(match: re.Match[str], which: str, near: date) -> Mention:
    groups = match.groupdict()
    day, month = _number(groups[f"day{which}"]), _month(groups[f"month{which}"])
    given = groups[f"year{which}"]
    year = int(given) if given else _nearest_year(month, day, near)
    weekday = groups.get(f"weekday{which}")
    on = near_enough(year, month, day)
    wrong = (
        "" if _exists(year, month, day, has_year=bool(given)) else _no_such_day(day, month, year)
    )
    return Mention(
        match.start(),
        match.end(),
        match.group(),
        "day",
        on,
        on,
        bool(given),
        WEEKDAYS.index(weekday.lower()) if weekday else None,
        wrong=wrong,
    )


def _range(match: re.Match[str], near: date) -> Mention:
    groups = match.groupdict()
    month2, day2 = _month(groups["month2"]), _number(groups["day2"])
    month1 = _month(groups["month1"]) if groups["month1"] else month2
    day1 = _number(groups["day"])
    given = groups["year2"]
    year2 = int(given) if given else _nearest_year(month2, day2, near)
    year1 = int(groups["year1"]) if groups["year1"] else year2 - (month1 > month2)
    wrong = ""
    if not _exists(year1, month1, day1, has_year=bool(given)):
        wrong = _no_such_day(day1, month1, year1)
    elif not _exists(year2, month2, day2, has_year=bool(given)):
        wrong = _no_such_day(day2, month2, year2)
    first, last = near_enough(year1, month1, day1), near_enough(year2, month2, day2)
    if not wrong and last < first and not A_MOVE.search(match.string[: match.start()][-60:]):
        wrong = "the second day is before the first"
    weekdays = [groups["weekday"], groups["weekday2"]]
    at = [WEEKDAYS.index(each.lower()) if each else None for each in weekdays]
    return Mention(
        match.start(),
        match.end(),
        match.group(),
        "range",
        first,
        last,
        bool(given),
        at[0],
        at[1],
        wrong,
    )


def near_enough(year: int, month: int, day: int) -> date:
    """That day, or the last of its month where there is no such day."""
    month = min(max(month, 1), 12)
    year = min(max(year, 1), 9999)
    return date(year, month, min(max(day, 1), calendar.monthrange(year, month)[1]))


def _exists(year: int, month: int, day: int, *, has_year: bool) -> bool:
    """Whether there is such a day; 29 February without a year is in some year."""
    longest = calendar.monthrange(year if has_year else 2024, month)[1]
    return 1 <= day <= longest


def _no_such_day(day: int, month: int, year: int) -> str:
    name = calendar.month_name[month]
    if month == 2 and day == 29:
        return f"{year} is not a leap year, so it has no 29 February"
    return f"{name} has {calendar.monthrange(year or 1, month)[1]} days"


def _nearest_year(month: int, day: int, near: date) -> int:
    years = (near.year - 1, near.year, near.year + 1)
    return min(years, key=lambda year: abs((near_enough(year, month, day) - near).days))


def _month(name: str) -> int:
    return MONTHS[name.lower().rstrip(".")]


def _number(day: str) -> int:
    return int(re.sub(r"\D", "", day))


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
