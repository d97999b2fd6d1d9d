"""Amendments: changes of the plan that a body asked for, made in its name and told both ways.

The words of an action are changed as the plan manager would change them, a later date as an
extension that the body approved; the reason begins with the minute. The amendment is the link.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from django.db import transaction

from actions.extensions import date_that_holds
from actions.ledger import is_later
from actions.models import Action, Answer, Extension, ProgressUpdate, Visibility
from actions.permissions import visible_actions
from actions.rules import ROLE_LIMIT, SHORT_LIMIT, TEXT_LIMIT
from actions.services.extensions import Decided, NewDate, extend_by_body
from actions.services.locking import lock_and_claim
from actions.services.plan import ActionDetails, change_action
from actions.services.updates import append_update
from actions.states import OPEN_STATES, State
from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.papers.models import Amendment, Decision, Resolution, ResolutionLink, RouteStep
from peerplan.papers.services.decisions import decision_touched, locked_step, why_ended
from reviews.deadlines import in_words
from reviews.services import checks

TITLE_LIMIT = 250
LABELS = {
    "title": "Title",
    "description": "More about it",
    "success_measure": "Success measure",
    "lead_role": "Lead role",
    "due": "Due date",
}


@dataclass(frozen=True)
class Amended:
    """An action as a body wants it: what is as it was is left alone. `why` is the body's reason."""

    title: str
    description: str
    success_measure: str
    lead_role: str
    due: date | None
    due_words: str
    why: str


@transaction.atomic
def amend(
    *,
    step: RouteStep,
    action: Action,
    version: int,
    amended: Amended,
    resolution: Resolution | None,
    author: Person,
) -> Amendment:
    """Change an action of the plan as the body of `step` decided; returns the amendment.

    `version` is the action's, as it was seen. Raises NotPermitted, Stale (of the action) and
    Invalid, also for an action that has left the plan.
    """
    author.require(Capability.MANAGE_PLAN)
    current = locked_step(step, author)
    action = _amendable(current, action, author)
    decision = decision_touched(current, author, "Plan amended")
    if resolution is not None:
        resolution = _standing(resolution, decision)
    wanted = _cleaned(amended)
    minute = _minute_of(current, resolution)
    due = date_that_holds(action)
    differences = dict(_differences(action, due, wanted))
    if not differences:
        message = "Nothing is changed yet: change what the body wants changed."
        raise Invalid({"": message})
    changed = _reworded(action, version, wanted, differences, f"{minute}: {wanted.why}", author)
    update = None
    if "due" in differences and action.challenge.is_adopted:
        update = _put_off(changed, current, wanted, due[0], _number(current, resolution), author)
        changed = Action.objects.get(pk=action.pk)
    if resolution is not None:
        ResolutionLink.objects.get_or_create(
            resolution=resolution,
            action=changed,
            ended_at=None,
            defaults={"added_by": author.user},
        )
    return Amendment.objects.create(
        decision=decision,
        resolution=resolution,
        action=changed,
        action_version=changed.version,
        update=update,
        words="\n".join(
            f"{LABELS[name]}: from {was} to {now}." for name, (was, now) in differences.items()
        ),
        made_by=author.user,
    )


def as_it_stands(action: Action) -> Amended:
    """The action as it is, to begin an amendment from."""
    due, words = date_that_holds(action)
    return Amended(
        title=action.title,
        description=action.description,
        success_measure=action.success_measure,
        lead_role=action.lead_role,
        due=due,
        due_words=words,
        why="",
    )


def _amendable(step: RouteStep, action: Action, author: Person) -> Action:
    """The action as it is now, where a body may still amend it. Raises Invalid."""
    rows = visible_actions(author).filter(challenge=step.route.challenge_id, pk=action.pk)
    found = rows.select_related("latest_update", "challenge").first()
    if found is None:
        raise Invalid({"action": "Choose an action of this plan."})
    if words := why_ended(found):
        raise Invalid({"": f"Action {found.ref} {words}: a body can no longer amend it."})
    return found


def _standing(resolution: Resolution, decision: Decision) -> Resolution:
    row = Resolution.objects.filter(
        pk=resolution.pk, decision=decision, ended_at__isnull=True
    ).first()
    if row is None:
        message = "Choose a resolution of this decision: that one was removed or never stood here."
        raise Invalid({"resolution": message})
    return row


def _cleaned(amended: Amended) -> Amended:
    """What was given as it may be stored. Raises Invalid."""
    return replace(
        amended,
        title=checks.plain(
            "title", amended.title, limit=TITLE_LIMIT, missing="Say what the council will do."
        ),
        description=checks.plain("description", amended.description, lines=True, limit=TEXT_LIMIT),
        success_measure=checks.plain(
            "success_measure", amended.success_measure, lines=True, limit=TEXT_LIMIT
        ),
        lead_role=checks.plain("lead_role", amended.lead_role, limit=ROLE_LIMIT),
        due_words=checks.plain("due_words", amended.due_words, limit=SHORT_LIMIT),
        why=checks.plain(
            "why", amended.why, lines=True, limit=1_000, missing="Say why, in the body’s words."
        ),
    )


def _number(step: RouteStep, resolution: Resolution | None) -> str:
    """Such as "Minute 54". Raises Invalid where nobody recorded it yet."""
    number = (resolution.minute_number if resolution else "") or step.minute_number
    if not number:
        message = (
            "Enter the minute number with the outcome of this step first: the change points to it."
        )
        raise Invalid({"": message})
    # What is kept with a public action tells nothing of an outcome that is not.
    return f"Minute {number}" if step.outcome_paragraph is None else "Minute not for publication"


def _minute_of(step: RouteStep, resolution: Resolution | None) -> str:
    """Such as "Minute 54, Cabinet, 16 September 2025"."""
    parts = [_number(step, resolution), step.body.name]
    if step.meeting is not None:
        parts.append(in_words(step.meeting.on))
    return ", ".join(parts)


def _differences(
    action: Action, due: tuple[date | None, str], wanted: Amended
) -> Iterator[tuple[str, tuple[str, str]]]:
    """What an amendment changes: the name of each field, as it was and as it becomes, in words."""
    for field in fields(wanted):
        if field.name in LABELS and field.name != "due":
            was, now = getattr(action, field.name), getattr(wanted, field.name)
            if was != now:
                yield field.name, (_quoted(was), _quoted(now))
    if due != (wanted.due, wanted.due_words):
        yield "due", (_day(*due), _day(wanted.due, wanted.due_words))


def _quoted(text: str) -> str:
    return f"“{' '.join(text.split())}”" if text else "nothing"


def _day(day: date | None, words: str) -> str:
    if day and words:
        return f"{words} ({in_words(day)})"
    return words or (in_words(day) if day else "no date")


def _reworded(
    action: Action,
    version: int,
    wanted: Amended,
    differences: dict[str, tuple[str, str]],
    reason: str,
    author: Person,
) -> Action:
    """The action with its other words, and before adoption its other date. Raises Stale."""
    is_date_only = set(differences) == {"due"} and action.challenge.is_adopted
    if is_date_only:
        if action.version != version:
            lock_and_claim(action, version)
        return action
    given = {field.name: getattr(action, field.name) for field in fields(ActionDetails)}
    given |= {name: getattr(wanted, name) for name in differences if name != "due"}
    if not action.challenge.is_adopted:
        given |= {"original_due": wanted.due, "original_due_words": wanted.due_words}
    answers = Answer.objects.filter(action=action, ended_at__isnull=True)
    return change_action(
        action=action,
        version=version,
        details=ActionDetails(**given),
        recommendations=[
            answer.recommendation
            for answer in answers.select_related("recommendation").order_by("-is_primary", "id")
        ],
        author=author,
        reason=reason,
    )


def _put_off(
    action: Action,
    step: RouteStep,
    wanted: Amended,
    due: date | None,
    minute: str,
    author: Person,
) -> ProgressUpdate:
    """The update that moves the date of an adopted plan's action in the name of the body."""
    if Extension.objects.filter(action=action, decision=Extension.Decision.WAITING).exists():
        message = (
            "A later date waits for approval already: record there that the body approved or "
            "refused it, or have it taken back first."
        )
        raise Invalid({"due": message})
    on = step.meeting.on if step.meeting else clock.today()
    if not is_later(wanted.due, due):
        return _moved(action, step, wanted, on, minute, author)
    try:
        return extend_by_body(
            action=action,
            version=action.version,
            asked=NewDate(wanted.due, wanted.due_words, wanted.why),
            decided=Decided(is_approved=True, body=step.body.name, on=on, minute=minute),
            author=author,
        )
    except Invalid as error:
        names = {"to": "due", "to_words": "due_words", "reason": "why"}
        raise Invalid({names.get(key, ""): words for key, words in error.fields.items()}) from error


def _moved(
    action: Action, step: RouteStep, wanted: Amended, on: date, minute: str, author: Person
) -> ProgressUpdate:
    """The update that gives an earlier date, or the first; all else stays as it stands."""
    if wanted.due is not None and wanted.due < on:
        raise Invalid({"due": f"Give a date on or after the meeting, {in_words(on)}."})
    latest = action.latest_update
    if latest is not None and latest.state not in OPEN_STATES:
        raise Invalid({"due": "This action is complete: its date does not move any more."})
    current = lock_and_claim(action, action.version)
    return append_update(
        current,
        author=author,
        known=latest,
        reason=f"{minute}, {step.body.name}",
        update=ProgressUpdate(
            as_at=max(filter(None, (on, latest.as_at if latest else None, action.in_plan_from))),
            on_behalf_of=step.body.name,
            state=latest.state if latest else State.NOT_STARTED,
            rating=latest.rating if latest else "",
            forecast=latest.forecast if latest else "",
            commentary=latest.commentary if latest else "",
            recovery_plan=latest.recovery_plan if latest else "",
            decision_sought=latest.decision_sought if latest else "",
            expected_date=wanted.due,
            expected_words=wanted.due_words,
            date_reason=wanted.why,
            date_asked_by=step.body.name,
            date_approved_by=step.body.name,
            date_approved_on=on,
            date_minute=minute,
            # What it repeats may have been written while the action was not for publication.
            visibility=latest.visibility if latest else Visibility.PUBLIC,
        ),
    )
