"""Forms of the plan itself: an action's details, how an action ends, the council's own status."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.datastructures import MultiValueDict

from actions.models import EXEMPT_PARAGRAPHS, Action, Visibility
from actions.services.plan import ActionDetails, MilestoneDetails
from peerplan.core import clock
from peerplan.core.forms import Choice, DayField, Form, PlainText, RowsField
from peerplan.councils.gate import Person
from peerplan.councils.models import Directorate, Membership, Portfolio
from peerplan.councils.ratings import Rule
from reviews.models import PeerChallenge, Recommendation

BLANK_MILESTONES = 3
MOST_MILESTONES = 30


def _set_choices(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _standing_or(kept: Portfolio | Directorate | None) -> Q:
    """Rows that have not ended, and the one an action has already."""
    standing = Q(ended_on__isnull=True)
    return standing | Q(pk=kept.pk) if kept else standing


class ActionForm(Form):
    """All details of an action. `data` may hold `rows`, the number of milestone rows shown."""

    not_compared: ClassVar[tuple[str, ...]] = ("version", "reason")

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    ref = PlainText(
        label="Reference", max_length=12, help_text="On two levels, such as 3.2 under 3."
    )
    title = PlainText(
        label="What will the council do?", max_length=250, help_text="One sentence, with a verb."
    )
    description = PlainText(label="More about it", lines=True, rows=3, required=False)
    primary = forms.ModelChoiceField(
        label="Which recommendation does it answer?",
        queryset=Recommendation.objects.none(),
        required=False,
        empty_label="None yet",
    )
    also = RowsField(
        label="Does it answer others too?",
        queryset=Recommendation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    lead_role = PlainText(
        label="Lead role",
        max_length=120,
        required=False,
        help_text="The owner is a role first, such as Head of Housing. This is published.",
        widget=forms.TextInput(attrs={"list": "lead-roles", "autocomplete": "off"}),
    )
    lead_person = forms.ModelChoiceField(
        label="Lead person",
        queryset=Membership.objects.none(),
        required=False,
        empty_label="Nobody by name",
        help_text="Who may update it. Names are never published.",
    )
    portfolio = forms.ModelChoiceField(
        label="Accountable portfolio",
        queryset=Portfolio.objects.none(),
        required=False,
        empty_label="None",
    )
    directorate = forms.ModelChoiceField(
        queryset=Directorate.objects.none(), required=False, empty_label="None"
    )
    success_measure = PlainText(
        label="Success measure",
        lines=True,
        rows=2,
        required=False,
        help_text="How everyone will know that it is done.",
    )
    original_due = DayField(label="Original due date", required=False)
    original_due_words = PlainText(
        label="Words to print for the due date",
        max_length=60,
        required=False,
        help_text="Such as “Autumn 2026” or “Ongoing”. Leave empty to print the date.",
    )
    beginning = forms.ChoiceField(
        label="Is it new?", widget=forms.RadioSelect, choices=Action.Beginning.choices
    )
    in_plan_from = DayField(
        label="In the plan from", help_text="The first day for which it can be reported."
    )
    visibility = forms.ChoiceField(
        label="May it be published?",
        widget=forms.RadioSelect,
        choices=[
            (Visibility.PUBLIC, Choice("Yes", rule="With the plan, as members last saw it.")),
            (
                Visibility.EXEMPT,
                Choice("No, it is exempt", rule="Only those entitled see that it exists."),
            ),
        ],
    )
    exempt_paragraph = forms.TypedChoiceField(
        label="Which paragraph of Schedule 12A applies?",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "None"), *EXEMPT_PARAGRAPHS.items()],
    )
    reason = PlainText(
        label="Why does the plan change?",
        lines=True,
        rows=2,
        required=False,
        help_text="Kept in the history. Required, since the plan is adopted.",
    )

    def __init__(
        self,
        data: MultiValueDict[str, Any] | None = None,
        *,
        challenge: PeerChallenge,
        person: Person,
        action: Action | None = None,
        milestones: Sequence[MilestoneDetails] = (),
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {
            "beginning": Action.Beginning.NEW,
            "visibility": Visibility.PUBLIC,
            "in_plan_from": min(challenge.plan_approved_on or challenge.on_site_to, clock.today()),
        }
        if action is not None:
            initial |= as_given(action)
        super().__init__(data, initial=initial | kwargs.pop("initial", {}), **kwargs)
        council = challenge.council_id
        standing = Recommendation.objects.filter(challenge=challenge, ended_at__isnull=True)
        members = Membership.objects.filter(council=council, ended_at__isnull=True)
        portfolios = Portfolio.objects.filter(_standing_or(action.portfolio if action else None))
        directorates = Directorate.objects.filter(
            _standing_or(action.directorate if action else None)
        )
        self._choose_among("primary", standing)
        self._choose_among("also", standing)
        self._choose_among("lead_person", members)
        self._choose_among("portfolio", portfolios.filter(council=council))
        self._choose_among("directorate", directorates.filter(council=council))
        if not (challenge.is_adopted and action):
            del self.fields["reason"]
        else:
            del self.fields["original_due"], self.fields["original_due_words"]
        if not person.reads_exempt:
            del self.fields["visibility"], self.fields["exempt_paragraph"]
        self.action = action
        self.milestone_rows = self._milestone_fields(milestones)

    def _choose_among(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def _milestone_fields(self, milestones: Sequence[MilestoneDetails]) -> list[dict[str, Any]]:
        """One row of fields for each milestone and some blank ones; returned as bound fields."""
        shown = len(milestones) + BLANK_MILESTONES
        if self.is_bound and str(self.data.get("rows", "")).isdecimal():
            shown = min(max(int(self.data["rows"]), 1), MOST_MILESTONES)
        if self.is_bound and "more" in self.data:
            shown = min(shown + BLANK_MILESTONES, MOST_MILESTONES)
        rows = []
        for index in range(shown):
            given = milestones[index] if index < len(milestones) else MilestoneDetails("")
            names = {part: f"milestone-{index}-{part}" for part in ("id", "title", "due")}
            self.fields[names["id"]] = forms.IntegerField(
                required=False, widget=forms.HiddenInput, initial=given.id
            )
            self.fields[names["title"]] = PlainText(
                label=f"Milestone {index + 1}", max_length=250, required=False, initial=given.title
            )
            self.fields[names["due"]] = DayField(
                label=f"Due date of milestone {index + 1}",
                required=False,
                initial=given.due,
                help_text="",
            )
            rows.append({part: self[name] for part, name in names.items()})
        return rows

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """The visible fields before the milestones."""
        return [each for each in self.visible_fields() if not each.name.startswith("milestone-")]

    def clean(self) -> dict[str, Any]:
        """A due date without a milestone asks for the milestone."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for index in range(len(self.milestone_rows)):
            title, due = (f"milestone-{index}-{part}" for part in ("title", "due"))
            if cleaned.get(due) and not cleaned.get(title) and title not in self.errors:
                self.add_error(title, "Say what the milestone is, or take its date away.")
        return cleaned

    def details(self) -> ActionDetails:
        """What was given, for the service. Only of a valid form."""
        data, was = self.cleaned_data, self.action
        kept = as_given(was) if was else {}
        names = (
            "ref title description lead_role lead_person portfolio directorate success_measure "
            "original_due original_due_words beginning in_plan_from visibility exempt_paragraph"
        ).split()
        given: dict[str, Any] = {
            name: data[name] if name in self.fields else kept.get(name)
            for name in names
            if name in self.fields or name in kept
        }
        if given.get("visibility") == Visibility.PUBLIC:
            given["exempt_paragraph"] = None
        return ActionDetails(**given)

    def recommendations(self) -> list[Recommendation]:
        """The recommendations it answers, the primary one first."""
        primary, also = self.cleaned_data["primary"], list(self.cleaned_data["also"])
        return ([primary] if primary else []) + [each for each in also if each != primary]

    def milestones(self) -> list[MilestoneDetails]:
        """The milestones that were given, in their order."""
        data = self.cleaned_data
        rows = range(len(self.milestone_rows))
        return [
            MilestoneDetails(
                title=data[f"milestone-{row}-title"],
                due=data[f"milestone-{row}-due"],
                id=data[f"milestone-{row}-id"],
            )
            for row in rows
            if data[f"milestone-{row}-title"]
        ]


def as_given(action: Action) -> dict[str, Any]:
    """An action as the form would be filled in with it."""
    answered = [
        answer.recommendation
        for answer in action.answers.filter(ended_at__isnull=True).select_related("recommendation")
    ]
    milestones = milestones_of(action)
    rows = {
        f"milestone-{index}-{part}": getattr(each, part)
        for index, each in enumerate(milestones)
        for part in ("id", "title", "due")
    }
    blank = {
        f"milestone-{index}-{part}": None if part != "title" else ""
        for index in range(len(milestones), MOST_MILESTONES)
        for part in ("id", "title", "due")
    }
    return {
        "version": action.version,
        "ref": action.ref,
        "title": action.title,
        "description": action.description,
        "primary": answered[0] if answered else None,
        "also": answered[1:],
        "lead_role": action.lead_role,
        "lead_person": action.lead_person,
        "portfolio": action.portfolio,
        "directorate": action.directorate,
        "success_measure": action.success_measure,
        "original_due": action.original_due,
        "original_due_words": action.original_due_words,
        "beginning": action.beginning,
        "in_plan_from": action.in_plan_from,
        "visibility": action.visibility,
        "exempt_paragraph": action.exempt_paragraph,
        **rows,
        **blank,
    }


def milestones_of(action: Action) -> list[MilestoneDetails]:
    """The standing milestones of an action, in their order."""
    return [
        MilestoneDetails(title=row.title, due=row.due, id=row.pk)
        for row in action.milestones.filter(ended_at__isnull=True).order_by("position", "id")
    ]


class OwnStatusForm(Form):
    """The council's own status, summary and impact of a recommendation, and whether it closes."""

    not_compared: ClassVar[tuple[str, ...]] = ("version",)

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    as_at = DayField(label="As at which day is this true?")
    status = forms.ChoiceField(
        label="How does the council rate it?",
        widget=forms.RadioSelect,
        help_text="It stands beside the counts of its actions; a difference is shown.",
    )
    summary = PlainText(
        label="Summary",
        lines=True,
        rows=4,
        max_length=4000,
        required=False,
        help_text="What members should know about this recommendation as a whole.",
    )
    impact = PlainText(
        label="What has changed for people?",
        lines=True,
        rows=4,
        max_length=4000,
        required=False,
        help_text="What residents, members or staff notice, with a figure where there is one. "
        "The peers ask for it.",
    )
    is_closed = forms.BooleanField(
        label="Close the recommendation",
        required=False,
        help_text="It closes by itself once all its actions have; one that is only claimed "
        "complete has not. Tick this to close it before that, and say why.",
    )
    closing_reason = PlainText(
        label="Why does it close?",
        lines=True,
        rows=2,
        max_length=4000,
        required=False,
        help_text="Published with the plan.",
    )

    def __init__(self, *args: Any, scheme: Mapping[str, Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set_choices(
            self,
            "status",
            [
                (key, Choice(rule.label, rule=rule.definition, status=key))
                for key, rule in scheme.items()
                if key not in ("merged", "claimed")
            ],
        )
