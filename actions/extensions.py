"""Requests for a later date: who may see, decide and take back which, and which wait for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from actions.ledger import span_in_words
from actions.models import Action, Extension, Visibility
from actions.people import SOMEBODY, post_key, posts_of
from actions.permissions import visible_actions
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class Request:
    """A request as its reader sees it, with the date that held when the action was read."""

    extension: Extension
    action: Action
    asked_by: str
    decided_by: str
    due: date | None
    due_words: str
    bar: str
    may_take_back: bool

    @property
    def to_in_words(self) -> str:
        """The date asked for, as the council would print it."""
        return in_words(self.extension.to, self.extension.to_words)

    @property
    def due_in_words(self) -> str:
        """The date that holds."""
        return in_words(self.due, self.due_words) or "no date"

    @property
    def days_in_words(self) -> str:
        """By how much it would put the date off, such as "92 days later"."""
        if self.extension.to is None or self.due is None:
            return "without a day"
        return span_in_words((self.extension.to - self.due).days)

    @property
    def may_decide(self) -> bool:
        """True where its reader may decide it."""
        return self.is_waiting and not self.bar

    @property
    def is_waiting(self) -> bool:
        """True until it is decided or taken back."""
        return self.extension.decision == Extension.Decision.WAITING


def in_words(day: date | None, words: str) -> str:
    """A date as the council prints it, "" for none."""
    return words or (day_in_words(day) if day else "")


def date_that_holds(action: Action) -> tuple[date | None, str]:
    """The expected date of a live action, or else its original one, each with its words."""
    last = action.latest_update
    if last is not None and (last.expected_date or last.expected_words):
        return last.expected_date, last.expected_words
    return action.original_due, action.original_due_words


def readable_requests(person: Person) -> QuerySet[Extension]:
    """The requests that `person` may read: those of officers, exempt ones if entitled then and now.

    Members and peers read none: a request is not released, only a date that moved is.
    """
    rows = Extension.objects.filter(action__in=visible_actions(person))
    if not person.reads_live:
        return rows.none()
    if not person.reads_exempt:
        rows = rows.filter(visibility=Visibility.PUBLIC)
    return rows.select_related("action__latest_update", "action__challenge", "asked_by")


def may_approve(person: Person) -> bool:
    """True where `person` approves dates in their own right."""
    return person.can(Capability.APPROVE)


def may_record(person: Person) -> bool:
    """True where `person` writes down what a body decided."""
    return person.can(Capability.MANAGE_PLAN) or person.can(Capability.PRODUCE_PAPERS)


def bar_to_decide(person: Person, extension: Extension) -> str:
    """Why `person` may not decide a request, "" where they may.

    Whoever asks never approves, nor whoever holds the post on whose behalf it was asked.
    """
    if not (may_approve(person) or may_record(person)):
        return (
            "A lead approves new dates, or the plan manager or democratic services records that "
            "a body did."
        )
    post = post_key(person.membership.post)
    if extension.asked_by_id == person.user.pk:
        return "You asked for this date: a second person decides."
    if post and post_key(extension.asked_for) == post:
        return "This date was asked for on your behalf: a second person decides."
    return ""


def may_take_back(person: Person, extension: Extension) -> bool:
    """True where `person` may take a request back: who asked, or holds the post it was asked for.

    The plan manager may too, since it may bar the next one.
    """
    post = post_key(person.membership.post)
    return (
        extension.asked_by_id == person.user.pk
        or bool(post and post_key(extension.asked_for) == post)
        or person.can(Capability.UPDATE_ANY)
    )


def as_requests(person: Person, rows: Iterable[Extension]) -> list[Request]:
    """The requests as `person` sees them (one query for the posts of those who asked)."""
    found = list(rows)
    people = {each.asked_by_id for each in found} | {
        each.decided_by_id for each in found if each.decided_by_id
    }
    posts = posts_of(person.council, people) if people else {}
    return [
        Request(
            extension=each,
            action=each.action,
            asked_by=each.asked_for or posts.get(each.asked_by_id, SOMEBODY),
            decided_by=posts.get(each.decided_by_id, SOMEBODY) if each.decided_by_id else "",
            due=(held := _date_for(person, each.action))[0],
            due_words=held[1],
            bar=bar_to_decide(person, each),
            may_take_back=may_take_back(person, each),
        )
        for each in found
    ]


def waiting(challenges: Sequence[PeerChallenge], person: Person) -> list[Extension]:
    """The requests of plans that `person` may decide, the oldest first (one query)."""
    if not (may_approve(person) or may_record(person)):
        return []
    return [each for each in _waiting(challenges, person) if not bar_to_decide(person, each)]


def waiting_in(challenge: PeerChallenge, person: Person) -> QuerySet[Extension]:
    """Every request of a plan that waits and that `person` may read, the oldest first."""
    return _waiting([challenge], person)


def _waiting(challenges: Sequence[PeerChallenge], person: Person) -> QuerySet[Extension]:
    rows = readable_requests(person).filter(
        action__challenge__in=challenges, decision=Extension.Decision.WAITING
    )
    return rows.order_by("asked_at", "id")


def waits_in_words(action: Action) -> str:
    """A sentence to follow others where a later date of `action` waits, "" where none does."""
    rows = Extension.objects.filter(action=action, decision=Extension.Decision.WAITING)
    return " A later date waits for approval; until then the old one stands." * rows.exists()


def _date_for(person: Person, action: Action) -> tuple[date | None, str]:
    """The date that holds, without words that `person` may not read."""
    day, words = date_that_holds(action)
    last = action.latest_update
    hides = last is not None and last.visibility != Visibility.PUBLIC and not person.reads_exempt
    if hides and last is not None and last.expected_words:
        words = str(Visibility.EXEMPT.label)
    return day, words
