"""What shows that an update is true."""

import uuid

from django.db import models
from django.db.models import Q

from actions.models.plan import Action, Visibility
from actions.models.updates import ProgressUpdate
from peerplan.core import clock
from peerplan.core.scope import CouncilQuerySet
from peerplan.councils.models import User


class EvidenceQuerySet(CouncilQuerySet["Evidence"]):
    """Evidence, and what of it stands."""

    def standing(self) -> "EvidenceQuerySet":
        """Evidence that has not been withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


def evidence_path(evidence: "Evidence", name: str) -> str:
    """A random place that says nothing of the file's name, its council or its type."""
    token = uuid.uuid4().hex
    return f"{token[:2]}/{token}"


class Evidence(models.Model):
    """A link or a file that shows what an update says."""

    council_path = "action__challenge__council"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="evidence")
    update = models.ForeignKey(
        ProgressUpdate, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=200)
    link = models.URLField(max_length=500, blank=True)
    file = models.FileField(upload_to=evidence_path, blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")),
                name="evidence_is_a_link_or_a_file",
            ),
        )

    def __str__(self) -> str:
        return self.title
