"""The plan as one table: which columns a file of it has, and a row for each action."""

from collections.abc import Iterator, Mapping

from actions.position import ActionPosition, Position
from peerplan.councils.ratings import Rule
from peerplan.councils.vocabulary import Words
from peerplan.render.sheets import Column, Value


def plan_columns(words: Words, *, reads_exempt: bool) -> list[Column]:
    """The columns in the council's own words; who is entitled has one more."""
    due = words.due
    columns = [
        Column("Reference", 11),
        Column(words.recommendation, 32),
        Column(words.theme, 24),
        Column(words.action, 46),
        Column("More about the action", 46),
        Column(words.success_measure, 36),
        Column(words.lead, 24),
        Column(words.portfolio, 24),
        Column(words.directorate, 24),
        Column("New or already under way", 18),
        Column("Original due date", 14, "date"),
        Column("Original due date as printed", 20),
        Column(f"{due} (date)", 14, "date"),
        Column(f"{due} (as printed)", 20),
        Column("Days moved", 10, "number"),
        Column(words.status, 20),
        Column(words.forecast, 14),
        Column("As at", 14, "date"),
        Column(words.commentary, 60),
        Column("Recovery plan", 46),
        Column("Decision sought", 46),
        Column("Milestones", 40),
    ]
    if reads_exempt:
        columns.append(Column("Not for publication: paragraph", 16, "number"))
    return columns


def plan_rows(
    position: Position, scheme: Mapping[str, Rule], *, reads_exempt: bool
) -> Iterator[list[Value]]:
    """A row for each action of a position that this reader may see, in plan order."""
    for action in position.actions:
        row = _row(action, position, scheme)
        if reads_exempt:
            row.append(action.exempt_paragraph if action.is_exempt else None)
        yield row


def _row(action: ActionPosition, position: Position, scheme: Mapping[str, Rule]) -> list[Value]:
    answers = [
        position.recommendation_by_id[key]
        for key in action.recommendation_ids
        if key in position.recommendation_by_id
    ]
    themes = dict.fromkeys(theme for answer in answers for theme in answer.themes)
    update = action.update
    return [
        action.ref,
        "\n".join(f"{answer.ref} {answer.title}" for answer in answers),
        "\n".join(themes),
        action.title,
        action.description,
        action.success_measure,
        action.lead_role,
        action.portfolio,
        action.directorate,
        "New" if action.beginning == "new" else "Already under way",
        action.original_due,
        action.original_due_words,
        action.due,
        action.due_words,
        action.days_slipped or None,
        scheme[action.status].label,
        scheme[action.forecast].label if action.forecast else "",
        update.as_at if update else None,
        update.commentary if update else "",
        update.recovery_plan if update else "",
        update.decision_sought if update else "",
        "\n".join(
            f"{'Done' if each.is_done else 'To do'}: {each.title}" for each in action.milestones
        ),
    ]
