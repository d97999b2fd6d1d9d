"""Everything that `make test` runs, one pytest after another; the last line is pytest's own.

    python -m tests.run [PYTEST ARGUMENT ...]

1. all but the browser tests on SQLite, with branch coverage and its floor;
2. the same on a PostgreSQL that is started here, where one is installed;
3. the browser tests.

It ends at the first that fails. What was skipped is said before the last line; where CI=true a
skip is a failure.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres_server
from tests.plugins import halves

FAILED = 1
NO_TESTS = 5
PYTEST = [sys.executable, "-m", "pytest", "-q"]
COVERAGE = [sys.executable, "-m", "coverage"]
WITHOUT_BROWSER = ["-m", "not browser"]
BROWSER = ["-m", "browser"]


def run(name: str, command: list[str], environment: dict[str, str]) -> int:
    """The exit code of one run of pytest, announced by name."""
    print(f"\n=== {name} ===", flush=True)
    return subprocess.run(command, env=environment | {halves.RUN: name}).returncode


def note_skipped_run(path: Path, name: str, reason: str) -> None:
    """Hand a run that could not take place to the summary of the last one."""
    line = {"run": name, "passed": 0, "failed": 0, "skipped": 0, "reasons": [reason]}
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")


def on_sqlite(arguments: list[str], environment: dict[str, str]) -> int:
    """Tests with coverage; the floor counts only when the whole suite ran."""
    subprocess.run([*COVERAGE, "erase"])
    command = [*COVERAGE, "run", "-m", *PYTEST[2:], *WITHOUT_BROWSER, *arguments]
    code = run("SQLite", command, environment)
    if code or arguments:
        return code
    subprocess.run([*COVERAGE, "combine", "--quiet"])
    return subprocess.run([*COVERAGE, "report"]).returncode


def on_postgres(arguments: list[str], environment: dict[str, str], gathered: Path) -> int:
    """The same tests on PostgreSQL; a machine without one fails in CI and says so elsewhere."""
    found = postgres_server.binaries()
    if not found:
        reason = f"PostgreSQL is not installed: {postgres_server.INSTALL}"
        print(f"\n=== PostgreSQL: skipped ===\n{reason}", flush=True)
        note_skipped_run(gathered, "PostgreSQL", reason)
        return FAILED if halves.IS_CI else 0
    with postgres_server.server(found) as url:
        command = [*PYTEST, *WITHOUT_BROWSER, *arguments]
        return run("PostgreSQL", command, environment | {"DATABASE_URL": url})


def main(arguments: list[str]) -> int:
    """The exit code of the first run that failed, or 0."""
    with tempfile.TemporaryDirectory(prefix="peerplan-tests-") as folder:
        gathered = Path(folder) / "counts.jsonl"
        environment = os.environ | {
            halves.COUNTS: str(gathered),
            "PEERPLAN_DATA_DIR": folder,
            "PEERPLAN_MODE": "development",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        environment.pop("DATABASE_URL", None)
        allowed = {0, NO_TESTS} if arguments else {0}
        if (code := on_sqlite(arguments, environment)) not in allowed:
            return code
        if (code := on_postgres(arguments, environment, gathered)) not in allowed:
            return code
        code = run("browser", [*PYTEST, *BROWSER, *arguments], environment)
        return 0 if code in allowed else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
