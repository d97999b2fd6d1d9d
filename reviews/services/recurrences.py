"""Saying that a later challenge takes up what an earlier one recommended."""

from django.db import transaction

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation, Recurrence

NOTE_LIMIT = 1000


@transaction.atomic
def link(
    *, earlier: Recommendation, later: Recommendation, note: str, author: Person
) -> Recurrence:
    """The link from an earlier recommendation to the one that takes it up.

    Raises NotPermitted, and Invalid where the two are not of an earlier and a later challenge of
    one council, or are linked already.
    """
    author.require(Capability.MANAGE_PLAN)
    # Two who link at once: the second waits here and finds the first one's link.
    PeerChallenge.objects.select_for_update().only("pk").get(pk=earlier.challenge_id)
    first, second = earlier.challenge, later.challenge
    if author.council.pk not in (first.council_id, second.council_id) or (
        first.council_id != second.council_id
    ):
        raise Invalid({"later": "Choose a recommendation of your council."})
    if (second.on_site_from, second.pk) <= (first.on_site_from, first.pk):
        raise Invalid({"later": "Choose a recommendation of a later challenge."})
    if earlier.ended_at or later.ended_at:
        raise Invalid({"later": "This recommendation was removed: choose another."})
    if len(note) > NOTE_LIMIT:
        raise Invalid({"note": f"Shorten the note to {NOTE_LIMIT:,} characters."})
    if Recurrence.objects.filter(earlier=earlier, later=later, ended_at__isnull=True).exists():
        raise Invalid({"later": "These two are linked already."})
    return Recurrence.objects.create(
        earlier=earlier, later=later, note=note.strip(), added_by=author.user
    )


@transaction.atomic
def unlink(*, recurrence: Recurrence, author: Person) -> Recurrence:
    """The link, ended now. Ending it twice changes nothing. Raises NotPermitted."""
    author.require(Capability.MANAGE_PLAN)
    current = Recurrence.objects.select_for_update().get(pk=recurrence.pk)
    if current.ended_at is None:
        current.ended_at, current.ended_by = clock.now(), author.user
        current.save()
    return current
