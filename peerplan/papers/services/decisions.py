"""Decision records, their resolutions and the amendments that bodies made: the only writer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models import Q

from actions.models import Action
from actions.permissions import visible_actions
from actions.states import State
from peerplan.core import clock, versions
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.papers.calendar import named_day
from peerplan.papers.models import (
    Amendment,
    Decision,
    Resolution,
    ResolutionLink,
    RouteStep,
)
from peerplan.papers.outcome import may_read_outcome
from peerplan.papers.services import order
from peerplan.papers.services.routes import NOT_ENTITLED
from reviews.deadlines import in_words
from reviews.models import PeerChallenge, Recommendation
from reviews.services import checks

MOST_VOTES = 200
"""Members that the largest councils have, and more."""
MOST_RESOLUTIONS = 40
MOST_LINKS = 100
ENDED = {
    State.SUPERSEDED: "was merged into another action or superseded",
    State.NOT_TAKEN_FORWARD: "was withdrawn",
}


@dataclass(frozen=True)
class DecisionDetails:
    """What is recorded of a decision beside its minute and its resolutions."""

    introduced_by: str = ""
    points: str = ""
    lead_in: str = ""
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None
    reason: str = ""
    options: str = ""
    effective_from: date | None = None


@dataclass(frozen=True)
class ResolutionDetails:
    """One resolution, and the references of what it concerns."""

    text: str
    minute_number: str = ""
    recommendations: Sequence[str] = ()
    actions: Sequence[str] = ()


@dataclass(frozen=True)
class Subjects:
    """What a resolution concerns."""

    recommendations: tuple[Recommendation, ...] = ()
    actions: tuple[Action, ...] = ()


@transaction.atomic
def record_decision(
    *, step: RouteStep, version: int, details: DecisionDetails, author: Person
) -> Decision:
    """The decision record of a step, made where there was none. `version` 0: none was seen.

    Raises NotPermitted, Invalid, and Stale where somebody else recorded it first.
    """
    current = locked_step(step, author)
    decision = Decision.objects.filter(step=current).first()
    if decision is None:
        decision = Decision(step=current)
    elif version == 0:
        raise Stale(decision)
    else:
        decision = versions.claim(decision, version)
    decision.step = current
    _fill(decision, details)
    checks.save(decision, author=author, reason="Decision recorded")
    return decision


@transaction.atomic
def add_resolutions(
    *, step: RouteStep, resolutions: Sequence[ResolutionDetails], author: Person
) -> list[Resolution]:
    """Resolutions after those there are, each with what it concerns. Raises Invalid."""
    current = locked_step(step, author)
    decision = decision_touched(current, author, "Resolution added")
    rows = standing(decision)
    if len(rows) + len(resolutions) > MOST_RESOLUTIONS:
        raise Invalid({"text": f"A decision has at most {MOST_RESOLUTIONS} resolutions."})
    if not resolutions:
        raise Invalid({"text": "Enter what was resolved."})
    made = []
    for details in resolutions:
        resolution = Resolution(decision=decision, position=order.after_all(rows))
        _fill_resolution(resolution, details, rows)
        checks.save(resolution, author=author, reason="Added")
        _set_links(resolution, details, author)
        rows.append(resolution)
        made.append(resolution)
    return made


@transaction.atomic
def change_resolution(
    *, resolution: Resolution, version: int, details: ResolutionDetails, author: Person
) -> Resolution:
    """The resolution with other words or links. Raises NotPermitted, Invalid and Stale.

    A link that stands may stay though its action was withdrawn since; a new one may not be made.
    """
    current = _claim(resolution, version, author)
    rows = [row for row in standing(current.decision) if row.pk != current.pk]
    _fill_resolution(current, details, rows)
    checks.save(current, author=author, reason="Changed")
    _set_links(current, details, author)
    return current


@transaction.atomic
def move_resolution(*, resolution: Resolution, up: bool, version: int, author: Person) -> None:
    """One place up or down, which changes its number. Raises NotPermitted, Invalid and Stale."""
    current = _claim(resolution, version, author)
    rows = standing(current.decision)
    places = order.moved(rows, [row.pk for row in rows].index(current.pk), up)
    for row, position in places:
        moved = current if row.pk == current.pk else versions.claim(row)
        moved.position = position
        checks.save(moved, author=author, reason="Moved in the order")


@transaction.atomic
def end_resolution(*, resolution: Resolution, version: int, author: Person) -> None:
    """Take a resolution out of the record; it is kept, and what it was linked to is free.

    Raises NotPermitted and Stale, and Invalid where the plan was amended by it.
    """
    current = _claim(resolution, version, author)
    if Amendment.objects.filter(resolution=current).exists():
        message = (
            "The plan was amended by this resolution, so it stays as the record of why. Correct "
            "its words instead."
        )
        raise Invalid({"": message})
    current.ended_at = clock.now()
    checks.save(current, author=author, reason="Removed")
    for link in current.links.filter(ended_at__isnull=True):
        link.ended_at = current.ended_at
        link.save()


# --- What every one of these begins with --------------------------------------------------------


def locked_step(step: RouteStep, author: Person) -> RouteStep:
    """The step, kept from changing until the transaction ends, once it has met.

    Raises NotPermitted, and Invalid where nothing can have been decided yet.
    """
    author.require(Capability.PRODUCE_PAPERS)
    rows = RouteStep.objects.select_for_update(of=("self",)).select_related(
        "body", "meeting", "route__challenge"
    )
    current: RouteStep = rows.get(pk=step.pk)
    if current.route.challenge.council_id != author.council.pk:
        raise NotPermitted("This challenge belongs to another council.")
    if not may_read_outcome(author, current):
        raise NotPermitted(NOT_ENTITLED)
    if current.ended_at is not None:
        raise Invalid({"": "This step was removed in the meantime, so it decides nothing."})
    meeting = current.meeting
    if meeting is not None and meeting.called_off_at is not None:
        message = (
            f"The meeting of {current.body.name} on {in_words(meeting.on)} was called off. Choose "
            "the meeting that decided, then record the decision."
        )
        raise Invalid({"": message})
    if meeting is not None and meeting.on > clock.today():
        message = (
            f"{current.body.name} meets on {named_day(meeting.on)}: record what it decided once it "
            "has met."
        )
        raise Invalid({"": message})
    return current


def standing(decision: Decision) -> list[Resolution]:
    """The resolutions that stand, in order (one query)."""
    return list(Resolution.objects.filter(decision=decision, ended_at__isnull=True))


def decision_touched(step: RouteStep, author: Person, reason: str) -> Decision:
    """The decision of a locked step, made where there is none, its version moved on.

    Whatever prints the decision knows by that version that it was changed.
    """
    decision = Decision.objects.filter(step=step).first()
    decision = Decision(step=step) if decision is None else versions.claim(decision)
    decision.step = step
    checks.save(decision, author=author, reason=reason)
    return decision


def _claim(resolution: Resolution, version: int, author: Person) -> Resolution:
    step = locked_step(resolution.decision.step, author)
    current = versions.claim(resolution, version)
    if current.ended_at is not None:
        raise Invalid({"": "This resolution was removed in the meantime."})
    current.decision = decision_touched(step, author, "Resolution changed")
    return current


# --- Checks -------------------------------------------------------------------------------------


def _fill(decision: Decision, details: DecisionDetails) -> None:
    """Writes what was given into a decision. Raises Invalid."""
    for field in fields(details):
        setattr(decision, field.name, getattr(details, field.name))
    decision.introduced_by = checks.plain("introduced_by", details.introduced_by, limit=120)
    decision.lead_in = checks.plain("lead_in", details.lead_in, limit=120)
    for name in ("points", "reason", "options"):
        setattr(decision, name, checks.plain(name, getattr(details, name), lines=True))
    _check_votes(details)
    _check_effective(decision)


def _check_votes(details: DecisionDetails) -> None:
    votes = {name: getattr(details, name) for name in ("votes_for", "votes_against", "abstentions")}
    found = {
        name: f"Enter a number from 0 to {MOST_VOTES}."
        for name, count in votes.items()
        if count is not None and not 0 <= count <= MOST_VOTES
    }
    given = [count for count in votes.values() if count is not None]
    if not found and given:
        for name, words in (("votes_for", "for"), ("votes_against", "against")):
            if votes[name] is None:
                found[name] = f"Enter the votes {words} it too, 0 where there were none."
        if not found and sum(given) > MOST_VOTES:
            found["votes_for"] = f"These are {sum(given)} votes: no council has so many members."
        elif not found and sum(given) == 0:
            found["votes_for"] = "Nobody voted: leave all three empty where no vote was taken."
    if found:
        raise Invalid(found)


def _check_effective(decision: Decision) -> None:
    on, meeting = decision.effective_from, decision.step.meeting
    if on is None:
        return
    if meeting is not None and on < meeting.on:
        message = f"A decision cannot take effect before the meeting, {in_words(meeting.on)}."
        raise Invalid({"effective_from": message})
    if on < decision.step.route.challenge.on_site_from:
        raise Invalid({"effective_from": "The peers had not yet come on that day: give a later."})


def _fill_resolution(
    resolution: Resolution, details: ResolutionDetails, others: Iterable[Resolution]
) -> None:
    resolution.text = checks.plain(
        "text", details.text, lines=True, missing="Enter what was resolved."
    )
    resolution.minute_number = checks.plain("minute_number", details.minute_number, limit=30)
    if any(row.text == resolution.text for row in others):
        raise Invalid({"text": "There is a resolution with these words already."})


def _set_links(resolution: Resolution, details: ResolutionDetails, author: Person) -> None:
    """Make the standing links be those given; what the author may not see stays. Raises Invalid."""
    challenge = resolution.decision.step.route.challenge
    links = list(
        ResolutionLink.objects.filter(resolution=resolution, ended_at__isnull=True).select_related(
            "recommendation", "action"
        )
    )
    held = Subjects(
        tuple(link.recommendation for link in links if link.recommendation),
        tuple(link.action for link in links if link.action),
    )
    wanted = find_subjects(challenge, details, author, held)
    keys = {("r", each.pk) for each in wanted.recommendations}
    keys |= {("a", each.pk) for each in wanted.actions}
    hidden = _hidden(held.actions, author)
    for link in links:
        key = ("a", link.action_id) if link.action_id else ("r", link.recommendation_id)
        if key in keys:
            keys.discard(key)
        elif link.action_id not in hidden:
            link.ended_at = clock.now()
            link.save()
    for kind, pk in sorted(keys):
        ResolutionLink.objects.create(
            resolution=resolution,
            recommendation_id=pk if kind == "r" else None,
            action_id=pk if kind == "a" else None,
            added_by=author.user,
        )


def _hidden(actions: Iterable[Action], author: Person) -> set[int]:
    """The ids of those that the author may not see."""
    keys = {action.pk for action in actions}
    if not keys or author.reads_exempt:
        return set()
    seen = visible_actions(author).filter(pk__in=keys).values_list("pk", flat=True)
    return keys - set(seen)


def find_subjects(
    challenge: PeerChallenge,
    details: ResolutionDetails,
    author: Person,
    held: Subjects | None = None,
) -> Subjects:
    """What the references name, as the author may see it. Raises Invalid, which names each slip.

    A resolution cannot be about what has left the plan: only links in `held` may be.
    """
    held = held or Subjects()
    found: dict[str, str] = {}
    asked = {"recommendations": details.recommendations, "actions": details.actions}
    for name, refs in asked.items():
        if len(refs) > MOST_LINKS:
            found[name] = f"Name at most {MOST_LINKS}."
    if found:
        raise Invalid(found)
    recommendations = Recommendation.objects.filter(challenge=challenge, ended_at__isnull=True)
    kept = Q(pk__in=[each.pk for each in held.recommendations])
    recommendations = recommendations | Recommendation.objects.filter(kept)
    by_ref = {each.ref.lower(): each for each in recommendations}
    chosen = []
    for ref in details.recommendations:
        if ref.lower() in by_ref:
            chosen.append(by_ref[ref.lower()])
        else:
            _add(found, "recommendations", f"There is no recommendation {ref} in this plan.")
    actions = _named_actions(challenge, details.actions, author, held, found)
    if found:
        raise Invalid(found)
    return Subjects(tuple(dict.fromkeys(chosen)), tuple(dict.fromkeys(actions)))


def _named_actions(
    challenge: PeerChallenge,
    refs: Sequence[str],
    author: Person,
    held: Subjects,
    found: dict[str, str],
) -> list[Action]:
    if not refs:
        return []
    rows = visible_actions(author).filter(challenge=challenge).select_related("latest_update")
    by_ref = {action.ref.lower(): action for action in rows}
    kept = {action.pk for action in held.actions}
    chosen = []
    for ref in refs:
        action = by_ref.get(ref.lower())
        if action is None:
            _add(found, "actions", f"There is no action {ref} in this plan.")
        elif action.pk not in kept and (words := why_ended(action)):
            _add(found, "actions", f"Action {action.ref} {words}: a resolution cannot be about it.")
        else:
            chosen.append(action)
    return chosen


def why_ended(action: Action) -> str:
    """Why an action has left the plan ("was withdrawn on 1 May 2025"); "" while it stands."""
    latest = action.latest_update
    if action.removed_at is not None:
        return "was removed from the plan"
    if latest is None or latest.state not in ENDED:
        return ""
    return f"{ENDED[State(latest.state)]} on {in_words(latest.as_at)}"


def _add(found: dict[str, str], name: str, message: str) -> None:
    found[name] = f"{found[name]}\n{message}" if name in found else message
