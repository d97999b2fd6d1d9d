"""What is drafted about the visit: background, team, what the peers praised, said and asked."""

from datetime import date

from actions.position import RecommendationPosition
from actions.sentences import capital, counted, listed
from peerplan.papers.drafting import review
from peerplan.papers.drafting.ahead import is_approved
from peerplan.papers.drafting.context import DraftContext
from peerplan.papers.drafting.phrases import (
    bullets,
    ended,
    further,
    one_line,
    sentence,
    text_of,
    the_challenge,
)
from peerplan.papers.models import RouteStep
from reviews.deadlines import days_on_site, in_words
from reviews.models import Conclusion, Recommendation, Theme


def background(context: DraftContext) -> str:
    """The visit, its report, the plan that answers it, where it went, and the progress review."""
    return text_of(
        (_visit(context), _report(context), _plan(context), _went_to(context), _review(context))
    )


def _visit(context: DraftContext) -> str:
    challenge, preset = context.challenge, context.challenge.preset
    first, last = challenge.on_site_from, challenge.on_site_to
    days = days_on_site(first, last)
    when = f"on {days}" if first == last else f"from {days}"
    if first > context.as_at:
        return (
            f"{capital(the_challenge(context))} of {context.council.name} will take place {when}."
        )
    number = (last - first).days + 1
    spent = (
        ""
        if first == last
        else f", when the {preset.reviewers} spent {counted(number, 'day')} with the council"
    )
    team = context.team
    size = f" The team had {counted(len(team), 'member')}." if len(team) > 1 else ""
    return (
        f"{capital(the_challenge(context))} of {context.council.name} took place {when}"
        f"{spent}.{size}"
    )


def _report(context: DraftContext) -> str:
    challenge = context.challenge
    reviewers = challenge.preset.reviewers
    received, published = challenge.report_received_on, challenge.report_published_on
    has_received = received is not None and received <= context.as_at
    has_published = published is not None and published <= context.as_at
    if received and published and has_received and has_published:
        return (
            f"The council received the {reviewers}’ report on {in_words(received)} and published "
            f"it on {in_words(published)}."
        )
    if published and has_published:
        return f"The council published the {reviewers}’ report on {in_words(published)}."
    if received and has_received:
        later = f" It is to be published on {in_words(published)}." if published else ""
        return f"The council received the {reviewers}’ report on {in_words(received)}.{later}"
    return ""


def _plan(context: DraftContext) -> str:
    position = context.position
    rows = position.recommendations
    suggested = sum(1 for row in rows if row.kind == Recommendation.Kind.SUGGESTION)
    answers = counted(len(rows) - suggested, "recommendation")
    if suggested:
        answers += f" and {counted(suggested, 'suggestion')} of the progress review"
    size = f"{counted(position.total, 'action')} in answer to {answers}"
    approved = context.challenge.plan_approved_on
    if approved and is_approved(context):
        return (
            f"The action plan was approved on {in_words(approved)}. At "
            f"{in_words(context.as_at)} it has {size}."
        )
    if not position.total:
        return ""
    return f"The draft action plan has {size}. It has not been approved yet."


def _went_to(context: DraftContext) -> str:
    went = [step for step in context.considered if step.meeting]
    if not went:
        return ""
    return f"The plan has been considered by {listed([_considered(step) for step in went])}."


def _considered(step: RouteStep) -> str:
    assert step.meeting is not None
    is_told = step.minute_number and step.outcome_paragraph is None
    minute = f" (minute {one_line(step.minute_number)})" if is_told else ""
    return f"{step.body.name} on {in_words(step.meeting.on)}{minute}"


def _review(context: DraftContext) -> str:
    challenge = context.challenge
    first = challenge.review_from
    if first is None:
        return ""
    when = review.when(context)
    reviewers = challenge.preset.reviewers
    # Figures may be older than the review of which the paper tells.
    told_on = context.told_on if context.review else context.as_at
    if first > told_on:
        return f"The {reviewers} will come back for a progress review {when}."
    told = f"The {reviewers} came back for a progress review {when}."
    if review.is_news(context):
        told += (
            f" In a progress review the {reviewers} look at what the council has done about each "
            "recommendation since the visit, and say what they saw of it."
        )
    return f"{told} {_published(challenge.review_report_published_on, told_on)}".strip()


def _published(published: date | None, as_at: date) -> str:
    if published is None or published > as_at:
        return ""
    return f"Their report on it was published on {in_words(published)}."


def team(context: DraftContext) -> str:
    """The peers by name, role and organisation; nothing where none is recorded."""
    if not context.team:
        return ""
    challenge = context.challenge
    days = days_on_site(challenge.on_site_from, challenge.on_site_to)
    opening = f"The {context.challenge.preset.team_word.lower()} on site"
    when = f"on {days}" if challenge.on_site_from == challenge.on_site_to else f"from {days}"
    verb = "was" if challenge.on_site_from <= context.as_at else "will be"
    return text_of((f"{opening} {when} {verb}:", bullets(str(member) for member in context.team)))


def praised(context: DraftContext) -> str:
    """The strengths that the peers saw, under their themes; nothing where none is recorded."""
    groups = []
    for theme in context.themes:
        for said in theme.said:
            if said.points and said.points[0].kind == Conclusion.Kind.STRENGTH:
                groups.append((theme.title, [ended(point.text) for point in said.points]))
    if not groups:
        return ""
    reviewers = context.challenge.preset.reviewers
    number = sum(len(points) for _, points in groups)
    parts = [f"The {reviewers} recognised {counted(number, 'strength')}:"]
    for title, points in groups:
        if title:
            parts.append(f"# {one_line(title)}")
        parts.append(bullets(points))
    return text_of(parts)


def themes(context: DraftContext) -> str:
    """The themes of the visit: the usual ones, the council's own, and those across all."""
    found: dict[str, list[str]] = {}
    for theme in context.themes:
        if theme.title:
            found.setdefault(theme.kind_label, []).append(one_line(theme.title))
    if not found:
        return ""
    reviewers = context.challenge.preset.reviewers
    parts: list[str] = []
    openings = {
        Theme.Kind.CORE.label: f"The {reviewers} looked at {{count}}:",
        Theme.Kind.OWN.label: "The council also asked them to look at:",
        Theme.Kind.FOCUS.label: f"Across the themes the {reviewers} looked at:",
    }
    for label, opening in openings.items():
        titles = found.get(label, [])
        if not titles:
            continue
        if label == Theme.Kind.OWN.label and not parts:
            opening = f"The {reviewers} looked at {{count}}:"
        number = counted(len(titles), "core theme" if label == Theme.Kind.CORE.label else "theme")
        parts += [opening.format(count=number), bullets(titles)]
    return text_of(parts)


KINDS = (
    (Recommendation.Kind.KEY, "key recommendation"),
    (Recommendation.Kind.FURTHER, "further recommendation"),
    (Recommendation.Kind.OBSERVATION, "observation"),
    (Recommendation.Kind.SUGGESTION, "suggestion of the progress review"),
)
"""The kinds that are the peers' own words, in the order in which papers give them."""


def recommendations_of_peers(context: DraftContext) -> str:
    """Every recommendation in the peers' words, by kind; those added locally are not theirs."""
    parts: list[str] = []
    reviewers = context.challenge.preset.reviewers
    for kind, name in KINDS:
        rows = [each for each in context.position.recommendations if each.kind == kind]
        if not rows:
            continue
        many = name.replace("suggestion of", "suggestions of") if kind == "suggestion" else ""
        verb = "made" if kind != Recommendation.Kind.OBSERVATION else "recorded"
        parts.append(f"The {reviewers} {verb} {counted(len(rows), name, many)}:")
        for row in rows:
            parts += _in_their_words(row, context)
    return text_of(parts)


def _in_their_words(row: RecommendationPosition, context: DraftContext) -> list[str]:
    """The number and heading with the first paragraph; further paragraphs take no number."""
    name = {
        Recommendation.Kind.OBSERVATION: "Observation",
        Recommendation.Kind.SUGGESTION: "Suggestion",
    }.get(Recommendation.Kind(row.kind), context.words.recommendation)
    paragraphs = [one for one in row.wording.replace("\r\n", "\n").split("\n\n") if one.strip()]
    first = one_line(paragraphs[0]) if paragraphs else ""
    title = one_line(row.title)
    opens = first.casefold().startswith(title.casefold().rstrip("."))
    heading = "" if opens else sentence(title)
    said = f"{name} {row.ref}: {heading} {first}".replace("  ", " ").strip()
    return [said, *(further(one) for one in paragraphs[1:])]
