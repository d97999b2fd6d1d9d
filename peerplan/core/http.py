"""Domain errors as pages, and small pieces of HTTP that every app shares."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from peerplan.core.errors import Invalid, NotPermitted, Stale


class DomainErrorMiddleware:
    """Turns a domain error that a view let pass into a page with the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A 403, 409 or 422 page for our own errors, None (not ours) for the rest."""
        if isinstance(error, NotPermitted):
            return render(request, "403.html", {"message": str(error)}, status=403)
        if isinstance(error, Stale):
            return render(request, "409.html", {"message": str(error)}, status=409)
        if isinstance(error, Invalid):
            return render(request, "422.html", {"message": str(error)}, status=422)
        return None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A 403 page that says how to go on when a form was open across a sign-in or for too long."""
    return render(request, "csrf.html", status=403)
