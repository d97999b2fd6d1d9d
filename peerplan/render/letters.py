"""What can be printed: text is fitted to the one family of type that a document carries.

The PDF engine sees no fonts but ours, so that pages look the same on every machine and no letter
is ever drawn as an unmarked box: PDF/UA forbids those.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet

# In the place of a letter that our type does not have (an emoji, a script we do not carry).
STAND_IN = "☐"
SOFT_HYPHEN = "\xad"
BEYOND_LATIN = re.compile("[^\t\n\r -~\xa0-\u017f]")


def without_controls(text: str) -> str:
    """The text without control characters, lone surrogates, and marks that hide or reorder text.

    Line ends and tabs stay, as does the soft hyphen. Letters and their accents are put together.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = (
        character
        for character in unicodedata.normalize("NFC", text)
        if character in "\n\r\t" + SOFT_HYPHEN
        or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return "".join(kept)


def fitted(text: str, available: AbstractSet[int]) -> str:
    """The text with every letter that the type lacks replaced by its plain form or a stand-in."""

    def fit(match: re.Match[str]) -> str:
        letter = match[0]
        if ord(letter) in available:
            return letter
        if unicodedata.category(letter) == "Pd":
            return "-"
        if unicodedata.category(letter) == "Zs":
            return " "
        plain = unicodedata.normalize("NFKC", letter)
        if all(ord(part) in available for part in plain):
            return plain
        return "" if unicodedata.category(letter) in ("Mn", "Me") else STAND_IN

    return BEYOND_LATIN.sub(fit, text)
