"""The rules that a rating is held against, in words and in code. Pure: no database.

Each looks at one action or one recommendation and says what it found, quoting what triggered it.
A finding is known by its facts: a note answers it for as long as they stay the same. What passes
by itself, such as the number of days by which something is late, is not one of them.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from actions.integrity.facts import ActionFacts, PlanFacts, RecommendationFacts
from actions.integrity.names import NameList
from actions.position import ActionPosition, DateMove
from actions.sentences import clipped, counted_days, listed, number
from actions.states import COMPLETE_STATES, SEVERITY
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.ratings import Status

FORECAST_DAYS = 30
MANY_MOVES = 3
AROUND = 70
"""Characters of a text shown on each side of a name."""
RATED_TROUBLE = (Status.RED, Status.AMBER)
BETTER = (
    Status.AMBER,
    Status.GREEN,
    Status.CLAIMED,
    Status.COMPLETE,
    Status.BUSINESS_AS_USUAL,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """What triggered a finding: where it stands, and the words."""

    where: str
    words: str


@dataclass(frozen=True)
class Found:
    """What a rule says of one subject. `facts`: what has to stay the same for a note to answer."""

    sentence: str
    quotes: tuple[Quote, ...]
    facts: tuple[str, ...]
    actions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Context:
    """What the rules know beside the subject: the labels of statuses and the list of people."""

    labels: Mapping[str, str]
    names: NameList

    def label(self, key: str) -> str:
        """What the council calls a status."""
        return self.labels.get(key) or str(Status(key).label)


Subject = TypeVar("Subject")
Check = Callable[[Subject, Context], Found | None]


@dataclass(frozen=True)
class Rule:
    """One rule: its key, a heading for what it finds, and the rule as people read it."""

    key: str
    heading: str
    words: str
    action: Check[ActionFacts] | None = None
    recommendation: Check[RecommendationFacts] | None = None


@dataclass(frozen=True)
class Finding:
    """One rule that one action or recommendation does not keep, with what triggered it.

    `actions`: the ids of the actions of which it tells.
    """

    rule: str
    kind: str
    id: int
    ref: str
    title: str
    sentence: str
    quotes: tuple[Quote, ...]
    facts_sha256: str
    is_exempt: bool
    actions: tuple[int, ...]

    @property
    def slug(self) -> str:
        """The word for its rule in addresses: one that looks at both kinds has two."""
        both = RULES[self.rule].action and RULES[self.rule].recommendation
        return (
            f"{self.rule}-{RECOMMENDATION}" if both and self.kind == RECOMMENDATION else self.rule
        )

    @property
    def key(self) -> tuple[str, str, int]:
        """What it is about, whatever the facts: rule, kind of subject, its id."""
        return self.rule, self.kind, self.id


ACTION, RECOMMENDATION = "action", "recommendation"


# --- The rules ----------------------------------------------------------------------------------


def _green_but_overdue(facts: ActionFacts, context: Context) -> Found | None:
    action = facts.action
    if action.status != Status.GREEN or not action.is_overdue(facts.on) or action.due is None:
        return None
    late = counted_days((facts.on - action.due).days)
    return Found(
        f"Rated {context.label(Status.GREEN)}, and {late} overdue.",
        (_rated(action, context), _due(action)),
        (action.due.isoformat(),),
    )


def _no_forecast(facts: ActionFacts, context: Context) -> Found | None:
    action = facts.action
    if not action.is_open or action.due is None or action.forecast:
        return None
    if not facts.on <= action.due <= facts.on + timedelta(days=FORECAST_DAYS):
        return None
    days = (action.due - facts.on).days
    when = "today" if days == 0 else f"in {counted_days(days)}"
    return Found(
        f"Due {when}, and nobody has said how it will stand then.",
        (_due(action), Quote("Forecast", "None given")),
        (action.due.isoformat(),),
    )


def _complete_unproven(facts: ActionFacts, context: Context) -> Found | None:
    action = facts.action
    if action.state not in COMPLETE_STATES:
        return None
    still_open = [each for each in action.milestones if not each.is_done]
    if not still_open and facts.has_evidence:
        return None
    missing: list[str] = []
    quotes = [_rated(action, context)]
    if still_open:
        are = "milestone is" if len(still_open) == 1 else "milestones are"
        missing.append(f"{number(len(still_open))} {are} still open")
        quotes += [Quote("Open milestone", clipped(each.title)) for each in still_open]
    if not facts.has_evidence:
        missing.append("there is no evidence")
        quotes.append(Quote("Evidence", "None on this action"))
    return Found(
        f"{context.label(action.status)}, but {' and '.join(missing)}.",
        tuple(quotes),
        (
            action.state,
            *(f"{each.id} {each.title}" for each in still_open),
            str(facts.has_evidence),
        ),
    )


def _red_without_a_way_out(facts: ActionFacts, context: Context) -> Found | None:
    update = facts.action.update
    if facts.action.status != Status.RED or update is None or facts.withholds_words:
        return None
    if update.recovery_plan.strip() or update.decision_sought.strip():
        return None
    return Found(
        f"Rated {context.label(Status.RED)}, and nothing says what is done about it.",
        (
            _rated(facts.action, context),
            Quote("Recovery plan", "None given"),
            Quote("Decision sought", "None given"),
        ),
        (update.as_at.isoformat(), _line(update.commentary)),
    )


def _same_words(facts: ActionFacts, context: Context) -> Found | None:
    before, earlier = facts.before, facts.before_that
    update = facts.action.update
    if not facts.action.is_open or update is None or before is None or earlier is None:
        return None
    words = _line(update.commentary)
    if not words or not words == _line(before.commentary) == _line(earlier.commentary):
        return None
    days = f"{day_in_words(earlier.as_at)} and {day_in_words(before.as_at)}"
    return Found(
        f"The progress update is word for word that of the last two releases, {days}.",
        (Quote("Progress update", clipped(update.commentary)),),
        (words, before.as_at.isoformat(), earlier.as_at.isoformat()),
    )


def _better_without_words(facts: ActionFacts, context: Context) -> Found | None:
    action, before = facts.action, facts.before
    if action.update is None or before is None or before.status not in RATED_TROUBLE:
        return None
    if facts.withholds_words or action.status not in BETTER:
        return None
    if SEVERITY[action.status] <= SEVERITY[before.status]:
        return None
    words = _line(action.update.commentary)
    if words and words != _line(before.commentary):
        return None
    was, now = context.label(before.status), context.label(action.status)
    return Found(
        f"Went from {was} to {now} since {day_in_words(before.as_at)} without new words.",
        (
            Quote(f"Released at {day_in_words(before.as_at)}", was),
            Quote("Now", now),
            Quote("Progress update", clipped(action.update.commentary) or "None given"),
        ),
        (before.status, before.as_at.isoformat(), action.status, words),
    )


def moves_of(action: ActionPosition) -> tuple[DateMove, ...]:
    """The date moves that gave another date, or other words where there is none, in order."""
    held = (action.original_due, "" if action.original_due else action.original_due_words)
    moved: list[DateMove] = []
    for move in action.date_moves:
        now = (move.to, "" if move.to else move.words)
        if now != held:
            moved.append(move)
        held = now
    return tuple(moved)


def _moved_often(facts: ActionFacts, context: Context) -> Found | None:
    action = facts.action
    moves = moves_of(action)
    if not action.is_open or len(moves) < MANY_MOVES:
        return None
    first = action.original_due_words or _day(action.original_due)
    quotes = [Quote("First agreed", first)]
    quotes += [
        Quote(f"At {day_in_words(move.as_at)}", _moved(move.words or _day(move.to), move.reason))
        for move in moves
    ]
    return Found(
        f"Its date has moved {number(len(moves))} times.",
        tuple(quotes),
        tuple(f"{move.as_at} {move.to} {move.words}" for move in moves),
    )


def _nobody_leads(facts: ActionFacts, context: Context) -> Found | None:
    action = facts.action
    if not action.is_open or action.lead_role.strip() or action.lead_person_id is not None:
        return None
    return Found("Nobody leads it.", (Quote("Lead", "None given"),), ())


def _no_measure(facts: ActionFacts, context: Context) -> Found | None:
    action = facts.action
    is_asked = action.is_open or action.status == Status.CLAIMED
    if not is_asked or action.success_measure.strip():
        return None
    return Found(
        "Nothing says how success will be known.", (Quote("Success measure", "None given"),), ()
    )


def _named_in_action(facts: ActionFacts, context: Context) -> Found | None:
    return _named(facts.public, context)


def _named_in_recommendation(facts: RecommendationFacts, context: Context) -> Found | None:
    return _named(facts.public, context)


def _named(public: tuple[tuple[str, str], ...], context: Context) -> Found | None:
    quotes: list[Quote] = []
    people: list[str] = []
    places: list[str] = []
    for where, text in public:
        for hit in context.names.hits(text):
            quotes.append(Quote(where, _around(text, hit.start, hit.end)))
            people.append(f"“{' '.join(hit.words.split())}”")
            places.append(where)
    if not quotes:
        return None
    who, fields = _once(people), _once(places)
    shown = listed([each[:1].lower() + each[1:] for each in fields])
    return Found(
        f"{listed(who)} {'is' if len(who) == 1 else 'are'} named in a text for publication: "
        f"{shown}.",
        tuple(quotes),
        tuple(f"{each.where}: {each.words}" for each in quotes),
    )


def _better_than_its_actions(facts: RecommendationFacts, context: Context) -> Found | None:
    record = facts.recommendation
    own, worst = record.own, record.worst
    if own is None or worst is None or own.status not in SEVERITY:
        return None
    if SEVERITY[own.status] <= SEVERITY[worst]:
        return None
    at_worst = [each for each in record.actions if each.is_counted and each.status == worst]
    refs = [each.ref for each in at_worst]
    says, stands = context.label(own.status), context.label(worst)
    return Found(
        f"The council says {says}, and {'action' if len(refs) == 1 else 'actions'} "
        f"{listed(refs)} {'stands' if len(refs) == 1 else 'stand'} at {stands}.",
        (
            Quote(f"The council’s own status, {day_in_words(own.as_at)}", says),
            *(Quote(f"Action {each.ref}", f"{stands}: {clipped(each.title)}") for each in at_worst),
        ),
        (own.status, worst, *(f"{each.id} {each.is_exempt}" for each in at_worst)),
        tuple(each.id for each in at_worst),
    )


RULES: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            "green-overdue",
            "Green but overdue",
            "What is rated green is on track for its date, so that date has not passed.",
            action=_green_but_overdue,
        ),
        Rule(
            "no-forecast",
            "Due soon without a forecast",
            f"Within {FORECAST_DAYS} days of its date, an open action has a forecast.",
            action=_no_forecast,
        ),
        Rule(
            "complete-unproven",
            "Complete without proof",
            "What is complete has no milestone still open, and evidence that shows it.",
            action=_complete_unproven,
        ),
        Rule(
            "red-no-way-out",
            "Red without a way out",
            "What is rated red says what is done to recover it, or which decision is sought.",
            action=_red_without_a_way_out,
        ),
        Rule(
            "same-words",
            "The same words over two releases",
            "An open action’s progress update says something new at least every second release.",
            action=_same_words,
        ),
        Rule(
            "better-no-words",
            "A better rating without new words",
            "Where a red or amber rating gets better, the progress update says what has changed.",
            action=_better_without_words,
        ),
        Rule(
            "moved-often",
            "A date moved three times or more",
            "One realistic date is agreed rather than one after the other.",
            action=_moved_often,
        ),
        Rule(
            "no-lead",
            "No lead",
            "Every open action has a lead, a role or a person.",
            action=_nobody_leads,
        ),
        Rule(
            "no-measure",
            "No success measure",
            "Every action says how its success will be known, before it is complete.",
            action=_no_measure,
        ),
        Rule(
            "better-than-actions",
            "A recommendation better than its actions",
            "The council’s own status of a recommendation is no better than its worst action.",
            recommendation=_better_than_its_actions,
        ),
        Rule(
            "named",
            "A name in a text for publication",
            "Nobody of the council’s list of people is named in what the public will read.",
            action=_named_in_action,
            recommendation=_named_in_recommendation,
        ),
    )
}
"""Every rule by its key, in the order in which findings are told."""


def slug_of(rule: str, kind: str) -> str:
    """The word for a rule in addresses: one that looks at both kinds of subject has two."""
    is_second = kind == RECOMMENDATION and RULES[rule].action is not None
    return f"{rule}-{RECOMMENDATION}" if is_second else rule


def slugs() -> dict[str, tuple[str, str]]:
    """The rule and the kind of subject behind each word for a rule in addresses."""
    found = {slug_of(key, ACTION): (key, ACTION) for key, rule in RULES.items() if rule.action}
    for key, rule in RULES.items():
        if rule.recommendation:
            found[slug_of(key, RECOMMENDATION)] = key, RECOMMENDATION
    return found


# --- Finding ------------------------------------------------------------------------------------


def findings(plan: PlanFacts) -> tuple[Finding, ...]:
    """What the rules find in a plan: rule by rule, each in plan order."""
    return tuple(each for rule in RULES.values() for each in _findings_of(rule, plan))


def _findings_of(rule: Rule, plan: PlanFacts) -> Iterator[Finding]:
    context = Context(plan.labels, plan.names)
    if rule.action:
        for facts in plan.actions:
            if found := rule.action(facts, context):
                action = facts.action
                # A note of when it was not for publication does not answer for when it is.
                held = (*found.facts, str(action.is_exempt), str(facts.withholds_words))
                yield Finding(
                    rule.key,
                    ACTION,
                    action.id,
                    action.ref,
                    action.title,
                    found.sentence,
                    found.quotes,
                    _sha256(rule.key, ACTION, action.id, held),
                    action.is_exempt,
                    (action.id,),
                )
    if rule.recommendation:
        for of in plan.recommendations:
            if found := rule.recommendation(of, context):
                record = of.recommendation
                by_id = {each.id: each for each in record.actions}
                yield Finding(
                    rule.key,
                    RECOMMENDATION,
                    record.id,
                    record.ref,
                    record.title,
                    found.sentence,
                    found.quotes,
                    _sha256(rule.key, RECOMMENDATION, record.id, found.facts),
                    any(by_id[each].is_exempt for each in found.actions),
                    found.actions,
                )


def _sha256(rule: str, kind: str, key: int, facts: tuple[str, ...]) -> str:
    text = json.dumps([rule, kind, key, list(facts)], ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _line(text: str) -> str:
    return " ".join(text.split())


def _day(day: date | None) -> str:
    return day_in_words(day) if day else "No date"


def _rated(action: ActionPosition, context: Context) -> Quote:
    day = f", as at {day_in_words(action.update.as_at)}" if action.update else ""
    return Quote("Status", f"{context.label(action.status)}{day}")


def _due(action: ActionPosition) -> Quote:
    words = f" (“{action.due_words}”)" if action.due_words else ""
    return Quote("Due", f"{_day(action.due)}{words}")


def _moved(to: str, reason: str) -> str:
    return f"to {to}: {clipped(reason)}" if reason.strip() else f"to {to}"


def _around(text: str, start: int, end: int) -> str:
    """The words of a text around a place, on one line, whole words, with an ellipsis where cut."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    if first:
        first = text.find(" ", first, start) + 1 or start
    if last < len(text):
        last = max(text.rfind(" ", end, last), end)
    cut = _line(text[first:last])
    return f"{'… ' if first else ''}{cut}{' …' if last < len(text) else ''}"


def _once(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))
