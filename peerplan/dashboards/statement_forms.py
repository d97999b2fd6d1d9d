"""What people type for the position statement: its words, and what an issue of it is."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from actions.models import Release
from actions.services.statements import REASON_LENGTH, WORDS_LENGTH
from peerplan.core import clock
from peerplan.core.forms import Form, PlainText
from peerplan.core.templatetags.parts import day_in_words
from peerplan.render.texts import HINT

PUBLIC, EXEMPT = "public", "exempt"


class StatementForm(Form):
    """What the council writes around its plan."""

    not_compared: ClassVar[tuple[str, ...]] = ("version",)

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    introduction = PlainText(
        label="Introduction",
        lines=True,
        rows=12,
        max_length=WORDS_LENGTH,
        required=False,
        help_text=HINT.partition(" Write [")[0],
    )
    ahead = PlainText(
        label="What comes next",
        lines=True,
        rows=8,
        max_length=WORDS_LENGTH,
        required=False,
        help_text="It stands at the end. The same signs can be used.",
    )


class ChoiceForm(Form):
    """Which released position a statement tells of, and for whom it is."""

    release = forms.TypedChoiceField(
        label="Position",
        coerce=int,
        error_messages={"invalid_choice": "Choose a position that has been released."},
    )
    parts = forms.ChoiceField(
        label="Who will read it",
        widget=forms.RadioSelect,
        choices=[
            (PUBLIC, "Anyone: nothing that is exempt"),
            (EXEMPT, "Only those entitled: with exempt parts, marked not for publication"),
        ],
        error_messages={"invalid_choice": "Choose a copy with or without exempt parts."},
    )

    def __init__(self, data: Any, *, releases: Sequence[Release], reads_exempt: bool) -> None:
        data = data.copy()
        data.setdefault("release", str(releases[0].pk))
        data.setdefault("parts", PUBLIC)
        super().__init__(data)
        self.releases = {each.pk: each for each in releases}
        release = self.fields["release"]
        assert isinstance(release, forms.ChoiceField)
        release.choices = [
            (
                each.pk,
                f"{day_in_words(each.as_at)}, released on "
                f"{day_in_words(clock.day_of(each.known_by))}",
            )
            for each in releases
        ]
        if not reads_exempt:
            del self.fields["parts"]

    @property
    def chosen(self) -> Release:
        """The release that was chosen, the last one where none was."""
        first = next(iter(self.releases.values()))
        return self.releases.get(self.cleaned_data.get("release", 0), first)

    @property
    def includes_exempt(self) -> bool:
        """True where parts that are not for publication were chosen."""
        return self.cleaned_data.get("parts") == EXEMPT


class IssueForm(Form):
    """Why the statement is issued; what is issued is chosen above it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = PlainText(
        label="What is it for?",
        lines=True,
        rows=2,
        max_length=REASON_LENGTH,
        help_text="Printed on its face. For example: for the progress review on 1 April 2025.",
        error_messages={
            "required": "Say what the statement is for, such as the progress review in April."
        },
    )
