"""The tables that committees ask for at every meeting, drawn from the plan. Pure: no database.

What is not for publication has been left out of the context's position before it comes here.
"""

from datetime import date, timedelta

from actions.exceptions import DUE_SOON_DAYS
from actions.ledger import ledger_of
from actions.position import ActionPosition, DateMove
from actions.sentences import clipped, counted_days, needs
from actions.states import COMPLETE_STATES, State
from peerplan.core.templatetags.parts import day_in_words
from peerplan.papers.drafting.context import DraftContext
from peerplan.papers.drafting.phrases import due_of, one_line
from peerplan.render.appendix import Status as Printed
from peerplan.render.report import Cell, DataTable, TableColumn
from reviews.deadlines import in_words

DONE = (*COMPLETE_STATES, State.BUSINESS_AS_USUAL)
LONGEST = 220
"""Characters of a text in a cell: the whole of it stands in the appendix."""


def completed(context: DraftContext) -> DataTable:
    """Actions that became complete, or went into normal work, since the body last saw the plan."""
    known = context.since.known
    found = [
        action
        for action in context.position.actions
        if action.state in DONE
        if action.id not in known or known[action.id].state not in DONE
        if action.id not in {each.id for each in context.since.newly_public}
    ]
    rows = [
        (
            *_opening(action),
            _status(action, context),
            Cell(day_in_words(action.update.as_at) if action.update else ""),
        )
        for action in found
    ]
    columns = (*_columns(context), _column(context.words.status, 3), TableColumn("Reported", 3))
    return DataTable(
        f"Completed since {context.since.words}",
        columns,
        rows,
        words=f"No action has been completed since {context.since.words}.",
    )


def extensions(context: DraftContext) -> DataTable:
    """Open actions whose date is later than first agreed, with every time that it slipped."""
    rows = []
    for action in context.position.actions:
        if not (action.is_open and action.is_counted and is_extended(action)):
            continue
        days = action.days_slipped
        rows.append(
            (
                *_opening(action),
                Cell(_original(action)),
                Cell(due_of(action)),
                Cell(str(times_slipped(action))),
                Cell(str(days) if days > 0 else "Not known"),
                Cell(clipped(_reason(action.date_moves), LONGEST) or "No reason for publication"),
                Cell(_who_moved(action)),
            )
        )
    columns = (
        *_columns(context),
        TableColumn("Original date", 3),
        TableColumn("Date now", 3),
        TableColumn("Times moved", 2, is_number=True),
        TableColumn("Days later", 2, is_number=True),
        TableColumn("Reason", 5),
        TableColumn("Asked and approved by", 5),
    )
    return DataTable(
        f"Extensions at {in_words(context.as_at)}",
        columns,
        rows,
        words="Every open action keeps the date that was first agreed, or an earlier one.",
    )


def overdue(context: DraftContext) -> DataTable:
    """Open actions whose date has passed, the longest overdue first, and what is needed."""
    on = context.as_at
    found = sorted(context.exceptions.overdue, key=lambda a: (a.due or on, a.position))
    rows = [
        (
            *_opening(action),
            _status(action, context),
            Cell(due_of(action)),
            Cell(str((on - action.due).days) if action.due else ""),
            Cell(_needed(action, on)),
        )
        for action in found
    ]
    columns = (
        *_columns(context),
        _column(context.words.status, 3),
        _column(context.words.due, 3),
        TableColumn("Days overdue", 2, is_number=True),
        TableColumn("What is needed", 6),
    )
    day = in_words(on)
    return DataTable(f"Overdue at {day}", columns, rows, words=f"No action is overdue at {day}.")


def due_next(context: DraftContext) -> DataTable:
    """Open actions due from the day of the position up to the next meeting of this body."""
    on, until = context.as_at, next_look(context)
    found = [
        action
        for action in context.position.actions
        if action.is_open and action.is_counted
        if action.due is not None and on <= action.due <= until
    ]
    found.sort(key=lambda action: (action.due or until, action.position))
    rows = [
        (
            *_opening(action),
            _status(action, context),
            Cell(due_of(action)),
            Cell(context.label(action.forecast) if action.forecast else "Not given"),
        )
        for action in found
    ]
    columns = (
        *_columns(context),
        _column(context.words.status, 3),
        _column(context.words.due, 3),
        _column(context.words.forecast, 3),
    )
    if context.next_meeting:
        upto = f"before the next meeting of {context.body}, on {in_words(until)}"
    else:
        upto = f"in the next {counted_days(DUE_SOON_DAYS)}, up to {in_words(until)}"
    return DataTable(f"Due {upto}", columns, rows, words=f"No action is due {upto}.")


def not_updated(context: DraftContext) -> DataTable:
    """Open actions without a progress update since the body last saw the plan."""
    since = context.since
    if since.changes is not None:
        found = [
            change.after
            for change in since.changes.not_updated
            if change.after is not None and change.after.is_counted
        ]
    else:
        found = [
            action
            for action in context.position.actions
            if action.is_open and action.is_counted and action.update is None
        ]
    rows = [
        (
            *_opening(action),
            _status(action, context),
            Cell(due_of(action)),
            Cell(day_in_words(action.update.as_at) if action.update else "Never updated"),
        )
        for action in found
    ]
    columns = (
        *_columns(context),
        _column(context.words.status, 3),
        _column(context.words.due, 3),
        TableColumn("Last update", 3),
    )
    return DataTable(
        f"Not updated since {since.words}",
        columns,
        rows,
        words=f"Every open action has been updated since {since.words}.",
    )


def next_look(context: DraftContext) -> date:
    """The day of this body's next meeting, sixty days on where there is none yet."""
    if context.next_meeting:
        return context.next_meeting.on
    return context.as_at + timedelta(days=DUE_SOON_DAYS)


def is_extended(action: ActionPosition) -> bool:
    """True where the date is later than first agreed, or was given up for words."""
    if action.original_due is None:
        return False
    return action.days_slipped > 0 or (action.due is None and bool(action.due_words))


def times_slipped(action: ActionPosition) -> int:
    """How often the date moved to a later one, or to words; at least once where it is extended.

    Moves to an earlier date are not counted.
    """
    times, held = 0, action.original_due
    for move in action.date_moves:
        if move.to is None or held is None or move.to > held:
            times += 1
        held = move.to
    return max(times, 1) if is_extended(action) else times


def _reason(moves: tuple[DateMove, ...]) -> str:
    return next((one_line(move.reason) for move in reversed(moves) if move.reason), "")


def _who_moved(action: ActionPosition) -> str:
    """Who asked for the date that holds, who approved it and with which minute."""
    slips = [entry for entry in ledger_of(action).entries if entry.is_slip]
    if not slips or slips[-1].is_withheld:
        return "Not for publication" if slips else "Not recorded"
    last = slips[-1]
    asked = f"Asked by {one_line(last.asked_by)}" if last.asked_by else ""
    approved = f"Approved by {one_line(last.approval)}" if last.approval else ""
    return ". ".join(filter(None, (asked, approved))) or "Not recorded"


def _original(action: ActionPosition) -> str:
    if action.original_due_words:
        return one_line(action.original_due_words)
    return day_in_words(action.original_due) if action.original_due else "No date"


def _needed(action: ActionPosition, on: date) -> str:
    wanted = [need for need in needs(action, on) if need.label not in ("Overdue", "Date")]
    if wanted:
        return f"{wanted[0].label}: {clipped(wanted[0].text, LONGEST)}"
    return "A new date or a report that it is complete"


def _columns(context: DraftContext) -> tuple[TableColumn, ...]:
    words = context.words
    return (
        TableColumn(f"{words.action} number", 2),
        TableColumn(words.action, 6),
        TableColumn(words.lead, 4),
    )


def _column(label: str, share: int) -> TableColumn:
    return TableColumn(label, share)


def _opening(action: ActionPosition) -> tuple[Cell, ...]:
    return (
        Cell(action.ref),
        Cell(one_line(action.title)),
        Cell(one_line(action.lead_role) or "No lead role"),
    )


def _status(action: ActionPosition, context: DraftContext) -> Cell:
    """The status with how it stood before, where that was another."""
    earlier = context.since.known.get(action.id)
    was = ""
    if earlier is not None and earlier.status != action.status:
        was = f"was {context.label(earlier.status)}"
    return Cell(was, Printed(str(action.status), context.label(action.status)))
