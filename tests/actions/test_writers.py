"""Eight people update one action at the same time, each on a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.core.errors import Stale
from peerplan.councils.gate import Person

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
WRITERS = 8
BEGINNING = date(2025, 1, 1)


def at_once(write: Callable[[int], Any]) -> list[Any]:
    """What `write(0)` to `write(7)` return, run beside each other."""

    def run(number: int) -> Any:
        try:
            return write(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def check_whole(action: Action, acknowledged: set[int]) -> None:
    """Every acknowledged update is there, once, with its version and its history row."""
    history: Any = action.history
    action.refresh_from_db()
    assert {update.pk for update in action.updates.all()} == acknowledged
    assert action.version == len(acknowledged) + 1
    versions = list(history.order_by("history_id").values_list("version", flat=True))
    assert versions == list(range(1, len(acknowledged) + 2))
    latest = action.updates.order_by("-as_at", "-recorded_at", "-id").first()
    assert action.latest_update == latest


def _write_once(
    action: Action, seen: int, gate: Barrier, draft: Draft, owner: Person, number: int
) -> int | Stale:
    """The id of the update, or the refusal, for somebody who saw version `seen`."""
    mine = draft(as_at=BEGINNING + timedelta(seen * WRITERS + number), commentary=f"By {number}.")
    gate.wait(timeout=30)
    try:
        return post_update(action=action, version=seen, draft=mine, author=owner).pk
    except Stale as error:
        return error


def test_of_eight_who_saw_the_same_version_one_wins_and_the_others_are_told(
    act: Act, draft: Draft, owner: Person
) -> None:
    action = act()
    acknowledged: set[int] = set()
    for turn in range(5):
        seen, gate = turn + 1, Barrier(WRITERS)
        write = partial(_write_once, action, seen, gate, draft, owner)
        answers = at_once(write)
        won = [answer for answer in answers if isinstance(answer, int)]
        lost = [answer for answer in answers if isinstance(answer, Stale)]
        assert (len(won), len(lost)) == (1, WRITERS - 1)
        assert all(error.current.version == seen + 1 for error in lost)
        acknowledged |= set(won)
    check_whole(action, acknowledged)


def test_eight_who_try_again_until_they_are_saved_lose_nothing(
    act: Act, draft: Draft, owner: Person
) -> None:
    action = act()
    gate = Barrier(WRITERS)

    def write(number: int) -> list[int]:
        saved: list[int] = []
        gate.wait(timeout=30)
        for turn in range(3):
            mine = draft(as_at=BEGINNING + timedelta(turn * WRITERS + number))
            while len(saved) == turn:
                seen = Action.objects.get(pk=action.pk)
                try:
                    posted = post_update(
                        action=seen, version=seen.version, draft=mine, author=owner
                    )
                except Stale:
                    continue
                saved.append(posted.pk)
        return saved

    answers = at_once(write)
    acknowledged = {key for saved in answers for key in saved}
    assert len(acknowledged) == 3 * WRITERS
    check_whole(action, acknowledged)
    recorded = list(action.updates.order_by("id").values_list("recorded_at", flat=True))
    assert recorded == sorted(recorded), "what is recorded is in the order of its commits"


def test_eight_who_send_the_same_form_save_it_once(act: Act, owner: Person) -> None:
    action = act()
    clients = [Client() for _ in range(WRITERS)]
    for each in clients:
        each.force_login(owner.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    gate = Barrier(WRITERS)
    typed = {
        "version": "1",
        "commentary": "Sent eight times.",
        "status": "green",
        "forecast": "green",
        "as_at": "2025-03-31",
        "date_choice": "same",
    }

    def write(number: int) -> int:
        gate.wait(timeout=30)
        response = clients[number].post("/c/ashdale/cpc-2024/1.1/update/", typed)
        return int(response.status_code)

    assert sorted(at_once(write)) == [302] + [409] * (WRITERS - 1)
    check_whole(action, set(action.updates.values_list("pk", flat=True)))
    assert action.updates.count() == 1
