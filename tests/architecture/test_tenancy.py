"""Nobody sees another council's rows: every URL x every role x own and other council.

The matrix is made from the URLconf, so that a new URL is in it from its first day. Every row of the
other council holds a canary in its words; no answer to anyone in Ashdale may hold it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from actions.services.plan import ActionDetails, create_action
from peerplan.core import clock, history
from peerplan.core.scope import CouncilQuerySet
from peerplan.councils import gate
from peerplan.councils.capabilities import CAPABILITIES, Capability, Role
from peerplan.councils.gate import Person
from peerplan.councils.models import (
    Council,
    Directorate,
    Invitation,
    Membership,
    Portfolio,
    User,
)
from reviews.access import PAGES
from reviews.models import (
    Conclusion,
    PeerAccess,
    PeerChallenge,
    Recommendation,
    TeamMember,
    Theme,
)
from tests.architecture.routes import Route, all_routes
from tests.plugins.committees import Keys, committee_rows
from tests.plugins.returned import returned_rows

pytestmark = pytest.mark.django_db

CANARY = "Canary"
FOREIGN = 90_001
"""The key of every row of the other council: no row of Ashdale has it in any table."""
VALUES = {"council": "ashdale", "challenge": "cpc-2024", "ref": "1.1", "day": "2025-03-31"}
ARGUMENTS = (
    "challenge ref pk body seat meeting closure route step template part paper appendix issue "
    "document access resolution number recurrence file extension".split()
)
"""The arguments of URLs that stand for a row of one council."""
SCOPED = ("challenge", "pk", "body", "meeting", "route", "step", "template", "paper", "recurrence")
"""Those of them that are looked up by council alone, and not within another row."""
NO_ROWS = ("day", "deed", "key", "kind", "public_id", "rule", "way")
"""Arguments that stand for no row, or (evidence) for one that tests of its own try."""
CANDIDATES = ("1", "up", "red", "themes", "2025-03-31", "00000000-0000-4000-8000-000000000000")
CAST = {
    Role.ACTION_OWNER: "owner",
    Role.PLAN_MANAGER: "manager",
    Role.DEMOCRATIC_SERVICES: "democratic",
    Role.MEMBER: "member",
    Role.LEAD: "lead",
    Role.PEER_REVIEWER: "peer",
    Role.ADMINISTRATOR: "administrator",
}

SignIn = Callable[[Person], Client]
Rows = dict[str, list[str]]


def council_routes() -> list[Route]:
    """The routes that ask for a capability in a council."""
    return [route for route in all_routes() if isinstance(route.gate, Capability)]


@cache
def converters() -> dict[str, dict[str, Any]]:
    """The converters of each route's arguments, by the route's name."""
    lists = get_resolver().reverse_dict.lists()
    return {str(key): found for key, values in lists for _, _, _, found in values}


def address(route: Route, /, **given: str) -> str:
    """A URL of the route, with what is given and, for the rest, values of the right kind."""
    values = VALUES | given
    parts = {
        part: values.get(part)
        or next(value for value in CANDIDATES if re.fullmatch(converter.regex, value))
        for part, converter in converters()[route.name].items()
    }
    return reverse(route.name, kwargs=parts)


def answers(client: Client, url: str) -> Iterator[tuple[str, HttpResponse]]:
    """The answers to reading and to writing hardly anything."""
    yield f"GET {url}", client.get(url)
    yield f"POST {url}", client.post(url, {"version": "1"})


def words(answer: HttpResponse) -> str:
    """The text of an answer, a streamed one too, without the form tokens that always differ."""
    parts = answer.streaming_content if answer.streaming else [answer.content]
    text = b"".join(parts).decode("utf-8", "replace")
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)


@pytest.fixture
def enter() -> SignIn:
    """A new client, signed in as a person."""

    def make(person: Person) -> Client:
        client = Client(raise_request_exception=False)  # a 500 is one of the answers to find
        backend = "allauth.account.auth_backends.AuthenticationBackend"
        client.force_login(person.user, backend=backend)
        return client

    return make


@pytest.fixture
def other_rows(other_council: Council, outsider: Person) -> Rows:
    """What URLs of the other council's rows have in them, by the name of the argument."""
    author = outsider.user
    challenge = PeerChallenge(
        council=other_council,
        slug="elsewhere-2024",
        title=f"{CANARY} challenge",
        on_site_from=date(2024, 6, 26),
        on_site_to=date(2024, 6, 28),
        adopted_on=date(2024, 12, 17),
    )
    history.save(challenge, author=author)
    recommendation = Recommendation(challenge=challenge, ref="77", title=f"{CANARY} recommendation")
    reader = User.objects.create_user("canary@mereford.example", name=CANARY)
    rows: list[models.Model] = [
        recommendation,
        Theme(challenge=challenge, title=f"{CANARY} theme"),
        TeamMember(challenge=challenge, role=f"{CANARY} peer"),
        Conclusion(challenge=challenge, text=f"{CANARY} conclusion"),
        PeerAccess(
            challenge=challenge,
            email="peer@lga.example",  # as of the peer who reads Ashdale's
            name=f"{CANARY} peer",
            opens_on=date(2000, 1, 1),
            closes_on=date(2099, 12, 31),
        ),
        Directorate(council=other_council, name=f"{CANARY} directorate"),
        Portfolio(council=other_council, name=f"{CANARY} portfolio"),
        Membership(council=other_council, user=reader, role=Role.MEMBER, post=f"{CANARY} post"),
    ]
    for row in rows:
        row.pk = FOREIGN
        history.save(row, author=author)
    Invitation(
        pk=FOREIGN,
        council=other_council,
        email="canary.invited@mereford.example",
        name=CANARY,
        role=Role.MEMBER,
        token_sha256="0" * 64,
        invited_by=author,
        expires_at=clock.now() + timedelta(days=14),
    ).save()
    create_action(
        challenge=challenge,
        details=ActionDetails(
            ref="77.1",
            title=f"{CANARY} action",
            lead_role=f"{CANARY} head",
            in_plan_from=date(2024, 12, 17),
        ),
        recommendations=[recommendation],
        author=outsider,
    )
    committees = committee_rows(challenge, outsider, CANARY, FOREIGN)
    committees |= returned_rows(challenge, outsider, CANARY, FOREIGN)
    found = {"challenge": [challenge.slug], "ref": ["77", "77.1"]}
    found |= {"pk": [str(FOREIGN)], "access": [str(FOREIGN)]}
    return found | {argument: [key] for argument, key in committees.items()}


@pytest.fixture
def own_keys(challenge: PeerChallenge, democratic: Person) -> Keys:
    """What stands in the URLs of Ashdale's own committees, so that only one part is foreign."""
    return committee_rows(challenge, democratic, "Own") | returned_rows(
        challenge, democratic, "Own"
    )


def test_a_stranger_reaches_no_page_of_a_council(challenge: PeerChallenge) -> None:
    let_in = [
        (what, answer.status_code)
        for route in council_routes()
        for what, answer in answers(Client(), address(route))
        if answer.status_code not in {302, 401} or challenge.title in words(answer)
    ]
    assert let_in == []


def told_apart(client: Client) -> list[tuple[str, int]]:
    """Where Ashdale answers a stranger other than a council that never was."""
    wrong = []
    for route in council_routes():
        of_ashdale = answers(client, address(route))
        of_nobody = answers(client, address(route, council="never-was"))
        for (what, answer), (_, expected) in zip(of_ashdale, of_nobody, strict=True):
            if answer.status_code != 404 or words(answer) != words(expected):
                wrong.append((what, answer.status_code))
    return wrong


def refused_with(role: Role, route: Route, what: str) -> int | None:
    """The status with which a role is refused there; None where it passes."""
    may = route.gate in CAPABILITIES[role]
    if role is not Role.PEER_REVIEWER:
        return None if may else 403
    if what.startswith("POST"):
        return 403
    return None if may and route.name in {"home", *PAGES} else 404


def wrong_for_role(role: Role, client: Client, own: Keys) -> list[tuple[str, int, str]]:
    """Where a role passes without the capability, meets an error, or reads the canary."""
    wrong = []
    for route in council_routes():
        for what, answer in answers(client, address(route, **own)):
            leaks, refused = CANARY in words(answer), refused_with(role, route, what)
            unrefused = refused is not None and answer.status_code != refused
            if leaks or answer.status_code >= 500 or unrefused:
                wrong.append((what, answer.status_code, "leaks" if leaks else ""))
    return wrong


def found_elsewhere(
    argument: str, foreign: list[str], client_of: Callable[[Capability], Client], own: Keys
) -> list[tuple[str, int]]:
    """Where an own URL with one argument of the other council's is not simply not found."""
    found = []
    for route in council_routes():
        if argument not in route.arguments:
            continue
        for value in foreign:
            for what, answer in answers(
                client_of(route.gate), address(route, **own | {argument: value})
            ):
                if answer.status_code not in {404, 405}:
                    found.append((what, answer.status_code))
    return found


@pytest.fixture
def client_of(request: pytest.FixtureRequest, enter: SignIn) -> Callable[[Capability], Client]:
    """The client of somebody in Ashdale who has a capability."""

    @cache
    def make(capability: Capability) -> Client:
        role = next(role for role in CAST if capability in CAPABILITIES[role])
        return enter(request.getfixturevalue(CAST[role]))

    return make


def test_people_of_another_council_get_the_answer_of_one_that_never_was(
    challenge: PeerChallenge, outsider: Person, enter: SignIn
) -> None:
    assert told_apart(enter(outsider)) == []


@pytest.mark.parametrize("role", CAST)
def test_a_role_passes_where_it_may_and_meets_no_row_of_another_council(
    role: Role,
    request: pytest.FixtureRequest,
    enter: SignIn,
    act: Callable[..., Any],
    other_rows: Rows,
    own_keys: Keys,
) -> None:
    act("1.1")
    assert wrong_for_role(role, enter(request.getfixturevalue(CAST[role])), own_keys) == []


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_another_councils_part_of_an_own_url_is_not_found(
    argument: str,
    own_keys: Keys,
    other_rows: Rows,
    client_of: Callable[[Capability], Client],
) -> None:
    assert found_elsewhere(argument, other_rows[argument], client_of, own_keys) == []


def test_every_argument_of_a_url_is_in_the_matrix() -> None:
    found = {argument for route in council_routes() for argument in route.arguments}
    assert found == {"council", *ARGUMENTS, *NO_ROWS}


@pytest.mark.parametrize("argument", SCOPED)
def test_the_matrix_notices_a_scope_that_lets_every_council_in(
    argument: str,
    own_keys: Keys,
    other_rows: Rows,
    client_of: Callable[[Capability], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CouncilQuerySet, "for_council", lambda rows, council: rows)
    assert found_elsewhere(argument, other_rows[argument], client_of, own_keys) != []


def test_the_matrix_notices_a_gate_that_asks_for_no_membership(
    challenge: PeerChallenge, outsider: Person, enter: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Person(outsider.user, challenge.council, outsider.membership)
    monkeypatch.setattr(gate, "person_in", lambda user, slug: here)
    assert told_apart(enter(outsider)) != []


def test_the_matrix_notices_a_gate_that_asks_for_no_capability(
    member: Person,
    enter: SignIn,
    act: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act("1.1")
    monkeypatch.setattr(Person, "require", lambda person, capability: None)
    assert wrong_for_role(Role.MEMBER, enter(member), {}) != []


def test_the_matrix_notices_a_door_that_lets_peers_in_everywhere(
    peer: Person,
    enter: SignIn,
    act: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act("1.1")
    monkeypatch.setattr(gate, "peer_door", lambda request, kwargs, show: show())
    assert wrong_for_role(Role.PEER_REVIEWER, enter(peer), {}) != []


def test_the_cast_has_every_role() -> None:
    assert set(CAST) == set(Role)
