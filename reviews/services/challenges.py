"""Set a challenge up, change its details and dates, adopt its recommendations."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from peerplan.core import clock, versions
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from reviews import refs
from reviews.deadlines import in_words
from reviews.models import PeerChallenge, Recommendation
from reviews.presets import PRESETS
from reviews.services import checks

DETAILS = ("title", "on_site_from", "on_site_to", "rule_set", "previous", "context")
DATES = (
    "report_received_on",
    "report_published_on",
    "report_url",
    "draft_plan_on",
    "plan_approved_on",
    "review_from",
    "review_to",
    "review_report_published_on",
)
LONGEST_VISIT = 92  # days; a longer one is a typing error in a year or a month

# What must not come before what: (field, the one before it, message). A day with no date is free.
_ORDER = (
    ("report_received_on", "on_site_from", "The report cannot be received before the visit begins"),
    (
        "report_published_on",
        "report_received_on",
        "The report cannot be published before it is received",
    ),
    ("report_published_on", "on_site_to", "The report cannot be published before the visit ends"),
    ("draft_plan_on", "on_site_to", "The draft plan cannot come before the visit ends"),
    (
        "draft_plan_on",
        "report_received_on",
        "The draft plan cannot come before the report is received",
    ),
    ("plan_approved_on", "on_site_to", "The plan cannot be approved before the visit ends"),
    ("plan_approved_on", "draft_plan_on", "The plan cannot be approved before its draft"),
    ("review_from", "on_site_to", "The progress review cannot begin before the visit ends"),
    ("review_to", "review_from", "The progress review cannot end before it begins"),
    (
        "review_report_published_on",
        "review_from",
        "The review’s report cannot be published before the progress review",
    ),
)


@transaction.atomic
def create_challenge(
    *,
    council: Council,
    author: Person,
    kind: str,
    title: str,
    on_site_from: date,
    on_site_to: date,
    slug: str = "",
    rule_set: str = "",
    **fields: Any,
) -> PeerChallenge:
    """A challenge set up from the preset `kind`; `fields` are any of DETAILS and DATES.

    Without a `slug` one is made from the title and the year. Raises Invalid.
    """
    author.require(Capability.MANAGE_PLAN)
    if council.pk != author.council.pk:
        raise NotPermitted("Set up challenges in your own council.")
    if kind not in PRESETS:
        raise Invalid({"kind": "Choose the kind of review."})
    # The council's row stands for its list of addresses: two set-ups at once take turns.
    Council.objects.select_for_update().get(pk=council.pk)
    challenge = PeerChallenge(
        council=council,
        kind=kind,
        rule_set=rule_set or PRESETS[kind].rule_sets[0],
        title=title,
        on_site_from=on_site_from,
        on_site_to=on_site_to,
        **_known(fields),
    )
    _check(challenge)
    _check_not_there_already(challenge)
    others = PeerChallenge.objects.for_council(council)
    taken = frozenset(others.values_list("slug", flat=True))
    try:
        challenge.slug = (
            refs.clean_slug(slug, taken) if slug else refs.slug_from(_named(challenge), taken)
        )
    except ValueError as error:
        raise Invalid({"slug": str(error)}) from error
    checks.save(challenge, author=author, reason="Set up")
    return challenge


@transaction.atomic
def change_challenge(
    *, challenge: PeerChallenge, version: int, author: Person, reason: str = "", **fields: Any
) -> PeerChallenge:
    """The challenge with `fields` (any of DETAILS and DATES) changed. Raises Invalid and Stale."""
    checks.permitted(author, challenge)
    current = versions.claim(challenge, version)
    for name, value in _known(fields).items():
        setattr(current, name, value)
    _check(current)
    checks.save(current, author=author, reason=checks.plain("reason", reason, lines=True))
    return current


@transaction.atomic
def adopt(
    *, challenge: PeerChallenge, adopted_on: date, author: Person, version: int
) -> PeerChallenge:
    """The challenge, adopted: from now on the wording of its recommendations is locked.

    Raises Invalid where it is adopted already, has no recommendation, or the day cannot be;
    Stale where somebody changed it in the meantime.
    """
    checks.permitted(author, challenge)
    current = versions.claim(challenge, version)
    if current.adopted_on is not None:
        raise Invalid({"": f"The plan was adopted on {in_words(current.adopted_on)} already."})
    if adopted_on > clock.today():
        raise Invalid({"adopted_on": "The day of adoption cannot be in the future."})
    if adopted_on < current.on_site_to:
        raise Invalid(
            {
                "adopted_on": "The day of adoption cannot be before the last day on site, "
                f"{in_words(current.on_site_to)}."
            }
        )
    if not Recommendation.objects.filter(challenge=current, ended_at__isnull=True).exists():
        raise Invalid({"": "Add the recommendations first: there are none to adopt."})
    current.adopted_on = adopted_on
    checks.save(current, author=author, reason="Adopted")
    return current


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(DETAILS) - set(DATES):
        raise TypeError(f"A challenge has no {', '.join(sorted(unknown))} to set.")
    return fields


def _named(challenge: PeerChallenge) -> str:
    year = str(challenge.on_site_from.year)
    return challenge.title if year in challenge.title else f"{challenge.title} {year}"


def _check(challenge: PeerChallenge) -> None:
    """Raises Invalid with every problem found, by field. Cleans the texts in place."""
    challenge.title = checks.plain(
        "title", challenge.title, limit=150, missing="Enter the title of the challenge."
    )
    challenge.context = checks.plain("context", challenge.context, lines=True)
    challenge.report_url = checks.plain("report_url", challenge.report_url, limit=200)
    problems = _wrong_dates(challenge)
    if challenge.rule_set not in challenge.preset.rule_sets:
        problems["rule_set"] = "Choose one of the deadline rules of this kind of review."
    if challenge.report_url:
        try:
            URLValidator(schemes=["http", "https"])(challenge.report_url)
        except ValidationError:
            problems["report_url"] = "Enter a full web address that begins with https://"
    if wrong := _wrong_previous(challenge):
        problems["previous"] = wrong
    if problems:
        raise Invalid(problems)


def _wrong_dates(challenge: PeerChallenge) -> dict[str, str]:
    problems: dict[str, str] = {}
    days = (challenge.on_site_to - challenge.on_site_from).days
    if days < 0:
        problems["on_site_to"] = (
            f"The last day on site cannot be before the first, {in_words(challenge.on_site_from)}."
        )
    elif days > LONGEST_VISIT:
        problems["on_site_to"] = f"Check both days: they are {days:,} days apart."
    for field, before, message in _ORDER:
        day, limit = getattr(challenge, field), getattr(challenge, before)
        if day and limit and day < limit and field not in problems:
            problems[field] = f"{message}, {in_words(limit)}."
    if challenge.review_to and not challenge.review_from:
        problems["review_from"] = "Enter the first day of the progress review too."
    if challenge.adopted_on and challenge.adopted_on < challenge.on_site_to:
        problems.setdefault(
            "on_site_to",
            f"The visit cannot end after the plan was adopted, {in_words(challenge.adopted_on)}.",
        )
    return problems


def _wrong_previous(challenge: PeerChallenge) -> str:
    previous = challenge.previous
    if previous is not None:
        if previous.council_id != challenge.council_id or previous.pk == challenge.pk:
            return "Choose an earlier challenge of this council."
        if previous.on_site_from >= challenge.on_site_from:
            return (
                "The challenge before this one must have come first: "
                f"it began on {in_words(previous.on_site_from)}."
            )
    if challenge.pk:
        earlier = PeerChallenge.objects.filter(
            previous=challenge, on_site_from__lte=challenge.on_site_from
        ).first()
        if earlier:
            return f"“{earlier.title}” follows this challenge but began before it."
    return ""


def _check_not_there_already(challenge: PeerChallenge) -> None:
    """Raises Invalid where the same visit is there: a form sent twice must not make two."""
    same = PeerChallenge.objects.for_council(challenge.council).filter(
        kind=challenge.kind,
        title__iexact=challenge.title,
        on_site_from=challenge.on_site_from,
    )
    if same.exists():
        raise Invalid(
            {
                "title": "A challenge with this title and first day is set up already: "
                "find it in the list of challenges."
            }
        )
