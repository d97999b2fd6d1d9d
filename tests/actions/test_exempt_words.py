"""Words for a date that were written while an action was not for publication."""

from collections.abc import Callable
from datetime import date

import pytest

from actions.forms import standing_of
from actions.models import Action
from actions.position import plan_position
from actions.rules import UpdateDraft
from actions.services.plan import ActionDetails, change_action, withdraw_action
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db


def test_words_of_an_exempt_time_are_not_printed_and_the_original_date_does_not_return(
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    manager: Person,
    challenge: PeerChallenge,
    recommendation: Recommendation,
) -> None:
    action = act("1.1", visibility="exempt", exempt_paragraph=3)
    words = draft(expected_words="When the bidder signs", date_reason="Talks go on")
    post_update(action=action, version=1, draft=words, author=manager)
    action.refresh_from_db()
    change_action(
        action=action,
        version=action.version,
        details=ActionDetails(
            ref="1.1",
            title=action.title,
            in_plan_from=action.in_plan_from,
            original_due=action.original_due,
        ),
        recommendations=[recommendation],
        author=manager,
        reason="The contract is signed",
    )
    position = plan_position(challenge)
    seen = position.for_reader(reads_exempt=False).by_ref["1.1"]
    assert position.by_ref["1.1"].due_words == "When the bidder signs"
    assert seen.due_words == "Not for publication"
    assert seen.due != date(2025, 6, 30)


def test_the_next_public_update_does_not_repeat_words_of_an_exempt_time(
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    manager: Person,
    owner: Person,
    challenge: PeerChallenge,
    recommendation: Recommendation,
) -> None:
    action = act("1.1", visibility="exempt", exempt_paragraph=3)
    words = draft(expected_words="When the bidder signs", date_reason="Talks go on")
    post_update(action=action, version=1, draft=words, author=manager)
    action.refresh_from_db()
    change_action(
        action=action,
        version=action.version,
        details=ActionDetails(
            ref="1.1",
            title=action.title,
            in_plan_from=action.in_plan_from,
            lead_role=action.lead_role,
            original_due=action.original_due,
        ),
        recommendations=[recommendation],
        author=manager,
        reason="The contract is signed",
    )
    action.refresh_from_db()
    assert standing_of(action, owner, ()).due_words == "Not for publication"
    assert standing_of(action, manager, ()).due_words == "When the bidder signs"
    april = draft(as_at=date(2025, 4, 30))
    post_update(action=action, version=action.version, draft=april, author=owner)
    seen = plan_position(challenge).for_reader(reads_exempt=False).by_ref["1.1"]
    assert "bidder" not in repr(seen)
    assert seen.due_words == "Not for publication"


def test_ending_an_action_does_not_repeat_words_of_an_exempt_time(
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    manager: Person,
    challenge: PeerChallenge,
    recommendation: Recommendation,
) -> None:
    action = act("1.1", visibility="exempt", exempt_paragraph=3)
    words = draft(expected_words="When the bidder signs", date_reason="Talks go on")
    post_update(action=action, version=1, draft=words, author=manager)
    action.refresh_from_db()
    change_action(
        action=action,
        version=action.version,
        details=ActionDetails(
            ref="1.1",
            title=action.title,
            in_plan_from=action.in_plan_from,
            original_due=action.original_due,
        ),
        recommendations=[recommendation],
        author=manager,
        reason="The contract is signed",
    )
    action.refresh_from_db()
    withdraw_action(
        action=action,
        version=action.version,
        as_at=date(2025, 4, 30),
        reason="Not needed.",
        agreed_by="Cabinet",
        author=manager,
    )
    seen = plan_position(challenge).for_reader(reads_exempt=False).by_ref["1.1"]
    assert "bidder" not in repr(seen)
