"""A council's rating scheme: the label and the written rule of each status."""

from peerplan.councils.models import Council, RatingLabel
from peerplan.councils.ratings import DEFAULT_RULES, Rule

_CACHE = "_rating_scheme"


def rating_scheme(council: Council) -> dict[str, Rule]:
    """Status key to rule, in the council's order: one query for each council instance.

    A status that the council has no row for has the default rule, so every key is there.
    """
    cached: dict[str, Rule] | None = council.__dict__.get(_CACHE)
    if cached is None:
        own = {
            row.key: Rule(row.key, row.label, row.definition, row.requires_commentary)
            for row in RatingLabel.objects.for_council(council)
        }
        cached = own | {rule.key: rule for rule in DEFAULT_RULES if rule.key not in own}
        council.__dict__[_CACHE] = cached
    return cached


def forget_rating_scheme(council: Council) -> None:
    """Makes the next `rating_scheme(council)` read the rows again: for whoever changed one."""
    council.__dict__.pop(_CACHE, None)
