"""Papers in writing: started from a step of a route, written part by part, signed off, renewed."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from actions.models import EXEMPT_PARAGRAPHS
from peerplan.core import clock, history, versions
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.papers.drafting import (
    DRAFTERS,
    DraftContext,
    load_context,
    load_context_for,
    review,
)
from peerplan.papers.merging import Clash, merge
from peerplan.papers.models import (
    Paper,
    PaperAppendix,
    PaperPart,
    PaperTemplate,
    PartDesign,
    PartKind,
    Placement,
    RouteStep,
    Source,
    TemplatePart,
)
from peerplan.papers.readiness import may_read
from peerplan.papers.services import order
from reviews.services.checks import plain

LONGEST_TEXT = 100_000
MOST_PARTS = 100
PLAN_APPENDIX = "Action plan with progress"
SECTIONS_FROM_THE_PLAN = tuple(key for key in DRAFTERS if key != "recommendations")
"""Subjects of which a paper may have a section; what the body is asked has a place of its own."""
LAPSED = "Sign-off lapsed: the text changed"
_EDITED = (
    "text",
    "lead_in",
    "label",
    "sign_off_role",
    "shows_figures",
    "is_required",
    "exempt_paragraph",
)
NOT_ENTITLED = "This part is not for publication, and you are not entitled to read it."
_DESIGN = tuple(each.name for each in PartDesign._meta.fields if each.name != "version")


class PartsStale(Stale):
    """Somebody else changed parts first; `records` are those parts as they are now."""

    def __init__(self, records: Sequence[PaperPart]) -> None:
        self.records = tuple(records)
        super().__init__(records[0])


@dataclass(frozen=True)
class PartEdit:
    """What one part says after an edit; None leaves a thing as it is."""

    text: str
    lead_in: str | None = None
    label: str | None = None
    sign_off_role: str | None = None
    shows_figures: bool | None = None
    is_required: bool | None = None
    exempt_paragraph: int | None = None
    marks_exempt: bool = False
    """Whether `exempt_paragraph` is part of the edit: None is a choice of its own."""


@dataclass(frozen=True)
class NewPart:
    """A part that somebody adds to a paper."""

    label: str
    kind: str
    placement: str
    group: str = ""
    text: str = ""
    sign_off_role: str = ""


@dataclass(frozen=True)
class SeenEdit:
    """An edit of one part by somebody who saw `version`, with the day of its sign-off, if any."""

    part: PaperPart
    version: int
    edit: PartEdit
    signed_off_on: date | None = None


@dataclass
class Renewed:
    """What fresh figures did: parts with new words, edits that stand beside them, lapsed signs."""

    paper: Paper
    changed: list[PaperPart] = field(default_factory=list)
    clashes: list[tuple[PaperPart, tuple[Clash, ...]]] = field(default_factory=list)
    lapsed: list[PaperPart] = field(default_factory=list)


# --- Starting and ending ------------------------------------------------------------------------


def steps_sharing(step: RouteStep) -> list[RouteStep]:
    """The steps that have one report with `step`, itself among them, in order of the route."""
    rows = list(
        RouteStep.objects.filter(route_id=step.route_id, ended_at__isnull=True).select_related(
            "body", "meeting", "paper"
        )
    )
    groups: list[list[RouteStep]] = []
    for row in rows:
        if groups and row.shares_paper:
            groups[-1].append(row)
        else:
            groups.append([row])
    return next((group for group in groups if step in group), [step])


def proposed_title(step: RouteStep) -> str:
    """The title that a paper for `step` is offered with: of the plan until it was approved.

    Of the progress review where the body has not heard of it yet.
    """
    challenge = step.route.challenge
    if tells_of_review(step):
        return f"{challenge.title}: feedback from the progress review"[:200]
    day = step.meeting.on if step.meeting else clock.today()
    approved = challenge.plan_approved_on
    about = "progress on the action plan" if approved and approved < day else "action plan"
    return f"{challenge.title}: {about}"[:200]


def tells_of_review(step: RouteStep) -> bool:
    """True where the body of `step` has had no paper since the words of the review were locked."""
    context = load_context_for(step.route.challenge, step, clock.today(), clock.now())
    return review.is_news(context)


@transaction.atomic
def start_paper(*, step: RouteStep, template: PaperTemplate, title: str, author: Person) -> Paper:
    """A paper for `step`, and for those that share it, drafted from the plan as it is today.

    Where one of them has a paper already, `step` joins it with recommendations of its own and
    nothing else changes. Raises NotPermitted, Invalid and Stale.
    """
    author.require(Capability.PRODUCE_PAPERS)
    challenge = step.route.challenge
    if challenge.council_id != author.council.pk or template.council_id != author.council.pk:
        raise NotPermitted("This belongs to another council.")
    if step.ended_at is not None or step.route.ended_at is not None:
        raise Invalid({"": "This step was taken out of its route. Go back to the route."})
    steps = steps_sharing(step)
    waiting = [_claim_step(one) for one in steps if not _is_written(one)]
    if step.pk not in {one.pk for one in waiting}:
        raise Invalid({"": "This step has its paper already. Go back to the route and open it."})
    there = next((one.paper for one in steps if _is_written(one) and one.paper), None)
    paper = there or _new_paper(step, template, title, author)
    for one in waiting:
        one.paper = paper
        history.save(one, author=author.user, reason="Paper started")
    if there is None:
        _copy_parts(paper, waiting, author)
        plan = PaperAppendix(
            paper=paper, position=order.STEP, kind=PaperAppendix.Kind.PLAN, title=PLAN_APPENDIX
        )
        history.save(plan, author=author.user, reason="Paper started")
    else:
        _join(paper, waiting, author)
    return paper


@transaction.atomic
def change_title(*, paper: Paper, version: int, title: str, author: Person) -> Paper:
    """The paper with another title. Raises NotPermitted, Invalid and Stale."""
    current = _claim_paper(paper, version, author)
    current.title = _title(title)
    history.save(current, author=author.user, reason="Title changed")
    return current


@transaction.atomic
def end_paper(*, paper: Paper, version: int, reason: str, author: Person) -> Paper:
    """Take a paper that was never issued away; its steps can then have another.

    Raises NotPermitted, Invalid (also where it was issued) and Stale.
    """
    reason = plain("reason", reason, lines=True, limit=1_000, missing="Say why it is taken away.")
    current = _claim_paper(paper, version, author)
    if current.issues.exists():
        raise Invalid({"": "This paper has been issued, so it stays. Issue a correction instead."})
    current.ended_at = clock.now()
    history.save(current, author=author.user, reason=reason)
    for step in RouteStep.objects.filter(paper=current):
        freed = _claim_step(step)
        freed.paper = None
        history.save(freed, author=author.user, reason=f"Paper taken away: {reason}")
    return current


def _is_written(step: RouteStep) -> bool:
    return step.paper is not None and step.paper.ended_at is None


def _claim_step(step: RouteStep) -> RouteStep:
    current = versions.claim(step)
    current.body, current.meeting = step.body, step.meeting
    return current


def _new_paper(step: RouteStep, template: PaperTemplate, title: str, author: Person) -> Paper:
    if template.ended_at is not None:
        raise Invalid({"template": "Choose a template from the list: this one was taken away."})
    paper = Paper(
        challenge=step.route.challenge,
        template=template,
        title=_title(title),
        figures_as_at=_first_day_of_figures(step),
    )
    history.save(paper, author=author.user, reason="Paper started")
    return paper


def _first_day_of_figures(step: RouteStep) -> date:
    """Today; the day of the meeting for a paper of the past that is put on record."""
    today = clock.today()
    return min(step.meeting.on, today) if step.meeting else today


def _title(raw: str) -> str:
    return plain("title", raw, limit=200, missing="Enter the title of the paper.")


class _Drafts:
    """Words from the plan for the parts of one paper; the plan is read once for each step."""

    def __init__(self, paper: Paper, steps: Sequence[RouteStep]) -> None:
        self.paper = paper
        self.steps = steps
        self.contexts: dict[int, DraftContext] = {}

    def of(self, drafter: str, step: RouteStep | None) -> str:
        """What `drafter` says to the body of `step` (the first that the paper goes to)."""
        if drafter not in DRAFTERS or not self.steps:
            return ""
        step = step or self.steps[0]
        if step.pk not in self.contexts:
            # A part may be opened to the public with one click, so what is exempt is never drafted.
            self.contexts[step.pk] = load_context(self.paper, step)
        return DRAFTERS[drafter].text(self.contexts[step.pk])


def _copy_parts(paper: Paper, steps: Sequence[RouteStep], author: Person) -> None:
    designs = TemplatePart.objects.filter(template_id=paper.template_id, ended_at__isnull=True)
    drafts = _Drafts(paper, steps)
    position = 0
    for design, step in _for_steps(list(designs), steps):
        position += order.STEP
        part = _copy(paper, design, step, len(steps) > 1)
        part.position = position
        _draft(part, drafts)
        if _asks_whether_key(part):
            part.text = "Yes" if any(one.is_key for one in steps) else "No"
        history.save(part, author=author.user, reason="Paper started")


def _for_steps(
    designs: Sequence[TemplatePart], steps: Sequence[RouteStep]
) -> Iterable[tuple[TemplatePart, RouteStep | None]]:
    """The parts of a template with the step of each set of recommendations, one set a step.

    A template may have sets for more or for fewer bodies than the paper goes to: the last set
    stands for the steps that are left over.
    """
    sets = [design for design in designs if design.kind == PartKind.RECOMMENDATIONS]
    left = list(steps)
    for design in designs:
        if design.kind != PartKind.RECOMMENDATIONS:
            yield design, None
        elif design == sets[-1]:
            yield from ((design, step) for step in left)
        elif left:
            yield design, left.pop(0)


def _copy(
    paper: Paper, design: TemplatePart | PaperPart, step: RouteStep | None, is_shared: bool
) -> PaperPart:
    part = PaperPart(paper=paper, step=step, **{name: getattr(design, name) for name in _DESIGN})
    if step is not None:
        part.lead_in = step.body.lead_in or paper.template.lead_in
        label = design.label
        if "{body}" in label:
            label = label.replace("{body}", step.body.name)
        elif is_shared:
            label = f"{label} to {step.body.name}"
        part.label = label[:150]
    return part


def _draft(part: PaperPart, drafts: _Drafts) -> None:
    if part.drafter:
        part.drafted = drafts.of(part.drafter, part.step)
        part.text = part.drafted or part.text


def _asks_whether_key(part: PaperPart) -> bool:
    """True for the empty field that asks what the step of the route says already."""
    is_key = part.label.strip().lower() == "key decision"
    return is_key and part.source == Source.YES_NO and not part.text


def _join(paper: Paper, steps: Sequence[RouteStep], author: Person) -> None:
    """A set of recommendations for each body that a paper goes to as well."""
    standing = parts_of(paper)
    sets = [part for part in standing if part.kind == PartKind.RECOMMENDATIONS]
    if not sets:
        return
    design = TemplatePart.objects.filter(
        template_id=paper.template_id, kind=PartKind.RECOMMENDATIONS, ended_at__isnull=True
    ).last()
    drafts = _Drafts(paper, steps)
    for step in steps:
        part = _copy(paper, design or sets[-1], step, is_shared=True)
        part.text = ""
        _draft(part, drafts)
        # Beside the set before it: rows of one position stand in the order they were made.
        part.position = sets[-1].position
        history.save(part, author=author.user, reason="Another body of the same paper")


# --- Parts --------------------------------------------------------------------------------------


def parts_of(paper: Paper) -> list[PaperPart]:
    """The parts that stand, in order of the paper, with who signed them off and their steps."""
    rows = PaperPart.objects.filter(paper=paper, ended_at__isnull=True)
    parts = list(rows.select_related("signed_off_by", "step__body"))
    for part in parts:
        part.paper = paper
    return parts


@transaction.atomic
def change_part(*, part: PaperPart, version: int, edit: PartEdit, author: Person) -> PaperPart:
    """The part, changed. Its sign-off lapses where the words changed.

    Where nothing was changed nothing is written, so that leafing through a paper is in nobody's
    way. Raises NotPermitted (also for what is not for publication, to those not entitled), Invalid
    and Stale.
    """
    _permitted(author, part.paper)
    if may_read(author, part) and not _is_an_edit(part, version, edit):
        return part
    current = _claim_part(part, version, author)
    _apply(current, edit)
    history.save(current, author=author.user, reason=_lapse(part, current))
    return current


@transaction.atomic
def change_parts(
    *, paper: Paper, edits: Iterable[SeenEdit], author: Person
) -> tuple[list[PaperPart], list[PaperPart]]:
    """Several parts at once, all or none: those changed, and those whose sign-off lapsed.

    What somebody left as they saw it is not written, whatever others made of it meanwhile.
    Raises NotPermitted, Invalid by `part-<id>-text`, and PartsStale with all parts that two
    people changed.
    """
    _permitted(author, paper)
    changed, lapsed, stale = [], [], []
    for seen in edits:
        key = f"part-{seen.part.pk}"
        try:
            if seen.signed_off_on is None and not _is_an_edit(seen.part, seen.version, seen.edit):
                continue
            current = _claim_part(seen.part, seen.version, author)
            _apply(current, seen.edit)
            reason = _lapse(seen.part, current)
            if reason:
                lapsed.append(current)
            if seen.signed_off_on is not None:
                _sign(current, seen.signed_off_on, author)
                reason = _signed_reason(current)
        except Stale as error:
            stale.append(error.current)
            continue
        except Invalid as error:
            named = {f"{key}-{name or 'text'}": words for name, words in error.fields.items()}
            raise Invalid(named) from error
        history.save(current, author=author.user, reason=reason)
        changed.append(current)
    if stale:
        raise PartsStale(stale)
    return changed, [part for part in lapsed if part.signed_off_at is None]


@transaction.atomic
def add_part(*, paper: Paper, new: NewPart, author: Person) -> PaperPart:
    """One more part, after the last of its placement. Raises NotPermitted and Invalid."""
    _permitted(author, paper)
    rows = parts_of(paper)
    if len(rows) >= MOST_PARTS:
        raise Invalid({"": f"A paper has at most {MOST_PARTS} parts. Take one away first."})
    if new.kind not in (PartKind.FIELD, PartKind.IMPLICATION, PartKind.SECTION):
        raise Invalid({"kind": "Choose a field, an implication or a section."})
    if new.placement not in Placement.values:
        raise Invalid({"placement": "Choose where it is printed."})
    if any(
        (row.label.lower(), row.placement) == (new.label.lower(), new.placement)
        for row in rows
        if may_read(author, row)
    ):
        raise Invalid({"label": f"There is a part “{new.label}” in this place already."})
    needs_group = new.placement in (Placement.LIST, Placement.END)
    part = PaperPart(
        paper=paper,
        kind=new.kind,
        placement=new.placement,
        source=Source.TYPED,
        label=plain("label", new.label, limit=150, missing="Enter the heading."),
        group=plain(
            "group",
            new.group,
            limit=120,
            missing="Enter the heading of the list or table it stands in." if needs_group else "",
        ),
        text=plain("text", new.text, lines=True, limit=LONGEST_TEXT),
        sign_off_role=plain("sign_off_role", new.sign_off_role, limit=80),
    )
    history.save(part, author=author.user, reason="Part added")
    _put_in_order(_with(rows, [part]), author)
    return part


@transaction.atomic
def add_drafted_parts(*, paper: Paper, drafters: Sequence[str], author: Person) -> list[PaperPart]:
    """A numbered section for each subject that can be drafted from the plan, after the last one.

    Raises NotPermitted, and Invalid where nothing is chosen or a subject is there already.
    """
    _permitted(author, paper)
    rows = parts_of(paper)
    there = {row.drafter for row in rows}
    if not drafters:
        raise Invalid({"drafters": "Tick what you want to add."})
    if len(rows) + len(drafters) > MOST_PARTS:
        raise Invalid({"": f"A paper has at most {MOST_PARTS} parts. Take one away first."})
    if not set(drafters) <= set(SECTIONS_FROM_THE_PLAN) or there & set(drafters):
        raise Invalid({"drafters": "Tick what is not in the paper yet."})
    steps = list(
        RouteStep.objects.filter(paper=paper, ended_at__isnull=True).select_related(
            "body", "meeting", "route"
        )
    )
    drafts, added = _Drafts(paper, steps), []
    for key in drafters:
        part = PaperPart(
            paper=paper,
            kind=PartKind.SECTION,
            placement=Placement.BODY,
            source=Source.PLAN,
            drafter=key,
            label=DRAFTERS[key].label,
            is_required=False,
        )
        _draft(part, drafts)
        history.save(part, author=author.user, reason="Added from the plan")
        added.append(part)
    _put_in_order(_with(rows, added), author)
    return added


def _with(rows: Sequence[PaperPart], added: Sequence[PaperPart]) -> list[PaperPart]:
    """The parts with new ones of one placement after the last of it."""
    fellows = [row for row in rows if row.placement == added[0].placement]
    place = rows.index(fellows[-1]) + 1 if fellows else len(rows)
    return [*rows[:place], *added, *rows[place:]]


@transaction.atomic
def end_part(*, part: PaperPart, version: int, author: Person) -> PaperPart:
    """Take a part out of the paper; it stays in the history. Raises NotPermitted and Stale."""
    _permitted(author, part.paper)
    current = _claim_part(part, version, author)
    current.ended_at = clock.now()
    history.save(current, author=author.user, reason="Part taken out")
    return current


@transaction.atomic
def end_parts(*, seen: Sequence[tuple[PaperPart, int]], author: Person) -> None:
    """Take several parts out of a paper, each as somebody saw it: all of them or none.

    Raises NotPermitted, Invalid and Stale.
    """
    if not seen:
        raise Invalid({"parts": "Tick what you want to take out."})
    for part, version in seen:
        end_part(part=part, version=version, author=author)


@transaction.atomic
def move_part(*, part: PaperPart, up: bool, version: int, author: Person) -> None:
    """Put a part one place up or down; at the end nothing happens. Raises Stale and Invalid."""
    _permitted(author, part.paper)
    rows = parts_of(part.paper)
    if part not in rows:
        raise Invalid({"": "This part was taken out in the meantime, so it cannot be moved."})
    for row, position in order.moved(rows, rows.index(part), up):
        current = versions.claim(row, version if row == part else row.version)
        current.position = position
        history.save(current, author=author.user, reason="Moved in the order")


def _put_in_order(rows: Sequence[PaperPart], author: Person) -> None:
    """Gives `rows` positions that rise; only what must move is written."""
    last = 0
    for row in rows:
        if row.position <= last:
            current = versions.claim(row)
            current.position = row.position = last + 1
            history.save(current, author=author.user, reason="Moved in the order")
            row.version = current.version
        last = row.position


def _apply(part: PaperPart, edit: PartEdit) -> None:
    """Writes an edit into a claimed part. Raises Invalid."""
    part.text = _text(part, edit.text)
    if edit.lead_in is not None:
        part.lead_in = plain("lead_in", edit.lead_in, limit=120)
    if edit.label is not None:
        part.label = plain("label", edit.label, limit=150, missing="Enter the heading.")
    if edit.sign_off_role is not None:
        part.sign_off_role = plain("sign_off_role", edit.sign_off_role, limit=80)
    if edit.shows_figures is not None:
        part.shows_figures = edit.shows_figures
    if edit.is_required is not None:
        part.is_required = edit.is_required
    if edit.marks_exempt:
        if edit.exempt_paragraph not in (None, *EXEMPT_PARAGRAPHS):
            raise Invalid({"exempt_paragraph": "Choose a paragraph from the list."})
        part.exempt_paragraph = edit.exempt_paragraph


def _text(part: PaperPart, raw: str) -> str:
    return plain("text", raw, lines=True, limit=LONGEST_TEXT)


def _lapse(before: PaperPart, part: PaperPart) -> str:
    """Takes the sign-off away where the words are others than those signed; the reason, or ""."""
    if part.signed_off_at is None:
        return ""
    signed = (before.text, before.lead_in, before.label, before.sign_off_role)
    if (part.text, part.lead_in, part.label, part.sign_off_role) == signed:
        return ""
    _unsign(part)
    return LAPSED


def _is_an_edit(part: PaperPart, version: int, edit: PartEdit) -> bool:
    """False where somebody sent back what they had been shown, whatever became of it since."""
    shown = part
    if version != part.version:
        row = part.history.filter(version=version).order_by("-history_id").first()
        shown = row or part
    after = copy(shown)
    _apply(after, edit)
    return any(getattr(after, name) != getattr(shown, name) for name in _EDITED)


# --- Sign-off -----------------------------------------------------------------------------------


@transaction.atomic
def sign_off(*, part: PaperPart, version: int, on: date, author: Person) -> PaperPart:
    """Record that the role of the part signed its words off on a day; `author` recorded it.

    Raises NotPermitted, Invalid and Stale.
    """
    _may_sign(author, part.paper)
    current = _claim_part(part, version, author)
    _sign(current, on, author)
    history.save(current, author=author.user, reason=_signed_reason(current))
    return current


@transaction.atomic
def take_back_sign_off(*, part: PaperPart, version: int, author: Person) -> PaperPart:
    """The part without its sign-off. Raises NotPermitted and Stale."""
    _may_sign(author, part.paper)
    current = _claim_part(part, version, author)
    _unsign(current)
    history.save(current, author=author.user, reason="Sign-off taken back")
    return current


def _may_sign(author: Person, paper: Paper) -> None:
    if not author.can(Capability.APPROVE):
        author.require(Capability.PRODUCE_PAPERS)
    _in_writing(author, paper)


def _sign(part: PaperPart, on: date, author: Person) -> None:
    if not part.sign_off_role:
        raise Invalid({"": "Nobody is asked to sign this part off."})
    if not part.text.strip():
        raise Invalid({"": f"Write “{part.label}” first: there are no words to sign off."})
    if on > clock.today():
        raise Invalid({"on": "The day of the sign-off cannot be in the future."})
    part.signed_off_at, part.signed_off_on, part.signed_off_by = clock.now(), on, author.user


def _unsign(part: PaperPart) -> None:
    part.signed_off_at = part.signed_off_on = part.signed_off_by = None


def _signed_reason(part: PaperPart) -> str:
    return f"Signed off by the {part.sign_off_role}"


# --- Fresh figures ------------------------------------------------------------------------------


@transaction.atomic
def refresh_figures(*, paper: Paper, version: int, as_at: date, author: Person) -> Renewed:
    """Draw the paper's figures from the plan as at a day, as we know it now, and keep every edit.

    Words that nobody touched follow the plan; where somebody did and the plan says something
    else now, theirs stay and both are returned as a clash. A sign-off lapses only where words
    changed. Parts that `author` may not read are left alone. Raises NotPermitted, Invalid, Stale.
    """
    current = _claim_paper(paper, version, author)
    current.challenge, current.template = paper.challenge, paper.template
    if as_at > clock.today():
        raise Invalid({"as_at": "That day is in the future: give today or an earlier day."})
    if as_at < paper.challenge.on_site_from:
        raise Invalid({"as_at": "The peers had not yet come on that day: give a later day."})
    current.figures_as_at, current.figures_known_by = as_at, clock.now()
    history.save(current, author=author.user, reason="Fresh figures brought in")
    steps = list(
        RouteStep.objects.filter(paper=current, ended_at__isnull=True).select_related(
            "body", "meeting", "route"
        )
    )
    renewed, drafts = Renewed(current), _Drafts(current, steps)
    for part in parts_of(current):
        if part.drafter in DRAFTERS and may_read(author, part):
            _renew(part, drafts.of(part.drafter, part.step), author, renewed)
    return renewed


def _renew(part: PaperPart, new: str, author: Person, renewed: Renewed) -> None:
    if new == part.drafted:
        return
    merged = merge(part.drafted, part.text, new)
    current = versions.claim(part)
    current.paper = part.paper
    current.text, current.drafted = merged.text, new
    reason = "Fresh figures brought in"
    if lapse := _lapse(part, current):
        reason = f"{reason}. {lapse}"
        renewed.lapsed.append(current)
    history.save(current, author=author.user, reason=reason)
    if merged.text != part.text:
        renewed.changed.append(current)
    if merged.clashes:
        renewed.clashes.append((current, merged.clashes))


# --- All of them --------------------------------------------------------------------------------


def _permitted(author: Person, paper: Paper) -> None:
    """Raises unless `author` writes papers of this council and this one is in writing."""
    author.require(Capability.PRODUCE_PAPERS)
    _in_writing(author, paper)


def _in_writing(author: Person, paper: Paper) -> None:
    if paper.challenge.council_id != author.council.pk:
        raise NotPermitted("This paper belongs to another council.")
    if paper.ended_at is not None:
        raise Invalid({"": "This paper was taken away, so it cannot be changed."})


def _claim_paper(paper: Paper, version: int, author: Person) -> Paper:
    _permitted(author, paper)
    current = versions.claim(paper, version)
    if current.ended_at is not None:
        raise Invalid({"": "This paper was taken away, so it cannot be changed."})
    return current


def _claim_part(part: PaperPart, version: int, author: Person) -> PaperPart:
    """The part to be changed. Raises NotPermitted, Invalid and Stale.

    Somebody who is not entitled to it learns nothing of it, not even from a conflict.
    """
    if not may_read(author, part):
        raise NotPermitted(NOT_ENTITLED)
    try:
        current = versions.claim(part, version)
    except Stale as error:
        if not may_read(author, error.current):
            raise NotPermitted(NOT_ENTITLED) from error
        error.current.paper = part.paper
        raise
    current.paper = part.paper
    if current.ended_at is not None:
        raise Invalid({"": f"“{part.label}” was taken out of the paper in the meantime."})
    return current
