"""Finds people of a list in a text, in the ways in which papers write them. Pure: no database.

"Jo Smith" is found as Jo Smith, JO SMITH, Jo A. Smith, J. Smith, J.A. Smith, J Smith, Smith, Jo,
Cllr Smith, Jo Smith's and jo.smith@; with or without accents, and over the end of a line. Not
inside other words or names: Jo Smithson, Jo Smith-Jones and Billy-Jo Smith are other people.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

TITLES = frozenset(
    "alderman ald baroness baron captain cllr cllrs col councillor councillors dame dr lady lord "
    "miss mr mrs ms mx prof professor rev reverend sir".split()
)
HONOURS = frozenset("bem cbe dbe dl fcca frics jp kbe mbe mp obe phd qpm".split())
PARTICLES = frozenset("al ap ab bin bint da de del der di dos du el ibn la le st van von".split())
_PLAIN = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
        "ı": "i", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-",
        "\xad": "",
    }
)  # fmt: skip
_STARTS = r"(?<!\w)(?<!\w[-'])"
# A hyphen and a capital go on with the name; "Smith-led" is a word of its own about Smith.
_ENDS = r"(?!\w)(?!-(?-i:[A-Z]))(?!'(?!s\b)(?-i:[A-Z]))"
_BETWEEN = r"(?:\s+|[.](?=\w))"


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    split = unicodedata.normalize("NFKD", character.translate(_PLAIN))
    return "".join(one for one in split if not unicodedata.combining(one))


def plain(text: str) -> str:
    """The text without accents and with one kind of apostrophe and hyphen; letters keep their case.

    Not always of the same length as `text`.
    """
    return text if text.isascii() else "".join(map(_plain, text))


@dataclass(frozen=True)
class Hit:
    """Where somebody of the list is named: the words as they stand, from `start` to `end`."""

    name: str
    words: str
    start: int
    end: int


@dataclass(frozen=True)
class _Listed:
    """One line of the list, and the ways to write it."""

    name: str
    pattern: re.Pattern[str]


class NameList:
    """The people of a list, ready to be looked for. Lines that hold no name are left out."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_word: dict[str, list[_Listed]] = {}
        for name in names:
            given, middle, family = parts_of(name)
            if family:
                listed = _Listed(name.strip(), _pattern(given, middle, family))
                key = re.findall(r"\w+", family[-1].lower())[-1]
                self._by_word.setdefault(key, []).append(listed)

    def __bool__(self) -> bool:
        return bool(self._by_word)

    def hits(self, text: str) -> list[Hit]:
        """Everybody of the list whom `text` names, in the order of the text, each place once."""
        if not text or not self._by_word:
            return []
        searched = plain(text)
        there = self._by_word.keys() & set(re.findall(r"\w+", searched.lower()))
        if not there:
            return []
        places = _places(text)
        found: list[Hit] = []
        for listed in (each for word in sorted(there) for each in self._by_word[word]):
            for match in listed.pattern.finditer(searched):
                start, end = places[match.start()], places[match.end() - 1] + 1
                while end < len(text) and unicodedata.combining(text[end]):
                    end += 1
                found.append(Hit(listed.name, text[start:end], start, end))
        return list(_without_overlaps(found))


def parts_of(name: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Given name, middle names and family name of one line, without titles and honours.

    ("", (), ()) where the line names nobody. "Smith, Jo" and "Cllr Jo Smith OBE" are Jo Smith.
    """
    line = " ".join(plain(name).split())
    if "," in line:
        family, _, given = (part.strip() for part in line.partition(","))
        is_honour = all(word.lower().strip(".") in HONOURS for word in given.split())
        line = family if is_honour else f"{given} {family}"
    words = [word for word in line.split() if re.search(r"[^\W\d_]", word)]
    while len(words) > 1 and words[0].lower().strip(".") in TITLES:
        words.pop(0)
    while len(words) > 1 and words[-1].lower().strip(".,") in HONOURS:
        words.pop()
    if not words:
        return "", (), ()
    words = [part for word in words for part in _split_initials(word)]
    if len(words) == 1:
        return "", (), (words[0],)
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES:
        start -= 1
    return words[0], tuple(words[1:start]), tuple(words[start:])


def _split_initials(word: str) -> list[str]:
    """ "J.A." as "J" and "A"; any other word as it is, without a full stop at its end."""
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?", word):
        return re.findall(r"[^\W\d_]", word)
    return [word.strip(".")]


def _word(word: str) -> str:
    """A word of a name; what is written with a hyphen may be written with a space."""
    return r"[-\s]".join(re.escape(part) for part in word.split("-") if part)


def _capital(word: str) -> str:
    """The same with a capital first letter, whatever the case of the rest."""
    return f"(?-i:{re.escape(word[0].upper())}){_word(word[1:])}" if word[1:] else word.upper()


def _pattern(given: str, middle: Sequence[str], family: Sequence[str]) -> re.Pattern[str]:
    last = r"\s+".join(map(_word, family))
    if not given:
        return re.compile(f"{_STARTS}{last}{_ENDS}", re.IGNORECASE)
    first = _word(given)
    letter = re.escape(given[0])
    capital = f"(?-i:{re.escape(given[0].upper())})"
    last_capital = r"\s+".join([_capital(family[0]), *map(_word, family[1:])])
    if family[0].lower() in PARTICLES:
        last_capital = last
    names = "|".join([*map(_word, middle), r"[^\W\d_]\."])
    # At most four: where two ways fit one letter, more would take for ever.
    between = rf"(?:(?:{names}|(?-i:[A-Z]))\s*){{0,4}}"
    titles = "|".join(sorted(TITLES))
    ways = (
        # Jo Smith, Jo A. Smith, jo.smith
        rf"{first}{_BETWEEN}{between}{last}",
        # J. Smith, J.A. Smith; without the full stop only with capitals: "a smith" is a trade
        rf"{letter}\.\s*{between}{last}",
        rf"{capital}\s+{between}{last_capital}",
        rf"{capital}(?-i:[A-Z]{{1,3}})\s+{last_capital}",
        # Smith, Jo; Smith, J.
        rf"{last},\s*(?:{first}|{letter}\.|{capital})",
        # Cllr Smith
        rf"(?:{titles})\.?\s+{last}",
    )
    return re.compile(f"{_STARTS}(?:{'|'.join(ways)}){_ENDS}", re.IGNORECASE)


def _places(text: str) -> Sequence[int]:
    """For each character of `plain(text)`, the place in `text` from which it comes."""
    if text.isascii():
        return range(len(text))
    return [at for at, character in enumerate(text) for _ in _plain(character)]


def _without_overlaps(found: list[Hit]) -> Iterator[Hit]:
    """The longest of those that stand in one place, in the order of the text."""
    end = -1
    for hit in sorted(found, key=lambda hit: (hit.start, -hit.end, hit.name)):
        if hit.start >= end:
            yield hit
            end = hit.end
