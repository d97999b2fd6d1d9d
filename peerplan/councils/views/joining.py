"""Taking up an invitation: the only way into a council."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from peerplan.core.errors import Invalid
from peerplan.councils import gate
from peerplan.councils.forms import JoinForm
from peerplan.councils.models import Invitation, Membership, User
from peerplan.councils.services import invitations
from peerplan.councils.services.invitations import OVER
from peerplan.councils.views.editing import add_errors

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _over(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "councils/invitation_over.html", {"why": why}, status=status)


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    messages.success(request, f"Welcome to {membership.council}.")
    return redirect("home", council=membership.council.slug)


@gate.public
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an invitation: for a new person, or for one with an account."""
    found = invitations.find_invitation(token)
    if found is None:
        return _over(request, "This link belongs to no invitation.", 404)
    if why := OVER.get(invitations.state_of(found)):
        return _over(request, why, 410)
    account = User.objects.filter(email__iexact=found.email).first()
    if account is None:
        return _join_anew(request, found)
    if request.user != account:
        return render(request, "councils/invitation_sign_in.html", {"invitation": found})
    return _join(request, found, account)


def _join_anew(request: HttpRequest, found: Invitation) -> HttpResponse:
    """The form for someone without an account; signs them in."""
    if request.user.is_authenticated:
        return render(request, "councils/invitation_sign_in.html", {"invitation": found})
    if request.method != "POST":
        form = JoinForm(initial={"name": found.name}, email=found.email)
        return render(request, "councils/invitation.html", {"invitation": found, "form": form})
    form = JoinForm(request.POST, email=found.email)
    if form.is_valid():
        try:
            membership = invitations.accept_as_new_person(
                invitation=found,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password1"],
            )
        except Invalid as error:
            add_errors(form, error)
        else:
            login(request, membership.user, backend=BACKEND)
            return _welcome(request, membership)
    return render(
        request, "councils/invitation.html", {"invitation": found, "form": form}, status=422
    )


def _join(request: HttpRequest, found: Invitation, account: User) -> HttpResponse:
    """One button for someone who has signed in with the address that was invited."""
    if request.method != "POST":
        return render(request, "councils/invitation.html", {"invitation": found, "form": None})
    try:
        membership = invitations.accept_as(invitation=found, user=account)
    except Invalid as error:
        return _over(request, str(error), 409)
    return _welcome(request, membership)
