"""State, rating, forecast, and the printed status derived from them. Pure rules, no database."""

from django.db import models

from peerplan.councils.ratings import Status


class State(models.TextChoices):
    """How far an action has come."""

    NOT_STARTED = "not-started", "Not started"
    IN_PROGRESS = "in-progress", "In progress"
    CLAIMED = "claimed", "Complete, claimed by its owner"
    VERIFIED = "verified", "Complete, checked by a second person"
    BUSINESS_AS_USUAL = "bau", "Moved to business as usual"
    PAUSED = "paused", "Paused"
    SUPERSEDED = "superseded", "Merged or superseded"
    NOT_TAKEN_FORWARD = "withdrawn", "Not taken forward"


class Rating(models.TextChoices):
    """The delivery rating while in progress; also the forecast at the due date."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"


class Closure(models.TextChoices):
    """Why an action closes."""

    DELIVERED = "delivered", "Delivered"
    BUSINESS_AS_USUAL = "bau", "Moved to business as usual"
    NOT_RELEVANT = "not-relevant", "No longer relevant"
    MERGED = "merged", "Merged into another action"
    CARRIED = "carried", "Carried over into another plan"


OPEN_STATES = (State.NOT_STARTED, State.IN_PROGRESS, State.PAUSED)
CLOSED_STATES = tuple(state for state in State if state not in OPEN_STATES)
COMPLETE_STATES = (State.CLAIMED, State.VERIFIED)

_PRINTED = {
    State.NOT_STARTED: Status.NOT_STARTED,
    State.CLAIMED: Status.CLAIMED,
    State.VERIFIED: Status.COMPLETE,
    State.BUSINESS_AS_USUAL: Status.BUSINESS_AS_USUAL,
    State.PAUSED: Status.PAUSED,
    State.SUPERSEDED: Status.MERGED,
    State.NOT_TAKEN_FORWARD: Status.NOT_TAKEN_FORWARD,
}

SEVERITY: dict[str, int] = {
    Status.RED: 0,
    Status.AMBER: 1,
    Status.PAUSED: 2,
    Status.NOT_STARTED: 3,
    Status.GREEN: 4,
    Status.CLAIMED: 5,
    Status.COMPLETE: 6,
    Status.BUSINESS_AS_USUAL: 7,
    Status.MERGED: 8,
    Status.NOT_TAKEN_FORWARD: 9,
}


def printed_status(state: str, rating: str) -> Status:
    """The status to print: the rating while in progress, otherwise the state."""
    if state == State.IN_PROGRESS:
        return Status(rating)
    return _PRINTED[State(state)]


def worst(statuses: list[Status]) -> Status | None:
    """The most serious of `statuses`, None of none. Merged and withdrawn count last."""
    return min(statuses, key=lambda status: SEVERITY[status], default=None)
