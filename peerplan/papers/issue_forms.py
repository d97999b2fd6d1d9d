"""What is asked for when a paper is issued."""

from typing import Any

from django import forms

from peerplan.core.forms import Form, PlainText
from peerplan.papers.services.issues import LONGEST_REASON


class IssueForm(Form):
    """The issue of a paper to one body. `version`, `seen` and `number` say what was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    reason = PlainText(
        label="What was corrected?",
        help_text="It is printed on the face of the new issue, in the public copy too.",
        max_length=LONGEST_REASON,
        error_messages={"required": "Say what was corrected: it is printed on the new issue."},
    )
    is_provisional = forms.BooleanField(required=False)
    acknowledged = forms.BooleanField(
        label="I have checked these and they are right as they stand",
        error_messages={"required": "Put these right, or tick that they are right as they stand."},
    )

    def __init__(
        self,
        *args: Any,
        is_correction: bool,
        approver: str,
        has_slips: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["reason"]
        if not has_slips:
            del self.fields["acknowledged"]
        provisional = self.fields["is_provisional"]
        provisional.label = f"Publish provisionally, before approval by {approver}"
        provisional.help_text = "The paper says so on its face."
