"""Numbers of a report and the references between its parts, worked out once for every face."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from peerplan.render.report import (
    AppendixEntry,
    AppendixList,
    AppendixStyle,
    Block,
    Bullets,
    Cell,
    Chart,
    DataTable,
    Facts,
    Item,
    Items,
    ItemStyle,
    LabelRow,
    LabelTable,
    Lines,
    Numbering,
    Paragraph,
    ParagraphStyle,
    Report,
    Section,
    SectionStyle,
    SubHeading,
)

# "[appendix: Action plan]" or "[section: Background]", as an officer writes it into a text.
DEEPEST = 8
"""References within the brackets of references: deeper ones stay as they were typed."""
REFERENCE = re.compile(r"\[(appendix|annex|section):([^\[\]]+)\]", re.IGNORECASE)


def numbered(report: Report) -> Report:
    """The report with every number filled in and every reference that can be told resolved.

    Any numbers it had are worked out anew; a report numbered twice is the same report.
    """
    counter = Counter(report.numbering)
    sections = tuple(counter.section(section) for section in report.sections)
    targets = _targets(sections, report.numbering.appendix_word)

    def resolved(text: str) -> str:
        return _resolved(text, targets)

    return replace(
        report,
        sections=tuple(
            replace(section, blocks=_rewritten(section.blocks, resolved)) for section in sections
        ),
        masthead=tuple(map(resolved, report.masthead)),
        notices=tuple(map(resolved, report.notices)),
    )


def loose_references(report: Report) -> tuple[str, ...]:
    """The references that lead to nothing, or to more than one thing, as they were typed.

    One in a heading or in an appendix's title is always loose: those are what references name.
    """
    found: dict[str, None] = {}
    resolved = numbered(report)

    def look(text: str) -> str:
        found.update(dict.fromkeys(match[0] for match in REFERENCE.finditer(text)))
        return text

    for text in (*resolved.masthead, *resolved.notices, resolved.title):
        look(text)
    for section in resolved.sections:
        look(section.heading)
        for text in _names(section.blocks):
            look(text)
        _rewritten(section.blocks, look)
    return tuple(found)


# --- Counting -----------------------------------------------------------------------------------


@dataclass
class Counter:
    """Goes through a report from the top and remembers how far each kind of number has come."""

    numbering: Numbering
    sections: int = 0
    paragraphs: int = 0
    below: int | None = None
    """Paragraphs under the sub-heading at `paragraphs`; None where there is no sub-heading."""
    appendices: int = 0
    counts_here: bool = field(default=False)

    def section(self, section: Section) -> Section:
        """The section with its number and those of its blocks."""
        self.counts_here = section.is_numbered and bool(section.heading)
        self.below = None
        if self.counts_here:
            self.sections += 1
        if self.numbering.paragraphs is ParagraphStyle.BY_SECTION:
            self.paragraphs = 0
        number = self.section_number() if self.counts_here else ""
        return replace(section, number=number, blocks=tuple(map(self.block, section.blocks)))

    def section_number(self) -> str:
        """The number of the section reached, in the report's style."""
        match self.numbering.sections:
            case SectionStyle.POINT_NOUGHT:
                return f"{self.sections}.0"
            case SectionStyle.POINT:
                return f"{self.sections}."
            case SectionStyle.BARE:
                return str(self.sections)
            case SectionStyle.NONE:
                return ""

    def block(self, block: Block) -> Block:
        """The block with its numbers, where it stands in the text of a section."""
        match block:
            case Paragraph():
                return replace(block, number=self.paragraph_number() if block.is_numbered else "")
            case SubHeading():
                number = self.sub_heading_number() if block.is_numbered else ""
                return replace(block, number=number)
            case Items():
                return self.items(block, in_text=True)
            case _:
                return self.block_in_table(block)

    def block_in_table(self, block: Block) -> Block:
        """The block beside a label, where paragraphs have no numbers."""
        match block:
            case Paragraph() | SubHeading():
                return replace(block, number="")
            case Items():
                return self.items(block, in_text=False)
            case LabelTable():
                rows = [
                    replace(row, blocks=tuple(map(self.block_in_table, row.blocks)))
                    for row in block.rows
                ]
                return replace(block, rows=tuple(rows))
            case AppendixList():
                return replace(block, entries=tuple(map(self.appendix, block.entries)))
            case _:
                return block

    def paragraph_number(self) -> str:
        """The next paragraph's number; empty where paragraphs have none."""
        if not self.counts_here or self.numbering.paragraphs is ParagraphStyle.NONE:
            return ""
        if self.below is not None:
            self.below += 1
            return f"{self.sections}.{self.paragraphs}.{self.below}"
        self.paragraphs += 1
        if self.numbering.paragraphs is ParagraphStyle.CONTINUOUS:
            return str(self.paragraphs)
        return f"{self.sections}.{self.paragraphs}"

    def sub_heading_number(self) -> str:
        """The next sub-heading's number: it takes its turn among the section's paragraphs."""
        if not self.counts_here or self.numbering.paragraphs is not ParagraphStyle.BY_SECTION:
            return ""
        self.paragraphs += 1
        self.below = 0
        return f"{self.sections}.{self.paragraphs}"

    def items(self, items: Items, *, in_text: bool) -> Items:
        """The items with their numbers: each set starts anew, unless they count as paragraphs."""
        style = items.style or self.numbering.items
        done = []
        for place, item in enumerate(items.items, start=1):
            number = ""
            if style is ItemStyle.AS_PARAGRAPHS:
                number = self.paragraph_number() if in_text else ""
                number = number or _item_number(place, ItemStyle.CLOSED)
            else:
                number = _item_number(place, style)
            done.append(replace(item, number=number))
        return replace(items, items=tuple(done))

    def appendix(self, entry: AppendixEntry) -> AppendixEntry:
        """The next appendix; they are counted through all lists of the report."""
        self.appendices += 1
        return replace(entry, number=appendix_number(self.appendices, self.numbering))


def appendix_number(place: int, numbering: Numbering) -> str:
    """What the appendix at a place, counted from 1, is called: "Appendix A"; "" without marks."""
    match numbering.appendices:
        case AppendixStyle.FIGURES:
            return f"{numbering.appendix_word} {place}"
        case AppendixStyle.LETTERS:
            return f"{numbering.appendix_word} {lettered(place).upper()}"
        case AppendixStyle.NONE:
            return ""


def _item_number(place: int, style: ItemStyle) -> str:
    match style:
        case ItemStyle.CLOSED | ItemStyle.AS_PARAGRAPHS:
            return f"{place})"
        case ItemStyle.BRACKETED:
            return f"({place})"
        case ItemStyle.ROMAN:
            return f"({roman(place)})"
        case ItemStyle.LETTERED:
            return f"({lettered(place)})"
        case ItemStyle.NONE:
            return ""


def roman(number: int) -> str:
    """The number in small Roman figures."""
    told = ""
    for value, figure in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        told += figure * (number // value)
        number %= value
    return told


def lettered(number: int) -> str:
    """The number in letters: a to z, then aa, ab and so on."""
    told = ""
    while number:
        number, rest = divmod(number - 1, 26)
        told = chr(ord("a") + rest) + told
    return told


# --- References ---------------------------------------------------------------------------------


def _key(name: str) -> str:
    """A heading or title as references are compared: without case or surplus spaces."""
    return " ".join(name.casefold().split())


def _targets(sections: Sequence[Section], word: str) -> dict[tuple[str, str], set[str]]:
    """What each name stands for, by kind and name: more than one when the name is ambiguous."""
    found: dict[tuple[str, str], set[str]] = {}

    def add(kind: str, name: str, told: str) -> None:
        found.setdefault((kind, _key(name)), set()).add(told)

    for place, section in enumerate(sections):
        if section.heading:
            add("section", section.heading, _of_section(section.number, section.heading, place))
        for spot, block in enumerate(_all(section.blocks)):
            if isinstance(block, SubHeading):
                told = _of_section(block.number, block.text, place, spot)
                add("section", block.text, told)
            elif isinstance(block, AppendixList):
                for entry in block.entries:
                    quoted = f"{word.lower()} “{_unbracketed(entry.title)}”"
                    add("appendix", entry.title, entry.number or quoted)
    return found


def _of_section(number: str, heading: str, *place: int) -> str:
    """How a section is referred to; two of one name and without numbers differ by their place.

    The place stands before a tab, for `_resolved` to cut off.
    """
    if number:
        return f"section {number.removesuffix('.0').removesuffix('.')}"
    return f"{place}\tsection “{_unbracketed(heading)}”"


def _unbracketed(name: str) -> str:
    """A name to be quoted in a text, where its brackets would make another reference."""
    return " ".join(name.replace("[", "(").replace("]", ")").split())


def _resolved(text: str, targets: dict[tuple[str, str], set[str]]) -> str:
    """The text with its references resolved, also those within another's brackets."""

    def told(match: re.Match[str]) -> str:
        kind = "section" if match[1].casefold() == "section" else "appendix"
        named = targets.get((kind, _key(match[2])), set())
        if len(named) != 1:
            return match[0]
        words = next(iter(named)).rpartition("\t")[2]
        return words[0].upper() + words[1:] if match[1][0].isupper() else words

    for _ in range(DEEPEST):
        done = REFERENCE.sub(told, text)
        if done == text:
            break
        text = done
    return text


def _all(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks and those within tables of labels."""
    for block in blocks:
        yield block
        if isinstance(block, LabelTable):
            for row in block.rows:
                yield from _all(row.blocks)


def _names(blocks: Sequence[Block]) -> Iterator[str]:
    """The sub-headings and the titles of appendices: what references name."""
    for block in _all(blocks):
        if isinstance(block, SubHeading):
            yield block.text
        elif isinstance(block, AppendixList):
            yield from (entry.title for entry in block.entries)


def _rewritten(blocks: Sequence[Block], change: Callable[[str], str]) -> tuple[Block, ...]:
    """The blocks with every text changed, save those that references name."""
    return tuple(_rewritten_block(block, change) for block in blocks)


def _rewritten_block(block: Block, change: Callable[[str], str]) -> Block:
    def pairs(given: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        return tuple((change(label), change(value)) for label, value in given)

    def item(one: Item) -> Item:
        return replace(
            one,
            paragraphs=tuple(map(change, one.paragraphs)),
            label=change(one.label),
            sign_off=change(one.sign_off),
        )

    def row(one: LabelRow) -> LabelRow:
        return replace(
            one,
            label=change(one.label),
            blocks=_rewritten(one.blocks, change),
            sign_off=change(one.sign_off),
        )

    def cell(one: Cell) -> Cell:
        return replace(one, text=change(one.text))

    match block:
        case Paragraph():
            return replace(block, text=change(block.text))
        case Bullets():
            return replace(block, items=tuple(map(change, block.items)))
        case Items():
            return replace(
                block, items=tuple(map(item, block.items)), lead_in=change(block.lead_in)
            )
        case LabelTable():
            return replace(block, rows=tuple(map(row, block.rows)))
        case Facts() | Lines():
            return replace(block, pairs=pairs(block.pairs))
        case DataTable():
            rows = tuple(tuple(map(cell, one)) for one in block.rows)
            return replace(
                block, caption=change(block.caption), rows=rows, words=change(block.words)
            )
        case AppendixList():
            entries = tuple(replace(one, note=change(one.note)) for one in block.entries)
            return replace(block, entries=entries, words=change(block.words))
        case SubHeading() | Chart():
            return block
        case _:
            assert_never(block)
