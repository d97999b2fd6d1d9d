"""Preview, drafts, the issue page, issued papers and their files: done, refused, forbidden."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.papers import faces
from peerplan.papers.models import (
    BodyMember,
    IssuedDocument,
    IssuedPaper,
    Paper,
    PaperAppendix,
    PaperPart,
    RouteStep,
)
from peerplan.papers.pack import read_inputs
from peerplan.papers.views import issues as views
from peerplan.render.errors import RendererUnavailable, RenderFailed, TooManyAtOnce
from peerplan.render.report_page import kept_body
from tests.plugins.issuing import Issue, PdfSeen

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


def at(name: str, paper: Paper, **more: Any) -> str:
    return reverse(name, kwargs={"council": "ashdale", "paper": paper.pk, **more})


def given(paper: Paper, step: RouteStep, **more: Any) -> dict[str, Any]:
    """What the issue page posts."""
    paper.refresh_from_db()
    seen = read_inputs(paper.challenge.council, paper.pk).stamp
    number = IssuedPaper.objects.filter(paper=paper, step=step).count() + 1
    return {"version": paper.version, "seen": seen, "number": number, "step": step.pk} | more


@pytest.fixture
def seat(cabinet_step: RouteStep, member: Person, democratic: Person) -> BodyMember:
    """The member sits on Cabinet."""
    return BodyMember.objects.create(
        body=cabinet_step.body, membership=member.membership, added_by=democratic.user
    )


@pytest.fixture
def exempt(ready: Paper, democratic: Person) -> PaperPart:
    """The background is not for publication."""
    part = PaperPart.objects.get(label="Background")
    part.exempt_paragraph = 3
    history.save(part, author=democratic.user)
    return part


# --- Preview and drafts -------------------------------------------------------------------------


def test_officers_see_the_paper_as_it_would_be_issued(
    signed_in: SignIn, owner: Person, ready: Paper
) -> None:
    answer = signed_in(owner).get(at("paper_preview", ready))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    page = answer.content.decode()
    assert "Draft: not issued" in page
    assert "THAT CABINET:" in page
    assert 'class="k">1.0</span> Background' in page


def test_members_see_no_paper_in_writing(signed_in: SignIn, member: Person, ready: Paper) -> None:
    client = signed_in(member)
    assert client.get(at("paper_preview", ready)).status_code == 403
    assert client.get(at("paper_draft", ready, kind="pdf")).status_code == 403
    assert client.get(at("paper_issue", ready)).status_code == 403


def test_another_council_finds_none_of_the_pages(
    signed_in: SignIn, outsider: Person, ready: Paper, issue: Issue
) -> None:
    done = issue()
    client = signed_in(outsider)
    document = done.documents.first()
    assert document is not None
    for address in (
        at("paper_preview", ready),
        at("paper_draft", ready, kind="pdf"),
        at("paper_issue", ready),
        at("issued_paper", ready, issue=done.pk),
        at("issued_pack", ready, issue=done.pk),
        at("issued_document", ready, issue=done.pk, document=document.pk),
    ):
        assert client.get(address).status_code == 404
        there = address.replace("/ashdale/", "/mereford/")
        assert client.get(there).status_code == 404
    theirs = at("paper_issue", ready).replace("/ashdale/", "/mereford/")
    assert client.post(theirs, {"version": 1}).status_code == 404
    assert IssuedPaper.objects.count() == 1


def test_an_ended_paper_has_no_preview(
    signed_in: SignIn, owner: Person, ready: Paper, democratic: Person
) -> None:
    ready.ended_at = ready.started_at
    history.save(ready, author=democratic.user)
    assert signed_in(owner).get(at("paper_preview", ready)).status_code == 404


@pytest.mark.parametrize("number", [0, 10**30])
def test_numbers_that_name_nothing_are_not_found(
    signed_in: SignIn, owner: Person, ready: Paper, number: int
) -> None:
    client = signed_in(owner)
    assert client.get(at("issued_paper", ready, issue=number)).status_code == 404
    for rest in ("preview/", "draft.pdf", "issued/1/", "issued/1/1/", "issued/1/pack.zip"):
        assert client.get(f"/c/ashdale/papers/{number}/{rest}").status_code == 404


@pytest.mark.parametrize("step", ["x", "0", "99999999999", "-1", "٣"])
def test_a_step_that_is_not_of_this_paper_is_not_found(
    signed_in: SignIn, owner: Person, ready: Paper, step: str
) -> None:
    address = at("paper_preview", ready)
    assert signed_in(owner).get(address, {"step": step}).status_code == 404


def test_the_restricted_preview_is_for_those_entitled(
    signed_in: SignIn, manager: Person, owner: Person, exempt: PaperPart
) -> None:
    address = at("paper_preview", exempt.paper)
    answer = signed_in(owner).get(address, {"copy": "restricted"})
    assert answer.status_code == 403
    assert "The peers came" not in answer.content.decode()
    assert "The peers came" not in signed_in(owner).get(address).content.decode()
    page = signed_in(manager).get(address, {"copy": "restricted"}).content.decode()
    assert "The peers came" in page
    assert "NOT FOR PUBLICATION" in page
    assert "The peers came" not in signed_in(manager).get(address).content.decode()


def test_a_draft_says_so_on_its_face_and_is_an_attachment(
    signed_in: SignIn, owner: Person, ready: Paper, pdfs: PdfSeen
) -> None:
    answer = signed_in(owner).get(at("paper_draft", ready, kind="pdf"))
    assert "Draft: not issued" in pdfs[0]
    assert answer["Content-Type"] == "application/pdf"
    name = f"draft-ashdale-report-{ready.pk}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    word = signed_in(owner).get(at("paper_draft", ready, kind="docx"))
    assert word["Content-Type"].endswith("wordprocessingml.document")
    assert signed_in(owner).get(at("paper_draft", ready, kind="xlsx")).status_code == 404


def test_a_restricted_draft_is_for_those_entitled(
    signed_in: SignIn, manager: Person, owner: Person, exempt: PaperPart, pdfs: PdfSeen
) -> None:
    address = at("paper_draft", exempt.paper, kind="pdf")
    assert signed_in(owner).get(address, {"copy": "restricted"}).status_code == 403
    assert pdfs == []
    answer = signed_in(manager).get(address, {"copy": "restricted"})
    assert "not-for-publication" in answer["Content-Disposition"]
    assert "The peers came" in pdfs[0]


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (RendererUnavailable(), "libpango-1.0-0"),
        (TooManyAtOnce(), "Try again"),
        (RenderFailed("It took too long."), "It took too long."),
    ],
)
def test_a_draft_that_fails_offers_word(
    signed_in: SignIn,
    owner: Person,
    ready: Paper,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    words: str,
) -> None:
    def fail(*given: object, **named: object) -> None:
        raise problem

    monkeypatch.setattr(faces, "html_to_pdf", fail)
    answer = signed_in(owner).get(at("paper_draft", ready, kind="pdf"))
    assert answer.status_code == 503
    assert words in answer.content.decode()
    assert at("paper_draft", ready, kind="docx") in answer.content.decode()


# --- Issuing ------------------------------------------------------------------------------------


def test_a_paper_is_issued_and_shown(
    signed_in: SignIn, democratic: Person, ready: Paper, cabinet_step: RouteStep, pdfs: PdfSeen
) -> None:
    client = signed_in(democratic)
    assert client.get(at("paper_issue", ready)).status_code == 200
    answer = client.post(at("paper_issue", ready), given(ready, cabinet_step))
    done = IssuedPaper.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == at("issued_paper", ready, issue=done.pk)
    page = client.get(answer["Location"]).content.decode()
    assert "Issued to Cabinet." in page
    assert done.documents.count() == 3


def test_only_reading_and_posting_are_ways_to_ask(
    signed_in: SignIn, democratic: Person, ready: Paper, issue: Issue
) -> None:
    done = issue()
    client = signed_in(democratic)
    assert client.put(at("paper_issue", ready)).status_code == 405
    assert client.delete(at("paper_issue", ready)).status_code == 405
    for name, more in (
        ("paper_preview", {}),
        ("paper_draft", {"kind": "pdf"}),
        ("issued_paper", {"issue": done.pk}),
        ("issued_pack", {"issue": done.pk}),
    ):
        assert client.post(at(name, ready, **more)).status_code == 405


def test_officers_who_do_not_produce_papers_cannot_issue(
    signed_in: SignIn, owner: Person, lead: Person, ready: Paper, cabinet_step: RouteStep
) -> None:
    for person in (owner, lead):
        answer = signed_in(person).post(at("paper_issue", ready), given(ready, cabinet_step))
        assert answer.status_code == 403
    assert not IssuedPaper.objects.exists()


def test_what_is_missing_is_shown_and_keeps_the_paper_back(
    signed_in: SignIn, democratic: Person, paper: Paper, cabinet_step: RouteStep, pdfs: PdfSeen
) -> None:
    client = signed_in(democratic)
    words = "Record the sign-off of “Financial implications” by the Section 151 Officer."
    page = client.get(at("paper_issue", paper)).content.decode()
    assert words in page
    assert "Issue the paper" not in page
    answer = client.post(at("paper_issue", paper), given(paper, cabinet_step, is_provisional="on"))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'name="is_provisional"' in answer.content.decode()
    assert re.search(r'name="is_provisional"[^>]* checked', answer.content.decode())
    assert not IssuedPaper.objects.exists()


def test_what_is_missing_does_not_name_an_exempt_part_to_others(
    signed_in: SignIn, democratic: Person, manager: Person, exempt: PaperPart
) -> None:
    exempt.text = ""
    history.save(exempt, author=democratic.user)
    address = at("paper_issue", exempt.paper)
    page = signed_in(democratic).get(address).content.decode()
    assert "A part that is not for publication is not complete." in page
    assert "Background”" not in page
    assert "Write “Background”." in signed_in(manager).get(address).content.decode()


def test_slips_are_shown_and_can_be_acknowledged(
    signed_in: SignIn,
    democratic: Person,
    ready: Paper,
    cabinet_step: RouteStep,
    pdfs: PdfSeen,
) -> None:
    part = PaperPart.objects.get(label="Background")
    part.text = "Cabinet meets on Friday 24 June 2025. See [section: Nowhere]."
    history.save(part, author=democratic.user)
    client = signed_in(democratic)
    page = client.get(at("paper_issue", ready)).content.decode()
    assert "Check before you issue" in page
    assert "24 June 2025 is a Tuesday." in page
    assert "<q>[section: Nowhere]</q>: This reference names nothing in the paper" in page
    assert at("paper_part", ready, part=part.pk) in page
    answer = client.post(at("paper_issue", ready), given(ready, cabinet_step))
    assert answer.status_code == 422
    assert "Put these right, or tick that they are right" in answer.content.decode()
    assert not IssuedPaper.objects.exists()
    ticked = given(ready, cabinet_step, acknowledged="on")
    assert client.post(at("paper_issue", ready), ticked).status_code == 302
    assert IssuedPaper.objects.count() == 1


def test_slips_of_an_exempt_part_are_for_those_entitled(
    signed_in: SignIn, democratic: Person, manager: Person, exempt: PaperPart
) -> None:
    exempt.text = "The offer of Friday 24 June 2025 stands. See [section: Nowhere]."
    history.save(exempt, author=manager.user)
    address = at("paper_issue", exempt.paper)
    page = signed_in(democratic).get(address).content.decode()
    assert "Check before you issue" not in page
    assert "Nowhere" not in page
    assert "24 June 2025 is a Tuesday." in signed_in(manager).get(address).content.decode()


def test_a_step_without_a_meeting_is_missing_one(
    signed_in: SignIn, democratic: Person, ready: Paper, cabinet_step: RouteStep
) -> None:
    cabinet_step.meeting = None
    history.save(cabinet_step, author=democratic.user)
    page = signed_in(democratic).get(at("paper_issue", ready)).content.decode()
    assert "Choose the meeting of Cabinet that this paper is for." in page
    assert reverse("step", kwargs={"council": "ashdale", "step": cabinet_step.pk}) in page


def test_a_minute_to_follow_is_missing(
    signed_in: SignIn,
    democratic: Person,
    ready: Paper,
    scrutiny_step: RouteStep,
    add_appendix: Callable[..., PaperAppendix],
) -> None:
    made = add_appendix("Minute of scrutiny", kind="minute", minute_of=scrutiny_step)
    page = signed_in(democratic).get(at("paper_issue", ready)).content.decode()
    assert "“Minute of scrutiny” is to follow" in page
    assert at("paper_appendix", ready, appendix=made.pk) in page


def test_a_correction_asks_for_its_reason_and_keeps_what_was_ticked(
    signed_in: SignIn, democratic: Person, ready: Paper, cabinet_step: RouteStep, issue: Issue
) -> None:
    issue()
    client = signed_in(democratic)
    page = client.get(at("paper_issue", ready)).content.decode()
    assert "Issue a correction to Cabinet" in page
    answer = client.post(at("paper_issue", ready), given(ready, cabinet_step, reason="  "))
    assert answer.status_code == 422
    assert "Say what was corrected" in answer.content.decode()
    reason = "A count was wrong."
    answer = client.post(at("paper_issue", ready), given(ready, cabinet_step, reason=reason))
    assert answer.status_code == 302
    assert IssuedPaper.objects.get(number=2).reason == reason


def test_the_same_post_sent_again_issues_nothing_and_says_who_issued(
    signed_in: SignIn,
    democratic: Person,
    manager: Person,
    ready: Paper,
    cabinet_step: RouteStep,
    pdfs: PdfSeen,
) -> None:
    posted = given(ready, cabinet_step, is_provisional="on")
    assert signed_in(manager).post(at("paper_issue", ready), posted).status_code == 302
    answer = signed_in(democratic).post(at("paper_issue", ready), posted)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Policy Manager issued this paper first" in page
    assert at("issued_paper", ready, issue=IssuedPaper.objects.get().pk) in page
    assert re.search(r'name="is_provisional"[^>]* checked', page)
    assert 'name="reason"' in page
    assert IssuedPaper.objects.count() == 1


def test_a_paper_changed_since_the_page_was_opened_is_a_conflict(
    signed_in: SignIn, democratic: Person, manager: Person, ready: Paper, cabinet_step: RouteStep
) -> None:
    posted = given(ready, cabinet_step)
    ready.version += 1
    ready.title = "Another title"
    history.save(ready, author=manager.user)
    answer = signed_in(democratic).post(at("paper_issue", ready), posted)
    assert answer.status_code == 409
    assert "Policy Manager changed this paper" in answer.content.decode()
    assert not IssuedPaper.objects.exists()


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (RendererUnavailable(), "An issue needs both PDF and Word"),
        (TooManyAtOnce(), "Other PDFs are being made"),
        (RenderFailed("It took too long."), "It took too long."),
    ],
)
def test_a_failed_rendering_says_so_and_keeps_what_was_typed(
    signed_in: SignIn,
    democratic: Person,
    ready: Paper,
    cabinet_step: RouteStep,
    issue: Issue,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
    words: str,
) -> None:
    issue()

    def fail(*given: object, **named: object) -> None:
        raise problem

    monkeypatch.setattr(faces, "html_to_pdf", fail)
    posted = given(ready, cabinet_step, reason="A count was wrong.")
    answer = signed_in(democratic).post(at("paper_issue", ready), posted)
    assert answer.status_code == 503
    assert words in answer.content.decode()
    assert "Nothing was issued" in answer.content.decode()
    assert "A count was wrong." in answer.content.decode()
    assert IssuedPaper.objects.count() == 1


# --- Issued papers ------------------------------------------------------------------------------


def test_members_read_an_issued_paper_and_its_files(
    signed_in: SignIn,
    member: Person,
    ready: Paper,
    issue: Issue,
    plan_appendix: PaperAppendix,
) -> None:
    done = issue()
    answer = signed_in(member).get(at("issued_paper", ready, issue=done.pk))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    page = answer.content.decode()
    assert "THAT CABINET:" in page
    assert "Democratic Services Officer" in page
    for document in done.documents.all():
        assert document.sha256 in page
        address = at("issued_document", ready, issue=done.pk, document=document.pk)
        assert address in page
        held = signed_in(member).get(address)
        assert held.content == bytes(document.content)
        assert held["Content-Disposition"] == f'attachment; filename="{document.file_name}"'
        assert held["X-Content-Type-Options"] == "nosniff"
        assert held["Cache-Control"] == "private, no-store"
        assert held["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_an_issued_paper_and_its_files_are_not_for_peers(
    signed_in: SignIn, peer: Person, ready: Paper, issue: Issue
) -> None:
    done = issue()
    client = signed_in(peer)
    assert client.get(at("issued_paper", ready, issue=done.pk)).status_code == 404
    for document in done.documents.all():
        address = at("issued_document", ready, issue=done.pk, document=document.pk)
        assert client.get(address).status_code == 404


def test_the_page_is_what_was_stored(
    signed_in: SignIn, member: Person, ready: Paper, issue: Issue, democratic: Person
) -> None:
    done = issue()
    part = PaperPart.objects.get(label="Background")
    part.text = "Written after the issue."
    history.save(part, author=democratic.user)
    page = signed_in(member).get(at("issued_paper", ready, issue=done.pk)).content.decode()
    stored = bytes(done.documents.get(format="html").content).decode()
    assert kept_body(stored) in page
    assert "Written after the issue." not in page
    assert stored.startswith("<!DOCTYPE html>")


def test_the_restricted_copy_is_for_a_seat_on_the_body(
    signed_in: SignIn,
    member: Person,
    seat: BodyMember,
    democratic: Person,
    manager: Person,
    lead: Person,
    exempt: PaperPart,
    issue: Issue,
) -> None:
    done = issue()
    address = at("issued_paper", exempt.paper, issue=done.pk)
    restricted = done.documents.get(format="pdf", is_restricted=True)
    file = at("issued_document", exempt.paper, issue=done.pk, document=restricted.pk)
    for entitled in (member, manager, lead):
        client = signed_in(entitled)
        public = client.get(address).content.decode()
        assert "The peers came" not in public
        assert "Restricted copy" in public
        assert "The peers came" in client.get(address, {"copy": "restricted"}).content.decode()
        assert client.get(file).content == bytes(restricted.content)
    seat.ended_at, seat.ended_by = done.issued_at, democratic.user
    seat.save()
    for other in (member, democratic):
        client = signed_in(other)
        assert "Restricted" not in client.get(address).content.decode()
        assert client.get(address, {"copy": "restricted"}).status_code == 403
        pack = at("issued_pack", exempt.paper, issue=done.pk)
        assert client.get(pack, {"copy": "restricted"}).status_code == 403
        assert client.get(file).status_code == 404


def test_a_seat_on_another_body_opens_nothing(
    signed_in: SignIn,
    member: Person,
    democratic: Person,
    scrutiny_step: RouteStep,
    exempt: PaperPart,
    issue: Issue,
) -> None:
    BodyMember.objects.create(
        body=scrutiny_step.body, membership=member.membership, added_by=democratic.user
    )
    done = issue()
    address = at("issued_paper", exempt.paper, issue=done.pk)
    assert signed_in(member).get(address, {"copy": "restricted"}).status_code == 403


def test_nobody_learns_whether_there_is_a_restricted_copy(
    signed_in: SignIn, member: Person, ready: Paper, issue: Issue
) -> None:
    address = at("issued_paper", ready, issue=issue().pk)
    assert signed_in(member).get(address, {"copy": "restricted"}).status_code == 403


def test_a_pack_holds_each_file_once_with_its_hash(
    signed_in: SignIn,
    member: Person,
    manager: Person,
    exempt: PaperPart,
    issue: Issue,
    plan_appendix: PaperAppendix,
) -> None:
    done = issue()
    address = at("issued_pack", exempt.paper, issue=done.pk)
    answer = signed_in(member).get(address)
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [
            "manifest.txt",
            "ashdale-cabinet-2025-06-24-report.pdf",
            "ashdale-cabinet-2025-06-24-report.docx",
            "ashdale-cabinet-2025-06-24-report.html",
            "ashdale-cabinet-2025-06-24-appendix-1.pdf",
            "ashdale-cabinet-2025-06-24-appendix-1.docx",
        ]
        lines = archive.read("manifest.txt").decode().splitlines()
        for document in done.documents.filter(is_restricted=False):
            assert f"{document.sha256}  {document.file_name}" in lines
            assert archive.read(document.file_name) == bytes(document.content)
    assert signed_in(member).get(address).content == answer.content
    restricted = signed_in(manager).get(address, {"copy": "restricted"})
    with zipfile.ZipFile(io.BytesIO(restricted.content)) as archive:
        assert archive.namelist()[1] == (
            "ashdale-cabinet-2025-06-24-report-not-for-publication.pdf"
        )
        assert "ashdale-cabinet-2025-06-24-report.pdf" not in archive.namelist()
        assert "ashdale-cabinet-2025-06-24-appendix-1.pdf" in archive.namelist()


def test_an_issue_that_was_corrected_leads_to_its_correction(
    signed_in: SignIn, member: Person, ready: Paper, issue: Issue
) -> None:
    first = issue()
    second = issue(reason="A count was wrong.")
    third = issue(reason="Another was wrong.")
    page = signed_in(member).get(at("issued_paper", ready, issue=first.pk)).content.decode()
    assert "This issue was corrected." in page
    assert "Read issue 3" in page
    assert at("issued_paper", ready, issue=second.pk) in page
    page = signed_in(member).get(at("issued_paper", ready, issue=third.pk)).content.decode()
    assert "This issue was corrected." not in page
    assert at("issued_paper", ready, issue=first.pk) in page


def test_an_issue_of_another_paper_is_not_found_under_this_one(
    signed_in: SignIn, member: Person, ready: Paper, issue: Issue, challenge: Any
) -> None:
    done = issue()
    document = done.documents.first()
    assert document is not None
    client = signed_in(member)
    for name, more in (
        ("issued_paper", {}),
        ("issued_pack", {}),
        ("issued_document", {"document": document.pk}),
    ):
        wrong = {"council": "ashdale", "paper": ready.pk + 1, "issue": done.pk, **more}
        assert client.get(reverse(name, kwargs=wrong)).status_code == 404


# --- Queries ------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [False, True])
def test_issued_pages_cost_few_queries(
    signed_in: SignIn,
    member: Person,
    seat: BodyMember,
    ready: Paper,
    issue: Issue,
    add_appendix: Callable[..., PaperAppendix],
    django_assert_max_num_queries: Any,
    many: bool,
) -> None:
    if many:
        for number in range(6):
            add_appendix(f"Plan {number}")
    done = issue()
    client = signed_in(member)
    document = IssuedDocument.objects.filter(issue=done)[0]
    with django_assert_max_num_queries(15):
        client.get(at("issued_paper", ready, issue=done.pk))
    with django_assert_max_num_queries(15):
        client.get(at("issued_document", ready, issue=done.pk, document=document.pk))
    with django_assert_max_num_queries(15):
        client.get(at("issued_pack", ready, issue=done.pk))


@pytest.mark.parametrize("many", [False, True])
def test_preview_and_issue_page_cost_few_queries(
    signed_in: SignIn,
    democratic: Person,
    ready: Paper,
    act: Callable[..., Any],
    django_assert_max_num_queries: Any,
    many: bool,
) -> None:
    for number in range(1, 30 if many else 2):
        act(f"1.{number}")
    for label, drafter in (("Background", "progress"), ("Purpose of report", "changed")):
        part = PaperPart.objects.get(label=label)
        part.drafter = drafter
        history.save(part, author=democratic.user)
    client = signed_in(democratic)
    for name in ("paper_preview", "paper_issue"):
        with django_assert_max_num_queries(15):
            client.get(at(name, ready))


def test_the_views_have_the_types_of_every_format() -> None:
    assert set(views.TYPES) == {*IssuedDocument.Format.values, "zip"}
