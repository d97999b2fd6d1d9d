"""Every page of bodies and meetings that writes: done, refused, not found, stale, sent twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from peerplan.core.versions import claim
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.models import Body, BodyMember, ClosureDay, Meeting
from peerplan.papers.services import meetings as services

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def frozen() -> Any:
    """Tuesday 10 June 2025, in the morning."""
    with time_machine.travel("2025-06-10 08:00:00+00:00", tick=False):
        yield


def day(name: str, value: date) -> dict[str, str]:
    """The three boxes of a date."""
    texts = (value.day, value.month, value.year)
    return {f"{name}_{index}": str(text) for index, text in enumerate(texts)}


BODY = {
    "name": "Audit Committee",
    "kind": "audit",
    "called": "the Audit Committee",
    "lead_in": "THAT THE COMMITTEE:",
    "call_in_days": "5",
}
MEETING = {"at": "6.30pm", "place": "Committee Room 2", "late_reason": ""} | day(
    "on", date(2025, 7, 1)
)


@dataclass(frozen=True)
class Page:
    """A page that writes: what it takes, what is wrong, and how a second post is answered."""

    url: str
    given: dict[str, Any]
    wrong: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    kept: str = ""
    row: str = ""  # which record its address names
    versioned: bool = False
    only_post: bool = False
    again: int = 422


PAGES = {
    "new body": Page("body_new", BODY, {"kind": ""}, "Choose what kind of body", "Audit"),
    "change body": Page(
        "body_change",
        BODY,
        {"call_in_days": "five"},
        "Enter a number of working days from 0 to 30.",
        "Audit",
        row="idle",
        versioned=True,
        again=409,
    ),
    "end body": Page(
        "body_end",
        {"reason": "Replaced by another"},
        {"reason": "A\x1bB"},
        "Remove the character U+001B",
        row="idle",
        versioned=True,
        again=409,
    ),
    "take up body": Page(
        "body_take_up", {}, row="ended", versioned=True, only_post=True, again=409
    ),
    "seat": Page(
        "body",
        {"membership": "", "office": "Vice-chair"},
        {"membership": "99999"},
        "Choose somebody from the list.",
        "Vice-chair",
        row="idle",
    ),
    "end seat": Page("seat_end", {}, row="seat", only_post=True),
    "new meeting": Page(
        "meeting_new",
        MEETING,
        {"on_1": "13"},
        "Enter a real date, such as 31 3 2027.",
        "Committee Room 2",
    ),
    "change meeting": Page(
        "meeting_change",
        MEETING,
        {"at": "25:00"},
        "Enter a time, such as 18:30 or 6.30pm.",
        "Committee Room 2",
        row="meeting",
        versioned=True,
        again=409,
    ),
    "call off": Page(
        "meeting_call_off",
        {"reason": "No business"},
        {"reason": " "},
        "Say why the meeting is called off.",
        row="meeting",
        versioned=True,
        again=409,
    ),
    "closure": Page(
        "closures",
        {"reason": "Move of offices"} | day("first", date(2025, 8, 4)),
        day("first", date(2025, 8, 2)),
        "This day does not count in any case (Saturday)",
        "Move of offices",
    ),
    "end closure": Page("closure_end", {}, row="closure", only_post=True),
}
NAMES = sorted(PAGES)
FORMS = sorted(name for name, page in PAGES.items() if page.message)
VERSIONED = sorted(name for name, page in PAGES.items() if page.versioned)


@dataclass
class Rows:
    """What stands in the council, by the word that a page gives."""

    found: dict[str, Any]

    def record(self, page: Page) -> Any:
        record = self.found[page.row]
        record.refresh_from_db()
        return record

    def url(self, page: Page, council: str = "ashdale") -> str:
        given: dict[str, Any] = {"council": council}
        if page.row in {"idle", "ended"}:
            given["body"] = self.found[page.row].pk
        elif page.row == "seat":
            given |= {"body": self.found["seat"].body_id, "seat": self.found["seat"].pk}
        elif page.row:
            given[page.row] = self.found[page.row].pk
        return reverse(page.url, kwargs=given)

    def body(self, page: Page) -> dict[str, Any]:
        given = dict(page.given)
        if page.url == "body":
            given["membership"] = self.found["person"].pk
        if page.url == "meeting_new":
            given["body"] = self.found["idle"].pk
        if page.versioned:
            given["version"] = self.record(page).version
        return given


@pytest.fixture
def rows(
    council: Council,
    scrutiny_body: Body,
    cabinet_meeting: Meeting,
    member: Person,
    lead: Person,
    democratic: Person,
) -> Rows:
    gone = services.add_body(
        council=council, details=services.BodyDetails("Old Board", "officers"), author=democratic
    )
    gone = services.end_body(body=gone, version=gone.version, author=democratic)
    seat = services.add_seat(
        body=scrutiny_body, membership=member.membership, office="Chair", author=democratic
    )
    closed = services.add_closure_days(
        council=council, first=date(2025, 12, 29), last=None, reason="Winter", author=democratic
    )
    return Rows(
        {
            "idle": scrutiny_body,
            "ended": gone,
            "seat": seat,
            "person": lead.membership,
            "meeting": cabinet_meeting,
            "closure": closed[0],
        }
    )


def state() -> list[Any]:
    """Every row and how often each was ever written."""
    kinds: tuple[Any, ...] = (Body, BodyMember, Meeting, ClosureDay)
    found: list[Any] = [list(kind.objects.order_by("pk").values()) for kind in kinds]
    return [*found, Body.history.count(), Meeting.history.count()]


@pytest.mark.parametrize("who", ["democratic", "manager"])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_is_saved(
    name: str, who: str, rows: Rows, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    page, before = PAGES[name], state()
    client = signed_in(request.getfixturevalue(who))
    answer = client.post(rows.url(page), rows.body(page))
    assert answer.status_code == 302
    assert state() != before
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("name", FORMS)
def test_the_form_is_shown(name: str, rows: Rows, democratic: Person, signed_in: SignIn) -> None:
    answer = signed_in(democratic).get(rows.url(PAGES[name]))
    assert answer.status_code == 200
    assert "csrfmiddlewaretoken" in answer.content.decode()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_wrong_comes_back_with_what_was_typed(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], state()
    answer = signed_in(democratic).post(rows.url(page), rows.body(page) | page.wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert page.message in text
    assert page.kept in text
    assert state() == before


@pytest.mark.parametrize("name", NAMES)
def test_another_method_is_refused(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page, client = PAGES[name], signed_in(democratic)
    assert client.delete(rows.url(page)).status_code == 405
    if page.only_post:
        assert client.get(rows.url(page)).status_code == 405


@pytest.mark.parametrize("who", ["owner", "member", "lead", "administrator", "peer"])
@pytest.mark.parametrize("name", NAMES)
def test_other_roles_may_not(
    name: str, who: str, rows: Rows, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    page, person = PAGES[name], request.getfixturevalue(who)
    before = state()
    assert signed_in(person).post(rows.url(page), rows.body(page)).status_code == 403
    assert state() == before


@pytest.mark.parametrize("name", NAMES)
def test_another_council_finds_nothing(
    name: str, rows: Rows, democratic: Person, outsider: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], state()
    for person, council in (
        (outsider, "ashdale"),
        (outsider, "mereford"),
        (democratic, "mereford"),
    ):
        if not page.row and person.council.slug == council:
            continue
        answer = signed_in(person).post(rows.url(page, council), rows.body(page))
        assert answer.status_code == 404, (person, council)
    assert state() == before


@pytest.mark.parametrize("name", ["new meeting", "seat"])
def test_what_belongs_to_another_council_cannot_be_chosen(
    name: str,
    rows: Rows,
    other_council: Council,
    outsider: Person,
    democratic: Person,
    signed_in: SignIn,
) -> None:
    theirs = services.add_body(
        council=other_council, details=services.BodyDetails("Cabinet", "executive"), author=outsider
    )
    page = PAGES[name]
    foreign = {"body": theirs.pk, "membership": outsider.membership.pk}
    before = state()
    answer = signed_in(democratic).post(rows.url(page), rows.body(page) | foreign)
    assert answer.status_code == 422
    assert state() == before


@pytest.mark.parametrize("name", VERSIONED)
def test_the_later_of_two_is_told_and_keeps_what_was_typed(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page = PAGES[name]
    body = rows.body(page)
    with transaction.atomic():
        claim(rows.record(page))  # somebody else was first
    before = state()
    answer = signed_in(democratic).post(rows.url(page), body)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert state() == before
    if page.only_post:
        assert "Somebody else changed this" in text
        return
    assert "Democratic Services Officer saved this while you were writing" in text
    assert page.kept in text
    again = page.given | {"version": rows.record(page).version}
    assert f'name="version" value="{again["version"]}"' in text
    assert signed_in(democratic).post(rows.url(page), again).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_sent_twice_it_is_done_once(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page, client = PAGES[name], signed_in(democratic)
    url, body = rows.url(page), rows.body(page)
    client.post(url, body)
    before = state()
    assert client.post(url, body).status_code == page.again
    assert state() == before


@pytest.mark.parametrize("name", VERSIONED)
@pytest.mark.parametrize("version", ["", "-1", "abc", "99999999999999999999"])
def test_a_version_that_cannot_be_is_no_server_error(
    name: str, version: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], state()
    answer = signed_in(democratic).post(rows.url(page), rows.body(page) | {"version": version})
    assert answer.status_code in {409, 422}
    assert state() == before


def test_a_conflict_shows_both_texts(
    rows: Rows, cabinet_meeting: Meeting, democratic: Person, signed_in: SignIn
) -> None:
    page = PAGES["change meeting"]
    body = rows.body(page)
    services.change_meeting(
        meeting=cabinet_meeting,
        version=cabinet_meeting.version,
        details=services.MeetingDetails(on=date(2025, 7, 2), place="Town Hall"),
        author=democratic,
    )
    answer = signed_in(democratic).post(rows.url(page), body)
    told = {one.label: (one.theirs, one.mine) for one in answer.context["conflict"].differences}
    assert told == {
        "Date of the meeting": ("2 July 2025", "1 July 2025"),
        "Time": ("nothing", "18:30"),
        "Place": ("Town Hall", "Committee Room 2"),
    }


@pytest.mark.parametrize("junk", ["A\x00B", "A\x1bB", "A\u202eB"])
@pytest.mark.parametrize("name", ["new body", "seat", "new meeting", "call off", "closure"])
def test_characters_that_lie_are_refused(
    name: str, junk: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], state()
    texts = {key: junk for key in page.given if key in {"name", "office", "place", "reason"}}
    assert texts
    answer = signed_in(democratic).post(rows.url(page), rows.body(page) | texts)
    assert answer.status_code == 422
    assert "Remove the character U+" in answer.content.decode()
    assert state() == before
