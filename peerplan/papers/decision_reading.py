"""The decision record as people read it: what was resolved, on what, what it did to the plan.

Whatever is not for publication is left out by two rules: the outcome of a step by entitlement to
the body, an action that a resolution concerns by the rules of the plan, then and now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from actions.models import Action, Release, Visibility
from actions.position import last_release
from peerplan.core import clock
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.calendar import call_in_ends
from peerplan.papers.diary import calendar_of
from peerplan.papers.entitlement import may_read_restricted
from peerplan.papers.models import Amendment, Resolution, ResolutionLink, RouteStep
from peerplan.papers.outcome import Reads, Record, reader_of, record_of
from reviews.deadlines import in_words
from reviews.models import PeerChallenge, Recommendation


@dataclass(frozen=True)
class Named:
    """An action as a reader knows it."""

    id: int
    ref: str
    title: str
    exempt_paragraph: int | None


@dataclass(frozen=True)
class Sight:
    """How far somebody sees into a plan: live, or up to its last release (None: nothing yet)."""

    challenge: PeerChallenge
    reads_exempt: bool
    is_live: bool = False
    release: Release | None = None

    def actions(self, keys: Iterable[int]) -> dict[int, Named]:
        """Of the actions with these ids those that may be named, by id (two queries at most)."""
        wanted = set(keys)
        if not wanted or not (self.is_live or self.release):
            return {}
        rows = Action.objects.filter(challenge=self.challenge, pk__in=wanted)
        if not self.reads_exempt:
            rows = rows.filter(visibility=Visibility.PUBLIC)
        if self.is_live:
            return {row.pk: _named(row, row) for row in rows.filter(removed_at__isnull=True)}
        now = {row.pk: row for row in rows}
        return {
            key: _named(row, now[key])
            for key, row in self._released(now).items()
            if row.removed_at is None and (self.reads_exempt or row.visibility == Visibility.PUBLIC)
        }

    def _released(self, keys: Iterable[int]) -> dict[int, Any]:
        """Each action as it was known when the position was released."""
        assert self.release is not None, "only what was released is asked for"
        rows = Action.history.filter(
            id__in=list(keys),
            history_date__lte=self.release.known_by,
            in_plan_from__lte=self.release.as_at,
        )
        # The last of each action is the one that stays.
        return {row.id: row for row in rows.order_by("history_date", "history_id")}

    def shows(self, made: Amendment) -> bool:
        """True where the day of an amendment is within sight."""
        return self.is_live or (self.release is not None and made.made_at <= self.release.known_by)


def _named(row: Any, now: Action) -> Named:
    return Named(row.id, row.ref, row.title, now.exempt_paragraph or row.exempt_paragraph)


def sight_of(person: Person, challenge: PeerChallenge) -> Sight:
    """How far `person` sees: officers live, members and peers the last release (one query)."""
    if person.reads_live:
        return Sight(challenge, person.reads_exempt, is_live=True)
    return Sight(challenge, person.reads_exempt, release=last_release(challenge))


def sight_of_copy(challenge: PeerChallenge, *, include_exempt: bool) -> Sight:
    """What a document names: the last release, for whoever prints it (one query)."""
    return Sight(challenge, include_exempt, release=last_release(challenge))


# --- One decision -------------------------------------------------------------------------------


@dataclass(frozen=True)
class ResolutionRead:
    """A resolution with its number and what of it the reader may know."""

    number: int
    resolution: Resolution
    recommendations: tuple[Recommendation, ...]
    actions: tuple[Named, ...]

    @property
    def has_exempt(self) -> bool:
        """True where an action that it concerns is not for publication."""
        return any(each.exempt_paragraph for each in self.actions)


@dataclass(frozen=True)
class AmendmentRead:
    """An amendment, the action that it changed and the number of the resolution behind it."""

    amendment: Amendment
    action: Named
    number: int | None

    @property
    def lines(self) -> list[str]:
        """What was changed, a line for each field."""
        return self.amendment.words.split("\n")


@dataclass(frozen=True)
class Effective:
    """From when a decision has effect, and why; `warning` where that may be too early."""

    day: date | None
    words: str
    warning: str = ""
    call_in_ends: date | None = None

    @property
    def sentence(self) -> str:
        """The day and the reason for it, as a form's hint says them."""
        words = self.words[:1].lower() + self.words[1:]
        return f"{in_words(self.day)}, {words}" if self.day else words


@dataclass(frozen=True)
class DecisionRead:
    """All that one reader gets of the decision of a step."""

    record: Record
    resolutions: tuple[ResolutionRead, ...]
    amendments: tuple[AmendmentRead, ...]
    effective: Effective

    @property
    def step(self) -> RouteStep:
        return self.record.step

    @property
    def exempt_paragraphs(self) -> tuple[int, ...]:
        """The paragraphs of Schedule 12A under which any of it is not for publication."""
        found = {each.exempt_paragraph for row in self.resolutions for each in row.actions}
        found |= {row.action.exempt_paragraph for row in self.amendments}
        found.add(self.step.outcome_paragraph)
        return tuple(sorted(each for each in found if each is not None))


def decision_read(step: RouteStep, sight: Sight, council: Council) -> DecisionRead:
    """The decision of `step`, readable in itself, as far as `sight` goes (7 queries at most)."""
    record = record_of(step)
    numbers = {row.pk: number for number, row in enumerate(record.resolutions, 1)}
    links = list(
        ResolutionLink.objects.filter(resolution__in=list(numbers), ended_at__isnull=True)
        .select_related("recommendation")
        .order_by("recommendation__position", "action__position", "id")
    )
    made = _amendments(Q(decision=record.decision)) if record.decision else []
    named = sight.actions(
        [link.action_id for link in links if link.action_id] + [each.action_id for each in made]
    )
    return DecisionRead(
        record,
        tuple(
            ResolutionRead(
                numbers[row.pk],
                row,
                tuple(
                    link.recommendation
                    for link in links
                    if link.resolution_id == row.pk and link.recommendation
                ),
                tuple(
                    named[link.action_id]
                    for link in links
                    if link.resolution_id == row.pk and link.action_id in named
                ),
            )
            for row in record.resolutions
        ),
        _readable(made, named, sight, numbers),
        effective(step, council),
    )


def _amendments(which: Q) -> list[Amendment]:
    return list(Amendment.objects.filter(which).order_by("made_at", "id"))


def _readable(
    made: Sequence[Amendment],
    named: dict[int, Named],
    sight: Sight,
    numbers: dict[int, int],
) -> tuple[AmendmentRead, ...]:
    """The amendments whose words may be read, then and now (one query at most)."""
    seen = [each for each in made if each.action_id in named and sight.shows(each)]
    if seen and not sight.reads_exempt:
        rows = Action.history.filter(
            id__in={each.action_id for each in seen}, visibility=Visibility.EXEMPT
        )
        exempt = set(rows.values_list("id", "version"))
        # Either side of the change may have been written while it was not for publication.
        seen = [
            each
            for each in seen
            if not {
                (each.action_id, version)
                for version in range(each.action_version - 2, each.action_version + 1)
            }
            & exempt
        ]
    return tuple(
        AmendmentRead(each, named[each.action_id], numbers.get(each.resolution_id or 0))
        for each in seen
    )


def effective(step: RouteStep, council: Council) -> Effective:
    """From when the decision of `step` has effect: as recorded, else by default.

    One query at most.
    """
    usual = default_effective(step, council)
    decision = getattr(step, "decision", None)
    if decision is None or decision.effective_from is None:
        return usual
    warning = ""
    if usual.call_in_ends is not None and decision.effective_from <= usual.call_in_ends:
        warning = (
            f"That is before call-in ends on {in_words(usual.call_in_ends)}: the minute should "
            "say that the decision was urgent and not open to call-in."
        )
    return Effective(decision.effective_from, "As recorded", warning)


def default_effective(step: RouteStep, council: Council) -> Effective:
    """From when a decision has effect where nobody says otherwise: the day after call-in.

    What is not open to call-in has effect at once. The days of call-in are the council's own
    constitution (`Body.call_in_days`). One query at most.
    """
    body, published = step.body, step.decision_published_on
    if body.is_executive and step.is_open_to_call_in and body.call_in_days > 0:
        if published is None:
            return Effective(None, "After call-in; the day of publication is not recorded yet")
        ends = call_in_ends(published, calendar_of(council), body.call_in_days).day
        words = f"The day after call-in ends, {in_words(ends)}"
        return Effective(ends + timedelta(days=1), words, call_in_ends=ends)
    if step.meeting is None:
        return Effective(None, "Not recorded")
    return Effective(step.meeting.on, "From the meeting: not open to call-in")


def may_read_copy(person: Person, step: RouteStep) -> bool:
    """True where `person` may have the restricted copy of the record, exempt actions and all.

    By entitlement to the body, as for every restricted paper (one query at most).
    """
    return may_read_restricted(person, step.body)


def has_met(step: RouteStep) -> bool:
    """True once there is something to record: the meeting has been, or none is needed."""
    meeting = step.meeting
    return meeting is None or (meeting.called_off_at is None and meeting.on <= clock.today())


# --- Lists --------------------------------------------------------------------------------------


def decided_steps(council: Council) -> QuerySet[RouteStep]:
    """The steps of a council of which anything was recorded, the latest meeting first."""
    recorded = (
        ~Q(minute="")
        | ~Q(minute_number="")
        | ~Q(comments="")
        | Q(decision_published_on__isnull=False)
        | Q(decision__isnull=False)
    )
    standing = Count("decision__resolutions", Q(decision__resolutions__ended_at__isnull=True))
    return (
        RouteStep.objects.for_council(council)
        .filter(recorded, ended_at__isnull=True)
        .select_related("body", "meeting", "route__challenge", "decision")
        .annotate(resolved=standing)
        .order_by(F("meeting__on").desc(nulls_last=True), "-id")
    )


@dataclass(frozen=True)
class Concerning:
    """A resolution or an amendment about one action or recommendation, with its step."""

    step: RouteStep
    number: int | None
    text: str
    lines: tuple[str, ...] = ()


def about_action(person: Person, action: Named, sight: Sight) -> tuple[Concerning, ...]:
    """Every resolution on an action and every amendment of it, the latest first (5 queries)."""
    reads = reader_of(person)
    rows = list(_concerning(Q(action=action.id), reads))
    made = _amendments(Q(action=action.id))
    steps = _steps_by_decision(made)
    for row in _readable(made, {action.id: action}, sight, {}):
        step = steps.get(row.amendment.decision_id)
        if step is not None and reads(step):
            rows.append(Concerning(step, None, "", tuple(row.lines)))
    return _latest_first(rows)


def about_recommendation(person: Person, recommendation: Recommendation) -> tuple[Concerning, ...]:
    """Every resolution on a recommendation, the latest first (3 queries)."""
    return _latest_first(_concerning(Q(recommendation=recommendation), reader_of(person)))


def _concerning(which: Q, reads: Reads) -> Iterable[Concerning]:
    links = ResolutionLink.objects.filter(
        which,
        ended_at__isnull=True,
        resolution__ended_at__isnull=True,
        resolution__decision__step__ended_at__isnull=True,
    ).select_related(
        "resolution__decision__step__body",
        "resolution__decision__step__meeting",
        "resolution__decision__step__route__challenge",
    )
    found = [link for link in links if reads(link.resolution.decision.step)]
    others = Resolution.objects.filter(
        decision__in={link.resolution.decision_id for link in found}, ended_at__isnull=True
    )
    order: dict[int, list[int]] = {}
    for row in others:
        order.setdefault(row.decision_id, []).append(row.pk)
    for link in found:
        row = link.resolution
        number = order[row.decision_id].index(row.pk) + 1
        yield Concerning(row.decision.step, number, row.text)


def _steps_by_decision(made: Iterable[Amendment]) -> dict[int, RouteStep]:
    keys = {each.decision_id for each in made}
    if not keys:
        return {}
    rows = RouteStep.objects.filter(decision__in=keys, ended_at__isnull=True)
    rows = rows.select_related("body", "meeting", "route__challenge", "decision")
    return {row.decision.pk: row for row in rows}


def _latest_first(rows: Iterable[Concerning]) -> tuple[Concerning, ...]:
    def when(row: Concerning) -> tuple[date, int]:
        meeting = row.step.meeting
        return (meeting.on if meeting else date.min), row.step.pk

    return tuple(sorted(rows, key=when, reverse=True))
