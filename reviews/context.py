"""What every page's menu needs to know of reviews."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from reviews.models import PeerChallenge


def menu_challenge(request: HttpRequest) -> dict[str, Any]:
    """The council's latest challenge, for the menu of a page that is about none.

    Nothing is read before the menu asks (one query then); None without a council or a challenge.
    """

    def latest() -> PeerChallenge | None:
        council = getattr(request, "council", None)
        if council is None:
            return None
        return PeerChallenge.objects.for_council(council).only("slug").first()

    return {"menu_challenge": SimpleLazyObject(latest)}
