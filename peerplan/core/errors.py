"""What services raise. The middleware in `core.http` turns what a view lets pass into a page."""

from typing import Any


class DomainError(Exception):
    """Base of every refusal a service may answer with; `str()` says what to do."""


class Invalid(DomainError):
    """What was given cannot be taken. `fields` maps a field's name ("" for all) to a message."""

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__(" ".join(fields.values()))


class NotPermitted(DomainError):
    """This person may not do this: a 403."""


class Stale(DomainError):
    """Somebody else changed the record first: a 409. `current` is the record as it is now."""

    def __init__(self, current: Any) -> None:
        self.current = current
        super().__init__(
            "Somebody else changed this while you were working. "
            "Compare both versions below, then save again."
        )
