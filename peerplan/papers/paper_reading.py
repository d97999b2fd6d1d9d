"""What the pages of a paper in writing show, in a few queries however many parts it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.http import Http404
from django.shortcuts import get_object_or_404

from peerplan.councils.gate import CouncilRequest, Person
from peerplan.papers.calendar import CouncilCalendar, Standing, number
from peerplan.papers.diary import standings
from peerplan.papers.models import (
    IssuedPaper,
    Paper,
    PaperAppendix,
    PaperPart,
    PartKind,
    Placement,
    RouteStep,
)
from peerplan.papers.outcome import resolved_at
from peerplan.papers.readiness import (
    Missing,
    Readiness,
    has_words,
    may_read,
    missing,
    missing_for,
    readiness,
    to_follow,
)
from peerplan.papers.route_reading import taken_in
from peerplan.papers.services.papers import parts_of
from peerplan.render.numbering import appendix_number
from reviews.deadlines import in_words

WITHHELD_LABEL = "A part that is not for publication"
WITHHELD_APPENDIX = "An appendix that is not for publication"
FRONT = (Placement.HEAD, Placement.FACTS, Placement.FRONT)


@dataclass(frozen=True)
class PartRow:
    """A part in the outline: how far it is and whether the reader may read it."""

    part: PaperPart
    state: Readiness
    is_readable: bool
    signed_by: str = ""

    @property
    def label(self) -> str:
        """Its heading, which may tell what it is about, for those who may read it."""
        return self.part.label if self.is_readable else WITHHELD_LABEL

    @property
    def sign_off_role(self) -> str:
        """Who signs it off, for those who may read it."""
        return self.part.sign_off_role if self.is_readable else "Withheld"

    @property
    def has_words(self) -> bool:
        """True where something is printed under its heading."""
        return has_words(self.part)


@dataclass(frozen=True)
class AppendixRow:
    """An appendix in the table: its number, where it comes from and who gets it, in words."""

    appendix: PaperAppendix
    number: str
    made_from: str
    audience: str
    is_readable: bool
    to_follow: str

    @property
    def title(self) -> str:
        """Its title, which may tell what it is about, for those who may read it."""
        return self.appendix.title if self.is_readable else WITHHELD_APPENDIX


@dataclass(frozen=True)
class StepRow:
    """A body that the paper goes to, with its calendar and the issues there are."""

    step: RouteStep
    standings: tuple[Standing, ...]
    issues: tuple[IssuedPaper, ...]
    missing: tuple[Missing, ...]

    @property
    def publication(self) -> Standing | None:
        """By when agenda and report are public."""
        found = (one for one in self.standings if one.reckoning.rule.key == "publication")
        return next(found, None)

    @property
    def others(self) -> tuple[Standing, ...]:
        """The notices and the call-in."""
        return tuple(one for one in self.standings if one is not self.publication)


@dataclass
class Sheet:
    """A paper in writing with all that stands in it, as one person may see it."""

    paper: Paper
    person: Person
    route_steps: Sequence[RouteStep]
    """All steps of its route, in order."""
    parts: Sequence[PaperPart]

    @cached_property
    def steps(self) -> list[RouteStep]:
        """The steps whose bodies get the paper."""
        return [step for step in self.route_steps if step.paper_id == self.paper.pk]

    @property
    def waits(self) -> tuple[str, ...]:
        """What its steps take in from earlier ones and is not there yet; it stops no issue."""
        found: dict[str, None] = {}
        for step in self.steps:
            earlier = [
                one
                for one in self.route_steps
                if one.route_id == step.route_id and one.position < step.position
            ]
            found.update(dict.fromkeys(taken_in(step, earlier).missing))
        return tuple(found)

    @cached_property
    def rows(self) -> list[PartRow]:
        """The parts in order."""
        return [PartRow(part, readiness(part), may_read(self.person, part)) for part in self.parts]

    @cached_property
    def appendices(self) -> list[PaperAppendix]:
        """The appendices that stand, without their content. One query."""
        return appendices_of(self.paper)

    @property
    def ready(self) -> int:
        """How many parts are ready."""
        return sum(row.state == Readiness.READY for row in self.rows)

    @property
    def counted(self) -> int:
        """How many parts the paper will have."""
        return sum(row.state != Readiness.EMPTY for row in self.rows)

    @property
    def eyebrow(self) -> str:
        """ "Report to Cabinet · Tuesday 24 June 2025", for each body that it goes to."""
        said = []
        for step in self.steps:
            when = f" · {step.meeting.on:%A} {in_words(step.meeting.on)}" if step.meeting else ""
            said.append(f"{step.body.name}{when}")
        return f"Report to {'; '.join(said)}" if said else "Report"

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What is missing for any of its bodies, each thing once."""
        found: dict[tuple[object, str], Missing] = {}
        if not self.steps:
            words = "No body gets this paper any more: its step was taken out of the route."
            return (Missing(None, words, "step"),)
        for step in self.steps:
            for one in missing(self.paper, self.parts, self.appendices, step):
                found.setdefault((one.part, one.words), one)
        return missing_for(self.person, found.values())

    def step_rows(self, calendar: CouncilCalendar, today: date) -> list[StepRow]:
        """The bodies that it goes to. One query for all issues."""
        issues = list(IssuedPaper.objects.filter(paper=self.paper).defer("position"))
        return [
            StepRow(
                step,
                standings(step, calendar, today),
                tuple(issue for issue in issues if issue.step_id == step.pk),
                missing_for(self.person, missing(self.paper, self.parts, self.appendices, step)),
            )
            for step in self.steps
        ]

    def appendix_rows(self) -> list[AppendixRow]:
        """The table of appendices."""
        return [
            AppendixRow(
                one,
                appendix_number(place, self.paper.template.numbering),
                _made_from(self.paper, one) if may_read(self.person, one) else "Withheld",
                f"{one.audience.body.name} only" if one.audience else "Everyone",
                may_read(self.person, one),
                to_follow(one),
            )
            for place, one in enumerate(self.appendices, 1)
        ]

    def signs(self, posts: Mapping[int, str]) -> list[PartRow]:
        """The parts that somebody signs off; `posts` say who recorded it, by the user's id."""
        return [
            replace(row, signed_by=_who(row.part, posts))
            for row in self.rows
            if row.part.sign_off_role
        ]

    def row_of(self, pk: int) -> PartRow:
        """The row of a part. Raises Http404."""
        for row in self.rows:
            if row.part.pk == pk:
                return row
        raise Http404

    def after(self, part: PaperPart) -> PaperPart | None:
        """The next part that the person can write, None at the end."""
        places = [row.part.pk for row in self.rows]
        later = self.rows[places.index(part.pk) + 1 :] if part.pk in places else []
        return next((row.part for row in later if row.is_readable), None)

    def chosen(self, which: str) -> list[PaperPart]:
        """The parts for one page: "missing" (or unsigned), "front" or "all"; none withheld."""
        return [row.part for row in self.rows if row.is_readable and _is_chosen(row, which)]


def _is_chosen(row: PartRow, which: str) -> bool:
    if which == "front":
        return row.part.placement in FRONT
    if which == "missing":
        return row.state in (Readiness.MISSING, Readiness.SIGN_OFF)
    return row.part.kind != PartKind.APPENDICES


def sheet_of(request: CouncilRequest, pk: int) -> Sheet:
    """The paper of the request's council with this number, in writing. Raises Http404.

    Three queries; the appendices are one more when they are asked for.
    """
    paper = paper_of(request, pk)
    own = RouteStep.objects.filter(paper=paper, ended_at__isnull=True)
    steps = RouteStep.objects.filter(route__in=own.values("route"), ended_at__isnull=True)
    steps = steps.select_related("body", "meeting", "route", "decision")
    return Sheet(
        paper,
        request.person,
        list(
            steps.select_related("body", "meeting", "route", "decision").order_by("position", "id")
        ),
        parts_of(paper),
    )


def paper_of(request: CouncilRequest, pk: int) -> Paper:
    """The paper by itself. Raises Http404."""
    rows = Paper.objects.for_council(request.council).select_related(
        "challenge__council", "challenge__previous", "template"
    )
    return get_object_or_404(rows, pk=pk, ended_at__isnull=True)


def appendices_of(paper: Paper) -> list[PaperAppendix]:
    """The appendices that stand, in order, without the bytes of what was uploaded. One query."""
    rows = PaperAppendix.objects.filter(paper=paper, ended_at__isnull=True)
    return list(
        rows.defer("content", "earlier__position")
        .select_related("audience__body", "earlier", "minute_of__body")
        .select_related("minute_of__meeting", "minute_of__decision")
        .annotate(has_resolutions=resolved_at("minute_of"))
    )


def _who(part: PaperPart, posts: Mapping[int, str]) -> str:
    user = part.signed_off_by
    return posts.get(user.pk) or str(user) if user else ""


def _made_from(paper: Paper, appendix: PaperAppendix) -> str:
    kind = PaperAppendix.Kind
    if appendix.kind in (kind.PLAN, kind.EXCEPTIONS):
        as_at = in_words(appendix.as_at or paper.figures_as_at)
        part = "The plan" if appendix.kind == kind.PLAN else "The exceptions of the plan"
        return f"{part} as at {as_at}; frozen when issued"
    if appendix.kind == kind.EARLIER_PAPER and appendix.earlier:
        issue = appendix.earlier
        return f"The paper to {issue.body_name}, issue {issue.number}"
    if appendix.kind == kind.MINUTE and appendix.minute_of:
        return f"The minute of {appendix.minute_of.body.name}"
    pages = f"{number(appendix.pages)} page{'s' if appendix.pages != 1 else ''}"
    return f"Uploaded PDF, {pages}: {appendix.file_name}"
