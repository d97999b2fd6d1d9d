"""The position statement: its words, and each issue of it, frozen with its evidence."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from actions.models import (
    Action,
    IssuedStatement,
    PositionStatement,
    Release,
    StatementFile,
    Visibility,
)
from actions.services.documents import LARGEST_IN_A_REQUEST
from actions.statement_reading import Draft, draft_of, evidence_of, pack_file
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.core.templatetags.parts import day_in_words
from peerplan.core.versions import claim
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.render.packs import is_as_recorded
from peerplan.render.pdf import html_to_pdf
from peerplan.render.report import Report
from peerplan.render.report_html import REPORT_STYLES, report_html, report_images
from peerplan.render.word import report_docx
from reviews.models import ClosingLetter, PeerChallenge

REASON_LENGTH = 500
WORDS_LENGTH = 20_000
RESTRICTED = "-not-for-publication"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@transaction.atomic
def write_statement(
    *, challenge: PeerChallenge, version: int, introduction: str, ahead: str, author: Person
) -> PositionStatement:
    """Keep the words around the plan. `version` is the one seen, 0 where there were none yet.

    Raises NotPermitted, Stale and Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    found = {
        name: f"Use at most {WORDS_LENGTH:,} characters: this has {len(text):,}."
        for name, text in (("introduction", introduction), ("ahead", ahead))
        if len(text) > WORDS_LENGTH
    }
    if found:
        raise Invalid(found)
    current = _claimed(challenge, version)
    current.introduction, current.ahead = introduction.strip(), ahead.strip()
    history.save(current, author=author.user, reason="Words of the position statement changed")
    return current


def issue_statement(
    *,
    challenge: PeerChallenge,
    version: int,
    release: Release,
    include_exempt: bool,
    reason: str,
    site: str,
    author: Person,
    letter: ClosingLetter | None = None,
) -> IssuedStatement:
    """Issue the statement of `release`: the stored record, with its documents and evidence.

    With a `letter` it is the issue that closes the plan, and the letter is the first of its files.

    The documents are made and the evidence is checked outside any transaction, which takes
    seconds; then the version of the words is claimed and everything is stored at once. Raises
    NotPermitted; Stale where the words were changed, the statement was issued or something was
    made exempt or withdrawn meanwhile; Invalid where the reason is missing, the plan is too large
    or a file of evidence is not what was kept; and the RenderErrors. Nothing is stored then.
    """
    author.require(Capability.RELEASE)
    if include_exempt and not author.reads_exempt:
        raise NotPermitted("You are not entitled to parts that are not for publication.")
    draft = draft_of(challenge, release, include_exempt=include_exempt, site=site)
    if draft.statement is not None and draft.version != version:
        raise Stale(draft.statement)
    _check(draft, reason)
    number = _next_number(challenge)
    documents = list(_documents(draft, number, reason.strip(), letter))
    with transaction.atomic():
        current = _claimed(challenge, version)
        if number != _next_number(challenge) or _has_moved(draft, include_exempt=include_exempt):
            raise Stale(current)
        told = f"Issued, number {number}: {reason.strip()}"
        history.save(current, author=author.user, reason=told)
        issue = IssuedStatement.objects.create(
            statement=current,
            release=release,
            number=number,
            reason=reason.strip(),
            has_exempt_parts=draft.has_exempt_parts,
            is_closing=letter is not None,
            author=author.user,
        )
        _store(issue, draft, documents)
        return issue


@dataclass(frozen=True)
class _Document:
    """One face of the statement."""

    name: str
    content_type: str
    content: bytes


def _claimed(challenge: PeerChallenge, version: int) -> PositionStatement:
    """The words, claimed; a new record where there are none and `version` says so."""
    PeerChallenge.objects.select_for_update().only("pk").get(pk=challenge.pk)
    current = PositionStatement.objects.filter(challenge=challenge).first()
    if current is None:
        return PositionStatement(challenge=challenge)
    return claim(current, version)


def _next_number(challenge: PeerChallenge) -> int:
    return IssuedStatement.objects.filter(statement__challenge=challenge).count() + 1


def _check(draft: Draft, reason: str) -> None:
    """Raises Invalid, by field, where the draft cannot be issued for this reason."""
    found: dict[str, str] = {}
    if not reason.strip():
        found["reason"] = "Say what the statement is for, such as the progress review in April."
    elif len(reason) > REASON_LENGTH:
        found["reason"] = f"Use at most {REASON_LENGTH} characters."
    if len(draft.position.actions) > LARGEST_IN_A_REQUEST:
        found[""] = (
            f"This plan has {len(draft.position.actions)} actions; up to {LARGEST_IN_A_REQUEST} "
            "are made into a statement while you wait. Download the plan's appendix instead."
        )
    if found:
        raise Invalid(found)
    refs = {each.id: each.ref for each in draft.position.actions}
    broken = [
        f"The file “{each.title}” of action {refs[each.action_id]} is not in the store as it was "
        "added. Withdraw it there with a reason, or ask whoever runs PeerPlan to restore it."
        for each in draft.evidence
        if each.file and not is_as_recorded(pack_file(draft.names[each.pk], each))
    ]
    if broken:
        raise Invalid({"": "\n".join(broken)})


def _has_moved(draft: Draft, *, include_exempt: bool) -> bool:
    """True where evidence was withdrawn, or an action was made exempt, since the draft was read."""
    now = evidence_of(draft.release, draft.position, include_exempt=include_exempt)
    if [each.pk for each in now] != [each.pk for each in draft.evidence]:
        return True
    told = {action.id for action in draft.position.actions if not action.is_exempt}
    hidden = Action.objects.filter(challenge=draft.challenge, visibility=Visibility.EXEMPT)
    return not told.isdisjoint(hidden.order_by().values_list("pk", flat=True))


def _documents(
    draft: Draft, number: int, reason: str, letter: ClosingLetter | None
) -> Iterator[_Document]:
    """The letter, if any, and the statement, each as PDF and Word; raises a RenderError."""
    today = clock.today()
    if letter is not None:
        yield from _faces(draft, f"closing-letter-{number}", draft.letter(letter, dated=today))
    notices = (f"Issue {number}, {day_in_words(today)}: {reason}",)
    report = draft.report(dated=today, notices=notices)
    marked = RESTRICTED if draft.has_exempt_parts else ""
    yield from _faces(draft, f"position-statement-{number}{marked}", report)


def _faces(draft: Draft, what: str, report: Report) -> Iterator[_Document]:
    """A report as PDF and Word, named after the plan and what it is."""
    name = f"{draft.challenge.council.slug}-{draft.challenge.slug}"[:120] + f"-{what}"
    yield _Document(f"{name}.pdf", PDF, statement_pdf(report))
    yield _Document(f"{name}.docx", WORD, report_docx(report))


def statement_pdf(report: Report) -> bytes:
    """The statement as a PDF; raises a RenderError."""
    images = report_images(report)
    return html_to_pdf(report_html(report), stylesheets=REPORT_STYLES, images=images).content


def _store(issue: IssuedStatement, draft: Draft, documents: list[_Document]) -> None:
    for place, each in enumerate(documents):
        StatementFile.objects.create(
            issue=issue,
            position=place,
            name=each.name,
            content_type=each.content_type,
            content=each.content,
            size=len(each.content),
            sha256=hashlib.sha256(each.content).hexdigest(),
        )
    files = [each for each in draft.evidence if each.file]
    for place, evidence in enumerate(files, start=len(documents)):
        StatementFile.objects.create(
            issue=issue,
            position=place,
            name=draft.names[evidence.pk],
            content_type=evidence.content_type,
            evidence=evidence,
            size=evidence.size,
            sha256=evidence.sha256,
        )
