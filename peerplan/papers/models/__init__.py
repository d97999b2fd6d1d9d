"""The tables of committee papers, by what they are about."""

from peerplan.papers.models.decisions import Amendment, Decision, Resolution, ResolutionLink
from peerplan.papers.models.issues import IssuedDocument, IssuedPaper
from peerplan.papers.models.meetings import Body, BodyMember, ClosureDay, Meeting
from peerplan.papers.models.papers import Paper, PaperAppendix, PaperPart
from peerplan.papers.models.questions import Question, QuestionEntry
from peerplan.papers.models.routes import Purpose, Route, RouteStep
from peerplan.papers.models.templates import (
    PaperTemplate,
    PartDesign,
    PartKind,
    Placement,
    Source,
    TemplatePart,
)

__all__ = [
    "Amendment",
    "Body",
    "BodyMember",
    "ClosureDay",
    "Decision",
    "IssuedDocument",
    "IssuedPaper",
    "Meeting",
    "Paper",
    "PaperAppendix",
    "PaperPart",
    "PaperTemplate",
    "PartDesign",
    "PartKind",
    "Placement",
    "Purpose",
    "Question",
    "QuestionEntry",
    "Resolution",
    "ResolutionLink",
    "Route",
    "RouteStep",
    "Source",
    "TemplatePart",
]
