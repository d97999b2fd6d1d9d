"""The door for peers, the record of each look, and the manager's pages about both."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.files import check_file
from actions.models import Action, Evidence
from actions.services.evidence import EvidenceDraft, add_evidence
from actions.services.releases import release_position
from peerplan.core import history
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Invitation, User
from reviews.access import PAGES
from reviews.models import PeerAccess, PeerChallenge, PeerView
from reviews.services import access as services
from reviews.views.door import for_peers
from tests.architecture.routes import all_routes
from tests.conftest import let_read
from tests.plugins.plans import Plan, text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
HERE = "/c/ashdale/cpc-2024/"
PEERS = f"{HERE}peers/"
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF"
PERIOD = {
    f"{name}_{index}": str(part)
    for name, day in (("opens_on", (1, 7, 2025)), ("closes_on", (31, 7, 2025)))
    for index, part in enumerate(day)
}
INVITED = PERIOD | {"email": "new@lga.example", "name": "Pat Peer", "post": "Officer peer"}


@pytest.fixture
def access(plan: Plan, peer: Person) -> PeerAccess:
    """The peer's access to the challenge of the plan."""
    return PeerAccess.objects.get(email=peer.user.email)


@pytest.fixture
def second(council: Council, manager: Person) -> PeerChallenge:
    """Another challenge of the council, later than the first: the menu would lead there."""
    record = PeerChallenge(
        council=council,
        slug="second-2025",
        title="Second challenge",
        on_site_from=date(2025, 3, 3),
        on_site_to=date(2025, 3, 5),
        adopted_on=date(2025, 6, 1),
    )
    history.save(record, author=manager.user)
    return record


def moved(access: PeerAccess, manager: Person, **given: Any) -> None:
    """The access with another period, whatever a service would say of it."""
    for name, value in given.items():
        setattr(access, name, value)
    history.save(access, author=manager.user)


def looks() -> list[str]:
    return [each.what for each in PeerView.objects.order_by("id")]


# --- What a peer reaches ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("", "Corporate Peer Challenge 2024: action plan"),
        ("at/2025-05-31/", "Corporate Peer Challenge 2024: action plan at 31 May 2025"),
        ("scrutiny/", "Members’ dashboard: Corporate Peer Challenge 2024"),
        ("1.1/", "Action 1.1"),
        ("visit/", "The visit · Corporate Peer Challenge 2024"),
        ("visit/1/", "Recommendation 1 · Corporate Peer Challenge 2024"),
        ("releases/", "Releases: Corporate Peer Challenge 2024"),
        ("dates/", None),
        ("review/", None),
        ("statement/", None),
        ("appendix/", None),
        ("appendix.html?as_at=2025-05-31&variant=full", None),
        ("plan.csv", "ashdale-cpc-2024-2025-05-31.csv"),
        ("plan.xlsx", "ashdale-cpc-2024-2025-05-31.xlsx"),
    ],
)
def test_a_peer_reads_the_released_position_and_each_look_is_recorded(
    address: str, what: str | None, access: PeerAccess, peer: Person, signed_in: SignIn
) -> None:
    answer = signed_in(peer).get(HERE + address)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    kept = PeerView.objects.get()
    assert (kept.access_id, kept.path) == (access.pk, HERE + address)
    if what is None:
        title = re.search(r"<title>(.*?) · PeerPlan", answer.content.decode())
        assert title is not None
        what = unescape(title[1])
    assert kept.what == what


def test_a_peer_reads_what_was_released_and_nothing_since(
    access: PeerAccess, plan: Plan, peer: Person, signed_in: SignIn
) -> None:
    text = text_of(signed_in(peer).get(f"{HERE}1.2/"))
    assert "How 1.2 went up to May." in text
    assert "How 1.2 went up to June." not in text


@pytest.fixture
def evidence(
    plan: Plan,
    manager: Person,
    settings: Any,
    tmp_path: Path,
    travel: time_machine.Traveller,
) -> Evidence:
    """A file on action 1.1, released."""
    settings.MEDIA_ROOT = tmp_path
    action = Action.objects.get(pk=plan.actions["1.1"].pk)
    made = add_evidence(
        action=action,
        version=action.version,
        evidence=EvidenceDraft(
            title="Minute", file=check_file(SimpleUploadedFile("Minute of June.pdf", PDF))
        ),
        author=manager,
    )
    travel.move_to("2025-06-25 09:00:00+00:00")
    release_position(
        challenge=plan.challenge, as_at=date(2025, 6, 24), reason="For the peers", author=manager
    )
    return made


def at_evidence(evidence: Evidence) -> str:
    return f"{HERE}1.1/evidence/{evidence.public_id}/"


def test_a_file_of_evidence_is_recorded_by_its_name(
    access: PeerAccess, evidence: Evidence, peer: Person, signed_in: SignIn
) -> None:
    answer = signed_in(peer).get(at_evidence(evidence))
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert looks() == ["Minute of June.pdf"]


def test_looks_of_others_are_not_recorded(
    access: PeerAccess, member: Person, signed_in: SignIn
) -> None:
    assert signed_in(member).get(HERE).status_code == 200
    assert looks() == []


def test_the_pages_for_peers_are_pages_of_a_challenge_that_members_read() -> None:
    known = {route.name: route for route in all_routes() if isinstance(route.gate, Capability)}
    assert set(known) >= PAGES
    for name in PAGES:
        assert known[name].gate is Capability.READ_RELEASED
        assert "challenge" in known[name].arguments


@pytest.mark.parametrize(
    "address",
    [
        "challenges/",
        "meetings/",
        "meetings/routes/",
        "my-actions/",
        "settings/",
        "cpc-2024/setup/",
        "cpc-2024/peers/",
        "cpc-2024/questions/",
        "cpc-2024/findings/",
        "cpc-2024/claims/",
        "cpc-2024/1.1/decisions/",
        "cpc-2024/release/",
        "cpc-2024/catch-up/",
        "cpc-2024/1.1/update/",
        "cpc-2024/1.1/edit/",
        "cpc-2024/nothing-there/at/all/",
        "nothing/",
    ],
)
def test_nothing_else_is_there_for_a_peer(
    address: str, access: PeerAccess, peer: Person, signed_in: SignIn
) -> None:
    assert signed_in(peer).get(f"/c/ashdale/{address}").status_code == 404
    assert looks() == []


@pytest.mark.parametrize("address", ["", "1.1/", "visit/", "scrutiny/", "plan.csv", "appendix/"])
def test_another_challenge_of_the_council_is_not_there(
    address: str, access: PeerAccess, second: PeerChallenge, peer: Person, signed_in: SignIn
) -> None:
    answer = signed_in(peer).get(f"/c/ashdale/second-2025/{address}")
    assert answer.status_code == 404
    assert "Second challenge" not in answer.content.decode()


def test_no_page_of_a_peer_names_another_challenge(
    access: PeerAccess, second: PeerChallenge, peer: Person, signed_in: SignIn
) -> None:
    client = signed_in(peer)
    pages = [f"{HERE}visit/", HERE, "/c/ashdale/meetings/", "/c/ashdale/privacy/", "/help/"]
    for address in pages:
        assert "second-2025" not in client.get(address).content.decode(), address


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("address", [HERE, "/c/ashdale/", "/c/ashdale/meetings/"])
def test_a_peer_changes_nothing(
    method: str, address: str, access: PeerAccess, peer: Person, signed_in: SignIn
) -> None:
    answer = getattr(signed_in(peer), method)(address)
    assert answer.status_code == 403
    assert "reads the plan and its evidence, and changes nothing" in answer.content.decode()


def test_a_peer_signs_out_and_changes_a_password(
    access: PeerAccess, peer: Person, signed_in: SignIn
) -> None:
    client = signed_in(peer)
    assert client.get(reverse("account_change_password")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(HERE).status_code == 302


def test_links_of_a_peers_pages_lead_somewhere(
    access: PeerAccess, evidence: Evidence, peer: Person, signed_in: SignIn
) -> None:
    """A page says nothing of what is not theirs: whatever it links to in the council is there."""
    client, waiting, seen = signed_in(peer), [HERE], {HERE}
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        assert answer.status_code in (200, 302), address
        if not answer.get("Content-Type", "").startswith("text/html"):
            assert b"".join(answer) != b""  # read to its end, so that its file is closed
            continue
        for link in re.findall(r'<a [^>]*?href="([^"#?]+)', answer.content.decode()):
            path = unescape(link)
            if path.startswith("/c/") and path not in seen and not path.endswith(".pdf"):
                seen.add(path)
                waiting.append(path)
    assert {HERE, f"{HERE}1.1/", f"{HERE}visit/", f"{HERE}scrutiny/"} <= seen
    assert at_evidence(evidence) in seen
    assert not any("meetings" in path or "challenges" in path for path in seen)


# --- The period ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "told"),
    [
        ({"opens_on": date(2025, 6, 25)}, "Your access opens on 25 June 2025."),
        ({"closes_on": date(2025, 6, 23)}, "Your access ended after 23 June 2025."),
    ],
)
@pytest.mark.parametrize("address", ["/c/ashdale/", HERE, f"{HERE}1.1/", f"{HERE}plan.csv"])
def test_before_it_opens_and_after_it_ends_a_page_says_so(
    period: dict[str, date],
    told: str,
    address: str,
    access: PeerAccess,
    manager: Person,
    peer: Person,
    signed_in: SignIn,
) -> None:
    moved(access, manager, **period)
    answer = signed_in(peer).get(address)
    assert answer.status_code == 403
    assert f"Corporate Peer Challenge 2024: {told}" in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "Clear the backlog" not in answer.content.decode()
    assert looks() == []


def test_what_is_never_for_peers_is_not_there_after_the_end_either(
    access: PeerAccess, manager: Person, peer: Person, signed_in: SignIn
) -> None:
    moved(access, manager, closes_on=date(2025, 6, 23))
    for address in (f"{HERE}setup/", "/c/ashdale/meetings/", "/c/ashdale/second-2025/"):
        assert signed_in(peer).get(address).status_code == 404


def test_it_is_open_on_its_first_and_on_its_last_day_in_london(
    access: PeerAccess,
    manager: Person,
    peer: Person,
    signed_in: SignIn,
    travel: time_machine.Traveller,
) -> None:
    moved(access, manager, opens_on=date(2025, 6, 26), closes_on=date(2025, 6, 26))
    found = []
    for instant in ("25 22:59:59", "25 23:00:00", "26 22:59:59", "26 23:00:00"):
        travel.move_to(f"2025-06-{instant}+00:00")
        found.append(signed_in(peer).get(HERE).status_code)
    assert found == [403, 200, 200, 403]


def test_the_next_click_after_the_council_ended_it_is_refused(
    access: PeerAccess, manager: Person, peer: Person, signed_in: SignIn
) -> None:
    client = signed_in(peer)
    assert client.get(HERE).status_code == 200
    services.end_access(access=access, version=1, author=manager)
    answer = client.get(HERE)
    assert answer.status_code == 403
    assert "The council ended your access on 24 June 2025." in text_of(answer)


def test_a_peer_without_any_access_is_told_so(
    council: Council, peer: Person, signed_in: SignIn, second: PeerChallenge
) -> None:
    answer = signed_in(peer).get("/c/ashdale/")
    assert answer.status_code == 403
    assert "You have no challenge to read here" in text_of(answer)
    assert "second-2025" not in answer.content.decode()


# --- The home page ------------------------------------------------------------------------------


def test_home_leads_to_the_one_challenge(
    access: PeerAccess, peer: Person, signed_in: SignIn
) -> None:
    assert signed_in(peer).get("/c/ashdale/")["Location"] == HERE
    assert looks() == []


def test_home_offers_the_challenges_that_are_open(
    access: PeerAccess, second: PeerChallenge, peer: Person, manager: Person, signed_in: SignIn
) -> None:
    other = let_read(peer, second)
    answer = signed_in(peer).get("/c/ashdale/")
    assert answer.status_code == 200
    assert 'href="/c/ashdale/second-2025/"' in answer.content.decode()
    assert f'href="{HERE}"' in answer.content.decode()
    for address in (HERE, "/c/ashdale/second-2025/"):
        assert signed_in(peer).get(address).status_code == 200
    assert [each.access_id for each in PeerView.objects.order_by("id")] == [access.pk, other.pk]
    moved(other, manager, opens_on=date(2025, 6, 25))
    assert signed_in(peer).get("/c/ashdale/")["Location"] == HERE


# --- The record ---------------------------------------------------------------------------------


def test_a_look_that_cannot_be_recorded_is_not_shown(
    access: PeerAccess,
    evidence: Evidence,
    peer: Person,
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(**given: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(services, "record_view", full)
    client = signed_in(peer)
    for address in (HERE, f"{HERE}1.1/", f"{HERE}plan.csv", at_evidence(evidence)):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "This page cannot be shown just now" in answer.content.decode()
        assert "Clear the backlog" not in answer.content.decode()
        assert "Content-Disposition" not in answer.headers
        assert "no-store" in answer["Cache-Control"]


def test_asking_for_the_headers_only_is_no_look(
    access: PeerAccess, peer: Person, signed_in: SignIn
) -> None:
    answer = signed_in(peer).head(HERE)
    assert (answer.status_code, answer.content) == (200, b"")
    assert looks() == []


def test_a_copy_that_the_browser_kept_is_a_look_again(
    access: PeerAccess, peer: Person, rf: RequestFactory
) -> None:
    request: Any = rf.get(HERE, headers={"if-none-match": '"x"'})
    request.council, request.person, request.user = peer.council, peer, peer.user
    request.resolver_match = type("Match", (), {"url_name": "plan"})()
    kwargs = {"council": "ashdale", "challenge": "cpc-2024"}
    answer = for_peers(request, kwargs, lambda: HttpResponse(status=304))
    assert answer.status_code == 304
    assert len(looks()) == 1


def test_what_was_not_there_or_led_elsewhere_is_no_look(
    access: PeerAccess, peer: Person, signed_in: SignIn
) -> None:
    client = signed_in(peer)
    assert client.get(f"{HERE}9.9/").status_code == 404
    assert client.get(f"{HERE}?as_at=31 5 2025").status_code == 302
    assert client.get(f"{HERE}at/2025-06-23/").status_code == 422
    assert looks() == []


# --- Failing closed -----------------------------------------------------------------------------


def test_without_a_door_a_peer_is_refused(
    access: PeerAccess,
    peer: Person,
    member: Person,
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "peer_door", gate.no_way_in)
    for address in ("/c/ashdale/", HERE, f"{HERE}1.1/"):
        assert signed_in(peer).get(address).status_code == 404
        assert signed_in(member).get(address).status_code == 200


def test_a_request_that_no_address_led_to_is_refused(
    access: PeerAccess, peer: Person, rf: RequestFactory
) -> None:
    request: Any = rf.get(HERE)
    request.council, request.person = peer.council, peer
    with pytest.raises(Http404):
        for_peers(request, {"challenge": "cpc-2024"}, HttpResponse)


# --- The manager's pages ------------------------------------------------------------------------


def test_the_manager_sees_who_looked_at_what_and_when(
    access: PeerAccess, peer: Person, manager: Person, signed_in: SignIn
) -> None:
    for address in (HERE, f"{HERE}1.1/"):
        signed_in(peer).get(address)
    for page in (PEERS, f"{PEERS}{access.pk}/"):
        text = text_of(signed_in(manager).get(page))
        assert "peer@lga.example" in text
        assert "Action 1.1" in text
        assert f"{HERE}1.1/" in text
        assert "24 Jun 2025, 10:00" in text


def test_the_record_is_paged(
    access: PeerAccess, manager: Person, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(120):
        PeerView.objects.create(access=access, what=f"Look {number:03}", path="/")
    client = signed_in(manager)
    for page in (PEERS, f"{PEERS}{access.pk}/"):
        with django_assert_max_num_queries(15):
            first = text_of(client.get(page))
        assert "Look 119" in first
        assert "Look 069" not in first
        assert "Look 069" in text_of(client.get(f"{page}?page=2"))
        assert "Look 000" in text_of(client.get(f"{page}?page=999"))


def test_pages_stay_in_budget_with_many_peers(
    access: PeerAccess,
    challenge: PeerChallenge,
    manager: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(30):
        services.invite_peer(
            challenge=challenge,
            author=manager,
            email=f"peer{number}@lga.example",
            opens_on=date(2025, 6, 1),
            closes_on=date(2025, 7, 1),
        )
    client = signed_in(manager)
    with django_assert_max_num_queries(15):
        assert client.get(PEERS).status_code == 200


@pytest.mark.parametrize("address", ["", "1.1/", "scrutiny/", "visit/", "releases/", "plan.csv"])
def test_a_peers_page_costs_two_queries_more_than_a_members(
    address: str, peer: Person, member: Person, plan: Plan, signed_in: SignIn
) -> None:
    """One finds the access, one records the look."""
    costs = []
    for person in (member, peer):
        client = signed_in(person)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HERE + address).status_code == 200
        costs.append(len(queries))
    assert costs[1] - costs[0] <= 2
    assert len(looks()) == 1


def test_nobody_is_let_in_yet(challenge: PeerChallenge, manager: Person, signed_in: SignIn) -> None:
    text = text_of(signed_in(manager).get(PEERS))
    assert "Nobody from outside may read this challenge" in text


def test_inviting_sets_up_the_access_and_mails_the_way_in(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    answer = signed_in(manager).post(f"{PEERS}invite/", INVITED, follow=True)
    assert "An e-mail is on its way to new@lga.example." in text_of(answer)
    assert "Pat Peer" in text_of(answer)
    assert "Invited, answer by 8 July 2025" in text_of(answer)
    sent = mail.outbox[0]
    assert sent.to == ["new@lga.example"]
    assert sent.subject == "Read Corporate Peer Challenge 2024 of Ashdale District Council"
    assert "from 1 July 2025 to 31 July 2025" in sent.body
    assert "/invitation/" in sent.body


def test_an_invited_peer_joins_waits_and_reads(
    plan: Plan,
    manager: Person,
    signed_in: SignIn,
    client: Client,
    travel: time_machine.Traveller,
) -> None:
    signed_in(manager).post(f"{PEERS}invite/", INVITED)
    link = re.search(r"/invitation/\S+", str(mail.outbox[0].body))
    assert link is not None
    client.logout()
    password = "three unrelated words"
    typed = {"name": "Pat Peer", "password1": password, "password2": password}
    answer = client.post(link[0], typed, follow=True)
    assert answer.status_code == 403
    assert "Your access opens on 1 July 2025." in text_of(answer)
    travel.move_to("2025-07-01 09:00:00+00:00")
    client.force_login(
        User.objects.get(email="new@lga.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert client.get("/c/ashdale/", follow=True).status_code == 200
    assert looks() == ["Corporate Peer Challenge 2024: action plan"]


def test_a_peer_who_has_joined_is_mailed_the_address_of_the_plan(
    second: PeerChallenge, access: PeerAccess, manager: Person, signed_in: SignIn
) -> None:
    typed = INVITED | {"email": "Peer@LGA.example"}
    answer = signed_in(manager).post("/c/ashdale/second-2025/peers/invite/", typed)
    assert answer.status_code == 302
    assert "http://testserver/c/ashdale/second-2025/" in mail.outbox[0].body
    assert "You have an account already" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"email": "nobody"}, "Enter an e-mail address, such as name@oakham.example."),
        ({"email": ""}, "Enter an e-mail address."),
        ({"opens_on_0": ""}, "Enter a real date"),
        (
            {"closes_on_0": "30", "closes_on_1": "6"},
            "The last day cannot be before the first, 1 July 2025.",
        ),
        ({"closes_on_2": "2027"}, "Give a year at most"),
        ({"email": "member@ashdale.example"}, "is in the council as scrutiny or executive member"),
        ({"name": "x" * 151}, "Use at most 150 characters"),
        ({"name": "Pat\u202ePeer"}, ""),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(
    wrong: dict[str, str],
    message: str,
    plan: Plan,
    member: Person,
    manager: Person,
    signed_in: SignIn,
) -> None:
    answer = signed_in(manager).post(f"{PEERS}invite/", INVITED | wrong)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert 'value="Officer peer"' in answer.content.decode()
    assert not PeerAccess.objects.exists()
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def test_the_same_invitation_sent_twice_is_refused(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    assert client.post(f"{PEERS}invite/", INVITED).status_code == 302
    answer = client.post(f"{PEERS}invite/", INVITED)
    assert answer.status_code == 422
    assert "This person has an access until 31 July 2025 already" in text_of(answer)
    assert len(mail.outbox) == 1


def test_an_access_is_kept_where_mail_is_down(
    plan: Plan, manager: Person, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> None:
        raise OSError

    monkeypatch.setattr("reviews.views.access.send_to_peer", refuse)
    answer = signed_in(manager).post(f"{PEERS}invite/", INVITED, follow=True)
    assert "the mail server did not take the e-mail to new@lga.example" in text_of(answer)
    made = PeerAccess.objects.get()
    monkeypatch.undo()
    again = signed_in(manager).post(f"{PEERS}{made.pk}/send-again/", follow=True)
    assert "An e-mail is on its way to new@lga.example." in text_of(again)
    assert len(mail.outbox) == 1


def test_sending_again_to_one_who_joined_says_so(
    access: PeerAccess, manager: Person, signed_in: SignIn
) -> None:
    answer = signed_in(manager).post(f"{PEERS}{access.pk}/send-again/", follow=True)
    assert "This person has joined already" in text_of(answer)
    assert mail.outbox == []


def change(access: PeerAccess, **given: str) -> dict[str, str]:
    return PERIOD | {"name": "Pat", "post": "Peer", "version": str(access.version)} | given


def test_the_period_is_changed(access: PeerAccess, manager: Person, signed_in: SignIn) -> None:
    page = f"{PEERS}{access.pk}/"
    answer = signed_in(manager).post(page, change(access), follow=True)
    assert "1 July 2025 to 31 July 2025, both included" in text_of(answer)
    wrong = signed_in(manager).post(
        page, change(access, version="2", closes_on_0="30", closes_on_1="6")
    )
    assert wrong.status_code == 422
    assert "The last day cannot be before the first, 1 July 2025." in text_of(wrong)


def test_the_later_of_two_sees_both_and_saves_again(
    access: PeerAccess, manager: Person, signed_in: SignIn
) -> None:
    page = f"{PEERS}{access.pk}/"
    client = signed_in(manager)
    assert client.post(page, change(access)).status_code == 302
    answer = client.post(page, change(access, name="Somebody else"))
    assert answer.status_code == 409
    assert "Policy Manager saved this while you were writing" in text_of(answer)
    assert 'value="Somebody else"' in answer.content.decode()
    assert client.post(page, change(access, name="Again", version="2")).status_code == 302
    assert PeerAccess.objects.get(pk=access.pk).name == "Again"


def test_access_is_ended_after_asking(
    access: PeerAccess, manager: Person, peer: Person, signed_in: SignIn
) -> None:
    page = f"{PEERS}{access.pk}/end/"
    client = signed_in(manager)
    assert "Their next click is refused" in text_of(client.get(page))
    assert PeerAccess.objects.get().ended_at is None
    assert client.post(page, {"version": "1"}).status_code == 302
    assert client.post(page, {"version": "1"}).status_code == 409
    assert client.post(page, {"version": "2"}).status_code == 422
    assert client.post(page, {}).status_code == 422
    ended = text_of(client.get(f"{PEERS}{access.pk}/"))
    assert "This access was ended on 24 June 2025." in ended
    assert "End access now" not in ended
    assert signed_in(peer).get(HERE).status_code == 403


ADDRESSES = ["", "invite/", "{pk}/", "{pk}/end/", "{pk}/send-again/"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("who", ["owner", "member", "democratic", "lead", "administrator", "peer"])
def test_other_roles_have_no_business_here(
    address: str, who: str, access: PeerAccess, request: pytest.FixtureRequest, signed_in: SignIn
) -> None:
    client = signed_in(request.getfixturevalue(who))
    page = PEERS + address.format(pk=access.pk)
    assert client.post(page, INVITED | change(access)).status_code == 403
    assert client.get(page).status_code == (404 if who == "peer" else 403)
    assert PeerAccess.objects.get().version == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_of_another_council_or_challenge_is_found(
    address: str,
    access: PeerAccess,
    second: PeerChallenge,
    outsider: Person,
    manager: Person,
    signed_in: SignIn,
) -> None:
    page = PEERS + address.format(pk=access.pk)
    typed = INVITED | change(access)
    client = signed_in(outsider)
    for here in (page, page.replace("ashdale", "mereford")):
        answer = client.post(here, typed) if address else client.get(here)
        assert answer.status_code == 404
    if "{pk}" in address:
        elsewhere = page.replace("cpc-2024", "second-2025")
        assert signed_in(manager).post(elsewhere, typed).status_code == 404
    assert PeerAccess.objects.get().version == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_other_methods_are_refused(
    address: str, access: PeerAccess, manager: Person, signed_in: SignIn
) -> None:
    page = PEERS + address.format(pk=access.pk)
    client = signed_in(manager)
    assert client.delete(page).status_code == 405
    if "send-again" in address:
        assert client.get(page).status_code == 405


def test_what_a_peer_is_called_is_never_markup(
    access: PeerAccess, manager: Person, signed_in: SignIn
) -> None:
    moved(access, manager, name="<b>Pat</b>")
    PeerView.objects.create(access=access, what="<i>x</i>", path="/<u>")
    for page in (PEERS, f"{PEERS}{access.pk}/", f"{PEERS}{access.pk}/end/"):
        content = signed_in(manager).get(page).content.decode()
        assert "&lt;b&gt;Pat" in content
        assert "<b>Pat" not in content
        assert "<i>x" not in content
