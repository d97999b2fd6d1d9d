"""Forms of progress updates."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from actions.files import TAKEN, CheckedFile, check_file, size_in_words
from actions.models import Action, ProgressUpdate, Visibility
from actions.permissions import leads
from actions.position import ActionPosition, MilestonePosition, UpdatePosition
from actions.rules import UpdateDraft
from actions.services.evidence import LINK_LENGTH, TITLE_LENGTH, EvidenceDraft
from actions.services.updates import states_for
from actions.states import Rating, State, printed_status
from peerplan.core import clock
from peerplan.core.forms import Choice, DayField, Form, PlainText
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.ratings import Rule, Status

SAME, NEW = "same", "new"
RATED = (Status.GREEN, Status.AMBER, Status.RED)
STATE_OF = {printed_status(state, ""): state for state in State if state != State.IN_PROGRESS}
"""The state that each printed status stands for, unless it is a rating."""


def state_and_rating(status: str) -> tuple[str, str]:
    """The state and the rating that a printed status stands for; ("", "") for an unknown one."""
    if status in RATED:
        return State.IN_PROGRESS, status
    return str(STATE_OF.get(status, "")), ""  # type: ignore[call-overload]


@dataclass(frozen=True)
class Standing:
    """An action to update, as it stands: what the form says beside its fields."""

    id: int
    ref: str
    title: str
    success_measure: str
    lead_role: str
    version: int
    status: Status
    due: date | None
    due_words: str
    original_due: date | None
    is_mine: bool
    last: ProgressUpdate | UpdatePosition | None
    milestones: tuple[MilestonePosition, ...]

    @property
    def due_in_words(self) -> str:
        """The due date as the council prints it, "" where there is none."""
        return self.due_words or (day_in_words(self.due) if self.due else "")


class UpdateForm(Form):
    """A progress update of one action: the same form in the row, on its page and on the sheet."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    follows = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    commentary = PlainText(
        lines=True,
        rows=5,
        required=False,
        label="What has happened?",
        help_text="Two or three sentences for members. Start with what is done. Leave out names: "
        "this may be published.",
    )
    status = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="How is it going now?",
        help_text="The council’s written rule is under each choice.",
        error_messages={
            "required": "Choose how it is going now.",
            "invalid_choice": "Choose one of the ratings or states that are offered.",
        },
    )
    recovery_plan = PlainText(
        lines=True,
        rows=3,
        required=False,
        label="What is the team doing to recover?",
        help_text="Required for Amber. Members read this first.",
    )
    decision_sought = PlainText(
        lines=True,
        rows=3,
        required=False,
        label="What decision is needed, and from whom?",
        help_text="Required for Red. It goes into the exceptions that members see.",
    )
    forecast = forms.ChoiceField(required=False, label="What do you expect it to be at its date?")
    as_at = DayField(label="As at which day is this true?")
    date_choice = forms.ChoiceField(
        widget=forms.RadioSelect,
        required=False,
        label="Is that still the date?",
        choices=[(SAME, "Yes"), (NEW, "No, there is a new date")],
    )
    expected_date = DayField(required=False, label="New expected date")
    expected_words = PlainText(
        required=False,
        label="Words to print for it",
        help_text="Such as “Spring 2027” or “Ongoing”. Leave empty to print the date.",
    )
    date_reason = PlainText(lines=True, rows=2, required=False, label="Why does the date move?")
    milestones_done = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label="Milestones that are done",
        error_messages={"invalid_choice": "Tick milestones of this action only."},
    )
    evidence_file = forms.FileField(
        required=False, label="Evidence: a file", allow_empty_file=True, max_length=1000
    )
    evidence_link = PlainText(
        required=False, max_length=LINK_LENGTH, label="Evidence: or a link to it"
    )
    evidence_title = PlainText(
        required=False, max_length=TITLE_LENGTH, label="What the evidence is called"
    )
    internal_note = PlainText(
        lines=True,
        rows=2,
        required=False,
        label="Internal note",
        help_text="For officers. No member or public page ever shows it.",
    )
    on_behalf_of = PlainText(
        required=False,
        label="On whose behalf",
        help_text="The role that gave you this, where it is not you.",
    )
    is_correction = forms.BooleanField(
        required=False,
        label="This corrects the update for the same day",
        widget=forms.CheckboxInput(attrs={"class": "correction-tick"}),
    )
    correction_reason = PlainText(
        lines=True, rows=2, required=False, label="What was wrong with it?"
    )

    def __init__(
        self,
        *args: Any,
        standing: Standing,
        person: Person,
        scheme: Mapping[str, Rule],
        **kwargs: Any,
    ) -> None:
        self.standing = standing
        initial = {
            "version": standing.version,
            "as_at": clock.today(),
            "date_choice": SAME,
            "on_behalf_of": "" if standing.is_mine else standing.lead_role,
            "milestones_done": [each.id for each in standing.milestones if each.is_done],
            "forecast": standing.last.forecast if standing.last else "",
            "status": standing.status,
        }
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self._choice("status").choices = _status_choices(person, standing, scheme)
        self._choice("forecast").choices = [
            ("", "No forecast"),
            *((key, scheme[key].label) for key in (Rating.GREEN, Rating.AMBER, Rating.RED)),
        ]
        self._choice("milestones_done").choices = [
            (each.id, _milestone_label(each)) for each in standing.milestones
        ]
        if not standing.milestones:
            del self.fields["milestones_done"]
        since = f" since {day_in_words(standing.last.as_at)}" if standing.last else ""
        self.fields["commentary"].label = f"What has happened{since}?"
        due = standing.due_in_words
        self.fields["forecast"].help_text = f"Your forecast for {due}." if due else ""
        self.fields["date_choice"].label = (
            f"Is {due} still the date?" if due else "It has no date yet. Is that still so?"
        )
        if person.council.extensions_need_approval and not person.can(Capability.APPROVE):
            self.fields["expected_date"].help_text = (
                f"{self.fields['expected_date'].help_text}. A later date waits for approval: "
                f"until then {due or 'the old one'} stands."
            )
        self.fields[
            "evidence_file"
        ].help_text = f"Up to {size_in_words(settings.EVIDENCE_MAX_BYTES)}: {TAKEN}."

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean_evidence_file(self) -> CheckedFile | None:
        """The file, told by its content."""
        upload: UploadedFile[bytes] | None = self.cleaned_data.get("evidence_file")
        if upload is None:
            return None
        try:
            return check_file(upload)
        except ValueError as error:
            raise ValidationError(str(error), code="file") from error

    def clean(self) -> dict[str, Any]:
        """Evidence is a link or a file; a new date is a date or words for it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("evidence_file") and cleaned.get("evidence_link"):
            self.add_error("evidence_link", "Give a link or choose a file, one of the two.")
        is_new = cleaned.get("date_choice") == NEW
        has_date = cleaned.get("expected_date") or cleaned.get("expected_words")
        if is_new and not has_date and "expected_date" not in self.errors:
            self.add_error("expected_date", "Enter the new date, or the words to print for it.")
        return cleaned

    def draft(self) -> UpdateDraft:
        """What was typed, for the service. Only of a valid form."""
        data = self.cleaned_data
        state, rating = state_and_rating(data["status"])
        moves = data.get("date_choice") == NEW
        ticked = frozenset(data.get("milestones_done", ()))
        stood = frozenset(each.id for each in self.standing.milestones if each.is_done)
        return UpdateDraft(
            as_at=data["as_at"],
            state=state,
            rating=rating,
            forecast=data["forecast"],
            expected_date=data["expected_date"] if moves else None,
            expected_words=data["expected_words"] if moves else "",
            date_reason=data["date_reason"] if moves else "",
            commentary=data["commentary"],
            recovery_plan=data["recovery_plan"],
            decision_sought=data["decision_sought"],
            internal_note=data["internal_note"],
            on_behalf_of=data["on_behalf_of"],
            is_correction=data["is_correction"],
            correction_reason=data["correction_reason"],
            milestones_done=ticked if ticked != stood else None,
            follows=data["follows"],
        )

    def evidence(self) -> Sequence[EvidenceDraft]:
        """The evidence that was given, none or one. Only of a valid form."""
        data = self.cleaned_data
        if not (data.get("evidence_file") or data.get("evidence_link")):
            return []
        return [
            EvidenceDraft(
                title=data["evidence_title"],
                link=data["evidence_link"],
                file=data["evidence_file"],
            )
        ]

    def take_errors(self, found: Mapping[str, str]) -> None:
        """Show what a service refused on the fields it is about."""
        for name, message in found.items():
            field = {"state": "status", "rating": "status"}.get(name, name)
            self.add_error(field if field in self.fields else None, message)


def standing_of(
    action: Action, person: Person, milestones: Sequence[MilestonePosition]
) -> Standing:
    """How a live action stands; its latest update is read where it is not yet."""
    last = _readable(action.latest_update, person)
    has_date = last is not None and bool(last.expected_date or last.expected_words)
    return Standing(
        id=action.pk,
        ref=action.ref,
        title=action.title,
        success_measure=action.success_measure,
        lead_role=action.lead_role,
        version=action.version,
        status=printed_status(last.state, last.rating) if last else Status.NOT_STARTED,
        due=last.expected_date if last and has_date else action.original_due,
        due_words=last.expected_words if last and has_date else action.original_due_words,
        original_due=action.original_due,
        is_mine=leads(person, action),
        last=last,
        milestones=tuple(milestones),
    )


def _readable(last: ProgressUpdate | None, person: Person) -> ProgressUpdate | None:
    """The last update, without its texts where they were not for publication and `person` may not.

    The action itself may be for publication by now: a text is shown to those entitled then and now.
    """
    if last is None or last.visibility == Visibility.PUBLIC or person.reads_exempt:
        return last
    hidden = copy(last)
    hidden.commentary = hidden.recovery_plan = hidden.decision_sought = ""
    hidden.expected_words = str(Visibility.EXEMPT.label) if last.expected_words else ""
    return hidden


def standing_at(stands: ActionPosition, person: Person) -> Standing:
    """The same of an action as the live plan shows it."""
    return Standing(
        id=stands.id,
        ref=stands.ref,
        title=stands.title,
        success_measure=stands.success_measure,
        lead_role=stands.lead_role,
        version=stands.version,
        status=stands.status,
        due=stands.due,
        due_words=stands.due_words,
        original_due=stands.original_due,
        is_mine=leads(person, stands),
        last=stands.update,
        milestones=stands.milestones,
    )


def _status_choices(
    person: Person, standing: Standing, scheme: Mapping[str, Rule]
) -> list[tuple[str, Choice]]:
    """Ratings first, then states: what the person may choose, and what holds now."""
    allowed = states_for(person)
    keys: list[str] = list(RATED)
    keys += [key for key, state in STATE_OF.items() if state in allowed]
    if standing.status not in keys and STATE_OF.get(standing.status) not in (
        State.SUPERSEDED,
        State.NOT_TAKEN_FORWARD,
    ):
        keys.append(standing.status)
    return [
        (key, Choice(scheme[key].label, rule=scheme[key].definition, status=key))
        for key in map(str, keys)
    ]


def _milestone_label(milestone: MilestonePosition) -> str:
    due = f" (due {day_in_words(milestone.due)})" if milestone.due else ""
    return f"{milestone.title}{due}"
