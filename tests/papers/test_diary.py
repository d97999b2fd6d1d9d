"""The diary: a council's closure days, meetings and steps brought to the rules of the calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers import diary
from peerplan.papers.calendar import CouncilCalendar
from peerplan.papers.models import Body, ClosureDay, IssuedPaper, Meeting, Paper, RouteStep

pytestmark = pytest.mark.django_db

TODAY = date(2025, 6, 10)


@pytest.fixture
def issue(paper: Paper, cabinet_step: RouteStep, democratic: Person) -> Callable[..., IssuedPaper]:
    """Issues the paper to Cabinet: `issue(number=2, reason="...")`."""

    def make(**given: Any) -> IssuedPaper:
        base: dict[str, Any] = {
            "paper": paper,
            "step": cabinet_step,
            "number": 1,
            "title": "Progress on the plan",
            "body_name": "Cabinet",
            "meeting_on": date(2025, 6, 24),
            "issued_by": democratic.user,
            "as_at": date(2025, 6, 12),
            "known_by": datetime(2025, 6, 12, tzinfo=UTC),
            "position": b"frozen",
            "position_sha256": "0" * 64,
        }
        return IssuedPaper.objects.create(**(base | given))

    return make


def keys(found: tuple[Any, ...]) -> list[str]:
    return [each.reckoning.rule.key for each in found]


def saved(record: Any, author: Person, **given: Any) -> Any:
    for name, value in given.items():
        setattr(record, name, value)
    history.save(record, author=author.user)
    return record


def test_the_calendar_knows_the_nation_and_the_closure_days_that_stand(
    council: Council,
    other_council: Council,
    democratic: Person,
    django_assert_num_queries: Any,
) -> None:
    closed, ended, elsewhere = date(2025, 6, 12), date(2025, 6, 13), date(2025, 6, 16)
    ClosureDay.objects.create(council=council, on=closed, reason="Move", added_by=democratic.user)
    ClosureDay.objects.create(
        council=council,
        on=ended,
        reason="A slip",
        added_by=democratic.user,
        ended_at=datetime(2025, 6, 1, tzinfo=UTC),
        ended_by=democratic.user,
    )
    ClosureDay.objects.create(
        council=other_council, on=elsewhere, reason="Move", added_by=democratic.user
    )
    with django_assert_num_queries(1):
        calendar = diary.calendar_of(council)
    assert calendar == CouncilCalendar("england", frozenset({closed}))


def test_a_step_stands_against_every_rule_of_its_meeting(
    cabinet_step: RouteStep, democratic: Person
) -> None:
    saved(cabinet_step, democratic, is_key=True, has_private_part=True)
    found = diary.standings(cabinet_step, CouncilCalendar(), TODAY)
    assert sorted(keys(found)) == [
        "call-in",
        "key-decision-notice",
        "private-notice",
        "publication",
        "second-private-notice",
    ]
    by_key = dict(zip(keys(found), found, strict=True))
    assert by_key["publication"].reckoning.day == date(2025, 6, 16)
    assert by_key["publication"].days_left == 6
    assert by_key["key-decision-notice"].is_late


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"is_key": True, "notice_published_on": date(2025, 5, 20)}, "key-decision-notice"),
        (
            {"has_private_part": True, "private_notice_published_on": date(2025, 5, 20)},
            "private-notice",
        ),
        ({"decision_published_on": date(2025, 6, 25)}, "call-in"),
    ],
)
def test_what_the_step_records_is_taken_to_its_own_rule(
    cabinet_step: RouteStep, democratic: Person, given: dict[str, Any], key: str
) -> None:
    saved(cabinet_step, democratic, **given)
    found = diary.standings(cabinet_step, CouncilCalendar(), date(2025, 6, 26))
    done = {each.reckoning.rule.key: each.done_on for each in found}
    assert done.pop(key) == next(value for value in given.values() if isinstance(value, date))
    assert set(done.values()) == {None}


def test_the_agenda_published_is_the_meeting_s(
    cabinet_step: RouteStep, cabinet_meeting: Meeting, democratic: Person
) -> None:
    saved(cabinet_meeting, democratic, agenda_published_on=date(2025, 6, 17))
    step = RouteStep.objects.get(pk=cabinet_step.pk)
    found = diary.standings(step, CouncilCalendar(), date(2025, 6, 18))
    assert found[0].headline == "Published, 1 day late"


def test_a_step_without_a_meeting_has_no_rules(cabinet_step: RouteStep, democratic: Person) -> None:
    saved(cabinet_step, democratic, meeting=None)
    assert diary.standings(cabinet_step, CouncilCalendar(), TODAY) == ()


def test_a_meeting_called_off_has_no_rules(
    cabinet_step: RouteStep, cabinet_meeting: Meeting, democratic: Person
) -> None:
    saved(
        cabinet_meeting,
        democratic,
        called_off_at=datetime(2025, 6, 9, tzinfo=UTC),
        called_off_reason="No business",
    )
    step = RouteStep.objects.get(pk=cabinet_step.pk)
    assert diary.standings(step, CouncilCalendar(), TODAY) == ()
    assert diary.publication(cabinet_meeting, CouncilCalendar(), TODAY) is None


@pytest.mark.parametrize(
    ("kind", "binds"), [(kind, kind not in ("officers", "external")) for kind in Body.Kind.values]
)
def test_the_rules_bind_members_bodies_and_no_others(
    cabinet_meeting: Meeting, democratic: Person, kind: str, binds: bool
) -> None:
    saved(cabinet_meeting.body, democratic, kind=kind)
    standing = diary.publication(cabinet_meeting, CouncilCalendar(), TODAY)
    assert (standing is not None) is binds


def test_a_body_without_days_for_call_in_has_none(
    cabinet_step: RouteStep, democratic: Person
) -> None:
    saved(cabinet_step.body, democratic, call_in_days=0)
    assert keys(diary.standings(cabinet_step, CouncilCalendar(), TODAY)) == ["publication"]


def test_an_entry_holds_its_items_papers_and_issues(
    paper: Paper,
    scrutiny_step: RouteStep,
    cabinet_meeting: Meeting,
    scrutiny_meeting: Meeting,
    issue: Callable[..., IssuedPaper],
) -> None:
    first = issue()
    second = issue(number=2, reason="A date was wrong")
    entries = diary.entries([scrutiny_meeting, cabinet_meeting], CouncilCalendar(), TODAY)
    scrutiny, cabinet = entries
    assert scrutiny.items[0].wants_paper
    assert scrutiny.items[0].step == scrutiny_step
    assert scrutiny.issued == ()
    item = cabinet.items[0]
    assert (item.paper, item.latest, item.earlier) == (paper, second, (first,))
    assert not item.wants_paper
    assert cabinet.issued == (second,)
    assert keys(item.notices) == ["call-in"]
    assert item.open_notices == ()
    assert cabinet.is_to_be_published


def test_a_notice_not_given_is_open_until_it_is(
    cabinet_step: RouteStep, cabinet_meeting: Meeting, democratic: Person
) -> None:
    saved(cabinet_step, democratic, is_key=True)
    entry = diary.entries([cabinet_meeting], CouncilCalendar(), TODAY)[0]
    assert keys(entry.items[0].open_notices) == ["key-decision-notice"]
    saved(cabinet_step, democratic, notice_published_on=date(2025, 5, 20))
    entry = diary.entries([cabinet_meeting], CouncilCalendar(), TODAY)[0]
    assert entry.items[0].open_notices == ()


def test_what_was_issued_outlives_the_step_and_the_route(
    cabinet_step: RouteStep,
    cabinet_meeting: Meeting,
    scrutiny_meeting: Meeting,
    democratic: Person,
    issue: Callable[..., IssuedPaper],
) -> None:
    issue()
    saved(cabinet_step.route, democratic, ended_at=datetime(2025, 6, 9, tzinfo=UTC))
    cabinet, scrutiny = diary.entries([cabinet_meeting, scrutiny_meeting], CouncilCalendar(), TODAY)
    assert [item.is_planned for item in cabinet.items] == [False]
    assert cabinet.planned == ()
    assert len(cabinet.issued) == 1
    assert scrutiny.items == ()


def test_a_paper_that_was_given_up_is_no_paper(
    paper: Paper, cabinet_meeting: Meeting, democratic: Person
) -> None:
    saved(paper, democratic, ended_at=datetime(2025, 6, 9, tzinfo=UTC))
    entry = diary.entries([cabinet_meeting], CouncilCalendar(), TODAY)[0]
    assert entry.items[0].paper is None
    assert entry.items[0].wants_paper


def test_an_issue_for_another_day_is_told(
    cabinet_meeting: Meeting, democratic: Person, issue: Callable[..., IssuedPaper]
) -> None:
    one = issue()
    assert diary.entries([cabinet_meeting], CouncilCalendar(), TODAY)[0].moved == ()
    saved(cabinet_meeting, democratic, on=date(2025, 7, 1))
    assert diary.entries([cabinet_meeting], CouncilCalendar(), TODAY)[0].moved == (one,)


def test_a_day_that_is_no_working_day_is_named(cabinet: Body, democratic: Person) -> None:
    meeting = saved(Meeting(body=cabinet, on=date(2025, 8, 25)), democratic)
    assert diary.entries([meeting], CouncilCalendar(), TODAY)[0].closed == "bank holiday"


def test_forty_meetings_take_two_queries(
    cabinet_step: RouteStep, cabinet: Body, democratic: Person, django_assert_num_queries: Any
) -> None:
    for number in range(40):
        meeting = saved(
            Meeting(body=cabinet, on=date(2025, 7, 1) + timedelta(days=number)), democratic
        )
        saved(
            RouteStep(route=cabinet_step.route, position=9, body=cabinet, meeting=meeting),
            democratic,
        )
    meetings = list(Meeting.objects.select_related("body"))
    with django_assert_num_queries(2):
        entries = diary.entries(meetings, CouncilCalendar(), TODAY)
    assert sum(len(entry.items) for entry in entries) == 42
