"""Evidence: what is taken, what is refused, who may fetch it, and its withdrawal."""

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
from actions.models import Action, Evidence, Visibility
from actions.services.evidence import EvidenceDraft, add_evidence, withdraw_evidence
from actions.services.plan import ActionDetails, change_action
from actions.services.releases import release_position
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, Recommendation

Act = Callable[..., Action]
SignedIn = Callable[[Person], Client]
HERE = "/c/ashdale/cpc-2024/1.1/"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Path) -> Path:
    """Where files go in these tests."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def html(response: Any) -> str:
    return str(response.content.decode())


def archive(*members: str, **contents: bytes) -> bytes:
    """A zip archive with empty members, and others with contents (dots written as "__")."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in contents.items():
            target.writestr(name.replace("__", "."), content)
        for name in members:
            target.writestr(name, b"<x/>")
    return made.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/x-lie")


WORD = archive("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("notes.pdf", PDF, "application/pdf"),
        ("photo.png", PNG, "image/png"),
        ("photo.JPG", JPEG, "image/jpeg"),
        ("notes.docx", WORD, "wordprocessingml.document"),
        ("sums.xlsx", archive("[Content_Types].xml", "xl/workbook.xml"), "spreadsheetml.sheet"),
        ("talk.pptx", archive("[Content_Types].xml", "ppt/presentation.xml"), "presentation"),
        (
            "notes.odt",
            archive(mimetype=b"application/vnd.oasis.opendocument.text"),
            "opendocument.text",
        ),
        ("notes.txt", "Café, 3 £".encode(), "text/plain"),
        ("rows.csv", b"a,b\r\n1,2\r\n", "text/csv"),
        ("../../etc/passwd.txt", b"harmless", "text/plain"),
        ("C:\\Users\\me\\notes.txt", b"harmless", "text/plain"),
    ],
)
def test_what_is_taken_is_told_by_its_content(name: str, content: bytes, kind: str) -> None:
    checked = check_file(upload(name, content))
    assert checked.content_type.endswith(kind)
    assert "/" not in checked.name
    assert "\\" not in checked.name
    assert checked.size == len(content)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.pdf", b"", "is empty"),
        ("page.pdf", b"<html><script>alert(1)</script>", "cannot be taken"),
        ("page.html", b"<html></html>", "cannot be taken"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be taken"),
        ("tool.exe", b"MZ" + b"\x00" * 100, "cannot be taken"),
        ("tool.txt", b"MZ\x90\x00", "cannot be taken"),
        ("nul.txt", b"a\x00b", "cannot be taken"),
        ("latin.txt", "Café".encode("latin-1"), "cannot be taken"),
        ("photo.pdf", PNG, "holds Picture, but its name does not end in .png"),
        ("notes.txt", PDF, "holds PDF"),
        ("notes.docx", archive("a.txt"), "cannot be taken"),
        ("notes.zip", WORD, "holds Word"),
        (
            "macro.docx",
            archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "cannot be taken",
        ),
        (
            "odd.docx",
            archive("[Content_Types].xml", "word/document.xml", "../../evil"),
            "cannot be taken",
        ),
        (
            "many.docx",
            archive("[Content_Types].xml", "word/document.xml", *map(str, range(2001))),
            "cannot be taken",
        ),
        (
            "bomb.docx",
            archive("[Content_Types].xml", "word/document.xml", bomb=b"0" * 5_000_000),
            "cannot be taken",
        ),
        ("broken.docx", WORD[:40], "cannot be taken"),
        ("lies.odt", archive(mimetype=b"application/x-sh"), "cannot be taken"),
        ("\x00\x01", PDF, "“file” holds PDF"),
    ],
)
def test_what_is_refused_says_what_to_do(name: str, content: bytes, message: str) -> None:
    made = upload("x", content)
    made._name = name  # type: ignore[attr-defined]  # as a hostile client would send it
    with pytest.raises(ValueError, match=r".") as refused:
        check_file(made)
    assert message in str(refused.value)


def test_a_file_over_the_limit_is_refused(settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024
    with pytest.raises(ValueError, match="Choose a file of at most 1 KB"):
        check_file(upload("notes.txt", b"x" * 1025))


@pytest.mark.django_db
def test_a_file_is_added_fetched_as_an_attachment_and_withdrawn(
    act: Act, owner: Person, signed_in: SignedIn, stored: Path
) -> None:
    action = act()
    client = signed_in(owner)
    sent = {"version": "1", "evidence_title": "Notes", "evidence_file": upload("notes.pdf", PDF)}
    assert client.post(f"{HERE}evidence/", sent).status_code == 302
    kept = action.evidence.get()
    (path,) = (each for each in stored.rglob("*") if each.is_file())
    assert "notes" not in str(path.relative_to(stored))
    response = client.get(f"{HERE}evidence/{kept.public_id}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert response["Content-Disposition"] == 'attachment; filename="notes.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    page = client.get(HERE)
    assert "PDF, 1 KB" in html(page)
    assert any("added evidence: Notes" in e.sentence for e in page.context["history"].object_list)
    address = f"{HERE}evidence/{kept.public_id}/withdraw/"
    assert client.post(address, {"version": "2", "reason": ""}).status_code == 422
    assert client.post(address, {"version": "2", "reason": "Wrong file"}).status_code == 302
    assert client.get(f"{HERE}evidence/{kept.public_id}/").status_code == 404
    assert Evidence.objects.filter(pk=kept.pk).exists(), "withdrawn, never deleted"
    assert path.exists()
    assert client.post(address, {"version": "3", "reason": "Again"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Give a link or choose a file"),
        ({"evidence_link": "ftp://ashdale.example/x"}, "begins with https://"),
        ({"evidence_link": "https://"}, "begins with https://"),
        ({"evidence_link": "https://ashdale.example/" + "x" * 600}, "at most 500 characters"),
        ({"evidence_link": "https://ashdale.example/", "evidence_title": "x" * 300}, "at most 200"),
        (
            {
                "evidence_link": "https://ashdale.example/",
                "evidence_file": SimpleUploadedFile("a.pdf", PDF),
            },
            "one of the two",
        ),
        ({"evidence_file": SimpleUploadedFile("a.exe", b"MZ")}, "cannot be taken"),
    ],
)
def test_what_is_no_evidence_comes_back_with_a_message(
    act: Act, owner: Person, signed_in: SignedIn, given: dict[str, object], message: str
) -> None:
    action = act()
    response = signed_in(owner).post(f"{HERE}evidence/", {"version": "1"} | given)
    assert response.status_code == 422
    assert message in html(response)
    action.refresh_from_db()
    assert (action.version, action.evidence.count()) == (1, 0)


@pytest.mark.django_db
def test_evidence_added_on_a_stale_page_is_refused(
    act: Act, owner: Person, signed_in: SignedIn
) -> None:
    action = act()
    link = {"version": "1", "evidence_link": "https://ashdale.example/notes"}
    client = signed_in(owner)
    assert client.post(f"{HERE}evidence/", link).status_code == 302
    assert client.post(f"{HERE}evidence/", link).status_code == 409
    assert action.evidence.count() == 1


@pytest.mark.django_db
def test_only_who_may_update_may_add_and_only_the_adder_or_the_manager_withdraws(
    act: Act, owner: Person, manager: Person, democratic: Person, signed_in: SignedIn
) -> None:
    action = act()
    link = EvidenceDraft("Notes", "https://ashdale.example/notes")
    with pytest.raises(NotPermitted):
        add_evidence(action=action, version=1, evidence=link, author=democratic)
    kept = add_evidence(action=action, version=1, evidence=link, author=manager)
    with pytest.raises(NotPermitted):
        withdraw_evidence(evidence=kept, version=2, reason="No", author=owner)
    with pytest.raises(Stale):
        withdraw_evidence(evidence=kept, version=1, reason="No", author=manager)
    with pytest.raises(Invalid):
        withdraw_evidence(evidence=kept, version=2, reason="x" * 2000, author=manager)
    assert signed_in(democratic).get(f"{HERE}evidence/").status_code == 403


@pytest.mark.django_db
def test_a_member_fetches_what_was_there_at_the_release(
    act: Act,
    owner: Person,
    manager: Person,
    member: Person,
    outsider: Person,
    challenge: PeerChallenge,
    signed_in: SignedIn,
) -> None:
    action = act()
    first = add_evidence(
        action=action,
        version=1,
        evidence=EvidenceDraft(file=check_file(upload("first.pdf", PDF))),
        author=owner,
    )
    address = f"{HERE}evidence/{first.public_id}/"
    assert signed_in(member).get(address).status_code == 404, "nothing is released yet"
    release_position(challenge=challenge, as_at=date(2025, 4, 1), reason="Panel", author=manager)
    second = add_evidence(
        action=action,
        version=2,
        evidence=EvidenceDraft(file=check_file(upload("second.pdf", PDF))),
        author=owner,
    )
    client = signed_in(member)
    response = client.get(address)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
    assert client.get(f"{HERE}evidence/{second.public_id}/").status_code == 404
    assert signed_in(outsider).get(address).status_code == 404


@pytest.mark.django_db
def test_evidence_from_an_exempt_time_stays_with_those_entitled(
    act: Act,
    owner: Person,
    manager: Person,
    recommendation: Recommendation,
    signed_in: SignedIn,
) -> None:
    action = act(visibility=Visibility.EXEMPT, exempt_paragraph=3)
    kept = add_evidence(
        action=action,
        version=1,
        evidence=EvidenceDraft("Secret bids", file=check_file(upload("bids.pdf", PDF))),
        author=manager,
    )
    change_action(
        action=action,
        version=2,
        details=ActionDetails(
            "1.1",
            "Now public",
            date(2024, 12, 17),
            lead_role="Head of Housing",
            original_due=date(2025, 6, 30),
        ),
        recommendations=[recommendation],
        author=manager,
        reason="Sold",
    )
    address = f"{HERE}evidence/{kept.public_id}/"
    assert signed_in(owner).get(address).status_code == 404
    assert "Secret bids" not in html(signed_in(owner).get(HERE))
    response = signed_in(manager).get(address)
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF  # type: ignore[attr-defined]
