"""Issued papers: frozen, with their position and their bytes."""

from django.db import models
from django.db.models import Q

from peerplan.core import clock
from peerplan.core.scope import CouncilQuerySet
from peerplan.councils.models import User
from peerplan.papers.models.papers import Paper
from peerplan.papers.models.routes import RouteStep


class IssuedPaper(models.Model):
    """A paper as it went to one body. Never changed: a correction is a further issue.

    `position` is the whole position from which it was drawn, frozen (`actions.frozen`), exempt
    parts too. `number` counts the issues of this paper to this step from 1; from 2 on there is a
    reason. `current` is False once a later issue has taken its place.
    """

    council_path = "paper__challenge__council"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="issues")
    step = models.ForeignKey(RouteStep, on_delete=models.PROTECT, related_name="issues")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    body_name = models.CharField(max_length=120)
    meeting_on = models.DateField(null=True, blank=True)
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField()
    known_by = models.DateTimeField()
    reason = models.TextField(blank=True)
    is_provisional = models.BooleanField(default=False)
    has_restricted = models.BooleanField(default=False)
    position = models.BinaryField(editable=False)
    position_sha256 = models.CharField(max_length=64)

    objects = CouncilQuerySet["IssuedPaper"].as_manager()

    class Meta:
        ordering = ("-issued_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("paper", "step", "number"), name="issue_number_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="later_issue_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, issue {self.number}"


class IssuedDocument(models.Model):
    """One file of an issued paper: the report (position 0) or an appendix, in one format."""

    council_path = "issue__paper__challenge__council"

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        WORD = "docx", "Word"
        PAGE = "html", "Page"

    issue = models.ForeignKey(IssuedPaper, on_delete=models.PROTECT, related_name="documents")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=250)
    format = models.CharField(max_length=4, choices=Format)
    is_restricted = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(editable=False)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    pages = models.PositiveIntegerField(default=0)

    objects = CouncilQuerySet["IssuedDocument"].as_manager()

    class Meta:
        ordering = ("position", "is_restricted", "format")
        constraints = (
            models.UniqueConstraint(
                fields=("issue", "position", "format", "is_restricted"),
                name="issued_document_once",
            ),
        )

    def __str__(self) -> str:
        return self.file_name
