"""All that changes a council, its people, its words and its rules. Nothing else writes them."""

from peerplan.councils.services.people import add_member
from peerplan.councils.services.structure import create_council

__all__ = ["add_member", "create_council"]
