"""Every page on which a progress review is entered: done, refused, forbidden, stale, repeated."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from peerplan.core import history
from peerplan.core.versions import claim
from peerplan.councils.gate import Person
from reviews.models import (
    Finding,
    PeerChallenge,
    ProgressReview,
    Recommendation,
    ReturningPeer,
    ReviewTheme,
)
from reviews.services import parts
from reviews.services import progress as services
from tests.plugins.plans import text_of

SignIn = Callable[[Person], Client]
HERE = ["ashdale", "cpc-2024"]


def day(name: str, value: date) -> dict[str, str]:
    """The three boxes of a date."""
    texts = (value.day, value.month, value.year)
    return {f"{name}_{index}": str(text) for index, text in enumerate(texts)}


@pytest.fixture(autouse=True)
def today() -> Any:
    """Some days after the review."""
    with time_machine.travel("2025-05-06 09:00:00+00:00", tick=False) as traveller:
        yield traveller


@dataclass
class Rows:
    """What there is before a page is posted."""

    challenge: PeerChallenge
    review: ProgressReview
    peer: ReturningPeer
    themes: list[ReviewTheme]
    recommendation: Recommendation
    finding: Finding
    suggestion: Recommendation

    def of(self, page: "Page") -> Any:
        """The row that the page stands for."""
        row = self.themes[0] if page.row == "theme" else getattr(self, page.row)
        return type(row)._default_manager.get(pk=row.pk)

    def url(self, page: "Page", council: str = "ashdale") -> str:
        row = self.of(page)
        args: list[Any] = [council, "cpc-2024"]
        if page.name in {"review_part_remove", "review_part_move"}:
            args.append("team" if page.row == "peer" else "themes")
        if page.has_key:
            args.append(row.pk)
        if page.ref:
            args.append(page.ref)
        if page.name == "review_part_move":
            args.append("down")
        return reverse(page.name, args=args)

    def body(self, page: "Page") -> dict[str, Any]:
        """What is posted, with the version of the row that was seen."""
        return page.given | ({"version": self.of(page).version} if page.versioned else {})


@pytest.fixture
def rows(challenge: PeerChallenge, recommendation: Recommendation, manager: Person) -> Rows:
    parts.add_team_member(challenge=challenge, author=manager, role="Officer peer", name="Sam")
    review = services.set_dates(
        challenge=challenge,
        version=1,
        author=manager,
        review_from=date(2025, 4, 1),
        review_to=date(2025, 4, 2),
        review_report_published_on=None,
    )
    peer = services.add_peer(review=review, author=manager, role="Leader peer", name="Pat Example")
    themes = services.add_themes(review=review, author=manager, titles=["Housing", "Money"])
    finding = services.set_finding(
        review=review,
        recommendation=recommendation,
        version=0,
        author=manager,
        progress="good",
        words="Repairs are faster.",
    )
    suggestion = services.add_suggestion(
        review=review,
        parent=recommendation,
        author=manager,
        title="Tell tenants",
        wording="Tell tenants what changed.",
    )
    challenge.refresh_from_db()
    return Rows(challenge, review, peer, themes, recommendation, finding, suggestion)


@dataclass(frozen=True)
class Page:
    """A page that writes: what is posted, what is wrong and what is kept of it."""

    name: str
    row: str
    given: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    kept: str = ""
    ref: str = ""
    has_key: bool = False
    versioned: bool = True
    only_post: bool = False
    again: int = 409  # the status of the same post sent a second time
    needs_why: bool = True  # once the words are locked


PAGES = {
    "dates": Page(
        "review_dates",
        "challenge",
        day("review_from", date(2025, 4, 1)) | day("review_to", date(2025, 4, 3)),
        day("review_from", date(2024, 6, 1)),
        "The progress review cannot begin before the visit ends, 28 June 2024.",
        'value="2024"',
        needs_why=False,
    ),
    "words": Page(
        "review_words",
        "review",
        {"summary": "Much has been done.", "report_url": "https://ashdale.example/review"},
        {"report_url": "javascript:alert(1)"},
        "Enter a full web address that begins with https://",
        "Much has been done.",
    ),
    "team": Page(
        "review_team",
        "review",
        {"name": "Chris", "role": "Member peer", "organisation": "Oakham"},
        {"role": ""},
        "Enter the role, such as Chief executive peer.",
        "Oakham",
        versioned=False,
        again=422,
    ),
    "copy": Page("review_team_copy", "review", versioned=False, again=422),
    "peer": Page(
        "review_peer",
        "peer",
        {"name": "Pat Example", "role": "Member peer", "organisation": "Oakham"},
        {"role": ""},
        "Enter the role, such as Chief executive peer.",
        "Oakham",
        has_key=True,
    ),
    "themes": Page(
        "review_themes",
        "review",
        {"titles": "Transformation\nLooking forward"},
        {"titles": "Growth\nhousing"},
        "There is a heading “housing” already.",
        "Growth\nhousing",
        versioned=False,
        again=422,
    ),
    "theme": Page(
        "review_theme",
        "theme",
        {"title": "Housing repairs", "text": "They are faster."},
        {"title": ""},
        "Enter the heading.",
        "They are faster.",
        has_key=True,
    ),
    "finding": Page(
        "review_finding",
        "finding",
        {"progress": "some", "words": "A little faster.", "theme": ""},
        {"progress": "not-said", "words": ""},
        "Enter the peers’ words, or choose how much progress they saw.",
        "not-said",
        ref="1",
    ),
    "suggestion": Page(
        "review_suggestion_new",
        "review",
        {"ref": "1.2", "title": "Publish it", "wording": "Publish the standard."},
        {"ref": "1.1"},
        "Recommendation 1.1 is there already",
        "Publish the standard.",
        ref="1",
        versioned=False,
        again=422,
    ),
    "lock": Page("review_lock", "review", needs_why=False),
    "peer gone": Page("review_part_remove", "peer", has_key=True, again=404),
    "theme gone": Page("review_part_remove", "theme", has_key=True, again=404),
    "finding gone": Page("review_finding_remove", "finding", ref="1", again=404),
    "suggestion gone": Page(
        "review_suggestion_remove", "suggestion", ref="1.1", again=404, needs_why=False
    ),
    "moved": Page(
        "review_part_move", "theme", has_key=True, only_post=True, needs_why=False, again=302
    ),
}
NAMES = list(PAGES)
WRONG = [name for name, page in PAGES.items() if page.wrong]
VERSIONED = [name for name, page in PAGES.items() if page.versioned]
CORRECTED = [name for name, page in PAGES.items() if page.needs_why]


def counted() -> tuple[int, ...]:
    """How many rows there are, standing ones apart."""
    models = (ProgressReview, ReturningPeer, ReviewTheme, Finding, Recommendation)
    found = [model._default_manager.count() for model in models]
    standing = [
        model._default_manager.filter(ended_at__isnull=True).count() for model in models[1:]
    ]
    histories = [model.history.count() for model in models]
    return (*found, *standing, *histories)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_is_saved_and_leads_on(
    name: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], counted()
    client = signed_in(manager)
    if not page.only_post:
        answer = client.get(rows.url(page))
        assert answer.status_code == 200
        assert "csrfmiddlewaretoken" in answer.content.decode()
    answer = client.post(rows.url(page), rows.body(page), follow=True)
    assert answer.redirect_chain[0][1] == 302
    assert answer.status_code == 200
    assert counted() != before or name == "dates"


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_comes_back_with_what_was_typed(
    name: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], counted()
    answer = signed_in(manager).post(rows.url(page), rows.body(page) | page.wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert page.message in text
    assert page.kept in text
    assert counted() == before


@pytest.mark.parametrize("name", NAMES)
def test_another_method_is_refused(
    name: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page = PAGES[name]
    client = signed_in(manager)
    assert client.delete(rows.url(page)).status_code == 405
    if page.only_post:
        assert client.get(rows.url(page)).status_code == 405


@pytest.mark.parametrize("name", NAMES)
def test_other_roles_may_not(
    name: str,
    rows: Rows,
    owner: Person,
    member: Person,
    democratic: Person,
    lead: Person,
    administrator: Person,
    signed_in: SignIn,
) -> None:
    page, before = PAGES[name], counted()
    for person in (owner, member, democratic, lead, administrator):
        answer = signed_in(person).post(rows.url(page), rows.body(page))
        assert answer.status_code == 403, person.membership.role
    assert counted() == before


@pytest.mark.parametrize("name", NAMES)
def test_another_council_finds_nothing(
    name: str, rows: Rows, manager: Person, outsider: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], counted()
    for person, council in ((outsider, "ashdale"), (outsider, "mereford"), (manager, "mereford")):
        answer = signed_in(person).post(rows.url(page, council), rows.body(page))
        assert answer.status_code == 404
    assert counted() == before


@pytest.mark.parametrize("name", VERSIONED)
def test_the_later_of_two_is_told_and_keeps_what_was_typed(
    name: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page = PAGES[name]
    body = rows.body(page)
    with transaction.atomic():
        claim(rows.of(page))  # somebody else was first
    before = counted()
    answer = signed_in(manager).post(rows.url(page), body)
    assert answer.status_code == 409
    assert counted() == before
    if page.only_post:
        return
    text = answer.content.decode()
    if name != "suggestion gone":
        assert "Policy Manager saved this while you were writing" in text
        again = page.given | {"version": rows.of(page).version}
        assert f'name="version" value="{again["version"]}"' in text
        assert signed_in(manager).post(rows.url(page), again).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_sent_twice_it_is_done_once(
    name: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page = PAGES[name]
    url, body = rows.url(page), rows.body(page)
    client = signed_in(manager)
    assert client.post(url, body).status_code == 302
    before = counted()
    assert client.post(url, body).status_code == page.again
    assert counted() == before


@pytest.mark.parametrize("name", VERSIONED)
@pytest.mark.parametrize("version", ["", "-1", "abc", "99999999999999999999"])
def test_a_version_that_cannot_be_is_no_server_error(
    name: str, version: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], counted()
    answer = signed_in(manager).post(rows.url(page), rows.body(page) | {"version": version})
    assert answer.status_code in {409, 422}
    assert counted() == before


@pytest.mark.parametrize("name", CORRECTED)
def test_words_changed_after_locking_want_a_reason(
    name: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    services.lock(review=rows.review, version=rows.review.version, author=manager)
    page, before = PAGES[name], counted()
    client = signed_in(manager)
    assert "The words are locked" in text_of(client.get(rows.url(page)))
    answer = client.post(rows.url(page), rows.body(page))
    assert answer.status_code == 422
    assert "Say why it is changed." in answer.content.decode()
    assert counted() == before
    given = rows.body(page) | {"reason": "Copied wrongly"}
    assert client.post(rows.url(page), given).status_code == 302


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"dates"}])
def test_before_the_days_are_given_there_is_nothing_to_write_into(
    name: str,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    manager: Person,
    signed_in: SignIn,
) -> None:
    page = PAGES[name]
    args: list[Any] = list(HERE)
    if page.name in {"review_part_remove", "review_part_move"}:
        args.append("themes")
    if page.has_key:
        args.append(1)
    if page.ref:
        args.append(page.ref)
    if page.name == "review_part_move":
        args.append("down")
    url = reverse(page.name, args=args)
    assert signed_in(manager).post(url, page.given | {"version": 1}).status_code == 404


@pytest.mark.parametrize("ref", ["7", "1.1", "a%00b", "%F0%9F%8F%A0"])
def test_a_finding_is_on_a_standing_recommendation_of_this_challenge(
    ref: str, rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    """7 is not there; 1.1 is a suggestion of this review."""
    url = f"/c/ashdale/cpc-2024/review/set-up/findings/{ref}/"
    given = {"progress": "good", "words": "Good.", "theme": "", "version": 0}
    for address in (url, f"{url}suggestions/new/"):
        assert signed_in(manager).get(address).status_code == 404
        assert signed_in(manager).post(address, given).status_code == 404


def test_a_first_finding_entered_by_two_at_once_shows_both(
    rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    url = reverse("review_finding", args=[*HERE, "1"])
    given = {"progress": "none", "words": "What I typed.", "theme": "", "version": 0}
    answer = signed_in(manager).post(url, given)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Repairs are faster." in text
    assert "What I typed." in text
    assert "No progress seen" in text


def test_the_set_up_page_leads_to_each_part_and_says_how_far_it_is(
    rows: Rows, challenge: PeerChallenge, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(reverse("review_setup", args=HERE)))
    assert "1 to 2 April 2025" in page
    assert "1 person" in page
    assert "2 headings" in page
    assert "1 of 1 found" in page
    assert "Lock the words" in page
    services.lock(review=rows.review, version=rows.review.version, author=manager)
    page = text_of(signed_in(manager).get(reverse("review_setup", args=HERE)))
    assert "The words were locked on 6 May 2025" in page
    assert "You see first what it does" not in page


@pytest.mark.django_db
def test_without_days_only_those_are_asked_for(
    challenge: PeerChallenge, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(reverse("review_setup", args=HERE)))
    assert "Begin with the days" in page
    assert "Who came back" not in page


def test_the_page_of_locking_says_what_is_missing(
    rows: Rows, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(reverse("review_lock", args=HERE)))
    assert "What the peers found overall is not there." in page
    assert "Nobody is named" not in page
    assert "1 suggestion stays in the plan." in page


@pytest.mark.parametrize("many", [1, 40])
@pytest.mark.parametrize("name", ["review_setup", "review_findings", "review_lock"])
def test_lists_take_as_many_queries_for_any_number_of_recommendations(
    name: str,
    many: int,
    rows: Rows,
    manager: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(2, many + 2):
        row = Recommendation(
            challenge=rows.challenge, ref=str(number), title=f"Heading of {number}", position=number
        )
        history.save(row, author=manager.user)
    client = signed_in(manager)
    with django_assert_max_num_queries(15):
        assert client.get(reverse(name, args=HERE)).status_code == 200
