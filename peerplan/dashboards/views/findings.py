"""What the rules find in the ratings, before a release and as it was kept; and notes on it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from actions.integrity.reading import (
    Line,
    exempt_now,
    findings_kept,
    findings_now,
    groups,
)
from actions.integrity.rules import ACTION, RECOMMENDATION, slugs
from actions.models import Release
from actions.permissions import visible_actions
from actions.position import plan_position
from actions.services.findings import answer_finding, find_line
from peerplan.core import clock
from peerplan.core.errors import Invalid, Stale
from peerplan.core.filters import Filter, choice_filter
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest, Person
from peerplan.dashboards.forms import AsAtForm, NoteForm
from peerplan.dashboards.reading import with_releases
from reviews.models import PeerChallenge, Recommendation

A_PAGE = 25
A_GROUP = 10
"""Findings of one rule that are shown before the page of that rule alone."""
WAITING, ANSWERED = "waiting", "answered"
SHOWN = ((WAITING, "Without a note"), (ANSWERED, "Answered by a note"))


@gate.requires(Capability.RELEASE)
@require_safe
def findings(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """What is found in the position as at a day, or what a release kept, rule by rule."""
    record, releases = with_releases(request, challenge)
    release = _release_asked(request.GET, releases)
    day_form = day_form_of(request.GET)
    is_refused = release is None and not day_form.is_valid()
    day = clock.today() if is_refused or release else day_form.cleaned_data["as_at"]
    if release:
        lines = kept_lines(request.person, record, release)
        day = release.as_at
    else:
        position = plan_position(record, day, named=False)
        lines = findings_now(request.person, record, position, releases)
    filters = _filters(request.GET, lines)
    chosen, shown = (each.value for each in filters)
    listed = [
        line
        for line in lines
        if chosen in ("", line.finding.rule) and shown in ("", ANSWERED if line.note else WAITING)
    ]
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page")) if chosen else None
    context = findings_context(lines, day, "findings", listed=listed, page=page) | {
        "challenge": record,
        "section": "findings",
        "day": day,
        "day_form": day_form,
        "release": release,
        "filters": filters,
        "is_filtered": any(each.is_active for each in filters),
        "found_here": len(listed),
        "page_obj": page,
    }
    return render(request, "dashboards/findings.html", context, status=422 if is_refused else 200)


def day_form_of(query: QueryDict) -> AsAtForm:
    """The form for the day that is asked for, today by default."""
    is_asked = "as_at" in query or "as_at_0" in query
    return AsAtForm(query if is_asked else {"as_at": clock.today().isoformat()})


def kept_counts(
    person: Person, challenge: PeerChallenge, releases: Iterable[Release]
) -> dict[int, tuple[int, int]]:
    """How many findings each release kept, and how many without a note, for who releases.

    By the release's id, as `person` may know them (two queries); none for anybody else.
    """
    if not person.can(Capability.RELEASE):
        return {}
    exempt = frozenset() if person.reads_exempt else exempt_now(challenge)
    rows = Release.objects.filter(pk__in=[each.pk for each in releases])
    found: dict[int, tuple[int, int]] = {}
    for pk, kept in rows.values_list("pk", "findings"):
        lines = findings_kept(kept, reads_exempt=person.reads_exempt, exempt=exempt)
        found[pk] = len(lines), sum(line.note is None for line in lines)
    return found


def kept_lines(person: Person, challenge: PeerChallenge, release: Release) -> tuple[Line, ...]:
    """What `release` kept, as `person` may know it then and now (two queries)."""
    exempt = frozenset() if person.reads_exempt else exempt_now(challenge)
    return findings_kept(release.findings, reads_exempt=person.reads_exempt, exempt=exempt)


def findings_context(
    lines: Sequence[Line],
    day: date,
    origin: str,
    *,
    listed: Sequence[Line] | None = None,
    page: Page[Line] | None = None,
) -> dict[str, Any]:
    """What the list of findings needs in a template.

    Of `listed` (all when None) the first of each rule are shown, or those of `page`.
    """
    found = groups(lines if listed is None else listed)
    shown = list(page) if page else [line for group in found for line in group.lines[:A_GROUP]]
    return {
        "groups_found": [
            replace(group, shown=tuple(one for one in shown if one.finding.rule == group.key))
            for group in found
        ],
        "found": len(lines),
        "answered": sum(line.note is not None for line in lines),
        "waiting": sum(line.note is None for line in lines),
        "opens": len(shown) <= A_GROUP or page is not None,
        "note_query": urlencode({"as_at": day.isoformat(), "from": origin}),
        "day_query": urlencode({"as_at": day.isoformat()}),
    }


def _release_asked(query: QueryDict, releases: Sequence[Release]) -> Release | None:
    """The release whose findings are asked for, None where it is not about one."""
    asked = query.get("release", "")
    if not asked:
        return None
    for each in releases:
        if asked == str(each.pk):
            return each
    raise Http404


def _filters(query: QueryDict, lines: Sequence[Line]) -> tuple[Filter, Filter]:
    there = [(each.key, f"{each.heading} ({each.count})") for each in groups(lines)]
    return (
        choice_filter(query, "rule", "Rule", there, "All rules"),
        choice_filter(query, "show", "Show", SHOWN, "All of them"),
    )


@gate.requires(Capability.RELEASE)
@require_http_methods(["GET", "HEAD", "POST"])
def finding_note(
    request: CouncilRequest, council: str, challenge: str, rule: str, ref: str
) -> HttpResponse:
    """One finding, with the note that answers it; a POST gives a note."""
    record, releases = with_releases(request, challenge)
    day_form = day_form_of(request.GET)
    day = day_form.cleaned_data["as_at"] if day_form.is_valid() else clock.today()
    form, status, typed = NoteForm(request.POST or None), 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            try:
                answer_finding(
                    challenge=record, as_at=day, rule=rule, ref=ref, author=request.person, **typed
                )
            except Invalid as refusal:
                for name, message in refusal.fields.items():
                    form.add_error(name or None, message)
            except Stale:
                status = 409
            else:
                messages.success(request, f"Your note on {ref} is saved.")
                return redirect(f"{_back(request, record, day)}#{slugs()[rule][0]}")
    line = find_line(request.person, record, day, releases, rule=rule, ref=ref)
    if line is None:
        _subject_or_404(request.person, record, rule, ref)
    if status != 422:
        # Saving again answers the finding as it is now.
        form = NoteForm(initial=NoteForm.seen_of(line) | {"note": typed["note"] if typed else ""})
    return _note_page(request, record, day, line, form, status, typed)


def _subject_or_404(person: Person, challenge: PeerChallenge, rule: str, ref: str) -> None:
    """Raises Http404 unless there is such a rule and something of this reference that it is for."""
    _, kind = slugs().get(rule, ("", ""))
    if kind == ACTION:
        rows: Any = visible_actions(person)
    elif kind == RECOMMENDATION:
        rows = Recommendation.objects.for_council(person.council).filter(ended_at__isnull=True)
    else:
        raise Http404
    if not rows.filter(challenge=challenge, ref__iexact=ref).exists():
        raise Http404


def _back(request: CouncilRequest, challenge: PeerChallenge, day: date) -> str:
    """Where the person came from, with the day that they looked at."""
    name = "release" if request.GET.get("from") == "release" else "findings"
    query = urlencode({"as_at": day.isoformat()})
    return f"{reverse(name, args=[request.council.slug, challenge.slug])}?{query}"


def _note_page(
    request: CouncilRequest,
    challenge: PeerChallenge,
    day: date,
    line: Line | None,
    form: NoteForm,
    status: int,
    typed: dict[str, Any] | None,
) -> HttpResponse:
    has_changed = bool(typed and line and typed["facts"] != line.finding.facts_sha256)
    context = {
        "challenge": challenge,
        "section": "findings",
        "day": day,
        "line": line,
        "form": form,
        "is_stale": status == 409,
        "has_changed": has_changed,
        "typed": typed["note"] if typed else "",
        "back": _back(request, challenge, day),
        "comes_from_release": request.GET.get("from") == "release",
    }
    return render(request, "dashboards/finding_note.html", context, status=status)
