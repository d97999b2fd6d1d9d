"""HTML to PDF in a child process: what comes out, and every way in which it may not."""

import io
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from peerplan.render import pdf, worker
from peerplan.render.errors import (
    DEBIAN_PACKAGES,
    RendererUnavailable,
    RenderFailed,
    TooManyAtOnce,
)
from peerplan.render.pdf import DEFAULT_LIMITS, Limits, fingerprint, html_to_pdf
from tests.render.papers import png
from tests.render.reading import failures, opened

HTML = (
    '<!DOCTYPE html><html lang="en-GB"><head><title>A paper</title>'
    '<meta name="author" content="Ashdale District Council"></head>'
    "<body><h1>A paper</h1><p>Some <b>bold</b>, <i>italic</i> and "
    '<span style="font-weight:600">semibold</span> words.</p></body></html>'
)
FAKE_WEASYPRINT = "raise OSError(\"cannot load library 'libpango-1.0-0': not found\")"


def worker_that(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for locks and temporary files, so that tests never wait for others."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


pytestmark = pytest.mark.usefixtures("places")


def test_makes_an_accessible_pdf() -> None:
    made = html_to_pdf(HTML)
    assert made.content.startswith(b"%PDF-1.7")
    assert made.pages == 1
    assert len(made.sha256) == 64
    assert failures(made.content) == []
    document = opened(made.content)
    assert str(document.docinfo.Title) == "A paper"
    assert str(document.docinfo.Author) == "Ashdale District Council"
    assert str(document.Root.Lang) == "en-GB"


def test_says_what_it_cost() -> None:
    made = html_to_pdf(HTML)
    assert 0.05 < made.cpu_seconds < 30
    assert 20_000_000 < made.peak_bytes < DEFAULT_LIMITS.memory_bytes


def test_every_weight_is_embedded_and_nothing_else() -> None:
    names = set()
    for page in opened(html_to_pdf(HTML).content).pages:
        for font in page.Resources.Font.values():
            names.add(str(font.BaseFont).partition("+")[2])
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
    assert names == {
        "Source-Sans-Pro",
        "Source-Sans-Pro-Bold",
        "Source-Sans-Pro-Italic",
        "Source-Sans-Pro-Semi-Bold",
    }


def test_same_input_gives_the_same_bytes() -> None:
    first = html_to_pdf(HTML)
    time.sleep(1.1)
    second = html_to_pdf(HTML)
    assert first.content == second.content
    assert first.sha256 == second.sha256


def test_identifier_is_written_into_the_file() -> None:
    made = html_to_pdf(HTML, identifier=b"position-of-june")
    assert bytes(opened(made.content).trailer.ID[0]) == b"position-of-june"


def test_fingerprint_changes_with_every_input(tmp_path: Path) -> None:
    styles = tmp_path / "other.css"
    styles.write_text("p{color:black}")
    prints = {
        fingerprint(HTML),
        fingerprint(HTML.replace("paper", "report")),
        fingerprint(HTML, stylesheets=[styles]),
        fingerprint(HTML, stylesheets=[styles, styles]),
        fingerprint(HTML, images={"a.png": png()}),
        fingerprint(HTML, images={"b.png": png()}),
        fingerprint(HTML, images={"a.png": png(), "b.png": png()}),
        fingerprint(HTML, images={"a.png": png(61)}),
    }
    assert len(prints) == 8
    assert fingerprint(HTML) == fingerprint(HTML)


def test_letters_that_the_type_lacks_do_no_harm() -> None:
    odd = "Party \U0001f389 \u0645\u0631 \u202eevil \x07\x00 e\u0301 \u4e2d \u2011 \uff11"
    made = html_to_pdf(HTML.replace("words", odd))
    assert failures(made.content) == []


def test_dead_child_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WORKER", worker_that("import os; os.kill(os.getpid(), 9)"))
    with pytest.raises(RenderFailed, match="ended with code -9"):
        html_to_pdf(HTML)


@pytest.mark.parametrize("said", ["", "rubbish", "[1]\\n", "{}\\n"])
def test_child_that_talks_rubbish_and_fails(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WORKER", worker_that(f"import sys; print('{said}'); sys.exit(3)"))
    with pytest.raises(RenderFailed, match="ended with code 3"):
        html_to_pdf(HTML)


def test_program_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WORKER", ("/nowhere/at/all",))
    with pytest.raises(RenderFailed, match="could not be started"):
        html_to_pdf(HTML)


def test_slow_child_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WORKER", worker_that("import time; time.sleep(60)"))
    started = time.monotonic()
    with pytest.raises(RenderFailed, match="more time than is allowed"):
        html_to_pdf(HTML, limits=replace(DEFAULT_LIMITS, wall_seconds=0.3))
    assert time.monotonic() - started < 20


def test_cpu_limit_stops_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = (
        "import json, sys; from peerplan.render import worker;"
        "worker.limit(json.loads(sys.stdin.buffer.readline()))\n"
        "while True: pass"
    )
    monkeypatch.setattr(pdf, "WORKER", worker_that(busy))
    with pytest.raises(RenderFailed, match="more time than is allowed"):
        html_to_pdf(HTML, limits=replace(DEFAULT_LIMITS, cpu_seconds=1))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits an address space")
def test_memory_limit_stops_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    greedy = (
        "import sys; from peerplan.render import worker\n"
        "worker.render = lambda task, html: (bytearray(10**9), 1)\n"
        "worker.main(sys.stdin.buffer, sys.stdout.buffer)"
    )
    monkeypatch.setattr(pdf, "WORKER", worker_that(greedy))
    limits = replace(DEFAULT_LIMITS, memory_bytes=300 * pdf.MEBIBYTE)
    with pytest.raises(RenderFailed, match="more memory than is allowed"):
        html_to_pdf(HTML, limits=limits)


def test_missing_pango_names_the_debian_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes = tmp_path / "fakes"
    fakes.mkdir()
    (fakes / "weasyprint.py").write_text(FAKE_WEASYPRINT)
    without = (
        f"import sys; sys.path.insert(0, {str(fakes)!r})\n"
        "import runpy; runpy.run_module('peerplan.render.worker', run_name='__main__')"
    )
    monkeypatch.setattr(pdf, "WORKER", worker_that(without))
    with pytest.raises(RendererUnavailable, match=DEBIAN_PACKAGES) as caught:
        html_to_pdf(HTML)
    assert "libpango" in caught.value.detail


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf.missing_packages() == ()
    monkeypatch.setitem(pdf.LIBRARIES, "libnowhere.so.9", "libnowhere9")
    assert pdf.missing_packages() == ("libnowhere9",)


def test_no_more_than_so_many_at_once(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = 'import time, sys; time.sleep(1.5); print(\'{"error": "failed"}\')'
    monkeypatch.setattr(pdf, "WORKER", worker_that(slow))
    limits = Limits(at_once=2, wait_seconds=0.2)

    def one(_: int) -> str:
        try:
            html_to_pdf(HTML, limits=limits)
        except TooManyAtOnce:
            return "turned away"
        except RenderFailed:
            return "had a place"
        return "made"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(one, range(4)))
    assert outcomes == ["had a place"] * 2 + ["turned away"] * 2


def test_places_are_shared_with_other_processes_and_freed_when_they_die(places: Path) -> None:
    hold = (
        "import sys, tempfile, time; tempfile.tempdir = sys.argv[1]\n"
        "from peerplan.render import pdf\n"
        "with pdf._place(pdf.Limits(at_once=1)):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    limits = Limits(at_once=1, wait_seconds=0.1)
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(places)], stdout=subprocess.PIPE, cwd=pdf.ROOT
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(TooManyAtOnce, match="Wait a minute"), pdf._place(limits):
            pass
        other.kill()
    with pdf._place(limits):
        pass


def test_waits_for_a_place(places: Path) -> None:
    limits = Limits(at_once=1, wait_seconds=10)
    with ThreadPoolExecutor(1) as pool:
        with pdf._place(limits):
            waiting = pool.submit(lambda: html_to_pdf(HTML, limits=limits).pages)
            time.sleep(0.3)
            assert not waiting.done()
        assert waiting.result(timeout=60) == 1


def test_leaves_no_files_behind(places: Path) -> None:
    html_to_pdf(HTML)
    assert [path.name for path in places.iterdir()] == [f"peerplan-places-{os.getuid()}"]


def test_child_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    tell = "import os, json; print(json.dumps({'error': 'x', 'detail': ' '.join(os.environ)}))"
    monkeypatch.setattr(pdf, "WORKER", worker_that(tell))
    with pytest.raises(RenderFailed) as caught:
        html_to_pdf(HTML)
    assert "PATH" in str(caught.value)
    assert "SECRET_KEY" not in str(caught.value)


def test_worker_starts_without_django() -> None:
    code = (
        "import sys, peerplan.render.worker, peerplan.render.fetcher, peerplan.render.finisher;"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=pdf.ROOT).returncode == 0


def test_worker_answers_in_one_line_and_the_pdf() -> None:
    task = (
        b'{"stylesheets": [], "images": {}, "identifier": "00", "static": "/", "letters_of": "%s",'
        b' "fonts": "%s"}\n' % (pdf.LETTERS_OF.encode(), str(pdf.fonts_folder()).encode())
    )
    taken = io.BytesIO()
    imposed: list[dict[str, object]] = []
    worker.main(io.BytesIO(task + HTML.encode()), taken, imposed.append)
    head, _, content = taken.getvalue().partition(b"\n")
    assert b'"pages": 1' in head
    assert imposed[0]["identifier"] == "00"
    assert len(pikepdf.open(io.BytesIO(content)).pages) == 1
