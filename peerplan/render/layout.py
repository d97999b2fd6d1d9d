"""What the page, the PDF and Word decide alike about how a report is laid out."""

from collections.abc import Iterator, Sequence

from peerplan.render.appendix import LONG
from peerplan.render.report import (
    Block,
    Bullets,
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

STEPS = 20
ROW_OF_FACTS = 400


def above_title(report: Report) -> int:
    """How many sections stand above the title: the first ones that are lines without a heading."""
    place = 0
    for section in report.sections:
        if section.heading or not all(isinstance(block, Lines) for block in section.blocks):
            break
        place += 1
    return place


def fits_in_a_row(facts: Facts) -> bool:
    """Whether short facts are short enough for columns; otherwise they stand one below another."""
    return sum(len(label) + len(value) for label, value in facts.pairs) <= ROW_OF_FACTS


def is_hung(section: Section) -> bool:
    """Whether paragraphs of the section have numbers, which hang in a margin beside all of it."""
    return any(
        are_paragraphs(block)
        if isinstance(block, Items)
        else isinstance(block, Paragraph | SubHeading) and bool(block.number)
        for block in section.blocks
    )


def are_paragraphs(items: Items) -> bool:
    """Whether the items have numbers such as 2.1, like the paragraphs around them."""
    return any(item.number[:1].isdigit() and item.number[-1] != ")" for item in items.items)


def widths(columns: Sequence[TableColumn]) -> list[int]:
    """The share of the width of each column in per cent, in steps that the styles have."""
    whole = sum(column.share for column in columns)
    return [max(round(column.share * STEPS / whole), 1) * 100 // STEPS for column in columns]


def is_asked(items: Items) -> bool:
    """Whether the items are what a body is asked to resolve; the others are labelled lists."""
    return bool(items.lead_in) or not any(item.label for item in items.items)


def is_asked_row(row: LabelRow) -> bool:
    """Whether the row holds what a body is asked to resolve, which stands out in its table."""
    return any(isinstance(block, Items) and bool(block.lead_in) for block in row.blocks)


def is_long(row: LabelRow) -> bool:
    """Whether the row may be cut by a page end: it would leave half a page empty."""
    return sum(map(len, _texts(row.blocks))) > LONG or any(
        isinstance(block, DataTable | Chart | LabelTable) for block in row.blocks
    )


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph() | SubHeading():
                yield block.text
            case Bullets():
                yield from block.items
            case Items():
                for item in block.items:
                    yield from item.paragraphs
            case _:
                continue
