"""The site does not start with a setting that would be unsafe, and says which one it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SAFE = {
    "PEERPLAN_MODE": "production",
    "SECRET_KEY": "a-private-value-of-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "plan.ashdale.example",
    "DATABASE_URL": "postgres://peerplan:peerplan@db/peerplan",
}
DEMO = {"PEERPLAN_MODE": "demo"}
OURS = {
    "ALLOWED_HOSTS", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PEERPLAN_DATA_DIR",
    "PEERPLAN_DEBUG", "PEERPLAN_MODE", "SECRET_KEY",
}  # fmt: skip


def start(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What Django's settings say when they are read in a new process with just these variables."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from django.conf import settings as s;"
            "print(s.PRODUCTION, s.DEMO, s.DATABASES['default']['ENGINE'], s.DEBUG)",
        ],
        env=inherited
        | {"DJANGO_SETTINGS_MODULE": "peerplan.settings", "PEERPLAN_DATA_DIR": str(folder)}
        | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


def test_safe_production_settings_start(tmp_path: Path) -> None:
    done = start(tmp_path, **SAFE)
    assert done.stdout.split() == ["True", "False", "django.db.backends.postgresql", "False"]


def test_nothing_set_is_development_on_sqlite_without_debug_pages(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.stdout.split() == ["False", "False", "django.db.backends.sqlite3", "False"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": settings.DEVELOPMENT_KEY}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "a" * 50}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY"),
        ({"PEERPLAN_DEBUG": "true"}, "PEERPLAN_DEBUG"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "plan.ashdale.example,*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ".ashdale.example"}, "ALLOWED_HOSTS"),
        ({"PEERPLAN_MODE": "Production"}, "PEERPLAN_MODE"),
        ({"DATABASE_URL": "mysql://peerplan@db/peerplan"}, "DATABASE_URL"),
    ],
    ids=lambda value: (
        "-".join(f"{k}={v}" for k, v in value.items())[:50] if isinstance(value, dict) else value
    ),
)
def test_production_refuses_an_unsafe_setting_by_name(
    change: dict[str, str], named: str, tmp_path: Path
) -> None:
    done = start(tmp_path, **SAFE | change)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    assert "ImproperlyConfigured" in last
    assert named in last


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_a_setting_that_is_not_there(missing: str, tmp_path: Path) -> None:
    done = start(tmp_path, **{name: value for name, value in SAFE.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"DATABASE_URL": "postgres://peerplan@db/peerplan"}, "DATABASE_URL"),
        ({"ALLOWED_HOSTS": "plan.ashdale.example"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ],
)
def test_demonstration_mode_stays_on_this_machine_and_on_sqlite(
    change: dict[str, str], named: str, tmp_path: Path
) -> None:
    done = start(tmp_path, **DEMO | change)
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode != 0
    assert "ImproperlyConfigured" in last
    assert named in last


def test_development_too_keeps_to_this_machine_while_its_key_is_the_published_one(
    tmp_path: Path,
) -> None:
    done = start(tmp_path, ALLOWED_HOSTS="plan.ashdale.example")
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr.strip().splitlines()[-1]
