"""Members' questions: who may ask, answer, follow up, close, and who may read what was said."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from actions.models import Action
from actions.services.releases import release_position
from peerplan.core import history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.papers import question_reading as reading
from peerplan.papers.models import Body, Question
from peerplan.papers.question_reading import Standing, standing_of
from peerplan.papers.services import meetings
from peerplan.papers.services import questions as services
from peerplan.papers.services.questions import Subject
from reviews.models import PeerChallenge, Recommendation
from tests.plugins.plans import CANARY, Plan

pytestmark = pytest.mark.django_db

Ask = Callable[..., Question]


@pytest.fixture
def seated(scrutiny_body: Body, member: Person, democratic: Person) -> Person:
    """A member with a seat on scrutiny."""
    meetings.add_seat(
        body=scrutiny_body, membership=member.membership, office="Chair", author=democratic
    )
    return member


@pytest.fixture
def entitled(seated: Person, founder: Any) -> Person:
    """The same member, entitled to what is not for publication."""
    seated.membership.reads_exempt = True
    history.save(seated.membership, author=founder)
    return seated


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
def answered_for(plan: Plan, recommendation: Recommendation, manager: Person) -> Recommendation:
    """Recommendation 1, released with its actions."""
    release_position(
        challenge=plan.challenge, as_at=date(2025, 6, 23), reason="With all of it", author=manager
    )
    return recommendation


def numbers(person: Person, challenge: PeerChallenge) -> list[int]:
    return [each.number for each in reading.questions_of(person, challenge)]


def make_exempt(action: Action, author: Person, paragraph: int | None) -> None:
    action = Action.objects.get(pk=action.pk)
    action.visibility = "exempt" if paragraph else "public"
    action.exempt_paragraph = paragraph
    history.save(action, author=author.user)


def kinds(question: Question) -> list[str]:
    return [each.kind for each in question.entries.all()]


# --- Asked --------------------------------------------------------------------------------------


def test_a_member_asks_for_a_body_on_which_they_sit(ask: Ask, seated: Person) -> None:
    first, second = ask(), ask("1.2", "By when?")
    assert (first.number, second.number) == (1, 2)
    entry = first.entries.get()
    assert (entry.kind, entry.text, entry.author) == ("question", "Why is it late?", seated.user)
    assert (entry.on_behalf_of, first.exempt_paragraph) == ("", None)
    assert standing_of(first) == Standing.OPEN
    assert first.history.get().history_user == seated.user


def test_a_member_asks_for_no_body_on_which_they_do_not_sit(ask: Ask, cabinet: Body) -> None:
    with pytest.raises(Invalid, match="You have no seat on Cabinet"):
        ask(body=cabinet)


def test_a_seat_given_up_is_no_seat(ask: Ask, scrutiny_body: Body, democratic: Person) -> None:
    meetings.end_seat(seat=scrutiny_body.members.get(), author=democratic)
    with pytest.raises(Invalid, match="You have no seat"):
        ask()


def test_democratic_services_ask_on_behalf_of_a_role(
    ask: Ask, democratic: Person, cabinet: Body
) -> None:
    with pytest.raises(Invalid) as refused:
        ask(author=democratic, body=cabinet)
    assert list(refused.value.fields) == ["on_behalf_of"]
    asked = ask(author=democratic, body=cabinet, on_behalf_of="Leader of the Council")
    assert asked.entries.get().on_behalf_of == "Leader of the Council"


def test_a_member_does_not_ask_in_the_name_of_another(ask: Ask) -> None:
    assert ask(on_behalf_of="Leader of the Council").entries.get().on_behalf_of == ""


@pytest.mark.parametrize("who", ["owner", "manager", "lead", "administrator", "peer"])
def test_others_do_not_ask(who: str, ask: Ask, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        ask(author=request.getfixturevalue(who))


@pytest.mark.parametrize(
    ("text", "message"),
    [(" \n ", "Write the question."), ("x" * 5001, "at most 5,000"), ("a\x1bb", "U+001B")],
)
def test_a_question_says_something(text: str, message: str, ask: Ask) -> None:
    with pytest.raises(Invalid) as refused:
        ask(text=text)
    assert message in refused.value.fields["text"]


def test_the_same_question_is_asked_once(ask: Ask, seated: Person) -> None:
    question = ask()
    with pytest.raises(Invalid, match="it is question 1"):
        ask()
    assert ask("1.2").number == 2
    services.close(question=question, version=1, text="Told me so.", author=seated)
    assert ask().number == 3


def test_only_what_was_released_is_asked_about(ask: Ask, act: Any) -> None:
    new = act("1.9")
    with pytest.raises(Invalid) as refused:
        ask(about=Subject(action=new))
    assert list(refused.value.fields) == ["about"]


def test_nothing_is_asked_before_the_first_release(
    challenge: PeerChallenge, act: Any, seated: Person, scrutiny_body: Body
) -> None:
    with pytest.raises(Invalid, match="not been released"):
        services.ask(
            challenge=challenge,
            body=scrutiny_body,
            about=Subject(action=act()),
            text="Why?",
            author=seated,
        )


def test_a_recommendation_is_asked_about(ask: Ask, answered_for: Recommendation) -> None:
    question = ask(about=Subject(recommendation=answered_for))
    assert question.recommendation == answered_for


def test_a_recommendation_of_another_challenge_is_not(
    ask: Ask, council: Any, manager: Person
) -> None:
    other = PeerChallenge(
        council=council,
        slug="cpc-2019",
        title="Peer challenge 2019",
        on_site_from=date(2019, 1, 7),
        on_site_to=date(2019, 1, 9),
    )
    history.save(other, author=manager.user)
    row = Recommendation(challenge=other, ref="1", title="Other", wording="Other.")
    history.save(row, author=manager.user)
    with pytest.raises(Invalid):
        ask(about=Subject(recommendation=row))
    with pytest.raises(Invalid):
        ask(about=Subject())


def test_an_ended_body_asks_nothing_new(ask: Ask, scrutiny_body: Body, democratic: Person) -> None:
    scrutiny_body.ended_on = date(2025, 6, 1)
    history.save(scrutiny_body, author=democratic.user)
    with pytest.raises(Invalid, match="has ended"):
        ask()


# --- Answered -----------------------------------------------------------------------------------


def test_the_lead_of_the_action_answers(ask: Ask, owner: Person) -> None:
    question = ask()
    answered = services.answer(question=question, version=1, text="The roofer left.", author=owner)
    assert standing_of(answered) == Standing.ANSWERED
    assert (answered.version, kinds(answered)) == (2, ["question", "answer"])


@pytest.mark.parametrize("who", ["seated", "democratic", "administrator", "peer", "outsider"])
def test_others_do_not_answer(who: str, ask: Ask, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        services.answer(question=ask(), version=1, text="So.", author=request.getfixturevalue(who))


def test_the_lead_of_another_action_does_not_answer(ask: Ask, owner: Person) -> None:
    with pytest.raises(NotPermitted):
        services.answer(question=ask("1.4"), version=1, text="So.", author=owner)


def test_a_recommendation_is_answered_by_a_lead_of_its_actions_and_the_plan_manager(
    ask: Ask, answered_for: Recommendation, owner: Person, manager: Person, lead: Person
) -> None:
    question = ask(about=Subject(recommendation=answered_for))
    with pytest.raises(NotPermitted):
        services.answer(question=question, version=1, text="So.", author=lead)
    services.answer(question=question, version=1, text="Most are done.", author=owner)
    services.answer(question=question, version=2, text="Nine of ten.", author=manager)
    assert kinds(question) == ["question", "answer", "answer"]


def test_two_who_answer_at_once_are_told(ask: Ask, owner: Person, manager: Person) -> None:
    question = ask()
    services.answer(question=question, version=1, text="The roofer left.", author=owner)
    with pytest.raises(Stale):
        services.answer(question=question, version=1, text="Weather.", author=manager)
    assert question.entries.count() == 2


def test_a_follow_up_waits_for_an_answer_again(ask: Ask, owner: Person, seated: Person) -> None:
    question = ask()
    services.answer(question=question, version=1, text="The roofer left.", author=owner)
    more = services.follow_up(question=question, version=2, text="When?", author=seated)
    assert standing_of(more) == Standing.OPEN
    assert kinds(more) == ["question", "answer", "follow-up"]


def test_only_the_body_that_asked_follows_up(
    ask: Ask, owner: Person, democratic: Person, scrutiny_body: Body
) -> None:
    question = ask()
    with pytest.raises(NotPermitted):
        services.follow_up(question=question, version=1, text="When?", author=owner)
    meetings.end_seat(seat=scrutiny_body.members.get(), author=democratic)
    seat = scrutiny_body.members.select_related("membership__user").get().membership
    gone = Person(user=seat.user, council=owner.council, membership=seat)
    with pytest.raises(NotPermitted):
        services.follow_up(question=question, version=1, text="When?", author=gone)
    services.follow_up(
        question=question, version=1, text="When?", author=democratic, on_behalf_of="The Chair"
    )


# --- Closed -------------------------------------------------------------------------------------


def test_the_body_closes_what_was_answered_without_a_word(
    ask: Ask, owner: Person, seated: Person
) -> None:
    question = ask()
    services.answer(question=question, version=1, text="The roofer left.", author=owner)
    closed = services.close(question=question, version=2, text="", author=seated)
    assert standing_of(closed) == Standing.CLOSED


def test_what_nobody_answered_is_closed_with_a_reason(ask: Ask, seated: Person) -> None:
    question = ask()
    with pytest.raises(Invalid, match="closed without an answer"):
        services.close(question=question, version=1, text=" ", author=seated)
    question.refresh_from_db()
    assert question.version == 1
    services.close(question=question, version=1, text="Asked twice.", author=seated)


def test_the_plan_manager_closes_only_what_was_answered(
    ask: Ask, manager: Person, owner: Person
) -> None:
    question = ask()
    with pytest.raises(NotPermitted):
        services.close(question=question, version=1, text="Enough.", author=manager)
    answered = services.answer(question=question, version=1, text="Yes.", author=manager)
    with pytest.raises(NotPermitted):
        services.close(question=answered, version=2, text="Enough.", author=owner)
    services.close(question=answered, version=2, text="", author=manager)


def test_nothing_is_said_of_a_closed_question_until_it_is_opened_again(
    ask: Ask, seated: Person, manager: Person
) -> None:
    question = ask()
    closed = services.close(question=question, version=1, text="Asked twice.", author=seated)
    for deed in (services.answer, services.follow_up, services.close):
        author = manager if deed is services.answer else seated
        with pytest.raises(Invalid, match="is closed"):
            deed(question=closed, version=2, text="More.", author=author)
    with pytest.raises(Invalid, match="why the question is opened"):
        services.reopen(question=closed, version=2, text="", author=seated)
    again = services.reopen(question=closed, version=2, text="It came back.", author=seated)
    assert standing_of(again) == Standing.OPEN
    with pytest.raises(Invalid, match="open already"):
        services.reopen(question=again, version=3, text="Again.", author=seated)


@pytest.mark.parametrize("deed", ["answer", "follow_up", "close", "reopen"])
def test_another_council_does_nothing(deed: str, ask: Ask, outsider: Person) -> None:
    question = ask()
    with pytest.raises(NotPermitted):
        getattr(services, deed)(question=question, version=1, text="Mine.", author=outsider)


# --- Read ---------------------------------------------------------------------------------------


def test_everyone_in_the_council_reads_a_question_but_no_peer(
    ask: Ask, plan: Plan, owner: Person, peer: Person, outsider: Person, seated: Person
) -> None:
    ask()
    assert numbers(owner, plan.challenge) == numbers(seated, plan.challenge) == [1]
    assert numbers(peer, plan.challenge) == numbers(outsider, plan.challenge) == []


def test_a_question_on_an_exempt_action_is_exempt_with_its_paragraph(
    ask: Ask, plan: Plan, entitled: Person, owner: Person, manager: Person
) -> None:
    question = ask("1.5", f"Who is {CANARY}?", author=entitled)
    assert question.exempt_paragraph == 3
    assert numbers(owner, plan.challenge) == []
    assert numbers(manager, plan.challenge) == numbers(entitled, plan.challenge) == [1]


def test_an_exempt_action_is_not_asked_about_without_entitlement(ask: Ask) -> None:
    with pytest.raises(Invalid) as refused:
        ask("1.5")
    assert list(refused.value.fields) == ["about"]


def test_the_lead_of_an_exempt_action_answers_only_where_entitled(
    ask: Ask, entitled: Person, owner: Person
) -> None:
    question = ask("1.5", author=entitled)
    with pytest.raises(NotPermitted):
        services.answer(question=question, version=1, text="So.", author=owner)


def test_a_question_goes_when_its_action_becomes_exempt(
    ask: Ask, plan: Plan, owner: Person, manager: Person
) -> None:
    ask()
    make_exempt(plan.actions["1.1"], manager, 3)
    assert numbers(owner, plan.challenge) == []
    assert numbers(manager, plan.challenge) == [1]
    make_exempt(plan.actions["1.1"], manager, None)
    assert numbers(owner, plan.challenge) == [1]


def test_what_was_said_while_its_action_was_exempt_stays_exempt(
    ask: Ask, plan: Plan, owner: Person, manager: Person
) -> None:
    question = ask()
    make_exempt(plan.actions["1.1"], manager, 5)
    question = Question.objects.get(pk=question.pk)
    services.answer(question=question, version=1, text=f"{CANARY} sued us.", author=manager)
    make_exempt(plan.actions["1.1"], manager, None)
    assert Question.objects.get().exempt_paragraph == 5
    assert numbers(owner, plan.challenge) == []


def test_a_question_on_what_was_released_as_exempt_waits_for_the_next_release(
    ask: Ask, plan: Plan, owner: Person, manager: Person, travel: Any
) -> None:
    ask()
    make_exempt(plan.actions["1.1"], manager, 3)
    travel.shift(60)
    release_position(
        challenge=plan.challenge, as_at=date(2025, 6, 20), reason="Again", author=manager
    )
    travel.shift(60)
    make_exempt(plan.actions["1.1"], manager, None)
    assert numbers(owner, plan.challenge) == []
    travel.shift(60)
    release_position(
        challenge=plan.challenge, as_at=date(2025, 6, 21), reason="Open", author=manager
    )
    assert numbers(owner, plan.challenge) == [1]


def test_a_question_shows_its_action_as_released(
    ask: Ask, plan: Plan, seated: Person, manager: Person
) -> None:
    ask()
    action = Action.objects.get(pk=plan.actions["1.1"].pk)
    action.title, action.ref = "A title that nobody has released", "9.9"
    history.save(action, author=manager.user)
    row = reading.find(seated, plan.challenge, 1)
    view = reading.views_of(seated, [row])[0]
    assert (view.about, view.title) == ("Action 1.1", "Clear the backlog of repairs")
    assert view.live_ref == "9.9"


def test_what_was_said_names_posts_and_roles(
    ask: Ask, democratic: Person, owner: Person, seated: Person, plan: Plan
) -> None:
    question = ask(author=democratic, on_behalf_of="Vice-chair of Scrutiny")
    services.answer(question=question, version=1, text="The roofer left.", author=owner)
    row = reading.find(seated, plan.challenge, 1)
    view = reading.views_of(seated, [row])[0]
    assert [(each.who, each.written_by) for each in view.said] == [
        ("Vice-chair of Scrutiny", "Democratic Services Officer"),
        ("Head of Housing", ""),
    ]
    assert view.answer == view.said[1]
    assert view.asked == view.first == view.said[0]


# --- What waits ---------------------------------------------------------------------------------


def test_a_question_waits_for_its_lead_then_for_its_body(
    ask: Ask,
    plan: Plan,
    owner: Person,
    manager: Person,
    seated: Person,
    democratic: Person,
    peer: Person,
    lead: Person,
) -> None:
    question = ask()

    def waits(person: Person) -> tuple[tuple[int, ...], tuple[int, ...]]:
        found = reading.waiting(person, [plan.challenge]).get(plan.challenge.pk)
        return (found.to_answer, found.to_close) if found else ((), ())

    none: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    assert waits(owner) == waits(manager) == ((1,), ())
    assert waits(seated) == waits(democratic) == waits(peer) == waits(lead) == none
    services.answer(question=question, version=1, text="The roofer left.", author=owner)
    assert waits(owner) == waits(manager) == none
    assert waits(seated) == waits(democratic) == ((), (1,))
    services.close(question=question, version=2, text="", author=seated)
    assert waits(seated) == waits(democratic) == waits(owner) == none


def test_a_question_on_a_recommendation_waits_for_the_leads_of_its_actions(
    ask: Ask, plan: Plan, answered_for: Recommendation, owner: Person, lead: Person
) -> None:
    ask(about=Subject(recommendation=answered_for))
    assert len(reading.waiting(owner, [plan.challenge])) == 1
    assert reading.waiting(lead, [plan.challenge]) == {}


def test_what_waits_is_read_in_few_queries(
    ask: Ask, plan: Plan, manager: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        ask(text=f"Question {number}?")
    with django_assert_max_num_queries(1):
        found = reading.waiting(manager, [plan.challenge])
    assert found[plan.challenge.pk].to_answer == tuple(range(1, 31))
