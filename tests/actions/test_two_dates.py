"""The position at any past instant equals a replay of the updates, by both dates."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.models import Action
from actions.position import ActionPosition, plan_position
from actions.rules import UpdateDraft
from actions.services.plan import ActionDetails, MilestoneDetails, change_action
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db
BEGINNING = date(2025, 1, 6)
ORIGINAL = date(2025, 6, 30)
RATINGS = ("green", "amber", "red")


@dataclass(frozen=True)
class Given:
    """An update: hours after the event before, days before that day, and what it says."""

    hours: int
    back: int
    rating: str
    new_date: int | None
    ticks: bool


@dataclass(frozen=True)
class Renamed:
    """The action gets another title."""

    hours: int
    number: int


updates = st.builds(
    Given,
    hours=st.integers(1, 24 * 20),
    back=st.integers(0, 40),
    rating=st.sampled_from(RATINGS),
    new_date=st.none() | st.integers(0, 400),
    ticks=st.booleans(),
)
renames = st.builds(Renamed, hours=st.integers(1, 24 * 20), number=st.integers(1, 9))
looks = st.tuples(st.integers(-5, 200), st.none() | st.integers(0, 24 * 200))


@dataclass
class Replay:
    """What was recorded, in order, and what it makes the action at any two dates."""

    recorded: list[tuple[datetime, date, str, date | None, bool, str]] = field(default_factory=list)
    titles: list[tuple[datetime, str]] = field(default_factory=list)

    def held(self, day: date, known_by: datetime) -> tuple[str, date, bool, str, list[str]]:
        """Status, due date, whether the milestone is done, title and reasons for the dates."""
        known = sorted(
            (as_at, when, rating, due, ticked, note)
            for when, as_at, rating, due, ticked, note in self.recorded
            if as_at <= day and when <= known_by
        )
        title = [title for when, title in self.titles if when <= known_by][-1]
        if not known:
            return "none", ORIGINAL, False, title, []
        _, _, rating, due, _, _ = known[-1]
        marks = [ticked for *_, ticked, _ in known]
        reasons = {as_at: note for as_at, _, _, _, _, note in known if note}
        return rating, due or ORIGINAL, marks[-1], title, list(reasons.values())

    def due_on(self, day: date) -> date:
        """The due date that holds on a day, as known now."""
        known = sorted((as_at, when, due) for when, as_at, _, due, _, _ in self.recorded)
        held = [due for as_at, _, due in known if as_at <= day]
        return (held[-1] if held else None) or ORIGINAL


def seen(action: ActionPosition) -> tuple[str, date | None, bool, str, list[str]]:
    return (
        action.status.value,
        action.due,
        action.milestones[0].is_done,
        action.title,
        [move.reason for move in action.date_moves],
    )


def test_any_past_position_is_a_replay_of_what_was_recorded(
    manager: Person,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    act: Callable[..., Action],
) -> None:
    start = datetime(2025, 1, 7, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        made = act(in_plan_from=BEGINNING, original_due=ORIGINAL)
        made = change_action(
            action=made,
            version=1,
            details=details("Title 0"),
            recommendations=[recommendation],
            milestones=[MilestoneDetails("Workshop")],
            author=manager,
            reason="Begin",
        )
    milestone = made.milestones.get().pk

    @settings(max_examples=40, deadline=None, database=None, derandomize=True)
    @given(st.lists(updates | renames, max_size=9), st.lists(looks, min_size=1, max_size=6))
    def check(events: list[Given | Renamed], asked: list[tuple[int, int | None]]) -> None:
        with transaction.atomic():
            replay = Replay(titles=[(start, "Title 0")])
            now, action = start, Action.objects.get(pk=made.pk)
            for event in events:
                now += timedelta(hours=event.hours)
                with time_machine.travel(now, tick=False):
                    write(event, action, replay, now)
                action = Action.objects.get(pk=made.pk)
            with time_machine.travel(now, tick=False):
                assert seen(plan_position(challenge).actions[0]) == replay.held(now.date(), now)
                for days, hours in asked:
                    day = BEGINNING + timedelta(days=days)
                    known_by = now if hours is None else start + timedelta(hours=hours)
                    position = plan_position(challenge, day, None if hours is None else known_by)
                    if day < BEGINNING:
                        assert position.actions == ()
                    else:
                        assert seen(position.actions[0]) == replay.held(day, known_by)
            transaction.set_rollback(True)

    def write(event: Given | Renamed, action: Action, replay: Replay, now: datetime) -> None:
        if isinstance(event, Renamed):
            title = f"Title {event.number}"
            change_action(
                action=action,
                version=action.version,
                details=details(title),
                recommendations=[recommendation],
                author=manager,
                reason="Renamed",
            )
            replay.titles.append((now, title))
            return
        day = max(now.date() - timedelta(days=event.back), BEGINNING)
        is_correction = any(as_at == day for _, as_at, *_ in replay.recorded)
        before = replay.due_on(day)
        due = None if event.new_date is None else day + timedelta(days=event.new_date)
        moves = due is not None and due != before
        post_update(
            action=action,
            version=action.version,
            author=manager,
            draft=UpdateDraft(
                as_at=day,
                state="in-progress",
                rating=event.rating,
                commentary="Said.",
                recovery_plan="Planned.",
                decision_sought="Sought.",
                expected_date=due,
                date_reason=f"Because of {now:%d %B %H}" if moves else "",
                is_correction=is_correction,
                correction_reason="Wrong." if is_correction else "",
                milestones_done=frozenset({milestone} if event.ticks else ()),
            ),
        )
        note = f"Because of {now:%d %B %H}" if moves else ""
        replay.recorded.append(
            (now, day, event.rating, due if moves else before, event.ticks, note)
        )

    check()


def details(title: str) -> ActionDetails:
    return ActionDetails(
        ref="1.1",
        title=title,
        in_plan_from=BEGINNING,
        lead_role="Head of Housing",
        original_due=ORIGINAL,
    )
