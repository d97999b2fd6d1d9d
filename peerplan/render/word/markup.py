"""WordprocessingML as text: paragraphs, runs and tables, every word of them escaped.

The whole body is written as one text and parsed once: to fill a table cell by cell through
python-docx takes longer than to make the PDF.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape

from peerplan.render.appendix import Status
from peerplan.render.charts import LOOKS
from peerplan.render.letters import without_controls

# Twentieths of a point in a millimetre.
MM = 56.6929
HANG = round(14 * MM)
# A status can be told without its colour: what is claimed has the tick of what is complete, in
# outline.
SHAPES = {
    "red": "■",
    "amber": "▲",
    "green": "●",
    "complete": "✓",
    "claimed": "✓",
    "none": "○",
    "paused": "□",
    "bau": "►",
    "merged": "↔",
    "withdrawn": "▬",
}
LABEL_FILL = "E9EEF4"
ASKED_FILL = "F1F5F9"
LINE = "9AA5B1"
KEEP = "<w:keepNext/>"
RIGHT = '<w:jc w:val="right"/>'
TAB = "<w:r><w:tab/></w:r>"
SPACES = re.compile(r"[ \t\r\n]+")


def plain(words: str) -> str:
    """The words without control characters and with single spaces, as XML may hold them."""
    return SPACES.sub(" ", without_controls(words))


def run(words: str, *, bold: bool = False, colour: str = "", fill: str = "", edge: str = "") -> str:
    """Words in one look; colours are six hex digits. No words are no run."""
    if not words:
        return ""
    properties = "<w:b/><w:bCs/>" if bold else ""
    properties += f'<w:color w:val="{colour}"/>' if colour else ""
    properties += f'<w:bdr w:val="single" w:sz="6" w:space="0" w:color="{edge}"/>' if edge else ""
    properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    properties = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(plain(words))}</w:t></w:r>'


def linked(address: str, words: str) -> str:
    """Words that lead to a web address, as a field: underlined, so told without colour."""
    looks = '<w:rPr><w:color w:val="0B4F8A"/><w:u w:val="single"/></w:rPr>'
    told = f'<w:r>{looks}<w:t xml:space="preserve">{escape(plain(words))}</w:t></w:r>'
    field = escape(f' HYPERLINK "{address}" ')
    begin, between, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    instruction = f'<w:r><w:instrText xml:space="preserve">{field}</w:instrText></w:r>'
    return f"{begin}{instruction}{between}{told}{end}"


def numbered(number: str, words: str) -> str:
    """The runs of a number, a tab and the words; only the words where there is no number."""
    return (run(number) + TAB if number else "") + words


def paragraph(runs: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs in a style; `properties` are what this one has of its own."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    held = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{held}{runs}</w:p>"


def indent(left: int, hanging: int = 0) -> str:
    """The property of a paragraph that stands in from the left."""
    return f'<w:ind w:left="{left}" w:hanging="{hanging}"/>'


def chip(status: Status) -> str:
    """The run of a status: shape and word in its colours."""
    look = LOOKS[status.key]
    is_pale = look.fill == "#ffffff"
    words = f"{SHAPES[status.key]}\xa0{status.label}"
    return run(
        words if is_pale else f"\xa0{words}\xa0",
        bold=True,
        colour=look.ink[1:].upper(),
        fill="" if is_pale else look.fill[1:].upper(),
        edge=look.edge[1:].upper() if is_pale else "",
    )


def cell(content: str, *, width: int, fill: str = "", edge: str = "") -> str:
    """A cell of paragraphs and tables; Word wants a paragraph at the end of it."""
    if not content.endswith("</w:p>"):
        content += paragraph("", "TableText")
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if edge:
        properties += (
            f'<w:tcBorders><w:right w:val="single" w:sz="4" w:space="0" w:color="{edge}"/>'
            "</w:tcBorders>"
        )
    properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(cells: Iterable[str], *, is_head: bool = False, may_break: bool = False) -> str:
    """A row; a head is repeated on every page, and no row is cut unless it may be."""
    properties = "" if may_break else "<w:cantSplit/>"
    properties += "<w:tblHeader/>" if is_head else ""
    held = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{held}{''.join(cells)}</w:tr>"


def table(
    rows: Iterable[str],
    *,
    name: str,
    widths: Sequence[int],
    style: str = "PeerPlanTable",
    has_head: bool = True,
    has_labels: bool = True,
    has_total: bool = False,
) -> str:
    """A table of fixed widths, in twentieths of a point; `name` is told to who cannot see it."""
    look = (
        f'w:firstRow="{int(has_head)}" w:lastRow="{int(has_total)}" '
        f'w:firstColumn="{int(has_labels)}" w:lastColumn="0" w:noHBand="1" w:noVBand="1"'
    )
    bits = 0x0600 + 0x20 * has_head + 0x40 * has_total + 0x80 * has_labels
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{bits:04X}" {look}/>'
        f'<w:tblCaption w:val="{escape(plain(name))}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def head(labels: Sequence[str], widths: Sequence[int], brand: str, numbers: Sequence[bool]) -> str:
    """The repeating head of a table."""
    cells = (
        cell(
            paragraph(run(label), "TableHeading", RIGHT if is_number else ""),
            width=width,
            fill=brand,
        )
        for label, width, is_number in zip(labels, widths, numbers, strict=True)
    )
    return row(cells, is_head=True)


def parted(whole: int, shares: Sequence[float]) -> list[int]:
    """The whole in parts that add up to it, as the shares are to each other."""
    total = sum(shares)
    parts = [int(whole * share / total) for share in shares]
    parts[-1] += whole - sum(parts)
    return parts
