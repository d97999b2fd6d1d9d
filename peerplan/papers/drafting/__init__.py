"""Parts of a paper drafted from the plan, by subject: `DRAFTERS[key].text(context)`."""

from peerplan.papers.drafting import ahead, asks, progress, questions, review, visit
from peerplan.papers.drafting.context import DraftContext, load_context, load_context_for
from peerplan.papers.drafting.drafter import Drafter

__all__ = ["DRAFTERS", "DraftContext", "Drafter", "load_context", "load_context_for"]

DRAFTERS: dict[str, Drafter] = {
    drafter.key: drafter
    for drafter in (
        Drafter("purpose", "Purpose", "What the report is for", ahead.purpose),
        Drafter("reason", "Reason", "Why it comes to this body", ahead.reason),
        Drafter(
            "background",
            "Background",
            "The visit, its report, the plan and where it has been considered",
            visit.background,
        ),
        Drafter("team", "Peer team", "The peers by name, role and organisation", visit.team),
        Drafter("praised", "What the peers praised", "Strengths, by theme", visit.praised),
        Drafter("themes", "Themes", "What the peers looked at", visit.themes),
        Drafter(
            "recommendations-of-peers",
            "The peers’ recommendations",
            "Every recommendation in their words",
            visit.recommendations_of_peers,
        ),
        Drafter(
            "progress",
            "Summary of progress",
            "Where the plan stands, by recommendation or theme, with counts in a table",
            progress.progress,
            progress.counts_by_recommendation,
        ),
        Drafter(
            "exceptions",
            "Exceptions",
            "Actions off track, overdue or later than first agreed, and what is needed",
            progress.exceptions_of,
        ),
        Drafter(
            "changed",
            "What changed",
            "Changes since this body last saw the plan",
            progress.changed,
        ),
        Drafter("next-steps", "Next steps", "The route and the next deadline", ahead.next_steps),
        Drafter("deadlines", "Deadlines", "Every deadline of the challenge", ahead.deadlines),
        Drafter(
            "comments", "Comments of earlier meetings", "What earlier steps said", ahead.comments
        ),
        Drafter("minute", "Minutes of earlier meetings", "The minutes taken in", ahead.minute),
        Drafter(
            "questions",
            "Members’ questions",
            "What members of this body asked and what was answered since it last met",
            questions.questions,
        ),
        Drafter(
            "recommendations",
            "Recommendations to the body",
            "What the body is asked, by the purpose of the step",
            asks.recommendations,
        ),
        Drafter(
            "position",
            "Chart and counts",
            "All actions by status, and by theme in a table",
            progress.position,
            progress.chart_and_counts,
        ),
        Drafter(
            "completed",
            "Completed",
            "Completed since this body last saw the plan",
            tables=progress.completed,
        ),
        Drafter(
            "extensions",
            "Extensions",
            "Original date, how often it moved, by how many days and why",
            tables=progress.extensions,
            needs_details=True,
        ),
        Drafter("overdue", "Overdue", "What is overdue", tables=progress.overdue),
        Drafter(
            "due-next",
            "Due next",
            "Due before the next meeting of this body",
            tables=progress.due_next,
        ),
        Drafter(
            "not-updated",
            "Not updated",
            "Open actions without an update since this body last saw the plan",
            tables=progress.not_updated,
        ),
        Drafter(
            "review-team",
            "Progress review: who came back",
            "When the progress review took place and who came back",
            review.team,
        ),
        Drafter(
            "review-summary",
            "Progress review: summary",
            "On how many recommendations the peers saw progress, and what they found overall",
            review.summary,
        ),
        Drafter(
            "review-themes",
            "Progress review: headings",
            "The headings of the review’s own report and what stands under them",
            review.themes,
        ),
        Drafter(
            "review-findings",
            "Progress review: findings",
            "What the peers saw of each recommendation, beside the council’s rating in a table",
            review.findings,
            review.findings_beside,
        ),
        Drafter(
            "review-suggestions",
            "Progress review: suggestions",
            "What the peers suggest now, under the recommendations that it follows",
            review.suggestions,
        ),
    )
}
"""The subjects, by key, in the order in which they are offered."""
