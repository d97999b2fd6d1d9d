import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from reviews import refs


@pytest.mark.parametrize("ref", ["1", "1.1", "R3", "r-3", "12.10", "A", "2a", "KR1.2", "PR-1"])
def test_a_reference_of_one_or_two_levels_is_kept(ref: str) -> None:
    assert refs.clean_ref(f"  {ref} ") == ref


def test_a_full_stop_after_the_number_is_left_out() -> None:
    assert refs.clean_ref("3.") == "3"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("", "Enter the reference"),
        ("   ", "Enter the reference"),
        ("1.1.1", "one dot at most"),
        (".1", "Use letters"),
        ("1..2", "Use letters"),
        ("1/2", "Use letters"),
        ("-1", "Use letters"),
        ("1 2", "Use letters"),
        ("é1", "Use letters"),
        ("1234567890123", "12 characters"),
        ("setup", "addresses"),
        ("Visit", "addresses"),
        ("1\x00", "U+0000"),
    ],
)
def test_what_cannot_be_a_reference_says_why(raw: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        refs.clean_ref(raw)


@given(st.text(max_size=20))
def test_any_text_is_kept_as_an_address_can_hold_it_or_refused(raw: str) -> None:
    try:
        ref = refs.clean_ref(raw)
    except ValueError:
        return
    assert re.fullmatch(r"[A-Za-z0-9.-]{1,12}", ref)
    assert ref.lower() not in refs.RESERVED_REFS


def test_a_slug_is_made_from_the_title_and_never_twice() -> None:
    taken = frozenset({"peer-challenge-2026", "peer-challenge-2026-2"})
    assert refs.slug_from("Peer challenge 2026", taken) == "peer-challenge-2026-3"
    assert refs.slug_from("Settings", frozenset()) == "settings-2"
    assert refs.slug_from("???", frozenset()) == "challenge"


@given(st.text(max_size=200), st.sets(st.sampled_from(["a", "challenge", "challenge-2"])))
def test_a_made_slug_can_always_be_chosen(title: str, taken: set[str]) -> None:
    slug = refs.slug_from(title, frozenset(taken))
    assert refs.clean_slug(slug, frozenset(taken)) == slug


@pytest.mark.parametrize("raw", ["", "Two words", "settings", "taken", "x" * 61, "a_b", "-a"])
def test_what_cannot_be_a_slug_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"small letters|use another"):
        refs.clean_slug(raw, frozenset({"taken"}))


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, route)
        else:
            found.append(route)
    return found


def literals(below: str) -> set[str]:
    """The words that stand in the site's addresses right below `below`."""
    here = (route for route in routes(get_resolver().url_patterns) if route.startswith(below))
    parts = (route.removeprefix(below).split("/")[0] for route in here)
    return {part for part in parts if part and "<" not in part}


def test_every_word_in_the_place_of_a_challenge_is_reserved() -> None:
    words = {word for word in literals("c/<slug:council>/") if "." not in word}
    assert "challenges" in words
    assert words <= refs.RESERVED_SLUGS


def test_every_word_in_the_place_of_a_reference_is_reserved() -> None:
    for below in (
        "c/<slug:council>/<slug:challenge>/",
        "c/<slug:council>/<slug:challenge>/setup/recommendations/",
    ):
        words = literals(below)
        assert words
        assert words <= refs.RESERVED_REFS
