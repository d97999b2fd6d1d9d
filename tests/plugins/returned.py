"""One row of every table of what comes back, to look for where it must not be."""

import hashlib
from datetime import date
from typing import Any

from actions.models import (
    Action,
    Evidence,
    Extension,
    FindingNote,
    IssuedStatement,
    PositionStatement,
    ProgressUpdate,
    RecommendationUpdate,
    Release,
    StatementFile,
)
from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.papers.models import (
    Amendment,
    Body,
    Decision,
    Question,
    QuestionEntry,
    Resolution,
    ResolutionLink,
    RouteStep,
)
from reviews.models import (
    ClosingLetter,
    Finding,
    PeerChallenge,
    ProgressReview,
    Recommendation,
    Recurrence,
    ReturningPeer,
    ReviewTheme,
)
from tests.plugins.committees import Keys

NUMBER = 9_001
"""The number of the other council's question and statement: none of Ashdale has so many."""


def returned_rows(
    challenge: PeerChallenge, author: Person, word: str, key: int | None = None
) -> Keys:
    """Rows whose every text holds `word`, on the council's body and step that are there.

    With the database key `key` where one is given. Returns what stands for each in addresses, by
    the name of the argument.
    """
    user, keys = author.user, {}

    def keep(argument: str, row: Any) -> Any:
        row.pk = key
        if hasattr(row, "history"):
            history.save(row, author=user)
        else:
            row.save()
        keys[argument] = str(row.pk)
        return row

    number = NUMBER if key else 1
    body = Body.objects.for_council(challenge.council).get(name=f"{word} body")
    step = RouteStep.objects.filter(route__challenge=challenge, body=body).get()
    day = date(2025, 3, 31)
    action = Action(challenge=challenge, ref="88.1", title=f"{word} returned", in_plan_from=day)
    history.save(action, author=user)
    first = Recommendation(challenge=challenge, ref="88", title=f"{word} earlier")
    second = Recommendation(challenge=challenge, ref="89", title=f"{word} later")
    for row in (first, second):
        history.save(row, author=user)
    update = ProgressUpdate.objects.create(
        action=action,
        as_at=day,
        author=user,
        state="claimed",
        commentary=f"{word} commentary",
        closure="delivered",
        closure_note=f"{word} closure",
        date_reason=f"{word} date",
    )
    RecommendationUpdate.objects.create(
        recommendation=first,
        as_at=day,
        author=user,
        status="red",
        summary=f"{word} summary",
        impact=f"{word} impact",
        is_closed=True,
        closing_reason=f"{word} closing",
    )
    Evidence.objects.create(
        action=action,
        update=update,
        title=f"{word} evidence",
        link="https://mereford.example/evidence",
        added_by=user,
    )
    extension = Extension(
        action=action, as_at=day, to=date(2030, 1, 1), reason=f"{word} reason", asked_by=user
    )
    keep("extension", extension)
    FindingNote.objects.create(
        challenge=challenge,
        rule="no-lead",
        action=action,
        facts_sha256="0" * 64,
        note=f"{word} note",
        added_by=user,
    )
    decision = keep("decision", Decision(step=step, points=f"{word} points"))
    resolution = keep("resolution", Resolution(decision=decision, text=f"{word} resolution"))
    ResolutionLink.objects.create(resolution=resolution, action=action, added_by=user)
    Amendment.objects.create(
        decision=decision, action=action, action_version=1, words=f"{word} words", made_by=user
    )
    question = Question(challenge=challenge, number=number, body=body, action=action)
    keep("question", question)
    QuestionEntry.objects.create(
        question=question, kind="question", text=f"{word} question", author=user
    )
    keep("recurrence", Recurrence(earlier=first, later=second, note=word, added_by=user))
    release = Release.objects.create(
        challenge=challenge, as_at=day, author=user, reason=f"{word} release"
    )
    statement = keep(
        "statement", PositionStatement(challenge=challenge, introduction=f"{word} introduction")
    )
    issue = IssuedStatement(
        statement=statement,
        release=release,
        number=number,
        reason=f"{word} statement",
        author=user,
    )
    keep("issued", issue)
    keep(
        "file",
        StatementFile(
            issue=issue,
            name=f"{word}.pdf",
            content_type="application/pdf",
            content=word.encode(),
            size=len(word),
            sha256=hashlib.sha256(word.encode()).hexdigest(),
        ),
    )
    review = keep("review", ProgressReview(challenge=challenge, summary=f"{word} review"))
    keep("returning", ReturningPeer(review=review, role=f"{word} peer"))
    theme = keep("heading", ReviewTheme(review=review, title=f"{word} heading", text=word))
    keep("finding", Finding(review=review, recommendation=first, theme=theme, words=word))
    keep("letter", ClosingLetter(challenge=challenge, text=f"{word} letter"))
    return {name: keys[name] for name in ("extension", "resolution", "recurrence", "file")} | {
        "number": str(number)
    }
