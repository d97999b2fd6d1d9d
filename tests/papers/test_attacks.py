"""Attempts to read, lose, break or forge what committee papers hold."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse

from actions.models import Action
from actions.position import plan_position
from actions.services.updates import post_update
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers import faces
from peerplan.papers.drafting import DRAFTERS, load_context
from peerplan.papers.issue_reading import to_check
from peerplan.papers.merging import merge
from peerplan.papers.models import (
    Body,
    BodyMember,
    IssuedDocument,
    IssuedPaper,
    Meeting,
    Paper,
    PaperAppendix,
    PaperPart,
    PaperTemplate,
    Route,
    RouteStep,
)
from peerplan.papers.pack import read_inputs
from peerplan.papers.services import appendices, papers
from peerplan.papers.services.papers import PartEdit
from peerplan.papers.slips import Hidden, PlanFacts, slips, told_of
from peerplan.render.numbering import loose_references
from peerplan.render.report import (
    Bullets,
    Numbering,
    Paragraph,
    ParagraphStyle,
    Report,
    Section,
    SectionStyle,
)
from peerplan.render.report_html import report_html
from peerplan.render.texts import blocks_of
from peerplan.render.word import report_docx
from reviews.models import PeerChallenge
from tests.plugins.issuing import Issue, PdfSeen
from tests.plugins.papers import Saw

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
Act = Callable[..., Action]
Add = Callable[..., PaperAppendix]
SECRET = "Zanzibar"
"""A word that stands only in what is not for publication."""


def at(name: str, paper: Paper, **more: Any) -> str:
    return reverse(name, kwargs={"council": "ashdale", "paper": paper.pk, **more})


def said(response: Any) -> str:
    return f"{response.headers}{response.content.decode('utf-8', 'replace')}"


def background(paper: Paper) -> PaperPart:
    return PaperPart.objects.get(paper=paper, label__in=("Background", f"Sale to {SECRET}"))


@pytest.fixture
def secret(ready: Paper, manager: Person, add_appendix: Add) -> PaperPart:
    """A part and an appendix whose very names are not for publication."""
    part = background(ready)
    part.label, part.text = f"Sale to {SECRET}", f"The depot goes to {SECRET}."
    part.sign_off_role, part.exempt_paragraph = f"Head of {SECRET}", 3
    history.save(part, author=manager.user)
    add_appendix(
        f"Offer of {SECRET}",
        kind="upload",
        content=b"%PDF-1.7",
        content_sha256="0" * 64,
        file_name=f"{SECRET}.pdf",
        exempt_paragraph=3,
    )
    return part


def hide(action: Action, author: Person) -> None:
    """Makes an action exempt that was public."""
    action.refresh_from_db()
    action.visibility, action.exempt_paragraph = "exempt", 3
    history.save(action, author=author.user)


# --- Exempt words to officers without entitlement ------------------------------------------------


def test_no_page_of_a_paper_in_writing_names_what_an_officer_may_not_read(
    secret: PaperPart,
    ready: Paper,
    democratic: Person,
    owner: Person,
    administrator: Person,
    manager: Person,
    signed_in: SignIn,
) -> None:
    appendix = PaperAppendix.objects.get(exempt_paragraph=3)
    one = {"part": secret.pk}
    pages = [
        at("paper", ready),
        at("paper_part", ready, **one),
        at("paper_part", ready, part=PaperPart.objects.exclude(pk=secret.pk)[0].pk),
        at("paper_sign_off", ready, **one),
        at("paper_all", ready) + "?parts=all",
        at("paper_all", ready),
        at("paper_figures", ready),
        at("paper_appendix_new", ready),
        at("paper_appendix", ready, appendix=appendix.pk),
        at("paper_appendix_file", ready, appendix=appendix.pk),
        at("paper_preview", ready),
        at("paper_draft", ready, kind="docx"),
        at("paper_issue", ready),
        at("paper_end", ready),
        reverse("meetings", args=["ashdale"]),
        reverse("routes", args=["ashdale"]),
    ]
    for person in (democratic, owner, administrator):
        client = signed_in(person)
        for page in pages:
            answer = client.get(page)
            assert SECRET not in said(answer), (person.membership.role, page)
    entitled = signed_in(manager)
    assert SECRET in said(entitled.get(pages[0]))
    assert SECRET in said(entitled.get(pages[1]))


def test_no_post_of_an_officer_without_entitlement_draws_an_exempt_word_out(
    secret: PaperPart, ready: Paper, democratic: Person, signed_in: SignIn
) -> None:
    appendix = PaperAppendix.objects.get(exempt_paragraph=3)
    client = signed_in(democratic)
    one, other = {"part": secret.pk}, {"appendix": appendix.pk}
    posts: list[tuple[str, dict[str, Any]]] = []
    for version in (1, 99):
        typed = {"version": version, "text": "Mine", "label": "Mine", "exempt_paragraph": ""}
        posts += [
            (at("paper_part", ready, **one), typed),
            (at("paper_part_move", ready, **one), {"version": version, "way": "up"}),
            (at("paper_part_end", ready, **one), {"version": version}),
            (at("paper_sign_off", ready, **one), {"version": version, "on_0": 1}),
            (at("paper_sign_off", ready, **one), {"version": version, "take-back": "1"}),
            (at("paper_appendix", ready, **other), {"version": version, "kind": "plan"}),
            (at("paper_appendix_move", ready, **other), {"version": version, "way": "up"}),
            (at("paper_appendix_end", ready, **other), {"version": version}),
            (
                at("paper_all", ready),
                {
                    "part": secret.pk,
                    f"part-{secret.pk}-version": version,
                    f"part-{secret.pk}-text": "Mine",
                },
            ),
        ]
    for address, data in posts:
        answer = client.post(address, data, follow=True)
        assert SECRET not in said(answer), (address, data)
    secret.refresh_from_db()
    appendix.refresh_from_db()
    assert SECRET in secret.text
    assert secret.ended_at is None
    assert secret.exempt_paragraph == 3
    assert appendix.ended_at is None
    assert appendix.kind == "upload"


def test_the_name_of_something_withheld_cannot_be_guessed_by_trying_it(
    secret: PaperPart, ready: Paper, democratic: Person
) -> None:
    """That a name is taken already would say that there is such a part."""
    details = appendices.AppendixDetails(title=f"Offer of {SECRET}", kind="exceptions")
    assert appendices.add_appendix(paper=ready, details=details, author=democratic).pk
    new = papers.NewPart(label=secret.label, kind="section", placement=secret.placement)
    assert papers.add_part(paper=ready, new=new, author=democratic).pk


def test_a_part_marked_exempt_while_it_was_open_shows_nothing_in_the_conflict(
    ready: Paper, democratic: Person, manager: Person, signed_in: SignIn
) -> None:
    part = background(ready)
    papers.change_part(
        part=part,
        version=1,
        edit=PartEdit(SECRET, exempt_paragraph=3, marks_exempt=True),
        author=manager,
    )
    data = {"version": 1, "text": "Mine is long and must not be lost.", "label": "Background"}
    for address, more in (
        (at("paper_part", ready, part=part.pk), data),
        (
            at("paper_all", ready),
            {"part": part.pk, f"part-{part.pk}-version": 1, f"part-{part.pk}-text": data["text"]},
        ),
    ):
        answer = signed_in(democratic).post(address, more)
        assert answer.status_code in (403, 422)
        assert SECRET not in said(answer)
        assert "Mine is long and must not be lost." in said(answer)


# --- Exempt words to members, peers and the public ------------------------------------------------


@pytest.mark.parametrize("gave_up", ["seat", "membership", "role"])
def test_a_seat_that_was_given_up_opens_nothing(
    gave_up: str,
    secret: PaperPart,
    ready: Paper,
    cabinet: Body,
    member: Person,
    democratic: Person,
    issue: Issue,
    signed_in: SignIn,
) -> None:
    seat = BodyMember.objects.create(
        body=cabinet, membership=member.membership, added_by=democratic.user
    )
    secret.sign_off_role = ""
    history.save(secret, author=democratic.user)
    done = issue()
    restricted = list(done.documents.filter(is_restricted=True))
    where = {"issue": done.pk}
    assert restricted
    assert SECRET in said(
        signed_in(member).get(at("issued_paper", ready, **where) + "?copy=restricted")
    )
    if gave_up == "seat":
        seat.ended_at, seat.ended_by = clock.now(), democratic.user
        seat.save()
    elif gave_up == "membership":
        member.membership.ended_at = clock.now()
        history.save(member.membership, author=democratic.user)
    else:
        member.membership.role, member.membership.reads_exempt = "peer-reviewer", True
        history.save(member.membership, author=democratic.user)
    client = signed_in(member)
    public = [at(name, ready, **where) for name in ("issued_paper", "issued_pack")]
    closed = [f"{address}?copy=restricted" for address in public]
    closed += [at("issued_document", ready, document=one.pk, **where) for one in restricted]
    for address in (*public, *closed):
        answer = client.get(address)
        assert SECRET not in said(answer), address
        assert address in public or answer.status_code in (403, 404), address


def test_members_find_no_paper_in_writing_by_any_address(
    secret: PaperPart, ready: Paper, member: Person, peer: Person, signed_in: SignIn
) -> None:
    appendix = PaperAppendix.objects.get(exempt_paragraph=3)
    for person in (member, peer):
        client = signed_in(person)
        for name, more in (
            ("paper", {}),
            ("paper_part", {"part": secret.pk}),
            ("paper_all", {}),
            ("paper_preview", {}),
            ("paper_draft", {"kind": "pdf"}),
            ("paper_draft", {"kind": "docx"}),
            ("paper_issue", {}),
            ("paper_appendix_file", {"appendix": appendix.pk}),
        ):
            answer = client.get(at(name, ready, **more))
            assert answer.status_code == (404 if person.is_peer else 403)
            assert SECRET not in said(answer)
            assert ready.title not in said(answer)
        for page in ("meetings", "routes"):
            answer = client.get(reverse(page, args=["ashdale"]))
            assert ready.title not in said(answer)


# --- Actions made exempt after something was drafted or issued -----------------------------------


@pytest.fixture
def told(ready: Paper, cabinet_step: RouteStep, act: Act, draft: Any, manager: Person) -> Action:
    """A public action of which the background tells, in the words that the plan drafted."""
    action = act("1.7", title=f"Sell the depot to {SECRET} Holdings")
    post_update(
        action=action,
        version=action.version,
        draft=replace(
            draft(),
            rating="red",
            commentary="The buyer asks for a lower price than was agreed.",
            decision_sought="Whether to sell.",
        ),
        author=manager,
    )
    ready.refresh_from_db()
    ready.figures_as_at, ready.figures_known_by = clock.today(), clock.now()
    history.save(ready, author=manager.user)
    part = background(ready)
    part.drafter = "exceptions"
    part.text = part.drafted = DRAFTERS["exceptions"].text(load_context(ready, cabinet_step))
    assert SECRET in part.text
    history.save(part, author=manager.user)
    return action


def test_words_of_an_action_made_exempt_since_are_pointed_out_before_the_issue(
    told: Action,
    ready: Paper,
    cabinet_step: RouteStep,
    manager: Person,
    democratic: Person,
    pdfs: PdfSeen,
    signed_in: SignIn,
) -> None:
    inputs = read_inputs(democratic.council, ready.pk)
    assert to_check(democratic, inputs, cabinet_step) == []
    hide(told, manager)
    inputs = read_inputs(democratic.council, ready.pk)
    rows = to_check(democratic, inputs, cabinet_step)
    assert [row.part.label for row in rows if row.part] == ["Background"]
    assert "not for publication" in rows[0].words
    client = signed_in(democratic)
    assert "comes from an action that is not for publication" in said(
        client.get(at("paper", ready))
    )
    data = {"version": inputs.paper.version, "seen": inputs.stamp, "number": 1}
    assert client.post(at("paper_issue", ready), data).status_code == 422
    assert not IssuedPaper.objects.exists()
    # Fresh figures take the words out that nobody edited, and nothing is left to point out.
    papers.refresh_figures(
        paper=ready, version=inputs.paper.version, as_at=clock.today(), author=democratic
    )
    assert SECRET not in background(ready).text
    inputs = read_inputs(democratic.council, ready.pk)
    assert to_check(democratic, inputs, cabinet_step) == []


def test_an_exempt_part_may_tell_of_exempt_actions(
    told: Action, ready: Paper, cabinet_step: RouteStep, manager: Person
) -> None:
    hide(told, manager)
    part = background(ready)
    part.exempt_paragraph = 3
    history.save(part, author=manager.user)
    inputs = read_inputs(manager.council, ready.pk)
    assert to_check(manager, inputs, cabinet_step) == []


def test_an_action_made_exempt_while_the_files_are_made_stores_nothing(
    told: Action,
    ready: Paper,
    manager: Person,
    issue: Issue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = faces.report_pdf

    def slow(report: Any) -> tuple[bytes, int]:
        hide(told, manager)
        return real(report)

    monkeypatch.setattr(faces, "report_pdf", slow)
    with pytest.raises(Stale):
        issue()
    assert not IssuedPaper.objects.exists()
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("also_removed", [False, True])
def test_what_changed_since_tells_nothing_of_an_action_made_exempt_since(
    also_removed: bool,
    challenge: PeerChallenge,
    ready: Paper,
    cabinet: Body,
    cabinet_step: RouteStep,
    act: Act,
    manager: Person,
    democratic: Person,
    saw: Saw,
    issue: Issue,
    pdfs: PdfSeen,
    add_appendix: Add,
) -> None:
    """Cabinet saw it when it was public; the bytes that are compared with do not know better."""
    action = act("1.8", title=f"Talks with {SECRET}")
    act("1.9", title="Write it up")
    earlier = Meeting(body=cabinet, on=date(2025, 3, 25))
    history.save(earlier, author=democratic.user)
    route = Route(challenge=challenge, name="Progress, March 2025")
    history.save(route, author=democratic.user)
    step = RouteStep(route=route, position=1, body=cabinet, meeting=earlier, purpose="monitor")
    history.save(step, author=democratic.user)
    saw(step, plan_position(challenge, date(2025, 3, 12)))
    hide(action, manager)
    if also_removed:
        action.removed_at = clock.now()
        history.save(action, author=manager.user)
    ready.refresh_from_db()
    ready.figures_as_at, ready.figures_known_by = clock.today(), clock.now()
    history.save(ready, author=manager.user)
    add_appendix("Action plan")
    context = load_context(ready, cabinet_step)
    assert context.seen is not None
    for key, drafter in DRAFTERS.items():
        assert SECRET not in drafter.text(context), key
        assert SECRET not in repr(drafter.figures(context)), key
        assert "1.8" not in drafter.text(context), key
    done = issue()
    for document in done.documents.filter(is_restricted=False):
        assert SECRET.encode() not in bytes(document.content)
    assert not [html for html in pdfs if SECRET in html and "NOT FOR PUBLICATION" not in html]


@pytest.mark.parametrize("also_removed", [False, True])
def test_an_earlier_paper_is_not_published_again_with_what_is_exempt_now(
    also_removed: bool, told: Action, ready: Paper, manager: Person, issue: Issue, add_appendix: Add
) -> None:
    first = issue()
    attached = add_appendix("As first issued", kind="earlier-paper", earlier=first)
    hide(told, manager)
    if also_removed:
        told.removed_at = clock.now()
        history.save(told, author=manager.user)
    with pytest.raises(Invalid) as refused:
        issue(reason="Corrected.")
    assert "As first issued" in str(refused.value)
    assert IssuedPaper.objects.count() == 1
    attached.exempt_paragraph = 3
    history.save(attached, author=manager.user)
    held = issue(reason="Corrected.").documents.filter(position=1)
    assert [each.is_restricted for each in held] == [True]


def test_a_reference_does_not_name_another_body_s_exempt_appendix(
    ready: Paper,
    cabinet_step: RouteStep,
    scrutiny_step: RouteStep,
    manager: Person,
    issue: Issue,
    add_appendix: Add,
) -> None:
    add_appendix(f"Offer of {SECRET}", audience=scrutiny_step, exempt_paragraph=3)
    part = background(ready)
    part.text, part.exempt_paragraph = f"See [appendix: Offer of {SECRET}].", 3
    history.save(part, author=manager.user)
    done = issue()
    assert done.has_restricted
    for document in done.documents.filter(format="html"):
        assert SECRET not in bytes(document.content).decode()


def test_thousands_of_references_to_nothing_take_a_moment(
    secret: PaperPart, ready: Paper, democratic: Person, manager: Person, signed_in: SignIn
) -> None:
    for number in range(4):
        part = PaperPart(
            paper=ready,
            position=100 + number,
            kind="section",
            placement="body",
            label=f"Loose {number}",
            text=" ".join(f"[section: {number}-{each}]" for each in range(4_000)),
        )
        history.save(part, author=manager.user)
    client = signed_in(democratic)
    for name in ("paper_preview", "paper_issue"):
        began = time.monotonic()
        assert client.get(at(name, ready)).status_code == 200
        assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Work on the sale  of the Old\nDepot goes on.", True),
        ("Actions 1.1, 1.2 and 1.7 are overdue.", True),
        ("Action 1.7 is late.", True),
        ("He said the buyer asks for a lower price than was agreed, and left.", True),
        ("Costs rose by £1.7 million, see section 1.7.", False),
        ("Action 1.7.2 and action 11.7 are late; action on 1.7% of homes.", False),
        ("The depot is old.", False),
    ],
)
def test_what_tells_of_a_hidden_action(text: str, is_told: bool) -> None:
    hidden = Hidden(
        "1.7", "Sale of the old depot", ("The buyer asks for a lower price than was agreed. Yes.",)
    )
    assert bool(list(told_of([("1", text)], [hidden]))) is is_told


# --- Other people's ids in what is posted ---------------------------------------------------------


@pytest.fixture
def elsewhere(other_council: Council, outsider: Person) -> dict[str, int]:
    """Ids of everything that another council has."""
    user = outsider.user
    challenge = PeerChallenge(
        council=other_council,
        slug="theirs",
        title=f"{SECRET} challenge",
        on_site_from=date(2024, 6, 26),
        on_site_to=date(2024, 6, 28),
    )
    history.save(challenge, author=user)
    body = Body(council=other_council, name=f"{SECRET} Cabinet", kind="executive")
    history.save(body, author=user)
    meeting = Meeting(body=body, on=date(2025, 6, 24))
    history.save(meeting, author=user)
    route = Route(challenge=challenge, name=f"{SECRET} route")
    history.save(route, author=user)
    template = PaperTemplate(council=other_council, name=f"{SECRET} form")
    history.save(template, author=user)
    paper = Paper(
        challenge=challenge,
        template=template,
        title=f"{SECRET} paper",
        figures_as_at=date(2025, 6, 12),
    )
    history.save(paper, author=user)
    step = RouteStep(
        route=route, position=1, body=body, meeting=meeting, purpose="approve", paper=paper
    )
    history.save(step, author=user)
    issued = IssuedPaper.objects.create(
        paper=paper,
        step=step,
        number=1,
        title=f"{SECRET} issued",
        body_name=body.name,
        issued_by=user,
        as_at=date(2025, 6, 12),
        known_by=clock.now(),
        position=b"",
        position_sha256="0" * 64,
    )
    return {
        "body": body.pk,
        "meeting": meeting.pk,
        "template": template.pk,
        "paper": paper.pk,
        "step": step.pk,
        "issued": issued.pk,
        "membership": outsider.membership.pk,
        "route": route.pk,
    }


def test_ids_of_another_council_in_a_form_are_no_choice(
    elsewhere: dict[str, int],
    ready: Paper,
    cabinet: Body,
    cabinet_step: RouteStep,
    scrutiny_step: RouteStep,
    manager: Person,
    signed_in: SignIn,
) -> None:
    client = signed_in(manager)
    own = reverse("step", args=["ashdale", scrutiny_step.pk])
    posts: list[tuple[str, dict[str, Any]]] = [
        (at("paper_issue", ready), {"step": elsewhere["step"], "version": ready.version}),
        (
            at("paper_appendix_new", ready),
            {"kind": "earlier-paper", "earlier": elsewhere["issued"], "title": "x"},
        ),
        (
            at("paper_appendix_new", ready),
            {"kind": "minute", "minute_of": elsewhere["step"], "title": "x"},
        ),
        (
            at("paper_appendix_new", ready),
            {"kind": "plan", "audience": elsewhere["step"], "title": "x"},
        ),
        (
            reverse("paper_new", args=["ashdale", scrutiny_step.pk]),
            {"title": "Mine", "template": elsewhere["template"]},
        ),
        (
            reverse("body", args=["ashdale", cabinet.pk]),
            {"membership": elsewhere["membership"], "office": "Chair"},
        ),
        (
            reverse("meeting_new", args=["ashdale"]),
            {"body": elsewhere["body"], "on_0": "24", "on_1": "6", "on_2": "2027"},
        ),
        (own, {"version": 1, "body": elsewhere["body"], "purpose": "comment"}),
        (own, {"version": 1, "body": cabinet.pk, "meeting": elsewhere["meeting"]}),
        (
            reverse("step_new", args=["ashdale", scrutiny_step.route_id]),
            {"body": elsewhere["body"], "purpose": "comment"},
        ),
    ]
    counted = (Meeting, RouteStep, PaperAppendix, BodyMember, Paper, IssuedPaper)
    before = [model.objects.count() for model in counted]
    for address, data in posts:
        answer = client.post(address, data)
        assert answer.status_code in (404, 422), (address, data)
        assert SECRET not in said(answer), (address, data)
    assert [model.objects.count() for model in counted] == before
    scrutiny_step.refresh_from_db()
    assert scrutiny_step.version == 1


def test_parts_and_appendices_of_another_paper_are_not_found_under_this_one(
    ready: Paper,
    challenge: PeerChallenge,
    paper_template: PaperTemplate,
    manager: Person,
    signed_in: SignIn,
) -> None:
    other = Paper(
        challenge=challenge,
        template=paper_template,
        title="Other",
        figures_as_at=date(2025, 6, 12),
    )
    history.save(other, author=manager.user)
    part = PaperPart(paper=other, label="Theirs", kind="section", placement="body", text=SECRET)
    history.save(part, author=manager.user)
    extra = PaperAppendix(paper=other, title=SECRET, kind="plan")
    history.save(extra, author=manager.user)
    client = signed_in(manager)
    for name, more in (
        ("paper_part", {"part": part.pk}),
        ("paper_part_end", {"part": part.pk}),
        ("paper_part_move", {"part": part.pk}),
        ("paper_sign_off", {"part": part.pk}),
        ("paper_appendix", {"appendix": extra.pk}),
        ("paper_appendix_end", {"appendix": extra.pk}),
        ("paper_appendix_move", {"appendix": extra.pk}),
    ):
        answer = client.post(at(name, ready, **more), {"version": 1, "way": "up", "text": "x"})
        assert answer.status_code == 404, name
        assert SECRET not in said(answer)
    # Among the parts of a page it is no part; what was typed is shown again and not saved.
    answer = client.post(
        at("paper_all", ready),
        {"part": part.pk, f"part-{part.pk}-version": 1, f"part-{part.pk}-text": "Typed."},
    )
    assert answer.status_code == 422
    assert SECRET not in said(answer)
    part.refresh_from_db()
    assert part.text == SECRET


# --- Numbers and words that break things ----------------------------------------------------------


@pytest.mark.parametrize("odd", ["0", "-1", "9" * 30, "1e3", "", "1 OR 1=1", "\x00", "null"])
def test_odd_numbers_are_refused_in_words(
    odd: str, ready: Paper, manager: Person, signed_in: SignIn
) -> None:
    part = background(ready)
    client = signed_in(manager)
    for address, data in (
        (at("paper_part", ready, part=part.pk), {"version": odd, "text": "x", "label": "y"}),
        (at("paper_part_move", ready, part=part.pk), {"version": odd, "way": "up"}),
        (at("paper_part_end", ready, part=part.pk), {"version": odd}),
        (at("paper_title", ready), {"version": odd, "title": "x"}),
        (at("paper_issue", ready), {"version": odd, "seen": odd, "number": odd}),
        (at("paper_issue", ready), {"version": 1, "step": odd or "x"}),
        (at("paper_all", ready), {"part": odd, f"part-{odd}-text": "x"}),
        (at("paper_all", ready), {"part": part.pk, f"part-{part.pk}-version": odd}),
        (at("paper_appendix_new", ready), {"kind": "minute", "minute_of": odd, "audience": odd}),
        (at("paper_appendix_new", ready), {"kind": odd, "earlier": odd, "exempt_paragraph": odd}),
    ):
        assert client.post(address, data).status_code in (404, 409, 422), (address, data)
    for query in ("step", "copy", "parts"):
        answer = client.get(at("paper_preview", ready), {query: odd})
        assert answer.status_code in (200, 403, 404)
    part.refresh_from_db()
    assert part.version == 1
    assert part.ended_at is None


def test_posts_without_a_token_and_reads_that_write_are_refused(
    ready: Paper, manager: Person, cabinet: Body, cabinet_step: RouteStep
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    part = background(ready)
    writes = [
        at("paper_title", ready),
        at("paper_figures", ready),
        at("paper_end", ready),
        at("paper_all", ready),
        at("paper_part_new", ready),
        at("paper_appendix_new", ready),
        at("paper_issue", ready),
        *(
            at(name, ready, part=part.pk)
            for name in ("paper_part", "paper_sign_off", "paper_part_end", "paper_part_move")
        ),
        *(
            reverse(name, args=["ashdale", cabinet_step.pk])
            for name in ("step", "step_outcome", "step_move", "step_end", "paper_new")
        ),
        reverse("body_change", args=["ashdale", cabinet.pk]),
        reverse("closures", args=["ashdale"]),
        reverse("meeting_new", args=["ashdale"]),
    ]
    records = [model.history.model for model in (Paper, PaperPart, RouteStep, Body, Meeting)]
    before = [model.objects.count() for model in records]
    for address in writes:
        assert client.post(address, {"version": 1}).status_code == 403, address
        client.get(address)
        assert client.put(address).status_code in (403, 405), address
    assert [model.objects.count() for model in records] == before


HOSTILE = (
    "</p><script>alert(1)</script><img src=x onerror=alert(1)>",
    "<style>@import 'http://evil.example/x.css';</style><link rel=stylesheet href=//evil.example>",
    "</title></head><body onload=alert(1)>",
    "{{ settings.SECRET_KEY }}{% debug %}",
    '" style="background:url(http://evil.example/a)" x="',
    "]]><w:p><w:r><w:t>x</w:t></w:r></w:p><!--",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "<main>\n</main>\n<main>",
    '=HYPERLINK("http://evil.example","x")',
    "<img src='file:///etc/passwd'><a href='javascript:alert(1)'>x</a>",
    "\\00003c script \\3c/script> }</style>",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_on_every_face(
    words: str,
    ready: Paper,
    democratic: Person,
    manager: Person,
    cabinet: Body,
    paper_template: PaperTemplate,
    member: Person,
    issue: Issue,
    pdfs: PdfSeen,
    signed_in: SignIn,
) -> None:
    for part in PaperPart.objects.filter(paper=ready):
        part.label, part.lead_in = f"{words[:60]} {part.pk}", words[:120]
        part.group = part.group and words[:100]
        part.text = f"{words}\n\n# {words}\n\n- {words}"
        part.sign_off_role = part.sign_off_role and words[:80]
        history.save(part, author=manager.user)
    cabinet.name = cabinet.called = cabinet.lead_in = words[:60]
    history.save(cabinet, author=manager.user)
    paper_template.kicker = paper_template.lead_in = words[:60]
    history.save(paper_template, author=manager.user)
    ready.title = words[:150]
    history.save(ready, author=manager.user)
    issue()
    done = issue(reason=words)
    preview = signed_in(democratic).get(at("paper_preview", ready))
    page = signed_in(member).get(at("issued_paper", ready, issue=done.pk))
    stored = bytes(done.documents.get(format="html").content).decode()
    for html in (preview.content.decode(), page.content.decode(), stored, *pdfs):
        assert not re.search(r"<script>alert|<img src=[x']|onerror=alert\(1\)>|@import '", html)
        assert not re.search(r"<body onload|<!ENTITY|<a href='javascript|</style><link", html)
        assert 'style="background' not in html
        assert "<w:p>" not in html
        assert "django-insecure" not in html
    # The body of the stored page is the whole of it, whatever was typed.
    assert page.content.decode().count('class="report"') == 1
    docx = zipfile.ZipFile(io.BytesIO(bytes(done.documents.get(format="docx").content)))
    for name in docx.namelist():
        if name.endswith((".xml", ".rels")):
            content = docx.read(name)
            assert b"<!DOCTYPE" not in content
            ElementTree.fromstring(content)
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in content
    assert words.split("\n")[0][:20] in "".join(
        ElementTree.fromstring(docx.read("word/document.xml")).itertext()
    )
    for document in done.documents.all():
        assert re.fullmatch(r"[a-z0-9_.-]+", document.file_name)


@pytest.mark.parametrize(
    "words",
    [
        "a\u202eb",
        "a\ud800b",
        "a\x00b",
        "a\x0bb\x0c",
        "\ufffe\uffff",
        "\U0001f1ec\U0001f1e7 \U0001f468\u200d\U0001f469",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        "Z\u0351\u036b\u0343" * 50,
        "\ufeff\u2066x\u2069",
        "\x1b[31m",
    ],
)
def test_odd_letters_break_no_face_though_they_came_into_the_rows(words: str) -> None:
    """As from a restored backup: what forms refuse must not stop a paper either."""
    report = Report(
        council_name=words,
        title=words or "x",
        numbering=Numbering(SectionStyle.POINT, ParagraphStyle.BY_SECTION),
        sections=(Section(words, (Paragraph(words), Bullets((words,)))),),
        footer=words,
        description=words,
    )
    with zipfile.ZipFile(io.BytesIO(report_docx(report))) as docx:
        for name in docx.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(docx.read(name))
    assert report_html(report)


@pytest.mark.parametrize("words", ["a\x00b", "a\u202eb", "a\x1bb", "\ud800"])
def test_letters_that_lie_are_refused_and_what_was_typed_is_kept(
    words: str, ready: Paper, manager: Person
) -> None:
    part = background(ready)
    for edit in (
        PartEdit(words),
        PartEdit("x", label=words),
        PartEdit("x", lead_in=words),
        PartEdit("x", sign_off_role=words),
    ):
        with pytest.raises(Invalid):
            papers.change_part(part=part, version=1, edit=edit, author=manager)
    with pytest.raises(Invalid):
        papers.change_title(paper=ready, version=1, title=words, author=manager)


# --- Uploaded files -------------------------------------------------------------------------------


def pdf(pages: int = 1, **more: Any) -> bytes:
    import pypdf

    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    if more:
        writer.encrypt(**more)
    told = io.BytesIO()
    writer.write(told)
    return told.getvalue()


def bomb() -> bytes:
    """A PDF whose page tree is a circle."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 9999999/Kids[2 0 R 2 0 R]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"%PDF-1.7"),
        ("a.pdf", b"%PDF-1.7\n" + b"\x00" * 5000),
        ("a.pdf", b"PK\x03\x04%PDF-1.7"),
        ("a.pdf", b"<html><script>alert(1)</script>%PDF-"),
        ("a.exe", pdf()),
        ("a.pdf.html", pdf()),
        ("a.pdf", pdf(user_password="x")),
        ("a.pdf", pdf()[:200]),
        ("a.pdf", bomb()),
    ],
    ids=["empty", "head", "zeros", "zip", "html", "exe", "html-name", "locked", "cut", "circle"],
)
def test_files_that_are_no_whole_pdf_are_refused_in_seconds(
    name: str, content: bytes, ready: Paper, manager: Person, signed_in: SignIn
) -> None:
    began = time.monotonic()
    answer = signed_in(manager).post(
        at("paper_appendix_new", ready),
        {"kind": "upload", "title": "x", "file": SimpleUploadedFile(name, content)},
    )
    assert answer.status_code == 422
    assert time.monotonic() - began < 15
    assert not PaperAppendix.objects.filter(kind="upload").exists()


def test_a_file_of_sixty_megabytes_is_refused(
    ready: Paper, manager: Person, signed_in: SignIn
) -> None:
    content = pdf() + b"\n%" + b"x" * (60 * 1024 * 1024)
    answer = signed_in(manager).post(
        at("paper_appendix_new", ready),
        {"kind": "upload", "title": "x", "file": SimpleUploadedFile("a.pdf", content)},
    )
    assert answer.status_code == 422
    assert not PaperAppendix.objects.filter(kind="upload").exists()


@pytest.mark.parametrize(
    "name",
    [
        'a"; filename="evil.html".pdf',
        "a\r\nSet-Cookie: x=1\r\n.pdf",
        "..\\..\\windows\\system32\\a.pdf",
        "../../etc/passwd.pdf",
        "=cmd|' /C calc'!A0.pdf",
        "\u202efdp.exe.pdf",
        "x" * 400 + ".pdf",
        "CON.pdf",
    ],
)
def test_names_of_files_reach_no_header_and_no_path(
    name: str, ready: Paper, manager: Person, issue: Issue, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    answer = client.post(
        at("paper_appendix_new", ready),
        {"kind": "upload", "title": "Offer", "file": SimpleUploadedFile(name, pdf())},
    )
    assert answer.status_code in (302, 422)
    for row in PaperAppendix.objects.filter(kind="upload"):
        assert len(row.file_name) <= 150
        assert not re.search(r"[/\\\r\n\u202e]", row.file_name)
        got = client.get(at("paper_appendix_file", ready, appendix=row.pk))
        header = got.headers["Content-Disposition"]
        assert header.startswith("attachment")
        assert "\n" not in header
        assert "Set-Cookie" not in got.headers
        assert not re.search(r'filename="[^"]*"; filename="', header)
        done = issue()
        pack = client.get(at("issued_pack", ready, issue=done.pk))
        with zipfile.ZipFile(io.BytesIO(pack.content)) as held:
            assert all(re.fullmatch(r"[a-z0-9_.-]+", each) for each in held.namelist())
            assert len(set(held.namelist())) == len(held.namelist())


def test_long_names_of_councils_and_bodies_make_names_of_files_that_fit(
    ready: Paper, cabinet: Body, council: Council, manager: Person, issue: Issue, exempt_all: None
) -> None:
    cabinet.name = "Overview " * 13
    history.save(cabinet, author=manager.user)
    council.slug = "a" * 60
    council.save()
    done = issue()
    assert max(len(each.file_name) for each in done.documents.all()) <= 200
    done.documents.all()[0].full_clean(exclude=["content"])


@pytest.fixture
def exempt_all(ready: Paper, manager: Person) -> None:
    part = background(ready)
    part.exempt_paragraph = 3
    history.save(part, author=manager.user)


# --- Races and posts sent twice -------------------------------------------------------------------


@pytest.mark.parametrize("moved", ["template", "meeting", "step", "appendix", "body", "ended"])
def test_nothing_is_issued_that_changed_while_its_files_were_made(
    moved: str,
    ready: Paper,
    cabinet: Body,
    cabinet_step: RouteStep,
    cabinet_meeting: Meeting,
    paper_template: PaperTemplate,
    plan_appendix: PaperAppendix,
    manager: Person,
    issue: Issue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = faces.report_pdf
    record: Any = {
        "template": paper_template,
        "meeting": cabinet_meeting,
        "step": cabinet_step,
        "appendix": plan_appendix,
        "body": cabinet,
        "ended": cabinet_step,
    }[moved]

    def slow(report: Any) -> tuple[bytes, int]:
        record.refresh_from_db()
        record.version += 1
        if moved == "ended":
            record.ended_at = clock.now()
        history.save(record, author=manager.user)
        return real(report)

    monkeypatch.setattr(faces, "report_pdf", slow)
    with pytest.raises(Http404 if moved == "ended" else Stale):
        issue()
    assert not IssuedPaper.objects.exists()
    assert not IssuedDocument.objects.exists()


def test_two_who_start_the_paper_of_one_step_make_one_paper(
    scrutiny_step: RouteStep, paper_template: PaperTemplate, manager: Person, democratic: Person
) -> None:
    first, second = (
        RouteStep.objects.select_related("route__challenge", "body", "meeting", "paper").get(
            pk=scrutiny_step.pk
        )
        for _ in range(2)
    )
    made = papers.start_paper(step=first, template=paper_template, title="One", author=manager)
    with pytest.raises((Invalid, Stale)):
        papers.start_paper(step=second, template=paper_template, title="Two", author=democratic)
    assert list(Paper.objects.filter(steps=scrutiny_step)) == [made]
    assert Paper.objects.filter(title="Two").count() == 0


def test_the_same_post_sent_twice_writes_once(
    ready: Paper, manager: Person, signed_in: SignIn
) -> None:
    part = background(ready)
    client = signed_in(manager)
    data = {"version": 1, "text": "Once.", "label": "Background"}
    assert client.post(at("paper_part", ready, part=part.pk), data).status_code == 302
    again = client.post(at("paper_part", ready, part=part.pk), data)
    assert again.status_code == 409
    move = {"version": 2, "way": "up"}
    assert client.post(at("paper_part_move", ready, part=part.pk), move).status_code == 302
    place = PaperPart.objects.get(pk=part.pk).position
    assert client.post(at("paper_part_move", ready, part=part.pk), move).status_code == 409
    assert PaperPart.objects.get(pk=part.pk).position == place


def test_services_refuse_people_of_another_council_and_roles_without_the_capability(
    ready: Paper,
    outsider: Person,
    member: Person,
    lead: Person,
    owner: Person,
    peer: Person,
    administrator: Person,
) -> None:
    part = background(ready)
    for person in (outsider, member, lead, owner, peer, administrator):
        for attempt in (
            lambda who: papers.change_part(part=part, version=1, edit=PartEdit("x"), author=who),
            lambda who: papers.end_part(part=part, version=1, author=who),
            lambda who: papers.change_title(paper=ready, version=1, title="x", author=who),
            lambda who: papers.end_paper(paper=ready, version=1, reason="x", author=who),
            lambda who: papers.refresh_figures(
                paper=ready, version=1, as_at=clock.today(), author=who
            ),
            lambda who: appendices.add_appendix(
                paper=ready, details=appendices.AppendixDetails("x", "plan"), author=who
            ),
        ):
            with pytest.raises(NotPermitted):
                attempt(person)


# --- Time that hostile texts may cost -------------------------------------------------------------

LENGTH = 100_000
FACTS = PlanFacts(
    as_at=date(2025, 6, 12),
    meeting_on=date(2025, 6, 24),
    body="Cabinet",
    visits=(("the visit", date(2024, 6, 26), date(2024, 6, 28)),),
    due={"1.1": (date(2025, 6, 30),)},
)
HIDDEN = [Hidden(f"1.{n}", f"Secret thing {n}", ("A sentence " * 20,)) for n in range(50)]
PIECES = (
    "26 June 2027, ",
    "31/03/2026 ",
    "26 June to ",
    "peer challenge visit took place 3 June 2022 ",
    "brought from 1 May 2025 to 1 April 2025 ",
    "action 1.1 due 1 May 2025 ",
    "actions 1, 1, ",
    "action 1111111111",
    "[section: ",
    "[appendix:[",
    "- a\n",
    "# a\n",
    "a\n\n",
    " \n",
    "\u2003",
    "Monday the ",
    "late in ",
)


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_of_a_hundred_thousand_letters_takes_long(piece: str) -> None:
    text = (piece * (LENGTH // len(piece) + 1))[:LENGTH]
    report = Report(
        council_name="A",
        title="T",
        numbering=Numbering(SectionStyle.POINT, ParagraphStyle.BY_SECTION),
        sections=(Section("a", (Paragraph(text),)),),
    )
    drafted = "\n\n".join(f"Paragraph {number} of the plan." for number in range(200))
    for attempt in (
        lambda: slips([("1", text)], FACTS),
        lambda: list(told_of([("1", text)], HIDDEN)),
        lambda: blocks_of(text),
        lambda: loose_references(report),
        lambda: merge(drafted, text, drafted.replace("plan", "new plan")),
    ):
        began = time.monotonic()
        attempt()
        assert time.monotonic() - began < 5


def test_references_within_references_take_a_moment() -> None:
    text = "[section: " * 9_000 + "section 1" + "]" * 9_000
    report = Report(
        council_name="A",
        title="T",
        numbering=Numbering(SectionStyle.POINT, ParagraphStyle.BY_SECTION),
        sections=(Section("section 1", (Paragraph(text),)),),
    )
    began = time.monotonic()
    loose_references(report)
    assert time.monotonic() - began < 3


def test_a_paper_of_a_hundred_long_parts_is_still_shown(
    ready: Paper, manager: Person, signed_in: SignIn
) -> None:
    text = ("It was moved to 26 June 2027, as told. " * 2_600)[:LENGTH]
    for number in range(40):
        part = PaperPart(
            paper=ready,
            position=100 + number,
            kind="section",
            placement="body",
            label=f"Long {number}",
            text=text,
        )
        history.save(part, author=manager.user)
    began = time.monotonic()
    assert signed_in(manager).get(at("paper", ready)).status_code == 200
    assert time.monotonic() - began < 15


def test_five_hundred_recommendations_are_taken_and_numbered(
    ready: Paper, manager: Person, signed_in: SignIn
) -> None:
    part = PaperPart.objects.get(paper=ready, label="Recommendations")
    data = {
        "version": 1,
        "label": "Recommendations",
        "text": [f"Notes thing {number}." for number in range(500)],
        "is_required": "on",
    }
    client = signed_in(manager)
    assert client.post(at("paper_part", ready, part=part.pk), data).status_code == 302
    page = said(client.get(at("paper_preview", ready)))
    assert page.count("Notes thing") == 500
