"""The catch-up sheet: every open action of a challenge on one page, for what came by e-mail.

One form holds all rows, so that it works without a script. Each row that was typed in is saved in
a transaction of its own; what could not be saved stays in its row with what is wrong with it.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from actions.conflicts import conflict_of
from actions.filters import PlanFilters, filtered, plan_filters
from actions.forms import standing_at
from actions.models import Action
from actions.permissions import leads, visible_actions
from actions.position import ActionPosition, Position
from actions.reading import position_for
from actions.rules import tidied
from actions.services.updates import post_update, update_as_at
from actions.sheet import (
    DayForm,
    RowForm,
    SheetRow,
    Tried,
    prefix_of,
    seen_of,
    sent_ids,
    sheet_row,
)
from actions.views.common import fetch_challenge
from peerplan.core import clock
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.core.http import Typed, is_partial
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, requires
from peerplan.councils.scheme import rating_scheme
from peerplan.councils.vocabulary import words_of
from reviews.models import PeerChallenge

A_PAGE = 100
"""Rows of one page: some two thousand fields, well within what a form may send."""
ALL = "all"
GONE = "There is no such action in this plan now, so nothing could be saved about it."


@dataclass
class Sent:
    """What came of a sheet that was sent: each row by the id of its action."""

    ids: list[int] = field(default_factory=list)
    rows: dict[int, Tried] = field(default_factory=dict)
    gone: list[Typed] = field(default_factory=list)

    def outcomes(self, outcome: str) -> list[int]:
        """The ids of the rows that ended so."""
        return [key for key, tried in self.rows.items() if tried.outcome == outcome]


@requires(Capability.UPDATE_ANY)
@require_http_methods(["GET", "HEAD", "POST"])
def catch_up(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The sheet, and its saving: of the rows typed in (`save=all`) or of one (`save=<id>`)."""
    record = fetch_challenge(request, challenge)
    about = _day_form(request)
    position = _position(request, record)
    if request.method != "POST":
        return _page(request, record, position, about, None, status=422 if about.errors else 200)
    wanted = request.POST.get("save", "")
    sent = _save(request, record, position, about, wanted)
    if sent.rows:
        position = _position(request, record)
    status = _status(sent, about, wanted)
    if is_partial(request) and wanted != ALL:
        return _one_row(request, record, position, about, sent, wanted, status)
    return _page(request, record, position, about, sent, status=status)


def _day_form(request: CouncilRequest) -> DayForm:
    """The day of the sheet; on a sheet that was sent it becomes part of the address too."""
    data = request.POST if request.method == "POST" else request.GET
    is_given = any(name.startswith("as_at") for name in data)
    about = DayForm(data if is_given else None, initial={"as_at": clock.today()})
    query: QueryDict = request.GET.copy()
    for name in [name for name in query if name.startswith("as_at")]:
        del query[name]
    if is_given and about.day:
        query["as_at"] = about.day.isoformat()
    request.GET = query  # type: ignore[assignment]
    return about


def _position(request: CouncilRequest, challenge: PeerChallenge) -> Position:
    position = position_for(request.person, challenge, details=False)
    assert position is not None, "whoever updates any action reads the live plan"
    return position


def _save(
    request: CouncilRequest,
    challenge: PeerChallenge,
    position: Position,
    about: DayForm,
    wanted: str,
) -> Sent:
    """Try each row that was typed in and is wanted; keep the others as they were sent."""
    sent = Sent(ids=sent_ids(request.POST))
    actions = visible_actions(request.person).filter(challenge=challenge).in_bulk(sent.ids)
    for key in sent.ids:
        action, stands = actions.get(key), position.by_id.get(key)
        if action is None or stands is None:
            sent.gone += _typed_about(request, key)
            continue
        form = _form(request, stands, about, request.POST)
        if wanted not in (ALL, str(key)):
            if form.is_touched:
                sent.rows[key] = Tried("kept", form)
        elif form.is_touched:
            sent.rows[key] = _save_row(request, action, form, stands)
        elif wanted == str(key):
            form.add_error(None, "Nothing was typed in this row.")
            sent.rows[key] = Tried("invalid", form)
    return sent


def _form(
    request: CouncilRequest, action: ActionPosition, about: DayForm, data: QueryDict
) -> RowForm:
    return RowForm(
        data,
        standing=standing_at(action, request.person),
        person=request.person,
        scheme=rating_scheme(request.council),
        about=about,
    )


def _save_row(
    request: CouncilRequest, action: Action, form: RowForm, stands: ActionPosition
) -> Tried:
    """Save one row, in a transaction of its own."""
    if not form.is_valid():
        return Tried("invalid", form)
    try:
        post_update(
            action=action,
            version=form.cleaned_data["version"],
            draft=form.draft(),
            author=request.person,
        )
    except Invalid as error:
        form.take_errors(error.fields)
        return Tried("invalid", form)
    except NotPermitted as error:
        form.add_error(None, str(error))
        return Tried("invalid", form)
    except Stale as error:
        return _stale(request, error.current, form, stands)
    return Tried("saved", form)


def _stale(
    request: CouncilRequest, current: Action, form: RowForm, stands: ActionPosition
) -> Tried:
    """Both texts, with what was typed in a row that now knows what the other did."""
    draft = tidied(form.draft())
    seen = form.cleaned_data["version"]
    conflict = conflict_of(current, seen, draft, request.person, rating_scheme(request.council))
    same_day = update_as_at(current, draft.as_at)
    data = request.POST.copy()
    prefix = prefix_of(current.pk)
    data[f"{prefix}-version"] = str(current.version)
    is_same = same_day is not None and same_day.as_at == draft.as_at
    data[f"{prefix}-follows"] = str(same_day.pk) if same_day and is_same else ""
    data[f"{prefix}-seen"] = seen_of(form.standing)
    return Tried("stale", _form(request, stands, form.about, data), conflict)


def _typed_about(request: CouncilRequest, key: int) -> list[Typed]:
    """The prose that was typed about an action that is not there."""
    prefix = f"{prefix_of(key)}-"
    names = [name for name in request.POST if name.startswith(prefix)]
    typed = [Typed(name, request.POST[name]) for name in names if not name.endswith("on_behalf_of")]
    return [each for each in typed if each.is_prose]


def _status(sent: Sent, about: DayForm, wanted: str) -> int:
    if sent.outcomes("stale"):
        return 409
    nothing = wanted == ALL and not sent.rows
    wrong = sent.outcomes("invalid") or sent.gone or about.errors or nothing
    return 422 if wrong else 200


def _one_row(
    request: CouncilRequest,
    challenge: PeerChallenge,
    position: Position,
    about: DayForm,
    sent: Sent,
    wanted: str,
    status: int,
) -> HttpResponse:
    """For htmx: the row that was to be saved. Raises Http404 where there is no such row."""
    for key, tried in sent.rows.items():
        if str(key) == wanted and key in position.by_id:
            row = _row(request, position.by_id[key], about, tried, is_reported=False)
            bad = tried.outcome in ("invalid", "stale")
            context = _frame(request, challenge) | {"row": row}
            code = (409 if tried.conflict else 422) if bad else 200
            return render(request, "actions/catch_up_row.html", context, status=code)
    raise Http404


def _row(
    request: CouncilRequest,
    action: ActionPosition,
    about: DayForm,
    tried: Tried | None,
    *,
    is_reported: bool = True,
) -> SheetRow:
    scheme = rating_scheme(request.council)
    return sheet_row(action, request.person, scheme, about, tried, is_reported=is_reported)


def _frame(request: CouncilRequest, challenge: PeerChallenge) -> dict[str, Any]:
    return {
        "challenge": challenge,
        "section": "plan",
        "scheme": rating_scheme(request.council),
        "sheet_url": f"{request.path}?{request.GET.urlencode()}",
        "on_sheet": True,
    }


def _page(
    request: CouncilRequest,
    challenge: PeerChallenge,
    position: Position,
    about: DayForm,
    sent: Sent | None,
    *,
    status: int,
) -> HttpResponse:
    """The sheet: open actions that pass the filters, or after sending the rows that were sent."""
    filters = plan_filters(
        request.GET, position, rating_scheme(request.council), words_of(request.council)
    )
    page = Paginator(_open(request, position, filters), A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if sent is not None:
        ids = set(sent.ids)
        shown = [action for action in position.actions if action.id in ids]
    tried = sent.rows if sent else {}
    rows = [_row(request, action, about, tried.get(action.id)) for action in shown]
    context = _frame(request, challenge) | {
        "filters": filters,
        "page_obj": page,
        "about": about,
        "rows": rows,
        "is_sent": sent is not None,
        "saved": [row for row in rows if row.outcome == "saved"],
        "wrong": [row for row in rows if row.outcome in ("invalid", "stale")],
        "kept_rows": [row for row in rows if row.outcome == "kept"],
        "gone": sent.gone if sent else [],
        "gone_message": GONE,
        "is_wrong": status >= 400,
    }
    return render(request, "actions/catch_up.html", context, status=status)


def _open(
    request: CouncilRequest, position: Position, filters: PlanFilters
) -> list[ActionPosition]:
    """The open actions that pass the filters, in plan order."""
    mine = frozenset(each.id for each in position.actions if leads(request.person, each))
    passed = filtered(position, filters, clock.today(), mine)
    return [action for action in passed.actions if action.is_open]
