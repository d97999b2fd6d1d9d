"""What is asked for on the pages of routes. Services decide; forms read and keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat
from typing import Any, ClassVar

from django import forms

from peerplan.core.forms import Choice, DayField, Form, PlainText
from peerplan.councils.models import Council
from peerplan.papers.calendar import named_day
from peerplan.papers.models import Body, Meeting, Purpose, RouteStep
from peerplan.papers.paper_forms import exempt_field
from peerplan.papers.route_presets import PRESETS, PresetStep
from peerplan.papers.route_reading import RouteView
from peerplan.papers.services.routes import StepDetails
from reviews.models import PeerChallenge

LEFT_OUT = "left-out"
OWN = "own"
LAST, EARLIER = "Like last time", "Like an earlier one"
COPY = "route-"
PAST_MEETINGS = 12
"""How many past meetings of each body are offered: routes of the last round are recorded too."""
PURPOSES = {
    Purpose.COMMENT: "Its comments are taken to the next body.",
    Purpose.APPROVE: "It decides.",
    Purpose.NOTE: "It notes where the plan stands.",
    Purpose.RECOMMEND: "The next body decides.",
    Purpose.MONITOR: "It looks at progress and may ask for more.",
    Purpose.PUBLISH: "Before approval, and marked as provisional.",
    Purpose.RECEIVE: "It is told what another body decided.",
}


@dataclass(frozen=True)
class Places:
    """The bodies and meetings of a council at which a step may take place.

    A place is written "7" for body 7 without a meeting yet and "7-31" for its meeting 31, so that
    one choice gives both and they cannot contradict one another.
    """

    bodies: tuple[Body, ...]
    meetings: dict[int, tuple[Meeting, ...]]
    today: date

    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """All places, a group for each body, with its meetings in order of the day."""
        return [
            (
                str(body),
                [
                    (f"{body.pk}", f"{body}, no meeting chosen yet"),
                    *(
                        (f"{body.pk}-{each.pk}", self._label(body, each))
                        for each in self.meetings.get(body.pk, ())
                    ),
                ],
            )
            for body in self.bodies
        ]

    def found(self, place: str) -> tuple[Body, Meeting | None]:
        """The body and meeting of a place that was offered. Raises KeyError for another."""
        body_key, _, meeting_key = place.partition("-")
        body = {str(each.pk): each for each in self.bodies}[body_key]
        if not meeting_key:
            return body, None
        return body, {str(each.pk): each for each in self.meetings.get(body.pk, ())}[meeting_key]

    def suggested(self, asked: PresetStep, after: date | None) -> str:
        """The body that suits best, at its next meeting after a day; "" where none suits."""
        body = next((each for each in self.bodies if each.pk == asked.body_id), None)
        for kind in asked.kinds:
            body = body or next((each for each in self.bodies if each.kind == kind), None)
        if body is None:
            return ""
        if asked.purpose == Purpose.PUBLISH:
            return f"{body.pk}"
        for each in self.meetings.get(body.pk, ()):
            is_open = each.on >= self.today and (after is None or each.on > after)
            if is_open and each.called_off_at is None:
                return f"{body.pk}-{each.pk}"
        return f"{body.pk}"

    def _label(self, body: Body, meeting: Meeting) -> str:
        words = f"{body}, {named_day(meeting.on)}"
        if meeting.called_off_at is not None:
            return f"{words} (called off)"
        return f"{words} (past)" if meeting.on < self.today else words


def places_of(council: Council, today: date, kept: RouteStep | None = None) -> Places:
    """The places of a council: bodies in use, meetings to come and the latest past ones.

    `kept` is a step whose own body and meeting are offered too, ended or called off. Two queries.
    """
    bodies = tuple(
        body
        for body in Body.objects.for_council(council)
        if body.ended_on is None or (kept is not None and kept.body_id == body.pk)
    )
    by_body: dict[int, list[Meeting]] = {}
    for meeting in Meeting.objects.for_council(council).order_by("on", "at", "id"):
        if meeting.called_off_at is None or (kept is not None and kept.meeting_id == meeting.pk):
            by_body.setdefault(meeting.body_id, []).append(meeting)
    return Places(
        bodies, {key: _worth_offering(rows, today, kept) for key, rows in by_body.items()}, today
    )


def _worth_offering(
    rows: Sequence[Meeting], today: date, kept: RouteStep | None
) -> tuple[Meeting, ...]:
    past = [each for each in rows if each.on < today]
    left_out = {each.pk for each in past[:-PAST_MEETINGS]}
    if kept is not None and kept.meeting_id is not None:
        left_out.discard(kept.meeting_id)
    return tuple(each for each in rows if each.pk not in left_out)


def place_of(step: RouteStep) -> str:
    """Where a step takes place, as a place is written."""
    return f"{step.body_id}-{step.meeting_id}" if step.meeting_id else f"{step.body_id}"


class ChallengeForm(Form):
    """Which challenge a route is for."""

    challenge = forms.ChoiceField(
        label="Which challenge are the papers about?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the challenge."},
    )

    def __init__(self, *args: Any, challenges: Sequence[PeerChallenge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.slug, each.title) for each in challenges]
        self.fields["challenge"].choices = choices  # type: ignore[attr-defined]


class StartForm(Form):
    """With which route to begin: like last time, a preset, or nothing."""

    start = forms.ChoiceField(
        label="Which way do the papers go?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the way the papers go.",
            "invalid_choice": "Choose one of the ways in the list.",
        },
    )
    challenge = forms.CharField(widget=forms.HiddenInput)
    asked = forms.CharField(widget=forms.HiddenInput, initial="1", required=False)
    """Tells a form sent without a choice from the page opened first."""

    def __init__(self, *args: Any, earlier: Sequence[RouteView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            *(
                (
                    f"{COPY}{view.route.pk}",
                    Choice(f"{like}: {view.route}", rule=f"{view.bodies}."),
                )
                for like, view in zip(chain([LAST], repeat(EARLIER)), earlier, strict=False)
            ),
            *((key, Choice(each.label, rule=each.about)) for key, each in PRESETS.items()),
            (OWN, Choice("Another way", rule="Begin without steps and add them one by one.")),
        ]
        self.fields["start"].choices = choices  # type: ignore[attr-defined]


class NameForm(Form):
    """The name of a route."""

    name = PlainText(
        label="Name of the route",
        max_length=120,
        help_text="What this round of papers is about, such as Progress, June 2025.",
        error_messages={"required": "Enter a name for the route."},
    )


class RenameForm(NameForm):
    """A route to be renamed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    not_compared: ClassVar[tuple[str, ...]] = ("version",)


class RouteForm(NameForm):
    """A new route: its name, and for each step of the preset who takes it and when."""

    def __init__(
        self, *args: Any, asked: Sequence[PresetStep], places: Places, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.places = tuple(asked), places
        after: date | None = None
        left_out = [(LEFT_OUT, "Leave this step out")] if len(self.asked) > 1 else []
        for index, step in enumerate(self.asked):
            place = places.suggested(step, after)
            meeting = places.found(place)[1] if place else None
            after = meeting.on if meeting else after
            self.fields[f"steps-{index}"] = forms.ChoiceField(
                label=f"Step {index + 1}: {step.asks}",
                choices=[("", "Choose the body and its meeting"), *places.choices(), *left_out],
                initial=place,
                error_messages={
                    "required": f"Choose who takes step {index + 1}.",
                    "invalid_choice": f"Choose who takes step {index + 1} from the list.",
                },
            )

    def clean(self) -> dict[str, Any]:
        """What was given. A route of which every step is left out is refused."""
        given = super().clean() or self.cleaned_data
        chosen = [given.get(f"steps-{index}") for index in range(len(self.asked))]
        if chosen and all(place == LEFT_OUT for place in chosen):
            self.add_error(None, "Keep at least one step, or choose another way for the papers.")
        return given

    def steps(self) -> list[StepDetails]:
        """The steps that were not left out. The first cannot share a report or take in others'."""
        found: list[StepDetails] = []
        for index, step in enumerate(self.asked):
            place = self.cleaned_data[f"steps-{index}"]
            if place == LEFT_OUT:
                continue
            body, meeting = self.places.found(place)
            found.append(
                StepDetails(
                    body=body,
                    meeting=meeting,
                    purpose=step.purpose,
                    shares_paper=step.shares_paper and bool(found),
                    takes_comments=step.takes_comments and bool(found),
                    takes_minute=step.takes_minute and bool(found),
                    is_open_to_call_in=step.is_open_to_call_in,
                    is_key=step.is_key and body.is_executive,
                    has_private_part=step.has_private_part,
                )
            )
        return found

    def field_of(self, key: str) -> str:
        """The field that a message of the service for "steps-n" belongs to."""
        kept = [
            f"steps-{index}"
            for index in range(len(self.asked))
            if self.cleaned_data.get(f"steps-{index}") != LEFT_OUT
        ]
        number = key.removeprefix("steps-")
        return kept[int(number)] if number.isdigit() else key


NOTICE = "For example, 31 3 2027. Leave empty until it is published."


class StepForm(Form):
    """One step: who takes it, for what, and what its notices and its report must do."""

    where = forms.ChoiceField(
        label="Body and meeting",
        error_messages={
            "required": "Choose the body and its meeting.",
            "invalid_choice": "Choose the body and its meeting from the list.",
        },
    )
    purpose = forms.ChoiceField(
        label="For what?",
        widget=forms.RadioSelect,
        choices=[(key, Choice(str(key.label), rule=rule)) for key, rule in PURPOSES.items()],
        error_messages={"required": "Choose for what the report goes there."},
    )
    takes_comments = forms.BooleanField(
        label="Take in the comments of earlier steps",
        required=False,
        help_text="What earlier bodies said is printed in this step’s report.",
    )
    takes_minute = forms.BooleanField(
        label="Take in the minutes of earlier steps",
        required=False,
        help_text="As an appendix or a section of this step’s report.",
    )
    shares_paper = forms.BooleanField(
        label="One report with the step before",
        required=False,
        help_text="One report, with recommendations of its own for each body.",
    )
    is_open_to_call_in = forms.BooleanField(
        label="Open to call-in",
        required=False,
        help_text="For decisions of Cabinet or its members.",
    )
    is_key = forms.BooleanField(
        label="Key decision",
        required=False,
        help_text="For decisions of Cabinet or its members: 28 clear days’ notice.",
    )
    notice_published_on = DayField(
        label="Notice of the key decision published on", required=False, help_text=NOTICE
    )
    has_private_part = forms.BooleanField(
        label="Part of it in private",
        required=False,
        help_text="An executive gives notice of it twice.",
    )
    private_notice_published_on = DayField(
        label="First notice of the private part published on", required=False, help_text=NOTICE
    )
    second_private_notice_published_on = DayField(
        label="Second notice of the private part published on", required=False, help_text=NOTICE
    )

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        choices = [("", "Choose the body and its meeting"), *places.choices()]
        self.fields["where"].choices = choices  # type: ignore[attr-defined]

    def details(self) -> StepDetails:
        """What was filled in, once it is valid."""
        given = {key: self.cleaned_data[key] for key in DETAILS}
        body, meeting = self.places.found(self.cleaned_data["where"])
        return StepDetails(body=body, meeting=meeting, **given)


DETAILS = (
    "purpose",
    "takes_comments",
    "takes_minute",
    "shares_paper",
    "is_open_to_call_in",
    "is_key",
    "notice_published_on",
    "has_private_part",
    "private_notice_published_on",
    "second_private_notice_published_on",
)


class SeenStepForm(StepForm):
    """A step to change."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    not_compared: ClassVar[tuple[str, ...]] = ("version",)


def step_as_given(step: RouteStep) -> dict[str, Any]:
    """A step as its form would be filled in with it."""
    given = {key: getattr(step, key) for key in DETAILS}
    return given | {"where": place_of(step), "version": step.version}


class OutcomeForm(Form):
    """What came of a step."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    comments = PlainText(
        label="Comments of the body",
        lines=True,
        rows=6,
        required=False,
        max_length=20_000,
        help_text="Members and the reports of later steps show it. Leave a line empty between "
        "paragraphs.",
    )
    minute_number = PlainText(label="Minute number", required=False, max_length=30)
    minute = PlainText(
        label="Minute",
        lines=True,
        rows=10,
        required=False,
        max_length=20_000,
        help_text="As agreed or in draft. Pasted from Word, it keeps its words and paragraphs. "
        "Resolutions go one by one into the decision record; what the minute holds already is "
        "not printed twice.",
    )
    decision_published_on = DayField(
        label="Decision published on",
        required=False,
        help_text="Call-in runs from this day. For example, 31 3 2027.",
    )
    outcome_paragraph = exempt_field()
    not_compared: ClassVar[tuple[str, ...]] = ("version",)


OUTCOME = (
    "comments",
    "minute_number",
    "minute",
    "decision_published_on",
    "outcome_paragraph",
)


def outcome_as_given(step: RouteStep) -> dict[str, Any]:
    """The outcome of a step as its form would be filled in with it."""
    return {key: getattr(step, key) for key in (*OUTCOME, "version")}


class PressedForm(Form):
    """A button on a row: all it carries is the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class MoveForm(PressedForm):
    """A button that moves a row."""

    way = forms.ChoiceField(choices=[("up", "Up"), ("down", "Down")])
