"""Files packed as one ZIP with a manifest of their hashes, written as it is sent.

No more than a piece of one file is held in memory, however large the pack is.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from peerplan.core import clock

MANIFEST = "manifest.txt"
PIECE = 64 * 1024
"""Bytes of a file that are read at once."""
_EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001  what a ZIP can hold: local time without a zone


class NotAsRecorded(Exception):
    """A file is not there, or its bytes are not those whose hash was kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is not there, or is not what was kept")


@dataclass(frozen=True)
class PackFile:
    """One file of a pack: `pieces` reads its bytes from the beginning, as often as it is called."""

    name: str
    sha256: str
    pieces: Callable[[], Iterable[bytes]]


def held(name: str, content: bytes, sha256: str = "") -> PackFile:
    """A file whose bytes are at hand; its hash is worked out where none is given."""
    return PackFile(name, sha256 or hashlib.sha256(content).hexdigest(), lambda: (content,))


def is_as_recorded(file: PackFile) -> bool:
    """Whether the bytes of a file have the hash that was kept; False where they cannot be read."""
    try:
        return _digest(file.pieces()) == file.sha256
    except OSError:
        return False


def manifest(words: Sequence[str], files: Sequence[PackFile]) -> str:
    """What is in a pack, with the SHA-256 of each file, as `sha256sum --check` reads it."""
    head = [f"# {' '.join(line.split())}" for line in words]
    return "\n".join([*head, *(f"{each.sha256}  {each.name}" for each in files), ""])


def zipped(words: Sequence[str], files: Sequence[PackFile], at: datetime) -> Iterator[bytes]:
    """The manifest and the files as the pieces of a ZIP; the same pack gives the same bytes.

    Raises NotAsRecorded while it is read, before the archive is whole, so that nobody takes a
    file for what it is not.
    """
    when = max(at.astimezone(clock.LONDON).replace(tzinfo=None), _EARLIEST).timetuple()[:6]
    told = _Sink()
    listed = held(MANIFEST, manifest(words, files).encode())
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (listed, *files):
            entry = zipfile.ZipInfo(file.name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            digest = hashlib.sha256()
            with archive.open(entry, "w") as target:
                for piece in _pieces(file):
                    digest.update(piece)
                    target.write(piece)
                    yield from told.taken()
            if digest.hexdigest() != file.sha256:
                raise NotAsRecorded(file.name)
            yield from told.taken()
    yield from told.taken()


class _Sink(io.RawIOBase):
    """What a ZIP is written to: it cannot go back, and forgets what was taken from it."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._held += piece
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        """What was written since it was last asked, if anything."""
        if self._held:
            piece = bytes(self._held)
            self._held.clear()
            yield piece


def _pieces(file: PackFile) -> Iterable[bytes]:
    try:
        yield from file.pieces()
    except OSError as error:
        raise NotAsRecorded(file.name) from error


def _digest(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
