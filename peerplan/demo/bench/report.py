"""The table of measurements as text."""

from collections.abc import Iterable

from peerplan.demo.bench.measure import Line

WIDTH = 42
HEAD = f"{'':{WIDTH}}{'SQL':>5}{'max':>6}{'CPU s':>10}{'max':>8}{'wall s':>10}"


def written(line: Line) -> str:
    """One line of the table, with what is over its target in words, and its note."""
    cells = (
        f"{line.name:{WIDTH}}"
        f"{_number(line.sql):>5}{_most(line.sql_most):>6}"
        f"{_seconds(line.cpu):>10}{_most(line.cpu_most):>8}{_seconds(line.wall):>10}"
    )
    has_target = line.sql_most is not None or line.cpu_most is not None or line.over
    verdict = f"OVER: {', '.join(line.over)}" if line.over else "ok" if has_target else ""
    first, *more = line.note.split("\n") if "\n" not in line.note else ["", *line.note.split("\n")]
    text = f"{cells}  {'; '.join(part for part in (verdict, first) if part)}".rstrip()
    return "\n".join([text, *(f"    {each}" for each in more)])


def summary(lines: Iterable[Line]) -> str:
    """How many targets were met."""
    found = list(lines)
    over = [line.name.strip() for line in found if line.over]
    if not over:
        return "Every target was met."
    return f"Over its target: {', '.join(over)}."


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _most(value: float | None) -> str:
    return "" if value is None else f"({value:g})"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}" if value < 1 else f"{value:.2f}"
