"""The appendix as a tagged PDF, beside headless Chromium printing the same HTML."""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from actions.position import plan_position, released_position
from actions.services.documents import Appendix, make_appendix
from peerplan.demo.bench.measure import Line, statements_of
from peerplan.render.errors import RenderError
from peerplan.render.pdf import APPENDIX_STYLES, STATIC, Limits, fonts_folder, html_to_pdf
from reviews.models import PeerChallenge

MOST_CPU = {30: 1.2, 300: 6.0, 1000: 22.0}
PATIENT = Limits(cpu_seconds=600, wall_seconds=900, memory_bytes=4 * 1024**3)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--generate-pdf-document-outline", "--no-pdf-header-footer",
)  # fmt: skip
MEGABYTE = 1_000_000


def appendix_lines(challenge: PeerChallenge, actions: int) -> list[Line]:
    """What the appendix of a challenge costs, from the database to the bytes, and Chromium."""
    used, began = cpu_seconds(), time.perf_counter()
    appendix = appendix_of(challenge)
    html = appendix.html
    drawn = cpu_seconds() - used
    try:
        pdf = html_to_pdf(html, limits=PATIENT)
    except RenderError as problem:
        return [Line(f"Appendix, {actions:,} actions", note=f"not measured: {problem}")]
    line = Line(
        f"Appendix, {actions:,} actions",
        cpu=cpu_seconds() - used,
        cpu_most=MOST_CPU.get(actions),
        wall=time.perf_counter() - began,
        sql=len(statements_of(lambda: appendix_of(challenge))),
        note=f"{pdf.pages} pages, peak {pdf.peak_bytes / MEGABYTE:.0f} MB; of the CPU "
        f"{drawn:.2f} s draws the HTML",
    )
    return [line, chromium_line(html, actions)]


def appendix_of(challenge: PeerChallenge) -> Appendix:
    """The appendix at the last release, compared with the one before it."""
    last, before = challenge.releases.select_related("challenge")[:2]
    return make_appendix(
        challenge=challenge,
        position=plan_position(challenge, last.as_at),
        before=released_position(before, full=False),
        author=None,
        include_exempt=True,
    )


def chromium_line(html: str, actions: int) -> Line:
    """What Chromium takes to print the same HTML, all its processes counted."""
    name = f"  Chromium, the same {actions:,}"
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if browser is None:
        return Line(name, note="not measured: Chromium is not installed")
    with tempfile.TemporaryDirectory(prefix="peerplan-bench-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        page, printed = folder / "appendix.html", folder / "appendix.pdf"
        page.write_text(_for_browser(html), encoding="utf-8")
        command = [
            browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={printed}",
            page.as_uri(),
        ]  # fmt: skip
        found = _family(command)
        if found is None or not printed.exists():
            return Line(name, note="not measured: Chromium printed nothing")
        size = printed.stat().st_size
    return Line(
        name,
        cpu=found["cpu"],
        wall=found["wall"],
        note=f"peak {found['peak_bytes'] / MEGABYTE:.0f} MB, {size / 1000:.0f} kB",
    )


def _family(command: list[str]) -> dict[str, Any] | None:
    done = subprocess.run(  # noqa: S603  our own module and a browser on this machine
        [sys.executable, "-m", "peerplan.demo.bench.family", *command],
        capture_output=True,
        check=False,
        timeout=600,
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return found


def _for_browser(html: str) -> str:
    """The HTML with its styles in it, and their addresses as a browser can read them."""
    styles = "\n".join(path.read_text(encoding="utf-8") for path in APPENDIX_STYLES)
    for scheme, folder in (("static:///", STATIC), ("fonts:///", fonts_folder())):
        styles = styles.replace(scheme, f"{folder.as_uri()}/")
        html = html.replace(scheme, f"{folder.as_uri()}/")
    return html.replace("</head>", f"<style>{styles}</style></head>", 1)


def cpu_seconds() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    own, others = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
