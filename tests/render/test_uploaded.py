"""Looking into an uploaded PDF, in a child process."""

import io

import pytest
from pypdf import PdfWriter

from peerplan.render import uploaded
from peerplan.render.uploaded import pages_of
from peerplan.render.uploaded_worker import look


def pdf(pages: int, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pdf(3), "3"),
        (pdf(0), "0"),
        (pdf(1, "secret"), "locked"),
        (b"%PDF-1.7\nnothing", "broken"),
    ],
)
def test_it_says_one_word(content: bytes, said: str) -> None:
    assert look(content) == said


def test_a_locked_file_without_a_password_is_locked_too() -> None:
    """Limits on printing or copying lock a file that opens for everyone."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(ValueError, match="protected by a password or by limits"):
        pages_of(out.getvalue(), "Options.pdf")


def test_pages_are_counted_in_the_child() -> None:
    assert pages_of(pdf(7), "Options.pdf") == 7


def test_little_memory_is_said_and_not_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded, "MEMORY_BYTES", 20 * 1024 * 1024)
    with pytest.raises(ValueError, match=r"takes too long|damaged"):
        pages_of(pdf(1), "Options.pdf")
