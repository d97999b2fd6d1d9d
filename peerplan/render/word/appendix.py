"""The appendix as a Word file: the same tables as in the PDF, on A4 landscape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peerplan.render.appendix import (
    ActionRow,
    AppendixDocument,
    CountTable,
    ExceptionRow,
    RecommendationSection,
    Status,
)
from peerplan.render.word import markup
from peerplan.render.word.markup import KEEP, RIGHT, chip, paragraph, parted, run
from peerplan.render.word.package import LANDSCAPE, Frame, append, begun, finished
from peerplan.render.word.tables import bars_table, cells_row

PLAN = (5, 19.5, 12, 9.5, 13, 27, 14)
PLAN_WITHOUT_MEASURES = (5, 22, 13, 9.5, 13, 37.5)
EXCEPTIONS = (5, 27, 18, 14, 36)


def appendix_docx(document: AppendixDocument) -> bytes:
    """The bytes of the Word file; the same document always gives the same."""
    title = f"{document.label}: {document.title}" if document.label else document.title
    frame = Frame(
        title=title,
        council_name=document.council_name,
        description=document.description or document.title,
        foot=document.footer or title,
        marking=document.marking,
        dated=document.dated,
        language=document.language,
        brand=document.brand,
    )
    writer = Writer(document, document.brand[1:].upper(), LANDSCAPE.text_width)
    file = begun(frame, LANDSCAPE)
    append(file, "".join(writer.body()))
    return finished(file)


@dataclass(frozen=True)
class Writer:
    """Writes an appendix from its top to its notes."""

    document: AppendixDocument
    brand: str
    width: int

    def body(self) -> Iterator[str]:
        """The whole body."""
        document = self.document
        if document.marking:
            yield paragraph(run(document.marking), "Marking")
        yield paragraph(run(document.council_name), "CouncilName")
        lines = document.subtitle_lines or ("",)
        for place, line in enumerate(lines, start=1):
            yield paragraph(run(line), "MastheadEnd" if place == len(lines) else "Meeting")
        for notice in document.notices:
            yield paragraph(run(notice), "Notice")
        if document.label:
            yield paragraph(run(document.label), "Kicker")
        yield paragraph(run(document.title), "Title")
        lead = (run(part.text, bold=part.strong) for part in document.lead)
        yield paragraph("".join(lead), "Lead")
        yield from self.standing()
        yield from self.exceptions()
        if document.counts is not None:
            yield from self.counts(document.counts)
        for section in document.sections:
            yield from self.section(section)
        if not document.sections and document.sections_words:
            yield paragraph(run(document.sections_words))
        if document.notes:
            yield paragraph(run("Notes"), "Heading1")
            for note in document.notes:
                yield paragraph(run(note), "Note")

    def standing(self) -> Iterator[str]:
        """Where the plan stands, now and before, and what the ratings mean."""
        heading = "Where the plan stands"
        yield paragraph(run(heading), "Heading1")
        bars = [self.document.bar_now]
        if self.document.bar_before is not None:
            bars.append(self.document.bar_before)
        yield bars_table(
            heading,
            bars,
            width=self.width,
            brand=self.brand,
            meanings=self.document.rating_key,
        )
        yield paragraph("", "AfterTable")

    def exceptions(self) -> Iterator[str]:
        """What members are asked to note."""
        document = self.document
        yield paragraph(run(document.exceptions_heading), "Heading1")
        if not document.exceptions:
            yield paragraph(run(document.exceptions_words))
            return
        yield self.table(
            document.exceptions_heading,
            ("Ref", "Action", "Lead", "Status", "What is needed"),
            EXCEPTIONS,
            [exception_cells(row) for row in document.exceptions],
        )

    def counts(self, counts: CountTable) -> Iterator[str]:
        """How many actions of each theme have each status."""
        yield paragraph(run(counts.heading), "Heading1")
        labels = [counts.first_column, *(status.label for status in counts.statuses), "All"]
        columns = parted(self.width, [3.2, *(1.0 for _ in labels[1:])])
        rows = [markup.head(labels, columns, self.brand, [False, *(True for _ in labels[1:])])]
        for line in (*counts.rows, counts.total):
            bold = line is counts.total
            figures = (str(count) for count in (*line.counts, line.total))
            cells = [
                paragraph(run(line.label), "TableLabel"),
                *(paragraph(run(figure, bold=bold), "TableText", RIGHT) for figure in figures),
            ]
            rows.append(cells_row(cells, columns))
        yield markup.table(rows, name=counts.heading, widths=columns, has_total=True)
        yield paragraph("", "AfterTable")

    def section(self, section: RecommendationSection) -> Iterator[str]:
        """A recommendation, the peers' wording, and the table of its actions."""
        named = f"{section.ref}: {section.heading}" if section.heading else section.ref
        yield paragraph(run(named), "Heading1")
        for wording in section.wording:
            yield paragraph(run(wording), "", KEEP)
        meta = [run(f"{label}: ", bold=True) + run(value) for label, value in section.meta]
        if meta:
            yield paragraph(run(" · ").join(meta), "Note", KEEP)
        told = (("Response", section.response), ("The council’s own view", section.council_status))
        for label, value in told:
            if value:
                yield paragraph(run(f"{label}: ", bold=True) + run(value), "Note", KEEP)
        if section.actions:
            yield self.actions(named, section.actions)
        else:
            yield paragraph(run(section.words))
        for line in section.also:
            yield paragraph(run(line), "Note")

    def actions(self, name: str, actions: Sequence[ActionRow]) -> str:
        """The table of a recommendation's actions."""
        document = self.document
        labels = ["Ref", "Action", "Lead", "Due", "Status", document.progress_heading]
        shares: Sequence[float] = PLAN_WITHOUT_MEASURES
        if document.has_measures:
            labels.append(document.measure_heading)
            shares = PLAN
        rows = [action_cells(action, has_measures=document.has_measures) for action in actions]
        long = [action.is_long for action in actions]
        return self.table(f"Actions of {name}", labels, shares, rows, long)

    def table(
        self,
        name: str,
        labels: Sequence[str],
        shares: Sequence[float],
        rows: Sequence[Sequence[str]],
        long: Sequence[bool] = (),
    ) -> str:
        """A table with a repeated head; rows that are `long` may be cut by a page end."""
        columns = parted(self.width, shares)
        may_break = long or [False] * len(rows)
        written = [markup.head(labels, columns, self.brand, [False] * len(labels))]
        written += [
            cells_row(cells, columns, may_break=is_long)
            for cells, is_long in zip(rows, may_break, strict=True)
        ]
        return markup.table(written, name=name, widths=columns) + paragraph("", "AfterTable")


def exception_cells(row: ExceptionRow) -> list[str]:
    """The cells of an action that members must note."""
    return [
        paragraph(run(row.ref), "TableLabel"),
        _text(row.title),
        _text(row.lead),
        status_text(row.status, row.was),
        _text(row.needed),
    ]


def action_cells(action: ActionRow, *, has_measures: bool) -> list[str]:
    """The cells of an action, in the order of the table's head."""
    progress = [_text(words) for words in action.commentary]
    for part in action.more:
        for place, words in enumerate(part.paragraphs):
            label = run(f"{part.label}: ", bold=True) if place == 0 else ""
            progress.append(paragraph(label + run(words), "TableText"))
    marking = paragraph(run(action.exempt), "TableMarking") if action.exempt else ""
    cells = [
        paragraph(run(action.ref), "TableLabel"),
        _text(action.title) + _asides(*action.notes) + marking,
        _text(action.lead),
        _text(action.due) + _asides(action.was_due),
        status_text(action.status, action.was, action.forecast),
        "".join(progress),
    ]
    if has_measures:
        cells.append("".join(map(_text, action.measure)))
    return cells


def status_text(status: Status, *below: str) -> str:
    """A status, and in words what it was and is forecast to be."""
    return paragraph(chip(status), "TableText") + _asides(*below)


def _text(words: str) -> str:
    return paragraph(run(words), "TableText")


def _asides(*lines: str) -> str:
    return "".join(paragraph(run(line), "TableAside") for line in lines if line)
