"""Later dates that need approval: asked for, decided once by somebody else, or taken back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from actions.extensions import as_requests, readable_requests, waiting
from actions.ledger import ledger_of
from actions.models import Action, Extension, ProgressUpdate, Visibility
from actions.position import plan_position
from actions.rules import UpdateDraft
from actions.services.extensions import (
    Decided,
    NewDate,
    ask,
    decide,
    extend_by_body,
    take_back,
)
from actions.services.plan import ActionDetails, change_action, withdraw_action
from actions.services.updates import post_update
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.councils.services.dates import change_dates_rule
from reviews.models import PeerChallenge, Recommendation
from tests.conftest import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel", "approving")]
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
JUNE, SEPTEMBER, DECEMBER = date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)
YES = Decided(is_approved=True)
CABINET = Decided(is_approved=True, body="Cabinet", on=date(2025, 6, 17), minute="Minute 54")
LATER = NewDate(SEPTEMBER, "", "Posts were vacant.")


@pytest.fixture
def approving(council: Council, administrator: Person) -> None:
    """Ashdale approves extensions."""
    changed = change_dates_rule(
        council=council, extensions_need_approval=True, version=1, author=administrator.user
    )
    council.extensions_need_approval = changed.extensions_need_approval


def anew(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)


def due(action: Action) -> date | None:
    return plan_position(action.challenge).by_id[action.pk].due


def asked(action: Action, author: Person, new: NewDate = LATER) -> Extension:
    return ask(action=action, version=anew(action).version, asked=new, author=author)


def settle(request: Extension, author: Person, decided: Decided = YES) -> Extension:
    version = anew(request.action).version
    return decide(extension=request, version=version, decided=decided, author=author)


def later(draft: Draft, **given: object) -> UpdateDraft:
    base: dict[str, object] = {"expected_date": SEPTEMBER, "date_reason": "Posts were vacant."}
    return draft(**(base | given))


# --- Asking -------------------------------------------------------------------------------------


def test_an_update_with_a_later_date_keeps_the_old_one_and_asks(
    act: Act, draft: Draft, owner: Person
) -> None:
    action = act()
    update = post_update(action=action, version=1, draft=later(draft), author=owner)
    request = Extension.objects.get()
    assert (update.expected_date, update.date_reason, update.rating) == (JUNE, "", "green")
    assert due(action) == JUNE
    assert (request.to, request.reason, request.decision) == (SEPTEMBER, "Posts were vacant.", "")
    assert (request.as_at, request.asked_by) == (date(2025, 3, 31), owner.user)


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        ({"expected_date": date(2025, 5, 31)}, False),
        ({"expected_date": JUNE, "expected_words": "Summer 2025"}, False),
        ({"expected_date": None, "expected_words": "Ongoing"}, True),
        ({"expected_date": date(2025, 7, 1)}, True),
    ],
)
def test_only_a_later_date_waits(
    act: Act, draft: Draft, owner: Person, given: dict[str, object], waits: bool
) -> None:
    post_update(action=act(), version=1, draft=later(draft, **given), author=owner)
    assert Extension.objects.exists() is waits
    update = ProgressUpdate.objects.get()
    assert (update.date_reason == "") is waits
    assert update.date_asked_by == ("" if waits else "Head of Housing")


def test_a_first_date_for_an_action_without_one_does_not_wait(
    act: Act, draft: Draft, owner: Person
) -> None:
    action = act(original_due=None, original_due_words="Ongoing")
    post_update(action=action, version=1, draft=later(draft), author=owner)
    assert not Extension.objects.exists()
    assert due(action) == SEPTEMBER


def test_where_the_council_approves_none_the_date_moves_at_once(
    act: Act, draft: Draft, owner: Person, council: Council
) -> None:
    council.extensions_need_approval = False
    owner.council.extensions_need_approval = False
    action = act()
    post_update(action=action, version=1, draft=later(draft), author=owner)
    assert not Extension.objects.exists()
    assert due(action) == SEPTEMBER
    with pytest.raises(Invalid, match="need no approval"):
        asked(action, owner, NewDate(DECEMBER, "", "More time."))


def test_an_update_that_is_refused_asks_for_nothing(act: Act, draft: Draft, owner: Person) -> None:
    with pytest.raises(Invalid) as caught:
        post_update(action=act(), version=1, draft=later(draft, date_reason=""), author=owner)
    assert set(caught.value.fields) == {"date_reason"}
    assert not Extension.objects.exists()


def test_what_is_claimed_complete_is_not_put_off_with_it(
    act: Act, draft: Draft, owner: Person
) -> None:
    with pytest.raises(Invalid, match="needs no later date"):
        post_update(
            action=act(), version=1, draft=later(draft, state="claimed", rating=""), author=owner
        )
    assert not Extension.objects.exists()


def test_dates_of_a_table_kept_before_were_agreed_before(
    act: Act, draft: Draft, manager: Person
) -> None:
    action = act()
    post_update(action=action, version=1, draft=later(draft), author=manager, is_brought_in=True)
    assert due(action) == SEPTEMBER


def test_one_request_waits_at_a_time(act: Act, draft: Draft, owner: Person) -> None:
    action = act()
    asked(action, owner)
    with pytest.raises(Invalid, match=r"30 September 2025\) already waits"):
        asked(action, owner, NewDate(DECEMBER, "", "More time."))
    with pytest.raises(Invalid, match="already waits"):
        post_update(action=action, version=2, draft=later(draft), author=owner)
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize(
    ("new", "field", "says"),
    [
        (NewDate(None, "", "Because."), "to", "Enter the new date"),
        (NewDate(date(2025, 6, 1), "", "Because."), "to", "on or after 24 June 2025"),
        (NewDate(JUNE, "", "Because."), "to", "The date now is 30 June 2025: give a later one"),
        (NewDate(SEPTEMBER, "", "  "), "reason", "Say why the date moves"),
        (NewDate(SEPTEMBER, "x" * 61, "Because."), "to_words", "60 characters or fewer"),
        (NewDate(SEPTEMBER, "", "x" * 4001), "reason", "4,000 characters or fewer"),
        (NewDate(SEPTEMBER, "", "Because.", "x" * 121), "asked_for", "120 characters or fewer"),
    ],
)
def test_a_request_that_cannot_stand_says_what_to_do(
    act: Act, owner: Person, new: NewDate, field: str, says: str
) -> None:
    with pytest.raises(Invalid) as caught:
        asked(act(), owner, new)
    assert says in caught.value.fields[field]
    assert not Extension.objects.exists()


def test_only_who_may_update_the_action_asks(
    act: Act, lead: Person, democratic: Person, outsider: Person
) -> None:
    action = act()
    for person in (lead, democratic, outsider):
        with pytest.raises(NotPermitted):
            asked(action, person)


def test_an_action_that_has_ended_takes_no_request(
    act: Act, owner: Person, manager: Person
) -> None:
    action = act()
    withdraw_action(
        action=action,
        version=1,
        as_at=date(2025, 6, 24),
        reason="Not needed.",
        agreed_by="Cabinet",
        author=manager,
    )
    with pytest.raises(Invalid, match="has closed"):
        asked(action, owner)


# --- Deciding -----------------------------------------------------------------------------------


def test_a_lead_approves_and_the_date_moves_with_who_asked_and_who_approved(
    act: Act, draft: Draft, owner: Person, lead: Person
) -> None:
    action = act()
    post_update(action=action, version=1, draft=later(draft), author=owner)
    request = settle(Extension.objects.get(), lead, Decided(is_approved=True, note="Agreed."))
    update = anew(action).latest_update
    assert update is not None
    assert (request.decision, request.update, request.decision_note) == (
        "approved",
        update,
        "Agreed.",
    )
    assert (update.kind, update.as_at, update.author) == (
        "extension",
        date(2025, 6, 24),
        lead.user,
    )
    assert (update.expected_date, update.date_reason) == (SEPTEMBER, "Posts were vacant.")
    assert (update.date_asked_by, update.date_approved_by, update.date_approved_on) == (
        "Head of Housing",
        "Chief Executive",
        date(2025, 6, 24),
    )
    assert (update.rating, update.commentary) == (
        "green",
        "The first three areas have been mapped.",
    )
    ledger = ledger_of(plan_position(action.challenge).by_id[action.pk])
    assert (ledger.times_slipped, ledger.days_slipped, ledger.without_approval) == (1, 92, 0)
    assert ledger.revisions[0].approval == "Chief Executive, 24 June 2025"


def test_an_approval_before_any_update_leaves_the_action_not_started(
    act: Act, owner: Person, lead: Person
) -> None:
    action = act()
    settle(asked(action, owner), lead)
    update = anew(action).latest_update
    assert update is not None
    assert (update.state, update.rating, update.expected_date) == ("not-started", "", SEPTEMBER)


def test_a_body_approves_with_its_day_and_minute(
    act: Act, draft: Draft, owner: Person, democratic: Person
) -> None:
    action = act()
    post_update(action=action, version=1, draft=later(draft), author=owner)
    settle(Extension.objects.get(), democratic, CABINET)
    update = anew(action).latest_update
    assert update is not None
    assert update.as_at == date(2025, 6, 17)
    entry = ledger_of(plan_position(action.challenge).by_id[action.pk]).revisions[0]
    assert entry.approval == "Cabinet, 17 June 2025, Minute 54"


def test_an_approval_is_not_hidden_by_an_update_given_after_the_body_met(
    act: Act, draft: Draft, owner: Person, democratic: Person
) -> None:
    action = act()
    post_update(action=action, version=1, draft=later(draft, as_at=date(2025, 6, 20)), author=owner)
    settle(Extension.objects.get(), democratic, CABINET)
    assert due(action) == SEPTEMBER
    assert ProgressUpdate.objects.get(kind="extension").as_at == date(2025, 6, 20)


def test_both_moves_of_one_day_stand_in_the_ledger(
    act: Act, draft: Draft, owner: Person, lead: Person
) -> None:
    action, today = act(), date(2025, 6, 24)
    sooner = draft(as_at=today, expected_date=date(2025, 6, 27), date_reason="Ahead of plan.")
    post_update(action=action, version=1, draft=sooner, author=owner)
    settle(asked(action, owner), lead)
    ledger = ledger_of(plan_position(action.challenge).by_id[action.pk])
    assert [each.day for each in ledger.entries] == [JUNE, date(2025, 6, 27), SEPTEMBER]


def test_a_refusal_needs_a_reason_and_moves_nothing(act: Act, owner: Person, lead: Person) -> None:
    action = act()
    request = asked(action, owner)
    with pytest.raises(Invalid, match="Say why the date is refused"):
        settle(request, lead, Decided(is_approved=False, note=" "))
    refused = settle(request, lead, Decided(is_approved=False, note="Use the budget you have."))
    assert (refused.decision, refused.approved_by) == ("refused", "Chief Executive")
    assert due(action) == JUNE
    assert not ProgressUpdate.objects.exists()
    asked(action, owner, NewDate(DECEMBER, "", "The tender failed."))
    assert Extension.objects.count() == 2


def test_who_asked_never_decides(act: Act, manager: Person, owner: Person) -> None:
    mine = asked(act("1.1"), manager)
    with pytest.raises(NotPermitted, match="You asked for this date"):
        settle(mine, manager, CABINET)
    theirs = asked(act("1.2"), owner)
    settle(theirs, manager, CABINET)
    assert Extension.objects.get(pk=theirs.pk).decision == "approved"
    assert Extension.objects.get(pk=mine.pk).decision == ""


@pytest.mark.parametrize("behalf", ["chief executive", "Chief  Executive", "The Chief Executive"])
def test_on_whose_behalf_it_was_asked_never_decides(
    behalf: str, act: Act, manager: Person, lead: Person, council: Council
) -> None:
    action = act(lead_role="Chief Executive")
    new = NewDate(SEPTEMBER, "", "Posts were vacant.", behalf)
    request = asked(action, manager, new)
    with pytest.raises(NotPermitted, match="on your behalf"):
        settle(request, lead)
    leader = make_person(council, Role.LEAD, "leader@ashdale.example", "Leader", exempt=True)
    settle(request, leader)
    assert ProgressUpdate.objects.get().date_asked_by == behalf


@pytest.mark.parametrize(
    ("decided", "field", "says"),
    [
        (YES, "body", "Enter the body that decided"),
        (Decided(True, body="Cabinet", minute="54"), "on", "Enter the day"),
        (Decided(True, body="Cabinet", on=date(2025, 6, 17)), "minute", "Enter the minute"),
        (
            Decided(True, body="Cabinet", on=date(2025, 6, 25), minute="54"),
            "on",
            "in the future",
        ),
        (
            Decided(True, body="Cabinet", on=date(2024, 12, 1), minute="54"),
            "on",
            "not yet in the plan",
        ),
        (Decided(True, body="x" * 121, on=date(2025, 6, 17), minute="54"), "body", "120"),
        (Decided(True, body="Cabinet", on=date(2025, 6, 17), minute="5" * 61), "minute", "60"),
        (Decided(True, note="x" * 4001), "note", "4,000"),
    ],
)
def test_who_does_not_approve_says_which_body_did_when_and_with_which_minute(
    act: Act, owner: Person, democratic: Person, decided: Decided, field: str, says: str
) -> None:
    request = asked(act(), owner)
    with pytest.raises(Invalid) as caught:
        settle(request, democratic, decided)
    assert says in caught.value.fields[field]
    assert Extension.objects.get().decision == ""


def test_roles_without_the_capability_decide_nothing(
    act: Act,
    owner: Person,
    member: Person,
    administrator: Person,
    outsider: Person,
    council: Council,
) -> None:
    request = asked(act(), owner)
    colleague = make_person(council, Role.ACTION_OWNER, "other@ashdale.example", "Head of People")
    for person in (member, administrator, outsider, colleague):
        with pytest.raises(NotPermitted):
            settle(request, person)
    lead = make_person(council, Role.LEAD, "leader@ashdale.example", "Leader")
    with pytest.raises(NotPermitted, match="records what a body decided"):
        settle(request, lead, CABINET)


def test_a_request_is_decided_once(
    act: Act, owner: Person, lead: Person, democratic: Person
) -> None:
    action = act()
    request = asked(action, owner)
    version = anew(action).version
    settle(request, lead)
    with pytest.raises(Stale):
        decide(extension=request, version=version, decided=CABINET, author=democratic)
    with pytest.raises(Invalid, match="no longer open: Approved"):
        settle(request, democratic, CABINET)
    assert ProgressUpdate.objects.count() == 1


def test_a_date_that_has_passed_or_is_later_no_more_is_not_approved(
    act: Act, owner: Person, lead: Person, democratic: Person, travel: Any
) -> None:
    first, second = act("1.1"), act("1.2")
    request, overtaken = asked(first, owner), asked(second, owner)
    extend_by_body(
        action=second,
        version=anew(second).version,
        asked=NewDate(DECEMBER, "", "The tender failed."),
        decided=CABINET,
        author=democratic,
    )
    with pytest.raises(Invalid, match="no longer later"):
        settle(overtaken, lead)
    travel.move_to("2025-10-01 09:00:00+00:00")
    with pytest.raises(Invalid, match="30 September 2025, has passed"):
        settle(request, lead)


def test_an_action_that_closed_meanwhile_is_not_put_off(
    act: Act, owner: Person, lead: Person, manager: Person
) -> None:
    action = act()
    request = asked(action, owner)
    withdraw_action(
        action=action,
        version=anew(action).version,
        as_at=date(2025, 6, 24),
        reason="Not needed.",
        agreed_by="Cabinet",
        author=manager,
    )
    with pytest.raises(Invalid, match="has closed"):
        settle(request, lead)
    settle(request, lead, Decided(is_approved=False, note="It has closed."))


# --- Taking back, and bodies that act by themselves -----------------------------------------------


def test_who_asked_takes_it_back_and_others_do_not(
    act: Act, owner: Person, democratic: Person, lead: Person
) -> None:
    action = act()
    request = asked(action, owner)
    for person in (democratic, lead):
        with pytest.raises(NotPermitted):
            take_back(extension=request, version=2, note="", author=person)
    done = take_back(extension=request, version=2, note="Done in time after all.", author=owner)
    assert (done.decision, done.decided_by) == ("withdrawn", owner.user)
    with pytest.raises(Invalid, match="no longer open"):
        settle(request, lead)
    asked(action, owner)


def test_a_body_puts_a_date_off_by_itself(act: Act, democratic: Person, owner: Person) -> None:
    action = act()
    with pytest.raises(NotPermitted):
        extend_by_body(action=action, version=1, asked=LATER, decided=CABINET, author=owner)
    update = extend_by_body(
        action=action, version=1, asked=LATER, decided=CABINET, author=democratic
    )
    assert (update.date_asked_by, update.date_approved_by, update.date_minute) == (
        "Cabinet",
        "Cabinet",
        "Minute 54",
    )
    assert due(action) == SEPTEMBER


def test_an_update_follows_an_extension_of_the_same_day_without_being_a_correction(
    act: Act, draft: Draft, owner: Person, lead: Person
) -> None:
    action, today = act(), date(2025, 6, 24)
    settle(asked(action, owner), lead)
    post_update(action=action, version=anew(action).version, draft=draft(as_at=today), author=owner)
    assert due(action) == SEPTEMBER
    with pytest.raises(Invalid, match="already an update for this date"):
        post_update(
            action=action, version=anew(action).version, draft=draft(as_at=today), author=owner
        )


# --- What is not for publication ------------------------------------------------------------------


def publish(action: Action, recommendation: Recommendation, manager: Person) -> None:
    """Make an exempt action be for publication."""
    change_action(
        action=action,
        version=anew(action).version,
        details=ActionDetails(
            ref=action.ref,
            title=action.title,
            in_plan_from=action.in_plan_from,
            lead_role=action.lead_role,
            original_due=action.original_due,
        ),
        recommendations=[recommendation],
        author=manager,
        reason="The contract is signed.",
    )


def test_what_was_asked_and_approved_while_exempt_stays_with_those_entitled(
    act: Act,
    manager: Person,
    lead: Person,
    democratic: Person,
    challenge: PeerChallenge,
    recommendation: Recommendation,
) -> None:
    action = act(visibility="exempt", exempt_paragraph=3)
    request = asked(action, manager, NewDate(SEPTEMBER, "When CANARY signs", "CANARY talks"))
    assert request.visibility == Visibility.EXEMPT
    with pytest.raises(NotPermitted):
        settle(request, democratic, CABINET)
    settle(request, lead, Decided(is_approved=True, note="CANARY agreed."))
    publish(action, recommendation, manager)
    position = plan_position(challenge)
    seen = ledger_of(position.for_reader(reads_exempt=False).by_id[action.pk])
    assert "CANARY" not in repr(seen)
    assert seen.revisions[0].is_withheld
    assert seen.days_slipped == 92
    assert "CANARY" in repr(ledger_of(position.by_id[action.pk]))
    assert not readable_requests(democratic).exists()
    assert readable_requests(manager).count() == 1


def test_texts_of_an_exempt_time_are_not_repeated_as_public_by_an_approval(
    act: Act,
    draft: Draft,
    manager: Person,
    lead: Person,
    challenge: PeerChallenge,
    recommendation: Recommendation,
) -> None:
    action = act(visibility="exempt", exempt_paragraph=3)
    post_update(action=action, version=1, draft=draft(commentary="CANARY talks"), author=manager)
    publish(action, recommendation, manager)
    settle(asked(action, manager), lead)
    position = plan_position(challenge)
    assert "CANARY" in repr(position.by_id[action.pk])
    assert "CANARY" not in repr(position.for_reader(reads_exempt=False).by_id[action.pk])
    assert ProgressUpdate.objects.get(kind="extension").visibility == Visibility.EXEMPT


def test_a_decision_written_while_exempt_hides_the_request_afterwards(
    act: Act, owner: Person, lead: Person, manager: Person, recommendation: Recommendation
) -> None:
    action = act()
    request = asked(action, owner)
    change_action(
        action=action,
        version=anew(action).version,
        details=ActionDetails(
            ref=action.ref,
            title=action.title,
            in_plan_from=action.in_plan_from,
            lead_role=action.lead_role,
            original_due=action.original_due,
            visibility=Visibility.EXEMPT,
            exempt_paragraph=3,
        ),
        recommendations=[recommendation],
        author=manager,
        reason="A dispute.",
    )
    settle(request, lead, Decided(is_approved=False, note="CANARY is still in dispute."))
    publish(action, recommendation, manager)
    assert not readable_requests(owner).exists()


def test_a_request_of_an_exempt_time_is_not_quoted_to_who_asks_next(
    act: Act, owner: Person, manager: Person, recommendation: Recommendation
) -> None:
    action = act(visibility="exempt", exempt_paragraph=3)
    asked(action, manager, NewDate(SEPTEMBER, "When CANARY signs", "CANARY talks"))
    publish(action, recommendation, manager)
    with pytest.raises(Invalid) as caught:
        asked(action, owner)
    assert "CANARY" not in str(caught.value)
    assert "Another date already waits" in str(caught.value)


# --- What waits for whom --------------------------------------------------------------------------


def test_requests_wait_for_those_who_may_decide_them(
    act: Act,
    owner: Person,
    manager: Person,
    lead: Person,
    democratic: Person,
    member: Person,
    outsider: Person,
    challenge: PeerChallenge,
) -> None:
    asked(act("1.1"), owner)
    asked(act("1.2"), manager)
    asked(act("1.3", visibility="exempt", exempt_paragraph=3), manager)

    def refs(person: Person) -> list[str]:
        return [each.action.ref for each in waiting([challenge], person)]

    assert refs(lead) == ["1.1", "1.2", "1.3"]
    assert refs(manager) == ["1.1"]
    assert refs(democratic) == ["1.1", "1.2"]
    assert refs(owner) == refs(member) == refs(outsider) == []


def test_what_waits_costs_one_query_and_its_words_another_however_many(
    act: Act,
    owner: Person,
    lead: Person,
    challenge: PeerChallenge,
    django_assert_num_queries: Any,
) -> None:
    for number in range(1, 6):
        asked(act(f"1.{number}"), owner)
    with django_assert_num_queries(1):
        waits = waiting([challenge], lead)
    with django_assert_num_queries(1):
        found = as_requests(lead, waits)
        words = [(each.asked_by, each.due_in_words, each.days_in_words) for each in found]
    assert words == [("Head of Housing", "30 June 2025", "92 days later")] * 5
