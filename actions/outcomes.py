"""What became of the recommendations of several challenges, in a fixed number of queries.

A position is read for one challenge; a page over the years asks one thing of many: how each
recommendation stood in the end, as far as the reader sees.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from actions.models import (
    Action,
    Answer,
    Lineage,
    ProgressUpdate,
    RecommendationUpdate,
    Release,
    Visibility,
)
from actions.position import NOT_COUNTED, OwnStatus
from actions.states import State, printed_status, worst
from peerplan.core import clock
from peerplan.councils.ratings import Status
from reviews.models import PeerChallenge, Recommendation


@dataclass(frozen=True, slots=True)
class Carried:
    """An action that went on in the plan of a later challenge."""

    ref: str
    target_ref: str
    target_title: str
    challenge_slug: str
    challenge_title: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one recommendation stands: the council's own word, its actions, what went on."""

    own: OwnStatus | None
    statuses: tuple[Status, ...]
    carried: tuple[Carried, ...]

    @property
    def status(self) -> Status | None:
        """The council's own status, else the most serious of its counted actions'."""
        if self.own is not None:
            return Status(self.own.status)
        return worst([each for each in self.statuses if each not in NOT_COUNTED])

    @property
    def is_own(self) -> bool:
        """True where the status is the council's own word."""
        return self.own is not None


def last_releases(challenges: Iterable[PeerChallenge]) -> dict[int, Release]:
    """The release that members now read of each challenge, by its id (one query)."""
    found: dict[int, Release] = {}
    for release in Release.objects.filter(challenge__in=list(challenges)):
        found.setdefault(release.challenge_id, release)
    return found


def outcomes(
    challenges: Sequence[PeerChallenge],
    releases: Mapping[int, Release] | None,
    *,
    reads_exempt: bool,
) -> dict[int, Outcome]:
    """The outcome of each recommendation of `challenges`, by its id (4 queries).

    `releases` None: as it is now, for officers; else only what each challenge's release shows, and
    nothing of a challenge without one.
    """
    if releases is not None and not releases:
        return {}
    found = _statuses(challenges, releases, reads_exempt=reads_exempt)
    statuses: dict[int, list[Status]] = {}
    refs: dict[int, list[int]] = {}
    for action, recommendation in _answers(challenges, releases):
        if action in found:
            statuses.setdefault(recommendation, []).append(found[action])
            refs.setdefault(recommendation, []).append(action)
    own = _own(challenges, releases)
    carried = _carried(challenges, releases, reads_exempt=reads_exempt)
    return {
        key: Outcome(
            own.get(key),
            tuple(statuses.get(key, ())),
            tuple(each for action in refs.get(key, ()) for each in carried.get(action, ())),
        )
        for key in {*statuses, *own}
    }


def _within(path: str, releases: Mapping[int, Release]) -> Q:
    """Updates that the releases, at least one, show; `path` leads from one to its challenge."""
    each = [
        Q(**{path: key, "as_at__lte": release.as_at, "recorded_at__lte": release.known_by})
        for key, release in releases.items()
    ]
    return reduce(or_, each)


def _statuses(
    challenges: Sequence[PeerChallenge],
    releases: Mapping[int, Release] | None,
    *,
    reads_exempt: bool,
) -> dict[int, Status]:
    """The printed status of every action that may be told of, by its id."""
    rows = Action.objects.filter(challenge__in=challenges, removed_at__isnull=True)
    if not reads_exempt:
        rows = rows.filter(visibility=Visibility.PUBLIC)
    if releases is None:
        held: Any = rows.values_list(
            "id",
            "challenge_id",
            "in_plan_from",
            "latest_update__state",
            "latest_update__rating",
            "latest_update__visibility",
        )
    else:
        latest = ProgressUpdate.objects.filter(
            _within("action__challenge", releases), action=OuterRef("pk")
        ).order_by("-as_at", "-recorded_at", "-id")
        held = rows.annotate(
            state=Subquery(latest.values("state")[:1]),
            rating=Subquery(latest.values("rating")[:1]),
            shown=Subquery(latest.values("visibility")[:1]),
        ).values_list("id", "challenge_id", "in_plan_from", "state", "rating", "shown")
    today = clock.today()
    found: dict[int, Status] = {}
    for key, challenge, start, state, rating, shown in held:
        if releases is not None and challenge not in releases:
            continue
        day = today if releases is None else releases[challenge].as_at
        was_exempt = shown == Visibility.EXEMPT and not reads_exempt
        if start <= day and not was_exempt:
            found[key] = printed_status(state or State.NOT_STARTED, rating or "")
    return found


def _answers(
    challenges: Sequence[PeerChallenge], releases: Mapping[int, Release] | None
) -> list[tuple[int, int]]:
    """Actions with the recommendations they answer, as far as the reader sees."""
    found = []
    rows = Answer.objects.filter(action__challenge__in=challenges).values_list(
        "action_id", "recommendation_id", "action__challenge_id", "added_at", "ended_at"
    )
    for action, recommendation, challenge, added, ended in rows:
        if releases is None:
            stands = ended is None
        else:
            release = releases.get(challenge)
            stands = release is not None and (
                added <= release.known_by and (ended is None or ended > release.known_by)
            )
        if stands:
            found.append((action, recommendation))
    return found


def _own(
    challenges: Sequence[PeerChallenge], releases: Mapping[int, Release] | None
) -> dict[int, OwnStatus]:
    known = Q() if releases is None else _within("recommendation__challenge", releases)
    latest = (
        RecommendationUpdate.objects.filter(known, recommendation=OuterRef("pk"))
        .order_by("-as_at", "-recorded_at", "-id")
        .values("pk")[:1]
    )
    ids = Recommendation.objects.filter(challenge__in=challenges).annotate(held=Subquery(latest))
    return {
        row.recommendation_id: OwnStatus(
            row.as_at, row.status, row.summary, row.impact, row.is_closed, row.closing_reason
        )
        for row in RecommendationUpdate.objects.filter(pk__in=ids.values("held"))
    }


def _carried(
    challenges: Sequence[PeerChallenge],
    releases: Mapping[int, Release] | None,
    *,
    reads_exempt: bool,
) -> dict[int, list[Carried]]:
    """Where actions went on in other plans, by the id of the action."""
    rows = Lineage.objects.filter(
        kind=Lineage.Kind.CARRIED, source__challenge__in=challenges
    ).select_related("source", "target__challenge")
    if not reads_exempt:
        public = Visibility.PUBLIC
        rows = rows.filter(source__visibility=public, target__visibility=public)
    found: dict[int, list[Carried]] = {}
    for row in rows:
        target = row.target
        if releases is not None and not all(
            (release := releases.get(plan)) and row.added_at <= release.known_by
            for plan in (row.source.challenge_id, target.challenge_id)
        ):
            continue  # both plans have to have told of it
        found.setdefault(row.source_id, []).append(
            Carried(
                row.source.ref,
                target.ref,
                target.title,
                target.challenge.slug,
                target.challenge.title,
            )
        )
    return found
