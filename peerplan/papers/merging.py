"""Bringing fresh words from the plan into a text that was edited since. No database in here.

Three texts meet: what was drafted, what it became, and what would be drafted now. They are
compared by paragraph (each bullet and sub-heading counts as one): a paragraph nobody touched
becomes what the plan says now, an edited one stays as it is. Nothing typed is ever lost.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Two paragraphs of which fewer words are the same are not taken for one that was changed.
ALIKE = 0.4
# Texts of more pairs of paragraphs than this are compared by what is the same only.
MOST_PAIRS = 150_000
_GAP = re.compile(r"\n[ \t]*\n\s*")
_SIGN = re.compile(r"[ \t]*(?:(?:[-•>]|##?)[ \t]+)")


@dataclass(frozen=True)
class Unit:
    """A paragraph, bullet or sub-heading; `begins_block` where a blank line stands before it."""

    text: str
    begins_block: bool = True

    @property
    def key(self) -> str:
        """The words without regard to how they are spaced or broken into lines."""
        return " ".join(self.text.split())


@dataclass(frozen=True)
class Clash:
    """A paragraph that was edited and of which the plan now says something else.

    `mine` is "" where it was taken out, `new` is "" where the plan no longer says it.
    """

    mine: str
    new: str


@dataclass(frozen=True)
class Merged:
    """The text with fresh words, how many paragraphs changed, and where to look."""

    text: str
    renewed: int
    clashes: tuple[Clash, ...] = ()


def merge(drafted: str, text: str, new: str) -> Merged:
    """`text`, in which what stands as it was `drafted` is replaced by what is `new`."""
    base, mine, fresh = units_of(drafted), units_of(text), units_of(new)
    if _keys(mine) == _keys(base):
        changed = sum((Counter(_keys(fresh)) - Counter(_keys(base))).values())
        gone = len(base) > len(fresh)
        return Merged(new.strip(), changed or int(gone))
    if _keys(fresh) == _keys(base) or _keys(fresh) == _keys(mine):
        return Merged(text, 0)
    return _merged(base, _Aligned(base, mine), _Aligned(base, fresh))


def units_of(text: str) -> list[Unit]:
    """The paragraphs, bullets and sub-headings of a text in the format of `render.texts`."""
    units: list[Unit] = []
    for block in _GAP.split(text.strip()):
        lines: list[list[str]] = []
        for line in block.split("\n"):
            if not lines or _SIGN.match(line):
                lines.append([line])
            else:
                lines[-1].append(line)
        for place, group in enumerate(lines):
            unit = Unit("\n".join(group).strip(), begins_block=place == 0)
            if unit.text:
                units.append(unit)
    return units


def text_of(units: Iterable[Unit]) -> str:
    """The units as one text again."""
    said = ""
    for unit in units:
        gap = "" if not said else "\n\n" if unit.begins_block else "\n"
        said += gap + unit.text
    return said


def _merged(base: Sequence[Unit], mine: "_Aligned", fresh: "_Aligned") -> Merged:
    units: list[Unit] = []
    clashes: list[Clash] = []
    renewed = 0
    for place in range(-1, len(base)):
        if place >= 0:
            was, is_now, would_be = base[place], mine.of[place], fresh.of[place]
            is_new = would_be is None or would_be.key != was.key
            if is_now is not None and is_now.key == was.key:
                kept = would_be
                renewed += is_new
            else:
                kept = is_now
                if is_new and (is_now and is_now.key) != (would_be and would_be.key):
                    clashes.append(
                        Clash(is_now.text if is_now else "", would_be.text if would_be else "")
                    )
            if kept is not None:
                units.append(kept)
        typed = mine.after.get(place, [])
        units += typed
        there = set(_keys(typed))
        added = [unit for unit in fresh.after.get(place, []) if unit.key not in there]
        renewed += len(added)
        units += added
    return Merged(text_of(units), renewed, tuple(clashes))


class _Aligned:
    """Which unit of another text stands for each of the base, and which stand between them.

    `after[-1]` are those before the first of the base.
    """

    def __init__(self, base: Sequence[Unit], other: Sequence[Unit]) -> None:
        self.of: list[Unit | None] = [None] * len(base)
        self.after: dict[int, list[Unit]] = {}
        pairs = dict(_pairs(base, other))
        place = -1
        for index, unit in enumerate(other):
            if index in pairs:
                place = pairs[index]
                self.of[place] = unit
            else:
                self.after.setdefault(place, []).append(unit)


def _pairs(base: Sequence[Unit], other: Sequence[Unit]) -> Iterable[tuple[int, int]]:
    """Places in `other` with the places in `base` that they stand for, in order."""
    matcher = SequenceMatcher(None, _keys(base), _keys(other), autojunk=False)
    for tag, from_1, to_1, from_2, to_2 in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(range(from_2, to_2), range(from_1, to_1), strict=True)
        elif tag == "replace":
            for place_2, place_1 in _alike(base[from_1:to_1], other[from_2:to_2]):
                yield from_2 + place_2, from_1 + place_1


def _alike(base: Sequence[Unit], other: Sequence[Unit]) -> Iterable[tuple[int, int]]:
    """The best pairs in order among units of which none is the same."""
    if len(base) == len(other) == 1:
        return [(0, 0)]
    if len(base) * len(other) > MOST_PAIRS:
        return []
    words_1 = [Counter(unit.key.lower().split()) for unit in base]
    words_2 = [Counter(unit.key.lower().split()) for unit in other]
    alike = [[_likeness(one, two) for two in words_2] for one in words_1]
    # best[i][j]: the most likeness that pairs of the units from i and from j on can have.
    best = [[0.0] * (len(other) + 1) for _ in range(len(base) + 1)]
    for i in reversed(range(len(base))):
        for j in reversed(range(len(other))):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(base) and j < len(other):
        if alike[i][j] >= ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            found.append((j, i))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(one: "Counter[str]", two: "Counter[str]") -> float:
    """The share of words that two units have in common, from 0 to 1."""
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 0.0


def _keys(units: Sequence[Unit]) -> list[str]:
    return [unit.key for unit in units]
