"""`check --deploy` under production settings has nothing to say, not even a warning."""

import os
import subprocess
import sys
import tempfile

PRODUCTION = {
    "PEERPLAN_MODE": "production",
    "SECRET_KEY": "a-key-for-this-check-only-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ-!?",
    "ALLOWED_HOSTS": "plan.ashdale.example",
    "DATABASE_URL": "postgres://peerplan:peerplan@db/peerplan",
}


def main() -> int:
    """0 when the check is silent, 1 when it warns or fails."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | PRODUCTION | {"PEERPLAN_DATA_DIR": folder}
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
