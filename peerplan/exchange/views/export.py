"""The plan as a file: what the plan page shows this reader, with the same filters."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from actions.filters import filtered, plan_filters
from actions.permissions import leads
from actions.position import Position
from actions.reading import position_for
from actions.views.plan import read_known_by
from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.core.forms import read_day
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.scheme import rating_scheme
from peerplan.councils.vocabulary import words_of
from peerplan.exchange.sheet import plan_columns, plan_rows
from peerplan.render.sheets import write_csv, write_xlsx
from reviews.models import PeerChallenge

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@gate.requires(Capability.READ_RELEASED)
@require_safe
def export(request: CouncilRequest, council: str, challenge: str, kind: str) -> HttpResponse:
    """The plan that this reader sees, as XLSX or CSV: the page's filters, `as_at` and `known_by`.

    Raises Http404 for another kind of file, Invalid for a day that cannot be shown.
    """
    if kind not in TYPES:
        raise Http404
    found = PeerChallenge.objects.for_council(request.council).select_related("council")
    record = get_object_or_404(found, slug=challenge)
    as_at = _day(request.GET.get("as_at", ""))
    known_by = read_known_by(request.GET.get("known_by", ""))
    position = position_for(request.person, record, as_at, known_by)
    if position is None:
        return render(
            request,
            "actions/not_released.html",
            {"challenge": record, "section": "plan"},
            status=404,
        )
    shown = _filtered(request, position, is_past=as_at is not None)
    content = _content(request, shown, record.title, kind)
    name = f"{council}-{record.slug}-{position.as_at:%Y-%m-%d}.{kind}"
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _day(typed: str) -> date | None:
    """The day asked for, None for now. Raises Invalid."""
    if not typed.strip():
        return None
    try:
        return read_day(typed)
    except ValueError as error:
        raise Invalid({"as_at": f"“{typed[:40]}” is not a real date. {error}"}) from error


def _filtered(request: CouncilRequest, position: Position, *, is_past: bool) -> Position:
    scheme, words = rating_scheme(request.council), words_of(request.council)
    filters = plan_filters(request.GET, position, scheme, words)
    mine = frozenset(each.id for each in position.actions if leads(request.person, each))
    on = clock.today() if position.is_live and not is_past else position.as_at
    return filtered(position, filters, on, mine)


def _content(request: CouncilRequest, shown: Position, title: str, kind: str) -> bytes:
    reads_exempt = request.person.reads_exempt
    columns = plan_columns(words_of(request.council), reads_exempt=reads_exempt)
    rows = plan_rows(shown, rating_scheme(request.council), reads_exempt=reads_exempt)
    if kind == "csv":
        return write_csv(columns, rows)
    return write_xlsx(title, columns, rows)
