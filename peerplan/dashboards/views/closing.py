"""Closing a plan: what is left to do, the letter, what goes on elsewhere, and opening it again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from actions.permissions import visible_actions
from actions.position import last_release, plan_position
from actions.services.closing import carry_over, close_plan, open_again, unfinished
from actions.services.statements import issue_statement
from actions.statement_reading import issues_for, statement_of, with_statement
from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.dashboards.closing import checklist, first_letter
from peerplan.dashboards.closing_forms import (
    CarryOverForm,
    CloseForm,
    LetterForm,
    OpenAgainForm,
)
from peerplan.dashboards.reading import challenge_of
from peerplan.render.errors import RenderError
from reviews.models import ClosingLetter, PeerChallenge
from reviews.services.closing import LetterTexts, save_letter
from reviews.views.editing import answer

FORM = "reviews/form.html"
READ_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@gate.requires(Capability.READ_RELEASED)
@require_safe
def closing(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """How far a plan is from closing, for officers; that it closed, for everybody."""
    record = challenge_of(request, challenge)
    letter = ClosingLetter.objects.filter(challenge=record).first()
    context: dict[str, Any] = {"challenge": record, "section": "closing", "letter": letter}
    if record.is_closed:
        issues = issues_for(request.person, record)
        context["issues"] = [
            each for each in issues.all if each.is_closing and each.pk not in issues.closed
        ]
        return render(request, "dashboards/closed.html", context)
    if not request.person.reads_live:
        raise Http404
    whole = plan_position(record, details=False)
    following = list(PeerChallenge.objects.for_council(request.council).filter(previous=record))
    reads_exempt = request.person.reads_exempt
    found = checklist(record, whole, letter, following, reads_exempt=reads_exempt)
    seen = whole.for_reader(reads_exempt=reads_exempt)
    context |= {
        "checklist": found,
        "left": [each for each in seen.actions if each.ref in found.unfinished],
        "hidden": len(found.unfinished)
        - len([each for each in seen.actions if each.ref in found.unfinished]),
        "following": following,
    }
    return render(request, "dashboards/closing.html", context)


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def closing_letter_change(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Write the closing letter; a first one is drafted from the plan."""
    record = challenge_of(request, challenge)
    letter = ClosingLetter.objects.filter(challenge=record).first()
    form = LetterForm(request.POST or None, initial=_letter_as_given(record, letter))

    def save() -> None:
        texts = LetterTexts(**form.given())
        version = form.cleaned_data["version"]
        save_letter(challenge=record, version=version, texts=texts, author=request.person)

    back = reverse("closing", args=[council, challenge])
    return answer(
        request,
        form,
        save,
        template=FORM,
        context={
            "challenge": record,
            "section": "closing",
            "title": "Closing letter",
            "back": back,
            "back_label": "Closing",
            "save_label": "Save the letter",
        },
        done="The letter is saved.",
        to=back,
        as_given=lambda current: _letter_as_given(record, current),
    )


def _letter_as_given(record: PeerChallenge, letter: ClosingLetter | None) -> dict[str, Any]:
    if letter is not None:
        names = ("version", "addressee", "text", "carried_over", "signed_by")
        return {name: getattr(letter, name) for name in names}
    # What is not for publication is not drafted into a letter.
    position = plan_position(record, details=False).for_reader(reads_exempt=False)
    text, carried_over = first_letter(record, position)
    return {"version": 0, "text": text, "carried_over": carried_over}


@gate.requires(Capability.MANAGE_PLAN)
@READ_OR_POST
def closing_carry_over(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Let unfinished actions go on in the plan of a later challenge."""
    record = challenge_of(request, challenge)
    seen = set(
        visible_actions(request.person).filter(challenge=record).values_list("pk", flat=True)
    )
    left = [action for action in unfinished(record) if action.pk in seen]
    for action in left:
        action.challenge = record
    later = list(
        PeerChallenge.objects.for_council(request.council)
        .filter(on_site_from__gt=record.on_site_from, closed_on__isnull=True)
        .order_by("on_site_from", "pk")
    )
    form = CarryOverForm(
        request.POST or None, left=left, later=later, initial={"as_at": clock.today()}
    )

    def save() -> None:
        carry_over(
            actions=form.chosen(),
            target=form.cleaned_data["target"],
            as_at=form.cleaned_data["as_at"],
            reason=form.cleaned_data["reason"],
            author=request.person,
        )

    back = reverse("closing", args=[council, challenge])
    return answer(
        request,
        form,
        save,
        template="dashboards/carry_over.html",
        context={
            "challenge": record,
            "section": "closing",
            "title": "Carry actions over",
            "back": back,
            "back_label": "Closing",
            "left": left,
            "later": later,
        },
        done="The actions go on in the later plan. Both plans say so.",
        to=back,
    )


@gate.requires(Capability.RELEASE)
@READ_OR_POST
def closing_close(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Close the plan."""
    record = challenge_of(request, challenge)
    form = CloseForm(
        request.POST or None, initial={"version": record.version, "closed_on": clock.today()}
    )

    def save() -> None:
        given = form.cleaned_data
        close_plan(
            challenge=record,
            version=given["version"],
            closed_on=given["closed_on"],
            reason=given["reason"],
            author=request.person,
        )

    back = reverse("closing", args=[council, challenge])
    return answer(
        request,
        form,
        save,
        template="dashboards/closing_form.html",
        context={
            "challenge": record,
            "section": "closing",
            "title": f"Close the plan of {record.title}",
            "lead": "Its last position is released. From then on it is read and printed, "
            "and nothing in it changes.",
            "back": back,
            "back_label": "Closing",
            "save_label": "Close the plan",
        },
        done="The plan is closed.",
        to=back,
        as_given=lambda current: {
            "version": current.version,
            "closed_on": current.closed_on,
            "reason": "",
        },
    )


@gate.requires(Capability.RELEASE)
@require_POST
def closing_issue(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Issue the closing letter of a closed plan, with the last statement and its evidence."""
    record = with_statement(request.council, challenge)
    if record is None:
        raise Http404
    letter = ClosingLetter.objects.filter(challenge=record).first()
    release = last_release(record)
    if record.closed_on is None or letter is None or release is None:
        raise Invalid({"": "Write the letter and close the plan first: then it can be issued."})
    words = statement_of(record)
    try:
        done = issue_statement(
            challenge=record,
            version=words.version if words else 0,
            release=release,
            include_exempt=False,
            reason=f"Closing of the plan on {day_in_words(record.closed_on)}",
            site=request.build_absolute_uri("/").rstrip("/"),
            author=request.person,
            letter=letter,
        )
    except RenderError as problem:
        messages.error(request, f"The letter could not be made: {problem} Try again in a while.")
        return redirect("closing", council, challenge)
    messages.success(request, "The closing letter is issued, with the evidence.")
    return redirect("statement_issued", council, challenge, done.number)


@gate.requires(Capability.RELEASE)
@READ_OR_POST
def closing_open_again(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Open a closed plan again, with a reason."""
    record = challenge_of(request, challenge)
    back = reverse("closing", args=[council, challenge])
    if not record.is_closed:
        messages.info(request, "This plan is open.")
        return redirect(back)
    form = OpenAgainForm(request.POST or None, initial={"version": record.version})

    def save() -> None:
        open_again(
            challenge=record,
            version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            author=request.person,
        )

    return answer(
        request,
        form,
        save,
        template="dashboards/closing_form.html",
        context={
            "challenge": record,
            "section": "closing",
            "lead": "Once it is open, the plan can be changed again. What was released and issued "
            "stays as it was.",
            "title": f"Open the plan of {record.title} again",
            "back": back,
            "back_label": "Closing",
            "save_label": "Open it again",
        },
        done="The plan is open again.",
        to=back,
        as_given=lambda current: {"version": current.version, "reason": ""},
    )
