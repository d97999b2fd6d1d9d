"""The pages that everybody meets: accessible, in place on a phone, and honest when refused."""

import pytest
from playwright.sync_api import Page

from peerplan.councils.gate import Person
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs

pytestmark = pytest.mark.browser

FOR_ANYONE = [
    "/account/login/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-set-password/",
    "/account/signup/",
    "/account/inactive/",
    "/account/confirm-email/",
    "/account/confirm-email/none/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/c/ashdale/accessibility/",
    "/c/ashdale/privacy/",
    "/not-there/",
]
FOR_THE_SIGNED_IN = [
    "/account/password/change/",
    "/account/logout/",
    "/account/email/",
    "/account/reauthenticate/",
    "/signed-in/",
    "/c/ashdale/privacy/",
]


def test_pages_for_anyone_are_accessible_and_fit_a_phone(page: Page, owner: Person) -> None:
    for path in FOR_ANYONE:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status in (200, 404), path
        check_page(page)


def test_pages_of_ones_own_account_are_too(browse_as: BrowseAs, owner: Person) -> None:
    page = browse_as(owner)
    for path in FOR_THE_SIGNED_IN:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert "/login/" not in page.url, path
        check_page(page)


def test_a_failed_sign_in_says_what_to_do_and_keeps_the_address(page: Page, owner: Person) -> None:
    page.goto("/account/login/")
    page.fill("#id_login", owner.user.email)
    page.fill("#id_password", "wrong")
    page.click("form.account-form button[type=submit]")
    page.wait_for_selector(".errors")
    assert page.input_value("#id_login") == owner.user.email
    assert page.evaluate("document.activeElement.className") == "errors"
    check_page(page)


def test_the_account_menu_opens_and_closes_by_keyboard(browse_as: BrowseAs, owner: Person) -> None:
    page = browse_as(owner)
    page.goto("/c/ashdale/privacy/")
    page.focus("details.account summary")
    page.keyboard.press("Enter")
    assert page.is_visible("text=Sign out")
    check_page(page)
    page.keyboard.press("Escape")
    assert not page.is_visible("text=Sign out")


def test_the_first_tab_leads_past_the_navigation(browse_as: BrowseAs, owner: Person) -> None:
    page = browse_as(owner)
    page.goto("/help/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
