"""A plan manager sets an inspection up from nothing, adopts it and corrects a word."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from peerplan.councils.gate import Person
from tests.journeys.browsing import check_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowseAs = Callable[..., Page]


def fill_day(page: Page, legend: str, day: str) -> None:
    """The whole date typed into the first box."""
    page.get_by_role("group", name=legend).get_by_label("Day").fill(day)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_from_nothing_to_a_corrected_word(
    manager: Person, browse_as: BrowseAs, javascript: bool
) -> None:
    page = browse_as(manager, javascript=javascript)

    def check() -> None:
        if javascript:
            check_page(page)

    page.goto("/c/ashdale/challenges/")
    check()
    page.get_by_role("link", name="Set up a challenge").click()
    page.get_by_role("radio", name="Ofsted").check()
    check()
    press(page, "Continue")
    page.get_by_label("Title").fill("Inspection of children’s services 2025")
    press(page, "Set up the challenge")
    expect(page.get_by_role("link", name="Enter the first day on site.")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Inspection of children’s services 2025")
    check()
    fill_day(page, "First day on site", "3 3 2025")
    fill_day(page, "Last day on site", "14 March 2025")
    press(page, "Set up the challenge")
    check()
    setup = page.url

    page.get_by_role("link", name="Report, deadlines and progress review").click()
    fill_day(page, "Report received on", "31 3 2025")
    press(page, "Save")
    page.get_by_role("link", name="Report, deadlines and progress review").click()
    expect(page.get_by_text("by 30 April 2025", exact=False)).to_be_visible()
    check()

    page.goto(setup)
    page.get_by_role("link", name="Themes").click()
    page.get_by_label("Care leavers").uncheck()
    page.get_by_label("Focus areas across the themes").fill("Placements near home")
    press(page, "Save themes")
    check()
    page.get_by_role("button", name="Move up Placements near home").click()
    page.get_by_role("link", name="Set up", exact=True).click()

    page.get_by_role("link", name="Inspection team").click()
    page.get_by_label("Role").fill("Lead inspector")
    press(page, "Add")
    check()
    page.get_by_role("link", name="Set up", exact=True).click()

    page.get_by_role("link", name="What the inspectors said").click()
    page.get_by_label("Theme").select_option(label="Children in care")
    page.get_by_label("What was said").fill("Carers are well supported.\nPlans are clear.")
    press(page, "Add")
    check()
    page.get_by_role("link", name="Set up", exact=True).click()

    page.get_by_role("link", name="Recommendations and responses").click()
    page.get_by_role("link", name="Paste a list").click()
    page.get_by_label("Recommendations", exact=True).fill(
        "1 Visit every child on time\n1.1 Tell managers of late visits\n2 Give carers a break"
    )
    press(page, "Save")
    check()
    page.get_by_role("button", name="Move up 2").click()
    headings = page.locator("article h2")
    expect(headings).to_contain_text(["Give carers", "Visit every", "Tell managers"])
    page.get_by_role("link", name="Change of recommendation 1", exact=True).click()
    page.get_by_label("Wording").fill("Visit every child in tme.")
    page.get_by_label("Children in care").check()
    page.get_by_role("radio", name="Partly accepted").check()
    press(page, "Save")

    page.get_by_role("link", name="Set up", exact=True).click()
    page.get_by_role("link", name="Adopt the plan").click()
    expect(page.get_by_text("Recommendations 2 and 1.1 have no response.")).to_be_visible()
    fill_day(page, "On which day was the plan adopted?", "1/7/2025")
    check()
    press(page, "Save")
    expect(page.get_by_text("The plan was adopted on 1 July 2025.")).to_be_visible()

    page.get_by_role("link", name="Recommendations and responses").click()
    page.get_by_role("link", name="Correct the wording of recommendation 1", exact=True).click()
    page.get_by_label("Wording").fill("Visit every child in time.")
    page.get_by_label("Why is it corrected?").fill("A letter was lost when it was copied.")
    check()
    press(page, "Save")
    page.goto(setup.replace("/setup/", "/visit/"))
    expect(page.get_by_text("A letter was lost when it was copied.")).to_be_visible()
    expect(page.get_by_text("Visit every child in tme.")).to_be_visible()
    check()
