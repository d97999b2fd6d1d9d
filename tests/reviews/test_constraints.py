"""Each named constraint of this app, broken on purpose, past the services."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from peerplan.core import clock, history
from peerplan.councils.gate import Person
from reviews.models import (
    ClosingLetter,
    Conclusion,
    Finding,
    PeerAccess,
    PeerChallenge,
    ProgressReview,
    Recommendation,
    RecommendationTheme,
    Recurrence,
    ReturningPeer,
    ReviewTheme,
    TeamMember,
    Theme,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
Break = Callable[["Breaker"], object]


class Breaker:
    """What a breaking row is made of."""

    def __init__(self, person: Person, challenge: PeerChallenge) -> None:
        self.person, self.challenge = person, challenge

    def save(self, record: object) -> None:
        history.save(record, author=self.person.user)  # type: ignore[arg-type]

    def changed(self, **fields: object) -> None:
        """Save the challenge with these fields."""
        for name, value in fields.items():
            setattr(self.challenge, name, value)
        self.save(self.challenge)

    def nobody(self, record: object) -> None:
        """Save without an author."""
        record._history_user = None  # type: ignore[attr-defined]
        record.save()  # type: ignore[attr-defined]

    def another(self, **fields: object) -> None:
        """Save a second challenge."""
        given = {"on_site_from": date(2025, 1, 1), "on_site_to": date(2025, 1, 2), "title": "B"}
        self.save(PeerChallenge(council=self.challenge.council, **given | fields))

    def theme(self, title: str = "Growth") -> Theme:
        theme = Theme(challenge=self.challenge, title=title)
        self.save(theme)
        return theme

    def recommendation(self, **fields: object) -> Recommendation:
        row = Recommendation(challenge=self.challenge, **{"ref": "1", "title": "A"} | fields)
        self.save(row)
        return row

    def own_parent(self) -> None:
        row = self.recommendation()
        row.parent = row
        self.save(row)

    def link(self, times: int = 1, **fields: object) -> None:
        row, theme = self.recommendation(), self.theme()
        for _ in range(times):
            RecommendationTheme.objects.create(
                recommendation=row, theme=theme, added_by=self.person.user, **fields
            )

    def review(self) -> ProgressReview:
        row = ProgressReview(challenge=self.challenge)
        self.save(row)
        return row

    def review_theme(self, review: ProgressReview, title: str) -> None:
        self.save(ReviewTheme(review=review, title=title))

    def findings(self, times: int) -> None:
        review, recommendation = self.review(), self.recommendation()
        for _ in range(times):
            self.save(Finding(review=review, recommendation=recommendation))

    def access(self, **fields: object) -> None:
        given = {"email": "p@lga.example", "opens_on": TODAY, "closes_on": TODAY}
        self.save(PeerAccess(challenge=self.challenge, **given | fields))

    def recurs(self, times: int = 1, **fields: object) -> None:
        earlier, later = self.recommendation(), self.recommendation(ref="2")
        for _ in range(times):
            given = {"earlier": earlier, "later": later, "added_by": self.person.user}
            Recurrence.objects.create(**given | fields)

    def recurs_in_itself(self) -> None:
        row = self.recommendation()
        Recurrence.objects.create(earlier=row, later=row, added_by=self.person.user)

    def two_headings(self) -> None:
        review = self.review()
        twice(lambda title: self.review_theme(review, title), "Housing", "HOUSING")


def twice(make: Callable[[str], object], first: str, second: str) -> None:
    make(first)
    make(second)


BREAKS: dict[str, Break] = {
    "challenge_slug_once": lambda it: it.another(slug=it.challenge.slug),
    "challenge_ends_after_it_begins": lambda it: it.changed(on_site_to=date(2026, 3, 2)),
    "review_ends_after_it_begins": lambda it: it.changed(
        review_from=date(2027, 1, 2), review_to=date(2027, 1, 1)
    ),
    "challenge_does_not_follow_itself": lambda it: it.changed(previous=it.challenge),
    "theme_once_a_challenge": lambda it: twice(it.theme, "Growth", "GROWTH"),
    "recommendation_ref_once_a_challenge": lambda it: twice(
        lambda ref: it.recommendation(ref=ref), "r1", "R1"
    ),
    "not_accepted_has_a_reason": lambda it: it.recommendation(response="not-accepted"),
    "recommendation_is_not_its_own_parent": lambda it: it.own_parent(),
    "recommendation_theme_once": lambda it: it.link(times=2),
    "h_reviews_peerchallenge_author": lambda it: it.nobody(it.challenge),
    "h_reviews_theme_author": lambda it: it.nobody(Theme(challenge=it.challenge, title="A")),
    "h_reviews_teammember_author": lambda it: it.nobody(
        TeamMember(challenge=it.challenge, role="Peer")
    ),
    "h_reviews_conclusion_author": lambda it: it.nobody(
        Conclusion(challenge=it.challenge, text="Good")
    ),
    "h_reviews_recommendation_author": lambda it: it.nobody(
        Recommendation(challenge=it.challenge, ref="1", title="A")
    ),
    "challenge_closes_after_adoption": lambda it: it.changed(closed_on=TODAY),
    "review_theme_once_a_review": lambda it: it.two_headings(),
    "finding_once_a_recommendation": lambda it: it.findings(times=2),
    "recurrence_once": lambda it: it.recurs(times=2),
    "recurrence_of_two_recommendations": lambda it: it.recurs_in_itself(),
    "recurrence_ended_by_somebody": lambda it: it.recurs(ended_at=clock.now()),
    "peer_access_once_a_person": lambda it: twice(
        lambda email: it.access(email=email), "p@lga.example", "P@lga.example"
    ),
    "peer_access_closes_later": lambda it: it.access(closes_on=TODAY - timedelta(days=1)),
    "h_reviews_progressreview_author": lambda it: it.nobody(ProgressReview(challenge=it.challenge)),
    "h_reviews_returningpeer_author": lambda it: it.nobody(
        ReturningPeer(review=it.review(), role="Peer")
    ),
    "h_reviews_reviewtheme_author": lambda it: it.nobody(
        ReviewTheme(review=it.review(), title="Housing")
    ),
    "h_reviews_finding_author": lambda it: it.nobody(
        Finding(review=it.review(), recommendation=it.recommendation())
    ),
    "h_reviews_closingletter_author": lambda it: it.nobody(ClosingLetter(challenge=it.challenge)),
    "h_reviews_peeraccess_author": lambda it: it.nobody(
        PeerAccess(challenge=it.challenge, email="p@lga.example", opens_on=TODAY, closes_on=TODAY)
    ),
    "recommendation_theme_ends_later": lambda it: it.link(ended_at=clock.now() - timedelta(days=1)),
}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_the_database_says_no(name: str, setting_up: PeerChallenge, manager: Person) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        BREAKS[name](Breaker(manager, setting_up))
    # SQLite names the columns or the index of a unique constraint, PostgreSQL the constraint.
    assert name in str(refused.value) or "UNIQUE" in str(refused.value)


def test_every_constraint_is_tried() -> None:
    names = {
        constraint.name
        for model in apps.get_app_config("reviews").get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint | UniqueConstraint)
    }
    assert names == set(BREAKS)


def test_a_title_stands_again_once_the_first_has_ended(
    setting_up: PeerChallenge, manager: Person
) -> None:
    it = Breaker(manager, setting_up)
    first = it.theme("Growth")
    first.ended_at = clock.now()
    it.save(first)
    it.theme("Growth")
    assert Theme.objects.filter(title="Growth").count() == 2
