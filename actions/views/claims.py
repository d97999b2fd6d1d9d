"""What is claimed complete: the list that waits, and the page on which it is checked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.claims import (
    claims_of,
    count_verified,
    readable_text,
    settled,
    standing_claim,
    why_not,
)
from actions.closing_forms import SEND_BACK, VERIFY, ClaimForm
from actions.models import Action, Evidence, ProgressUpdate, Visibility
from actions.people import SOMEBODY, posts_of
from actions.position import milestones_now
from actions.sentences import claims_in_words
from actions.services.claims import send_back, verify
from actions.states import printed_status
from actions.views.common import fetch_action, fetch_challenge
from peerplan.core import clock
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, requires
from peerplan.councils.ratings import Status
from peerplan.councils.scheme import rating_scheme
from reviews.views.editing import answer

A_PAGE = 25


@dataclass(frozen=True)
class Checked:
    """A claim that was checked: what came of it, by whom, and what was said."""

    action: Action
    is_verified: bool
    status: Status
    label: str
    who: str
    as_at: date
    text: str


@requires(Capability.READ_LIVE)
@require_safe
def claims(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Claims that wait to be checked, and those that were lately verified or sent back."""
    record = fetch_challenge(request, challenge)
    waiting = claims_of(record, request.person)
    done = Paginator(settled(record, request.person), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "challenge": record,
        "section": "claims",
        "counts": claims_in_words(len(waiting), count_verified(record, request.person)),
        "waiting": Paginator(waiting, A_PAGE).get_page(request.GET.get("waiting")),
        "may_check": request.person.can(Capability.VERIFY),
        "page_obj": done,
        "checked": _checked(request, list(done.object_list)),
        "claimed": rating_scheme(request.council)[Status.CLAIMED],
        "plan_url": reverse("plan", args=[council, challenge]),
    }
    return render(request, "actions/claims.html", context)


@requires(Capability.VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def action_verify(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """Check what is claimed: verify it, or send it back with a reason."""
    action = fetch_action(request, challenge, ref)
    claim = standing_claim(action)
    form = ClaimForm(
        request.POST or None,
        scheme=rating_scheme(request.council),
        initial={"version": action.version, "as_at": clock.today()},
    )

    def save() -> None:
        given = form.cleaned_data
        names = ["version", "as_at"]
        if given["decision"] == VERIFY:
            verify(action=action, author=request.person, **_of(given, *names, "note"))
        else:
            names += ["reason", "rating", "recovery_plan", "decision_sought"]
            send_back(action=action, author=request.person, **_of(given, *names))

    is_verified = request.POST.get("decision") == VERIFY
    return answer(
        request,
        form,
        save,
        template="actions/verify.html",
        context=_context(request, action, claim),
        done=f"Action {action.ref} is verified."
        if is_verified
        else f"Action {action.ref} goes back to {action.lead_role or 'its lead'}.",
        to=reverse("claims", args=[council, challenge]),
        as_given=lambda current: _as_given(request, current),
    )


def _of(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names}


def _context(
    request: CouncilRequest, action: Action, claim: tuple[ProgressUpdate, ...]
) -> dict[str, Any]:
    person = request.person
    evidence = Evidence.objects.standing().filter(action=action)
    if not person.reads_exempt:
        evidence = evidence.filter(visibility=Visibility.PUBLIC)
    posts = posts_of(request.council, (each.author_id for each in claim))
    return {
        "challenge": action.challenge,
        "title": f"Check action {action.ref}",
        "section": "claims",
        "action": action,
        "claim": [
            {
                "update": each,
                "who": each.on_behalf_of or posts.get(each.author_id, SOMEBODY),
                "text": readable_text(each, person),
            }
            for each in claim
        ],
        "bar": why_not(person, action, claim) if claim else "",
        "evidence": list(evidence),
        "milestones": milestones_now(action),
        "claimed": rating_scheme(request.council)[Status.CLAIMED],
        "back": reverse("claims", args=[request.council.slug, action.challenge.slug]),
        "back_label": "Claims",
    }


def _checked(request: CouncilRequest, updates: list[ProgressUpdate]) -> list[Checked]:
    posts = posts_of(request.council, (each.author_id for each in updates))
    scheme = rating_scheme(request.council)
    return [
        Checked(
            action=each.action,
            is_verified=each.kind == ProgressUpdate.Kind.VERIFIED,
            status=(status := printed_status(each.state, each.rating)),
            label=scheme[status].label,
            who=posts.get(each.author_id, SOMEBODY),
            as_at=each.as_at,
            text=readable_text(each, request.person),
        )
        for each in updates
    ]


def _as_given(request: CouncilRequest, current: Action) -> dict[str, Any]:
    """What somebody else said of the action meanwhile, in the fields of this form."""
    last = current.latest_update
    text = readable_text(last, request.person) if last else ""
    is_verified = bool(last and last.kind == ProgressUpdate.Kind.VERIFIED)
    is_back = bool(last and last.kind == ProgressUpdate.Kind.SENT_BACK)
    decision = VERIFY if is_verified else SEND_BACK if is_back else ""
    shows = bool(text) and last is not None
    return {
        "decision": decision or (last.get_kind_display() if last else ""),
        "note": "" if is_back else text,
        "reason": text if is_back else "",
        "rating": last.rating if last else "",
        "recovery_plan": last.recovery_plan if last and shows else "",
        "decision_sought": last.decision_sought if last and shows else "",
        "as_at": last.as_at if last else None,
    }
