"""What is drafted of the progress review: who came back, what they saw, what they suggest.

Nothing is drafted before the peers' words are checked and locked: a paper would publish them.
"""

from actions.ratings_then import RatingThen
from actions.sentences import capital, counted, listed, number
from actions.states import worst
from peerplan.core import clock
from peerplan.papers.drafting.context import DraftContext, lower
from peerplan.papers.drafting.phrases import (
    bullets,
    ended,
    further,
    one_line,
    sentence,
    text_of,
)
from peerplan.render.appendix import Status as Printed
from peerplan.render.report import Block, Cell, DataTable, TableColumn
from reviews.deadlines import days_on_site, in_words
from reviews.models import Finding, Recommendation
from reviews.progress_reading import FindingRead, came_before

PROGRESS_SEEN = frozenset({Finding.Progress.DONE, Finding.Progress.GOOD, Finding.Progress.SOME})
"""Degrees of which a paper says that the peers saw progress; of little it says just that."""


def when(context: DraftContext) -> str:
    """The days of the review after "took place".

    "from 1 to 3 April 2025", "on 1 and 2 April 2025", "on 1 April 2025".
    """
    first = context.challenge.review_from
    if first is None:
        return ""
    last = context.challenge.review_to or first
    days = days_on_site(first, last)
    if (last - first).days > 1:
        return f"from {days}"
    return f"on {days.replace(' to ', ' and ')}"


def is_news(context: DraftContext) -> bool:
    """True where this body has had no paper since the words of the review were locked."""
    told = context.review
    if told is None or told.review.locked_on is None:
        return False
    return context.seen is None or clock.day_of(context.seen.issued_at) <= told.review.locked_on


def is_published(context: DraftContext) -> bool:
    """True where the report of the review is out by the day of the meeting."""
    published = context.challenge.review_report_published_on
    return published is not None and published <= context.told_on


def team(context: DraftContext) -> str:
    """When the review took place and who came back."""
    told = context.review
    if told is None:
        return ""
    reviewers = context.challenge.preset.reviewers
    opening = f"The progress review took place {when(context)}."
    if not told.peers:
        return opening
    word = context.challenge.preset.team_word.lower()
    who = f"These members of the {word} of the {context.challenge.preset.visit} came back"
    if not came_before(told.peers, context.team):
        who = f"The {reviewers} who came were"
    return text_of((f"{opening} {who}:", bullets(str(peer) for peer in told.peers)))


def themes(context: DraftContext) -> str:
    """The headings of the review's own report, and what the peers wrote under each."""
    told = context.review
    if told is None or not told.themes:
        return ""
    titles = [one_line(theme.title) for theme in told.themes]
    opening = "The review looked at the recommendations under one heading:"
    if len(titles) > 1:
        opening = f"The review looked at the recommendations under {number(len(titles))} headings:"
    parts = [opening, bullets(titles)]
    for theme in told.themes:
        if theme.text:
            parts += [f"# {one_line(theme.title)}", *_quoted(theme.text)]
    return text_of(parts)


def summary(context: DraftContext) -> str:
    """How many recommendations the council reported progress on, and on how many peers saw it."""
    told = context.review
    if told is None:
        return ""
    reviewers = context.challenge.preset.reviewers
    parts = [_counts(context)]
    if told.review.summary:
        parts += [f"Overall, the {reviewers} found:", *_quoted(told.review.summary)]
    if told.review.report_url:
        # On the last line of a paragraph, where no full stop can be taken as part of the address.
        parts.append(f"Their full report can be read at {told.review.report_url}")
    return text_of(parts)


def _counts(context: DraftContext) -> str:
    told = context.review
    assert told is not None
    rows = [row for row in told.rows if row.recommendation.kind != Recommendation.Kind.OBSERVATION]
    if not rows or not told.found:
        return ""
    total, reviewers = len(rows), context.challenge.preset.reviewers
    seen = sum(1 for row in rows if row.finding and row.finding.progress in PROGRESS_SEEN)
    word = lower(context.words.recommendation)
    then = context.ratings_then
    said = f"Out of {counted(total, word)}, "
    if then is not None:
        begun = sum(1 for row in rows if then.of(row.recommendation.pk).has_begun)
        said += (
            "the council’s action plan reported work under way or done on "
            f"{_of_all(begun, total)}, and "
        )
    said += f"the {reviewers} saw progress on {_of_all(seen, total)}."
    degrees = [
        f"{lower(label)} on {number(count)}"
        for label, count in told.counts
        if label != Finding.Progress.NOT_SAID.label
    ]
    if degrees:
        said += f" By {word}, they saw: {listed(degrees)}."
    if then is not None:
        when = ", which had been released when the review began" if then.was_read else ""
        said += f" The plan is that of the position at {in_words(then.release.as_at)}{when}."
    return said


def _of_all(count: int, total: int) -> str:
    if count == total:
        return {1: "it", 2: "both of them"}.get(total, f"all {number(total)}")
    return "none of them" if not count else f"{number(count)} of them"


def findings(context: DraftContext) -> str:
    """What the peers saw of each recommendation, in their words."""
    told = context.review
    if told is None or not told.found:
        return ""
    reviewers = context.challenge.preset.reviewers
    parts = [f"What the {reviewers} saw of each recommendation, in their words:"]
    for row in told.found:
        parts += _finding(row, context)
    return text_of(parts)


def _finding(row: FindingRead, context: DraftContext) -> list[str]:
    assert row.finding is not None
    name = f"{context.words.recommendation} {row.recommendation.ref}"
    title = one_line(row.recommendation.title).rstrip(".")
    said = f"{name} ({title}): {lower(row.finding.get_progress_display())}."
    return [said, *_quoted(row.finding.words)]


def findings_beside(context: DraftContext) -> tuple[Block, ...]:
    """A table of what the peers saw beside the council's rating released when they came."""
    told = context.review
    if told is None or not told.found:
        return ()
    then = context.ratings_then
    reviewers = context.challenge.preset.reviewers
    columns = [
        TableColumn(context.words.recommendation, 4),
        TableColumn(f"What the {reviewers} saw", 2),
    ]
    caption = f"Progress that the {reviewers} saw"
    if then is not None:
        caption += f", beside the council’s rating at {in_words(then.release.as_at)}"
        columns += [TableColumn("The council’s own status", 3), TableColumn("Its actions", 3)]
    rows = []
    for row in told.found:
        assert row.finding is not None
        cells = [
            Cell(f"{row.recommendation.ref} {one_line(row.recommendation.title)}"),
            Cell(row.finding.get_progress_display()),
        ]
        if then is not None:
            cells += _rated(then.of(row.recommendation.pk), context)
        rows.append(tuple(cells))
    return (DataTable(caption, tuple(columns), rows),)


def _rated(rating: RatingThen, context: DraftContext) -> list[Cell]:
    own = Cell("None given")
    if rating.own:
        own = Cell("", Printed(rating.own.status, context.label(rating.own.status)))
    actions = Cell("No actions then")
    most = worst([action.status for action in rating.actions if action.is_counted])
    if most is not None:
        counts = context.counts(rating.counts)
        actions = Cell(counts, Printed(str(most), context.label(most)))
    return [own, actions]


def suggestions(context: DraftContext) -> str:
    """The suggestions of the review, each under the recommendation that it follows."""
    told = context.review
    if told is None or not told.suggestions:
        return ""
    reviewers = context.challenge.preset.reviewers
    made = "one suggestion, which stands"
    if len(told.suggestions) > 1:
        made = f"{number(len(told.suggestions))} suggestions, each of which stands"
    follows = f"the {lower(context.words.recommendation)} that it follows"
    parts = [f"The {reviewers} made {made} in the plan under {follows}:"]
    for row in told.rows:
        for one in row.suggestions:
            parts += _suggestion(one, row.recommendation, context)
    return text_of(parts)


def _suggestion(one: Recommendation, under: Recommendation, context: DraftContext) -> list[str]:
    follows = f"{lower(context.words.recommendation)} {under.ref}"
    said = f"Suggestion {one.ref}, under {follows}: {sentence(one.title)}"
    answered = f"The council’s response: {ended(lower(one.get_response_display()))}"
    if one.response and one.response_reason:
        answered += f" {sentence(one.response_reason)}"
    return [said, *_quoted(one.wording), f"> {capital(answered)}" if one.response else ""]


def _quoted(text: str) -> list[str]:
    """The peers' paragraphs, each without a number of its own; lists stay lists."""
    parts = [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return [further(part) for part in parts]
