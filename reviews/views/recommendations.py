"""The pages of the recommendations: list, add, paste, change, correct, move, remove, history."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peerplan.core.errors import Invalid
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from reviews import history, pasting, progress_reading, reading
from reviews.forms import (
    CorrectionForm,
    PasteForm,
    ReasonForm,
    RecommendationForm,
    SeenAnswerForm,
    SeenRecommendationForm,
)
from reviews.models import PeerChallenge, Recommendation, Theme
from reviews.services import recommendations as services
from reviews.views.challenges import READ_OR_POST
from reviews.views.editing import answer, challenge_of

FORM = "reviews/form.html"


@gate.requires(Capability.MANAGE_PLAN)
@require_safe
def recommendations(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """All recommendations in plan order, with buttons to put them in another."""
    record = challenge_of(request, challenge)
    context = _page(record, "Recommendations") | {
        "back": reverse("challenge_setup", args=[council, challenge]),
        "back_label": "Set up",
        "rows": reading.recommendations(record),
    }
    return render(request, "reviews/recommendations.html", context)


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def recommendation_add(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """One more recommendation."""
    record = challenge_of(request, challenge)
    initial = {"kind": record.preset.kinds[0], "response": ""}
    form = RecommendationForm(request.POST or None, challenge=record, initial=initial)

    def save() -> None:
        services.add_recommendation(challenge=record, author=request.person, **form.cleaned_data)

    return answer(
        request,
        form,
        save,
        template=FORM,
        context=_page(record, "Add a recommendation"),
        done="The recommendation is added.",
        to=_list(record),
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def recommendation_paste(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Several recommendations at once, pasted as lines or as cells of a table."""
    record = challenge_of(request, challenge)
    form = PasteForm(
        request.POST or None, challenge=record, initial={"kind": record.preset.kinds[0]}
    )

    def save() -> None:
        services.add_recommendations(
            challenge=record,
            author=request.person,
            rows=pasting.rows(form.cleaned_data["rows"]),
            kind=form.cleaned_data["kind"],
        )

    return answer(
        request,
        form,
        save,
        template=FORM,
        context=_page(record, "Paste a list of recommendations"),
        done="The recommendations are added.",
        to=_list(record),
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def recommendation_change(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """One recommendation: all of it before adoption, all but the peers' words after."""
    record = challenge_of(request, challenge)
    row = _recommendation(record, ref)
    form_class = SeenAnswerForm if record.is_adopted else SeenRecommendationForm
    names = [name for name in form_class.base_fields if name != "themes"]

    def as_given(row: Recommendation) -> dict[str, Any]:
        standing = Theme.objects.filter(
            recommendation_links__recommendation=row, recommendation_links__ended_at__isnull=True
        )
        return {name: getattr(row, name) for name in names} | {"themes": list(standing)}

    form = form_class(
        request.POST or None, challenge=record, recommendation=row, initial=as_given(row)
    )

    def save() -> None:
        services.change_recommendation(
            recommendation=row, author=request.person, **form.cleaned_data
        )

    context = _page(record, f"Recommendation {row.ref}") | {"recommendation": row}
    if not record.is_adopted:
        args = [council, challenge, row.ref]
        context |= {
            "remove_url": reverse("recommendation_remove", args=args),
            "remove_version": row.version,
        }
    return answer(
        request,
        form,
        save,
        template="reviews/recommendation_form.html",
        context=context,
        done=f"Recommendation {row.ref} is saved.",
        to=_list(record),
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def recommendation_correct(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """An error in the locked wording put right, with a reason that everyone sees."""
    record = challenge_of(request, challenge)
    row = _recommendation(record, ref)
    if not record.is_adopted:
        return redirect("recommendation_change", council, challenge, row.ref)

    def as_given(row: Recommendation) -> dict[str, Any]:
        return {name: getattr(row, name) for name in (*services.LOCKED, "version")}

    form = CorrectionForm(request.POST or None, initial=as_given(row))

    def save() -> None:
        services.correct_wording(recommendation=row, author=request.person, **form.cleaned_data)

    return answer(
        request,
        form,
        save,
        template=FORM,
        context=_page(record, f"Correct the wording of recommendation {row.ref}"),
        done="The wording is corrected. The old words and your reason are shown beside it.",
        to=_list(record),
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@require_POST
def recommendation_move(
    request: CouncilRequest, council: str, challenge: str, ref: str, way: str
) -> HttpResponse:
    """One place up or down among its fellows, with those under it."""
    record = challenge_of(request, challenge)
    row = _recommendation(record, ref)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the list and press the button again."})
    services.move(
        recommendation=row,
        up=way == "up",
        version=form.cleaned_data["version"],
        author=request.person,
    )
    return redirect(f"{_list(record)}#r-{row.pk}")


@gate.requires(Capability.MANAGE_PLAN)
@require_POST
def recommendation_remove(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """Takes a recommendation away before adoption; it stays in the history."""
    record = challenge_of(request, challenge)
    row = _recommendation(record, ref)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the page and press the button again."})
    services.end_recommendation(
        recommendation=row,
        version=form.cleaned_data["version"],
        author=request.person,
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, f"Recommendation {row.ref} is removed.")
    return redirect(_list(record))


@gate.requires(Capability.READ_RELEASED)
@require_safe
def recommendation(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """One recommendation and its history; for members and peers, the history since adoption."""
    record = challenge_of(request, challenge)
    if not record.is_adopted and not request.person.reads_live:
        raise Http404
    row = _recommendation(record, ref)
    if row.kind == Recommendation.Kind.SUGGESTION and progress_reading.hides_suggestions(
        request.person, record
    ):
        raise Http404
    since = None if request.person.reads_live else history.adopted_at(record)
    context = {
        "challenge": record,
        "section": "visit",
        "row": row,
        "themes": reading.theme_titles(record).get(row.pk, ()),
        "entries": history.recommendation_history(row, since),
    }
    return render(request, "reviews/recommendation.html", context)


def _recommendation(challenge: PeerChallenge, ref: str) -> Recommendation:
    """The standing recommendation of that reference. Raises Http404."""
    rows = Recommendation.objects.for_council(challenge.council).select_related(
        "challenge__council", "parent"
    )
    found = rows.filter(challenge=challenge, ref__iexact=ref, ended_at__isnull=True).first()
    if found is None:
        raise Http404
    return found


def _list(challenge: PeerChallenge) -> str:
    return reverse("recommendations", args=[challenge.council.slug, challenge.slug])


def _page(challenge: PeerChallenge, title: str) -> dict[str, Any]:
    return {
        "challenge": challenge,
        "title": title,
        "back": _list(challenge),
        "back_label": "Recommendations",
    }
