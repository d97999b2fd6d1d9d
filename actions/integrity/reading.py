"""Findings with the notes that answer them: as they are now, and as a release kept them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from actions.integrity.loading import findings_for, read_material
from actions.integrity.rules import RULES, Finding, Quote
from actions.models import Action, FindingNote, Release, Visibility
from actions.people import SOMEBODY
from actions.position import Position, plan_position
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership
from reviews.models import PeerChallenge

ALL, ENTITLED, OTHERS = "all", "entitled", "others"
"""Who may know a finding that a release kept: some differ by what a reader is entitled to."""


@dataclass(frozen=True, slots=True)
class Note:
    """A plan manager's answer to a finding. `id` is 0 where a release kept it.

    `who`: the author's post, or else their role.
    """

    id: int
    text: str
    author_id: int
    who: str
    at: datetime


@dataclass(frozen=True)
class Line:
    """A finding, with the heading and the words of its rule, and the note that answers it."""

    finding: Finding
    heading: str
    rule_words: str
    note: Note | None


@dataclass(frozen=True)
class Group:
    """What one rule found, in plan order; `shown` are those of `lines` that a page lists."""

    key: str
    heading: str
    words: str
    lines: tuple[Line, ...]
    shown: tuple[Line, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.lines)

    @property
    def is_cut(self) -> bool:
        """True where a page does not list them all."""
        return len(self.shown) < len(self.lines)

    @property
    def answered(self) -> int:
        """How many of them a note answers."""
        return sum(line.note is not None for line in self.lines)

    @property
    def waiting(self) -> int:
        """How many nobody has answered."""
        return self.count - self.answered


def groups(lines: Iterable[Line]) -> tuple[Group, ...]:
    """The findings rule by rule, in the order in which they come; rules without any left out."""
    held: dict[str, list[Line]] = {}
    for line in lines:
        held.setdefault(line.finding.rule, []).append(line)
    return tuple(
        Group(key, found[0].heading, found[0].rule_words, tuple(found))
        for key, found in held.items()
    )


# --- Now ----------------------------------------------------------------------------------------


def findings_now(
    person: Person, challenge: PeerChallenge, position: Position, releases: Sequence[Release]
) -> tuple[Line, ...]:
    """What the rules find in the whole `position`, as `person` may know it (at most 4 queries)."""
    material = read_material(person.council, challenge.pk, position.as_at, releases)
    found = findings_for(position, material, reads_exempt=person.reads_exempt)
    return with_notes(challenge, found)


def with_notes(challenge: PeerChallenge, found: Iterable[Finding]) -> tuple[Line, ...]:
    """The findings with the last note on each that was given on the same facts. One query."""
    membership = Membership.objects.filter(
        council=challenge.council_id, user=OuterRef("added_by")
    ).order_by("-started_at", "-id")
    rows = (
        FindingNote.objects.filter(challenge=challenge)
        .annotate(
            post=Subquery(membership.values("post")[:1]),
            role=Subquery(membership.values("role")[:1]),
        )
        .order_by("added_at", "id")
    )
    notes = {row.facts_sha256: _note(row) for row in rows}
    return tuple(
        Line(
            finding=each,
            heading=RULES[each.rule].heading,
            rule_words=RULES[each.rule].words,
            note=notes.get(each.facts_sha256),
        )
        for each in found
    )


def _note(row: Any) -> Note:
    who = row.post or (Role(row.role).label if row.role else SOMEBODY)
    return Note(row.pk, row.note, row.added_by_id, who, row.added_at)


# --- Kept with a release ------------------------------------------------------------------------


def findings_to_keep(
    challenge: PeerChallenge, council: Council, as_at: date, releases: Sequence[Release]
) -> list[dict[str, Any]]:
    """Everything found in the position as at a day, with the notes, as a release keeps it.

    For every reader: what is known only to those entitled is marked, and so is what the others
    see in its place.
    """
    position = plan_position(challenge, as_at, named=False)
    material = read_material(council, challenge.pk, position.as_at, releases)
    whole = findings_for(position, material, reads_exempt=True)
    public = findings_for(position, material, reads_exempt=False)
    in_whole = {each.facts_sha256 for each in whole}
    in_public = {each.facts_sha256 for each in public}
    found = [(each, ALL if each.facts_sha256 in in_public else ENTITLED) for each in whole]
    found += [(each, OTHERS) for each in public if each.facts_sha256 not in in_whole]
    order = list(RULES)
    found.sort(key=lambda pair: order.index(pair[0].rule))
    lines = with_notes(challenge, [each for each, _ in found])
    return [_kept(line, readers) for line, (_, readers) in zip(lines, found, strict=True)]


def _kept(line: Line, readers: str) -> dict[str, Any]:
    finding, note = line.finding, line.note
    return {
        "rule": finding.rule,
        "heading": line.heading,
        "rule_words": line.rule_words,
        "kind": finding.kind,
        "id": finding.id,
        "ref": finding.ref,
        "title": finding.title,
        "sentence": finding.sentence,
        "quotes": [[each.where, each.words] for each in finding.quotes],
        "facts": finding.facts_sha256,
        "is_exempt": finding.is_exempt,
        "actions": list(finding.actions),
        "readers": readers,
        "note": note
        and {
            "text": note.text,
            "by": note.author_id,
            "who": note.who,
            "at": note.at.isoformat(timespec="seconds"),
        },
    }


def exempt_now(challenge: PeerChallenge) -> frozenset[int]:
    """The ids of the challenge's actions that are not for publication today (one query)."""
    rows = Action.objects.filter(challenge=challenge, visibility=Visibility.EXEMPT)
    return frozenset(rows.values_list("pk", flat=True))


def findings_kept(
    kept: Sequence[dict[str, Any]], *, reads_exempt: bool, exempt: Collection[int]
) -> tuple[Line, ...]:
    """What a release kept, as somebody may know it then and now. `exempt`: see `exempt_now`."""
    shown = (ALL, ENTITLED) if reads_exempt else (ALL, OTHERS)
    return tuple(
        _line(each)
        for each in kept
        if each["readers"] in shown
        and (reads_exempt or not any(action in exempt for action in each["actions"]))
    )


def _line(kept: dict[str, Any]) -> Line:
    note = kept["note"]
    return Line(
        finding=Finding(
            rule=kept["rule"],
            kind=kept["kind"],
            id=kept["id"],
            ref=kept["ref"],
            title=kept["title"],
            sentence=kept["sentence"],
            quotes=tuple(Quote(where, words) for where, words in kept["quotes"]),
            facts_sha256=kept["facts"],
            is_exempt=kept["is_exempt"],
            actions=tuple(kept["actions"]),
        ),
        heading=kept["heading"],
        rule_words=kept["rule_words"],
        note=note
        and Note(0, note["text"], note["by"], note["who"], datetime.fromisoformat(note["at"])),
    )
