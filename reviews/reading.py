"""What pages show of a challenge, read in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from reviews import history
from reviews.deadlines import counted
from reviews.models import (
    Conclusion,
    PeerChallenge,
    Recommendation,
    RecommendationTheme,
    TeamMember,
    Theme,
)
from reviews.services.recommendations import standing_recommendations


@dataclass(frozen=True)
class SetupTask:
    """One part of setting a challenge up, and how far it is."""

    label: str
    url: str
    state: str
    note: str
    is_done: bool


@dataclass(frozen=True)
class Said:
    """What was said of one kind under one theme."""

    label: str
    points: tuple[Conclusion, ...]


@dataclass(frozen=True)
class ThemeRead:
    """A theme with what was said under it; `title` is empty for the whole council."""

    title: str
    kind_label: str
    said: tuple[Said, ...]


@dataclass
class RecommendationRead:
    """A recommendation with its themes, its corrections and its place among its fellows."""

    row: Recommendation
    themes: tuple[str, ...]
    corrections: list[history.Correction] = field(default_factory=list)
    parent_ref: str = ""
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True)
class VisitRead:
    """All that the page of the visit tells."""

    team: tuple[TeamMember, ...]
    themes: tuple[ThemeRead, ...]
    recommendations: tuple[RecommendationRead, ...]
    has_said: bool


def visit(challenge: PeerChallenge, *, with_suggestions: bool = True) -> VisitRead:
    """The team, what was said by theme and the recommendations, in their orders.

    `with_suggestions` False leaves out what the peers suggested when they came back.
    """
    themes = said_by_theme(challenge)
    rows = [
        read
        for read in recommendations(challenge)
        if with_suggestions or read.row.kind != Recommendation.Kind.SUGGESTION
    ]
    return VisitRead(
        team=tuple(TeamMember.objects.filter(challenge=challenge, ended_at__isnull=True)),
        themes=tuple(themes),
        recommendations=tuple(rows),
        has_said=any(theme.said for theme in themes),
    )


def said_by_theme(challenge: PeerChallenge) -> list[ThemeRead]:
    """Every theme with what was said under it, after what was said of the whole council."""
    by_theme: dict[int | None, list[Conclusion]] = {}
    for point in Conclusion.objects.filter(challenge=challenge, ended_at__isnull=True):
        by_theme.setdefault(point.theme_id, []).append(point)
    read = [ThemeRead("", "", _said(by_theme[None]))] if None in by_theme else []
    themes = Theme.objects.filter(challenge=challenge, ended_at__isnull=True)
    return read + [
        ThemeRead(theme.title, theme.get_kind_display(), _said(by_theme.get(theme.pk, [])))
        for theme in themes
    ]


def recommendations(challenge: PeerChallenge) -> list[RecommendationRead]:
    """The recommendations in plan order, with themes and corrections: 4 queries."""
    rows = standing_recommendations(challenge)
    themes = theme_titles(challenge)
    corrected = history.corrections(challenge)
    refs = {row.pk: row.ref for row in rows}
    fellows: dict[int | None, list[int]] = {}
    for row in rows:
        fellows.setdefault(row.parent_id, []).append(row.pk)
    return [
        RecommendationRead(
            row,
            themes.get(row.pk, ()),
            corrected.get(row.pk, []),
            refs.get(row.parent_id, "") if row.parent_id else "",
            is_first=fellows[row.parent_id][0] == row.pk,
            is_last=fellows[row.parent_id][-1] == row.pk,
        )
        for row in rows
    ]


def theme_titles(challenge: PeerChallenge) -> dict[int, tuple[str, ...]]:
    """The titles of the themes of each recommendation, by its id, in the themes' order."""
    found: dict[int, tuple[str, ...]] = {}
    links = RecommendationTheme.objects.filter(
        recommendation__challenge=challenge, ended_at__isnull=True
    )
    for key, title in links.values_list("recommendation_id", "theme__title"):
        found[key] = (*found.get(key, ()), title)
    return found


def _said(points: Iterable[Conclusion]) -> tuple[Said, ...]:
    by_kind: dict[str, list[Conclusion]] = {}
    for point in points:
        by_kind.setdefault(point.kind, []).append(point)
    order = (
        (Conclusion.Kind.STRENGTH, "Strengths"),
        (Conclusion.Kind.CONCLUSION, "Conclusions"),
        (Conclusion.Kind.CONSIDER, "Areas to consider"),
    )
    return tuple(Said(label, tuple(by_kind[kind])) for kind, label in order if kind in by_kind)


def setup_tasks(challenge: PeerChallenge) -> list[SetupTask]:
    """The parts of setting up, in the order in which they are done."""
    preset = challenge.preset
    team = TeamMember.objects.filter(challenge=challenge, ended_at__isnull=True).count()
    themes = Theme.objects.filter(challenge=challenge, ended_at__isnull=True).count()
    said = Conclusion.objects.filter(challenge=challenge, ended_at__isnull=True).count()
    rows = standing_recommendations(challenge)
    answered = sum(1 for row in rows if row.response)
    return [
        _task(challenge, "challenge_details", "Details and days on site", "Done", True),
        _task(
            challenge,
            "challenge_dates",
            "Report, deadlines and progress review",
            "Report published" if challenge.report_published_on else "Report not published yet",
            challenge.report_published_on is not None,
            f"Deadlines: {challenge.deadlines_from.label}",
        ),
        _task(challenge, "team", preset.team_word, _number(team, "person", "people"), team > 0),
        _task(challenge, "themes", "Themes", _number(themes, "theme"), themes > 0),
        _task(
            challenge,
            "conclusions",
            f"What the {preset.reviewers} said",
            _number(said, "point"),
            said > 0,
            "Strengths, conclusions and areas to consider, by theme",
        ),
        _task(
            challenge,
            "recommendations",
            "Recommendations and responses",
            _number(len(rows), "recommendation"),
            bool(rows) and answered == len(rows),
            f"{answered} of {len(rows)} answered" if rows else "",
        ),
    ]


def _number(number: int, word: str, many: str = "") -> str:
    if not number:
        return "Nothing yet"
    return f"{number} {many}" if many and number != 1 else counted(number, word)


def _task(
    challenge: PeerChallenge, name: str, label: str, state: str, is_done: bool, note: str = ""
) -> SetupTask:
    url = reverse(name, args=[challenge.council.slug, challenge.slug])
    return SetupTask(label, url, state, note, is_done)


def missing(challenge: PeerChallenge, rows: Sequence[Recommendation]) -> list[str]:
    """What a plan ready for adoption would have and this one has not, in sentences.

    `rows` are the standing recommendations. Only a plan without any cannot be adopted.
    """
    if not rows:
        return ["There are no recommendations yet: add them first."]
    themed = theme_titles(challenge)
    found = [
        _which("has no response", "have no response", [row for row in rows if not row.response]),
        _which("has no wording", "have no wording", [row for row in rows if not row.wording]),
        _which("has no theme", "have no theme", [row for row in rows if row.pk not in themed]),
    ]
    if not challenge.report_published_on:
        found.append("The day on which the report was published is not there.")
    if not TeamMember.objects.filter(challenge=challenge, ended_at__isnull=True).exists():
        found.append(f"The {challenge.preset.team_word.lower()} is not there.")
    return [sentence for sentence in found if sentence]


def _which(one: str, many: str, rows: Sequence[Recommendation]) -> str:
    if not rows:
        return ""
    refs = [row.ref for row in rows]
    if len(refs) == 1:
        return f"Recommendation {refs[0]} {one}."
    return f"Recommendations {', '.join(refs[:-1])} and {refs[-1]} {many}."
