"""What every page's menu needs to know of reviews."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from peerplan.core import clock
from reviews import access
from reviews.models import PeerChallenge


def menu_challenge(request: HttpRequest) -> dict[str, Any]:
    """The council's latest challenge, for the menu of a page that is about none.

    For a peer reviewer it is one that they may read now: the address of another would tell them
    of it. Nothing is read before the menu asks (one query then); None without a council or a
    challenge.
    """

    def latest() -> PeerChallenge | None:
        council = getattr(request, "council", None)
        if council is None:
            return None
        person = getattr(request, "person", None)
        if person is not None and person.is_peer:
            now_open = access.open_now(access.accesses_of(person), clock.today())
            return now_open[0].challenge if now_open else None
        return PeerChallenge.objects.for_council(council).only("slug").first()

    return {"menu_challenge": SimpleLazyObject(latest)}
