"""Invented committee reports in the forms that councils use, for the tests of rendering."""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from peerplan.render.charts import Segment, StackedBar
from peerplan.render.report import (
    AppendixEntry,
    AppendixList,
    AppendixStyle,
    Block,
    Bullets,
    Cell,
    Chart,
    DataTable,
    Facts,
    Item,
    Items,
    ItemStyle,
    LabelRow,
    LabelTable,
    Lines,
    Logo,
    Numbering,
    Paragraph,
    Report,
    Section,
    SectionStyle,
    SubHeading,
    TableColumn,
)
from peerplan.render.texts import blocks_of
from tests.render.samples import status

COUNCIL = "Ashdale District Council"
RESTRICTED = (
    "Not for publication by virtue of paragraph 3 of Part 1 of Schedule 12A "
    "to the Local Government Act 1972"
)


def png(width: int = 60, height: int = 20) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = (b"\0" + b"\x12\x32\x4f" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def row(label: str, text: str, sign_off: str = "") -> LabelRow:
    return LabelRow(label, blocks_of(text), sign_off)


BAR = StackedBar(
    "Actions by rating, June 2025",
    (
        Segment("red", "Red", 1),
        Segment("amber", "Amber", 2),
        Segment("green", "Green", 6),
        Segment("complete", "Complete", 4),
        Segment("none", "Not started", 1),
    ),
)
FIGURES = DataTable(
    "Actions by theme",
    (TableColumn("Theme", 5), TableColumn("On track", 2, True), TableColumn("All", 2, True)),
    (
        (Cell("Governance and culture"), Cell("4"), Cell("5")),
        (Cell("Housing"), Cell("6"), Cell("9")),
        (Cell("All themes"), Cell("10"), Cell("14")),
    ),
    has_total=True,
)
ADDRESS = "https://ashdale.example/minutes?from=1&to=2"
EXCEPTIONS = DataTable(
    "What members are asked to note",
    (TableColumn("Ref"), TableColumn("Action", 4), TableColumn("Status", 2), TableColumn("Ask", 3)),
    (
        (
            Cell("3.2"),
            Cell("Agree a forward plan that links scrutiny to the council plan"),
            Cell("was Green in March", status("red")),
            Cell("Agree a date of 30 September 2025"),
        ),
        (
            Cell("6.1"),
            Cell("Map every process of the repairs service"),
            Cell("", status("amber")),
            Cell("Note the recovery plan"),
        ),
    ),
)


def front_sheet() -> Report:
    """A front table with sign-offs and recommendations 1), sections 1.0, a table at the end."""
    asked = Items(
        (
            Item(("Notes what the peers saw of the council’s progress.",)),
            Item(("Endorses the actions in [appendix: Action plan, June 2025].",)),
            Item(("Agrees that the peers’ report be published on the council’s website.",)),
        ),
        "THAT CABINET:",
    )
    return Report(
        council_name=COUNCIL,
        title="What the peers said on their return",
        masthead=("Cabinet", "Tuesday 24 June 2025"),
        kicker="Report to Cabinet",
        numbering=Numbering(),
        dated=date(2025, 6, 12),
        footer="Cabinet, 24 June 2025: What the peers said on their return",
        description="Progress on the peer challenge",
        sections=(
            Section(
                "",
                (
                    Facts(
                        (
                            ("Presented by", "Leader of the Council"),
                            ("Portfolio holder briefed", "Yes"),
                            ("Public report", "Yes"),
                            ("Key decision", "No"),
                        )
                    ),
                    LabelTable(
                        "Front sheet",
                        (
                            row(
                                "Background papers",
                                "The peers’ report, Scrutiny Committee, 5 December 2024\n\n"
                                "The peers’ report, Cabinet, 17 December 2024",
                            ),
                            row(
                                "Financial implications",
                                "This report has none.",
                                "Signed off by the Section 151 Officer: Yes, 10 June 2025",
                            ),
                            row(
                                "Legal implications",
                                "None that follow from the peers’ visit.",
                                "Signed off by the Monitoring Officer: Yes, 11 June 2025",
                            ),
                            row(
                                "Staffing and corporate implications",
                                "Staff will be asked what they think as proposals are drawn up, "
                                "so that nobody learns of a change from the newspaper.",
                                "Signed off by the Head of Paid Service: Yes, 11 June 2025",
                            ),
                            row("Purpose of report", "To tell Cabinet how the plan stands."),
                            row(
                                "Reason for decision",
                                "Cabinet adopted the plan in December 2024 and asked to see every "
                                "half year what had come of it.",
                            ),
                            LabelRow("Recommendations", (asked,)),
                        ),
                    ),
                ),
            ),
            Section(
                "Background",
                blocks_of(
                    "Peers came to Ashdale for three days in June 2024. Their report and a plan of "
                    "actions went to the Scrutiny Committee and were adopted by Cabinet in "
                    "December 2024.\n\nIn April 2025 four of them came back for two days, to:\n"
                    "- tell the council what they saw of its progress against the plan "
                    "([appendix: Action plan, June 2025])\n"
                    "- think with it about what had changed since their first visit, and what "
                    "further help it might need\n- hear what had been learned so far\n\n"
                    "Their letter is [appendix: Letter of the peer team]."
                ),
            ),
            Section(
                "Summary of the approach",
                (
                    *blocks_of(
                        "The peers met members, staff and partners.\n\nThey saw work on every one "
                        "of their recommendations. The chart shows 14 actions: 1 red, 2 amber, "
                        "6 green, 4 complete and 1 not started."
                    ),
                    Chart(BAR),
                    Paragraph("What the committee said will be told at the meeting."),
                ),
            ),
            Section(
                "Financial considerations",
                blocks_of("There are none; see [section: Next steps] for the budget."),
            ),
            Section("Next steps", blocks_of("The plan goes on.\n\nThe letter will be published.")),
            Section(
                "Policies and other considerations",
                (
                    LabelTable(
                        "Policies and other considerations",
                        (
                            row(
                                "Council priorities", "- Homes\n- Clean streets\n- A sound council"
                            ),
                            row("Policy considerations", "Medium-term financial plan."),
                            row("Safeguarding", "None arising from the report."),
                            row("Equalities and diversity", "None arising from the report."),
                            row(
                                "Risks",
                                "That too few people are found for the work.\n\n"
                                "That the work is not followed up.",
                            ),
                            row("Officer contact", "Chief Executive\n\nchief@ashdale.example"),
                        ),
                    ),
                ),
                is_numbered=False,
            ),
            Section(
                "Appendices",
                (
                    AppendixList(
                        (
                            AppendixEntry("Action plan, June 2025"),
                            AppendixEntry("Letter of the peer team"),
                        )
                    ),
                ),
                is_numbered=False,
            ),
        ),
    )


def scrutiny_front_sheet() -> Report:
    """The same form for scrutiny: unnumbered paragraphs and sub-headings among the numbered."""
    report = front_sheet()
    asked = Items(
        (
            Item(("Notes the ten recommendations.",)),
            Item(("Gives its comments on the draft plan at [appendix: Draft plan].",)),
        ),
        "THAT THE COMMITTEE:",
    )
    return Report(
        council_name=COUNCIL,
        title="The peer challenge of 2024",
        masthead=("Scrutiny Committee", "Thursday 5 December 2024"),
        numbering=Numbering(),
        sections=(
            Section(
                "",
                (
                    LabelTable(
                        "Front sheet",
                        (
                            row("Reason submitted to committee", "To seek its comments."),
                            LabelRow("Recommendations", (asked,)),
                        ),
                    ),
                ),
            ),
            Section("Background", blocks_of("A challenge helps.\n\nIt was hard and welcome.")),
            Section(
                "The challenge",
                blocks_of(
                    "The team came in June.\n\n> Five themes were covered.\n\n> Are the council’s "
                    "priorities clear?\n\nIt was given papers.\n\nIt said what it saw."
                ),
            ),
            report.sections[-2],
            Section(
                "Appendices",
                (AppendixList((AppendixEntry("The report"), AppendixEntry("Draft plan"))),),
                is_numbered=False,
            ),
        ),
    )


def two_bodies() -> Report:
    """Recommendations to two bodies as paragraphs of their sections; appendices with letters."""
    return Report(
        council_name=COUNCIL,
        title="SUBJECT: THE PEER CHALLENGE",
        masthead=("Cabinet: 13 September 2025", "Overview and Scrutiny: 6 September 2025"),
        numbering=Numbering(items=ItemStyle.AS_PARAGRAPHS, appendices=AppendixStyle.LETTERS),
        sections=(
            Section(
                "",
                (
                    Lines(
                        (
                            ("Report of", "Director of Resources"),
                            ("Relevant portfolio holder", "Portfolio Holder for Housing"),
                            ("Wards affected", "Borough wide"),
                        )
                    ),
                ),
            ),
            Section("PURPOSE OF THE REPORT", blocks_of("To bring the peers’ report.")),
            Section(
                "RECOMMENDATIONS TO OVERVIEW AND SCRUTINY",
                (Items((Item(("That the plan be considered and comments go to Cabinet.",)),)),),
            ),
            Section(
                "RECOMMENDATIONS TO CABINET",
                (
                    Items(
                        (
                            Item(("That the report be welcomed.",)),
                            Item(("That, with the comments, the plan be agreed.",)),
                            Item(("That Overview and Scrutiny follow its delivery.",)),
                        )
                    ),
                ),
            ),
            Section("BACKGROUND", blocks_of("It is good.\n\nThe draft is [appendix: draft plan].")),
            Section(
                "Background documents",
                blocks_of(
                    "There are no background documents (section 100D(5) of the Local Government "
                    "Act 1972) to this report."
                ),
                is_numbered=False,
            ),
            Section(
                "Appendices",
                (
                    AppendixList(
                        (
                            AppendixEntry("The peers’ report"),
                            AppendixEntry("Draft plan"),
                            AppendixEntry("Minute of Overview and Scrutiny", "Cabinet only"),
                        )
                    ),
                ),
                is_numbered=False,
            ),
        ),
    )


def to_council() -> Report:
    """Sections 1., recommendations (i), sub-headings 3.1 with paragraphs 3.1.1."""
    return Report(
        council_name=COUNCIL,
        title="PEER CHALLENGE",
        masthead=("Council", "8 February 2025"),
        kicker="REPORT of CHIEF EXECUTIVE",
        numbering=Numbering(sections=SectionStyle.POINT, items=ItemStyle.ROMAN),
        sections=(
            Section("PURPOSE OF REPORT", blocks_of("To tell the Council what came of it.")),
            Section(
                "RECOMMENDATIONS",
                (
                    Items(
                        (
                            Item(("review the summary at [appendix: summary];",)),
                            Item(("agree the actions at [appendix: summary].",)),
                        ),
                        "Members are asked to:",
                    ),
                ),
            ),
            Section(
                "SUMMARY OF KEY ISSUES",
                blocks_of("# Background\nOne tool.\n\nOf many:\n- trust;\n- pride.\n\nIt came."),
            ),
            Section(
                "IMPLICATIONS",
                (
                    Items(
                        (
                            Item(("None.",), "Impact on customers"),
                            Item(("None.", "But see above."), "Impact on equalities"),
                            Item(("Some.",), "Impact on risk", "Signed off by Audit: Yes"),
                        )
                    ),
                ),
            ),
            Section("", (Lines((("Background papers", "None."), ("Enquiries to", "The office"))),)),
            Section("Appendices", (AppendixList((AppendixEntry("Summary"),)),), is_numbered=False),
        ),
    )


def everything() -> Report:
    """Every block there is, in the text and beside a label, with logo, notices and a marking."""
    report = front_sheet()
    within = LabelTable(
        "Everything",
        (
            LabelRow(
                "Blocks",
                (
                    Paragraph("Words."),
                    SubHeading("Within"),
                    Bullets(("one", "two")),
                    Lines((("Wards", "All"),)),
                    Facts((("Key", "No"), ("Urgent", "No"))),
                    FIGURES,
                    EXCEPTIONS,
                    Chart(BAR),
                    AppendixList((), "There are none here."),
                ),
                "Signed off by nobody",
            ),
            row("Long", "It goes on and on, as such things may. " * 120),
        ),
    )
    more = Section(
        "Everything",
        (
            SubHeading("Everything below"),
            Paragraph("Before."),
            Paragraph("Plain.", is_numbered=False),
            within,
            FIGURES,
            EXCEPTIONS,
            DataTable("Nothing", (TableColumn("A"),), ()),
            DataTable(
                "Where it can be read",
                (TableColumn("Ref"), TableColumn("Where", 2)),
                ((Cell("3.2"), Cell(ADDRESS, link=ADDRESS)),),
            ),
            Chart(StackedBar("Nothing yet", ())),
            Items((Item(("First.", "And more."), "Finance", "Signed off: Yes"),)),
            Items(
                (
                    Item(
                        ("Agree it.", "All of it."),
                    ),
                ),
                "That Council:",
                ItemStyle.LETTERED,
            ),
        ),
    )
    return Report(
        council_name=COUNCIL,
        title=report.title,
        masthead=report.masthead,
        kicker=report.kicker,
        numbering=report.numbering,
        sections=(
            *report.sections,
            more,
            Section("", (SubHeading("Without a section"), Paragraph("The end."))),
        ),
        notices=("Draft: not yet agreed by the Monitoring Officer.",),
        marking=RESTRICTED,
        footer=report.footer,
        dated=report.dated,
        logo=Logo(png(), "image/png", "Ashdale District Council"),
    )


PAPERS: dict[str, Callable[[], Report]] = {
    "front sheet": front_sheet,
    "scrutiny front sheet": scrutiny_front_sheet,
    "two bodies": two_bodies,
    "to council": to_council,
    "everything": everything,
}


def told(report: Report) -> Iterator[str]:
    """Every text of a numbered report with its number before it, as one reads it."""
    yield from (report.council_name, report.title, *report.masthead, *report.notices)
    for section in report.sections:
        if section.heading:
            yield f"{section.number} {section.heading}".strip()
        yield from told_blocks(section.blocks)


def told_blocks(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph() | SubHeading():
                yield " ".join(f"{block.number} {block.text}".split())
            case Bullets(items):
                yield from items
            case Items():
                yield from (block.lead_in,) if block.lead_in else ()
                for item in block.items:
                    label = f"{item.label}: " if item.label else ""
                    yield f"{item.number} {label}{item.paragraphs[0]}"
                    yield from item.paragraphs[1:]
                    yield from (item.sign_off,) if item.sign_off else ()
            case LabelTable():
                for row in block.rows:
                    yield row.label
                    yield from told_blocks(row.blocks)
                    yield from (row.sign_off,) if row.sign_off else ()
            case Facts(pairs) | Lines(pairs):
                for label, value in pairs:
                    yield label
                    yield value
            case DataTable():
                yield from (block.caption, *(column.label for column in block.columns))
                for cells in block.rows:
                    for cell in cells:
                        yield from (cell.status.label,) if cell.status else ()
                        yield from (cell.text,) if cell.text else ()
                yield from () if block.rows else (block.words,)
            case Chart():
                yield block.bar.title
            case AppendixList():
                for entry in block.entries:
                    yield f"{entry.number}: {entry.title}"
                    yield from (entry.note,) if entry.note else ()
                yield from () if block.entries else (block.words,)
