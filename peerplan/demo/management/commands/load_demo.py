"""`manage.py load_demo`: the demonstration data."""

from typing import Any

from django.core.management.base import BaseCommand

from peerplan.demo.loading import issue_demonstration, load_demonstration
from peerplan.render.errors import RenderError


class Command(BaseCommand):
    """Loads four real councils as their papers state them, and the fictional Ashdale."""

    help = "Load the demonstration data (nothing happens where it is loaded already)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Says what was done."""
        loaded = load_demonstration()
        try:
            issued = issue_demonstration()
        except RenderError as error:
            self.stdout.write(f"No paper could be issued: {error}")
        else:
            if issued:
                self.stdout.write(f"Papers issued: {issued}.")
        self.stdout.write(
            "Demonstration data loaded." if loaded else "Demonstration data was there already."
        )
