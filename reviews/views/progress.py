"""The pages on which a progress review is entered, and its words locked."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from reviews import progress_reading as reading
from reviews.deadlines import clock as clock_of
from reviews.forms import ReasonForm
from reviews.models import (
    Finding,
    PeerChallenge,
    ProgressReview,
    Recommendation,
    ReturningPeer,
    ReviewPart,
    ReviewTheme,
)
from reviews.progress_forms import (
    FindingForm,
    LockForm,
    ReasonedForm,
    ReasonedSeenForm,
    ReturningPeerForm,
    ReviewDatesForm,
    ReviewThemeForm,
    ReviewThemesForm,
    ReviewWordsForm,
    SeenReturningPeerForm,
    SuggestionForm,
)
from reviews.services import progress as services
from reviews.views.challenges import READ_OR_POST
from reviews.views.editing import answer, challenge_of

FORM = "reviews/form.html"
REMOVE = "reviews/review_remove.html"
DATES = ("review_from", "review_to", "review_report_published_on")
# The lists of a review by the word in their address; findings have pages of their own.
PARTS: dict[str, type[ReviewPart]] = {"team": ReturningPeer, "themes": ReviewTheme}
TITLES = {"team": "Who came back", "themes": "Headings of the report"}

# --- The whole ----------------------------------------------------------------------------------


@gate.requires(Capability.MANAGE_PLAN)
@require_safe
def review_setup(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What is entered of the review, and what is left before its words are locked."""
    record = challenge_of(request, challenge)
    review = services.review_of(record)
    context = {
        "challenge": record,
        "section": "review",
        "review": review,
        "deadlines": reading.deadlines_of_review(clock_of(record, clock.today())),
        "tasks": reading.setup_tasks(record, reading.read(review) if review else None),
    }
    return render(request, "reviews/review_setup.html", context)


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_dates(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """When the peers came back and when their report was published: dates of the challenge."""
    record = challenge_of(request, challenge)

    def as_given(row: PeerChallenge) -> dict[str, Any]:
        return {name: getattr(row, name) for name in (*DATES, "version")}

    form = ReviewDatesForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.set_dates(challenge=record, author=request.person, **form.cleaned_data)

    context = _within(record, "Days of the review and its report") | {
        "deadlines": reading.deadlines_of_review(clock_of(record, clock.today()))
    }
    return answer(
        request,
        form,
        save,
        template="reviews/review_dates.html",
        context=context,
        done="The days are saved.",
        to=_setup(record),
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_words(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What the peers found overall, and where their report is."""
    review = _review(request, challenge)

    def as_given(row: ProgressReview) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("summary", "report_url", "version")}

    form = ReviewWordsForm(request.POST or None, review=review, initial=as_given(review))

    def save() -> None:
        services.change_words(review=review, author=request.person, **form.cleaned_data)

    return answer(
        request,
        form,
        save,
        template=FORM,
        context=_within(review.challenge, "What the peers found overall"),
        done="Saved.",
        to=_setup(review.challenge),
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_lock(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What locking does and what is still missing; then the words are locked."""
    review = _review(request, challenge)

    def as_given(row: ProgressReview) -> dict[str, Any]:
        return {"version": row.version}

    form = LockForm(request.POST or None, initial=as_given(review))

    def save() -> None:
        services.lock(review=review, version=form.cleaned_data["version"], author=request.person)

    context = _within(review.challenge, "Lock the words of the review") | {
        "review": review,
        "read": reading.read(review),
        "save_label": "Lock the words",
    }
    return answer(
        request,
        form,
        save,
        template="reviews/review_lock.html",
        context=context,
        done="The words are locked. Members and peers can read the review now.",
        to=_setup(review.challenge),
        as_given=as_given,
    )


# --- Who came back, and the headings --------------------------------------------------------------


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_team(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Who came back, and a form for one more."""
    review = _review(request, challenge)
    form = ReturningPeerForm(request.POST or None, review=review)

    def save() -> None:
        services.add_peer(review=review, author=request.person, **form.cleaned_data)

    context = _within(review.challenge, TITLES["team"]) | {
        "part": "team",
        "rows": ReturningPeer.objects.filter(review=review, ended_at__isnull=True),
    }
    return answer(
        request,
        form,
        save,
        template="reviews/review_team.html",
        context=context,
        done="Added.",
        to=request.path,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_team_copy(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The team of the visit taken over; asks why where the words are locked."""
    review = _review(request, challenge)
    form = ReasonedForm(request.POST if request.method == "POST" else None, review=review)

    def save() -> None:
        services.copy_team(review=review, author=request.person, **form.cleaned_data)

    to = reverse("review_team", args=[council, challenge])
    context = _within(review.challenge, "Copy the team of the visit") | {
        "back": to,
        "back_label": TITLES["team"],
        "save_label": "Copy the team",
    }
    return answer(
        request, form, save, template=FORM, context=context, done="The team is copied.", to=to
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_peer(request: CouncilRequest, council: str, challenge: str, pk: int) -> HttpResponse:
    """One of those who came back, to change."""
    review = _review(request, challenge)
    peer = _part(review, ReturningPeer, pk)

    def as_given(row: ReturningPeer) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("name", "role", "organisation", "version")}

    form = SeenReturningPeerForm(request.POST or None, review=review, initial=as_given(peer))

    def save() -> None:
        services.change_peer(peer=peer, author=request.person, **form.cleaned_data)

    return _edit(request, form, save, as_given, review, peer, "team")


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_themes(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The headings of the report, and a form for several at once."""
    review = _review(request, challenge)
    form = ReviewThemesForm(request.POST or None, review=review)

    def save() -> None:
        given = dict(form.cleaned_data)
        lines = [line.strip() for line in given.pop("titles").split("\n") if line.strip()]
        services.add_themes(review=review, author=request.person, titles=lines, **given)

    context = _within(review.challenge, TITLES["themes"]) | {
        "part": "themes",
        "rows": ReviewTheme.objects.filter(review=review, ended_at__isnull=True),
    }
    return answer(
        request,
        form,
        save,
        template="reviews/review_themes.html",
        context=context,
        done="Added.",
        to=request.path,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_theme(request: CouncilRequest, council: str, challenge: str, pk: int) -> HttpResponse:
    """One heading with what the peers wrote under it, to change."""
    review = _review(request, challenge)
    theme = _part(review, ReviewTheme, pk)

    def as_given(row: ReviewTheme) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("title", "text", "version")}

    form = ReviewThemeForm(request.POST or None, review=review, initial=as_given(theme))

    def save() -> None:
        services.change_theme(theme=theme, author=request.person, **form.cleaned_data)

    return _edit(request, form, save, as_given, review, theme, "themes")


@gate.requires(Capability.MANAGE_PLAN)
@require_POST
def review_part_move(
    request: CouncilRequest, council: str, challenge: str, part: str, pk: int, way: str
) -> HttpResponse:
    """One place up or down."""
    review = _review(request, challenge)
    row = _part(review, _kind(part), pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the list and press the button again."})
    services.move_part(
        part=row, up=way == "up", version=form.cleaned_data["version"], author=request.person
    )
    return redirect(f"{reverse(f'review_{part}', args=[council, challenge])}#{part}-{pk}")


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_part_remove(
    request: CouncilRequest, council: str, challenge: str, part: str, pk: int
) -> HttpResponse:
    """Takes one away; asks why where the words are locked."""
    review = _review(request, challenge)
    row = _part(review, _kind(part), pk)
    to = reverse(f"review_{part}", args=[council, challenge])
    return _remove(request, review, row, str(row), to, TITLES[part])


# --- Findings and suggestions -------------------------------------------------------------------


@gate.requires(Capability.MANAGE_PLAN)
@require_safe
def review_findings(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Every recommendation with what is entered of it, and the suggestions under it."""
    review = _review(request, challenge)
    context = _within(review.challenge, "Findings and suggestions") | {
        "review": review,
        "read": reading.read(review),
        "suggests": Recommendation.Kind.SUGGESTION in review.challenge.preset.kinds,
    }
    return render(request, "reviews/review_findings.html", context)


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_finding(request: CouncilRequest, council: str, challenge: str, ref: str) -> HttpResponse:
    """What the peers saw of one recommendation."""
    review = _review(request, challenge)
    recommendation = _recommendation(review, ref)
    finding = Finding.objects.filter(
        review=review, recommendation=recommendation, ended_at__isnull=True
    ).first()

    def as_given(row: Finding | None) -> dict[str, Any]:
        if row is None:
            return {"version": 0}
        return {name: getattr(row, name) for name in ("progress", "words", "theme", "version")}

    form = FindingForm(request.POST or None, review=review, initial=as_given(finding))

    def save() -> None:
        services.set_finding(
            review=review,
            recommendation=recommendation,
            author=request.person,
            **form.cleaned_data,
        )

    context = _of_recommendation(review, recommendation) | {
        "title": f"What the {review.challenge.preset.reviewers} saw of {recommendation.ref}",
        "finding": finding,
    }
    return answer(
        request,
        form,
        save,
        template="reviews/review_finding.html",
        context=context,
        done=f"What was seen of {recommendation.ref} is saved.",
        to=f"{context['back']}#r-{recommendation.pk}",
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_finding_remove(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """Takes a finding away; asks why where the words are locked."""
    review = _review(request, challenge)
    recommendation = _recommendation(review, ref)
    rows = Finding.objects.for_council(request.council).select_related("review__challenge__council")
    finding = get_object_or_404(
        rows, review=review, recommendation=recommendation, ended_at__isnull=True
    )
    to = reverse("review_findings", args=[council, challenge])
    what = f"the finding on {recommendation.ref}"
    return _remove(request, review, finding, what, to, "Findings and suggestions")


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_suggestion_new(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """A suggestion of the peers under one recommendation."""
    review = _review(request, challenge)
    recommendation = _recommendation(review, ref)
    initial = {"ref": services.next_ref(recommendation)}
    form = SuggestionForm(request.POST or None, review=review, initial=initial)

    def save() -> None:
        services.add_suggestion(
            review=review, parent=recommendation, author=request.person, **form.cleaned_data
        )

    context = _of_recommendation(review, recommendation) | {
        "title": f"A suggestion under {recommendation.ref}",
        "finding": None,
        "save_label": "Add the suggestion",
    }
    return answer(
        request,
        form,
        save,
        template="reviews/review_finding.html",
        context=context,
        done="The suggestion is added. It is a recommendation now: answer it, and add actions.",
        to=f"{context['back']}#r-{recommendation.pk}",
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def review_suggestion_remove(
    request: CouncilRequest, council: str, challenge: str, ref: str
) -> HttpResponse:
    """Takes away a suggestion entered by mistake, while the words are not locked."""
    review = _review(request, challenge)
    suggestion = get_object_or_404(services.suggestions_of(review.challenge), ref__iexact=ref)
    form = ReasonForm(request.POST or None, initial={"version": suggestion.version})

    def save() -> None:
        services.remove_suggestion(
            review=review,
            suggestion=suggestion,
            version=form.cleaned_data["version"],
            author=request.person,
        )

    to = reverse("review_findings", args=[council, challenge])
    context = _removal(review, f"suggestion {suggestion.ref}", to, "Findings and suggestions")
    form.fields.pop("reason")
    return answer(request, form, save, template=REMOVE, context=context, done="Removed.", to=to)


# --- What they share ----------------------------------------------------------------------------


def _review(request: CouncilRequest, challenge: str) -> ProgressReview:
    """The review of a challenge of the request's council. Raises Http404."""
    record = challenge_of(request, challenge)
    review = services.review_of(record)
    if review is None:
        raise Http404("The progress review is not set up.")
    review.challenge = record
    return review


def _recommendation(review: ProgressReview, ref: str) -> Recommendation:
    """A standing recommendation of the review's challenge, no suggestion. Raises Http404."""
    rows = Recommendation.objects.for_council(review.challenge.council).exclude(
        kind=Recommendation.Kind.SUGGESTION
    )
    if "\0" in ref:
        raise Http404
    return get_object_or_404(
        rows, challenge=review.challenge, ref__iexact=ref, ended_at__isnull=True
    )


def _kind(part: str) -> type[ReviewPart]:
    if part not in PARTS:
        raise Http404
    return PARTS[part]


def _part(review: ProgressReview, model: type[Any], pk: int) -> Any:
    rows = model.objects.for_council(review.challenge.council)
    row = get_object_or_404(rows, review=review, pk=pk, ended_at__isnull=True)
    row.review = review
    return row


def _setup(challenge: PeerChallenge) -> str:
    return reverse("review_setup", args=[challenge.council.slug, challenge.slug])


def _within(challenge: PeerChallenge, title: str) -> dict[str, Any]:
    return {
        "challenge": challenge,
        "section": "review",
        "title": title,
        "back": _setup(challenge),
        "back_label": "Progress review",
    }


def _of_recommendation(review: ProgressReview, recommendation: Recommendation) -> dict[str, Any]:
    args = [review.challenge.council.slug, review.challenge.slug]
    return {
        "challenge": review.challenge,
        "section": "review",
        "recommendation": recommendation,
        "back": reverse("review_findings", args=args),
        "back_label": "Findings and suggestions",
    }


def _removal(review: ProgressReview, what: str, to: str, label: str) -> dict[str, Any]:
    return {
        "challenge": review.challenge,
        "section": "review",
        "title": f"Remove {what}",
        "back": to,
        "back_label": label,
        "save_label": "Remove",
    }


def _remove(
    request: CouncilRequest, review: ProgressReview, row: ReviewPart, what: str, to: str, label: str
) -> HttpResponse:
    def as_given(current: ReviewPart) -> dict[str, Any]:
        return {"version": current.version}

    form = ReasonedSeenForm(request.POST or None, review=review, initial=as_given(row))

    def save() -> None:
        services.end_part(part=row, author=request.person, **form.cleaned_data)

    return answer(
        request,
        form,
        save,
        template=REMOVE,
        context=_removal(review, what, to, label),
        done="Removed.",
        to=to,
        as_given=as_given,
    )


def _edit(
    request: CouncilRequest,
    form: Any,
    save: Any,
    as_given: Any,
    review: ProgressReview,
    row: ReviewPart,
    part: str,
) -> HttpResponse:
    args = [review.challenge.council.slug, review.challenge.slug]
    to = reverse(f"review_{part}", args=args)
    context = _within(review.challenge, f"{TITLES[part]}: change") | {
        "back": to,
        "back_label": TITLES[part],
        "remove_link": reverse("review_part_remove", args=[*args, part, row.pk]),
    }
    return answer(
        request,
        form,
        save,
        template="reviews/review_part.html",
        context=context,
        done="Saved.",
        to=to,
        as_given=as_given,
    )
