"""The letter with which a council closes a plan, composed as a report. Pure.

Whatever its readers may not see has been left out of the position and the evidence before they
come here.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from actions.appendix import brand_of, own_status_words
from actions.position import Position, RecommendationPosition
from actions.statement import EvidencePiece, marking
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.models import Council
from peerplan.councils.ratings import Rule
from peerplan.render.report import (
    Cell,
    DataTable,
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
from reviews.models import ClosingLetter, PeerChallenge

TITLE = "Closing letter"


def closing_report(
    *,
    council: Council,
    challenge: PeerChallenge,
    letter: ClosingLetter,
    position: Position,
    evidence: Sequence[EvidencePiece],
    scheme: Mapping[str, Rule],
    dated: date,
    logo: Logo | None,
) -> Report:
    """The letter, what became of each recommendation, what carries on, and the evidence."""
    day = day_in_words(position.as_at)
    sections = (
        Section("", (*_to(letter), *blocks_of(letter.text), *_from(letter)), is_numbered=False),
        Section("What became of each recommendation", (_became(position, scheme),), False),
        Section("What carries on, and where", blocks_of(letter.carried_over), is_numbered=False),
        Section("Evidence", (_evidence(position, evidence),), is_numbered=False),
    )
    return Report(
        council_name=council.name,
        title=f"{TITLE}: {challenge.title}",
        numbering=Numbering(SectionStyle.NONE, ParagraphStyle.NONE),
        sections=tuple(each for each in sections if each.blocks),
        masthead=(challenge.title, day_in_words(dated)),
        marking=marking(position, evidence),
        footer=f"{TITLE}: {challenge.title}, position at {day}",
        description=f"How {council.name} closes the plan of its {challenge.title}",
        dated=dated,
        logo=logo,
        brand=brand_of(council),
    )


def _to(letter: ClosingLetter) -> tuple[Paragraph, ...]:
    lines = [line.strip() for line in letter.addressee.splitlines() if line.strip()]
    return (Paragraph(f"To: {', '.join(lines)}", is_numbered=False),) if lines else ()


def _from(letter: ClosingLetter) -> tuple[Paragraph, ...]:
    return (Paragraph(letter.signed_by, is_numbered=False),) if letter.signed_by else ()


def _became(position: Position, scheme: Mapping[str, Rule]) -> DataTable:
    return DataTable(
        caption="The recommendations",
        columns=(
            TableColumn("Recommendation", 6),
            TableColumn("Council’s own status", 5),
            TableColumn("What became of it", 9),
        ),
        rows=tuple(
            (
                Cell(f"{each.ref} {each.title}"),
                Cell(own_status_words(each, scheme) or "The council gives none."),
                Cell("\n\n".join(_fate(each)) or "Open."),
            )
            for each in position.recommendations
        ),
        words="The peers made no recommendations.",
    )


def _fate(recommendation: RecommendationPosition) -> list[str]:
    own = recommendation.own
    told = [own.summary, own.impact] if own else []
    return [text for text in (recommendation.closed_words, *told) if text]


def _evidence(position: Position, evidence: Sequence[EvidencePiece]) -> DataTable:
    refs = {action.id: action.ref for action in position.actions}
    return DataTable(
        caption="Evidence by action",
        columns=(
            TableColumn("Action", 2),
            TableColumn("Evidence", 6),
            TableColumn("Added", 3),
            TableColumn("Where", 9),
        ),
        rows=tuple(
            (
                Cell(refs[piece.action_id]),
                Cell(piece.title),
                Cell(day_in_words(piece.added_on)),
                Cell(piece.name or piece.address, link=piece.address),
            )
            for piece in evidence
            if piece.action_id in refs
        ),
        words="No evidence was added to the actions.",
    )
