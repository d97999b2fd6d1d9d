"""The database says no: rules of decisions and questions, each broken on purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from actions.models import Action
from peerplan.core import clock
from peerplan.councils.gate import Person
from peerplan.papers.models import (
    Amendment,
    Decision,
    Question,
    QuestionEntry,
    Resolution,
    ResolutionLink,
    RouteStep,
)
from reviews.models import Recommendation

pytestmark = pytest.mark.django_db

OURS = (Amendment, Decision, Question, QuestionEntry, Resolution, ResolutionLink, RouteStep)
TRIED_ELSEWHERE = {"step_one_paper_once_a_meeting"}


@dataclass
class World:
    """What breaking rows are made of; each method gives a row that would stand, unsaved."""

    person: Person
    step: RouteStep
    action: Action
    recommendation: Recommendation

    def saved(self, row: Any) -> Any:
        row._history_user = self.person.user
        row.save()
        return row

    def decision(self) -> Decision:
        found = Decision.objects.filter(step=self.step).first()
        return found or self.saved(Decision(step=self.step))  # type: ignore[no-any-return]

    def resolution(self, **given: Any) -> Resolution:
        return Resolution(**{"decision": self.decision(), "text": "Agree the plan."} | given)

    def link(self, **given: Any) -> ResolutionLink:
        resolution = self.saved(self.resolution())
        base = {"resolution": resolution, "action": self.action, "added_by": self.person.user}
        return ResolutionLink(**base | given)

    def amendment(self, **given: Any) -> Amendment:
        base = {
            "decision": self.decision(),
            "action": self.action,
            "action_version": 2,
            "words": "Another title.",
            "made_by": self.person.user,
        }
        return Amendment(**base | given)

    def question(self, **given: Any) -> Question:
        base = {
            "challenge": self.action.challenge,
            "number": 1,
            "body": self.step.body,
            "action": self.action,
        }
        return Question(**base | given)

    def entry(self, **given: Any) -> QuestionEntry:
        question = self.saved(self.question())
        base = {
            "question": question,
            "kind": "question",
            "text": "When will it be done?",
            "author": self.person.user,
        }
        return QuestionEntry(**base | given)

    def outcome(self, paragraph: int) -> RouteStep:
        self.step.outcome_paragraph = paragraph
        return self.step

    def twice(self, row: Any) -> Any:
        """`row` saved, and another like it."""
        self.saved(row)
        row.pk, row._state.adding = None, True
        return row

    def nobodys(self, row: Any) -> models.Model:
        """The history row that saving `row` without an author would write."""
        kept: Any = type(row).history
        values = {each.attname: getattr(row, each.attname) for each in kept.model.tracked_fields}
        return kept.model(  # type: ignore[no-any-return]
            **values | {"id": 1}, history_date=clock.now(), history_type="+", history_user=None
        )


@pytest.fixture
def world(
    democratic: Person,
    scrutiny_step: RouteStep,
    act: Callable[..., Action],
    recommendation: Recommendation,
) -> World:
    return World(democratic, scrutiny_step, act("1.1"), recommendation)


BREAKS: dict[str, Callable[[World], models.Model]] = {
    "step_outcome_paragraph_is_there": lambda w: w.outcome(8),
    "resolution_says_something": lambda w: w.resolution(text=""),
    "resolution_link_to_one_subject": lambda w: w.link(recommendation=w.recommendation),
    "resolution_link_action_once": lambda w: w.twice(w.link()),
    "resolution_link_recommendation_once": lambda w: w.twice(
        w.link(action=None, recommendation=w.recommendation)
    ),
    "resolution_link_ends_later": lambda w: w.link(ended_at=clock.now() - timedelta(days=1)),
    "amendment_says_what": lambda w: w.amendment(words=""),
    "question_number_once_a_challenge": lambda w: w.twice(w.question()),
    "question_on_one_subject": lambda w: w.question(recommendation=w.recommendation),
    "question_paragraph_is_there": lambda w: w.question(exempt_paragraph=9),
    "question_entry_says_something": lambda w: w.entry(text=""),
    "h_papers_routestep_author": lambda w: w.nobodys(w.step),
    "h_papers_decision_author": lambda w: w.nobodys(w.decision()),
    "h_papers_resolution_author": lambda w: w.nobodys(w.resolution()),
    "h_papers_question_author": lambda w: w.nobodys(w.question()),
}
STANDING: dict[str, Callable[[World], models.Model]] = {
    "outcome not for publication": lambda w: w.outcome(7),
    "resolution": lambda w: w.resolution(),
    "link to an action": lambda w: w.link(),
    "link to a recommendation": lambda w: w.link(action=None, recommendation=w.recommendation),
    "amendment": lambda w: w.amendment(),
    "question": lambda w: w.question(exempt_paragraph=3),
    "closed without a word": lambda w: w.entry(kind="closed", text=""),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name: str, world: World) -> None:
    row: Any = BREAKS[name](world)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        world.saved(row)
    said = str(refused.value)
    if connection.vendor == "postgresql" or not said.startswith("UNIQUE constraint failed"):
        assert name in said
    else:
        constraint = next(each for each in type(row)._meta.constraints if each.name == name)
        columns = [type(row)._meta.get_field(each).column for each in constraint.fields]
        assert all(f".{column}" in said for column in columns)


@pytest.mark.parametrize("what", STANDING)
def test_and_takes_the_same_row_without_its_flaw(what: str, world: World) -> None:
    row = world.saved(STANDING[what](world))
    assert row.pk


def test_no_constraint_is_missed() -> None:
    names = {each.__name__ for each in OURS} | {f"Historical{each.__name__}" for each in OURS}
    declared = {
        constraint.name
        for model in apps.get_app_config("papers").get_models()
        if model.__name__ in names
        for constraint in model._meta.constraints
    }
    assert declared == set(BREAKS) | TRIED_ELSEWHERE
