"""What needs one person: their own actions first, then what their role asks of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actions.claims import to_check
from actions.exceptions import QUIET_DAYS
from actions.models import Extension
from actions.permissions import leads
from actions.position import ActionPosition, Position
from actions.sentences import capital, clipped, counted, counted_days, listed
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.ratings import Status
from peerplan.papers.calendar import Standing
from peerplan.papers.diary import PUBLICATION
from peerplan.papers.question_reading import Waiting
from peerplan.papers.route_reading import RouteView, StepView

DUE_SOON_DAYS = 30
OVERDUE, DUE_SOON, QUIET, RESTING, DONE = "overdue", "soon", "quiet", "resting", "done"


@dataclass(frozen=True)
class Task:
    """One line of "What needs you". `target` and `ref` say which page its link opens."""

    title: str
    tag: str
    note: str
    target: str
    ref: str = ""
    is_urgent: bool = False


@dataclass(frozen=True)
class OwnAction:
    """An action that a person leads, what it needs of them, and in which words."""

    action: ActionPosition
    need: str
    words: str

    @property
    def is_pressing(self) -> bool:
        """True where it is overdue, due soon or has not been updated for long."""
        return self.need in (OVERDUE, DUE_SOON, QUIET)


def own_action(action: ActionPosition, on: date) -> OwnAction:
    """What an action needs of its lead on a day."""
    if not action.is_open:
        return OwnAction(action, DONE, "")
    if action.is_overdue(on) and action.due:
        return OwnAction(action, OVERDUE, f"{counted_days((on - action.due).days)} overdue")
    last = action.update.as_at if action.update else action.in_plan_from
    if last < on - timedelta(days=QUIET_DAYS):
        since = counted_days((on - last).days)
        never = "Never updated" if action.update is None else f"Not updated for {since}"
        return OwnAction(action, QUIET, never)
    if action.due and action.due <= on + timedelta(days=DUE_SOON_DAYS):
        days = (action.due - on).days
        return OwnAction(action, DUE_SOON, f"{counted_days(days)} left" if days else "Due today")
    if action.update is None:
        return OwnAction(action, QUIET, "Never updated")
    return OwnAction(action, RESTING, "")


def own_actions(person: Person, position: Position) -> tuple[OwnAction, ...]:
    """The actions that `person` leads, the most pressing first."""
    order = (OVERDUE, QUIET, DUE_SOON, RESTING, DONE)
    found = [
        own_action(action, position.as_at) for action in position.actions if leads(person, action)
    ]
    far = date.max
    return tuple(
        sorted(
            found,
            key=lambda own: (order.index(own.need), own.action.due or far, own.action.position),
        )
    )


def own_tasks(own: Iterable[OwnAction]) -> list[Task]:
    """A line for each pressing action that someone leads."""
    return [
        Task(
            title=f"Update {each.action.ref}",
            tag=each.words,
            note=each.action.title,
            target="update",
            ref=each.action.ref,
            is_urgent=each.need == OVERDUE,
        )
        for each in own
        if each.is_pressing
    ]


def role_tasks(person: Person, position: Position, changed: int | None) -> list[Task]:
    """What the role of `person` asks, from a position as they may read it.

    `changed` is the number of actions that changed since the last release, None before the first.
    """
    found: list[Task] = []
    if person.can(Capability.VERIFY):
        found += _claims(to_check(person, position.actions))
    if person.can(Capability.UPDATE_ANY):
        found += _for_manager(position)
    if person.can(Capability.RELEASE) and position.actions:
        found += _for_release(changed)
    if person.can(Capability.APPROVE) or not person.reads_live:
        found += _decisions(position)
    return found


def _claims(claimed: Sequence[ActionPosition]) -> list[Task]:
    if not claimed:
        return []
    what = "a claimed completion" if len(claimed) == 1 else "claimed completions"
    note = f"{listed(_refs(claimed))}: a second person has to look at the evidence."
    return [Task(f"Check {what}", str(len(claimed)), note, "claims")]


def date_tasks(requests: Sequence[Extension]) -> list[Task]:
    """A line for the later dates of one plan that wait for a decision."""
    if not requests:
        return []
    what = "a later date" if len(requests) == 1 else "later dates"
    note = f"{listed([each.action.ref for each in requests][:6])}: asked for, and not yet approved."
    return [Task(f"Decide on {what}", str(len(requests)), note, "dates")]


def question_tasks(waiting: Waiting | None) -> list[Task]:
    """Lines for the members' questions on one plan that wait for an answer or to be closed."""
    if waiting is None:
        return []
    found = []
    for numbers, verb, note, stands in (
        (
            waiting.to_answer,
            "Answer",
            "Members read the answer, and so does their next paper.",
            "open",
        ),
        (waiting.to_close, "Read the answer to", "Close it, or ask further.", "answered"),
    ):
        if numbers:
            what = f"question {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} questions"
            found.append(Task(f"{verb} {what}", str(len(numbers)), note, "questions", stands))
    return found


def _for_manager(position: Position) -> list[Task]:
    found = []
    late = [each for each in position.actions if each.is_overdue(position.as_at)]
    if late:
        what = counted(len(late), "lead officer")
        found.append(
            Task(
                f"Chase {what}" if len(late) > 1 else "Chase one lead officer",
                str(len(late)),
                f"{listed(_refs(late))}: past the due date and not complete.",
                "overdue",
                is_urgent=True,
            )
        )
    since = position.as_at - timedelta(days=QUIET_DAYS)
    quiet = [
        each
        for each in position.actions
        if each.is_open and (each.update.as_at if each.update else each.in_plan_from) < since
    ]
    if quiet:
        found.append(
            Task(
                f"Ask for {'an update' if len(quiet) == 1 else 'updates'}",
                str(len(quiet)),
                f"{listed(_refs(quiet))}: no update for {QUIET_DAYS} days.",
                "quiet",
            )
        )
    return found


def _for_release(changed: int | None) -> list[Task]:
    if changed is None:
        note = "Members and peers see nothing before the first release."
        return [Task("Release the position", "First", note, "release")]
    if not changed:
        return []
    note = f"{capital(counted(changed, 'action'))} changed since members last saw the plan."
    return [Task("Release the position", str(changed), note, "release")]


def _decisions(position: Position) -> list[Task]:
    return [
        Task(
            f"{each.ref} needs a decision",
            "Red",
            clipped(each.update.decision_sought, 140),
            "action",
            each.ref,
            is_urgent=True,
        )
        for each in position.actions
        if each.update and each.status == Status.RED and each.update.decision_sought
    ]


def _refs(actions: Sequence[ActionPosition]) -> list[str]:
    shown = [action.ref for action in actions[:6]]
    return shown if len(actions) <= 6 else [*shown, f"{len(actions) - 6} more"]


def route_task(view: RouteView) -> Task:
    """What is late on the way of a round of papers, for those who produce them."""
    return Task(
        f"Papers: {view.route.name}",
        f"{len(view.late)} late",
        view.late[0],
        "route",
        str(view.route.pk),
        is_urgent=True,
    )


def paper_tasks(views: Iterable[RouteView]) -> list[tuple[RouteView, Task]]:
    """What each paper on its way waits for, with its route; the next to be public first.

    A paper that nobody has begun is a task once its agenda is due within thirty days; a report
    for two bodies is one task.
    """
    found: list[tuple[int, RouteView, Task]] = []
    told: set[int] = set()
    for view in views:
        for each in view.steps:
            paper = each.paper
            publish = next((s for s in each.standings if s.reckoning.rule.key == PUBLICATION), None)
            left = publish.days_left if publish else DUE_SOON_DAYS
            if paper and each.is_in_writing and paper.pk not in told:
                told.add(paper.pk)
                found.append((left, view, _paper_task(each, paper.pk, publish)))
            elif each.needs_paper and not each.is_over and publish and left <= DUE_SOON_DAYS:
                task = _task(
                    each, "Write the paper", "Not begun.", publish, "paper-new", each.step.pk
                )
                found.append((left, view, task))
    return [(view, task) for _, view, task in sorted(found, key=lambda row: row[0])]


def _paper_task(view: StepView, paper: int, publish: Standing | None) -> Task:
    waits = []
    if view.unwritten:
        waits.append(f"{counted(view.unwritten, 'part')} to be written")
    if view.unsigned:
        waits.append(counted(view.unsigned, "sign-off"))
    if waits:
        words = f"Waits for {listed(waits)}."
        return _task(view, "Finish the paper", words, publish, "paper", paper)
    words = "Every part is written and signed off."
    return _task(view, "Issue the paper", words, publish, "issue", paper)


def _task(
    view: StepView, what: str, words: str, publish: Standing | None, target: str, ref: int
) -> Task:
    said = [words]
    if view.taken.missing:
        said.append("It takes in an earlier meeting that is not recorded yet.")
    tag, urgent = "In writing", False
    if publish and publish.done_on:
        tag, urgent = "Agenda is out", True
    elif publish:
        tag, urgent = publish.headline, publish.days_left <= 1
        day = publish.reckoning.day
        said.append(f"Publish by {day:%A} {day.day} {day:%B}.")
    return Task(f"{what} for {view.step.body}", tag, " ".join(said), target, str(ref), urgent)
