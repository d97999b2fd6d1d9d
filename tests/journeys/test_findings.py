"""What is found about the ratings is answered before a release, and the release keeps it."""

import pytest
from playwright.sync_api import expect

from peerplan.councils.gate import Person
from tests.conftest import Act
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "/c/ashdale/cpc-2024/"
NOTE = "The post is advertised; the director answers for it until then."


@pytest.mark.usefixtures("june")
def test_a_finding_is_answered_and_kept_with_the_release(
    act: Act, browse_as: BrowseAs, manager: Person
) -> None:
    act("1.1", lead_role="")
    page = browse_as(manager, width=320)
    page.goto(f"{HERE}release/")
    found = page.locator("details", has_text="No lead: 1")
    expect(found.get_by_text("1 without a note")).to_be_visible()
    expect(found.get_by_text("Nobody leads it.")).to_be_visible()
    check_page(page)
    found.get_by_role("link", name="Answer with a note on 1.1: No lead").click()
    check_page(page)
    press(page, "Save the note")
    expect(page.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Say why it stands as it is"
    )
    check_page(page)
    page.get_by_label("Your note").fill(NOTE)
    press(page, "Save the note")

    found = page.locator("details", has_text="No lead: 1")
    expect(found.locator("summary")).to_contain_text("answered")
    expect(found.get_by_text(NOTE)).to_be_visible()
    page.get_by_label("Why you release it now").fill("For scrutiny")
    press(page, "Release the position at 10 June 2025")

    page.goto(f"{HERE}releases/")
    check_page(page)
    page.get_by_role("link", name="kept with the position at 10 June 2025").click()
    expect(page.get_by_text("with the notes of that time")).to_be_visible()
    expect(page.get_by_text(NOTE)).to_be_visible()
    check_page(page)
