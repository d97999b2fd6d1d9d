"""A real browser for journeys: `page` is a new one, `browse_as(person)` is signed in.

The browser's own loop makes Django refuse the ORM in the test's thread; fixtures that put rows in
place need it, so the refusal is switched off here. Journeys assert through the browser.
"""

import os
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from peerplan.councils.gate import Person
from tests.journeys.browsing import FLAGS, HEIGHT, WIDTHS
from tests.plugins.halves import chromium

NewContext = Callable[..., BrowserContext]
BrowseAs = Callable[..., Page]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, one for the run."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield engine
        engine.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_context(browser: Browser, live_server: LiveServer) -> Iterator[NewContext]:
    """Makes windows of the live site; a breach of the content security policy fails the test."""
    contexts: list[BrowserContext] = []
    breaches: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            breaches.append(message.text)

    def make(*, javascript: bool = True, width: int = WIDTHS[0]) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": HEIGHT},
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(10_000)
        context.on("console", listen)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not breaches, breaches


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page of somebody who has not signed in."""
    return new_context().new_page()


@pytest.fixture
def browse_as(new_context: NewContext, live_server: LiveServer) -> BrowseAs:
    """`browse_as(person, javascript=False, width=390)`: a page of that person's own window."""

    def sign_in(person: Person, *, javascript: bool = True, width: int = WIDTHS[0]) -> Page:
        client = Client()
        client.force_login(person.user, backend=BACKEND)
        context = new_context(javascript=javascript, width=width)
        name = settings.SESSION_COOKIE_NAME
        value = client.cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return context.new_page()

    return sign_in


@pytest.fixture
def june() -> Iterator[None]:
    """Tuesday 10 June 2025, the clock running: six days before an agenda of the 24th is due."""
    with time_machine.travel("2025-06-10 09:00:00+00:00", tick=True):
        yield
