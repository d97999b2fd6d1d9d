"""Reads a finished PDF back: what a checker finds in it and what a screen reader meets."""

import io
from collections.abc import Iterator
from typing import Any

import page
import pikepdf


def failures(content: bytes) -> list[tuple[str, str]]:
    """What 104 rules of PDF/UA-1 find wrong: rule and message."""
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.total >= 100, "the checker knows fewer rules than it should"
    return [(failure.rule_id, failure.message) for failure in report.failures]


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def elements(pdf: pikepdf.Pdf, kind: str | None = None) -> list[Any]:
    """The structure elements of a kind ("/TH"), in reading order."""
    return [
        element
        for element in _below(pdf.Root.StructTreeRoot.K)
        if kind is None or element.get("/S") == kind
    ]


def _below(kid: Any) -> Iterator[Any]:
    if isinstance(kid, pikepdf.Array):
        for one in kid:
            yield from _below(one)
    elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
        yield kid
        if "/K" in kid:
            yield from _below(kid.K)


def spoken(pdf: pikepdf.Pdf) -> list[str]:
    """What is drawn as content, not as an artifact: the tags that open marked content, by page."""
    tags = []
    for one in pdf.pages:
        for operands, operator in pikepdf.parse_content_stream(one):
            if str(operator) in ("BDC", "BMC"):
                tags.append(str(operands[0]))
    return tags
