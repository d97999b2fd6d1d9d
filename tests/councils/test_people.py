"""People of a council: who may be let in, changed, ended and made anonymous."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership, User
from peerplan.councils.services import add_member, people
from tests.councils.conftest import SignIn

pytestmark = pytest.mark.django_db


def changed(membership: Membership, author: Person, **given: Any) -> Membership:
    """The membership with what is given changed."""
    now = Membership.objects.get(pk=membership.pk)
    values = {
        "role": now.role,
        "post": now.post,
        "reads_exempt": now.reads_exempt,
        "ends_on": now.ends_on,
    } | given
    return people.change_membership(
        membership=now, version=now.version, author=author.user, **values
    )


def ended(person: Person, author: Person) -> Membership:
    return people.end_membership(
        membership=person.membership, version=person.membership.version, author=author.user
    )


def test_the_list_shows_posts_names_addresses_and_roles(
    admin_client: Client, administrator: Person, lead: Person, manager: Person, outsider: Person
) -> None:
    ended(manager, administrator)
    html = admin_client.get(reverse("council_people", kwargs={"council": "ashdale"})).content
    here, _, left = html.partition(b"Without access any more")
    assert b"Chief Executive" in here
    assert b"lead@ashdale.example" in here
    assert b"Policy Manager" in left
    assert b"mereford" not in html


def test_the_list_costs_the_same_for_many_people(
    admin_client: Client,
    council: Council,
    administrator: Person,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(30):
        add_member(
            council=council,
            user=User.objects.create_user(f"officer{number}@ashdale.example"),
            role="action-owner",
            post=f"Officer {number}",
            reads_exempt=False,
            author=administrator.user,
        )
    url = reverse("council_people", kwargs={"council": "ashdale"})
    with django_assert_max_num_queries(8):
        assert admin_client.get(url).content.count(b"Action owner") == 30


def test_nobody_is_in_a_council_twice(council: Council, lead: Person, manager: Person) -> None:
    with pytest.raises(Invalid, match="already"):
        add_member(
            council=council, user=lead.user, role="member", post="", reads_exempt=False,
            author=manager.user,
        )  # fmt: skip


def test_someone_whose_last_day_has_passed_may_join_again(
    council: Council, peer: Person, administrator: Person
) -> None:
    row = Membership.objects.get(pk=peer.membership.pk)
    row.ends_on = clock.today() - timedelta(days=1)
    row._history_user = administrator.user  # type: ignore[attr-defined]
    row.save()
    again = add_member(
        council=council, user=peer.user, role="peer-reviewer", post="Peer", reads_exempt=False,
        author=administrator.user,
    )  # fmt: skip
    row.refresh_from_db()
    assert row.ended_at is not None
    assert again.ended_at is None


@pytest.mark.parametrize(
    "given", [{"role": "lead"}, {"ends_on": clock.today() + timedelta(days=30)}]
)
def test_the_last_administrator_stays_one(administrator: Person, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="without an administrator"):
        changed(administrator.membership, administrator, **given)
    with pytest.raises(Invalid, match="without an administrator"):
        ended(administrator, administrator)
    assert Membership.objects.get(pk=administrator.membership.pk).version == 1


def test_an_administrator_elsewhere_or_without_an_account_does_not_count(
    administrator: Person, lead: Person, outsider: Person
) -> None:
    changed(outsider.membership, outsider, role="administrator")
    changed(lead.membership, administrator, role="administrator")
    lead.user.is_active = False
    lead.user.save()
    with pytest.raises(Invalid, match="without an administrator"):
        ended(administrator, administrator)


def test_an_administrator_may_go_when_another_stays(administrator: Person, lead: Person) -> None:
    changed(lead.membership, administrator, role="administrator")
    assert ended(administrator, administrator).ended_at is not None


def test_the_page_says_why_the_last_administrator_stays(
    admin_client: Client, administrator: Person
) -> None:
    url = reverse(
        "council_person_end", kwargs={"council": "ashdale", "pk": administrator.membership.pk}
    )
    response = admin_client.post(url, {"version": 1})
    assert response.status_code == 422
    assert b"would be left without an administrator" in response.content


def test_ended_access_is_gone_with_the_next_request(
    as_person: SignIn, administrator: Person, lead: Person, council: Council
) -> None:
    changed(lead.membership, administrator, role="administrator")
    client = as_person(lead)
    url = reverse("council_settings", kwargs={"council": "ashdale"})
    assert client.get(url).status_code == 200
    row = Membership.objects.get(pk=lead.membership.pk)
    people.end_membership(membership=row, version=row.version, author=administrator.user)
    assert client.get(url).status_code == 404


def test_a_last_day_is_the_last_day_of_access(
    as_person: SignIn, administrator: Person, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(lead.membership, administrator, role="administrator")
    last = clock.today() + timedelta(days=2)
    changed(lead.membership, administrator, ends_on=last)
    client = as_person(lead)
    url = reverse("council_settings", kwargs={"council": "ashdale"})
    monkeypatch.setattr(clock, "today", lambda: last)
    assert client.get(url).status_code == 200
    monkeypatch.setattr(clock, "today", lambda: last + timedelta(days=1))
    assert client.get(url).status_code == 404


def test_a_leaver_made_anonymous_keeps_their_history_without_name_address_or_way_in(
    as_person: SignIn, administrator: Person, lead: Person
) -> None:
    lead.user.name = "Robin Leaver"
    lead.user.save()
    EmailAddress.objects.create(user=lead.user, email=lead.user.email, verified=True, primary=True)
    client = as_person(lead)
    gone = ended(lead, administrator)
    people.make_anonymous(membership=gone, version=gone.version, author=administrator.user)
    user = User.objects.get(pk=lead.user.pk)
    assert user.name == people.SOMEONE_WHO_LEFT
    assert "ashdale" not in user.email
    assert not user.is_active
    assert not user.has_usable_password()
    assert not EmailAddress.objects.filter(user=user).exists()
    assert Membership.history.filter(history_user=user).exists()  # type: ignore[attr-defined]
    assert client.get("/account/password/change/").status_code == 302
    pages = [
        reverse("council_people", kwargs={"council": "ashdale"}),
        reverse("council_person", kwargs={"council": "ashdale", "pk": gone.pk}),
        reverse("council_changes", kwargs={"council": "ashdale"}),
    ]
    for url in pages:
        html = as_person(administrator).get(url).content
        assert b"Robin" not in html
        assert b"lead@ashdale.example" not in html


def test_only_someone_who_left_every_council_is_made_anonymous(
    administrator: Person, lead: Person, outsider: Person, other_council: Council
) -> None:
    with pytest.raises(Invalid, match="who has left"):
        people.make_anonymous(membership=lead.membership, version=1, author=administrator.user)
    add_member(
        council=other_council, user=lead.user, role="lead", post="", reads_exempt=False,
        author=outsider.user,
    )  # fmt: skip
    gone = ended(lead, administrator)
    with pytest.raises(Invalid, match="who has left"):
        people.make_anonymous(membership=gone, version=gone.version, author=administrator.user)
    assert User.objects.get(pk=lead.user.pk).email == "lead@ashdale.example"
