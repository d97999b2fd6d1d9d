"""Documents as bytes, kept by what went into them: an unchanged plan is not rendered twice."""

import hashlib
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from actions.appendix import appendix_document, is_restricted
from actions.models import StoredDocument
from actions.position import Position
from peerplan.core import clock
from peerplan.core.errors import DomainError, NotPermitted
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.scheme import rating_scheme
from peerplan.render.appendix import AppendixDocument, appendix_html
from peerplan.render.pdf import DEFAULT_LIMITS, Limits, fingerprint, html_to_pdf
from reviews.models import PeerChallenge

LARGEST_IN_A_REQUEST = 300


class TooLarge(DomainError):
    """The document is too large to be made while somebody waits for the page."""

    def __init__(self, actions: int) -> None:
        self.actions = actions
        super().__init__(
            f"This plan has {actions} actions; up to {LARGEST_IN_A_REQUEST} are made into a PDF "
            "while you wait. Choose exceptions only, or ask whoever runs PeerPlan to make it with "
            "the command below: after that it can be downloaded here."
        )


@dataclass(frozen=True)
class Appendix:
    """An appendix that somebody may read, ready to be rendered as a page or as a PDF."""

    challenge: PeerChallenge
    document: AppendixDocument
    variant: str
    is_restricted: bool
    actions: int

    @property
    def html(self) -> str:
        """The whole document as HTML."""
        return appendix_html(self.document)

    @property
    def file_name(self) -> str:
        """Such as "ashdale-cpc-2024-appendix-2025-06-24.pdf"."""
        parts = [self.challenge.council.slug, self.challenge.slug, "appendix"]
        if self.document.dated:
            parts.append(self.document.dated.isoformat())
        if self.variant == "exceptions":
            parts.append("exceptions")
        if self.is_restricted:
            parts.append("not-for-publication")
        return f"{'-'.join(parts)}.pdf"


def make_appendix(
    *,
    challenge: PeerChallenge,
    position: Position,
    before: Position | None,
    author: Person | None,
    only_exceptions: bool = False,
    include_exempt: bool = False,
) -> Appendix:
    """The appendix of a whole position for `author` (None: the command line, which sees all).

    Access is decided here, before anything is looked up or drawn. Raises NotPermitted.
    """
    if author is not None:
        author.require(Capability.READ_RELEASED)
        if position.is_live:
            author.require(Capability.READ_LIVE)
        if include_exempt and not author.reads_exempt:
            raise NotPermitted("You are not entitled to parts that are not for publication.")
    shown = position.for_reader(reads_exempt=include_exempt)
    compared = before.for_reader(reads_exempt=include_exempt) if before else None
    document = appendix_document(
        council=challenge.council,
        challenge=challenge,
        position=shown,
        before=compared,
        scheme=rating_scheme(challenge.council),
        only_exceptions=only_exceptions,
    )
    return Appendix(
        challenge=challenge,
        document=document,
        variant="exceptions" if only_exceptions else "full",
        is_restricted=include_exempt and is_restricted(shown),
        actions=sum(len(section.actions) for section in document.sections),
    )


def stored_appendix(
    *,
    appendix: Appendix,
    author: Person | None,
    limits: Limits = DEFAULT_LIMITS,
    largest: int | None,
) -> StoredDocument:
    """The PDF of an appendix: the one that is kept for these inputs, else made now and kept.

    The inputs are everything that is printed, the styles, fonts and engine, the variant and
    whether it is restricted. Raises TooLarge (more than `largest` actions, None for no limit),
    and RendererUnavailable, RenderFailed and TooManyAtOnce of `peerplan.render.errors`.
    """
    html = appendix.html
    inputs = inputs_of(appendix, html)
    council = appendix.challenge.council
    kept = StoredDocument.objects.for_council(council).filter(inputs_sha256=inputs).first()
    if kept is not None:
        return kept
    if largest is not None and appendix.actions > largest:
        raise TooLarge(appendix.actions)
    pdf = html_to_pdf(html, limits=limits)
    try:
        with transaction.atomic():
            return StoredDocument.objects.create(
                council=council,
                challenge=appendix.challenge,
                inputs_sha256=inputs,
                variant=f"appendix {appendix.variant}",
                is_restricted=appendix.is_restricted,
                content=pdf.content,
                content_sha256=pdf.sha256,
                pages=pdf.pages,
                made_at=clock.now(),
                made_by=author.user if author else None,
            )
    except IntegrityError:
        # Somebody else made the same document in the meantime: the bytes are the same.
        return StoredDocument.objects.for_council(council).get(inputs_sha256=inputs)


def inputs_of(appendix: Appendix, html: str) -> str:
    """64 hex digits that stand for everything that goes into the PDF, and for whom it is."""
    audience = "restricted" if appendix.is_restricted else "public"
    key = f"appendix\n{appendix.variant}\n{audience}\n{fingerprint(html)}"
    return hashlib.sha256(key.encode()).hexdigest()
