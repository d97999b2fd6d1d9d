"""Each named constraint of this app, broken on purpose, past the services."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from peerplan.core import clock, history
from peerplan.councils.gate import Person
from reviews import models
from reviews.models import (
    Conclusion,
    PeerChallenge,
    Recommendation,
    RecommendationTheme,
    TeamMember,
    Theme,
)

pytestmark = pytest.mark.django_db

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
        for model in vars(models).values()
        if isinstance(model, type) and getattr(model, "__module__", "") == "reviews.models"
        for constraint in getattr(getattr(model, "_meta", None), "constraints", ())
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
