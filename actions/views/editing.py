"""Pages that change the plan itself: add and edit an action, end it, put it in another order."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from actions.models import Action
from actions.people import lead_roles
from actions.plan_forms import (
    ActionForm,
    OwnStatusForm,
    as_given,
    milestones_of,
)
from actions.services.plan import (
    change_action,
    create_action,
    move_action,
)
from actions.services.releases import post_recommendation_update
from actions.views.common import fetch_action, fetch_challenge
from peerplan.core import clock
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.scheme import rating_scheme
from reviews.models import PeerChallenge, Recommendation
from reviews.views.editing import answer

READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
FORM = "actions/edit.html"


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def action_add(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """One more action; “save and add another” comes back here."""
    record = fetch_challenge(request, challenge)
    form = ActionForm(
        request.POST or None,
        challenge=record,
        person=request.person,
        initial=_suggested(request, record),
    )
    here = reverse("action_add", args=[council, challenge])
    context = _context(request, record, "Add an action") | {"may_add_another": True}
    if "more" in request.POST:
        return render(request, FORM, context | {"form": _unchecked(form)})

    def save() -> None:
        create_action(
            challenge=record,
            details=form.details(),
            recommendations=form.recommendations(),
            milestones=form.milestones(),
            author=request.person,
        )

    return answer(
        request,
        form,
        save,
        template=FORM,
        context=context,
        done="The action is in the plan.",
        to=here if "another" in request.POST else _plan(record),
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def action_edit(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """The details of an action, with the reason once the plan is adopted."""
    action = fetch_action(request, challenge, ref)
    form = ActionForm(
        request.POST or None,
        challenge=action.challenge,
        person=request.person,
        action=action,
        milestones=milestones_of(action),
    )
    context = _context(request, action.challenge, f"Edit action {action.ref}") | {
        "action": action,
        "back": _back_to(action),
        "back_label": f"Action {action.ref}",
    }
    if "more" in request.POST:
        return render(request, FORM, context | {"form": _unchecked(form)})

    def save() -> None:
        change_action(
            action=action,
            version=form.cleaned_data["version"] or 0,
            details=form.details(),
            recommendations=form.recommendations(),
            milestones=form.milestones(),
            author=request.person,
            reason=form.cleaned_data.get("reason", ""),
        )

    return answer(
        request,
        form,
        save,
        template=FORM,
        context=context,
        done=f"Action {action.ref} is changed.",
        to=_plan(action.challenge),
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@require_POST
def action_move(
    request: CouncilRequest, council: str, challenge: str, ref: str, way: str
) -> HttpResponse:
    """One place up or down in the plan."""
    action = fetch_action(request, challenge, ref)
    if way not in ("up", "down"):
        raise Http404
    version = request.POST.get("version", "")
    move_action(
        action=action,
        version=int(version) if version.isdecimal() else action.version,
        up=way == "up",
        author=request.person,
    )
    return redirect(f"{_plan(action.challenge)}#a{action.ref}")


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def recommendation_status(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """The council's own status and summary of a recommendation, what changed, and its closing."""
    record = fetch_challenge(request, challenge)
    recommendation = get_object_or_404(
        Recommendation, challenge=record, ref__iexact=ref, ended_at__isnull=True
    )
    last = recommendation.updates.order_by("-as_at", "-recorded_at", "-id").first()
    scheme = rating_scheme(request.council)
    form = OwnStatusForm(
        request.POST or None,
        scheme=scheme,
        initial={
            "version": recommendation.version,
            "as_at": clock.today(),
            "status": last.status if last else None,
            "impact": last.impact if last else "",
            "is_closed": last.is_closed if last else False,
            "closing_reason": last.closing_reason if last else "",
        },
    )

    def save() -> None:
        post_recommendation_update(
            recommendation=recommendation, author=request.person, **form.cleaned_data
        )

    def given(current: Recommendation) -> dict[str, Any]:
        newest = current.updates.order_by("-recorded_at", "-id").first()
        return {
            "as_at": newest.as_at if newest else None,
            "status": newest.status if newest else "",
            "summary": newest.summary if newest else "",
            "impact": newest.impact if newest else "",
            "is_closed": newest.is_closed if newest else False,
            "closing_reason": newest.closing_reason if newest else "",
        }

    return answer(
        request,
        form,
        save,
        template="actions/own_status.html",
        context=_context(request, record, f"Recommendation {recommendation.ref}: own status")
        | {
            "recommendation": recommendation,
            "last": last,
            "last_label": scheme[last.status].label if last else "",
        },
        done=f"The council’s own status of recommendation {recommendation.ref} is recorded.",
        to=_plan(record),
        as_given=given,
    )


def _suggested(request: CouncilRequest, challenge: PeerChallenge) -> dict[str, Any]:
    """For `?recommendation=3`: that one, and the next free reference under it."""
    ref = request.GET.get("recommendation", "").replace("\0", "")
    found = Recommendation.objects.filter(
        challenge=challenge, ref__iexact=ref, ended_at__isnull=True
    ).first()
    if found is None:
        return {}
    taken = {
        each.lower()
        for each in Action.objects.filter(challenge=challenge, removed_at__isnull=True).values_list(
            "ref", flat=True
        )
    }
    number = next(n for n in range(1, len(taken) + 2) if f"{found.ref}.{n}".lower() not in taken)
    return {"primary": found, "ref": f"{found.ref}.{number}"}


def _unchecked(form: ActionForm) -> ActionForm:
    """The form with what was typed and no errors, for more rows of milestones."""
    form.errors.clear()
    return form


def _plan(challenge: PeerChallenge) -> str:
    return reverse("plan", args=[challenge.council.slug, challenge.slug])


def _back_to(action: Action) -> str:
    return reverse(
        "action", args=[action.challenge.council.slug, action.challenge.slug, action.ref]
    )


def _context(request: CouncilRequest, challenge: PeerChallenge, title: str) -> dict[str, Any]:
    return {
        "challenge": challenge,
        "title": title,
        "section": "plan",
        "lead_roles": lead_roles(request.council),
        "back": _plan(challenge),
        "back_label": "Action plan",
    }
