"""The pages of report templates: the list, one with its parts, its settings and an example."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from peerplan.core.errors import DomainError, Invalid, Stale
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers import template_reading as reading
from peerplan.papers.models import Paper, PaperTemplate, Source, TemplatePart
from peerplan.papers.services import templates as services
from peerplan.papers.template_forms import (
    BLANK,
    YES,
    NewTemplateForm,
    PartForm,
    SeenPartForm,
    TemplateForm,
    VersionForm,
    part_as_given,
    template_as_given,
)
from peerplan.papers.template_presets import EXEMPT_WORDS, NO_BACKGROUND_PAPERS, PRESETS
from peerplan.render.report_html import report_body
from reviews.views.editing import answer

READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
SECTION = "meetings"


# --- The list ------------------------------------------------------------------------------------


@gate.requires(Capability.READ_LIVE)
@require_GET
def paper_templates(request: CouncilRequest, council: str) -> HttpResponse:
    """The templates, and which bodies' papers begin with each."""
    rows, ended = reading.rows_of(request.council)
    return render(
        request,
        "papers/templates.html",
        {
            "section": SECTION,
            "rows": rows,
            "ended": ended,
            "has_all": reading.has_all_presets(rows),
        },
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def paper_templates_ready_made(request: CouncilRequest, council: str) -> HttpResponse:
    """Adds the ready-made templates that the council has not yet."""
    added = services.add_all_presets(council=request.council, author=request.person)
    words = {0: "They are all there already.", 1: "One ready-made template is added."}
    number = len(added)
    messages.success(request, words.get(number, f"{number} ready-made templates are added."))
    return redirect("paper_templates", council)


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_template_new(request: CouncilRequest, council: str) -> HttpResponse:
    """One more template, from a ready-made form or from nothing."""
    chosen = request.GET.get("preset", "")
    form = NewTemplateForm(
        request.POST or None, initial={"preset": chosen if chosen in PRESETS else ""}
    )

    def save() -> None:
        preset, name = form.cleaned_data["preset"], form.cleaned_data["name"]
        if preset == BLANK:
            services.create_template(
                council=request.council,
                details=services.TemplateDetails(
                    name=name,
                    no_background_papers=NO_BACKGROUND_PAPERS,
                    exempt_words=EXEMPT_WORDS,
                ),
                author=request.person,
            )
        else:
            services.add_from_preset(
                council=request.council, preset=preset, name=name, author=request.person
            )

    to = reverse("paper_templates", args=[council])
    context = _page("Add a report template", to, "Report templates") | {"save_label": "Add"}
    return answer(
        request,
        form,
        save,
        template="papers/template_form.html",
        context=context,
        done="Added.",
        to=to,
    )


# --- One template --------------------------------------------------------------------------------


@gate.requires(Capability.READ_LIVE)
@require_GET
def paper_template(request: CouncilRequest, council: str, template: int) -> HttpResponse:
    """One template: its settings in short, and its parts in the order in which they are printed."""
    record = _template(request, template)
    blocks = reading.blocks_of(services.parts_of(record))
    return render(
        request,
        "papers/template.html",
        {
            "section": SECTION,
            "template": record,
            "blocks": blocks,
            "is_split": reading.is_split(blocks),
            "in_writing": Paper.objects.for_council(request.council)
            .filter(template=record, ended_at__isnull=True, issues__isnull=True)
            .count(),
        },
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def paper_template_change(request: CouncilRequest, council: str, template: int) -> HttpResponse:
    """The settings of a template."""
    record = _template(request, template)
    form = TemplateForm(request.POST or None, initial=template_as_given(record))

    def save() -> None:
        services.change_template(
            template=record,
            version=form.cleaned_data["version"],
            details=form.details(),
            author=request.person,
        )

    to = _url(record)
    return answer(
        request,
        form,
        save,
        template="papers/template_settings.html",
        context=_page(f"{record.name}: settings", to, record.name) | {"template": record},
        done="Saved.",
        to=to,
        as_given=template_as_given,
    )


@gate.requires(Capability.READ_LIVE)
@require_GET
def paper_template_preview(request: CouncilRequest, council: str, template: int) -> HttpResponse:
    """An example report in the form of this template."""
    record = _template(request, template)
    report = reading.example(record, services.parts_of(record), request.council)
    context = _page(f"{record.name}: example", _url(record), record.name)
    return render(
        request,
        "papers/template_preview.html",
        context | {"template": record, "report": report_body(report, level=2)},
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def paper_template_copy(request: CouncilRequest, council: str, template: int) -> HttpResponse:
    """A copy with the same settings and parts."""
    record = _template(request, template)
    made = services.copy_template(template=record, author=request.person)
    messages.success(request, f"Copied. This is “{made.name}”.")
    return redirect(_url(made))


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def paper_template_end(request: CouncilRequest, council: str, template: int) -> HttpResponse:
    """Ends a template; papers made from it stay as they are."""
    record = _template(request, template)

    def end(version: int) -> None:
        services.end_template(template=record, version=version, author=request.person)

    to = reverse("paper_templates", args=[council])
    return _pressed(request, end, done=f"“{record.name}” is ended.", to=to, back=_url(record))


# --- Its parts -----------------------------------------------------------------------------------


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def template_part_new(request: CouncilRequest, council: str, template: int) -> HttpResponse:
    """One more part."""
    record = _template(request, template)
    initial = {"source": Source.TYPED, "is_required": YES}
    form = PartForm(request.POST or None, rows=services.parts_of(record), initial=initial)

    def save() -> None:
        services.add_part(template=record, author=request.person, **form.given())

    to = _url(record)
    return answer(
        request,
        form,
        save,
        template="papers/template_part.html",
        context=_page(f"{record.name}: add a part", to, record.name) | {"save_label": "Add"},
        done="Added.",
        to=to,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def template_part(request: CouncilRequest, council: str, part: int) -> HttpResponse:
    """One part, to change or remove."""
    row = _part(request, part)
    if row.ended_at is not None and request.method != "POST":
        raise Http404
    others = [one for one in services.parts_of(row.template) if one.pk != row.pk]
    form = SeenPartForm(request.POST or None, rows=others, initial=part_as_given(row))

    def save() -> None:
        services.change_part(
            part=row,
            version=form.cleaned_data["version"],
            author=request.person,
            **form.given(),
        )

    to = _url(row.template)
    context = _page(f"Part: {row.label}", to, row.template.name) | {
        "remove_url": reverse("template_part_end", args=[council, row.pk]),
        "remove_version": row.version,
    }
    return answer(
        request,
        form,
        save,
        template="papers/template_part.html",
        context=context,
        done=f"“{row.label}” is saved.",
        to=f"{to}#part-{row.pk}",
        as_given=part_as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def template_part_move(request: CouncilRequest, council: str, part: int, way: str) -> HttpResponse:
    """One place up or down; a button in a form of its own, so that it works without JavaScript."""
    row = _part(request, part)

    def move(version: int) -> None:
        services.move_part(part=row, up=way == "up", version=version, author=request.person)

    back = _url(row.template)
    return _pressed(request, move, to=f"{back}#part-{row.pk}", back=back)


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def template_part_end(request: CouncilRequest, council: str, part: int) -> HttpResponse:
    """Takes a part out of its template."""
    row = _part(request, part)

    def end(version: int) -> None:
        services.end_part(part=row, version=version, author=request.person)

    back = _url(row.template)
    return _pressed(request, end, done=f"“{row.label}” is removed.", to=back, back=back)


# --- What they have in common --------------------------------------------------------------------


def _template(request: CouncilRequest, pk: int) -> PaperTemplate:
    """The template of this council, an ended one too. Raises Http404."""
    rows = PaperTemplate.objects.for_council(request.council)
    return get_object_or_404(rows.select_related("council").defer("council__logo"), pk=pk)


def _part(request: CouncilRequest, pk: int) -> TemplatePart:
    """The part of a template of this council, a removed one too. Raises Http404."""
    rows = TemplatePart.objects.for_council(request.council)
    related = rows.select_related("template__council").defer("template__council__logo")
    return get_object_or_404(related, pk=pk)


def _url(template: PaperTemplate) -> str:
    return reverse("paper_template", args=[template.council.slug, template.pk])


def _page(title: str, back: str, back_label: str) -> dict[str, Any]:
    return {"section": SECTION, "title": title, "back": back, "back_label": back_label}


def _pressed(
    request: CouncilRequest, do: Callable[[int], None], *, to: str, back: str, done: str = ""
) -> HttpResponse:
    """What follows on a button without a form: `to`, or a page that says why not and leads back."""
    form = VersionForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid({"": "Go back to the page and press the button again."})
        do(form.cleaned_data["version"])
    except (Invalid, Stale) as error:
        return _refused(request, error, back)
    if done:
        messages.success(request, done)
    return redirect(to)


def _refused(request: CouncilRequest, error: DomainError, back: str) -> HttpResponse:
    is_stale = isinstance(error, Stale)
    words = (
        "Somebody else changed this while you were looking at it. Look at it again, then decide."
        if is_stale
        else str(error)
    )
    context = {"section": SECTION, "message": words, "is_stale": is_stale, "back": back}
    return render(request, "papers/template_refused.html", context, status=409 if is_stale else 422)
