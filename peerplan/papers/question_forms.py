"""What is asked for about members' questions. Services decide; forms read."""

from typing import Any

from django import forms

from actions.models import Action
from actions.position import Position
from actions.sentences import clipped
from peerplan.core.forms import PlainText
from peerplan.councils.gate import Person
from peerplan.councils.vocabulary import words_of
from peerplan.papers.models import Body, Question
from peerplan.papers.question_reading import Standing, seats_of, standing_of
from peerplan.papers.services.questions import LONGEST, Subject
from reviews.forms import SeenForm
from reviews.models import Recommendation

CHOOSE = "Choose an action or a recommendation from the list."


def _role(hint: str) -> PlainText:
    return PlainText(
        label="On behalf of",
        max_length=120,
        help_text=hint,
        error_messages={"required": "Enter the role of whoever asks, such as Chair of Scrutiny."},
    )


class AskForm(forms.Form):
    """A question on something that was released, for a body; officers name the role that asks."""

    about = forms.ChoiceField(
        label="What is the question about?",
        help_text="As last released.",
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    body = forms.ModelChoiceField(
        label="For which body?",
        queryset=Body.objects.none(),
        empty_label="Choose a body",
        error_messages={
            "required": "Choose the body for which the question is asked.",
            "invalid_choice": "Choose a body from the list.",
        },
    )
    on_behalf_of = _role("The role of the member who asks, such as Chair of Scrutiny.")
    text = PlainText(
        label="Question",
        lines=True,
        rows=5,
        max_length=LONGEST,
        help_text="Members of the council and the officers read it, and it is printed in the "
        "next paper to the body.",
        error_messages={"required": "Write the question."},
    )

    def __init__(self, *args: Any, person: Person, position: Position, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = words_of(person.council)
        bodies = seats_of(person)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        if not person.reads_live:
            del self.fields["on_behalf_of"]
        self.fields["about"].choices = [  # type: ignore[attr-defined]
            ("", "Choose one"),
            (
                f"{words.action}s",
                [(f"action-{row.id}", _called(row.ref, row.title)) for row in position.actions],
            ),
            (
                f"{words.recommendation}s",
                [
                    (f"recommendation-{row.id}", _called(row.ref, row.title))
                    for row in position.recommendations
                ],
            ),
        ]

    def subject(self) -> Subject:
        """What was chosen; the choices are of this plan, so the row is there."""
        kind, _, key = str(self.cleaned_data["about"]).partition("-")
        if kind == "action":
            return Subject(action=Action.objects.get(pk=key))
        return Subject(recommendation=Recommendation.objects.get(pk=key))


def _called(ref: str, title: str) -> str:
    return f"{ref} {clipped(title, 80)}"


def about_of(position: Position, action: str, recommendation: str) -> str:
    """The choice that an address names by reference, "" where it names none that is there."""
    if action:
        found = position.by_ref.get(action.lower())
        return f"action-{found.id}" if found else ""
    for row in position.recommendations:
        if recommendation and row.ref.lower() == recommendation.lower():
            return f"recommendation-{row.id}"
    return ""


# --- What is said about a question --------------------------------------------------------------


class SayForm(SeenForm):
    """Something said about a question that is there."""

    def __init__(self, *args: Any, person: Person, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class AnswerForm(SayForm):
    """The lead's answer."""

    text = PlainText(
        label="Answer",
        lines=True,
        rows=5,
        max_length=LONGEST,
        help_text="Members of the council read it, and it is printed in the next paper to the "
        "body. An answer is not changed afterwards: add another.",
        error_messages={"required": "Write the answer."},
    )


class FollowUpForm(SayForm):
    """One more question of the same body."""

    on_behalf_of = _role("The role of the member who asks, such as Chair of Scrutiny.")
    text = PlainText(
        label="Follow-up question",
        lines=True,
        rows=4,
        max_length=LONGEST,
        error_messages={"required": "Write the follow-up question."},
    )

    not_compared = ("version", "on_behalf_of")

    def __init__(self, *args: Any, person: Person, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, person=person, question=question, **kwargs)
        if not person.reads_live:
            del self.fields["on_behalf_of"]


class CloseForm(SayForm):
    """Closes a question; a note, and the reason where nobody has answered."""

    text = PlainText(label="Note", lines=True, rows=2, max_length=LONGEST, required=False)

    def __init__(self, *args: Any, person: Person, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, person=person, question=question, **kwargs)
        if standing_of(question) == Standing.OPEN:
            words = "Why is it closed without an answer?"
            self.fields["text"].label = words
            self.fields["text"].required = True
            self.fields["text"].error_messages["required"] = (
                "Nobody has answered yet: say why the question is closed without an answer."
            )


class ReopenForm(SayForm):
    """Opens a closed question again."""

    text = PlainText(
        label="Why is it opened again?",
        lines=True,
        rows=3,
        max_length=LONGEST,
        error_messages={"required": "Say why the question is opened again: the lead reads this."},
    )


FORMS: dict[str, type[SayForm]] = {
    "answer": AnswerForm,
    "follow-up": FollowUpForm,
    "close": CloseForm,
    "reopen": ReopenForm,
}
"""The forms by the last word of their address."""
