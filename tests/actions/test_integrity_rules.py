"""Each rule about ratings: where it fires, where it does not, and on which day it begins."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from actions.integrity.facts import ActionFacts, PlanFacts, RecommendationFacts, Told
from actions.integrity.names import NameList
from actions.integrity.rules import ACTION, RECOMMENDATION, RULES, Finding, findings, slugs
from actions.position import (
    ActionPosition,
    DateMove,
    MilestonePosition,
    OwnStatus,
    RecommendationPosition,
    UpdatePosition,
)

TODAY = date(2025, 6, 24)
MARCH, MAY = date(2025, 3, 31), date(2025, 5, 31)
WORDS = "The first three areas have been mapped."


def an_update(**given: Any) -> UpdatePosition:
    base: dict[str, Any] = {
        "id": 1,
        "kind": "progress",
        "as_at": TODAY,
        "recorded_at": datetime(2025, 6, 24, 9, tzinfo=UTC),
        "on_behalf_of": "",
        "state": "in-progress",
        "rating": "green",
        "forecast": "green",
        "expected_date": None,
        "expected_words": "",
        "commentary": WORDS,
        "recovery_plan": "",
        "decision_sought": "",
        "visibility": "public",
    }
    if given.get("state", "in-progress") != "in-progress":
        base["rating"] = ""
    return UpdatePosition(**(base | given))


def an_action(update: UpdatePosition | None, **given: Any) -> ActionPosition:
    base: dict[str, Any] = {
        "id": 7,
        "ref": "1.1",
        "position": 0,
        "title": "Clear the backlog of repairs",
        "description": "",
        "success_measure": "No repair waits for more than 28 days.",
        "lead_role": "Head of Housing",
        "lead_person_id": None,
        "portfolio": "",
        "directorate": "",
        "beginning": "new",
        "in_plan_from": date(2024, 12, 17),
        "original_due": date(2025, 12, 31),
        "original_due_words": "",
        "exempt_paragraph": None,
        "is_exempt": False,
        "version": 1,
        "update": update,
    }
    return ActionPosition(**(base | given))


def facts(update: dict[str, Any] | None = None, /, **given: Any) -> ActionFacts:
    """One action in order: what is given of it, of its update (None: none) and of the facts."""
    own = {name: given.pop(name) for name in list(given) if name in ActionFacts.__annotations__}
    base: dict[str, Any] = {"on": TODAY, "has_evidence": True}
    held = None if update is None else an_update(**update)
    return ActionFacts(action=an_action(held, **given), **(base | own))


def found(*actions: ActionFacts, names: str = "", **labels: str) -> list[Finding]:
    return list(findings(PlanFacts(actions, (), labels, NameList(names.splitlines()))))


def keys(*actions: ActionFacts, names: str = "") -> list[str]:
    return [finding.rule for finding in found(*actions, names=names)]


def told(day: date, status: str = "green", commentary: str = WORDS) -> Told:
    return Told(day, status, commentary)


def moves(*days: date | None, words: str = "") -> tuple[DateMove, ...]:
    return tuple(
        DateMove(MARCH + timedelta(days=number), day, words, f"Reason {number}")
        for number, day in enumerate(days)
    )


YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
A_MONTH = TODAY + timedelta(days=30)
OPEN_STEP = MilestonePosition(1, "Appoint a contractor", None, False)
DONE_STEP = MilestonePosition(2, "Write the brief", None, True)
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)

FIRES: list[tuple[str, str, ActionFacts]] = [
    ("green-overdue", "since yesterday", facts({}, original_due=YESTERDAY)),
    ("green-overdue", "by its new date", facts({"expected_date": YESTERDAY})),
    ("no-forecast", "due today", facts({"forecast": ""}, original_due=TODAY)),
    ("no-forecast", "due in 30 days", facts({"forecast": ""}, original_due=A_MONTH)),
    ("no-forecast", "never updated", facts(None, original_due=TOMORROW)),
    (
        "no-forecast",
        "paused",
        facts({"state": "paused", "forecast": ""}, original_due=TOMORROW),
    ),
    ("complete-unproven", "claimed, no evidence", facts({"state": "claimed"}, has_evidence=False)),
    ("complete-unproven", "checked, no evidence", facts({"state": "verified"}, has_evidence=False)),
    (
        "complete-unproven",
        "claimed, a milestone open",
        facts({"state": "claimed"}, milestones=(DONE_STEP, OPEN_STEP)),
    ),
    (
        "complete-unproven",
        "both",
        facts({"state": "verified"}, milestones=(OPEN_STEP,), has_evidence=False),
    ),
    ("red-no-way-out", "neither given", facts({"rating": "red"})),
    (
        "red-no-way-out",
        "only blanks",
        facts({"rating": "red", "recovery_plan": " \n", "decision_sought": " "}),
    ),
    ("same-words", "to the letter", facts({}, before=told(MAY), before_that=told(MARCH))),
    (
        "same-words",
        "but for spaces",
        facts({"commentary": f" {WORDS}\n"}, before=told(MAY), before_that=told(MARCH)),
    ),
    ("better-no-words", "red to green", facts({}, before=told(MAY, "red"))),
    ("better-no-words", "red to amber", facts({"rating": "amber"}, before=told(MAY, "red"))),
    ("better-no-words", "amber to green", facts({}, before=told(MAY, "amber"))),
    (
        "better-no-words",
        "amber to claimed",
        facts({"state": "claimed"}, before=told(MAY, "amber")),
    ),
    (
        "better-no-words",
        "no words at all",
        facts({"commentary": " "}, before=told(MAY, "red", "Other words.")),
    ),
    ("moved-often", "three", facts({}, date_moves=moves(SEPTEMBER, OCTOBER, NOVEMBER))),
    ("moved-often", "back and forth", facts({}, date_moves=moves(OCTOBER, SEPTEMBER, OCTOBER))),
    (
        "moved-often",
        "four",
        facts({}, date_moves=moves(SEPTEMBER, OCTOBER, NOVEMBER, SEPTEMBER)),
    ),
    ("no-lead", "no role", facts({}, lead_role="")),
    ("no-lead", "a blank role, never updated", facts(None, lead_role="  ")),
    ("no-measure", "open", facts({}, success_measure="")),
    ("no-measure", "claimed", facts({"state": "claimed"}, success_measure=" ")),
    ("named", "in its progress update", facts({}, public=(("Progress update", "Ask J. Smith."),))),
]

DOES_NOT: list[tuple[str, str, ActionFacts]] = [
    ("green-overdue", "due today", facts({}, original_due=TODAY)),
    ("green-overdue", "amber and late", facts({"rating": "amber"}, original_due=YESTERDAY)),
    ("green-overdue", "claimed and late", facts({"state": "claimed"}, original_due=YESTERDAY)),
    ("green-overdue", "no date", facts({}, original_due=None)),
    (
        "green-overdue",
        "moved on",
        facts({"expected_date": TOMORROW}, original_due=YESTERDAY),
    ),
    (
        "no-forecast",
        "due in 31 days",
        facts({"forecast": ""}, original_due=A_MONTH + timedelta(days=1)),
    ),
    ("no-forecast", "due yesterday", facts({"forecast": ""}, original_due=YESTERDAY)),
    ("no-forecast", "given", facts({}, original_due=TOMORROW)),
    ("no-forecast", "complete", facts({"state": "verified", "forecast": ""}, original_due=TODAY)),
    ("no-forecast", "no date", facts({"forecast": ""}, original_due=None)),
    ("complete-unproven", "proven", facts({"state": "verified"}, milestones=(DONE_STEP,))),
    ("complete-unproven", "open", facts({}, milestones=(OPEN_STEP,), has_evidence=False)),
    ("complete-unproven", "normal work", facts({"state": "bau"}, has_evidence=False)),
    ("red-no-way-out", "a decision", facts({"rating": "red", "decision_sought": "Choose."})),
    ("red-no-way-out", "a recovery", facts({"rating": "red", "recovery_plan": "Saturdays."})),
    ("red-no-way-out", "amber", facts({"rating": "amber"})),
    ("red-no-way-out", "its words are withheld", facts({"rating": "red"}, withholds_words=True)),
    ("same-words", "over one release", facts({}, before=told(MAY))),
    (
        "same-words",
        "new since the last",
        facts({}, before=told(MAY, commentary="Two."), before_that=told(MARCH)),
    ),
    (
        "same-words",
        "new in the last",
        facts({}, before=told(MAY), before_that=told(MARCH, commentary="One.")),
    ),
    (
        "same-words",
        "no words",
        facts({"commentary": ""}, before=told(MAY, "green", ""), before_that=told(MARCH, "", "")),
    ),
    (
        "same-words",
        "complete",
        facts({"state": "verified"}, before=told(MAY), before_that=told(MARCH)),
    ),
    ("better-no-words", "with words", facts({}, before=told(MAY, "red", "One."))),
    ("better-no-words", "the same rating", facts({"rating": "amber"}, before=told(MAY, "amber"))),
    ("better-no-words", "worse", facts({"rating": "red"}, before=told(MAY, "amber"))),
    ("better-no-words", "from green", facts({"state": "claimed"}, before=told(MAY, "green"))),
    ("better-no-words", "paused", facts({"state": "paused"}, before=told(MAY, "red"))),
    ("better-no-words", "merged", facts({"state": "superseded"}, before=told(MAY, "red"))),
    ("better-no-words", "not released before", facts({})),
    (
        "better-no-words",
        "withheld",
        facts({"commentary": ""}, before=told(MAY, "red"), withholds_words=True),
    ),
    ("moved-often", "two", facts({}, date_moves=moves(SEPTEMBER, OCTOBER))),
    (
        "moved-often",
        "a reason given again for the same date",
        facts({}, date_moves=moves(SEPTEMBER, SEPTEMBER, OCTOBER)),
    ),
    (
        "moved-often",
        "complete",
        facts({"state": "claimed"}, date_moves=moves(SEPTEMBER, OCTOBER, NOVEMBER)),
    ),
    ("no-lead", "a person", facts({}, lead_role="", lead_person_id=4)),
    ("no-lead", "complete", facts({"state": "claimed"}, lead_role="")),
    ("no-measure", "checked", facts({"state": "verified"}, success_measure="")),
    ("no-measure", "not taken forward", facts({"state": "withdrawn"}, success_measure="")),
    ("named", "nobody of the list", facts({}, public=(("Title", "Ask Kay Smith."),))),
    ("named", "no public text", facts({"commentary": "Ask Jo Smith."})),
]


def named(case: Any) -> str | None:
    return case if isinstance(case, str) else None


@pytest.mark.parametrize(("rule", "when", "case"), FIRES, ids=named)
def test_a_rule_finds_what_does_not_keep_it_and_only_that(
    rule: str, when: str, case: ActionFacts
) -> None:
    assert keys(case, names="Jo Smith") == [rule]


@pytest.mark.parametrize(("rule", "when", "case"), DOES_NOT, ids=named)
def test_a_rule_leaves_alone_what_keeps_it(rule: str, when: str, case: ActionFacts) -> None:
    assert rule not in keys(case, names="Jo Smith")


def test_every_rule_is_tried_both_ways() -> None:
    of_actions = {key for key, rule in RULES.items() if rule.action}
    assert len(RULES) == 11
    assert {rule for rule, _, _ in FIRES} == {rule for rule, _, _ in DOES_NOT} == of_actions


def quoted(finding: Finding) -> list[str]:
    return [f"{quote.where}: {quote.words}" for quote in finding.quotes]


@pytest.mark.parametrize(
    ("case", "sentence", "quotes"),
    [
        (
            facts({}, original_due=YESTERDAY),
            "Rated On track, and 1 day overdue.",
            ["Status: On track, as at 24 June 2025", "Due: 23 June 2025"],
        ),
        (
            facts({"forecast": ""}, original_due=A_MONTH, original_due_words="July"),
            "Due in 30 days, and nobody has said how it will stand then.",
            ["Due: 24 July 2025 (“July”)", "Forecast: None given"],
        ),
        (
            facts({"state": "claimed"}, milestones=(OPEN_STEP,), has_evidence=False),
            "Claimed complete, but one milestone is still open and there is no evidence.",
            [
                "Status: Claimed complete, as at 24 June 2025",
                "Open milestone: Appoint a contractor",
                "Evidence: None on this action",
            ],
        ),
        (
            facts({"rating": "red"}),
            "Rated Red, and nothing says what is done about it.",
            [
                "Status: Red, as at 24 June 2025",
                "Recovery plan: None given",
                "Decision sought: None given",
            ],
        ),
        (
            facts({}, before=told(MAY), before_that=told(MARCH)),
            "The progress update is word for word that of the last two releases, "
            "31 March 2025 and 31 May 2025.",
            [f"Progress update: {WORDS}"],
        ),
        (
            facts({}, before=told(MAY, "red")),
            "Went from Red to On track since 31 May 2025 without new words.",
            ["Released at 31 May 2025: Red", "Now: On track", f"Progress update: {WORDS}"],
        ),
        (
            facts({}, date_moves=moves(SEPTEMBER, OCTOBER, NOVEMBER)),
            "Its date has moved three times.",
            [
                "First agreed: 31 December 2025",
                "At 31 March 2025: to 30 September 2026: Reason 0",
                "At 1 April 2025: to 31 October 2026: Reason 1",
                "At 2 April 2025: to 30 November 2026: Reason 2",
            ],
        ),
        (facts({}, lead_role=""), "Nobody leads it.", ["Lead: None given"]),
        (
            facts({}, success_measure=""),
            "Nothing says how success will be known.",
            ["Success measure: None given"],
        ),
        (
            facts(
                {},
                public=(
                    ("Title", "Agree terms with\nJo Smith"),
                    ("Progress update", "x" * 90 + " we met J. Smith on Monday " + "y" * 90),
                ),
            ),
            "“Jo Smith” and “J. Smith” are named in a text for publication: "
            "title and progress update.",
            [
                "Title: Agree terms with Jo Smith",
                "Progress update: … we met J. Smith on Monday …",
            ],
        ),
    ],
)
def test_a_finding_says_what_triggered_it(
    case: ActionFacts, sentence: str, quotes: list[str]
) -> None:
    (finding,) = found(case, names="Jo Smith", green="On track")
    assert finding.sentence == sentence
    assert quoted(finding) == quotes
    assert (finding.kind, finding.id, finding.ref, finding.actions) == (ACTION, 7, "1.1", (7,))


# --- Recommendations ----------------------------------------------------------------------------


def a_recommendation(
    own: str | None, *actions: ActionPosition, public: tuple[tuple[str, str], ...] = ()
) -> RecommendationFacts:
    status = OwnStatus(MAY, own, "") if own else None
    record = RecommendationPosition(
        3, "1", "key", "Key", "Repair homes", "", None, "", "", "", (), status, actions
    )
    return RecommendationFacts(record, public)


def of_recommendation(case: RecommendationFacts, names: str = "") -> list[Finding]:
    return list(findings(PlanFacts((), (case,), {}, NameList(names.splitlines()))))


def rated(rating: str, key: int = 7, ref: str = "1.1", **given: Any) -> ActionPosition:
    return an_action(an_update(rating=rating), id=key, ref=ref, **given)


@pytest.mark.parametrize(
    ("own", "actions", "fires"),
    [
        ("green", [rated("red")], True),
        ("green", [rated("amber"), rated("green", 8)], True),
        ("complete", [rated("green")], True),
        ("green", [an_action(None)], True),
        ("green", [rated("green")], False),
        ("amber", [rated("green"), rated("amber", 8)], False),
        ("red", [rated("green")], False),
        ("green", [], False),
        (None, [rated("red")], False),
        ("green", [an_action(an_update(state="withdrawn"))], False),
        ("unknown", [rated("red")], False),
    ],
)
def test_a_recommendation_stands_no_better_than_its_worst_action(
    own: str | None, actions: list[ActionPosition], fires: bool
) -> None:
    rules = [finding.rule for finding in of_recommendation(a_recommendation(own, *actions))]
    assert rules == (["better-than-actions"] if fires else [])


def test_it_names_the_worst_actions_and_is_exempt_where_one_of_them_is() -> None:
    worst = rated("red"), rated("red", 8, "1.2"), rated("green", 9, "1.3", is_exempt=True)
    (finding,) = of_recommendation(a_recommendation("amber", *worst))
    assert finding.sentence == "The council says Amber, and actions 1.1 and 1.2 stand at Red."
    assert quoted(finding) == [
        "The council’s own status, 31 May 2025: Amber",
        "Action 1.1: Red: Clear the backlog of repairs",
        "Action 1.2: Red: Clear the backlog of repairs",
    ]
    assert (finding.kind, finding.ref, finding.actions) == (RECOMMENDATION, "1", (7, 8))
    assert not finding.is_exempt
    (secret,) = of_recommendation(a_recommendation("amber", rated("red", is_exempt=True)))
    assert secret.is_exempt


def test_a_name_in_a_recommendation_has_an_address_of_its_own() -> None:
    case = a_recommendation(None, public=(("The council’s summary", "Jo Smith leads."),))
    (finding,) = of_recommendation(case, "Jo Smith")
    assert finding.sentence == (
        "“Jo Smith” is named in a text for publication: the council’s summary."
    )
    assert finding.slug == "named-recommendation"
    assert slugs()[finding.slug] == ("named", RECOMMENDATION)
    assert slugs()["named"] == ("named", ACTION)
    assert slugs()["better-than-actions"] == ("better-than-actions", RECOMMENDATION)


# --- Facts --------------------------------------------------------------------------------------


def sha256(case: ActionFacts) -> str:
    (finding,) = found(case, names="Jo Smith")
    return finding.facts_sha256


def test_findings_come_rule_by_rule_in_plan_order() -> None:
    first, second = facts({}, lead_role="", success_measure=""), facts({}, lead_role="", id=8)
    assert [(each.rule, each.id) for each in found(first, second)] == [
        ("no-lead", 7),
        ("no-lead", 8),
        ("no-measure", 7),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            facts({}, original_due=YESTERDAY),
            facts({"commentary": "New."}, original_due=YESTERDAY, on=A_MONTH),
        ),
        (
            facts({"forecast": ""}, original_due=A_MONTH),
            facts({"forecast": ""}, original_due=A_MONTH, on=TOMORROW),
        ),
        (facts({}, lead_role=""), facts({"rating": "amber"}, lead_role="", title="Another")),
    ],
)
def test_a_day_that_passes_and_other_words_do_not_change_the_facts(
    one: ActionFacts, other: ActionFacts
) -> None:
    assert sha256(one) == sha256(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (facts({}, original_due=YESTERDAY), facts({}, original_due=MAY)),
        (facts({}, lead_role=""), facts({}, lead_role="", id=8)),
        (facts({}, lead_role=""), facts({}, success_measure="")),
        (facts({}, lead_role=""), facts({}, lead_role="", is_exempt=True)),
        (facts({}, lead_role=""), facts({}, lead_role="", withholds_words=True)),
        (
            facts({}, before=told(MAY), before_that=told(MARCH)),
            facts({}, before=told(TODAY), before_that=told(MAY)),
        ),
        (
            facts({}, date_moves=moves(SEPTEMBER, OCTOBER, NOVEMBER)),
            facts({}, date_moves=moves(SEPTEMBER, OCTOBER, NOVEMBER, SEPTEMBER)),
        ),
        (
            facts({"state": "claimed"}, has_evidence=False),
            facts({"state": "claimed"}, milestones=(OPEN_STEP,)),
        ),
        (
            facts({}, public=(("Title", "Jo Smith"),)),
            facts({}, public=(("Description", "Jo Smith"),)),
        ),
        (facts({"rating": "red"}), facts({"rating": "red", "as_at": MAY})),
    ],
)
def test_other_facts_need_another_note(one: ActionFacts, other: ActionFacts) -> None:
    assert sha256(one) != sha256(other)


def test_facts_are_reckoned_as_they_were_when_notes_were_given_on_them() -> None:
    (finding,) = found(facts({}, lead_role=""))
    assert finding.facts_sha256.startswith("418af48529a4")
