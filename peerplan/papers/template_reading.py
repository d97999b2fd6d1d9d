"""Report templates as the pages show them, and an example of each as a report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db.models import Count, Q

from peerplan.councils.models import Council
from peerplan.papers.compose import Pack, compose
from peerplan.papers.drafting import DRAFTERS
from peerplan.papers.models import (
    Body,
    Meeting,
    Paper,
    PaperAppendix,
    PaperPart,
    PaperTemplate,
    PartKind,
    Placement,
    Route,
    RouteStep,
    Source,
    TemplatePart,
)
from peerplan.papers.services.templates import PartDetails
from peerplan.papers.template_presets import PRESETS
from peerplan.render.report import Report
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class TemplateRow:
    """A template in the list, with the bodies whose papers begin with it."""

    template: PaperTemplate
    kind: str
    bodies: tuple[str, ...]
    parts: int


@dataclass(frozen=True)
class PartRow:
    """A part in the list of a template, with what there is to say of it."""

    part: TemplatePart
    notes: tuple[str, ...]
    options: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Block:
    """Parts that follow one another and are printed together; `again` where it is a second one."""

    words: str
    rows: tuple[PartRow, ...]
    again: bool


def rows_of(council: Council) -> tuple[list[TemplateRow], list[PaperTemplate]]:
    """The templates that stand and those that were ended, by name; two queries."""
    live = Count("parts", filter=Q(parts__ended_at__isnull=True))
    found = list(PaperTemplate.objects.for_council(council).annotate(number_of_parts=live))
    standing = [row for row in found if row.ended_at is None]
    used: dict[int, list[str]] = {}
    newest_first = sorted(standing, key=lambda row: row.pk, reverse=True)
    for body in Body.objects.for_council(council).filter(ended_on__isnull=True):
        fitting = [row for row in newest_first if row.body_kind == body.kind]
        fitting += [row for row in newest_first if not row.body_kind]
        if fitting:
            used.setdefault(fitting[0].pk, []).append(body.name)
    rows = [
        TemplateRow(
            template=row,
            kind=row.get_body_kind_display() if row.body_kind else "Any body",
            bodies=tuple(used.get(row.pk, ())),
            parts=row.number_of_parts,
        )
        for row in standing
    ]
    return rows, [row for row in found if row.ended_at is not None]


def has_all_presets(rows: Iterable[TemplateRow]) -> bool:
    """True where each ready-made form is among the templates that stand."""
    return set(PRESETS) <= {row.template.preset for row in rows}


def blocks_of(parts: Sequence[TemplatePart]) -> list[Block]:
    """The parts in the blocks in which they are printed, in their order."""
    blocks: list[Block] = []
    seen: set[str] = set()
    last = len(parts) - 1
    numbered = list(enumerate(parts))
    for words, run in groupby(numbered, key=lambda pair: _place(pair[1])):
        rows = tuple(
            PartRow(
                part=part,
                notes=tuple(_notes(part)),
                options=", ".join(part.options.split("\n")),
                is_first=number == 0,
                is_last=number == last,
            )
            for number, part in run
        )
        blocks.append(Block(words, rows, words in seen))
        seen.add(words)
    return blocks


_TOGETHER = (Placement.HEAD, Placement.FACTS, Placement.FRONT, Placement.LIST, Placement.END)


def is_split(blocks: Sequence[Block]) -> bool:
    """True where a table or a list is printed in two, since others stand between its parts."""
    return any(block.again and block.rows[0].part.placement in _TOGETHER for block in blocks)


def _place(part: TemplatePart) -> str:
    words = str(Placement(part.placement).label)
    if part.placement == Placement.BODY:
        words = "Numbered sections"
    elif part.placement == Placement.PLAIN:
        words = "Sections without a number"
    elif part.placement == Placement.LIST:
        words = "Numbered list"
    return f"{words}: {part.group}" if part.group else words


def _notes(part: TemplatePart) -> Iterable[str]:
    if part.kind == PartKind.IMPLICATION:
        yield "Implication"
    if part.source == Source.PLAN:
        drafter = DRAFTERS.get(part.drafter)
        yield f"Drafted from the plan: {drafter.label if drafter else part.drafter}"
    elif part.kind in (PartKind.FIELD, PartKind.SECTION, PartKind.IMPLICATION):
        yield str(Source(part.source).label)
    if part.sign_off_role:
        yield f"To be signed off by the {part.sign_off_role}"
    if not part.is_required:
        yield "May stay empty"


# --- An example ----------------------------------------------------------------------------------

_SAMPLE_DAY = date(2026, 3, 17)
_SAMPLE_BODIES = {
    Body.Kind.SCRUTINY: "Overview and Scrutiny Committee",
    Body.Kind.EXECUTIVE: "Cabinet",
    Body.Kind.COUNCIL: "Council",
    Body.Kind.AUDIT: "Audit and Governance Committee",
    Body.Kind.COMMITTEE: "Policy and Resources Committee",
    Body.Kind.INDIVIDUAL: "Leader of the Council",
    Body.Kind.OFFICERS: "Corporate Leadership Team",
    Body.Kind.EXTERNAL: "Improvement Board",
}
_SAMPLE_TEXT = (
    "This is where the text stands: a sentence or two to show the form.\n\n"
    "A second paragraph shows how they are numbered."
)


def example(template: PaperTemplate, parts: Sequence[TemplatePart], council: Council) -> Report:
    """A report in this form with made-up texts. Nothing is read from the plan, nothing saved.

    One for any body is shown as a report to two, each with recommendations of its own.
    """
    kinds = [template.body_kind] if template.body_kind else ["scrutiny", "executive"]
    challenge = PeerChallenge(council=council, title="Corporate Peer Challenge")
    route = Route(challenge=challenge)
    steps = [_example_step(route, kind, number) for number, kind in enumerate(kinds)]
    paper = Paper(
        challenge=challenge, template=template, title="Peer challenge: progress on the action plan"
    )
    written: list[PaperPart] = []
    for part in parts:
        each = steps if part.kind == PartKind.RECOMMENDATIONS else [None]
        written += [_example_part(paper, part, step) for step in each]
    appendices = [
        PaperAppendix(paper=paper, kind=PaperAppendix.Kind.UPLOAD, title="Report of the peer team"),
        PaperAppendix(paper=paper, kind=PaperAppendix.Kind.PLAN, title="Action plan with progress"),
    ]
    if len(steps) > 1:
        appendices.append(
            PaperAppendix(
                paper=paper,
                kind=PaperAppendix.Kind.MINUTE,
                title=f"Minute of the {steps[0].body.name}",
                audience=steps[1],
            )
        )
    return compose(Pack(paper, steps[0], written, appendices, steps=steps, is_draft=True))


def _example_step(route: Route, kind: str, number: int) -> RouteStep:
    body = Body(name=_SAMPLE_BODIES[Body.Kind(kind)], kind=kind)
    on = _SAMPLE_DAY + timedelta(weeks=number)
    return RouteStep(route=route, body=body, meeting=Meeting(body=body, on=on))


def _example_part(paper: Paper, part: TemplatePart, step: RouteStep | None) -> PaperPart:
    fields = {name: getattr(part, name) for name in PartDetails.__dataclass_fields__}
    made = PaperPart(paper=paper, step=step, **fields)
    # Tables from the plan need a plan.
    made.shows_figures = False
    made.text = made.text or _example_text(part, paper.template.lead_in)
    if made.sign_off_role:
        made.signed_off_on = _SAMPLE_DAY - timedelta(weeks=2)
    return made


def _example_text(part: TemplatePart, lead_in: str) -> str:
    if part.kind == PartKind.RECOMMENDATIONS:
        return _example_recommendations(lead_in)
    if part.kind in (PartKind.BACKGROUND_PAPERS, PartKind.APPENDICES):
        return ""
    match part.source:
        case Source.YES_NO:
            return "No"
        case Source.ROLE:
            return "Chief Executive"
        case Source.LIST:
            return "\n".join(part.options.split("\n")[:2])
    if part.placement in (Placement.BODY, Placement.PLAIN) and part.kind == PartKind.SECTION:
        return _SAMPLE_TEXT
    return "A short text stands here."


def _example_recommendations(lead_in: str) -> str:
    """Two, in words that go on from the lead-in or, without one, stand alone."""
    if not lead_in:
        return "That the progress be noted.\n\nThat the actions still to be done be agreed."
    if lead_in.rstrip(" :").lower().endswith("to"):
        return "note the progress on the action plan;\n\nagree the actions still to be done."
    return "Notes the progress on the action plan.\n\nAgrees the actions still to be done."
