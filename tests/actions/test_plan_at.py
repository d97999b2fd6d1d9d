"""The plan as at any day, and as known on any."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from actions.models import Action, Visibility
from actions.rules import UpdateDraft
from actions.services.plan import ActionDetails, change_action
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
PLAN = "/c/ashdale/cpc-2024/"
pytestmark = pytest.mark.django_db


def html(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def told(act: Act, draft: Draft, owner: Person) -> Action:
    """An action with an update typed on 2 April, and one for an earlier day typed on 1 June."""
    with time_machine.travel(datetime(2025, 1, 6, 9, tzinfo=UTC), tick=False):
        action = act()
    with time_machine.travel(datetime(2025, 4, 2, 9, tzinfo=UTC), tick=False):
        post_update(action=action, version=1, draft=draft(commentary="Typed first."), author=owner)
    with time_machine.travel(datetime(2025, 6, 1, 9, tzinfo=UTC), tick=False):
        late = draft(as_at=date(2025, 3, 1), commentary="Typed late.", rating="amber")
        late = UpdateDraft(**(late.__dict__ | {"recovery_plan": "Two more."}))
        post_update(action=action, version=2, draft=late, author=owner)
    return action


@pytest.mark.parametrize(
    ("address", "seen", "unseen"),
    [
        ("at/2025-03-31/", "Typed first.", "Typed late."),
        ("at/2025-03-15/", "Typed late.", "Typed first."),
        ("at/2025-03-15/?known_by=2025-05-01", "No update yet", "Typed late."),
        ("at/2025-03-31/?known_by=2025-04-01", "No update yet", "Typed first."),
        ("at/2025-03-31/?known_by=2025-04-02", "Typed first.", "Typed late."),
        ("at/2025-03-15/?known_by=2025-06-01T12:00", "Typed late.", "Typed first."),
        ("at/31-3-2025/", "Typed first.", "Typed late."),
    ],
)
def test_an_officer_reads_any_day_as_known_on_any(
    told: Action, owner: Person, signed_in: SignedIn, address: str, seen: str, unseen: str
) -> None:
    page = html(signed_in(owner).get(PLAN + address))
    assert "The plan as at" in page
    assert seen in page
    assert unseen not in page
    assert ">Update<" not in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("at/2025-02-31/", 422),
        ("at/2090-01-01/", 422),
        ("at/1990-01-01/", 422),
        ("at/0000-00-00/", 422),
        ("at/2025-03-31/?known_by=yesterday", 422),
        ("at/2025-03-31/?known_by=2025-13-01", 422),
        ("at/2025-03-31/?known_by=2090-01-01", 200),
        ("at/never/", 404),
    ],
)
def test_an_impossible_day_is_refused_with_a_message(
    told: Action, owner: Person, signed_in: SignedIn, address: str, status: int
) -> None:
    response = signed_in(owner).get(PLAN + address)
    assert response.status_code == status
    if status == 422:
        assert "There is no plan to show for that day" in html(response)


def test_a_member_sees_no_later_than_the_release(
    told: Action,
    draft: Draft,
    owner: Person,
    manager: Person,
    member: Person,
    challenge: PeerChallenge,
    signed_in: SignedIn,
) -> None:
    client = signed_in(member)
    assert "Nothing has been released yet" in html(client.get(f"{PLAN}at/2025-03-31/"))
    with time_machine.travel(datetime(2025, 4, 10, 9, tzinfo=UTC), tick=False):
        release_position(
            challenge=challenge, as_at=date(2025, 3, 31), reason="Panel", author=manager
        )
    assert "Typed first." in html(client.get(f"{PLAN}at/2025-03-31/"))
    assert "Typed late." not in html(client.get(f"{PLAN}at/2025-03-15/"))
    later = "at/2025-03-15/?known_by=2025-12-31"
    assert "Typed late." not in html(client.get(PLAN + later)), "known after the release"
    response = client.get(f"{PLAN}at/2025-04-01/")
    assert response.status_code == 422
    assert "has not been released yet" in html(response)


def test_a_link_from_the_past_leads_to_the_action_by_its_present_reference(
    told: Action,
    owner: Person,
    manager: Person,
    recommendation: Recommendation,
    signed_in: SignedIn,
) -> None:
    details = ActionDetails("1.9", "Renamed", date(2024, 12, 17), lead_role="Head of Housing")
    details = ActionDetails(**(details.__dict__ | {"original_due": date(2025, 6, 30)}))
    change_action(
        action=told,
        version=3,
        details=details,
        recommendations=[recommendation],
        author=manager,
        reason="Order",
    )
    page = html(signed_in(owner).get(f"{PLAN}at/2025-03-31/?known_by=2025-04-02"))
    assert "Do what action 1.1 says" in page
    assert f'href="{PLAN}1.9/"' in page


def test_time_travel_does_not_open_what_is_exempt_now(
    told: Action,
    owner: Person,
    manager: Person,
    recommendation: Recommendation,
    signed_in: SignedIn,
) -> None:
    change_action(
        action=told,
        version=3,
        details=ActionDetails(
            "1.1",
            "Hush",
            date(2024, 12, 17),
            original_due=date(2025, 6, 30),
            visibility=Visibility.EXEMPT,
            exempt_paragraph=3,
        ),
        recommendations=[recommendation],
        author=manager,
        reason="Bids came in",
    )
    address = f"{PLAN}at/2025-03-31/?known_by=2025-04-02"
    assert "Do what action 1.1 says" not in html(signed_in(owner).get(address))
    assert "Do what action 1.1 says" in html(signed_in(manager).get(address))


@pytest.mark.parametrize("typed", ["31 3 2025", "31/3/2025", "2025-03-31", "31 March 2025"])
def test_a_day_typed_on_the_plan_leads_to_the_plan_of_that_day(
    typed: str, told: Action, owner: Person, signed_in: SignedIn
) -> None:
    response = signed_in(owner).get(PLAN, {"as_at": typed})
    assert response.status_code == 302
    assert response["Location"] == f"{PLAN}at/2025-03-31/"


def test_what_is_no_day_is_kept_and_asked_for_again(
    told: Action, owner: Person, signed_in: SignedIn
) -> None:
    response = signed_in(owner).get(PLAN, {"as_at": "32 3 2025"})
    assert response.status_code == 422
    assert "“32 3 2025” is not a real date." in html(response)
    assert 'value="32 3 2025"' in html(response)
