"""A plan manager lets a peer read a plan, the peer reads, the manager sees it and ends it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from actions.services.releases import release_position
from peerplan.core import clock
from peerplan.councils.gate import Person
from reviews.models import PeerAccess, PeerChallenge
from tests.conftest import Act
from tests.journeys.browsing import check_page as check_with_axe
from tests.journeys.browsing import sideways
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERE = "/c/ashdale/cpc-2024/"


def fits(page: Page) -> None:
    """Fails where the page is wider than its window."""
    assert sideways(page) == [], page.url


@pytest.mark.parametrize("javascript", [True, False])
def test_a_peer_reads_for_a_time(
    javascript: bool,
    act: Act,
    challenge: PeerChallenge,
    browse_as: BrowseAs,
    manager: Person,
    peer: Person,
) -> None:
    # axe waits for timers, which do not run where scripts are off.
    check_page = check_with_axe if javascript else fits
    act("1.1")
    release_position(
        challenge=challenge, as_at=clock.today(), reason="For the peers", author=manager
    )
    manages, reads = (browse_as(each, javascript=javascript, width=320) for each in (manager, peer))

    manages.goto(f"{HERE}peers/invite/")
    check_page(manages)
    press(manages, "Send the invitation")
    expect(manages.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Enter an e-mail address."
    )
    check_page(manages)
    manages.get_by_label("E-mail address").fill("second@averyveryverylongname.lga.example")
    last = clock.today() + timedelta(days=30)
    ends = manages.get_by_role("group", name="Last day")
    for label, part in (("Day", last.day), ("Month", last.month), ("Year", last.year)):
        ends.get_by_label(label).fill(str(part))
    press(manages, "Send the invitation")
    expect(manages.get_by_text("Invited, answer by")).to_be_visible()
    check_page(manages)

    reads.goto("/c/ashdale/")
    expect(reads).to_have_url(f"{reads.url.partition('/c/')[0]}{HERE}")
    check_page(reads)
    expect(reads.get_by_role("link", name="Meetings and papers")).to_have_count(0)
    reads.goto(f"{HERE}1.1/")
    check_page(reads)

    access = PeerAccess.objects.get(email=peer.user.email)
    manages.goto(f"{HERE}peers/{access.pk}/")
    expect(manages.get_by_role("rowheader", name="Action 1.1")).to_be_visible()
    check_page(manages)
    manages.get_by_role("link", name="End access now").click()
    check_page(manages)
    press(manages, "End access now")
    expect(manages.get_by_text(f"can read {challenge.title} no longer")).to_be_visible()
    check_page(manages)

    reads.goto(f"{HERE}1.1/")
    expect(reads.get_by_role("heading", name="Your access has ended")).to_be_visible()
    check_page(reads)
