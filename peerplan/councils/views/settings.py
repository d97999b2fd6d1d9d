"""The council's settings: overview, details, statements, words, colours, logo."""

from dataclasses import fields
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from peerplan.councils import contrast, gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.forms import (
    ColoursForm,
    DatesRuleForm,
    DetailsForm,
    LogoForm,
    NamesForm,
    StatementsForm,
    VersionForm,
    WordsForm,
)
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.models import Council
from peerplan.councils.overview import parts_of
from peerplan.councils.services import brand, dates
from peerplan.councils.services.names import change_names
from peerplan.councils.views.editing import edit

administers = gate.requires(Capability.ADMINISTER)
shows_and_saves = require_http_methods(["GET", "HEAD", "POST"])


def _overview(request: CouncilRequest) -> str:
    return reverse("council_settings", kwargs={"council": request.council.slug})


@administers
@require_safe
def overview(request: CouncilRequest, council: str) -> HttpResponse:
    """What can be set, and the state that each part is in."""
    return render(request, "councils/settings/overview.html", {"parts": parts_of(request.council)})


@administers
@shows_and_saves
def details(request: CouncilRequest, council: str) -> HttpResponse:
    """What the council is called and where it is found."""

    def save(typed: dict[str, Any]) -> None:
        version = typed.pop("version")
        brand.change_details(
            council=request.council,
            details=brand.CouncilDetails(**typed),
            version=version,
            author=request.user,
        )

    return edit(
        request,
        DetailsForm,
        request.council,
        save,
        done="The council’s details are saved.",
        to=_overview(request),
        title="Council details",
    )


@administers
@shows_and_saves
def statements(request: CouncilRequest, council: str) -> HttpResponse:
    """The accessibility statement and the privacy notice."""

    def save(typed: dict[str, Any]) -> None:
        brand.change_statements(
            council=request.council,
            accessibility=typed["accessibility_statement"],
            privacy=typed["privacy_notice"],
            version=typed["version"],
            author=request.user,
        )

    return edit(
        request,
        StatementsForm,
        request.council,
        save,
        done="The statements are saved.",
        to=_overview(request),
        title="Accessibility statement and privacy notice",
        lead="Everybody may read these, without signing in.",
    )


@administers
@shows_and_saves
def words(request: CouncilRequest, council: str) -> HttpResponse:
    """The council's words for the columns of a plan."""

    def save(typed: dict[str, Any]) -> None:
        version = typed.pop("version")
        brand.change_words(
            council=request.council, words=typed, version=version, author=request.user
        )

    return edit(
        request,
        WordsForm,
        request.council,
        save,
        done="The words are saved.",
        to=_overview(request),
        title="Words",
        lead="What your council calls each column, on screens and in papers.",
    )


@administers
@shows_and_saves
def dates_rule(request: CouncilRequest, council: str) -> HttpResponse:
    """Whether later dates need approval."""

    def save(typed: dict[str, Any]) -> None:
        dates.change_dates_rule(
            council=request.council,
            extensions_need_approval=typed["extensions_need_approval"],
            version=typed["version"],
            author=request.user,
        )

    return edit(
        request,
        DatesRuleForm,
        request.council,
        save,
        done="The rule for later dates is saved.",
        to=_overview(request),
        title="Later dates",
        lead="Some councils have a lead or a committee approve every extension.",
    )


@administers
@shows_and_saves
def names(request: CouncilRequest, council: str) -> HttpResponse:
    """The people whose names are looked for in what the public will read."""

    def save(typed: dict[str, Any]) -> None:
        change_names(
            council=request.council,
            names=typed["protected_names"],
            version=typed["version"],
            author=request.user,
        )

    return edit(
        request,
        NamesForm,
        request.council,
        save,
        done="The list is saved.",
        to=_overview(request),
        title="People not to be named in public",
        lead="Before a position is released, plan managers are told where a text for publication "
        "names somebody of this list, as Jo Smith, J. Smith, Cllr Smith or Smith, Jo. They see the "
        "words found, and only administrators see the list.",
    )


def _measured(council: Council) -> list[tuple[str, str]]:
    """The contrasts of the saved colours, in words."""
    pairs = (
        ("Main colour on white", council.brand, contrast.WHITE),
        ("Text on the main colour", council.brand_ink, council.brand),
        ("Links on white", council.link_colour, contrast.WHITE),
    )
    return [(label, contrast.in_words(contrast.ratio(one, other))) for label, one, other in pairs]


@administers
@shows_and_saves
def colours(request: CouncilRequest, council: str) -> HttpResponse:
    """The council's colours, refused where they cannot be read."""

    def save(typed: dict[str, Any]) -> None:
        chosen = brand.Colours(**{each.name: typed[each.name] for each in fields(brand.Colours)})
        brand.change_colours(
            council=request.council, colours=chosen, version=typed["version"], author=request.user
        )

    return edit(
        request,
        ColoursForm,
        request.council,
        save,
        done="The colours are saved.",
        to=_overview(request),
        template="councils/settings/colours.html",
        title="Colours",
        lead="Write each as six hexadecimal digits after a #, as your brand guidelines do.",
        measured=_measured(request.council),
    )


@administers
@shows_and_saves
def logo(request: CouncilRequest, council: str) -> HttpResponse:
    """Puts up a logo."""

    def save(typed: dict[str, Any]) -> None:
        brand.change_logo(
            council=request.council,
            picture=typed["logo"],
            version=typed["version"],
            author=request.user,
        )

    return edit(
        request,
        LogoForm,
        request.council,
        save,
        done="The logo is saved.",
        to=_overview(request),
        template="councils/settings/logo.html",
        title="Logo",
        remove_form=VersionForm.over(request.council),
    )


@administers
@require_POST
def logo_removed(request: CouncilRequest, council: str) -> HttpResponse:
    """Takes the logo down."""

    def save(typed: dict[str, Any]) -> None:
        brand.change_logo(
            council=request.council, picture=None, version=typed["version"], author=request.user
        )

    return edit(
        request,
        VersionForm,
        request.council,
        save,
        done="The logo is taken down.",
        to=_overview(request),
        title="Take the logo down",
    )
