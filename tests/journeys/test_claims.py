"""An owner claims that an action is complete, another checks it, and members read both counts."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from actions.models import Action, ProgressUpdate
from actions.services.releases import release_position
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge
from tests.conftest import Act
from tests.journeys.browsing import check_page, sideways
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "/c/ashdale/cpc-2024/"
JUNE = date(2025, 6, 10)


def claim(page: Page, words: str) -> None:
    """Fills in the update form up to the evidence."""
    page.goto(f"{HERE}1.1/update/")
    page.get_by_label("Claimed complete").check()
    page.get_by_label("What has happened").fill(words)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_claim_goes_back_once_and_is_then_verified(
    june: None,
    act: Act,
    update: Callable[..., ProgressUpdate],
    challenge: PeerChallenge,
    browse_as: BrowseAs,
    owner: Person,
    lead: Person,
    manager: Person,
    member: Person,
    javascript: bool,
) -> None:
    def check(page: Page) -> None:
        if javascript:  # axe is a script
            check_page(page)
        else:
            assert sideways(page) == [], page.url

    act("1.1", success_measure="Every step is on the map")
    update(act("1.2"), JUNE, state="claimed")
    owns, checks = (browse_as(each, javascript=javascript, width=320) for each in (owner, lead))
    claim(owns, "The map is complete. " + "wordwithoutanyspace" * 6)
    press(owns, "Save update")
    expect(owns.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Add a link or a file that shows"
    )
    check(owns)
    owns.get_by_label("Evidence: or a link to it").fill("https://ashdale.example/map")
    press(owns, "Save update")
    expect(owns.get_by_text("Update of 1.1 saved.")).to_be_visible()

    checks.goto(f"{HERE}claims/")
    check(checks)
    checks.get_by_role("link", name="Check 1.1").click()
    checks.get_by_label("No: send it back").check()
    press(checks, "Save")
    expect(checks.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Say why it goes back"
    )
    check(checks)
    checks.get_by_label("Why does it go back?").fill("Two areas are not on it.")
    checks.get_by_label("Green").check()
    press(checks, "Save")
    expect(checks.get_by_text("Action 1.1 goes back to Head of Housing.")).to_be_visible()

    owns.goto(f"{HERE}1.1/")
    expect(owns.get_by_text("Claim sent back")).to_be_visible()
    check(owns)
    claim(owns, "All areas are on the map now.")
    press(owns, "Save update")
    checks.goto(f"{HERE}1.1/")
    checks.get_by_role("link", name="Check the claim").click()
    checks.get_by_label("Yes: verified").check()
    checks.get_by_label("What did you look at, and what did you find?").fill("All 41 are there.")
    press(checks, "Save")
    expect(checks.get_by_text("2 claimed complete, 1 of them verified.")).to_be_visible()
    check(checks)

    release_position(challenge=challenge, as_at=JUNE, reason="For scrutiny", author=manager)
    reads = browse_as(member, javascript=javascript, width=320)
    reads.goto(f"{HERE}scrutiny/")
    expect(
        reads.get_by_text("Two actions are claimed complete, one of them verified.")
    ).to_be_visible()
    check(reads)


def test_an_action_closes_into_normal_work(act: Act, browse_as: BrowseAs, manager: Person) -> None:
    act("1.1")
    page = browse_as(manager, width=320)
    page.goto(f"{HERE}1.1/")
    page.get_by_role("link", name="Close the action").click()
    page.get_by_label("Moved to business as usual").check()
    page.get_by_label("What has happened, and why does it close?").fill("It has run for a year.")
    press(page, "Close the action")
    expect(page.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Say where it goes on"
    )
    check_page(page)
    page.get_by_label("Where does it go on?").fill("The housing service plan")
    page.get_by_label("Whose is it from now on?").fill("Repairs Manager")
    press(page, "Close the action")
    expect(page.get_by_text("Action 1.1 is closed.")).to_be_visible()
    page.goto(f"{HERE}1.1/")
    expect(page.get_by_text("Now with Repairs Manager.").first).to_be_visible()
    check_page(page)
    assert Action.objects.get(ref="1.1").latest_update.state == "bau"  # type: ignore[union-attr]
