"""What happened to the words of a challenge, in plain words: who, when, from what to what, why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models

from peerplan.councils.models import Council, Membership, User
from reviews.models import PeerChallenge, Recommendation, RecommendationTheme

NOTHING = "nothing"


@dataclass(frozen=True)
class Change:
    """One field, as it was and as it became."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did."""

    who: str
    when: datetime
    what: str
    changes: tuple[Change, ...]
    reason: str


@dataclass(frozen=True)
class Correction:
    """The peers' words put right after adoption: shown to everyone who reads them."""

    when: datetime
    reason: str
    changes: tuple[Change, ...]


_LABELS = {
    "ref": "Reference",
    "title": "Heading",
    "wording": "Wording",
    "kind": "Kind",
    "parent_id": "Stands under",
    "response": "Response",
    "response_reason": "Reason for the response",
}
_WORDS = ("ref", "title", "wording")
# Reasons that services give of themselves: they say what was done, not why.
_DEEDS = {"Added", "Removed", "Moved in the order"}


def posts_of(council: Council) -> dict[int, str]:
    """The post of each person who works or worked for the council, by the id of their user."""
    rows = Membership.objects.for_council(council).order_by("-ended_at", "id")
    return {row.user_id: str(row) for row in rows}


def last_change(record: models.Model, council: Council) -> tuple[str, datetime] | None:
    """Who changed `record` last, by post, and when; None where nobody did."""
    manager: Any = record.history  # type: ignore[attr-defined]
    row = manager.select_related("history_user").order_by("-history_date", "-history_id").first()
    if row is None:
        return None
    return _who(row, posts_of(council)), row.history_date


def adopted_at(challenge: PeerChallenge) -> datetime | None:
    """The instant at which the wording was locked; None before."""
    if not challenge.is_adopted:
        return None
    rows = challenge.history.filter(adopted_on__isnull=False)
    first = rows.order_by("history_date", "history_id").first()
    return first.history_date if first else None


def recommendation_history(
    recommendation: Recommendation, since: datetime | None = None
) -> list[Entry]:
    """What happened to a recommendation, the newest first; from `since` on where it is given."""
    challenge = recommendation.challenge
    rows = list(
        recommendation.history.select_related("history_user").order_by("history_date", "history_id")
    )
    links = list(
        RecommendationTheme.objects.filter(recommendation=recommendation).select_related("theme")
    )
    posts = posts_of(challenge.council)
    refs = dict(Recommendation.objects.filter(challenge=challenge).values_list("pk", "ref"))
    locked_at = adopted_at(challenge)
    entries = []
    if rows and since is None:
        entries.append(_entry(rows[0], "Added", (), posts))
    for before, after in pairwise(rows):
        if since is not None and after.history_date < since:
            continue
        changes = (*_changes(before, after, refs), *_theme_changes(before, after, links))
        entries.append(_entry(after, _deed(before, after, changes, locked_at), changes, posts))
    return [entry for entry in reversed(entries) if entry.what]


def corrections(challenge: PeerChallenge) -> dict[int, list[Correction]]:
    """Corrections of the peers' words since adoption, oldest first, by recommendation."""
    since = adopted_at(challenge)
    if since is None:
        return {}
    by_record: dict[int, list[Any]] = {}
    rows = Recommendation.history.filter(challenge_id=challenge.pk)
    for row in rows.order_by("id", "history_date", "history_id"):
        by_record.setdefault(row.id, []).append(row)
    found: dict[int, list[Correction]] = {}
    for key, versions in by_record.items():
        for before, after in pairwise(versions):
            changes = tuple(_changes(before, after, {}, _WORDS))
            if changes and after.history_date > since:
                reason = after.history_change_reason or ""
                found.setdefault(key, []).append(Correction(after.history_date, reason, changes))
    return found


def _who(row: Any, posts: dict[int, str]) -> str:
    user: User = row.history_user
    return posts.get(user.pk) or str(user)


def _entry(row: Any, what: str, changes: Iterable[Change], posts: dict[int, str]) -> Entry:
    given = row.history_change_reason or ""
    reason = "" if given in _DEEDS else given
    return Entry(_who(row, posts), row.history_date, what, tuple(changes), reason)


def _deed(before: Any, after: Any, changes: tuple[Change, ...], locked_at: datetime | None) -> str:
    if after.ended_at and not before.ended_at:
        return "Removed"
    labels = {change.label for change in changes}
    if not labels:
        return "Moved in the order" if before.position != after.position else ""
    if locked_at and after.history_date > locked_at and labels & {_LABELS[key] for key in _WORDS}:
        return "Wording corrected"
    if labels <= {"Response", "Reason for the response"}:
        return "Responded"
    return "Changed"


def _changes(
    before: Any, after: Any, refs: dict[int, str], names: Iterable[str] = tuple(_LABELS)
) -> Iterable[Change]:
    for name in names:
        if getattr(before, name) != getattr(after, name):
            yield Change(_LABELS[name], _shown(before, name, refs), _shown(after, name, refs))


def _shown(row: Any, name: str, refs: dict[int, str]) -> str:
    value = getattr(row, name)
    if name == "kind":
        return str(Recommendation.Kind(value).label)
    if name == "response":
        return str(Recommendation.Response(value).label)
    if name == "parent_id":
        return refs.get(value, NOTHING) if value else NOTHING
    return str(value) or NOTHING


def _theme_changes(before: Any, after: Any, links: list[RecommendationTheme]) -> tuple[Change, ...]:
    was, now = _themes_at(links, before.history_date), _themes_at(links, after.history_date)
    return () if was == now else (Change("Themes", was, now),)


def _themes_at(links: list[RecommendationTheme], instant: datetime) -> str:
    titles = [
        link.theme.title
        for link in links
        if link.added_at <= instant and (link.ended_at is None or link.ended_at > instant)
    ]
    return ", ".join(titles) or NOTHING
