"""From an up-to-date plan of thirty actions to an issued Cabinet paper in PDF and Word.

`pytest -s tests/journeys/test_paper_to_pack.py` shows how many pages that took, how many required
fields were empty when the paper was first opened, and how long browser and server worked.
"""

import hashlib
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter

import docx
import pytest
from docx.document import Document as Docx
from docx.oxml.ns import qn
from playwright.sync_api import Page, Response, expect

from actions.models import Action, ProgressUpdate
from peerplan.councils.gate import Person
from peerplan.papers.models import RouteStep
from peerplan.papers.services.routes import record_outcome
from peerplan.papers.services.templates import add_from_preset
from reviews.models import PeerChallenge
from reviews.services.parts import add_team_member
from tests.journeys.browsing import check_page
from tests.journeys.conftest import BrowseAs
from tests.journeys.test_setting_up import press
from tests.render.reading import failures, opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Act = Callable[..., Action]
Update = Callable[..., ProgressUpdate]
PAGES, FIELDS = 8, 12
TITLE = "Corporate Peer Challenge 2024: progress on the action plan"
APPENDIX = "Appendix 1: Action plan with progress"
COMMENTS = "The Committee asked how many repairs wait for longer than a year."
PRESENTED_BY = "Leader of the Council"
CONTACT = "Head of Policy, policy@ashdale.example"


class Trip:
    """Counts the pages that were loaded and the seconds that browser and server took.

    What the test itself does, such as asking axe about a page, is not counted.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pages: list[str] = []
        self.seconds: Counter[str] = Counter()
        page.on("response", self._count)

    def _count(self, response: Response) -> None:
        is_page = response.headers.get("content-type", "").startswith("text/html")
        if is_page and response.request.resource_type == "document" and response.ok:
            self.pages.append(response.url)

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Something that the machine is asked to do, until it is done."""
        begun = perf_counter()
        yield
        self.seconds[what] += perf_counter() - begun

    def follow(self, name: str, what: str) -> None:
        """A link, to the page it leads to, and what is wrong with that page."""
        with self.working(what), self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=name).first.click()
        check_page(self.page)

    def send(self, name: str, what: str) -> None:
        """A button, to the page that it ends on, and what is wrong with that page."""
        with self.working(what), self.page.expect_navigation():
            press(self.page, name)
        check_page(self.page)

    def tell(self, pages: int, fields: Sequence[str]) -> None:
        """Shows the three figures, for whoever runs this with `-s`."""
        seconds = ", ".join(f"{what} {taken:.1f}" for what, taken in self.seconds.items())
        sys.stdout.write(
            f"\nPages visited: {pages} (at most {PAGES})"
            f"\nRequired fields empty when opened: {len(fields)} (at most {FIELDS}):"
            f" {'; '.join(fields)}"
            f"\nSeconds of machine time: {self.seconds.total():.1f} (target 10): {seconds}\n"
        )

    def fetch(self, name: str) -> bytes:
        """The bytes of a file that a link gives."""
        link = self.page.get_by_role("main").get_by_role("link", name=name, exact=True)
        with self.working(f"fetch {name}"), self.page.expect_download() as download:
            link.click()
            path = download.value.path()
        return Path(path).read_bytes()


@pytest.fixture
def thirty(june: None, challenge: PeerChallenge, act: Act, update: Update, manager: Person) -> None:
    """Thirty actions, each with an update as at the end of May, and who the peers were."""
    add_team_member(challenge=challenge, author=manager, role="Lead peer: chief executive")
    for number in range(30):
        action = act(
            f"1.{number + 1}",
            title=f"Carry out part {number + 1} of the repairs programme",
            lead_role=("Head of Housing", "Head of Finance", "Chief Executive")[number % 3],
            original_due=date(2025, 7 + number % 6, 28),
        )
        rating = ("green", "green", "amber", "green", "red")[number % 5]
        state = "claimed" if number % 7 == 6 else "in-progress"
        update(action, date(2025, 5, 31), rating, state=state)


@pytest.fixture
def steady(
    thirty: None, scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
) -> None:
    """What is there from one quarter to the next: bodies, meetings, route and report template.

    Scrutiny met on Thursday 5 June and its comments are recorded; Cabinet meets on 24 June.
    """
    add_from_preset(council=democratic.council, preset="front-table-cabinet", author=democratic)
    meeting = scrutiny_step.meeting
    assert meeting is not None
    meeting.on = date(2025, 6, 5)
    meeting.save()
    record_outcome(
        step=scrutiny_step,
        version=scrutiny_step.version,
        comments=COMMENTS,
        minute_number="12",
        minute="The Committee noted the progress on the action plan.",
        decision_published_on=None,
        outcome_paragraph=None,
        author=democratic,
    )


def empty_and_required(page: Page) -> list[str]:
    """The fields of the page that must be filled in and are not: a group of boxes counts once."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main form .part-fields")].flatMap((part) => {
            const words = part.querySelectorAll("textarea, input[type=text]");
            const boxes = part.querySelectorAll("input[type=radio], input[type=checkbox]");
            const name = part.querySelector("legend, label")?.innerText ?? "";
            const signs = [...boxes].filter((box) => box.name.endsWith("-signed"));
            const choices = [...boxes].filter((box) => !box.name.endsWith("-signed"));
            const empty = words.length && [...words].every((box) => !box.value.trim())
                || choices.length && choices.every((box) => !box.checked);
            return [...(empty ? [name] : []),
                ...signs.filter((box) => !box.checked).map(() => `${name}: sign-off`)];
        })"""
    )
    return found


def names_of_files(page: Page) -> list[str]:
    """The links to the files of an issue, as they are read aloud."""
    links = page.get_by_role("region", name="Files").locator("li li").get_by_role("link")
    return [" ".join(words.split()) for words in links.all_text_contents()]


def is_accessible(content: bytes, title: str) -> None:
    """A PDF in which 104 rules of PDF/UA-1 find nothing wrong, with its title and language."""
    assert failures(content) == []
    with opened(content) as document:
        assert title.removeprefix("Appendix 1: ") in str(document.docinfo.Title)
        assert str(document.Root.Lang) == "en-GB"


def is_a_report(document: Docx) -> None:
    """The report in Word: what was typed and what was taken in, under real headings."""
    words = "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))
    for typed in (PRESENTED_BY, CONTACT, COMMENTS, "THAT CABINET:"):
        assert typed in words
    assert len(headings(document)) > 5
    assert heads_that_repeat(document) >= 1


def is_an_appendix(document: Docx) -> None:
    """The plan in Word: thirty actions under real headings, the head row on each page."""
    words = [node.text or "" for node in document.element.body.iter(qn("w:t"))]
    for number in range(1, 31):
        assert any(f"part {number} of the repairs programme" in each for each in words), number
    assert headings(document)
    assert heads_that_repeat(document) >= 1


def headings(document: Docx) -> list[str]:
    """The paragraphs in a style of headings."""
    styled = (each for each in document.paragraphs if each.style is not None)
    return [each.text for each in styled if str(each.style.name).startswith("Heading")]


def heads_that_repeat(document: Docx) -> int:
    """How many rows are repeated at the top of each page."""
    return len(list(document.element.body.iter(qn("w:tblHeader"))))


def holds(pack: bytes, files: Iterable[bytes]) -> None:
    """A ZIP of just these files, each with the SHA-256 that its manifest says."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        manifest = archive.read("manifest.txt").decode().splitlines()
        said = dict(reversed(line.split("  ")) for line in manifest if not line.startswith("#"))
        packed = {name: archive.read(name) for name in archive.namelist()}
    del packed["manifest.txt"]
    assert said == {name: hashlib.sha256(content).hexdigest() for name, content in packed.items()}
    assert sorted(packed.values()) == sorted(files)


def test_from_an_up_to_date_plan_to_an_issued_pack(
    steady: None, browse_as: BrowseAs, democratic: Person
) -> None:
    page = browse_as(democratic)
    trip = Trip(page)
    with trip.working("home"):
        page.goto("/c/ashdale/")
    check_page(page)
    trip.follow("write it for Cabinet", "start")
    expect(page.get_by_label("Report template")).to_contain_text("cabinet")
    trip.send("Start the paper", "draft")
    wanted = page.get_by_role("region", name="Still missing before it can be issued")
    tasks = wanted.get_by_role("listitem").count()

    trip.follow("Fill in what is missing on one page", "the missing parts")
    fields = empty_and_required(page)
    assert len(fields) == tasks
    page.get_by_role("group", name="Portfolio holder briefed").get_by_label("Yes").check()
    page.get_by_label("Presented by").fill(PRESENTED_BY)
    page.get_by_label("A well-run council").check()
    page.get_by_label("Officer contact").fill(CONTACT)
    for role in ("Section 151 Officer", "Monitoring Officer", "Head of Paid Service"):
        page.get_by_label(f"Signed off by the {role}").check()
    assert empty_and_required(page) == []
    trip.send("Save", "save and look again")
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()

    trip.follow("Preview", "preview")
    expect(page.get_by_text(COMMENTS)).to_be_visible()
    trip.follow("Issue", "before the issue")
    trip.send("Issue the paper", "issue")
    expect(page.get_by_text("Issued to Cabinet.")).to_be_visible()
    pages = len(trip.pages)

    files = {name: trip.fetch(name) for name in names_of_files(page)}
    pack = trip.fetch("All files as ZIP")
    assert files.keys() == {
        *(f"{form} of {title}" for form in ("PDF", "Word") for title in (TITLE, APPENDIX)),
        f"Page of {TITLE}",
    }
    for title in (TITLE, APPENDIX):
        is_accessible(files[f"PDF of {title}"], title)
    is_a_report(docx.Document(io.BytesIO(files[f"Word of {TITLE}"])))
    is_an_appendix(docx.Document(io.BytesIO(files[f"Word of {APPENDIX}"])))
    holds(pack, files.values())

    trip.tell(pages, fields)
    assert pages <= PAGES, trip.pages
    assert len(fields) <= FIELDS, fields
