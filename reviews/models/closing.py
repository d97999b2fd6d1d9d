"""Closing a challenge, and what earlier challenges left to later ones."""

from django.db import models
from django.db.models import F, Q

from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import User
from reviews.models.challenges import PeerChallenge, Recommendation


class ClosingLetter(Versioned):
    """What the council writes to those who challenged it when it closes the plan."""

    council_path = "challenge__council"

    challenge = models.OneToOneField(
        PeerChallenge, on_delete=models.PROTECT, related_name="closing_letter"
    )
    addressee = models.CharField(max_length=200, blank=True)
    signed_by = models.CharField("signed by (a role)", max_length=120, blank=True)
    text = models.TextField(blank=True)
    carried_over = models.TextField("what carries on, and where", blank=True)

    history = History()
    objects = CouncilQuerySet["ClosingLetter"].as_manager()

    def __str__(self) -> str:
        return "Closing letter"


class Recurrence(models.Model):
    """A later challenge takes up what an earlier one recommended. Ended, never deleted."""

    council_path = "earlier__challenge__council"

    earlier = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="taken_up_in"
    )
    later = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="takes_up")
    note = models.TextField(blank=True)
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CouncilQuerySet["Recurrence"].as_manager()

    class Meta:
        ordering = ("added_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("earlier", "later"),
                condition=Q(ended_at__isnull=True),
                name="recurrence_once",
            ),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")), name="recurrence_of_two_recommendations"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="recurrence_ended_by_somebody",
            ),
        )
