"""The door for peer reviewers: what they reach, and the record of every look.

The gate asks here for each page of a council that a peer asks for. They read; they read the pages
named in `reviews.access.PAGES` of a challenge whose access is open today; nothing else is there
for them.
"""

import logging
from typing import Any, TypeVar

from django.db import Error
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control

from peerplan.core import clock
from peerplan.core.errors import NotPermitted
from peerplan.councils.gate import CouncilRequest, Show
from reviews import access as rules
from reviews.models import PeerAccess
from reviews.services import access as services

log = logging.getLogger(__name__)
ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)
READS = ("GET", "HEAD")
ONLY_READS = "A peer reviewer reads the plan and its evidence, and changes nothing."


def for_peers(request: CouncilRequest, kwargs: dict[str, Any], show: Show) -> HttpResponseBase:
    """The answer to a peer reviewer.

    The page where it is theirs to read, and only once it is recorded that they did; a 403 page
    before their access opens and after it ends. Raises NotPermitted for anything but reading and
    Http404 for every page that is not theirs.
    """
    if request.method not in READS:
        raise NotPermitted(ONLY_READS)
    page = request.resolver_match.url_name if request.resolver_match else None
    found = rules.accesses_of(request.person)
    if page == "home":
        return _home(request, found)
    access = rules.access_to(found, kwargs.get("challenge", ""))
    if access is None or page not in rules.PAGES:
        raise Http404
    if rules.standing_of(access, clock.today()) is not rules.Standing.OPEN:
        return _closed(request, [access])
    return _recorded(request, access, show())


def _home(request: CouncilRequest, found: list[PeerAccess]) -> HttpResponseBase:
    """On to the one challenge that is open, or the choice among several."""
    now_open = rules.open_now(found, clock.today())
    if not now_open:
        return _closed(request, found)
    if len(now_open) == 1:
        return redirect("plan", request.council.slug, now_open[0].challenge.slug)
    context = {"challenge": now_open[0].challenge, "accesses": now_open}
    return _not_kept(render(request, "reviews/peer_home.html", context))


def _closed(request: CouncilRequest, found: list[PeerAccess]) -> HttpResponse:
    """Says of each challenge when the access opens or when it ended."""
    today = clock.today()
    told = [
        (each.challenge.title, rules.sentence_of(each, today)) for each in rules.by_challenge(found)
    ]
    to_come = any(rules.standing_of(each, today) is rules.Standing.TO_COME for each in found)
    context = {"told": told, "to_come": to_come}
    return _not_kept(render(request, "reviews/peer_closed.html", context, status=403))


def _recorded(
    request: CouncilRequest, access: PeerAccess, response: HttpResponseBase
) -> HttpResponseBase:
    """The response once the look is recorded; a 503 page instead where it could not be.

    A HEAD request shows nothing, so it is not recorded; a 304 shows again what the browser kept,
    so it is. Nothing has been sent before the row is written.
    """
    _not_kept(response)
    if request.method == "HEAD" or not rules.was_shown(response):
        return response
    path = request.get_full_path()
    try:
        services.record_view(
            access=access, what=rules.what_it_shows(response, request.path), path=path
        )
    except Error:
        log.exception("A peer's look could not be recorded, so nothing was shown")
        if opened := getattr(response, "file_to_stream", None):
            opened.close()
        refusal = render(
            request, "reviews/peer_not_recorded.html", {"challenge": access.challenge}, status=503
        )
        return _not_kept(refusal)
    return response


def _not_kept(response: ResponseT) -> ResponseT:
    """The response, which no browser or proxy keeps: each look asks anew, and none outlives it."""
    patch_cache_control(response, private=True, no_store=True)
    return response
