"""Bringing in a table copied from Excel or Word: paste, match its columns, check its rows."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.vocabulary import words_of
from peerplan.exchange import mapping, rows
from peerplan.exchange.columns import columns
from peerplan.exchange.fixes import fixes
from peerplan.exchange.forms import ColumnsForm, TextForm
from peerplan.exchange.mapping import LABELS, Field
from peerplan.exchange.pasted import PastedTable, put_right, read_table
from peerplan.exchange.reading import known_of
from peerplan.exchange.rows import Choices, Known
from peerplan.exchange.services import BroughtIn, bring_in
from peerplan.exchange.table import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from reviews.models import PeerChallenge

STEPS = ("Paste the table", "Match the columns", "Check the rows", "Bring them in")
DATES = ("as_at", "in_plan_from")
TICKS = ("uses_progress", "makes_recommendations")
CARRIED = re.compile(rf"column-\d+|headings|(?:{'|'.join((*DATES, *TICKS))})(?:_\d)?")
OF_UPDATES = (Field.STATUS, Field.RATING)


@gate.requires(Capability.MANAGE_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The step that the button pressed leads to; nothing is saved before the last."""
    found = PeerChallenge.objects.for_council(request.council).select_related("council")
    record = get_object_or_404(found, slug=challenge)
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "text":
        return _text_page(request, record, TextForm(initial={"text": request.POST.get("text", "")}))
    form = TextForm(request.POST)
    if not form.is_valid():
        return _text_page(request, record, form, status=422)
    own = _own_words(record)
    table = put_right(read_table(form.rows, request.POST, own), request.POST)
    known = known_of(record)
    if step not in ("rows", "import"):
        initial = _initial(request.POST, record, known)
        return _columns_page(request, record, table, known, _columns_form(record, table, initial))
    chosen = _columns_form(record, table, data=request.POST)
    if not chosen.is_valid() or _column_errors(table):
        return _columns_page(request, record, table, known, chosen, status=422)
    choices = _choices(chosen.cleaned_data, request.POST)
    if step == "rows":
        return _rows_page(request, record, table, known, choices)
    return _import(request, record, table, known, choices)


def _import(
    request: CouncilRequest,
    challenge: PeerChallenge,
    table: PastedTable,
    known: Known,
    choices: Choices,
) -> HttpResponse:
    reading = rows.read(table.body, table.fields, known, choices)
    try:
        made = bring_in(
            challenge=challenge, reading=reading, choices=choices, author=request.person
        )
    except Invalid as error:
        return _rows_page(request, challenge, table, known, choices, refused=str(error))
    messages.success(request, _told(made, choices.as_at))
    return redirect("plan", council=request.council.slug, challenge=challenge.slug)


# --- Pages ---


def _page(
    request: CouncilRequest,
    challenge: PeerChallenge,
    template: str,
    step: int,
    context: dict[str, Any],
    status: int,
) -> HttpResponse:
    steps = [
        {"label": label, "is_done": index < step, "is_current": index == step}
        for index, label in enumerate(STEPS)
    ]
    context |= {"challenge": challenge, "steps": steps}
    return render(request, f"exchange/{template}.html", context, status=status)


def _text_page(
    request: CouncilRequest, challenge: PeerChallenge, form: TextForm, status: int = 200
) -> HttpResponse:
    kept = [(name, value) for name, value in request.POST.items() if CARRIED.fullmatch(name)]
    limits = {"kilobytes": MOST_BYTES // 1000, "rows": MOST_ROWS, "columns": MOST_COLUMNS}
    return _page(
        request, challenge, "text", 0, {"form": form, "kept": kept, "limits": limits}, status
    )


def _columns_page(
    request: CouncilRequest,
    challenge: PeerChallenge,
    table: PastedTable,
    known: Known,
    form: ColumnsForm,
    status: int = 200,
) -> HttpResponse:
    errors = _column_errors(table) if status != 200 else mapping.problems(table.fields)
    found = columns(table.headings, table.body, table.fields, known, errors)
    context = {
        "table": table,
        "how_many": sum(1 for row in table.body if not row.is_blank),
        "columns": found,
        "empty_columns": set(range(len(table.fields))) - {column.index for column in found},
        "matched": sum(1 for column in found if column.goes_to),
        "choices": [(str(field), label) for field, label in LABELS.items()],
        "form": form,
        "problems": errors if status != 200 else {},
    }
    return _page(request, challenge, "columns", 1, context, status)


def _rows_page(
    request: CouncilRequest,
    challenge: PeerChallenge,
    table: PastedTable,
    known: Known,
    choices: Choices,
    refused: str = "",
) -> HttpResponse:
    reading = rows.read(table.body, table.fields, known, choices)
    context = {
        "table": table,
        "reading": reading,
        "rows": [
            (row, known.scheme[row.status].label if row.status else "") for row in reading.rows
        ],
        "fixes": fixes(reading, table, known),
        "choices": choices,
        "ready": len(reading.ready),
        "problems": len(reading.wrong),
        "may_drop_updates": choices.drops_updates
        or any(row.only_update_is_wrong for row in reading.wrong),
        "repeated": sum(1 for row in reading.rows if row.ref.lower() in known.refs),
        "refused": refused,
        "columns": list(enumerate(table.fields)),
    }
    return _page(request, challenge, "rows", 2, context, 422 if refused else 200)


# --- What was chosen ---


def _own_words(challenge: PeerChallenge) -> dict[Field, str]:
    """The council's own headings for the columns of a plan."""
    words = words_of(challenge.council)
    return {
        Field.RECOMMENDATION: words.recommendation,
        Field.ACTION: words.action,
        Field.LEAD: words.lead,
        Field.PORTFOLIO: words.portfolio,
        Field.DIRECTORATE: words.directorate,
        Field.THEME: words.theme,
        Field.DUE: words.due,
        Field.SUCCESS: words.success_measure,
        Field.PROGRESS: words.commentary,
        Field.STATUS: words.status,
    }


def _column_errors(table: PastedTable) -> dict[int, str]:
    found = mapping.problems(table.fields)
    if Field.ACTION not in table.fields:
        found.setdefault(-1, "Choose the column that says what the council will do: the action.")
    progress = table.column(Field.PROGRESS)
    if progress is not None and not any(field in table.fields for field in OF_UPDATES):
        found.setdefault(
            progress,
            "A progress update needs a status: choose a column for it, or leave this one out.",
        )
    return found


def _columns_form(
    challenge: PeerChallenge,
    table: PastedTable,
    initial: dict[str, Any] | None = None,
    data: Mapping[str, str] | None = None,
) -> ColumnsForm:
    return ColumnsForm(
        data,
        initial=initial,
        has_updates=any(field in table.fields for field in OF_UPDATES),
        may_add=Field.RECOMMENDATION in table.fields and not challenge.is_adopted,
    )


def _initial(given: Mapping[str, str], challenge: PeerChallenge, known: Known) -> dict[str, Any]:
    """What was given before, or what is likely."""
    if not any(f"{name}{part}" in given for name in DATES for part in ("", "_0")):
        begins = challenge.plan_approved_on or challenge.adopted_on or challenge.on_site_to
        return {
            "in_plan_from": min(begins, clock.today()),
            "as_at": _end_of_last_month(),
            "makes_recommendations": not known.recommendations,
        }
    initial: dict[str, Any] = {name: name in given for name in TICKS}
    for name in DATES:
        widget = ColumnsForm.base_fields[name].widget
        initial[name] = widget.value_from_datadict(given, {}, name)
    return initial


def _end_of_last_month() -> date:
    return clock.today().replace(day=1) - timedelta(days=1)


def _choices(cleaned: Mapping[str, Any], given: Mapping[str, str]) -> Choices:
    return Choices(
        as_at=cleaned.get("as_at"),
        in_plan_from=cleaned["in_plan_from"],
        makes_recommendations=bool(cleaned.get("makes_recommendations")),
        uses_progress=bool(cleaned.get("uses_progress")),
        drops_updates="drops_updates" in given,
        drops_rows="drops_rows" in given,
    )


def _told(made: BroughtIn, as_at: date | None) -> str:
    """What was brought in, in words."""
    parts = [_counted(made.actions, "action")]
    if made.recommendations:
        parts.append(_counted(made.recommendations, "recommendation"))
    if made.updates and as_at:
        day = f"{as_at.day} {as_at:%B %Y}"
        parts.append(f"{_counted(made.updates, 'progress update')} as at {day}")
    told = " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
    return f"Brought in: {told}."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
