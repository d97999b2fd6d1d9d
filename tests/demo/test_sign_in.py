"""One click signs in, in demonstration mode, on this machine, and nowhere else."""

from typing import Any

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.urls import NoReverseMatch, include, path, reverse

from peerplan.councils.capabilities import Role
from peerplan.councils.models import Council
from peerplan.demo.views import DOMAIN, PAPERS
from tests.conftest import make_person

urlpatterns = [path("", include("peerplan.demo.urls")), path("", include("peerplan.urls"))]
PATH = "/demonstration/sign-in/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any, council: Council) -> None:
    """The demonstration, with its plan manager."""
    settings.DEMO = True
    settings.ROOT_URLCONF = __name__
    make_person(council, Role.PLAN_MANAGER, "plan-manager@ashdale.example", "Policy Manager")


def test_outside_the_demonstration_there_is_no_such_page(client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("demo_sign_in")
    assert "Choose a role" not in client.get("/account/login/").content.decode()
    assert client.post(PATH, {"role": "plan-manager"}).status_code == 404


def test_one_click_signs_in_as_the_role(demo: None, client: Client) -> None:
    assert 'value="plan-manager"' in client.get("/account/login/").content.decode()
    response = client.post(PATH, {"role": "plan-manager", "next": "/help/"})
    assert response["Location"] == "/help/"
    assert str(get_user(client)) == "plan-manager@ashdale.example"  # type: ignore[arg-type]


def test_the_published_papers_have_a_reader_too(
    demo: None, client: Client, other_council: Council
) -> None:
    make_person(other_council, Role.PLAN_MANAGER, f"{PAPERS}@{DOMAIN}", "Reader")
    assert f'value="{PAPERS}"' in client.get("/account/login/").content.decode()
    client.post(PATH, {"role": PAPERS})
    assert str(get_user(client)) == f"{PAPERS}@{DOMAIN}"  # type: ignore[arg-type]


def test_it_leads_to_no_other_site(demo: None, client: Client) -> None:
    response = client.post(PATH, {"role": "plan-manager", "next": "https://elsewhere.example/"})
    assert response["Location"] == "/"


@pytest.mark.parametrize("role", ["", "root", "member"])
def test_an_unknown_role_or_one_without_a_person_is_not_found(
    demo: None, client: Client, role: str
) -> None:
    assert client.post(PATH, {"role": role}).status_code == 404


@pytest.mark.parametrize(
    "origin", [{"REMOTE_ADDR": "10.0.0.9"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.5"}]
)
def test_only_this_machine_may_use_it(demo: None, client: Client, origin: dict[str, str]) -> None:
    response = client.post(PATH, {"role": "plan-manager"}, **origin)  # type: ignore[arg-type]
    assert response.status_code == 403
    assert not get_user(client).is_authenticated  # type: ignore[arg-type]


def test_a_link_signs_nobody_in(demo: None, client: Client) -> None:
    assert client.get(PATH + "?role=plan-manager").status_code == 405


def test_the_mode_switched_off_closes_it(demo: None, client: Client, settings: Any) -> None:
    settings.DEMO = False
    assert client.post(PATH, {"role": "plan-manager"}).status_code == 404
