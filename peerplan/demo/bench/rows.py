"""Writing many rows quickly: COPY on PostgreSQL, prepared inserts on SQLite."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

Values = tuple[Any, ...]


def is_postgres() -> bool:
    """True where the database is PostgreSQL."""
    return connection.vendor == "postgresql"


@cache
def stored_day(day: date | None) -> Any:
    """A day as the database's driver takes it."""
    return day if day is None or is_postgres() else day.isoformat()


@cache
def stored_instant(instant: datetime | None) -> Any:
    """An instant as the database's driver takes it."""
    if instant is None or is_postgres():
        return instant
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


class Table:
    """One table to write to. Keys are given out here, so that rows can name one another."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = list(model._meta.concrete_fields)
        self.columns = [str(field.column) for field in self.fields]
        self.key = str(model._meta.pk.attname) if model._meta.pk else "id"
        last: int | None = model._default_manager.aggregate(last=Max(self.key))["last"]
        self._last = last or 0
        self._rows: list[Values] = []

    def next_key(self) -> int:
        """A key that no row has."""
        self._last += 1
        return self._last

    def add(self, values: Values) -> None:
        """Keep a row, its values in the order of `columns`, until `flush`."""
        self._rows.append(values)

    def add_record(self, record: models.Model) -> None:
        """Keep a record; it is given a key where it has none."""
        if record.pk is None:
            record.pk = self.next_key()
        self.add(self.values_of(record))

    def values_of(self, record: models.Model) -> Values:
        """A record's values in the order of `columns`."""
        return tuple(
            field.get_db_prep_save(getattr(record, field.attname), connection)
            for field in self.fields
        )

    def flush(self) -> int:
        """Write the rows that were kept, and say how many."""
        written = len(self._rows)
        if written:
            _write(self.model._meta.db_table, self.columns, self._rows)
            self._rows = []
        return written


class Tables:
    """Tables in the order in which they are written, and their tables of history."""

    def __init__(self, written: Sequence[type[models.Model]]) -> None:
        self._tables = {model: Table(model) for model in written}
        self._history = {
            model: Table(model.history.model) for model in written if hasattr(model, "history")
        }

    def __getitem__(self, model: type[models.Model]) -> Table:
        return self._tables[model]

    def history(self, model: type[models.Model]) -> Table:
        """The table of history of a tracked model."""
        return self._history[model]

    def track(self, record: models.Model, author: models.Model, when: datetime) -> Any:
        """Keep a record and the row of history that tells of its beginning."""
        model = type(record)
        self[model].add_record(record)
        table = self.history(model)
        told = {"history_date": when, "history_type": "+", "history_user_id": author.pk}
        past = table.model(
            history_id=table.next_key(),
            history_change_reason="",
            **told,
            **{
                field.attname: getattr(record, field.attname)
                for field in table.fields
                if not field.name.startswith("history_")
            },
        )
        table.add(table.values_of(past))
        return record

    def flush(self) -> None:
        """Write what was kept."""
        for table in (*self._tables.values(), *self._history.values()):
            table.flush()

    def finish(self) -> None:
        """Leave the database as if the rows had come in one by one."""
        tables = (*self._tables.values(), *self._history.values())
        renew_sequences([table.model for table in tables])
        gather_statistics()


def renew_sequences(written: Sequence[type[models.Model]]) -> None:
    """Let the database go on counting keys after those given out here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)


def gather_statistics() -> None:
    """Do at once what PostgreSQL's autovacuum does in its own time; SQLite has no such thing."""
    if is_postgres():
        # Within a transaction PostgreSQL refuses to vacuum.
        statement = "ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE"
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _write(table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    into = f"{connection.ops.quote_name(table)} ({names})"
    with connection.cursor() as cursor:
        if is_postgres():
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["?"] * len(columns))
            # Past Django's own cursor: it would look for %s in each of a million statements.
            raw = connection.connection.cursor()
            raw.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608
            raw.close()
