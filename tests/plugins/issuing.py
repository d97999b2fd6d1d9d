"""Fixtures of the tests that issue papers."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from peerplan.core import clock, history
from peerplan.councils.gate import Person
from peerplan.papers import faces
from peerplan.papers.models import IssuedPaper, Paper, PaperAppendix, PaperPart, RouteStep
from peerplan.papers.services.issues import issue_paper

Issue = Callable[..., IssuedPaper]
PdfSeen = list[str]


@pytest.fixture
def pdfs(monkeypatch: pytest.MonkeyPatch) -> PdfSeen:
    """The HTML of every PDF that is made; the engine, tested elsewhere, is spared."""
    seen: list[str] = []

    def spared(html: str, **given: Any) -> SimpleNamespace:
        seen.append(html)
        return SimpleNamespace(content=b"%PDF-1.7 " + html.encode(), pages=2)

    monkeypatch.setattr(faces, "html_to_pdf", spared)
    return seen


@pytest.fixture
def ready(paper: Paper, democratic: Person) -> Paper:
    """The paper with its sign-off: nothing is missing."""
    part = PaperPart.objects.get(paper=paper, label="Financial implications")
    part.signed_off_at = clock.now()
    part.signed_off_on = date(2025, 6, 12)
    part.signed_off_by = democratic.user
    history.save(part, author=democratic.user)
    return paper


@pytest.fixture
def issue(paper: Paper, cabinet_step: RouteStep, democratic: Person, pdfs: PdfSeen) -> Issue:
    """Issues the paper to Cabinet, with what is given instead."""

    def make(**given: Any) -> IssuedPaper:
        paper.refresh_from_db()
        return issue_paper(
            **(
                {
                    "paper": paper,
                    "version": paper.version,
                    "step": cabinet_step,
                    "reason": "",
                    "is_provisional": False,
                    "author": democratic,
                }
                | given
            )
        )

    return make


@pytest.fixture
def add_appendix(paper: Paper, democratic: Person) -> Callable[..., PaperAppendix]:
    """Adds an appendix, of the plan where nothing else is said."""

    def add(title: str, **given: Any) -> PaperAppendix:
        place = PaperAppendix.objects.count() + 1
        made = PaperAppendix(paper=paper, position=place, title=title, **({"kind": "plan"} | given))
        history.save(made, author=democratic.user)
        return made

    return add


@pytest.fixture
def plan_appendix(add_appendix: Callable[..., PaperAppendix]) -> PaperAppendix:
    """The plan as at the paper's day."""
    return add_appendix("Action plan")
