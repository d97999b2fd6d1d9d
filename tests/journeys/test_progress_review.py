"""The peers' return entered without JavaScript, its words locked, and read by a member."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation
from reviews.services import parts
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import fill_day, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "/c/ashdale/cpc-2024/review/"
SET_UP = f"{HERE}set-up/"


@pytest.mark.usefixtures("june")
def test_what_the_peers_saw_is_entered_locked_and_read(
    challenge: PeerChallenge,
    recommendation: Recommendation,
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    manager: Person,
    member: Person,
    browse_as: BrowseAs,
) -> None:
    action = act("1.1")
    post_update(action=action, version=action.version, draft=draft(), author=manager)
    release_position(
        challenge=challenge, as_at=date(2025, 3, 31), reason="For scrutiny", author=manager
    )
    parts.add_team_member(challenge=challenge, author=manager, role="Leader peer", name="Pat")
    page = browse_as(manager)

    page.goto(HERE)
    page.get_by_role("link", name="Enter the days").click()
    fill_day(page, "First day of the review", "1 6 2024")
    press(page, "Save")
    expect(page.locator(".errors")).to_contain_text("cannot begin before the visit ends")
    fill_day(page, "First day of the review", "9 6 2025")
    fill_day(page, "Last day of the review", "10 6 2025")
    press(page, "Save")

    page.get_by_role("link", name="Who came back").click()
    page.get_by_role("link", name="Copy the team of the visit").click()
    press(page, "Copy the team")

    page.goto(f"{SET_UP}themes/")
    page.get_by_label("Headings of the report").fill("Housing\nLooking forward")
    press(page, "Add")
    page.get_by_role("link", name="Write or change Housing").click()
    page.get_by_label("What the peers wrote under it").fill("Homes are repaired sooner.")
    press(page, "Save")

    page.goto(f"{SET_UP}findings/")
    page.get_by_role("link", name="Enter the finding on 1").click()
    page.get_by_role("radio", name="Good progress").check()
    page.get_by_label("The peers’ words").fill("Repairs are faster than they were.")
    press(page, "Save")
    page.get_by_role("link", name="Add a suggestion under 1").click()
    expect(page.get_by_label("Reference")).to_have_value("1.2")
    page.get_by_label("Heading", exact=True).fill("Tell tenants")
    page.get_by_label("Wording").fill("Tell tenants what has changed.")
    press(page, "Add the suggestion")
    check_page(page)

    reader = browse_as(member)
    reader.goto(HERE)
    expect(reader.get_by_text("The words of the review are being checked")).to_be_visible()

    page.goto(f"{SET_UP}lock/")
    check_page(page)
    press(page, "Lock the words")
    page.goto(f"{SET_UP}findings/1/")
    page.get_by_label("The peers’ words").fill("Repairs are much faster than they were.")
    page.get_by_label("Why is it changed?").fill("A word was left out.")
    check_page(page)
    press(page, "Save")

    reader.goto(HERE)
    expect(reader.get_by_text("Repairs are much faster than they were.")).to_be_visible()
    expect(reader.get_by_text("Tell tenants what has changed.")).to_be_visible()
    beside = reader.get_by_role("region", name="The council, as released at 31 March 2025")
    expect(beside).to_contain_text("Green")
    expect(reader.get_by_text("Homes are repaired sooner.")).to_be_visible()
    expect(reader.get_by_role("region", name="Who came back")).to_contain_text("Leader peer")
    check_page(reader)
    reader.get_by_role("link", name="are on a page of their own").click()
    expect(reader.get_by_text("A word was left out.")).to_be_visible()
    check_page(reader)
