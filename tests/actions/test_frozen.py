"""A position as bytes, and back."""

import json
import time
import zlib
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.changes import changes
from actions.frozen import Unreadable, freeze, thaw
from actions.position import (
    ActionPosition,
    DateMove,
    MilestonePosition,
    OwnStatus,
    Position,
    RecommendationPosition,
    UpdatePosition,
    plan_position,
    released_position,
)
from tests.plugins.plans import Plan

TEXTS = st.text(max_size=12)
DAYS = st.dates(date(2018, 1, 1), date(2040, 12, 31))
INSTANTS = st.builds(
    lambda day, seconds: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(day, seconds / 1000),
    st.integers(0, 8000),
    st.integers(0, 86_399_999),
)
IDS = st.integers(1, 9)


def any_of(kind: type, **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Records of a dataclass whose fields are texts unless `given`."""
    names = [field.name for field in fields(kind)]
    return st.builds(kind, **{name: given.get(name, TEXTS) for name in names})


UPDATES = any_of(
    UpdatePosition,
    id=IDS,
    as_at=DAYS,
    recorded_at=INSTANTS,
    state=st.sampled_from(["not-started", "in-progress", "verified"]),
    rating=st.sampled_from(["red", "amber", "green"]),
    expected_date=st.none() | DAYS,
)
ACTIONS = any_of(
    ActionPosition,
    id=IDS,
    position=IDS,
    lead_person_id=st.none() | IDS,
    in_plan_from=DAYS,
    original_due=st.none() | DAYS,
    exempt_paragraph=st.none() | IDS,
    is_exempt=st.booleans(),
    version=IDS,
    update=st.none() | UPDATES,
    recommendation_ids=st.lists(IDS, max_size=2).map(tuple),
    milestones=st.lists(
        any_of(MilestonePosition, id=IDS, due=st.none() | DAYS, is_done=st.booleans()), max_size=2
    ).map(tuple),
    date_moves=st.lists(
        any_of(DateMove, as_at=DAYS, to=st.none() | DAYS, approved_on=st.none() | DAYS), max_size=2
    ).map(tuple),
)


@st.composite
def positions(draw: st.DrawFn) -> Position:
    """A position of up to four actions, each under any number of recommendations."""
    actions = draw(st.lists(ACTIONS, max_size=4))
    below = st.lists(st.sampled_from(actions), max_size=3).map(tuple) if actions else st.just(())
    recommendations = any_of(
        RecommendationPosition,
        id=IDS,
        parent_id=st.none() | IDS,
        themes=st.lists(TEXTS, max_size=2).map(tuple),
        own=st.none() | any_of(OwnStatus, as_at=DAYS),
        actions=below | st.lists(ACTIONS, max_size=1).map(tuple),
    )
    return Position(
        challenge_id=draw(IDS),
        as_at=draw(DAYS),
        known_by=draw(INSTANTS),
        is_live=draw(st.booleans()),
        recommendations=tuple(draw(st.lists(recommendations, max_size=3))),
        actions=tuple(actions),
        themes=tuple(draw(st.lists(TEXTS, max_size=3))),
        withheld=draw(st.integers(0, 3)),
        released_reason=draw(TEXTS),
    )


@settings(max_examples=120, deadline=None)
@given(positions())
def test_what_is_thawed_is_equal_to_what_was_frozen(position: Position) -> None:
    frozen = freeze(position)
    thawed = thaw(frozen)

    assert thawed == position
    assert thawed.released_reason == position.released_reason
    assert freeze(thawed) == frozen


def test_a_real_plan_comes_back_whole(plan: Plan) -> None:
    live = plan_position(plan.challenge)
    released = released_position(plan.releases[0])

    for position in (live, released):
        assert thaw(freeze(position)) == position
        assert thaw(memoryview(freeze(position))) == position
    assert thaw(freeze(released)).released_reason == "For scrutiny in April"
    assert freeze(live) != freeze(released)


def test_an_action_under_two_recommendations_is_written_once_and_is_one(plan: Plan) -> None:
    position = plan_position(plan.challenge)
    twice = replace(
        position,
        recommendations=(
            position.recommendations[0],
            replace(position.recommendations[0], id=99, ref="9"),
        ),
    )

    thawed = thaw(freeze(twice))

    assert thawed == twice
    assert thawed.recommendations[0].actions[0] is thawed.recommendations[1].actions[0]
    assert thawed.recommendations[0].actions[0] is thawed.actions[0]
    written = json.loads(zlib.decompress(freeze(twice)))
    assert len(written["table"]) == len(position.actions)


def test_the_same_instant_in_another_zone_is_the_same_instant(plan: Plan) -> None:
    position = plan_position(plan.challenge)
    elsewhere = position.known_by.astimezone(timezone(timedelta(hours=5)))

    assert freeze(replace(position, known_by=elsewhere)) == freeze(position)


def test_a_position_frozen_before_a_field_was_there_is_read_with_its_default(plan: Plan) -> None:
    position = plan_position(plan.challenge)
    head = json.loads(zlib.decompress(freeze(position)))
    at = head["fields"]["DateMove"].index("visibility")
    head["fields"]["DateMove"].pop(at)
    for row in head["table"]:
        for move in row[head["fields"]["ActionPosition"].index("date_moves")]:
            move.pop(at)

    assert thaw(zlib.compress(json.dumps(head).encode())) == position


def test_a_field_that_is_no_more_is_passed_over(plan: Plan) -> None:
    position = plan_position(plan.challenge)
    head = json.loads(zlib.decompress(freeze(position)))
    head["fields"]["ActionPosition"].insert(0, "colour")
    for row in head["table"]:
        row.insert(0, "blue")

    assert thaw(zlib.compress(json.dumps(head).encode())) == position


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing of the sort",
        zlib.compress(b"{}"),
        zlib.compress(b"[1]"),
        zlib.compress(b"no json"),
        zlib.compress(b'{"format":1}'),
        zlib.compress(b'{"format":2}'),
        zlib.compress(b"\xff\xfe"),
    ],
)
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        thaw(content)


def thousand(month: int) -> Position:
    """A thousand actions under fifty recommendations, with texts as long as councils write them."""
    day = date(2025, month, 28)
    actions = tuple(
        ActionPosition(
            id=number,
            ref=f"{1 + number // 20}.{1 + number % 20}",
            position=number,
            title=f"Do the {number}th thing that the peers asked the council to do",
            description="What it is about. " * 8,
            success_measure="How we shall know. " * 4,
            lead_role=f"Head of Service {number % 9}",
            lead_person_id=None,
            portfolio="Housing",
            directorate="Place",
            beginning="new",
            in_plan_from=date(2024, 12, 17),
            original_due=date(2025, 12, 31),
            original_due_words="",
            exempt_paragraph=None,
            is_exempt=False,
            version=1,
            update=UpdatePosition(
                id=number * 100 + month,
                kind="progress",
                as_at=day,
                recorded_at=datetime(2025, month, 28, 9, tzinfo=UTC),
                on_behalf_of="",
                state="in-progress",
                rating=("red", "amber", "green")[(number + month) % 3],
                forecast="green",
                expected_date=date(2026, 3, 31) if number % 3 == 0 else None,
                expected_words="",
                commentary=f"What happened to {number} in month {month}. " * 12,
                recovery_plan="Work Saturdays. " * 5,
                decision_sought="",
                visibility="public",
            ),
            recommendation_ids=(1 + number // 20,),
            date_moves=(DateMove(day, date(2026, 3, 31), "", "The surveyor left."),),
        )
        for number in range(1000)
    )
    return Position(
        challenge_id=1,
        as_at=day,
        known_by=datetime(2025, month, 28, 10, tzinfo=UTC),
        is_live=False,
        recommendations=tuple(
            RecommendationPosition(
                id=number,
                ref=str(number),
                kind="key",
                kind_label="Key recommendation",
                title=f"Recommendation {number}",
                wording="Do it well. " * 20,
                parent_id=None,
                response="accepted",
                response_label="Accepted",
                response_reason="",
                themes=("Governance and culture",),
                own=None,
                actions=actions[(number - 1) * 20 : number * 20],
            )
            for number in range(1, 51)
        ),
        actions=actions,
    )


def test_a_thousand_actions_are_compared_within_a_twentieth_of_a_second() -> None:
    frozen = [freeze(thousand(month)) for month in (3, 6)]
    before, after = thaw(frozen[0]), thaw(frozen[1])

    took = []
    for _ in range(3):
        start = time.process_time()
        found = changes(before, after)
        counted = len(found.worsened), len(found.improved), len(found.dates_moved)
        took.append(time.process_time() - start)

    assert counted == (0, 0, 0)  # three months on, every rating has come round again
    assert len(found.all) == 1000
    assert all(change.has_news for change in found.all)
    assert min(took) <= 0.05
    assert len(frozen[0]) < 400_000
