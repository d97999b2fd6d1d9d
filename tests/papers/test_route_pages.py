"""The pages of routes: who sees what, and every one that writes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from peerplan.core import clock, history
from peerplan.core.versions import claim
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.models import (
    Body,
    IssuedPaper,
    Meeting,
    Paper,
    PaperTemplate,
    Purpose,
    Route,
    RouteStep,
)
from peerplan.papers.route_presets import PRESETS
from peerplan.papers.services import routes as services
from peerplan.papers.services.routes import StepDetails
from reviews.models import PeerChallenge
from tests.plugins.plans import text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
ROUTES = "/c/ashdale/meetings/routes/"
NEW = f"{ROUTES}new/?challenge=cpc-2024"


@pytest.fixture(autouse=True)
def early_june(travel: time_machine.Traveller) -> None:
    """Every test here happens on 2 June 2025, before both meetings."""
    travel.move_to("2025-06-02 09:00:00+00:00")


def day(name: str, value: date) -> dict[str, str]:
    """The three boxes of a date."""
    texts = (value.day, value.month, value.year)
    return {f"{name}_{index}": str(text) for index, text in enumerate(texts)}


@dataclass(frozen=True)
class Page:
    """A page that writes: its address, what is posted, what is wrong and what is kept of it."""

    name: str
    given: dict[str, Any]
    wrong: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    kept: str = ""
    query: str = ""
    versioned: str = ""  # which row's version is posted
    only_post: bool = False
    again: int = 302  # the status of the same post sent a second time


PAGES = {
    "new": Page(
        "route_new",
        {"name": "Spring round", "steps-0": "{scrutiny}", "steps-1": "{cabinet}"},
        {"steps-1": "999"},
        "Choose who takes step 2 from the list.",
        "Spring round",
        query="?challenge=cpc-2024&start=scrutiny-cabinet",
        again=422,
    ),
    "rename": Page(
        "route_rename",
        {"name": "Summer round"},
        {"name": " "},
        "Enter a name for the route.",
        versioned="route",
        again=409,
    ),
    "end": Page("route_end", {}, {"version": "0"}, "", versioned="route", again=409),
    "add": Page(
        "step_new",
        {"where": "{cabinet}", "purpose": "monitor"},
        {"where": "{scrutiny}", "is_key": "on", "purpose": "monitor"},
        "takes no key decisions",
        again=422,
    ),
    "change": Page(
        "step",
        {"where": "{cabinet}", "purpose": "note"}
        | day("notice_published_on", date(2025, 5, 20))
        | {"is_key": "on"},
        {"notice_published_on_1": "13"},
        "Enter a real date, such as 31 3 2027.",
        versioned="cabinet",
        again=409,
    ),
    "outcome": Page(
        "step_outcome",
        {"comments": "The Committee wants more detail.", "minute_number": "17", "minute": "Noted."},
        day("decision_published_on", date(2025, 5, 1)),
        "The decision cannot be published before the meeting, 24 June 2025.",
        "The Committee wants more detail.",
        versioned="cabinet",
        again=409,
    ),
    "move": Page("step_move", {"way": "up"}, versioned="cabinet", only_post=True, again=302),
    "remove": Page("step_end", {}, versioned="cabinet", only_post=True, again=404),
}
NAMES = sorted(PAGES)
FORMS = sorted(name for name, page in PAGES.items() if page.message)
VERSIONED = sorted(name for name, page in PAGES.items() if page.versioned)


@dataclass
class Rows:
    """What stands in the route."""

    route: Route
    cabinet: RouteStep
    scrutiny: RouteStep

    def record(self, page: Page) -> Any:
        found: Any = {"route": self.route, "cabinet": self.cabinet}[page.versioned]
        found.refresh_from_db()
        return found

    def url(self, page: Page, council: str = "ashdale") -> str:
        given: dict[str, Any] = {"council": council}
        if page.name in ("route_rename", "route_end", "step_new"):
            given["route"] = self.route.pk
        elif page.name != "route_new":
            given["step"] = self.cabinet.pk
        return reverse(page.name, kwargs=given) + page.query

    def filled(self, given: dict[str, Any]) -> dict[str, Any]:
        places = {
            "{cabinet}": f"{self.cabinet.body_id}-{self.cabinet.meeting_id}",
            "{scrutiny}": f"{self.scrutiny.body_id}-{self.scrutiny.meeting_id}",
        }
        return {key: places.get(str(value), value) for key, value in given.items()}

    def body(self, page: Page) -> dict[str, Any]:
        version = {"version": self.record(page).version} if page.versioned else {}
        return self.filled(page.given) | version


@pytest.fixture
def rows(route: Route, scrutiny_step: RouteStep, cabinet_step: RouteStep) -> Rows:
    return Rows(route, cabinet_step, scrutiny_step)


def counted() -> tuple[int, int]:
    """How much has ever been written."""
    return Route.history.count(), RouteStep.history.count()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_is_saved(
    name: str, rows: Rows, manager: Person, democratic: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], counted()
    answer = signed_in(democratic).post(rows.url(page), rows.body(page))
    assert answer.status_code == 302
    assert counted() > before
    assert signed_in(manager).get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("name", sorted({*FORMS, "end"}))
def test_the_form_is_shown(name: str, rows: Rows, democratic: Person, signed_in: SignIn) -> None:
    answer = signed_in(democratic).get(rows.url(PAGES[name]))
    assert answer.status_code == 200
    assert "csrfmiddlewaretoken" in answer.content.decode()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_wrong_comes_back_with_what_was_typed(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], counted()
    body = rows.body(page) | rows.filled(page.wrong)
    answer = signed_in(democratic).post(rows.url(page), body)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert page.message in text
    assert page.kept in text
    assert counted() == before


@pytest.mark.parametrize("name", NAMES)
def test_another_method_is_refused(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page = PAGES[name]
    client = signed_in(democratic)
    assert client.delete(rows.url(page)).status_code == 405
    if page.only_post:
        assert client.get(rows.url(page)).status_code == 405


@pytest.mark.parametrize("name", NAMES)
def test_other_roles_may_not(
    name: str,
    rows: Rows,
    owner: Person,
    member: Person,
    lead: Person,
    peer: Person,
    administrator: Person,
    signed_in: SignIn,
) -> None:
    page, before = PAGES[name], counted()
    for person in (owner, member, lead, peer, administrator):
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
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page = PAGES[name]
    body = rows.body(page)
    with transaction.atomic():
        claim(rows.record(page))  # somebody else was first
    before = counted()
    answer = signed_in(democratic).post(rows.url(page), body)
    assert answer.status_code == 409
    assert counted() == before
    text = answer.content.decode()
    if page.only_post:
        assert "Somebody" in text
        return
    assert "Democratic Services Officer saved this while you were writing" in text
    assert page.kept in text
    again = rows.body(page)
    assert f'name="version" value="{again["version"]}"' in text
    assert signed_in(democratic).post(rows.url(page), again).status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_sent_twice_it_is_done_once(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page = PAGES[name]
    url, body = rows.url(page), rows.body(page)
    client = signed_in(democratic)
    client.post(url, body)
    before = counted()
    assert client.post(url, body).status_code == page.again
    assert counted() == before


@pytest.mark.parametrize("name", VERSIONED)
@pytest.mark.parametrize("version", ["", "-1", "abc", "99999999999999999999"])
def test_a_version_that_cannot_be_is_no_server_error(
    name: str, version: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page, before = PAGES[name], counted()
    answer = signed_in(democratic).post(rows.url(page), rows.body(page) | {"version": version})
    assert answer.status_code in {409, 422}
    assert counted() == before


def test_a_conflict_shows_both_texts(rows: Rows, democratic: Person, signed_in: SignIn) -> None:
    services.change_step(
        step=rows.cabinet,
        version=1,
        details=StepDetails(body=rows.cabinet.body, purpose=Purpose.APPROVE),
        author=democratic,
    )
    page = PAGES["change"]
    answer = signed_in(democratic).post(rows.url(page), rows.filled(page.given) | {"version": 1})
    differences = {one.label: one for one in answer.context["conflict"].differences}
    where = differences["Body and meeting"]
    assert (where.theirs, where.mine) == (
        "Cabinet, no meeting chosen yet",
        "Cabinet, Tuesday 24 June 2025",
    )
    assert (differences["For what?"].theirs, differences["For what?"].mine) == ("Approve", "Note")


# --- A new route --------------------------------------------------------------------------------


def test_the_ways_that_papers_go_are_offered_like_last_time_first(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(democratic).get(NEW))
    first = page.index("Like last time: Progress, June 2025")
    assert page.index("Corporate Scrutiny Committee, then Cabinet") > first
    assert [page.index(preset.label) > first for preset in PRESETS.values()] == [True] * len(
        PRESETS
    )
    assert "Another way" in page


@pytest.mark.parametrize("start", ["", "rumour", "route-999999", "route-"])
def test_another_way_than_those_offered_is_refused(
    start: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    answer = signed_in(democratic).get(f"{NEW}&start={start}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_the_only_challenge_need_not_be_chosen(
    challenge: PeerChallenge, democratic: Person, signed_in: SignIn
) -> None:
    answer = signed_in(democratic).get(f"{ROUTES}new/")
    assert answer.headers["Location"] == NEW


def test_one_of_several_challenges_is_chosen_first(
    challenge: PeerChallenge, council: Council, democratic: Person, signed_in: SignIn
) -> None:
    other = PeerChallenge(
        council=council,
        slug="cpc-2020",
        title="The visit of 2020",
        on_site_from=date(2020, 1, 1),
        on_site_to=date(2020, 1, 2),
    )
    history.save(other, author=democratic.user)
    page = signed_in(democratic).get(f"{ROUTES}new/")
    assert page.status_code == 200
    assert 'value="cpc-2020"' in page.content.decode()


def test_a_preset_is_set_to_the_bodies_of_its_kinds_and_their_next_meetings(
    rows: Rows, cabinet: Body, democratic: Person, signed_in: SignIn
) -> None:
    before_scrutiny = Meeting(body=cabinet, on=date(2025, 6, 10))
    history.save(before_scrutiny, author=democratic.user)
    form = signed_in(democratic).get(f"{NEW}&start=scrutiny-cabinet").context["form"]
    given = {key: field.initial for key, field in form.fields.items() if key != "name"}
    assert given == {
        "steps-0": f"{rows.scrutiny.body_id}-{rows.scrutiny.meeting_id}",
        "steps-1": f"{rows.cabinet.body_id}-{rows.cabinet.meeting_id}",
    }
    offered = dict(form.fields["steps-1"].choices)["Cabinet"]
    assert [label for _, label in offered] == [
        "Cabinet, no meeting chosen yet",
        "Cabinet, Tuesday 10 June 2025",
        "Cabinet, Tuesday 24 June 2025",
    ]
    assert form.initial["name"] == "Progress, June 2025 (2)"


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_each_preset_becomes_a_route_as_it_stands(
    preset: str,
    challenge: PeerChallenge,
    scrutiny_meeting: Meeting,
    cabinet_meeting: Meeting,
    council: Council,
    democratic: Person,
    signed_in: SignIn,
) -> None:
    for kind in (Body.Kind.COUNCIL, Body.Kind.COMMITTEE, Body.Kind.OFFICERS):
        history.save(Body(council=council, name=str(kind.label), kind=kind), author=democratic.user)
    client = signed_in(democratic)
    form = client.get(f"{NEW}&start={preset}").context["form"]
    given = {key: field.initial for key, field in form.fields.items()} | form.initial
    assert client.post(f"{NEW}&start={preset}", given).status_code == 302
    made = Route.objects.get()
    steps = list(made.steps.all())
    asked = PRESETS[preset].steps
    assert made.preset == preset
    assert [
        (each.purpose, each.shares_paper, each.takes_comments, each.takes_minute) for each in steps
    ] == [
        (each.purpose, each.shares_paper, each.takes_comments, each.takes_minute) for each in asked
    ]
    assert all(each.body.kind in step.kinds for each, step in zip(steps, asked, strict=True))


def test_a_step_that_no_body_suits_is_left_to_choose(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    url = f"{NEW}&start=committee-system"
    client = signed_in(democratic)
    form = client.get(url).context["form"]
    assert [form.fields[f"steps-{index}"].initial for index in range(2)] == ["", ""]
    answer = client.post(url, {"name": "Spring", "steps-0": "", "steps-1": ""})
    assert answer.status_code == 422
    assert "Choose who takes step 1." in answer.content.decode()


def test_a_name_that_is_taken_is_told_at_the_name(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    body = {"name": "Progress, June 2025", "steps-0": f"{rows.cabinet.body_id}"}
    answer = signed_in(democratic).post(f"{NEW}&start=own", body)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]


def test_another_way_begins_without_steps(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    client = signed_in(democratic)
    answer = client.post(f"{NEW}&start=own", {"name": "Our own way"}, follow=True)
    assert "The route is made. Add its first step." in text_of(answer)
    page = text_of(answer)
    assert "No steps yet" in page
    assert "Add a step" in page


def test_a_post_without_a_challenge_is_not_found(
    challenge: PeerChallenge, democratic: Person, signed_in: SignIn
) -> None:
    assert signed_in(democratic).post(f"{ROUTES}new/", {"name": "X"}).status_code == 404


def test_like_last_time_keeps_bodies_and_what_they_take_in(
    rows: Rows, cabinet: Body, democratic: Person, signed_in: SignIn
) -> None:
    services.end_route(route=rows.route, version=1, author=democratic)
    url = f"{NEW}&start=route-{rows.route.pk}"
    client = signed_in(democratic)
    form = client.get(url).context["form"]
    given = {key: field.initial for key, field in form.fields.items()} | form.initial
    assert client.post(url, given | {"name": "Again"}).status_code == 302
    first, second = Route.objects.get(name="Again").steps.all()
    assert (first.body, first.purpose) == (rows.scrutiny.body, Purpose.COMMENT)
    assert (second.body, second.takes_comments, second.takes_minute) == (cabinet, True, True)


def test_a_step_of_a_preset_can_be_left_out(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    url = f"{NEW}&start=two-bodies"
    body = {"name": "Short", "steps-0": "left-out", "steps-1": f"{rows.cabinet.body_id}"}
    client = signed_in(democratic)
    assert client.post(url, body).status_code == 302
    (only,) = Route.objects.get(name="Short").steps.all()
    # Alone, it has nobody to share a report with, and nobody whose minute to take in.
    assert (only.shares_paper, only.takes_minute, only.meeting) == (False, False, None)
    answer = client.post(url, body | {"name": "None", "steps-1": "left-out"})
    assert answer.status_code == 422
    assert "Keep at least one step" in answer.content.decode()


def test_what_the_service_refuses_is_told_at_its_field(
    rows: Rows, democratic: Person, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{NEW}&start=scrutiny-cabinet-council"
    gone = rows.cabinet.meeting
    assert gone is not None

    def call_off(**given: object) -> None:
        gone.called_off_at, gone.called_off_reason = clock.now(), "Election"
        history.save(gone, author=democratic.user)

    client = signed_in(democratic)
    body = {
        "name": "Spring",
        "steps-0": "left-out",
        "steps-1": f"{rows.cabinet.body_id}-{gone.pk}",
        "steps-2": f"{rows.cabinet.body_id}",
    }
    start = services.start_route

    def start_late(**given: Any) -> Route:
        call_off()
        for each in given["steps"]:
            if each.meeting:
                each.meeting.refresh_from_db()
        return start(**given)

    monkeypatch.setattr(services, "start_route", start_late)
    answer = client.post(url, body)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert dict(errors) == {"steps-1": ["This meeting was called off. Choose another."]}
    assert not Route.objects.filter(name="Spring").exists()


def test_without_bodies_the_way_to_add_them_is_shown(
    challenge: PeerChallenge, democratic: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(democratic).get(f"{NEW}&start=council"))
    assert "No bodies yet" in page
    assert "Make the route" not in page


# --- Reading ------------------------------------------------------------------------------------


def test_a_route_shows_its_steps_deadlines_and_what_is_missing(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(democratic).get(f"{ROUTES}{rows.route.pk}/"))
    assert "1. Corporate Scrutiny Committee: comment" in page
    assert "Thursday 19 June 2025, 18:30, Council Chamber" in page
    assert "Publish by Monday 16 June 2025: five clear days before Tuesday 24 June 2025." in page
    assert "Local Authorities (Executive Arrangements)" in page
    assert (
        "The comments and minute of Corporate Scrutiny Committee are not recorded: it meets on "
        "19 June 2025. Record the comments and minute once it has met, or untick what Cabinet "
        "takes in."
    ) in page


def test_a_shared_report_is_begun_for_the_second_body_once_the_first_has_met(
    rows: Rows, democratic: Person, signed_in: SignIn, cabinet_step: RouteStep
) -> None:
    """The first body's minute may be on record before any report is begun here."""
    cabinet_step.shares_paper = True
    history.save(cabinet_step, author=democratic.user, reason="One report")
    url = reverse("route", args=["ashdale", cabinet_step.route_id])
    write = reverse("paper_new", args=["ashdale", cabinet_step.pk])
    page = signed_in(democratic).get(url).content.decode()
    assert "Goes in the report of the step before" in page
    assert write not in page

    first = cabinet_step.route.steps.get(position__lt=cabinet_step.position)
    first.minute = "The Committee noted the plan."
    history.save(first, author=democratic.user, reason="Minute")
    assert write in signed_in(democratic).get(url).content.decode()


def test_late_things_are_said_in_words(
    rows: Rows, travel: time_machine.Traveller, democratic: Person, signed_in: SignIn
) -> None:
    travel.move_to("2025-06-18 09:00:00+00:00")
    page = text_of(signed_in(democratic).get(f"{ROUTES}{rows.route.pk}/"))
    assert "2 things are late or wrong" in page
    assert "Agenda and report for Cabinet on Tuesday 24 June 2025: 2 days late." in page
    assert "What to do: The executive may consider the item in public only" in page


def test_members_see_the_route_and_no_paper_in_writing(
    rows: Rows, paper: Paper, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    url = f"{ROUTES}{rows.route.pk}/"
    assert "Peer challenge: progress on the action plan" in text_of(signed_in(democratic).get(url))
    page = text_of(signed_in(member).get(url))
    assert "Publish by Monday 16 June 2025" in page
    assert "Peer challenge: progress on the action plan" not in page
    assert "in writing" not in page
    for words in ("Record the outcome", "Add a step", "Move up", "End this route"):
        assert words not in page


def issue(step: RouteStep, paper: Paper, author: Person, **given: Any) -> IssuedPaper:
    """An issue of a paper to a step, without its documents."""
    return IssuedPaper.objects.create(
        paper=paper,
        step=step,
        number=1,
        title=paper.title,
        body_name=str(step.body),
        issued_by=author.user,
        as_at=paper.figures_as_at,
        known_by=paper.figures_known_by,
        position=b"{}",
        position_sha256="0" * 64,
        **given,
    )


def test_an_issued_report_is_shown_to_everyone_and_keeps_its_step(
    rows: Rows, paper: Paper, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    issue(rows.cabinet, paper, democratic, is_provisional=True)
    page = text_of(signed_in(member).get(f"{ROUTES}{rows.route.pk}/"))
    assert "Peer challenge: progress on the action plan" in page
    assert "Issued on 2 June 2025" in page
    assert "Provisional" in page
    remove = PAGES["remove"]
    answer = signed_in(democratic).post(rows.url(remove), rows.body(remove))
    assert answer.status_code == 422
    assert "A report was issued to Cabinet, so this step stays" in answer.content.decode()


def test_an_ended_route_is_read_and_no_longer_changed(
    rows: Rows, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    services.end_route(route=rows.route, version=1, author=democratic)
    page = text_of(signed_in(democratic).get(f"{ROUTES}{rows.route.pk}/"))
    assert "It ended on 2 June 2025." in page
    assert "Move up" not in page
    assert "Record the outcome" in page
    for name in ("add", "change", "move", "remove"):
        answer = signed_in(democratic).post(rows.url(PAGES[name]), rows.body(PAGES[name]))
        assert answer.status_code == 422
        assert "This route has ended" in answer.content.decode()
    assert "Over" in text_of(signed_in(member).get(ROUTES))


def test_words_pasted_from_word_are_cleaned_and_lying_ones_refused(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    page = PAGES["outcome"]
    pasted = "RESOLVED\u200b that:\v“the plan” be agreed\u2028– and published.\ufeff"
    client = signed_in(democratic)
    assert client.post(rows.url(page), rows.body(page) | {"minute": pasted}).status_code == 302
    rows.cabinet.refresh_from_db()
    assert rows.cabinet.minute == "RESOLVED that:\n“the plan” be agreed\n– and published."
    answer = client.post(rows.url(page), rows.body(page) | {"minute": "Agreed\u202e it"})
    assert answer.status_code == 422
    assert "Remove the character U+202E" in answer.content.decode()
    assert "Agreed" in answer.content.decode()


def test_a_past_meeting_or_an_ended_body_of_a_step_is_not_lost_by_its_form(
    rows: Rows, cabinet: Body, travel: time_machine.Traveller, democratic: Person, signed_in: SignIn
) -> None:
    for month in range(1, 13):
        for on in (date(2025, 7, month), date(2025, 8, month)):
            history.save(Meeting(body=cabinet, on=on, at=time(17)), author=democratic.user)
    cabinet.ended_on = date(2025, 12, 31)
    history.save(cabinet, author=democratic.user)
    travel.move_to("2026-06-02 09:00:00+00:00")
    client = signed_in(democratic)
    page = client.get(rows.url(PAGES["change"]))
    assert "Cabinet, Tuesday 24 June 2025 (past)" in page.content.decode()
    assert "1 July 2025" not in page.content.decode()  # the latest twelve only
    body = rows.body(PAGES["change"])
    assert client.post(rows.url(PAGES["change"]), body).status_code == 302


def test_before_any_route_the_page_says_what_to_do(
    challenge: PeerChallenge, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    assert "Democratic services set out here" in text_of(signed_in(member).get(ROUTES))
    page = signed_in(democratic).get(ROUTES)
    assert b"/c/ashdale/meetings/routes/new/" in page.content


def test_before_any_challenge_no_route_is_offered(democratic: Person, signed_in: SignIn) -> None:
    assert "none has been set up" in text_of(signed_in(democratic).get(ROUTES))
    assert "No peer challenge has been set up yet" in text_of(
        signed_in(democratic).get(f"{ROUTES}new/")
    )


@pytest.fixture
def twelve(
    rows: Rows, challenge: PeerChallenge, paper_template: PaperTemplate, democratic: Person
) -> Rows:
    """Twelve routes with thirty steps between them, a third of them with papers."""
    bodies = (rows.scrutiny.body, rows.cabinet.body)
    for number in range(11):
        made = Route(challenge=challenge, name=f"Round {number}")
        history.save(made, author=democratic.user)
        for place in range(3 if number < 6 else 2):
            step = RouteStep(route=made, position=place, body=bodies[place % 2], takes_minute=True)
            if place == 0:
                meeting = Meeting(body=step.body, on=date(2025, 7, number + 1))
                history.save(meeting, author=democratic.user)
                paper = Paper(
                    challenge=challenge,
                    template=paper_template,
                    title=f"Paper {number}",
                    figures_as_at=date(2025, 6, 1),
                )
                history.save(paper, author=democratic.user)
                step.meeting, step.paper = meeting, paper
            history.save(step, author=democratic.user)
            if place == 0:
                issue(step, paper, democratic)
    return rows


@pytest.mark.parametrize("url", [ROUTES, "/c/ashdale/", f"{NEW}&start=scrutiny-cabinet-council"])
def test_pages_cost_as_many_queries_with_thirty_steps_as_with_two(
    url: str,
    rows: Rows,
    request: pytest.FixtureRequest,
    democratic: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(democratic)
    client.get(url)
    with django_assert_max_num_queries(15) as first:
        assert client.get(url).status_code == 200
    request.getfixturevalue("twelve")
    assert RouteStep.objects.count() == 30
    with django_assert_max_num_queries(len(first)):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("name", ["route", "route_rename", "route_end", "step_new"])
def test_a_page_of_a_route_costs_few_queries(
    name: str,
    twelve: Rows,
    democratic: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    url = reverse(name, args=["ashdale", twelve.route.pk])
    client = signed_in(democratic)
    client.get(url)
    with django_assert_max_num_queries(10):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("name", ["step", "step_outcome"])
def test_a_page_of_a_step_costs_few_queries(
    name: str,
    twelve: Rows,
    democratic: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    url = reverse(name, args=["ashdale", twelve.cabinet.pk])
    client = signed_in(democratic)
    client.get(url)
    with django_assert_max_num_queries(10):
        assert client.get(url).status_code == 200


def test_a_way_that_was_not_chosen_is_asked_for_again(
    challenge: PeerChallenge, democratic: Person, signed_in: SignIn
) -> None:
    client = signed_in(democratic)
    assert client.get(NEW).status_code == 200
    answer = client.get(f"{NEW}&asked=1")
    assert answer.status_code == 422
    assert "Choose the way the papers go." in text_of(answer)
