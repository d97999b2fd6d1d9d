"""Fresh figures in an edited text: untouched paragraphs are renewed, edited ones stay."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.papers.merging import Clash, merge, text_of, units_of

DRAFTED = (
    "The peers came in June.\n\n20 of 30 actions are on track.\n\n- 1.1 is late\n- 1.2 is late"
)
NEW = "The peers came in June.\n\n22 of 30 actions are on track.\n\n- 1.1 is late\n- 1.3 is late"


def test_a_text_nobody_touched_becomes_the_new_draft() -> None:
    merged = merge(DRAFTED, DRAFTED, NEW)
    assert merged.text == NEW
    assert (merged.renewed, merged.clashes) == (2, ())


def test_a_text_stays_where_the_plan_says_what_it_said() -> None:
    mine = "My own words."
    assert merge(DRAFTED, mine, DRAFTED).text == mine


def test_edited_paragraphs_stay_and_the_others_are_renewed() -> None:
    mine = DRAFTED.replace("The peers came in June.", "Six peers came to us in June.")
    merged = merge(DRAFTED, mine, NEW)
    assert merged.text == NEW.replace("The peers came in June.", "Six peers came to us in June.")
    assert merged.clashes == ()


def test_an_edited_paragraph_whose_figures_changed_is_kept_and_named() -> None:
    mine = DRAFTED.replace("are on track.", "are on track, which is good.")
    merged = merge(DRAFTED, mine, NEW)
    assert "20 of 30 actions are on track, which is good." in merged.text
    assert "- 1.3 is late" in merged.text
    assert merged.clashes == (
        Clash("20 of 30 actions are on track, which is good.", "22 of 30 actions are on track."),
    )


def test_a_paragraph_that_was_taken_out_stays_out_and_is_named_where_it_changed() -> None:
    mine = DRAFTED.replace("20 of 30 actions are on track.\n\n", "")
    merged = merge(DRAFTED, mine, NEW)
    assert "of 30" not in merged.text
    assert merged.clashes == (Clash("", "22 of 30 actions are on track."),)


def test_what_was_added_stays_where_it_was_put() -> None:
    mine = DRAFTED.replace("\n\n20", "\n\nCabinet thanks them.\n\n20")
    merged = merge(DRAFTED, mine, NEW)
    assert merged.text.split("\n\n")[:3] == [
        "The peers came in June.",
        "Cabinet thanks them.",
        "22 of 30 actions are on track.",
    ]


def test_every_paragraph_may_change_and_one_edit_still_stays() -> None:
    drafted = "1 of 9 is done.\n\n2 of 9 are late.\n\n6 of 9 go on."
    mine = "1 of 9 is done.\n\n2 of 9 are late, as we said.\n\n6 of 9 go on."
    new = "3 of 9 is done.\n\n1 of 9 are late.\n\n5 of 9 go on."
    merged = merge(drafted, mine, new)
    assert merged.text == "3 of 9 is done.\n\n2 of 9 are late, as we said.\n\n5 of 9 go on."
    assert merged.clashes == (Clash("2 of 9 are late, as we said.", "1 of 9 are late."),)


def test_what_the_plan_no_longer_says_goes_unless_it_was_edited() -> None:
    drafted = "Alpha beta gamma.\n\nDelta epsilon zeta."
    assert merge(drafted, f"Mine.\n\n{drafted}", "Alpha beta gamma.").text == (
        "Mine.\n\nAlpha beta gamma."
    )
    kept = merge(drafted, drafted.replace("zeta", "zeta eta"), "Alpha beta gamma.")
    assert kept.text == "Alpha beta gamma.\n\nDelta epsilon zeta eta."
    assert kept.clashes == (Clash("Delta epsilon zeta eta.", ""),)


def test_the_same_addition_from_both_sides_stands_once() -> None:
    both = f"{DRAFTED}\n\nScrutiny met in May."
    assert merge(DRAFTED, both, both).text == both
    mine = both.replace("The peers came", "They came")
    assert merge(DRAFTED, mine, both).text.count("Scrutiny met in May.") == 1


def test_a_text_of_thousands_of_lines_is_merged_in_a_moment() -> None:
    drafted = "\n\n".join(f"Paragraph {n} of the draft." for n in range(300))
    new = drafted.replace("the draft", "our draft")
    mine = "\n".join(f"- {n}" for n in range(6_000))
    began = time.perf_counter()
    merged = merge(drafted, mine, new)
    assert time.perf_counter() - began < 5
    assert "- 5999" in merged.text


WORDS = st.sampled_from(["one", "two", "three", "late", "done", "track", "peers"])
PARAGRAPH = st.builds(
    lambda sign, words: sign + " ".join(words),
    st.sampled_from(["", "- ", "# ", "## "]),
    st.lists(WORDS, min_size=1, max_size=5),
)
TEXT = st.lists(PARAGRAPH, max_size=6).map("\n\n".join)


@given(TEXT, TEXT, TEXT)
def test_nothing_typed_is_ever_lost(drafted: str, text: str, new: str) -> None:
    was = {unit.key for unit in units_of(drafted)}
    result = {unit.key for unit in units_of(merge(drafted, text, new).text)}
    for unit in units_of(text):
        assert unit.key in was or unit.key in result


@given(TEXT, TEXT)
def test_an_untouched_text_follows_the_plan_and_an_unchanged_plan_leaves_the_text(
    drafted: str, other: str
) -> None:
    assert merge(drafted, drafted, other).text == other
    assert merge(drafted, other, drafted).text == other


@given(TEXT, TEXT, TEXT)
def test_bringing_in_the_same_figures_again_changes_nothing(
    drafted: str, text: str, new: str
) -> None:
    once = merge(drafted, text, new).text
    assert merge(new, once, new).text == once


@pytest.mark.parametrize("text", ["", "One.\n\n- a\n- b\n\nTwo\nlines."])
def test_a_text_in_units_is_the_same_text(text: str) -> None:
    assert text_of(units_of(text)) == text
