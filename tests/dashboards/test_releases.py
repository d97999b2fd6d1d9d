"""Releasing the position, and the list of releases."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from actions.models import Release
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge
from tests.plugins.plans import CANARY, Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
URL = "/c/ashdale/cpc-2024/release/"
LIST = "/c/ashdale/cpc-2024/releases/"


def given(**changes: object) -> dict[str, object]:
    return {"as_at": "2025-06-24", "seen": 2, "reason": "For Cabinet on 8 July"} | changes


def test_the_page_says_what_changed_since_the_last_release(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(URL))
    assert "They now see the position at 31 May 2025, released on 2 June 2025, 10:00." in page
    assert "1.2 Review the schedule of rates went from Amber to Green" in page
    assert "Four have no new update" in page
    assert "1 action changed; 4 open actions have no update since the last release." in page


def test_another_day_may_be_looked_at(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    page = text_of(signed_in(manager).get(URL, {"as_at": "2025-06-10"}))
    assert "Position at 10 June 2025" in page
    assert "0 actions changed" in page
    page = text_of(signed_in(manager).get(URL, {"as_at": "2025-04-10"}))
    assert "10 April 2025 is before the position that members see now." in page


def test_a_release_is_what_members_then_read(
    plan: Plan, manager: Person, member: Person, signed_in: SignIn
) -> None:
    response = signed_in(manager).post(URL, given(), follow=True)
    assert "Members and peers now read the position at 24 June 2025." in text_of(response)
    release = plan.challenge.releases.get(reason="For Cabinet on 8 July")
    assert release.author == manager.user
    page = text_of(signed_in(member).get("/c/ashdale/cpc-2024/scrutiny/"))
    assert "Position at 24 June 2025" in page


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": " "}, "Say why you release the position now"),
        ({"reason": "x" * 10_000}, "Use at most 4,000 characters"),
        ({"reason": "bad \x00 character"}, "Remove the character U+0000"),
        ({"as_at": "2025-12-31"}, "The as-at date is in the future"),
        ({"as_at": "2023-12-31"}, "before the peers came"),
        ({"as_at": "0001-01-01"}, "before the peers came"),
        ({"as_at": "9999-12-31"}, "The as-at date is in the future"),
        ({"as_at": "31 2 2025"}, "Enter a valid date"),
        ({"seen": "x"}, "Enter a whole number"),
    ],
)
def test_what_cannot_be_released_is_refused_and_what_was_typed_is_kept(
    plan: Plan, manager: Person, signed_in: SignIn, changes: dict[str, object], message: str
) -> None:
    response = signed_in(manager).post(URL, given(**changes))
    assert response.status_code == 422
    assert message in text_of(response)
    if "reason" not in changes:
        assert b"For Cabinet on 8 July" in response.content
    assert Release.objects.count() == 2


@pytest.mark.parametrize("as_at", ["31 2 2025", "2030-01-01", "tomorrow"])
def test_a_day_that_cannot_be_shown_is_refused_in_words(
    plan: Plan, manager: Person, signed_in: SignIn, as_at: str
) -> None:
    response = signed_in(manager).get(URL, {"as_at": as_at})
    assert response.status_code == 422
    assert "There is a problem" in text_of(response)


def test_the_same_form_sent_twice_releases_once(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    assert client.post(URL, given()).status_code == 302
    again = client.post(URL, given(reason="Typed meanwhile"))
    assert again.status_code == 409
    page = text_of(again)
    assert "Somebody released the position while you had this page open" in page
    assert "For Cabinet on 8 July" in page
    assert b"Typed meanwhile" in again.content
    assert Release.objects.count() == 3
    assert client.post(URL, given(seen=3, reason="Typed meanwhile")).status_code == 302


@pytest.mark.parametrize("who", ["owner", "democratic", "member", "lead", "administrator", "peer"])
def test_only_a_plan_manager_releases(
    plan: Plan, who: str, request: pytest.FixtureRequest, signed_in: SignIn
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(URL).status_code == (404 if who == "peer" else 403)
    assert client.post(URL, given()).status_code == 403
    assert Release.objects.count() == 2


def test_nothing_of_another_council_is_found(
    plan: Plan, outsider: Person, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(outsider)
    for url in (URL, LIST):
        assert client.get(url).status_code == 404
    assert client.post(URL, given()).status_code == 404
    assert signed_in(manager).get("/c/ashdale/other/release/").status_code == 404


def test_neither_page_takes_other_methods(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    assert signed_in(manager).put(URL).status_code == 405
    assert signed_in(manager).post(LIST).status_code == 405


def test_the_list_tells_members_the_post_and_officers_the_name(
    plan: Plan, manager: Person, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    manager.user.name = "Robin Example"
    manager.user.save()
    page = text_of(signed_in(member).get(LIST))
    assert "31 May 2025 2 June 2025, 10:00 Policy Manager For scrutiny in June" in page
    assert "Robin Example" not in page
    assert "Robin Example" in text_of(signed_in(democratic).get(LIST))
    assert (
        b"appendix.pdf?as_at=2025-05-31&amp;basis=released" in signed_in(member).get(LIST).content
    )


def test_before_the_first_release(
    challenge: PeerChallenge,
    act: Callable[..., object],
    manager: Person,
    member: Person,
    signed_in: SignIn,
) -> None:
    act()
    assert "Nothing has been released yet" in text_of(signed_in(member).get(LIST))
    page = text_of(signed_in(manager).get(URL))
    assert "They see nothing yet: this is the first release." in page
    assert signed_in(manager).post(URL, given(seen=0, as_at="2025-01-31")).status_code == 302


def test_an_unentitled_manager_sees_nothing_exempt(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    manager.membership.reads_exempt = False
    manager.membership.save()
    page = text_of(signed_in(manager).get(URL))
    assert CANARY not in page
    assert "1 action is not for publication" in page


def test_the_pages_cost_few_queries(
    hundred: Plan, manager: Person, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(manager)
    client.get(URL)
    with django_assert_max_num_queries(17):
        assert client.get(URL).status_code == 200
    with django_assert_max_num_queries(8):
        assert client.get(LIST).status_code == 200
