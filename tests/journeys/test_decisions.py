"""What a body decided is recorded without JavaScript, linked, made in the plan and printed."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from actions.models import Action
from peerplan.councils.gate import Person
from peerplan.papers.models import RouteStep
from reviews.models import Recommendation
from tests.journeys.browsing import check_page, sideways
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Takes into account " + "whatever the committee had to say, " * 12 + "in full."


@pytest.fixture
def july() -> Iterator[None]:
    """Tuesday 1 July 2025, after both meetings, the clock running."""
    with time_machine.travel("2025-07-01 09:00:00+00:00", tick=True):
        yield


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


@pytest.fixture
def decision(
    july: None, act: Callable[..., Action], recommendation: Recommendation, cabinet_step: RouteStep
) -> str:
    """The address of Cabinet's decision, in a plan of one action."""
    act("1.1", title="Map how repairs are done, from the call to the last visit of a roofer")
    cabinet_step.minute_number, cabinet_step.minute = "54", "Cabinet considered the plan."
    cabinet_step.save()
    return f"/c/ashdale/meetings/routes/{cabinet_step.route_id}/steps/{cabinet_step.pk}/decision/"


def test_a_decision_is_recorded_and_linked(
    decision: str, browse_as: BrowseAs, democratic: Person
) -> None:
    page = browse_as(democratic, javascript=False, width=320)
    page.goto(decision)
    follow(page, "Add resolutions")
    page.get_by_label("What was resolved").fill(f"1) Agrees the plan.\n2) {LONG}")
    press(page, "Add")
    follow(page, "Change or link resolution 1")
    page.get_by_label("Actions it concerns").fill("1.1, 8.8")
    press(page, "Save")
    expect(page.get_by_role("alert", name="There is a problem")).to_contain_text(
        "There is no action 8.8 in this plan."
    )
    assert sideways(page) == []
    page.get_by_label("Actions it concerns").fill("1.1")
    page.get_by_label("Recommendations it concerns").fill("1")
    press(page, "Save")
    expect(page.get_by_role("link", name="Action 1.1")).to_be_visible()

    follow(page, "Votes, points and reasons")
    page.get_by_label("Votes for").fill("6")
    page.get_by_label("Votes against").fill("-1")
    press(page, "Save")
    expect(page.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Enter a number from 0 to 200."
    )
    assert sideways(page) == []
    page.get_by_label("Votes against").fill("1")
    page.get_by_label("Points made").fill("Members asked:\n\n- about repairs\n- about money")
    press(page, "Save")
    expect(page.get_by_text("6 for, 1 against")).to_be_visible()
    assert sideways(page) == []


def test_the_plan_is_amended_and_members_read_it(
    decision: str, browse_as: BrowseAs, manager: Person, member: Person
) -> None:
    page = browse_as(manager, width=320)
    page.goto(decision)
    follow(page, "Amend the plan")
    page.get_by_label("Which action did the body amend?").select_option("1.1")
    press(page, "Continue")
    page.get_by_label("Why, in the body’s words").fill("Members asked for every repair.")
    page.get_by_label("What will the council do?").fill("Map every repair")
    check_page(page)
    press(page, "Amend the plan")
    expect(page.get_by_text("to “Map every repair”")).to_be_visible()
    check_page(page)
    page.goto("/c/ashdale/cpc-2024/1.1/decisions/")
    expect(page.get_by_text("to “Map every repair”")).to_be_visible()
    check_page(page)

    reads = browse_as(member)
    reads.goto("/c/ashdale/meetings/decisions/")
    check_page(reads)
    follow(reads, "Cabinet, 24 June 2025")
    expect(reads.get_by_text("Cabinet considered the plan.")).to_be_visible()
    check_page(reads)
    with reads.expect_download() as taken:
        follow(reads, "Word")
    assert taken.value.suggested_filename == "ashdale-cabinet-2025-06-24-decision.docx"


def test_two_people_record_the_same_decision(
    decision: str, browse_as: BrowseAs, democratic: Person, manager: Person
) -> None:
    first, second = browse_as(democratic), browse_as(manager, width=320)
    for page, points in ((first, "Members asked about repairs."), (second, "A vote was taken.")):
        page.goto(decision)
        follow(page, "Votes, points and reasons")
        page.get_by_label("Points made").fill(points)
    press(first, "Save")
    expect(first.get_by_text("Members asked about repairs.")).to_be_visible()
    with second.expect_response(lambda answer: answer.status == 409):
        press(second, "Save")
    expect(
        second.get_by_role("region", name="Saved by Democratic Services Officer")
    ).to_contain_text("Members asked about repairs.")
    expect(second.get_by_role("region", name="Yours, not saved yet")).to_contain_text(
        "A vote was taken."
    )
    check_page(second)
    second.get_by_label("Points made").fill("Members asked about repairs.\n\nA vote was taken.")
    press(second, "Save")
    first.goto(decision)
    expect(first.get_by_text("Members asked about repairs.")).to_be_visible()
    expect(first.get_by_text("A vote was taken.")).to_be_visible()
    check_page(first)
