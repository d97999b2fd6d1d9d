"""What a paper still needs before it can be issued."""

from datetime import date

import pytest

from peerplan.core import clock
from peerplan.councils.gate import Person
from peerplan.papers.models import (
    Body,
    Meeting,
    Paper,
    PaperPart,
    PartKind,
    Placement,
    Purpose,
    RouteStep,
    Source,
)
from peerplan.papers.readiness import Readiness, has_words, may_read, missing, readiness


def part(**given: object) -> PaperPart:
    base: dict[str, object] = {
        "kind": PartKind.SECTION,
        "placement": Placement.BODY,
        "label": "Background",
        "text": "Words.",
    }
    return PaperPart(**(base | given))


def step(**given: object) -> RouteStep:
    """A step to scrutiny with a meeting on 19 June 2025."""
    kind = given.pop("kind", Body.Kind.SCRUTINY)
    body = Body(name="Scrutiny", kind=kind, ended_on=given.pop("ended_on", None))
    meeting = Meeting(body=body, on=date(2025, 6, 19), called_off_at=given.pop("called_off", None))
    base = {"body": body, "meeting": meeting, "purpose": Purpose.NOTE}
    return RouteStep(**(base | given))


class TestOnePart:
    @pytest.mark.parametrize(
        ("given", "state"),
        [
            ({}, Readiness.READY),
            ({"text": " \n"}, Readiness.MISSING),
            ({"text": "", "is_required": False}, Readiness.EMPTY),
            ({"sign_off_role": "Section 151 Officer"}, Readiness.SIGN_OFF),
            ({"sign_off_role": "Section 151 Officer", "text": ""}, Readiness.MISSING),
            (
                {"sign_off_role": "Section 151 Officer", "text": "", "is_required": False},
                Readiness.EMPTY,
            ),
            (
                {"sign_off_role": "Section 151 Officer", "signed_off_at": clock.now()},
                Readiness.READY,
            ),
            ({"kind": PartKind.BACKGROUND_PAPERS, "text": ""}, Readiness.READY),
            ({"kind": PartKind.APPENDICES, "text": ""}, Readiness.READY),
        ],
    )
    def test_it_is_as_far_as_its_words_and_its_sign_off(
        self, given: dict[str, object], state: Readiness
    ) -> None:
        assert readiness(part(**given)) == state

    def test_a_table_from_the_plan_speaks_for_itself_while_it_is_shown(self) -> None:
        table = part(text="", source=Source.PLAN, drafter="overdue")
        assert has_words(table)
        table.shows_figures = False
        assert not has_words(table)
        assert not has_words(part(text="", source=Source.PLAN, drafter="background"))


class TestTheStep:
    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({}, ()),
            ({"meeting": None}, ("Choose the meeting of Scrutiny that this paper is for.",)),
            ({"meeting": None, "purpose": Purpose.PUBLISH}, ()),
            ({"meeting": None, "kind": Body.Kind.INDIVIDUAL}, ()),
            (
                {"called_off": clock.now()},
                ("The meeting of Scrutiny was called off: choose another.",),
            ),
            (
                {"ended_on": date(2025, 5, 1)},
                ("Scrutiny no longer meets: choose another body for this step of the route.",),
            ),
        ],
    )
    def test_it_needs_a_body_that_meets_and_a_meeting(
        self, given: dict[str, object], words: tuple[str, ...]
    ) -> None:
        found = missing(Paper(title="Progress"), [], [], step(**given))
        assert tuple(one.words for one in found) == words
        assert all(one.url_hint == "step" for one in found)


def test_what_is_missing_is_named_in_the_order_of_the_paper() -> None:
    parts = [
        part(label="Purpose", text=""),
        part(label="Finance", sign_off_role="Section 151 Officer"),
        part(label="Optional", text="", is_required=False),
        part(label="Legal", text=""),
    ]
    found = missing(Paper(title="Progress"), parts, [], step())
    assert [(one.words, one.url_hint) for one in found] == [
        ("Write “Purpose”.", "part"),
        ("Record the sign-off of “Finance” by the Section 151 Officer.", "sign-off"),
        ("Write “Legal”.", "part"),
    ]


@pytest.mark.django_db
def test_what_is_not_for_publication_is_read_by_those_entitled(
    democratic: Person, manager: Person
) -> None:
    assert may_read(democratic, part())
    assert not may_read(democratic, part(exempt_paragraph=3))
    assert may_read(manager, part(exempt_paragraph=3))
