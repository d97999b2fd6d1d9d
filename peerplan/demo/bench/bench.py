"""The measurements themselves, in the order in which they are told."""

from collections.abc import Callable, Iterator
from functools import partial

from django.test import Client
from django.urls import reverse

from actions.models import Action
from actions.position import plan_position
from peerplan.core import clock
from peerplan.councils.models import User
from peerplan.demo.bench import papers, returns
from peerplan.demo.bench.appendix import appendix_lines
from peerplan.demo.bench.generate import CHALLENGE, PREFIX, Size, generate
from peerplan.demo.bench.measure import (
    Cost,
    Line,
    Work,
    cost,
    database_seconds,
    where_time_goes,
)
from peerplan.demo.bench.pages import council_pages, page, signed_in
from peerplan.demo.bench.twin import Twin
from reviews.models import PeerChallenge

Tell = Callable[[int, int], None]

# Twenty thousand updates: the council that is measured, plans of other sizes, and one more.
MEASURED = "ashford"
FIRST = {
    MEASURED: Size(100, 60),
    "small": Size(30, 20),
    "large": Size(300, 10),
    "largest": Size(1000, 6),
    "beside": Size(100, 44),
}
# The others of two million: a council for every one in England, and five years of months.
OTHERS = Size(100, 60)
HOW_MANY_OTHERS = 330
MOST_RATIO = 1.3
MOST_DATABASE = 0.005
TIMES = 7


def first_councils(seed: int, tell: Tell) -> int:
    """Make the councils that are measured; the number of updates."""
    return generate(list(FIRST), list(FIRST.values()), seed=seed, tell=tell)


def other_councils(seed: int, tell: Tell) -> int:
    """Make the councils around them; the number of updates."""
    names = [f"{number:03}" for number in range(1, HOW_MANY_OTHERS + 1)]
    return generate(names, [OTHERS] * HOW_MANY_OTHERS, seed=seed, tell=tell)


def challenge_of(name: str) -> PeerChallenge:
    """The challenge of a council made here."""
    found = PeerChallenge.objects.select_related("council")
    return found.get(council__slug=f"{PREFIX}{name}", slug=CHALLENGE)


def client_of(name: str, role: str = "plan-manager") -> Client:
    """A browser of somebody in a council made here."""
    return signed_in(User.objects.get(email=f"{role}@{PREFIX}{name}.example"))


def page_lines() -> Iterator[Line]:
    """The pages with a target of their own."""
    for name, words, most in (("small", "30", 0.04), ("largest", "1,000", 0.5)):
        yield _page_line(f"Plan page, {words} actions", name, "plan", 15, most)
    yield _page_line("Scrutiny dashboard, 100 actions", MEASURED, "scrutiny", 20, 0.08)
    yield _page_line("Scrutiny dashboard, a member", MEASURED, "scrutiny", 20, 0.08, role="member")
    yield _line("Posting an update", _posting(), 15, 0.04)


def position_lines() -> Iterator[Line]:
    """The position of one council as at a past day, as known now and as known then."""
    challenge = challenge_of(MEASURED)
    release = challenge.releases.all()[8]
    for words, known_by in (("known now", None), ("known then", release.known_by)):
        work = partial(plan_position, challenge, release.as_at, known_by)
        found = cost(work, times=TIMES)
        seconds, least = database_seconds(work, times=TIMES)
        line = Line(
            f"Position as at a past day, {words}",
            sql=found.sql,
            cpu=found.cpu,
            wall=found.wall,
            note=f"{seconds * 1000:.1f} ms in the database (at most {MOST_DATABASE * 1000:.0f}), "
            f"{least * 1000:.1f} at best",
        )
        if seconds > MOST_DATABASE:
            line.over.append("time in the database")
        yield line


def ratio_lines(twin: Twin) -> Iterator[Line]:
    """What each page of a council costs, and how many times its cost in the copy with few updates.

    Both are measured in turn, so that whatever else the machine does falls on both alike.
    """
    client = client_of(MEASURED)
    with twin.used():
        client_there = client_of(MEASURED)
    addresses = council_pages(client, challenge_of(MEASURED))
    worst = 0.0
    for name, address in addresses.items():
        now, before = _side_by_side(page(client, address), page(client_there, address), twin)
        worst = max(worst, now.wall / before.wall)
        yield ratio_line(name, now, before)
    yield Line(
        f"  The worst of {len(addresses)} pages",
        note=f"{worst:.2f} times (at most {MOST_RATIO})",
        over=[f"{MOST_RATIO} times"] if worst > MOST_RATIO else [],
    )


def ratio_line(name: str, now: Cost, before: Cost) -> Line:
    """One page among many updates, against the same page among few."""
    ratio = now.wall / before.wall
    line = Line(
        f"  {name}",
        sql=now.sql,
        cpu=now.cpu,
        wall=now.wall,
        note=f"{ratio:.2f} times its {before.wall:.4f} s",
    )
    if ratio > MOST_RATIO:
        line.over.append(f"{MOST_RATIO} times")
    return line


def _side_by_side(here: Work, there: Work, twin: Twin) -> tuple[Cost, Cost]:
    """The cost of a piece of work here and in the copy, the quickest of several in turn."""
    found: list[Cost] = []
    found_there: list[Cost] = []
    for _ in range(2 * TIMES):
        found.append(cost(here, times=1, warm=not found))
        with twin.used():
            found_there.append(cost(there, times=1, warm=not found_there))
    return _quickest(found), _quickest(found_there)


def _quickest(costs: list[Cost]) -> Cost:
    return Cost(costs[0].sql, min(each.cpu for each in costs), min(each.wall for each in costs))


def document_lines() -> Iterator[Line]:
    """The appendix of three plans, beside Chromium."""
    for name in ("small", "large", "largest"):
        yield from appendix_lines(challenge_of(name), FIRST[name].actions)


def paper_lines() -> Iterator[Line]:
    """Committee papers: issued with 30 and 300 actions, read, written and compared."""
    for name in ("small", "large"):
        yield from papers.issue_lines(challenge_of(name), FIRST[name].actions)
    yield papers.changed_line(challenge_of("largest"))
    yield from papers.page_lines(challenge_of("small"))


def return_lines() -> Iterator[Line]:
    """What comes back: pages at 300 actions, rules at 1,000, statements of 30 and 300."""
    for name in ("small", "large", "largest"):
        returned, actions = returns.make_returns(challenge_of(name)), FIRST[name].actions
        if name == "large":
            yield from returns.page_lines(returned, actions)
        if name == "largest":
            yield returns.integrity_line(returned, actions)
            yield from returns.page_lines(returned, actions, only=returns.OF_ALL_ACTIONS)
        else:
            yield from returns.statement_lines(returned, actions)


def _page_line(
    words: str, name: str, view: str, sql_most: int, cpu_most: float, role: str = "plan-manager"
) -> Line:
    address = reverse(view, args=[f"{PREFIX}{name}", CHALLENGE])
    return _line(words, page(client_of(name, role), address), sql_most, cpu_most)


def _line(words: str, work: Work, sql_most: int, cpu_most: float) -> Line:
    found = cost(work, times=TIMES)
    line = Line(words, found.sql, sql_most, found.cpu, cpu_most, found.wall)
    if line.over:
        line.note = "\n".join(where_time_goes(work))
    return line


def _posting() -> Work:
    """Posting an update of one action after another, as its form does."""
    client = client_of(MEASURED)
    actions = iter(Action.objects.filter(challenge=challenge_of(MEASURED)).order_by("position"))
    today = clock.today()

    def post() -> object:
        action = next(actions)
        address = reverse("action_update", args=[f"{PREFIX}{MEASURED}", CHALLENGE, action.ref])
        response = client.post(
            address,
            {
                "version": action.version,
                "status": "green",
                "forecast": "green",
                "commentary": "The first three areas have been mapped and their teams told.",
                "as_at_0": today.day,
                "as_at_1": today.month,
                "as_at_2": today.year,
                "date_choice": "same",
            },
        )
        if response.status_code != 302:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return response

    return post
