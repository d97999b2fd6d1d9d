"""Appendices: from the plan, from earlier papers and minutes, from uploaded PDFs."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfWriter

from peerplan.core import history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.papers.models import IssuedPaper, Paper, PaperAppendix, RouteStep
from peerplan.papers.readiness import missing
from peerplan.papers.services import appendices as services
from peerplan.papers.services.appendices import AppendixDetails, CheckedPdf
from peerplan.render import uploaded
from peerplan.render.uploaded import pages_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def june() -> Iterator[None]:
    """Thursday 12 June 2025, before the meetings of the fixtures."""
    with time_machine.travel("2025-06-12 09:00:00+00:00", tick=False):
        yield


def pdf(pages: int = 2, password: str = "") -> bytes:
    """A PDF of blank pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def url(name: str, paper: Paper, **more: int) -> str:
    return reverse(name, kwargs={"council": "ashdale", "paper": paper.pk} | more)


def add(paper: Paper, author: Person, **given: Any) -> PaperAppendix:
    details: dict[str, Any] = {"title": "", "kind": "upload"} | given
    if details["kind"] == "upload":
        details.setdefault("upload", CheckedPdf(pdf(), "Options.pdf", 2))
    return services.add_appendix(paper=paper, details=AppendixDetails(**details), author=author)


def send(client: Client, paper: Paper, content: bytes, name: str = "Options.pdf") -> Any:
    upload = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(url("paper_appendix_new", paper), {"kind": "upload", "file": upload})


class TestUploading:
    def test_a_pdf_is_kept_with_its_pages_and_fetched_as_a_file(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        client = signed_in(democratic)
        assert send(client, paper, pdf(3)).status_code == 302
        row = PaperAppendix.objects.get()
        assert (row.title, row.pages, row.size) == ("Options", 3, len(pdf(3)))
        assert (
            "Uploaded PDF, three pages: Options.pdf"
            in client.get(url("paper", paper)).content.decode()
        )
        response = client.get(url("paper_appendix_file", paper, appendix=row.pk))
        assert response.content == pdf(3)
        assert response["Content-Disposition"] == 'attachment; filename="Options.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Type"] == "application/pdf"

    @pytest.mark.parametrize(
        ("content", "name", "message"),
        [
            (b"", "Options.pdf", "is empty"),
            (b"Not a PDF at all", "Options.pdf", "cannot be taken"),
            (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "Options.pdf", "but its name does not end in"),
            (pdf()[:200], "Options.pdf", "the file is damaged"),
            (b"%PDF-1.7\n%%EOF\n", "Options.pdf", "the file is damaged"),
            (pdf(0), "Options.pdf", "has no pages"),
            (pdf(2, "secret"), "Options.pdf", "is protected by a password"),
            (pdf(), "Options.docx", "but its name does not end in .pdf"),
        ],
    )
    def test_what_cannot_be_an_appendix_is_refused_with_what_to_do(
        self,
        signed_in: SignIn,
        democratic: Person,
        paper: Paper,
        content: bytes,
        name: str,
        message: str,
    ) -> None:
        response = send(signed_in(democratic), paper, content, name)
        assert response.status_code == 422
        assert message in response.content.decode()
        assert "Choose the file again" in response.content.decode()
        assert not PaperAppendix.objects.exists()

    def test_one_that_is_too_large_is_refused_with_the_limit(
        self, signed_in: SignIn, democratic: Person, paper: Paper, settings: Any
    ) -> None:
        settings.EVIDENCE_MAX_BYTES = 1024
        response = send(signed_in(democratic), paper, pdf() + b"%" * 2000)
        assert response.status_code == 422
        assert "Choose a file of at most 1 KB" in response.content.decode()

    def test_one_sent_twice_is_kept_once(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        client = signed_in(democratic)
        assert send(client, paper, pdf()).status_code == 302
        again = send(client, paper, pdf())
        assert again.status_code == 422
        assert "There is an appendix “Options” already" in again.content.decode()

    def test_a_picture_is_not_an_appendix(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        response = send(signed_in(democratic), paper, b"a,b\n1,2\n", "Figures.csv")
        assert "is not a PDF. Save it as PDF" in response.content.decode()

    def test_without_a_file_it_asks_for_one(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        response = signed_in(democratic).post(url("paper_appendix_new", paper), {"kind": "upload"})
        assert response.status_code == 422
        assert "Choose the PDF." in response.content.decode()

    def test_a_file_that_keeps_its_reader_busy_is_given_up(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploaded, "CHILD", ("sleep", "30"))
        monkeypatch.setattr(uploaded, "WALL_SECONDS", 0.2)
        # The limits are further numbers to `sleep`, which adds them up.
        with pytest.raises(ValueError, match="takes too long to read"):
            pages_of(pdf(), "Options.pdf")

    def test_a_reader_that_dies_of_its_limits_is_told_as_such(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploaded, "CHILD", ("false",))
        with pytest.raises(ValueError, match="takes too long to read"):
            pages_of(pdf(), "Options.pdf")


class TestChanging:
    def test_a_changed_appendix_keeps_its_file(
        self, signed_in: SignIn, democratic: Person, paper: Paper, cabinet_step: RouteStep
    ) -> None:
        row = add(paper, democratic)
        client = signed_in(democratic)
        address = url("paper_appendix", paper, appendix=row.pk)
        given = {
            "kind": "upload",
            "title": "Contract options",
            "audience": cabinet_step.pk,
            "version": 1,
        }
        assert client.post(address, given).status_code == 302
        row.refresh_from_db()
        assert (row.title, row.audience, bytes(row.content or b"")) == (
            "Contract options",
            cabinet_step,
            pdf(),
        )
        page = client.get(url("paper", paper)).content.decode()
        assert "Cabinet only" in page
        stale = client.post(address, given | {"title": "Other"})
        assert stale.status_code == 409
        assert "Contract options" in stale.content.decode()

    def test_they_are_moved_and_taken_away(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        first, second = add(paper, democratic, title="A"), add(paper, democratic, title="B")
        client = signed_in(democratic)
        move = {"version": 1, "way": "up"}
        address = url("paper_appendix_move", paper, appendix=second.pk)
        assert client.post(address, move).status_code == 302
        assert client.post(address, move).status_code == 302  # it stands at the top already
        titles = PaperAppendix.objects.filter(paper=paper).values_list("title", flat=True)
        assert list(titles) == ["B", "A"]
        first.refresh_from_db()
        address = url("paper_appendix_end", paper, appendix=first.pk)
        assert client.get(address).status_code == 405
        assert client.post(address, {"version": 99}).status_code == 409
        assert client.post(address, {"version": first.version}).status_code == 302
        assert client.post(address, {"version": first.version}).status_code == 404

    def test_a_stale_change_is_refused(self, democratic: Person, paper: Paper) -> None:
        row = add(paper, democratic)
        details = AppendixDetails("A", "upload")
        services.change_appendix(appendix=row, version=1, details=details, author=democratic)
        with pytest.raises(Stale):
            services.change_appendix(appendix=row, version=1, details=details, author=democratic)

    @pytest.mark.parametrize("day", [date(2025, 6, 13), date(2024, 1, 1)])
    def test_the_plan_is_of_a_day_that_there_is(
        self, democratic: Person, paper: Paper, day: date
    ) -> None:
        with pytest.raises(Invalid) as refused:
            add(paper, democratic, kind="plan", as_at=day)
        assert list(refused.value.fields) == ["as_at"]
        assert add(paper, democratic, kind="exceptions").title == "Action plan: exceptions"


class TestWhoMay:
    def test_members_and_strangers_fetch_nothing(
        self,
        signed_in: SignIn,
        democratic: Person,
        owner: Person,
        member: Person,
        outsider: Person,
        paper: Paper,
    ) -> None:
        row = add(paper, democratic)
        address = url("paper_appendix_file", paper, appendix=row.pk)
        for person, status in ((owner, 200), (member, 403), (outsider, 404)):
            assert signed_in(person).get(address).status_code == status
        assert signed_in(owner).get(url("paper_appendix_new", paper)).status_code == 403
        assert (
            signed_in(owner).get(url("paper_appendix", paper, appendix=row.pk)).status_code == 403
        )

    def test_an_exempt_file_is_for_those_entitled_who_alone_may_open_it_to_others(
        self, signed_in: SignIn, democratic: Person, manager: Person, paper: Paper
    ) -> None:
        row = add(paper, manager, exempt_paragraph=3)
        client = signed_in(democratic)
        assert client.get(url("paper_appendix_file", paper, appendix=row.pk)).status_code == 404
        assert client.get(url("paper_appendix", paper, appendix=row.pk)).status_code == 403
        with pytest.raises(NotPermitted):
            services.change_appendix(
                appendix=row,
                version=1,
                details=AppendixDetails("Open", "upload"),
                author=democratic,
            )
        with pytest.raises(NotPermitted):
            services.end_appendix(appendix=row, version=1, author=democratic)
        client = signed_in(manager)
        assert client.get(url("paper_appendix_file", paper, appendix=row.pk)).status_code == 200

    def test_other_councils_rows_are_no_choice(
        self, democratic: Person, outsider: Person, paper: Paper, cabinet_step: RouteStep
    ) -> None:
        with pytest.raises(NotPermitted):
            add(paper, outsider)
        cabinet_step.paper = None
        history.save(cabinet_step, author=democratic.user)
        with pytest.raises(Invalid) as refused:
            add(paper, democratic, audience=cabinet_step)
        assert list(refused.value.fields) == ["audience"]


class TestMinutesAndEarlierPapers:
    def test_a_minute_that_is_not_there_yet_is_to_follow_and_stops_the_issue(
        self,
        signed_in: SignIn,
        democratic: Person,
        paper: Paper,
        scrutiny_step: RouteStep,
        cabinet_step: RouteStep,
    ) -> None:
        row = add(paper, democratic, kind="minute", minute_of=scrutiny_step)
        assert row.title == "Minute of Corporate Scrutiny Committee"
        page = signed_in(democratic).get(url("paper", paper)).content.decode()
        assert "To follow" in page
        (found,) = missing(paper, [], [row], cabinet_step)
        assert found.words == (
            "“Minute of Corporate Scrutiny Committee” is to follow: enter the minute of Corporate "
            "Scrutiny Committee at its step of the route, or take the appendix away."
        )
        scrutiny_step.minute = "RESOLVED that the progress be noted."
        history.save(scrutiny_step, author=democratic.user)
        row = PaperAppendix.objects.get(pk=row.pk)
        assert missing(paper, [], [row], cabinet_step) == ()

    def test_a_minute_for_one_body_does_not_stop_the_issue_to_another(
        self, democratic: Person, paper: Paper, scrutiny_step: RouteStep, cabinet_step: RouteStep
    ) -> None:
        scrutiny_step.paper = paper
        history.save(scrutiny_step, author=democratic.user)
        row = add(paper, democratic, kind="minute", minute_of=scrutiny_step, audience=cabinet_step)
        assert missing(paper, [], [row], scrutiny_step) == ()
        assert len(missing(paper, [], [row], cabinet_step)) == 1

    def test_a_minute_does_not_come_before_its_meeting(
        self, democratic: Person, paper: Paper, scrutiny_step: RouteStep, cabinet_step: RouteStep
    ) -> None:
        with pytest.raises(Invalid, match="comes too late for Cabinet"):
            add(paper, democratic, kind="minute", minute_of=cabinet_step)
        scrutiny_step.paper = paper
        history.save(scrutiny_step, author=democratic.user)
        with pytest.raises(Invalid, match="comes too late for Corporate Scrutiny"):
            add(paper, democratic, kind="minute", minute_of=scrutiny_step)

    def test_an_earlier_paper_must_have_been_issued_of_this_challenge(
        self, democratic: Person, paper: Paper, scrutiny_step: RouteStep
    ) -> None:
        with pytest.raises(Invalid, match="Choose the paper that was issued"):
            add(paper, democratic, kind="earlier-paper")
        issue = IssuedPaper.objects.create(
            paper=paper,
            step=scrutiny_step,
            number=1,
            title="Progress in March",
            body_name="Corporate Scrutiny Committee",
            issued_by=democratic.user,
            as_at=date(2025, 3, 31),
            known_by=paper.figures_known_by,
            position=b"",
            position_sha256="0",
        )
        assert add(paper, democratic, kind="earlier-paper", earlier=issue).title == issue.title
