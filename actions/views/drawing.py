"""Drawing the plan: what its page and its rows in place have in common."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from actions.claims import to_check
from actions.filters import PlanFilters, filtered, plan_filters
from actions.models import Action, Release
from actions.permissions import leads, may_update_position
from actions.position import ActionPosition, Position, statuses_at
from actions.rows import RowMaker, counts_of, plan_rows
from actions.sentences import claims_told, standing, then
from peerplan.core import clock
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, Person
from peerplan.councils.scheme import rating_scheme
from peerplan.councils.vocabulary import words_of
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class Plan:
    """What the plan page draws: the position, what passed the filters, and how to make rows."""

    position: Position
    shown: Position
    filters: PlanFilters
    maker: RowMaker


def recent_releases(challenge: PeerChallenge) -> list[Release]:
    """The last two releases, latest first."""
    rows: QuerySet[Release] = challenge.releases.select_related("challenge", "author")
    return list(rows[:2])


def draw(
    request: CouncilRequest,
    challenge: PeerChallenge,
    position: Position,
    releases: list[Release],
    *,
    is_past: bool = False,
) -> Plan:
    """The position filtered by the request, and the maker of its rows."""
    scheme = rating_scheme(request.council)
    filters = plan_filters(request.GET, position, scheme, words_of(request.council))
    mine = frozenset(each.id for each in position.actions if leads(request.person, each))
    on = clock.today() if position.is_live and not is_past else position.as_at
    return Plan(
        position=position,
        shown=filtered(position, filters, on, mine),
        filters=filters,
        maker=row_maker(request, challenge, position, releases, on=on, is_past=is_past),
    )


def row_maker(
    request: CouncilRequest,
    challenge: PeerChallenge,
    position: Position,
    releases: list[Release],
    *,
    on: date,
    is_past: bool = False,
) -> RowMaker:
    """What turns actions of `position` into rows for this reader."""
    person = request.person
    compared = None if is_past else compared_release(person, releases)
    was = statuses_at(compared, reads_exempt=person.reads_exempt) if compared else {}
    return RowMaker(
        base_url=reverse("plan", args=[request.council.slug, challenge.slug]),
        on=on,
        scheme=rating_scheme(request.council),
        may_update=_may_update(person, stands_still=is_past or challenge.is_closed),
        was=was,
        to_check=()
        if is_past or challenge.is_closed
        else [each.id for each in to_check(person, position.actions)],
        was_when=then(compared.as_at, on) if compared else "",
        refs=None if position.is_live else _refs_now(challenge),
    )


def compared_release(person: Person, releases: list[Release]) -> Release | None:
    """The release to compare with: the last for officers, the one before it for members."""
    index = 0 if person.reads_live else 1
    return releases[index] if len(releases) > index else None


def page_context(
    request: CouncilRequest, challenge: PeerChallenge, drawn: Plan, releases: list[Release]
) -> dict[str, Any]:
    """What the plan's templates need."""
    scheme = rating_scheme(request.council)
    person = request.person
    return {
        "challenge": challenge,
        "section": "plan",
        "position": drawn.position,
        "filters": drawn.filters,
        "rows": plan_rows(drawn.shown, drawn.maker, drawn.position),
        "counts": counts_of(drawn.position, scheme),
        "headline": standing(drawn.position),
        "claims": claims_told(drawn.position),
        "release": next(iter(releases), None),
        "is_released": not person.reads_live,
        "may_manage": person.can(Capability.MANAGE_PLAN) and not challenge.is_closed,
        "may_update_any": person.can(Capability.UPDATE_ANY) and not challenge.is_closed,
        "plan_url": drawn.maker.base_url,
        "kept_query": kept_query(request),
        "open_id": 0,
        "oob": False,
    }


def kept_query(request: CouncilRequest) -> str:
    """The query string of the plan page without an open row, ready to add to."""
    query = request.GET.copy()
    for name in ("update", "saved"):
        query.pop(name, None)
    return f"{query.urlencode()}&" if query else ""


def use_query_of_page(request: CouncilRequest) -> None:
    """For htmx: take the query string of the page in the browser, whose part is drawn anew."""
    _, _, query = request.headers.get("HX-Current-URL", "").partition("?")
    request.GET = QueryDict(query.partition("#")[0])


def _may_update(person: Person, *, stands_still: bool) -> Any:
    if stands_still or not (person.can(Capability.UPDATE_OWN) or person.can(Capability.UPDATE_ANY)):
        return lambda action: False

    def may(action: ActionPosition) -> bool:
        return may_update_position(person, action)

    return may


def _refs_now(challenge: PeerChallenge) -> dict[int, str]:
    """Present references by id, of the actions that still stand."""
    rows = Action.objects.filter(challenge=challenge, removed_at__isnull=True)
    return dict(rows.values_list("pk", "ref"))
