"""What came back to Ashdale: all of it invented, like the rest of Ashdale."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Saw:
    """What the peers saw of one recommendation when they came back."""

    ref: str
    heading: str
    progress: str
    words: str


REVIEW_SUMMARY = (
    "The council has taken its challenge seriously. The plan is read by members, its ratings are "
    "argued over, and most of what was promised has begun.\n\n"
    "Where progress is slow, in repairs and in the savings programme, the council knows it and "
    "says so. What it needs now is fewer beginnings and more endings."
)
REVIEW_HEADINGS = (
    ("Leadership and scrutiny", "Scrutiny sees decisions earlier, and uses it."),
    ("Money and change", "The savings programme is costed in part. The rest cannot wait a year."),
    ("Housing", "The process is understood. The backlog falls too slowly for those who wait."),
    ("Looking forward", "A council of this size can carry five outcomes, not fifteen."),
)
FINDINGS = (
    Saw("1", "Looking forward", "good", "Five outcomes are agreed by all groups, and measured."),
    Saw("2", "Leadership and scrutiny", "good", "Partners tell the same story of the place."),
    Saw("3", "Leadership and scrutiny", "done", "Scrutiny changed three decisions this year."),
    Saw(
        "4",
        "Leadership and scrutiny",
        "some",
        "The scheme of delegation is new. The constitution is as long as it was.",
    ),
    Saw("5", "Money and change", "little", "A third of the gap has no programme behind it."),
    Saw("6", "Money and change", "some", "One portfolio exists; few projects have been stopped."),
    Saw("7", "Looking forward", "good", "Apprentices stay, and say why."),
    Saw("8", "Housing", "some", "The map is done. Tenants still wait, and are told little."),
)
SUGGESTIONS = (
    (
        "5",
        "Name an owner for each unfunded saving",
        "Give every saving that has no programme an owner and a date within the quarter.",
    ),
    (
        "8",
        "Ring tenants before a visit moves",
        "Have the team that moves a visit ring the tenant the same day.",
    ),
)
RETURNING = (0, 1, 4)
"""Places of those in the team of the visit who came back."""

IMPACTS = {
    "3": "Two decisions were put off and one was changed after scrutiny had asked.",
    "8": "The wait for an urgent repair fell from nine days to four.",
}

DECISIONS = (
    {
        "introduced_by": "Chief Executive",
        "points": "- Members asked that dates be realistic from the start.\n"
        "- The peers’ praise for the work with parishes was welcomed.",
        "lead_in": "RESOLVED that:",
    },
    {
        "introduced_by": "Leader of the Council",
        "points": "- The comments of Corporate Scrutiny Committee were considered.",
        "lead_in": "RESOLVED that Cabinet:",
        "votes_for": 7,
        "votes_against": 0,
        "abstentions": 1,
        "reason": "So that the council answers every recommendation within the time allowed.",
        "options": "Not to answer two of the recommendations. Rejected: all of them are fair.",
    },
)
RESOLUTIONS = (
    (("The comments of the Committee be passed to Cabinet.", (), ()),),
    (
        ("Welcomes the report of the peers.", (), ()),
        ("Approves the action plan.", ("1", "2", "3", "4", "5", "6", "7", "8"), ()),
        ("Asks for a report on the repairs backlog every quarter.", ("8",), ("8.1",)),
    ),
)

PROGRESS_DECISION: dict[str, str] = {
    "introduced_by": "Leader of the Council",
    "points": "- The Committee had asked by when the savings programme will be whole.",
    "lead_in": "RESOLVED that:",
    "reason": "So that what was agreed is done by somebody, and by a day that can be kept.",
}
AMENDED = (
    "The savings programme be whole before the next budget is set.",
    "5.1",
    "£3.2m of savings with an owner and a date each, before the next budget is set",
    "The Committee asked by when the savings programme will be whole.",
)
"""A resolution of Cabinet, and the success measure that it changes, with the reason."""

PUT_OFF = (
    "The protocol between members and officers follow the constitution.",
    "3.5",
    20,
    "The protocol rests on the constitution, which members still read.",
    "Monitoring Officer",
)
"""A resolution of Cabinet, the action, the new month, why, and who proposed it."""

NAMED = ("Wren Applegarth",)
"""The list of people who must not be named in public: one, invented like everything here."""
RATED_LATELY = (
    (
        "4.3",
        "green",
        "green",
        "Now 184 pages. The working group, led by Wren Applegarth, has read half of them.",
    ),
    ("5.3", "green", "green", ""),
    ("7.1", "amber", "", "One of the two meetings with the trade unions was held."),
)
"""Action, rating, forecast and words of what came in since the last release; no words: the same.

Each shows what a rule finds: a name for the public to read, a better rating without new words, and
a date within a month without a forecast.
"""
ANSWERED = (
    "better-no-words",
    "5.3",
    "Counsel’s advice came after the text was written. The Head of Property adds it before the "
    "next release.",
)

QUESTIONS = (
    (
        "8.1",
        "When will no tenant wait more than 28 days?",
        "By the end of the contract’s first full quarter, if the second contractor keeps pace.",
        True,
    ),
    (
        "5.1",
        "Which savings have no programme behind them yet?",
        "Three: fleet, events and the print room. Each will have an owner by the next meeting.",
        False,
    ),
    ("8.3", "Are tenants without a mobile telephone told as well?", "", False),
)

LATER_DATE = (
    "8.3",
    18,
    "Evening visits begin a month later than planned: the depot has to be staffed first.",
)
"""The action, the month asked for, and why: it waits for approval."""

STATEMENT = (
    "This statement goes with the plan as it was last released. Ratings are those that members "
    "read; where a recommendation’s status differs from its actions’, both are shown.",
    "- Cabinet decides on the second contract for repairs.\n"
    "- The savings without a programme each get an owner.",
)

BEFORE = "The challenge before this one. Invented, like the rest of Ashdale."
BEFORE_THEMES = ("Financial planning and management", "Governance and culture", "Customer service")
BEFORE_RECOMMENDATIONS = (
    (
        "1",
        "Plan the finances for longer",
        "Financial planning and management",
        "bau",
        "A five-year plan is part of every budget.",
        "The yearly budget carries it on.",
        "5",
        "The plan was made; closing the gap was not.",
    ),
    (
        "2",
        "Give scrutiny a work programme",
        "Governance and culture",
        "complete",
        "A programme is agreed each May.",
        "The programme is agreed each May.",
        "3",
        "A programme there was; what it added was asked again.",
    ),
    (
        "3",
        "Answer calls faster",
        "Customer service",
        "complete",
        "Nine calls in ten are answered within two minutes.",
        "The target has been kept for a year.",
        "",
        "",
    ),
)
