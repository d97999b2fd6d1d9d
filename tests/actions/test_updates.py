"""Posting progress updates through the service."""

from collections.abc import Callable
from datetime import date

import pytest

from actions.models import Action
from actions.position import plan_position
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]


def test_an_update_becomes_the_position(
    act: Act, draft: Draft, owner: Person, challenge: PeerChallenge
) -> None:
    action = act()
    post_update(action=action, version=action.version, draft=draft(), author=owner)
    position = plan_position(challenge)
    assert position.by_ref["1.1"].status == "green"
    assert position.by_ref["1.1"].due == date(2025, 6, 30)
    assert position.recommendations[0].actions == position.actions


def test_the_second_of_two_is_stale(act: Act, draft: Draft, owner: Person, manager: Person) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner)
    with pytest.raises(Stale):
        post_update(action=action, version=1, draft=draft(as_at=date(2025, 4, 1)), author=manager)
    assert action.updates.count() == 1


def test_an_earlier_date_shows_the_earlier_position(
    act: Act, draft: Draft, owner: Person, challenge: PeerChallenge
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner)
    late = draft(as_at=date(2025, 5, 1), rating="red", decision_sought="Cabinet to choose.")
    post_update(action=action, version=2, draft=late, author=owner)
    assert plan_position(challenge, date(2025, 4, 30)).actions[0].status == "green"
    assert plan_position(challenge, date(2025, 5, 1)).actions[0].status == "red"
    assert plan_position(challenge, date(2025, 3, 30)).actions[0].status == "none"


def test_another_owners_action_is_not_permitted(act: Act, draft: Draft, owner: Person) -> None:
    action = act(lead_role="Head of Property")
    with pytest.raises(NotPermitted):
        post_update(action=action, version=1, draft=draft(), author=owner)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"as_at": date(2124, 1, 1)}, "as_at"),
        ({"as_at": date(2024, 1, 1)}, "as_at"),
        ({"rating": ""}, "rating"),
        ({"commentary": ""}, "commentary"),
        ({"commentary": "x" * 10_000}, "commentary"),
        ({"rating": "amber"}, "recovery_plan"),
        ({"rating": "red"}, "decision_sought"),
        ({"expected_date": date(2026, 1, 1)}, "date_reason"),
        ({"state": "flying"}, "state"),
        ({"state": "verified"}, "state"),
        ({"is_correction": True, "correction_reason": "Typed wrongly"}, "is_correction"),
    ],
)
def test_what_cannot_stand_is_refused_with_a_message(
    act: Act, draft: Draft, owner: Person, given: dict[str, object], field: str
) -> None:
    action = act()
    with pytest.raises(Invalid) as refused:
        post_update(action=action, version=1, draft=draft(**given), author=owner)
    assert field in refused.value.fields
    action.refresh_from_db()
    assert (action.version, action.updates.count()) == (1, 0)


def test_an_update_costs_few_queries(
    act: Act, draft: Draft, owner: Person, django_assert_max_num_queries: Callable[..., object]
) -> None:
    action = act()
    with django_assert_max_num_queries(11):  # type: ignore[attr-defined]
        post_update(action=action, version=1, draft=draft(), author=owner)
