"""Claiming that an action is complete, and the second person who verifies it or sends it back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.appendix import appendix_document
from actions.claims import claims_of
from actions.models import Action, Evidence, ProgressUpdate
from actions.position import plan_position
from actions.rules import UpdateDraft
from actions.sentences import claim_counts
from actions.services.claims import send_back, verify
from actions.services.evidence import EvidenceDraft, withdraw_evidence
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.councils.scheme import rating_scheme
from reviews.models import PeerChallenge
from tests.conftest import make_person
from tests.plugins.plans import text_of

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignIn = Callable[[Person], Client]
Claim = Callable[..., ProgressUpdate]
HERE = "/c/ashdale/cpc-2024"
SHOWN = EvidenceDraft(title="The map of repairs", link="https://ashdale.example/map")
MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 14)


@pytest.fixture
def checker(council: Council) -> Person:
    """A second person who may verify."""
    return make_person(
        council, Role.PLAN_MANAGER, "audit@ashdale.example", "Head of Internal Audit"
    )


@pytest.fixture
def claim(draft: Draft, owner: Person) -> Claim:
    """Claims an action complete as at 31 March 2025, as its owner unless told otherwise."""

    def make(action: Action, author: Person | None = None, **given: Any) -> ProgressUpdate:
        evidence = given.pop("evidence", [SHOWN])
        said = {"state": "claimed", "rating": "", "commentary": "The map is done."} | given
        version = Action.objects.get(pk=action.pk).version
        return post_update(
            action=action,
            version=version,
            draft=draft(**said),
            author=author or owner,
            evidence=evidence,
        )

    return make


def fresh(action: Action) -> Action:
    return Action.objects.select_related("latest_update").get(pk=action.pk)


def check(action: Action, author: Person, **given: Any) -> ProgressUpdate:
    said: dict[str, Any] = {"as_at": APRIL, "note": "Read the map; it has all 41 steps."}
    return verify(action=action, version=fresh(action).version, author=author, **(said | given))


def back(action: Action, author: Person, **given: Any) -> ProgressUpdate:
    said: dict[str, Any] = {
        "as_at": APRIL,
        "rating": "green",
        "reason": "Two of the areas are not on it.",
    }
    return send_back(action=action, version=fresh(action).version, author=author, **(said | given))


def test_a_claim_needs_evidence(act: Act, claim: Claim) -> None:
    action = act()
    with pytest.raises(Invalid) as refused:
        claim(action, evidence=[])
    assert refused.value.fields == {
        "evidence_link": "Add a link or a file that shows that it is complete."
    }
    assert not ProgressUpdate.objects.exists()
    saved = claim(action)
    assert (saved.kind, saved.state, saved.closure) == ("claimed", "claimed", "delivered")
    assert saved.evidence.get().title == SHOWN.title


def test_evidence_that_stands_already_is_enough_but_not_once_withdrawn(
    act: Act, claim: Claim, draft: Draft, owner: Person
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner, evidence=[SHOWN])
    held = Evidence.objects.get()
    withdraw_evidence(evidence=held, version=2, reason="The wrong map", author=owner)
    with pytest.raises(Invalid):
        claim(action, as_at=APRIL, evidence=[])
    post_update(
        action=action,
        version=3,
        draft=draft(as_at=date(2025, 4, 1)),
        author=owner,
        evidence=[SHOWN],
    )
    assert claim(action, as_at=APRIL, evidence=[]).state == "claimed"


def test_a_second_person_verifies_and_both_counts_are_told(
    act: Act, claim: Claim, checker: Person, challenge: PeerChallenge
) -> None:
    first, second = act("1.1"), act("1.2")
    claim(first)
    claim(second)
    assert claim_counts(plan_position(challenge)) == "2 claimed complete, none of them verified"
    saved = check(first, checker)
    assert (saved.kind, saved.state, saved.closure) == ("verified", "verified", "delivered")
    assert fresh(first).latest_update == saved
    assert claim_counts(plan_position(challenge)) == "2 claimed complete, 1 of them verified"


def test_who_claimed_it_never_verifies_it(act: Act, claim: Claim, manager: Person) -> None:
    action = act()
    claim(action, manager)
    with pytest.raises(NotPermitted, match="You entered this claim"):
        check(action, manager)
    with pytest.raises(NotPermitted, match="You entered this claim"):
        back(action, manager)
    assert fresh(action).version == 2


def test_saying_again_what_somebody_claimed_is_claiming_it(
    act: Act, claim: Claim, owner: Person, manager: Person, checker: Person
) -> None:
    action = act()
    claim(action, manager)
    claim(action, checker, as_at=APRIL)
    for each in (manager, checker):
        with pytest.raises(NotPermitted):
            check(action, each)


def test_an_update_slipped_in_beneath_a_claim_frees_nobody_to_check_it(
    act: Act, claim: Claim, draft: Draft, manager: Person, checker: Person, lead: Person
) -> None:
    action = act()
    claim(action, manager, as_at=date(2025, 3, 1))
    claim(action, checker, as_at=APRIL)
    for day in (10, 11):
        post_update(
            action=action,
            version=fresh(action).version,
            draft=draft(as_at=date(2025, 3, day)),
            author=manager,
        )
    last = fresh(action).latest_update
    assert last is not None
    assert last.state == "claimed"
    for each in (manager, checker):
        with pytest.raises(NotPermitted, match="a second person has to check it"):
            check(action, each)
    assert check(action, lead).state == "verified"


def test_a_claim_made_after_another_was_taken_back_is_a_new_one(
    act: Act, claim: Claim, draft: Draft, manager: Person, checker: Person
) -> None:
    action = act()
    claim(action, manager, as_at=date(2025, 3, 1))
    post_update(
        action=action,
        version=fresh(action).version,
        draft=draft(as_at=date(2025, 3, 10)),
        author=checker,
    )
    claim(action, checker, as_at=APRIL)
    assert check(action, manager).state == "verified"


@pytest.mark.parametrize(
    "behalf",
    ["Chief  Executive", "Chief\u00a0Executive", "The chief executive", "Chief Exec\u00adutive"],
    ids=["spaces", "hard space", "article", "soft hyphen"],
)
def test_a_post_typed_a_little_differently_is_the_same_post(
    behalf: str, act: Act, claim: Claim, manager: Person, lead: Person
) -> None:
    action = act(lead_role="Director of Homes")
    claim(action, manager, on_behalf_of=behalf)
    with pytest.raises(NotPermitted, match="on your behalf"):
        check(action, lead)


def test_it_is_not_verified_by_the_post_on_whose_behalf_it_was_claimed(
    act: Act, claim: Claim, council: Council, manager: Person, checker: Person, lead: Person
) -> None:
    named = act("1.1", lead_role="Somebody Else", lead_person=lead.membership)
    claim(named, manager, on_behalf_of="somebody else")
    with pytest.raises(NotPermitted, match="on your behalf"):
        check(named, lead)
    by_post = act("1.2", lead_role="Chief Executive")
    claim(by_post, manager, on_behalf_of="chief executive ")
    with pytest.raises(NotPermitted, match="on your behalf"):
        check(by_post, lead)
    assert check(by_post, checker).state == "verified"


def test_verifying_is_a_capability(act: Act, claim: Claim, democratic: Person) -> None:
    action = act()
    claim(action)
    with pytest.raises(NotPermitted):
        check(action, democratic)


def test_a_claim_without_evidence_left_is_not_verified(
    act: Act, claim: Claim, owner: Person, checker: Person
) -> None:
    action = act()
    claim(action)
    withdraw_evidence(evidence=Evidence.objects.get(), version=2, reason="Wrong", author=owner)
    with pytest.raises(Invalid, match="No evidence is left"):
        check(action, checker)
    assert back(action, checker).state == "in-progress"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"note": "  "}, "note"),
        ({"note": "x" * 4001}, "note"),
        ({"as_at": date(2025, 3, 30)}, "as_at"),
        ({"as_at": date(2999, 1, 1)}, "as_at"),
    ],
)
def test_a_bad_check_is_refused(
    act: Act, claim: Claim, checker: Person, given: dict[str, Any], field: str
) -> None:
    action = act()
    claim(action)
    with pytest.raises(Invalid) as refused:
        check(action, checker, **given)
    assert set(refused.value.fields) == {field}
    assert fresh(action).latest_update.state == "claimed"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 4001}, "reason"),
        ({"rating": ""}, "rating"),
        ({"rating": "blue"}, "rating"),
        ({"rating": "amber"}, "recovery_plan"),
        ({"rating": "red"}, "decision_sought"),
        ({"as_at": date(2025, 3, 30)}, "as_at"),
        ({"as_at": date(2999, 1, 1)}, "as_at"),
    ],
)
def test_sending_back_needs_a_reason_and_a_rating(
    act: Act, claim: Claim, checker: Person, given: dict[str, Any], field: str
) -> None:
    action = act()
    claim(action)
    with pytest.raises(Invalid) as refused:
        back(action, checker, **given)
    assert set(refused.value.fields) == {field}


def test_what_goes_back_goes_on_with_its_rating_its_date_and_the_reason(
    act: Act, claim: Claim, checker: Person
) -> None:
    action = act()
    claim(action, expected_date=date(2025, 9, 30), date_reason="The surveyor left.")
    saved = back(action, checker, as_at=MARCH, rating="amber", recovery_plan="Two more mappers.")
    assert (saved.kind, saved.state, saved.rating) == ("sent-back", "in-progress", "amber")
    assert (saved.commentary, saved.closure) == ("Two of the areas are not on it.", "")
    assert saved.expected_date == date(2025, 9, 30)
    claim(action, as_at=MARCH, evidence=[], commentary="Both areas are on it now.")
    assert check(action, checker).state == "verified"


@pytest.mark.parametrize("state", ["verified", "bau"])
def test_an_update_neither_checks_nor_closes(
    act: Act, claim: Claim, draft: Draft, manager: Person, state: str
) -> None:
    action = act()
    claim(action)
    with pytest.raises(Invalid) as refused:
        post_update(
            action=action,
            version=2,
            draft=draft(as_at=APRIL, state=state, rating=""),
            author=manager,
        )
    assert set(refused.value.fields) == {"state"}


def test_only_a_claim_is_checked_and_only_once(act: Act, claim: Claim, checker: Person) -> None:
    action = act()
    with pytest.raises(Invalid, match="nothing to check"):
        check(action, checker)
    claim(action)
    seen = fresh(action).version
    check(action, checker)
    with pytest.raises(Stale):
        verify(action=action, version=seen, as_at=APRIL, note="Again", author=checker)
    with pytest.raises(Invalid, match="nothing to check"):
        check(action, checker)


def test_what_is_not_for_publication_is_checked_by_the_entitled_only(
    act: Act, claim: Claim, manager: Person, checker: Person, lead: Person, signed_in: SignIn
) -> None:
    action = act(visibility="exempt", exempt_paragraph=3)
    claim(action, manager, commentary="Canary paid.")
    with pytest.raises(NotPermitted):
        check(action, checker)
    client = signed_in(checker)
    assert client.get(f"{HERE}/1.1/verify/").status_code == 404
    assert action.title not in client.get(f"{HERE}/claims/").content.decode()
    assert claims_of(action.challenge, checker) == []
    assert [each.bar for each in claims_of(action.challenge, lead)] == [""]
    assert "Canary paid." in signed_in(lead).get(f"{HERE}/claims/").content.decode()


def test_words_that_were_exempt_when_written_stay_hidden_on_the_pages(
    act: Act, claim: Claim, manager: Person, checker: Person, lead: Person, signed_in: SignIn
) -> None:
    action = act(visibility="exempt", exempt_paragraph=3)
    claim(action, manager, commentary="Canary paid.")
    current = fresh(action)
    current.visibility, current.exempt_paragraph = "public", None
    current._history_user = manager.user  # type: ignore[attr-defined]
    current.save()
    client = signed_in(checker)
    for page in ("claims/", "1.1/verify/"):
        body = client.get(f"{HERE}/{page}").content.decode()
        assert action.title in body
        assert "Canary paid." not in body
    assert "Canary paid." in signed_in(lead).get(f"{HERE}/1.1/verify/").content.decode()


# --- Pages ---------------------------------------------------------------------------------------


def sent(action: Action, **given: Any) -> dict[str, Any]:
    return {
        "version": fresh(action).version,
        "decision": "verify",
        "note": "Read the map.",
        "as_at": "2025-04-14",
    } | given


def test_the_page_shows_the_claim_and_its_evidence_and_verifies_it(
    act: Act, claim: Claim, checker: Person, signed_in: SignIn
) -> None:
    action = act(success_measure="Every step is on the map")
    claim(action)
    client = signed_in(checker)
    body = client.get(f"{HERE}/1.1/verify/").content.decode()
    for words in ("The map is done.", SHOWN.title, SHOWN.link, "Every step is on the map"):
        assert words in body
    answer = client.post(f"{HERE}/1.1/verify/", sent(action))
    assert answer.status_code == 302
    assert answer["Location"] == f"{HERE}/claims/"
    page = client.get(answer["Location"]).content.decode()
    assert "1 claimed complete, 1 of them verified" in page
    assert "Read the map." in page
    assert "No claim waits to be checked" in page


def test_the_page_sends_back(act: Act, claim: Claim, checker: Person, signed_in: SignIn) -> None:
    action = act()
    claim(action)
    fields = sent(action, decision="send-back", rating="green", reason="Two areas are missing.")
    assert signed_in(checker).post(f"{HERE}/1.1/verify/", fields).status_code == 302
    last = fresh(action).latest_update
    assert last is not None
    assert (last.kind, last.commentary) == ("sent-back", "Two areas are missing.")
    assert "Sent back" in signed_in(checker).get(f"{HERE}/claims/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"decision": ""}, "Choose whether it is verified or goes back"),
        ({"decision": "later"}, "later"),
        ({"note": ""}, "Say what you looked at"),
        ({"as_at": "2025-02-31"}, "Enter a real date"),
        ({"as_at": "2025-03-01"}, "It was claimed as at 31 March 2025"),
        ({"decision": "send-back"}, "Say why it goes back"),
        ({"decision": "send-back", "reason": "Not yet"}, "Choose a rating"),
        ({"decision": "send-back", "reason": "Not yet", "rating": "red"}, "which decision"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(
    act: Act,
    claim: Claim,
    checker: Person,
    signed_in: SignIn,
    wrong: dict[str, str],
    message: str,
) -> None:
    action = act()
    claim(action)
    fields = sent(action, recovery_plan="Kept while it is put right") | wrong
    answer = signed_in(checker).post(f"{HERE}/1.1/verify/", fields)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert message in body
    assert "There is a problem" in body
    assert "Kept while it is put right" in body
    assert fresh(action).latest_update.state == "claimed"  # type: ignore[union-attr]


def test_the_claimant_is_told_why_and_refused(
    act: Act, claim: Claim, manager: Person, signed_in: SignIn
) -> None:
    action = act()
    claim(action, manager)
    client = signed_in(manager)
    page = client.get(f"{HERE}/1.1/verify/")
    assert page.status_code == 200
    assert "a second person has to check it" in page.content.decode()
    assert 'name="decision"' not in page.content.decode()
    assert client.post(f"{HERE}/1.1/verify/", sent(action)).status_code == 403
    assert fresh(action).latest_update.state == "claimed"  # type: ignore[union-attr]


def test_the_second_of_two_sees_both_texts(
    act: Act, claim: Claim, checker: Person, lead: Person, signed_in: SignIn
) -> None:
    action = act()
    claim(action)
    mine = sent(action, note="Mine: it is all there.")
    back(action, lead, reason="Theirs: two areas are missing.")
    answer = signed_in(checker).post(f"{HERE}/1.1/verify/", mine)
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "Theirs: two areas are missing." in body
    assert "Mine: it is all there." in body
    assert lead.membership.post in body
    again = signed_in(checker).post(f"{HERE}/1.1/verify/", mine | {"version": 3})
    assert again.status_code == 422
    assert "there is nothing to check" in again.content.decode()


def test_the_pages_are_for_those_who_may(
    act: Act,
    claim: Claim,
    owner: Person,
    democratic: Person,
    member: Person,
    outsider: Person,
    checker: Person,
    signed_in: SignIn,
) -> None:
    action = act()
    claim(action)
    for page, allowed in (("claims/", (owner, democratic, checker)), ("1.1/verify/", (checker,))):
        for each in (owner, democratic, member, checker):
            expected = 200 if each in allowed else 403
            assert signed_in(each).get(f"{HERE}/{page}").status_code == expected
        assert signed_in(outsider).get(f"{HERE}/{page}").status_code == 404
        assert signed_in(checker).put(f"{HERE}/{page}").status_code == 405
    assert "Check<" not in signed_in(owner).get(f"{HERE}/claims/").content.decode()
    assert signed_in(outsider).post(f"{HERE}/1.1/verify/", sent(action)).status_code == 404


def test_nothing_claimed_is_said_so(act: Act, checker: Person, signed_in: SignIn) -> None:
    action = act()
    client = signed_in(checker)
    assert "Nothing is claimed complete yet." in client.get(f"{HERE}/claims/").content.decode()
    page = client.get(f"{HERE}/1.1/verify/")
    assert "nothing to check" in page.content.decode()
    assert client.post(f"{HERE}/1.1/verify/", sent(action)).status_code == 422


@pytest.mark.parametrize("number", [1, 40])
def test_the_list_costs_the_same_for_one_claim_and_for_many(
    act: Act,
    claim: Claim,
    checker: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
    number: int,
) -> None:
    for index in range(number):
        action = act(f"1.{index + 1}")
        claim(action)
        if index % 3 == 2:
            check(action, checker)
    client = signed_in(checker)
    with django_assert_max_num_queries(15):
        assert client.get(f"{HERE}/claims/").status_code == 200
    with django_assert_max_num_queries(15):
        assert client.get(f"{HERE}/1.1/verify/").status_code == 200


# --- Both counts on every face -------------------------------------------------------------------


@pytest.fixture
def released(act: Act, claim: Claim, checker: Person, manager: Person) -> PeerChallenge:
    """A released plan with three claims, two of them verified."""
    actions = [act(f"1.{number}") for number in (1, 2, 3)]
    for each in actions:
        claim(each)
    check(actions[0], checker)
    check(actions[1], checker)
    release_position(
        challenge=actions[0].challenge, as_at=APRIL, reason="For scrutiny", author=manager
    )
    return actions[0].challenge


TOLD = "Three actions are claimed complete, two of them verified."


@pytest.mark.parametrize(
    ("who", "page", "words"),
    [
        ("member", f"{HERE}/", TOLD),
        ("owner", f"{HERE}/", TOLD),
        ("member", f"{HERE}/scrutiny/", TOLD),
        ("manager", f"{HERE}/release/", TOLD),
        ("manager", f"{HERE}/appendix.html?as_at=2025-04-14&variant=full", TOLD),
        ("member", "/c/ashdale/", "3 claimed complete, 2 of them verified."),
    ],
)
def test_both_counts_are_on_every_face(
    released: PeerChallenge,
    request: pytest.FixtureRequest,
    signed_in: SignIn,
    who: str,
    page: str,
    words: str,
) -> None:
    assert words in text_of(signed_in(request.getfixturevalue(who)).get(page))


def test_the_appendix_prints_both_counts(released: PeerChallenge, council: Council) -> None:
    document = appendix_document(
        council=council,
        challenge=released,
        position=plan_position(released),
        before=None,
        scheme=rating_scheme(council),
    )
    assert TOLD in "".join(run.text for run in document.lead)


def test_a_row_leads_those_who_may_to_the_check(
    act: Act, claim: Claim, lead: Person, owner: Person, signed_in: SignIn
) -> None:
    claim(act())
    assert f'href="{HERE}/1.1/verify/"' in signed_in(lead).get(f"{HERE}/").content.decode()
    assert "/verify/" not in signed_in(owner).get(f"{HERE}/").content.decode()
    assert "Check the claim" in signed_in(lead).get(f"{HERE}/1.1/").content.decode()
    assert "Check the claim" not in signed_in(owner).get(f"{HERE}/1.1/").content.decode()
