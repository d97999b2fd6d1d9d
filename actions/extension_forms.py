"""Forms of later dates: asking for one, deciding on it, taking the request back."""

from typing import Any, ClassVar

from django import forms

from actions.models import Action, Extension
from actions.services.extensions import Decided, NewDate
from peerplan.core.forms import DayField, Form, PlainText

APPROVED, REFUSED = "approved", "refused"


class AskForm(Form):
    """A later date, asked for without a progress update."""

    not_compared: ClassVar[tuple[str, ...]] = ("version",)

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    to = DayField(
        label="New expected date",
        required=False,
        help_text="One realistic date is better than several short ones. Give a date, or the words "
        "to print for it, or both. For example, 31 3 2027",
    )
    to_words = PlainText(
        label="Words to print for it",
        required=False,
        help_text="Such as “Spring 2027”. Leave empty to print the date.",
    )
    reason = PlainText(
        label="Why does the date move?",
        lines=True,
        rows=3,
        help_text="Whoever approves reads this, and so do members once it is approved. Leave out "
        "names: it may be published.",
    )
    asked_for = PlainText(
        label="On whose behalf",
        required=False,
        help_text="The role that gave you this, where it is not you.",
    )

    def clean(self) -> dict[str, Any]:
        """One of date and words is needed: told together with whatever else is missing."""
        cleaned = super().clean() or self.cleaned_data
        if not (cleaned.get("to") or cleaned.get("to_words") or self.errors.keys() & {"to"}):
            self.add_error("to", "Enter the new date, or the words to print for it.")
        return cleaned

    def asked(self) -> NewDate:
        """What was typed, for the service. Only of a valid form."""
        given = self.cleaned_data
        return NewDate(given["to"], given["to_words"], given["reason"], given["asked_for"])


class DecideForm(Form):
    """What was decided on a request, by a person who may or by a body."""

    not_compared: ClassVar[tuple[str, ...]] = ("version",)

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    outcome = forms.ChoiceField(
        label="What is decided?",
        widget=forms.RadioSelect,
        choices=[(APPROVED, "The new date is approved"), (REFUSED, "It is refused")],
        error_messages={"required": "Choose whether the new date is approved or refused."},
    )
    body = PlainText(
        label="Which body decided?",
        required=False,
        help_text="Such as Cabinet or Scrutiny Committee.",
    )
    on = DayField(label="On which day did it meet?", required=False)
    minute = PlainText(label="With which minute?", required=False, help_text="Such as Minute 54.")
    note = PlainText(
        label="Note",
        lines=True,
        rows=3,
        required=False,
        help_text="Required where the date is refused. Officers read it.",
    )

    def __init__(self, *args: Any, approves: bool, records: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not records:
            for name in ("body", "on", "minute"):
                del self.fields[name]
        elif approves:
            self.fields["body"].help_text = "Leave empty where you decide yourself."

    def decided(self) -> Decided:
        """What was typed, for the service. Only of a valid form."""
        given = self.cleaned_data
        return Decided(
            is_approved=given["outcome"] == APPROVED,
            note=given["note"],
            body=given.get("body", ""),
            on=given.get("on"),
            minute=given.get("minute", ""),
        )


class TakeBackForm(Form):
    """Taking a request back. On a page with another form: its ids are its own."""

    not_compared: ClassVar[tuple[str, ...]] = ("version", "note")

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = PlainText(label="Why it is taken back", lines=True, rows=2, required=False)


def as_asked(action: Action) -> dict[str, Any]:
    """The asking form as it would be filled in with the request that waits, if one does."""
    found = Extension.objects.filter(action=action, decision=Extension.Decision.WAITING).first()
    return {
        "to": found.to if found else None,
        "to_words": found.to_words if found else "",
        "reason": found.reason if found else "",
        "asked_for": found.asked_for if found else "",
    }


def as_decided(extension: Extension) -> dict[str, Any]:
    """The deciding form as it would be filled in with what was decided meanwhile."""
    found = Extension.objects.get(pk=extension.pk)
    waits = found.decision == Extension.Decision.WAITING
    return {
        "outcome": "Not decided" if waits else found.get_decision_display(),
        "body": found.approved_by if found.minute else "",
        "on": found.approved_on if found.minute else None,
        "minute": found.minute,
        "note": found.decision_note,
    }
