"""The words a council may put in place of ours, on screens and in papers."""

from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True)
class Words:
    """Words for the plan's columns, in sentence case."""

    recommendation: str = "Recommendation"
    action: str = "Action"
    lead: str = "Lead role"
    portfolio: str = "Accountable"
    directorate: str = "Directorate"
    theme: str = "Theme"
    due: str = "Due"
    success_measure: str = "Success measure"
    commentary: str = "Progress update"
    status: str = "Status"
    forecast: str = "Forecast"


KEYS = tuple(field.name for field in fields(Words))


def words_of(council: Any) -> Words:
    """The words of `council`, ours where it has set none (or where `council` is None)."""
    own = getattr(council, "vocabulary", None) or {}
    return replace(Words(), **{key: own[key] for key in KEYS if own.get(key)})
