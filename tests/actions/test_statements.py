"""Position statements: what they say, to whom, what is frozen with them, and what stops them."""

import hashlib
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from actions.files import check_file
from actions.models import Action, Evidence, IssuedStatement, PositionStatement, Release
from actions.services import statements
from actions.services.evidence import EvidenceDraft, add_evidence, withdraw_evidence
from actions.services.plan import ActionDetails, change_action
from actions.services.releases import post_recommendation_update, release_position
from actions.services.statements import issue_statement, write_statement
from actions.statement import marking
from actions.statement_reading import Draft, draft_of, issues_for, pack_file, packed
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.render.errors import RenderFailed
from peerplan.render.pdf import Pdf
from peerplan.render.report import Cell, DataTable, LabelTable, Paragraph, Report
from reviews.models import PeerChallenge, Recommendation
from tests.plugins.plans import CANARY, Plan
from tests.render.papers import png, told
from tests.render.reading import failures

pytestmark = pytest.mark.django_db
SITE = "https://plan.ashdale.example"
DAY = date(2025, 6, 20)
Add = Callable[..., Evidence]


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Path) -> Path:
    """Where files go in these tests."""
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were sent to be printed; nothing is."""
    sent: list[str] = []

    def render(html: str, **given: Any) -> Pdf:
        sent.append(html)
        return Pdf(b"%PDF-1.7 sample", 1, "0" * 64, 0.1, 1)

    monkeypatch.setattr(statements, "html_to_pdf", render)
    return sent


@pytest.fixture
def add(manager: Person) -> Add:
    """Adds evidence: a file of that name, or a link."""

    def keep(action: Action, name: str = "", link: str = "", title: str = "") -> Evidence:
        version = Action.objects.get(pk=action.pk).version
        file = None
        if name:
            file = check_file(SimpleUploadedFile(name, f"What {name} says.".encode()))
        draft = EvidenceDraft(title=title, link=link, file=file)
        return add_evidence(action=action, version=version, evidence=draft, author=manager)

    return keep


@pytest.fixture
def ready(plan: Plan, add: Add, manager: Person, travel: time_machine.Traveller) -> Release:
    """The plan with evidence, its own status and impact, released as at 20 June 2025."""
    add(plan.actions["1.1"], "minutes.txt", title="Minutes of the board")
    add(plan.actions["1.1"], "Minutes.txt", title="More minutes")
    add(plan.actions["1.2"], link="https://ashdale.example/rates?a=1&b=2", title="The schedule")
    add(plan.actions["1.5"], "offer.txt", title="The offer")
    recommendation = plan.challenge.recommendations.get()
    post_recommendation_update(
        recommendation=recommendation,
        version=1,
        as_at=DAY,
        status="amber",
        summary="Half of it is done.",
        impact="Repairs take 9 days, not 21.",
        author=manager,
    )
    travel.shift(60)
    return release_position(
        challenge=plan.challenge, as_at=DAY, reason="For the review", author=manager
    )


def issue(release: Release, author: Person, **given: Any) -> IssuedStatement:
    """A statement issued for the progress review, unless something else is given."""
    current = PositionStatement.objects.filter(challenge=release.challenge_id).first()
    fields: dict[str, Any] = {
        "challenge": release.challenge,
        "version": current.version if current else 0,
        "release": release,
        "include_exempt": False,
        "reason": "For the progress review",
        "site": SITE,
        "author": author,
    }
    return issue_statement(**(fields | given))


def draft(release: Release, *, include_exempt: bool = False) -> Draft:
    return draft_of(release.challenge, release, include_exempt=include_exempt, site=SITE)


def report(release: Release, **given: Any) -> Report:
    return draft(release, **given).report(dated=DAY)


def words(made: Report) -> str:
    """Everything that a report says."""
    return " ".join(told(made))


def cells(made: Report, caption: str) -> list[list[str]]:
    """The rows of the table with that caption, as texts."""
    (table,) = (
        block
        for section in made.sections
        for block in section.blocks
        if isinstance(block, DataTable) and block.caption == caption
    )
    return [[cell.text for cell in row] for row in table.rows]


def names(issued: IssuedStatement) -> list[str]:
    return [each.name for each in issued.files.all()]


# --- What it says -------------------------------------------------------------------------------


def test_it_tells_of_a_recommendation_its_summary_impact_actions_and_evidence(
    ready: Release,
) -> None:
    made = report(ready)
    (table,) = (
        block
        for section in made.sections
        for block in section.blocks
        if isinstance(block, LabelTable)
    )
    said = {
        row.label: " ".join(block.text for block in row.blocks if isinstance(block, Paragraph))
        for row in table.rows
    }
    assert said["What the peers said"] == "Map how repairs are done and remove what slows them."
    assert said["The council’s own status"].startswith("Amber at 20 June 2025.")
    assert said["Where it stands"] == "Half of it is done."
    assert said["What has changed for people"] == "Repairs take 9 days, not 21."
    actions = cells(made, "Actions: recommendation 1")
    assert [row[0] for row in actions] == ["1.1", "1.2", "1.3", "1.4", "1.6"]
    assert actions[0][1] == "Clear the backlog of repairs\n\nLead role: Head of Housing"
    assert "Decision sought: Cabinet to choose a contractor for 1.1." in actions[0][4]
    assert cells(made, "Evidence: recommendation 1") == [
        ["1.1", "Minutes of the board", "24 June 2025", "evidence/1.1/minutes.txt"],
        ["1.1", "More minutes", "24 June 2025", "evidence/1.1/Minutes-2.txt"],
        ["1.2", "The schedule", "24 June 2025", "https://ashdale.example/rates?a=1&b=2"],
        ["1.3", "What shows it", "2 June 2025", "https://ashdale.example/shown"],
    ]


def test_evidence_leads_to_where_it_can_be_read(ready: Release) -> None:
    links = [
        cell.link
        for section in report(ready).sections
        for block in section.blocks
        if isinstance(block, DataTable)
        for row in block.rows
        for cell in row
        if isinstance(cell, Cell) and cell.link
    ]
    file = Evidence.objects.get(title="Minutes of the board")
    assert links[0] == f"{SITE}/c/ashdale/cpc-2024/1.1/evidence/{file.public_id}/"
    assert links[2] == "https://ashdale.example/rates?a=1&b=2"


def test_an_odd_address_is_written_so_that_a_document_can_hold_it(
    plan: Plan, add: Add, manager: Person, travel: time_machine.Traveller
) -> None:
    add(plan.actions["1.1"], link='https://ashdale.example/a b"c\\<d>é')
    travel.shift(1)
    release = release_position(challenge=plan.challenge, as_at=DAY, reason="Again", author=manager)
    assert "https://ashdale.example/a%20b%22c%5C%3Cd%3E%C3%A9" in words(report(release))


def test_the_councils_words_stand_round_the_plan(ready: Release, manager: Person) -> None:
    write_statement(
        challenge=ready.challenge,
        version=0,
        introduction="We thank the peers.\n\n- One\n- Two",
        ahead="A new contract begins in May.",
        author=manager,
    )
    ready.challenge.refresh_from_db()
    headings = [section.heading for section in report(ready).sections]
    assert headings[0] == "Introduction"
    assert headings[-1] == "What comes next"
    assert "A new contract begins in May." in words(report(ready))


def test_a_document_has_the_councils_logo_and_a_page_only_its_address(ready: Release) -> None:
    assert report(ready).logo is None
    council = ready.challenge.council
    council.logo, council.logo_type = png(), "image/png"
    printed = draft(ready).report(dated=DAY).logo
    shown = draft(ready).report(dated=DAY, reads_logo=False).logo
    assert printed is not None
    assert shown is not None
    assert printed.content == png()
    assert shown.content == b""
    assert printed.words == shown.words == "Logo of Ashdale District Council"


def test_a_plan_of_nothing_is_still_a_statement(
    challenge: PeerChallenge, manager: Person, printed: list[str]
) -> None:
    release = release_position(
        challenge=challenge, as_at=date(2025, 3, 1), reason="First", author=manager
    )
    assert names(issue(release, manager))[0] == "ashdale-cpc-2024-position-statement-1.pdf"


# --- Exempt parts -------------------------------------------------------------------------------


def test_nothing_exempt_is_in_it_unless_it_was_chosen(
    ready: Release, manager: Person, printed: list[str]
) -> None:
    issued = issue(ready, manager)
    assert not issued.has_exempt_parts
    assert CANARY not in printed[0]
    assert "The offer" not in printed[0]
    assert "1 action is not for publication and is left out of this copy." in " ".join(
        printed[0].split()
    ).replace("One action", "1 action")
    word = issued.files.get(name__endswith=".docx")
    text = "".join(each.text or "" for each in Document(io.BytesIO(word.content)).element.iter())
    assert CANARY not in text
    assert not any("not-for-publication" in name for name in names(issued))


def test_chosen_exempt_parts_are_marked_on_the_face_in_the_names_and_in_the_index(
    ready: Release, manager: Person, printed: list[str]
) -> None:
    issued = issue(ready, manager, include_exempt=True)
    assert issued.has_exempt_parts
    assert "NOT FOR PUBLICATION by virtue of paragraph 3" in printed[0]
    assert CANARY in printed[0]
    assert names(issued) == [
        "ashdale-cpc-2024-position-statement-1-not-for-publication.pdf",
        "ashdale-cpc-2024-position-statement-1-not-for-publication.docx",
        "evidence/1.1/minutes.txt",
        "evidence/1.1/Minutes-2.txt",
        "evidence-not-for-publication/1.5/offer.txt",
    ]
    rows = cells(report(ready, include_exempt=True), "Evidence: recommendation 1")
    assert rows[-1][1] == "The offer\n\nNot for publication"


def test_exempt_evidence_of_an_action_that_may_be_published_now_marks_the_statement(
    ready: Release, plan: Plan, add: Add, manager: Person, travel: time_machine.Traveller
) -> None:
    action = plan.actions["1.6"]
    exempt = add(action, "letter.txt")
    exempt.visibility = "exempt"
    exempt.save()
    travel.shift(1)
    release = release_position(challenge=plan.challenge, as_at=DAY, reason="Again", author=manager)
    whole = draft(release, include_exempt=True)
    keep = whole.position.only([action.pk])
    (piece,) = (each for each in whole.pieces if each.action_id == action.pk)
    assert marking(keep, [piece]) == "NOT FOR PUBLICATION: contains exempt information"
    assert "letter.txt" not in words(report(release))


def test_who_is_not_entitled_cannot_choose_exempt_parts(
    ready: Release, manager: Person, printed: list[str]
) -> None:
    manager.membership.reads_exempt = False
    with pytest.raises(NotPermitted):
        issue(ready, manager, include_exempt=True)
    assert printed == []


def test_an_issue_with_exempt_parts_is_there_for_those_entitled_only(
    ready: Release, manager: Person, member: Person, lead: Person, printed: list[str]
) -> None:
    issue(ready, manager)
    issue(ready, manager, include_exempt=True)
    assert [each.number for each in issues_for(lead, ready.challenge).all] == [2, 1]
    assert [each.number for each in issues_for(member, ready.challenge).all] == [1]
    assert issues_for(member, ready.challenge).find(2) is None


def make_exempt(action: Action, author: Person) -> None:
    current = Action.objects.get(pk=action.pk)
    change_action(
        action=current,
        version=current.version,
        details=ActionDetails(
            ref=current.ref,
            title=current.title,
            in_plan_from=current.in_plan_from,
            original_due=current.original_due,
            visibility="exempt",
            exempt_paragraph=3,
        ),
        recommendations=[Recommendation.objects.get()],
        milestones=[],
        author=author,
        reason="It names a firm.",
    )


def test_an_issue_is_closed_to_others_once_something_in_it_is_exempt(
    ready: Release,
    plan: Plan,
    manager: Person,
    member: Person,
    printed: list[str],
    travel: time_machine.Traveller,
) -> None:
    told = issue(ready, manager)
    assert issues_for(member, ready.challenge).closed == frozenset()
    travel.shift(60)
    make_exempt(plan.actions["1.4"], manager)
    travel.shift(60)
    after = issue(ready, manager)
    assert issues_for(member, ready.challenge).closed == {told.pk}
    assert issues_for(manager, ready.challenge).closed == frozenset()
    assert "Train the call handlers" in printed[0]
    assert "Train the call handlers" not in printed[1]
    assert after.number == 2


def test_an_exempt_action_that_was_never_told_of_closes_nothing(
    ready: Release, manager: Person, member: Person, printed: list[str]
) -> None:
    issue(ready, manager)
    assert Action.objects.filter(visibility="exempt").exists()
    assert issues_for(member, ready.challenge).closed == frozenset()


# --- Evidence -----------------------------------------------------------------------------------


def withdraw(evidence: Evidence, author: Person) -> None:
    evidence.refresh_from_db()
    version = Action.objects.get(pk=evidence.action_id).version
    withdraw_evidence(evidence=evidence, version=version, reason="The wrong file.", author=author)


def test_evidence_that_came_after_the_release_or_was_withdrawn_is_not_in_it(
    ready: Release,
    plan: Plan,
    add: Add,
    manager: Person,
    printed: list[str],
    travel: time_machine.Traveller,
) -> None:
    travel.shift(60)
    add(plan.actions["1.3"], "later.txt")
    withdraw(Evidence.objects.get(title="More minutes"), manager)
    issued = issue(ready, manager)
    assert names(issued)[2:] == ["evidence/1.1/minutes.txt"]
    assert "More minutes" not in printed[0]


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_a_file_that_is_not_what_was_kept_stops_the_issue_and_is_named(
    ready: Release, manager: Person, printed: list[str], harm: str
) -> None:
    evidence = Evidence.objects.get(title="Minutes of the board")
    path = Path(evidence.file.path)
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(b"Other minutes.")
    with pytest.raises(Invalid) as refused:
        issue(ready, manager)
    (message,) = refused.value.fields.values()
    assert "“Minutes of the board” of action 1.1 is not in the store as it was added" in message
    assert not IssuedStatement.objects.exists()
    assert printed == []
    withdraw(evidence, manager)
    assert issue(ready, manager).number == 1


def test_each_file_is_kept_with_its_hash_and_evidence_is_read_from_its_store(
    ready: Release, manager: Person, printed: list[str]
) -> None:
    issued = issue(ready, manager)
    for file in issued.files.all():
        content = b"".join(packed(file).pieces())
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert file.size == len(content)
    assert issued.files.filter(evidence__isnull=False, content__isnull=True).count() == 2


def test_a_large_file_is_read_piece_by_piece(
    ready: Release, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = Evidence.objects.get(title="Minutes of the board")
    monkeypatch.setattr("actions.statement_reading.PIECE", 4)
    pieces = list(pack_file("a", evidence).pieces())
    assert len(pieces) > 3
    assert b"".join(pieces) == b"What minutes.txt says."


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("a:b*c?.txt", "a-b-c-.txt"),
        ("." * 30, "file"),
        ("x" * 140 + ".docx", "x" * 100 + ".docx"),
        ("notes.averylongending", "notes.averylongending"),
    ],
)
def test_a_name_in_the_pack_leads_nowhere_else(
    ready: Release, manager: Person, printed: list[str], given: str, kept: str
) -> None:
    evidence = Evidence.objects.get(title="Minutes of the board")
    evidence.file_name = given
    evidence.save()
    name = draft(ready).names[evidence.pk]
    assert name.startswith("evidence/1.1/")
    assert name.removeprefix("evidence/1.1/") == kept
    assert ".." not in name.split("/")


# --- Issuing ------------------------------------------------------------------------------------


def test_only_who_releases_issues_and_only_the_plan_manager_writes(
    ready: Release, lead: Person, democratic: Person, printed: list[str]
) -> None:
    for person in (lead, democratic):
        with pytest.raises(NotPermitted):
            issue(ready, person)
        with pytest.raises(NotPermitted):
            write_statement(
                challenge=ready.challenge, version=0, introduction="", ahead="", author=person
            )


@pytest.mark.parametrize("reason", ["", "  ", "a" * 501])
def test_an_issue_says_what_it_is_for(
    ready: Release, manager: Person, printed: list[str], reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        issue(ready, manager, reason=reason)
    assert list(refused.value.fields) == ["reason"]


def test_the_reason_and_the_number_stand_on_its_face(
    ready: Release, manager: Person, printed: list[str]
) -> None:
    issue(ready, manager)
    issue(ready, manager, reason="The date of action 1.2 was wrong")
    assert "Issue 1, 24 June 2025: For the progress review" in printed[0]
    assert "Issue 2, 24 June 2025: The date of action 1.2 was wrong" in printed[1]


def test_an_earlier_release_can_be_chosen(
    ready: Release, plan: Plan, manager: Person, printed: list[str]
) -> None:
    issued = issue(plan.releases[0], manager)
    assert issued.release == plan.releases[0]
    assert "Position at 31 March 2025" in printed[0]
    assert names(issued)[2:] == []


def test_the_second_of_two_who_issue_at_once_is_told(
    ready: Release, manager: Person, printed: list[str]
) -> None:
    issue(ready, manager, version=0)
    with pytest.raises(Stale):
        issue(ready, manager, version=0)
    assert IssuedStatement.objects.count() == 1


@pytest.mark.parametrize("meanwhile", ["words", "evidence", "exempt"])
def test_what_changes_while_the_documents_are_made_stops_the_issue(
    ready: Release,
    plan: Plan,
    manager: Person,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: str,
) -> None:
    def render(html: str, **given: Any) -> Pdf:
        if meanwhile == "words":
            write_statement(
                challenge=ready.challenge, version=0, introduction="A", ahead="", author=manager
            )
        elif meanwhile == "evidence":
            withdraw(Evidence.objects.get(title="More minutes"), manager)
        else:
            make_exempt(plan.actions["1.4"], manager)
        return Pdf(b"%PDF-1.7 sample", 1, "0" * 64, 0.1, 1)

    monkeypatch.setattr(statements, "html_to_pdf", render)
    with pytest.raises(Stale):
        issue(ready, manager)
    assert not IssuedStatement.objects.exists()


def test_nothing_is_stored_where_the_pdf_cannot_be_made(
    ready: Release, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(html: str, **given: Any) -> Pdf:
        raise RenderFailed("no")

    monkeypatch.setattr(statements, "html_to_pdf", render)
    with pytest.raises(RenderFailed):
        issue(ready, manager)
    assert not PositionStatement.objects.exists()


def test_a_plan_too_large_for_a_request_is_refused_before_anything_is_read(
    ready: Release, manager: Person, printed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "LARGEST_IN_A_REQUEST", 3)
    with pytest.raises(Invalid, match="5 actions"):
        issue(ready, manager)
    assert printed == []


def test_words_too_long_and_words_changed_by_two_people_are_refused(
    challenge: PeerChallenge, manager: Person
) -> None:
    given: dict[str, Any] = {"challenge": challenge, "ahead": "", "author": manager}
    with pytest.raises(Invalid):
        write_statement(**given, version=0, introduction="a" * 20_001)
    write_statement(**given, version=0, introduction="One")
    with pytest.raises(Stale):
        write_statement(**given, version=0, introduction="Two")
    current = write_statement(**given, version=1, introduction="Three")
    assert current.history.count() == 2


# --- The documents ------------------------------------------------------------------------------


@pytest.fixture
def whole(ready: Release, manager: Person) -> IssuedStatement:
    """An issue with exempt parts, its PDF and Word really made."""
    write_statement(
        challenge=ready.challenge,
        version=0,
        introduction="We thank the peers.\n\n- One\n- Two",
        ahead="A new contract begins in May.",
        author=manager,
    )
    ready.challenge.refresh_from_db()
    return issue(ready, manager, include_exempt=True)


def test_the_checker_finds_nothing_in_the_pdf_and_word_says_the_same(
    whole: IssuedStatement,
) -> None:
    pdf, word = whole.files.filter(evidence__isnull=True)
    assert failures(bytes(pdf.content or b"")) == []
    document = Document(io.BytesIO(word.content or b""))
    text = "".join(each.text or "" for each in document.element.iter())
    for part in ("We thank the peers.", CANARY, "Repairs take 9 days", "evidence/1.1/minutes.txt"):
        assert part in text
