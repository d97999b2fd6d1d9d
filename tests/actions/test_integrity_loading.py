"""The facts behind findings: which releases count, what they told, and what that costs."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.integrity.loading import Material, earlier_releases, read_material
from actions.models import Release
from actions.services.releases import release_position
from peerplan.councils.gate import Person
from tests.plugins.plans import Plan

MARCH, MAY, JUNE = date(2025, 3, 31), date(2025, 5, 31), date(2025, 6, 24)


def a_release(as_at: date, day_of_june: int) -> Release:
    known_by = datetime(2025, 6, day_of_june, tzinfo=UTC)
    return Release(as_at=as_at, known_by=known_by, reason=str(day_of_june))


@pytest.mark.parametrize(
    ("releases", "kept"),
    [
        ([], []),
        ([(MARCH, 1)], ["1"]),
        ([(MAY, 2), (MARCH, 1)], ["2", "1"]),
        ([(MARCH, 3), (MAY, 2), (date(2025, 1, 31), 1)], ["2", "3"]),
        ([(MAY, 3), (MAY, 2), (MARCH, 1)], ["3", "1"]),
        ([(MAY, 2), (MAY, 3), (MARCH, 1)], ["3", "1"]),
        ([(JUNE, 4), (MAY, 3), (MARCH, 1)], ["3", "1"]),
    ],
)
def test_the_last_two_days_before_count_and_of_a_day_the_last_release(
    releases: list[tuple[date, int]], kept: list[str]
) -> None:
    found = earlier_releases([a_release(*each) for each in releases], JUNE)
    assert [each.reason for each in found] == kept


def read(plan: Plan, person: Person) -> Material:
    releases = list(plan.challenge.releases.all())
    return read_material(person.council, plan.challenge.pk, JUNE, releases)


@pytest.mark.django_db
def test_a_release_told_what_was_known_when_it_was_made(
    plan: Plan, manager: Person, update: Callable[..., Any], travel: Any
) -> None:
    action = plan.actions["1.1"]
    (last, _), (first, _) = read(plan, manager).told[action.pk]
    assert last
    assert first
    assert (last.as_at, last.status, last.commentary) == (MAY, "red", "How 1.1 went up to May.")
    assert (first.as_at, first.status) == (MARCH, "amber")
    update(action, date(2025, 5, 20), "green", commentary="Typed after the release.")
    assert read(plan, manager).told[action.pk][0][0] == last
    release_position(challenge=plan.challenge, as_at=MAY, reason="Put right", author=manager)
    again = read(plan, manager).told[action.pk]
    assert again[0][0] == last
    assert plan.actions["1.6"].pk not in read(plan, manager).told
    assert not read(plan, manager).told[plan.actions["1.5"].pk][0][1]


@pytest.mark.django_db
def test_the_facts_cost_the_same_for_few_and_for_many(hundred: Plan, manager: Person) -> None:
    read(hundred, manager)  # the council's words for statuses are read once
    with CaptureQueriesContext(connection) as context:
        assert len(read(hundred, manager).told) == 100
    assert len(context) == 3  # the releases, what they told, and the evidence
