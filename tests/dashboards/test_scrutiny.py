"""The members' dashboard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from peerplan.councils.gate import Person
from reviews.models import PeerChallenge
from tests.plugins.plans import CANARY, Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
URL = "/c/ashdale/cpc-2024/scrutiny/"


def test_a_member_reads_the_last_release_beside_the_one_before(
    plan: Plan, member: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(member).get(URL))
    assert "Position at 31 May 2025" in page
    assert "Two of 5" not in page
    assert "2 of 5 actions are complete, on track or in normal work." in page
    assert "One is at risk and one is off track: 1.1." in page
    assert "31 March 2025, released" in page
    assert "What changed since 31 March 2025" in page
    assert "Clear the backlog of repairs went from Amber to Red." in page
    assert "its date moved from 30 September to 31 December 2025 (92 days)" in page
    assert "not yet checked" in page
    assert "Decision sought: Cabinet to choose a contractor for 1.1." in page
    assert "20 June" not in page


def test_what_is_exempt_is_nowhere_for_those_not_entitled(
    plan: Plan, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    for person in (member, democratic):
        page = text_of(signed_in(person).get(URL))
        assert CANARY not in page
        assert "1 action is not for publication" in page


def test_those_entitled_see_it(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    assert CANARY in text_of(signed_in(manager).get(URL))


def test_officers_read_live_and_see_how_far_members_are_behind(
    plan: Plan, democratic: Person, signed_in: SignIn
) -> None:
    client = signed_in(democratic)
    page = text_of(client.get(URL))
    assert "Position at 24 June 2025" in page
    assert "Members see the position at 31 May 2025, released on 2 June 2025, 10:00." in page
    assert "1 action has changed since." in page
    shown = text_of(client.get(URL, {"show": "released"}))
    assert "You see what members see: the position at 31 May 2025" in shown


def test_any_day_may_be_compared_with(plan: Plan, member: Person, signed_in: SignIn) -> None:
    page = text_of(signed_in(member).get(URL, {"on": "2025-04-15"}))
    assert "15 April 2025, as now known" in page
    assert "What changed since 15 April 2025" in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"on": "31 2 2025"}, "Enter a real date"),
        ({"on": "2023-01-01"}, "The plan began on 26 June 2024"),
        ({"on": "2025-06-20"}, "give an earlier day"),
        ({"since": "2025-01-01"}, "Choose a release from the list."),
        ({"since": "rubbish\x00"}, "Choose a release from the list."),
    ],
)
def test_a_day_that_cannot_be_compared_with_is_refused_in_words(
    plan: Plan, member: Person, signed_in: SignIn, query: dict[str, str], message: str
) -> None:
    response = signed_in(member).get(URL, query)
    assert response.status_code == 422
    assert message in text_of(response)
    assert "Position at 31 May 2025" in text_of(response)


def test_before_the_first_release_members_are_told_so(
    challenge: PeerChallenge, act: Callable[..., object], member: Person, signed_in: SignIn
) -> None:
    act()
    assert "No position has been released yet" in text_of(signed_in(member).get(URL))


def test_before_the_first_release_officers_see_the_plan(
    challenge: PeerChallenge, act: Callable[..., object], democratic: Person, signed_in: SignIn
) -> None:
    act()
    page = text_of(signed_in(democratic).get(URL))
    assert "Members see nothing yet" in page
    assert "There is nothing to compare with yet." in page
    assert "No position has been released yet" in text_of(
        signed_in(democratic).get(URL, {"show": "released"})
    )


def test_a_plan_without_actions_says_so(
    challenge: PeerChallenge, democratic: Person, signed_in: SignIn
) -> None:
    assert "There are no actions in the plan yet" in text_of(signed_in(democratic).get(URL))


def test_the_projector_view_is_the_same_page_on_the_wall(
    plan: Plan, member: Person, signed_in: SignIn
) -> None:
    response = signed_in(member).get(URL, {"view": "projector"})
    assert b'class="projector"' in response.content
    assert "Position at 31 May 2025" in text_of(response)


def test_a_strangers_council_and_an_unknown_challenge_are_not_found(
    plan: Plan, outsider: Person, member: Person, signed_in: SignIn
) -> None:
    assert signed_in(outsider).get(URL).status_code == 404
    assert signed_in(member).get("/c/ashdale/nothing/scrutiny/").status_code == 404


def test_it_is_only_read(plan: Plan, member: Person, signed_in: SignIn) -> None:
    assert signed_in(member).post(URL).status_code == 405


@pytest.mark.parametrize("who", ["member", "manager"])
def test_a_hundred_actions_cost_few_queries(
    hundred: Plan,
    who: str,
    request: pytest.FixtureRequest,
    signed_in: SignIn,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    client = signed_in(request.getfixturevalue(who))
    client.get(URL)
    with django_assert_max_num_queries(20):
        assert client.get(URL).status_code == 200
    with django_assert_max_num_queries(20):
        assert client.get(URL, {"on": "2025-02-15"}).status_code == 200
