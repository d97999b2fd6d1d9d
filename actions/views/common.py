"""What the views of this app share: scoped fetches, and the frame of a plan page."""

from django.http import Http404

from actions.models import Action
from actions.reading import find_action
from peerplan.councils.gate import CouncilRequest
from reviews.models import PeerChallenge


def fetch_challenge(request: CouncilRequest, slug: str) -> PeerChallenge:
    """The challenge of the request's council. Raises Http404."""
    found = PeerChallenge.objects.for_council(request.council).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def fetch_action(request: CouncilRequest, challenge: str, ref: str) -> Action:
    """The action that the person may see, with its challenge. Raises Http404."""
    found = find_action(request.person, challenge, ref)
    if found is None:
        raise Http404
    return found
