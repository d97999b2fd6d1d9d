"""What a council looks like and says of itself: details, statements, words, colours, logo."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction

from peerplan.core import history, versions
from peerplan.core.errors import Invalid
from peerplan.councils import contrast
from peerplan.councils.models import Council, User
from peerplan.councils.pictures import Picture
from peerplan.councils.vocabulary import KEYS, Words


@dataclass(frozen=True)
class CouncilDetails:
    """What a council is called and where it is found."""

    name: str
    kind: str
    nation: str
    website: str = ""
    contact_email: str = ""


@dataclass(frozen=True)
class Colours:
    """The four colours of a council, each "#rrggbb"."""

    brand: str
    brand_ink: str
    brand_trim: str
    link_colour: str


@transaction.atomic
def change_details(
    *, council: Council, details: CouncilDetails, version: int, author: User
) -> Council:
    """The council as it now is. Raises Stale where someone else was first."""
    current = versions.claim(council, version)
    for field, value in asdict(details).items():
        setattr(current, field, value)
    history.save(current, author=author)
    return current


@transaction.atomic
def change_statements(
    *, council: Council, accessibility: str, privacy: str, version: int, author: User
) -> Council:
    """The council with its two public statements. Raises Stale where someone else was first."""
    current = versions.claim(council, version)
    current.accessibility_statement = accessibility
    current.privacy_notice = privacy
    history.save(current, author=author)
    return current


@transaction.atomic
def change_words(
    *, council: Council, words: Mapping[str, str], version: int, author: User
) -> Council:
    """The council with its own words; an empty one, or one that is ours, stands for ours.

    Raises Invalid where two columns would be called the same, Stale where someone else was first.
    """
    ours = asdict(Words())
    own = {key: words[key] for key in KEYS if words.get(key) and words[key] != ours[key]}
    seen: dict[str, str] = {}
    for key, word in (ours | own).items():
        if (first := seen.setdefault(word.casefold(), key)) != key:
            field = key if key in own else first
            raise Invalid({field: f"“{word}” is used for another column: choose another word."})
    current = versions.claim(council, version)
    current.vocabulary = own
    history.save(current, author=author)
    return current


def colour_problems(colours: Colours) -> dict[str, str]:
    """Field to what is wrong with its contrast and what to do; empty where all can be read."""
    checks = (
        ("brand", colours.brand, contrast.WHITE, "The main colour on white", "a darker colour"),
        ("brand_ink", colours.brand_ink, colours.brand, "Text on the main colour", "another"),
        ("link_colour", colours.link_colour, contrast.WHITE, "Links on white", "a darker colour"),
    )
    return {
        field: f"{what} has a contrast of {contrast.in_words(found)}. It needs "
        f"{contrast.LEAST_FOR_TEXT}:1 or more to be read: choose {instead}."
        for field, one, other, what, instead in checks
        if (found := contrast.ratio(one, other)) < contrast.LEAST_FOR_TEXT
    }


@transaction.atomic
def change_colours(*, council: Council, colours: Colours, version: int, author: User) -> Council:
    """The council in its colours.

    Raises Invalid where a colour cannot be read on another, Stale where someone else was first.
    """
    if problems := colour_problems(colours):
        raise Invalid(problems)
    current = versions.claim(council, version)
    for field, value in asdict(colours).items():
        setattr(current, field, value.lower())
    history.save(current, author=author)
    return current


@transaction.atomic
def change_logo(
    *, council: Council, picture: Picture | None, version: int, author: User
) -> Council:
    """The council with a new logo, or with none. Raises Stale where someone else was first."""
    current = versions.claim(council, version)
    current.logo = picture.content if picture else None
    current.logo_type = picture.media_type if picture else ""
    reason = "A new logo was put up" if picture else "The logo was taken down"
    history.save(current, author=author, reason=reason)
    return current
