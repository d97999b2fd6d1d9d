"""What a column holds, in a few words, for the person who matches columns to fields."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from peerplan.exchange.cells import short
from peerplan.exchange.dates import read_due
from peerplan.exchange.mapping import LABELS, LEAVE_OUT, Field
from peerplan.exchange.rows import Known
from peerplan.exchange.statuses import read_status
from peerplan.exchange.table import Row, column_letter

_SHOWN = 3


@dataclass(frozen=True)
class Column:
    """One column of the table: where it goes and how it reads; flagged where it needs a look."""

    index: int
    heading: str
    first: str
    goes_to: str
    reads: str
    is_flagged: bool = False
    error: str = ""


def columns(
    headings: Sequence[str],
    rows: Sequence[Row],
    fields: Sequence[str],
    known: Known,
    errors: dict[int, str],
) -> list[Column]:
    """The columns of a table whose rows hold no headings, in their order."""
    found = []
    for index, goes_to in enumerate(fields):
        values = [row.cells[index] for row in rows if not row.is_blank]
        filled = [value for value in values if value]
        heading = headings[index] if headings else ""
        if not filled and not heading:
            continue
        reads, is_flagged = _reads(goes_to, filled, len(values), known)
        found.append(
            Column(
                index=index,
                heading=f"{column_letter(index)}. {short(heading, 60) or '(no heading)'}",
                first=", ".join(short(value, 30) for value in dict.fromkeys(filled[:_SHOWN])),
                goes_to=goes_to,
                reads=errors.get(index, reads),
                is_flagged=is_flagged or index in errors,
                error=errors.get(index, ""),
            )
        )
    return found


def _reads(goes_to: str, filled: Sequence[str], total: int, known: Known) -> tuple[str, bool]:
    """How a column reads, and whether somebody should look at it."""
    how_full = _how_full(len(filled), total)
    if goes_to not in LABELS:
        word = "cell" if len(filled) == 1 else "cells"
        return f"Left out: {len(filled)} {word} filled", goes_to != LEAVE_OUT
    field = Field(goes_to)
    if field == Field.REFERENCE:
        repeats = [value for value, times in Counter(filled).items() if times > 1]
        if repeats:
            return f"{how_full}, {_quoted(repeats)} more than once", True
        return f"{how_full}, no repeats", len(filled) < total
    if field == Field.DUE:
        return _dates_read(filled)
    if field in (Field.STATUS, Field.RATING):
        unknown = [v for v in dict.fromkeys(filled) if read_status(v, known.scheme) is None]
        return _unknown_read(how_full, unknown, "not understood")
    if field in (Field.DIRECTORATE, Field.PORTFOLIO):
        names = known.directorates if field == Field.DIRECTORATE else known.portfolios
        unknown = [v for v in dict.fromkeys(filled) if known.one_of(names, v) is None]
        return _unknown_read(how_full, unknown, "not one of the council’s")
    if field == Field.RECOMMENDATION:
        different = len(set(filled))
        empty = ", empty cells filled from above" if len(filled) < total else ""
        return f"{different} different{empty}", False
    return how_full, False


def _dates_read(filled: Sequence[str]) -> tuple[str, bool]:
    found = [read_due(value) for value in filled]
    parts = [
        f"{number} {words}"
        for number, words in (
            (sum(1 for due in found if due.on), "dates"),
            (sum(1 for due in found if due.words and not due.on), "words only"),
            (sum(1 for due in found if due.problem), "cannot be read"),
        )
        if number
    ]
    return ", ".join(parts) or "Empty", any(due.on is None for due in found)


def _unknown_read(how_full: str, unknown: Sequence[str], what: str) -> tuple[str, bool]:
    if not unknown:
        return how_full, False
    return f"{len(unknown)} {what}: {_quoted(unknown)}", True


def _how_full(filled: int, total: int) -> str:
    if filled == total:
        return f"All {total} filled"
    return f"{filled} filled, {total - filled} empty"


def _quoted(values: Sequence[str]) -> str:
    shown = ", ".join(f"“{short(value, 30)}”" for value in values[:_SHOWN])
    return f"{shown} and others" if len(values) > _SHOWN else shown
