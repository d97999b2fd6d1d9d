"""The progress review: what its services take, refuse, lock and correct."""

from datetime import date
from typing import Any

import pytest
import time_machine

from actions.models import Action, Answer
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from reviews import progress_reading as reading
from reviews.models import (
    Finding,
    PeerChallenge,
    ProgressReview,
    Recommendation,
    ReturningPeer,
    ReviewTheme,
)
from reviews.services import parts
from reviews.services import progress as services

pytestmark = pytest.mark.django_db

SECOND_VISIT = date(2025, 4, 1)


@pytest.fixture(autouse=True)
def today() -> Any:
    """Some days after the review."""
    with time_machine.travel("2025-05-06 09:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def review(challenge: PeerChallenge, manager: Person) -> ProgressReview:
    """The review of 1 and 2 April 2025."""
    found = services.set_dates(
        challenge=challenge,
        version=1,
        author=manager,
        review_from=SECOND_VISIT,
        review_to=date(2025, 4, 2),
        review_report_published_on=None,
    )
    challenge.refresh_from_db()
    return found


@pytest.fixture
def finding(review: ProgressReview, recommendation: Recommendation, manager: Person) -> Finding:
    return services.set_finding(
        review=review,
        recommendation=recommendation,
        version=0,
        author=manager,
        progress="good",
        words="Repairs are faster.",
    )


@pytest.fixture
def locked(review: ProgressReview, finding: Finding, manager: Person) -> ProgressReview:
    return services.lock(review=review, version=review.version, author=manager)


def another_challenge(challenge: PeerChallenge, manager: Person) -> Recommendation:
    """Recommendation 1 of an earlier challenge of the same council."""
    earlier = PeerChallenge(
        council=challenge.council,
        slug="cpc-2019",
        title="Corporate Peer Challenge 2019",
        on_site_from=date(2019, 6, 26),
        on_site_to=date(2019, 6, 28),
    )
    history.save(earlier, author=manager.user)
    row = Recommendation(challenge=earlier, ref="1", title="Say where the council is going")
    history.save(row, author=manager.user)
    return row


# --- Days ---------------------------------------------------------------------------------------


def test_the_days_begin_the_review_and_stay_with_the_challenge(
    review: ProgressReview, challenge: PeerChallenge
) -> None:
    assert (challenge.review_from, challenge.review_to) == (SECOND_VISIT, date(2025, 4, 2))
    assert services.review_of(challenge) == review


def test_days_given_again_begin_no_second_review(
    review: ProgressReview, challenge: PeerChallenge, manager: Person
) -> None:
    again = services.set_dates(
        challenge=challenge,
        version=challenge.version,
        author=manager,
        review_from=SECOND_VISIT,
        review_to=None,
        review_report_published_on=date(2025, 5, 1),
    )
    assert again == review
    assert ProgressReview.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "published", "field", "message"),
    [
        (date(2024, 6, 27), None, None, "review_from", "cannot begin before the visit ends"),
        (date(2023, 4, 1), None, None, "review_from", "28 June 2024"),
        (None, None, None, "review_from", "Enter the first day"),
        (SECOND_VISIT, date(2025, 3, 1), None, "review_to", "cannot end before it begins"),
        (
            SECOND_VISIT,
            None,
            date(2025, 3, 1),
            "review_report_published_on",
            "cannot be published before the progress review",
        ),
    ],
)
def test_days_that_cannot_be_are_refused(
    first: date | None,
    last: date | None,
    published: date | None,
    field: str,
    message: str,
    challenge: PeerChallenge,
    manager: Person,
) -> None:
    with pytest.raises(Invalid) as error:
        services.set_dates(
            challenge=challenge,
            version=1,
            author=manager,
            review_from=first,
            review_to=last,
            review_report_published_on=published,
        )
    assert message in error.value.fields[field]
    assert not ProgressReview.objects.exists()


def test_days_seen_before_somebody_else_changed_them_are_stale(
    review: ProgressReview, challenge: PeerChallenge, manager: Person
) -> None:
    with pytest.raises(Stale):
        services.set_dates(
            challenge=challenge,
            version=1,
            author=manager,
            review_from=SECOND_VISIT,
            review_to=None,
            review_report_published_on=None,
        )


def test_only_who_manages_the_plan_writes(
    review: ProgressReview, owner: Person, member: Person, outsider: Person
) -> None:
    for person in (owner, member, outsider):
        with pytest.raises(NotPermitted):
            services.add_peer(review=review, author=person, role="Leader peer")
        with pytest.raises(NotPermitted):
            services.lock(review=review, version=1, author=person)


# --- Who came back ------------------------------------------------------------------------------


def test_the_team_of_the_visit_is_copied_once(
    review: ProgressReview, challenge: PeerChallenge, manager: Person
) -> None:
    for name, role in (("Pat Example", "Leader peer"), ("", "Officer peer"), ("", "Officer peer")):
        parts.add_team_member(challenge=challenge, author=manager, role=role, name=name)
    added = services.copy_team(review=review, author=manager)
    assert [(peer.name, peer.role) for peer in added] == [
        ("Pat Example", "Leader peer"),
        ("", "Officer peer"),
        ("", "Officer peer"),
    ]
    with pytest.raises(Invalid, match="already"):
        services.copy_team(review=review, author=manager)
    assert ReturningPeer.objects.count() == 3


def test_a_named_peer_stands_once_on_the_list(review: ProgressReview, manager: Person) -> None:
    services.add_peer(review=review, author=manager, role="Leader peer", name="Pat Example")
    with pytest.raises(Invalid) as error:
        services.add_peer(review=review, author=manager, role="leader peer", name="pat example")
    assert "already" in error.value.fields["name"]


# --- Headings -----------------------------------------------------------------------------------


def test_headings_are_added_together_or_not_at_all(review: ProgressReview, manager: Person) -> None:
    services.add_themes(review=review, author=manager, titles=["Housing", "Looking forward"])
    assert [theme.title for theme in reading.read(review).themes] == ["Housing", "Looking forward"]
    with pytest.raises(Invalid) as error:
        services.add_themes(review=review, author=manager, titles=["Transformation", "housing"])
    assert "already" in error.value.fields["titles"]
    assert ReviewTheme.objects.count() == 2


def test_a_heading_moves_up_and_down(review: ProgressReview, manager: Person) -> None:
    first, second, third = services.add_themes(
        review=review, author=manager, titles=["One", "Two", "Three"]
    )
    services.move_part(part=third, up=True, version=third.version, author=manager)
    services.move_part(part=first, up=True, version=first.version, author=manager)
    assert [theme.title for theme in reading.read(review).themes] == ["One", "Three", "Two"]
    with pytest.raises(Stale):
        services.move_part(part=third, up=True, version=1, author=manager)
    assert second.title == "Two"


def test_a_heading_with_a_finding_stays(
    review: ProgressReview, recommendation: Recommendation, finding: Finding, manager: Person
) -> None:
    (theme,) = services.add_themes(review=review, author=manager, titles=["Housing"])
    services.set_finding(
        review=review,
        recommendation=recommendation,
        version=finding.version,
        author=manager,
        progress="good",
        words="Faster.",
        theme=theme,
    )
    with pytest.raises(Invalid, match="while it has 1 finding"):
        services.end_part(part=theme, version=theme.version, author=manager)


# --- Findings -----------------------------------------------------------------------------------


def test_a_finding_is_changed_not_doubled(
    review: ProgressReview, finding: Finding, recommendation: Recommendation, manager: Person
) -> None:
    changed = services.set_finding(
        review=review,
        recommendation=recommendation,
        version=finding.version,
        author=manager,
        progress="done",
        words="Repairs are done.",
    )
    assert (changed.pk, changed.progress) == (finding.pk, "done")


@pytest.mark.parametrize("version", [0, 7])
def test_a_finding_that_somebody_else_entered_meanwhile_is_stale(
    version: int,
    review: ProgressReview,
    finding: Finding,
    recommendation: Recommendation,
    manager: Person,
) -> None:
    with pytest.raises(Stale) as error:
        services.set_finding(
            review=review,
            recommendation=recommendation,
            version=version,
            author=manager,
            progress="none",
            words="",
        )
    assert error.value.current == finding


def test_a_finding_says_something(
    review: ProgressReview, recommendation: Recommendation, manager: Person
) -> None:
    def find(**given: Any) -> None:
        base = {"progress": "not-said", "words": ""}
        services.set_finding(
            review=review,
            recommendation=recommendation,
            version=0,
            author=manager,
            **(base | given),
        )

    with pytest.raises(Invalid) as error:
        find()
    assert "Enter the peers’ words" in error.value.fields["words"]
    with pytest.raises(Invalid):
        find(progress="splendid")
    find(progress="none")


def test_an_ended_recommendation_or_one_of_another_challenge_has_no_finding(
    review: ProgressReview,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    manager: Person,
) -> None:
    given = {"version": 0, "author": manager, "progress": "good", "words": "Good."}
    foreign = another_challenge(challenge, manager)
    with pytest.raises(Invalid, match="another challenge"):
        services.set_finding(review=review, recommendation=foreign, **given)  # type: ignore[arg-type]
    recommendation.ended_at = clock.now()
    history.save(recommendation, author=manager.user)
    with pytest.raises(Invalid, match="was removed"):
        services.set_finding(review=review, recommendation=recommendation, **given)  # type: ignore[arg-type]
    assert not Finding.objects.exists()


def test_a_heading_of_another_review_is_refused(
    review: ProgressReview,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    manager: Person,
) -> None:
    other = ProgressReview(challenge=another_challenge(challenge, manager).challenge)
    history.save(other, author=manager.user)
    (theme,) = services.add_themes(review=other, author=manager, titles=["Housing"])
    with pytest.raises(Invalid) as error:
        services.set_finding(
            review=review,
            recommendation=recommendation,
            version=0,
            author=manager,
            progress="good",
            words="Good.",
            theme=theme,
        )
    assert "never stood here" in error.value.fields["theme"]


# --- Suggestions --------------------------------------------------------------------------------


def suggest(review: ProgressReview, parent: Recommendation, author: Person, **given: str) -> Any:
    base = {"title": "Tell tenants", "wording": "Tell tenants what changed."}
    return services.add_suggestion(review=review, parent=parent, author=author, **(base | given))


def test_a_suggestion_is_a_recommendation_under_the_original_after_its_actions(
    review: ProgressReview, recommendation: Recommendation, act: Any, manager: Person
) -> None:
    act("1.1")
    act("1.2")
    made = suggest(review, recommendation, manager)
    assert (made.ref, made.kind, made.parent) == ("1.3", "suggestion", recommendation)
    second = suggest(review, recommendation, manager, title="Publish the standard")
    assert second.ref == "1.4"
    rows = reading.read(review).rows
    assert [row.recommendation for row in rows] == [recommendation]
    assert rows[0].suggestions == (made, second)


@pytest.mark.parametrize(("parent", "ref"), [("3.1", "3.1-1"), ("ABCDEFGHIJK", "")])
def test_the_next_number_fits_a_reference(
    parent: str, ref: str, challenge: PeerChallenge, manager: Person
) -> None:
    row = Recommendation(challenge=challenge, ref=parent, title="A heading")
    history.save(row, author=manager.user)
    assert services.next_ref(row) == ref


def test_a_suggestion_goes_under_a_recommendation_of_this_challenge(
    review: ProgressReview,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    manager: Person,
) -> None:
    with pytest.raises(Invalid, match="belongs to another challenge"):
        suggest(review, another_challenge(challenge, manager), manager)
    made = suggest(review, recommendation, manager)
    with pytest.raises(Invalid, match="Put the suggestion under 1"):
        suggest(review, made, manager)
    with pytest.raises(Invalid) as error:
        suggest(review, recommendation, manager, title="tell tenants")
    assert "already" in error.value.fields["title"]
    with pytest.raises(Invalid) as error:
        suggest(review, recommendation, manager, title="Another", ref="1.1")
    assert "ref" in error.value.fields
    assert Recommendation.objects.filter(kind="suggestion").count() == 1


def test_a_suggestion_entered_by_mistake_goes_until_the_words_are_locked(
    review: ProgressReview,
    recommendation: Recommendation,
    finding: Finding,
    manager: Person,
) -> None:
    mistake = suggest(review, recommendation, manager)
    services.remove_suggestion(
        review=review, suggestion=mistake, version=mistake.version, author=manager
    )
    assert not reading.read(review).suggestions
    kept = suggest(review, recommendation, manager)
    services.lock(review=review, version=review.version, author=manager)
    with pytest.raises(Invalid, match="its suggestions stay"):
        services.remove_suggestion(
            review=review, suggestion=kept, version=kept.version, author=manager
        )


def test_a_suggestion_that_actions_answer_stays(
    review: ProgressReview, recommendation: Recommendation, act: Any, manager: Person
) -> None:
    made = suggest(review, recommendation, manager)
    action: Action = act("2.1")
    Answer.objects.create(action=action, recommendation=made, added_by=manager.user)
    with pytest.raises(Invalid, match="while actions stand under it"):
        services.remove_suggestion(
            review=review, suggestion=made, version=made.version, author=manager
        )


# --- Locked words -------------------------------------------------------------------------------


def test_nothing_written_is_not_locked(review: ProgressReview, manager: Person) -> None:
    with pytest.raises(Invalid, match="Nothing is written"):
        services.lock(review=review, version=review.version, author=manager)


def test_a_review_to_come_is_not_locked(
    review: ProgressReview, finding: Finding, manager: Person, today: Any
) -> None:
    today.move_to("2025-03-31 12:00:00+00:00")
    with pytest.raises(Invalid, match="has not begun"):
        services.lock(review=review, version=review.version, author=manager)


def test_words_are_locked_once(locked: ProgressReview, manager: Person) -> None:
    assert locked.locked_on == date(2025, 5, 6)
    with pytest.raises(Invalid, match="locked on 6 May 2025 already"):
        services.lock(review=locked, version=locked.version, author=manager)


def test_locked_words_change_with_a_reason_only(
    locked: ProgressReview,
    finding: Finding,
    challenge: PeerChallenge,
    recommendation: Recommendation,
    manager: Person,
    today: Any,
) -> None:
    today.shift(60)
    calls: list[Any] = [
        lambda reason: services.set_finding(
            review=locked,
            recommendation=recommendation,
            version=finding.version,
            author=manager,
            progress="some",
            words="Repairs are a little faster.",
            reason=reason,
        ),
        lambda reason: services.change_words(
            review=locked,
            version=locked.version,
            author=manager,
            summary="Much was done.",
            report_url="",
            reason=reason,
        ),
        lambda reason: services.add_themes(
            review=locked, author=manager, titles=["Housing"], reason=reason
        ),
        lambda reason: services.add_peer(
            review=locked, author=manager, role="Leader peer", reason=reason
        ),
        lambda reason: suggest(locked, recommendation, manager, reason=reason),
    ]
    for call in calls:
        with pytest.raises(Invalid) as error:
            call("")
        assert "reason" in error.value.fields
    assert reading.corrections(challenge, locked) == []
    for call in calls:
        call("Copied wrongly from the report")
        today.shift(60)

    told = reading.corrections(challenge, locked)
    assert {one.reason for one in told if not one.reason.startswith("Suggestion")} == {
        "Copied wrongly from the report"
    }
    assert [one.about for one in told] == [
        "The review",
        "Leader peer: added",
        "Heading “Housing”: added",
        "The review",
        "Finding on 1",
    ]
    assert told[0].reason == "Suggestion 1.1 added: Copied wrongly from the report"
    assert [(change.label, change.before, change.after) for change in told[-1].changes] == [
        ("Progress", "Good progress", "Some progress"),
        ("The peers’ words", "Repairs are faster.", "Repairs are a little faster."),
    ]


def test_moving_a_heading_is_no_correction(
    review: ProgressReview,
    finding: Finding,
    challenge: PeerChallenge,
    manager: Person,
    today: Any,
) -> None:
    first, _ = services.add_themes(review=review, author=manager, titles=["One", "Two"])
    locked = services.lock(review=review, version=review.version, author=manager)
    today.shift(60)
    services.move_part(part=first, up=False, version=first.version, author=manager)
    assert reading.corrections(challenge, locked) == []


def test_a_removal_after_locking_is_told(
    locked: ProgressReview, finding: Finding, challenge: PeerChallenge, manager: Person, today: Any
) -> None:
    today.shift(60)
    services.end_part(
        part=finding, version=finding.version, author=manager, reason="It belongs to another one"
    )
    (told,) = reading.corrections(challenge, locked)
    assert (told.about, told.reason) == ("Finding on 1: removed", "It belongs to another one")


def test_counts_go_from_the_most_progress_to_the_least(
    review: ProgressReview, finding: Finding, challenge: PeerChallenge, manager: Person
) -> None:
    for ref, progress in (("2", "done"), ("3", "good"), ("4", "")):
        row = Recommendation(challenge=challenge, ref=ref, title=f"Heading of {ref}", position=9)
        history.save(row, author=manager.user)
        if progress:
            services.set_finding(
                review=review,
                recommendation=row,
                version=0,
                author=manager,
                progress=progress,
                words="",
            )
    told = reading.read(review)
    assert told.counts == (("Done", 1), ("Good progress", 2))
    assert [row.recommendation.ref for row in told.missing] == ["4"]
