"""The database says no: each constraint of the plan's tables, and a row that breaks only it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from actions.models import (
    Action,
    Answer,
    Evidence,
    Extension,
    FindingNote,
    IssuedStatement,
    Lineage,
    Milestone,
    MilestoneDone,
    PositionStatement,
    ProgressUpdate,
    Release,
    StatementFile,
    StoredDocument,
)
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db
DAY = date(2025, 3, 31)


@dataclass
class World:
    """What breaking rows are made of; each method gives a row that would stand, unsaved."""

    person: Person
    challenge: PeerChallenge
    recommendation: Recommendation
    first: Action
    second: Action

    def action(self, **given: Any) -> Action:
        base = {"challenge": self.challenge, "ref": "7.7", "title": "Map it", "in_plan_from": DAY}
        return Action(**base | given)

    def answer(self, **given: Any) -> Answer:
        base = {
            "action": self.second,
            "recommendation": self.recommendation,
            "added_by": self.person.user,
            "added_at": clock.now() - timedelta(hours=1),
        }
        return Answer(**base | given)

    def lineage(self, **given: Any) -> Lineage:
        base = {
            "source": self.first,
            "target": self.second,
            "kind": "merged",
            "on": DAY,
            "reason": "One piece of work.",
            "added_by": self.person.user,
        }
        return Lineage(**base | given)

    def milestone(self, **given: Any) -> Milestone:
        return Milestone(**{"action": self.first, "title": "Map the first area"} | given)

    def update(self, **given: Any) -> ProgressUpdate:
        base = {
            "action": self.first,
            "as_at": DAY,
            "author": self.person.user,
            "state": "in-progress",
            "rating": "green",
        }
        return ProgressUpdate(**base | given)

    def mark(self) -> MilestoneDone:
        update, milestone = self.update(), self.milestone()
        update.save()
        history.save(milestone, author=self.person.user)
        return MilestoneDone(update=update, milestone=milestone)

    def evidence(self, **given: Any) -> Evidence:
        base = {
            "action": self.first,
            "title": "Minutes",
            "link": "https://ashdale.example/minutes",
            "added_by": self.person.user,
        }
        return Evidence(**base | given)

    def release(self, **given: Any) -> Release:
        base = {
            "challenge": self.challenge,
            "as_at": DAY,
            "author": self.person.user,
            "reason": "For scrutiny.",
        }
        return Release(**base | given)

    def extension(self, **given: Any) -> Extension:
        base = {
            "action": self.first,
            "as_at": DAY,
            "to": DAY + timedelta(days=30),
            "reason": "The contract came late.",
            "asked_by": self.person.user,
        }
        return Extension(**base | given)

    def decided(self, decision: str, **given: Any) -> Extension:
        who = {"decided_by": self.person.user, "decided_at": clock.now()}
        return self.extension(decision=decision, **who | given)

    def note(self, **given: Any) -> FindingNote:
        base = {
            "challenge": self.challenge,
            "rule": "no-lead",
            "action": self.first,
            "facts_sha256": "a" * 64,
            "note": "The post is being filled.",
            "added_by": self.person.user,
        }
        return FindingNote(**base | given)

    def statement(self) -> PositionStatement:
        return PositionStatement(challenge=self.challenge)

    def issued(self, **given: Any) -> IssuedStatement:
        statement, release = self.statement(), self.release()
        save(statement, self)
        release.save()
        base = {
            "statement": statement,
            "release": release,
            "number": 1,
            "reason": "For the peers.",
            "author": self.person.user,
        }
        return IssuedStatement(**base | given)

    def file(self, **given: Any) -> StatementFile:
        issue = self.issued()
        issue.save()
        base = {
            "issue": issue,
            "name": "statement.pdf",
            "content_type": "application/pdf",
            "content": b"%PDF",
            "size": 4,
            "sha256": "a" * 64,
        }
        return StatementFile(**base | given)

    def document(self) -> StoredDocument:
        return StoredDocument(
            council=self.person.council,
            challenge=self.challenge,
            inputs_sha256="a" * 64,
            variant="full",
            content=b"%PDF",
            content_sha256="b" * 64,
            pages=1,
        )


@pytest.fixture
def world(
    act: Callable[..., Action],
    manager: Person,
    challenge: PeerChallenge,
    recommendation: Recommendation,
) -> World:
    first, second = act("1.1"), act("1.2")
    second.answers.all().delete()
    return World(manager, challenge, recommendation, first, second)


def save(row: Any, world: World) -> None:
    row._history_user = world.person.user
    row.save()


def twice(row: Any, world: World) -> models.Model:
    """`row` saved, and another like it."""
    save(row, world)
    row.pk, row._state.adding = None, True
    return row  # type: ignore[no-any-return]


def nobodys(row: Any) -> models.Model:
    """The history row that saving `row` without an author would write."""
    manager: Any = type(row).history
    values = {field.attname: getattr(row, field.attname) for field in manager.model.tracked_fields}
    return manager.model(  # type: ignore[no-any-return]
        **values | {"id": 1}, history_date=clock.now(), history_type="+", history_user=None
    )


BREAKS: dict[str, Callable[[World], models.Model]] = {
    "action_ref_once_a_challenge": lambda w: w.action(ref="1.1"),
    "action_has_a_title": lambda w: w.action(title=""),
    "exempt_action_names_its_paragraph": lambda w: w.action(visibility="exempt"),
    "answer_once": lambda w: twice(w.answer(), w),
    "answer_one_primary_an_action": lambda w: w.answer(
        action=w.first, recommendation=another_recommendation(w), is_primary=True
    ),
    "answer_ends_later": lambda w: w.answer(
        ended_at=clock.now() - timedelta(days=1), ended_by=w.person.user
    ),
    "answer_ended_by_somebody": lambda w: w.answer(ended_at=clock.now()),
    "lineage_once": lambda w: twice(w.lineage(), w),
    "lineage_two_actions": lambda w: w.lineage(target=w.first),
    "lineage_has_a_reason": lambda w: w.lineage(reason=""),
    "milestone_has_a_title": lambda w: w.milestone(title=""),
    "update_rated_while_in_progress_only": lambda w: w.update(rating=""),
    "correction_has_a_reason": lambda w: w.update(kind="correction"),
    "update_closes_only_what_is_closed": lambda w: w.update(closure="delivered"),
    "extension_one_waits_an_action": lambda w: twice(w.extension(), w),
    "extension_has_a_reason": lambda w: w.extension(reason=""),
    "extension_has_a_date": lambda w: w.extension(to=None),
    "extension_decided_by_somebody": lambda w: w.extension(decision="withdrawn"),
    "extension_approved_is_an_update": lambda w: w.decided("approved"),
    "extension_refused_with_a_reason": lambda w: w.decided("refused"),
    "finding_note_says_something": lambda w: w.note(note=""),
    "finding_note_of_one_subject": lambda w: w.note(recommendation=w.recommendation),
    "issued_statement_number_once": lambda w: twice(w.issued(), w),
    "issued_statement_has_a_reason": lambda w: w.issued(reason=""),
    "statement_file_name_once": lambda w: twice(w.file(), w),
    "statement_file_is_bytes_or_evidence": lambda w: w.file(content=None),
    "milestone_mark_once": lambda w: twice(w.mark(), w),
    "evidence_is_a_link_or_a_file": lambda w: w.evidence(link=""),
    "release_has_a_reason": lambda w: w.release(reason=""),
    "document_once_for_its_inputs": lambda w: twice(w.document(), w),
    "h_actions_action_author": lambda w: nobodys(w.first),
    "h_actions_milestone_author": lambda w: nobodys(w.milestone()),
    "h_actions_positionstatem_author": lambda w: nobodys(w.statement()),
}
MORE: list[tuple[str, Callable[[World], models.Model]]] = [
    ("action_ref_once_a_challenge", lambda w: lettered(w, "A1")),
    ("exempt_action_names_its_paragraph", lambda w: w.action(exempt_paragraph=3)),
    (
        "exempt_action_names_its_paragraph",
        lambda w: w.action(visibility="exempt", exempt_paragraph=8),
    ),
    ("answer_ended_by_somebody", lambda w: w.answer(ended_by=w.person.user)),
    ("update_rated_while_in_progress_only", lambda w: w.update(state="paused")),
    ("evidence_is_a_link_or_a_file", lambda w: w.evidence(file="ab/abc")),
    (
        "update_closes_only_what_is_closed",
        lambda w: w.update(state="paused", rating="", closure="bau"),
    ),
    ("extension_decided_by_somebody", lambda w: w.extension(decided_by=w.person.user)),
    ("extension_approved_is_an_update", lambda w: w.decided("withdrawn", update=written(w))),
    ("statement_file_is_bytes_or_evidence", lambda w: w.file(evidence=shown(w))),
]
STANDING: dict[str, Callable[[World], models.Model]] = {
    "action": lambda w: w.action(),
    "exempt action": lambda w: w.action(visibility="exempt", exempt_paragraph=7),
    "reference of a removed action": lambda w: reused(w),
    "answer": lambda w: w.answer(),
    "ended answer": lambda w: w.answer(ended_at=clock.now(), ended_by=w.person.user),
    "lineage": lambda w: w.lineage(),
    "milestone": lambda w: w.milestone(),
    "update": lambda w: w.update(),
    "second update of a day": lambda w: twice(w.update(), w),
    "correction": lambda w: w.update(kind="correction", correction_reason="Typed wrongly."),
    "mark": lambda w: w.mark(),
    "link": lambda w: w.evidence(),
    "uploaded file": lambda w: w.evidence(link="", file="ab/abc"),
    "release": lambda w: w.release(),
    "document": lambda w: w.document(),
    "closing update": lambda w: w.update(state="bau", rating="", closure="bau"),
    "extension that waits": lambda w: w.extension(),
    "extension in words": lambda w: w.extension(to=None, to_words="Spring 2026"),
    "extension approved": lambda w: w.decided("approved", update=written(w)),
    "extension refused": lambda w: w.decided("refused", decision_note="Not in this plan."),
    "note on an action": lambda w: w.note(),
    "note on a recommendation": lambda w: w.note(action=None, recommendation=w.recommendation),
    "statement": lambda w: w.statement(),
    "issued statement": lambda w: w.issued(),
    "file": lambda w: w.file(),
    "evidence of a statement": lambda w: w.file(content=None, evidence=shown(w)),
}


def written(world: World) -> ProgressUpdate:
    update = world.update()
    update.save()
    return update


def shown(world: World) -> Evidence:
    evidence = world.evidence()
    evidence.save()
    return evidence


def another_recommendation(world: World) -> Recommendation:
    row = Recommendation(challenge=world.challenge, ref="2", title="Listen")
    history.save(row, author=world.person.user)
    return row


def lettered(world: World, ref: str) -> Action:
    """An action whose reference differs by its letter's case only from one that stands."""
    save(world.action(ref=ref.upper()), world)
    return world.action(ref=ref.lower())


def reused(world: World) -> Action:
    world.first.removed_at = clock.now()
    save(world.first, world)
    return world.action(ref=world.first.ref)


@pytest.mark.parametrize(
    ("name", "make"), [*BREAKS.items(), *MORE], ids=lambda value: str(value) if value else ""
)
def test_the_database_refuses(
    name: str, make: Callable[[World], models.Model], world: World
) -> None:
    row: Any = make(world)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        save(row, world)
    said = str(refused.value)
    if connection.vendor == "postgresql" or not said.startswith("UNIQUE constraint failed"):
        assert name in said
    else:
        constraint = next(each for each in type(row)._meta.constraints if each.name == name)
        columns = [type(row)._meta.get_field(each).column for each in constraint.fields]
        assert name in said or all(f".{column}" in said for column in columns)


@pytest.mark.parametrize("what", STANDING)
def test_and_takes_the_same_row_without_its_flaw(what: str, world: World) -> None:
    row = STANDING[what](world)
    save(row, world)
    assert row.pk


def test_no_constraint_is_missed() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("actions").get_models()
        for constraint in model._meta.constraints
    }
    assert declared == set(BREAKS)


@pytest.mark.parametrize("make", [World.action, World.milestone])
def test_a_row_without_an_author_is_not_saved(
    make: Callable[[World], models.Model], world: World
) -> None:
    row = make(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert not type(row)._default_manager.filter(pk=row.pk).exists()


def test_what_a_position_reads_is_protected_from_deletion(world: World) -> None:
    save(world.update(), world)
    for row in (world.first, world.recommendation, world.challenge, world.person.user):
        with pytest.raises(models.ProtectedError), transaction.atomic():
            row.delete()
