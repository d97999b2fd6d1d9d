"""Made-up councils: a plan, its recommendations and actions, and an update of each every month.

The same seed gives the same plans. Every council has a plan manager and a scrutiny member.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction

from actions.models import (
    Action,
    Answer,
    Evidence,
    Milestone,
    MilestoneDone,
    ProgressUpdate,
    RecommendationUpdate,
    Release,
    Visibility,
)
from actions.states import COMPLETE_STATES, Closure, State
from peerplan.core import clock, history
from peerplan.councils.capabilities import Role
from peerplan.councils.models import Council, Directorate, Membership, Portfolio, User
from peerplan.councils.services.structure import create_council
from peerplan.demo.bench import words
from peerplan.demo.bench.rows import (
    Table,
    Tables,
    Values,
    stored_day,
    stored_instant,
)
from reviews.models import PeerChallenge, Recommendation, RecommendationTheme, Theme

PREFIX = "bench-"
CHALLENGE = "cpc"
RECOMMENDATIONS = 10
WRITTEN: tuple[type[models.Model], ...] = (
    Directorate,
    Portfolio,
    PeerChallenge,
    Theme,
    Recommendation,
    RecommendationTheme,
    RecommendationUpdate,
    Action,
    Answer,
    Milestone,
    MilestoneDone,
    ProgressUpdate,
    Evidence,
    Release,
)


class NotScratch(Exception):
    """The database holds councils that were not made here."""


@dataclass(frozen=True)
class Size:
    """How much one council has: actions, and updates of each."""

    actions: int
    updates: int

    @property
    def total(self) -> int:
        """Progress updates of the whole plan."""
        return self.actions * self.updates


@dataclass(frozen=True)
class Standing:
    """What one update says, and the dates it leaves behind."""

    state: str
    rating: str
    expected: date | None
    moved: bool


def refuse_real_data() -> None:
    """Raises NotScratch where the database holds a council that was not made here."""
    if Council.objects.exclude(slug__startswith=PREFIX).exists():
        raise NotScratch(
            "This database holds other councils. Use a scratch database: generated rows are "
            "written without services and with times in the past."
        )


def generate(
    names: Sequence[str],
    sizes: Sequence[Size],
    *,
    seed: int,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Make a council for each name (its slug is "bench-" and the name); the updates written.

    Each council is one transaction; `tell` hears of the updates done and of all. Raises NotScratch.
    """
    refuse_real_data()
    total, done = sum(size.total for size in sizes), 0
    author = User.objects.filter(email="generator@bench.example").first()
    author = author or User.objects.create_user("generator@bench.example")
    tables = Tables(WRITTEN)
    for name, size in zip(names, sizes, strict=True):
        with transaction.atomic():
            _Council(tables, name, size, author, random.Random(f"{seed} {name}")).make()  # noqa: S311
            tables.flush()
        done += size.total
        tell(done, total)
    tables.finish()
    return done


class _Council:
    """One council in the making."""

    def __init__(
        self, tables: Tables, name: str, size: Size, author: User, chance: random.Random
    ) -> None:
        self.tables, self.name, self.size, self.chance = tables, name, size, chance
        self.author = author
        self.months = _months(size.updates)
        self.begins = self.months[0] - timedelta(days=25)
        self.begun_at = _instant(self.begins, 9)

    def make(self) -> None:
        """Everything of one council, kept for the next flush."""
        council = create_council(
            name=f"{self.name.title()} Borough Council",
            slug=f"{PREFIX}{self.name}",
            kind="district",
            nation="england",
            author=self.author,
        )
        manager = self._person(council, Role.PLAN_MANAGER, "Policy Manager", exempt=True)
        self._person(council, Role.MEMBER, "Chair of Scrutiny", exempt=False)
        self.updater = manager
        directorates = [
            self._tracked(Directorate(council=council, name=name)) for name in words.DIRECTORATES
        ]
        portfolios = [
            self._tracked(Portfolio(council=council, name=name)) for name in words.PORTFOLIOS
        ]
        challenge = self._challenge(council)
        recommendations = self._recommendations(challenge)
        for number in range(self.size.actions):
            self._action(challenge, number, recommendations, directorates, portfolios)
        self._releases(challenge)

    def _tracked(self, record: models.Model) -> Any:
        return self.tables.track(record, self.author, self.begun_at)

    def _person(self, council: Council, role: str, post: str, *, exempt: bool) -> User:
        user = User.objects.create_user(f"{role}@{council.slug}.example")
        membership = Membership(
            council=council, user=user, role=role, post=post, reads_exempt=exempt
        )
        history.save(membership, author=self.author)
        return user

    def _challenge(self, council: Council) -> PeerChallenge:
        challenge: PeerChallenge = self._tracked(
            PeerChallenge(
                council=council,
                slug=CHALLENGE,
                title=f"Corporate Peer Challenge {self.begins.year}",
                on_site_from=self.begins - timedelta(days=120),
                on_site_to=self.begins - timedelta(days=117),
                plan_approved_on=self.begins,
                adopted_on=self.begins,
            )
        )
        return challenge

    def _recommendations(self, challenge: PeerChallenge) -> list[Recommendation]:
        themes = [
            self._tracked(Theme(challenge=challenge, position=number, title=title, kind="core"))
            for number, title in enumerate(challenge.preset.themes, start=1)
        ]
        found = []
        for number in range(RECOMMENDATIONS):
            recommendation = self._tracked(
                Recommendation(
                    challenge=challenge,
                    position=number + 1,
                    ref=str(number + 1),
                    title=words.AIMS[number % len(words.AIMS)],
                    wording=words.sentences(self.chance, 3),
                    response="accepted",
                )
            )
            found.append(recommendation)
            self.tables[RecommendationTheme].add_record(
                RecommendationTheme(
                    recommendation=recommendation,
                    theme=themes[number % len(themes)],
                    added_at=self.begun_at,
                    added_by=self.author,
                )
            )
            for month in self.months[2::3]:
                self.tables[RecommendationUpdate].add_record(
                    RecommendationUpdate(
                        recommendation=recommendation,
                        as_at=month,
                        recorded_at=_instant(month + timedelta(days=6), 10),
                        author=self.updater,
                        status=self.chance.choice(("green", "amber")),
                        summary=words.sentences(self.chance, 1),
                    )
                )
        return found

    def _action(
        self,
        challenge: PeerChallenge,
        number: int,
        recommendations: Sequence[Recommendation],
        directorates: Sequence[Directorate],
        portfolios: Sequence[Portfolio],
    ) -> None:
        chance = self.chance
        recommendation = recommendations[number % len(recommendations)]
        is_exempt = number % 50 == 49
        due = self.begins + timedelta(days=chance.randrange(120, 40 * len(self.months) + 300))
        action = Action(
            challenge=challenge,
            ref=f"{recommendation.ref}.{number // len(recommendations) + 1}",
            position=number + 1,
            title=words.title(chance),
            description=words.sentences(chance, 1),
            success_measure=words.sentences(chance, 1),
            lead_role=words.ROLES[number % len(words.ROLES)],
            portfolio=portfolios[number % len(portfolios)],
            directorate=directorates[number % len(directorates)],
            in_plan_from=self.begins,
            original_due=due,
            visibility=Visibility.EXEMPT if is_exempt else Visibility.PUBLIC,
            exempt_paragraph=3 if is_exempt else None,
        )
        action.pk = self.tables[Action].next_key()
        self._updates(action)
        self.tables[Action].add_record(action)
        self.tables[Answer].add_record(
            Answer(
                action=action,
                recommendation=recommendation,
                is_primary=True,
                added_at=self.begun_at,
                added_by=self.author,
            )
        )
        if number % 5 == 0:
            self._milestone(action)
        if number % 3 == 0:
            self._evidence(action)

    def _milestone(self, action: Action) -> None:
        milestone = self._tracked(
            Milestone(
                action=action,
                title=words.title(self.chance),
                due=action.original_due,
                added_at=self.begun_at,
            )
        )
        if self.chance.random() < 0.5:
            self.tables[MilestoneDone].add_record(
                MilestoneDone(milestone=milestone, update_id=action.latest_update_id or 0)
            )

    def _evidence(self, action: Action) -> None:
        title = words.title(self.chance)
        self.tables[Evidence].add_record(
            Evidence(
                action=action,
                title=title,
                link=f"https://evidence.example/{title.lower().replace(' ', '-')}",
                visibility=action.visibility,
                added_at=self.begun_at,
                added_by=self.updater,
            )
        )

    def _updates(self, action: Action) -> None:
        """An update for each month, with a row of history of the action for each, as services do.

        The order of the values is that of the tables' columns, checked by `_in_order`.
        """
        updates, past = self.tables[ProgressUpdate], self.tables.history(Action)
        place = {name: index for index, name in enumerate(past.columns)}
        told = list(self._told(action))
        chance, visibility = self.chance, str(action.visibility)
        past.add(self._past(past, told, place, 1, self.begun_at, "+", ""))
        standing = Standing(State.NOT_STARTED, "", None, False)
        for index, month in enumerate(self.months):
            before = standing
            standing = _next(before, action, month, index / len(self.months), chance)
            recorded = _instant(month + timedelta(days=2 + index % 4), 9 + index % 8)
            is_open = standing.state in (State.NOT_STARTED, State.IN_PROGRESS)
            key = updates.next_key()
            updates.add(
                _in_order(
                    updates,
                    id=key,
                    action_id=action.pk,
                    kind=_kind(before.state, standing.state),
                    as_at=stored_day(month),
                    recorded_at=stored_instant(recorded),
                    author_id=self.updater.pk,
                    on_behalf_of="",
                    state=str(standing.state),
                    rating=standing.rating,
                    forecast=(standing.rating or "green") if is_open else "",
                    expected_date=stored_day(standing.expected),
                    expected_words="",
                    date_reason=words.REASON if standing.moved else "",
                    date_asked_by=action.lead_role if standing.moved else "",
                    date_approved_by="Cabinet" if standing.moved else "",
                    date_approved_on=stored_day(month) if standing.moved else None,
                    date_minute="Minute 54" if standing.moved else "",
                    commentary=words.sentences(chance, 2),
                    recovery_plan=words.RECOVERY if standing.rating == "amber" else "",
                    decision_sought=words.DECISION if standing.rating == "red" else "",
                    internal_note="",
                    closure=str(Closure.DELIVERED) if standing.state in COMPLETE_STATES else "",
                    closure_note="",
                    closure_agreed_by="",
                    visibility=visibility,
                    correction_reason="",
                )
            )
            past.add(self._past(past, told, place, index + 2, recorded, "~", "Progress update"))
            action.latest_update_id = key
        action.version = len(self.months) + 1

    def _told(self, action: Action) -> Values:
        """The row of history of an action, but for what differs from one to the next."""
        past = self.tables.history(Action)
        return past.values_of(
            past.model(
                history_id=0,
                history_date=self.begun_at,
                history_user_id=self.updater.pk,
                **{
                    field.attname: getattr(action, field.attname)
                    for field in past.fields
                    if not field.name.startswith("history_")
                },
            )
        )

    def _past(
        self,
        table: Table,
        told: list[Any],
        place: dict[str, int],
        version: int,
        when: datetime,
        kind: str,
        reason: str,
    ) -> Values:
        row = told.copy()
        row[place["history_id"]] = table.next_key()
        row[place["version"]] = version
        row[place["history_date"]] = stored_instant(when)
        row[place["history_type"]] = kind
        row[place["history_change_reason"]] = reason
        return tuple(row)

    def _releases(self, challenge: PeerChallenge) -> None:
        """A release of every third month; the last month always."""
        for month in sorted({*self.months[2::3], self.months[-1]}):
            self.tables[Release].add_record(
                Release(
                    challenge=challenge,
                    as_at=month,
                    known_by=_instant(month + timedelta(days=8), 12),
                    author=self.updater,
                    reason="For the scrutiny committee",
                )
            )


def _in_order(table: Table, **values: Any) -> Values:
    """The values in the order of the table's columns. Raises KeyError where one is missing."""
    return tuple(values[column] for column in table.columns)


def _kind(before: str, now: str) -> str:
    """The kind of an update by which an action came from one state to another."""
    kinds = ProgressUpdate.Kind
    if now == before:
        return str(kinds.PROGRESS)
    if now == State.CLAIMED:
        return str(kinds.CLAIMED)
    return str(kinds.VERIFIED if now == State.VERIFIED else kinds.PROGRESS)


def _next(
    last: Standing, action: Action, month: date, part: float, chance: random.Random
) -> Standing:
    """How an action stands a month later: it begins, wavers, moves its date, and is completed."""
    expected = last.expected or action.original_due
    if last.state == State.CLAIMED:
        return Standing(State.VERIFIED, "", expected, False)
    if last.state == State.VERIFIED or (
        last.state == State.IN_PROGRESS and part > 0.5 and chance.random() < 0.04
    ):
        done = last.state == State.VERIFIED
        return Standing(State.VERIFIED if done else State.CLAIMED, "", expected, False)
    if last.state == State.NOT_STARTED and chance.random() < 0.5:
        return Standing(State.NOT_STARTED, "", expected, False)
    rating = last.rating or "green"
    if chance.random() < 0.3:
        rating = chance.choice(("green", "green", "green", "amber", "amber", "red"))
    moved = expected is not None and expected < month and chance.random() < 0.6
    if moved:
        expected = month + timedelta(days=chance.randrange(60, 200))
    return Standing(State.IN_PROGRESS, rating, expected, moved)


def _months(number: int) -> list[date]:
    """The last days of `number` months in a row, the last at least twelve days ago."""
    day = clock.today() - timedelta(days=12)
    found: list[date] = []
    if (day + timedelta(days=1)).month == day.month:
        day = day.replace(day=1) - timedelta(days=1)
    for _ in range(number):
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    found.reverse()
    return found


def _instant(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clock.LONDON)
