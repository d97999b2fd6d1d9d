"""One reading of the plan, from which every page, paper and file is drawn.

`plan_position` answers for two dates: `as_at`, what was true on a day, and `known_by`, what we
knew at an instant. Descriptive fields (titles, wording, leads) are the live rows for now and the
history for the past; state, rating and dates are always those of the latest update.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value

from actions.models import (
    Action,
    Answer,
    Milestone,
    MilestoneDone,
    ProgressUpdate,
    RecommendationUpdate,
    Release,
    Visibility,
)
from actions.states import CLOSED_STATES, State, printed_status, worst
from peerplan.core import clock
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.models import Directorate, Portfolio
from peerplan.councils.ratings import Status
from reviews.models import PeerChallenge, Recommendation, RecommendationTheme, Theme

NOT_COUNTED = (Status.MERGED, Status.NOT_TAKEN_FORWARD)


@dataclass(frozen=True, slots=True)
class DateMove:
    """An expected date that moved: as at when, to which date, in which words, and why."""

    as_at: date
    to: date | None
    words: str
    reason: str
    visibility: str = Visibility.PUBLIC
    asked_by: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    minute: str = ""

    def without_texts(self) -> "DateMove":
        """The same without what was written: by whom, why, and the words for the date."""
        words = Visibility.EXEMPT.label if self.words else ""
        return replace(self, words=words, reason="", asked_by="", approved_by="", minute="")


@dataclass(frozen=True, slots=True)
class MilestonePosition:
    """A milestone and whether it is done."""

    id: int
    title: str
    due: date | None
    is_done: bool


@dataclass(frozen=True, slots=True)
class UpdatePosition:
    """The update that an action's position rests on. The internal note is not part of it."""

    id: int
    kind: str
    as_at: date
    recorded_at: datetime
    on_behalf_of: str
    state: str
    rating: str
    forecast: str
    expected_date: date | None
    expected_words: str
    commentary: str
    recovery_plan: str
    decision_sought: str
    visibility: str
    closure: str = ""
    closure_note: str = ""
    closure_agreed_by: str = ""

    def without_texts(self) -> "UpdatePosition":
        """The same for someone who may know how the action stands but not what was written.

        Words for the date are written too; something has to stand for them, since without any
        the original date would seem to hold.
        """
        words = Visibility.EXEMPT.label if self.expected_words else ""
        return replace(
            self,
            commentary="",
            recovery_plan="",
            decision_sought="",
            expected_words=words,
            closure_note="",
            closure_agreed_by="",
        )


@dataclass(frozen=True, slots=True)
class ActionPosition:
    """One action as it stood. Dates are London days; `due` is the expected date or the original."""

    id: int
    ref: str
    position: int
    title: str
    description: str
    success_measure: str
    lead_role: str
    lead_person_id: int | None
    portfolio: str
    directorate: str
    beginning: str
    in_plan_from: date
    original_due: date | None
    original_due_words: str
    exempt_paragraph: int | None
    is_exempt: bool
    version: int
    update: UpdatePosition | None
    recommendation_ids: tuple[int, ...] = ()
    milestones: tuple[MilestonePosition, ...] = ()
    date_moves: tuple[DateMove, ...] = ()

    @property
    def state(self) -> str:
        return self.update.state if self.update else State.NOT_STARTED

    @property
    def status(self) -> Status:
        """The printed status."""
        if self.update is None:
            return Status.NOT_STARTED
        return printed_status(self.update.state, self.update.rating)

    @property
    def forecast(self) -> str:
        return self.update.forecast if self.update else ""

    @property
    def due(self) -> date | None:
        """The date by which it is now expected."""
        if self.update and (self.update.expected_date or self.update.expected_words):
            return self.update.expected_date
        return self.original_due

    @property
    def due_words(self) -> str:
        """The words the council prints for the due date, "" to print the date itself."""
        if self.update and (self.update.expected_date or self.update.expected_words):
            return self.update.expected_words
        return self.original_due_words

    @property
    def is_open(self) -> bool:
        """True until it is complete, in normal work, merged or withdrawn."""
        return self.state not in CLOSED_STATES

    @property
    def is_counted(self) -> bool:
        """True unless merged, superseded or not taken forward."""
        return self.status not in NOT_COUNTED

    @property
    def days_slipped(self) -> int:
        """Whole calendar days between the original and the present due date (0 if none)."""
        if self.original_due is None or self.due is None:
            return 0
        return (self.due - self.original_due).days

    def is_overdue(self, on: date) -> bool:
        """True for an open action whose due date is before `on`."""
        return self.is_open and self.due is not None and self.due < on

    @property
    def has_closed(self) -> bool:
        """True once it is checked, in normal work, merged or withdrawn: a claim is not enough."""
        return not self.is_open and self.state != State.CLAIMED

    def for_publication(self) -> "ActionPosition":
        """The same without the texts that were written while it was not for publication."""
        if self.update is None and not self.date_moves:
            return self
        update = self.update
        if update is not None and update.visibility != Visibility.PUBLIC:
            update = update.without_texts()
        moves = self.date_moves
        if any(move.visibility != Visibility.PUBLIC for move in moves):
            moves = tuple(
                move if move.visibility == Visibility.PUBLIC else move.without_texts()
                for move in moves
            )
        if update is self.update and moves is self.date_moves:
            return self
        return replace(self, update=update, date_moves=moves)


@dataclass(frozen=True, slots=True)
class OwnStatus:
    """The council's own status and summary of a recommendation."""

    as_at: date
    status: str
    summary: str
    impact: str = ""
    is_closed: bool = False
    closing_reason: str = ""


@dataclass(frozen=True, slots=True)
class RecommendationPosition:
    """One recommendation with its actions, in plan order."""

    id: int
    ref: str
    kind: str
    kind_label: str
    title: str
    wording: str
    parent_id: int | None
    response: str
    response_label: str
    response_reason: str
    themes: tuple[str, ...]
    own: OwnStatus | None
    actions: tuple[ActionPosition, ...]
    actions_closed: bool = False
    """True where it has counted actions and each has closed, those not for publication too."""

    @property
    def is_closed(self) -> bool:
        """True once its actions have closed, or where the council closed it with a reason."""
        return bool(self.closed_words)

    @property
    def closed_words(self) -> str:
        """A sentence that says why it is closed, "" while it is open."""
        if self.actions_closed:
            return "All its actions have closed."
        if self.own and self.own.is_closed and self.own.closing_reason:
            return f"As at {day_in_words(self.own.as_at)}: {self.own.closing_reason}"
        return ""

    @property
    def counts(self) -> dict[str, int]:
        """Number of counted actions by status key."""
        return count_statuses(self.actions)

    @property
    def worst(self) -> Status | None:
        """The most serious status among its counted actions."""
        return worst([action.status for action in self.actions if action.is_counted])

    @property
    def differs(self) -> bool:
        """True where the council's own status is not the worst of its actions'."""
        return bool(self.own and self.worst and self.own.status != self.worst)


def have_closed(actions: Iterable[ActionPosition]) -> bool:
    """True where some of `actions` are counted and each of those has closed."""
    counted = [action for action in actions if action.is_counted]
    return bool(counted) and all(action.has_closed for action in counted)


def count_statuses(actions: Iterable[ActionPosition]) -> dict[str, int]:
    """Number of counted actions for every status key, in the order of the scheme."""
    counts: dict[str, int] = {key: 0 for key in Status.values if key not in NOT_COUNTED}
    for action in actions:
        if action.is_counted:
            counts[action.status] += 1
    return counts


@dataclass(frozen=True)
class Position:
    """The plan of one challenge as at a day, as known at an instant, all in plan order."""

    challenge_id: int
    as_at: date
    known_by: datetime
    is_live: bool
    recommendations: tuple[RecommendationPosition, ...]
    actions: tuple[ActionPosition, ...]
    themes: tuple[str, ...] = ()
    withheld: int = 0
    released_reason: str = field(default="", compare=False)

    @cached_property
    def by_id(self) -> dict[int, ActionPosition]:
        """The actions by their database id."""
        return {action.id: action for action in self.actions}

    @cached_property
    def by_ref(self) -> dict[str, ActionPosition]:
        """The actions by their reference, in lower case."""
        return {action.ref.lower(): action for action in self.actions}

    @cached_property
    def recommendation_by_id(self) -> dict[int, RecommendationPosition]:
        """The recommendations by their database id."""
        return {each.id: each for each in self.recommendations}

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of counted actions by status key."""
        return count_statuses(self.actions)

    @property
    def total(self) -> int:
        """Number of counted actions."""
        return sum(self.counts.values())

    @cached_property
    def unlinked(self) -> tuple[ActionPosition, ...]:
        """Actions that answer no recommendation."""
        return tuple(
            action
            for action in self.actions
            if not any(rec in self.recommendation_by_id for rec in action.recommendation_ids)
        )

    def only(self, keep: Iterable[int]) -> "Position":
        """The same position with the actions whose ids are in `keep`, and all recommendations."""
        ids = frozenset(keep)
        return replace(
            self,
            actions=tuple(action for action in self.actions if action.id in ids),
            recommendations=tuple(
                replace(each, actions=tuple(a for a in each.actions if a.id in ids))
                for each in self.recommendations
            ),
        )

    def for_reader(self, *, reads_exempt: bool) -> "Position":
        """What someone may see: without entitlement, no exempt action and no exempt text."""
        if reads_exempt:
            return self
        seen = {
            action.id: action.for_publication() for action in self.actions if not action.is_exempt
        }
        return replace(
            self,
            withheld=len(self.actions) - len(seen),
            actions=tuple(seen.values()),
            recommendations=tuple(
                replace(each, actions=tuple(seen[a.id] for a in each.actions if a.id in seen))
                for each in self.recommendations
            ),
        )


def plan_position(
    challenge: PeerChallenge,
    as_at: date | None = None,
    known_by: datetime | None = None,
    *,
    full: bool = True,
    details: bool = True,
    named: bool = True,
    with_milestones: bool = True,
    only: int | None = None,
) -> Position:
    """The position of `challenge` as at a day (today when None), as known at an instant (now).

    Whole, with exempt parts: call `.for_reader()` before showing it. `full=False` leaves out
    recommendations, milestones, date moves and names, for comparing (2 queries instead of up to 9);
    `details=False` leaves out milestones and date moves only (7 queries), `named=False` the names
    of directorates, portfolios and themes (2 queries fewer), `with_milestones=False` milestones.
    With `only`, the id of an action, no other action is read.
    """
    day = as_at or clock.today()
    is_live = known_by is None
    instant = known_by or clock.now()
    of_plan = Q(challenge=challenge) if only is None else Q(challenge=challenge, pk=only)
    of_action = Q(action__challenge=challenge) if only is None else Q(action=only)
    rows = list(_as_known(Action, of_plan, known_by))
    updates = _updates(of_plan, day, known_by)
    names = _Names(challenge, known_by) if full and named else None
    links: dict[int, list[int]] = {}
    moves: dict[int, list[DateMove]] = {}
    milestones: dict[int, list[MilestonePosition]] = {}
    if full:
        links = _links(of_action, known_by)
    if full and details:
        moves = _date_moves(of_action, day, instant)
    if full and details and with_milestones:
        milestones = _milestones(of_action, day, known_by)
    actions = tuple(
        ActionPosition(
            id=row.id,
            ref=row.ref,
            position=row.position,
            title=row.title,
            description=row.description,
            success_measure=row.success_measure,
            lead_role=row.lead_role,
            lead_person_id=row.lead_person_id,
            portfolio=names.portfolio(row.portfolio_id) if names else "",
            directorate=names.directorate(row.directorate_id) if names else "",
            beginning=row.beginning,
            in_plan_from=row.in_plan_from,
            original_due=row.original_due,
            original_due_words=row.original_due_words,
            exempt_paragraph=row.exempt_paragraph or getattr(row, "paragraph_now", None),
            is_exempt=Visibility.EXEMPT
            in (row.visibility, getattr(row, "visibility_now", row.visibility)),
            version=row.version,
            update=updates.get(row.id),
            recommendation_ids=tuple(links.get(row.id, ())),
            milestones=tuple(milestones.get(row.id, ())),
            date_moves=tuple(moves.get(row.id, ())),
        )
        for row in sorted(rows, key=lambda row: (row.position, row.id))
        if row.removed_at is None and row.in_plan_from <= day
    )
    return Position(
        challenge_id=challenge.pk,
        as_at=day,
        known_by=instant,
        is_live=is_live,
        actions=actions,
        recommendations=(
            _recommendations(challenge, day, known_by, names, actions, is_whole=only is None)
            if full
            else ()
        ),
        themes=names.theme_titles if names else (),
    )


def released_position(
    release: Release,
    *,
    full: bool = True,
    details: bool = True,
    named: bool = True,
    with_milestones: bool = True,
) -> Position:
    """The position that `release` fixed, the same for ever."""
    position = plan_position(
        release.challenge,
        as_at=release.as_at,
        known_by=release.known_by,
        full=full,
        details=details,
        named=named,
        with_milestones=with_milestones,
    )
    return replace(position, released_reason=release.reason)


def last_release(challenge: PeerChallenge) -> Release | None:
    """The release that members, peers and the public now read, None before the first."""
    return challenge.releases.select_related("challenge", "author").first()


def statuses_at(release: Release, *, reads_exempt: bool) -> dict[int, Status]:
    """The printed status of each action that had an update in `release`, by id (one query)."""
    of_plan = Q(challenge=release.challenge_id)
    return {
        action: printed_status(update.state, update.rating)
        for action, update in _updates(of_plan, release.as_at, release.known_by).items()
        if reads_exempt or update.visibility == Visibility.PUBLIC
    }


def milestones_now(action: Action) -> tuple[MilestonePosition, ...]:
    """The standing milestones of one action, in order (one query)."""
    return tuple(_milestones(Q(action=action), clock.today(), None).get(action.pk, ()))


# --- Loading ------------------------------------------------------------------------------------


def _as_known(model: Any, rows: Q, known_by: datetime | None) -> QuerySet[Any]:
    """Live rows of a tracked model, or for a past instant the history row of each that held."""
    if known_by is None:
        return model.objects.filter(rows)  # type: ignore[no-any-return]
    history = model.history.model
    held = (
        history.objects.filter(id=OuterRef("pk"), history_date__lte=known_by)
        .order_by("-history_date", "-history_id")
        .values("history_id")[:1]
    )
    ids = model.objects.filter(rows).annotate(held=Subquery(held)).values("held")
    held_rows = history.objects.filter(history_id__in=ids).exclude(history_type="-")
    found: QuerySet[Any] = held_rows.order_by()
    if model is Action:
        now = Action.objects.filter(pk=OuterRef("id")).order_by()
        found = found.annotate(
            visibility_now=Subquery(now.values("visibility")),
            paragraph_now=Subquery(now.values("exempt_paragraph")),
        )
    return found


def _updates(of_plan: Q, day: date, known_by: datetime | None) -> dict[int, UpdatePosition]:
    ids: Any
    if known_by is None and day >= clock.today():
        ids = Action.objects.filter(of_plan).values("latest_update")
    else:
        known = Q() if known_by is None else Q(recorded_at__lte=known_by)
        latest = (
            ProgressUpdate.objects.filter(known, action=OuterRef("pk"), as_at__lte=day)
            .order_by("-as_at", "-recorded_at", "-id")
            .values("pk")[:1]
        )
        ids = Action.objects.filter(of_plan).annotate(held=Subquery(latest)).values("held")
    latest_rows = ProgressUpdate.objects.filter(pk__in=ids).order_by()
    rows = latest_rows.values_list(
        "action_id",
        "id",
        "kind",
        "as_at",
        "recorded_at",
        "on_behalf_of",
        "state",
        "rating",
        "forecast",
        "expected_date",
        "expected_words",
        "commentary",
        "recovery_plan",
        "decision_sought",
        "visibility",
        "closure",
        "closure_note",
        "closure_agreed_by",
    )
    return {row[0]: UpdatePosition(*row[1:]) for row in rows}


class _Names:
    """Names of directorates, portfolios and themes as known at an instant, in one query."""

    def __init__(self, challenge: PeerChallenge, known_by: datetime | None) -> None:
        council = Q(council=challenge.council_id)
        found: list[QuerySet[Any, Any]] = []
        for kind, model, rows, name in (
            ("d", Directorate, council, "name"),
            ("p", Portfolio, council, "name"),
            ("t", Theme, Q(challenge=challenge), "title"),
        ):
            queryset = _as_known(model, rows, known_by)
            if kind == "t":
                # Of the rows as known: a theme that ended later still stood then.
                queryset = queryset.filter(ended_at__isnull=True)
            order = F("id")
            if kind == "t":
                queryset, order = queryset.filter(ended_at__isnull=True), F("position")
            found.append(
                queryset.order_by().values_list(
                    Value(kind, output_field=CharField()), "id", F(name), order
                )
            )
        union = found[0].union(*found[1:], all=True)
        self._names: dict[tuple[str, int], str] = {}
        themes: list[tuple[int, int, str]] = []
        for kind, key, name, order in union:
            self._names[kind, key] = name
            if kind == "t":
                themes.append((order, key, name))
        self.theme_titles = tuple(name for _, _, name in sorted(themes))

    def directorate(self, key: int | None) -> str:
        return self._names.get(("d", key), "") if key else ""

    def portfolio(self, key: int | None) -> str:
        return self._names.get(("p", key), "") if key else ""

    def theme(self, key: int) -> str:
        return self._names.get(("t", key), "")


def _standing(known_by: datetime | None) -> Q:
    """Link rows that stood at an instant."""
    if known_by is None:
        return Q(ended_at__isnull=True)
    return Q(added_at__lte=known_by) & (Q(ended_at__isnull=True) | Q(ended_at__gt=known_by))


def _links(of_action: Q, known_by: datetime | None) -> dict[int, list[int]]:
    links: dict[int, list[int]] = {}
    for action, recommendation in (
        Answer.objects.filter(_standing(known_by), of_action)
        .order_by("-is_primary", "id")
        .values_list("action_id", "recommendation_id")
    ):
        links.setdefault(action, []).append(recommendation)
    return links


def _date_moves(of_action: Q, day: date, instant: datetime) -> dict[int, list[DateMove]]:
    """Date moves by action; a correction for the same day replaces what it corrects.

    An extension approved on the day of an update corrects nothing: both moves stand.
    """
    by_day: dict[int, dict[tuple[date, bool], DateMove]] = {}
    rows: Any = (
        ProgressUpdate.objects.filter(
            ~Q(date_reason=""),
            of_action,
            as_at__lte=day,
            recorded_at__lte=instant,
        )
        .order_by("as_at", "recorded_at", "id")
        .values_list(
            "action_id",
            "kind",
            "as_at",
            "expected_date",
            "expected_words",
            "date_reason",
            "visibility",
            "date_asked_by",
            "date_approved_by",
            "date_approved_on",
            "date_minute",
        )
    )
    for action, kind, *move in rows:
        found, moves = DateMove(*move), by_day.setdefault(action, {})
        key = (found.as_at, kind == ProgressUpdate.Kind.EXTENSION)
        moves.pop(key, None)
        moves[key] = found
    return {action: list(moves.values()) for action, moves in by_day.items()}


def _milestones(
    of_action: Q, day: date, known_by: datetime | None
) -> dict[int, list[MilestonePosition]]:
    known = Q(update__as_at__lte=day)
    if known_by is not None:
        known &= Q(update__recorded_at__lte=known_by)
    mark = (
        MilestoneDone.objects.filter(known, milestone=OuterRef("id"))
        .order_by("-update__as_at", "-update__recorded_at", "-update_id")
        .values("is_done")[:1]
    )
    found: dict[int, list[MilestonePosition]] = {}
    rows = _as_known(Milestone, of_action, known_by).annotate(is_done=Subquery(mark))
    for row in rows.order_by("position", "id"):
        if row.ended_at is None:
            found.setdefault(row.action_id, []).append(
                MilestonePosition(row.id, row.title, row.due, bool(row.is_done))
            )
    return found


def _own_statuses(
    challenge: PeerChallenge, day: date, known_by: datetime | None
) -> Mapping[int, OwnStatus]:
    known = Q() if known_by is None else Q(recorded_at__lte=known_by)
    latest = (
        RecommendationUpdate.objects.filter(known, recommendation=OuterRef("pk"), as_at__lte=day)
        .order_by("-as_at", "-recorded_at", "-id")
        .values("pk")[:1]
    )
    ids = (
        Recommendation.objects.filter(challenge=challenge)
        .annotate(held=Subquery(latest))
        .values("held")
    )
    return {
        row.recommendation_id: OwnStatus(
            row.as_at, row.status, row.summary, row.impact, row.is_closed, row.closing_reason
        )
        for row in RecommendationUpdate.objects.filter(pk__in=ids)
    }


def _themes(
    challenge: PeerChallenge, known_by: datetime | None, names: _Names
) -> dict[int, list[str]]:
    """The themes of each recommendation, by its id."""
    themes: dict[int, list[str]] = {}
    for recommendation, theme in (
        RecommendationTheme.objects.filter(_standing(known_by), recommendation__challenge=challenge)
        .order_by("theme__position", "id")
        .values_list("recommendation_id", "theme_id")
    ):
        themes.setdefault(recommendation, []).append(names.theme(theme))
    return themes


def _recommendations(
    challenge: PeerChallenge,
    day: date,
    known_by: datetime | None,
    names: _Names | None,
    actions: tuple[ActionPosition, ...],
    *,
    is_whole: bool,
) -> tuple[RecommendationPosition, ...]:
    themes = _themes(challenge, known_by, names) if names else {}
    answered: dict[int, list[ActionPosition]] = {}
    for action in actions:
        for key in action.recommendation_ids:
            answered.setdefault(key, []).append(action)
    own = _own_statuses(challenge, day, known_by)
    rows = _as_known(Recommendation, Q(challenge=challenge), known_by).order_by("position", "id")
    return tuple(
        RecommendationPosition(
            id=row.id,
            ref=row.ref,
            kind=row.kind,
            kind_label=row.get_kind_display(),
            title=row.title,
            wording=row.wording,
            parent_id=row.parent_id,
            response=row.response,
            response_label=row.get_response_display(),
            response_reason=row.response_reason,
            themes=tuple(name for name in themes.get(row.id, ()) if name),
            own=own.get(row.id),
            actions=tuple(answered.get(row.id, ())),
            actions_closed=is_whole and have_closed(answered.get(row.id, ())),
        )
        for row in rows
        if row.ended_at is None
    )
