"""The plan page: now, and as at any day."""

from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from actions.models import Action, Release
from actions.permissions import may_update, require_update
from actions.position import Position
from actions.reading import find_action, position_for
from actions.views.common import fetch_challenge
from actions.views.drawing import draw, kept_query, page_context, recent_releases
from actions.views.updates import Attempt, attempt, form_context, new_form
from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.core.forms import FIRST_YEAR, LAST_YEAR, read_day
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, requires
from reviews.models import PeerChallenge


@requires(Capability.READ_RELEASED)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """All recommendations with their actions, as the person reads them.

    `?update=<ref>` opens the form of an update in that action's row, which is posted back here;
    `?as_at=<day>`, as somebody types it, leads to the plan of that day.
    """
    opened = open_form(request, challenge)
    if opened and opened.tried.saved:
        ref = opened.action.ref
        # The page says so by its address: a message would cost three queries more.
        return redirect(f"{request.path}?{kept_query(request)}saved={quote(ref)}#a{ref}")
    record = opened.action.challenge if opened else fetch_challenge(request, challenge)
    typed = request.GET.get("as_at", "").strip()
    if typed and request.method != "POST":
        return other_day(request, record, typed)
    releases = recent_releases(record)
    position = position_for(
        request.person, record, release=next(iter(releases), None), details=False
    )
    return plan_page(request, record, position, releases, opened=opened)


@requires(Capability.READ_RELEASED)
@require_safe
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
        return no_such_day(request, record, day, str(error))
    return plan_page(request, record, position, releases, as_at=as_at)


def other_day(request: CouncilRequest, challenge: PeerChallenge, typed: str) -> HttpResponse:
    """On to the plan of the day typed; the form again, with what is wrong, where it is none."""
    try:
        day = read_day(typed)
    except ValueError as error:
        return no_such_day(request, challenge, typed, f"“{typed[:30]}” is not a real date. {error}")
    return redirect("plan_at", request.council.slug, challenge.slug, day.isoformat())


def no_such_day(
    request: CouncilRequest, challenge: PeerChallenge, typed: str, message: str
) -> HttpResponse:
    """The page that says why there is no plan to show for a day, and asks for another."""
    context = {"challenge": challenge, "message": message, "typed_day": typed, "section": "plan"}
    return render(request, "actions/no_such_day.html", context, status=422)


@dataclass(frozen=True)
class Opened:
    """An action whose form stands in its row, and what came of it."""

    action: Action
    tried: Attempt


def open_form(request: CouncilRequest, challenge: str) -> Opened | None:
    """The form that `?update=` opens, tried where it was posted; None where there is none to open.

    Raises Http404 and NotPermitted for a form posted about an action that is not there or not
    the person's to update.
    """
    is_posted = request.method == "POST"
    ref = request.GET.get("update", "")
    action = find_action(request.person, challenge, ref) if ref else None
    if action is None:
        if is_posted:
            raise Http404
        return None
    if is_posted:
        require_update(request.person, action)
        return Opened(action, attempt(request, action))
    if not may_update(request.person, action):
        return None
    return Opened(action, Attempt(new_form(request, action)))


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
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        message = f"The year must be between {FIRST_YEAR} and {LAST_YEAR}."
        raise Invalid({"known_by": message})
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
    opened: Opened | None = None,
) -> HttpResponse:
    """The page of a position, or the empty state before the first release."""
    if position is None:
        return render(
            request, "actions/not_released.html", {"challenge": challenge, "section": "plan"}
        )
    drawn = draw(request, challenge, position, releases, is_past=as_at is not None)
    context = page_context(request, challenge, drawn, releases)
    context |= {"as_at": as_at, "is_past": as_at is not None, "in_row": True, "form": None}
    context["saved"] = position.by_ref.get(request.GET.get("saved", "").lower())
    status = 200
    if opened and opened.action.pk in drawn.position.by_id:
        context |= form_context(request, opened.action, opened.tried)
        context |= {
            "open_id": opened.action.pk,
            "form_url": f"?{kept_query(request)}update={quote(opened.action.ref)}",
            "cancel_url": f"?{kept_query(request)}#a{opened.action.ref}",
        }
        status = opened.tried.status
    return render(request, "actions/plan.html", context, status=status)
