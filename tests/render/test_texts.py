"""An officer's plain text becomes the blocks that the officer meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.render.numbering import REFERENCE
from peerplan.render.report import Bullets, Paragraph, SubHeading
from peerplan.render.texts import HINT, blocks_of


def test_blank_line_begins_a_paragraph_and_a_line_end_is_a_space() -> None:
    assert blocks_of("One\nline.\r\n\r\nAnother.\n \n\n\nThird.\n") == (
        Paragraph("One line."),
        Paragraph("Another."),
        Paragraph("Third."),
    )


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", " \t\n\n \r\n", "\u2029"])
def test_text_of_nothing_has_no_blocks(text: str) -> None:
    assert blocks_of(text) == ()


@pytest.mark.parametrize(
    "sign", ["- ", "• ", "•\t", "·\t", "o\t", "–\t", "  - ", "▪\t", "-\t", "·  \t"]
)
def test_bullets_as_typed_or_pasted(sign: str) -> None:
    assert blocks_of(f"The team saw:\n{sign}trust\n{sign}pride") == (
        Paragraph("The team saw:"),
        Bullets(("trust", "pride")),
    )


def test_bullets_with_blank_lines_between_are_one_list() -> None:
    assert blocks_of("- one\n\n- two\n\nAfter.\n\n- three") == (
        Bullets(("one", "two")),
        Paragraph("After."),
        Bullets(("three",)),
    )


def test_bullet_goes_on_in_the_next_line() -> None:
    assert blocks_of("- one\n  and more\n- two") == (Bullets(("one and more", "two")),)


@pytest.mark.parametrize(
    "text", ["-5 per cent", "– a dash", "o well", "#5 is late", ">5", "-", "#"]
)
def test_sign_without_its_space_is_text(text: str) -> None:
    assert blocks_of(text) == (Paragraph(text),)


def test_sub_heading_needs_no_blank_lines() -> None:
    assert blocks_of("Before.\n# What was found\nAfter\nall.\n# Next\n> Plain.") == (
        Paragraph("Before."),
        SubHeading("What was found"),
        Paragraph("After all."),
        SubHeading("Next"),
        Paragraph("Plain.", is_numbered=False),
    )


def test_paragraph_without_a_number() -> None:
    assert blocks_of("> Not counted\n> at all.\n\nCounted > so.") == (
        Paragraph("Not counted at all.", is_numbered=False),
        Paragraph("Counted > so."),
    )


def test_sub_heading_without_a_number() -> None:
    assert blocks_of("Before.\n## What was asked\n> Is it so?\n### Not a sign") == (
        Paragraph("Before."),
        SubHeading("What was asked", is_numbered=False),
        Paragraph("Is it so? ### Not a sign", is_numbered=False),
    )


def test_line_break_of_word_does_not_end_the_paragraph() -> None:
    assert blocks_of("One\vand two.") == (Paragraph("One and two."),)


def test_hint_names_every_sign() -> None:
    for sign in ("“- ”", "“# ”", "“## ”", "“> ”", "blank line"):
        assert sign in HINT


def test_hint_tells_how_to_refer_to_an_appendix_and_a_section() -> None:
    assert [match[1] for match in REFERENCE.finditer(HINT)] == ["appendix", "section"]


@given(st.text(st.sampled_from("ab -•#>\n\t\r·o\xa0"), max_size=60))
def test_no_letter_is_lost(text: str) -> None:
    told: list[str] = []
    for block in blocks_of(text):
        match block:
            case Bullets(items):
                told += items
            case Paragraph(words) | SubHeading(words):
                told.append(words)
    assert all(told)
    kept = "".join(told)
    assert [letter for letter in kept if letter in "ab"] == [
        letter for letter in text if letter in "ab"
    ]
