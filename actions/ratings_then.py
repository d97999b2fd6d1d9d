"""How the council rated each recommendation in the position that was released on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from actions.models import Answer, RecommendationUpdate, Release
from actions.position import ActionPosition, OwnStatus, count_statuses, released_position
from actions.states import worst
from peerplan.core import clock
from peerplan.councils.ratings import Status
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class RatingThen:
    """A recommendation's own status and what was computed of its actions, as released."""

    own: OwnStatus | None
    actions: tuple[ActionPosition, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Number of counted actions by status key."""
        return count_statuses(self.actions)

    @property
    def worst(self) -> Status | None:
        """The most serious status among the counted actions, None without any."""
        return worst([action.status for action in self.actions if action.is_counted])

    @property
    def has_begun(self) -> bool:
        """True where an action was under way or done."""
        return any(
            action.is_counted and action.status != Status.NOT_STARTED for action in self.actions
        )


@dataclass(frozen=True)
class RatingsThen:
    """The ratings of a released position by the id of the recommendation.

    `withheld` is how many actions are left out because they are not for publication; `was_read` is
    False where the position was released after the day it is asked for.
    """

    release: Release
    by_recommendation: Mapping[int, RatingThen]
    withheld: int
    was_read: bool = True

    def of(self, recommendation: int) -> RatingThen:
        """The rating of a recommendation; an empty one where it had no actions."""
        return self.by_recommendation.get(recommendation, RatingThen(None, ()))


def release_on(challenge: PeerChallenge, day: date) -> Release | None:
    """The release that members read at the end of a day (one query).

    Where none had been made by then, as with a plan that came into PeerPlan later, the latest
    position that is true for that day or an earlier one; None where there is none of that either.
    """
    end = clock.end_of(day)
    found = list(challenge.releases.filter(Q(known_by__lte=end) | Q(as_at__lte=day)))
    read = [release for release in found if release.known_by <= end]
    release = read[0] if read else max(found, key=lambda each: each.as_at, default=None)
    if release is not None:
        release.challenge = challenge
    return release


def was_read_on(release: Release, day: date) -> bool:
    """True where members could read `release` at the end of a day."""
    return release.known_by <= clock.end_of(day)


def ratings_then(release: Release, day: date, *, reads_exempt: bool) -> RatingsThen:
    """The ratings as `release` fixed them, asked for a day, for those who may read what is exempt.

    Five queries. Without `reads_exempt`, for everybody else.
    """
    position = released_position(release, full=False).for_reader(reads_exempt=reads_exempt)
    of_plan = Q(action__challenge=release.challenge_id, added_at__lte=release.known_by)
    stood = Q(ended_at__isnull=True) | Q(ended_at__gt=release.known_by)
    answers: dict[int, set[int]] = {}
    links = Answer.objects.filter(of_plan & stood)
    for action, recommendation in links.values_list("action_id", "recommendation_id"):
        answers.setdefault(recommendation, set()).add(action)
    own: dict[int, OwnStatus] = {}
    told = RecommendationUpdate.objects.filter(
        recommendation__challenge=release.challenge_id,
        as_at__lte=release.as_at,
        recorded_at__lte=release.known_by,
    )
    for row in told.order_by("as_at", "recorded_at", "id"):
        own[row.recommendation_id] = OwnStatus(row.as_at, row.status, row.summary)
    found = {
        key: RatingThen(
            own.get(key),
            tuple(action for action in position.actions if action.id in answers.get(key, set())),
        )
        for key in {*answers, *own}
    }
    return RatingsThen(release, found, position.withheld, was_read_on(release, day))
