"""Bodies, who sits on them, their meetings, and the days on which the council is closed."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import transaction

from peerplan.core import clock, versions
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils.capabilities import Capability, Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership
from peerplan.papers import diary
from peerplan.papers.calendar import named_day
from peerplan.papers.models import Body, BodyMember, ClosureDay, Meeting, RouteStep
from reviews.deadlines import counted
from reviews.services import checks

CALL_IN_AT_MOST = 30
CLOSED_AT_MOST = timedelta(days=31)
AHEAD_AT_MOST = 5
REASON = 5_000


def _permitted(author: Person, council_id: int) -> None:
    author.require(Capability.PRODUCE_PAPERS)
    if council_id != author.council.pk:
        raise NotPermitted("This belongs to another council.")


# --- Bodies -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BodyDetails:
    """What a body is and the words that its papers use. `call_in_days` nought: no call-in."""

    name: str
    kind: str
    called: str = ""
    lead_in: str = ""
    call_in_days: int = 5


@transaction.atomic
def add_body(*, council: Council, details: BodyDetails, author: Person) -> Body:
    """A new body. Raises Invalid, also where one of that name is there or has ended."""
    _permitted(author, council.pk)
    # Two people may add the same one at once: the second waits here and is told.
    Council.objects.select_for_update().only("pk").get(pk=council.pk)
    body = Body(council=council)
    _fill_body(body, details)
    checks.save(body, author=author, reason="Added")
    return body


@transaction.atomic
def change_body(*, body: Body, version: int, details: BodyDetails, author: Person) -> Body:
    """The body, changed. Raises Invalid and Stale."""
    _permitted(author, body.council_id)
    Council.objects.select_for_update().only("pk").get(pk=body.council_id)
    current = versions.claim(body, version)
    _check_in_use(current)
    _fill_body(current, details)
    checks.save(current, author=author)
    return current


def _fill_body(body: Body, details: BodyDetails) -> None:
    body.name = checks.plain("name", details.name, limit=120, missing="Enter the name of the body.")
    if details.kind not in Body.Kind.values:
        raise Invalid({"kind": "Choose what kind of body it is."})
    body.kind = details.kind
    body.called = checks.plain("called", details.called, limit=80)
    body.lead_in = checks.plain("lead_in", details.lead_in, limit=120)
    if not 0 <= details.call_in_days <= CALL_IN_AT_MOST:
        words = f"Enter a number of working days from 0 to {CALL_IN_AT_MOST}."
        raise Invalid({"call_in_days": words})
    body.call_in_days = details.call_in_days
    same = Body.objects.filter(council_id=body.council_id, name__iexact=body.name)
    if other := same.exclude(pk=body.pk).first():
        words = f"There is a body called {other.name} already."
        if other.ended_on:
            words = f"{other.name} has ended: take it up again on its page, or use another name."
        raise Invalid({"name": words})


def _check_in_use(body: Body) -> None:
    if body.ended_on is not None:
        raise Invalid(
            {"": f"{body.name} has ended. Take it up again on its page before you use it."}
        )


@transaction.atomic
def end_body(*, body: Body, version: int, author: Person, reason: str = "") -> Body:
    """The body, ended: offered for nothing new; its meetings, seats and papers stay.

    Raises Invalid, which names them, while routes in use have steps at it or meetings are still
    to come; Stale where somebody changed it first.
    """
    _permitted(author, body.council_id)
    current = versions.claim(body, version)
    if current.ended_on is not None:
        raise Invalid({"": f"{current.name} has ended already."})
    _check_no_route(current)
    _check_no_meeting_to_come(current)
    current.ended_on = clock.today()
    given = checks.plain("reason", reason, lines=True, limit=REASON)
    checks.save(current, author=author, reason=given or "Ended")
    return current


def _check_no_route(body: Body) -> None:
    steps = RouteStep.objects.filter(
        body=body, ended_at__isnull=True, route__ended_at__isnull=True
    ).select_related("route__challenge")
    names = dict.fromkeys(f"“{step.route}” ({step.route.challenge})" for step in steps)
    if names:
        one = len(names) == 1
        raise Invalid(
            {
                "": f"{body.name} cannot be ended while {'a route' if one else 'routes'} in use "
                f"{'has a step' if one else 'have steps'} at it: {', '.join(names)}. Move "
                f"{'that step' if one else 'those steps'} to another body, take "
                f"{'it' if one else 'them'} out of the route, or end the route first."
            }
        )


def _check_no_meeting_to_come(body: Body) -> None:
    days = Meeting.objects.filter(
        body=body, called_off_at__isnull=True, on__gte=clock.today()
    ).values_list("on", flat=True)
    if days:
        listed = ", ".join(named_day(day) for day in days)
        raise Invalid(
            {"": f"{body.name} cannot be ended before its last meeting. Call off first: {listed}."}
        )


@transaction.atomic
def take_up_body(*, body: Body, version: int, author: Person) -> Body:
    """An ended body, in use again. Raises Invalid where it is in use, Stale."""
    _permitted(author, body.council_id)
    current = versions.claim(body, version)
    if current.ended_on is None:
        raise Invalid({"": f"{current.name} is in use already."})
    current.ended_on = None
    checks.save(current, author=author, reason="Taken up again")
    return current


# --- Seats --------------------------------------------------------------------------------------


@transaction.atomic
def add_seat(*, body: Body, membership: Membership, office: str, author: Person) -> BodyMember:
    """From now on the person sits on the body and is entitled to the exempt part of its papers.

    Raises Invalid where they sit on it already, have left, or come for the review only.
    """
    _permitted(author, body.council_id)
    current = Body.objects.select_for_update().get(pk=body.pk)
    _check_in_use(current)
    if (
        membership.council_id != current.council_id
        or membership.ended_at is not None
        or membership.role == Role.PEER_REVIEWER
    ):
        raise Invalid({"membership": "Choose somebody from the list: others cannot sit on it."})
    sitting = BodyMember.objects.filter(body=current, membership=membership, ended_at__isnull=True)
    if sitting.exists():
        raise Invalid({"membership": f"{membership} sits on {current.name} already."})
    seat = BodyMember(body=current, membership=membership, added_by=author.user)
    seat.office = checks.plain("office", office, limit=60)
    seat.save()
    return seat


@transaction.atomic
def end_seat(*, seat: BodyMember, author: Person) -> BodyMember:
    """The seat, given up now. Raises Invalid where it was given up already."""
    _permitted(author, seat.body.council_id)
    current = BodyMember.objects.select_for_update().get(pk=seat.pk)
    if current.ended_at is not None:
        raise Invalid({"": "This seat was given up in the meantime."})
    current.ended_at, current.ended_by = clock.now(), author.user
    current.save()
    return current


# --- Meetings -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeetingDetails:
    """When and where a meeting is, and when its agenda was made public."""

    on: date
    at: time | None = None
    place: str = ""
    agenda_published_on: date | None = None
    late_reason: str = ""


@transaction.atomic
def add_meeting(*, body: Body, details: MeetingDetails, author: Person) -> Meeting:
    """A meeting, past ones too. Raises Invalid, also where the body meets on that day already."""
    _permitted(author, body.council_id)
    current = Body.objects.select_for_update().get(pk=body.pk)
    if current.ended_on is not None:
        raise Invalid({"body": f"{current.name} has ended: take it up again on its page first."})
    meeting = Meeting(body=current)
    _fill_meeting(meeting, details, author.council)
    checks.save(meeting, author=author, reason="Added")
    return meeting


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, version: int, details: MeetingDetails, author: Person
) -> Meeting:
    """The meeting, changed or moved to another day. Issued papers keep the day they were issued
    for. Raises Invalid and Stale.
    """
    _permitted(author, meeting.body.council_id)
    Body.objects.select_for_update().get(pk=meeting.body_id)
    current = versions.claim(meeting, version)
    _check_not_called_off(current)
    was = current.on
    _fill_meeting(current, details, author.council)
    moved = f"Moved from {named_day(was)}" if current.on != was else ""
    checks.save(current, author=author, reason=moved)
    return current


def _fill_meeting(meeting: Meeting, details: MeetingDetails, council: Council) -> None:
    today = clock.today()
    if details.on.year > today.year + AHEAD_AT_MOST:
        words = f"Check the year: {details.on.year} is more than {AHEAD_AT_MOST} years ahead."
        raise Invalid({"on": words})
    meeting.on, meeting.at = details.on, details.at
    meeting.place = checks.plain("place", details.place, limit=150)
    same_day = Meeting.objects.filter(
        body=meeting.body, on=meeting.on, called_off_at__isnull=True
    ).exclude(pk=meeting.pk)
    if same_day.exists():
        raise Invalid(
            {
                "on": f"{meeting.body.name} meets on {named_day(meeting.on)} already. Change "
                "that meeting, or call it off first."
            }
        )
    _fill_publication(meeting, details, council, today)


def _fill_publication(
    meeting: Meeting, details: MeetingDetails, council: Council, today: date
) -> None:
    published_on = details.agenda_published_on
    if published_on and published_on > today:
        raise Invalid(
            {"agenda_published_on": "Enter the day once the agenda is published: this is to come."}
        )
    if published_on and published_on > meeting.on:
        raise Invalid(
            {
                "agenda_published_on": "The agenda cannot be published after the meeting, "
                f"{named_day(meeting.on)}."
            }
        )
    meeting.agenda_published_on = published_on
    meeting.late_reason = checks.plain("late_reason", details.late_reason, lines=True, limit=REASON)
    standing = diary.publication(meeting, diary.calendar_of(council), today)
    if published_on and standing and standing.is_late and not meeting.late_reason:
        day = standing.reckoning.day
        raise Invalid(
            {
                "late_reason": "Give the reason why the agenda was late: it was due by "
                f"{named_day(day)}, and was published {counted((published_on - day).days, 'day')} "
                "after that."
            }
        )


@transaction.atomic
def call_off(*, meeting: Meeting, version: int, reason: str, author: Person) -> Meeting:
    """The meeting, called off. Its row, its papers and its steps stay, so that all can be seen.

    Raises Invalid without a reason or where it was called off already, Stale.
    """
    _permitted(author, meeting.body.council_id)
    current = versions.claim(meeting, version)
    _check_not_called_off(current)
    current.called_off_reason = checks.plain(
        "reason", reason, lines=True, limit=REASON, missing="Say why the meeting is called off."
    )
    current.called_off_at = clock.now()
    checks.save(current, author=author, reason=current.called_off_reason)
    return current


def _check_not_called_off(meeting: Meeting) -> None:
    if meeting.called_off_at is not None:
        raise Invalid(
            {"": "This meeting was called off. Add a new one if the body meets after all."}
        )


# --- Closure days -------------------------------------------------------------------------------


@transaction.atomic
def add_closure_days(
    *, council: Council, first: date, last: date | None, reason: str, author: Person
) -> list[ClosureDay]:
    """The working days from `first` to `last` as days on which the council is closed.

    Days that do not count anyway, and days entered before, are passed over; returns what was
    added. Raises Invalid where that is nothing, or where the days are in the wrong order.
    """
    _permitted(author, council.pk)
    Council.objects.select_for_update().only("pk").get(pk=council.pk)
    given = checks.plain(
        "reason", reason, limit=120, missing="Enter the reason, such as Christmas closure."
    )
    last = last or first
    if last < first:
        raise Invalid({"last": f"The last day cannot be before the first, {named_day(first)}."})
    if last - first > CLOSED_AT_MOST:
        raise Invalid({"last": "Enter at most a month at a time: check both dates."})
    calendar = diary.calendar_of(council)
    span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    days = [day for day in span if calendar.is_working_day(day)]
    if not days:
        raise Invalid({"first": _why_none(calendar.why_not(first), len(span))})
    rows = [ClosureDay(council=council, on=day, reason=given, added_by=author.user) for day in days]
    for row in rows:
        row.save()
    return rows


def _why_none(why: str, how_many: int) -> str:
    if how_many > 1:
        return "None of these days counts now: they are weekends, bank holidays or here already."
    if why == "council closed":
        return "This day is here already."
    return f"This day does not count in any case ({why}): there is no need to enter it."


@transaction.atomic
def end_closure_day(*, closure: ClosureDay, author: Person) -> ClosureDay:
    """The closure day, taken away. Raises Invalid where it was taken away already."""
    _permitted(author, closure.council_id)
    current = ClosureDay.objects.select_for_update().get(pk=closure.pk)
    if current.ended_at is not None:
        raise Invalid({"": "This day was taken away in the meantime."})
    current.ended_at, current.ended_by = clock.now(), author.user
    current.save()
    return current
