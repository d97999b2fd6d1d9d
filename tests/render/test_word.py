"""Word files: real styles, heads that repeat, and the numbers that every other face has."""

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph as WordParagraph

from peerplan.render.appendix import (
    AppendixDocument,
    RatingMeaning,
    RecommendationSection,
    Run,
    Status,
)
from peerplan.render.charts import LOOKS, ORDER, Segment, StackedBar
from peerplan.render.numbering import numbered
from peerplan.render.report import (
    AppendixEntry,
    AppendixList,
    Bullets,
    Chart,
    Item,
    Items,
    Logo,
    Numbering,
    Paragraph,
    Report,
    Section,
    SubHeading,
)
from peerplan.render.word import appendix_docx, report_docx
from peerplan.render.word.markup import SHAPES
from tests.render import papers, samples
from tests.render.papers import PAPERS, everything, front_sheet
from tests.render.test_charts import contrast
from tests.render.test_report import ODD, of_words


def opened(content: bytes) -> Docx:
    return docx.Document(io.BytesIO(content))


@cache
def file(paper: str) -> bytes:
    return report_docx(PAPERS[paper]())


@cache
def appendix() -> bytes:
    return appendix_docx(
        replace(samples.plan(3, 4), label="Appendix 1", notices=("Draft: not agreed.",))
    )


def paragraphs(document: Docx) -> Iterator[WordParagraph]:
    """Every paragraph of the body, also those in tables and in tables within tables."""
    for element in document.element.body.iter(qn("w:p")):
        yield WordParagraph(element, document)  # type: ignore[arg-type]


def tables(document: Docx) -> list[Table]:
    return [Table(element, document) for element in document.element.body.iter(qn("w:tbl"))]


def text(content: bytes) -> str:
    """Everything in the body, with single spaces."""
    told = " ".join(paragraph.text for paragraph in paragraphs(opened(content)))
    return " ".join(told.split())


def styles_of(document: Docx) -> dict[str, str]:
    """The style of each paragraph by its text."""
    return {
        paragraph.text: paragraph.style.name
        for paragraph in paragraphs(document)
        if paragraph.style is not None and paragraph.style.name is not None
    }


def has(row: Any, name: str) -> bool:
    """Whether a row itself has a property."""
    return row.trPr is not None and row.trPr.find(qn(name)) is not None


# --- Texts and numbers --------------------------------------------------------------------------


@pytest.mark.parametrize("paper", PAPERS)
def test_every_text_is_there_with_the_number_of_the_other_faces(paper: str) -> None:
    told = text(file(paper))
    for words in papers.told(numbered(PAPERS[paper]())):
        if words not in ("Actions by rating, June 2025", "Nothing yet"):
            assert words.strip() in told


@pytest.mark.parametrize(
    ("paper", "lines"),
    [
        (
            "front sheet",
            {
                "What the peers said on their return": "Title",
                "1.0\tBackground": "Heading 1",
                "1.3\tTheir letter is Appendix 2.": "Numbered paragraph",
                "2)\tEndorses the actions in Appendix 1.": "Table item",
                "THAT CABINET:": "Table lead-in",
                "hear what had been learned so far": "List Bullet 2",
                "Homes": "Table bullet",
                "Policies and other considerations": "Heading 1",
                "Risks": "Table label",
                "Recommendations": "Table label reversed",
                "Signed off by the Monitoring Officer: Yes, 11 June 2025": "Table sign-off",
                "Appendix 2: Letter of the peer team": "Appendix entry",
            },
        ),
        (
            "scrutiny front sheet",
            {
                "Five themes were covered.": "Indented paragraph",
                "2.2\tIt was given papers.": "Numbered paragraph",
            },
        ),
        (
            "two bodies",
            {
                "3.3\tThat Overview and Scrutiny follow its delivery.": "Numbered recommendation",
                "Background documents": "Heading 1",
                "Appendix C: Minute of Overview and Scrutiny (Cabinet only)": "Appendix entry",
            },
        ),
        (
            "to council",
            {
                "2.\tRECOMMENDATIONS": "Heading 1",
                "Members are asked to:": "Recommendation lead-in",
                "(ii)\tagree the actions at Appendix 1.": "Recommendation",
                "3.1\tBackground": "Heading 2",
                "3.1.2\tOf many:": "Numbered paragraph",
                "(i)\tImpact on customers: None.": "Numbered item",
                "\tBut see above.": "Numbered item",
                "Signed off by Audit: Yes": "Sign-off",
            },
        ),
    ],
)
def test_numbers_and_styles(paper: str, lines: dict[str, str]) -> None:
    styles = styles_of(opened(file(paper)))
    assert {line: styles.get(line) for line in lines} == lines


def test_who_reports_stands_above_the_title() -> None:
    words = text(file("two bodies"))
    assert words.index("Director of Resources") < words.index("SUBJECT: THE PEER CHALLENGE")


@pytest.mark.parametrize(("kicker", "style"), [("", "Title"), ("Subject", "Kicker")])
def test_title_stands_apart_from_the_lines_above_it(kicker: str, style: str) -> None:
    report = replace(PAPERS["two bodies"](), kicker=kicker)
    above = [
        one.style.name
        for one in paragraphs(opened(report_docx(report)))
        if one.style is not None and one.paragraph_format.space_before
    ]
    assert above[0] == style


def test_numbered_paragraphs_hang() -> None:
    document = opened(file("front sheet"))
    for name in ("Numbered paragraph", "Numbered item", "Recommendation", "Table item"):
        style = document.styles[name]
        assert style.paragraph_format.first_line_indent < 0  # type: ignore[attr-defined]
    heading = next(part for part in document.paragraphs if part.text == "1.0\tBackground")
    assert heading.paragraph_format.first_line_indent < 0  # type: ignore[operator]


def test_heading_without_a_number_stands_over_its_text() -> None:
    asked = SubHeading("What was asked", is_numbered=False)
    section = Section("Visit", (Paragraph("They came."), asked, Paragraph("Yes.", False)))
    document = opened(report_docx(Report("Ashdale", "T", Numbering(), (section,))))
    heading = next(part for part in document.paragraphs if part.text == "What was asked")
    text_style = document.styles["Indented paragraph"]
    indented = text_style.paragraph_format.left_indent  # type: ignore[attr-defined]
    assert heading.paragraph_format.left_indent == indented > 0


def test_words_that_lead_into_a_list_stay_with_it() -> None:
    section = Section(
        "Next", [Paragraph("The plan goes to:"), Bullets(["Cabinet"]), Paragraph("It.")]
    )
    document = opened(report_docx(numbered(replace(papers.front_sheet(), sections=(section,)))))
    kept = {each.text.strip(): each.paragraph_format.keep_with_next for each in document.paragraphs}
    assert next(keep for words, keep in kept.items() if words.endswith("goes to:"))
    assert not next(keep for words, keep in kept.items() if words.endswith("It."))


def test_headings_go_down_one_at_a_time() -> None:
    names = [name for name in styles_of(opened(file("everything"))).values() if "eading" in name]
    assert {"Heading 1", "Heading 2"} <= set(names)
    levels = [
        int(part.style.name[-1])
        for part in opened(file("everything")).paragraphs
        if part.style is not None and (part.style.name or "").startswith("Heading")
    ]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_style_in_use_is_defined() -> None:
    for content in (*map(file, PAPERS), appendix()):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheet = parts.read("word/styles.xml").decode()
            known = set(re.findall(r'w:styleId="(\w+)"', sheet))
            for part in ("document", "header1", "footer1"):
                if f"word/{part}.xml" in parts.namelist():
                    markup = parts.read(f"word/{part}.xml").decode()
                    used = set(re.findall(r'<w:(?:p|tbl)Style w:val="(\w+)"', markup))
                    assert used <= known
            based = set(re.findall(r'<w:(?:basedOn|next) w:val="(\w+)"', sheet))
            assert based
            assert based <= known
            lists = parts.read("word/numbering.xml").decode()
            assert set(re.findall(r'<w:pStyle w:val="(\w+)"', lists)) <= known
            assert set(re.findall(r'<w:numId w:val="(\w+)"', sheet)) == set(
                re.findall(r'<w:num w:numId="(\w+)"', lists)
            )


# --- Tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [lambda: file("everything"), appendix], ids=["report", "plan"])
def test_heads_repeat_and_short_rows_are_not_cut(content: Callable[[], bytes]) -> None:
    found = tables(opened(content()))
    assert len(found) >= 5
    for table in found:
        style = table.style.name if table.style else ""
        rows = table._tbl.tr_lst
        heads = [row for row in rows if has(row, "w:tblHeader")]
        assert heads == ([] if style == "PeerPlan labels" else [rows[0]])
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
        look = table._tbl.tblPr.find(qn("w:tblLook"))
        assert look.get(qn("w:firstRow")) == str(int(bool(heads)))
        for row in rows:
            words = "".join(part.text or "" for part in row.iter(qn("w:t")))
            if len(words) < 1300 and row.find(f".//{qn('w:tbl')}") is None:
                assert has(row, "w:cantSplit")


def test_row_longer_than_half_a_page_may_be_cut() -> None:
    rows = [
        row
        for table in tables(opened(file("everything")))
        for row in table._tbl.tr_lst
        if "It goes on and on" in "".join(part.text or "" for part in row.iter(qn("w:t")))
    ]
    assert len(rows) == 1
    assert not has(rows[0], "w:cantSplit")


@pytest.mark.parametrize("content", [lambda: file("everything"), appendix], ids=["report", "plan"])
def test_columns_add_up_and_every_row_has_them_all(content: Callable[[], bytes]) -> None:
    for table in tables(opened(content())):
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.iterchildren()]
        whole = int(table._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w")))
        assert sum(grid) == whole
        assert min(grid) > 300
        for row in table._tbl.tr_lst:
            assert [cell.width.twips for cell in row.tc_lst] == grid
            for cell in row.tc_lst:
                assert cell[-1].tag == qn("w:p")


def test_tables_fit_the_page() -> None:
    for content in (file("everything"), appendix()):
        document = opened(content)
        section = document.sections[0]
        room = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
        for table in tables(document):
            width = int(table._tbl.tblPr.find(qn("w:tblW")).get(qn("w:w")))
            assert width * 635 <= room + 635


def test_total_is_marked_as_the_last_row() -> None:
    looks = {
        table.cell(0, 0).text: table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:lastRow"))
        for table in tables(opened(file("everything")))
    }
    assert looks["Theme"] == "1"
    assert looks["Ref"] == "0"


def test_a_link_is_a_field_that_leads_to_its_address() -> None:
    told = [each.text for each in opened(file("everything")).element.iter(qn("w:instrText"))]
    assert f' HYPERLINK "{papers.ADDRESS}" ' in told


# --- Status -------------------------------------------------------------------------------------


def test_every_status_has_a_shape() -> None:
    assert set(SHAPES) == set(ORDER)
    assert len(set(SHAPES.values())) == len(ORDER) - 1
    assert SHAPES["claimed"] == SHAPES["complete"]


@pytest.mark.parametrize("key", ORDER)
def test_status_is_shape_word_and_readable_colours(key: str) -> None:
    action = samples.action("1.1", key)
    section = RecommendationSection("Recommendation 1", "One", actions=(action,))
    content = appendix_docx(replace(samples.plan(1, 1), sections=(section,)))
    told = f"{SHAPES[key]}\xa0{samples.WORDS[key]}"
    runs = [
        run
        for paragraph in paragraphs(opened(content))
        for run in paragraph.runs
        if run.text.strip("\xa0") == told
    ]
    assert runs
    for run in runs:
        properties: Any = run._r.rPr
        ink = f"#{properties.find(qn('w:color')).get(qn('w:val'))}"
        shade, edge = properties.find(qn("w:shd")), properties.find(qn("w:bdr"))
        fill = f"#{shade.get(qn('w:fill'))}" if shade is not None else "#FFFFFF"
        assert fill.lower() == LOOKS[key].fill
        assert (edge is None) == (fill != "#FFFFFF")
        assert contrast(fill.lower(), ink.lower()) >= 4.5


def test_chart_is_a_table_of_its_numbers() -> None:
    chart = next(
        table for table in tables(opened(file("front sheet"))) if table.cell(0, 0).text == "Rating"
    )
    told = [[cell.text.strip("\xa0") for cell in row.cells] for row in chart.rows]
    assert told == [
        ["Rating", "Actions"],
        ["■\xa0Red", "1"],
        ["▲\xa0Amber", "2"],
        ["●\xa0Green", "6"],
        ["✓\xa0Complete", "4"],
        ["○\xa0Not started", "1"],
        ["All", "14"],
    ]


def test_chart_of_nothing_says_so() -> None:
    chart = Chart(StackedBar("So far", ()))
    assert "So far No actions." in text(
        report_docx(Report("Ashdale", "T", Numbering(), (Section("S", (chart,)),)))
    )


# --- The file -----------------------------------------------------------------------------------


def test_file_says_what_it_is_and_when() -> None:
    properties = opened(file("front sheet")).core_properties
    assert properties.title == "What the peers said on their return"
    assert properties.author == properties.last_modified_by == "Ashdale District Council"
    assert properties.subject == "Progress on the peer challenge"
    assert properties.language == "en-GB"
    assert properties.comments == ""
    assert properties.created == properties.modified == datetime.fromisoformat("2025-06-12T09:00Z")
    plan = opened(appendix()).core_properties
    assert plan.title == "Appendix 1: Corporate Peer Challenge action plan"
    undated = opened(appendix_docx(samples.empty_plan())).core_properties
    assert undated.created is None
    assert undated.modified is None


def test_title_too_long_for_a_property_is_cut_there_only() -> None:
    title = "A long title. " * 40
    document = opened(report_docx(replace(front_sheet(), title=title)))
    assert len(document.core_properties.title) == 255
    assert title.strip() in [part.text.strip() for part in document.paragraphs]


@pytest.mark.parametrize("content", [lambda: file("front sheet"), appendix], ids=["report", "plan"])
def test_language_is_set_for_all_text(content: Callable[[], bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(content())) as parts:
        styles = parts.read("word/styles.xml").decode()
        settings = parts.read("word/settings.xml").decode()
        everywhere = b"".join(map(parts.read, parts.namelist())).decode(errors="ignore")
    assert '<w:lang w:val="en-GB" w:eastAsia="en-GB"' in styles
    assert '<w:themeFontLang w:val="en-GB"' in settings
    assert "en-US" not in everywhere


def test_nothing_of_the_template_remains() -> None:
    with zipfile.ZipFile(io.BytesIO(file("front sheet"))) as parts:
        names = parts.namelist()
        told = b"".join(map(parts.read, names)).decode(errors="ignore")
    assert not [name for name in names if re.search("thumbnail|customXml|WithEffects", name)]
    assert "python-docx" not in told
    assert "Macintosh" not in told
    assert len(file("front sheet")) < 30_000


def test_same_document_gives_the_same_bytes() -> None:
    first = report_docx(everything()), appendix_docx(samples.plan(2, 3))
    time.sleep(2.1)
    assert (report_docx(everything()), appendix_docx(samples.plan(2, 3))) == first


def test_list_of_appendices_is_kept_on_one_page() -> None:
    entries = tuple(AppendixEntry(name) for name in ("Plan", "Report", "Minute"))
    section = Section("Appendices", (AppendixList(entries),), is_numbered=False)
    document = opened(report_docx(Report("Ashdale", "T", Numbering(), (section,))))
    listed = [part for part in document.paragraphs if part.text.startswith("Appendix ")]
    assert [part.paragraph_format.keep_with_next for part in listed] == [True, True, None]


def test_logo_has_words_and_keeps_its_shape() -> None:
    document = opened(file("everything"))
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == "Ashdale District Council"
    assert shape.width == pytest.approx(3 * shape.height, rel=0.01)
    wide = replace(front_sheet(), logo=Logo(papers.png(3000, 400), "image/png", ""))
    (shape,) = opened(report_docx(wide)).inline_shapes
    assert shape._inline.docPr.get("descr") == "Logo of Ashdale District Council"
    assert shape.width.mm == pytest.approx(55, abs=0.1)


@pytest.mark.parametrize("length", [0, 5, 20, 40, 60])
def test_broken_logo_is_left_out(length: int) -> None:
    content = papers.png()[:length] + b"\xff" * 20
    report = replace(front_sheet(), logo=Logo(content, "image/png", "Logo"))
    assert "Background" in text(report_docx(report))


def test_foot_has_title_and_page_numbers() -> None:
    for content in (file("front sheet"), appendix()):
        foot = opened(content).sections[0].footer._element
        fields = [field.get(qn("w:instr")).strip() for field in foot.iter(qn("w:fldSimple"))]
        assert fields == ["PAGE", "NUMPAGES"]
    foot = opened(file("front sheet")).sections[0].footer.paragraphs[0]
    assert foot.text.startswith("Cabinet, 24 June 2025: What the peers said on their return\t")


def test_restricted_copy_is_marked_in_its_head_and_its_text() -> None:
    for content, marking in (
        (file("everything"), papers.RESTRICTED),
        (appendix_docx(samples.plan(1, 2, marking=samples.MARKING)), samples.MARKING),
    ):
        document = opened(content)
        assert [part.text for part in document.sections[0].header.paragraphs] == [marking]
        assert document.paragraphs[0].text == marking
    public = opened(file("front sheet"))
    assert "".join(part.text for part in public.sections[0].header.paragraphs) == ""
    assert "Not for publication" not in text(file("front sheet"))


def test_papers_stand_upright_and_appendices_lie() -> None:
    section = opened(file("front sheet")).sections[0]
    assert section.orientation == WD_ORIENT.PORTRAIT
    section = opened(appendix()).sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width.mm == pytest.approx(297, abs=0.1)  # type: ignore[union-attr]


# --- The appendix -------------------------------------------------------------------------------


def appendix_words(document: AppendixDocument) -> Iterator[str]:
    yield from (document.council_name, document.title, document.label, *document.notices)
    yield from (*document.subtitle_lines, *document.notes, document.marking)
    yield "".join(run.text for run in document.lead)
    for meaning in document.rating_key:
        yield meaning.meaning
    for row in document.exceptions:
        yield from (row.ref, row.title, row.lead, row.needed, row.was)
    for section in document.sections:
        yield from (section.ref, section.heading, *section.wording, *section.also)
        yield from (section.response, section.council_status)
        for label, value in section.meta:
            yield f"{label}: {value}"
        for action in section.actions:
            yield from (action.ref, action.title, action.lead, action.due, action.was_due)
            yield from (action.was, action.forecast, *action.commentary, *action.measure)
            yield from (*action.notes, action.exempt)
            for part in action.more:
                yield f"{part.label}: {part.paragraphs[0]}"


@pytest.mark.parametrize(
    "document",
    [
        lambda: samples.plan(3, 4, marking=samples.MARKING),
        lambda: samples.plan(2, 0),
        lambda: samples.plan(exceptions_only=True),
        samples.empty_plan,
    ],
    ids=["full", "no actions", "exceptions", "empty"],
)
def test_appendix_has_every_text(document: Callable[[], AppendixDocument]) -> None:
    given = replace(document(), label="Appendix 1", notices=("Draft.",))
    told = text(appendix_docx(given))
    for words in appendix_words(given):
        assert " ".join(words.split()) in told
    for empty in (given.sections_words if not given.sections else "",):
        assert empty in told


def test_standing_tells_now_before_change_and_meaning() -> None:
    bars = {"now": (("red", 2), ("green", 3)), "before": (("green", 4),)}
    now, before = (
        StackedBar(title, [Segment(key, samples.WORDS[key], count) for key, count in segments])
        for title, segments in bars.items()
    )
    document = replace(
        samples.empty_plan(),
        bar_now=now,
        bar_before=before,
        rating_key=(RatingMeaning(samples.status("amber"), "at risk"),),
    )
    table = tables(opened(appendix_docx(document)))[0]
    told = [[cell.text.strip("\xa0") for cell in row.cells] for row in table.rows]
    assert told == [
        ["Rating", "now", "before", "Change", "What it means"],
        ["■\xa0Red", "2", "0", "+2", ""],
        ["▲\xa0Amber", "0", "0", "0", "at risk"],
        ["●\xa0Green", "3", "4", "−1", ""],
        ["All", "5", "4", "+1", ""],
    ]


def test_column_that_nobody_filled_is_left_out() -> None:
    assert "Success measure" in text(appendix_docx(samples.plan(1, 1)))
    action = samples.action("1.1", measure=())
    section = RecommendationSection("Recommendation 1", "", actions=(action,))
    told = text(appendix_docx(replace(samples.plan(1, 1), sections=(section,))))
    assert "Success measure" not in told
    assert "Recommendation 1 Ref Action" in told


# --- Odd words ----------------------------------------------------------------------------------


EVIL = "<w:p/>&amp;</w:t>\"'<script>"


@pytest.mark.parametrize("words", [*ODD, EVIL])
def test_odd_words_do_no_harm(words: str) -> None:
    report = replace(of_words(words), language="en-GB")
    told = text(report_docx(report))
    document = replace(
        samples.plan(1, 1),
        council_name=words,
        title=words,
        lead=(Run(words), Run(words, strong=True)),
        bar_now=StackedBar(words, (Segment("red", words, 3),)),
        subtitle_lines=(words,),
        label=words,
        notices=(words,),
        notes=(words,),
        footer=words,
        marking=words,
        progress_heading=words,
        sections=(
            RecommendationSection(
                words,
                words,
                (words,),
                ((words, words),),
                words,
                words,
                (samples.action(words, title=words, status=Status("red", words)),),
            ),
        ),
    )
    told += text(appendix_docx(document))
    if words == EVIL:
        assert told.count(EVIL) > 40


def test_item_without_words_is_an_empty_item() -> None:
    items = Items((Item(()),))
    report = Report("Ashdale", "T", Numbering(), (Section("S", (items,)),))
    assert "1)" in text(report_docx(report))
