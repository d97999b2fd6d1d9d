import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.core.errors import Invalid
from reviews import pasting
from reviews.services.recommendations import Row

LONG = "Agree with partners what the district is for. " + "Then tell everyone about it. " * 12


@pytest.mark.parametrize(
    ("pasted", "rows"),
    [
        ("1 Repair homes faster", [Row("1", "Repair homes faster")]),
        (
            "1. Repair homes\n\n2) Tell tenants",
            [Row("1", "Repair homes"), Row("2", "Tell tenants")],
        ),
        ("Recommendation 3: Publish a plan", [Row("3", "Publish a plan")]),
        ("R3 Publish a plan", [Row("R3", "Publish a plan")]),
        ("1.1 Publish a plan", [Row("1.1", "Publish a plan")]),
        ("1.1. Publish a plan", [Row("1.1", "Publish a plan")]),
        ("Publish a plan", [Row("", "Publish a plan")]),
        ("1\tPlan\tPublish it.", [Row("1", "Plan", "Publish it.")]),
        ("Ref\tHeading\tWording\n1\tPlan\tPublish it.", [Row("1", "Plan", "Publish it.")]),
        ('1\tPlan\t"Publish it.\nThen use it."', [Row("1", "Plan", "Publish it.\nThen use it.")]),
        ("1\tPlan", [Row("1", "Plan")]),
        (f"4 {LONG}", [Row("4", "Agree with partners what the district is for", LONG.strip())]),
        ("", []),
        ("\n \n", []),
    ],
)
def test_rows(pasted: str, rows: list[Row]) -> None:
    assert pasting.rows(pasted) == rows


def test_a_long_text_without_a_full_stop_is_cut_at_a_word_for_its_heading() -> None:
    words = "and " * 100
    row = pasting.rows(f"1 {words}")[0]
    assert len(row.title) <= pasting.HEADING
    assert row.title.endswith("and…")
    assert row.wording == words.strip()


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(Invalid, match="at most 200"):
        pasting.rows("\n".join(f"{n} Heading" for n in range(201)))


@given(st.text(max_size=500))
def test_rubbish_gives_rows_or_a_message(pasted: str) -> None:
    try:
        found = pasting.rows(pasted)
    except Invalid:
        return
    assert all(len(row.title) <= pasting.HEADING or row.wording for row in found)
