"""What a progress update must hold, as pure rules over what was typed and what is known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from actions.states import Rating, State, printed_status
from peerplan.councils.ratings import Rule

TEXT_LIMIT = 4000
SHORT_LIMIT = 60
ROLE_LIMIT = 120


@dataclass(frozen=True)
class UpdateDraft:
    """What somebody gives for a progress update.

    No expected date and no words for it: as it was. `milestones_done` None: not asked. `follows` is
    the id of an update for the same day that the person has read and whose successor this is.
    """

    as_at: date
    state: str
    rating: str = ""
    forecast: str = ""
    expected_date: date | None = None
    expected_words: str = ""
    date_reason: str = ""
    commentary: str = ""
    recovery_plan: str = ""
    decision_sought: str = ""
    internal_note: str = ""
    on_behalf_of: str = ""
    is_correction: bool = False
    correction_reason: str = ""
    milestones_done: frozenset[int] | None = None
    follows: int | None = None


@dataclass(frozen=True)
class Before:
    """What holds on the day of the draft without it."""

    state: str
    due: date | None
    due_words: str
    in_plan_from: date
    exists_for_day: bool
    update_id: int | None = None


LIMITED = {
    "commentary": ("The progress update", TEXT_LIMIT),
    "recovery_plan": ("The recovery plan", TEXT_LIMIT),
    "decision_sought": ("The decision sought", TEXT_LIMIT),
    "internal_note": ("The internal note", TEXT_LIMIT),
    "date_reason": ("The reason for the date", TEXT_LIMIT),
    "correction_reason": ("The reason for the correction", TEXT_LIMIT),
    "expected_words": ("The date as printed", SHORT_LIMIT),
    "on_behalf_of": ("The role on whose behalf", ROLE_LIMIT),
}


def tidied(draft: UpdateDraft) -> UpdateDraft:
    """The draft without what does not apply: no rating unless in progress, no plan unless amber."""
    rating = draft.rating if draft.state == State.IN_PROGRESS else ""
    is_open = draft.state in (State.NOT_STARTED, State.IN_PROGRESS, State.PAUSED)
    return replace(
        draft,
        rating=rating,
        forecast=draft.forecast if is_open else "",
        recovery_plan=draft.recovery_plan if rating == Rating.AMBER else "",
        decision_sought=draft.decision_sought if rating == Rating.RED else "",
        correction_reason=draft.correction_reason if draft.is_correction else "",
    )


def moves_date(draft: UpdateDraft, before: Before) -> bool:
    """True where the draft gives another date, or other words for it, than the one that holds."""
    if draft.expected_date is None and not draft.expected_words:
        return False
    return (draft.expected_date, draft.expected_words) != (before.due, before.due_words)


def _comes_after(draft: UpdateDraft, before: Before) -> bool:
    """True where a second update for one day is no mistake: its author has read the first."""
    return draft.follows is not None and draft.follows == before.update_id


def problems(
    draft: UpdateDraft, before: Before, *, today: date, scheme: Mapping[str, Rule]
) -> dict[str, str]:
    """What is wrong with a tidied draft: a message that says what to do, by field."""
    found: dict[str, str] = {}
    for name, (label, limit) in LIMITED.items():
        length = len(getattr(draft, name))
        if length > limit:
            found[name] = f"{label} has {length:,} characters: shorten it to {limit:,} or fewer."
    if draft.as_at > today:
        found["as_at"] = "The as-at date is in the future: give today or an earlier day."
    elif draft.as_at < before.in_plan_from:
        found["as_at"] = (
            "This action came into the plan on "
            f"{before.in_plan_from.day} {before.in_plan_from:%B %Y}: give that day or a later one."
        )
    if draft.state not in State.values:
        found["state"] = "Choose where this action has got to."
        return found
    if draft.state == State.IN_PROGRESS and draft.rating not in Rating.values:
        found["rating"] = "Choose a rating: red, amber or green."
        return found
    if draft.forecast and draft.forecast not in Rating.values:
        found["forecast"] = "Choose the rating you expect at the due date, or leave it empty."
    status = printed_status(draft.state, draft.rating)
    rule = scheme.get(status)
    if rule and rule.requires_commentary and not draft.commentary.strip():
        found["commentary"] = f"Say what has happened: {rule.label} needs a progress update."
    if draft.rating == Rating.AMBER and not draft.recovery_plan.strip():
        found["recovery_plan"] = "Say what the team is doing to recover."
    if draft.rating == Rating.RED and not draft.decision_sought.strip():
        found["decision_sought"] = "Say which decision is needed, and from whom."
    if moves_date(draft, before):
        if not draft.date_reason.strip():
            found["date_reason"] = "Say why the date moves."
        if draft.expected_date and draft.expected_date < draft.as_at:
            found["expected_date"] = "The new date is before the as-at date: give a later one."
    if draft.is_correction and not before.exists_for_day:
        found["is_correction"] = (
            "There is no update for this date to correct: untick correction, or change the date."
        )
    elif before.exists_for_day and not (draft.is_correction or _comes_after(draft, before)):
        found["as_at"] = (
            "There is already an update for this date. Mark yours as a correction, "
            "or give another date."
        )
    if draft.is_correction and not draft.correction_reason.strip():
        found["correction_reason"] = "Say what was wrong."
    return found
