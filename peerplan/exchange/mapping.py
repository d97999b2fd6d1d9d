"""Which column of a pasted table is which, guessed from its headings."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from peerplan.exchange.table import Row


class Field(StrEnum):
    """Where a column goes."""

    REFERENCE = "reference"
    RECOMMENDATION = "recommendation"
    ACTION = "action"
    DESCRIPTION = "description"
    LEAD = "lead"
    DUE = "due"
    STATUS = "status"
    RATING = "rating"
    PROGRESS = "progress"
    RECOVERY = "recovery"
    DECISION = "decision"
    SUCCESS = "success"
    DIRECTORATE = "directorate"
    PORTFOLIO = "portfolio"
    THEME = "theme"


LABELS: dict[Field, str] = {
    Field.REFERENCE: "Reference",
    Field.RECOMMENDATION: "Recommendation",
    Field.ACTION: "Action",
    Field.DESCRIPTION: "More about the action",
    Field.LEAD: "Lead role",
    Field.DUE: "Due date and words",
    Field.STATUS: "Status",
    Field.RATING: "Rating (RAG)",
    Field.PROGRESS: "Progress update",
    Field.RECOVERY: "Recovery plan",
    Field.DECISION: "Decision sought",
    Field.SUCCESS: "Success measure",
    Field.DIRECTORATE: "Directorate",
    Field.PORTFOLIO: "Portfolio holder",
    Field.THEME: "Theme",
}
LEAVE_OUT = ""

SYNONYMS: dict[Field, tuple[str, ...]] = {
    Field.REFERENCE: (
        "reference", "ref", "ref no", "no", "number", "id", "action ref", "action no",
        "action number", "action id", "action reference", "item", "item no", "nr",
    ),
    Field.RECOMMENDATION: (
        "recommendation", "lga recommendation", "peer recommendation", "cpc recommendation",
        "key recommendation", "recommendations", "rec", "rec no", "recommendation no",
        "recommendation number", "recommendation ref", "peer challenge recommendation",
        "peer team recommendation", "area for improvement",
    ),
    Field.ACTION: (
        "action", "actions", "action required", "agreed action", "proposed action",
        "council action", "what we will do", "what will we do", "task", "deliverable", "activity",
        "key action", "action title", "title", "improvement action",
    ),
    Field.DESCRIPTION: (
        "description", "detail", "details", "action detail", "action description", "further detail",
    ),
    Field.LEAD: (
        "lead", "owner", "lead officer", "lead role", "responsible officer", "action owner", "who",
        "responsibility", "responsible", "officer", "accountable officer", "officer lead", "sro",
        "lead owner", "owned by", "by whom", "lead responsibility", "senior responsible officer",
    ),
    Field.DUE: (
        "timescale", "timescales", "due", "due date", "target date", "deadline", "by when", "when",
        "completion date", "timeframe", "target completion date", "end date", "date", "timeline",
        "target", "delivery date", "date due",
    ),
    Field.STATUS: ("status", "state", "progress status", "current status", "action status"),
    Field.RATING: (
        "rag", "rag rating", "rag status", "brag", "brag rating", "brag status", "rating",
        "delivery rating", "delivery confidence", "r a g",
    ),
    Field.PROGRESS: (
        "progress update", "progress", "update", "updates", "comments", "comment", "commentary",
        "latest update", "latest position", "current position", "progress to date", "narrative",
        "position", "progress commentary", "progress notes", "latest progress", "notes",
    ),
    Field.RECOVERY: (
        "recovery plan", "path to green", "route to green", "mitigation", "recovery",
    ),
    Field.DECISION: (
        "decision sought", "decision needed", "decision required", "escalation",
    ),
    Field.SUCCESS: (
        "success measure", "success measures", "measure of success", "measures of success",
        "outcome", "outcomes", "success criteria", "kpi", "intended outcome", "measure", "measures",
        "what success looks like", "what will success look like", "performance measure", "output",
    ),
    Field.DIRECTORATE: (
        "directorate", "department", "service", "service area", "division", "directorate lead",
    ),
    Field.PORTFOLIO: (
        "portfolio holder", "portfolio", "pfh", "ph", "lead member", "cabinet member",
        "accountable member", "executive member", "accountable", "member lead",
        "relevant portfolio holder", "cabinet lead", "councillor",
    ),
    Field.THEME: ("theme", "themes", "cpc theme", "area", "focus area", "priority", "lga theme"),
}  # fmt: skip

# How many rows above the headings may hold a title.
_MOST_ABOVE = 5


def normal(heading: str) -> str:
    """A heading in small letters, its punctuation as single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", heading.lower()))


def guess(headings: Sequence[str], own: Mapping[Field, str] | None = None) -> list[str]:
    """A field for each heading, "" for none; no field twice. `own` are the council's own words.

    Whole headings count first, then words within them ("Comments November 2026").
    """
    ours = {field: normal(label) for field, label in (own or {}).items()}
    words = {field: (ours.get(field, ""), *known) for field, known in SYNONYMS.items()}
    texts = [_reference_sign(heading) or normal(heading) for heading in headings]
    found = [LEAVE_OUT] * len(texts)
    exact = {word: field for field in Field for word in SYNONYMS[field]}
    exact |= {label: field for field, label in ours.items() if label}
    for index, text in enumerate(texts):
        field = exact.get(text)
        if field and field not in found:
            found[index] = field
    phrases = sorted(
        ((word, field) for field in Field for word in words[field] if len(word) > 2),
        key=lambda pair: -len(pair[0]),
    )
    for index, text in enumerate(texts):
        if found[index] or not text or text in exact:
            continue
        padded = f" {text} "
        for word, field in phrases:
            if f" {word} " in padded and field not in found:
                found[index] = field
                break
    return found


def headings_at(rows: Sequence[Row], own: Mapping[Field, str] | None = None) -> int | None:
    """Which of the first rows holds the headings (an index), None where none seems to."""
    best, most = None, 0
    for index, row in enumerate(rows[:_MOST_ABOVE]):
        known = sum(1 for field in guess(row.cells, own) if field)
        if known > most and all(len(cell) <= 80 for cell in row.cells):
            best, most = index, known
    return best if most >= 2 else None


def problems(chosen: Iterable[str]) -> dict[int, str]:
    """What is wrong with a choice of fields, by the index of the column."""
    found: dict[int, str] = {}
    seen: dict[str, int] = {}
    for index, field in enumerate(chosen):
        if not field:
            continue
        if field not in LABELS:
            found[index] = "Choose where this column goes."
        elif field in seen:
            found[index] = (
                f"“{LABELS[Field(field)]}” is chosen twice: choose it for one column only."
            )
        else:
            seen[field] = index
    return found


def _reference_sign(heading: str) -> str:
    """ "ref" for a heading that is only a sign, such as "#" or "No."."""
    return "ref" if heading.strip() in ("#", "№") else ""
