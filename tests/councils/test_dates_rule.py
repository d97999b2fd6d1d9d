"""The council's rule for later dates: whether they need approval."""

import pytest
from django.test import Client

from peerplan.core.errors import Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.councils.services.dates import change_dates_rule
from tests.councils.conftest import SignIn

pytestmark = pytest.mark.django_db
PAGE = "/c/ashdale/settings/later-dates/"
OVERVIEW = "/c/ashdale/settings/"


def needs_approval(council: Council) -> bool:
    return Council.objects.get(pk=council.pk).extensions_need_approval


def test_later_dates_need_no_approval_until_a_council_says_so(
    admin_client: Client, council: Council, administrator: Person
) -> None:
    assert not needs_approval(council)
    assert "Need no approval" in admin_client.get(OVERVIEW).content.decode()
    answer = admin_client.post(PAGE, {"version": council.version, "extensions_need_approval": "on"})
    assert answer["Location"] == OVERVIEW
    assert needs_approval(council)
    assert council.history.first().history_user == administrator.user
    assert "Need approval" in admin_client.get(OVERVIEW).content.decode()
    changes = admin_client.get("/c/ashdale/settings/changes/").content.decode()
    assert "Extensions need approval: from no to yes" in changes


def test_an_unticked_box_takes_the_rule_back(
    admin_client: Client, council: Council, administrator: Person
) -> None:
    change_dates_rule(
        council=council, extensions_need_approval=True, version=1, author=administrator.user
    )
    page = admin_client.get(PAGE).content.decode()
    assert "checked" in page
    assert "Whoever asks never approves" in page
    assert admin_client.post(PAGE, {"version": 2}).status_code == 302
    assert not needs_approval(council)


def test_two_administrators_at_once_see_both_choices(
    admin_client: Client, council: Council, administrator: Person
) -> None:
    change_dates_rule(
        council=council, extensions_need_approval=True, version=1, author=administrator.user
    )
    answer = admin_client.post(PAGE, {"version": 1})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A later date needs approval" in page
    assert 'name="version" value="2"' in page
    assert needs_approval(council)


def test_a_stale_version_is_refused_by_the_service(council: Council, administrator: Person) -> None:
    council.version = 1
    change_dates_rule(
        council=council, extensions_need_approval=True, version=1, author=administrator.user
    )
    with pytest.raises(Stale):
        change_dates_rule(
            council=council, extensions_need_approval=False, version=1, author=administrator.user
        )


@pytest.mark.parametrize("version", [{}, {"version": "x"}, {"version": ""}])
def test_without_the_version_it_was_opened_at_nothing_changes(
    admin_client: Client, council: Council, version: dict[str, str]
) -> None:
    answer = admin_client.post(PAGE, version | {"extensions_need_approval": "on"})
    assert answer.status_code == 422
    assert not needs_approval(council)


def test_only_an_administrator_of_the_council_may(
    as_person: SignIn,
    council: Council,
    manager: Person,
    lead: Person,
    member: Person,
    outsider: Person,
) -> None:
    given = {"version": council.version, "extensions_need_approval": "on"}
    for person in (manager, lead, member):
        assert as_person(person).get(PAGE).status_code == 403
        assert as_person(person).post(PAGE, given).status_code == 403
    assert as_person(outsider).post(PAGE, given).status_code == 404
    assert not needs_approval(council)


def test_other_methods_are_refused(admin_client: Client) -> None:
    assert admin_client.delete(PAGE).status_code == 405
