"""Closing an action asks why: delivered, normal work, no longer relevant, carried on by another."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from actions.models import Action, Lineage, ProgressUpdate
from actions.position import plan_position
from actions.rules import UpdateDraft
from actions.services.plan import carry_on_in, move_to_business_as_usual, withdraw_action
from actions.services.updates import post_update
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignIn = Callable[[Person], Client]
HERE = "/c/ashdale/cpc-2024"
MARCH = date(2025, 3, 31)


def fresh(action: Action) -> Action:
    return Action.objects.select_related("latest_update").get(pk=action.pk)


def last_of(action: Action) -> ProgressUpdate:
    found = fresh(action).latest_update
    assert found is not None
    return found


def sent(how: str, **given: Any) -> dict[str, Any]:
    base = {"version": 1, "how": how, "as_at": "2025-03-31", "reason": "It has run for a year."}
    return base | given


def bau(action: Action, author: Person, **given: Any) -> Action:
    said: dict[str, Any] = {
        "version": fresh(action).version,
        "as_at": MARCH,
        "where": "The housing service plan",
        "owner": "Head of Housing",
        "reason": "It has run for a year.",
    }
    return move_to_business_as_usual(action=action, author=author, **(said | given))


def test_normal_work_says_where_it_goes_on_and_whose_it_is(
    act: Act, manager: Person, challenge: PeerChallenge
) -> None:
    action = act()
    bau(action, manager)
    stands = plan_position(challenge).by_ref["1.1"]
    assert stands.update is not None
    assert (stands.state, stands.update.closure) == ("bau", "bau")
    assert stands.update.closure_note == "The housing service plan"
    assert stands.update.closure_agreed_by == "Head of Housing"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"where": " "}, "where"),
        ({"owner": ""}, "owner"),
        ({"owner": "x" * 121}, "owner"),
        ({"where": "x" * 4001}, "where"),
        ({"reason": ""}, "reason"),
        ({"as_at": date(2999, 1, 1)}, "as_at"),
        ({"as_at": date(2024, 1, 1)}, "as_at"),
    ],
)
def test_normal_work_without_where_or_whose_is_refused(
    act: Act, manager: Person, given: dict[str, Any], field: str
) -> None:
    action = act()
    with pytest.raises(Invalid) as refused:
        bau(action, manager, **given)
    assert set(refused.value.fields) == {field}
    assert not ProgressUpdate.objects.exists()


def test_it_moves_into_normal_work_once(act: Act, manager: Person) -> None:
    action = act()
    bau(action, manager)
    with pytest.raises(Invalid, match="already"):
        bau(fresh(action), manager)


def test_a_later_update_keeps_why_it_closed(act: Act, draft: Draft, manager: Person) -> None:
    action = act()
    bau(action, manager)
    later = draft(as_at=date(2025, 4, 30), state="bau", rating="", commentary="Still running.")
    post_update(action=action, version=2, draft=later, author=manager)
    said = last_of(action)
    assert (said.commentary, said.closure) == ("Still running.", "bau")
    assert said.closure_note == "The housing service plan"
    again = draft(as_at=date(2025, 5, 31))
    post_update(action=action, version=3, draft=again, author=manager)
    assert last_of(action).closure == ""


def test_no_longer_relevant_says_who_agreed(act: Act, manager: Person) -> None:
    action = act()
    common: dict[str, Any] = {"version": 1, "as_at": MARCH, "author": manager}
    with pytest.raises(Invalid) as refused:
        withdraw_action(action=action, reason="Overtaken", **common)
    assert set(refused.value.fields) == {"agreed_by"}
    withdraw_action(action=action, reason="Overtaken", agreed_by="Cabinet", **common)
    said = last_of(action)
    assert (said.state, said.closure, said.closure_agreed_by) == (
        "withdrawn",
        "not-relevant",
        "Cabinet",
    )


def test_what_has_ended_carries_nothing_on(act: Act, manager: Person) -> None:
    first, second, third = act("1.1"), act("1.2"), act("1.3")
    common: dict[str, Any] = {"kind": "merged", "as_at": MARCH, "author": manager}
    carry_on_in(source=first, version=1, targets=[second], reason="One product", **common)
    assert last_of(first).closure == "merged"
    with pytest.raises(Invalid, match=r"1\.1 has ended itself"):
        carry_on_in(source=second, version=1, targets=[fresh(first)], reason="Back", **common)
    for targets in ([], [third]):
        with pytest.raises(Invalid) as refused:
            carry_on_in(source=third, version=1, targets=targets, reason="Nothing", **common)
        assert set(refused.value.fields) == {"targets"}


def test_a_public_action_does_not_tell_of_the_exempt_one_it_goes_into(
    act: Act, manager: Person
) -> None:
    source, target = act("1.1"), act("9.9", visibility="exempt", exempt_paragraph=3)
    carry_on_in(
        source=source,
        version=1,
        targets=[target],
        kind="merged",
        as_at=MARCH,
        reason="One product",
        author=manager,
    )
    assert "9.9" not in last_of(source).commentary
    assert Lineage.objects.get().target == target


# --- The page ------------------------------------------------------------------------------------


def test_delivered_is_a_claim_with_evidence(act: Act, manager: Person, signed_in: SignIn) -> None:
    action = act()
    client = signed_in(manager)
    refused = client.post(f"{HERE}/1.1/end/", sent("delivered"))
    assert refused.status_code == 422
    assert "Add a link or a file that shows that it is complete" in refused.content.decode()
    shown = {"evidence_link": "https://ashdale.example/map", "evidence_title": "The map"}
    assert client.post(f"{HERE}/1.1/end/", sent("delivered", **shown)).status_code == 302
    said = last_of(action)
    assert (said.kind, said.state, said.on_behalf_of) == ("claimed", "claimed", "Head of Housing")
    assert said.evidence.get().title == "The map"
    again = client.post(f"{HERE}/1.1/end/", sent("delivered", version=2))
    assert again.status_code == 422
    assert "claimed complete already" in again.content.decode()


def test_delivered_on_a_day_that_has_an_update_follows_it(
    act: Act, draft: Draft, manager: Person, signed_in: SignIn
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=manager)
    shown = {"evidence_link": "https://ashdale.example/map"}
    fields = sent("delivered", version=2, **shown)
    assert signed_in(manager).post(f"{HERE}/1.1/end/", fields).status_code == 302
    assert last_of(action).state == "claimed"


def test_evidence_that_is_not_what_it_says_is_refused(
    act: Act, manager: Person, signed_in: SignIn
) -> None:
    act()
    lie = SimpleUploadedFile(
        "report.pdf", b"MZ\x90\x00not a report", content_type="application/pdf"
    )
    fields = sent("delivered", evidence_file=lie)
    answer = signed_in(manager).post(f"{HERE}/1.1/end/", fields)
    assert answer.status_code == 422
    assert "Choose the file again" in answer.content.decode()
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize(
    ("how", "given", "message"),
    [
        ("bau", {}, "Say where it goes on"),
        ("bau", {"where": "The service plan"}, "Say whose it is from now on"),
        ("not-relevant", {}, "Say who agreed"),
        ("merged", {}, "Choose another action that carries this one on"),
        ("carried", {}, "Select a valid choice"),
        ("", {}, "Answer “Why does it close?”"),
        ("bau", {"reason": ""}, "Answer “What has happened, and why does it close?”"),
        ("bau", {"as_at": "31 2 2025"}, "Enter a real date"),
    ],
)
def test_what_a_reason_needs_is_asked_and_what_was_typed_is_kept(
    act: Act, manager: Person, signed_in: SignIn, how: str, given: dict[str, str], message: str
) -> None:
    act()
    fields = sent(how, evidence_title="Kept while it is put right") | given
    answer = signed_in(manager).post(f"{HERE}/1.1/end/", fields)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert message in body
    assert "There is a problem" in body
    assert "Kept while it is put right" in body
    assert not ProgressUpdate.objects.exists()


def test_an_action_that_no_database_can_hold_carries_nothing_on(
    act: Act, manager: Person, signed_in: SignIn
) -> None:
    act("1.1")
    fields = {"version": 1, "how": "merged", "as_at": "2025-03-31", "reason": "One product"}
    for key in (2**63, 10**400, "1\0"):
        answer = signed_in(manager).post(f"{HERE}/1.1/end/", fields | {"targets": [key]})
        assert answer.status_code == 422
    assert not ProgressUpdate.objects.exists()


def test_the_page_moves_into_normal_work_and_the_action_says_so(
    act: Act, manager: Person, owner: Person, signed_in: SignIn
) -> None:
    act()
    fields = sent("bau", where="The housing service plan", owner="Repairs Manager")
    assert signed_in(manager).post(f"{HERE}/1.1/end/", fields).status_code == 302
    body = signed_in(owner).get(f"{HERE}/1.1/").content.decode()
    for words in (
        "The housing service plan",
        "Repairs Manager",
        "closed the action as at 31 March 2025: moved to business as usual",
    ):
        assert words in body


def test_no_longer_relevant_is_told_on_the_page(
    act: Act, manager: Person, owner: Person, signed_in: SignIn
) -> None:
    act()
    fields = sent("not-relevant", reason="A partner does it.", agreed_by="Scrutiny Committee")
    assert signed_in(manager).post(f"{HERE}/1.1/end/", fields).status_code == 302
    body = signed_in(owner).get(f"{HERE}/1.1/").content.decode()
    assert "Scrutiny Committee" in body
    assert "A partner does it." in body


def test_the_second_of_two_sees_both_texts(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignIn
) -> None:
    action = act()
    post_update(
        action=action, version=1, draft=draft(commentary="Theirs: five mapped."), author=owner
    )
    fields = sent("bau", where="The service plan", owner="Repairs Manager", reason="Mine: done.")
    client = signed_in(manager)
    answer = client.post(f"{HERE}/1.1/end/", fields)
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Theirs: five mapped." in body
    assert "Mine: done." in body
    assert owner.membership.post in body
    assert client.post(f"{HERE}/1.1/end/", fields | {"version": 2}).status_code == 302
    assert last_of(action).state == "bau"


def test_closing_is_for_those_who_manage_the_plan(act: Act, owner: Person, lead: Person) -> None:
    action = act()
    for each in (owner, lead):
        with pytest.raises(NotPermitted):
            bau(action, each)


def test_a_stale_closing_writes_nothing(act: Act, manager: Person) -> None:
    action = act()
    with pytest.raises(Stale):
        bau(action, manager, version=7)
    assert not ProgressUpdate.objects.exists()


def test_before_adoption_the_action_goes_from_the_plan(
    act: Act, manager: Person, challenge: PeerChallenge, signed_in: SignIn
) -> None:
    action = act()
    challenge.adopted_on = None
    challenge._history_user = manager.user  # type: ignore[attr-defined]
    challenge.save()
    client = signed_in(manager)
    body = client.get(f"{HERE}/1.1/end/").content.decode()
    assert "not adopted yet" in body
    assert "business as usual" not in body
    assert client.post(f"{HERE}/1.1/end/", sent("not-relevant")).status_code == 302
    assert fresh(action).removed_at is not None


def test_the_page_costs_few_queries(
    act: Act, manager: Person, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        act(f"1.{number + 1}")
    client = signed_in(manager)
    with django_assert_max_num_queries(15):
        assert client.get(f"{HERE}/1.1/end/").status_code == 200
