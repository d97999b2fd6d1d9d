"""The faces of one issue of a paper: each report and appendix as PDF, Word and page."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.text import slugify

from actions.appendix import appendix_document, is_restricted
from actions.position import Position, plan_position
from actions.services.documents import LARGEST_IN_A_REQUEST
from peerplan.core.errors import Invalid
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.scheme import rating_scheme
from peerplan.papers import compose
from peerplan.papers.compose import Pack
from peerplan.papers.drafting import DraftContext
from peerplan.papers.models import IssuedDocument, PaperAppendix, RouteStep
from peerplan.papers.outcome import record_of
from peerplan.papers.pack import Inputs, pack_of
from peerplan.papers.readiness import to_follow
from peerplan.papers.since import tells_what_is_exempt_now
from peerplan.render.appendix import AppendixDocument, appendix_html
from peerplan.render.pdf import html_to_pdf
from peerplan.render.report import (
    Block,
    Numbering,
    Paragraph,
    ParagraphStyle,
    Report,
    Section,
    SectionStyle,
)
from peerplan.render.report_html import REPORT_STYLES, report_html, report_images
from peerplan.render.report_page import report_page
from peerplan.render.word import appendix_docx, report_docx

Format = IssuedDocument.Format
DRAFT_NOTICE = "Draft: not issued"
RESTRICTED = "-not-for-publication"
LONGEST_BODY = 70
"""Characters of a body's name in a file name, which holds 200 in all."""


# --- Faces of a report --------------------------------------------------------------------------


@dataclass(frozen=True)
class Face:
    """One file: its bytes, their fingerprint and, for a PDF, its number of pages."""

    position: int
    title: str
    format: str
    is_restricted: bool
    file_name: str
    content: bytes
    pages: int = 0

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def report_pdf(report: Report) -> tuple[bytes, int]:
    """The report as a PDF and its number of pages; raises a RenderError."""
    pdf = html_to_pdf(report_html(report), stylesheets=REPORT_STYLES, images=report_images(report))
    return pdf.content, pdf.pages


# --- The files of one issue ---------------------------------------------------------------------


@dataclass(frozen=True)
class Drawing:
    """What every file of one issue is drawn from.

    `before` is what the body last saw, whole, None the first time.
    """

    inputs: Inputs
    step: RouteStep
    public: DraftContext
    restricted: DraftContext | None
    before: Position | None
    number: int
    notices: tuple[str, ...]
    today: date

    @property
    def position(self) -> Position:
        """The whole position, exempt parts too."""
        return self.public.whole

    @property
    def base_name(self) -> str:
        """What every file name begins with; no words of the paper are in it."""
        words = [self.inputs.council.slug, slugify(self.step.body.name)[:LONGEST_BODY] or "body"]
        if self.step.meeting is not None:
            words.append(self.step.meeting.on.isoformat())
        return "-".join(words)

    def file_name(self, what: str, format: str, *, is_restricted: bool) -> str:
        issue = f"-issue-{self.number}" if self.number > 1 else ""
        marked = RESTRICTED if is_restricted else ""
        return f"{self.base_name}-{what}{issue}{marked}.{format}"

    def pack(self, *, include_exempt: bool) -> Pack:
        context = self.restricted if include_exempt else self.public
        assert context is not None, "a restricted copy is drawn from a context of its own"
        return pack_of(self.inputs, self.step, context, is_draft=False)

    def report(self, *, include_exempt: bool) -> Report:
        return compose.compose(
            self.pack(include_exempt=include_exempt), notices=self.notices, dated=self.today
        )


def faces(drawing: Drawing) -> Iterator[Face]:
    """Every file of the issue: the report, then the appendices of this step's audience.

    Raises a RenderError, and Invalid where an appendix cannot be made.
    """
    report = drawing.report(include_exempt=False)
    yield from _report_faces(drawing, report, 0, "report", report.title, is_restricted=False)
    if drawing.restricted is not None:
        marked = drawing.report(include_exempt=True)
        yield from _report_faces(drawing, marked, 0, "report", report.title, is_restricted=True)
    pack = drawing.pack(include_exempt=drawing.restricted is not None)
    labels = _labels(drawing)
    own = {each.pk for each in pack.own_appendices}
    for place, (appendix, label) in enumerate(
        zip(drawing.inputs.appendices, labels, strict=True), start=1
    ):
        if appendix.pk in own:
            yield from _appendix_faces(drawing, appendix, place, label)


def _labels(drawing: Drawing) -> tuple[str, ...]:
    """What the report calls each of its appendices, by their order."""
    labels = compose.appendix_labels(drawing.report(include_exempt=False))
    # A form with two lists of appendices counts through both: the first list names them.
    return labels[: len(drawing.inputs.appendices)]


def _report_faces(
    drawing: Drawing,
    report: Report,
    place: int,
    what: str,
    title: str,
    *,
    is_restricted: bool,
    with_page: bool = True,
) -> Iterator[Face]:
    def face(format: str, content: bytes, pages: int = 0) -> Face:
        name = drawing.file_name(what, format, is_restricted=is_restricted)
        return Face(place, title, format, is_restricted, name, content, pages)

    content, pages = report_pdf(report)
    yield face(Format.PDF, content, pages)
    yield face(Format.WORD, report_docx(report))
    if with_page:
        yield face(Format.PAGE, report_page(report).encode())


def _appendix_faces(
    drawing: Drawing, appendix: PaperAppendix, place: int, label: str
) -> Iterator[Face]:
    what = slugify(label) or f"appendix-{place}"
    title = f"{label}: {appendix.title}" if label else appendix.title
    kinds = PaperAppendix.Kind
    match appendix.kind:
        case kinds.PLAN | kinds.EXCEPTIONS:
            yield from _plan_faces(drawing, appendix, place, what, label)
        case kinds.MINUTE:
            report = _minute(drawing, appendix, label)
            exempt = appendix.exempt_paragraph is not None
            yield from _report_faces(
                drawing, report, place, what, title, is_restricted=exempt, with_page=False
            )
        case kinds.EARLIER_PAPER:
            yield from _earlier_faces(drawing, appendix, place, what, title)
        case _:
            exempt = appendix.exempt_paragraph is not None
            name = drawing.file_name(what, Format.PDF, is_restricted=exempt)
            content = bytes(appendix.content or b"")
            yield Face(place, title, Format.PDF, exempt, name, content, appendix.pages)


def _plan_faces(
    drawing: Drawing, appendix: PaperAppendix, place: int, what: str, label: str
) -> Iterator[Face]:
    title = f"{label}: {appendix.title}" if label else appendix.title
    position = _position_of(drawing, appendix)
    audiences = [False] if appendix.exempt_paragraph is None else []
    if drawing.restricted is not None and (not audiences or is_restricted(position)):
        audiences.append(True)
    for reads_exempt in audiences:
        document = _plan_document(drawing, appendix, position, label, reads_exempt=reads_exempt)
        rows = sum(len(section.actions) for section in document.sections)
        if rows > LARGEST_IN_A_REQUEST:
            raise Invalid(
                {
                    "": f"{_named(appendix)} has {rows} actions; up to {LARGEST_IN_A_REQUEST} can "
                    "be printed while you wait. Choose “exceptions only” for this appendix."
                }
            )

        def face(
            format: str,
            content: bytes,
            pages: int = 0,
            is_restricted: bool = reads_exempt,
        ) -> Face:
            name = drawing.file_name(what, format, is_restricted=is_restricted)
            return Face(place, title, format, is_restricted, name, content, pages)

        pdf = html_to_pdf(appendix_html(document))
        yield face(Format.PDF, pdf.content, pdf.pages)
        yield face(Format.WORD, appendix_docx(document))


def _named(appendix: PaperAppendix) -> str:
    """An appendix in a message to whoever issues the paper, entitled to its title or not."""
    if appendix.exempt_paragraph is not None:
        return "An appendix that is not for publication"
    return f"“{appendix.title}”"


def _position_of(drawing: Drawing, appendix: PaperAppendix) -> Position:
    """The whole position that a plan appendix prints, known as the paper's figures are."""
    if appendix.as_at in (None, drawing.position.as_at):
        return drawing.position
    paper = drawing.inputs.paper
    return plan_position(paper.challenge, appendix.as_at, paper.figures_known_by)


def _plan_document(
    drawing: Drawing,
    appendix: PaperAppendix,
    position: Position,
    label: str,
    *,
    reads_exempt: bool,
) -> AppendixDocument:
    challenge = drawing.inputs.paper.challenge
    before = drawing.before
    if before is not None and before.as_at >= position.as_at:
        before = None
    document = appendix_document(
        council=challenge.council,
        challenge=challenge,
        position=position.for_reader(reads_exempt=reads_exempt),
        before=before.for_reader(reads_exempt=reads_exempt) if before else None,
        scheme=rating_scheme(challenge.council),
        only_exceptions=appendix.kind == PaperAppendix.Kind.EXCEPTIONS,
    )
    day = day_in_words(position.as_at)
    step = drawing.step
    meeting = f"{step.body.name}, {day_in_words(step.meeting.on)}" if step.meeting else ""
    marking = document.marking
    if appendix.exempt_paragraph is not None:
        marking = marking or _marking(drawing, appendix)
    return replace(
        document,
        label=label,
        notices=drawing.notices,
        title=appendix.title,
        subtitle_lines=tuple(filter(None, (meeting, f"Position at {day}"))),
        footer=f"{label}: {appendix.title}" if label else appendix.title,
        description=f"{challenge.title}: where the action plan stood on {day}",
        marking=marking,
    )


def _marking(drawing: Drawing, appendix: PaperAppendix) -> str:
    """The words at the head of an appendix that is itself not for publication."""
    pack = drawing.pack(include_exempt=True)
    return compose.marking_of(
        replace(pack, parts=(), appendices=(appendix,), whole=compose.nothing)
    )


def _minute(drawing: Drawing, appendix: PaperAppendix, label: str) -> Report:
    """The minute of an earlier step as a small report, its resolutions and votes too.

    Raises Invalid where that minute is not for publication and the appendix is not marked so.
    """
    earlier = appendix.minute_of
    assert earlier is not None, "a minute has its step: the database says so"
    council = drawing.inputs.council
    exempt = appendix.exempt_paragraph is not None
    if earlier.outcome_paragraph is not None and not exempt:
        raise Invalid({"": to_follow(appendix)})
    blocks: list[Block] = []
    if earlier.minute_number:
        blocks.append(Paragraph(f"Minute {earlier.minute_number}", is_numbered=False))
    blocks += record_of(earlier).minute_blocks()
    whole = drawing.report(include_exempt=exempt)
    meeting = earlier.body.name
    if earlier.meeting is not None:
        meeting += f", {earlier.meeting.on:%A} {day_in_words(earlier.meeting.on)}"
    return Report(
        council_name=council.name,
        title=appendix.title,
        numbering=Numbering(SectionStyle.NONE, ParagraphStyle.NONE),
        sections=(Section("", tuple(blocks), is_numbered=False),),
        masthead=(meeting,),
        kicker=label,
        notices=drawing.notices,
        marking=_marking(drawing, appendix) if exempt else "",
        footer=f"{label}: {appendix.title}" if label else appendix.title,
        description=f"{meeting}: minute",
        dated=drawing.today,
        logo=whole.logo,
        brand=whole.brand,
    )


def _earlier_faces(
    drawing: Drawing, appendix: PaperAppendix, place: int, what: str, title: str
) -> Iterator[Face]:
    """The PDF of an earlier paper as it was issued; its restricted copy to the same body only."""
    earlier = appendix.earlier
    assert earlier is not None, "an earlier paper is named: the database says so"
    if appendix.exempt_paragraph is None and tells_what_is_exempt_now(earlier, drawing.position):
        raise Invalid(
            {
                "": f"“{appendix.title}” tells of an action that is not for publication now. Mark "
                "this appendix as not for publication, or take it away."
            }
        )
    same_body = earlier.step.body_id == drawing.step.body_id
    held = IssuedDocument.objects.filter(issue=earlier, position=0, format=Format.PDF)
    for document in held:
        exempt = document.is_restricted or appendix.exempt_paragraph is not None
        if document.is_restricted and not same_body:
            continue
        if exempt and not document.is_restricted and earlier.has_restricted and same_body:
            # Both would be the restricted copy of this appendix: the fuller one is.
            continue
        name = drawing.file_name(what, Format.PDF, is_restricted=exempt)
        content = bytes(document.content)
        yield Face(place, title, Format.PDF, exempt, name, content, document.pages)
