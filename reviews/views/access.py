"""Peer reviewers of a challenge: who may read it, until when, and what they looked at."""

import logging
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from reviews import access as rules
from reviews.access_forms import PeerInviteForm, SeenAccessForm
from reviews.forms import SeenForm
from reviews.mail import send_to_peer
from reviews.models import PeerAccess, PeerChallenge
from reviews.services import access as services
from reviews.services.access import InvitedPeer
from reviews.views.challenges import READ_OR_POST
from reviews.views.editing import answer, challenge_of

log = logging.getLogger(__name__)
A_PAGE = 50
NOT_MAILED = (
    "The access is kept, but the mail server did not take the e-mail to {}. "
    "Choose “Send the e-mail again” when mail works."
)
FIELDS = ("name", "post", "opens_on", "closes_on", "version")


@gate.requires(Capability.MANAGE_PLAN)
@require_safe
def peers(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Who may read the challenge, until when, and what all of them looked at."""
    record = challenge_of(request, challenge)
    looks = Paginator(rules.latest_views(record), A_PAGE)
    context = {
        "challenge": record,
        "section": "peers",
        "rows": rules.peer_rows(record, clock.today()),
        "page_obj": looks.get_page(request.GET.get("page")),
    }
    return render(request, "reviews/peers.html", context)


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def peer_invite(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Lets one more peer read the challenge, and mails them the way in."""
    record = challenge_of(request, challenge)
    today = clock.today()
    ends = record.review_to if record.review_to and record.review_to >= today else None
    form = PeerInviteForm(request.POST or None, initial={"opens_on": today, "closes_on": ends})
    made: list[InvitedPeer] = []

    def save() -> None:
        made.append(
            services.invite_peer(challenge=record, author=request.person, **form.cleaned_data)
        )

    context = _page(record, "Invite a peer reviewer") | {"save_label": "Send the invitation"}
    response = answer(
        request,
        form,
        save,
        template="reviews/peer_invite.html",
        context=context,
        done="The access is set up.",
        to=_list(record),
    )
    for each in made:
        _mail(request, each)
    return response


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def peer_access(request: CouncilRequest, council: str, challenge: str, access: int) -> HttpResponse:
    """One peer's access to change, and what they looked at."""
    record = challenge_of(request, challenge)
    row = _access(record, access)

    def as_given(row: PeerAccess) -> dict[str, Any]:
        return {name: getattr(row, name) for name in FIELDS}

    form = SeenAccessForm(request.POST or None, initial=as_given(row))

    def save() -> None:
        services.change_access(access=row, author=request.person, **form.cleaned_data)

    looks = Paginator(rules.latest_views(record).filter(access=row), A_PAGE)
    context = _page(record, row.name or row.email) | {
        "row": row,
        "standing": rules.standing_of(row, clock.today()),
        "account": rules.accounts_of(record.council, {row.email})[row.email],
        "page_obj": looks.get_page(request.GET.get("page")),
    }
    return answer(
        request,
        form,
        save,
        template="reviews/peer_access.html",
        context=context,
        done="Saved.",
        to=request.path,
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def peer_end(request: CouncilRequest, council: str, challenge: str, access: int) -> HttpResponse:
    """Ends a peer's access now, after asking."""
    record = challenge_of(request, challenge)
    row = _access(record, access)
    form = SeenForm(request.POST or None, initial={"version": row.version})

    def save() -> None:
        services.end_access(access=row, version=form.cleaned_data["version"], author=request.person)

    context = _page(record, f"End the access of {row}") | {
        "row": row,
        "save_label": "End access now",
    }
    return answer(
        request,
        form,
        save,
        template="reviews/peer_end.html",
        context=context,
        done=f"{row} can read {record.title} no longer.",
        to=_list(record),
        as_given=lambda current: {"version": current.version},
    )


@gate.requires(Capability.MANAGE_PLAN)
@require_POST
def peer_send_again(
    request: CouncilRequest, council: str, challenge: str, access: int
) -> HttpResponse:
    """Mails the invitation again with a new link; the old link stops working."""
    record = challenge_of(request, challenge)
    row = _access(record, access)
    try:
        sent = services.send_again(access=row, author=request.person)
    except Invalid as error:
        messages.warning(request, str(error))
    else:
        _mail(request, sent)
    return redirect("peer_access", council, challenge, row.pk)


def _access(challenge: PeerChallenge, pk: int) -> PeerAccess:
    rows = PeerAccess.objects.for_council(challenge.council).select_related("challenge__council")
    return get_object_or_404(rows, challenge=challenge, pk=pk)


def _mail(request: CouncilRequest, peer: InvitedPeer) -> None:
    """Sends the e-mail and says so; where mail is down says that, and the access stays."""
    if peer.invited:
        path = reverse("invitation", kwargs={"token": peer.invited.token})
    else:
        path = reverse("plan", args=[request.council.slug, peer.access.challenge.slug])
    try:
        send_to_peer(peer, request.build_absolute_uri(path), str(request.user))
    except OSError:
        log.exception("An invitation of a peer could not be mailed")
        messages.warning(request, NOT_MAILED.format(peer.access.email))
    else:
        messages.success(request, f"An e-mail is on its way to {peer.access.email}.")


def _list(challenge: PeerChallenge) -> str:
    return reverse("peers", args=[challenge.council.slug, challenge.slug])


def _page(challenge: PeerChallenge, title: str) -> dict[str, Any]:
    return {
        "challenge": challenge,
        "section": "peers",
        "title": title,
        "back": _list(challenge),
        "back_label": "Peer reviewers",
    }
