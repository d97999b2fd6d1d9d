"""Directorates, portfolios and rating rules beyond what every settings page has in common."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from peerplan.core.errors import Invalid
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Directorate, Portfolio, RatingLabel, User
from peerplan.councils.ratings import DEFAULT_RULES
from peerplan.councils.scheme import rating_scheme
from peerplan.councils.services import ratings, structure
from tests.councils.conftest import SignIn

pytestmark = pytest.mark.django_db

LISTS = [("directorates", Directorate), ("portfolios", Portfolio)]


def address(name: str, **more: object) -> str:
    return reverse(f"council_{name}", kwargs={"council": "ashdale", **more})


@pytest.mark.parametrize(("name", "model"), LISTS)
def test_one_is_added_and_listed(
    name: str, model: type[Directorate], admin_client: Client, administrator: Person
) -> None:
    assert b"None yet" in admin_client.get(address(name)).content
    response = admin_client.post(address(name), {"name": "Place", "holder_title": "Leader"})
    assert response.status_code == 302
    added = model.objects.get()
    assert added.history.get().history_user == administrator.user
    assert b"Place" in admin_client.get(address(name)).content


@pytest.mark.parametrize(("name", "model"), LISTS)
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("PLACE", "called “PLACE” already"),
        ("", "Enter a name"),
        ("Bad\x1bname", "U+001B"),
        ("x" * 121, "at most 120 characters"),
    ],
)
def test_a_name_that_cannot_be_taken_is_refused_and_kept(
    name: str, model: type[Directorate], typed: str, says: str, admin_client: Client
) -> None:
    admin_client.post(address(name), {"name": "Place"})
    response = admin_client.post(address(name), {"name": typed, "holder_title": "Kept"})
    assert response.status_code == 422
    html = response.content.decode()
    assert says in html
    assert typed.replace("\x1b", "") in html.replace("\x1b", "")
    assert model.objects.count() == 1


@pytest.mark.parametrize(("name", "model"), LISTS)
def test_lists_are_for_administrators_of_the_council(
    name: str, model: type[Directorate], as_person: SignIn, manager: Person, outsider: Person
) -> None:
    for person, status in ((manager, 403), (outsider, 404)):
        client = as_person(person)
        assert client.get(address(name)).status_code == status
        assert client.post(address(name), {"name": "Place"}).status_code == status
    assert not model.objects.exists()


@pytest.mark.parametrize("name", ["directorates", "portfolios", "settings", "scheme", "changes"])
def test_other_methods_are_refused(name: str, admin_client: Client) -> None:
    assert admin_client.delete(address(name)).status_code == 405


@pytest.mark.parametrize("name", ["settings", "scheme", "changes", "people"])
def test_pages_that_only_show_take_no_form(name: str, admin_client: Client) -> None:
    assert admin_client.post(address(name)).status_code == 405


def test_councils_may_use_the_same_names(
    council: Council, other_council: Council, administrator: Person, founder: User
) -> None:
    for each in (council, other_council):
        structure.add_directorate(council=each, name="Place", author=founder)
    assert Directorate.objects.for_council(council).count() == 1


def test_what_has_ended_keeps_its_name_and_can_be_reopened(council: Council, founder: User) -> None:
    made = structure.add_portfolio(council=council, name="Housing", author=founder)
    ended = structure.end_part(part=made, on=date(2026, 3, 1), version=1, author=founder)
    assert ended.ended_on == date(2026, 3, 1)
    with pytest.raises(Invalid, match="reopen it instead"):
        structure.add_portfolio(council=council, name="housing", author=founder)
    opened = structure.reopen_part(part=ended, version=2, author=founder)
    assert opened.ended_on is None


def test_a_refused_name_leaves_the_version_as_it_was(council: Council, founder: User) -> None:
    structure.add_directorate(council=council, name="Place", author=founder)
    made = structure.add_directorate(council=council, name="People", author=founder)
    with pytest.raises(Invalid):
        structure.rename_directorate(directorate=made, name="place", version=1, author=founder)
    assert Directorate.objects.get(pk=made.pk).version == 1


def test_a_council_begins_with_every_default_rule(council: Council) -> None:
    assert tuple(rating_scheme(council).values()) == DEFAULT_RULES


def test_the_scheme_is_one_query_a_council_instance(
    council: Council, django_assert_num_queries: object
) -> None:
    here = Council.objects.get(pk=council.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        rating_scheme(here)
        rating_scheme(here)


def test_a_changed_rule_is_read_at_once_and_in_its_place(
    council: Council, administrator: Person
) -> None:
    rating_scheme(council)
    row = RatingLabel.objects.for_council(council).select_related("council").get(key="amber")
    row.council = council
    ratings.change_rule(
        rule=row,
        label="At risk",
        definition="A plan is in place.",
        requires_commentary=False,
        version=1,
        author=administrator.user,
    )
    assert list(rating_scheme(council))[:2] == ["red", "amber"]
    assert rating_scheme(council)["amber"].label == "At risk"


def test_a_status_without_a_row_has_the_default_rule(council: Council, founder: User) -> None:
    bare = Council(name="Bare", slug="bare")
    bare._history_user = founder  # type: ignore[attr-defined]
    bare.save()
    assert rating_scheme(bare) == {rule.key: rule for rule in DEFAULT_RULES}


def test_a_rule_that_no_status_has_is_not_found(admin_client: Client) -> None:
    assert admin_client.get(address("rule", key="purple")).status_code == 404


def test_the_overview_says_how_far_the_council_is(
    admin_client: Client, council: Council, founder: User
) -> None:
    html = admin_client.get(address("settings")).content.decode()
    assert "1 person, 0 invitations waiting" in html
    assert "Our default rules" in html
    assert "Still to write: accessibility statement and privacy notice" in html
    place = structure.add_directorate(council=council, name="Place", author=founder)
    structure.add_directorate(council=council, name="People", author=founder)
    structure.end_part(part=place, on=date(2026, 3, 1), version=1, author=founder)
    row = RatingLabel.objects.for_council(council).get(key="red")
    ratings.change_rule(
        rule=row,
        label="Off track",
        definition=row.definition,
        requires_commentary=True,
        version=1,
        author=founder,
    )
    html = admin_client.get(address("settings")).content.decode()
    assert "1, and 1 ended" in html
    assert "1 of 10 rules in your own words" in html
