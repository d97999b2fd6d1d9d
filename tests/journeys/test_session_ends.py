"""The session ends while somebody is typing: with and without JavaScript nothing is lost."""

import pytest
from playwright.sync_api import BrowserContext, Page

from peerplan.councils.gate import Person
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.core.pages_for_tests")]

WORDS = "Three areas mapped.\nThe fourth waits for the contractor."


def end_session(context: BrowserContext) -> dict[str, str]:
    """Takes the session's cookie away, and returns it for signing in again."""
    cookie = next(item for item in context.cookies() if item["name"] == "sessionid")
    context.clear_cookies(name="sessionid")
    return {"name": "sessionid", "value": cookie["value"], "url": ""}


def sign_in_again(page: Page, cookie: dict[str, str], renew_token: bool = True) -> None:
    """What signing in in another tab does to the cookies of this one."""
    base = page.url.partition("/save")[0]
    page.context.add_cookies([cookie | {"url": base}])  # type: ignore[list-item]
    if renew_token:
        page.context.clear_cookies(name="csrftoken")
        page.context.new_page().goto(f"{base}/account/password/change/")


def test_with_javascript_the_form_stays_and_a_notice_says_what_to_do(
    browse_as: BrowseAs, owner: Person
) -> None:
    page = browse_as(owner)
    page.goto("/save/")
    page.fill("#words", WORDS)
    cookie = end_session(page.context)
    page.click("main button")
    page.wait_for_selector("#notices .notice")
    assert "You have been signed out" in page.inner_text("#notices")
    assert page.input_value("#words") == WORDS
    check_page(page)

    sign_in_again(page, cookie)
    page.click("main button")
    page.wait_for_selector("#notices [data-token]")
    assert page.input_value("#words") == WORDS
    page.click("main button")
    page.wait_for_selector("#result p")
    assert page.inner_text("#result") == "Saved."
    assert page.inner_text("#notices") == ""


def test_without_javascript_the_words_come_back_in_a_form_to_send_again(
    browse_as: BrowseAs, owner: Person
) -> None:
    page = browse_as(owner, javascript=False)
    page.goto("/save/")
    page.fill("#words", WORDS)
    cookie = end_session(page.context)
    page.click("main button")
    assert page.inner_text("h1") == "You have been signed out"
    assert page.input_value("textarea[name=words]") == WORDS

    sign_in_again(page, cookie)
    page.click("main button")
    assert page.inner_text("h1") == "Not saved yet"
    assert page.input_value("textarea[name=words]") == WORDS
    page.click("main button")
    assert page.inner_text("body") == "Saved."


def test_the_pages_that_keep_words_are_accessible(browse_as: BrowseAs, owner: Person) -> None:
    page = browse_as(owner, javascript=False)
    page.goto("/save/")
    page.fill("#words", WORDS)
    cookie = end_session(page.context)
    page.click("main button")
    kept = page.content()
    sign_in_again(page, cookie)
    page.click("main button")
    refused = page.content()
    reader = browse_as(owner)
    for html in (kept, refused):
        reader.goto("/help/")
        reader.set_content(html)
        check_page(reader)


def test_a_dead_connection_is_told_in_place(browse_as: BrowseAs, owner: Person) -> None:
    page = browse_as(owner)
    page.goto("/save/")
    page.fill("#words", WORDS)
    page.context.set_offline(True)
    page.click("main button")
    page.wait_for_selector("#notices .notice")
    assert "no answer" in page.inner_text("#notices")
    assert page.input_value("#words") == WORDS


@pytest.mark.parametrize(("failure", "words"), [("stale", "Somebody else"), ("fault", "fault in")])
def test_a_refusal_is_told_in_place(
    browse_as: BrowseAs, owner: Person, failure: str, words: str
) -> None:
    page = browse_as(owner)
    page.goto("/save/")
    page.fill("#words", WORDS)
    page.evaluate(
        """failure => document.querySelector("main form").insertAdjacentHTML("beforeend",
            `<input type="hidden" name="fail" value="${failure}">`)""",
        failure,
    )
    page.click("main button")
    page.wait_for_selector("#notices .notice")
    assert words in page.inner_text("#notices")
    assert page.input_value("#words") == WORDS
