"""Invitations: sent, taken up, withdrawn, sent again; and links that work no longer."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Invitation, Membership, User
from peerplan.councils.services import add_member, invitations
from peerplan.councils.services.invitations import Invited
from tests.councils.conftest import SignIn

pytestmark = pytest.mark.django_db

EMAIL = "new.officer@ashdale.example"
PASSWORD = "otter umbrella granite"
FORM = {"name": "N. Officer", "password1": PASSWORD, "password2": PASSWORD}
INVITE = {"email": "New.Officer@Ashdale.example", "role": "action-owner", "post": "Head of Parks"}
INVITE_URL = "/c/ashdale/settings/people/invite/"
PEOPLE_URL = "/c/ashdale/settings/people/"


def invite(council: Council, author: Person, **given: Any) -> Invited:
    values = {"email": EMAIL, "name": "", "role": "member", "post": "Chair of Audit"} | given
    return invitations.invite(council=council, reads_exempt=False, author=author.user, **values)


@pytest.fixture
def invited(council: Council, administrator: Person) -> Invited:
    return invite(council, administrator)


@pytest.fixture
def link(invited: Invited) -> str:
    return reverse("invitation", kwargs={"token": invited.token})


def action(invitation: Invitation, what: str) -> str:
    return reverse(f"council_invitation_{what}", kwargs={"council": "ashdale", "pk": invitation.pk})


def mailed_link() -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


# --- Sending ------------------------------------------------------------------------------------


def test_an_invitation_is_mailed_as_plain_text_and_its_token_kept_nowhere_else(
    admin_client: Client, council: Council
) -> None:
    council.name = "Ashdale & District"
    response = admin_client.post(INVITE_URL, INVITE | {"name": "Nell O’Officer"})
    assert response.status_code == 302
    letter = mail.outbox[0]
    assert letter.to == [EMAIL]
    assert letter.content_subtype == "plain"
    assert "Hello Nell O’Officer," in letter.body
    assert "Your role: Action owner" in letter.body
    token = mailed_link().split("/")[-2]
    kept = Invitation.objects.values().get()
    assert token not in str(kept)
    assert kept["token_sha256"] == hashlib.sha256(token.encode()).hexdigest()
    assert kept["email"] == EMAIL
    page = admin_client.get(PEOPLE_URL).content.decode()
    assert f"An invitation is on its way to {EMAIL}" in page
    assert token not in page


def test_markup_characters_reach_the_mail_as_they_were_typed(
    admin_client: Client, council: Council
) -> None:
    admin_client.post(INVITE_URL, INVITE | {"post": "Head of Parks & <Open> Spaces"})
    assert "Your post: Head of Parks & <Open> Spaces" in mail.outbox[0].body


def test_with_the_mail_server_down_the_invitation_is_kept_and_the_page_says_so(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    with monkeypatch.context() as patch:
        patch.setattr("peerplan.councils.views.people.send_invitation", refuse)
        assert admin_client.post(INVITE_URL, INVITE).status_code == 302
    page = admin_client.get(PEOPLE_URL).content.decode()
    assert "the mail server did not take the e-mail" in page
    kept = Invitation.objects.get()
    admin_client.post(action(kept, "sent_again"))
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"email": "nobody"}, "Enter an e-mail address, such as"),
        ({"email": ""}, "Enter an e-mail address."),
        ({"role": ""}, "Choose a role"),
        ({"role": "superuser"}, "superuser is not one of"),
        ({"post": "\x00"}, "Remove the character U+0000"),
        ({"post": "x" * 121}, "at most 120 characters"),
        ({"email": "lead@ASHDALE.example"}, "in the council already"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said(
    admin_client: Client, lead: Person, given: dict[str, str], says: str
) -> None:
    response = admin_client.post(INVITE_URL, INVITE | {"name": "Kept Name"} | given)
    assert response.status_code == 422
    html = response.content.decode()
    assert says in html
    assert "Kept Name" in html
    assert not Invitation.objects.exists()
    assert not mail.outbox


def test_a_second_invitation_to_the_same_address_is_refused_while_one_waits(
    admin_client: Client,
) -> None:
    assert admin_client.post(INVITE_URL, INVITE).status_code == 302
    response = admin_client.post(INVITE_URL, INVITE)
    assert response.status_code == 422
    assert b"An invitation to this address is waiting" in response.content
    assert Invitation.objects.count() == 1


def test_two_councils_may_invite_the_same_person(
    invited: Invited, other_council: Council, outsider: Person
) -> None:
    assert invite(other_council, outsider).invitation.pk != invited.invitation.pk


@pytest.mark.parametrize("what", ["withdrawn", "sent_again"])
def test_only_an_administrator_of_the_council_acts_on_an_invitation(
    what: str, invited: Invited, as_person: SignIn, manager: Person, outsider: Person
) -> None:
    url = action(invited.invitation, what)
    assert as_person(manager).post(url).status_code == 403
    assert as_person(outsider).post(url).status_code == 404
    row = Membership.objects.get(pk=outsider.membership.pk)
    row.role = "administrator"
    row._history_user = outsider.user  # type: ignore[attr-defined]
    row.save()
    mixed = url.replace("/ashdale/", "/mereford/")
    assert as_person(outsider).post(mixed).status_code == 404
    assert Invitation.objects.get().withdrawn_at is None
    assert not mail.outbox


@pytest.mark.parametrize("what", ["withdrawn", "sent_again"])
def test_following_a_link_does_nothing_to_an_invitation(
    what: str, invited: Invited, admin_client: Client
) -> None:
    assert admin_client.get(action(invited.invitation, what)).status_code == 405


def test_inviting_is_for_administrators(
    as_person: SignIn, manager: Person, outsider: Person
) -> None:
    assert as_person(manager).get(INVITE_URL).status_code == 403
    assert as_person(manager).post(INVITE_URL, INVITE).status_code == 403
    assert as_person(outsider).post(INVITE_URL, INVITE).status_code == 404
    assert as_person(manager).get(PEOPLE_URL).status_code == 403


def test_a_withdrawn_invitation_works_no_longer(
    admin_client: Client, administrator: Person, invited: Invited, link: str, client: Client
) -> None:
    assert admin_client.post(action(invited.invitation, "withdrawn")).status_code == 302
    again = admin_client.post(action(invited.invitation, "withdrawn"))
    assert again.status_code == 302
    kept = Invitation.objects.get()
    assert kept.withdrawn_by == administrator.user
    response = client.post(link, FORM)
    assert response.status_code == 410
    assert b"was withdrawn" in response.content
    assert not User.objects.filter(email=EMAIL).exists()
    assert EMAIL.encode() not in admin_client.get(PEOPLE_URL).content.partition(b"Invited")[2]


def test_sending_again_makes_the_old_link_useless(
    admin_client: Client, invited: Invited, link: str, client: Client
) -> None:
    admin_client.post(action(invited.invitation, "sent_again"))
    assert client.get(link).status_code == 410
    assert client.get(mailed_link()).status_code == 200
    response = admin_client.post(action(invited.invitation, "sent_again"), follow=True)
    assert b"was withdrawn" in response.content
    assert len(mail.outbox) == 1


def test_one_that_has_run_out_can_be_sent_again(
    admin_client: Client, invited: Invited, link: str, client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    later = clock.now() + timedelta(days=15)
    monkeypatch.setattr(clock, "now", lambda: later)
    response = client.get(link)
    assert response.status_code == 410
    assert b"has run out" in response.content
    assert b"Ran out on" in admin_client.get(PEOPLE_URL).content
    admin_client.post(action(invited.invitation, "sent_again"))
    assert client.get(mailed_link()).status_code == 200


# --- Joining ------------------------------------------------------------------------------------


def test_a_new_person_joins_with_a_verified_address_and_is_signed_in(
    invited: Invited, link: str, client: Client, council: Council
) -> None:
    page = client.get(link).content
    assert b"Join Ashdale District Council" in page
    response = client.post(link, FORM)
    assert response.status_code == 302
    assert response["Location"] == reverse("home", kwargs={"council": "ashdale"})
    user = User.objects.get(email=EMAIL)
    assert user.name == "N. Officer"
    assert EmailAddress.objects.get(user=user).verified
    membership = Membership.objects.for_council(council).get(user=user)
    assert (membership.role, membership.post) == ("member", "Chair of Audit")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Client().login(email=EMAIL, password=PASSWORD)


def test_the_same_link_works_once(invited: Invited, link: str) -> None:
    assert Client().post(link, FORM).status_code == 302
    response = Client().post(link, FORM)
    assert response.status_code == 410
    assert b"has been used" in response.content
    assert User.objects.filter(email=EMAIL).count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": ""}, "Enter your name"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "qwerty123456", "password2": "qwerty123456"}, "too common"),
        ({"password1": EMAIL, "password2": EMAIL}, "too similar"),
        ({"password2": "otter umbrella gravel"}, "The two passwords differ"),
        ({"password1": ""}, "Enter a password"),
    ],
)
def test_what_is_wrong_is_said_and_the_name_is_kept(
    invited: Invited, link: str, client: Client, given: dict[str, str], says: str
) -> None:
    response = client.post(link, FORM | {"name": "Kept Name"} | given)
    assert response.status_code == 422
    html = response.content.decode()
    assert says in html
    assert ("Kept Name" in html) is ("name" not in given)
    assert PASSWORD not in html
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_link_that_never_was_says_so(client: Client) -> None:
    response = client.get(reverse("invitation", kwargs={"token": "made-up"}))
    assert response.status_code == 404
    assert b"belongs to no invitation" in response.content


def test_other_methods_are_refused(link: str, client: Client) -> None:
    assert client.put(link).status_code == 405


def test_someone_with_an_account_signs_in_first_and_then_joins(
    council: Council, administrator: Person, outsider: Person, as_person: SignIn
) -> None:
    found = invite(council, administrator, email=outsider.user.email.upper())
    link = reverse("invitation", kwargs={"token": found.token})
    page = Client().get(link)
    assert b"There is an account for" in page.content
    assert f"?next={link}".encode() in page.content
    assert Client().post(link, FORM).status_code == 200
    assert not Membership.objects.for_council(council).filter(user=outsider.user).exists()
    client = as_person(outsider)
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 302
    assert Membership.objects.for_council(council).filter(user=outsider.user).exists()
    assert User.objects.get(pk=outsider.user.pk).check_password("correct horse battery staple")


def test_someone_signed_in_as_another_cannot_take_it_up(
    invited: Invited, link: str, as_person: SignIn, lead: Person, outsider: Person,
    council: Council, administrator: Person,
) -> None:  # fmt: skip
    client = as_person(lead)
    response = client.post(link, FORM)
    assert response.status_code == 200
    assert b"You are signed in as lead@ashdale.example" in response.content
    assert not User.objects.filter(email=EMAIL).exists()
    found = invite(council, administrator, email=outsider.user.email)
    response = client.post(reverse("invitation", kwargs={"token": found.token}))
    assert b"You are signed in as lead@ashdale.example" in response.content
    with pytest.raises(Invalid, match="another address"):
        invitations.accept_as(invitation=found.invitation, user=lead.user)


def test_someone_who_was_let_in_meanwhile_is_told_so(
    council: Council, administrator: Person, outsider: Person, as_person: SignIn
) -> None:
    found = invite(council, administrator, email=outsider.user.email)
    add_member(
        council=council, user=outsider.user, role="lead", post="", reads_exempt=False,
        author=administrator.user,
    )  # fmt: skip
    response = as_person(outsider).post(reverse("invitation", kwargs={"token": found.token}))
    assert response.status_code == 409
    assert b"in the council already" in response.content
    found.invitation.refresh_from_db()
    assert found.invitation.accepted_at is None
