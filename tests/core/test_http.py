"""Nothing typed is lost: ended sessions, stale tokens and refusals, with htmx and without."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from peerplan.core.http import came_from_this_site
from peerplan.councils.gate import Person
from tests.core import pages_for_tests

pytestmark = [pytest.mark.urls("tests.core.pages_for_tests"), pytest.mark.django_db]

HERE = {"HTTP_ORIGIN": "http://testserver"}
HTMX = {"HTTP_HX_REQUEST": "true"}
TYPED = {
    "words": "The first three areas\r\nhave been mapped & <costed>.",
    "version": "7",
    "password": "correct horse",
    "csrfmiddlewaretoken": "abc",
}


@pytest.fixture(autouse=True)
def _nothing_saved() -> Iterator[None]:
    pages_for_tests.SAVED.clear()
    yield
    pages_for_tests.SAVED.clear()


@pytest.fixture
def strict() -> Client:
    """A client whose forms must carry their token."""
    return Client(enforce_csrf_checks=True)


def token_of(html: str) -> str:
    """The token in the page's form."""
    return html.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def test_a_page_asks_for_sign_in_and_comes_back(client: Client) -> None:
    response = client.get("/save/?status=red")
    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=/save/%3Fstatus%3Dred"


def test_a_form_sent_after_the_session_ended_comes_back_with_what_was_typed(
    client: Client,
) -> None:
    response = client.post("/save/?row=3", TYPED, **HERE)
    html = response.content.decode()
    assert response.status_code == 401
    assert "have been mapped &amp; &lt;costed&gt;." in html
    assert '<form method="post" action="/save/?row=3">' in html
    assert '<input type="hidden" name="version" value="7">' in html
    assert 'href="/account/login/?next=/signed-in/"' in html
    assert not pages_for_tests.SAVED


def test_a_password_and_a_token_are_never_shown_again(client: Client) -> None:
    html = client.post("/save/", TYPED, **HERE).content.decode()
    assert "correct horse" not in html
    assert 'value="abc"' not in html


def test_what_another_site_sent_is_never_offered_for_sending(client: Client) -> None:
    response = client.post("/save/", TYPED, HTTP_ORIGIN="https://elsewhere.example")
    html = response.content.decode()
    assert response.status_code == 401
    assert "<form" not in html
    assert "have been mapped" in html


def test_files_are_said_to_be_needed_again(client: Client) -> None:
    file = SimpleUploadedFile("plan.txt", b"text")
    html = client.post("/save/", {"words": "With a file", "file": file}, **HERE).content.decode()
    assert "Files have to be chosen again" in html


def test_kept_words_can_be_sent_after_signing_in_in_another_tab(
    strict: Client, owner: Person
) -> None:
    """Signing in renews the token, so the first try is answered with a page to confirm."""
    strict.get("/account/login/")
    kept = strict.post(
        "/save/",
        {"words": "Kept words", "csrfmiddlewaretoken": strict.cookies["csrftoken"].value},
        **HERE,
    )
    assert kept.status_code == 401
    strict.force_login(owner.user)
    strict.cookies["csrftoken"] = "a" * 32
    old = {"words": "Kept words", "csrfmiddlewaretoken": token_of(kept.content.decode())}
    refused = strict.post("/save/", old, **HERE)
    html = refused.content.decode()
    assert refused.status_code == 403
    assert "Kept words" in html
    saved = strict.post(
        "/save/", {"words": "Kept words", "csrfmiddlewaretoken": token_of(html)}, **HERE
    )
    assert saved.status_code == 200
    assert [given["words"] for given in pages_for_tests.SAVED] == ["Kept words"]


def test_a_stale_token_from_another_site_gets_no_form(strict: Client, owner: Person) -> None:
    strict.force_login(owner.user)
    html = strict.post("/save/", TYPED, HTTP_ORIGIN="https://elsewhere.example").content.decode()
    assert '<form method="post" action="/save/' not in html


def test_a_failed_sign_in_form_is_not_offered_again_with_its_password(strict: Client) -> None:
    given = {"login": "owner@ashdale.example", "password": "correct horse"}
    response = strict.post("/account/login/", given, **HERE)
    html = response.content.decode()
    assert response.status_code == 403
    assert "correct horse" not in html
    assert "Open the page again" in html


def test_htmx_is_told_in_place_that_the_session_ended(client: Client) -> None:
    response = client.post("/save/", TYPED, **HTMX)
    assert response.status_code == 401
    assert response["HX-Retarget"] == "#notices"
    assert response["HX-Reswap"] == "innerHTML"
    html = response.content.decode()
    assert "Nothing you typed is lost" in html
    assert "<html" not in html, "only the notice: the form stays where it is"


def test_htmx_gets_a_fresh_token_that_works(strict: Client, owner: Person) -> None:
    strict.force_login(owner.user)
    response = strict.post("/save/", {"words": "Kept words"}, **HTMX)
    assert response.status_code == 403
    token = response.content.decode().partition('data-token="')[2].partition('"')[0]
    again = strict.post("/save/", {"words": "Kept", "csrfmiddlewaretoken": token}, **HTMX)
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        ("stale", 409, "Somebody else changed this"),
        ("permission", 403, "does not let you release the position"),
        ("invalid", 422, "Say more."),
    ],
)
def test_a_refusal_that_no_view_caught_is_a_page_that_keeps_what_was_typed(
    client: Client, owner: Person, failure: str, status: int, words: str
) -> None:
    client.force_login(owner.user)
    response = client.post("/save/", {"words": "My long words", "fail": failure})
    html = response.content.decode()
    assert response.status_code == status
    assert words in html
    assert "My long words" in html
    partial = client.post("/save/", {"fail": failure}, **HTMX)
    assert partial.status_code == status
    assert partial["HX-Retarget"] == "#notices"
    assert partial["HX-Reselect"] == ".notice"
    assert 'class="notice ' in partial.content.decode()


def test_a_fault_is_a_page_that_says_what_to_do(client: Client, owner: Person) -> None:
    client.force_login(owner.user)
    client.raise_request_exception = False
    response = client.post("/save/", {"fail": "fault"})
    assert response.status_code == 500
    assert "fault in PeerPlan" in response.content.decode()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"HTTP_ORIGIN": "http://testserver"}, True),
        ({"HTTP_ORIGIN": "https://testserver"}, False),
        ({"HTTP_ORIGIN": "http://testserver.elsewhere.example"}, False),
        ({"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}, True),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, False),
        ({"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_REFERER": "http://testserver/"}, False),
        ({"HTTP_REFERER": "http://testserver/form/"}, True),
        ({"HTTP_REFERER": "http://elsewhere.example/testserver"}, False),
        ({}, False),
    ],
)
def test_whether_a_page_of_this_site_sent_a_form(headers: dict[str, str], expected: bool) -> None:
    request = RequestFactory(**headers).post("/save/")  # type: ignore[arg-type]
    assert came_from_this_site(request) is expected


def test_a_form_that_is_too_large_says_what_to_do(client: Client, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client.post("/account/login/", {"login": "x" * 200})
    assert answer.status_code == 400
    assert "save it in smaller parts" in answer.content.decode()
