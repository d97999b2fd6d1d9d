"""What one issue of a paper is made of, read once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.http import Http404

from actions.position import plan_position
from peerplan.councils.models import Council
from peerplan.papers.compose import FIGURES, Pack
from peerplan.papers.drafting import DRAFTERS, DraftContext, load_context_for
from peerplan.papers.models import (
    IssuedPaper,
    Paper,
    PaperAppendix,
    PaperPart,
    Purpose,
    RouteStep,
)
from peerplan.papers.outcome import resolved_at
from peerplan.render.report import Block

NEED_DETAILS = {key for key, each in DRAFTERS.items() if each.needs_details}
"""Drafters whose tables show milestones or how dates moved."""


@dataclass(frozen=True)
class Inputs:
    """Everything in writing that an issue of a paper is made of, read once.

    `route_steps` are the standing steps of the routes that the paper stands in, `steps` those of
    them that share the paper.
    """

    paper: Paper
    route_steps: tuple[RouteStep, ...]
    parts: tuple[PaperPart, ...]
    appendices: tuple[PaperAppendix, ...]
    issued_to: frozenset[int] = frozenset()
    """The ids of the steps to which the paper was issued."""

    @property
    def council(self) -> Council:
        return self.paper.challenge.council

    @property
    def steps(self) -> tuple[RouteStep, ...]:
        return tuple(step for step in self.route_steps if step.paper_id == self.paper.pk)

    @cached_property
    def stamp(self) -> str:
        """Changes whenever anything that would be printed was changed by somebody."""
        seen = [("paper", self.paper.pk, self.paper.version)]
        seen += [("template", self.paper.template_id, self.paper.template.version)]
        seen += [("part", part.pk, part.version) for part in self.parts]
        seen += [("appendix", each.pk, each.version) for each in self.appendices]
        for step in self.route_steps:
            seen += [("step", step.pk, step.version), ("body", step.body_id, step.body.version)]
            if (decision := getattr(step, "decision", None)) is not None:
                seen.append(("decision", decision.pk, decision.version))
            if step.meeting is not None:
                seen.append(("meeting", step.meeting.pk, step.meeting.version))
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]

    def step(self, pk: int | None) -> RouteStep:
        """The step of that id among those that share the paper.

        Without an id the first whose body has not had the paper yet, the first of all where every
        one has. Raises Http404.
        """
        found = [step for step in self.steps if pk in (None, step.pk)]
        if not found:
            raise Http404
        return next((step for step in found if step.pk not in self.issued_to), found[0])

    def approver(self, step: RouteStep) -> str:
        """Which body approves what goes to `step`, as sentences call it."""
        approving = [
            each
            for each in self.route_steps
            if each.route_id == step.route_id and each.purpose == Purpose.APPROVE
        ]
        return (approving[0] if approving else step).body.in_sentences


def read_inputs(council: Council, paper: int) -> Inputs:
    """The paper of `council` with that id and all it is made of (3 queries).

    Raises Http404, also for a paper that goes to no body any more.
    """
    # By the key of its own table: a number too large for the database is then not found.
    papers = Paper.objects.for_council(council).filter(pk=paper)
    routes = RouteStep.objects.filter(paper__in=papers).values("route")
    steps = tuple(
        RouteStep.objects.for_council(council)
        .filter(route__in=routes, ended_at__isnull=True)
        .select_related("body", "meeting", "decision", "paper__template")
        .select_related("paper__challenge__council", "paper__challenge__previous")
        .annotate(was_issued=Exists(IssuedPaper.objects.filter(step=OuterRef("pk"), paper=paper)))
        .order_by("route", "position", "pk")
    )
    record = next((step.paper for step in steps if step.paper and step.paper_id == paper), None)
    if record is None:
        raise Http404
    return Inputs(
        paper=record,
        route_steps=steps,
        issued_to=frozenset(step.pk for step in steps if step.was_issued),
        parts=tuple(
            PaperPart.objects.for_council(council)
            .filter(paper=record, ended_at__isnull=True)
            .select_related("step__body")
        ),
        appendices=tuple(
            PaperAppendix.objects.for_council(council)
            .filter(paper=record, ended_at__isnull=True)
            .select_related("audience__body", "earlier__step", "minute_of__body")
            .select_related("minute_of__meeting", "minute_of__decision")
            .annotate(has_resolutions=resolved_at("minute_of"))
            .defer("content", "earlier__position")
        ),
    )


def light_context(inputs: Inputs, step: RouteStep, *, include_exempt: bool) -> DraftContext:
    """What to draw a preview from: the whole position without what none of its tables shows.

    It spares two queries of nine; an issue is always drawn from all of it.
    """
    paper = inputs.paper
    shown = {part.drafter for part in inputs.parts if part.drafter and part.shows_figures}
    whole = None
    if not shown & NEED_DETAILS:
        whole = plan_position(
            paper.challenge, paper.figures_as_at, paper.figures_known_by, details=False
        )
    return load_context_for(
        paper.challenge,
        step,
        paper.figures_as_at,
        paper.figures_known_by,
        include_exempt=include_exempt,
        lead_in=paper.template.lead_in,
        whole=whole,
    )


def figures_from(context: DraftContext) -> FIGURES:
    """What the drafters draw below a part from `context`."""

    def figures(part: PaperPart) -> Sequence[Block]:
        drafter = DRAFTERS.get(part.drafter)
        return drafter.figures(context) if drafter else ()

    return figures


def pack_of(inputs: Inputs, step: RouteStep, context: DraftContext, *, is_draft: bool) -> Pack:
    """The copy for the body of `step` and the audience of the context."""
    return Pack(
        paper=inputs.paper,
        step=step,
        parts=inputs.parts,
        appendices=inputs.appendices,
        whole=lambda: context.whole,
        figures=figures_from(context),
        include_exempt=context.include_exempt,
        steps=inputs.steps,
        is_draft=is_draft,
    )
