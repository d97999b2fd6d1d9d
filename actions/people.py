"""Who somebody is on a page: their post in the council, since the owner is a role first."""

from collections.abc import Iterable

from django.db.models import QuerySet

from peerplan.councils.models import Council, Membership

SOMEBODY = "Somebody who has left"


def posts_of(council: Council, users: Iterable[int]) -> dict[int, str]:
    """The post (or else the role) in `council` of each user, by user id; the latest one."""
    rows = Membership.objects.for_council(council).filter(user__in=set(users))
    return {row.user_id: str(row) for row in rows.order_by("started_at", "id")}


def lead_roles(council: Council) -> QuerySet[Membership, str]:
    """The posts that people of `council` hold, to choose a role from."""
    standing = Membership.objects.filter(council=council, ended_at__isnull=True).exclude(post="")
    return standing.values_list("post", flat=True).distinct().order_by("post")
