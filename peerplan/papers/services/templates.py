"""Report templates: added from a ready-made form or from nothing, copied, changed and ended.

A paper copies the parts of its template when it is started, so a change here reaches later papers
only; the styles of numbering are read from the template until a paper is issued.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import QuerySet

from peerplan.core import clock, versions
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.drafting import DRAFTERS
from peerplan.papers.models import (
    Body,
    PaperTemplate,
    PartKind,
    Placement,
    Source,
    TemplatePart,
)
from peerplan.papers.template_presets import PRESETS, TemplatePreset
from peerplan.render.report import AppendixStyle, ItemStyle, ParagraphStyle, SectionStyle
from reviews.services import checks

STEP = 10
"""Between two positions, so that a part can be put between others without moving them."""
MOST_PARTS = 100
ENDED = "This template was ended in the meantime, so it cannot be changed. Copy it to go on."
REMOVED = "This part was removed in the meantime, so it cannot be changed."


@dataclass(frozen=True)
class TemplateDetails:
    """What a template says beside its parts; the fields are those of `PaperTemplate`."""

    name: str
    body_kind: str = ""
    section_style: str = SectionStyle.POINT_NOUGHT
    paragraph_style: str = ParagraphStyle.BY_SECTION
    item_style: str = ItemStyle.CLOSED
    appendix_style: str = AppendixStyle.FIGURES
    appendix_word: str = "Appendix"
    kicker: str = ""
    lead_in: str = ""
    no_background_papers: str = ""
    exempt_words: str = ""
    shows_logo: bool = True


@dataclass(frozen=True)
class PartDetails:
    """What one part is; the fields are those of `PartDesign`."""

    kind: str
    placement: str
    label: str
    group: str = ""
    source: str = Source.TYPED
    drafter: str = ""
    options: str = ""
    text: str = ""
    sign_off_role: str = ""
    is_required: bool = True


# --- Which one is used ---------------------------------------------------------------------------


def template_for(council: Council, body: Body) -> PaperTemplate | None:
    """The template in which a paper to `body` is started unless another is chosen.

    The newest for its kind of body, else the newest for any body, else None.
    """
    rows = PaperTemplate.objects.for_council(council).filter(
        ended_at__isnull=True, body_kind__in=(body.kind, "")
    )
    return rows.order_by("-body_kind", "-id").first()


# --- Templates -----------------------------------------------------------------------------------


@transaction.atomic
def create_template(*, council: Council, details: TemplateDetails, author: Person) -> PaperTemplate:
    """A template without parts. Raises Invalid, also where its name is taken."""
    _permitted(author, council)
    return _saved_template(PaperTemplate(council=council), details, author)


@transaction.atomic
def add_from_preset(
    *, council: Council, preset: str, author: Person, name: str = ""
) -> PaperTemplate:
    """A ready-made template with its parts, under `name` or its own.

    Raises Invalid for a preset that there is not, or where the name is taken.
    """
    _permitted(author, council)
    if preset not in PRESETS:
        raise Invalid({"preset": "Choose one of the ready-made forms."})
    return _added(council, PRESETS[preset], name or PRESETS[preset].name, author)


@transaction.atomic
def add_all_presets(*, council: Council, author: Person) -> list[PaperTemplate]:
    """Those ready-made templates that the council has not, added; sent twice, nothing more.

    One whose name another template has taken gets a name of its own.
    """
    _permitted(author, council)
    there = set(_standing(council).values_list("preset", flat=True))
    return [
        _added(council, preset, _free_name(council, preset.name), author)
        for preset in PRESETS.values()
        if preset.key not in there
    ]


def _added(council: Council, preset: TemplatePreset, name: str, author: Person) -> PaperTemplate:
    details = TemplateDetails(
        name=name,
        body_kind=preset.body_kind,
        section_style=preset.numbering.sections,
        paragraph_style=preset.numbering.paragraphs,
        item_style=preset.numbering.items,
        appendix_style=preset.numbering.appendices,
        appendix_word=preset.numbering.appendix_word,
        kicker=preset.kicker,
        lead_in=preset.lead_in,
        no_background_papers=preset.no_background_papers,
        exempt_words=preset.exempt_words,
    )
    template = _saved_template(PaperTemplate(council=council, preset=preset.key), details, author)
    _add_parts(
        template,
        (
            PartDetails(**(asdict(part) | {"options": "\n".join(part.options)}))
            for part in preset.parts
        ),
        author,
    )
    return template


@transaction.atomic
def copy_template(*, template: PaperTemplate, author: Person) -> PaperTemplate:
    """A copy with the same settings and parts, under a name of its own; of an ended one too."""
    _permitted(author, template.council)
    details = {name: getattr(template, name) for name in TemplateDetails.__dataclass_fields__}
    details["name"] = _free_name(template.council, f"Copy of {template.name}"[:110])
    made = _saved_template(
        PaperTemplate(council=template.council, preset=template.preset),
        TemplateDetails(**details),
        author,
    )
    _add_parts(made, (part_details(part) for part in parts_of(template)), author)
    return made


@transaction.atomic
def change_template(
    *, template: PaperTemplate, version: int, details: TemplateDetails, author: Person
) -> PaperTemplate:
    """The template, changed. Raises Invalid and Stale."""
    _permitted(author, template.council)
    current = _not_ended(versions.claim(template, version))
    return _saved_template(current, details, author)


@transaction.atomic
def end_template(*, template: PaperTemplate, version: int, author: Person) -> None:
    """End a template: no paper is started from it any more. Raises Invalid and Stale."""
    _permitted(author, template.council)
    current = _not_ended(versions.claim(template, version))
    current.ended_at = clock.now()
    checks.save(current, author=author, reason="Ended")


def _permitted(author: Person, council: Council) -> None:
    """Raises NotPermitted unless `author` produces papers in this council.

    The council's row stays locked, so that two people never give the same name at once.
    """
    author.require(Capability.PRODUCE_PAPERS)
    if council.pk != author.council.pk:
        raise NotPermitted("This template belongs to another council.")
    Council.objects.select_for_update().only("pk").get(pk=council.pk)


def _standing(council: Council) -> QuerySet[PaperTemplate]:
    return PaperTemplate.objects.for_council(council).filter(ended_at__isnull=True)


def _not_ended(template: PaperTemplate) -> PaperTemplate:
    if template.ended_at is not None:
        raise Invalid({"": ENDED})
    return template


def _free_name(council: Council, wanted: str) -> str:
    """`wanted`, or the first of "wanted (2)", "wanted (3)" that no template has."""
    taken = {name.lower() for name in _standing(council).values_list("name", flat=True)}
    names = (f"{wanted} ({number})" if number > 1 else wanted for number in range(1, 1_000))
    return next(name for name in names if name.lower() not in taken)


def _saved_template(
    template: PaperTemplate, details: TemplateDetails, author: Person
) -> PaperTemplate:
    """Check and save. Raises Invalid."""
    template.name = checks.plain(
        "name", details.name, limit=120, missing="Enter the name of the template."
    )
    same = _standing(template.council).filter(name__iexact=template.name).exclude(pk=template.pk)
    if same.exists():
        raise Invalid({"name": f"There is a template “{template.name}” already."})
    if details.body_kind and details.body_kind not in Body.Kind.values:
        raise Invalid({"body_kind": "Choose the kind of body, or any."})
    template.body_kind = details.body_kind
    for field, styles in (
        ("section_style", SectionStyle),
        ("paragraph_style", ParagraphStyle),
        ("item_style", ItemStyle),
        ("appendix_style", AppendixStyle),
    ):
        chosen = getattr(details, field)
        if chosen not in set(styles):
            raise Invalid({field: "Choose one of the styles."})
        setattr(template, field, str(chosen))
    template.appendix_word = checks.plain(
        "appendix_word",
        details.appendix_word,
        limit=30,
        missing="Enter the word, such as Appendix or Annex.",
    )
    template.kicker = checks.plain("kicker", details.kicker, limit=120)
    template.lead_in = checks.plain("lead_in", details.lead_in, limit=120)
    for field in ("no_background_papers", "exempt_words"):
        setattr(
            template, field, checks.plain(field, getattr(details, field), lines=True, limit=1_000)
        )
    template.shows_logo = details.shows_logo
    checks.save(template, author=author)
    return template


# --- Parts ---------------------------------------------------------------------------------------


def parts_of(template: PaperTemplate) -> list[TemplatePart]:
    """The parts that stand, in their order."""
    return list(TemplatePart.objects.filter(template=template, ended_at__isnull=True))


def part_details(part: TemplatePart) -> PartDetails:
    """A part as it would be given to make it."""
    return PartDetails(**{name: getattr(part, name) for name in PartDetails.__dataclass_fields__})


@transaction.atomic
def add_part(
    *,
    template: PaperTemplate,
    details: PartDetails,
    author: Person,
    after: TemplatePart | None = None,
    is_first: bool = False,
) -> TemplatePart:
    """One more part: first, after another, or else behind the others of its place and group.

    Raises Invalid.
    """
    _locked(template, author)
    rows = parts_of(template)
    if len(rows) >= MOST_PARTS:
        raise Invalid({"": f"A report has at most {MOST_PARTS} parts. Remove one first."})
    part = TemplatePart(template=template)
    _check_part(part, details)
    part.position = _room(rows, _index(rows, part, after, is_first), author)
    checks.save(part, author=author)
    return part


@transaction.atomic
def change_part(
    *,
    part: TemplatePart,
    version: int,
    details: PartDetails,
    author: Person,
    after: TemplatePart | None = None,
    is_first: bool = False,
) -> TemplatePart:
    """The part, changed; it moves where it is told to, or where its new place asks for it.

    Raises Invalid and Stale.
    """
    template = _locked(part.template, author)
    current = _not_removed(versions.claim(part, version))
    before = (current.placement, current.group)
    _check_part(current, details)
    if after is not None or is_first or before != (current.placement, current.group):
        rows = [row for row in parts_of(template) if row.pk != current.pk]
        current.position = _room(rows, _index(rows, current, after, is_first), author)
    checks.save(current, author=author)
    return current


@transaction.atomic
def move_part(*, part: TemplatePart, up: bool, version: int, author: Person) -> None:
    """One place up or down; at the end nothing happens. Raises Invalid and Stale."""
    template = _locked(part.template, author)
    rows = parts_of(template)
    places = [row.pk for row in rows]
    if part.pk not in places:
        raise Invalid({"": REMOVED})
    place = places.index(part.pk) + (-1 if up else 1)
    if not 0 <= place < len(rows):
        return
    current = versions.claim(part, version)
    others = [row for row in rows if row.pk != part.pk]
    current.position = _room(others, place, author)
    checks.save(current, author=author, reason="Moved in the order")


@transaction.atomic
def end_part(*, part: TemplatePart, version: int, author: Person) -> None:
    """Take a part out of the template; papers that have it keep it. Raises Invalid and Stale."""
    _locked(part.template, author)
    current = _not_removed(versions.claim(part, version))
    current.ended_at = clock.now()
    checks.save(current, author=author, reason="Removed")


def _locked(template: PaperTemplate, author: Person) -> PaperTemplate:
    """The template as it is now, kept from changing. Raises NotPermitted, Invalid when ended."""
    _permitted(author, template.council)
    return _not_ended(PaperTemplate.objects.select_for_update().get(pk=template.pk))


def _not_removed(part: TemplatePart) -> TemplatePart:
    if part.ended_at is not None:
        raise Invalid({"": REMOVED})
    return part


def _add_parts(template: PaperTemplate, given: Iterable[PartDetails], author: Person) -> None:
    for number, details in enumerate(given, 1):
        part = TemplatePart(template=template, position=STEP * number)
        _check_part(part, details)
        checks.save(part, author=author)


# Where a part has lines of its own, and where a heading or a table holds several together.
NARROW = (Placement.HEAD, Placement.FACTS)
GROUPED = (Placement.BODY, Placement.LIST, Placement.END)
LONG_KINDS = (PartKind.RECOMMENDATIONS, PartKind.BACKGROUND_PAPERS, PartKind.APPENDICES)


def _check_part(part: TemplatePart, details: PartDetails) -> None:
    """Fill the part in from the details. Raises Invalid."""
    for field, choices, message in (
        ("kind", PartKind, "Choose what the part is."),
        ("placement", Placement, "Choose where it is printed."),
        ("source", Source, "Choose where its text comes from."),
    ):
        if getattr(details, field) not in choices.values:
            raise Invalid({field: message})
        setattr(part, field, str(getattr(details, field)))
    if part.kind in LONG_KINDS and part.placement in NARROW:
        raise Invalid(
            {
                "placement": "A list needs more room: choose the front table, a section or the "
                "closing table."
            }
        )
    part.label = checks.plain("label", details.label, limit=150, missing="Enter the label.")
    part.group = checks.plain("group", details.group, limit=120)
    if part.placement not in GROUPED:
        part.group = ""
    elif part.placement != Placement.BODY and not part.group:
        raise Invalid({"group": "Enter the heading of the list or the closing table."})
    _check_text(part, details)
    part.sign_off_role = checks.plain("sign_off_role", details.sign_off_role, limit=80)
    part.is_required = details.is_required


def _check_text(part: TemplatePart, details: PartDetails) -> None:
    """The default text and what its source asks for; what another source asked for goes."""
    part.text = checks.plain("text", details.text, lines=True)
    part.drafter, part.options = "", ""
    if part.source == Source.PLAN:
        part.drafter = checks.plain(
            "drafter", details.drafter, limit=40, missing="Choose what is drafted from the plan."
        )
        if part.drafter not in DRAFTERS:
            raise Invalid({"drafter": "Choose from the list what is drafted from the plan."})
    elif part.source == Source.LIST:
        lines = checks.plain("options", details.options, lines=True, limit=5_000).split("\n")
        part.options = "\n".join(line.strip() for line in lines if line.strip())
        if not part.options:
            raise Invalid({"options": "Enter the list to choose from, one on each line."})
    elif part.source == Source.YES_NO:
        part.text = part.text.capitalize()
        if part.text not in ("", "Yes", "No"):
            raise Invalid({"text": "Enter Yes or No, or leave it empty."})


def _index(
    rows: list[TemplatePart], part: TemplatePart, after: TemplatePart | None, is_first: bool
) -> int:
    """Before which of `rows` the part is to stand; their number for the end."""
    if is_first:
        return 0
    for fits in (
        lambda row: after is not None and row.pk == after.pk,
        lambda row: (row.placement, row.group) == (part.placement, part.group),
        lambda row: row.placement == part.placement,
    ):
        places = [index for index, row in enumerate(rows) if fits(row)]
        if places:
            return places[-1] + 1
    return len(rows)


def _room(rows: list[TemplatePart], index: int, author: Person) -> int:
    """A position before `rows[index]`; the others are numbered anew only where there is none."""
    before = rows[index - 1].position if index else 0
    after = rows[index].position if index < len(rows) else before + 2 * STEP
    if after - before >= 2:
        return (before + after) // 2
    for place, row in enumerate(rows):
        wanted = STEP * (place + 1 + (place >= index))
        if row.position != wanted:
            moved = versions.claim(row)
            moved.position = wanted
            checks.save(moved, author=author, reason="Moved in the order")
    return STEP * (index + 1)
