"""Reading a table from the clipboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.core.errors import Invalid
from peerplan.exchange.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    Row,
    as_text,
    column_letter,
    corrected,
    read_rows,
)


def cells(text: str) -> list[tuple[str, ...]]:
    return [row.cells for row in read_rows(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ref\tAction\r\n1.1\tRepair homes\r\n", [("Ref", "Action"), ("1.1", "Repair homes")]),
        ("Ref\tAction\r1.1\tRepair\r", [("Ref", "Action"), ("1.1", "Repair")]),
        ('1.1\t"Two\nlines"\n1.2\tOne', [("1.1", "Two\nlines"), ("1.2", "One")]),
        ('1.1\t"Say ""yes""\nand go"\tX', [("1.1", 'Say "yes"\nand go', "X")]),
        ('1.1\t"Quoted" words\tX', [("1.1", '"Quoted" words', "X")]),
        ('1.1\t"Quoted"\tX', [("1.1", '"Quoted"', "X")]),
        ('1.1\t"Never closed\tX\n1.2\tY\tZ', [("1.1", '"Never closed', "X"), ("1.2", "Y", "Z")]),
        ("a\tb\tc\n1\n", [("a", "b", "c"), ("1", "", "")]),
        ("a\tb\n\t\n1.1\tc", [("a", "b"), ("", ""), ("1.1", "c")]),
    ],
)
def test_cells_are_read_as_excel_copies_them(text: str, expected: list[tuple[str, ...]]) -> None:
    assert cells(text) == expected


def test_paragraphs_of_a_word_cell_are_one_cell() -> None:
    text = (
        "No\tAction\tLead\n"
        "1.1\tMap the repairs\nand say what slows them\tHead of Housing\n"
        "1.2\tPublish a plan\tHead of Policy\nHead of Finance\n"
        "2.1\tTrain members\tMonitoring Officer\n"
    )
    assert cells(text) == [
        ("No", "Action", "Lead"),
        ("1.1", "Map the repairs\nand say what slows them", "Head of Housing"),
        ("1.2", "Publish a plan", "Head of Policy\nHead of Finance"),
        ("2.1", "Train members", "Monitoring Officer"),
    ]


def test_a_row_that_lost_its_last_cells_does_not_swallow_the_next() -> None:
    assert cells("No\tAction\tLead\n1.1\tRepair\n1.2\tBuild\tPlanner")[1:] == [
        ("1.1", "Repair", ""),
        ("1.2", "Build", "Planner"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste a table"),
        (" \n\t\n", "Paste a table"),
        ("Just some words\nand more of them", "no columns"),
        ("a,b,c\n1,2,3", "no columns"),
        ("a\tb\n" + "1\t" + "x" * 500_001, "paste at most 500 kB"),
        ("\t".join("x" * (MOST_COLUMNS + 1)), "61 columns"),
        ("1\tx\n" * (MOST_ROWS + 1), "2,001 rows"),
    ],
)
def test_what_is_no_table_or_too_large_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_rows(text)
    assert words in refused.value.fields["text"]


def test_the_largest_table_is_read() -> None:
    assert len(read_rows("1\tx\n" * MOST_ROWS)) == MOST_ROWS


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rows = read_rows(text)
    except Invalid:
        return
    assert len({len(row.cells) for row in rows}) == 1


CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")) | st.sampled_from('"\n'),
    max_size=20,
).map(str.strip)


@given(st.integers(2, 5).flatmap(lambda n: st.lists(st.tuples(*[CELLS] * n), min_size=1)))
def test_a_table_written_out_is_read_the_same(table: list[tuple[str, ...]]) -> None:
    rows = tuple(Row(number, row) for number, row in enumerate(table, start=1))
    if any(not row.is_blank for row in rows):
        assert read_rows(as_text(rows)) == rows


def test_a_corrected_cell_leaves_the_others() -> None:
    rows = read_rows("a\tb\nc\td")
    assert [row.cells for row in corrected(rows, {(2, 0): " new "})] == [("a", "b"), ("new", "d")]


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (59, "BH")])
def test_columns_have_the_letters_of_spreadsheets(index: int, letter: str) -> None:
    assert column_letter(index) == letter
