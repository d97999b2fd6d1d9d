"""The pages of the peer team, the themes and what the peers said."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from peerplan.core.errors import Invalid
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from reviews import reading
from reviews.forms import (
    ConclusionForm,
    ConclusionsForm,
    ReasonForm,
    SeenTeamMemberForm,
    TeamMemberForm,
    ThemeForm,
    ThemesForm,
    themes_of,
)
from reviews.models import ChallengePart, Conclusion, PeerChallenge, TeamMember, Theme
from reviews.services import parts as services
from reviews.views.challenges import READ_OR_POST
from reviews.views.editing import answer, challenge_of

# The lists of a challenge by the word in their address; recommendations have pages of their own.
PARTS: dict[str, type[ChallengePart]] = {
    "team": TeamMember,
    "themes": Theme,
    "conclusions": Conclusion,
}


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def team(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The peer team, and a form for one more."""
    record = challenge_of(request, challenge)
    form = TeamMemberForm(request.POST or None)

    def save() -> None:
        services.add_team_member(challenge=record, author=request.person, **form.cleaned_data)

    context = _list_page(record, "team", record.preset.team_word) | {
        "rows": TeamMember.objects.filter(challenge=record, ended_at__isnull=True)
    }
    return answer(
        request,
        form,
        save,
        template="reviews/team.html",
        context=context,
        done="Added.",
        to=request.path,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def team_member(request: CouncilRequest, council: str, challenge: str, pk: int) -> HttpResponse:
    """One of the team, to change or remove."""
    record = challenge_of(request, challenge)
    member = _part(record, TeamMember, pk)

    def as_given(row: TeamMember) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("name", "role", "organisation", "version")}

    form = SeenTeamMemberForm(request.POST or None, initial=as_given(member))

    def save() -> None:
        services.change_team_member(member=member, author=request.person, **form.cleaned_data)

    return _edit(request, form, save, as_given, record, member, "team", record.preset.team_word)


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def themes(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The core themes as ticks, further ones as lines, and the list of those that stand."""
    record = challenge_of(request, challenge)
    rows = list(themes_of(record))
    there = [row.title for row in rows if row.title in record.preset.themes]
    # All are offered as ticked until some theme stands.
    initial = {"core": there if rows else record.preset.themes, "seen": there}
    form = ThemesForm(request.POST or None, preset=record.preset, initial=initial)

    def save() -> None:
        services.set_themes_of_challenge(
            challenge=record,
            author=request.person,
            core=form.cleaned_data["core"],
            seen=form.cleaned_data["seen"],
            own=_lines(form.cleaned_data["own"]),
            focus=_lines(form.cleaned_data["focus"]),
        )

    context = _list_page(record, "themes", "Themes") | {"rows": rows}
    return answer(
        request,
        form,
        save,
        template="reviews/themes.html",
        context=context,
        done="The themes are saved.",
        to=request.path,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def theme(request: CouncilRequest, council: str, challenge: str, pk: int) -> HttpResponse:
    """One theme, to change or remove."""
    record = challenge_of(request, challenge)
    row = _part(record, Theme, pk)

    def as_given(row: Theme) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("title", "kind", "version")}

    form = ThemeForm(request.POST or None, initial=as_given(row))

    def save() -> None:
        services.change_theme(theme=row, author=request.person, **form.cleaned_data)

    return _edit(request, form, save, as_given, record, row, "themes", "Themes")


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def conclusions(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What was said, by theme, and a form for several points at once."""
    record = challenge_of(request, challenge)
    initial = {"theme": request.GET.get("theme", ""), "kind": Conclusion.Kind.STRENGTH}
    form = ConclusionsForm(request.POST or None, challenge=record, initial=initial)

    def save() -> None:
        services.add_conclusions(
            challenge=record,
            author=request.person,
            theme=form.cleaned_data["theme"],
            kind=form.cleaned_data["kind"],
            texts=_lines(form.cleaned_data["texts"]),
        )

    title = f"What the {record.preset.reviewers} said"
    context = _list_page(record, "conclusions", title) | {"read": reading.said_by_theme(record)}
    context["has_said"] = any(theme.said for theme in context["read"])
    return answer(
        request,
        form,
        save,
        template="reviews/conclusions.html",
        context=context,
        done="Added.",
        to=request.path,
    )


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def conclusion(request: CouncilRequest, council: str, challenge: str, pk: int) -> HttpResponse:
    """One point, to change or remove."""
    record = challenge_of(request, challenge)
    row = _part(record, Conclusion, pk)

    def as_given(row: Conclusion) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("theme", "kind", "text", "version")}

    form = ConclusionForm(request.POST or None, challenge=record, initial=as_given(row))

    def save() -> None:
        services.change_conclusion(conclusion=row, author=request.person, **form.cleaned_data)

    title = f"What the {record.preset.reviewers} said"
    return _edit(request, form, save, as_given, record, row, "conclusions", title)


@gate.requires(Capability.MANAGE_PLAN)
@require_POST
def part_move(
    request: CouncilRequest, council: str, challenge: str, part: str, pk: int, way: str
) -> HttpResponse:
    """One place up or down; a button in a form of its own, so that it works without JavaScript."""
    record = challenge_of(request, challenge)
    row = _part(record, _kind(part), pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the list and press the button again."})
    services.move_part(
        part=row, up=way == "up", version=form.cleaned_data["version"], author=request.person
    )
    return redirect(f"{reverse(part, args=[council, challenge])}#{part}-{pk}")


@gate.requires(Capability.MANAGE_PLAN)
@require_POST
def part_remove(
    request: CouncilRequest, council: str, challenge: str, part: str, pk: int
) -> HttpResponse:
    """Takes one away, then goes back to the list. A theme in use stays, and the page says why."""
    record = challenge_of(request, challenge)
    row = _part(record, _kind(part), pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Invalid({"": "Go back to the page and press the button again."})
    services.end_part(
        part=row,
        version=form.cleaned_data["version"],
        author=request.person,
        reason=form.cleaned_data["reason"],
    )
    messages.success(request, "Removed.")
    return redirect(part, council, challenge)


def _kind(part: str) -> type[ChallengePart]:
    if part not in PARTS:
        raise Http404
    return PARTS[part]


def _part(challenge: PeerChallenge, model: type[Any], pk: int) -> Any:
    rows = model.objects.for_council(challenge.council).select_related("challenge__council")
    return get_object_or_404(rows, challenge=challenge, pk=pk, ended_at__isnull=True)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _list_page(challenge: PeerChallenge, part: str, title: str) -> dict[str, Any]:
    return {
        "challenge": challenge,
        "part": part,
        "title": title,
        "back": reverse("challenge_setup", args=[challenge.council.slug, challenge.slug]),
        "back_label": "Set up",
    }


def _edit(
    request: CouncilRequest,
    form: Any,
    save: Any,
    as_given: Any,
    challenge: PeerChallenge,
    row: ChallengePart,
    part: str,
    title: str,
) -> HttpResponse:
    to = reverse(part, args=[challenge.council.slug, challenge.slug])
    args = [challenge.council.slug, challenge.slug, part, row.pk]
    context = _list_page(challenge, part, f"{title}: change") | {
        "back": to,
        "back_label": title,
        "remove_url": reverse("part_remove", args=args),
        "remove_version": row.version,
    }
    return answer(
        request,
        form,
        save,
        template="reviews/form.html",
        context=context,
        done="Saved.",
        to=to,
        as_given=as_given,
    )
