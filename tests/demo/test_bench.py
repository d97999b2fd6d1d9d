"""The generator of made-up councils, and what measures them."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from actions.models import Action, ProgressUpdate
from actions.permissions import may_update
from actions.position import plan_position, released_position
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.core import clock
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership
from peerplan.demo.bench import bench, pages, report, returns
from peerplan.demo.bench.generate import PREFIX, NotScratch, Size, generate
from peerplan.demo.bench.measure import Cost, Line, cost, database_seconds, statements_of
from peerplan.demo.bench.twin import Twin
from reviews.models import PeerChallenge

pytestmark = pytest.mark.django_db
SIZE = Size(actions=6, updates=14)
PAGES = {"home": "", "plan": "cpc/"}


def positions(name: str) -> list[tuple[Any, ...]]:
    """How the actions of a made-up council stand, without their database keys."""
    position = plan_position(bench.challenge_of(name))
    return [
        (each.ref, each.title, each.status, each.due, each.update and each.update.commentary)
        for each in position.actions
    ]


def test_the_same_seed_makes_the_same_plan_and_another_a_different_one() -> None:
    generate(["one"], [SIZE], seed=7)
    first = positions("one")
    assert len(first) == 6
    generate(["other"], [SIZE], seed=7)
    assert positions("other") != first
    for model in (ProgressUpdate, Action):
        assert model.objects.count() == 2 * (SIZE.total if model is ProgressUpdate else 6)


def test_rows_are_as_the_services_leave_them() -> None:
    assert generate(["one", "two"], [SIZE, SIZE], seed=1) == 2 * SIZE.total
    for action in Action.objects.all():
        updates = list(action.updates.order_by("as_at", "recorded_at", "id"))
        assert action.latest_update == updates[-1]
        assert [each.as_at for each in updates] == sorted({each.as_at for each in updates})
        assert all(clock.day_of(each.recorded_at) > each.as_at for each in updates)
        assert all(each.recorded_at <= clock.now() for each in updates)
        past = list(action.history.order_by("history_date", "history_id"))
        assert [row.version for row in past] == list(range(1, action.version + 1))
        assert all(row.history_user_id for row in past)
        assert past[-1].title == action.title
        assert past[1].history_date == updates[0].recorded_at


def test_a_past_position_and_a_release_can_be_read() -> None:
    generate(["one"], [SIZE], seed=1)
    challenge = bench.challenge_of("one")
    release = challenge.releases.all()[2]
    position = released_position(release)
    assert len(position.actions) == 6
    assert len(position.recommendations) == 10
    assert all(each.update and each.update.as_at == release.as_at for each in position.actions)


def test_what_is_claimed_verified_and_moved_is_as_the_services_leave_it() -> None:
    generate(["one"], [Size(30, 30)], seed=1)
    claimed = ProgressUpdate.objects.filter(kind="claimed")
    verified = ProgressUpdate.objects.filter(kind="verified")
    assert set(claimed.values_list("state", "closure")) == {("claimed", "delivered")}
    assert set(verified.values_list("state", "closure")) == {("verified", "delivered")}
    assert claimed.count() >= verified.count() > 0
    of_claimed = set(claimed.values_list("action", flat=True))
    assert set(verified.values_list("action", flat=True)) <= of_claimed
    moved = ProgressUpdate.objects.exclude(date_reason="")
    assert moved.count() > 0
    assert all(each.date_approved_on == each.as_at for each in moved)


def test_what_comes_back_is_made_and_each_of_its_pages_is_measured() -> None:
    generate(["one"], [SIZE], seed=1)
    made = returns.make_returns(bench.challenge_of("one"))
    lines = list(returns.page_lines(made, SIZE.actions))
    assert len(lines) == len(returns.addresses(made)) == 17
    # Two positions are read for a release, and the measurement says that it is over its target.
    over = [line.name.strip() for line in lines if line.over]
    assert over == [f"release, {SIZE.actions:,} actions"]
    few = list(returns.page_lines(made, SIZE.actions, only=returns.OF_ALL_ACTIONS))
    assert len(few) == len(returns.OF_ALL_ACTIONS)
    rules = returns.integrity_line(made, SIZE.actions)
    assert rules.sql is not None
    assert rules.sql <= 4
    assert "100 names" in rules.note
    client = bench.client_of("one")
    for name, words in (
        ("question", "When will part 1 be done"),
        ("decision", "Progress on part 1"),
        ("progress_review", "Most of what was promised"),
        ("over_the_years", "the one before"),
    ):
        assert words in client.get(returns.addresses(made)[name]).content.decode()


def test_the_issue_of_a_statement_is_measured_with_its_formats() -> None:
    generate(["one"], [SIZE], seed=1)
    made = returns.make_returns(bench.challenge_of("one"))
    lines = list(returns.statement_lines(made, SIZE.actions))
    assert [line.name.strip() for line in lines] == [
        "Issue of a statement, 6 actions",
        "PDF, statement of 6",
        "Word, the same 6",
    ]
    assert "2 files" in lines[0].note
    assert "MB" in lines[1].note
    assert all(line.cpu for line in lines)


def test_people_go_on_working_where_the_generator_stopped() -> None:
    generate(["one"], [SIZE], seed=1)
    membership = Membership.objects.select_related("user", "council").get(role="plan-manager")
    person = Person(user=membership.user, council=membership.council, membership=membership)
    action = Action.objects.order_by("position")[0]
    assert may_update(person, action)
    saved = post_update(
        action=action,
        version=action.version,
        draft=UpdateDraft(
            as_at=clock.today(), state="in-progress", rating="green", commentary="Going on."
        ),
        author=person,
    )
    action.refresh_from_db()
    assert (action.latest_update, action.version) == (saved, SIZE.updates + 2)


def test_a_database_with_other_councils_is_left_alone(council: Council) -> None:
    with pytest.raises(NotScratch):
        generate(["one"], [SIZE], seed=1)
    for name in ("generate", "bench"):
        with pytest.raises(CommandError, match="scratch database"):
            call_command(name, stdout=io.StringIO())
    assert not Council.objects.filter(slug__startswith=PREFIX).exists()


@pytest.mark.parametrize("name", ["generate", "bench"])
@override_settings(PRODUCTION=True)
def test_production_is_left_alone(name: str) -> None:
    with pytest.raises(CommandError, match="production"):
        call_command(name, stdout=io.StringIO())


def test_the_generator_says_how_far_it_is() -> None:
    out = io.StringIO()
    call_command("generate", councils=2, actions=3, updates=4, seed=5, stdout=out)
    assert out.getvalue().splitlines()[-2:] == [
        "  24 of 24 progress updates",
        "24 progress updates of 2 councils",
    ]
    with pytest.raises(CommandError, match="1 or more"):
        call_command("generate", councils=0, stdout=io.StringIO())


def test_statements_are_counted_and_timed(founder: object) -> None:
    def work() -> object:
        return list(PeerChallenge.objects.filter(slug="a")), Council.objects.count()

    assert len(statements_of(work)) == 2
    found = cost(work, times=3)
    assert found.sql == 2
    assert found.wall > 0
    median, least = database_seconds(work, times=2)
    assert 0 < least <= median < 1


@pytest.mark.parametrize(
    ("line", "over"),
    [
        (Line("a", sql=15, sql_most=15, cpu=0.04, cpu_most=0.04), []),
        (Line("a", sql=16, sql_most=15, cpu=0.05, cpu_most=0.04), ["statements", "CPU"]),
        (Line("a", sql=99, cpu=9.0), []),
    ],
)
def test_a_line_says_what_is_over_its_target(line: Line, over: list[str]) -> None:
    assert line.over == over
    assert ("OVER" in report.written(line)) is bool(over)
    assert ("Every target was met" in report.summary([line])) is not bool(over)


def test_a_page_that_grows_with_the_data_around_it_is_over() -> None:
    before = Cost(9, 0.01, 0.010)
    assert bench.ratio_line("plan", Cost(9, 0.01, 0.0129), before).over == []
    assert bench.ratio_line("home", Cost(9, 0.01, 0.0132), before).over == ["1.3 times"]


@pytest.mark.django_db(transaction=True)
def test_a_twin_stays_as_the_database_was() -> None:
    generate(["one"], [Size(2, 2)], seed=1)
    twin = Twin()
    try:
        generate(["two"], [Size(2, 2)], seed=1)
        assert Council.objects.count() == 2
        with twin.used():
            assert Council.objects.count() == 1
        assert Council.objects.count() == 2
    finally:
        twin.drop()


def test_the_pages_of_a_council_are_found() -> None:
    generate(["one"], [SIZE], seed=1)
    challenge = bench.challenge_of("one")
    found = pages.council_pages(bench.client_of("one"), challenge)
    assert {"home", "plan", "plan_at", "scrutiny", "action", "export", "paste"} <= set(found)
    assert "appendix_pdf" not in found


@pytest.mark.django_db(transaction=True)
def test_the_whole_measurement_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {name: Size(8, 30) for name in bench.FIRST}
    monkeypatch.setattr(bench, "FIRST", sizes)
    monkeypatch.setattr(bench, "HOW_MANY_OTHERS", 1)
    monkeypatch.setattr(bench, "OTHERS", Size(3, 30))
    monkeypatch.setattr(bench, "TIMES", 1)
    addresses = {name: f"/c/{PREFIX}{bench.MEASURED}/{path}" for name, path in PAGES.items()}
    monkeypatch.setattr(bench, "council_pages", lambda client, challenge: addresses)
    out = io.StringIO()
    call_command("bench", scale="national", no_documents=True, stdout=out)
    told = out.getvalue()
    for words in (
        "Plan page, 1,000 actions",
        "Scrutiny dashboard",
        "Posting an update",
        "ms in the database",
        "The worst of",
    ):
        assert words in told
    assert ProgressUpdate.objects.filter(as_at=clock.today()).count() == 3


def test_a_command_is_measured_with_all_its_processes() -> None:
    script = (
        "import subprocess, sys, time\n"
        "work = 'sum(range(6_000_000))'\n"
        "subprocess.Popen([sys.executable, '-c', work])\n"  # left behind, never waited for
        "subprocess.run([sys.executable, '-c', work])\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "peerplan.demo.bench.family", sys.executable, "-c", script],
        capture_output=True,
        check=True,
    )
    found = json.loads(done.stdout)
    one = subprocess.run(
        [
            sys.executable, "-m", "peerplan.demo.bench.family",
            sys.executable, "-c", "sum(range(6_000_000))",
        ],
        capture_output=True,
        check=True,
    )  # fmt: skip
    assert found["code"] == 0
    assert found["cpu"] > 1.5 * json.loads(one.stdout)["cpu"]
    assert found["peak_bytes"] > 0
