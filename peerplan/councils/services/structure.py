"""The beginning of a council, and its directorates and portfolios."""

from datetime import date
from typing import TypeVar

from django.db import transaction

from peerplan.core import clock, history, versions
from peerplan.core.errors import Invalid
from peerplan.councils.models import Council, Directorate, Portfolio, RatingLabel, User
from peerplan.councils.ratings import DEFAULT_RULES
from peerplan.councils.services.checks import refused_as

PartT = TypeVar("PartT", Directorate, Portfolio)


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


def _name_taken(kind: type[Directorate] | type[Portfolio], name: str) -> str:
    return (
        f"There is a {kind._meta.verbose_name} called “{name}” already. "
        "If it has ended, reopen it instead."
    )


@transaction.atomic
def add_directorate(*, council: Council, name: str, author: User) -> Directorate:
    """A new directorate. Raises Invalid where the council has one of that name."""
    record = Directorate(council=council, name=name)
    with refused_as("name", _name_taken(Directorate, name)):
        history.save(record, author=author)
    return record


@transaction.atomic
def add_portfolio(
    *, council: Council, name: str, author: User, holder_title: str = ""
) -> Portfolio:
    """A new portfolio. Raises Invalid where the council has one of that name."""
    record = Portfolio(council=council, name=name, holder_title=holder_title)
    with refused_as("name", _name_taken(Portfolio, name)):
        history.save(record, author=author)
    return record


@transaction.atomic
def rename_directorate(
    *, directorate: Directorate, name: str, version: int, author: User
) -> Directorate:
    """The directorate under its new name. Raises Invalid for a name that is taken, and Stale."""
    current = versions.claim(directorate, version)
    current.name = name
    with refused_as("name", _name_taken(Directorate, name)):
        history.save(current, author=author)
    return current


@transaction.atomic
def rename_portfolio(
    *, portfolio: Portfolio, name: str, holder_title: str, version: int, author: User
) -> Portfolio:
    """The portfolio under its new name. Raises Invalid for a name that is taken, and Stale."""
    current = versions.claim(portfolio, version)
    current.name = name
    current.holder_title = holder_title
    with refused_as("name", _name_taken(Portfolio, name)):
        history.save(current, author=author)
    return current


@transaction.atomic
def end_part(*, part: PartT, on: date, version: int, author: User) -> PartT:
    """The directorate or portfolio, no longer offered; what it is named in stays as it is.

    Raises Invalid for a day to come, Stale where someone else was first.
    """
    if on > clock.today():
        raise Invalid({"on": "Use today or a day before it: come back on the day it ends."})
    current = versions.claim(part, version)
    current.ended_on = on
    history.save(current, author=author)
    return current


@transaction.atomic
def reopen_part(*, part: PartT, version: int, author: User) -> PartT:
    """The directorate or portfolio, offered again. Raises Stale where someone else was first."""
    current = versions.claim(part, version)
    current.ended_on = None
    history.save(current, author=author)
    return current
