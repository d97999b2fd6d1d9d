"""Meetings: what may be saved, the overview of the morning, and the page of each."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from peerplan.core import history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.meeting_forms import TimeField
from peerplan.papers.models import Body, ClosureDay, IssuedPaper, Meeting, Paper, RouteStep
from peerplan.papers.services import meetings as services
from peerplan.papers.services.meetings import MeetingDetails
from tests.plugins.plans import text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
OVERVIEW = "/c/ashdale/meetings/"


@pytest.fixture(autouse=True)
def frozen() -> Any:
    """Tuesday 10 June 2025, in the morning."""
    with time_machine.travel("2025-06-10 08:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def issue(paper: Paper, cabinet_step: RouteStep, democratic: Person) -> Callable[..., IssuedPaper]:
    """Issues the paper to Cabinet."""

    def make(**given: Any) -> IssuedPaper:
        base: dict[str, Any] = {
            "paper": paper,
            "step": cabinet_step,
            "number": 1,
            "title": "Progress as issued",
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


def page_of(meeting: Meeting, name: str = "meeting") -> str:
    return reverse(name, args=["ashdale", meeting.pk])


def change(meeting: Meeting, author: Person, **given: Any) -> Meeting:
    details: dict[str, Any] = {
        "on": meeting.on,
        "at": meeting.at,
        "place": meeting.place,
        "agenda_published_on": meeting.agenda_published_on,
        "late_reason": meeting.late_reason,
    }
    return services.change_meeting(
        meeting=meeting,
        version=meeting.version,
        details=MeetingDetails(**(details | given)),
        author=author,
    )


def saved(record: Any, author: Person, **given: Any) -> Any:
    for name, value in given.items():
        setattr(record, name, value)
    history.save(record, author=author.user)
    return record


# --- What may be saved --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("18:30", time(18, 30)),
        ("18.30", time(18, 30)),
        ("6.30pm", time(18, 30)),
        ("6:30 p.m.", time(18, 30)),
        ("6PM", time(18, 0)),
        ("12am", time(0, 0)),
        ("12pm", time(12, 0)),
        ("9.05", time(9, 5)),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, meant: time | None) -> None:
    assert TimeField(required=False).clean(typed) == meant


@pytest.mark.parametrize(
    "typed", ["18", "25:00", "12:60", "13pm", "0am", "noon", "18:3", "6.30 xm"]
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="Enter a time, such as 18:30"):
        TimeField(required=False).clean(typed)


def test_a_meeting_in_the_past_may_be_added(cabinet: Body, democratic: Person) -> None:
    meeting = services.add_meeting(
        body=cabinet, details=MeetingDetails(on=date(2019, 3, 4)), author=democratic
    )
    assert meeting.on == date(2019, 3, 4)
    assert meeting.history.get().history_user == democratic.user


def test_a_body_meets_once_a_day(
    cabinet_meeting: Meeting, scrutiny_body: Body, democratic: Person
) -> None:
    details = MeetingDetails(on=cabinet_meeting.on)
    with pytest.raises(Invalid, match="Cabinet meets on Tuesday 24 June 2025 already"):
        services.add_meeting(body=cabinet_meeting.body, details=details, author=democratic)
    services.add_meeting(body=scrutiny_body, details=details, author=democratic)


def test_a_meeting_cannot_be_moved_onto_another(
    cabinet_meeting: Meeting, democratic: Person
) -> None:
    other = services.add_meeting(
        body=cabinet_meeting.body, details=MeetingDetails(on=date(2025, 7, 1)), author=democratic
    )
    with pytest.raises(Invalid, match="meets on Tuesday 24 June 2025 already"):
        change(other, democratic, on=date(2025, 6, 24))


def test_the_day_of_a_meeting_called_off_is_free_again(
    cabinet_meeting: Meeting, democratic: Person
) -> None:
    services.call_off(meeting=cabinet_meeting, version=1, reason="No quorum", author=democratic)
    services.add_meeting(
        body=cabinet_meeting.body, details=MeetingDetails(on=cabinet_meeting.on), author=democratic
    )
    assert Meeting.objects.filter(on=cabinet_meeting.on).count() == 2


def test_a_meeting_called_off_stays_so(cabinet_meeting: Meeting, democratic: Person) -> None:
    off = services.call_off(
        meeting=cabinet_meeting, version=1, reason="No quorum", author=democratic
    )
    with pytest.raises(Invalid, match="Add a new one if the body meets after all"):
        change(off, democratic, place="Elsewhere")
    with pytest.raises(Invalid, match="Add a new one if the body meets after all"):
        services.call_off(meeting=off, version=off.version, reason="Again", author=democratic)


def test_a_body_that_has_ended_does_not_meet(scrutiny_body: Body, democratic: Person) -> None:
    services.end_body(body=scrutiny_body, version=1, author=democratic)
    with pytest.raises(Invalid, match="has ended") as refused:
        services.add_meeting(
            body=scrutiny_body, details=MeetingDetails(on=date(2025, 7, 1)), author=democratic
        )
    assert list(refused.value.fields) == ["body"]


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"on": date(2052, 6, 24)}, "on", "Check the year: 2052"),
        (
            {"agenda_published_on": date(2025, 6, 11)},
            "agenda_published_on",
            "Enter the day once the agenda is published",
        ),
        (
            {"on": date(2025, 6, 3), "agenda_published_on": date(2025, 6, 4)},
            "agenda_published_on",
            "cannot be published after the meeting, Tuesday 3 June 2025",
        ),
        (
            {"on": date(2025, 6, 12), "agenda_published_on": date(2025, 6, 6)},
            "late_reason",
            "due by Wednesday 4 June 2025, and was published 2 days after that",
        ),
        ({"place": "A" * 151}, "place", "Use at most 150 characters"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    cabinet_meeting: Meeting, democratic: Person, given: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change(cabinet_meeting, democratic, **given)
    assert words in refused.value.fields[field]
    assert Meeting.objects.get(pk=cabinet_meeting.pk).version == 1


def test_a_late_agenda_with_its_reason_is_recorded(
    cabinet_meeting: Meeting, democratic: Person
) -> None:
    late = {"on": date(2025, 6, 12), "agenda_published_on": date(2025, 6, 6)}
    change(cabinet_meeting, democratic, **late, late_reason="The auditor reported late.")
    assert Meeting.objects.get().late_reason == "The auditor reported late."


def test_a_closure_day_makes_an_agenda_late(
    council: Council, cabinet_meeting: Meeting, democratic: Person
) -> None:
    on_time = {"on": date(2025, 6, 17), "agenda_published_on": date(2025, 6, 9)}
    change(cabinet_meeting, democratic, **on_time)
    services.add_closure_days(
        council=council, first=date(2025, 6, 12), last=None, reason="Move", author=democratic
    )
    meeting = Meeting.objects.get()
    with pytest.raises(Invalid, match="due by Friday 6 June 2025"):
        change(meeting, democratic, place="Town Hall")


def test_an_officer_board_gives_no_reason(cabinet_meeting: Meeting, democratic: Person) -> None:
    saved(cabinet_meeting.body, democratic, kind=Body.Kind.OFFICERS)
    meeting = Meeting.objects.select_related("body").get()
    change(meeting, democratic, on=date(2025, 6, 12), agenda_published_on=date(2025, 6, 10))
    assert Meeting.objects.get().agenda_published_on == date(2025, 6, 10)


def test_a_move_is_told_in_the_history(cabinet_meeting: Meeting, democratic: Person) -> None:
    moved = change(cabinet_meeting, democratic, on=date(2025, 7, 1))
    assert moved.history.latest().history_change_reason == "Moved from Tuesday 24 June 2025"


def test_the_later_of_two_changes_is_stale(cabinet_meeting: Meeting, democratic: Person) -> None:
    change(cabinet_meeting, democratic, place="Town Hall")
    with pytest.raises(Stale):
        change(cabinet_meeting, democratic, place="Library")
    assert Meeting.objects.get().place == "Town Hall"


def test_nobody_writes_in_another_council_or_without_the_role(
    cabinet_meeting: Meeting, outsider: Person, member: Person
) -> None:
    details = MeetingDetails(on=date(2025, 7, 1))
    for person in (outsider, member):
        with pytest.raises(NotPermitted):
            services.add_meeting(body=cabinet_meeting.body, details=details, author=person)
        with pytest.raises(NotPermitted):
            change(cabinet_meeting, person)
        with pytest.raises(NotPermitted):
            services.call_off(meeting=cabinet_meeting, version=1, reason="No", author=person)
    assert Meeting.history.count() == 1


# --- The overview -------------------------------------------------------------------------------


def test_the_next_meetings_stand_soonest_first_with_their_last_day(
    cabinet_meeting: Meeting, scrutiny_meeting: Meeting, democratic: Person, signed_in: SignIn
) -> None:
    answer = signed_in(democratic).get(OVERVIEW)
    assert [entry.meeting for entry in answer.context["coming"]] == [
        scrutiny_meeting,
        cabinet_meeting,
    ]
    text = text_of(answer)
    assert "Next agenda: Corporate Scrutiny Committee, by Wednesday 11 June, 1 day left." in text
    assert "Publish by Monday 16 June 2025: five clear days before Tuesday 24 June 2025." in text
    assert "6 days left" in text


def test_a_late_agenda_is_told_first(
    cabinet_meeting: Meeting,
    scrutiny_meeting: Meeting,
    democratic: Person,
    signed_in: SignIn,
    frozen: time_machine.Traveller,
) -> None:
    frozen.move_to("2025-06-13 08:00:00+00:00")
    text = text_of(signed_in(democratic).get(OVERVIEW))
    assert "1 agenda late." in text
    assert "Next agenda: Cabinet, by Monday 16 June, 3 days left." in text
    assert "2 days late" in text


def test_an_agenda_that_is_published_asks_for_nothing(
    cabinet_meeting: Meeting, democratic: Person, signed_in: SignIn
) -> None:
    change(cabinet_meeting, democratic, agenda_published_on=date(2025, 6, 9))
    answer = signed_in(democratic).get(OVERVIEW)
    assert (answer.context["late"], answer.context["next"]) == ([], None)
    assert "Published, on time" in text_of(answer)


def test_today_s_meeting_is_a_next_one_and_yesterday_s_a_past_one(
    cabinet: Body, democratic: Person, signed_in: SignIn
) -> None:
    for on in (date(2025, 6, 10), date(2025, 6, 9)):
        services.add_meeting(body=cabinet, details=MeetingDetails(on=on), author=democratic)
    context = signed_in(democratic).get(OVERVIEW).context
    assert [entry.meeting.on for entry in context["coming"]] == [date(2025, 6, 10)]
    assert [entry.meeting.on for entry in context["past"]] == [date(2025, 6, 9)]


def test_each_meeting_says_which_papers_go_to_it(
    paper: Paper, scrutiny_step: RouteStep, democratic: Person, signed_in: SignIn
) -> None:
    answer = signed_in(democratic).get(OVERVIEW)
    text = text_of(answer)
    assert "Comment: Corporate Peer Challenge 2024, Progress, June 2025 No paper yet" in text
    assert f"In writing: {paper.title}" in text
    write = reverse("paper_new", args=["ashdale", scrutiny_step.pk])
    assert f'href="{write}"' in answer.content.decode()


def test_nobody_is_asked_to_write_for_a_meeting_that_has_been(
    paper: Paper,
    scrutiny_step: RouteStep,
    democratic: Person,
    member: Person,
    signed_in: SignIn,
    frozen: time_machine.Traveller,
) -> None:
    frozen.move_to("2025-07-01 08:00:00+00:00")
    answer = signed_in(democratic).get(OVERVIEW)
    assert "No paper was written here" in text_of(answer)
    assert f"Written, not issued: {paper.title}" in text_of(answer)
    assert "/write/" not in answer.content.decode()
    assert "No paper was issued here" in text_of(signed_in(member).get(OVERVIEW))


def test_members_see_no_paper_in_writing_only_issued_ones(
    paper: Paper,
    scrutiny_step: RouteStep,
    cabinet_meeting: Meeting,
    member: Person,
    signed_in: SignIn,
    issue: Callable[..., IssuedPaper],
) -> None:
    for url in (OVERVIEW, page_of(cabinet_meeting)):
        answer = signed_in(member).get(url)
        assert paper.title not in answer.content.decode()
        assert "/write/" not in answer.content.decode()
        assert "No paper issued yet" in text_of(answer)
    issue()
    for url in (OVERVIEW, page_of(cabinet_meeting)):
        answer = signed_in(member).get(url)
        assert "Issued 10 June 2025: Progress as issued" in text_of(answer)
        assert paper.title not in answer.content.decode()


def test_meetings_are_not_for_peers(
    cabinet_step: RouteStep, cabinet_meeting: Meeting, peer: Person, signed_in: SignIn
) -> None:
    for url in (OVERVIEW, page_of(cabinet_meeting)):
        assert signed_in(peer).get(url).status_code == 404


@pytest.mark.parametrize("who", ["owner", "member", "lead", "administrator"])
def test_other_roles_read_and_are_offered_nothing_to_change(
    who: str,
    cabinet_step: RouteStep,
    cabinet_meeting: Meeting,
    signed_in: SignIn,
    request: pytest.FixtureRequest,
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for url in (OVERVIEW, page_of(cabinet_meeting)):
        answer = client.get(url)
        assert answer.status_code == 200
        page = answer.content.decode()
        for name in ("/new/", "/change/", "/call-off/", "/bodies/", "/closures/", "/write/"):
            assert f"meetings{name}" not in page
            assert f"{cabinet_meeting.pk}{name}" not in page


def test_a_notice_that_is_due_stands_beside_its_item(
    cabinet_step: RouteStep, democratic: Person, signed_in: SignIn
) -> None:
    saved(cabinet_step, democratic, is_key=True)
    text = text_of(signed_in(democratic).get(OVERVIEW))
    assert "Give notice of the key decision by Friday 23 May 2025" in text
    assert "18 days late" in text


def test_past_meetings_say_what_was_issued(
    cabinet_meeting: Meeting,
    democratic: Person,
    signed_in: SignIn,
    issue: Callable[..., IssuedPaper],
    frozen: time_machine.Traveller,
) -> None:
    issue()
    issue(number=2, reason="A date was wrong", title="Progress, put right")
    frozen.move_to("2025-07-10 08:00:00+00:00")
    answer = signed_in(democratic).get(OVERVIEW)
    text = text_of(answer)
    assert "Progress, put right (issue 2)" in text
    assert "Progress as issued" not in text
    assert "Not recorded Record the day" in text


def test_a_meeting_called_off_says_so_and_asks_for_another(
    cabinet_step: RouteStep, cabinet_meeting: Meeting, democratic: Person, signed_in: SignIn
) -> None:
    services.call_off(meeting=cabinet_meeting, version=1, reason="No quorum", author=democratic)
    text = text_of(signed_in(democratic).get(OVERVIEW))
    assert "Called off No quorum" in text
    assert "Choose another meeting" in text
    assert "before Tuesday 24 June 2025" not in text
    text = text_of(signed_in(democratic).get(page_of(cabinet_meeting)))
    assert "1 step of routes in use stood at this meeting. Choose another meeting for it." in text


@pytest.mark.parametrize(
    ("who", "words", "url"),
    [
        ("democratic", "Add the bodies that your papers go to", "body_new"),
        ("member", "Democratic services add them.", ""),
    ],
)
def test_without_bodies_the_page_says_what_to_do(
    who: str,
    words: str,
    url: str,
    council: Council,
    signed_in: SignIn,
    request: pytest.FixtureRequest,
) -> None:
    answer = signed_in(request.getfixturevalue(who)).get(OVERVIEW)
    assert words in text_of(answer)
    if url:
        assert reverse(url, args=["ashdale"]) in answer.content.decode()


def test_without_meetings_the_page_says_what_to_do(
    cabinet: Body, democratic: Person, signed_in: SignIn
) -> None:
    text = text_of(signed_in(democratic).get(OVERVIEW))
    assert "Add the next meeting of each body" in text


def test_without_bodies_there_is_no_form_for_a_meeting(
    council: Council, democratic: Person, signed_in: SignIn
) -> None:
    answer = signed_in(democratic).get(reverse("meeting_new", args=["ashdale"]))
    assert "Add the body first." in text_of(answer)
    assert 'name="place"' not in answer.content.decode()


def test_the_other_council_s_meetings_are_not_here(
    cabinet_meeting: Meeting, outsider: Person, signed_in: SignIn
) -> None:
    client = signed_in(outsider)
    assert client.get("/c/mereford/meetings/").context["coming"] == ()
    assert client.get(OVERVIEW).status_code == 404
    assert client.get(page_of(cabinet_meeting)).status_code == 404
    mixed = reverse("meeting", args=["mereford", cabinet_meeting.pk])
    assert client.get(mixed).status_code == 404


def test_a_body_is_chosen_from_its_own_page(
    cabinet: Body, democratic: Person, signed_in: SignIn
) -> None:
    url = reverse("meeting_new", args=["ashdale"])
    page = signed_in(democratic).get(f"{url}?body={cabinet.pk}").content.decode()
    assert f'<option value="{cabinet.pk}" selected>' in page
    assert signed_in(democratic).get(f"{url}?body=nonsense").status_code == 200


# --- One meeting --------------------------------------------------------------------------------


def test_the_page_shows_every_rule_with_its_days_reason_and_source(
    cabinet_step: RouteStep, cabinet_meeting: Meeting, democratic: Person, signed_in: SignIn
) -> None:
    saved(cabinet_step, democratic, is_key=True, has_private_part=True)
    answer = signed_in(democratic).get(page_of(cabinet_meeting))
    text = text_of(answer)
    for words in (
        "Publish by Monday 16 June: 6 days left",
        "Publish by Monday 16 June 2025: five clear days before Tuesday 24 June 2025.",
        "Counted in clear days.",
        "regulations 6 and 7",
        "Give notice of the key decision by Friday 23 May 2025",
        "28 clear days",
        "regulation 9",
        "General exception: by Monday 16 June 2025",
        "Second notice of the private part",
        "regulation 5(6)",
        "five working days",
        "the council&#x27;s own constitution",
    ):
        assert words in text, words
    strip = answer.content.decode().split('class="clear-days"')[1].split("</ol>")[0]
    assert strip.count("<li") == 8
    assert strip.count('class="end"') == 2
    assert strip.count('class="off"') == 1


def test_a_late_agenda_says_what_the_law_allows(
    scrutiny_meeting: Meeting,
    democratic: Person,
    signed_in: SignIn,
    frozen: time_machine.Traveller,
) -> None:
    frozen.move_to("2025-06-13 08:00:00+00:00")
    text = text_of(signed_in(democratic).get(page_of(scrutiny_meeting)))
    assert "The last day to publish has passed" in text
    assert "section 100B(4)(b)" in text


def test_a_meeting_on_a_closed_day_is_pointed_out(
    cabinet: Body, council: Council, democratic: Person, signed_in: SignIn
) -> None:
    meeting = services.add_meeting(
        body=cabinet, details=MeetingDetails(on=date(2025, 8, 24)), author=democratic
    )
    text = text_of(signed_in(democratic).get(page_of(meeting)))
    assert "Sunday 24 August 2025 is not a working day (Sunday)." in text


def test_a_move_after_issue_is_allowed_and_told(
    cabinet_meeting: Meeting,
    democratic: Person,
    signed_in: SignIn,
    issue: Callable[..., IssuedPaper],
) -> None:
    issue()
    client = signed_in(democratic)
    text = text_of(client.get(page_of(cabinet_meeting, "meeting_change")))
    assert "A paper has been issued for this meeting: “Progress as issued”." in text
    assert "keep the day" not in text_of(client.get(page_of(cabinet_meeting)))
    change(cabinet_meeting, democratic, on=date(2025, 7, 1))
    text = text_of(client.get(page_of(cabinet_meeting)))
    assert "Issued papers keep the day that they were issued for" in text
    assert "(issue 1) says Tuesday 24 June 2025" in text


def test_the_reason_for_being_late_is_shown(
    scrutiny_meeting: Meeting, democratic: Person, member: Person, signed_in: SignIn
) -> None:
    late = {"on": date(2025, 6, 12), "agenda_published_on": date(2025, 6, 6)}
    change(scrutiny_meeting, democratic, **late, late_reason="The auditor reported late.")
    text = text_of(signed_in(member).get(page_of(scrutiny_meeting)))
    assert "The agenda was published late" in text
    assert "The auditor reported late." in text


# --- Queries ------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 40])
@pytest.mark.parametrize("who", ["democratic", "member"])
def test_the_pages_take_few_queries(
    how_many: int,
    who: str,
    cabinet_step: RouteStep,
    cabinet_meeting: Meeting,
    democratic: Person,
    issue: Callable[..., IssuedPaper],
    signed_in: SignIn,
    request: pytest.FixtureRequest,
    django_assert_max_num_queries: Any,
) -> None:
    issue()
    for number in range(1, how_many):
        for on in (date(2025, 7, 1) + timedelta(days=number), date(2025, 5, 1)):
            day = on - timedelta(days=number if on.month == 5 else 0)
            meeting = saved(Meeting(body=cabinet_meeting.body, on=day), democratic)
            step = saved(
                RouteStep(
                    route=cabinet_step.route,
                    position=9,
                    body=cabinet_meeting.body,
                    meeting=meeting,
                    paper=cabinet_step.paper,
                ),
                democratic,
            )
            issue(step=step)
    # On the one meeting too there may be many items.
    for _ in range(1, how_many):
        saved(
            RouteStep(
                route=cabinet_step.route,
                position=9,
                body=cabinet_meeting.body,
                meeting=cabinet_meeting,
            ),
            democratic,
        )
    client = signed_in(request.getfixturevalue(who))
    urls = [OVERVIEW, page_of(cabinet_meeting)]
    if who == "democratic":
        urls += [
            page_of(cabinet_meeting, "meeting_change"),
            page_of(cabinet_meeting, "meeting_call_off"),
            reverse("meeting_new", args=["ashdale"]),
        ]
    for url in urls:
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200


def test_past_meetings_are_told_page_by_page(
    cabinet: Body, democratic: Person, signed_in: SignIn
) -> None:
    for number in range(25):
        day = date(2025, 5, 1) - timedelta(days=number)
        saved(Meeting(body=cabinet, on=day), democratic)
    client = signed_in(democratic)
    assert len(client.get(OVERVIEW).context["past"]) == 20
    assert len(client.get(f"{OVERVIEW}?page=2").context["past"]) == 5


def test_closure_days_of_another_council_move_nothing(
    other_council: Council, cabinet_meeting: Meeting, democratic: Person, signed_in: SignIn
) -> None:
    ClosureDay.objects.create(
        council=other_council, on=date(2025, 6, 18), reason="Move", added_by=democratic.user
    )
    text = text_of(signed_in(democratic).get(page_of(cabinet_meeting)))
    assert "Publish by Monday 16 June: 6 days left" in text
