"""What services of this app share: database refusals said in words a form can show."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from peerplan.core.errors import Invalid


@contextmanager
def refused_as(field: str, message: str) -> Iterator[None]:
    """Raises Invalid for `field` where the database refuses what is written inside.

    For what two people may do at once: the form's own check came too early to see the other.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Invalid({field: message}) from error
