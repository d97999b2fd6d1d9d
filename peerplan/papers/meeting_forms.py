"""What is asked for about bodies, meetings and closure days. Services decide; forms read."""

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from peerplan.core.forms import DayField, PlainText
from peerplan.councils.capabilities import Role
from peerplan.councils.models import Council, Membership
from peerplan.papers.models import Body
from peerplan.papers.services.meetings import CALL_IN_AT_MOST
from reviews.forms import SeenForm

NOT_A_TIME = "Enter a time, such as 18:30 or 6.30pm."
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)
CALL_IN = f"Enter a number of working days from 0 to {CALL_IN_AT_MOST}."


class TimeField(forms.CharField):
    """A time of day, typed as "18:30", "18.30", "6.30pm" or "6pm"; cleans to a `time` or None."""

    def prepare_value(self, value: Any) -> Any:
        """A time as it is shown in the box."""
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:  # type: ignore[override]
        """The time. Raises ValidationError that says how to write one."""
        typed = str(value or "").strip()
        if not typed:
            return None
        found = TIME.fullmatch(typed)
        # A bare number may be an hour or a slip: it is only taken with am or pm.
        if found is None or not (found[2] or found[3]):
            raise ValidationError(NOT_A_TIME)
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and not 1 <= hour <= 12:
            raise ValidationError(NOT_A_TIME)
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        try:
            return time(hour, minute)
        except ValueError as error:
            raise ValidationError(NOT_A_TIME) from error


class BodyForm(forms.Form):
    """A body and the words that its papers use."""

    name = PlainText(
        label="Name",
        max_length=120,
        help_text="As it stands on an agenda, such as Corporate Scrutiny Committee.",
        error_messages={"required": "Enter the name of the body."},
    )
    kind = forms.ChoiceField(
        label="What kind of body is it?",
        choices=Body.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of body it is."},
    )
    called = PlainText(
        label="How papers call it in a sentence",
        required=False,
        max_length=80,
        help_text="Such as “the Committee” or “Cabinet”. Left empty, they use its name.",
    )
    lead_in = PlainText(
        label="Lead-in words of recommendations to it",
        required=False,
        max_length=120,
        help_text="Such as “THAT CABINET:”. Left empty, the report template’s words are used.",
    )
    call_in_days = forms.IntegerField(
        label="Working days for call-in",
        initial=5,
        min_value=0,
        max_value=CALL_IN_AT_MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="For decisions of the executive, by your constitution. 0: no call-in.",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), CALL_IN),
    )


class SeenBodyForm(BodyForm, SeenForm):
    """A body that is there, with the version that was seen."""


class EndForm(SeenForm):
    """Ends a record."""

    reason = PlainText(label="Reason", required=False, lines=True, rows=2, max_length=5_000)


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People of the council by post, with the name where there is one."""

    def label_from_instance(self, obj: Any) -> str:
        """Such as "Chair of Scrutiny (Pat Example)"."""
        return f"{obj} ({obj.user.name})" if obj.user.name else f"{obj} ({obj.user.email})"


class SeatForm(forms.Form):
    """Who takes a seat on a body, and in which office."""

    membership = PersonChoice(
        label="Who sits on it?",
        queryset=Membership.objects.none(),
        empty_label="Choose a person",
        error_messages={
            "required": "Choose who takes the seat.",
            "invalid_choice": "Choose somebody from the list.",
        },
    )
    office = PlainText(
        label="Office",
        required=False,
        max_length=60,
        help_text="Such as Chair. Leave empty for a member without one.",
    )

    def __init__(self, *args: Any, body: Body, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = (
            Membership.objects.for_council(council)
            .filter(ended_at__isnull=True)
            .exclude(role=Role.PEER_REVIEWER)
            .exclude(seats__in=body.members.filter(ended_at__isnull=True))
            .select_related("user")
        )
        self.fields["membership"].queryset = people  # type: ignore[attr-defined]


class MeetingForm(forms.Form):
    """When and where a body meets."""

    body = forms.ModelChoiceField(
        label="Which body meets?",
        queryset=Body.objects.none(),
        empty_label="Choose a body",
        error_messages={
            "required": "Choose the body that meets.",
            "invalid_choice": "Choose a body from the list.",
        },
    )
    on = DayField(
        label="Date of the meeting",
        help_text="For example, 24 6 2027. A day in the past is fine.",
        error_messages={"required": "Enter the date of the meeting."},
    )
    at = TimeField(label="Time", required=False, help_text="Such as 18:30 or 6.30pm.")
    place = PlainText(
        label="Place", required=False, max_length=150, help_text="Such as Council Chamber."
    )
    agenda_published_on = DayField(
        label="Agenda published on",
        required=False,
        help_text="Leave empty until the agenda and the reports are public.",
    )
    late_reason = PlainText(
        label="Reason for late publication",
        required=False,
        lines=True,
        rows=3,
        max_length=5_000,
        help_text="Only where the agenda, or a late item, was published after its last day.",
    )

    def __init__(self, *args: Any, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Body.objects.for_council(council).filter(ended_on__isnull=True)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


class SeenMeetingForm(MeetingForm, SeenForm):
    """A meeting that is there: its body stays, and the version that was seen comes along."""

    body = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        SeenForm.__init__(self, *args, **kwargs)


class CallOffForm(SeenForm):
    """Why a meeting will not take place."""

    reason = PlainText(
        label="Why is it called off?",
        lines=True,
        rows=3,
        max_length=5_000,
        help_text="Members read this. The meeting stays in the list, marked as called off.",
        error_messages={"required": "Say why the meeting is called off."},
    )


class ClosureForm(forms.Form):
    """Days on which the council's offices are closed."""

    first = DayField(
        label="First day closed",
        help_text="For example, 29 12 2026",
        error_messages={"required": "Enter the day on which the council is closed."},
    )
    last = DayField(
        label="Last day closed", required=False, help_text="Leave empty for a single day."
    )
    reason = PlainText(
        label="Reason",
        max_length=120,
        help_text="Such as Christmas closure.",
        error_messages={"required": "Enter the reason, such as Christmas closure."},
    )
