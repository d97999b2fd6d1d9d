"""Five ready-made forms of report, as data: each is copied into a council and is then its own.

They are modelled on forms that councils use: a front table with sign-offs (to an executive, to
scrutiny, and to either after a progress review), numbered sections with a set of recommendations
for each of two bodies, and a report to council. Labels are the words of the field; every sentence
here is ours.
"""

from dataclasses import dataclass

from peerplan.papers.models import Body, PartKind, Placement, Source
from peerplan.render.report import (
    AppendixStyle,
    ItemStyle,
    Numbering,
    ParagraphStyle,
    SectionStyle,
)

NONE_ARISING = "None arising from this report."
NO_BACKGROUND_PAPERS = (
    "No background papers, as defined in section 100D(5) of the Local Government Act 1972, were "
    "relied on in preparing this report."
)
"""Section 100D(5): documents on which a report is based and that were relied on to a material
extent in preparing it. Section 100D(1) asks for a list with every report; councils say so even
when there are none."""
EXEMPT_WORDS = (
    "Not for publication. This copy contains exempt information under {paragraphs} of Schedule "
    "12A to the Local Government Act 1972. The public interest in keeping it private is greater "
    "than the public interest in making it public."
)
"""Schedule 12A, Part 2, paragraph 10 (England): information is exempt only while the public
interest in the exemption outweighs that in disclosure."""
FINANCE_OFFICER = "Section 151 Officer"
LEGAL_OFFICER = "Monitoring Officer"
HEAD_OF_SERVICE = "Head of Paid Service"
PRIORITIES = (
    "Homes and communities",
    "A strong local economy",
    "A clean and green district",
    "A well-run council",
)
"""A sample: a council puts its own priorities in their place."""


@dataclass(frozen=True)
class PresetPart:
    """One part of a ready-made template; the fields are those of `models.PartDesign`."""

    kind: PartKind
    placement: Placement
    label: str
    source: Source = Source.TYPED
    group: str = ""
    drafter: str = ""
    options: tuple[str, ...] = ()
    text: str = ""
    sign_off_role: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class TemplatePreset:
    """A ready-made template; `body_kind` is empty where it suits any body."""

    key: str
    name: str
    about: str
    body_kind: str
    numbering: Numbering
    kicker: str
    lead_in: str
    parts: tuple[PresetPart, ...]
    no_background_papers: str = NO_BACKGROUND_PAPERS
    exempt_words: str = EXEMPT_WORDS


# --- Parts that several forms have in common -----------------------------------------------------


def _field(
    placement: Placement,
    label: str,
    source: Source = Source.TYPED,
    *,
    text: str = "",
    group: str = "",
    is_required: bool = True,
) -> PresetPart:
    return PresetPart(
        PartKind.FIELD,
        placement,
        label,
        source,
        group=group,
        text=text,
        is_required=is_required,
    )


def _drafted(
    placement: Placement, label: str, drafter: str, *, group: str = "", is_required: bool = True
) -> PresetPart:
    """A field of the front table, or a section, whose text is drafted from the plan."""
    kind = PartKind.FIELD if placement == Placement.FRONT else PartKind.SECTION
    return PresetPart(
        kind,
        placement,
        label,
        Source.PLAN,
        group=group,
        drafter=drafter,
        is_required=is_required,
    )


def _implication(
    placement: Placement,
    label: str,
    *,
    group: str = "",
    sign_off_role: str = "",
    text: str = NONE_ARISING,
) -> PresetPart:
    return PresetPart(
        PartKind.IMPLICATION,
        placement,
        label,
        group=group,
        text=text,
        sign_off_role=sign_off_role,
    )


def _recommendations(placement: Placement, label: str) -> PresetPart:
    return PresetPart(
        PartKind.RECOMMENDATIONS, placement, label, Source.PLAN, drafter="recommendations"
    )


def _background_papers(placement: Placement, label: str) -> PresetPart:
    return PresetPart(PartKind.BACKGROUND_PAPERS, placement, label, is_required=False)


def _appendices(label: str = "Appendices") -> PresetPart:
    return PresetPart(PartKind.APPENDICES, Placement.PLAIN, label, is_required=False)


_SIGNED_OFF = (
    _implication(Placement.FRONT, "Financial implications", sign_off_role=FINANCE_OFFICER),
    _implication(Placement.FRONT, "Legal implications", sign_off_role=LEGAL_OFFICER),
    _implication(
        Placement.FRONT, "Staffing and corporate implications", sign_off_role=HEAD_OF_SERVICE
    ),
)

CONSIDERATIONS = "Policies and other considerations, as appropriate"


def _considerations(climate: str, consultation: str) -> tuple[PresetPart, ...]:
    """The ten rows of the closing table; two of them are labelled differently for each body."""
    priorities = PresetPart(
        PartKind.FIELD,
        Placement.END,
        "Council priorities",
        Source.LIST,
        group=CONSIDERATIONS,
        options=PRIORITIES,
    )
    policies = _field(
        Placement.END, "Policy considerations", group=CONSIDERATIONS, text=NONE_ARISING
    )
    usual = (
        "Safeguarding",
        "Equalities and diversity",
        "Customer impact",
        "Economic and social impact",
        climate,
        consultation,
        "Risks",
    )
    return (
        priorities,
        policies,
        *(_implication(Placement.END, label, group=CONSIDERATIONS) for label in usual),
        _field(Placement.END, "Officer contact", group=CONSIDERATIONS),
    )


# --- The five ------------------------------------------------------------------------------------

_FRONT_TABLE = Numbering(
    SectionStyle.POINT_NOUGHT,
    ParagraphStyle.BY_SECTION,
    ItemStyle.CLOSED,
    AppendixStyle.FIGURES,
    "Appendix",
)

_CABINET = TemplatePreset(
    key="front-table-cabinet",
    name="Front table with sign-offs: cabinet",
    about="A table on the front with implications and who signed them off, the reason for the "
    "decision and the recommendations; numbered sections; a closing table of considerations.",
    body_kind=Body.Kind.EXECUTIVE,
    numbering=_FRONT_TABLE,
    kicker="Report to {body}",
    lead_in="THAT CABINET:",
    parts=(
        _field(Placement.FACTS, "Public report", Source.YES_NO, text="Yes"),
        _field(Placement.FACTS, "Key decision", Source.YES_NO),
        _field(Placement.FACTS, "Portfolio holder briefed", Source.YES_NO),
        _field(Placement.FRONT, "Presented by", Source.ROLE),
        _background_papers(Placement.FRONT, "Background papers"),
        *_SIGNED_OFF,
        _drafted(Placement.FRONT, "Purpose of report", "purpose"),
        _drafted(Placement.FRONT, "Reason for decision", "reason"),
        _recommendations(Placement.FRONT, "Recommendations"),
        _drafted(Placement.BODY, "Background", "background"),
        _drafted(Placement.BODY, "Summary of the approach", "team"),
        _drafted(Placement.BODY, "Progress on the action plan", "progress"),
        _drafted(Placement.BODY, "Actions that need attention", "exceptions", is_required=False),
        _drafted(Placement.BODY, "Comments of earlier meetings", "comments", is_required=False),
        _drafted(Placement.BODY, "Members’ questions", "questions", is_required=False),
        PresetPart(
            PartKind.SECTION,
            Placement.BODY,
            "Financial considerations",
            text="The action plan is carried out within existing budgets. A decision that needs "
            "more money will come back with a report of its own.",
        ),
        _drafted(Placement.BODY, "Next steps", "next-steps"),
        _appendices(),
        *_considerations(
            "Environment, climate change and zero carbon",
            "Consultation, community and tenant engagement",
        ),
    ),
)

_SCRUTINY = TemplatePreset(
    key="front-table-scrutiny",
    name="Front table with sign-offs: scrutiny",
    about="As the cabinet form, with the reason why scrutiny is asked, and sections on the peers’ "
    "visit, what they recognised and what they recommend.",
    body_kind=Body.Kind.SCRUTINY,
    numbering=_FRONT_TABLE,
    kicker="Report to {body}",
    lead_in="THAT THE COMMITTEE:",
    parts=(
        _field(Placement.FACTS, "Public report", Source.YES_NO, text="Yes"),
        _field(Placement.FRONT, "Presented by", Source.ROLE),
        _background_papers(Placement.FRONT, "Background papers"),
        *_SIGNED_OFF,
        _drafted(Placement.FRONT, "Reason agenda item submitted to scrutiny committee", "reason"),
        _recommendations(Placement.FRONT, "Recommendations"),
        _drafted(Placement.BODY, "Background", "background"),
        _drafted(Placement.BODY, "Peer review process", "team"),
        _drafted(Placement.BODY, "Themes of the review", "themes", is_required=False),
        _drafted(Placement.BODY, "What the peers recognised", "praised", is_required=False),
        _drafted(Placement.BODY, "Key recommendations", "recommendations-of-peers"),
        _drafted(Placement.BODY, "Progress on the action plan", "progress"),
        _drafted(
            Placement.BODY, "What has changed since the last report", "changed", is_required=False
        ),
        _drafted(Placement.BODY, "Actions that need attention", "exceptions", is_required=False),
        _drafted(Placement.BODY, "Members’ questions", "questions", is_required=False),
        _drafted(Placement.BODY, "Next steps", "next-steps"),
        _appendices(),
        *_considerations(
            "Environment, climate change and zero carbon", "Consultation and community engagement"
        ),
    ),
)

_REVIEW = TemplatePreset(
    key="front-table-review",
    name="Front table with sign-offs: after a progress review",
    about="As the cabinet form, for any body: who came back, what they looked at, what they saw of "
    "each recommendation beside the council’s own rating, and what they suggest.",
    body_kind="",
    numbering=_FRONT_TABLE,
    kicker="Report to {body}",
    lead_in="",
    parts=(
        _field(Placement.FACTS, "Public report", Source.YES_NO, text="Yes"),
        _field(Placement.FACTS, "Key decision", Source.YES_NO),
        _field(Placement.FACTS, "Portfolio holder briefed", Source.YES_NO),
        _field(Placement.FRONT, "Presented by", Source.ROLE),
        _background_papers(Placement.FRONT, "Background papers"),
        *_SIGNED_OFF,
        _drafted(Placement.FRONT, "Purpose of report", "purpose"),
        _drafted(Placement.FRONT, "Reason for decision", "reason"),
        _recommendations(Placement.FRONT, "Recommendations"),
        _drafted(Placement.BODY, "Background", "background"),
        _drafted(Placement.BODY, "Summary of the approach", "review-team"),
        _drafted(Placement.BODY, "What the review looked at", "review-themes", is_required=False),
        _drafted(Placement.BODY, "Progress review feedback", "review-summary"),
        _drafted(Placement.BODY, "Findings", "review-findings", is_required=False),
        _drafted(Placement.BODY, "Suggestions", "review-suggestions", is_required=False),
        _drafted(Placement.BODY, "Progress on the action plan", "progress"),
        _drafted(Placement.BODY, "Comments of earlier meetings", "comments", is_required=False),
        PresetPart(
            PartKind.SECTION,
            Placement.BODY,
            "Financial considerations",
            text="The action plan is carried out within existing budgets. A decision that needs "
            "more money will come back with a report of its own.",
        ),
        _drafted(Placement.BODY, "Next steps", "next-steps"),
        _appendices(),
        *_considerations(
            "Environment, climate change and zero carbon",
            "Consultation, community and tenant engagement",
        ),
    ),
)

_TWO_BODIES = TemplatePreset(
    key="numbered-two-bodies",
    name="Numbered sections: one report for two bodies",
    about="Who reports and whom to ask at the top; recommendations to each body in a section of "
    "its own; implications as numbered sections; appendices by letter, some for one body only.",
    body_kind="",
    numbering=Numbering(
        SectionStyle.POINT_NOUGHT,
        ParagraphStyle.BY_SECTION,
        ItemStyle.AS_PARAGRAPHS,
        AppendixStyle.LETTERS,
        "Appendix",
    ),
    kicker="Subject",
    lead_in="",
    parts=(
        _field(Placement.HEAD, "Report of", Source.ROLE),
        _field(Placement.HEAD, "Relevant portfolio holder", Source.ROLE),
        _field(Placement.HEAD, "Contact for further information"),
        _field(Placement.FACTS, "Wards affected", text="All wards"),
        _drafted(Placement.BODY, "Purpose of the report", "purpose"),
        # {body} stands for the body of the step that the set is for: there is one set a step.
        _recommendations(Placement.BODY, "Recommendations to {body}"),
        _drafted(Placement.BODY, "Background", "background"),
        _drafted(Placement.BODY, "The peer challenge", "team"),
        _drafted(Placement.BODY, "Progress on the action plan", "progress"),
        _drafted(Placement.BODY, "Next steps", "next-steps"),
        _implication(Placement.BODY, "Sustainability implications"),
        _implication(Placement.BODY, "Financial and resource implications"),
        _implication(Placement.BODY, "Risk assessment"),
        _implication(Placement.BODY, "Health and wellbeing implications"),
        _background_papers(Placement.PLAIN, "Background documents"),
        _implication(
            Placement.PLAIN,
            "Equality impact assessment",
            text="This report proposes no change to a service or a policy that affects people, so "
            "an equality impact assessment has not been made. Changes made under the action "
            "plan are assessed when they are proposed.",
        ),
        _appendices(),
    ),
)

KEY_ISSUES = "Summary of key issues"
IMPLICATIONS = "Implications"

_COUNCIL = TemplatePreset(
    key="report-to-council",
    name="Report to council",
    about="Who reports at the top; purpose, recommendations, a summary of key issues under "
    "sub-headings, the council’s goals and a short list of implications (i) to (v); whom to ask.",
    body_kind=Body.Kind.COUNCIL,
    numbering=Numbering(
        SectionStyle.POINT,
        ParagraphStyle.BY_SECTION,
        ItemStyle.ROMAN,
        AppendixStyle.FIGURES,
        "Appendix",
    ),
    kicker="Report to {body}",
    lead_in="Members are asked to:",
    no_background_papers="None, within the meaning of section 100D(5) of the Local Government "
    "Act 1972.",
    parts=(
        _field(Placement.HEAD, "Report of", Source.ROLE),
        _drafted(Placement.BODY, "Purpose of report", "purpose"),
        _recommendations(Placement.BODY, "Recommendations"),
        _drafted(Placement.BODY, "Background", "background", group=KEY_ISSUES),
        _drafted(Placement.BODY, "The peer team", "team", group=KEY_ISSUES),
        _drafted(Placement.BODY, "Progress on the action plan", "progress", group=KEY_ISSUES),
        _drafted(
            Placement.BODY,
            "Comments of earlier meetings",
            "comments",
            group=KEY_ISSUES,
            is_required=False,
        ),
        _drafted(
            Placement.BODY,
            "What earlier meetings resolved",
            "minute",
            group=KEY_ISSUES,
            is_required=False,
        ),
        _drafted(Placement.BODY, "Next steps", "next-steps", group=KEY_ISSUES),
        PresetPart(
            PartKind.SECTION,
            Placement.BODY,
            "Impact on corporate goals",
            text="The action plan bears on each of the council’s corporate goals.",
        ),
        *(
            _implication(Placement.LIST, label, group=IMPLICATIONS)
            for label in (
                "Impact on customers",
                "Impact on equalities",
                "Impact on risk",
                "Impact on resources (financial and human)",
                "Impact on the environment",
            )
        ),
        _background_papers(Placement.PLAIN, "Background papers"),
        _appendices(),
        _field(Placement.PLAIN, "Enquiries to"),
    ),
)

PRESETS: dict[str, TemplatePreset] = {
    preset.key: preset for preset in (_CABINET, _SCRUTINY, _REVIEW, _TWO_BODIES, _COUNCIL)
}
