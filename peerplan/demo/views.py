"""Signing in with one click, in demonstration mode on this machine only."""

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from peerplan.councils import gate
from peerplan.councils.capabilities import Role
from peerplan.councils.models import User

DOMAIN = "ashdale.example"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
PAPERS = "published-papers"
"""Not a role: whoever reads the four real councils' published papers."""
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@gate.public
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in as the person of Ashdale who has the role `role`, and goes on to `next`.

    404 outside demonstration mode and for an unknown role; 403 for a request that did not begin
    on this machine, or that a proxy passed on.
    """
    if not settings.DEMO:
        raise Http404
    if request.META.get("REMOTE_ADDR") not in LOOPBACK or "X-Forwarded-For" in request.headers:
        raise PermissionDenied
    role = request.POST.get("role", "")
    if role not in (*Role.values, PAPERS):
        raise Http404
    login(request, get_object_or_404(User, email=f"{role}@{DOMAIN}", is_active=True), BACKEND)
    onward = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        return redirect(onward)
    return redirect("front")
