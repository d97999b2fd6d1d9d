"""`manage.py load_demo`: the demonstration data."""

from typing import Any

from django.core.management.base import BaseCommand

from peerplan.demo.loading import load_demonstration


class Command(BaseCommand):
    """Loads four real councils as their papers state them, and the fictional Ashdale."""

    help = "Load the demonstration data (nothing happens where it is loaded already)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what was done."""
        loaded = load_demonstration()
        self.stdout.write(
            "Demonstration data loaded." if loaded else "Demonstration data was there already."
        )
