"""The demonstration data: whole, honest and of today."""

import pytest

from actions.models import Action, Evidence, Lineage, ProgressUpdate, Release
from actions.position import plan_position, released_position
from peerplan.core import clock
from peerplan.councils.models import Council, User
from peerplan.demo.loading import load_demonstration
from peerplan.demo.views import DOMAIN, PAPERS
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db


@pytest.fixture
def ashdale() -> PeerChallenge:
    assert load_demonstration()
    return PeerChallenge.objects.get(council__slug="ashdale")


def test_ashdale_has_a_full_plan(ashdale: PeerChallenge) -> None:
    position = plan_position(ashdale)
    assert len(position.recommendations) == 8
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


def test_real_councils_hold_only_what_papers_state(ashdale: PeerChallenge) -> None:
    real = Council.objects.exclude(slug="ashdale")
    assert real.count() == 4
    assert not Action.objects.filter(challenge__council__in=real).exists()
    assert not any(council.is_sample for council in real)
    headings = Recommendation.objects.filter(challenge__council__slug="north-west-leicestershire")
    assert headings.count() == 7
    assert not headings.exclude(wording="").exists()
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
