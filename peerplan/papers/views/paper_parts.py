"""The parts of a paper: one on a page, several on one page, signed off, added, moved, ended."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from peerplan.core import clock
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers.models import PaperPart
from peerplan.papers.paper_forms import (
    DraftedPartsForm,
    NewPartForm,
    PartForm,
    PartsOutForm,
    QuickPartForm,
    SignedOnForm,
    SignOffForm,
    Together,
    VersionForm,
    as_given,
    quick_forms,
)
from peerplan.papers.paper_reading import Sheet, sheet_of
from peerplan.papers.services import papers as services
from peerplan.papers.views.papers import READ_OR_POST, may_sign, page_of
from peerplan.render.texts import HINT
from reviews.views.editing import Conflict, answer, conflict

# Which parts the page of several shows, and what it is called.
SELECTIONS = {
    "missing": "What is still missing",
    "front": "Front sheet",
    "all": "The whole paper",
}


@gate.requires(Capability.READ_LIVE)
@READ_OR_POST
def paper_part(request: CouncilRequest, council: str, paper: int, part: int) -> HttpResponse:
    """One part, to write or to read."""
    sheet = sheet_of(request, paper)
    row = sheet.row_of(part)
    record = row.part
    if not row.is_readable:
        return _withheld(request, sheet, record)
    form = PartForm(request.POST or None, part=record)
    following = sheet.after(record)
    context = page_of(sheet.paper) | {
        "sheet": sheet,
        "row": row,
        "part": record,
        "following": following,
        "may_sign": may_sign(request.person),
        "plan_says": record.drafted if record.drafted != record.text else "",
    }
    if request.method == "POST" and form.asks_only_to_look_again:
        return render(request, "papers/paper_part.html", context | {"form": form})
    kept: list[PaperPart] = []

    def save() -> None:
        kept.append(
            services.change_part(
                part=record,
                version=form.cleaned_data["version"],
                edit=form.edit(),
                author=request.person,
            )
        )
        if record.signed_off_at and kept[0].signed_off_at is None:
            messages.warning(request, f"{kept[0].label} changed: its sign-off has lapsed.")

    goes_on = "next" in request.POST and following is not None
    args = [council, paper, following.pk] if goes_on and following else [council, paper]
    return answer(
        request,
        form,
        save,
        template="papers/paper_part.html",
        context=context,
        done=f"Saved: {record.label}.",
        to=reverse("paper_part" if goes_on else "paper", args=args),
        as_given=as_given,
    )


def _withheld(request: CouncilRequest, sheet: Sheet, part: PaperPart) -> HttpResponse:
    """The page of a part that the person may not read; what they typed meanwhile is kept on it."""
    context = page_of(sheet.paper) | {
        "sheet": sheet,
        "row": sheet.row_of(part.pk),
        "part": part,
        "typed": "\n\n".join(request.POST.getlist("text")),
    }
    status = 403 if request.method == "POST" else 200
    return render(request, "papers/paper_part_withheld.html", context, status=status)


# --- Several on one page ------------------------------------------------------------------------


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_all(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """Several parts in one form: those that are missing or unsigned, the front sheet, or all."""
    sheet = sheet_of(request, paper)
    which = request.GET.get("parts", "missing")
    which = which if which in SELECTIONS else "missing"
    is_post = request.method == "POST"
    parts = _posted(request, sheet) if is_post else sheet.chosen(which)
    page = quick_forms(request.POST if is_post else None, parts)
    # The day is asked for only where a sign-off can be ticked.
    asks_day = any("signed" in form.fields for form in page)
    day = SignedOnForm(request.POST if is_post and asks_day else None)
    status, conflicts = 200, []
    if is_post and not any(form.asks_only_to_look_again for form in page):
        valid = [form.is_valid() for form in page]
        if all(valid) and (not asks_day or day.is_valid()):
            try:
                return _save_all(request, sheet, page, day)
            except Invalid as error:
                status = 422
                _show(error, page)
            except services.PartsStale as error:
                status = 409
                conflicts = _conflicts(request, page, error.records)
        else:
            status = 422
    context = page_of(sheet.paper) | {
        "sheet": sheet,
        "title": SELECTIONS[which],
        "which": which,
        "others": [(key, label) for key, label in SELECTIONS.items() if key != which],
        "forms": page,
        "together": Together([*page, day]),
        "day": day if asks_day else None,
        "conflicts": conflicts,
        "lost": _lost(request, parts) if is_post else [],
        "hint": HINT,
    }
    return render(request, "papers/paper_all.html", context, status=status)


def _posted(request: CouncilRequest, sheet: Sheet) -> list[PaperPart]:
    """The parts that the posted page had; meanwhile others may be the missing ones."""
    asked = set(request.POST.getlist("part"))
    return [part for part in sheet.chosen("all") if str(part.pk) in asked]


def _lost(request: CouncilRequest, parts: Sequence[PaperPart]) -> list[str]:
    """What was typed into parts that were taken out, or withheld, while it was typed."""
    there = {str(part.pk) for part in parts}
    gone = [pk for pk in request.POST.getlist("part") if pk not in there]
    texts = ["\n\n".join(request.POST.getlist(f"part-{pk}-text")) for pk in gone]
    return [text for text in texts if text.strip()]


def _save_all(
    request: CouncilRequest, sheet: Sheet, page: list[QuickPartForm], day: SignedOnForm
) -> HttpResponse:
    on = day.cleaned_data["signed_on"] if day.is_bound else None
    if _lost(request, [form.part for form in page]):
        raise Invalid({"": "A part on this page was taken out or withheld. Nothing is saved yet."})
    changed, lapsed = services.change_parts(
        paper=sheet.paper,
        edits=[form.seen_edit(on) for form in page],
        author=request.person,
    )
    count = len(changed)
    messages.success(
        request,
        f"{count} part{'s' if count != 1 else ''} saved." if count else "Nothing was changed.",
    )
    for part in lapsed:
        messages.warning(request, f"{part.label} changed: its sign-off has lapsed.")
    return redirect("paper", request.council.slug, sheet.paper.pk)


def _show(error: Invalid, page: list[QuickPartForm]) -> None:
    """Puts what a service refused on the fields it is about; the rest on the first form."""
    for name, message in error.fields.items():
        for form in page:
            prefix = f"{form.prefix}-"
            if name.startswith(prefix):
                field = name.removeprefix(prefix)
                form.add_error(field if field in form.fields else "text", message)
                break
        else:
            if page:
                page[0].add_error(None, message)


def _conflicts(
    request: CouncilRequest, page: list[QuickPartForm], records: Sequence[PaperPart]
) -> list[tuple[str, Conflict]]:
    """What two people gave differently, by part; the forms then save on top of the other's."""
    found = []
    for form in page:
        for record in records:
            if record.pk == form.part.pk:
                given = {"version": record.version, "text": record.text}
                found.append((record.label, conflict(request, form, record, given)))
                data: Any = form.data
                data[f"{form.prefix}-version"] = str(record.version)
    return found


# --- Sign-off -----------------------------------------------------------------------------------


@gate.requires(Capability.READ_LIVE)
@READ_OR_POST
def paper_sign_off(request: CouncilRequest, council: str, paper: int, part: int) -> HttpResponse:
    """Records that a part was signed off, or takes that back."""
    sheet = sheet_of(request, paper)
    row = sheet.row_of(part)
    record = row.part
    if not row.is_readable:
        return _withheld(request, sheet, record)
    if not may_sign(request.person):
        raise NotPermitted("Your role here does not let you record sign-offs.")

    def given(now: PaperPart) -> dict[str, Any]:
        return {"version": now.version, "on": now.signed_off_on or clock.today()}

    takes_back = "take-back" in request.POST
    kind = VersionForm if takes_back else SignOffForm
    form = kind(request.POST or None, initial=given(record))

    def save() -> None:
        if takes_back:
            services.take_back_sign_off(part=record, author=request.person, **form.cleaned_data)
        else:
            services.sign_off(part=record, author=request.person, **form.cleaned_data)

    words = "Sign-off taken back" if takes_back else "Sign-off recorded"
    return answer(
        request,
        form,
        save,
        template="papers/paper_sign_off.html",
        context=page_of(sheet.paper)
        | {"part": record, "title": f"Sign-off: {record.label}", "takes_back": takes_back},
        done=f"{words}: {record.label}.",
        to=reverse("paper", args=[council, paper]),
        as_given=given,
    )


# --- Adding, moving, ending ---------------------------------------------------------------------


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_part_new(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """One more part."""
    sheet = sheet_of(request, paper)
    form = NewPartForm(request.POST or None)

    def save() -> None:
        services.add_part(paper=sheet.paper, new=form.new(), author=request.person)

    return answer(
        request,
        form,
        save,
        template="papers/paper_form.html",
        context=page_of(sheet.paper) | {"title": "Add a part", "save_label": "Add"},
        done="The part is added.",
        to=reverse("paper", args=[council, paper]),
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_part_drafted(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """Sections and standing tables drafted from the plan."""
    sheet = sheet_of(request, paper)
    there = {row.part.drafter for row in sheet.rows}
    form = DraftedPartsForm(request.POST or None, there=there)

    def save() -> None:
        services.add_drafted_parts(
            paper=sheet.paper, drafters=form.cleaned_data["drafters"], author=request.person
        )

    return answer(
        request,
        form,
        save,
        template="papers/paper_form.html",
        context=page_of(sheet.paper) | {"title": "Add from the plan", "save_label": "Add"},
        done="Added as numbered sections. Move them where they belong.",
        to=reverse("paper", args=[council, paper]),
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_parts_out(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """Several parts taken out at once, such as those of a template that this paper does not need.

    Parts that the person may not read are not offered.
    """
    sheet = sheet_of(request, paper)
    form = PartsOutForm(
        request.POST or None, parts=[row.part for row in sheet.rows if row.is_readable]
    )
    return answer(
        request,
        form,
        lambda: services.end_parts(seen=form.seen(), author=request.person),
        template="papers/paper_form.html",
        context=page_of(sheet.paper) | {"title": "Take parts out", "save_label": "Take out"},
        done="Taken out. What was written stays in the history.",
        to=reverse("paper", args=[council, paper]),
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def paper_part_move(request: CouncilRequest, council: str, paper: int, part: int) -> HttpResponse:
    """One place up or down; a button in a form of its own."""
    record = sheet_of(request, paper).row_of(part).part
    up = request.POST.get("way") == "up"
    services.move_part(part=record, up=up, version=seen_version(request), author=request.person)
    return redirect(f"{reverse('paper_part', args=[council, paper, part])}#about")


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def paper_part_end(request: CouncilRequest, council: str, paper: int, part: int) -> HttpResponse:
    """Takes a part out of the paper."""
    record = sheet_of(request, paper).row_of(part).part
    services.end_part(part=record, version=seen_version(request), author=request.person)
    messages.success(request, f"Taken out: {record.label}.")
    return redirect("paper", council, paper)


def seen_version(request: CouncilRequest) -> int:
    """The version that a button was pressed on. Raises Invalid where there is none."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the page and press the button again."})
    version: int = form.cleaned_data["version"]
    return version
