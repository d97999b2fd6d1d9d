"""The beginning of a council."""

from django.db import transaction

from peerplan.core import history
from peerplan.councils.models import Council, RatingLabel, User
from peerplan.councils.ratings import DEFAULT_RULES
from peerplan.councils.services.checks import refused_as


@transaction.atomic
def create_council(*, name: str, slug: str, kind: str, nation: str, author: User) -> Council:
    """A council with the default rating scheme and nobody in it.

    Raises Invalid where the slug is taken.
    """
    council = Council(name=name, slug=slug, kind=kind, nation=nation)
    with refused_as("slug", f"There is a council with the address “{slug}” already."):
        history.save(council, author=author, reason="Council set up")
    for position, rule in enumerate(DEFAULT_RULES, start=1):
        row = RatingLabel(
            council=council,
            key=rule.key,
            position=position,
            label=rule.label,
            definition=rule.definition,
            requires_commentary=rule.requires_commentary,
        )
        history.save(row, author=author, reason="Council set up")
    return council
