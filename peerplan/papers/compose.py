"""A paper as the document that one body gets: parts, tables from the plan and appendices in order.

The report is composed once for a step and an audience; its numbers and its three faces are the
business of `peerplan.render`. In the public copy whatever is not for publication is replaced by
one neutral line that keeps its place, so that sections and appendices have the same numbers in
both copies.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from actions.appendix import PLAIN_BRAND, is_restricted
from actions.position import Position
from actions.sentences import listed
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.contrast import LEAST_FOR_TEXT, WHITE, ratio
from peerplan.councils.models import Council
from peerplan.papers.models import (
    Paper,
    PaperAppendix,
    PaperPart,
    PartKind,
    Placement,
    RouteStep,
    Source,
)
from peerplan.render.numbering import REFERENCE, loose_references, numbered
from peerplan.render.report import (
    AppendixEntry,
    AppendixList,
    Block,
    Bullets,
    Facts,
    Item,
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
from peerplan.render.texts import blocks_of

FIGURES = Callable[[PaperPart], Sequence[Block]]
"""Gives the tables and charts that stand below the text of a part."""

WITHHELD = "Not for publication"
TO_BE_WRITTEN = "To be written."
APPENDICES = "Appendices"
LONGEST_FOOTER = 84
"""Characters that stand beside the number of the page on one line."""
DEFAULT_MARKING = (
    "NOT FOR PUBLICATION by virtue of {paragraphs} of Schedule 12A to the Local Government Act 1972"
)
UNNAMED_MARKING = "NOT FOR PUBLICATION: contains exempt information"
_YES_NO = {"yes": "Yes", "no": "No"}


def no_figures(part: PaperPart) -> Sequence[Block]:
    """No tables below any part."""
    return ()


def nothing() -> None:
    """No position."""


@dataclass(frozen=True)
class Pack:
    """What one step's copy of a paper is made of; parts and appendices are those that stand.

    `steps` are those that share the paper, in the order of the route. `whole` reads the position
    when it is asked for; `figures` draw from it where `include_exempt`, else from its public part.
    `is_draft` says of required
    parts that are empty that they are to be written.
    """

    paper: Paper
    step: RouteStep
    parts: Sequence[PaperPart]
    appendices: Sequence[PaperAppendix]
    whole: Callable[[], Position | None] = nothing
    figures: FIGURES = no_figures
    include_exempt: bool = False
    steps: Sequence[RouteStep] = ()
    is_draft: bool = False

    @property
    def own_appendices(self) -> tuple[PaperAppendix, ...]:
        """The appendices whose files go to this step's body."""
        return tuple(each for each in self.appendices if each.audience_id in (None, self.step.pk))


def compose(pack: Pack, *, notices: Sequence[str] = (), dated: date | None = None) -> Report:
    """The report, not yet numbered; `dated` is its date in the file.

    A reference in the public copy to something that is withheld is replaced by neutral words: the
    name of what it leads to may tell.
    """
    report = _report(pack, notices, dated)
    withholds = any(_hidden(pack, part) for part in pack.parts) or any(
        _is_withheld(pack, appendix) for appendix in pack.appendices
    )
    loose = frozenset(loose_references(report) if withholds else ())
    if loose:

        def told(match: re.Match[str]) -> str:
            return _neutral(match[0]) if match[0] in loose else match[0]

        parts = [_with_text(part, REFERENCE.sub(told, part.text)) for part in pack.parts]
        report = _report(replace(pack, parts=parts), notices, dated)
    return report


def leads_nowhere(pack: Pack) -> tuple[str, ...]:
    """The references that name nothing in the paper, or more than one thing, as they were typed.

    What is not for publication counts as there: say of these only what the reader may read.
    """
    return loose_references(_report(replace(pack, include_exempt=True), (), None))


def needs_restricted(pack: Pack) -> bool:
    """True where the body gets a copy that the public does not."""
    if any(part.exempt_paragraph for part in pack.parts):
        return True
    for each in pack.own_appendices:
        if each.exempt_paragraph or (each.earlier is not None and each.earlier.has_restricted):
            return True
    position = pack.whole()
    return position is not None and is_restricted(position)


def marking_of(pack: Pack) -> str:
    """The words at the head of every page of the restricted copy, "" where nothing is exempt."""
    if not needs_restricted(pack):
        return ""
    paragraphs = _paragraphs(pack.parts, pack.own_appendices)
    if (position := pack.whole()) is not None:
        paragraphs |= {
            action.exempt_paragraph
            for action in position.actions
            if action.is_exempt and action.exempt_paragraph
        }
    if not paragraphs:
        return UNNAMED_MARKING
    word = "paragraph" if len(paragraphs) == 1 else "paragraphs"
    told = f"{word} {listed([str(each) for each in sorted(paragraphs)])} of Part 1"
    words = pack.paper.template.exempt_words
    return (words if "{paragraphs}" in words else DEFAULT_MARKING).replace("{paragraphs}", told)


def _paragraphs(parts: Iterable[PaperPart], appendices: Iterable[PaperAppendix]) -> set[int]:
    """The paragraphs of Schedule 12A that parts and appendices name."""
    named = [part.exempt_paragraph for part in parts]
    named += [appendix.exempt_paragraph for appendix in appendices]
    return {paragraph for paragraph in named if paragraph is not None}


def appendix_labels(report: Report) -> tuple[str, ...]:
    """What the report calls its appendices, in their order: "Appendix 1", or "" without numbers."""
    return tuple(
        entry.number
        for section in numbered(report).sections
        for block in _within(section.blocks)
        if isinstance(block, AppendixList)
        for entry in block.entries
    )


# --- The report ---------------------------------------------------------------------------------


def _report(pack: Pack, notices: Sequence[str], dated: date | None) -> Report:
    template, council = pack.paper.template, pack.paper.challenge.council
    steps = tuple(pack.steps) or (pack.step,)
    bodies = listed([step.body.name for step in steps])
    return Report(
        council_name=council.name,
        title=pack.paper.title,
        numbering=template.numbering,
        sections=tuple(_sections(pack)),
        masthead=tuple(_meeting(step) for step in steps),
        kicker=template.kicker.replace("{body}", bodies),
        notices=tuple(notices),
        marking=marking_of(pack) if pack.include_exempt else "",
        footer=_footer(pack),
        description=f"Report to {bodies}, {council.name}",
        dated=dated,
        logo=_logo(council) if template.shows_logo else None,
        brand=(council.brand if ratio(council.brand, WHITE) >= LEAST_FOR_TEXT else PLAIN_BRAND),
    )


def _logo(council: Council) -> Logo | None:
    if not council.logo or not council.logo_type:
        return None
    return Logo(bytes(council.logo), council.logo_type, f"Logo of {council.name}")


def _meeting(step: RouteStep) -> str:
    """Such as "Cabinet, Tuesday 24 June 2025"."""
    if step.meeting is None:
        return step.body.name
    on = step.meeting.on
    return f"{step.body.name}, {on:%A} {day_in_words(on)}"


def _footer(pack: Pack) -> str:
    """Body, day and title; without the title where they would not stand on one line."""
    step = pack.step
    name = step.body.name
    short = f"{name}, {day_in_words(step.meeting.on)}" if step.meeting else name
    footer = f"{short}: {pack.paper.title}"
    return footer if len(footer) <= LONGEST_FOOTER else short


def _sections(pack: Pack) -> Iterator[Section]:
    """Consecutive parts of one placement and group are one block, in the order of the paper."""
    parts = [part for part in pack.parts if _is_printed(pack, part)]
    for (placement, group), run in groupby(parts, key=_run):
        yield from _run_sections(pack, placement, group, list(run))
    lists = any(part.kind == PartKind.APPENDICES for part in parts)
    if pack.appendices and not lists:
        yield Section(APPENDICES, (_appendices(pack),), is_numbered=False)


def _run(part: PaperPart) -> tuple[str, str]:
    """What keeps neighbouring parts together. What is asked of a body is never an implication."""
    if part.placement == Placement.LIST and part.kind in (
        PartKind.RECOMMENDATIONS,
        PartKind.APPENDICES,
    ):
        return Placement.BODY, ""
    grouped = (Placement.LIST, Placement.END, Placement.BODY)
    return part.placement, part.group if part.placement in grouped else ""


def _run_sections(
    pack: Pack, placement: str, group: str, parts: list[PaperPart]
) -> Iterator[Section]:
    match placement:
        case Placement.HEAD | Placement.FACTS:
            pairs = tuple(_pair(pack, part) for part in parts if not _hidden(pack, part))
            if pairs:
                block = Lines(pairs) if placement == Placement.HEAD else Facts(pairs)
                yield Section("", (block,), is_numbered=False)
        case Placement.FRONT | Placement.END:
            rows = tuple(_row(pack, part) for part in parts)
            name = group or "Front sheet"
            yield Section(group, (LabelTable(name, rows),), is_numbered=False)
        case Placement.LIST:
            items = tuple(_listed_item(pack, part) for part in parts)
            yield Section(group or "Implications", (Items(items),))
        case Placement.BODY if group:
            blocks: list[Block] = []
            for part in parts:
                blocks += [SubHeading(_heading(pack, part)), *_blocks(pack, part)]
            yield Section(group, tuple(blocks))
        case _:
            for part in parts:
                yield Section(
                    _heading(pack, part),
                    tuple(_blocks(pack, part)),
                    is_numbered=placement != Placement.PLAIN,
                )


def _is_printed(pack: Pack, part: PaperPart) -> bool:
    """Whether a part has anything to say; an empty one that is not required is left out."""
    if _hidden(pack, part) or part.kind in (PartKind.BACKGROUND_PAPERS, PartKind.APPENDICES):
        return True
    if part.text.strip() or (part.is_required and pack.is_draft):
        return True
    return bool(_drawn(pack, part))


def _hidden(pack: Pack, part: PaperPart) -> bool:
    return part.exempt_paragraph is not None and not pack.include_exempt


def _drawn(pack: Pack, part: PaperPart) -> tuple[Block, ...]:
    return tuple(pack.figures(part)) if part.drafter and part.shows_figures else ()


def _heading(pack: Pack, part: PaperPart) -> str:
    if not _hidden(pack, part):
        body = part.step.body.name if part.step else pack.step.body.name
        return part.label.replace("{body}", body)
    # That a body is asked to decide something may be known; what it is called may tell what.
    return "Recommendations" if part.kind == PartKind.RECOMMENDATIONS else WITHHELD


def _withheld_line(paragraph: int | None) -> str:
    """The neutral line that stands for what is not for publication."""
    words = f"{WITHHELD}: paragraph {paragraph} of Part 1 of Schedule 12A"
    return f"{words} to the Local Government Act 1972."


def _blocks(pack: Pack, part: PaperPart, *, in_table: bool = False) -> tuple[Block, ...]:
    """What a part prints below or beside its label."""
    if part.exempt_paragraph is not None:
        line = Paragraph(_withheld_line(part.exempt_paragraph), is_numbered=False)
        if _hidden(pack, part):
            return (line,)
        return (line, *_content(pack, part, in_table=in_table))
    return _content(pack, part, in_table=in_table)


def _content(pack: Pack, part: PaperPart, *, in_table: bool) -> tuple[Block, ...]:
    blocks: tuple[Block, ...]
    match part.kind:
        case PartKind.RECOMMENDATIONS:
            blocks = _recommendations(pack, part)
        case PartKind.BACKGROUND_PAPERS:
            words = part.text if part.text.strip() else pack.paper.template.no_background_papers
            blocks = _text(words.strip() or "None.")
        case PartKind.APPENDICES:
            blocks = (*_text(part.text), _appendices(pack))
        case PartKind.FIELD if part.source == Source.TYPED:
            # Lines such as name, post and address of whom to ask stay lines.
            blocks = _text(part.text.replace("\n", "\n\n"))
        case _:
            blocks = _lines_of(part) if part.source in _CHOSEN else _text(part.text)
            blocks = (*blocks, *_drawn(pack, part))
    blocks = blocks or (Paragraph(TO_BE_WRITTEN, is_numbered=False),)
    sign_off = "" if in_table else _sign_off(part)
    return (*blocks, Paragraph(sign_off, is_numbered=False)) if sign_off else blocks


_CHOSEN = (Source.LIST, Source.YES_NO, Source.ROLE)


def _text(text: str) -> tuple[Block, ...]:
    return blocks_of(text)


def _lines_of(part: PaperPart) -> tuple[Block, ...]:
    """What was chosen: one line as a paragraph, several as bullets."""
    lines = _chosen(part)
    if len(lines) > 1:
        return (Bullets(tuple(lines)),)
    return tuple(Paragraph(line) for line in lines)


def _chosen(part: PaperPart) -> list[str]:
    lines = [" ".join(line.split()) for line in part.text.splitlines() if line.strip()]
    return [_YES_NO.get(line.lower(), line) for line in lines]


def _recommendations(pack: Pack, part: PaperPart) -> tuple[Block, ...]:
    items = tuple(
        Item(_flat(blocks_of(text))) for text in re.split(r"\n[ \t]*\n", part.text) if text.strip()
    )
    if not items:
        return ()
    body = part.step.body if part.step else pack.step.body
    return (Items(items, part.lead_in or body.lead_in or pack.paper.template.lead_in),)


def _flat(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The texts of blocks one after the other, for places that take paragraphs alone."""
    texts: list[str] = []
    for block in blocks:
        match block:
            case Paragraph() | SubHeading():
                texts.append(block.text)
            case Bullets():
                texts += [f"– {item}" for item in block.items]
            case _:
                continue
    return tuple(texts)


def _pair(pack: Pack, part: PaperPart) -> tuple[str, str]:
    """A label and its value on one line."""
    value = ", ".join(_chosen(part)) or TO_BE_WRITTEN
    if part.exempt_paragraph is not None:
        value += f" ({WITHHELD.lower()}, paragraph {part.exempt_paragraph})"
    return _heading(pack, part), value


def _row(pack: Pack, part: PaperPart) -> LabelRow:
    sign_off = "" if _hidden(pack, part) else _sign_off(part)
    return LabelRow(_heading(pack, part), _blocks(pack, part, in_table=True), sign_off)


def _listed_item(pack: Pack, part: PaperPart) -> Item:
    paragraphs = _flat(_blocks(pack, part, in_table=True)) or (TO_BE_WRITTEN,)
    if _hidden(pack, part):
        return Item(paragraphs)
    return Item(paragraphs, label=_heading(pack, part), sign_off=_sign_off(part))


def _sign_off(part: PaperPart) -> str:
    if not part.sign_off_role:
        return ""
    said = "not yet"
    if part.signed_off_on is not None:
        said = f"Yes, {day_in_words(part.signed_off_on)}"
    return f"Signed off by the {part.sign_off_role}: {said}"


def _appendices(pack: Pack) -> AppendixList:
    return AppendixList(tuple(_entry(pack, each) for each in pack.appendices))


def _entry(pack: Pack, appendix: PaperAppendix) -> AppendixEntry:
    notes = []
    title = appendix.title
    if appendix.audience is not None:
        notes.append(f"{appendix.audience.body.name} only")
    if appendix.exempt_paragraph is not None:
        notes.append(f"{WITHHELD.lower()}, paragraph {appendix.exempt_paragraph}")
        if _is_withheld(pack, appendix):
            title = "An appendix that is not for publication"
    words = "; ".join(notes)
    return AppendixEntry(title, words[:1].upper() + words[1:])


def _is_withheld(pack: Pack, appendix: PaperAppendix) -> bool:
    """Whether an appendix is not for the readers of this copy."""
    is_theirs = pack.include_exempt and appendix in pack.own_appendices
    return appendix.exempt_paragraph is not None and not is_theirs


def _neutral(reference: str) -> str:
    """What stands for a reference to something withheld."""
    kind = "part" if reference[1:].lower().startswith("section") else "appendix"
    words = f"{'a' if kind == 'part' else 'an'} {kind} that is not for publication"
    return words[0].upper() + words[1:] if reference[1].isupper() else words


def _with_text(part: PaperPart, text: str) -> PaperPart:
    """The same part with another text, never to be saved."""
    changed = copy(part)
    changed.text = text
    return changed


def _within(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, LabelTable):
            for row in block.rows:
                yield from _within(row.blocks)
