"""What came of a step, as papers carry it on: comments, minute, resolutions and votes.

What was typed on the step and the decision record are one text here. Of what both hold, such as
resolutions that a pasted minute has already, each is said once.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from peerplan.councils.gate import Person
from peerplan.papers.entitlement import may_read_restricted, seats_of
from peerplan.papers.models import Decision, Purpose, Resolution, RouteStep
from peerplan.render.report import Block, Item, Items, ItemStyle
from peerplan.render.texts import blocks_of
from reviews.deadlines import counted

Reads = Callable[[RouteStep], bool]
FEWEST_WORDS = 4
"""Words from which on a passage is known again as somebody's."""


@dataclass(frozen=True)
class Record:
    """What was recorded of a step: its own words, its decision and the standing resolutions."""

    step: RouteStep
    decision: Decision | None = None
    resolutions: tuple[Resolution, ...] = ()

    @property
    def is_there(self) -> bool:
        """True where somebody recorded anything of what came of the step."""
        step = self.step
        return bool(
            step.minute
            or step.minute_number
            or step.comments
            or step.decision_published_on is not None
            or self.is_decided
        )

    @property
    def is_decided(self) -> bool:
        """True where the decision record says anything."""
        return bool(self.resolutions) or (self.decision is not None and says(self.decision))

    @property
    def lead_in(self) -> str:
        """The words before the resolutions, such as "RESOLVED that Cabinet:"."""
        given = self.decision.lead_in if self.decision else ""
        return given or f"RESOLVED that {self.step.body.in_sentences}:"

    @property
    def votes(self) -> str:
        """Such as "7 for, 2 against, 1 abstention"; "" where they were not recorded."""
        held = self.decision
        if held is None or held.votes_for is None or held.votes_against is None:
            return ""
        said = f"{held.votes_for} for, {held.votes_against} against"
        if held.abstentions is not None:
            said += f", {counted(held.abstentions, 'abstention')}"
        return said

    @property
    def points(self) -> str:
        """The points made, where the minute does not hold them already."""
        points = self.decision.points if self.decision else ""
        return "" if _holds(self.step.minute, points) else points

    @property
    def is_in_minute(self) -> bool:
        """True where the minute as typed holds every resolution already."""
        return all(_holds(self.step.minute, each.text) for each in self.resolutions)

    @property
    def comments(self) -> str:
        """What later steps take in as comments: as typed, else points made and resolutions."""
        if self.step.comments:
            return self.step.comments
        if self.step.purpose != Purpose.COMMENT or self.decision is None:
            return ""
        return "\n\n".join(filter(None, (self.decision.points, *self._resolved())))

    @property
    def minute(self) -> str:
        """The whole minute as plain text: narrative, points, resolutions, votes and reasons."""
        resolved = () if self.is_in_minute else tuple(self._resolved())
        return "\n\n".join(filter(None, (*self._before(), *resolved, *self._after())))

    def is_repeated_in(self, text: str) -> bool:
        """True where a text holds the comments, the minute, the points or a resolution.

        Words that stand anywhere, such as "Noted.", tell nothing.
        """
        said = [self.step.comments, self.step.minute, *(each.text for each in self.resolutions)]
        if self.decision is not None:
            said += [self.decision.points, self.decision.reason, self.decision.options]
        return any(len(each.split()) >= FEWEST_WORDS and _holds(text, each) for each in said)

    def minute_blocks(self) -> tuple[Block, ...]:
        """The same for a document, with the resolutions as a numbered list."""
        blocks = [block for text in self._before() for block in blocks_of(text)]
        if self.resolutions and not self.is_in_minute:
            blocks.append(self.resolved_items())
        blocks += [block for text in self._after() for block in blocks_of(text)]
        return tuple(blocks)

    def resolved_items(self) -> Items:
        """The resolutions under their lead-in words; only where there are any."""
        items = tuple(Item(tuple(_paragraphs(_with_minute(each)))) for each in self.resolutions)
        return Items(items, self.lead_in, ItemStyle.CLOSED)

    def _before(self) -> Iterable[str]:
        introduced = self.decision.introduced_by if self.decision else ""
        if introduced and not _holds(self.step.minute, introduced):
            yield f"Introduced by: {introduced}"
        yield self.step.minute.replace("\r\n", "\n").strip()
        yield self.points

    def _resolved(self) -> Iterable[str]:
        if self.resolutions:
            yield self.lead_in
            for number, each in enumerate(self.resolutions, 1):
                yield f"{number}) {_with_minute(each)}"

    def _after(self) -> Iterable[str]:
        if self.votes:
            yield f"Votes: {self.votes}."
        if self.decision is None:
            return
        for label, text in (
            ("Reason for the decision", self.decision.reason),
            ("Options considered", self.decision.options),
        ):
            if text and not _holds(self.step.minute, text):
                yield f"{label}: {text}"


def says(decision: Decision) -> bool:
    """True where any field of a decision is filled in; its resolutions are not looked at."""
    texts = ("introduced_by", "points", "lead_in", "reason", "options")
    numbers = ("votes_for", "votes_against", "abstentions", "effective_from")
    return any(getattr(decision, name) for name in texts) or any(
        getattr(decision, name) is not None for name in numbers
    )


def records_of(steps: Iterable[RouteStep]) -> dict[int, Record]:
    """What was recorded of each step, by its id. One query, none where no decision was made.

    The steps come with body and decision (`select_related("body", "decision")`).
    """
    steps = list(steps)
    decisions: dict[int, Decision] = {}
    for step in steps:
        if (decision := getattr(step, "decision", None)) is not None:
            decisions[decision.pk] = decision
    found: dict[int, list[Resolution]] = {}
    if decisions:
        rows = Resolution.objects.filter(decision__in=decisions, ended_at__isnull=True)
        for row in rows:
            row.decision = decisions[row.decision_id]
            found.setdefault(row.decision_id, []).append(row)
    return {
        step.pk: Record(step, decision, tuple(found.get(decision.pk, ())) if decision else ())
        for step in steps
        for decision in (getattr(step, "decision", None),)
    }


def record_of(step: RouteStep) -> Record:
    """What was recorded of one step (two queries at most)."""
    return records_of([step])[step.pk]


def resolved_at(step: str) -> Exists:
    """Whether the decision of the step in that field has resolutions, for a query."""
    rows = Resolution.objects.filter(decision__step=OuterRef(step), ended_at__isnull=True)
    return Exists(rows)


# --- Who may read it ----------------------------------------------------------------------------


def may_read_outcome(person: Person, step: RouteStep) -> bool:
    """True where `person` may read what came of `step`: everyone, unless it is exempt.

    Entitlement is by body (`may_read_restricted`): one query at most, none for officers.
    """
    return step.outcome_paragraph is None or may_read_restricted(person, step.body)


def reader_of(person: Person) -> Reads:
    """The same for many steps: one query at most, when the first exempt outcome is met."""
    seats: list[frozenset[int]] = []

    def reads(step: RouteStep) -> bool:
        if step.outcome_paragraph is None:
            return True
        if person.reads_live:
            return person.reads_exempt
        if not seats:
            seats.append(seats_of(person))
        return step.body_id in seats[0]

    return reads


def only_public(step: RouteStep) -> bool:
    """Whether everyone may read what came of a step: what public copies are drawn with."""
    return step.outcome_paragraph is None


def withheld_words(step: RouteStep) -> str:
    """What stands for an outcome that is not for publication."""
    return (
        f"Not for publication: paragraph {step.outcome_paragraph} of Part 1 of Schedule 12A to "
        "the Local Government Act 1972."
    )


# --- Texts --------------------------------------------------------------------------------------

_FIGURE = re.compile(r"^[ \t]*\(?\d{1,2}[).][ \t\xa0]+")
_LETTER = re.compile(r"^[ \t]*\(?(?:[a-z]|[ivx]{1,5})[).][ \t\xa0]+", re.IGNORECASE)


def split_resolutions(pasted: str) -> tuple[str, ...]:
    """The resolutions in a pasted text: each numbered line begins one, else the whole is one.

    "1)", "(1)" and "1." at the head of a line are numbers, or "a)" and "(iv)" where no figure comes
    before them; they are taken off, since pages and papers number resolutions by their order.
    Letters below a figure stay: they are parts of that resolution.
    """
    found: list[list[str]] = [[]]
    sign: re.Pattern[str] | None = None
    for line in pasted.replace("\r\n", "\n").split("\n"):
        sign = sign or next((each for each in (_FIGURE, _LETTER) if each.match(line)), None)
        if sign is not None and sign.match(line):
            found.append([sign.sub("", line, count=1)])
        else:
            found[-1].append(line)
    texts = ["\n".join(lines).strip() for lines in found]
    return tuple(text for text in texts if text)


def _with_minute(resolution: Resolution) -> str:
    if not resolution.minute_number:
        return resolution.text
    return f"{resolution.text} (Minute {resolution.minute_number})"


def _paragraphs(text: str) -> Sequence[str]:
    return [part.strip() for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def _holds(text: str, part: str) -> bool:
    """Whether a text has the words of another in it, however they are set."""
    return bool(part.strip()) and _squashed(part) in _squashed(text)


def _squashed(text: str) -> str:
    return " ".join(text.split()).casefold()
