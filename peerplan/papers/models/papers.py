"""Papers in writing: their parts, sign-offs and appendices."""

from django.db import models
from django.db.models import Q

from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import User
from peerplan.papers.models.routes import RouteStep
from peerplan.papers.models.templates import PaperTemplate, PartDesign
from reviews.models import PeerChallenge


class Paper(Versioned):
    """One report in writing, for one step of a route or for several that share it.

    `figures_as_at` and `figures_known_by` say from which position its figures are drawn.
    """

    council_path = "challenge__council"

    challenge = models.ForeignKey(PeerChallenge, on_delete=models.PROTECT, related_name="papers")
    template = models.ForeignKey(PaperTemplate, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    figures_as_at = models.DateField("figures as at")
    figures_known_by = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["Paper"].as_manager()

    class Meta:
        ordering = ("-started_at", "-id")
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="paper_has_a_title"),)

    def __str__(self) -> str:
        return self.title


class PaperPart(PartDesign):
    """One part of a paper, edited by itself.

    `drafted` is the text as it was last drafted from the plan, so that fresh figures can be
    brought in without losing what was edited since. A sign-off belongs to the text that was
    signed: changing the text takes it away. Recommendations are paragraphs of `text`, one each,
    to the body of `step`.
    """

    council_path = "paper__challenge__council"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="parts")
    step = models.ForeignKey(
        RouteStep, null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    lead_in = models.CharField("lead-in words", max_length=120, blank=True)
    drafted = models.TextField(blank=True, editable=False)
    shows_figures = models.BooleanField("tables from the plan below the text", default=True)
    exempt_paragraph = models.PositiveSmallIntegerField(
        "not for publication", null=True, blank=True
    )
    signed_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_off_on = models.DateField("signed off on", null=True, blank=True)
    signed_off_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = History()
    objects = CouncilQuerySet["PaperPart"].as_manager()

    class Meta(PartDesign.Meta):
        constraints = (
            models.CheckConstraint(condition=~Q(label=""), name="paper_part_has_a_label"),
            models.CheckConstraint(
                condition=Q(exempt_paragraph__isnull=True) | Q(exempt_paragraph__range=(1, 7)),
                name="paper_part_known_exempt_paragraph",
            ),
            models.CheckConstraint(
                condition=Q(
                    signed_off_at__isnull=True,
                    signed_off_on__isnull=True,
                    signed_off_by__isnull=True,
                )
                | Q(
                    signed_off_at__isnull=False,
                    signed_off_on__isnull=False,
                    signed_off_by__isnull=False,
                ),
                name="paper_part_signed_off_by_somebody",
            ),
        )


class PaperAppendix(Versioned):
    """What goes with a paper: the plan as at a date, an earlier paper or minute, an uploaded PDF.

    `audience` is the one step whose pack it belongs to; None: every pack of the paper.
    """

    council_path = "paper__challenge__council"

    class Kind(models.TextChoices):
        PLAN = "plan", "The action plan, whole"
        EXCEPTIONS = "exceptions", "The action plan, exceptions only"
        EARLIER_PAPER = "earlier-paper", "An earlier paper"
        MINUTE = "minute", "The minute of an earlier step"
        UPLOAD = "upload", "An uploaded PDF"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="appendices")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=14, choices=Kind)
    title = models.CharField(max_length=200)
    audience = models.ForeignKey(
        RouteStep, null=True, blank=True, on_delete=models.PROTECT, related_name="appendices_for"
    )
    as_at = models.DateField("position as at", null=True, blank=True)
    earlier = models.ForeignKey(
        "IssuedPaper", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    minute_of = models.ForeignKey(
        RouteStep, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    content = models.BinaryField(null=True, blank=True, editable=False)
    file_name = models.CharField(max_length=150, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    pages = models.PositiveIntegerField(default=0)
    exempt_paragraph = models.PositiveSmallIntegerField(
        "not for publication", null=True, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History(excluded_fields=["content"])
    objects = CouncilQuerySet["PaperAppendix"].as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="paper_appendix_has_a_title"),
            models.CheckConstraint(
                condition=(~Q(kind="earlier-paper") | Q(earlier__isnull=False))
                & (~Q(kind="minute") | Q(minute_of__isnull=False))
                & (~Q(kind="upload") | (Q(content__isnull=False) & ~Q(content_sha256=""))),
                name="paper_appendix_has_its_source",
            ),
            models.CheckConstraint(
                condition=Q(exempt_paragraph__isnull=True) | Q(exempt_paragraph__range=(1, 7)),
                name="paper_appendix_known_exempt_paragraph",
            ),
        )

    def __str__(self) -> str:
        return self.title
