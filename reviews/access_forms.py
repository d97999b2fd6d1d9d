"""What is asked for to let a peer read a challenge for a time."""

from django import forms

from peerplan.core.forms import DayField, PlainText
from reviews.forms import SeenForm


class AccessForm(forms.Form):
    """Who the peer is, and from when to when they read."""

    name = PlainText(label="Name", required=False, max_length=150, help_text="Used in the e-mail.")
    post = PlainText(
        label="Role and organisation",
        required=False,
        max_length=120,
        help_text="For example, Officer peer, Oakham Borough Council.",
    )
    opens_on = DayField(
        label="First day",
        help_text="They see nothing before it. For example, 31 3 2027.",
        error_messages={"required": "Enter the first day on which they may read."},
    )
    closes_on = DayField(
        label="Last day",
        help_text="Their access ends by itself after this day.",
        error_messages={"required": "Enter the last day on which they may read."},
    )


class SeenAccessForm(AccessForm, SeenForm):
    """An access to change."""


class PeerInviteForm(AccessForm):
    """A peer to invite."""

    field_order = ("email",)
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="Their own work address: they will sign in with it.",
        error_messages={
            "required": "Enter an e-mail address.",
            "invalid": "Enter an e-mail address, such as name@oakham.example.",
        },
    )
