"""Rows of a pasted table read as actions."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.councils.ratings import DEFAULT_RULES
from peerplan.exchange.answers import KnownRecommendation
from peerplan.exchange.mapping import LABELS, Field
from peerplan.exchange.rows import Choices, Known, Reading, ReadRow, read
from peerplan.exchange.table import Row

KNOWN = Known(
    recommendations=(
        KnownRecommendation("1", "Repair homes faster", "Map how repairs are done."),
        KnownRecommendation("R2", "Sharpen the corporate plan"),
    ),
    refs=frozenset({"1.9"}),
    directorates={"Place and Housing": 7},
    portfolios={"Leader": 3},
    scheme={rule.key: rule for rule in DEFAULT_RULES},
    today=date(2026, 11, 30),
)
CHOICES = Choices(as_at=date(2026, 9, 30), in_plan_from=date(2024, 12, 17))


def reading(
    *rows: dict[str, str], known: Known = KNOWN, fields: tuple[str, ...] = (), **choices: object
) -> Reading:
    """The rows as read, with a column for each field that one of them gives."""
    columns = list(dict.fromkeys([*fields, *(name for row in rows for name in row)]))
    table = [
        Row(number, tuple(row.get(name, "") for name in columns))
        for number, row in enumerate(rows, start=2)
    ]
    return read(table, columns, known, replace(CHOICES, **choices))  # type: ignore[arg-type]


def one(known: Known = KNOWN, **cells: str) -> ReadRow:
    """A single good row, with other cells as given."""
    return reading(
        {"reference": "1.1", "action": "Repair", "lead": "Head"} | cells, known=known
    ).rows[0]


def messages(row: ReadRow) -> str:
    return " ".join(problem.message for problem in row.problems)


def test_a_full_row_is_an_action_with_its_update() -> None:
    row = one(
        recommendation="1",
        due="Q3 2026/27",
        rating="A",
        progress="Behind by a month.",
        recovery="A second team starts in May.",
        success="Ten days on average",
        directorate="place and housing",
        portfolio="LEADER",
    )
    assert row.problems == ()
    assert (row.ref, row.title, row.recommendation_ref) == ("1.1", "Repair", "1")
    assert (row.due.on, row.due.words) == (date(2026, 12, 31), "Q3 2026/27")
    assert (row.directorate_id, row.portfolio_id) == (7, 3)
    assert row.status == "amber"
    assert row.draft is not None
    assert (row.draft.commentary, row.draft.recovery_plan) == (
        "Behind by a month.",
        "A second team starts in May.",
    )


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"reference": ""}, "Give the action a reference"),
        ({"reference": "1.9"}, "The plan has an action 1.9 already"),
        ({"reference": "one/two"}, "Use letters, digits"),
        ({"reference": "paste"}, "word of the site"),
        ({"action": ""}, "Say what the council will do"),
        ({"action": "Repair\x07 homes"}, "U+0007"),
        ({"lead": "x" * 121}, "120 or fewer"),
        ({"success": "x" * 4001}, "4,000 or fewer"),
        ({"action": "x" * 10_000}, "4,000 or fewer"),
        ({"recommendation": "9"}, "no recommendation “9”: give one of 1, R2"),
        ({"recommendation": "Something else"}, "no recommendation “Something else”"),
        ({"directorate": "Space"}, "no directorate “Space”"),
        ({"portfolio": "Space"}, "no portfolio holder “Space”"),
        ({"due": "31/02/2026"}, "not a date"),
        ({"rating": "G/A"}, "“G/A” cannot be read"),
        ({"rating": "G"}, "needs a progress update"),
        ({"rating": "A", "progress": "Late"}, "to recover"),
        ({"rating": "R", "progress": "Late"}, "Say which decision"),
        ({"status": "In progress", "progress": "Going"}, "In progress needs a rating"),
        ({"status": "", "progress": "Going"}, "no status: choose one"),
        ({"status": "Merged"}, "merge or withdraw it"),
        ({"rating": "G", "progress": "x" * 4001}, "4,000 or fewer"),
    ],
)
def test_a_problem_is_said_in_words(cells: dict[str, str], words: str) -> None:
    row = one(**cells)
    assert words in messages(row)
    assert not row.is_ready


def test_a_reference_twice_in_the_table_names_the_other_row() -> None:
    rows = reading({"reference": "1.1", "action": "A"}, {"reference": "1.1", "action": "B"}).rows
    assert [messages(row) for row in rows] == ["", "Row 2 has the reference 1.1 too."]


@pytest.mark.parametrize(
    ("cell", "ref"),
    [
        ("1", "1"),
        ("Recommendation 1", "1"),
        ("R1", "1"),
        ("2", "R2"),
        ("R2.", "R2"),
        ("repair homes FASTER", "1"),
        ("1. Repair homes faster", "1"),
        ("2: Sharpen the corporate plan for the district", "R2"),
        ("Sharpen the corporate plan", "R2"),
        ("Map how repairs are done.", "1"),
    ],
)
def test_a_recommendation_is_known_by_number_heading_or_wording(cell: str, ref: str) -> None:
    assert one(reference="7", recommendation=cell).recommendation_ref == ref


def test_a_recommendation_stands_until_the_next_is_named() -> None:
    rows = reading(
        {"reference": "A1", "recommendation": "R2", "action": "A"},
        {"reference": "A2", "action": "B"},
        {"reference": "1.3", "action": "C"},
    ).rows
    assert [row.recommendation_ref for row in rows] == ["R2", "R2", "1"]


def test_a_heading_across_the_table_names_the_recommendation_below() -> None:
    found = reading(
        {"reference": "Recommendation 2: Sharpen the corporate plan"},
        {"reference": "A1", "action": "A", "lead": "Head"},
    )
    assert found.headings == (2,)
    assert [row.recommendation_ref for row in found.rows] == ["R2"]


def test_references_are_made_where_there_is_no_column_of_them() -> None:
    rows = reading(
        *({"recommendation": "1", "action": f"Do {n}", "lead": "Head"} for n in range(10))
    ).rows
    refs = [row.ref for row in rows]
    assert refs[0] == "1.1"
    assert "1.9" not in refs
    assert len(set(refs)) == 10


def test_a_missing_recommendation_is_added_only_when_asked_for() -> None:
    given = (
        {"reference": "3.1", "recommendation": "3. Grow the local economy", "action": "A"},
        {"reference": "3.2", "recommendation": "3. Grow the local economy", "action": "B"},
        {"reference": "4.1", "recommendation": "Train new members", "action": "C"},
    )
    assert len(reading(*given).wrong) == 3
    found = reading(*given, makes_recommendations=True)
    assert found.wrong == ()
    assert [(new.ref, new.title) for new in found.new_recommendations] == [
        ("3", "Grow the local economy"),
        ("4", "Train new members"),
    ]
    assert [row.recommendation_ref for row in found.rows] == ["3", "3", "4"]


def test_a_recommendation_of_rows_with_problems_only_is_not_added() -> None:
    found = reading(
        {"reference": "", "recommendation": "3. Grow the local economy", "action": "A"},
        makes_recommendations=True,
    )
    assert found.new_recommendations == ()


def test_a_long_action_keeps_all_its_words() -> None:
    words = "Map how repairs are done. " + "Then look at each step in turn. " * 10
    row = one(action=words.strip(), description="More.")
    assert row.problems == ()
    assert len(row.title) <= 250
    assert row.title.endswith("in turn.")
    assert row.description == f"{words.strip()}\n\nMore."
    assert row.notes


def test_the_progress_update_may_stand_for_the_recovery_plan() -> None:
    cells = {"reference": "1.1", "action": "A", "rating": "Amber", "progress": "Late, catching up."}
    assert reading(cells).wrong
    row = reading(cells, uses_progress=True).rows[0]
    assert row.draft is not None
    assert row.draft.recovery_plan == "Late, catching up."


def test_an_action_may_come_without_an_update_that_has_a_problem() -> None:
    rows = reading(
        {"reference": "1.1", "action": "A", "rating": "G/A"},
        {"reference": "1.2", "action": "", "rating": "G/A"},
        drops_updates=True,
    ).rows
    assert [(row.is_ready, row.lost_update, row.draft) for row in rows] == [
        (True, True, None),
        (False, False, None),
    ]


def test_complete_is_claimed_and_said_so() -> None:
    row = one(status="Complete", progress="All done.")
    assert row.status == "claimed"
    assert "second person" in row.notes[0]


def test_an_as_at_date_before_the_plan_is_a_problem_of_the_row() -> None:
    row = reading(
        {"reference": "1.1", "action": "A", "rating": "G", "progress": "Going"},
        as_at=date(2024, 1, 1),
    ).rows[0]
    assert "came into the plan" in messages(row)


ANY_CELL = st.one_of(
    st.text(max_size=40),
    st.sampled_from("1 1.1 R2 1.9 G/A Green Amber Complete 31/02/2026 Q3 Merged".split()),
)


@given(
    st.lists(st.sampled_from(["", *LABELS]), min_size=2, max_size=6, unique=True).flatmap(
        lambda fields: st.tuples(
            st.just(fields), st.lists(st.tuples(*[ANY_CELL] * len(fields)), max_size=6)
        )
    ),
    st.booleans(),
    st.booleans(),
)
def test_any_table_is_read_without_an_error(
    given_table: tuple[list[str], list[tuple[str, ...]]], makes: bool, drops: bool
) -> None:
    fields, cells = given_table
    rows = [Row(number, tuple(c.strip() for c in each)) for number, each in enumerate(cells)]
    choices = replace(CHOICES, makes_recommendations=makes, drops_updates=drops)
    found = read(rows, fields, KNOWN, choices)
    refs = [row.ref.lower() for row in found.ready]
    assert len(refs) == len(set(refs))
    assert all(row.ref and row.title for row in found.ready)
    used = {row.recommendation_ref for row in found.ready} - {""}
    there = {each.ref for each in KNOWN.recommendations}
    assert used <= there | {new.ref for new in found.new_recommendations}
    assert len(found.rows) + len(found.headings) == sum(1 for row in rows if not row.is_blank)


def test_every_field_has_a_label() -> None:
    assert set(LABELS) == set(Field)
