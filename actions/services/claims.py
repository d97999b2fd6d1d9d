"""Checking what is claimed complete: verified by a second person, or sent back with a reason."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from actions.claims import standing_claim, why_not
from actions.models import Action, Evidence, ProgressUpdate, Visibility
from actions.rules import TEXT_LIMIT, UpdateDraft, problems, tidied
from actions.services.evidence import EvidenceDraft
from actions.services.locking import lock_and_claim
from actions.services.updates import (
    append_update,
    before_of,
    post_update,
    update_as_at,
    words_to_repeat,
)
from actions.states import COMPLETE_STATES, Closure, State
from peerplan.core import clock
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.scheme import rating_scheme

FIELDS = {"commentary": "reason", "state": "how"}
"""What a closing calls the fields of an update."""


@transaction.atomic
def claim(
    *,
    action: Action,
    version: int,
    as_at: date,
    reason: str,
    author: Person,
    evidence: Sequence[EvidenceDraft] = (),
    on_behalf_of: str = "",
) -> ProgressUpdate:
    """Close an action as delivered: claim it complete, with evidence; a second person checks it.

    Raises NotPermitted, Stale and Invalid.
    """
    last = update_as_at(action, as_at)
    if last is not None and last.state in COMPLETE_STATES:
        raise Invalid({"how": "This action is claimed complete already."})
    draft = UpdateDraft(
        as_at=as_at,
        state=State.CLAIMED,
        commentary=reason,
        on_behalf_of=on_behalf_of,
        follows=last.pk if last else None,
    )
    try:
        return post_update(
            action=action, version=version, draft=draft, author=author, evidence=evidence
        )
    except Invalid as error:
        found = {FIELDS.get(name, name): words for name, words in error.fields.items()}
        raise Invalid(found) from error


@transaction.atomic
def verify(
    *, action: Action, version: int, as_at: date, note: str, author: Person
) -> ProgressUpdate:
    """Record that a second person looked and found the claim true; returned is the update.

    Evidence has to stand. Raises NotPermitted (also to who claimed it), Stale and Invalid.
    """
    current, last = _claimed(action, version, author)
    found = _day_problems(as_at, last)
    if not note.strip():
        found["note"] = "Say what you looked at and what you found."
    elif len(note) > TEXT_LIMIT:
        found["note"] = f"Shorten it to {TEXT_LIMIT:,} characters or fewer."
    if not Evidence.objects.standing().filter(action=current).exists():
        found[""] = "No evidence is left that shows it: add evidence first, or send it back."
    if found:
        raise Invalid(found)
    return append_update(
        current,
        author=author,
        known=last,
        reason="Claim checked and verified",
        update=ProgressUpdate(
            kind=ProgressUpdate.Kind.VERIFIED,
            as_at=as_at,
            state=State.VERIFIED,
            expected_date=last.expected_date,
            expected_words=words_to_repeat(current, last),
            commentary=note,
            closure=Closure.DELIVERED,
        ),
    )


@transaction.atomic
def send_back(
    *,
    action: Action,
    version: int,
    as_at: date,
    rating: str,
    reason: str,
    author: Person,
    recovery_plan: str = "",
    decision_sought: str = "",
) -> ProgressUpdate:
    """Put a claimed action back in progress, with the rating it has now and why; for publication.

    Raises NotPermitted (also to who claimed it), Stale and Invalid.
    """
    current, last = _claimed(action, version, author)
    draft = tidied(
        UpdateDraft(
            as_at=as_at,
            state=State.IN_PROGRESS,
            rating=rating,
            commentary=reason,
            recovery_plan=recovery_plan,
            decision_sought=decision_sought,
            follows=last.pk,
        )
    )
    found = problems(
        draft,
        before_of(current, last, as_at),
        today=clock.today(),
        scheme=rating_scheme(author.council),
    )
    if "commentary" in found:
        found["reason"] = found.pop("commentary")
    if not reason.strip():
        found["reason"] = "Say why it goes back: what is not there yet?"
    found |= _day_problems(as_at, last)
    if found:
        raise Invalid(found)
    return append_update(
        current,
        author=author,
        known=last,
        reason="Claim sent back",
        update=ProgressUpdate(
            kind=ProgressUpdate.Kind.SENT_BACK,
            as_at=as_at,
            state=State.IN_PROGRESS,
            rating=draft.rating,
            expected_date=last.expected_date,
            expected_words=words_to_repeat(current, last),
            commentary=reason,
            recovery_plan=draft.recovery_plan,
            decision_sought=draft.decision_sought,
        ),
    )


def _claimed(action: Action, version: int, author: Person) -> tuple[Action, ProgressUpdate]:
    """The action, its version taken, and the latest update of the claim that `author` may check."""
    author.require(Capability.VERIFY)
    current = lock_and_claim(action, version)
    if current.visibility == Visibility.EXEMPT and not author.reads_exempt:
        raise NotPermitted("This action is not for publication: ask somebody who is entitled.")
    said = standing_claim(current)
    if not said:
        raise Invalid(
            {"": "Nobody claims that this action is complete: there is nothing to check."}
        )
    if bar := why_not(author, current, said):
        raise NotPermitted(bar)
    return current, said[-1]


def _day_problems(as_at: date, last: ProgressUpdate) -> dict[str, str]:
    if as_at > clock.today():
        return {"as_at": "The as-at date is in the future: give today or an earlier day."}
    if as_at < last.as_at:
        return {
            "as_at": f"It was claimed as at {day_in_words(last.as_at)}: "
            "give that day or a later one."
        }
    return {}
