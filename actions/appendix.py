"""The appendix to a committee report, drawn from a position. Pure: no database, no clock.

Whatever the reader may not see has been left out of the position before it comes here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions import figures
from actions.exceptions import exceptions
from actions.models import EXEMPT_PARAGRAPHS, Visibility
from actions.position import ActionPosition, Position, RecommendationPosition
from actions.sentences import claims_told, clipped, counted, listed, needs, standing, was
from actions.states import SEVERITY
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.contrast import LEAST_FOR_TEXT, WHITE, ratio
from peerplan.councils.models import Council
from peerplan.councils.ratings import Rule, Status
from peerplan.councils.vocabulary import Words, words_of
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
)
from peerplan.render.appendix import Status as Printed
from reviews.models import PeerChallenge

EXCEPTIONS_SHOWN = 12
PLAIN_BRAND = "#243447"
# What the council has written about these is printed; the other labels speak for themselves, and
# page 1 has room for two lines.
EXPLAINED = (Status.RED, Status.AMBER, Status.GREEN, Status.COMPLETE, Status.CLAIMED)


@dataclass(frozen=True)
class _Drawing:
    """What every part of the appendix is drawn from."""

    position: Position
    before: Position | None
    scheme: Mapping[str, Rule]
    words: Words

    def printed(self, key: str) -> Printed:
        return Printed(str(key), self.scheme[key].label)

    def was(self, action: ActionPosition) -> str:
        """ "was Amber in March", "" where it stood the same or there is no comparison."""
        if self.before is None:
            return ""
        earlier = self.before.by_id.get(action.id)
        if earlier is not None and earlier.status == action.status:
            return ""
        return was(action, earlier, self.before.as_at, self.position.as_at, self.scheme)


def appendix_document(
    *,
    council: Council,
    challenge: PeerChallenge,
    position: Position,
    before: Position | None,
    scheme: Mapping[str, Rule],
    only_exceptions: bool = False,
) -> AppendixDocument:
    """The document of `position`, compared with `before`: page 1, then recommendation by theirs.

    It is marked as not for publication where the position holds anything exempt.
    """
    drawing = _Drawing(position, before, scheme, words_of(council))
    title = challenge.title
    if not re.search(r"\bplan\b", title, re.IGNORECASE):
        title += ": action plan"
    if only_exceptions:
        title += ", exceptions"
    day = day_in_words(position.as_at)
    bars = [figures.bar(day, position, scheme)]
    if before is not None:
        bars.append(figures.bar(day_in_words(before.as_at), before, scheme))
    return AppendixDocument(
        council_name=council.name,
        title=title,
        subtitle_lines=(f"Position at {day}",),
        lead=_lead(position, challenge),
        bar_now=bars[0],
        bar_before=bars[1] if len(bars) > 1 else None,
        rating_key=tuple(
            RatingMeaning(drawing.printed(key), rule.definition)
            for key, rule in scheme.items()
            if key in EXPLAINED
            if position.counts.get(key) or (before and before.counts.get(key))
        ),
        counts=_counts(drawing),
        exceptions=_exceptions(drawing),
        exceptions_words="No action is off track, overdue or later than first agreed.",
        sections=_sections(drawing, only_exceptions=only_exceptions),
        sections_words=(
            "No action is off track, overdue or later than first agreed."
            if only_exceptions
            else "The plan has no recommendations yet."
        ),
        notes=_notes(drawing, only_exceptions=only_exceptions),
        footer=f"{title}, position at {day}",
        marking=marking_of(position),
        progress_heading=drawing.words.commentary,
        measure_heading=drawing.words.success_measure,
        description=f"Where the action plan stood on {day}, {council.name}",
        dated=position.as_at,
        brand=brand_of(council),
    )


def brand_of(council: Council) -> str:
    """The council's colour, ours where white text on it could not be read."""
    return council.brand if ratio(council.brand, WHITE) >= LEAST_FOR_TEXT else PLAIN_BRAND


def is_restricted(position: Position) -> bool:
    """True where a position holds anything that is not for publication."""
    return any(
        action.is_exempt
        or (action.update is not None and action.update.visibility == Visibility.EXEMPT)
        or any(move.visibility == Visibility.EXEMPT and move.reason for move in action.date_moves)
        for action in position.actions
    )


def marking_of(position: Position) -> str:
    """The words at the head of a restricted copy, "" where nothing in it is exempt."""
    if not is_restricted(position):
        return ""
    paragraphs = sorted(
        {action.exempt_paragraph for action in position.actions if action.exempt_paragraph}
    )
    if not paragraphs:
        return "NOT FOR PUBLICATION: contains exempt information"
    word = "paragraph" if len(paragraphs) == 1 else "paragraphs"
    return (
        f"NOT FOR PUBLICATION by virtue of {word} {listed([str(each) for each in paragraphs])} "
        "of Part 1 of Schedule 12A to the Local Government Act 1972"
    )


def _lead(position: Position, challenge: PeerChallenge) -> tuple[Run, ...]:
    well, troubles = standing(position)
    number = len(position.recommendations)
    about = f"Progress on {counted(number, 'recommendation')} of the {challenge.title}. "
    rest = " ".join(filter(None, (troubles, claims_told(position))))
    return (Run(about), Run(well, strong=True), Run(f" {rest}" if rest else ""))


def _counts(drawing: _Drawing) -> CountTable | None:
    table = figures.by_theme(drawing.position, drawing.scheme)
    heading, corner = f"Actions by {drawing.words.theme.lower()}", drawing.words.theme
    if {line.label for line in table.lines} <= {figures.NO_THEME}:
        table = figures.by_directorate(drawing.position, drawing.scheme)
        heading = f"Actions by {drawing.words.directorate.lower()}"
        corner = drawing.words.directorate
    if not table.lines:
        return None
    return CountTable(
        heading=heading,
        first_column=corner,
        statuses=tuple(Printed(column.key, column.label) for column in table.columns),
        rows=tuple(CountRow(line.label, line.counts, line.total) for line in table.lines),
        total=CountRow("All actions", table.total.counts, table.total.total),
    )


def _noted(position: Position) -> tuple[ActionPosition, ...]:
    """The exceptions, the most serious status first, then in plan order."""
    found = exceptions(position, position.as_at).all
    return tuple(sorted(found, key=lambda action: (SEVERITY[action.status], action.position)))


def _exceptions(drawing: _Drawing) -> tuple[ExceptionRow, ...]:
    rows = []
    for action in _noted(drawing.position)[:EXCEPTIONS_SHOWN]:
        wanted = needs(action, drawing.position.as_at)
        first = wanted[0] if wanted else None
        rows.append(
            ExceptionRow(
                ref=action.ref,
                title=action.title,
                lead=action.lead_role,
                status=drawing.printed(action.status),
                needed=f"{first.label}: {clipped(first.text, 170)}" if first else "Note the rating",
                was=drawing.was(action),
            )
        )
    return tuple(rows)


def _sections(drawing: _Drawing, *, only_exceptions: bool) -> tuple[RecommendationSection, ...]:
    position = drawing.position
    kept = {action.id for action in _noted(position)} if only_exceptions else None
    sections = []
    for recommendation in position.recommendations:
        section = _section(drawing, recommendation, kept)
        if kept is None or section.actions:
            sections.append(section)
    loose = [action for action in position.unlinked if kept is None or action.id in kept]
    if loose:
        sections.append(
            RecommendationSection(
                ref="Other actions",
                heading="",
                actions=tuple(_row(drawing, action) for action in loose),
            )
        )
    return tuple(sections)


def _section(
    drawing: _Drawing, recommendation: RecommendationPosition, kept: set[int] | None
) -> RecommendationSection:
    own, also = [], []
    known = drawing.position.recommendation_by_id
    for action in recommendation.actions:
        first = next(rec for rec in action.recommendation_ids if rec in known)
        if first == recommendation.id:
            if kept is None or action.id in kept:
                own.append(action)
        elif kept is None:
            also.append(
                f"Also answered by action {action.ref}, under "
                f"{drawing.words.recommendation.lower()} {known[first].ref}."
            )
    meta = []
    if recommendation.themes:
        meta.append((drawing.words.theme, listed(recommendation.themes)))
    counts = [
        f"{count} {drawing.scheme[key].label.lower()}"
        for key, count in recommendation.counts.items()
        if count
    ]
    if counts:
        meta.append(("Actions", f"{sum(recommendation.counts.values())} ({', '.join(counts)})"))
    if recommendation.is_closed:
        meta.append(("Closed", recommendation.closed_words))
    response = recommendation.response_label if recommendation.response else ""
    if response and recommendation.response_reason:
        response += f". {recommendation.response_reason}"
    return RecommendationSection(
        ref=f"{drawing.words.recommendation} {recommendation.ref}",
        heading=recommendation.title,
        wording=paragraphs(recommendation.wording),
        meta=tuple(meta),
        response=response,
        council_status=_own_view(drawing, recommendation),
        actions=tuple(_row(drawing, action) for action in own),
        also=tuple(also),
        words=(
            "Its actions stand under other recommendations."
            if also
            else "There are no actions under this recommendation."
        ),
    )


def own_status_words(recommendation: RecommendationPosition, scheme: Mapping[str, Rule]) -> str:
    """The council's own status in a sentence or two, "" where it has given none."""
    own = recommendation.own
    if own is None:
        return ""
    said = f"{scheme[own.status].label} at {day_in_words(own.as_at)}."
    if recommendation.differs and recommendation.worst:
        said += f" The worst of its actions is {scheme[recommendation.worst].label}."
    return said


def _own_view(drawing: _Drawing, recommendation: RecommendationPosition) -> str:
    own = recommendation.own
    if own is None:
        return ""
    impact = f"What has changed for people: {own.impact}" if own.impact else ""
    status = own_status_words(recommendation, drawing.scheme)
    return " ".join(filter(None, (status, own.summary, impact)))


def _row(drawing: _Drawing, action: ActionPosition) -> ActionRow:
    update = action.update
    more = []
    if update and update.recovery_plan:
        more.append(LabelledText("Recovery plan", paragraphs(update.recovery_plan)))
    if update and update.decision_sought:
        more.append(LabelledText("Decision sought", paragraphs(update.decision_sought)))
    if action.days_slipped > 0 and action.date_moves and action.date_moves[-1].reason:
        more.append(LabelledText("Why the date moved", paragraphs(action.date_moves[-1].reason)))
    notes = []
    if action.beginning == "under-way":
        notes.append("Already under way when the peers came")
    if action.portfolio:
        notes.append(f"{drawing.words.portfolio}: {action.portfolio}")
    exempt = ""
    if action.is_exempt:
        exempt = "Not for publication"
        if action.exempt_paragraph:
            exempt += f": paragraph {EXEMPT_PARAGRAPHS[action.exempt_paragraph]}"
    moved = action.original_due and action.due and action.due != action.original_due
    return ActionRow(
        ref=action.ref,
        title=action.title,
        lead=action.lead_role,
        due=action.due_words or (day_in_words(action.due) if action.due else "No date"),
        status=drawing.printed(action.status),
        was=drawing.was(action),
        forecast=(
            f"Forecast: {drawing.scheme[action.forecast].label}"
            if action.forecast and action.forecast != action.status
            else ""
        ),
        was_due=f"was {day_in_words(action.original_due)}" if moved and action.original_due else "",
        commentary=paragraphs(update.commentary) if update else ("No update yet.",),
        more=tuple(more),
        measure=paragraphs(action.success_measure),
        notes=tuple(notes),
        exempt=exempt,
    )


def _notes(drawing: _Drawing, *, only_exceptions: bool) -> tuple[str, ...]:
    position = drawing.position
    notes = []
    if position.counts[Status.CLAIMED]:
        notes.append(
            "Who leads an action claims that it is complete; it is verified once a second person "
            "has checked the evidence."
        )
    ended = len(position.actions) - position.total
    if ended:
        notes.append(
            f"{counted(ended, 'action').capitalize()} merged, superseded or not taken forward "
            f"{'is' if ended == 1 else 'are'} not counted."
        )
    if figures.by_theme(position, drawing.scheme).overlaps:
        notes.append(
            "An action that answers recommendations under several themes is counted under each "
            "theme, and once in the last line."
        )
    if position.withheld:
        are = "is" if position.withheld == 1 else "are"
        notes.append(
            f"{counted(position.withheld, 'action').capitalize()} {are} not for publication and "
            f"{are} left out of this copy."
        )
    noted = len(_noted(position))
    if noted > EXCEPTIONS_SHOWN:
        notes.append(
            f"Page 1 lists the {EXCEPTIONS_SHOWN} most serious of {noted} exceptions; "
            "each is printed below with its progress update."
        )
    if only_exceptions:
        notes.append("Actions that are on track, complete or in normal work are left out.")
    if drawing.before is not None:
        notes.append(f"Compared with the position at {day_in_words(drawing.before.as_at)}.")
    return tuple(notes)


def paragraphs(text: str) -> Sequence[str]:
    """The paragraphs of a plain text; single line breaks are spaces in print."""
    return tuple(
        " ".join(block.split()) for block in re.split(r"\n\s*\n", text.strip()) if block.strip()
    )
