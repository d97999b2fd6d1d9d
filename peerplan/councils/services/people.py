"""Who belongs to a council and what they may do there."""


from django.db import transaction

from peerplan.core import clock, history, versions
from peerplan.councils.models import Council, Membership, User
from peerplan.councils.services.checks import refused_as

ALREADY_HERE = "This person is in the council already: change their role instead."


@transaction.atomic
def add_member(
    *, council: Council, user: User, role: str, post: str, reads_exempt: bool, author: User
) -> Membership:
    """The membership that lets `user` into `council`.

    A membership whose last day has passed is closed first. Raises Invalid where the person is in
    the council already.
    """
    lapsed = Membership.objects.for_council(council).filter(
        user=user, ended_at__isnull=True, ends_on__lt=clock.today()
    )
    for membership in lapsed:
        current = versions.claim(membership)
        current.ended_at = clock.now()
        history.save(current, author=author, reason="Its last day had passed")
    membership = Membership(
        council=council, user=user, role=role, post=post, reads_exempt=reads_exempt
    )
    with refused_as("email", ALREADY_HERE):
        history.save(membership, author=author, reason="Joined the council")
    return membership
