"""How one record is changed on a page: the form, what is wrong with it, and two people at once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from peerplan.core.errors import Invalid, Stale
from peerplan.core.versions import Versioned
from peerplan.councils.forms import RecordForm

Save = Callable[[dict[str, Any]], object]
FORM_TEMPLATE = "councils/settings/form.html"
CONFLICT_TEMPLATE = "councils/settings/conflict.html"


def add_errors(form: forms.Form, error: Invalid) -> None:
    """Shows what a service refused at the fields of the form, or above them all."""
    for field, message in error.fields.items():
        form.add_error(field if field in form.fields else None, message)


def refused(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page again with what was typed and what is wrong: a 422."""
    return render(request, template, context, status=422)


def conflict(
    request: HttpRequest, form: RecordForm, current: Any, context: dict[str, Any]
) -> HttpResponse:
    """Both versions side by side, who wrote the other, and the form ready to save again: a 409."""
    differences = form.differences(current)
    form.on_top_of(current)
    latest = current.history.select_related("history_user").first()
    context = context | {"form": form, "differences": differences, "latest": latest}
    return render(request, CONFLICT_TEMPLATE, context, status=409)


def edit(
    request: HttpRequest,
    form_class: type[RecordForm],
    record: Versioned,
    save: Save,
    *,
    done: str,
    to: str,
    template: str = FORM_TEMPLATE,
    **context: Any,
) -> HttpResponse:
    """The page that changes `record` with `save(cleaned data)`, then says `done` and goes `to`.

    `context` holds at least `title`; the link back goes to `to` and is called `back_label`.
    """
    context = {"back": to, "back_label": "Council settings", "record": record} | context
    if request.method != "POST":
        return render(request, template, context | {"form": form_class.over(record)})
    form = form_class(request.POST, request.FILES)
    if form.is_valid():
        try:
            save(form.cleaned_data)
        except Invalid as error:
            add_errors(form, error)
        except Stale as error:
            return conflict(request, form, error.current, context)
        else:
            messages.success(request, done)
            return redirect(to)
    return refused(request, template, context | {"form": form})
