"""What the council does: actions, the updates that are the truth about them, and releases."""

from actions.models.evidence import Evidence, EvidenceQuerySet, evidence_path
from actions.models.plan import (
    EXEMPT_PARAGRAPHS,
    Action,
    Answer,
    Lineage,
    Milestone,
    Visibility,
)
from actions.models.releases import FindingNote, RecommendationUpdate, Release, StoredDocument
from actions.models.statements import IssuedStatement, PositionStatement, StatementFile
from actions.models.updates import Extension, MilestoneDone, ProgressUpdate

__all__ = [
    "EXEMPT_PARAGRAPHS",
    "Action",
    "Answer",
    "Evidence",
    "EvidenceQuerySet",
    "Extension",
    "FindingNote",
    "IssuedStatement",
    "Lineage",
    "Milestone",
    "MilestoneDone",
    "PositionStatement",
    "ProgressUpdate",
    "RecommendationUpdate",
    "Release",
    "StatementFile",
    "StoredDocument",
    "Visibility",
    "evidence_path",
]
