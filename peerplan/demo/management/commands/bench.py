"""`manage.py bench --scale small|national`: what pages, updates and documents cost."""

import logging
import os
import platform
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from peerplan.demo.bench import bench
from peerplan.demo.bench.generate import NotScratch
from peerplan.demo.bench.measure import Line
from peerplan.demo.bench.report import HEAD, summary, written
from peerplan.demo.bench.twin import Twin

SCALES = ("small", "national")


class Command(BaseCommand):
    """Fills a scratch database, measures, prints one table. Slowness is told, never a failure."""

    help = "Measure statements, CPU and wall time on made-up councils in a scratch database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much data: 20,000 updates or two million."""
        parser.add_argument("--scale", choices=SCALES, default="small")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--no-documents", action="store_true", help="leave documents out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measures and tells. Raises CommandError where the database is not a scratch one."""
        if settings.PRODUCTION:
            raise CommandError("Not in production mode: it fills the database with made-up data.")
        # Addresses are tried to find the pages there are; WhiteNoise wants its folder.
        logging.getLogger("django.request").setLevel(logging.CRITICAL)
        Path(str(settings.STATIC_ROOT)).mkdir(parents=True, exist_ok=True)
        self.seed: int = options["seed"]
        self.lines: list[Line] = []
        try:
            self.fill("20,000 updates", bench.first_councils)
        except NotScratch as error:
            raise CommandError(str(error)) from error
        twin = None
        if options["scale"] == "national":
            twin = Twin()
            self.fill("two million updates", bench.other_councils)
        self.say(f"\n{self.where()}\n\n{HEAD}")
        self.tell(bench.page_lines())
        self.tell(bench.position_lines())
        if twin:
            self.say(
                "Pages of one council among two million updates, against the same pages among "
                "twenty thousand (in turn, the quickest of several)"
            )
            self.tell(bench.ratio_lines(twin))
            twin.drop()
        if not options["no_documents"]:
            self.tell(bench.document_lines())
            self.say("Committee papers, and the pages on which they are read and written")
            self.tell(bench.paper_lines())
            self.say("What comes back from committees and peers")
            self.tell(bench.return_lines())
        self.say(f"\n{summary(self.lines)}")

    def fill(self, words: str, make: Any) -> None:
        """Write rows, saying how far it is."""
        began = time.perf_counter()
        self.say(f"Writing {words}")
        self.last = began

        def tell(done: int, total: int) -> None:
            if time.perf_counter() - self.last > 10:
                self.last = time.perf_counter()
                self.say(f"  {done:,} of {total:,} in {self.last - began:.0f} s")

        written_rows = make(self.seed, tell)
        self.say(f"  {written_rows:,} in {time.perf_counter() - began:.0f} s")

    def tell(self, lines: Iterable[Line]) -> None:
        """Print lines as they are measured."""
        for line in lines:
            self.lines.append(line)
            self.say(written(line))

    def say(self, text: str) -> None:
        """Print at once: a run takes minutes."""
        self.stdout.write(text)
        self.stdout.flush()

    def where(self) -> str:
        """On what it was measured."""
        with connection.cursor() as cursor:
            is_sqlite = connection.vendor == "sqlite"
            cursor.execute("SELECT sqlite_version()" if is_sqlite else "SHOW server_version")
            version = str(cursor.fetchone()[0]).split()[0]
        load = os.getloadavg()[0]
        return (
            f"{connection.display_name} {version}, Python {platform.python_version()}, "
            f"{os.cpu_count()} CPUs, load {load:.1f}. CPU is the web worker's; "
            "medians of several, warmed up."
        )
