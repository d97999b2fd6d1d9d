"""The tables that committees ask for at every meeting."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from actions.models import Action, ProgressUpdate
from actions.position import plan_position, released_position
from actions.services.extensions import Decided, NewDate, extend_by_body
from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers import standing_tables
from peerplan.papers.drafting import load_context_for
from peerplan.papers.drafting.context import DraftContext
from peerplan.papers.models import Body, Meeting, Route, RouteStep
from peerplan.render.report import DataTable
from tests.plugins.papers import Saw
from tests.plugins.plans import CANARY, Plan

JUNE = date(2025, 6, 24)
TABLES = (
    standing_tables.completed,
    standing_tables.extensions,
    standing_tables.overdue,
    standing_tables.due_next,
    standing_tables.not_updated,
)


def context_of(step: RouteStep, as_at: date = JUNE, *, exempt: bool = False) -> DraftContext:
    return load_context_for(step.route.challenge, step, as_at, clock.now(), include_exempt=exempt)


def refs(table: DataTable) -> list[str]:
    return [row[0].text for row in table.rows]


def cells(table: DataTable, ref: str) -> dict[str, str]:
    """A row by the headings of its columns: texts, or the label of a status."""
    (row,) = [row for row in table.rows if row[0].text == ref]
    return {
        column.label: cell.status.label if cell.status else cell.text
        for column, cell in zip(table.columns, row, strict=True)
    }


@pytest.fixture
def last_time(
    plan: Plan, cabinet: Body, cabinet_step: RouteStep, democratic: Person, saw: Saw
) -> RouteStep:
    """The step of Cabinet in June; it saw the position at 31 March on 29 April."""
    route = Route(challenge=plan.challenge, name="Progress, April 2025")
    history.save(route, author=democratic.user)
    meeting = Meeting(body=cabinet, on=date(2025, 4, 29), at=time(17, 0))
    history.save(meeting, author=democratic.user)
    earlier = RouteStep(route=route, position=1, body=cabinet, meeting=meeting, purpose="note")
    history.save(earlier, author=democratic.user)
    saw(earlier, released_position(plan.releases[0]))
    return cabinet_step


def test_completed_are_those_completed_since_the_body_last_saw_the_plan(
    last_time: RouteStep,
) -> None:
    table = standing_tables.completed(context_of(last_time))

    assert table.caption == (
        "Completed since Cabinet last saw the plan, at its meeting on 29 April 2025"
    )
    assert refs(table) == ["1.3"]
    assert cells(table, "1.3") == {
        "Action number": "1.3",
        "Action": "Publish a repairs standard",
        "Lead role": "Head of Housing",
        "Status": "Claimed complete",
        "Reported": "31 May 2025",
    }
    (row,) = table.rows
    assert row[3].text == "was Green"


def test_what_was_complete_already_is_not_told_again(
    plan: Plan, last_time: RouteStep, democratic: Person, saw: Saw
) -> None:
    context = context_of(last_time)
    later = load_context_for(plan.challenge, last_time, JUNE, clock.now())
    saw_it = plan_position(plan.challenge, date(2025, 5, 31))
    previous = context.seen
    assert previous is not None
    saw(previous.step, saw_it, number=2)

    table = standing_tables.completed(later)

    assert table.rows == []
    assert table.words == (
        "No action has been completed since Cabinet last saw the plan, at its meeting on "
        "29 April 2025."
    )


def test_without_an_earlier_paper_the_last_release_is_what_counts(
    plan: Plan, scrutiny_step: RouteStep
) -> None:
    table = standing_tables.completed(context_of(scrutiny_step, date(2025, 5, 31)))

    assert refs(table) == ["1.3"]
    assert table.caption == ("Completed since the last release, with the position at 31 March 2025")


def test_without_a_release_everything_since_the_plan_began_counts(
    plan: Plan, scrutiny_step: RouteStep, update: Callable[..., ProgressUpdate]
) -> None:
    update(
        plan.actions["1.6"], date(2025, 2, 28), state="claimed", commentary="Letters have gone out."
    )
    context = context_of(scrutiny_step, date(2025, 3, 1))

    assert refs(standing_tables.completed(context)) == ["1.6"]
    assert refs(standing_tables.not_updated(context)) == ["1.1", "1.2", "1.3", "1.4"]
    assert standing_tables.not_updated(context).caption == (
        "Not updated since the plan began, on 17 December 2024"
    )


def test_extensions_tell_the_original_date_how_often_by_how_much_and_why(
    plan: Plan, cabinet_step: RouteStep, update: Callable[..., ProgressUpdate]
) -> None:
    update(
        plan.actions["1.2"],
        JUNE,
        "amber",
        expected_date=date(2026, 1, 31),
        date_reason="The new surveyor starts in September.",
    )
    update(
        plan.actions["1.4"],
        JUNE,
        "green",
        expected_date=date(2025, 11, 30),
        date_reason="The trainers are free sooner.",
    )

    table = standing_tables.extensions(context_of(cabinet_step))

    assert refs(table) == ["1.2"]
    assert cells(table, "1.2") == {
        "Action number": "1.2",
        "Action": "Review the schedule of rates",
        "Lead role": "Head of Housing",
        "Original date": "30 September 2025",
        "Date now": "31 January 2026",
        "Times moved": "2",
        "Days later": "123",
        "Reason": "The new surveyor starts in September.",
        "Asked and approved by": "Asked by Policy Manager",
    }


def test_an_extension_names_the_body_that_approved_it_with_its_minute(
    plan: Plan, cabinet_step: RouteStep, democratic: Person
) -> None:
    action = Action.objects.get(pk=plan.actions["1.4"].pk)
    extend_by_body(
        action=action,
        version=action.version,
        asked=NewDate(date(2026, 3, 31), "", "The trainers left.", "Head of People"),
        decided=Decided(True, body="Cabinet", on=JUNE, minute="Minute 54"),
        author=democratic,
    )

    table = standing_tables.extensions(context_of(cabinet_step))

    assert cells(table, "1.4")["Asked and approved by"] == (
        "Asked by Head of People. Approved by Cabinet, 24 June 2025, Minute 54"
    )


def test_a_date_given_up_for_words_is_an_extension_too(
    plan: Plan, cabinet_step: RouteStep, update: Callable[..., ProgressUpdate]
) -> None:
    update(
        plan.actions["1.4"],
        JUNE,
        "green",
        expected_words="Ongoing",
        date_reason="Handlers come and go.",
    )

    table = standing_tables.extensions(context_of(cabinet_step))

    assert cells(table, "1.4") | {"Reason": ""} == {
        "Action number": "1.4",
        "Action": "Train the call handlers",
        "Lead role": "Head of People",
        "Original date": "31 December 2025",
        "Date now": "Ongoing",
        "Times moved": "1",
        "Days later": "Not known",
        "Reason": "",
        "Asked and approved by": "Asked by Policy Manager",
    }


def test_overdue_says_by_how_many_days_and_what_is_needed(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    table = standing_tables.overdue(context_of(cabinet_step))

    assert refs(table) == ["1.1"]
    assert cells(table, "1.1")["Days overdue"] == "24"
    assert cells(table, "1.1")["Due"] == "31 May 2025"
    assert cells(table, "1.1")["What is needed"] == (
        "Decision sought: Cabinet to choose a contractor for 1.1."
    )


def test_overdue_asks_for_a_date_where_nothing_else_is_asked(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    table = standing_tables.overdue(context_of(cabinet_step, date(2026, 1, 31)))

    assert refs(table) == ["1.1", "1.2", "1.4"]
    assert cells(table, "1.4")["What is needed"] == "A new date or a report that it is complete"


def test_due_next_are_those_due_before_the_next_meeting_of_this_body(
    plan: Plan,
    cabinet: Body,
    scrutiny_body: Body,
    cabinet_step: RouteStep,
    democratic: Person,
) -> None:
    for body, on in (
        (scrutiny_body, date(2025, 9, 4)),
        (cabinet, date(2025, 12, 31)),
        (cabinet, date(2026, 4, 28)),
    ):
        history.save(Meeting(body=body, on=on), author=democratic.user)
    off = Meeting(
        body=cabinet,
        on=date(2025, 9, 23),
        called_off_at=clock.now(),
        called_off_reason="No business",
    )
    history.save(off, author=democratic.user)

    table = standing_tables.due_next(context_of(cabinet_step))

    assert table.caption == "Due before the next meeting of Cabinet, on 31 December 2025"
    assert refs(table) == ["1.2", "1.4"]
    assert cells(table, "1.2")["Forecast"] == "Green"
    assert cells(table, "1.4")["Forecast"] == "Not given"


def test_due_next_looks_sixty_days_on_where_no_meeting_is_in_the_calendar(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    table = standing_tables.due_next(context_of(cabinet_step))

    assert table.caption == "Due in the next 60 days, up to 23 August 2025"
    assert table.rows == []
    assert table.words == "No action is due in the next 60 days, up to 23 August 2025."
    assert refs(standing_tables.due_next(context_of(cabinet_step, date(2025, 12, 1)))) == [
        "1.2",
        "1.4",
    ]


def test_not_updated_are_open_actions_without_news_since(plan: Plan, last_time: RouteStep) -> None:
    table = standing_tables.not_updated(context_of(last_time))

    assert refs(table) == ["1.4", "1.6"]
    assert cells(table, "1.4")["Last update"] == "31 March 2025"
    assert cells(table, "1.6")["Last update"] == "Never updated"


def test_a_status_that_changed_says_what_it_was(plan: Plan, last_time: RouteStep) -> None:
    table = standing_tables.overdue(context_of(last_time))

    (row,) = table.rows
    assert row[3].status is not None
    assert (row[3].status.key, row[3].status.label, row[3].text) == ("red", "Red", "was Amber")


def test_what_is_not_for_publication_is_in_the_restricted_tables_only(
    plan: Plan, last_time: RouteStep
) -> None:
    as_at = date(2026, 1, 31)
    public = context_of(last_time, as_at)
    restricted = context_of(last_time, as_at, exempt=True)

    assert CANARY not in repr([table(public) for table in TABLES])
    assert "1.5" not in repr([table(public) for table in TABLES])
    assert CANARY in repr([table(restricted) for table in TABLES])
    assert "1.5" in refs(standing_tables.overdue(restricted))


def test_an_empty_plan_has_words_in_the_place_of_every_table(
    cabinet_step: RouteStep,
) -> None:
    context = context_of(cabinet_step)

    for table in TABLES:
        drawn = table(context)
        assert drawn.rows == []
        assert drawn.words.endswith(".")


def test_every_row_is_as_long_as_the_heading(plan: Plan, last_time: RouteStep) -> None:
    for as_at in (JUNE, JUNE + timedelta(days=300)):
        context = context_of(last_time, as_at, exempt=True)
        for table in TABLES:
            drawn = table(context)
            assert all(len(row) == len(drawn.columns) for row in drawn.rows)


def test_a_council_s_own_words_head_the_columns(
    plan: Plan, cabinet_step: RouteStep, act: Callable[..., Action]
) -> None:
    plan.challenge.council.vocabulary = {"action": "Commitment", "lead": "Responsible officer"}
    context = load_context_for(plan.challenge, cabinet_step, JUNE, clock.now())

    labels = [column.label for column in standing_tables.overdue(context).columns]

    assert labels[:3] == ["Commitment number", "Commitment", "Responsible officer"]
