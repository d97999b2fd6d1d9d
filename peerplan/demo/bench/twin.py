"""A copy of the database as it is now, to measure against later, side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from peerplan.demo.bench.rows import is_postgres

ALIAS = "default"


class Twin:
    """The copy. It is made at once and thrown away by `drop`."""

    def __init__(self) -> None:
        name = str(connection.settings_dict["NAME"])
        self.name = f"{name}_twin" if is_postgres() else f"{name}.twin"
        self.drop()
        if is_postgres():
            _on_server(f'CREATE DATABASE "{self.name}" TEMPLATE "{name}"')
        else:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [self.name])
        self.connection = _connection_to(self.name)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Everything in the block reads and writes the copy."""
        first = connections[ALIAS]
        connections[ALIAS] = self.connection
        try:
            yield
        finally:
            connections[ALIAS] = first

    def drop(self) -> None:
        """Throw the copy away, where there is one."""
        if made := getattr(self, "connection", None):
            made.close()
        if is_postgres():
            _on_server(f'DROP DATABASE IF EXISTS "{self.name}"')
        else:
            for end in ("", "-wal", "-shm"):
                Path(f"{self.name}{end}").unlink(missing_ok=True)


def _connection_to(name: str) -> BaseDatabaseWrapper:
    made = connections.create_connection(ALIAS)
    made.settings_dict = {**made.settings_dict, "NAME": name}
    return made


def _on_server(statement: str) -> None:
    """Run one statement from another database: one that is copied may not be in use."""
    connection.close()
    server = _connection_to("postgres")
    try:
        with server.cursor() as cursor:
            cursor.execute(statement)
    finally:
        server.close()
