"""One action: how it stands, its updates, dates, milestones, evidence, lineage and history."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.claims import to_check
from actions.extensions import Request, as_requests, readable_requests
from actions.files import KINDS, size_in_words
from actions.history import action_history
from actions.ledger import ledger_of
from actions.models import Action, Evidence, Extension, Lineage, ProgressUpdate, Visibility
from actions.people import SOMEBODY, posts_of
from actions.permissions import may_update, visible_actions
from actions.position import UpdatePosition, last_release
from actions.reading import Horizon, horizon, position_for, readable_reason, readable_updates
from actions.rows import days_left
from actions.sentences import closure_in_words
from actions.states import Closure, Rating, printed_status
from actions.views.common import fetch_action
from peerplan.core import clock
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, Person, requires
from peerplan.councils.ratings import Status
from peerplan.councils.scheme import rating_scheme

Kind = ProgressUpdate.Kind
REPORTS = (Kind.PROGRESS, Kind.CORRECTION, Kind.CLAIMED)
"""Kinds of which a later one for the same day replaces the one before."""
TAGS: dict[str, str] = {
    Kind.EXTENSION: "Date extended",
    Kind.VERIFIED: "Verified by a second person",
    Kind.SENT_BACK: "Claim sent back",
    Kind.CLOSED: "Closed",
}
UPDATES_A_PAGE = 8
HISTORY_A_PAGE = 10


@dataclass(frozen=True)
class Told:
    """One update on the timeline. `corrected_by` is the later update for the same day."""

    update: ProgressUpdate
    status: Status
    label: str
    forecast_label: str
    who: str
    is_correction: bool
    is_corrected: bool
    is_extension: bool
    tag: str
    closure: str


@dataclass(frozen=True)
class Shown:
    """Evidence as a line."""

    evidence: Evidence
    kind: str
    who: str
    may_withdraw: bool


@requires(Capability.READ_RELEASED)
@require_safe
def action(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """The page of one action, as the person reads it."""
    record = fetch_action(request, challenge, ref)
    person = request.person
    release = last_release(record.challenge)
    seen = horizon(person, record.challenge, release=release)
    position = position_for(person, record.challenge, release=release, only=record.pk)
    if seen is None or position is None or record.pk not in position.by_id:
        raise Http404
    stands = position.by_id[record.pk]
    scheme = rating_scheme(request.council)
    on = clock.today() if person.reads_live else position.as_at
    updates = _timeline(request, record, seen)
    requests = _requests(person, record)
    may_post = person.reads_live and stands.is_counted and may_update(person, record)
    context = {
        "challenge": record.challenge,
        "section": "plan",
        "action": record,
        "stands": stands,
        "rule": scheme[stands.status],
        "forecast": scheme[Rating(stands.forecast)] if stands.forecast else None,
        "days_left": days_left(stands.due, on) if stands.due and stands.is_open else "",
        "is_overdue": stands.is_overdue(on),
        "position": position,
        "release": release,
        "is_released": not person.reads_live,
        "updates": updates,
        "ledger": ledger_of(stands),
        "requests": requests,
        "date_waits": any(each.is_waiting for each in requests),
        "may_ask_for_date": request.council.extensions_need_approval
        and may_post
        and stands.is_open
        and not any(each.is_waiting for each in requests),
        "evidence": _evidence(person, record, seen),
        "recommendations": [
            position.recommendation_by_id[each]
            for each in stands.recommendation_ids
            if each in position.recommendation_by_id
        ],
        "lineage": _lineage(person, record, seen),
        "history": _page(
            request, action_history(record, person, seen, scheme), "history", HISTORY_A_PAGE
        ),
        "may_update": may_post,
        "may_manage": person.can(Capability.MANAGE_PLAN) and not record.challenge.is_closed,
        "may_check": bool(to_check(person, [stands])),
        "closure": _closure(stands.update),
        "shows_internal": person.reads_live,
        "saved": request.GET.get("saved") == "update",
        "plan_url": reverse("plan", args=[council, challenge]),
    }
    return render(request, "actions/action.html", context)


def _page(request: CouncilRequest, rows: object, name: str, size: int) -> Page:  # type: ignore[type-arg]
    """The page of `rows` that the query string asks for under `name`; the nearest there is."""
    return Paginator(rows, size).get_page(request.GET.get(name))  # type: ignore[arg-type]


def _timeline(request: CouncilRequest, record: Action, seen: Horizon) -> Page:  # type: ignore[type-arg]
    """The updates, latest first, each with who gave it and whether it was corrected."""
    scheme = rating_scheme(request.council)
    rows = readable_updates(request.person, record, seen).prefetch_related("evidence")
    page = _page(request, rows, "updates", UPDATES_A_PAGE)
    updates = list(page.object_list)
    posts = posts_of(request.council, (each.author_id for each in updates))
    latest: dict[date, int] = {}
    for each in updates:
        if each.kind in REPORTS:
            latest.setdefault(each.as_at, each.pk)
    page.object_list = [
        Told(
            update=each,
            is_extension=each.kind == ProgressUpdate.Kind.EXTENSION,
            status=(status := printed_status(each.state, each.rating)),
            label=scheme[status].label,
            forecast_label=scheme[Rating(each.forecast)].label if each.forecast else "",
            who=each.on_behalf_of or posts.get(each.author_id, SOMEBODY),
            is_correction=each.kind == ProgressUpdate.Kind.CORRECTION,
            is_corrected=latest.get(each.as_at, each.pk) != each.pk and each.kind in REPORTS,
            tag=TAGS.get(each.kind, ""),
            closure=_closure(each),
        )
        for each in updates
    ]
    return page


def _closure(update: ProgressUpdate | UpdatePosition | None) -> str:
    """Why it closed, unless its status says so already."""
    if update is None or update.closure == Closure.DELIVERED:
        return ""
    return closure_in_words(update.closure, update.closure_note, update.closure_agreed_by)


def _requests(person: Person, record: Action) -> list[Request]:
    """Requests for a later date that wait or were not granted: the ledger has the others."""
    rows = readable_requests(person).filter(action=record)
    return as_requests(person, rows.exclude(decision=Extension.Decision.APPROVED))


def _evidence(person: Person, record: Action, seen: Horizon) -> list[Shown]:
    """Evidence that stands and that the person may see, then and now."""
    rows = Evidence.objects.standing().filter(action=record).select_related("update")
    if not person.reads_exempt:
        rows = rows.filter(visibility=Visibility.PUBLIC)
    if seen.known_by is not None:
        rows = rows.filter(added_at__lte=seen.known_by).exclude(update__as_at__gt=seen.as_at)
    found = list(rows)
    posts = posts_of(person.council, (each.added_by_id for each in found))
    may = person.reads_live and may_update(person, record)
    return [
        Shown(
            evidence=each,
            kind="Link"
            if each.link
            else f"{KINDS.get(each.content_type, 'File')}, {size_in_words(each.size)}",
            who=posts.get(each.added_by_id, SOMEBODY),
            may_withdraw=may
            and (each.added_by_id == person.user.pk or person.can(Capability.UPDATE_ANY)),
        )
        for each in found
    ]


def _lineage(person: Person, record: Action, seen: Horizon) -> dict[str, list[Lineage]]:
    """Where the action came from and went, of what the person may see."""
    visible = visible_actions(person)
    rows = Lineage.objects.select_related("source__challenge", "target__challenge")
    if not person.reads_live:
        # What another plan holds is released, or not, with that plan.
        rows = rows.filter(source__challenge=F("target__challenge"))
    if seen.known_by is not None:
        rows = rows.filter(added_at__lte=seen.known_by, on__lte=seen.as_at)
    found = {
        "came_from": list(rows.filter(target=record, source__in=visible)),
        "went_to": list(rows.filter(source=record, target__in=visible)),
    }
    for link in (*found["came_from"], *found["went_to"]):
        link.reason = readable_reason(person, link)
    return found
