"""Plain text as it may be stored: no characters that lie, vanish or break a document."""

import re
import unicodedata

# Word's and Unicode's own ways to say "new line".
_NEW_LINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Invisible marks that come along with pasted text and change nothing but the reading order.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202c\u2060\u2066-\u2069\ufeff]")
# What no committee paper holds: control characters, overrides of the reading direction (they show
# a text other than the one that is stored) and code points that XML forbids.
_REFUSED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")
_NAMES = {"\x00": "null", "\x1b": "escape", "\x7f": "delete"}


def clean(raw: str, *, lines: bool) -> str:
    """`raw` with new lines as "\\n" (as spaces unless `lines`) and invisible marks left out.

    Raises ValueError, with a message for the person who typed it, for a refused character.
    """
    text = _INVISIBLE.sub("", _NEW_LINES.sub("\n", raw))
    if found := _REFUSED.search(text):
        letter = found.group()
        name = _NAMES.get(letter) or unicodedata.name(letter, "a control character").lower()
        before = " ".join(_REFUSED.sub("", text[: found.start()]).split())[-30:]
        place = f"after “{before}”" if before else "at the beginning"
        raise ValueError(f"Remove the character U+{ord(letter):04X} ({name}) {place}.")
    if not lines:
        text = re.sub(r"[\n\t]+", " ", text)
    return text.strip()
