"""Amendments: a body changes an action, and both ways can be traced."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import time_machine

from actions.history import action_history
from actions.models import Action, Answer, Extension, ProgressUpdate
from actions.position import plan_position
from actions.reading import horizon
from actions.rules import UpdateDraft
from actions.services.plan import withdraw_action
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.scheme import rating_scheme
from peerplan.papers import decision_reading as reading
from peerplan.papers.models import Amendment, Resolution, RouteStep
from peerplan.papers.services import decisions
from peerplan.papers.services.amendments import Amended, amend, as_it_stands
from peerplan.papers.services.decisions import ResolutionDetails
from reviews.models import PeerChallenge

pytestmark = pytest.mark.django_db

Act = Callable[..., Action]
MINUTE = "Minute 54, Cabinet, 24 June 2025"


@pytest.fixture(autouse=True)
def after_both_meetings(travel: time_machine.Traveller) -> None:
    """Every test here happens on 1 July 2025, after both meetings."""
    travel.move_to("2025-07-01 09:00:00+00:00")


@pytest.fixture
def decided(cabinet_step: RouteStep, democratic: Person) -> RouteStep:
    """Cabinet's step with its minute number."""
    cabinet_step.minute_number = "54"
    history.save(cabinet_step, author=democratic.user)
    return cabinet_step


@pytest.fixture
def resolved(decided: RouteStep, democratic: Person) -> Resolution:
    """Cabinet's one resolution."""
    return decisions.add_resolutions(
        step=decided,
        resolutions=[ResolutionDetails("Asks for more time to be given.")],
        author=democratic,
    )[0]


Amend = Callable[..., Amendment]


@pytest.fixture
def change(decided: RouteStep, manager: Person) -> Amend:
    """Amends an action as Cabinet decided: `change(action, title="...")`."""

    def make(
        action: Action,
        *,
        version: int | None = None,
        resolution: Resolution | None = None,
        author: Person = manager,
        step: RouteStep = decided,
        **given: Any,
    ) -> Amendment:
        fresh = Action.objects.select_related("latest_update").get(pk=action.pk)
        wanted: Amended = replace(as_it_stands(fresh), **({"why": "More time is needed."} | given))
        return amend(
            step=step,
            action=action,
            version=fresh.version if version is None else version,
            amended=wanted,
            resolution=resolution,
            author=author,
        )

    return make


def test_the_words_of_an_action_are_changed_as_a_version_that_points_to_the_minute(
    act: Act, change: Amend, resolved: Resolution, manager: Person, challenge: PeerChallenge
) -> None:
    action = act("1.1", description="Before.", success_measure="Before.")
    made = change(
        action,
        resolution=resolved,
        title="Map every repair",
        description="",
        lead_role="Director of Homes",
    )
    action.refresh_from_db()
    assert (action.title, action.description, action.lead_role) == (
        "Map every repair",
        "",
        "Director of Homes",
    )
    assert action.success_measure == "Before."
    assert Answer.objects.filter(action=action, ended_at__isnull=True).count() == 1
    assert (made.action_version, made.update) == (action.version, None)
    assert made.words == (
        "Title: from “Do what action 1.1 says” to “Map every repair”.\n"
        "More about it: from “Before.” to nothing.\n"
        "Lead role: from “Head of Housing” to “Director of Homes”."
    )
    # Both ways: from the history of the action, and from the resolution.
    row = action.history.get(version=made.action_version)
    assert row.history_change_reason == f"{MINUTE}: More time is needed."
    seen = horizon(manager, challenge)
    assert seen is not None
    told = action_history(action, manager, seen, rating_scheme(manager.council))
    assert any(MINUTE in str(entry) for entry in told)
    assert [link.action for link in resolved.links.all()] == [action]


def test_a_later_date_is_an_extension_that_the_body_approved(
    act: Act,
    draft: Callable[..., UpdateDraft],
    change: Amend,
    manager: Person,
    challenge: PeerChallenge,
) -> None:
    action = act("1.1")
    post_update(action=action, version=action.version, draft=draft(), author=manager)
    made = change(action, due=date(2025, 9, 30), why="The contractor left.")
    update = made.update
    assert update is not None
    assert (update.kind, update.expected_date, update.date_reason) == (
        ProgressUpdate.Kind.EXTENSION,
        date(2025, 9, 30),
        "The contractor left.",
    )
    assert (update.date_approved_by, update.date_approved_on, update.date_minute) == (
        "Cabinet",
        date(2025, 6, 24),
        "Minute 54",
    )
    # All else stands as it stood, and the original date stays.
    assert (update.rating, update.commentary) == (
        "green",
        "The first three areas have been mapped.",
    )
    stands = plan_position(challenge).by_id[action.pk]
    assert (stands.due, stands.original_due) == (date(2025, 9, 30), date(2025, 6, 30))
    action.refresh_from_db()
    assert made.action_version == action.version
    assert made.words == "Due date: from 30 June 2025 to 30 September 2025."


def test_an_earlier_date_moves_too_and_words_with_it(act: Act, change: Amend) -> None:
    action = act("1.1", original_due=date(2026, 3, 31))
    made = change(action, title="Do it sooner", due=date(2025, 12, 31), due_words="By Christmas")
    assert made.update is not None
    assert made.update.kind == ProgressUpdate.Kind.PROGRESS
    assert (made.update.date_approved_by, made.update.date_minute) == ("Cabinet", "Minute 54")
    assert made.words.endswith("Due date: from 31 March 2026 to By Christmas (31 December 2025).")
    action.refresh_from_db()
    assert (action.title, made.action_version) == ("Do it sooner", action.version)
    assert action.latest_update == made.update


def test_before_adoption_the_date_of_the_draft_plan_is_changed(
    act: Act, change: Amend, challenge: PeerChallenge, manager: Person
) -> None:
    action = act("1.1")
    challenge.adopted_on = None
    history.save(challenge, author=manager.user)
    made = change(action, due=date(2025, 9, 30))
    action.refresh_from_db()
    assert (action.original_due, action.latest_update, made.update) == (
        date(2025, 9, 30),
        None,
        None,
    )


def test_a_date_that_cannot_be_is_refused_at_its_field(
    act: Act, change: Amend, manager: Person
) -> None:
    action = act("1.1")
    with pytest.raises(Invalid) as caught:
        change(action, due=date(2025, 6, 1))
    assert caught.value.fields == {"due": "Give a date on or after the meeting, 24 June 2025."}
    Extension.objects.create(
        action=action,
        as_at=clock.today(),
        to=date(2025, 12, 1),
        reason="Staff left.",
        asked_by=manager.user,
    )
    with pytest.raises(Invalid, match="waits for approval already"):
        change(action, title="Not kept either", due=date(2025, 9, 30))
    action.refresh_from_db()
    assert action.title == "Do what action 1.1 says"
    assert not Amendment.objects.exists()


def test_what_has_left_the_plan_is_not_amended(
    act: Act, change: Amend, manager: Person, other_council: Any
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
    with pytest.raises(Invalid, match="was withdrawn on 26 June 2025: a body can no longer amend"):
        change(action, title="Again")


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, ""), ({"title": " "}, "title"), ({"title": "x" * 251}, "title"), ({"why": ""}, "why")],
)
def test_an_amendment_without_a_change_or_a_reason_is_refused(
    given: dict[str, str], field: str, act: Act, change: Amend
) -> None:
    with pytest.raises(Invalid) as caught:
        change(act("1.1"), **given)
    assert list(caught.value.fields) == [field]


def test_a_change_needs_a_minute_to_point_to(
    act: Act, change: Amend, decided: RouteStep, democratic: Person
) -> None:
    decided.minute_number = ""
    history.save(decided, author=democratic.user)
    with pytest.raises(Invalid, match="Enter the minute number"):
        change(act("1.1"), title="Another")
    (own,) = decisions.add_resolutions(
        step=decided, resolutions=[ResolutionDetails("Agrees.", "54a")], author=democratic
    )
    change(act("1.2"), title="Another", resolution=own)
    assert "Minute 54a, Cabinet" in str(
        Action.history.filter(ref="1.2").latest("history_id").history_change_reason
    )


def test_an_action_that_changed_meanwhile_is_not_written_over(
    act: Act, change: Amend, manager: Person
) -> None:
    action = act("1.1")
    for given in ({"title": "Mine"}, {"due": date(2025, 9, 30)}):
        with pytest.raises(Stale) as caught:
            change(action, version=action.version + 1, **given)
        assert caught.value.current == action
    assert not Amendment.objects.exists()


def test_only_who_manages_the_plan_amends_it(
    act: Act,
    change: Amend,
    democratic: Person,
    owner: Person,
    outsider: Person,
    manager: Person,
) -> None:
    action = act("1.1")
    for person in (democratic, owner, outsider):
        with pytest.raises(NotPermitted):
            change(action, title="Mine", author=person)
    hidden = act("1.2", visibility="exempt", exempt_paragraph=3)
    manager.membership.reads_exempt = False
    with pytest.raises(Invalid, match="Choose an action of this plan"):
        change(hidden, title="Mine")


def test_a_resolution_of_another_decision_or_removed_is_refused(
    act: Act, change: Amend, resolved: Resolution, scrutiny_step: RouteStep, democratic: Person
) -> None:
    (foreign,) = decisions.add_resolutions(
        step=scrutiny_step, resolutions=[ResolutionDetails("Notes it.")], author=democratic
    )
    action = act("1.1")
    with pytest.raises(Invalid, match="Choose a resolution of this decision"):
        change(action, title="Other", resolution=foreign)
    change(action, title="Other", resolution=resolved)
    resolved.refresh_from_db()
    with pytest.raises(Invalid, match="amended by this resolution, so it stays"):
        decisions.end_resolution(resolution=resolved, version=resolved.version, author=democratic)


def test_a_private_decision_leaves_its_words_off_a_public_action(
    act: Act, change: Amend, decided: RouteStep, manager: Person
) -> None:
    decided.outcome_paragraph = 3
    history.save(decided, author=manager.user)
    action = act("1.1")
    made = change(action, due=date(2025, 9, 30))
    assert made.update is not None
    assert made.update.date_minute == "Minute not for publication"
    change(action, title="Another")
    reasons = action.history.values_list("history_change_reason", flat=True)
    assert not any("54" in (reason or "") for reason in reasons)


# --- Read again ---------------------------------------------------------------------------------


def seen_by(person: Person, step: RouteStep) -> list[str]:
    rows = RouteStep.objects.select_related("body", "meeting", "route__challenge", "decision")
    record = rows.get(pk=step.pk)
    sight = reading.sight_of(person, record.route.challenge)
    read = reading.decision_read(record, sight, person.council)
    return [each.action.ref for each in read.amendments]


def test_members_read_an_amendment_once_it_is_released(
    act: Act,
    change: Amend,
    decided: RouteStep,
    manager: Person,
    member: Person,
    challenge: PeerChallenge,
    travel: time_machine.Traveller,
) -> None:
    action = act("1.1")
    assert seen_by(member, decided) == []
    release_position(challenge=challenge, as_at=date(2025, 6, 30), reason="One.", author=manager)
    travel.move_to("2025-07-02 09:00:00+00:00")
    change(action, title="Another")
    assert seen_by(manager, decided) == ["1.1"]
    assert seen_by(member, decided) == []
    travel.move_to("2025-07-03 09:00:00+00:00")
    release_position(challenge=challenge, as_at=date(2025, 7, 2), reason="Two.", author=manager)
    assert seen_by(member, decided) == ["1.1"]


@pytest.mark.parametrize("was", [True, False])
def test_an_amendment_is_read_by_those_entitled_then_and_now(
    was: bool, act: Act, change: Amend, decided: RouteStep, manager: Person, democratic: Person
) -> None:
    hidden: dict[str, Any] = {"visibility": "exempt", "exempt_paragraph": 3}
    action = act("1.1", **(hidden if was else {}))
    change(action, title="Qzxwren")
    action.refresh_from_db()
    action.visibility, action.exempt_paragraph = ("public", None) if was else ("exempt", 3)
    history.save(action, author=manager.user)
    assert seen_by(manager, decided) == ["1.1"]
    assert seen_by(democratic, decided) == []


def test_what_bodies_decided_on_an_action_is_one_list(
    act: Act,
    change: Amend,
    resolved: Resolution,
    scrutiny_step: RouteStep,
    democratic: Person,
    manager: Person,
    challenge: PeerChallenge,
) -> None:
    action = act("1.1")
    change(action, title="Another", resolution=resolved)
    decisions.add_resolutions(
        step=scrutiny_step,
        resolutions=[ResolutionDetails("Notes it."), ResolutionDetails("Asks.", actions=["1.1"])],
        author=democratic,
    )
    sight = reading.sight_of(manager, challenge)
    named = sight.actions([action.pk])[action.pk]
    rows = reading.about_action(manager, named, sight)
    assert [(row.step.body.name, row.number, row.text) for row in rows] == [
        ("Cabinet", 1, "Asks for more time to be given."),
        ("Cabinet", None, ""),
        ("Corporate Scrutiny Committee", 2, "Asks."),
    ]
