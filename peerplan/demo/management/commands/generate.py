"""`manage.py generate --councils N --actions A --updates M --seed S`: councils for measurements."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from peerplan.demo.bench.generate import NotScratch, Size, generate


class Command(BaseCommand):
    """Fills a scratch database with made-up councils."""

    help = "Fill a scratch database with made-up councils, their actions and monthly updates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many of each; 20,000 updates unless told otherwise."""
        parser.add_argument("--councils", type=int, default=4)
        parser.add_argument("--actions", type=int, default=100, help="of each council")
        parser.add_argument("--updates", type=int, default=50, help="of each action, one a month")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the rows and says how far it is. Raises CommandError on a real database."""
        if settings.PRODUCTION:
            raise CommandError("Not in production mode: generated councils are not real ones.")
        number = options["councils"]
        if min(number, options["actions"], options["updates"]) < 1:
            raise CommandError("Give numbers of 1 or more.")
        names = [f"{index:04}" for index in range(1, number + 1)]
        size = Size(options["actions"], options["updates"])
        try:
            written = generate(names, [size] * number, seed=options["seed"], tell=self.tell)
        except NotScratch as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{written:,} progress updates of {number:,} councils")

    def tell(self, done: int, total: int) -> None:
        """A line for every tenth part of the work."""
        tenth = max(total // 10, 1)
        if done == total or done // tenth > getattr(self, "_tenths", 0):
            self._tenths = done // tenth
            self.stdout.write(f"  {done:,} of {total:,} progress updates")
            self.stdout.flush()
