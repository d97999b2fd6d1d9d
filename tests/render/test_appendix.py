"""The appendix: accessible in every variant, escaped, marked when it is not for publication."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from peerplan.render.appendix import (
    AppendixDocument,
    CountTable,
    RecommendationSection,
    Run,
    Status,
    appendix_html,
)
from peerplan.render.charts import ORDER, Segment, StackedBar
from peerplan.render.pdf import STATIC, Pdf, fingerprint, html_to_pdf
from tests.render import samples
from tests.render.reading import elements, failures, opened
from tests.render.test_charts import contrast


def long_commentary() -> AppendixDocument:
    words = ("A sentence about the work that was done in the last quarter. " * 165,)
    rows = (
        samples.action("1.1"),
        samples.action("1.2", "red", commentary=words),
        samples.action("1.3"),
    )
    section = RecommendationSection("Recommendation 1", "Tell it all", actions=rows)
    return replace(samples.plan(1, 1), sections=(section,))


def without_measures() -> AppendixDocument:
    document = samples.plan(2, 3)
    sections = [
        replace(section, actions=[replace(action, measure=()) for action in section.actions])
        for section in document.sections
    ]
    return replace(document, sections=sections)


VARIANTS: dict[str, Callable[[], AppendixDocument]] = {
    "full": samples.plan,
    "exceptions only": lambda: samples.plan(exceptions_only=True),
    "exempt": lambda: samples.plan(marking=samples.MARKING),
    "empty": samples.empty_plan,
    "one action": lambda: samples.plan(1, 1),
    "no action under a recommendation": lambda: samples.plan(2, 0),
    "no measures": without_measures,
    "ten thousand characters": long_commentary,
}


def made(document: AppendixDocument) -> Pdf:
    return html_to_pdf(appendix_html(document))


def text_of(pdf: Pdf, tmp_path: Path) -> list[str]:
    """The text of each page, as poppler reads it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed (Debian package poppler-utils)")
    path = tmp_path / "appendix.pdf"
    path.write_bytes(pdf.content)
    told = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return told.stdout.decode().split("\f")[:-1]


@pytest.mark.parametrize("variant", VARIANTS)
def test_checker_finds_nothing(variant: str) -> None:
    assert failures(made(VARIANTS[variant]()).content) == []


def test_a_thousand_actions_in_long_tables() -> None:
    document = samples.plan(4, 250)
    short = [
        replace(
            section,
            actions=[
                replace(action, commentary=("Done.",), more=(), measure=("Yes.",), title="Act")
                for action in section.actions
            ],
        )
        for section in document.sections
    ]
    pdf = made(replace(document, sections=short))
    assert failures(pdf.content) == []
    tree = opened(pdf.content)
    tables = elements(tree, "/Table")
    assert len(tables) == 2 + 4
    assert pdf.pages > 30
    rows = [kid for kid in elements(tree, "/TR") if kid.P.S == "/TBody"]
    assert len(rows) >= 1000


def test_same_document_gives_the_same_bytes() -> None:
    assert made(samples.plan(2, 3)).content == made(samples.plan(2, 3)).content


def test_any_change_gives_another_fingerprint() -> None:
    document = samples.plan(2, 3)
    changed = replace(document, notes=("Another note.",))
    assert fingerprint(appendix_html(document)) == fingerprint(appendix_html(document))
    assert fingerprint(appendix_html(document)) != fingerprint(appendix_html(changed))


def test_file_says_what_it_is() -> None:
    document = opened(made(samples.plan(1, 1)).content)
    info = document.docinfo
    assert str(info.Title) == "Corporate Peer Challenge action plan, Ashdale District Council"
    assert str(info.Author) == "Ashdale District Council"
    assert str(info.CreationDate) == str(info.ModDate) == "D:20250612"
    undated = opened(made(samples.empty_plan()).content)
    assert "/CreationDate" not in undated.docinfo


def test_label_and_notices_stand_over_the_title(tmp_path: Path) -> None:
    notices = ("Draft: figures to be checked.", "Provisional.")
    document = replace(samples.plan(1, 2), label="Appendix 1", notices=notices)
    pdf = made(document)
    assert failures(pdf.content) == []
    told = " ".join(text_of(pdf, tmp_path)[0].split())
    assert (
        "Draft: figures to be checked. Provisional. Appendix 1 Corporate Peer Challenge action plan"
        in told
    )
    title = "Appendix 1: Corporate Peer Challenge action plan, Ashdale District Council"
    assert str(opened(pdf.content).docinfo.Title) == title


def test_appendix_without_label_or_notices_has_no_room_for_them() -> None:
    html = appendix_html(samples.plan(1, 2))
    assert 'class="notice"' not in html
    assert 'class="label"' not in html
    assert "<main>\n<h1>" in html


def test_first_page_tells_where_it_stands_and_every_page_is_numbered(tmp_path: Path) -> None:
    pages = text_of(made(samples.plan()), tmp_path)
    assert "Where the plan stands" in pages[0]
    assert "What members are asked to note" in pages[0]
    assert "28 of 30 actions are complete or on track" in " ".join(pages[0].split())
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert "Appendix 1: Corporate Peer Challenge action plan, June 2025" in text


def test_restricted_copy_is_marked_on_every_page(tmp_path: Path) -> None:
    pages = text_of(made(samples.plan(3, 4, marking=samples.MARKING)), tmp_path)
    assert len(pages) > 2
    for text in pages:
        assert text.count(samples.MARKING) >= 1


def test_exempt_action_is_marked_in_its_row() -> None:
    html = appendix_html(samples.plan(3, 4, marking=samples.MARKING))
    assert html.count(f'<p class="exempt">{samples.MARKING}</p>') == 3


def test_public_copy_has_no_marking(tmp_path: Path) -> None:
    assert "Not for publication" not in "".join(text_of(made(samples.plan(1, 2)), tmp_path))


def test_table_head_is_repeated_on_every_page_of_a_long_table(tmp_path: Path) -> None:
    pages = text_of(made(samples.plan(1, 40)), tmp_path)
    with_rows = [text for text in pages if re.search(r"^ *1\.\d+ +Strengthen", text, re.M)]
    assert len(with_rows) > 3
    for text in with_rows[1:]:
        assert "Progress at June 2025" in text


def test_one_heading_and_one_table_for_each_recommendation() -> None:
    tree = opened(made(samples.plan(6, 5)).content)
    headings = [str(element.S) for element in elements(tree) if re.match("/H[1-6]", str(element.S))]
    assert headings[0] == "/H1"
    assert set(headings[1:]) == {"/H2"}
    assert len(headings) == 1 + 3 + 6 + 1
    assert len(elements(tree, "/Table")) == 2 + 6


def test_charts_are_figures_with_what_they_say() -> None:
    tree = opened(made(samples.plan(1, 2)).content)
    figures = elements(tree, "/Figure")
    assert [str(figure.Alt).partition(":")[0] for figure in figures] == ["June 2025", "March 2025"]


def test_status_is_told_in_words_with_what_it_was(tmp_path: Path) -> None:
    text = "".join(text_of(made(samples.plan()), tmp_path))
    for words in ("Red", "Amber", "was Green in March", "Forecast: Green", "was 31 May 2025"):
        assert words in text
    assert "Decision sought:" in text
    assert "Recovery plan:" in text


def test_everything_typed_is_escaped() -> None:
    evil = "<script>alert(1)</script><img src=http://x/>"
    document = samples.plan(1, 1)
    action = samples.action(
        evil,
        title=evil,
        lead=evil,
        due=evil,
        status=Status("red", evil),
        was=evil,
        forecast=evil,
        was_due=evil,
        commentary=(evil, evil),
        measure=(evil,),
        notes=(evil,),
        exempt=evil,
    )
    section = RecommendationSection(
        evil, evil, (evil,), ((evil, evil),), evil, evil, (action,), (evil,), evil
    )
    html = appendix_html(
        replace(
            document,
            council_name=evil,
            title=evil,
            lead=(Run(evil), Run(evil, strong=True)),
            bar_now=StackedBar(evil, (Segment("red", evil, 3),)),
            subtitle_lines=(evil,),
            sections=(section,),
            notes=(evil,),
            footer=evil,
            marking=evil,
            progress_heading=evil,
            measure_heading=evil,
            description=evil,
            language='en" onload="x',
            label=evil,
            notices=(evil,),
        )
    )
    assert "<script" not in html
    assert "<img" not in html
    assert 'onload="x"' not in html


def test_brand_can_only_be_a_colour() -> None:
    with pytest.raises(ValueError, match="#12324f"):
        replace(samples.empty_plan(), brand="red}</style><script>")


def test_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        Status("purple", "Purple")


def test_exceptions_link_to_their_actions_and_each_anchor_is_used_once() -> None:
    document = samples.plan(2, 5)
    twice = replace(document, sections=(*document.sections, document.sections[0]))
    html = appendix_html(twice)
    anchors = re.findall(r'id="(action-\d+)"', html)
    assert len(anchors) == len(set(anchors)) == 10
    links = re.findall(r'href="#(action-\d+)"', html)
    assert links
    assert set(links) <= set(anchors)


def test_exception_that_is_not_printed_below_has_no_link() -> None:
    document = replace(samples.plan(2, 5), sections=())
    assert "href=" not in appendix_html(document)


def test_column_that_nobody_filled_is_left_out() -> None:
    assert "Success measure" in appendix_html(samples.plan(1, 1))
    assert "Success measure" not in appendix_html(without_measures())


def test_few_exceptions_stand_beside_the_counts_and_many_above_them() -> None:
    document = samples.plan()
    few = appendix_html(replace(document, exceptions=document.exceptions[:3]))
    many = appendix_html(replace(document, exceptions=document.exceptions * 5))
    assert '<div class="two">' in few
    assert '<div class="stacked">' in many
    wide = replace(
        document,
        exceptions=(),
        counts=CountTable("By theme", "Theme", [samples.status(key) for key in ORDER], (), TOTAL),
    )
    assert '<div class="stacked">' in appendix_html(wide)


TOTAL = samples.plan().counts.total  # type: ignore[union-attr]


@pytest.mark.parametrize("exceptions", [0, 2, 4, 5, 12, 60])
@pytest.mark.parametrize("marking", ["", samples.MARKING])
def test_first_page_is_never_left_half_empty(exceptions: int, marking: str, tmp_path: Path) -> None:
    document = samples.plan(1, 1, marking=marking)
    row = samples.plan().exceptions[0]
    first = text_of(made(replace(document, exceptions=(row,) * exceptions)), tmp_path)[0]
    assert "What members are asked to note" in first


@pytest.mark.parametrize("key", ORDER)
def test_every_status_has_a_shape_and_readable_colours(key: str) -> None:
    styles = (STATIC / "base.css").read_text()
    rule = re.search(rf"\.rag\.{key} \{{([^}}]*)\}}", styles)
    assert rule is not None
    said = dict(part.strip().split(": ", 1) for part in rule[1].split(";") if part.strip())
    assert said["background-image"] == f'url("static:///shapes/{key}.svg")'
    assert (STATIC / "shapes" / f"{key}.svg").is_file()
    fill, ink = (
        "#ffffff" if colour == "#fff" else colour
        for colour in (said["background-color"], said["color"])
    )
    assert contrast(fill, ink) >= 4.5
    assert contrast(said["border-color"], "#ffffff") >= 3
