"""What people type on the dashboards: a day to compare with, a release, an appendix."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from actions.integrity.reading import Line
from actions.models import Release
from actions.rules import TEXT_LIMIT
from peerplan.core import clock
from peerplan.core.forms import DayField, PlainText
from peerplan.core.templatetags.parts import day_in_words

LATEST = 24


class CompareForm(forms.Form):
    """An earlier release, or any other day of the plan."""

    since = forms.ChoiceField(label="Compare with", required=False)
    on = DayField(label="Or any other day", required=False)

    def __init__(
        self,
        data: Any,
        *,
        releases: Sequence[Release],
        first: date,
        last: date,
    ) -> None:
        super().__init__(data)
        self.first, self.last = first, last
        since = self.fields["since"]
        assert isinstance(since, forms.ChoiceField)
        since.choices = [
            (each.as_at.isoformat(), f"{day_in_words(each.as_at)}, released")
            for each in releases[:LATEST]
        ]
        since.error_messages["invalid_choice"] = "Choose a release from the list."

    def clean_on(self) -> date | None:
        """The day, if the plan was there then and it is not after the position shown."""
        day: date | None = self.cleaned_data["on"]
        if day is None:
            return None
        if day < self.first:
            raise forms.ValidationError(
                f"The plan began on {day_in_words(self.first)}: give that day or a later one."
            )
        if day > self.last:
            raise forms.ValidationError(
                f"The position shown is that of {day_in_words(self.last)}: give an earlier day."
            )
        return day

    @property
    def day(self) -> date | None:
        """The day chosen, None for the default; what was typed wins over the list."""
        if not self.is_valid():
            return None
        if typed := self.cleaned_data.get("on"):
            return typed  # type: ignore[no-any-return]
        chosen = self.cleaned_data.get("since")
        return date.fromisoformat(chosen) if chosen else None


class AsAtForm(forms.Form):
    """The day whose position is about to be released."""

    as_at = DayField(label="Position as at")

    def clean_as_at(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["as_at"]
        if day > clock.today():
            raise forms.ValidationError(
                "The as-at date is in the future: give today or an earlier day."
            )
        return day


class ReleaseForm(forms.Form):
    """A release: the day, shown on the page already, and the reason."""

    as_at = forms.DateField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = PlainText(
        label="Why you release it now",
        help_text="Members see this. For example: for Corporate Scrutiny Committee on 8 July 2025.",
        lines=True,
        rows=3,
        max_length=TEXT_LIMIT,
        error_messages={
            "required": "Say why you release the position now, such as the meeting it is for."
        },
    )


class NoteForm(forms.Form):
    """A note on a finding, with what the person looked at: its facts and its last note."""

    facts = forms.CharField(widget=forms.HiddenInput, max_length=64)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = PlainText(
        label="Your note",
        help_text="Why it stands as it is, or what is done about it. It is kept with the release "
        "and may be disclosed on request.",
        lines=True,
        rows=4,
        max_length=TEXT_LIMIT,
        error_messages={"required": "Say why it stands as it is, or what is done about it."},
    )

    @staticmethod
    def seen_of(line: Line | None) -> dict[str, Any]:
        """The hidden fields for a finding as it now is, empty where nothing is found."""
        if line is None:
            return {}
        return {"facts": line.finding.facts_sha256, "seen": line.note.id if line.note else 0}


FULL, EXCEPTIONS = "full", "exceptions"
PUBLIC, EXEMPT = "public", "exempt"
LIVE, RELEASED = "live", "released"
DEFAULTS = {"basis": LIVE, "variant": FULL, "parts": PUBLIC}


class AppendixForm(forms.Form):
    """Which appendix: the day, as known now or as released, how much of it, and for whom.

    What is not said has its default; fields that offer no choice to this person are not there.
    """

    as_at = DayField(label="Position as at")
    basis = forms.ChoiceField(
        label="As known",
        widget=forms.RadioSelect,
        choices=[
            (LIVE, "Now, with everything that was entered since"),
            (RELEASED, "When it was released to members, unchanged"),
        ],
    )
    variant = forms.ChoiceField(
        label="How much",
        widget=forms.RadioSelect,
        choices=[
            (FULL, "The full plan"),
            (EXCEPTIONS, "Exceptions only: red, overdue and slipped actions"),
        ],
        error_messages={"invalid_choice": "Choose the full plan or exceptions only."},
    )
    parts = forms.ChoiceField(
        label="Who will read it",
        widget=forms.RadioSelect,
        choices=[
            (PUBLIC, "The public: nothing that is exempt"),
            (EXEMPT, "Only those entitled: with exempt parts, marked not for publication"),
        ],
        error_messages={"invalid_choice": "Choose a public copy or one with exempt parts."},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        releases: Sequence[Release],
        first: date,
        reads_live: bool,
        reads_exempt: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        if data is not None:
            data = data.copy()
            for name, default in DEFAULTS.items():
                data.setdefault(name, default)
        super().__init__(data, initial=initial)
        self.first = first
        self.reads_live, self.reads_exempt = reads_live, reads_exempt
        self.released: dict[date, Release] = {}
        for each in releases:
            self.released.setdefault(each.as_at, each)
        if not reads_live:
            self.fields["as_at"] = forms.TypedChoiceField(
                label="Position as at",
                choices=[(day.isoformat(), day_in_words(day)) for day in self.released],
                coerce=date.fromisoformat,
                error_messages={"invalid_choice": "Choose a position that has been released."},
            )
        if not reads_live or not self.released:
            del self.fields["basis"]
        if not reads_exempt:
            del self.fields["parts"]

    def clean(self) -> dict[str, Any]:
        """The choices with their defaults; adds `release` (None: as known now)."""
        given: dict[str, Any] = super().clean() or {}
        given.setdefault("parts", PUBLIC)
        basis = given.get("basis", LIVE) if self.reads_live else RELEASED
        given["basis"] = basis
        day = given.get("as_at")
        if day is None:
            return given
        given["release"] = self.released.get(day) if basis == RELEASED else None
        if basis == RELEASED and given["release"] is None:
            days = ", ".join(day_in_words(each) for each in list(self.released)[:6])
            self.add_error("as_at", f"No position was released for that day. Released: {days}.")
        elif basis == LIVE and day > clock.today():
            self.add_error(
                "as_at", "The as-at date is in the future: give today or an earlier day."
            )
        elif basis == LIVE and day < self.first:
            self.add_error(
                "as_at",
                f"The plan began on {day_in_words(self.first)}: give that day or a later one.",
            )
        return given
