"""Contrast by the formula of WCAG 2, against values that others have published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.councils import contrast

COLOURS = st.from_regex(r"\A#[0-9a-f]{6}\Z")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", "21.0:1"),
        ("#767676", "#ffffff", "4.5:1"),
        ("#777777", "#ffffff", "4.4:1"),
        ("#ff0000", "#ffffff", "3.9:1"),
        ("#0000ff", "#ffffff", "8.5:1"),
        ("#ffffff", "#FFFFFF", "1.0:1"),
    ],
)
def test_known_contrasts(one: str, other: str, expected: str) -> None:
    assert contrast.in_words(contrast.ratio(one, other)) == expected


@given(COLOURS, COLOURS)
def test_it_does_not_matter_which_is_the_text(one: str, other: str) -> None:
    assert contrast.ratio(one, other) == contrast.ratio(other, one)
    assert 1 <= contrast.ratio(one, other) <= 21


@given(st.floats(1, 4.4999))
def test_a_contrast_that_fails_is_never_written_as_one_that_passes(ratio: float) -> None:
    assert float(contrast.in_words(ratio).removesuffix(":1")) < contrast.LEAST_FOR_TEXT
