"""Spreadsheets that open well and do no harm."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from peerplan.render.letters import without_controls
from peerplan.render.sheets import Column, Value, is_formula_like, write_csv, write_xlsx

COLUMNS = (Column("Ref", 8), Column("Due", 12, "date"), Column("Days", 6, "number"))
DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    " =1+1",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
)


def sheet_of(content: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_head_is_frozen_filterable_and_as_wide_as_asked() -> None:
    sheet = sheet_of(write_xlsx("Plan", COLUMNS, [("1.1", date(2025, 6, 30), 5)] * 3))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"
    assert [cell.value for cell in sheet[1]] == ["Ref", "Due", "Days"]
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["B"].width == 12


def test_dates_and_numbers_are_real() -> None:
    sheet = sheet_of(write_xlsx("Plan", COLUMNS, [("1.1", date(2025, 6, 30), Decimal("2.5"))]))
    assert sheet["B2"].is_date
    assert sheet["B2"].value == datetime(2025, 6, 30)  # noqa: DTZ001  a spreadsheet has no zones
    assert sheet["B2"].number_format == "DD/MM/YYYY"
    assert sheet["C2"].value == 2.5


def test_an_instant_is_refused() -> None:
    instant = datetime(2025, 6, 30, tzinfo=UTC)
    with pytest.raises(TypeError, match="date"):
        write_xlsx("Plan", COLUMNS, [("1.1", instant, 1)])


@pytest.mark.parametrize("text", [*DANGEROUS, "#N/A", "1.10", "TRUE"])
def test_text_stays_text_in_a_workbook(text: str) -> None:
    cell = sheet_of(write_xlsx("Plan", COLUMNS, [(text, None, None)]))["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\r", "\n") or cell.value == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_formula_stays_text_when_somebody_edits_the_cell(text: str) -> None:
    assert sheet_of(write_xlsx("Plan", COLUMNS, [(text, None, None)]))["A2"].quotePrefix


@pytest.mark.parametrize("text", DANGEROUS)
def test_formula_is_disarmed_in_csv(text: str) -> None:
    assert read_csv(write_csv(COLUMNS, [(text, None, None)]))[1][0].startswith("'")


def test_headings_are_disarmed_too() -> None:
    evil = (Column("=1+1"),)
    assert read_csv(write_csv(evil, []))[0] == ["'=1+1"]
    assert sheet_of(write_xlsx("x", evil, []))["A1"].data_type == "s"


def test_csv_opens_in_excel_with_its_letters() -> None:
    content = write_csv(COLUMNS, [("£ ŵ", date(2026, 11, 19), -3)])
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [["Ref", "Due", "Days"], ["£ ŵ", "2026-11-19", "-3"]]
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize("write", ["xlsx", "csv"])
def test_ragged_row_is_refused(write: str) -> None:
    rows: list[tuple[Value, ...]] = [("1.1",)]
    with pytest.raises(ValueError, match="zip"):
        write_xlsx("Plan", COLUMNS, rows) if write == "xlsx" else write_csv(COLUMNS, rows)


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("Plan", "Plan"),
        ("A/B: [draft]*?\\", "A B draft"),
        ("x" * 40, "x" * 31),
        ("\x00\n", "Sheet"),
        ("'quoted'", "quoted"),
    ],
)
def test_sheet_title_is_one_that_a_workbook_accepts(title: str, taken: str) -> None:
    assert sheet_of(write_xlsx(title, COLUMNS, [])).title == taken


def test_ten_thousand_characters_are_kept() -> None:
    long = "word " * 2000
    assert sheet_of(write_xlsx("Plan", COLUMNS, [(long, None, None)]))["A2"].value == long


@given(st.text())
def test_any_text_goes_through_a_workbook_as_text(text: str) -> None:
    cell = sheet_of(write_xlsx("Plan", COLUMNS[:1], [(text,)]))["A2"]
    clean = without_controls(text).replace("\r\n", "\n").replace("\r", "\n")
    assert (cell.value or "") == clean or (cell.value or "") == without_controls(text)
    assert cell.data_type == ("s" if clean else "n")


@given(st.text())
def test_no_text_begins_a_formula_in_csv(text: str) -> None:
    cell = read_csv(write_csv(COLUMNS[:1], [(text,)]))[1:]
    for row in cell:
        for value in row:
            assert not is_formula_like(value)
            assert value[:1] not in ("\t", "\r", "\n")
