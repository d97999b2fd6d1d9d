"""What kind of file somebody sent, told by its content and never by its name alone."""

import hashlib
import re
import zipfile
import zlib
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Any

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from peerplan.core import text

PDF = "application/pdf"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

ENDINGS: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    f"{_OPEN_XML}.wordprocessingml.document": (".docx",),
    f"{_OPEN_XML}.spreadsheetml.sheet": (".xlsx",),
    f"{_OPEN_XML}.presentationml.presentation": (".pptx",),
    f"{_OPEN_DOCUMENT}.text": (".odt",),
    f"{_OPEN_DOCUMENT}.spreadsheet": (".ods",),
    "text/plain": (".txt",),
    "text/csv": (".csv",),
}
"""Each type that is taken, with the endings its name may have."""

KINDS = {
    PDF: "PDF",
    "image/png": "Picture",
    "image/jpeg": "Picture",
    f"{_OPEN_XML}.wordprocessingml.document": "Word",
    f"{_OPEN_XML}.spreadsheetml.sheet": "Excel",
    f"{_OPEN_XML}.presentationml.presentation": "PowerPoint",
    f"{_OPEN_DOCUMENT}.text": "OpenDocument text",
    f"{_OPEN_DOCUMENT}.spreadsheet": "OpenDocument sheet",
    "text/plain": "Text",
    "text/csv": "CSV",
}
TAKEN = "PDF, PNG, JPEG, Word, Excel, PowerPoint, OpenDocument, text or CSV"
_MAIN_PARTS = {
    "word/document.xml": f"{_OPEN_XML}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OPEN_XML}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPEN_XML}.presentationml.presentation",
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
NAME_LENGTH = 150
HEAD_BYTES = 4096
ARCHIVE_MEMBERS = 2000
ARCHIVE_BYTES = 200 * 1024 * 1024
ARCHIVE_RATIO = 100
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)
"""What reading a broken or hostile archive may raise."""


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: made by `check_file` only. `size` is in bytes."""

    content: IO[bytes]
    name: str
    content_type: str
    size: int
    sha256: str


def check_file(upload: "UploadedFile[bytes]") -> CheckedFile:
    """What was sent, told by its content.

    Raises ValueError, with a message for the person who chose it, for what is not taken.
    """
    name = _clean_name(upload.name or "")
    limit = settings.EVIDENCE_MAX_BYTES
    size = upload.size or 0
    if size == 0:
        raise ValueError(f"“{name}” is empty. Choose another file.")
    if size > limit:
        raise ValueError(
            f"“{name}” has {size_in_words(size)}. Choose a file of at most {size_in_words(limit)}."
        )
    upload.seek(0)
    found = _content_type(upload, name)
    if found is None:
        raise ValueError(f"“{name}” cannot be taken. Choose a {TAKEN} file.")
    ending = PurePosixPath(name).suffix.lower()
    if ending not in ENDINGS[found]:
        raise ValueError(
            f"“{name}” holds {KINDS[found]}, but its name does not end in {ENDINGS[found][0]}. "
            "Save it under its right name, then choose it again."
        )
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return CheckedFile(upload, name, found, size, digest.hexdigest())


def _content_type(upload: "UploadedFile[bytes]", name: str) -> str | None:
    head = upload.read(HEAD_BYTES)
    upload.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _archive_type(upload)
    try:
        guesses = {guess.mime_type for guess in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        guesses = set()
    for kind, signature in (
        (PDF, b"%PDF-"),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
        ("image/jpeg", b"\xff\xd8\xff"),
    ):
        if head.startswith(signature):
            return kind if kind in guesses else None
    is_text = PurePosixPath(name).suffix.lower() in (".txt", ".csv")
    return _text_type(upload, name) if is_text else None


def _text_type(upload: "UploadedFile[bytes]", name: str) -> str | None:
    """Text in UTF-8 without control characters, or None."""
    try:
        content = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if _CONTROL.search(content):
        return None
    return "text/csv" if name.lower().endswith(".csv") else "text/plain"


def _archive_type(upload: "UploadedFile[bytes]") -> str | None:
    """The type of an office document, None for an archive that is none or that is built to harm."""
    try:
        with zipfile.ZipFile(_file_of(upload)) as archive:
            members = archive.infolist()
            if not _is_harmless(members):
                return None
            names = {member.filename for member in members}
            if "mimetype" in names and members[0].filename == "mimetype":
                if members[0].file_size > 100:
                    return None
                declared = archive.read(members[0]).decode("ascii", "replace").strip()
                return declared if declared in ENDINGS else None
            has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
            if "[Content_Types].xml" not in names or has_macros:
                return None
            return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
    except UNREADABLE:
        return None


def _is_harmless(members: list[zipfile.ZipInfo]) -> bool:
    """True unless there are too many members, odd names, secrets or far too much inside."""
    if not members or len(members) > ARCHIVE_MEMBERS:
        return False
    if sum(member.file_size for member in members) > ARCHIVE_BYTES:
        return False
    return not any(
        member.flag_bits & 0x1
        or member.filename.startswith(("/", "\\"))
        or ".." in PurePosixPath(member.filename).parts
        or "\\" in member.filename
        or member.file_size > ARCHIVE_RATIO * max(member.compress_size, 1024)
        for member in members
    )


def _file_of(upload: "UploadedFile[bytes]") -> Any:
    return upload.file if upload.file is not None else upload


def _clean_name(raw: str) -> str:
    """The last part of a path in either style, as plain text of a length that fits."""
    last = PureWindowsPath(PurePosixPath(raw).name).name
    try:
        name = text.clean(last, lines=False)
    except ValueError:
        name = "".join(letter for letter in last if letter.isprintable()).strip()
    if not name.strip("."):
        return "file"
    path = PurePosixPath(name)
    return f"{path.stem[: NAME_LENGTH - len(path.suffix)]}{path.suffix}"[-NAME_LENGTH:]


def size_in_words(size: int) -> str:
    """A number of bytes as people say it: "10 MB", "84 KB"."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / (1024 * 1024):.1f} MB".replace(".0 ", " ")
