"""Members' questions in the next paper to their body."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Action
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.drafting import DRAFTERS, load_context_for
from peerplan.papers.models import Body, Meeting, Question, RouteStep
from peerplan.papers.services import meetings
from peerplan.papers.services import questions as services
from peerplan.papers.services.papers import start_paper
from peerplan.papers.services.questions import Subject
from peerplan.papers.services.templates import add_from_preset
from peerplan.render.report import Bullets, Paragraph, SubHeading
from peerplan.render.texts import blocks_of
from reviews.models import Recommendation
from tests.plugins.plans import CANARY, Plan

pytestmark = pytest.mark.django_db

Ask = Callable[..., Question]
Say = Callable[..., Question]


@pytest.fixture
def seated(scrutiny_body: Body, member: Person, democratic: Person) -> Person:
    """A member with a seat on scrutiny."""
    meetings.add_seat(
        body=scrutiny_body, membership=member.membership, office="Chair", author=democratic
    )
    return member


@pytest.fixture
def april(scrutiny_body: Body, democratic: Person) -> Meeting:
    """Scrutiny met before, on 10 April 2025."""
    meeting = Meeting(body=scrutiny_body, on=date(2025, 4, 10))
    history.save(meeting, author=democratic.user)
    return meeting


@pytest.fixture
def ask(plan: Plan, scrutiny_body: Body, seated: Person, travel: time_machine.Traveller) -> Ask:
    """Asks for scrutiny on a day: `ask("1.1", "Why?", date(2025, 6, 5))`."""

    def make(ref: str = "1.1", text: str = "Why is it late?", on: Any = None, **given: Any) -> Any:
        travel.move_to(clock.end_of(on or date(2025, 6, 5)))
        base: dict[str, Any] = {
            "challenge": plan.challenge,
            "body": scrutiny_body,
            "about": Subject(action=plan.actions[ref]),
            "author": seated,
        }
        return services.ask(text=text, **(base | given))

    return make


@pytest.fixture
def say(travel: time_machine.Traveller, manager: Person, seated: Person) -> Say:
    """Says something of a question: `say("answer", question, "Because.", date(2025, 6, 6))`."""

    def make(deed: str, question: Question, text: str, on: date) -> Question:
        travel.move_to(clock.end_of(on))
        author = manager if deed == "answer" else seated
        current = Question.objects.get(pk=question.pk)
        service: Any = getattr(services, deed)
        done: Question = service(
            question=current, version=current.version, text=text, author=author
        )
        return done

    return make


def drafted(step: RouteStep, **more: Any) -> str:
    context = load_context_for(step.route.challenge, step, date(2025, 6, 12), clock.now(), **more)
    return DRAFTERS["questions"].text(context)


def make_exempt(action: Action, author: Person, paragraph: int | None) -> None:
    action = Action.objects.get(pk=action.pk)
    action.visibility = "exempt" if paragraph else "public"
    action.exempt_paragraph = paragraph
    history.save(action, author=author.user)


def test_nobody_asked(plan: Plan, scrutiny_step: RouteStep) -> None:
    context = load_context_for(
        plan.challenge, scrutiny_step, date(2025, 6, 12), clock.now(), include_exempt=False
    )
    with CaptureQueriesContext(connection) as read:
        assert DRAFTERS["questions"].text(context) == ""
    assert len(read) == 1


def test_what_waits_and_what_was_answered_is_told(
    ask: Ask, say: Say, scrutiny_step: RouteStep, april: Meeting
) -> None:
    ask("1.2", "By when?")
    say("answer", ask(), "The roofer left.", date(2025, 6, 6))
    assert drafted(scrutiny_step) == (
        "Members of the Committee have asked about the plan. There is one question answered or "
        "closed since the meeting on 10 April 2025 and one question that still waits for an "
        "answer.\n\n"
        "## Question 1: action 1.2 (Review the schedule of rates)\n\n"
        "Question (Chair of Scrutiny, 5 June 2025): By when?\n\n"
        "To be answered by: Head of Housing.\n\n"
        "## Question 2: action 1.1 (Clear the backlog of repairs)\n\n"
        "Question (Chair of Scrutiny, 5 June 2025): Why is it late?\n\n"
        "Answer (Policy Manager, 6 June 2025): The roofer left."
    )


def test_what_was_told_at_the_last_meeting_is_not_told_again(
    ask: Ask, say: Say, scrutiny_step: RouteStep, april: Meeting
) -> None:
    old = ask(text="Why is it late?", on=date(2025, 4, 2))
    say("answer", old, "The roofer left.", date(2025, 4, 3))
    closed = ask(text="Is it safe?", on=date(2025, 4, 3))
    say("answer", closed, "Yes, it is.", date(2025, 4, 4))
    say("close", closed, "", date(2025, 4, 4))
    waits = ask("1.2", "By when?", on=date(2025, 4, 4))
    text = drafted(scrutiny_step)
    assert "roofer" not in text
    assert "safe" not in text
    assert "By when?" in text
    assert text.endswith("Question 1 was answered before the last meeting and has not been closed.")
    say("close", waits, "Told me so.", date(2025, 6, 6))
    text = drafted(scrutiny_step)
    assert "Closed (Chair of Scrutiny, 6 June 2025): Told me so." in text
    assert "To be answered" not in text


def test_a_follow_up_brings_back_the_question_but_not_the_old_answer(
    ask: Ask, say: Say, scrutiny_step: RouteStep, april: Meeting
) -> None:
    question = ask(on=date(2025, 4, 2))
    say("answer", question, "The roofer left.", date(2025, 4, 3))
    say("follow_up", question, "Who comes now?", date(2025, 6, 6))
    text = drafted(scrutiny_step)
    assert "Why is it late?" in text
    assert "roofer" not in text
    assert "Follow-up question (Chair of Scrutiny, 6 June 2025): Who comes now?" in text
    say("answer", question, "Another one.", date(2025, 6, 7))
    say("close", question, "", date(2025, 6, 8))
    text = drafted(scrutiny_step)
    assert text.endswith("Closed (Chair of Scrutiny, 8 June 2025).")
    say("reopen", question, "It leaks.", date(2025, 6, 9))
    assert "still waits for an answer" in drafted(scrutiny_step)


def test_a_paper_tells_nothing_of_what_came_after_it(
    ask: Ask, say: Say, scrutiny_step: RouteStep, travel: time_machine.Traveller
) -> None:
    question = ask()
    say("answer", question, "The roofer left.", date(2025, 6, 20))
    ask("1.2", "By when?", on=date(2025, 6, 20))
    text = drafted(scrutiny_step)
    assert "The roofer left." not in text
    assert "By when?" not in text
    assert "To be answered by" in text


def test_the_questions_of_another_body_are_not_told(
    ask: Ask, democratic: Person, cabinet_step: RouteStep, scrutiny_step: RouteStep
) -> None:
    ask()
    ask(
        "1.2",
        "By when?",
        author=democratic,
        body=cabinet_step.body,
        on_behalf_of="Leader of the Council",
    )
    assert "By when?" not in drafted(scrutiny_step)
    text = drafted(cabinet_step)
    assert "Question (Leader of the Council, 5 June 2025): By when?" in text
    assert "Why is it late?" not in text


def test_a_public_copy_never_holds_an_exempt_question(
    ask: Ask, seated: Person, scrutiny_step: RouteStep
) -> None:
    seated.membership.reads_exempt = True
    ask("1.5", f"Who is {CANARY}?")
    assert drafted(scrutiny_step) == ""
    assert CANARY in drafted(scrutiny_step, include_exempt=True)
    ask()
    text = drafted(scrutiny_step)
    assert CANARY not in text
    assert "There is one question" in text


@pytest.mark.parametrize("is_open_again", [False, True])
def test_a_question_goes_when_its_action_becomes_exempt(
    is_open_again: bool,
    ask: Ask,
    say: Say,
    plan: Plan,
    manager: Person,
    scrutiny_step: RouteStep,
) -> None:
    question = ask()
    make_exempt(plan.actions["1.1"], manager, 3)
    say("answer", question, f"{CANARY} sued us.", date(2025, 6, 6))
    if is_open_again:
        make_exempt(plan.actions["1.1"], manager, None)
    assert drafted(scrutiny_step) == ""
    assert CANARY in drafted(scrutiny_step, include_exempt=True)


def test_a_question_on_what_is_no_longer_in_the_plan_keeps_its_number(
    ask: Ask, plan: Plan, manager: Person, scrutiny_step: RouteStep
) -> None:
    ask()
    action = Action.objects.get(pk=plan.actions["1.1"].pk)
    action.removed_at = clock.now()
    history.save(action, author=manager.user)
    assert "## Question 1: action 1.1, which is no longer in the plan" in drafted(scrutiny_step)


def test_a_question_on_a_recommendation_names_it(
    ask: Ask, plan: Plan, recommendation: Recommendation, scrutiny_step: RouteStep
) -> None:
    question = ask()
    question.action, question.recommendation = None, recommendation
    question.save()
    text = drafted(scrutiny_step)
    assert "## Question 1: recommendation 1 (Repair homes faster)" in text
    assert text.endswith("To be answered.")


def test_what_was_typed_makes_no_heading_and_no_number_of_its_own(
    ask: Ask, scrutiny_step: RouteStep
) -> None:
    ask(text="# Why?\n\n## And so?\n- One\n- # Two\n\nThen\nmore.")
    blocks = blocks_of(drafted(scrutiny_step))
    headings = [each.text for each in blocks if isinstance(each, SubHeading)]
    assert headings == ["Question 1: action 1.1 (Clear the backlog of repairs)"]
    texts = [each.text for each in blocks if isinstance(each, Paragraph)]
    assert "Question (Chair of Scrutiny, 5 June 2025): Why?" in texts
    assert "And so?" in texts
    assert "Then more." in texts
    lists = [each.items for each in blocks if isinstance(each, Bullets)]
    assert lists == [("One", "Two")]


def test_many_questions_take_four_queries(ask: Ask, scrutiny_step: RouteStep) -> None:
    for number in range(12):
        ask(text=f"Question {number}?")
    context = load_context_for(
        scrutiny_step.route.challenge, scrutiny_step, date(2025, 6, 12), clock.now()
    )
    assert context.position.total
    with CaptureQueriesContext(connection) as read:
        assert "Question 11?" in DRAFTERS["questions"].text(context)
    assert len(read) <= 4


def test_the_next_paper_to_the_body_has_them(
    ask: Ask, council: Any, democratic: Person, scrutiny_step: RouteStep
) -> None:
    ask()
    template = add_from_preset(council=council, preset="front-table-scrutiny", author=democratic)
    paper = start_paper(step=scrutiny_step, template=template, title="Progress", author=democratic)
    part = paper.parts.get(drafter="questions")
    assert "Why is it late?" in part.text
    assert part.label == "Members’ questions"
