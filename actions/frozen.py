"""A whole position as bytes, and back: what an issued paper keeps. Pure: no database.

Compressed JSON with sorted keys: the same position gives the same bytes. Rows are lists; the names
of their fields stand once at the top, so that a position frozen before a field was added can still
be read (the field takes its default). An action that stands under several recommendations is
written once.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from actions.position import (
    ActionPosition,
    DateMove,
    MilestonePosition,
    OwnStatus,
    Position,
    RecommendationPosition,
    UpdatePosition,
)

FORMAT = 1
LEVEL = 6


class Unreadable(ValueError):
    """Raised for bytes that are no frozen position, or of a format that is not known here."""


def freeze(position: Position) -> bytes:
    """The whole position, exempt parts too, as bytes."""
    table = _Actions(position.actions)
    recommendations = [
        _row(RecommendationPosition, each, actions=table.numbers(each.actions), own=_own(each.own))
        for each in position.recommendations
    ]
    head = {
        "format": FORMAT,
        "fields": {kind.__name__: list(_names(kind)) for kind in _KINDS},
        "challenge_id": position.challenge_id,
        "as_at": position.as_at.isoformat(),
        "known_by": _plain(position.known_by),
        "is_live": position.is_live,
        "themes": list(position.themes),
        "withheld": position.withheld,
        "released_reason": position.released_reason,
        "actions": table.numbers(position.actions),
        "recommendations": recommendations,
        "table": table.rows,
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    # A lone half of a pair of UTF-16 units can be held in a text and not be written as UTF-8.
    return zlib.compress(text.encode("utf-8", "surrogatepass"), LEVEL)


def thaw(content: bytes | memoryview) -> Position:
    """The position that was frozen, equal to it. Raises Unreadable for anything else."""
    try:
        head = json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass"))
        if head["format"] != FORMAT:
            raise Unreadable(f"a position of format {head['format']}")
        return _position(head)
    except (zlib.error, UnicodeDecodeError, KeyError, IndexError, TypeError) as error:
        raise Unreadable("these bytes are no frozen position") from error
    except json.JSONDecodeError as error:
        raise Unreadable("these bytes are no frozen position") from error


# --- Freezing -----------------------------------------------------------------------------------

_KINDS: tuple[type, ...] = (
    ActionPosition,
    UpdatePosition,
    MilestonePosition,
    DateMove,
    RecommendationPosition,
    OwnStatus,
)


def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _row(kind: type, record: Any, **given: Any) -> list[Any]:
    """The fields of a dataclass in their order, with what is given instead."""
    return [
        given[name] if name in given else _listed(getattr(record, name)) for name in _names(kind)
    ]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else _plain(value)


def _own(own: OwnStatus | None) -> list[Any] | None:
    return _row(OwnStatus, own) if own else None


class _Actions:
    """Every action once, in the order in which it was met."""

    def __init__(self, actions: Iterable[ActionPosition]) -> None:
        self.rows: list[list[Any]] = []
        self._held: dict[int, list[tuple[ActionPosition, int]]] = {}
        for action in actions:
            self._number(action)

    def numbers(self, actions: Iterable[ActionPosition]) -> list[int]:
        """The places of `actions` in `rows`."""
        return [self._number(action) for action in actions]

    def _number(self, action: ActionPosition) -> int:
        held = self._held.setdefault(action.id, [])
        for other, number in held:
            if other is action or other == action:
                return number
        held.append((action, len(self.rows)))
        self.rows.append(
            _row(
                ActionPosition,
                action,
                update=_row(UpdatePosition, action.update) if action.update else None,
                milestones=[_row(MilestonePosition, each) for each in action.milestones],
                date_moves=[_row(DateMove, each) for each in action.date_moves],
            )
        )
        return len(self.rows) - 1


# --- Thawing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Maker:
    """Makes records of one kind from rows whose fields are `names`."""

    kind: Callable[..., Any]
    places: tuple[tuple[int | None, Any], ...]
    converts: tuple[tuple[int, Callable[[Any], Any]], ...]
    is_as_now: bool

    def __call__(self, row: Sequence[Any]) -> Any:
        values = (
            list(row)
            if self.is_as_now
            else [given if at is None else row[at] for at, given in self.places]
        )
        for at, convert in self.converts:
            if values[at] is not None:
                values[at] = convert(values[at])
        return self.kind(*values)


def _maker(kind: type, names: Sequence[str], **converts: Callable[[Any], Any]) -> _Maker:
    """A maker for rows of `names`; a field that they lack takes its default."""
    own = _names(kind)
    at = {name: place for place, name in enumerate(names)}
    places: list[tuple[int | None, Any]] = []
    for field in fields(kind):
        if field.name in at:
            places.append((at[field.name], None))
        elif field.default is not MISSING:
            places.append((None, field.default))
        else:
            raise KeyError(field.name)
    return _Maker(
        kind,
        tuple(places),
        tuple((own.index(name), convert) for name, convert in converts.items()),
        tuple(names) == own,
    )


def _position(head: dict[str, Any]) -> Position:
    names = head["fields"]
    day, instant = date.fromisoformat, datetime.fromisoformat
    update = _maker(
        UpdatePosition,
        names["UpdatePosition"],
        as_at=day,
        recorded_at=instant,
        expected_date=day,
    )
    milestone = _maker(MilestonePosition, names["MilestonePosition"], due=day)
    move = _maker(DateMove, names["DateMove"], as_at=day, to=day, approved_on=day)
    action = _maker(
        ActionPosition,
        names["ActionPosition"],
        in_plan_from=day,
        original_due=day,
        update=update,
        recommendation_ids=tuple,
        milestones=lambda rows: tuple(milestone(row) for row in rows),
        date_moves=lambda rows: tuple(move(row) for row in rows),
    )
    table: list[ActionPosition] = [action(row) for row in head["table"]]
    recommendation = _maker(
        RecommendationPosition,
        names["RecommendationPosition"],
        themes=tuple,
        own=_maker(OwnStatus, names["OwnStatus"], as_at=day),
        actions=lambda numbers: tuple(table[number] for number in numbers),
    )
    return Position(
        challenge_id=head["challenge_id"],
        as_at=day(head["as_at"]),
        known_by=instant(head["known_by"]),
        is_live=head["is_live"],
        recommendations=tuple(recommendation(row) for row in head["recommendations"]),
        actions=tuple(table[number] for number in head["actions"]),
        themes=tuple(head["themes"]),
        withheld=head["withheld"],
        released_reason=head["released_reason"],
    )
