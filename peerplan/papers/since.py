"""What a body last saw of a plan, and what changed since: from issued positions, not from rows."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import F
from django.db.models.functions import Coalesce, TruncDate

from actions.changes import Change, Changes, changes
from actions.frozen import thaw
from actions.models import Action, Release, Visibility
from actions.position import ActionPosition, Position, released_position
from peerplan.core import clock
from peerplan.papers.models import IssuedPaper, RouteStep
from reviews.deadlines import in_words
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class Since:
    """With what a position is compared: what the body last saw, a release, or nothing.

    `words` follow "since": "Cabinet last saw the plan, at its meeting on 25 March 2025". `changes`
    is None where there is nothing to compare with: then everything is counted from `day`, on
    which the plan began. `newly_public` were not for publication at that time and are now; they
    are told by themselves, because for the public they are neither new nor changed.
    """

    day: date
    words: str
    changes: Changes | None = None
    newly_public: tuple[ActionPosition, ...] = ()
    has_seen: bool = False

    @property
    def known(self) -> dict[int, ActionPosition]:
        """How the actions stood then, by id; empty where there is nothing to compare with."""
        rows = self.changes.all if self.changes else ()
        return {row.before.id: row.before for row in rows if row.before}


def last_seen(step: RouteStep) -> IssuedPaper | None:
    """The latest issue of a paper on the same plan to the body of `step`, before that step.

    Of a paper that was corrected it is the last correction. Papers to a meeting on the same day
    or a later one do not count, nor does the paper of `step` itself. One query.
    """
    found = (
        IssuedPaper.objects.filter(paper__challenge__routes__steps=step.pk, step__body=step.body_id)
        .exclude(step=step.pk)
        .select_related("step")
        .annotate(
            seen_on=Coalesce(F("meeting_on"), TruncDate("issued_at", tzinfo=clock.LONDON)),
        )
        .order_by("-seen_on", "-issued_at", "-number", "-id")
    )
    if step.meeting is not None:
        found = found.filter(seen_on__lt=step.meeting.on)
    return found.first()


def seen_position(issue: IssuedPaper, position: Position) -> Position:
    """The position that was issued; what is exempt by now is marked so, whatever it was then.

    `position` is the whole one of today's paper. Bytes do not know that an action was made exempt
    after they were frozen; what has left the plan since is asked of its row (one query, if any).
    """
    before = thaw(issue.position)
    hidden = _hidden_since(before, position)
    if not hidden:
        return before
    return replace(
        before,
        actions=_marked(before.actions, hidden),
        recommendations=tuple(
            replace(each, actions=_marked(each.actions, hidden)) for each in before.recommendations
        ),
    )


def tells_what_is_exempt_now(issue: IssuedPaper, position: Position) -> bool:
    """True where the public copy of an issue tells of an action that was made exempt since."""
    return bool(_hidden_since(thaw(issue.position), position))


def is_closed(issue: IssuedPaper) -> bool:
    """True where the public copy tells of an action that is exempt today.

    Then it is for those entitled only, like every other past text (architecture: then and now). One
    query, a second with the frozen position where the plan has exempt actions at all.
    """
    exempt = Action.objects.filter(
        challenge=issue.paper.challenge_id, visibility=Visibility.EXEMPT
    ).order_by()
    hidden = set(exempt.values_list("pk", flat=True))
    if not hidden:
        return False
    return any(each.id in hidden and not each.is_exempt for each in thaw(issue.position).actions)


def _hidden_since(before: Position, position: Position) -> set[int]:
    """The actions that were public in `before` and are exempt now."""
    hidden = {action.id for action in position.actions if action.is_exempt}
    if gone := before.by_id.keys() - position.by_id.keys():
        rows = Action.objects.filter(pk__in=gone, visibility=Visibility.EXEMPT).order_by()
        hidden |= set(rows.values_list("pk", flat=True))
    return {action.id for action in before.actions if not action.is_exempt} & hidden


def _marked(actions: tuple[ActionPosition, ...], hidden: Set[int]) -> tuple[ActionPosition, ...]:
    return tuple(
        replace(action, is_exempt=True) if action.id in hidden else action for action in actions
    )


def since_issue(
    issue: IssuedPaper, position: Position, body: str, *, include_exempt: bool
) -> Since:
    """`position`, whole, compared with what the body saw.

    Without `include_exempt` nothing is told of actions that were exempt then or are now, see
    `Since.newly_public`. Raises ValueError for a position from which exempt actions have been
    taken already, since those could not be told from actions that left the plan.
    """
    before = seen_position(issue, position)
    if issue.meeting_on:
        when = f"at its meeting on {in_words(issue.meeting_on)}"
    else:
        when = f"on {in_words(clock.day_of(issue.issued_at))}"
    return Since(
        day=before.as_at,
        words=f"{body} last saw the plan, {when}",
        changes=_compared(before, position, include_exempt),
        newly_public=_newly_public(before, position, include_exempt),
        has_seen=True,
    )


def since_release(release: Release, position: Position, *, include_exempt: bool) -> Since:
    """`position`, whole, compared with a release, for a body that has not seen the plan.

    Three queries.
    """
    before = released_position(release, full=False)
    return Since(
        day=before.as_at,
        words=f"the last release, with the position at {in_words(before.as_at)}",
        changes=_compared(before, position, include_exempt),
        newly_public=_newly_public(before, position, include_exempt),
    )


def since_start(challenge: PeerChallenge, position: Position) -> Since:
    """Nothing to compare with: everything counts from the day on which the plan began."""
    started = challenge.adopted_on or challenge.plan_approved_on
    began = [action.in_plan_from for action in position.actions]
    day = started or min(began, default=position.as_at)
    return Since(day=day, words=f"the plan began, on {in_words(day)}")


def release_before(challenge: PeerChallenge, as_at: date, known_by: datetime) -> Release | None:
    """The last release of an earlier day than `as_at` that was made by `known_by`. One query."""
    return (
        challenge.releases.filter(as_at__lt=as_at, known_by__lte=known_by)
        .select_related("challenge")
        .order_by("-as_at", "-known_by")
        .first()
    )


def _compared(before: Position, position: Position, include_exempt: bool) -> Changes:
    found = changes(before, position)
    if include_exempt:
        return found
    if position.withheld:
        raise ValueError("changes are reckoned from the whole position")
    rows = []
    for row in found.all:
        if any(side is not None and side.is_exempt for side in (row.before, row.after)):
            continue
        rows.append(
            Change(
                row.before.for_publication() if row.before else None,
                row.after.for_publication() if row.after else None,
            )
        )
    return Changes(found.since, found.until, tuple(rows))


def _newly_public(
    before: Position, position: Position, include_exempt: bool
) -> tuple[ActionPosition, ...]:
    if include_exempt:
        return ()
    hidden = {action.id for action in before.actions if action.is_exempt}
    return tuple(
        action.for_publication()
        for action in position.actions
        if action.id in hidden and not action.is_exempt
    )
