"""Tables as XLSX and CSV that open well in a spreadsheet and can do no harm there."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from peerplan.render.letters import without_controls

Value = str | date | int | float | Decimal | None
Kind = Literal["text", "date", "number"]

# A spreadsheet takes a cell that begins with one of these for a formula; the last four are the
# wide forms of the first four.
FORMULA_STARTS = frozenset("=+-@＝＋－＠")
LONGEST_CELL = 32_767
LONGEST_TITLE = 31
HEAD_FILL = PatternFill("solid", fgColor="12324F")
HEAD_FONT = Font(bold=True, color="FFFFFF")
TOP = Alignment(vertical="top")
TOP_WRAPPED = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width in characters, and what most of its cells hold."""

    heading: str
    width: int = 20
    kind: Kind = "text"


def write_xlsx(
    sheet_title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]
) -> bytes:
    """A workbook of one sheet: frozen, filterable head, real dates, text that is only text.

    Raises ValueError when a row is not as long as there are columns.
    """
    book = Workbook()
    book.properties.creator = "PeerPlan"
    book.properties.title = without_controls(sheet_title)
    sheet = book.worksheets[0]
    sheet.title = _sheet_title(sheet_title)
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        _fill_head(_cell_at(sheet, 1, number), column)
    last = 1
    for last, row in enumerate(rows, start=2):
        for number, (value, column) in enumerate(zip(row, columns, strict=True), start=1):
            _fill(_cell_at(sheet, last, number), value, column)
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(columns), 1))}{last}"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads it rightly; dates as 2026-11-19.

    A text that a spreadsheet would take for a formula begins with an apostrophe. Raises
    ValueError when a row is not as long as there are columns.
    """
    content = io.StringIO(newline="")
    writer = csv.writer(content)
    writer.writerow([safe_text(column.heading) for column in columns])
    for row in rows:
        writer.writerow([_plain(value) for value, _ in zip(row, columns, strict=True)])
    return content.getvalue().encode("utf-8-sig")


def is_formula_like(text: str) -> bool:
    """Whether some spreadsheet would take this text for a formula, or lose its beginning."""
    start = text.lstrip()[:1]
    return start in FORMULA_STARTS if start else False


def safe_text(text: str) -> str:
    """The text as CSV may hold it: no control characters, no formula."""
    clean = without_controls(text)
    return f"'{clean}" if is_formula_like(clean) or clean[:1] in ("\t", "\r", "\n") else clean


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _sheet_title(title: str) -> str:
    """A title that a workbook accepts: up to 31 characters, none of `[]:*?/\\`."""
    clean = "".join(character for character in without_controls(title) if character.isprintable())
    clean = clean.translate(dict.fromkeys(map(ord, "[]:*?/\\'"), " "))
    return " ".join(clean.split())[:LONGEST_TITLE].strip() or "Sheet"


def _cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "nothing in a new sheet is merged"
    return cell


def _fill_head(cell: Cell, column: Column) -> None:
    _fill_text(cell, column.heading)
    cell.font = HEAD_FONT
    cell.fill = HEAD_FILL
    cell.alignment = TOP_WRAPPED


def _fill(cell: Cell, value: Value, column: Column) -> None:
    if isinstance(value, str):
        _fill_text(cell, value)
        cell.alignment = TOP_WRAPPED
        return
    if isinstance(value, datetime):
        raise TypeError("a cell holds a date; an instant would need a time zone")
    cell.value = value
    cell.alignment = TOP
    if column.kind == "date" and value is not None:
        cell.number_format = "DD/MM/YYYY"


def _fill_text(cell: Cell, text: str) -> None:
    """Makes the cell text whatever it looks like, and keeps it so when somebody edits it."""
    clean = without_controls(text)[:LONGEST_CELL]
    if not clean:
        return
    cell.value = clean
    cell.data_type = "s"
    if is_formula_like(clean):
        cell.quotePrefix = True
