"""Each row of a pasted table read as an action, with what is wrong or to be looked at.

Pure: what the plan and the council hold comes in as `Known`, what the person chose as `Choices`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from actions.refs import clean_ref
from actions.rules import TEXT_LIMIT, Before, UpdateDraft, problems, tidied
from actions.states import Rating, State, printed_status
from peerplan.councils.ratings import Rule
from peerplan.exchange.answers import (
    LABELLED,
    KnownRecommendation,
    NewRecommendation,
    Recommendations,
    is_number,
)
from peerplan.exchange.cells import Cells, Problem, plain, short
from peerplan.exchange.dates import Due, read_due
from peerplan.exchange.mapping import LABELS, Field
from peerplan.exchange.statuses import UNRATED, Standing, read_status, together
from peerplan.exchange.table import Row

LEAD_LIMIT = 120

# Fields in which one wrong word is wrong in every row that has it.
SAME_EVERYWHERE = frozenset(
    {Field.DIRECTORATE, Field.PORTFOLIO, Field.STATUS, Field.RATING, Field.DUE}
)
_UPDATE_FIELDS = frozenset(
    {Field.STATUS, Field.RATING, Field.PROGRESS, Field.RECOVERY, Field.DECISION}
)
_BY_DRAFT = {
    "rating": Field.RATING,
    "state": Field.STATUS,
    "commentary": Field.PROGRESS,
    "recovery_plan": Field.RECOVERY,
    "decision_sought": Field.DECISION,
}


@dataclass(frozen=True)
class Known:
    """What the plan and the council hold already, and the day it is."""

    recommendations: tuple[KnownRecommendation, ...]
    refs: frozenset[str]
    directorates: Mapping[str, int]
    portfolios: Mapping[str, int]
    scheme: Mapping[str, Rule]
    today: date

    def one_of(self, names: Mapping[str, int], typed: str) -> int | None:
        """The id of a directorate or portfolio by its name, None for one that is not there."""
        wanted = plain(typed)
        return next((key for name, key in names.items() if plain(name) == wanted), None)


@dataclass(frozen=True)
class Choices:
    """What the person chose for the whole table."""

    as_at: date | None
    in_plan_from: date
    makes_recommendations: bool = False
    uses_progress: bool = False
    drops_updates: bool = False
    drops_rows: bool = False


@dataclass(frozen=True)
class ReadRow:
    """One action as it would be made."""

    number: int
    ref: str = ""
    title: str = ""
    description: str = ""
    success_measure: str = ""
    lead_role: str = ""
    recommendation_ref: str = ""
    directorate_id: int | None = None
    portfolio_id: int | None = None
    due: Due = field(default_factory=Due)
    due_typed: str = ""
    status_typed: str = ""
    draft: UpdateDraft | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    lost_update: bool = False

    @property
    def is_ready(self) -> bool:
        """True where the action can be made."""
        return not self.problems

    @property
    def status(self) -> str:
        """The key of the status to print, "" without an update."""
        return printed_status(self.draft.state, self.draft.rating) if self.draft else ""

    @property
    def only_update_is_wrong(self) -> bool:
        """True where the action could be made without its update."""
        return bool(self.problems) and all(each.field in _UPDATE_FIELDS for each in self.problems)


@dataclass(frozen=True)
class Reading:
    """The whole table as it would come in."""

    rows: tuple[ReadRow, ...]
    new_recommendations: tuple[NewRecommendation, ...] = ()
    headings: tuple[int, ...] = ()

    @property
    def ready(self) -> tuple[ReadRow, ...]:
        """Rows that can be made actions."""
        return tuple(row for row in self.rows if row.is_ready)

    @property
    def wrong(self) -> tuple[ReadRow, ...]:
        """Rows with a problem."""
        return tuple(row for row in self.rows if not row.is_ready)

    @property
    def noted(self) -> tuple[ReadRow, ...]:
        """Rows that can be made actions and have something to look at."""
        return tuple(row for row in self.rows if row.is_ready and row.notes)

    @property
    def updates(self) -> int:
        """How many progress updates would be made."""
        return sum(1 for row in self.ready if row.draft)


def read(rows: Sequence[Row], fields: Sequence[str], known: Known, choices: Choices) -> Reading:
    """Every row that is not blank, read by the fields chosen for its columns. Never raises."""
    return _Reader(fields, known, choices).read(rows)


class _Reader:
    """Reads rows in order: a recommendation stands until the next row names another."""

    def __init__(self, fields: Sequence[str], known: Known, choices: Choices) -> None:
        self.columns = {Field(name): index for index, name in enumerate(fields) if name}
        self.known = known
        self.choices = choices
        self.answers = Recommendations(known.recommendations, choices.makes_recommendations)
        self.standing = ""
        self.given = Counter[str]()

    def read(self, rows: Sequence[Row]) -> Reading:
        found, headings = [], []
        for row in rows:
            if row.is_blank:
                continue
            if self._is_heading(row):
                headings.append(row.number)
                continue
            found.append(self._row(row))
        found = self._without_repeats(found)
        if self.choices.drops_updates:
            found = [
                replace(row, draft=None, problems=(), lost_update=True)
                if row.only_update_is_wrong
                else row
                for row in found
            ]
        used = {row.recommendation_ref.lower() for row in found if row.is_ready}
        made = [new for new in self.answers.made.values() if new.ref.lower() in used]
        return Reading(tuple(found), tuple(made), tuple(headings))

    def _is_heading(self, row: Row) -> bool:
        """True for a row with one cell only: a heading across the table, or its recommendation."""
        filled = [cell for cell in row.cells if cell]
        action = self.columns.get(Field.ACTION)
        if len(filled) > 1 or len(row.cells) < 3 or (action is not None and row.cells[action]):
            return False
        if is_number(filled[0]):
            return False
        found = self.answers.find(filled[0]) or self.answers.make(filled[0], "", "")
        self.standing = found or self.standing
        return True

    # --- One row ---

    def _row(self, row: Row) -> ReadRow:
        wrong: list[Problem] = []
        notes: list[str] = []
        cell = Cells(row, self.columns, wrong)
        ref = self._ref(cell, wrong)
        title, description = self._title(cell, wrong, notes)
        recommendation = self._recommendation(cell, ref, wrong, notes)
        if not cell.has(Field.REFERENCE):
            ref = self._next_ref(recommendation)
        due = read_due(cell.line(Field.DUE))
        if due.problem:
            wrong.append(Problem(Field.DUE, due.problem))
        if due.note:
            notes.append(due.note)
        lead = ", ".join(part for part in cell.lines(Field.LEAD).split("\n") if part.strip())
        if len(lead) > LEAD_LIMIT:
            wrong.append(Problem(Field.LEAD, _too_long("lead role", lead, LEAD_LIMIT)))
        success = cell.lines(Field.SUCCESS)
        if len(success) > TEXT_LIMIT:
            wrong.append(Problem(Field.SUCCESS, _too_long("success measure", success, TEXT_LIMIT)))
        return ReadRow(
            number=row.number,
            ref=ref,
            title=title,
            description=description,
            success_measure=success,
            lead_role=lead,
            recommendation_ref=recommendation,
            directorate_id=self._one_of(cell, Field.DIRECTORATE, self.known.directorates, wrong),
            portfolio_id=self._one_of(cell, Field.PORTFOLIO, self.known.portfolios, wrong),
            due=due,
            due_typed=cell.line(Field.DUE),
            status_typed=" / ".join(
                typed for typed in (cell.line(Field.STATUS), cell.line(Field.RATING)) if typed
            ),
            draft=self._draft(cell, due, wrong, notes),
            problems=tuple(wrong),
            notes=tuple(notes),
        )

    def _ref(self, cell: Cells, wrong: list[Problem]) -> str:
        if not cell.has(Field.REFERENCE):
            return ""
        raw = LABELLED.sub("", cell.line(Field.REFERENCE), count=1)
        try:
            return clean_ref(raw)
        except ValueError as error:
            if not cell.is_refused(Field.REFERENCE):
                wrong.append(Problem(Field.REFERENCE, str(error)))
            return ""

    def _next_ref(self, recommendation: str) -> str:
        """The next reference under a recommendation that the plan does not have."""
        stem = f"{recommendation}." if recommendation else "A"
        while True:
            self.given[stem] += 1
            ref = f"{stem}{self.given[stem]}"
            if ref.lower() not in self.known.refs:
                return ref

    def _title(self, cell: Cells, wrong: list[Problem], notes: list[str]) -> tuple[str, str]:
        whole, more = cell.lines(Field.ACTION), cell.lines(Field.DESCRIPTION)
        if not whole:
            if not cell.is_refused(Field.ACTION):
                wrong.append(Problem(Field.ACTION, "Say what the council will do."))
            return "", more
        title = short(whole)
        if title == " ".join(whole.split()):
            description = more
        else:
            description = f"{whole}\n\n{more}".strip()
            notes.append("Long: its beginning becomes the title, the whole is kept below it.")
        if len(description) > TEXT_LIMIT:
            wrong.append(Problem(Field.ACTION, _too_long("action", description, TEXT_LIMIT)))
        return title, description

    def _one_of(
        self, cell: Cells, name: Field, ids: Mapping[str, int], wrong: list[Problem]
    ) -> int | None:
        typed = cell.line(name)
        if not typed:
            return None
        found = self.known.one_of(ids, typed)
        if found is None:
            wrong.append(
                Problem(
                    name,
                    f"There is no {LABELS[name].lower()} “{typed[:80]}”: "
                    "choose one of the council’s, or leave it empty.",
                )
            )
        return found

    # --- Its recommendation ---

    def _recommendation(self, cell: Cells, ref: str, wrong: list[Problem], notes: list[str]) -> str:
        typed = cell.lines(Field.RECOMMENDATION)
        if typed:
            found = self.answers.find(typed) or self.answers.make(
                typed, ref, cell.line(Field.THEME)
            )
            if found is None:
                wrong.append(Problem(Field.RECOMMENDATION, self.answers.not_there(typed)))
                self.standing = ""
                return ""
            self.standing = found
            return found
        by_ref = self.answers.from_ref(ref)
        if by_ref:
            return by_ref
        if self.standing:
            return self.standing
        if cell.is_refused(Field.RECOMMENDATION):
            return ""
        notes.append("Answers no recommendation of the plan.")
        return ""

    # --- Its update ---

    def _draft(
        self, cell: Cells, due: Due, wrong: list[Problem], notes: list[str]
    ) -> UpdateDraft | None:
        progress = cell.lines(Field.PROGRESS)
        stands = self._stands(cell, progress, wrong, notes)
        if stands is None or self.choices.as_at is None:
            return None
        recovery, decision = cell.lines(Field.RECOVERY), cell.lines(Field.DECISION)
        if self.choices.uses_progress:
            recovery = recovery or (progress if stands.rating == Rating.AMBER else "")
            decision = decision or (progress if stands.rating == Rating.RED else "")
        draft = tidied(
            UpdateDraft(
                as_at=self.choices.as_at,
                state=stands.state,
                rating=stands.rating,
                commentary=progress,
                recovery_plan=recovery,
                decision_sought=decision,
            )
        )
        before = Before(
            state=State.NOT_STARTED,
            due=due.on,
            due_words=due.words,
            in_plan_from=self.choices.in_plan_from,
            exists_for_day=False,
        )
        found = problems(draft, before, today=self.known.today, scheme=self.known.scheme)
        for name, message in found.items():
            wrong.append(Problem(self._column_for(name), message))
        return draft

    def _column_for(self, name: str) -> Field | None:
        wanted = _BY_DRAFT.get(name)
        if wanted in (Field.RATING, Field.STATUS):
            return Field.RATING if Field.RATING in self.columns else Field.STATUS
        return wanted

    def _stands(
        self, cell: Cells, progress: str, wrong: list[Problem], notes: list[str]
    ) -> Standing | None:
        found: list[Standing | None] = []
        for name in (Field.STATUS, Field.RATING):
            typed = cell.line(name)
            if not typed:
                found.append(None)
                continue
            stands = read_status(typed, self.known.scheme)
            if stands is None:
                wrong.append(Problem(name, f"“{typed[:60]}” cannot be read: choose a status."))
                return None
            found.append(stands)
        stands = together(*found)
        column = Field.RATING if Field.RATING in self.columns else Field.STATUS
        if stands is None:
            if progress and not cell.is_refused(Field.STATUS) and not cell.is_refused(Field.RATING):
                wrong.append(
                    Problem(column, "There is a progress update but no status: choose one.")
                )
            return None
        if stands == UNRATED:
            wrong.append(Problem(column, "In progress needs a rating: red, amber or green."))
            return None
        if stands.state in (State.SUPERSEDED, State.NOT_TAKEN_FORWARD):
            wrong.append(
                Problem(
                    column,
                    "Bring this action in without its status, then merge or withdraw it on its "
                    "own page, where the reason is kept.",
                )
            )
            return None
        if stands.note:
            notes.append(stands.note)
        return stands

    # --- All rows ---

    def _without_repeats(self, rows: Iterable[ReadRow]) -> list[ReadRow]:
        rows = list(rows)
        first: dict[str, int] = {}
        found = []
        for row in rows:
            message = ""
            key = row.ref.lower()
            if key and key in self.known.refs:
                message = f"The plan has an action {row.ref} already."
            elif key and key in first:
                message = f"Row {first[key]} has the reference {row.ref} too."
            if key:
                first.setdefault(key, row.number)
            if message:
                problem = Problem(Field.REFERENCE, message)
                row = replace(row, problems=(problem, *row.problems))
            found.append(row)
        return found


def _too_long(what: str, words: str, limit: int) -> str:
    return f"The {what} has {len(words):,} characters: shorten it to {limit:,} or fewer."
