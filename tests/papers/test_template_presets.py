"""The five ready-made forms hold what the papers they are modelled on hold."""

import re
from dataclasses import fields
from itertools import pairwise

import pytest

from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.drafting import DRAFTERS
from peerplan.papers.models import PartKind, Placement, Source, TemplatePart
from peerplan.papers.services.templates import PartDetails, add_from_preset, parts_of
from peerplan.papers.template_presets import PRESETS, PresetPart, TemplatePreset
from peerplan.render.report import AppendixStyle, ItemStyle, ParagraphStyle, SectionStyle

KEYS = [
    "front-table-cabinet",
    "front-table-scrutiny",
    "front-table-review",
    "numbered-two-bodies",
    "report-to-council",
]
FRONT_TABLES = KEYS[:3]
MOST_EMPTY = 12

# Label in lower case, by where it is printed; what the originals have, part by part.
CONSIDERATIONS = [
    "council priorities",
    "policy considerations",
    "safeguarding",
    "equalities and diversity",
    "customer impact",
    "economic and social impact",
    "environment, climate change and zero carbon",
]
ORIGINALS: dict[str, dict[Placement, list[str]]] = {
    "front-table-cabinet": {
        Placement.FACTS: ["public report", "key decision", "portfolio holder briefed"],
        Placement.FRONT: [
            "presented by",
            "background papers",
            "financial implications",
            "legal implications",
            "staffing and corporate implications",
            "purpose of report",
            "reason for decision",
            "recommendations",
        ],
        Placement.BODY: [
            "background",
            "summary of the approach",
            "financial considerations",
            "next steps",
        ],
        Placement.END: [
            *CONSIDERATIONS,
            "consultation, community and tenant engagement",
            "risks",
            "officer contact",
        ],
    },
    "front-table-scrutiny": {
        Placement.FACTS: ["public report"],
        Placement.FRONT: [
            "presented by",
            "background papers",
            "financial implications",
            "legal implications",
            "staffing and corporate implications",
            "reason agenda item submitted to scrutiny committee",
            "recommendations",
        ],
        Placement.BODY: ["background", "peer review process", "key recommendations"],
        Placement.END: [
            *CONSIDERATIONS,
            "consultation and community engagement",
            "risks",
            "officer contact",
        ],
    },
    "front-table-review": {
        Placement.FACTS: ["public report", "key decision", "portfolio holder briefed"],
        Placement.FRONT: [
            "presented by",
            "background papers",
            "financial implications",
            "legal implications",
            "staffing and corporate implications",
            "purpose of report",
            "reason for decision",
            "recommendations",
        ],
        Placement.BODY: [
            "background",
            "summary of the approach",
            "what the review looked at",
            "progress review feedback",
            "financial considerations",
            "next steps",
        ],
        Placement.END: [
            *CONSIDERATIONS,
            "consultation, community and tenant engagement",
            "risks",
            "officer contact",
        ],
    },
    "numbered-two-bodies": {
        Placement.HEAD: [
            "report of",
            "relevant portfolio holder",
            "contact for further information",
        ],
        Placement.FACTS: ["wards affected"],
        Placement.BODY: [
            "purpose of the report",
            "recommendations to {body}",
            "background",
            "the peer challenge",
            "sustainability implications",
            "financial and resource implications",
            "risk assessment",
            "health and wellbeing implications",
        ],
        Placement.PLAIN: ["background documents", "equality impact assessment", "appendices"],
    },
    "report-to-council": {
        Placement.HEAD: ["report of"],
        Placement.BODY: [
            "purpose of report",
            "recommendations",
            "background",
            "impact on corporate goals",
        ],
        Placement.LIST: [
            "impact on customers",
            "impact on equalities",
            "impact on risk",
            "impact on resources (financial and human)",
            "impact on the environment",
        ],
        Placement.PLAIN: ["background papers", "enquiries to"],
    },
}
STYLES = {
    "front-table-cabinet": ("1.0", "1.1", "1)", "1"),
    "front-table-scrutiny": ("1.0", "1.1", "1)", "1"),
    "front-table-review": ("1.0", "1.1", "1)", "1"),
    "numbered-two-bodies": ("1.0", "1.1", "2.1", "A"),
    "report-to-council": ("1.", "1.1", "(i)", "1"),
}


def labels(preset: TemplatePreset, placement: Placement) -> list[str]:
    """The labels of one place, in their order, in lower case."""
    return [part.label.lower() for part in preset.parts if part.placement == placement]


def test_there_are_five() -> None:
    assert list(PRESETS) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_each_part_of_the_original_has_its_place_in_its_order(key: str) -> None:
    for placement, wanted in ORIGINALS[key].items():
        found = [label for label in labels(PRESETS[key], placement) if label in wanted]
        assert found == wanted


@pytest.mark.parametrize("key", KEYS)
def test_each_is_numbered_as_its_original(key: str) -> None:
    numbering = PRESETS[key].numbering
    assert STYLES[key] == (
        SectionStyle(numbering.sections),
        ParagraphStyle(numbering.paragraphs),
        ItemStyle(numbering.items),
        AppendixStyle(numbering.appendices),
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("front-table-cabinet", "THAT CABINET:"),
        ("front-table-scrutiny", "THAT THE COMMITTEE:"),
        ("front-table-review", ""),
        ("numbered-two-bodies", ""),
        ("report-to-council", "Members are asked to:"),
    ],
)
def test_each_leads_in_to_its_recommendations(key: str, words: str) -> None:
    assert PRESETS[key].lead_in == words


@pytest.mark.parametrize("key", FRONT_TABLES)
def test_three_officers_sign_the_implications_of_the_front_table_off(key: str) -> None:
    roles = {part.label: part.sign_off_role for part in PRESETS[key].parts if part.sign_off_role}
    assert roles == {
        "Financial implications": "Section 151 Officer",
        "Legal implications": "Monitoring Officer",
        "Staffing and corporate implications": "Head of Paid Service",
    }


@pytest.mark.parametrize("key", FRONT_TABLES)
def test_the_closing_table_has_ten_rows_under_one_heading(key: str) -> None:
    rows = [part for part in PRESETS[key].parts if part.placement == Placement.END]
    assert len(rows) == 10
    assert {part.group for part in rows} == {"Policies and other considerations, as appropriate"}


def test_the_key_issues_of_a_report_to_council_stand_under_sub_headings() -> None:
    parts = PRESETS["report-to-council"].parts
    rows = [part.label for part in parts if part.group == "Summary of key issues"]
    assert rows[0] == "Background"
    assert len(rows) > 1


@pytest.mark.parametrize("preset", PRESETS.values(), ids=KEYS)
def test_parts_of_one_place_stand_together(preset: TemplatePreset) -> None:
    """Parts that follow one another make one table; apart, they would make two."""
    for placement in (Placement.HEAD, Placement.FACTS, Placement.FRONT, Placement.LIST):
        places = [n for n, part in enumerate(preset.parts) if part.placement == placement]
        assert all(after - before == 1 for before, after in pairwise(places))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=KEYS)
def test_few_fields_are_left_for_the_officer_to_fill_in(preset: TemplatePreset) -> None:
    empty = [p for p in preset.parts if p.is_required and not p.text and not p.drafter]
    assert 0 < len(empty) <= MOST_EMPTY


@pytest.mark.parametrize("preset", PRESETS.values(), ids=KEYS)
def test_each_says_that_there_are_no_background_papers_and_marks_exempt_copies(
    preset: TemplatePreset,
) -> None:
    assert "section 100D(5)" in preset.no_background_papers
    assert "Local Government Act 1972" in preset.no_background_papers
    assert "{paragraphs}" in preset.exempt_words
    assert "Schedule 12A" in preset.exempt_words
    assert {PartKind.BACKGROUND_PAPERS, PartKind.APPENDICES, PartKind.RECOMMENDATIONS} <= {
        part.kind for part in preset.parts
    }


@pytest.mark.parametrize("preset", PRESETS.values(), ids=KEYS)
def test_no_brace_stands_for_anything_unknown(preset: TemplatePreset) -> None:
    words = [preset.kicker, preset.exempt_words, *(part.label for part in preset.parts)]
    assert {found for each in words for found in re.findall(r"\{.*?\}", each)} <= {
        "{body}",
        "{paragraphs}",
    }


@pytest.mark.parametrize("preset", PRESETS.values(), ids=KEYS)
def test_what_is_drafted_has_a_drafter_and_what_is_chosen_a_list(preset: TemplatePreset) -> None:
    for part in preset.parts:
        assert (part.drafter in DRAFTERS) == (part.source == Source.PLAN)
        assert bool(part.drafter) == (part.source == Source.PLAN)
        assert bool(part.options) == (part.source == Source.LIST)


@pytest.mark.django_db
@pytest.mark.parametrize("preset", PRESETS.values(), ids=KEYS)
def test_each_is_saved_as_it_is(
    preset: TemplatePreset, council: Council, democratic: Person
) -> None:
    template = add_from_preset(council=council, preset=preset.key, author=democratic)
    template.refresh_from_db()
    assert template.numbering == preset.numbering
    assert [given(part) for part in parts_of(template)] == [
        PartDetails(
            **{
                field.name: getattr(part, field.name)
                for field in fields(PresetPart)
                if field.name != "options"
            },
            options="\n".join(part.options),
        )
        for part in preset.parts
    ]


def given(part: TemplatePart) -> PartDetails:
    """The row as it was given."""
    return PartDetails(**{field.name: getattr(part, field.name) for field in fields(PartDetails)})
