"""Closing a plan: what is unfinished goes on elsewhere, then the plan stands still for good."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from actions.models import Action, Answer, Extension, Lineage, ProgressUpdate, Visibility
from actions.position import milestones_now
from actions.rules import TEXT_LIMIT
from actions.sentences import listed_but
from actions.services.locking import lock_and_claim
from actions.services.plan import ActionDetails, MilestoneDetails, create_action
from actions.services.releases import release_position
from actions.services.updates import append_update, words_to_repeat
from actions.states import CLOSED_STATES, Closure, State
from peerplan.core import clock, history, versions
from peerplan.core.errors import Invalid
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation, Recurrence
from reviews.refs import REF_LENGTH
from reviews.services.checks import require_open

UNFINISHED_STATES = tuple(
    state for state in State if state not in CLOSED_STATES or state == State.CLAIMED
)
"""States in which an action keeps its plan from being closed: a claim is not finished either."""


def unfinished(challenge: PeerChallenge) -> list[Action]:
    """The actions that keep `challenge` from being closed, in plan order (one query)."""
    rows = Action.objects.filter(challenge=challenge, removed_at__isnull=True)
    return [
        action
        for action in rows.select_related("latest_update", "lead_person")
        if action.latest_update is None or action.latest_update.state in UNFINISHED_STATES
    ]


@transaction.atomic
def close_plan(
    *, challenge: PeerChallenge, version: int, closed_on: date, reason: str, author: Person
) -> PeerChallenge:
    """The challenge, closed: its last position is released and nothing in it changes any more.

    Raises NotPermitted, Stale, and Invalid where an action is unfinished, a date waits for
    approval, no reason is given or the day is not one on which the plan can have closed.
    """
    author.require(Capability.RELEASE)
    PeerChallenge.objects.select_for_update().only("pk").get(pk=challenge.pk)
    current = versions.claim(challenge, version)
    require_open(current)
    found = _problems(current, closed_on, reason, author)
    if found:
        raise Invalid(found)
    release_position(
        challenge=current, as_at=closed_on, reason=f"Plan closed: {reason.strip()}", author=author
    )
    current.closed_on = closed_on
    history.save(current, author=author.user, reason=reason.strip())
    return current


@transaction.atomic
def open_again(
    *, challenge: PeerChallenge, version: int, reason: str, author: Person
) -> PeerChallenge:
    """The challenge, no longer closed. Raises NotPermitted, Stale and Invalid (no reason)."""
    author.require(Capability.RELEASE)
    if not reason.strip():
        raise Invalid({"reason": "Say why the plan is opened again."})
    if len(reason) > TEXT_LIMIT:
        raise Invalid({"reason": f"Shorten the reason to {TEXT_LIMIT:,} characters."})
    PeerChallenge.objects.select_for_update().only("pk").get(pk=challenge.pk)
    current = versions.claim(challenge, version)
    if current.closed_on is None:
        raise Invalid({"": "This plan is open already."})
    current.closed_on = None
    history.save(current, author=author.user, reason=reason.strip())
    return current


@transaction.atomic
def carry_over(
    *,
    actions: Mapping[Action, int],
    target: PeerChallenge,
    as_at: date,
    reason: str,
    author: Person,
) -> list[Action]:
    """The same actions in the plan of a later challenge; here they end, traceable both ways.

    `actions` gives the version of each that the author saw. What is carried: the words, who leads,
    the date that now holds, the milestones that are not done, and, where a recommendation is taken
    up by one of the later challenge, the answer to it. All or none. Raises NotPermitted, Stale and
    Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    found: dict[str, str] = {}
    if not actions:
        found["actions"] = "Choose the actions that go on."
    if as_at > clock.today():
        found["as_at"] = "The as-at date is in the future: give today or an earlier day."
    if not reason.strip():
        found["reason"] = "Say why they go on in the next plan."
    elif len(reason) > TEXT_LIMIT:
        found["reason"] = f"Shorten the reason to {TEXT_LIMIT:,} characters."
    if any(_is_earlier(target, action.challenge) for action in actions):
        found["target"] = "Choose a later challenge of your council."
    if found:
        raise Invalid(found)
    require_open(target)
    return [_carried(action, actions[action], target, as_at, reason, author) for action in actions]


def _is_earlier(target: PeerChallenge, source: PeerChallenge) -> bool:
    """True unless `target` is another challenge of the same council that came later."""
    return target.council_id != source.council_id or (
        (target.on_site_from, target.pk) <= (source.on_site_from, source.pk)
    )


def _carried(
    action: Action, version: int, target: PeerChallenge, as_at: date, reason: str, author: Person
) -> Action:
    current = lock_and_claim(action, version)
    latest = current.latest_update
    if latest is not None and latest.state not in UNFINISHED_STATES:
        raise Invalid({"actions": f"{current.ref} has ended already: leave it out."})
    if latest is not None and as_at < latest.as_at:
        raise Invalid(
            {
                "as_at": f"{current.ref} has an update as at {day_in_words(latest.as_at)}: "
                "give that day or a later one."
            }
        )
    if as_at < current.in_plan_from:
        raise Invalid({"as_at": f"{current.ref} was not yet in the plan on that day."})
    has_date = latest is not None and bool(latest.expected_date or latest.expected_words)
    made = create_action(
        challenge=target,
        details=ActionDetails(
            ref=_free_ref(target, current.ref),
            title=current.title,
            in_plan_from=as_at,
            description=current.description,
            success_measure=current.success_measure,
            lead_role=current.lead_role,
            lead_person=current.lead_person,
            portfolio=current.portfolio,
            directorate=current.directorate,
            beginning=Action.Beginning.UNDER_WAY,
            original_due=latest.expected_date if latest and has_date else current.original_due,
            original_due_words=(
                words_to_repeat(current, latest)
                if latest and has_date
                else current.original_due_words
            ),
            visibility=current.visibility,
            exempt_paragraph=current.exempt_paragraph,
        ),
        recommendations=_later_recommendations(current, target),
        milestones=_open_milestones(current),
        author=author,
        reason=f"Carried over from {current.ref} of {current.challenge.title}: {reason.strip()}",
    )
    append_update(
        current,
        author=author,
        reason=f"Carried over into {made.ref} of {target.title}",
        update=ProgressUpdate(
            kind=ProgressUpdate.Kind.CLOSED,
            as_at=as_at,
            state=State.SUPERSEDED,
            commentary=f"Carried over into {made.ref} of {target.title}: {reason.strip()}",
            closure=Closure.CARRIED,
            closure_note=f"{target.title}, action {made.ref}",
            expected_date=latest.expected_date if latest else None,
            expected_words=words_to_repeat(current, latest) if latest else "",
        ),
    )
    Lineage.objects.create(
        source=current,
        target=made,
        kind=Lineage.Kind.CARRIED,
        on=as_at,
        reason=reason.strip(),
        added_by=author.user,
    )
    return made


def _free_ref(target: PeerChallenge, ref: str) -> str:
    """`ref` where it is free in the plan of `target`, else with a "C" before it, or a number."""
    taken = {
        each.lower()
        for each in Action.objects.filter(challenge=target, removed_at__isnull=True).values_list(
            "ref", flat=True
        )
    }
    wanted = [ref, *(f"C{number or ''}-{ref}" for number in range(100))]
    for each in wanted:
        if len(each) <= REF_LENGTH and each.lower() not in taken:
            return each
    raise Invalid(
        {"actions": f"No reference is free for {ref} in {target.title}: change it first."}
    )


def _later_recommendations(action: Action, target: PeerChallenge) -> list[Recommendation]:
    """What takes up in `target` the recommendations that `action` answers, in their order."""
    answered = Answer.objects.filter(action=action, ended_at__isnull=True)
    links = Recurrence.objects.filter(
        earlier__in=answered.values("recommendation"),
        later__challenge=target,
        later__ended_at__isnull=True,
        ended_at__isnull=True,
    ).select_related("later")
    return list({link.later_id: link.later for link in links}.values())


def _open_milestones(action: Action) -> list[MilestoneDetails]:
    return [
        MilestoneDetails(each.title, each.due)
        for each in milestones_now(action)
        if not each.is_done
    ]


def _problems(
    challenge: PeerChallenge, closed_on: date, reason: str, author: Person
) -> dict[str, str]:
    found: dict[str, str] = {}
    if not challenge.is_adopted:
        found[""] = "This plan was never adopted: there is nothing to close."
        return found
    if not reason.strip():
        found["reason"] = "Say why the plan closes now, such as the meeting that agreed it."
    elif len(reason) > TEXT_LIMIT:
        found["reason"] = f"Shorten the reason to {TEXT_LIMIT:,} characters."
    left = unfinished(challenge)
    if left:
        public = Visibility.PUBLIC
        seen = [each.ref for each in left if author.reads_exempt or each.visibility == public]
        named = [*seen[:8], *([f"{len(seen) - 8} more"] if len(seen) > 8 else [])]
        refs = listed_but(named, len(left) - len(seen))
        found[""] = f"These actions are not finished: {refs}. Close or carry over each first."
    waiting = Extension.objects.filter(
        action__challenge=challenge, decision=Extension.Decision.WAITING
    ).count()
    if waiting:
        words = "A later date waits" if waiting == 1 else f"{waiting} later dates wait"
        found[""] = f"{found.get('', '')} {words} for approval: decide first.".strip()
    last = (
        ProgressUpdate.objects.filter(action__challenge=challenge)
        .order_by("-as_at")
        .values_list("as_at", flat=True)
        .first()
    )
    if closed_on > clock.today():
        found["closed_on"] = "The day is in the future: give today or an earlier day."
    elif challenge.adopted_on and closed_on < challenge.adopted_on:
        found["closed_on"] = (
            f"The plan was adopted on {day_in_words(challenge.adopted_on)}: give a later day."
        )
    elif last and closed_on < last:
        found["closed_on"] = (
            f"There is an update as at {day_in_words(last)}: give that day or a later one."
        )
    return found
