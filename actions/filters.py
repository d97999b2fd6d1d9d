"""The plan's filters: read from the address, applied to a position. Pure: no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions.exceptions import DUE_SOON_DAYS
from actions.position import ActionPosition, Position
from peerplan.core.filters import Filter, choice_filter, text_filter
from peerplan.councils.ratings import Rule, Status
from peerplan.councils.vocabulary import Words

OVERDUE, SOON, MOVED = "overdue", "soon", "moved"
DUE_CHOICES = (
    (OVERDUE, "Overdue"),
    (SOON, f"In the next {DUE_SOON_DAYS} days"),
    (MOVED, "Date has moved"),
)
MINE = "me"
NOT_FILTERS = frozenset("page update known_by as_at as_at_0 as_at_1 as_at_2 in_row saved".split())


@dataclass(frozen=True)
class PlanFilters:
    """The filters of one request, with a sentence for each that could not be understood."""

    query: Filter
    theme: Filter
    directorate: Filter
    lead: Filter
    status: Filter
    due: Filter
    problems: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Filter, ...]:
        """In the order of the panel, without those that offer nothing."""
        chosen = (self.theme, self.directorate, self.lead, self.status, self.due)
        return (self.query, *(each for each in chosen if each.choices))

    @property
    def is_active(self) -> bool:
        """True where the reader has chosen something."""
        return any(each.is_active for each in self.all)


def plan_filters(
    query: Mapping[str, str], position: Position, scheme: Mapping[str, Rule], words: Words
) -> PlanFilters:
    """The filters in a query string, offering what there is in `position`.

    A value that the plan does not have counts as none, and `problems` says so.
    """
    actions = position.actions
    themes = _once((*position.themes, *(t for rec in position.recommendations for t in rec.themes)))
    directorates = _once(sorted(action.directorate for action in actions))
    leads = _once(sorted(action.lead_role for action in actions))
    statuses = [(key, scheme[key].label) for key in Status.values]
    found = PlanFilters(
        query=text_filter(query, "q", "Words, reference or role"),
        theme=choice_filter(query, "theme", words.theme, _same(themes), "All themes"),
        directorate=choice_filter(
            query, "directorate", words.directorate, _same(directorates), "All directorates"
        ),
        lead=choice_filter(query, "lead", words.lead, ((MINE, "Mine"), *_same(leads)), "Anyone"),
        status=choice_filter(query, "status", words.status, statuses, "Any status"),
        due=choice_filter(query, "due", words.due, DUE_CHOICES, "Any date"),
    )
    chosen = (found.theme, found.directorate, found.lead, found.status, found.due)
    problems = [
        f"The plan has no {each.label.lower()} “{_quoted(query[each.name])}”, "
        "so that filter was left out."
        for each in chosen
        if query.get(each.name) and not each.is_active
    ]
    names = {each.name for each in (found.query, *chosen)} | NOT_FILTERS
    problems += [
        f"There is no filter called “{_quoted(name)}”, so it was left out."
        for name in query
        if name not in names
    ]
    return replace(found, problems=tuple(problems))


def filtered(
    position: Position, filters: PlanFilters, on: date, mine: frozenset[int] = frozenset()
) -> Position:
    """The position with what passes the filters: actions, and recommendations that keep one.

    Without filters everything stays. `mine` holds the ids of the reader's own actions.
    """
    if not filters.is_active:
        return position
    in_theme = {
        rec.id
        for rec in position.recommendations
        if not filters.theme.is_active or filters.theme.value in rec.themes
    }
    words = filters.query.value.casefold().split()
    texts = {rec.id: f"{rec.title} {rec.wording}" for rec in position.recommendations}

    def passes(action: ActionPosition) -> bool:
        if filters.theme.is_active and not in_theme.intersection(action.recommendation_ids):
            return False
        if filters.directorate.is_active and action.directorate != filters.directorate.value:
            return False
        if filters.lead.value == MINE:
            if action.id not in mine:
                return False
        elif filters.lead.is_active and action.lead_role != filters.lead.value:
            return False
        if filters.status.is_active and action.status != filters.status.value:
            return False
        if filters.due.is_active and not _due_passes(action, filters.due.value, on):
            return False
        return not words or _holds(action, words, texts)

    kept = position.only(action.id for action in position.actions if passes(action))
    return replace(
        kept,
        recommendations=tuple(
            rec for rec in kept.recommendations if rec.actions and rec.id in in_theme
        ),
    )


def _due_passes(action: ActionPosition, wanted: str, on: date) -> bool:
    if wanted == OVERDUE:
        return action.is_overdue(on)
    if wanted == SOON:
        soon = on + timedelta(days=DUE_SOON_DAYS)
        return action.is_open and action.due is not None and on <= action.due <= soon
    return (action.due, action.due_words) != (action.original_due, action.original_due_words)


def _holds(action: ActionPosition, words: Iterable[str], texts: Mapping[int, str]) -> bool:
    """True where every word is in the action, its last update or its recommendations."""
    parts = [action.ref, action.title, action.description, action.lead_role, action.portfolio]
    parts += [texts.get(each, "") for each in action.recommendation_ids]
    if action.update:
        parts.append(action.update.commentary)
    text = "\n".join(parts).casefold()
    return all(word in text for word in words)


def _quoted(typed: str) -> str:
    """The beginning of what was typed, without characters that no page should repeat."""
    return "".join(letter for letter in typed[:60] if letter.isprintable())


def _once(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


def _same(values: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((value, value) for value in values)
