"""All that a draft is written from: the plan as at the paper's day, the visit and the route."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from actions.exceptions import Exceptions, exceptions
from actions.position import Position, plan_position
from actions.ratings_then import RatingsThen, ratings_then, release_on
from actions.sentences import listed
from actions.states import SEVERITY
from peerplan.councils.models import Council
from peerplan.councils.ratings import Rule
from peerplan.councils.scheme import rating_scheme
from peerplan.councils.vocabulary import Words, words_of
from peerplan.papers.models import IssuedPaper, Meeting, Paper, Purpose, RouteStep
from peerplan.papers.route_reading import TakenIn, taken_in
from peerplan.papers.since import (
    Since,
    last_seen,
    release_before,
    since_issue,
    since_release,
    since_start,
)
from reviews.models import PeerChallenge, ProgressReview, TeamMember
from reviews.progress_reading import ReviewRead
from reviews.progress_reading import read as read_review
from reviews.reading import ThemeRead, said_by_theme

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class _Shared:
    """What is read once for the public copy and the restricted one."""

    whole: list[Position] = field(default_factory=list)
    issues: list[IssuedPaper | None] = field(default_factory=list)
    steps: list[tuple[RouteStep, ...]] = field(default_factory=list)
    meetings: list[Meeting | None] = field(default_factory=list)
    teams: list[tuple[TeamMember, ...]] = field(default_factory=list)
    themes: list[tuple[ThemeRead, ...]] = field(default_factory=list)
    reviews: list[ReviewRead | None] = field(default_factory=list)


@dataclass(frozen=True)
class DraftContext:
    """What the drafts of one paper for one step are written from, for one kind of reader.

    Everything is read when it is first asked for, and once: the position takes nine queries, the
    rest eight at most where the body has seen the plan before and asked nothing, and eleven more
    where the words of a progress review are locked. Drafts show `position` and nothing of `whole`.
    """

    challenge: PeerChallenge
    step: RouteStep
    as_at: date
    known_by: datetime
    include_exempt: bool = False
    lead_in: str = ""
    _shared: _Shared = field(default_factory=_Shared, repr=False, compare=False)

    def for_readers(self, *, include_exempt: bool) -> "DraftContext":
        """The same paper for those who may or may not read what is exempt; nothing read again."""
        return DraftContext(
            self.challenge,
            self.step,
            self.as_at,
            self.known_by,
            include_exempt,
            self.lead_in,
            self._shared,
        )

    @property
    def council(self) -> Council:
        return self.challenge.council

    @property
    def body(self) -> str:
        """How papers call the body in a sentence."""
        return self.step.body.in_sentences

    @property
    def meeting_on(self) -> date | None:
        return self.step.meeting.on if self.step.meeting else None

    @cached_property
    def scheme(self) -> Mapping[str, Rule]:
        """The council's label and written rule of each status (one query a council)."""
        return rating_scheme(self.council)

    @cached_property
    def words(self) -> Words:
        """The council's words for the parts of a plan."""
        return words_of(self.council)

    @cached_property
    def whole(self) -> Position:
        """The position, exempt parts too: for freezing, never for a draft (nine queries)."""
        return _once(
            self._shared.whole,
            lambda: plan_position(self.challenge, self.as_at, self.known_by),
        )

    @cached_property
    def position(self) -> Position:
        """What the readers of this copy may see."""
        return self.whole.for_reader(reads_exempt=self.include_exempt)

    @cached_property
    def exceptions(self) -> Exceptions:
        """What members must look at first, on the day of the position."""
        return exceptions(self.position, self.as_at)

    @cached_property
    def noted(self) -> tuple[int, ...]:
        """The ids of the exceptions, the most serious first, then in the order of the plan."""
        found = sorted(self.exceptions.all, key=lambda a: (SEVERITY[a.status], a.position))
        return tuple(action.id for action in found)

    @cached_property
    def seen(self) -> IssuedPaper | None:
        """The paper in which this body last saw the plan (one query)."""
        return _once(self._shared.issues, lambda: last_seen(self.step))

    @cached_property
    def since(self) -> Since:
        """What the position is compared with: last seen, else last released, else the start."""
        kept = self.include_exempt
        if self.seen is not None:
            return since_issue(self.seen, self.whole, self.body, include_exempt=kept)
        release = release_before(self.challenge, self.as_at, self.known_by)
        if release is not None:
            return since_release(release, self.whole, include_exempt=kept)
        return since_start(self.challenge, self.position)

    @cached_property
    def all_steps(self) -> tuple[RouteStep, ...]:
        """The steps of every route of the challenge, route by route (one query)."""
        rows = (
            RouteStep.objects.filter(
                route__challenge=self.challenge, ended_at__isnull=True, route__ended_at__isnull=True
            )
            .select_related("body", "meeting", "route", "decision")
            .order_by("route_id", "position", "id")
        )
        return _once(self._shared.steps, lambda: tuple(rows))

    @cached_property
    def steps(self) -> tuple[RouteStep, ...]:
        """The steps of this route, in order."""
        return tuple(step for step in self.all_steps if step.route_id == self.step.route_id)

    @cached_property
    def earlier(self) -> tuple[RouteStep, ...]:
        """The steps of this route before this one."""
        at = (self.step.position, self.step.pk)
        return tuple(step for step in self.steps if (step.position, step.pk) < at)

    @cached_property
    def later(self) -> tuple[RouteStep, ...]:
        """The steps of this route after this one."""
        at = (self.step.position, self.step.pk)
        return tuple(step for step in self.steps if (step.position, step.pk) > at)

    @cached_property
    def considered(self) -> tuple[RouteStep, ...]:
        """The steps of any route that met by the day of the position, in the order of the days.

        A meeting after this one is never among them, though the figures are of a later day: a
        report of a meeting long past is written here too.
        """
        until = min(self.as_at, self.meeting_on or self.as_at)
        after = {step.pk for step in self.later}
        held = [
            step
            for step in self.all_steps
            if step.pk != self.step.pk and step.pk not in after
            if step.meeting is not None
            if step.meeting.called_off_at is None
            if step.meeting.on <= until
            if step.purpose != Purpose.PUBLISH
        ]
        return tuple(sorted(held, key=lambda step: step.meeting.on if step.meeting else self.as_at))

    @cached_property
    def taken(self) -> TakenIn:
        """The comments and the minutes of earlier steps that this one takes in.

        Those that are not for publication only in the restricted copy (one query where decisions
        were recorded).
        """
        if self.include_exempt:
            return taken_in(self.step, self.earlier, self.as_at, reads=lambda step: True)
        return taken_in(self.step, self.earlier, self.as_at)

    @cached_property
    def next_meeting(self) -> Meeting | None:
        """The next meeting of this body after this one (one query)."""
        after = self.meeting_on or self.as_at
        rows = Meeting.objects.filter(
            body=self.step.body_id, on__gt=after, called_off_at__isnull=True
        )
        return _once(self._shared.meetings, lambda: rows.order_by("on", "at", "id").first())

    @cached_property
    def team(self) -> tuple[TeamMember, ...]:
        """The peers, in their order (one query)."""
        rows = TeamMember.objects.filter(challenge=self.challenge, ended_at__isnull=True)
        return _once(self._shared.teams, lambda: tuple(rows))

    @cached_property
    def themes(self) -> tuple[ThemeRead, ...]:
        """The themes with what was said under each (two queries)."""
        return _once(self._shared.themes, lambda: tuple(said_by_theme(self.challenge)))

    @property
    def told_on(self) -> date:
        """The day on which members read the paper: that of the meeting, else of the figures."""
        return self.meeting_on or self.as_at

    @cached_property
    def review(self) -> ReviewRead | None:
        """The progress review, None until it has begun and its words are locked (five queries)."""
        return _once(self._shared.reviews, self._read_review)

    def _read_review(self) -> ReviewRead | None:
        begun = self.challenge.review_from
        if begun is None or begun > self.told_on:
            return None
        rows = ProgressReview.objects.filter(challenge=self.challenge, locked_on__isnull=False)
        review = rows.first()
        if review is None:
            return None
        review.challenge = self.challenge
        return read_review(review)

    @cached_property
    def ratings_then(self) -> RatingsThen | None:
        """The council's ratings as released when the progress review began (six queries)."""
        begun = self.challenge.review_from
        release = release_on(self.challenge, begun) if begun else None
        if release is None or begun is None:
            return None
        return ratings_then(release, begun, reads_exempt=self.include_exempt)

    def label(self, key: str) -> str:
        """The council's label of a status."""
        return self.scheme[key].label

    def counts(self, counts: Mapping[str, int]) -> str:
        """Counts by status in words: "1 red, 2 amber and 3 green"; "" of none."""
        said = [f"{count} {lower(self.label(key))}" for key, count in counts.items() if count]
        return listed(said)


def lower(label: str) -> str:
    """A label within a sentence: "Red" as "red", while "RAG red" and "BAU" stay as they are."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def load_context(paper: Paper, step: RouteStep, *, include_exempt: bool = False) -> DraftContext:
    """The context of `paper` as it goes to `step`, with the figures of the paper's day."""
    return load_context_for(
        paper.challenge,
        step,
        paper.figures_as_at,
        paper.figures_known_by,
        include_exempt=include_exempt,
        lead_in=paper.template.lead_in,
    )


def load_context_for(
    challenge: PeerChallenge,
    step: RouteStep,
    as_at: date,
    known_by: datetime,
    *,
    include_exempt: bool = False,
    lead_in: str = "",
    whole: Position | None = None,
) -> DraftContext:
    """The context for a paper that is not saved yet.

    `lead_in` are the template's words over the recommendations, used where the body has none of
    its own; `whole` is the position, exempt parts too, where it has been read already.
    """
    shared = _Shared(whole=[whole] if whole is not None else [])
    words = step.body.lead_in or lead_in
    return DraftContext(challenge, step, as_at, known_by, include_exempt, words, shared)


def _once(held: list[Kept], read: Callable[[], Kept]) -> Kept:
    """The one thing in `held`, read when it is not there yet."""
    if not held:
        held.append(read())
    return held[0]
