"""Due dates as councils write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.exchange.dates import WORDS_LIMIT, read_due


@pytest.mark.parametrize(
    ("typed", "on"),
    [
        ("30/09/2026", date(2026, 9, 30)),
        ("30/9/26", date(2026, 9, 30)),
        ("30.09.2026", date(2026, 9, 30)),
        ("2026-09-30", date(2026, 9, 30)),
        ("2026-09-30 00:00:00", date(2026, 9, 30)),
        ("30/09/2026 00:00", date(2026, 9, 30)),
        ("30 Sep 2026", date(2026, 9, 30)),
        ("30-Sep-26", date(2026, 9, 30)),
        ("30th September 2026", date(2026, 9, 30)),
        ("Wednesday 30 September, 2026", date(2026, 9, 30)),
        ("September 30, 2026", date(2026, 9, 30)),
        ("46295", date(2026, 9, 30)),
        ("29 February 2028", date(2028, 2, 29)),
    ],
)
def test_a_day_is_a_date_without_words(typed: str, on: date) -> None:
    due = read_due(typed)
    assert (due.on, due.words, due.problem) == (on, "", "")


@pytest.mark.parametrize(
    ("typed", "on"),
    [
        ("September 2026", date(2026, 9, 30)),
        ("Sept 26", date(2026, 9, 30)),
        ("Feb-28", date(2028, 2, 29)),
        ("09/2026", date(2026, 9, 30)),
        ("By end of March 2027", date(2027, 3, 31)),
        ("Q3 2026/27", date(2026, 12, 31)),
        ("Q4 26/27", date(2027, 3, 31)),
        ("Quarter 1 2026-27", date(2026, 6, 30)),
        ("2026/27 Q2", date(2026, 9, 30)),
        ("Q3 2026", date(2026, 12, 31)),
        ("2026/27", date(2027, 3, 31)),
        ("Spring 2027", date(2027, 5, 31)),
        ("End of 2026", date(2026, 12, 31)),
        ("September 2026 to March 2027", date(2027, 3, 31)),
        ("by 30 September 2026", date(2026, 9, 30)),
    ],
)
def test_a_time_is_its_last_day_and_keeps_its_words(typed: str, on: date) -> None:
    due = read_due(typed)
    assert (due.on, due.words, due.problem) == (on, typed, "")


@pytest.mark.parametrize("typed", ["Ongoing", "TBC", "Q3", "Immediate", "After the election"])
def test_words_are_kept_without_a_date_and_said_to_be(typed: str) -> None:
    due = read_due(typed)
    assert (due.on, due.words, due.problem) == (None, typed, "")
    assert due.note


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/2026",
        "09/30/2026",
        "31 September 2026",
        "29 February 2027",
        "2026-13-01",
        "00/00/0000",
        "01/01/1889",
        "01/01/2101",
        "13/2026",
        "Q5 2026/27",
        "2026/28",
        "1.2.3.4",
        "words " * 20,
    ],
)
def test_a_date_that_cannot_be_is_flagged(typed: str) -> None:
    due = read_due(typed)
    assert due.problem
    assert (due.on, due.words) == (None, "")


def test_nothing_is_no_date() -> None:
    assert (read_due(" ").on, read_due(" ").words, read_due(" ").problem) == (None, "", "")


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d %B %Y"]))
def test_every_day_is_read_as_it_is_written(day: date, form: str) -> None:
    assert read_due(day.strftime(form)).on == day


PARTS = st.sampled_from(
    "1 31 30 99 0 2026 26 27 / - . Sep february q Q3 quarter end of by spring to 45000 th".split()
)


@given(
    st.one_of(st.text(), st.lists(PARTS, max_size=8).map(" ".join), st.lists(PARTS).map("".join))
)
def test_any_text_is_read_without_an_error(typed: str) -> None:
    due = read_due(typed)
    assert len(due.words) <= WORDS_LIMIT
    assert not (due.problem and (due.on or due.words))
