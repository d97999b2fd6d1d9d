"""References of actions: what people call them, and how they stand in addresses."""

import re

from peerplan.core import text
from reviews.refs import REF_LENGTH, RESERVED_REFS

# "3.2", "R3.2", "3.2.1", "3a": levels of letters, digits and hyphens, with dots between them.
_REF = re.compile(r"[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")


def clean_ref(raw: str) -> str:
    """The reference as it is kept.

    Raises ValueError, with a message for the person who typed it, where it cannot be one.
    """
    ref = text.clean(raw, lines=False).rstrip(".")
    if not ref:
        raise ValueError("Give the action a reference, such as 3.2.")
    if len(ref) > REF_LENGTH:
        raise ValueError(f"The reference must have {REF_LENGTH} characters or fewer.")
    if not _REF.fullmatch(ref):
        raise ValueError("Use letters, digits, dots and hyphens, such as 3.2 or R3.2.")
    if ref.lower() in RESERVED_REFS:
        raise ValueError(f"“{ref}” is a word of the site’s addresses: use another reference.")
    return ref
