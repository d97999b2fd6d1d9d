"""The progress review: the peers come back and say how much progress they saw."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from reviews.models.challenges import PeerChallenge, Recommendation


class ProgressReview(Versioned):
    """The peers' return. Its days and the day of its report are dates of the challenge."""

    council_path = "challenge__council"

    challenge = models.OneToOneField(
        PeerChallenge, on_delete=models.PROTECT, related_name="progress_review"
    )
    summary = models.TextField("what the peers found overall", blank=True)
    report_url = models.URLField(blank=True)
    locked_on = models.DateField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["ProgressReview"].as_manager()

    def __str__(self) -> str:
        return "Progress review"

    @property
    def is_locked(self) -> bool:
        """True once the words of the peers are checked against their report."""
        return self.locked_on is not None


class ReviewPart(Versioned):
    """A row that belongs to a progress review. Ended, never deleted."""

    council_path = "review__challenge__council"

    review = models.ForeignKey(ProgressReview, on_delete=models.PROTECT, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("position", "id")


class ReturningPeer(ReviewPart):
    """One of the peers who came back: named in public papers. The name may be left out."""

    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=150)
    organisation = models.CharField(max_length=150, blank=True)

    history = History()
    objects = CouncilQuerySet["ReturningPeer"].as_manager()

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.role, self.organisation) if part)


class ReviewTheme(ReviewPart):
    """A heading of the review's own, with what the peers wrote under it."""

    title = models.CharField(max_length=120)
    text = models.TextField("what the peers wrote", blank=True)

    history = History()
    objects = CouncilQuerySet["ReviewTheme"].as_manager()

    class Meta(ReviewPart.Meta):
        constraints = (
            models.UniqueConstraint(
                "review",
                Lower("title"),
                condition=Q(ended_at__isnull=True),
                name="review_theme_once_a_review",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Finding(ReviewPart):
    """What the peers saw of one recommendation, in their words."""

    class Progress(models.TextChoices):
        DONE = "done", "Done"
        GOOD = "good", "Good progress"
        SOME = "some", "Some progress"
        LITTLE = "little", "Little progress"
        NONE = "none", "No progress seen"
        NOT_SAID = "not-said", "The peers did not say"

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="findings"
    )
    theme = models.ForeignKey(
        ReviewTheme, null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    progress = models.CharField(max_length=8, choices=Progress, default=Progress.NOT_SAID)
    words = models.TextField("the peers’ words", blank=True)

    history = History()
    objects = CouncilQuerySet["Finding"].as_manager()

    class Meta(ReviewPart.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("review", "recommendation"),
                condition=Q(ended_at__isnull=True),
                name="finding_once_a_recommendation",
            ),
        )

    def __str__(self) -> str:
        return self.get_progress_display()
