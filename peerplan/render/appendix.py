"""The appendix to a committee report: a plan's position on A4 landscape, from plain dataclasses.

Nothing is decided here: which actions are in, what is withheld and how things are worded is the
caller's data. Everything is text; the template escapes it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.template.loader import render_to_string

from peerplan.render.charts import LOOKS, ORDER, StackedBar

# Characters of progress that make about twenty-five lines, half a page.
LONG = 1300
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Run:
    """A stretch of text in the lead sentence."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Status:
    """A status as it is printed: one of the keys of `charts.ORDER` and the council's word."""

    key: str
    label: str

    def __post_init__(self) -> None:
        if self.key not in LOOKS:
            raise ValueError(f"{self.key!r} is not one of the statuses {', '.join(ORDER)}")


@dataclass(frozen=True)
class RatingMeaning:
    """One entry of the key: what the council means by a status."""

    status: Status
    meaning: str


@dataclass(frozen=True)
class CountRow:
    """A line of the table of counts; `counts` are in the order of the table's statuses."""

    label: str
    counts: Sequence[int]
    total: int


@dataclass(frozen=True)
class CountTable:
    """How many actions of each theme (or directorate) have each status."""

    heading: str
    first_column: str
    statuses: Sequence[Status]
    rows: Sequence[CountRow]
    total: CountRow


@dataclass(frozen=True)
class ExceptionRow:
    """An action that members must note; `needed` is what is asked of them, in words."""

    ref: str
    title: str
    lead: str
    status: Status
    needed: str
    was: str = ""


@dataclass(frozen=True)
class LabelledText:
    """Paragraphs under a label, such as "Recovery plan" or "Decision sought"."""

    label: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class ActionRow:
    """One action as the table prints it. Dates are words; empty strings are left out.

    `was` is such as "was Amber in March", `forecast` such as "Forecast: Green", `was_due` such as
    "was 30 June 2025", `notes` such as "Merged into 2.3". `exempt` is the marking of an action not
    for publication, in the caller's words: it is printed with the action.
    """

    ref: str
    title: str
    lead: str
    due: str
    status: Status
    was: str = ""
    forecast: str = ""
    was_due: str = ""
    commentary: Sequence[str] = ()
    more: Sequence[LabelledText] = ()
    measure: Sequence[str] = ()
    notes: Sequence[str] = ()
    exempt: str = ""

    @property
    def is_one_paragraph(self) -> bool:
        """Whether progress can stand in its cell as it is: a box less to lay out."""
        return len(self.commentary) == 1 and not self.more

    @property
    def is_long(self) -> bool:
        """Whether the row may be cut by a page end: it would leave half a page empty."""
        told = sum(map(len, self.commentary))
        told += sum(len(text) for part in self.more for text in part.paragraphs)
        return told > LONG or 2 * sum(map(len, self.measure)) > LONG


@dataclass(frozen=True)
class RecommendationSection:
    """One recommendation: its heading, the peers' wording, and a table of its actions.

    `meta` are label and value, on one line. `words` stand in the place of the table when there are
    no actions; `also` are lines such as "Also answered by action 3.2, under recommendation 3."
    """

    ref: str
    heading: str
    wording: Sequence[str] = ()
    meta: Sequence[tuple[str, str]] = ()
    response: str = ""
    council_status: str = ""
    actions: Sequence[ActionRow] = ()
    also: Sequence[str] = ()
    words: str = "There are no actions under this recommendation."


@dataclass(frozen=True)
class AppendixDocument:
    """All that one appendix prints.

    `marking`, when not empty, makes it a restricted copy: the words stand at the head of every
    page and at the top of the first. `brand` is the council's colour as #rrggbb, on which white
    text must hold 4.5:1. `dated` is written into the file as its date; the same document always
    gives the same bytes. `sections_words` replace the sections when there are none. `label` stands
    over the title, such as "Appendix 1"; `notices` are boxes above it: draft, provisional.
    """

    council_name: str
    title: str
    lead: Sequence[Run]
    bar_now: StackedBar
    bar_before: StackedBar | None = None
    subtitle_lines: Sequence[str] = ()
    rating_key: Sequence[RatingMeaning] = ()
    counts: CountTable | None = None
    exceptions_heading: str = "What members are asked to note"
    exceptions: Sequence[ExceptionRow] = ()
    exceptions_words: str = "No action needs members’ attention."
    sections: Sequence[RecommendationSection] = ()
    sections_words: str = ""
    notes: Sequence[str] = ()
    footer: str = ""
    marking: str = ""
    progress_heading: str = "Progress"
    measure_heading: str = "Success measure"
    description: str = ""
    dated: date | None = None
    language: str = "en-GB"
    brand: str = "#12324f"
    label: str = ""
    notices: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not HEX_COLOUR.fullmatch(self.brand):
            raise ValueError(f"brand must be such as #12324f, not {self.brand!r}")

    @property
    def has_measures(self) -> bool:
        """Whether any action prints a success measure: otherwise the column is left out."""
        return any(action.measure for section in self.sections for action in section.actions)


@dataclass
class Anchors:
    """Gives every action a name to be linked to, once: an action may answer two recommendations."""

    taken: dict[str, str] = field(default_factory=dict)

    def name(self, ref: str) -> str:
        """The anchor for the first row with this reference, and "" for any later one."""
        if ref in self.taken:
            return ""
        self.taken[ref] = f"action-{len(self.taken) + 1}"
        return self.taken[ref]


def appendix_html(document: AppendixDocument) -> str:
    """The whole HTML document, to be printed with `pdf.APPENDIX_STYLES`."""
    anchors = Anchors()
    sections = [
        {
            "section": section,
            "rows": [(anchors.name(action.ref), action) for action in section.actions],
            "keep_together": len(section.actions) <= 2,
        }
        for section in document.sections
    ]
    return render_to_string(
        "render/appendix.html",
        {
            "document": document,
            "sections": sections,
            "exceptions": [(anchors.taken.get(row.ref, ""), row) for row in document.exceptions],
            "bars": list(_bars(document)),
            "side_by_side": _fits_on_page_one(document),
            "foot": document.footer or document.title,
        },
    )


def _bars(document: AppendixDocument) -> Iterator[tuple[str, StackedBar]]:
    """The bars and the ids of their titles. On A4 landscape words fit at a thousand pixels."""
    for ident, bar in (("bar-now", document.bar_now), ("bar-before", document.bar_before)):
        if bar is not None:
            yield (
                ident,
                StackedBar(bar.title, bar.segments, words_at=1000, numbers_at=1000, noun=bar.noun),
            )


def _fits_on_page_one(document: AppendixDocument) -> bool:
    """Whether counts and exceptions may stand side by side below the bars of the first page.

    Two columns cannot be broken over pages, so this errs on the side of one below the other. The
    space left for rows is 71 mm, less what a second line of the key, the marking and notices take.
    """
    if document.counts is None:
        return False
    room = 71.0 - (9 if document.marking else 0) - 5 * len(document.subtitle_lines[1:])
    room -= 10 * len(document.notices) + (6 if document.label else 0)
    room += 0 if document.bar_before else 17
    room -= 7 * (sum(len(entry.meaning) + 14 for entry in document.rating_key) // 150)
    needs = sum(
        3.0
        + 4.4 * max(-(-len(row.title) // 24), -(-len(row.lead) // 13), -(-len(row.needed) // 18), 2)
        for row in document.exceptions
    )
    counts = sum(2.4 + 4.4 * -(-len(row.label) // 20) for row in document.counts.rows)
    return len(document.counts.statuses) <= 6 and max(needs, counts) <= room
