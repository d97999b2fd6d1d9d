"""The pages of decisions: who sees what, every form right, wrong and overtaken."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from actions.models import Action
from actions.services.plan import withdraw_action
from actions.services.releases import release_position
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.models import (
    Amendment,
    BodyMember,
    Decision,
    Resolution,
    ResolutionLink,
    RouteStep,
)
from peerplan.papers.services import decisions as services
from peerplan.papers.services.decisions import DecisionDetails, ResolutionDetails
from peerplan.papers.views import decisions as views
from peerplan.render.errors import TooManyAtOnce
from reviews.models import PeerChallenge, Recommendation
from tests.plugins.plans import text_of

pytestmark = pytest.mark.django_db

Act = Callable[..., Action]
SignIn = Callable[[Person], Client]
BIRD = "Qzxheron"


@pytest.fixture(autouse=True)
def after_both_meetings(travel: time_machine.Traveller) -> None:
    """Every test here happens on 1 July 2025, after both meetings."""
    travel.move_to("2025-07-01 09:00:00+00:00")


def url(name: str, step: RouteStep, **more: Any) -> str:
    kwargs = {"council": "ashdale", "route": step.route_id, "step": step.pk} | more
    return reverse(name, kwargs=kwargs)


@pytest.fixture
def decided(cabinet_step: RouteStep, democratic: Person) -> RouteStep:
    """Cabinet's step: minute 54, two resolutions, votes and reasons."""
    cabinet_step.minute_number, cabinet_step.minute = "54", "Cabinet considered the plan."
    history.save(cabinet_step, author=democratic.user)
    services.record_decision(
        step=cabinet_step,
        version=0,
        details=DecisionDetails(
            introduced_by="Leader of the Council",
            points="Members asked about repairs.",
            votes_for=6,
            votes_against=1,
            reason="It answers the peers.",
            options="To wait.",
        ),
        author=democratic,
    )
    services.add_resolutions(
        step=cabinet_step,
        resolutions=[ResolutionDetails("Agrees the plan."), ResolutionDetails("Tells Council.")],
        author=democratic,
    )
    return cabinet_step


# --- Reading ------------------------------------------------------------------------------------


def test_a_decision_is_read_whole_by_members_and_written_by_officers(
    decided: RouteStep,
    scrutiny_step: RouteStep,
    member: Person,
    democratic: Person,
    signed_in: SignIn,
) -> None:
    page = text_of(signed_in(member).get(url("decision", decided)))
    for words in (
        "Cabinet, Tuesday 24 June 2025",
        "Minute 54",
        "Cabinet considered the plan.",
        "Members asked about repairs.",
        "RESOLVED that Cabinet:",
        "1) Agrees the plan.",
        "2) Tells Council.",
        "It answers the peers.",
        "To wait.",
        "6 for, 1 against",
        "Leader of the Council",
        "After call-in; the day of publication is not recorded yet",
    ):
        assert words in page, words
    writing = ("Add resolutions", "Change or link", "Move up", "Amend the plan")
    assert not any(words in page for words in writing)
    page = text_of(signed_in(democratic).get(url("decision", decided)))
    assert all(words in page for words in writing[:3])
    assert "Amend the plan" not in page
    page = text_of(signed_in(member).get(url("decision", scrutiny_step)))
    assert "Nothing is recorded yet" in page
    assert "Carried on to Cabinet, 24 June 2025 Its report takes in the comments and minute" in page


def test_what_a_resolution_concerns_is_led_to_as_far_as_it_may_be_seen(
    decided: RouteStep,
    act: Act,
    recommendation: Recommendation,
    challenge: PeerChallenge,
    manager: Person,
    member: Person,
    democratic: Person,
    signed_in: SignIn,
    travel: time_machine.Traveller,
) -> None:
    act("1.1", title="Map the repairs")
    act("1.2", title=BIRD, visibility="exempt", exempt_paragraph=3)
    services.add_resolutions(
        step=decided,
        resolutions=[
            ResolutionDetails("On these.", recommendations=["1"], actions=["1.1", "1.2"]),
        ],
        author=manager,
    )
    page = text_of(signed_in(manager).get(url("decision", decided)))
    assert "Recommendation 1 Repair homes faster" in page
    assert f"Action 1.2 Not for publication {BIRD}" in page
    page = text_of(signed_in(democratic).get(url("decision", decided)))
    assert "Action 1.1 Map the repairs" in page
    assert BIRD not in page
    page = text_of(signed_in(member).get(url("decision", decided)))
    assert "Recommendation 1" in page
    assert "Action 1." not in page
    release_position(challenge=challenge, as_at=date(2025, 6, 30), reason="One.", author=manager)
    page = text_of(signed_in(member).get(url("decision", decided)))
    assert "Action 1.1" in page
    assert BIRD not in page


def test_an_exempt_outcome_is_on_no_page_of_who_is_not_entitled(
    decided: RouteStep,
    manager: Person,
    member: Person,
    democratic: Person,
    act: Act,
    challenge: PeerChallenge,
    signed_in: SignIn,
) -> None:
    action = act("1.1")
    release_position(challenge=challenge, as_at=date(2025, 6, 30), reason="One.", author=manager)
    services.add_resolutions(
        step=decided,
        resolutions=[ResolutionDetails(f"{BIRD} resolved", recommendations=["1"], actions=["1.1"])],
        author=manager,
    )
    decided.refresh_from_db()
    decided.comments = decided.minute = decided.minute_number = BIRD
    decided.outcome_paragraph = 3
    history.save(decided, author=manager.user)
    last = RouteStep(
        route=decided.route, position=3, body=decided.body, takes_comments=True, takes_minute=True
    )
    history.save(last, author=manager.user)
    pages = [
        url("decision", decided),
        reverse("decisions", args=["ashdale"]),
        reverse("route", args=["ashdale", decided.route_id]),
        reverse("routes", args=["ashdale"]),
        reverse("meetings", args=["ashdale"]),
        reverse("meeting", args=["ashdale", decided.meeting_id]),
        reverse("home", args=["ashdale"]),
        reverse("action_decisions", args=["ashdale", challenge.slug, action.ref]),
        reverse("recommendation_decisions", args=["ashdale", challenge.slug, "1"]),
        url("decision_document", decided, kind="docx"),
    ]
    for person in (member, democratic):
        client = signed_in(person)
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert BIRD.encode() not in answer.content, page
        assert "Not for publication: paragraph 3 of Part 1" in text_of(client.get(pages[0]))
        assert "Not for publication: paragraph 3" in text_of(client.get(pages[2]))
        assert "Comments of Cabinet: not for publication" in text_of(client.get(pages[2]))
        restricted = f"{url('decision_document', decided, kind='docx')}?copy=restricted"
        assert client.get(restricted).status_code == 403
    for name in ("decision_change", "resolution_new"):
        assert signed_in(democratic).get(url(name, decided)).status_code == 403
    outcome = reverse("step_outcome", args=["ashdale", decided.pk])
    assert signed_in(democratic).get(outcome).status_code == 403
    BodyMember.objects.create(
        body=decided.body, membership=member.membership, added_by=manager.user
    )
    for person in (member, manager):
        client = signed_in(person)
        for page in (pages[0], pages[1], pages[2], pages[7], pages[8]):
            assert BIRD in client.get(page).content.decode(), page
        assert client.get(restricted).status_code == 200


def test_an_outcome_marked_meanwhile_is_not_shown_in_the_conflict(
    decided: RouteStep, manager: Person, democratic: Person, signed_in: SignIn
) -> None:
    version = decided.version
    decided.minute, decided.outcome_paragraph = BIRD, 3
    decided.version += 1
    history.save(decided, author=manager.user)
    answer = signed_in(democratic).post(
        reverse("step_outcome", args=["ashdale", decided.pk]),
        {"version": version, "minute": "Mine."},
    )
    assert answer.status_code == 403
    assert BIRD not in answer.content.decode()


def test_an_outcome_is_marked_on_its_page(
    decided: RouteStep, manager: Person, signed_in: SignIn
) -> None:
    address = reverse("step_outcome", args=["ashdale", decided.pk])
    given = {"version": decided.version, "minute": "In private.", "outcome_paragraph": "3"}
    assert signed_in(manager).post(address, given | {"outcome_paragraph": "9"}).status_code == 422
    assert signed_in(manager).post(address, given).status_code == 302
    decided.refresh_from_db()
    assert (decided.minute, decided.outcome_paragraph) == ("In private.", 3)
    page = text_of(signed_in(manager).get(url("decision", decided)))
    assert "Not for publication: paragraph 3" in page


# --- Writing ------------------------------------------------------------------------------------


def test_a_decision_is_recorded_and_kept_where_it_is_wrong(
    cabinet_step: RouteStep, democratic: Person, signed_in: SignIn
) -> None:
    client, address = signed_in(democratic), url("decision_change", cabinet_step)
    page = client.get(address)
    assert page.status_code == 200
    assert 'name="version" value="0"' in page.content.decode()
    given = {"version": "0", "reason": "It answers the peers.", "votes_for": "6"}
    for wrong, words in (
        ({}, "Enter the votes against it too"),
        ({"votes_against": "-1"}, "Enter a number from 0 to 200."),
        ({"votes_against": "many"}, "Enter a whole number."),
        ({"votes_against": "9" * 30}, "Enter a number from 0 to 200."),
        (
            {"votes_against": "0", "effective_from": "1 6 2025"},
            "A decision cannot take effect before the meeting, 24 June 2025.",
        ),
    ):
        answer = client.post(address, given | wrong)
        assert answer.status_code == 422, wrong
        page = answer.content.decode()
        assert words in page
        assert "There is a problem" in page
        assert "It answers the peers." in page
    assert not Decision.objects.exists()
    answer = client.post(address, given | {"votes_against": "0"}, follow=True)
    assert "6 for, 0 against" in text_of(answer)


def test_two_people_at_one_decision_see_both_texts(
    decided: RouteStep, democratic: Person, manager: Person, signed_in: SignIn
) -> None:
    held = Decision.objects.get()
    services.record_decision(
        step=decided,
        version=held.version,
        details=DecisionDetails(reason="Theirs."),
        author=manager,
    )
    client, address = signed_in(democratic), url("decision_change", decided)
    given = {"version": str(held.version), "reason": "Mine."}
    answer = client.post(address, given)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Policy Manager saved this while you were writing" in page
    assert "Theirs." in page
    now = Decision.objects.get().version
    assert f'name="version" value="{now}"' in answer.content.decode()
    assert client.post(address, given | {"version": str(now)}).status_code == 302
    assert Decision.objects.get().reason == "Mine."


def test_resolutions_are_pasted_changed_moved_and_removed(
    cabinet_step: RouteStep, act: Act, democratic: Person, signed_in: SignIn
) -> None:
    act("1.1")
    client = signed_in(democratic)
    new = url("resolution_new", cabinet_step)
    pasted = "1) Agrees the plan.\n2) Tells Council."
    answer = client.post(new, {"text": pasted, "actions": "1.1"})
    assert answer.status_code == 422
    assert "These are 2 resolutions: leave this empty" in answer.content.decode()
    answer = client.post(new, {"text": pasted}, follow=True)
    assert "1) Agrees the plan." in text_of(answer)
    one, two = Resolution.objects.order_by("position")
    assert client.post(new, {"text": ""}).status_code == 422

    address = url("resolution", cabinet_step, resolution=one.pk)
    given = {"version": str(one.version), "text": "Agrees it.", "actions": "1.1; 9.9"}
    answer = client.post(address, given)
    assert answer.status_code == 422
    assert "There is no action 9.9 in this plan." in answer.content.decode()
    given["actions"], given["recommendations"] = " 1.1, ", "1."
    assert client.post(address, given).status_code == 302
    assert ResolutionLink.objects.filter(ended_at__isnull=True).count() == 2
    answer = client.post(address, given | {"text": "Mine."})
    assert answer.status_code == 409
    assert "Mine." in text_of(answer)
    page = client.get(address).content.decode()
    assert 'value="1.1"' in page

    move = url("resolution_move", cabinet_step, resolution=two.pk)
    assert client.post(move, {"version": str(two.version), "way": "up"}).status_code == 302
    assert client.post(move, {"version": str(two.version), "way": "up"}).status_code == 409
    assert client.post(move, {"version": "1", "way": "aside"}).status_code == 422
    assert client.get(move).status_code == 405
    page = text_of(client.get(url("decision", cabinet_step)))
    assert "1) Tells Council." in page

    one.refresh_from_db()
    end = url("resolution_end", cabinet_step, resolution=one.pk)
    assert client.post(end, {}).status_code == 422
    assert client.post(end, {"version": str(one.version)}).status_code == 302
    assert client.post(end, {"version": str(one.version)}).status_code == 404


def test_a_resolution_on_a_withdrawn_action_says_why_not(
    cabinet_step: RouteStep, act: Act, manager: Person, signed_in: SignIn
) -> None:
    action = act("1.1")
    withdraw_action(
        action=action,
        version=action.version,
        as_at=date(2025, 6, 26),
        reason="Overtaken.",
        agreed_by="Chief Executive",
        author=manager,
    )
    client = signed_in(manager)
    answer = client.post(
        url("resolution_new", cabinet_step), {"text": "Agrees it.", "actions": "1.1"}
    )
    assert answer.status_code == 422
    assert "Action 1.1 was withdrawn on 26 June 2025" in text_of(answer)
    answer = client.get(f"{url('amendment_new', cabinet_step)}?action=1.1")
    assert answer.status_code == 422
    assert "Action 1.1 was withdrawn on 26 June 2025: no body can amend it now." in text_of(answer)


def test_an_action_is_amended_in_two_pages(
    decided: RouteStep, act: Act, manager: Person, democratic: Person, signed_in: SignIn
) -> None:
    action = act("1.1", title="Map the repairs")
    client, address = signed_in(manager), url("amendment_new", decided)
    page = text_of(client.get(address))
    assert "Which action did the body amend?" in page
    assert "1.1 Map the repairs" in page
    for ref in ("", "9.9", "1.1\0"):
        assert client.get(address, {"action": ref}).status_code == 422
    resolution = Resolution.objects.order_by("position").first()
    assert resolution is not None
    there = f"{address}?action=1.1"
    page = client.get(f"{there}&resolution={resolution.pk}").content.decode()
    assert "Map the repairs" in page
    assert f'<option value="{resolution.pk}" selected>1) Agrees the plan.' in page
    assert client.get(f"{there}&resolution=x").status_code == 200
    given = {
        "version": str(action.version),
        "resolution": str(resolution.pk),
        "why": "Members asked for more.",
        "title": "Map the repairs",
        "lead_role": "Head of Housing",
        "due": "30 6 2025",
    }
    answer = client.post(there, given)
    assert answer.status_code == 422
    assert "Nothing is changed yet" in text_of(answer)
    answer = client.post(there, given | {"due": "1 5 2025"})
    assert answer.status_code == 422
    assert "Give a date on or after the meeting, 24 June 2025." in text_of(answer)
    answer = client.post(there, given | {"title": "Map every repair"}, follow=True)
    page = text_of(answer)
    assert "Action 1.1 is amended." in page
    assert "Title: from “Map the repairs” to “Map every repair”." in page
    made = Amendment.objects.get()
    assert (made.resolution, made.action) == (resolution, action)
    answer = client.post(there, given | {"title": "Overtaken"})
    assert answer.status_code == 409
    assert "Map every repair" in text_of(answer)
    assert signed_in(democratic).get(address).status_code == 403
    page = text_of(
        signed_in(manager).get(reverse("action_decisions", args=["ashdale", "cpc-2024", "1.1"]))
    )
    assert "Decisions on action 1.1" in page
    assert "Minute 54" in page
    assert "Title: from “Map the repairs”" in page


def test_nothing_is_written_before_the_meeting(
    cabinet_step: RouteStep,
    democratic: Person,
    travel: time_machine.Traveller,
    signed_in: SignIn,
) -> None:
    travel.move_to("2025-06-02 09:00:00+00:00")
    client = signed_in(democratic)
    page = text_of(client.get(url("decision", cabinet_step)))
    assert "Cabinet has not met yet" in page
    assert "Add resolutions" not in page
    answer = client.post(url("resolution_new", cabinet_step), {"text": "Agrees."})
    assert answer.status_code == 422
    assert "Cabinet meets on Tuesday 24 June 2025" in text_of(answer)


# --- Who, what, how many ------------------------------------------------------------------------

WRITING = ("decision_change", "resolution_new", "amendment_new")


def test_each_page_is_for_its_council_its_route_and_its_roles(
    decided: RouteStep, owner: Person, member: Person, outsider: Person, signed_in: SignIn
) -> None:
    for person in (owner, member):
        for name in WRITING:
            assert signed_in(person).get(url(name, decided)).status_code == 403, name
    for name in ("decision", *WRITING):
        address = url(name, decided)
        assert signed_in(outsider).get(address).status_code == 404
        other = address.replace("/c/ashdale/", "/c/mereford/")
        assert signed_in(outsider).get(other).status_code == 404
        wrong = address.replace(f"routes/{decided.route_id}/", f"routes/{decided.route_id + 1}/")
        assert signed_in(member if name == "decision" else owner).get(wrong).status_code in (
            403,
            404,
        )
    for kind in ("html", "zip"):
        document = url("decision_document", decided, kind=kind)
        assert signed_in(member).get(document).status_code == 404
    huge = url("decision", decided).replace(f"/{decided.pk}/", f"/{10**25}/")
    assert signed_in(member).get(huge).status_code == 404
    about = reverse("action_decisions", args=["ashdale", "cpc-2024", "9.9"])
    assert signed_in(member).get(about).status_code == 404


def test_the_document_comes_as_pdf_and_word(
    decided: RouteStep, member: Person, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(member)
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = client.get(url("decision_document", decided, kind=kind))
        assert answer.status_code == 200
        assert answer.content.startswith(begins)
        assert answer["Content-Disposition"] == (
            f'attachment; filename="ashdale-cabinet-2025-06-24-decision.{kind}"'
        )
        assert answer["Cache-Control"] == "private, no-store"

    def busy(report: object) -> object:
        raise TooManyAtOnce

    monkeypatch.setattr(views, "report_pdf", busy)
    answer = client.get(url("decision_document", decided, kind="pdf"))
    assert answer.status_code == 503
    assert "Take the Word document" in text_of(answer)


@pytest.mark.parametrize("many", [1, 30])
def test_pages_ask_the_database_little(
    many: int,
    decided: RouteStep,
    scrutiny_step: RouteStep,
    act: Act,
    challenge: PeerChallenge,
    manager: Person,
    member: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    action = act("1.1")
    for number in range(many):
        act(f"2.{number}")
        services.add_resolutions(
            step=decided,
            resolutions=[ResolutionDetails(f"Resolves {number}.", actions=["1.1", f"2.{number}"])],
            author=manager,
        )
        Amendment.objects.create(
            decision=Decision.objects.get(),
            action=action,
            action_version=1,
            words=f"Title: from “{number}” to “More”.",
            made_by=manager.user,
        )
        step = RouteStep(route=decided.route, position=9, body=decided.body, minute="Noted.")
        history.save(step, author=manager.user)
    release_position(challenge=challenge, as_at=clock.today(), reason="One.", author=manager)
    pages = [
        url("decision", decided),
        reverse("decisions", args=["ashdale"]),
        reverse("route", args=["ashdale", decided.route_id]),
        reverse("action_decisions", args=["ashdale", "cpc-2024", "1.1"]),
        reverse("recommendation_decisions", args=["ashdale", "cpc-2024", "1"]),
    ]
    for person in (member, manager):
        client = signed_in(person)
        for page in pages:
            with django_assert_max_num_queries(15):
                assert client.get(page).status_code == 200, page
    client = signed_in(manager)
    resolution = Resolution.objects.latest("id")
    for page in (
        url("decision_change", decided),
        url("resolution_new", decided),
        url("resolution", decided, resolution=resolution.pk),
        url("amendment_new", decided),
        f"{url('amendment_new', decided)}?action=1.1",
        url("decision_document", decided, kind="docx"),
    ):
        with django_assert_max_num_queries(15):
            assert client.get(page).status_code == 200, page
