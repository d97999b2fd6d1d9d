"""The demonstration data: whole, honest and of today."""

import pytest

from actions.integrity.reading import findings_now
from actions.models import (
    Action,
    Evidence,
    Extension,
    Lineage,
    PositionStatement,
    ProgressUpdate,
    Release,
)
from actions.position import plan_position, released_position
from peerplan.core import clock
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership, User
from peerplan.demo import ashdale_returns
from peerplan.demo.loading import load_demonstration
from peerplan.demo.views import DOMAIN, PAPERS
from peerplan.papers.models import Amendment, Decision, Question, Resolution
from reviews.models import (
    Finding,
    PeerAccess,
    PeerChallenge,
    ProgressReview,
    Recommendation,
    Recurrence,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ashdale() -> PeerChallenge:
    assert load_demonstration()
    return PeerChallenge.objects.get(council__slug="ashdale", previous__isnull=False)


def test_ashdale_has_a_full_plan(ashdale: PeerChallenge) -> None:
    position = plan_position(ashdale)
    kinds = [each.kind for each in position.recommendations]
    assert len(kinds) - kinds.count("suggestion") == 8
    assert len(position.actions) >= 30
    statuses = {action.status.value for action in position.actions}
    assert statuses >= {"red", "amber", "green", "complete", "claimed", "none", "paused", "bau"}
    assert any(action.is_exempt for action in position.actions)
    assert any(len(action.date_moves) >= 2 for action in position.actions)
    assert Lineage.objects.count() == 2
    assert Evidence.objects.count() >= 10
    assert any(each.differs for each in position.recommendations)


def test_updates_are_recorded_now_and_true_for_past_days(ashdale: PeerChallenge) -> None:
    updates = ProgressUpdate.objects.filter(action__challenge=ashdale)
    assert all(clock.day_of(update.recorded_at) == clock.today() for update in updates)
    days = sorted(updates.values_list("as_at", flat=True))
    assert (days[-1] - days[0]).days > 330
    assert days[-1] <= clock.today()


def test_each_release_shows_what_was_true_on_its_day(ashdale: PeerChallenge) -> None:
    releases = list(Release.objects.filter(challenge=ashdale).order_by("as_at"))
    assert len(releases) == 5
    greens = [released_position(release).counts["complete"] for release in releases]
    assert greens == sorted(greens)
    assert greens[0] < greens[-1]


def test_the_peers_came_back_and_their_words_are_locked(ashdale: PeerChallenge) -> None:
    review = ashdale.progress_review
    assert review.is_locked
    assert review.summary
    asked = ashdale.recommendations.exclude(kind="suggestion")
    assert review.findings.count() == asked.count() == 8
    assert all(each.words for each in review.findings.all())
    assert review.returningpeers.count() == len(ashdale_returns.RETURNING)
    suggestions = ashdale.recommendations.filter(kind="suggestion")
    assert {each.parent.ref for each in suggestions if each.parent} == {"5", "8"}
    access = PeerAccess.objects.get(challenge=ashdale)
    assert access.opens_on <= clock.today() <= access.closes_on
    assert Membership.objects.get(user__email=access.email).role == Role.PEER_REVIEWER


def test_bodies_decided_amended_the_plan_and_put_a_date_off(ashdale: PeerChallenge) -> None:
    assert Decision.objects.count() == 3
    assert Resolution.objects.count() == 7
    amendment = Amendment.objects.get()
    assert amendment.action.success_measure == ashdale_returns.AMENDED[2]
    last = amendment.action.history.order_by("-history_date", "-history_id")[0]
    assert last.history_change_reason.startswith("Minute 88, Cabinet, ")
    put_off = ProgressUpdate.objects.get(kind="extension")
    assert put_off.action.ref == "3.5"
    assert (put_off.date_approved_by, put_off.date_minute) == ("Cabinet", "Minute 88")
    assert put_off.date_asked_by == "Monitoring Officer"
    original = put_off.action.original_due
    assert put_off.expected_date
    assert original
    assert put_off.expected_date > original
    waiting = Extension.objects.get()
    assert (waiting.action.ref, waiting.decision) == ("8.3", "")
    assert Council.objects.get(slug="ashdale").extensions_need_approval


def test_one_question_is_open_one_answered_and_one_closed(ashdale: PeerChallenge) -> None:
    assert sorted(
        (bool(each.answered_at), bool(each.closed_at)) for each in Question.objects.all()
    ) == [(False, False), (True, False), (True, True)]
    words = PositionStatement.objects.get(challenge=ashdale)
    assert words.introduction
    assert words.ahead


def test_ratings_show_what_rules_find_and_one_is_answered(ashdale: PeerChallenge) -> None:
    seat = Membership.objects.select_related("user", "council").get(
        council__slug="ashdale", post="Policy and Performance Manager"
    )
    position = plan_position(ashdale, clock.today(), named=False)
    lines = findings_now(
        Person(seat.user, seat.council, seat), ashdale, position, list(ashdale.releases.all())
    )
    found = {(line.finding.rule, line.finding.ref): line for line in lines}
    assert set(found) == {
        ("better-no-words", "5.3"),
        ("better-than-actions", "3"),
        ("moved-often", "8.1"),
        ("named", "4.3"),
        ("no-forecast", "7.1"),
    }
    answered = [key for key, line in found.items() if line.note is not None]
    assert answered == [("better-no-words", "5.3")]
    (name,) = ashdale_returns.NAMED
    assert name in found["named", "4.3"].finding.quotes[0].words
    assert seat.council.protected_names == name


def test_the_challenge_before_is_closed_and_two_of_it_were_asked_again(
    ashdale: PeerChallenge,
) -> None:
    before = ashdale.previous
    assert before is not None
    assert before.closed_on is not None
    assert before.on_site_from.year == ashdale.on_site_from.year - 5
    again = Recurrence.objects.order_by("pk")
    assert [(each.earlier.ref, each.later.ref) for each in again] == [("1", "5"), ("2", "3")]
    assert {each.earlier.challenge_id for each in again} == {before.pk}
    assert {each.later.challenge_id for each in again} == {ashdale.pk}


def test_real_councils_hold_only_what_papers_state(ashdale: PeerChallenge) -> None:
    real = Council.objects.exclude(slug="ashdale")
    assert real.count() == 4
    assert not Action.objects.filter(challenge__council__in=real).exists()
    assert not any(council.is_sample for council in real)
    headings = Recommendation.objects.filter(challenge__council__slug="north-west-leicestershire")
    assert headings.count() == 7
    assert not headings.exclude(wording="").exists()
    review = ProgressReview.objects.get(challenge__council__in=real)
    assert review.challenge.council.slug == "north-west-leicestershire"
    assert (review.summary, review.report_url, review.is_locked) == ("", "", False)
    assert review.reviewthemes.count() == 5
    assert not review.reviewthemes.exclude(text="").exists()
    assert review.returningpeers.count() == 4
    assert not review.returningpeers.exclude(name="").exists()
    assert not Finding.objects.filter(review=review).exists()
    assert all(
        member.name == ""
        for each in PeerChallenge.objects.all()
        for member in each.teammembers.all()
    )


def test_the_real_councils_have_a_reader_to_sign_in_as(ashdale: PeerChallenge) -> None:
    reader = User.objects.get(email=f"{PAPERS}@{DOMAIN}")
    slugs = {each.council.slug for each in reader.memberships.all()}
    assert slugs == set(Council.objects.exclude(slug="ashdale").values_list("slug", flat=True))


def test_loading_twice_changes_nothing(ashdale: PeerChallenge) -> None:
    before = ProgressUpdate.objects.count()
    assert not load_demonstration()
    assert ProgressUpdate.objects.count() == before
