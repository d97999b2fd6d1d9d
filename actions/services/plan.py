"""Making and changing actions, their answers, milestones and lineage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from actions.models import Action, Answer, Lineage, Milestone, ProgressUpdate, Visibility
from actions.refs import clean_ref
from actions.rules import ROLE_LIMIT, SHORT_LIMIT, TEXT_LIMIT
from actions.services.locking import lock_and_claim
from actions.services.updates import append_update, words_to_repeat
from actions.states import Closure, State
from peerplan.core import clock, history, versions
from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.models import Directorate, Membership, Portfolio
from reviews.models import PeerChallenge, Recommendation
from reviews.services.checks import require_open


@dataclass(frozen=True)
class ActionDetails:
    """What describes an action, apart from its state and dates to come."""

    ref: str
    title: str
    in_plan_from: date
    description: str = ""
    success_measure: str = ""
    lead_role: str = ""
    lead_person: Membership | None = None
    portfolio: Portfolio | None = None
    directorate: Directorate | None = None
    beginning: str = Action.Beginning.NEW
    original_due: date | None = None
    original_due_words: str = ""
    visibility: str = Visibility.PUBLIC
    exempt_paragraph: int | None = None


MILESTONE_TITLE = 250
LIMITED = {
    "title": ("The title", 250),
    "description": ("The description", TEXT_LIMIT),
    "success_measure": ("The success measure", TEXT_LIMIT),
    "lead_role": ("The lead role", ROLE_LIMIT),
    "original_due_words": ("The due date as printed", SHORT_LIMIT),
}
ENDED = (State.SUPERSEDED, State.NOT_TAKEN_FORWARD)


@dataclass(frozen=True)
class MilestoneDetails:
    """A milestone as given: `id` None for a new one."""

    title: str
    due: date | None = None
    id: int | None = None


@transaction.atomic
def create_action(
    *,
    challenge: PeerChallenge,
    details: ActionDetails,
    recommendations: Sequence[Recommendation],
    author: Person,
    milestones: Sequence[MilestoneDetails] = (),
    reason: str = "",
) -> Action:
    """A new action at the end of the plan. The first of `recommendations` is the primary one.

    Raises NotPermitted and Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    # Held until the end: a plan that closes meanwhile would hold an unfinished action for good.
    require_open(PeerChallenge.objects.select_for_update().only("closed_on").get(pk=challenge.pk))
    _check(challenge, details, recommendations, None, milestones)
    last = Action.objects.filter(challenge=challenge).aggregate(last=Max("position"))["last"]
    action = Action(challenge=challenge, position=(last or 0) + 1)
    _fill(action, details)
    history.save(action, author=author.user, reason=reason)
    _set_answers(action, recommendations, author)
    _set_milestones(action, milestones, author)
    return action


@transaction.atomic
def change_action(
    *,
    action: Action,
    version: int,
    details: ActionDetails,
    recommendations: Sequence[Recommendation],
    milestones: Sequence[MilestoneDetails] | None = None,
    author: Person,
    reason: str = "",
) -> Action:
    """The action with other details. A reason is required once the challenge is adopted.

    The original due date stays once the challenge is adopted: a new date is a progress update.
    Raises NotPermitted, Stale and Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    challenge = action.challenge
    _check(challenge, details, recommendations, action, milestones or ())
    if challenge.is_adopted:
        if not reason.strip():
            raise Invalid({"reason": "Say why: the plan is adopted, so the reason is kept."})
        if (details.original_due, details.original_due_words) != (
            action.original_due,
            action.original_due_words,
        ):
            raise Invalid(
                {
                    "original_due": "The plan is adopted, so the original date stays. "
                    "Give a new expected date with a progress update."
                }
            )
    current = lock_and_claim(action, version)
    _fill(current, details)
    history.save(current, author=author.user, reason=reason)
    _set_answers(current, recommendations, author)
    if milestones is not None:
        _set_milestones(current, milestones, author)
    return current


@transaction.atomic
def withdraw_action(
    *,
    action: Action,
    version: int,
    as_at: date,
    reason: str,
    author: Person,
    agreed_by: str = "",
) -> Action:
    """Take an action out of the plan: removed before adoption, not taken forward after it.

    Once the plan is adopted somebody has to have agreed: `agreed_by`, a role or a body.
    Raises NotPermitted, Stale and Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    found = _text_problem("reason", reason, "Say why the action is not taken forward.")
    if action.challenge.is_adopted:
        missing = "Say who agreed that it is no longer relevant: a role or a body."
        found |= _text_problem("agreed_by", agreed_by, missing, ROLE_LIMIT)
    if found:
        raise Invalid(found)
    if not action.challenge.is_adopted:
        current = lock_and_claim(action, version)
        current.removed_at = clock.now()
        history.save(current, author=author.user, reason=reason)
        return current
    _end(
        action,
        version=version,
        as_at=as_at,
        state=State.NOT_TAKEN_FORWARD,
        kind=ProgressUpdate.Kind.WITHDRAWN,
        commentary=reason,
        author=author,
        why=Why(Closure.NOT_RELEVANT, agreed_by=agreed_by.strip()),
    )
    return action


@transaction.atomic
def move_to_business_as_usual(
    *,
    action: Action,
    version: int,
    as_at: date,
    where: str,
    owner: str,
    reason: str,
    author: Person,
) -> Action:
    """Close an action that goes on as normal work: `where` it goes on, and whose it is from now.

    Raises NotPermitted, Stale and Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    found = _text_problem("reason", reason, "Say what has been done, and what goes on.")
    found |= _text_problem("where", where, "Say where it goes on, such as a service plan.")
    found |= _text_problem("owner", owner, "Say whose it is from now on: a role.", ROLE_LIMIT)
    if found:
        raise Invalid(found)
    if not action.challenge.is_adopted:
        raise Invalid({"": "The plan is not adopted yet: take the action out of it instead."})
    if action.latest_update and action.latest_update.state == State.BUSINESS_AS_USUAL:
        raise Invalid({"how": "This action has moved to business as usual already."})
    _end(
        action,
        version=version,
        as_at=as_at,
        state=State.BUSINESS_AS_USUAL,
        kind=ProgressUpdate.Kind.CLOSED,
        commentary=reason,
        author=author,
        why=Why(Closure.BUSINESS_AS_USUAL, note=where.strip(), agreed_by=owner.strip()),
    )
    return action


@transaction.atomic
def carry_on_in(
    *,
    source: Action,
    version: int,
    targets: Sequence[Action],
    kind: str,
    as_at: date,
    reason: str,
    author: Person,
) -> list[Lineage]:
    """Merge `source` into, supersede it by, or split it into `targets`; traceable both ways.

    A target that has itself ended carries nothing on. Raises NotPermitted, Stale and Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    _require_reason(reason, "Say why.")
    if not targets or any(target.pk == source.pk for target in targets):
        raise Invalid({"targets": "Choose another action that carries this one on."})
    if any(target.challenge_id != source.challenge_id for target in targets):
        raise Invalid({"targets": "Choose an action of the same plan."})
    if ended := [each.ref for each in targets if _has_ended(each)]:
        raise Invalid({"targets": f"{', '.join(ended)} has ended itself: choose another action."})
    if kind != Lineage.Kind.SPLIT and len(targets) > 1:
        raise Invalid({"targets": "Choose one action, or choose split."})
    words = Lineage.Kind(kind).label
    # The words of an action for publication do not tell that an exempt one exists.
    hides = source.visibility == Visibility.PUBLIC
    named = [each.ref for each in targets if not (hides and each.visibility == Visibility.EXEMPT)]
    refs = ", ".join(named) or "another action"
    _end(
        source,
        version=version,
        as_at=as_at,
        state=State.SUPERSEDED,
        kind=ProgressUpdate.Kind.MERGED,
        commentary=f"{words} {refs}: {reason}",
        author=author,
        why=Why(Closure.MERGED),
    )
    return [
        Lineage.objects.create(
            source=source, target=target, kind=kind, on=as_at, reason=reason, added_by=author.user
        )
        for target in targets
    ]


@transaction.atomic
def move_action(*, action: Action, version: int, up: bool, author: Person) -> Action:
    """Change places with the action before (`up`) or after it; at an end, nothing.

    The neighbour is the next one under the same (primary) recommendation, where it is seen to move.
    Raises NotPermitted and Stale.
    """
    author.require(Capability.MANAGE_PLAN)
    order = "-position" if up else "position"
    side = {"position__lt" if up else "position__gt": action.position}
    standing = Answer.objects.filter(ended_at__isnull=True)
    under = standing.filter(action=action, is_primary=True).values("recommendation")
    others = Action.objects.filter(challenge=action.challenge_id, removed_at__isnull=True, **side)
    beside = standing.filter(action=OuterRef("pk"))
    other = (
        others.filter(
            Exists(beside.filter(recommendation__in=under)) if under.exists() else ~Exists(beside)
        )
        .order_by(order)
        .first()
    )
    if other is None:
        return action
    current, neighbour = lock_and_claim(action, version), versions.claim(other)
    current.position, neighbour.position = neighbour.position, current.position
    history.save(neighbour, author=author.user, reason="Order of the plan")
    history.save(current, author=author.user, reason="Order of the plan")
    return current


@dataclass(frozen=True)
class Why:
    """Why an action closes; where asked, where it goes on and who agreed or whose it is."""

    closure: str
    note: str = ""
    agreed_by: str = ""


def _has_ended(action: Action) -> bool:
    return action.latest_update is not None and action.latest_update.state in ENDED


def _end(
    action: Action,
    *,
    version: int,
    as_at: date,
    state: str,
    kind: str,
    commentary: str,
    author: Person,
    why: Why,
) -> None:
    if as_at > clock.today():
        raise Invalid({"as_at": "The as-at date is in the future: give today or an earlier day."})
    if as_at < action.in_plan_from:
        raise Invalid({"as_at": "The action was not yet in the plan on that day."})
    latest = action.latest_update
    if _has_ended(action):
        raise Invalid({"": "This action has ended already."})
    if latest and as_at < latest.as_at:
        raise Invalid({"as_at": "There is a later update: give its date or a later one."})
    current = lock_and_claim(action, version)
    append_update(
        current,
        author=author,
        reason=commentary,
        update=ProgressUpdate(
            kind=kind,
            as_at=as_at,
            state=state,
            commentary=commentary,
            expected_date=latest.expected_date if latest else None,
            expected_words=words_to_repeat(current, latest) if latest else "",
            closure=why.closure,
            closure_note=why.note,
            closure_agreed_by=why.agreed_by,
        ),
    )
    action.version = current.version


def _require_reason(reason: str, message: str) -> None:
    if found := _text_problem("reason", reason, message):
        raise Invalid(found)


def _text_problem(name: str, text: str, missing: str, limit: int = TEXT_LIMIT) -> dict[str, str]:
    """What is wrong with a text that has to be given, by the name of its field."""
    if not text.strip():
        return {name: missing}
    return {name: f"Shorten it to {limit:,} characters."} if len(text) > limit else {}


def _fill(action: Action, details: ActionDetails) -> None:
    for name in (each.name for each in fields(details)):
        setattr(action, name, getattr(details, name))
    action.ref = clean_ref(details.ref)


def _check(
    challenge: PeerChallenge,
    details: ActionDetails,
    recommendations: Iterable[Recommendation],
    action: Action | None,
    milestones: Iterable[MilestoneDetails],
) -> None:
    """Raises Invalid where the details cannot stand."""
    found: dict[str, str] = {}
    try:
        clean_ref(details.ref)
    except ValueError as error:
        found["ref"] = str(error)
    taken = Action.objects.filter(
        challenge=challenge, ref__iexact=details.ref.strip(), removed_at__isnull=True
    )
    if action is not None:
        taken = taken.exclude(pk=action.pk)
    if taken.exists():
        found["ref"] = f"There is already an action {details.ref}: give another reference."
    if not details.title.strip():
        found["title"] = "Say what the council will do."
    for name, (label, limit) in LIMITED.items():
        if len(getattr(details, name)) > limit:
            found[name] = f"{label} must have {limit:,} characters or fewer."
    if details.in_plan_from > clock.today():
        found["in_plan_from"] = "Give today or an earlier day."
    exempt = details.visibility == Visibility.EXEMPT
    if exempt and details.exempt_paragraph not in range(1, 8):
        found["exempt_paragraph"] = "Choose the paragraph of Schedule 12A that applies."
    if not exempt and details.exempt_paragraph is not None:
        found["exempt_paragraph"] = "Only an action not for publication has a paragraph."
    if any(each.challenge_id != challenge.pk for each in recommendations):
        found["recommendations"] = "Choose recommendations of this challenge."
    for name in ("lead_person", "portfolio", "directorate"):
        related = getattr(details, name)
        if related is not None and related.council_id != challenge.council_id:
            found[name] = "Choose one of your council’s."
    if any(not 0 < len(each.title.strip()) <= MILESTONE_TITLE for each in milestones):
        found["milestones"] = f"Give every milestone a title of at most {MILESTONE_TITLE} letters."
    if found:
        raise Invalid(found)


def _set_answers(action: Action, recommendations: Sequence[Recommendation], author: Person) -> None:
    """Make the standing answers be `recommendations`, the first of them primary."""
    now = clock.now()
    wanted = {each.pk: index == 0 for index, each in enumerate(recommendations)}
    for answer in Answer.objects.filter(action=action, ended_at__isnull=True):
        if wanted.get(answer.recommendation_id) == answer.is_primary:
            del wanted[answer.recommendation_id]
        else:
            answer.ended_at, answer.ended_by = now, author.user
            answer.save()
    for key, is_primary in wanted.items():
        Answer.objects.create(
            action=action,
            recommendation_id=key,
            is_primary=is_primary,
            added_by=author.user,
            added_at=now,
        )


def _set_milestones(action: Action, milestones: Sequence[MilestoneDetails], author: Person) -> None:
    """Make the standing milestones be `milestones`, in their order."""
    standing = {each.pk: each for each in action.milestones.filter(ended_at__isnull=True)}
    for position, details in enumerate(milestones):
        milestone = standing.pop(details.id, None) if details.id else None
        if milestone is None:
            milestone = Milestone(action=action)
        if (milestone.position, milestone.title, milestone.due, milestone.pk is None) == (
            position,
            details.title,
            details.due,
            False,
        ):
            continue
        milestone.position, milestone.title, milestone.due = position, details.title, details.due
        if milestone.pk:
            milestone.version += 1
        history.save(milestone, author=author.user)
    for milestone in standing.values():
        milestone.ended_at = clock.now()
        milestone.version += 1
        history.save(milestone, author=author.user)
