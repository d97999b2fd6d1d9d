"""A member asks about the plan, its lead answers, and the body closes and reads the question."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from actions.services.releases import release_position
from peerplan.councils.gate import Person
from peerplan.papers.models import Paper, RouteStep
from peerplan.papers.services import meetings
from peerplan.papers.services.papers import refresh_figures
from reviews.models import PeerChallenge
from tests.conftest import Act
from tests.journeys.browsing import check_page, sideways
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = "/c/ashdale/cpc-2024/"
QUESTION = f"{PLAN}questions/1/"
WHY = "Why is the backlog no shorter?\n\nTenants tell us of waits of " + "very " * 30 + "long."


@pytest.fixture
def released(
    june: None, act: Act, challenge: PeerChallenge, cabinet_step: RouteStep, manager: Person
) -> PeerChallenge:
    """A plan of one action, released as at 31 May 2025, on its way to Cabinet."""
    act("1.1")
    release_position(
        challenge=challenge, as_at=date(2025, 5, 31), reason="For Cabinet", author=manager
    )
    return challenge


def take_seat(member: Person, step: RouteStep, democratic: Person) -> None:
    meetings.add_seat(
        body=step.body, membership=member.membership, office="Leader", author=democratic
    )


@pytest.mark.parametrize("javascript", [True, False])
def test_a_question_is_asked_answered_closed_and_printed(
    released: PeerChallenge,
    paper: Paper,
    cabinet_step: RouteStep,
    browse_as: BrowseAs,
    member: Person,
    owner: Person,
    democratic: Person,
    javascript: bool,
) -> None:
    def check(page: Page) -> None:
        if javascript:  # axe is a script
            check_page(page)
        else:
            assert sideways(page) == [], page.url

    asks, leads, writes = (
        browse_as(each, javascript=javascript, width=320) for each in (member, owner, democratic)
    )
    asks.goto(f"{PLAN}1.1/")
    asks.get_by_role("link", name="Ask a question").click()
    expect(asks.get_by_text("You have no seat on a body")).to_be_visible()
    check(asks)
    take_seat(member, cabinet_step, democratic)
    asks.goto(f"{PLAN}1.1/")
    asks.get_by_role("link", name="Ask a question").click()
    press(asks, "Ask the question")
    expect(asks.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Write the question."
    )
    check(asks)
    asks.get_by_label("Question", exact=True).fill(WHY)
    press(asks, "Ask the question")
    expect(asks.get_by_text("1. Why is the backlog").first).to_be_visible()
    check(asks)

    leads.goto(QUESTION)
    check(leads)
    leads.get_by_role("textbox", name="Answer", exact=True).fill("The roofer left in May.")
    press(leads, "Answer")
    expect(leads.get_by_text("Your answer is saved.")).to_be_visible()

    asks.goto(QUESTION)
    expect(asks.get_by_text("The roofer left in May.")).to_be_visible()
    asks.locator("summary", has_text="Close the question").click()
    check(asks)
    press(asks, "Close the question")
    expect(asks.get_by_text("The question is closed.")).to_be_visible()
    check(asks)

    refresh_figures(paper=paper, version=paper.version, as_at=date(2025, 6, 10), author=democratic)
    writes.goto(f"/c/ashdale/papers/{paper.pk}/parts/drafted/")
    writes.get_by_label("Members’ questions").check()
    press(writes, "Add")
    writes.goto(f"/c/ashdale/papers/{paper.pk}/preview/")
    expect(writes.get_by_text("The roofer left in May.")).to_be_visible()
    check(writes)


def test_two_answers_at_once_are_both_kept(
    released: PeerChallenge,
    cabinet_step: RouteStep,
    browse_as: BrowseAs,
    member: Person,
    owner: Person,
    manager: Person,
    democratic: Person,
) -> None:
    take_seat(member, cabinet_step, democratic)
    asks, first, second = (browse_as(each) for each in (member, owner, manager))
    asks.goto(f"{PLAN}questions/new/?action=1.1")
    asks.get_by_label("Question", exact=True).fill(WHY)
    press(asks, "Ask the question")
    expect(asks.get_by_text("1. Why is the backlog").first).to_be_visible()
    for page, words in ((first, "The roofer left in May."), (second, "Bad weather.")):
        page.goto(QUESTION)
        page.get_by_role("textbox", name="Answer", exact=True).fill(words)
    press(first, "Answer")
    expect(first.get_by_text("Your answer is saved.")).to_be_visible()
    with second.expect_response(lambda answer: answer.status == 409):
        press(second, "Answer")
    expect(second.get_by_role("region", name="Saved by Head of Housing")).to_contain_text(
        "The roofer left in May."
    )
    expect(second.get_by_role("textbox", name="Answer", exact=True)).to_have_value("Bad weather.")
    check_page(second)
    press(second, "Add to the answer")
    expect(second.get_by_text("Your answer is saved.")).to_be_visible()
    expect(second.get_by_text("Bad weather.")).to_be_visible()
