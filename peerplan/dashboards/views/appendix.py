"""The appendix of a plan: choose it, download it as a PDF, or read it as a page to print."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.models import Release
from actions.position import Position, plan_position, released_position
from actions.services.documents import (
    LARGEST_IN_A_REQUEST,
    Appendix,
    TooLarge,
    make_appendix,
    stored_appendix,
)
from peerplan.core import clock
from peerplan.core.errors import NotPermitted
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.dashboards.forms import DEFAULTS, EXCEPTIONS, EXEMPT, LIVE, AppendixForm
from peerplan.dashboards.reading import challenge_of, releases_of
from peerplan.render.errors import RenderError, RendererUnavailable, TooManyAtOnce
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class Asked:
    """What one request for an appendix asks for, and the releases there are."""

    challenge: PeerChallenge
    releases: list[Release]
    form: AppendixForm


def asked_for(request: CouncilRequest, slug: str) -> Asked:
    """The form as it came. Raises Http404, and NotPermitted where exempt parts are not theirs."""
    person = request.person
    if request.GET.get("parts") == EXEMPT and not person.reads_exempt:
        raise NotPermitted("You are not entitled to parts that are not for publication.")
    record = challenge_of(request, slug)
    releases = releases_of(record)
    last = releases[0].as_at if releases else clock.today()
    form = AppendixForm(
        request.GET if any(name.startswith("as_at") for name in request.GET) else None,
        releases=releases,
        first=record.on_site_from,
        reads_live=person.reads_live,
        reads_exempt=person.reads_exempt,
        initial=DEFAULTS | {"as_at": clock.today() if person.reads_live else last.isoformat()},
    )
    return Asked(record, releases, form)


def appendix_for(request: CouncilRequest, asked: Asked) -> Appendix:
    """The appendix that a valid form asks for; access is decided before anything is looked up."""
    given = asked.form.cleaned_data
    release: Release | None = given["release"]
    day = given["as_at"]
    position: Position = (
        released_position(release) if release else plan_position(asked.challenge, day)
    )
    earlier = next(
        (
            each
            for each in asked.releases
            if each.as_at < day and (release is None or each.known_by <= release.known_by)
        ),
        None,
    )
    return make_appendix(
        challenge=asked.challenge,
        position=position,
        before=released_position(earlier, full=False) if earlier else None,
        author=request.person,
        only_exceptions=given["variant"] == EXCEPTIONS,
        include_exempt=given["parts"] == EXEMPT,
    )


@gate.requires(Capability.READ_RELEASED)
@require_safe
def appendix(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Asks which appendix; with an answer in the query string it offers the PDF and the page."""
    asked = asked_for(request, challenge)
    return _form_page(request, asked)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def appendix_pdf(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The PDF as a download, or a page that says why there is none and what can be done."""
    asked = asked_for(request, challenge)
    if not asked.form.is_valid():
        return _form_page(request, asked)
    wanted = appendix_for(request, asked)
    try:
        stored = stored_appendix(
            appendix=wanted, author=request.person, largest=LARGEST_IN_A_REQUEST
        )
    except (RenderError, TooLarge) as problem:
        return _no_pdf(request, asked, problem)
    response = HttpResponse(bytes(stored.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{wanted.file_name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@gate.requires(Capability.READ_RELEASED)
@require_safe
def appendix_page(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The appendix as a page that prints well, for when there is no PDF engine."""
    asked = asked_for(request, challenge)
    if not asked.form.is_valid():
        return _form_page(request, asked)
    wanted = appendix_for(request, asked)
    context = {
        "challenge": asked.challenge,
        "section": "appendix",
        "document": wanted.document,
        "query": _query(asked.form),
    }
    response = render(request, "dashboards/appendix_page.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _form_page(request: CouncilRequest, asked: Asked) -> HttpResponse:
    form = asked.form
    refused = form.is_bound and not form.is_valid()
    context: dict[str, Any] = {
        "challenge": asked.challenge,
        "section": "appendix",
        "form": form,
        "query": _query(form) if form.is_bound and not refused else "",
        "is_released": bool(asked.releases),
    }
    status = 422 if refused else 200
    return render(request, "dashboards/appendix.html", context, status=status)


def _query(form: AppendixForm) -> str:
    """The query string of a valid form, short and always in the same order."""
    given = form.cleaned_data
    asked = {"as_at": given["as_at"].isoformat(), "variant": given["variant"]}
    if given["basis"] != LIVE and form.reads_live:
        asked["basis"] = given["basis"]
    if given["parts"] == EXEMPT:
        asked["parts"] = EXEMPT
    return urlencode(asked)


def _no_pdf(request: CouncilRequest, asked: Asked, problem: RenderError | TooLarge) -> HttpResponse:
    """Says what is wrong and offers the page to print: 503 where trying again may help."""
    given = asked.form.cleaned_data
    options = [f"--as-at {given['as_at'].isoformat()}"]
    options += ["--exceptions"] if given["variant"] == EXCEPTIONS else []
    options += ["--include-exempt"] if given["parts"] == EXEMPT else []
    options += ["--released"] if given["release"] else []
    context = {
        "challenge": asked.challenge,
        "section": "appendix",
        "message": str(problem),
        "is_too_large": isinstance(problem, TooLarge),
        "is_missing": isinstance(problem, RendererUnavailable),
        "is_busy": isinstance(problem, TooManyAtOnce),
        "query": _query(asked.form),
        "command": (
            f"manage.py appendix {request.council.slug} {asked.challenge.slug} "
            f"{' '.join(options)} --out appendix.pdf"
        ),
    }
    status = 422 if isinstance(problem, TooLarge) else 503
    return render(request, "dashboards/appendix_failed.html", context, status=status)
