"""Slips of a paper in writing: what is known of its days, read in four queries."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from actions.models import Action, Milestone, ProgressUpdate, Visibility
from peerplan.papers.calendar import CouncilCalendar, publish_by
from peerplan.papers.models import IssuedPaper, Meeting, PaperPart, RouteStep
from peerplan.papers.paper_reading import Sheet
from peerplan.papers.slips import BodyDays, Hidden, PlanFacts, Slip, slips, told_of
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class SlipRow:
    """A slip and the part that it stands in; None for the title."""

    slip: Slip
    part: PaperPart | None


def slip_rows(sheet: Sheet, calendar: CouncilCalendar) -> list[SlipRow]:
    """What to look at again in the title and in the parts that the person may read."""
    readable = {str(row.part.pk): row.part for row in sheet.rows if row.is_readable}
    texts = [("", sheet.paper.title), *((key, part.text) for key, part in readable.items())]
    step = sheet.steps[0] if sheet.steps else None
    facts, hidden = facts_of(sheet.paper.challenge, step, sheet.paper.figures_as_at, calendar)
    public = [
        (key, text) for key, text in texts if not key or readable[key].exempt_paragraph is None
    ]
    found = [*told_of(public, hidden), *slips(texts, facts)]
    return [SlipRow(slip, readable.get(slip.part)) for slip in found]


def facts_of(
    challenge: PeerChallenge, step: RouteStep | None, as_at: date, calendar: CouncilCalendar
) -> tuple[PlanFacts, tuple[Hidden, ...]]:
    """The facts, and apart from them what nobody is told: the actions not for publication."""
    meeting = step.meeting if step else None
    due, hidden = _due(challenge)
    days = [day for each in due.values() for day in each]
    is_executive = step is not None and step.body.is_executive
    facts = PlanFacts(
        as_at=as_at,
        meeting_on=meeting.on if meeting else None,
        body=step.body.in_sentences if step else "",
        visits=_visits(challenge),
        report_published_on=challenge.report_published_on,
        report_received_on=challenge.report_received_on,
        plan_approved_on=challenge.plan_approved_on,
        review_report_published_on=challenge.review_report_published_on,
        bodies=_bodies(challenge),
        due=due,
        positions=_positions(challenge) | {as_at},
        horizon=max((day.year for day in days), default=as_at.year),
        publish_by=publish_by(meeting.on, calendar, is_executive=is_executive).day
        if meeting
        else None,
        calendar=calendar,
    )
    return facts, hidden


def _visits(challenge: PeerChallenge) -> tuple[tuple[str, date, date], ...]:
    found = []
    for visited, name in ((challenge, ""), (challenge.previous, "earlier")):
        if visited is None:
            continue
        words = visited.title if name else "the visit"
        found.append((words, visited.on_site_from, visited.on_site_to))
        if visited.review_from:
            last = visited.review_to or visited.review_from
            words = visited.title if name else "the progress review"
            found.append((words, visited.review_from, last))
    return tuple(found)


def _due(challenge: PeerChallenge) -> tuple[dict[str, tuple[date, ...]], tuple[Hidden, ...]]:
    """The days of each action that is for publication, the due date first; and the others.

    Two queries.
    """
    wanted = Q(removed_at__isnull=True) | Q(visibility=Visibility.EXEMPT)
    found: dict[int, tuple[str, list[date | None]]] = {}
    hidden: list[Hidden] = []
    actions = Action.objects.filter(wanted, challenge=challenge).values_list(
        "pk",
        "ref",
        "title",
        "visibility",
        "original_due",
        "latest_update__expected_date",
        "latest_update__visibility",
        "latest_update__commentary",
        "latest_update__recovery_plan",
        "latest_update__decision_sought",
    )
    for pk, ref, title, visibility, original, expected, update_visibility, *words in actions:
        if visibility == Visibility.EXEMPT:
            hidden.append(Hidden(ref, title, tuple(filter(None, words))))
            continue
        is_shown = update_visibility == Visibility.PUBLIC
        found[pk] = (ref.lower(), [expected if is_shown else None, original])
    moves = ProgressUpdate.objects.filter(
        action__challenge=challenge, visibility=Visibility.PUBLIC, expected_date__isnull=False
    ).order_by()
    milestones = Milestone.objects.filter(
        action__challenge=challenge, ended_at__isnull=True, due__isnull=False
    ).order_by()
    rows = moves.values_list("action_id", "expected_date").union(
        milestones.values_list("action_id", "due")
    )
    for pk, day in sorted(rows):
        if pk in found:
            found[pk][1].append(day)
    due = {ref: tuple(dict.fromkeys(day for day in days if day)) for ref, days in found.values()}
    return due, tuple(hidden)


def _bodies(challenge: PeerChallenge) -> tuple[BodyDays, ...]:
    """The bodies of the challenge's routes with the days on which they meet. One query."""
    rows = Meeting.objects.filter(
        body__steps__route__challenge=challenge,
        body__steps__ended_at__isnull=True,
        called_off_at__isnull=True,
    )
    found: dict[tuple[str, str], set[date]] = {}
    for name, called, on in rows.values_list("body__name", "body__called", "on").distinct():
        found.setdefault((name, called), set()).add(on)
    return tuple(
        # "the Committee" may be any committee: only a name of its own tells a body.
        BodyDays(
            tuple(
                one for one in dict.fromkeys(names) if one and not one.lower().startswith("the ")
            ),
            frozenset(days),
            names[0],
        )
        for names, days in found.items()
    )


def _positions(challenge: PeerChallenge) -> frozenset[date]:
    """The days as at which a position was released or issued. One query."""
    issued = IssuedPaper.objects.filter(paper__challenge=challenge).order_by()
    released = challenge.releases.order_by()
    rows = released.values_list("as_at").union(issued.values_list("as_at"))
    return frozenset(day for (day,) in rows)
