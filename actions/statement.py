"""The position statement that a council sends to its peers, composed as a report. Pure.

Whatever its readers may not see has been left out of the position and the evidence before they
come here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from actions import figures
from actions.appendix import (
    appendix_document,
    brand_of,
    is_restricted,
    marking_of,
    own_status_words,
    paragraphs,
)
from actions.position import Position, RecommendationPosition
from actions.sentences import capital, claim_counts, counted, number, standing
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.models import Council
from peerplan.councils.ratings import Rule
from peerplan.councils.vocabulary import words_of
from peerplan.render.appendix import ActionRow, LabelledText, RecommendationSection
from peerplan.render.report import (
    Block,
    Cell,
    Chart,
    DataTable,
    LabelRow,
    LabelTable,
    Logo,
    Numbering,
    Paragraph,
    ParagraphStyle,
    Report,
    Section,
    SectionStyle,
    TableColumn,
)
from peerplan.render.texts import blocks_of
from reviews.models import PeerChallenge

TITLE = "Position statement"
GENERIC_MARKING = "NOT FOR PUBLICATION: contains exempt information"
NOT_FOR_PUBLICATION = "Not for publication"
# What may stand in an address as it is; everything else is written in hexadecimal.
PLAIN_IN_ADDRESS = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class EvidencePiece:
    """One piece of evidence as the statement lists it.

    `address` is where it can be read; a file has besides the `name` that it has in the pack.
    """

    action_id: int
    title: str
    added_on: date
    address: str
    name: str = ""
    is_exempt: bool = False


@dataclass(frozen=True)
class StatementWords:
    """What the council writes around its plan."""

    introduction: str = ""
    ahead: str = ""


def statement_report(
    *,
    council: Council,
    challenge: PeerChallenge,
    position: Position,
    words: StatementWords,
    evidence: Sequence[EvidencePiece],
    scheme: Mapping[str, Rule],
    dated: date,
    logo: Logo | None,
    notices: Sequence[str] = (),
) -> Report:
    """The statement: the council's words, where the plan stands, then recommendation by theirs.

    Marked as not for publication where the position or the evidence holds anything exempt.
    """
    day = day_in_words(position.as_at)
    plan = appendix_document(
        council=council, challenge=challenge, position=position, before=None, scheme=scheme
    )
    by_action: dict[int, list[EvidencePiece]] = {}
    for piece in evidence:
        by_action.setdefault(piece.action_id, []).append(piece)
    sections = [_opening(words), _standing(position, scheme)]
    for place, drawn in enumerate(plan.sections):
        known = place < len(position.recommendations)
        recommendation = position.recommendations[place] if known else None
        pieces = [
            (row.ref, piece)
            for row in drawn.actions
            for piece in by_action.get(position.by_ref[row.ref.lower()].id, ())
        ]
        sections.append(_section(council, scheme, drawn, recommendation, pieces))
    sections.append(Section("What comes next", blocks_of(words.ahead), is_numbered=False))
    return Report(
        council_name=council.name,
        title=TITLE,
        numbering=Numbering(SectionStyle.NONE, ParagraphStyle.NONE),
        sections=tuple(each for each in sections if each.blocks),
        masthead=(challenge.title, f"Position at {day}"),
        notices=notices,
        marking=marking(position, evidence),
        footer=f"{TITLE}: {challenge.title}, position at {day}",
        description=f"What {council.name} has done about its {challenge.title}, at {day}",
        dated=dated,
        logo=logo,
        brand=brand_of(council),
    )


def holds_exempt_parts(position: Position, evidence: Sequence[EvidencePiece]) -> bool:
    """True where the statement tells of anything that is not for publication."""
    return is_restricted(position) or any(piece.is_exempt for piece in evidence)


def printable_address(address: str) -> str:
    """A web address with nothing in it that a document could not hold."""
    return quote(address, safe=PLAIN_IN_ADDRESS)


# --- Sections -----------------------------------------------------------------------------------


def _opening(words: StatementWords) -> Section:
    return Section("Introduction", blocks_of(words.introduction), is_numbered=False)


def _standing(position: Position, scheme: Mapping[str, Rule]) -> Section:
    claimed = claim_counts(position)
    counts = [f"{scheme[key].label} {count}" for key, count in position.counts.items() if count]
    told = [
        " ".join(filter(None, standing(position))),
        f"Actions by status: {', '.join(counts)}." if counts else "",
        f"{capital(claimed)}." if claimed else "",
        _closed(position),
        _withheld(position),
    ]
    blocks: list[Block] = [Paragraph(text, is_numbered=False) for text in told if text]
    if position.total:
        blocks.insert(1, Chart(figures.bar("All actions", position, scheme)))
    return Section("Where the plan stands", tuple(blocks), is_numbered=False)


def _closed(position: Position) -> str:
    whole = len(position.recommendations)
    closed = sum(each.is_closed for each in position.recommendations)
    if whole <= 1:
        return "The one recommendation is closed." if closed else ""
    are = "is" if closed == 1 else "are"
    return (
        f"{capital(number(closed) if closed else 'none')} of {whole} recommendations {are} closed."
    )


def _withheld(position: Position) -> str:
    if not position.withheld:
        return ""
    are = "is" if position.withheld == 1 else "are"
    return (
        f"{capital(counted(position.withheld, 'action'))} {are} not for publication and {are} "
        "left out of this copy."
    )


def _section(
    council: Council,
    scheme: Mapping[str, Rule],
    drawn: RecommendationSection,
    recommendation: RecommendationPosition | None,
    pieces: Sequence[tuple[str, EvidencePiece]],
) -> Section:
    name = drawn.ref if recommendation is None else _lower(drawn.ref)
    blocks: list[Block] = []
    if recommendation is not None:
        blocks.append(LabelTable(f"What is said of {name}", _said(drawn, recommendation, scheme)))
    blocks.append(_actions_table(council, name, drawn))
    blocks += [Paragraph(line, is_numbered=False) for line in drawn.also]
    if drawn.actions:
        blocks.append(_evidence_table(name, pieces))
    heading = f"{drawn.ref}: {drawn.heading}" if drawn.heading else drawn.ref
    return Section(heading, tuple(blocks), is_numbered=False)


def _said(
    drawn: RecommendationSection,
    recommendation: RecommendationPosition,
    scheme: Mapping[str, Rule],
) -> tuple[LabelRow, ...]:
    own = recommendation.own
    summary = paragraphs(own.summary) if own else ()
    impact = paragraphs(own.impact) if own else ()
    rows = (
        ("What the peers said", drawn.wording),
        ("The council’s response", (drawn.response,)),
        ("The council’s own status", (own_status_words(recommendation, scheme),)),
        ("Where it stands", summary),
        ("What has changed for people", impact or ("The council has not said yet.",)),
        ("Closed", (recommendation.closed_words,)),
    )
    return tuple(
        LabelRow(label, tuple(Paragraph(text, is_numbered=False) for text in texts if text))
        for label, texts in rows
        if any(texts)
    )


def _actions_table(council: Council, name: str, drawn: RecommendationSection) -> DataTable:
    words = words_of(council)
    return DataTable(
        caption=f"Actions: {name}",
        columns=(
            TableColumn("Ref", 2),
            TableColumn(words.action, 5),
            TableColumn(words.due, 3),
            TableColumn(words.status, 4),
            TableColumn(words.commentary, 6),
        ),
        rows=tuple(_row(words.lead, row) for row in drawn.actions),
        words=drawn.words,
    )


def _row(lead: str, row: ActionRow) -> tuple[Cell, ...]:
    about = [row.title, f"{lead}: {row.lead}" if row.lead else "", *row.notes, row.exempt]
    progress = [*row.commentary, *(_labelled(part) for part in row.more)]
    return (
        Cell(row.ref),
        Cell(_parted(about)),
        Cell(_parted([row.due, row.was_due])),
        Cell(row.forecast, row.status),
        Cell(_parted(progress)),
    )


def _evidence_table(name: str, pieces: Sequence[tuple[str, EvidencePiece]]) -> DataTable:
    return DataTable(
        caption=f"Evidence: {name}",
        columns=(
            TableColumn("Ref", 2),
            TableColumn("Evidence", 5),
            TableColumn("Added", 3),
            TableColumn("Where", 10),
        ),
        rows=tuple(
            (
                Cell(ref),
                Cell(_parted([piece.title, NOT_FOR_PUBLICATION if piece.is_exempt else ""])),
                Cell(day_in_words(piece.added_on)),
                Cell(piece.name or piece.address, link=piece.address),
            )
            for ref, piece in pieces
        ),
        words="No evidence has been added to its actions.",
    )


def _labelled(part: LabelledText) -> str:
    return f"{part.label}: {_parted(part.paragraphs)}"


def _parted(texts: Sequence[str]) -> str:
    return "\n\n".join(filter(None, texts))


def _lower(name: str) -> str:
    """ "recommendation 1", inside a caption."""
    return name[:1].lower() + name[1:]


def marking(position: Position, evidence: Sequence[EvidencePiece]) -> str:
    """The words at the head of every page of a restricted statement, "" for one that is not."""
    if not holds_exempt_parts(position, evidence):
        return ""
    return marking_of(position) or GENERIC_MARKING


def logo_of(council: Council, *, reads_bytes: bool = True) -> Logo | None:
    """The council's logo, None where it has none.

    A page has the address of the logo and needs no bytes of it: to leave them saves a query.
    """
    if not council.logo_type:
        return None
    content = bytes(council.logo or b"") if reads_bytes else b""
    return Logo(content, council.logo_type, f"Logo of {council.name}")
