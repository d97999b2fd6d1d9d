"""A committee report as a Word file, with the numbers that the page and the PDF have."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from docx.document import Document as Docx
from docx.shared import Length, Mm

from peerplan.render.charts import StackedBar
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
    Logo,
    Paragraph,
    Report,
    Section,
    SubHeading,
)
from peerplan.render.word import markup
from peerplan.render.word.markup import HANG, MM, indent, paragraph, parted, run
from peerplan.render.word.package import PORTRAIT, Frame, append, begun, finished
from peerplan.render.word.tables import bars_table

LABEL_WIDTH = round(44 * MM)
# What a cell keeps free at both sides of a table that stands in it.
CELL_ROOM = 240
LOGO_HEIGHT, LOGO_WIDTH = 18.0, 55.0
TIGHT = '<w:spacing w:after="40"/>'
APART = '<w:spacing w:before="200"/>'


def report_docx(report: Report) -> bytes:
    """The bytes of the Word file; the same report always gives the same."""
    report = numbered(report)
    frame = Frame(
        title=report.title,
        council_name=report.council_name,
        description=report.description or report.kicker or report.title,
        foot=report.footer or report.title,
        marking=report.marking,
        dated=report.dated,
        language=report.language,
        brand=report.brand,
    )
    document = begun(frame, PORTRAIT)
    if report.marking:
        append(document, paragraph(run(report.marking), "Marking"))
    if report.logo is not None:
        add_logo(document, report.logo, report.council_name)
    writer = Writer(report.brand[1:].upper(), PORTRAIT.text_width)
    append(document, "".join(writer.report(report)))
    return finished(document)


def add_logo(document: Docx, logo: Logo, council_name: str) -> None:
    """Puts the logo with its words next; a file that is no picture is left out."""
    try:
        inline = document.part.new_pic_inline(io.BytesIO(logo.content))
        extent = inline.extent
        scale = min(Mm(LOGO_WIDTH) / extent.cx, Mm(LOGO_HEIGHT) / extent.cy, 1)
    except Exception:  # noqa: BLE001  python-docx has no name for most ways of being broken
        return
    size = inline.graphic.graphicData.pic.spPr
    size.cx = extent.cx = Length(round(extent.cx * scale))
    size.cy = extent.cy = Length(round(extent.cy * scale))
    for side in "TBLR":
        inline.set(f"dist{side}", "0")
    inline.docPr.set("name", "Logo")
    inline.docPr.set("descr", markup.plain(logo.words).strip() or f"Logo of {council_name}")
    document.add_paragraph().add_run()._r.add_drawing(inline)


@dataclass(frozen=True)
class Writer:
    """Writes blocks into a width: the text of a section, or a cell beside a label."""

    brand: str
    width: int
    in_table: bool = False
    is_hung: bool = False
    """Whether the section's numbers hang in a margin beside its text."""

    def report(self, report: Report) -> Iterator[str]:
        """The body from the council's name to the last section."""
        yield paragraph(run(report.council_name), "CouncilName")
        lines = report.masthead or ("",)
        for place, line in enumerate(lines, start=1):
            yield paragraph(run(line), "MastheadEnd" if place == len(lines) else "Meeting")
        for notice in report.notices:
            yield paragraph(run(notice), "Notice")
        first = above_title(report)
        for section in report.sections[:first]:
            yield from self.section(section)
        apart = APART if first else ""
        if report.kicker:
            yield paragraph(run(report.kicker), "Kicker", apart)
            apart = ""
        yield paragraph(run(report.title), "Title", apart)
        for section in report.sections[first:]:
            yield from self.section(section)

    def section(self, section: Section) -> Iterator[str]:
        """The heading of a section and its blocks."""
        if section.heading:
            yield self.heading(1, section.number, section.heading)
        level = 2 if section.heading else 1
        within = replace(self, is_hung=is_hung(section))
        for block in section.blocks:
            yield from within.block(block, level)

    def heading(self, level: int, number: str, words: str) -> str:
        """A heading; its number hangs in the margin, and one without stands over its text."""
        hangs = indent(HANG, HANG) if number else ""
        if not number and self.is_hung:
            hangs = indent(HANG)
        return paragraph(markup.numbered(number, run(words)), f"Heading{level}", hangs)

    def block(self, block: Block, level: int = 0) -> Iterator[str]:
        """The paragraphs and tables of a block; `level` is that of a sub-heading."""
        match block:
            case Paragraph():
                yield self.paragraph(block.text, block.number, markup.KEEP if block.leads else "")
            case SubHeading() if level:
                yield self.heading(level, block.number, block.text)
            case SubHeading():
                yield paragraph(run(block.text, bold=True), "TableText", markup.KEEP)
            case Bullets():
                yield from self.bullets(block.items)
            case Items():
                yield from self.items(block)
            case LabelTable():
                yield from self.label_table(block)
            case Facts() if fits_in_a_row(block):
                yield from self.facts(block.pairs)
            case Facts() | Lines():
                for label, value in block.pairs:
                    words = run(f"{label}: ", bold=True) + run(value)
                    yield paragraph(words, self.text_style, TIGHT)
            case DataTable():
                yield from self.data_table(block)
            case Chart():
                yield from self.chart(block.bar)
            case AppendixList():
                yield from self.appendices(block)

    @property
    def text_style(self) -> str:
        """The style of a paragraph without a number."""
        if self.in_table:
            return "TableText"
        return "IndentedParagraph" if self.is_hung else ""

    def paragraph(self, words: str, number: str = "", keep: str = "") -> str:
        """A paragraph, its number before it; one to `keep` stays on the page of the next."""
        if number:
            return paragraph(markup.numbered(number, run(words)), "NumberedParagraph", keep)
        return paragraph(run(words), self.text_style, keep)

    def bullets(self, items: Sequence[str]) -> Iterator[str]:
        """A list without numbers."""
        style = "ListBullet2" if self.is_hung else "ListBullet"
        for item in items:
            yield paragraph(run(item), "TableBullet" if self.in_table else style)

    def items(self, items: Items) -> Iterator[str]:
        """Numbered items, in the look of recommendations if a body is asked to resolve them."""
        if self.in_table:
            style, lead_in, room = "TableItem", "TableLeadIn", round(7 * MM)
        elif are_paragraphs(items):
            style = "NumberedRecommendation" if is_asked(items) else "NumberedItem"
            lead_in, room = "IndentedParagraph", HANG
        elif is_asked(items):
            style, lead_in, room = "Recommendation", "RecommendationLeadIn", round(12 * MM)
        else:
            style, lead_in, room = "NumberedItem", "", HANG
        if items.lead_in:
            yield paragraph(run(items.lead_in, bold=True), lead_in, markup.KEEP)
        for item in items.items:
            label = run(f"{item.label}: ", bold=True) if item.label else ""
            first, *others = item.paragraphs or ("",)
            straight = "" if item.number else indent(room)
            words = markup.numbered(item.number, label + run(first))
            yield paragraph(words, style, straight)
            for other in others:
                yield paragraph((markup.TAB if item.number else "") + run(other), style, straight)
            if item.sign_off:
                signed = "TableSignOff" if self.in_table else "SignOff"
                yield paragraph(run(item.sign_off), signed, indent(room))

    def label_table(self, block: LabelTable) -> Iterator[str]:
        """Labels in a tinted column and what stands beside them."""
        label = min(LABEL_WIDTH, self.width // 3)
        inner = replace(self, width=self.width - label - CELL_ROOM, in_table=True, is_hung=False)
        rows = (inner.label_row(row, label, self.width - label) for row in block.rows)
        yield markup.table(
            rows,
            name=block.name,
            widths=(label, self.width - label),
            style="PeerPlanLabels",
            has_head=False,
        )
        yield self.after_table

    def label_row(self, row: LabelRow, label: int, width: int) -> str:
        """One label; a row of recommendations stands out."""
        asked = is_asked_row(row)
        content = "".join(part for block in row.blocks for part in self.block(block))
        if row.sign_off:
            content += paragraph(run(row.sign_off), "TableSignOff")
        style = "TableLabelReversed" if asked else "TableLabel"
        fill = self.brand if asked else markup.LABEL_FILL
        cells = (
            markup.cell(paragraph(run(row.label), style), width=label, fill=fill, edge=markup.LINE),
            markup.cell(content, width=width, fill=markup.ASKED_FILL if asked else ""),
        )
        return markup.row(cells, may_break=is_long(row))

    def facts(self, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Short labels in a row, their values below."""
        if not pairs:
            return
        columns = parted(
            self.width,
            [min(max(len(label), len(value) * 0.8, 9), 30) for label, value in pairs],
        )
        rows = [
            markup.row(
                (
                    markup.cell(paragraph(run(words, bold=True), "TableText"), width=width)
                    for words, width in zip(line, columns, strict=True)
                ),
                is_head=place == 0,
            )
            for place, line in enumerate(zip(*pairs, strict=True))
        ]
        names = ", ".join(label for label, _ in pairs)
        yield markup.table(
            rows, name=names, widths=columns, style="PeerPlanFacts", has_labels=False
        )
        yield self.after_table

    def data_table(self, block: DataTable) -> Iterator[str]:
        """A table of figures under its caption."""
        yield paragraph(run(block.caption), "TableTitle")
        if not block.rows:
            yield paragraph(run(block.words), self.text_style)
            return
        columns = parted(self.width, widths(block.columns))
        numbers = [column.is_number for column in block.columns]
        labels = [column.label for column in block.columns]
        rows = [markup.head(labels, columns, self.brand, numbers)]
        for place, cells in enumerate(block.rows, start=1):
            is_total = block.has_total and place == len(block.rows)
            rows.append(
                markup.row(
                    markup.cell(
                        cell_text(
                            one,
                            "TableLabel" if spot == 0 else "TableText",
                            markup.RIGHT if numbers[spot] else "",
                            bold=is_total,
                        ),
                        width=columns[spot],
                    )
                    for spot, one in enumerate(cells)
                )
            )
        yield markup.table(rows, name=block.caption, widths=columns, has_total=block.has_total)
        yield self.after_table

    def chart(self, bar: StackedBar) -> Iterator[str]:
        """What a bar tells, as a small table of its numbers."""
        yield paragraph(run(bar.title), "TableTitle")
        if not bar.total:
            yield paragraph(run(f"No {bar.noun[1]}."), self.text_style)
            return
        now = replace(bar, title=bar.noun[1].capitalize())
        yield bars_table(bar.title, [now], width=self.width, brand=self.brand)
        yield self.after_table

    def appendices(self, block: AppendixList) -> Iterator[str]:
        """The appendices, or the words where there are none."""
        if not block.entries:
            yield paragraph(run(block.words), self.text_style)
        style = "TableText" if self.in_table else "AppendixEntry"
        for place, entry in enumerate(block.entries, start=1):
            number = run(f"{entry.number}: ", bold=True) if entry.number else ""
            note = run(f" ({entry.note})") if entry.note else ""
            stays = markup.KEEP if place < len(block.entries) else ""
            yield paragraph(number + run(entry.title) + note, style, stays)

    @property
    def after_table(self) -> str:
        """A little room below a table; without it Word joins one table to the next."""
        return paragraph("", "AfterTable")


def cell_text(cell: Cell, style: str, properties: str, *, bold: bool) -> str:
    """The paragraphs of a cell, its link, or its status with what stands below it."""
    if cell.status is not None:
        told = paragraph(markup.chip(cell.status), style, properties)
        return told + (paragraph(run(cell.text), "TableAside") if cell.text else "")
    if cell.link:
        return paragraph(markup.linked(cell.link, cell.text), style, properties)
    parts = cell.paragraphs or [""]
    return "".join(paragraph(run(part, bold=bold), style, properties) for part in parts)
