"""The pages of the position statement: who sees what, issuing it, its files and its pack."""

import io
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from actions.files import check_file
from actions.models import Action, Evidence, IssuedStatement, PositionStatement
from actions.services import statements
from actions.services.evidence import EvidenceDraft, add_evidence, withdraw_evidence
from actions.services.releases import release_position
from actions.services.statements import issue_statement, write_statement
from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.render.errors import RenderFailed, TooManyAtOnce
from peerplan.render.pdf import Pdf
from reviews.models import PeerChallenge
from tests.plugins.plans import CANARY, Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
Budget = Callable[[int], Any]
HERE = "/c/ashdale/cpc-2024/statement/"
WORDS, NEW = f"{HERE}words/", f"{HERE}issue/"
GIVEN = {"version": "0", "reason": "For the progress review"}


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Path) -> Path:
    """Where files go in these tests."""
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return tmp_path


@pytest.fixture(autouse=True)
def unprinted(monkeypatch: pytest.MonkeyPatch) -> None:
    """No PDF is made: what it holds is tested beside the service."""
    made = Pdf(b"%PDF-1.7 sample", 1, "0" * 64, 0.1, 1)
    monkeypatch.setattr(statements, "html_to_pdf", lambda html, **given: made)


@pytest.fixture
def ready(plan: Plan, manager: Person, travel: time_machine.Traveller) -> Plan:
    """The plan with a file of evidence on 1.1 and an exempt one on 1.5, released."""
    for ref, name in (("1.1", "minutes.txt"), ("1.5", "offer.txt")):
        file = check_file(SimpleUploadedFile(name, f"What {name} says.".encode()))
        version = Action.objects.get(pk=plan.actions[ref].pk).version
        add_evidence(
            action=plan.actions[ref],
            version=version,
            evidence=EvidenceDraft(file=file),
            author=manager,
        )
    travel.shift(60)
    release = release_position(
        challenge=plan.challenge, as_at=date(2025, 6, 20), reason="For the review", author=manager
    )
    plan.releases.append(release)
    return plan


@pytest.fixture
def issue(ready: Plan, manager: Person) -> Callable[..., IssuedStatement]:
    """Issues the statement, public unless told otherwise."""

    def make(*, include_exempt: bool = False) -> IssuedStatement:
        current = PositionStatement.objects.first()
        return issue_statement(
            challenge=ready.challenge,
            version=current.version if current else 0,
            release=ready.releases[-1],
            include_exempt=include_exempt,
            reason="For the progress review",
            site="https://plan.ashdale.example",
            author=manager,
        )

    return make


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def zip_of(response: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content_of(response)))


def withdraw(evidence: Evidence, author: Person) -> None:
    version = Action.objects.get(pk=evidence.action_id).version
    withdraw_evidence(evidence=evidence, version=version, reason="Wrong file.", author=author)


# --- The overview and the words -----------------------------------------------------------------


def test_before_a_release_everybody_reads_what_has_to_come_first(
    signed_in: SignIn, manager: Person, member: Person, challenge: PeerChallenge
) -> None:
    page = signed_in(manager).get(HERE).content.decode()
    assert "Nothing has been released yet" in page
    assert "/c/ashdale/cpc-2024/release/" in page
    assert "Nothing has been released yet" in text_of(signed_in(manager).get(NEW))
    assert signed_in(manager).post(NEW, GIVEN).status_code == 422
    page = signed_in(member).get(HERE).content.decode()
    assert "Nothing has been released yet" in page
    assert NEW not in page
    assert not IssuedStatement.objects.exists()


def test_members_see_issues_and_no_words_in_writing(
    signed_in: SignIn,
    manager: Person,
    member: Person,
    issue: Callable[..., IssuedStatement],
    ready: Plan,
) -> None:
    issue()
    write_statement(
        challenge=ready.challenge,
        version=1,
        introduction="Not sent to anybody yet.",
        ahead="",
        author=manager,
    )
    assert "Not sent to anybody yet." in text_of(signed_in(manager).get(HERE))
    page = text_of(signed_in(member).get(HERE))
    assert "Position statement 1" in page
    assert "For the progress review" in page
    assert "Not sent to anybody yet." not in page


def test_words_are_written_and_an_empty_form_brings_them_back(
    signed_in: SignIn, manager: Person, challenge: PeerChallenge
) -> None:
    client = signed_in(manager)
    fields = {"version": "0", "introduction": "We thank the peers.", "ahead": "In May."}
    assert client.post(WORDS, fields).status_code == 302
    form = client.get(WORDS).context["form"]
    assert form["introduction"].value() == "We thank the peers."
    assert form["version"].value() == 1


def test_two_who_write_at_once_see_both_texts(
    signed_in: SignIn, manager: Person, challenge: PeerChallenge
) -> None:
    client = signed_in(manager)
    client.post(WORDS, {"version": "0", "introduction": "Theirs.", "ahead": ""})
    answer = client.post(WORDS, {"version": "0", "introduction": "Mine.", "ahead": ""})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Theirs." in page
    assert "Mine." in page
    again = {"version": answer.context["form"]["version"].value(), "introduction": "Mine."}
    assert client.post(WORDS, again).status_code == 302
    assert PositionStatement.objects.get().introduction == "Mine."


def test_words_too_long_come_back(
    signed_in: SignIn, manager: Person, challenge: PeerChallenge
) -> None:
    answer = signed_in(manager).post(WORDS, {"version": "0", "introduction": "a" * 20_001})
    assert answer.status_code == 422
    assert "a" * 20_001 in answer.content.decode()


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [WORDS, NEW])
def test_only_the_plan_manager_writes_and_issues(
    signed_in: SignIn,
    manager: Person,
    lead: Person,
    member: Person,
    democratic: Person,
    outsider: Person,
    ready: Plan,
    page: str,
) -> None:
    assert signed_in(manager).get(page).status_code == 200
    for person in (lead, member, democratic):
        assert signed_in(person).get(page).status_code == 403
        assert signed_in(person).post(page, GIVEN).status_code == 403
    assert signed_in(outsider).get(page).status_code == 404
    assert signed_in(outsider).post(page, GIVEN).status_code == 404
    assert signed_in(manager).put(page).status_code == 405


def paths_of(issued: IssuedStatement) -> list[str]:
    here = f"{HERE}{issued.number}/"
    return [here, f"{here}pack.zip", *(f"{here}{each.pk}/" for each in issued.files.all())]


def test_another_council_finds_no_issue_and_no_file(
    signed_in: SignIn,
    outsider: Person,
    manager: Person,
    issue: Callable[..., IssuedStatement],
) -> None:
    paths = paths_of(issue())
    for path in [HERE, *paths]:
        assert signed_in(outsider).get(path).status_code == 404
        assert signed_in(manager).post(path).status_code == 405
        theirs = path.replace("/c/ashdale/", "/c/mereford/")
        assert signed_in(outsider).get(theirs).status_code == 404


def test_a_restricted_issue_is_there_for_those_entitled_only(
    signed_in: SignIn,
    lead: Person,
    member: Person,
    issue: Callable[..., IssuedStatement],
) -> None:
    paths = paths_of(issue(include_exempt=True))
    for path in paths:
        assert signed_in(lead).get(path).status_code == 200
        assert signed_in(member).get(path).status_code == 404
    assert "Position statement 1" not in text_of(signed_in(member).get(HERE))
    member.membership.reads_exempt = True
    member.membership._history_user = member.user  # type: ignore[attr-defined]
    member.membership.save()
    assert signed_in(member).get(paths[0]).status_code == 200


def test_an_issue_that_tells_of_what_is_exempt_now_is_closed(
    signed_in: SignIn,
    manager: Person,
    member: Person,
    issue: Callable[..., IssuedStatement],
    travel: time_machine.Traveller,
) -> None:
    issued = issue()
    travel.shift(60)
    action = Action.objects.get(ref="1.4")
    action.visibility, action.exempt_paragraph = "exempt", 3
    history.save(action, author=manager.user, reason="It names a firm.")
    assert "Closed: part of it is exempt now" in text_of(signed_in(member).get(HERE))
    for path in paths_of(issued):
        assert signed_in(member).get(path).status_code == 403
        assert signed_in(manager).get(path).status_code == 200


# --- Issuing ------------------------------------------------------------------------------------


def test_it_is_previewed_and_issued(signed_in: SignIn, manager: Person, ready: Plan) -> None:
    client = signed_in(manager)
    page = client.get(NEW)
    assert "Draft: not issued" in text_of(page)
    assert "evidence/1.1/minutes.txt" in text_of(page)
    assert CANARY not in text_of(page)
    fields = GIVEN | {"release": str(ready.releases[-1].pk), "parts": "public"}
    answer = client.post(NEW, fields)
    assert answer.status_code == 302
    assert answer["Location"] == f"{HERE}1/"
    page = text_of(client.get(answer["Location"]))
    assert "Issued: position statement 1." in page
    assert "Position at 20 June 2025" in page
    assert "evidence/1.1/minutes.txt" in page
    assert not IssuedStatement.objects.get().has_exempt_parts


def test_another_release_and_exempt_parts_can_be_chosen(
    signed_in: SignIn, manager: Person, ready: Plan
) -> None:
    client = signed_in(manager)
    march = str(ready.releases[0].pk)
    page = text_of(client.get(NEW, {"release": march, "parts": "exempt"}))
    assert "It tells of the position at 31 March 2025" in page
    assert CANARY in page
    assert "NOT FOR PUBLICATION" in page
    client.post(NEW, GIVEN | {"release": march, "parts": "exempt"})
    issued = IssuedStatement.objects.get()
    assert issued.has_exempt_parts
    assert issued.release == ready.releases[0]


def test_without_entitlement_exempt_parts_are_refused_and_not_offered(
    signed_in: SignIn, manager: Person, ready: Plan
) -> None:
    manager.membership.reads_exempt = False
    manager.membership._history_user = manager.user  # type: ignore[attr-defined]
    manager.membership.save()
    client = signed_in(manager)
    assert "parts" not in client.get(NEW).context["choice"].fields
    assert client.get(NEW, {"parts": "exempt"}).status_code == 403
    assert client.post(NEW, GIVEN | {"parts": "exempt"}).status_code == 403
    assert not IssuedStatement.objects.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reason": ""}, "Say what the statement is for"),
        ({"reason": "a" * 501}, "Use at most 500 characters"),
        ({"release": "999999"}, "Choose a position that has been released."),
        ({"release": "x"}, "Choose a position that has been released."),
        ({"parts": "half"}, "Choose a copy with or without exempt parts."),
    ],
)
def test_what_cannot_be_issued_comes_back(
    signed_in: SignIn, manager: Person, ready: Plan, given: dict[str, str], message: str
) -> None:
    answer = signed_in(manager).post(NEW, GIVEN | given)
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not IssuedStatement.objects.exists()


def test_the_second_of_two_is_told_who_was_first_and_can_go_on(
    signed_in: SignIn, manager: Person, ready: Plan
) -> None:
    client = signed_in(manager)
    client.post(NEW, GIVEN)
    answer = client.post(NEW, GIVEN | {"reason": "Mine, typed at length"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Policy Manager was first" in page
    assert "Mine, typed at length" in page
    again = {"version": answer.context["form"]["version"].value(), "reason": "Mine"}
    assert client.post(NEW, again).status_code == 302
    assert IssuedStatement.objects.count() == 2


def test_evidence_that_is_missing_is_named_on_the_page(
    signed_in: SignIn, manager: Person, ready: Plan
) -> None:
    Path(Evidence.objects.get(title="minutes.txt").file.path).unlink()
    answer = signed_in(manager).post(NEW, GIVEN)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "The file “minutes.txt” of action 1.1 is not in the store as it was added." in page
    assert "For the progress review" in page


@pytest.mark.parametrize(
    ("problem", "words"),
    [(RenderFailed("It failed."), "could not be made"), (TooManyAtOnce(), "being made")],
)
def test_where_the_pdf_cannot_be_made_nothing_is_lost(
    signed_in: SignIn,
    manager: Person,
    ready: Plan,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    words: str,
) -> None:
    def render(html: str, **given: Any) -> Pdf:
        raise problem

    monkeypatch.setattr(statements, "html_to_pdf", render)
    answer = signed_in(manager).post(NEW, GIVEN)
    assert answer.status_code == 503
    assert words in text_of(answer)
    assert "For the progress review" in text_of(answer)
    assert not IssuedStatement.objects.exists()


# --- Files and the pack -------------------------------------------------------------------------


def test_each_file_is_an_attachment_that_no_browser_runs(
    signed_in: SignIn, member: Person, issue: Callable[..., IssuedStatement]
) -> None:
    issued = issue()
    for file in issued.files.all():
        answer: Any = signed_in(member).get(f"{HERE}1/{file.pk}/")
        name = file.name.rpartition("/")[2]
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-store"
        assert len(content_of(answer)) == file.size
    for path in ("1/999999/", f"1/{10**30}/", "2/", "2/pack.zip", f"{10**30}/", "0/"):
        assert signed_in(member).get(f"{HERE}{path}").status_code == 404


def test_a_version_that_nothing_has_is_a_conflict_and_no_failure(
    signed_in: SignIn, manager: Person, issue: Callable[..., IssuedStatement]
) -> None:
    issue()
    client = signed_in(manager)
    assert client.post(NEW, GIVEN | {"version": str(10**30)}).status_code == 409
    assert client.post(WORDS, {"version": str(10**30), "introduction": "A"}).status_code == 409
    assert client.post(WORDS, {"version": "-1", "introduction": "A"}).status_code == 422


def test_the_pack_holds_everything_and_checks_itself(
    signed_in: SignIn, lead: Person, issue: Callable[..., IssuedStatement], tmp_path: Path
) -> None:
    issue(include_exempt=True)
    answer = signed_in(lead).get(f"{HERE}1/pack.zip")
    assert answer.streaming
    assert answer["Content-Disposition"] == (
        'attachment; filename="ashdale-cpc-2024-position-statement-1-not-for-publication.zip"'
    )
    with zip_of(answer) as archive:
        archive.extractall(tmp_path / "pack")
        assert archive.namelist()[-2:] == [
            "evidence/1.1/minutes.txt",
            "evidence-not-for-publication/1.5/offer.txt",
        ]
    manifest = (tmp_path / "pack/manifest.txt").read_text()
    assert "# NOT FOR PUBLICATION" in manifest
    assert "# Position statement 1, issued on 24 June 2025, position at 20 June 2025" in manifest
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "manifest.txt"],
        cwd=tmp_path / "pack",
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr


def test_the_same_pack_has_the_same_bytes(
    signed_in: SignIn, member: Person, issue: Callable[..., IssuedStatement]
) -> None:
    issue()
    client = signed_in(member)
    first, second = (content_of(client.get(f"{HERE}1/pack.zip")) for _ in range(2))
    assert first == second
    assert b"NOT FOR PUBLICATION" not in first


@pytest.mark.parametrize("harm", ["withdrawn", "missing", "changed"])
def test_evidence_that_is_gone_since_is_left_out_and_the_manifest_says_so(
    signed_in: SignIn,
    manager: Person,
    member: Person,
    issue: Callable[..., IssuedStatement],
    harm: str,
) -> None:
    issued = issue()
    file = issued.files.get(evidence__isnull=False)
    evidence = file.evidence
    assert evidence is not None
    if harm == "withdrawn":
        withdraw(evidence, manager)
        why = "This evidence was withdrawn on 24 June 2025."
    else:
        why = "The file in the store is missing, or is not the one that was issued."
        path = Path(evidence.file.path)
        path.unlink() if harm == "missing" else path.write_bytes(b"Other minutes.")
    client = signed_in(member)
    with zip_of(client.get(f"{HERE}1/pack.zip")) as archive:
        assert not any("minutes" in name for name in archive.namelist())
        manifest = archive.read("manifest.txt").decode()
    assert f"# Left out: evidence/1.1/minutes.txt ({file.sha256}). {why}" in manifest
    answer = client.get(f"{HERE}1/{file.pk}/")
    assert answer.status_code == 404
    assert why in text_of(answer)
    shows = "Withdrawn on 24 June 2025" in text_of(client.get(f"{HERE}1/"))
    assert shows is (harm == "withdrawn")


# --- What it costs ------------------------------------------------------------------------------


def test_pages_stay_within_fifteen_queries(
    signed_in: SignIn,
    manager: Person,
    member: Person,
    issue: Callable[..., IssuedStatement],
    django_assert_max_num_queries: Budget,
) -> None:
    paths = paths_of(issue())
    issue()
    for person in (manager, member):
        client = signed_in(person)
        for path in [HERE, *paths]:
            with django_assert_max_num_queries(15):
                client.get(path)
    client = signed_in(manager)
    for path in (NEW, WORDS):
        with django_assert_max_num_queries(15):
            client.get(path)


def test_the_preview_of_a_hundred_actions_costs_no_more(
    signed_in: SignIn,
    manager: Person,
    hundred: Plan,
    django_assert_max_num_queries: Budget,
) -> None:
    client = signed_in(manager)
    with django_assert_max_num_queries(15):
        assert "10.10" in text_of(client.get(NEW))
