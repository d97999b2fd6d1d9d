"""Whether later dates of actions need approval in a council."""

from django.db import transaction

from peerplan.core import history, versions
from peerplan.councils.models import Council, User


@transaction.atomic
def change_dates_rule(
    *, council: Council, extensions_need_approval: bool, version: int, author: User
) -> Council:
    """The council with its rule. Requests that wait go on waiting whatever it says.

    Raises Stale where someone else was first.
    """
    current = versions.claim(council, version)
    current.extensions_need_approval = extensions_need_approval
    history.save(current, author=author)
    return current
