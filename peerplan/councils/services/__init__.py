"""All that changes a council, its people, its words and its rules. Nothing else writes them."""

from peerplan.councils.services.founding import create_council
from peerplan.councils.services.people import add_member

__all__ = ["add_member", "create_council"]
