"""Words for plans that nobody wrote: enough of them that rows have the length of real ones."""

import random

DIRECTORATES = ("Place", "Communities", "Corporate services", "Housing")
PORTFOLIOS = ("Leader", "Finance", "Housing and planning", "Communities", "Environment")
ROLES = (
    "Head of Housing",
    "Head of Finance",
    "Policy Manager",
    "Head of Planning",
    "Director of Place",
    "Monitoring Officer",
    "Head of People",
    "Head of Customer Services",
    "Director of Communities",
    "Head of Property",
)
AIMS = (
    "Repair homes faster",
    "Agree what the district is for",
    "Make scrutiny count",
    "Balance the budget for the medium term",
    "Grow the skills of managers",
    "Put residents at the centre of services",
    "Settle the plan for the town centre",
    "Use what the council owns better",
    "Hear from those who are seldom heard",
    "Measure what matters",
)
_VERBS = ("Map", "Agree", "Publish", "Test", "Set up", "Review", "Train", "Renew", "Share", "Cost")
_THINGS = (
    "how repairs are reported and done",
    "one set of outcomes for the district",
    "a work programme for scrutiny",
    "savings for the next three years",
    "a course for new managers",
    "the standards for answering residents",
    "the brief for the market square",
    "a list of buildings to keep or sell",
    "a panel of tenants and young people",
    "a short set of measures with targets",
)
_SENTENCES = (
    "The first three service areas have been mapped and the findings shared with their teams.",
    "The working group met twice and agreed the order in which the remaining work will be done.",
    "Consultation closed with two hundred replies, most of them in favour of the second option.",
    "The draft went to the leadership team, which asked for the costs to be set out by year.",
    "A supplier has been chosen and the contract will be signed when references have come in.",
    "Two posts were filled in the month and the third will be advertised again with new terms.",
    "The portfolio holder has been briefed and will take the proposal to the next meeting.",
    "The pilot ended on time; its results are better than expected in two of the three areas.",
    "Figures for the quarter show a small improvement, though not yet at the rate we planned.",
    "Partners have signed the statement and will report their own progress every six months.",
)
REASON = "The supplier could not begin before the new financial year, so the work starts later."
RECOVERY = "A second team starts next month and the order of work has been changed to catch up."
DECISION = (
    "Cabinet is asked to choose between the two options set out in the report of the Director."
)


def title(chance: random.Random) -> str:
    """What an action does."""
    return f"{chance.choice(_VERBS)} {chance.choice(_THINGS)}"


def sentences(chance: random.Random, number: int) -> str:
    """So many sentences, as somebody might write them."""
    return " ".join(chance.choices(_SENTENCES, k=number))
