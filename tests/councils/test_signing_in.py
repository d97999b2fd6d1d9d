"""Signing in, out, and getting a new password; each page in our look."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client

from peerplan.councils.gate import Person

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
BETTER = "nine purple otters sleeping"


@pytest.fixture
def known(owner: Person) -> Person:
    """The owner, whose address is confirmed, as an invitation leaves it."""
    EmailAddress.objects.create(
        user=owner.user, email=owner.user.email, verified=True, primary=True
    )
    return owner


def is_signed_in(client: Client) -> bool:
    """True where the client's session belongs to somebody."""
    return bool(get_user(client).is_authenticated)  # type: ignore[arg-type]


def sign_in(client: Client, email: str, password: str, **more: str) -> Any:
    """The answer to the sign-in form."""
    return client.post("/account/login/", {"login": email, "password": password, **more})


def test_an_address_and_a_password_sign_in_and_lead_on(client: Client, known: Person) -> None:
    response = sign_in(client, "Owner@Ashdale.example", PASSWORD, next="/c/ashdale/privacy/")
    assert response["Location"] == "/c/ashdale/privacy/"
    assert is_signed_in(client)


def test_signing_in_leads_to_no_other_site(client: Client, known: Person) -> None:
    response = sign_in(client, known.user.email, PASSWORD, next="https://elsewhere.example/")
    assert response["Location"] == "/"


@pytest.mark.parametrize("email", ["owner@ashdale.example", "nobody@ashdale.example"])
def test_a_wrong_password_and_an_unknown_address_sound_alike(
    client: Client, known: Person, email: str
) -> None:
    response = sign_in(client, email, "wrong")
    html = response.content.decode()
    assert not is_signed_in(client)
    assert "There is a problem" in html
    assert "e-mail address and/or password" in html or "email address and/or password" in html
    assert f'value="{email}"' in html
    assert "wrong" not in html.partition("<main")[2]


def test_an_empty_form_says_which_fields(client: Client) -> None:
    html = sign_in(client, "", "").content.decode()
    assert 'href="#id_login"' in html
    assert 'href="#id_password"' in html
    assert "<title>Error: Sign in" in html


def test_a_closed_account_cannot_sign_in(client: Client, known: Person) -> None:
    known.user.is_active = False
    known.user.save()
    response = sign_in(client, known.user.email, PASSWORD)
    assert not is_signed_in(client)
    assert "closed" in client.get(response["Location"]).content.decode()


def test_too_many_failures_are_slowed_down(client: Client, known: Person) -> None:
    for _ in range(12):
        response = sign_in(client, known.user.email, "wrong")
    assert "Too many failed" in response.content.decode()
    sign_in(client, known.user.email, PASSWORD)
    assert not is_signed_in(client)


def test_a_link_alone_signs_nobody_out(client: Client, known: Person) -> None:
    client.force_login(known.user)
    assert "Sign out" in client.get("/account/logout/").content.decode()
    assert is_signed_in(client)
    client.post("/account/logout/")
    assert not is_signed_in(client)


def test_nobody_signs_up_without_an_invitation(client: Client) -> None:
    given = {"email": "me@ashdale.example", "password1": BETTER, "password2": BETTER}
    assert "by invitation only" in client.get("/account/signup/").content.decode()
    assert "by invitation only" in client.post("/account/signup/", given).content.decode()
    assert not is_signed_in(client)


def test_a_new_password_comes_by_mail_and_works(client: Client, known: Person) -> None:
    response = client.post("/account/password/reset/", {"email": known.user.email})
    assert "Check your e-mail" in client.get(response["Location"]).content.decode()
    (message,) = mail.outbox
    assert message.subject == "Choose a new PeerPlan password"
    body = str(message.body)
    assert "your password stays as it is" in body
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", body)
    assert found
    form = client.get(found[1], follow=True)
    assert "Choose a new password" in form.content.decode()
    path = form.redirect_chain[-1][0]
    poor = client.post(path, {"password1": "short", "password2": "short"}).content.decode()
    assert "There is a problem" in poor
    done = client.post(path, {"password1": BETTER, "password2": BETTER}, follow=True)
    assert "Your password is changed" in done.content.decode()
    sign_in(client, known.user.email, BETTER)
    assert is_signed_in(client)
    used = Client().get(found[1], follow=True).content.decode()
    assert "This link does not work any more" in used


def test_an_unknown_address_gets_the_same_answer_and_a_mail_that_says_so(client: Client) -> None:
    response = client.post("/account/password/reset/", {"email": "stranger@ashdale.example"})
    assert "Check your e-mail" in client.get(response["Location"]).content.decode()
    assert [str(message.subject) for message in mail.outbox] == [
        "No PeerPlan account with this address"
    ]


def test_a_password_is_changed_by_who_knows_the_old_one(client: Client, known: Person) -> None:
    client.force_login(known.user)
    given = {"oldpassword": "wrong", "password1": BETTER, "password2": BETTER}
    assert "There is a problem" in client.post("/account/password/change/", given).content.decode()
    client.post("/account/password/change/", given | {"oldpassword": PASSWORD})
    client.logout()
    sign_in(client, known.user.email, BETTER)
    assert is_signed_in(client)


def test_the_page_of_addresses_shows_ones_own(client: Client, known: Person) -> None:
    client.force_login(known.user)
    html = client.get("/account/email/").content.decode()
    assert known.user.email in html
    assert "Confirmed" in html
