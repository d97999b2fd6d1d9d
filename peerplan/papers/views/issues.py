"""Preview, drafts, the issue of a paper, and issued papers with their files."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peerplan.core import clock
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers.compose import compose
from peerplan.papers.entitlement import may_read_restricted
from peerplan.papers.faces import DRAFT_NOTICE, RESTRICTED, report_pdf
from peerplan.papers.issue_forms import IssueForm
from peerplan.papers.issue_reading import (
    NOT_ENTITLED,
    RESTRICTED_COPY,
    Copy,
    copy_of,
    document_of,
    issuer,
    issues_of,
    later_issue,
    to_check,
)
from peerplan.papers.models import IssuedDocument, IssuedPaper, RouteStep
from peerplan.papers.pack import Inputs, light_context, pack_of, read_inputs
from peerplan.papers.readiness import missing, missing_for
from peerplan.papers.services.issues import issue_paper, next_number
from peerplan.render import packs
from peerplan.render.errors import RenderError, RendererUnavailable, TooManyAtOnce
from peerplan.render.report import Report
from peerplan.render.report_html import report_body
from peerplan.render.report_page import kept_body
from peerplan.render.word import report_docx
from reviews.history import last_change

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Shown:
    """A paper in writing as one person reads it: for which step, and which copy."""

    inputs: Inputs
    step: RouteStep
    is_entitled: bool
    shows_restricted: bool

    def report(self) -> Report:
        context = light_context(self.inputs, self.step, include_exempt=self.shows_restricted)
        pack = pack_of(self.inputs, self.step, context, is_draft=True)
        return compose(pack, notices=(DRAFT_NOTICE,), dated=clock.today())


def shown(request: CouncilRequest, paper: int) -> Shown:
    """The paper and the step that were asked for. Raises Http404 and NotPermitted."""
    inputs = read_inputs(request.council, paper)
    if inputs.paper.ended_at is not None:
        raise Http404
    step = _step(request, inputs)
    is_entitled = may_read_restricted(request.person, step.body)
    wants = request.GET.get("copy") == RESTRICTED_COPY
    if wants and not is_entitled:
        raise NotPermitted(NOT_ENTITLED)
    return Shown(inputs, step, is_entitled, wants)


def _step(request: CouncilRequest, inputs: Inputs) -> RouteStep:
    asked = request.POST.get("step") or request.GET.get("step") or ""
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404
    return inputs.step(int(asked) if asked else None)


@gate.requires(Capability.READ_LIVE)
@require_safe
def paper_preview(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """The paper as it would be issued today, drawn in the page."""
    seen = shown(request, paper)
    logo = reverse("logo", args=[council]) if request.council.logo_type else ""
    context = _context(seen) | {"body": report_body(seen.report(), 2, logo_url=logo)}
    return _private(render(request, "papers/preview.html", context))


@gate.requires(Capability.READ_LIVE)
@require_safe
def paper_draft(request: CouncilRequest, council: str, paper: int, kind: str) -> HttpResponse:
    """The draft as PDF or Word, marked as a draft on its face."""
    if kind not in ("pdf", "docx"):
        raise Http404
    seen = shown(request, paper)
    report = seen.report()
    try:
        content = report_pdf(report)[0] if kind == "pdf" else report_docx(report)
    except RenderError as problem:
        context = _context(seen) | _trouble(problem)
        return render(request, "papers/draft_failed.html", context, status=503)
    marked = RESTRICTED if seen.shows_restricted else ""
    return _download(content, kind, f"draft-{council}-report-{paper}{marked}.{kind}")


@gate.requires(Capability.PRODUCE_PAPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_issue(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """What is missing and what to check; a POST issues the paper to the body of the step."""
    seen = shown(request, paper)
    number = next_number(seen.inputs.paper, seen.step)
    slips = to_check(request.person, seen.inputs, seen.step)
    form = IssueForm(
        request.POST or None,
        is_correction=number > 1,
        approver=seen.inputs.approver(seen.step),
        has_slips=bool(slips),
        initial={
            "version": seen.inputs.paper.version,
            "seen": seen.inputs.stamp,
            "number": number,
        },
    )
    given: dict[str, Any] = {"form": form, "number": number, "slips": slips}
    if request.method != "POST":
        return _issue_page(request, seen, given, 200)
    if _has_moved(request, seen.inputs):
        return _overtaken(request, paper, given)
    if not form.is_valid():
        return _issue_page(request, seen, given, 422)
    try:
        done = issue_paper(
            paper=seen.inputs.paper,
            version=form.cleaned_data["version"],
            step=seen.step,
            reason=form.cleaned_data.get("reason") or "",
            is_provisional=form.cleaned_data["is_provisional"],
            author=request.person,
            seen=form.cleaned_data["seen"],
        )
    except Invalid as refusal:
        for name, message in refusal.fields.items():
            form.add_error(name if name in form.fields else None, message)
        return _issue_page(request, seen, given, 422)
    except Stale:
        return _overtaken(request, paper, given)
    except RenderError as problem:
        return _issue_page(request, seen, given | _trouble(problem), 503)
    messages.success(request, f"Issued to {done.body_name}.")
    return redirect("issued_paper", council, paper, done.pk)


def _has_moved(request: CouncilRequest, inputs: Inputs) -> bool:
    """Whether the paper is another than the page showed; said before anything else is wrong."""
    version, seen = request.POST.get("version", ""), request.POST.get("seen", "")
    return (version.isdecimal() and version != str(inputs.paper.version)) or (
        bool(seen) and seen != inputs.stamp
    )


def _overtaken(request: CouncilRequest, paper: int, given: dict[str, Any]) -> HttpResponse:
    """The 409 of whoever was second: who issued or changed the paper, and what was typed."""
    seen = shown(request, paper)
    number = next_number(seen.inputs.paper, seen.step)
    form = IssueForm(
        is_correction=number > 1,
        approver=seen.inputs.approver(seen.step),
        has_slips=bool(given["slips"]),
        initial={
            "version": seen.inputs.paper.version,
            "seen": seen.inputs.stamp,
            "number": number,
            "reason": request.POST.get("reason", ""),
            "is_provisional": "is_provisional" in request.POST,
        },
    )
    change = last_change(seen.inputs.paper, request.council)
    rows = IssuedPaper.objects.filter(paper=seen.inputs.paper, step=seen.step).defer("position")
    was_issued = request.POST.get("number", "") not in ("", str(number))
    context: dict[str, Any] = {
        "form": form,
        "number": number,
        "slips": given["slips"],
        "overtaken_by": change[0] if change else "Somebody else",
        "overtaken_at": change[1] if change else clock.now(),
        "overtaken_issue": rows.first() if was_issued else None,
    }
    return _issue_page(request, seen, context, 409)


def _issue_page(
    request: CouncilRequest, seen: Shown, given: dict[str, Any], status: int
) -> HttpResponse:
    inputs = seen.inputs
    lacks = missing(inputs.paper, inputs.parts, inputs.appendices, seen.step)
    context = {"trouble": "", "overtaken_by": ""} | _context(seen) | given
    context |= {
        "missing": missing_for(request.person, lacks),
        "own": [each for each in inputs.appendices if each.audience_id in (None, seen.step.pk)],
        "approver": inputs.approver(seen.step),
        "today": clock.today(),
    }
    return _private(render(request, "papers/issue.html", context, status=status))


def _context(seen: Shown) -> dict[str, Any]:
    paper, step = seen.inputs.paper, seen.step
    query = f"?step={step.pk}"
    restricted = f"{query}&copy={RESTRICTED_COPY}"
    return {
        "paper": paper,
        "challenge": paper.challenge,
        "section": "meetings",
        "step": step,
        "steps": seen.inputs.steps,
        "is_entitled": seen.is_entitled,
        "shows_restricted": seen.shows_restricted,
        "query": restricted if seen.shows_restricted else query,
        "public_query": query,
        "restricted_query": restricted,
    }


def _trouble(problem: RenderError) -> dict[str, Any]:
    return {
        "trouble": str(problem),
        "is_missing_engine": isinstance(problem, RendererUnavailable),
        "is_busy": isinstance(problem, TooManyAtOnce),
    }


# --- Issued papers ------------------------------------------------------------------------------


@gate.requires(Capability.READ_RELEASED)
@require_safe
def issued_paper(request: CouncilRequest, council: str, paper: int, issue: int) -> HttpResponse:
    """An issued paper as it was issued, with its files and its other issues."""
    copy = copy_of(request, paper, issue)
    record = copy.issue
    issues = issues_of(record)
    post, name = issuer(request.person, record)
    context = {
        "challenge": record.paper.challenge,
        "section": "meetings",
        "issue": record,
        "copy": copy,
        "query": _copy_query(copy),
        "body": kept_body(copy.page()),
        "files": [list(files) for _, files in groupby(copy.documents(), by_position)],
        "others": [each for each in issues if each.pk != record.pk],
        "later": later_issue(record, issues),
        "post": post,
        "name": name,
    }
    return _private(render(request, "papers/issued.html", context))


@gate.requires(Capability.READ_RELEASED)
@require_safe
def issued_document(
    request: CouncilRequest, council: str, paper: int, issue: int, document: int
) -> HttpResponse:
    """One file of an issued paper, as an attachment."""
    found = document_of(request, paper, issue, document)
    return _download(bytes(found.content), found.format, found.file_name)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def issued_pack(request: CouncilRequest, council: str, paper: int, issue: int) -> HttpResponse:
    """All files of one copy with a manifest of their SHA-256, as a ZIP."""
    copy = copy_of(request, paper, issue)
    record = copy.issue
    documents = copy.documents()
    rows = IssuedDocument.objects.filter(pk__in=[each.pk for each in documents])
    contents = {row.pk: row for row in rows}
    words = [
        f"{request.council.name}: {record.title}",
        f"To {record.body_name}, issue {record.number}, {day_in_words(_day(record))}",
        "NOT FOR PUBLICATION" if copy.shows_restricted else "Public copy",
    ]
    files = [
        packs.held(each.file_name, bytes(contents[each.pk].content), each.sha256)
        for each in documents
    ]
    content = b"".join(packs.zipped(words, files, record.issued_at))
    marked = RESTRICTED if copy.shows_restricted else ""
    return _download(content, "zip", f"{council}-paper-{paper}-issue-{record.pk}{marked}.zip")


def by_position(document: IssuedDocument) -> int:
    """Which document of the pack a file is."""
    return document.position


def _day(issue: IssuedPaper) -> Any:
    return clock.day_of(issue.issued_at)


def _copy_query(copy: Copy) -> str:
    return f"?copy={RESTRICTED_COPY}" if copy.shows_restricted else ""


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
