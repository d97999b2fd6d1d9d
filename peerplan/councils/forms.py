"""Forms of the council's administration. Services decide; forms read what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.validators import URLValidator

from peerplan.core import clock
from peerplan.core.forms import Choice, DayField, PlainText
from peerplan.core.templatetags.parts import day_in_words
from peerplan.core.versions import Versioned
from peerplan.councils.capabilities import Role
from peerplan.councils.models import HEX_COLOUR, Council, User
from peerplan.councils.pictures import LOGO_MAX_BYTES, Picture, read_logo
from peerplan.councils.vocabulary import Words

ROLE_RULES: dict[str, str] = {
    Role.ACTION_OWNER: "Updates the actions they lead. Reads the plan as it is now.",
    Role.PLAN_MANAGER: "Sets up challenges and actions, updates any of them and releases the "
    "position to members.",
    Role.DEMOCRATIC_SERVICES: "Reads the plan as it is now and makes the papers for committees.",
    Role.MEMBER: "Reads what was last released.",
    Role.LEAD: "Reads the plan as it is now. Approves new dates and closures.",
    Role.PEER_REVIEWER: "Reads what was last released of a challenge, once its plan manager gives "
    "them access to it and for as long as that lasts.",
    Role.ADMINISTRATOR: "Looks after these settings: people, words, colours and rating rules.",
}
INCOMPLETE = "This form was sent incomplete: open the page again and save once more."
EXEMPT_HINT = (
    "Under Schedule 12A of the Local Government Act 1972. Give this only to those who are "
    "entitled to it."
)


def in_words(field: forms.Field, value: Any) -> str:
    """A field's value as a person reads it, for two versions side by side."""
    if value in (None, ""):
        return "Nothing"
    if isinstance(field, forms.BooleanField):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    return str(value)


@dataclass(frozen=True)
class Difference:
    """One field in two versions, each in words."""

    label: str
    theirs: str
    mine: str


class RecordForm(forms.Form):
    """A form over one versioned record: it carries the version that the person saw."""

    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), INCOMPLETE),
    )

    @classmethod
    def values_of(cls, record: Any) -> dict[str, Any]:
        """The record's value for each field, by default its attribute of the same name."""
        return {name: getattr(record, name) for name in cls.base_fields if name != "version"}

    @classmethod
    def over(cls, record: Any) -> "RecordForm":
        """The form as it opens on `record`."""
        return cls(initial=cls.values_of(record) | {"version": record.version})

    def differences(self, current: Versioned) -> list[Difference]:
        """The fields in which what was typed differs from `current`; call on a valid form."""
        theirs = self.values_of(current)
        return [
            Difference(str(bound.label), in_words(bound.field, theirs[bound.name]), mine)
            for bound in self.visible_fields()
            if bound.name in theirs
            and (mine := in_words(bound.field, self.cleaned_data[bound.name]))
            != in_words(bound.field, theirs[bound.name])
        ]

    def on_top_of(self, current: Versioned) -> None:
        """Makes saving this form again save it over `current`."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(current.version)
        self.data = data


class VersionForm(RecordForm):
    """Nothing but a version: for a button that changes a record."""


class DetailsForm(RecordForm):
    """What the council is called and where it is found."""

    name = PlainText(max_length=120)
    kind = forms.ChoiceField(choices=Council.Kind.choices)
    nation = forms.ChoiceField(
        choices=Council.Nation.choices, help_text="Bank holidays and notice periods follow it."
    )
    website = forms.CharField(
        required=False,
        max_length=200,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="For example, https://www.ashdale.example",
    )
    contact_email = forms.EmailField(
        label="Contact e-mail",
        required=False,
        help_text="Where readers may ask about the plan. It is shown to everyone.",
    )


class StatementsForm(RecordForm):
    """The two statements that the law asks of a council's web pages."""

    accessibility_statement = PlainText(
        lines=True,
        rows=14,
        required=False,
        max_length=20_000,
        help_text="Shown under “Accessibility statement”. Leave a blank line between paragraphs. "
        "Empty: our outline is shown.",
    )
    privacy_notice = PlainText(
        lines=True,
        rows=14,
        required=False,
        max_length=20_000,
        help_text="Shown under “Privacy notice”. Empty: our outline is shown.",
    )


def _word_field(ours: str) -> PlainText:
    return PlainText(label=ours, required=False, max_length=40, help_text=f"Empty for “{ours}”.")


class WordsForm(RecordForm):
    """The council's word for each column of a plan; a field a word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, ours in vars(Words()).items():
            self.fields[key] = _word_field(ours)

    @classmethod
    def values_of(cls, record: Any) -> dict[str, Any]:
        """The council's own words, empty where it uses ours."""
        return {key: record.vocabulary.get(key, "") for key in vars(Words())}


def _colour(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        min_length=7,
        max_length=7,
        validators=[HEX_COLOUR],
        error_messages={
            "min_length": str(HEX_COLOUR.message),
            "max_length": str(HEX_COLOUR.message),
        },
    )


class ColoursForm(RecordForm):
    """The four colours of a council."""

    brand = _colour("Main colour", "The band at the top and the buttons, such as #12324f.")
    brand_ink = _colour("Text on the main colour", "Usually white, #ffffff.")
    brand_trim = _colour("Trim", "The line below the band. Nothing is written on it.")
    link_colour = _colour("Links", "Text of links on white.")


class DatesRuleForm(RecordForm):
    """Whether later dates need approval."""

    extensions_need_approval = forms.BooleanField(
        label="A later date needs approval",
        required=False,
        help_text="Ticked: a later date waits, and the old one stands, until a lead approves it or "
        "a body’s minute is recorded. Whoever asks never approves. Not ticked: whoever updates an "
        "action moves its date, with a reason.",
    )


class NamesForm(RecordForm):
    """The people who must not be named in a text for publication."""

    protected_names = PlainText(
        label="Names",
        lines=True,
        rows=12,
        required=False,
        max_length=40_000,
        help_text="One person a line, given name first, such as Jo Smith. A line of one word finds "
        "that word wherever it stands.",
    )


class LogoForm(RecordForm):
    """A picture to put up."""

    logo = forms.FileField(
        label="Logo",
        help_text=f"A PNG or JPEG picture of at most {LOGO_MAX_BYTES // 1024} kB. "
        "It is shown 44 pixels high.",
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        error_messages={"required": "Choose a file."},
    )

    @classmethod
    def values_of(cls, record: Any) -> dict[str, Any]:
        """Nothing: a file cannot be shown in its field."""
        return {}

    def clean_logo(self) -> Picture:
        """The picture. Raises ValidationError that says what to do with any other file."""
        upload = self.cleaned_data["logo"]
        try:
            return read_logo(upload.read(LOGO_MAX_BYTES + 1))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DirectorateFields(forms.Form):
    """The name of a directorate."""

    name = PlainText(max_length=120, error_messages={"required": "Enter a name."})


class PortfolioFields(DirectorateFields):
    """The name of a portfolio, and who holds it by title."""

    holder_title = PlainText(
        label="Held by",
        required=False,
        max_length=120,
        help_text="The office, not a person’s name: “Portfolio holder for housing”.",
    )


class DirectorateForm(RecordForm, DirectorateFields):
    """A directorate that is there already."""


class PortfolioForm(RecordForm, PortfolioFields):
    """A portfolio that is there already."""


class EndForm(RecordForm):
    """The last day of something that is ended."""

    on = DayField(label="When did it end?")

    @classmethod
    def values_of(cls, record: Any) -> dict[str, Any]:
        """The day on which it has ended, if it has."""
        return {"on": record.ended_on}

    @classmethod
    def over(cls, record: Any) -> "EndForm":
        """The form as it opens, with today where no day is set."""
        return cls(initial={"on": record.ended_on or clock.today(), "version": record.version})


class RuleForm(RecordForm):
    """The written rule of one status."""

    label = PlainText(max_length=40, error_messages={"required": "Enter a label."})
    definition = PlainText(
        label="Written rule",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands beside the choice wherever somebody gives this status.",
        error_messages={"required": "Enter the rule in a sentence or two."},
    )
    requires_commentary = forms.BooleanField(
        label="A progress update with this status needs a commentary", required=False
    )


def _role_choices() -> Sequence[tuple[str, Choice]]:
    return [(role.value, Choice(role.label, rule=ROLE_RULES[role])) for role in Role]


class MembershipForm(RecordForm):
    """What one person is and may do in the council."""

    role = forms.ChoiceField(
        choices=_role_choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role."},
    )
    post = PlainText(
        label="Post or office",
        max_length=120,
        help_text="For example, Head of Housing. It stands beside what this person does.",
        error_messages={"required": "Enter the person’s post or office."},
    )
    reads_exempt = forms.BooleanField(
        label="May read what is not for publication", required=False, help_text=EXEMPT_HINT
    )
    ends_on = DayField(
        label="Last day",
        required=False,
        help_text="For example, 31 3 2027. Peer reviewers are given access for a time.",
    )


class InviteForm(forms.Form):
    """Whom to invite, and to what."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="Their own work address: they will sign in with it.",
        error_messages={
            "required": "Enter an e-mail address.",
            "invalid": "Enter an e-mail address, such as name@ashdale.example.",
        },
    )
    name = PlainText(required=False, max_length=150, help_text="Used in the greeting.")
    role = MembershipForm.base_fields["role"]
    post = MembershipForm.base_fields["post"]
    reads_exempt = MembershipForm.base_fields["reads_exempt"]


class JoinForm(forms.Form):
    """What a new person says of themselves."""

    name = PlainText(
        label="Your name", max_length=150, error_messages={"required": "Enter your name."}
    )
    password1 = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Three unrelated words make a good one.",
        error_messages={"required": "Enter a password."},
    )
    password2 = forms.CharField(
        label="The same password again",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter the same password again."},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """What was typed. Adds an error where the passwords differ or the first is weak."""
        typed = self.cleaned_data
        password, again = typed.get("password1"), typed.get("password2")
        if password and again and password != again:
            self.add_error("password2", "The two passwords differ: type them again.")
        elif password:
            person = User(email=self.email, name=typed.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return typed
