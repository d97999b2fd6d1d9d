"""Several people at one paper: nothing that was typed is lost, and each reads what is theirs."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from peerplan.core import history
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.papers.models import BodyMember, Paper, PaperPart, RouteStep
from tests.conftest import make_person
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_session_ends import end_session
from tests.journeys.test_setting_up import press
from tests.plugins.issuing import Issue, PdfSeen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, SECOND = "The peers spoke to ninety people.", "The peers read forty reports."
SECRET = "The dispute with the contractor is settled for a sum."


def background(paper: Paper) -> PaperPart:
    return PaperPart.objects.get(paper=paper, label="Background")


def open_part(page: Page, part: PaperPart) -> None:
    page.goto(f"/c/ashdale/papers/{part.paper_id}/parts/{part.pk}/")


def words_of(page: Page) -> Any:
    """The box in which the part is written."""
    return page.locator("main form textarea[name=text]")


def save(page: Page) -> None:
    """The button that everybody sees; the first of that name takes the Enter key."""
    page.get_by_role("button", name="Save", exact=True).click()


def test_two_people_write_the_same_part(
    paper: Paper, browse_as: BrowseAs, democratic: Person, manager: Person
) -> None:
    part = background(paper)
    first, second = browse_as(democratic, javascript=False), browse_as(manager)
    for page, words in ((first, FIRST), (second, SECOND)):
        open_part(page, part)
        words_of(page).fill(words)
    check_page(second)
    save(first)
    expect(first.get_by_text("Saved: Background.")).to_be_visible()

    with second.expect_response(lambda answer: answer.status == 409):
        save(second)
    expect(
        second.get_by_role("region", name="Saved by Democratic Services Officer")
    ).to_contain_text(FIRST)
    expect(second.get_by_role("region", name="Yours, not saved yet")).to_contain_text(SECOND)
    expect(words_of(second)).to_have_value(SECOND)
    check_page(second)
    words_of(second).fill(f"{FIRST}\n\n{SECOND}")
    save(second)
    expect(second.get_by_text("Saved: Background.")).to_be_visible()
    check_page(second)
    open_part(first, part)
    expect(words_of(first)).to_have_value(f"{FIRST}\n\n{SECOND}")


def test_two_people_issue_at_once(
    ready: Paper, pdfs: PdfSeen, browse_as: BrowseAs, democratic: Person, manager: Person
) -> None:
    first, second = browse_as(democratic), browse_as(manager)
    for page in (first, second):
        page.goto(f"/c/ashdale/papers/{ready.pk}/issue/")
    press(first, "Issue the paper")
    expect(first.get_by_text("Issued to Cabinet.")).to_be_visible()

    press(second, "Issue the paper")
    expect(
        second.get_by_role("heading", name="Democratic Services Officer issued this paper first")
    ).to_be_visible()
    expect(second.get_by_label("What was corrected?")).to_be_visible()
    check_page(second)
    second.get_by_role("link", name="See issue 1").click()
    expect(second.get_by_role("region", name="Issued to Cabinet")).to_contain_text(
        "Democratic Services Officer"
    )
    assert ready.issues.count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_a_session_that_ends_keeps_what_was_written(
    paper: Paper,
    browse_as: BrowseAs,
    democratic: Person,
    live_server: LiveServer,
    javascript: bool,
) -> None:
    page = browse_as(democratic, javascript=javascript)
    open_part(page, background(paper))
    words_of(page).fill(SECOND)
    cookie = end_session(page.context)
    save(page)
    expect(page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value(SECOND)
    if javascript:
        check_page(page)
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.locator("main form button").first.click()
    expect(page.get_by_text("Saved: Background.")).to_be_visible()
    open_part(page, background(paper))
    expect(words_of(page)).to_have_value(SECOND)


@pytest.fixture
def restricted(ready: Paper, issue: Issue, manager: Person) -> Any:
    """The paper issued with a background that is not for publication."""
    part = background(ready)
    part.text, part.exempt_paragraph = SECRET, 3
    history.save(part, author=manager.user)
    return issue(author=manager)


def test_a_seat_opens_the_restricted_copy_and_nothing_in_writing(
    restricted: Any,
    cabinet_step: RouteStep,
    member: Person,
    democratic: Person,
    browse_as: BrowseAs,
) -> None:
    BodyMember.objects.create(
        body=cabinet_step.body, membership=member.membership, added_by=democratic.user
    )
    other = make_person(member.council, Role.MEMBER, "other@ashdale.example", "Ward member")
    address = f"/c/ashdale/papers/{restricted.paper_id}/issued/{restricted.pk}/"

    for person in (member, other):
        page = browse_as(person)
        page.goto("/c/ashdale/meetings/")
        if person == member:
            check_page(page)
        page.get_by_role("main").get_by_role("link", name=restricted.title).first.click()
        expect(page).to_have_url(re.compile(f"{address}$"))
        expect(page.get_by_text(SECRET)).to_have_count(0)
        link = page.get_by_role("link", name="Restricted copy")
        if person == member:
            link.click()
            expect(page.get_by_text(SECRET)).to_be_visible()
        else:
            expect(link).to_have_count(0)
            answer = page.goto(f"{address}?copy=restricted")
            assert answer is not None
            assert answer.status == 403
            expect(page.get_by_text(SECRET)).to_have_count(0)
        check_page(page)
        for writing in ("", "preview/", f"parts/{background(restricted.paper).pk}/"):
            answer = page.goto(f"/c/ashdale/papers/{restricted.paper_id}/{writing}")
            assert answer is not None
            assert answer.status == 403, writing
        check_page(page)
