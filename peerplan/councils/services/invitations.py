"""Invitations: the only way into a council. The token is in the e-mail and nowhere else."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils.models import Council, Invitation, Membership, User
from peerplan.councils.services.checks import refused_as
from peerplan.councils.services.people import ALREADY_HERE, add_member


class InvitationState(StrEnum):
    """Where an invitation stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


OVER = {
    InvitationState.ACCEPTED: "This invitation has been used.",
    InvitationState.WITHDRAWN: "This invitation was withdrawn.",
    InvitationState.EXPIRED: "This invitation has run out.",
}


@dataclass(frozen=True)
class Invited:
    """A new invitation and the token to mail: it cannot be read again later."""

    invitation: Invitation
    token: str


def state_of(invitation: Invitation) -> InvitationState:
    """Where the invitation stands now."""
    if invitation.accepted_at:
        return InvitationState.ACCEPTED
    if invitation.withdrawn_at:
        return InvitationState.WITHDRAWN
    if invitation.expires_at <= clock.now():
        return InvitationState.EXPIRED
    return InvitationState.WAITING


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_invitation(token: str) -> Invitation | None:
    """The invitation whose e-mail held `token`, or None."""
    return (
        Invitation.objects.select_related("council", "invited_by")
        .filter(token_sha256=_fingerprint(token))
        .first()
    )


def _write(invitation: Invitation) -> Invited:
    token = secrets.token_urlsafe(32)
    invitation.token_sha256 = _fingerprint(token)
    invitation.invited_at = clock.now()
    invitation.expires_at = invitation.invited_at + timedelta(days=settings.INVITATION_DAYS)
    invitation.full_clean(validate_unique=False)
    invitation.save()
    return Invited(invitation, token)


@transaction.atomic
def invite(
    *,
    council: Council,
    email: str,
    name: str,
    role: str,
    post: str,
    reads_exempt: bool,
    author: User,
) -> Invited:
    """An invitation that waits for its answer for `INVITATION_DAYS` days.

    Raises Invalid where the person is in the council already or has an invitation that waits.
    """
    email = email.lower()
    Council.objects.select_for_update().get(pk=council.pk)
    here = Membership.objects.for_council(council).filter(user__email__iexact=email, ended_at=None)
    if here.exclude(ends_on__lt=clock.today()).exists():
        raise Invalid({"email": ALREADY_HERE})
    sent = Invitation.objects.for_council(council).filter(
        email__iexact=email, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )
    if sent.exists():
        raise Invalid(
            {"email": "An invitation to this address is waiting: send that again or withdraw it."}
        )
    return _write(
        Invitation(
            council=council,
            email=email,
            name=name,
            role=role,
            post=post,
            reads_exempt=reads_exempt,
            invited_by=author,
        )
    )


def _lock(invitation: Invitation) -> Invitation:
    """The invitation read anew, and held until the transaction ends."""
    return Invitation.objects.select_for_update().select_related("council").get(pk=invitation.pk)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, author: User) -> Invitation:
    """The invitation, which can be used no longer. Withdrawing it twice changes nothing.

    Raises Invalid where it has been accepted.
    """
    current = _lock(invitation)
    if current.accepted_at:
        raise Invalid({"": "This invitation has been used: end the person’s access instead."})
    if current.withdrawn_at is None:
        current.withdrawn_at, current.withdrawn_by = clock.now(), author
        current.save()
    return current


@transaction.atomic
def resend_invitation(*, invitation: Invitation, author: User) -> Invited:
    """A new invitation in the place of one that waits or has run out; the old link stops working.

    Raises Invalid where it has been accepted or withdrawn.
    """
    old = _lock(invitation)
    if old.accepted_at or old.withdrawn_at:
        raise Invalid({"": f"{OVER[state_of(old)]} Invite the person anew if that is needed."})
    old.withdrawn_at, old.withdrawn_by = clock.now(), author
    old.save()
    return _write(
        Invitation(
            council=old.council,
            email=old.email,
            name=old.name,
            role=old.role,
            post=old.post,
            reads_exempt=old.reads_exempt,
            invited_by=author,
        )
    )


def _take_up(invitation: Invitation, user: User) -> Membership:
    """Marks the invitation used and lets `user` in. Raises Invalid where it can be used no more."""
    current = _lock(invitation)
    state = state_of(current)
    if state in OVER:
        raise Invalid({"": OVER[state]})
    if user.email != current.email.lower():
        raise Invalid({"": "This invitation was sent to another address."})
    if user._state.adding:
        with refused_as("", "Somebody has used this address in the meantime: sign in with it."):
            user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    current.accepted_at = clock.now()
    current.save()
    return add_member(
        council=current.council,
        user=user,
        role=current.role,
        post=current.post,
        reads_exempt=current.reads_exempt,
        author=user,
    )


@transaction.atomic
def accept_as_new_person(*, invitation: Invitation, name: str, password: str) -> Membership:
    """The membership of a new user with a verified address.

    The link came by e-mail, so who holds it reads that mailbox. Raises Invalid where the
    invitation can be used no longer or the address is taken.
    """
    user = User(email=invitation.email.lower(), name=name)
    user.set_password(password)
    return _take_up(invitation, user)


@transaction.atomic
def accept_as(*, invitation: Invitation, user: User) -> Membership:
    """The membership of someone who has an account already.

    Raises Invalid where the invitation is not theirs or can be used no longer.
    """
    return _take_up(invitation, user)
