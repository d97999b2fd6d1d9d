"""Issuing a paper: frozen once, whole or not at all."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from actions.frozen import thaw
from actions.models import Action
from actions.position import plan_position
from actions.rules import UpdateDraft
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.papers import faces
from peerplan.papers.models import (
    IssuedDocument,
    IssuedPaper,
    Meeting,
    Paper,
    PaperAppendix,
    PaperPart,
    RouteStep,
)
from peerplan.papers.pack import read_inputs
from peerplan.render.errors import RendererUnavailable, RenderFailed
from tests.plugins.issuing import Issue, PdfSeen

pytestmark = pytest.mark.django_db


def files(issue: IssuedPaper) -> list[tuple[int, str, bool, str]]:
    return [
        (each.position, each.format, each.is_restricted, each.file_name)
        for each in issue.documents.all()
    ]


def refreshed(paper: Paper, author: Person) -> None:
    """Brings the paper's figures up to now."""
    paper.refresh_from_db()
    paper.figures_as_at = clock.today()
    paper.figures_known_by = clock.now()
    history.save(paper, author=author.user)


def test_an_issue_keeps_report_and_plan_in_every_format_with_their_fingerprints(
    issue: Issue, ready: Paper, plan_appendix: PaperAppendix, democratic: Person
) -> None:
    done = issue()
    assert files(done) == [
        (0, "docx", False, "ashdale-cabinet-2025-06-24-report.docx"),
        (0, "html", False, "ashdale-cabinet-2025-06-24-report.html"),
        (0, "pdf", False, "ashdale-cabinet-2025-06-24-report.pdf"),
        (1, "docx", False, "ashdale-cabinet-2025-06-24-appendix-1.docx"),
        (1, "pdf", False, "ashdale-cabinet-2025-06-24-appendix-1.pdf"),
    ]
    for each in done.documents.all():
        assert each.sha256 == hashlib.sha256(bytes(each.content)).hexdigest()
        assert each.size == len(bytes(each.content)) > 0
    assert (done.number, done.title, done.body_name) == (1, ready.title, "Cabinet")
    assert (done.issued_by, done.has_restricted, done.reason) == (democratic.user, False, "")


def test_the_whole_position_is_frozen_exempt_parts_too(
    issue: Issue, ready: Paper, act: Callable[..., Action], manager: Person
) -> None:
    act("1.1")
    act("1.2", visibility="exempt", exempt_paragraph=3)
    refreshed(ready, manager)
    done = issue()
    position = thaw(done.position)
    assert [action.ref for action in position.actions] == ["1.1", "1.2"]
    assert position == plan_position(ready.challenge, done.as_at, done.known_by)
    assert done.position_sha256 == hashlib.sha256(bytes(done.position)).hexdigest()
    assert done.has_restricted


def test_a_later_update_leaves_an_issued_paper_as_it_was(
    issue: Issue,
    ready: Paper,
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    manager: Person,
) -> None:
    action = act("1.1")
    refreshed(ready, manager)
    done = issue()
    before = [(each.pk, each.sha256) for each in done.documents.all()]
    post_update(action=action, version=action.version, draft=draft(), author=manager)
    done.refresh_from_db()
    assert thaw(done.position).actions[0].update is None
    assert [(each.pk, each.sha256) for each in done.documents.all()] == before


def test_what_is_exempt_makes_a_restricted_copy_with_its_marking(
    issue: Issue, ready: Paper, pdfs: PdfSeen, democratic: Person
) -> None:
    part = PaperPart.objects.get(label="Background")
    part.exempt_paragraph = 3
    history.save(part, author=democratic.user)
    done = issue()
    assert [each.file_name for each in done.documents.filter(is_restricted=True)] == [
        "ashdale-cabinet-2025-06-24-report-not-for-publication.docx",
        "ashdale-cabinet-2025-06-24-report-not-for-publication.html",
        "ashdale-cabinet-2025-06-24-report-not-for-publication.pdf",
    ]
    public, restricted = pdfs
    assert "The peers came in June." not in public
    assert "The peers came in June." in restricted
    assert "NOT FOR PUBLICATION by virtue of paragraph 3 of Part 1" in restricted
    assert "NOT FOR PUBLICATION by virtue" not in public


def test_a_further_issue_needs_a_reason_and_says_it_on_its_face(
    issue: Issue, ready: Paper, pdfs: PdfSeen
) -> None:
    first = issue()
    with pytest.raises(Invalid) as refused:
        issue(reason="  ")
    assert list(refused.value.fields) == ["reason"]
    pdfs.clear()
    second = issue(reason="The number of actions was wrong.")
    assert (first.number, second.number) == (1, 2)
    assert "Correction, issue 2, " in pdfs[0]
    assert "The number of actions was wrong." in pdfs[0]
    assert "ashdale-cabinet-2025-06-24-report-issue-2.pdf" in [row[3] for row in files(second)]


def test_the_reason_of_a_first_issue_is_not_kept(issue: Issue, ready: Paper) -> None:
    assert issue(reason="There was nothing to correct.").reason == ""


def test_provisional_publication_says_so_on_every_face(
    issue: Issue, ready: Paper, plan_appendix: PaperAppendix, pdfs: PdfSeen
) -> None:
    done = issue(is_provisional=True)
    said = "Provisional: published before approval by Cabinet"
    assert all(said in html for html in pdfs)
    assert len(pdfs) == 2
    page = done.documents.get(format="html")
    assert said in bytes(page.content).decode()


def test_what_is_missing_keeps_a_paper_from_being_issued(
    issue: Issue, ready: Paper, democratic: Person
) -> None:
    part = PaperPart.objects.get(label="Background")
    part.text = ""
    history.save(part, author=democratic.user)
    with pytest.raises(Invalid):
        issue()
    assert not IssuedPaper.objects.exists()


def test_an_ended_paper_is_not_issued(issue: Issue, ready: Paper, democratic: Person) -> None:
    ready.ended_at = ready.started_at
    history.save(ready, author=democratic.user)
    with pytest.raises(Invalid):
        issue()


def test_only_those_who_produce_papers_issue_them(
    issue: Issue, ready: Paper, owner: Person, member: Person, lead: Person
) -> None:
    for person in (owner, member, lead):
        with pytest.raises(NotPermitted):
            issue(author=person)
    assert not IssuedPaper.objects.exists()


def test_another_council_finds_no_paper(issue: Issue, ready: Paper, outsider: Person) -> None:
    with pytest.raises(Http404):
        issue(author=outsider)


def test_of_two_who_issue_at_once_the_second_is_stale(issue: Issue, ready: Paper) -> None:
    version = ready.version
    issue(version=version)
    with pytest.raises(Stale):
        issue(version=version, reason="Too late.")
    assert IssuedPaper.objects.count() == 1


def test_a_part_changed_while_the_files_are_made_stores_nothing(
    issue: Issue, ready: Paper, democratic: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = faces.report_pdf

    def slow(report: Any) -> tuple[bytes, int]:
        part = PaperPart.objects.get(label="Background")
        part.text += " More."
        part.version += 1
        history.save(part, author=democratic.user)
        return real(report)

    monkeypatch.setattr(faces, "report_pdf", slow)
    with pytest.raises(Stale):
        issue()
    assert not IssuedPaper.objects.exists()
    assert not IssuedDocument.objects.exists()
    ready.refresh_from_db()
    assert ready.version == 1


def test_what_the_person_was_shown_must_still_hold(
    issue: Issue, ready: Paper, democratic: Person
) -> None:
    seen = read_inputs(democratic.council, ready.pk).stamp
    part = PaperPart.objects.get(label="Background")
    part.version += 1
    history.save(part, author=democratic.user)
    with pytest.raises(Stale):
        issue(seen=seen)
    assert issue(seen=read_inputs(democratic.council, ready.pk).stamp).number == 1


@pytest.mark.parametrize("problem", [RendererUnavailable(), RenderFailed("It took too long.")])
def test_a_pdf_that_cannot_be_made_stores_nothing(
    issue: Issue, ready: Paper, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def fail(*given: object, **named: object) -> None:
        raise problem

    monkeypatch.setattr(faces, "html_to_pdf", fail)
    with pytest.raises(type(problem)):
        issue()
    assert not IssuedPaper.objects.exists()
    ready.refresh_from_db()
    assert ready.version == 1


def test_appendices_go_to_their_own_body_and_keep_their_number(
    issue: Issue,
    ready: Paper,
    scrutiny_step: RouteStep,
    cabinet_step: RouteStep,
    add_appendix: Callable[..., PaperAppendix],
) -> None:
    add_appendix("For scrutiny alone", audience=scrutiny_step)
    add_appendix("For everyone")
    done = issue()
    assert {row[0]: row[3] for row in files(done) if row[1] == "pdf"} == {
        0: "ashdale-cabinet-2025-06-24-report.pdf",
        2: "ashdale-cabinet-2025-06-24-appendix-2.pdf",
    }


def test_an_uploaded_pdf_is_kept_byte_for_byte(
    issue: Issue, ready: Paper, add_appendix: Callable[..., PaperAppendix]
) -> None:
    content = b"%PDF-1.7 as it was uploaded"
    add_appendix(
        "Contract options",
        kind="upload",
        content=content,
        content_sha256=hashlib.sha256(content).hexdigest(),
        file_name="options v3 FINAL.pdf",
        size=len(content),
        pages=4,
    )
    held = issue().documents.get(position=1)
    assert (bytes(held.content), held.pages) == (content, 4)
    assert held.title == "Appendix 1: Contract options"
    assert held.file_name == "ashdale-cabinet-2025-06-24-appendix-1.pdf"


def test_an_exempt_upload_is_in_the_restricted_copy_only(
    issue: Issue, ready: Paper, add_appendix: Callable[..., PaperAppendix]
) -> None:
    add_appendix(
        "Contract options",
        kind="upload",
        content=b"%PDF-",
        content_sha256="0" * 64,
        exempt_paragraph=3,
    )
    assert [row[2] for row in files(issue()) if row[0] == 1] == [True]


def test_the_minute_of_an_earlier_step_is_a_small_report(
    issue: Issue,
    ready: Paper,
    scrutiny_step: RouteStep,
    democratic: Person,
    pdfs: PdfSeen,
    add_appendix: Callable[..., PaperAppendix],
) -> None:
    scrutiny_step.minute_number = "14"
    scrutiny_step.minute = "RESOLVED that the progress be noted."
    history.save(scrutiny_step, author=democratic.user)
    add_appendix("Minute of scrutiny", kind="minute", minute_of=scrutiny_step)
    done = issue()
    assert [row[1] for row in files(done) if row[0] == 1] == ["docx", "pdf"]
    assert "Minute 14" in pdfs[1]
    assert "RESOLVED that the progress be noted." in pdfs[1]
    assert "Corporate Scrutiny Committee, Thursday 19 June 2025" in pdfs[1]


def test_an_earlier_paper_is_attached_as_it_was_issued(
    issue: Issue, ready: Paper, add_appendix: Callable[..., PaperAppendix]
) -> None:
    first = issue()
    add_appendix("The paper as first issued", kind="earlier-paper", earlier=first)
    second = issue(reason="An appendix was left out.")
    held = second.documents.get(position=1)
    assert held.sha256 == first.documents.get(position=0, format="pdf").sha256


@pytest.mark.parametrize("same_body", [True, False])
def test_the_restricted_copy_of_an_earlier_paper_goes_to_its_own_body_only(
    issue: Issue,
    ready: Paper,
    cabinet_step: RouteStep,
    scrutiny_step: RouteStep,
    democratic: Person,
    add_appendix: Callable[..., PaperAppendix],
    same_body: bool,
) -> None:
    part = PaperPart.objects.get(label="Background")
    part.exempt_paragraph = 3
    history.save(part, author=democratic.user)
    first = issue()
    add_appendix("The paper as first issued", kind="earlier-paper", earlier=first)
    scrutiny_step.paper = ready
    history.save(scrutiny_step, author=democratic.user)
    step = cabinet_step if same_body else scrutiny_step
    second = issue(step=step, reason="An appendix was left out.")
    held = {each.is_restricted: each.sha256 for each in second.documents.filter(position=1)}
    pdfs = first.documents.filter(position=0, format="pdf")
    own = {each.is_restricted: each.sha256 for each in pdfs}
    assert held == (own if same_body else {False: own[False]})


@pytest.mark.parametrize("exempt_before", [True, False])
def test_an_earlier_paper_that_is_not_for_publication_now_is_restricted_only(
    issue: Issue,
    ready: Paper,
    democratic: Person,
    add_appendix: Callable[..., PaperAppendix],
    exempt_before: bool,
) -> None:
    if exempt_before:
        part = PaperPart.objects.get(label="Background")
        part.exempt_paragraph = 3
        history.save(part, author=democratic.user)
    first = issue()
    add_appendix("The paper", kind="earlier-paper", earlier=first, exempt_paragraph=3)
    second = issue(reason="An appendix was left out.")
    held = second.documents.get(position=1)
    source = first.documents.get(position=0, format="pdf", is_restricted=exempt_before)
    assert (held.is_restricted, held.sha256) == (True, source.sha256)


def test_a_plan_appendix_that_is_not_for_publication_is_marked_and_restricted_only(
    issue: Issue,
    ready: Paper,
    pdfs: PdfSeen,
    add_appendix: Callable[..., PaperAppendix],
) -> None:
    add_appendix("Action plan", exempt_paragraph=4)
    held = issue().documents.filter(position=1)
    assert [each.is_restricted for each in held] == [True, True]
    assert "paragraph 4 of Part 1" in pdfs[-1]


def test_a_plan_appendix_can_show_another_day(
    issue: Issue, ready: Paper, pdfs: PdfSeen, add_appendix: Callable[..., PaperAppendix]
) -> None:
    add_appendix("As approved", as_at=date(2024, 12, 17))
    issue()
    assert "Position at 17 December 2024" in pdfs[1]


def test_before_a_body_has_seen_the_plan_the_last_release_is_compared_with(
    issue: Issue,
    ready: Paper,
    plan_appendix: PaperAppendix,
    act: Callable[..., Action],
    manager: Person,
    pdfs: PdfSeen,
) -> None:
    act("1.1")
    release_position(
        challenge=ready.challenge, as_at=date(2025, 3, 31), reason="March", seen=0, author=manager
    )
    refreshed(ready, manager)
    issue()
    assert "Compared with the position at 31 March 2025." in pdfs[1]


def test_a_plan_too_large_for_a_request_is_refused_in_words(
    issue: Issue,
    ready: Paper,
    plan_appendix: PaperAppendix,
    act: Callable[..., Action],
    manager: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act("1.1")
    refreshed(ready, manager)
    monkeypatch.setattr(faces, "LARGEST_IN_A_REQUEST", 0)
    with pytest.raises(Invalid) as refused:
        issue()
    assert "Choose “exceptions only”" in str(refused.value)


def test_the_plan_is_compared_with_what_the_body_saw_last(
    issue: Issue,
    ready: Paper,
    plan_appendix: PaperAppendix,
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    manager: Person,
    democratic: Person,
    cabinet_step: RouteStep,
    pdfs: PdfSeen,
) -> None:
    action = act("1.1")
    refreshed(ready, manager)
    ready.figures_as_at = date(2025, 5, 1)
    history.save(ready, author=democratic.user)
    issue()
    assert cabinet_step.meeting is not None
    later = Meeting(body=cabinet_step.body, on=cabinet_step.meeting.on + timedelta(days=90))
    history.save(later, author=democratic.user)
    step = RouteStep(
        route=cabinet_step.route, position=3, body=cabinet_step.body, meeting=later, paper=ready
    )
    history.save(step, author=democratic.user)
    post_update(
        action=action,
        version=action.version,
        draft=replace(draft(), as_at=date(2025, 6, 1), rating="red", decision_sought="More money."),
        author=manager,
    )
    refreshed(ready, manager)
    pdfs.clear()
    issue(step=step)
    assert "Compared with the position at 1 May 2025." in pdfs[1]


def test_a_paper_for_two_bodies_goes_next_to_the_one_that_has_not_had_it(
    issue: Issue,
    ready: Paper,
    scrutiny_step: RouteStep,
    cabinet_step: RouteStep,
    democratic: Person,
) -> None:
    scrutiny_step.paper = ready
    history.save(scrutiny_step, author=democratic.user)
    council = democratic.council

    assert read_inputs(council, ready.pk).step(None) == scrutiny_step
    issue(step=scrutiny_step)
    assert read_inputs(council, ready.pk).step(None) == cabinet_step
    issue(step=cabinet_step)
    assert read_inputs(council, ready.pk).step(None) == scrutiny_step
