"""The position statement: its words, a new issue of it, and what has been issued."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from actions.models import IssuedStatement, StatementFile
from actions.services.statements import RESTRICTED, issue_statement, write_statement
from actions.statement_reading import (
    Draft,
    draft_of,
    issues_for,
    packed,
    statement_of,
    with_statement,
)
from peerplan.core import clock
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.dashboards.reading import releases_of
from peerplan.dashboards.statement_forms import EXEMPT, ChoiceForm, IssueForm, StatementForm
from peerplan.render.errors import RenderError, RendererUnavailable, TooManyAtOnce
from peerplan.render.packs import is_as_recorded, zipped
from peerplan.render.report_html import report_body
from reviews.history import last_change, posts_of
from reviews.models import PeerChallenge
from reviews.views.editing import answer

ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)
READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
DRAFT_NOTICE = "Draft: not issued"
CLOSED = (
    "Part of this statement is not for publication now, so it is closed to those who may not read "
    "such parts. Ask the plan manager for another issue."
)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def statement(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What the council writes around its plan, for officers, and the issues, for everyone."""
    record = _challenge_of(request, challenge)
    issues = issues_for(request.person, record)
    context = _context(record) | {
        "issues": issues,
        "posts": posts_of(request.council),
        "statement": statement_of(record) if request.person.reads_live else None,
        "is_released": record.releases.exists(),
    }
    return render(request, "dashboards/statement.html", context)


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def statement_change(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The words before and after the plan."""
    record = _challenge_of(request, challenge)
    current = statement_of(record)
    here = reverse("statement", args=[council, challenge])
    form = StatementForm(
        request.POST or None,
        initial={
            "version": current.version if current else 0,
            "introduction": current.introduction if current else "",
            "ahead": current.ahead if current else "",
        },
    )
    return answer(
        request,
        form,
        lambda: write_statement(challenge=record, author=request.person, **form.cleaned_data),
        template="dashboards/statement_change.html",
        context=_context(record)
        | {
            "title": "Words of the position statement",
            "back": here,
            "back_label": "Position statement",
        },
        done="The words of the position statement are saved.",
        to=here,
        as_given=lambda now: {"introduction": now.introduction, "ahead": now.ahead},
    )


# --- A new issue --------------------------------------------------------------------------------


@gate.requires(Capability.RELEASE)
@READ_OR_POST
def statement_issue(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The statement as it would be issued now; a POST issues it."""
    record = _challenge_of(request, challenge)
    releases = releases_of(record)
    is_post = request.method == "POST"
    if not releases:
        context = _context(record) | {"choice": None, "form": None}
        return render(
            request, "dashboards/statement_issue.html", context, status=422 if is_post else 200
        )
    given = request.POST if is_post else request.GET
    reads_exempt = request.person.reads_exempt
    if given.get("parts") == EXEMPT and not reads_exempt:
        raise NotPermitted("You are not entitled to parts that are not for publication.")
    choice = ChoiceForm(given, releases=releases, reads_exempt=reads_exempt)
    if not choice.is_valid():
        return _issue_page(request, record, choice, None, 422)
    if not is_post:
        return _issue_page(request, record, choice, None, 200)
    form = IssueForm(request.POST)
    if not form.is_valid():
        return _issue_page(request, record, choice, form, 422)
    try:
        done = issue_statement(
            challenge=record,
            version=form.cleaned_data["version"],
            release=choice.chosen,
            include_exempt=choice.includes_exempt,
            reason=form.cleaned_data["reason"],
            site=_site(request),
            author=request.person,
        )
    except Invalid as refusal:
        for name, message in refusal.fields.items():
            for line in message.split("\n"):
                form.add_error(name if name in form.fields else None, line)
        return _issue_page(request, record, choice, form, 422)
    except Stale as overtaken:
        change = last_change(overtaken.current, request.council)
        more = {"overtaken_by": change[0] if change else "Somebody else"}
        return _issue_page(request, _challenge_of(request, record.slug), choice, form, 409, **more)
    except RenderError as problem:
        return _issue_page(request, record, choice, form, 503, **_trouble(problem))
    messages.success(request, f"Issued: position statement {done.number}.")
    return redirect("statement_issued", council, challenge, done.number)


def _issue_page(
    request: CouncilRequest,
    record: PeerChallenge,
    choice: ChoiceForm,
    form: IssueForm | None,
    status: int,
    **more: Any,
) -> HttpResponse:
    draft = draft_of(
        record, choice.chosen, include_exempt=choice.includes_exempt, site=_site(request)
    )
    if form is None:
        form = IssueForm(initial={"version": draft.version})
    elif status == 409:
        form = IssueForm(initial={"version": draft.version, "reason": form.data["reason"]})
    context = _context(record) | {
        "choice": choice,
        "form": form,
        "release": choice.chosen,
        "includes_exempt": choice.includes_exempt,
        "draft": draft,
        "body": _preview(request, draft),
        "overtaken_by": "",
        "trouble": "",
    }
    response = render(request, "dashboards/statement_issue.html", context | more, status=status)
    return _private(response)


def _preview(request: CouncilRequest, draft: Draft) -> str:
    logo = reverse("logo", args=[request.council.slug]) if request.council.logo_type else ""
    report = draft.report(dated=clock.today(), notices=(DRAFT_NOTICE,), reads_logo=False)
    return report_body(report, 2, logo_url=logo)


def _trouble(problem: RenderError) -> dict[str, Any]:
    return {
        "trouble": str(problem),
        "is_missing_engine": isinstance(problem, RendererUnavailable),
        "is_busy": isinstance(problem, TooManyAtOnce),
    }


# --- What has been issued -----------------------------------------------------------------------


@gate.requires(Capability.READ_RELEASED)
@require_safe
def statement_issued(
    request: CouncilRequest, council: str, challenge: str, number: int
) -> HttpResponse:
    """One issue with its files, as they were frozen."""
    record = _challenge_of(request, challenge)
    issue = _issue_of(request, record, number)
    files = list(issue.files.select_related("evidence").defer("content"))
    context = _context(record) | {
        "issue": issue,
        "post": posts_of(request.council).get(issue.author_id, "Former officer"),
        "name": issue.author.name if request.person.reads_live else "",
        "documents": [each for each in files if each.evidence is None],
        "evidence": [each for each in files if each.evidence is not None],
        "size": sum(each.size for each in files),
    }
    return _private(render(request, "dashboards/statement_issued.html", context))


@gate.requires(Capability.READ_RELEASED)
@require_safe
def statement_file(
    request: CouncilRequest, council: str, challenge: str, number: int, file: int
) -> HttpResponseBase:
    """One file of an issue, as an attachment that no browser runs."""
    record = _challenge_of(request, challenge)
    issue = _issue_of(request, record, number)
    found = issue.files.select_related("evidence").filter(pk=file).first()
    if found is None:
        raise Http404
    trouble = _why_not(found)
    if trouble:
        context = _context(record) | {"issue": issue, "file": found, "trouble": trouble}
        return render(request, "dashboards/statement_file_gone.html", context, status=404)
    response = StreamingHttpResponse(packed(found).pieces(), content_type=found.content_type)
    return _download(response, found.name.rpartition("/")[2])


@gate.requires(Capability.READ_RELEASED)
@require_safe
def statement_pack(
    request: CouncilRequest, council: str, challenge: str, number: int
) -> HttpResponseBase:
    """The documents and the evidence of an issue with a manifest of their SHA-256, as a ZIP.

    What was withdrawn, or is not what was issued, is left out, and the manifest says so.
    """
    record = _challenge_of(request, challenge)
    issue = _issue_of(request, record, number)
    kept: list[StatementFile] = []
    left_out: list[str] = []
    for each in issue.files.select_related("evidence"):
        trouble = _why_not(each)
        if trouble:
            left_out.append(f"Left out: {each.name} ({each.sha256}). {trouble}")
        else:
            kept.append(each)
    words = [*_manifest_words(request, record, issue), *left_out]
    response = StreamingHttpResponse(
        zipped(words, [packed(each) for each in kept], issue.issued_at),
        content_type="application/zip",
    )
    marked = RESTRICTED if issue.has_exempt_parts else ""
    return _download(response, f"{council}-{challenge}-position-statement-{number}{marked}.zip")


def _issue_of(request: CouncilRequest, record: PeerChallenge, number: int) -> IssuedStatement:
    """The issue with that number; raises Http404, and NotPermitted where it is closed to them."""
    issues = issues_for(request.person, record)
    found = issues.find(number)
    if found is None:
        raise Http404
    if found.pk in issues.closed:
        raise NotPermitted(CLOSED)
    return found


def _why_not(file: StatementFile) -> str:
    """Why a file is not handed out, "" where it is."""
    if file.evidence is not None and file.evidence.withdrawn_at is not None:
        day = day_in_words(clock.day_of(file.evidence.withdrawn_at))
        return f"This evidence was withdrawn on {day}."
    if not is_as_recorded(packed(file)):
        return "The file in the store is missing, or is not the one that was issued."
    return ""


def _manifest_words(
    request: CouncilRequest, record: PeerChallenge, issue: IssuedStatement
) -> Sequence[str]:
    issued = day_in_words(clock.day_of(issue.issued_at))
    position = day_in_words(issue.release.as_at)
    return (
        f"{request.council.name}: {record.title}",
        f"Position statement {issue.number}, issued on {issued}, position at {position}",
        "NOT FOR PUBLICATION" if issue.has_exempt_parts else "Nothing in it is exempt",
    )


# --- What the views share -----------------------------------------------------------------------


def _challenge_of(request: CouncilRequest, slug: str) -> PeerChallenge:
    """The challenge with its statement; raises Http404."""
    found = with_statement(request.council, slug)
    if found is None:
        raise Http404
    return found


def _context(record: PeerChallenge) -> dict[str, Any]:
    return {"challenge": record, "section": "statement"}


def _site(request: CouncilRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _download(response: StreamingHttpResponse, name: str) -> HttpResponseBase:
    disposition = content_disposition_header(True, name)
    assert disposition is not None, "an attachment has a name"
    response["Content-Disposition"] = disposition
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return _private(response)


def _private(response: ResponseT) -> ResponseT:
    response["Cache-Control"] = "private, no-store"
    return response
