"""What changed since a body last saw the plan, reckoned from what was issued to it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from actions.models import Action, ProgressUpdate
from actions.position import plan_position, released_position
from actions.services.plan import ActionDetails, change_action
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.drafting import load_context_for
from peerplan.papers.drafting.context import DraftContext
from peerplan.papers.models import Body, Meeting, Purpose, Route, RouteStep
from peerplan.papers.since import last_seen, since_issue
from reviews.models import PeerChallenge
from tests.plugins.papers import Saw
from tests.plugins.plans import CANARY, Plan

MakeStep = Callable[..., RouteStep]
JUNE = date(2025, 6, 24)


@pytest.fixture
def step_at(challenge: PeerChallenge, democratic: Person) -> MakeStep:
    """A step of a route of its own at a meeting of `body`: `step_at(cabinet, date(...))`."""

    def make(body: Body, on: date | None, purpose: str = Purpose.MONITOR) -> RouteStep:
        route = Route(challenge=challenge, name=f"Progress, {on}")
        history.save(route, author=democratic.user)
        meeting = None
        if on is not None:
            meeting = Meeting(body=body, on=on, at=time(18, 0))
            history.save(meeting, author=democratic.user)
        step = RouteStep(route=route, position=1, body=body, meeting=meeting, purpose=purpose)
        history.save(step, author=democratic.user)
        return step

    return make


def context_of(step: RouteStep, as_at: date = JUNE, **more: object) -> DraftContext:
    return load_context_for(step.route.challenge, step, as_at, clock.now(), **more)  # type: ignore[arg-type]


def test_a_body_that_never_had_a_paper_has_seen_nothing(cabinet_step: RouteStep) -> None:
    assert last_seen(cabinet_step) is None


def test_the_latest_paper_before_the_meeting_counts_and_no_other(
    plan: Plan,
    cabinet: Body,
    scrutiny_body: Body,
    cabinet_step: RouteStep,
    step_at: MakeStep,
    saw: Saw,
) -> None:
    position = released_position(plan.releases[0])
    saw(step_at(cabinet, date(2025, 2, 25)), position)
    latest = saw(step_at(cabinet, date(2025, 4, 29)), position)
    saw(step_at(cabinet, date(2025, 7, 22)), position)
    saw(step_at(scrutiny_body, date(2025, 6, 5)), position)
    saw(cabinet_step, position)

    assert last_seen(cabinet_step) == latest


def test_of_a_corrected_paper_the_correction_counts(
    plan: Plan, cabinet: Body, cabinet_step: RouteStep, step_at: MakeStep, saw: Saw
) -> None:
    earlier = step_at(cabinet, date(2025, 4, 29))
    saw(earlier, released_position(plan.releases[0]))
    correction = saw(earlier, released_position(plan.releases[0]), number=2)

    assert last_seen(cabinet_step) == correction


def test_a_paper_on_another_plan_does_not_count(
    plan: Plan,
    cabinet: Body,
    cabinet_step: RouteStep,
    step_at: MakeStep,
    saw: Saw,
    manager: Person,
) -> None:
    other = PeerChallenge(
        council=plan.challenge.council,
        slug="cpc-2019",
        title="Corporate Peer Challenge 2019",
        on_site_from=date(2019, 6, 3),
        on_site_to=date(2019, 6, 5),
    )
    history.save(other, author=manager.user)
    step = step_at(cabinet, date(2025, 4, 29))
    step.route.challenge = other
    history.save(step.route, author=manager.user)
    saw(step, released_position(plan.releases[0]))

    assert last_seen(cabinet_step) is None


def test_a_step_without_a_meeting_looks_at_everything_issued(
    plan: Plan, cabinet: Body, step_at: MakeStep, saw: Saw
) -> None:
    latest = saw(step_at(cabinet, date(2025, 4, 29)), released_position(plan.releases[0]))

    assert last_seen(step_at(cabinet, None)) == latest


def test_finding_what_was_last_seen_takes_one_query(
    plan: Plan,
    cabinet: Body,
    cabinet_step: RouteStep,
    step_at: MakeStep,
    saw: Saw,
    django_assert_num_queries: Callable[..., object],
) -> None:
    saw(step_at(cabinet, date(2025, 4, 29)), released_position(plan.releases[0]))
    step = RouteStep.objects.select_related("meeting").get(pk=cabinet_step.pk)

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert last_seen(step) is not None


def test_changes_are_those_since_the_issued_position_not_since_today_s_rows(
    plan: Plan,
    cabinet: Body,
    cabinet_step: RouteStep,
    step_at: MakeStep,
    saw: Saw,
    update: Callable[..., ProgressUpdate],
    travel: object,
) -> None:
    issue = saw(step_at(cabinet, date(2025, 4, 29)), released_position(plan.releases[0]))
    # A later word about an earlier day: the rows for 31 March are no longer what Cabinet saw.
    update(
        plan.actions["1.4"],
        date(2025, 3, 31),
        "red",
        is_correction=True,
        correction_reason="Late news.",
    )

    found = since_issue(
        issue, plan_position(plan.challenge), "Cabinet", include_exempt=False
    ).changes

    told = {change.action.ref: change for change in found.all}
    assert found.since == date(2025, 3, 31)
    assert told["1.4"].status_from == "green"
    assert told["1.4"].status_to == "red"
    assert [change.action.ref for change in found.worsened] == ["1.1", "1.4"]
    assert [change.action.ref for change in found.completed] == ["1.3"]
    assert [change.action.ref for change in found.dates_moved] == ["1.2"]


def test_an_action_that_is_exempt_is_told_to_the_entitled_only(
    plan: Plan, cabinet: Body, cabinet_step: RouteStep, step_at: MakeStep, saw: Saw
) -> None:
    issue = saw(step_at(cabinet, date(2025, 4, 29)), released_position(plan.releases[0]))
    whole = plan_position(plan.challenge)

    public = since_issue(issue, whole, "Cabinet", include_exempt=False).changes
    restricted = since_issue(issue, whole, "Cabinet", include_exempt=True).changes

    assert "1.5" not in {change.action.ref for change in public.all}
    assert CANARY not in repr(public)
    assert CANARY in repr(restricted)


def test_an_action_made_exempt_since_is_left_out_and_not_told_as_gone(
    plan: Plan,
    cabinet: Body,
    cabinet_step: RouteStep,
    step_at: MakeStep,
    saw: Saw,
    manager: Person,
) -> None:
    issue = saw(step_at(cabinet, date(2025, 4, 29)), released_position(plan.releases[0]))
    make_exempt(plan.actions["1.1"], manager)

    found = since_issue(
        issue, plan_position(plan.challenge), "Cabinet", include_exempt=False
    ).changes
    text = repr(context_of(cabinet_step).since)

    assert "1.1" not in {change.action.ref for change in found.all}
    assert "Clear the backlog" not in text


def test_an_action_published_since_is_neither_new_nor_changed(
    plan: Plan,
    cabinet: Body,
    cabinet_step: RouteStep,
    step_at: MakeStep,
    saw: Saw,
    manager: Person,
) -> None:
    saw(step_at(cabinet, date(2025, 4, 29)), released_position(plan.releases[0]))
    make_public(plan.actions["1.5"], manager)

    public = context_of(cabinet_step).since
    restricted = context_of(cabinet_step, include_exempt=True).since

    assert public.changes is not None
    assert restricted.changes is not None
    assert [action.ref for action in public.newly_public] == ["1.5"]
    assert "1.5" not in {change.action.ref for change in public.changes.all}
    assert "refused our offer" not in repr(public)
    assert restricted.newly_public == ()
    assert "1.5" in {change.action.ref for change in restricted.changes.all}


def test_a_position_without_its_exempt_actions_is_refused(
    plan: Plan, cabinet: Body, step_at: MakeStep, saw: Saw
) -> None:
    issue = saw(step_at(cabinet, date(2025, 4, 29)), released_position(plan.releases[0]))
    public = plan_position(plan.challenge).for_reader(reads_exempt=False)

    with pytest.raises(ValueError, match="whole"):
        since_issue(issue, public, "Cabinet", include_exempt=False)


def test_the_words_say_with_what_the_plan_is_compared(
    plan: Plan, cabinet: Body, cabinet_step: RouteStep, step_at: MakeStep, saw: Saw
) -> None:
    assert context_of(cabinet_step).since.words == (
        "the last release, with the position at 31 May 2025"
    )
    assert context_of(cabinet_step, date(2025, 3, 1)).since.words == (
        "the plan began, on 17 December 2024"
    )

    saw(step_at(cabinet, date(2025, 4, 29)), released_position(plan.releases[0]))

    since = context_of(cabinet_step).since
    assert since.words == "Cabinet last saw the plan, at its meeting on 29 April 2025"
    assert since.day == date(2025, 3, 31)
    assert since.has_seen


def test_a_paper_without_a_meeting_is_told_by_its_day(
    plan: Plan, cabinet: Body, cabinet_step: RouteStep, step_at: MakeStep, saw: Saw, travel: object
) -> None:
    travel.move_to(datetime(2025, 4, 30, 23, 30, tzinfo=UTC))  # type: ignore[attr-defined]
    saw(step_at(cabinet, None), released_position(plan.releases[0]))
    travel.move_to(datetime(2025, 6, 24, 9, 0, tzinfo=UTC))  # type: ignore[attr-defined]

    # Half past midnight in London.
    assert context_of(cabinet_step).since.words == "Cabinet last saw the plan, on 1 May 2025"


def test_a_release_of_the_paper_s_own_day_is_nothing_to_compare_with(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    since = context_of(cabinet_step, date(2025, 5, 31)).since

    assert since.day == date(2025, 3, 31)
    assert since.changes is not None
    assert [change.action.ref for change in since.changes.worsened] == ["1.1", "1.2"]


def make_exempt(action: Action, manager: Person) -> None:
    change(action, manager, visibility="exempt", exempt_paragraph=3)


def make_public(action: Action, manager: Person) -> None:
    change(action, manager, visibility="public", exempt_paragraph=None)


def change(action: Action, manager: Person, **given: object) -> None:
    row = Action.objects.get(pk=action.pk)
    names = ActionDetails.__dataclass_fields__
    held = {name: getattr(row, name) for name in names if hasattr(row, name)}
    change_action(
        action=row,
        version=row.version,
        details=ActionDetails(**(held | given)),  # type: ignore[arg-type]
        recommendations=[answer.recommendation for answer in row.answers.all()],
        author=manager,
        reason="Advice of the Monitoring Officer",
    )
