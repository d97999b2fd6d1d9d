"""What a peer reviewer may read, when, and what is told of what they read."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from email.message import Message
from enum import StrEnum
from pathlib import PurePosixPath

from django.db.models import Count, Max
from django.http import HttpResponseBase

from peerplan.core import clock
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Invitation, Membership
from reviews.models import PeerAccess, PeerChallenge, PeerView

PAGES = frozenset(
    "action appendix appendix_html appendix_pdf date_ledger evidence export plan plan_at "
    "progress_review recommendation releases review_corrections scrutiny statement "
    "statement_file statement_issued statement_pack visit".split()
)
"""The pages of a challenge that its peer reviewers reach, by name; they reach no page beside them.

A new page is not for peers until it is named here: publishing is by allow-list.
"""
TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
WHAT_LENGTH, PATH_LENGTH = 200, 500


class Standing(StrEnum):
    """Where an access stands on a day."""

    TO_COME = "to come"
    OPEN = "open"
    OVER = "over"
    ENDED = "ended"


def standing_of(access: PeerAccess, on: date) -> Standing:
    """Where `access` stands on a day; its first and last day are both days on which it is open."""
    if access.ended_at is not None:
        return Standing.ENDED
    if on < access.opens_on:
        return Standing.TO_COME
    return Standing.OPEN if on <= access.closes_on else Standing.OVER


def sentence_of(access: PeerAccess, on: date) -> str:
    """Where `access` stands, as its reader is told."""
    match standing_of(access, on):
        case Standing.TO_COME:
            return f"Your access opens on {day_in_words(access.opens_on)}."
        case Standing.OPEN:
            return f"Your access ends after {day_in_words(access.closes_on)}."
        case Standing.OVER:
            return f"Your access ended after {day_in_words(access.closes_on)}."
        case Standing.ENDED:
            assert access.ended_at is not None
            return (
                f"The council ended your access on {day_in_words(clock.day_of(access.ended_at))}."
            )


def accesses_of(person: Person) -> list[PeerAccess]:
    """Every access that `person` has or had in the council, with its challenge: one query.

    Of a challenge the access that stands comes last.
    """
    rows = PeerAccess.objects.for_council(person.council).select_related("challenge")
    found = list(rows.filter(email=person.user.email.lower()))
    return sorted(found, key=lambda each: (each.ended_at is None, each.closes_on, each.pk))


def access_to(accesses: Iterable[PeerAccess], slug: str) -> PeerAccess | None:
    """The access to the challenge with this address: the one that stands, else the latest."""
    found = [each for each in accesses if each.challenge.slug == slug]
    return found[-1] if found else None


def by_challenge(accesses: Iterable[PeerAccess]) -> list[PeerAccess]:
    """One access a challenge: the one that stands, else the latest."""
    return list({each.challenge_id: each for each in accesses}.values())


def open_now(accesses: Iterable[PeerAccess], on: date) -> list[PeerAccess]:
    """Those of `accesses` that are open on a day."""
    return [each for each in accesses if standing_of(each, on) is Standing.OPEN]


def was_shown(response: HttpResponseBase) -> bool:
    """True where the answer shows something, or tells a browser to show again what it kept."""
    return 200 <= response.status_code < 300 or response.status_code == 304


def what_it_shows(response: HttpResponseBase, path: str) -> str:
    """The name of the file, the words of the page's title or, without both, the address's end."""
    disposition = Message()
    disposition["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    shown = disposition.get_filename() or _title(response) or PurePosixPath(path).name
    return shown.replace("\0", "")[:WHAT_LENGTH]


def _title(response: HttpResponseBase) -> str:
    head: bytes = getattr(response, "content", b"")[:8_192]
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return ""
    found = TITLE.search(head)
    words = html.unescape(found[1].decode("utf-8", "replace")) if found else ""
    return " ".join(words.partition(" · PeerPlan")[0].split())


@dataclass(frozen=True)
class Account:
    """How far the person of an access has come, in words; `waits` until they have joined."""

    words: str
    waits: bool


@dataclass(frozen=True)
class PeerRow:
    """One access as the plan manager sees it."""

    access: PeerAccess
    standing: Standing
    account: Account
    views: int
    last_view: datetime | None


def peer_rows(challenge: PeerChallenge, on: date) -> list[PeerRow]:
    """Every access to the challenge, those that stand first: three queries."""
    rows = list(
        PeerAccess.objects.for_council(challenge.council)
        .filter(challenge=challenge)
        .annotate(how_many=Count("views"), last_view=Max("views__viewed_at"))
    )
    accounts = accounts_of(challenge.council, {each.email for each in rows})
    found = [
        PeerRow(
            access=each,
            standing=standing_of(each, on),
            account=accounts[each.email],
            views=each.how_many,
            last_view=each.last_view,
        )
        for each in rows
    ]
    order = [Standing.OPEN, Standing.TO_COME, Standing.OVER, Standing.ENDED]
    return sorted(found, key=lambda row: (order.index(row.standing), row.access.closes_on))


def accounts_of(council: Council, emails: set[str]) -> dict[str, Account]:
    """How far the people with these addresses have come, by address: two queries."""
    sent = Invitation.objects.for_council(council).filter(
        email__in=emails, role=Role.PEER_REVIEWER, accepted_at=None, withdrawn_at=None
    )
    found = dict.fromkeys(emails, Account("No invitation is waiting", waits=True))
    for invitation in sent.order_by("invited_at"):
        last = day_in_words(clock.day_of(invitation.expires_at))
        ran_out = invitation.expires_at <= clock.now()
        words = f"Invitation ran out on {last}" if ran_out else f"Invited, answer by {last}"
        found[invitation.email] = Account(words, waits=True)
    here = Membership.objects.for_council(council).filter(user__email__in=emails, ended_at=None)
    for membership in here.exclude(ends_on__lt=clock.today()).select_related("user"):
        if membership.role == Role.PEER_REVIEWER:
            account = Account("Has joined", waits=False)
        else:
            role = membership.get_role_display().lower()
            account = Account(f"Now here as {role}: this access is not used", waits=False)
        found[membership.user.email] = account
    return found


def latest_views(challenge: PeerChallenge) -> CouncilQuerySet[PeerView]:
    """What its peers looked at, the latest first, with the access of each."""
    return (
        PeerView.objects.for_council(challenge.council)
        .filter(access__challenge=challenge)
        .select_related("access")
    )
