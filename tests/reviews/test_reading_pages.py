"""The list, the page of setting up, the visit and one recommendation: who sees what."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from reviews import deadlines
from reviews.models import PeerChallenge, Recommendation, Theme
from reviews.services import challenges, parts, recommendations
from tests.conftest import let_read

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
Add = Callable[..., Recommendation]
Adopt = Callable[[], PeerChallenge]
BUDGET = 15


def page(name: str, challenge: PeerChallenge, **more: object) -> str:
    return reverse(
        name, kwargs={"council": challenge.council.slug, "challenge": challenge.slug} | more
    )


def test_an_empty_list_says_what_to_do(
    council: Council, manager: Person, member: Person, signed_in: SignIn
) -> None:
    url = reverse("challenges", args=["ashdale"])
    text = signed_in(manager).get(url).content.decode()
    assert "No challenges yet" in text
    assert reverse("challenge_new", args=["ashdale"]) in text
    assert reverse("challenge_new", args=["ashdale"]) not in (
        signed_in(member).get(url).content.decode()
    )


def test_the_list_shows_the_councils_own(
    setting_up: PeerChallenge, foreign: PeerChallenge, outsider: Person, signed_in: SignIn
) -> None:
    challenges.change_challenge(
        challenge=foreign, version=1, author=outsider, title="Mereford’s own"
    )
    assert "Mereford’s own" in (
        signed_in(outsider).get(reverse("challenges", args=["mereford"])).content.decode()
    )
    assert signed_in(outsider).get(reverse("challenges", args=["ashdale"])).status_code == 404


@pytest.mark.parametrize("name", ["visit", "challenge_setup", "recommendations"])
def test_another_councils_challenge_is_not_found(
    name: str, setting_up: PeerChallenge, outsider: Person, signed_in: SignIn
) -> None:
    assert signed_in(outsider).get(page(name, setting_up)).status_code == 404
    own = page(name, setting_up).replace("ashdale", "mereford")
    assert signed_in(outsider).get(own).status_code == 404


@pytest.mark.parametrize("name", ["challenge_setup", "recommendations"])
def test_pages_of_setting_up_are_for_plan_managers(
    name: str, setting_up: PeerChallenge, member: Person, owner: Person, signed_in: SignIn
) -> None:
    for person in (member, owner):
        assert signed_in(person).get(page(name, setting_up)).status_code == 403


def test_nothing_is_read_by_posting(
    setting_up: PeerChallenge, manager: Person, signed_in: SignIn
) -> None:
    for name in ("visit", "challenge_setup", "recommendations"):
        assert signed_in(manager).post(page(name, setting_up)).status_code == 405


def test_setting_up_tells_what_is_done_and_what_is_left(
    setting_up: PeerChallenge, add: Add, theme: Theme, manager: Person, signed_in: SignIn
) -> None:
    add("1", response="accepted")
    add("2")
    text = signed_in(manager).get(page("challenge_setup", setting_up)).content.decode()
    for words in ("1 theme", "2 recommendations", "1 of 2 answered", "Nothing yet", "Adopt"):
        assert words in text


def test_adoption_lists_what_it_locks_and_what_is_missing(
    setting_up: PeerChallenge, add: Add, theme: Theme, manager: Person, signed_in: SignIn
) -> None:
    add("1", response="accepted", wording="Words.", themes=[theme])
    add("2")
    add("3")
    text = signed_in(manager).get(page("challenge_adopt", setting_up)).content.decode()
    assert "wording of 3 recommendations" in text
    assert "Recommendations 2 and 3 have no response." in text
    assert "The peer team is not there." in text


def test_the_visit_tells_the_whole_story(
    setting_up: PeerChallenge,
    challenge: PeerChallenge,
    add: Add,
    theme: Theme,
    manager: Person,
    signed_in: SignIn,
) -> None:
    challenges.change_challenge(
        challenge=setting_up,
        version=1,
        author=manager,
        previous=challenge,
        report_published_on=date(2026, 5, 28),
        report_url="https://ashdale.example/report",
    )
    parts.add_team_member(challenge=setting_up, author=manager, name="Pat Peer", role="Leader peer")
    parts.add_conclusions(
        challenge=setting_up, author=manager, kind="strength", texts=["Proud."], theme=theme
    )
    parts.add_conclusions(
        challenge=setting_up, author=manager, kind="consider", texts=["Plan."], theme=None
    )
    add("1", wording="Words of 1.", response="not-accepted", response_reason="No money.")
    text = signed_in(manager).get(page("visit", setting_up)).content.decode()
    for words in (
        "3 to 5 March 2026",
        "Pat Peer",
        "Housing repairs",
        "Proud.",
        "The whole council",
        "Words of 1.",
        "Not accepted",
        "No money.",
        "https://ashdale.example/report",
        "Corporate Peer Challenge 2024",
    ):
        assert words in text


def test_members_and_peers_see_drafts_of_nothing(
    setting_up: PeerChallenge,
    add: Add,
    adopt: Adopt,
    member: Person,
    peer: Person,
    owner: Person,
    signed_in: SignIn,
) -> None:
    let_read(peer, setting_up)
    add("1", wording="Words of 1.", response="not-accepted", response_reason="No money.")
    one = page("recommendation", setting_up, ref="1")
    for person in (member, peer):
        text = signed_in(person).get(page("visit", setting_up)).content.decode()
        assert "not adopted yet" in text
        assert "Words of 1." not in text
        assert "No money." not in text
        assert signed_in(person).get(one).status_code == 404
    assert "No money." in signed_in(owner).get(page("visit", setting_up)).content.decode()
    assert signed_in(owner).get(one).status_code == 200
    adopt()
    for person in (member, peer):
        assert "No money." in signed_in(person).get(page("visit", setting_up)).content.decode()
        assert signed_in(person).get(one).status_code == 200


def test_a_correction_is_shown_to_members_with_its_reason_and_drafts_are_not(
    setting_up: PeerChallenge,
    add: Add,
    adopt: Adopt,
    manager: Person,
    member: Person,
    signed_in: SignIn,
) -> None:
    row = add("1", wording="First draft.")
    recommendations.change_recommendation(
        recommendation=row, version=1, author=manager, wording="As adoptd."
    )
    adopt()
    recommendations.correct_wording(
        recommendation=row,
        version=2,
        author=manager,
        reason="A letter was missing",
        title=row.title,
        wording="As adopted.",
    )
    for url in (page("visit", setting_up), page("recommendation", setting_up, ref="1")):
        text = signed_in(member).get(url).content.decode()
        for words in ("Wording corrected", "A letter was missing", "As adoptd.", "As adopted."):
            assert words in text
        assert "First draft." not in text
    whole = signed_in(manager).get(page("recommendation", setting_up, ref="1")).content.decode()
    assert "First draft." in whole


def test_the_second_preset_runs_from_end_to_end_in_its_own_words(
    council: Council, manager: Person, member: Person, signed_in: SignIn
) -> None:
    made = challenges.create_challenge(
        council=council,
        author=manager,
        kind="ofsted-ilacs",
        title="Inspection 2025",
        on_site_from=date(2025, 3, 3),
        on_site_to=date(2025, 3, 14),
        report_received_on=date(2025, 3, 31),
    )
    themes = parts.set_themes_of_challenge(
        challenge=made, author=manager, core=made.preset.themes[:2]
    )
    recommendations.add_recommendation(
        challenge=made, author=manager, ref="1", title="Visit children", themes=themes[:1]
    )
    client = signed_in(manager)
    dates = client.get(page("challenge_dates", made)).content.decode()
    assert "Draft action plan sent on" in dates
    assert "Progress review" not in dates.replace("Report, deadlines and progress review", "")
    assert "due by 30 April 2025" in dates or "30 April 2025" in dates
    assert "Progress review suggestion" not in (
        client.get(page("recommendation_add", made)).content.decode()
    )
    assert "Inspection team" in client.get(page("challenge_setup", made)).content.decode()
    challenges.adopt(challenge=made, version=1, author=manager, adopted_on=date(2025, 7, 1))
    text = signed_in(member).get(page("visit", made)).content.decode()
    for words in (": the inspection", "What the inspectors recommended", "Visit children"):
        assert words in text
    assert "peers" not in text.split("<main")[1].split("</main")[0]


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("name", ["challenge_setup", "recommendations", "visit", "challenge_adopt"])
def test_pages_of_recommendations_cost_the_same_at_any_length(
    name: str, setting_up: PeerChallenge, add: Add, theme: Theme, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    for n in range(10):
        add(str(n), themes=[theme])
    short = queries(client, page(name, setting_up))
    for n in range(10, 200):
        add(str(n), themes=[theme])
    assert queries(client, page(name, setting_up)) == short <= BUDGET


@pytest.mark.parametrize("name", ["team", "themes", "conclusions"])
def test_lists_of_parts_cost_the_same_at_any_length(
    name: str, setting_up: PeerChallenge, theme: Theme, manager: Person, signed_in: SignIn
) -> None:
    def fill(first: int, last: int) -> None:
        given = {"challenge": setting_up, "author": manager}
        for n in range(first, last):
            if name == "team":
                parts.add_team_member(role=f"Peer {n}", **given)
            elif name == "themes":
                parts.add_theme(title=f"Theme {n}", **given)
        if name == "conclusions":
            texts = [f"Point {n}" for n in range(first, last)]
            parts.add_conclusions(kind="strength", texts=texts, theme=theme, **given)

    client = signed_in(manager)
    fill(0, 10)
    short = queries(client, page(name, setting_up))
    fill(10, 200)
    assert queries(client, page(name, setting_up)) == short <= BUDGET


def test_the_list_of_challenges_costs_the_same_at_any_length(
    council: Council, manager: Person, signed_in: SignIn
) -> None:
    def fill(first: int, last: int) -> None:
        for n in range(first, last):
            challenges.create_challenge(
                council=council,
                author=manager,
                kind="cpc",
                title=f"Challenge {n}",
                on_site_from=date(2026, 3, 3),
                on_site_to=date(2026, 3, 5),
            )

    client, url = signed_in(manager), reverse("challenges", args=["ashdale"])
    fill(0, 10)
    short = queries(client, url)
    fill(10, 200)
    assert queries(client, url) == short <= BUDGET


def test_the_clock_draws_the_visit_and_each_deadline(challenge: PeerChallenge) -> None:
    drawn = render_to_string(
        "reviews/clock.html", {"clock": deadlines.clock(challenge, date(2025, 2, 1))}
    )
    assert drawn.count("<li") == 5
    assert drawn.count('class="past"') == 2
    assert "5 months 19 days after the last day on site: late" in drawn
    assert "86 days left" in drawn
