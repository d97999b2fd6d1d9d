"""Bodies, a meeting, closure days, templates and a route set up; then the first paper takes in
what scrutiny said. With JavaScript, one form by keyboard alone, and without JavaScript."""

import pytest
from playwright.sync_api import Locator, Page, expect

from peerplan.councils.gate import Person
from reviews.models import PeerChallenge
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import fill_day, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEETINGS = "/c/ashdale/meetings/"
SCRUTINY = "Corporate Scrutiny Committee"
COMMENTS = "The Committee wants to hear from tenants before the standard is agreed."
MINUTE = "The Committee noted the plan and asked for a report on empty homes."


def tab_to(page: Page, place: Locator) -> None:
    """As many presses of Tab as it takes; fails where the place cannot be reached so."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if place.evaluate("place => place === document.activeElement"):
            return
    raise AssertionError("Tab does not lead there")


def follow(page: Page, name: str) -> None:
    """A link of the page itself."""
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def add_body_by_keyboard(page: Page) -> None:
    """Scrutiny, without a mouse: from the link on the empty page to the saved body."""
    tab_to(page, page.get_by_role("link", name="Add a body"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/bodies/new/")
    tab_to(page, page.get_by_label("Name"))
    page.keyboard.type(SCRUTINY)
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("How papers call it in a sentence"))
    page.keyboard.type("the Committee")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The body is added.")).to_be_visible()


def add_body(page: Page, name: str, kind: str, called: str = "") -> None:
    page.goto(f"{MEETINGS}bodies/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("radio", name=kind).check()
    page.get_by_label("How papers call it in a sentence").fill(called)
    press(page, "Save")
    expect(page.get_by_text("The body is added.")).to_be_visible()


def add_meeting(page: Page, body: str, day: str) -> None:
    page.goto(f"{MEETINGS}new/")
    page.get_by_label("Which body meets?").select_option(label=body)
    fill_day(page, "Date of the meeting", day)
    page.get_by_label("Time").fill("6.30pm")
    page.get_by_label("Place").fill("Council Chamber")
    press(page, "Save")


@pytest.mark.usefixtures("june")
@pytest.mark.parametrize("javascript", [True, False])
def test_from_no_bodies_to_a_paper_that_takes_in_what_scrutiny_said(
    challenge: PeerChallenge,
    democratic: Person,
    member: Person,
    browse_as: BrowseAs,
    javascript: bool,
) -> None:
    page = browse_as(democratic, javascript=javascript)

    def check() -> None:
        if javascript:
            check_page(page)

    page.goto(MEETINGS)
    check()
    if javascript:
        add_body_by_keyboard(page)
    else:
        add_body(page, SCRUTINY, "Overview and scrutiny committee", "the Committee")
    add_body(page, "Cabinet", "Cabinet or executive")
    check()

    follow(page, SCRUTINY)
    page.get_by_label("Who sits on it?").select_option(
        label=f"{member.membership} ({member.user.email})"
    )
    page.get_by_label("Office").fill("Chair")
    press(page, "Add")
    expect(page.get_by_text("The seat is taken.")).to_be_visible()
    check()

    add_meeting(page, SCRUTINY, "5 6 2025")
    add_meeting(page, "Cabinet", "31 6 2025")
    expect(page.get_by_role("link", name="Enter a real date")).to_be_visible()
    expect(page.get_by_label("Time")).to_have_value("6.30pm")
    expect(page.get_by_label("Place")).to_have_value("Council Chamber")
    expect(page.get_by_label("Which body meets?").locator("option:checked")).to_have_text("Cabinet")
    check()
    fill_day(page, "Date of the meeting", "24 6 2025")
    press(page, "Save")
    expect(page.get_by_text("Publish by Monday 16 June 2025")).to_be_visible()
    check()

    follow(page, "Closure days")
    fill_day(page, "First day closed", "18 6 2025")
    page.get_by_label("Reason").fill("Move to other offices")
    press(page, "Add")
    expect(page.get_by_text("The last days to publish are worked out anew.")).to_be_visible()
    check()
    page.goto(MEETINGS)
    expect(page.get_by_text("Publish by Friday 13 June 2025")).to_be_visible()

    follow(page, "Report templates")
    check()
    press(page, "Add the five ready-made templates")
    check()

    page.goto(f"{MEETINGS}routes/")
    follow(page, "New route")
    check()
    page.get_by_role("radio", name="Scrutiny, then Cabinet").check()
    press(page, "Continue")
    page.get_by_label("Name of the route").fill("Progress, June 2025")
    page.get_by_label("Step 1").select_option(label=f"{SCRUTINY}, Thursday 5 June 2025 (past)")
    expect(page.get_by_label("Step 2").locator("option:checked")).to_have_text(
        "Cabinet, Tuesday 24 June 2025"
    )
    check()
    press(page, "Make the route")

    follow(page, f"Record the outcome of {SCRUTINY}")
    page.get_by_label("Comments of the body").fill(COMMENTS)
    page.get_by_label("Minute number").fill("12")
    page.get_by_label("Minute (optional)", exact=True).fill(MINUTE)
    check()
    press(page, "Save")
    expect(page.get_by_text(f"Minute 12 of {SCRUTINY}")).to_be_visible()
    check()

    follow(page, "Write the report to Cabinet")
    press(page, "Start the paper")
    follow(page, "Add sections and tables from the plan")
    check()
    page.get_by_label("Minutes of earlier meetings").check()
    press(page, "Add")
    follow(page, "Preview")
    expect(page.get_by_text(COMMENTS)).to_be_visible()
    expect(page.get_by_text(MINUTE)).to_be_visible()
