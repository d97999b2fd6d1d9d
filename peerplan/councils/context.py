"""What every page's frame needs to know: the council, the person and the words."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from peerplan.councils import gate
from peerplan.councils.models import Council, User
from peerplan.councils.vocabulary import words_of

_COUNCIL_PAGE = re.compile(r"/c/([-a-zA-Z0-9_]+)/")


def _council_of_account_page(request: HttpRequest) -> Council | None:
    """The council whose look a page about signing in has; None on other pages, or where unclear.

    It is the one council of whoever has signed in, else the one they are on the way to, else the
    only one there is.
    """
    match = request.resolver_match
    if match is None or not (match.url_name or "").startswith("account_"):
        return None
    if isinstance(request.user, User):
        memberships = list(gate.memberships_of(request.user)[:2])
        return memberships[0].council if len(memberships) == 1 else None
    if found := _COUNCIL_PAGE.match(request.GET.get("next", "")):
        return Council.objects.filter(slug=found[1]).first()
    councils = list(Council.objects.all()[:2])
    return councils[0] if len(councils) == 1 else None


def council(request: HttpRequest) -> dict[str, Any]:
    """`council`, `person` (None off a council's pages), `words` and `demo`."""
    person = getattr(request, "person", None)
    here = getattr(request, "council", None) or _council_of_account_page(request)
    return {"council": here, "person": person, "words": words_of(here), "demo": settings.DEMO}
