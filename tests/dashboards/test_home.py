"""The council's home and a person's own actions."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import ProgressUpdate
from peerplan.core import history
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge
from tests.plugins.plans import CANARY, Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
HOME = "/c/ashdale/"
MINE = "/c/ashdale/my-actions/"


def test_a_plan_manager_sees_where_the_plan_stands_and_what_to_do(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(HOME))
    assert "Two actions are off track" in page
    assert "Corporate Peer Challenge 2024: deadlines" in page
    assert "Release the position 1 One action changed since members last saw the plan." in page
    assert "1.2 Review the schedule of rates went from Amber to Green" in page
    assert "Set up a challenge" in page


def test_a_claim_is_a_task_only_for_those_who_may_check_it(
    plan: Plan, manager: Person, lead: Person, signed_in: SignIn
) -> None:
    claim = ProgressUpdate.objects.filter(action=plan.actions["1.3"]).latest("recorded_at")
    assert claim.author == manager.user
    assert "Check a claimed completion" not in text_of(signed_in(manager).get(HOME))
    page = text_of(signed_in(lead).get(HOME))
    assert "Check a claimed completion 1 1.3: a second person" in page


def test_a_closed_plan_has_no_deadlines_and_no_card_beside_an_open_one(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    earlier = PeerChallenge(
        council=manager.council,
        slug="challenge-2019",
        title="Corporate Peer Challenge 2019",
        on_site_from=date(2019, 3, 5),
        on_site_to=date(2019, 3, 7),
        adopted_on=date(2019, 6, 1),
        closed_on=date(2023, 5, 4),
    )
    history.save(earlier, author=manager.user, reason="Set up.")
    page = text_of(signed_in(manager).get(HOME))
    assert "Corporate Peer Challenge 2019: deadlines" not in page
    assert "Earlier: Corporate Peer Challenge 2019, closed on 4 May 2023" in page
    assert "There are no actions in the plan yet" not in page


def test_an_owner_sees_their_own_overdue_action_first(
    plan: Plan, owner: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(owner).get(HOME))
    assert "What needs you Update 1.1 24 days overdue Clear the backlog of repairs" in page
    assert "Release the position" not in page


def test_each_task_leads_to_where_it_is_done(
    plan: Plan, travel: Any, owner: Person, manager: Person, signed_in: SignIn
) -> None:
    travel.move_to("2025-10-01 09:00:00+00:00")
    for person in (owner, manager):
        client = signed_in(person)
        page = client.get(HOME).content.decode()
        tasks = page[page.index('class="tasks"') :].split("</ul>")[0]
        links = re.findall(r'href="([^"]+)"', tasks)
        assert links
        assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_a_member_sees_what_was_released_and_nothing_since(
    plan: Plan, member: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(member).get(HOME))
    assert "position at 31 May 2025" in page
    assert "1.1 needs a decision Red Cabinet to choose a contractor for 1.1." in page
    assert "Recent changes" not in page
    assert CANARY not in page


def test_a_lead_sees_decisions_that_are_sought(plan: Plan, lead: Person, signed_in: SignIn) -> None:
    assert "1.5 needs a decision" in text_of(signed_in(lead).get(HOME))


def test_members_before_the_first_release(
    challenge: PeerChallenge, act: Callable[..., object], member: Person, signed_in: SignIn
) -> None:
    act()
    page = text_of(signed_in(member).get(HOME))
    assert "No position has been released yet" in page
    assert "Do what action 1.1 says" not in page


def test_officers_before_the_first_release(
    challenge: PeerChallenge, act: Callable[..., object], manager: Person, signed_in: SignIn
) -> None:
    act()
    page = text_of(signed_in(manager).get(HOME))
    assert "Release the position First Members and peers see nothing" in page


def test_an_empty_council_offers_a_beginning_to_those_who_may(
    manager: Person, member: Person, signed_in: SignIn
) -> None:
    page = signed_in(manager).get(HOME)
    assert "No peer challenge has been set up yet" in text_of(page)
    assert b"/c/ashdale/challenges/new/" in page.content
    page = signed_in(member).get(HOME)
    assert b"/c/ashdale/challenges/new/" not in page.content


def test_a_challenge_without_actions_has_no_bar(
    challenge: PeerChallenge, democratic: Person, signed_in: SignIn
) -> None:
    page = signed_in(democratic).get(HOME)
    assert "There are no actions in the plan yet." in text_of(page)
    assert b'class="bar"' not in page.content


@pytest.mark.parametrize("url", [HOME, MINE])
def test_a_stranger_finds_nothing_and_nobody_may_post(
    challenge: PeerChallenge, outsider: Person, owner: Person, signed_in: SignIn, url: str
) -> None:
    assert signed_in(outsider).get(url).status_code == 404
    assert signed_in(owner).post(url).status_code == 405


def test_home_costs_few_queries(
    hundred: Plan, manager: Person, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(manager)
    client.get(HOME)
    with django_assert_max_num_queries(15):
        assert client.get(HOME).status_code == 200


def test_my_actions_are_those_i_lead_by_post_or_by_name(
    plan: Plan, owner: Person, act: Callable[..., Any], signed_in: SignIn
) -> None:
    act("1.7", title="Named for a person", lead_role="Somebody", lead_person=owner.membership)
    page = text_of(signed_in(owner).get(MINE))
    assert "Clear the backlog of repairs" in page
    assert "Named for a person" in page
    assert "Train the call handlers" not in page
    assert CANARY not in page


def test_the_most_pressing_comes_first(plan: Plan, owner: Person, signed_in: SignIn) -> None:
    page = text_of(signed_in(owner).get(MINE))
    assert "1 of your 3 actions needs you now." in page
    assert page.index("Clear the backlog") < page.index("In hand") < page.index("Review the")
    assert page.index("Review the") < page.index("Done (1)") < page.index("Publish a repairs")
    assert "24 days overdue" in page


def test_nobody_needs_to_lead_anything(
    challenge: PeerChallenge, owner: Person, signed_in: SignIn
) -> None:
    assert "You lead no actions" in text_of(signed_in(owner).get(MINE))


def test_my_actions_are_for_those_who_update(
    challenge: PeerChallenge, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    for person in (member, democratic):
        assert signed_in(person).get(MINE).status_code == 403


def test_my_actions_cost_few_queries(
    hundred: Plan, owner: Person, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(owner)
    client.get(MINE)
    with django_assert_max_num_queries(10):
        assert "Head" in text_of(client.get(MINE))


def test_an_action_of_the_past_says_how_long_it_is_quiet(
    plan: Plan, travel: Any, act: Callable[..., Any], owner: Person, signed_in: SignIn
) -> None:
    travel.move_to("2025-12-01 09:00:00+00:00")
    act("1.8", title="Nobody wrote", in_plan_from=date(2025, 1, 1), original_due=None)
    page = text_of(signed_in(owner).get(MINE))
    assert "1.8 Nobody wrote Not started Never updated" in page
