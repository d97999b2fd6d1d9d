"""Routes as people read them: steps, deadlines, papers, what is taken in and what is late."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from peerplan.core import clock
from peerplan.papers import diary
from peerplan.papers.calendar import CouncilCalendar, Standing, named_day
from peerplan.papers.models import IssuedPaper, Paper, PaperPart, Purpose, Route, RouteStep
from peerplan.papers.outcome import Reads, Record, only_public, records_of
from reviews.deadlines import counted, in_words
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class TakenIn:
    """What a step takes in from those before it, and what of it is not there, in words.

    `withheld` are earlier steps with what of them ("comments", "minute") is not for the reader.
    """

    heard: tuple[tuple[RouteStep, str], ...] = ()
    minutes: tuple[tuple[RouteStep, str, str], ...] = ()
    missing: tuple[str, ...] = ()
    withheld: tuple[tuple[RouteStep, str], ...] = ()

    @property
    def comments(self) -> tuple[tuple[str, str], ...]:
        """The comments by the name of the body that made them."""
        return tuple((str(step.body), text) for step, text in self.heard)


@dataclass(frozen=True)
class StepView:
    """One step, how it stands, and what somebody must do about it.

    `paper` is the report in writing, None for those who may not read it; `issue` the latest issue
    of it to this step. `late` are sentences on what should have happened by now. `is_over` is True
    once its meeting has been held, `is_done` once somebody recorded what came of it. `unwritten`
    and `unsigned` are the parts that its paper waits for, counted by `running_routes` alone.
    Where the outcome is not for the reader, `is_withheld`, and `step` and `record` are without it.
    """

    number: int
    step: RouteStep
    standings: tuple[Standing, ...]
    paper: Paper | None
    issue: IssuedPaper | None
    taken: TakenIn
    late: tuple[str, ...]
    is_done: bool
    is_over: bool
    needs_paper: bool
    unwritten: int = 0
    unsigned: int = 0
    record: Record | None = None
    has_outcome: bool = False
    is_withheld: bool = False

    @property
    def following(self) -> Standing | None:
        """The next of its deadlines: the first that is not done."""
        return next((each for each in self.standings if each.done_on is None), None)

    @property
    def is_in_writing(self) -> bool:
        """True where its paper is begun and waits for its issue to a meeting that is to come."""
        return self.paper is not None and not (self.issue or self.is_done or self.is_over)

    @property
    def headline(self) -> str:
        """When it meets, in a few words."""
        if self.step.meeting is None:
            return "No meeting yet" if self.step.purpose != Purpose.PUBLISH else "No meeting needed"
        return in_words(self.step.meeting.on)


@dataclass(frozen=True)
class RouteView:
    """A route with its steps in order."""

    route: Route
    steps: tuple[StepView, ...]

    @property
    def late(self) -> tuple[str, ...]:
        """Everything that is late, in the order of the steps."""
        return tuple(sentence for step in self.steps for sentence in step.late)

    @property
    def following(self) -> StepView | None:
        """The first step that has not been taken."""
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def next_on(self) -> date | None:
        """The first meeting of a step that has not been taken; None where none is chosen."""
        days = [
            each.step.meeting.on for each in self.steps if each.step.meeting and not each.is_done
        ]
        return min(days, default=None)

    @property
    def is_done(self) -> bool:
        """True once every step has been taken, or the route was ended."""
        ended = self.route.ended_at is not None
        return ended or (bool(self.steps) and all(step.is_done for step in self.steps))

    @property
    def bodies(self) -> str:
        """The bodies in order, such as "Scrutiny Committee, then Cabinet"."""
        return ", then ".join(str(view.step.body) for view in self.steps) or "No steps yet"


def steps_of(routes: Iterable[Route]) -> dict[int, list[RouteStep]]:
    """The standing steps of routes in order, by the route's id. One query."""
    return _by_route(_standing_steps().filter(route__in=list(routes)))


def earlier_steps(step: RouteStep) -> list[RouteStep]:
    """The steps that come before `step` in its route, in order; ended ones left out."""
    return _earlier(step, steps_of([step.route]).get(step.route_id, []))


def taken_in(
    step: RouteStep,
    earlier: Sequence[RouteStep] | None = None,
    today: date | None = None,
    *,
    reads: Reads = only_public,
    records: Mapping[int, Record] | None = None,
) -> TakenIn:
    """What `step` takes in of the comments and minutes of the steps before it.

    `earlier` are those steps, and `records` what came of them; each is read where it is not given.
    What was provisionally published has neither. An outcome that is not for publication is left
    out, unless `reads` says that the reader may read it.
    """
    today = today or clock.today()
    if not (step.takes_comments or step.takes_minute):
        return TakenIn()
    rows = earlier_steps(step) if earlier is None else list(earlier)
    heard = [row for row in rows if row.purpose != Purpose.PUBLISH]
    if not heard:
        message = (
            f"{step.body} is to take in what earlier steps said, but no step comes before it. "
            "Move this step down, add the earlier step, or untick what it takes in."
        )
        return TakenIn(missing=(message,))
    found = records_of(heard) if records is None else records
    comments: list[tuple[RouteStep, str]] = []
    minutes: list[tuple[RouteStep, str, str]] = []
    missing: list[str] = []
    withheld: list[tuple[RouteStep, str]] = []
    for row in heard:
        said, minute = found[row.pk].comments, found[row.pk].minute
        wants = []
        if step.takes_comments and not said and row.purpose == Purpose.COMMENT:
            wants.append("comments")
        if step.takes_minute and not minute:
            wants.append("minute")
        if wants:
            missing.append(_missing(step, row, wants, today))
        takes = {
            "comments": bool(step.takes_comments and said),
            "minute": bool(step.takes_minute and minute),
        }
        if not reads(row):
            withheld += [(row, what) for what, is_there in takes.items() if is_there]
            continue
        if takes["comments"]:
            comments.append((row, said))
        if takes["minute"]:
            minutes.append((row, row.minute_number, minute))
    return TakenIn(tuple(comments), tuple(minutes), tuple(missing), tuple(withheld))


def routes_of(
    challenges: Sequence[PeerChallenge],
    today: date,
    calendar: CouncilCalendar,
    *,
    reads_live: bool = False,
    with_ended: bool = False,
) -> list[RouteView]:
    """The routes of challenges, the latest first, each with its steps. Three queries.

    Papers in writing are left out unless `reads_live`.
    """
    routes = Route.objects.filter(challenge__in=[each.pk for each in challenges])
    if not with_ended:
        routes = routes.filter(ended_at__isnull=True)
    of = {each.pk: each for each in challenges}
    found = list(routes)
    for route in found:
        route.challenge = of[route.challenge_id]
    return views_of(found, today, calendar, reads_live=reads_live)


def running_routes(
    challenges: Sequence[PeerChallenge],
    today: date,
    calendar: CouncilCalendar,
    *,
    reads_live: bool,
    waiting_for: Mapping[str, Q],
) -> list[RouteView]:
    """The routes with a step still to be taken, the next to meet first. Two queries.

    `waiting_for` is `readiness.WAITING_FOR`, which this module cannot import: what drafts a paper
    reads routes.
    """
    rows = _standing_steps().filter(
        route__challenge__in=[each.pk for each in challenges], route__ended_at__isnull=True
    )
    parts = PaperPart.objects.filter(paper=OuterRef("paper")).order_by()
    rows = rows.annotate(
        **{
            name: Coalesce(
                Subquery(
                    parts.filter(which)
                    .values("paper")
                    .annotate(number=Count("pk"))
                    .values("number")
                ),
                0,
            )
            for name, which in waiting_for.items()
        }
    )
    steps = _by_route(rows.select_related("route", "body", "meeting", "paper", "decision"))
    of = {each.pk: each for each in challenges}
    routes = [found[0].route for found in steps.values()]
    for route in routes:
        route.challenge = of[route.challenge_id]
    views = _views(routes, steps, today, calendar, reads_live=reads_live)
    running = [view for view in views if not view.is_done]
    return sorted(running, key=lambda view: (view.next_on or date.max, -view.route.pk))


def views_of(
    routes: Sequence[Route],
    today: date,
    calendar: CouncilCalendar,
    *,
    reads_live: bool,
    reads: Reads = only_public,
) -> list[RouteView]:
    """The routes as they stand on a day. Two queries, three where decisions were recorded.

    What came of a step and is not for publication is shown where `reads` says so.
    """
    return _views(routes, steps_of(routes), today, calendar, reads_live=reads_live, reads=reads)


def _views(
    routes: Sequence[Route],
    steps: dict[int, list[RouteStep]],
    today: date,
    calendar: CouncilCalendar,
    *,
    reads_live: bool,
    reads: Reads = only_public,
) -> list[RouteView]:
    standing = [step for rows in steps.values() for step in rows]
    issues = _issues(standing)
    records = records_of(standing)
    found = []
    for route in routes:
        rows = steps.get(route.pk, [])
        for row in rows:
            row.route = route
            if row.meeting is not None:
                row.meeting.body = row.body
        views = tuple(
            _step_view(
                number,
                row,
                rows[: number - 1],
                issues.get(row.pk),
                today,
                calendar,
                records,
                reads,
            )
            for number, row in enumerate(rows, 1)
        )
        views = tuple(view if reads(view.step) else _without_outcome(view) for view in views)
        found.append(RouteView(route, views if reads_live else tuple(map(_for_members, views))))
    return found


def _standing_steps() -> QuerySet[RouteStep]:
    rows: QuerySet[RouteStep] = RouteStep.objects.filter(ended_at__isnull=True)
    rows = rows.select_related("body", "meeting", "paper", "decision")
    return rows.order_by("route_id", "position", "id")


def _by_route(rows: Iterable[RouteStep]) -> dict[int, list[RouteStep]]:
    return {key: list(steps) for key, steps in groupby(rows, key=lambda row: row.route_id)}


def _earlier(step: RouteStep, rows: Sequence[RouteStep]) -> list[RouteStep]:
    place = (step.position, step.pk)
    return [row for row in rows if (row.position, row.pk) < place]


def _issues(steps: Sequence[RouteStep]) -> dict[int, IssuedPaper]:
    """The latest issue to each of the steps, without the position that it froze."""
    rows = IssuedPaper.objects.filter(step__in=[step.pk for step in steps])
    rows = rows.defer("position").order_by("issued_at", "id")
    return {row.step_id: row for row in rows}


def _step_view(
    number: int,
    step: RouteStep,
    earlier: Sequence[RouteStep],
    issue: IssuedPaper | None,
    today: date,
    calendar: CouncilCalendar,
    records: Mapping[int, Record],
    reads: Reads,
) -> StepView:
    paper = step.paper if step.paper is not None and step.paper.ended_at is None else None
    record = records[step.pk]
    is_done = record.is_there or (step.purpose == Purpose.PUBLISH and issue is not None)
    standings = diary.standings(step, calendar, today)
    return StepView(
        number=number,
        step=step,
        standings=standings,
        paper=paper,
        issue=issue,
        taken=taken_in(step, earlier, today, reads=reads, records=records),
        late=tuple(_late(step, earlier, standings, issue, is_done, today)),
        is_done=is_done,
        is_over=_is_over(step, today),
        unwritten=getattr(step, "unwritten", 0),
        unsigned=getattr(step, "unsigned", 0),
        needs_paper=not (paper or issue or is_done or _written_before(step, earlier, records)),
        record=record,
        has_outcome=record.is_there,
    )


def _written_before(
    step: RouteStep, earlier: Sequence[RouteStep], records: Mapping[int, Record]
) -> bool:
    """True where the report of the step before is this step's too, and is there or to come.

    That step may have met before its report was begun here: then it is begun for this one.
    """
    if not step.shares_paper or not earlier:
        return step.shares_paper
    before = earlier[-1]
    is_begun = before.paper is not None and before.paper.ended_at is None
    return is_begun or not records[before.pk].is_there


def _without_outcome(view: StepView) -> StepView:
    """The same without what came of the step; the row itself is left as it is."""
    step = copy(view.step)
    step.comments = step.minute = step.minute_number = ""
    return replace(view, step=step, record=None, is_withheld=view.has_outcome)


def _for_members(view: StepView) -> StepView:
    """What members see of a step: no paper in writing, and no list of what is to be typed yet."""
    taken = replace(view.taken, missing=())
    return replace(view, paper=None, taken=taken, needs_paper=False, unwritten=0, unsigned=0)


def _late(
    step: RouteStep,
    earlier: Sequence[RouteStep],
    standings: Sequence[Standing],
    issue: IssuedPaper | None,
    is_done: bool,
    today: date,
) -> Iterable[str]:
    body, meeting = step.body, step.meeting
    if is_done:
        return
    if body.ended_on is not None:
        yield f"{body} ended on {in_words(body.ended_on)}: choose which body takes this step."
    if meeting is None:
        return
    on = named_day(meeting.on)
    if meeting.called_off_at is not None:
        yield f"{body}: the meeting on {on} was called off. Choose another meeting."
        return
    after = [row for row in earlier if row.meeting is not None and row.meeting.on > meeting.on]
    for row in after:
        assert row.meeting is not None
        yield (
            f"{body} meets on {on}, before {row.body} does on {named_day(row.meeting.on)}, though "
            "the route takes them the other way round. Choose other meetings or move the step."
        )
    for standing in standings:
        if standing.is_late and standing.done_on is None and today <= meeting.on:
            label = standing.reckoning.rule.label
            late_by = counted(-standing.days_left, "day")
            yield f"{label} for {body} on {on}: {late_by} late."
    if _is_over(step, today):
        ago = counted((today - meeting.on).days, "day")
        unissued = "" if issue else ", and no report to it was issued here"
        yield f"{body} met on {on}, {ago} ago: its outcome is not recorded{unissued}."


def _missing(step: RouteStep, row: RouteStep, wants: Sequence[str], today: date) -> str:
    what = " and ".join(wants)
    verb = "are" if "comments" in wants else "is"
    if row.meeting is None:
        when = "no meeting of it is chosen yet"
        act = f"Choose its meeting, and record the {what} once it has met"
    elif _is_over(row, today):
        when = f"it met on {in_words(row.meeting.on)}"
        act = f"Record the {what} now"
    else:
        when = f"it meets on {in_words(row.meeting.on)}"
        act = f"Record the {what} once it has met"
    return (
        f"The {what} of {row.body} {verb} not recorded: {when}. {act}, or untick what "
        f"{step.body} takes in."
    )


def _is_over(step: RouteStep, today: date) -> bool:
    meeting = step.meeting
    return meeting is not None and meeting.called_off_at is None and meeting.on < today
