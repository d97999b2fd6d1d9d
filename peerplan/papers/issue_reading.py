"""What the pages of issued papers show: to whom which copy, what is in it, who issued it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import Http404

from peerplan.core.errors import NotPermitted
from peerplan.councils.gate import CouncilRequest, Person
from peerplan.papers.compose import Pack, leads_nowhere
from peerplan.papers.diary import calendar_of
from peerplan.papers.entitlement import may_read_restricted
from peerplan.papers.models import IssuedDocument, IssuedPaper, Paper, PaperPart, RouteStep
from peerplan.papers.pack import Inputs
from peerplan.papers.paper_reading import Sheet
from peerplan.papers.paper_slips import slip_rows
from peerplan.papers.readiness import may_read
from peerplan.papers.since import is_closed
from peerplan.render.numbering import REFERENCE
from reviews.history import posts_of

RESTRICTED_COPY = "restricted"
NOT_ENTITLED = "You are not entitled to the parts of this body’s papers that are not published."
CLOSED = (
    "Part of this paper is not for publication now, so the paper is closed to those who may not "
    "read such parts. Ask democratic services for a copy."
)
LOOSE = "This reference names nothing in the paper, or more than one thing."


@dataclass(frozen=True)
class ToCheck:
    """Something to look at before the issue; `part` is where it is put right."""

    part: PaperPart | None
    quote: str
    words: str


def to_check(person: Person, inputs: Inputs, step: RouteStep) -> list[ToCheck]:
    """Dates that contradict the plan or the calendar, and references that lead nowhere.

    Only of parts that the person may read (5 queries).
    """
    others = [each for each in inputs.steps if each.pk != step.pk]
    sheet = Sheet(inputs.paper, person, [step, *others], inputs.parts)
    rows = [
        ToCheck(row.part, row.slip.quote, row.slip.words)
        for row in slip_rows(sheet, calendar_of(inputs.council))
    ]
    loose = leads_nowhere(Pack(inputs.paper, step, inputs.parts, inputs.appendices))
    for part in inputs.parts:
        if may_read(person, part):
            typed = {match[0] for match in REFERENCE.finditer(part.text)}
            rows += [ToCheck(part, each, LOOSE) for each in loose if each in typed]
    return rows


@dataclass(frozen=True)
class Copy:
    """One issue as one person may read it. `shows_restricted`: they asked for that copy."""

    issue: IssuedPaper
    is_entitled: bool
    shows_restricted: bool

    @property
    def offers_restricted(self) -> bool:
        """True where there is a restricted copy and the person may read it."""
        return self.is_entitled and self.issue.has_restricted

    def documents(self) -> list[IssuedDocument]:
        """The files of this copy, without their bytes (1 query).

        The restricted copy has the restricted file of each document that has one, and the public
        file of the others.
        """
        rows = IssuedDocument.objects.filter(issue=self.issue).defer("content")
        return chosen(rows, restricted=self.shows_restricted)

    def page(self) -> str:
        """The report of this copy as a page (1 query)."""
        rows = IssuedDocument.objects.filter(
            issue=self.issue, position=0, format=IssuedDocument.Format.PAGE
        )
        (document,) = chosen(rows, restricted=self.shows_restricted)
        return bytes(document.content).decode()


def chosen(rows: Iterable[IssuedDocument], *, restricted: bool) -> list[IssuedDocument]:
    """Of each document in each format the file of that copy, in order."""
    kept: dict[tuple[int, str], IssuedDocument] = {}
    order = {"pdf": 0, "docx": 1, "html": 2}
    for row in rows:
        key = (row.position, row.format)
        if row.is_restricted and not restricted:
            continue
        if key not in kept or row.is_restricted:
            kept[key] = row
    return sorted(kept.values(), key=lambda row: (row.position, order[row.format]))


def issue_of(request: CouncilRequest, paper: int, issue: int) -> IssuedPaper:
    """An issue of the council's paper, without its position. Raises Http404."""
    record = (
        IssuedPaper.objects.for_council(request.council)
        .filter(paper__in=Paper.objects.filter(pk=paper), pk=issue)
        .select_related("paper__challenge", "step__body", "issued_by")
        .defer("position")
        .first()
    )
    if record is None:
        raise Http404
    return record


def copy_of(request: CouncilRequest, paper: int, issue: int) -> Copy:
    """The copy that was asked for; entitlement is decided before any document is looked up.

    Raises Http404, and NotPermitted where the restricted copy is not theirs.
    """
    record = issue_of(request, paper, issue)
    is_entitled = may_read_restricted(request.person, record.step.body)
    wants = request.GET.get("copy") == RESTRICTED_COPY
    if wants and not is_entitled:
        raise NotPermitted(NOT_ENTITLED)
    if not is_entitled and is_closed(record):
        raise NotPermitted(CLOSED)
    return Copy(record, is_entitled, wants and record.has_restricted)


def document_of(request: CouncilRequest, paper: int, issue: int, document: int) -> IssuedDocument:
    """One file with its bytes. A restricted one is not there for those not entitled: Http404.

    Raises NotPermitted where the paper is closed to them.
    """
    record = issue_of(request, paper, issue)
    rows = IssuedDocument.objects.for_council(request.council).filter(issue=record, pk=document)
    if not may_read_restricted(request.person, record.step.body):
        if is_closed(record):
            raise NotPermitted(CLOSED)
        rows = rows.filter(is_restricted=False)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def issues_of(issue: IssuedPaper) -> list[IssuedPaper]:
    """Every issue of the same paper, the last first (1 query)."""
    rows = IssuedPaper.objects.filter(paper=issue.paper_id).defer("position")
    return list(rows.order_by("-issued_at", "-id"))


def later_issue(issue: IssuedPaper, all_issues: Sequence[IssuedPaper]) -> IssuedPaper | None:
    """The issue to the same step that has taken this one's place, None where it stands."""
    later = [
        each for each in all_issues if each.step_id == issue.step_id and each.number > issue.number
    ]
    return max(later, key=lambda each: each.number, default=None)


def issuer(person: Person, issue: IssuedPaper) -> tuple[str, str]:
    """The post of whoever issued it, and the name for officers (1 query)."""
    post = posts_of(person.council).get(issue.issued_by_id, "Former officer")
    return post, issue.issued_by.name if person.reads_live else ""
