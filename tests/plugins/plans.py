"""Plans for the dashboards: a small one with everything in it, and one of a hundred actions."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from actions.models import Action, Answer, ProgressUpdate, Release
from actions.rules import UpdateDraft
from actions.services.evidence import EvidenceDraft
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

CANARY = "Canary Wharf Holdings"
"""A name that stands in the exempt action only."""

Act = Callable[..., Action]


@dataclass
class Plan:
    """A plan with its releases, oldest first."""

    challenge: PeerChallenge
    actions: dict[str, Action]
    releases: list[Release]


def text_of(response: Any) -> str:
    """The page as one line of text, tags left out."""
    page = response.content.decode()
    page = re.sub(r"<(script|style|title|template)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"<span class=.(?!status|ref)", r" \g<0>", page)
    page = re.sub(r"</?(a|b|span|time|svg|path|circle|text|tspan)\b[^>]*>", "", page)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """24 June 2025, ten in the morning in London, standing still unless moved."""
    with time_machine.travel("2025-06-24 09:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def update(manager: Person) -> Callable[..., ProgressUpdate]:
    """Posts an update: `update(action, as_at, "amber", recovery_plan="...")`."""

    def post(action: Action, as_at: date, rating: str = "green", **given: object) -> ProgressUpdate:
        base: dict[str, object] = {
            "as_at": as_at,
            "state": "in-progress",
            "rating": rating,
            "commentary": f"How {action.ref} went up to {as_at:%B}.",
        }
        if rating == "amber":
            base["recovery_plan"] = f"The team of {action.ref} works Saturdays."
        if rating == "red":
            base["decision_sought"] = f"Cabinet to choose a contractor for {action.ref}."
        if given.get("state", "in-progress") != "in-progress":
            base["rating"] = ""
        draft = UpdateDraft(**(base | given))  # type: ignore[arg-type]
        version = Action.objects.get(pk=action.pk).version
        shown = EvidenceDraft(title="What shows it", link="https://ashdale.example/shown")
        evidence = [shown] if draft.state == "claimed" else []
        return post_update(
            action=action, version=version, draft=draft, author=manager, evidence=evidence
        )

    return post


@pytest.fixture
def plan(
    travel: time_machine.Traveller,
    challenge: PeerChallenge,
    act: Act,
    update: Callable[..., ProgressUpdate],
    manager: Person,
) -> Plan:
    """Two releases, as at 31 March and 31 May 2025, and news since; today is 24 June 2025.

    1.1 red since May, 1.2 amber with a later date, 1.3 claimed since May, 1.4 green and quiet,
    1.5 exempt and red, 1.6 never updated.
    """
    travel.move_to("2025-04-01 09:00:00+00:00")
    march, may, june = date(2025, 3, 31), date(2025, 5, 31), date(2025, 6, 20)
    actions = {
        ref: act(ref, title=title, original_due=due, **more)
        for ref, title, due, more in (
            ("1.1", "Clear the backlog of repairs", date(2025, 5, 31), {}),
            ("1.2", "Review the schedule of rates", date(2025, 9, 30), {}),
            ("1.3", "Publish a repairs standard", date(2025, 6, 30), {}),
            ("1.4", "Train the call handlers", date(2025, 12, 31), {"lead_role": "Head of People"}),
            (
                "1.5",
                f"Settle the dispute with {CANARY}",
                date(2025, 12, 31),
                {"visibility": "exempt", "exempt_paragraph": 3},
            ),
            ("1.6", "Write to every tenant", date(2026, 3, 31), {"lead_role": ""}),
        )
    }
    for ref in ("1.1", "1.2", "1.3", "1.4"):
        update(actions[ref], march, "amber" if ref == "1.1" else "green")
    update(actions["1.5"], march, "red", commentary=f"{CANARY} refused our offer.")
    first = release_position(
        challenge=challenge, as_at=march, reason="For scrutiny in April", author=manager
    )
    travel.move_to("2025-06-02 09:00:00+00:00")
    update(actions["1.1"], may, "red")
    update(
        actions["1.2"],
        may,
        "amber",
        forecast="amber",
        expected_date=date(2025, 12, 31),
        date_reason="The surveyor left.",
    )
    update(actions["1.3"], may, state="claimed", commentary="The standard is on the website.")
    second = release_position(
        challenge=challenge, as_at=may, reason="For scrutiny in June", author=manager
    )
    travel.move_to("2025-06-24 09:00:00+00:00")
    update(actions["1.2"], june, "green", forecast="green")
    return Plan(challenge, actions, [first, second])


@pytest.fixture
def hundred(
    travel: time_machine.Traveller,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    manager: Person,
) -> Plan:
    """A hundred actions with an update a month since January, and two releases."""
    travel.move_to("2024-12-18 09:00:00+00:00")
    actions = {}
    for number in range(100):
        action = Action(
            challenge=challenge,
            ref=f"{1 + number // 10}.{1 + number % 10}",
            position=number,
            title=f"Do the {number + 1}th thing that the peers asked the council to do",
            lead_role="Head of Housing" if number % 7 == 0 else f"Head of Service {number % 9}",
            original_due=date(2025, 3, 31) + timedelta(days=7 * number),
            in_plan_from=date(2024, 12, 17),
        )
        history.save(action, author=manager.user)
        Answer.objects.create(
            action=action, recommendation=recommendation, is_primary=True, added_by=manager.user
        )
        actions[action.ref] = action
    releases = []
    ratings = ["red", "amber", "green", "green", "green"]
    for month in range(1, 6):
        day = date(2025, month + 1, 1) - timedelta(days=1)
        travel.move_to(clock.end_of(day))
        for number, action in enumerate(actions.values()):
            done = number < month * 5
            row = ProgressUpdate.objects.create(
                action=action,
                as_at=day,
                author=manager.user,
                state="verified" if done else "in-progress",
                rating="" if done else ratings[(number + month) % 5],
                forecast="" if done else "green",
                commentary=f"What happened in month {month}. " * 12,
                recovery_plan="Work Saturdays. " * 5,
                expected_date=date(2026, 3, 31) if number % 3 == 0 else None,
                date_reason="The surveyor left." if number % 3 == 0 and month == 4 else "",
            )
            if month == 5:
                action.latest_update = row
                history.save(action, author=manager.user)
        if month in (3, 5):
            releases.append(
                release_position(
                    challenge=challenge, as_at=day, reason="For scrutiny", author=manager
                )
            )
    travel.move_to("2025-06-24 09:00:00+00:00")
    return Plan(challenge, actions, releases)
