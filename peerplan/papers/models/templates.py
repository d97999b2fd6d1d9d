"""Report templates: how one council sets out a report to one kind of body. Data, not code."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from peerplan.core.history import History
from peerplan.core.scope import CouncilQuerySet
from peerplan.core.versions import Versioned
from peerplan.councils.models import Council
from peerplan.papers.models.meetings import Body
from peerplan.render.report import AppendixStyle, ItemStyle, Numbering, ParagraphStyle, SectionStyle


class PartKind(models.TextChoices):
    """What a part of a report is."""

    FIELD = "field", "Field"
    IMPLICATION = "implication", "Implication"
    SECTION = "section", "Section"
    RECOMMENDATIONS = "recommendations", "Recommendations to the body"
    BACKGROUND_PAPERS = "background-papers", "Background papers"
    APPENDICES = "appendices", "List of appendices"


class Placement(models.TextChoices):
    """Where a part is printed."""

    HEAD = "head", "Lines above the title"
    FACTS = "facts", "Short facts below the title"
    FRONT = "front", "Front table"
    BODY = "body", "Numbered section"
    PLAIN = "plain", "Section without a number"
    LIST = "list", "Numbered list under its group’s heading"
    END = "end", "Closing table"


class Source(models.TextChoices):
    """Where the text of a part comes from."""

    TYPED = "typed", "Typed"
    PLAN = "plan", "Drafted from the plan"
    YES_NO = "yes-no", "Yes or no"
    ROLE = "role", "A role"
    LIST = "list", "Chosen from a list"


def _choices(styles: type) -> list[tuple[str, str]]:
    return [(str(style), str(style)) for style in styles]  # type: ignore[attr-defined]


class PaperTemplate(Versioned):
    """One form of report. Ended, never deleted: papers made from it keep their parts."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="paper_templates")
    name = models.CharField(max_length=120)
    body_kind = models.CharField("kind of body", max_length=12, choices=Body.Kind, blank=True)
    preset = models.CharField(max_length=30, blank=True, editable=False)
    section_style = models.CharField(
        max_length=10, choices=_choices(SectionStyle), default=SectionStyle.POINT_NOUGHT
    )
    paragraph_style = models.CharField(
        max_length=10, choices=_choices(ParagraphStyle), default=ParagraphStyle.BY_SECTION
    )
    item_style = models.CharField(
        max_length=10, choices=_choices(ItemStyle), default=ItemStyle.CLOSED
    )
    appendix_style = models.CharField(
        max_length=10, choices=_choices(AppendixStyle), default=AppendixStyle.FIGURES
    )
    appendix_word = models.CharField(max_length=30, default="Appendix")
    kicker = models.CharField(
        "words above the title",
        max_length=120,
        blank=True,
        help_text="{body} stands for the body, such as “Report to {body}”",
    )
    lead_in = models.CharField(
        "lead-in words of recommendations",
        max_length=120,
        blank=True,
        help_text="Used where the body has none of its own",
    )
    no_background_papers = models.TextField(
        "words where there are no background papers", blank=True
    )
    exempt_words = models.TextField(
        "words of the marking on an exempt copy",
        blank=True,
        help_text="{paragraphs} stands for the paragraphs of Schedule 12A",
    )
    shows_logo = models.BooleanField("print the council’s logo", default=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()
    objects = CouncilQuerySet["PaperTemplate"].as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                "council",
                Lower("name"),
                condition=Q(ended_at__isnull=True),
                name="paper_template_once_a_council",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="paper_template_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def numbering(self) -> Numbering:
        """The styles in which papers of this form are numbered."""
        return Numbering(
            SectionStyle(self.section_style),
            ParagraphStyle(self.paragraph_style),
            ItemStyle(self.item_style),
            AppendixStyle(self.appendix_style),
            self.appendix_word,
        )


class PartDesign(Versioned):
    """What a part of a template and a part of a paper have in common.

    `group` is the heading of the list or closing table that a part stands in. `drafter` is a key
    of `papers.drafting.DRAFTERS`. `options` are the lines of a list to choose from.
    """

    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=PartKind)
    placement = models.CharField(max_length=6, choices=Placement)
    group = models.CharField(max_length=120, blank=True)
    label = models.CharField(max_length=150)
    source = models.CharField(max_length=8, choices=Source, default=Source.TYPED)
    drafter = models.CharField(max_length=40, blank=True)
    options = models.TextField(blank=True)
    text = models.TextField(blank=True)
    sign_off_role = models.CharField(max_length=80, blank=True)
    is_required = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.label


class TemplatePart(PartDesign):
    """One part of a template; its text is the default text of papers made from it."""

    council_path = "template__council"

    template = models.ForeignKey(PaperTemplate, on_delete=models.PROTECT, related_name="parts")

    history = History()
    objects = CouncilQuerySet["TemplatePart"].as_manager()

    class Meta(PartDesign.Meta):
        constraints = (
            models.CheckConstraint(condition=~Q(label=""), name="template_part_has_a_label"),
        )
