"""Bad input about an update, at each of its doors: told, kept, and nothing written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from actions.models import Action, Visibility
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.core import history, versions
from peerplan.councils.gate import Person

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
PLAN = "/c/ashdale/cpc-2024/"
KEPT = "The note that nobody may lose."


@dataclass(frozen=True)
class Door:
    """One of the places where the same form is sent from."""

    url: str
    headers: dict[str, str]
    saved: int


DOORS = {
    "the page": Door(f"{PLAN}1.1/update/", {}, 302),
    "the row": Door(f"{PLAN}?update=1.1", {}, 302),
    "the row in place": Door(f"{PLAN}1.1/update/?in_row=1", {"HX-Request": "true"}, 200),
}
TYPED = {
    "version": "1",
    "follows": "",
    "commentary": "The first three areas have been mapped.",
    "status": "green",
    "forecast": "green",
    "as_at_0": "31",
    "as_at_1": "3",
    "as_at_2": "2025",
    "date_choice": "same",
    "internal_note": KEPT,
}
NEW_DATE = {"date_choice": "new", "date_reason": "Late.", "expected_date": ""}
BAD: dict[str, tuple[dict[str, str], str]] = {
    "null": ({"commentary": "Mapped\x00."}, "Remove the character U+0000 (null) after “Mapped”."),
    "bell": ({"commentary": "Mapped\x07."}, "Remove the character U+0007"),
    "escape": ({"on_behalf_of": "Head\x1b[31m"}, "Remove the character U+001B (escape)"),
    "direction override": ({"recovery_plan": "a\u202eb", "status": "amber"}, "U+202E"),
    "null in a choice": ({"status": "gre\x00en"}, "Choose one of the ratings or states"),
    "null in a date": ({"as_at_0": "3\x001"}, "Enter a real date"),
    "too long": ({"commentary": "x" * 10_000}, "has 10,000 characters: shorten it to 4,000"),
    "long recovery": (
        {"status": "amber", "recovery_plan": "x" * 4001},
        "The recovery plan has 4,001 characters",
    ),
    "long words": (NEW_DATE | {"expected_words": "x" * 61}, "shorten it to 60 or fewer"),
    "future": ({"as_at_2": "2090"}, "The as-at date is in the future"),
    "impossible": ({"as_at_0": "31", "as_at_1": "2"}, "Enter a real date"),
    "no month": ({"as_at_1": ""}, "The date must have a month"),
    "two-figure year": ({"as_at_2": "25"}, "The year must have four figures"),
    "typing error in a year": ({"as_at_2": "20025"}, "Enter a real date"),
    "before the plan": ({"as_at_2": "2023"}, "came into the plan on 17 December 2024"),
    "out of order": (NEW_DATE | {"expected_date": "2025-01-01"}, "before the as-at date"),
    "no version": ({"version": ""}, "version"),
    "negative version": ({"version": "-1"}, "version"),
    "unknown status": ({"status": "purple"}, "Choose one of the ratings or states"),
    "not theirs to choose": ({"status": "paused"}, "Choose one of the ratings or states"),
    "unknown forecast": ({"forecast": "blue"}, "Select a valid choice"),
    "nothing at all": ({name: "" for name in TYPED if name != "internal_note"}, "Enter a date"),
}


def html(response: Any) -> str:
    return str(response.content.decode())


def untouched(action: Action) -> None:
    """Fails where anything was written about `action`."""
    action.refresh_from_db()
    rows: Any = action.history
    assert (action.version, action.updates.count(), rows.count()) == (1, 0, 1)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("what", BAD)
def test_it_is_told_and_what_was_typed_is_kept(
    act: Act, owner: Person, signed_in: SignedIn, what: str, door: str
) -> None:
    action = act()
    given, message = BAD[what]
    at = DOORS[door]
    response = signed_in(owner).post(at.url, TYPED | given, headers=at.headers)
    page = html(response)
    assert response.status_code == 422
    assert message in page
    assert KEPT in page
    assert given.get("commentary", TYPED["commentary"]).replace("\x00", "") in page.replace(
        "\x00", ""
    )
    untouched(action)


@pytest.mark.parametrize("door", DOORS)
def test_repeated_it_is_saved_once_and_the_second_is_kept(
    act: Act, owner: Person, signed_in: SignedIn, door: str
) -> None:
    action = act()
    at, client = DOORS[door], signed_in(owner)
    assert client.post(at.url, TYPED, headers=at.headers).status_code == at.saved
    again = client.post(at.url, TYPED, headers=at.headers)
    assert again.status_code == 409
    assert "updated 1.1 while you were writing" in html(again)
    assert KEPT in html(again)
    assert action.updates.count() == 1


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("number", ["2", str(2**31), "9" * 30])
def test_a_version_that_never_was_is_stale(
    act: Act, owner: Person, signed_in: SignedIn, number: str, door: str
) -> None:
    action = act()
    at = DOORS[door]
    typed = TYPED | {"version": number, "follows": number}
    response = signed_in(owner).post(at.url, typed, headers=at.headers)
    assert response.status_code == 409
    assert KEPT in html(response)
    untouched(action)


@pytest.mark.parametrize("door", DOORS)
def test_without_the_capability_it_is_refused_and_handed_back(
    act: Act, owner: Person, lead: Person, signed_in: SignedIn, door: str
) -> None:
    action = act(lead_role="Head of Property")
    at = DOORS[door]
    for who in (owner, lead):
        response = signed_in(who).post(at.url, TYPED, headers=at.headers)
        assert response.status_code == 403
        assert KEPT in html(response) or at.headers, "in place, the form itself stays"
    untouched(action)


@pytest.mark.parametrize("door", DOORS)
def test_from_another_council_there_is_nothing_there(
    act: Act, outsider: Person, signed_in: SignedIn, door: str
) -> None:
    action = act()
    at, client = DOORS[door], signed_in(outsider)
    response = client.post(at.url, TYPED, headers=at.headers)
    assert response.status_code == 404
    never = client.post(at.url.replace("1.1", "8.8"), TYPED, headers=at.headers)
    assert never.status_code == 404
    assert "1.1" not in html(response).partition("<main")[2]
    untouched(action)


@pytest.mark.parametrize("door", DOORS)
def test_characters_that_only_hide_are_left_out(
    act: Act, owner: Person, signed_in: SignedIn, door: str
) -> None:
    action = act()
    at = DOORS[door]
    typed = TYPED | {"commentary": "Map\u200bped\u200f by\r\nall.\ufeff"}
    assert signed_in(owner).post(at.url, typed, headers=at.headers).status_code == at.saved
    assert action.updates.get().commentary == "Mapped by\nall."


@pytest.mark.parametrize("door", ["the page", "the row"])
def test_saving_costs_at_most_fifteen_queries(
    act: Act,
    draft: Draft,
    owner: Person,
    signed_in: SignedIn,
    door: str,
    django_assert_max_num_queries: Any,
) -> None:
    action = act()
    for number in range(20):
        act(f"2.{number + 1}")
    post_update(action=action, version=1, draft=draft(), author=owner)
    client = signed_in(owner)
    with django_assert_max_num_queries(15):
        response = client.post(DOORS[door].url, TYPED | {"version": "2", "as_at_1": "5"})
    assert response.status_code == 302


def test_markup_is_shown_as_it_was_typed(act: Act, owner: Person, signed_in: SignedIn) -> None:
    act()
    typed = TYPED | {"commentary": "</textarea><script>alert(1)</script>", "status": "amber"}
    page = html(signed_in(owner).post(DOORS["the page"].url, typed))
    assert "<script>alert" not in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page


def test_the_last_words_stay_hidden_where_they_were_not_for_publication(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    action = act(visibility=Visibility.EXEMPT, exempt_paragraph=3)
    secret = draft(commentary="Canary.", rating="amber", recovery_plan="Canary too.")
    post_update(action=action, version=1, draft=secret, author=manager)
    with transaction.atomic():
        current = versions.claim(action, 2)
        current.visibility, current.exempt_paragraph = Visibility.PUBLIC, None
        history.save(current, author=manager.user)
    client = signed_in(owner)
    for door in DOORS.values():
        for response in (
            client.get(door.url, headers=door.headers),
            client.post(door.url, TYPED | {"status": "red"}, headers=door.headers),
            client.post(door.url, TYPED, headers=door.headers),
        ):
            assert response.status_code in (200, 409, 422)
            assert "Canary" not in html(response)
    assert "Canary" in html(signed_in(manager).get(DOORS["the page"].url))
