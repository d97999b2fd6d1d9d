"""The appendices of a paper: added, changed, moved, taken away, and an uploaded file fetched."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from peerplan.core.errors import NotPermitted
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers.models import IssuedPaper, Paper, PaperAppendix, RouteStep
from peerplan.papers.paper_forms import AppendixForm, AppendixSources, SeenAppendixForm
from peerplan.papers.paper_reading import paper_of
from peerplan.papers.readiness import may_read
from peerplan.papers.services import appendices as services
from peerplan.papers.views.paper_parts import seen_version
from peerplan.papers.views.papers import READ_OR_POST, page_of
from reviews.views.editing import answer


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_appendix_new(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """One more appendix."""
    record = paper_of(request, paper)
    form = AppendixForm(
        request.POST or None,
        request.FILES or None,
        sources=_sources(record),
        initial={"kind": PaperAppendix.Kind.UPLOAD},
    )

    def save() -> None:
        services.add_appendix(paper=record, details=form.details(), author=request.person)

    return _answer(request, form, save, record, {"title": "Add an appendix"})


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_appendix(
    request: CouncilRequest, council: str, paper: int, appendix: int
) -> HttpResponse:
    """One appendix, to change."""
    record = paper_of(request, paper)
    row = _appendix(record, appendix)
    if not may_read(request.person, row):
        raise NotPermitted(services.NOT_ENTITLED)
    form = SeenAppendixForm(
        request.POST or None, request.FILES or None, sources=_sources(record), initial=_given(row)
    )

    def save() -> None:
        services.change_appendix(
            appendix=row,
            version=form.cleaned_data["version"],
            details=form.details(),
            author=request.person,
        )

    context = {"title": f"Appendix: {row.title}", "appendix": row}
    return _answer(request, form, save, record, context, _given)


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def paper_appendix_move(
    request: CouncilRequest, council: str, paper: int, appendix: int
) -> HttpResponse:
    """One place up or down; a button in a form of its own."""
    row = _appendix(paper_of(request, paper), appendix)
    up = request.POST.get("way") == "up"
    services.move_appendix(
        appendix=row, up=up, version=seen_version(request), author=request.person
    )
    return redirect(f"{reverse('paper', args=[council, paper])}#appendices")


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def paper_appendix_end(
    request: CouncilRequest, council: str, paper: int, appendix: int
) -> HttpResponse:
    """Takes an appendix away."""
    row = _appendix(paper_of(request, paper), appendix)
    services.end_appendix(appendix=row, version=seen_version(request), author=request.person)
    messages.success(request, f"Taken away: {row.title}.")
    return redirect("paper", council, paper)


@gate.requires(Capability.READ_LIVE)
@require_safe
def paper_appendix_file(
    request: CouncilRequest, council: str, paper: int, appendix: int
) -> HttpResponse:
    """The uploaded PDF, as an attachment that no browser runs, to those who may read it."""
    row = _appendix(paper_of(request, paper), appendix, with_content=True)
    if row.content is None or not may_read(request.person, row):
        raise Http404
    response = HttpResponse(bytes(row.content), content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, row.file_name) or ""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _appendix(paper: Paper, pk: int, *, with_content: bool = False) -> PaperAppendix:
    """An appendix of the paper that stands. Raises Http404."""
    rows = PaperAppendix.objects.filter(paper=paper, ended_at__isnull=True)
    row = get_object_or_404(rows if with_content else rows.defer("content"), pk=pk)
    row.paper = paper
    return row


def _given(row: PaperAppendix) -> dict[str, Any]:
    """An appendix as its form is filled in with it."""
    names = ("version", "kind", "title", "as_at", "exempt_paragraph")
    # The objects themselves, so that two people's choices are compared as words.
    related = {name: getattr(row, name) for name in ("earlier", "minute_of", "audience")}
    return {name: getattr(row, name) for name in names} | related | {"file": None}


def _sources(paper: Paper) -> AppendixSources:
    own = RouteStep.objects.filter(paper=paper, ended_at__isnull=True)
    routes = own.values("route_id")
    issues = IssuedPaper.objects.filter(paper__challenge=paper.challenge)
    return AppendixSources(
        issues=issues.exclude(paper=paper).defer("position"),
        earlier_steps=RouteStep.objects.filter(
            route_id__in=routes, ended_at__isnull=True
        ).select_related("body", "meeting"),
        steps=own.select_related("body", "meeting"),
    )


def _answer(
    request: CouncilRequest,
    form: Any,
    save: Any,
    paper: Paper,
    context: dict[str, Any],
    as_given: Any = None,
) -> HttpResponse:
    return answer(
        request,
        form,
        save,
        template="papers/appendix_form.html",
        context=page_of(paper) | {"lost_file": bool(request.FILES)} | context,
        done="The appendix is saved.",
        to=reverse("paper", args=[request.council.slug, paper.pk]) + "#appendices",
        as_given=as_given,
    )
