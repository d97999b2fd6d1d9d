"""Measuring one piece of work: statements, CPU seconds, wall seconds, time in the database."""

import cProfile
import gc
import io
import pstats
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

Work = Callable[[], object]


@dataclass
class Line:
    """One line of the table: what was measured and what it may be. None: not measured, or free."""

    name: str
    sql: int | None = None
    sql_most: int | None = None
    cpu: float | None = None
    cpu_most: float | None = None
    wall: float | None = None
    note: str = ""
    over: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.sql is not None and self.sql_most is not None and self.sql > self.sql_most:
            self.over.append("statements")
        if self.cpu is not None and self.cpu_most is not None and self.cpu > self.cpu_most:
            self.over.append("CPU")


@dataclass(frozen=True)
class Cost:
    """What a piece of work costs: statements, and seconds of CPU and of the clock."""

    sql: int
    cpu: float
    wall: float


def cost(work: Work, *, times: int, warm: bool = True) -> Cost:
    """The cost of `work`: once to warm up, once to count, then the median of `times`.

    Without warming up nothing is counted. CPU is this process's alone: what a database server
    spends is in the wall time.
    """
    statements = 0
    if warm:
        work()
        statements = len(statements_of(work))
    gc.collect()
    cpu, wall = [], []
    for _ in range(times):
        began, began_cpu = time.perf_counter(), time.process_time()
        work()
        cpu.append(time.process_time() - began_cpu)
        wall.append(time.perf_counter() - began)
    return Cost(statements, statistics.median(cpu), statistics.median(wall))


def statements_of(work: Work) -> list[tuple[str, Any]]:
    """The statements that `work` sends, each with its parameters."""
    found: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    return found


def database_seconds(work: Work, *, times: int) -> tuple[float, float]:
    """Seconds that the statements of `work` take, every row fetched: the median, and the least.

    They are sent again by themselves, since SQLite finds most rows only as they are fetched.
    """
    statements = statements_of(work)
    sums = []
    for _ in range(times + 1):
        total = 0.0
        for sql, params in statements:
            began = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()
            total += time.perf_counter() - began
        sums.append(total)
    return statistics.median(sums[1:]), min(sums[1:])


def where_time_goes(work: Work, most: int = 8) -> list[str]:
    """The functions that take most of the time of `work`, a line each."""
    profile = cProfile.Profile()
    profile.runcall(work)
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(most)
    lines = text.getvalue().splitlines()
    head = next(index for index, line in enumerate(lines) if "tottime" in line)
    return [line.rstrip() for line in lines[head:] if line.strip()]
