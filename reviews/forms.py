"""What is asked for on the pages that set a challenge up. Services decide; forms read and keep."""

from typing import Any, ClassVar

from django import forms

from peerplan.core.forms import Choice, DayField, PlainText, RowsField
from reviews.models import Conclusion, PeerChallenge, Recommendation, Theme
from reviews.presets import EVENT_LABELS, PRESETS, RULE_SETS, DeadlineRule, Preset

OPTIONAL_DAY = "For example, 31 3 2027. Leave empty while it is not known."


class SeenForm(forms.Form):
    """A form that carries the version of the record that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    # Fields whose texts are not shown side by side when two people saved at once.
    not_compared: ClassVar[tuple[str, ...]] = ("version",)

    def given(self) -> dict[str, Any]:
        """What was filled in, without the version."""
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class KindForm(forms.Form):
    """Which kind of review a challenge is."""

    kind = forms.ChoiceField(
        label="What kind of review is it?",
        widget=forms.RadioSelect,
        choices=[
            (preset.key, Choice(preset.label, rule=preset.about)) for preset in PRESETS.values()
        ],
        error_messages={"required": "Choose the kind of review."},
    )


class DetailsForm(SeenForm):
    """A challenge's title, days on site, deadlines and the challenge before it."""

    title = PlainText(
        label="Title",
        max_length=150,
        help_text="As it stands in papers, such as Corporate Peer Challenge 2026.",
        error_messages={"required": "Enter the title of the challenge."},
    )
    on_site_from = DayField(
        label="First day on site", error_messages={"required": "Enter the first day on site."}
    )
    on_site_to = DayField(
        label="Last day on site", error_messages={"required": "Enter the last day on site."}
    )
    rule_set = forms.ChoiceField(label="Which deadlines apply?", widget=forms.RadioSelect)
    previous = forms.ModelChoiceField(
        label="The challenge before this one",
        queryset=PeerChallenge.objects.none(),
        required=False,
        empty_label="None",
    )
    context = PlainText(
        label="About the challenge",
        lines=True,
        rows=4,
        required=False,
        max_length=20_000,
        help_text="What the reader of the plan should know first: why it took place, its scope.",
    )

    def __init__(
        self,
        *args: Any,
        preset: Preset,
        council: Any,
        challenge: PeerChallenge | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, _rule_choice(key)) for key in preset.rule_sets]
        self.fields["rule_set"].choices = choices  # type: ignore[attr-defined]
        others = PeerChallenge.objects.for_council(council)
        if challenge is not None:
            others = others.exclude(pk=challenge.pk)
        self.fields["previous"].queryset = others  # type: ignore[attr-defined]


class NewChallengeForm(DetailsForm):
    """The details of a challenge that is not there yet, so that there is no version to see."""

    version = None  # type: ignore[assignment]
    slug = PlainText(
        label="Address on this site",
        required=False,
        max_length=60,
        help_text="Small letters, digits and hyphens. Left empty, it is made from the title.",
    )

    field_order = [
        "title",
        "on_site_from",
        "on_site_to",
        "rule_set",
        "previous",
        "context",
        "slug",
    ]


def _rule_choice(key: str) -> Choice:
    rule_set = RULE_SETS[key]
    due = "; ".join(_in_words(rule) for rule in rule_set.rules)
    return Choice(rule_set.label, rule=f"{due}. Source: {rule_set.source}." if due else "")


def _in_words(rule: DeadlineRule) -> str:
    about = "" if rule.is_limit else "about "
    return f"{rule.label}: {about}{rule.offset} {rule.unit} after {EVENT_LABELS[rule.event]}"


class DatesForm(SeenForm):
    """The dates from which deadlines run and those that meet them, and where the report is.

    Asks for what the challenge's rule set needs, and for the report.
    """

    report_received_on = DayField(
        label="Report received on", required=False, help_text=OPTIONAL_DAY
    )
    report_published_on = DayField(
        label="Report published on", required=False, help_text=OPTIONAL_DAY
    )
    report_url = PlainText(
        label="Web address of the published report",
        required=False,
        max_length=200,
        help_text="For example, https://www.ashdale.example/peer-challenge",
    )
    draft_plan_on = DayField(
        label="Draft action plan sent on", required=False, help_text=OPTIONAL_DAY
    )
    plan_approved_on = DayField(
        label="Action plan approved on", required=False, help_text=OPTIONAL_DAY
    )
    review_from = DayField(
        label="Progress review, first day", required=False, help_text=OPTIONAL_DAY
    )
    review_to = DayField(label="Progress review, last day", required=False, help_text=OPTIONAL_DAY)
    review_report_published_on = DayField(
        label="Progress review report published on", required=False, help_text=OPTIONAL_DAY
    )

    ALWAYS: ClassVar = {
        "version",
        "report_received_on",
        "report_published_on",
        "report_url",
        "plan_approved_on",
    }

    def __init__(self, *args: Any, challenge: PeerChallenge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = self.ALWAYS | challenge.deadlines_from.dates
        if "review_from" in wanted:
            wanted = wanted | {"review_to"}
        for name in set(self.fields) - wanted:
            if not getattr(challenge, name):
                del self.fields[name]


class TeamMemberForm(forms.Form):
    """One of the peers."""

    name = PlainText(
        label="Name",
        required=False,
        max_length=120,
        help_text="Peers are named in public papers. Leave it out if you do not want it.",
    )
    role = PlainText(
        label="Role",
        max_length=150,
        help_text="Such as Leader peer, Chief executive peer or Peer Challenge Manager.",
        error_messages={"required": "Enter the role, such as Chief executive peer."},
    )
    organisation = PlainText(label="Organisation", required=False, max_length=150)


class SeenTeamMemberForm(TeamMemberForm, SeenForm):
    """A team member to change."""


class ThemesForm(forms.Form):
    """Which core themes stand, and further ones, one on each line."""

    core = forms.MultipleChoiceField(
        label="Core themes", required=False, widget=forms.CheckboxSelectMultiple
    )
    own = PlainText(
        label="Other themes of this challenge",
        lines=True,
        rows=3,
        required=False,
        help_text="One on each line. They are added to those below.",
    )
    focus = PlainText(
        label="Focus areas across the themes",
        lines=True,
        rows=3,
        required=False,
        help_text="What the council asked to have looked at within the themes. One on each line.",
    )
    seen = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, preset: Preset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(title, title) for title in preset.themes]
        self.fields["core"].choices = choices  # type: ignore[attr-defined]
        self.fields["seen"].choices = choices  # type: ignore[attr-defined]


class ThemeForm(SeenForm):
    """A theme to change."""

    title = PlainText(
        label="Theme", max_length=120, error_messages={"required": "Enter the theme."}
    )
    kind = forms.ChoiceField(label="Kind", choices=Theme.Kind, widget=forms.RadioSelect)


class ConclusionsForm(forms.Form):
    """Several points under one theme, one on each line."""

    theme = forms.ModelChoiceField(
        queryset=Theme.objects.none(), required=False, empty_label="The whole council"
    )
    kind = forms.ChoiceField(
        label="What kind of point?",
        choices=Conclusion.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of point it is."},
    )
    texts = PlainText(
        label="What was said",
        lines=True,
        rows=8,
        max_length=20_000,
        help_text="In the report’s own words, one point on each line.",
        error_messages={"required": "Enter what was said, one point on each line."},
    )

    def __init__(self, *args: Any, challenge: PeerChallenge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = themes_of(challenge)  # type: ignore[attr-defined]


class ConclusionForm(ConclusionsForm, SeenForm):
    """One point to change."""

    texts = None  # type: ignore[assignment]
    text = PlainText(
        label="What was said",
        lines=True,
        rows=4,
        max_length=5_000,
        error_messages={"required": "Enter what was said."},
    )
    field_order = ["theme", "kind", "text", "version"]


def themes_of(challenge: PeerChallenge) -> Any:
    """The themes of a challenge that stand, in their order."""
    return Theme.objects.filter(challenge=challenge, ended_at__isnull=True)


class AnswerForm(forms.Form):
    """What stays open after adoption: kind, place, themes and the council's response."""

    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect)
    parent = forms.ModelChoiceField(
        label="Stands under",
        queryset=Recommendation.objects.none(),
        required=False,
        empty_label="None: it stands on its own",
        help_text="For a further recommendation or a suggestion that follows another one.",
    )
    themes = RowsField(
        label="Themes",
        queryset=Theme.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    response = forms.ChoiceField(
        label="The council’s response",
        choices=Recommendation.Response,
        required=False,
        widget=forms.RadioSelect,
    )
    response_reason = PlainText(
        label="Reason for the response",
        lines=True,
        rows=4,
        required=False,
        max_length=20_000,
        help_text="Required where the recommendation is not accepted. Published with the plan.",
    )

    def __init__(
        self,
        *args: Any,
        challenge: PeerChallenge,
        recommendation: Recommendation | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Recommendation.Kind(value) for value in challenge.preset.kinds]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        tops = Recommendation.objects.filter(
            challenge=challenge, parent__isnull=True, ended_at__isnull=True
        )
        if recommendation is not None:
            tops = tops.exclude(pk=recommendation.pk)
        self.fields["parent"].queryset = tops  # type: ignore[attr-defined]
        self.fields["themes"].queryset = themes_of(challenge)  # type: ignore[attr-defined]


class RecommendationForm(AnswerForm):
    """A recommendation to add."""

    ref = PlainText(
        label="Reference",
        help_text="As in the report, such as 1, 1.1 or R3.",
        max_length=12,
        error_messages={"required": "Enter the reference, such as 3 or 3.1."},
    )
    title = PlainText(
        label="Heading",
        max_length=250,
        help_text="A few words by which everyone knows it.",
        error_messages={"required": "Enter the heading of the recommendation."},
    )
    wording = PlainText(
        label="Wording",
        lines=True,
        rows=6,
        required=False,
        max_length=20_000,
    )
    field_order = ["ref", "title", "wording", "kind", "parent", "themes"]

    def __init__(self, *args: Any, challenge: PeerChallenge, **kwargs: Any) -> None:
        super().__init__(*args, challenge=challenge, **kwargs)
        self.fields["wording"].help_text = f"In the {challenge.preset.reviewers}’ own words."


class SeenAnswerForm(AnswerForm, SeenForm):
    """A recommendation to change once the plan is adopted."""


class SeenRecommendationForm(RecommendationForm, SeenForm):
    """A recommendation to change before the plan is adopted."""


class CorrectionForm(SeenForm):
    """The peers' words put right after adoption, with the reason."""

    ref = PlainText(label="Reference", max_length=12)
    title = PlainText(
        label="Heading",
        max_length=250,
        error_messages={"required": "Enter the heading of the recommendation."},
    )
    wording = PlainText(label="Wording", lines=True, rows=8, required=False, max_length=20_000)
    reason = PlainText(
        label="Why is it corrected?",
        lines=True,
        rows=3,
        max_length=2_000,
        help_text="Such as a typing error found after adoption. Everyone who reads the plan sees "
        "this reason and the words as they were.",
        error_messages={"required": "Say why the wording is corrected."},
    )
    not_compared: ClassVar = ("version", "reason")


class PasteForm(forms.Form):
    """A list of recommendations, pasted."""

    kind = forms.ChoiceField(label="Kind of all of these", widget=forms.RadioSelect)
    rows = PlainText(
        label="Recommendations",
        lines=True,
        rows=12,
        max_length=200_000,
        help_text="One on each line, the reference first: “1 Heading”. Copied from a table in "
        "Excel or Word, the columns are reference, heading and wording.",
        error_messages={"required": "Paste the recommendations, one on each line."},
    )

    def __init__(self, *args: Any, challenge: PeerChallenge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [Recommendation.Kind(value) for value in challenge.preset.kinds]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class AdoptForm(SeenForm):
    """The day on which the council adopted the plan."""

    adopted_on = DayField(
        label="On which day was the plan adopted?",
        help_text="The day of the decision, such as 17 12 2024.",
        error_messages={"required": "Enter the day on which the plan was adopted."},
    )


class ReasonForm(SeenForm):
    """A version, and a reason that may be left out: for moving and removing."""

    reason = PlainText(required=False, max_length=2_000)
