"""A council switches approval on; a later date is asked for in the row, approved and printed."""

from datetime import date

import pytest
from playwright.sync_api import expect

from peerplan.councils.gate import Person
from peerplan.papers.models import Paper
from peerplan.papers.services.papers import refresh_figures
from tests.conftest import Act
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import fill_day, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = "/c/ashdale/cpc-2024/"
WHY = "The tender failed, and has to be run again: " + "wordwithoutanyspace" * 9


@pytest.mark.usefixtures("june")
def test_a_later_date_is_asked_for_in_the_row_approved_and_told_in_the_paper(
    act: Act,
    paper: Paper,
    browse_as: BrowseAs,
    administrator: Person,
    owner: Person,
    lead: Person,
    democratic: Person,
) -> None:
    act("1.1")
    page = browse_as(administrator, width=320)
    page.goto("/c/ashdale/settings/")
    page.get_by_role("link", name="Later dates").click()
    page.get_by_label("A later date needs approval").check()
    check_page(page)
    press(page, "Save")
    expect(page.get_by_text("The rule for later dates is saved.")).to_be_visible()

    asks = browse_as(owner)
    asks.goto(PLAN)
    asks.get_by_role("link", name="Update 1.1").click()
    row = asks.get_by_role("form", name="Update action 1.1")
    row.get_by_label("What has happened?").fill("The tender drew no bid.")
    row.locator("input[name=status][value=green]").check()
    row.get_by_label("No, there is a new date").check()
    expect(row.get_by_text("until then 30 June 2025 stands")).to_be_visible()
    fill_day(asks, "New expected date", "30 9 2025")
    row.get_by_label("Why does the date move?").fill(WHY)
    fill_day(asks, "As at which day is this true?", "10 6 2025")
    check_page(asks)
    row.get_by_role("button", name="Save update").click()
    expect(asks.get_by_role("status").first).to_contain_text("waits for approval")
    check_page(asks)

    approves = browse_as(lead, width=320)
    approves.goto(f"{PLAN}dates/")
    check_page(approves)
    approves.get_by_role("link", name="to 30 September 2025").click()
    press(approves, "Save the decision")
    expect(approves.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Choose whether the new date"
    )
    check_page(approves)
    approves.get_by_label("The new date is approved").check()
    press(approves, "Save the decision")
    approves.get_by_role("link", name="Dates of the whole plan").click()
    ledger = approves.get_by_role("table", name="Dates of 1.1")
    expect(ledger).to_contain_text("Head of Housing")
    expect(ledger).to_contain_text("Chief Executive")
    expect(ledger).to_contain_text("30 September 2025")
    check_page(approves)

    refresh_figures(paper=paper, version=paper.version, as_at=date(2025, 6, 10), author=democratic)
    writes = browse_as(democratic)
    writes.goto(f"/c/ashdale/papers/{paper.pk}/parts/drafted/")
    writes.get_by_label("Extensions").check()
    press(writes, "Add")
    writes.goto(f"/c/ashdale/papers/{paper.pk}/preview/")
    table = writes.get_by_role("table", name="Extensions at")
    expect(table).to_contain_text(WHY)
    expect(table).to_contain_text("Chief Executive")
    check_page(writes)
