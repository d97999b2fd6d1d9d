"""The tools of the tests: what they promise the commands of the Makefile."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests import audit, postgres_server

SOUND = {"name": "django", "version": "5.2", "vulns": []}
WEAK = {"name": "old", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "unknown", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "code", "says"),
    [
        ([SOUND], 0, "audited: 1 packages"),
        ([SOUND, WEAK], 1, "old 1.0: CVE-1, mended in 1.1"),
        ([SKIPPED, WEAK], 1, "old 1.0: CVE-1"),
        ([SOUND, SKIPPED], 0, "NOT AUDITED: only 1 of 2"),
        ([], 0, "NOT AUDITED: only 0 of 0"),
    ],
)
def test_an_audit_that_looked_nothing_up_is_no_pass(
    packages: list[dict[str, object]],
    code: int,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert audit.verdict(json.dumps({"dependencies": packages}), "") == code
    assert says in "".join(capsys.readouterr())


def test_an_audit_without_a_report_gives_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.verdict("", "first line\nservice did not answer\n") == 0
    assert "NOT AUDITED: service did not answer" in capsys.readouterr().err


@pytest.mark.skipif(
    not postgres_server.binaries(),
    reason=f"PostgreSQL is not installed: {postgres_server.INSTALL}",
)
def test_the_server_lasts_as_long_as_the_command_and_passes_its_exit_code_on(
    tmp_path: Path,
) -> None:
    note = tmp_path / "url"
    ask = (
        "import os, pathlib, sys, psycopg;"
        "url = os.environ['DATABASE_URL'];"
        f"pathlib.Path({str(note)!r}).write_text(url);"
        "user, place = url.removeprefix('postgres://').split('@/');"
        "host, name = place.rsplit('/', 1);"
        "db = psycopg.connect(host=host, user=user, dbname=name);"
        "assert db.execute('show listen_addresses').fetchone() == ('',);"
        "sys.exit(7)"
    )
    done = subprocess.run(
        [sys.executable, "-m", "tests.postgres_server", "--", sys.executable, "-c", ask],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 7, done.stderr
    folder = Path(note.read_text().removeprefix(f"postgres://{postgres_server.ROLE}@/")).parent
    assert folder.name.startswith("pp-pg-")
    assert not folder.exists()


def test_every_setting_stands_in_the_readme() -> None:
    source = (settings.BASE_DIR / "peerplan" / "settings.py").read_text()
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', source))
    readme = (settings.BASE_DIR / "README.md").read_text()
    assert len(read) > 5
    assert [name for name in sorted(read) if f"| `{name}` |" not in readme] == []
