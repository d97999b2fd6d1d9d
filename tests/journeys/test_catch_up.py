"""Catching up on what came by e-mail, in a browser with scripts and in one without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from actions.models import Action
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Act = Callable[..., Action]
SHEET = "/c/ashdale/cpc-2024/catch-up/?as_at=2025-03-31"


def fill(page: Page, ref: str, status: str, words: str) -> None:
    """Type into the row of the action `ref`."""
    row = page.locator(f'[id="sheet-{ref}"]')
    row.get_by_label("What has happened?").fill(words)
    row.get_by_label("How is it going now?").select_option(status)


def save(page: Page, ref: str) -> None:
    """Press the row's own button."""
    row = page.locator(f'[id="sheet-{ref}"]')
    row.get_by_role("button", name="Save this row").click()


def test_rows_are_saved_in_place(browse_as: BrowseAs, act: Act, manager: Person) -> None:
    for ref in ("1.1", "1.2"):
        act(ref)
    page = browse_as(manager)
    page.goto(SHEET)
    check_page(page)
    fill(page, "1.2", "green", "Still being typed.")
    fill(page, "1.1", "amber", "Mapped, but late.")
    save(page, "1.1")
    page.wait_for_selector('[id="sheet-1.1"].is-invalid')
    assert page.evaluate("document.activeElement.className") == "errors"
    check_page(page)
    first = page.locator('[id="sheet-1.1"]')
    assert first.get_by_label("What has happened?").input_value() == "Mapped, but late."
    first.get_by_label("What is the team doing to recover?").fill("Two more mappers.")
    save(page, "1.1")
    page.wait_for_selector('[id="sheet-1.1"].is-saved')
    assert "Mapped, but late." in first.inner_text()
    second = page.locator('[id="sheet-1.2"]')
    assert second.get_by_label("What has happened?").input_value() == "Still being typed."
    check_page(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_all_rows_are_saved_at_once_and_a_stale_one_shows_both_texts(
    browse_as: BrowseAs,
    act: Act,
    draft: Callable[..., object],
    owner: Person,
    manager: Person,
    javascript: bool,
) -> None:
    first, _, _ = act("1.1"), act("1.2"), act("1.3")
    page = browse_as(manager, javascript=javascript)
    page.goto(SHEET)
    post_update(action=first, version=1, draft=draft(commentary="Theirs."), author=owner)  # type: ignore[arg-type]
    fill(page, "1.1", "green", "Mine.")
    fill(page, "1.2", "red", "Stuck.")
    fill(page, "1.3", "green", "Done as planned.")
    page.get_by_role("button", name="Save all rows").click()
    page.wait_for_selector(".errors")
    text = page.inner_text("main")
    assert "1 update saved: 1.3." in text
    assert "2 not saved" in text
    assert "Head of Housing updated 1.1 while you were writing" in text
    if javascript:
        check_page(page)
    row = page.locator('[id="sheet-1.2"]')
    row.get_by_label("What decision is needed").fill("Cabinet to choose.")
    page.get_by_role("button", name="Save all rows").click()
    page.wait_for_selector(".banner--done")
    assert "2 updates saved: 1.1, 1.2." in page.inner_text("main")


def test_return_in_a_field_saves_nothing(browse_as: BrowseAs, act: Act, manager: Person) -> None:
    act("1.1")
    page = browse_as(manager)
    page.goto(SHEET)
    fill(page, "1.1", "green", "Half a sent")
    page.locator('[id="sheet-1.1"]').get_by_label("On whose behalf").press("Enter")
    page.wait_for_selector(".banner--done")
    assert "Nothing is saved yet." in page.inner_text("main")
    row = page.locator('[id="sheet-1.1"]')
    assert row.get_by_label("What has happened?").input_value() == "Half a sent"
