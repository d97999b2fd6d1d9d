"""Says at the end of a run what it skipped and how to install it; in CI a skip is a failure.

Loaded by tests/conftest.py: `pytest_plugins = ["tests.plugins.halves"]`. Also gives each run its
own SQLite file, so that two runs beside each other do not meet in one.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL_CHROMIUM = "apt-get install --no-install-recommends chromium"
COUNTS = "PEERPLAN_TEST_COUNTS"
"""A file in which `tests.run` gathers each run's counts and what was skipped, as JSON lines."""
RUN = "PEERPLAN_TEST_RUN"
IS_CI = os.environ.get("CI") == "true"


def chromium() -> str | None:
    """The path of the browser that Debian installs, or None."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser, its tests are skipped, with the command that installs one."""
    if chromium():
        return
    skip = pytest.mark.skip(reason=f"chromium is not installed: {INSTALL_CHROMIUM}")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Where CI=true, what would be skipped has failed."""
    report = yield
    if IS_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: nothing may be skipped in CI. {reason}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test database file of this run's own; writers in threads fail on one in memory."""
    from django.db import connections

    for connection in connections.all():
        if connection.vendor == "sqlite":
            name = str(tmp_path_factory.mktemp("db") / "test.sqlite3")
            connection.settings_dict["TEST"]["NAME"] = name


def counts(reporter: Any) -> dict[str, int]:
    """How many tests ended in each way."""
    ways = {"passed": ("passed",), "failed": ("failed", "error"), "skipped": ("skipped",)}
    return {
        way: sum(len(reporter.stats.get(key, [])) for key in keys) for way, keys in ways.items()
    }


def skipped_reasons(reporter: Any) -> Iterator[str]:
    """Each reason for which a test was skipped, as often as it was given."""
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        yield str(reason).removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Before pytest's own last line: the runs before this one, and all that was skipped."""
    reasons = sorted(set(skipped_reasons(terminalreporter)))
    path = os.environ.get(COUNTS)
    runs = []
    if path:
        this = {"run": os.environ.get(RUN, "this run"), **counts(terminalreporter)}
        with Path(path).open("a") as file:
            file.write(json.dumps(this | {"reasons": reasons}) + "\n")
        runs = [json.loads(line) for line in Path(path).read_text().splitlines()]
        reasons = sorted({reason for run in runs for reason in run["reasons"]})
    if len(runs) > 1:
        terminalreporter.section("all runs")
        for run in runs:
            terminalreporter.write_line(
                f"{run['run']:<12}{run['passed']:>6} passed{run['failed']:>6} failed"
                f"{run['skipped']:>6} skipped"
            )
    if reasons:
        terminalreporter.section("skipped: install these to run everything", yellow=True)
        for reason in reasons:
            terminalreporter.write_line(reason)
