"""The pages of meetings: which are next and by when their papers are public, and each by itself."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peerplan.core import clock
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers import diary
from peerplan.papers.calendar import named_day
from peerplan.papers.meeting_forms import CallOffForm, MeetingForm, SeenMeetingForm
from peerplan.papers.models import Body, Meeting
from peerplan.papers.services import meetings as services
from peerplan.papers.services.meetings import MeetingDetails
from reviews.views.challenges import READ_OR_POST
from reviews.views.editing import answer

PAST_A_PAGE = 20


def meeting_of(request: CouncilRequest, pk: int) -> Meeting:
    """The meeting of the request's council with this number. Raises Http404."""
    rows = Meeting.objects.for_council(request.council).select_related("body")
    return get_object_or_404(rows, pk=pk)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def meetings(request: CouncilRequest, council: str) -> HttpResponse:
    """The next meetings, soonest first, with what each needs; then the past ones."""
    today = clock.today()
    calendar = diary.calendar_of(request.council)
    rows = Meeting.objects.for_council(request.council).select_related("body")
    coming = list(rows.filter(on__gte=today))
    past = Paginator(rows.filter(on__lt=today).order_by("-on", "-id"), PAST_A_PAGE)
    page = past.get_page(request.GET.get("page"))
    entries = diary.entries([*coming, *page], calendar, today)
    to_publish = [entry for entry in entries[: len(coming)] if entry.is_to_be_published]
    context = {
        "section": "meetings",
        "today": today,
        "coming": entries[: len(coming)],
        "past": entries[len(coming) :],
        "page": page,
        "late": [entry for entry in to_publish if entry.publication.is_late],  # type: ignore[union-attr]
        "next": min(
            (entry for entry in to_publish if not entry.publication.is_late),  # type: ignore[union-attr]
            key=lambda entry: entry.publication.reckoning.day,  # type: ignore[union-attr]
            default=None,
        ),
        "has_bodies": bool(coming) or Body.objects.for_council(request.council).exists(),
    }
    return render(request, "papers/meetings.html", context)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def meeting(request: CouncilRequest, council: str, meeting: int) -> HttpResponse:
    """One meeting: its rules and how it stands against them, its items and what was issued."""
    record = meeting_of(request, meeting)
    entry = diary.entries([record], diary.calendar_of(request.council), clock.today())[0]
    context = {"section": "meetings", "entry": entry, "meeting": record, "title": _title(record)}
    return render(request, "papers/meeting.html", context)


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def meeting_new(request: CouncilRequest, council: str) -> HttpResponse:
    """A meeting more; `?body=` chooses the body."""
    initial = {"body": request.GET.get("body", "")}
    form = MeetingForm(request.POST or None, council=request.council, initial=initial)

    def save() -> None:
        given = dict(form.cleaned_data)
        body = given.pop("body")
        services.add_meeting(body=body, details=MeetingDetails(**given), author=request.person)

    has_bodies = form.fields["body"].queryset.exists()  # type: ignore[attr-defined]
    context = _page(council, "Add a meeting") | {"has_bodies": has_bodies}
    return answer(
        request,
        form,
        save,
        template="papers/meeting_form.html",
        context=context,
        done="The meeting is added.",
        to=reverse("meetings", args=[council]),
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def meeting_change(request: CouncilRequest, council: str, meeting: int) -> HttpResponse:
    """Another day, time or place, and the day on which the agenda was published."""
    record = meeting_of(request, meeting)

    def as_given(row: Meeting) -> dict[str, Any]:
        names = ("on", "at", "place", "agenda_published_on", "late_reason", "version")
        return {name: getattr(row, name) for name in names}

    form = SeenMeetingForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.change_meeting(
            meeting=record,
            version=form.cleaned_data["version"],
            details=MeetingDetails(**form.given()),
            author=request.person,
        )

    entry = diary.entries([record], diary.calendar_of(request.council), clock.today())[0]
    context = _page(council, "Change the meeting", record) | {"entry": entry, "has_bodies": True}
    return answer(
        request,
        form,
        save,
        template="papers/meeting_form.html",
        context=context,
        done="The meeting is saved.",
        to=reverse("meeting", args=[council, record.pk]),
        as_given=as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def meeting_call_off(request: CouncilRequest, council: str, meeting: int) -> HttpResponse:
    """Calls the meeting off, with a reason; says which steps then need another meeting."""
    record = meeting_of(request, meeting)

    def as_given(row: Meeting) -> dict[str, Any]:
        return {"reason": row.called_off_reason, "version": row.version}

    form = CallOffForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.call_off(meeting=record, author=request.person, **form.cleaned_data)

    entry = diary.entries([record], diary.calendar_of(request.council), clock.today())[0]
    context = _page(council, "Call off the meeting", record) | {"entry": entry}
    return answer(
        request,
        form,
        save,
        template="papers/meeting_call_off.html",
        context=context | {"save_label": "Call off the meeting"},
        done="The meeting is called off.",
        to=reverse("meeting", args=[council, record.pk]),
        as_given=as_given,
    )


def _title(meeting: Meeting) -> str:
    return f"{meeting.body}, {named_day(meeting.on)}"


def _page(council: str, title: str, meeting: Meeting | None = None) -> dict[str, Any]:
    """What every form of this room shows: its title and the way back."""
    back, label = reverse("meetings", args=[council]), "Meetings and papers"
    if meeting is not None:
        back, label = reverse("meeting", args=[council, meeting.pk]), _title(meeting)
    return {
        "section": "meetings",
        "title": title,
        "meeting": meeting,
        "back": back,
        "back_label": label,
    }
