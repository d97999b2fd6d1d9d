"""The pages of decisions: the record of a step, its resolutions, its amendments, its document."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.models import Action
from actions.permissions import visible_actions
from actions.reading import find_action
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers import decision_reading as reading
from peerplan.papers.decision_forms import (
    AmendmentForm,
    ChooseActionForm,
    DecisionForm,
    NewResolutionsForm,
    SeenResolutionForm,
    action_as_given,
    decision_as_given,
)
from peerplan.papers.decision_report import decision_report, file_name
from peerplan.papers.faces import report_pdf
from peerplan.papers.issue_reading import RESTRICTED_COPY
from peerplan.papers.models import Decision, Resolution, ResolutionLink, RouteStep
from peerplan.papers.outcome import may_read_outcome, reader_of, record_of, withheld_words
from peerplan.papers.route_forms import MoveForm, PressedForm
from peerplan.papers.route_reading import steps_of
from peerplan.papers.services import amendments
from peerplan.papers.services import decisions as services
from peerplan.papers.services.decisions import ENDED
from peerplan.papers.services.routes import NOT_ENTITLED
from peerplan.render.errors import RenderError, RendererUnavailable, TooManyAtOnce
from peerplan.render.word import report_docx
from reviews.deadlines import in_words
from reviews.models import Recommendation
from reviews.progress_reading import hides_suggestions
from reviews.views.editing import answer, challenge_of

READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
A_PAGE = 20
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
CONCERNING = "papers/decisions_about.html"


# --- Reading ------------------------------------------------------------------------------------


@gate.requires(Capability.READ_RELEASED)
@require_safe
def decisions(request: CouncilRequest, council: str) -> HttpResponse:
    """What bodies decided, the latest first."""
    page = Paginator(reading.decided_steps(request.council), A_PAGE).get_page(
        request.GET.get("page")
    )
    reads = reader_of(request.person)
    context = {
        "section": "meetings",
        "page": page,
        "rows": [(step, reads(step)) for step in page],
    }
    return render(request, "papers/decisions.html", context)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def decision(request: CouncilRequest, council: str, route: int, step: int) -> HttpResponse:
    """What came of one step: minute, resolutions and what they concern, votes, amendments."""
    record = _step(request, route, step)
    return _private(render(request, "papers/decision.html", _record_page(request, record)))


@gate.requires(Capability.READ_RELEASED)
@require_safe
def decision_document(
    request: CouncilRequest, council: str, route: int, step: int, kind: str
) -> HttpResponse:
    """The record as PDF or Word: the public copy, or the restricted one to those entitled."""
    if kind not in TYPES:
        raise Http404
    record = _step(request, route, step)
    wants = request.GET.get("copy") == RESTRICTED_COPY
    if wants and not reading.may_read_copy(request.person, record):
        raise NotPermitted(NOT_ENTITLED)
    sight = reading.sight_of_copy(record.route.challenge, include_exempt=wants)
    read = reading.decision_read(record, sight, request.council)
    # Where nothing of it is exempt the public copy is all there is.
    is_restricted = wants and bool(read.exempt_paragraphs)
    report = decision_report(read, request.council, is_restricted=is_restricted)
    try:
        content = report_pdf(report)[0] if kind == "pdf" else report_docx(report)
    except RenderError as problem:
        return _no_document(request, record, problem)
    response = HttpResponse(content, content_type=TYPES[kind])
    name = file_name(record, request.council, kind, is_restricted=is_restricted)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return _private(response)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def action_decisions(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """What bodies resolved on an action, and how they amended it."""
    action = find_action(request.person, challenge, ref)
    if action is None:
        raise Http404
    sight = reading.sight_of(request.person, action.challenge)
    named = sight.actions([action.pk]).get(action.pk)
    if named is None:
        raise Http404
    context = {
        "challenge": action.challenge,
        "section": "plan",
        "title": f"Decisions on action {named.ref}",
        "subject": named.title,
        "rows": reading.about_action(request.person, named, sight),
        "back": reverse("action", args=[council, challenge, action.ref]),
        "back_label": f"Action {named.ref}",
    }
    return _private(render(request, CONCERNING, context))


@gate.requires(Capability.READ_RELEASED)
@require_safe
def recommendation_decisions(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """What bodies resolved on a recommendation."""
    record = challenge_of(request, challenge)
    rows = Recommendation.objects.filter(challenge=record, ended_at__isnull=True)
    row = get_object_or_404(rows, ref__iexact=ref)
    is_draft = not (record.is_adopted or request.person.reads_live)
    is_suggestion = row.kind == Recommendation.Kind.SUGGESTION
    if is_draft or (is_suggestion and hides_suggestions(request.person, record)):
        raise Http404
    context = {
        "challenge": record,
        "section": "plan",
        "title": f"Decisions on recommendation {row.ref}",
        "subject": row.title,
        "rows": reading.about_recommendation(request.person, row),
        "back": reverse("recommendation", args=[council, challenge, row.ref]),
        "back_label": f"Recommendation {row.ref}",
    }
    return _private(render(request, CONCERNING, context))


# --- The record ---------------------------------------------------------------------------------


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def decision_change(request: CouncilRequest, council: str, route: int, step: int) -> HttpResponse:
    """Who introduced it, points, votes, reason, options and from when it has effect."""
    record = _to_write(request, route, step)
    held = Decision.objects.filter(step=record).first()
    words = reading.default_effective(record, request.council).sentence
    form = DecisionForm(
        request.POST or None, initial=decision_as_given(held), effective_words=words
    )

    def save() -> None:
        version = form.cleaned_data["version"]
        services.record_decision(
            step=record, version=version, details=form.details(), author=request.person
        )

    return answer(
        request,
        form,
        save,
        template="papers/decision_form.html",
        context=_form_page(request, record, "Record the decision"),
        done="The decision is recorded.",
        to=_url("decision", request, record),
        as_given=decision_as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def resolution_new(request: CouncilRequest, council: str, route: int, step: int) -> HttpResponse:
    """One resolution more, or all of them pasted."""
    record = _to_write(request, route, step)
    form = NewResolutionsForm(request.POST or None)

    def save() -> None:
        services.add_resolutions(step=record, resolutions=form.resolutions(), author=request.person)

    context = _form_page(request, record, "Add resolutions") | {"save_label": "Add"}
    return answer(
        request,
        form,
        save,
        template="papers/resolution_form.html",
        context=context,
        done="Added.",
        to=f"{_url('decision', request, record)}#resolved",
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def resolution(
    request: CouncilRequest, council: str, route: int, step: int, resolution: int
) -> HttpResponse:
    """One resolution: its words and what it concerns, to change or remove."""
    record = _to_write(request, route, step)
    row = _resolution(record, resolution)

    def as_given(current: Resolution) -> dict[str, Any]:
        return _resolution_as_given(request, current)

    form = SeenResolutionForm(request.POST or None, initial=as_given(row))

    def save() -> None:
        services.change_resolution(
            resolution=row,
            version=form.cleaned_data["version"],
            details=form.details(),
            author=request.person,
        )

    context = _form_page(request, record, "Change the resolution") | {
        "remove_url": _url("resolution_end", request, record, row.pk),
        "remove_version": row.version,
    }
    return answer(
        request,
        form,
        save,
        template="papers/resolution_form.html",
        context=context,
        done="Saved.",
        to=f"{_url('decision', request, record)}#resolved",
        as_given=as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def resolution_move(
    request: CouncilRequest, council: str, route: int, step: int, resolution: int
) -> HttpResponse:
    """One place up or down."""
    record = _to_write(request, route, step)
    row = _resolution(record, resolution)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the decision and press the button again."})
    services.move_resolution(
        resolution=row,
        up=form.cleaned_data["way"] == "up",
        version=form.cleaned_data["version"],
        author=request.person,
    )
    return redirect(f"{_url('decision', request, record)}#resolved")


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def resolution_end(
    request: CouncilRequest, council: str, route: int, step: int, resolution: int
) -> HttpResponse:
    """Takes a resolution out of the record. One that amended the plan stays, and it says why."""
    record = _to_write(request, route, step)
    row = _resolution(record, resolution)
    form = PressedForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the decision and press the button again."})
    services.end_resolution(
        resolution=row,
        version=form.cleaned_data["version"],
        author=request.person,
    )
    messages.success(request, "The resolution is removed.")
    return redirect(_url("decision", request, record))


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def amendment_new(request: CouncilRequest, council: str, route: int, step: int) -> HttpResponse:
    """First the action, then what the body wants changed of it."""
    record = _to_write(request, route, step)
    ref = request.GET.get("action")
    action = find_action(request.person, record.route.challenge.slug, ref) if ref else None
    if action is None or services.why_ended(action):
        return _choose_action(request, record, action)
    resolutions = record_of(record).resolutions
    initial = action_as_given(action) | {"resolution": request.GET.get("resolution", "")}
    form = AmendmentForm(request.POST or None, resolutions=resolutions, initial=initial)

    def save() -> None:
        amendments.amend(
            step=record,
            action=action,
            version=form.cleaned_data["version"],
            amended=form.amended(),
            resolution=form.cleaned_data["resolution"],
            author=request.person,
        )

    context = _form_page(request, record, f"Amend action {action.ref}")
    context |= {"action": action, "save_label": "Amend the plan"}
    return answer(
        request,
        form,
        save,
        template="papers/amendment_form.html",
        context=context,
        done=f"Action {action.ref} is amended. Members see it with the next release.",
        to=f"{_url('decision', request, record)}#amendments",
        as_given=action_as_given,
    )


# --- Parts of the above -------------------------------------------------------------------------


def _step(request: CouncilRequest, route: int, step: int) -> RouteStep:
    """The step of the route, both of the request's council. Raises Http404."""
    rows: QuerySet[RouteStep] = RouteStep.objects.for_council(request.council)
    rows = rows.select_related("route__challenge__council", "body", "meeting", "decision")
    return get_object_or_404(rows, route__in=[route], pk=step, ended_at__isnull=True)


def _to_write(request: CouncilRequest, route: int, step: int) -> RouteStep:
    """The same for somebody who is to write. Raises Http404, and NotPermitted for an exempt one."""
    record = _step(request, route, step)
    if not may_read_outcome(request.person, record):
        raise NotPermitted(NOT_ENTITLED)
    return record


def _resolution(step: RouteStep, pk: int) -> Resolution:
    rows = Resolution.objects.filter(decision__step=step, ended_at__isnull=True)
    row = get_object_or_404(rows.select_related("decision"), pk=pk)
    row.decision.step = step
    return row


def _url(name: str, request: CouncilRequest, step: RouteStep, *more: int) -> str:
    return reverse(name, args=[request.council.slug, step.route_id, step.pk, *more])


def _title(step: RouteStep) -> str:
    if step.meeting is None:
        return step.body.name
    return f"{step.body.name}, {step.meeting.on:%A} {in_words(step.meeting.on)}"


def _record_page(request: CouncilRequest, step: RouteStep) -> dict[str, Any]:
    """All that the page of a decision shows; nothing of an outcome that is not for the reader."""
    person, challenge = request.person, step.route.challenge
    context: dict[str, Any] = {
        "challenge": challenge,
        "section": "meetings",
        "step": step,
        "title": _title(step),
        "withheld": "",
        "has_met": reading.has_met(step),
        "writes": False,
        "amends": False,
        "read": None,
        "offers_restricted": False,
        "taken_by": _taken_by(step),
    }
    if not may_read_outcome(person, step):
        return context | {"withheld": withheld_words(step)}
    read = reading.decision_read(step, reading.sight_of(person, challenge), request.council)
    return context | {
        "read": read,
        "record": read.record,
        "writes": person.can(Capability.PRODUCE_PAPERS),
        "amends": person.can(Capability.MANAGE_PLAN) and not challenge.closed_on,
        "offers_restricted": bool(read.exempt_paragraphs) and reading.may_read_copy(person, step),
        "is_marked": step.outcome_paragraph is not None,
    }


def _taken_by(step: RouteStep) -> list[tuple[RouteStep, str]]:
    """The later steps that take in what this one said, and what of it (one query)."""
    rows = steps_of([step.route]).get(step.route_id, [])
    place = (step.position, step.pk)
    found = []
    for row in rows:
        words = {"comments": row.takes_comments, "minute": row.takes_minute}
        taken = " and ".join(word for word, takes in words.items() if takes)
        if (row.position, row.pk) > place and taken:
            found.append((row, taken))
    return found


def _form_page(request: CouncilRequest, step: RouteStep, title: str) -> dict[str, Any]:
    return {
        "challenge": step.route.challenge,
        "section": "meetings",
        "title": title,
        "step": step,
        "where": _title(step),
        "back": _url("decision", request, step),
        "back_label": _title(step),
        "has_met": reading.has_met(step),
    }


def _resolution_as_given(request: CouncilRequest, row: Resolution) -> dict[str, Any]:
    """A resolution as its form is filled in with it: links that may be seen, by reference."""
    links = ResolutionLink.objects.filter(resolution=row, ended_at__isnull=True)
    seen = visible_actions(request.person).filter(
        pk__in=links.filter(action__isnull=False).values("action")
    )
    recommendations = Recommendation.objects.filter(
        pk__in=links.filter(recommendation__isnull=False).values("recommendation")
    )
    return {
        "text": row.text,
        "minute_number": row.minute_number,
        "recommendations": ", ".join(recommendations.values_list("ref", flat=True)),
        "actions": ", ".join(seen.values_list("ref", flat=True)),
        "version": row.version,
    }


def _choose_action(
    request: CouncilRequest, step: RouteStep, refused: Action | None
) -> HttpResponse:
    """The page that asks which action, with a message where the one asked for cannot be."""
    rows = visible_actions(request.person).filter(challenge=step.route.challenge)
    rows = rows.exclude(Q(latest_update__state__in=list(ENDED))).order_by("position", "id")
    asked = "action" in request.GET
    form = ChooseActionForm(request.GET if asked else None, actions=rows)
    if asked and form.is_bound:
        form.is_valid()
        if refused is not None:
            form.errors.pop("action", None)
            words = services.why_ended(refused)
            form.add_error("action", f"Action {refused.ref} {words}: no body can amend it now.")
    context = _form_page(request, step, "Amend the plan")
    context |= {"form": form, "method": "get", "save_label": "Continue"}
    status = 422 if asked else 200
    return render(request, "papers/amendment_choose.html", context, status=status)


def _no_document(request: CouncilRequest, step: RouteStep, problem: RenderError) -> HttpResponse:
    context = {
        "challenge": step.route.challenge,
        "section": "meetings",
        "title": "The document could not be made",
        "back": _url("decision", request, step),
        "back_label": _title(step),
        "message": str(problem),
        "word_url": _url("decision", request, step) + "decision.docx",
        "is_missing_engine": isinstance(problem, RendererUnavailable),
        "is_busy": isinstance(problem, TooManyAtOnce),
    }
    return render(request, "papers/decision_failed.html", context, status=503)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
