"""HTML to an accessible PDF (PDF/UA-1), made in a child process within limits.

The same HTML and stylesheets give the same bytes. The child may read our own folder of PDF styles,
the font package and the pictures that it is handed, and nothing else: no network, no other file.
"""

import fcntl
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from ctypes import CDLL
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from peerplan.render.errors import RendererUnavailable, RenderFailed, TooManyAtOnce
from peerplan.render.letters import without_controls

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STATIC = ROOT / "static" / "pdf"
APPENDIX_STYLES = (STATIC / "base.css", STATIC / "appendix.css")
WORKER: tuple[str, ...] = (sys.executable, "-m", "peerplan.render.worker")
IMAGES = "image"
IMAGE_NAME = re.compile(r"[a-z0-9-]+\.(png|jpg)")
IMAGE_STARTS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
NO_IMAGES: Mapping[str, bytes] = {}
LETTERS_OF = "SourceSansPro-Regular.ttf"

MEBIBYTE = 1024 * 1024
ENGINE = ("weasyprint", "pydyf", "tinycss2", "fonttools", "font-source-sans-pro")
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}

# The child sees no fonts but ours, so that a page looks the same on every machine.
FONTS_CONF = '<?xml version="1.0"?><fontconfig><cachedir>{folder}</cachedir></fontconfig>'


@dataclass(frozen=True)
class Limits:
    """What one document may cost, and how many may be made at once on this machine."""

    cpu_seconds: int = 90
    wall_seconds: float = 150
    memory_bytes: int = 1536 * MEBIBYTE
    at_once: int = 2
    wait_seconds: float = 20


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Pdf:
    """A finished PDF and what it cost the child: CPU seconds, largest resident size in bytes."""

    content: bytes
    pages: int
    sha256: str
    cpu_seconds: float
    peak_bytes: int


def html_to_pdf(
    html: str,
    *,
    stylesheets: Sequence[Path] = APPENDIX_STYLES,
    images: Mapping[str, bytes] = NO_IMAGES,
    identifier: bytes | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Pdf:
    """The PDF/UA-1 made of a whole HTML document.

    `images` are PNG or JPEG pictures by name ("logo.png"), which the HTML calls
    `image:///logo.png`; any other name or content is a ValueError. `identifier` is written into
    the file as its identity; without one, the fingerprint is. Raises RendererUnavailable,
    RenderFailed or TooManyAtOnce, each with words for an officer.
    """
    _check(images)
    html = without_controls(html)
    sheets = [path.read_text(encoding="utf-8") for path in stylesheets]
    if identifier is None:
        identifier = bytes.fromhex(_digest(html, sheets, images))[:16]
    head = {
        "stylesheets": sheets,
        "identifier": identifier.hex(),
        "images": {
            f"{IMAGES}:///{name}": b64encode(content).decode() for name, content in images.items()
        },
        "static": str(STATIC),
        "fonts": str(fonts_folder()),
        "letters_of": LETTERS_OF,
        "cpu_seconds": limits.cpu_seconds,
        "memory_bytes": limits.memory_bytes,
    }
    with _place(limits):
        answer, content = _ask_worker(json.dumps(head).encode() + b"\n" + html.encode(), limits)
    match answer.get("error"):
        case None:
            return Pdf(
                content,
                pages=int(answer["pages"]),
                sha256=hashlib.sha256(content).hexdigest(),
                cpu_seconds=float(answer["cpu_seconds"]),
                peak_bytes=int(answer["peak_bytes"]),
            )
        case "unavailable":
            raise RendererUnavailable(str(answer.get("detail", "")))
        case "memory":
            raise RenderFailed(_too_large("memory"))
        case _:
            raise RenderFailed(f"The PDF could not be made. {answer.get('detail', '')}".strip())


def fingerprint(
    html: str,
    *,
    stylesheets: Sequence[Path] = APPENDIX_STYLES,
    images: Mapping[str, bytes] = NO_IMAGES,
) -> str:
    """64 hex digits that change whenever the PDF of this HTML would: the key to store it under.

    Taken over the HTML, the pictures, the styles and shapes, the fonts' and the engine's versions,
    and our own repairs. Costs a few milliseconds, against a second or more for making the document.
    """
    sheets = [path.read_text(encoding="utf-8") for path in stylesheets]
    return _digest(without_controls(html), sheets, images)


def missing_packages() -> tuple[str, ...]:
    """The Debian packages without which no PDF can be made here; empty when all is well."""
    missing = []
    for library, package in LIBRARIES.items():
        try:
            CDLL(library)
        except OSError:
            missing.append(package)
    return tuple(missing)


def fonts_folder() -> Path:
    """Where the font package keeps its files; raises RendererUnavailable when not installed."""
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise RendererUnavailable("the Python package font-source-sans-pro is not installed")
    return Path(spec.origin).parent / "files"


def _check(images: Mapping[str, bytes]) -> None:
    """Raises ValueError unless every picture is what its name says and has a harmless name."""
    for name, content in images.items():
        match = IMAGE_NAME.fullmatch(name)
        if match is None or not content.startswith(IMAGE_STARTS[match[1]]):
            raise ValueError(f"not a picture for a document: {name[:100]!r}")


def _digest(html: str, sheets: Sequence[str], images: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for package in ENGINE:
        digest.update(f"{package} {version(package)}\n".encode())
    for part in ("worker.py", "finisher.py", "letters.py"):
        digest.update((HERE / part).read_bytes())
    for shape in sorted((STATIC / "shapes").iterdir()):
        digest.update(shape.name.encode() + shape.read_bytes())
    for name, content in sorted(images.items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    for text in (*sheets, html):
        digest.update(str(len(text)).encode() + b"\n" + text.encode())
    return digest.hexdigest()


def _ask_worker(message: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    """The worker's answer; raises RenderFailed when it dies or takes too long."""
    with tempfile.TemporaryDirectory(prefix="peerplan-pdf-") as folder:
        fonts_conf = Path(folder) / "fonts.conf"
        fonts_conf.write_text(FONTS_CONF.format(folder=folder), encoding="utf-8")
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": str(ROOT),
            "FONTCONFIG_FILE": str(fonts_conf),
            "HOME": folder,
            "TMPDIR": folder,
        }
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        try:
            done = subprocess.run(  # noqa: S603  our own module, nothing of a user's in it
                WORKER,
                input=message,
                capture_output=True,
                cwd=folder,
                env=environment,
                timeout=limits.wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as problem:
            raise RenderFailed(_too_large("time")) from problem
        except OSError as problem:
            raise RenderFailed(f"The PDF engine could not be started: {problem}") from problem
    if done.returncode == -signal.SIGXCPU:
        raise RenderFailed(_too_large("time"))
    line, _, content = done.stdout.partition(b"\n")
    with suppress(ValueError):
        answer = json.loads(line)
        if isinstance(answer, dict) and done.returncode == 0:
            return answer, content
    raise RenderFailed(
        "The PDF engine stopped before the document was ready. Try again; if it happens again, "
        f"tell whoever runs this server that it ended with code {done.returncode}."
    )


def _too_large(what: str) -> str:
    return (
        f"The PDF needed more {what} than is allowed. Make a smaller one: choose exceptions only, "
        "or ask whoever runs this server to make it with the appendix command."
    )


@contextmanager
def _place(limits: Limits) -> Iterator[None]:
    """Holds one of the `at_once` places of this machine; raises TooManyAtOnce after waiting.

    A place is a lock on a file: the kernel gives it back when its holder dies.
    """
    folder = Path(tempfile.gettempdir()) / f"peerplan-places-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    give_up = time.monotonic() + limits.wait_seconds
    while True:
        for number in range(limits.at_once):
            handle = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            try:
                yield
            finally:
                os.close(handle)
            return
        if time.monotonic() >= give_up:
            raise TooManyAtOnce
        time.sleep(0.05)
