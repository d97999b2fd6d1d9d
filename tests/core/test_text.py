"""What text may be stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.core.text import clean


def test_new_lines_of_every_kind_become_one_kind() -> None:
    assert clean("a\r\nb\rc\vd\u2028e", lines=True) == "a\nb\nc\nd\ne"


def test_a_single_line_has_no_new_lines_or_tabs() -> None:
    assert clean(" a\r\n\tb ", lines=False) == "a b"


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x9f", "\u202d", "\u202e", "\uffff"])
def test_characters_that_lie_or_break_documents_are_named(letter: str) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(letter):04X}.*after “two words”"):
        clean(f"two words{letter}more", lines=True)


def test_a_refused_character_at_the_beginning_is_said_to_be_there() -> None:
    with pytest.raises(ValueError, match="at the beginning"):
        clean("\x00x", lines=True)


def test_marks_that_come_with_pasted_text_are_left_out() -> None:
    assert clean("\ufeff\u200fHead\u200b of \u2066Housing\u2069\u200e", lines=True) == (
        "Head of Housing"
    )


def test_other_scripts_and_joined_emoji_stay() -> None:
    words = "Gwasanaeth tai, खाना, 👩\u200d🔧, £30"
    assert clean(words, lines=True) == words


@given(st.text())
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    try:
        once = clean(raw, lines=True)
    except ValueError:
        return
    assert clean(once, lines=True) == once
