"""Members' questions: asked for a body, answered by the lead, followed up and closed."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from actions.models import Action
from peerplan.core import clock, history, versions
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.papers import question_reading as reading
from peerplan.papers.models import Body, Question, QuestionEntry
from peerplan.papers.question_reading import Standing, standing_of
from reviews.models import PeerChallenge, Recommendation
from reviews.services.checks import plain

LONGEST = 5_000
Kind = QuestionEntry.Kind
IS_CLOSED = "This question is closed. Open it again before anything more is said."


@dataclass(frozen=True)
class Subject:
    """What a question is about: an action or a recommendation, and why it is exempt, if it is."""

    action: Action | None = None
    recommendation: Recommendation | None = None


@transaction.atomic
def ask(
    *,
    challenge: PeerChallenge,
    body: Body,
    about: Subject,
    text: str,
    author: Person,
    on_behalf_of: str = "",
) -> Question:
    """A question for `body` on an action or a recommendation as it was last released.

    A member asks for a body on which they sit; an officer on behalf of a role that is named. On an
    action that is not for publication the question is not for publication either, by the same
    paragraph. Raises NotPermitted, and Invalid by `body`, `about`, `text` or `on_behalf_of`.
    """
    _check_speaker(author, body, "body")
    if challenge.council_id != author.council.pk:
        raise NotPermitted("This challenge belongs to another council.")
    if body.ended_on is not None:
        raise Invalid({"body": f"{body} has ended: choose a body that still meets."})
    paragraph = _released_paragraph(challenge, about, author)
    said = _text(text, "Write the question.")
    role = _on_behalf_of(author, on_behalf_of)
    # Two people may ask at once: numbers are given one after the other.
    PeerChallenge.objects.select_for_update().only("pk").get(pk=challenge.pk)
    _check_new(body, about, said)
    last = Question.objects.filter(challenge=challenge).aggregate(last=Max("number"))["last"] or 0
    question = Question(
        challenge=challenge,
        number=last + 1,
        body=body,
        action=about.action,
        recommendation=about.recommendation,
        exempt_paragraph=paragraph,
        asked_at=clock.now(),
    )
    history.save(question, author=author.user, reason=Kind.QUESTION.label)
    _say(question, Kind.QUESTION, said, author, role)
    return question


@transaction.atomic
def answer(*, question: Question, version: int, text: str, author: Person) -> Question:
    """The question, answered; a second answer is added to the first.

    Raises NotPermitted unless `author` leads what it is about or manages the plan, Stale and
    Invalid.
    """
    reading.require(author, question, "answer")
    said = _text(text, "Write the answer.")
    current = _open(question, version)
    current.answered_at = clock.now()
    _save(current, Kind.ANSWER, author)
    _say(current, Kind.ANSWER, said, author)
    return current


@transaction.atomic
def follow_up(
    *, question: Question, version: int, text: str, author: Person, on_behalf_of: str = ""
) -> Question:
    """The question with one more of the same body; it waits for an answer again.

    Raises NotPermitted, Stale and Invalid.
    """
    reading.require(author, question, "follow-up")
    said = _text(text, "Write the follow-up question.")
    role = _on_behalf_of(author, on_behalf_of)
    current = _open(question, version)
    current.answered_at = None
    _save(current, Kind.FOLLOW_UP, author)
    _say(current, Kind.FOLLOW_UP, said, author, role)
    return current


@transaction.atomic
def close(*, question: Question, version: int, text: str, author: Person) -> Question:
    """The question, closed; one that nobody answered only by its body and with a reason.

    Raises NotPermitted, Stale and Invalid.
    """
    reading.require(author, question, "close")
    current = _open(question, version)
    missing = "Nobody has answered yet: say why the question is closed without an answer."
    said = _text(text, missing if standing_of(current) == Standing.OPEN else "")
    current.closed_at = clock.now()
    _save(current, Kind.CLOSED, author)
    _say(current, Kind.CLOSED, said, author)
    return current


@transaction.atomic
def reopen(*, question: Question, version: int, text: str, author: Person) -> Question:
    """A closed question, open again and waiting for an answer, with the reason.

    Raises NotPermitted, Stale and Invalid.
    """
    reading.require(author, question, "reopen")
    said = _text(text, "Say why the question is opened again: the lead reads this.")
    current = versions.claim(question, version)
    if current.closed_at is None:
        raise Invalid({"": "This question is open already."})
    current.closed_at = current.answered_at = None
    _save(current, Kind.REOPENED, author)
    _say(current, Kind.REOPENED, said, author)
    return current


# --- What they have in common -------------------------------------------------------------------


def _check_speaker(author: Person, body: Body, field: str) -> None:
    author.require(Capability.ASK)
    if body.council_id != author.council.pk:
        raise NotPermitted("This body belongs to another council.")
    if not reading.speaks_for(author, body):
        raise Invalid({field: f"You have no seat on {body}: choose a body on which you sit."})


def _released_paragraph(challenge: PeerChallenge, about: Subject, author: Person) -> int | None:
    """Why a question on `about` is exempt, None where it is not.

    Raises Invalid where `author` may not see `about` in the last released position.
    """
    position = reading.released_for(author, challenge)
    if position is None:
        raise Invalid({"": "The plan has not been released yet, so nothing can be asked on it."})
    if about.action is not None:
        shown = position.by_id.get(about.action.pk)
        if shown is not None:
            return shown.exempt_paragraph if shown.is_exempt else None
    if about.recommendation and about.recommendation.pk in position.recommendation_by_id:
        return None
    raise Invalid({"about": "Choose an action or a recommendation from the list."})


def _check_new(body: Body, about: Subject, text: str) -> None:
    same = QuestionEntry.objects.filter(
        kind=Kind.QUESTION,
        text=text,
        question__body=body,
        question__action=about.action,
        question__recommendation=about.recommendation,
        question__closed_at__isnull=True,
    ).select_related("question")
    if there := same.first():
        number = there.question.number
        raise Invalid({"text": f"This has been asked already: it is question {number}."})


def _on_behalf_of(author: Person, raw: str) -> str:
    """The role for which an officer writes; a member always asks in their own right."""
    if not author.reads_live:
        return ""
    missing = "Enter the role of whoever asks, such as Chair of Scrutiny."
    return plain("on_behalf_of", raw, limit=120, missing=missing)


def _text(raw: str, missing: str) -> str:
    return plain("text", raw, lines=True, limit=LONGEST, missing=missing)


def _open(question: Question, version: int) -> Question:
    """The question, claimed. Raises Stale, and Invalid where it was closed."""
    current = versions.claim(question, version)
    if current.closed_at is not None:
        raise Invalid({"": IS_CLOSED})
    return current


def _save(question: Question, kind: Kind, author: Person) -> None:
    """Saves what the words change, and marks for good what is said while its action is exempt.

    A text is shown only to those entitled both then and now, and its action may be opened again.
    """
    question.exempt_paragraph = reading.paragraph_of(question)
    history.save(question, author=author.user, reason=kind.label)


def _say(question: Question, kind: Kind, text: str, author: Person, role: str = "") -> None:
    QuestionEntry.objects.create(
        question=question,
        kind=kind,
        text=text,
        on_behalf_of=role,
        author=author.user,
        said_at=clock.now(),
    )
