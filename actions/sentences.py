"""What a position says and what changed, in words. Pure: no database.

A sentence is a tuple of pieces, so that a page can draw the name of a status as its pill and a
paper can print it as a word. Sentences about a change follow the action's reference and title:
"went from Green to Amber; its date moved from 30 September to 31 December 2026 (92 days)".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from actions.changes import Change, Changes
from actions.position import ActionPosition, Position
from actions.states import Closure
from peerplan.core.templatetags.parts import MONTHS, day_in_words
from peerplan.councils.ratings import Rule, Status

Scheme = Mapping[str, Rule]

SMALL_NUMBERS = "no one two three four five six seven eight nine".split()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; with a `key` it is the label of that status."""

    text: str
    key: str = ""


Sentence = tuple[Piece, ...]


def plain(sentence: Sentence) -> str:
    """The sentence as text."""
    return "".join(piece.text for piece in sentence)


def number(count: int) -> str:
    """ "no", "one" to "nine", then figures."""
    return SMALL_NUMBERS[count] if count < len(SMALL_NUMBERS) else str(count)


def counted(count: int, one: str, many: str = "") -> str:
    """ "no actions", "one action", "12 actions"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def capital(text: str) -> str:
    """The text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(words: Sequence[str]) -> str:
    """ "1.1", "1.1 and 2.2", "1.1, 2.2 and 3.3"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def listed_but(words: Sequence[str], hidden: int) -> str:
    """The same, and how many more there are that the reader may not know by name."""
    return listed([*words, f"{number(hidden)} not for publication"] if hidden else words)


def clipped(text: str, longest: int = 260) -> str:
    """The text on one line, cut at a word with an ellipsis where it is longer than `longest`."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return f"{line[: longest - 1].rsplit(' ', 1)[0].rstrip(',;:.')}…"


def month_of(day: date, seen_from: date) -> str:
    """How people call a day: "March", "March 2024" in another year, "3 June" in this month."""
    month = MONTHS[day.month - 1]
    if (day.year, day.month) == (seen_from.year, seen_from.month):
        return f"{day.day} {month}"
    return month if day.year == seen_from.year else f"{month} {day.year}"


def then(day: date, seen_from: date) -> str:
    """The same with its preposition: "in March", "on 3 June"."""
    same_month = (day.year, day.month) == (seen_from.year, seen_from.month)
    return f"{'on' if same_month else 'in'} {month_of(day, seen_from)}"


def span(start: date, end: date) -> str:
    """ "30 September to 31 December 2026": the first year only where it is another."""
    first = day_in_words(start)
    if start.year == end.year:
        first = f"{start.day} {MONTHS[start.month - 1]}"
    return f"{first} to {day_in_words(end)}"


# --- Where a plan stands ------------------------------------------------------------------------

GOOD = (Status.GREEN, Status.COMPLETE, Status.CLAIMED, Status.BUSINESS_AS_USUAL)


def standing(position: Position) -> tuple[str, str]:
    """Two sentences that say where the plan stands: how much is well, and what is not."""
    counts, total = position.counts, position.total
    if not total:
        return "There are no actions in the plan yet.", ""
    good = sum(counts[key] for key in GOOD)
    if total == 1:
        well = f"The one action {'is' if good else 'is not'} complete, on track or in normal work."
    elif good == total:
        well = f"All {number(total)} actions are complete, on track or in normal work."
    else:
        is_are = "is" if good == 1 else "are"
        well = (
            f"{capital(str(good) if good else 'none')} of {total} actions {is_are} complete, "
            "on track or in normal work."
        )
    return well, _troubles(position)


def _troubles(position: Position) -> str:
    red, amber = position.counts[Status.RED], position.counts[Status.AMBER]
    refs = [action.ref for action in position.actions if action.status == Status.RED]
    which = f": {listed(refs)}" if 0 < len(refs) <= 4 else ""
    if red and amber:
        return capital(f"{_are(amber)} at risk and {_are(red)} off track{which}.")
    if red:
        return capital(f"{_are(red)} off track{which}.")
    if amber:
        return capital(f"{_are(amber)} at risk and none is off track.")
    return "None is at risk or off track."


def claim_counts(position: Position) -> str:
    """How many counted actions are claimed complete, and how many of them are verified.

    "12 claimed complete, 9 of them verified"; "" where there is none. What is verified was claimed.
    """
    return claims_in_words(position.counts[Status.CLAIMED], position.counts[Status.COMPLETE])


def claims_told(position: Position) -> str:
    """The same as a sentence: "Three actions are claimed complete, two of them verified."

    "" where there is none.
    """
    verified = position.counts[Status.COMPLETE]
    claimed = position.counts[Status.CLAIMED] + verified
    if not claimed:
        return ""
    if claimed == 1:
        checked = "verified" if verified else "not yet verified"
        return f"One action is claimed complete and {checked}."
    told, checked = counted(claimed, "action"), number(verified) if verified else "none"
    return f"{capital(told)} are claimed complete, {checked} of them verified."


def claims_in_words(unchecked: int, verified: int) -> str:
    """The same from the number of claims that wait and of those that are verified."""
    claimed = unchecked + verified
    return f"{claimed} claimed complete, {verified or 'none'} of them verified" if claimed else ""


def headline(position: Position) -> tuple[str, str]:
    """The same for a card on the home page: what is wrong first."""
    if not position.total:
        return "There are no actions in the plan yet.", ""
    red, amber = position.counts[Status.RED], position.counts[Status.AMBER]
    if red:
        first = f"{capital(counted(red, 'action'))} {'is' if red == 1 else 'are'} off track"
        return first, f" and {_are(amber)} at risk." if amber else "."
    first = "Nothing is off track."
    return first, f" {capital(_are(amber))} at risk." if amber else " Nothing is at risk."


def _are(count: int) -> str:
    return f"{number(count)} {'is' if count == 1 else 'are'}"


def was(
    action: ActionPosition, before: ActionPosition | None, since: date, until: date, scheme: Scheme
) -> str:
    """How an action stood at the comparison: "was Amber in March", "as in March", "new since …"."""
    if before is None:
        return f"new since {month_of(since, until)}"
    if before.status == action.status:
        return f"as {then(since, until)}"
    return f"was {scheme[before.status].label} {then(since, until)}"


def closure_in_words(closure: str, note: str, agreed_by: str) -> str:
    """Why an action closed, where it goes on, and who agreed or whose it is; "" for no closure.

    "Moved to business as usual: the service plan. Now with Head of Housing."
    """
    if not closure:
        return ""
    label = str(Closure(closure).label)
    opening = f"{label}: {note.rstrip('.')}." if note else f"{label}."
    if not agreed_by:
        return opening
    said = "Now with" if closure == Closure.BUSINESS_AS_USUAL else "Agreed by"
    return f"{opening} {said} {agreed_by.rstrip('.')}."


# --- What changed -------------------------------------------------------------------------------


def change_sentence(change: Change, scheme: Scheme) -> Sentence:
    """What happened to one action, in words that follow its title. Without a full stop."""
    if change.after is None:
        return (Piece("is no longer in the plan"),)
    clauses = [_status_clause(change, scheme)]
    if moved := date_clause(change):
        clauses.append((Piece(moved),))
    if says_the_same(change):
        clauses.append((Piece("the words are the same as last time"),))
    clauses = [clause for clause in clauses if clause]
    if not clauses:
        return (Piece("has had no update"),)
    pieces = list(clauses[0])
    for clause in clauses[1:]:
        pieces += [Piece("; "), *clause]
    return tuple(pieces)


def _status_clause(change: Change, scheme: Scheme) -> Sentence:
    assert change.after is not None
    to = _named(change.after.status, scheme)
    if change.before is None:
        return (Piece("is new in the plan: "), to)
    origin = _named(change.before.status, scheme)
    if not change.moved_status:
        return (Piece("is still "), to) if change.has_news else ()
    match change.after.status:
        case Status.CLAIMED:
            return (Piece("went from "), origin, Piece(" to "), to, Piece(", not yet checked"))
        case Status.COMPLETE if change.before.status == Status.CLAIMED:
            return (Piece("was checked by a second person and is "), to)
        case Status.BUSINESS_AS_USUAL:
            return (Piece("moved to "), to)
        case Status.MERGED:
            return (Piece("ended: "), to)
        case Status.NOT_TAKEN_FORWARD:
            return (Piece("ended: "), to)
        case _:
            return (Piece("went from "), origin, Piece(" to "), to)


def _named(status: Status, scheme: Scheme) -> Piece:
    return Piece(scheme[status].label, str(status))


def date_clause(change: Change) -> str:
    """What happened to the due date, "" where nothing did."""
    if not change.moved_date or change.before is None or change.after is None:
        return ""
    before, after = change.before, change.after
    if not (before.due or before.due_words):
        return f"it now has a date, {_due(after)}"
    if not (after.due or after.due_words):
        return "it no longer has a date"
    days = change.days_moved
    if days == 0:
        return f"its date is now given as “{_due(after)}”"
    if not (before.due_words or after.due_words) and before.due and after.due:
        moved = span(before.due, after.due)
    else:
        moved = f"{_due(before)} to {_due(after)}"
    size = ""
    if days is not None:
        size = f" ({counted_days(days)})" if days > 0 else f" ({counted_days(-days)} earlier)"
    return f"its date moved from {moved}{size}"


def counted_days(days: int) -> str:
    """ "1 day", "92 days"."""
    return "1 day" if days == 1 else f"{days} days"


def days_left(due: date, today: date) -> str:
    """ "11 days left", "due today", "3 days overdue"."""
    days = (due - today).days
    if days == 0:
        return "due today"
    return f"{counted_days(days)} left" if days > 0 else f"{counted_days(-days)} overdue"


def _due(action: ActionPosition) -> str:
    if action.due_words:
        return action.due_words
    return day_in_words(action.due) if action.due else "no date"


def says_the_same(change: Change) -> bool:
    """True where a new update repeats the words of the one before, which members complain of."""
    if not (change.has_news and change.before and change.before.update):
        return False
    assert change.after is not None
    assert change.after.update is not None
    now = " ".join(change.after.update.commentary.split())
    return bool(now) and now == " ".join(change.before.update.commentary.split())


@dataclass(frozen=True)
class ChangeGroup:
    """Changes of one kind, in plan order. `heading` has the number in it: "Two got worse"."""

    key: str
    heading: str
    changes: tuple[Change, ...]

    @property
    def count(self) -> int:
        """The number of actions."""
        return len(self.changes)

    @property
    def refs(self) -> str:
        """Their references as a list in words."""
        return listed([change.action.ref for change in self.changes])

    @property
    def by_lead(self) -> tuple[tuple[str, str], ...]:
        """Lead roles with the references of their actions, in the order of the plan."""
        held: dict[str, list[str]] = {}
        for change in self.changes:
            held.setdefault(change.action.lead_role, []).append(change.action.ref)
        return tuple((role or "No lead role", listed(refs)) for role, refs in held.items())


KINDS: dict[str, tuple[str, str]] = {
    "worse": ("got worse", "got worse"),
    "complete": ("more is complete", "more are complete"),
    "normal": ("moved into normal work", "moved into normal work"),
    "better": ("got better", "got better"),
    "started": ("has started", "have started"),
    "paused": ("was paused", "were paused"),
    "date": ("has a new date only", "have new dates only"),
    "new": ("is new in the plan", "are new in the plan"),
    "ended": ("ended", "ended"),
    "still": ("is still off track or at risk", "are still off track or at risk"),
    "same": ("was updated, with no change of status", "were updated, with no change of status"),
    "quiet": ("has no new update", "have no new update"),
}
"""Kinds of change, in the order in which they are told: singular and plural of the heading."""

RATED = (Status.RED, Status.AMBER, Status.GREEN)


def kind_of(change: Change) -> str:
    """The one kind under which a change is told, "" where there is nothing to tell."""
    if change.ended or change.is_gone:
        return "ended"
    if change.is_new:
        return "new"
    if change.moved_status:
        if kind := _kind_of_move(change):
            return kind
        return "worse" if change.worsened else "better"
    if change.moved_date:
        return "date"
    if change.has_news:
        return "still" if change.status_to in (Status.RED, Status.AMBER) else "same"
    return "quiet" if change.after and change.after.is_open else ""


def _kind_of_move(change: Change) -> str:
    match change.status_to:
        case Status.COMPLETE:
            return "complete"
        case Status.CLAIMED:
            return "worse" if change.status_from == Status.COMPLETE else "complete"
        case Status.BUSINESS_AS_USUAL:
            return "normal"
        case Status.PAUSED:
            return "paused"
        case Status.GREEN if change.status_from == Status.NOT_STARTED:
            return "started"
    return ""


def change_groups(found: Changes) -> tuple[ChangeGroup, ...]:
    """Every action told once, by kind, the kinds in the order of `KINDS`; empty kinds left out."""
    held: dict[str, list[Change]] = {key: [] for key in KINDS}
    for change in found.all:
        if kind := kind_of(change):
            held[kind].append(change)
    return tuple(
        ChangeGroup(key, _heading(key, changes), tuple(changes))
        for key, changes in held.items()
        if changes
    )


def _heading(key: str, changes: list[Change]) -> str:
    words = KINDS[key][0 if len(changes) == 1 else 1]
    claimed = sum(change.status_to == Status.CLAIMED for change in changes)
    if key == "complete" and claimed:
        # What nobody has checked yet is not called complete.
        be = "is" if len(changes) == 1 else "are"
        words = f"more {be} {'' if claimed == len(changes) else 'complete or '}claimed complete"
    return f"{capital(number(len(changes)))} {words}"


def number_changed(groups: Iterable[ChangeGroup]) -> int:
    """How many actions have something new to tell."""
    return sum(group.count for group in groups if group.key != "quiet")


# --- What is needed -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Need:
    """Why an action is an exception, or what is asked of members: a label and words."""

    label: str
    text: str


def needs(action: ActionPosition, on: date) -> tuple[Need, ...]:
    """Why members look at an action and what is needed, the most important first, uncut."""
    found: list[Need] = []
    update = action.update
    if update and update.decision_sought:
        found.append(Need("Decision sought", update.decision_sought))
    if update and update.recovery_plan:
        found.append(Need("Recovery plan", update.recovery_plan))
    if action.is_overdue(on) and action.due:
        late = counted_days((on - action.due).days)
        found.append(Need("Overdue", f"it was due on {day_in_words(action.due)}, {late} ago."))
    if action.is_open and action.days_slipped > 0:
        late = f"{counted_days(action.days_slipped)} later than first agreed."
        reason = next((each.reason for each in reversed(action.date_moves) if each.reason), "")
        found.append(Need("Date", f"{late} Reason: {reason}" if reason else late))
    return tuple(found)
