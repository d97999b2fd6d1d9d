"""What every page's frame needs to know: the council, the person and the words."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from peerplan.councils.vocabulary import words_of


def council(request: HttpRequest) -> dict[str, Any]:
    """`council`, `person` (None off a council's pages), `words` and `demo`."""
    person = getattr(request, "person", None)
    here = getattr(request, "council", None)
    return {"council": here, "person": person, "words": words_of(here), "demo": settings.DEMO}
