"""The pages of bodies, of who sits on them, and of the days on which the council is closed."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers.meeting_forms import BodyForm, ClosureForm, EndForm, SeatForm, SeenBodyForm
from peerplan.papers.models import Body, BodyMember, ClosureDay, Meeting, RouteStep
from peerplan.papers.services import meetings as services
from peerplan.papers.services.meetings import BodyDetails
from reviews.views.challenges import READ_OR_POST
from reviews.views.editing import answer

MEETINGS_SHOWN = 10
WORDS = ("name", "kind", "called", "lead_in", "call_in_days")


def body_of(request: CouncilRequest, pk: int) -> Body:
    """The body of the request's council with this number, ended or not. Raises Http404."""
    return get_object_or_404(Body.objects.for_council(request.council), pk=pk)


@gate.requires(Capability.PRODUCE_PAPERS)
@require_safe
def bodies(request: CouncilRequest, council: str) -> HttpResponse:
    """The bodies in use, then those that have ended."""
    sitting = Count("members", filter=Q(members__ended_at__isnull=True))
    rows = list(Body.objects.for_council(request.council).annotate(sitting=sitting))
    context = _page(council, "Bodies") | {
        "rows": [row for row in rows if row.ended_on is None],
        "ended": [row for row in rows if row.ended_on is not None],
    }
    return render(request, "papers/bodies.html", context)


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def body_new(request: CouncilRequest, council: str) -> HttpResponse:
    """A body more."""
    form = BodyForm(request.POST or None)

    def save() -> None:
        details = BodyDetails(**form.cleaned_data)
        services.add_body(council=request.council, details=details, author=request.person)

    return answer(
        request,
        form,
        save,
        template="reviews/form.html",
        context=_page(council, "Add a body", *_bodies(council)),
        done="The body is added.",
        to=reverse("bodies", args=[council]),
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def body(request: CouncilRequest, council: str, body: int) -> HttpResponse:
    """One body: its words, who sits on it (with a form for one more), its meetings and routes."""
    record = body_of(request, body)
    form = SeatForm(request.POST or None, body=record, council=request.council)

    def save() -> None:
        services.add_seat(body=record, author=request.person, **form.cleaned_data)

    rows = Meeting.objects.filter(body=record)
    coming = list(rows.filter(on__gte=clock.today()))
    past = list(rows.filter(on__lt=clock.today()).order_by("-on")[:MEETINGS_SHOWN])
    seats = BodyMember.objects.filter(body=record).select_related("membership__user")
    context = _page(council, record.name, *_bodies(council)) | {
        "body": record,
        "seats": [seat for seat in seats if seat.ended_at is None],
        "given_up": [seat for seat in seats if seat.ended_at is not None],
        "coming": coming,
        "past": past,
        "steps": RouteStep.objects.filter(
            body=record, ended_at__isnull=True, route__ended_at__isnull=True
        ).select_related("route__challenge", "meeting"),
    }
    return answer(
        request,
        form,
        save,
        template="papers/body.html",
        context=context,
        done="The seat is taken.",
        to=request.path,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def body_change(request: CouncilRequest, council: str, body: int) -> HttpResponse:
    """The body's name, kind and words."""
    record = body_of(request, body)

    def as_given(row: Body) -> dict[str, Any]:
        return {name: getattr(row, name) for name in (*WORDS, "version")}

    form = SeenBodyForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.change_body(
            body=record,
            version=form.cleaned_data["version"],
            details=BodyDetails(**form.given()),
            author=request.person,
        )

    to = reverse("body", args=[council, record.pk])
    return answer(
        request,
        form,
        save,
        template="reviews/form.html",
        context=_page(council, f"Change {record.name}", to, record.name),
        done="The body is saved.",
        to=to,
        as_given=as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def body_end(request: CouncilRequest, council: str, body: int) -> HttpResponse:
    """Ends the body, or says which routes and meetings stand in the way and what to do."""
    record = body_of(request, body)

    def as_given(row: Body) -> dict[str, Any]:
        return {"version": row.version, "reason": ""}

    form = EndForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.end_body(body=record, author=request.person, **form.cleaned_data)

    context = _page(
        council, f"End {record.name}", reverse("body", args=[council, record.pk]), record.name
    )
    return answer(
        request,
        form,
        save,
        template="papers/body_end.html",
        context=context | {"body": record, "save_label": "End the body"},
        done=f"{record.name} has ended.",
        to=reverse("bodies", args=[council]),
        as_given=as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def body_take_up(request: CouncilRequest, council: str, body: int) -> HttpResponse:
    """Puts an ended body to use again."""
    record = body_of(request, body)
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the page and press the button again."})
    services.take_up_body(body=record, version=form.cleaned_data["version"], author=request.person)
    messages.success(request, f"{record.name} is in use again.")
    return redirect("body", council, record.pk)


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def seat_end(request: CouncilRequest, council: str, body: int, seat: int) -> HttpResponse:
    """A seat given up: from now on no exempt paper of the body is opened by it."""
    record = body_of(request, body)
    rows = BodyMember.objects.for_council(request.council).select_related("body")
    services.end_seat(seat=get_object_or_404(rows, body=record, pk=seat), author=request.person)
    messages.success(request, "The seat is given up.")
    return redirect("body", council, record.pk)


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def closures(request: CouncilRequest, council: str) -> HttpResponse:
    """The days on which the council is closed, and a form for more."""
    form = ClosureForm(request.POST or None)

    def save() -> None:
        services.add_closure_days(
            council=request.council, author=request.person, **form.cleaned_data
        )

    rows = list(ClosureDay.objects.for_council(request.council).filter(ended_at__isnull=True))
    today = clock.today()
    context = _page(council, "Closure days") | {
        "coming": [row for row in rows if row.on >= today],
        "past": [row for row in reversed(rows) if row.on < today],
        "nation": request.council.get_nation_display(),
    }
    return answer(
        request,
        form,
        save,
        template="papers/closures.html",
        context=context,
        done="Saved. The last days to publish are worked out anew.",
        to=request.path,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def closure_end(request: CouncilRequest, council: str, closure: int) -> HttpResponse:
    """Takes a closure day away: it counts as a working day again."""
    rows = ClosureDay.objects.for_council(request.council)
    services.end_closure_day(closure=get_object_or_404(rows, pk=closure), author=request.person)
    messages.success(request, "Taken away. The last days to publish are worked out anew.")
    return redirect("closures", council)


def _bodies(council: str) -> tuple[str, str]:
    return reverse("bodies", args=[council]), "Bodies"


def _page(
    council: str, title: str, back: str = "", back_label: str = "Meetings and papers"
) -> dict[str, Any]:
    return {
        "section": "meetings",
        "title": title,
        "back": back or reverse("meetings", args=[council]),
        "back_label": back_label,
    }
