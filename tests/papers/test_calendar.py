from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerplan.papers.calendar import (
    CouncilCalendar,
    Days,
    MeetingFacts,
    Reckoning,
    Standing,
    StripDay,
    call_in_ends,
    general_exception_by,
    key_decision_notice_by,
    meeting_calendar,
    named_day,
    number,
    private_notice_by,
    publish_by,
    second_private_notice_by,
    stand,
)
from reviews.deadlines import bank_holidays

ENGLAND = CouncilCalendar()
NATIONS = ["england", "wales", "scotland", "northern-ireland"]
CLEAR_DAYS = {"england": 5, "wales": 3, "scotland": 3, "northern-ireland": 5}
MEETINGS = st.dates(date(2018, 1, 1), date(2030, 12, 31))
DAY = timedelta(days=1)
JUNE = date(2025, 6, 24)


@st.composite
def calendars(draw: st.DrawFn) -> CouncilCalendar:
    nation = draw(st.sampled_from(NATIONS))
    return CouncilCalendar(nation, draw(st.frozensets(MEETINGS, max_size=5)))


@st.composite
def meetings(draw: st.DrawFn) -> tuple[date, CouncilCalendar]:
    """A meeting, and a calendar whose closure days are near enough to matter."""
    on = draw(MEETINGS)
    back = draw(st.frozensets(st.integers(0, 50), max_size=8))
    nation = draw(st.sampled_from(NATIONS))
    return on, CouncilCalendar(nation, frozenset(on - DAY * n for n in back))


def open_days(first: date, last: date, calendar: CouncilCalendar) -> list[date]:
    """The working days from `first` to `last`, counted from the sources and not by our code."""
    closed = set(calendar.closures)
    for year in range(first.year, last.year + 1):
        closed |= bank_holidays(year, calendar.nation)
    ordinals = range(first.toordinal(), last.toordinal() + 1)
    # Day 1 of the calendar was a Monday: the sixth and seventh days are the weekend.
    days = [date.fromordinal(one) for one in ordinals if one % 7 not in (6, 0)]
    return [day for day in days if day not in closed]


def facts(on: date = JUNE, **changes: object) -> MeetingFacts:
    plain = MeetingFacts(
        on=on,
        is_executive=True,
        is_key=False,
        has_private_part=False,
        agenda_published_on=None,
        notice_published_on=None,
        private_notice_published_on=None,
        decision_published_on=None,
        is_open_to_call_in=False,
    )
    return replace(plain, **changes)


def agenda(today: date, done_on: date | None = None, **kind: bool) -> Standing:
    return stand(
        publish_by(JUNE, ENGLAND, **kind),
        done_on=done_on,
        today=today,
        calendar=ENGLAND,
        meeting_on=JUNE,
    )


def key_notice(today: date, done_on: date | None = None) -> Standing:
    return stand(
        key_decision_notice_by(JUNE, ENGLAND),
        done_on=done_on,
        today=today,
        calendar=ENGLAND,
        meeting_on=JUNE,
    )


def cells(reckoning: Reckoning) -> list[tuple[str, str, str]]:
    return [(cell.weekdays, cell.numbers, cell.label) for cell in reckoning.strip]


@pytest.mark.parametrize(
    ("nation", "meeting", "day"),
    [
        ("england", date(2025, 6, 24), date(2025, 6, 16)),
        ("england", date(2026, 12, 8), date(2026, 11, 30)),
        # A bank holiday Monday between: 26 May 2025.
        ("england", date(2025, 5, 29), date(2025, 5, 20)),
        # Over Easter 2025: Good Friday 18 and Easter Monday 21 April.
        ("england", date(2025, 4, 24), date(2025, 4, 14)),
        # Easter Monday is no bank holiday in Scotland.
        ("scotland", date(2025, 4, 24), date(2025, 4, 17)),
        ("wales", date(2025, 4, 24), date(2025, 4, 16)),
        # Christmas week, and the new year.
        ("england", date(2026, 1, 5), date(2025, 12, 23)),
        ("wales", date(2026, 1, 7), date(2025, 12, 31)),
        # 2 January is a bank holiday in Scotland alone.
        ("scotland", date(2026, 1, 7), date(2025, 12, 30)),
        # St Andrew's day, Monday 30 November 2026.
        ("scotland", date(2026, 12, 3), date(2026, 11, 26)),
        ("wales", date(2026, 12, 3), date(2026, 11, 27)),
        ("wales", date(2025, 6, 24), date(2025, 6, 18)),
        # The Twelfth in Northern Ireland, on Monday 13 July 2026.
        ("northern-ireland", date(2026, 7, 15), date(2026, 7, 6)),
        ("england", date(2026, 7, 15), date(2026, 7, 7)),
        # The state funeral, Monday 19 September 2022.
        ("england", date(2022, 9, 21), date(2022, 9, 12)),
        # A Monday meeting: the fifth clear day before is a Monday too, and the Friday is the last.
        ("england", date(2025, 6, 23), date(2025, 6, 13)),
    ],
)
def test_agenda_is_public_the_clear_days_of_its_nation_before(
    nation: str, meeting: date, day: date
) -> None:
    assert publish_by(meeting, CouncilCalendar(nation)).day == day


def test_publication_says_its_reason_its_days_and_its_source() -> None:
    found = publish_by(JUNE, ENGLAND)

    assert found.sentence == (
        "Publish by Monday 16 June 2025: five clear days before Tuesday 24 June 2025."
    )
    assert found.rule.days is Days.CLEAR
    assert found.explanation == (
        "The day of publication, the day of the meeting, weekends, bank holidays and days on "
        "which the council is closed do not count. Source: Local Government Act 1972, "
        "section 100B."
    )


@pytest.mark.parametrize(
    ("nation", "executive", "source"),
    [
        ("england", False, "section 100B"),
        ("england", True, "Regulations 2012, regulations 6 and 7"),
        ("wales", True, "section 100BA"),
        ("scotland", False, "(Scotland) Act 1973, section 50B"),
        ("northern-ireland", False, "(Northern Ireland) 2014"),
    ],
)
def test_publication_names_the_law_of_its_nation(nation: str, executive: bool, source: str) -> None:
    found = publish_by(JUNE, CouncilCalendar(nation), is_executive=executive)

    assert source in found.rule.source
    assert found.rule.count == CLEAR_DAYS[nation]
    assert number(found.rule.count) + " clear days before" in found.sentence


def test_strip_of_the_prototype() -> None:
    assert cells(publish_by(date(2026, 12, 8), ENGLAND)) == [
        ("Mon", "30 Nov", "publish"),
        ("Tue", "1", "clear"),
        ("Wed", "2", "clear"),
        ("Thu", "3", "clear"),
        ("Fri", "4", "clear"),
        ("Sat, Sun", "5, 6", "not counted"),
        ("Mon", "7", "clear"),
        ("Tue", "8 Dec", "meeting"),
    ]


def test_strip_says_why_a_run_is_not_counted() -> None:
    closed = CouncilCalendar("england", frozenset({date(2025, 4, 22)}))
    runs = [cell for cell in publish_by(date(2025, 4, 24), closed).strip if cell.why]

    assert [cell.why for cell in runs] == ["weekend", "bank holiday, weekend, council closed"]
    assert runs[-1] == StripDay(
        date(2025, 4, 18),
        date(2025, 4, 22),
        "not counted",
        is_end=False,
        counts=False,
        why="bank holiday, weekend, council closed",
    )
    assert (runs[-1].weekdays, runs[-1].numbers) == ("Fri to Tue", "18 to 22")


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2025, 6, 20), ""),
        (date(2025, 6, 21), "Saturday"),
        (date(2025, 6, 22), "Sunday"),
        (date(2025, 12, 25), "bank holiday"),
        (date(2025, 12, 29), "council closed"),
    ],
)
def test_a_day_that_is_no_working_day_says_why(day: date, reason: str) -> None:
    calendar = CouncilCalendar("england", frozenset({date(2025, 12, 29)}))

    assert calendar.why_not(day) == reason
    assert calendar.is_working_day(day) is (reason == "")


def test_closure_days_make_the_last_day_earlier() -> None:
    closed = frozenset(date(2025, 12, day) for day in (24, 29, 30, 31))

    assert publish_by(date(2026, 1, 5), CouncilCalendar("england", closed)).day == date(
        2025, 12, 17
    )


@pytest.mark.parametrize(
    ("meeting", "day"),
    [
        # 28 clear days before 8 December are 10 November to 7 December.
        (date(2026, 12, 8), date(2026, 11, 9)),
        # The limit, 26 May, is a bank holiday and the offices are closed: the Friday before.
        (date(2025, 6, 24), date(2025, 5, 23)),
        # The limit is Sunday 7 December.
        (date(2026, 1, 5), date(2025, 12, 5)),
    ],
)
def test_notices_are_given_28_clear_days_before_with_weekends_counted(
    meeting: date, day: date
) -> None:
    assert key_decision_notice_by(meeting, ENGLAND).day == day
    assert private_notice_by(meeting, ENGLAND).day == day


def test_notices_say_their_reason_and_source() -> None:
    key = key_decision_notice_by(date(2026, 12, 8), ENGLAND)
    private = private_notice_by(JUNE, ENGLAND)
    second = second_private_notice_by(JUNE, ENGLAND)

    assert key.sentence == (
        "Give notice of the key decision by Monday 9 November 2026: at least 28 clear days before "
        "Tuesday 8 December 2026."
    )
    assert "weekends and bank holidays do" in key.explanation
    assert "regulation 9." in key.explanation
    assert cells(key)[1] == ("Tue to Mon", "10 Nov to 7 Dec", "28 clear days")
    assert cells(private)[1] == ("Sat to Mon", "24 May to 23 Jun", "31 clear days")
    assert private.rule.source.endswith("regulation 5(2)")
    assert second.rule.source.endswith("regulation 5(4)")
    assert second.day == date(2025, 6, 16)
    assert second.sentence.startswith("Give the second notice of the private part by Monday 16")


@pytest.mark.parametrize(
    ("published", "count", "ends"),
    [
        (JUNE, 5, date(2025, 7, 1)),
        (JUNE, 1, date(2025, 6, 25)),
        (date(2025, 6, 28), 5, date(2025, 7, 4)),
        (date(2025, 12, 23), 5, date(2026, 1, 2)),
    ],
)
def test_call_in_ends_working_days_after_publication(
    published: date, count: int, ends: date
) -> None:
    found = call_in_ends(published, ENGLAND, count)

    assert found.day == ends
    assert found.rule.days is Days.WORKING
    assert f"{number(count)} working day" in found.sentence
    assert sum(cell.counts for cell in found.strip) == count


def test_call_in_says_its_reason_and_source() -> None:
    found = call_in_ends(JUNE, ENGLAND)

    assert found.sentence == (
        "Call-in ends on Tuesday 1 July 2025: five working days after the decision was published "
        "on Tuesday 24 June 2025."
    )
    assert found.explanation == (
        "The day of publication, weekends, bank holidays and days on which the council is closed "
        "do not count. Source: the council's own constitution."
    )
    assert "one working day after" in call_in_ends(JUNE, ENGLAND, 1).sentence


def test_call_in_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="one working day or more"):
        call_in_ends(JUNE, ENGLAND, 0)


def test_numbers_to_nine_are_words() -> None:
    assert [number(count) for count in (1, 5, 9, 10, 28)] == ["one", "five", "nine", "10", "28"]
    assert named_day(JUNE) == "Tuesday 24 June 2025"
    assert named_day(JUNE, with_year=False) == "Tuesday 24 June"


@given(meetings())
def test_exactly_the_clear_days_lie_between_publication_and_meeting(
    meeting: tuple[date, CouncilCalendar],
) -> None:
    on, calendar = meeting
    found = publish_by(on, calendar)
    between = open_days(found.day + DAY, on - DAY, calendar)
    counted = [cell for cell in found.strip if cell.counts]

    assert [cell.first for cell in counted] == between
    assert all(cell.first == cell.last for cell in counted)
    assert len(between) == CLEAR_DAYS[calendar.nation]


@given(meetings())
def test_last_day_to_publish_is_the_latest_working_day_that_will_do(
    meeting: tuple[date, CouncilCalendar],
) -> None:
    on, calendar = meeting
    # Of the working days before the meeting, newest first, so many are clear, and then one more.
    before = open_days(on - DAY * 90, on - DAY, calendar)

    assert publish_by(on, calendar).day == before[-1 - CLEAR_DAYS[calendar.nation]]


@given(meetings())
def test_last_day_for_notice_is_the_latest_working_day_that_will_do(
    meeting: tuple[date, CouncilCalendar],
) -> None:
    on, calendar = meeting
    latest = date.fromordinal(on.toordinal() - 29)
    expected = open_days(latest - DAY * 90, latest, calendar)[-1]

    assert key_decision_notice_by(on, calendar).day == expected
    assert private_notice_by(on, calendar).day == expected


@given(meetings())
def test_strip_covers_every_day_once(meeting: tuple[date, CouncilCalendar]) -> None:
    on, calendar = meeting
    for found in (
        publish_by(on, calendar),
        key_decision_notice_by(on, calendar),
        call_in_ends(on, calendar),
    ):
        days = [
            cell.first + DAY * n
            for cell in found.strip
            for n in range((cell.last - cell.first).days + 1)
        ]
        first, last = found.strip[0].first, found.strip[-1].last
        assert days == [first + DAY * n for n in range((last - first).days + 1)]
        assert [cell.is_end for cell in found.strip].count(True) == 2
        assert found.strip[0].is_end
        assert found.strip[-1].is_end


@given(calendars(), MEETINGS, st.integers(0, 20))
def test_a_later_meeting_never_has_an_earlier_last_day(
    calendar: CouncilCalendar, on: date, later: int
) -> None:
    for rule in (publish_by, key_decision_notice_by, second_private_notice_by):
        assert rule(on, calendar).day <= rule(on + DAY * later, calendar).day


@given(meetings(), st.integers(0, 50))
def test_a_closure_day_never_makes_the_last_day_later(
    meeting: tuple[date, CouncilCalendar], back: int
) -> None:
    on, calendar = meeting
    closed = replace(calendar, closures=calendar.closures | {on - DAY * back})

    for rule in (publish_by, key_decision_notice_by, second_private_notice_by):
        assert rule(on, closed).day <= rule(on, calendar).day


@given(calendars(), MEETINGS, st.integers(1, 10))
def test_call_in_ends_on_the_last_of_its_working_days(
    calendar: CouncilCalendar, published: date, count: int
) -> None:
    after = open_days(published + DAY, published + DAY * 60, calendar)

    assert call_in_ends(published, calendar, count).day == after[count - 1]


@pytest.mark.parametrize(
    ("today", "done_on", "late", "left", "headline"),
    [
        (date(2025, 6, 5), None, False, 11, "11 days left"),
        (date(2025, 6, 15), None, False, 1, "1 day left"),
        (date(2025, 6, 16), None, False, 0, "Due today"),
        (date(2025, 6, 19), None, True, -3, "3 days late"),
        (date(2025, 6, 24), None, True, -8, "8 days late"),
        (date(2025, 6, 25), None, True, -9, "Not recorded"),
        (date(2025, 6, 20), date(2025, 6, 16), False, -4, "Published, on time"),
        (date(2025, 6, 20), date(2025, 6, 17), True, -4, "Published, 1 day late"),
        # Booked for a day still to come is not done.
        (date(2025, 6, 10), date(2025, 6, 12), False, 6, "6 days left"),
    ],
)
def test_publication_stands_as_at_a_day(
    today: date, done_on: date | None, late: bool, left: int, headline: str
) -> None:
    found = agenda(today, done_on)

    assert (found.is_late, found.days_left, found.headline) == (late, left, headline)
    assert bool(found.remedy) is late
    assert found.done_on == (done_on if done_on and done_on <= today else None)


def test_late_agenda_needs_a_reason_from_the_chair() -> None:
    found = agenda(date(2025, 6, 18))

    assert "matter of urgency" in found.remedy
    assert "recorded in the minutes" in found.remedy
    assert "section 100B(4)(b)" in found.remedy


def test_late_agenda_of_the_executive_names_its_own_regulation() -> None:
    found = agenda(date(2025, 6, 18), is_executive=True)

    assert "regulation 6(2)" in found.remedy
    assert "recorded in the minutes" in found.remedy
    assert "100B" not in found.remedy


def test_meeting_held_with_nothing_recorded_asks_for_the_record() -> None:
    assert agenda(date(2025, 6, 25)).remedy == (
        "The meeting has been held: record the day on which this was published."
    )


def test_late_key_decision_has_the_general_exception_while_five_clear_days_remain() -> None:
    last = general_exception_by(JUNE, ENGLAND)
    in_time = key_notice(last.day)

    assert last.day == date(2025, 6, 16)
    assert in_time.remedy.startswith("General exception: by Monday 16 June 2025 tell the chair")
    assert "regulation 10)" in in_time.remedy
    assert "regulation 11" not in in_time.remedy


@pytest.mark.parametrize("today", [date(2025, 6, 17), JUNE])
def test_late_key_decision_is_special_urgency_after_that(today: date) -> None:
    found = key_notice(today)

    assert "special urgency" in found.remedy
    assert "cannot reasonably be deferred" in found.remedy
    assert "regulation 11)" in found.remedy


def test_key_decision_made_after_a_late_notice_is_to_be_checked() -> None:
    found = key_notice(date(2025, 7, 1), done_on=date(2025, 6, 2))

    assert found.headline == "Published, 10 days late"
    assert found.remedy.startswith("Check that the general exception")
    assert "regulation 18" in found.remedy


def test_key_decision_noticed_in_time_needs_nothing() -> None:
    found = key_notice(date(2025, 7, 1), done_on=date(2025, 5, 23))

    assert (found.is_late, found.remedy) == (False, "")


def test_late_private_notice_needs_the_chair_of_scrutiny() -> None:
    found = meeting_calendar(facts(has_private_part=True), ENGLAND, date(2025, 6, 20))
    late = {one.reckoning.rule.key: one for one in found}

    for key in ("private-notice", "second-private-notice"):
        assert late[key].is_late
        assert "chair of overview and scrutiny" in late[key].remedy
        assert "regulation 5(6)" in late[key].remedy


def test_each_notice_of_a_meeting_stands_by_its_own_day() -> None:
    published = facts(
        is_key=True,
        has_private_part=True,
        agenda_published_on=date(2025, 6, 16),
        notice_published_on=date(2025, 5, 20),
        private_notice_published_on=date(2025, 5, 27),
        second_private_notice_published_on=date(2025, 6, 13),
    )
    found = meeting_calendar(published, ENGLAND, date(2025, 6, 20))

    assert {one.reckoning.rule.key: (one.done_on, one.is_late) for one in found} == {
        "key-decision-notice": (date(2025, 5, 20), False),
        "private-notice": (date(2025, 5, 27), True),
        "publication": (date(2025, 6, 16), False),
        "second-private-notice": (date(2025, 6, 13), False),
    }


@pytest.mark.parametrize(
    ("changes", "nation", "keys"),
    [
        ({}, "england", ["publication"]),
        ({"is_key": True}, "england", ["key-decision-notice", "publication"]),
        (
            {"is_key": True, "has_private_part": True, "is_open_to_call_in": True},
            "england",
            [
                "key-decision-notice",
                "private-notice",
                "publication",
                "second-private-notice",
                "call-in",
            ],
        ),
        # The notices bind the executive, and England.
        (
            {"is_executive": False, "is_key": True, "has_private_part": True},
            "england",
            ["publication"],
        ),
        ({"is_executive": False, "is_open_to_call_in": True}, "england", ["publication"]),
        (
            {"is_key": True, "has_private_part": True, "is_open_to_call_in": True},
            "wales",
            ["publication", "call-in"],
        ),
        ({"is_key": True}, "scotland", ["publication"]),
        ({"has_private_part": True}, "northern-ireland", ["publication"]),
    ],
)
def test_meeting_keeps_to_the_rules_that_bind_it_in_order(
    changes: dict[str, bool], nation: str, keys: list[str]
) -> None:
    found = meeting_calendar(facts(**changes), CouncilCalendar(nation), date(2025, 5, 1))

    assert [one.reckoning.rule.key for one in found] == keys


def call_in(today: date, **changes: object) -> Standing:
    found = meeting_calendar(facts(is_open_to_call_in=True, **changes), ENGLAND, today)
    return next(one for one in found if one.reckoning.rule.key == "call-in")


def test_call_in_before_the_decision_is_published_says_the_earliest_day() -> None:
    found = call_in(date(2025, 6, 2))

    assert found.reckoning.sentence == (
        "Call-in ends five working days after the decision is published: "
        "Tuesday 1 July 2025 at the earliest."
    )
    assert (found.headline, found.is_late, found.done_on) == ("Waits for the decision", False, None)
    assert found.reckoning.strip == ()


def test_call_in_after_a_meeting_whose_decision_is_not_recorded_promises_no_day() -> None:
    assert call_in(date(2026, 11, 22)).reckoning.sentence == (
        "Call-in ends five working days after the decision is published; that day is not recorded."
    )


def test_call_in_of_an_unpublished_decision_moves_on_with_the_days() -> None:
    assert call_in(date(2025, 6, 27)).reckoning.day == date(2025, 7, 4)
    booked = call_in(date(2025, 6, 24), decision_published_on=date(2025, 6, 26))
    assert booked.headline == "Waits for the decision"


@pytest.mark.parametrize(
    ("today", "headline"),
    [
        (date(2025, 6, 28), "3 days left"),
        (date(2025, 7, 1), "Ends today"),
        (date(2025, 7, 2), "Call-in has ended"),
    ],
)
def test_call_in_runs_and_ends_and_is_never_late(today: date, headline: str) -> None:
    found = call_in(today, decision_published_on=JUNE)

    assert (found.headline, found.is_late, found.remedy) == (headline, False, "")
    assert found.reckoning.day == date(2025, 7, 1)


def test_call_in_lasts_as_long_as_the_council_says() -> None:
    assert call_in(JUNE, decision_published_on=JUNE, call_in_days=3).reckoning.day == date(
        2025, 6, 27
    )
