"""The state of each part of a council's settings, in words."""

from dataclasses import dataclass

from django.db.models import Count, Q

from peerplan.core import clock
from peerplan.councils.models import (
    Council,
    Directorate,
    Invitation,
    Membership,
    Portfolio,
    RatingLabel,
)
from peerplan.councils.ratings import DEFAULT_RULES, Rule


@dataclass(frozen=True)
class Part:
    """One part of the settings: the name of its URL, its title and where it stands."""

    url: str
    title: str
    state: str
    is_missing: bool = False


def _several(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _people(council: Council) -> str:
    here = Membership.objects.for_council(council).filter(ended_at=None)
    people = here.exclude(ends_on__lt=clock.today()).count()
    waiting = (
        Invitation.objects.for_council(council)
        .filter(accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now())
        .count()
    )
    words = _several(people, "person", "people")
    return f"{words}, {_several(waiting, 'invitation', 'invitations')} waiting"


def _rules(council: Council) -> str:
    defaults = {rule.key: rule for rule in DEFAULT_RULES}
    own = sum(
        Rule(row.key, row.label, row.definition, row.requires_commentary) != defaults.get(row.key)
        for row in RatingLabel.objects.for_council(council)
    )
    return f"{own} of {len(defaults)} rules in your own words" if own else "Our default rules"


def _structure(model: type[Directorate] | type[Portfolio], council: Council) -> str:
    rows = model.objects.for_council(council)
    found = rows.aggregate(open=Count("pk", filter=Q(ended_on=None)), all=Count("pk"))
    ended = found["all"] - found["open"]
    words = str(found["open"]) if found["open"] else "None yet"
    return f"{words}, and {ended} ended" if ended else words


def _statements(council: Council) -> str:
    missing = [
        words
        for words, text in (
            ("accessibility statement", council.accessibility_statement),
            ("privacy notice", council.privacy_notice),
        )
        if not text
    ]
    return f"Still to write: {' and '.join(missing)}" if missing else "Both written"


def _names(council: Council) -> str:
    listed = len(council.protected_names.splitlines())
    return _several(listed, "name", "names") if listed else "None yet"


def parts_of(council: Council) -> list[Part]:
    """All parts, in the order in which a new council is set up. Seven queries."""
    own_words = len(council.vocabulary)
    statements = _statements(council)
    return [
        Part(
            "council_details",
            "Council details",
            f"{council.name}, {council.get_kind_display().lower()}, {council.get_nation_display()}",
        ),
        Part("council_people", "People", _people(council)),
        Part("council_directorates", "Directorates", _structure(Directorate, council)),
        Part("council_portfolios", "Portfolios", _structure(Portfolio, council)),
        Part("council_scheme", "Rating scheme", _rules(council)),
        Part(
            "council_dates_rule",
            "Later dates",
            "Need approval" if council.extensions_need_approval else "Need no approval",
        ),
        Part("council_names", "People not to be named in public", _names(council)),
        Part(
            "council_words",
            "Words",
            f"{_several(own_words, 'word', 'words')} of your own" if own_words else "Our words",
        ),
        Part("council_colours", "Colours", f"{council.brand}, with {council.brand_ink} on it"),
        Part("council_logo", "Logo", "In place" if council.logo_type else "None yet"),
        Part(
            "council_statements",
            "Accessibility statement and privacy notice",
            statements,
            is_missing=statements.startswith("Still"),
        ),
    ]
