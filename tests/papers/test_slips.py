"""Dates in a paper that contradict the plan, the calendar or one another."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.calendar import CouncilCalendar
from peerplan.papers.dates_in_text import mentions
from peerplan.papers.drafting import DRAFTERS, load_context_for
from peerplan.papers.models import RouteStep
from peerplan.papers.paper_slips import facts_of
from peerplan.papers.slips import BodyDays, PlanFacts, slips
from reviews.models import TeamMember
from tests.plugins.plans import CANARY, Plan

NEAR = date(2025, 6, 24)
FACTS = PlanFacts(
    as_at=date(2025, 6, 12),
    meeting_on=date(2025, 6, 24),
    body="Cabinet",
    visits=(
        ("the visit", date(2024, 6, 26), date(2024, 6, 28)),
        ("the progress review", date(2025, 4, 1), date(2025, 4, 2)),
    ),
    report_received_on=date(2024, 9, 2),
    report_published_on=date(2024, 9, 20),
    plan_approved_on=date(2024, 12, 17),
    review_report_published_on=date(2025, 6, 27),
    bodies=(
        BodyDays(("Cabinet",), frozenset({date(2024, 12, 17), date(2025, 6, 24)}), "Cabinet"),
        BodyDays(
            ("Corporate Scrutiny Committee",),
            frozenset({date(2024, 12, 5), date(2025, 6, 19)}),
            "Corporate Scrutiny Committee",
        ),
    ),
    due={
        "1.1": (date(2025, 5, 31),),
        "1.2": (date(2025, 12, 31), date(2025, 9, 30)),
        "3": (date(2026, 3, 31),),
    },
    positions=frozenset({date(2025, 3, 31), date(2025, 6, 12)}),
    horizon=2026,
    publish_by=date(2025, 6, 16),
)


def found(text: str, facts: PlanFacts = FACTS) -> list[tuple[str, str]]:
    return [(slip.quote, slip.words) for slip in slips([("Background", text)], facts)]


def words(text: str, facts: PlanFacts = FACTS) -> list[str]:
    return [each for _, each in found(text, facts)]


# --- Finding dates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("from 26-28 June 2024,", date(2024, 6, 26), date(2024, 6, 28)),
        ("from 26\N{EN DASH}28 June 2024", date(2024, 6, 26), date(2024, 6, 28)),
        ("26 to 28 June 2024.", date(2024, 6, 26), date(2024, 6, 28)),
        ("15th to 17th March 2022", date(2022, 3, 15), date(2022, 3, 17)),
        ("1 and 2 April 2025", date(2025, 4, 1), date(2025, 4, 2)),
        ("30 June to 2 July 2024", date(2024, 6, 30), date(2024, 7, 2)),
        ("30 December to 2 January 2025", date(2024, 12, 30), date(2025, 1, 2)),
        ("Tuesday 24 June 2025", date(2025, 6, 24), date(2025, 6, 24)),
        ("TUESDAY, 24 JUNE 2025", date(2025, 6, 24), date(2025, 6, 24)),
        ("Tuesday the 24th of June", date(2025, 6, 24), date(2025, 6, 24)),
        ("on 19 June,", date(2025, 6, 19), date(2025, 6, 19)),
        ("on 3 January", date(2025, 1, 3), date(2025, 1, 3)),
        ("June 26, 2024", date(2024, 6, 26), date(2024, 6, 26)),
        ("June 2025", date(2025, 6, 1), date(2025, 6, 30)),
        ("in Sept 2025", date(2025, 9, 1), date(2025, 9, 30)),
        ("late 2016", date(2016, 9, 1), date(2016, 12, 31)),
        ("31/03/2026", date(2026, 3, 31), date(2026, 3, 31)),
        ("31.03.2026", date(2026, 3, 31), date(2026, 3, 31)),
        ("2026-03-31", date(2026, 3, 31), date(2026, 3, 31)),
        ("(due 31 March 2026)", date(2026, 3, 31), date(2026, 3, 31)),
    ],
)
def test_dates_are_found_as_people_write_them(text: str, first: date, last: date) -> None:
    (mention,) = mentions(text, NEAR)

    assert (mention.first, mention.last) == (first, last)
    assert text[mention.start : mention.end] == mention.text
    assert mention.wrong == ""


@pytest.mark.parametrize(
    "text",
    [
        "SI 2012/2089, regulation 9",
        "the financial year 2024/25",
        "paragraph 1.2 and section 100D(5)",
        "we may 2000 times say so",
        "£1.5 million in 3 years",
        "actions 1.1 to 1.4 and 30 others",
        "call 01234 567890",
        "recommendation 3, 12 interviews",
    ],
)
def test_other_numbers_are_no_dates(text: str) -> None:
    assert mentions(text, NEAR) == ()


def test_two_dates_joined_by_and_are_two() -> None:
    first, second = mentions("on 6 March 2025 and 25 March 2025", NEAR)

    assert (first.first, second.first) == (date(2025, 3, 6), date(2025, 3, 25))


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2018, 1, 1), date(2032, 12, 31)))
def test_every_day_is_read_back_from_every_way_of_writing_it(day: date) -> None:
    month = f"{day:%B}"
    for text in (
        f"{day.day} {month} {day.year}",
        f"{day:%A} {day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day.day:02}/{day.month:02}/{day.year}",
        day.isoformat(),
    ):
        (mention,) = mentions(f"It is on {text}.", NEAR)
        assert (mention.first, mention.wrong) == (day, "")
        assert mention.weekday in (None, day.weekday())


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789/-. ajJunemMarchFb20to", max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    for mention in mentions(text, NEAR):
        assert text[mention.start : mention.end] == mention.text
    slips([("A", text)], FACTS)


# --- What does not exist ------------------------------------------------------------------------


def test_a_day_that_does_not_exist_is_pointed_out() -> None:
    assert words("The plan ends on 31 June 2025.") == [
        "There is no such day: June has 30 days.",
    ]
    assert words("It starts on 29 February 2025.") == [
        "There is no such day: 2025 is not a leap year, so it has no 29 February.",
    ]
    assert words("Finished by 03/31/2026.") == [
        "There is no such day: there is no month 31: dates are day, month, year.",
    ]
    assert words("The team stayed from 28 to 26 June 2024.") == [
        "There is no such day: the second day is before the first.",
    ]
    assert words("Its date moved from 31 January 2026 to 31 July 2025 (184 days earlier).") == []
    assert words("Leap days such as 29 February are days; 29 February 2024 was one.") == []


def test_a_weekday_that_is_not_that_of_the_date_is_pointed_out() -> None:
    assert found("Members meet on Monday 24 June 2025.") == [
        ("Members meet on Monday 24 June 2025", "24 June 2025 is a Tuesday.")
    ]
    assert words("Members meet on Wednesday, 24 June.") == ["24 June 2025 is a Tuesday."]
    assert words("Members meet on Tuesday 24 June, and on Thursday 19 June 2025.") == []


# --- What the plan says otherwise ---------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The peers were on site from 25-27 June 2024.",
        "The challenge took place from 26 to 29 June 2024, with five peers.",
        "The peer challenge took place on 26 to 28 June 2025.",
        "The council undertook a peer challenge during July 2024.",
        "The council undertook a peer challenge during June 2023.",
        "The peers visited the council on 24 June 2024.",
    ],
)
def test_days_of_the_visit_that_are_others_are_pointed_out(text: str) -> None:
    assert words(text) == ["The plan says that the visit was from 26 to 28 June 2024."]


def test_days_of_the_progress_review_that_are_others_are_pointed_out() -> None:
    assert words("The progress review took place on site on 2-3 April 2025.") == [
        "The plan says that the progress review was from 1 to 2 April 2025."
    ]


def test_a_visit_put_into_the_year_before_is_pointed_out() -> None:
    early = replace(FACTS, visits=(("the visit", date(2017, 2, 13), date(2017, 2, 15)),))

    assert words("In late 2016 peers carried out a visit to follow up the challenge.", early) == [
        "The plan says that the visit was from 13 to 15 February 2017."
    ]
    assert words("In early 2017 peers carried out a visit.", early) == []


@pytest.mark.parametrize(
    "text",
    [
        "The peers were on site from 26-28 June 2024 and came back on 1 and 2 April 2025.",
        "The council undertook a peer challenge during June 2024.",
        "On 28 June 2024 the peers gave their first feedback on site.",
        "The council’s last peer challenge took place in June 2019.",
        "Before the visit, on 3 June 2024, the council sent its position statement.",
        "A report on the challenge was received on 2 July 2024.",
        "Workshops on the challenge were held on 5 July 2024.",
    ],
)
def test_what_is_told_of_visits_rightly_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_the_days_of_the_report_and_of_approval_are_held_against_the_plan() -> None:
    assert words("The peers’ report was published on 21 September 2024.") == [
        "The plan says that the report was published on 20 September 2024."
    ]
    assert words("The council received the report on 3 September 2024.") == [
        "The plan says that the report was received on 2 September 2024."
    ]
    assert words("The action plan was approved on 17 December 2023.") == [
        "The plan says that the action plan was approved on 17 December 2024."
    ]
    assert words("The report was published in October 2024.") == [
        "The plan says that the report was published on 20 September 2024."
    ]
    assert (
        words(
            "The council received the report on 2 September 2024 and published it on 20 September "
            "2024. The action plan was approved on 17 December 2024, and noted in January 2025."
        )
        == []
    )


def test_a_due_date_beside_an_action_is_held_against_the_plan() -> None:
    assert found("Action 1.2 (schedule of rates) is due on 30 November 2025.") == [
        (
            "Action 1.2 (schedule of rates) is due on 30 November 2025",
            "In the plan action 1.2 is due on 31 December 2025.",
        )
    ]
    assert words("- 1.1 Repairs, due 31/05/2026") == [
        "In the plan action 1.1 is due on 31 May 2025."
    ]
    assert words("Action 3 will be complete by the end of April 2026.") == [
        "In the plan action 3 is due on 31 March 2026."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Action 1.2 is due on 31 December 2025; it was due on 30 September 2025.",
        "Action 1.2 is due in December 2025.",
        "Action 9.9 is due on 1 August 2025.",
        "Within 3 weeks the grant is due on 1 August 2025.",
        "Actions 1.1 and 1.2 are due by 31 May 2025 and 31 December 2025.",
        "Action 1.2 was discussed on 3 June 2025.",
    ],
)
def test_due_dates_that_agree_or_are_of_something_else_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_figures_as_at_a_day_that_is_not_the_paper_s_are_pointed_out() -> None:
    assert words("The position at 31 May 2025 is set out below.") == [
        "The figures of this paper are as at 12 June 2025."
    ]
    assert words("The position at 12 June 2025, against the position at 31 March 2025.") == []


# --- What the calendar says otherwise -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "The plan goes to Cabinet on 25 June 2025.",
            "Cabinet meets on Tuesday 24 June 2025.",
        ),
        (
            "At its meeting on 18 June, Corporate Scrutiny Committee considered the report.",
            "Corporate Scrutiny Committee meets on Thursday 19 June 2025.",
        ),
        (
            "Cabinet approved the plan at its meeting of 16 December 2024.",
            "Cabinet meets on Tuesday 17 December 2024.",
        ),
        (
            "A further report goes to Cabinet on 25 October 2025.",
            "Saturday 25 October 2025 is a Saturday, so hardly a day of a meeting.",
        ),
        (
            "A further report goes to Cabinet on 25 August 2025.",
            "Monday 25 August 2025 is a bank holiday, so hardly a day of a meeting.",
        ),
    ],
)
def test_a_meeting_on_another_day_is_pointed_out(text: str, told: str) -> None:
    assert words(text) == [told]


def test_a_meeting_on_a_day_when_the_council_is_closed_is_pointed_out() -> None:
    closed = replace(FACTS, calendar=CouncilCalendar(closures=frozenset({date(2025, 12, 29)})))

    assert words("A report goes to Cabinet on 29 December 2025.", closed) == [
        "Monday 29 December 2025 is a day on which the council is closed, so hardly a day of a "
        "meeting."
    ]
    assert words("A report goes to Cabinet on 29 December 2025.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Corporate Scrutiny Committee considers it on 19 June and Cabinet on 24 June 2025.",
        "The agenda of Cabinet is published by 16 June 2025.",
        "Cabinet will have a further report on 16 December 2025.",
        "Cabinet agreed the later date of action 1.2, 30 June 2025.",
        "Cabinet received the peers’ report; 20 June 2025 was the last day for comments.",
    ],
)
def test_what_is_told_of_meetings_rightly_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_an_agenda_published_too_late_is_pointed_out() -> None:
    assert words("The agenda will be published on 18 June 2025.") == [
        "The last day to publish is Monday 16 June 2025."
    ]
    assert words("The agenda will be published on 16 June 2025.") == []


# --- Years --------------------------------------------------------------------------------------


def test_the_same_thing_in_another_year_is_pointed_out_across_the_parts() -> None:
    texts = [
        ("Next steps", "Tenants are asked before final standards are adopted in October 2025."),
        (
            "Consultation",
            "Asking tenants goes on until the final standards are adopted in October 2028.",
        ),
    ]

    (slip,) = slips(texts, replace(FACTS, horizon=2029))

    assert slip.part == "Consultation"
    assert slip.quote.endswith("final standards are adopted in October 2028")
    assert slip.words == "Elsewhere in this paper it is October 2025."


def test_a_year_far_from_everything_is_pointed_out() -> None:
    assert words("A new standard is adopted in October 2029.") == [
        "This is 3 years after everything else in the plan: is the year right?"
    ]
    assert words("A new standard was adopted in October 2004.") == [
        "This is 20 years before the visit: is the year right?"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The medium-term plan runs to March 2030.",
        "The next challenge is due by June 2029.",
        "The challenge before it was in October 2013.",
        "The council was formed in April 1974.",
        "The budget was set in February 2024. The budget will be set in February 2026.",
        "A new standard is adopted in October 2029, and again in November 2029.",
    ],
)
def test_years_with_a_reason_are_left_alone(text: str) -> None:
    assert found(text) == []


# --- False alarms -------------------------------------------------------------------------------

CORRECT = """
The council had a corporate peer challenge from 26 to 28 June 2024. It was the first since June
2019, when the council was led by another administration. Peers spoke to 96 people in three days.

The report reached the council on Monday 2 September 2024. It was published on 20 September 2024,
less than three months after the visit. Corporate Scrutiny Committee considered a draft plan on
Thursday 5 December 2024 and Cabinet approved it on 17 December 2024. The plan was agreed later
than the guidance asks, which was by 28 November 2024.

Peers came back on 1-2 April 2025 for the progress review. They had read the position at 31 March
2025 beforehand, and wrote to the Leader on 28 April 2025. Their report is to be published on 27
June 2025.

# Progress

- Action 1.1 was due on 31 May 2025 and is overdue. The contractor left in February 2025.
- Action 1.2 was due on 30 September 2025 and is now due on 31 December 2025.
- Action 3 is due at the end of March 2026, with the budget for 2026/27.

At 12 June 2025 two of three actions need attention. The position at 12 June 2025 was agreed by the
leadership team on Wednesday 11 June. The position at 31 March 2025 was better.

The housing regulator's standards came into force on 1 April 2024 under the Social Housing
(Regulation) Act 2023. The council's housing strategy runs from 2023 to March 2028, and the Local
Plan covers the years up to 2040. Spending of £1.2 million was approved by Council on 26 February
2025 for the year from 1 April 2025 to 31 March 2026.

# Next steps

The agenda of the meeting on Tuesday 24 June 2025 is published on Monday 16 June. Corporate Scrutiny
Committee meets on 19 June, and its comments go to Cabinet on 24 June 2025. The decision is
published on 26 June 2025 and takes effect on 4 July, unless it is called in by 3 July 2025.
Scrutiny then looks at progress every quarter, in September 2025, December 2025 and March 2026. The
next challenge is expected before the summer of 2029.

Consultation with tenants took place in January and February 2025. A workshop for members was held
on 15 May 2025 and another takes place on 18 September 2025. Interviews for a head of repairs took
place on 3 and 4 June 2025. In line with regulation 9 of SI 2012/2089 notice was given on 20 May
2025.
"""


def test_a_long_correct_paper_gives_no_alarm() -> None:
    assert slips([("Report", CORRECT)], FACTS) == ()
    assert slips([("Report", CORRECT.replace("\n", "\r\n"))], FACTS) == ()


@pytest.mark.parametrize("text", [CORRECT * 80, "1 2 3/4-5 June to 6 " * 5000, "1 " * 50_000])
def test_a_text_of_a_hundred_pages_is_read_in_a_moment(text: str) -> None:
    start = time.process_time()
    assert slips([("Report", text)], FACTS) == ()
    assert time.process_time() - start < 3


def test_a_slip_in_the_midst_of_a_long_correct_paper_is_the_only_one() -> None:
    text = CORRECT.replace("approved it on 17 December 2024", "approved it on 18 December 2024")

    (slip,) = slips([("Report", text)], FACTS)

    assert "18 December 2024" in slip.quote
    assert slip.words == "Cabinet meets on Tuesday 17 December 2024."


def test_what_the_plan_drafts_by_itself_gives_no_alarm(
    plan: Plan,
    scrutiny_step: RouteStep,
    cabinet_step: RouteStep,
    manager: Person,
    democratic: Person,
) -> None:
    challenge = plan.challenge
    challenge.report_received_on = date(2024, 9, 2)
    challenge.report_published_on = date(2024, 9, 20)
    challenge.review_from = date(2025, 4, 1)
    challenge.review_to = date(2025, 4, 2)
    challenge.review_report_published_on = date(2025, 6, 23)
    history.save(challenge, author=manager.user)
    peer = TeamMember(challenge=challenge, role="Leader", organisation="Mereford Borough Council")
    history.save(peer, author=manager.user)
    scrutiny_step.comments = "Members asked for the dates of repairs by September."
    scrutiny_step.minute_number = "12"
    scrutiny_step.minute = "RESOLVED that the plan be noted."
    history.save(scrutiny_step, author=democratic.user)

    for step in (scrutiny_step, cabinet_step):
        for as_at in (date(2025, 4, 30), date(2025, 6, 12), date(2025, 6, 24)):
            context = load_context_for(challenge, step, as_at, clock.now())
            texts = [(key, each.text(context)) for key, each in DRAFTERS.items()]
            assert (
                slips(
                    texts,
                    facts_of(context.challenge, context.step, context.as_at, CouncilCalendar())[0],
                )
                == ()
            )


# --- The facts of a paper -----------------------------------------------------------------------


def test_the_facts_are_those_that_the_readers_of_the_paper_may_know(
    plan: Plan, cabinet_step: RouteStep
) -> None:
    context = load_context_for(plan.challenge, cabinet_step, date(2025, 6, 12), clock.now())
    facts = facts_of(context.challenge, context.step, context.as_at, CouncilCalendar())[0]

    assert facts.publish_by == date(2025, 6, 16)
    assert facts.visits == (("the visit", date(2024, 6, 26), date(2024, 6, 28)),)
    assert facts.positions == {date(2025, 3, 31), date(2025, 5, 31), date(2025, 6, 12)}
    assert facts.horizon == 2026
    assert facts.due is not None
    assert facts.due["1.2"] == (date(2025, 12, 31), date(2025, 9, 30))
    assert "1.5" not in facts.due
    assert CANARY not in repr(facts)
    assert {body.title for body in facts.bodies} == {"Cabinet", "Corporate Scrutiny Committee"}
    assert words("Action 1.5 is due on 3 March 2025.", facts) == []


def test_the_facts_take_four_queries(
    plan: Plan, cabinet_step: RouteStep, django_assert_num_queries: Callable[..., object]
) -> None:
    step = RouteStep.objects.select_related("body", "meeting").get(pk=cabinet_step.pk)

    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        facts_of(plan.challenge, step, date(2025, 6, 12), CouncilCalendar())[0]


def test_an_earlier_challenge_is_a_visit_too(
    plan: Plan, cabinet_step: RouteStep, manager: Person
) -> None:
    earlier = type(plan.challenge)(
        council=plan.challenge.council,
        slug="cpc-2019",
        title="Corporate Peer Challenge 2019",
        on_site_from=date(2019, 6, 3),
        on_site_to=date(2019, 6, 5),
        review_from=date(2020, 1, 14),
    )
    history.save(earlier, author=manager.user)
    plan.challenge.previous = earlier
    history.save(plan.challenge, author=manager.user)
    context = load_context_for(plan.challenge, cabinet_step, date(2025, 6, 12), clock.now())
    facts = facts_of(context.challenge, context.step, context.as_at, CouncilCalendar())[0]

    assert words("An earlier peer challenge took place from 3 to 6 June 2019.", facts) == [
        "The plan says that Corporate Peer Challenge 2019 was from 3 to 5 June 2019."
    ]
    assert words("An earlier peer challenge took place from 3 to 5 June 2019.", facts) == []
