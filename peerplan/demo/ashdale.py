"""The fictional Ashdale District Council: an invented plan with fourteen months of updates.

Every text, rating and role is made up. Dates are whole months counted from the month in which the
plan was approved, so that the demonstration is always of today.
"""

from dataclasses import dataclass

from peerplan.papers.services.meetings import BodyDetails

DIRECTORATES = (
    "Chief Executive’s Office",
    "Resources",
    "Place",
    "Communities and Housing",
)
PORTFOLIOS = (
    ("Leader of the Council", "Leader"),
    ("Finance and Assets", "Portfolio Holder for Finance and Assets"),
    ("Corporate Services", "Portfolio Holder for Corporate Services"),
    ("Housing", "Portfolio Holder for Housing"),
    ("Growth and Climate", "Portfolio Holder for Growth and Climate"),
)

PEOPLE = (
    ("action-owner", "Head of Housing", False),
    ("plan-manager", "Policy and Performance Manager", True),
    ("democratic-services", "Democratic Services Manager", False),
    ("member", "Chair of Corporate Scrutiny", False),
    ("lead", "Chief Executive", True),
    ("peer-reviewer", "Peer reviewer", False),
    ("administrator", "Digital Services Manager", False),
)

TEAM = (
    ("Council leader and lead member peer", "a district council in the south"),
    ("Chief executive and lead officer peer", "a borough council in the west"),
    ("Member peer", "a city council in the north"),
    ("Director of finance, officer peer", "a unitary council in the east"),
    ("Peer challenge manager", "Local Government Association"),
)

FOCUS = ("Housing repairs",)

CONCLUSIONS = (
    (
        "strength",
        "Organisational and place leadership",
        "Partners trust the council and say that it keeps its word.",
    ),
    (
        "strength",
        "Financial planning and management",
        "Budgets are set on time and reserves are reported openly.",
    ),
    (
        "strength",
        "Capacity for improvement",
        "Staff are proud of their services and want to do more.",
    ),
    (
        "conclusion",
        "Local priorities and outcomes",
        "There are more priorities than the council can deliver at once.",
    ),
    (
        "conclusion",
        "Governance and culture",
        "Scrutiny sees decisions late, so its work follows rather than shapes them.",
    ),
    (
        "consider",
        "Financial planning and management",
        "Savings after next year rest on ideas that have no owner yet.",
    ),
    ("consider", "", "Tenants wait too long for repairs and are seldom told why."),
)


@dataclass(frozen=True)
class Rec:
    """A recommendation: reference, kind, heading, wording, themes by title, response."""

    ref: str
    kind: str
    title: str
    wording: str
    themes: tuple[str, ...]
    response: str = "accepted"
    reason: str = ""


RECOMMENDATIONS = (
    Rec(
        "1",
        "key",
        "Fewer, measurable outcomes",
        "Choose a small number of outcomes for residents, and say how each will be measured.",
        ("Local priorities and outcomes",),
    ),
    Rec(
        "2",
        "key",
        "A shared story of the place",
        "Agree with partners what Ashdale should be known for, and lead that work together.",
        ("Organisational and place leadership",),
    ),
    Rec(
        "3",
        "key",
        "Scrutiny that adds value",
        "Give scrutiny earlier sight of decisions and a work programme that follows priorities.",
        ("Governance and culture",),
    ),
    Rec(
        "4",
        "further",
        "A constitution fit for use",
        "Bring the constitution and the scheme of delegation up to date, in plain words.",
        ("Governance and culture",),
    ),
    Rec(
        "5",
        "key",
        "Close the budget gap",
        "Turn the savings target into a costed programme that members see every quarter.",
        ("Financial planning and management",),
    ),
    Rec(
        "6",
        "key",
        "One portfolio of change",
        "Bring transformation into one portfolio with clear benefits, and stop what does not pay.",
        ("Capacity for improvement",),
        "partly",
        "The council agrees on one portfolio. It keeps the leisure project outside it until the "
        "contract ends.",
    ),
    Rec(
        "7",
        "further",
        "A workforce plan",
        "Plan for the skills the council will need, and grow them from within where it can.",
        ("Capacity for improvement",),
    ),
    Rec(
        "8",
        "key",
        "Repairs that tenants can rely on",
        "Map how repairs are ordered, done and paid for, and clear the backlog.",
        ("Capacity for improvement", "Housing repairs"),
    ),
)


@dataclass(frozen=True)
class Upd:
    """An update `month` months on. `code`: r, a, g, or a state. `moved`: new due month, reason."""

    month: int
    code: str
    text: str
    extra: str = ""
    forecast: str = ""
    moved: tuple[int, str] | None = None
    note: str = ""
    done: int = 0


@dataclass(frozen=True)
class Act:
    """An action; `due` is a month, `also` more recommendations it answers."""

    ref: str
    title: str
    lead: str
    directorate: int
    portfolio: int
    due: int
    measure: str
    updates: tuple[Upd, ...]
    words: str = ""
    milestones: tuple[tuple[str, int], ...] = ()
    also: tuple[str, ...] = ()
    under_way: bool = False
    exempt: int | None = None
    evidence: tuple[tuple[int, str], ...] = ()


CEX, DEM, MON = "Chief Executive", "Democratic Services Manager", "Monitoring Officer"
FIN, PROP = "Director of Resources (Section 151 Officer)", "Head of Property"
HSG, PEOPLE_LEAD = "Head of Housing", "Head of People"
POL, COMMS, CHG = "Policy and Performance Manager", "Head of Communications", "Head of Change"

ACTIONS = (
    Act(
        "1.1",
        "Agree five outcomes with members of all groups",
        POL,
        0,
        0,
        4,
        "Council adopts five outcomes with a measure each",
        (
            Upd(1, "g", "A long list of 14 outcomes has been drawn from the manifestos."),
            Upd(3, "g", "Two member workshops cut the list to seven."),
            Upd(5, "claimed", "Council adopted five outcomes, each with a measure and a baseline."),
            Upd(6, "verified", "The minute and the published plan have been checked."),
        ),
        milestones=(("Long list", 1), ("Member workshops", 3), ("Council decides", 4)),
        evidence=((5, "Council minute on the five outcomes"),),
    ),
    Act(
        "1.2",
        "Report each outcome on one page, every quarter",
        POL,
        0,
        0,
        9,
        "Four one-page reports in the first year",
        (
            Upd(3, "none", "Begins once the outcomes are adopted."),
            Upd(6, "g", "The layout was tried with three members, who asked for trends."),
            Upd(
                9,
                "a",
                "The first report was published, three weeks late.",
                "A second analyst is trained so that one absence does not delay the next report.",
                "green",
                (12, "The data for two outcomes came later than planned."),
            ),
            Upd(11, "g", "The second report was on time and went to every member."),
            Upd(13, "claimed", "Three reports have been published; the fourth is in the calendar."),
        ),
        evidence=((11, "Outcome report, second quarter"),),
    ),
    Act(
        "1.3",
        "Stop or hand over work that serves no outcome",
        CEX,
        0,
        0,
        12,
        "At least ten pieces of work stopped or handed over",
        (
            Upd(4, "g", "Each director has listed work that could stop: 23 entries."),
            Upd(7, "g", "Six pieces of work have stopped; nobody has complained."),
            Upd(
                10,
                "a",
                "Nine have stopped. Two that remain are liked by members.",
                "The leadership team takes both to the executive’s next informal meeting.",
                "green",
            ),
            Upd(12, "g", "Eleven have stopped. One is kept, with its cost made plain."),
            Upd(13, "bau", "Stopping is now part of the yearly service planning round."),
        ),
    ),
    Act(
        "1.4",
        "Ask residents which outcomes matter most",
        COMMS,
        0,
        0,
        15,
        "1,000 answers that match the district’s make-up",
        (
            Upd(8, "g", "The questions are agreed with the consultation group."),
            Upd(11, "g", "The survey opens next month, on paper too."),
            Upd(13, "g", "640 answers so far; young people are under-represented."),
            Upd(14, "g", "910 answers, after visits to two colleges."),
        ),
    ),
    Act(
        "2.1",
        "Agree a narrative of place with the partnership board",
        CEX,
        0,
        0,
        13,
        "Board signs off a narrative that partners use",
        (
            Upd(2, "g", "Twelve partners have been interviewed."),
            Upd(
                6,
                "a",
                "Partners disagree on whether the market towns or the coast come first.",
                "The chair meets both sides, and a shorter draft follows.",
                "amber",
            ),
            Upd(
                9,
                "a",
                "A shorter draft is out. One partner has not yet answered.",
                "The chief executive calls on the last partner in person.",
                "green",
                (14, "The board’s summer meeting was not quorate."),
            ),
            Upd(12, "g", "The board agreed the draft with two changes."),
            Upd(14, "claimed", "The board signed off the narrative; four partners already use it."),
        ),
        evidence=((14, "The signed narrative"),),
        also=("1",),
    ),
    Act(
        "2.2",
        "Hold two summits a year with town and parish councils",
        POL,
        0,
        0,
        8,
        "Two summits, with at least 30 of the 41 councils",
        (
            Upd(2, "g", "The first summit drew 28 councils."),
            Upd(7, "g", "The second drew 34; planning was the main topic."),
            Upd(9, "bau", "Summits are in the calendar for the next three years."),
        ),
        under_way=True,
        evidence=((7, "Note of the second summit"),),
    ),
    Act(
        "2.3",
        "Publish a yearly account of what partners did together",
        COMMS,
        0,
        4,
        10,
        "One account a year",
        (
            Upd(4, "none", "Waits for the narrative of place."),
            Upd(9, "none", "Still waits for the narrative of place."),
        ),
    ),
    Act(
        "2.4",
        "Set up a joint forum of leaders and chief officers",
        CEX,
        0,
        0,
        15,
        "The forum meets every other month",
        (
            Upd(5, "g", "Terms of reference are drafted."),
            Upd(10, "g", "Two trial meetings were held and were found useful."),
            Upd(13, "g", "The forum meets next month with its own work plan."),
        ),
        words="Winter",
    ),
    Act(
        "3.1",
        "Show scrutiny key decisions three months ahead",
        DEM,
        0,
        2,
        6,
        "No key decision reaches scrutiny with less than three months’ sight",
        (
            Upd(1, "g", "The forward plan now runs eight weeks ahead."),
            Upd(
                4,
                "a",
                "Two decisions were still added late.",
                "Directors must explain a late entry to the Monitoring Officer.",
                "green",
            ),
            Upd(6, "claimed", "The forward plan runs four months ahead; no late entries since."),
            Upd(7, "verified", "Checked against the last three forward plans."),
        ),
        evidence=((6, "Forward plan"),),
    ),
    Act(
        "3.2",
        "Strengthen the scrutiny work programme and tie it to the outcomes",
        DEM,
        0,
        2,
        10,
        "Every topic names the outcome it serves",
        (
            Upd(2, "g", "The chairs have agreed the method."),
            Upd(6, "g", "A workshop with both committees chose nine topics.", done=1),
            Upd(
                10,
                "a",
                "The draft programme is with the chairs. A support post is vacant.",
                "The Monitoring Officer’s team covers agenda work until the post is filled.",
                "green",
                (13, "A support post was vacant for three months."),
                note="Second advert closes on the 20th; agency cover agreed up to £9,000.",
            ),
            Upd(
                13,
                "a",
                "One committee has agreed the programme; the other meets next month.",
                "The chairs have agreed to treat the programme as final in the meantime.",
                "green",
                (15, "The second committee’s meeting was moved."),
                done=2,
            ),
        ),
        milestones=(
            ("Workshop with both committees", 6),
            ("Draft programme to the chairs", 10),
            ("Both committees agree", 15),
        ),
        evidence=((10, "Draft scrutiny work programme"),),
    ),
    Act(
        "3.3",
        "Train scrutiny chairs in questioning and work planning",
        DEM,
        0,
        2,
        16,
        "All four chairs and vice-chairs trained",
        (
            Upd(8, "none", "The trainer is chosen; sessions begin after the recess."),
            Upd(12, "g", "Two of four sessions were held, with good attendance."),
            Upd(13, "g", "A third session was held on asking follow-up questions."),
            Upd(14, "g", "The last session is booked; notes of the first three are shared."),
        ),
    ),
    Act(
        "3.4",
        "Publish a yearly report of what scrutiny changed",
        DEM,
        0,
        2,
        14,
        "One report a year to Council",
        (Upd(4, "none", "Begins with the new work programme."),),
    ),
    Act(
        "3.5",
        "Review the protocol between members and officers",
        MON,
        0,
        2,
        18,
        "Council adopts the protocol",
        (Upd(12, "none", "Starts after the review of the constitution."),),
    ),
    Act(
        "4.1",
        "Bring the scheme of delegation up to date",
        MON,
        0,
        2,
        13,
        "Council adopts the scheme",
        (
            Upd(3, "g", "All 212 delegations have been listed."),
            Upd(
                7,
                "a",
                "Planning delegations need a longer talk with members.",
                "Planning is taken out and follows as a second part.",
                "green",
                (15, "Members asked for more time on planning delegations."),
            ),
            Upd(12, "g", "The officer part is complete; the member part goes to Council next."),
            Upd(
                14,
                "a",
                "Council deferred the member part to its next meeting.",
                "Group leaders meet before then to settle the two open points.",
                "green",
                (17, "Council deferred the item."),
            ),
        ),
    ),
    Act(
        "4.2",
        "Publish officer decisions within two working days",
        MON,
        0,
        2,
        10,
        "95 % published within two working days",
        (
            Upd(3, "g", "A form replaces the e-mails that went astray."),
            Upd(8, "g", "88 % within two days, up from 61 %."),
            Upd(12, "claimed", "96 % within two days for three months running."),
            Upd(14, "verified", "The figures were checked against the published decisions."),
        ),
        evidence=((12, "Figures on officer decisions"),),
    ),
    Act(
        "4.3",
        "Cut the constitution to a length members will read",
        MON,
        0,
        2,
        17,
        "Under 200 pages, in plain words",
        (
            Upd(6, "none", "Follows the scheme of delegation."),
            Upd(10, "g", "From 412 pages to 260 in a first draft."),
            Upd(13, "g", "Now 190 pages; a working group of members reads it next month."),
        ),
    ),
    Act(
        "5.1",
        "Agree a costed savings programme for three years",
        FIN,
        1,
        1,
        12,
        "£3.2m of savings with an owner and a date each",
        (
            Upd(2, "g", "£0.8m of savings has an owner and a date."),
            Upd(5, "g", "£1.4m is costed; the next ideas come to the executive in spring."),
            Upd(
                8,
                "a",
                "£1.7m is costed. Two of the larger ideas fell away.",
                "Each director brings one more option within six weeks.",
                "amber",
            ),
            Upd(
                11,
                "r",
                "£1.9m is costed. The rest needs a choice that officers cannot make.",
                "Cabinet to choose between the leisure and waste options by the budget meeting.",
                "red",
                (15, "The choice falls with the budget, not before it."),
                note="Leader briefed. Expect a split between the two options in the group.",
            ),
            Upd(
                13,
                "r",
                "£1.9m of £3.2m is costed. Both options have been worked up for members.",
                "Cabinet to choose between the leisure and the waste options next month.",
                "amber",
            ),
        ),
        evidence=((8, "Savings schedule"),),
    ),
    Act(
        "5.2",
        "Report the delivery of savings to members each quarter",
        FIN,
        1,
        1,
        6,
        "Four quarterly reports",
        (
            Upd(3, "g", "The first report went with the budget monitor."),
            Upd(6, "claimed", "A standing annex to each quarterly report."),
            Upd(7, "verified", "Checked: three reports carry the annex."),
        ),
        evidence=((6, "First quarterly report with the annex"),),
        under_way=True,
    ),
    Act(
        "5.3",
        "Complete the review of assets for disposal",
        PROP,
        1,
        1,
        10,
        "All 34 sites valued and sorted",
        (
            Upd(2, "g", "Nine of 34 sites are valued."),
            Upd(
                6,
                "a",
                "Thirteen are valued. The valuer has lost a surveyor.",
                "A second firm takes the rural sites.",
                "green",
            ),
            Upd(
                9,
                "a",
                "21 are valued. One title is contested.",
                "Counsel’s advice comes next month; the other sites go on.",
                "amber",
                (16, "A contested title and a change of valuer."),
            ),
            Upd(
                13,
                "a",
                "29 are valued. The contested title is with counsel.",
                "The site is taken out of the first tranche if advice is late.",
                "green",
            ),
        ),
    ),
    Act(
        "5.4",
        "Build the next budget from nothing in the three largest services",
        FIN,
        1,
        1,
        14,
        "Three services, each with options at 90 % of cost",
        (
            Upd(7, "g", "Waste is done; options worth £0.3m were found."),
            Upd(10, "g", "Housing is half done."),
            Upd(13, "g", "Housing is done, planning has begun."),
        ),
    ),
    Act(
        "5.5",
        "Keep one register of contracts, with a named manager for each",
        "Head of Procurement",
        1,
        1,
        12,
        "Every contract over £25,000 has a manager and a review date",
        (
            Upd(4, "g", "212 contracts are listed from five spreadsheets."),
            Upd(8, "g", "150 have a manager."),
            Upd(
                12,
                "a",
                "190 have a manager. The rest sit in one service that is being reorganised.",
                "The director of that service names managers by the end of the month.",
                "green",
                (15, "One service is being reorganised."),
            ),
        ),
    ),
    Act(
        "5.6",
        "Renegotiate the leisure contract before its break date",
        FIN,
        1,
        1,
        16,
        "A contract that costs no more than it does now",
        (
            Upd(5, "g", "The operator has been told that the council wants to talk."),
            Upd(
                9,
                "a",
                "CONFIDENTIAL: the operator asks for £240,000 a year more.",
                "Advisers price the two other ways of running the centres.",
                "amber",
            ),
            Upd(
                12,
                "a",
                "CONFIDENTIAL: the operator has come down to £150,000 a year.",
                "Advisers’ figures for running the centres in-house come next month.",
                "green",
            ),
        ),
        exempt=3,
    ),
    Act(
        "6.1",
        "Bring every change project into one portfolio",
        CHG,
        0,
        2,
        6,
        "All projects over £50,000 in one list with one board",
        (
            Upd(2, "g", "31 projects were found, seven of them unknown to the board."),
            Upd(5, "claimed", "All 31 are in one list, and the board meets monthly."),
            Upd(6, "verified", "The list was checked against the ledger."),
        ),
        evidence=((5, "Portfolio on one page"),),
    ),
    Act(
        "6.2",
        "State the benefit, owner and stop rule of each project",
        CHG,
        0,
        2,
        11,
        "Every project has all three",
        (
            Upd(4, "g", "18 of 31 have all three."),
            Upd(
                8,
                "a",
                "22 have all three. Benefits of the digital projects are vague.",
                "Finance and the project leads rewrite them together.",
                "green",
            ),
            Upd(11, "g", "29 have all three; two projects have been stopped."),
            Upd(12, "claimed", "All 27 remaining projects have all three."),
            Upd(13, "verified", "A sample of ten was checked."),
        ),
        evidence=((12, "List of the remaining projects"),),
    ),
    Act(
        "6.3",
        "Train twenty staff in running projects",
        PEOPLE_LEAD,
        0,
        2,
        12,
        "Twenty staff trained and running a project",
        (
            Upd(4, "g", "Eight are trained."),
            Upd(
                8,
                "paused",
                "Stopped until the new learning contract starts.",
            ),
            Upd(12, "paused", "The learning contract starts next quarter."),
        ),
    ),
    Act(
        "6.4",
        "Publish the portfolio on one page each month",
        CHG,
        0,
        2,
        14,
        "One page a month, open to all members",
        (
            Upd(6, "g", "Three monthly pages have been published inside the council."),
            Upd(11, "g", "Members now receive it with the weekly bulletin."),
            Upd(13, "g", "A public version is being tried."),
            Upd(14, "claimed", "The public version is on the website and is kept up to date."),
        ),
        evidence=((14, "The public page"),),
    ),
    Act(
        "7.1",
        "Publish a workforce strategy",
        PEOPLE_LEAD,
        0,
        2,
        14,
        "Adopted by the employment committee",
        (
            Upd(4, "g", "Data on age, turnover and vacancies is gathered."),
            Upd(9, "g", "A draft is with managers and the trade unions."),
            Upd(
                13,
                "a",
                "The trade unions ask for more time on flexible working.",
                "Two meetings are set; the rest of the strategy is agreed.",
                "amber",
            ),
        ),
    ),
    Act(
        "7.2",
        "Offer twelve apprenticeships a year",
        PEOPLE_LEAD,
        0,
        2,
        8,
        "Twelve apprentices in post",
        (
            Upd(2, "g", "Five are in post."),
            Upd(6, "g", "Nine are in post."),
            Upd(8, "claimed", "Thirteen are in post, four of them in housing."),
            Upd(9, "verified", "Checked against the payroll."),
        ),
        evidence=((8, "List of posts filled"),),
        under_way=True,
    ),
    Act(
        "7.3",
        "Open a joint academy with neighbouring councils",
        PEOPLE_LEAD,
        0,
        2,
        15,
        "An academy with three councils",
        (
            Upd(3, "g", "Two neighbours are interested."),
            Upd(7, "g", "A business case is being written."),
        ),
    ),
    Act(
        "8.1",
        "Clear the backlog of overdue repairs",
        HSG,
        3,
        3,
        8,
        "No repair more than 28 days overdue",
        (
            Upd(
                1,
                "a",
                "1,140 repairs are overdue, down from 1,300.",
                "A second contractor is being bought in.",
                "green",
            ),
            Upd(
                4,
                "a",
                "960 are overdue. The second contractor starts late.",
                "Weekend work covers the worst 200.",
                "amber",
                (11, "The second contractor starts three months late."),
            ),
            Upd(
                7,
                "r",
                "870 are overdue. The second contractor withdrew.",
                "Cabinet to agree a direct award to the next bidder.",
                "red",
                (14, "The second contractor withdrew."),
            ),
            Upd(
                10,
                "r",
                "790 are overdue. The award is made; work starts next month.",
                "Cabinet to release £180,000 for out-of-hours work.",
                "amber",
                note="Insurance claim against the first contractor is with legal.",
            ),
            Upd(
                13,
                "r",
                "618 are overdue, the fewest for two years.",
                "Cabinet to extend the second contract into next year.",
                "amber",
                (19, "The second contract needs to run for longer."),
            ),
        ),
        milestones=(
            ("Second contractor starts", 10),
            ("Fewer than 800 overdue", 11),
            ("Fewer than 300 overdue", 16),
        ),
        evidence=((10, "Repairs figures by month"), (13, "Photographs of the new depot")),
    ),
    Act(
        "8.2",
        "Map how a repair is ordered, done and paid for",
        HSG,
        3,
        3,
        5,
        "One map, agreed with tenants and trades",
        (
            Upd(1, "g", "The first of three areas is mapped."),
            Upd(3, "g", "Two areas are mapped; 14 needless steps were found."),
            Upd(5, "claimed", "The map is complete: 41 steps become 19."),
            Upd(6, "verified", "Tenants and trades have both signed the map."),
        ),
        evidence=((5, "Map of the repairs process"),),
    ),
    Act(
        "8.3",
        "Tell every tenant when their repair will be done",
        HSG,
        3,
        3,
        13,
        "90 % of tenants told, and the day kept",
        (
            Upd(
                5,
                "a",
                "The text message service works; the calendar behind it does not.",
                "The supplier mends the calendar at its own cost.",
                "green",
            ),
            Upd(9, "g", "62 % of tenants are told a day, and 81 % of days are kept."),
            Upd(12, "g", "79 % are told a day, and 88 % of days are kept."),
            Upd(
                14,
                "a",
                "86 % are told a day, and 91 % of days are kept. The target needs evening visits.",
                "Evening visits are tried in one area from next month.",
                "green",
                (17, "The last tenth needs evening visits."),
            ),
        ),
    ),
)

MERGED = ("3.4", "3.2", 11, "One programme and its report serve both ends.")
SUPERSEDED = ("2.3", "2.1", 12, "The narrative carries the account of joint work.")
WITHDRAWN = ("7.3", 10, "The neighbours chose a regional academy, so a second one is not needed.")
AGREED_BY = "Corporate Leadership Team"
CARRIED_ON_IN = "Yearly service planning"
CORRECTION = ("5.5", 8, "165 have a manager.", "The first figure left out one service.")

OWN_STATUS = (
    (3, "3", "green", "Members see decisions earlier, and the programme is on its way."),
    (6, "8", "amber", "The process is mapped; the backlog is still too high."),
    (11, "5", "red", "The programme falls short until Cabinet has chosen."),
    (
        13,
        "3",
        "green",
        "Scrutiny is earlier and better planned; only the programme’s last step waits.",
    ),
    (13, "8", "red", "Fewer repairs are overdue than for two years, and still too many."),
)

RELEASES = (
    (2, "First position, for Corporate Scrutiny"),
    (5, "Half-year position, for Corporate Scrutiny and Cabinet"),
    (8, "Position for the peers’ progress review"),
    (11, "Position for Corporate Scrutiny"),
    (13, "Position for Corporate Scrutiny and Cabinet"),
)

BODIES = {
    "scrutiny": BodyDetails(
        "Corporate Scrutiny Committee", "scrutiny", "the Committee", "THAT THE COMMITTEE:"
    ),
    "cabinet": BodyDetails("Cabinet", "executive", "Cabinet", "THAT CABINET:"),
    "council": BodyDetails("Council", "council", "Council", "Members are asked to:"),
    "leadership": BodyDetails("Corporate Leadership Team", "officers", "the Leadership Team"),
}

APPROVAL_OUTCOMES = (
    {
        "comments": "The Committee asked for fewer actions with clearer dates, and for a report "
        "every quarter on what is late and why.",
        "minute_number": "31",
        "minute": "The Committee considered the peers’ report and the draft action plan. Members "
        "asked how the repairs backlog would be measured, and were told by its age.\n\n"
        "RESOLVED that the comments of the Committee be passed to Cabinet.",
    },
    {
        "comments": "",
        "minute_number": "54",
        "minute": "RESOLVED that the peers’ report be welcomed and the action plan be approved.",
    },
)
PROGRESS_OUTCOMES = (
    {
        "comments": "The Committee was pleased with the work on scrutiny, and asked Cabinet to say "
        "by when the savings programme will be whole.",
        "minute_number": "72",
        "minute": "The Committee considered progress on the action plan.\n\n"
        "RESOLVED that progress be noted and that the comments of the Committee be passed to "
        "Cabinet.",
    },
    {
        "comments": "",
        "minute_number": "88",
        "minute": "RESOLVED that progress on the action plan be noted, that the savings programme "
        "be whole before the next budget is set, and that the protocol between members and "
        "officers follow the constitution.",
    },
)
PAPER_TEXTS = {
    "Presented by": "Chief Executive",
    "Officer contact": "Policy and Performance Manager, policy@ashdale.example",
    "Background papers": "Report of the peer challenge team, published on the council’s website",
    "Key decision": "No",
    "Portfolio holder briefed": "Yes",
}
"""What is typed into a paper of Ashdale, by the label of the part."""
