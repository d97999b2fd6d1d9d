"""What is asked for on the pages of a progress review."""

from typing import Any, ClassVar

from django import forms

from peerplan.core.forms import DayField, PlainText
from reviews.forms import OPTIONAL_DAY, SeenForm, TeamMemberForm
from reviews.models import Finding, ProgressReview, ReviewTheme


class CorrectedForm(forms.Form):
    """Asks why, once the words of the review are locked."""

    reason = PlainText(
        label="Why is it changed?",
        lines=True,
        rows=3,
        max_length=2_000,
        help_text="The words are locked. Everyone who reads the review sees this reason and the "
        "words as they were.",
        error_messages={"required": "Say why it is changed."},
    )
    not_compared: ClassVar[tuple[str, ...]] = ("version", "reason")

    def __init__(self, *args: Any, review: ProgressReview, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if review.is_locked:
            self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])
        else:
            del self.fields["reason"]


class ReviewDatesForm(SeenForm):
    """When the peers came back, and when their report was published."""

    review_from = DayField(
        label="First day of the review",
        error_messages={"required": "Enter the first day of the progress review."},
    )
    review_to = DayField(
        label="Last day of the review",
        required=False,
        help_text="Leave empty for a review of one day.",
    )
    review_report_published_on = DayField(
        label="Report published on", required=False, help_text=OPTIONAL_DAY
    )


class ReviewWordsForm(CorrectedForm, SeenForm):
    """What the peers found overall, and where their report is."""

    summary = PlainText(
        label="What the peers found overall",
        lines=True,
        rows=8,
        required=False,
        max_length=20_000,
        help_text="In their own words. Paragraphs are kept.",
    )
    report_url = PlainText(
        label="Web address of the report",
        required=False,
        max_length=200,
        help_text="For example, https://www.ashdale.example/progress-review",
    )


class ReturningPeerForm(CorrectedForm, TeamMemberForm):
    """One of those who came back."""


class SeenReturningPeerForm(ReturningPeerForm, SeenForm):
    """One of those who came back, to change."""


class ReasonedForm(CorrectedForm):
    """Nothing but why, where that is asked."""


class ReasonedSeenForm(CorrectedForm, SeenForm):
    """A version, and why where that is asked: for removing."""


class ReviewThemesForm(CorrectedForm):
    """Headings of the report, one on each line."""

    titles = PlainText(
        label="Headings of the report",
        lines=True,
        rows=5,
        max_length=5_000,
        help_text="One on each line. They need not be the themes of the visit.",
        error_messages={"required": "Enter the headings of the report, one on each line."},
    )


class ReviewThemeForm(CorrectedForm, SeenForm):
    """A heading with what stands under it."""

    title = PlainText(
        label="Heading", max_length=120, error_messages={"required": "Enter the heading."}
    )
    text = PlainText(
        label="What the peers wrote under it",
        lines=True,
        rows=10,
        required=False,
        max_length=20_000,
        help_text="In their own words. Paragraphs are kept.",
    )


class FindingForm(CorrectedForm):
    """What the peers saw of one recommendation. Version 0 says that nothing was entered yet."""

    progress = forms.ChoiceField(
        label="How much progress did the peers see?",
        choices=Finding.Progress,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how much progress the peers saw."},
    )
    words = PlainText(
        label="The peers’ words",
        lines=True,
        rows=8,
        required=False,
        max_length=20_000,
        help_text="As their report says it.",
    )
    theme = forms.ModelChoiceField(
        label="Heading of the report under which it stands",
        queryset=ReviewTheme.objects.none(),
        required=False,
        empty_label="None",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, review: ProgressReview, **kwargs: Any) -> None:
        super().__init__(*args, review=review, **kwargs)
        headings = ReviewTheme.objects.filter(review=review, ended_at__isnull=True)
        self.fields["theme"].queryset = headings  # type: ignore[attr-defined]


class SuggestionForm(CorrectedForm):
    """A suggestion under a recommendation."""

    ref = PlainText(
        label="Reference",
        max_length=12,
        help_text="The next free number under the recommendation, or the number in the report.",
        error_messages={"required": "Enter the reference, such as 3.1."},
    )
    title = PlainText(
        label="Heading",
        max_length=250,
        help_text="A few words by which everyone knows it.",
        error_messages={"required": "Enter the heading of the suggestion."},
    )
    wording = PlainText(
        label="Wording",
        lines=True,
        rows=6,
        max_length=20_000,
        help_text="In the peers’ own words.",
        error_messages={"required": "Enter the peers’ words."},
    )


class LockForm(SeenForm):
    """Locking the words."""
