"""Who somebody is on a page: their post in the council, since the owner is a role first."""

from collections.abc import Iterable

from peerplan.councils.models import Council, Membership

SOMEBODY = "Somebody who has left"


def posts_of(council: Council, users: Iterable[int]) -> dict[int, str]:
    """The post (or else the role) in `council` of each user, by user id; the latest one."""
    rows = Membership.objects.for_council(council).filter(user__in=set(users))
    return {row.user_id: str(row) for row in rows.order_by("started_at", "id")}
