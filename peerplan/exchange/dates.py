"""A due date as councils write it: an exact date for sorting, and the words to print.

"30/09/2026", "30 Sep 26" and "2026-09-30" are dates. "September 2026", "Q3 2026/27" and "End of
2026" are words with the date at their end. "Ongoing" is words only. Financial years begin on
1 April. What looks like a date and is none, such as 31/02/2026, is a problem.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

WORDS_LIMIT = 60
FIRST_YEAR, LAST_YEAR = 1990, 2100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_YEAR = r"['’]?(?P<year>\d{4}|\d{2})"
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
_GAP = r"[\s,./-]+"
_FINANCIAL_YEAR = r"(?P<year>(?:20)?\d{2})\s*[/-]\s*(?P<to>(?:20)?\d{2})"


def _all_of(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I | re.A)


_NUMBERS = _all_of(rf"{_WEEKDAY}(\d{{1,2}})[./ -](\d{{1,2}})[./ -](\d{{4}}|\d{{2}}){_TIME}")
_ISO = _all_of(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}")
_DAY_FIRST = _all_of(
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?{_GAP}{_MONTH}{_GAP}{_YEAR}{_TIME}"
)
_MONTH_FIRST = _all_of(
    rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
)
_DAY_OF_MONTH = _all_of(rf"{_WEEKDAY}\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}")
_MONTH_YEAR = _all_of(rf"{_MONTH}{_GAP}{_YEAR}|(?P<number>\d{{1,2}})[/.](?P<full>\d{{4}})")
_QUARTER_WORD = r"(?:q|qtr|quarter)\s*(?P<quarter>\d)"
_QUARTER = _all_of(rf"{_QUARTER_WORD}[\s,(]*(?:of\s+)?(?:fy\s*)?{_FINANCIAL_YEAR}\)?")
_QUARTER_AFTER = _all_of(rf"(?:fy\s*)?{_FINANCIAL_YEAR}[\s,:(]*{_QUARTER_WORD}\)?")
_QUARTER_OF_YEAR = _all_of(rf"{_QUARTER_WORD}[\s,(]*(?:of\s+)?(?P<year>20\d{{2}})\)?")
_QUARTER_ALONE = _all_of(_QUARTER_WORD)
_YEAR_FINANCIAL = _all_of(rf"(?:fy|financial\s+year)?\s*{_FINANCIAL_YEAR}")
_YEAR_ALONE = _all_of(r"(?P<year>(?:19|20|21)\d{2})")
_SEASON = _all_of(r"(?P<season>spring|summer|autumn)\s+(?P<year>20\d{2})")
_SERIAL = _all_of(r"(\d{5})(?:\.0+)?")
_LEAD_IN = _all_of(
    r"(?:by|before|until|from|in|during|at|late|early|mid|due|the|end|start|beginning|of"
    r"|target|revised|expected)\b[\s:-]*"
)
_RANGE = re.compile(r"\s+(?:-|–|—|to|until|through)\s+|\s*[–—]\s*", re.I)
_LOOKS_LIKE_A_DATE = _all_of(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*")

_SEASON_ENDS = {"spring": (5, 31), "summer": (8, 31), "autumn": (11, 30)}
_QUARTER_ENDS = {1: (0, 6, 30), 2: (0, 9, 30), 3: (0, 12, 31), 4: (1, 3, 31)}
_EXCEL_BEGINS = date(1899, 12, 30)


@dataclass(frozen=True)
class Due:
    """A due date as read. `problem` says what to put right; `note`, what to look at."""

    on: date | None = None
    words: str = ""
    problem: str = ""
    note: str = ""


def read_due(typed: str) -> Due:
    """The due date meant by one line of text; empty text is no date. Never raises."""
    text = " ".join(typed.split())
    if not text:
        return Due()
    try:
        exact = _exact(text)
        if exact:
            return exact
        inexact = _inexact(text)
    except ValueError as error:
        return Due(problem=str(error))
    if len(text) > WORDS_LIMIT:
        return Due(
            problem=f"The timescale has {len(text)} characters: give a date, "
            f"or {WORDS_LIMIT} characters of words."
        )
    if inexact:
        return Due(on=inexact.on, words=text, note=inexact.note)
    if _LOOKS_LIKE_A_DATE.fullmatch(text):
        return Due(problem=_no_date(text))
    return Due(words=text, note="No date to sort by. The words are kept.")


def _exact(text: str) -> Due | None:
    """One day, or None. Raises ValueError for a day that no calendar has."""
    if found := _ISO.fullmatch(text):
        return Due(_day(text, int(found[1]), int(found[2]), int(found[3])))
    if found := _NUMBERS.fullmatch(text):
        return Due(_day(text, _year(found[3]), int(found[2]), int(found[1])))
    if found := _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text):
        return Due(_day(text, _year(found["year"]), _month(found["month"]), int(found["day"])))
    if found := _SERIAL.fullmatch(text):
        day = _EXCEL_BEGINS + timedelta(days=int(found[1]))
        if 2000 <= day.year <= LAST_YEAR:
            return Due(day, note=f"Excel’s number {text} was read as a date.")
    return None


def _inexact(text: str) -> Due | None:
    """The end of the time that words tell, or None. Raises ValueError as `_exact` does."""
    whole = _period(_without_lead_in(text))
    if whole:
        return whole
    ends = [part for part in _RANGE.split(text) if part]
    if len(ends) == 2:
        last = _without_lead_in(ends[1])
        end = _exact(last) or _period(last)
        if end:
            return Due(end.on, note=end.note or "Read as due at the end of this time.")
    return None


def _without_lead_in(text: str) -> str:
    while found := _LEAD_IN.match(text):
        text = text[found.end() :]
    return text


def _period(text: str) -> Due | None:
    exact = _exact(text)
    if exact:
        return exact
    if found := _MONTH_YEAR.fullmatch(text):
        if found["month"]:
            return Due(_end_of_month(text, _year(found["year"]), _month(found["month"])))
        return Due(_end_of_month(text, _year(found["full"]), int(found["number"])))
    if found := _QUARTER.fullmatch(text) or _QUARTER_AFTER.fullmatch(text):
        return Due(_end_of_quarter(text, _financial_year(found, text), int(found["quarter"])))
    if found := _QUARTER_OF_YEAR.fullmatch(text):
        year = int(found["year"])
        return Due(
            _end_of_quarter(text, year, int(found["quarter"])),
            note=f"Of which year? Read as the financial year {year}/{(year + 1) % 100:02}.",
        )
    if _QUARTER_ALONE.fullmatch(text):
        return Due(note="A quarter of which year? The words are kept, with no date to sort by.")
    if found := _YEAR_FINANCIAL.fullmatch(text):
        return Due(date(_financial_year(found, text) + 1, 3, 31))
    if found := _SEASON.fullmatch(text):
        return Due(date(int(found["year"]), *_SEASON_ENDS[found["season"].lower()]))
    if found := _YEAR_ALONE.fullmatch(text):
        year = int(found["year"])
        return Due(_day(text, year, 12, 31), note=f"Read as the end of {year}.")
    return None


def _no_date(text: str) -> str:
    return f"“{text[:WORDS_LIMIT]}” is not a date: give the day first, such as 30/09/2026."


def _day(text: str, year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            f"“{text[:WORDS_LIMIT]}”: the year must be between {FIRST_YEAR} and {LAST_YEAR}."
        )
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(_no_date(text)) from error


def _end_of_month(text: str, year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(f"“{text[:WORDS_LIMIT]}” is not a month: write it like September 2026.")
    first = _day(text, year, month, 1)
    return first.replace(day=monthrange(year, month)[1])


def _end_of_quarter(text: str, year: int, quarter: int) -> date:
    if quarter not in _QUARTER_ENDS:
        raise ValueError(f"“{text[:WORDS_LIMIT]}”: a year has quarters 1 to 4.")
    later, month, day = _QUARTER_ENDS[quarter]
    return _day(text, year + later, month, day)


def _financial_year(found: re.Match[str], text: str) -> int:
    """The year in which a financial year begins. Raises ValueError unless it ends in the next."""
    begins, ends = _year(found["year"]), _year(found["to"])
    if ends != begins + 1:
        raise ValueError(f"“{text[:WORDS_LIMIT]}” is not a financial year: write it like 2026/27.")
    return begins


def _year(figures: str) -> int:
    return int(figures) + (2000 if len(figures) == 2 else 0)


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1
