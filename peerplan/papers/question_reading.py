"""Members' questions as each person reads them, who may do what with one, and what waits.

A question shows the reference and the title of its action or recommendation as last released:
members do not read the live plan, and an officer is to see what the members see.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from actions.models import Action, Answer, Release, Visibility
from actions.permissions import leads, led_by
from actions.position import Position, last_release, released_position
from peerplan.core.errors import NotPermitted
from peerplan.councils.capabilities import Capability, Role
from peerplan.councils.gate import Person
from peerplan.councils.vocabulary import Words, words_of
from peerplan.papers.models import Body, BodyMember, Question, QuestionEntry
from reviews.history import posts_of
from reviews.models import PeerChallenge, Recommendation

Kind = QuestionEntry.Kind
ASKED = (Kind.QUESTION, Kind.FOLLOW_UP)


class Standing(StrEnum):
    """Where a question stands: the words of lists and filters."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """In the words of members."""
        return _LABELS[self]


_LABELS = {
    Standing.OPEN: "Waits for an answer",
    Standing.ANSWERED: "Answered",
    Standing.CLOSED: "Closed",
}
STANDING = {
    Standing.OPEN: Q(answered_at__isnull=True, closed_at__isnull=True),
    Standing.ANSWERED: Q(answered_at__isnull=False, closed_at__isnull=True),
    Standing.CLOSED: Q(closed_at__isnull=False),
}
"""How each standing is told from the rows."""


def standing_of(question: Question) -> Standing:
    """Where a question stands now."""
    if question.closed_at is not None:
        return Standing.CLOSED
    return Standing.OPEN if question.answered_at is None else Standing.ANSWERED


# --- Which questions a person reads -------------------------------------------------------------


def readable(person: Person) -> QuerySet[Question]:
    """The questions that `person` may read, with `released_ref` and `released_title`.

    Peers read none: questions are between the members and the officers of the council. Without
    entitlement a question is left out where it was marked as not for publication, where its action
    is so now, and where the action was so in the position that the title is taken from.
    """
    rows = _as_released(Question.objects.for_council(person.council))
    if person.membership.role == Role.PEER_REVIEWER:
        return rows.none()
    if person.reads_exempt:
        return rows
    return rows.filter(
        Q(action__isnull=True)
        | Q(action__visibility=Visibility.PUBLIC, released_visibility=Visibility.PUBLIC),
        exempt_paragraph__isnull=True,
    )


def _as_released(rows: QuerySet[Question]) -> QuerySet[Question]:
    """The rows with what the last release of their challenge called their subject."""
    release = Release.objects.filter(challenge=OuterRef("challenge")).order_by("-known_by", "-id")
    rows = rows.annotate(released_at=Subquery(release.values("known_by")[:1]))
    return rows.annotate(
        released_visibility=_held(Action, "action_id", "visibility"),
        released_ref=Coalesce(
            _held(Action, "action_id", "ref"), _held(Recommendation, "recommendation_id", "ref")
        ),
        released_title=Coalesce(
            _held(Action, "action_id", "title"),
            _held(Recommendation, "recommendation_id", "title"),
        ),
    )


def _held(model: Any, key: str, name: str) -> Subquery:
    """A field of the row of `model` as it was known at the last release."""
    history: Any = model.history.model
    held = history.objects.filter(id=OuterRef(key), history_date__lte=OuterRef("released_at"))
    return Subquery(held.order_by("-history_date", "-history_id").values(name)[:1])


def questions_of(person: Person, challenge: PeerChallenge) -> QuerySet[Question]:
    """The questions on one plan that `person` may read, the latest first."""
    return readable(person).filter(challenge=challenge)


def find(person: Person, challenge: PeerChallenge, number: int) -> Question:
    """The question of that number. Raises Http404 where it is not there for `person`."""
    rows = with_entries(questions_of(person, challenge))
    found = rows.filter(number=number).first() if number < 2**31 else None
    if found is None:
        raise Http404
    found.challenge = challenge
    return found


def with_entries(rows: QuerySet[Question]) -> QuerySet[Question]:
    """The same with their subjects, bodies and all that was said, in two queries."""
    said = QuestionEntry.objects.order_by("said_at", "id")
    return rows.select_related("body", "action", "recommendation").prefetch_related(
        Prefetch("entries", said)
    )


# --- How a question is shown --------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One thing said: of which kind, by whom (a post, or the role on whose behalf), and when."""

    kind: str
    label: str
    text: str
    who: str
    written_by: str
    when: datetime


@dataclass(frozen=True)
class QuestionView:
    """A question as a page shows it: a row of `readable`, with the posts of the council's people.

    `posts` are by the id of the user.
    """

    question: Any  # a Question with the annotations of `readable`
    posts: dict[int, str] = field(repr=False)
    words: Words = field(repr=False)

    @property
    def number(self) -> int:
        return int(self.question.number)

    @property
    def about(self) -> str:
        """ "Action 1.1" or "Recommendation 3", in the council's words."""
        word = self.words.action if self.question.action_id else self.words.recommendation
        return f"{word} {self.question.released_ref or ''}".strip()

    @property
    def title(self) -> str:
        """What the subject was called when the plan was last released."""
        return self.question.released_title or ""

    @property
    def live_ref(self) -> str:
        """The reference that its page has now; "" where it is no longer in the plan."""
        action, recommendation = self.question.action, self.question.recommendation
        if action is not None:
            return "" if action.removed_at else str(action.ref)
        return "" if recommendation.ended_at else str(recommendation.ref)

    @property
    def standing(self) -> Standing:
        return standing_of(self.question)

    @property
    def paragraph(self) -> int | None:
        """The paragraph of Schedule 12A under which it is not for publication, None if public."""
        return paragraph_of(self.question)

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """All that was said, the earliest first."""
        return tuple(said_of(entry, self.posts) for entry in self.question.entries.all())

    @property
    def first(self) -> Said:
        """The question as it was asked."""
        return self.said[0]

    @property
    def asked(self) -> Said:
        """The question that an answer is wanted to: the last one asked or followed up."""
        return [each for each in self.said if each.kind in ASKED][-1]

    @property
    def answer(self) -> Said | None:
        """The last answer, None where nobody has answered yet."""
        return next((each for each in reversed(self.said) if each.kind == Kind.ANSWER), None)


def said_of(entry: QuestionEntry, posts: dict[int, str]) -> Said:
    """An entry with who said it: the role on whose behalf, with the writer's post beside it."""
    post = posts.get(entry.author_id, "Somebody who has left")
    return Said(
        kind=entry.kind,
        label=entry.get_kind_display(),
        text=entry.text,
        who=entry.on_behalf_of or post,
        written_by=post if entry.on_behalf_of else "",
        when=entry.said_at,
    )


def paragraph_of(question: Question) -> int | None:
    """Why a question is not for publication: by its own mark, else by its action's of today."""
    if question.exempt_paragraph is not None:
        return question.exempt_paragraph
    return question.action.exempt_paragraph if question.action else None


def views_of(person: Person, questions: Iterable[Question]) -> list[QuestionView]:
    """Questions as pages show them (one query for the posts)."""
    posts, words = posts_of(person.council), words_of(person.council)
    return [QuestionView(question, posts, words) for question in questions]


# --- Who may do what ----------------------------------------------------------------------------


def may_know(person: Person, question: Question) -> bool:
    """True where what is not for publication does not keep the question from `person`."""
    return person.reads_exempt or paragraph_of(question) is None


def seats_of(person: Person) -> QuerySet[Body]:
    """The bodies for which `person` may ask: their seats; every body in use for officers."""
    rows = Body.objects.for_council(person.council).filter(ended_on__isnull=True)
    if not person.can(Capability.ASK):
        return rows.none()
    if person.reads_live:
        return rows
    held = BodyMember.objects.filter(membership=person.membership, ended_at__isnull=True)
    return rows.filter(pk__in=held.values("body"))


def speaks_for(person: Person, body: Body) -> bool:
    """True where `person` may ask and follow up for `body` (a query for members).

    For an ended body nobody asks anything new, but those who sat on it to the end follow up.
    """
    if not person.can(Capability.ASK) or body.council_id != person.council.pk:
        return False
    if person.reads_live:
        return True
    held = BodyMember.objects.for_council(person.council)
    return held.filter(body=body, membership=person.membership, ended_at__isnull=True).exists()


def may_answer(person: Person, question: Question) -> bool:
    """True for the plan manager, the lead of the action, and the leads of a recommendation's."""
    if not person.reads_live or not may_know(person, question):
        return False
    if person.can(Capability.MANAGE_PLAN):
        return True
    if question.action is not None:
        return leads(person, question.action)
    actions = Action.objects.filter(led_by(person), removed_at__isnull=True)
    if not person.reads_exempt:
        actions = actions.filter(visibility=Visibility.PUBLIC)
    links = Answer.objects.filter(
        recommendation=question.recommendation_id, ended_at__isnull=True, action__in=actions
    )
    return links.exists()


def may_close(person: Person, question: Question) -> bool:
    """True for whoever speaks for the body; for the plan manager once it has been answered."""
    if not may_know(person, question):
        return False
    if person.can(Capability.MANAGE_PLAN) and standing_of(question) != Standing.OPEN:
        return True
    return speaks_for(person, question.body)


def may_follow_up(person: Person, question: Question) -> bool:
    """True for whoever speaks for the body that asked."""
    return may_know(person, question) and speaks_for(person, question.body)


REFUSALS = {
    "answer": "A question is answered by whoever leads the action, or by the plan manager.",
    "follow-up": "A follow-up question is asked by the body that asked, or by democratic services.",
    "close": "A question is closed by the body that asked it or by democratic services, and by "
    "the plan manager once it has been answered.",
    "reopen": "A question is opened again by the body that asked it, by democratic services or by "
    "the plan manager.",
}
"""What may be done with a question, each with the words for those who may not."""
_MAY = {
    "answer": may_answer,
    "follow-up": may_follow_up,
    "close": may_close,
    "reopen": may_close,
}


def require(person: Person, question: Question, deed: str) -> None:
    """Raises NotPermitted where `person` may not do `deed` with a question of their council."""
    if question.challenge.council_id != person.council.pk or not _MAY[deed](person, question):
        raise NotPermitted(REFUSALS[deed])


def rights(person: Person, question: Question) -> frozenset[str]:
    """What `person` may do with `question` as it stands now (four queries at most)."""
    possible = ["reopen"] if question.closed_at is not None else ["answer", "follow-up", "close"]
    return frozenset(deed for deed in possible if _MAY[deed](person, question))


# --- What can be asked about --------------------------------------------------------------------


def released_for(person: Person, challenge: PeerChallenge) -> Position | None:
    """The released position that `person` may ask on, None before the first release."""
    release = last_release(challenge)
    if release is None:
        return None
    position = released_position(release, details=False)
    return position.for_reader(reads_exempt=person.reads_exempt)


# --- What waits ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """The numbers of the questions of one plan that wait for a person, the oldest first."""

    to_answer: tuple[int, ...]
    to_close: tuple[int, ...]


def waiting(person: Person, challenges: Sequence[PeerChallenge]) -> dict[int, Waiting]:
    """What waits for `person`, by the id of the challenge (1 query).

    An officer: what they may answer. Whoever asks for a body: what was answered, to be read and
    closed (democratic services for every body).
    """
    wanted = _to_answer(person) | _to_close(person)
    if not challenges or not wanted:
        return {}
    rows = readable(person).filter(wanted, challenge__in=list(challenges)).order_by("number")
    found: dict[int, tuple[list[int], list[int]]] = {}
    for challenge, number, answered_at in rows.values_list("challenge", "number", "answered_at"):
        held = found.setdefault(challenge, ([], []))
        held[answered_at is not None].append(number)
    return {key: Waiting(tuple(asked), tuple(told)) for key, (asked, told) in found.items()}


def _to_answer(person: Person) -> Q:
    """Questions without an answer that the person may give; an empty condition for none."""
    if not person.reads_live:
        return Q()
    if person.can(Capability.MANAGE_PLAN):
        return STANDING[Standing.OPEN]
    led = Action.objects.filter(
        led_by(person), challenge__council=person.council, removed_at__isnull=True
    )
    if not person.reads_exempt:
        led = led.filter(visibility=Visibility.PUBLIC)
    links = Answer.objects.filter(ended_at__isnull=True, action__in=led)
    of_mine = Q(action__in=led) | Q(recommendation__in=links.values("recommendation"))
    return STANDING[Standing.OPEN] & of_mine


def _to_close(person: Person) -> Q:
    """Answered questions of the person's bodies; an empty condition for none."""
    if not person.can(Capability.ASK):
        return Q()
    if person.reads_live:
        return STANDING[Standing.ANSWERED]
    held = BodyMember.objects.filter(membership=person.membership, ended_at__isnull=True)
    return STANDING[Standing.ANSWERED] & Q(body__in=held.values("body"))
