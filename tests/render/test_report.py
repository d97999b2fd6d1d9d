"""A report on a page and in a PDF: one text, one set of numbers, accessible and escaped."""

import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from peerplan.render.numbering import numbered
from peerplan.render.pdf import STATIC, Pdf, html_to_pdf
from peerplan.render.report import (
    AppendixEntry,
    AppendixList,
    Bullets,
    Cell,
    Chart,
    DataTable,
    Facts,
    Item,
    Items,
    LabelRow,
    LabelTable,
    Lines,
    Logo,
    Numbering,
    Paragraph,
    Report,
    Section,
    SubHeading,
    TableColumn,
)
from peerplan.render.report_html import REPORT_STYLES, report_body, report_html, report_images
from tests.render import papers
from tests.render.papers import ADDRESS, PAPERS, everything, front_sheet
from tests.render.reading import elements, failures, opened

ESCAPED = ADDRESS.replace("&", "&amp;")
CSS = STATIC.parent / "css" / "paper.css"


def made(report: Report) -> Pdf:
    return html_to_pdf(report_html(report), stylesheets=REPORT_STYLES, images=report_images(report))


@cache
def printed(paper: str) -> Pdf:
    """One of the papers, made once for all tests that only read it."""
    return made(PAPERS[paper]())


def text_of(pdf: Pdf, tmp_path: Path) -> str:
    """The text as poppler reads it, with single spaces."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (Debian package poppler-utils)")
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf.content)
    told = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return " ".join(told.stdout.decode().split())


class Words(HTMLParser):
    """The words of a page, as a reader without styles meets them, and its headings' levels."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.levels: list[int] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag in ("p", "li", "td", "th", "span") or re.fullmatch("h[1-6]", tag):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> Words:
    words = Words()
    words.feed(html)
    return words


def page_text(report: Report) -> str:
    return " ".join("".join(read(report_body(report)).words).split())


@pytest.mark.parametrize("paper", PAPERS)
def test_checker_finds_nothing(paper: str) -> None:
    assert failures(printed(paper).content) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_page_and_pdf_have_every_text_with_its_number(paper: str, tmp_path: Path) -> None:
    report = PAPERS[paper]()
    page, paged = page_text(report), text_of(printed(paper), tmp_path)
    told = list(papers.told(numbered(report)))
    assert len(told) > 10
    for words in told:
        assert words in page
        # A number may stand on its own line: paper is read in columns.
        assert all(part in paged for part in words.split())


@pytest.mark.parametrize(
    ("paper", "lines"),
    [
        (
            "front sheet",
            [
                "THAT CABINET:",
                "1) Notes what the peers saw",
                "2) Endorses the actions in Appendix 1.",
                "1.0 Background",
                "1.3 Their letter is Appendix 2.",
                "3.1 There are none; see section 4 for the budget.",
                "Appendix 2: Letter of the peer team",
            ],
        ),
        (
            "two bodies",
            [
                "2.1 That the plan be considered",
                "3.3 That Overview and Scrutiny follow",
                "4.2 The draft is Appendix B.",
                "Appendix C: Minute of Overview and Scrutiny (Cabinet only)",
            ],
        ),
        (
            "to council",
            [
                "2. RECOMMENDATIONS",
                "(ii) agree the actions",
                "3.1 Background",
                "3.1.2 Of many:",
                "(iii) Impact on risk: Some.",
            ],
        ),
    ],
)
def test_numbers_stand_before_their_texts(paper: str, lines: list[str], tmp_path: Path) -> None:
    report = PAPERS[paper]()
    for text in (page_text(report), text_of(printed(paper), tmp_path)):
        for line in lines:
            assert line in text


def test_who_reports_stands_above_the_title_and_short_facts_below(tmp_path: Path) -> None:
    report = replace(
        PAPERS["two bodies"](),
        kicker="Subject",
        title="Peers in Ashdale",
        sections=(
            Section("", (Lines((("Report of", "Director of Resources"),)),)),
            Section("", (Facts((("Wards affected", "Borough wide"),)),)),
            Section("", (Lines((("Enquiries to", "The office"),)),)),
        ),
    )
    words = ["Director of Resources", "Subject", "Peers in Ashdale", "Borough wide", "The office"]
    for text in (page_text(report), text_of(made(report), tmp_path)):
        assert sorted(words, key=text.index) == words


def test_same_report_gives_the_same_bytes() -> None:
    assert made(everything()).content == printed("everything").content


def test_file_says_what_it_is() -> None:
    document = opened(printed("front sheet").content)
    info = document.docinfo
    assert str(info.Title) == "What the peers said on their return, Ashdale District Council"
    assert str(info.Author) == "Ashdale District Council"
    assert str(info.CreationDate) == str(info.ModDate) == "D:20250612"
    assert str(document.Root.Lang) == "en-GB"


def test_headings_go_down_one_at_a_time_from_the_level_given() -> None:
    for level in (1, 2, 3):
        levels = read(report_body(everything(), level)).levels
        assert levels[0] == min(levels) == level
        assert levels.count(level) == 1
        assert max(levels) == level + 2
        assert all(after - before <= 1 for before, after in pairwise(levels))
    assert max(read(report_body(everything(), 6)).levels) == 6
    with pytest.raises(ValueError, match="level 7"):
        report_body(everything(), 7)


def test_restricted_copy_is_marked_on_every_page(tmp_path: Path) -> None:
    pdf = printed("everything")
    assert pdf.pages > 3
    assert text_of(pdf, tmp_path).count(papers.RESTRICTED) >= pdf.pages - 1
    assert "Not for publication" not in text_of(printed("front sheet"), tmp_path)


def test_every_page_is_numbered_and_carries_the_foot(tmp_path: Path) -> None:
    pdf = printed("everything")
    text = text_of(pdf, tmp_path)
    for number in range(1, pdf.pages + 1):
        assert f"Page {number} of {pdf.pages}" in text
    assert text.count("Cabinet, 24 June 2025: What the peers") == pdf.pages


def test_logo_is_printed_and_described() -> None:
    tree = opened(printed("everything").content)
    alts = [str(figure.Alt) for figure in elements(tree, "/Figure")]
    assert alts[0] == "Ashdale District Council"
    assert [alt.partition(":")[0] for alt in alts[1:]] == [
        *("Actions by rating, June 2025", "Actions by rating, June 2025", "Nothing yet"),
    ]
    assert len(tree.pages[0].get_images()) == 1


def test_logo_without_words_is_still_described() -> None:
    report = replace(front_sheet(), logo=Logo(papers.png(), "image/png", " "))
    assert 'alt="Logo of Ashdale District Council"' in report_html(report)
    assert failures(made(report).content) == []


def test_page_has_a_logo_only_when_it_is_told_where_one_is() -> None:
    assert "<img" not in report_body(everything())
    assert '<img class="logo" src="/c/ashdale/logo"' in report_body(
        everything(), logo_url="/c/ashdale/logo"
    )
    assert "<img" not in report_body(front_sheet(), logo_url="/c/ashdale/logo")


def test_logo_is_what_its_bytes_say() -> None:
    report = replace(front_sheet(), logo=Logo(papers.png(), "image/jpeg", "Logo"))
    assert report_images(report) == {"logo.png": papers.png()}
    report = replace(front_sheet(), logo=Logo(b"\xff\xd8\xff", "image/png", "Logo"))
    assert report_images(report) == {"logo.jpg": b"\xff\xd8\xff"}


def test_broken_logo_leaves_its_words() -> None:
    logo = Logo(papers.png()[:30] + b"\xff" * 50, "image/png", "Crest of Ashdale")
    assert failures(made(replace(front_sheet(), logo=logo)).content) == []


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/png"])
def test_logo_that_is_no_picture_is_left_out(kind: str) -> None:
    report = replace(front_sheet(), logo=Logo(b"<svg/>", kind, "Logo"))
    assert report_images(report) == {}
    assert "<img" not in report_html(report)


def test_page_obeys_a_strict_content_security_policy() -> None:
    html = report_body(everything())
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", html)


def test_every_class_of_a_column_has_a_rule() -> None:
    for share in range(5, 101, 5):
        assert f".w{share} {{" in CSS.read_text()
        assert f".w{share} {{" in (STATIC / "report.css").read_text()


def test_columns_share_the_width() -> None:
    html = report_body(everything())
    assert '<col class="w55"><col class="w20"><col class="w20">' in html
    assert '<col class="w10"><col class="w40"><col class="w20"><col class="w30">' in html


def test_ragged_table_is_refused() -> None:
    with pytest.raises(ValueError, match="a cell for every column"):
        DataTable("Ragged", (TableColumn("A"), TableColumn("B")), ((Cell("1"),),))
    with pytest.raises(ValueError, match="one or more"):
        TableColumn("A", 0)


def test_paragraphs_of_a_cell() -> None:
    assert Cell("One.\n\n Two.\n \nThree\nfour.").paragraphs == ["One.", "Two.", "Three\nfour."]
    table = DataTable("T", (TableColumn("A"),), ((Cell("One.\n\nTwo."),),))
    report = Report("Ashdale", "T", Numbering(), (Section("S", (table,)),))
    assert "<p>One.</p><p>Two.</p>" in report_body(report)


def test_a_cell_leads_to_a_web_address_and_to_nothing_else() -> None:
    assert f'<a href="{ESCAPED}" rel="noreferrer">{ESCAPED}</a>' in report_body(everything())
    with opened(printed("everything").content) as pdf:
        (link,) = [each for page in pdf.pages for each in page.get("/Annots", []) if "/A" in each]
        assert str(link.A.URI) == ADDRESS
    for address in ("javascript:alert(1)", "file:///etc/passwd", 'https://a.example/"', "//b"):
        with pytest.raises(ValueError, match="no web address"):
            Cell("Read it", link=address)


def test_status_is_word_and_shape() -> None:
    assert '<span class="rag red">Red</span>' in report_html(everything())
    body = report_body(everything())
    assert 'class="status status--red"' in body
    assert 'class="rag' not in body


def of_words(words: str) -> Report:
    """A report in which every text is these words; names have the length that columns allow."""
    name = words[:200]
    table = DataTable(
        words,
        (TableColumn(words), TableColumn(words)),
        ((Cell(words), Cell(words, papers.status("red"))),),
        words=words,
    )
    blocks = (
        Paragraph(words),
        SubHeading(words),
        Bullets((words,)),
        Items((Item((words, words), words, words),), words),
        LabelTable(words, (LabelRow(words, (Paragraph(words), SubHeading(words)), words),)),
        Facts(((words, words),)),
        Lines(((words, words),)),
        table,
        replace(table, rows=()),
        Chart(replace(papers.BAR, title=words)),
        AppendixList((AppendixEntry(words, words),)),
        AppendixList((), words),
    )
    return Report(
        name,
        name,
        Numbering(appendix_word=name[:30]),
        (Section(words, blocks), Section(words, (), is_numbered=False)),
        masthead=(name,),
        kicker=name,
        notices=(name,),
        marking=name,
        footer=name,
        description=name,
        logo=Logo(papers.png(), "image/png", words),
        language='en" onload="x',
    )


def test_everything_typed_is_escaped() -> None:
    evil = "<script>alert(1)</script><img src=http://x/>"
    report = of_words(evil)
    for html in (report_html(report), report_body(report, logo_url="/logo")):
        assert "<script" not in html
        assert html.count("<img") == 1
        assert 'onload="x"' not in html


ODD = [
    "",
    " ",
    "\x00\x07\x1b control",
    "\ud800 surrogate",
    "\ufffe\uffff no characters",
    "\u202egnirts sdrawkcab",
    "emoji \U0001f389, 中文, مرحبا",
    "averylongword" * 80,
    "Long words of a long text. " * 600,
    "&amp; ]]> <!-- '\" \\ {{ x }} {% y %}",
]


@pytest.mark.parametrize("words", ODD)
def test_odd_words_do_no_harm(words: str) -> None:
    assert made(of_words(words)).pages >= 1


def test_empty_report_is_a_report() -> None:
    report = Report("Ashdale District Council", "Nothing", Numbering(), ())
    assert failures(made(report).content) == []


def test_brand_can_only_be_a_colour() -> None:
    with pytest.raises(ValueError, match="#12324f"):
        replace(front_sheet(), brand="red}</style><script>")
