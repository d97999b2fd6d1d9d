"""Guessing which column is which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.exchange.mapping import SYNONYMS, Field, guess, headings_at, normal, problems
from peerplan.exchange.table import read_rows


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            "No|LGA Recommendation|Action|Lead|Timescale|RAG|Comments Nov|PFH|",
            "reference|recommendation|action|lead|due|rating|progress|portfolio|",
        ),
        (
            "Ref.|Peer team’s recommendation|What we will do|Lead officer|By when|Status|Update",
            "reference|recommendation|action|lead|due|status|progress",
        ),
        (
            "#|Theme|Action required|Directorate|Target date|RAG rating|Measure of success",
            "reference|theme|action|directorate|due|rating|success",
        ),
        ("Action|Action owner|Action ref", "action|lead|reference"),
        ("Portfolio Holder (2026/27)|Progress update - Q2", "portfolio|progress"),
        ("Budget|Colour of the door", "|"),
        ("Action|Action", "action|"),
    ],
)
def test_headings_are_known_by_common_words(headings: str, fields: str) -> None:
    assert guess(headings.split("|")) == fields.split("|")


def test_the_councils_own_words_come_first() -> None:
    own = {Field.PORTFOLIO: "Sponsor", Field.LEAD: "Owner"}
    assert guess(["Sponsor", "Owner"], own) == ["portfolio", "lead"]


def test_no_synonym_stands_for_two_fields() -> None:
    words = [word for known in SYNONYMS.values() for word in known]
    assert sorted(words) == sorted(set(words))
    assert words == [normal(word) for word in words]


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("Ref\tAction\n1.1\tRepair", 0),
        ("Action plan 2026\n\t\t\nRef\tAction\tLead\n1.1\tRepair\tX", 2),
        ("1.1\tRepair homes\n1.2\tBuild", None),
    ],
)
def test_the_row_of_headings_is_found(text: str, index: int | None) -> None:
    assert headings_at(read_rows(text)) == index


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    [
        (["action", "", "lead"], set()),
        (["action", "action"], {1}),
        (["action", "../../etc"], {1}),
    ],
)
def test_a_field_twice_or_unknown_is_a_problem(chosen: list[str], wrong: set[int]) -> None:
    assert set(problems(chosen)) == wrong


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_headings_are_guessed_without_a_field_twice(headings: list[str]) -> None:
    found = [field for field in guess(headings) if field]
    assert len(found) == len(set(found))
