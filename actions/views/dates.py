"""The slippage ledger of a plan, and later dates that are asked for and decided."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.extension_forms import (
    APPROVED,
    AskForm,
    DecideForm,
    TakeBackForm,
    as_asked,
    as_decided,
)
from actions.extensions import (
    as_requests,
    date_that_holds,
    may_approve,
    may_record,
    readable_requests,
    waiting_in,
)
from actions.ledger import Ledger, PlanLedger, ledger_of, ledger_of_plan
from actions.models import Action, Extension
from actions.permissions import leads, require_update
from actions.reading import position_for
from actions.services import extensions as services
from actions.views.common import fetch_action, fetch_challenge
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, requires
from reviews.views.editing import answer

ACTIONS_A_PAGE = 15
READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@requires(Capability.READ_RELEASED)
@require_safe
def date_ledger(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Every date of the plan that moved: who asked, who approved, how often and how far."""
    record = fetch_challenge(request, challenge)
    position = position_for(request.person, record)
    if position is None:
        return render(request, "actions/not_released.html", {"challenge": record})
    plan = ledger_of_plan(position.actions)
    shown, show = _chosen(plan, request.GET.get("show", ""))
    page = Paginator(shown, ACTIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "challenge": record,
        "section": "dates",
        "position": position,
        "is_released": not request.person.reads_live,
        "ledger": plan,
        "show": show,
        "without": [each for each in plan.slipped if each.without_approval],
        "page_obj": page,
        "requests": as_requests(request.person, waiting_in(record, request.person)),
        "needs_approval": request.council.extensions_need_approval,
    }
    return render(request, "actions/dates.html", context)


def _chosen(plan: PlanLedger, show: str) -> tuple[list[Ledger], str]:
    """The ledgers that the query string asks for, and its word; every moved date for another."""
    if show == "slipped":
        return list(plan.slipped), show
    if show == "unapproved":
        return [each for each in plan.slipped if each.without_approval], show
    return list(plan.moved), ""


@requires(Capability.UPDATE_OWN)
@READ_OR_POST
def extension_new(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """Asks for a later date without giving an update."""
    action = fetch_action(request, challenge, ref)
    require_update(request.person, action)
    is_mine = leads(request.person, action)
    initial = {
        "version": action.version,
        "asked_for": "" if is_mine else action.lead_role,
    }
    form = AskForm(request.POST or None, initial=initial)

    def save() -> None:
        services.ask(
            action=action,
            version=form.cleaned_data["version"],
            asked=form.asked(),
            author=request.person,
        )

    rows = readable_requests(request.person).filter(
        action=action, decision=Extension.Decision.WAITING
    )
    context = _context(request, action, f"Ask for a later date for {action.ref}") | {
        "waiting": next(iter(as_requests(request.person, rows)), None),
        "needs_approval": request.council.extensions_need_approval,
    }
    return answer(
        request,
        form,
        save,
        template="actions/extension_new.html",
        context=context,
        done=f"The new date of {action.ref} waits for approval. Until then the old one stands.",
        to=_to(request, action),
        as_given=as_asked,
    )


@requires(Capability.READ_LIVE)
@READ_OR_POST
def extension_decide(
    request: CouncilRequest, council: str, challenge: str, ref: str, extension: int
) -> HttpResponse:
    """One request: what it asks, the ledger behind it, and its decision or its taking back."""
    action = fetch_action(request, challenge, ref)
    found = readable_requests(request.person).filter(action=action, pk=extension).first()
    if found is None:
        raise Http404
    takes_back = "take-back" in request.POST
    data = request.POST or None
    decide = DecideForm(
        None if takes_back else data,
        initial={"version": action.version},
        approves=may_approve(request.person),
        records=may_record(request.person),
    )
    back = TakeBackForm(
        data if takes_back else None, initial={"version": action.version}, auto_id="id_back_%s"
    )

    def save() -> None:
        common: dict[str, Any] = {"extension": found, "author": request.person}
        if takes_back:
            given = back.cleaned_data
            services.take_back(version=given["version"], note=given["note"], **common)
        else:
            version = decide.cleaned_data["version"]
            services.decide(version=version, decided=decide.decided(), **common)

    approves = decide.data.get("outcome") == APPROVED
    outcome = "approved" if approves else "refused"
    return answer(
        request,
        back if takes_back else decide,
        save,
        template="actions/extension.html",
        context=_context(request, action, f"A later date for {action.ref}")
        | {
            "asked": as_requests(request.person, [found])[0],
            "decide_form": decide,
            "back_form": back,
            "approves": may_approve(request.person),
        },
        done=f"The request is {'taken back' if takes_back else outcome}.",
        to=_to(request, action),
        as_given=lambda current: as_decided(found),
    )


def _to(request: CouncilRequest, action: Action) -> str:
    here = reverse("action", args=[request.council.slug, action.challenge.slug, action.ref])
    return f"{here}#dates-heading"


def _context(request: CouncilRequest, action: Action, title: str) -> dict[str, Any]:
    position = position_for(request.person, action.challenge, only=action.pk)
    if position is None or action.pk not in position.by_id:
        raise Http404
    stands = position.by_id[action.pk]
    return {
        "challenge": action.challenge,
        "section": "dates",
        "action": action,
        "stands": stands,
        "ledger": ledger_of(stands),
        "has_date": date_that_holds(action)[0] is not None,
        "title": title,
        "back": _to(request, action),
        "back_label": f"Action {action.ref}",
    }
