"""Dates in the browser: the ledger of a plan, asking for a later date, deciding, taking back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, Extension, ProgressUpdate
from actions.rules import UpdateDraft
from actions.services.extensions import Decided, NewDate, ask, decide
from actions.services.plan import ActionDetails, change_action
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.councils.services.dates import change_dates_rule
from reviews.models import PeerChallenge, Recommendation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel", "approving")]
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
PLAN = "/c/ashdale/cpc-2024/"
LEDGER = f"{PLAN}dates/"
ASK = f"{PLAN}1.1/extension/"
SEPTEMBER = date(2025, 9, 30)
TYPED = {"version": "1", "to": "2025-09-30", "reason": "Posts were vacant."}
APPROVE = {"version": "2", "outcome": "approved"}
BODY = APPROVE | {"body": "Cabinet", "on": "2025-06-17", "minute": "Minute 54"}


@pytest.fixture
def approving(council: Council, administrator: Person) -> None:
    """Ashdale approves extensions."""
    changed = change_dates_rule(
        council=council, extensions_need_approval=True, version=1, author=administrator.user
    )
    council.extensions_need_approval = changed.extensions_need_approval


def html(response: Any) -> str:
    return str(response.content.decode())


def anew(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)


def asked(action: Action, author: Person, reason: str = "Posts were vacant.") -> Extension:
    new = NewDate(SEPTEMBER, "", reason)
    return ask(action=action, version=anew(action).version, asked=new, author=author)


def page_of(request: Extension) -> str:
    return f"{PLAN}{request.action.ref}/extension/{request.pk}/"


# --- Asking -------------------------------------------------------------------------------------


def test_a_later_date_is_asked_for_and_waits(act: Act, owner: Person, signed_in: SignedIn) -> None:
    act()
    client = signed_in(owner)
    assert "The date now is" in html(client.get(ASK))
    answer = client.post(ASK, TYPED)
    assert answer["Location"] == f"{PLAN}1.1/#dates-heading"
    request = Extension.objects.get()
    assert (request.to, request.asked_by) == (SEPTEMBER, owner.user)
    page = html(client.get(f"{PLAN}1.1/"))
    assert "waits for approval. Until then the old one stands." in page
    assert "Waiting for approval" in page
    assert "Ask for a later date" not in page


def test_the_update_form_says_what_will_happen_and_the_page_what_did(
    act: Act, owner: Person, signed_in: SignedIn
) -> None:
    act()
    client = signed_in(owner)
    page = html(client.get(f"{PLAN}1.1/update/"))
    assert "A later date waits for approval: until then 30 June 2025 stands." in page
    given = {
        "version": "1",
        "commentary": "Half is mapped.",
        "status": "green",
        "forecast": "green",
        "as_at": "2025-06-20",
        "date_choice": "new",
        "expected_date": "2025-09-30",
        "date_reason": "Posts were vacant.",
    }
    answer = client.post(f"{PLAN}1.1/update/", given)
    assert answer.status_code == 302
    assert "saved. A later date waits for approval" in html(client.get(answer["Location"]))
    row = client.post(
        f"{PLAN}1.1/update/?in_row=1",
        given | {"version": "2", "as_at": "2025-06-21", "date_choice": "same"},
        headers={"HX-Request": "true"},
    )
    assert "saved. A later date waits for approval" in html(row)
    again = given | {"version": "3", "as_at": "2025-06-22"}
    refused = client.post(f"{PLAN}1.1/update/", again)
    assert refused.status_code == 422
    assert "already waits for approval" in html(refused)
    assert "Half is mapped." in html(refused)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"to": ""}, "Enter the new date, or the words"),
        ({"to": "2025-02-31"}, "Enter a real date"),
        ({"to": "2025-06-30"}, "give a later one"),
        ({"reason": ""}, "Why does the date move?"),
        ({"reason": "a\x00b"}, "character"),
        ({"to_words": "x" * 61}, "60 characters or fewer"),
        ({"version": ""}, "version"),
    ],
)
def test_what_cannot_be_asked_comes_back_with_what_was_typed(
    act: Act, owner: Person, signed_in: SignedIn, wrong: dict[str, str], says: str
) -> None:
    act()
    answer = signed_in(owner).post(ASK, TYPED | {"asked_for": "Head of Homes"} | wrong)
    assert answer.status_code == 422
    assert says in html(answer)
    assert "Head of Homes" in html(answer)
    assert not Extension.objects.exists()


def test_two_who_ask_at_once_see_both_dates(
    act: Act, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    asked(act(), manager, "The surveyor left.")
    answer = signed_in(owner).post(ASK, TYPED)
    assert answer.status_code == 409
    page = html(answer)
    assert "The surveyor left." in page
    assert "Posts were vacant." in page
    assert 'name="version" value="2"' in page
    again = signed_in(owner).post(ASK, TYPED | {"version": "2"})
    assert again.status_code == 422
    assert "already waits" in html(again)


def test_a_request_that_waits_stands_in_place_of_the_form(
    act: Act, owner: Person, signed_in: SignedIn
) -> None:
    request = asked(act(), owner)
    page = html(signed_in(owner).get(ASK))
    assert page_of(request) in page
    assert "Ask for this date" not in page


def test_where_no_date_needs_approval_the_page_leads_to_an_update(
    act: Act, owner: Person, signed_in: SignedIn, council: Council, administrator: Person
) -> None:
    act()
    change_dates_rule(
        council=council, extensions_need_approval=False, version=2, author=administrator.user
    )
    client = signed_in(owner)
    page = html(client.get(ASK))
    assert f"{PLAN}1.1/update/" in page
    assert "Ask for this date" not in page
    assert client.post(ASK, TYPED).status_code == 422
    assert "waits for approval" not in html(client.get(f"{PLAN}1.1/update/"))
    assert not Extension.objects.exists()


# --- Deciding -----------------------------------------------------------------------------------


def test_a_lead_approves_and_everybody_reads_who_did(
    act: Act, owner: Person, lead: Person, signed_in: SignedIn
) -> None:
    request = asked(act(), owner)
    client = signed_in(lead)
    page = html(client.get(page_of(request)))
    assert "Which body decided?" not in page
    assert "92 days later" in page
    assert client.post(page_of(request), APPROVE)["Location"] == f"{PLAN}1.1/#dates-heading"
    assert ProgressUpdate.objects.get().date_approved_by == "Chief Executive"
    page = html(client.get(f"{PLAN}1.1/"))
    assert "Slipped once, 92 days in all" in page
    assert "Chief Executive, 24 June 2025" in page
    assert "Date extended" in page
    assert "Approved" in html(client.get(page_of(request)))


def test_democratic_services_records_a_minute(
    act: Act, owner: Person, democratic: Person, signed_in: SignedIn
) -> None:
    request = asked(act(), owner)
    client = signed_in(democratic)
    assert "Which body decided?" in html(client.get(page_of(request)))
    assert client.post(page_of(request), BODY).status_code == 302
    assert "Cabinet, 17 June 2025, Minute 54" in html(client.get(LEDGER))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"outcome": ""}, "Choose whether the new date is approved or refused"),
        ({"outcome": "maybe"}, "maybe"),
        ({"outcome": "refused", "note": ""}, "Say why the date is refused"),
        ({"body": ""}, "Enter the body that decided"),
        ({"on": "2025-02-31"}, "Enter a real date"),
        ({"on": "2025-06-25"}, "in the future"),
        ({"minute": ""}, "Enter the minute"),
    ],
)
def test_a_decision_that_cannot_stand_comes_back_with_what_was_typed(
    act: Act,
    owner: Person,
    democratic: Person,
    signed_in: SignedIn,
    wrong: dict[str, str],
    says: str,
) -> None:
    request = asked(act(), owner)
    answer = signed_in(democratic).post(page_of(request), BODY | {"note": "As agreed."} | wrong)
    assert answer.status_code == 422
    assert says in html(answer)
    assert "There is a problem" in html(answer)
    if "note" not in wrong:
        assert "As agreed." in html(answer)
    assert Extension.objects.get().decision == ""


def test_two_who_decide_at_once_see_both_decisions(
    act: Act, owner: Person, lead: Person, democratic: Person, signed_in: SignedIn
) -> None:
    request = asked(act(), owner)
    no = Decided(is_approved=False, note="Use the budget you have.")
    decide(extension=request, version=2, decided=no, author=lead)
    answer = signed_in(democratic).post(page_of(request), BODY)
    assert answer.status_code == 409
    assert "Use the budget you have." in html(answer)
    assert "Refused" in html(answer)
    again = signed_in(democratic).post(page_of(request), BODY | {"version": "3"})
    assert again.status_code == 422
    assert "no longer open: Refused" in html(again)
    assert not ProgressUpdate.objects.exists()


def test_who_asked_may_only_take_it_back(act: Act, manager: Person, signed_in: SignedIn) -> None:
    request = asked(act(), manager)
    client = signed_in(manager)
    page = html(client.get(page_of(request)))
    assert "a second person decides" in page
    assert "Save the decision" not in page
    assert client.post(page_of(request), BODY).status_code == 403
    given = {"take-back": "1", "version": "2", "note": "Done in time."}
    stale = client.post(page_of(request), given | {"version": "1"})
    assert stale.status_code == 409
    assert "Done in time." in html(stale)
    assert 'name="version" value="2" id="id_back_version"' in html(stale)
    assert client.post(page_of(request), given | {"version": ""}).status_code == 422
    assert client.post(page_of(request), given).status_code == 302
    assert Extension.objects.get().decision == "withdrawn"
    assert client.post(page_of(request), given | {"version": "3"}).status_code == 422


def test_who_may_ask_and_see_and_decide(
    act: Act,
    owner: Person,
    lead: Person,
    member: Person,
    democratic: Person,
    administrator: Person,
    outsider: Person,
    signed_in: SignedIn,
) -> None:
    request = asked(act(), owner)
    for person, asks, decides in (
        (lead, 403, 200),
        (democratic, 403, 200),
        (administrator, 403, 200),
        (member, 403, 403),
        (outsider, 404, 404),
    ):
        client = signed_in(person)
        assert client.get(ASK).status_code == asks, person
        assert client.post(ASK, TYPED).status_code == asks, person
        assert client.get(page_of(request)).status_code == decides, person
    refused = 403
    assert signed_in(owner).post(page_of(request), BODY).status_code == refused
    assert signed_in(administrator).post(page_of(request), BODY).status_code == refused
    assert signed_in(member).post(page_of(request), BODY).status_code == refused
    assert signed_in(outsider).get(LEDGER).status_code == 404


def test_addresses_that_lead_nowhere_and_other_methods(
    act: Act, owner: Person, lead: Person, signed_in: SignedIn
) -> None:
    request = asked(act("1.1"), owner)
    act("1.2")
    client = signed_in(lead)
    assert client.get(f"{PLAN}1.2/extension/{request.pk}/").status_code == 404
    assert client.get(f"{PLAN}1.1/extension/{request.pk + 1}/").status_code == 404
    assert client.get(f"{PLAN}9.9/extension/{request.pk}/").status_code == 404
    assert client.delete(page_of(request)).status_code == 405
    assert client.post(LEDGER).status_code == 405
    assert signed_in(owner).put(ASK).status_code == 405


# --- The ledger ---------------------------------------------------------------------------------


def test_the_ledger_tells_every_date_to_officers_and_released_ones_to_members(
    act: Act,
    draft: Draft,
    owner: Person,
    lead: Person,
    manager: Person,
    member: Person,
    challenge: PeerChallenge,
    signed_in: SignedIn,
    travel: Any,
) -> None:
    action = act("1.1")
    act("1.2")
    assert "No date has moved" in html(signed_in(owner).get(LEDGER))
    assert "Nothing has been released yet" in html(signed_in(member).get(LEDGER))
    release_position(
        challenge=challenge, as_at=date(2025, 6, 23), reason="Scrutiny", author=manager
    )
    request = asked(action, owner, "The surveyor left.")
    assert "The surveyor left." in html(signed_in(owner).get(LEDGER))
    assert "surveyor" not in html(signed_in(member).get(LEDGER))
    decide(extension=request, version=2, decided=Decided(is_approved=True), author=lead)
    page = html(signed_in(owner).get(LEDGER))
    assert "Chief Executive, 24 June 2025" in page
    assert "Slipped once, 92 days in all" in page
    assert "surveyor" not in html(signed_in(member).get(LEDGER))
    assert "surveyor" not in html(signed_in(member).get(f"{PLAN}1.1/"))
    travel.shift(3600)
    release_position(challenge=challenge, as_at=date(2025, 6, 24), reason="Cabinet", author=manager)
    page = html(signed_in(member).get(LEDGER))
    assert "The surveyor left." in page
    assert "Chief Executive, 24 June 2025" in page


def test_the_ledger_can_be_narrowed_and_paged(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn, council: Council
) -> None:
    council.extensions_need_approval = owner.council.extensions_need_approval = False
    for number in range(1, 18):
        day = SEPTEMBER if number > 1 else date(2025, 5, 31)
        given = draft(expected_date=day, date_reason=f"Reason {number}.")
        post_update(action=act(f"1.{number}"), version=1, draft=given, author=owner)
    client = signed_in(owner)
    first = html(client.get(LEDGER))
    assert "Reason 15." in first
    assert "Reason 16." not in first
    assert "Reason 17." in html(client.get(f"{LEDGER}?page=2"))
    slipped = html(client.get(f"{LEDGER}?show=slipped"))
    assert "Reason 1." not in slipped
    assert "Reason 2." in slipped
    assert "No approval on record" in html(client.get(f"{LEDGER}?show=unapproved"))
    for odd in ("?show=x%00", "?page=999", "?page=x", "?show="):
        assert client.get(LEDGER + odd).status_code == 200


def test_what_is_exempt_or_was_is_on_no_page_of_those_not_entitled(
    act: Act,
    owner: Person,
    manager: Person,
    lead: Person,
    democratic: Person,
    member: Person,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    signed_in: SignedIn,
) -> None:
    secret = act("1.1", title="CANARY deal", visibility="exempt", exempt_paragraph=3)
    was = act("1.2", visibility="exempt", exempt_paragraph=3)
    requests = [asked(each, manager, "CANARY talks") for each in (secret, was)]
    yes = Decided(is_approved=True, note="CANARY agreed.")
    decide(extension=requests[1], version=2, decided=yes, author=lead)
    change_action(
        action=was,
        version=3,
        details=ActionDetails(
            ref="1.2",
            title=was.title,
            in_plan_from=was.in_plan_from,
            lead_role=was.lead_role,
            original_due=was.original_due,
        ),
        recommendations=[recommendation],
        author=manager,
        reason="Signed.",
    )
    release_position(challenge=challenge, as_at=date(2025, 6, 24), reason="All", author=manager)
    for person in (owner, democratic, member):
        client = signed_in(person)
        for address in (LEDGER, f"{PLAN}1.2/", PLAN):
            assert "CANARY" not in html(client.get(address)), (person, address)
        assert client.get(page_of(requests[0])).status_code in (403, 404)
        assert client.get(page_of(requests[1])).status_code in (403, 404)
        assert client.post(page_of(requests[0]), BODY).status_code in (403, 404)
    assert "Not for publication" in html(signed_in(member).get(f"{PLAN}1.2/"))
    assert "CANARY talks" in html(signed_in(lead).get(LEDGER))


@pytest.mark.parametrize("count", [1, 30])
def test_pages_of_dates_stay_within_their_budget(
    act: Act,
    owner: Person,
    lead: Person,
    signed_in: SignedIn,
    django_assert_max_num_queries: Any,
    count: int,
) -> None:
    requests = []
    for number in range(1, count + 1):
        action = act(f"1.{number}")
        first = asked(action, owner)
        decide(extension=first, version=2, decided=Decided(is_approved=True), author=lead)
        new = NewDate(date(2025, 12, 31), "", "The tender failed.")
        requests.append(ask(action=action, version=3, asked=new, author=owner))
    client = signed_in(lead)
    for address in (LEDGER, page_of(requests[0])):
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200
    client = signed_in(owner)
    with django_assert_max_num_queries(15):
        assert client.get(ASK).status_code == 200
