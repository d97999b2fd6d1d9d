"""Challenges at both ends of setting up, made through the services."""

from collections.abc import Callable
from datetime import date

import pytest

from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from reviews.models import PeerChallenge, Recommendation, Theme
from reviews.services import challenges, parts, recommendations

Add = Callable[..., Recommendation]


@pytest.fixture
def setting_up(council: Council, manager: Person) -> PeerChallenge:
    """A challenge of March 2026 that is not adopted yet."""
    return challenges.create_challenge(
        council=council,
        author=manager,
        kind="cpc",
        title="Corporate Peer Challenge 2026",
        on_site_from=date(2026, 3, 3),
        on_site_to=date(2026, 3, 5),
    )


@pytest.fixture
def add(setting_up: PeerChallenge, manager: Person) -> Add:
    """Adds recommendations to it: `add("1", wording="...")`."""

    def make(ref: str = "1", **given: object) -> Recommendation:
        fields: dict[str, object] = {"title": f"Heading of {ref}"} | given
        return recommendations.add_recommendation(
            challenge=setting_up,
            author=manager,
            ref=ref,
            **fields,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture
def theme(setting_up: PeerChallenge, manager: Person) -> Theme:
    return parts.add_theme(challenge=setting_up, author=manager, title="Housing repairs")


@pytest.fixture
def adopt(setting_up: PeerChallenge, manager: Person) -> Callable[[], PeerChallenge]:
    """Adopts the challenge that is being set up."""

    def make() -> PeerChallenge:
        setting_up.refresh_from_db()
        return challenges.adopt(
            challenge=setting_up,
            adopted_on=date(2026, 7, 14),
            author=manager,
            version=setting_up.version,
        )

    return make


@pytest.fixture
def foreign(other_council: Council, outsider: Person) -> PeerChallenge:
    """A challenge of the other council, with the address of ours."""
    return challenges.create_challenge(
        council=other_council,
        author=outsider,
        kind="cpc",
        title="Corporate Peer Challenge 2026",
        slug="corporate-peer-challenge-2026",
        on_site_from=date(2026, 3, 3),
        on_site_to=date(2026, 3, 5),
    )
