"""A decision record as a document: one report for page, PDF and Word.

The public copy has what everyone may read: without an outcome that is exempt, and without the
actions that are not released or not for publication. The restricted copy is marked on every page.
"""

from django.utils.text import slugify

from actions.appendix import PLAIN_BRAND
from actions.sentences import capital, listed
from peerplan.core import clock
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.contrast import LEAST_FOR_TEXT, WHITE, ratio
from peerplan.councils.models import Council
from peerplan.papers.compose import DEFAULT_MARKING, UNNAMED_MARKING
from peerplan.papers.decision_reading import DecisionRead, ResolutionRead
from peerplan.papers.models import RouteStep
from peerplan.papers.outcome import withheld_words
from peerplan.render.report import (
    Block,
    Cell,
    DataTable,
    LabelRow,
    LabelTable,
    Logo,
    Numbering,
    Paragraph,
    ParagraphStyle,
    Report,
    Section,
    SectionStyle,
    TableColumn,
)
from peerplan.render.texts import blocks_of

LONGEST_BODY = 70
RESTRICTED = "-not-for-publication"


def decision_report(read: DecisionRead, council: Council, *, is_restricted: bool) -> Report:
    """The record as it is printed.

    `is_restricted` makes the copy for those entitled to the outcome; without it an outcome that
    is exempt is one neutral line, and `read` must hold no exempt action.
    """
    step = read.step
    where = _meeting(step)
    challenge = step.route.challenge
    is_withheld = step.outcome_paragraph is not None and not is_restricted
    if is_withheld:
        sections = [_section("Decision", Paragraph(withheld_words(step), is_numbered=False))]
    else:
        sections = _sections(read)
    return Report(
        council_name=council.name,
        title=challenge.title,
        numbering=Numbering(SectionStyle.NONE, ParagraphStyle.NONE),
        sections=(_facts(read, is_withheld=is_withheld), *sections),
        masthead=(where,),
        kicker="Decision record",
        marking=_marking(read) if is_restricted else "",
        footer=f"{where}: decision record",
        description=f"{where}: what was decided on the {challenge.title}",
        dated=clock.today(),
        logo=_logo(council),
        brand=council.brand if ratio(council.brand, WHITE) >= LEAST_FOR_TEXT else PLAIN_BRAND,
    )


def file_name(step: RouteStep, council: Council, kind: str, *, is_restricted: bool) -> str:
    """The name of a file of the record; no words of the decision are in it."""
    words = [council.slug, slugify(step.body.name)[:LONGEST_BODY] or "body"]
    if step.meeting is not None:
        words.append(step.meeting.on.isoformat())
    return f"{'-'.join(words)}-decision{RESTRICTED if is_restricted else ''}.{kind}"


def _meeting(step: RouteStep) -> str:
    if step.meeting is None:
        return step.body.name
    return f"{step.body.name}, {step.meeting.on:%A} {day_in_words(step.meeting.on)}"


def _logo(council: Council) -> Logo | None:
    if not council.logo or not council.logo_type:
        return None
    return Logo(bytes(council.logo), council.logo_type, f"Logo of {council.name}")


def _marking(read: DecisionRead) -> str:
    paragraphs = read.exempt_paragraphs
    if not paragraphs:
        return UNNAMED_MARKING
    word = "paragraph" if len(paragraphs) == 1 else "paragraphs"
    told = f"{word} {listed([str(each) for each in paragraphs])} of Part 1"
    return DEFAULT_MARKING.replace("{paragraphs}", told)


def _facts(read: DecisionRead, *, is_withheld: bool) -> Section:
    """What every record says at its head."""
    step, record = read.step, read.record
    pairs = [("Purpose", step.get_purpose_display())]
    if not is_withheld:
        if step.minute_number:
            pairs.append(("Minute", step.minute_number))
        if record.decision is not None and record.decision.introduced_by:
            pairs.append(("Introduced by", record.decision.introduced_by))
        if record.votes:
            pairs.append(("Votes", capital(record.votes)))
    pairs.append(("Key decision", "Yes" if step.is_key else "No"))
    if step.body.is_executive:
        is_open = step.is_open_to_call_in and step.body.call_in_days > 0
        pairs.append(("Open to call-in", "Yes" if is_open else "No"))
    if step.decision_published_on is not None:
        pairs.append(("Decision published", day_in_words(step.decision_published_on)))
    if not is_withheld:
        day, words = read.effective.day, read.effective.words
        pairs.append(("Effective from", f"{day_in_words(day)}. {words}." if day else f"{words}."))
    rows = tuple(LabelRow(label, (Paragraph(text, is_numbered=False),)) for label, text in pairs)
    return Section("", (LabelTable("About the decision", rows),), is_numbered=False)


def _sections(read: DecisionRead) -> list[Section]:
    record = read.record
    decision = record.decision
    found = [
        _section("Minute", *blocks_of(read.step.minute)),
        _section("Points made", *blocks_of(record.points)),
    ]
    if record.resolutions and not record.is_in_minute:
        found.append(_section("Resolved", record.resolved_items()))
    if decision is not None:
        found.append(_section("Reason for the decision", *blocks_of(decision.reason)))
        found.append(_section("Options considered", *blocks_of(decision.options)))
    found += [
        _section("Comments", *blocks_of(read.step.comments)),
        _section("What the resolutions concern", *_concerns(read)),
        _section("Amendments to the plan", *_amendments(read)),
    ]
    kept = [section for section in found if section.blocks]
    return kept or [_section("Decision", Paragraph("Nothing is recorded yet.", is_numbered=False))]


def _section(heading: str, *blocks: Block) -> Section:
    return Section(heading, blocks, is_numbered=False)


def _concerns(read: DecisionRead) -> tuple[Block, ...]:
    rows = tuple(
        (Cell(str(row.number)), Cell(_recommendations(row)), Cell(_actions(row)))
        for row in read.resolutions
        if row.recommendations or row.actions
    )
    if not rows:
        return ()
    columns = (
        TableColumn("Resolution", 2),
        TableColumn("Recommendations", 5),
        TableColumn("Actions", 5),
    )
    return (DataTable("What the resolutions concern", columns, rows),)


def _recommendations(row: ResolutionRead) -> str:
    return "\n\n".join(f"{each.ref} {each.title}" for each in row.recommendations) or "None"


def _actions(row: ResolutionRead) -> str:
    return "\n\n".join(f"{each.ref} {each.title}" for each in row.actions) or "None"


def _amendments(read: DecisionRead) -> tuple[Block, ...]:
    rows = tuple(
        (
            Cell(f"{each.action.ref} {each.action.title}"),
            Cell("\n\n".join(each.lines)),
            Cell(str(each.number) if each.number else "None"),
        )
        for each in read.amendments
    )
    if not rows:
        return ()
    columns = (
        TableColumn("Action", 4),
        TableColumn("What was changed", 7),
        TableColumn("Resolution", 2),
    )
    return (DataTable("Amendments to the plan", columns, rows),)
