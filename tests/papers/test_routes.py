"""Routes: what may stand in one, what is taken in, and what is late."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine

from peerplan.core import history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers import diary
from peerplan.papers.models import Body, IssuedPaper, Meeting, Paper, Purpose, Route, RouteStep
from peerplan.papers.route_presets import PRESETS
from peerplan.papers.route_reading import (
    RouteView,
    StepView,
    earlier_steps,
    routes_of,
    taken_in,
    views_of,
)
from peerplan.papers.services import routes as services
from peerplan.papers.services.routes import StepDetails
from reviews.models import PeerChallenge

pytestmark = pytest.mark.django_db
TODAY = date(2025, 6, 2)


def read(route: Route, council: Council, today: date = TODAY, *, live: bool = True) -> RouteView:
    return views_of([route], today, diary.calendar_of(council), reads_live=live)[0]


def late(route: Route, council: Council, today: date) -> list[str]:
    return list(read(route, council, today).late)


def order(route: Route) -> list[tuple[int, bool]]:
    rows = RouteStep.objects.filter(route=route, ended_at__isnull=True)
    return [(row.pk, row.shares_paper) for row in rows.order_by("position", "id")]


def issue(step: RouteStep, paper: Paper, author: Person, **given: Any) -> IssuedPaper:
    values: dict[str, Any] = {"number": 1, "reason": ""} | given
    return IssuedPaper.objects.create(
        paper=paper,
        step=step,
        title=paper.title,
        body_name=str(step.body),
        issued_by=author.user,
        as_at=paper.figures_as_at,
        known_by=paper.figures_known_by,
        position=b"{}",
        position_sha256="0" * 64,
        **values,
    )


Add = Callable[..., RouteStep]


@pytest.fixture
def add(route: Route, scrutiny_body: Body, democratic: Person) -> Add:
    """Adds a step without a meeting; scrutiny's unless another body is given."""

    def make(**given: Any) -> RouteStep:
        details = StepDetails(**({"body": scrutiny_body} | given))
        return services.add_step(route=route, details=details, author=democratic)

    return make


# --- Presets ------------------------------------------------------------------------------------


def test_the_routes_that_were_seen_are_there() -> None:
    kinds = {key: [step.kinds[0] for step in preset.steps] for key, preset in PRESETS.items()}
    assert kinds == {
        "scrutiny-cabinet": ["scrutiny", "executive"],
        "scrutiny-cabinet-council": ["scrutiny", "executive", "council"],
        "two-bodies": ["scrutiny", "executive"],
        "council": ["council"],
        "committee-system": ["committee", "council"],
        "publish-first": ["officers", "executive"],
    }
    assert [step.shares_paper for step in PRESETS["two-bodies"].steps] == [False, True]
    assert PRESETS["publish-first"].steps[0].purpose == Purpose.PUBLISH


@pytest.mark.parametrize("key", sorted(PRESETS))
def test_no_preset_takes_in_what_nobody_said(key: str) -> None:
    preset = PRESETS[key]
    first = preset.steps[0]
    assert preset.key == key
    assert (first.takes_comments, first.takes_minute, first.shares_paper) == (False,) * 3
    assert set(Purpose.values) >= {step.purpose for step in preset.steps}
    assert set(Body.Kind.values) >= {kind for step in preset.steps for kind in step.kinds}


# --- Writing ------------------------------------------------------------------------------------


def test_who_produces_no_papers_makes_no_route(challenge: PeerChallenge, owner: Person) -> None:
    with pytest.raises(NotPermitted):
        services.start_route(challenge=challenge, name="Mine", author=owner)


def test_a_challenge_or_body_of_another_council_is_refused(
    challenge: PeerChallenge,
    route: Route,
    other_council: Council,
    outsider: Person,
    democratic: Person,
) -> None:
    foreign = Body(council=other_council, name="Cabinet", kind=Body.Kind.EXECUTIVE)
    history.save(foreign, author=outsider.user)
    with pytest.raises(NotPermitted):
        services.start_route(challenge=challenge, name="Theirs", author=outsider)
    with pytest.raises(NotPermitted):
        services.add_step(route=route, details=StepDetails(body=foreign), author=democratic)


def test_a_name_is_taken_while_its_route_is_on_its_way(
    route: Route, challenge: PeerChallenge, democratic: Person
) -> None:
    with pytest.raises(Invalid, match="There is a route “progress, June 2025” already"):
        services.start_route(challenge=challenge, name="progress, June 2025", author=democratic)
    services.end_route(route=route, version=1, author=democratic)
    services.start_route(challenge=challenge, name="progress, June 2025", author=democratic)


def test_a_route_keeps_its_own_name(route: Route, democratic: Person) -> None:
    renamed = services.rename_route(
        route=route, version=1, name="PROGRESS, June 2025", author=democratic
    )
    assert renamed.name == "PROGRESS, June 2025"


def test_a_route_that_cannot_be_made_leaves_nothing(
    challenge: PeerChallenge, scrutiny_body: Body, democratic: Person
) -> None:
    steps = [StepDetails(body=scrutiny_body), StepDetails(body=scrutiny_body, is_key=True)]
    with pytest.raises(Invalid) as refused:
        services.start_route(challenge=challenge, name="Half", steps=steps, author=democratic)
    assert list(refused.value.fields) == ["steps-1"]
    assert not Route.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"purpose": "gossip"}, "purpose", "Choose the purpose."),
        ({"is_key": True}, "is_key", "takes no key decisions"),
        ({"shares_paper": True}, "shares_paper", "no step before it to share a report with"),
    ],
)
def test_what_a_first_step_cannot_be(
    given: dict[str, Any], field: str, message: str, add: Add
) -> None:
    with pytest.raises(Invalid, match=message) as refused:
        add(**given)
    assert list(refused.value.fields) == [field]


def test_a_step_takes_place_at_a_meeting_of_its_own_body_that_is_held(
    add: Add, cabinet_meeting: Meeting, cabinet: Body, democratic: Person
) -> None:
    with pytest.raises(Invalid, match="this one is another body’s"):
        add(meeting=cabinet_meeting)
    cabinet_meeting.called_off_at = cabinet_meeting.history.first().history_date
    cabinet_meeting.called_off_reason = "Election"
    history.save(cabinet_meeting, author=democratic.user)
    with pytest.raises(Invalid, match="was called off"):
        add(body=cabinet, meeting=cabinet_meeting)


def test_an_ended_body_takes_no_new_step_and_keeps_its_own(
    add: Add, scrutiny_step: RouteStep, scrutiny_body: Body, democratic: Person
) -> None:
    scrutiny_body.ended_on = date(2025, 5, 1)
    history.save(scrutiny_body, author=democratic.user)
    with pytest.raises(Invalid, match="Corporate Scrutiny Committee has ended"):
        add(body=scrutiny_body)
    details = StepDetails(body=scrutiny_body, purpose=Purpose.NOTE)
    kept = services.change_step(step=scrutiny_step, version=1, details=details, author=democratic)
    assert (kept.purpose, kept.body) == (Purpose.NOTE, scrutiny_body)


def test_the_same_step_is_not_there_twice(add: Add) -> None:
    add()
    with pytest.raises(Invalid, match="in the route already"):
        add()
    add(purpose=Purpose.MONITOR)


def test_steps_move_and_stop_at_the_ends(
    route: Route, scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    services.move_step(step=cabinet_step, up=True, version=1, author=democratic)
    assert [key for key, _ in order(route)] == [cabinet_step.pk, scrutiny_step.pk]
    cabinet_step.refresh_from_db()
    services.move_step(step=cabinet_step, up=True, version=cabinet_step.version, author=democratic)
    assert [key for key, _ in order(route)] == [cabinet_step.pk, scrutiny_step.pk]
    with pytest.raises(Stale):
        services.move_step(step=scrutiny_step, up=True, version=1, author=democratic)


def test_two_that_share_a_report_change_places_and_still_share_it(
    route: Route, add: Add, cabinet: Body, democratic: Person
) -> None:
    first, second = add(), add(body=cabinet, shares_paper=True)
    services.move_step(step=second, up=True, version=1, author=democratic)
    assert order(route) == [(second.pk, False), (first.pk, True)]


def test_nothing_comes_between_two_that_share_a_report(
    route: Route, add: Add, cabinet: Body, democratic: Person
) -> None:
    before = add(purpose=Purpose.MONITOR)
    first, second = add(), add(body=cabinet, shares_paper=True)
    after = add(purpose=Purpose.RECEIVE)
    was = order(route)
    for step, up in ((before, False), (first, True), (second, False), (after, True)):
        with pytest.raises(Invalid, match="one report stand one after the other"):
            services.move_step(step=step, up=up, version=1, author=democratic)
    assert order(route) == was


def test_steps_with_one_position_are_put_in_order(
    route: Route, scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    scrutiny_step.position = cabinet_step.position
    history.save(scrutiny_step, author=democratic.user)
    services.move_step(step=scrutiny_step, up=False, version=1, author=democratic)
    assert [key for key, _ in order(route)] == [cabinet_step.pk, scrutiny_step.pk]


def test_the_next_step_begins_the_report_when_the_first_of_two_goes(
    route: Route, add: Add, cabinet: Body, democratic: Person
) -> None:
    first, second = add(), add(body=cabinet, shares_paper=True)
    services.end_step(step=first, version=1, author=democratic)
    assert order(route) == [(second.pk, False)]
    with pytest.raises(Invalid, match="removed in the meantime"):
        services.end_step(step=first, version=2, author=democratic)
    with pytest.raises(Invalid, match="removed in the meantime"):
        services.move_step(step=first, up=True, version=2, author=democratic)


def test_a_step_with_a_report_in_writing_stays(
    cabinet_step: RouteStep, scrutiny_step: RouteStep, paper: Paper, democratic: Person
) -> None:
    cabinet_step.refresh_from_db()
    with pytest.raises(Invalid, match=r"is in writing for this step\. Remove the report first"):
        services.end_step(step=cabinet_step, version=1, author=democratic)
    scrutiny_step.paper = paper
    history.save(scrutiny_step, author=democratic.user)
    with pytest.raises(Invalid, match="in writing for this step and another"):
        services.end_step(step=cabinet_step, version=1, author=democratic)


def test_a_step_with_an_issued_report_stays_with_its_body_and_may_be_put_off(
    cabinet_step: RouteStep, cabinet: Body, scrutiny_body: Body, paper: Paper, democratic: Person
) -> None:
    issue(cabinet_step, paper, democratic)
    with pytest.raises(Invalid, match="A report was issued to Cabinet, so this step stays"):
        services.end_step(step=cabinet_step, version=1, author=democratic)
    with pytest.raises(Invalid, match="stays with that body"):
        services.change_step(
            step=cabinet_step,
            version=1,
            details=StepDetails(body=scrutiny_body),
            author=democratic,
        )
    later = Meeting(body=cabinet, on=date(2025, 7, 22))
    history.save(later, author=democratic.user)
    details = StepDetails(body=cabinet, meeting=later, purpose=Purpose.APPROVE)
    moved = services.change_step(step=cabinet_step, version=1, details=details, author=democratic)
    assert moved.meeting == later
    assert moved.paper == paper


def test_sharing_is_settled_before_the_report_is_begun(
    cabinet_step: RouteStep, cabinet: Body, paper: Paper, democratic: Person
) -> None:
    details = StepDetails(body=cabinet, shares_paper=True)
    with pytest.raises(Invalid, match="A report is in writing for Cabinet already"):
        services.change_step(step=cabinet_step, version=1, details=details, author=democratic)


def test_one_report_goes_to_a_meeting_once(
    cabinet_step: RouteStep, scrutiny_step: RouteStep, paper: Paper, democratic: Person
) -> None:
    scrutiny_step.paper = paper
    history.save(scrutiny_step, author=democratic.user)
    details = StepDetails(body=cabinet_step.body, meeting=cabinet_step.meeting)
    with pytest.raises(Invalid, match="goes to that meeting already"):
        services.change_step(step=scrutiny_step, version=1, details=details, author=democratic)


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ({"comments": "More detail."}, True),
        ({"minute_number": "17"}, True),
        ({"minute": "Noted."}, True),
        ({}, False),
    ],
)
def test_a_step_with_an_outcome_stays_until_that_is_emptied(
    given: dict[str, str], is_kept: bool, scrutiny_step: RouteStep, democratic: Person
) -> None:
    outcome: dict[str, Any] = {"comments": "", "minute_number": "", "minute": ""} | given
    outcome["outcome_paragraph"] = None
    services.record_outcome(
        step=scrutiny_step, version=1, decision_published_on=None, author=democratic, **outcome
    )
    if is_kept:
        with pytest.raises(Invalid, match="has an outcome"):
            services.end_step(step=scrutiny_step, version=2, author=democratic)
    else:
        services.end_step(step=scrutiny_step, version=2, author=democratic)


def test_the_outcome_of_an_ended_route_is_still_recorded(
    route: Route, cabinet_step: RouteStep, travel: time_machine.Traveller, democratic: Person
) -> None:
    travel.move_to("2025-07-01 09:00:00+00:00")
    services.end_route(route=route, version=1, author=democratic)
    given: dict[str, Any] = {"comments": "", "minute_number": "41", "minute": "Agreed."}
    done = services.record_outcome(
        step=cabinet_step,
        version=1,
        decision_published_on=date(2025, 6, 26),
        outcome_paragraph=None,
        author=democratic,
        **given,
    )
    assert (done.minute_number, done.decision_published_on) == ("41", date(2025, 6, 26))
    with pytest.raises(Invalid, match="in the future"):
        services.record_outcome(
            step=cabinet_step,
            version=2,
            decision_published_on=date(2025, 7, 2),
            outcome_paragraph=None,
            author=democratic,
            **given,
        )


def test_an_ended_route_is_not_changed(
    route: Route, cabinet_step: RouteStep, add: Add, democratic: Person
) -> None:
    services.end_route(route=route, version=1, author=democratic)
    with pytest.raises(Invalid, match="This route has ended"):
        add()
    with pytest.raises(Invalid, match="This route has ended"):
        services.rename_route(route=route, version=2, name="Other", author=democratic)
    with pytest.raises(Invalid, match="This route has ended"):
        services.end_route(route=route, version=2, author=democratic)
    with pytest.raises(Invalid, match="This route has ended"):
        services.end_step(step=cabinet_step, version=1, author=democratic)


# --- What is taken in ---------------------------------------------------------------------------


def test_a_step_takes_in_what_the_earlier_ones_said(
    scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    services.record_outcome(
        step=scrutiny_step,
        version=1,
        comments="More detail.",
        minute_number="17",
        minute="Noted.",
        decision_published_on=None,
        outcome_paragraph=None,
        author=democratic,
    )
    found = taken_in(cabinet_step)
    assert found.comments == (("Corporate Scrutiny Committee", "More detail."),)
    assert found.minutes == ((scrutiny_step, "17", "Noted."),)
    assert found.missing == ()
    assert earlier_steps(cabinet_step) == [scrutiny_step]
    assert earlier_steps(scrutiny_step) == []
    nothing = taken_in(scrutiny_step)
    assert (nothing.comments, nothing.minutes, nothing.missing) == ((), (), ())


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2025, 6, 2), "it meets on 19 June 2025. Record the comments and minute once it has"),
        (date(2025, 6, 20), "it met on 19 June 2025. Record the comments and minute now, or"),
    ],
)
def test_an_earlier_step_without_a_minute_is_said_with_what_to_do(
    today: date, words: str, cabinet_step: RouteStep
) -> None:
    (sentence,) = taken_in(cabinet_step, today=today).missing
    assert words in sentence


def test_an_earlier_step_without_a_meeting_is_said_with_what_to_do(
    scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    scrutiny_step.meeting, scrutiny_step.purpose = None, Purpose.NOTE
    history.save(scrutiny_step, author=democratic.user)
    (sentence,) = taken_in(cabinet_step, today=TODAY).missing
    # A body that only notes gives no comments to wait for.
    assert sentence == (
        "The minute of Corporate Scrutiny Committee is not recorded: no meeting of it is chosen "
        "yet. Choose its meeting, and record the minute once it has met, or untick what Cabinet "
        "takes in."
    )


def test_a_step_that_takes_in_and_has_none_before_it_is_told(
    scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    # What was only published provisionally has said nothing.
    scrutiny_step.purpose = Purpose.PUBLISH
    history.save(scrutiny_step, author=democratic.user)
    (sentence,) = taken_in(cabinet_step, today=TODAY).missing
    assert "no step comes before it" in sentence
    assert taken_in(cabinet_step, [], TODAY).missing == (sentence,)


# --- What is late -------------------------------------------------------------------------------


def test_nothing_is_late_in_time(route: Route, cabinet_step: RouteStep, council: Council) -> None:
    view = read(route, council)
    assert view.late == ()
    assert view.next_on == date(2025, 6, 19)
    assert [each.step.body.name for each in view.steps] == [
        "Corporate Scrutiny Committee",
        "Cabinet",
    ]
    following = view.steps[1].following
    assert following is not None
    assert following.reckoning.day == date(2025, 6, 16)
    assert view.bodies == "Corporate Scrutiny Committee, then Cabinet"


def test_publication_and_notices_are_late_until_recorded(
    route: Route, cabinet_step: RouteStep, council: Council, democratic: Person
) -> None:
    cabinet_step.is_key = True
    cabinet_step.has_private_part = True
    history.save(cabinet_step, author=democratic.user)
    on = "for Cabinet on Tuesday 24 June 2025"
    assert late(route, council, date(2025, 6, 2)) == [
        f"Notice of the key decision {on}: 10 days late.",
        f"Notice of the private part {on}: 10 days late.",
    ]
    cabinet_step.notice_published_on = date(2025, 5, 20)
    cabinet_step.private_notice_published_on = date(2025, 5, 20)
    cabinet_step.second_private_notice_published_on = date(2025, 6, 10)
    history.save(cabinet_step, author=democratic.user)
    assert late(route, council, date(2025, 6, 2)) == []
    assert f"Agenda and report {on}: 1 day late." in late(route, council, date(2025, 6, 17))


def test_a_meeting_that_was_held_waits_for_its_outcome(
    route: Route, scrutiny_step: RouteStep, council: Council, paper: Paper, democratic: Person
) -> None:
    scrutiny = "Corporate Scrutiny Committee met on Thursday 19 June 2025, 1 day ago: "
    without = "its outcome is not recorded, and no report to it was issued here."
    assert late(route, council, date(2025, 6, 20))[0] == scrutiny + without
    issue(scrutiny_step, paper, democratic)
    assert late(route, council, date(2025, 6, 20))[0] == f"{scrutiny}its outcome is not recorded."
    scrutiny_step.minute_number = "17"
    history.save(scrutiny_step, author=democratic.user)
    sentences = late(route, council, date(2025, 6, 20))
    assert [each for each in sentences if "Scrutiny" in each] == []
    assert read(route, council, date(2025, 6, 20)).next_on == date(2025, 6, 24)


def test_a_meeting_called_off_an_ended_body_and_a_wrong_order_are_said(
    route: Route,
    scrutiny_step: RouteStep,
    cabinet_step: RouteStep,
    scrutiny_meeting: Meeting,
    cabinet_meeting: Meeting,
    council: Council,
    democratic: Person,
) -> None:
    cabinet_meeting.on = date(2025, 6, 17)
    history.save(cabinet_meeting, author=democratic.user)
    (order_words,) = late(route, council, TODAY)
    assert order_words.startswith(
        "Cabinet meets on Tuesday 17 June 2025, before Corporate Scrutiny Committee does on "
        "Thursday 19 June 2025"
    )
    cabinet_meeting.called_off_at = cabinet_meeting.history.first().history_date
    cabinet_meeting.called_off_reason = "Election"
    history.save(cabinet_meeting, author=democratic.user)
    body = scrutiny_step.body
    body.ended_on = date(2025, 5, 31)
    history.save(body, author=democratic.user)
    assert late(route, council, TODAY) == [
        "Corporate Scrutiny Committee ended on 31 May 2025: choose which body takes this step.",
        "Cabinet: the meeting on Tuesday 17 June 2025 was called off. Choose another meeting.",
    ]


def test_a_provisional_publication_is_done_once_issued(
    route: Route,
    scrutiny_step: RouteStep,
    council: Council,
    paper: Paper,
    democratic: Person,
) -> None:
    scrutiny_step.purpose, scrutiny_step.meeting = Purpose.PUBLISH, None
    history.save(scrutiny_step, author=democratic.user)

    def first() -> StepView:
        return read(route, council).steps[0]

    assert (first().is_done, first().headline) == (False, "No meeting needed")
    issue(scrutiny_step, paper, democratic, is_provisional=True)
    latest = issue(scrutiny_step, paper, democratic, number=2, reason="A date was wrong")
    assert first().is_done
    assert first().issue == latest


def test_members_get_no_paper_in_writing_and_no_list_of_what_to_type(
    route: Route, cabinet_step: RouteStep, paper: Paper, council: Council
) -> None:
    live, released = read(route, council).steps[1], read(route, council, live=False).steps[1]
    assert (live.paper, released.paper) == (paper, None)
    assert live.taken.missing
    assert not released.taken.missing
    assert not released.needs_paper
    assert released.standings == live.standings


def test_routes_are_read_together_in_few_queries(
    route: Route,
    cabinet_step: RouteStep,
    challenge: PeerChallenge,
    council: Council,
    democratic: Person,
    django_assert_num_queries: Any,
) -> None:
    calendar = diary.calendar_of(council)
    with django_assert_num_queries(3):
        (view,) = routes_of([challenge], TODAY, calendar, reads_live=True)
    assert (view.route, view.is_done) == (route, False)
    services.end_route(route=route, version=1, author=democratic)
    assert routes_of([challenge], TODAY, calendar) == []
    (ended,) = routes_of([challenge], TODAY, calendar, with_ended=True)
    assert ended.is_done
