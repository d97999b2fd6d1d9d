"""What the rules look at: each action and recommendation with what came before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from actions.integrity.names import NameList
from actions.position import ActionPosition, RecommendationPosition


@dataclass(frozen=True, slots=True)
class Told:
    """How an action stood in an earlier release, and in which words."""

    as_at: date
    status: str
    commentary: str


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """One action as it is about to be released, seen on a day.

    `before` and `before_that`: the last two releases of earlier days. `public`: its texts for
    publication, as pairs of what each is called and what it says. `withholds_words`: its update
    was written while it was not for publication, and the reader may not know those words.
    """

    on: date
    action: ActionPosition
    before: Told | None = None
    before_that: Told | None = None
    has_evidence: bool = False
    withholds_words: bool = False
    public: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RecommendationFacts:
    """One recommendation with the actions that the reader sees, and its texts that are public."""

    recommendation: RecommendationPosition
    public: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PlanFacts:
    """A whole plan in its order, the council's words for statuses, and its list of people."""

    actions: tuple[ActionFacts, ...]
    recommendations: tuple[RecommendationFacts, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    names: NameList = field(default_factory=lambda: NameList(()))
