"""The list of challenges, setting one up, its details and dates, adoption, and the visit."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from peerplan.core import clock
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from reviews import progress_reading, reading
from reviews.deadlines import clock as clock_of
from reviews.deadlines import in_words
from reviews.forms import AdoptForm, DatesForm, DetailsForm, KindForm, NewChallengeForm
from reviews.models import PeerChallenge
from reviews.presets import PRESETS
from reviews.services import challenges as services
from reviews.services.recommendations import standing_recommendations
from reviews.views.editing import answer, challenge_of

FORM = "reviews/form.html"
READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@gate.requires(Capability.READ_RELEASED)
@require_safe
def challenge_list(request: CouncilRequest, council: str) -> HttpResponse:
    """All challenges of the council, the latest first."""
    standing = Q(recommendations__ended_at__isnull=True)
    rows = PeerChallenge.objects.for_council(request.council).annotate(
        how_many=Count("recommendations", filter=standing)
    )
    return render(request, "reviews/challenge_list.html", {"challenges": rows})


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def challenge_new(request: CouncilRequest, council: str) -> HttpResponse:
    """First the kind of review, then the details of the challenge."""
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    if kind not in PRESETS:
        return _choose_kind(request)
    preset = PRESETS[kind]
    initial = {"title": preset.default_title, "rule_set": preset.rule_sets[0]}
    form = NewChallengeForm(
        request.POST or None, preset=preset, council=request.council, initial=initial
    )
    made: list[PeerChallenge] = []

    def save() -> None:
        made.append(
            services.create_challenge(
                council=request.council, author=request.person, kind=kind, **form.cleaned_data
            )
        )

    context = {
        "title": f"Set up: {preset.label}",
        "kind": kind,
        "back": reverse("challenge_new", args=[council]),
        "back_label": "Kind of review",
        "save_label": "Set up the challenge",
    }
    list_url = reverse("challenges", args=[council])
    response = answer(
        request,
        form,
        save,
        template=FORM,
        context=context,
        done="The challenge is set up.",
        to=list_url,
    )
    return redirect("challenge_setup", council, made[0].slug) if made else response


def _choose_kind(request: CouncilRequest) -> HttpResponse:
    asked = request.method == "POST" or "kind" in request.GET
    form = KindForm((request.POST or request.GET) if asked else None)
    context = {
        "form": form,
        "title": "Set up a challenge",
        "back": reverse("challenges", args=[request.council.slug]),
        "back_label": "Peer challenges",
        "save_label": "Continue",
        "method": "get",
    }
    return render(request, FORM, context, status=422 if form.errors else 200)


@gate.requires(Capability.MANAGE_PLAN)
@require_safe
def challenge_setup(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What is done and what is left to do before the plan is adopted."""
    record = challenge_of(request, challenge)
    context = {
        "challenge": record,
        "tasks": reading.setup_tasks(record),
        "clock": clock_of(record, clock.today()),
    }
    return render(request, "reviews/setup.html", context)


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def challenge_details(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Title, days on site, deadlines, the challenge before it."""
    record = challenge_of(request, challenge)

    def as_given(row: PeerChallenge) -> dict[str, Any]:
        return {name: getattr(row, name) for name in (*services.DETAILS, "version")}

    form = DetailsForm(
        request.POST or None,
        preset=record.preset,
        council=request.council,
        challenge=record,
        initial=as_given(record),
    )

    def save() -> None:
        services.change_challenge(
            challenge=record,
            version=form.cleaned_data["version"],
            author=request.person,
            **form.given(),
        )

    return answer(
        request,
        form,
        save,
        template=FORM,
        context=_within(record, "Details and days on site"),
        done="The details are saved.",
        to=_setup(record),
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def challenge_dates(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The report, the plan and the progress review: the dates that deadlines run from and to."""
    record = challenge_of(request, challenge)

    def as_given(row: PeerChallenge) -> dict[str, Any]:
        return {name: getattr(row, name) for name in (*services.DATES, "version")}

    form = DatesForm(request.POST or None, challenge=record, initial=as_given(record))

    def save() -> None:
        services.change_challenge(
            challenge=record,
            version=form.cleaned_data["version"],
            author=request.person,
            **form.given(),
        )

    context = _within(record, "Report, deadlines and progress review")
    return answer(
        request,
        form,
        save,
        template="reviews/dates.html",
        context=context | {"clock": clock_of(record, clock.today())},
        done="The dates are saved.",
        to=_setup(record),
        as_given=as_given,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def challenge_adopt(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What adoption locks and what is still missing; then the day of adoption."""
    record = challenge_of(request, challenge)
    if record.adopted_on is not None and request.method != "POST":
        messages.info(request, f"The plan was adopted on {in_words(record.adopted_on)}.")
        return redirect(_setup(record))

    def as_given(row: PeerChallenge) -> dict[str, Any]:
        day = row.adopted_on or row.plan_approved_on
        return {"adopted_on": day if day and day <= clock.today() else None, "version": row.version}

    form = AdoptForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.adopt(
            challenge=record,
            adopted_on=form.cleaned_data["adopted_on"],
            author=request.person,
            version=form.cleaned_data["version"],
        )

    rows = standing_recommendations(record)
    context = _within(record, "Adopt the plan") | {
        "recommendations": rows,
        "missing": reading.missing(record, rows),
    }
    return answer(
        request,
        form,
        save,
        template="reviews/adopt.html",
        context=context,
        done="The plan is adopted. The wording of its recommendations is locked.",
        to=_setup(record),
        as_given=as_given,
    )


@gate.requires(Capability.READ_RELEASED)
@require_safe
def visit(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What took place, what the peers said, and what the council answered.

    Officers read it as it is. Members and peers read it once the plan is adopted: until then the
    responses are drafts. What the peers suggested when they came back is kept from them until the
    words of that review are locked.
    """
    record = challenge_of(request, challenge)
    told = not progress_reading.hides_suggestions(request.person, record)
    shown = record.is_adopted or request.person.reads_live
    context = {
        "challenge": record,
        "section": "visit",
        "visit": reading.visit(record, with_suggestions=told) if shown else None,
        "clock": clock_of(record, clock.today()),
    }
    return render(request, "reviews/visit.html", context)


def _setup(challenge: PeerChallenge) -> str:
    return reverse("challenge_setup", args=[challenge.council.slug, challenge.slug])


def _within(challenge: PeerChallenge, title: str) -> dict[str, Any]:
    return {
        "challenge": challenge,
        "title": title,
        "back": _setup(challenge),
        "back_label": "Set up",
    }
