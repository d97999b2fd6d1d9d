"""Evidence: adding, fetching and withdrawing it."""

import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.evidence_forms import EvidenceForm, WithdrawForm
from actions.models import Action, Evidence, Visibility
from actions.permissions import require_update
from actions.reading import horizon
from actions.services.evidence import add_evidence, withdraw_evidence
from actions.views.common import fetch_action
from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, Person, requires


@requires(Capability.READ_RELEASED)
@require_safe
def evidence(
    request: CouncilRequest, council: str, challenge: str, ref: str, public_id: uuid.UUID
) -> HttpResponseBase:
    """The file, as an attachment that no browser runs, to those who may see it."""
    record = _fetch(request.person, fetch_action(request, challenge, ref), public_id)
    if not record.file:
        raise Http404
    try:
        content = record.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=record.file_name,
        content_type=record.content_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Capability.UPDATE_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """Add a link or a file to an action."""
    action = fetch_action(request, challenge, ref)
    require_update(request.person, action)
    form = EvidenceForm(
        request.POST or None, request.FILES or None, initial={"version": action.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            add_evidence(
                action=action,
                version=form.cleaned_data["version"],
                evidence=form.draft(),
                author=request.person,
            )
        except Invalid as error:
            form.take_errors(error.fields)
        else:
            messages.success(request, "Evidence added.")
            return redirect("action", council, challenge, action.ref)
    return _page(request, action, form, "actions/evidence_add.html")


@requires(Capability.UPDATE_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_withdraw(
    request: CouncilRequest, council: str, challenge: str, ref: str, public_id: uuid.UUID
) -> HttpResponse:
    """Take evidence out of view, with a reason; it is kept."""
    action = fetch_action(request, challenge, ref)
    require_update(request.person, action)
    record = _fetch(request.person, action, public_id)
    form = WithdrawForm(request.POST or None, initial={"version": action.version})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_evidence(
                evidence=record,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
                author=request.person,
            )
        except Invalid as error:
            form.take_errors(error.fields)
        else:
            messages.success(request, f"Withdrawn: {record.title}.")
            return redirect("action", council, challenge, action.ref)
    return _page(request, action, form, "actions/evidence_withdraw.html", evidence=record)


def _page(
    request: CouncilRequest, action: Action, form: object, template: str, **more: object
) -> HttpResponse:
    context = {
        "challenge": action.challenge,
        "section": "plan",
        "action": action,
        "form": form,
        "lost_file": bool(request.FILES),
        "action_url": reverse(
            "action", args=[request.council.slug, action.challenge.slug, action.ref]
        ),
    } | more
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _fetch(person: Person, action: Action, public_id: uuid.UUID) -> Evidence:
    """Evidence of `action` that stands and that `person` may see, then and now. Raises Http404."""
    rows = Evidence.objects.standing().filter(action=action, public_id=public_id)
    if not person.reads_exempt:
        rows = rows.filter(visibility=Visibility.PUBLIC)
    seen = horizon(person, action.challenge)
    found = rows.select_related("action__challenge", "update").first()
    if found is None or seen is None:
        raise Http404
    if seen.known_by is not None and found.added_at > seen.known_by:
        raise Http404
    if found.update is not None and found.update.as_at > seen.as_at:
        raise Http404
    return found
