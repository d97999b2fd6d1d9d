"""A paper becomes the document that one body gets, in a public and a restricted copy."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import is_dataclass
from typing import Any

import pytest

from actions.position import plan_position
from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.papers.compose import (
    Pack,
    appendix_labels,
    compose,
    leads_nowhere,
    marking_of,
    needs_restricted,
)
from peerplan.papers.models import Paper, PaperAppendix, PaperPart, PartKind, Placement, RouteStep
from peerplan.render.numbering import loose_references, numbered
from peerplan.render.report import (
    AppendixList,
    Block,
    Chart,
    DataTable,
    Facts,
    Items,
    LabelTable,
    Lines,
    Paragraph,
    Report,
    Section,
    SubHeading,
    TableColumn,
)

pytestmark = pytest.mark.django_db

CANARY = "KESTREL"


def texts(value: Any) -> Iterator[str]:
    """Every text in a report, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value):
        for each in vars(value).values():
            yield from texts(each)


def blocks(report: Report, kind: type[Any]) -> list[Any]:
    return [each for section in report.sections for each in section.blocks if type(each) is kind]


def headings(report: Report) -> list[tuple[str, str]]:
    return [(each.number, each.heading) for each in numbered(report).sections if each.heading]


@pytest.fixture
def change(democratic: Person) -> Callable[..., PaperPart]:
    """Changes the part with a label."""

    def to(label: str, /, **fields: object) -> PaperPart:
        part = PaperPart.objects.get(label=label)
        for name, value in fields.items():
            setattr(part, name, value)
        history.save(part, author=democratic.user)
        return part

    return to


@pytest.fixture
def add(paper: Paper, democratic: Person) -> Callable[..., PaperAppendix]:
    """Adds an appendix."""

    def appendix(title: str = "Action plan", **fields: Any) -> PaperAppendix:
        place = PaperAppendix.objects.count() + 1
        made = PaperAppendix(
            paper=paper, position=place, title=title, **({"kind": "plan"} | fields)
        )
        history.save(made, author=democratic.user)
        return made

    return appendix


def pack(paper: Paper, step: RouteStep, **given: Any) -> Pack:
    """The pack of a paper as its rows now are."""
    parts = list(PaperPart.objects.filter(paper=paper, ended_at=None).select_related("step__body"))
    appendices = list(PaperAppendix.objects.filter(paper=paper))
    return Pack(paper, step, parts, appendices, **({"steps": (step,)} | given))


def test_each_placement_is_printed_in_the_order_of_the_paper(
    paper: Paper, cabinet_step: RouteStep
) -> None:
    report = compose(pack(paper, cabinet_step))
    assert [type(section.blocks[0]) for section in report.sections[:3]] == [
        Lines,
        Facts,
        LabelTable,
    ]
    assert headings(report) == [
        ("1.0", "Background"),
        ("2.0", "Implications"),
        ("", "Background papers"),
        ("", "Appendices"),
        ("", "Other considerations"),
    ]


def test_the_masthead_names_body_and_day_and_the_kicker_the_body(
    paper: Paper, cabinet_step: RouteStep
) -> None:
    report = compose(pack(paper, cabinet_step))
    assert report.masthead == ("Cabinet, Tuesday 24 June 2025",)
    assert report.kicker == "Report to Cabinet"
    assert report.footer == "Cabinet, 24 June 2025: Peer challenge: progress on the action plan"


def test_a_report_for_two_bodies_names_both(
    paper: Paper, cabinet_step: RouteStep, scrutiny_step: RouteStep
) -> None:
    report = compose(pack(paper, cabinet_step, steps=(scrutiny_step, cabinet_step)))
    assert report.masthead == (
        "Corporate Scrutiny Committee, Thursday 19 June 2025",
        "Cabinet, Tuesday 24 June 2025",
    )
    assert report.kicker == "Report to Corporate Scrutiny Committee and Cabinet"


def test_recommendations_are_items_under_the_lead_in(paper: Paper, cabinet_step: RouteStep) -> None:
    (table,) = [
        block
        for section in numbered(compose(pack(paper, cabinet_step))).sections
        for block in section.blocks
        if isinstance(block, LabelTable) and block.name == "Front sheet"
    ]
    (row,) = [row for row in table.rows if row.label == "Recommendations"]
    (items,) = row.blocks
    assert isinstance(items, Items)
    assert items.lead_in == "THAT CABINET:"
    assert [(item.number, tuple(item.paragraphs)) for item in items.items] == [
        ("1)", ("Notes the progress.",)),
        ("2)", ("Agrees the plan.",)),
    ]


def test_the_body_gives_the_lead_in_where_the_part_has_none(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    change("Recommendations", lead_in="", placement=Placement.BODY)
    assert blocks(compose(pack(paper, cabinet_step)), Items)[0].lead_in == "THAT CABINET:"


def test_lines_of_a_field_stay_lines(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    lines = "Pat Example\nHead of Policy\npat@ashdale.example"
    change("Equality", text=lines)
    (row,) = blocks(compose(pack(paper, cabinet_step)), LabelTable)[-1].rows
    assert row.blocks == tuple(Paragraph(line) for line in lines.split("\n"))


def test_sections_of_one_group_stand_under_its_heading(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    change("Background", group="Summary of key issues")
    report = compose(pack(paper, cabinet_step))
    assert headings(report)[0] == ("1.0", "Summary of key issues")
    assert blocks(report, SubHeading) == [SubHeading("Background")]


def test_no_background_papers_are_said_in_the_words_of_the_form(
    paper: Paper, cabinet_step: RouteStep
) -> None:
    paper.template.no_background_papers = "None were relied on."
    assert "None were relied on." in list(texts(compose(pack(paper, cabinet_step))))


def test_a_sign_off_says_who_and_when(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart], democratic: Person
) -> None:
    role = "Signed off by the Section 151 Officer: "
    assert f"{role}not yet" in list(texts(compose(pack(paper, cabinet_step))))
    part = PaperPart.objects.get(label="Financial implications")
    change(
        "Financial implications",
        signed_off_at=part.paper.started_at,
        signed_off_on=paper.figures_as_at,
        signed_off_by=democratic.user,
    )
    assert f"{role}Yes, 12 June 2025" in list(texts(compose(pack(paper, cabinet_step))))


def test_only_a_draft_says_what_is_to_be_written(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    change("Background", text=" ")
    assert "To be written." in list(texts(compose(pack(paper, cabinet_step, is_draft=True))))
    issued = compose(pack(paper, cabinet_step))
    assert "To be written." not in list(texts(issued))
    assert "Background" not in [section.heading for section in issued.sections]
    change("Background", is_required=False)
    assert not [
        section
        for section in compose(pack(paper, cabinet_step, is_draft=True)).sections
        if section.heading == "Background"
    ]


def test_figures_stand_below_the_text_unless_switched_off(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    table = DataTable("Overdue", (TableColumn("Action"),), ())

    def figures(part: PaperPart) -> Sequence[Block]:
        return (table,) if part.drafter == "overdue" else ()

    change("Background", drafter="overdue")
    report = compose(pack(paper, cabinet_step, figures=figures))
    (section,) = [each for each in report.sections if each.heading == "Background"]
    assert section.blocks[-1] == table
    change("Background", shows_figures=False)
    assert table not in blocks(compose(pack(paper, cabinet_step, figures=figures)), DataTable)
    assert not blocks(report, Chart)


def test_a_text_with_figures_alone_is_printed(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    change("Background", text="", drafter="overdue")
    table = DataTable("Overdue", (TableColumn("Action"),), ())
    report = compose(pack(paper, cabinet_step, figures=lambda part: (table,)))
    assert Section("Background", (table,)) in report.sections


def test_what_was_chosen_from_a_list_is_a_list_and_yes_has_a_capital(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    change("Key decision", source="yes-no", text="no")
    change("Equality", source="list", text="Homes\nA clean district")
    report = compose(pack(paper, cabinet_step))
    assert blocks(report, Facts)[0].pairs == (("Key decision", "No"),)
    assert ("Homes", "A clean district") in [
        tuple(block.items)
        for section in report.sections
        for table in section.blocks
        if isinstance(table, LabelTable)
        for row in table.rows
        for block in row.blocks
        if hasattr(block, "items")
    ]


def test_appendices_for_one_body_are_listed_and_say_so(
    paper: Paper,
    cabinet_step: RouteStep,
    scrutiny_step: RouteStep,
    add: Callable[..., PaperAppendix],
) -> None:
    add()
    only = add("Minute of scrutiny", kind="minute", audience=cabinet_step, minute_of=scrutiny_step)
    report = compose(pack(paper, scrutiny_step))
    (listed,) = blocks(numbered(report), AppendixList)
    assert [(each.number, each.title, each.note) for each in listed.entries] == [
        ("Appendix 1", "Action plan", ""),
        ("Appendix 2", "Minute of scrutiny", "Cabinet only"),
    ]
    assert only not in pack(paper, scrutiny_step).own_appendices
    assert only in pack(paper, cabinet_step).own_appendices
    assert appendix_labels(report) == ("Appendix 1", "Appendix 2")


def test_appendices_are_listed_where_the_form_has_no_place_for_them(
    paper: Paper, cabinet_step: RouteStep, add: Callable[..., PaperAppendix], democratic: Person
) -> None:
    add()
    part = PaperPart.objects.get(kind=PartKind.APPENDICES)
    part.ended_at = paper.started_at
    history.save(part, author=democratic.user)
    assert compose(pack(paper, cabinet_step)).sections[-1].heading == "Appendices"


def test_a_reference_that_leads_nowhere_is_a_problem(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    change("Background", text="See [section: Backgruond] and [section: Implications].")
    assert leads_nowhere(pack(paper, cabinet_step)) == ("[section: Backgruond]",)
    assert "See [section: Backgruond] and section 2." in list(
        texts(numbered(compose(pack(paper, cabinet_step))))
    )


# --- What is not for publication ----------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    [
        "Report of",
        "Key decision",
        "Purpose of report",
        "Recommendations",
        "Background",
        "Impact on customers",
        "Background papers",
        "Equality",
    ],
)
def test_an_exempt_part_of_any_placement_is_one_neutral_line(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart], label: str
) -> None:
    change(label, label=f"{CANARY} label", text=f"{CANARY} text", exempt_paragraph=3)
    public = compose(pack(paper, cabinet_step))
    assert CANARY not in " ".join(texts(public))
    line = "Not for publication: paragraph 3 of Part 1 of Schedule 12A"
    is_left_out = label in ("Report of", "Key decision")
    assert is_left_out != any(text.startswith(line) for text in texts(public))
    assert public.marking == ""
    restricted = compose(pack(paper, cabinet_step, include_exempt=True))
    assert f"{CANARY} label" in " ".join(texts(restricted))
    assert f"{CANARY} text" in " ".join(texts(restricted))
    assert restricted.marking.startswith("NOT FOR PUBLICATION by virtue of paragraph 3 of Part 1")


def test_both_copies_number_their_sections_alike(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    change("Background", exempt_paragraph=3)
    public = compose(pack(paper, cabinet_step))
    restricted = compose(pack(paper, cabinet_step, include_exempt=True))
    assert headings(public)[:2] == [("1.0", "Not for publication"), ("2.0", "Implications")]
    assert headings(restricted)[:2] == [("1.0", "Background"), ("2.0", "Implications")]


def test_a_reference_to_what_is_withheld_does_not_name_it(
    paper: Paper,
    cabinet_step: RouteStep,
    change: Callable[..., PaperPart],
    add: Callable[..., PaperAppendix],
) -> None:
    change(
        "Background",
        label=f"{CANARY} section",
        text=f"# {CANARY} heading",
        exempt_paragraph=3,
    )
    add(f"{CANARY} appendix", exempt_paragraph=3)
    change(
        "Purpose of report",
        text=f"See [section: {CANARY} section], [Section: {CANARY} HEADING] and "
        f"[appendix: {CANARY} appendix].",
    )
    public = numbered(compose(pack(paper, cabinet_step)))
    assert CANARY not in " ".join(texts(public))
    assert loose_references(public) == ()
    assert (
        "See a part that is not for publication, A part that is not for publication and an "
        "appendix that is not for publication." in list(texts(public))
    )
    restricted = list(texts(numbered(compose(pack(paper, cabinet_step, include_exempt=True)))))
    assert "See section 1, Section 1.1 and appendix 1." in [
        text.replace("Appendix 1", "appendix 1") for text in restricted
    ]


def test_an_exempt_appendix_keeps_its_number_and_not_its_title(
    paper: Paper, cabinet_step: RouteStep, add: Callable[..., PaperAppendix]
) -> None:
    add(f"{CANARY} options", exempt_paragraph=3)
    add("Action plan")
    (public,) = blocks(numbered(compose(pack(paper, cabinet_step))), AppendixList)
    assert [(each.number, each.title, each.note) for each in public.entries] == [
        (
            "Appendix 1",
            "An appendix that is not for publication",
            "Not for publication, paragraph 3",
        ),
        ("Appendix 2", "Action plan", ""),
    ]
    restricted = compose(pack(paper, cabinet_step, include_exempt=True))
    assert f"{CANARY} options" in " ".join(texts(restricted))


def test_an_exempt_appendix_for_another_body_is_not_named_to_this_one(
    paper: Paper,
    cabinet_step: RouteStep,
    scrutiny_step: RouteStep,
    add: Callable[..., PaperAppendix],
) -> None:
    add(f"{CANARY} options", exempt_paragraph=3, audience=cabinet_step)
    restricted = compose(pack(paper, scrutiny_step, include_exempt=True))
    assert CANARY not in " ".join(texts(restricted))
    assert not needs_restricted(pack(paper, scrutiny_step))
    assert needs_restricted(pack(paper, cabinet_step))


def test_exempt_actions_need_a_restricted_copy_and_name_their_paragraph(
    paper: Paper, cabinet_step: RouteStep, act: Callable[..., Any]
) -> None:
    def whole() -> Any:
        return plan_position(paper.challenge)

    act("1.1")
    given = pack(paper, cabinet_step, whole=whole)
    assert not needs_restricted(given)
    act("1.2", visibility="exempt", exempt_paragraph=5)
    assert needs_restricted(given)
    assert "paragraph 5 of Part 1" in marking_of(given)


def test_the_marking_is_in_the_words_of_the_form(
    paper: Paper, cabinet_step: RouteStep, change: Callable[..., PaperPart]
) -> None:
    change("Background", exempt_paragraph=3)
    change("Equality", exempt_paragraph=1)
    paper.template.exempt_words = "Private: exempt under {paragraphs} of Schedule 12A."
    assert marking_of(pack(paper, cabinet_step)) == (
        "Private: exempt under paragraphs 1 and 3 of Part 1 of Schedule 12A."
    )
    paper.template.exempt_words = "Words that name no paragraph."
    assert "paragraphs 1 and 3" in marking_of(pack(paper, cabinet_step))


def test_nothing_is_marked_where_nothing_is_exempt(paper: Paper, cabinet_step: RouteStep) -> None:
    assert compose(pack(paper, cabinet_step, include_exempt=True)).marking == ""
