"""One action's page: how it stands, its updates, its history, to whom."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, Lineage, Visibility
from actions.rules import UpdateDraft
from actions.services.plan import (
    ActionDetails,
    MilestoneDetails,
    carry_on_in,
    change_action,
    create_action,
)
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
PAGE = "/c/ashdale/cpc-2024/1.1/"


def html(response: Any) -> str:
    return str(response.content.decode())


def told(response: Any) -> list[str]:
    return [entry.sentence for entry in response.context["history"].object_list]


def test_history_says_who_when_from_what_to_what_and_why(
    act: Act,
    draft: Draft,
    owner: Person,
    manager: Person,
    recommendation: Recommendation,
    signed_in: SignedIn,
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner)
    late = draft(
        as_at=date(2025, 4, 30),
        rating="amber",
        recovery_plan="Two more mappers.",
        expected_date=date(2025, 9, 30),
        date_reason="Posts were vacant.",
    )
    post_update(action=action, version=2, draft=late, author=owner)
    details = ActionDetails(
        ref="1.1",
        title="Map every repair",
        in_plan_from=date(2024, 12, 17),
        lead_role="Head of Housing",
        original_due=date(2025, 6, 30),
    )
    change_action(
        action=action,
        version=3,
        details=details,
        recommendations=[recommendation],
        author=manager,
        reason="Asked for by scrutiny",
    )
    response = signed_in(owner).get(PAGE)
    assert told(response)[:3] == [
        "Policy Manager changed the title from “Do what action 1.1 says” to “Map every repair”.",
        "Head of Housing gave an update as at 30 April 2025: from Green to Amber; the date moved "
        "from 30 June 2025 to 30 September 2025.",
        "Head of Housing gave an update as at 31 March 2025: from Not started to Green.",
    ]
    page = html(response)
    assert "Reason: Asked for by scrutiny" in page
    assert "Reason: Posts were vacant." in page
    assert "Originally <time" in page
    assert "moved once" in page


def test_milestones_and_corrections_are_told(
    challenge: PeerChallenge,
    recommendation: Recommendation,
    draft: Draft,
    owner: Person,
    manager: Person,
    signed_in: SignedIn,
) -> None:
    action = create_action(
        challenge=challenge,
        details=ActionDetails(
            "1.1", "Map repairs", date(2024, 12, 17), lead_role="Head of Housing"
        ),
        recommendations=[recommendation],
        milestones=[MilestoneDetails("Workshop held", date(2025, 3, 1))],
        author=manager,
    )
    done = frozenset(action.milestones.values_list("pk", flat=True))
    post_update(action=action, version=1, draft=draft(milestones_done=done), author=owner)
    wrong = draft(is_correction=True, correction_reason="Wrong quarter.", commentary="Two areas.")
    post_update(action=action, version=2, draft=wrong, author=owner)
    response = signed_in(owner).get(PAGE)
    sentences = told(response)
    assert sentences[0] == (
        "Head of Housing corrected the update as at 31 March 2025: still Green."
    )
    assert "milestone “Workshop held” done" in sentences[1]
    assert any("added the milestone “Workshop held”, due 1 March 2025" in s for s in sentences)
    page = html(response)
    assert "Replaced by a later update for the same day" in page
    assert "Wrong quarter." in page


def test_a_merge_is_traceable_both_ways(
    act: Act, manager: Person, owner: Person, signed_in: SignedIn
) -> None:
    source, target = act("1.1", title="Old way"), act("1.2", title="New way")
    carry_on_in(
        source=source,
        version=1,
        targets=[target],
        kind=Lineage.Kind.MERGED,
        as_at=date(2025, 5, 1),
        reason="One product serves both.",
        author=manager,
    )
    client = signed_in(owner)
    assert "New way" in html(client.get(PAGE))
    other = client.get("/c/ashdale/cpc-2024/1.2/")
    assert "Old way" in html(other)
    assert any("had action 1.1 merged into this one" in s for s in told(other))


def test_a_member_reads_only_what_was_released(
    act: Act,
    draft: Draft,
    owner: Person,
    manager: Person,
    member: Person,
    challenge: PeerChallenge,
    signed_in: SignedIn,
) -> None:
    action = act()
    client = signed_in(member)
    assert client.get(PAGE).status_code == 404, "nothing is released yet"
    post_update(action=action, version=1, draft=draft(internal_note="Quiet word."), author=owner)
    release_position(challenge=challenge, as_at=date(2025, 4, 1), reason="Panel", author=manager)
    later = draft(as_at=date(2025, 5, 1), commentary="Nobody outside knows.")
    post_update(action=action, version=2, draft=later, author=owner)
    page = html(client.get(PAGE))
    assert "The first three areas have been mapped." in page
    assert "Nobody outside knows." not in page
    assert "1 May 2025" not in page
    assert "Quiet word." not in page
    assert "Give an update" not in page


def test_internal_notes_are_for_officers(
    act: Act, draft: Draft, owner: Person, democratic: Person, signed_in: SignedIn
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(internal_note="Quiet word."), author=owner)
    page = html(signed_in(democratic).get(PAGE))
    assert "Internal note, for officers only" in page
    assert "Quiet word." in page


def test_what_was_written_while_exempt_stays_so_after_it_is_made_public(
    act: Act,
    draft: Draft,
    owner: Person,
    manager: Person,
    recommendation: Recommendation,
    signed_in: SignedIn,
) -> None:
    action = act(
        visibility=Visibility.EXEMPT,
        exempt_paragraph=3,
        title="Sell the depot for £2m",
        success_measure="Secret measure",
    )
    secret = draft(
        commentary="Secret bid.", expected_date=date(2026, 1, 1), date_reason="Secret reason."
    )
    post_update(action=action, version=1, draft=secret, author=manager)
    change_action(
        action=action,
        version=2,
        details=ActionDetails(
            ref="1.1",
            title="Decide about the depot",
            in_plan_from=date(2024, 12, 17),
            lead_role="Head of Housing",
            original_due=date(2025, 6, 30),
        ),
        recommendations=[recommendation],
        author=manager,
        reason="Sold, so it may be known.",
    )
    page = html(signed_in(owner).get(PAGE))
    assert "Decide about the depot" in page
    for word in ("Secret", "£2m"):
        assert word not in page
        assert word not in html(signed_in(owner).get("/c/ashdale/cpc-2024/?q=depot"))
    assert "Secret bid." in html(signed_in(manager).get(PAGE))


def test_an_exempt_action_is_not_found_by_those_not_entitled(
    act: Act, owner: Person, outsider: Person, manager: Person, signed_in: SignedIn
) -> None:
    act(visibility=Visibility.EXEMPT, exempt_paragraph=3)
    assert signed_in(owner).get(PAGE).status_code == 404
    assert signed_in(outsider).get(PAGE).status_code == 404
    assert signed_in(manager).get(PAGE).status_code == 200


@pytest.mark.parametrize("ref", ["9.9", "1.1%00", "%3Cscript%3E", "x" * 300])
def test_what_is_not_there_is_not_found(
    act: Act, owner: Person, signed_in: SignedIn, ref: str
) -> None:
    act()
    assert signed_in(owner).get(f"/c/ashdale/cpc-2024/{ref}/").status_code == 404


def test_updates_and_history_come_in_pages(
    act: Act, draft: Draft, owner: Person, signed_in: SignedIn
) -> None:
    action = act()
    for day in range(1, 13):
        note = draft(as_at=date(2025, 1, day), commentary=f"Day {day} of January.")
        post_update(action=action, version=day, draft=note, author=owner)
    client = signed_in(owner)
    first = html(client.get(PAGE))
    assert "Day 12 of January." in first
    assert "Day 4 of January." not in first
    assert "Day 4 of January." in html(client.get(f"{PAGE}?updates=2"))
    assert client.get(f"{PAGE}?history=nonsense&updates=999").status_code == 200
