"""The facts of a plan, read within a fixed number of queries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from actions.integrity.facts import ActionFacts, PlanFacts, RecommendationFacts, Told
from actions.integrity.names import NameList
from actions.integrity.rules import Finding, findings
from actions.models import Action, Evidence, ProgressUpdate, Release, Visibility
from actions.position import ActionPosition, Position, RecommendationPosition
from actions.states import printed_status
from peerplan.councils.models import Council
from peerplan.councils.scheme import rating_scheme

LOOKS_BACK = 2
"""Releases that a position is held against."""


@dataclass(frozen=True)
class Material:
    """What was read beside the position, for every reader: earlier releases and evidence.

    `told`: by action, what each earlier release said of it, the last first, and whether in public.
    """

    days: tuple[date, ...]
    told: dict[int, list[tuple[Told | None, bool]]]
    evidence: dict[int, list[tuple[str, str]]]
    has_evidence: frozenset[int]
    labels: dict[str, str]
    names: NameList


def read_material(
    council: Council, challenge_id: int, as_at: date, releases: Sequence[Release]
) -> Material:
    """What the rules need beside the position as at a day (at most 3 queries).

    `releases`: those of the challenge. Of a day that was released more than once the last counts.
    """
    earlier = earlier_releases(releases, as_at)
    public: dict[int, list[tuple[str, str]]] = {}
    has_evidence: set[int] = set()
    rows = Evidence.objects.standing().filter(action__challenge=challenge_id).order_by("pk")
    for action, title, file_name, visibility in rows.values_list(
        "action_id", "title", "file_name", "visibility"
    ):
        has_evidence.add(action)
        if visibility == Visibility.PUBLIC:
            # Names of files are written with what stands for a space.
            in_words = file_name.replace("_", " ").replace("-", " ")
            public.setdefault(action, []).append(("Evidence", title))
            if in_words and file_name != title:
                public[action].append(("Name of a file of evidence", in_words))
    return Material(
        days=tuple(each.as_at for each in earlier),
        told=_told(challenge_id, earlier),
        evidence=public,
        has_evidence=frozenset(has_evidence),
        labels={key: rule.label for key, rule in rating_scheme(council).items()},
        names=NameList(council.protected_names.splitlines()),
    )


def earlier_releases(releases: Iterable[Release], as_at: date) -> list[Release]:
    """The last releases of earlier days than `as_at`, the later day first, each day once."""
    by_day: dict[date, Release] = {}
    for each in releases:
        held = by_day.get(each.as_at)
        if each.as_at < as_at and (held is None or each.known_by > held.known_by):
            by_day[each.as_at] = each
    return [by_day[day] for day in sorted(by_day, reverse=True)[:LOOKS_BACK]]


def _told(
    challenge_id: int, releases: Sequence[Release]
) -> dict[int, list[tuple[Told | None, bool]]]:
    """By action, the update of each release, or None. One query, none without releases."""
    if not releases:
        return {}
    wanted = Q(pk__in=())
    for release in releases:
        latest = (
            ProgressUpdate.objects.filter(
                action=OuterRef("pk"), as_at__lte=release.as_at, recorded_at__lte=release.known_by
            )
            .order_by("-as_at", "-recorded_at", "-id")
            .values("pk")[:1]
        )
        held = Action.objects.filter(challenge=challenge_id).annotate(held=Subquery(latest))
        wanted |= Q(pk__in=held.values("held"))
    rows: dict[int, list[ProgressUpdate]] = {}
    # Ordered, so that of those which a release knew the last is the one it told.
    for row in (
        ProgressUpdate.objects.filter(wanted)
        .only("action", "as_at", "recorded_at", "state", "rating", "commentary", "visibility")
        .order_by("as_at", "recorded_at", "id")
    ):
        rows.setdefault(row.action_id, []).append(row)
    return {
        action: [_told_by(release, held_rows) for release in releases]
        for action, held_rows in rows.items()
    }


def _told_by(release: Release, rows: list[ProgressUpdate]) -> tuple[Told | None, bool]:
    for row in reversed(rows):
        if row.as_at <= release.as_at and row.recorded_at <= release.known_by:
            status = printed_status(row.state, row.rating)
            told = Told(release.as_at, status, row.commentary)
            return told, row.visibility == Visibility.PUBLIC
    return None, True


def findings_for(
    position: Position, material: Material, *, reads_exempt: bool
) -> tuple[Finding, ...]:
    """What the rules find, as somebody may know it. `position` is the whole one."""
    seen = position.for_reader(reads_exempt=reads_exempt)
    public = position.for_reader(reads_exempt=False)
    actions = tuple(
        _facts(each, public.by_id.get(each.id), position, material, reads_exempt=reads_exempt)
        for each in seen.actions
    )
    recommendations = tuple(
        RecommendationFacts(each, tuple(_texts_of_recommendation(each)))
        for each in seen.recommendations
    )
    return findings(PlanFacts(actions, recommendations, material.labels, material.names))


def _facts(
    action: ActionPosition,
    public: ActionPosition | None,
    position: Position,
    material: Material,
    *,
    reads_exempt: bool,
) -> ActionFacts:
    told = [
        each if reads_exempt or is_public else None
        for each, is_public in material.told.get(action.id, [])
    ]
    told += [None] * (LOOKS_BACK - len(told))
    withholds = not reads_exempt and (
        action.update is not None and action.update.visibility != Visibility.PUBLIC
    )
    return ActionFacts(
        on=position.as_at,
        action=action,
        before=told[0],
        before_that=told[1],
        has_evidence=action.id in material.has_evidence,
        withholds_words=withholds,
        public=tuple(_texts_of_action(public, material)) if public else (),
    )


def _texts_of_action(action: ActionPosition, material: Material) -> Iterator[tuple[str, str]]:
    """What the public will read of an action, as pairs of what it is called and what it says."""
    yield from (
        ("Title", action.title),
        ("Description", action.description),
        ("Success measure", action.success_measure),
        ("Lead role", action.lead_role),
        ("Due date as printed", action.original_due_words),
    )
    for milestone in action.milestones:
        yield "Milestone", milestone.title
    if update := action.update:
        yield from (
            ("Progress update", update.commentary),
            ("Recovery plan", update.recovery_plan),
            ("Decision sought", update.decision_sought),
            ("On behalf of", update.on_behalf_of),
            ("Expected date as printed", update.expected_words),
            ("Where it went", update.closure_note),
            ("Who agreed that it closes", update.closure_agreed_by),
        )
    for move in action.date_moves:
        yield from (
            ("Reason for a new date", move.reason),
            ("Who asked for a new date", move.asked_by),
            ("Who approved a new date", move.approved_by),
        )
    yield from material.evidence.get(action.id, [])


def _texts_of_recommendation(record: RecommendationPosition) -> Iterator[tuple[str, str]]:
    """The same of a recommendation."""
    yield from (
        ("Heading", record.title),
        ("The peers’ wording", record.wording),
        ("Reason for the response", record.response_reason),
    )
    if own := record.own:
        yield from (
            ("The council’s summary", own.summary),
            ("What has changed for people", own.impact),
            ("Why it is closed", own.closing_reason),
        )
