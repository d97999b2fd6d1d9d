"""What a body is asked to resolve, as its purpose and the plan suggest.

The words follow the lead-in that stands over them: "THAT CABINET: 1) Notes ...", "Members are
asked to: (i) note ...", and without a lead-in "3.1 That the progress be noted".
"""

import re
from dataclasses import dataclass
from enum import Enum

from actions.sentences import clipped, listed, number
from peerplan.core.templatetags.parts import day_in_words
from peerplan.papers.drafting import review
from peerplan.papers.drafting.ahead import is_approved
from peerplan.papers.drafting.context import DraftContext, lower
from peerplan.papers.drafting.phrases import ended, one_line, text_of, the_challenge
from peerplan.papers.drafting.phrases import where_and_when as at_meeting
from peerplan.papers.models import Purpose
from reviews.deadlines import in_words

MOST_DECISIONS = 6
"""Decisions each with a recommendation of its own; beyond these one names them all."""


class Voice(Enum):
    """How a recommendation goes on from its lead-in."""

    THIRD_PERSON = "Notes"
    INFINITIVE = "note"
    PASSIVE = "That ... be noted"


@dataclass(frozen=True)
class Ask:
    """A verb, what it is about, and what follows: "note", "the progress", ", as at 12 June"."""

    verb: str
    thing: str
    more: str = ""


DONE = {
    "note": "noted",
    "approve": "approved",
    "agree": "agreed",
    "endorse": "endorsed",
    "receive": "received",
    "consider": "considered",
    "recommend": "recommended",
    "provide": "provided",
    "name": "named",
}


def voice_of(lead_in: str) -> Voice:
    """How recommendations under these lead-in words are phrased."""
    words = lead_in.strip().rstrip(":").strip().casefold()
    if not words:
        return Voice.PASSIVE
    if re.search(r"\b(to|should)$", words):
        return Voice.INFINITIVE
    if words in ("that", "it is recommended that", "recommended that"):
        return Voice.PASSIVE
    if re.match(r"(that|it is recommended that|recommended that)\b", words):
        return Voice.THIRD_PERSON
    return Voice.PASSIVE


def in_voice(ask: Ask, voice: Voice, lead_in: str = "") -> str:
    """The recommendation as a sentence of that voice."""
    if voice is Voice.THIRD_PERSON:
        said = f"{ask.verb.capitalize()}s {ask.thing}{ask.more}"
    elif voice is Voice.INFINITIVE:
        said = f"{ask.verb} {ask.thing}{ask.more}"
    else:
        opening = "" if lead_in.strip().rstrip(":").strip().casefold().endswith("that") else "That "
        if ask.thing.startswith("that "):
            said = f"{opening}it be {DONE[ask.verb]} {ask.thing}{ask.more}"
        else:
            said = f"{opening}{ask.thing} be {DONE[ask.verb]}{ask.more}"
    return ended(said)


def recommendations(context: DraftContext) -> str:
    """One paragraph for each thing that the body is asked to resolve."""
    voice = voice_of(context.lead_in)
    news = _review(context)
    asks = [*news[:1], *_main(context), *news[1:], *_decisions(context), *_dates(context)]
    return text_of(in_voice(ask, voice, context.lead_in) for ask in asks)


def _main(context: DraftContext) -> list[Ask]:
    about = the_challenge(context)
    day = in_words(context.as_at)
    reviewers = context.challenge.preset.reviewers
    plan = f"the action plan that answers {about}"
    progress = Ask("note", f"the progress on the action plan as it stood on {day}")
    found: list[Ask] = []
    match context.step.purpose:
        case Purpose.COMMENT:
            found = [
                _first_look(context),
                Ask("provide", "comments on the action plan", _to(context)),
            ]
        case Purpose.APPROVE if is_approved(context):
            found = [Ask("endorse", f"the progress on the action plan as it stood on {day}")]
        case Purpose.APPROVE:
            found = [
                Ask("receive", f"the {reviewers}’ report on {about}"),
                Ask("approve", plan, _as_appended(context)),
            ]
        case Purpose.RECOMMEND:
            to = f" to {context.later[0].body.in_sentences}" if context.later else ""
            what = "approval of the action plan"
            found = [_first_look(context), Ask("recommend", what, to)]
        case Purpose.MONITOR:
            found = [
                progress,
                Ask("name", "the actions that it wishes to look at in more detail"),
            ]
        case Purpose.PUBLISH:
            later = (
                f", pending approval by {at_meeting(context.later[-1])}" if context.later else ""
            )
            found = [Ask("agree", "the provisional publication of the action plan", later)]
        case Purpose.RECEIVE:
            found = [Ask("receive", f"the {reviewers}’ report on {about}"), progress]
        case _:
            found = [progress]
    if context.step.takes_comments and context.earlier:
        bodies = list(
            dict.fromkeys(
                step.body.name for step in context.earlier if step.purpose != Purpose.PUBLISH
            )
        )
        if bodies:
            found.insert(0, Ask("consider", f"the comments of {listed(bodies)}"))
    return found


def _review(context: DraftContext) -> list[Ask]:
    """What is asked of a progress review that the body has not heard of: its findings first."""
    told = context.review
    if told is None or not review.is_news(context):
        return []
    decides = context.step.purpose in (Purpose.APPROVE, Purpose.RECEIVE)
    reviewers = context.challenge.preset.reviewers
    took_place = review.when(context).removeprefix("from ").removeprefix("on ")
    verb = "receive" if decides else "note"
    found = [Ask(verb, f"the findings of the {reviewers}’ progress review of {took_place}")]
    if not decides:
        return found
    if told.suggestions:
        refs = listed([one.ref for one in told.suggestions])
        many = len(told.suggestions) > 1
        what = f"the addition of the {reviewers}’ suggestion{'s' if many else ''} {refs}"
        found.append(Ask("agree", what, " to the action plan"))
    if not review.is_published(context):
        found.append(Ask("agree", "the publication of the report of the progress review"))
    return found


def _first_look(context: DraftContext) -> Ask:
    """The report itself before the plan is approved, its progress afterwards."""
    if is_approved(context):
        day = in_words(context.as_at)
        return Ask("note", f"the progress on the action plan as it stood on {day}")
    reviewers = context.challenge.preset.reviewers
    return Ask("note", f"the recommendations of the {reviewers}")


def _to(context: DraftContext) -> str:
    if not context.later:
        return ""
    return f", to go with the report to {at_meeting(context.later[0])}"


def _as_appended(context: DraftContext) -> str:
    return f", as it stood on {in_words(context.as_at)}"


def _decisions(context: DraftContext) -> list[Ask]:
    """What red actions ask of members: to decide where the body decides, to note elsewhere."""
    word = lower(context.words.action)
    sought = [
        action
        for action in context.exceptions.red
        if action.update is not None and action.update.decision_sought
    ]
    silent = [action for action in context.exceptions.red if action not in sought]
    found: list[Ask] = []
    decides = context.step.purpose == Purpose.APPROVE
    if decides and len(sought) <= MOST_DECISIONS:
        for action in sought:
            assert action.update is not None
            asked = one_line(action.update.decision_sought)
            found.append(
                Ask(
                    "agree",
                    f"the decision sought on {word} {action.ref} ({clipped(action.title, 120)})",
                    f": {asked}",
                )
            )
    elif sought:
        refs = listed([action.ref for action in sought])
        verb = "agree" if decides else "note"
        several = len(sought) > 1
        found.append(
            Ask(
                verb,
                f"the decision{'s' if several else ''} sought on {word}{'s' if several else ''} "
                f"{refs}",
            )
        )
    if silent:
        refs = listed([action.ref for action in silent])
        several = len(silent) > 1
        are = "are" if several else "is"
        found.append(Ask("note", f"that {word}{'s' if several else ''} {refs} {are} off track"))
    return found


def _dates(context: DraftContext) -> list[Ask]:
    """The later dates given since the body last saw the plan, which some bodies approve."""
    changes = context.since.changes
    if changes is None or context.step.purpose not in (Purpose.APPROVE, Purpose.MONITOR):
        return []
    moved = [
        each.after
        for each in changes.dates_moved
        if (each.days_moved or 0) > 0 and each.after is not None and each.after.is_open
    ]
    if not moved:
        return []
    word = lower(context.words.action)
    if len(moved) == 1:
        due = day_in_words(moved[0].due) if moved[0].due else ""
        return [Ask("agree", f"the later date of {word} {moved[0].ref}", f", {due}")]
    refs = listed([action.ref for action in moved])
    return [Ask("agree", f"the later dates of {number(len(moved))} {word}s: {refs}")]
