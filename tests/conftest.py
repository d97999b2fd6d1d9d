"""The cast. Each is a `Person`: a user with a role in Ashdale, but for the outsider."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.plan import ActionDetails, create_action
from peerplan.core import history
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership, User
from peerplan.councils.services.structure import create_council
from reviews.models import PeerAccess, PeerChallenge, Recommendation

pytest_plugins = [
    "tests.plugins.halves",
    "tests.plugins.plans",
    "tests.plugins.papers",
    "tests.plugins.issuing",
]

Act = Callable[..., Action]


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Tests make hundreds of people; the slow hash of a password protects none of them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make_person(council: Council, role: str, email: str, post: str, exempt: bool = False) -> Person:
    """A saved person with `role` in `council`."""
    user = User.objects.create_user(email, "correct horse battery staple")
    membership = Membership(council=council, user=user, role=role, post=post, reads_exempt=exempt)
    history.save(membership, author=user)
    return Person(user=user, council=council, membership=membership)


@pytest.fixture
def founder(db: None) -> User:
    """Whoever sets councils up."""
    return User.objects.create_user("founder@peerplan.example")


@pytest.fixture
def council(founder: User) -> Council:
    """Ashdale, the council of the cast."""
    return create_council(
        name="Ashdale District Council",
        slug="ashdale",
        kind="district",
        nation="england",
        author=founder,
    )


@pytest.fixture
def other_council(founder: User) -> Council:
    """Another council, whose rows nobody in Ashdale may see."""
    return create_council(
        name="Mereford Borough Council",
        slug="mereford",
        kind="district",
        nation="england",
        author=founder,
    )


@pytest.fixture
def owner(council: Council) -> Person:
    return make_person(council, Role.ACTION_OWNER, "owner@ashdale.example", "Head of Housing")


@pytest.fixture
def manager(council: Council) -> Person:
    return make_person(
        council, Role.PLAN_MANAGER, "manager@ashdale.example", "Policy Manager", exempt=True
    )


@pytest.fixture
def democratic(council: Council) -> Person:
    return make_person(
        council,
        Role.DEMOCRATIC_SERVICES,
        "democratic@ashdale.example",
        "Democratic Services Officer",
    )


@pytest.fixture
def member(council: Council) -> Person:
    return make_person(council, Role.MEMBER, "member@ashdale.example", "Chair of Scrutiny")


@pytest.fixture
def lead(council: Council) -> Person:
    return make_person(council, Role.LEAD, "lead@ashdale.example", "Chief Executive", exempt=True)


@pytest.fixture
def administrator(council: Council) -> Person:
    return make_person(council, Role.ADMINISTRATOR, "admin@ashdale.example", "ICT Manager")


def let_read(peer: Person, challenge: PeerChallenge, **given: Any) -> PeerAccess:
    """An access of `peer` to `challenge`, open in every year that tests travel to."""
    period = {"opens_on": date(2000, 1, 1), "closes_on": date(2099, 12, 31)}
    access = PeerAccess(challenge=challenge, email=peer.user.email, **(period | given))
    history.save(access, author=peer.user)
    return access


@pytest.fixture
def peer(council: Council, request: pytest.FixtureRequest) -> Person:
    """A peer reviewer, who may read `challenge` in a test that has it."""
    person = make_person(council, Role.PEER_REVIEWER, "peer@lga.example", "Peer")
    if "challenge" in request.fixturenames:
        let_read(person, request.getfixturevalue("challenge"))
    return person


@pytest.fixture
def outsider(other_council: Council) -> Person:
    """A plan manager elsewhere, who must see nothing of Ashdale."""
    return make_person(
        other_council, Role.PLAN_MANAGER, "outsider@mereford.example", "Policy Manager", exempt=True
    )


@pytest.fixture
def challenge(council: Council, manager: Person) -> PeerChallenge:
    """A challenge of June 2024, adopted in December 2024."""
    record = PeerChallenge(
        council=council,
        slug="cpc-2024",
        title="Corporate Peer Challenge 2024",
        on_site_from=date(2024, 6, 26),
        on_site_to=date(2024, 6, 28),
        plan_approved_on=date(2024, 12, 17),
        adopted_on=date(2024, 12, 17),
    )
    history.save(record, author=manager.user)
    return record


@pytest.fixture
def recommendation(challenge: PeerChallenge, manager: Person) -> Recommendation:
    """Recommendation 1 of the challenge."""
    record = Recommendation(
        challenge=challenge,
        ref="1",
        title="Repair homes faster",
        wording="Map how repairs are done and remove what slows them.",
    )
    history.save(record, author=manager.user)
    return record


@pytest.fixture
def act(challenge: PeerChallenge, recommendation: Recommendation, manager: Person) -> Act:
    """Makes actions: `act("1.1", lead_role="Head of Housing", ...)`."""

    def make(ref: str = "1.1", **details: object) -> Action:
        given: dict[str, object] = {
            "title": f"Do what action {ref} says",
            "in_plan_from": date(2024, 12, 17),
            "lead_role": "Head of Housing",
            "original_due": date(2025, 6, 30),
        } | details
        return create_action(
            challenge=challenge,
            details=ActionDetails(ref=ref, **given),  # type: ignore[arg-type]
            recommendations=[recommendation],
            author=manager,
        )

    return make


@pytest.fixture
def draft() -> Callable[..., UpdateDraft]:
    """A draft of a green update as at 31 March 2025, with what is given instead."""

    def make(**given: object) -> UpdateDraft:
        base: dict[str, object] = {
            "as_at": date(2025, 3, 31),
            "state": "in-progress",
            "rating": "green",
            "forecast": "green",
            "commentary": "The first three areas have been mapped.",
        }
        return UpdateDraft(**(base | given))  # type: ignore[arg-type]

    return make


@pytest.fixture
def signed_in(client: Client) -> Callable[[Person], Client]:
    """The test client, signed in as a person."""

    def sign_in(person: Person) -> Client:
        client.force_login(
            person.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return sign_in
