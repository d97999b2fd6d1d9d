"""The plan: actions, what they answer, where they went, and their milestones."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import Directorate, Membership, Portfolio, User
from reviews.models import PeerChallenge, Recommendation


class Visibility(models.TextChoices):
    """Who may read an action: everyone in the end, or only those entitled."""

    PUBLIC = "public", "For publication"
    EXEMPT = "exempt", "Not for publication"


EXEMPT_PARAGRAPHS = {
    1: "1: information about an individual",
    2: "2: information likely to reveal the identity of an individual",
    3: "3: financial or business affairs",
    4: "4: labour relations matters",
    5: "5: legal professional privilege",
    6: "6: notices and orders the authority proposes",
    7: "7: prevention, investigation or prosecution of crime",
}


class Action(Versioned):
    """What the council will do. Its state, rating and dates are those of its latest update."""

    council_path = "challenge__council"

    class Beginning(models.TextChoices):
        NEW = "new", "New"
        UNDER_WAY = "under-way", "Already under way when the peers came"

    challenge = models.ForeignKey(PeerChallenge, on_delete=models.PROTECT, related_name="actions")
    ref = models.CharField("reference", max_length=12)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=250)
    description = models.TextField(blank=True)
    success_measure = models.TextField(blank=True)
    lead_role = models.CharField(max_length=120, blank=True)
    lead_person = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    portfolio = models.ForeignKey(
        Portfolio, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    directorate = models.ForeignKey(
        Directorate, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    beginning = models.CharField(max_length=10, choices=Beginning, default=Beginning.NEW)
    in_plan_from = models.DateField()
    original_due = models.DateField("original due date", null=True, blank=True)
    original_due_words = models.CharField("due date as printed", max_length=60, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    exempt_paragraph = models.PositiveSmallIntegerField(null=True, blank=True)
    latest_update = models.ForeignKey(
        "ProgressUpdate",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History(excluded_fields=["latest_update"])
    objects = CouncilQuerySet["Action"].as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                "challenge",
                Lower("ref"),
                condition=Q(removed_at__isnull=True),
                name="action_ref_once_a_challenge",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="action_has_a_title"),
            models.CheckConstraint(
                # A check passes on NULL, so that a paragraph is there has to be said.
                condition=Q(visibility="public", exempt_paragraph__isnull=True)
                | Q(
                    visibility="exempt",
                    exempt_paragraph__isnull=False,
                    exempt_paragraph__range=(1, 7),
                ),
                name="exempt_action_names_its_paragraph",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Answer(models.Model):
    """An action answers a recommendation from one instant to another. Ended, never deleted."""

    council_path = "action__challenge__council"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="answers")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="answers"
    )
    is_primary = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CouncilQuerySet["Answer"].as_manager()

    class Meta:
        ordering = ("-is_primary", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("action", "recommendation"),
                condition=Q(ended_at__isnull=True),
                name="answer_once",
            ),
            models.UniqueConstraint(
                fields=("action",),
                condition=Q(ended_at__isnull=True, is_primary=True),
                name="answer_one_primary_an_action",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("added_at")),
                name="answer_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="answer_ended_by_somebody",
            ),
        )


class Lineage(models.Model):
    """Where an action went: merged into, superseded by or split into another. Kept for good."""

    council_path = "source__challenge__council"

    class Kind(models.TextChoices):
        MERGED = "merged", "Merged into"
        SUPERSEDED = "superseded", "Superseded by"
        SPLIT = "split", "Split into"
        CARRIED = "carried", "Carried over into"

    source = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="went_to")
    target = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="came_from")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()
    reason = models.TextField()
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = CouncilQuerySet["Lineage"].as_manager()

    class Meta:
        ordering = ("on", "id")
        constraints = (
            models.UniqueConstraint(fields=("source", "target"), name="lineage_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="lineage_two_actions"),
            models.CheckConstraint(condition=~Q(reason=""), name="lineage_has_a_reason"),
        )


class Milestone(Versioned):
    """A step on the way of an action. Whether it is done is said by progress updates."""

    council_path = "action__challenge__council"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="milestones")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=250)
    due = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["Milestone"].as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="milestone_has_a_title"),
        )

    def __str__(self) -> str:
        return self.title
