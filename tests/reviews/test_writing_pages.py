"""Every page of this app that writes: done, refused, forbidden, not found, stale, sent twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from peerplan.core.versions import claim
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from reviews.models import (
    ChallengePart,
    Conclusion,
    PeerChallenge,
    Recommendation,
    TeamMember,
    Theme,
)
from reviews.services import parts, recommendations

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
SLUG = "corporate-peer-challenge-2026"


def day(name: str, value: date) -> dict[str, str]:
    """The three boxes of a date."""
    texts = (value.day, value.month, value.year)
    return {f"{name}_{index}": str(text) for index, text in enumerate(texts)}


DETAILS = (
    {"title": "Peer challenge of spring", "rule_set": "lga-2025", "previous": "", "context": "Why."}
    | day("on_site_from", date(2026, 3, 3))
    | day("on_site_to", date(2026, 3, 6))
)
WORDS = {"ref": "7", "title": "Publish a plan", "wording": "Publish it.", "kind": "key"}


@dataclass(frozen=True)
class Page:
    """A page that writes: its address, what is posted, what is wrong and what is kept of it."""

    name: str
    given: dict[str, Any]
    wrong: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    kept: str = ""
    part: str = ""  # which row it stands for; "" for the challenge or a new row
    ref: str = ""
    versioned: bool = False
    only_post: bool = False
    again: int = 302  # the status of the same post sent a second time
    extra: dict[str, Any] = field(default_factory=dict)
    adopted: bool = False


PAGES = {
    "new": Page(
        "challenge_new",
        DETAILS | {"kind": "cpc"},
        day("on_site_to", date(2026, 3, 1)),
        "The last day on site cannot be before the first, 3 March 2026.",
        "Peer challenge of spring",
        again=422,
    ),
    "details": Page(
        "challenge_details",
        DETAILS,
        {"on_site_from_1": "13"},
        "Enter a real date, such as 31 3 2027.",
        "Peer challenge of spring",
        versioned=True,
        again=409,
    ),
    "dates": Page(
        "challenge_dates",
        day("report_published_on", date(2026, 5, 28)) | {"report_url": "https://ashdale.example/"},
        day("plan_approved_on", date(2026, 1, 1)),
        "The plan cannot be approved before the visit ends, 5 March 2026.",
        "https://ashdale.example/",
        versioned=True,
        again=409,
    ),
    "adopt": Page(
        "challenge_adopt",
        day("adopted_on", date(2026, 7, 14)),
        day("adopted_on", date(2099, 7, 14)),
        "The day of adoption cannot be in the future.",
        "2099",
        versioned=True,
        again=409,
    ),
    "team": Page(
        "team",
        {"name": "Pat Peer", "role": "Leader peer", "organisation": "Oakham"},
        {"role": ""},
        "Enter the role, such as Chief executive peer.",
        "Pat Peer",
        again=422,
    ),
    "team member": Page(
        "team_member",
        {"name": "Pat Peer", "role": "Leader peer", "organisation": "Oakham"},
        {"role": ""},
        "Enter the role, such as Chief executive peer.",
        "Pat Peer",
        part="team",
        versioned=True,
        again=409,
    ),
    "themes": Page(
        "themes",
        {"core": ["Governance and culture"], "own": "Growth\nTransformation", "focus": ""},
        {"own": "Growth\nHousing repairs"},
        "There is a theme “Housing repairs” already.",
        "Growth\nHousing repairs",
        again=422,
    ),
    "theme": Page(
        "theme",
        {"title": "Growth", "kind": "focus"},
        {"title": "", "kind": "focus"},
        "Enter the theme.",
        "",
        part="themes",
        versioned=True,
        again=409,
    ),
    "conclusions": Page(
        "conclusions",
        {"theme": "", "kind": "consider", "texts": "Plan ahead.\nTell members."},
        {"kind": "", "texts": "Plan ahead."},
        "Choose what kind of point it is.",
        "Plan ahead.",
        again=422,
    ),
    "conclusion": Page(
        "conclusion",
        {"theme": "", "kind": "consider", "text": "Plan ahead."},
        {"kind": "praise", "text": "Plan ahead."},
        "Select a valid choice.",
        "Plan ahead.",
        part="conclusions",
        versioned=True,
        again=409,
    ),
    "add": Page(
        "recommendation_add",
        WORDS,
        {"ref": "1"},
        "Recommendation 1 is there already",
        "Publish it.",
        again=422,
    ),
    "paste": Page(
        "recommendation_paste",
        {"kind": "key", "rows": "8 Publish a plan\n8.1 Use it"},
        {"rows": "8 Publish a plan\nNo number here"},
        "Row 2 (no reference): Enter the reference, such as 3 or 3.1.",
        "No number here",
        again=422,
    ),
    "change": Page(
        "recommendation_change",
        WORDS | {"ref": "1"},
        {"ref": "visit"},
        "“visit” is a word of the site’s addresses: use another reference.",
        "Publish it.",
        part="recommendations",
        ref="1",
        versioned=True,
        again=409,
    ),
    "respond": Page(
        "recommendation_change",
        {"kind": "key", "response": "accepted"},
        {"response": "not-accepted"},
        "Give the reason why the recommendation is not accepted.",
        "not-accepted",
        part="recommendations",
        ref="1",
        versioned=True,
        again=409,
        adopted=True,
    ),
    "correct": Page(
        "recommendation_correct",
        {"ref": "1", "title": "Heading of 1", "wording": "Publish it.", "reason": "A typing error"},
        {"reason": " "},
        "Say why the wording is corrected.",
        "Publish it.",
        part="recommendations",
        ref="1",
        versioned=True,
        again=409,
        adopted=True,
    ),
    "move": Page(
        "recommendation_move",
        {},
        part="recommendations",
        ref="1",
        versioned=True,
        only_post=True,
        again=302,  # it stands at the end already: nothing to do
        extra={"way": "down"},
    ),
    "remove": Page(
        "recommendation_remove",
        {},
        part="recommendations",
        ref="1",
        versioned=True,
        only_post=True,
        again=404,
    ),
    "move a theme": Page(
        "part_move",
        {},
        part="themes",
        versioned=True,
        only_post=True,
        again=409,
        extra={"part": "themes", "way": "up"},
    ),
    "remove a theme": Page(
        "part_remove",
        {},
        part="themes",
        versioned=True,
        only_post=True,
        again=404,
        extra={"part": "themes"},
    ),
}
NAMES = sorted(PAGES)
FORMS = sorted(name for name, page in PAGES.items() if page.message)
VERSIONED = sorted(name for name, page in PAGES.items() if page.versioned)


@dataclass
class Rows:
    """What stands in the challenge, by the word of its list."""

    challenge: PeerChallenge
    rows: dict[str, ChallengePart]

    def record(self, page: Page) -> Any:
        found = self.rows[page.part] if page.part else self.challenge
        found.refresh_from_db()
        return found

    def url(self, page: Page, council: str = "ashdale") -> str:
        given = {"council": council} | page.extra
        if page.name != "challenge_new":
            given["challenge"] = self.challenge.slug
        if page.ref:
            given["ref"] = page.ref
        elif page.part:
            given["pk"] = self.rows[page.part].pk
        return reverse(page.name, kwargs=given)

    def body(self, page: Page) -> dict[str, Any]:
        return page.given | ({"version": self.record(page).version} if page.versioned else {})


@pytest.fixture
def rows(
    setting_up: PeerChallenge, add: Callable[..., Recommendation], theme: Theme, manager: Person
) -> Rows:
    member = parts.add_team_member(challenge=setting_up, author=manager, role="Officer peer")
    parts.add_theme(challenge=setting_up, author=manager, title="Zeal")
    other = parts.add_theme(challenge=setting_up, author=manager, title="Partnerships")
    said = parts.add_conclusions(
        challenge=setting_up, author=manager, kind="strength", texts=["Good."], theme=theme
    )
    first = add("1")
    add("2")
    return Rows(
        setting_up,
        {"team": member, "themes": other, "conclusions": said[0], "recommendations": first},
    )


@pytest.fixture
def ready(rows: Rows, adopt: Callable[[], PeerChallenge]) -> Callable[[str], Page]:
    """The page of a name, with the challenge as it needs it."""

    def make(name: str) -> Page:
        if PAGES[name].adopted:
            adopt()
        return PAGES[name]

    return make


def counted() -> tuple[int, ...]:
    """How much has ever been written."""
    kinds = (PeerChallenge, TeamMember, Theme, Conclusion, Recommendation)
    return tuple(kind.history.count() for kind in kinds)


def versions() -> list[int]:
    kinds: tuple[Any, ...] = (PeerChallenge, TeamMember, Theme, Conclusion, Recommendation)
    return [version for kind in kinds for version in kind.objects.values_list("version", flat=True)]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_is_saved(
    name: str, ready: Callable[[str], Page], rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page, before = ready(name), counted()
    answer = signed_in(manager).post(rows.url(page), rows.body(page))
    assert answer.status_code == 302
    assert counted() > before
    followed = signed_in(manager).get(answer.headers["Location"])
    assert followed.status_code == 200


@pytest.mark.parametrize("name", FORMS)
def test_the_form_is_shown(
    name: str, ready: Callable[[str], Page], rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page = ready(name)
    answer = signed_in(manager).get(rows.url(page) + ("?kind=cpc" if name == "new" else ""))
    assert answer.status_code == 200
    assert "csrfmiddlewaretoken" in answer.content.decode()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_wrong_comes_back_with_what_was_typed(
    name: str, ready: Callable[[str], Page], rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page, before = ready(name), counted()
    state = versions()
    answer = signed_in(manager).post(rows.url(page), rows.body(page) | page.wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert page.message in text
    assert page.kept in text
    assert (counted(), versions()) == (before, state)


@pytest.mark.parametrize("name", NAMES)
def test_another_method_is_refused(
    name: str, ready: Callable[[str], Page], rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page = ready(name)
    client = signed_in(manager)
    assert client.delete(rows.url(page)).status_code == 405
    if page.only_post:
        assert client.get(rows.url(page)).status_code == 405


@pytest.mark.parametrize("name", NAMES)
def test_other_roles_may_not(
    name: str,
    ready: Callable[[str], Page],
    rows: Rows,
    owner: Person,
    member: Person,
    democratic: Person,
    lead: Person,
    peer: Person,
    administrator: Person,
    signed_in: SignIn,
) -> None:
    page, before = ready(name), counted()
    for person in (owner, member, democratic, lead, peer, administrator):
        answer = signed_in(person).post(rows.url(page), rows.body(page))
        assert answer.status_code == 403, person.membership.role
    assert counted() == before


@pytest.mark.parametrize("name", NAMES)
def test_another_council_finds_nothing(
    name: str,
    ready: Callable[[str], Page],
    rows: Rows,
    manager: Person,
    outsider: Person,
    signed_in: SignIn,
) -> None:
    page, before = ready(name), counted()
    for person, council in ((outsider, "ashdale"), (outsider, "mereford"), (manager, "mereford")):
        if page.name == "challenge_new" and person.council.slug == council:
            continue
        answer = signed_in(person).post(rows.url(page, council), rows.body(page))
        assert answer.status_code == 404
    assert counted() == before


@pytest.mark.parametrize(
    "name", [name for name in NAMES if PAGES[name].part and not PAGES[name].ref]
)
def test_a_row_of_another_challenge_is_not_found_under_this_one(
    name: str, rows: Rows, challenge: PeerChallenge, manager: Person, signed_in: SignIn
) -> None:
    page = PAGES[name]
    url = rows.url(page).replace(SLUG, challenge.slug)
    assert signed_in(manager).post(url, rows.body(page)).status_code == 404


@pytest.mark.parametrize("name", VERSIONED)
def test_the_later_of_two_is_told_and_keeps_what_was_typed(
    name: str, ready: Callable[[str], Page], rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page = ready(name)
    body = rows.body(page)
    with transaction.atomic():
        claim(rows.record(page))  # somebody else was first
    before = counted()
    answer = signed_in(manager).post(rows.url(page), body)
    assert answer.status_code == 409
    assert counted() == before
    text = answer.content.decode()
    if page.only_post:
        assert "Somebody" in text
        return
    assert "Policy Manager saved this while you were writing" in text
    if page.kept and page.name not in {"challenge_adopt", "recommendation_change"}:
        assert page.kept in text
    again = page.given | {"version": rows.record(page).version}
    assert f'name="version" value="{again["version"]}"' in text
    assert signed_in(manager).post(rows.url(page), again).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_sent_twice_it_is_done_once(
    name: str, ready: Callable[[str], Page], rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page = ready(name)
    url, body = rows.url(page), rows.body(page)
    client = signed_in(manager)
    client.post(url, body)
    before = counted()
    assert client.post(url, body).status_code == page.again
    assert counted() == before


@pytest.mark.parametrize("name", VERSIONED)
@pytest.mark.parametrize("version", ["", "-1", "abc", "99999999999999999999"])
def test_a_version_that_cannot_be_is_no_server_error(
    name: str,
    version: str,
    ready: Callable[[str], Page],
    rows: Rows,
    manager: Person,
    signed_in: SignIn,
) -> None:
    page, before = ready(name), counted()
    answer = signed_in(manager).post(rows.url(page), rows.body(page) | {"version": version})
    assert answer.status_code in {409, 422}
    assert counted() == before


def test_a_conflict_shows_both_texts(
    rows: Rows, manager: Person, council: Council, signed_in: SignIn
) -> None:
    row = rows.rows["recommendations"]
    assert isinstance(row, Recommendation)
    recommendations.change_recommendation(
        recommendation=row, version=1, author=manager, wording="What the other wrote"
    )
    body = WORDS | {"ref": "1", "wording": "What I wrote", "version": 1, "response": "accepted"}
    answer = signed_in(manager).post(rows.url(PAGES["change"]), body)
    differences = {one.label: one for one in answer.context["conflict"].differences}
    assert (differences["Wording"].theirs, differences["Wording"].mine) == (
        "What the other wrote",
        "What I wrote",
    )
    assert (differences["The council’s response"].theirs, differences["Heading"].mine) == (
        "Not yet answered",
        "Publish a plan",
    )
    assert "Kind" not in differences


@pytest.mark.parametrize("junk", ["A\x00B", "A\x1bB", "A\u202eB"])
@pytest.mark.parametrize("name", ["details", "team", "themes", "conclusions", "add", "paste"])
def test_characters_that_lie_are_refused(
    name: str, junk: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], counted()
    body = rows.body(page)
    texts = {
        key: junk for key, value in page.given.items() if key in {"title", "role", "texts", "own"}
    }
    texts = texts or {"rows": f"9 {junk}"}
    answer = signed_in(manager).post(rows.url(page), body | texts)
    assert answer.status_code == 422
    assert "Remove the character U+" in answer.content.decode()
    assert counted() == before


def test_ten_thousand_characters_fit_the_wording_and_not_the_heading(
    rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    long = "word " * 2000
    page = PAGES["add"]
    answer = signed_in(manager).post(rows.url(page), WORDS | {"title": long})
    assert answer.status_code == 422
    assert "Use at most 250 characters" in answer.content.decode()
    assert long.strip() in answer.content.decode()
    answer = signed_in(manager).post(rows.url(page), WORDS | {"wording": long})
    assert answer.status_code == 302


def test_a_theme_in_use_stays_and_the_page_says_why(
    rows: Rows, theme: Theme, manager: Person, signed_in: SignIn
) -> None:
    url = reverse("part_remove", args=["ashdale", SLUG, "themes", theme.pk])
    answer = signed_in(manager).post(url, {"version": theme.version})
    assert answer.status_code == 422
    assert "cannot be removed while it has 1 conclusion" in answer.content.decode()


def test_after_adoption_neither_form_nor_button_takes_a_recommendation_away(
    rows: Rows, adopt: Callable[[], PeerChallenge], manager: Person, signed_in: SignIn
) -> None:
    adopt()
    client = signed_in(manager)
    page = client.get(rows.url(PAGES["change"])).content.decode()
    assert "Remove" not in page
    assert 'name="wording"' not in page
    answer = client.post(rows.url(PAGES["remove"]), {"version": 1})
    assert answer.status_code == 422
    assert Recommendation.objects.filter(ref="1", ended_at__isnull=True).exists()


def test_before_adoption_a_correction_leads_to_the_change(
    rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    answer = signed_in(manager).get(rows.url(PAGES["correct"]))
    assert answer.headers["Location"] == rows.url(PAGES["change"])


def test_an_adopted_plan_is_not_offered_for_adoption(
    rows: Rows, adopt: Callable[[], PeerChallenge], manager: Person, signed_in: SignIn
) -> None:
    adopt()
    answer = signed_in(manager).get(rows.url(PAGES["adopt"]), follow=True)
    assert "The plan was adopted on 14 July 2026." in answer.content.decode()


@pytest.mark.parametrize("kind", ["", "rumour"])
def test_the_kind_of_review_comes_first(
    kind: str, council: Council, manager: Person, signed_in: SignIn
) -> None:
    url = reverse("challenge_new", args=["ashdale"])
    assert signed_in(manager).get(url).status_code == 200
    answer = signed_in(manager).get(url, {"kind": kind})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
