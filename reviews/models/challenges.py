"""The visit: the challenge, its team, themes, conclusions and recommendations."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import Council, User
from reviews.presets import PRESETS, RULE_SETS, Preset, RuleSet


class PeerChallenge(Versioned):
    """One visit by peers, or another review of the same shape, with the plan that answers it."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="challenges")
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=30, default="cpc")
    title = models.CharField(max_length=150)
    on_site_from = models.DateField()
    on_site_to = models.DateField()
    rule_set = models.CharField(max_length=30, default="lga-2024")
    report_received_on = models.DateField(null=True, blank=True)
    report_published_on = models.DateField(null=True, blank=True)
    report_url = models.URLField(blank=True)
    draft_plan_on = models.DateField(null=True, blank=True)
    plan_approved_on = models.DateField(null=True, blank=True)
    review_from = models.DateField(null=True, blank=True)
    review_to = models.DateField(null=True, blank=True)
    review_report_published_on = models.DateField(null=True, blank=True)
    context = models.TextField(blank=True)
    adopted_on = models.DateField(null=True, blank=True, editable=False)
    closed_on = models.DateField(null=True, blank=True, editable=False)
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )

    history = History()
    objects = CouncilQuerySet["PeerChallenge"].as_manager()

    class Meta:
        ordering = ("-on_site_from", "id")
        constraints = (
            models.UniqueConstraint(fields=("council", "slug"), name="challenge_slug_once"),
            models.CheckConstraint(
                condition=Q(on_site_to__gte=F("on_site_from")),
                name="challenge_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(review_to__isnull=True) | Q(review_to__gte=F("review_from")),
                name="review_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(adopted_on__isnull=False),
                name="challenge_closes_after_adoption",
            ),
            models.CheckConstraint(
                condition=~Q(previous=F("id")), name="challenge_does_not_follow_itself"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def preset(self) -> Preset:
        """The kind of review this is."""
        return PRESETS[self.kind]

    @property
    def deadlines_from(self) -> RuleSet:
        """The edition of deadlines that applies."""
        return RULE_SETS[self.rule_set]

    @property
    def is_adopted(self) -> bool:
        """True once the wording of the recommendations is locked."""
        return self.adopted_on is not None

    @property
    def is_closed(self) -> bool:
        """True once the plan is closed: it is read and printed, and no longer changes."""
        return self.closed_on is not None


class ChallengePart(Versioned):
    """A row that belongs to a challenge and is ended, never deleted, once the plan is adopted."""

    council_path = "challenge__council"

    challenge = models.ForeignKey(
        PeerChallenge, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    position = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("position", "id")


class TeamMember(ChallengePart):
    """One of the peers: they are named in public papers. The name may be left out."""

    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=150)
    organisation = models.CharField(max_length=150, blank=True)

    history = History()
    objects = CouncilQuerySet["TeamMember"].as_manager()

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.role, self.organisation) if part)


class Theme(ChallengePart):
    """A theme of the visit: core (offered by the preset), the challenge's own, or a focus area."""

    class Kind(models.TextChoices):
        CORE = "core", "Core theme"
        OWN = "own", "Theme of this challenge"
        FOCUS = "focus", "Focus area across the themes"

    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.OWN)

    history = History()
    objects = CouncilQuerySet["Theme"].as_manager()

    class Meta(ChallengePart.Meta):
        constraints = (
            models.UniqueConstraint(
                "challenge",
                Lower("title"),
                condition=Q(ended_at__isnull=True),
                name="theme_once_a_challenge",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Conclusion(ChallengePart):
    """What the peers concluded or praised, under a theme or for the whole council."""

    class Kind(models.TextChoices):
        STRENGTH = "strength", "Strength"
        CONCLUSION = "conclusion", "Conclusion"
        CONSIDER = "consider", "Area to consider"

    theme = models.ForeignKey(
        Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="conclusions"
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.CONCLUSION)
    text = models.TextField()

    history = History()
    objects = CouncilQuerySet["Conclusion"].as_manager()

    def __str__(self) -> str:
        return self.text[:80]


class Recommendation(ChallengePart):
    """A recommendation in the peers' words; the wording is locked when the challenge is adopted."""

    class Kind(models.TextChoices):
        KEY = "key", "Key recommendation"
        FURTHER = "further", "Further recommendation"
        OBSERVATION = "observation", "Observation"
        SUGGESTION = "suggestion", "Progress review suggestion"
        LOCAL = "local", "Added locally"

    class Response(models.TextChoices):
        NONE = "", "Not yet answered"
        ACCEPTED = "accepted", "Accepted"
        PARTLY = "partly", "Partly accepted"
        NOT_ACCEPTED = "not-accepted", "Not accepted"

    ref = models.CharField("reference", max_length=12)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.KEY)
    title = models.CharField("heading", max_length=250)
    wording = models.TextField("the peers’ wording", blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    response = models.CharField(max_length=12, choices=Response, blank=True, default="")
    response_reason = models.TextField(blank=True)

    history = History()
    objects = CouncilQuerySet["Recommendation"].as_manager()

    class Meta(ChallengePart.Meta):
        constraints = (
            models.UniqueConstraint(
                "challenge",
                Lower("ref"),
                condition=Q(ended_at__isnull=True),
                name="recommendation_ref_once_a_challenge",
            ),
            models.CheckConstraint(
                condition=~Q(response="not-accepted") | ~Q(response_reason=""),
                name="not_accepted_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="recommendation_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class RecommendationTheme(models.Model):
    """A recommendation stands under a theme from one instant to another. Ended, never deleted."""

    council_path = "recommendation__challenge__council"

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="theme_links"
    )
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="recommendation_links")
    added_at = models.DateTimeField(default=clock.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CouncilQuerySet["RecommendationTheme"].as_manager()

    class Meta:
        ordering = ("theme__position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("recommendation", "theme"),
                condition=Q(ended_at__isnull=True),
                name="recommendation_theme_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("added_at")),
                name="recommendation_theme_ends_later",
            ),
        )
