"""Later dates that need approval: asked for, decided by a second person or a body, taken back."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from actions.extensions import bar_to_decide, date_that_holds, may_approve, may_record
from actions.extensions import may_take_back as person_may_take_back
from actions.ledger import is_later
from actions.models import Action, Extension, ProgressUpdate, Visibility
from actions.people import SOMEBODY, posts_of
from actions.permissions import require_update, visible_actions
from actions.rules import ROLE_LIMIT, SHORT_LIMIT, TEXT_LIMIT
from actions.services.extension_requests import keep_request
from actions.services.locking import lock_and_claim
from actions.services.updates import append_update, update_as_at
from actions.states import CLOSED_STATES, State
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.gate import Person


@dataclass(frozen=True)
class Decided:
    """What was decided on a request: by the author, or by a body that met on a day."""

    is_approved: bool
    note: str = ""
    body: str = ""
    on: date | None = None
    minute: str = ""


@dataclass(frozen=True)
class NewDate:
    """A later date as asked for: a day, words to print for it, or both; and why."""

    to: date | None
    words: str
    reason: str
    asked_for: str = ""


@transaction.atomic
def ask(*, action: Action, version: int, asked: NewDate, author: Person) -> Extension:
    """A request for a later date without a progress update; it waits for approval.

    Raises NotPermitted, Stale and Invalid (also where the council approves no extensions).
    """
    _require_seen(author, action.pk)
    current = lock_and_claim(action, version)
    require_update(author, current)
    if not author.council.extensions_need_approval:
        raise Invalid({"": "New dates need no approval here: give the date with an update."})
    _require_open(current)
    _check_date(current, asked, clock.today())
    request = keep_request(
        current,
        as_at=clock.today(),
        to=asked.to,
        to_words=asked.words,
        reason=asked.reason,
        asked_for=asked.asked_for,
        author=author,
    )
    history.save(current, author=author.user, reason="Later date asked for")
    return request


@transaction.atomic
def decide(*, extension: Extension, version: int, decided: Decided, author: Person) -> Extension:
    """The request with its decision; approved, an update of its kind moves the date.

    `version` is the action's. Whoever asked never decides. Raises NotPermitted, Stale and Invalid.
    """
    _require_decider(author, extension)
    _check_decision(decided, author, extension)
    current, request = _claimed(extension, version, author)
    _require_decider(author, request)
    approver = decided.body or str(author.membership)
    day = decided.on if decided.body and decided.on else clock.today()
    if decided.is_approved:
        _require_open(current)
        if not is_later(request.to, date_that_holds(current)[0]):
            raise Invalid(
                {
                    "": "The date asked for is no longer later than the one that holds: "
                    "refuse the request, or have it taken back."
                }
            )
        if request.to is not None and request.to < day:
            raise Invalid(
                {
                    "": f"The date asked for, {day_in_words(request.to)}, has passed: refuse the "
                    "request, and have a realistic date asked for."
                }
            )
        asked_by = request.asked_for or posts_of(author.council, [request.asked_by_id]).get(
            request.asked_by_id, SOMEBODY
        )
        request.update = _extend(
            current,
            NewDate(request.to, request.to_words, request.reason, asked_by),
            author=author,
            approver=approver,
            day=day,
            minute=decided.minute,
            is_exempt=request.visibility == Visibility.EXEMPT,
        )
    else:
        history.save(current, author=author.user, reason="Later date refused")
    request.approved_by, request.approved_on, request.minute = approver, day, decided.minute
    outcome = Extension.Decision.APPROVED if decided.is_approved else Extension.Decision.REFUSED
    return _close(request, current, outcome, decided.note, author)


@transaction.atomic
def take_back(*, extension: Extension, version: int, note: str, author: Person) -> Extension:
    """The request, taken back before it was decided. Raises NotPermitted, Stale and Invalid."""
    _require_visible(author, extension)
    if not person_may_take_back(author, extension):
        raise NotPermitted("Ask whoever asked for this date, or the plan manager, to take it back.")
    _limit(note, "note", "The note", TEXT_LIMIT)
    current, request = _claimed(extension, version, author)
    history.save(current, author=author.user, reason="Request for a later date taken back")
    return _close(request, current, Extension.Decision.WITHDRAWN, note, author)


@transaction.atomic
def extend_by_body(
    *, action: Action, version: int, asked: NewDate, decided: Decided, author: Person
) -> ProgressUpdate:
    """The update by which a body itself puts off the date of `action`, without a request.

    `decided` names the body, its day and its minute; `asked.asked_for` who proposed it, the body
    where nobody is named. Raises NotPermitted, Stale and Invalid.
    """
    if not may_record(author):
        raise NotPermitted("The plan manager or democratic services records what a body decided.")
    _require_seen(author, action.pk)
    _check_body(decided, action)
    current = lock_and_claim(action, version)
    _require_open(current)
    day = decided.on or clock.today()
    _check_date(current, asked, day)
    return _extend(
        current,
        NewDate(asked.to, asked.words, asked.reason, asked.asked_for or decided.body),
        author=author,
        approver=decided.body,
        day=day,
        minute=decided.minute,
    )


def _claimed(extension: Extension, version: int, author: Person) -> tuple[Action, Extension]:
    """The claimed action and the request read anew. Raises Invalid where it waits no longer."""
    current = lock_and_claim(extension.action, version)
    request = Extension.objects.select_related("asked_by").get(pk=extension.pk)
    if request.decision != Extension.Decision.WAITING:
        raise Invalid({"": f"This request is no longer open: {request.get_decision_display()}."})
    return current, request


def _close(
    request: Extension, action: Action, outcome: str, note: str, author: Person
) -> Extension:
    request.decision = outcome
    request.decision_note = note.strip()
    request.decided_by = author.user
    request.decided_at = clock.now()
    if action.visibility == Visibility.EXEMPT:
        # The decision was written while the action was not for publication.
        request.visibility = Visibility.EXEMPT
    request.save()
    return request


def _extend(
    action: Action,
    asked: NewDate,
    *,
    author: Person,
    approver: str,
    day: date,
    minute: str,
    is_exempt: bool = False,
) -> ProgressUpdate:
    """The update that moves the date of a claimed action and leaves all else as it stands.

    It is for the day of the approval, or for that of a later update, which would hide it.
    """
    latest = action.latest_update
    as_at = max(day, latest.as_at) if latest else max(day, action.in_plan_from)
    last = update_as_at(action, as_at)
    repeats_exempt = last is not None and last.visibility == Visibility.EXEMPT
    return append_update(
        action,
        author=author,
        known=latest,
        reason="Date extended",
        update=ProgressUpdate(
            kind=ProgressUpdate.Kind.EXTENSION,
            as_at=as_at,
            state=last.state if last else State.NOT_STARTED,
            rating=last.rating if last else "",
            forecast=last.forecast if last else "",
            commentary=last.commentary if last else "",
            recovery_plan=last.recovery_plan if last else "",
            decision_sought=last.decision_sought if last else "",
            expected_date=asked.to,
            expected_words=asked.words,
            date_reason=asked.reason,
            date_asked_by=asked.asked_for,
            date_approved_by=approver,
            date_approved_on=day,
            date_minute=minute,
            visibility=Visibility.EXEMPT if repeats_exempt or is_exempt else Visibility.PUBLIC,
        ),
    )


def _require_decider(author: Person, extension: Extension) -> None:
    _require_visible(author, extension)
    if bar := bar_to_decide(author, extension):
        raise NotPermitted(bar)


def _require_visible(author: Person, extension: Extension) -> None:
    _require_seen(author, extension.action_id)
    if extension.visibility == Visibility.EXEMPT and not author.reads_exempt:
        raise NotPermitted("You may not see this request.")


def _require_seen(author: Person, action: int) -> None:
    if not visible_actions(author).filter(pk=action).exists():
        raise NotPermitted("You may not see this action.")


def _require_open(action: Action) -> None:
    latest = action.latest_update
    if latest is not None and latest.state in CLOSED_STATES:
        raise Invalid({"": "This action has closed: its date is not put off any more."})


def _check_date(action: Action, asked: NewDate, day: date) -> None:
    """Raises Invalid for a date that is none, is not later or has passed by `day`."""
    found: dict[str, str] = {}
    if asked.to is None and not asked.words.strip():
        found["to"] = "Enter the new date, or the words to print for it."
    elif asked.to is not None and asked.to < day:
        found["to"] = f"Give a date on or after {day_in_words(day)}."
    elif not is_later(asked.to, date_that_holds(action)[0]):
        held = date_that_holds(action)[0]
        found["to"] = (
            f"The date now is {day_in_words(held)}: give a later one. An earlier date needs no "
            "approval: give it with an update."
            if held
            else "It has no date yet: a first date needs no approval. Give it with an update."
        )
    if not asked.reason.strip():
        found["reason"] = "Say why the date moves."
    for name, text, label, longest in (
        ("reason", asked.reason, "The reason", TEXT_LIMIT),
        ("to_words", asked.words, "The date as printed", SHORT_LIMIT),
        ("asked_for", asked.asked_for, "The role on whose behalf", ROLE_LIMIT),
    ):
        if len(text) > longest:
            found[name] = f"{label} must have {longest:,} characters or fewer."
    if found:
        raise Invalid(found)


def _check_decision(decided: Decided, author: Person, extension: Extension) -> None:
    _limit(decided.note, "note", "The note", TEXT_LIMIT)
    if not decided.is_approved and not decided.note.strip():
        raise Invalid({"note": "Say why the date is refused."})
    if decided.body:
        if not may_record(author):
            raise NotPermitted(
                "The plan manager or democratic services records what a body decided."
            )
        _check_body(decided, extension.action)
    elif not may_approve(author):
        raise Invalid({"body": "Enter the body that decided: you do not approve dates yourself."})


def _check_body(decided: Decided, action: Action) -> None:
    """Raises Invalid where it is not said which body decided, when and with which minute."""
    found: dict[str, str] = {}
    if not decided.body.strip():
        found["body"] = "Enter the body that decided, such as Cabinet."
    elif len(decided.body) > ROLE_LIMIT:
        found["body"] = f"The body must have {ROLE_LIMIT} characters or fewer."
    if decided.on is None:
        found["on"] = "Enter the day on which the body met."
    elif decided.on > clock.today():
        found["on"] = "That meeting is in the future: record its decision when it has met."
    elif decided.on < action.in_plan_from:
        found["on"] = "The action was not yet in the plan on that day."
    if not decided.minute.strip():
        found["minute"] = "Enter the minute, such as Minute 54."
    elif len(decided.minute) > SHORT_LIMIT:
        found["minute"] = f"The minute must have {SHORT_LIMIT} characters or fewer."
    if found:
        raise Invalid(found)


def _limit(text: str, name: str, label: str, longest: int) -> None:
    if len(text) > longest:
        raise Invalid({name: f"{label} must have {longest:,} characters or fewer."})
