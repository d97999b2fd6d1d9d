"""Everything that `make test` runs; the last line is pytest's own.

    python -m tests.run [PYTEST ARGUMENT ...]

1. all but the browser tests on SQLite, with branch coverage and its floor;
2. beside it, the same on a PostgreSQL that is started here, where one is installed;
3. after both, the browser tests, which wait for pages and would suffer from company.

It ends at the first that fails. What the second says is printed when the first is done. What was
skipped is said before the last line; where CI=true a
skip is a failure.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from tests import postgres_server
from tests.plugins import halves

FAILED = 1
NO_TESTS = 5
PYTEST = [sys.executable, "-m", "pytest", "-q"]
COVERAGE = [sys.executable, "-m", "coverage"]
WITHOUT_BROWSER = ["-m", "not browser"]
BROWSER = ["-m", "browser"]


def run(
    name: str, command: list[str], environment: dict[str, str], output: IO[str] | None = None
) -> int:
    """The exit code of one run of pytest, announced by name; it speaks into `output`, if any."""
    print(f"\n=== {name} ===", file=output, flush=True)
    return subprocess.run(
        command, env=environment | {halves.RUN: name}, stdout=output, stderr=output
    ).returncode


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


def on_postgres(
    arguments: list[str], environment: dict[str, str], gathered: Path, output: IO[str]
) -> int:
    """The same tests on PostgreSQL; a machine without one fails in CI and says so elsewhere."""
    found = postgres_server.binaries()
    if not found:
        reason = f"PostgreSQL is not installed: {postgres_server.INSTALL}"
        print(f"\n=== PostgreSQL: skipped ===\n{reason}", file=output, flush=True)
        note_skipped_run(gathered, "PostgreSQL", reason)
        return FAILED if halves.IS_CI else 0
    with postgres_server.server(found) as url:
        command = [*PYTEST, *WITHOUT_BROWSER, *arguments]
        return run("PostgreSQL", command, environment | {"DATABASE_URL": url}, output)


def both_databases(
    arguments: list[str], environment: dict[str, str], folder: Path, gathered: Path
) -> tuple[int, int]:
    """The exit codes on SQLite and on PostgreSQL, which run side by side, each with its files."""
    own = [environment | {"PEERPLAN_DATA_DIR": str(folder / name)} for name in ("one", "other")]
    for each in own:
        Path(each["PEERPLAN_DATA_DIR"]).mkdir()
    with (folder / "postgres.txt").open("w+") as output, ThreadPoolExecutor() as pool:
        beside = pool.submit(on_postgres, arguments, own[1], gathered, output)
        code = on_sqlite(arguments, own[0])
        other = beside.result()
        if other or not code:
            # The last line must not say that all passed where the first run failed.
            output.seek(0)
            shutil.copyfileobj(output, sys.stdout)
    sys.stdout.flush()
    return code, other


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
        for code in both_databases(arguments, environment, Path(folder), gathered):
            if code not in allowed:
                return code
        code = run("browser", [*PYTEST, *BROWSER, *arguments], environment)
        return 0 if code in allowed else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
