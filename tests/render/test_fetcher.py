"""Hostile HTML: the engine reads our own folders and nothing else."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from peerplan.render import pdf
from peerplan.render.errors import RenderFailed
from peerplan.render.fetcher import FoldersOnlyFetcher
from tests.render.papers import png
from tests.render.reading import opened

CREST = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.svg").write_text(CREST)
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "crest.svg").write_text(CREST)
    (ours / "notes.txt").write_text("TOPSECRET")
    (ours / "link.svg").symlink_to(tmp_path / "secret.svg")
    return ours


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *given: object) -> None:
            """Says nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_reads_a_file_of_ours(folder: Path) -> None:
    answer = FoldersOnlyFetcher({"static": folder}).fetch("static:///crest.svg")
    assert answer.read() == CREST.encode()
    assert answer.content_type == "image/svg+xml"


@pytest.mark.parametrize(
    "url",
    [
        "static:///../secret.svg",
        "static:///%2e%2e/secret.svg",
        "static:///..%2fsecret.svg",
        "static:///link.svg",
        "static:///notes.txt",
        "static:///absent.svg",
        "static:///crest.svg%00.png",
        "static:///",
        "static://host/crest.svg",
        "static:crest\0.svg",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.org/a.svg",
        "ftp://example.org/a.svg",
        "data:image/svg+xml,<svg/>",
        "javascript:alert(1)",
        "//example.org/a.svg",
        "crest.svg",
        "http://[broken",
        "",
    ],
)
def test_refuses_everything_else_and_stops(folder: Path, url: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        FoldersOnlyFetcher({"static": folder}).fetch(url)


LOGO = png()


def test_reads_a_picture_that_was_handed_over() -> None:
    answer = FoldersOnlyFetcher({}, {"image:///logo.png": LOGO}).fetch("image:///logo.png")
    assert answer.read() == LOGO
    assert answer.content_type == "image/png"


@pytest.mark.parametrize(
    "url",
    [
        "image:///other.png",
        "image:///../logo.png",
        "image:///x/../logo.png",
        "image:///%6cogo.png",
        "image:///logo.png?x",
        "image:///logo.png#x",
        "image://host/logo.png",
        "image:logo.png",
        "IMAGE:///logo.png",
        "image:///secret.svg",
        "image:////etc/passwd",
        "logo.png",
    ],
)
def test_answers_for_no_picture_by_another_name(folder: Path, url: str) -> None:
    fetcher = FoldersOnlyFetcher({"static": folder}, {"image:///logo.png": LOGO})
    with pytest.raises(FatalURLFetchingError):
        fetcher.fetch(url)
    assert fetcher.refused


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../logo.png", LOGO),
        ("/etc/passwd", LOGO),
        ("x/logo.png", LOGO),
        ("logo.svg", LOGO),
        ("logo.png\n", LOGO),
        ("LOGO.png", LOGO),
        ("", LOGO),
        ("logo.jpg", LOGO),
        ("logo.png", CREST.encode()),
        ("logo.png", b""),
    ],
)
def test_picture_of_hostile_name_or_content_never_reaches_the_child(
    name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "WORKER", ("/nowhere/at/all",))
    with pytest.raises(ValueError, match="not a picture for a document"):
        pdf.html_to_pdf("<p>x</p>", images={name: content})


def test_child_process_prints_only_pictures_that_it_was_handed() -> None:
    html = '<html lang=en><title>t</title><body><h1>x</h1><img alt="b" src="image:///b.png"></body>'
    made = opened(pdf.html_to_pdf(html, images={"b.png": LOGO}).content)
    assert len(made.pages[0].get_images()) == 1
    with pytest.raises(RenderFailed, match="not allowed in a document"):
        pdf.html_to_pdf(html, images={"a.png": LOGO})


def hostile_parts(address: str) -> list[str]:
    return [
        f'<link rel="stylesheet" href="{address}/css">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        f"<style>@import url({address}/imported)</style>",
        "<style>@font-face{font-family:q;src:url(file:///etc/hostname)}p{font-family:q}</style>",
        f"<style>p{{background:url({address}/background)}}</style>",
        "<style>li{list-style-image:url(file:///etc/passwd)}</style>",
        f"<style>h1::before{{content:url({address}/content)}}</style>",
        f'<img alt="a" src="{address}/img">',
        '<img alt="b" src="file:///etc/passwd">',
        '<img alt="c" src="static:///../css/base.css">',
        f'<svg width="9" height="9"><title>d</title>'
        f'<image href="{address}/i" width="9" height="9"/></svg>',
        f'<img alt="e" src="data:image/svg+xml,%3Csvg/%3E"><img alt="f" src="{address}/nested">',
        f'<object data="{address}/object"></object>',
        f'<embed src="{address}/embed">',
        '<a rel="attachment" href="file:///etc/passwd">g</a>',
    ]


@pytest.mark.parametrize("number", range(15))
def test_hostile_html_reaches_nothing(
    folder: Path, listener: tuple[str, list[str]], number: int
) -> None:
    address, asked = listener
    part = hostile_parts(address)[number]
    html = f"<html lang=en><title>t</title><body><h1>x</h1><p>y</p><ul><li>z</ul>{part}</body>"
    fetcher = FoldersOnlyFetcher({"static": folder})
    # While it draws an SVG, WeasyPrint swallows even a fatal error: the refusal is what counts.
    with suppress(FatalURLFetchingError):
        HTML(string=html, url_fetcher=fetcher, base_url="static:///").write_pdf()
    assert fetcher.refused
    assert asked == []


def test_attachment_in_the_head_is_refused(folder: Path) -> None:
    html = '<html lang=en><head><title>t</title><link rel="attachment" href="file:///etc/passwd">'
    with pytest.raises(FatalURLFetchingError):
        HTML(string=html, url_fetcher=FoldersOnlyFetcher({"static": folder})).write_pdf()


@pytest.mark.parametrize(
    "part",
    [
        '<img alt="b" src="file:///etc/passwd">',
        '<svg width="9" height="9"><title>d</title>'
        '<image href="file:///etc/passwd" width="9" height="9"/></svg>',
    ],
)
def test_child_process_says_that_it_refused(part: str) -> None:
    html = f"<html lang=en><title>t</title><body>{part}</body>"
    with pytest.raises(RenderFailed, match="not allowed in a document"):
        pdf.html_to_pdf(html)
