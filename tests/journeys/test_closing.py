"""A plan from its last open action to the letter, the ZIP and what is read of it years later."""

import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from actions.files import check_file
from actions.services.evidence import EvidenceDraft, add_evidence
from actions.services.plan import move_to_business_as_usual
from actions.services.releases import release_position
from peerplan.core import history
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge
from tests.conftest import Act
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import fill_day, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = date(2025, 6, 10)
HERE = "/c/ashdale/cpc-2024/"
NEXT = "Corporate Peer Challenge 2025"


@pytest.fixture
def nearly_done(
    june: None,
    settings: Any,
    tmp_path: Path,
    act: Act,
    challenge: PeerChallenge,
    manager: Person,
) -> None:
    """One action in normal work, with a file that shows it; one open; the next challenge."""
    settings.MEDIA_ROOT = tmp_path
    done = act("1.1")
    act("1.2", title="Agree a second contract for roofs")
    file = check_file(SimpleUploadedFile("minutes.txt", b"Agreed."))
    add_evidence(action=done, version=1, evidence=EvidenceDraft(file=file), author=manager)
    move_to_business_as_usual(
        action=done,
        version=2,
        as_at=date(2025, 6, 9),
        reason="It has run for a year.",
        where="The housing service plan",
        owner="Head of Housing",
        author=manager,
    )
    following = PeerChallenge(
        council=challenge.council,
        slug="cpc-2025",
        title=NEXT,
        previous=challenge,
        on_site_from=date(2025, 5, 20),
        on_site_to=date(2025, 5, 22),
        adopted_on=date(2025, 6, 2),
    )
    history.save(following, author=manager.user)


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def fetched(page: Page, role: Any, name: str) -> bytes:
    """The file that a link or a button gives."""
    with page.expect_download() as download:
        page.get_by_role("main").get_by_role(role, name=name).click()
    return Path(download.value.path()).read_bytes()


@pytest.mark.usefixtures("nearly_done")
def test_a_plan_is_finished_closed_and_read_years_later(
    browse_as: BrowseAs, manager: Person, member: Person
) -> None:
    page = browse_as(manager, width=320)
    page.goto(f"{HERE}closing/")
    expect(page.get_by_text("One action left: 1.2.")).to_be_visible()
    check_page(page)
    follow(page, "Carry actions over")
    page.get_by_label("1.2 Agree a second contract").check()
    page.get_by_label("In the plan of").select_option(label=NEXT)
    press(page, "Carry them over")
    expect(page.get_by_role("alert", name="There is a problem")).to_contain_text(
        "Say why they go on"
    )
    check_page(page)
    page.get_by_label("Why they go on there").fill("The tender needs another year.")
    press(page, "Carry them over")
    expect(page.get_by_text("The actions go on in the later plan.")).to_be_visible()

    follow(page, "Write the letter")
    expect(page.get_by_label("What carries on, and where")).to_have_value(
        "- 1.1 Do what action 1.1 says: The housing service plan (Head of Housing)\n"
        f"- 1.2 Agree a second contract for roofs: {NEXT}, action 1.2"
    )
    page.get_by_label("To whom").fill("The peer team")
    check_page(page)
    press(page, "Save the letter")
    follow(page, "Close the plan")
    check_page(page)
    fill_day(page, "Closed on", "10 6 2025")
    page.get_by_label("Why it closes now").fill("Cabinet agreed on 10 June.")
    press(page, "Close the plan")
    expect(page.get_by_role("heading", name="Closed on 10 June 2025")).to_be_visible()
    check_page(page)

    press(page, "Issue the letter with its evidence")
    expect(page.get_by_text("The closing letter is issued, with the evidence.")).to_be_visible()
    check_page(page)
    with zipfile.ZipFile(io.BytesIO(fetched(page, "link", "Download everything"))) as archive:
        told = archive.read("manifest.txt").decode().splitlines()
        listed = dict(reversed(line.split("  ", 1)) for line in told if not line.startswith("#"))
        held = {name: archive.read(name) for name in archive.namelist() if name != "manifest.txt"}
    assert {name: hashlib.sha256(content).hexdigest() for name, content in held.items()} == listed
    assert held["evidence/1.1/minutes.txt"] == b"Agreed."
    assert any("-closing-letter-" in name and name.endswith(".pdf") for name in held)

    reads = browse_as(member, width=320)
    reads.goto(HERE)
    expect(reads.get_by_text("10 June 2025").first).to_be_visible()
    check_page(reads)
    reads.goto(f"{HERE}appendix/")
    printed = fetched(reads, "button", "Download the PDF")
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert pdf.Root.MarkInfo.Marked
    following = PeerChallenge.objects.get(title=NEXT)
    release_position(challenge=following, as_at=TODAY, reason="For Cabinet", author=manager)
    reads.goto("/c/ashdale/over-the-years/")
    expect(reads.get_by_text("Closed on 10 June 2025")).to_be_visible()
    expect(reads.get_by_text("Action 1.2 went on as")).to_contain_text(NEXT)
    check_page(reads)
