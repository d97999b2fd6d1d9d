"""A position in numbers, for charts and tables on pages and in papers. Pure: no database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from actions.position import NOT_COUNTED, ActionPosition, Position
from peerplan.councils.ratings import Rule, Status
from peerplan.render.charts import Segment, StackedBar

NO_THEME = "No theme"
NO_DIRECTORATE = "No directorate"


def segments(counts: Mapping[str, int], scheme: Mapping[str, Rule]) -> tuple[Segment, ...]:
    """The counts with the council's labels."""
    return tuple(Segment(str(key), scheme[key].label, count) for key, count in counts.items())


def bar(title: str, position: Position, scheme: Mapping[str, Rule]) -> StackedBar:
    """Counted actions by status, as a bar."""
    return StackedBar(title, segments(position.counts, scheme))


@dataclass(frozen=True)
class Column:
    """A column of a table of counts: the statuses it adds up, under one label."""

    label: str
    keys: tuple[str, ...]

    @property
    def key(self) -> str:
        """The status whose look stands for the column."""
        return self.keys[0]


def columns(position: Position, scheme: Mapping[str, Rule]) -> tuple[Column, ...]:
    """Red, amber, green and complete always; claimed where there is any; the rest as one."""
    counts = position.counts
    shown = [Status.RED, Status.AMBER, Status.GREEN, Status.COMPLETE]
    if counts[Status.CLAIMED]:
        shown.append(Status.CLAIMED)
    rest = tuple(str(key) for key in counts if key not in shown and counts[key])
    found = [Column(scheme[key].label, (str(key),)) for key in shown]
    if len(rest) == 1:
        found.append(Column(scheme[rest[0]].label, rest))
    elif rest:
        found.append(Column("Other", rest))
    return tuple(found)


@dataclass(frozen=True)
class Line:
    """One line of a table of counts, a number for each column."""

    label: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class CountsTable:
    """Counted actions by a heading and by status; `overlaps` where some stand in several lines."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line
    overlaps: bool


def by_theme(position: Position, scheme: Mapping[str, Rule]) -> CountsTable:
    """Actions under the themes of the recommendations they answer, in the order of the themes."""
    themes = {each.id: each.themes for each in position.recommendations}

    def of(action: ActionPosition) -> tuple[str, ...]:
        found = dict.fromkeys(
            theme for rec in action.recommendation_ids for theme in themes.get(rec, ())
        )
        return tuple(found) or (NO_THEME,)

    return _table(position, scheme, of, (*position.themes, NO_THEME), "All themes")


def by_directorate(position: Position, scheme: Mapping[str, Rule]) -> CountsTable:
    """Actions by the directorate that leads them, by name."""
    names = sorted({action.directorate for action in position.actions if action.directorate})
    return _table(
        position,
        scheme,
        lambda action: (action.directorate or NO_DIRECTORATE,),
        (*names, NO_DIRECTORATE),
        "All directorates",
    )


def _table(
    position: Position,
    scheme: Mapping[str, Rule],
    places: Callable[[ActionPosition], tuple[str, ...]],
    order: Iterable[str],
    total_label: str,
) -> CountsTable:
    shown = columns(position, scheme)
    held: dict[str, dict[str, int]] = {}
    overlaps = False
    for action in position.actions:
        if action.status in NOT_COUNTED:
            continue
        found = places(action)
        overlaps = overlaps or len(found) > 1
        for place in found:
            counts = held.setdefault(place, {})
            counts[action.status] = counts.get(action.status, 0) + 1
    return CountsTable(
        columns=shown,
        lines=tuple(_line(label, held[label], shown) for label in order if label in held),
        total=_line(total_label, position.counts, shown),
        overlaps=overlaps,
    )


def _line(label: str, counts: Mapping[str, int], shown: tuple[Column, ...]) -> Line:
    cells = tuple(sum(counts.get(key, 0) for key in column.keys) for column in shown)
    return Line(label, cells, sum(cells))
