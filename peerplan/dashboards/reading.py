"""Which position a person reads, and what it is compared with."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from actions.models import Release
from actions.position import Position, plan_position, released_position
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.gate import CouncilRequest, Person
from reviews.models import PeerChallenge


def challenge_of(request: CouncilRequest, slug: str) -> PeerChallenge:
    """The challenge of the request's council; raises Http404."""
    found = PeerChallenge.objects.for_council(request.council).filter(slug=slug).first()
    if found is None:
        raise Http404
    found.council = request.council
    return found


def releases_of(challenge: PeerChallenge) -> list[Release]:
    """The releases of a challenge, the last first; nothing else is read for their challenge.

    What was found about the ratings is read when it is asked for.
    """
    found = list(challenge.releases.select_related("author").defer("findings"))
    for release in found:
        release.challenge = challenge
    return found


def with_releases(request: CouncilRequest, slug: str) -> tuple[PeerChallenge, list[Release]]:
    """The challenge of the request's council, and its releases; raises Http404.

    One query for both once something has been released.
    """
    rows = Release.objects.for_council(request.council).filter(challenge__slug=slug)
    releases = list(rows.select_related("author", "challenge").defer("findings"))
    challenge = releases[0].challenge if releases else challenge_of(request, slug)
    challenge.council = request.council
    for release in releases:
        release.challenge = challenge
    return challenge, releases


def read_release(person: Person, release: Release, *, full: bool = True) -> Position:
    """The position that a release fixed, as `person` may see it."""
    return released_position(release, full=full).for_reader(reads_exempt=person.reads_exempt)


def read_live(
    person: Person, challenge: PeerChallenge, as_at: date | None = None, *, full: bool = True
) -> Position:
    """The position as known now, as `person` may see it. The caller has checked that they may."""
    position = plan_position(challenge, as_at, full=full)
    return position.for_reader(reads_exempt=person.reads_exempt)


@dataclass(frozen=True)
class Reading:
    """What a person reads of one challenge. `release` None: as it is now, for officers."""

    challenge: PeerChallenge
    releases: list[Release]
    release: Release | None
    position: Position

    @property
    def is_live(self) -> bool:
        """True where an officer reads the plan as it is now."""
        return self.release is None

    @property
    def last(self) -> Release | None:
        """The release that members read, None before the first."""
        return self.releases[0] if self.releases else None

    @property
    def earlier(self) -> list[Release]:
        """The releases that this reading may be compared with, the last first.

        A later release for the same day puts right the one before it: that day is listed once.
        """
        found: dict[date, Release] = {}
        for each in self.releases:
            if self.release is None or each.as_at < self.release.as_at:
                found.setdefault(each.as_at, each)
        return list(found.values())


def reading_for(
    person: Person, challenge: PeerChallenge, *, released: bool = False, full: bool = True
) -> Reading | None:
    """What `person` reads of `challenge`: live for officers, unless they ask for the release.

    None where they read releases and there is none yet.
    """
    releases = releases_of(challenge)
    if person.reads_live and not released:
        return Reading(challenge, releases, None, read_live(person, challenge, full=full))
    if not releases:
        return None
    position = read_release(person, releases[0], full=full)
    return Reading(challenge, releases, releases[0], position)


@dataclass(frozen=True)
class Comparison:
    """The position that a reading is compared with, and how it is called."""

    position: Position
    release: Release | None

    @property
    def label(self) -> str:
        """Such as "31 March 2025, released"."""
        words = day_in_words(self.position.as_at)
        return f"{words}, released" if self.release else f"{words}, as now known"


def comparison(person: Person, reading: Reading, day: date | None) -> Comparison | None:
    """The release of that day, else the position as at that day; by default the release before.

    As known when the reading was: a member's comparison never holds what came after the release.
    """
    release = next(
        (each for each in reading.earlier if day is None or each.as_at == day),
        None,
    )
    if release is not None:
        return Comparison(read_release(person, release, full=False), release)
    if day is None:
        return None
    known_by = reading.release.known_by if reading.release else None
    position = plan_position(reading.challenge, day, known_by, full=False)
    return Comparison(position.for_reader(reads_exempt=person.reads_exempt), None)
