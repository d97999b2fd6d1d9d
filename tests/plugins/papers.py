"""Bodies, meetings, a route and a paper for the tests of committee papers."""

import hashlib
from collections.abc import Callable
from datetime import date, time

import pytest

from actions.frozen import freeze
from actions.position import Position
from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.models import (
    Body,
    IssuedPaper,
    Meeting,
    Paper,
    PaperPart,
    PaperTemplate,
    PartKind,
    Placement,
    Purpose,
    Route,
    RouteStep,
)
from reviews.models import PeerChallenge


@pytest.fixture
def scrutiny_body(council: Council, democratic: Person) -> Body:
    """Ashdale's scrutiny committee."""
    body = Body(
        council=council,
        name="Corporate Scrutiny Committee",
        kind=Body.Kind.SCRUTINY,
        called="the Committee",
        lead_in="THAT THE COMMITTEE:",
    )
    history.save(body, author=democratic.user)
    return body


@pytest.fixture
def cabinet(council: Council, democratic: Person) -> Body:
    """Ashdale's executive."""
    body = Body(
        council=council,
        name="Cabinet",
        kind=Body.Kind.EXECUTIVE,
        called="Cabinet",
        lead_in="THAT CABINET:",
    )
    history.save(body, author=democratic.user)
    return body


@pytest.fixture
def scrutiny_meeting(scrutiny_body: Body, democratic: Person) -> Meeting:
    """Thursday 19 June 2025."""
    meeting = Meeting(
        body=scrutiny_body, on=date(2025, 6, 19), at=time(18, 30), place="Council Chamber"
    )
    history.save(meeting, author=democratic.user)
    return meeting


@pytest.fixture
def cabinet_meeting(cabinet: Body, democratic: Person) -> Meeting:
    """Tuesday 24 June 2025."""
    meeting = Meeting(body=cabinet, on=date(2025, 6, 24), at=time(17, 0), place="Council Chamber")
    history.save(meeting, author=democratic.user)
    return meeting


@pytest.fixture
def route(challenge: PeerChallenge, democratic: Person) -> Route:
    """A route without its steps."""
    record = Route(challenge=challenge, name="Progress, June 2025")
    history.save(record, author=democratic.user)
    return record


@pytest.fixture
def scrutiny_step(route: Route, scrutiny_meeting: Meeting, democratic: Person) -> RouteStep:
    """Scrutiny comments first."""
    step = RouteStep(
        route=route,
        position=1,
        body=scrutiny_meeting.body,
        meeting=scrutiny_meeting,
        purpose=Purpose.COMMENT,
    )
    history.save(step, author=democratic.user)
    return step


@pytest.fixture
def cabinet_step(
    route: Route, scrutiny_step: RouteStep, cabinet_meeting: Meeting, democratic: Person
) -> RouteStep:
    """Then Cabinet approves, with what scrutiny said."""
    step = RouteStep(
        route=route,
        position=2,
        body=cabinet_meeting.body,
        meeting=cabinet_meeting,
        purpose=Purpose.APPROVE,
        takes_comments=True,
        takes_minute=True,
    )
    history.save(step, author=democratic.user)
    return step


@pytest.fixture
def paper_template(council: Council, democratic: Person) -> PaperTemplate:
    """A template without parts, in the style of a front table."""
    record = PaperTemplate(
        council=council, name="Report to Cabinet", body_kind="executive", kicker="Report to {body}"
    )
    history.save(record, author=democratic.user)
    return record


@pytest.fixture
def paper(
    challenge: PeerChallenge,
    cabinet_step: RouteStep,
    paper_template: PaperTemplate,
    democratic: Person,
) -> Paper:
    """A paper to Cabinet with one part of each placement, nothing missing but the sign-off."""
    record = Paper(
        challenge=challenge,
        template=paper_template,
        title="Peer challenge: progress on the action plan",
        figures_as_at=date(2025, 6, 12),
    )
    history.save(record, author=democratic.user)
    cabinet_step.paper = record
    history.save(cabinet_step, author=democratic.user)
    rows: list[tuple[str, str, str, str, str]] = [
        (PartKind.FIELD, Placement.HEAD, "", "Report of", "Chief Executive"),
        (PartKind.FIELD, Placement.FACTS, "", "Key decision", "No"),
        (PartKind.FIELD, Placement.FRONT, "", "Purpose of report", "To report progress."),
        (PartKind.IMPLICATION, Placement.FRONT, "", "Financial implications", "None from this."),
        (
            PartKind.RECOMMENDATIONS,
            Placement.FRONT,
            "",
            "Recommendations",
            "Notes the progress.\n\nAgrees the plan.",
        ),
        (PartKind.SECTION, Placement.BODY, "", "Background", "The peers came in June.\n\n- One"),
        (PartKind.IMPLICATION, Placement.LIST, "Implications", "Impact on customers", "None."),
        (PartKind.BACKGROUND_PAPERS, Placement.PLAIN, "", "Background papers", ""),
        (PartKind.APPENDICES, Placement.PLAIN, "", "Appendices", ""),
        (PartKind.FIELD, Placement.END, "Other considerations", "Equality", "None."),
    ]
    for number, (kind, placement, group, label, text) in enumerate(rows, 1):
        part = PaperPart(
            paper=record,
            position=number,
            kind=kind,
            placement=placement,
            group=group,
            label=label,
            text=text,
            step=cabinet_step if kind == PartKind.RECOMMENDATIONS else None,
            lead_in="THAT CABINET:" if kind == PartKind.RECOMMENDATIONS else "",
            sign_off_role="Section 151 Officer" if label == "Financial implications" else "",
            is_required=kind not in (PartKind.BACKGROUND_PAPERS, PartKind.APPENDICES),
        )
        history.save(part, author=democratic.user)
    return record


Saw = Callable[..., IssuedPaper]


@pytest.fixture
def saw(paper_template: PaperTemplate, democratic: Person) -> Saw:
    """Records that a body saw a position: `saw(step, position, number=1)`, paper and all."""

    def issue(step: RouteStep, position: Position, number: int = 1) -> IssuedPaper:
        if step.paper is None:
            step.paper = Paper(
                challenge=step.route.challenge,
                template=paper_template,
                title=f"The plan at {position.as_at}",
                figures_as_at=position.as_at,
                figures_known_by=position.known_by,
            )
            history.save(step.paper, author=democratic.user)
            history.save(step, author=democratic.user)
        content = freeze(position)
        return IssuedPaper.objects.create(
            paper=step.paper,
            step=step,
            number=number,
            title=step.paper.title,
            body_name=step.body.name,
            meeting_on=step.meeting.on if step.meeting else None,
            issued_by=democratic.user,
            as_at=position.as_at,
            known_by=position.known_by,
            reason="A date was wrong." if number > 1 else "",
            position=content,
            position_sha256=hashlib.sha256(content).hexdigest(),
        )

    return issue
