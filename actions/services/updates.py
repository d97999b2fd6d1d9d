"""Posting progress updates: the only way that a state, a rating or an expected date changes."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from actions.ledger import is_later
from actions.models import Action, Milestone, MilestoneDone, ProgressUpdate, Visibility
from actions.permissions import require_update
from actions.rules import Before, UpdateDraft, moves_date, problems, tidied
from actions.services.evidence import EvidenceDraft, keep_evidence
from actions.services.extension_requests import keep_request
from actions.services.locking import lock_and_claim
from actions.states import State
from peerplan.core import clock, history
from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.scheme import rating_scheme

OWNER_STATES = (State.NOT_STARTED, State.IN_PROGRESS, State.CLAIMED)
MANAGER_STATES = (*OWNER_STATES, State.VERIFIED, State.BUSINESS_AS_USUAL, State.PAUSED)


def states_for(person: Person) -> tuple[State, ...]:
    """The states that `person` may choose in a progress update."""
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
) -> ProgressUpdate:
    """Append a progress update to `action`, with its evidence, and return it.

    Where the council approves extensions, a later date is kept as a request and the old one stays.
    Raises NotPermitted, Stale (someone else changed the action since `version`) and Invalid.
    """
    require_update(author, action)
    current = lock_and_claim(action, version)
    require_update(author, current)
    draft = tidied(draft)
    last = update_as_at(current, draft.as_at)
    before = _before(current, last, draft.as_at)
    found = problems(draft, before, today=clock.today(), scheme=rating_scheme(author.council))
    if "state" not in found:
        found.update(_state_problems(draft, before, author, last))
    if found:
        raise Invalid(found)
    moved = moves_date(draft, before)
    if moved and _needs_approval(draft, before, author):
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
    update = append_update(
        current,
        author=author,
        known=last,
        reason="Correction" if draft.is_correction else "Progress update",
        update=ProgressUpdate(
            kind=(
                ProgressUpdate.Kind.CORRECTION
                if draft.is_correction
                else ProgressUpdate.Kind.PROGRESS
            ),
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


def _before(action: Action, last: ProgressUpdate | None, day: date) -> Before:
    has_date = last is not None and bool(last.expected_date or last.expected_words)
    return Before(
        state=last.state if last else State.NOT_STARTED,
        due=last.expected_date if last and has_date else action.original_due,
        due_words=last.expected_words if last and has_date else action.original_due_words,
        in_plan_from=action.in_plan_from,
        last_author_id=last.author_id if last else None,
        exists_for_day=_is_reported(action, last, day),
        update_id=last.pk if last else None,
    )


def _is_reported(action: Action, last: ProgressUpdate | None, day: date) -> bool:
    """True where somebody gave an update for `day`: an extension approved on it is none."""
    if last is None or last.as_at != day:
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


def _state_problems(
    draft: UpdateDraft, before: Before, author: Person, last: ProgressUpdate | None
) -> dict[str, str]:
    if draft.state == State.VERIFIED:
        if before.state not in (State.CLAIMED, State.VERIFIED):
            return {"state": "An action is claimed complete first, then checked."}
        if before.state == State.CLAIMED and before.last_author_id == author.user.pk:
            return {"state": "You claimed this action complete: a second person has to check it."}
    if draft.state not in states_for(author) and draft.state != before.state:
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
