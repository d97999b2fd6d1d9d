"""A PostgreSQL server for tests and measurements: started here, thrown away at the end.

    python -m tests.postgres_server -- COMMAND [ARGUMENT ...]

runs COMMAND with DATABASE_URL set, and ends with its exit code, or 77 where no server is found.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

INSTALL = "apt-get install --no-install-recommends postgresql"
NOT_FOUND = 77
ROLE = "peerplan"
QUICK = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}


class ServerError(Exception):
    """PostgreSQL is installed but did not start; `str()` holds what it said."""


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server installed, or None."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: [int(part) for part in path.parts[4].split(".")],
    )
    on_path = shutil.which("postgres")
    if debian:
        return debian[-1].parent
    return Path(on_path).resolve().parent if on_path else None


def unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root, which it refuses to run as; None for ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


@contextlib.contextmanager
def server(folder_of_binaries: Path) -> Iterator[str]:
    """The DATABASE_URL of a new, empty server on a unix socket; it ends with the block.

    Raises ServerError when it cannot be made or does not answer within 30 seconds.
    """
    owner = unprivileged()
    # A socket's path may have 107 bytes: not pytest's long temporary folders, nor a deep TMPDIR.
    folder = Path(tempfile.mkdtemp(prefix="pp-pg-", dir="/tmp"))
    as_owner: dict[str, object] = {"cwd": folder, "text": True}
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    data, log = folder / "data", folder / "log"
    process = None
    try:
        # Code-point order, as SQLite sorts, so that lists read alike on both engines.
        made = subprocess.run(
            [
                folder_of_binaries / "initdb", f"--pgdata={data}", f"--username={ROLE}",
                "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
            ],
            capture_output=True, **as_owner,
        )  # fmt: skip
        if made.returncode:
            raise ServerError(made.stderr)
        settings = QUICK | {"unix_socket_directories": str(folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("w") as output:
            process = subprocess.Popen(
                [folder_of_binaries / "postgres", "-D", data, *options],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, **as_owner,
            )  # fmt: skip
        create = [folder_of_binaries / "createdb", f"--host={folder}", f"--username={ROLE}", ROLE]
        give_up = time.monotonic() + 30
        while subprocess.run(create, capture_output=True, cwd=folder).returncode:
            if process.poll() is not None or time.monotonic() > give_up:
                raise ServerError(log.read_text())
            time.sleep(0.1)
        yield f"postgres://{ROLE}@/{folder}/{ROLE}"
    finally:
        if process and process.poll() is None:
            process.send_signal(signal.SIGINT)  # the "fast" shutdown
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def leave(signum: int, frame: FrameType | None) -> None:
    """Turn a request to end into an exit, so that the server is stopped too."""
    sys.exit(128 + signum)


def main(arguments: list[str]) -> int:
    """The exit code of the command in `arguments`, run beside a server."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    found = binaries()
    if not found:
        print(f"No PostgreSQL server was found. To install one: {INSTALL}", file=sys.stderr)
        return NOT_FOUND
    signal.signal(signal.SIGTERM, leave)
    with server(found) as url:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
