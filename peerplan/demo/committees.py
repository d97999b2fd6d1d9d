"""Ashdale's bodies, meetings and routes, and its papers: an issued one and one in writing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from actions.models import Release
from peerplan.core import clock
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.demo import ashdale
from peerplan.papers.calendar import CouncilCalendar, publish_by
from peerplan.papers.models import (
    Body,
    Meeting,
    Paper,
    PaperPart,
    PaperTemplate,
    Purpose,
    Route,
    RouteStep,
    Source,
)
from peerplan.papers.services.issues import issue_paper
from peerplan.papers.services.meetings import (
    MeetingDetails,
    add_body,
    add_closure_days,
    add_meeting,
    add_seat,
)
from peerplan.papers.services.papers import (
    PartEdit,
    change_part,
    parts_of,
    refresh_figures,
    sign_off,
    start_paper,
)
from peerplan.papers.services.routes import StepDetails, record_outcome, start_route
from peerplan.papers.services.templates import add_all_presets, template_for
from reviews.models import PeerChallenge

THURSDAY, TUESDAY = 3, 1
PLACE = "Council Chamber, Market House"


class AshdaleCommittees:
    """Builds what the democratic services officer keeps, in the order of its dates."""

    def __init__(self, council: Council, people: dict[str, Person], today: date) -> None:
        self.council = council
        self.people = people
        self.officer = people[Role.DEMOCRATIC_SERVICES]
        self.today = today
        self.bodies: dict[str, Body] = {}
        self.offices = CouncilCalendar()

    def load(self, challenge: PeerChallenge) -> None:
        """Bodies, closure days, templates, three routes, and a paper in writing."""
        self._bodies()
        add_closure_days(
            council=self.council,
            first=date(self.today.year, 12, 29),
            last=date(self.today.year, 12, 31),
            reason="Offices closed between Christmas and New Year",
            author=self.officer,
        )
        add_all_presets(council=self.council, author=self.officer)
        self._approval(challenge)
        self._last_progress(challenge)
        self._next_progress(challenge)

    def _bodies(self) -> None:
        for key, details in ashdale.BODIES.items():
            self.bodies[key] = add_body(council=self.council, details=details, author=self.officer)
        add_seat(
            body=self.bodies["scrutiny"],
            membership=self.people[Role.MEMBER].membership,
            office="Chair",
            author=self.officer,
        )

    def _meeting(self, body: str, day: date, weekday: int, at: time) -> Meeting:
        """A meeting on the first such weekday from `day` on; its agenda public in time if past."""
        on = day + timedelta(days=(weekday - day.weekday()) % 7)
        details = MeetingDetails(on=on, at=at, place=PLACE)
        if on < self.today:
            published = publish_by(on, self.offices).day
            details = replace(details, agenda_published_on=published)
        return add_meeting(body=self.bodies[body], details=details, author=self.officer)

    def _steps(self, scrutiny: Meeting, cabinet: Meeting, purpose: str) -> list[StepDetails]:
        return [
            StepDetails(body=self.bodies["scrutiny"], meeting=scrutiny, purpose=purpose),
            StepDetails(
                body=self.bodies["cabinet"],
                meeting=cabinet,
                purpose=Purpose.APPROVE,
                takes_comments=True,
                takes_minute=True,
            ),
        ]

    def _route(self, challenge: PeerChallenge, name: str, steps: list[StepDetails]) -> Route:
        return start_route(
            challenge=challenge,
            name=name,
            steps=steps,
            preset="scrutiny-cabinet",
            author=self.officer,
        )

    def _approval(self, challenge: PeerChallenge) -> None:
        """How the plan was approved: minutes without papers, from before PeerPlan."""
        approved = challenge.plan_approved_on or self.today
        first = self._meeting("scrutiny", approved - timedelta(days=13), THURSDAY, time(18, 30))
        then = self._meeting("cabinet", approved, TUESDAY, time(17, 0))
        route = self._route(
            challenge, "Approval of the plan", self._steps(first, then, Purpose.COMMENT)
        )
        self._outcomes(route, ashdale.APPROVAL_OUTCOMES)

    def _last_progress(self, challenge: PeerChallenge) -> None:
        """The progress report before this one; its paper to scrutiny is issued at the end."""
        as_at = _release(challenge, 1).as_at
        first = self._meeting("scrutiny", as_at + timedelta(days=15), THURSDAY, time(18, 30))
        then = self._meeting("cabinet", first.on + timedelta(days=5), TUESDAY, time(17, 0))
        route = self._route(
            challenge, f"Progress report, {first.on:%B %Y}", self._steps(first, then, "monitor")
        )
        self._outcomes(route, ashdale.PROGRESS_OUTCOMES)
        step = route.steps.order_by("position")[0]
        paper = self._paper(step, challenge, as_at)
        complete_paper(paper, ashdale.PAPER_TEXTS, self.officer)

    def _next_progress(self, challenge: PeerChallenge) -> None:
        """The progress report to come: the paper to scrutiny is in writing."""
        begins = self.today + timedelta(days=16)
        first = self._meeting("scrutiny", begins, THURSDAY, time(18, 30))
        then = self._meeting("cabinet", first.on + timedelta(days=5), TUESDAY, time(17, 0))
        self._meeting("council", then.on + timedelta(days=42), TUESDAY, time(19, 0))
        route = self._route(
            challenge, f"Progress report, {first.on:%B %Y}", self._steps(first, then, "monitor")
        )
        step = route.steps.order_by("position")[0]
        paper = self._paper(step, challenge, self.today)
        for part in parts_of(paper):
            if part.sign_off_role and part.sign_off_role != "Section 151 Officer":
                self._sign(part)

    def _outcomes(self, route: Route, outcomes: tuple[dict[str, str], ...]) -> None:
        for step, outcome in zip(route.steps.order_by("position"), outcomes, strict=True):
            meeting = step.meeting
            published = meeting.on + timedelta(days=2) if meeting else None
            record_outcome(
                step=step,
                version=step.version,
                decision_published_on=published,
                outcome_paragraph=None,
                author=self.officer,
                **outcome,
            )

    def _paper(self, step: RouteStep, challenge: PeerChallenge, as_at: date) -> Paper:
        template = template_for(self.council, step.body)
        assert isinstance(template, PaperTemplate), "the four templates have just been added"
        paper = start_paper(
            step=step,
            template=template,
            title=f"{challenge.title}: progress on the action plan",
            author=self.officer,
        )
        if as_at != paper.figures_as_at:
            paper = refresh_figures(
                paper=paper, version=paper.version, as_at=as_at, author=self.officer
            ).paper
        return paper

    def _sign(self, part: PaperPart) -> None:
        sign_off(part=part, version=part.version, on=self.today, author=self.officer)


def complete_paper(paper: Paper, texts: Mapping[str, str], author: Person) -> None:
    """Write every part that is empty, by its label, from `texts`, and record every sign-off."""
    for part in parts_of(paper):
        text = part.text or texts.get(part.label, "")
        if part.source == Source.LIST and not text:
            text = part.options.splitlines()[-1]
        current = part
        if text != part.text:
            edit = PartEdit(text=text)
            current = change_part(part=part, version=part.version, edit=edit, author=author)
        if current.sign_off_role:
            sign_off(part=current, version=current.version, on=clock.today(), author=author)


def _release(challenge: PeerChallenge, number_before_last: int) -> Release:
    return challenge.releases.order_by("-as_at")[number_before_last]


def issue_ashdale(officer: Person) -> int:
    """Issue Ashdale's complete papers to meetings that have been; how many were issued.

    Raises the errors of `peerplan.render.errors` where no PDF can be made here.
    """
    waiting = RouteStep.objects.for_council(officer.council).filter(
        paper__isnull=False, issues__isnull=True, meeting__agenda_published_on__isnull=False
    )
    count = 0
    for step in waiting.select_related("paper"):
        assert step.paper is not None, "the query asks for one"
        issue_paper(
            paper=step.paper,
            version=step.paper.version,
            step=step,
            reason="",
            is_provisional=False,
            author=officer,
        )
        count += 1
    return count
