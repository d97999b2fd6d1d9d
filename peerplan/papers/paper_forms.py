"""What is asked for on the pages where a paper is written. Services decide; forms read and keep."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from actions.files import PDF, check_file, size_in_words
from actions.models import EXEMPT_PARAGRAPHS
from peerplan.core import clock, text
from peerplan.core.forms import Choice, DayField, Form, PlainText
from peerplan.papers.drafting import DRAFTERS
from peerplan.papers.models import (
    IssuedPaper,
    PaperAppendix,
    PaperPart,
    PaperTemplate,
    PartKind,
    Placement,
    RouteStep,
    Source,
)
from peerplan.papers.services.appendices import AppendixDetails, CheckedPdf
from peerplan.papers.services.papers import (
    LONGEST_TEXT,
    SECTIONS_FROM_THE_PLAN,
    NewPart,
    PartEdit,
    SeenEdit,
)
from peerplan.render.texts import HINT
from peerplan.render.uploaded import pages_of

YES_OR_NO = ("Yes", "No")
# Parts of a line or two.
ONE_LINE = (Placement.HEAD, Placement.FACTS)
WITH_SIGNS = (Placement.BODY, Placement.PLAIN)
_BLANK_LINES = re.compile(r"\n\s*\n")


class SeenForm(Form):
    """A form that carries the version of the record that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    not_compared: ClassVar[tuple[str, ...]] = ("version", "shows_figures", "is_required")


class StartForm(Form):
    """The title and the form of a new paper."""

    title = PlainText(label="Title", max_length=200)
    template = forms.ModelChoiceField(
        label="Report template", queryset=PaperTemplate.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, templates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]


class TitleForm(SeenForm):
    """The title of a paper."""

    title = PlainText(label="Title", max_length=200)


class FiguresForm(SeenForm):
    """The day at which a paper's figures stand."""

    as_at = DayField(label="Figures as at")


class EndForm(SeenForm):
    """Why something is taken away."""

    reason = PlainText(label="Why is it taken away?", lines=True, rows=3, max_length=1_000)


class VersionForm(SeenForm):
    """A button that changes a record: only the version that was seen."""


class SignOffForm(SeenForm):
    """The day on which a part was signed off."""

    on = DayField(label="Signed off on")


class NewPartForm(Form):
    """A part to be added to a paper."""

    label = PlainText(label="Heading", max_length=150)
    placement = forms.ChoiceField(label="Where is it printed?", choices=Placement.choices)
    kind = forms.ChoiceField(
        label="What is it?",
        choices=[
            (PartKind.SECTION, "A section"),
            (PartKind.IMPLICATION, "An implication"),
            (PartKind.FIELD, "A field"),
        ],
    )
    group = PlainText(
        label="Heading of its list or table",
        required=False,
        max_length=120,
        help_text="For a numbered list or the closing table: the heading that it stands under.",
    )
    sign_off_role = PlainText(
        label="Who signs it off?",
        required=False,
        max_length=80,
        help_text="A role, such as Section 151 Officer. Leave empty where nobody does.",
    )
    text = PlainText(
        label="Text", lines=True, rows=6, required=False, max_length=LONGEST_TEXT, help_text=HINT
    )

    def new(self) -> NewPart:
        """What was given, for the service. Only of a valid form."""
        return NewPart(**self.cleaned_data)


class DraftedPartsForm(Form):
    """Sections to be added from the plan: the subjects that the paper does not have yet."""

    drafters = forms.MultipleChoiceField(
        label="What do you want to add?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what you want to add."},
    )

    def __init__(self, *args: Any, there: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["drafters"].choices = [  # type: ignore[attr-defined]
            (key, Choice(DRAFTERS[key].label, rule=DRAFTERS[key].about))
            for key in SECTIONS_FROM_THE_PLAN
            if key not in there
        ]


class PartsOutForm(Form):
    """Parts to be taken out of a paper; each choice carries the version that was seen."""

    parts = forms.MultipleChoiceField(
        label="What do you want to take out?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick what you want to take out.",
            "invalid_choice": "A part was changed or taken out meanwhile. Look at the list again.",
        },
    )

    def __init__(self, *args: Any, parts: Sequence[PaperPart], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_choice = {f"{part.pk}-{part.version}": part for part in parts}
        self.fields["parts"].choices = [  # type: ignore[attr-defined]
            (key, Choice(part.label, rule=part.get_placement_display()))
            for key, part in self.by_choice.items()
        ]

    def seen(self) -> list[tuple[PaperPart, int]]:
        """The parts that were ticked, with their versions. Only of a valid form."""
        chosen = [self.by_choice[key] for key in self.cleaned_data["parts"]]
        return [(part, part.version) for part in chosen]


# --- Recommendations, one box each --------------------------------------------------------------


class BoxesWidget(forms.Widget):
    """Texts in a box each, with buttons that add, move and remove one without saving anything."""

    template_name = "papers/paper_boxes.html"
    use_fieldset = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> list[str]:
        """The texts as typed, after what the button that was pressed does to them."""
        boxes: list[str] = list(data.getlist(name)) if hasattr(data, "getlist") else []
        drop, up = _place(data.get(f"{name}-drop")), _place(data.get(f"{name}-up"))
        if drop is not None and drop < len(boxes):
            del boxes[drop]
        if up is not None and 0 < up < len(boxes):
            boxes[up - 1], boxes[up] = boxes[up], boxes[up - 1]
        if data.get(f"{name}-add"):
            boxes.append("")
        return boxes

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The boxes with their numbers; an empty one where there is none."""
        context = super().get_context(name, value, attrs)
        boxes = paragraphs_of(value) if isinstance(value, str) else list(value or [])
        context["boxes"] = boxes or [""]
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first box."""
        return f"{id_}_0"


class BoxesField(forms.Field):
    """Paragraphs given in a box each; cleans to one text, a blank line between them."""

    widget = BoxesWidget

    def to_python(self, value: Any) -> str:
        """The text. Raises ValidationError that says in which box a character is refused."""
        boxes = []
        for number, box in enumerate(value or [], 1):
            try:
                cleaned = text.clean(str(box), lines=True)
            except ValueError as error:
                raise ValidationError(f"Recommendation {number}: {error}") from error
            boxes.append(_BLANK_LINES.sub("\n", cleaned))
        return "\n\n".join(box for box in boxes if box)


def paragraphs_of(raw: str) -> list[str]:
    """The paragraphs of a text."""
    return [part.strip() for part in _BLANK_LINES.split(raw.strip()) if part.strip()]


def _place(raw: Any) -> int | None:
    return int(raw) if isinstance(raw, str) and raw.isascii() and raw.isdigit() else None


# --- One part -----------------------------------------------------------------------------------


class ListField(forms.MultipleChoiceField):
    """Ticks; cleans to one text: the words ticked, one on each line."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """The ticks of a text that was saved."""
        return chosen_in(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """The text. Raises ValidationError for what is not in the list."""
        return "\n".join(super().clean(value))


def chosen_in(raw: str) -> list[str]:
    """The words of a list that a text holds, one on each line."""
    return [line.strip() for line in raw.split("\n") if line.strip()]


def text_field(part: PaperPart) -> forms.Field:
    """The field in which the words of `part` are given, by where they come from.

    Its `required` is for the label: a `WordsForm` takes an empty text.
    """
    label = part.label
    if part.kind == PartKind.RECOMMENDATIONS:
        return BoxesField(label=label, required=part.is_required)
    if part.source == Source.YES_NO:
        words = [*YES_OR_NO, *([part.text] if part.text not in ("", *YES_OR_NO) else [])]
        return forms.ChoiceField(
            label=label,
            required=part.is_required,
            widget=forms.RadioSelect,
            choices=[(one, one) for one in words],
        )
    if part.source == Source.LIST and part.options.strip():
        listed = dict.fromkeys([*chosen_in(part.options), *chosen_in(part.text)])
        return ListField(
            label=label, required=part.is_required, choices=[(one, one) for one in listed]
        )
    if part.source == Source.ROLE:
        return PlainText(
            label=label,
            required=part.is_required,
            max_length=300,
            help_text="A role rather than a name, such as Leader of the Council.",
        )
    return PlainText(
        label=label,
        lines=True,
        rows=_rows(part),
        required=part.is_required,
        max_length=LONGEST_TEXT,
        help_text=_hint(part),
    )


def _rows(part: PaperPart) -> int:
    least = 2 if part.placement in ONE_LINE else 3
    lines = sum(1 + len(line) // 90 for line in part.text.split("\n"))
    return min(max(least, lines + 1), 24)


def _hint(part: PaperPart) -> str:
    if part.kind == PartKind.BACKGROUND_PAPERS:
        return (
            "One on each line beginning with “- ”. Leave empty where there are none: the template "
            "has words for that."
        )
    if part.kind == PartKind.APPENDICES:
        return "Words before the list of appendices, which is printed by itself."
    return HINT if part.placement in WITH_SIGNS else ""


class WordsForm(SeenForm):
    """The words of a part. They are asked for, and may yet be saved before they are there."""

    def full_clean(self) -> None:
        """Takes an empty text too: a paper is written in more than one sitting."""
        is_asked_for = self.fields["text"].required
        self.fields["text"].required = False
        super().full_clean()
        self.fields["text"].required = is_asked_for


class PartForm(WordsForm):
    """One part of a paper: its words, and what can be set about it."""

    def __init__(self, *args: Any, part: PaperPart, **kwargs: Any) -> None:
        kwargs.setdefault("initial", as_given(part))
        super().__init__(*args, **kwargs)
        self.part = part
        if part.kind == PartKind.RECOMMENDATIONS:
            self.fields["lead_in"] = PlainText(
                label="Lead-in words",
                required=False,
                max_length=120,
                help_text="From the body or the template.",
            )
        self.fields["text"] = text_field(part)
        self.fields["label"] = PlainText(
            label="Heading",
            max_length=150,
            error_messages={"required": "Enter the heading."},
        )
        self.fields["sign_off_role"] = PlainText(
            label="Who signs it off?",
            required=False,
            max_length=80,
            help_text="A role, such as Section 151 Officer. Leave empty where nobody does.",
        )
        self.fields["exempt_paragraph"] = exempt_field()
        self.fields["is_required"] = forms.BooleanField(
            label="It must be written before the paper can be issued", required=False
        )
        if part.drafter:
            self.fields["shows_figures"] = forms.BooleanField(
                label="Print the tables and charts from the plan below the text", required=False
            )

    @property
    def asks_only_to_look_again(self) -> bool:
        """True where a button changed the boxes and nothing is to be saved yet."""
        return any(self.data.get(f"text-{name}") for name in ("add", "drop", "up"))

    def edit(self) -> PartEdit:
        """What was given, for the service. Only of a valid form."""
        given = self.cleaned_data
        return PartEdit(
            text=given["text"],
            lead_in=given.get("lead_in"),
            label=given["label"],
            sign_off_role=given["sign_off_role"],
            shows_figures=given.get("shows_figures"),
            is_required=given["is_required"],
            exempt_paragraph=given["exempt_paragraph"],
            marks_exempt=True,
        )


def as_given(part: PaperPart) -> dict[str, Any]:
    """A part as its form is filled in with it."""
    names = (
        "version",
        "text",
        "lead_in",
        "label",
        "sign_off_role",
        "exempt_paragraph",
        "shows_figures",
        "is_required",
    )
    return {name: getattr(part, name) for name in names}


def exempt_field() -> forms.TypedChoiceField:
    """The paragraph of Schedule 12A under which something is not for publication."""
    return forms.TypedChoiceField(
        label="Not for publication",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", "No: everyone may read it"),
            *(
                (key, f"Schedule 12A, paragraph {label}")
                for key, label in EXEMPT_PARAGRAPHS.items()
            ),
        ],
        help_text="It is left out of the public copy. Only those entitled can read it here.",
    )


# --- Several parts on one page ------------------------------------------------------------------


class QuickPartForm(WordsForm):
    """The words of one part among others on a page, and a tick where it waits for a sign-off."""

    not_compared: ClassVar[tuple[str, ...]] = ("version", "signed")

    def __init__(self, *args: Any, part: PaperPart, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"version": part.version, "text": part.text})
        super().__init__(*args, prefix=f"part-{part.pk}", **kwargs)
        self.part = part
        self.fields["text"] = field = text_field(part)
        if field.help_text == HINT:  # said once for the whole page
            field.help_text = ""
        if part.sign_off_role and part.signed_off_at is None:
            self.fields["signed"] = forms.BooleanField(
                label=f"Signed off by the {part.sign_off_role}", required=False
            )

    @property
    def asks_only_to_look_again(self) -> bool:
        """True where a button changed the boxes and nothing is to be saved yet."""
        return any(self.data.get(f"{self.prefix}-text-{name}") for name in ("add", "drop", "up"))

    def seen_edit(self, on: Any) -> SeenEdit:
        """What was given, for the service. Only of a valid form."""
        given = self.cleaned_data
        signed = on if given.get("signed") else None
        return SeenEdit(self.part, given["version"], PartEdit(text=given["text"]), signed)


class SignedOnForm(Form):
    """The day of the sign-offs that are ticked on a page."""

    signed_on = DayField(label="Day of the sign-offs that you tick")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"signed_on": clock.today()}, **kwargs)


@dataclass(frozen=True)
class Together:
    """Several forms whose errors are summed up in one place, as those of a formset."""

    forms: Sequence[forms.Form]

    def non_form_errors(self) -> list[str]:
        """None: what is wrong belongs to one of the forms."""
        return []


def quick_forms(data: Any, parts: Sequence[PaperPart]) -> list[QuickPartForm]:
    """A form for each part, filled in with what was posted, if anything was."""
    return [QuickPartForm(data, part=part) for part in parts]


# --- Appendices ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class AppendixSources:
    """From what the appendices of one paper can be made, and for whom."""

    issues: QuerySet[IssuedPaper]
    earlier_steps: QuerySet[RouteStep]
    steps: QuerySet[RouteStep]


class AppendixForm(Form):
    """What an appendix is, who gets it and whether it is for publication."""

    not_compared: ClassVar[tuple[str, ...]] = ("version", "file")

    kind = forms.ChoiceField(
        label="What is it?", choices=PaperAppendix.Kind.choices, widget=forms.RadioSelect
    )
    title = PlainText(
        label="Title",
        required=False,
        max_length=200,
        help_text="As it stands in the list of appendices. Left empty, it is made for you.",
    )
    as_at = DayField(
        label="For the plan: position as at",
        required=False,
        help_text="Leave empty for the day of the paper’s own figures.",
    )
    earlier = forms.ModelChoiceField(
        label="For an earlier paper: which",
        queryset=IssuedPaper.objects.none(),
        required=False,
        empty_label="None",
    )
    minute_of = forms.ModelChoiceField(
        label="For a minute: of which step",
        queryset=RouteStep.objects.none(),
        required=False,
        empty_label="None",
        help_text="A minute that is not there yet is listed as to follow.",
    )
    file = forms.FileField(
        label="For an uploaded PDF: the file",
        required=False,
        allow_empty_file=True,
        max_length=1000,
    )
    audience = forms.ModelChoiceField(
        label="Who gets it?",
        queryset=RouteStep.objects.none(),
        required=False,
        empty_label="Every body that the paper goes to",
    )

    def __init__(self, *args: Any, sources: AppendixSources, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["earlier"].queryset = sources.issues
        fields["minute_of"].queryset = sources.earlier_steps
        fields["audience"].queryset = sources.steps
        fields["file"].help_text = f"Up to {size_in_words(settings.EVIDENCE_MAX_BYTES)}."
        fields["exempt_paragraph"] = exempt_field()

    def clean_file(self) -> CheckedPdf | None:
        """The file, once it was found to be a whole PDF."""
        upload = self.cleaned_data.get("file")
        if upload is None:
            return None
        try:
            return checked_pdf(upload)
        except ValueError as error:
            raise ValidationError(str(error), code="file") from error

    def details(self) -> AppendixDetails:
        """What was given, for the service. Only of a valid form."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return AppendixDetails(upload=given.pop("file"), **given)


class SeenAppendixForm(AppendixForm):
    """An appendix that is there already."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def checked_pdf(upload: "UploadedFile[bytes]") -> CheckedPdf:
    """The PDF that was uploaded. Raises ValueError, with a message for who chose it."""
    found = check_file(upload)
    if found.content_type != PDF:
        raise ValueError(f"“{found.name}” is not a PDF. Save it as PDF, then choose that file.")
    content = found.content.read()
    return CheckedPdf(content, found.name, pages_of(content, found.name))
