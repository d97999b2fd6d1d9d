"""Each repair of the tag tree, and that it is needed: without it the same check fails."""

from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from weasyprint import HTML

from peerplan.render import finisher
from tests.render.reading import elements, failures, opened, spoken

ROW = "<tr><th scope=row>1.{0}</th><td>Progress number {0}</td></tr>"
LONG_ROW = f"<tr><th scope=row>9.9</th><td>{'<p>One more sentence.</p>' * 90}</td></tr>"
PAGE = (
    "<html lang=en><head><title>A table</title><style>"
    "@page{{size:A5;@bottom-left{{content:'Running foot'}}}}"
    "</style></head><body><h1>A table</h1><p><a href='#end'>To the end</a></p>"
    "<table><thead><tr><th scope=col>Ref</th><th scope=col>Progress</th></tr></thead>"
    "<tbody>{rows}</tbody></table><h2 id=end>End</h2></body></html>"
)
MANY = PAGE.format(rows="".join(ROW.format(number) for number in range(60)))
CUT = PAGE.format(rows=ROW.format(1) + LONG_ROW + ROW.format(2))

REPAIRS = ("join_tables", "set_scopes", "mark_artifacts", "print_links")


def made(html: str) -> bytes:
    content = HTML(string=html).write_pdf(pdf_variant="pdf/ua-1", finisher=finisher.finish)
    assert isinstance(content, bytes)
    return content


def one_table_with_one_head(pdf: pikepdf.Pdf) -> None:
    assert len(pdf.pages) > 2
    assert len(elements(pdf, "/Table")) == 1
    assert len(elements(pdf, "/THead")) == 1
    assert len(elements(pdf, "/TR")) == 61


def every_header_cell_has_a_scope(pdf: pikepdf.Pdf) -> None:
    scopes = [str(cell.A.Scope) for cell in elements(pdf, "/TH")]
    assert scopes.count("/Column") >= 2
    assert scopes.count("/Row") == 60
    assert set(scopes) == {"/Column", "/Row"}


def running_feet_are_artifacts(pdf: pikepdf.Pdf) -> None:
    marks = set()
    for element in elements(pdf):
        for kid in element.get("/K", []):
            if isinstance(kid, int):
                marks.add((element.Pg.StructParents, kid))
    for one in pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(one):
            if str(operator) == "BDC" and "/MCID" in operands[1]:
                assert (one.StructParents, int(operands[1].MCID)) in marks


def links_are_printed(pdf: pikepdf.Pdf) -> None:
    flags = [int(note.get("/F", 0)) for one in pdf.pages for note in one.get("/Annots", [])]
    assert flags == [4]


CLAIMS: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "join_tables": one_table_with_one_head,
    "set_scopes": every_header_cell_has_a_scope,
    "mark_artifacts": running_feet_are_artifacts,
    "print_links": links_are_printed,
}


@pytest.mark.parametrize("repair", REPAIRS)
def test_repair_holds(repair: str) -> None:
    CLAIMS[repair](opened(made(MANY)))


@pytest.mark.parametrize("repair", REPAIRS)
def test_repair_is_still_needed(repair: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finisher, repair, lambda *given: None)
    with pytest.raises((AssertionError, AttributeError)):
        CLAIMS[repair](opened(made(MANY)))


def test_checker_finds_nothing_after_the_repairs() -> None:
    assert failures(made(MANY)) == []
    assert failures(made(CUT)) == []


@pytest.mark.parametrize("tagged", [False, True])
def test_checker_can_find_something(tagged: bool) -> None:
    assert failures(HTML(string=MANY).write_pdf(pdf_tags=tagged))


def test_row_cut_by_a_page_end_is_one_row_with_all_its_text() -> None:
    pdf = opened(made(CUT))
    assert len(pdf.pages) > 2
    rows = elements(pdf, "/TR")
    assert len(rows) == 4
    assert [len(row.K) for row in rows] == [2, 2, 2, 2]
    paragraphs = [kid for kid in rows[2].K[1].K if kid.get("/S") == "/P"]
    assert len(paragraphs) == 90
    assert all(kid.P.objgen == rows[2].K[1].objgen for kid in paragraphs)


def test_cells_of_later_pages_name_headers_that_exist() -> None:
    pdf = opened(made(MANY))
    names = {bytes(cell.ID) for cell in elements(pdf, "/TH")}
    cells: list[Any] = elements(pdf, "/TD")
    assert len(cells) == 60
    for cell in cells:
        headers = [bytes(header) for header in cell.A.Headers]
        assert len(headers) == 2
        assert set(headers) <= names


def test_running_feet_and_repeated_heads_are_silent() -> None:
    pdf = opened(made(MANY))
    # A foot on every page and, on every page but the first, two cells of a repeated head.
    expected = len(pdf.pages) + 2 * (len(pdf.pages) - 1)
    assert spoken(pdf).count("/Artifact") >= expected
