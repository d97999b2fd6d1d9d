"""The plan page: what it shows to whom, its filters and what it costs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, Visibility
from actions.rules import UpdateDraft
from actions.services.plan import ActionDetails, create_action
from actions.services.releases import post_recommendation_update, release_position
from actions.services.updates import post_update
from peerplan.core import history
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
PLAN = "/c/ashdale/cpc-2024/"


def html(response: Any) -> str:
    return str(response.content.decode())


def test_it_shows_recommendations_with_their_actions(
    act: Act, draft: Draft, owner: Person, signed_in: SignedIn
) -> None:
    action = act(title="Map the repairs service")
    post_update(action=action, version=1, draft=draft(), author=owner)
    page = html(signed_in(owner).get(PLAN))
    assert "Repair homes faster" in page
    assert "Map the repairs service" in page
    assert "The first three areas have been mapped." in page
    assert "The one action is complete, on track or in normal work." in page
    assert "status--green" in page


def test_before_the_first_release_a_member_reads_that_there_is_none(
    act: Act, member: Person, signed_in: SignedIn
) -> None:
    act(title="Map the repairs service")
    response = signed_in(member).get(PLAN)
    assert response.status_code == 200
    assert "Nothing has been released yet" in html(response)
    assert "Map the repairs service" not in html(response)


def test_a_member_reads_the_last_release_and_an_officer_what_is_live(
    act: Act,
    draft: Draft,
    owner: Person,
    manager: Person,
    member: Person,
    challenge: PeerChallenge,
    signed_in: SignedIn,
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner)
    release_position(
        challenge=challenge, as_at=date(2025, 4, 1), reason="For scrutiny", author=manager
    )
    late = draft(as_at=date(2025, 5, 1), commentary="Only officers know this yet.")
    post_update(action=action, version=2, draft=late, author=owner)
    assert "Only officers know this yet." in html(signed_in(owner).get(PLAN))
    seen = html(signed_in(member).get(PLAN))
    assert "Only officers know this yet." not in seen
    assert "The first three areas have been mapped." in seen
    assert "Position at" in seen


def test_an_exempt_action_is_withheld_and_counted_as_such(
    act: Act, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    act("1.1", title="Map the repairs service")
    act("1.2", title="Sell the depot", visibility=Visibility.EXEMPT, exempt_paragraph=3)
    page = html(signed_in(owner).get(PLAN))
    assert "Sell the depot" not in page
    assert "1 action not for publication is left out." in page
    assert "Sell the depot" in html(signed_in(manager).get(PLAN))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=green", ["1.1"]),
        ("status=none", ["1.2", "1.3"]),
        ("lead=Head of Property", ["1.2"]),
        ("lead=me", ["1.1", "1.3"]),
        ("due=overdue", ["1.1", "1.2"]),
        ("q=mapped", ["1.1"]),
        ("q=1.2", ["1.2"]),
        ("q=head property", ["1.2"]),
        ("theme=Nothing", ["1.1", "1.2", "1.3"]),
        ("status=green&lead=Head of Property", []),
    ],
)
def test_filters(
    act: Act, draft: Draft, owner: Person, signed_in: SignedIn, query: str, found: list[str]
) -> None:
    first = act("1.1")
    act("1.2", lead_role="Head of Property")
    act("1.3", original_due=date(2090, 1, 1))
    post_update(action=first, version=1, draft=draft(), author=owner)
    page = html(signed_in(owner).get(f"{PLAN}?{query}"))
    assert [ref for ref in ("1.1", "1.2", "1.3") if f'id="a{ref}"' in page] == found


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("status=purple", "The plan has no status “purple”"),
        ("theme=%00", "The plan has no theme"),
        ("due=<b>", "The plan has no due “&lt;b&gt;”"),
        ("colour=red", "There is no filter called “colour”"),
    ],
)
def test_an_unknown_filter_is_left_out_with_a_message(
    act: Act, owner: Person, signed_in: SignedIn, query: str, message: str
) -> None:
    act()
    response = signed_in(owner).get(f"{PLAN}?{query}")
    assert response.status_code == 200
    assert message in html(response)
    assert 'id="a1.1"' in html(response)


@pytest.mark.parametrize("number", [3, 40])
def test_it_costs_at_most_fifteen_queries_at_any_size(
    act: Act,
    draft: Draft,
    owner: Person,
    manager: Person,
    challenge: PeerChallenge,
    signed_in: SignedIn,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for index in range(number):
        action = act(f"1.{index + 1}")
        post_update(action=action, version=1, draft=draft(), author=owner)
    release_position(
        challenge=challenge, as_at=date(2025, 4, 1), reason="For scrutiny", author=manager
    )
    client = signed_in(owner)
    with django_assert_max_num_queries(15):
        assert html(client.get(PLAN)).count('id="a1.') == number


def test_another_councils_person_finds_nothing(
    act: Act, outsider: Person, signed_in: SignedIn
) -> None:
    act()
    assert signed_in(outsider).get(PLAN).status_code == 404


def test_a_challenge_that_is_not_there_is_not_found(owner: Person, signed_in: SignedIn) -> None:
    assert signed_in(owner).get("/c/ashdale/no-such/").status_code == 404


def test_a_filter_leaves_what_is_said_of_a_whole_recommendation(
    act: Act, draft: Draft, owner: Person, signed_in: SignedIn
) -> None:
    act("1.2", title="Set standards")
    post_update(action=act(title="Map the service"), version=1, draft=draft(), author=owner)
    page = html(signed_in(owner).get(f"{PLAN}?status=green"))
    assert "Set standards" not in page
    assert "Green 1, Not started 1. Most serious: Not started." in page


def test_where_the_councils_own_status_differs_the_page_says_so(
    act: Act,
    draft: Draft,
    owner: Person,
    manager: Person,
    recommendation: Recommendation,
    signed_in: SignedIn,
) -> None:
    action = act()
    late = draft(rating="red", decision_sought="Cabinet to choose.")
    post_update(action=action, version=1, draft=late, author=owner)
    own = {"recommendation": recommendation, "as_at": date(2025, 4, 1), "summary": "All is well."}
    post_recommendation_update(**own, version=1, status="green", author=manager)
    client = signed_in(owner)
    page = html(client.get(PLAN))
    assert "All is well." in page
    assert (
        "The council gives this recommendation as Green; the most serious of its actions is Red."
    ) in page
    post_recommendation_update(**own, version=2, status="red", author=manager)
    assert "The council gives this recommendation as" not in html(client.get(PLAN))


def test_an_action_under_no_recommendation_has_its_own_section(
    act: Act, challenge: PeerChallenge, manager: Person, signed_in: SignedIn
) -> None:
    act("1.1")
    details = ActionDetails("9.1", "Found along the way", date(2024, 12, 17))
    create_action(challenge=challenge, details=details, recommendations=[], author=manager)
    page = html(signed_in(manager).get(PLAN))
    assert page.index("Under no recommendation") < page.index("Found along the way")


def test_an_action_that_answers_two_recommendations_is_counted_once(
    challenge: PeerChallenge,
    recommendation: Recommendation,
    manager: Person,
    signed_in: SignedIn,
) -> None:
    second = Recommendation(challenge=challenge, ref="2", title="Listen", position=2)
    history.save(second, author=manager.user)
    create_action(
        challenge=challenge,
        details=ActionDetails("1.1", "Serve both", date(2024, 12, 17)),
        recommendations=[recommendation, second],
        author=manager,
    )
    page = html(signed_in(manager).get(PLAN))
    assert page.count("Serve both") == 2
    assert page.count('id="a1.1"') == 1
    assert "Showing 1 action under 2 recommendations" in page
