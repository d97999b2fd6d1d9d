"""What a picture is by its content, whatever its name says."""

from dataclasses import dataclass

import puremagic

LOGO_MAX_BYTES = 200 * 1024
LOGO_MAX_SIDE = 2000
"""Pixels. A small file may unpack to a picture that fills the memory of what prints it."""
NOT_A_PICTURE = "The logo must be a PNG or JPEG picture: save it as one of these and try again."
SVG_REFUSED = (
    "SVG files can carry programs, so they are not taken: save the logo as a PNG, "
    "at least 88 pixels high, and try again."
)
UNREADABLE = "This picture cannot be read: save it again as a PNG and try again."


@dataclass(frozen=True)
class Picture:
    """A picture that may be served: its bytes and its media type."""

    content: bytes
    media_type: str


def _png_size(content: bytes) -> tuple[int, int]:
    if content[12:16] != b"IHDR" or len(content) < 24:
        raise ValueError(UNREADABLE)
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height from the first frame header (ITU T.81, B.2.2)."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    raise ValueError(UNREADABLE)


_SIZES = {"image/png": _png_size, "image/jpeg": _jpeg_size}


def read_logo(content: bytes) -> Picture:
    """The picture in `content`. Raises ValueError, with what to do, for anything else."""
    if len(content) > LOGO_MAX_BYTES:
        raise ValueError(
            f"The logo may have at most {LOGO_MAX_BYTES // 1024} kB: this file has "
            f"{len(content) // 1024:,} kB. Save it smaller and try again."
        )
    if b"<svg" in content[:1000].lower():
        raise ValueError(SVG_REFUSED)
    try:
        media_type = str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError) as error:
        raise ValueError(NOT_A_PICTURE) from error
    if media_type not in _SIZES:
        raise ValueError(NOT_A_PICTURE)
    width, height = _SIZES[media_type](content)
    if not 0 < width <= LOGO_MAX_SIDE or not 0 < height <= LOGO_MAX_SIDE:
        raise ValueError(
            f"The logo may be at most {LOGO_MAX_SIDE:,} pixels wide and high: this one is "
            f"{width:,} by {height:,}. Save it smaller and try again."
        )
    return Picture(content, media_type)
