"""One composed paper in three faces: the same numbers and words, accessible and well formed."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pypdf
import pytest
from docx import Document

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.compose import compose
from peerplan.papers.drafting import DRAFTERS, load_context
from peerplan.papers.models import (
    IssuedPaper,
    Paper,
    PaperAppendix,
    PaperPart,
    PartKind,
    Placement,
    RouteStep,
)
from peerplan.papers.pack import NEED_DETAILS, light_context, pack_of, read_inputs
from peerplan.papers.services.issues import issue_paper
from peerplan.render.numbering import numbered
from peerplan.render.report import AppendixList, Items, LabelTable, Paragraph, Report, SubHeading
from peerplan.render.report_page import kept_body
from tests.render.reading import failures

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(
    ready: Paper,
    cabinet_step: RouteStep,
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    manager: Person,
    add_appendix: Callable[..., PaperAppendix],
) -> Paper:
    """A paper with everything that can be drafted, a plan of three actions and two appendices."""
    for number in range(1, 4):
        action = act(f"1.{number}")
        post_update(action=action, version=action.version, draft=draft(), author=manager)
    ready.refresh_from_db()
    ready.figures_as_at, ready.figures_known_by = clock.today(), clock.now()
    history.save(ready, author=manager.user)
    context = load_context(ready, cabinet_step)
    for place, (key, drafter) in enumerate(DRAFTERS.items(), start=20):
        part = PaperPart(
            paper=ready,
            position=place,
            kind=PartKind.SECTION,
            placement=Placement.BODY,
            label=drafter.label,
            drafter=key,
            text=drafter.text(context),
            is_required=False,
        )
        history.save(part, author=manager.user)
    background = PaperPart.objects.get(position=6)
    background.text += "\n\n# Under a heading\n\nSee [appendix: Exceptions] & “more”."
    history.save(background, author=manager.user)
    add_appendix("Action plan")
    add_appendix("Exceptions", kind="exceptions")
    return ready


@pytest.fixture
def issued(full: Paper, cabinet_step: RouteStep, democratic: Person) -> IssuedPaper:
    """The paper issued with the real engine."""
    return issue_paper(
        paper=full,
        version=full.version,
        step=cabinet_step,
        reason="",
        is_provisional=False,
        author=democratic,
    )


def plain(text: str) -> str:
    return " ".join(text.split())


def html_text(content: bytes) -> str:
    """What a reader of the page meets; blocks are parted by spaces."""
    body = kept_body(content.decode())
    return plain(unescape(re.sub(r"<[^>]+>", " ", body)))


def pdf_text(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return plain(" ".join(page.extract_text() for page in reader.pages))


def word_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = archive.read("word/document.xml").decode()
    body = re.sub(r"<w:(tab|br)\b[^>]*/>|</w:p>", " ", body)
    return plain(unescape(re.sub(r"<[^>]+>", "", body)))


def numbers(report: Report) -> Iterator[tuple[str, str]]:
    """Every number of a report with the words that follow it."""
    for section in report.sections:
        if section.number:
            yield section.number, section.heading
        yield from _numbers_in(section.blocks)


def _numbers_in(blocks: Any) -> Iterator[tuple[str, str]]:
    for block in blocks:
        match block:
            case Paragraph() | SubHeading() if block.number:
                yield block.number, block.text
            case Items():
                for item in block.items:
                    yield item.number, item.label or item.paragraphs[0]
            case LabelTable():
                for row in block.rows:
                    yield from _numbers_in(row.blocks)
            case AppendixList():
                for entry in block.entries:
                    yield f"{entry.number}:", entry.title
            case _:
                continue


def test_page_pdf_and_word_have_the_same_numbers(
    issued: IssuedPaper, full: Paper, cabinet_step: RouteStep, democratic: Person
) -> None:
    inputs = read_inputs(democratic.council, full.pk)
    step = inputs.step(cabinet_step.pk)
    report = numbered(compose(pack_of(inputs, step, load_context(full, step), is_draft=False)))
    expected = [re.sub(r"\s", "", f"{number}{words}"[:40]) for number, words in numbers(report)]
    assert len(expected) > 40
    held = {each.format: bytes(each.content) for each in issued.documents.filter(position=0)}
    faces = {
        "page": html_text(held["html"]),
        "pdf": pdf_text(held["pdf"]),
        "word": word_text(held["docx"]),
    }
    for name, text in faces.items():
        squeezed = re.sub(r"\s", "", text)
        missing = [each for each in expected if each not in squeezed]
        assert missing == [], name
        assert "See Appendix 2 & “more”." in text or "See appendix 2 & “more”." in text, name


def test_every_pdf_is_accessible(issued: IssuedPaper) -> None:
    for document in issued.documents.filter(format="pdf"):
        assert failures(bytes(document.content)) == [], document.file_name


def test_word_files_open_with_real_headings_language_and_title(issued: IssuedPaper) -> None:
    held = issued.documents.get(position=0, format="docx")
    document = Document(io.BytesIO(bytes(held.content)))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    assert "Heading 1" in styles or "Title" in styles
    assert document.core_properties.title.startswith("Peer challenge: progress")
    assert "1.0 Background" in [
        plain(paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style and paragraph.style.name.startswith("Heading")
    ]
    with zipfile.ZipFile(io.BytesIO(bytes(held.content))) as archive:
        assert b'w:lang w:val="en-GB"' in archive.read("word/styles.xml")


def test_a_preview_draws_the_same_tables_from_fewer_queries(
    full: Paper, cabinet_step: RouteStep, democratic: Person
) -> None:
    parts = PaperPart.objects.filter(drafter__in=NEED_DETAILS)
    for part in parts:
        part.shows_figures = False
        history.save(part, author=democratic.user)
    inputs = read_inputs(democratic.council, full.pk)
    step = inputs.step(cabinet_step.pk)
    for include_exempt in (False, True):
        whole = load_context(full, step, include_exempt=include_exempt)
        light = light_context(inputs, step, include_exempt=include_exempt)
        assert compose(pack_of(inputs, step, light, is_draft=True)) == compose(
            pack_of(inputs, step, whole, is_draft=True)
        )


def test_the_same_paper_gives_the_same_bytes(
    full: Paper, cabinet_step: RouteStep, democratic: Person, pdfs: list[str]
) -> None:
    """A further issue differs in what it says of itself alone."""
    made = []
    for reason in ("", "The same again."):
        full.refresh_from_db()
        made.append(
            issue_paper(
                paper=full,
                version=full.version,
                step=cabinet_step,
                reason=reason,
                is_provisional=False,
                author=democratic,
            )
        )
    assert len(pdfs) == 6
    for first, second in zip(pdfs[:3], pdfs[3:], strict=True):
        said = re.compile(r'<p class="notice">Correction, issue 2, [^<]*The same again\.</p>\s*')
        assert re.sub(r"\s+", " ", said.sub("", second)) == re.sub(r"\s+", " ", first)
