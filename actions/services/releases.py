"""Releasing the position, and the council's own status of a recommendation."""

from datetime import date

from django.db import transaction

from actions.integrity.reading import findings_to_keep
from actions.models import RecommendationUpdate, Release
from actions.position import plan_position
from actions.rules import TEXT_LIMIT
from actions.sentences import listed
from peerplan.core import clock, versions
from peerplan.core.errors import Invalid, Stale
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.ratings import Status
from reviews.models import PeerChallenge, Recommendation
from reviews.services.checks import require_open


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

    What the rules find in it, and the notes that answer it, are kept with it. `seen` is the number
    of releases there were when the author looked (None: any). Raises NotPermitted, Invalid (no
    reason, a day in the future) and Stale (released meanwhile).
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
    require_open(PeerChallenge.objects.select_for_update().only("closed_on").get(pk=challenge.pk))
    releases = list(challenge.releases.defer("findings"))
    if seen is not None and len(releases) != seen:
        raise Stale(releases[0] if releases else None)
    kept = findings_to_keep(challenge, author.council, as_at, releases)
    return Release.objects.create(
        challenge=challenge,
        as_at=as_at,
        known_by=clock.now(),
        reason=reason.strip(),
        author=author.user,
        findings=kept,
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
    impact: str = "",
    is_closed: bool = False,
    closing_reason: str = "",
) -> RecommendationUpdate:
    """Record the council's own status and summary of a recommendation as at a day.

    A recommendation closes once all its counted actions have closed, or with a reason. Raises
    NotPermitted, Stale and Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    found: dict[str, str] = {}
    if as_at > clock.today():
        found["as_at"] = "The as-at date is in the future: give today or an earlier day."
    if status not in Status.values:
        found["status"] = "Choose a status."
    for name, words, text in (
        ("summary", "the summary", summary),
        ("impact", "what has changed", impact),
        ("closing_reason", "the reason", closing_reason),
    ):
        if len(text) > TEXT_LIMIT:
            found[name] = f"Shorten {words} to {TEXT_LIMIT:,} characters."
    if closing_reason.strip() and not is_closed:
        found["closing_reason"] = "Tick that it closes, or take the reason away."
    elif is_closed and not closing_reason.strip() and not found:
        found |= _open_actions(recommendation, as_at, author)
    if found:
        raise Invalid(found)
    held = PeerChallenge.objects.select_for_update().only("closed_on")
    require_open(held.get(pk=recommendation.challenge_id))
    versions.claim(recommendation, version)
    return RecommendationUpdate.objects.create(
        recommendation=recommendation,
        as_at=as_at,
        recorded_at=clock.now(),
        author=author.user,
        status=status,
        summary=summary.strip(),
        impact=impact.strip(),
        is_closed=is_closed,
        closing_reason=closing_reason.strip(),
    )


def _open_actions(recommendation: Recommendation, as_at: date, author: Person) -> dict[str, str]:
    """What is wrong with closing it without a reason: nothing where its actions have closed."""
    position = plan_position(recommendation.challenge, as_at, details=False)
    held = position.recommendation_by_id.get(recommendation.pk)
    if held is None or held.actions_closed:
        return {}
    seen = position.for_reader(reads_exempt=author.reads_exempt)
    still_open = [
        action.ref
        for action in seen.recommendation_by_id[recommendation.pk].actions
        if action.is_counted and not action.has_closed
    ]
    if not still_open:
        why = "Not all its actions have closed"
    elif len(still_open) == 1:
        why = f"Action {still_open[0]} has not closed"
    else:
        why = f"Actions {listed(still_open)} have not closed"
    return {"closing_reason": f"{why}: say why the recommendation closes all the same."}
