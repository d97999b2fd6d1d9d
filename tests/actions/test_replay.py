"""The plan at any past instant is what a replay of the updates, told in plain Python, says it is.

Both dates count: `as_at`, what was true on a day, and `known_by`, what had been recorded by then.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actions.models import Action
from actions.position import Position, plan_position
from actions.rules import UpdateDraft
from actions.services.evidence import EvidenceDraft
from actions.services.updates import post_update
from actions.states import printed_status
from peerplan.core import clock, history, versions
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
SHOWN = EvidenceDraft(title="The map", link="https://ashdale.example/map")
BEGINNING = datetime(2024, 12, 17, 12, tzinfo=UTC)
DUE = date(2025, 6, 30)
STATES = (
    ("in-progress", "green"),
    ("in-progress", "amber"),
    ("in-progress", "red"),
    ("not-started", ""),
    ("paused", ""),
    ("claimed", ""),
)


@dataclass(frozen=True)
class Event:
    """After some hours somebody updates an action as at some days ago, or gives it a new title."""

    hours: int
    action: int
    days_ago: int
    state: tuple[str, str]
    new_date: int
    retitles: bool


@dataclass(frozen=True)
class Told:
    """One update as the replay keeps it."""

    as_at: date
    recorded_at: datetime
    order: int
    status: str
    due: date | None
    commentary: str


@dataclass
class Replay:
    """All that was said about one action, in the order in which it was said."""

    told: list[Told] = field(default_factory=list)
    titles: list[tuple[datetime, str]] = field(default_factory=list)

    def stands(self, as_at: date, known_by: datetime) -> Told | None:
        """Of what was true by then and known by then: the latest day, then the latest word."""
        known = [each for each in self.told if each.as_at <= as_at]
        known = [each for each in known if each.recorded_at <= known_by]
        return max(known, key=lambda each: (each.as_at, each.order), default=None)

    def title(self, known_by: datetime) -> str:
        return [title for when, title in self.titles if when <= known_by][-1]

    def seen(self, as_at: date, known_by: datetime) -> tuple[str, str, date | None, str]:
        """Title, printed status, due date and commentary."""
        told = self.stands(as_at, known_by)
        if told is None:
            return self.title(known_by), "none", DUE, ""
        return self.title(known_by), told.status, told.due, told.commentary


EVENTS = st.lists(
    st.builds(
        Event,
        hours=st.sampled_from([0, 1, 30, 400]),
        action=st.integers(0, 1),
        days_ago=st.sampled_from([0, 0, 1, 2, 20]),
        state=st.sampled_from(STATES),
        new_date=st.sampled_from([0, 0, 30, 60]),
        retitles=st.sampled_from([False, False, False, True]),
    ),
    min_size=1,
    max_size=10,
)
PROBES = st.lists(
    st.tuples(st.integers(0, 10), st.sampled_from([-1, 0, 1]), st.integers(0, 60)),
    min_size=1,
    max_size=5,
)


def happen(event: Event, action: Action, number: int, replay: Replay, author: Person) -> None:
    """Do one event through the services, and tell the replay."""
    now = clock.now()
    if event.retitles:
        with transaction.atomic():
            current = versions.claim(action)
            current.title = f"Title {number}"
            history.save(current, author=author.user)
        replay.titles.append((now, current.title))
        return
    as_at = max(clock.today() - timedelta(event.days_ago), BEGINNING.date())
    before = replay.stands(as_at, now)
    moves = as_at + timedelta(event.new_date) if event.new_date else None
    state, rating = event.state
    commentary = f"Word {number}"
    repeats = before is not None and before.as_at == as_at
    post_update(
        action=action,
        version=action.version,
        draft=UpdateDraft(
            as_at=as_at,
            state=state,
            rating=rating,
            commentary=commentary,
            recovery_plan="Two more mappers.",
            decision_sought="Cabinet to choose.",
            expected_date=moves,
            date_reason="Late." if moves else "",
            is_correction=repeats,
            correction_reason="Typed wrongly." if repeats else "",
        ),
        author=author,
        evidence=[SHOWN] if state == "claimed" else [],
    )
    due = moves or (before.due if before else DUE)
    status = printed_status(state, rating)
    replay.told.append(Told(as_at, now, number, status, due, commentary))


def read(position: Position, action: Action) -> tuple[str, str, date | None, str]:
    """The same four of a position."""
    found = position.by_id[action.pk]
    return (
        found.title,
        str(found.status),
        found.due,
        found.update.commentary if found.update else "",
    )


@settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(
    # A correction of a day that is not the last one, in the same instant as what it corrects.
    events=[
        Event(400, 0, 0, STATES[0], 0, False),
        Event(0, 0, 20, STATES[1], 30, False),
        Event(0, 0, 20, STATES[2], 60, False),
    ],
    probes=[(2, 0, 0), (3, -1, 20), (3, 0, 20), (1, 0, 20)],
)
@given(events=EVENTS, probes=PROBES)
def test_any_past_position_is_what_a_replay_says(
    act: Act,
    challenge: PeerChallenge,
    manager: Person,
    events: list[Event],
    probes: list[tuple[int, int, int]],
) -> None:
    with transaction.atomic(), time_machine.travel(BEGINNING, tick=False) as traveller:
        actions = [act("1.1", original_due=DUE), act("1.2", original_due=DUE)]
        replays = [Replay(titles=[(clock.now(), action.title)]) for action in actions]
        instants = [clock.now()]
        for number, event in enumerate(events):
            traveller.shift(timedelta(hours=event.hours))
            action = actions[event.action]
            action.refresh_from_db()
            happen(event, action, number, replays[event.action], manager)
            instants.append(clock.now())
        traveller.shift(timedelta(hours=1))
        for at, microseconds, days_ago in probes:
            known_by = instants[at % len(instants)] + timedelta(microseconds=microseconds)
            known_by = max(known_by, instants[0])
            day = max(clock.day_of(known_by) - timedelta(days_ago), BEGINNING.date())
            then = plan_position(challenge, day, known_by, full=False)
            now_known = plan_position(challenge, day, full=False)
            live = plan_position(challenge)
            for action, replay in zip(actions, replays, strict=True):
                assert read(then, action) == replay.seen(day, known_by)
                assert read(now_known, action) == replay.seen(day, clock.now())
                assert read(live, action) == replay.seen(clock.today(), clock.now())
        transaction.set_rollback(True)
