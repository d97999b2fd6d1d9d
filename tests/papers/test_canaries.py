"""Nothing that is not for publication reaches a public face, its metadata or its names.

A bird is put into every field that may hold exempt words; then it is looked for in everything
that goes to the public, and found in what goes to those entitled.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.drafting import DRAFTERS, load_context
from peerplan.papers.models import (
    IssuedDocument,
    IssuedPaper,
    Paper,
    PaperAppendix,
    PaperPart,
    PartKind,
    Placement,
    RouteStep,
)
from peerplan.papers.services.issues import issue_paper
from tests.render.reading import failures

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
# Just as the nest makes them: looser, and the bytes of a packed font are one now and then.
BIRD = re.compile("qzx[a-j]{3}", re.IGNORECASE)


class Nest:
    """Makes words that stand nowhere else and remembers them."""

    def __init__(self) -> None:
        self.birds: list[str] = []

    def __call__(self) -> str:
        number = len(self.birds)
        bird = "Qzx" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")
        self.birds.append(bird)
        return bird


@pytest.fixture
def nest() -> Nest:
    return Nest()


def uploaded(words: str) -> bytes:
    """A PDF whose information says `words`."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": words})
    told = io.BytesIO()
    writer.write(told)
    return told.getvalue()


@pytest.fixture
def secret(
    ready: Paper,
    act: Callable[..., Action],
    draft: Callable[..., UpdateDraft],
    manager: Person,
    scrutiny_step: RouteStep,
    add_appendix: Callable[..., PaperAppendix],
    nest: Nest,
) -> Paper:
    """A paper with exempt words wherever they can be."""

    act("1.1", title="Map the repairs")
    hidden = act(
        "1.2",
        title=f"Settle {nest()}",
        description=nest(),
        success_measure=nest(),
        lead_role=f"Head of {nest()}",
        original_due_words=nest(),
        visibility="exempt",
        exempt_paragraph=3,
    )
    post_update(
        action=hidden,
        version=hidden.version,
        draft=replace(
            draft(),
            rating="red",
            commentary=nest(),
            recovery_plan=nest(),
            decision_sought=nest(),
            expected_date=date(2025, 12, 31),
            expected_words=nest(),
            date_reason=nest(),
        ),
        author=manager,
    )
    was_hidden = act("1.3", title="Write it up", visibility="exempt", exempt_paragraph=5)
    post_update(
        action=was_hidden,
        version=was_hidden.version,
        draft=replace(draft(), commentary=nest()),
        author=manager,
    )
    was_hidden.refresh_from_db()
    was_hidden.visibility, was_hidden.exempt_paragraph = "public", None
    history.save(was_hidden, author=manager.user)
    ready.refresh_from_db()
    ready.figures_as_at, ready.figures_known_by = clock.today(), clock.now()
    history.save(ready, author=manager.user)
    _exempt_parts(ready, manager, nest)
    _drafted_parts(ready, manager)
    content = uploaded(nest())
    add_appendix("Action plan", as_at=None)
    add_appendix("Exceptions", kind="exceptions")
    add_appendix(
        f"Options for {nest()}",
        kind="upload",
        content=content,
        content_sha256="0" * 64,
        size=len(content),
        file_name=f"{nest()}.pdf",
        exempt_paragraph=3,
    )
    scrutiny_step.minute = nest()
    scrutiny_step.minute_number = nest()
    history.save(scrutiny_step, author=manager.user)
    add_appendix(f"Minute on {nest()}", kind="minute", minute_of=scrutiny_step, exempt_paragraph=1)
    return ready


def _exempt_parts(paper: Paper, manager: Person, nest: Nest) -> None:
    """One exempt part in every placement, and one of every kind; a public text names them."""
    named = []
    kinds = [(kind, Placement.BODY) for kind in PartKind] + [
        (PartKind.FIELD, placement) for placement in Placement
    ]
    for number, (kind, placement) in enumerate(kinds, start=50):
        label = f"Part on {nest()}"
        part = PaperPart(
            paper=paper,
            position=number,
            kind=kind,
            placement=placement,
            label=label,
            text=f"{nest()}\n\n# {nest()}\n\n- {nest()}",
            lead_in=nest(),
            sign_off_role=f"Officer for {nest()}" if kind == PartKind.IMPLICATION else "",
            exempt_paragraph=3,
        )
        if part.sign_off_role:
            part.signed_off_at, part.signed_off_by = clock.now(), manager.user
            part.signed_off_on = clock.today()
        history.save(part, author=manager.user)
        named.append(f"[section: {label}]")
    part = PaperPart.objects.get(label="Background")
    part.text = f"See {', '.join(named)} and [appendix: Options for {nest.birds[-1]}]."
    history.save(part, author=manager.user)


def _drafted_parts(paper: Paper, manager: Person) -> None:
    """One public part for everything that can be drafted, in the words that are drafted."""
    step = RouteStep.objects.get(paper=paper)
    context = load_context(paper, step)
    for number, (key, drafter) in enumerate(DRAFTERS.items(), start=20):
        part = PaperPart(
            paper=paper,
            position=number,
            kind=PartKind.SECTION,
            placement=Placement.BODY,
            label=drafter.label,
            drafter=key,
            text=drafter.text(context),
            is_required=False,
        )
        history.save(part, author=manager.user)


@pytest.fixture
def issued(secret: Paper, cabinet_step: RouteStep, democratic: Person) -> IssuedPaper:
    """The paper, issued with the real engine."""
    return issue_paper(
        paper=secret,
        version=secret.version,
        step=cabinet_step,
        reason="",
        is_provisional=True,
        author=democratic,
    )


def texts_of(name: str, content: bytes) -> Iterator[str]:
    """Everything that can be read from a file: raw, unpacked, and as a reader shows it."""
    yield name
    yield content.decode("latin-1")
    yield content.decode("utf-16-be", "ignore")
    yield content.decode("utf-16-le", "ignore")
    if content.startswith(b"%PDF"):
        yield from _pdf_texts(content)
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive.comment.decode("latin-1")
            for entry in archive.infolist():
                yield entry.comment.decode("latin-1")
                yield from texts_of(entry.filename, archive.read(entry))
                if entry.filename.endswith(".xml"):
                    yield re.sub(r"<[^>]+>", "", archive.read(entry).decode())


def _pdf_texts(content: bytes) -> Iterator[str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    yield " ".join(page.extract_text() for page in reader.pages)
    yield str(reader.metadata)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for held in pdf.objects:
            if isinstance(held, pikepdf.Stream):
                try:
                    told = held.read_bytes()
                except (pikepdf.PdfError, zlib.error):
                    told = held.read_raw_bytes()
                yield told.decode("latin-1")
                yield told.decode("utf-16-be", "ignore")
            yield _strings(held)
        yield str(pdf.docinfo)
        with pdf.open_metadata() as metadata:
            yield str(metadata)


def _strings(held: Any) -> str:
    """The strings within an object, as their characters."""
    if isinstance(held, pikepdf.String):
        return str(held)
    if isinstance(held, pikepdf.Array):
        return " ".join(_strings(each) for each in held if not _is_far(each))
    if isinstance(held, (pikepdf.Dictionary, pikepdf.Stream)):
        return " ".join(_strings(each) for each in dict(held.items()).values() if not _is_far(each))
    return str(held) if isinstance(held, pikepdf.Name) else ""


def _is_far(held: Any) -> bool:
    """Whether it is an object by itself, which is read in its turn."""
    return bool(getattr(held, "is_indirect", False))


def birds_in(texts: Iterator[str]) -> set[str]:
    return {found for text in texts for found in BIRD.findall(text)}


def test_no_public_file_holds_a_word_that_is_not_for_publication(issued: IssuedPaper) -> None:
    public = issued.documents.filter(is_restricted=False)
    assert {each.format for each in public} == {"pdf", "docx", "html"}
    assert {each.position for each in public} == {0, 1, 2}
    for document in public:
        assert birds_in(texts_of(document.file_name, bytes(document.content))) == set()
        assert birds_in(iter([document.title])) == set()
    # Not in those of the restricted files either: names travel further than files.
    assert birds_in(each.file_name for each in issued.documents.all()) == set()


def test_the_search_finds_the_same_words_in_the_restricted_files(
    issued: IssuedPaper, nest: Nest
) -> None:
    """Else the test above could not fail."""
    for format in ("pdf", "docx", "html"):
        held = issued.documents.filter(is_restricted=True, format=format)
        found: set[str] = set()
        for document in held:
            found |= birds_in(texts_of(document.file_name, bytes(document.content)))
        parts = [
            word
            for part in PaperPart.objects.filter(exempt_paragraph__isnull=False)
            for word in BIRD.findall(f"{part.label} {part.text}")
            if part.kind != PartKind.APPENDICES
        ]
        assert set(parts) <= found, format
    everything: set[str] = set()
    for document in issued.documents.all():
        everything |= birds_in(texts_of(document.file_name, bytes(document.content)))
    assert len(everything) > len(nest.birds) * 0.8


def test_members_without_a_seat_meet_none_of_it(
    issued: IssuedPaper, secret: Paper, member: Person, signed_in: SignIn
) -> None:
    client = signed_in(member)
    where = {"council": "ashdale", "paper": secret.pk, "issue": issued.pk}
    for name in ("issued_paper", "issued_pack"):
        answer = client.get(reverse(name, kwargs=where))
        assert answer.status_code == 200
        assert birds_in(texts_of(str(answer.headers), answer.content)) == set()
    for document in IssuedDocument.objects.filter(issue=issued):
        address = reverse("issued_document", kwargs=where | {"document": document.pk})
        answer = client.get(address)
        assert answer.status_code == (404 if document.is_restricted else 200)
        assert birds_in(texts_of(str(answer.headers), answer.content)) == set()


def test_officers_who_may_not_read_it_meet_none_of_it(
    secret: Paper, owner: Person, democratic: Person, signed_in: SignIn
) -> None:
    where = {"council": "ashdale", "paper": secret.pk}
    for person in (owner, democratic):
        client = signed_in(person)
        for name, more in (
            ("paper_preview", {}),
            ("paper_draft", {"kind": "pdf"}),
            ("paper_draft", {"kind": "docx"}),
        ):
            answer = client.get(reverse(name, kwargs=where | more))
            assert answer.status_code == 200
            assert birds_in(texts_of(str(answer.headers), answer.content)) == set()
    answer = signed_in(democratic).get(reverse("paper_issue", kwargs=where))
    assert answer.status_code == 200
    # Of a public part, which they may read, it quotes the references that lead nowhere.
    quoted = birds_in(iter([PaperPart.objects.get(position=6).text]))
    assert birds_in(texts_of("", answer.content)) <= quoted


def test_every_pdf_of_the_issue_is_accessible(issued: IssuedPaper) -> None:
    """PDF/UA-1, both copies; what was uploaded is not ours to judge."""
    for document in issued.documents.filter(format="pdf").exclude(position=3):
        assert failures(bytes(document.content)) == [], document.file_name
