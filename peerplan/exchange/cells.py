"""The cells of one row by field, and their words cut or compared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from peerplan.core import text
from peerplan.exchange.mapping import Field
from peerplan.exchange.table import Row

TITLE_LIMIT = 250
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell; without a `field`, with the row."""

    field: Field | None
    message: str


class Cells:
    """The cells of a row by field, as text that may be stored."""

    def __init__(self, row: Row, columns: Mapping[Field, int], wrong: list[Problem]) -> None:
        self._row, self._columns = row, columns
        self._lines: dict[Field, str] = {}
        self._refused: set[Field] = set()
        for name, index in columns.items():
            try:
                self._lines[name] = text.clean(row.cells[index], lines=True)
            except ValueError as error:
                self._refused.add(name)
                wrong.append(Problem(name, str(error)))

    def has(self, name: Field) -> bool:
        """True where a column was chosen for the field."""
        return name in self._columns

    def is_refused(self, name: Field) -> bool:
        """True where the cell holds what may not be stored."""
        return name in self._refused

    def lines(self, name: Field) -> str:
        """The cell's text with its new lines, "" for none."""
        return self._lines.get(name, "")

    def line(self, name: Field) -> str:
        """The cell's text on one line."""
        return " ".join(self.lines(name).split())


def plain(words: str) -> str:
    """Words for comparing: small letters and digits, single spaces."""
    return " ".join(re.findall(r"\w+", words.casefold()))


def short(words: str, limit: int = TITLE_LIMIT) -> str:
    """The words on one line, or their beginning: whole sentences where one fits, else words."""
    line = " ".join(words.split())
    if len(line) <= limit:
        return line
    kept = ""
    for sentence in _SENTENCE_END.split(line):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > limit:
            break
        kept = longer
    if kept:
        return kept
    return f"{line[: limit - 1].rpartition(' ')[0] or line[: limit - 1]}…"
