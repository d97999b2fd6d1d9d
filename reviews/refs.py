"""References and addresses: what a recommendation's number and a challenge's slug may look like."""

import re

from django.utils.text import slugify

from peerplan.core import text

# One level or two ("3", "3.1", "R3", "R-3.2"): each of letters, digits and inner hyphens.
_LEVEL = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
REF = re.compile(rf"{_LEVEL}(?:\.{_LEVEL})?")
REF_LENGTH = 12

# Words that stand in addresses where a reference or a challenge's slug would stand.
RESERVED_REFS = frozenset(
    "actions add adopt appendix appendix.html appendix.pdf at catch-up changes claims close "
    "closing conclusions correct dates details documents edit end evidence exempt export "
    "extension findings history import move new paste peers plan print questions "
    "recommendations release releases respond restore review scrutiny settings setup statement "
    "team themes update updates verify visit withdraw".split()
)
RESERVED_SLUGS = frozenset(
    "accessibility actions brand challenges documents export home import invitation logo meetings "
    "my-actions new over-the-years papers people plan privacy search settings users".split()
)
SLUG_LENGTH = 60


def clean_ref(raw: str) -> str:
    """The reference as it is kept.

    Raises ValueError, with a message for the person who typed it, where it cannot be one.
    """
    ref = text.clean(raw, lines=False).rstrip(".")
    if not ref:
        raise ValueError("Enter the reference, such as 3 or 3.1.")
    if len(ref) > REF_LENGTH:
        raise ValueError(f"The reference must have {REF_LENGTH} characters or fewer.")
    if not REF.fullmatch(ref):
        raise ValueError(
            "Use letters, digits and hyphens, with one dot at most, such as 3, 3.1 or R3."
        )
    if ref.lower() in RESERVED_REFS:
        raise ValueError(f"“{ref}” is a word of the site’s addresses: use another reference.")
    return ref


def slug_from(title: str, taken: frozenset[str]) -> str:
    """An address for a challenge with this title, not reserved and not in `taken`."""
    stem = slugify(title.replace("_", " "))[: SLUG_LENGTH - 4].strip("-") or "challenge"
    slug, number = stem, 1
    while slug in taken or slug in RESERVED_SLUGS:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def clean_slug(raw: str, taken: frozenset[str]) -> str:
    """A chosen address as it is kept.

    Raises ValueError, with a message for the person who typed it, where it cannot be one.
    """
    slug = raw.strip().lower()
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug) or len(slug) > SLUG_LENGTH:
        raise ValueError("Use small letters, digits and hyphens, such as peer-challenge-2026.")
    if slug in RESERVED_SLUGS:
        raise ValueError(f"“{slug}” is a word of the site’s addresses: use another.")
    if slug in taken:
        raise ValueError(f"Another challenge has the address “{slug}”: use another.")
    return slug
