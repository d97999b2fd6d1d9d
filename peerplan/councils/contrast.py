"""How well two colours stand apart, by the formula of WCAG 2."""

LEAST_FOR_TEXT = 4.5
"""WCAG 2.2 success criterion 1.4.3 (AA), for text of normal size."""
WHITE = "#ffffff"


def _luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", from 0 for black to 1 for white."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """The contrast of two colours written "#rrggbb", from 1 (the same) to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def in_words(value: float) -> str:
    """A ratio as people write it, never rounded up: "4.4:1" for 4.49."""
    return f"{int(value * 10) / 10:.1f}:1"
