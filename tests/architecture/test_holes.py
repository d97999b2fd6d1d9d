"""Ways in that were open once: what was written in private, what is not released, odd bytes."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from actions.files import check_file
from actions.models import Action, Milestone, Visibility
from actions.rules import UpdateDraft
from actions.services.evidence import EvidenceDraft, add_evidence, withdraw_evidence
from actions.services.plan import ActionDetails, MilestoneDetails, carry_on_in, change_action
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.councils.gate import Person
from peerplan.councils.services import invitations, people
from reviews.models import PeerChallenge, Recommendation

Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
Opened = Callable[..., None]

SECRET = "Dismissal of the contractor"
PLAN = "/c/ashdale/cpc-2024/"
HERE = f"{PLAN}1.1/"
MARCH, MAY = date(2025, 3, 31), date(2025, 5, 31)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Path) -> None:
    """Where files go in these tests."""
    settings.MEDIA_ROOT = tmp_path


def html(response: Any) -> str:
    return str(response.content.decode())


def now(action: Action) -> int:
    return Action.objects.get(pk=action.pk).version


@pytest.fixture
def hidden(act: Act) -> Callable[..., Action]:
    """Makes actions that are not for publication."""

    def make(ref: str = "1.1", **more: object) -> Action:
        return act(ref, visibility=Visibility.EXEMPT, exempt_paragraph=3, **more)

    return make


@pytest.fixture
def opened(recommendation: Recommendation, manager: Person) -> Opened:
    """Publishes an action, with the milestones it then has."""

    def publish(action: Action, milestones: Any = None) -> None:
        change_action(
            action=action,
            version=now(action),
            details=ActionDetails(
                action.ref,
                "Now for everybody",
                date(2024, 12, 17),
                lead_role="Head of Housing",
                original_due=date(2025, 6, 30),
            ),
            recommendations=[recommendation],
            milestones=milestones,
            author=manager,
            reason="It is settled",
        )

    return publish


def test_the_form_does_not_show_the_last_text_of_an_exempt_time(
    hidden: Act, draft: Draft, opened: Opened, manager: Person, owner: Person, signed_in: SignedIn
) -> None:
    action = hidden()
    private = draft(rating="amber", commentary=SECRET, recovery_plan=SECRET)
    post_update(action=action, version=1, draft=private, author=manager)
    opened(action)
    for address in (f"{HERE}update/", f"{PLAN}?update=1.1", f"{HERE}update/?in_row=1"):
        response = signed_in(owner).get(address, headers={"HX-Request": "true"})
        assert response.status_code == 200
        assert SECRET not in html(response)
    assert SECRET in html(signed_in(manager).get(f"{HERE}update/"))


@pytest.mark.parametrize("kept", [True, False])
def test_history_does_not_quote_a_milestone_of_an_exempt_time(
    hidden: Act,
    opened: Opened,
    manager: Person,
    owner: Person,
    signed_in: SignedIn,
    recommendation: Recommendation,
    kept: bool,
) -> None:
    action = hidden()
    action.refresh_from_db()
    details = ActionDetails(
        "1.1",
        "Private",
        date(2024, 12, 17),
        original_due=date(2025, 6, 30),
        visibility=Visibility.EXEMPT,
        exempt_paragraph=3,
    )
    change_action(
        action=action,
        version=1,
        details=details,
        recommendations=[recommendation],
        milestones=[MilestoneDetails(SECRET)],
        author=manager,
        reason="Plan it",
    )
    one = Milestone.objects.get(action=action)
    opened(action, [MilestoneDetails("Change of contractor", id=one.pk)] if kept else [])
    assert SECRET not in html(signed_in(owner).get(HERE))
    assert SECRET in html(signed_in(manager).get(HERE))


def test_withdrawing_evidence_of_an_exempt_time_tells_nobody_else_its_title(
    hidden: Act, draft: Draft, opened: Opened, manager: Person, owner: Person, signed_in: SignedIn
) -> None:
    action = hidden()
    proof = EvidenceDraft(SECRET, "https://ashdale.example/letter")
    kept = add_evidence(action=action, version=1, evidence=proof, author=manager)
    opened(action)
    seen = now(action)
    withdraw_evidence(evidence=kept, version=seen, reason="Names a person", author=manager)
    page = html(signed_in(owner).get(HERE))
    assert SECRET not in page
    assert "Names a person" not in page
    late = {"version": seen, "status": "green", "commentary": "Done", "as_at": "2025-03-31"}
    answer = signed_in(owner).post(f"{HERE}update/", late | {"date_choice": "same"})
    assert answer.status_code == 409
    assert SECRET not in html(answer)
    assert SECRET in html(signed_in(manager).get(HERE))


def test_why_an_exempt_action_was_merged_stays_private_when_it_is_published(
    act: Act, hidden: Act, opened: Opened, manager: Person, owner: Person, signed_in: SignedIn
) -> None:
    source, target = hidden("1.2"), act("1.1")
    carry_on_in(
        source=source,
        version=1,
        targets=[target],
        kind="merged",
        as_at=MARCH,
        reason=SECRET,
        author=manager,
    )
    opened(source)
    for address in (HERE, f"{PLAN}1.2/"):
        assert SECRET not in html(signed_in(owner).get(address))
        assert SECRET in html(signed_in(manager).get(address))


def test_a_member_does_not_read_why_an_action_was_merged_after_the_released_day(
    act: Act,
    challenge: PeerChallenge,
    manager: Person,
    member: Person,
    signed_in: SignedIn,
) -> None:
    source, target = act("1.2"), act("1.1")
    carry_on_in(
        source=source,
        version=1,
        targets=[target],
        kind="merged",
        as_at=MAY,
        reason=SECRET,
        author=manager,
    )
    release_position(challenge=challenge, as_at=MARCH, reason="Panel", author=manager)
    assert SECRET not in html(signed_in(member).get(HERE))
    release_position(challenge=challenge, as_at=MAY, reason="Panel", author=manager)
    assert SECRET in html(signed_in(member).get(HERE))


def test_a_member_does_not_get_evidence_of_an_update_after_the_released_day(
    act: Act,
    draft: Draft,
    challenge: PeerChallenge,
    manager: Person,
    member: Person,
    signed_in: SignedIn,
) -> None:
    action = act()
    file = check_file(SimpleUploadedFile("notes.txt", SECRET.encode()))
    post_update(
        action=action,
        version=1,
        draft=draft(as_at=MAY),
        author=manager,
        evidence=[EvidenceDraft(SECRET, file=file)],
    )
    release_position(challenge=challenge, as_at=MARCH, reason="Panel", author=manager)
    address = f"{HERE}evidence/{action.evidence.get().public_id}/"
    client = signed_in(member)
    assert SECRET not in html(client.get(HERE))
    assert client.get(address).status_code == 404
    release_position(challenge=challenge, as_at=MAY, reason="Panel", author=manager)
    assert SECRET in html(client.get(HERE))
    fetched: Any = client.get(address)
    assert b"".join(fetched.streaming_content) == SECRET.encode()


def test_a_member_does_not_read_a_milestones_name_of_after_the_release(
    act: Act,
    draft: Draft,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    manager: Person,
    member: Person,
    signed_in: SignedIn,
) -> None:
    action = act()
    details = ActionDetails(
        "1.1", "Map repairs", date(2024, 12, 17), original_due=date(2025, 6, 30)
    )

    def name(*milestones: MilestoneDetails) -> None:
        change_action(
            action=action,
            version=now(action),
            details=details,
            recommendations=[recommendation],
            milestones=milestones,
            author=manager,
            reason="Steps",
        )

    name(MilestoneDetails("First area"))
    one = Milestone.objects.get(action=action)
    done = draft(milestones_done=frozenset([one.pk]))
    post_update(action=action, version=now(action), draft=done, author=manager)
    release_position(challenge=challenge, as_at=MARCH, reason="Panel", author=manager)
    name(MilestoneDetails(SECRET, id=one.pk))
    page = html(signed_in(member).get(HERE))
    assert "milestone “First area” done" in page
    assert SECRET not in page


@pytest.mark.parametrize(
    "known_by",
    [
        "9999-12-31",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00",
    ],
)
def test_an_instant_at_the_ends_of_time_is_no_server_error(
    act: Act, owner: Person, signed_in: SignedIn, known_by: str
) -> None:
    act()
    client = signed_in(owner)
    given = {"known_by": known_by}
    for address in (f"{PLAN}at/2025-03-31/", f"{PLAN}plan.csv"):
        assert client.get(address, given).status_code in (200, 422)


@pytest.mark.parametrize("link", ["https://[", "https://[::1", "https://a]b/", "https://℀.example"])
def test_a_link_that_no_browser_reads_comes_back_with_a_message(
    act: Act, owner: Person, signed_in: SignedIn, link: str
) -> None:
    act()
    answer = signed_in(owner).post(f"{HERE}evidence/", {"version": "1", "evidence_link": link})
    assert answer.status_code == 422
    assert "begins with https://" in html(answer)


def test_an_archive_whose_first_part_does_not_unpack_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", b"application/vnd.oasis.opendocument.text")
    content = bytearray(made.getvalue())
    start = 30 + len("mimetype")
    content[start : start + 8] = b"\xff" * 8
    with pytest.raises(ValueError, match="cannot be taken"):
        check_file(SimpleUploadedFile("notes.odt", bytes(content)))


@pytest.mark.parametrize("header", ["HX-Current-URL", "Referer", "Origin"])
def test_a_header_that_is_no_address_is_no_server_error(
    act: Act, owner: Person, client: Client, signed_in: SignedIn, header: str
) -> None:
    act()
    ended = client.post(
        f"{HERE}update/", {"commentary": "Kept for you"}, headers={header: "https://["}
    )
    assert ended.status_code == 401
    assert "Kept for you" in html(ended)
    opened = signed_in(owner).get(
        f"{HERE}update/?in_row=1", headers={header: "https://[", "HX-Request": "true"}
    )
    assert opened.status_code == 200


@pytest.mark.parametrize(
    "path",
    ["visit/%00/", "recommendations/%00/status/", "setup/recommendations/%00/", "%00/", "at/%00/"],
)
def test_a_nul_in_an_address_is_no_server_error(
    recommendation: Recommendation, manager: Person, signed_in: SignedIn, path: str
) -> None:
    assert signed_in(manager).get(f"{PLAN}{path}").status_code == 404


def test_removing_a_name_leaves_another_councils_waiting_invitation_alone(
    administrator: Person, owner: Person, outsider: Person
) -> None:
    address = owner.user.email
    waiting = invitations.invite(
        council=outsider.council,
        email=address,
        name="Somebody",
        role="member",
        post="Councillor",
        reads_exempt=False,
        author=outsider.user,
    )
    left = people.end_membership(membership=owner.membership, version=1, author=administrator.user)
    people.make_anonymous(membership=left, version=2, author=administrator.user)
    waiting.invitation.refresh_from_db()
    assert waiting.invitation.email == address
    invitations.withdraw_invitation(invitation=waiting.invitation, author=outsider.user)
