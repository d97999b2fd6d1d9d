"""Letting a peer read one challenge for a time, and the record of what they read.

A closed plan is still read: who reads it is changed, and above all ended, as of an open one.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from peerplan.core import clock, history, versions
from peerplan.core.errors import Invalid
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Invitation, Membership, User
from peerplan.councils.services import invitations
from peerplan.councils.services.invitations import Invited
from reviews.access import PATH_LENGTH, WHAT_LENGTH, Standing, standing_of
from reviews.models import PeerAccess, PeerChallenge, PeerView
from reviews.services import checks

LONGEST = timedelta(days=366)
"""From the first day to the last: nobody from outside is let in and then forgotten."""
NOT_A_PEER = (
    "This person is in the council as {}. A peer reviewer comes from outside and has no other "
    "role in the council: ask the administrator if theirs has ended."
)
ENDED = "This access was ended, so it cannot be changed: invite the person anew."


@dataclass(frozen=True)
class InvitedPeer:
    """An access and, where the person has yet to join the council, the invitation to mail."""

    access: PeerAccess
    invited: Invited | None


@transaction.atomic
def invite_peer(
    *,
    challenge: PeerChallenge,
    author: Person,
    email: str,
    opens_on: date,
    closes_on: date,
    name: str = "",
    post: str = "",
) -> InvitedPeer:
    """A peer's access to the challenge, and their way into the council where they need one.

    Someone who reads another challenge of the council already needs no second invitation. Raises
    NotPermitted, and Invalid for a period that cannot be, for someone who has another role in the
    council and for someone who has access to this challenge already.
    """
    checks.manages(author, challenge)
    # Held until the end, so that nobody else lets the same person in between look and write.
    Council.objects.select_for_update().get(pk=challenge.council_id)
    email = email.lower()
    access = PeerAccess(
        challenge=challenge, email=email, name=name, post=post, opens_on=opens_on,
        closes_on=closes_on,
    )  # fmt: skip
    _check(access)
    if closes_on < clock.today():
        raise Invalid({"closes_on": "This day has passed: give today or a later day."})
    there = PeerAccess.objects.for_council(challenge.council_id).filter(
        challenge=challenge, email=email, ended_at__isnull=True
    )
    if standing := there.first():
        last = day_in_words(standing.closes_on)
        raise Invalid(
            {"email": f"This person has an access until {last} already: change that one instead."}
        )
    invited = _way_in(access, author)
    checks.save(access, author=author, reason="Invited")
    return InvitedPeer(access, invited)


@transaction.atomic
def send_again(*, access: PeerAccess, author: Person) -> InvitedPeer:
    """The access with a new invitation; the old link stops working.

    Raises NotPermitted, and Invalid where the person has joined or the access is over.
    """
    checks.manages(author, access.challenge)
    Council.objects.select_for_update().get(pk=access.challenge.council_id)
    current = _read(access)
    if standing_of(current, clock.today()) in (Standing.OVER, Standing.ENDED):
        raise Invalid({"": "This access is over: change its last day or invite the person anew."})
    invited = _way_in(current, author)
    if invited is None:
        raise Invalid({"": "This person has joined already: they sign in with their address."})
    return InvitedPeer(current, invited)


@transaction.atomic
def change_access(
    *,
    access: PeerAccess,
    version: int,
    author: Person,
    name: str,
    post: str,
    opens_on: date,
    closes_on: date,
) -> PeerAccess:
    """The access with another period, name or post.

    Raises NotPermitted, Invalid (also for one that was ended, and for a new last day that has
    passed) and Stale.
    """
    checks.manages(author, access.challenge)
    current = versions.claim(access, version)
    if current.ended_at is not None:
        raise Invalid({"": ENDED})
    if closes_on < clock.today() and closes_on != current.closes_on:
        raise Invalid({"closes_on": "This day has passed: use “End access now” instead."})
    current.name, current.post = name, post
    current.opens_on, current.closes_on = opens_on, closes_on
    _check(current)
    checks.save(current, author=author)
    return current


@transaction.atomic
def end_access(*, access: PeerAccess, version: int, author: Person) -> PeerAccess:
    """The access, ended now: the peer's next request is refused.

    An invitation that waits is withdrawn, unless the person is to read another challenge. Raises
    NotPermitted, Invalid where it was ended before, and Stale.
    """
    checks.manages(author, access.challenge)
    current = versions.claim(access, version)
    if current.ended_at is not None:
        raise Invalid({"": "This access was ended already."})
    current.ended_at = clock.now()
    checks.save(current, author=author, reason="Ended")
    council = current.challenge.council_id
    others = PeerAccess.objects.for_council(council).filter(
        email=current.email, ended_at__isnull=True
    )
    if not others.exists():
        for invitation in _sent(council, current.email).filter(role=Role.PEER_REVIEWER):
            invitations.withdraw_invitation(invitation=invitation, author=author.user)
    return current


def forget(email: str, nobody: str, author: User) -> None:
    """Take an address, and the name beside it, out of every access and its history (UK GDPR).

    What was looked at, and when, stays. Called within the transaction of the one who forgets.
    """
    for access in PeerAccess.objects.filter(email__iexact=email):
        current = versions.claim(access)
        current.email, current.name = nobody, ""
        history.save(current, author=author, reason="Name and address removed")
    past: Any = PeerAccess.history
    for row in past.filter(email__iexact=email):
        row.email, row.name = nobody, ""
        row.save()


def record_view(*, access: PeerAccess, what: str, path: str) -> PeerView:
    """The record that the peer of `access` is shown `what` now. Written once, never changed.

    One row alone needs no transaction around it, and every page of a peer waits for this one.
    """
    return PeerView.objects.create(
        access=access, what=what[:WHAT_LENGTH], path=path[:PATH_LENGTH], viewed_at=clock.now()
    )


def _read(access: PeerAccess) -> PeerAccess:
    return PeerAccess.objects.select_related("challenge__council").get(pk=access.pk)


def _check(access: PeerAccess) -> None:
    access.name = checks.plain("name", access.name, limit=150)
    access.post = checks.plain("post", access.post, limit=120)
    if access.closes_on < access.opens_on:
        first = day_in_words(access.opens_on)
        raise Invalid({"closes_on": f"The last day cannot be before the first, {first}."})
    if access.closes_on - access.opens_on > LONGEST:
        raise Invalid(
            {"closes_on": "Give a year at most: the last day can be changed when it comes."}
        )


def _sent(council: int, email: str) -> CouncilQuerySet[Invitation]:
    """Invitations of this address that wait for an answer, the latest first."""
    return Invitation.objects.for_council(council).filter(
        email__iexact=email, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )


def _way_in(access: PeerAccess, author: Person) -> Invited | None:
    """An invitation for who has none or lost it; None for a peer reviewer of the council.

    Raises Invalid for someone who has another role in the council, or is invited to one.
    """
    council = author.council
    here = Membership.objects.for_council(council).filter(
        user__email__iexact=access.email, ended_at=None
    )
    if membership := here.exclude(ends_on__lt=clock.today()).first():
        if membership.role != Role.PEER_REVIEWER:
            raise Invalid({"email": NOT_A_PEER.format(membership.get_role_display().lower())})
        return None
    if sent := _sent(council.pk, access.email).first():
        if sent.role != Role.PEER_REVIEWER:
            role = sent.get_role_display().lower()
            raise Invalid(
                {
                    "email": f"This person is invited to the council as {role}: a peer reviewer "
                    "has no other role. Ask the administrator to withdraw that invitation."
                }
            )
        return invitations.resend_invitation(invitation=sent, author=author.user)
    return invitations.invite(
        council=council,
        email=access.email,
        name=access.name,
        role=Role.PEER_REVIEWER,
        post=access.post,
        reads_exempt=False,
        author=author.user,
    )
