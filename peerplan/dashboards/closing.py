"""What is left to do before a plan closes, and what a closing letter says to begin with."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.models import Extension
from actions.position import ActionPosition, Position, RecommendationPosition
from actions.sentences import capital, counted, listed, listed_but, number
from actions.services.closing import UNFINISHED_STATES
from actions.states import Closure
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.ratings import Status
from peerplan.papers.models import Question
from reviews.deadlines import days_on_site
from reviews.models import ClosingLetter, PeerChallenge


@dataclass(frozen=True)
class Check:
    """One line of the checklist. `must` says that the plan cannot close without it."""

    key: str
    label: str
    words: str
    is_done: bool
    must: bool


@dataclass(frozen=True)
class Checklist:
    """All that is asked before a plan closes, what must be first."""

    checks: tuple[Check, ...]
    unfinished: tuple[str, ...]
    open_recommendations: tuple[RecommendationPosition, ...]

    @property
    def may_close(self) -> bool:
        """True where nothing is left that must be done."""
        return all(check.is_done for check in self.checks if check.must)


def checklist(
    challenge: PeerChallenge,
    position: Position,
    letter: ClosingLetter | None,
    following: Sequence[PeerChallenge],
    *,
    reads_exempt: bool,
) -> Checklist:
    """The checklist of `challenge` (2 queries). `position` is whole, exempt parts too.

    Exempt actions count for everybody; only those who `reads_exempt` are told which they are.
    """
    left = [each for each in position.actions if each.state in UNFINISHED_STATES]
    claimed = [each for each in left if each.status == Status.CLAIMED]
    still = [each for each in left if each.status != Status.CLAIMED]

    def named(actions: Sequence[ActionPosition]) -> str:
        seen = [each.ref for each in actions if reads_exempt or not each.is_exempt]
        return listed_but(seen, len(actions) - len(seen))

    open_recommendations = tuple(each for each in position.recommendations if not each.is_closed)
    waiting = Extension.objects.filter(
        action__challenge=challenge, decision=Extension.Decision.WAITING
    ).count()
    asked = Question.objects.filter(challenge=challenge, closed_at__isnull=True).count()
    found = [
        Check(
            "actions",
            "Every action is finished or goes on elsewhere",
            f"{counted(len(still), 'action').capitalize()} left: {named(still)}."
            if still
            else "None is left.",
            not still,
            must=True,
        ),
        Check(
            "claims",
            "Every claim is checked by a second person",
            f"{counted(len(claimed), 'claim').capitalize()} left: {named(claimed)}."
            if claimed
            else "None waits.",
            not claimed,
            must=True,
        ),
        Check(
            "dates",
            "No later date waits for approval",
            f"{counted(waiting, 'request').capitalize()} waits."
            if waiting == 1
            else f"{counted(waiting, 'request').capitalize()} wait.",
            not waiting,
            must=True,
        ),
        Check(
            "recommendations",
            "Every recommendation is closed",
            f"Open: {listed([each.ref for each in open_recommendations])}."
            if open_recommendations
            else "All are closed.",
            not open_recommendations,
            must=False,
        ),
        Check(
            "questions",
            "Members’ questions are closed",
            f"{counted(asked, 'question').capitalize()} open." if asked else "None is open.",
            not asked,
            must=False,
        ),
        _review(challenge),
        Check(
            "letter",
            "The closing letter is written",
            "Written." if letter else "Not written yet.",
            letter is not None,
            must=False,
        ),
        Check(
            "next",
            "The next challenge is linked",
            listed([each.title for each in following]) + "."
            if following
            else "None is linked. It is due within five years of this one.",
            bool(following),
            must=False,
        ),
    ]
    return Checklist(tuple(found), tuple(each.ref for each in left), open_recommendations)


def _review(challenge: PeerChallenge) -> Check:
    """Whether the peers came back and their report was published, as far as the rules ask."""
    asked = {rule.done_by for rule in challenge.deadlines_from.rules}
    came = challenge.review_from is not None
    published = challenge.review_report_published_on
    words = "No progress review is recorded."
    if came and published:
        words = f"Its report was published on {day_in_words(published)}."
    elif came and challenge.review_from:
        words = f"It began on {day_in_words(challenge.review_from)}; its report is not published."
    if "review_from" not in asked:
        words = "The deadlines of this challenge ask for none."
    needs_report = "review_report_published_on" in asked
    done = "review_from" not in asked or (came and (bool(published) or not needs_report))
    return Check("review", "The progress review is held and published", words, done, must=False)


def first_letter(challenge: PeerChallenge, position: Position) -> tuple[str, str]:
    """The words a letter begins with, and those on what carries on: figures of the position."""
    visit = days_on_site(challenge.on_site_from, challenge.on_site_to)
    closed = sum(each.is_closed for each in position.recommendations)
    total = counted(len(position.recommendations), "recommendation")
    done = position.counts[Status.COMPLETE]
    on = position.counts[Status.BUSINESS_AS_USUAL]
    paragraphs = [
        f"We write to close the action plan that answered the {challenge.preset.label} of {visit}.",
        f"Of {total}, {number(closed) if closed else 'none'} {'is' if closed == 1 else 'are'} "
        "closed. What became of each, with the evidence, follows.",
    ]
    if position.total:
        paragraphs.append(
            f"{capital(counted(done, 'action'))} {'was' if done == 1 else 'were'} completed and "
            f"checked by a second person; {counted(on, 'action')} moved into normal work."
        )
    return "\n\n".join(paragraphs), "\n".join(f"- {line}" for line in carrying_on(position))


def carrying_on(position: Position) -> list[str]:
    """A line for each action that goes on, and where: in normal work or in another plan."""
    lines = []
    for action in position.actions:
        update = action.update
        if update is None or update.closure not in (Closure.BUSINESS_AS_USUAL, Closure.CARRIED):
            continue
        where = f": {update.closure_note}" if update.closure_note else ""
        by = f" ({update.closure_agreed_by})" if update.closure_agreed_by else ""
        lines.append(f"{action.ref} {action.title}{where}{by}")
    return lines
