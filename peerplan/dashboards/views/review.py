"""The progress review as it is read: what the peers saw beside what the council had released."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from actions.ratings_then import RatingsThen, RatingThen, ratings_then, release_on
from peerplan.core import clock
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.scheme import rating_scheme
from reviews import progress_reading as reading
from reviews.deadlines import clock as clock_of
from reviews.deadlines import days_on_site
from reviews.models import PeerChallenge, ProgressReview


@dataclass(frozen=True)
class Beside:
    """A recommendation with what the peers saw and how the council had rated it."""

    read: reading.FindingRead
    rating: RatingThen | None

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """The status of its actions with how many there were of each."""
        found = self.rating.counts if self.rating else {}
        return tuple((key, number) for key, number in found.items() if number)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def progress_review(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The review. Officers read it while it is written, others once its words are locked."""
    record, review = _review_of(request, challenge)
    context = {
        "challenge": record,
        "section": "review",
        "review": review,
        "days": _days(record),
        "deadlines": reading.deadlines_of_review(clock_of(record, clock.today())),
        "shown": review is not None and reading.may_read(request.person, review),
    }
    if review is not None and context["shown"]:
        context |= _told(request, review)
    return render(request, "dashboards/review.html", context)


def _days(challenge: PeerChallenge) -> str:
    """The days of the review as one phrase, "" before they are set."""
    first = challenge.review_from
    return days_on_site(first, challenge.review_to or first) if first else ""


@gate.requires(Capability.READ_RELEASED)
@require_safe
def review_corrections(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What was put right after the words were locked, and why. Before there is no such page."""
    record, review = _review_of(request, challenge)
    if review is None or not review.is_locked:
        raise Http404("The words of the review are not locked.")
    context = {
        "challenge": record,
        "section": "review",
        "review": review,
        "corrections": reading.corrections(record, review),
    }
    return render(request, "dashboards/review_corrections.html", context)


def _review_of(request: CouncilRequest, slug: str) -> tuple[PeerChallenge, ProgressReview | None]:
    """The challenge of the request's council and its review, in one query. Raises Http404."""
    rows = PeerChallenge.objects.for_council(request.council).select_related("progress_review")
    record = get_object_or_404(rows, slug=slug)
    record.council = request.council
    return record, getattr(record, "progress_review", None)


def _told(request: CouncilRequest, review: ProgressReview) -> dict[str, object]:
    """The words of the review with the ratings that stood when it began."""
    challenge = review.challenge
    told = reading.read(review)
    day = challenge.review_from
    release = release_on(challenge, day) if day else None
    exempt = request.person.reads_exempt
    then = ratings_then(release, day, reads_exempt=exempt) if release and day else None
    return {
        "told": told,
        "then": then,
        "scheme": rating_scheme(request.council),
        "rows": [_beside(row, then) for row in told.told],
    }


def _beside(row: reading.FindingRead, then: RatingsThen | None) -> Beside:
    return Beside(row, then.of(row.recommendation.pk) if then else None)
