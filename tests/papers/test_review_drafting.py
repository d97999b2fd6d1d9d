"""What a paper says of a progress review: the follow-up report drafts itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import RecommendationUpdate
from actions.position import released_position
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.drafting import DRAFTERS, load_context_for
from peerplan.papers.drafting.context import DraftContext
from peerplan.papers.models import Body, Meeting, Paper, Purpose, RouteStep
from peerplan.papers.services import papers
from peerplan.papers.services.templates import add_from_preset
from peerplan.render.report import DataTable
from peerplan.render.texts import blocks_of
from reviews.models import PeerChallenge, ProgressReview, Recommendation
from reviews.services import parts
from reviews.services import progress as services
from tests.plugins.papers import Saw
from tests.plugins.plans import CANARY, Plan

AS_AT = date(2025, 6, 12)
SignIn = Callable[[Person], Client]
KEYS = [key for key in DRAFTERS if key.startswith("review-")]


@dataclass
class Reviewed:
    """A challenge with three recommendations whose review is entered, not locked."""

    review: ProgressReview
    manager: Person

    def lock(self) -> None:
        self.review.refresh_from_db()
        self.review = services.lock(
            review=self.review, version=self.review.version, author=self.manager
        )


@pytest.fixture
def reviewed(
    plan: Plan, recommendation: Recommendation, manager: Person, challenge: PeerChallenge
) -> Reviewed:
    """On 1 and 2 April 2025, just after the release of the position at 31 March 2025."""
    for ref, title in (("2", "Tell residents more"), ("3", "Plan the money ahead")):
        row = Recommendation(challenge=challenge, ref=ref, title=title, position=int(ref) * 10)
        history.save(row, author=manager.user)
    for name, role in (("Pat Example", "Leader peer"), ("Sam Sample", "Chief executive peer")):
        parts.add_team_member(
            challenge=challenge, author=manager, role=role, name=name, organisation="Oakham"
        )
    challenge.refresh_from_db()
    review = services.set_dates(
        challenge=challenge,
        version=challenge.version,
        author=manager,
        review_from=date(2025, 4, 1),
        review_to=date(2025, 4, 2),
        review_report_published_on=None,
    )
    services.copy_team(review=review, author=manager)
    housing, _ = services.add_themes(
        review=review, author=manager, titles=["Housing", "Looking forward"]
    )
    services.change_theme(
        theme=housing,
        version=housing.version,
        author=manager,
        title="Housing",
        text="Homes are repaired sooner.\n\nThe backlog is shorter.",
    )
    services.change_words(
        review=review,
        version=review.version,
        author=manager,
        summary="The council has listened.\n\n- It knows its homes\n- It knows its money",
        report_url="",
    )
    rows = {row.ref: row for row in Recommendation.objects.filter(challenge=challenge)}
    for ref, progress, words in (
        ("1", "good", "Repairs are faster.\n\nTenants say so."),
        ("2", "little", "Residents hear little."),
        ("3", "some", ""),
    ):
        services.set_finding(
            review=review,
            recommendation=rows[ref],
            version=0,
            author=manager,
            progress=progress,
            words=words,
        )
    services.add_suggestion(
        review=review,
        parent=rows["2"],
        author=manager,
        title="Write to each household",
        wording="Write to each household once a year.",
    )
    RecommendationUpdate.objects.create(
        recommendation=recommendation,
        as_at=date(2025, 3, 31),
        recorded_at=clock.end_of(date(2025, 3, 31)),
        author=manager.user,
        status="amber",
    )
    return Reviewed(review, manager)


def context_of(step: RouteStep, as_at: date = AS_AT, **more: Any) -> DraftContext:
    fresh = RouteStep.objects.select_related("body", "meeting", "route__challenge__council").get(
        pk=step.pk
    )
    fresh.purpose = step.purpose
    return load_context_for(fresh.route.challenge, fresh, as_at, clock.now(), **more)


def drafted(key: str, step: RouteStep, as_at: date = AS_AT, **more: Any) -> str:
    return DRAFTERS[key].text(context_of(step, as_at, **more))


def test_nothing_is_told_before_the_words_are_locked(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    context = context_of(cabinet_step)
    assert [DRAFTERS[key].text(context) for key in KEYS] == [""] * len(KEYS)
    assert [DRAFTERS[key].figures(context) for key in KEYS] == [()] * len(KEYS)
    assert "progress review" not in DRAFTERS["recommendations"].text(context)
    reviewed.lock()
    assert all(drafted(key, cabinet_step) for key in KEYS)


def test_the_approach_names_the_days_and_those_who_came_back(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    assert drafted("review-team", cabinet_step) == (
        "The progress review took place on 1 and 2 April 2025. These members of the peer team of "
        "the visit came back:\n\n"
        "- Pat Example, Leader peer, Oakham\n"
        "- Sam Sample, Chief executive peer, Oakham"
    )


def test_a_peer_who_was_not_there_before_did_not_come_back(
    reviewed: Reviewed, cabinet_step: RouteStep, manager: Person
) -> None:
    services.add_peer(review=reviewed.review, author=manager, role="Member peer", name="Alex New")
    reviewed.lock()
    assert "The peers who came were:" in drafted("review-team", cabinet_step)


def test_the_headings_stand_with_what_was_written_under_them(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    assert drafted("review-themes", cabinet_step) == (
        "The review looked at the recommendations under two headings:\n\n"
        "- Housing\n- Looking forward\n\n"
        "# Housing\n\n> Homes are repaired sooner.\n\n> The backlog is shorter."
    )


def test_the_summary_counts_what_the_council_reported_and_what_the_peers_saw(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    assert drafted("review-summary", cabinet_step) == (
        "Out of three recommendations, the council’s action plan reported work under way or done "
        "on one of them, and the peers saw progress on two of them. By recommendation, "
        "they saw: good progress on one, some progress on one and little progress on one. The "
        "plan is that of the position at 31 March 2025, which had been released when the review "
        "began.\n\n"
        "Overall, the peers found:\n\n"
        "> The council has listened.\n\n"
        "- It knows its homes\n- It knows its money"
    )


def test_each_finding_is_in_the_peers_words(reviewed: Reviewed, cabinet_step: RouteStep) -> None:
    reviewed.lock()
    assert drafted("review-findings", cabinet_step) == (
        "What the peers saw of each recommendation, in their words:\n\n"
        "Recommendation 1 (Repair homes faster): good progress.\n\n"
        "> Repairs are faster.\n\n> Tenants say so.\n\n"
        "Recommendation 2 (Tell residents more): little progress.\n\n"
        "> Residents hear little.\n\n"
        "Recommendation 3 (Plan the money ahead): some progress."
    )


def test_findings_stand_beside_the_rating_released_when_the_review_began(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    (table,) = DRAFTERS["review-findings"].figures(context_of(cabinet_step))
    assert isinstance(table, DataTable)
    assert table.caption == (
        "Progress that the peers saw, beside the council’s rating at 31 March 2025"
    )
    cells = [(c.text, c.status.label if c.status else "") for c in table.rows[0]]
    assert cells == [
        ("1 Repair homes faster", ""),
        ("Good progress", ""),
        ("", "Amber"),
        ("1 amber, 3 green and 1 not started", "Amber"),
    ]
    assert [cell.text for cell in table.rows[1]][2:] == ["None given", "No actions then"]


def test_what_is_exempt_is_in_the_restricted_copy_only(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    open_copy = context_of(cabinet_step)
    restricted = open_copy.for_readers(include_exempt=True)
    (public,) = DRAFTERS["review-findings"].figures(open_copy)
    (private,) = DRAFTERS["review-findings"].figures(restricted)
    assert "red" not in repr(public).lower().replace("recommend", "")
    assert "1 red, 1 amber, 3 green and 1 not started" in repr(private)
    assert CANARY not in repr(private)


def test_suggestions_stand_under_the_recommendation_that_they_follow(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    assert drafted("review-suggestions", cabinet_step) == (
        "The peers made one suggestion, which stands in the plan under the recommendation that it "
        "follows:\n\n"
        "Suggestion 2.1, under recommendation 2: Write to each household.\n\n"
        "> Write to each household once a year."
    )


def test_cabinet_receives_the_findings_and_agrees_to_publish_the_report(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    assert drafted("recommendations", cabinet_step).split("\n\n")[:4] == [
        "Receives the findings of the peers’ progress review of 1 and 2 April 2025.",
        "Considers the comments of Corporate Scrutiny Committee.",
        "Endorses the progress on the action plan as it stood on 12 June 2025.",
        "Agrees the addition of the peers’ suggestion 2.1 to the action plan.",
    ]
    assert "Agrees the publication of the report of the progress review." in drafted(
        "recommendations", cabinet_step
    )


def test_suggestions_are_not_counted_as_recommendations_of_the_visit(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    assert "in answer to three recommendations and one suggestion of the progress review" in (
        drafted("background", cabinet_step)
    )
    assert "Suggestion 2.1 (Write to each household) has no actions." in drafted(
        "progress", cabinet_step
    )


def test_a_suggestion_that_was_answered_is_told_as_answered(
    reviewed: Reviewed, cabinet_step: RouteStep, manager: Person
) -> None:
    reviewed.lock()
    row = Recommendation.objects.get(kind=Recommendation.Kind.SUGGESTION)
    row.response = Recommendation.Response.ACCEPTED
    history.save(row, author=manager.user, reason="Answered")
    assert "(2.1) is answered in it." in drafted("next-steps", cabinet_step)


def test_the_first_paper_after_the_review_is_offered_its_template_and_title(
    reviewed: Reviewed, cabinet_step: RouteStep, democratic: Person, signed_in: SignIn
) -> None:
    """Until its words are locked the paper is of the plan, in the template of its body."""
    council = cabinet_step.body.council
    after = add_from_preset(council=council, preset="front-table-review", author=democratic)
    usual = add_from_preset(council=council, preset="front-table-cabinet", author=democratic)
    url = reverse("paper_new", kwargs={"council": council.slug, "step": cabinet_step.pk})

    def offered() -> tuple[str, object]:
        initial = signed_in(democratic).get(url).context["form"].initial
        return initial["title"].partition(": ")[2], initial["template"]

    assert offered()[1] == usual
    reviewed.lock()
    assert offered() == ("feedback from the progress review", after)


def test_a_report_that_is_out_is_not_published_again(
    reviewed: Reviewed, cabinet_step: RouteStep, manager: Person
) -> None:
    challenge = reviewed.review.challenge
    challenge.refresh_from_db()
    services.set_dates(
        challenge=challenge,
        version=challenge.version,
        author=manager,
        review_from=date(2025, 4, 1),
        review_to=date(2025, 4, 2),
        review_report_published_on=date(2025, 6, 2),
    )
    reviewed.lock()
    assert "publication" not in drafted("recommendations", cabinet_step)
    assert "will publish" not in drafted("next-steps", cabinet_step)
    assert "Their report on it was published on 2 June 2025." in drafted("background", cabinet_step)


@pytest.mark.parametrize("purpose", [Purpose.COMMENT, Purpose.MONITOR, Purpose.NOTE])
def test_a_body_that_does_not_decide_notes_the_findings(
    purpose: str, reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    cabinet_step.purpose = purpose
    said = drafted("recommendations", cabinet_step)
    assert said.startswith("Notes the findings of the peers’ progress review")
    assert "publication" not in said


def test_purpose_background_and_next_steps_tell_of_the_review(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    """The figures of the plan may be older than the review that the paper is about."""
    reviewed.lock()
    march = date(2025, 3, 31)
    assert drafted("purpose", cabinet_step, march).endswith(
        "It also reports what the peers found when they came back for a progress review on 1 and "
        "2 April 2025."
    )
    assert "The peers came back for a progress review on 1 and 2 April 2025." in drafted(
        "background", cabinet_step, march
    )
    assert (
        "The council goes on to carry out the action plan. The suggestion of the progress review "
        "(2.1) will be answered in it. The council will publish the report of the progress review."
    ) in drafted("next-steps", cabinet_step)


def test_a_paper_for_a_meeting_before_the_review_knows_nothing_of_it(
    reviewed: Reviewed, cabinet_step: RouteStep, democratic: Person
) -> None:
    reviewed.lock()
    meeting = cabinet_step.meeting
    assert meeting is not None
    meeting.on = date(2025, 3, 25)
    history.save(meeting, author=democratic.user)
    assert [drafted(key, cabinet_step, date(2025, 3, 20)) for key in KEYS] == [""] * len(KEYS)


def test_a_body_that_has_had_the_review_is_not_asked_again(
    reviewed: Reviewed,
    plan: Plan,
    cabinet: Body,
    cabinet_step: RouteStep,
    democratic: Person,
    saw: Saw,
    travel: Any,
) -> None:
    travel.move_to("2025-05-06 09:00:00+00:00")
    reviewed.lock()
    meeting = Meeting(body=cabinet, on=date(2025, 5, 20), at=time(17, 0))
    history.save(meeting, author=democratic.user)
    step = RouteStep(
        route=cabinet_step.route, position=0, body=cabinet, meeting=meeting, purpose="note"
    )
    history.save(step, author=democratic.user)
    for issued, is_asked in (("2025-05-05", True), ("2025-05-12", False)):
        travel.move_to(f"{issued} 09:00:00+00:00")
        saw(step, released_position(plan.releases[0]), number=1 if is_asked else 2)
        for key in ("recommendations", "purpose"):
            assert ("progress review" in drafted(key, cabinet_step)) is is_asked


def test_texts_are_what_the_renderers_read(reviewed: Reviewed, cabinet_step: RouteStep) -> None:
    reviewed.lock()
    for key in (*KEYS, "recommendations", "purpose", "next-steps", "background"):
        text = drafted(key, cabinet_step)
        assert blocks_of(text)
        assert "None" not in text
        assert "  " not in text
        assert ".." not in text


def test_drafts_of_the_review_take_eleven_queries(
    reviewed: Reviewed, cabinet_step: RouteStep
) -> None:
    reviewed.lock()
    context = context_of(cabinet_step)
    assert context.team
    assert context.scheme
    with CaptureQueriesContext(connection) as queries:
        for key in KEYS:
            DRAFTERS[key].text(context)
            DRAFTERS[key].figures(context)
    assert len(queries) <= 11


def test_the_follow_up_paper_is_drafted_from_its_template(
    reviewed: Reviewed, cabinet_step: RouteStep, democratic: Person
) -> None:
    reviewed.lock()
    template = add_from_preset(
        council=democratic.council, preset="front-table-review", author=democratic
    )
    paper: Paper = papers.start_paper(
        step=RouteStep.objects.get(pk=cabinet_step.pk),
        template=template,
        title="Progress review",
        author=democratic,
    )
    written = {part.label: part.text for part in papers.parts_of(paper)}
    assert "Pat Example" in written["Summary of the approach"]
    assert "Looking forward" in written["What the review looked at"]
    assert "Out of three recommendations" in written["Progress review feedback"]
    assert "Repairs are faster." in written["Findings"]
    assert "Write to each household" in written["Suggestions"]
    assert "Receives the findings" in "".join(written.values())
