"""What is drafted of the questions that members of the body asked, and of what was answered."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from actions.models import Visibility
from actions.sentences import clipped, counted, listed
from peerplan.core import clock
from peerplan.papers.drafting.context import DraftContext, lower
from peerplan.papers.drafting.phrases import bullets, one_line, text_of
from peerplan.papers.models import Meeting, Question, QuestionEntry
from peerplan.papers.question_reading import ASKED, Said, paragraph_of, said_of
from reviews.deadlines import in_words
from reviews.history import posts_of

Kind = QuestionEntry.Kind
# What `render.texts` reads as a sign at the beginning of a line, however many of them.
SIGNS = re.compile(r"^(?:(?:##?|[-•>])\s+)+")


@dataclass(frozen=True)
class Told:
    """A question as far as it had come: what it is on, what was said, and since which day."""

    number: int
    on: str
    lead: str
    said: tuple[Said, ...]
    since: date | None

    @property
    def is_closed(self) -> bool:
        """True where it was closed and not opened again."""
        ends = [each.kind for each in self.said if each.kind in (Kind.CLOSED, Kind.REOPENED)]
        return bool(ends) and ends[-1] == Kind.CLOSED

    @property
    def waits(self) -> bool:
        """True where an answer is still to be given."""
        calls = (*ASKED, Kind.REOPENED)
        last = [each.kind for each in self.said if each.kind in (*calls, Kind.ANSWER)][-1]
        return last in calls and not self.is_closed

    @property
    def news(self) -> tuple[Said, ...]:
        """The question, and what was said of it since the body last met."""
        return (self.said[0], *(each for each in self.said[1:] if self._is_new(each)))

    @property
    def is_news(self) -> bool:
        """True where it waits for an answer, or was answered or closed since the body last met."""
        return self.waits or any(self._is_new(each) for each in self.said)

    def _is_new(self, said: Said) -> bool:
        return self.since is None or clock.day_of(said.when) > self.since


def questions(context: DraftContext) -> str:
    """The body's questions that wait, and those answered since it last met; "" of none.

    What is not for publication, then or now, is only said to those who may read it. Four queries;
    one where nobody of the body asked anything.
    """
    rows = [row for row in _asked(context) if context.include_exempt or _is_public(row, context)]
    if not rows:
        return ""
    last = _last_meeting(context)
    posts = posts_of(context.council)
    told = [_told(row, context, posts, last.on if last else None) for row in rows]
    news = [each for each in told if each.is_news]
    parts = [_opening(news, context, last)] if news else []
    for each in news:
        parts += _thread(each)
    parts.append(_still_open([each for each in told if not each.is_news and not each.is_closed]))
    return text_of(parts)


def _until(context: DraftContext) -> datetime:
    """Up to when a paper tells: its figures, and never past its meeting."""
    if context.meeting_on is None:
        return context.known_by
    return min(context.known_by, clock.end_of(context.meeting_on))


def _asked(context: DraftContext) -> list[Question]:
    """The questions of the body on this plan, in order, with all that was said."""
    rows = (
        Question.objects.for_council(context.council)
        .filter(challenge=context.challenge, body=context.step.body_id)
        .filter(asked_at__lte=_until(context))
        .select_related("action", "recommendation")
        .prefetch_related("entries")
        .order_by("number")
    )
    return list(rows)


def _is_public(question: Question, context: DraftContext) -> bool:
    """True where neither the question nor its action is, or was, kept from the public."""
    if paragraph_of(question) is not None:
        return False
    action = question.action
    if action is None:
        return True
    then = context.whole.by_id.get(action.pk)
    return action.visibility == Visibility.PUBLIC and not (then and then.is_exempt)


def _last_meeting(context: DraftContext) -> Meeting | None:
    """The meeting of the body before the one that the paper is for."""
    rows = Meeting.objects.filter(body=context.step.body_id, called_off_at__isnull=True)
    return rows.filter(on__lt=context.meeting_on or context.as_at).order_by("-on", "-id").first()


def _told(
    question: Question, context: DraftContext, posts: dict[int, str], since: date | None
) -> Told:
    until = _until(context)
    said = [said_of(each, posts) for each in question.entries.all() if each.said_at <= until]
    on, lead = _subject(question, context)
    return Told(question.number, on, lead, tuple(said), since)


def _subject(question: Question, context: DraftContext) -> tuple[str, str]:
    """What a question is on, as the position of the paper calls it, and who leads it."""
    if question.recommendation is not None:
        word = lower(context.words.recommendation)
        row = context.position.recommendation_by_id.get(question.recommendation.pk)
        named = row or question.recommendation
        return f"{word} {named.ref} ({clipped(named.title, 120)})", ""
    assert question.action is not None, "a question is on an action or on a recommendation"
    word = lower(context.words.action)
    action = context.position.by_id.get(question.action.pk)
    if action is None:
        return f"{word} {question.action.ref}, which is no longer in the plan", ""
    return f"{word} {action.ref} ({clipped(action.title, 120)})", one_line(action.lead_role)


def _opening(news: list[Told], context: DraftContext, last: Meeting | None) -> str:
    """How many there are and how they stand, in a sentence."""
    waiting = sum(each.waits for each in news)
    done = len(news) - waiting
    since = f" since the meeting on {in_words(last.on)}" if last else ""
    stands = []
    if done:
        stands.append(f"{counted(done, 'question')} answered or closed{since}")
    if waiting:
        stands.append(
            f"{counted(waiting, 'question')} that still {'waits' if waiting == 1 else 'wait'} "
            "for an answer"
        )
    said = f"Members of {context.body} have asked about the plan. There {_be(done or waiting)} "
    return f"{said}{listed(stands)}."


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _thread(told: Told) -> list[str]:
    """The question with what was said of it, under a heading of its own."""
    parts = [f"## Question {told.number}: {one_line(told.on)}"]
    for each in told.news:
        parts += _said(each)
    if told.waits:
        parts.append(f"To be answered by: {told.lead}." if told.lead else "To be answered.")
    return parts


def _said(said: Said) -> list[str]:
    """What was said, in the words of whoever said it; further paragraphs take no number."""
    by = f"{said.label} ({one_line(said.who)}, {in_words(clock.day_of(said.when))})"
    blocks = [block for block in _blocks(said.text) if block[1]]
    if not blocks:
        return [f"{by}."]
    opening = f"{by}:"
    if not blocks[0][0]:
        opening += f" {blocks.pop(0)[1]}"
    return [opening, *(text if is_list else f"> {text}" for is_list, text in blocks)]


def _blocks(text: str) -> Iterator[tuple[bool, str]]:
    """The paragraphs of a text, on a line each, and its lists (True), as they follow."""
    for part in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        for is_list, run in groupby(lines, key=lambda line: line.startswith(("- ", "• "))):
            if is_list:
                yield True, bullets(_line(line) for line in run)
            else:
                yield False, _line(" ".join(run))


def _line(text: str) -> str:
    """The text on one line, without the signs that would make a heading or a list of it."""
    return SIGNS.sub("", " ".join(text.split()))


def _still_open(told: Iterable[Told]) -> str:
    """Which were answered before the body last met and not closed since."""
    numbers = [str(each.number) for each in told]
    if not numbers:
        return ""
    one = len(numbers) == 1
    return (
        f"{'Question' if one else 'Questions'} {listed(numbers)} {'was' if one else 'were'} "
        f"answered before the last meeting and {'has' if one else 'have'} not been closed."
    )
