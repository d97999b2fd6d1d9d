"""What is drafted about progress: the summary, the exceptions, what changed, the counts."""

from actions import figures
from actions.changes import Changes
from actions.exceptions import exceptions
from actions.position import ActionPosition, Position, RecommendationPosition
from actions.sentences import (
    capital,
    change_groups,
    change_sentence,
    claims_told,
    clipped,
    counted,
    listed,
    needs,
    number,
    number_changed,
    plain,
    standing,
)
from peerplan.councils.ratings import Status
from peerplan.papers import standing_tables
from peerplan.papers.drafting.context import DraftContext, lower
from peerplan.papers.drafting.phrases import bullets, called, ended, one_line, text_of
from peerplan.render.report import Block, Cell, Chart, DataTable, Paragraph, TableColumn
from reviews.deadlines import in_words
from reviews.models import Recommendation

MOST_IN_TEXT = 12
"""Exceptions that are told in the text, and recommendations each with a paragraph: beyond these a
reader is better served by the appendix."""

LONG_WORD = 6
UNMOVED = ("date", "still", "same", "quiet")
"""Kinds of change in which no status has moved."""


def progress(context: DraftContext) -> str:
    """Where the plan stands, recommendation by recommendation, or by theme where there are many."""
    position = context.position
    well, troubles = standing(position)
    opening = f"At {in_words(context.as_at)}: {_first_lower(well)} {troubles}".strip()
    opening = f"{opening} {claims_told(position)}".strip()
    if not position.total:
        return opening
    rows = position.recommendations
    told = [_of_recommendation(each, context) for each in rows]
    if len(rows) > MOST_IN_TEXT:
        told = _by_theme_in_words(context)
    return text_of((opening, _compared(context), *told, _loose(context)))


def counts_by_recommendation(context: DraftContext) -> tuple[Block, ...]:
    """The counts of each recommendation as a table; none for a plan without actions."""
    position = context.position
    return (_by_recommendation(position, context),) if position.total else ()


def _first_lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _compared(context: DraftContext) -> str:
    """How much changed since the body last saw the plan, in one sentence."""
    if context.since.changes is None:
        return ""
    groups = [each for each in change_groups(context.since.changes) if each.key not in UNMOVED]
    later = len(_put_off(context.since.changes))
    dates = f"{counted(later, 'action has', 'actions have')} a later due date"
    if not groups:
        what = f"no status has changed; {dates}" if later else "no status and no date has changed"
        return f"Since {context.since.words}, {what}."
    said = [group.heading[:1].lower() + group.heading[1:] for group in groups]
    count, rest = said[0].split(" ", 1)
    what = "action" if groups[0].count == 1 else "actions"
    said[0] = f"{count} {what} {rest}" if not rest.startswith("more") else said[0]
    more = f" {capital(dates)}." if later else ""
    return f"Since {context.since.words}, {listed(said)}.{more}"


def _put_off(found: Changes) -> list[ActionPosition]:
    return [each.action for each in found.dates_moved if (each.days_moved or 0) > 0]


def _of_recommendation(row: RecommendationPosition, context: DraftContext) -> str:
    """A paragraph on one recommendation: counts, what is in trouble, and the council's own view."""
    is_suggested = row.kind == Recommendation.Kind.SUGGESTION
    word = "Suggestion" if is_suggested else context.words.recommendation
    name = f"{word} {row.ref} ({clipped(row.title, 140)})"
    total = sum(row.counts.values())
    if not total:
        said = f"{name} has no actions."
        if row.response == "not-accepted" and row.response_reason:
            said = f"{name} was not accepted: {ended(row.response_reason)}"
    elif max(row.counts.values()) == total:
        status = next(key for key, count in row.counts.items() if count)
        word = lower(context.label(status))
        if total == 1:
            said = f"{name}: its one action is {word}."
        else:
            every = "both" if total == 2 else f"all {number(total)}"
            said = f"{name}: {every} actions are {word}."
    else:
        said = f"{name}: of {counted(total, 'action')}, {_are(row.counts, context)}."
    troubled = exceptions(
        Position(
            context.challenge.pk, context.as_at, context.known_by, False, (), actions=row.actions
        ),
        context.as_at,
    )
    notes = []
    if troubled.overdue:
        notes.append(_which(list(troubled.overdue), "is overdue", "are overdue", context))
    slipped = [action for action in troubled.slipped if action not in troubled.overdue]
    if slipped:
        words = ("is later than first agreed", "are later than first agreed")
        notes.append(_which(slipped, *words, context))
    own = ""
    if row.own:
        own = f"The council’s own view is {lower(context.label(row.own.status))}"
        own = ended(f"{own}: {one_line(row.own.summary)}" if row.own.summary else own)
    return " ".join(part for part in (said, *notes, own) if part)


def _are(counts: dict[str, int], context: DraftContext) -> str:
    """ "one is red, two are amber and three are green"."""
    said = [
        f"{number(count)} {'is' if count == 1 else 'are'} {lower(context.label(key))}"
        for key, count in counts.items()
        if count
    ]
    return listed(said)


def _which(actions: list[ActionPosition], one: str, many: str, context: DraftContext) -> str:
    word = context.words.action
    refs = [action.ref for action in actions]
    if len(refs) == 1:
        return f"{word} {refs[0]} {one}."
    return f"{word}s {listed(refs)} {many}."


def _by_theme_in_words(context: DraftContext) -> list[str]:
    table = figures.by_theme(context.position, context.scheme)
    said = []
    for line in table.lines:
        counts = [
            f"{number(count)} {'is' if count == 1 else 'are'} {lower(column.label)}"
            for column, count in zip(table.columns, line.counts, strict=True)
            if count
        ]
        said.append(f"{line.label}: of {counted(line.total, 'action')}, {listed(counts)}.")
    if table.overlaps:
        said.append(
            "An action that answers recommendations under several themes is counted under each."
        )
    return said


def _loose(context: DraftContext) -> str:
    loose = [action for action in context.position.unlinked if action.is_counted]
    if not loose:
        return ""
    refs = listed([action.ref for action in loose])
    if len(loose) == 1:
        return f"Action {refs} answers no recommendation of the peers."
    return (
        f"{capital(counted(len(loose), 'action'))} answer no recommendation of the peers: {refs}."
    )


def _by_recommendation(position: Position, context: DraftContext) -> DataTable:
    columns = figures.columns(position, context.scheme)
    rows = []
    for row in position.recommendations:
        cells = [sum(row.counts.get(key, 0) for key in column.keys) for column in columns]
        rows.append(
            (
                Cell(f"{row.ref} {one_line(row.title)}"),
                *(Cell(str(count)) for count in cells),
                Cell(str(sum(cells))),
            )
        )
    totals = [sum(position.counts.get(key, 0) for key in column.keys) for column in columns]
    total = (
        Cell(f"All actions{', each counted once' if _answers_several(position) else ''}"),
        *(Cell(str(count)) for count in totals),
        Cell(str(position.total)),
    )
    return DataTable(
        f"Actions by {lower(context.words.recommendation)} at {in_words(context.as_at)}",
        (
            TableColumn(context.words.recommendation, 4),
            *(_numbers(column.label) for column in columns),
            TableColumn("All", 2, is_number=True),
        ),
        [*rows, total] if rows else [],
        has_total=bool(rows),
        words="The plan has no recommendations yet.",
    )


def _numbers(label: str) -> TableColumn:
    """A column of counts, wide enough for the longest word of its label."""
    longest = max(map(len, label.split()), default=0)
    return TableColumn(label, 3 if longest > LONG_WORD else 2, is_number=True)


def _answers_several(position: Position) -> bool:
    known = position.recommendation_by_id
    return any(
        sum(rec in known for rec in action.recommendation_ids) > 1
        for action in position.actions
        if action.is_counted
    )


def position(context: DraftContext) -> str:
    """Where the plan stands, in a sentence or two."""
    well, troubles = standing(context.position)
    return " ".join(filter(None, (well, troubles, claims_told(context.position))))


def chart_and_counts(context: DraftContext) -> tuple[Block, ...]:
    """The chart of all actions by status, with the numbers by theme in a table below it."""
    plan = context.position
    table = figures.by_theme(plan, context.scheme)
    first, what = context.words.theme, lower(context.words.theme)
    if {line.label for line in table.lines} <= {figures.NO_THEME}:
        table = figures.by_directorate(plan, context.scheme)
        first, what = context.words.directorate, lower(context.words.directorate)
    lines = [*table.lines, table.total] if table.lines else []
    day = in_words(context.as_at)
    blocks: list[Block] = []
    if plan.total:
        blocks.append(Chart(figures.bar(f"All actions at {day}", plan, context.scheme)))
    blocks.append(
        DataTable(
            f"Actions by {what} at {day}",
            (
                TableColumn(first, 4),
                *(_numbers(column.label) for column in table.columns),
                TableColumn("All", 2, is_number=True),
            ),
            [
                (
                    Cell(line.label),
                    *(Cell(str(count)) for count in line.counts),
                    Cell(str(line.total)),
                )
                for line in lines
            ],
            has_total=bool(lines),
            words="There are no actions in the plan yet.",
        )
    )
    return tuple(blocks)


def exceptions_of(context: DraftContext) -> str:
    """Each action that is off track, overdue or later than first agreed, and what is needed."""
    by_id = context.position.by_id
    noted = [by_id[key] for key in context.noted]
    if not noted:
        return (
            f"At {in_words(context.as_at)} no action is off track, overdue or later than first "
            "agreed."
        )
    are = "needs" if len(noted) == 1 else "need"
    opening = (
        f"At {in_words(context.as_at)}, {counted(len(noted), 'action')} {are} attention, because "
        f"{'it is' if len(noted) == 1 else 'they are'} off track, overdue or later than first "
        "agreed:"
    )
    told = [_exception(action, context) for action in noted[:MOST_IN_TEXT]]
    rest = len(noted) - len(told)
    more = (
        f"{capital(counted(rest, 'further action'))} {'is' if rest == 1 else 'are'} set out in "
        "the action plan."
        if rest
        else ""
    )
    return text_of((opening, bullets(told), more))


def _exception(action: ActionPosition, context: DraftContext) -> str:
    lead = f", led by the {one_line(action.lead_role)}" if action.lead_role else ""
    status = lower(context.label(action.status))
    said = [f"{capital(called(action, context))}{lead}, is {status}."]
    said += [f"{need.label}: {ended(need.text)}" for need in needs(action, context.as_at)]
    if len(said) == 1 and action.status in (Status.RED, Status.AMBER):
        said.append("No recovery plan or decision has been recorded for publication.")
    return " ".join(said)


def changed(context: DraftContext) -> str:
    """What changed since the body last saw the plan, each action told once, by kind of change."""
    since = context.since
    if since.changes is None:
        return (
            f"{capital(context.body)} has not had a report on the plan before, so there is nothing "
            "to compare this position with."
        )
    groups = change_groups(since.changes)
    news = number_changed(groups)
    first = f"Since {since.words} (position at {in_words(since.day)}), "
    if not since.has_seen:
        never = f"{capital(context.body)} has not had a report on the plan before."
        first = f"{never} Since {since.words}, "
    if news:
        opening = f"{first}{counted(news, 'action has', 'actions have')} something new to tell:"
    else:
        opening = f"{first}nothing has changed."
    parts = [opening]
    for group in groups:
        if group.key in ("quiet", "same"):
            parts.append(f"> {group.heading}: {group.refs}.")
            continue
        parts += [
            f"> {group.heading}:",
            bullets(
                f"{change.action.ref} {clipped(change.action.title, 120)} "
                f"{plain(change_sentence(change, context.scheme))}."
                for change in group.changes
            ),
        ]
    return text_of((*parts, _newly_public(context)))


def _newly_public(context: DraftContext) -> str:
    told = [
        f"{action.ref} ({lower(context.label(action.status))})"
        for action in context.since.newly_public
    ]
    if not told:
        return ""
    if len(told) == 1:
        return f"Action {told[0]} was not for publication then and is published now."
    return f"Actions {listed(told)} were not for publication then and are published now."


def completed(context: DraftContext) -> tuple[Block, ...]:
    table, claims = standing_tables.completed(context), claims_told(context.position)
    if not claims:
        return (table,)
    return (table, Paragraph(f"In the whole plan, {_first_lower(claims)}"))


def extensions(context: DraftContext) -> tuple[Block, ...]:
    return (standing_tables.extensions(context),)


def overdue(context: DraftContext) -> tuple[Block, ...]:
    return (standing_tables.overdue(context),)


def due_next(context: DraftContext) -> tuple[Block, ...]:
    return (standing_tables.due_next(context),)


def not_updated(context: DraftContext) -> tuple[Block, ...]:
    return (standing_tables.not_updated(context),)
