"""Who belongs to a council and what they may do there."""

from collections.abc import Callable
from datetime import date

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from peerplan.core import clock, history, versions
from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Role
from peerplan.councils.models import Council, Invitation, Membership, User
from peerplan.councils.services.checks import refused_as

ALREADY_HERE = "This person is in the council already: change their role instead."
LAST_ADMINISTRATOR = (
    "The council would be left without an administrator. "
    "Make another person an administrator, with no last day, before you do this."
)
SOMEONE_WHO_LEFT = "Someone who has left"

Forget = Callable[[str, str, User], None]
_forget: list[Forget] = []


def forget_also_by(forget: Forget) -> None:
    """Have `forget` called for whoever is made anonymous: apps above keep addresses too.

    It is given the address, what takes its place, and the author.
    """
    _forget.append(forget)


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


def _keep_an_administrator(membership: Membership) -> None:
    """Raises Invalid unless another person of the council administers it with no last day.

    The council's row is locked, so that two administrators cannot remove each other.
    """
    Council.objects.select_for_update().get(pk=membership.council_id)
    others = Membership.objects.for_council(membership.council_id).filter(
        role=Role.ADMINISTRATOR, ended_at=None, ends_on=None, user__is_active=True
    )
    if not others.exclude(pk=membership.pk).exists():
        raise Invalid({"": LAST_ADMINISTRATOR})


@transaction.atomic
def change_membership(
    *,
    membership: Membership,
    role: str,
    post: str,
    reads_exempt: bool,
    ends_on: date | None,
    version: int,
    author: User,
) -> Membership:
    """The membership as it now is.

    Raises Invalid for a last day that has passed and where the council would be left without an
    administrator, Stale where someone else was first.
    """
    if ends_on is not None and ends_on < clock.today() and ends_on != membership.ends_on:
        raise Invalid({"ends_on": "This day has passed: use “End access now” instead."})
    current = versions.claim(membership, version)
    stays = role == Role.ADMINISTRATOR and ends_on is None
    if current.role == Role.ADMINISTRATOR and not stays:
        _keep_an_administrator(current)
    current.role = role
    current.post = post
    current.reads_exempt = reads_exempt
    current.ends_on = ends_on
    history.save(current, author=author)
    return current


@transaction.atomic
def end_membership(*, membership: Membership, version: int, author: User) -> Membership:
    """The membership, ended now: the person's next request is refused.

    Raises Invalid where the council would be left without an administrator, Stale where someone
    else was first.
    """
    current = versions.claim(membership, version)
    if current.role == Role.ADMINISTRATOR:
        _keep_an_administrator(current)
    if current.ended_at is None:
        current.ended_at = clock.now()
    history.save(current, author=author)
    return current


@transaction.atomic
def make_anonymous(*, membership: Membership, version: int, author: User) -> User:
    """The user without a name, an address or a way in; every record they made stays (UK GDPR).

    Raises Invalid for someone who has not left, here or elsewhere; Stale where someone else was
    first.
    """
    current = versions.claim(membership, version)
    user = User.objects.select_for_update().get(pk=current.user_id)
    if Membership.objects.filter(user=user, ended_at=None).exists():
        raise Invalid({"": "Only someone who has left every council can be made anonymous."})
    nobody = f"left-{user.pk}@removed.invalid"
    # What another council has sent and is waiting for is not this council's to change.
    waits = Q(accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())
    elsewhere = waits & ~Q(council=current.council_id)
    for invitation in Invitation.objects.filter(email__iexact=user.email).exclude(elsewhere):
        invitation.email, invitation.name = nobody, ""
        invitation.save()
    for forget in _forget:
        forget(user.email, nobody, author)
    EmailAddress.objects.filter(user=user).delete()
    user.email, user.name, user.is_active = nobody, SOMEONE_WHO_LEFT, False
    user.set_unusable_password()
    user.save()
    history.save(current, author=author, reason="Name and address removed")
    return user
