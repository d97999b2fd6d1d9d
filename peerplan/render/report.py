"""A committee report as plain dataclasses: one document model for page, PDF and Word.

A report is a masthead and sections of blocks. It is built without numbers; `numbering.numbered`
then gives every section, paragraph, recommendation and appendix its number and resolves the
references between them, once, so that the three renderers can never disagree. Everything is
text; the renderers escape it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from peerplan.render.appendix import HEX_COLOUR, Status
from peerplan.render.charts import StackedBar

WEB_ADDRESS = re.compile(r"https?://[^\s\"<>\\]+", re.IGNORECASE)


class SectionStyle(StrEnum):
    """How sections are numbered."""

    POINT_NOUGHT = "1.0"
    POINT = "1."
    BARE = "1"
    NONE = "none"


class ParagraphStyle(StrEnum):
    """How paragraphs are numbered; below a sub-heading a two-level number becomes three-level."""

    BY_SECTION = "1.1"
    CONTINUOUS = "1"
    NONE = "none"


class ItemStyle(StrEnum):
    """How recommendations, or implications in a list, are numbered."""

    CLOSED = "1)"
    BRACKETED = "(1)"
    ROMAN = "(i)"
    LETTERED = "(a)"
    AS_PARAGRAPHS = "2.1"
    NONE = "none"


class AppendixStyle(StrEnum):
    """How appendices are numbered."""

    FIGURES = "1"
    LETTERS = "A"
    NONE = "none"


@dataclass(frozen=True)
class Numbering:
    """The numbering of one form of paper."""

    sections: SectionStyle = SectionStyle.POINT_NOUGHT
    paragraphs: ParagraphStyle = ParagraphStyle.BY_SECTION
    items: ItemStyle = ItemStyle.CLOSED
    appendices: AppendixStyle = AppendixStyle.FIGURES
    appendix_word: str = "Appendix"


# --- Blocks -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `number` is filled in by the numbering where `is_numbered`."""

    text: str
    is_numbered: bool = True
    number: str = ""

    @property
    def leads(self) -> bool:
        """Whether it introduces what follows, and so stands on the same page as that."""
        return self.text.rstrip().endswith(":")


@dataclass(frozen=True)
class SubHeading:
    """A heading below that of the section; without a number it leaves the counting as it is."""

    text: str
    number: str = ""
    is_numbered: bool = True


@dataclass(frozen=True)
class Bullets:
    """A list without numbers."""

    items: Sequence[str]


@dataclass(frozen=True)
class Item:
    """One recommendation, or one implication in a list: an optional label stands before its text.

    `paragraphs` is never empty. `sign_off` is a line such as "Signed off by the Section 151
    Officer: Yes, 12 June 2025".
    """

    paragraphs: Sequence[str]
    label: str = ""
    sign_off: str = ""
    number: str = ""


@dataclass(frozen=True)
class Items:
    """Numbered items under the body's lead-in words, such as "THAT CABINET:"."""

    items: Sequence[Item]
    lead_in: str = ""
    style: ItemStyle | None = None
    """None: the report's own style."""


@dataclass(frozen=True)
class LabelRow:
    """A row of a table of labels: what stands beside the label, and a line on its sign-off."""

    label: str
    blocks: Sequence["Block"]
    sign_off: str = ""


@dataclass(frozen=True)
class LabelTable:
    """Labels with texts: the front sheet, or the closing table of considerations.

    `name` says what the table is to those who cannot see it.
    """

    name: str
    rows: Sequence[LabelRow]


@dataclass(frozen=True)
class Facts:
    """Short labels and values in one row of columns, such as "Key decision: No"."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Lines:
    """Labels and values one below the other, such as "Report of: Chief Executive"."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Cell:
    """A cell of a table: paragraphs, or a status with `text` as what stands below it.

    With `link`, a web address, the text leads there; raises ValueError for any other address.
    """

    text: str = ""
    status: Status | None = None
    link: str = ""

    def __post_init__(self) -> None:
        if self.link and not WEB_ADDRESS.fullmatch(self.link):
            raise ValueError(f"{self.link[:80]!r} is no web address")

    @property
    def paragraphs(self) -> list[str]:
        """The text, parted where it has blank lines."""
        return [part.strip() for part in re.split(r"\n\s*\n", self.text) if part.strip()]


@dataclass(frozen=True)
class TableColumn:
    """A column: its heading, its share of the width and whether it holds numbers."""

    label: str
    share: int = 1
    is_number: bool = False

    def __post_init__(self) -> None:
        if self.share < 1:
            raise ValueError("a column has a share of one or more")


@dataclass(frozen=True)
class DataTable:
    """A table of figures; the first cell of each row is its heading. `has_total`: the last row.

    Raises ValueError when a row has not a cell for every column: no reader could follow it.

    `words` stand in its place where there are no rows.
    """

    caption: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[Cell]]
    has_total: bool = False
    words: str = "There are none."

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) or not row for row in self.rows):
            raise ValueError("each row of a table has a cell for every column")


@dataclass(frozen=True)
class Chart:
    """A stacked bar; the same numbers stand in a table or a sentence beside it."""

    bar: StackedBar


@dataclass(frozen=True)
class AppendixEntry:
    """One appendix in the list; `note` is such as "Cabinet only" or "Not for publication"."""

    title: str
    note: str = ""
    number: str = ""


@dataclass(frozen=True)
class AppendixList:
    """The appendices to the report; `words` where there are none."""

    entries: Sequence[AppendixEntry]
    words: str = "None."


Block = (
    Paragraph
    | SubHeading
    | Bullets
    | Items
    | LabelTable
    | Facts
    | Lines
    | DataTable
    | Chart
    | AppendixList
)


@dataclass(frozen=True)
class Section:
    """A section; without a heading only its blocks are printed and it takes no number."""

    heading: str
    blocks: Sequence[Block]
    is_numbered: bool = True
    number: str = ""


@dataclass(frozen=True)
class Logo:
    """The council's logo, PNG or JPEG; `words` say what it is."""

    content: bytes
    content_type: str
    words: str


@dataclass(frozen=True)
class Report:
    """All that one report prints.

    `masthead` are lines under the council's name: the body, the meeting. `kicker` stands over the
    title, such as "Report to Cabinet". `notices` are boxes at the top: draft, provisional,
    correction. `marking`, when not empty, makes it a restricted copy: the words stand at the head
    of every page. The same report gives the same bytes: `dated` is its date in the file.
    """

    council_name: str
    title: str
    numbering: Numbering
    sections: Sequence[Section]
    masthead: Sequence[str] = ()
    kicker: str = ""
    notices: Sequence[str] = ()
    marking: str = ""
    footer: str = ""
    description: str = ""
    dated: date | None = None
    logo: Logo | None = None
    language: str = "en-GB"
    brand: str = "#12324f"

    def __post_init__(self) -> None:
        if not HEX_COLOUR.fullmatch(self.brand):
            raise ValueError(f"brand must be such as #12324f, not {self.brand!r}")
