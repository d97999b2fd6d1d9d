"""Releasing the position, and the council's own status of a recommendation."""

from datetime import date

from django.db import transaction

from actions.models import RecommendationUpdate, Release
from actions.rules import TEXT_LIMIT
from peerplan.core import clock, versions
from peerplan.core.errors import Invalid, Stale
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.ratings import Status
from reviews.models import PeerChallenge, Recommendation


@transaction.atomic
def release_position(
    *,
    challenge: PeerChallenge,
    as_at: date,
    reason: str,
    author: Person,
    seen: int | None = None,
) -> Release:
    """Release the position as at a day, as known now, to members, peers and the public.

    `seen` is the number of releases there were when the author looked (None: any). Raises
    NotPermitted, Invalid (no reason, a day in the future) and Stale (released meanwhile).
    """
    author.require(Capability.RELEASE)
    found: dict[str, str] = {}
    if as_at > clock.today():
        found["as_at"] = "The as-at date is in the future: give today or an earlier day."
    elif as_at < challenge.on_site_from:
        found["as_at"] = "The as-at date is before the peers came: give a later day."
    if not reason.strip():
        found["reason"] = "Say why you release the position now, such as the meeting it is for."
    elif len(reason) > TEXT_LIMIT:
        found["reason"] = f"Shorten the reason to {TEXT_LIMIT:,} characters."
    if found:
        raise Invalid(found)
    PeerChallenge.objects.select_for_update().only("pk").get(pk=challenge.pk)
    if seen is not None and challenge.releases.count() != seen:
        raise Stale(challenge.releases.first())
    return Release.objects.create(
        challenge=challenge,
        as_at=as_at,
        known_by=clock.now(),
        reason=reason.strip(),
        author=author.user,
    )


@transaction.atomic
def post_recommendation_update(
    *,
    recommendation: Recommendation,
    version: int,
    as_at: date,
    status: str,
    summary: str,
    author: Person,
) -> RecommendationUpdate:
    """Record the council's own status and summary of a recommendation as at a day.

    Raises NotPermitted, Stale and Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    found: dict[str, str] = {}
    if as_at > clock.today():
        found["as_at"] = "The as-at date is in the future: give today or an earlier day."
    if status not in Status.values:
        found["status"] = "Choose a status."
    if len(summary) > TEXT_LIMIT:
        found["summary"] = f"Shorten the summary to {TEXT_LIMIT:,} characters."
    if found:
        raise Invalid(found)
    PeerChallenge.objects.select_for_update().only("pk").get(pk=recommendation.challenge_id)
    versions.claim(recommendation, version)
    return RecommendationUpdate.objects.create(
        recommendation=recommendation,
        as_at=as_at,
        recorded_at=clock.now(),
        author=author.user,
        status=status,
        summary=summary.strip(),
    )
