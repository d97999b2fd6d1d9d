"""Closing an action: the page asks why, and what has to be known for that reason."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.claims import readable_text
from actions.closing_forms import EndForm
from actions.models import Action
from actions.people import lead_roles
from actions.permissions import leads, visible_actions
from actions.services.claims import claim
from actions.services.plan import (
    ENDED,
    carry_on_in,
    move_to_business_as_usual,
    withdraw_action,
)
from actions.states import Closure, printed_status
from actions.views.common import fetch_action
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, Person
from peerplan.councils.scheme import rating_scheme
from reviews.views.editing import answer


@gate.requires(Capability.MANAGE_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_end(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """Close an action: delivered, normal work, no longer relevant, or carried on by another."""
    action = fetch_action(request, challenge, ref)
    others = (
        visible_actions(request.person)
        .filter(challenge=action.challenge)
        .exclude(pk=action.pk)
        .exclude(latest_update__state__in=ENDED)
        .order_by("position", "id")
    )
    form = EndForm(request.POST or None, request.FILES or None, action=action, others=others)
    back = reverse("action", args=[council, challenge, action.ref])
    return answer(
        request,
        form,
        lambda: _close(action, form, request.person),
        template="actions/end.html",
        context={
            "challenge": action.challenge,
            "title": f"Close action {action.ref}",
            "section": "plan",
            "action": action,
            "has_ended": bool(action.latest_update and action.latest_update.state in ENDED),
            "lead_roles": lead_roles(request.council),
            "lost_file": bool(request.FILES),
            "back": back,
            "back_label": f"Action {action.ref}",
        },
        done=_done(action, request.POST.get("how", "")),
        to=reverse("plan", args=[council, challenge]),
        as_given=lambda current: _as_given(request, current),
    )


def _close(action: Action, form: EndForm, author: Person) -> None:
    given = form.cleaned_data
    how = given["how"]
    common: dict[str, Any] = {
        "version": given["version"],
        "as_at": given["as_at"],
        "author": author,
    }
    if how == Closure.DELIVERED:
        claim(
            action=action,
            reason=given["reason"],
            evidence=form.evidence(),
            on_behalf_of="" if leads(author, action) else action.lead_role,
            **common,
        )
        return
    common["reason"] = given["reason"]
    if how == Closure.BUSINESS_AS_USUAL:
        move_to_business_as_usual(
            action=action, where=given["where"], owner=given["owner"], **common
        )
    elif how == Closure.NOT_RELEVANT:
        withdraw_action(action=action, agreed_by=given.get("agreed_by", ""), **common)
    else:
        carry_on_in(source=action, targets=list(given["targets"]), kind=how, **common)


def _done(action: Action, how: str) -> str:
    if how == Closure.DELIVERED:
        return f"Action {action.ref} is claimed complete. A second person now checks it."
    return f"Action {action.ref} is closed. It stays in the history."


def _as_given(request: CouncilRequest, current: Action) -> dict[str, Any]:
    """What the other person left: the last word on the action, in the fields of this form."""
    last = current.latest_update
    label = last.get_closure_display() if last else ""
    if last and not label:
        label = rating_scheme(request.council)[printed_status(last.state, last.rating)].label
    is_normal_work = bool(last and last.closure == Closure.BUSINESS_AS_USUAL)
    by = last.closure_agreed_by if last else ""
    return {
        "how": label,
        "as_at": last.as_at if last else None,
        "reason": readable_text(last, request.person) if last else "",
        "where": last.closure_note if last else "",
        "owner": by if is_normal_work else "",
        "agreed_by": "" if is_normal_work else by,
        "targets": [link.target for link in current.went_to.select_related("target")],
    }
