"""Directorates and portfolios: named, renamed, ended and reopened, never deleted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from peerplan.core.errors import Invalid
from peerplan.councils.forms import (
    DirectorateFields,
    DirectorateForm,
    EndForm,
    PortfolioFields,
    PortfolioForm,
    VersionForm,
)
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.models import Directorate, Portfolio
from peerplan.councils.services import structure
from peerplan.councils.views.editing import add_errors, edit
from peerplan.councils.views.settings import administers, shows_and_saves

DIRECTORATES_LEAD = (
    "The parts of the council’s officer structure. Plans are filtered and counted by them."
)
PORTFOLIOS_LEAD = (
    "What a member of the executive, or the chair of a committee, is accountable for. "
    "Each action may name one."
)
ENDING = (
    "It is no longer offered for actions. Actions and past papers that name it stay as they are, "
    "and it can be reopened."
)


def _directorates(request: CouncilRequest) -> str:
    return reverse("council_directorates", kwargs={"council": request.council.slug})


def _portfolios(request: CouncilRequest) -> str:
    return reverse("council_portfolios", kwargs={"council": request.council.slug})


def _list(request: CouncilRequest, form: Any, status: int = 200, **context: Any) -> HttpResponse:
    return render(
        request, "councils/settings/structure.html", {"form": form, **context}, status=status
    )


@administers
@shows_and_saves
def directorates(request: CouncilRequest, council: str) -> HttpResponse:
    """The directorates, and the form that adds one."""
    form = DirectorateFields(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = structure.add_directorate(
                council=request.council, name=form.cleaned_data["name"], author=request.user
            )
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, f"“{added}” is added.")
            return redirect(_directorates(request))
    return _list(
        request,
        form,
        422 if request.method == "POST" else 200,
        title="Directorates",
        one="directorate",
        lead=DIRECTORATES_LEAD,
        rows=Directorate.objects.for_council(request.council),
        row_url="council_directorate",
    )


@administers
@shows_and_saves
def portfolios(request: CouncilRequest, council: str) -> HttpResponse:
    """The portfolios, and the form that adds one."""
    form = PortfolioFields(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = structure.add_portfolio(
                council=request.council,
                name=form.cleaned_data["name"],
                holder_title=form.cleaned_data["holder_title"],
                author=request.user,
            )
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, f"“{added}” is added.")
            return redirect(_portfolios(request))
    return _list(
        request,
        form,
        422 if request.method == "POST" else 200,
        title="Portfolios",
        one="portfolio",
        lead=PORTFOLIOS_LEAD,
        rows=Portfolio.objects.for_council(request.council),
        row_url="council_portfolio",
    )


def _directorate(request: CouncilRequest, pk: int) -> Directorate:
    return get_object_or_404(Directorate.objects.for_council(request.council), pk=pk)


def _portfolio(request: CouncilRequest, pk: int) -> Portfolio:
    return get_object_or_404(Portfolio.objects.for_council(request.council), pk=pk)


@administers
@shows_and_saves
def directorate(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Renames a directorate; leads to ending or reopening it."""
    record = _directorate(request, pk)

    def save(typed: dict[str, Any]) -> None:
        structure.rename_directorate(
            directorate=record,
            name=typed["name"],
            version=typed["version"],
            author=request.user,
        )

    return edit(
        request,
        DirectorateForm,
        record,
        save,
        done="The directorate is saved.",
        to=_directorates(request),
        back_label="Directorates",
        template="councils/settings/structure_one.html",
        title=record.name,
        end_url="council_directorate_end",
        reopen_url="council_directorate_reopen",
        version_form=VersionForm.over(record),
    )


@administers
@shows_and_saves
def portfolio(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Renames a portfolio; leads to ending or reopening it."""
    record = _portfolio(request, pk)

    def save(typed: dict[str, Any]) -> None:
        structure.rename_portfolio(
            portfolio=record,
            name=typed["name"],
            holder_title=typed["holder_title"],
            version=typed["version"],
            author=request.user,
        )

    return edit(
        request,
        PortfolioForm,
        record,
        save,
        done="The portfolio is saved.",
        to=_portfolios(request),
        back_label="Portfolios",
        template="councils/settings/structure_one.html",
        title=record.name,
        end_url="council_portfolio_end",
        reopen_url="council_portfolio_reopen",
        version_form=VersionForm.over(record),
    )


def _end(request: CouncilRequest, record: Any, to: str) -> HttpResponse:
    def save(typed: dict[str, Any]) -> None:
        structure.end_part(
            part=record, on=typed["on"], version=typed["version"], author=request.user
        )

    return edit(
        request,
        EndForm,
        record,
        save,
        done=f"“{record}” is ended.",
        to=to,
        back_label="Back to the list",
        title=f"End {record}",
        lead=ENDING,
        save_label="End it",
    )


def _reopen(request: CouncilRequest, record: Any, to: str) -> HttpResponse:
    def save(typed: dict[str, Any]) -> None:
        structure.reopen_part(part=record, version=typed["version"], author=request.user)

    return edit(
        request,
        VersionForm,
        record,
        save,
        done=f"“{record}” is open again.",
        to=to,
        back_label="Back to the list",
        title=f"Reopen {record}",
        save_label="Reopen it",
    )


@administers
@shows_and_saves
def directorate_end(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Ends a directorate on a day."""
    return _end(request, _directorate(request, pk), _directorates(request))


@administers
@shows_and_saves
def portfolio_end(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Ends a portfolio on a day."""
    return _end(request, _portfolio(request, pk), _portfolios(request))


@administers
@require_POST
def directorate_reopen(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Offers an ended directorate again."""
    return _reopen(request, _directorate(request, pk), _directorates(request))


@administers
@require_POST
def portfolio_reopen(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Offers an ended portfolio again."""
    return _reopen(request, _portfolio(request, pk), _portfolios(request))
