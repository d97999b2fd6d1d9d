"""How one form is answered: what is wrong with it, two people at once, nothing typed lost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from peerplan.core.errors import Invalid, Stale
from peerplan.core.versions import Versioned
from peerplan.councils.gate import CouncilRequest
from reviews import history
from reviews.deadlines import in_words
from reviews.models import PeerChallenge

Save = Callable[[], object]


@dataclass(frozen=True)
class Difference:
    """One field of which two people gave different texts."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Conflict:
    """Who saved while somebody else was typing, when, and what is different."""

    who: str
    when: datetime
    differences: tuple[Difference, ...]


def challenge_of(request: CouncilRequest, slug: str) -> PeerChallenge:
    """The challenge of the request's council with this address. Raises Http404."""
    rows = PeerChallenge.objects.for_council(request.council).select_related("council", "previous")
    return get_object_or_404(rows, slug=slug)


def answer(
    request: CouncilRequest,
    form: forms.Form,
    save: Save,
    *,
    template: str,
    context: dict[str, Any],
    done: str,
    to: str,
    as_given: Callable[[Any], dict[str, Any]] | None = None,
) -> HttpResponse:
    """The page of a form; after a post that could be saved, on `to` with the words `done`.

    What cannot be saved comes back with what was typed: 422 where it is wrong, 409 where somebody
    else was first. `as_given(record)` is a record as the form would be filled in with it.
    """
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                save()
                messages.success(request, done)
                return redirect(to)
            status = 422
        except Invalid as error:
            status = 422
            for field, message in error.fields.items():
                for line in message.split("\n"):
                    form.add_error(field if field in form.fields else None, line)
        except Stale as error:
            if as_given is None:
                raise
            status = 409
            given = as_given(error.current)
            context = context | {"conflict": conflict(request, form, error.current, given)}
    return render(request, template, {"form": form} | context, status=status)


def conflict(
    request: CouncilRequest, form: forms.Form, current: Versioned, given: dict[str, Any]
) -> Conflict:
    """What two people gave differently; the form then saves on top of the other's version."""
    differences = tuple(_differences(form, given))
    given_anew: Any = form.data
    given_anew = given_anew.copy()
    given_anew["version"] = str(current.version)
    form.data = given_anew
    who, when = history.last_change(current, request.council) or ("Somebody else", None)
    assert when is not None, "a record that was changed has a history"
    return Conflict(who, when, differences)


def _differences(form: forms.Form, given: dict[str, Any]) -> Iterable[Difference]:
    left_out: tuple[str, ...] = getattr(form, "not_compared", ())
    for name, field in form.fields.items():
        if name in left_out or name not in form.cleaned_data:
            continue
        theirs, mine = _words(field, given[name]), _words(field, form.cleaned_data[name])
        if theirs != mine:
            yield Difference(str(field.label or name), theirs, mine)


def _words(field: forms.Field, value: Any) -> str:
    """A field's value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(one) for one in value)) or history.NOTHING
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(_flat(field)).get(value, value))
    return history.NOTHING if value in (None, "") else str(value)


def _flat(field: forms.ChoiceField) -> Iterable[tuple[Any, Any]]:
    """The choices of a field, those of its groups too."""
    choices: Any = field.choices
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label
