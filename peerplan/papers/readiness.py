"""What a paper still needs before it can be issued, part by part. No queries in here."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from peerplan.councils.gate import Person
from peerplan.papers.drafting import DRAFTERS
from peerplan.papers.models import (
    Body,
    Paper,
    PaperAppendix,
    PaperPart,
    PartKind,
    Purpose,
    RouteStep,
)
from peerplan.papers.outcome import says

# Parts that say something by themselves where nothing was written.
_SPEAKS_FOR_ITSELF = (PartKind.BACKGROUND_PAPERS, PartKind.APPENDICES)
# Bodies whose business has no agenda for the public, so that there may be no meeting.
_WITHOUT_MEETINGS = (Body.Kind.INDIVIDUAL, Body.Kind.OFFICERS, Body.Kind.EXTERNAL)


WITHHELD_PART = "A part that is not for publication is not complete."


class Readiness(StrEnum):
    """How far one part is."""

    READY = "Ready"
    MISSING = "Missing"
    SIGN_OFF = "Sign-off"
    EMPTY = "Left out"


@dataclass(frozen=True)
class Missing:
    """One thing that a paper still needs, in words that say what to do.

    `part` or `appendix` is what it is about; `url_hint` says on which page it is put right:
    "part", "sign-off", "appendix" or "step".
    """

    part: PaperPart | None
    words: str
    url_hint: str
    appendix: PaperAppendix | None = None


def may_read(person: Person, record: PaperPart | PaperAppendix) -> bool:
    """True where `person` may read what a part or an appendix in writing says."""
    return record.exempt_paragraph is None or person.reads_exempt


def missing_for(person: Person, found: Iterable[Missing]) -> tuple[Missing, ...]:
    """What is missing, without the names of parts and appendices that the person may not read."""
    told: dict[tuple[object, str], Missing] = {}
    for each in found:
        record = each.part or each.appendix
        if record is not None and not may_read(person, record):
            each = Missing(None, WITHHELD_PART, "", None)
        told.setdefault((each.part, each.words), each)
    return tuple(told.values())


def has_words(part: PaperPart) -> bool:
    """True where something will be printed under the part's heading."""
    drafter = DRAFTERS.get(part.drafter)
    draws = drafter is not None and drafter.only_blocks and part.shows_figures
    return bool(part.text.strip()) or part.kind in _SPEAKS_FOR_ITSELF or draws


def readiness(part: PaperPart) -> Readiness:
    """How far a part is; a part that is not required and empty is left out of the paper."""
    if not has_words(part):
        return Readiness.MISSING if part.is_required else Readiness.EMPTY
    if part.sign_off_role and part.signed_off_at is None:
        return Readiness.SIGN_OFF
    return Readiness.READY


_DRAWS = Q(
    drafter__in=[key for key, drafter in DRAFTERS.items() if drafter.only_blocks],
    shows_figures=True,
)
_STANDS = Q(ended_at__isnull=True)
WAITING_FOR = {
    "unwritten": _STANDS & Q(text="", is_required=True) & ~Q(kind__in=_SPEAKS_FOR_ITSELF) & ~_DRAWS,
    "unsigned": _STANDS & Q(signed_off_at__isnull=True) & ~Q(sign_off_role="") & ~Q(text=""),
}
"""The parts that `readiness` calls missing and those that wait for their sign-off, for a query."""


def missing(
    paper: Paper,
    parts: Iterable[PaperPart],
    appendices: Iterable[PaperAppendix],
    step: RouteStep,
) -> tuple[Missing, ...]:
    """What `paper` needs before it can be issued to the body of `step`, in order of the paper.

    `parts` and `appendices` are those that stand; the step's body and meeting and the appendices'
    earlier steps should be fetched with them. Nothing is missing: ().
    """
    found = list(_of_step(step))
    for part in parts:
        if readiness(part) == Readiness.MISSING:
            found.append(Missing(part, f"Write “{part.label}”.", "part"))
        elif readiness(part) == Readiness.SIGN_OFF:
            words = f"Record the sign-off of “{part.label}” by the {part.sign_off_role}."
            found.append(Missing(part, words, "sign-off"))
    for appendix in appendices:
        if appendix.audience_id in (None, step.pk) and (words := to_follow(appendix)):
            found.append(Missing(None, words, "appendix", appendix))
    return tuple(found)


def to_follow(appendix: PaperAppendix) -> str:
    """Why an appendix cannot be printed yet, with what to do; "" where it can.

    The appendix comes with the decision of its step and with `has_resolutions`
    (`outcome.resolved_at`), so that this asks the database nothing.
    """
    earlier = appendix.minute_of
    if appendix.kind != PaperAppendix.Kind.MINUTE or earlier is None:
        return ""
    if earlier.outcome_paragraph is not None and appendix.exempt_paragraph is None:
        return (
            f"The minute of {earlier.body} is not for publication. Mark this appendix as not for "
            "publication, or take it away."
        )
    decision = getattr(earlier, "decision", None)
    if earlier.minute.strip() or (decision is not None and says(decision)):
        return ""
    if getattr(appendix, "has_resolutions", False):
        return ""
    return (
        f"“{appendix.title}” is to follow: enter the minute of {earlier.body} at its step of the "
        "route, or take the appendix away."
    )


def _of_step(step: RouteStep) -> Iterable[Missing]:
    if step.body.ended_on is not None:
        words = f"{step.body} no longer meets: choose another body for this step of the route."
        yield Missing(None, words, "step")
    may_lack = step.purpose == Purpose.PUBLISH or step.body.kind in _WITHOUT_MEETINGS
    if step.meeting is None and not may_lack:
        yield Missing(None, f"Choose the meeting of {step.body} that this paper is for.", "step")
    elif step.meeting is not None and step.meeting.called_off_at is not None:
        words = f"The meeting of {step.body} was called off: choose another."
        yield Missing(None, words, "step")
