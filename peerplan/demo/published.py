"""Four real councils: only what a published committee paper of theirs states, in our own words.

No ratings, no actions, no names of people: dates, roles, themes and what each recommendation is
about. `source` names the paper.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from reviews.presets import CORE_THEMES


@dataclass(frozen=True)
class Published:
    """One council and one challenge as its papers state them."""

    slug: str
    council: str
    kind: str
    title: str
    on_site: tuple[date, date]
    rule_set: str
    source: str
    context: str
    dates: dict[str, Any] = field(default_factory=dict)
    team: tuple[tuple[str, str], ...] = ()
    core_themes: tuple[str, ...] = ()
    own_themes: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    recommendations: tuple[tuple[str, str], ...] = ()
    adopted_on: date | None = None
    review_headings: tuple[str, ...] = ()
    review_team: tuple[tuple[str, str], ...] = ()


PUBLISHED = (
    Published(
        slug="north-west-leicestershire",
        council="North West Leicestershire District Council",
        kind="district",
        title="Corporate Peer Challenge 2024",
        on_site=(date(2024, 6, 26), date(2024, 6, 28)),
        rule_set="lga-2024",
        source="Reports to Corporate Scrutiny, 5 December 2024, and Cabinet, 24 June 2025",
        context=(
            "Peers held 110 interviews in three days. Corporate Scrutiny Committee considered the "
            "action plan on 5 December 2024 and Cabinet on 17 December 2024. The progress review "
            "went to Corporate Scrutiny Committee on 19 June 2025 and to Cabinet on 24 June 2025. "
            "The challenge before this one was in June 2019."
        ),
        dates={
            "plan_approved_on": date(2024, 12, 17),
            "review_from": date(2025, 4, 1),
            "review_to": date(2025, 4, 2),
        },
        team=(
            (
                "Chair of an LGA board; council leader 2019 to 2023",
                "Stoke-on-Trent City Council",
            ),
            (
                "Cabinet member for economy and tourism, car parking and transformation",
                "Cotswold District Council",
            ),
            ("Chief executive", "Swale Borough Council"),
            ("Finance associate", "Local Government Association"),
            (
                "Executive director of communities and environment; deputy chief executive",
                "East Riding of Yorkshire Council",
            ),
            ("Regional adviser, East Midlands", "Local Government Association"),
            ("Regional adviser, South East", "Local Government Association"),
        ),
        core_themes=CORE_THEMES,
        focus=("Regeneration", "Housing, repairs above all"),
        recommendations=(
            ("1", "Trust between councillors, and between councillors and officers"),
            ("2", "Risk register and annual governance statement"),
            ("3", "Regular review of financial transactions and contracts"),
            ("4", "Two-way communications and engagement"),
            ("5", "Outcomes, dates, benefits and risks in the transformation plan"),
            ("6", "Processes and systems in housing repairs"),
            ("7", "Partnership working"),
        ),
        adopted_on=date(2024, 12, 17),
        # The paper of June 2025 gives organisations; roles are those of the paper before it, which
        # has none for the last.
        review_headings=(
            "Governance and finance",
            "Communications",
            "Transformation",
            "Housing",
            "Looking forward",
        ),
        review_team=(
            (
                "Chair of an LGA board; council leader 2019 to 2023",
                "Stoke-on-Trent City Council",
            ),
            ("Chief executive", "Swale Borough Council"),
            (
                "Executive director of communities and environment; deputy chief executive",
                "East Riding of Yorkshire Council",
            ),
            ("Member of the team of the visit", "Local Government Association"),
        ),
    ),
    Published(
        slug="west-lancashire",
        council="West Lancashire Borough Council",
        kind="district",
        title="Corporate Peer Challenge 2022",
        on_site=(date(2022, 3, 15), date(2022, 3, 17)),
        rule_set="lga-2022",
        source="Report to Executive Overview and Scrutiny Committee and Cabinet, September 2022",
        context=(
            "The action plan was published provisionally before approval. Executive Overview and "
            "Scrutiny Committee considered it on 6 September 2022, ahead of Cabinet, and monitors "
            "its delivery. A six-month review was expected in early 2023."
        ),
    ),
    Published(
        slug="maldon",
        council="Maldon District Council",
        kind="district",
        title="Corporate Peer Challenge follow-up 2017",
        on_site=(date(2017, 2, 13), date(2017, 2, 15)),
        rule_set="none",
        source="Report to Council, 8 February 2018",
        context=(
            "A follow-up of the first challenge, of October 2013. The report went straight to "
            "Council on 8 February 2018."
        ),
        team=(
            ("Member peer, from the team of 2013", ""),
            ("Associate", "Local Government Association"),
            ("Executive director", "Kettering Borough Council"),
            ("Peer challenge manager", "Local Government Association"),
        ),
        own_themes=("Governance", "Economic development", "Transformation", "Capacity"),
    ),
    Published(
        slug="coventry",
        council="Coventry City Council",
        kind="metropolitan",
        title="Corporate Peer Challenge 2024",
        on_site=(date(2024, 1, 15), date(2024, 1, 18)),
        rule_set="lga-2024",
        source="Cabinet minute on the Corporate Peer Challenge, March 2025",
        context=(
            "The council’s second Corporate Peer Challenge. The progress review’s report went to "
            "Scrutiny Co-ordination Committee on 6 March 2025, then to Cabinet, and to Council on "
            "25 March 2025."
        ),
        core_themes=CORE_THEMES,
        focus=("Corporate capacity and plans for service transformation",),
    ),
)
