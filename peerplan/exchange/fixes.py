"""What can be put right in place: one field of a form for each problem."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as having

from peerplan.councils.ratings import Status
from peerplan.exchange.mapping import LABELS, Field
from peerplan.exchange.pasted import PastedTable
from peerplan.exchange.rows import SAME_EVERYWHERE, Known, Reading

MOST_FIXES = 100
_AREAS = frozenset(
    {Field.ACTION, Field.DESCRIPTION, Field.PROGRESS, Field.RECOVERY, Field.DECISION, Field.SUCCESS}
)
_NOT_OFFERED = (Status.MERGED, Status.NOT_TAKEN_FORWARD)


@dataclass
class Fix:
    """A cell to be put right; `rows` are the rows in which it will be, by number and reference."""

    number: int
    field: Field
    value: str
    messages: list[str]
    rows: list[tuple[int, str]] = having(default_factory=list)
    choices: list[tuple[str, str]] = having(default_factory=list)

    @property
    def name(self) -> str:
        """The name of its field in the form."""
        return f"fix-{self.number}-{self.field}"

    @property
    def label(self) -> str:
        """Where it stands and what it is, in words."""
        shown = [f"{number} ({ref})" if ref else str(number) for number, ref in self.rows[:4]]
        more = len(self.rows) - len(shown)
        if more:
            shown.append(f"{more} more")
        rows = " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)
        return f"{LABELS[self.field]}, row{'s' if len(self.rows) > 1 else ''} {rows}"

    @property
    def is_area(self) -> bool:
        """True where the text may have several lines."""
        return self.field in _AREAS


def fixes(reading: Reading, table: PastedTable, known: Known) -> list[Fix]:
    """The first of what can be put right in place, in the order of the rows."""
    cells = {row.number: row.cells for row in table.body}
    found: dict[tuple[object, ...], Fix] = {}
    for row in reading.wrong:
        for problem in row.problems:
            if problem.field is None:
                continue
            column = table.column(problem.field)
            value = cells[row.number][column] if column is not None else ""
            everywhere = bool(value) and problem.field in SAME_EVERYWHERE
            key = (problem.field, value if everywhere else row.number)
            if key not in found:
                found[key] = Fix(
                    row.number,
                    problem.field,
                    _printable(value),
                    [],
                    choices=_choices(problem.field, value, known),
                )
            fix = found[key]
            if problem.message not in fix.messages:
                fix.messages.append(problem.message)
            if (row.number, row.ref) not in fix.rows:
                fix.rows.append((row.number, row.ref))
    return list(found.values())[:MOST_FIXES]


def _choices(field: Field, value: str, known: Known) -> list[tuple[str, str]]:
    """What may be chosen instead of typed; the first leaves the cell as it is."""
    offered: Sequence[tuple[str, str]] = ()
    if field in (Field.STATUS, Field.RATING):
        offered = [
            (rule.label, rule.label)
            for key, rule in known.scheme.items()
            if key not in _NOT_OFFERED
        ]
        nothing = "No status"
    elif field in (Field.DIRECTORATE, Field.PORTFOLIO):
        names = known.directorates if field == Field.DIRECTORATE else known.portfolios
        offered = [(name, name) for name in names]
        nothing = "Leave empty"
    elif field == Field.RECOMMENDATION and known.recommendations:
        offered = [(each.ref, f"{each.ref} {each.title}"[:80]) for each in known.recommendations]
        nothing = "By the action’s reference"
    else:
        return []
    empty = [("", nothing)] if value else []
    return [(value, "Choose"), *offered, *empty]


def _printable(value: str) -> str:
    return "".join(letter for letter in value if letter.isprintable() or letter == "\n")
