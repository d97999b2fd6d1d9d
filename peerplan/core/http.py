"""Domain errors and ended sessions as pages that keep what was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import render

from peerplan.core.errors import Invalid, NotPermitted, Stale


@dataclass(frozen=True)
class Typed:
    """One value of a form that could not be saved."""

    name: str
    value: str

    @property
    def label(self) -> str:
        """The field's name as a person would read it."""
        return self.name.rpartition("-")[2].replace("_", " ").capitalize()

    @property
    def is_prose(self) -> bool:
        """True for words that somebody wrote, as against a choice, a number or a version."""
        return " " in self.value.strip() or len(self.value) > 40


def typed_in(request: HttpRequest) -> list[Typed]:
    """What was typed into the form, in its order; never a password or the form's token."""
    return [
        Typed(name, str(value))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name.lower()
        for value in values
    ]


def is_partial(request: HttpRequest) -> bool:
    """True where htmx asked, so that only a part of the page will be replaced."""
    return request.headers.get("HX-Request") == "true"


def came_from_this_site(request: HttpRequest) -> bool:
    """True where a page of this site sent the form, by the browser's own word.

    A page that offers to send a form again with a fresh token must never do so for a form that
    another site made up.
    """
    here = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    if origin and origin != "null":
        return origin == here
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return request.headers.get("Referer", "").startswith(f"{here}/")


def notice(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """A page about a refusal; for htmx its notice only, put above the form that stays as it is."""
    response = render(request, template, context, status=status)
    if is_partial(request):
        response["HX-Retarget"] = "#notices"
        response["HX-Reswap"] = "innerHTML"
        response["HX-Reselect"] = ".notice"
    return response


class DomainErrorMiddleware:
    """Turns a domain error that a view let pass into a page with the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A 403, 409 or 422 page for our own errors, None (not ours) for the rest."""
        pages: tuple[tuple[type[Exception], str, int], ...] = (
            (NotPermitted, "403.html", 403),
            (Stale, "409.html", 409),
            (Invalid, "422.html", 422),
        )
        for kind, template, status in pages:
            if isinstance(error, kind):
                kept = typed_in(request) if request.method == "POST" else []
                return notice(request, template, status, message=str(error), kept=kept)
        return None


class SignInMiddleware(LoginRequiredMiddleware):
    """Asks people to sign in; a form sent after the session had ended keeps what was typed."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """A redirect to sign in, or a 401 where that would lose a form or a part of a page."""
        if is_partial(request):
            return notice(request, "core/session_ended.html", 401)
        if request.method == "POST" and request.POST:
            return render(
                request,
                "core/session_ended_page.html",
                {
                    "kept": typed_in(request),
                    "has_files": bool(request.FILES),
                    "may_send_again": came_from_this_site(request),
                },
                status=401,
            )
        return super().handle_no_permission(request, view_func)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A 403 page that says how to go on when a form was open across a sign-in or for too long."""
    if is_partial(request):
        return notice(request, "core/token_renewed.html", 403, token=get_token(request))
    held_password = any("password" in name.lower() for name in request.POST)
    return render(
        request,
        "csrf.html",
        {
            "kept": [] if held_password else typed_in(request),
            "has_files": bool(request.FILES),
            "may_send_again": not held_password and came_from_this_site(request),
        },
        status=403,
    )
