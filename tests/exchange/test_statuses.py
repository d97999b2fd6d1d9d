"""Words for how an action stands."""

import pytest

from actions.states import State
from peerplan.councils.ratings import DEFAULT_RULES, Rule
from peerplan.exchange.statuses import Standing, read_status, together

SCHEME = {rule.key: rule for rule in DEFAULT_RULES}
GREEN = Standing(State.IN_PROGRESS, "green")
UNRATED = Standing(State.IN_PROGRESS)


@pytest.mark.parametrize(
    ("typed", "state", "rating"),
    [
        ("G", "in-progress", "green"),
        (" Amber ", "in-progress", "amber"),
        ("RED", "in-progress", "red"),
        ("Off-track", "in-progress", "red"),
        ("On track", "in-progress", "green"),
        ("In progress", "in-progress", ""),
        ("BLUE", "claimed", ""),
        ("Completed", "claimed", ""),
        ("100%", "claimed", ""),
        ("Not started", "not-started", ""),
        ("On hold", "paused", ""),
        ("BAU", "bau", ""),
        ("Superseded", "superseded", ""),
    ],
)
def test_common_words_are_understood(typed: str, state: str, rating: str) -> None:
    found = read_status(typed, SCHEME)
    assert found is not None
    assert (found.state, found.rating) == (state, rating)


@pytest.mark.parametrize("typed", ["G/A", "Green to amber", "?", "", "Purple-ish"])
def test_other_words_are_not_guessed_at(typed: str) -> None:
    assert read_status(typed, SCHEME) is None


def test_the_councils_own_label_comes_before_the_common_meaning() -> None:
    own = SCHEME | {"red": Rule("red", "Blue", "Ours.")}
    found = read_status("blue", own)
    assert found is not None
    assert found.rating == "red"


@pytest.mark.parametrize(
    ("status", "rating", "both"),
    [
        (UNRATED, GREEN, GREEN),
        (GREEN, None, GREEN),
        (None, GREEN, GREEN),
        (None, None, None),
        (Standing(State.PAUSED), GREEN, Standing(State.PAUSED)),
        (UNRATED, None, UNRATED),
        (UNRATED, Standing(State.CLAIMED), Standing(State.CLAIMED)),
    ],
)
def test_a_rating_counts_while_in_progress(
    status: Standing | None, rating: Standing | None, both: Standing | None
) -> None:
    assert together(status, rating) == both
