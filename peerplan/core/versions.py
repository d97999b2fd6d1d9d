"""Optimistic versions: the only bare `update()` of a tracked table is the claim in here."""

from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F

from peerplan.core.errors import Stale


class Versioned(models.Model):
    """A record whose every change first claims its version."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


RecordT = TypeVar("RecordT", bound=Versioned)


def claim(record: RecordT, expected: int | None = None) -> RecordT:
    """Take the next version of `record` and return it read anew; call inside a transaction.

    `expected` is the version the person saw (the record's own when None). Raises Stale, with the
    record as it now is, when someone else was first.
    """
    assert transaction.get_connection().in_atomic_block, "claim() belongs inside a transaction"
    manager: Any = type(record)._default_manager
    seen = record.version if expected is None else expected
    won = manager.filter(pk=record.pk, version=seen).update(version=F("version") + 1)
    current: RecordT = manager.get(pk=record.pk)
    if not won:
        raise Stale(current)
    return current
