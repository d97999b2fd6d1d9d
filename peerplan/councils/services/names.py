"""The council's own list of people who must not be named in public."""

from django.db import transaction

from peerplan.core import history, versions
from peerplan.core.errors import Invalid
from peerplan.councils.models import Council, User

LONGEST, MOST = 120, 500
"""Characters of a line, and lines of the list."""


def tidy_names(text: str) -> list[str]:
    """The names of a text, one a line: each once, whatever the case, in their order.

    Raises Invalid, by `protected_names`, for a line that is no name.
    """
    names: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name = " ".join(line.split())
        if not name:
            continue
        if len(name) > LONGEST:
            raise Invalid(
                {
                    "protected_names": f"Line {number} has {len(name):,} characters: "
                    "give one name a line."
                }
            )
        if sum(letter.isalpha() for letter in name) < 2:
            raise Invalid(
                {"protected_names": f"Line {number}, “{name}”, is no name: write it in full."}
            )
        names.setdefault(name.casefold(), name)
    if len(names) > MOST:
        raise Invalid({"protected_names": f"There are {len(names):,} names: give {MOST} or fewer."})
    return list(names.values())


@transaction.atomic
def change_names(*, council: Council, names: str, version: int, author: User) -> Council:
    """The council with its list of people, one a line.

    Raises Invalid for a line that is no name, Stale where someone else was first.
    """
    kept = tidy_names(names)
    current = versions.claim(council, version)
    current.protected_names = "\n".join(kept)
    history.save(current, author=author)
    return current
