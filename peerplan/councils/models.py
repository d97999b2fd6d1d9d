"""Councils, the people who work for them, and the words they use."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from peerplan.core import clock
from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.capabilities import Role

HEX_COLOUR = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", "Use six hexadecimal digits, such as #12324f.")


class UserManager(BaseUserManager["User"]):
    """Makes people; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user. Without a password nobody can sign in with one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who may create councils from the command line; opens no council."""
        return self.create_user(email, password, is_staff=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Who signs in with an e-mail address. Deactivated or made anonymous, never deleted."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_the_case"),
        )

    def __str__(self) -> str:
        return self.name or self.email


class Council(Versioned):
    """A tenant: its name, its look and its words."""

    class Kind(models.TextChoices):
        COUNTY = "county", "County council"
        DISTRICT = "district", "District or borough council"
        UNITARY = "unitary", "Unitary authority"
        METROPOLITAN = "metropolitan", "Metropolitan borough"
        LONDON = "london", "London borough"
        COMBINED = "combined", "Combined authority"
        FIRE = "fire", "Fire and rescue authority"

    class Nation(models.TextChoices):
        ENGLAND = "england", "England"
        WALES = "wales", "Wales"
        SCOTLAND = "scotland", "Scotland"
        NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.DISTRICT)
    nation = models.CharField(max_length=20, choices=Nation, default=Nation.ENGLAND)
    website = models.URLField(blank=True)
    contact_email = models.EmailField(blank=True)
    brand = models.CharField(max_length=7, default="#243447", validators=[HEX_COLOUR])
    brand_ink = models.CharField(max_length=7, default="#ffffff", validators=[HEX_COLOUR])
    brand_trim = models.CharField(max_length=7, default="#8fa3b8", validators=[HEX_COLOUR])
    link_colour = models.CharField(max_length=7, default="#0b4f8a", validators=[HEX_COLOUR])
    logo = models.BinaryField(null=True, blank=True, editable=False)
    logo_type = models.CharField(max_length=40, blank=True, editable=False)
    vocabulary = models.JSONField(default=dict, blank=True)
    accessibility_statement = models.TextField(blank=True)
    privacy_notice = models.TextField(blank=True)
    extensions_need_approval = models.BooleanField(default=False)
    protected_names = models.TextField("people not to be named in public", blank=True)
    is_sample = models.BooleanField(default=False)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )

    history = History(excluded_fields=["logo"])

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="council_has_a_name"),
            models.CheckConstraint(
                condition=~Q(successor=models.F("id")), name="council_is_not_its_own_successor"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Directorate(Versioned):
    """A part of the council's officer structure. Ended, never deleted."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="directorates")
    name = models.CharField(max_length=120)
    ended_on = models.DateField(null=True, blank=True)

    history = History()
    objects = CouncilQuerySet["Directorate"].as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint("council", Lower("name"), name="directorate_once_a_council"),
        )

    def __str__(self) -> str:
        return self.name


class Portfolio(Versioned):
    """What a member of the executive, or a committee chair, is accountable for."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="portfolios")
    name = models.CharField(max_length=120)
    holder_title = models.CharField(max_length=120, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    history = History()
    objects = CouncilQuerySet["Portfolio"].as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint("council", Lower("name"), name="portfolio_once_a_council"),
        )

    def __str__(self) -> str:
        return self.name


class Membership(Versioned):
    """What one person may do in one council."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    post = models.CharField("post or office", max_length=120, blank=True)
    reads_exempt = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    ends_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["Membership"].as_manager()

    class Meta:
        ordering = ("post", "id")
        constraints = (
            models.UniqueConstraint(
                "council",
                "user",
                condition=Q(ended_at__isnull=True),
                name="membership_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="membership_known_role"
            ),
        )

    def __str__(self) -> str:
        return self.post or self.get_role_display()


class Invitation(models.Model):
    """An invitation to take up a role. The token itself is only in the e-mail."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=30, choices=Role)
    post = models.CharField("post or office", max_length=120, blank=True)
    reads_exempt = models.BooleanField(default=False)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CouncilQuerySet["Invitation"].as_manager()

    class Meta:
        ordering = ("-invited_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("invited_at")), name="invitation_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="invitation_withdrawn_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="invitation_known_role"
            ),
        )


class RatingLabel(Versioned):
    """How one status is called and defined by one council, and whether it needs commentary.

    Together the rows of a council are its rating scheme: the written rule that stands beside
    every choice of a rating.
    """

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="rating_labels")
    key = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=40)
    definition = models.CharField(max_length=300)
    requires_commentary = models.BooleanField(default=False)

    history = History()
    objects = CouncilQuerySet["RatingLabel"].as_manager()

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint("council", "key", name="rating_label_once_a_council"),
            models.UniqueConstraint(
                "council", Lower("label"), name="rating_label_word_once_a_council"
            ),
        )

    def __str__(self) -> str:
        return self.label
