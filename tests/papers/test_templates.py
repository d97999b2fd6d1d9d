"""Report templates: which one a paper begins with, and what their services keep and refuse."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.models import Body, PaperTemplate, PartKind, Placement, Source, TemplatePart
from peerplan.papers.services import templates as services
from peerplan.papers.services.templates import PartDetails, TemplateDetails, parts_of
from peerplan.papers.template_presets import PRESETS
from peerplan.papers.template_reading import blocks_of, is_split, rows_of

pytestmark = pytest.mark.django_db

Add = Callable[..., TemplatePart]
FIELD = PartDetails(kind=PartKind.FIELD, placement=Placement.FRONT, label="Presented by")
SECTION = PartDetails(kind=PartKind.SECTION, placement=Placement.BODY, label="Background")


@pytest.fixture
def template(council: Council, democratic: Person) -> PaperTemplate:
    return services.create_template(
        council=council, details=TemplateDetails(name="Ours"), author=democratic
    )


@pytest.fixture
def add(template: PaperTemplate, democratic: Person) -> Add:
    """Adds a part like FIELD, with what is given instead."""

    def make(label: str, **given: object) -> TemplatePart:
        details = replace(FIELD, label=label)
        placing = {key: given.pop(key) for key in ("after", "is_first") if key in given}
        return services.add_part(
            template=template,
            details=replace(details, **given),  # type: ignore[arg-type]
            author=democratic,
            **placing,  # type: ignore[arg-type]
        )

    return make


def labels(template: PaperTemplate) -> list[str]:
    return [part.label for part in parts_of(template)]


# --- Which one is used ---------------------------------------------------------------------------


def make(council: Council, author: Person, name: str, kind: str = "") -> PaperTemplate:
    return services.create_template(
        council=council, details=TemplateDetails(name=name, body_kind=kind), author=author
    )


def test_a_paper_begins_with_the_newest_template_for_its_kind_of_body(
    council: Council, cabinet: Body, democratic: Person
) -> None:
    make(council, democratic, "Old", "executive")
    newest = make(council, democratic, "New", "executive")
    make(council, democratic, "Any")
    make(council, democratic, "Other kind", "scrutiny")
    assert services.template_for(council, cabinet) == newest


def test_else_with_the_newest_for_any_body(
    council: Council, cabinet: Body, democratic: Person
) -> None:
    make(council, democratic, "Any, old")
    newest = make(council, democratic, "Any, new")
    make(council, democratic, "Other kind", "scrutiny")
    assert services.template_for(council, cabinet) == newest


def test_else_with_none(
    council: Council, other_council: Council, cabinet: Body, democratic: Person, outsider: Person
) -> None:
    make(other_council, outsider, "Elsewhere", "executive")
    ended = make(council, democratic, "Ended", "executive")
    services.end_template(template=ended, version=ended.version, author=democratic)
    assert services.template_for(council, cabinet) is None


def test_the_list_says_what_papers_to_each_body_begin_with(
    council: Council, cabinet: Body, scrutiny_body: Body, democratic: Person
) -> None:
    services.add_all_presets(council=council, author=democratic)
    rows, ended = rows_of(council)
    for body in (cabinet, scrutiny_body):
        begun_with = services.template_for(council, body)
        assert [row.template for row in rows if body.name in row.bodies] == [begun_with]
    assert ended == []


# --- Added, copied, changed, ended ---------------------------------------------------------------


def test_all_five_are_added_once(council: Council, democratic: Person) -> None:
    added = services.add_all_presets(council=council, author=democratic)
    assert [template.preset for template in added] == list(PRESETS)
    assert services.add_all_presets(council=council, author=democratic) == []


def test_a_ready_made_form_that_was_ended_is_added_again(
    council: Council, democratic: Person
) -> None:
    first = services.add_all_presets(council=council, author=democratic)[0]
    services.end_template(template=first, version=first.version, author=democratic)
    assert [row.name for row in services.add_all_presets(council=council, author=democratic)] == [
        first.name
    ]


def test_a_taken_name_does_not_stand_in_the_way_of_adding_all_five(
    council: Council, democratic: Person
) -> None:
    taken = PRESETS["report-to-council"].name
    make(council, democratic, taken.upper())
    added = services.add_all_presets(council=council, author=democratic)
    assert added[-1].name == f"{taken} (2)"


def test_a_name_is_given_once(council: Council, democratic: Person) -> None:
    make(council, democratic, "Report to Cabinet")
    with pytest.raises(Invalid, match="There is a template “report to cabinet” already"):
        make(council, democratic, "report to cabinet")
    with pytest.raises(Invalid, match="already"):
        services.add_from_preset(
            council=council,
            preset="report-to-council",
            name="REPORT TO CABINET",
            author=democratic,
        )


def test_a_form_that_there_is_not_is_refused(council: Council, democratic: Person) -> None:
    with pytest.raises(Invalid, match="ready-made"):
        services.add_from_preset(council=council, preset="letter", author=democratic)


def test_a_copy_has_the_settings_and_the_standing_parts(
    council: Council, democratic: Person
) -> None:
    first = services.add_from_preset(council=council, preset="report-to-council", author=democratic)
    gone = parts_of(first)[3]
    services.end_part(part=gone, version=gone.version, author=democratic)
    copy = services.copy_template(template=first, author=democratic)
    assert (copy.name, copy.numbering) == (f"Copy of {first.name}", first.numbering)
    assert [services.part_details(part) for part in parts_of(copy)] == [
        services.part_details(part) for part in parts_of(first)
    ]
    assert gone.label not in [part.label for part in parts_of(copy)]
    again = services.copy_template(template=first, author=democratic)
    assert again.name == f"{copy.name} (2)"


def test_an_ended_template_changes_no_more_but_can_be_copied(
    template: PaperTemplate, add: Add, democratic: Person
) -> None:
    part = add("Presented by")
    services.end_template(template=template, version=template.version, author=democratic)
    template.refresh_from_db()
    with pytest.raises(Invalid, match="was ended"):
        services.change_template(
            template=template,
            version=template.version,
            details=TemplateDetails(name="Ours again"),
            author=democratic,
        )
    with pytest.raises(Invalid, match="was ended"):
        services.change_part(part=part, version=part.version, details=FIELD, author=democratic)
    assert labels(services.copy_template(template=template, author=democratic)) == ["Presented by"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"body_kind": "parish"}, "body_kind"),
        ({"section_style": "I."}, "section_style"),
        ({"item_style": ""}, "item_style"),
        ({"appendix_word": ""}, "appendix_word"),
        ({"kicker": "x" * 121}, "kicker"),
        ({"exempt_words": "x" * 1_001}, "exempt_words"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    template: PaperTemplate, democratic: Person, given: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.change_template(
            template=template,
            version=template.version,
            details=replace(TemplateDetails(name="Ours"), **given),
            author=democratic,
        )
    assert list(refused.value.fields) == [field]


def test_only_those_who_produce_papers_of_the_council_change_templates(
    template: PaperTemplate, owner: Person, administrator: Person, outsider: Person
) -> None:
    for person in (owner, administrator, outsider):
        with pytest.raises(NotPermitted):
            services.copy_template(template=template, author=person)
        with pytest.raises(NotPermitted):
            services.add_part(template=template, details=FIELD, author=person)


# --- Parts ---------------------------------------------------------------------------------------


def test_a_new_part_stands_last_among_those_of_its_place(template: PaperTemplate, add: Add) -> None:
    for label, placement in (("A", "front"), ("B", "body"), ("C", "end"), ("D", "front")):
        add(label, placement=placement, group="Others" if placement == "end" else "")
    assert labels(template) == ["A", "D", "B", "C"]


def test_a_new_part_stands_where_it_is_put(template: PaperTemplate, add: Add) -> None:
    first, _ = add("A"), add("B")
    add("C", after=first)
    add("D", is_first=True)
    assert labels(template) == ["D", "A", "C", "B"]


def test_there_is_always_room_between_two_parts(template: PaperTemplate, add: Add) -> None:
    first, _ = add("A"), add("Z")
    for number in range(12):
        add(f"{number}", after=first)
    assert labels(template) == ["A", *(f"{number}" for number in range(11, -1, -1)), "Z"]


def test_parts_that_share_a_position_can_still_be_put_in_order(
    template: PaperTemplate, add: Add, democratic: Person
) -> None:
    rows = [add(label) for label in "ABC"]
    for row in rows:
        TemplatePart.objects.filter(pk=row.pk).update(position=0)
    last = TemplatePart.objects.get(pk=rows[2].pk)
    services.move_part(part=last, up=True, version=last.version, author=democratic)
    assert labels(template) == ["A", "C", "B"]


def test_a_part_moves_one_place_and_no_further_than_the_end(
    template: PaperTemplate, add: Add, democratic: Person
) -> None:
    for label in "ABC":
        add(label)
    for up, wanted in ((True, "ACB"), (True, "CAB"), (True, "CAB"), (False, "ACB")):
        part = next(part for part in parts_of(template) if part.label == "C")
        services.move_part(part=part, up=up, version=part.version, author=democratic)
        assert "".join(labels(template)) == wanted


def test_moving_one_part_leaves_whoever_edits_its_neighbour_undisturbed(
    add: Add, democratic: Person
) -> None:
    first, second = add("A"), add("B")
    services.move_part(part=second, up=True, version=second.version, author=democratic)
    changed = services.change_part(
        part=first,
        version=first.version,
        details=replace(FIELD, label="A, changed"),
        author=democratic,
    )
    assert changed.label == "A, changed"


def test_a_part_that_is_printed_elsewhere_moves_to_the_others_there(
    template: PaperTemplate, add: Add, democratic: Person
) -> None:
    first = add("A")
    add("B")
    add("C", placement="end", group="Others")
    services.change_part(
        part=first,
        version=first.version,
        details=replace(FIELD, label="A", placement=Placement.END, group="Others"),
        author=democratic,
    )
    assert labels(template) == ["B", "C", "A"]


def test_a_change_of_words_leaves_a_part_where_it_stands(
    template: PaperTemplate, add: Add, democratic: Person
) -> None:
    first = add("A")
    add("B")
    services.change_part(
        part=first,
        version=first.version,
        details=replace(FIELD, label="A2"),
        author=democratic,
    )
    assert labels(template) == ["A2", "B"]


def test_the_later_of_two_is_refused(add: Add, democratic: Person) -> None:
    part = add("A")
    services.change_part(
        part=part, version=part.version, details=replace(FIELD, label="Theirs"), author=democratic
    )
    with pytest.raises(Stale) as stale:
        services.change_part(
            part=part, version=part.version, details=replace(FIELD, label="Mine"), author=democratic
        )
    assert stale.value.current.label == "Theirs"


def test_a_removed_part_is_gone_once(template: PaperTemplate, add: Add, democratic: Person) -> None:
    part = add("A")
    services.end_part(part=part, version=part.version, author=democratic)
    assert labels(template) == []
    part.refresh_from_db()
    for press in (services.end_part, lambda **given: services.move_part(up=True, **given)):
        with pytest.raises(Invalid, match="was removed"):
            press(part=part, version=part.version, author=democratic)
    assert TemplatePart.history.filter(id=part.pk).latest().history_change_reason == "Removed"


def test_a_report_has_an_end(
    template: PaperTemplate, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_PARTS", 2)
    add("A")
    add("B")
    with pytest.raises(Invalid, match="at most 2 parts"):
        add("C")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"label": ""}, "label"),
        ({"kind": "picture"}, "kind"),
        ({"placement": "back"}, "placement"),
        ({"source": "dreamt"}, "source"),
        ({"placement": "end"}, "group"),
        ({"placement": "list", "group": " "}, "group"),
        ({"kind": "recommendations", "placement": "head"}, "placement"),
        ({"kind": "appendices", "placement": "facts"}, "placement"),
        ({"source": "plan"}, "drafter"),
        ({"source": "plan", "drafter": "weather"}, "drafter"),
        ({"source": "list", "options": " \n "}, "options"),
        ({"source": "yes-no", "text": "Perhaps"}, "text"),
        ({"sign_off_role": "x" * 81}, "sign_off_role"),
        ({"text": "x" * 20_001}, "text"),
        ({"label": "Nul\0"}, "label"),
    ],
)
def test_parts_that_cannot_be_are_refused(add: Add, given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(**({"label": "Presented by"} | given))
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"source": "yes-no", "text": "yes"}, {"text": "Yes"}),
        ({"source": "list", "options": " One \n\nTwo"}, {"options": "One\nTwo"}),
        ({"source": "typed", "drafter": "progress", "options": "One"}, {"drafter": ""}),
        ({"source": "plan", "drafter": "progress", "options": "One"}, {"options": ""}),
        ({"placement": "front", "group": "Others"}, {"group": ""}),
        ({"placement": "body", "group": "Key issues"}, {"group": "Key issues"}),
    ],
)
def test_what_a_part_cannot_use_is_left_out(
    add: Add, given: dict[str, str], kept: dict[str, str]
) -> None:
    part = add("Presented by", **given)
    part.refresh_from_db()
    assert {field: getattr(part, field) for field in kept} == kept


# --- As the page shows them ----------------------------------------------------------------------


def test_parts_are_shown_in_the_blocks_in_which_they_are_printed(
    template: PaperTemplate, add: Add
) -> None:
    add("Presented by", source=Source.ROLE)
    add("Financial", kind=PartKind.IMPLICATION, sign_off_role="Section 151 Officer")
    add("Background", placement="body", source="plan", drafter="background", is_required=False)
    add("Risks", placement="end", group="Others")
    blocks = blocks_of(parts_of(template))
    assert [block.words for block in blocks] == [
        "Front table",
        "Numbered sections",
        "Closing table: Others",
    ]
    assert not is_split(blocks)
    front, body, _ = blocks
    assert front.rows[0].notes == ("A role",)
    assert front.rows[1].notes == (
        "Implication",
        "Typed",
        "To be signed off by the Section 151 Officer",
    )
    assert body.rows[0].notes[1:] == ("May stay empty",)
    assert (front.rows[0].is_first, front.rows[1].is_last) == (True, False)


def test_a_table_that_is_printed_in_two_is_pointed_out(template: PaperTemplate, add: Add) -> None:
    first = add("A")
    add("B", placement="body", after=first)
    add("C", after=parts_of(template)[-1])
    blocks = blocks_of(parts_of(template))
    assert [block.again for block in blocks] == [False, False, True]
    assert is_split(blocks)
