"""Decision records: what is kept of them, what is refused, and what papers carry on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine

from actions.models import Action
from actions.services.plan import withdraw_action
from actions.services.releases import release_position
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers import decision_reading as reading
from peerplan.papers.decision_report import decision_report, file_name
from peerplan.papers.drafting import DRAFTERS, load_context_for
from peerplan.papers.faces import report_pdf
from peerplan.papers.models import (
    BodyMember,
    Decision,
    IssuedDocument,
    Meeting,
    PaperAppendix,
    PaperPart,
    Resolution,
    ResolutionLink,
    RouteStep,
)
from peerplan.papers.outcome import (
    may_read_outcome,
    reader_of,
    record_of,
    split_resolutions,
)
from peerplan.papers.paper_reading import appendices_of
from peerplan.papers.readiness import to_follow
from peerplan.papers.route_reading import taken_in
from peerplan.papers.services import decisions as services
from peerplan.papers.services.decisions import DecisionDetails, ResolutionDetails
from peerplan.papers.services.routes import end_step, record_outcome
from peerplan.render.report import Items, LabelTable, Report
from peerplan.render.word import report_docx
from reviews.models import PeerChallenge, Recommendation
from tests.render.reading import failures

pytestmark = pytest.mark.django_db

Act = Callable[..., Action]
Resolve = Callable[..., list[Resolution]]
LATER = "2025-07-01 09:00:00+00:00"
# Whatever a Cabinet that recommends to Council leaves behind: an introduction, points, three
# resolutions of which the last goes on to another body.
PASTED = """1) Supports the work on what the peers recommended.
2) Takes into account the comments of the scrutiny committee.
3) Recommends that Council
a) note the report of the peers, and
b) support the work."""


@pytest.fixture(autouse=True)
def after_both_meetings(travel: time_machine.Traveller) -> None:
    """Every test here happens on 1 July 2025, after both meetings."""
    travel.move_to(LATER)


@pytest.fixture
def resolve(cabinet_step: RouteStep, democratic: Person) -> Resolve:
    """Adds resolutions to Cabinet's decision: `resolve("Agrees the plan.", actions=["1.1"])`."""

    def make(*texts: str, author: Person = democratic, **given: Any) -> list[Resolution]:
        return services.add_resolutions(
            step=cabinet_step,
            resolutions=[ResolutionDetails(text=text, **given) for text in texts],
            author=author,
        )

    return make


def decide(step: RouteStep, author: Person, version: int = 0, **given: Any) -> Decision:
    return services.record_decision(
        step=step, version=version, details=DecisionDetails(**given), author=author
    )


def outcome(step: RouteStep, author: Person, **given: Any) -> RouteStep:
    step.refresh_from_db()
    kept = {
        "comments": step.comments,
        "minute_number": step.minute_number,
        "minute": step.minute,
        "decision_published_on": step.decision_published_on,
        "outcome_paragraph": step.outcome_paragraph,
    }
    return record_outcome(step=step, version=step.version, author=author, **(kept | given))


def anew(step: RouteStep) -> RouteStep:
    """The step as a page reads it."""
    rows = RouteStep.objects.select_related("body", "meeting", "route__challenge", "decision")
    return rows.get(pk=step.pk)


def drafted(key: str, step: RouteStep, *, include_exempt: bool = False) -> str:
    context = load_context_for(
        step.route.challenge,
        anew(step),
        date(2025, 6, 30),
        step.route.challenge.history.first().history_date,
        include_exempt=include_exempt,
    )
    return DRAFTERS[key].text(context)


# --- The record ---------------------------------------------------------------------------------


def test_a_decision_keeps_all_its_parts(cabinet_step: RouteStep, democratic: Person) -> None:
    given = {
        "introduced_by": "Leader of the Council",
        "points": "Members asked about the pace.\n\n- Repairs first",
        "lead_in": "RESOLVED that Cabinet:",
        "votes_for": 6,
        "votes_against": 2,
        "abstentions": 1,
        "reason": "The plan answers every recommendation.",
        "options": "To wait for the progress review.",
        "effective_from": date(2025, 7, 4),
    }
    made = decide(cabinet_step, democratic, **given)
    kept = Decision.objects.get()
    assert {name: getattr(kept, name) for name in given} == given
    assert record_of(anew(cabinet_step)).votes == "6 for, 2 against, 1 abstention"
    changed = decide(cabinet_step, democratic, made.version, reason="Another reason.")
    assert (changed.pk, changed.votes_for, changed.reason) == (made.pk, None, "Another reason.")
    assert Decision.history.filter(id=made.pk).count() == 2


def test_who_saved_second_is_told(cabinet_step: RouteStep, democratic: Person) -> None:
    first = decide(cabinet_step, democratic, reason="First.")
    for version in (0, first.version + 7):
        with pytest.raises(Stale) as caught:
            decide(cabinet_step, democratic, version, reason="Second.")
        assert caught.value.current == first
    assert Decision.objects.get().reason == "First."


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"votes_for": -1, "votes_against": 0}, "votes_for", "from 0 to 200"),
        ({"votes_for": 1, "votes_against": 10**9}, "votes_against", "from 0 to 200"),
        ({"votes_for": 4}, "votes_against", "Enter the votes against it too"),
        ({"abstentions": 4}, "votes_for", "Enter the votes for it too"),
        ({"votes_for": 150, "votes_against": 51}, "votes_for", "201 votes"),
        ({"votes_for": 0, "votes_against": 0}, "votes_for", "Nobody voted"),
        ({"effective_from": date(2025, 6, 23)}, "effective_from", "before the meeting, 24 June"),
        ({"introduced_by": "x" * 121}, "introduced_by", "at most 120"),
        ({"reason": "nul\x00"}, "reason", "U+0000"),
    ],
)
def test_what_cannot_be_is_refused(
    given: dict[str, Any], field: str, words: str, cabinet_step: RouteStep, democratic: Person
) -> None:
    with pytest.raises(Invalid) as caught:
        decide(cabinet_step, democratic, **given)
    assert words in caught.value.fields[field]
    assert not Decision.objects.exists()


def test_nothing_is_decided_before_a_meeting_or_at_one_called_off(
    cabinet_step: RouteStep,
    cabinet_meeting: Meeting,
    democratic: Person,
    travel: time_machine.Traveller,
) -> None:
    travel.move_to("2025-06-23 09:00:00+00:00")
    with pytest.raises(Invalid, match="Cabinet meets on Tuesday 24 June 2025: record"):
        decide(cabinet_step, democratic, reason="Too soon.")
    travel.move_to("2025-06-24 19:00:00+00:00")
    decide(cabinet_step, democratic, reason="In time.")
    cabinet_meeting.called_off_at, cabinet_meeting.called_off_reason = clock.now(), "Snow"
    history.save(cabinet_meeting, author=democratic.user)
    with pytest.raises(Invalid, match="was called off"):
        services.add_resolutions(
            step=cabinet_step, resolutions=[ResolutionDetails("Agrees.")], author=democratic
        )


def test_only_who_produces_papers_of_this_council_writes(
    cabinet_step: RouteStep, owner: Person, member: Person, outsider: Person
) -> None:
    for person in (owner, member, outsider):
        with pytest.raises(NotPermitted):
            decide(cabinet_step, person, reason="Mine.")


# --- Resolutions --------------------------------------------------------------------------------


def test_a_pasted_decision_becomes_its_resolutions() -> None:
    one, two, three = split_resolutions(PASTED)
    assert one == "Supports the work on what the peers recommended."
    assert two.startswith("Takes into account")
    assert three == (
        "Recommends that Council\na) note the report of the peers, and\nb) support the work."
    )
    assert split_resolutions("(i) Notes it\n(ii) Agrees it") == ("Notes it", "Agrees it")
    assert split_resolutions("1. One\r\n2. Two") == ("One", "Two")
    assert split_resolutions("That it be noted.\n\nIn full.") == ("That it be noted.\n\nIn full.",)
    assert split_resolutions("2024 was a year of change.") == ("2024 was a year of change.",)
    assert split_resolutions(" \n ") == ()


def test_a_resolution_concerns_recommendations_and_actions(
    act: Act, recommendation: Recommendation, resolve: Resolve, democratic: Person
) -> None:
    action = act("1.1")
    (row,) = resolve("Agrees the plan.", recommendations=["1"], actions=["1.1", "1.1"])
    links = ResolutionLink.objects.filter(resolution=row)
    assert {(each.recommendation, each.action) for each in links} == {
        (recommendation, None),
        (None, action),
    }
    services.change_resolution(
        resolution=row,
        version=row.version,
        details=ResolutionDetails("Agrees the whole plan.", "54a", actions=["1.1"]),
        author=democratic,
    )
    row.refresh_from_db()
    assert (row.text, row.minute_number) == ("Agrees the whole plan.", "54a")
    assert [each.action for each in links.filter(ended_at__isnull=True)] == [action]
    # What was linked once stays in the table, ended.
    assert links.count() == 2


def test_a_resolution_on_a_withdrawn_action_is_refused(
    act: Act, resolve: Resolve, manager: Person, democratic: Person
) -> None:
    action = act("1.1")
    (kept,) = resolve("Agrees it.", actions=["1.1"])
    withdraw_action(
        action=action,
        version=action.version,
        as_at=date(2025, 6, 26),
        reason="Overtaken.",
        agreed_by="Chief Executive",
        author=manager,
    )
    with pytest.raises(Invalid) as caught:
        resolve("Agrees it again.", actions=["1.1", "9.9"], recommendations=["7"])
    assert caught.value.fields == {
        "actions": "Action 1.1 was withdrawn on 26 June 2025: a resolution cannot be about it.\n"
        "There is no action 9.9 in this plan.",
        "recommendations": "There is no recommendation 7 in this plan.",
    }
    # One that stood before stays, and its words may still be corrected.
    services.change_resolution(
        resolution=kept,
        version=kept.version,
        details=ResolutionDetails("Agrees this.", actions=["1.1"]),
        author=democratic,
    )
    assert kept.links.filter(ended_at__isnull=True).count() == 1


def test_an_officer_not_entitled_neither_sees_nor_loses_an_exempt_link(
    act: Act, resolve: Resolve, manager: Person, democratic: Person, cabinet_step: RouteStep
) -> None:
    act("1.1", visibility="exempt", exempt_paragraph=3)
    with pytest.raises(Invalid, match=r"There is no action 1\.1"):
        resolve("Agrees it.", actions=["1.1"])
    (row,) = resolve("Agrees it.", actions=["1.1"], author=manager)
    services.change_resolution(
        resolution=row,
        version=row.version,
        details=ResolutionDetails("Agrees it all."),
        author=democratic,
    )
    assert row.links.filter(ended_at__isnull=True).count() == 1
    sight = reading.sight_of(democratic, cabinet_step.route.challenge)
    seen = reading.decision_read(anew(cabinet_step), sight, democratic.council)
    assert seen.resolutions[0].actions == ()
    sight = reading.sight_of(manager, cabinet_step.route.challenge)
    seen = reading.decision_read(anew(cabinet_step), sight, manager.council)
    assert [each.ref for each in seen.resolutions[0].actions] == ["1.1"]
    assert seen.exempt_paragraphs == (3,)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ((), "Enter what was resolved."),
        (("  ",), "Enter what was resolved."),
        (("Agrees it.", "Agrees it."), "with these words already"),
        (tuple(f"Resolution {n}" for n in range(41)), "at most 40"),
    ],
)
def test_resolutions_that_cannot_be_are_refused(
    texts: tuple[str, ...], words: str, resolve: Resolve
) -> None:
    with pytest.raises(Invalid, match=words):
        resolve(*texts)
    assert not Resolution.objects.exists()


def test_resolutions_change_places_and_are_removed(
    resolve: Resolve, cabinet_step: RouteStep, democratic: Person
) -> None:
    one, _, three = resolve("One.", "Two.", "Three.")
    before = Decision.objects.get().version
    services.move_resolution(resolution=three, up=True, version=three.version, author=democratic)
    assert Decision.objects.get().version == before + 1
    assert [row.text for row in record_of(anew(cabinet_step)).resolutions] == [
        "One.",
        "Three.",
        "Two.",
    ]
    services.end_resolution(resolution=one, version=one.version, author=democratic)
    assert [row.text for row in record_of(anew(cabinet_step)).resolutions] == ["Three.", "Two."]
    for call in (
        lambda: services.end_resolution(resolution=one, version=one.version, author=democratic),
        lambda: services.move_resolution(
            resolution=three, up=True, version=three.version, author=democratic
        ),
    ):
        with pytest.raises(Stale):
            call()
    one.refresh_from_db()
    with pytest.raises(Invalid, match="removed in the meantime"):
        services.end_resolution(resolution=one, version=one.version, author=democratic)


def test_a_step_with_a_decision_stays_in_its_route(
    cabinet_step: RouteStep, resolve: Resolve, democratic: Person
) -> None:
    (row,) = resolve("Agrees it.")
    with pytest.raises(Invalid, match="has an outcome"):
        end_step(step=cabinet_step, version=cabinet_step.version, author=democratic)
    services.end_resolution(resolution=row, version=row.version, author=democratic)
    end_step(step=cabinet_step, version=cabinet_step.version, author=democratic)


# --- From when ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step_given", "given", "day", "words"),
    [
        ({}, {}, None, "After call-in; the day of publication is not recorded yet"),
        (
            {"decision_published_on": date(2025, 6, 26)},
            {},
            date(2025, 7, 4),
            "The day after call-in ends, 3 July 2025",
        ),
        (
            {"is_open_to_call_in": False},
            {},
            date(2025, 6, 24),
            "From the meeting: not open to call-in",
        ),
        (
            {"decision_published_on": date(2025, 6, 26)},
            {"effective_from": date(2025, 6, 27)},
            date(2025, 6, 27),
            "As recorded",
        ),
    ],
)
def test_a_decision_has_effect_after_call_in(
    step_given: dict[str, Any],
    given: dict[str, Any],
    day: date | None,
    words: str,
    cabinet_step: RouteStep,
    democratic: Person,
    council: Council,
) -> None:
    for name, value in step_given.items():
        setattr(cabinet_step, name, value)
    history.save(cabinet_step, author=democratic.user)
    decide(cabinet_step, democratic, reason="Why.", **given)
    found = reading.effective(anew(cabinet_step), council)
    assert (found.day, found.words) == (day, words)
    assert ("urgent" in found.warning) == bool(given)


# --- Carried on ---------------------------------------------------------------------------------


def test_the_next_report_takes_in_the_whole_minute(
    scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    outcome(
        scrutiny_step,
        democratic,
        minute_number="12",
        minute="The Committee considered the plan.",
    )
    decide(
        scrutiny_step,
        democratic,
        introduced_by="Head of Policy",
        points="Members asked why repairs take so long.",
        votes_for=5,
        votes_against=0,
        reason="So that Cabinet knows.",
    )
    services.add_resolutions(
        step=scrutiny_step,
        resolutions=[
            ResolutionDetails("Asks for a target."),
            ResolutionDetails("Notes it.", "12a"),
        ],
        author=democratic,
    )
    assert drafted("minute", cabinet_step) == (
        "Corporate Scrutiny Committee, 19 June 2025, minute 12:\n\n"
        "Introduced by: Head of Policy\n\n"
        "The Committee considered the plan.\n\n"
        "Members asked why repairs take so long.\n\n"
        "RESOLVED that the Committee:\n\n"
        "1) Asks for a target.\n\n"
        "2) Notes it. (Minute 12a)\n\n"
        "Votes: 5 for, 0 against.\n\n"
        "Reason for the decision: So that Cabinet knows."
    )
    assert drafted("comments", cabinet_step) == (
        "Corporate Scrutiny Committee, at its meeting on 19 June 2025, commented:\n\n"
        "Members asked why repairs take so long.\n\n"
        "RESOLVED that the Committee:\n\n"
        "1) Asks for a target.\n\n"
        "2) Notes it. (Minute 12a)"
    )
    assert taken_in(cabinet_step).missing == ()


def test_what_the_pasted_minute_holds_is_not_said_twice(
    scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    minute = "Members spoke.\n\nRESOLVED that the Committee:\n1) Notes  the plan."
    outcome(scrutiny_step, democratic, minute=minute)
    services.add_resolutions(
        step=scrutiny_step, resolutions=[ResolutionDetails("Notes the plan.")], author=democratic
    )
    record = record_of(anew(scrutiny_step))
    assert record.minute == minute
    assert not any(isinstance(block, Items) for block in record.minute_blocks())


def test_the_minute_appendix_prints_resolutions_and_votes(
    scrutiny_step: RouteStep,
    cabinet_step: RouteStep,
    democratic: Person,
    ready: Any,
    add_appendix: Callable[..., PaperAppendix],
    issue: Callable[..., Any],
    pdfs: list[str],
) -> None:
    add_appendix("Minute of scrutiny", kind="minute", minute_of=scrutiny_step)
    (before,) = appendices_of(ready)
    assert "is to follow" in to_follow(before)
    services.add_resolutions(
        step=scrutiny_step, resolutions=[ResolutionDetails("Asks for a target.")], author=democratic
    )
    decide(scrutiny_step, democratic, Decision.objects.get().version, votes_for=5, votes_against=1)
    (after,) = appendices_of(ready)
    assert to_follow(after) == ""
    done = issue()
    printed = next(html for html in pdfs if "Minute of scrutiny" in html and "RESOLVED" in html)
    assert "Asks for a target." in printed
    assert "5 for, 1 against" in printed
    # What is issued is frozen: what is recorded afterwards changes nothing of it.
    kept = {row.pk: row.sha256 for row in IssuedDocument.objects.filter(issue=done)}
    decide(scrutiny_step, democratic, Decision.objects.get().version, reason="Recorded later.")
    assert {row.pk: row.sha256 for row in IssuedDocument.objects.filter(issue=done)} == kept


# --- Not for publication ------------------------------------------------------------------------

BIRD = "Qzxheron"


@pytest.fixture
def hidden(scrutiny_step: RouteStep, democratic: Person, manager: Person) -> RouteStep:
    """Scrutiny's outcome with a bird in every field, not for publication."""
    decide(
        scrutiny_step,
        democratic,
        introduced_by=BIRD,
        points=BIRD,
        lead_in=BIRD,
        reason=BIRD,
        options=BIRD,
        votes_for=77,
        votes_against=0,
    )
    services.add_resolutions(
        step=scrutiny_step, resolutions=[ResolutionDetails(f"{BIRD} one", BIRD)], author=democratic
    )
    outcome(
        scrutiny_step,
        manager,
        comments=BIRD,
        minute=BIRD,
        minute_number=BIRD,
        outcome_paragraph=3,
    )
    return anew(scrutiny_step)


def test_public_drafts_tell_the_gap_and_nothing_of_an_exempt_outcome(
    hidden: RouteStep, cabinet_step: RouteStep
) -> None:
    for key in DRAFTERS:
        assert BIRD not in drafted(key, cabinet_step), key
    words = (
        "of Corporate Scrutiny Committee on Thursday 19 June 2025 are not for publication: "
        "paragraph 3 of Part 1 of Schedule 12A"
    )
    assert f"The comments {words}" in drafted("comments", cabinet_step)
    assert BIRD in drafted("comments", cabinet_step, include_exempt=True)
    assert BIRD in drafted("minute", cabinet_step, include_exempt=True)


def test_an_exempt_outcome_is_read_by_entitlement_to_the_body(
    hidden: RouteStep,
    cabinet_step: RouteStep,
    democratic: Person,
    manager: Person,
    member: Person,
    lead: Person,
    peer: Person,
) -> None:
    reads = {
        person.membership.role: (may_read_outcome(person, hidden), reader_of(person)(hidden))
        for person in (democratic, manager, member, lead, peer)
    }
    assert reads == {
        "democratic-services": (False, False),
        "plan-manager": (True, True),
        "member": (False, False),
        "lead": (True, True),
        "peer-reviewer": (False, False),
    }
    for person in (member, peer):
        BodyMember.objects.create(
            body=cabinet_step.body, membership=person.membership, added_by=manager.user
        )
    assert not may_read_outcome(member, hidden)
    for person in (member, peer):
        BodyMember.objects.create(
            body=hidden.body, membership=person.membership, added_by=manager.user
        )
    assert may_read_outcome(member, hidden)
    assert reader_of(member)(hidden)
    assert not may_read_outcome(peer, hidden)


def test_who_may_not_read_an_exempt_outcome_does_not_write_it(
    hidden: RouteStep, democratic: Person, manager: Person
) -> None:
    row = Resolution.objects.get()
    calls: list[Callable[[], object]] = [
        lambda: outcome(hidden, democratic, comments="Over it."),
        lambda: decide(hidden, democratic, 2, reason="Over it."),
        lambda: services.end_resolution(resolution=row, version=row.version, author=democratic),
        lambda: services.add_resolutions(
            step=hidden, resolutions=[ResolutionDetails("More.")], author=democratic
        ),
    ]
    for call in calls:
        with pytest.raises(NotPermitted, match="not for publication"):
            call()
    with pytest.raises(Invalid, match="from the list"):
        outcome(hidden, manager, outcome_paragraph=8)


def test_a_minute_that_is_exempt_waits_until_its_appendix_is_marked(
    hidden: RouteStep,
    cabinet_step: RouteStep,
    ready: Any,
    add_appendix: Callable[..., PaperAppendix],
    issue: Callable[..., Any],
    pdfs: list[str],
    manager: Person,
) -> None:
    made = add_appendix("Minute of scrutiny", kind="minute", minute_of=hidden)
    assert "Mark this appendix as not for publication" in to_follow(PaperAppendix.objects.get())
    with pytest.raises(Invalid, match="not complete"):
        issue()
    made.exempt_paragraph = 3
    history.save(made, author=manager.user)
    done = issue()
    restricted = [html for html in pdfs if BIRD in html]
    assert restricted
    assert all("NOT FOR PUBLICATION" in html for html in restricted)
    for row in IssuedDocument.objects.filter(issue=done, is_restricted=False):
        assert BIRD.encode() not in bytes(row.content)


@pytest.mark.parametrize("kept", ["comments", "minute", "text"])
def test_a_public_part_that_repeats_an_outcome_marked_since_is_not_issued(
    kept: str,
    scrutiny_step: RouteStep,
    ready: Any,
    issue: Callable[..., Any],
    pdfs: list[str],
    democratic: Person,
    manager: Person,
) -> None:
    words = "Members asked why\n\nrepairs take so long."
    if kept == "text":
        services.add_resolutions(
            step=scrutiny_step, resolutions=[ResolutionDetails(words)], author=democratic
        )
    else:
        outcome(scrutiny_step, democratic, **{kept: words})
    part = PaperPart.objects.get(paper=ready, label="Background")
    part.text = f"The peers came in June.\n\n{words}"
    history.save(part, author=democratic.user)
    issue()
    outcome(scrutiny_step, manager, outcome_paragraph=3)
    with pytest.raises(Invalid, match="“Background” repeats what Corporate Scrutiny Committee"):
        issue(reason="Anew.")
    part.exempt_paragraph = 3
    history.save(part, author=manager.user)
    issue(reason="Anew.")


# --- The document -------------------------------------------------------------------------------


def texts(report: Report) -> str:
    return repr(report)


@pytest.fixture
def full(
    act: Act,
    cabinet_step: RouteStep,
    resolve: Resolve,
    manager: Person,
    challenge: PeerChallenge,
    travel: time_machine.Traveller,
) -> RouteStep:
    """Cabinet's decision with everything in it, after a release with an exempt action."""
    act("1.1", title="Map the repairs")
    act("1.2", title="Settle Qzxwren", visibility="exempt", exempt_paragraph=4)
    release_position(
        challenge=challenge, as_at=date(2025, 6, 30), reason="For Cabinet.", author=manager
    )
    travel.move_to("2025-07-01 10:00:00+00:00")
    act("1.3", title="Unreleased Qzxtit")
    outcome(cabinet_step, manager, minute_number="54", minute="Cabinet considered the plan.")
    resolve(
        "Agrees the plan.",
        "Recommends it to Council.",
        recommendations=["1"],
        actions=["1.1", "1.2", "1.3"],
        author=manager,
    )
    decide(
        cabinet_step,
        manager,
        Decision.objects.get().version,
        introduced_by="Leader of the Council",
        points="Members spoke.\n\n- On repairs\n- On money",
        votes_for=6,
        votes_against=0,
        reason="It answers the peers.",
        options="To wait.",
    )
    return anew(cabinet_step)


def test_the_document_is_drawn_from_what_was_released(
    full: RouteStep, council: Council, challenge: PeerChallenge
) -> None:
    sight = reading.sight_of_copy(challenge, include_exempt=False)
    public = decision_report(
        reading.decision_read(full, sight, council), council, is_restricted=False
    )
    said = texts(public)
    for words in ("Agrees the plan.", "Map the repairs", "6 for, 0 against", "To wait.", "54"):
        assert words in said
    assert "Qzx" not in said
    assert public.marking == ""
    sight = reading.sight_of_copy(challenge, include_exempt=True)
    marked = decision_report(
        reading.decision_read(full, sight, council), council, is_restricted=True
    )
    assert "Qzxwren" in texts(marked)
    assert "Qzxtit" not in texts(marked)
    assert "paragraph 4 of Part 1" in marked.marking
    assert file_name(full, council, "pdf", is_restricted=True) == (
        "ashdale-cabinet-2025-06-24-decision-not-for-publication.pdf"
    )


def test_the_public_document_of_an_exempt_outcome_is_one_line(
    hidden: RouteStep, council: Council, challenge: PeerChallenge
) -> None:
    sight = reading.sight_of_copy(challenge, include_exempt=False)
    public = decision_report(
        reading.decision_read(hidden, sight, council), council, is_restricted=False
    )
    assert BIRD not in texts(public)
    assert "77" not in texts(public)
    assert "paragraph 3 of Part 1" in texts(public)


def test_the_document_has_no_failure_and_opens_in_word(
    full: RouteStep, council: Council, challenge: PeerChallenge
) -> None:
    for is_restricted in (False, True):
        sight = reading.sight_of_copy(challenge, include_exempt=is_restricted)
        read = reading.decision_read(full, sight, council)
        report = decision_report(read, council, is_restricted=is_restricted)
        content, pages = report_pdf(report)
        assert failures(content) == []
        assert pages >= 1
        assert report_docx(report).startswith(b"PK")


def test_an_empty_record_is_a_document_too(
    cabinet_step: RouteStep, council: Council, challenge: PeerChallenge
) -> None:
    sight = reading.sight_of_copy(challenge, include_exempt=False)
    report = decision_report(
        reading.decision_read(anew(cabinet_step), sight, council), council, is_restricted=False
    )
    assert "Nothing is recorded yet." in texts(report)
    assert isinstance(report.sections[0].blocks[0], LabelTable)
