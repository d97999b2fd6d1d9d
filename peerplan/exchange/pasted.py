"""A pasted table on its way through the steps: its rows, its headings, and where columns go.

It is carried whole in the form, so that any worker can go on with it and nothing is kept.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from peerplan.exchange.mapping import LABELS, LEAVE_OUT, Field, guess, headings_at
from peerplan.exchange.rows import SAME_EVERYWHERE
from peerplan.exchange.table import MOST_COLUMNS, Row, as_text, corrected

_FIX = re.compile(r"fix-(\d{1,5})-([a-z]+)", re.A)


@dataclass(frozen=True)
class PastedTable:
    """All rows; `head` is the index of the row of headings, None where there is none."""

    rows: tuple[Row, ...]
    head: int | None
    fields: tuple[str, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, or nothing."""
        return () if self.head is None else self.rows[self.head].cells

    @property
    def body(self) -> tuple[Row, ...]:
        """The rows below the headings; a long Word table repeats these on each page."""
        if self.head is None:
            return self.rows
        return tuple(row for row in self.rows[self.head + 1 :] if row.cells != self.headings)

    @property
    def text(self) -> str:
        """The table as it can be pasted again."""
        return as_text(self.rows)

    def column(self, field: Field) -> int | None:
        """The index of the column that goes to a field, None for none."""
        return self.fields.index(field) if field in self.fields else None

    def with_column(self, field: Field) -> "PastedTable":
        """The table with one more, empty, column for a field that has none."""
        if field in self.fields or len(self.fields) >= MOST_COLUMNS:
            return self
        rows = tuple(
            replace(row, cells=(*row.cells, LABELS[field] if index == self.head else ""))
            for index, row in enumerate(self.rows)
        )
        return replace(self, rows=rows, fields=(*self.fields, field))


def read_table(
    rows: Sequence[Row], given: Mapping[str, str], own: Mapping[Field, str]
) -> PastedTable:
    """The table with the columns that were chosen in the form, or guessed from its headings."""
    width = len(rows[0].cells)
    chosen = [given.get(f"column-{index}") for index in range(width)]
    is_chosen = None not in chosen and f"column-{width}" not in given
    found = headings_at(rows, own)
    if is_chosen and "headings" in given:
        head = (found or 0) if given["headings"] == "yes" else None
    else:
        head = found
    if is_chosen:
        fields = [choice or LEAVE_OUT for choice in chosen]
    else:
        fields = guess(rows[head].cells, own) if head is not None else [LEAVE_OUT] * width
    return PastedTable(tuple(rows), head, tuple(fields))


def put_right(table: PastedTable, given: Mapping[str, str]) -> PastedTable:
    """The table with the corrections typed into the form.

    A wrong word that stands in many rows (a directorate, a status, a date) is corrected in all.
    """
    for name, value in given.items():
        found = _FIX.fullmatch(name)
        if found and found[2] in LABELS:
            number, field = int(found[1]), Field(found[2])
            table = _corrected(table, number, field, re.sub(r"\r\n?", "\n", value).strip())
    return table


def _corrected(table: PastedTable, number: int, field: Field, value: str) -> PastedTable:
    row = next((row for row in table.body if row.number == number), None)
    column = table.column(field)
    before = row.cells[column] if row and column is not None else ""
    if row is None or value == before:
        return table
    table = table.with_column(field)
    column = table.column(field)
    if column is None:
        return table
    if before and field in SAME_EVERYWHERE:
        numbers = [each.number for each in table.body if each.cells[column] == before]
    else:
        numbers = [number]
    cells = {(each, column): value for each in numbers}
    return replace(table, rows=corrected(table.rows, cells))
