"""Claiming an action so that what is recorded about a plan is in the order of its commits."""

from django.db import connection

from actions.models import Action
from peerplan.core import versions
from reviews.models import PeerChallenge
from reviews.services.checks import require_open


def lock_and_claim(action: Action, version: int) -> Action:
    """Claim `action` after locking its challenge, so that `recorded_at` is in commit order.

    SQLite has no such lock and needs none: its IMMEDIATE transactions are one at a time.
    Raises Stale, and Invalid where the plan is closed.
    """
    held = PeerChallenge.objects.only("closed_on")
    if connection.features.has_select_for_update:
        held = held.select_for_update()
    require_open(held.get(pk=action.challenge_id))
    current = versions.claim(action, version)
    # The challenge that the caller has read: nothing here asks for it twice.
    current.challenge = action.challenge
    return current
