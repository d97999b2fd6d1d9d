"""The pages of routes: the ways papers go, their steps and what came of them."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerplan.core import clock
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers import diary
from peerplan.papers.models import Route, RouteStep
from peerplan.papers.outcome import may_read_outcome, reader_of
from peerplan.papers.route_forms import (
    COPY,
    OUTCOME,
    OWN,
    ChallengeForm,
    MoveForm,
    OutcomeForm,
    PressedForm,
    RenameForm,
    RouteForm,
    SeenStepForm,
    StartForm,
    StepForm,
    outcome_as_given,
    places_of,
    step_as_given,
)
from peerplan.papers.route_presets import PRESETS, PresetStep
from peerplan.papers.route_reading import RouteView, routes_of, views_of
from peerplan.papers.services import routes as services
from reviews.models import PeerChallenge
from reviews.views.editing import answer, challenge_of

READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
FORM = "papers/route_form.html"
EARLIER_OFFERED = 5


# --- Reading ------------------------------------------------------------------------------------


@gate.requires(Capability.READ_RELEASED)
@require_safe
def routes(request: CouncilRequest, council: str) -> HttpResponse:
    """All routes of the council: those running, then those that are over."""
    challenges = list(PeerChallenge.objects.for_council(request.council))
    found = _views(request, challenges)
    context = {
        "running": [view for view in found if not view.is_done],
        "over": [view for view in found if view.is_done],
        "challenges": challenges,
        # The navigation leads on to the plan of the latest challenge.
        "challenge": challenges[0] if challenges else None,
        "section": "meetings",
    }
    return render(request, "papers/routes.html", context)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def route(request: CouncilRequest, council: str, route: int) -> HttpResponse:
    """One route: its steps with body, meeting, deadlines, report, and what each takes in."""
    record = _route(request, route)
    view = views_of(
        [record],
        clock.today(),
        diary.calendar_of(request.council),
        reads_live=request.person.reads_live,
        reads=reader_of(request.person),
    )[0]
    context = {
        "view": view,
        "route": record,
        "challenge": record.challenge,
        "writes": request.person.can(Capability.PRODUCE_PAPERS),
        "section": "meetings",
    }
    return render(request, "papers/route.html", context)


# --- Routes -------------------------------------------------------------------------------------


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def route_new(request: CouncilRequest, council: str) -> HttpResponse:
    """First the challenge, then the way the papers go, then who takes each step."""
    slug = request.GET.get("challenge")
    if not slug:
        return _choose_challenge(request)
    challenge = challenge_of(request, slug)
    start = request.GET.get("start", "")
    views = _views(request, list(PeerChallenge.objects.for_council(request.council)))
    earlier = [view for view in views if view.steps][:EARLIER_OFFERED]
    begun = _begun_with(start, earlier)
    if begun is None:
        return _choose_start(request, challenge, earlier)
    preset, asked = begun
    places = places_of(request.council, clock.today())
    initial = {"name": _suggested_name(challenge, views)}
    form = RouteForm(request.POST or None, asked=asked, places=places, initial=initial)
    made: list[Route] = []

    def save() -> None:
        try:
            made.append(
                services.start_route(
                    challenge=challenge,
                    name=form.cleaned_data["name"],
                    steps=form.steps(),
                    preset=preset,
                    author=request.person,
                )
            )
        except Invalid as error:
            fields = {form.field_of(key): words for key, words in error.fields.items()}
            raise Invalid(fields) from error

    context = _page(challenge, "New route") | {
        "back": f"{reverse('route_new', args=[council])}?challenge={challenge.slug}",
        "back_label": "Which way the papers go",
        "save_label": "Make the route",
        "has_bodies": bool(places.bodies),
        "way": PRESETS[preset] if preset else None,
    }
    below = "Its deadlines are below." if asked else "Add its first step."
    done = f"The route is made. {below}"
    response = answer(
        request, form, save, template="papers/route_new.html", context=context, done=done, to="."
    )
    return redirect("route", council, made[0].pk) if made else response


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def route_rename(request: CouncilRequest, council: str, route: int) -> HttpResponse:
    """The name of a route, to change."""
    record = _route(request, route)

    def as_given(row: Route) -> dict[str, Any]:
        return {"name": row.name, "version": row.version}

    form = RenameForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.rename_route(route=record, author=request.person, **form.cleaned_data)

    context = _page(record.challenge, "Rename the route") | _back(record)
    to = reverse("route", args=[council, record.pk])
    return answer(
        request,
        form,
        save,
        template=FORM,
        context=context,
        done="Saved.",
        to=to,
        as_given=as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def route_end(request: CouncilRequest, council: str, route: int) -> HttpResponse:
    """Ends a route after saying what stays."""
    record = _route(request, route)

    def as_given(row: Route) -> dict[str, Any]:
        return {"version": row.version}

    form = PressedForm(request.POST or None, initial=as_given(record))

    def save() -> None:
        services.end_route(
            route=record, version=form.cleaned_data["version"], author=request.person
        )

    view = views_of([record], clock.today(), diary.calendar_of(request.council), reads_live=True)[0]
    context = _page(record.challenge, "End the route") | _back(record) | {"view": view}
    return answer(
        request,
        form,
        save,
        template="papers/route_end.html",
        context=context,
        done="The route has ended. It stays here to be read, with its reports.",
        to=reverse("route", args=[council, record.pk]),
        as_given=as_given,
    )


# --- Steps --------------------------------------------------------------------------------------


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def step_new(request: CouncilRequest, council: str, route: int) -> HttpResponse:
    """One more step at the end of a route."""
    record = _route(request, route)
    places = places_of(request.council, clock.today())
    form = StepForm(request.POST or None, places=places, initial={"is_open_to_call_in": True})

    def save() -> None:
        services.add_step(route=record, details=form.details(), author=request.person)

    context = _page(record.challenge, "Add a step") | _back(record)
    context |= {"save_label": "Add the step", "has_bodies": bool(places.bodies)}
    return answer(
        request,
        form,
        save,
        template="papers/step.html",
        context=context,
        done="The step is added at the end of the route.",
        to=reverse("route", args=[council, record.pk]),
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def step(request: CouncilRequest, council: str, step: int) -> HttpResponse:
    """One step, to change or remove."""
    record = _step(request, step)
    places = places_of(request.council, clock.today(), kept=record)
    form = SeenStepForm(request.POST or None, places=places, initial=step_as_given(record))

    def save() -> None:
        services.change_step(
            step=record,
            version=form.cleaned_data["version"],
            details=form.details(),
            author=request.person,
        )

    context = _page(record.route.challenge, f"{record.body}: change the step")
    context |= _back(record.route) | {
        "has_bodies": True,
        "end_url": reverse("step_end", args=[council, record.pk]),
        "end_version": record.version,
    }
    return answer(
        request,
        form,
        save,
        template="papers/step.html",
        context=context,
        done="Saved.",
        to=_to_step(record),
        as_given=step_as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@READ_OR_POST
def step_outcome(request: CouncilRequest, council: str, step: int) -> HttpResponse:
    """What came of a step: comments, minute, and the day the decision was published."""
    record = _step(request, step)
    if not may_read_outcome(request.person, record):
        raise NotPermitted(services.NOT_ENTITLED)
    form = OutcomeForm(request.POST or None, initial=outcome_as_given(record))

    def save() -> None:
        given = {key: form.cleaned_data[key] for key in OUTCOME}
        version = form.cleaned_data["version"]
        services.record_outcome(step=record, version=version, author=request.person, **given)

    context = _page(record.route.challenge, f"{record.body}: outcome")
    context |= _back(record.route) | {"step": record}
    return answer(
        request,
        form,
        save,
        template="papers/step_outcome.html",
        context=context,
        done="The outcome is saved.",
        to=_to_step(record),
        as_given=outcome_as_given,
    )


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def step_move(request: CouncilRequest, council: str, step: int) -> HttpResponse:
    """One place up or down."""
    record = _step(request, step)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the route and press the button again."})
    services.move_step(
        step=record,
        up=form.cleaned_data["way"] == "up",
        version=form.cleaned_data["version"],
        author=request.person,
    )
    return redirect(_to_step(record))


@gate.requires(Capability.PRODUCE_PAPERS)
@require_POST
def step_end(request: CouncilRequest, council: str, step: int) -> HttpResponse:
    """Takes a step out of its route. One with a report or an outcome stays, and it says why."""
    record = _step(request, step)
    form = PressedForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the route and press the button again."})
    services.end_step(step=record, version=form.cleaned_data["version"], author=request.person)
    messages.success(request, "The step is removed.")
    return redirect("route", council, record.route_id)


# --- Parts of the above -------------------------------------------------------------------------


def _route(request: CouncilRequest, pk: int) -> Route:
    rows = Route.objects.for_council(request.council).select_related("challenge__council")
    found: Route = get_object_or_404(rows, pk=pk)
    return found


def _step(request: CouncilRequest, pk: int) -> RouteStep:
    rows: QuerySet[RouteStep] = RouteStep.objects.for_council(request.council)
    rows = rows.select_related("route__challenge__council", "body", "meeting", "paper")
    return get_object_or_404(rows, pk=pk, ended_at__isnull=True)


def _views(request: CouncilRequest, challenges: list[PeerChallenge]) -> list[RouteView]:
    return routes_of(
        challenges,
        clock.today(),
        diary.calendar_of(request.council),
        reads_live=request.person.reads_live,
        with_ended=True,
    )


def _page(challenge: PeerChallenge, title: str) -> dict[str, Any]:
    return {"challenge": challenge, "title": title, "section": "meetings"}


def _back(route: Route) -> dict[str, Any]:
    url = reverse("route", args=[route.challenge.council.slug, route.pk])
    return {"route": route, "back": url, "back_label": route.name}


def _to_step(step: RouteStep) -> str:
    url = reverse("route", args=[step.route.challenge.council.slug, step.route_id])
    return f"{url}#step-{step.pk}"


def _choose_challenge(request: CouncilRequest) -> HttpResponse:
    if request.method == "POST":
        raise Http404
    challenges = list(PeerChallenge.objects.for_council(request.council))
    url = reverse("route_new", args=[request.council.slug])
    if len(challenges) == 1:
        return redirect(f"{url}?challenge={challenges[0].slug}")
    form = ChallengeForm(request.GET or None, challenges=challenges)
    context = {
        "form": form,
        "title": "New route",
        "section": "meetings",
        "challenges": challenges,
        "back": reverse("routes", args=[request.council.slug]),
        "back_label": "Routes",
        "save_label": "Continue",
        "method": "get",
    }
    status = 422 if form.is_bound else 200
    return render(request, "papers/route_challenge.html", context, status=status)


def _choose_start(
    request: CouncilRequest, challenge: PeerChallenge, earlier: list[RouteView]
) -> HttpResponse:
    is_sent = request.method == "POST" or not {"start", "asked"}.isdisjoint(request.GET)
    bound = request.GET if is_sent else None
    form = StartForm(bound, earlier=earlier, initial={"challenge": challenge.slug})
    context = _page(challenge, "New route") | {
        "form": form,
        "back": reverse("routes", args=[request.council.slug]),
        "back_label": "Routes",
        "save_label": "Continue",
        "method": "get",
    }
    return render(request, FORM, context, status=422 if form.is_bound else 200)


def _begun_with(start: str, earlier: list[RouteView]) -> tuple[str, tuple[PresetStep, ...]] | None:
    """The key of the preset ("" for none) and the steps asked about; None for another word."""
    if start == OWN:
        return "", ()
    if start in PRESETS:
        return start, PRESETS[start].steps
    for view in earlier:
        if start == f"{COPY}{view.route.pk}":
            return view.route.preset, tuple(_as_last_time(each.step) for each in view.steps)
    return None


def _as_last_time(step: RouteStep) -> PresetStep:
    purpose = step.get_purpose_display()
    return PresetStep(
        asks=f"{step.body}, to {purpose[:1].lower()}{purpose[1:]}",
        kinds=(step.body.kind,),
        purpose=step.purpose,
        shares_paper=step.shares_paper,
        takes_comments=step.takes_comments,
        takes_minute=step.takes_minute,
        is_open_to_call_in=step.is_open_to_call_in,
        is_key=step.is_key,
        has_private_part=step.has_private_part,
        body_id=step.body_id,
    )


def _suggested_name(challenge: PeerChallenge, views: list[RouteView]) -> str:
    """What most rounds are: the plan until it is approved, its progress from then on."""
    about = "Action plan" if challenge.plan_approved_on is None else "Progress"
    name = f"{about}, {clock.today():%B %Y}"
    taken = {view.route.name.lower() for view in views if view.route.challenge_id == challenge.pk}
    number, free = 2, name
    while free.lower() in taken:
        free = f"{name} ({number})"
        number += 1
    return free
