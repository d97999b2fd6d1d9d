"""Peers who read one challenge for a time, and what each of them looked at."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from reviews.models.challenges import PeerChallenge


class PeerAccess(Versioned):
    """A peer reads one challenge from one day to another, both included. It ends by itself.

    The person is known by the address they sign in with; their membership is that of a peer
    reviewer.
    """

    council_path = "challenge__council"

    challenge = models.ForeignKey(
        PeerChallenge, on_delete=models.PROTECT, related_name="peer_accesses"
    )
    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    post = models.CharField("role and organisation", max_length=120, blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["PeerAccess"].as_manager()

    class Meta:
        ordering = ("closes_on", "id")
        constraints = (
            models.UniqueConstraint(
                "challenge",
                Lower("email"),
                condition=Q(ended_at__isnull=True),
                name="peer_access_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="peer_access_closes_later"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email


class PeerView(models.Model):
    """A peer looked at a page or took a file. Append-only."""

    council_path = "access__challenge__council"

    access = models.ForeignKey(PeerAccess, on_delete=models.PROTECT, related_name="views")
    what = models.CharField(max_length=200)
    path = models.CharField(max_length=500)
    viewed_at = models.DateTimeField(default=clock.now, editable=False)

    objects = CouncilQuerySet["PeerView"].as_manager()

    class Meta:
        ordering = ("-viewed_at", "-id")
        indexes = (models.Index(fields=["access", "-viewed_at"], name="peer_view_latest_idx"),)
