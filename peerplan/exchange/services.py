"""Bringing a read table into the plan: every row or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from actions.services.plan import ActionDetails, create_action
from actions.services.updates import post_update
from peerplan.core.errors import Invalid
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.models import Directorate, Portfolio
from peerplan.exchange.answers import NewRecommendation
from peerplan.exchange.cells import plain
from peerplan.exchange.rows import Choices, Reading, ReadRow
from reviews.models import PeerChallenge, Recommendation, Theme
from reviews.services.recommendations import add_recommendation, standing_recommendations

REASON = "Brought in from a pasted table"


@dataclass(frozen=True)
class BroughtIn:
    """How many rows of each kind were made."""

    actions: int
    updates: int
    recommendations: int


@transaction.atomic
def bring_in(
    *, challenge: PeerChallenge, reading: Reading, choices: Choices, author: Person
) -> BroughtIn:
    """Make the actions that are ready, their updates and the recommendations they need.

    Raises NotPermitted, and Invalid where there is nothing to make or a row cannot be made; then
    nothing is made. Rows with problems are refused unless `choices` leaves them out.
    """
    author.require(Capability.MANAGE_PLAN)
    if reading.wrong and not choices.drops_rows:
        raise Invalid({"": "Some rows have problems: put them right, or leave those rows out."})
    if not reading.ready:
        raise Invalid({"": "There is no row that can be brought in."})
    current = PeerChallenge.objects.select_for_update().get(pk=challenge.pk)
    if reading.new_recommendations and current.is_adopted:
        raise Invalid(
            {"": "The plan was adopted in the meantime, so no recommendation can be added."}
        )
    recommendations = {
        row.ref.lower(): row for row in standing_recommendations(current)
    } | _make_recommendations(current, reading.new_recommendations, author)
    directorates = {row.pk: row for row in Directorate.objects.for_council(author.council)}
    portfolios = {row.pk: row for row in Portfolio.objects.for_council(author.council)}
    for row in reading.ready:
        answers = recommendations.get(row.recommendation_ref.lower())
        details = ActionDetails(
            ref=row.ref,
            title=row.title,
            in_plan_from=choices.in_plan_from,
            description=row.description,
            success_measure=row.success_measure,
            lead_role=row.lead_role,
            directorate=directorates[row.directorate_id] if row.directorate_id else None,
            portfolio=portfolios[row.portfolio_id] if row.portfolio_id else None,
            original_due=row.due.on,
            original_due_words=row.due.words,
        )
        _bring_in_row(current, row, details, [answers] if answers else [], author)
    return BroughtIn(len(reading.ready), reading.updates, len(reading.new_recommendations))


def _bring_in_row(
    challenge: PeerChallenge,
    row: ReadRow,
    details: ActionDetails,
    recommendations: Sequence[Recommendation],
    author: Person,
) -> None:
    try:
        action = create_action(
            challenge=challenge,
            details=details,
            recommendations=recommendations,
            author=author,
            reason=REASON,
        )
        if row.draft:
            post_update(
                action=action,
                version=action.version,
                draft=row.draft,
                author=author,
                is_brought_in=True,
            )
    except Invalid as error:
        raise Invalid({"": f"Row {row.number} ({row.ref}): {error}"}) from error


def _make_recommendations(
    challenge: PeerChallenge, new: Sequence[NewRecommendation], author: Person
) -> dict[str, Recommendation]:
    if not new:
        return {}
    themes = {
        plain(theme.title): theme
        for theme in Theme.objects.filter(challenge=challenge, ended_at__isnull=True)
    }
    made: dict[str, Recommendation] = {}
    for row in new:
        theme = themes.get(plain(row.theme)) if row.theme else None
        try:
            made[row.ref.lower()] = add_recommendation(
                challenge=challenge,
                author=author,
                ref=row.ref,
                title=row.title,
                wording=row.wording,
                themes=[theme] if theme else [],
            )
        except Invalid as error:
            raise Invalid({"": f"Recommendation {row.ref}: {error}"}) from error
    return made
