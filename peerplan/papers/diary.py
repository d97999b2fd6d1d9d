"""The council's diary: which meetings are next, by when their papers are public, what goes to each.

The rules themselves are in `papers.calendar`, which knows no database; this module brings a
council's meetings, closure days and steps to them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from peerplan.councils.models import Council
from peerplan.papers.calendar import CouncilCalendar, MeetingFacts, Standing, meeting_calendar
from peerplan.papers.models import Body, ClosureDay, IssuedPaper, Meeting, Paper, RouteStep

PUBLICATION = "publication"
# Access to information law is about the council, its committees and its executive; what an officer
# board or a body outside the council does with its papers is its own affair.
WITHOUT_RULES = (Body.Kind.OFFICERS, Body.Kind.EXTERNAL)


def calendar_of(council: Council) -> CouncilCalendar:
    """The days on which the council works: its nation's, less its closure days. One query."""
    rows = ClosureDay.objects.for_council(council).filter(ended_at__isnull=True)
    return CouncilCalendar(council.nation, frozenset(rows.values_list("on", flat=True)))


def standings(step: RouteStep, calendar: CouncilCalendar, today: date) -> tuple[Standing, ...]:
    """How the step stands against each rule of its meeting, as at `today`, in order of the day.

    Empty without a meeting, where the meeting is called off, and for a body that the rules do
    not bind. Reads `step.meeting` and `step.body`: select them along with the step.
    """
    meeting = step.meeting
    if meeting is None:
        return ()
    return _standings(meeting, step.body, step, calendar, today)


def publication(meeting: Meeting, calendar: CouncilCalendar, today: date) -> Standing | None:
    """By when the agenda must be public and how that stands; None where no rule says so."""
    found = _standings(meeting, meeting.body, None, calendar, today)
    return next((each for each in found if each.reckoning.rule.key == PUBLICATION), None)


def _standings(
    meeting: Meeting,
    body: Body,
    step: RouteStep | None,
    calendar: CouncilCalendar,
    today: date,
) -> tuple[Standing, ...]:
    if meeting.called_off_at is not None or body.kind in WITHOUT_RULES:
        return ()
    facts = MeetingFacts(
        on=meeting.on,
        is_executive=body.is_executive,
        is_key=step is not None and step.is_key,
        has_private_part=step is not None and step.has_private_part,
        agenda_published_on=meeting.agenda_published_on,
        notice_published_on=step.notice_published_on if step else None,
        private_notice_published_on=step.private_notice_published_on if step else None,
        decision_published_on=step.decision_published_on if step else None,
        # A body with no days for call-in has none.
        is_open_to_call_in=step is not None and step.is_open_to_call_in and body.call_in_days > 0,
        call_in_days=body.call_in_days,
        second_private_notice_published_on=(
            step.second_private_notice_published_on if step else None
        ),
    )
    return meeting_calendar(facts, calendar, today)


@dataclass(frozen=True)
class Item:
    """One step at a meeting: its paper, what was issued (the latest first) and its notices.

    `paper` is the one in writing, None where there is none. `notices` are the rules of this item
    alone: publication of the agenda is the meeting's. `is_planned` is False once the step or its
    route has ended; such a step is kept here for what was issued. `is_over` is True once the
    meeting has been.
    """

    step: RouteStep
    paper: Paper | None
    issued: tuple[IssuedPaper, ...]
    notices: tuple[Standing, ...]
    is_planned: bool
    is_over: bool = False

    @property
    def latest(self) -> IssuedPaper | None:
        """The issue that holds today."""
        return self.issued[0] if self.issued else None

    @property
    def earlier(self) -> tuple[IssuedPaper, ...]:
        """The issues that a later one has replaced."""
        return self.issued[1:]

    @property
    def wants_paper(self) -> bool:
        """True where nobody has begun to write."""
        return self.is_planned and self.paper is None and not self.issued

    @property
    def open_notices(self) -> tuple[Standing, ...]:
        """The notices that nobody has recorded as given; call-in is not one."""
        return tuple(
            each
            for each in self.notices
            if each.done_on is None and each.reckoning.rule.key != "call-in"
        )


@dataclass(frozen=True)
class Entry:
    """One meeting in the diary. `closed` says why its day is no working day, "" where it is."""

    meeting: Meeting
    publication: Standing | None
    items: tuple[Item, ...]
    closed: str

    @property
    def is_called_off(self) -> bool:
        """True where the meeting will not take place, or did not."""
        return self.meeting.called_off_at is not None

    @property
    def is_to_be_published(self) -> bool:
        """True while its agenda must be published and nobody has recorded that it is."""
        return self.publication is not None and self.publication.done_on is None

    @property
    def planned(self) -> tuple[Item, ...]:
        """The items of routes in use."""
        return tuple(item for item in self.items if item.is_planned)

    @property
    def issued(self) -> tuple[IssuedPaper, ...]:
        """The issue that holds of each paper."""
        return tuple(item.latest for item in self.items if item.latest)

    @property
    def moved(self) -> tuple[IssuedPaper, ...]:
        """Issues that name another day than the meeting's: they were frozen before it moved."""
        return tuple(
            issue
            for item in self.items
            for issue in item.issued
            if issue.meeting_on not in (None, self.meeting.on)
        )


def entries(
    meetings: Iterable[Meeting], calendar: CouncilCalendar, today: date
) -> tuple[Entry, ...]:
    """The meetings with their items, in the order given. Two queries, however many there are.

    `meetings` come with their bodies (`select_related("body")`).
    """
    meetings = list(meetings)
    issues: dict[int, list[IssuedPaper]] = {}
    rows = IssuedPaper.objects.filter(step__meeting__in=meetings).defer("position")
    for issue in rows.order_by("-number", "-id"):
        issues.setdefault(issue.step_id, []).append(issue)
    items: dict[int | None, list[Item]] = {}
    steps = RouteStep.objects.filter(meeting__in=meetings).order_by("route_id", "position", "id")
    for step in steps.select_related("route__challenge", "body", "meeting", "paper"):
        item = _item(step, tuple(issues.get(step.pk, ())), calendar, today)
        if item.is_planned or item.issued:
            items.setdefault(step.meeting_id, []).append(item)
    return tuple(
        Entry(
            meeting,
            publication(meeting, calendar, today),
            tuple(items.get(meeting.pk, ())),
            calendar.why_not(meeting.on),
        )
        for meeting in meetings
    )


def _item(
    step: RouteStep, issued: tuple[IssuedPaper, ...], calendar: CouncilCalendar, today: date
) -> Item:
    paper = step.paper if step.paper and step.paper.ended_at is None else None
    return Item(
        step,
        paper,
        issued,
        tuple(
            each
            for each in standings(step, calendar, today)
            if each.reckoning.rule.key != PUBLICATION
        ),
        step.ended_at is None and step.route.ended_at is None,
        step.meeting is not None and step.meeting.on < today,
    )
