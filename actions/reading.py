"""What a person reads of a plan: officers live, members and peers the last release."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from actions.models import Action, Evidence, Lineage, ProgressUpdate, Release, Visibility
from actions.permissions import visible_actions
from actions.position import Position, last_release, plan_position
from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class Horizon:
    """How far someone sees: nothing as at a later day, nothing recorded after an instant.

    `known_by` None: everything that is known now.
    """

    as_at: date
    known_by: datetime | None

    def updates(self) -> Q:
        """Progress updates within the horizon, as a condition on ProgressUpdate."""
        within = Q(as_at__lte=self.as_at)
        return within if self.known_by is None else within & Q(recorded_at__lte=self.known_by)


def horizon(
    person: Person,
    challenge: PeerChallenge,
    as_at: date | None = None,
    known_by: datetime | None = None,
    *,
    release: Release | None = None,
) -> Horizon | None:
    """How far `person` sees into the plan of `challenge`, None before the first release.

    Officers see what they ask for (today, as known now); members and peers never see past the
    last release (`release`, looked up when None). Raises Invalid, by `as_at` or `known_by`, for a
    day that is not there to be shown.
    """
    today, now = clock.today(), clock.now()
    if as_at is not None and as_at > today:
        raise Invalid({"as_at": "That day is in the future: give today or an earlier day."})
    if as_at is not None and as_at < challenge.on_site_from:
        raise Invalid({"as_at": "The peers had not yet come on that day: give a later day."})
    if known_by is not None and known_by > now:
        known_by = None
    if person.reads_live:
        return Horizon(as_at or today, known_by)
    release = release or last_release(challenge)
    if release is None:
        return None
    if as_at is not None and as_at > release.as_at:
        raise Invalid({"as_at": "The position on that day has not been released yet."})
    return Horizon(as_at or release.as_at, min(known_by or now, release.known_by))


def position_for(
    person: Person,
    challenge: PeerChallenge,
    as_at: date | None = None,
    known_by: datetime | None = None,
    *,
    release: Release | None = None,
    details: bool = True,
    only: int | None = None,
) -> Position | None:
    """The position that `person` reads, None for a member or peer before the first release.

    Without exempt parts where the person is not entitled to them; with `only`, of one action.
    Raises Invalid (see `horizon`).
    """
    seen = horizon(person, challenge, as_at, known_by, release=release)
    if seen is None:
        return None
    is_live = person.reads_live and as_at is None and known_by is None
    position = plan_position(
        challenge,
        None if is_live else seen.as_at,
        seen.known_by,
        details=details,
        only=only,
    )
    return position.for_reader(reads_exempt=person.reads_exempt)


def readable_updates(person: Person, action: Action, seen: Horizon) -> Any:
    """The updates of `action` whose texts `person` may read, then and now, latest first."""
    found = ProgressUpdate.objects.filter(seen.updates(), action=action)
    if not person.reads_exempt:
        found = found.filter(visibility=Visibility.PUBLIC)
    return found.order_by("-as_at", "-recorded_at", "-id")


def was_exempt(action: Action, instant: datetime) -> bool:
    """True where `action` was not for publication at an instant."""
    rows: Any = action.history
    held = rows.filter(history_date__lte=instant).order_by("-history_date", "-history_id").first()
    return held is not None and held.visibility == Visibility.EXEMPT


def readable_reason(person: Person, link: Lineage) -> str:
    """Why an action went into another; "" where either was exempt then and `person` may not know.

    Whether the two may be seen now is for the caller to ask.
    """
    ends = (link.source, link.target)
    if not person.reads_exempt and any(was_exempt(each, link.added_at) for each in ends):
        return ""
    return link.reason


def names_exempt_evidence(action: Action, reason: str) -> bool:
    """True for the reason of a change that withdrew evidence which is not for publication."""
    opening = "Evidence withdrawn: "
    if not reason.startswith(opening):
        return False
    exempt = Evidence.objects.filter(action=action, visibility=Visibility.EXEMPT)
    titles = exempt.values_list("title", flat=True)
    return any(reason.startswith(f"{opening}{title}.") for title in titles)


def find_action(person: Person, challenge: str, ref: str) -> Action | None:
    """The action that `person` may see, by the challenge's slug and the reference, or None.

    Letters of the reference count in any case.
    """
    if "\0" in ref:
        return None
    return (
        visible_actions(person)
        .select_related("challenge", "lead_person", "portfolio", "directorate", "latest_update")
        .filter(challenge__slug=challenge, ref__iexact=ref)
        .first()
    )
