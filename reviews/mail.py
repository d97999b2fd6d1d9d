"""Mail to the peers whom a council lets read a challenge."""

from peerplan.core import clock
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils import mail
from reviews.services.access import InvitedPeer


def send_to_peer(peer: InvitedPeer, link: str, author: str) -> None:
    """Mails what the peer may read, from when to when, and the link.

    The link is that of the invitation, or of the plan for who has joined before. Raises OSError
    where the mail server does not take it.
    """
    access = peer.access
    challenge = access.challenge
    expires = peer.invited.invitation.expires_at if peer.invited else None
    mail.send(
        challenge.council,
        to=access.email,
        subject=f"Read {challenge.title} of {challenge.council.name}",
        template="reviews/mail/peer.txt",
        context={
            "access": access,
            "challenge": challenge,
            "author": author,
            "first": day_in_words(access.opens_on),
            "last": day_in_words(access.closes_on),
            "answer_by": day_in_words(clock.day_of(expires)) if expires else "",
            "link": link,
        },
    )
