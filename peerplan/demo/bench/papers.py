"""Committee papers: their pages, their issue in each format, and what changed since the last."""

import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse

from actions.changes import changes
from actions.frozen import freeze, thaw
from actions.position import plan_position
from peerplan.core import clock
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Membership
from peerplan.demo.ashdale import BODIES, PAPER_TEXTS
from peerplan.demo.bench.appendix import MEGABYTE, appendix_of, cpu_seconds
from peerplan.demo.bench.measure import Line, cost, where_time_goes
from peerplan.demo.bench.pages import page, signed_in
from peerplan.demo.committees import complete_paper
from peerplan.papers.compose import compose
from peerplan.papers.drafting import load_context
from peerplan.papers.models import IssuedPaper, Paper, RouteStep
from peerplan.papers.pack import pack_of, read_inputs
from peerplan.papers.services.issues import issue_paper
from peerplan.papers.services.meetings import MeetingDetails, add_body, add_meeting
from peerplan.papers.services.papers import proposed_title, start_paper
from peerplan.papers.services.routes import StepDetails, start_route
from peerplan.papers.services.templates import add_all_presets, template_for
from peerplan.render.appendix import appendix_html
from peerplan.render.pdf import html_to_pdf
from peerplan.render.report_html import REPORT_STYLES, report_html, report_images
from peerplan.render.word import appendix_docx, report_docx
from reviews.models import PeerChallenge

MOST_QUERIES = 15
MOST_CHANGED = 0.05
"""CPU seconds for what changed between two frozen positions of a thousand actions."""
TIMES = 5
TEXTS = PAPER_TEXTS | {"Summary of the approach": "Five peers came for three days."}


@dataclass(frozen=True)
class Pack:
    """A complete paper with the plan as its appendix, and who may issue it."""

    paper: Paper
    step: RouteStep
    officer: Person


def make_pack(challenge: PeerChallenge) -> Pack:
    """A body, a meeting, a route and a complete paper for a council made here."""
    council = challenge.council
    seat = Membership.objects.select_related("user", "council").get(
        council=council, role=Role.PLAN_MANAGER
    )
    officer = Person(seat.user, council, seat)
    body = add_body(council=council, details=BODIES["cabinet"], author=officer)
    add_all_presets(council=council, author=officer)
    meeting = add_meeting(
        body=body, details=MeetingDetails(on=clock.today() + timedelta(days=21)), author=officer
    )
    route = start_route(
        challenge=challenge,
        name="Progress report",
        steps=[StepDetails(body=body, meeting=meeting, purpose="approve")],
        author=officer,
    )
    step = route.steps.get()
    template = template_for(council, body)
    if template is None:
        raise RuntimeError("the ready-made templates have just been added")
    paper = start_paper(step=step, template=template, title=proposed_title(step), author=officer)
    complete_paper(paper, TEXTS, officer)
    return Pack(Paper.objects.get(pk=paper.pk), step, officer)


def issue_lines(challenge: PeerChallenge, actions: int) -> Iterator[Line]:
    """What the issue of one paper costs as a whole, then each format of its public copy."""
    pack = make_pack(challenge)
    used, began = cpu_seconds(), time.perf_counter()
    issue = issue_paper(
        paper=pack.paper,
        version=pack.paper.version,
        step=pack.step,
        reason="",
        is_provisional=False,
        author=pack.officer,
    )
    spent, wall = cpu_seconds() - used, time.perf_counter() - began
    documents = list(issue.documents.defer("content"))
    yield Line(
        f"Issue of a paper, {actions} actions",
        cpu=spent,
        wall=wall,
        note=f"{len(documents)} files, {sum(each.size for each in documents) / 1000:.0f} kB",
    )
    yield from _format_lines(pack, actions)


def _format_lines(pack: Pack, actions: int) -> Iterator[Line]:
    """Report and appendix as PDF and as Word, public; Word may take no more than PDF."""
    inputs = read_inputs(pack.officer.council, pack.paper.pk)
    public = pack_of(inputs, pack.step, load_context(pack.paper, pack.step), is_draft=False)
    report = compose(public, notices=(), dated=clock.today())
    document = appendix_of(pack.paper.challenge).document

    def as_pdf() -> int:
        body = html_to_pdf(
            report_html(report), stylesheets=REPORT_STYLES, images=report_images(report)
        )
        return max(body.peak_bytes, html_to_pdf(appendix_html(document)).peak_bytes)

    def as_word() -> int:
        return len(report_docx(report)) + len(appendix_docx(document))

    used, began = cpu_seconds(), time.perf_counter()
    peak = as_pdf()
    spent, wall = cpu_seconds() - used, time.perf_counter() - began
    note = f"peak of the renderer {peak / MEGABYTE:.0f} MB"
    yield Line(f"  PDF, report and {actions} actions", cpu=spent, wall=wall, note=note)
    word = cost(as_word, times=1)
    tracemalloc.start()
    as_word()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield Line(
        f"  Word, the same {actions}",
        cpu=word.cpu,
        cpu_most=spent,
        wall=word.wall,
        note=f"peak of its objects {peak / MEGABYTE:.0f} MB",
    )


def changed_line(challenge: PeerChallenge) -> Line:
    """What changed between two frozen positions, from their bytes."""
    releases = list(challenge.releases.select_related("challenge")[:4])
    frozen = [
        freeze(plan_position(challenge, each.as_at, each.known_by))
        for each in (releases[-1], releases[0])
    ]

    def compare() -> Any:
        before, after = (thaw(content) for content in frozen)
        return changes(before, after).all

    found = cost(compare, times=TIMES)
    thawed = cost(lambda: [thaw(content) for content in frozen], times=TIMES)
    line = Line(
        f"What changed, {len(compare()):,} actions, from two frozen",
        sql=found.sql,
        cpu=found.cpu,
        cpu_most=MOST_CHANGED,
        wall=found.wall,
        note=f"thawing is {thawed.cpu:.3f} s of it; {sum(map(len, frozen)) / 2000:.0f} kB each",
    )
    if line.over:
        line.note += "\n" + "\n".join(where_time_goes(compare))
    return line


def page_lines(challenge: PeerChallenge) -> Iterator[Line]:
    """The statements of every page on which papers are read and written, after one was issued."""
    issue = IssuedPaper.objects.select_related("paper", "step").get(paper__challenge=challenge)
    client = signed_in(
        Membership.objects.get(council=challenge.council, role=Role.PLAN_MANAGER).user
    )
    step, paper = issue.step, issue.paper
    known = {"paper": paper.pk, "issue": issue.pk}
    addresses: dict[str, dict[str, Any]] = {
        "meetings": {},
        "meeting": {"meeting": step.meeting_id},
        "bodies": {},
        "body": {"body": step.body_id},
        "route": {"route": step.route_id},
        "paper_templates": {},
        "paper_template": {"template": paper.template_id},
        "paper": {"paper": paper.pk},
        "paper_all": {"paper": paper.pk},
        "paper_part": {"paper": paper.pk, "part": paper.parts.all()[0].pk},
        "paper_preview": {"paper": paper.pk},
        "paper_issue": {"paper": paper.pk},
        "issued_paper": known,
    }
    for name, arguments in addresses.items():
        address = reverse(name, kwargs={"council": challenge.council.slug} | arguments)
        found = cost(page(client, address), times=TIMES)
        yield Line(f"  {name}", found.sql, MOST_QUERIES, found.cpu, None, found.wall)
