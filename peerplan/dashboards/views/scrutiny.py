"""The members' dashboard: on one page where the plan stands, what changed and what is needed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions import figures
from actions.changes import changes
from actions.position import Position
from actions.sentences import change_groups, claims_told, number_changed, standing
from actions.states import SEVERITY
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.ratings import Status
from peerplan.councils.scheme import rating_scheme
from peerplan.dashboards.attention import attention
from peerplan.dashboards.forms import CompareForm
from peerplan.dashboards.reading import (
    Comparison,
    Reading,
    challenge_of,
    comparison,
    reading_for,
)
from peerplan.dashboards.trend import trend_of
from peerplan.render.charts import stacked_table


@gate.requires(Capability.READ_RELEASED)
@require_safe
def scrutiny(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The dashboard of one challenge; what it is compared with is in the query string."""
    record = challenge_of(request, challenge)
    person = request.person
    released = request.GET.get("show") == "released"
    reading = reading_for(person, record, released=released)
    context: dict[str, Any] = {
        "challenge": record,
        "section": "scrutiny",
        "is_projector": request.GET.get("view") == "projector",
        "reading": reading,
    }
    if reading is None or not reading.position.actions:
        return render(request, "dashboards/scrutiny_empty.html", context)
    form = CompareForm(
        request.GET or None,
        releases=reading.earlier,
        first=record.on_site_from,
        last=reading.position.as_at,
    )
    compared = comparison(person, reading, form.day if form.is_bound else None)
    context |= dashboard_context(request, reading, compared) | {"form": form}
    refused = form.is_bound and not form.is_valid()
    return render(request, "dashboards/scrutiny.html", context, status=422 if refused else 200)


def dashboard_context(
    request: CouncilRequest, reading: Reading, compared: Comparison | None
) -> dict[str, Any]:
    """All that the page shows: sentences, charts, tables and lists."""
    scheme = rating_scheme(request.council)
    now = reading.position
    before = compared.position if compared else None
    title = day_in_words(now.as_at)
    bars = [figures.bar(f"Now, {title}" if reading.is_live else title, now, scheme)]
    if compared:
        bars.append(figures.bar(compared.label, compared.position, scheme))
    groups = change_groups(changes(before, now)) if before else ()
    trend = trend_of(reading.challenge, now, scheme)
    well, troubles = standing(now)
    return {
        "position": now,
        "well": well,
        "troubles": troubles,
        "compared": compared,
        "bars": bars,
        "numbers": stacked_table(
            "Actions by status, now and at the comparison", bars, with_change=True
        ),
        "attention": attention(now, before, scheme),
        "groups": groups,
        "changed": number_changed(groups),
        "themes": figures.by_theme(now, scheme),
        "directorates": figures.by_directorate(now, scheme),
        "trend": trend,
        "trend_table": stacked_table(trend.title, trend.columns, corner="Month") if trend else None,
        "rules": [rule for key, rule in scheme.items() if now.counts.get(key)],
        "scheme": scheme,
        "own_views": own_views(now),
        "not_counted": len(now.actions) - now.total,
        "claims": claims_told(now),
        "is_default_comparison": bool(
            compared and reading.earlier and compared.release == reading.earlier[0]
        ),
    }


def own_views(position: Position) -> list[Any]:
    """Recommendations whose own status differs from the worst of their actions, worst first."""
    found = [each for each in position.recommendations if each.differs]
    return sorted(found, key=lambda each: SEVERITY[each.worst or Status.COMPLETE])
