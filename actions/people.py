"""Who somebody is on a page: their post in the council, since the owner is a role first."""

import unicodedata
from collections.abc import Iterable

from django.db.models import QuerySet

from peerplan.councils.models import Council, Membership

SOMEBODY = "Somebody who has left"


def post_key(post: str) -> str:
    """What two texts have in common that name one post: case, spaces, "the" and marks that nobody
    sees do not count, so that nobody checks their own work under a post typed a little differently.
    """
    seen = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", post)
        if unicodedata.category(letter) != "Cf"
    )
    return " ".join(seen.casefold().split()).removeprefix("the ")


def posts_of(council: Council, users: Iterable[int]) -> dict[int, str]:
    """The post (or else the role) in `council` of each user, by user id; the latest one."""
    rows = Membership.objects.for_council(council).filter(user__in=set(users))
    return {row.user_id: str(row) for row in rows.order_by("started_at", "id")}


def lead_roles(council: Council) -> QuerySet[Membership, str]:
    """The posts that people of `council` hold, to choose a role from."""
    standing = Membership.objects.filter(council=council, ended_at__isnull=True).exclude(post="")
    return standing.values_list("post", flat=True).distinct().order_by("post")
