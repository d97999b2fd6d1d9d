"""Text made fit to print."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.render.letters import STAND_IN, fitted, without_controls

LATIN = frozenset(range(32, 0x180)) | {0x301, 0x2019, ord(STAND_IN)}


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab\r\n", "two\nlines\tand a tab\r\n"),
        ("nul\x00bell\x07", "nulbell"),
        ("right\u202eto left", "rightto left"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("soft\xadhyphen", "soft\xadhyphen"),
        ("e\u0301", "é"),
        ("£ ŵ ŷ –", "£ ŵ ŷ –"),
    ],
)
def test_controls_and_hidden_marks_go(given_text: str, kept: str) -> None:
    assert without_controls(given_text) == kept


@pytest.mark.parametrize(
    ("given_text", "printed"),
    [
        ("non\u2011breaking", "non-breaking"),
        ("thin\u2009space", "thin space"),
        ("\uff11\uff12", "12"),
        ("\ufb01ne", "fine"),
        ("\U0001f389", STAND_IN),
        ("\u4e2d\u6587", STAND_IN * 2),
        ("it’s", "it’s"),
        ("q\u0323", "q"),
    ],
)
def test_letters_that_the_type_lacks_are_replaced(given_text: str, printed: str) -> None:
    assert fitted(given_text, LATIN) == printed


@given(st.text())
def test_nothing_unprintable_is_left(text: str) -> None:
    for letter in fitted(without_controls(text), LATIN):
        assert ord(letter) in LATIN or letter in "\n\r\t"
        assert letter in "\n\r\t\xad" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = without_controls(text)
    assert without_controls(once) == once
