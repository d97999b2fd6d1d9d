"""A report as HTML: its body for a web page, and the whole document that is made into a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from peerplan.render.layout import (
    above_title,
    are_paragraphs,
    fits_in_a_row,
    is_asked,
    is_asked_row,
    is_hung,
    is_long,
    widths,
)
from peerplan.render.numbering import numbered
from peerplan.render.pdf import IMAGE_STARTS, IMAGES, STATIC
from peerplan.render.report import (
    AppendixList,
    Block,
    Bullets,
    Cell,
    Chart,
    DataTable,
    Facts,
    Items,
    LabelRow,
    LabelTable,
    Lines,
    Paragraph,
    Report,
    Section,
    SubHeading,
    TableColumn,
)

REPORT_STYLES = (STATIC / "base.css", STATIC / "report.css")
DEEPEST = 6


def report_body(report: Report, level: int = 1, *, logo_url: str = "") -> SafeString:
    """The report for a web page, drawn by `css/paper.css`: its title is a heading of that level.

    Without `logo_url` the page shows no logo. Raises ValueError for a level that is no heading.
    """
    if not 1 <= level <= DEEPEST:
        raise ValueError(f"there is no heading of level {level}")
    return render_to_string(
        "render/report_body.html", _context(numbered(report), level, logo_url, in_pdf=False)
    )


def report_html(report: Report) -> str:
    """The whole HTML document, to be printed with `REPORT_STYLES` and `report_images(report)`."""
    names = list(report_images(report))
    logo_url = f"{IMAGES}:///{names[0]}" if names else ""
    return render_to_string(
        "render/report.html",
        {
            **_context(numbered(report), 1, logo_url, in_pdf=True),
            "document": report,
            "foot": report.footer or report.title,
        },
    )


def report_images(report: Report) -> dict[str, bytes]:
    """The pictures of a report by the names that its HTML calls them.

    A logo is what its bytes say, whatever it was called; one that is no picture is left out.
    """
    content = report.logo.content if report.logo else b""
    return {
        f"logo.{kind}": content for kind, begin in IMAGE_STARTS.items() if content.startswith(begin)
    }


# --- What the templates are given ---------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A block and what its template must know besides."""

    kind: str
    block: Block
    level: int = 0
    """Of a heading; 0 where a sub-heading is printed without being one."""
    ident: str = ""
    is_asked: bool = False
    """Items that a body is asked to resolve, not implications in a list."""
    as_paragraphs: bool = False
    """Items that are numbered as the paragraphs around them."""
    columns: Sequence[tuple[TableColumn, int]] = ()
    """Each with its share of the width in per cent."""
    cells: Sequence[Sequence[tuple[TableColumn, Cell]]] = ()
    rows: Sequence["ShownRow"] = ()


@dataclass(frozen=True)
class ShownRow:
    """A row of a table of labels with its blocks."""

    row: LabelRow
    blocks: Sequence[Shown]
    is_asked: bool
    is_long: bool


@dataclass(frozen=True)
class ShownSection:
    """A section: `is_hung` when numbers hang in a margin beside its text."""

    section: Section
    level: int
    is_hung: bool
    blocks: Sequence[Shown]


@dataclass
class Idents:
    """Names for the titles of charts, each once in a report."""

    taken: int = field(default=0)

    def next(self) -> str:
        """A name that no other chart of this report has."""
        self.taken += 1
        return f"report-bar-{self.taken}"


def _context(report: Report, level: int, logo_url: str, *, in_pdf: bool) -> dict[str, Any]:
    idents = Idents()
    logo_words = report.logo.words.strip() if report.logo else ""
    sections = [_section(section, level + 1, idents) for section in report.sections]
    first = above_title(report)
    return {
        "report": report,
        "level": level,
        "in_pdf": in_pdf,
        "logo_url": logo_url if report.logo else "",
        "logo_words": logo_words or f"Logo of {report.council_name}",
        "opening": sections[:first],
        "sections": sections[first:],
    }


def _section(section: Section, level: int, idents: Idents) -> ShownSection:
    inner = level + 1 if section.heading else level
    return ShownSection(
        section,
        min(level, DEEPEST),
        is_hung(section),
        [_shown(block, min(inner, DEEPEST), idents) for block in section.blocks],
    )


def _shown(block: Block, level: int, idents: Idents) -> Shown:
    match block:
        case Paragraph():
            return Shown("paragraph", block)
        case SubHeading():
            return Shown("sub-heading", block, level=level)
        case Bullets():
            return Shown("bullets", block)
        case Items():
            return Shown(
                "items", block, is_asked=is_asked(block), as_paragraphs=are_paragraphs(block)
            )
        case LabelTable():
            rows = [_row(row, idents) for row in block.rows]
            return Shown("label-table", block, rows=rows)
        case Facts():
            return Shown("facts" if fits_in_a_row(block) else "lines", block)
        case Lines():
            return Shown("lines", block)
        case DataTable():
            return Shown(
                "data-table",
                block,
                columns=list(zip(block.columns, widths(block.columns), strict=True)),
                cells=[list(zip(block.columns, row, strict=True)) for row in block.rows],
            )
        case Chart():
            return Shown("chart", block, ident=idents.next())
        case AppendixList():
            return Shown("appendices", block)


def _row(row: LabelRow, idents: Idents) -> ShownRow:
    blocks = [_shown(block, 0, idents) for block in row.blocks]
    return ShownRow(row, blocks, is_asked_row(row), is_long(row))
