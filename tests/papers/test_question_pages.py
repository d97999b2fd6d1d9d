"""The pages of members' questions: the list, asking, and each question with what may be said."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.models import Body, Question
from peerplan.papers.services import meetings
from peerplan.papers.services import questions as services
from peerplan.papers.services.questions import Subject
from tests.plugins.plans import CANARY, Plan, text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
Ask = Callable[..., Question]
LIST = "/c/ashdale/cpc-2024/questions/"
NEW = f"{LIST}new/"
ONE = f"{LIST}1/"
DEEDS = ["answer", "follow-up", "close", "reopen"]


@pytest.fixture
def seated(scrutiny_body: Body, member: Person, democratic: Person) -> Person:
    """A member with a seat on scrutiny."""
    meetings.add_seat(
        body=scrutiny_body, membership=member.membership, office="Chair", author=democratic
    )
    return member


@pytest.fixture
def ask(plan: Plan, scrutiny_body: Body, seated: Person) -> Ask:
    """Asks for scrutiny: `ask("1.1", "Why?")`."""

    def make(ref: str = "1.1", text: str = "Why is it late?", **given: Any) -> Question:
        base: dict[str, Any] = {
            "challenge": plan.challenge,
            "body": scrutiny_body,
            "about": Subject(action=plan.actions[ref]),
            "author": seated,
        }
        return services.ask(text=text, **(base | given))

    return make


@pytest.fixture
def secret(ask: Ask, seated: Person, manager: Person) -> Question:
    """A question on the exempt action."""
    seated.membership.reads_exempt = True
    question = ask("1.5", f"Who is {CANARY}?")
    seated.membership.reads_exempt = False
    return question


def given(plan: Plan, body: Body, **more: str) -> dict[str, str]:
    return {
        "about": f"action-{plan.actions['1.1'].pk}",
        "body": str(body.pk),
        "text": "Why is it late?",
    } | more


def act_url(deed: str, number: int = 1) -> str:
    return f"{LIST}{number}/{deed}/"


# --- The list -----------------------------------------------------------------------------------


def test_the_list_says_who_asked_what_of_which_action_and_how_it_stands(
    ask: Ask, signed_in: SignIn, seated: Person, owner: Person
) -> None:
    ask()
    services.answer(question=ask("1.2", "By when?"), version=1, text="May.", author=owner)
    page = text_of(signed_in(seated).get(LIST))
    assert page.index("2. By when?") < page.index("1. Why is it late?")
    for words in ("Chair of Scrutiny", "Action 1.1", "Clear the backlog", "Waits for an answer"):
        assert words in page
    assert "Answered" in page
    assert "Head of Housing" in page


def test_the_list_is_filtered_by_body_and_by_how_a_question_stands(
    ask: Ask, signed_in: SignIn, owner: Person, democratic: Person, cabinet: Body
) -> None:
    services.answer(question=ask(), version=1, text="So.", author=owner)
    ask("1.2", "By when?", author=democratic, body=cabinet, on_behalf_of="Leader")
    client = signed_in(owner)
    both = "Why is it late?", "By when?"
    for query, shown in (
        (f"?body={cabinet.pk}", [False, True]),
        ("?stands=answered", [True, False]),
        ("?stands=open", [False, True]),
        ("?stands=closed", [False, False]),
        ("?stands=lost&body=99999", [True, True]),
        ("?page=99", [True, True]),
    ):
        page = text_of(client.get(LIST + query))
        assert [each in page for each in both] == shown, query
    assert "No question like that" in text_of(client.get(f"{LIST}?stands=closed"))


def test_an_empty_list_says_what_to_do(
    plan: Plan, signed_in: SignIn, member: Person, owner: Person
) -> None:
    assert f'href="{NEW}"' in signed_in(member).get(LIST).content.decode()
    page = signed_in(owner).get(LIST).content.decode()
    assert NEW not in page
    assert "No questions yet" in page


def test_the_list_has_pages_and_few_queries(
    ask: Ask, signed_in: SignIn, seated: Person, django_assert_max_num_queries: Any
) -> None:
    ask()
    client = signed_in(seated)
    with django_assert_max_num_queries(15):
        client.get(LIST)
    for number in range(45):
        ask(text=f"Question {number}?")
    with django_assert_max_num_queries(15):
        page = text_of(client.get(f"{LIST}?page=3"))
    assert "46 questions" in page
    assert "1. Why is it late?" in page


def test_what_is_exempt_is_in_no_list_of_those_not_entitled(
    ask: Ask, secret: Question, signed_in: SignIn, seated: Person, owner: Person, manager: Person
) -> None:
    ask()
    for person in (seated, owner):
        page = signed_in(person).get(LIST).content.decode()
        assert CANARY not in page
        assert "1 question<" in page
    page = text_of(signed_in(manager).get(LIST))
    assert CANARY in page
    assert "Not for publication" in page


def test_the_filters_do_not_name_a_body_whose_questions_are_all_exempt(
    secret: Question, signed_in: SignIn, seated: Person
) -> None:
    assert secret.body.name not in signed_in(seated).get(LIST).content.decode()


# --- Asking -------------------------------------------------------------------------------------


def test_a_member_asks(plan: Plan, scrutiny_body: Body, signed_in: SignIn, seated: Person) -> None:
    client = signed_in(seated)
    page = client.get(f"{NEW}?action=1.1").content.decode()
    key = plan.actions["1.1"].pk
    assert re.search(rf'<option value="action-{key}" selected', page)
    assert re.search(rf'<option value="{scrutiny_body.pk}" selected', page)
    assert "On behalf of" not in page
    answer = client.post(NEW, given(plan, scrutiny_body), follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "The question is asked." in text_of(answer)
    assert Question.objects.get().action == plan.actions["1.1"]


def test_democratic_services_ask_on_behalf_of_a_role(
    plan: Plan, scrutiny_body: Body, cabinet: Body, signed_in: SignIn, democratic: Person
) -> None:
    client = signed_in(democratic)
    assert "On behalf of" in client.get(NEW).content.decode()
    answer = client.post(NEW, given(plan, cabinet, on_behalf_of=" "))
    assert answer.status_code == 422
    assert "Enter the role of whoever asks" in text_of(answer)
    assert client.post(NEW, given(plan, cabinet, on_behalf_of="Leader")).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"text": " "}, "Write the question."),
        ({"text": "a\x1bb"}, "Remove the character U+001B"),
        ({"text": "x" * 5001}, "Use at most 5,000 characters"),
        ({"body": ""}, "Choose the body for which the question is asked."),
        ({"body": "99999"}, "Choose a body from the list."),
        ({"about": ""}, "Choose an action or a recommendation from the list."),
        ({"about": "action-99999"}, "Choose an action or a recommendation from the list."),
        ({"about": "council-1"}, "Choose an action or a recommendation from the list."),
    ],
)
def test_bad_input_comes_back_with_what_was_typed(
    wrong: dict[str, str],
    message: str,
    plan: Plan,
    scrutiny_body: Body,
    signed_in: SignIn,
    seated: Person,
) -> None:
    body = given(plan, scrutiny_body) | wrong
    answer = signed_in(seated).post(NEW, body)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a problem" in page
    assert message in text_of(answer)
    assert wrong.get("text", "Why is it late?") in page
    assert not Question.objects.exists()


def test_what_cannot_be_seen_cannot_be_asked_about(
    plan: Plan, scrutiny_body: Body, signed_in: SignIn, seated: Person
) -> None:
    client = signed_in(seated)
    assert CANARY not in client.get(f"{NEW}?action=1.5").content.decode()
    key = plan.actions["1.5"].pk
    answer = client.post(NEW, given(plan, scrutiny_body, about=f"action-{key}"))
    assert answer.status_code == 422
    assert CANARY not in answer.content.decode()


def test_the_same_question_sent_twice_is_asked_once(
    plan: Plan, scrutiny_body: Body, signed_in: SignIn, seated: Person
) -> None:
    client = signed_in(seated)
    client.post(NEW, given(plan, scrutiny_body))
    answer = client.post(NEW, given(plan, scrutiny_body))
    assert answer.status_code == 422
    assert "it is question 1" in text_of(answer)


def test_without_a_seat_or_a_release_the_page_says_what_to_do(
    plan: Plan, signed_in: SignIn, member: Person, challenge: Any
) -> None:
    page = signed_in(member).get(NEW)
    assert page.status_code == 200
    assert "You have no seat on a body" in text_of(page)


def test_before_the_first_release_nothing_is_asked(
    challenge: Any, signed_in: SignIn, seated: Person
) -> None:
    client = signed_in(seated)
    assert "Nothing has been released yet" in text_of(client.get(NEW))
    assert client.post(NEW, {"text": "Why?"}).status_code == 200
    assert not Question.objects.exists()


@pytest.mark.parametrize("who", ["owner", "manager", "lead", "administrator", "peer"])
def test_those_who_do_not_ask_are_refused(
    who: str, plan: Plan, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    assert signed_in(request.getfixturevalue(who)).get(NEW).status_code in (403, 404)


def test_asking_takes_few_queries(
    hundred: Plan, signed_in: SignIn, seated: Person, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(seated)
    with django_assert_max_num_queries(15):
        client.get(NEW)


# --- One question -------------------------------------------------------------------------------


def test_each_is_offered_what_they_may_do(
    ask: Ask, signed_in: SignIn, request: pytest.FixtureRequest, seated: Person
) -> None:
    question = ask()

    def offered(who: str) -> list[str]:
        page = signed_in(request.getfixturevalue(who)).get(ONE)
        assert page.status_code == 200
        return [deed for deed in DEEDS if act_url(deed) in page.content.decode()]

    assert offered("owner") == offered("manager") == ["answer"]
    assert offered("seated") == offered("democratic") == ["follow-up", "close"]
    assert offered("lead") == offered("administrator") == []
    services.answer(
        question=question, version=1, text="So.", author=request.getfixturevalue("manager")
    )
    assert offered("manager") == ["answer", "close"]
    services.close(question=question, version=2, text="", author=seated)
    assert offered("seated") == offered("democratic") == offered("manager") == ["reopen"]
    assert offered("owner") == []


def test_a_question_goes_from_asked_to_closed_and_open_again(
    ask: Ask, signed_in: SignIn, owner: Person, seated: Person
) -> None:
    ask()
    for who, deed, text, done in (
        (owner, "answer", "The roofer left.", "Your answer is saved."),
        (seated, "follow-up", "Who comes now?", "waits for an answer"),
        (owner, "answer", "Another roofer.", "Your answer is saved."),
        (seated, "close", "", "The question is closed."),
        (seated, "reopen", "It leaks.", "open again"),
    ):
        version = Question.objects.get().version
        body = {"text": text, "version": version}
        answer = signed_in(who).post(act_url(deed), body, follow=True)
        assert answer.redirect_chain == [(ONE, 302)]
        page = text_of(answer)
        assert done in page
        assert text in page
    assert "Opened again" in page
    assert "Waits for an answer" in page


def test_a_question_has_one_heading_and_ids_of_its_own(
    ask: Ask, signed_in: SignIn, democratic: Person
) -> None:
    ask()
    page = signed_in(democratic).get(ONE).content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("<h1") == 1
    assert "id_close_text" in ids
    assert "id_follow-up_text" in ids


def test_two_who_answer_at_once_see_both_texts_and_can_save_again(
    ask: Ask, signed_in: SignIn, owner: Person, manager: Person
) -> None:
    question = ask()
    services.answer(question=question, version=1, text="The roofer left.", author=owner)
    client = signed_in(manager)
    answer = client.post(act_url("answer"), {"text": "Bad weather.", "version": 1})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Head of Housing saved this while you were writing" in page
    assert "Answer: The roofer left." in page
    assert page.count("Bad weather.") == 2
    again = client.post(act_url("answer"), {"text": "Bad weather.", "version": 2})
    assert again.status_code == 302
    assert question.entries.count() == 3


@pytest.mark.parametrize("deed", ["follow-up", "close"])
def test_who_acts_on_what_has_changed_is_told(
    deed: str, ask: Ask, signed_in: SignIn, owner: Person, seated: Person
) -> None:
    services.answer(question=ask(), version=1, text="The roofer left.", author=owner)
    answer = signed_in(seated).post(act_url(deed), {"text": "Enough.", "version": 1})
    assert answer.status_code == 409
    assert "The roofer left." in text_of(answer)
    assert "Enough." in text_of(answer)


def test_an_answer_to_what_was_closed_meanwhile_is_kept_but_not_saved(
    ask: Ask, signed_in: SignIn, owner: Person, seated: Person
) -> None:
    services.close(question=ask(), version=1, text="Asked twice.", author=seated)
    client = signed_in(owner)
    answer = client.post(act_url("answer"), {"text": "My answer", "version": 1})
    assert answer.status_code == 409
    assert "My answer" in answer.content.decode()
    answer = client.post(act_url("answer"), {"text": "My answer", "version": 2})
    assert answer.status_code == 422
    assert "This question is closed" in text_of(answer)
    assert "My answer" in answer.content.decode()


@pytest.mark.parametrize(
    ("deed", "body", "message"),
    [
        ("answer", {"text": " "}, "Write the answer."),
        ("answer", {"text": "x" * 5001}, "Use at most 5,000 characters"),
        ("answer", {"text": "a\x1bb"}, "Remove the character U+001B"),
        ("answer", {"text": "So.", "version": ""}, "There is a problem"),
        ("close", {"text": ""}, "Nobody has answered yet"),
        ("follow-up", {"text": ""}, "Write the follow-up question."),
        ("follow-up", {"text": "More?", "on_behalf_of": ""}, "Enter the role of whoever asks"),
    ],
)
def test_what_is_wrong_is_said_on_the_same_page(
    deed: str,
    body: dict[str, str],
    message: str,
    ask: Ask,
    signed_in: SignIn,
    democratic: Person,
    manager: Person,
) -> None:
    question = ask()
    who = manager if deed == "answer" else democratic
    answer = signed_in(who).post(act_url(deed), {"version": "1"} | body)
    assert answer.status_code == 422
    page = text_of(answer)
    assert message in page
    assert "Why is it late?" in page
    assert question.entries.count() == 1


def test_those_who_may_not_are_refused(
    ask: Ask, signed_in: SignIn, administrator: Person, seated: Person
) -> None:
    ask()
    for deed in DEEDS:
        body = {"text": "Mine.", "version": 1}
        assert signed_in(administrator).post(act_url(deed), body).status_code == 403
    assert signed_in(seated).post(act_url("answer"), {"text": "", "version": 1}).status_code == 403


def test_the_address_of_a_deed_leads_to_the_question(
    ask: Ask, signed_in: SignIn, owner: Person
) -> None:
    ask()
    client = signed_in(owner)
    for deed in DEEDS:
        assert client.get(act_url(deed)).headers["Location"] == ONE
    assert client.get(act_url("delete")).status_code == 404
    assert client.post(act_url("delete")).status_code == 404
    assert client.put(act_url("answer")).status_code == 405
    assert client.post(ONE).status_code == 405
    assert client.post(LIST).status_code == 405


def test_what_is_not_there_is_not_found(
    ask: Ask, secret: Question, signed_in: SignIn, owner: Person, outsider: Person, peer: Person
) -> None:
    secret_url = f"{LIST}{secret.number}/"
    assert signed_in(peer).get(secret_url).status_code == 404
    for person in (owner, outsider):
        client = signed_in(person)
        assert client.get(secret_url).status_code == 404
        body = {"text": "Mine.", "version": 1}
        for deed in DEEDS:
            assert client.post(f"{secret_url}{deed}/", body).status_code == 404
    assert signed_in(owner).get(f"{LIST}99/").status_code == 404
    assert signed_in(owner).get(f"{LIST}99999999999999999999/").status_code == 404


def test_an_action_that_becomes_exempt_takes_its_question_along(
    ask: Ask, plan: Plan, signed_in: SignIn, owner: Person, manager: Person
) -> None:
    ask()
    action = plan.actions["1.1"]
    action.refresh_from_db()
    action.visibility, action.exempt_paragraph = "exempt", 3
    history.save(action, author=manager.user)
    assert signed_in(owner).get(ONE).status_code == 404
    page = text_of(signed_in(manager).get(ONE))
    assert "Not for publication" in page
    assert "Schedule 12A, paragraph 3" in page


def test_members_read_the_action_as_released(
    ask: Ask, plan: Plan, signed_in: SignIn, seated: Person, manager: Person
) -> None:
    ask()
    action = plan.actions["1.1"]
    action.refresh_from_db()
    action.title = "A title that nobody has released"
    history.save(action, author=manager.user)
    for url in (LIST, ONE, NEW):
        page = text_of(signed_in(seated).get(url))
        assert "Clear the backlog of repairs" in page
        assert "nobody has released" not in page


def test_a_question_stays_readable_when_its_action_is_gone(
    ask: Ask, plan: Plan, signed_in: SignIn, seated: Person, manager: Person
) -> None:
    ask()
    action = plan.actions["1.1"]
    action.refresh_from_db()
    action.removed_at = clock.now()
    history.save(action, author=manager.user)
    page = signed_in(seated).get(ONE).content.decode()
    assert "Action 1.1" in page
    assert reverse("action", args=["ashdale", "cpc-2024", "1.1"]) not in page


def test_a_long_thread_takes_few_queries(
    ask: Ask,
    signed_in: SignIn,
    owner: Person,
    democratic: Person,
    django_assert_max_num_queries: Any,
) -> None:
    question = ask()
    for number in range(20):
        services.answer(
            question=question, version=number + 1, text=f"Answer {number}.", author=owner
        )
    for person in (owner, democratic):
        client = signed_in(person)
        with django_assert_max_num_queries(15):
            assert client.get(ONE).status_code == 200


def test_what_is_typed_is_text(ask: Ask, signed_in: SignIn, owner: Person) -> None:
    ask(text="<script>alert(1)</script>\n\nSecond {{ x }} paragraph")
    for url in (LIST, ONE):
        page = signed_in(owner).get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
