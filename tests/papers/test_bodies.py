"""Bodies, who sits on them, and the days on which the council is closed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from peerplan.core import history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership, User
from peerplan.papers.models import Body, BodyMember, ClosureDay, Meeting, RouteStep
from peerplan.papers.services import meetings as services
from peerplan.papers.services.meetings import BodyDetails, MeetingDetails
from tests.plugins.plans import text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
AUDIT = BodyDetails("Audit Committee", "audit", "the Committee", "THAT THE COMMITTEE:")


@pytest.fixture(autouse=True)
def frozen() -> Any:
    """Tuesday 10 June 2025, in the morning."""
    with time_machine.travel("2025-06-10 08:00:00+00:00", tick=False) as traveller:
        yield traveller


def page_of(body: Body, name: str = "body") -> str:
    return reverse(name, args=["ashdale", body.pk])


def seat(body: Body, person: Person, author: Person, office: str = "") -> BodyMember:
    return services.add_seat(body=body, membership=person.membership, office=office, author=author)


def sitting(body: Body) -> list[str]:
    rows = BodyMember.objects.filter(body=body, ended_at__isnull=True)
    return [str(row.membership) for row in rows]


# --- Bodies -------------------------------------------------------------------------------------


def test_a_body_keeps_its_kind_and_its_words(council: Council, democratic: Person) -> None:
    body = services.add_body(council=council, details=AUDIT, author=democratic)
    assert (body.name, body.kind, body.in_sentences, body.lead_in, body.call_in_days) == (
        "Audit Committee",
        "audit",
        "the Committee",
        "THAT THE COMMITTEE:",
        5,
    )
    assert body.history.get().history_user == democratic.user


def test_a_name_stands_once_whatever_the_case(cabinet: Body, democratic: Person) -> None:
    with pytest.raises(Invalid, match="There is a body called Cabinet already"):
        services.add_body(
            council=democratic.council,
            details=BodyDetails("CABINET", "executive"),
            author=democratic,
        )
    # Its own name may be written otherwise.
    services.change_body(
        body=cabinet, version=1, details=BodyDetails("CABINET", "executive"), author=democratic
    )
    assert Body.objects.get().name == "CABINET"


def test_the_name_of_an_ended_body_leads_to_taking_it_up(cabinet: Body, democratic: Person) -> None:
    services.end_body(body=cabinet, version=1, author=democratic)
    with pytest.raises(Invalid, match="Cabinet has ended: take it up again on its page"):
        services.add_body(
            council=democratic.council,
            details=BodyDetails("Cabinet", "executive"),
            author=democratic,
        )


def test_the_same_name_may_stand_in_another_council(
    cabinet: Body, other_council: Council, outsider: Person
) -> None:
    services.add_body(
        council=other_council, details=BodyDetails("Cabinet", "executive"), author=outsider
    )
    assert Body.objects.count() == 2


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (BodyDetails(" ", "audit"), "name"),
        (BodyDetails("Audit", "parish"), "kind"),
        (BodyDetails("Audit", "audit", call_in_days=31), "call_in_days"),
        (BodyDetails("Audit", "audit", call_in_days=-1), "call_in_days"),
        (BodyDetails("A" * 121, "audit"), "name"),
        (BodyDetails("Audit", "audit", lead_in="A" * 121), "lead_in"),
    ],
)
def test_a_body_that_cannot_be_is_refused(
    council: Council, democratic: Person, details: BodyDetails, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_body(council=council, details=details, author=democratic)
    assert list(refused.value.fields) == [field]
    assert not Body.objects.exists()


def test_a_body_in_a_route_in_use_is_not_ended_and_the_page_names_the_route(
    cabinet_step: RouteStep, democratic: Person, signed_in: SignIn, frozen: Any
) -> None:
    frozen.move_to("2025-07-10 08:00:00+00:00")  # after the meeting
    body = cabinet_step.body
    answer = signed_in(democratic).post(page_of(body, "body_end"), {"version": 1})
    assert answer.status_code == 422
    text = text_of(answer)
    assert (
        "Cabinet cannot be ended while a route in use has a step at it: “Progress, June 2025” "
        "(Corporate Peer Challenge 2024). Move that step to another body" in text
    )
    assert Body.objects.get(pk=body.pk).ended_on is None
    # The page of the body shows the same before anybody tries.
    assert "Progress, June 2025" in text_of(signed_in(democratic).get(page_of(body)))


@pytest.mark.parametrize("which", ["step", "route"])
def test_once_the_step_or_the_route_has_ended_the_body_may_end(
    which: str, cabinet_step: RouteStep, democratic: Person, frozen: Any
) -> None:
    frozen.move_to("2025-07-10 08:00:00+00:00")
    record: Any = cabinet_step if which == "step" else cabinet_step.route
    record.ended_at = datetime(2025, 7, 1, tzinfo=UTC)
    history.save(record, author=democratic.user)
    ended = services.end_body(body=cabinet_step.body, version=1, author=democratic)
    assert ended.ended_on == date(2025, 7, 10)


def test_a_body_with_a_meeting_to_come_is_not_ended(
    cabinet_meeting: Meeting, democratic: Person
) -> None:
    with pytest.raises(Invalid, match="Call off first: Tuesday 24 June 2025"):
        services.end_body(body=cabinet_meeting.body, version=1, author=democratic)
    services.call_off(meeting=cabinet_meeting, version=1, reason="No quorum", author=democratic)
    body = Body.objects.get(pk=cabinet_meeting.body_id)
    services.end_body(body=body, version=body.version, author=democratic, reason="Abolished")
    assert body.history.latest().history_change_reason == "Abolished"


def test_an_ended_body_is_listed_apart_and_not_offered(
    cabinet: Body, scrutiny_body: Body, democratic: Person, signed_in: SignIn
) -> None:
    services.end_body(body=cabinet, version=1, author=democratic)
    client = signed_in(democratic)
    context = client.get(reverse("bodies", args=["ashdale"])).context
    assert ([row.name for row in context["rows"]], [row.name for row in context["ended"]]) == (
        ["Corporate Scrutiny Committee"],
        ["Cabinet"],
    )
    form = client.get(reverse("meeting_new", args=["ashdale"])).context["form"]
    assert list(form.fields["body"].queryset) == [scrutiny_body]


def test_an_ended_body_is_taken_up_before_it_is_changed(
    cabinet: Body, member: Person, democratic: Person
) -> None:
    ended = services.end_body(body=cabinet, version=1, author=democratic)
    with pytest.raises(Invalid, match="Take it up again"):
        services.change_body(body=ended, version=2, details=AUDIT, author=democratic)
    with pytest.raises(Invalid, match="Take it up again"):
        seat(ended, member, democratic)
    with pytest.raises(Invalid, match="has ended already"):
        services.end_body(body=ended, version=2, author=democratic)
    again = services.take_up_body(body=ended, version=2, author=democratic)
    assert again.ended_on is None
    with pytest.raises(Invalid, match="in use already"):
        services.take_up_body(body=again, version=again.version, author=democratic)


def test_the_later_of_two_is_stale(cabinet: Body, democratic: Person) -> None:
    services.change_body(body=cabinet, version=1, details=AUDIT, author=democratic)
    with pytest.raises(Stale):
        services.end_body(body=cabinet, version=1, author=democratic)
    assert Body.objects.get().ended_on is None


def test_without_bodies_the_list_says_what_to_do(
    council: Council, democratic: Person, signed_in: SignIn
) -> None:
    answer = signed_in(democratic).get(reverse("bodies", args=["ashdale"]))
    assert "Add the bodies that your papers go to" in text_of(answer)


def test_the_list_says_who_has_call_in(
    cabinet: Body, scrutiny_body: Body, democratic: Person, signed_in: SignIn
) -> None:
    text = text_of(signed_in(democratic).get(reverse("bodies", args=["ashdale"])))
    assert "Cabinet THAT CABINET: 5 working days Nobody yet" in text
    assert "the Committee THAT THE COMMITTEE: None Nobody yet" in text


# --- Seats --------------------------------------------------------------------------------------


def test_a_seat_is_taken_and_given_up_and_both_are_kept(
    scrutiny_body: Body, member: Person, democratic: Person, frozen: Any
) -> None:
    taken = seat(scrutiny_body, member, democratic, "Chair")
    assert sitting(scrutiny_body) == ["Chair of Scrutiny"]
    frozen.move_to("2025-06-11 08:00:00+00:00")
    services.end_seat(seat=taken, author=democratic)
    assert sitting(scrutiny_body) == []
    row = BodyMember.objects.get()
    assert (row.office, row.added_at.day, row.ended_by) == ("Chair", 10, democratic.user)
    assert row.ended_at == datetime(2025, 6, 11, 8, tzinfo=UTC)


def test_whoever_gave_up_a_seat_may_take_it_again(
    scrutiny_body: Body, member: Person, democratic: Person
) -> None:
    services.end_seat(seat=seat(scrutiny_body, member, democratic), author=democratic)
    seat(scrutiny_body, member, democratic)
    assert BodyMember.objects.count() == 2


def test_nobody_sits_twice_but_may_sit_on_two_bodies(
    scrutiny_body: Body, cabinet: Body, member: Person, democratic: Person
) -> None:
    seat(scrutiny_body, member, democratic)
    with pytest.raises(Invalid, match="Chair of Scrutiny sits on Corporate Scrutiny Committee"):
        seat(scrutiny_body, member, democratic)
    seat(cabinet, member, democratic)


def test_a_seat_is_given_up_once(scrutiny_body: Body, member: Person, democratic: Person) -> None:
    taken = seat(scrutiny_body, member, democratic)
    services.end_seat(seat=taken, author=democratic)
    with pytest.raises(Invalid, match="given up in the meantime"):
        services.end_seat(seat=taken, author=democratic)


def test_strangers_peers_and_leavers_take_no_seat(
    scrutiny_body: Body, outsider: Person, peer: Person, member: Person, democratic: Person
) -> None:
    member.membership.ended_at = datetime(2025, 6, 1, tzinfo=UTC)
    history.save(member.membership, author=democratic.user)
    for person in (outsider, peer, member):
        with pytest.raises(Invalid, match="Choose somebody from the list"):
            seat(scrutiny_body, person, democratic)


def test_only_those_who_may_sit_are_offered(
    scrutiny_body: Body,
    member: Person,
    lead: Person,
    peer: Person,
    outsider: Person,
    democratic: Person,
    signed_in: SignIn,
) -> None:
    seat(scrutiny_body, member, democratic)
    form = signed_in(democratic).get(page_of(scrutiny_body)).context["form"]
    offered = set(form.fields["membership"].queryset)
    assert lead.membership in offered
    assert not offered & {member.membership, peer.membership, outsider.membership}


def test_a_seat_is_given_up_on_its_own_body_s_page_only(
    scrutiny_body: Body, cabinet: Body, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    taken = seat(scrutiny_body, member, democratic)
    url = reverse("seat_end", args=["ashdale", cabinet.pk, taken.pk])
    assert signed_in(democratic).post(url).status_code == 404
    assert sitting(scrutiny_body) == ["Chair of Scrutiny"]


def test_the_page_tells_who_sits_and_who_sat(
    scrutiny_body: Body, member: Person, lead: Person, democratic: Person, signed_in: SignIn
) -> None:
    client = signed_in(democratic)
    assert "Without a seat no member can open" in text_of(client.get(page_of(scrutiny_body)))
    seat(scrutiny_body, member, democratic, "Chair")
    services.end_seat(seat=seat(scrutiny_body, lead, democratic), author=democratic)
    context = client.get(page_of(scrutiny_body)).context
    assert [row.membership for row in context["seats"]] == [member.membership]
    assert [row.membership for row in context["given_up"]] == [lead.membership]


def test_a_leaver_s_seat_is_pointed_out(
    scrutiny_body: Body, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    seat(scrutiny_body, member, democratic)
    member.membership.ended_at = datetime(2025, 6, 1, tzinfo=UTC)
    history.save(member.membership, author=democratic.user)
    text = text_of(signed_in(democratic).get(page_of(scrutiny_body)))
    assert "No longer with the council: end the seat." in text


def test_nobody_writes_in_another_council_or_without_the_role(
    scrutiny_body: Body, council: Council, member: Person, outsider: Person, democratic: Person
) -> None:
    taken = seat(scrutiny_body, member, democratic)
    day = date(2025, 8, 4)
    closed = services.add_closure_days(
        council=council, first=day, last=None, reason="Move", author=democratic
    )[0]
    for person in (outsider, member):
        for act in (
            lambda who: services.add_body(council=council, details=AUDIT, author=who),
            lambda who: services.change_body(
                body=scrutiny_body, version=1, details=AUDIT, author=who
            ),
            lambda who: services.end_body(body=scrutiny_body, version=1, author=who),
            lambda who: services.take_up_body(body=scrutiny_body, version=1, author=who),
            lambda who: seat(scrutiny_body, who, who),
            lambda who: services.end_seat(seat=taken, author=who),
            lambda who: services.add_closure_days(
                council=council, first=day, last=None, reason="Move", author=who
            ),
            lambda who: services.end_closure_day(closure=closed, author=who),
        ):
            with pytest.raises(NotPermitted):
                act(person)
    assert (Body.history.count(), BodyMember.objects.count(), ClosureDay.objects.count()) == (
        1,
        1,
        1,
    )


# --- Closure days -------------------------------------------------------------------------------


def closed_on(council: Council) -> list[date]:
    rows = ClosureDay.objects.filter(council=council, ended_at__isnull=True)
    return [row.on for row in rows]


def test_a_run_of_days_leaves_out_those_that_never_count(
    council: Council, democratic: Person
) -> None:
    services.add_closure_days(
        council=council,
        first=date(2025, 12, 24),
        last=date(2026, 1, 2),
        reason="Christmas",
        author=democratic,
    )
    # Thursday and Friday are bank holidays, then a weekend; New Year's Day is one too.
    assert closed_on(council) == [
        date(2025, 12, 24),
        date(2025, 12, 29),
        date(2025, 12, 30),
        date(2025, 12, 31),
        date(2026, 1, 2),
    ]


def test_days_entered_before_are_passed_over(council: Council, democratic: Person) -> None:
    for last in (date(2025, 8, 5), date(2025, 8, 6)):
        services.add_closure_days(
            council=council, first=date(2025, 8, 4), last=last, reason="Move", author=democratic
        )
    assert closed_on(council) == [date(2025, 8, 4), date(2025, 8, 5), date(2025, 8, 6)]


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        (date(2025, 8, 4), date(2025, 8, 1), "last", "cannot be before the first, Monday 4"),
        (date(2025, 8, 4), date(2026, 8, 4), "last", "at most a month at a time"),
        (date(2025, 8, 2), None, "first", "(Saturday)"),
        (date(2025, 8, 25), None, "first", "(bank holiday)"),
        (date(2025, 8, 2), date(2025, 8, 3), "first", "None of these days counts now"),
    ],
)
def test_days_that_cannot_be_are_refused(
    council: Council,
    democratic: Person,
    first: date,
    last: date | None,
    field: str,
    words: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_closure_days(
            council=council, first=first, last=last, reason="Move", author=democratic
        )
    assert words in refused.value.fields[field]
    assert closed_on(council) == []


def test_a_day_is_taken_away_once_and_may_be_entered_again(
    council: Council, democratic: Person
) -> None:
    day = date(2025, 8, 4)

    def add() -> ClosureDay:
        return services.add_closure_days(
            council=council, first=day, last=None, reason="Move", author=democratic
        )[0]

    closed = add()
    with pytest.raises(Invalid, match="here already"):
        add()
    services.end_closure_day(closure=closed, author=democratic)
    assert closed_on(council) == []
    with pytest.raises(Invalid, match="taken away in the meantime"):
        services.end_closure_day(closure=closed, author=democratic)
    add()
    assert closed_on(council) == [day]


def test_a_closure_day_moves_the_last_day_to_publish(
    council: Council, cabinet_meeting: Meeting, democratic: Person, signed_in: SignIn
) -> None:
    url = reverse("meeting", args=["ashdale", cabinet_meeting.pk])
    client = signed_in(democratic)
    assert "Publish by Monday 16 June:" in text_of(client.get(url))
    services.add_closure_days(
        council=council, first=date(2025, 6, 18), last=None, reason="Move", author=democratic
    )
    assert "Publish by Friday 13 June:" in text_of(client.get(url))
    assert "not counted: council closed" in text_of(client.get(url))


def test_the_page_lists_the_days_to_come_and_those_past(
    council: Council, democratic: Person, signed_in: SignIn
) -> None:
    client = signed_in(democratic)
    url = reverse("closures", args=["ashdale"])
    assert "No closure days to come" in text_of(client.get(url))
    for day in (date(2025, 6, 9), date(2025, 6, 10), date(2025, 8, 4)):
        services.add_closure_days(
            council=council, first=day, last=None, reason="Move", author=democratic
        )
    context = client.get(url).context
    assert [row.on for row in context["coming"]] == [date(2025, 6, 10), date(2025, 8, 4)]
    assert [row.on for row in context["past"]] == [date(2025, 6, 9)]


# --- Queries ------------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 40])
def test_the_pages_take_few_queries(
    how_many: int,
    council: Council,
    cabinet_step: RouteStep,
    democratic: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    body = cabinet_step.body
    for number in range(how_many):
        services.add_body(
            council=council, details=BodyDetails(f"Body {number}", "audit"), author=democratic
        )
        day = date(2026, 1, 5) + timedelta(weeks=number)
        services.add_meeting(body=body, details=MeetingDetails(on=day), author=democratic)
        ClosureDay.objects.create(council=council, on=day, reason="Move", added_by=democratic.user)
        membership = Membership(
            council=council,
            user=User.objects.create_user(f"m{number}@ashdale.example"),
            role="member",
            post=f"Member {number}",
        )
        history.save(membership, author=democratic.user)
        services.add_seat(body=body, membership=membership, office="", author=democratic)
    client = signed_in(democratic)
    for url in (
        reverse("bodies", args=["ashdale"]),
        reverse("body_new", args=["ashdale"]),
        page_of(body),
        page_of(body, "body_change"),
        page_of(body, "body_end"),
        reverse("closures", args=["ashdale"]),
    ):
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200
