"""People and their roles: who is here, what they may do, who has been invited."""

import logging
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.councils.forms import InviteForm, MembershipForm, VersionForm
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.mail import send_invitation
from peerplan.councils.models import Invitation, Membership
from peerplan.councils.services import invitations, people
from peerplan.councils.services.invitations import Invited
from peerplan.councils.views.editing import add_errors, edit, refused
from peerplan.councils.views.settings import administers, shows_and_saves

log = logging.getLogger(__name__)
NOT_MAILED = (
    "The invitation is kept, but the mail server did not take the e-mail to {}. "
    "Choose “Send again” when mail works."
)


def _people(request: CouncilRequest) -> str:
    return reverse("council_people", kwargs={"council": request.council.slug})


@administers
@require_safe
def council_people(request: CouncilRequest, council: str) -> HttpResponse:
    """Everybody with access, the invitations that wait or have run out, and who has left."""
    memberships = list(
        Membership.objects.for_council(request.council)
        .select_related("user")
        .order_by("post", "pk")
    )
    today, now = clock.today(), clock.now()
    here = [
        each
        for each in memberships
        if each.ended_at is None and not (each.ends_on and each.ends_on < today)
    ]
    invited = Invitation.objects.for_council(request.council).filter(
        accepted_at=None, withdrawn_at=None
    )
    return render(
        request,
        "councils/settings/people.html",
        {
            "here": here,
            "left": [each for each in memberships if each not in here],
            "invited": [(each, each.expires_at <= now) for each in invited],
        },
    )


def _mail(request: CouncilRequest, invited: Invited) -> None:
    """Sends the invitation and says so; where mail is down says that, and the invitation stays."""
    path = reverse("invitation", kwargs={"token": invited.token})
    email = invited.invitation.email
    try:
        send_invitation(invited.invitation, request.build_absolute_uri(path))
    except OSError:
        log.exception("An invitation could not be mailed")
        messages.warning(request, NOT_MAILED.format(email))
    else:
        messages.success(request, f"An invitation is on its way to {email}.")


@administers
@shows_and_saves
def invite(request: CouncilRequest, council: str) -> HttpResponse:
    """Invites a person by e-mail."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "title": "Invite a person", "back": _people(request)}
    context |= {"save_label": "Send the invitation", "back_label": "People"}
    if request.method != "POST":
        return render(request, "councils/settings/form.html", context)
    if form.is_valid():
        try:
            invited = invitations.invite(
                council=request.council, author=request.user, **form.cleaned_data
            )
        except Invalid as error:
            add_errors(form, error)
        else:
            _mail(request, invited)
            return redirect(_people(request))
    return refused(request, "councils/settings/form.html", context)


def _invitation(request: CouncilRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.for_council(request.council), pk=pk)


@administers
@require_POST
def invitation_withdrawn(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Makes an invitation useless."""
    invitation = _invitation(request, pk)
    try:
        invitations.withdraw_invitation(invitation=invitation, author=request.user)
    except Invalid as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"The invitation to {invitation.email} is withdrawn.")
    return redirect(_people(request))


@administers
@require_POST
def invitation_sent_again(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Sends an invitation with a new link; the old link stops working."""
    try:
        invited = invitations.resend_invitation(
            invitation=_invitation(request, pk), author=request.user
        )
    except Invalid as error:
        messages.warning(request, str(error))
    else:
        _mail(request, invited)
    return redirect(_people(request))


def _membership(request: CouncilRequest, pk: int) -> Membership:
    return get_object_or_404(
        Membership.objects.for_council(request.council).select_related("user"), pk=pk
    )


@administers
@shows_and_saves
def person(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Changes what a person may do; leads to ending their access."""
    membership = _membership(request, pk)

    def save(typed: dict[str, Any]) -> None:
        version = typed.pop("version")
        people.change_membership(
            membership=membership, version=version, author=request.user, **typed
        )

    return edit(
        request,
        MembershipForm,
        membership,
        save,
        done=f"{membership.user} is saved.",
        to=_people(request),
        back_label="People",
        template="councils/settings/person.html",
        title=str(membership.user),
        version_form=VersionForm.over(membership),
    )


@administers
@shows_and_saves
def person_end(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Ends a person's access now, after asking."""
    membership = _membership(request, pk)

    def save(typed: dict[str, Any]) -> None:
        people.end_membership(membership=membership, version=typed["version"], author=request.user)

    return edit(
        request,
        VersionForm,
        membership,
        save,
        done=f"{membership.user} has no access any more.",
        to=_people(request),
        back_label="People",
        title=f"End access of {membership.user}",
        lead="Their next click is refused. What they wrote stays, with their name beside it.",
        save_label="End access now",
    )


@administers
@shows_and_saves
def person_anonymous(request: CouncilRequest, council: str, pk: int) -> HttpResponse:
    """Removes the name and address of someone who has left, after asking."""
    membership = _membership(request, pk)

    def save(typed: dict[str, Any]) -> None:
        people.make_anonymous(membership=membership, version=typed["version"], author=request.user)

    return edit(
        request,
        VersionForm,
        membership,
        save,
        done="The name and address are removed.",
        to=_people(request),
        back_label="People",
        title=f"Make {membership.user} anonymous",
        lead="Their name and e-mail address are removed for good, and they can never sign in "
        "again. What they wrote stays, under “Someone who has left”.",
        save_label="Remove name and address",
    )
