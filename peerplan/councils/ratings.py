"""The statuses an action is printed with, and the default written rule for each.

State and rating are two things; the printed status is derived from both (`actions.status`). The
keys are those of the status component, its colours and shapes.
"""

from dataclasses import dataclass

from django.db import models


class Status(models.TextChoices):
    """A printed status: the rating while in progress, otherwise the state."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"
    COMPLETE = "complete", "Complete"
    CLAIMED = "claimed", "Claimed complete"
    NOT_STARTED = "none", "Not started"
    PAUSED = "paused", "Paused"
    BUSINESS_AS_USUAL = "bau", "Business as usual"
    MERGED = "merged", "Merged"
    NOT_TAKEN_FORWARD = "withdrawn", "Not taken forward"


@dataclass(frozen=True)
class Rule:
    """What a council has written about one status."""

    key: str
    label: str
    definition: str
    requires_commentary: bool = False


DEFAULT_RULES: tuple[Rule, ...] = (
    Rule("red", "Red", "Off track. It needs a decision from someone else.", True),
    Rule(
        "amber",
        "Amber",
        "At risk, with a recovery plan that is in the team’s own control.",
        True,
    ),
    Rule("green", "Green", "On track for its date.", True),
    Rule("complete", "Complete", "Delivered, with evidence checked by a second person."),
    Rule("claimed", "Claimed complete", "Delivered, say its owners; not yet checked.", True),
    Rule("none", "Not started", "Not due to start yet."),
    Rule("paused", "Paused", "Stopped for now by a decision.", True),
    Rule("bau", "Business as usual", "Moved into the normal work of a service.", True),
    Rule("merged", "Merged", "Merged into, split into or superseded by another action."),
    Rule("withdrawn", "Not taken forward", "The council decided against it.", True),
)
