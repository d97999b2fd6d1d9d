"""Small pieces of sentences that several drafts share. Pure: no database."""

import re
from collections.abc import Iterable

from actions.position import ActionPosition
from actions.sentences import capital, clipped
from peerplan.core.templatetags.parts import day_in_words
from peerplan.papers.calendar import named_day
from peerplan.papers.drafting.context import DraftContext, lower
from peerplan.papers.models import RouteStep

# What `render.texts` reads as a sign at the beginning of a line.
SIGN = re.compile(r"^[ \t]*([-•#>])[ \t]+")


def text_of(paragraphs: Iterable[str]) -> str:
    """Paragraphs as one text, empty ones left out."""
    return "\n\n".join(each for each in paragraphs if each)


def bullets(lines: Iterable[str]) -> str:
    """A list without numbers."""
    return "\n".join(f"- {one_line(line)}" for line in lines)


def one_line(text: str) -> str:
    """The text on one line and without a sign at its head, to stand within a sentence."""
    return SIGN.sub("", " ".join(text.split()))


def ended(text: str) -> str:
    """The text with a full stop where it has no mark at its end."""
    line = one_line(text)
    return line if not line or line[-1] in ".!?…:" else f"{line}."


def sentence(text: str) -> str:
    """The text as a sentence: a capital first letter and a full stop."""
    return ended(capital(one_line(text)))


def called(action: ActionPosition, context: DraftContext) -> str:
    """How an action is named in a sentence: "action 1.1 (Clear the backlog of repairs)"."""
    return f"{lower(context.words.action)} {action.ref} ({clipped(action.title, 120)})"


def due_of(action: ActionPosition) -> str:
    """The due date as it is printed, "no date" without one."""
    if action.due_words:
        return one_line(action.due_words)
    return day_in_words(action.due) if action.due else "no date"


def where_and_when(step: RouteStep) -> str:
    """A body and the day on which it meets: "Cabinet on Tuesday 24 June 2025"."""
    if step.meeting is None:
        return step.body.name
    return f"{step.body.name} on {named_day(step.meeting.on)}"


def the_challenge(context: DraftContext) -> str:
    """How a challenge is called within a sentence: "the Corporate Peer Challenge 2024"."""
    title = one_line(context.challenge.title)
    return title if title.lower().startswith("the ") else f"the {title}"


def further(paragraph: str) -> str:
    """A paragraph of somebody else's words without a number of its own; a list stays a list."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    if all(line.startswith(("- ", "• ")) for line in lines):
        return bullets(lines)
    return f"> {one_line(paragraph)}"
