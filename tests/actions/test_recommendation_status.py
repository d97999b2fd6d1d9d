"""A recommendation's own status: what changed for people, and when the recommendation closes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.appendix import appendix_document
from actions.frozen import freeze, thaw
from actions.models import Action, ProgressUpdate, RecommendationUpdate
from actions.position import Position, plan_position
from actions.services.releases import post_recommendation_update
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.scheme import rating_scheme
from reviews.models import PeerChallenge, Recommendation
from tests.plugins.plans import Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
Act = Callable[..., Action]
PLAN = "/c/ashdale/cpc-2024/"
PAGE = f"{PLAN}recommendations/1/status/"
DAY = date(2025, 6, 20)


def stand(action: Action, manager: Person, state: str, rating: str = "") -> None:
    """The action stands so, as at 20 June 2025."""
    ProgressUpdate.objects.create(
        action=action, as_at=DAY, author=manager.user, state=state, rating=rating
    )


def first(position: Position) -> Any:
    return position.recommendations[0]


def close(recommendation: Recommendation, author: Person, **given: Any) -> RecommendationUpdate:
    """The recommendation closes as at 20 June 2025, unless something else is given."""
    fields: dict[str, Any] = {
        "version": Recommendation.objects.get(pk=recommendation.pk).version,
        "as_at": DAY,
        "status": "complete",
        "summary": "Done.",
        "is_closed": True,
    }
    return post_recommendation_update(
        recommendation=recommendation, author=author, **(fields | given)
    )


@pytest.mark.parametrize(
    ("states", "is_closed"),
    [
        ((), False),
        (("verified",), True),
        (("verified", "bau"), True),
        (("verified", "claimed"), False),
        (("verified", "paused"), False),
        (("verified", "not-started"), False),
        (("verified", "superseded"), True),
        (("withdrawn", "superseded"), False),
    ],
)
def test_it_closes_once_its_counted_actions_have_and_a_claim_is_not_enough(
    act: Act,
    recommendation: Recommendation,
    challenge: PeerChallenge,
    manager: Person,
    states: tuple[str, ...],
    is_closed: bool,
) -> None:
    for number, state in enumerate(states, start=1):
        stand(act(f"1.{number}"), manager, state)
    held = first(plan_position(challenge, DAY))
    assert held.is_closed is is_closed
    assert held.closed_words == ("All its actions have closed." if is_closed else "")


def test_an_open_action_that_is_not_for_publication_keeps_it_open_for_every_reader(
    act: Act, recommendation: Recommendation, challenge: PeerChallenge, manager: Person
) -> None:
    stand(act("1.1"), manager, "verified")
    act("1.2", visibility="exempt", exempt_paragraph=3)
    position = plan_position(challenge, DAY)
    assert not first(position.for_reader(reads_exempt=False)).is_closed
    assert not first(position.only([position.by_ref["1.1"].id])).is_closed


def test_one_action_alone_does_not_say_that_its_recommendation_is_closed(
    act: Act, challenge: PeerChallenge, manager: Person
) -> None:
    done = act("1.1")
    act("1.2")
    stand(done, manager, "verified")
    assert not first(plan_position(challenge, DAY, only=done.pk)).is_closed


def test_it_closes_with_a_reason_while_actions_are_open_and_opens_again(
    act: Act, recommendation: Recommendation, challenge: PeerChallenge, manager: Person
) -> None:
    act("1.1")
    reason = "The county runs the service now."
    close(recommendation, manager, closing_reason=f" {reason} ")
    words = f"As at 20 June 2025: {reason}"
    position = plan_position(challenge, DAY)
    assert first(position).closed_words == words
    assert first(thaw(freeze(position))).closed_words == words
    assert not first(plan_position(challenge, date(2025, 6, 19))).is_closed
    close(recommendation, manager, is_closed=False)
    assert not first(plan_position(challenge, DAY)).is_closed


def test_without_a_reason_it_names_the_actions_that_are_open(
    act: Act, recommendation: Recommendation, manager: Person
) -> None:
    done, claimed = act("1.1"), act("1.2")
    act("1.3", visibility="exempt", exempt_paragraph=3)
    stand(done, manager, "verified")
    stand(claimed, manager, "claimed")
    with pytest.raises(Invalid) as refused:
        close(recommendation, manager)
    assert refused.value.fields["closing_reason"].startswith("Actions 1.2 and 1.3 have not closed")
    manager.membership.reads_exempt = False
    with pytest.raises(Invalid) as refused:
        close(recommendation, manager)
    assert refused.value.fields["closing_reason"].startswith("Action 1.2 has not closed")
    stand(claimed, manager, "verified")
    with pytest.raises(Invalid) as refused:
        close(recommendation, manager)
    assert "1.3" not in refused.value.fields["closing_reason"]
    assert not recommendation.updates.exists()


def test_without_a_reason_it_may_be_closed_where_its_actions_have(
    act: Act, recommendation: Recommendation, manager: Person
) -> None:
    stand(act("1.1"), manager, "bau")
    assert close(recommendation, manager).is_closed


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"is_closed": False, "closing_reason": "Done with."}, "closing_reason"),
        ({"impact": "a" * 5000}, "impact"),
        ({"closing_reason": "a" * 5000}, "closing_reason"),
        ({"as_at": date(2999, 1, 1)}, "as_at"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    recommendation: Recommendation, manager: Person, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        close(recommendation, manager, **given)
    assert list(refused.value.fields) == [field]


def test_only_the_plan_manager_closes_and_the_second_of_two_is_told(
    recommendation: Recommendation, manager: Person, lead: Person
) -> None:
    with pytest.raises(NotPermitted):
        close(recommendation, lead, closing_reason="Enough.")
    close(recommendation, manager, version=1, closing_reason="Enough.")
    with pytest.raises(Stale):
        close(recommendation, manager, version=1, closing_reason="Enough again.")


# --- Pages and papers ---------------------------------------------------------------------------

FIELDS = {
    "version": "1",
    "as_at_0": "20",
    "as_at_1": "6",
    "as_at_2": "2025",
    "status": "green",
    "summary": "Two of three.",
    "impact": "Repairs take 9 days, not 21.",
}


def test_what_changed_and_why_it_closed_stand_on_the_plan_and_in_the_appendix(
    signed_in: SignIn, manager: Person, plan: Plan
) -> None:
    client = signed_in(manager)
    given = FIELDS | {"is_closed": "on", "closing_reason": "It is normal work of the service."}
    assert client.post(PAGE, given).status_code == 302
    page = text_of(client.get(PLAN))
    assert "What has changed for people: Repairs take 9 days, not 21." in page
    assert "Closed As at 20 June 2025: It is normal work of the service." in page
    section = appendix_document(
        council=manager.council,
        challenge=plan.challenge,
        position=plan_position(plan.challenge),
        before=None,
        scheme=rating_scheme(manager.council),
    ).sections[0]
    assert ("Closed", "As at 20 June 2025: It is normal work of the service.") in section.meta
    assert section.council_status.endswith(
        "Two of three. What has changed for people: Repairs take 9 days, not 21."
    )


def test_the_form_brings_back_what_changed_and_that_it_is_closed(
    signed_in: SignIn, manager: Person, plan: Plan
) -> None:
    client = signed_in(manager)
    client.post(PAGE, FIELDS | {"is_closed": "on", "closing_reason": "Normal work now."})
    form = client.get(PAGE).context["form"]
    assert form["impact"].value() == "Repairs take 9 days, not 21."
    assert form["is_closed"].value() is True
    assert form["closing_reason"].value() == "Normal work now."
    assert not form["summary"].value()


def test_a_closing_without_a_reason_comes_back_with_what_was_typed(
    signed_in: SignIn, manager: Person, plan: Plan
) -> None:
    answer = signed_in(manager).post(PAGE, FIELDS | {"is_closed": "on"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "have not closed: say why the recommendation closes all the same." in page
    assert "Repairs take 9 days, not 21." in page


def test_two_at_once_see_both_closings(signed_in: SignIn, manager: Person, plan: Plan) -> None:
    client = signed_in(manager)
    client.post(PAGE, FIELDS | {"is_closed": "on", "closing_reason": "Normal work now."})
    answer = client.post(PAGE, FIELDS | {"impact": "Nothing yet."})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Close the recommendation Yes" in page
    assert "Close the recommendation No" in page
    assert "Normal work now." in page
    assert plan.challenge.recommendations.get().updates.count() == 1


def test_a_recommendation_without_actions_can_be_closed_from_the_plan(
    signed_in: SignIn, manager: Person, recommendation: Recommendation
) -> None:
    client = signed_in(manager)
    assert PAGE in client.get(PLAN).content.decode()
    given = FIELDS | {"is_closed": "on", "closing_reason": "The council did not accept it."}
    assert client.post(PAGE, given).status_code == 302
    assert "The council did not accept it." in text_of(client.get(PLAN))
