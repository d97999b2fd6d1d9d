"""A council's home: deadlines, where the plans stand, what needs the reader, what changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions import extensions, figures
from actions.changes import Change, changes
from actions.models import Extension
from actions.position import Position
from actions.sentences import change_groups, claim_counts, headline, kind_of, number_changed
from peerplan.core import clock
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, Person
from peerplan.councils.scheme import rating_scheme
from peerplan.dashboards.reading import Reading, read_release, reading_for
from peerplan.dashboards.tasks import (
    Task,
    date_tasks,
    own_actions,
    own_tasks,
    paper_tasks,
    question_tasks,
    role_tasks,
    route_task,
)
from peerplan.papers import diary, question_reading, readiness
from peerplan.papers.route_reading import running_routes
from peerplan.render.charts import StackedBar
from reviews import deadlines
from reviews.models import PeerChallenge

PLANS_IN_FULL = 4
CHANGES_SHOWN = 8
ROUTES_SHOWN = 3
TOLD = frozenset({"worse", "complete", "normal", "better", "started", "paused", "date", "new"})


@dataclass(frozen=True)
class PlanCard:
    """Where one plan stands, in a sentence and a bar."""

    challenge: PeerChallenge
    clock: deadlines.Clock
    reading: Reading | None
    bar: StackedBar | None
    first: str
    rest: str
    changed: int | None
    recent: tuple[Change, ...]
    tasks: tuple[Task, ...]

    @property
    def is_running(self) -> bool:
        """True while a deadline of the challenge is still to come."""
        return self.clock.following is not None and not self.challenge.is_closed

    @property
    def updated(self) -> date | None:
        """The day for which the latest update was given."""
        if self.reading is None:
            return None
        days = [each.update.as_at for each in self.reading.position.actions if each.update]
        return max(days, default=None)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def home(request: CouncilRequest, council: str) -> HttpResponse:
    """The home of the council, as far as the person may see."""
    challenges = list(PeerChallenge.objects.for_council(request.council))
    # A closed plan asks nothing of anybody: it has a card only where no other is left.
    shown = [each for each in challenges if not each.is_closed][:PLANS_IN_FULL] or challenges[:1]
    cards = [plan_card(request, each) for each in shown]
    running = [card for card in cards if card.is_running]
    if not running:
        running = [card for card in cards if not card.challenge.is_closed][:1]
    routes = running_routes(
        challenges,
        clock.today(),
        diary.calendar_of(request.council),
        reads_live=request.person.reads_live,
        waiting_for=readiness.WAITING_FOR,
    )
    tasks = [(card.challenge, task) for card in cards for task in card.tasks]
    tasks += returned_tasks(request.person, challenges)
    if request.person.can(Capability.PRODUCE_PAPERS):
        waiting = [(view, route_task(view)) for view in routes if view.late] + paper_tasks(routes)
        tasks += [(view.route.challenge, task) for view, task in waiting]
    context: dict[str, Any] = {
        "cards": cards,
        "routes": routes[:ROUTES_SHOWN],
        "more_routes": len(routes) > ROUTES_SHOWN,
        "running": running,
        "older": [each for each in challenges if each not in shown],
        "today": clock.today(),
        "scheme": rating_scheme(request.council),
        "tasks": tasks,
        "recent": [card for card in cards if card.recent],
        # The navigation leads on to the latest plan that is not closed.
        "challenge": shown[0] if shown else None,
    }
    return render(request, "dashboards/home.html", context)


def returned_tasks(
    person: Person, challenges: list[PeerChallenge]
) -> list[tuple[PeerChallenge, Task]]:
    """What came back and waits for `person`, with its challenge: dates and questions."""
    requests: dict[int, list[Extension]] = {}
    for each in extensions.waiting(challenges, person):
        requests.setdefault(each.action.challenge_id, []).append(each)
    asked = question_reading.waiting(person, challenges)
    return [
        (challenge, task)
        for challenge in challenges
        for task in (
            *date_tasks(requests.get(challenge.pk, [])),
            *question_tasks(asked.get(challenge.pk)),
        )
    ]


def plan_card(request: CouncilRequest, challenge: PeerChallenge) -> PlanCard:
    """The card of one challenge for the person of the request."""
    challenge.council = request.council
    person = request.person
    reading = reading_for(person, challenge, full=False)
    timing = deadlines.clock(challenge, clock.today())
    if reading is None:
        return PlanCard(challenge, timing, None, None, "", "", None, (), ())
    now = reading.position
    before = _before(person, reading)
    found = changes(before, now) if before else None
    groups = change_groups(found) if found else ()
    changed = number_changed(groups) if found else None
    first, rest = headline(now)
    if claims := claim_counts(now):
        rest += f" {claims}."
    complete = next((group.heading for group in groups if group.key == "complete"), "")
    if complete and before:
        rest += f" {complete} since {day_in_words(before.as_at)}."
    bar = figures.bar(challenge.title, now, rating_scheme(request.council)) if now.total else None
    own = own_actions(person, now) if person.can(Capability.UPDATE_OWN) else ()
    tasks = [*own_tasks(own), *role_tasks(person, now, changed)]
    recent = _recent(found.all) if found and reading.is_live else ()
    return PlanCard(challenge, timing, reading, bar, first, rest, changed, recent, tuple(tasks))


def _before(person: Person, reading: Reading) -> Position | None:
    if not reading.earlier:
        return None
    return read_release(person, reading.earlier[0], full=False)


def _recent(found: tuple[Change, ...]) -> tuple[Change, ...]:
    """The changes worth telling, the last recorded first."""
    told = [each for each in found if each.after and each.after.update and kind_of(each) in TOLD]
    told.sort(
        key=lambda each: each.after.update.recorded_at,  # type: ignore[union-attr]
        reverse=True,
    )
    return tuple(told[:CHANGES_SHOWN])
