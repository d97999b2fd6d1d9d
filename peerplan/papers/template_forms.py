"""What is asked for on the pages of report templates. Services decide; forms read and keep."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from peerplan.core.forms import Choice, Form, PlainText
from peerplan.papers.drafting import DRAFTERS
from peerplan.papers.models import (
    Body,
    PaperTemplate,
    PartKind,
    Placement,
    Source,
    TemplatePart,
)
from peerplan.papers.services.templates import PartDetails, TemplateDetails, part_details
from peerplan.papers.template_presets import PRESETS
from peerplan.render import texts
from peerplan.render.report import AppendixStyle, ItemStyle, ParagraphStyle, SectionStyle

BLANK = "blank"
YES, NO = "yes", "no"
FIRST = "first"

SECTIONS = {
    SectionStyle.POINT_NOUGHT: "1.0 Background, 2.0 Next steps",
    SectionStyle.POINT: "1. Background, 2. Next steps",
    SectionStyle.BARE: "1 Background, 2 Next steps",
    SectionStyle.NONE: "No number: Background, Next steps",
}
PARAGRAPHS = {
    ParagraphStyle.BY_SECTION: "1.1, 1.2, then 2.1; below a sub-heading 1.1.1",
    ParagraphStyle.CONTINUOUS: "1, 2, 3 through the whole report",
    ParagraphStyle.NONE: "No number",
}
ITEMS = {
    ItemStyle.CLOSED: "1) Notes the progress. 2) Agrees the plan.",
    ItemStyle.BRACKETED: "(1) Notes the progress. (2) Agrees the plan.",
    ItemStyle.ROMAN: "(i) Notes the progress. (ii) Agrees the plan.",
    ItemStyle.LETTERED: "(a) Notes the progress. (b) Agrees the plan.",
    ItemStyle.AS_PARAGRAPHS: "2.1, 2.2: as the paragraphs of their section",
    ItemStyle.NONE: "No number",
}
APPENDICES = {
    AppendixStyle.FIGURES: "Appendix 1, Appendix 2",
    AppendixStyle.LETTERS: "Appendix A, Appendix B",
    AppendixStyle.NONE: "No number: Appendix, for reports that have one only",
}
KINDS = {
    PartKind.FIELD: "A short text, such as who presents the report or whom to ask",
    PartKind.IMPLICATION: "What the report means for money, law, staff and so on",
    PartKind.SECTION: "Paragraphs under a heading",
    PartKind.RECOMMENDATIONS: "What the body is asked to decide, below its lead-in words; one set "
    "for each body that the report goes to",
    PartKind.BACKGROUND_PAPERS: "Left empty, it prints the template’s words for none",
    PartKind.APPENDICES: "Made from the paper’s appendices",
}
PLACES = {
    Placement.HEAD: "Label and text on a line of their own, such as “Report of: Chief Executive”",
    Placement.FACTS: "Short answers side by side, such as “Key decision: No”",
    Placement.FRONT: "A row of the table on the first page",
    Placement.BODY: "Such as “3.0 Background”",
    Placement.PLAIN: "Such as “Background papers” at the end",
    Placement.LIST: "Such as (i) to (v) under “5. Implications”",
    Placement.END: "A row of the table at the end",
}
SOURCES = {
    Source.TYPED: "An officer writes it; the text below is there to begin with",
    Source.PLAN: "PeerPlan writes a first version, which officers can change",
    Source.YES_NO: "",
    Source.ROLE: "Such as Chief Executive or Leader of the Council",
    Source.LIST: "Officers tick what applies",
}


def _styles(examples: dict[Any, str]) -> list[tuple[str, str]]:
    """Each style as what it looks like."""
    return [(str(style), example) for style, example in examples.items()]


def _explained(words: dict[Any, str]) -> list[tuple[str, Choice]]:
    """Each choice with what it is."""
    return [(str(value), Choice(value.label, rule=rule)) for value, rule in words.items()]


class VersionForm(Form):
    """The version of the record that the person saw, behind a button."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SeenForm(VersionForm):
    """A form that carries the version of the record that the person saw."""

    not_compared: ClassVar[tuple[str, ...]] = ("version", "after")


class NewTemplateForm(Form):
    """Which form of report to begin with, and what it is called here."""

    preset = forms.ChoiceField(
        label="Begin with",
        widget=forms.RadioSelect,
        choices=[
            *((preset.key, Choice(preset.name, rule=preset.about)) for preset in PRESETS.values()),
            (BLANK, Choice("An empty template", rule="You add each part yourself.")),
        ],
        error_messages={"required": "Choose what to begin with."},
    )
    name = PlainText(
        label="Name",
        max_length=120,
        required=False,
        help_text="As officers will see it. Left empty, it is the name of the ready-made form.",
    )

    def clean(self) -> dict[str, Any]:
        """An empty template has no name to fall back on."""
        given = super().clean() or {}
        if given.get("preset") == BLANK and not given.get("name") and "name" not in self.errors:
            self.add_error("name", "Enter the name of the template.")
        return given


class TemplateForm(SeenForm):
    """The settings of a template."""

    name = PlainText(
        label="Name",
        max_length=120,
        error_messages={"required": "Enter the name of the template."},
    )
    body_kind = forms.ChoiceField(
        label="For which kind of body?",
        required=False,
        choices=[("", "Any body"), *Body.Kind.choices],
        help_text="Papers to bodies of this kind begin with this template.",
    )
    section_style = forms.ChoiceField(
        label="Numbers of sections", widget=forms.RadioSelect, choices=_styles(SECTIONS)
    )
    paragraph_style = forms.ChoiceField(
        label="Numbers of paragraphs", widget=forms.RadioSelect, choices=_styles(PARAGRAPHS)
    )
    item_style = forms.ChoiceField(
        label="Numbers of recommendations and of lists",
        widget=forms.RadioSelect,
        choices=_styles(ITEMS),
    )
    appendix_style = forms.ChoiceField(
        label="Numbers of appendices", widget=forms.RadioSelect, choices=_styles(APPENDICES)
    )
    appendix_word = PlainText(
        label="What an appendix is called",
        max_length=30,
        help_text="Such as Appendix or Annex.",
        error_messages={"required": "Enter the word, such as Appendix or Annex."},
    )
    kicker = PlainText(
        label="Words above the title",
        max_length=120,
        required=False,
        help_text="{body} stands for the name of the body, as in “Report to {body}”.",
    )
    lead_in = PlainText(
        label="Lead-in words of the recommendations",
        max_length=120,
        required=False,
        help_text="Such as “Members are asked to:”. Used where the body has none of its own.",
    )
    no_background_papers = PlainText(
        label="Words where there are no background papers",
        lines=True,
        rows=3,
        max_length=1_000,
        required=False,
        help_text="Section 100D of the Local Government Act 1972 asks for a list with each report.",
    )
    exempt_words = PlainText(
        label="Words at the top of a copy that is not for publication",
        lines=True,
        rows=4,
        max_length=1_000,
        required=False,
        help_text="{paragraphs} stands for the paragraphs of Schedule 12A that apply.",
    )
    shows_logo = forms.ChoiceField(
        label="Print the council’s logo?",
        widget=forms.RadioSelect,
        choices=[(YES, "Yes"), (NO, "No")],
    )

    def details(self) -> TemplateDetails:
        """What was filled in."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return TemplateDetails(**(given | {"shows_logo": given["shows_logo"] == YES}))


def template_as_given(template: PaperTemplate) -> dict[str, Any]:
    """A template as its form would be filled in with it."""
    given = {name: getattr(template, name) for name in TemplateForm.base_fields}
    return given | {"shows_logo": YES if template.shows_logo else NO}


class PartForm(Form):
    """One part of a template. `rows` are the others among which it may stand."""

    label = PlainText(
        label="Label or heading",
        max_length=150,
        help_text="As it is printed. In the heading of recommendations {body} stands for the "
        "name of the body.",
        error_messages={"required": "Enter the label."},
    )
    kind = forms.ChoiceField(
        label="What is it?", widget=forms.RadioSelect, choices=_explained(KINDS)
    )
    placement = forms.ChoiceField(
        label="Where is it printed?", widget=forms.RadioSelect, choices=_explained(PLACES)
    )
    group = PlainText(
        label="Heading that it stands under",
        max_length=120,
        required=False,
        help_text="The heading of the numbered list or the closing table. Numbered sections with "
        "the same heading here become one section with sub-headings.",
    )
    source = forms.ChoiceField(
        label="Where does its text come from?",
        widget=forms.RadioSelect,
        choices=_explained(SOURCES),
    )
    drafter = forms.ChoiceField(
        label="What is drafted from the plan",
        required=False,
        help_text="Only for a text that is drafted from the plan.",
    )
    options = PlainText(
        label="List to choose from",
        lines=True,
        rows=4,
        required=False,
        max_length=5_000,
        help_text="Only for a text that is chosen from a list. One on each line.",
    )
    text = PlainText(
        label="Text to begin with",
        lines=True,
        rows=5,
        required=False,
        max_length=20_000,
        help_text=f"What stands there when a paper is started. {texts.HINT}",
    )
    sign_off_role = PlainText(
        label="Who signs it off",
        max_length=80,
        required=False,
        help_text="A role, such as Section 151 Officer. Left empty, nobody is asked.",
    )
    is_required = forms.ChoiceField(
        label="Must it be filled in before the paper is issued?",
        widget=forms.RadioSelect,
        choices=[(YES, "Yes"), (NO, "No")],
    )
    after = forms.ChoiceField(label="Where does it stand?", required=False)

    STAY: ClassVar[str] = "With the others of its place, the last of them"

    def __init__(self, *args: Any, rows: Iterable[TemplatePart], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        drafters = [(key, f"{each.label}: {each.about}") for key, each in DRAFTERS.items()]
        self.fields["drafter"].choices = [("", "Nothing"), *drafters]  # type: ignore[attr-defined]
        self.fields["after"].choices = [  # type: ignore[attr-defined]
            ("", self.STAY),
            (FIRST, "First of all"),
            *((key, f"After “{row.label}”") for key, row in self.rows.items()),
        ]

    def given(self) -> dict[str, Any]:
        """What was filled in: `details`, and where it is to stand."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if name in PartDetails.__dataclass_fields__
        }
        after = self.cleaned_data["after"]
        return {
            "details": PartDetails(**(given | {"is_required": given["is_required"] == YES})),
            "after": self.rows.get(after),
            "is_first": after == FIRST,
        }


class SeenPartForm(PartForm, SeenForm):
    """A part to change."""

    STAY = "Where it stands now"


def part_as_given(part: TemplatePart) -> dict[str, Any]:
    """A part as its form would be filled in with it."""
    given = {name: getattr(part_details(part), name) for name in PartDetails.__dataclass_fields__}
    return given | {
        "is_required": YES if part.is_required else NO,
        "version": part.version,
    }
