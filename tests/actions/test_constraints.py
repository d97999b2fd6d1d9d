"""Each named constraint of this app: a row that breaks it cannot be written, whoever tries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from actions.models import (
    Action,
    Answer,
    Evidence,
    Lineage,
    Milestone,
    MilestoneDone,
    ProgressUpdate,
    Release,
    StoredDocument,
)
from peerplan.core import clock
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Breaks = Callable[..., object]


@pytest.fixture
def world(
    act: Act, manager: Person, challenge: PeerChallenge, recommendation: Recommendation
) -> dict[str, Any]:
    """Rows to break."""
    first, second = act("1.1"), act("1.2")
    milestone = Milestone(action=first, title="Workshop")
    milestone._history_user = manager.user
    milestone.save()
    update = ProgressUpdate.objects.create(
        action=first,
        author=manager.user,
        as_at=date(2025, 3, 31),
        state="in-progress",
        rating="green",
    )
    return {
        "first": first,
        "second": second,
        "challenge": challenge,
        "recommendation": recommendation,
        "user": manager.user,
        "milestone": milestone,
        "update": update,
        "council": manager.council,
    }


def action(world: dict[str, Any], **given: object) -> None:
    record = Action(
        **(
            {
                "challenge": world["challenge"],
                "ref": "7.7",
                "title": "Another",
                "in_plan_from": date(2024, 12, 17),
            }
            | given
        )
    )
    record._history_user = world["user"]
    record.save()


def answer(world: dict[str, Any], **given: object) -> None:
    Answer.objects.create(
        **(
            {
                "action": world["first"],
                "recommendation": world["recommendation"],
                "added_by": world["user"],
            }
            | given
        )
    )


def lineage(world: dict[str, Any], **given: object) -> None:
    Lineage.objects.create(
        **(
            {
                "source": world["first"],
                "target": world["second"],
                "kind": "merged",
                "on": date(2025, 1, 1),
                "reason": "One product serves both.",
                "added_by": world["user"],
            }
            | given
        )
    )


def milestone(world: dict[str, Any], **given: object) -> None:
    record = Milestone(**({"action": world["first"], "title": "Review"} | given))
    record._history_user = world["user"]
    record.save()


def update(world: dict[str, Any], **given: object) -> None:
    ProgressUpdate.objects.create(
        **(
            {
                "action": world["first"],
                "author": world["user"],
                "as_at": date(2025, 4, 30),
                "state": "in-progress",
                "rating": "green",
            }
            | given
        )
    )


def evidence(world: dict[str, Any], **given: object) -> None:
    Evidence.objects.create(
        **({"action": world["first"], "title": "Notes", "added_by": world["user"]} | given)
    )


def document(world: dict[str, Any], **given: object) -> None:
    StoredDocument.objects.create(
        council=world["council"],
        challenge=world["challenge"],
        inputs_sha256="a" * 64,
        variant="full",
        content=b"%PDF",
        content_sha256="b" * 64,
        pages=1,
    )


def twice(make: Callable[[dict[str, Any]], None]) -> Breaks:
    """Makes the same row two times."""

    def run(world: dict[str, Any]) -> None:
        make(world)
        make(world)

    return run


def mark(world: dict[str, Any]) -> None:
    MilestoneDone.objects.create(update=world["update"], milestone=world["milestone"])


def release(world: dict[str, Any]) -> None:
    Release.objects.create(
        challenge=world["challenge"], as_at=date(2025, 1, 1), author=world["user"], reason=""
    )


BREAKS: dict[str, Breaks] = {
    "action_ref_once_a_challenge": lambda w: action(w, ref="1.1"),
    "action_has_a_title": lambda w: action(w, title=""),
    "exempt_action_names_its_paragraph": lambda w: action(w, visibility="exempt"),
    "answer_once": lambda w: answer(w),
    "answer_one_primary_an_action": lambda w: answer(w, recommendation=w["other"], is_primary=True),
    "answer_ends_later": lambda w: answer(
        w,
        recommendation=w["other"],
        ended_at=clock.now() - timedelta(days=1),
        ended_by=w["user"],
    ),
    "answer_ended_by_somebody": lambda w: answer(
        w, recommendation=w["other"], ended_at=clock.now() + timedelta(days=1)
    ),
    "lineage_once": twice(lineage),
    "lineage_two_actions": lambda w: lineage(w, target=w["first"]),
    "lineage_has_a_reason": lambda w: lineage(w, reason=""),
    "milestone_has_a_title": lambda w: milestone(w, title=""),
    "milestone_mark_once": twice(mark),
    "update_rated_while_in_progress_only": lambda w: update(w, rating=""),
    "correction_has_a_reason": lambda w: update(w, kind="correction"),
    "evidence_is_a_link_or_a_file": lambda w: evidence(w),
    "release_has_a_reason": release,
    "document_once_for_its_inputs": twice(document),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_says_no(
    world: dict[str, Any], challenge: PeerChallenge, manager: Person, name: str
) -> None:
    other = Recommendation(challenge=challenge, ref="2", title="Another")
    other._history_user = manager.user
    other.save()
    world["other"] = other
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name](world)
    said = str(refused.value)
    assert name in said or "UNIQUE" in said, said


@pytest.mark.parametrize(
    "given",
    [
        {"visibility": "public", "exempt_paragraph": 3},
        {"visibility": "exempt", "exempt_paragraph": 8},
        {"visibility": "exempt", "exempt_paragraph": 0},
    ],
)
def test_a_paragraph_goes_with_an_exempt_action_only(
    world: dict[str, Any], given: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError, match="exempt_action_names_its_paragraph"):
        action(world, **given)


def test_a_rating_goes_with_an_action_in_progress_only(world: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="update_rated_while_in_progress_only"):
        update(world, state="paused")


def test_a_reference_is_free_again_when_its_action_is_taken_out(world: dict[str, Any]) -> None:
    action(world, ref="1.1", removed_at=clock.now())


def test_every_named_constraint_is_tried() -> None:
    named = {
        constraint.name
        for model in apps.get_app_config("actions").get_models()
        if not model.__name__.startswith("Historical")
        for constraint in model._meta.constraints
        if isinstance(constraint, (models.CheckConstraint, models.UniqueConstraint))
    }
    assert named == set(BREAKS)
