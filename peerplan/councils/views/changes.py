"""The history of the council's settings."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from peerplan.councils.changes import entries, marks_of
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.views.settings import administers

A_PAGE = 25


@administers
@require_safe
def changes(request: CouncilRequest, council: str) -> HttpResponse:
    """Who changed what in the settings, the latest first."""
    page = Paginator(marks_of(request.council), A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "entries": entries(list(page.object_list))}
    return render(request, "councils/settings/changes.html", context)
