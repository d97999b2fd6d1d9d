"""What the plan and the council hold already, read from the database for a pasted table."""

from django.db.models import Q

from actions.models import Action
from peerplan.core import clock
from peerplan.councils.models import Directorate, Portfolio
from peerplan.councils.scheme import rating_scheme
from peerplan.exchange.answers import KnownRecommendation
from peerplan.exchange.rows import Known
from reviews.models import PeerChallenge
from reviews.services.recommendations import standing_recommendations


def known_of(challenge: PeerChallenge) -> Known:
    """What is there that a row of a table may name or repeat."""
    council = challenge.council
    standing = Q(ended_on__isnull=True) | Q(ended_on__gt=clock.today())
    directorates = Directorate.objects.for_council(council).filter(standing)
    portfolios = Portfolio.objects.for_council(council).filter(standing)
    refs = Action.objects.filter(challenge=challenge, removed_at__isnull=True)
    return Known(
        recommendations=tuple(
            KnownRecommendation(row.ref, row.title, row.wording)
            for row in standing_recommendations(challenge)
        ),
        refs=frozenset(ref.lower() for ref in refs.values_list("ref", flat=True)),
        directorates={row.name: row.pk for row in directorates},
        portfolios={
            name: row.pk for row in portfolios for name in (row.name, row.holder_title) if name
        },
        scheme=rating_scheme(council),
        today=clock.today(),
    )
