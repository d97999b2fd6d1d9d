"""The main job from end to end: a challenge set up, pasted, updated, released, read and printed."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Page, expect

from peerplan.councils.gate import Person
from peerplan.councils.services.structure import add_directorate
from tests.journeys.browsing import check_page
from tests.journeys.test_setting_up import fill_day, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowseAs = Callable[..., Page]
PLAN = "/c/ashdale/corporate-peer-challenge-2024/"
RECOMMENDATIONS = "\n".join(
    (
        "1\tFewer outcomes\tChoose a few outcomes and say how each is measured.",
        "2\tRepairs on time\tMap how a repair is done and clear the backlog.",
    )
)
TABLE = "\n".join(
    "\t".join(cells)
    for cells in (
        ("Ref", "Action", "Owner", "Directorate", "Timescale", "RAG", "Progress update"),
        ("1.1", "Agree five outcomes", "Chief Executive", "", "30/06/2025", "Green", "Drafted."),
        ("1.2", "Report on one page", "Chief Executive", "", "Ongoing", "Not started", ""),
        ("2.1", "Map a repair", "Head of Housing", "Housing", "Q2 2025/26", "Green", "Begun."),
        ("2.2", "Clear the backlog", "Head of Housing", "Housing", "31/12/2025", "Green", "Begun."),
    )
)


def sign_in(page: Page, person: Person) -> None:
    """By hand, with the password."""
    page.goto("/account/login/")
    page.fill("#id_login", person.user.email)
    page.fill("#id_password", "correct horse battery staple")
    page.click("form.account-form button[type=submit]")


def set_up(page: Page) -> None:
    """The challenge with its dates and recommendations, adopted."""
    page.get_by_role("main").get_by_role("link", name="Set up a challenge").first.click()
    page.get_by_role("radio", name="Corporate Peer Challenge").check()
    press(page, "Continue")
    page.get_by_label("Title").fill("Corporate Peer Challenge 2024")
    fill_day(page, "First day on site", "26 6 2024")
    fill_day(page, "Last day on site", "28 6 2024")
    press(page, "Set up the challenge")
    page.goto(f"{PLAN}setup/recommendations/")
    page.get_by_role("link", name="Paste a list").click()
    page.get_by_label("Recommendations", exact=True).fill(RECOMMENDATIONS)
    press(page, "Save")
    page.goto(f"{PLAN}setup/adopt/")
    fill_day(page, "On which day was the plan adopted?", "17 12 2024")
    press(page, "Save")


def paste(page: Page) -> None:
    """Four actions and their first updates, from a table."""
    page.goto(f"{PLAN}paste/")
    page.locator("main textarea").fill(TABLE)
    page.locator("main form button").first.click()
    check_page(page)
    fill_day(page, "Status and progress are as at", "31 3 2025")
    fill_day(page, "In the plan from", "17 12 2024")
    press(page, "Go on to check the rows")
    check_page(page)
    press(page, "Bring in 4 actions")
    expect(page.get_by_text("Brought in: 4 actions")).to_be_visible()


def test_from_sign_in_to_an_accessible_appendix(
    page: Page,
    browse_as: BrowseAs,
    manager: Person,
    owner: Person,
    member: Person,
) -> None:
    add_directorate(council=manager.council, name="Housing", author=manager.user)
    EmailAddress.objects.create(
        user=manager.user, email=manager.user.email, verified=True, primary=True
    )
    sign_in(page, manager)
    check_page(page)
    set_up(page)
    paste(page)
    check_page(page)

    phone = browse_as(owner, width=390)
    phone.goto("/c/ashdale/my-actions/")
    check_page(phone)
    phone.get_by_role("link", name="Update").first.click()
    expect(phone.get_by_text("Last time")).to_be_visible()
    phone.get_by_label("What has happened").fill("Weekend work covers the worst cases.")
    phone.locator("input[name=status][value=red]").check()
    fill_day(phone, "As at which day is this true?", "12 5 2025")
    press(phone, "Save update")
    expect(phone.get_by_role("link", name="Say which decision is needed")).to_be_visible()
    expect(phone.get_by_label("What has happened")).to_have_value(
        "Weekend work covers the worst cases."
    )
    phone.get_by_label("What decision is needed").fill("Cabinet to agree a second contract.")
    press(phone, "Save update")
    check_page(phone)

    page.goto(f"{PLAN}release/")
    fill_day(page, "Position as at", "24 6 2025")
    press(page, "Show this day")
    check_page(page)
    page.get_by_label("Why you release it now").fill("For Cabinet on 24 June 2025")
    page.get_by_role("button", name="Release the position").click()

    members = browse_as(member)
    members.goto(f"{PLAN}scrutiny/")
    expect(members.get_by_role("heading", name="Position at 24 June 2025")).to_be_visible()
    expect(members.get_by_text("Cabinet to agree a second contract.").first).to_be_visible()
    check_page(members)

    page.goto(f"{PLAN}appendix/")
    fill_day(page, "Position as at", "24 6 2025")
    check_page(page)
    with page.expect_download() as download:
        press(page, "Download the PDF")
    assert download.value.suggested_filename.endswith("appendix-2025-06-24.pdf")
    with pikepdf.open(BytesIO(Path(download.value.path()).read_bytes())) as printed:
        assert printed.Root.MarkInfo.Marked
        assert str(printed.Root.Lang).startswith("en")


def test_two_people_at_once_lose_nothing(
    browse_as: BrowseAs, manager: Person, owner: Person, act: Callable[..., object]
) -> None:
    act("1.1")
    first, second = browse_as(owner), browse_as(manager, javascript=False)
    for page, text in ((first, "The owner’s words."), (second, "The manager’s words.")):
        page.goto("/c/ashdale/cpc-2024/1.1/update/")
        page.get_by_label("What has happened").fill(text)
        page.locator("input[name=status][value=green]").check()
    fill_day(first, "As at which day is this true?", "31 3 2025")
    fill_day(second, "As at which day is this true?", "30 4 2025")
    press(first, "Save update")
    press(second, "Save update")
    expect(second.get_by_text("The owner’s words.").first).to_be_visible()
    expect(second.get_by_text("Head of Housing").first).to_be_visible()
    expect(second.get_by_label("What has happened")).to_have_value("The manager’s words.")
    press(second, "Save update")
    expect(second.get_by_text("The manager’s words.").first).to_be_visible()
    check_page(first)
