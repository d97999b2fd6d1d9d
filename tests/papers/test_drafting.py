"""Parts of a paper drafted from the plan."""

from collections.abc import Callable
from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Action, ProgressUpdate, RecommendationUpdate
from actions.position import plan_position, released_position
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.drafting import DRAFTERS, Drafter, load_context, load_context_for
from peerplan.papers.drafting.asks import Voice, voice_of
from peerplan.papers.drafting.context import DraftContext, lower
from peerplan.papers.models import Body, Meeting, Paper, Purpose, Route, RouteStep
from peerplan.render.report import Bullets, Chart, DataTable
from peerplan.render.texts import blocks_of
from reviews.deadlines import deadlines
from reviews.models import (
    Conclusion,
    PeerChallenge,
    Recommendation,
    RecommendationTheme,
    TeamMember,
    Theme,
)
from tests.plugins.papers import Saw
from tests.plugins.plans import CANARY, Plan

AS_AT = date(2025, 6, 12)
TODAY = date(2025, 6, 24)


def context_of(step: RouteStep, as_at: date = AS_AT, **more: object) -> DraftContext:
    return load_context_for(step.route.challenge, step, as_at, clock.now(), **more)  # type: ignore[arg-type]


def drafted(key: str, step: RouteStep, as_at: date = AS_AT, **more: object) -> str:
    return DRAFTERS[key].text(context_of(step, as_at, **more))


def everything(drafter: Drafter, context: DraftContext) -> tuple[object, ...]:
    """What a drafter says and draws."""
    return drafter.text(context), *drafter.figures(context)


def asked(step: RouteStep, as_at: date = AS_AT, **more: object) -> list[str]:
    return drafted("recommendations", step, as_at, **more).split("\n\n")


@pytest.fixture
def told(challenge: PeerChallenge, recommendation: Recommendation, manager: Person) -> None:
    """What the peers said, and the dates of the challenge."""
    core = Theme(challenge=challenge, title="Governance and culture", kind="core", position=1)
    own = Theme(challenge=challenge, title="Housing repairs", kind="own", position=2)
    focus = Theme(challenge=challenge, title="Tenants’ voice", kind="focus", position=3)
    for theme in (core, own, focus):
        history.save(theme, author=manager.user)
    for where, kind, text in (
        (core, "strength", "Members and officers trust each other"),
        (core, "consider", "Scrutiny could look ahead more."),
        (own, "strength", "Call handlers are\npatient and well informed."),
        (None, "strength", "The council knows its place."),
    ):
        point = Conclusion(challenge=challenge, theme=where, kind=kind, text=text)
        history.save(point, author=manager.user)
    RecommendationTheme.objects.create(
        recommendation=recommendation, theme=own, added_by=manager.user
    )
    for name, role, organisation in (
        ("Pat Example", "Leader", "Mereford Borough Council"),
        ("", "Chief executive", "Thornbury Vale Council"),
    ):
        peer = TeamMember(challenge=challenge, name=name, role=role, organisation=organisation)
        history.save(peer, author=manager.user)
    challenge.report_received_on = date(2024, 9, 2)
    challenge.report_published_on = date(2024, 9, 20)
    challenge.review_from = date(2025, 4, 1)
    challenge.review_to = date(2025, 4, 2)
    history.save(challenge, author=manager.user)


# --- All of them --------------------------------------------------------------------------------


def test_the_subjects_are_those_that_templates_name() -> None:
    assert list(DRAFTERS) == [
        "purpose",
        "reason",
        "background",
        "team",
        "praised",
        "themes",
        "recommendations-of-peers",
        "progress",
        "exceptions",
        "changed",
        "next-steps",
        "deadlines",
        "comments",
        "minute",
        "questions",
        "recommendations",
        "position",
        "completed",
        "extensions",
        "overdue",
        "due-next",
        "not-updated",
        "review-team",
        "review-summary",
        "review-themes",
        "review-findings",
        "review-suggestions",
    ]
    assert all(drafter.label and drafter.about for drafter in DRAFTERS.values())


@pytest.mark.parametrize("key", DRAFTERS)
def test_a_challenge_without_a_plan_can_be_drafted_from(key: str, cabinet_step: RouteStep) -> None:
    for purpose in Purpose.values:
        cabinet_step.purpose = purpose
        context = context_of(cabinet_step)
        text = DRAFTERS[key].text(context)

        assert "None" not in text
        assert "  " not in text
        if DRAFTERS[key].only_blocks:
            assert text == ""
            assert DRAFTERS[key].figures(context)


@pytest.mark.parametrize("as_at", [date(2024, 5, 1), date(2024, 7, 1), date(2025, 3, 1), TODAY])
def test_texts_are_what_the_renderers_read(
    as_at: date, plan: Plan, told: None, cabinet_step: RouteStep
) -> None:
    for key, drafter in DRAFTERS.items():
        text = drafter.text(context_of(cabinet_step, as_at))
        for block in blocks_of(text):
            shown = repr(block)
            assert ".." not in shown.replace("...", ""), key
            assert " ." not in shown, key


def test_nothing_that_is_not_for_publication_is_drafted(
    plan: Plan, told: None, cabinet_step: RouteStep, scrutiny_step: RouteStep
) -> None:
    for step in (cabinet_step, scrutiny_step):
        for purpose in Purpose.values:
            step.purpose = purpose
            for as_at in (AS_AT, TODAY, date(2026, 2, 1)):
                public = context_of(step, as_at)
                for drafter in DRAFTERS.values():
                    said = repr(everything(drafter, public))
                    assert CANARY not in said
                    assert "1.5" not in said
    restricted = context_of(cabinet_step, include_exempt=True)
    assert CANARY in repr(everything(DRAFTERS["exceptions"], restricted))


def test_the_restricted_copy_reads_nothing_again(
    plan: Plan, told: None, cabinet_step: RouteStep
) -> None:
    public = context_of(cabinet_step)
    for drafter in DRAFTERS.values():
        everything(drafter, public)

    with CaptureQueriesContext(connection) as read:
        restricted = public.for_readers(include_exempt=True)
        text = DRAFTERS["exceptions"].text(restricted)

    assert CANARY in text
    assert len(read) == 0


def test_a_position_that_was_read_already_is_not_read_again(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    whole = plan_position(plan.challenge, AS_AT, clock.now())
    context = context_of(cabinet_step, whole=whole)

    with CaptureQueriesContext(connection) as read:
        assert context.whole is whole
        assert context.position.total == 5

    assert len(read) == 0


@pytest.mark.parametrize("size", ["plan", "hundred"])
def test_all_drafts_of_a_paper_take_as_many_queries_for_any_plan(
    size: str,
    request: pytest.FixtureRequest,
    told: None,
    cabinet_step: RouteStep,
    scrutiny_step: RouteStep,
    saw: Saw,
) -> None:
    plan = request.getfixturevalue(size)
    step = RouteStep.objects.select_related("body", "meeting", "route__challenge__council").get(
        pk=cabinet_step.pk
    )
    context = load_context_for(step.route.challenge, step, AS_AT, clock.now())

    with CaptureQueriesContext(connection) as position:
        assert context.position.total == len(plan.actions) - (size == "plan")
    with CaptureQueriesContext(connection) as rest:
        for drafter in DRAFTERS.values():
            everything(drafter, context)

    assert len(position) <= 9
    # Never seen: the release before and its position take four of them; whether the words of a
    # progress review are locked takes one.
    assert len(rest) <= 13


def test_once_a_body_has_seen_the_plan_the_rest_takes_nine_queries(
    plan: Plan, told: None, cabinet_step: RouteStep, earlier: RouteStep
) -> None:
    step = RouteStep.objects.select_related("body", "meeting", "route__challenge__council").get(
        pk=cabinet_step.pk
    )
    context = load_context_for(step.route.challenge, step, AS_AT, clock.now())
    assert context.position.total

    with CaptureQueriesContext(connection) as rest:
        for drafter in DRAFTERS.values():
            everything(drafter, context)

    assert len(rest) <= 9


def test_the_context_of_a_paper_has_its_figures_and_its_lead_in(
    paper: Paper, cabinet_step: RouteStep
) -> None:
    context = load_context(paper, cabinet_step)

    assert context.as_at == date(2025, 6, 12)
    assert context.known_by == paper.figures_known_by
    assert context.lead_in == "THAT CABINET:"
    assert not context.include_exempt


def test_a_body_without_lead_in_words_takes_those_of_the_template(
    paper: Paper, cabinet_step: RouteStep
) -> None:
    cabinet_step.body.lead_in = ""
    paper.template.lead_in = "Members are asked to:"

    assert load_context(paper, cabinet_step).lead_in == "Members are asked to:"


@pytest.fixture
def earlier(
    plan: Plan, cabinet: Body, cabinet_step: RouteStep, democratic: Person, saw: Saw
) -> RouteStep:
    """Cabinet saw the position at 31 March on 29 April."""
    route = Route(challenge=plan.challenge, name="Progress, April 2025")
    history.save(route, author=democratic.user)
    meeting = Meeting(body=cabinet, on=date(2025, 4, 29), at=time(17, 0))
    history.save(meeting, author=democratic.user)
    step = RouteStep(
        route=route, position=1, body=cabinet, meeting=meeting, purpose="note", minute_number="88"
    )
    history.save(step, author=democratic.user)
    saw(step, released_position(plan.releases[0]))
    return step


# --- The visit ----------------------------------------------------------------------------------


def test_the_background_has_every_date_of_the_challenge(
    plan: Plan, told: None, cabinet_step: RouteStep, earlier: RouteStep
) -> None:
    assert drafted("background", cabinet_step) == (
        "The Corporate Peer Challenge 2024 of Ashdale District Council took place from 26 to 28 "
        "June 2024, when the peers spent three days with the council. The team had two members.\n\n"
        "The council received the peers’ report on 2 September 2024 and published it on 20 "
        "September 2024.\n\n"
        "The action plan was approved on 17 December 2024. At 12 June 2025 it has five actions in "
        "answer to one recommendation.\n\n"
        "The plan has been considered by Cabinet on 29 April 2025 (minute 88).\n\n"
        "The peers came back for a progress review on 1 and 2 April 2025."
    )


def test_the_background_tells_what_is_still_to_come_as_to_come(
    plan: Plan, told: None, cabinet_step: RouteStep
) -> None:
    before = drafted("background", cabinet_step, date(2024, 6, 1))
    between = drafted("background", cabinet_step, date(2024, 9, 10))

    assert "will take place from 26 to 28 June 2024" in before
    assert "received" not in before
    assert "approved" not in before
    assert "received the peers’ report on 2 September 2024. It is to be published on 20" in between
    assert "will come back for a progress review on 1 and 2 April 2025" in between


def test_meetings_called_off_or_still_to_come_have_not_considered_the_plan(
    plan: Plan, cabinet_step: RouteStep, earlier: RouteStep, democratic: Person
) -> None:
    assert earlier.meeting is not None
    earlier.meeting.called_off_at = clock.now()
    earlier.meeting.called_off_reason = "Snow"
    history.save(earlier.meeting, author=democratic.user)

    assert "considered" not in drafted("background", cabinet_step)


def test_no_meeting_after_this_one_has_considered_the_plan_though_the_figures_are_later(
    plan: Plan, scrutiny_step: RouteStep, cabinet_step: RouteStep
) -> None:
    after_both = date(2025, 7, 1)

    assert "considered" not in drafted("background", scrutiny_step, after_both)
    assert "by Corporate Scrutiny Committee on 19 June 2025" in drafted(
        "background", cabinet_step, after_both
    )


def test_the_team_is_named_by_role_and_organisation_and_by_name_where_given(
    plan: Plan, told: None, cabinet_step: RouteStep
) -> None:
    assert drafted("team", cabinet_step) == (
        "The peer team on site from 26 to 28 June 2024 was:\n\n"
        "- Pat Example, Leader, Mereford Borough Council\n"
        "- Chief executive, Thornbury Vale Council"
    )


def test_without_a_team_praise_or_themes_there_is_nothing_to_draft(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    for key in ("team", "praised", "themes", "comments", "minute"):
        assert drafted(key, cabinet_step).startswith(
            "" if key != "comments" else "Corporate Scrutiny"
        )
    assert drafted("team", cabinet_step) == ""
    assert drafted("praised", cabinet_step) == ""
    assert drafted("themes", cabinet_step) == ""


def test_praise_is_told_by_theme_and_is_praise_only(
    plan: Plan, told: None, cabinet_step: RouteStep
) -> None:
    assert drafted("praised", cabinet_step) == (
        "The peers recognised three strengths:\n\n"
        "- The council knows its place.\n\n"
        "# Governance and culture\n\n"
        "- Members and officers trust each other.\n\n"
        "# Housing repairs\n\n"
        "- Call handlers are patient and well informed."
    )


def test_themes_are_told_by_kind(plan: Plan, told: None, cabinet_step: RouteStep) -> None:
    assert drafted("themes", cabinet_step) == (
        "The peers looked at one core theme:\n\n- Governance and culture\n\n"
        "The council also asked them to look at:\n\n- Housing repairs\n\n"
        "Across the themes the peers looked at:\n\n- Tenants’ voice"
    )


def test_the_recommendations_are_in_the_peers_own_words_by_kind(
    plan: Plan, cabinet_step: RouteStep, challenge: PeerChallenge, manager: Person
) -> None:
    for ref, kind, title, wording in (
        ("2", "key", "Plan your money", "Plan your money for five years.\n\n- Look\n- Ask\n\nAct."),
        ("A", "further", "Look ahead", ""),
        ("1.1", "suggestion", "Keep mapping", "Go on with it"),
        ("X", "local", "Ours alone", "We said so ourselves."),
    ):
        row = Recommendation(
            challenge=challenge, ref=ref, kind=kind, title=title, wording=wording, position=9
        )
        history.save(row, author=manager.user)

    text = drafted("recommendations-of-peers", cabinet_step, TODAY)

    assert text == (
        "The peers made two key recommendations:\n\n"
        "Recommendation 1: Repair homes faster. Map how repairs are done and remove what slows "
        "them.\n\n"
        "Recommendation 2: Plan your money for five years.\n\n"
        "- Look\n- Ask\n\n"
        "> Act.\n\n"
        "The peers made one further recommendation:\n\n"
        "Recommendation A: Look ahead.\n\n"
        "The peers made one suggestion of the progress review:\n\n"
        "Suggestion 1.1: Keep mapping. Go on with it"
    )
    assert Bullets(("Look", "Ask")) in blocks_of(text)


# --- Progress -----------------------------------------------------------------------------------


def test_progress_is_told_by_recommendation_with_counts_in_words_and_a_table(
    plan: Plan, told: None, cabinet_step: RouteStep, earlier: RouteStep
) -> None:
    context = context_of(cabinet_step)

    assert DRAFTERS["progress"].text(context) == (
        "At 12 June 2025: 2 of 5 actions are complete, on track or in normal work. One is at risk "
        "and one is off track: 1.1. One action is claimed complete and not yet verified.\n\n"
        "Since Cabinet last saw the plan, at its meeting on 29 April 2025, two actions got "
        "worse and one more is claimed complete. One action has a later due date.\n\n"
        "Recommendation 1 (Repair homes faster): of five actions, one is red, one is amber, one is "
        "green, one is claimed complete and one is not started. Action 1.1 is overdue. Action 1.2 "
        "is later than first agreed."
    )
    (table,) = DRAFTERS["progress"].figures(context)
    assert isinstance(table, DataTable)
    assert table.has_total
    assert [cell.text for cell in table.rows[0]] == [
        "1 Repair homes faster", "1", "1", "1", "0", "1", "1", "5",
    ]  # fmt: skip
    assert [cell.text for cell in table.rows[-1]][1:] == [cell.text for cell in table.rows[0]][1:]


@pytest.mark.parametrize(
    ("refs", "said"),
    [
        (("1.1",), "its one action is not started"),
        (("1.1", "1.2"), "both actions are not started"),
        (("1.1", "1.2", "1.3"), "all three actions are not started"),
    ],
)
def test_actions_that_stand_alike_are_told_together(
    act: Callable[..., Action], cabinet_step: RouteStep, refs: tuple[str, ...], said: str
) -> None:
    for ref in refs:
        act(ref)
    assert f"Recommendation 1 (Repair homes faster): {said}." in drafted("progress", cabinet_step)


def test_the_council_s_own_view_stands_beside_the_counts(
    plan: Plan, cabinet_step: RouteStep, recommendation: Recommendation, manager: Person
) -> None:
    RecommendationUpdate.objects.create(
        recommendation=recommendation,
        as_at=date(2025, 5, 31),
        status="amber",
        summary="Repairs take a week less",
        author=manager.user,
    )

    assert drafted("progress", cabinet_step).endswith(
        "The council’s own view is amber: Repairs take a week less."
    )


def test_many_recommendations_are_told_by_theme(
    plan: Plan,
    told: None,
    cabinet_step: RouteStep,
    challenge: PeerChallenge,
    manager: Person,
) -> None:
    for number in range(2, 16):
        row = Recommendation(
            challenge=challenge, ref=str(number), title=f"Recommendation {number}", position=number
        )
        history.save(row, author=manager.user)

    context = context_of(cabinet_step, TODAY)
    text = DRAFTERS["progress"].text(context)

    assert "Housing repairs: of five actions, one is red" in text
    assert "Recommendation 2" not in text
    (table,) = DRAFTERS["progress"].figures(context)
    assert isinstance(table, DataTable)
    assert len(table.rows) == 16


def test_exceptions_say_what_is_needed_the_most_serious_first(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    assert drafted("exceptions", cabinet_step) == (
        "At 12 June 2025, two actions need attention, because they are off track, overdue or "
        "later than first agreed:\n\n"
        "- Action 1.1 (Clear the backlog of repairs), led by the Head of Housing, is red. Decision "
        "sought: Cabinet to choose a contractor for 1.1. Overdue: it was due on 31 May 2025, 12 "
        "days ago.\n"
        "- Action 1.2 (Review the schedule of rates), led by the Head of Housing, is amber. "
        "Recovery plan: The team of 1.2 works Saturdays. Date: 92 days later than first agreed. "
        "Reason: The surveyor left."
    )


def test_a_plan_without_exceptions_says_so(plan: Plan, cabinet_step: RouteStep) -> None:
    assert drafted("exceptions", cabinet_step, date(2025, 3, 31)) == (
        "At 31 March 2025 no action is off track, overdue or later than first agreed."
    )


def test_beyond_twelve_exceptions_the_rest_is_in_the_plan(
    hundred: Plan, cabinet_step: RouteStep
) -> None:
    text = drafted("exceptions", cabinet_step, TODAY)

    assert text.count("\n- ") == 12
    assert "further actions are set out in the action plan." in text


def test_changes_are_told_by_kind_since_the_body_last_saw_the_plan(
    plan: Plan, cabinet_step: RouteStep, earlier: RouteStep
) -> None:
    assert drafted("changed", cabinet_step, TODAY) == (
        "Since Cabinet last saw the plan, at its meeting on 29 April 2025 (position at 31 March "
        "2025), three actions have something new to tell:\n\n"
        "> One got worse:\n\n"
        "- 1.1 Clear the backlog of repairs went from Amber to Red.\n\n"
        "> One more is claimed complete:\n\n"
        "- 1.3 Publish a repairs standard went from Green to Claimed complete, not yet checked.\n\n"
        "> One has a new date only:\n\n"
        "- 1.2 Review the schedule of rates is still Green; its date moved from 30 September to 31 "
        "December 2025 (92 days).\n\n"
        "> Two have no new update: 1.4 and 1.6."
    )


def test_a_body_that_never_saw_the_plan_is_told_so(plan: Plan, scrutiny_step: RouteStep) -> None:
    with_release = drafted("changed", scrutiny_step, date(2025, 5, 31))
    without = drafted("changed", scrutiny_step, date(2025, 3, 1))

    assert with_release.startswith(
        "The Committee has not had a report on the plan before. Since the last release, with the "
        "position at 31 March 2025, three actions have something new to tell:"
    )
    assert without == (
        "The Committee has not had a report on the plan before, so there is nothing to compare "
        "this position with."
    )


def test_the_position_is_a_chart_with_its_numbers_in_a_table(
    plan: Plan, told: None, cabinet_step: RouteStep
) -> None:
    chart, table = DRAFTERS["position"].figures(context_of(cabinet_step))

    assert isinstance(chart, Chart)
    assert isinstance(table, DataTable)
    assert sum(segment.count for segment in chart.bar.segments) == 5
    assert [row[0].text for row in table.rows] == ["Housing repairs", "All themes"]
    assert table.rows[-1][-1].text == "5"


def test_labels_stay_as_the_council_writes_them() -> None:
    assert [lower(label) for label in ("Red", "Not started", "BAU", "")] == [
        "red",
        "not started",
        "BAU",
        "",
    ]


# --- The route ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("comment", "To ask Cabinet for its comments on the action plan that answers"),
        ("approve", "To report progress on the action plan that answers"),
        ("note", "To report progress on"),
        ("recommend", "To ask Cabinet to recommend the action plan"),
        ("monitor", "To let Cabinet monitor progress on"),
        ("publish", "To publish the action plan that answers"),
        ("receive", "To present the peers’ report on the Corporate Peer Challenge 2024"),
    ],
)
def test_the_purpose_follows_from_the_step(
    purpose: str, said: str, plan: Plan, cabinet_step: RouteStep
) -> None:
    cabinet_step.purpose = purpose

    assert drafted("purpose", cabinet_step).startswith(said)
    assert drafted("reason", cabinet_step).endswith(".")


def test_the_purpose_of_one_report_to_two_bodies_tells_what_each_is_asked(
    plan: Plan, scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    plan.challenge.plan_approved_on = None
    cabinet_step.shares_paper, cabinet_step.purpose = True, "approve"
    history.save(cabinet_step, author=democratic.user)

    said = drafted("purpose", scrutiny_step)

    assert said.startswith("To ask the Committee for its comments on the action plan")
    assert said.endswith(", and to ask Cabinet to approve it.")


def test_scrutiny_is_asked_so_that_its_comments_reach_cabinet(
    plan: Plan, scrutiny_step: RouteStep, cabinet_step: RouteStep
) -> None:
    assert drafted("reason", scrutiny_step) == (
        "So that the comments of this meeting can be taken into account in the report to Cabinet "
        "on Tuesday 24 June 2025."
    )


def test_a_plan_that_is_not_approved_yet_says_by_when_it_is_due(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    reason = drafted("reason", cabinet_step, date(2024, 10, 1))

    assert reason.endswith("It is due by 28 November 2024.")


def test_the_meeting_that_approves_the_plan_gets_it_unapproved(
    plan: Plan, told: None, challenge: PeerChallenge, cabinet_step: RouteStep
) -> None:
    assert cabinet_step.meeting is not None
    cabinet_step.route.challenge.plan_approved_on = cabinet_step.meeting.on
    assert drafted("purpose", cabinet_step, TODAY).startswith("To ask Cabinet to approve")
    assert "has not been approved yet" in drafted("background", cabinet_step, TODAY)


def test_a_deadline_that_has_passed_is_not_the_next_one(
    plan: Plan, challenge: PeerChallenge, cabinet_step: RouteStep
) -> None:
    assert any(not one.is_done for one in deadlines(challenge, date(2029, 1, 1)))
    assert "Next deadline" in drafted("next-steps", cabinet_step, date(2024, 10, 1))
    assert "Next deadline" not in drafted("next-steps", cabinet_step, date(2029, 1, 1))


def test_next_steps_have_every_step_with_body_day_and_purpose_and_the_next_deadline(
    plan: Plan, told: None, scrutiny_step: RouteStep, cabinet_step: RouteStep
) -> None:
    assert drafted("next-steps", scrutiny_step) == (
        "The plan goes to:\n\n"
        "- Corporate Scrutiny Committee (this meeting), Thursday 19 June 2025, to comment on the "
        "action plan\n"
        "- Cabinet, Tuesday 24 June 2025, to endorse progress on the action plan\n\n"
        "Next deadline: progress review report published. Due by 28 June 2025, 12 months after "
        "the last day on site."
    )


def test_next_steps_tell_of_a_meeting_to_be_fixed_and_leave_out_one_that_is_over(
    plan: Plan,
    scrutiny_step: RouteStep,
    cabinet_step: RouteStep,
    cabinet: Body,
    democratic: Person,
) -> None:
    step = RouteStep(route=cabinet_step.route, position=3, body=cabinet, purpose="monitor")
    history.save(step, author=democratic.user)

    text = drafted("next-steps", cabinet_step, date(2025, 6, 20))

    assert "Corporate Scrutiny Committee" not in text
    assert "- Cabinet, at a meeting still to be fixed, to monitor progress" in text


def test_every_deadline_is_told(plan: Plan, told: None, cabinet_step: RouteStep) -> None:
    text = drafted("deadlines", cabinet_step)

    assert text.count("\n- ") == 4
    assert (
        "- Action plan approved: 17 December 2024, 5 months 19 days after the last day on site: "
        "late; due by 28 November 2024, 5 months after the last day on site."
    ) in text


def test_comments_and_minutes_of_earlier_steps_are_taken_in(
    plan: Plan, scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    scrutiny_step.comments = "Members asked why repairs take so long.\n\n- They want a target."
    scrutiny_step.minute_number = "12"
    scrutiny_step.minute = "RESOLVED that Cabinet be asked for a target."
    history.save(scrutiny_step, author=democratic.user)

    assert drafted("comments", cabinet_step) == (
        "Corporate Scrutiny Committee, at its meeting on 19 June 2025, commented:\n\n"
        "Members asked why repairs take so long.\n\n- They want a target."
    )
    assert drafted("minute", cabinet_step) == (
        "Corporate Scrutiny Committee, 19 June 2025, minute 12:\n\n"
        "RESOLVED that Cabinet be asked for a target."
    )
    cabinet_step.takes_comments = cabinet_step.takes_minute = False
    assert drafted("comments", cabinet_step) == drafted("minute", cabinet_step) == ""


def test_comments_still_to_come_are_told_as_to_come(
    plan: Plan, scrutiny_step: RouteStep, cabinet_step: RouteStep
) -> None:
    assert drafted("comments", cabinet_step) == (
        "Corporate Scrutiny Committee on Thursday 19 June 2025: the comments will be reported at "
        "the meeting."
    )


# --- Recommendations to the body ----------------------------------------------------------------


def test_cabinet_is_asked_for_the_decisions_that_red_actions_seek(
    plan: Plan, cabinet_step: RouteStep, earlier: RouteStep
) -> None:
    assert asked(cabinet_step) == [
        "Considers the comments of Corporate Scrutiny Committee.",
        "Endorses the progress on the action plan as it stood on 12 June 2025.",
        "Agrees the decision sought on action 1.1 (Clear the backlog of repairs): Cabinet to "
        "choose a contractor for 1.1.",
        "Agrees the later date of action 1.2, 31 December 2025.",
    ]


def test_scrutiny_is_asked_for_comments_and_told_of_decisions(
    plan: Plan, scrutiny_step: RouteStep, cabinet_step: RouteStep
) -> None:
    assert asked(scrutiny_step) == [
        "Notes the progress on the action plan as it stood on 12 June 2025.",
        "Provides comments on the action plan, to go with the report to Cabinet on Tuesday 24 June "
        "2025.",
        "Notes the decision sought on action 1.1.",
    ]


def test_a_plan_not_approved_yet_is_to_be_approved(plan: Plan, cabinet_step: RouteStep) -> None:
    assert asked(cabinet_step, date(2024, 12, 16))[1:] == [
        "Receives the peers’ report on the Corporate Peer Challenge 2024.",
        "Approves the action plan that answers the Corporate Peer Challenge 2024, as it stood on "
        "16 December 2024.",
    ]


@pytest.mark.parametrize(
    ("lead_in", "first"),
    [
        ("THAT CABINET:", "Notes the progress on the action plan as it stood on 12 June 2025."),
        ("Members are asked to:", "note the progress on the action plan as it stood on 12 June"),
        ("", "That the progress on the action plan as it stood on 12 June 2025 be noted."),
        (
            "It is recommended that:",
            "the progress on the action plan as it stood on 12 June 2025 be noted.",
        ),
    ],
)
def test_recommendations_go_on_from_the_words_over_them(
    lead_in: str, first: str, plan: Plan, cabinet_step: RouteStep
) -> None:
    cabinet_step.purpose = Purpose.NOTE
    cabinet_step.takes_comments = False
    cabinet_step.body.lead_in = ""

    assert asked(cabinet_step, lead_in=lead_in)[0].startswith(first)


@pytest.mark.parametrize("purpose", Purpose.values)
@pytest.mark.parametrize("lead_in", ["THAT CABINET:", "Members are asked to:", ""])
def test_every_purpose_asks_something_in_every_voice(
    lead_in: str, purpose: str, plan: Plan, cabinet_step: RouteStep, earlier: RouteStep
) -> None:
    cabinet_step.purpose = purpose
    cabinet_step.body.lead_in = ""
    for as_at in (date(2024, 12, 1), AS_AT):
        items = asked(cabinet_step, as_at, lead_in=lead_in)
        assert items
        assert all(item.endswith(".") for item in items)
        if lead_in == "":
            assert all(item.startswith("That ") and " be " in item for item in items)
            assert not any("That that" in item for item in items)


def test_the_voice_is_told_by_the_lead_in() -> None:
    assert voice_of("THAT THE COMMITTEE:") is Voice.THIRD_PERSON
    assert voice_of("That Cabinet") is Voice.THIRD_PERSON
    assert voice_of("Members are asked to:") is Voice.INFINITIVE
    assert voice_of("It is recommended that") is Voice.PASSIVE
    assert voice_of("Recommendations:") is Voice.PASSIVE
    assert voice_of("") is Voice.PASSIVE


def test_a_red_action_without_a_decision_is_named(
    plan: Plan,
    cabinet_step: RouteStep,
    update: Callable[..., ProgressUpdate],
) -> None:
    red = plan.actions["1.1"].updates.order_by("-as_at").first()
    assert red is not None
    ProgressUpdate.objects.filter(pk=red.pk).update(decision_sought="")
    cabinet_step.body.lead_in = ""

    assert "Notes that action 1.1 is off track." in asked(cabinet_step, lead_in="THAT CABINET:")
    assert "That it be noted that action 1.1 is off track." in asked(cabinet_step)


def test_many_decisions_are_named_together(hundred: Plan, cabinet_step: RouteStep) -> None:
    reds = [action for action in plan_position(hundred.challenge).actions if action.status == "red"]
    for action in reds:
        assert action.update is not None
        row = ProgressUpdate.objects.filter(pk=action.update.id)
        row.update(decision_sought=f"Decide on {action.ref}")

    (sought,) = [item for item in asked(cabinet_step, TODAY) if "decision" in item]

    assert sought.startswith("Agrees the decisions sought on actions ")
    assert all(action.ref in sought for action in reds)


def test_columns_of_counts_are_wide_enough_for_their_words(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    (table,) = DRAFTERS["progress"].figures(context_of(cabinet_step))
    assert isinstance(table, DataTable)
    shares = {column.label: column.share for column in table.columns}
    assert shares["Claimed complete"] == shares["Complete"] == 3
    assert shares["Red"] == shares["Amber"] == 2
