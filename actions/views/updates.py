"""Giving an update: on a page of its own, and in the row of the plan."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions.conflicts import Conflict, conflict_of
from actions.extensions import waits_in_words
from actions.forms import Standing, UpdateForm, standing_of
from actions.models import Action, ProgressUpdate
from actions.permissions import require_update
from actions.position import milestones_now
from actions.reading import position_for
from actions.rows import days_left
from actions.rules import tidied
from actions.services.updates import post_update, update_as_at
from actions.states import State
from actions.views.common import fetch_action
from actions.views.drawing import draw, page_context, recent_releases, use_query_of_page
from peerplan.core import clock
from peerplan.core.errors import Invalid, Stale
from peerplan.core.http import is_partial
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, requires
from peerplan.councils.scheme import rating_scheme


@dataclass(frozen=True)
class Attempt:
    """What came of a form: saved, or the form to show again with the status of the answer."""

    form: UpdateForm
    status: int = 200
    saved: ProgressUpdate | None = None
    conflict: Conflict | None = None
    lost_file: bool = False


@requires(Capability.UPDATE_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def action_update(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """The form of an update, and its saving."""
    action = fetch_action(request, challenge, ref)
    require_update(request.person, action)
    in_row = "in_row" in request.GET and is_partial(request)
    tried = (
        attempt(request, action) if request.method == "POST" else Attempt(new_form(request, action))
    )
    if tried.saved:
        if in_row:
            return saved_row(request, action)
        return redirect(f"{reverse('action', args=[council, challenge, action.ref])}?saved=update")
    if in_row:
        return open_row(request, action, tried)
    context = form_context(request, action, tried) | {
        "form_url": request.path,
        "cancel_url": reverse("action", args=[council, challenge, action.ref]),
        "in_row": False,
    }
    return render(request, "actions/update.html", context, status=tried.status)


def new_form(request: CouncilRequest, action: Action) -> UpdateForm:
    """An empty form for `action` as it stands."""
    return _form(request, action)


def attempt(request: CouncilRequest, action: Action) -> Attempt:
    """Try to save what was posted about `action`."""
    form = _form(request, action, data=request.POST, files=request.FILES)
    has_file = bool(request.FILES)
    if not form.is_valid():
        return Attempt(form, 422, lost_file=has_file)
    try:
        saved = post_update(
            action=action,
            version=form.cleaned_data["version"],
            draft=form.draft(),
            author=request.person,
            evidence=form.evidence(),
        )
    except Invalid as error:
        form.take_errors(error.fields)
        return Attempt(form, 422, lost_file=has_file)
    except Stale:
        return _stale(request, action, form)
    return Attempt(form, saved=saved)


def _stale(request: CouncilRequest, action: Action, form: UpdateForm) -> Attempt:
    """Both texts, with what was typed in a form that now knows what the other did."""
    current = fetch_action(request, action.challenge.slug, action.ref)
    draft = tidied(form.draft())
    conflict = conflict_of(
        current,
        form.cleaned_data["version"],
        draft,
        request.person,
        rating_scheme(request.council),
    )
    data = request.POST.copy()
    data["version"] = str(current.version)
    same_day = update_as_at(current, draft.as_at)
    data["follows"] = str(same_day.pk) if same_day and same_day.as_at == draft.as_at else ""
    # What the other ticked stays ticked: this form did not know of it.
    done = {str(each.id) for each in milestones_now(current) if each.is_done}
    data.setlist("milestones_done", sorted(done.union(data.getlist("milestones_done"))))
    again = _form(request, current, data=data)
    return Attempt(again, 409, conflict=conflict, lost_file=bool(request.FILES))


def _form(request: CouncilRequest, action: Action, **given: object) -> UpdateForm:
    return UpdateForm(
        standing=standing_of(action, request.person, milestones_now(action)),
        person=request.person,
        scheme=rating_scheme(request.council),
        **given,
    )


def form_context(request: CouncilRequest, action: Action, tried: Attempt) -> dict[str, object]:
    """What the form's template needs, on whichever page it stands."""
    standing: Standing = tried.form.standing
    return {
        "challenge": action.challenge,
        "section": "plan",
        "action": action,
        "form": tried.form,
        "standing": standing,
        "scheme": rating_scheme(request.council),
        "last_status": standing.status,
        "last_label": rating_scheme(request.council)[standing.status].label,
        "days_left": days_left(standing.due, clock.today()) if standing.due else "",
        "conflict": tried.conflict,
        "lost_file": tried.lost_file,
        "has_ended": standing.last is not None
        and standing.last.state in (State.SUPERSEDED, State.NOT_TAKEN_FORWARD),
    }


def open_row(request: CouncilRequest, action: Action, tried: Attempt) -> HttpResponse:
    """For htmx: the row with its form below it; after a refusal the form only."""
    context = form_context(request, action, tried) | row_context(request, action, is_open=True)
    template = "actions/row_and_form.html" if tried.status == 200 else "actions/_open_row.html"
    return render(request, template, context, status=tried.status)


def saved_row(request: CouncilRequest, action: Action) -> HttpResponse:
    """For htmx: the row and the counts anew, in place of the form."""
    messages.success(request, f"Update of {action.ref} saved.{waits_in_words(action)}")
    context = row_context(request, action) | {"oob": True, "in_place": True}
    return render(request, "actions/row_saved.html", context)


def row_context(
    request: CouncilRequest, action: Action, *, is_open: bool = False
) -> dict[str, object]:
    """The plan's context with the row of `action`."""
    use_query_of_page(request)
    releases = recent_releases(action.challenge)
    position = position_for(request.person, action.challenge, details=False)
    assert position is not None, "officers always read a position"
    drawn = draw(request, action.challenge, position, releases)
    context = page_context(request, action.challenge, drawn, releases)
    return context | {
        "row": drawn.maker.row(position.by_id[action.pk]),
        "open_id": action.pk if is_open else 0,
        "in_row": True,
        "form_url": reverse(
            "action_update", args=[request.council.slug, action.challenge.slug, action.ref]
        ),
        "cancel_url": f"?{context['kept_query']}#a{action.ref}",
    }
