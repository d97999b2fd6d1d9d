"""What is asked for on the pages of decisions. Services decide; forms read and keep."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms

from actions.models import Action
from actions.sentences import clipped
from peerplan.core.forms import DayField, Form, PlainText
from peerplan.papers.models import Decision, Resolution
from peerplan.papers.outcome import split_resolutions
from peerplan.papers.services.amendments import Amended, as_it_stands
from peerplan.papers.services.decisions import DecisionDetails, ResolutionDetails

DECISION = (
    "introduced_by",
    "points",
    "lead_in",
    "votes_for",
    "votes_against",
    "abstentions",
    "reason",
    "options",
    "effective_from",
)


class DecisionForm(Form):
    """What is recorded of a decision beside its minute and its resolutions."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    introduced_by = PlainText(
        label="Introduced by",
        required=False,
        max_length=120,
        help_text="A role, such as Leader of the Council. Names are never asked for here.",
    )
    points = PlainText(
        label="Points made",
        lines=True,
        rows=8,
        required=False,
        max_length=20_000,
        help_text="What the minute does not hold already. Begin a line with “- ” for a bullet.",
    )
    lead_in = PlainText(
        label="Words before the resolutions",
        required=False,
        max_length=120,
        help_text="Left empty, they are “RESOLVED that” and the body.",
    )
    votes_for = forms.IntegerField(
        label="Votes for", required=False, help_text="Leave all three empty without a vote."
    )
    votes_against = forms.IntegerField(label="Votes against", required=False)
    abstentions = forms.IntegerField(label="Abstentions", required=False)
    reason = PlainText(
        label="Reason for the decision", lines=True, rows=4, required=False, max_length=20_000
    )
    options = PlainText(
        label="Options considered", lines=True, rows=4, required=False, max_length=20_000
    )
    effective_from = DayField(label="Effective from", required=False)
    not_compared: ClassVar[tuple[str, ...]] = ("version",)

    def __init__(self, *args: Any, effective_words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("votes_for", "votes_against", "abstentions"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        self.fields[
            "effective_from"
        ].help_text = f"Left empty: {effective_words}. For example, 31 3 2027."

    def details(self) -> DecisionDetails:
        """What was given, for the service. Only of a valid form."""
        return DecisionDetails(**{name: self.cleaned_data[name] for name in DECISION})


def decision_as_given(decision: Decision | None) -> dict[str, Any]:
    """A decision as its form is filled in with it; version 0 where there is none yet."""
    if decision is None:
        return {"version": 0}
    return {name: getattr(decision, name) for name in (*DECISION, "version")}


class References(PlainText):
    """References typed one after the other, with commas or spaces between; cleans to a list."""

    def clean(self, value: Any) -> Any:
        """The references, each once and in order. Raises ValidationError."""
        typed = super().clean(value) or ""
        found = [word.rstrip(".") for word in re.split(r"[\s,;]+", typed)]
        return list(dict.fromkeys(word for word in found if word))


class ResolutionForm(Form):
    """The words of a resolution and what it concerns."""

    text = PlainText(
        label="What was resolved",
        lines=True,
        rows=5,
        max_length=20_000,
        error_messages={"required": "Enter what was resolved."},
    )
    minute_number = PlainText(
        label="Minute number, if it has its own", required=False, max_length=30
    )
    recommendations = References(
        label="Recommendations it concerns",
        required=False,
        help_text="Their references, such as 1, 3.",
    )
    actions = References(
        label="Actions it concerns", required=False, help_text="Their references, such as 1.2, 3.1."
    )

    def details(self) -> ResolutionDetails:
        """What was given, for the service. Only of a valid form."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return ResolutionDetails(**given)


class SeenResolutionForm(ResolutionForm):
    """A resolution that is there already."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    not_compared: ClassVar[tuple[str, ...]] = ("version",)


class NewResolutionsForm(ResolutionForm):
    """One resolution, or all of a decision pasted at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = (
            "One, or all of them pasted from the minute: each line that begins with a number, "
            "such as 1), becomes a resolution of its own."
        )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where several are to share one number or one subject."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        texts = split_resolutions(given.get("text") or "")
        if len(texts) > 1:
            for name in ("minute_number", "recommendations", "actions"):
                if given.get(name):
                    self.add_error(
                        name,
                        f"These are {len(texts)} resolutions: leave this empty and fill it in on "
                        "the page of each afterwards.",
                    )
        return given

    def resolutions(self) -> list[ResolutionDetails]:
        """Every resolution that was given. Only of a valid form."""
        texts = split_resolutions(self.cleaned_data["text"])
        if len(texts) == 1:
            return [ResolutionDetails(**(self.cleaned_data | {"text": texts[0]}))]
        return [ResolutionDetails(text=text) for text in texts]


# --- Amendments ---------------------------------------------------------------------------------


class ChooseActionForm(Form):
    """Which action a body amends."""

    action = forms.ChoiceField(label="Which action did the body amend?")

    def __init__(self, *args: Any, actions: Iterable[Action], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Choose an action"),
            *((each.ref, f"{each.ref} {clipped(each.title, 90)}") for each in actions),
        ]


class ResolutionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the resolutions of a decision, by its number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers: dict[int, int] = {}

    def label_from_instance(self, obj: Any) -> str:
        """Such as "2) Supports the work"."""
        return f"{self.numbers.get(obj.pk, '')}) {clipped(obj.text, 90)}"


class AmendmentForm(Form):
    """An action as the body wants it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    resolution = ResolutionChoice(
        label="By which resolution?",
        queryset=Resolution.objects.none(),
        required=False,
        empty_label="None of its own",
    )
    why = PlainText(
        label="Why, in the body’s words",
        lines=True,
        rows=3,
        max_length=1_000,
        error_messages={"required": "Say why, in the body’s words."},
        help_text="Kept with the action, after the minute, and published with a date that moves.",
    )
    title = PlainText(
        label="What will the council do?",
        max_length=250,
        error_messages={"required": "Say what the council will do."},
    )
    description = PlainText(label="More about it", lines=True, rows=3, required=False)
    success_measure = PlainText(label="Success measure", lines=True, rows=2, required=False)
    lead_role = PlainText(label="Lead role", max_length=120, required=False)
    due = DayField(label="Due date", required=False)
    due_words = PlainText(label="Words to print for the due date", max_length=60, required=False)
    not_compared: ClassVar[tuple[str, ...]] = ("version", "resolution", "why")

    def __init__(self, *args: Any, resolutions: Sequence[Resolution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["resolution"]
        assert isinstance(field, ResolutionChoice)
        keys = [each.pk for each in resolutions]
        field.numbers = {key: number for number, key in enumerate(keys, 1)}
        field.queryset = Resolution.objects.filter(pk__in=keys)

    def amended(self) -> Amended:
        """What was given, for the service. Only of a valid form."""
        left_out = ("version", "resolution")
        return Amended(
            **{name: value for name, value in self.cleaned_data.items() if name not in left_out}
        )


def action_as_given(action: Action) -> dict[str, Any]:
    """An action as the form of its amendment is filled in with it."""
    stands = as_it_stands(action)
    names = ("title", "description", "success_measure", "lead_role", "due", "due_words", "why")
    return {name: getattr(stands, name) for name in names} | {"version": action.version}
