"""The history of one action in plain words: who, when, for what date, from what to what, and why.

Drawn from the history rows of the action and its milestones, from its updates, from the
recommendations it answers and from where it came from or went. A text is shown only where the
reader was entitled to it then and is now.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from actions.models import (
    Action,
    Answer,
    Lineage,
    Milestone,
    MilestoneDone,
    ProgressUpdate,
    Visibility,
)
from actions.people import SOMEBODY, posts_of
from actions.reading import Horizon, names_exempt_evidence, readable_reason
from actions.sentences import capital, clipped, closure_in_words, listed
from actions.states import State, printed_status
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.gate import Person
from peerplan.councils.models import Directorate, Portfolio
from peerplan.councils.ratings import Rule

QUOTED = 160
_TEXTS = {
    "ref": "the reference",
    "title": "the title",
    "description": "the description",
    "success_measure": "the success measure",
    "lead_role": "the lead role",
    "original_due_words": "the words for the original due date",
}
_DATES = {"original_due": "the original due date", "in_plan_from": "since when it is in the plan"}


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `as_at` is the day that an update is true for."""

    when: datetime
    who: str
    what: str
    reason: str = ""
    as_at: date | None = None

    @property
    def sentence(self) -> str:
        """Who did what, as a sentence."""
        return f"{capital(self.who)} {self.what}."


def action_history(
    action: Action, person: Person, seen: Horizon, scheme: Mapping[str, Rule]
) -> list[Entry]:
    """What happened to an action that `person` may see, latest first."""
    return _Teller(action, person, seen, scheme).entries()


class _Teller:
    def __init__(
        self, action: Action, person: Person, seen: Horizon, scheme: Mapping[str, Rule]
    ) -> None:
        self.action, self.person, self.seen, self.scheme = action, person, seen, scheme
        self.found: list[tuple[datetime, int | None, str, str, date | None]] = []

    def entries(self) -> list[Entry]:
        self._rows()
        self._updates()
        self._milestones()
        self._answers()
        self._lineage()
        posts = posts_of(self.person.council, (who for _, who, _, _, _ in self.found if who))
        known = self.seen.known_by
        told = [
            Entry(when, posts.get(who or 0, SOMEBODY), what, reason, as_at)
            for when, who, what, reason, as_at in self.found
            if known is None or when <= known
        ]
        return sorted(told, key=lambda entry: entry.when, reverse=True)

    def _add(
        self,
        when: datetime,
        who: int | None,
        what: str,
        reason: str | None = "",
        as_at: date | None = None,
    ) -> None:
        self.found.append((when, who, what, reason or "", as_at))

    def _readable(self, *visibilities: str) -> bool:
        return self.person.reads_exempt or Visibility.EXEMPT not in visibilities

    def _rows(self) -> None:
        rows = list(self.action.history.order_by("history_date", "history_id"))
        if rows and self._readable(rows[0].visibility):
            first = rows[0]
            self._add(
                first.history_date,
                first.history_user_id,
                "added the action to the plan",
                first.history_change_reason,
            )
        names = _names(self.action)
        for before, after in pairwise(rows):
            reason = after.history_change_reason or ""
            if not self._readable(before.visibility, after.visibility):
                continue
            if changed := _changed(before, after, names):
                self._add(
                    after.history_date,
                    after.history_user_id,
                    f"changed {listed(changed)}",
                    reason,
                )
            elif reason.startswith("Evidence "):
                if not self.person.reads_exempt and names_exempt_evidence(self.action, reason):
                    continue
                kind, _, title = reason.partition(": ")
                verb = "withdrew" if "withdrawn" in kind else "added"
                self._add(after.history_date, after.history_user_id, f"{verb} evidence: {title}")

    def _updates(self) -> None:
        marks = _marks(self.action)
        earlier: list[ProgressUpdate] = []
        rows = ProgressUpdate.objects.filter(self.seen.updates(), action=self.action)
        for update in rows.order_by("recorded_at", "id"):
            before = max(
                (each for each in earlier if each.as_at <= update.as_at),
                key=lambda each: (each.as_at, each.recorded_at, each.pk),
                default=None,
            )
            earlier.append(update)
            if self._readable(update.visibility):
                self._add(
                    update.recorded_at,
                    update.author_id,
                    self._told(update, before, marks.get(update.pk, ())),
                    update.correction_reason or update.date_reason or _why_back(update),
                    update.as_at,
                )

    def _told(
        self, update: ProgressUpdate, before: ProgressUpdate | None, marks: Sequence[str]
    ) -> str:
        day = day_in_words(update.as_at)
        opening = {
            ProgressUpdate.Kind.PROGRESS: f"gave an update as at {day}",
            ProgressUpdate.Kind.CORRECTION: f"corrected the update as at {day}",
            ProgressUpdate.Kind.MERGED: f"ended the action as at {day}: {update.commentary}",
            ProgressUpdate.Kind.WITHDRAWN: f"ended the action as at {day}{_closing(update)}",
            ProgressUpdate.Kind.CLAIMED: f"claimed the action complete as at {day}",
            ProgressUpdate.Kind.VERIFIED: f"checked the claim and verified it as at {day}",
            ProgressUpdate.Kind.SENT_BACK: f"sent the claim back as at {day}",
            ProgressUpdate.Kind.CLOSED: f"closed the action as at {day}{_closing(update)}",
            ProgressUpdate.Kind.EXTENSION: f"put a later date on record as at {day}, "
            f"approved by {_approval(update)}",
        }[ProgressUpdate.Kind(update.kind)]
        if update.on_behalf_of:
            opening += f" on behalf of the {update.on_behalf_of}"
        parts = list(self._moves(update, before))
        parts += marks
        return f"{opening}: {'; '.join(parts)}" if parts else opening

    def _moves(self, update: ProgressUpdate, before: ProgressUpdate | None) -> Iterable[str]:
        status = printed_status(update.state, update.rating)
        was = printed_status(before.state, before.rating) if before else None
        was_key = was or printed_status(State.NOT_STARTED, "")
        if was_key != status:
            yield f"from {self.scheme[was_key].label} to {self.scheme[status].label}"
        elif before:
            yield f"still {self.scheme[status].label}"
        if before and before.forecast != update.forecast and update.forecast:
            yield f"forecast {self.scheme[update.forecast].label}"
        if update.date_reason:
            due, words = _due_before(self.action, before)
            new = update.expected_words or _day(update.expected_date)
            yield f"the date moved from {words or _day(due)} to {new}"

    def _milestones(self) -> None:
        history: Any = Milestone.history
        by_id: dict[int, Any] = {}
        exempt_times = self._exempt_times()
        for row in history.filter(action_id=self.action.pk).order_by("history_date", "history_id"):
            before = by_id.get(row.id)
            by_id[row.id] = row
            written = [each.history_date for each in (before, row) if each is not None]
            if not self.person.reads_exempt and any(map(exempt_times.at, written)):
                continue
            if what := _milestone_told(before, row):
                self._add(row.history_date, row.history_user_id, what, row.history_change_reason)

    def _exempt_times(self) -> "_ExemptTimes":
        rows = self.action.history.order_by("history_date", "history_id")
        return _ExemptTimes(list(rows.values_list("history_date", "visibility")))

    def _answers(self) -> None:
        exempt = None if self.person.reads_exempt else self._exempt_times()
        rows = Answer.objects.filter(action=self.action).select_related("recommendation")
        for answer in rows.order_by("added_at", "id"):
            ref = answer.recommendation.ref
            if exempt and exempt.at(answer.added_at):
                continue
            primary = " first" if answer.is_primary else ""
            self._add(
                answer.added_at,
                answer.added_by_id,
                f"put the action{primary} under recommendation {ref}",
            )
            if answer.ended_at:
                self._add(
                    answer.ended_at,
                    answer.ended_by_id,
                    f"took the action from under recommendation {ref}",
                )

    def _lineage(self) -> None:
        links = self.action.came_from.filter(on__lte=self.seen.as_at)
        for link in links.select_related("source", "target"):
            if self._readable(link.source.visibility):
                words = Lineage.Kind(link.kind).label.lower()
                self._add(
                    link.added_at,
                    link.added_by_id,
                    f"had action {link.source.ref} {words} this one",
                    readable_reason(self.person, link),
                    link.on,
                )


class _ExemptTimes:
    """Whether the action was not for publication at an instant."""

    def __init__(self, rows: list[tuple[datetime, str]]) -> None:
        self.rows = rows

    def at(self, instant: datetime) -> bool:
        """True where the row that held, or the one written in the same second, was exempt."""
        held = Visibility.PUBLIC.value
        for when, visibility in self.rows:
            if when > instant:
                break
            held = visibility
        return held == Visibility.EXEMPT


def _names(action: Action) -> dict[tuple[str, int], str]:
    council = action.challenge.council_id
    names = {("portfolio", row.pk): row.name for row in Portfolio.objects.filter(council=council)}
    return names | {
        ("directorate", row.pk): row.name for row in Directorate.objects.filter(council=council)
    }


def _changed(before: Any, after: Any, names: Mapping[tuple[str, int], str]) -> list[str]:
    """What differs between two history rows, each in words."""
    found = []
    for field, label in _TEXTS.items():
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            found.append(f"{label} from {_quoted(old)} to {_quoted(new)}")
    for field, label in _DATES.items():
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            found.append(f"{label} from {_day(old)} to {_day(new)}")
    for field in ("portfolio", "directorate"):
        old, new = getattr(before, f"{field}_id"), getattr(after, f"{field}_id")
        if old != new:
            told = [names.get((field, key), "none") if key else "none" for key in (old, new)]
            found.append(f"the {field} from {told[0]} to {told[1]}")
    if before.lead_person_id != after.lead_person_id:
        found.append("the person who leads it")
    if before.beginning != after.beginning:
        found.append(
            f"the beginning from {_beginning(before.beginning)} to {_beginning(after.beginning)}"
        )
    if before.visibility != after.visibility:
        labels = [Visibility(row.visibility).label.lower() for row in (before, after)]
        found.append(f"who may read it from {labels[0]} to {labels[1]}")
    elif before.exempt_paragraph != after.exempt_paragraph:
        found.append(
            f"the paragraph that applies from {before.exempt_paragraph} to {after.exempt_paragraph}"
        )
    if before.position != after.position:
        found.append("its place in the plan")
    if before.removed_at is None and after.removed_at is not None:
        found.append("the plan: the action was taken out")
    return found


def _milestone_told(before: Any, row: Any) -> str:
    title = f"“{row.title}”"
    if before is None:
        due = f", due {_day(row.due)}" if row.due else ""
        return f"added the milestone {title}{due}"
    if before.ended_at is None and row.ended_at is not None:
        return f"took out the milestone {title}"
    parts = []
    if before.title != row.title:
        parts.append(f"from {_quoted(before.title)} to {title}")
    if before.due != row.due:
        parts.append(f"due {_day(row.due)}, before {_day(before.due)}")
    if not parts:
        return ""
    which = f"the milestone {title}" if before.title == row.title else "a milestone"
    return f"changed {which}: {'; '.join(parts)}"


def _marks(action: Action) -> dict[int, list[str]]:
    """What updates changed about milestones, by the update's id."""
    found: dict[int, list[str]] = {}
    was_done: dict[int, bool] = {}
    names = _milestone_names(action)
    rows = MilestoneDone.objects.filter(update__action=action).select_related("update")
    for mark in rows.order_by("id"):
        if was_done.get(mark.milestone_id, False) != mark.is_done:
            words = "done" if mark.is_done else "not done after all"
            title = _name_at(names[mark.milestone_id], mark.update.recorded_at)
            found.setdefault(mark.update_id, []).append(f"milestone “{title}” {words}")
        was_done[mark.milestone_id] = mark.is_done
    return found


def _milestone_names(action: Action) -> dict[int, list[tuple[datetime, str]]]:
    """What each milestone has been called and since when, oldest first."""
    history: Any = Milestone.history
    found: dict[int, list[tuple[datetime, str]]] = {}
    rows = history.filter(action_id=action.pk).order_by("history_date", "history_id")
    for key, when, title in rows.values_list("id", "history_date", "title"):
        found.setdefault(key, []).append((when, title))
    return found


def _name_at(names: Sequence[tuple[datetime, str]], instant: datetime) -> str:
    """The name that held: a later one may be neither released nor for this reader."""
    return next((name for when, name in reversed(names) if when <= instant), names[0][1])


def _closing(update: ProgressUpdate) -> str:
    """Why an update closed the action, to follow what was done; "" where it does not say."""
    said = closure_in_words(update.closure, update.closure_note, update.closure_agreed_by)
    return f": {said[:1].lower()}{said[1:].rstrip('.')}" if said else ""


def _why_back(update: ProgressUpdate) -> str:
    is_back = update.kind == ProgressUpdate.Kind.SENT_BACK
    return clipped(update.commentary) if is_back else ""


def _approval(update: ProgressUpdate) -> str:
    """Who approved the date of an update, and with which minute."""
    return ", ".join(filter(None, (update.date_approved_by, update.date_minute)))


def _due_before(action: Action, before: ProgressUpdate | None) -> tuple[date | None, str]:
    if before and (before.expected_date or before.expected_words):
        return before.expected_date, before.expected_words
    return action.original_due, action.original_due_words


def _beginning(value: str) -> str:
    return Action.Beginning(value).label.lower()


def _quoted(text: str) -> str:
    return f"“{clipped(text, QUOTED)}”" if text else "nothing"


def _day(value: date | None) -> str:
    return day_in_words(value) if value else "no date"
