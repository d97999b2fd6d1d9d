"""A council's challenges over the years: themes that recur, what became of each recommendation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from actions.outcomes import Carried, Outcome, last_releases, outcomes
from peerplan.councils.gate import Person
from peerplan.councils.ratings import Rule
from reviews.models import PeerChallenge, ProgressReview, Recommendation, Recurrence, Theme


@dataclass(frozen=True)
class TakenUp:
    """A later recommendation that takes up an earlier one."""

    link: Recurrence
    later: Recommendation

    @property
    def challenge(self) -> PeerChallenge:
        return self.later.challenge


@dataclass(frozen=True)
class Fate:
    """One recommendation of one challenge and what became of it."""

    row: Recommendation
    outcome: Outcome | None
    label: str
    taken_up: tuple[TakenUp, ...]

    @property
    def carried(self) -> tuple[Carried, ...]:
        return self.outcome.carried if self.outcome else ()

    @property
    def is_unknown(self) -> bool:
        """True where nothing is recorded of it."""
        return not (self.outcome and self.outcome.status) and not self.taken_up


@dataclass(frozen=True)
class Year:
    """One challenge with its recommendations, in their order."""

    challenge: PeerChallenge
    is_shown: bool
    fates: tuple[Fate, ...]
    has_later: bool


@dataclass(frozen=True)
class ThemeRow:
    """A theme and, for each challenge in order, the recommendations under it; None: not a theme."""

    title: str
    counts: tuple[int | None, ...]

    @property
    def challenges(self) -> int:
        """In how many challenges it was a theme."""
        return sum(count is not None for count in self.counts)


@dataclass(frozen=True)
class Years:
    """All that the page tells, the earliest challenge first."""

    years: tuple[Year, ...]
    themes: tuple[ThemeRow, ...]

    @property
    def recurring(self) -> tuple[ThemeRow, ...]:
        """Themes of two challenges or more, the most frequent first."""
        return tuple(row for row in self.themes if row.challenges > 1)

    @property
    def single(self) -> tuple[ThemeRow, ...]:
        """Themes of one challenge."""
        return tuple(row for row in self.themes if row.challenges == 1)


def theme_key(title: str) -> str:
    """What two titles have in common that name one theme: case, "&" and marks do not count."""
    words = re.findall(r"[^\W_]+", title.casefold().replace("&", " and "))
    return " ".join(words)


def over_the_years(person: Person, scheme: Mapping[str, Rule]) -> Years:
    """The challenges of the person's council, as far as they see them (9 queries, officers 8).

    Members see challenges once they are adopted, and how actions stand as last released.
    """
    rows = PeerChallenge.objects.for_council(person.council).order_by("on_site_from", "pk")
    if not person.reads_live:
        rows = rows.filter(adopted_on__isnull=False)
    challenges = list(rows)
    by_id = {each.pk: each for each in challenges}
    rows_of = Recommendation.objects.filter(challenge__in=challenges, ended_at__isnull=True)
    if not person.reads_live:
        # What the peers suggested when they came back is read with their words, once locked.
        unread = ProgressReview.objects.filter(locked_on__isnull=True).values("challenge")
        suggested = Recommendation.Kind.SUGGESTION
        rows_of = rows_of.exclude(kind=suggested, challenge__in=unread)
    recommendations = list(rows_of.order_by("position", "pk"))
    for row in recommendations:
        row.challenge = by_id[row.challenge_id]
    releases = None if person.reads_live else last_releases(challenges)
    held = outcomes(challenges, releases, reads_exempt=person.reads_exempt)
    taken_up = _taken_up(recommendations)
    return Years(
        years=tuple(
            Year(
                challenge,
                is_shown=releases is None or challenge.pk in releases,
                fates=tuple(
                    _fate(row, held.get(row.pk), taken_up.get(row.pk, []), scheme)
                    for row in recommendations
                    if row.challenge_id == challenge.pk
                ),
                has_later=challenge is not challenges[-1],
            )
            for challenge in challenges
        ),
        themes=_themes(challenges),
    )


def _fate(
    row: Recommendation,
    outcome: Outcome | None,
    taken_up: Sequence[TakenUp],
    scheme: Mapping[str, Rule],
) -> Fate:
    label = scheme[outcome.status].label if outcome and outcome.status else ""
    return Fate(row, outcome, label, tuple(taken_up))


def _taken_up(recommendations: Sequence[Recommendation]) -> dict[int, list[TakenUp]]:
    known = {row.pk: row for row in recommendations}
    found: dict[int, list[TakenUp]] = {}
    for link in Recurrence.objects.filter(earlier__in=list(known), ended_at__isnull=True):
        if later := known.get(link.later_id):
            found.setdefault(link.earlier_id, []).append(TakenUp(link, later))
    return found


def _themes(challenges: Sequence[PeerChallenge]) -> tuple[ThemeRow, ...]:
    """Every theme once, the most frequent first, then in the order in which they came up."""
    standing = Q(
        recommendation_links__ended_at__isnull=True,
        recommendation_links__recommendation__ended_at__isnull=True,
    )
    rows = (
        Theme.objects.filter(challenge__in=challenges, ended_at__isnull=True)
        .annotate(how_many=Count("recommendation_links", filter=standing))
        .order_by("challenge__on_site_from", "challenge_id", "position", "pk")
    )
    titles: dict[str, str] = {}
    counts: dict[str, dict[int, int]] = {}
    for theme in rows:
        key = theme_key(theme.title)
        titles[key] = theme.title
        of_theme = counts.setdefault(key, {})
        of_theme[theme.challenge_id] = of_theme.get(theme.challenge_id, 0) + theme.how_many
    found = [ThemeRow(title, _in_order(counts[key], challenges)) for key, title in titles.items()]
    return tuple(sorted(found, key=lambda row: -row.challenges))


def _in_order(
    counts: Mapping[int, int], challenges: Sequence[PeerChallenge]
) -> tuple[int | None, ...]:
    return tuple(counts.get(each.pk) for each in challenges)
