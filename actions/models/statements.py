"""The position statement that a council sends to its peers: its words, and each issue as bytes."""

from django.db import models
from django.db.models import Q

from actions.models.releases import Release
from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import User
from reviews.models import PeerChallenge


class PositionStatement(Versioned):
    """What the council writes around its plan for the peers. One a challenge."""

    council_path = "challenge__council"

    challenge = models.OneToOneField(
        PeerChallenge, on_delete=models.PROTECT, related_name="position_statement"
    )
    introduction = models.TextField(blank=True)
    ahead = models.TextField("what comes next", blank=True)

    history = History()
    objects = CouncilQuerySet["PositionStatement"].as_manager()

    def __str__(self) -> str:
        return "Position statement"


class IssuedStatement(models.Model):
    """One issue of the statement, of a released position. Issued is frozen."""

    council_path = "statement__challenge__council"

    statement = models.ForeignKey(
        PositionStatement, on_delete=models.PROTECT, related_name="issues"
    )
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField()
    has_exempt_parts = models.BooleanField(default=False)
    is_closing = models.BooleanField("with the closing letter", default=False)
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = CouncilQuerySet["IssuedStatement"].as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("statement", "number"), name="issued_statement_number_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="issued_statement_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"Position statement {self.number}"


class StatementFile(models.Model):
    """One file of an issued statement: a document as bytes, or a piece of evidence by its hash."""

    council_path = "issue__statement__challenge__council"

    issue = models.ForeignKey(IssuedStatement, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField(null=True, blank=True, editable=False)
    evidence = models.ForeignKey(
        "Evidence", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)

    objects = CouncilQuerySet["StatementFile"].as_manager()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("issue", "name"), name="statement_file_name_once"),
            models.CheckConstraint(
                condition=Q(content__isnull=True, evidence__isnull=False)
                | Q(content__isnull=False, evidence__isnull=True),
                name="statement_file_is_bytes_or_evidence",
            ),
        )

    def __str__(self) -> str:
        return self.name
