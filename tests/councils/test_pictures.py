"""Which files may be a logo, by their content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.councils.pictures import LOGO_MAX_BYTES, read_logo
from tests.councils.conftest import Draw


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_png_and_jpeg_are_taken_whatever_they_are_called(
    form: str, media_type: str, draw: Draw
) -> None:
    content = draw(form)
    picture = read_logo(content)
    assert (picture.content, picture.media_type) == (content, media_type)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "PNG or JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG files"),
        (b"<?xml version='1.0'?>\n<SVG/>", "SVG files"),
        (b"GIF89a" + b"\x00" * 60, "PNG or JPEG"),
        (b"MZ" + b"\x00" * 200, "PNG or JPEG"),
        (b"%PDF-1.7\n", "PNG or JPEG"),
        (b"\x89PNG\r\n\x1a\n", "cannot be read"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * LOGO_MAX_BYTES, "at most 200 kB"),
    ],
)
def test_other_files_are_refused_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_logo(content)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(form: str, draw: Draw) -> None:
    content = draw(form, 2001, 10)
    assert len(content) < LOGO_MAX_BYTES
    with pytest.raises(ValueError, match="2,001 by 10"):
        read_logo(content)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]))
def test_random_bytes_are_refused_in_words_and_never_break_the_reader(
    rest: bytes, start: bytes
) -> None:
    with pytest.raises(ValueError, match="again"):
        read_logo(start + rest)
