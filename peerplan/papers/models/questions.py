"""Members' questions on the plan, answered by the lead and tracked until they are closed."""

from django.db import models
from django.db.models import Q

from actions.models import Action
from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import User
from peerplan.papers.models.meetings import Body
from reviews.models import PeerChallenge, Recommendation


class Question(Versioned):
    """A question of a member of a body on one action or one recommendation."""

    council_path = "challenge__council"

    challenge = models.ForeignKey(PeerChallenge, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField()
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="questions")
    recommendation = models.ForeignKey(
        Recommendation, null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    exempt_paragraph = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["Question"].as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("challenge", "number"), name="question_number_once_a_challenge"
            ),
            models.CheckConstraint(
                condition=Q(recommendation__isnull=True, action__isnull=False)
                | Q(recommendation__isnull=False, action__isnull=True),
                name="question_on_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(exempt_paragraph__isnull=True) | Q(exempt_paragraph__range=(1, 7)),
                name="question_paragraph_is_there",
            ),
        )

    def __str__(self) -> str:
        return f"Question {self.number}"


class QuestionEntry(models.Model):
    """One thing said about a question. Append-only."""

    council_path = "question__challenge__council"

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        ANSWER = "answer", "Answer"
        FOLLOW_UP = "follow-up", "Follow-up question"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Opened again"

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=clock.now, editable=False)

    objects = CouncilQuerySet["QuestionEntry"].as_manager()

    class Meta:
        ordering = ("said_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["closed", "reopened"]) | ~Q(text=""),
                name="question_entry_says_something",
            ),
        )
