"""Answering what the rules have found about a rating."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from actions.integrity.reading import Line, findings_now
from actions.integrity.rules import ACTION, RECOMMENDATION
from actions.models import FindingNote, Release
from actions.position import plan_position
from actions.rules import TEXT_LIMIT
from peerplan.core import clock
from peerplan.core.errors import Invalid, Stale
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge
from reviews.services.checks import require_open


def find_line(
    person: Person,
    challenge: PeerChallenge,
    as_at: date,
    releases: Sequence[Release],
    *,
    rule: str,
    ref: str,
) -> Line | None:
    """What a rule finds of the subject `ref` as at a day, as `person` may know it, or None.

    `releases`: those of the challenge. `rule` is the word for the rule in addresses; letters of the
    reference count in any case.
    """
    position = plan_position(challenge, as_at, named=False)
    lines = findings_now(person, challenge, position, releases)
    return next(
        (
            line
            for line in lines
            if line.finding.slug == rule and line.finding.ref.lower() == ref.lower()
        ),
        None,
    )


@transaction.atomic
def answer_finding(
    *,
    challenge: PeerChallenge,
    as_at: date,
    rule: str,
    ref: str,
    facts: str,
    seen: int,
    note: str,
    author: Person,
) -> FindingNote:
    """Append a note that answers a finding for as long as its facts stay the same.

    `facts` and `seen` are what the author looked at: the finding's facts and the id of its note
    (0: none). Raises NotPermitted, Invalid (also where the plan is closed: nothing is released
    any more), and Stale with the `Line` as it is now, None where nothing is found any more.
    """
    author.require(Capability.RELEASE)
    if not note.strip():
        raise Invalid({"note": "Say why it stands as it is, or what is done about it."})
    if len(note) > TEXT_LIMIT:
        raise Invalid({"note": f"Shorten the note to {TEXT_LIMIT:,} characters."})
    require_open(PeerChallenge.objects.select_for_update().only("closed_on").get(pk=challenge.pk))
    releases = list(challenge.releases.defer("findings"))
    line = find_line(author, challenge, as_at, releases, rule=rule, ref=ref)
    if line is None or line.finding.facts_sha256 != facts:
        raise Stale(line)
    if (line.note.id if line.note else 0) != seen:
        raise Stale(line)
    finding = line.finding
    return FindingNote.objects.create(
        challenge=challenge,
        rule=finding.rule,
        action_id=finding.id if finding.kind == ACTION else None,
        recommendation_id=finding.id if finding.kind == RECOMMENDATION else None,
        facts_sha256=finding.facts_sha256,
        note=note.strip(),
        added_at=clock.now(),
        added_by=author.user,
    )
