"""The challenges of a council over the years, and the links between their recommendations."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerplan.core.forms import Form, PlainText
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.scheme import rating_scheme
from peerplan.dashboards import years
from reviews.models import PeerChallenge, Recommendation, Recurrence
from reviews.services import recurrences
from reviews.views.editing import answer, challenge_of


@gate.requires(Capability.READ_RELEASED)
@require_safe
def over_the_years(request: CouncilRequest, council: str) -> HttpResponse:
    """Themes that recur, and what became of each earlier recommendation."""
    context = {
        "section": "challenges",
        "found": years.over_the_years(request.person, rating_scheme(request.council)),
    }
    return render(request, "dashboards/years.html", context)


class TakenUpForm(Form):
    """A recommendation of a later challenge, and why it is the same matter."""

    later = forms.ModelChoiceField(
        Recommendation.objects.none(),
        label="Recommendation that takes it up",
        empty_label="Choose one",
        error_messages={
            "required": "Choose the later recommendation.",
            "invalid_choice": "Choose a recommendation of a later challenge.",
        },
    )
    note = PlainText(
        label="In what way",
        help_text="If it needs saying. Members see it.",
        required=False,
        lines=True,
        rows=3,
        max_length=recurrences.NOTE_LIMIT,
    )

    def __init__(self, data: Any, *, earlier: PeerChallenge) -> None:
        super().__init__(data)
        later = self.fields["later"]
        assert isinstance(later, forms.ModelChoiceField)
        rows = (
            Recommendation.objects.for_council(earlier.council_id)
            .filter(ended_at__isnull=True, challenge__on_site_from__gt=earlier.on_site_from)
            .select_related("challenge")
            .order_by("challenge__on_site_from", "challenge_id", "position", "pk")
        )
        later.queryset = rows
        # Django knows no groups of rows: they are built here, in one query.
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in rows:
            groups.setdefault(row.challenge.title, []).append((str(row.pk), str(row)))
        later.choices = [("", "Choose one"), *groups.items()]


@gate.requires(Capability.MANAGE_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def recurrence_new(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """Link an earlier recommendation to the one that takes it up."""
    record = challenge_of(request, challenge)
    if "\0" in ref:
        raise Http404
    rows = Recommendation.objects.filter(challenge=record, ended_at__isnull=True)
    earlier = get_object_or_404(rows, ref__iexact=ref)
    earlier.challenge = record
    form = TakenUpForm(request.POST or None, earlier=record)

    def save() -> None:
        recurrences.link(earlier=earlier, author=request.person, **form.cleaned_data)

    back = reverse("over_the_years", args=[council])
    context = {
        "title": f"Taken up later: {earlier}",
        "challenge": record,
        "section": "challenges",
        "back": back,
        "back_label": "Over the years",
        "save_label": "Link the two",
    }
    return answer(
        request,
        form,
        save,
        template="reviews/form.html",
        context=context,
        done="Linked. The page over the years shows it.",
        to=f"{back}#c-{record.pk}",
    )


@gate.requires(Capability.MANAGE_PLAN)
@require_POST
def recurrence_end(request: CouncilRequest, council: str, recurrence: int) -> HttpResponse:
    """Take back a link between two recommendations."""
    row = get_object_or_404(Recurrence.objects.for_council(request.council), pk=recurrence)
    recurrences.unlink(recurrence=row, author=request.person)
    messages.success(request, "The link is taken back.")
    return redirect("over_the_years", council=council)
