"""The catch-up sheet: the form of a row, which rows were typed in, and what came of each."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from actions.conflicts import Conflict
from actions.forms import NEW, SAME, Standing, UpdateForm, standing_at
from actions.position import ActionPosition
from peerplan.core import clock
from peerplan.core.forms import DayField, Form
from peerplan.councils.gate import Person
from peerplan.councils.ratings import Rule

LEFT_OUT = (
    "date_choice",
    "milestones_done",
    "evidence_file",
    "evidence_link",
    "evidence_title",
)
"""Fields of an update that the sheet does not ask for: the action's own page does."""
TYPED = (
    "commentary",
    "recovery_plan",
    "decision_sought",
    "expected_words",
    "date_reason",
    "internal_note",
    "correction_reason",
)
DAYS = ("as_at", "expected_date")
BARE = ("commentary", "status", "forecast", "recovery_plan", "decision_sought", "on_behalf_of")
"""Fields whose hint the sheet does not repeat in each row."""
_ROW = re.compile(r"a([1-9][0-9]{0,17})-version")


class DayForm(Form):
    """The day that the whole sheet is about."""

    as_at = DayField(
        label="As at which day is all of this true?",
        help_text="For each row that does not name another day.",
    )

    def clean_as_at(self) -> date:
        """The day. Raises ValidationError for one that is still to come."""
        day: date = self.cleaned_data["as_at"]
        if day > clock.today():
            raise forms.ValidationError(
                "The as-at date is in the future: give today or an earlier day.", code="future"
            )
        return day

    @property
    def day(self) -> date | None:
        """The day that was given, today where none was, None for one that cannot be taken."""
        if not self.is_bound:
            return clock.today()
        return self.cleaned_data["as_at"] if self.is_valid() else None

    @property
    def problem(self) -> str:
        """What is wrong with the day, in one sentence; "" where nothing is."""
        return " ".join(str(message) for message in self.errors.get("as_at", []))


class RowForm(UpdateForm):
    """A progress update as one row of the sheet: the same rules, fewer questions.

    `seen` is the status and the forecast that the row showed: choosing others is typing too.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        standing: Standing,
        person: Person,
        scheme: Mapping[str, Rule],
        about: DayForm,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.about = about
        super().__init__(
            *args,
            standing=standing,
            person=person,
            scheme=scheme,
            prefix=prefix_of(standing.id),
            initial={"as_at": None, "seen": seen_of(standing)} | dict(initial or {}),
            **kwargs,
        )
        for name in LEFT_OUT:
            self.fields.pop(name, None)
        for name in BARE:
            self.fields[name].help_text = ""
        self.fields["commentary"].label = "What has happened?"
        for name, rows in (("commentary", 5), ("recovery_plan", 2), ("decision_sought", 2)):
            self.fields[name].widget.attrs["rows"] = rows
        status = self._choice("status")
        chosen = status.choices
        status.widget = forms.Select(attrs={"class": "pick-status"})
        status.choices = chosen
        as_at = self.fields["as_at"]
        as_at.label, as_at.required = "As at another day than the sheet", False
        self.fields["forecast"].label = "Forecast for its date"

    @property
    def is_touched(self) -> bool:
        """True where something was typed or chosen in the row, on whoever's behalf."""
        if any(str(self[name].data or "").strip() for name in TYPED):
            return True
        if self["is_correction"].data or any(any(self[name].data) for name in DAYS):
            return True
        chosen = f"{self['status'].data or ''}/{self['forecast'].data or ''}"
        return chosen != str(self["seen"].data)

    def clean(self) -> dict[str, Any]:
        """The row's own day or the sheet's; a new date where one was typed."""
        cleaned = super().clean()
        if not cleaned.get("as_at") and "as_at" not in self.errors:
            cleaned["as_at"] = self.about.day
            if cleaned["as_at"] is None:
                self.add_error(None, f"The day at the top of the sheet: {self.about.problem}")
        moves = bool(cleaned.get("expected_date") or cleaned.get("expected_words"))
        if cleaned.get("date_reason") and not moves and "expected_date" not in self.errors:
            self.add_error("expected_date", "Enter the new date, or the words to print for it.")
        cleaned["date_choice"] = NEW if moves else SAME
        return cleaned

    def typed(self) -> dict[str, Any]:
        """All that the row holds, as it was sent."""
        return {name: self[name].data for name in self.fields}

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong: the id of the field that each message is about ("" for none), and it."""
        found = [("", str(message)) for message in self.non_field_errors()]
        for bound in self:
            many = getattr(bound.field.widget, "use_fieldset", False)
            target = f"{bound.auto_id}_0" if many else bound.id_for_label
            found += [("" if bound.is_hidden else target, str(words)) for words in bound.errors]
        return found


@dataclass(frozen=True)
class Tried:
    """What came of one row that was sent: `saved`, `invalid`, `stale`, or `kept` for later."""

    outcome: str
    form: RowForm
    conflict: Conflict | None = None


@dataclass(frozen=True)
class SheetRow:
    """One row of the sheet, ready to print."""

    action: ActionPosition
    standing: Standing
    form: RowForm
    label: str
    outcome: str
    conflict: Conflict | None
    problems: list[tuple[str, str]]
    is_reported: bool

    @property
    def anchor(self) -> str:
        """The id of the row on the page."""
        return f"sheet-{self.action.ref}"

    @property
    def opens_date(self) -> bool:
        """True where the fields of a new date hold something."""
        return self._holds("expected_date", "expected_words", "date_reason")

    @property
    def opens_more(self) -> bool:
        """True where one of the rarer fields holds something or has to be looked at."""
        return self._holds("as_at", "internal_note", "is_correction", "correction_reason")

    def _holds(self, *names: str) -> bool:
        fields = [self.form[name] for name in names]
        if self.form.is_bound and any(field.errors for field in fields):
            return True
        return any(
            any(field.value()) if isinstance(field.value(), list) else bool(field.value())
            for field in fields
        )


def prefix_of(action_id: int) -> str:
    """What the names of a row's fields begin with."""
    return f"a{action_id}"


def seen_of(standing: Standing) -> str:
    """The status and the forecast that a row begins with."""
    return f"{standing.status}/{standing.last.forecast if standing.last else ''}"


def sent_ids(names: Iterable[str]) -> list[int]:
    """The ids of the actions whose rows are among the names of what was sent."""
    return [int(found[1]) for name in names if (found := _ROW.fullmatch(name))]


def sheet_row(
    action: ActionPosition,
    person: Person,
    scheme: Mapping[str, Rule],
    about: DayForm,
    tried: Tried | None,
    *,
    is_reported: bool,
) -> SheetRow:
    """The row of `action` as it now stands: empty, or with what was typed and did not save.

    `is_reported`: a summary elsewhere on the page says what is wrong already.
    """
    standing = standing_at(action, person)
    if tried is None or tried.outcome == "saved":
        form = RowForm(standing=standing, person=person, scheme=scheme, about=about)
    elif tried.outcome == "kept":
        kept = tried.form.typed()
        form = RowForm(standing=standing, person=person, scheme=scheme, about=about, initial=kept)
    else:
        form = tried.form
    return SheetRow(
        action=action,
        standing=standing,
        form=form,
        label=scheme[action.status].label,
        outcome=tried.outcome if tried else "",
        conflict=tried.conflict if tried else None,
        problems=form.problems() if form.is_bound else [],
        is_reported=is_reported,
    )
