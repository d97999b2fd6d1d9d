"""Adding, editing, ending and ordering actions in the browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, Lineage
from peerplan.core.errors import Stale
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
SignIn = Callable[[Person], Client]
HERE = "/c/ashdale/cpc-2024"


def given(recommendation: Recommendation, **fields: Any) -> dict[str, Any]:
    return {
        "ref": "1.1",
        "title": "Map how a repair is done",
        "primary": recommendation.pk,
        "lead_role": "Head of Housing",
        "beginning": "new",
        "in_plan_from": "2024-12-17",
        "original_due": "2025-06-30",
        "visibility": "public",
        "milestone-0-title": "First area mapped",
        "milestone-0-due": "2025-03-31",
        "rows": "3",
    } | fields


def test_an_action_is_added_with_its_milestones(
    signed_in: SignIn, manager: Person, recommendation: Recommendation
) -> None:
    answer = signed_in(manager).post(f"{HERE}/actions/new/", given(recommendation))
    assert answer.status_code == 302
    action = Action.objects.get()
    assert [milestone.title for milestone in action.milestones.all()] == ["First area mapped"]
    assert action.answers.get().recommendation == recommendation


def test_save_and_add_another_comes_back(
    signed_in: SignIn, manager: Person, recommendation: Recommendation
) -> None:
    answer = signed_in(manager).post(f"{HERE}/actions/new/", given(recommendation, another="1"))
    assert answer["Location"] == f"{HERE}/actions/new/"


def test_more_milestones_keep_what_was_typed(
    signed_in: SignIn, manager: Person, recommendation: Recommendation
) -> None:
    answer = signed_in(manager).post(
        f"{HERE}/actions/new/", given(recommendation, more="1", ref="")
    )
    assert answer.status_code == 200
    body = answer.content.decode()
    assert "First area mapped" in body
    assert "milestone-5-title" in body
    assert "Enter the reference" not in body
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ref": ""}, "Enter the reference"),
        ({"title": ""}, "Answer “What will the council do?”"),
        ({"title": "a\x00b"}, "character"),
        ({"original_due": "2025-02-31"}, "Enter a real date"),
        ({"in_plan_from": "2099-01-01"}, "Give today or an earlier day"),
        ({"visibility": "exempt"}, "Choose the paragraph of Schedule 12A that applies"),
        ({"milestone-1-due": "2025-03-31"}, "Say what the milestone is"),
    ],
)
def test_what_cannot_stand_comes_back_with_what_was_typed(
    signed_in: SignIn,
    manager: Person,
    recommendation: Recommendation,
    wrong: dict[str, str],
    message: str,
) -> None:
    fields = given(recommendation, description="Kept while it is put right", **wrong)
    answer = signed_in(manager).post(f"{HERE}/actions/new/", fields)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert message in body
    assert "Kept while it is put right" in body
    assert not Action.objects.exists()


def test_a_reference_is_taken_once(
    signed_in: SignIn, manager: Person, recommendation: Recommendation, act: Act
) -> None:
    act("1.1")
    answer = signed_in(manager).post(f"{HERE}/actions/new/", given(recommendation))
    assert answer.status_code == 422
    assert "There is already an action 1.1" in answer.content.decode()


def test_after_adoption_a_change_needs_its_reason(
    signed_in: SignIn, manager: Person, recommendation: Recommendation, act: Act
) -> None:
    action = act("1.1")
    client = signed_in(manager)
    fields = given(recommendation, version=action.version, title="Another sentence", rows="3")
    refused = client.post(f"{HERE}/1.1/edit/", fields)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    saved = client.post(f"{HERE}/1.1/edit/", fields | {"reason": "Asked for by scrutiny"})
    assert saved.status_code == 302
    action.refresh_from_db()
    assert action.title == "Another sentence"
    newest = action.history.first()  # type: ignore[attr-defined]
    assert newest.history_change_reason == "Asked for by scrutiny"
    assert newest.history_user == manager.user


def test_the_second_of_two_sees_both_texts_and_keeps_theirs(
    signed_in: SignIn, manager: Person, recommendation: Recommendation, act: Act
) -> None:
    act("1.1")
    client = signed_in(manager)
    first = given(recommendation, version=1, title="The first text", reason="One")
    second = given(recommendation, version=1, title="The second text", reason="Two")
    assert client.post(f"{HERE}/1.1/edit/", first).status_code == 302
    answer = client.post(f"{HERE}/1.1/edit/", second)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "The first text" in body
    assert "The second text" in body
    assert manager.membership.post in body
    again = client.post(f"{HERE}/1.1/edit/", second | {"version": 2})
    assert again.status_code == 302
    assert Action.objects.get().title == "The second text"


def test_merging_is_traceable_both_ways(signed_in: SignIn, manager: Person, act: Act) -> None:
    source, target = act("1.1"), act("1.2")
    fields = {
        "version": 1,
        "how": "merged",
        "targets": [target.pk],
        "as_at": "2025-03-01",
        "reason": "One product serves both",
    }
    client = signed_in(manager)
    assert client.post(f"{HERE}/1.1/end/", fields).status_code == 302
    link = Lineage.objects.get()
    assert (link.source, link.target) == (source, target)
    source.refresh_from_db()
    assert source.latest_update is not None
    assert source.latest_update.state == "superseded"
    repeated = client.post(f"{HERE}/1.1/end/", fields | {"version": 2})
    assert repeated.status_code == 422
    assert "has ended already" in repeated.content.decode()


def test_withdrawing_after_adoption_keeps_the_action(
    signed_in: SignIn, manager: Person, act: Act
) -> None:
    act("1.1")
    fields = {
        "version": 1,
        "how": "not-relevant",
        "as_at": "2025-03-01",
        "reason": "Overtaken",
        "agreed_by": "Cabinet",
    }
    assert signed_in(manager).post(f"{HERE}/1.1/end/", fields).status_code == 302
    action = Action.objects.get()
    assert action.removed_at is None
    assert action.latest_update is not None
    assert action.latest_update.state == "withdrawn"


def test_order_changes_without_javascript(signed_in: SignIn, manager: Person, act: Act) -> None:
    first, second = act("1.1"), act("1.2")
    answer = signed_in(manager).post(f"{HERE}/1.2/move/up/", {"version": second.version})
    assert answer.status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.position < first.position


def test_the_councils_own_status_is_recorded_once(
    signed_in: SignIn, manager: Person, recommendation: Recommendation
) -> None:
    fields = {"version": 1, "as_at": "2025-03-01", "status": "amber", "summary": "Two of three."}
    client = signed_in(manager)
    page = f"{HERE}/recommendations/1/status/"
    assert client.post(page, fields).status_code == 302
    assert recommendation.updates.get().summary == "Two of three."
    assert client.post(page, fields).status_code == 409


PAGES = ["actions/new/", "1.1/edit/", "1.1/end/", "recommendations/1/status/"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_the_plan_manager_and_nobody_else(
    signed_in: SignIn,
    manager: Person,
    owner: Person,
    outsider: Person,
    act: Act,
    page: str,
) -> None:
    act("1.1")
    assert signed_in(manager).get(f"{HERE}/{page}").status_code == 200
    assert signed_in(owner).get(f"{HERE}/{page}").status_code == 403
    assert signed_in(outsider).get(f"{HERE}/{page}").status_code == 404
    assert signed_in(manager).put(f"{HERE}/{page}").status_code == 405


def test_an_exempt_action_is_not_found_by_a_manager_without_entitlement(
    signed_in: SignIn, manager: Person, act: Act
) -> None:
    act("1.1", visibility="exempt", exempt_paragraph=3)
    manager.membership.reads_exempt = False
    manager.membership._history_user = manager.user  # type: ignore[attr-defined]
    manager.membership.save()
    assert signed_in(manager).get(f"{HERE}/1.1/edit/").status_code == 404


def test_a_stale_service_call_writes_nothing(act: Act, manager: Person) -> None:
    from actions.services.plan import move_action

    act("1.1")
    second = act("1.2")
    with pytest.raises(Stale):
        move_action(action=second, version=7, up=True, author=manager)
    assert [each.ref for each in Action.objects.order_by("position")] == ["1.1", "1.2"]


def test_the_next_free_reference_is_suggested(
    signed_in: SignIn, manager: Person, act: Act, challenge: PeerChallenge
) -> None:
    act("1.1")
    body = signed_in(manager).get(f"{HERE}/actions/new/?recommendation=1").content.decode()
    assert 'value="1.2"' in body
