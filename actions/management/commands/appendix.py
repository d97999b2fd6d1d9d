"""`manage.py appendix COUNCIL CHALLENGE --as-at DATE --out FILE`: the PDF of a plan of any size."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actions.position import Position, plan_position, released_position
from actions.sentences import counted
from actions.services.documents import make_appendix, stored_appendix
from peerplan.core import clock
from peerplan.core.forms import read_day
from peerplan.render.errors import RenderError
from peerplan.render.pdf import Limits
from reviews.models import PeerChallenge

PATIENT = Limits(cpu_seconds=600, wall_seconds=900, memory_bytes=4 * 1024**3, wait_seconds=300)


class Command(BaseCommand):
    """Makes the appendix of a challenge as at a day and keeps it, so that pages offer it too."""

    help = "Make the PDF appendix of a challenge as at a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The council and the challenge by their words in the address, the day and the file."""
        parser.add_argument("council", help="the council's word in the address, such as ashdale")
        parser.add_argument("challenge", help="the challenge's word in the address")
        parser.add_argument("--as-at", required=True, help="the day, such as 2025-06-24")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--exceptions", action="store_true", help="exceptions only")
        parser.add_argument(
            "--include-exempt", action="store_true", help="with parts not for publication"
        )
        parser.add_argument(
            "--released", action="store_true", help="as it was released for that day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file and says what it is. Raises CommandError, with words, for a refusal."""
        challenge = (
            PeerChallenge.objects.select_related("council")
            .filter(council__slug=options["council"], slug=options["challenge"])
            .first()
        )
        if challenge is None:
            raise CommandError("There is no such council, or no such challenge of that council.")
        try:
            day = read_day(options["as_at"])
        except ValueError as problem:
            raise CommandError(f"--as-at: {problem}") from problem
        if day > clock.today():
            raise CommandError("--as-at is in the future: give today or an earlier day.")
        releases = list(challenge.releases.all())
        release = next((each for each in releases if each.as_at == day), None)
        if options["released"] and release is None:
            raise CommandError("No position was released for that day.")
        earlier = next((each for each in releases if each.as_at < day), None)
        position: Position = (
            released_position(release)
            if options["released"] and release
            else plan_position(challenge, day)
        )
        appendix = make_appendix(
            challenge=challenge,
            position=position,
            before=released_position(earlier, full=False) if earlier else None,
            author=None,
            only_exceptions=options["exceptions"],
            include_exempt=options["include_exempt"],
        )
        try:
            stored = stored_appendix(appendix=appendix, author=None, limits=PATIENT, largest=None)
        except RenderError as problem:
            raise CommandError(str(problem)) from problem
        try:
            options["out"].write_bytes(bytes(stored.content))
        except OSError as problem:
            raise CommandError(f"{options['out']} could not be written: {problem}") from problem
        marking = ", NOT FOR PUBLICATION" if appendix.is_restricted else ""
        self.stdout.write(
            f"{options['out']}: {counted(stored.pages, 'page')}, "
            f"{counted(appendix.actions, 'action')}{marking}, "
            f"SHA-256 {stored.content_sha256}"
        )
