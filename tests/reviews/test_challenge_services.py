from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from peerplan.core import clock
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from reviews.models import PeerChallenge, Recommendation
from reviews.presets import PRESETS
from reviews.services import challenges
from reviews.services.challenges import adopt, change_challenge, create_challenge

pytestmark = pytest.mark.django_db

VISIT: dict[str, Any] = {
    "kind": "cpc",
    "title": "Corporate Peer Challenge",
    "on_site_from": date(2026, 3, 3),
    "on_site_to": date(2026, 3, 5),
}


def test_a_challenge_takes_address_and_deadlines_from_its_preset(
    council: Council, manager: Person
) -> None:
    made = create_challenge(council=council, author=manager, **VISIT)
    assert made.slug == "corporate-peer-challenge-2026"
    assert made.rule_set == "lga-2024"
    row = made.history.get()
    assert (row.history_user, row.history_change_reason) == (manager.user, "Set up")


@pytest.mark.parametrize("kind", sorted(PRESETS))
def test_every_preset_makes_a_challenge(council: Council, manager: Person, kind: str) -> None:
    preset = PRESETS[kind]
    made = create_challenge(
        council=council, author=manager, **VISIT | {"kind": kind, "title": preset.default_title}
    )
    assert made.rule_set == preset.rule_sets[0]
    assert made.preset == preset


def test_the_same_visit_is_not_set_up_twice(council: Council, manager: Person) -> None:
    create_challenge(council=council, author=manager, **VISIT)
    with pytest.raises(Invalid, match="set up already"):
        create_challenge(council=council, author=manager, **VISIT)
    assert PeerChallenge.objects.count() == 1


def test_two_challenges_of_one_title_get_two_addresses(council: Council, manager: Person) -> None:
    create_challenge(council=council, author=manager, **VISIT)
    later = create_challenge(
        council=council,
        author=manager,
        **VISIT | {"on_site_from": date(2026, 9, 1), "on_site_to": date(2026, 9, 2)},
    )
    assert later.slug == "corporate-peer-challenge-2026-2"


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"kind": "rumour"}, "kind", "Choose the kind"),
        ({"title": " "}, "title", "Enter the title"),
        ({"title": "x" * 151}, "title", "at most 150"),
        ({"title": "A\x00"}, "title", "U+0000"),
        ({"on_site_to": date(2026, 3, 2)}, "on_site_to", "before the first"),
        ({"on_site_to": date(2027, 3, 5)}, "on_site_to", "367 days apart"),
        ({"rule_set": "ofsted"}, "rule_set", "Choose one"),
        ({"rule_set": "made-up"}, "rule_set", "Choose one"),
        ({"slug": "settings"}, "slug", "addresses"),
        ({"slug": "Two words"}, "slug", "small letters"),
        ({"report_url": "javascript:alert(1)"}, "report_url", "https://"),
        ({"report_url": "ftp://ashdale.example/"}, "report_url", "https://"),
        ({"report_received_on": date(2026, 3, 2)}, "report_received_on", "before the visit begins"),
        ({"report_published_on": date(2026, 3, 4)}, "report_published_on", "before the visit ends"),
        (
            {"report_received_on": date(2026, 5, 2), "report_published_on": date(2026, 5, 1)},
            "report_published_on",
            "before it is received",
        ),
        ({"draft_plan_on": date(2026, 3, 4)}, "draft_plan_on", "before the visit ends"),
        ({"plan_approved_on": date(2026, 3, 4)}, "plan_approved_on", "before the visit ends"),
        (
            {"draft_plan_on": date(2026, 6, 2), "plan_approved_on": date(2026, 6, 1)},
            "plan_approved_on",
            "before its draft",
        ),
        ({"review_from": date(2026, 3, 1)}, "review_from", "before the visit ends"),
        (
            {"review_from": date(2027, 1, 12), "review_to": date(2027, 1, 11)},
            "review_to",
            "before it begins",
        ),
        ({"review_to": date(2027, 1, 13)}, "review_from", "first day of the progress review"),
        (
            {"review_from": date(2027, 1, 12), "review_report_published_on": date(2027, 1, 1)},
            "review_report_published_on",
            "before the progress review",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    council: Council, manager: Person, given: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create_challenge(council=council, author=manager, **VISIT | given)
    assert message in refused.value.fields[field]
    assert not PeerChallenge.objects.exists()


def test_only_a_plan_manager_of_the_council_sets_up(
    council: Council, member: Person, outsider: Person
) -> None:
    for person in (member, outsider):
        with pytest.raises(NotPermitted):
            create_challenge(council=council, author=person, **VISIT)


def test_the_challenge_before_must_be_earlier_and_the_councils_own(
    setting_up: PeerChallenge, challenge: PeerChallenge, foreign: PeerChallenge, manager: Person
) -> None:
    linked = change_challenge(challenge=setting_up, version=1, author=manager, previous=challenge)
    assert linked.previous == challenge
    for previous in (foreign, linked):
        with pytest.raises(Invalid, match="earlier challenge of this council"):
            change_challenge(challenge=linked, version=2, author=manager, previous=previous)
    with pytest.raises(Invalid, match="must have come first"):
        change_challenge(challenge=challenge, version=1, author=manager, previous=linked)
    with pytest.raises(Invalid, match="began before it"):
        change_challenge(
            challenge=challenge,
            version=1,
            author=manager,
            on_site_from=date(2026, 6, 1),
            on_site_to=date(2026, 6, 2),
            plan_approved_on=None,
        )


def test_a_change_claims_the_version_and_says_who_and_why(
    setting_up: PeerChallenge, manager: Person
) -> None:
    changed = change_challenge(
        challenge=setting_up, version=1, author=manager, reason="Report came", title="CPC 2026"
    )
    assert (changed.version, changed.title) == (2, "CPC 2026")
    latest = changed.history.latest("history_id")
    assert (latest.history_user, latest.history_change_reason) == (manager.user, "Report came")


def test_the_second_of_two_changes_is_stale_and_changes_nothing(
    setting_up: PeerChallenge, manager: Person
) -> None:
    change_challenge(challenge=setting_up, version=1, author=manager, title="First")
    with pytest.raises(Stale) as lost:
        change_challenge(challenge=setting_up, version=1, author=manager, title="Second")
    assert lost.value.current.title == "First"
    setting_up.refresh_from_db()
    assert (setting_up.title, setting_up.version) == ("First", 2)


def test_a_refused_change_leaves_the_version(setting_up: PeerChallenge, manager: Person) -> None:
    with pytest.raises(Invalid):
        change_challenge(challenge=setting_up, version=1, author=manager, title="")
    setting_up.refresh_from_db()
    assert setting_up.version == 1


def test_a_stranger_changes_and_adopts_nothing(
    setting_up: PeerChallenge, outsider: Person, member: Person
) -> None:
    for person in (outsider, member):
        with pytest.raises(NotPermitted):
            change_challenge(challenge=setting_up, version=1, author=person, title="Mine")
        with pytest.raises(NotPermitted):
            adopt(challenge=setting_up, version=1, author=person, adopted_on=date(2026, 7, 14))


def test_adoption_locks_and_is_done_once(
    setting_up: PeerChallenge, add: Callable[..., Recommendation], manager: Person
) -> None:
    add("1")
    adopted = adopt(challenge=setting_up, version=1, author=manager, adopted_on=date(2026, 7, 14))
    assert adopted.is_adopted
    with pytest.raises(Stale):
        adopt(challenge=setting_up, version=1, author=manager, adopted_on=date(2026, 7, 14))
    with pytest.raises(Invalid, match="adopted on 14 July 2026 already"):
        adopt(challenge=setting_up, version=2, author=manager, adopted_on=date(2026, 7, 15))


def test_nothing_is_adopted_without_recommendations(
    setting_up: PeerChallenge, manager: Person
) -> None:
    with pytest.raises(Invalid, match="none to adopt"):
        adopt(challenge=setting_up, version=1, author=manager, adopted_on=date(2026, 7, 14))


def test_adoption_is_between_the_visit_and_today(
    setting_up: PeerChallenge, add: Callable[..., Recommendation], manager: Person
) -> None:
    add("1")
    for day, message in (
        (date(2026, 3, 4), "before the last day on site"),
        (clock.today() + timedelta(days=1), "in the future"),
    ):
        with pytest.raises(Invalid) as refused:
            adopt(challenge=setting_up, version=1, author=manager, adopted_on=day)
        assert message in refused.value.fields["adopted_on"]


def test_a_visit_cannot_be_moved_past_its_adoption(
    setting_up: PeerChallenge,
    add: Callable[..., Recommendation],
    adopt: Callable[[], PeerChallenge],
    manager: Person,
) -> None:
    add("1")
    adopted = adopt()
    with pytest.raises(Invalid, match="after the plan was adopted"):
        change_challenge(
            challenge=adopted,
            version=adopted.version,
            author=manager,
            on_site_from=date(2026, 8, 1),
            on_site_to=date(2026, 8, 3),
        )


def test_a_misspelt_field_is_a_programming_error(
    setting_up: PeerChallenge, manager: Person
) -> None:
    with pytest.raises(TypeError, match="adopted_on"):
        challenges.change_challenge(
            challenge=setting_up, version=1, author=manager, adopted_on=date(2026, 7, 14)
        )
