"""Routes: the ordered steps by which a plan goes from body to body."""

from django.db import models
from django.db.models import Q

from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.papers.models.meetings import Body, Meeting
from reviews.models import PeerChallenge


class Purpose(models.TextChoices):
    """Why a paper goes to a body (design: meetings and papers)."""

    COMMENT = "comment", "Comment"
    APPROVE = "approve", "Approve"
    NOTE = "note", "Note"
    RECOMMEND = "recommend", "Recommend to the next body"
    MONITOR = "monitor", "Monitor"
    PUBLISH = "publish", "Publish provisionally"
    RECEIVE = "receive", "Receive"


class Route(Versioned):
    """An ordered list of steps for one round of papers of a challenge. Ended, never deleted."""

    council_path = "challenge__council"

    challenge = models.ForeignKey(PeerChallenge, on_delete=models.PROTECT, related_name="routes")
    name = models.CharField(max_length=120)
    preset = models.CharField(max_length=30, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["Route"].as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="route_has_a_name"),)

    def __str__(self) -> str:
        return self.name


class RouteStep(Versioned):
    """One step: a body, a purpose, a meeting once there is one, and what came of it."""

    council_path = "route__challenge__council"

    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="steps")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.NOTE)
    meeting = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    paper = models.ForeignKey(
        "Paper", null=True, blank=True, on_delete=models.PROTECT, related_name="steps"
    )
    shares_paper = models.BooleanField("one report with the step before", default=False)
    takes_comments = models.BooleanField("takes in the comments of earlier steps", default=False)
    takes_minute = models.BooleanField("takes in the minutes of earlier steps", default=False)
    is_key = models.BooleanField("key decision", default=False)
    has_private_part = models.BooleanField("part of it in private", default=False)
    is_open_to_call_in = models.BooleanField("open to call-in", default=True)
    notice_published_on = models.DateField("notice of the key decision", null=True, blank=True)
    private_notice_published_on = models.DateField(
        "notice of the private part", null=True, blank=True
    )
    second_private_notice_published_on = models.DateField(
        "second notice of the private part", null=True, blank=True
    )
    decision_published_on = models.DateField("decision published", null=True, blank=True)
    comments = models.TextField("comments of the body", blank=True)
    minute_number = models.CharField(max_length=30, blank=True)
    minute = models.TextField("minute", blank=True)
    outcome_paragraph = models.PositiveSmallIntegerField(
        "not for publication: paragraph of Schedule 12A", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["RouteStep"].as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome_paragraph__isnull=True) | Q(outcome_paragraph__range=(1, 7)),
                name="step_outcome_paragraph_is_there",
            ),
            models.UniqueConstraint(
                fields=("paper", "meeting"),
                condition=Q(ended_at__isnull=True, paper__isnull=False, meeting__isnull=False),
                name="step_one_paper_once_a_meeting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body}: {self.get_purpose_display()}"
