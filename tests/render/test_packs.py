"""Packs: what is in the ZIP, that it is written as it is sent, and that it never lies."""

import hashlib
import io
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peerplan.render import packs
from peerplan.render.packs import NotAsRecorded, PackFile, held, zipped

AT = datetime(2025, 6, 24, 9, tzinfo=UTC)


def opened(pieces: Iterator[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def missing() -> Iterator[bytes]:
    raise FileNotFoundError("gone")


def test_a_pack_holds_its_files_and_a_manifest_that_sha256sum_checks(tmp_path: Path) -> None:
    files = [held("statement.pdf", b"%PDF-1.7"), held("evidence/1.1/minutes.txt", b"Agreed.")]
    archive = opened(zipped(["Ashdale:\n position"], files, AT))
    assert archive.namelist() == ["manifest.txt", "statement.pdf", "evidence/1.1/minutes.txt"]
    assert archive.testzip() is None
    archive.extractall(tmp_path)
    assert (tmp_path / "manifest.txt").read_text().startswith("# Ashdale: position\n")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "manifest.txt"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_the_same_pack_gives_the_same_bytes_with_londons_time() -> None:
    first, second = (b"".join(zipped(["A"], [held("a", b"1")], AT)) for _ in range(2))
    assert first == second
    assert opened(iter([first])).infolist()[1].date_time == (2025, 6, 24, 10, 0, 0)


def test_a_large_pack_is_never_held_in_memory() -> None:
    size, piece = 400, b"\x00\x01" * (packs.PIECE // 2)
    digest = hashlib.sha256(piece * size).hexdigest()
    large = [
        PackFile(f"{name}.bin", digest, lambda: (piece for _ in range(size))) for name in "abc"
    ]
    tracemalloc.start()
    try:
        sent = sum(len(part) for part in zipped([], large, AT))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sent > 0
    assert peak < 20 * len(piece) < len(piece) * size


def test_nothing_is_read_before_it_is_sent() -> None:
    read: list[str] = []

    def pieces() -> Iterator[bytes]:
        read.append("read")
        yield b"2"

    second = PackFile("b", hashlib.sha256(b"2").hexdigest(), pieces)
    sending = zipped([], [held("a", bytes(range(256)) * 4000), second], AT)
    next(sending)
    assert read == []
    b"".join(sending)
    assert read == ["read"]


@pytest.mark.parametrize("pieces", [lambda: (b"other",), missing])
def test_a_file_that_is_not_as_recorded_leaves_the_archive_broken(pieces: object) -> None:
    wrong = PackFile("a", hashlib.sha256(b"kept").hexdigest(), pieces)  # type: ignore[arg-type]
    assert not packs.is_as_recorded(wrong)
    sent: list[bytes] = []
    with pytest.raises(NotAsRecorded, match="a is not there"):
        sent.extend(zipped([], [wrong, held("b", b"x")], AT))
    with pytest.raises(zipfile.BadZipFile):
        opened(iter(sent))


def test_a_file_that_is_as_recorded_can_be_read_again() -> None:
    file = held("a", b"kept")
    assert packs.is_as_recorded(file)
    assert packs.is_as_recorded(file)
