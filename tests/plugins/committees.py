"""One row of every table of committee papers for a council, to look for where it must not be."""

import hashlib
from datetime import date, timedelta
from typing import Any

from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers.models import (
    Body,
    BodyMember,
    ClosureDay,
    IssuedDocument,
    IssuedPaper,
    Meeting,
    Paper,
    PaperAppendix,
    PaperPart,
    PaperTemplate,
    Route,
    RouteStep,
    TemplatePart,
)
from reviews.models import PeerChallenge

Keys = dict[str, str]


def committee_rows(
    challenge: PeerChallenge, author: Person, word: str, key: int | None = None
) -> Keys:
    """Rows whose every text holds `word`, with the database key `key` where one is given.

    Returns what stands for each in addresses, by the name of the argument.
    """
    council, keys = challenge.council, {}

    def keep(argument: str, row: Any) -> Any:
        row.pk = key
        if hasattr(row, "history"):
            history.save(row, author=author.user)
        else:
            row.save()
        keys[argument] = str(row.pk)
        return row

    body = keep("body", Body(council=council, name=f"{word} body", kind=Body.Kind.EXECUTIVE))
    keep("seat", BodyMember(body=body, membership=author.membership, added_by=author.user))
    soon = clock.today() + timedelta(days=30)
    meeting = keep("meeting", Meeting(body=body, on=soon, place=f"{word} hall"))
    closure = ClosureDay(
        council=council, on=date(2027, 12, 29), reason=f"{word} day", added_by=author.user
    )
    keep("closure", closure)
    template = keep("template", PaperTemplate(council=council, name=f"{word} template"))
    design: dict[str, Any] = {"kind": "section", "placement": "body", "text": f"{word} text"}
    keep("part", TemplatePart(template=template, label=f"{word} part", **design))
    route = keep("route", Route(challenge=challenge, name=f"{word} route"))
    paper = keep(
        "paper",
        Paper(
            challenge=challenge,
            template=template,
            title=f"{word} paper",
            figures_as_at=clock.today(),
        ),
    )
    step = keep(
        "step",
        RouteStep(
            route=route,
            body=body,
            meeting=meeting,
            paper=paper,
            minute=f"{word} minute",
            comments=f"{word} comments",
        ),
    )
    keep("part", PaperPart(paper=paper, label=f"{word} part", **design))
    upload: dict[str, Any] = {
        "kind": "upload",
        "content": b"%PDF-1.7",
        "content_sha256": "0" * 64,
        "file_name": f"{word}.pdf",
    }
    keep("appendix", PaperAppendix(paper=paper, title=f"{word} appendix", **upload))
    issue = keep(
        "issue",
        IssuedPaper(
            paper=paper,
            step=step,
            number=1,
            title=f"{word} issue",
            body_name=f"{word} body",
            issued_by=author.user,
            as_at=clock.today(),
            known_by=clock.now(),
            position=b"",
            position_sha256="0" * 64,
        ),
    )
    page = f"<p>{word}</p>".encode()
    keep(
        "document",
        IssuedDocument(
            issue=issue,
            position=0,
            title=f"{word} report",
            format="html",
            file_name=f"{word}.html",
            content=page,
            sha256=hashlib.sha256(page).hexdigest(),
            size=len(page),
        ),
    )
    return keys
