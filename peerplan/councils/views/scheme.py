"""The rating scheme: what the council calls each status, and its written rule."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peerplan.councils.forms import RuleForm
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.models import RatingLabel
from peerplan.councils.scheme import rating_scheme
from peerplan.councils.services import ratings
from peerplan.councils.views.editing import edit
from peerplan.councils.views.settings import administers, shows_and_saves


@administers
@require_safe
def scheme(request: CouncilRequest, council: str) -> HttpResponse:
    """All statuses with their rules."""
    rules = rating_scheme(request.council).values()
    return render(request, "councils/settings/scheme.html", {"rules": rules})


@administers
@shows_and_saves
def rule(request: CouncilRequest, council: str, key: str) -> HttpResponse:
    """Changes the rule of one status."""
    record = get_object_or_404(RatingLabel.objects.for_council(request.council), key=key)

    def save(typed: dict[str, Any]) -> None:
        version = typed.pop("version")
        ratings.change_rule(rule=record, version=version, author=request.user, **typed)

    return edit(
        request,
        RuleForm,
        record,
        save,
        done="The rule is saved.",
        to=reverse("council_scheme", kwargs={"council": council}),
        back_label="Rating scheme",
        template="councils/settings/rule.html",
        title=f"Rule for “{record}”",
    )
