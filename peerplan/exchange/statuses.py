"""Words for how an action stands, read as its state and its rating."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from actions.states import Rating, State
from peerplan.councils.ratings import Rule, Status


@dataclass(frozen=True)
class Standing:
    """A state, with a rating or "" where the word gives none; `note` says what was made of it."""

    state: State
    rating: str = ""
    note: str = ""


_CHECKED_LATER = "Read as claimed complete: a second person then checks it."

_OF_STATUS: dict[str, Standing] = {
    Status.RED: Standing(State.IN_PROGRESS, Rating.RED),
    Status.AMBER: Standing(State.IN_PROGRESS, Rating.AMBER),
    Status.GREEN: Standing(State.IN_PROGRESS, Rating.GREEN),
    Status.COMPLETE: Standing(State.CLAIMED, note=_CHECKED_LATER),
    Status.CLAIMED: Standing(State.CLAIMED),
    Status.NOT_STARTED: Standing(State.NOT_STARTED),
    Status.PAUSED: Standing(State.PAUSED),
    Status.BUSINESS_AS_USUAL: Standing(State.BUSINESS_AS_USUAL),
    Status.MERGED: Standing(State.SUPERSEDED),
    Status.NOT_TAKEN_FORWARD: Standing(State.NOT_TAKEN_FORWARD),
}
UNRATED = Standing(State.IN_PROGRESS)

_WORDS: dict[str, tuple[str, ...]] = {
    Status.RED: ("r", "red", "off track", "delayed", "overdue", "behind schedule", "behind"),
    Status.AMBER: (
        "a", "amber", "at risk", "some concerns", "slipping", "some delay", "yellow", "orange",
    ),
    Status.GREEN: ("g", "green", "on track", "on target", "on schedule"),
    Status.COMPLETE: (
        "b", "blue", "c", "complete", "completed", "done", "delivered", "achieved", "closed",
        "finished", "implemented", "100",
    ),
    Status.NOT_STARTED: (
        "not started", "not yet started", "not due", "not yet due", "grey", "gray", "white",
        "to start", "to be started", "not begun", "planned", "0",
    ),
    Status.PAUSED: ("paused", "on hold", "deferred", "postponed", "suspended", "stopped"),
    Status.BUSINESS_AS_USUAL: (
        "bau", "business as usual", "moved to business as usual", "moved to bau", "embedded",
        "purple", "complete bau", "complete and moved to bau",
    ),
    Status.MERGED: ("merged", "superseded", "merged or superseded", "duplicate"),
    Status.NOT_TAKEN_FORWARD: (
        "not taken forward", "withdrawn", "rejected", "no longer required", "cancelled",
    ),
}  # fmt: skip
_UNRATED_WORDS = (
    "in progress", "ongoing", "started", "under way", "underway", "progressing", "open", "live",
    "in train", "commenced", "partially complete", "partly complete", "in development",
)  # fmt: skip
_BY_WORD: dict[str, Standing] = {
    word: _OF_STATUS[status] for status, words in _WORDS.items() for word in words
} | dict.fromkeys(_UNRATED_WORDS, UNRATED)


def read_status(typed: str, scheme: Mapping[str, Rule]) -> Standing | None:
    """How an action stands by one cell; the council's own labels first. None: not understood."""
    word = _normal(typed)
    for rule in scheme.values():
        if word and word == _normal(rule.label):
            return _OF_STATUS.get(rule.key)
    return _BY_WORD.get(word)


def together(status: Standing | None, rating: Standing | None) -> Standing | None:
    """What a status cell and a rating cell say together; a rating counts only while in progress."""
    if status is None or rating is None:
        return status or rating
    if status == UNRATED:
        return rating
    if status.state == State.IN_PROGRESS and rating.state == State.IN_PROGRESS:
        return rating if rating.rating else status
    return status


def _normal(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
