"""`manage.py create_council NAME --administrator ADDRESS`: how a council begins."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify

from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Role
from peerplan.councils.mail import send_invitation
from peerplan.councils.models import Council, User
from peerplan.councils.services.invitations import Invited, invite
from peerplan.councils.services.structure import create_council

OPERATOR = "command-line@peerplan.invalid"


def operator() -> User:
    """Who stands in the history for the command line: nobody can sign in as them."""
    user = User.objects.filter(email=OPERATOR).first()
    return user or User.objects.create_user(OPERATOR, name="PeerPlan set-up", is_active=False)


@transaction.atomic
def found(name: str, slug: str, kind: str, nation: str, email: str) -> Invited:
    """The invitation of the first administrator of a new council."""
    author = operator()
    council = create_council(name=name, slug=slug, kind=kind, nation=nation, author=author)
    return invite(
        council=council,
        email=email,
        name="",
        role=Role.ADMINISTRATOR,
        post="PeerPlan administrator",
        reads_exempt=False,
        author=author,
    )


class Command(BaseCommand):
    """Makes a council with the default rating scheme and invites its administrator."""

    help = "Make a council and invite its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the council's full name")
        parser.add_argument(
            "--administrator",
            "--admin-email",
            required=True,
            help="the e-mail address of who will administer it",
        )
        parser.add_argument("--slug", help="its address, /c/SLUG/; by default made from the name")
        parser.add_argument("--kind", default=Council.Kind.DISTRICT, choices=Council.Kind.values)
        parser.add_argument(
            "--nation", default=Council.Nation.ENGLAND, choices=Council.Nation.values
        )
        parser.add_argument(
            "--url", help="where the site is, such as https://peerplan.ashdale.example"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = slugify(options["name"]) if options["slug"] is None else options["slug"]
        email = options["administrator"]
        try:
            validate_email(email)
            invited = found(options["name"], slug, options["kind"], options["nation"], email)
        except (Invalid, ValidationError) as error:
            message = str(error) if isinstance(error, Invalid) else " ".join(error.messages)
            raise CommandError(message) from error
        self.stdout.write(f"{options['name']} is at /c/{slug}/.")
        scheme = "https" if settings.PRODUCTION else "http"
        site = options["url"] or f"{scheme}://{settings.ALLOWED_HOSTS[0]}"
        path = reverse("invitation", kwargs={"token": invited.token})
        self._mail(invited, f"{site.rstrip('/')}{path}")

    def _mail(self, invited: Invited, link: str) -> None:
        email = invited.invitation.email
        try:
            send_invitation(invited.invitation, link)
        except OSError as error:
            self.stderr.write(f"The mail server did not take the invitation: {error}.")
            self.stdout.write(f"Pass this link on to {email}, and to nobody else: {link}")
        else:
            self.stdout.write(f"An invitation is on its way to {email}.")
        self.stdout.write(f"It can be used for {settings.INVITATION_DAYS} days.")
