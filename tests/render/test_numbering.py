"""Numbers and references, in the styles in which councils write."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.render.numbering import loose_references, numbered
from peerplan.render.report import (
    AppendixEntry,
    AppendixList,
    AppendixStyle,
    Block,
    Bullets,
    Cell,
    DataTable,
    Facts,
    Item,
    Items,
    ItemStyle,
    LabelRow,
    LabelTable,
    Lines,
    Numbering,
    Paragraph,
    ParagraphStyle,
    Report,
    Section,
    SectionStyle,
    SubHeading,
    TableColumn,
)
from tests.render.papers import PAPERS, everything

TWO = Numbering()


def report(*sections: Section, numbering: Numbering = TWO) -> Report:
    return Report("Ashdale District Council", "A report", numbering, sections)


def of(blocks: object) -> list[str]:
    """The numbers of blocks, of their items and of their appendices, from the top."""
    told: list[str] = []
    for block in blocks:  # type: ignore[attr-defined]
        match block:
            case Items(items):
                told += [item.number for item in items]
            case AppendixList(entries):
                told += [entry.number for entry in entries]
            case LabelTable(rows=rows):
                for row in rows:
                    told += of(row.blocks)
            case Paragraph() | SubHeading():
                told.append(block.number)
    return told


def numbers(given: Report) -> list[str]:
    told: list[str] = []
    for section in numbered(given).sections:
        told += [section.number, *of(section.blocks)]
    return told


WORDS = (Paragraph("First."), Paragraph("Second."))
ASKED = Items((Item(("Notes it.",)), Item(("Agrees it.",))), "That Cabinet:")


@pytest.mark.parametrize(
    ("numbering", "expected"),
    [
        (Numbering(), ["1.0", "1.1", "1.2", "2.0", "2.1", "2.2"]),
        (Numbering(sections=SectionStyle.POINT), ["1.", "1.1", "1.2", "2.", "2.1", "2.2"]),
        (Numbering(sections=SectionStyle.BARE), ["1", "1.1", "1.2", "2", "2.1", "2.2"]),
        (Numbering(sections=SectionStyle.NONE), ["", "1.1", "1.2", "", "2.1", "2.2"]),
        (
            Numbering(sections=SectionStyle.NONE, paragraphs=ParagraphStyle.CONTINUOUS),
            ["", "1", "2", "", "3", "4"],
        ),
        (
            Numbering(sections=SectionStyle.BARE, paragraphs=ParagraphStyle.NONE),
            ["1", "", "", "2", "", ""],
        ),
    ],
)
def test_sections_and_paragraphs(numbering: Numbering, expected: list[str]) -> None:
    given = report(Section("One", WORDS), Section("Two", WORDS), numbering=numbering)
    assert numbers(given) == expected


def test_paragraphs_below_a_sub_heading_have_three_levels() -> None:
    blocks = (Paragraph("Lead."), SubHeading("Background"), *WORDS, SubHeading("Now"), *WORDS)
    given = report(Section("Aim", WORDS), Section("Issues", blocks), Section("Next", WORDS))
    assert numbers(given)[3:] == [
        *("2.0", "2.1", "2.2", "2.2.1", "2.2.2", "2.3", "2.3.1", "2.3.2"),
        *("3.0", "3.1", "3.2"),
    ]


def test_sub_heading_without_a_number_leaves_the_counting_as_it_is() -> None:
    asked = SubHeading("What was asked", is_numbered=False)
    below = (SubHeading("Now"), *WORDS, asked, Paragraph("On."))
    given = report(Section("Visit", (*WORDS, asked, Paragraph("On."))), Section("Issues", below))
    assert numbers(given) == [
        *("1.0", "1.1", "1.2", "", "1.3"),
        *("2.0", "2.1", "2.1.1", "2.1.2", "", "2.1.3"),
    ]


def test_sub_headings_have_no_number_where_paragraphs_are_counted_through() -> None:
    numbering = Numbering(SectionStyle.NONE, ParagraphStyle.CONTINUOUS)
    given = report(Section("Aim", (SubHeading("Now"), *WORDS)), numbering=numbering)
    assert numbers(given) == ["", "", "1", "2"]


def test_section_without_number_or_heading_has_no_numbers_in_it() -> None:
    given = report(
        Section("", (SubHeading("Now"), *WORDS)),
        Section("Policies", (SubHeading("Now"), *WORDS), is_numbered=False),
        Section("Aim", (Paragraph("Plain.", is_numbered=False), *WORDS)),
    )
    assert numbers(given) == [*[""] * 8, "1.0", "", "1.1", "1.2"]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (ItemStyle.CLOSED, ["1)", "2)"]),
        (ItemStyle.BRACKETED, ["(1)", "(2)"]),
        (ItemStyle.ROMAN, ["(i)", "(ii)"]),
        (ItemStyle.LETTERED, ["(a)", "(b)"]),
        (ItemStyle.AS_PARAGRAPHS, ["1)", "2)"]),
        (ItemStyle.NONE, ["", ""]),
    ],
)
def test_items_in_a_table_are_numbered_and_its_paragraphs_are_not(
    style: ItemStyle, expected: list[str]
) -> None:
    table = LabelTable("Front sheet", (LabelRow("Recommendations", (*WORDS, ASKED)),))
    given = report(Section("Front", (table,)), numbering=Numbering(items=style))
    assert numbers(given) == ["1.0", "", "", *expected]


def test_two_sets_of_recommendations_as_paragraphs_of_their_sections() -> None:
    numbering = Numbering(items=ItemStyle.AS_PARAGRAPHS)
    scrutiny = Items((Item(("That the committee consider the plan.",)),))
    given = report(
        Section("Purpose", WORDS[:1]),
        Section("To scrutiny", (scrutiny,)),
        Section("To Cabinet", (ASKED, WORDS[0])),
        numbering=numbering,
    )
    assert numbers(given) == ["1.0", "1.1", "2.0", "2.1", "3.0", "3.1", "3.2", "3.3"]


def test_items_as_paragraphs_where_paragraphs_have_no_numbers() -> None:
    numbering = Numbering(paragraphs=ParagraphStyle.NONE, items=ItemStyle.AS_PARAGRAPHS)
    assert numbers(report(Section("Aim", (ASKED,)), numbering=numbering)) == ["1.0", "1)", "2)"]


def test_each_set_of_recommendations_begins_anew_and_may_have_its_own_style() -> None:
    listed = replace(ASKED, style=ItemStyle.ROMAN)
    given = report(Section("One", (ASKED, WORDS[0])), Section("Two", (ASKED, listed)))
    assert numbers(given) == ["1.0", "1)", "2)", "1.1", "2.0", "1)", "2)", "(i)", "(ii)"]


def test_many_items() -> None:
    items = Items(tuple(Item(("Words.",)) for _ in range(53)))
    romans = of(
        numbered(report(Section("A", (replace(items, style=ItemStyle.ROMAN),)))).sections[0].blocks
    )
    assert [romans[place - 1] for place in (4, 9, 14, 40, 49)] == [
        *("(iv)", "(ix)", "(xiv)", "(xl)", "(xlix)")
    ]
    letters = of(
        numbered(report(Section("A", (replace(items, style=ItemStyle.LETTERED),))))
        .sections[0]
        .blocks
    )
    assert [letters[place - 1] for place in (26, 27, 52, 53)] == ["(z)", "(aa)", "(az)", "(ba)"]


@pytest.mark.parametrize(
    ("numbering", "expected"),
    [
        (Numbering(), ["Appendix 1", "Appendix 2"]),
        (Numbering(appendices=AppendixStyle.LETTERS), ["Appendix A", "Appendix B"]),
        (Numbering(appendix_word="Annex"), ["Annex 1", "Annex 2"]),
        (Numbering(appendices=AppendixStyle.NONE), ["", ""]),
    ],
)
def test_appendices(numbering: Numbering, expected: list[str]) -> None:
    entries = AppendixList((AppendixEntry("Action plan"), AppendixEntry("The peers’ report")))
    given = report(Section("Appendices", (entries,), is_numbered=False), numbering=numbering)
    assert numbers(given) == ["", *expected]


# --- References ---------------------------------------------------------------------------------


APPENDICES = Section(
    "Appendices",
    (AppendixList((AppendixEntry("Action plan"), AppendixEntry("Minute [draft]"))),),
    is_numbered=False,
)


def said(text: str, *more: Section, numbering: Numbering = TWO) -> str:
    """A text as it is printed in a report with some sections and appendices."""
    given = report(
        Section("Background", (Paragraph(text), SubHeading("The visit"))),
        APPENDICES,
        *more,
        numbering=numbering,
    )
    block = numbered(given).sections[0].blocks[0]
    assert isinstance(block, Paragraph)
    return block.text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("See [appendix: Action plan].", "See Appendix 1."),
        ("See [Appendix:  ACTION\n plan ].", "See Appendix 1."),
        ("See [annex: Action plan].", "See Appendix 1."),
        ("See [section: background].", "See section 1."),
        ("[Section: Background] tells.", "Section 1 tells."),
        ("See [section: The visit].", "See section 1.2."),
        ("See [section: Appendices].", "See section “Appendices”."),
        ("See [section: Nowhere].", "See [section: Nowhere]."),
        ("See [appendix: Background].", "See [appendix: Background]."),
        ("See [appendix Action plan].", "See [appendix Action plan]."),
        ("[section: [section: nowhere]]", "[section: [section: nowhere]]"),
    ],
)
def test_references(typed: str, printed: str) -> None:
    assert said(typed) == printed


def test_reference_in_other_styles() -> None:
    numbering = Numbering(
        SectionStyle.POINT, appendices=AppendixStyle.LETTERS, appendix_word="Annex"
    )
    assert said("[appendix: action plan], [section: background]", numbering=numbering) == (
        "Annex A, section 1"
    )
    plain = Numbering(SectionStyle.NONE, ParagraphStyle.NONE, appendices=AppendixStyle.NONE)
    assert said("[appendix: action plan], [section: background]", numbering=plain) == (
        "appendix “Action plan”, section “Background”"
    )


def test_ambiguous_reference_stays_as_typed() -> None:
    assert said("[section: background]", Section("BACKGROUND", WORDS)) == "[section: background]"
    plain = Numbering(SectionStyle.NONE, ParagraphStyle.NONE)
    again = Section("Background", WORDS)
    assert said("[section: background]", again, numbering=plain) == "[section: background]"


def test_every_text_is_resolved_and_loose_ones_are_listed() -> None:
    typed = "[appendix: action plan] [section: nowhere]"
    blocks: tuple[Block, ...] = (
        Paragraph(typed),
        Bullets((typed,)),
        Items((Item((typed,), label=typed, sign_off=typed),), lead_in=typed),
        LabelTable("Front", (LabelRow(typed, (Paragraph(typed),), sign_off=typed),)),
        Facts(((typed, typed),)),
        Lines(((typed, typed),)),
        DataTable(typed, (TableColumn("A"),), ((Cell(typed),),), words=typed),
        AppendixList((AppendixEntry("Other", note=typed),), words=typed),
    )
    given = replace(
        report(APPENDICES, Section("Text", blocks)), notices=(typed,), masthead=(typed,)
    )
    told = repr(numbered(given))
    assert "[appendix:" not in told
    assert told.count("Appendix 1 [section: nowhere]") == 20
    assert loose_references(given) == ("[section: nowhere]",)
    assert loose_references(numbered(given)) == ("[section: nowhere]",)


def test_headings_and_titles_are_not_resolved_but_listed() -> None:
    given = replace(
        report(
            Section("[section: A]", (SubHeading("[section: B]"),)),
            Section("Appendices", (AppendixList((AppendixEntry("[appendix: C]"),)),)),
        ),
        title="[section: D]",
    )
    assert loose_references(given) == (
        *("[section: D]", "[section: A]", "[section: B]", "[appendix: C]"),
    )


def test_nothing_is_loose_in_a_sound_report() -> None:
    assert loose_references(everything()) == ()


@pytest.mark.parametrize("paper", PAPERS)
def test_numbering_again_changes_nothing(paper: str) -> None:
    once = numbered(PAPERS[paper]())
    assert numbered(once) == once


PIECES = st.sampled_from(
    ["[section: ", "[Appendix: ", "A", "b ", "] ", "]", "Appendix 1", "section 1", "“", "”"]
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


@given(
    st.lists(st.tuples(TEXTS, st.booleans(), st.lists(TEXTS, max_size=3)), max_size=4),
    st.lists(TEXTS, max_size=3),
    st.sampled_from(SectionStyle),
    st.sampled_from(ParagraphStyle),
    st.sampled_from(AppendixStyle),
)
def test_numbering_is_idempotent(
    sections: list[tuple[str, bool, list[str]]],
    appendices: list[str],
    style: SectionStyle,
    paragraphs: ParagraphStyle,
    letters: AppendixStyle,
) -> None:
    parts = [
        Section(heading, tuple(map(Paragraph, texts)), is_numbered)
        for heading, is_numbered, texts in sections
    ]
    parts.append(Section("Z", (AppendixList(tuple(map(AppendixEntry, appendices))),)))
    numbering = Numbering(style, paragraphs, appendices=letters)
    once = numbered(report(*parts, numbering=numbering))
    assert numbered(once) == once
