"""Progress updates, the truth about an action, and what is asked of its date."""

from django.db import models
from django.db.models import Q

from actions.models.plan import Action, Milestone, Visibility
from actions.states import Closure, Rating, State
from peerplan.core import clock
from peerplan.core.scope import CouncilQuerySet
from peerplan.councils.models import User


class ProgressUpdate(models.Model):
    """What is true of an action as at a date. The only home of state, rating and expected date.

    Append-only: a mistake is corrected by a further update for the same date.
    """

    council_path = "action__challenge__council"

    class Kind(models.TextChoices):
        PROGRESS = "progress", "Progress update"
        CORRECTION = "correction", "Correction"
        CLAIMED = "claimed", "Claimed complete"
        VERIFIED = "verified", "Verified"
        SENT_BACK = "sent-back", "Sent back"
        EXTENSION = "extension", "Date extended"
        CLOSED = "closed", "Closed"
        MERGED = "merged", "Merged, superseded or split"
        WITHDRAWN = "withdrawn", "Withdrawn"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="updates")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PROGRESS)
    as_at = models.DateField()
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="progress_updates")
    on_behalf_of = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State)
    rating = models.CharField(max_length=6, choices=Rating, blank=True)
    forecast = models.CharField(max_length=6, choices=Rating, blank=True)
    expected_date = models.DateField(null=True, blank=True)
    expected_words = models.CharField(max_length=60, blank=True)
    date_reason = models.TextField(blank=True)
    date_asked_by = models.CharField(max_length=120, blank=True)
    date_approved_by = models.CharField(max_length=120, blank=True)
    date_approved_on = models.DateField(null=True, blank=True)
    date_minute = models.CharField(max_length=60, blank=True)
    commentary = models.TextField(blank=True)
    recovery_plan = models.TextField(blank=True)
    decision_sought = models.TextField(blank=True)
    internal_note = models.TextField(blank=True)
    closure = models.CharField("why it closes", max_length=14, choices=Closure, blank=True)
    closure_note = models.TextField(blank=True)
    closure_agreed_by = models.CharField(max_length=120, blank=True)
    visibility = models.CharField(
        max_length=8, choices=Visibility, default=Visibility.PUBLIC, editable=False
    )
    correction_reason = models.TextField(blank=True)

    objects = CouncilQuerySet["ProgressUpdate"].as_manager()

    class Meta:
        ordering = ("as_at", "recorded_at", "id")
        indexes = (
            models.Index(
                fields=["action", "-as_at", "-recorded_at", "-id"], name="update_position_idx"
            ),
            models.Index(
                fields=["action", "as_at"],
                condition=~Q(date_reason=""),
                name="update_date_moved_idx",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="in-progress") & ~Q(rating="")
                | ~Q(state="in-progress") & Q(rating=""),
                name="update_rated_while_in_progress_only",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | ~Q(correction_reason=""),
                name="correction_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(closure="") | ~Q(state__in=["not-started", "in-progress", "paused"]),
                name="update_closes_only_what_is_closed",
            ),
        )


class MilestoneDone(models.Model):
    """A progress update says that a milestone is done, or takes that back."""

    council_path = "milestone__action__challenge__council"

    update = models.ForeignKey(
        ProgressUpdate, on_delete=models.PROTECT, related_name="milestone_marks"
    )
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="marks")
    is_done = models.BooleanField(default=True)

    objects = CouncilQuerySet["MilestoneDone"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("update", "milestone"), name="milestone_mark_once"),
        )


class Extension(models.Model):
    """A later date that somebody asked for: it waits, and is decided once.

    Approved, it becomes a progress update, which alone moves the date.
    """

    council_path = "action__challenge__council"

    class Decision(models.TextChoices):
        WAITING = "", "Waiting for approval"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Taken back"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="extensions")
    as_at = models.DateField()
    to = models.DateField(null=True, blank=True)
    to_words = models.CharField(max_length=60, blank=True)
    reason = models.TextField()
    asked_for = models.CharField("asked on behalf of", max_length=120, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    visibility = models.CharField(
        max_length=8, choices=Visibility, default=Visibility.PUBLIC, editable=False
    )
    decision = models.CharField(max_length=9, choices=Decision, blank=True, default="")
    decision_note = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.CharField("approved by", max_length=120, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    minute = models.CharField(max_length=60, blank=True)
    update = models.OneToOneField(
        ProgressUpdate, null=True, blank=True, on_delete=models.PROTECT, related_name="extension"
    )

    objects = CouncilQuerySet["Extension"].as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("action",), condition=Q(decision=""), name="extension_one_waits_an_action"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
            models.CheckConstraint(
                condition=Q(to__isnull=False) | ~Q(to_words=""), name="extension_has_a_date"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(decision="") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decision="approved", update__isnull=False)
                | ~Q(decision="approved") & Q(update__isnull=True),
                name="extension_approved_is_an_update",
            ),
            models.CheckConstraint(
                condition=~Q(decision="refused") | ~Q(decision_note=""),
                name="extension_refused_with_a_reason",
            ),
        )
