"""Bodies, who sits on them, when they meet, and the days on which the council is closed."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import Council, Membership, User


class Body(Versioned):
    """Who a paper goes to: a committee, the executive, the council, an officer board."""

    class Kind(models.TextChoices):
        SCRUTINY = "scrutiny", "Overview and scrutiny committee"
        EXECUTIVE = "executive", "Cabinet or executive"
        COUNCIL = "council", "Full council"
        AUDIT = "audit", "Audit or governance committee"
        COMMITTEE = "committee", "Policy committee (committee system)"
        INDIVIDUAL = "individual", "Individual decision"
        OFFICERS = "officers", "Officer board"
        EXTERNAL = "external", "Body outside the council"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind)
    called = models.CharField(
        "how papers call it",
        max_length=80,
        blank=True,
        help_text="In a sentence, such as “the Committee” or “Cabinet”",
    )
    lead_in = models.CharField("lead-in words of its recommendations", max_length=120, blank=True)
    call_in_days = models.PositiveSmallIntegerField("working days for call-in", default=5)
    ended_on = models.DateField(null=True, blank=True)

    history = History()
    objects = CouncilQuerySet["Body"].as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint("council", Lower("name"), name="body_once_a_council"),
            models.CheckConstraint(condition=~Q(name=""), name="body_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_executive(self) -> bool:
        """True where the rules on executive decisions apply: notice, call-in."""
        return self.kind in (self.Kind.EXECUTIVE, self.Kind.INDIVIDUAL)

    @property
    def in_sentences(self) -> str:
        """How papers call it: "the Committee", else its name."""
        return self.called or self.name


class BodyMember(models.Model):
    """A person sits on a body from one instant to another. Ended, never deleted.

    Entitlement to the exempt part of a body's papers follows from this row, not from a role.
    """

    council_path = "body__council"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="seats")
    office = models.CharField(max_length=60, blank=True, help_text="Such as Chair")
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CouncilQuerySet["BodyMember"].as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("body", "membership"),
                condition=Q(ended_at__isnull=True),
                name="body_member_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="body_member_ended_by_somebody",
            ),
        )


class Meeting(Versioned):
    """One meeting of a body, past ones too. Called off, never deleted."""

    council_path = "body__council"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    on = models.DateField("date")
    at = models.TimeField("time", null=True, blank=True)
    place = models.CharField(max_length=150, blank=True)
    agenda_published_on = models.DateField(null=True, blank=True)
    late_reason = models.TextField("reason for late publication", blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True, editable=False)
    called_off_reason = models.TextField(blank=True)

    history = History()
    objects = CouncilQuerySet["Meeting"].as_manager()

    class Meta:
        ordering = ("on", "at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "on"),
                condition=Q(called_off_at__isnull=True),
                name="meeting_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(called_off_at__isnull=True) | ~Q(called_off_reason=""),
                name="meeting_called_off_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.body} on {self.on}"


class ClosureDay(models.Model):
    """A day on which the council's offices are closed, beside weekends and bank holidays."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="closure_days")
    on = models.DateField("date")
    reason = models.CharField(max_length=120)
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CouncilQuerySet["ClosureDay"].as_manager()

    class Meta:
        ordering = ("on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("council", "on"),
                condition=Q(ended_at__isnull=True),
                name="closure_day_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="closure_day_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="closure_day_ended_by_somebody",
            ),
        )
