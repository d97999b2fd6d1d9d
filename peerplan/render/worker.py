"""The child process that turns one HTML document into one PDF. Run by `render.pdf`, never imported.

Standard input: one line of JSON (the settings of `render.pdf.Task`), then the HTML. Standard
output: one line of JSON (`{"pages": ..., "cpu_seconds": ..., "peak_bytes": ...}` or
`{"error": ..., "detail": ...}`), then the PDF. No Django is set up in here, so that it starts fast
and holds nothing worth stealing.
"""

import ctypes.util
import gc
import json
import os
import resource
import sys
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO


def limit(task: dict[str, Any]) -> None:
    """Lets the kernel stop this process at its share of CPU (seconds) and memory (bytes)."""
    cpu, memory = int(task["cpu_seconds"]), int(task["memory_bytes"])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 2))
    with suppress(ValueError, OSError):  # macOS refuses to limit an address space
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def spent() -> dict[str, float | int]:
    """CPU seconds and the largest resident size in bytes of this process so far."""
    own, helpers = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = own.ru_utime + own.ru_stime + helpers.ru_utime + helpers.ru_stime
    return {"cpu_seconds": round(seconds, 3), "peak_bytes": peak_of(own.ru_maxrss)}


def peak_of(reported: int) -> int:
    """The largest resident size in bytes; `reported` is what `getrusage` says, its fallback.

    On Linux `getrusage` starts from the size of the parent, so the kernel's own mark is read.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return reported if sys.platform == "darwin" else reported * 1024


def find_libraries_fast() -> None:
    """Spares the search for libraries under names that they have on other systems.

    WeasyPrint tries six names for each; for every one unknown here `find_library` starts a
    compiler and a linker, which costs a quarter of a second in all. On Linux the real names
    ("libpango-1.0.so.0") are among them and need no search.
    """
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None


def letters_of(font: Path) -> frozenset[int]:
    """The code points that a font has a shape for."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def render(task: dict[str, Any], html: str) -> tuple[bytes, int]:
    """The PDF and its number of pages; raises OSError or ImportError when Pango is missing."""
    # A short life within a memory limit: to look for garbage costs a tenth of the time.
    gc.disable()
    find_libraries_fast()
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from peerplan.render.fetcher import FoldersOnlyFetcher
    from peerplan.render.finisher import finish
    from peerplan.render.letters import BEYOND_LATIN, fitted

    fonts_folder = Path(task["fonts"])
    if BEYOND_LATIN.search(html):
        html = fitted(html, letters_of(fonts_folder / task["letters_of"]))
    fetcher = FoldersOnlyFetcher(
        {"static": Path(task["static"]), "fonts": fonts_folder},
        {name: b64decode(content) for name, content in task["images"].items()},
    )
    fonts = FontConfiguration()
    sheets = [
        CSS(string=sheet, font_config=fonts, url_fetcher=fetcher, base_url="static:///")
        for sheet in task["stylesheets"]
    ]
    source = HTML(string=html, url_fetcher=fetcher, base_url="static:///")
    options: dict[str, Any] = {
        "pdf_variant": "pdf/ua-1",
        "pdf_identifier": bytes.fromhex(task["identifier"]),
    }
    document = source.render(font_config=fonts, stylesheets=sheets, **options)
    content = document.write_pdf(finisher=finish, **options)
    if fetcher.refused:
        raise ValueError(f"not allowed in a document: {fetcher.refused[0]}")
    return content, len(document.pages)


def answer(task: dict[str, Any], html: str) -> tuple[dict[str, Any], bytes]:
    """What goes to standard output: the head and the PDF, empty when there is an error."""
    try:
        content, pages = render(task, html)
    except MemoryError:
        return {"error": "memory", "detail": "the memory allowed was not enough"}, b""
    except (ImportError, OSError) as problem:
        missing = isinstance(problem, ImportError) or "library" in str(problem)
        kind = "unavailable" if missing else "failed"
        return {"error": kind, "detail": f"{type(problem).__name__}: {problem}"}, b""
    except BaseException as problem:  # noqa: BLE001  WeasyPrint's fatal errors are no Exceptions
        return {"error": "failed", "detail": f"{type(problem).__name__}: {problem}"}, b""
    return {"pages": pages, **spent()}, content


def main(
    given: BinaryIO, taken: BinaryIO, impose: Callable[[dict[str, Any]], None] = limit
) -> None:
    """Reads one task and writes one answer."""
    task = json.loads(given.readline())
    impose(task)
    head, content = answer(task, given.read().decode())
    taken.write(json.dumps(head).encode() + b"\n" + content)
    taken.flush()


if __name__ == "__main__":
    # Whatever a library prints must not end up in the document.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    main(sys.stdin.buffer, answers)
    os._exit(0)
