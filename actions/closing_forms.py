"""Forms of what closes an action: why it closes, and whether what is claimed is true."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from actions.evidence_forms import EvidenceForm
from actions.models import Action, Lineage
from actions.rules import ROLE_LIMIT, TEXT_LIMIT
from actions.services.evidence import EvidenceDraft
from actions.states import Closure, Rating
from peerplan.core import clock
from peerplan.core.forms import Choice, DayField, Form, PlainText, RowsField
from peerplan.councils.ratings import Rule

VERIFY, SEND_BACK = "verify", "send-back"
RATINGS = (Rating.GREEN, Rating.AMBER, Rating.RED)


class EndForm(EvidenceForm):
    """Why an action closes: delivered, normal work, no longer relevant, or carried on by others."""

    not_compared: ClassVar[tuple[str, ...]] = (
        "version",
        "evidence_title",
        "evidence_file",
        "evidence_link",
    )
    field_order = ("version", "how", "as_at", "reason")

    how = forms.ChoiceField(
        label="Why does it close?",
        widget=forms.RadioSelect,
        choices=[
            (
                Closure.DELIVERED,
                Choice("Delivered", rule="Claimed complete now; then a second person checks it."),
            ),
            (
                Closure.BUSINESS_AS_USUAL,
                Choice("Moved to business as usual", rule="It goes on as normal work."),
            ),
            (
                Closure.NOT_RELEVANT,
                Choice("No longer relevant", rule="The council does not take it forward."),
            ),
            (Lineage.Kind.MERGED, Choice("Merged into another action", rule="")),
            (Lineage.Kind.SUPERSEDED, Choice("Superseded by another action", rule="")),
            (
                Lineage.Kind.SPLIT,
                Choice("Split into other actions", rule="Add those to the plan first."),
            ),
        ],
    )
    as_at = DayField(label="From which day?")
    reason = PlainText(
        label="What has happened, and why does it close?",
        lines=True,
        rows=4,
        max_length=TEXT_LIMIT,
        help_text="Published with the plan.",
    )
    where = PlainText(
        label="Where does it go on?",
        required=False,
        max_length=TEXT_LIMIT,
        help_text="Such as the housing service plan.",
    )
    owner = PlainText(
        label="Whose is it from now on?",
        required=False,
        max_length=ROLE_LIMIT,
        help_text="A role, such as Head of Housing.",
        widget=forms.TextInput(attrs={"list": "lead-roles", "autocomplete": "off"}),
    )
    agreed_by = PlainText(
        label="Who agreed?",
        required=False,
        max_length=ROLE_LIMIT,
        help_text="A role or a body, such as Cabinet.",
    )
    targets = RowsField(
        label="Which action carries it on?",
        queryset=Action.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, action: Action, others: QuerySet[Action], **kwargs: Any) -> None:
        initial = {"version": action.version, "as_at": clock.today()}
        super().__init__(*args, initial=initial, **kwargs)
        targets = self.fields["targets"]
        assert isinstance(targets, forms.ModelMultipleChoiceField)
        targets.queryset = others
        if not action.challenge.is_adopted:
            for name in set(self.fields) - {"version", "how", "as_at", "reason"}:
                del self.fields[name]
            self.fields["reason"].label = "Why does it go from the plan?"
            self.fields["how"].widget = forms.HiddenInput()
            self.fields["how"].initial = Closure.NOT_RELEVANT

    def evidence(self) -> list[EvidenceDraft]:
        """The evidence that was given, none or one. Only of a valid form."""
        data = self.cleaned_data
        return [self.draft()] if data.get("evidence_file") or data.get("evidence_link") else []


class ClaimForm(Form):
    """What a second person says of a claim: it is verified, or it goes back with a reason."""

    not_compared: ClassVar[tuple[str, ...]] = ("version",)

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    decision = forms.ChoiceField(
        label="Is it complete?",
        widget=forms.RadioSelect,
        choices=[
            (VERIFY, Choice("Yes: verified", rule="You have looked at what shows it.")),
            (SEND_BACK, Choice("No: send it back", rule="It goes on, with the rating it has now.")),
        ],
        error_messages={"required": "Choose whether it is verified or goes back."},
    )
    note = PlainText(
        label="What did you look at, and what did you find?",
        lines=True,
        rows=3,
        required=False,
        max_length=TEXT_LIMIT,
        help_text="One or two sentences. Published with the plan.",
    )
    reason = PlainText(
        label="Why does it go back?",
        lines=True,
        rows=3,
        required=False,
        max_length=TEXT_LIMIT,
        help_text="What is not there yet. Published with the plan.",
    )
    rating = forms.ChoiceField(label="How is it going?", widget=forms.RadioSelect, required=False)
    recovery_plan = PlainText(
        label="What is the team doing to recover?",
        lines=True,
        rows=2,
        required=False,
        max_length=TEXT_LIMIT,
        help_text="Required for Amber.",
    )
    decision_sought = PlainText(
        label="What decision is needed, and from whom?",
        lines=True,
        rows=2,
        required=False,
        max_length=TEXT_LIMIT,
        help_text="Required for Red.",
    )
    as_at = DayField(label="As at which day?")

    def __init__(self, *args: Any, scheme: Mapping[str, Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rating = self.fields["rating"]
        assert isinstance(rating, forms.ChoiceField)
        rating.choices = [
            (key, Choice(scheme[key].label, rule=scheme[key].definition, status=key))
            for key in map(str, RATINGS)
        ]
        for name, key in (("recovery_plan", Rating.AMBER), ("decision_sought", Rating.RED)):
            self.fields[name].help_text = f"Required for {scheme[key].label}."
