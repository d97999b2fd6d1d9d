"""What pages and papers tell of a progress review, read in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.urls import reverse

from peerplan.councils.gate import Person
from reviews.deadlines import Clock, Deadline, counted, days_on_site, in_words
from reviews.history import NOTHING, Change
from reviews.models import (
    Finding,
    PeerChallenge,
    ProgressReview,
    Recommendation,
    ReturningPeer,
    ReviewTheme,
    TeamMember,
)
from reviews.reading import SetupTask
from reviews.services.recommendations import standing_recommendations


@dataclass(frozen=True)
class FindingRead:
    """A recommendation with what the peers saw of it and what they suggest now."""

    recommendation: Recommendation
    finding: Finding | None
    suggestions: tuple[Recommendation, ...] = ()


@dataclass(frozen=True)
class ReviewRead:
    """All that a progress review says, in the order of the plan."""

    review: ProgressReview
    peers: tuple[ReturningPeer, ...]
    themes: tuple[ReviewTheme, ...]
    rows: tuple[FindingRead, ...]

    @property
    def found(self) -> tuple[FindingRead, ...]:
        """The recommendations of which something was found."""
        return tuple(row for row in self.rows if row.finding is not None)

    @property
    def missing(self) -> tuple[FindingRead, ...]:
        """Those of which nothing is entered."""
        return tuple(row for row in self.rows if row.finding is None)

    @property
    def told(self) -> tuple[FindingRead, ...]:
        """Those with a finding or a suggestion."""
        return tuple(row for row in self.rows if row.finding is not None or row.suggestions)

    @property
    def suggestions(self) -> tuple[Recommendation, ...]:
        """Every suggestion, in the order of the plan."""
        return tuple(one for row in self.rows for one in row.suggestions)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many findings there are of each degree of progress, the most progress first."""
        seen = [row.finding.progress for row in self.found if row.finding is not None]
        return tuple(
            (str(degree.label), seen.count(degree)) for degree in Finding.Progress if degree in seen
        )


def read(review: ProgressReview) -> ReviewRead:
    """The review with its peers, headings, findings and suggestions: four queries."""
    findings = {
        row.recommendation_id: row
        for row in Finding.objects.filter(review=review, ended_at__isnull=True).select_related(
            "theme"
        )
    }
    suggested: dict[int | None, list[Recommendation]] = {}
    rows = standing_recommendations(review.challenge)
    for row in rows:
        if row.kind == Recommendation.Kind.SUGGESTION:
            suggested.setdefault(row.parent_id, []).append(row)
    return ReviewRead(
        review=review,
        peers=tuple(ReturningPeer.objects.filter(review=review, ended_at__isnull=True)),
        themes=tuple(ReviewTheme.objects.filter(review=review, ended_at__isnull=True)),
        rows=tuple(
            FindingRead(row, findings.get(row.pk), tuple(suggested.get(row.pk, ())))
            for row in rows
            if row.kind != Recommendation.Kind.SUGGESTION
        ),
    )


def may_read(person: Person, review: ProgressReview | None) -> bool:
    """True where `person` reads the words: officers always, others once they are locked."""
    return review is not None and (review.is_locked or person.reads_live)


def hides_suggestions(person: Person, challenge: PeerChallenge) -> bool:
    """True where the suggestions of a review are kept from `person` until its words are locked.

    Those added without a review, such as from a report of years ago, are never kept.
    """
    if person.reads_live:
        return False
    return ProgressReview.objects.filter(challenge=challenge, locked_on__isnull=True).exists()


def came_before(peers: Iterable[ReturningPeer], team: Iterable[TeamMember]) -> bool:
    """True where everyone who came back was on the team of the visit, by name."""
    names = {member.name.lower() for member in team if member.name}
    return all(peer.name and peer.name.lower() in names for peer in peers)


def deadlines_of_review(clock: Clock) -> tuple[Deadline, ...]:
    """The deadlines that the review and its report are to meet; none where no rule says one."""
    ours = {"review_from", "review_to", "review_report_published_on"}
    return tuple(one for one in clock.deadlines if one.rule.done_by in ours)


# --- Setting up -------------------------------------------------------------------------------


def setup_tasks(challenge: PeerChallenge, told: ReviewRead | None) -> list[SetupTask]:
    """The parts of entering a review, in the order in which they are done; days alone at first."""
    published = challenge.review_report_published_on
    days = "No days yet"
    if challenge.review_from:
        days = days_on_site(challenge.review_from, challenge.review_to or challenge.review_from)
    report = f"Report published {in_words(published)}" if published else "Report not published yet"
    tasks = [_task(challenge, "review_dates", "Days and report", days, told is not None, report)]
    if told is None:
        return tasks
    peers, themes, found = len(told.peers), len(told.themes), len(told.found)
    has_texts = sum(1 for theme in told.themes if theme.text)
    suggested = len(told.suggestions)
    return [
        *tasks,
        _task(
            challenge,
            "review_team",
            "Who came back",
            f"{peers} {'person' if peers == 1 else 'people'}" if peers else "Nobody yet",
            peers > 0,
        ),
        _task(
            challenge,
            "review_themes",
            "Headings of the report",
            counted(themes, "heading") if themes else "Nothing yet",
            themes > 0,
            f"{has_texts} of {themes} with what the peers wrote" if themes else "",
        ),
        _task(
            challenge,
            "review_words",
            "What the peers found overall",
            "Written" if told.review.summary else "Nothing yet",
            bool(told.review.summary),
        ),
        _task(
            challenge,
            "review_findings",
            "Findings and suggestions",
            f"{found} of {len(told.rows)} found" if told.rows else "No recommendations",
            bool(told.rows) and not told.missing,
            counted(suggested, "suggestion") if suggested else "",
        ),
    ]


def _task(
    challenge: PeerChallenge, name: str, label: str, state: str, is_done: bool, note: str = ""
) -> SetupTask:
    url = reverse(name, args=[challenge.council.slug, challenge.slug])
    return SetupTask(label, url, state, note, is_done)


# --- Corrections --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Correction:
    """Something put right in the review after its words were locked."""

    when: datetime
    about: str
    reason: str
    changes: tuple[Change, ...]


_FIELDS: dict[type[models.Model], dict[str, str]] = {
    ProgressReview: {"summary": "What the peers found overall", "report_url": "Report"},
    ReturningPeer: {"name": "Name", "role": "Role", "organisation": "Organisation"},
    ReviewTheme: {"title": "Heading", "text": "What the peers wrote"},
    Finding: {"progress": "Progress", "words": "The peers’ words", "theme_id": "Heading"},
}


def corrections(challenge: PeerChallenge, review: ProgressReview) -> list[Correction]:
    """What changed since the words were locked, and why; the latest first (seven queries)."""
    if not review.is_locked:
        return []
    own: Any = review.history
    first = own.filter(locked_on__isnull=False).order_by("history_date", "history_id").first()
    since: datetime = first.history_date
    names = dict(ReviewTheme.objects.filter(review=review).values_list("pk", "title"))
    refs = dict(Recommendation.objects.filter(challenge=challenge).values_list("pk", "ref"))
    found: list[Correction] = []
    for model, labels in _FIELDS.items():
        history: Any = model.history  # type: ignore[attr-defined]
        of_review = {"id": review.pk} if model is ProgressReview else {"review_id": review.pk}
        by_record: dict[int, list[Any]] = {}
        for row in history.filter(**of_review).order_by("id", "history_date", "history_id"):
            by_record.setdefault(row.id, []).append(row)
        for rows in by_record.values():
            for before, after in pairwise([None, *rows]):
                if after.history_date > since:
                    found += _correction(before, after, labels, names, refs)
    return sorted(found, key=lambda one: one.when, reverse=True)


def _correction(
    before: Any, after: Any, labels: dict[str, str], names: dict[int, str], refs: dict[int, str]
) -> list[Correction]:
    """One correction, or none where nothing changed but the place in a list."""
    about = _about(after, refs)
    reason = after.history_change_reason or ""
    if before is None:
        about = f"{about}: added"
        changes: tuple[Change, ...] = ()
    elif _ended(before, after):
        about = f"{about}: removed"
        changes = ()
    else:
        changes = tuple(
            Change(label, _shown(before, name, names), _shown(after, name, names))
            for name, label in labels.items()
            if getattr(before, name) != getattr(after, name)
        )
        if not changes and not reason.startswith("Suggestion "):
            return []
    return [Correction(after.history_date, about, reason, changes)]


def _ended(before: Any, after: Any) -> bool:
    return bool(getattr(after, "ended_at", None)) and not before.ended_at


def _about(row: Any, refs: dict[int, str]) -> str:
    if hasattr(row, "recommendation_id"):
        return f"Finding on {refs[row.recommendation_id]}"
    if hasattr(row, "title"):
        return f"Heading “{row.title}”"
    if hasattr(row, "role"):
        return ", ".join(part for part in (row.name, row.role, row.organisation) if part)
    return "The review"


def _shown(row: Any, name: str, names: dict[int, str]) -> str:
    value = getattr(row, name)
    if name == "theme_id":
        return names.get(value, NOTHING) if value else NOTHING
    if name == "progress":
        return str(Finding.Progress(value).label)
    return str(value) or NOTHING
