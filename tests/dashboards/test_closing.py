"""Closing a plan: the checklist, the letter, what goes on elsewhere, opening it again."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, Evidence, Extension, Lineage, Milestone, ProgressUpdate
from actions.services.closing import carry_over, close_plan, unfinished
from actions.services.updates import append_update
from actions.states import Closure, State
from peerplan.core import history, versions
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils.gate import Person
from reviews.models import ClosingLetter, PeerChallenge, Recommendation, Recurrence
from tests.plugins.plans import CANARY, Plan, text_of
from tests.render.reading import failures

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
URL = "/c/ashdale/cpc-2024/closing/"
TODAY = date(2025, 6, 24)


def finish(plan: Plan, manager: Person, *, leave: tuple[str, ...] = ()) -> None:
    """Every action of the plan in normal work, but for those in `leave`."""
    from django.db import transaction

    for ref, action in plan.actions.items():
        if ref in leave:
            continue
        with transaction.atomic():
            current = versions.claim(Action.objects.get(pk=action.pk))
            append_update(
                current,
                author=manager,
                reason="Normal work",
                update=ProgressUpdate(
                    kind="closed",
                    as_at=TODAY,
                    state=State.BUSINESS_AS_USUAL,
                    closure=Closure.BUSINESS_AS_USUAL,
                    closure_note=f"The service plan takes {ref}",
                    closure_agreed_by="Head of Housing",
                ),
            )


@pytest.fixture
def later(manager: Person) -> PeerChallenge:
    """The challenge of 2029, being set up."""
    row = PeerChallenge(
        council=manager.council,
        slug="cpc-2029",
        title="Peer Challenge 2029",
        on_site_from=date(2029, 3, 6),
        on_site_to=date(2029, 3, 8),
    )
    history.save(row, author=manager.user)
    return row


def test_the_checklist_says_what_is_left(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    page = text_of(signed_in(manager).get(URL))
    assert "Five actions left: 1.1, 1.2, 1.4, 1.5 and 1.6." in page
    assert "One claim left: 1.3." in page
    assert "No progress review is recorded." in page
    assert "The plan can be closed once nothing is needed any more." in page


def test_what_is_not_for_publication_is_counted_and_not_named(
    plan: Plan, owner: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(owner).get(URL))
    assert "1 more is not for publication" in page
    assert "Five actions left: 1.1, 1.2, 1.4, 1.6 and one not for publication." in page
    assert CANARY not in page
    assert "1.5" not in page


def test_an_action_made_on_a_page_from_before_the_closing_is_refused(
    plan: Plan, manager: Person, act: Callable[..., Action]
) -> None:
    finish(plan, manager)
    close_plan(
        challenge=PeerChallenge.objects.get(pk=plan.challenge.pk),
        version=plan.challenge.version,
        closed_on=TODAY,
        reason="Agreed.",
        author=manager,
    )
    assert not plan.challenge.is_closed  # as it was when the page was read
    with pytest.raises(Invalid, match="This plan was closed on 24 June 2025"):
        act("1.7")


def test_who_may_not_close_for_an_exempt_action_is_not_told_which_it_is(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    finish(plan, manager, leave=("1.3", "1.5"))
    manager.membership.reads_exempt = False
    history.save(manager.membership, author=manager.user)
    given = {"version": plan.challenge.version, "closed_on": "2025-06-24", "reason": "Agreed."}
    page = text_of(signed_in(manager).post(f"{URL}close/", given))
    assert "These actions are not finished: 1.3 and one not for publication." in page
    assert "1.5" not in page


def test_a_plan_with_unfinished_actions_does_not_close(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    finish(plan, manager, leave=("1.3",))
    given = {"version": plan.challenge.version, "closed_on": "2025-06-24", "reason": "Agreed."}
    response = signed_in(manager).post(f"{URL}close/", given)
    assert response.status_code == 422
    assert "These actions are not finished: 1.3." in text_of(response)
    assert "Agreed." in text_of(response)


def test_a_date_that_waits_keeps_the_plan_open(plan: Plan, manager: Person) -> None:
    finish(plan, manager)
    Extension.objects.create(
        action=plan.actions["1.1"],
        as_at=TODAY,
        to=date(2026, 1, 1),
        reason="Late",
        asked_by=manager.user,
    )
    with pytest.raises(Invalid, match="A later date waits for approval"):
        close_plan(
            challenge=plan.challenge,
            version=plan.challenge.version,
            closed_on=TODAY,
            reason="Agreed.",
            author=manager,
        )


def test_a_closed_plan_is_released_and_stands_still(
    plan: Plan,
    manager: Person,
    owner: Person,
    member: Person,
    signed_in: SignIn,
    act: Callable[..., Action],
) -> None:
    finish(plan, manager)
    given = {"version": plan.challenge.version, "closed_on": "2025-06-24", "reason": "Agreed."}
    page = text_of(signed_in(manager).post(f"{URL}close/", given, follow=True))
    assert "Closed on 24 June 2025" in page
    last = plan.challenge.releases.first()
    assert last is not None
    assert last.reason == "Plan closed: Agreed."
    assert "Closed on 24 June 2025" in text_of(signed_in(member).get(URL))
    refused = signed_in(manager).post(
        "/c/ashdale/cpc-2024/release/",
        {"as_at": "2025-06-24", "seen": plan.challenge.releases.count(), "reason": "Again"},
    )
    assert refused.status_code == 422
    assert "This plan was closed on 24 June 2025 and no longer changes." in text_of(refused)
    plan.challenge.refresh_from_db()
    with pytest.raises(Invalid, match="no longer changes"):
        act("9.9")
    page = text_of(signed_in(manager).get("/c/ashdale/cpc-2024/1.1/"))
    assert "Update this action" not in page


def test_it_is_opened_again_with_a_reason(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    finish(plan, manager)
    closed = close_plan(
        challenge=plan.challenge,
        version=plan.challenge.version,
        closed_on=TODAY,
        reason="Agreed.",
        author=manager,
    )
    browser = signed_in(manager)
    refused = browser.post(f"{URL}open-again/", {"version": closed.version, "reason": ""})
    assert refused.status_code == 422
    given = {"version": closed.version, "reason": "Cabinet asked for one more report."}
    page = text_of(browser.post(f"{URL}open-again/", given, follow=True))
    assert "Closing the plan" in page
    plan.challenge.refresh_from_db()
    assert plan.challenge.closed_on is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"closed_on": "2025-06-25"}, "The day is in the future"),
        ({"closed_on": "2024-12-01"}, "The plan was adopted on 17 December 2024"),
        ({"closed_on": "2025-06-01"}, "There is an update as at 24 June 2025"),
        ({"reason": " "}, "Say why the plan closes now"),
        ({"closed_on": "31 2 2025"}, "real date"),
    ],
)
def test_bad_days_and_no_reason_are_refused(
    changes: dict[str, str], message: str, plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    finish(plan, manager)
    given = {"version": plan.challenge.version, "closed_on": "2025-06-24", "reason": "Agreed."}
    response = signed_in(manager).post(f"{URL}close/", given | changes)
    assert response.status_code == 422
    assert message in text_of(response)
    plan.challenge.refresh_from_db()
    assert not plan.challenge.is_closed


def test_two_who_close_at_once_do_it_once(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    finish(plan, manager)
    given = {"version": plan.challenge.version, "closed_on": "2025-06-24", "reason": "Agreed."}
    browser = signed_in(manager)
    browser.post(f"{URL}close/", given)
    again = browser.post(f"{URL}close/", given)
    assert again.status_code == 409
    assert plan.challenge.releases.filter(reason__startswith="Plan closed").count() == 1


def test_only_who_releases_may_close(
    plan: Plan, owner: Person, democratic: Person, member: Person, signed_in: SignIn
) -> None:
    for person in (owner, democratic, member):
        for page in ("close/", "open-again/", "letter/", "carry-over/"):
            assert signed_in(person).get(URL + page).status_code == 403
    assert signed_in(member).get(URL).status_code == 404
    with pytest.raises(NotPermitted):
        close_plan(
            challenge=plan.challenge, version=1, closed_on=TODAY, reason="Agreed.", author=owner
        )


def test_the_letter_is_drafted_from_the_plan_and_kept(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    finish(plan, manager)
    browser = signed_in(manager)
    page = text_of(browser.get(f"{URL}letter/"))
    assert "five actions moved into normal work" in page
    assert "1.1 Clear the backlog of repairs: The service plan takes 1.1 (Head of Housing)" in page
    assert CANARY not in page
    given = {"version": 0, "addressee": "The peers", "text": "We have done it.", "signed_by": "CEO"}
    browser.post(f"{URL}letter/", given)
    letter = ClosingLetter.objects.get()
    assert letter.text == "We have done it."
    stale = browser.post(f"{URL}letter/", given | {"version": letter.version + 1})
    assert stale.status_code == 409
    empty = browser.post(f"{URL}letter/", given | {"version": letter.version, "text": ""})
    assert empty.status_code == 422
    assert "Write the letter." in text_of(empty)


def test_the_letter_is_issued_with_the_evidence_of_the_closed_plan(
    plan: Plan, manager: Person, member: Person, signed_in: SignIn
) -> None:
    browser = signed_in(manager)
    early = browser.post(f"{URL}issue/")
    assert early.status_code == 422
    assert "Write the letter and close the plan first" in text_of(early)
    Evidence.objects.create(
        action=plan.actions["1.1"],
        title="Figures of repairs",
        link="https://ashdale.example/figures",
        added_by=manager.user,
    )
    finish(plan, manager)
    given = {"version": 0, "addressee": "The peers", "text": "We have done it.\n\n- All of it"}
    browser.post(f"{URL}letter/", given)
    closing = {"version": plan.challenge.version, "closed_on": "2025-06-24", "reason": "Agreed."}
    browser.post(f"{URL}close/", closing)
    page = text_of(browser.post(f"{URL}issue/", follow=True))
    assert "The closing letter is issued, with the evidence." in page
    assert "Closing letter, PDF" in page
    issue = plan.challenge.position_statement.issues.get()
    assert issue.is_closing
    letter, word = issue.files.order_by("position")[:2]
    assert failures(bytes(letter.content or b"")) == []
    assert word.name.endswith(".docx")
    with zipfile.ZipFile(io.BytesIO(bytes(word.content or b""))) as archive:
        text = archive.read("word/document.xml").decode()
    for words in (
        "To: The peers",
        "We have done it.",
        "What became of each recommendation",
        "Figures of repairs",
    ):
        assert words in text
    assert CANARY not in text
    assert "The letter with its evidence" in text_of(signed_in(member).get(URL))


def test_actions_go_on_in_the_next_plan_traceable_both_ways(
    plan: Plan, later: PeerChallenge, manager: Person, signed_in: SignIn
) -> None:
    source = plan.actions["1.2"]
    done = Milestone(action=source, title="Find a surveyor", position=1)
    left = Milestone(action=source, title="Agree the rates", position=2)
    for row in (done, left):
        history.save(row, author=manager.user)
    earlier = source.answers.get().recommendation
    takes_up = Recommendation(challenge=later, ref="4", title="Repairs again")
    history.save(takes_up, author=manager.user)
    Recurrence.objects.create(earlier=earlier, later=takes_up, added_by=manager.user)
    browser = signed_in(manager)
    page = browser.get(f"{URL}carry-over/")
    assert "1.2 Review the schedule of rates" in text_of(page)
    source.refresh_from_db()
    key = f"{source.pk}-{source.version}"
    given = {
        "actions": [key],
        "target": later.pk,
        "as_at": "2025-06-24",
        "reason": "It needs another year.",
    }
    page = text_of(browser.post(f"{URL}carry-over/", given, follow=True))
    assert "The actions go on in the later plan." in page
    made = Action.objects.get(challenge=later)
    assert (made.ref, made.title, made.original_due) == (
        "1.2",
        "Review the schedule of rates",
        date(2025, 12, 31),
    )
    assert [each.title for each in made.milestones.all()] == ["Find a surveyor", "Agree the rates"]
    assert made.answers.get().recommendation == takes_up
    source.refresh_from_db()
    assert source.latest_update is not None
    assert source.latest_update.closure == Closure.CARRIED
    link = Lineage.objects.get(kind=Lineage.Kind.CARRIED)
    assert (link.source, link.target) == (source, made)
    again = browser.post(f"{URL}carry-over/", given)
    assert again.status_code == 422
    assert "One of the actions was changed in the meantime" in text_of(again)


def test_a_reference_that_is_taken_gets_a_letter_before_it(
    plan: Plan, later: PeerChallenge, manager: Person
) -> None:
    first, second = plan.actions["1.1"], plan.actions["1.2"]
    for action in (first, second):
        action.refresh_from_db()
    taken = Action(challenge=later, ref="1.1", title="Other", in_plan_from=TODAY)
    history.save(taken, author=manager.user)
    made = carry_over(
        actions={first: first.version, second: second.version},
        target=later,
        as_at=TODAY,
        reason="They go on.",
        author=manager,
    )
    assert [action.ref for action in made] == ["C-1.1", "1.2"]


@pytest.mark.parametrize("what", ["earlier", "elsewhere", "ended", "itself"])
def test_nothing_goes_on_where_it_cannot(
    what: str, plan: Plan, later: PeerChallenge, manager: Person, outsider: Person
) -> None:
    action = plan.actions["1.1"]
    action.refresh_from_db()
    target = later
    if what == "ended":
        finish(plan, manager)
        action.refresh_from_db()
    elif what == "itself":
        target = plan.challenge
    else:
        owner = outsider if what == "elsewhere" else manager
        year = 2030 if what == "elsewhere" else 2013
        target = PeerChallenge(
            council=owner.council,
            slug="other",
            title="Other",
            on_site_from=date(year, 1, 8),
            on_site_to=date(year, 1, 9),
        )
        history.save(target, author=owner.user)
    with pytest.raises(Invalid):
        carry_over(
            actions={action: action.version},
            target=target,
            as_at=TODAY,
            reason="It goes on.",
            author=manager,
        )
    assert not Lineage.objects.exists()


def test_without_a_later_challenge_the_page_says_what_to_do(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(f"{URL}carry-over/"))
    assert "There is no later challenge yet" in page


def test_a_claim_is_not_finished(plan: Plan) -> None:
    assert "1.3" in [action.ref for action in unfinished(plan.challenge)]


@pytest.mark.parametrize("page", ["", "carry-over/", "letter/", "close/"])
def test_the_pages_cost_few_queries(
    page: str,
    hundred: Plan,
    later: PeerChallenge,
    manager: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    browser = signed_in(manager)
    with django_assert_max_num_queries(15):
        assert browser.get(URL + page).status_code == 200
