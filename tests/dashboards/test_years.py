"""Challenges over the years: themes that recur, what became of each recommendation."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, Lineage, RecommendationUpdate
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.councils.scheme import rating_scheme
from peerplan.dashboards.years import over_the_years, theme_key
from reviews.models import (
    PeerChallenge,
    Recommendation,
    RecommendationTheme,
    Recurrence,
    Theme,
)
from tests.plugins.plans import CANARY, Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
URL = "/c/ashdale/over-the-years/"


def challenge_of(manager: Person, year: int, **given: Any) -> PeerChallenge:
    base = {
        "council": manager.council,
        "slug": f"cpc-{year}",
        "title": f"Peer Challenge {year}",
        "on_site_from": date(year, 2, 7),
        "on_site_to": date(year, 2, 9),
        "adopted_on": date(year, 6, 1),
    }
    row = PeerChallenge(**base | given)
    history.save(row, author=manager.user)
    return row


def recommended(
    challenge: PeerChallenge, manager: Person, ref: str, title: str, theme: str = ""
) -> Recommendation:
    row = Recommendation(challenge=challenge, ref=ref, title=title)
    history.save(row, author=manager.user)
    if theme:
        under = Theme.objects.filter(challenge=challenge, title=theme).first()
        if under is None:
            under = Theme(challenge=challenge, title=theme)
            history.save(under, author=manager.user)
        RecommendationTheme.objects.create(recommendation=row, theme=under, added_by=manager.user)
    return row


@pytest.fixture
def earlier(manager: Person) -> list[Recommendation]:
    """A challenge of 2013 and one of 2017."""
    first, second = challenge_of(manager, 2013), challenge_of(manager, 2017)
    return [
        recommended(first, manager, "1", "Agree a long vision", "Leadership & governance"),
        recommended(first, manager, "2", "Plan the finances", "Money"),
        recommended(
            second, manager, "1", "Say where the place will be", "Leadership and Governance"
        ),
    ]


def test_nobody_has_a_challenge_yet(manager: Person, signed_in: SignIn) -> None:
    assert "No challenges yet" in text_of(signed_in(manager).get(URL))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leadership & governance", "Leadership and Governance"),
        ("Financial planning, and management", "financial planning and management"),
        ("Capacity – improvement", "Capacity improvement"),
    ],
)
def test_one_theme_may_be_written_in_two_ways(one: str, other: str) -> None:
    assert theme_key(one) == theme_key(other)


def test_a_theme_that_came_up_twice_is_counted_in_both(
    earlier: list[Recommendation], manager: Person
) -> None:
    found = over_the_years(manager, rating_scheme(manager.council))
    assert [(row.title, row.counts) for row in found.recurring] == [
        ("Leadership and Governance", (1, 1))
    ]
    assert [row.title for row in found.single] == ["Money"]


def test_a_plan_manager_says_that_a_later_recommendation_takes_one_up(
    earlier: list[Recommendation], manager: Person, signed_in: SignIn
) -> None:
    browser = signed_in(manager)
    url = f"{URL}cpc-2013/1/"
    page = text_of(browser.get(url))
    assert "1 Say where the place will be" in page
    assert "2 Plan the finances" not in page
    given = {"later": earlier[2].pk, "note": "The vision again, ten years on."}
    page = text_of(browser.post(url, given, follow=True))
    assert "Taken up again as 1 Say where the place will be, Peer Challenge 2017." in page
    assert "The vision again, ten years on." in page
    refused = browser.post(url, given)
    assert refused.status_code == 422
    assert "These two are linked already." in text_of(refused)
    link = Recurrence.objects.get()
    page = text_of(browser.post(f"{URL}links/{link.pk}/end/", follow=True))
    assert "Taken up again" not in page
    link.refresh_from_db()
    assert link.ended_by == manager.user


@pytest.mark.parametrize(("later", "message"), [("", "Choose the later"), ("0", "Choose a rec")])
def test_what_takes_it_up_is_of_a_later_challenge(
    later: str, message: str, earlier: list[Recommendation], manager: Person, signed_in: SignIn
) -> None:
    chosen = str(earlier[1].pk) if later == "0" else later
    given = {"later": chosen, "note": "Kept as typed."}
    response = signed_in(manager).post(f"{URL}cpc-2017/1/", given)
    assert response.status_code == 422
    assert message in text_of(response)
    assert "Kept as typed." in text_of(response)


def test_only_a_plan_manager_links(
    earlier: list[Recommendation], democratic: Person, member: Person, signed_in: SignIn
) -> None:
    for person in (democratic, member):
        assert signed_in(person).get(f"{URL}cpc-2013/1/").status_code == 403
        assert "Link to a later one" not in text_of(signed_in(person).get(URL))


def test_the_councils_word_stands_before_the_worst_of_its_actions(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    first = plan.challenge.recommendations.order_by("position", "pk")[0]
    before = text_of(signed_in(manager).get(URL))
    assert "the most serious of its actions" in before
    RecommendationUpdate.objects.create(
        recommendation=first,
        as_at=clock.today(),
        author=manager.user,
        status="complete",
        is_closed=True,
        closing_reason="The rest is normal work of the service.",
    )
    page = text_of(signed_in(manager).get(URL))
    assert "Closed: The rest is normal work of the service." in page
    assert "the council’s own word" in page


def test_members_read_what_was_released(
    plan: Plan, manager: Person, member: Person, signed_in: SignIn
) -> None:
    first = plan.challenge.recommendations.order_by("position", "pk")[0]
    RecommendationUpdate.objects.create(
        recommendation=first, as_at=clock.today(), author=manager.user, status="red", summary="Late"
    )
    assert "Late" in text_of(signed_in(manager).get(URL))
    page = text_of(signed_in(member).get(URL))
    assert "Late" not in page
    assert CANARY not in page
    assert "the most serious of its actions" in page


def test_members_do_not_see_a_challenge_that_is_being_set_up(
    manager: Person, member: Person, signed_in: SignIn
) -> None:
    challenge_of(manager, 2026, adopted_on=None)
    assert "Peer Challenge 2026" in text_of(signed_in(manager).get(URL))
    assert "No challenges yet" in text_of(signed_in(member).get(URL))


def test_an_action_that_went_on_leads_to_where_it_is(
    plan: Plan, earlier: list[Recommendation], manager: Person, member: Person, signed_in: SignIn
) -> None:
    source = plan.actions["1.2"]
    target = Action(
        challenge=earlier[2].challenge, ref="A1", title="Go on", in_plan_from=date(2017, 6, 1)
    )
    history.save(target, author=manager.user)
    Lineage.objects.create(
        source=source,
        target=target,
        kind=Lineage.Kind.CARRIED,
        on=clock.today(),
        reason="It takes longer.",
        added_by=manager.user,
    )
    page = text_of(signed_in(manager).get(URL))
    assert "Action 1.2 went on as A1 Go on in Peer Challenge 2017." in page
    assert "went on as" not in text_of(signed_in(member).get(URL))


@pytest.mark.parametrize("who", ["manager", "member"])
def test_the_page_costs_the_same_for_many_challenges(
    who: str,
    plan: Plan,
    manager: Person,
    signed_in: SignIn,
    request: pytest.FixtureRequest,
    django_assert_max_num_queries: Any,
) -> None:
    for year in range(2001, 2012):
        row = challenge_of(manager, year)
        for number in range(6):
            recommended(row, manager, str(number + 1), f"Do {number}", f"Theme {number}")
    browser = signed_in(request.getfixturevalue(who))
    with django_assert_max_num_queries(15):
        assert browser.get(URL).status_code == 200
