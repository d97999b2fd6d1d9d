"""Moving one row of an ordered list up or down, with few rows written."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

STEP = 10


class Placed(Protocol):
    """A row with a place in a list."""

    position: int


RowT = TypeVar("RowT", bound=Placed)


def after_all(rows: Sequence[Placed]) -> int:
    """A position after all of `rows`, with room to put others between."""
    return max((row.position for row in rows), default=0) + STEP


def moved(rows: Sequence[RowT], place: int, up: bool) -> list[tuple[RowT, int]]:
    """Which rows need which position so that the one at `place` stands one up or down.

    `rows` are those that stand, in order. At the end of the list nothing moves: [].
    """
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return []
    order = list(rows)
    order[place], order[other] = order[other], order[place]
    places = [row.position for row in rows]
    if any(after <= before for before, after in pairwise(places)):
        places = [STEP * (index + 1) for index in range(len(rows))]
    return [(row, spot) for row, spot in zip(order, places, strict=True) if row.position != spot]
