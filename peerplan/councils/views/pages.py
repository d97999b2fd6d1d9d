"""The front door, and the pages that anyone may read."""

from contextlib import suppress

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from peerplan.councils import gate, health
from peerplan.councils.models import Council, User


@gate.public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The councils of the person who has signed in; straight to it where there is one."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    memberships = list(gate.memberships_of(request.user))
    if len(memberships) == 1:
        return redirect("home", council=memberships[0].council.slug)
    return render(request, "councils/front.html", {"memberships": memberships})


@gate.signed_in
@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where somebody lands who signed in in a second tab while a form was open in the first."""
    return render(request, "councils/signed_in.html")


def _visit(request: HttpRequest, slug: str) -> Council:
    """The council, set on the request for the page's frame; the person too where they belong."""
    council = get_object_or_404(Council, slug=slug)
    request.council = council  # type: ignore[attr-defined]
    if request.user.is_authenticated:
        with suppress(Http404):
            request.person = gate.person_in(request.user, slug)  # type: ignore[attr-defined]
    return council


@gate.public
@require_safe
def council_accessibility(request: HttpRequest, council: str) -> HttpResponse:
    """The council's accessibility statement, or our outline of one until it is filled in."""
    here = _visit(request, council)
    return render(
        request, "councils/accessibility.html", {"statement": here.accessibility_statement}
    )


@gate.public
@require_safe
def council_privacy(request: HttpRequest, council: str) -> HttpResponse:
    """The council's privacy notice, or our outline of one until it is filled in."""
    here = _visit(request, council)
    return render(request, "councils/privacy.html", {"notice": here.privacy_notice})


@gate.public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement of the product."""
    return render(request, "councils/accessibility.html", {"statement": ""})


@gate.public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the product keeps about people."""
    return render(request, "councils/privacy.html", {"notice": ""})


@gate.public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What each word and each role means, and how to do the main things."""
    return render(request, "councils/help.html")


@gate.public
@never_cache
@require_safe
def health_page(request: HttpRequest) -> JsonResponse:
    """Each part and whether it works: 200 where all do, otherwise 503."""
    parts = health.parts()
    failed = any(state != "ok" for state in parts.values())
    return JsonResponse(
        {"status": "failed" if failed else "ok", "parts": parts}, status=503 if failed else 200
    )
