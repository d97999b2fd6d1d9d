"""The forms of the catch-up sheet: one a row, checked only when the row is to be saved."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from actions.forms import UpdateForm
from peerplan.core.forms import DayField, Form

NOT_A_CHANGE = {"version", "follows", "as_at", "on_behalf_of"}
"""What a row holds before anybody has typed into it."""


class SheetForm(UpdateForm):
    """An update of one row. `is_tried` False: what was typed is kept and nothing is checked."""

    as_at = DayField(label="As at", widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_tried: bool = True, **kwargs: Any) -> None:
        self.is_tried = is_tried
        super().__init__(*args, **kwargs)
        for name in ("milestones_done", "evidence_file", "evidence_link", "evidence_title"):
            self.fields.pop(name, None)
        status = self.fields["status"]
        status.widget = forms.Select(choices=status.widget.choices)
        # What was shown comes back with what was chosen: somebody else's change meanwhile does
        # not make a row look typed in.
        for name in ("status", "forecast"):
            self.fields[name].show_hidden_initial = True
        self.fields["commentary"].help_text = ""
        self.fields["status"].help_text = ""

    @property
    def errors(self) -> ErrorDict:
        """What is wrong, nothing where the row is not to be saved."""
        return super().errors if self.is_tried else ErrorDict()

    @property
    def is_touched(self) -> bool:
        """True where somebody typed or chose something."""
        return bool(set(self.changed_data) - NOT_A_CHANGE)


class SheetDayForm(Form):
    """The day for which the whole sheet is true."""

    as_at = DayField(label="As at which day?", help_text="For every row of this sheet.")
