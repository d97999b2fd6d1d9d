"""The plan page: now, and as at any day."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from actions.filters import PlanFilters, filtered, plan_filters
from actions.models import Action, Release
from actions.permissions import leads, may_update_position
from actions.position import ActionPosition, Position, statuses_at
from actions.reading import position_for
from actions.rows import RowMaker, counts_of, plan_rows, standing_sentence
from actions.views.common import fetch_challenge
from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.core.forms import read_day
from peerplan.core.http import is_partial
from peerplan.core.templatetags.parts import MONTHS
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, Person, requires
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


@requires(Capability.READ_RELEASED)
def plan(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """All recommendations with their actions, as the person reads them."""
    record = fetch_challenge(request, challenge)
    releases = recent_releases(record)
    position = position_for(
        request.person, record, release=next(iter(releases), None), details=False
    )
    return plan_page(request, record, position, releases)


@requires(Capability.READ_RELEASED)
def plan_at(request: CouncilRequest, council: str, challenge: str, day: str) -> HttpResponse:
    """The plan as at a day, and (`?known_by=`) as known on one."""
    record = fetch_challenge(request, challenge)
    releases = recent_releases(record)
    try:
        as_at, known_by = read_as_at(day), read_known_by(request.GET.get("known_by", ""))
        position = position_for(
            request.person,
            record,
            as_at,
            known_by,
            release=next(iter(releases), None),
            details=False,
        )
    except Invalid as error:
        context = {"challenge": record, "message": str(error), "section": "plan"}
        return render(request, "actions/no_such_day.html", context, status=422)
    return plan_page(request, record, position, releases, as_at=as_at)


def recent_releases(challenge: PeerChallenge) -> list[Release]:
    """The last two releases, latest first."""
    rows: QuerySet[Release] = challenge.releases.select_related("challenge", "author")
    return list(rows[:2])


def read_as_at(typed: str) -> date:
    """The day in an address. Raises Http404 for what is no day at all, Invalid for no real one."""
    if not any(letter.isdigit() for letter in typed):
        raise Http404
    try:
        return read_day(typed)
    except ValueError as error:
        raise Invalid({"as_at": f"“{typed[:30]}” is not a real date. {error}"}) from error


def read_known_by(typed: str) -> datetime | None:
    """The instant by which something was known: a moment, the end of a day, or None for now.

    Raises Invalid.
    """
    if not typed.strip():
        return None
    try:
        given = datetime.fromisoformat(typed.strip().replace(" ", "+"))
    except ValueError:
        try:
            return clock.end_of(read_day(typed))
        except ValueError as error:
            raise Invalid({"known_by": f"“{typed[:40]}” is not a real date. {error}"}) from error
    if given.tzinfo is None:
        is_day = given.time() == time() and "T" not in typed.upper()
        given = clock.end_of(given.date()) if is_day else given.replace(tzinfo=clock.LONDON)
    return given


def plan_page(
    request: CouncilRequest,
    challenge: PeerChallenge,
    position: Position | None,
    releases: list[Release],
    *,
    as_at: date | None = None,
) -> HttpResponse:
    """The page of a position, or the empty state before the first release."""
    if position is None:
        return render(
            request, "actions/not_released.html", {"challenge": challenge, "section": "plan"}
        )
    drawn = draw(request, challenge, position, releases, is_past=as_at is not None)
    context = page_context(request, challenge, drawn, releases)
    context |= {"as_at": as_at, "is_past": as_at is not None}
    return render(request, "actions/plan.html", context)


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
        may_update=(lambda action: False) if is_past else _may_update(person),
        was=was,
        was_when=_when(compared.as_at, on) if compared else "",
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
        "rows": plan_rows(drawn.shown, drawn.maker),
        "counts": counts_of(drawn.position, scheme),
        "standing": standing_sentence(drawn.position),
        "release": next(iter(releases), None),
        "is_released": not person.reads_live,
        "may_manage": person.can(Capability.MANAGE_PLAN),
        "may_update_any": person.can(Capability.UPDATE_ANY),
        "plan_url": drawn.maker.base_url,
        "kept_query": kept_query(request),
        "open_id": 0,
        "oob": False,
    }


def kept_query(request: CouncilRequest) -> str:
    """The query string of the plan page in the browser without an open row, ready to add to."""
    if is_partial(request):
        query = QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query, mutable=True)
    else:
        query = request.GET.copy()
    query.pop("update", None)
    return f"{query.urlencode()}&" if query else ""


def _may_update(person: Person) -> Any:
    if not (person.can(Capability.UPDATE_OWN) or person.can(Capability.UPDATE_ANY)):
        return lambda action: False

    def may(action: ActionPosition) -> bool:
        return may_update_position(person, action)

    return may


def _refs_now(challenge: PeerChallenge) -> dict[int, str]:
    """Present references by id, of the actions that still stand."""
    rows = Action.objects.filter(challenge=challenge, removed_at__isnull=True)
    return dict(rows.values_list("pk", "ref"))


def _when(day: date, now: date) -> str:
    """ "in September", with the year where it is another one."""
    month = MONTHS[day.month - 1]
    return f"in {month}" if day.year == now.year else f"in {month} {day.year}"
