"""What is typed to close a plan: the letter, what goes on elsewhere, the day and the reason."""

from collections.abc import Sequence
from typing import Any

from django import forms

from actions.models import Action
from actions.rules import TEXT_LIMIT
from peerplan.core.forms import DayField, PlainText
from reviews.forms import SeenForm
from reviews.models import PeerChallenge
from reviews.services.checks import LONG


class LetterForm(forms.Form):
    """The words of the closing letter."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    addressee = PlainText(
        label="To whom",
        help_text="A role and an organisation. No names of officers are needed.",
        required=False,
        lines=True,
        rows=3,
        max_length=200,
    )
    text = PlainText(
        label="The letter",
        help_text="What became of each recommendation follows it by itself. Leave a line between "
        "paragraphs; begin a line with “- ” for a list.",
        lines=True,
        rows=12,
        max_length=LONG,
        error_messages={"required": "Write the letter."},
    )
    carried_over = PlainText(
        label="What carries on, and where",
        help_text="A line for each, in normal work or in another plan.",
        required=False,
        lines=True,
        rows=8,
        max_length=LONG,
    )
    signed_by = PlainText(
        label="Signed by",
        help_text="A role, such as Chief Executive.",
        required=False,
        max_length=120,
    )
    not_compared = ("version",)

    def given(self) -> dict[str, Any]:
        """The words, without the version."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class CloseForm(SeenForm):
    """The day on which the plan closes, and why."""

    closed_on = DayField(label="Closed on")
    reason = PlainText(
        label="Why it closes now",
        help_text="Such as the meeting that agreed it. Members see this.",
        lines=True,
        rows=3,
        max_length=TEXT_LIMIT,
        error_messages={"required": "Say why the plan closes now."},
    )


class OpenAgainForm(SeenForm):
    """Why a closed plan is opened again."""

    reason = PlainText(
        label="Why it is opened again",
        lines=True,
        rows=3,
        max_length=TEXT_LIMIT,
        error_messages={"required": "Say why the plan is opened again."},
    )


class CarryOverForm(forms.Form):
    """Which actions go on in which later plan, from when, and why."""

    actions = forms.MultipleChoiceField(
        label="Actions that go on",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose the actions that go on.",
            "invalid_choice": "One of the actions was changed in the meantime: tick them again.",
        },
    )
    target = forms.ModelChoiceField(
        PeerChallenge.objects.none(),
        label="In the plan of",
        empty_label="Choose a later challenge",
        error_messages={"required": "Choose the challenge in whose plan they go on."},
    )
    as_at = DayField(label="From")
    reason = PlainText(
        label="Why they go on there",
        help_text="Members see this beside each action.",
        lines=True,
        rows=3,
        max_length=TEXT_LIMIT,
        error_messages={"required": "Say why they go on in the next plan."},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        left: Sequence[Action],
        later: Sequence[PeerChallenge],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.left = {f"{action.pk}-{action.version}": action for action in left}
        chosen, target = self.fields["actions"], self.fields["target"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        assert isinstance(target, forms.ModelChoiceField)
        # The version that was seen travels with each tick.
        chosen.choices = [(key, str(action)) for key, action in self.left.items()]
        target.queryset = PeerChallenge.objects.filter(pk__in=[each.pk for each in later])

    def chosen(self) -> dict[Action, int]:
        """The actions that were ticked, each with the version that was seen."""
        return {self.left[key]: self.left[key].version for key in self.cleaned_data["actions"]}
