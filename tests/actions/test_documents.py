"""Appendices as documents: who may have one, what is in it, and that it is made once."""

import io
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from actions.models import Action, Answer, StoredDocument
from actions.position import plan_position, released_position
from actions.services import documents
from actions.services.documents import Appendix, TooLarge, make_appendix
from actions.services.plan import ActionDetails, change_action
from peerplan.core import history
from peerplan.core.errors import NotPermitted
from peerplan.councils.gate import Person
from peerplan.render.errors import RendererUnavailable
from peerplan.render.pdf import Pdf
from reviews.models import PeerChallenge, Recommendation
from tests.plugins.plans import CANARY, Plan
from tests.render.reading import failures, opened

pytestmark = pytest.mark.django_db


def printed(content: bytes, folder: Path) -> str:
    """The words of a PDF, as a reader copies them."""
    path = folder / "document.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def everything(content: bytes) -> bytes:
    """All bytes of a PDF with its streams unpacked: text, tags, metadata, outlines."""
    unpacked = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        strings = [repr(one) for one in pdf.objects]
        pdf.save(
            unpacked, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False
        )
    return unpacked.getvalue() + "".join(strings).encode()


def appendix_of(plan: Plan, author: Person | None, **given: Any) -> Appendix:
    """The live appendix, compared with the last release, unless `position` is given."""
    given = {
        "position": plan_position(plan.challenge),
        "before": released_position(plan.releases[-1], full=False),
    } | given
    return make_appendix(challenge=plan.challenge, author=author, **given)


def stored_appendix(
    *, appendix: Appendix, author: Person | None, largest: int | None = 300
) -> StoredDocument:
    """As a request has it."""
    return documents.stored_appendix(appendix=appendix, author=author, largest=largest)


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were sent to be rendered; nothing is."""
    sent: list[str] = []

    def render(html: str, **given: Any) -> Pdf:
        sent.append(html)
        return Pdf(b"%PDF-1.7 sample", 1, "0" * 64, 0.1, 1)

    monkeypatch.setattr(documents, "html_to_pdf", render)
    return sent


VARIANTS = [(False, False), (True, False), (False, True), (True, True)]


@pytest.mark.parametrize(("only_exceptions", "include_exempt"), VARIANTS)
def test_the_checker_finds_nothing_in_any_variant_and_exempt_text_stays_where_it_may(
    plan: Plan, manager: Person, tmp_path: Path, only_exceptions: bool, include_exempt: bool
) -> None:
    appendix = appendix_of(
        plan, manager, only_exceptions=only_exceptions, include_exempt=include_exempt
    )
    stored = stored_appendix(appendix=appendix, author=manager)
    content = bytes(stored.content)
    assert failures(content) == []
    assert stored.is_restricted is include_exempt
    text = printed(content, tmp_path)
    hidden = [CANARY, CANARY.split()[0], "Settle the dispute", "refused our offer"]
    if include_exempt:
        assert CANARY in text
        assert "NOT FOR PUBLICATION by virtue of paragraph 3" in text
        assert "Not for publication: paragraph 3: financial or business affairs" in text
    else:
        whole = everything(content)
        spoken = text.encode() + whole
        assert [word for word in hidden if word.encode() in spoken] == []
        assert [word for word in hidden if word.encode("utf-16-be") in whole] == []
        assert "One action is not for publication and is left out of this copy." in text
    assert ("Train the call handlers" in text) is not only_exceptions


def test_page_one_says_where_it_stands_and_the_tables_what_was(
    plan: Plan, manager: Person, tmp_path: Path
) -> None:
    appendix = appendix_of(plan, manager)
    stored = stored_appendix(appendix=appendix, author=manager)
    text = printed(bytes(stored.content), tmp_path)
    assert "3 of 5 actions are complete, on track or in normal work." in text
    assert appendix.document.bar_before
    assert [appendix.document.bar_now.title, appendix.document.bar_before.title] == [
        "24 June 2025",
        "31 May 2025",
    ]
    assert "Decision sought: Cabinet to choose a contractor for 1.1." in text
    assert "was Amber in May" in text
    assert "was 30 September 2025" in text
    assert "Recommendation 1" in text
    assert stored.pages >= 2
    first = opened(bytes(stored.content))
    assert "Where the action plan stood on 24 June 2025" in str(first.docinfo.get("/Subject"))


def test_an_unchanged_plan_is_not_rendered_twice(
    plan: Plan, manager: Person, democratic: Person, travel: Any, renders: list[str]
) -> None:
    first = stored_appendix(appendix=appendix_of(plan, manager), author=manager)
    travel.shift(3600)
    again = stored_appendix(appendix=appendix_of(plan, democratic), author=democratic)
    assert (again.pk, len(renders)) == (first.pk, 1)
    assert first.made_by == manager.user


def test_a_changed_plan_scheme_or_brand_is_rendered_anew(
    plan: Plan, manager: Person, update: Callable[..., Any], renders: list[str]
) -> None:
    stored_appendix(appendix=appendix_of(plan, manager), author=manager)
    update(plan.actions["1.4"], date(2025, 6, 21), "green", commentary="All have been trained.")
    stored_appendix(appendix=appendix_of(plan, manager), author=manager)
    assert len(renders) == 2
    plan.challenge.council.brand = "#5a1a1a"
    stored_appendix(appendix=appendix_of(plan, manager), author=manager)
    assert len(renders) == 3
    stored_appendix(appendix=appendix_of(plan, manager, only_exceptions=True), author=manager)
    stored_appendix(appendix=appendix_of(plan, manager, include_exempt=True), author=manager)
    assert len(renders) == 5


def test_the_same_plan_gives_the_same_bytes(plan: Plan, manager: Person, travel: Any) -> None:
    first = stored_appendix(appendix=appendix_of(plan, manager), author=manager)
    kept, digest = bytes(first.content), first.content_sha256
    first.delete()
    travel.shift(60)
    again = stored_appendix(appendix=appendix_of(plan, manager), author=manager)
    assert (bytes(again.content), again.content_sha256) == (kept, digest)


def test_a_released_position_is_printed_the_same_after_later_news(
    plan: Plan, member: Person, update: Callable[..., Any], renders: list[str]
) -> None:
    def of_release() -> Appendix:
        return appendix_of(
            plan,
            member,
            position=released_position(plan.releases[1]),
            before=released_position(plan.releases[0], full=False),
        )

    first = stored_appendix(appendix=of_release(), author=member)
    update(
        plan.actions["1.1"],
        date(2025, 5, 31),
        "green",
        is_correction=True,
        correction_reason="Typed for another action",
    )
    assert stored_appendix(appendix=of_release(), author=member).pk == first.pk
    assert len(renders) == 1


def test_exempt_parts_are_for_those_entitled_and_live_plans_for_officers(
    plan: Plan, member: Person, democratic: Person
) -> None:
    with pytest.raises(NotPermitted):
        appendix_of(plan, democratic, include_exempt=True)
    with pytest.raises(NotPermitted):
        appendix_of(plan, member)


def test_what_is_exempt_now_is_left_out_of_a_public_copy_of_the_past(
    plan: Plan, manager: Person, democratic: Person, renders: list[str]
) -> None:
    released = plan.releases[1]

    def public() -> Appendix:
        return appendix_of(plan, democratic, position=released_position(released), before=None)

    assert "Train the call handlers" in public().html
    stored_appendix(appendix=public(), author=democratic)
    action = Action.objects.get(pk=plan.actions["1.4"].pk)
    change_action(
        action=action,
        version=action.version,
        details=ActionDetails(
            ref=action.ref,
            title=action.title,
            lead_role=action.lead_role,
            original_due=action.original_due,
            in_plan_from=action.in_plan_from,
            visibility="exempt",
            exempt_paragraph=1,
        ),
        recommendations=[],
        reason="Names a person",
        author=manager,
    )
    assert "Train the call handlers" not in public().html
    stored_appendix(appendix=public(), author=democratic)
    assert len(renders) == 2


def test_a_copy_with_exempt_parts_is_not_found_by_a_public_request(
    plan: Plan, manager: Person, democratic: Person, renders: list[str]
) -> None:
    restricted = stored_appendix(
        appendix=appendix_of(plan, manager, include_exempt=True), author=manager
    )
    public = stored_appendix(appendix=appendix_of(plan, democratic), author=democratic)
    assert restricted.pk != public.pk
    assert CANARY in renders[0]
    assert CANARY not in renders[1]


def test_a_large_plan_is_refused_unless_it_was_made_by_command(
    plan: Plan, manager: Person, renders: list[str]
) -> None:
    appendix = appendix_of(plan, manager)
    with pytest.raises(TooLarge, match="This plan has 5 actions"):
        stored_appendix(appendix=appendix, author=manager, largest=4)
    assert renders == []
    made = stored_appendix(appendix=appendix, author=None, largest=None)
    assert stored_appendix(appendix=appendix, author=manager, largest=4).pk == made.pk


def test_nothing_is_kept_when_the_engine_fails(
    plan: Plan, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(html: str, **given: Any) -> Pdf:
        raise RendererUnavailable

    monkeypatch.setattr(documents, "html_to_pdf", fail)
    with pytest.raises(RendererUnavailable):
        stored_appendix(appendix=appendix_of(plan, manager), author=manager)
    assert StoredDocument.objects.count() == 0


def test_an_action_under_two_recommendations_is_printed_once(
    plan: Plan, manager: Person, challenge: PeerChallenge
) -> None:
    second = Recommendation(challenge=challenge, ref="2", title="Listen", position=1)
    history.save(second, author=manager.user)
    Answer.objects.create(action=plan.actions["1.1"], recommendation=second, added_by=manager.user)
    sections = appendix_of(plan, manager).document.sections
    assert [len(section.actions) for section in sections] == [5, 0]
    assert list(sections[1].also) == ["Also answered by action 1.1, under recommendation 1."]


# --- The command --------------------------------------------------------------------------------


def run(*given: str) -> str:
    said = io.StringIO()
    call_command("appendix", *given, stdout=said)
    return said.getvalue()


def test_the_command_writes_the_file_and_the_page_offers_the_same_bytes(
    plan: Plan, manager: Person, tmp_path: Path, renders: list[str]
) -> None:
    out = tmp_path / "appendix.pdf"
    said = run("ashdale", "cpc-2024", "--as-at", "2025-06-24", "--out", str(out))
    assert out.read_bytes() == b"%PDF-1.7 sample"
    assert ": one page, five actions" in said
    stored_appendix(appendix=appendix_of(plan, manager), author=manager)
    assert len(renders) == 1


def test_the_command_makes_the_other_variants(
    plan: Plan, tmp_path: Path, renders: list[str]
) -> None:
    out = str(tmp_path / "appendix.pdf")
    given = ("ashdale", "cpc-2024", "--as-at", "31 May 2025", "--out", out)
    assert "six actions, NOT FOR PUBLICATION" in run(*given, "--include-exempt")
    assert "two actions" in run(*given, "--exceptions")
    run(*given, "--released")
    assert CANARY in renders[0]
    assert CANARY not in renders[1] + renders[2]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("nowhere", "cpc-2024", "--as-at", "2025-06-24"), "no such council"),
        (("ashdale", "other", "--as-at", "2025-06-24"), "no such challenge"),
        (("ashdale", "cpc-2024", "--as-at", "31 2 2025"), "real date"),
        (("ashdale", "cpc-2024", "--as-at", "2099-01-01"), "in the future"),
        (("ashdale", "cpc-2024", "--as-at", "2025-06-01", "--released"), "No position"),
    ],
)
def test_the_command_says_what_is_wrong(
    plan: Plan, tmp_path: Path, renders: list[str], given: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(*given, "--out", str(tmp_path / "appendix.pdf"))
    assert renders == []


def test_the_command_says_that_a_file_cannot_be_written(
    plan: Plan, tmp_path: Path, renders: list[str]
) -> None:
    with pytest.raises(CommandError, match="could not be written"):
        run("ashdale", "cpc-2024", "--as-at", "2025-06-24", "--out", str(tmp_path / "no" / "a.pdf"))
