"""Looks into a PDF that somebody uploaded: can it be read, is it locked, how many pages has it.

A file from outside can be made to keep its reader busy for ever, so it is read in a child process
with limits of time and memory, and nothing but a count comes back.
"""

import subprocess
import sys

from peerplan.render.pdf import MEBIBYTE, ROOT

CPU_SECONDS = 10
WALL_SECONDS = 20
MEMORY_BYTES = 768 * MEBIBYTE
CHILD: tuple[str, ...] = (sys.executable, "-m", "peerplan.render.uploaded_worker")

LOCKED = (
    "“{name}” is protected by a password or by limits on its use. Save a copy without protection "
    "(print it to PDF, for example), then choose that."
)
BROKEN = (
    "“{name}” cannot be read: the file is damaged or is not a PDF. Open it, save it again as PDF, "
    "then choose the new file."
)
EMPTY = "“{name}” has no pages. Choose another file."
TOO_MUCH = (
    "“{name}” takes too long to read. Save it again as PDF in a simpler form, then choose that."
)


def pages_of(content: bytes, name: str) -> int:
    """The number of pages. Raises ValueError, with a message for the person who chose the file."""
    if b"%PDF-" not in content[:1024]:
        raise ValueError(BROKEN.format(name=name))
    command = (*CHILD, str(CPU_SECONDS), str(MEMORY_BYTES))
    try:
        answer = subprocess.run(  # noqa: S603 - our own module, no shell
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError(TOO_MUCH.format(name=name)) from error
    said = answer.stdout.decode("ascii", "replace").strip()
    if answer.returncode != 0 or said == "too much":
        raise ValueError(TOO_MUCH.format(name=name))
    if said == "locked":
        raise ValueError(LOCKED.format(name=name))
    if not said.isdigit():
        raise ValueError(BROKEN.format(name=name))
    if int(said) == 0:
        raise ValueError(EMPTY.format(name=name))
    return int(said)
