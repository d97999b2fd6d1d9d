"""A paper that was public closes to those not entitled once it tells of something exempt."""

from collections.abc import Callable

import pytest
from django.test import Client

from actions.models import Action
from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.papers.models import BodyMember, IssuedDocument, Paper, RouteStep
from tests.plugins.issuing import Issue
from tests.plugins.plans import Plan

pytestmark = pytest.mark.django_db


def addresses(paper: Paper, issue: int) -> list[str]:
    document = IssuedDocument.objects.filter(issue=issue, is_restricted=False)[0]
    here = f"/c/ashdale/papers/{paper.pk}/issued/{issue}/"
    return [here, f"{here}pack.zip", f"{here}{document.pk}/"]


def statuses(client: Client, paper: Paper, issue: int) -> set[int]:
    return {client.get(address).status_code for address in addresses(paper, issue)}


def test_an_issue_closes_when_an_action_in_it_becomes_exempt(
    plan: Plan,
    issue: Issue,
    ready: Paper,
    cabinet_step: RouteStep,
    member: Person,
    owner: Person,
    manager: Person,
    signed_in: Callable[[Person], Client],
) -> None:
    done = issue()
    for person in (member, owner, manager):
        assert statuses(signed_in(person), ready, done.pk) == {200}

    action = Action.objects.get(pk=plan.actions["1.1"].pk)
    action.visibility, action.exempt_paragraph = "exempt", 3
    history.save(action, author=manager.user)

    for person in (member, owner):
        assert statuses(signed_in(person), ready, done.pk) == {403}
    assert statuses(signed_in(manager), ready, done.pk) == {200}
    BodyMember.objects.create(
        body=cabinet_step.body, membership=member.membership, added_by=manager.user
    )
    assert statuses(signed_in(member), ready, done.pk) == {200}
