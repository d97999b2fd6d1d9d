"""A paper as a whole: started from a step, its page, its title, its figures, its end."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peerplan.core import clock
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, Person
from peerplan.papers.diary import calendar_of
from peerplan.papers.models import Paper, PaperTemplate, RouteStep
from peerplan.papers.paper_forms import EndForm, FiguresForm, StartForm, TitleForm
from peerplan.papers.paper_reading import paper_of, sheet_of
from peerplan.papers.paper_slips import slip_rows
from peerplan.papers.services import papers as services
from peerplan.papers.services.templates import template_for
from reviews.history import posts_of
from reviews.views.editing import answer

AFTER_REVIEW = "front-table-review"
READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_new(request: CouncilRequest, council: str, step: int) -> HttpResponse:
    """Starts the paper of a step: a title and a template are proposed, the rest is drafted."""
    row = _step(request, step)
    if row.paper is not None and row.paper.ended_at is None:
        return redirect("paper", council, row.paper.pk)
    steps = services.steps_sharing(row)
    templates = PaperTemplate.objects.for_council(request.council).filter(ended_at__isnull=True)
    initial = {"title": services.proposed_title(row), "template": _proposed(request, steps, row)}
    form = StartForm(request.POST or None, templates=templates, initial=initial)
    made: list[Paper] = []

    def save() -> None:
        made.append(services.start_paper(step=row, author=request.person, **form.cleaned_data))

    response = answer(
        request,
        form,
        save,
        template="papers/paper_new.html",
        context={
            "section": "meetings",
            "challenge": row.route.challenge,
            "step": row,
            "steps": steps,
            "has_templates": templates.exists(),
            "shared": next(
                (one.paper for one in steps if one.paper and not one.paper.ended_at), None
            ),
        },
        done="The paper is started and drafted from the plan.",
        to=request.path,
    )
    return redirect("paper", council, made[0].pk) if made else response


@gate.requires(Capability.READ_LIVE)
@require_safe
def paper(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """The paper in writing: how far it is, by when it is public, what is missing."""
    sheet = sheet_of(request, paper)
    today = clock.today()
    calendar = calendar_of(request.council)
    context = {
        "sheet": sheet,
        "step_rows": sheet.step_rows(calendar, today),
        "appendix_rows": sheet.appendix_rows(),
        "signs": sheet.signs(posts_of(request.council)),
        "may_sign": may_sign(request.person),
        "slips": slip_rows(sheet, calendar),
    }
    return render(request, "papers/paper.html", page_of(sheet.paper) | context)


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_title(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """The title, to change."""
    record = paper_of(request, paper)
    form = TitleForm(request.POST or None, initial=_title_of(record))

    def save() -> None:
        services.change_title(paper=record, author=request.person, **form.cleaned_data)

    return _edit(request, form, save, record, _title_of, "Change the title", "The title is saved.")


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_figures(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """Brings in fresh figures; says where words that were edited stand beside new ones."""
    record = paper_of(request, paper)

    def as_given(row: Paper) -> dict[str, Any]:
        return {"as_at": row.figures_as_at, "version": row.version}

    initial = as_given(record) | {"as_at": clock.today()}
    form = FiguresForm(request.POST or None, initial=initial)
    done: list[services.Renewed] = []

    def save() -> None:
        done.append(
            services.refresh_figures(paper=record, author=request.person, **form.cleaned_data)
        )

    context = page_of(record) | {"title": "Bring in fresh figures"}
    response = answer(
        request,
        form,
        save,
        template="papers/paper_figures.html",
        context=context,
        done="Fresh figures are in.",
        to=reverse("paper", args=[council, record.pk]),
        as_given=as_given,
    )
    if not done:
        return response
    renewed = done[0]
    for part in renewed.lapsed:
        messages.warning(request, f"{part.label} changed: its sign-off has lapsed.")
    if not renewed.clashes:
        return response
    # Shown at once and not after a redirect: what was edited and what is new must stand side by
    # side while somebody still knows what they pressed.
    context = page_of(renewed.paper) | {"title": "Fresh figures", "renewed": renewed}
    return render(request, "papers/paper_figures_done.html", context)


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_end(request: CouncilRequest, council: str, paper: int) -> HttpResponse:
    """Takes a paper away that was never issued, with the reason."""
    record = paper_of(request, paper)

    def as_given(row: Paper) -> dict[str, Any]:
        return {"version": row.version, "reason": ""}

    form = EndForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.end_paper(paper=record, author=request.person, **form.cleaned_data)

    to = reverse("meetings", args=[council])
    return _edit(request, form, save, record, as_given, "Take this paper away", "Taken away.", to)


def may_sign(person: Person) -> bool:
    """True where `person` may record sign-offs."""
    return person.can(Capability.APPROVE) or person.can(Capability.PRODUCE_PAPERS)


def page_of(record: Paper) -> dict[str, Any]:
    """What every page of a paper needs."""
    return {
        "section": "meetings",
        "challenge": record.challenge,
        "paper": record,
        "back": reverse("paper", args=[record.challenge.council.slug, record.pk]),
        "back_label": record.title,
    }


def _edit(
    request: CouncilRequest,
    form: Any,
    save: Any,
    record: Paper,
    as_given: Any,
    title: str,
    done: str,
    to: str = "",
) -> HttpResponse:
    return answer(
        request,
        form,
        save,
        template="papers/paper_form.html",
        context=page_of(record) | {"title": title},
        done=done,
        to=to or reverse("paper", args=[request.council.slug, record.pk]),
        as_given=as_given,
    )


def _title_of(record: Paper) -> dict[str, Any]:
    return {"title": record.title, "version": record.version}


def _step(request: CouncilRequest, pk: int) -> RouteStep:
    rows = RouteStep.objects.for_council(request.council).select_related(
        "route__challenge__council", "body", "meeting", "paper"
    )
    return get_object_or_404(rows, pk=pk, ended_at__isnull=True, route__ended_at__isnull=True)


def _proposed(
    request: CouncilRequest, steps: list[RouteStep], step: RouteStep
) -> PaperTemplate | None:
    """The template to start from.

    One for any body where several bodies have one report; the ready-made one for a progress
    review of which the body has not heard yet.
    """
    if len(steps) > 1:
        rows = PaperTemplate.objects.for_council(request.council)
        for_any = rows.filter(ended_at__isnull=True, body_kind="").order_by("-id").first()
        if for_any is not None:
            return for_any
    elif services.tells_of_review(step):
        rows = PaperTemplate.objects.for_council(request.council)
        made = rows.filter(ended_at__isnull=True, preset=AFTER_REVIEW).order_by("-id").first()
        if made is not None:
            return made
    return template_for(request.council, step.body)
