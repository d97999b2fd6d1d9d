"""What a body decided: the record of a step, its resolutions, and what they did to the plan."""

from django.db import models
from django.db.models import F, Q

from actions.models import Action, ProgressUpdate
from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import User
from peerplan.papers.models.routes import RouteStep
from reviews.models import Recommendation


class Decision(Versioned):
    """The record of one step. Minute number, minute and comments stand on the step itself."""

    council_path = "step__route__challenge__council"

    step = models.OneToOneField(RouteStep, on_delete=models.PROTECT, related_name="decision")
    introduced_by = models.CharField("introduced by (a role)", max_length=120, blank=True)
    points = models.TextField("points made", blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(null=True, blank=True)
    lead_in = models.CharField("words before the resolutions", max_length=120, blank=True)
    reason = models.TextField("reason for the decision", blank=True)
    options = models.TextField("options considered", blank=True)
    effective_from = models.DateField(null=True, blank=True)

    history = History()
    objects = CouncilQuerySet["Decision"].as_manager()

    def __str__(self) -> str:
        return f"Decision of {self.step.body}"


class Resolution(Versioned):
    """One numbered resolution of a decision. Ended, never deleted."""

    council_path = "decision__step__route__challenge__council"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="resolutions")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    minute_number = models.CharField("minute number, if its own", max_length=30, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["Resolution"].as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="resolution_says_something"),
        )

    def __str__(self) -> str:
        return self.text[:80]


class ResolutionLink(models.Model):
    """A resolution concerns a recommendation or an action. Ended, never deleted."""

    council_path = "resolution__decision__step__route__challenge__council"

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="links")
    recommendation = models.ForeignKey(
        Recommendation, null=True, blank=True, on_delete=models.PROTECT, related_name="resolutions"
    )
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.PROTECT, related_name="resolutions"
    )
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CouncilQuerySet["ResolutionLink"].as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(recommendation__isnull=True, action__isnull=False)
                | Q(recommendation__isnull=False, action__isnull=True),
                name="resolution_link_to_one_subject",
            ),
            models.UniqueConstraint(
                fields=("resolution", "action"),
                condition=Q(ended_at__isnull=True, action__isnull=False),
                name="resolution_link_action_once",
            ),
            models.UniqueConstraint(
                fields=("resolution", "recommendation"),
                condition=Q(ended_at__isnull=True, recommendation__isnull=False),
                name="resolution_link_recommendation_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("added_at")),
                name="resolution_link_ends_later",
            ),
        )


class Amendment(models.Model):
    """A change of the plan that a body asked for, made, and traceable both ways. Append-only.

    `action_version` is the version of the action that the change made; `update` is the progress
    update where the change was one.
    """

    council_path = "decision__step__route__challenge__council"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="amendments")
    resolution = models.ForeignKey(
        Resolution, null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="amendments")
    action_version = models.PositiveIntegerField()
    update = models.ForeignKey(
        ProgressUpdate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    words = models.TextField("what was changed")
    made_at = models.DateTimeField(default=clock.now, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = CouncilQuerySet["Amendment"].as_manager()

    class Meta:
        ordering = ("made_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(words=""), name="amendment_says_what"),)
