"""Releasing the position to members, and the releases there have been."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from actions import figures
from actions.changes import changes
from actions.integrity.reading import findings_now
from actions.models import Release
from actions.position import plan_position
from actions.sentences import change_groups, claims_told, number_changed, standing
from actions.services.releases import release_position
from peerplan.core import clock
from peerplan.core.errors import Invalid, Stale
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.models import Membership
from peerplan.councils.scheme import rating_scheme
from peerplan.dashboards.forms import AsAtForm, ReleaseForm
from peerplan.dashboards.reading import challenge_of, read_release, releases_of, with_releases
from peerplan.dashboards.views.findings import findings_context, kept_counts
from peerplan.render.charts import stacked_table
from reviews.models import PeerChallenge

A_PAGE = 25


@gate.requires(Capability.RELEASE)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Shows what changed since the last release, as at a day; a POST releases that position."""
    record, releases = with_releases(request, challenge)
    if request.method != "POST":
        day_form = AsAtForm(
            request.GET
            if "as_at" in request.GET or "as_at_0" in request.GET
            else {"as_at": clock.today().isoformat()}
        )
        refused = not day_form.is_valid()
        day = clock.today() if refused else day_form.cleaned_data["as_at"]
        form = ReleaseForm(initial={"as_at": day, "seen": len(releases)})
        return _page(request, record, releases, day, day_form, form, 422 if refused else 200)
    form = ReleaseForm(request.POST)
    day = clock.today()
    if form.is_valid():
        day = form.cleaned_data["as_at"]
        try:
            return _released(request, record, form)
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name == "reason" else None, message)
        except Stale:
            releases = releases_of(record)
            kept = {"as_at": day, "seen": len(releases), "reason": form.cleaned_data["reason"]}
            return _page(request, record, releases, day, None, ReleaseForm(initial=kept), 409)
    return _page(request, record, releases, min(day, clock.today()), None, form, 422)


def _released(request: CouncilRequest, record: PeerChallenge, form: ReleaseForm) -> HttpResponse:
    done = release_position(
        challenge=record,
        as_at=form.cleaned_data["as_at"],
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        author=request.person,
    )
    messages.success(
        request, f"Released. Members and peers now read the position at {day_in_words(done.as_at)}."
    )
    return redirect("releases", council=request.council.slug, challenge=record.slug)


def _page(
    request: CouncilRequest,
    record: PeerChallenge,
    releases: list[Release],
    day: date,
    day_form: AsAtForm | None,
    form: ReleaseForm,
    status: int,
) -> HttpResponse:
    scheme = rating_scheme(request.council)
    whole = plan_position(record, day, named=False)
    position = whole.for_reader(reads_exempt=request.person.reads_exempt)
    lines = findings_now(request.person, record, whole, releases)
    last = releases[0] if releases else None
    before = read_release(request.person, last, full=False) if last else None
    groups = change_groups(changes(before, position)) if before else ()
    bars = [figures.bar(f"To be released, {day_in_words(day)}", position, scheme)]
    if before:
        bars.append(figures.bar(f"Members see now, {day_in_words(before.as_at)}", before, scheme))
    context: dict[str, Any] = findings_context(lines, day, "release") | {
        "challenge": record,
        "section": "releases",
        "release": None,
        "page_obj": None,
        "day_form": day_form or AsAtForm({"as_at": day.isoformat()}),
        "form": form,
        "day": day,
        "last": last,
        "position": position,
        "sentences": standing(position),
        "claims": claims_told(position),
        "groups": groups,
        "changed": number_changed(groups),
        "not_updated": sum(group.count for group in groups if group.key == "quiet"),
        "goes_back": bool(last and day < last.as_at),
        "is_stale": status == 409,
        "bars": bars,
        "numbers": stacked_table("Actions by status", bars, with_change=True),
        "scheme": scheme,
    }
    return render(request, "dashboards/release.html", context, status=status)


@gate.requires(Capability.READ_RELEASED)
@require_safe
def release_list(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The releases of a challenge, the last first. Officers see who made each, members the post."""
    record = challenge_of(request, challenge)
    page = Paginator(releases_of(record), A_PAGE).get_page(request.GET.get("page"))
    posts = {
        membership.user_id: str(membership)
        for membership in Membership.objects.for_council(request.council)
        .filter(user__in=[each.author_id for each in page.object_list])
        .order_by("started_at", "pk")
    }
    counts = kept_counts(request.person, record, page.object_list)
    context = {
        "challenge": record,
        "section": "releases",
        "page_obj": page,
        "rows": [
            {
                "release": each,
                "post": posts.get(each.author_id, "Former officer"),
                "name": each.author.name if request.person.reads_live else "",
                "findings": counts.get(each.pk),
            }
            for each in page.object_list
        ],
    }
    return render(request, "dashboards/releases.html", context)
