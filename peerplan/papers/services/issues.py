"""Issuing a paper: the position and every text frozen, the files made, stored and fingerprinted."""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from actions.frozen import freeze
from actions.models import Action, Visibility
from actions.position import Position, released_position
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, Stale
from peerplan.core.templatetags.parts import day_in_words
from peerplan.core.versions import claim
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.papers.compose import needs_restricted
from peerplan.papers.drafting import DraftContext, load_context
from peerplan.papers.faces import Drawing, Face, faces
from peerplan.papers.models import IssuedDocument, IssuedPaper, Paper, PaperPart, RouteStep
from peerplan.papers.outcome import records_of
from peerplan.papers.pack import Inputs, pack_of, read_inputs
from peerplan.papers.readiness import missing
from peerplan.papers.since import release_before, seen_position

LONGEST_REASON = 500


@dataclass(frozen=True)
class _Asked:
    """What an issue is asked to be, beside what it is made of."""

    step: RouteStep
    number: int
    reason: str
    is_provisional: bool


def issue_paper(
    *,
    paper: Paper,
    version: int,
    step: RouteStep,
    reason: str,
    is_provisional: bool,
    author: Person,
    seen: str = "",
) -> IssuedPaper:
    """Issues `paper` to the body of `step`: the stored record, with all its files.

    The files are made outside any transaction, which takes seconds; then the paper's version is
    claimed and everything is stored at once. `seen` is the stamp of what the author was shown
    (`pack.Inputs.stamp`). Raises NotPermitted; Stale where the paper or anything that it prints
    was changed or issued in the meantime; Invalid where something is missing, or a further issue
    has no reason; and the RenderErrors. Nothing is stored then.
    """
    author.require(Capability.PRODUCE_PAPERS)
    inputs = read_inputs(author.council, paper.pk)
    if inputs.paper.version != version or (seen and seen != inputs.stamp):
        raise Stale(inputs.paper)
    asked = _checked(inputs, inputs.step(step.pk), reason, is_provisional=is_provisional)
    drawing = _drawing(inputs, asked)
    drawn = list(faces(drawing))
    frozen = freeze(drawing.position)
    with transaction.atomic():
        current = claim(inputs.paper, version)
        # A part that is marked exempt at this moment waits until the issue is stored.
        list(PaperPart.objects.select_for_update().filter(paper=current).values_list("pk"))
        if not _is_unchanged(inputs, read_inputs(author.council, paper.pk)):
            raise Stale(current)
        if _tells_what_is_exempt_now(drawing.position):
            raise Stale(current)
        told = f"Issued to {asked.step.body}, issue {asked.number}"
        history.save(current, author=author.user, reason=told)
        return _store(inputs, asked, frozen, drawn, author)


def notices_of(inputs: Inputs, asked: _Asked) -> tuple[str, ...]:
    """What the face of an issue says of itself."""
    notices = []
    if asked.number > 1:
        today = day_in_words(clock.today())
        notices.append(f"Correction, issue {asked.number}, {today}: {asked.reason}")
    if asked.is_provisional:
        approver = inputs.approver(asked.step)
        notices.append(f"Provisional: published before approval by {approver}")
    return tuple(notices)


def next_number(paper: Paper, step: RouteStep) -> int:
    """The number that the next issue of `paper` to `step` has (1 query)."""
    return IssuedPaper.objects.filter(paper=paper, step=step).count() + 1


def _checked(inputs: Inputs, step: RouteStep, reason: str, *, is_provisional: bool) -> _Asked:
    """What is asked for; raises Invalid where the paper cannot be issued so."""
    if inputs.paper.ended_at is not None:
        raise Invalid({"": "This paper was ended: it cannot be issued."})
    lacks = missing(inputs.paper, inputs.parts, inputs.appendices, step)
    if lacks:
        raise Invalid({"": "The paper is not complete: see what is missing."})
    _check_private_words(inputs)
    number = next_number(inputs.paper, step)
    reason = reason.strip()
    if number > 1 and not reason:
        raise Invalid({"reason": "Say what was corrected: it is printed on the new issue."})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"Use at most {LONGEST_REASON} characters."})
    return _Asked(step, number, reason if number > 1 else "", is_provisional)


def _check_private_words(inputs: Inputs) -> None:
    """Raises Invalid where a public part repeats an outcome that is not for publication now.

    It was drafted, or typed, before the outcome was marked (one query where there is one).
    """
    private = [step for step in inputs.route_steps if step.outcome_paragraph is not None]
    records = records_of(private)
    for part in inputs.parts:
        if part.exempt_paragraph is not None:
            continue
        for step in private:
            if records[step.pk].is_repeated_in(part.text):
                raise Invalid(
                    {
                        "": f"“{part.label}” repeats what {step.body} said, which is not for "
                        "publication now. Take that out of the part, or mark the part too."
                    }
                )


def _drawing(inputs: Inputs, asked: _Asked) -> Drawing:
    step = asked.step
    public = load_context(inputs.paper, step)
    pack = pack_of(inputs, step, public, is_draft=False)
    return Drawing(
        inputs=inputs,
        step=step,
        public=public,
        restricted=public.for_readers(include_exempt=True) if needs_restricted(pack) else None,
        before=_last_seen_by(public),
        number=asked.number,
        notices=notices_of(inputs, asked),
        today=clock.today(),
    )


def _last_seen_by(context: DraftContext) -> Position | None:
    """The position that this body saw last, else the last that was released before this one."""
    if context.seen is not None:
        return seen_position(context.seen, context.whole)
    release = release_before(context.challenge, context.as_at, context.known_by)
    return released_position(release) if release else None


def _is_unchanged(inputs: Inputs, now: Inputs) -> bool:
    """True where nothing but the version just claimed has moved."""
    now.paper.version = inputs.paper.version
    return now.stamp == inputs.stamp


def _tells_what_is_exempt_now(position: Position) -> bool:
    """True where an action was made exempt after it was drawn for the public (one query)."""
    told = {action.id for action in position.actions if not action.is_exempt}
    hidden = Action.objects.filter(
        challenge=position.challenge_id, visibility=Visibility.EXEMPT
    ).order_by()
    return not told.isdisjoint(hidden.values_list("pk", flat=True))


def _store(
    inputs: Inputs, asked: _Asked, frozen: bytes, drawn: list[Face], author: Person
) -> IssuedPaper:
    meeting = asked.step.meeting
    issue = IssuedPaper.objects.create(
        paper=inputs.paper,
        step=asked.step,
        number=asked.number,
        title=inputs.paper.title,
        body_name=asked.step.body.name,
        meeting_on=meeting.on if meeting else None,
        issued_by=author.user,
        as_at=inputs.paper.figures_as_at,
        known_by=inputs.paper.figures_known_by,
        reason=asked.reason,
        is_provisional=asked.is_provisional,
        has_restricted=any(face.is_restricted for face in drawn),
        position=frozen,
        position_sha256=hashlib.sha256(frozen).hexdigest(),
    )
    for face in drawn:
        IssuedDocument.objects.create(
            issue=issue,
            position=face.position,
            title=face.title,
            format=face.format,
            is_restricted=face.is_restricted,
            file_name=face.file_name,
            content=face.content,
            sha256=face.sha256,
            size=len(face.content),
            pages=face.pages,
        )
    return issue
