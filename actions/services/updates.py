"""Posting progress updates: the only way that a state, a rating or an expected date changes."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from actions.ledger import is_later
from actions.models import (
    Action,
    Evidence,
    Milestone,
    MilestoneDone,
    ProgressUpdate,
    Visibility,
)
from actions.permissions import require_update
from actions.rules import Before, UpdateDraft, moves_date, problems, tidied
from actions.services.evidence import EvidenceDraft, keep_evidence
from actions.services.extension_requests import keep_request
from actions.services.locking import lock_and_claim
from actions.states import OPEN_STATES, Closure, State
from peerplan.core import clock, history
from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.scheme import rating_scheme

_REASONS = {
    ProgressUpdate.Kind.PROGRESS: "Progress update",
    ProgressUpdate.Kind.CORRECTION: "Correction",
    ProgressUpdate.Kind.CLAIMED: "Claimed complete",
}
OWNER_STATES = (State.NOT_STARTED, State.IN_PROGRESS, State.CLAIMED)
MANAGER_STATES = (*OWNER_STATES, State.PAUSED)


def states_for(person: Person) -> tuple[State, ...]:
    """The states that `person` may choose in a progress update.

    None that closes an action for good: checking a claim and closing have pages of their own.
    """
    return MANAGER_STATES if person.can(Capability.UPDATE_ANY) else OWNER_STATES


def update_as_at(action: Action, day: date) -> ProgressUpdate | None:
    """The update on which the position of `action` as at `day` rests, as known now."""
    return (
        ProgressUpdate.objects.filter(action=action, as_at__lte=day)
        .order_by("-as_at", "-recorded_at", "-id")
        .first()
    )


@transaction.atomic
def post_update(
    *,
    action: Action,
    version: int,
    draft: UpdateDraft,
    author: Person,
    evidence: Sequence[EvidenceDraft] = (),
    is_brought_in: bool = False,
) -> ProgressUpdate:
    """Append a progress update to `action`, with its evidence, and return it.

    Where the council approves extensions, a later date is kept as a request and the old one stays.
    What `is_brought_in` from a table kept before was agreed before, its dates too.
    A claim that the action is complete needs evidence, unless it `is_brought_in` from a table kept
    before: it then needs it to be verified.
    Raises NotPermitted, Stale (someone else changed the action since `version`) and Invalid.
    """
    require_update(author, action)
    current = lock_and_claim(action, version)
    require_update(author, current)
    draft = tidied(draft)
    last = update_as_at(current, draft.as_at)
    before = before_of(current, last, draft.as_at)
    found = problems(draft, before, today=clock.today(), scheme=rating_scheme(author.council))
    if "state" not in found:
        found.update(_state_problems(draft, before, author, last, is_brought_in=is_brought_in))
    is_claim = draft.state == State.CLAIMED and before.state != State.CLAIMED
    if is_claim and not (evidence or is_brought_in or _has_evidence(current)):
        found["evidence_link"] = "Add a link or a file that shows that it is complete."
    moved = moves_date(draft, before)
    asks = moved and not is_brought_in and _needs_approval(draft, before, author)
    if asks and draft.state not in OPEN_STATES:
        found["expected_date"] = "It is open no longer and needs no later date: leave it as it is."
    if found:
        raise Invalid(found)
    if asks:
        moved = False
        keep_request(
            current,
            as_at=draft.as_at,
            to=draft.expected_date,
            to_words=draft.expected_words,
            reason=draft.date_reason,
            asked_for=draft.on_behalf_of,
            author=author,
        )
    kind = ProgressUpdate.Kind.CLAIMED if is_claim else ProgressUpdate.Kind.PROGRESS
    if draft.is_correction:
        kind = ProgressUpdate.Kind.CORRECTION
    update = append_update(
        current,
        author=author,
        known=last,
        reason=_REASONS[kind],
        update=ProgressUpdate(
            kind=kind,
            as_at=draft.as_at,
            on_behalf_of=draft.on_behalf_of,
            state=draft.state,
            rating=draft.rating,
            forecast=draft.forecast,
            expected_date=draft.expected_date if moved else before.due,
            expected_words=draft.expected_words if moved else before.due_words,
            date_reason=draft.date_reason if moved else "",
            date_asked_by=(draft.on_behalf_of or str(author.membership)) if moved else "",
            commentary=draft.commentary,
            recovery_plan=draft.recovery_plan,
            decision_sought=draft.decision_sought,
            internal_note=draft.internal_note,
            correction_reason=draft.correction_reason,
            **_closure(draft, last),
        ),
    )
    if draft.milestones_done is not None:
        _mark_milestones(current, update, draft.milestones_done)
    keep_evidence(current, evidence, update=update, author=author)
    return update


def append_update(
    action: Action,
    *,
    update: ProgressUpdate,
    author: Person,
    reason: str,
    known: ProgressUpdate | None = None,
) -> ProgressUpdate:
    """Write `update` for a claimed action, point the action to its latest, and keep history.

    `known` may be the action's latest update, already read. It is as visible as the action is now,
    or less where it repeats what was not for publication and says so.
    """
    update.action = action
    update.author = author.user
    if update.visibility != Visibility.EXEMPT:
        update.visibility = action.visibility
    update.recorded_at = clock.now()
    update.save(force_insert=True)
    is_known = known is not None and known.pk == action.latest_update_id
    latest = known if is_known else action.latest_update
    if latest is None or update.as_at >= latest.as_at:
        action.latest_update = update
    history.save(action, author=author.user, reason=reason)
    return update


def before_of(action: Action, last: ProgressUpdate | None, day: date) -> Before:
    """What holds on `day` by `last`, the update on which the position then rests."""
    has_date = last is not None and bool(last.expected_date or last.expected_words)
    return Before(
        state=last.state if last else State.NOT_STARTED,
        due=last.expected_date if last and has_date else action.original_due,
        due_words=words_to_repeat(action, last) if last and has_date else action.original_due_words,
        in_plan_from=action.in_plan_from,
        exists_for_day=_is_reported(action, last, day),
        update_id=last.pk if last else None,
    )


def words_to_repeat(action: Action, last: ProgressUpdate) -> str:
    """The words for the date of `last` as far as a further update of `action` may repeat them.

    Words written while the action was not for publication do not become public with the next.
    """
    was_exempt = last.visibility == Visibility.EXEMPT and action.visibility != Visibility.EXEMPT
    return (
        str(Visibility.EXEMPT.label) if was_exempt and last.expected_words else last.expected_words
    )


def _is_reported(action: Action, last: ProgressUpdate | None, day: date) -> bool:
    """True where somebody gave an update for `day`: an extension approved on it is none.

    What was sent back on the day asks for another update, be it for the same day.
    """
    if last is None or last.as_at != day or last.kind == ProgressUpdate.Kind.SENT_BACK:
        return False
    if last.kind != ProgressUpdate.Kind.EXTENSION:
        return True
    extension = ProgressUpdate.Kind.EXTENSION
    return action.updates.filter(as_at=day).exclude(kind=extension).exists()


def _needs_approval(draft: UpdateDraft, before: Before, author: Person) -> bool:
    return (
        author.council.extensions_need_approval
        and not author.can(Capability.APPROVE)
        and is_later(draft.expected_date, before.due)
    )


def _has_evidence(action: Action) -> bool:
    return Evidence.objects.standing().filter(action=action).exists()


def _closure(draft: UpdateDraft, last: ProgressUpdate | None) -> dict[str, str]:
    """Why the action is closed: as it was said when it closed, for as long as it stays so."""
    if last is not None and last.closure and last.state == draft.state:
        return {
            "closure": last.closure,
            "closure_note": last.closure_note,
            "closure_agreed_by": last.closure_agreed_by,
        }
    return {"closure": Closure.DELIVERED} if draft.state == State.CLAIMED else {}


def _state_problems(
    draft: UpdateDraft,
    before: Before,
    author: Person,
    last: ProgressUpdate | None,
    *,
    is_brought_in: bool,
) -> dict[str, str]:
    stays = draft.state == before.state
    if draft.state == State.VERIFIED and not stays:
        if before.state == State.CLAIMED:
            return {"state": "A second person checks what is claimed, on the page of the claim."}
        return {"state": "An action is claimed complete first, then checked."}
    if draft.state == State.BUSINESS_AS_USUAL and not (stays or is_brought_in):
        return {"state": "Close the action instead: say there where it goes on and whose it is."}
    if draft.state not in (*states_for(author), State.BUSINESS_AS_USUAL) and not stays:
        return {"state": "Ask the plan manager to make this change."}
    if last is not None and last.state in (State.SUPERSEDED, State.NOT_TAKEN_FORWARD):
        return {"state": "This action has ended and takes no more updates."}
    return {}


def _mark_milestones(action: Action, update: ProgressUpdate, done: frozenset[int]) -> None:
    """Write what `update` says of each standing milestone.

    All of them, and not only what differs today: an update for an earlier day may come later.
    """
    for milestone in Milestone.objects.filter(action=action, ended_at__isnull=True):
        MilestoneDone.objects.create(
            update=update, milestone=milestone, is_done=milestone.pk in done
        )
