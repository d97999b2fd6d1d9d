"""A pasted list of recommendations, read into rows. No database in here."""

import csv
import io
import re

from peerplan.core.errors import Invalid
from reviews.services.recommendations import Row

MOST_ROWS = 200
HEADING = 250
_NUMBERED = re.compile(
    r"(?:recommendation\s+)?([A-Za-z]{0,3}-?\d[\w.-]*?)[.):]?\s+(.*)", re.I | re.S
)
_SENTENCE = re.compile(r"(.+?)(?:[.:;]\s|$)", re.DOTALL)


def rows(pasted: str) -> list[Row]:
    """The rows of `pasted`: cells with tabs between them, or lines such as "1 Heading".

    A text too long for a heading gives its first sentence to the heading and stays whole as the
    wording. A first row of column titles is passed over. Raises Invalid.
    """
    if "\t" in pasted:
        cells = csv.reader(io.StringIO(pasted), delimiter="\t")
        try:
            found = [_row(cell) for cell in cells if any(text.strip() for text in cell)]
        except csv.Error as error:
            raise Invalid({"rows": "One of the cells is too long: paste it by hand."}) from error
        if found and found[0].ref.lower() in {"ref", "reference", "no", "no.", "number", "#"}:
            found = found[1:]
    else:
        found = [_row(_split(line)) for line in pasted.split("\n") if line.strip()]
    if len(found) > MOST_ROWS:
        raise Invalid({"rows": f"Paste at most {MOST_ROWS} recommendations at once."})
    return found


def _split(line: str) -> list[str]:
    match = _NUMBERED.match(line.strip())
    return [match.group(1), match.group(2)] if match else ["", line.strip()]


def _row(cells: list[str]) -> Row:
    ref, title, *wording = [cell.strip() for cell in [*cells, "", ""]]
    words = next((text for text in wording if text), "")
    if len(title) > HEADING and not words:
        words, title = title, _heading(title)
    return Row(ref, " ".join(title.split()), words)


def _heading(text: str) -> str:
    match = _SENTENCE.match(text)
    first = match.group(1) if match else text
    if len(first) <= HEADING:
        return first
    return text[: HEADING - 1].rsplit(" ", 1)[0] + "…"
