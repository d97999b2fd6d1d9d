"""The pages of members' questions on one plan: the list, a new one, and each with its answers."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from peerplan.core.filters import choice_filter
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.papers import question_reading as reading
from peerplan.papers.models import Body, Question
from peerplan.papers.question_forms import FORMS, AskForm, SayForm, about_of
from peerplan.papers.question_reading import STANDING, QuestionView, Standing
from peerplan.papers.services import questions as services
from reviews.models import PeerChallenge
from reviews.views.challenges import READ_OR_POST
from reviews.views.editing import answer, challenge_of

A_PAGE = 20
DEEDS = {
    "answer": services.answer,
    "follow-up": services.follow_up,
    "close": services.close,
    "reopen": services.reopen,
}
DONE = {
    "answer": "Your answer is saved.",
    "follow-up": "The follow-up question is saved: it waits for an answer.",
    "close": "The question is closed.",
    "reopen": "The question is open again: it waits for an answer.",
}


@gate.requires(Capability.READ_RELEASED)
@require_safe
def questions(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """The questions on a plan, the latest first, by body and by how they stand."""
    record = challenge_of(request, challenge)
    every = reading.questions_of(request.person, record)
    bodies = Body.objects.for_council(request.council).filter(pk__in=every.values("body"))
    body = choice_filter(
        request.GET, "body", "Body", [(str(each.pk), each.name) for each in bodies], "All bodies"
    )
    stands = choice_filter(
        request.GET, "stands", "How it stands", [(each.value, each.label) for each in Standing]
    )
    rows = every.filter(body=int(body.value)) if body.is_active else every
    if stands.is_active:
        rows = rows.filter(STANDING[Standing(stands.value)])
    page = Paginator(reading.with_entries(rows), A_PAGE).get_page(request.GET.get("page"))
    context = _context(record, "Members’ questions") | {
        "filters": (body, stands),
        "page": page,
        "views": reading.views_of(request.person, page),
        "is_filtered": body.is_active or stands.is_active,
    }
    return render(request, "papers/questions.html", context)


@gate.requires(Capability.ASK)
@READ_OR_POST
def question_new(request: CouncilRequest, council: str, challenge: str) -> HttpResponse:
    """Asks a question; `?action=` or `?recommendation=` say by reference on what."""
    record = challenge_of(request, challenge)
    position = reading.released_for(request.person, record)
    to = reverse("questions", args=[council, challenge])
    context = _context(record, "Ask a question") | {"back": to, "back_label": "Members’ questions"}
    if position is None or not (position.actions or position.recommendations):
        return render(request, "papers/question_not_yet.html", context | {"form": None})
    bodies = list(reading.seats_of(request.person))
    if not bodies:
        return render(request, "papers/question_no_seat.html", context | {"form": None})
    given = [request.GET.get(name, "") for name in ("action", "recommendation")]
    initial = {
        "about": about_of(position, *given),
        "body": bodies[0].pk if len(bodies) == 1 else None,
    }
    form = AskForm(request.POST or None, person=request.person, position=position, initial=initial)

    def save() -> None:
        details = dict(form.cleaned_data)
        del details["about"]
        services.ask(challenge=record, about=form.subject(), author=request.person, **details)

    return answer(
        request,
        form,
        save,
        template="papers/question_new.html",
        context=context | {"save_label": "Ask the question"},
        done="The question is asked. Whoever leads it sees it on their home page.",
        to=to,
    )


@gate.requires(Capability.READ_RELEASED)
@require_safe
def question(request: CouncilRequest, council: str, challenge: str, number: int) -> HttpResponse:
    """One question with all that was said, and the forms that the person may use."""
    record = challenge_of(request, challenge)
    found = reading.find(request.person, record, number)
    return render(request, "papers/question.html", _thread(request, record, found, "", None))


@gate.requires(Capability.READ_RELEASED)
@READ_OR_POST
def question_say(
    request: CouncilRequest, council: str, challenge: str, number: int, deed: str
) -> HttpResponse:
    """Answers, follows up, closes or opens again; what went wrong is shown on the same page."""
    record = challenge_of(request, challenge)
    found = reading.find(request.person, record, number)
    if deed not in DEEDS:
        raise Http404
    to = reverse("question", args=[council, challenge, number])
    if request.method != "POST":
        return redirect(to)
    reading.require(request.person, found, deed)
    form = _form(request, found, deed, bound=True)

    def save() -> None:
        DEEDS[deed](question=found, author=request.person, **form.cleaned_data)

    def as_given(row: Question) -> dict[str, Any]:
        last = row.entries.order_by("-said_at", "-pk").first()
        words = f"{last.get_kind_display()}: {last.text}" if last else ""
        return {"text": words.strip(": "), "version": row.version}

    return answer(
        request,
        form,
        save,
        template="papers/question.html",
        context=_thread(request, record, found, deed, form),
        done=DONE[deed],
        to=to,
        as_given=as_given,
    )


def _form(request: CouncilRequest, question: Question, deed: str, *, bound: bool) -> SayForm:
    # One page holds several of these forms: their fields must not share an id.
    return FORMS[deed](
        request.POST if bound else None,
        person=request.person,
        question=question,
        initial={"version": question.version},
        auto_id=f"id_{deed}_%s",
    )


def _thread(
    request: CouncilRequest,
    challenge: PeerChallenge,
    question: Question,
    deed: str,
    form: SayForm | None,
) -> dict[str, Any]:
    """The context of a question's page; `form` is the one that was posted by `deed`."""
    may = reading.rights(request.person, question)
    view = reading.views_of(request.person, [question])[0]
    acts = [
        {
            "deed": name,
            "form": form if name == deed else _form(request, question, name, bound=False),
            "label": _label(name, view),
            "is_open": name == deed or name == "answer",
        }
        for name in FORMS
        if name in may or name == deed
    ]
    to = reverse("questions", args=[challenge.council.slug, challenge.slug])
    return _context(challenge, f"Question {question.number}") | {
        "back": to,
        "back_label": "Members’ questions",
        "view": view,
        "acts": acts,
        "form": form,
    }


def _label(deed: str, view: QuestionView) -> str:
    """What the button of a form says."""
    if deed == "answer":
        return "Add to the answer" if view.standing == Standing.ANSWERED else "Answer"
    return {"follow-up": "Follow up", "close": "Close the question"}.get(deed, "Open again")


def _context(challenge: PeerChallenge, title: str) -> dict[str, Any]:
    return {"challenge": challenge, "section": "questions", "title": title}
