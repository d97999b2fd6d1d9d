"""A table as it comes from the clipboard: tabs between cells, new lines between rows.

Excel puts quotes around a cell that holds new lines and doubles the quotes inside it. Word quotes
nothing, so that a cell of two paragraphs looks like two rows: short rows are joined again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from peerplan.core.errors import Invalid

MOST_BYTES = 500_000
MOST_ROWS = 2_000
MOST_COLUMNS = 60

# A quoted cell ends at a tab, a new line or the end. It holds no tab, so that a stray quotation
# mark never swallows the cells after it.
_QUOTED = re.compile(r'"((?:[^"\t]|"")*+)"(?=[\t\n]|\Z)')
_PLAIN = re.compile(r"[^\t\n]*")
# How a first cell looks where a row of its own begins: "1.1", "R3", "2.", "Recommendation 4: ...".
_BEGINS_A_ROW = re.compile(
    r"\s*(?:[A-Za-z]{1,14}[ -]?)?\d{1,3}(?:\.\d{1,2}){0,2}[a-z]?\s*(?:[.:)\u2013-]\s|\Z)"
)


@dataclass(frozen=True)
class Row:
    """One row: its number in what was pasted (the first is 1) and its cells."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """True where no cell holds anything."""
        return not any(self.cells)


def read_rows(text: str) -> tuple[Row, ...]:
    """All rows of a pasted table, each with the same number of cells, blank rows too.

    Raises Invalid, about the field "text", for what is too large or no table at all.
    """
    if not text.strip():
        raise Invalid({"text": "Paste a table: copy its cells in Excel or Word, then paste here."})
    text = re.sub(r"\r\n?", "\n", text)
    # Tabs and quotes are left out of the count: the steps after the first may add some of these.
    size = len(text.encode("utf-8", "surrogatepass")) - text.count("\t") - text.count('"')
    if size > MOST_BYTES:
        raise Invalid(
            {
                "text": f"This is {-(-size // 1000):,} kB: paste at most {MOST_BYTES // 1000} kB "
                "at a time, such as half of the rows and then the others."
            }
        )
    found = _split(text)
    width = max(len(cells) for cells in found)
    if width < 2:
        raise Invalid(
            {
                "text": "There are no columns in this. Copy the table itself, with its first row "
                "of headings, from Excel or Word; text alone cannot be read."
            }
        )
    if width > MOST_COLUMNS:
        raise Invalid(
            {
                "text": f"A row has {width} columns: paste at most {MOST_COLUMNS}. "
                "Leave out the columns that the plan does not need."
            }
        )
    joined = _join(found, width)
    if len(joined) > MOST_ROWS:
        raise Invalid(
            {"text": f"This has {len(joined):,} rows: paste at most {MOST_ROWS:,} at a time."}
        )
    return tuple(
        Row(number, tuple(cell.strip() for cell in cells) + ("",) * (width - len(cells)))
        for number, cells in enumerate(joined, start=1)
    )


def as_text(rows: Iterable[Row]) -> str:
    """The rows as they would come from Excel: `read_rows` gives the same rows back."""
    return "\n".join("\t".join(_quoted(cell) for cell in row.cells) for row in rows)


def corrected(rows: Sequence[Row], cells: Mapping[tuple[int, int], str]) -> tuple[Row, ...]:
    """The rows with other text in some cells, each given as (row number, column from 0)."""
    return tuple(
        replace(
            row,
            cells=tuple(
                cells.get((row.number, column), cell).strip()
                for column, cell in enumerate(row.cells)
            ),
        )
        for row in rows
    )


def column_letter(index: int) -> str:
    """The name of a column (0 is "A"), as spreadsheets have it."""
    before, letter = divmod(index, 26)
    return (column_letter(before - 1) if before else "") + chr(ord("A") + letter)


def _split(text: str) -> list[list[str]]:
    """Cells by line, quoted cells read as one; new lines at the end are none."""
    text = text.rstrip("\n")
    rows: list[list[str]] = [[]]
    place = 0
    while True:
        quoted = _QUOTED.match(text, place)
        if quoted and ("\n" in quoted[1] or '""' in quoted[1]):
            rows[-1].append(quoted[1].replace('""', '"'))
            place = quoted.end()
        else:
            plain = _PLAIN.match(text, place)
            assert plain is not None, "it matches anything"
            rows[-1].append(plain[0])
            place = plain.end()
        if place >= len(text):
            return rows
        if text[place] == "\n":
            rows.append([])
        place += 1


def _join(rows: list[list[str]], width: int) -> list[list[str]]:
    """Rows of which Word made several lines, each made one again."""
    joined: list[list[str]] = []
    for cells in rows:
        if joined and _goes_on(joined[-1], cells, width):
            last = joined[-1]
            last[-1] = f"{last[-1]}\n{cells[0]}"
            last.extend(cells[1:])
        else:
            joined.append(list(cells))
    return joined


def _goes_on(row: list[str], cells: list[str], width: int) -> bool:
    """True where `cells` go on with the `row` above, from a further paragraph of its last cell."""
    if len(row) < 2 or _BEGINS_A_ROW.match(cells[0]):
        return False
    return len(row) + len(cells) - 1 <= width


def _quoted(cell: str) -> str:
    cell = cell.replace("\t", " ").replace("\r", "\n")
    if "\n" in cell or cell.startswith('"'):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell
