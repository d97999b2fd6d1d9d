"""What the council says of its plan as a whole: statuses, releases, findings and documents."""

from django.db import models
from django.db.models import Q

from actions.models.plan import Action
from peerplan.core import clock
from peerplan.core.scope import CouncilQuerySet
from peerplan.councils.models import Council, User
from reviews.models import PeerChallenge, Recommendation


class RecommendationUpdate(models.Model):
    """The council's own status and summary of a recommendation, as at a date. Append-only."""

    council_path = "recommendation__challenge__council"

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="updates"
    )
    as_at = models.DateField()
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20)
    summary = models.TextField(blank=True)
    impact = models.TextField("what has changed for people", blank=True)
    is_closed = models.BooleanField(default=False)
    closing_reason = models.TextField(blank=True)

    objects = CouncilQuerySet["RecommendationUpdate"].as_manager()

    class Meta:
        ordering = ("as_at", "recorded_at", "id")
        indexes = (
            models.Index(
                fields=["recommendation", "-as_at", "-recorded_at", "-id"],
                name="rec_update_position_idx",
            ),
        )


class Release(models.Model):
    """An act: the position as at a date, as known at an instant, is what members now read."""

    council_path = "challenge__council"

    challenge = models.ForeignKey(PeerChallenge, on_delete=models.PROTECT, related_name="releases")
    as_at = models.DateField()
    known_by = models.DateTimeField(default=clock.now, editable=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    findings = models.JSONField("what was found about the ratings", default=list, blank=True)

    objects = CouncilQuerySet["Release"].as_manager()

    class Meta:
        ordering = ("-known_by", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="release_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"Position at {self.as_at}"


class FindingNote(models.Model):
    """A plan manager's answer to one finding about a rating. Append-only.

    It answers the finding as long as the facts that triggered it are the same.
    """

    council_path = "challenge__council"

    challenge = models.ForeignKey(PeerChallenge, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.PROTECT, related_name="finding_notes"
    )
    recommendation = models.ForeignKey(
        Recommendation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    facts_sha256 = models.CharField(max_length=64)
    note = models.TextField()
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = CouncilQuerySet["FindingNote"].as_manager()

    class Meta:
        ordering = ("added_at", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(note=""), name="finding_note_says_something"),
            models.CheckConstraint(
                condition=Q(action__isnull=True) | Q(recommendation__isnull=True),
                name="finding_note_of_one_subject",
            ),
        )


class StoredDocument(models.Model):
    """A document as bytes, kept by what went into it: an unchanged plan is not rendered twice."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="documents")
    challenge = models.ForeignKey(PeerChallenge, on_delete=models.PROTECT, related_name="documents")
    inputs_sha256 = models.CharField(max_length=64)
    variant = models.CharField(max_length=60)
    is_restricted = models.BooleanField(default=False)
    content = models.BinaryField(editable=False)
    content_sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now, editable=False)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CouncilQuerySet["StoredDocument"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("council", "inputs_sha256"), name="document_once_for_its_inputs"
            ),
        )
