"""The child process of `render.uploaded`. Run by it, never imported: a PDF in, one word out."""

import io
import resource
import sys
from contextlib import suppress


def limit(cpu_seconds: int, memory_bytes: int) -> None:
    """Lets the kernel stop this process at its share of CPU and memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    with suppress(ValueError, OSError):  # macOS refuses to limit an address space
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def look(content: bytes) -> str:
    """The number of pages, or "locked", "broken", "too much"."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return "locked"
        # Each page is fetched, so that a file cut off in the middle is noticed.
        return str(sum(1 for page in reader.pages if page.get("/Type") == "/Page"))
    except (MemoryError, RecursionError):
        return "too much"
    except Exception:  # noqa: BLE001 - whatever a broken file makes the library say
        return "broken"


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(look(sys.stdin.buffer.read()))
