"""The front door, the brand and the pages that anyone may read."""

import sys
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from peerplan.core import history
from peerplan.councils import health
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership, User

pytestmark = pytest.mark.django_db


def test_the_front_door_asks_a_stranger_to_sign_in(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"] == "/account/login/?next=/"


def test_somebody_of_two_councils_chooses_and_sees_no_third(
    client: Client, owner: Person, other_council: Council, founder: User
) -> None:
    third = Council(slug="thornby", name="Thornby Council")
    history.save(third, author=founder)
    also = Membership(council=other_council, user=owner.user, role="member", post="Observer")
    history.save(also, author=founder)
    client.force_login(owner.user)
    html = client.get("/").content.decode()
    assert "Ashdale District Council" in html
    assert "Mereford Borough Council" in html
    assert "Thornby" not in html


def test_somebody_without_a_council_is_told_whom_to_ask(client: Client) -> None:
    client.force_login(User.objects.create_user("new@ashdale.example"))
    assert "Ask your council’s administrator" in client.get("/").content.decode()


def test_the_front_door_takes_no_writing(client: Client) -> None:
    assert client.post("/").status_code == 405


def test_a_councils_colours_are_served_as_css(client: Client, council: Council) -> None:
    response = client.get("/c/ashdale/brand.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert f"--brand: {council.brand};" in response.content.decode()
    assert client.get("/c/nowhere/brand.css").status_code == 404


def test_what_is_no_colour_never_reaches_the_css(client: Client, council: Council) -> None:
    Council.objects.filter(pk=council.pk).update(brand="}*{a:b", link_colour="#12345G")
    css = client.get("/c/ashdale/brand.css").content.decode()
    assert "a:b" not in css
    assert "#12345G" not in css
    assert "--brand-ink" in css


def test_a_logo_is_served_so_that_it_can_run_nothing(client: Client, council: Council) -> None:
    assert client.get("/c/ashdale/logo").status_code == 404
    picture = b"\x89PNG\r\n\x1a\n"
    Council.objects.filter(pk=council.pk).update(logo=picture, logo_type="image/png")
    response = client.get("/c/ashdale/logo")
    assert response.content == picture
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", ""])
def test_a_logo_of_an_odd_type_is_not_served(client: Client, council: Council, kind: str) -> None:
    Council.objects.filter(pk=council.pk).update(logo=b"<svg/>", logo_type=kind)
    assert client.get("/c/ashdale/logo").status_code == 404


@pytest.mark.parametrize(
    ("path", "field", "heading"),
    [
        ("accessibility", "accessibility_statement", "Accessibility statement"),
        ("privacy", "privacy_notice", "Privacy notice"),
    ],
)
def test_a_council_fills_in_its_statements(
    client: Client, council: Council, path: str, field: str, heading: str
) -> None:
    outline = client.get(f"/c/ashdale/{path}/").content.decode()
    assert heading in outline
    assert "has not filled in" in outline
    Council.objects.filter(pk=council.pk).update(**{field: "Our own <b>words</b>.\n\nMore."})
    filled = client.get(f"/c/ashdale/{path}/").content.decode()
    assert "<p>Our own &lt;b&gt;words&lt;/b&gt;.</p>" in filled
    assert "has not filled in" not in filled
    assert client.get(f"/c/nowhere/{path}/").status_code == 404
    assert heading in client.get(f"/{path}/").content.decode()


def test_public_pages_show_a_stranger_no_navigation_and_a_member_theirs(
    client: Client, owner: Person, outsider: Person
) -> None:
    for person, shown in ((None, False), (outsider, False), (owner, True)):
        if person:
            client.force_login(person.user)
        html = client.get("/c/ashdale/privacy/").content.decode()
        assert ('aria-label="Main"' in html) is shown


def test_health_says_that_every_part_works(client: Client) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "parts": {"database": "ok", "renderer": "ok"}}


def test_health_names_the_database_when_it_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Any:
        raise DatabaseError("could not connect to db.internal.example")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json()["parts"]["database"] == "does not answer"
    assert "db.internal" not in response.content.decode()


def test_health_names_a_missing_pango(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    health._has_pango.cache_clear()
    monkeypatch.setitem(health.PANGO, sys.platform, ("libnothere.so.9",))
    response = client.get("/health")
    health._has_pango.cache_clear()
    assert response.status_code == 503
    assert "Pango" in response.json()["parts"]["renderer"]


def test_the_frame_is_the_councils_and_has_no_inline_style_or_script(
    client: Client, owner: Person
) -> None:
    Council.objects.update(is_sample=True)
    client.force_login(owner.user)
    html = client.get("/c/ashdale/privacy/").content.decode()
    assert 'lang="en-GB"' in html
    assert "/c/ashdale/brand.css" in html
    assert "Sample data: the council and all text are invented." in html
    assert "Head of Housing" in html
    assert " style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert "<script>" not in html


def test_the_policy_allows_nothing_from_elsewhere(client: Client) -> None:
    policy = client.get("/help/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/account/login/?next=/c/mereford/cpc/", "Mereford Borough Council"),
        ("/account/login/?next=/c/nowhere/", None),
        ("/account/login/?next=https://elsewhere.example/c/mereford/", None),
        ("/account/login/", None),
    ],
)
def test_signing_in_has_the_look_of_the_council_on_the_way(
    client: Client, council: Council, other_council: Council, path: str, name: str | None
) -> None:
    html = client.get(path).content.decode()
    assert ("brand.css" in html) is (name is not None)
    assert name is None or name in html


def test_signing_in_has_the_look_of_the_only_council(client: Client, council: Council) -> None:
    assert "Ashdale District Council" in client.get("/account/login/").content.decode()


def test_ones_own_account_has_the_look_of_ones_council(
    client: Client, owner: Person, other_council: Council
) -> None:
    client.force_login(owner.user)
    html = client.get("/account/password/change/").content.decode()
    assert "/c/ashdale/brand.css" in html
