"""Kinds of review, as data: their words, themes, kinds of recommendation and deadlines.

A preset comes from code, not from rows: a council's challenge names its preset by key.
"""

from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    """The dates of a challenge from which deadlines run."""

    ON_SITE_TO = "on_site_to"
    REPORT_RECEIVED = "report_received_on"
    PLAN_APPROVED = "plan_approved_on"


EVENT_LABELS = {
    Event.ON_SITE_TO: "the last day on site",
    Event.REPORT_RECEIVED: "the day the report was received",
    Event.PLAN_APPROVED: "the day the action plan was approved",
}


class Unit(StrEnum):
    """How the days of a deadline are counted."""

    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working days"


@dataclass(frozen=True)
class DeadlineRule:
    """One thing due, so long after an event. `done_by` names the challenge's date that meets it."""

    key: str
    label: str
    event: Event
    offset: int
    unit: Unit
    done_by: str
    is_limit: bool = True


@dataclass(frozen=True)
class RuleSet:
    """The deadlines of one edition of a kind of review, and where they come from."""

    key: str
    label: str
    source: str
    rules: tuple[DeadlineRule, ...]

    @property
    def dates(self) -> frozenset[str]:
        """The dates of a challenge that the rules begin with or wait for, by field name."""
        starts = {str(rule.event) for rule in self.rules}
        return frozenset(starts | {rule.done_by for rule in self.rules})


_SITE, _REPORT, _PLAN = Event.ON_SITE_TO, Event.REPORT_RECEIVED, Event.PLAN_APPROVED


def _lga(key: str, label: str, *rules: DeadlineRule) -> RuleSet:
    """An edition with the report after three months, the plan after five, and `rules` besides."""
    report = DeadlineRule(
        "report",
        "Report published with the action plan",
        _SITE,
        3,
        Unit.MONTHS,
        "report_published_on",
    )
    plan = DeadlineRule("plan", "Action plan approved", _SITE, 5, Unit.MONTHS, "plan_approved_on")
    source = "LGA guidance on the Corporate Peer Challenge"
    return RuleSet(key, label, source, (report, plan, *rules))


def _review(months: int) -> DeadlineRule:
    return DeadlineRule(
        "review", "Progress review", _SITE, months, Unit.MONTHS, "review_from", is_limit=False
    )


_REVIEW_REPORT = DeadlineRule(
    "review-report",
    "Progress review report published",
    _SITE,
    12,
    Unit.MONTHS,
    "review_report_published_on",
)


RULE_SETS: dict[str, RuleSet] = {
    rule_set.key: rule_set
    for rule_set in (
        _lga("lga-2024", "LGA 2024", _review(10), _REVIEW_REPORT),
        _lga("lga-2025", "LGA 2025/26", _review(12)),
        RuleSet(
            "lga-2022",
            "LGA 2022",
            "LGA guidance on the Corporate Peer Challenge, 2022",
            (
                DeadlineRule(
                    "plan", "Action plan published", _REPORT, 56, Unit.DAYS, "plan_approved_on"
                ),
                DeadlineRule(
                    "review",
                    "Six-month progress review",
                    _PLAN,
                    6,
                    Unit.MONTHS,
                    "review_from",
                    is_limit=False,
                ),
            ),
        ),
        RuleSet(
            "lga-2019",
            "LGA 2019 to 2021",
            "LGA guidance on the Corporate Peer Challenge, 2019",
            (
                DeadlineRule(
                    "review",
                    "Six-month check-in",
                    _SITE,
                    6,
                    Unit.MONTHS,
                    "review_from",
                    is_limit=False,
                ),
            ),
        ),
        RuleSet(
            "ofsted",
            "Ofsted, children’s services",
            "Ofsted inspection framework for local authority children’s services",
            (
                DeadlineRule(
                    "draft-plan",
                    "Draft action plan sent",
                    _REPORT,
                    20,
                    Unit.WORKING_DAYS,
                    "draft_plan_on",
                ),
                DeadlineRule(
                    "plan",
                    "Final action plan sent",
                    _REPORT,
                    70,
                    Unit.WORKING_DAYS,
                    "plan_approved_on",
                ),
            ),
        ),
        RuleSet("none", "No deadlines", "Set by the council", ()),
    )
}


@dataclass(frozen=True)
class Preset:
    """One kind of review: what it is called, who comes, which themes and deadlines are offered.

    `visit` and `reviewers` are the words that stand in sentences: "the visit", "the peers".
    `kinds` are the kinds of recommendation that it makes, by their values.
    """

    key: str
    label: str
    about: str
    visit: str
    reviewers: str
    team_word: str
    default_title: str
    themes: tuple[str, ...]
    rule_sets: tuple[str, ...]
    kinds: tuple[str, ...]


CORE_THEMES = (
    "Local priorities and outcomes",
    "Organisational and place leadership",
    "Governance and culture",
    "Financial planning and management",
    "Capacity for improvement",
)

PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset(
            "cpc",
            "Corporate Peer Challenge",
            "Peers from other councils visit for three or four days and report on five themes.",
            "visit",
            "peers",
            "Peer team",
            "Corporate Peer Challenge",
            CORE_THEMES,
            ("lga-2024", "lga-2025", "lga-2022", "lga-2019", "none"),
            ("key", "further", "observation", "suggestion", "local"),
        ),
        Preset(
            "ofsted-ilacs",
            "Ofsted inspection of children’s services",
            "Inspectors judge services for children; the council answers with an action plan.",
            "inspection",
            "inspectors",
            "Inspection team",
            "Inspection of local authority children’s services",
            (
                "Impact of leaders on social work practice",
                "Children who need help and protection",
                "Children in care",
                "Care leavers",
            ),
            ("ofsted", "none"),
            ("key", "further", "local"),
        ),
    )
}
