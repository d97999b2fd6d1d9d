"""Choosing an appendix, downloading it, and what happens when there is no PDF."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from actions.models import StoredDocument
from actions.services import documents
from peerplan.councils.gate import Person
from peerplan.dashboards.views import appendix
from peerplan.render.errors import RenderError, RendererUnavailable, RenderFailed, TooManyAtOnce
from peerplan.render.pdf import Pdf
from reviews.models import PeerChallenge
from tests.plugins.plans import CANARY, Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
FORM = "/c/ashdale/cpc-2024/appendix/"
PDF = "/c/ashdale/cpc-2024/appendix.pdf"
PAGE = "/c/ashdale/cpc-2024/appendix.html"
OFFICER = {"as_at": "2025-06-24", "variant": "full"}
MEMBER = {"as_at": "2025-05-31"}


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were sent to be rendered; nothing is."""
    sent: list[str] = []

    def render(html: str, **given: Any) -> Pdf:
        sent.append(html)
        return Pdf(b"%PDF-1.7 sample", 1, "0" * 64, 0.1, 1)

    monkeypatch.setattr(documents, "html_to_pdf", render)
    return sent


def failing(monkeypatch: pytest.MonkeyPatch, problem: RenderError) -> None:
    def fail(html: str, **given: Any) -> Pdf:
        raise problem

    monkeypatch.setattr(documents, "html_to_pdf", fail)


def test_the_form_offers_what_the_person_may_have(
    plan: Plan, manager: Person, democratic: Person, member: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(FORM))
    assert "Only those entitled" in page
    assert "When it was released to members" in page
    page = text_of(signed_in(democratic).get(FORM))
    assert "Only those entitled" not in page
    page = text_of(signed_in(member).get(FORM))
    assert "31 May 2025 31 March 2025" in page
    assert "When it was released to members" not in page


def test_an_officer_downloads_the_plan_as_it_is_now(
    plan: Plan, democratic: Person, renders: list[str], signed_in: SignIn
) -> None:
    response = signed_in(democratic).get(PDF, OFFICER)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"] == (
        'attachment; filename="ashdale-cpc-2024-appendix-2025-06-24.pdf"'
    )
    assert response.content == b"%PDF-1.7 sample"
    assert CANARY not in renders[0]
    assert "20 June" not in renders[0]


def test_a_day_in_three_boxes_is_as_good(
    plan: Plan, democratic: Person, renders: list[str], signed_in: SignIn
) -> None:
    typed = {"as_at_0": "24", "as_at_1": "6", "as_at_2": "2025", "variant": "exceptions"}
    response = signed_in(democratic).get(PDF, typed)
    assert "2025-06-24-exceptions.pdf" in response["Content-Disposition"]


def test_those_entitled_get_a_marked_copy(
    plan: Plan, manager: Person, renders: list[str], signed_in: SignIn
) -> None:
    response = signed_in(manager).get(PDF, OFFICER | {"parts": "exempt"})
    assert "not-for-publication" in response["Content-Disposition"]
    assert CANARY in renders[0]
    signed_in(manager).get(PDF, OFFICER)
    assert CANARY not in renders[1]


@pytest.mark.parametrize("url", [FORM, PDF, PAGE])
@pytest.mark.parametrize("who", ["democratic", "member", "owner", "peer"])
def test_exempt_parts_are_refused_to_the_rest(
    plan: Plan,
    manager: Person,
    who: str,
    url: str,
    renders: list[str],
    request: pytest.FixtureRequest,
    signed_in: SignIn,
) -> None:
    signed_in(manager).get(PDF, MEMBER | {"basis": "released", "parts": "exempt"})
    made = len(renders)
    client = signed_in(request.getfixturevalue(who))
    response = client.get(url, MEMBER | {"basis": "released", "parts": "exempt"})
    assert response.status_code == 403
    assert CANARY.encode() not in response.content
    assert len(renders) == made


def test_somebody_whose_entitlement_ended_gets_nothing_that_is_kept(
    plan: Plan, manager: Person, renders: list[str], signed_in: SignIn
) -> None:
    asked = OFFICER | {"parts": "exempt"}
    assert signed_in(manager).get(PDF, asked).status_code == 200
    manager.membership.reads_exempt = False
    manager.membership.save()
    assert signed_in(manager).get(PDF, asked).status_code == 403


def test_members_download_what_was_released(
    plan: Plan, member: Person, renders: list[str], signed_in: SignIn
) -> None:
    assert signed_in(member).get(PDF, MEMBER).status_code == 200
    assert "Position at 31 May 2025" in renders[0]
    assert CANARY not in renders[0]


@pytest.mark.parametrize(
    ("who", "query", "message"),
    [
        ("member", {"as_at": "2025-06-24"}, "Choose a position that has been released."),
        ("member", {"as_at": "rubbish"}, "Choose a position that has been released."),
        ("democratic", {"as_at": "31 2 2025"}, "Enter a real date"),
        ("democratic", {"as_at": "2025-06-25"}, "in the future"),
        ("democratic", {"as_at": "2023-01-01"}, "The plan began on 26 June 2024"),
        ("democratic", {"as_at": "2025-06-24", "basis": "released"}, "No position was released"),
        ("democratic", {"as_at": "2025-06-24", "variant": "half"}, "Choose the full plan"),
        ("manager", {"as_at": "2025-06-24", "parts": "some"}, "Choose a public copy"),
        ("democratic", {}, ""),
    ],
)
@pytest.mark.parametrize("url", [PDF, PAGE])
def test_what_cannot_be_made_is_refused_in_words(
    plan: Plan,
    who: str,
    query: dict[str, str],
    message: str,
    url: str,
    renders: list[str],
    request: pytest.FixtureRequest,
    signed_in: SignIn,
) -> None:
    response = signed_in(request.getfixturevalue(who)).get(url, query)
    assert response.status_code == (422 if query else 200)
    assert message in text_of(response)
    assert "Download the PDF" in text_of(response)
    assert renders == []


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (RendererUnavailable(), "libpango-1.0-0"),
        (RenderFailed("The PDF engine stopped."), "The PDF engine stopped."),
        (TooManyAtOnce(), "Wait a minute, then try again."),
    ],
)
def test_when_there_is_no_pdf_the_page_to_print_is_offered(
    plan: Plan,
    democratic: Person,
    problem: RenderError,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    signed_in: SignIn,
) -> None:
    failing(monkeypatch, problem)
    response = signed_in(democratic).get(PDF, OFFICER)
    assert response.status_code == 503
    assert words in text_of(response)
    assert f"{PAGE}?as_at=2025-06-24&amp;variant=full".encode() in response.content
    assert StoredDocument.objects.count() == 0


def test_a_large_plan_names_the_command(
    plan: Plan,
    democratic: Person,
    monkeypatch: pytest.MonkeyPatch,
    renders: list[str],
    signed_in: SignIn,
) -> None:
    monkeypatch.setattr(appendix, "LARGEST_IN_A_REQUEST", 4)
    response = signed_in(democratic).get(PDF, OFFICER)
    assert response.status_code == 422
    assert "manage.py appendix ashdale cpc-2024 --as-at 2025-06-24" in text_of(response)
    assert renders == []


def test_the_page_to_print_says_what_the_pdf_says(
    plan: Plan, democratic: Person, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(democratic).get(PAGE, OFFICER))
    assert "3 of 5 actions are complete, on track or in normal work." in page
    assert "was Amber in May" in page
    assert CANARY not in page
    page = text_of(signed_in(manager).get(PAGE, OFFICER | {"parts": "exempt"}))
    assert "NOT FOR PUBLICATION by virtue of paragraph 3" in page
    assert CANARY in page


def test_before_the_first_release(
    challenge: PeerChallenge, act: Callable[..., object], member: Person, signed_in: SignIn
) -> None:
    act()
    assert "No position has been released yet" in text_of(signed_in(member).get(FORM))
    assert signed_in(member).get(PDF, MEMBER).status_code == 422


@pytest.mark.parametrize("url", [FORM, PDF, PAGE])
def test_strangers_find_nothing_and_nobody_may_post(
    plan: Plan, outsider: Person, democratic: Person, url: str, signed_in: SignIn
) -> None:
    assert signed_in(outsider).get(url, OFFICER).status_code == 404
    assert signed_in(democratic).post(url, OFFICER).status_code == 405
    other = url.replace("cpc-2024", "other")
    assert signed_in(democratic).get(other, OFFICER).status_code == 404


def test_the_real_engine_answers_the_request(
    plan: Plan, democratic: Person, signed_in: SignIn
) -> None:
    response = signed_in(democratic).get(PDF, OFFICER)
    assert response.content.startswith(b"%PDF-1.7")


def test_a_kept_document_costs_few_queries(
    hundred: Plan,
    democratic: Person,
    renders: list[str],
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(democratic)
    client.get(PDF, OFFICER)
    with django_assert_max_num_queries(20):
        assert client.get(PDF, OFFICER).status_code == 200
    assert len(renders) == 1
