"""What the peers said, when they came and when they came back."""

from reviews.models.access import PeerAccess, PeerView
from reviews.models.challenges import (
    ChallengePart,
    Conclusion,
    PeerChallenge,
    Recommendation,
    RecommendationTheme,
    TeamMember,
    Theme,
)
from reviews.models.closing import ClosingLetter, Recurrence
from reviews.models.progress import (
    Finding,
    ProgressReview,
    ReturningPeer,
    ReviewPart,
    ReviewTheme,
)

__all__ = [
    "ChallengePart",
    "ClosingLetter",
    "Conclusion",
    "Finding",
    "PeerAccess",
    "PeerChallenge",
    "PeerView",
    "ProgressReview",
    "Recommendation",
    "RecommendationTheme",
    "Recurrence",
    "ReturningPeer",
    "ReviewPart",
    "ReviewTheme",
    "TeamMember",
    "Theme",
]
