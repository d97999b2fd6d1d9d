"""What each page that changes a setting has in common, one row a page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from peerplan.core import history, versions
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership, RatingLabel, User
from peerplan.councils.services import add_member, people, structure
from tests.councils.conftest import Draw, SignIn

pytestmark = pytest.mark.django_db

DAY = {"on_0": "1", "on_1": "3", "on_2": "2026"}
MEMBER = {"role": "lead", "post": "Head of Finance", "ends_on_0": "", "ends_on_1": ""}


@dataclass(frozen=True)
class Page:
    """One page: how its record is made, what is right, and what is wrong with what message."""

    url: str
    make: Callable[[Council, Person], Any]
    right: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    says: str = ""
    shows: bool = True
    kept: tuple[str, ...] = ()


def the_council(council: Council, administrator: Person) -> Council:
    return council


def a_directorate(council: Council, administrator: Person) -> Any:
    return structure.add_directorate(council=council, name="Place", author=administrator.user)


def a_portfolio(council: Council, administrator: Person) -> Any:
    return structure.add_portfolio(council=council, name="Housing", author=administrator.user)


def the_rule_of_red(council: Council, administrator: Person) -> RatingLabel:
    return RatingLabel.objects.for_council(council).get(key="red")


def a_colleague(council: Council, administrator: Person) -> Membership:
    return _join(council, administrator)


def someone_who_left(council: Council, administrator: Person) -> Membership:
    membership = _join(council, administrator)
    return people.end_membership(membership=membership, version=1, author=administrator.user)


def _join(council: Council, administrator: Person) -> Membership:
    user = User.objects.create_user("colleague@ashdale.example", name="A. Colleague")
    return add_member(
        council=council, user=user, role="lead", post="Head of Finance", reads_exempt=False,
        author=administrator.user,
    )  # fmt: skip


DETAILS = {"name": "Ashdale Council", "kind": "unitary", "nation": "wales"}
COLOURS = {
    "brand": "#12324f",
    "brand_ink": "#ffffff",
    "brand_trim": "#c9a227",
    "link_colour": "#0b4f8a",
}
PAGES = [
    Page("details", the_council, DETAILS, DETAILS | {"website": "ashdale"}, "Enter a valid URL"),
    Page("details", the_council, DETAILS, DETAILS | {"contact_email": "town hall"}, "valid email"),
    Page(
        "statements",
        the_council,
        {"accessibility_statement": "We test with people.", "privacy_notice": "We keep names."},
        {"accessibility_statement": "We test\x07 with people."},
        "Remove the character U+0007",
    ),
    Page(
        "words",
        the_council,
        {"portfolio": "Lead member"},
        {"portfolio": "theme"},
        "is used for another column",
    ),
    Page(
        "names",
        the_council,
        {"protected_names": "Jo Smith"},
        {"protected_names": "Jo Smith\nJ."},
        "Line 2, “J.”, is no name",
    ),
    Page("words", the_council, {"lead": "Owner"}, {"lead": "Ow" * 30}, "at most 40 characters"),
    Page(
        "colours",
        the_council,
        COLOURS,
        COLOURS | {"link_colour": "#7799cc"},
        "Links on white has a contrast of 2.9:1. It needs 4.5:1",
    ),
    Page(
        "colours",
        the_council,
        COLOURS,
        COLOURS | {"brand_ink": "#56789a"},
        "Text on the main colour has a contrast of",
    ),
    Page("colours", the_council, COLOURS, COLOURS | {"brand": "dark blue"}, "six hexadecimal"),
    Page("logo_removed", the_council, {}, shows=False),
    Page("directorate", a_directorate, {"name": "Place and growth"}, {"name": " "}, "Enter a name"),
    Page("directorate_end", a_directorate, DAY, DAY | {"on_1": "13"}, "Enter a real date"),
    Page("directorate_end", a_directorate, DAY, DAY | {"on_2": "2099"}, "Use today or a day"),
    Page("directorate_reopen", a_directorate, {}, shows=False),
    Page("portfolio", a_portfolio, {"name": "Homes"}, {"name": "x" * 121}, "at most 120"),
    Page("portfolio_end", a_portfolio, DAY, {"on_0": "1"}, "must have a month"),
    Page("portfolio_reopen", a_portfolio, {}, shows=False),
    Page(
        "rule",
        the_rule_of_red,
        {"label": "Off track", "definition": "It needs a decision."},
        {"label": "GREEN", "definition": "It needs a decision."},
        "Another status is called",
    ),
    Page("person", a_colleague, MEMBER, MEMBER | {"role": "king"}, "king is not one of"),
    Page(
        "person",
        a_colleague,
        MEMBER,
        MEMBER | {"ends_on_0": "2020-01-01"},
        "This day has passed",
        kept=("2020", "Head of Finance"),
    ),
    Page("person_end", a_colleague, {}),
    Page("person_anonymous", someone_who_left, {}),
]
WITH_ERRORS = [page for page in PAGES if page.wrong]
ONCE = list({page.url: page for page in PAGES}.values())


def address(page: Page, council: Council, record: Any) -> str:
    kwargs: dict[str, Any] = {"council": council.slug}
    if isinstance(record, RatingLabel):
        kwargs["key"] = record.key
    elif not isinstance(record, Council):
        kwargs["pk"] = record.pk
    return reverse(f"council_{page.url}", kwargs=kwargs)


def name_of(page: Page) -> str:
    return f"{page.url} {page.says[:12]}".strip()


@pytest.fixture
def record(page: Page, council: Council, administrator: Person) -> Any:
    return page.make(council, administrator)


@pytest.fixture
def url(page: Page, council: Council, record: Any) -> str:
    return address(page, council, record)


@pytest.mark.parametrize("page", ONCE, ids=name_of)
def test_a_change_is_saved_with_its_author_in_the_history(
    page: Page, url: str, record: Any, admin_client: Client, administrator: Person
) -> None:
    if page.shows:
        assert admin_client.get(url).status_code == 200
    response = admin_client.post(url, page.right | {"version": record.version})
    assert response.status_code == 302
    now = type(record).objects.get(pk=record.pk)
    assert now.version == record.version + 1
    assert now.history.first().history_user == administrator.user
    assert admin_client.get(response["Location"]).status_code == 200
    if page.url != "person_anonymous":
        assert admin_client.get(url).status_code == (200 if page.shows else 405)


@pytest.mark.parametrize("page", ONCE, ids=name_of)
def test_other_methods_are_refused(page: Page, url: str, admin_client: Client) -> None:
    assert admin_client.delete(url).status_code == 405
    assert admin_client.put(url).status_code == 405


@pytest.mark.parametrize("page", WITH_ERRORS, ids=name_of)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    page: Page, url: str, record: Any, admin_client: Client
) -> None:
    response = admin_client.post(url, page.wrong | {"version": record.version})
    assert response.status_code == 422
    html = response.content.decode()
    assert "There is a problem" in html
    assert page.says in html
    for typed in page.kept or page.wrong.values():
        assert typed.strip().replace("\x07", "") in html.replace("\x07", "")
    assert type(record).objects.get(pk=record.pk).version == record.version


@pytest.mark.parametrize("page", ONCE, ids=name_of)
def test_a_form_without_the_version_it_was_opened_at_changes_nothing(
    page: Page, url: str, record: Any, admin_client: Client
) -> None:
    for version in ({}, {"version": "x"}):
        response = admin_client.post(url, page.right | version)
        assert response.status_code == 422
        assert b"sent incomplete" in response.content
    assert type(record).objects.get(pk=record.pk).version == record.version


@pytest.mark.parametrize("page", ONCE, ids=name_of)
def test_only_an_administrator_may(
    page: Page,
    url: str,
    record: Any,
    as_person: SignIn,
    manager: Person,
    owner: Person,
    lead: Person,
    democratic: Person,
    member: Person,
    peer: Person,
) -> None:
    for person in (manager, owner, lead, democratic, member, peer):
        client = as_person(person)
        # A peer is not told what pages there are; that they change nothing they may know.
        assert client.get(url).status_code == (404 if person.is_peer else 403)
        answer = client.post(url, page.right | {"version": record.version})
        assert answer.status_code == 403
    assert type(record).objects.get(pk=record.pk).version == record.version


@pytest.mark.parametrize("page", ONCE, ids=name_of)
def test_another_councils_administrator_gets_what_a_missing_page_gives(
    page: Page,
    url: str,
    record: Any,
    council: Council,
    other_council: Council,
    outsider: Person,
    as_person: SignIn,
) -> None:
    outsider.membership.role = "administrator"
    outsider.membership._history_user = outsider.user  # type: ignore[attr-defined]
    outsider.membership.save()
    client = as_person(outsider)
    missing = url.replace("/ashdale/", "/never-existed/")
    never = client.post(missing, page.right | {"version": 1})
    answer = client.post(url, page.right | {"version": record.version})
    assert answer.status_code == never.status_code == 404
    assert answer.content == never.content.replace(b"never-existed", b"ashdale")
    if not isinstance(record, Council | RatingLabel):
        mixed = url.replace("/ashdale/", "/mereford/")
        assert client.get(mixed).status_code == (404 if page.shows else 405)
        assert client.post(mixed, page.right | {"version": record.version}).status_code == 404
    assert type(record).objects.get(pk=record.pk).version == record.version


@pytest.mark.parametrize("page", ONCE, ids=name_of)
def test_who_comes_second_sees_both_texts_and_can_save_again(
    page: Page, url: str, record: Any, admin_client: Client, administrator: Person
) -> None:
    administrator.user.name = "First Administrator"
    administrator.user.save()

    with transaction.atomic():
        history.save(versions.claim(record), author=administrator.user)
    response = admin_client.post(url, page.right | {"version": record.version})
    assert response.status_code == 409
    html = response.content.decode()
    assert "First Administrator changed this while you were working" in html
    for typed in page.right.values():
        assert typed in html
    assert f'name="version" value="{record.version + 1}"' in html
    again = admin_client.post(url, page.right | {"version": record.version + 1})
    assert again.status_code == 302


@pytest.mark.parametrize("page", ONCE, ids=name_of)
def test_the_same_form_sent_twice_is_taken_once(
    page: Page, url: str, record: Any, admin_client: Client
) -> None:
    data = page.right | {"version": record.version}
    assert admin_client.post(url, data).status_code == 302
    assert admin_client.post(url, data).status_code == 409
    assert type(record).objects.get(pk=record.pk).version == record.version + 1


def test_a_logo_goes_up_and_is_served(admin_client: Client, council: Council, draw: Draw) -> None:
    url = reverse("council_logo", kwargs={"council": "ashdale"})
    assert b"There is no logo yet" in admin_client.get(url).content
    file = SimpleUploadedFile("logo.gif", draw("PNG"))
    response = admin_client.post(url, {"logo": file, "version": council.version})
    assert response.status_code == 302
    served = admin_client.get(reverse("logo", kwargs={"council": "ashdale"}))
    assert served["Content-Type"] == "image/png"
    assert served.content == draw("PNG")
    assert b"Take the logo down" in admin_client.get(url).content


def test_a_logo_that_is_no_picture_is_refused(admin_client: Client, council: Council) -> None:
    url = reverse("council_logo", kwargs={"council": "ashdale"})
    file = SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    response = admin_client.post(url, {"logo": file, "version": council.version})
    assert response.status_code == 422
    assert b"SVG files can carry programs" in response.content
    council.refresh_from_db()
    assert council.logo is None


def test_a_logo_sent_to_a_changed_council_is_asked_for_again(
    admin_client: Client, council: Council, draw: Draw
) -> None:
    url = reverse("council_logo", kwargs={"council": "ashdale"})
    file = SimpleUploadedFile("logo.png", draw("PNG"))
    response = admin_client.post(url, {"logo": file, "version": council.version + 1})
    assert response.status_code == 409
    assert b'enctype="multipart/form-data"' in response.content
