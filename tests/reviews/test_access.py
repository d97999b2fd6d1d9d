"""Letting a peer read for a time: the rules of the period, of persons, and of the record."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.http import FileResponse, HttpResponse

from peerplan.core import history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Invitation
from peerplan.councils.services import invitations, people
from reviews import access as rules
from reviews.access import Standing, standing_of
from reviews.models import PeerAccess, PeerChallenge, PeerView
from reviews.services import access as services
from tests.conftest import let_read, make_person

MAY = {"opens_on": date(2025, 5, 1), "closes_on": date(2025, 5, 31)}
EMAIL = "peer@lga.example"
Invite = Callable[..., services.InvitedPeer]


@pytest.fixture(autouse=True)
def in_april() -> Iterator[time_machine.Traveller]:
    """10 April 2025, standing still unless moved."""
    with time_machine.travel("2025-04-10 09:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def invite(challenge: PeerChallenge, manager: Person) -> Invite:
    """Invites the peer for May."""

    def make(**given: Any) -> services.InvitedPeer:
        asked: dict[str, Any] = {"challenge": challenge, "author": manager, "email": EMAIL}
        asked |= MAY | given
        return services.invite_peer(**asked)

    return make


def refused(make: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        make()
    return error.value.fields


# --- The period ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "ended", "stands"),
    [
        (date(2025, 4, 30), False, Standing.TO_COME),
        (date(2025, 5, 1), False, Standing.OPEN),
        (date(2025, 5, 31), False, Standing.OPEN),
        (date(2025, 6, 1), False, Standing.OVER),
        (date(2025, 5, 15), True, Standing.ENDED),
        (date(2025, 4, 1), True, Standing.ENDED),
    ],
)
def test_an_access_is_open_from_its_first_day_to_its_last(
    on: date, ended: bool, stands: Standing
) -> None:
    at = datetime(2025, 5, 14, 12, tzinfo=UTC) if ended else None
    access = PeerAccess(email=EMAIL, ended_at=at, **MAY)
    assert standing_of(access, on) is stands
    assert rules.open_now([access], on) == ([access] if stands is Standing.OPEN else [])


@pytest.mark.parametrize(
    ("on", "ended", "told"),
    [
        (date(2025, 4, 30), False, "Your access opens on 1 May 2025."),
        (date(2025, 5, 1), False, "Your access ends after 31 May 2025."),
        (date(2025, 6, 1), False, "Your access ended after 31 May 2025."),
        (date(2025, 6, 1), True, "The council ended your access on 15 May 2025."),
    ],
)
def test_the_peer_is_told_where_an_access_stands(on: date, ended: bool, told: str) -> None:
    at = datetime(2025, 5, 14, 23, 30, tzinfo=UTC) if ended else None  # the 15th in London
    assert rules.sentence_of(PeerAccess(email=EMAIL, ended_at=at, **MAY), on) == told


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opens_on", "closes_on", "message"),
    [
        (
            date(2025, 5, 31),
            date(2025, 5, 30),
            "The last day cannot be before the first, 31 May 2025.",
        ),
        (
            date(2025, 3, 1),
            date(2025, 4, 9),
            "This day has passed: give today or a later day.",
        ),
        (
            date(2025, 5, 1),
            date(2026, 5, 3),
            "Give a year at most: the last day can be changed when it comes.",
        ),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    opens_on: date, closes_on: date, message: str, invite: Invite
) -> None:
    found = refused(lambda: invite(opens_on=opens_on, closes_on=closes_on))
    assert found == {"closes_on": message}
    assert not PeerAccess.objects.exists()
    assert not Invitation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opens_on", "closes_on"),
    [
        (date(2025, 4, 10), date(2025, 4, 10)),
        (date(2025, 5, 1), date(2026, 5, 2)),
    ],
)
def test_one_day_and_a_year_are_periods(opens_on: date, closes_on: date, invite: Invite) -> None:
    assert invite(opens_on=opens_on, closes_on=closes_on).access.pk


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_someone_new_gets_an_access_and_an_invitation_to_one_role(invite: Invite) -> None:
    made = invite(email="Peer@LGA.example", name="Pat Peer", post="Officer peer, Oakham")
    assert made.access.email == EMAIL
    assert made.invited is not None
    sent = made.invited.invitation
    assert (sent.email, sent.role, sent.reads_exempt) == (EMAIL, Role.PEER_REVIEWER, False)
    joined = invitations.accept_as_new_person(
        invitation=sent, name="Pat Peer", password="three unrelated words"
    )
    person = Person(joined.user, joined.council, joined)
    assert [each.pk for each in rules.accesses_of(person)] == [made.access.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["member", "owner", "administrator"])
def test_who_has_another_role_in_the_council_is_not_made_a_peer(
    who: str, invite: Invite, request: pytest.FixtureRequest
) -> None:
    person: Person = request.getfixturevalue(who)
    role = person.membership.get_role_display().lower()
    found = refused(lambda: invite(email=person.user.email.upper()))
    assert f"in the council as {role}." in found["email"]
    assert not PeerAccess.objects.exists()


@pytest.mark.django_db
def test_who_is_invited_to_another_role_is_not_made_a_peer(
    invite: Invite, council: Council, administrator: Person
) -> None:
    invitations.invite(
        council=council,
        email=EMAIL,
        name="",
        role=Role.MEMBER,
        post="Member",
        reads_exempt=False,
        author=administrator.user,
    )
    assert "invited to the council as scrutiny" in refused(invite)["email"]
    assert Invitation.objects.count() == 1


@pytest.mark.django_db
def test_who_left_another_role_may_come_back_as_a_peer(
    invite: Invite, member: Person, administrator: Person
) -> None:
    people.end_membership(membership=member.membership, version=1, author=administrator.user)
    assert invite(email=member.user.email).invited is not None


@pytest.mark.django_db
def test_the_same_person_has_one_access_to_a_challenge(invite: Invite) -> None:
    invite()
    found = refused(lambda: invite(email="PEER@lga.example"))
    assert found["email"].startswith("This person has an access until 31 May 2025 already")
    assert PeerAccess.objects.count() == 1


@pytest.mark.django_db
def test_who_was_ended_may_be_invited_anew(invite: Invite, manager: Person) -> None:
    first = invite().access
    services.end_access(access=first, version=1, author=manager)
    second = invite().access
    assert first.pk != second.pk
    assert {each.ended_at is None for each in PeerAccess.objects.all()} == {True, False}


@pytest.fixture
def other_challenge(council: Council, manager: Person) -> PeerChallenge:
    """A second challenge of the same council."""
    record = PeerChallenge(
        council=council,
        slug="cpc-2019",
        title="Corporate Peer Challenge 2019",
        on_site_from=date(2019, 6, 26),
        on_site_to=date(2019, 6, 28),
        adopted_on=date(2019, 12, 17),
    )
    history.save(record, author=manager.user)
    return record


@pytest.mark.django_db
def test_a_peer_who_joined_reads_a_second_challenge_without_a_second_invitation(
    invite: Invite, peer: Person, other_challenge: PeerChallenge
) -> None:
    made = invite(challenge=other_challenge)
    assert made.invited is None
    assert not Invitation.objects.exists()
    found = rules.accesses_of(peer)
    assert {each.challenge.slug for each in found} == {"cpc-2024", "cpc-2019"}


@pytest.mark.django_db
def test_a_second_challenge_sends_an_invitation_that_waits_again(
    invite: Invite, other_challenge: PeerChallenge
) -> None:
    first, second = invite(), invite(challenge=other_challenge)
    assert first.invited is not None
    assert second.invited is not None
    assert invitations.find_invitation(first.invited.token).withdrawn_at is not None  # type: ignore[union-attr]
    waiting = Invitation.objects.filter(withdrawn_at=None)
    assert [each.pk for each in waiting] == [second.invited.invitation.pk]


@pytest.mark.django_db
def test_one_person_reads_in_two_councils_each_with_an_access_of_its_own(
    invite: Invite, peer: Person, other_council: Council, outsider: Person
) -> None:
    membership = people.add_member(
        council=other_council,
        user=peer.user,
        role=Role.PEER_REVIEWER,
        post="Peer",
        reads_exempt=False,
        author=outsider.user,
    )
    there = Person(peer.user, other_council, membership)
    assert rules.accesses_of(there) == []
    assert [each.challenge.slug for each in rules.accesses_of(peer)] == ["cpc-2024"]


@pytest.mark.django_db
def test_an_access_that_stands_goes_before_one_that_was_ended_later(
    challenge: PeerChallenge, peer: Person
) -> None:
    ended = datetime(2025, 4, 1, tzinfo=UTC)
    let_read(peer, challenge, closes_on=date(2100, 12, 31), ended_at=ended)
    found = rules.accesses_of(peer)
    assert len(found) == 2
    chosen = rules.access_to(found, challenge.slug)
    assert chosen is not None
    assert chosen.ended_at is None
    assert rules.by_challenge(found) == [chosen]
    assert rules.access_to(found, "another") is None


# --- Who may let in, change and end -------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["owner", "member", "democratic", "lead", "administrator", "peer"])
def test_only_a_plan_manager_lets_peers_in(
    who: str, invite: Invite, manager: Person, request: pytest.FixtureRequest
) -> None:
    access = invite(email="second@lga.example").access
    author = request.getfixturevalue(who)
    change: dict[str, Any] = {"name": "", "post": "", "version": 1} | MAY
    for attempt in (
        lambda: invite(author=author, email="third@lga.example"),
        lambda: services.change_access(access=access, author=author, **change),
        lambda: services.end_access(access=access, version=1, author=author),
        lambda: services.send_again(access=access, author=author),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert not PeerAccess.objects.filter(email="third@lga.example").exists()
    assert PeerAccess.objects.get(pk=access.pk).version == 1


@pytest.mark.django_db
def test_a_plan_manager_of_another_council_lets_nobody_in(invite: Invite, outsider: Person) -> None:
    access = invite().access
    with pytest.raises(NotPermitted):
        invite(author=outsider, email="second@lga.example")
    with pytest.raises(NotPermitted):
        services.end_access(access=access, version=1, author=outsider)


@pytest.mark.django_db
def test_the_period_changes_with_history(invite: Invite, manager: Person) -> None:
    access = invite().access
    services.change_access(
        access=access,
        version=1,
        author=manager,
        name="Pat Peer",
        post="Officer peer",
        opens_on=date(2025, 4, 20),
        closes_on=date(2025, 6, 30),
    )
    kept = PeerAccess.objects.get()
    assert (kept.name, kept.opens_on, kept.closes_on) == (
        "Pat Peer",
        date(2025, 4, 20),
        date(2025, 6, 30),
    )
    assert [row.closes_on for row in kept.history.order_by("history_id")] == [
        date(2025, 5, 31),
        date(2025, 6, 30),
    ]


@pytest.mark.django_db
def test_a_change_is_refused_where_it_makes_no_sense(
    invite: Invite, manager: Person, in_april: time_machine.Traveller
) -> None:
    access = invite().access

    def change(**given: Any) -> PeerAccess:
        asked: dict[str, Any] = {"name": "", "post": "", "version": 1} | MAY | given
        return services.change_access(access=access, author=manager, **asked)

    before = refused(lambda: change(opens_on=date(2025, 6, 1)))
    assert before == {"closes_on": "The last day cannot be before the first, 1 June 2025."}
    past = refused(lambda: change(opens_on=date(2025, 4, 1), closes_on=date(2025, 4, 9)))
    assert past == {"closes_on": "This day has passed: use “End access now” instead."}
    with pytest.raises(Stale):
        change(version=7)
    in_april.move_to("2025-06-10 09:00:00+00:00")
    assert change(name="Pat Peer").name == "Pat Peer"  # its last day may stay in the past
    services.end_access(access=access, version=2, author=manager)
    assert "was ended" in refused(lambda: change(version=3))[""]


@pytest.mark.django_db
def test_ending_takes_the_invitation_back_unless_another_access_needs_it(
    invite: Invite, manager: Person, other_challenge: PeerChallenge
) -> None:
    first, second = invite().access, invite(challenge=other_challenge).access
    services.end_access(access=first, version=1, author=manager)
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1
    services.end_access(access=second, version=1, author=manager)
    assert not Invitation.objects.filter(withdrawn_at=None).exists()


@pytest.mark.django_db
def test_ending_twice_is_told(invite: Invite, manager: Person) -> None:
    access = services.end_access(access=invite().access, version=1, author=manager)
    with pytest.raises(Stale):
        services.end_access(access=access, version=1, author=manager)
    assert (
        "already"
        in refused(lambda: services.end_access(access=access, version=2, author=manager))[""]
    )


@pytest.mark.django_db
def test_sending_again_makes_a_new_link(
    invite: Invite, manager: Person, in_april: time_machine.Traveller
) -> None:
    made = invite()
    again = services.send_again(access=made.access, author=manager)
    assert made.invited is not None
    assert again.invited is not None
    assert again.invited.token != made.invited.token
    in_april.move_to("2025-05-20 09:00:00+00:00")  # after the invitation ran out
    assert services.send_again(access=made.access, author=manager).invited is not None
    in_april.move_to("2025-06-20 09:00:00+00:00")
    found = refused(lambda: services.send_again(access=made.access, author=manager))
    assert found[""].startswith("This access is over")


@pytest.mark.django_db
def test_sending_again_to_someone_who_has_joined_is_refused(peer: Person, manager: Person) -> None:
    challenge = PeerChallenge(
        council=peer.council,
        slug="one",
        title="One",
        on_site_from=date(2024, 6, 26),
        on_site_to=date(2024, 6, 28),
    )
    history.save(challenge, author=manager.user)
    access = let_read(peer, challenge)
    found = refused(lambda: services.send_again(access=access, author=manager))
    assert found[""].startswith("This person has joined already")


# --- How far people have come -------------------------------------------------------------------


@pytest.mark.django_db
def test_the_manager_sees_how_far_each_person_has_come(
    invite: Invite,
    challenge: PeerChallenge,
    council: Council,
    manager: Person,
    in_april: time_machine.Traveller,
) -> None:
    make_person(council, Role.PEER_REVIEWER, "here@lga.example", "Peer")
    turned = make_person(council, Role.PEER_REVIEWER, "turned@lga.example", "Peer")
    for email in ("here@lga.example", "turned@lga.example", "asked@lga.example"):
        invite(email=email)
    people.change_membership(
        membership=turned.membership,
        role=Role.MEMBER,
        post="Member",
        reads_exempt=False,
        ends_on=None,
        version=1,
        author=manager.user,
    )
    withdrawn = invite(email="withdrawn@lga.example").invited
    assert withdrawn is not None
    invitations.withdraw_invitation(invitation=withdrawn.invitation, author=manager.user)

    def words() -> dict[str, str]:
        rows = rules.peer_rows(challenge, date(2025, 4, 10))
        return {row.access.email.partition("@")[0]: row.account.words for row in rows}

    assert words() == {
        "here": "Has joined",
        "turned": "Now here as scrutiny or executive member: this access is not used",
        "asked": "Invited, answer by 24 April 2025",
        "withdrawn": "No invitation is waiting",
    }
    in_april.move_to("2025-05-01 09:00:00+00:00")
    assert words()["asked"] == "Invitation ran out on 24 April 2025"


@pytest.mark.django_db
def test_rows_stand_in_the_order_open_to_come_over_ended(
    challenge: PeerChallenge, invite: Invite, manager: Person, council: Council
) -> None:
    def one(email: str, opens: date, closes: date) -> PeerAccess:
        person = make_person(council, Role.PEER_REVIEWER, f"{email}@lga.example", "Peer")
        return let_read(person, challenge, opens_on=opens, closes_on=closes)

    gone = one("gone", date(2025, 1, 1), date(2025, 12, 31))
    services.end_access(access=gone, version=1, author=manager)
    one("over", date(2025, 1, 1), date(2025, 1, 31))
    one("coming", date(2025, 5, 1), date(2025, 5, 31))
    reading = one("reading", date(2025, 4, 1), date(2025, 4, 30))
    services.record_view(access=reading, what="Plan", path="/p/")
    services.record_view(access=reading, what="1.1", path="/p/1.1/")
    rows = rules.peer_rows(challenge, date(2025, 4, 10))
    assert [row.access.email.partition("@")[0] for row in rows] == [
        "reading",
        "coming",
        "over",
        "gone",
    ]
    assert [row.views for row in rows] == [2, 0, 0, 0]
    assert rows[0].last_view == datetime(2025, 4, 10, 9, tzinfo=UTC)


# --- What is told of a look ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (
            "<head><title>Action plan · Challenge · PeerPlan · Ashdale</title>",
            "Action plan · Challenge",
        ),
        ("<title>\n 1.1 &amp; what&#x27;s next\n · PeerPlan</title>", "1.1 & what's next"),
        ("<title>A\0B</title>", "AB"),
        ("<p>A part of a page</p>", "plan"),
        (f"<title>{'x' * 300} · PeerPlan</title>", "x" * 200),
    ],
)
def test_a_page_is_told_by_its_title(page: str, told: str) -> None:
    assert rules.what_it_shows(HttpResponse(page), "/c/ashdale/cpc-2024/plan/") == told


def test_a_file_is_told_by_its_name() -> None:
    for name in ("Minute of 3 June.pdf", "Prüfung – “neu”.pdf"):
        file = FileResponse(io.BytesIO(b"x"), as_attachment=True, filename=name)
        assert rules.what_it_shows(file, "/c/") == name
    data = HttpResponse("<title>no</title>", content_type="text/csv")
    data["Content-Disposition"] = 'attachment; filename="ashdale.csv"'
    assert rules.what_it_shows(data, "/c/") == "ashdale.csv"
    bare = HttpResponse("<title>no</title>", content_type="text/csv")
    assert rules.what_it_shows(bare, "/c/plan.csv") == "plan.csv"


@pytest.mark.parametrize(
    ("status", "shown"), [(200, True), (304, True), (302, False), (404, False), (422, False)]
)
def test_what_shows_nothing_is_no_look(status: int, shown: bool) -> None:
    assert rules.was_shown(HttpResponse(status=status)) is shown


@pytest.mark.django_db
def test_a_record_is_cut_to_its_room_and_never_refused(
    challenge: PeerChallenge, peer: Person
) -> None:
    access = rules.accesses_of(peer)[0]
    services.record_view(access=access, what="w" * 999, path="/" + "p" * 999)
    kept = PeerView.objects.get()
    assert (len(kept.what), len(kept.path)) == (200, 500)
    assert kept.viewed_at == datetime(2025, 4, 10, 9, tzinfo=UTC)


@pytest.mark.django_db
def test_a_peer_is_found_by_the_address_they_sign_in_with(
    challenge: PeerChallenge, peer: Person
) -> None:
    assert len(rules.accesses_of(peer)) == 1
    peer.user.email = "other@lga.example"
    peer.user.save()
    assert rules.accesses_of(peer) == []


def test_a_peer_made_anonymous_is_forgotten_here_too_and_what_they_read_stays(
    peer: Person, challenge: PeerChallenge, administrator: Person
) -> None:
    access = PeerAccess.objects.get(challenge=challenge)
    PeerView.objects.create(access=access, what="Action plan", path="/c/ashdale/cpc-2024/")
    gone = people.end_membership(membership=peer.membership, version=1, author=administrator.user)
    address = peer.user.email
    people.make_anonymous(membership=gone, version=gone.version, author=administrator.user)
    access.refresh_from_db()
    assert address != access.email
    assert access.name == ""
    past = PeerAccess.history.filter(id=access.pk)  # type: ignore[attr-defined]
    assert past.exists()
    assert not past.filter(email__iexact=address).exists()
    assert not past.exclude(name="").exists()
    assert access.views.count() == 1


# --- A closed plan ------------------------------------------------------------------------------


def test_an_access_to_a_closed_plan_is_still_given_changed_and_ended(
    invite: Invite, challenge: PeerChallenge, manager: Person
) -> None:
    challenge.closed_on = date(2025, 4, 1)
    history.save(challenge, author=manager.user)
    access = invite(challenge=PeerChallenge.objects.get(pk=challenge.pk)).access
    access = services.change_access(
        access=access,
        version=1,
        author=manager,
        name="",
        post="",
        opens_on=date(2025, 5, 1),
        closes_on=date(2025, 5, 10),
    )
    assert services.end_access(access=access, version=2, author=manager).ended_at is not None
