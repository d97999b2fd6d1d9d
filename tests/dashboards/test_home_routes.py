"""The ways of papers on the council's home: deadlines, what is late, who is told."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.papers import readiness
from peerplan.papers.models import Paper, Route, RouteStep
from peerplan.papers.services import routes as services
from peerplan.papers.services.routes import StepDetails
from reviews.models import PeerChallenge
from tests.plugins.plans import Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
HOME = "/c/ashdale/"


@pytest.fixture(autouse=True)
def mid_june(travel: time_machine.Traveller) -> None:
    """18 June 2025: the agenda of Cabinet on the 24th should have been public on the 16th."""
    travel.move_to("2025-06-18 09:00:00+00:00")


def test_a_route_stands_on_the_home_page_with_its_deadlines_and_what_is_late(
    route: Route, cabinet_step: RouteStep, democratic: Person, signed_in: SignIn
) -> None:
    answer = signed_in(democratic).get(HOME)
    page = text_of(answer)
    assert "Papers: Progress, June 2025" in page
    assert "19 June 2025 Late" in page
    assert "Publish by Monday 16 June 2025: five clear days before Tuesday 24 June 2025." in page
    assert "Agenda and report for Cabinet on Tuesday 24 June 2025: 2 days late." in page
    assert f'href="/c/ashdale/meetings/routes/{route.pk}/"'.encode() in answer.content
    assert "3 things need you." in page
    assert "Papers: Progress, June 2025 2 late" in page[page.index("What needs you") :]


def test_members_see_it_without_papers_in_writing(
    route: Route,
    scrutiny_step: RouteStep,
    paper: Paper,
    member: Person,
    democratic: Person,
    signed_in: SignIn,
) -> None:
    answer = signed_in(democratic).get(HOME)
    assert "Report in writing to Cabinet." in text_of(answer)
    assert f'href="/c/ashdale/papers/{paper.pk}/"'.encode() in answer.content
    assert f'href="/c/ashdale/papers/steps/{scrutiny_step.pk}/write/"'.encode() in answer.content
    page = text_of(signed_in(member).get(HOME))
    assert "Agenda and report for Cabinet on Tuesday 24 June 2025: 2 days late." in page
    assert "in writing" not in page
    assert "not begun" not in page
    assert "write it" not in page
    assert "Nothing needs you today." in page


def test_what_is_over_no_longer_stands_there(
    route: Route, cabinet_step: RouteStep, democratic: Person, signed_in: SignIn
) -> None:
    services.end_route(route=route, version=1, author=democratic)
    assert "Papers:" not in text_of(signed_in(democratic).get(HOME))


def test_the_next_to_meet_come_first_and_the_rest_have_a_page(
    challenge: PeerChallenge,
    route: Route,
    cabinet_step: RouteStep,
    democratic: Person,
    signed_in: SignIn,
) -> None:
    for number in range(3):
        services.start_route(
            challenge=challenge,
            name=f"Later {number}",
            steps=[StepDetails(body=cabinet_step.body)],
            author=democratic,
        )
    answer = signed_in(democratic).get(HOME)
    page = text_of(answer)
    assert page.index("Papers: Progress, June 2025") < page.index("Papers: Later 2")
    assert "Later 0" not in page
    assert b'href="/c/ashdale/meetings/routes/"' in answer.content


def test_a_route_without_steps_waits_on_its_own_page(
    route: Route, democratic: Person, signed_in: SignIn
) -> None:
    assert "Papers:" not in text_of(signed_in(democratic).get(HOME))


def test_home_costs_few_queries_with_routes(
    hundred: Plan,
    route: Route,
    cabinet_step: RouteStep,
    paper: Paper,
    manager: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(manager)
    client.get(HOME)
    with django_assert_max_num_queries(15):
        assert "Papers:" in text_of(client.get(HOME))


def _needs(answer: Any) -> str:
    page = text_of(answer)
    return page[page.index("What needs you") :]


def test_a_paper_in_writing_says_what_it_waits_for(
    scrutiny_step: RouteStep, paper: Paper, democratic: Person, signed_in: SignIn
) -> None:
    part = paper.parts.get(label="Equality")
    part.text = ""
    history.save(part, author=democratic.user)
    answer = signed_in(democratic).get(HOME)
    assert (
        "Finish the paper for Cabinet 2 days late Waits for one part to be written and one "
        "sign-off. It takes in an earlier meeting that is not recorded yet. "
        "Publish by Monday 16 June."
    ) in _needs(answer)
    assert (
        f'<li><a href="/c/ashdale/papers/{paper.pk}/">Finish the paper'.encode() in answer.content
    )


def test_a_paper_with_nothing_missing_waits_for_its_issue(
    paper: Paper, democratic: Person, signed_in: SignIn
) -> None:
    part = paper.parts.get(label="Financial implications")
    part.sign_off_role = ""
    history.save(part, author=democratic.user)
    answer = signed_in(democratic).get(HOME)
    assert "Issue the paper for Cabinet 2 days late Every part is written" in _needs(answer)
    assert f'<a href="/c/ashdale/papers/{paper.pk}/issue/">Issue the'.encode() in answer.content


def test_a_paper_not_begun_needs_its_writers_from_thirty_days_before(
    cabinet_step: RouteStep,
    democratic: Person,
    owner: Person,
    signed_in: SignIn,
    travel: time_machine.Traveller,
) -> None:
    travel.move_to("2025-05-17 09:00:00+00:00")
    answer = signed_in(democratic).get(HOME)
    assert "Write the paper for Cabinet 30 days left Not begun." in _needs(answer)
    assert (
        f'<a href="/c/ashdale/papers/steps/{cabinet_step.pk}/write/">Write the'.encode()
        in answer.content
    )
    assert "Write the paper" not in _needs(signed_in(owner).get(HOME))
    travel.move_to("2025-05-16 09:00:00+00:00")
    assert "Write the paper for Cabinet" not in _needs(signed_in(democratic).get(HOME))


def test_a_report_for_two_bodies_is_one_task(
    scrutiny_step: RouteStep, paper: Paper, democratic: Person, signed_in: SignIn
) -> None:
    scrutiny_step.paper = paper
    history.save(scrutiny_step, author=democratic.user)
    page = _needs(signed_in(democratic).get(HOME))
    assert page.count("Finish the paper for") == 1


def test_what_home_counts_is_what_the_paper_page_calls_missing(
    paper: Paper, democratic: Person, signed_in: SignIn
) -> None:
    for each in paper.parts.filter(kind__in=("field", "section")):
        each.text = ""
        history.save(each, author=democratic.user)
    rest = paper.parts.get(label="Background papers")
    rest.is_required = True
    history.save(rest, author=democratic.user)
    drawn = paper.parts.get(label="Equality")
    drawn.drafter, drawn.shows_figures = "overdue", True
    history.save(drawn, author=democratic.user)
    found = [readiness.readiness(each) for each in paper.parts.all()]
    assert found.count(readiness.Readiness.MISSING) == 4
    words = "Waits for four parts to be written and one sign-off."
    assert words in _needs(signed_in(democratic).get(HOME))
