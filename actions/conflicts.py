"""What somebody else did while a form was open: for the page that shows both texts."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.models import Action, ProgressUpdate, Visibility
from actions.people import SOMEBODY, posts_of
from actions.reading import names_exempt_evidence
from actions.rules import UpdateDraft
from actions.states import printed_status
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.gate import Person
from peerplan.councils.ratings import Rule

Words = tuple[tuple[str, bool], ...]
"""Stretches of a text, each with whether the other text lacks it."""


@dataclass(frozen=True)
class Version:
    """One of two versions, side by side: facts are label, value and whether they differ."""

    status: str
    label: str
    text: Words
    facts: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Conflict:
    """Who was first, when, with what, beside what this person typed.

    `theirs` is None where they changed the action itself and gave no update; `what` says what
    they did.
    """

    who: str
    when: datetime
    what: str
    theirs: Version | None
    mine: Version


def conflict_of(
    action: Action,
    seen_version: int,
    draft: UpdateDraft,
    person: Person,
    scheme: Mapping[str, Rule],
) -> Conflict:
    """What was done to `action` (read anew) since `seen_version`, beside `draft`."""
    history: Any = action.history
    latest = history.order_by("-history_date", "-history_id").first()
    seen = history.filter(version__lte=seen_version).order_by("-history_id").first()
    update = (
        ProgressUpdate.objects.filter(action=action, recorded_at__gt=seen.history_date)
        .order_by("-recorded_at", "-id")
        .first()
        if seen
        else None
    )
    if update and update.visibility == Visibility.EXEMPT and not person.reads_exempt:
        update = None
    author = update.author_id if update else latest.history_user_id
    when = update.recorded_at if update else latest.history_date
    who = posts_of(person.council, [author]).get(author, SOMEBODY)
    ours = _facts_of_draft(draft)
    theirs = _facts_of_update(update) if update else {}
    what = latest.history_change_reason or ""
    if not person.reads_exempt and names_exempt_evidence(action, what):
        what = ""
    return Conflict(
        who=who,
        when=when,
        what="" if update else (what or "changed the action"),
        theirs=_version(
            update.state,
            update.rating,
            update.commentary,
            theirs,
            draft.commentary,
            ours,
            scheme,
        )
        if update
        else None,
        mine=_version(
            draft.state,
            draft.rating,
            draft.commentary,
            ours,
            update.commentary if update else draft.commentary,
            theirs or ours,
            scheme,
        ),
    )


def _version(
    state: str,
    rating: str,
    text: str,
    facts: Mapping[str, str],
    other_text: str,
    other_facts: Mapping[str, str],
    scheme: Mapping[str, Rule],
) -> Version:
    status = printed_status(state, rating)
    shown = {
        name: scheme[value].label if name == "Forecast" and value in scheme else value
        for name, value in facts.items()
    }
    return Version(
        status=status,
        label=scheme[status].label,
        text=marked(text, other_text),
        facts=tuple(
            (name, value, facts[name] != other_facts.get(name, ""))
            for name, value in shown.items()
            if value
        ),
    )


def _facts_of_update(update: ProgressUpdate) -> dict[str, str]:
    return {
        "As at": day_in_words(update.as_at),
        "Forecast": update.forecast,
        "New date": (
            update.expected_words
            or (day_in_words(update.expected_date) if update.expected_date else "")
        )
        if update.date_reason
        else "",
        "Reason for the date": update.date_reason,
        "Recovery plan": update.recovery_plan,
        "Decision sought": update.decision_sought,
        "Internal note": update.internal_note,
    }


def _facts_of_draft(draft: UpdateDraft) -> dict[str, str]:
    return {
        "As at": day_in_words(draft.as_at),
        "Forecast": draft.forecast,
        "New date": draft.expected_words
        or (day_in_words(draft.expected_date) if draft.expected_date else ""),
        "Reason for the date": draft.date_reason,
        "Recovery plan": draft.recovery_plan,
        "Decision sought": draft.decision_sought,
        "Internal note": draft.internal_note,
    }


def marked(text: str, other: str) -> Words:
    """`text` in stretches, each with whether it is not in `other` (compared word by word)."""
    ours, theirs = text.split(" "), other.split(" ")
    found: list[tuple[str, bool]] = []
    matcher = difflib.SequenceMatcher(a=theirs, b=ours, autojunk=False)
    for kind, _, _, start, end in matcher.get_opcodes():
        if start < end:
            found.append((" ".join(ours[start:end]), kind != "equal"))
    return tuple(found)
