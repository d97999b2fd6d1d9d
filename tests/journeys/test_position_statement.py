"""What a plan manager does before the peers come back: words, a closing, and the statement."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from actions.files import check_file
from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.evidence import EvidenceDraft, add_evidence
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge
from tests.journeys.browsing import check_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BrowseAs = Callable[..., Page]
PLAN = "/c/ashdale/cpc-2024/"
ADDRESS = f"https://ashdale.example/{'minutes-of-the-working-group/' * 6}"


@pytest.fixture
def released(
    june: None,
    settings: Any,
    tmp_path: Path,
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    challenge: PeerChallenge,
    manager: Person,
) -> PeerChallenge:
    """Two actions, a file, a long link, something exempt, and a release as at 31 May 2025."""
    settings.MEDIA_ROOT = tmp_path
    first = act("1.1")
    act("1.2", visibility="exempt", exempt_paragraph=3)
    as_at = date(2025, 5, 31)
    post_update(action=first, version=1, draft=draft(as_at=as_at), author=manager)
    file = check_file(SimpleUploadedFile("minutes.txt", b"Agreed."))
    for number, evidence in enumerate((EvidenceDraft(file=file), EvidenceDraft(link=ADDRESS))):
        add_evidence(action=first, version=2 + number, evidence=evidence, author=manager)
    release_position(challenge=challenge, as_at=as_at, reason="For the review", author=manager)
    return challenge


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_impact_to_the_pack_on_a_telephone(
    browse_as: BrowseAs,
    released: PeerChallenge,
    manager: Person,
    member: Person,
    javascript: bool,
) -> None:
    def check(shown: Page) -> None:
        if javascript:  # axe is a script
            check_page(shown)

    page = browse_as(manager, javascript=javascript, width=320)
    page.goto(f"{PLAN}recommendations/1/status/")
    check(page)
    page.get_by_label("Amber").check()
    page.get_by_label("What has changed for people?").fill("Repairs take 9 days, not 21.")
    page.get_by_label("Close the recommendation").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".errors")).to_contain_text("say why the recommendation closes")
    page.get_by_label("Why does it close?").fill("It is normal work of the service now.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("As at 10 June 2025: It is normal work")).to_be_visible()
    check(page)

    page.goto(f"{PLAN}statement/")
    check(page)
    page.get_by_role("link", name="Write the words").first.click()
    page.get_by_label("Introduction").fill("We thank the peers.\n\n- One\n- Two")
    check(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Preview and issue").first.click()
    page.get_by_label("Only those entitled").check()
    page.get_by_role("button", name="Show this one").click()
    expect(page.get_by_text("NOT FOR PUBLICATION by virtue of")).to_be_visible()
    check(page)
    page.get_by_label("Anyone: nothing that is exempt").check()
    page.get_by_role("button", name="Show this one").click()
    page.get_by_role("button", name="Issue the statement").click()
    expect(page.get_by_text("Say what the statement is for").first).to_be_visible()
    page.get_by_label("What is it for?").fill("For the progress review")
    page.get_by_role("button", name="Issue the statement").click()
    expect(page.get_by_role("heading", name="Position statement 1")).to_be_visible()
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    content = Path(download.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("evidence/1.1/minutes.txt") == b"Agreed."
        assert archive.testzip() is None

    reader = browse_as(member, javascript=javascript, width=320)
    reader.goto(f"{PLAN}statement/")
    reader.get_by_role("link", name="Position statement 1").click()
    expect(reader.get_by_text("For the progress review")).to_be_visible()
    check(reader)
