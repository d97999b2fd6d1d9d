"""Forms of evidence on its own."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from actions.files import TAKEN, CheckedFile, check_file, size_in_words
from actions.services.evidence import LINK_LENGTH, REASON_LENGTH, TITLE_LENGTH, EvidenceDraft
from peerplan.core.forms import Form, PlainText


class _VersionedForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def take_errors(self, found: Mapping[str, str]) -> None:
        """Show what a service refused on the fields it is about."""
        for name, message in found.items():
            self.add_error(name if name in self.fields else None, message)


class EvidenceForm(_VersionedForm):
    """A link or a file that shows how an action stands."""

    evidence_title = PlainText(
        required=False,
        max_length=TITLE_LENGTH,
        label="What it is called",
        help_text="Such as “Notes of the August workshop”. Leave empty to use the file’s name.",
    )
    evidence_file = forms.FileField(
        required=False, label="A file", allow_empty_file=True, max_length=1000
    )
    evidence_link = PlainText(required=False, max_length=LINK_LENGTH, label="Or a link")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = size_in_words(settings.EVIDENCE_MAX_BYTES)
        self.fields["evidence_file"].help_text = f"Up to {limit}: {TAKEN}."

    def clean_evidence_file(self) -> CheckedFile | None:
        """The file, told by its content."""
        upload = self.cleaned_data.get("evidence_file")
        if upload is None:
            return None
        try:
            return check_file(upload)
        except ValueError as error:
            raise ValidationError(str(error), code="file") from error

    def draft(self) -> EvidenceDraft:
        """What was given, for the service. Only of a valid form."""
        data = self.cleaned_data
        return EvidenceDraft(data["evidence_title"], data["evidence_link"], data["evidence_file"])


class WithdrawForm(_VersionedForm):
    """Why evidence is taken out of view."""

    reason = PlainText(lines=True, rows=3, max_length=REASON_LENGTH, label="Why is it withdrawn?")
