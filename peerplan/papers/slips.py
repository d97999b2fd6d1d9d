"""Dates in the text of a paper that contradict the plan, the calendar or one another.

Two of five real papers carried such a slip to the agenda. A slip is pointed out, never mended: the
officer decides. Few false alarms matter more than finding every slip, so each rule asks for words
that say what a date is about. Pure.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from peerplan.papers.calendar import CouncilCalendar, named_day
from peerplan.papers.dates_in_text import Mention, mentions
from reviews.deadlines import days_on_site, in_words

NEAR = timedelta(days=14)
"""A date so near to the one that is known is taken for it, with a slip."""
SOME_MONTHS = timedelta(days=45)
BESIDE = 8
"""So many dates before and after it in its sentence are looked at together with a date."""
FAR = 1_000
"""Characters before and after a date: of a longer sentence no more is looked at."""
MOST_TWINS = 60
"""So many dates in the same month of other years are held against a date."""
MOST_READ = 500_000
"""Characters, some 250 pages: what stands after them in a paper is not looked at."""
LONG_GONE = 15
"""Years before the visit: a month so far back is rather a slip of the keyboard than history."""


@dataclass(frozen=True)
class Slip:
    """A date to look at: in which part, the words in which it stands, and what is wrong."""

    part: str
    quote: str
    words: str


@dataclass(frozen=True)
class BodyDays:
    """A body by the names that papers give it, and the days on which it meets."""

    names: tuple[str, ...]
    days: frozenset[date]
    title: str = ""


@dataclass(frozen=True)
class Hidden:
    """An action that is not for publication, with what was last said of it."""

    ref: str
    title: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanFacts:
    """What is known of the days that a paper may mention.

    `visits` are periods of the peers, the visit first, with what they are called; `due` are the
    days that an action of that reference is known by: the due date first, then the original one,
    later moves and milestones. `positions` are days as at which figures were given.
    """

    as_at: date
    meeting_on: date | None
    body: str
    visits: tuple[tuple[str, date, date], ...] = ()
    report_published_on: date | None = None
    report_received_on: date | None = None
    plan_approved_on: date | None = None
    review_report_published_on: date | None = None
    bodies: tuple[BodyDays, ...] = ()
    due: Mapping[str, tuple[date, ...]] | None = None
    positions: frozenset[date] = frozenset()
    horizon: int = 0
    publish_by: date | None = None
    calendar: CouncilCalendar = field(default_factory=CouncilCalendar)

    @property
    def near(self) -> date:
        """The day to which a date without a year is taken to be near."""
        return self.meeting_on or self.as_at


@dataclass(frozen=True)
class _Place:
    """A date in its sentence: `lead` are the words since the date before it, `tail` those after.

    `others` are the dates around it in the same sentence.
    """

    part: str
    sentence: str
    mention: Mention
    lead: str
    tail: str
    others: tuple[Mention, ...]

    @property
    def about(self) -> str:
        """The words that say what the date is about."""
        return self.lead if len(self.lead.strip()) > 10 else f"{self.lead} {self.tail}"

    @property
    def quote(self) -> str:
        """The date with some words before it, as they stand in the text."""
        words = self.lead[-60:]
        if len(self.lead) > 60 and " " in words:
            words = words[words.index(" ") + 1 :]
        return " ".join(f"{words}{self.mention.text}".split())

    def slip(self, words: str) -> Slip:
        return Slip(self.part, self.quote, words)


def slips(texts: Iterable[tuple[str, str]], facts: PlanFacts) -> tuple[Slip, ...]:
    """What to look at in texts, each given with the name of its part, in the order of the texts.

    A date is pointed out once, for the plainest of what is wrong with it.
    """
    places = _Places(place for part, text in _within(texts) for place in _places(part, text, facts))
    found = []
    for place in places:
        for rule in RULES:
            words = rule(place, facts, places)
            if words:
                found.append(place.slip(words))
                break
    return tuple(dict.fromkeys(found))


def _within(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The texts up to `MOST_READ` characters in all."""
    left = MOST_READ
    for part, text in texts:
        yield part, text[:left]
        left = max(0, left - len(text))


class _Places(tuple[_Place, ...]):
    """All dates of a paper, with what rules ask of them as a whole worked out once."""

    @cached_property
    def years(self) -> Counter[int]:
        """How many dates name a year, by the year."""
        return Counter(each.mention.first.year for each in self if each.mention.has_year)

    @cached_property
    def twins(self) -> Mapping[int, Mapping[int, Sequence[tuple[_Place, frozenset[str]]]]]:
        """The first `MOST_TWINS` days and months with a year, by month and year, with stems."""
        found: dict[int, dict[int, list[tuple[_Place, frozenset[str]]]]] = {}
        for each in self:
            if each.mention.has_year and each.mention.precision != "part":
                first = each.mention.first
                rows = found.setdefault(first.month, {}).setdefault(first.year, [])
                if len(rows) < MOST_TWINS:
                    rows.append((each, _stems(each.sentence)))
        return found


# --- What is not for publication any more -------------------------------------------------------

TELLS = (
    "This comes from an action that is not for publication. Take it out, or mark the part as not "
    "for publication."
)
SHORTEST_TITLE = 10
LONGEST_TITLE = 100
"""Drafts shorten what is longer than a little more."""
SHORTEST_SENTENCE = 25


def told_of(texts: Iterable[tuple[str, str]], hidden: Sequence[Hidden]) -> Iterator[Slip]:
    """Where public texts tell of actions that are not for publication: one slip for each.

    An action may have been public when a text was drafted from it. A text is looked through for
    its title, its reference, and the sentences that were last said of it.
    """
    looked_for = [(_words_of(each), _reference(each.ref)) for each in hidden]
    for part, text in texts if looked_for else ():
        flat = " ".join(text.split())
        folded = flat.casefold()
        for words, reference in looked_for:
            found = next((each for each in words if each in folded), "")
            if not found and (match := reference.search(flat)):
                found = match[0]
            if found:
                yield Slip(part, found, TELLS)


def _words_of(action: Hidden) -> list[str]:
    """The title and the sentences that nobody writes by chance, as they are compared."""
    said = [" ".join(action.title.casefold().split())[:LONGEST_TITLE]]
    kept = [each for each in said if len(each) >= SHORTEST_TITLE]
    for text in action.words:
        for sentence in re.split(r"(?<=[.!?])\s+", text.casefold()):
            plain = " ".join(sentence.split()).rstrip(".!?")
            if len(plain) >= SHORTEST_SENTENCE:
                kept.append(plain)
    return kept


def _reference(ref: str) -> re.Pattern[str]:
    """The reference after the word for it: "actions 1.1, 1.2 and 1.3"."""
    # Between them may stand other references, in one list.
    listed = r"(?:(?:and|(?=\w{0,8}\d)[\w.]{1,16}),? ){0,20}"
    ends = r"(?![\w%]|[.,]\d)"
    return re.compile(rf"\bactions? {listed}{re.escape(ref)}{ends}", re.IGNORECASE)


# --- Reading ------------------------------------------------------------------------------------

# A single line break goes on with the paragraph unless the next line begins with a sign.
_SENTENCE_ENDS = re.compile(
    r"(?<=[.!?;])\s+(?=[A-Z“\"(])|\r?\n\s*\n|\r?\n(?=[ \t]*(?:[-•·#>]|[a-z]?\d*[.)]))"
)


def _places(part: str, text: str, facts: PlanFacts) -> Iterator[_Place]:
    for sentence in _SENTENCE_ENDS.split(text):
        found = mentions(sentence, facts.near)
        for number, mention in enumerate(found):
            begins = found[number - 1].end if number else 0
            ends = found[number + 1].start if number + 1 < len(found) else len(sentence)
            around = slice(max(0, mention.start - FAR), mention.end + FAR)
            yield _Place(
                part,
                sentence if len(sentence) <= FAR else sentence[around],
                mention,
                sentence[begins : mention.start],
                sentence[mention.end : ends],
                found[max(0, number - BESIDE) : number] + found[number + 1 : number + 1 + BESIDE],
            )


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


# --- The rules: what is wrong, or "" ------------------------------------------------------------


def no_such_day(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """A day that does not exist."""
    wrong = place.mention.wrong
    return f"There is no such day: {wrong}." if wrong else ""


def wrong_weekday(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """A weekday that is not that of the date."""
    mention = place.mention
    for day, written in ((mention.first, mention.weekday), (mention.last, mention.last_weekday)):
        if written is not None and day.weekday() != written:
            return f"{in_words(day)} is a {day:%A}."
    return ""


VISITING = (
    r"on[- ]site|took place|take place|\bvisit(?:ed|s)?\b|undert(?:ook|aken)|carried out|spent|"
    r"\bcame (?:to|back)|returned|was held|peers (?:were|came)"
)
VISITORS = r"peer|challenge|\bLGA\b|\bCPC\b|inspect|\bvisit|\breview team|progress review"
NOT_THE_VISIT = (
    r"report|publish|approv|consider|agreed?\b|received|interim|draft|\bdue\b|deadline|before|"
    r"ahead of|prior|prepar|self-assessment|months after|weeks after|\bby\b|since|until|meeting|"
    r"election|budget|workshop|training|survey|audit"
)
ANOTHER_TIME = r"\b(?:last|previous|previously|earlier|first|original|next|former|five years)\b"


def other_visit(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """Days of the visit, or of the progress review, that are not those on which it was."""
    mention = place.mention
    if not (_has(VISITING, place.about) and _has(VISITORS, place.sentence)):
        return ""
    if _has(NOT_THE_VISIT, place.about) or any(_is_visit(m, facts) for m in place.others):
        return ""
    if _is_visit(mention, facts):
        return ""
    meant = _meant(place, facts)
    return f"The plan says that {meant[0]} was {_from_to(meant[1], meant[2])}." if meant else ""


def _is_visit(mention: Mention, facts: PlanFacts) -> bool:
    """Whether it is the days of a visit, a day of it, or the month in which it was."""
    for _, first, last in facts.visits:
        if mention.precision == "range":
            if (mention.first, mention.last) == (first, last):
                return True
        elif mention.precision == "day":
            if first <= mention.first <= last:
                return True
        elif mention.first <= last and first <= mention.last:
            return True
    return False


def _meant(place: _Place, facts: PlanFacts) -> tuple[str, date, date] | None:
    """The visit that was meant: near the day, or on the same days of another year."""
    mention = place.mention
    margin = {"day": NEAR, "range": NEAR, "month": SOME_MONTHS, "part": timedelta(days=120)}
    room = margin[mention.precision]
    for visit in facts.visits:
        _, first, last = visit
        if mention.first - room <= last and first <= mention.last + room:
            return visit
    if mention.precision == "part" or _has(ANOTHER_TIME, place.sentence):
        return None
    for visit in facts.visits:
        first = visit[1]
        same_days = (mention.first.month, mention.first.day) == (first.month, first.day)
        same_month = mention.precision == "month" and mention.first.month == first.month
        years = abs(mention.first.year - first.year)
        if same_days or (same_month and years in (1, 10, 100)):
            return visit
    return None


def _from_to(first: date, last: date) -> str:
    return f"{'on' if first == last else 'from'} {days_on_site(first, last)}"


def other_event(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """The day of a report, or of the plan's approval, that is another in the challenge's dates."""
    mention, lead = place.mention, place.about
    for known, about, words in _events(facts):
        if known is None or not about(lead, place.sentence):
            continue
        if mention.holds(known) or any(other.holds(known) for other in place.others):
            return ""
        gap = min(abs(mention.first - known), abs(mention.last - known))
        room = NEAR if mention.precision == "day" else SOME_MONTHS
        same_day = mention.precision == "day" and (
            (mention.first.month, mention.first.day) == (known.month, known.day)
        )
        if (gap <= room or same_day) and not _is_meeting(mention, facts):
            return f"The plan says that {words} on {in_words(known)}."
    return ""


def _events(facts: PlanFacts) -> Iterator[tuple[date | None, "_About", str]]:
    others = (
        r"agenda|minutes?\b|decision|notice|budget|strategy|provisional|will be|to be|"
        r"\bdue\b|\bby\b"
    )
    report = _About(r"report|findings|feedback", r"publish", rf"{others}|receiv|progress review")
    yield facts.report_published_on, report, "the report was published"
    received = _About(r"report|findings|feedback", r"receiv", rf"{others}|publish|progress review")
    yield facts.report_received_on, received, "the report was received"
    review = _About(r"progress review", r"publish", others)
    yield facts.review_report_published_on, review, "the report on the review was published"
    plan = _About(
        r"action plan|\bthe plan\b", r"\b(?:approved|agreed|adopted)\b", rf"{others}|publish|draft"
    )
    yield facts.plan_approved_on, plan, "the action plan was approved"


@dataclass(frozen=True)
class _About:
    """Words that must stand before a date, or about it, and words that must not."""

    thing: str
    done: str
    never: str

    def __call__(self, lead: str, sentence: str) -> bool:
        if _has(self.never, lead) or not _has(self.done, lead):
            return False
        return _has(self.thing, lead) or _has(self.thing, sentence[: len(sentence) // 2])


def _is_meeting(mention: Mention, facts: PlanFacts) -> bool:
    return any(mention.holds(day) for body in facts.bodies for day in body.days)


NOT_A_MEETING = (
    r"publish|\bdue\b|\bby\b|until|since|as at|position|figures|call-?in|notice|agenda|deadline|"
    r"signed|circulat|briefed?|receiv|visit|on site|later date|takes? effect|released?|"
    r"expected|complet|dated?\b|workshop|training"
)


def other_meeting(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """A meeting of a body on a day when it does not meet, near to one on which it does."""
    mention = place.mention
    if mention.precision != "day":
        return ""
    body, between = _body_beside(place, facts)
    if body is None or _has(NOT_A_MEETING, between) or mention.first in body.days:
        return ""
    if any(other.precision == "day" and other.first in body.days for other in place.others):
        return ""
    near = [day for day in body.days if abs(day - mention.first) <= NEAR]
    if near:
        known = min(near, key=lambda day: abs(day - mention.first))
        return f"{body.title} meets on {named_day(known)}."
    closed = facts.calendar.why_not(mention.first)
    if closed and _has(r"meeting|considered|\bon\b", f"{between} {place.lead[-12:]}"):
        why = "a bank holiday" if closed == "bank holiday" else f"a {closed}"
        if closed == "council closed":
            why = "a day on which the council is closed"
        return f"{named_day(mention.first)} is {why}, so hardly a day of a meeting."
    return ""


def _body_beside(place: _Place, facts: PlanFacts) -> tuple[BodyDays | None, str]:
    """The body whose name stands next to the date, and the words between."""
    best: tuple[int, BodyDays, str] | None = None
    for body in facts.bodies:
        for name in body.names:
            pattern = rf"\b{re.escape(name)}\b"
            before = list(re.finditer(pattern, place.lead, re.IGNORECASE))
            if before:
                between = place.lead[before[-1].end() :]
                if best is None or len(between) < best[0]:
                    best = (len(between), body, between)
            after = re.match(rf"\W{{1,3}}(?:the )?{pattern}", place.tail, re.IGNORECASE)
            if after and (best is None or after.end() < best[0]):
                best = (after.end(), body, place.lead[-25:])
    if best is None or best[0] > 45:
        return None, ""
    return best[1], best[2]


DUE_WORDS = (
    r"(?:\bdue(?: date)?(?: is| was)?(?: now| originally)?(?: on| by| in| at the end of)?|"
    r"\bdeadline(?: is| was| of)?|\b(?:complete|completed|delivered|done|finished) by"
    r"(?: the end of)?|\bextended to|\bmoved to|\bnew date(?: is| of)?)\s*:?\s*$"
)


def other_due_date(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """A due date beside the reference of an action that is another in the plan."""
    if not facts.due or not _has(DUE_WORDS, place.lead):
        return ""
    refs = [ref.lower() for ref in re.findall(r"(?<![\w.£/])[\w]+(?:\.\w+)*\b", place.lead)]
    # A bare number is a reference only after the word for it: "action 3", not "3 days".
    said = [
        ref
        for ref in refs
        if ref in facts.due
        and ("." in ref or _has(rf"\bactions?\s+{re.escape(ref)}\b", place.lead))
    ]
    if len(said) != 1:
        return ""
    days = facts.due[said[0]]
    if not days or any(place.mention.holds(day) for day in days):
        return ""
    return f"In the plan action {said[0]} is due on {in_words(days[0])}."


def other_position(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """Figures as at a day that is neither the paper's nor one of which figures are known."""
    mention = place.mention
    if mention.precision != "day":
        return ""
    said = (
        r"(?:position|figures|action plan|the plan|progress)(?: is| are| stood)?,?"
        r"(?: as)?(?: it stood)? (?:at|on)\s*$"
    )
    if not _has(said, place.lead):
        return ""
    known = {facts.as_at, *facts.positions}
    if mention.first in known or any(other.first in known for other in place.others):
        return ""
    if mention.first > facts.as_at + timedelta(days=60) or _is_meeting(mention, facts):
        return ""
    if abs(mention.first - facts.as_at) > timedelta(days=200):
        return ""
    return f"The figures of this paper are as at {in_words(facts.as_at)}."


def late_publication(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """Publication of the agenda after the last day for it."""
    if facts.publish_by is None or facts.meeting_on is None or place.mention.precision != "day":
        return ""
    if not (_has(r"agenda|\bpapers\b", place.lead) and _has(r"publish|public", place.lead)):
        return ""
    if facts.publish_by < place.mention.first < facts.meeting_on:
        return f"The last day to publish is {named_day(facts.publish_by)}."
    return ""


USUAL_WORDS = frozenset(
    "about action actions which their there these those would could should council councils "
    "plan report meeting after before place during following under other".split()
)


def other_year(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """The same thing told elsewhere in the paper for the same month of a year well apart."""
    mention = place.mention
    if not mention.has_year or mention.precision == "part" or _is_known(mention, facts):
        return ""
    years = places.twins.get(mention.first.month, {})
    others = [each for year in years if abs(year - mention.first.year) >= 2 for each in years[year]]
    mine = _stems(place.sentence) if others else frozenset()
    for other, stems in others[:MOST_TWINS]:
        twin = other.mention
        if other.sentence == place.sentence or len(mine & stems) < 3:
            continue
        if mention.precision == twin.precision == "day" and mention.first.day != twin.first.day:
            continue
        if _is_known(twin, facts) or _off(mention, facts) > _off(twin, facts):
            return f"Elsewhere in this paper it is {twin.text}."
    return ""


def far_year(place: _Place, facts: PlanFacts, places: _Places) -> str:
    """A year by itself, far from everything else in the paper and the plan."""
    mention = place.mention
    year = mention.first.year
    ahead = year - max(facts.horizon, facts.near.year + 1)
    back = min((visit[1].year for visit in facts.visits), default=facts.as_at.year) - year
    if not mention.has_year or (ahead < 2 and back <= LONG_GONE) or _is_known(mention, facts):
        return ""
    if places.years[year] > 1:
        return ""
    if ahead >= 2 and not _has(
        r"\b(?:by|until|till|to|through|before|beyond|end of|up to|than|from|next|within)\s*"
        r"(?:the end of\s*)?(?:early|mid|late)?\s*$",
        place.lead,
    ):
        return f"This is {ahead} years after everything else in the plan: is the year right?"
    if back > LONG_GONE and not _has(
        r"\bAct\b|Regulations|Order|\blaw\b|since|founded|formed|created|built|elected|history",
        place.sentence,
    ):
        return f"This is {back} years before the visit: is the year right?"
    return ""


def _is_known(mention: Mention, facts: PlanFacts) -> bool:
    """Whether the plan or the calendar knows of a day in what is mentioned."""
    days = [facts.as_at, facts.report_published_on, facts.report_received_on]
    days += [facts.plan_approved_on, facts.review_report_published_on, facts.meeting_on]
    days += [day for _, first, last in facts.visits for day in (first, last)]
    days += [day for each in (facts.due or {}).values() for day in each]
    days += [day for body in facts.bodies for day in body.days]
    return any(mention.holds(day) for day in days if day)


def _off(mention: Mention, facts: PlanFacts) -> int:
    return abs(mention.first.year - facts.near.year)


def _stems(sentence: str) -> frozenset[str]:
    """The beginnings of the longer words, by which two sentences are about the same thing."""
    words = re.findall(r"[a-z]{5,}", sentence.lower())
    months = "january february march april august september october november december".split()
    return frozenset(word[:5] for word in words if word not in USUAL_WORDS and word not in months)


RULES = (
    no_such_day,
    wrong_weekday,
    other_visit,
    other_meeting,
    other_due_date,
    other_event,
    other_position,
    late_publication,
    other_year,
    far_year,
)
"""The rules in order: of a date that breaks several the first is told."""
