"""The progress review as it is read: by whom, when, and beside which rating."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import RecommendationUpdate
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge, ProgressReview, Recommendation
from reviews.services import progress as services
from tests.plugins.plans import CANARY, Plan, text_of

SignIn = Callable[[Person], Client]
ADDRESS = "/c/ashdale/cpc-2024/review/"
WORDS = "Tenants told us that repairs come sooner."


@pytest.fixture
def review(plan: Plan, recommendation: Recommendation, manager: Person) -> ProgressReview:
    """A review of 2 and 3 April 2025, the day after the first release; its words not locked."""
    challenge = plan.challenge
    found = services.set_dates(
        challenge=challenge,
        version=challenge.version,
        author=manager,
        review_from=date(2025, 4, 2),
        review_to=date(2025, 4, 3),
        review_report_published_on=None,
    )
    services.add_peer(review=found, author=manager, role="Leader peer", name="Pat Example")
    (theme,) = services.add_themes(review=found, author=manager, titles=["Housing"])
    services.set_finding(
        review=found,
        recommendation=recommendation,
        version=0,
        author=manager,
        progress="good",
        words=WORDS,
        theme=theme,
    )
    challenge.refresh_from_db()
    return found


def lock(review: ProgressReview, manager: Person) -> ProgressReview:
    review.refresh_from_db()
    return services.lock(review=review, version=review.version, author=manager)


@pytest.mark.django_db
def test_before_there_is_a_review_the_page_says_so(
    challenge: PeerChallenge, manager: Person, member: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(member).get(ADDRESS))
    assert "No progress review yet" in page
    assert "Enter the days" not in page
    assert "Enter the days" in text_of(signed_in(manager).get(ADDRESS))


def test_officers_read_it_while_it_is_written_and_members_once_it_is_locked(
    review: ProgressReview,
    manager: Person,
    owner: Person,
    member: Person,
    signed_in: SignIn,
) -> None:
    page = text_of(signed_in(owner).get(ADDRESS))
    assert WORDS in page
    assert "The words are not locked yet" in page
    page = text_of(signed_in(member).get(ADDRESS))
    assert WORDS not in page
    assert "Pat Example" not in page
    assert "The words of the review are being checked" in page

    lock(review, manager)

    page = text_of(signed_in(member).get(ADDRESS))
    assert WORDS in page
    assert "checked and locked on 24 June 2025" in page
    assert "The words are not locked yet" not in page


def test_a_heading_names_the_recommendations_that_stand_under_it(
    review: ProgressReview, recommendation: Recommendation, owner: Person, signed_in: SignIn
) -> None:
    page = signed_in(owner).get(ADDRESS).content.decode()
    under = page.partition("By heading of the report")[2]
    assert f'<a href="#r-{recommendation.pk}">' in under


def test_the_finding_stands_beside_the_rating_that_was_released_when_the_review_began(
    review: ProgressReview,
    recommendation: Recommendation,
    manager: Person,
    member: Person,
    signed_in: SignIn,
) -> None:
    for day, recorded, status, summary in (
        (date(2025, 3, 31), "2025-04-01 08:00+00:00", "amber", "Repairs began late."),
        (date(2025, 4, 1), "2025-04-09 08:00+00:00", "red", "Nothing works any more."),
    ):
        RecommendationUpdate.objects.create(
            recommendation=recommendation,
            as_at=day,
            recorded_at=recorded,
            author=manager.user,
            status=status,
            summary=summary,
        )
    lock(review, manager)
    page = text_of(signed_in(member).get(ADDRESS))
    assert "The council, as released at 31 March 2025" in page
    assert "Its own status: Amber" in page
    assert "Repairs began late." in page
    assert "Nothing works any more." not in page
    # Of the five actions for publication one was amber then, three green and one not begun.
    assert "Its actions: Amber 1 Green 3 Not started 1" in page
    assert "Red" not in page


def test_without_a_release_by_then_the_page_says_so(
    review: ProgressReview, manager: Person, signed_in: SignIn
) -> None:
    challenge = review.challenge
    services.set_dates(
        challenge=challenge,
        version=challenge.version,
        author=manager,
        review_from=date(2025, 3, 3),
        review_to=None,
        review_report_published_on=None,
    )
    page = text_of(signed_in(manager).get(ADDRESS))
    assert "No position had been released when the review began" in page
    assert WORDS in page


def test_what_is_exempt_is_counted_for_those_entitled_only(
    review: ProgressReview, manager: Person, owner: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(owner).get(ADDRESS))
    assert "1 action is not for publication and is left out of these counts." in page
    assert "Red" not in page
    entitled = text_of(signed_in(manager).get(ADDRESS))
    assert "Its actions: Red 1 Amber 1 Green 3 Not started 1" in entitled
    assert CANARY not in entitled


def test_suggestions_stand_under_the_recommendation_that_they_follow(
    review: ProgressReview,
    recommendation: Recommendation,
    manager: Person,
    signed_in: SignIn,
) -> None:
    services.add_suggestion(
        review=review,
        parent=recommendation,
        author=manager,
        title="Tell tenants",
        wording="Tell tenants what has changed.",
    )
    page = text_of(signed_in(manager).get(ADDRESS))
    assert "Suggestion of the review" in page
    assert "1.7 Tell tenants" in page
    assert "Tell tenants what has changed." in page


def test_members_read_suggestions_with_the_visit_once_the_words_are_locked(
    review: ProgressReview,
    recommendation: Recommendation,
    manager: Person,
    member: Person,
    signed_in: SignIn,
) -> None:
    services.add_suggestion(
        review=review,
        parent=recommendation,
        author=manager,
        title="Tell tenants",
        wording="Tell tenants what has changed.",
    )
    visit = reverse("visit", args=["ashdale", "cpc-2024"])
    years = reverse("over_the_years", args=["ashdale"])
    own = reverse("recommendation", args=["ashdale", "cpc-2024", "1.7"])
    decisions = reverse("recommendation_decisions", args=["ashdale", "cpc-2024", "1.7"])
    for page in (visit, years):
        assert "Tell tenants" in text_of(signed_in(manager).get(page))
        assert "Tell tenants" not in text_of(signed_in(member).get(page))
    for page in (own, decisions):
        assert signed_in(manager).get(page).status_code == 200
        assert signed_in(member).get(page).status_code == 404
    lock(review, manager)
    assert "Tell tenants what has changed." in text_of(signed_in(member).get(visit))
    assert "Tell tenants" in text_of(signed_in(member).get(years))
    for page in (own, decisions):
        assert signed_in(member).get(page).status_code == 200


def test_members_read_of_a_recommendation_once_the_plan_is_adopted(
    recommendation: Recommendation, manager: Person, member: Person, signed_in: SignIn
) -> None:
    challenge = recommendation.challenge
    challenge.adopted_on = challenge.plan_approved_on = None
    history.save(challenge, author=manager.user)
    for name in ("recommendation", "recommendation_decisions"):
        page = reverse(name, args=["ashdale", "cpc-2024", "1"])
        assert signed_in(manager).get(page).status_code == 200
        assert signed_in(member).get(page).status_code == 404


def test_the_report_is_measured_against_its_deadline(
    review: ProgressReview, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(ADDRESS))
    assert "Due by 28 June 2025, 12 months after the last day on site." in page
    assert "4 days left" in page
    challenge = review.challenge
    services.set_dates(
        challenge=challenge,
        version=challenge.version,
        author=manager,
        review_from=date(2025, 4, 2),
        review_to=None,
        review_report_published_on=date(2025, 6, 24),
    )
    assert "Done, 4 days early" in text_of(signed_in(manager).get(ADDRESS))


def test_corrections_are_told_to_everyone_with_their_reason(
    review: ProgressReview,
    recommendation: Recommendation,
    manager: Person,
    member: Person,
    travel: Any,
    signed_in: SignIn,
) -> None:
    url = reverse("review_corrections", args=["ashdale", "cpc-2024"])
    assert signed_in(member).get(url).status_code == 404
    locked = lock(review, manager)
    assert "Nothing was corrected." in text_of(signed_in(member).get(url))
    travel.shift(60)
    services.set_finding(
        review=locked,
        recommendation=recommendation,
        version=1,
        author=manager,
        progress="some",
        words=WORDS,
        reason="Page 4 says “some”",
    )
    page = text_of(signed_in(member).get(url))
    assert "Finding on 1" in page
    assert "Why: Page 4 says “some”" in page
    assert "From: Good progress To: Some progress" in page


def test_another_council_finds_nothing(
    review: ProgressReview, outsider: Person, signed_in: SignIn
) -> None:
    for name in ("progress_review", "review_corrections"):
        for council in ("ashdale", "mereford"):
            url = reverse(name, args=[council, "cpc-2024"])
            assert signed_in(outsider).get(url).status_code == 404


def test_nothing_is_posted_to_it(
    review: ProgressReview, manager: Person, signed_in: SignIn
) -> None:
    for name in ("progress_review", "review_corrections"):
        url = reverse(name, args=["ashdale", "cpc-2024"])
        assert signed_in(manager).post(url).status_code == 405


@pytest.mark.parametrize("many", [0, 40])
def test_the_page_takes_as_many_queries_for_any_number_of_findings(
    many: int,
    review: ProgressReview,
    manager: Person,
    member: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(2, many + 2):
        row = Recommendation(
            challenge=review.challenge,
            ref=str(number),
            title=f"Heading of {number}",
            position=number * 10,
        )
        history.save(row, author=manager.user)
        services.set_finding(
            review=review,
            recommendation=row,
            version=0,
            author=manager,
            progress="some",
            words="Some of it was done.",
        )
        RecommendationUpdate.objects.create(
            recommendation=row,
            as_at=date(2025, 3, 31),
            recorded_at=clock.end_of(date(2025, 3, 31)),
            author=manager.user,
            status="green",
        )
    lock(review, manager)
    client = signed_in(member)
    with django_assert_max_num_queries(15):
        answer = client.get(ADDRESS)
    assert text_of(answer).count("Some of it was done.") == many
    with django_assert_max_num_queries(15):
        client.get(f"{ADDRESS}corrections/")
