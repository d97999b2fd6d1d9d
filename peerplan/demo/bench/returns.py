"""What comes back to a council: claims, dates, findings, questions, decisions, statement, peers."""

import time
import tracemalloc
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.urls import reverse

from actions.integrity.reading import findings_now
from actions.models import Action
from actions.position import plan_position
from actions.services.closing import close_plan
from actions.services.releases import post_recommendation_update
from actions.services.statements import issue_statement, write_statement
from actions.statement_reading import Draft, draft_of
from peerplan.core import clock
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Membership
from peerplan.councils.services.names import change_names
from peerplan.demo.ashdale import BODIES
from peerplan.demo.bench import words
from peerplan.demo.bench.appendix import MEGABYTE, cpu_seconds
from peerplan.demo.bench.generate import RECOMMENDATIONS
from peerplan.demo.bench.measure import Line, cost, where_time_goes
from peerplan.demo.bench.pages import page, signed_in
from peerplan.papers.models import Body, RouteStep
from peerplan.papers.services import questions
from peerplan.papers.services.amendments import amend, as_it_stands
from peerplan.papers.services.decisions import (
    DecisionDetails,
    ResolutionDetails,
    add_resolutions,
    record_decision,
)
from peerplan.papers.services.meetings import MeetingDetails, add_body, add_meeting, add_seat
from peerplan.papers.services.routes import StepDetails, record_outcome, start_route
from peerplan.render.pdf import html_to_pdf
from peerplan.render.report_html import REPORT_STYLES, report_html, report_images
from peerplan.render.word import report_docx
from reviews.models import PeerChallenge, Recommendation
from reviews.services import progress, recurrences
from reviews.services.challenges import adopt, change_challenge, create_challenge
from reviews.services.parts import set_themes_of_challenge
from reviews.services.recommendations import add_recommendation

MOST_QUERIES = 15
TIMES = 5
QUESTIONS = 40
RESOLUTIONS = 6
NAMES = 100
ASKED = frozenset({"question_new"})
OF_ALL_ACTIONS = frozenset({"claims", "date_ledger", "findings", "release", "progress_review"})
SITE = "https://plan.example"


@dataclass(frozen=True)
class Returned:
    """What was made for one council, who reads it, and the member who asks."""

    challenge: PeerChallenge
    officer: Person
    member: Person
    step: RouteStep


def make_returns(challenge: PeerChallenge) -> Returned:
    """What comes back, made through the services, for a council made here."""
    seats = Membership.objects.select_related("user", "council").filter(council=challenge.council)
    seat, chair = seats.get(role=Role.PLAN_MANAGER), seats.get(role=Role.MEMBER)
    council = change_names(
        council=challenge.council,
        names="\n".join(
            f"Wren{chr(97 + n % 26)} Apple{chr(97 + n // 26)}garth" for n in range(NAMES)
        ),
        version=challenge.council.version,
        author=seat.user,
    )
    officer, member = Person(seat.user, council, seat), Person(chair.user, council, chair)
    body = Body.objects.for_council(council).filter(name=BODIES["cabinet"].name).first()
    if body is None:
        body = add_body(council=council, details=BODIES["cabinet"], author=officer)
    add_seat(body=body, membership=chair, office="Chair", author=officer)
    acted = list(Action.objects.filter(challenge=challenge).order_by("position"))
    asked = list(Recommendation.objects.filter(challenge=challenge).order_by("position"))
    _questions(challenge, body, acted, member, officer)
    step = _decision(challenge, body, acted, officer)
    _review(challenge, asked, officer)
    challenge.refresh_from_db()
    write_statement(
        challenge=challenge,
        version=0,
        introduction="This statement goes with the plan as it was last released.",
        ahead="- Cabinet decides on the second contract.",
        author=officer,
    )
    _before(challenge, asked, officer)
    current = PeerChallenge.objects.select_related("council").get(pk=challenge.pk)
    return Returned(current, officer, member, step)


def _questions(
    challenge: PeerChallenge, body: Body, acted: list[Action], member: Person, officer: Person
) -> None:
    """Questions on the first actions, every second answered, every fourth closed."""
    for number in range(QUESTIONS):
        question = questions.ask(
            challenge=challenge,
            body=body,
            about=questions.Subject(action=acted[number % len(acted)]),
            text=f"When will part {number + 1} be done, and what has changed for residents so far?",
            author=member,
        )
        if number % 2 == 0:
            question = questions.answer(
                question=question,
                version=question.version,
                text="By the end of the year, as the last progress update says.",
                author=officer,
            )
        if number % 4 == 0:
            questions.close(question=question, version=question.version, text="", author=member)


def _decision(
    challenge: PeerChallenge, body: Body, acted: list[Action], officer: Person
) -> RouteStep:
    """A step that has met, with its resolutions and one amendment of the plan."""
    on = challenge.releases.all()[0].as_at
    meeting = add_meeting(body=body, details=MeetingDetails(on=on), author=officer)
    route = start_route(
        challenge=challenge,
        name="Last progress report",
        steps=[StepDetails(body=body, meeting=meeting, purpose="approve")],
        author=officer,
    )
    step = route.steps.get()
    step = record_outcome(
        step=step,
        version=step.version,
        comments="",
        minute_number="54",
        minute="RESOLVED that progress be noted.",
        decision_published_on=on + timedelta(days=2),
        outcome_paragraph=None,
        author=officer,
    )
    record_decision(
        step=step,
        version=0,
        details=DecisionDetails(
            introduced_by="Leader of the Council", votes_for=7, votes_against=1, abstentions=0
        ),
        author=officer,
    )
    subjects = [acted[number % len(acted)].ref for number in range(5 * RESOLUTIONS)]
    rows = add_resolutions(
        step=step,
        resolutions=[
            ResolutionDetails(
                f"Progress on part {number + 1} of the plan be noted.",
                recommendations=(str(number % RECOMMENDATIONS + 1),),
                actions=tuple(dict.fromkeys(subjects[5 * number : 5 * number + 5])),
            )
            for number in range(RESOLUTIONS)
        ],
        author=officer,
    )
    first = Action.objects.get(pk=acted[0].pk)
    amend(
        step=step,
        action=first,
        version=first.version,
        amended=replace(
            as_it_stands(first), success_measure="Nine in ten are answered.", why="It is clearer."
        ),
        resolution=rows[0],
        author=officer,
    )
    return step


def _review(challenge: PeerChallenge, asked: list[Recommendation], officer: Person) -> None:
    """The peers' return, with a finding for each recommendation and two suggestions; locked."""
    released = challenge.releases.all()[0].as_at
    challenge.refresh_from_db()
    review = progress.set_dates(
        challenge=challenge,
        version=challenge.version,
        author=officer,
        review_from=released,
        review_to=released,
        review_report_published_on=None,
    )
    progress.add_peer(review=review, author=officer, role="Chief executive peer")
    themes = progress.add_themes(
        review=review, author=officer, titles=["Money", "Leadership", "What comes next"]
    )
    for number, row in enumerate(asked):
        progress.set_finding(
            review=review,
            recommendation=row,
            version=0,
            author=officer,
            progress="some",
            words="Most of what was promised has begun, and members ask what comes next.",
            theme=themes[number % len(themes)],
        )
    for row in asked[:2]:
        progress.add_suggestion(
            review=review, parent=row, author=officer, title="Say who leads it", wording="And when."
        )
    review.refresh_from_db()
    progress.lock(review=review, version=review.version, author=officer)


def _before(challenge: PeerChallenge, asked: list[Recommendation], officer: Person) -> None:
    """The challenge five years earlier, closed, and every second matter asked again."""
    begun = challenge.on_site_from - timedelta(days=5 * 365)
    before = create_challenge(
        council=officer.council,
        author=officer,
        kind="cpc",
        title=f"Corporate Peer Challenge {begun.year}, the one before",
        on_site_from=begun,
        on_site_to=begun + timedelta(days=2),
    )
    set_themes_of_challenge(
        challenge=before, author=officer, core=before.preset.themes, own=(), focus=()
    )
    made = [
        add_recommendation(
            challenge=before,
            author=officer,
            ref=str(number + 1),
            title=words.AIMS[number % len(words.AIMS)],
            response="accepted",
        )
        for number in range(RECOMMENDATIONS)
    ]
    before.refresh_from_db()
    before = adopt(
        challenge=before,
        adopted_on=begun + timedelta(days=120),
        author=officer,
        version=before.version,
    )
    closed_on = begun + timedelta(days=1200)
    for number, row in enumerate(made):
        row.refresh_from_db()
        post_recommendation_update(
            recommendation=row,
            version=row.version,
            as_at=closed_on,
            status="complete",
            summary="Done.",
            is_closed=True,
            closing_reason="Normal work carries it on.",
            author=officer,
        )
        if number % 2 == 0:
            recurrences.link(earlier=row, later=asked[number], note="", author=officer)
    before.refresh_from_db()
    close_plan(
        challenge=before,
        version=before.version,
        closed_on=closed_on,
        reason="The rest is normal work.",
        author=officer,
    )
    challenge.refresh_from_db()
    change_challenge(
        challenge=challenge, version=challenge.version, author=officer, previous=before
    )


def addresses(returned: Returned) -> dict[str, str]:
    """Name and address of each page on which what came back is read or written."""
    plan = {"council": returned.challenge.council.slug, "challenge": returned.challenge.slug}
    of_plan = (
        "claims",
        "date_ledger",
        "findings",
        "release",
        "releases",
        "questions",
        "question_new",
        "progress_review",
        "review_setup",
        "statement",
        "statement_issue",
        "closing",
        "peers",
    )
    found = {name: reverse(name, kwargs=plan) for name in of_plan}
    found["question"] = reverse("question", kwargs=plan | {"number": 1})
    council = {"council": plan["council"]}
    step = council | {"route": returned.step.route_id, "step": returned.step.pk}
    found["over_the_years"] = reverse("over_the_years", kwargs=council)
    found["decisions"] = reverse("decisions", kwargs=council)
    found["decision"] = reverse("decision", kwargs=step)
    return found


def page_lines(
    returned: Returned, actions: int, only: Collection[str] | None = None
) -> Iterator[Line]:
    """What each page, or each of `only`, costs for an officer who may read everything.

    Questions are asked by members, so their form is read by one.
    """
    officer, member = signed_in(returned.officer.user), signed_in(returned.member.user)
    for name, address in addresses(returned).items():
        if only is None or name in only:
            client = member if name in ASKED else officer
            yield _page_line(f"  {name}, {actions:,} actions", page(client, address))


def _page_line(name: str, work: Any) -> Line:
    found = cost(work, times=TIMES)
    line = Line(name, found.sql, MOST_QUERIES, found.cpu, None, found.wall)
    if line.over:
        line.note = "\n".join(where_time_goes(work))
    return line


def integrity_line(returned: Returned, actions: int) -> Line:
    """The rules over a whole plan, its position read before."""
    challenge, officer = returned.challenge, returned.officer
    position = plan_position(challenge, clock.today(), named=False)
    releases = list(challenge.releases.defer("findings"))

    def find() -> Any:
        return findings_now(officer, challenge, position, releases)

    found = cost(find, times=TIMES)
    return Line(
        f"Rules of integrity, {actions:,} actions",
        sql=found.sql,
        sql_most=MOST_QUERIES,
        cpu=found.cpu,
        wall=found.wall,
        note=f"{len(find()):,} findings, {NAMES} names looked for; the position is read before",
    )


def statement_lines(returned: Returned, actions: int) -> Iterator[Line]:
    """What the issue of a position statement costs as a whole, then each format of it."""
    release = returned.challenge.releases.all()[0]
    draft = draft_of(returned.challenge, release, include_exempt=False, site=SITE)
    used, began = cpu_seconds(), time.perf_counter()
    issue = issue_statement(
        challenge=returned.challenge,
        version=draft.version,
        release=release,
        include_exempt=False,
        reason="For the measurement",
        site=SITE,
        author=returned.officer,
    )
    spent, wall = cpu_seconds() - used, time.perf_counter() - began
    files = list(issue.files.defer("content"))
    yield Line(
        f"Issue of a statement, {actions:,} actions",
        cpu=spent,
        wall=wall,
        note=f"{len(files)} files, {sum(each.size for each in files) / 1000:.0f} kB",
    )
    yield from _format_lines(draft, actions)


def _format_lines(draft: Draft, actions: int) -> Iterator[Line]:
    """The statement as PDF and as Word; Word may take no more than PDF."""
    report = draft.report(dated=clock.today())
    used, began = cpu_seconds(), time.perf_counter()
    pdf = html_to_pdf(report_html(report), stylesheets=REPORT_STYLES, images=report_images(report))
    spent, wall = cpu_seconds() - used, time.perf_counter() - began
    yield Line(
        f"  PDF, statement of {actions:,}",
        cpu=spent,
        wall=wall,
        note=f"{pdf.pages} pages, peak of the renderer {pdf.peak_bytes / MEGABYTE:.0f} MB",
    )
    word = cost(lambda: report_docx(report), times=1)
    tracemalloc.start()
    report_docx(report)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield Line(
        f"  Word, the same {actions:,}",
        cpu=word.cpu,
        cpu_most=spent,
        wall=word.wall,
        note=f"peak of its objects {peak / MEGABYTE:.0f} MB",
    )
