"""Appendices of a paper in writing: the plan, an earlier paper or minute, an uploaded PDF."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from actions.models import EXEMPT_PARAGRAPHS
from peerplan.core import clock, history, versions
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.core.scope import CouncilQuerySet
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.papers.models import IssuedPaper, Paper, PaperAppendix, RouteStep
from peerplan.papers.readiness import may_read
from peerplan.papers.services import order
from reviews.services.checks import plain

MOST_APPENDICES = 30
NOT_ENTITLED = "This appendix is not for publication, and you are not entitled to read it."


@dataclass(frozen=True)
class CheckedPdf:
    """An uploaded PDF that was found whole: made by `paper_forms.checked_pdf` only."""

    content: bytes
    name: str
    pages: int


@dataclass(frozen=True)
class AppendixDetails:
    """What is given about an appendix. `upload` None: the file stays as it is."""

    title: str
    kind: str
    audience: RouteStep | None = None
    exempt_paragraph: int | None = None
    as_at: date | None = None
    earlier: IssuedPaper | None = None
    minute_of: RouteStep | None = None
    upload: CheckedPdf | None = None


@transaction.atomic
def add_appendix(*, paper: Paper, details: AppendixDetails, author: Person) -> PaperAppendix:
    """One more appendix, after the others. Raises NotPermitted and Invalid."""
    _permitted(author, paper)
    rows = list(_standing(paper).defer("content"))
    if len(rows) >= MOST_APPENDICES:
        raise Invalid({"": f"A paper has at most {MOST_APPENDICES} appendices. Take one away."})
    appendix = PaperAppendix(paper=paper, position=order.after_all(rows))
    _apply(appendix, details)
    readable = [row.title.lower() for row in rows if may_read(author, row)]
    if appendix.title.lower() in readable:
        words = f"There is an appendix “{appendix.title}” already: give this one another title."
        raise Invalid({"title": words})
    history.save(appendix, author=author.user, reason="Appendix added")
    return appendix


@transaction.atomic
def change_appendix(
    *, appendix: PaperAppendix, version: int, details: AppendixDetails, author: Person
) -> PaperAppendix:
    """The appendix, changed. Raises NotPermitted, Invalid and Stale."""
    current = _claim(appendix, version, author)
    _apply(current, details)
    history.save(current, author=author.user, reason="Appendix changed")
    return current


@transaction.atomic
def end_appendix(*, appendix: PaperAppendix, version: int, author: Person) -> PaperAppendix:
    """Take an appendix away; it is kept. Raises NotPermitted and Stale."""
    current = _claim(appendix, version, author)
    current.ended_at = clock.now()
    history.save(current, author=author.user, reason="Appendix taken away")
    return current


@transaction.atomic
def move_appendix(*, appendix: PaperAppendix, up: bool, version: int, author: Person) -> None:
    """Put an appendix one place up or down, which changes its number. Raises Stale and Invalid."""
    _permitted(author, appendix.paper)
    rows = list(_standing(appendix.paper).defer("content"))
    if appendix not in rows:
        raise Invalid({"": "This appendix was taken away in the meantime, so it cannot be moved."})
    for row, position in order.moved(rows, rows.index(appendix), up):
        current = versions.claim(row, version if row == appendix else row.version)
        current.position = position
        history.save(current, author=author.user, reason="Moved in the order")


def _apply(appendix: PaperAppendix, details: AppendixDetails) -> None:
    """Writes what was given into an appendix. Raises Invalid."""
    kind = PaperAppendix.Kind
    paper = appendix.paper
    if details.kind not in kind.values:
        raise Invalid({"kind": "Choose what the appendix is."})
    appendix.kind = details.kind
    if details.audience and details.audience.paper_id != paper.pk:
        raise Invalid({"audience": "Choose a body that this paper goes to."})
    appendix.audience = details.audience
    if details.exempt_paragraph not in (None, *EXEMPT_PARAGRAPHS):
        raise Invalid({"exempt_paragraph": "Choose a paragraph from the list."})
    appendix.exempt_paragraph = details.exempt_paragraph
    is_plan = details.kind in (kind.PLAN, kind.EXCEPTIONS)
    appendix.as_at = _day(paper, details.as_at) if is_plan else None
    appendix.earlier = details.earlier if details.kind == kind.EARLIER_PAPER else None
    appendix.minute_of = details.minute_of if details.kind == kind.MINUTE else None
    if details.kind == kind.EARLIER_PAPER:
        _check_earlier(paper, details.earlier)
    if details.kind == kind.MINUTE:
        _check_minute(paper, details)
    _take_file(appendix, details.upload)
    appendix.title = plain("title", details.title or _own_title(appendix), limit=200)


def _day(paper: Paper, day: date | None) -> date | None:
    if day is None:
        return None
    if day > clock.today():
        raise Invalid({"as_at": "That day is in the future: give today or an earlier day."})
    if day < paper.challenge.on_site_from:
        raise Invalid({"as_at": "The peers had not yet come on that day: give a later day."})
    return day


def _check_earlier(paper: Paper, issue: IssuedPaper | None) -> None:
    if issue is None:
        raise Invalid({"earlier": "Choose the paper that was issued."})
    if issue.paper.challenge_id != paper.challenge_id:
        raise Invalid({"earlier": "Choose a paper of this challenge."})


def _check_minute(paper: Paper, details: AppendixDetails) -> None:
    """A minute may be to follow, but only of a step that comes before the reader's own.

    One that is not for publication goes with nothing that is.
    """
    step, audience = details.minute_of, details.audience
    if step is None:
        raise Invalid({"minute_of": "Choose the step whose minute it is."})
    if step.outcome_paragraph is not None and details.exempt_paragraph is None:
        message = (
            f"The minute of {step.body} is not for publication under paragraph "
            f"{step.outcome_paragraph}: choose that here too."
        )
        raise Invalid({"exempt_paragraph": message})
    readers = [audience] if audience else list(paper.steps.filter(ended_at__isnull=True))
    for reader in readers:
        if reader.route_id != step.route_id or reader.position <= step.position:
            raise Invalid(
                {
                    "minute_of": f"The minute of {step.body} comes too late for {reader.body}: "
                    "choose an earlier step, or say below which body it is for."
                }
            )


def _take_file(appendix: PaperAppendix, upload: CheckedPdf | None) -> None:
    if appendix.kind != PaperAppendix.Kind.UPLOAD:
        appendix.content, appendix.content_sha256, appendix.file_name = None, "", ""
        appendix.size = appendix.pages = 0
    elif upload is not None:
        appendix.content = upload.content
        appendix.content_sha256 = hashlib.sha256(upload.content).hexdigest()
        appendix.file_name = upload.name
        appendix.size, appendix.pages = len(upload.content), upload.pages
    elif not appendix.content:
        raise Invalid({"file": "Choose the PDF."})


def _own_title(appendix: PaperAppendix) -> str:
    """A title for an appendix to which none was given."""
    kind = PaperAppendix.Kind
    if appendix.kind == kind.EARLIER_PAPER and appendix.earlier:
        return appendix.earlier.title
    if appendix.kind == kind.MINUTE and appendix.minute_of:
        return f"Minute of {appendix.minute_of.body.name}"[:200]
    if appendix.kind == kind.UPLOAD:
        return appendix.file_name.removesuffix(".pdf")
    return "Action plan: exceptions" if appendix.kind == kind.EXCEPTIONS else "Action plan"


def _standing(paper: Paper) -> CouncilQuerySet[PaperAppendix]:
    return PaperAppendix.objects.filter(paper=paper, ended_at__isnull=True)


def _permitted(author: Person, paper: Paper) -> None:
    author.require(Capability.PRODUCE_PAPERS)
    if paper.challenge.council_id != author.council.pk:
        raise NotPermitted("This paper belongs to another council.")
    if paper.ended_at is not None:
        raise Invalid({"": "This paper was taken away, so it cannot be changed."})


def _claim(appendix: PaperAppendix, version: int, author: Person) -> PaperAppendix:
    """The appendix to be changed, whose exempt content nobody opens who is not entitled to it."""
    _permitted(author, appendix.paper)
    if not may_read(author, appendix):
        raise NotPermitted(NOT_ENTITLED)
    try:
        current = versions.claim(appendix, version)
    except Stale as error:
        if not may_read(author, error.current):
            raise NotPermitted(NOT_ENTITLED) from error
        raise
    current.paper = appendix.paper
    if current.ended_at is not None:
        raise Invalid({"": "This appendix was taken away in the meantime."})
    return current
