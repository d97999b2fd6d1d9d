"""Routes and their steps: the only writer of both."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import models, transaction

from actions.models import EXEMPT_PARAGRAPHS
from peerplan.core import clock, versions
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.papers.models import Amendment, Body, Meeting, Purpose, Route, RouteStep
from peerplan.papers.outcome import may_read_outcome, record_of
from reviews.deadlines import in_words
from reviews.models import PeerChallenge
from reviews.services import checks

NOT_ENTITLED = "What came of this step is not for publication, and you are not entitled to read it."


@dataclass(frozen=True)
class StepDetails:
    """What is decided about a step before anything has come of it."""

    body: Body
    meeting: Meeting | None = None
    purpose: str = Purpose.NOTE
    shares_paper: bool = False
    takes_comments: bool = False
    takes_minute: bool = False
    is_key: bool = False
    has_private_part: bool = False
    is_open_to_call_in: bool = True
    notice_published_on: date | None = None
    private_notice_published_on: date | None = None
    second_private_notice_published_on: date | None = None

    def onto(self, step: RouteStep) -> None:
        """Set each of these on `step`, without saving it."""
        for field in fields(self):
            setattr(step, field.name, getattr(self, field.name))


@transaction.atomic
def start_route(
    *,
    challenge: PeerChallenge,
    name: str,
    steps: Sequence[StepDetails] = (),
    preset: str = "",
    author: Person,
) -> Route:
    """A route of a challenge with its steps in order. Raises Invalid.

    A message for the step of index n has the key "steps-n".
    """
    _permitted(author, challenge)
    # Two posts of one form wait for one another here: the second finds the name taken.
    current = PeerChallenge.objects.select_for_update().get(pk=challenge.pk)
    route = Route(challenge=current, name=_name(name, current), preset=preset)
    checks.save(route, author=author)
    before: RouteStep | None = None
    for index, details in enumerate(steps):
        step = RouteStep(route=route, position=(index + 1) * checks.STEP)
        details.onto(step)
        try:
            _check(step, before, author)
        except Invalid as error:
            raise Invalid({f"steps-{index}": str(error)}) from error
        checks.save(step, author=author)
        before = step
    return route


@transaction.atomic
def rename_route(*, route: Route, version: int, name: str, author: Person) -> Route:
    """The route under another name. Raises Invalid and Stale."""
    _permitted(author, route.challenge)
    current = _running(versions.claim(route, version))
    current.name = _name(name, route.challenge, current)
    checks.save(current, author=author)
    return current


@transaction.atomic
def end_route(*, route: Route, version: int, author: Person) -> Route:
    """The route, ended: it and its papers stay readable. Raises Invalid and Stale."""
    _permitted(author, route.challenge)
    current = _running(versions.claim(route, version))
    current.ended_at = clock.now()
    checks.save(current, author=author, reason="Ended")
    return current


@transaction.atomic
def add_step(*, route: Route, details: StepDetails, author: Person) -> RouteStep:
    """One more step at the end of a route. Raises Invalid."""
    current = _locked(route, author)
    rows = _standing(current)
    step = RouteStep(route=current)
    details.onto(step)
    _check(step, rows[-1] if rows else None, author)
    for row in rows:
        if (row.body_id, row.meeting_id, row.purpose) == (
            step.body_id,
            step.meeting_id,
            step.purpose,
        ):
            message = "This step is in the route already. For another, choose another meeting."
            raise Invalid({"where": message})
    step.position = (rows[-1].position if rows else 0) + checks.STEP
    checks.save(step, author=author)
    return step


@transaction.atomic
def change_step(
    *, step: RouteStep, version: int, details: StepDetails, author: Person
) -> RouteStep:
    """The step, changed. Raises Invalid and Stale.

    Once its report is issued the body stays; the meeting may be put off.
    """
    rows = _standing(_locked(step.route, author))
    was = _present(versions.claim(step, version))
    changed = RouteStep.objects.get(pk=was.pk)
    details.onto(changed)
    before = _before(changed, rows)
    if changed.body_id != was.body_id and was.issues.exists():
        message = (
            f"A report was issued to {was.body}, so this step stays with that body. "
            "Add a step for the other body."
        )
        raise Invalid({"where": message})
    _check(changed, before, author, was)
    checks.save(changed, author=author)
    return changed


@transaction.atomic
def record_outcome(
    *,
    step: RouteStep,
    version: int,
    comments: str,
    minute_number: str,
    minute: str,
    decision_published_on: date | None,
    outcome_paragraph: int | None,
    author: Person,
) -> RouteStep:
    """The step with what came of it, in an ended route too.

    `outcome_paragraph` is the paragraph of Schedule 12A under which it is not for publication.
    Raises Invalid, Stale, and NotPermitted where the outcome is exempt, now or as somebody else
    has just marked it, and the author is not entitled to it.
    """
    _permitted(author, step.route.challenge)
    current = _present(claim_outcome(step, version, author))
    if outcome_paragraph not in (None, *EXEMPT_PARAGRAPHS):
        raise Invalid({"outcome_paragraph": "Choose a paragraph from the list."})
    current.outcome_paragraph = outcome_paragraph
    current.comments = checks.plain("comments", comments, lines=True)
    current.minute_number = checks.plain("minute_number", minute_number, limit=30)
    current.minute = checks.plain("minute", minute, lines=True)
    if decision_published_on is not None:
        meeting = current.meeting
        if decision_published_on > clock.today():
            message = "The decision cannot have been published in the future."
            raise Invalid({"decision_published_on": message})
        if meeting is not None and decision_published_on < meeting.on:
            message = (
                f"The decision cannot be published before the meeting, {in_words(meeting.on)}."
            )
            raise Invalid({"decision_published_on": message})
    current.decision_published_on = decision_published_on
    checks.save(current, author=author, reason="Outcome recorded")
    return current


@transaction.atomic
def move_step(*, step: RouteStep, up: bool, version: int, author: Person) -> None:
    """Put a step one place up or down; at the end nothing happens. Raises Invalid and Stale.

    Two steps that share one report may change places; no other step may come between them.
    """
    rows = _standing(_locked(step.route, author))
    keys = [row.pk for row in rows]
    if step.pk not in keys:
        raise Invalid({"": "This step was removed in the meantime, so it cannot be moved."})
    place = keys.index(step.pk) - (1 if up else 0)
    if not 0 <= place < len(rows) - 1:
        return
    upper, lower = rows[place], rows[place + 1]
    follows = rows[place + 2] if place + 2 < len(rows) else None
    shares = {upper.pk: upper.shares_paper, lower.pk: lower.shares_paper}
    if lower.shares_paper:
        shares = {lower.pk: upper.shares_paper, upper.pk: True}
    elif upper.shares_paper or (follows is not None and follows.shares_paper):
        message = (
            "Steps that share one report stand one after the other, so this one cannot come "
            "between or leave. Untick “One report with the step before” first."
        )
        raise Invalid({"": message})
    order = [*rows[:place], lower, upper, *rows[place + 2 :]]
    for row, position in zip(order, _places(rows), strict=True):
        share = shares.get(row.pk, row.shares_paper)
        if row.pk == step.pk or (row.position, row.shares_paper) != (position, share):
            moved = versions.claim(row, version if row.pk == step.pk else row.version)
            moved.position, moved.shares_paper = position, share
            checks.save(moved, author=author, reason="Moved in the order")


@transaction.atomic
def end_step(*, step: RouteStep, version: int, author: Person) -> None:
    """Take a step out of its route. The row stays, ended.

    Raises Stale, and Invalid where a report of it is in writing or issued, or it has an outcome.
    """
    rows = _standing(_locked(step.route, author))
    current = _present(versions.claim(step, version))
    _check_free(current)
    follows = next((row for row in rows if _comes_after(row, current)), None)
    if follows is not None and follows.shares_paper and not current.shares_paper:
        # The first of those that shared one report goes: the next one begins the report.
        next_one = versions.claim(follows)
        next_one.shares_paper = False
        checks.save(next_one, author=author, reason="The step before it was removed")
    current.ended_at = clock.now()
    checks.save(current, author=author, reason="Removed")


def claim_outcome(step: RouteStep, version: int | None, author: Person) -> RouteStep:
    """The step, claimed by somebody who may read what came of it. Raises NotPermitted, Stale."""
    if not may_read_outcome(author, step):
        raise NotPermitted(NOT_ENTITLED)
    try:
        current = versions.claim(step, version)
    except Stale as error:
        if not may_read_outcome(author, error.current):
            raise NotPermitted(NOT_ENTITLED) from error
        raise
    if not may_read_outcome(author, current):
        raise NotPermitted(NOT_ENTITLED)
    return current


def _permitted(author: Person, challenge: PeerChallenge) -> None:
    author.require(Capability.PRODUCE_PAPERS)
    if challenge.council_id != author.council.pk:
        raise NotPermitted("This challenge belongs to another council.")


def _locked(route: Route, author: Person) -> Route:
    """The route as it is now, kept from changing until the transaction ends. Raises Invalid."""
    _permitted(author, route.challenge)
    return _running(Route.objects.select_for_update().get(pk=route.pk))


def _running(route: Route) -> Route:
    if route.ended_at is not None:
        message = "This route has ended, so it cannot be changed. Start another route instead."
        raise Invalid({"": message})
    return route


def _present(step: RouteStep) -> RouteStep:
    if step.ended_at is not None:
        raise Invalid({"": "This step was removed in the meantime, so it cannot be changed."})
    return step


def _standing(route: Route) -> list[RouteStep]:
    rows = RouteStep.objects.filter(route=route, ended_at__isnull=True)
    return list(rows.select_related("body", "meeting", "paper"))


def _comes_after(row: RouteStep, step: RouteStep) -> bool:
    return (row.position, row.pk) > (step.position, step.pk)


def _before(step: RouteStep, rows: Sequence[RouteStep]) -> RouteStep | None:
    earlier = [row for row in rows if row.pk != step.pk and _comes_after(step, row)]
    return earlier[-1] if earlier else None


def _places(rows: Sequence[RouteStep]) -> list[int]:
    """The positions the rows have, or new ones where two have the same."""
    places = [row.position for row in rows]
    if len(set(places)) < len(places):
        return [checks.STEP * (index + 1) for index in range(len(rows))]
    return places


def _name(name: str, challenge: PeerChallenge, route: Route | None = None) -> str:
    cleaned = checks.plain("name", name, limit=120, missing="Enter a name for the route.")
    same = Route.objects.filter(challenge=challenge, ended_at__isnull=True, name__iexact=cleaned)
    if route is not None:
        same = same.exclude(pk=route.pk)
    if same.exists():
        message = f"There is a route “{cleaned}” already. Give this one another name."
        raise Invalid({"name": message})
    return cleaned


def _check(
    step: RouteStep, before: RouteStep | None, author: Person, was: RouteStep | None = None
) -> None:
    """Raises Invalid where the step cannot stand like this after `before`."""
    if step.purpose not in Purpose.values:
        raise Invalid({"purpose": "Choose the purpose."})
    _check_where(step, author, was)
    if step.is_key and not step.body.is_executive:
        message = f"{step.body} takes no key decisions: only Cabinet or one of its members does."
        raise Invalid({"is_key": message})
    if step.shares_paper and before is None:
        message = "This is the first step, so there is no step before it to share a report with."
        raise Invalid({"shares_paper": message})
    _check_shared_paper(step, before, was)


def _check_where(step: RouteStep, author: Person, was: RouteStep | None) -> None:
    body, meeting = step.body, step.meeting
    if body.council_id != author.council.pk:
        raise NotPermitted("This body belongs to another council.")
    if body.ended_on is not None and (was is None or was.body_id != body.pk):
        raise Invalid({"where": f"{body} has ended. Choose another body."})
    if meeting is None or (was is not None and was.meeting_id == meeting.pk):
        return
    if meeting.body_id != body.pk:
        raise Invalid({"where": f"Choose a meeting of {body}: this one is another body’s."})
    if meeting.called_off_at is not None:
        raise Invalid({"where": "This meeting was called off. Choose another."})


def _check_shared_paper(step: RouteStep, before: RouteStep | None, was: RouteStep | None) -> None:
    shared_before = was.shares_paper if was else False
    for row in (was, before):
        if row is None or row.paper is None or row.paper.ended_at is not None:
            continue
        if step.shares_paper != shared_before:
            message = (
                f"A report is in writing for {row.body} already. Remove that report first, "
                "then say whether one report goes to both."
            )
            raise Invalid({"shares_paper": message})
    paper_id = step.paper_id or (before.paper_id if before and step.shares_paper else None)
    if paper_id and step.meeting_id:
        same = RouteStep.objects.filter(
            paper_id=paper_id, meeting_id=step.meeting_id, ended_at__isnull=True
        )
        if same.exclude(pk=step.pk).exists():
            raise Invalid({"where": "This report goes to that meeting already, at another step."})


def _check_free(step: RouteStep) -> None:
    if step.issues.exists():
        message = (
            f"A report was issued to {step.body}, so this step stays as the record of it. "
            "If the meeting was put off, choose its new meeting; if the round is over, end "
            "the route."
        )
        raise Invalid({"": message})
    if step.paper is not None and step.paper.ended_at is None:
        others: models.QuerySet[RouteStep] = step.paper.steps.filter(ended_at__isnull=True)
        if others.exclude(pk=step.pk).exists():
            message = (
                f"“{step.paper}” is in writing for this step and another. Choose another body for "
                "this step, or remove the report first."
            )
            raise Invalid({"": message})
        message = f"“{step.paper}” is in writing for this step. Remove the report first."
        raise Invalid({"": message})
    amended = Amendment.objects.filter(decision__step=step).exists()
    if amended or record_of(step).is_there:
        message = (
            "This step has an outcome, so it stays as the record of it. If that was recorded by "
            "mistake, empty the outcome first."
        )
        raise Invalid({"": message})
