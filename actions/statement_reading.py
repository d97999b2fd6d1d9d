"""What a position statement is made of, and which of its issues somebody may read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet
from django.urls import reverse

from actions.closing_letter import closing_report
from actions.models import (
    Action,
    Evidence,
    IssuedStatement,
    PositionStatement,
    Release,
    StatementFile,
    Visibility,
)
from actions.position import Position, released_position
from actions.statement import (
    EvidencePiece,
    StatementWords,
    holds_exempt_parts,
    logo_of,
    printable_address,
    statement_report,
)
from peerplan.core import clock
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.councils.scheme import rating_scheme
from peerplan.render.packs import PIECE, PackFile, held
from peerplan.render.report import Report
from reviews.models import ClosingLetter, PeerChallenge

EVIDENCE_FOLDER = "evidence"
EXEMPT_FOLDER = "evidence-not-for-publication"
LONGEST_STEM = 100
"""Characters of a file's name that are kept in the pack, where its path holds 200 in all."""
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True)
class Draft:
    """A statement as it would be issued now, of one release and for one kind of reader.

    `site` is the beginning of this site's addresses, such as "https://plan.ashdale.example".
    """

    challenge: PeerChallenge
    statement: PositionStatement | None
    release: Release
    position: Position
    evidence: tuple[Evidence, ...]
    site: str

    @property
    def words(self) -> StatementWords:
        """What the council has written around its plan."""
        if self.statement is None:
            return StatementWords()
        return StatementWords(self.statement.introduction, self.statement.ahead)

    @property
    def version(self) -> int:
        """The version of the words, 0 before there are any."""
        return self.statement.version if self.statement else 0

    @cached_property
    def names(self) -> dict[int, str]:
        """The name in the pack of each piece of evidence that is a file, by its id."""
        refs = {each.id: each.ref for each in self.position.actions}
        taken: set[str] = set()
        return {
            each.pk: _pack_name(each, refs[each.action_id], taken)
            for each in self.evidence
            if each.file
        }

    @property
    def pieces(self) -> tuple[EvidencePiece, ...]:
        """The evidence as the statement lists it."""
        return tuple(
            EvidencePiece(
                action_id=each.action_id,
                title=each.title,
                added_on=clock.day_of(each.added_at),
                address=printable_address(each.link) if each.link else self._page(each),
                name=self.names.get(each.pk, ""),
                is_exempt=each.visibility == Visibility.EXEMPT,
            )
            for each in self.evidence
        )

    @property
    def has_exempt_parts(self) -> bool:
        """True where it tells of anything that is not for publication."""
        return holds_exempt_parts(self.position, self.pieces)

    def report(
        self, *, dated: date, notices: Sequence[str] = (), reads_logo: bool = True
    ) -> Report:
        """The statement as a report; a page needs no bytes of its logo (a query less)."""
        council = self.challenge.council
        return statement_report(
            council=council,
            challenge=self.challenge,
            position=self.position,
            words=self.words,
            evidence=self.pieces,
            scheme=rating_scheme(council),
            dated=dated,
            logo=logo_of(council, reads_bytes=reads_logo),
            notices=notices,
        )

    def letter(self, letter: ClosingLetter, *, dated: date) -> Report:
        """The closing letter, with what became of each recommendation and the evidence."""
        council = self.challenge.council
        return closing_report(
            council=council,
            challenge=self.challenge,
            letter=letter,
            position=self.position,
            evidence=self.pieces,
            scheme=rating_scheme(council),
            dated=dated,
            logo=logo_of(council),
        )

    def _page(self, evidence: Evidence) -> str:
        """Where a file can be fetched today: under the present reference of its action."""
        here = (self.challenge.council.slug, self.challenge.slug, evidence.action.ref)
        return self.site + reverse("evidence", args=[*here, evidence.public_id])


def with_statement(council: Council, slug: str) -> PeerChallenge | None:
    """The challenge of `council` with that slug, and its statement where it has one (1 query)."""
    rows = PeerChallenge.objects.for_council(council).select_related("position_statement")
    found = rows.filter(slug=slug).first()
    if found is not None:
        found.council = council
    return found


def statement_of(challenge: PeerChallenge) -> PositionStatement | None:
    """The words of a challenge's statement, None before anybody wrote them (1 query at most)."""
    try:
        return challenge.position_statement
    except ObjectDoesNotExist:
        return None


def draft_of(
    challenge: PeerChallenge, release: Release, *, include_exempt: bool, site: str
) -> Draft:
    """The statement of `release` as it would be issued now. The caller has checked entitlement."""
    release.challenge = challenge
    position = released_position(release, with_milestones=False).for_reader(
        reads_exempt=include_exempt
    )
    return Draft(
        challenge=challenge,
        statement=statement_of(challenge),
        release=release,
        position=position,
        evidence=evidence_of(release, position, include_exempt=include_exempt),
        site=site,
    )


def evidence_of(
    release: Release, position: Position, *, include_exempt: bool
) -> tuple[Evidence, ...]:
    """The evidence that was there at `release` and stands today, in plan order (1 query)."""
    rows = Evidence.objects.standing().filter(
        Q(update__isnull=True) | Q(update__as_at__lte=release.as_at),
        action__challenge=release.challenge_id,
        added_at__lte=release.known_by,
    )
    if not include_exempt:
        rows = rows.filter(visibility=Visibility.PUBLIC)
    place = {each.id: number for number, each in enumerate(position.actions)}
    found = [each for each in rows.select_related("action") if each.action_id in place]
    return tuple(sorted(found, key=lambda each: (place[each.action_id], each.added_at, each.pk)))


def pack_file(name: str, evidence: Evidence, sha256: str = "") -> PackFile:
    """A file of evidence as a pack takes it: read from its storage piece by piece."""

    def pieces() -> Iterable[bytes]:
        with evidence.file.storage.open(evidence.file.name or "", "rb") as content:
            while piece := content.read(PIECE):
                yield piece

    return PackFile(name, sha256 or evidence.sha256, pieces)


def packed(file: StatementFile) -> PackFile:
    """A file of an issued statement as a pack takes it."""
    if file.evidence is not None:
        return pack_file(file.name, file.evidence, file.sha256)
    return held(file.name, bytes(file.content or b""), file.sha256)


def _pack_name(evidence: Evidence, ref: str, taken: set[str]) -> str:
    """Where a file of evidence stands in the pack: once, in whatever case, and nowhere else."""
    folder = EXEMPT_FOLDER if evidence.visibility == Visibility.EXEMPT else EVIDENCE_FOLDER
    whole = _UNSAFE.sub("-", evidence.file_name).strip(" .-") or "file"
    stem, dot, ending = whole.rpartition(".")
    stem, ending = (stem, f".{ending}") if dot and len(ending) <= 10 else (whole, "")
    stem = stem[:LONGEST_STEM].strip(" .") or "file"
    name, number = f"{folder}/{ref}/{stem}{ending}", 1
    while name.lower() in taken:
        number += 1
        name = f"{folder}/{ref}/{stem}-{number}{ending}"
    taken.add(name.lower())
    return name


# --- Issued statements --------------------------------------------------------------------------


@dataclass(frozen=True)
class Issues:
    """The issues of a challenge's statement that a person may know of, the last first.

    `closed` are the ids of those that tell of something made exempt since.
    """

    all: tuple[IssuedStatement, ...]
    closed: frozenset[int] = frozenset()

    def find(self, number: int) -> IssuedStatement | None:
        """The issue with that number, None where there is none for this person."""
        return next((each for each in self.all if each.number == number), None)


def issues_for(person: Person, challenge: PeerChallenge) -> Issues:
    """The issues that `person` may know of (1 query; up to 3 for those not entitled).

    One with exempt parts is there only for those entitled; a public one that tells of an action
    which is exempt now is closed to the others, as any past text (architecture: then and now).
    """
    rows: QuerySet[IssuedStatement] = IssuedStatement.objects.for_council(person.council).filter(
        statement__challenge=challenge
    )
    if person.reads_exempt:
        return Issues(tuple(rows.select_related("release", "author")))
    found = tuple(rows.filter(has_exempt_parts=False).select_related("release", "author"))
    return Issues(found, _closed(challenge, found))


def _closed(challenge: PeerChallenge, issues: Sequence[IssuedStatement]) -> frozenset[int]:
    exempt = Action.objects.filter(challenge=challenge, visibility=Visibility.EXEMPT)
    hidden = set(exempt.order_by().values_list("pk", flat=True)) if issues else set()
    if not hidden:
        return frozenset()
    past: Any = Action.history
    rows = list(
        past.filter(id__in=hidden)
        .order_by("history_date", "history_id")
        .values_list("id", "history_date", "visibility")
    )
    return frozenset(
        issue.pk
        for issue in issues
        if _public_at(rows, issue.release.known_by) & _public_at(rows, issue.issued_at)
    )


def _public_at(rows: Iterable[tuple[int, datetime, str]], instant: datetime) -> set[int]:
    """The actions that were for publication at an instant; `rows` are in the order of time."""
    held: dict[int, str] = {}
    for action, at, visibility in rows:
        if at <= instant:
            held[action] = visibility
    return {action for action, visibility in held.items() if visibility == Visibility.PUBLIC}
