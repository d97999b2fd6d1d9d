"""What every service of this app does before it writes."""

from itertools import pairwise
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from peerplan.core import history, text
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from reviews.deadlines import in_words
from reviews.models import ChallengePart, PeerChallenge

PartT = TypeVar("PartT", bound=ChallengePart)
LONG = 20_000


def plain(
    field: str, raw: str, *, lines: bool = False, limit: int = LONG, missing: str = ""
) -> str:
    """`raw` as it may be stored.

    Raises Invalid for `field` where a character is refused, where it is longer than `limit`, or
    where it is empty and `missing` says what to enter.
    """
    try:
        cleaned = text.clean(raw, lines=lines)
    except ValueError as error:
        raise Invalid({field: str(error)}) from error
    if missing and not cleaned:
        raise Invalid({field: missing})
    if len(cleaned) > limit:
        raise Invalid({field: f"Use at most {limit:,} characters: this has {len(cleaned):,}."})
    return cleaned


def save(record: models.Model, *, author: Person, reason: str = "") -> None:
    """Save with history. Raises Invalid where a field's own rules say no."""
    try:
        history.save(record, author=author.user, reason=reason)
    except ValidationError as error:
        raise Invalid(
            {
                "" if field == "__all__" else field: " ".join(messages)
                for field, messages in error.message_dict.items()
            }
        ) from error


def manages(author: Person, challenge: PeerChallenge) -> None:
    """Raises NotPermitted unless `author` manages plans in the challenge's own council."""
    author.require(Capability.MANAGE_PLAN)
    if challenge.council_id != author.council.pk:
        raise NotPermitted("This challenge belongs to another council.")


def permitted(author: Person, challenge: PeerChallenge) -> None:
    """Raises NotPermitted unless `author` manages plans in the challenge's own council.

    Raises Invalid where the plan is closed.
    """
    manages(author, challenge)
    require_open(challenge)


def require_open(challenge: PeerChallenge) -> None:
    """Raises Invalid where the plan of `challenge` is closed: it is read and printed as it is."""
    if challenge.closed_on is not None:
        raise Invalid(
            {
                "": f"This plan was closed on {in_words(challenge.closed_on)} and no longer "
                "changes. Open it again first, on its page “Closing”."
            }
        )


def locked(challenge: PeerChallenge, author: Person) -> PeerChallenge:
    """The challenge as it is now, kept from changing until the transaction ends.

    Raises NotPermitted unless `author` may change it, and Invalid where the plan is closed.

    On SQLite the write transaction itself keeps others out; on PostgreSQL the row is locked, so
    that nobody adopts the plan between a look at `is_adopted` and the write that relies on it.
    """
    permitted(author, challenge)
    current = PeerChallenge.objects.select_for_update().get(pk=challenge.pk)
    require_open(current)
    return current


def standing(part: PartT) -> PartT:
    """`part`, unless it was removed. Raises Invalid where it was."""
    if part.ended_at is not None:
        raise Invalid({"": "This was removed in the meantime, so it cannot be changed."})
    return part


def beside(challenge: PeerChallenge, part: ChallengePart | None, field: str) -> None:
    """Raises Invalid where `part` belongs to another challenge or was removed."""
    if part is not None and (part.challenge_id != challenge.pk or part.ended_at is not None):
        raise Invalid({field: "Choose one from the list: it was removed or never stood here."})


def next_position(model: type[ChallengePart], challenge: PeerChallenge) -> int:
    """A position after all that stand, with room to put others between."""
    rows = model._default_manager.filter(challenge=challenge, ended_at__isnull=True)
    last: int = rows.aggregate(last=models.Max("position"))["last"] or 0
    return last + STEP


STEP = 10


def in_new_order(rows: list[PartT], order: list[PartT]) -> list[tuple[PartT, int]]:
    """Which of `order` need another position, and which, so that it is the order of the rows.

    `rows` are the standing rows as they stand now. Positions are kept where they can be, so that
    few rows are written.
    """
    places = [row.position for row in rows]
    if any(after <= before for before, after in pairwise(places)):
        places = [STEP * (index + 1) for index in range(len(rows))]
    return [(row, place) for row, place in zip(order, places, strict=True) if row.position != place]
