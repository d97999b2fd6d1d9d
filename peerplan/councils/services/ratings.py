"""The council's written rule of each status."""

from django.db import transaction

from peerplan.core import history, versions
from peerplan.councils.models import RatingLabel, User
from peerplan.councils.scheme import forget_rating_scheme
from peerplan.councils.services.checks import refused_as


@transaction.atomic
def change_rule(
    *,
    rule: RatingLabel,
    label: str,
    definition: str,
    requires_commentary: bool,
    version: int,
    author: User,
) -> RatingLabel:
    """The rule as the council now words it.

    Raises Invalid where another status has that label, Stale where someone else was first.
    """
    current = versions.claim(rule, version)
    current.label = label
    current.definition = definition
    current.requires_commentary = requires_commentary
    with refused_as("label", f"Another status is called “{label}”: choose another word."):
        history.save(current, author=author)
    forget_rating_scheme(rule.council)
    return current
