"""Invented appendices for the tests of rendering: Ashdale, and plans of any size."""

from datetime import date

from peerplan.render.appendix import (
    ActionRow,
    AppendixDocument,
    CountRow,
    CountTable,
    ExceptionRow,
    LabelledText,
    RatingMeaning,
    RecommendationSection,
    Run,
    Status,
)
from peerplan.render.charts import Segment, StackedBar

WORDS = {
    "red": "Red",
    "amber": "Amber",
    "green": "Green",
    "complete": "Complete",
    "claimed": "Claimed complete",
    "none": "Not started",
    "paused": "Paused",
    "bau": "Business as usual",
    "merged": "Merged or superseded",
    "withdrawn": "Not taken forward",
}
MEANINGS = {
    "red": "off track, needs a decision",
    "amber": "at risk, recovery plan in place",
    "green": "on track for its date",
    "complete": "delivered, checked by a second person",
    "none": "not due to start yet",
}
MARKING = (
    "Not for publication by virtue of paragraph 3 of Part 1 of Schedule 12A "
    "to the Local Government Act 1972"
)
PROGRESS = (
    "The joint forward plan was due in May. It slipped six weeks because two posts in scrutiny "
    "support were vacant; both are now filled. A draft went to the chairs on 4 June and will be "
    "agreed at the July meetings of both committees.",
)
STATUSES = ("green", "amber", "complete", "green", "red", "none", "claimed", "paused", "bau")


def status(key: str) -> Status:
    return Status(key, WORDS[key])


def action(ref: str, key: str = "green", **fields: object) -> ActionRow:
    given: dict[str, object] = {
        "ref": ref,
        "title": "Strengthen the forward plan of scrutiny and link it to the council plan",
        "lead": "Head of Strategy and Performance",
        "due": "31 July 2025",
        "status": status(key),
        "was": "was Green in March" if key in ("red", "amber") else "",
        "forecast": "Forecast: Green" if key == "amber" else "",
        "was_due": "was 31 May 2025" if key == "amber" else "",
        "commentary": PROGRESS,
        "measure": ("Forward plan published and reviewed monthly.",),
    }
    return ActionRow(**{**given, **fields})  # type: ignore[arg-type]


def plan(
    recommendations: int = 6, each: int = 5, *, marking: str = "", exceptions_only: bool = False
) -> AppendixDocument:
    """A plan of recommendations x each actions, with every status that occurs in practice."""
    sections = []
    count = dict.fromkeys(WORDS, 0)
    troubled: list[ExceptionRow] = []
    for number in range(1, recommendations + 1):
        rows = []
        for place in range(1, each + 1):
            key = STATUSES[(number * each + place) % len(STATUSES)]
            count[key] += 1
            ref = f"{number}.{place}"
            more: tuple[LabelledText, ...] = ()
            if key == "amber":
                more = (LabelledText("Recovery plan", ("Weekly review until the July meeting.",)),)
            if key == "red":
                more = (LabelledText("Decision sought", ("Agree a date of 30 September 2025.",)),)
            row = action(ref, key, more=more, exempt=marking if place == 1 else "")
            if key in ("red", "amber"):
                needed = "Note the new date" if key == "amber" else "Agree the recovery plan"
                if len(troubled) < 6:
                    troubled.append(
                        ExceptionRow(ref, row.title, row.lead, row.status, needed, row.was)
                    )
            elif exceptions_only:
                continue
            rows.append(row)
        sections.append(
            RecommendationSection(
                f"Recommendation {number}",
                "Clarify roles and tighten governance",
                wording=(
                    "Review the constitution, the scheme of delegation and member development so "
                    "that roles are clear and decisions are timely.",
                ),
                meta=(
                    ("Theme", "Governance and culture"),
                    ("Portfolio holder", "Leader of the Council"),
                    ("Actions", f"{each} (1 amber, 1 green, 1 complete)"),
                ),
                response="Accepted in part: the council keeps its committee system.",
                council_status="On track; the worst rating of its actions is Red.",
                actions=tuple(rows),
                words="No action under this recommendation is an exception.",
            )
        )
    total = recommendations * each
    shown = tuple(status(key) for key in ("red", "amber", "green", "complete", "none"))
    segments = tuple(Segment(key, WORDS[key], number) for key, number in count.items())
    return AppendixDocument(
        council_name="Ashdale District Council",
        subtitle_lines=("Cabinet · Tuesday 24 June 2025 · Appendix 1",),
        title="Corporate Peer Challenge action plan",
        lead=(
            Run(f"Progress on the {recommendations} recommendations of the LGA Corporate Peer "),
            Run("Challenge of June 2024. "),
            Run(f"{total - 2} of {total} actions are complete or on track", strong=True),
            Run("; one is at risk and one is off track. Position at 12 June 2025."),
        ),
        bar_now=StackedBar("June 2025", segments),
        bar_before=StackedBar(
            "March 2025",
            (
                Segment("green", "Green", max(total - 3, 0)),
                Segment("amber", "Amber", min(total, 2)),
                Segment("none", "Not started", min(total, 1)),
            ),
        ),
        rating_key=tuple(RatingMeaning(status(key), words) for key, words in MEANINGS.items()),
        counts=CountTable(
            "Actions by theme",
            "Theme",
            shown,
            (
                CountRow("Governance and culture", (0, 2, 1, 2, 0), 5),
                CountRow("Local priorities and outcomes", (1, 0, 2, 0, 1), 4),
            ),
            CountRow("All themes", (1, 2, 3, 2, 1), 9),
        ),
        exceptions=tuple(troubled),
        sections=tuple(sections),
        notes=("Dates in brackets are those of the plan as adopted.",),
        footer="Appendix 1: Corporate Peer Challenge action plan, June 2025",
        progress_heading="Progress at June 2025",
        marking=marking,
        dated=date(2025, 6, 12),
    )


def empty_plan() -> AppendixDocument:
    """A challenge without a recommendation."""
    return AppendixDocument(
        council_name="Ashdale District Council",
        title="Corporate Peer Challenge action plan",
        lead=(Run("The plan has no actions yet."),),
        bar_now=StackedBar("June 2025", ()),
        sections_words="No recommendation has been entered yet.",
    )
