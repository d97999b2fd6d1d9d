"""What a person gives while a table is brought in; it travels in the form, not in a session."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.core.forms import DayField
from peerplan.exchange.table import Row, read_rows


class TextForm(forms.Form):
    """The pasted table."""

    text = forms.CharField(
        label="The table",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "class": "pasted", "spellcheck": "false"}),
        error_messages={
            "required": "Paste a table: copy its cells in Excel or Word, then paste here."
        },
    )
    rows: tuple[Row, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A refused character is named with its row in the check, not here without its place.
        self.fields["text"].validators = []

    def clean_text(self) -> str:
        """The text as it came; `rows` is what was read of it."""
        text: str = self.cleaned_data["text"]
        try:
            self.rows = read_rows(text)
        except Invalid as error:
            raise ValidationError(str(error)) from error
        return text


class ColumnsForm(forms.Form):
    """What holds for the whole table: two dates and what may be made of it."""

    as_at = DayField(
        label="Status and progress are as at",
        error_messages={"required": "Enter the day that the statuses and updates are true for."},
        help_text="The day for which the statuses and updates were given. For example, 30 9 2026",
    )
    in_plan_from = DayField(
        label="In the plan from",
        help_text="The day the council put these actions into its plan. For example, 17 12 2024",
    )
    uses_progress = forms.BooleanField(
        label="Take the progress update as the recovery plan of amber actions, and as the decision "
        "sought of red ones, where no column gives them",
        required=False,
    )
    makes_recommendations = forms.BooleanField(
        label="Add the recommendations that the challenge does not have yet",
        required=False,
    )

    def __init__(self, *args: Any, has_updates: bool, may_add: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_updates:
            del self.fields["as_at"]
            del self.fields["uses_progress"]
        if not may_add:
            del self.fields["makes_recommendations"]

    def clean(self) -> dict[str, Any]:
        """Both days, in an order that can be."""
        given: dict[str, Any] = super().clean() or {}
        as_at, begins = given.get("as_at"), given.get("in_plan_from")
        today = clock.today()
        if as_at and as_at > today:
            self.add_error(
                "as_at", "The as-at date is in the future: give today or an earlier day."
            )
        if begins and begins > today:
            self.add_error("in_plan_from", "Give today or an earlier day.")
        elif as_at and begins and begins > as_at:
            self.add_error(
                "in_plan_from",
                "The actions must be in the plan by the as-at date: give that day "
                "or an earlier one.",
            )
        return given
