"""Mail that a council's administration sends."""

from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.template import Context
from django.template.loader import get_template

from peerplan.core import clock
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.models import Council, Invitation

PATIENCE = 10
"""Seconds to wait for the mail server: somebody is waiting for the page."""


def _in_plain_text(template: str, context: dict[str, Any]) -> str:
    """The template without HTML's escapes: a mail program shows what it gets."""
    found: Any = get_template(template)
    return str(found.template.render(Context(context, autoescape=False)))


def send(
    council: Council, *, to: str, subject: str, template: str, context: dict[str, Any]
) -> None:
    """Mails a text of the council's. Raises OSError where the mail server does not take it."""
    message = EmailMessage(
        subject=subject,
        body=_in_plain_text(template, {"council": council} | context),
        to=[to],
        reply_to=[council.contact_email] if council.contact_email else None,
        connection=get_connection(timeout=PATIENCE),
    )
    message.send()


def send_invitation(invitation: Invitation, link: str) -> None:
    """Mails the link of an invitation. Raises OSError where the mail server does not take it."""
    send(
        invitation.council,
        to=invitation.email,
        subject=f"Join {invitation.council.name} on PeerPlan",
        template="councils/mail/invitation.txt",
        context={
            "invitation": invitation,
            "link": link,
            "role": invitation.get_role_display(),
            "last_day": day_in_words(clock.day_of(invitation.expires_at)),
        },
    )
