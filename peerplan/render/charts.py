"""Charts drawn on the server as SVG: the same markup on the page, on paper and in the PDF.

A chart has no `viewBox`: widths are shares of whatever space there is and heights are pixels, so
that the words in it stay readable on a telephone and on A4. Colours are presentation attributes,
which a strict content security policy allows and a stylesheet may override by class; textures are
strokes, so that a chart can be read without colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Texture = Literal["slant", "upright", "level", "plain", "rim", "dashed rim"]


@dataclass(frozen=True)
class Look:
    """How one status is filled: text on it keeps at least 4.5:1, its edge 3:1 on white."""

    fill: str
    ink: str
    edge: str
    texture: Texture
    stroke: str


# In the order in which they are always shown.
LOOKS: dict[str, Look] = {
    "red": Look("#a31621", "#ffffff", "#a31621", "slant", "#cf8188"),
    "amber": Look("#ffc247", "#2a1c00", "#7d5300", "upright", "#a67c2a"),
    "green": Look("#0b6b3a", "#ffffff", "#0b6b3a", "plain", "#0b6b3a"),
    "complete": Look("#1c4e93", "#ffffff", "#1c4e93", "level", "#8ea7c9"),
    "claimed": Look("#ffffff", "#1c4e93", "#1c4e93", "rim", "#1c4e93"),
    "none": Look("#ffffff", "#2e3944", "#5b6772", "dashed rim", "#5b6772"),
    "paused": Look("#dfe4ea", "#26303a", "#5b6772", "rim", "#5b6772"),
    "bau": Look("#e3edf8", "#173f78", "#3f6ba8", "rim", "#3f6ba8"),
    "merged": Look("#f0eaf3", "#46305a", "#77628a", "rim", "#77628a"),
    "withdrawn": Look("#ffffff", "#47535f", "#67747f", "dashed rim", "#67747f"),
}
ORDER = tuple(LOOKS)

BAR_HEIGHT = 42
TREND_HEIGHT = 280
PLOT_BASE = 244
PLOT_TOP = 8
# A status with one action among a thousand is still seen: no segment is thinner than this share.
THINNEST = 0.012


@dataclass(frozen=True)
class Segment:
    """How many actions have one status; `label` is the council's word for it."""

    key: str
    label: str
    count: int

    def __post_init__(self) -> None:
        if self.key not in LOOKS:
            raise ValueError(f"{self.key!r} is not one of the statuses {', '.join(ORDER)}")
        if self.count < 0:
            raise ValueError("a count is never negative")


@dataclass(frozen=True)
class Rect:
    """A drawn segment: lengths are SVG lengths ("12.50%", pixels), words are empty if too long."""

    key: str
    look: Look
    x: str
    y: str
    width: str
    height: str
    number: str
    word: str
    backing: str
    backing_shift: str
    levels: tuple[str, ...]

    @property
    def rim_height(self) -> str:
        """The height inside the rim, in pixels."""
        return f"{max(float(self.height) - 6, 1):.1f}"


@dataclass(frozen=True)
class StackedBar:
    """One row of segments. `title` is what a reader sees above it ("Now, 19 November 2026").

    Words stand in a segment only if they fit when the bar is `words_at` pixels wide, numbers if
    they fit at `numbers_at`: the table beside the chart holds every number.
    """

    title: str
    segments: Sequence[Segment]
    words_at: int = 640
    numbers_at: int = 300
    noun: tuple[str, str] = ("action", "actions")

    @property
    def total(self) -> int:
        """The number of actions in all segments."""
        return sum(segment.count for segment in self.segments)

    @property
    def shown(self) -> tuple[Segment, ...]:
        """The segments that hold anything, in the order of statuses."""
        return _in_order(self.segments)

    @property
    def summary(self) -> str:
        """What the chart says, in one sentence: its accessible name."""
        return f"{self.title}: {_counted(self.shown, self.total, self.noun)}"

    @property
    def height(self) -> int:
        """The height of the bar in pixels."""
        return BAR_HEIGHT

    @property
    def drawn(self) -> tuple[Rect, ...]:
        """The segments as rectangles; they fill the width exactly."""
        at = 0.0
        rects = []
        for segment, share in zip(self.shown, _shares(self.shown), strict=True):
            number = str(segment.count)
            word = f" {segment.label}"
            if _text_width(number + word) > share * self.words_at - 16:
                word = ""
            if _text_width(number) > share * self.numbers_at - 1:
                number = word = ""
            rects.append(
                _rect(
                    segment.key,
                    x=f"{at * 100:.2f}%",
                    width=f"{share * 100:.2f}%",
                    y="0",
                    height=float(BAR_HEIGHT),
                    number=number,
                    word=word,
                )
            )
            at += share
        return tuple(rects)


@dataclass(frozen=True)
class TrendColumn:
    """One month of a trend."""

    label: str
    segments: Sequence[Segment]

    @property
    def shown(self) -> tuple[Segment, ...]:
        """The segments that hold anything, in the order of statuses."""
        return _in_order(self.segments)

    @property
    def total(self) -> int:
        """The number of actions in all segments."""
        return sum(segment.count for segment in self.segments)


@dataclass(frozen=True)
class DrawnColumn:
    """A column of a drawn trend: where it stands and what it is made of, from the base up."""

    label: str
    x: str
    width: str
    rects: tuple[Rect, ...]


@dataclass(frozen=True)
class Trend:
    """Stacked columns, one a month, all on one scale. `description` says what to see in it."""

    title: str
    columns: Sequence[TrendColumn]
    description: str = ""
    noun: tuple[str, str] = ("action", "actions")
    height: int = field(default=TREND_HEIGHT, init=False)

    @property
    def base(self) -> int:
        """The y of the axis, in pixels."""
        return PLOT_BASE

    @property
    def label_at(self) -> int:
        """The y of the words under the columns, in pixels."""
        return PLOT_BASE + 22

    @property
    def spoken(self) -> str:
        """The description, or the first and the last column in words when there is none."""
        if self.description or not self.columns:
            return self.description
        ends = [self.columns[0]]
        if len(self.columns) > 1:
            ends.append(self.columns[-1])
        return ". ".join(
            f"{column.label}: {_counted(column.shown, column.total, self.noun)}" for column in ends
        )

    @property
    def drawn(self) -> tuple[DrawnColumn, ...]:
        """The columns, left to right; within each the first status is on top."""
        tallest = max((column.total for column in self.columns), default=0)
        if not tallest:
            return ()
        slot = 100 / len(self.columns)
        unit = (PLOT_BASE - PLOT_TOP) / tallest
        drawn = []
        for place, column in enumerate(self.columns):
            y = float(PLOT_BASE)
            rects = []
            for segment in reversed(column.shown):
                height = segment.count * unit
                y -= height
                rects.append(
                    _rect(
                        segment.key,
                        x="0",
                        width="100%",
                        y=f"{y:.1f}",
                        height=height,
                        number=str(segment.count) if height >= 15 else "",
                        word="",
                    )
                )
            drawn.append(
                DrawnColumn(
                    column.label,
                    x=f"{place * slot + slot * 0.06:.2f}%",
                    width=f"{slot * 0.88:.2f}%",
                    rects=tuple(rects),
                )
            )
        return tuple(drawn)


@dataclass(frozen=True)
class TableRow:
    """One line of numbers; `cells` are as printed."""

    label: str
    cells: tuple[str, ...]
    total: str


@dataclass(frozen=True)
class StackedTable:
    """The numbers of one or more charts: a column a status, a line a bar."""

    caption: str
    corner: str
    heads: tuple[Segment, ...]
    rows: tuple[TableRow, ...]
    total_label: str


def stacked_table(
    caption: str,
    bars: Sequence[StackedBar | TrendColumn],
    *,
    corner: str = "",
    with_change: bool = False,
    total_label: str = "All",
) -> StackedTable:
    """The table that stands beside bars or a trend, statuses that nobody has left out.

    With `with_change` a last line gives the first bar less the second, signed.
    """
    heads: dict[str, Segment] = {}
    for bar in bars:
        for segment in bar.shown:
            heads.setdefault(segment.key, Segment(segment.key, segment.label, 0))
    ordered = tuple(sorted(heads.values(), key=lambda segment: ORDER.index(segment.key)))
    counts = [{segment.key: segment.count for segment in bar.shown} for bar in bars]
    rows = [
        TableRow(
            bar.title if isinstance(bar, StackedBar) else bar.label,
            tuple(str(count.get(head.key, 0)) for head in ordered),
            str(bar.total),
        )
        for bar, count in zip(bars, counts, strict=True)
    ]
    if with_change and len(bars) > 1:
        now, before = counts[0], counts[1]
        rows.append(
            TableRow(
                "Change",
                tuple(_signed(now.get(head.key, 0) - before.get(head.key, 0)) for head in ordered),
                _signed(bars[0].total - bars[1].total),
            )
        )
    return StackedTable(caption, corner, ordered, tuple(rows), total_label)


def _signed(number: int) -> str:
    """A difference with its sign; a minus sign, not a hyphen."""
    if number == 0:
        return "0"
    return f"+{number}" if number > 0 else f"−{-number}"


def _in_order(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    held = [segment for segment in segments if segment.count]
    return tuple(sorted(held, key=lambda segment: ORDER.index(segment.key)))


def _counted(shown: Sequence[Segment], total: int, noun: tuple[str, str]) -> str:
    """Such as "14 actions: 1 red, 2 amber, 11 green"."""
    if not total:
        return f"no {noun[1]}"
    parts = ", ".join(
        f"{segment.count} {segment.label[:1].lower()}{segment.label[1:]}" for segment in shown
    )
    return f"{total} {noun[0] if total == 1 else noun[1]}: {parts}"


def _shares(shown: Sequence[Segment]) -> list[float]:
    """What share of the width each segment has; they add up to one, none thinner than THINNEST."""
    total = sum(segment.count for segment in shown)
    raised = [max(segment.count / total, THINNEST) for segment in shown]
    whole = sum(raised)
    return [share / whole for share in raised]


def _text_width(text: str) -> float:
    """An upper estimate, in pixels, of bold text of 14 pixels in the faces that we use."""
    return sum(4.5 if character in " 1iIjlft.,'" else 8.6 for character in text)


def _rect(key: str, *, x: str, width: str, y: str, height: float, number: str, word: str) -> Rect:
    look = LOOKS[key]
    levels = range(7, int(height) - 1, 7) if look.texture == "level" else ()
    backing = _text_width(number + word) + 8
    return Rect(
        key,
        look,
        x,
        y,
        width,
        f"{height:.1f}",
        number,
        word,
        backing=f"{backing:.1f}",
        backing_shift=f"{-backing / 2:.1f}",
        levels=tuple(str(level) for level in levels),
    )
