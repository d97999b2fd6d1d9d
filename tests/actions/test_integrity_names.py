"""People of a list are found in the ways in which papers write them, and not in other words."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.integrity.names import NameList, parts_of, plain

LISTED = NameList(
    [
        "Jo Smith",
        "Cllr Zoë O’Brien OBE",
        "Anne-Marie van der Berg",
        "Ian Hope",
        "J.A. Łukasz",
        "Smythe, Robin Ann",
        "Cher",
        "José",
    ]
)


def found(text: str) -> list[str]:
    return [hit.words for hit in LISTED.hits(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Agreed with Jo Smith.", "Jo Smith"),
        ("JO SMITH", "JO SMITH"),
        ("jo smith", "jo smith"),
        ("Jo\nSmith", "Jo\nSmith"),
        ("Jo  Smith", "Jo  Smith"),
        ("Jo\u00a0Smith", "Jo\u00a0Smith"),
        ("J. Smith", "J. Smith"),
        ("J.Smith", "J.Smith"),
        ("J.A. Smith", "J.A. Smith"),
        ("J. A. Smith", "J. A. Smith"),
        ("J Smith", "J Smith"),
        ("JA Smith", "JA Smith"),
        ("j. smith", "j. smith"),
        ("Jo A. Smith", "Jo A. Smith"),
        ("Smith, Jo", "Smith, Jo"),
        ("Smith, J.", "Smith, J."),
        ("Cllr Smith", "Cllr Smith"),
        ("Mrs. Smith", "Mrs. Smith"),
        ("Jo Smith's plan", "Jo Smith"),
        ("Jo Smith’s plan", "Jo Smith"),
        ("JO SMITH’S PLAN", "JO SMITH"),
        ("a Jo Smith-led review", "Jo Smith"),
        ("jo.smith@ashdale.example", "jo.smith"),
        ("(Jo Smith)", "Jo Smith"),
        ("“Jo Smith”", "Jo Smith"),
        ("Zoe O'Brien", "Zoe O'Brien"),
        ("Zoë O’Brien’s", "Zoë O’Brien"),
        ("Zoe\u0308 O’Brien", "Zoe\u0308 O’Brien"),
        ("Z. O'BRIEN", "Z. O'BRIEN"),
        ("Councillor O’Brien", "Councillor O’Brien"),
        ("Anne Marie van der Berg", "Anne Marie van der Berg"),
        ("A. van der Berg", "A. van der Berg"),
        ("J Lukasz", "J Lukasz"),
        ("J.A. Łukasz", "J.A. Łukasz"),
        ("Robin Smythe", "Robin Smythe"),
        ("Robin Ann Smythe", "Robin Ann Smythe"),
        ("R.A. Smythe", "R.A. Smythe"),
        ("told by cher", "cher"),
        ("Jose", "Jose"),
        ("Jose\u0301 agreed", "Jose\u0301"),
        ("I. Hope", "I. Hope"),
        ("Mr Hope", "Mr Hope"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, words: str) -> None:
    assert found(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Jo Smithson",
        "Jo Smiths",
        "Mojo Smith",
        "Jo Smith-Jones",
        "Billy-Jo Smith",
        "Jo O'Smith",
        "the Smith report",
        "Jo wrote. Smith answered.",
        "Jo, Smith and others",
        "a smith and a joiner",
        "I hope so",
        "I hope to write to every tenant.",
        "Smith, a contractor",
        "BJ. Smith",
        "K. Smith",
        "Cllr Kay Smith",
        "Cherry",
        "van der Berg",
        "Jo_Smith",
        "Joséphine",
    ],
)
def test_other_words_and_other_people_are_not_found(text: str) -> None:
    assert found(text) == []


def test_each_place_is_told_once_in_the_order_of_the_text() -> None:
    assert found("Ian Hope, Jo Smith; then J. Smith and Jo Smith") == [
        "Ian Hope",
        "Jo Smith",
        "J. Smith",
        "Jo Smith",
    ]
    hits = NameList(["Jo Smith", "Jo A. Smith", "J. Smith"]).hits("Jo A. Smith")
    assert [(hit.words, hit.start, hit.end) for hit in hits] == [("Jo A. Smith", 0, 11)]


def test_a_place_is_where_it_stands_in_the_text_as_typed() -> None:
    text = "Straße — Łódź: Zoë O’Brien"
    (hit,) = LISTED.hits(text)
    assert text[hit.start : hit.end] == hit.words == "Zoë O’Brien"
    assert hit.name == "Cllr Zoë O’Brien OBE"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Jo Smith", ("Jo", (), ("Smith",))),
        ("  Dr.  Jo   Smith MBE ", ("Jo", (), ("Smith",))),
        ("Smith, Jo", ("Jo", (), ("Smith",))),
        ("Jo Smith, OBE", ("Jo", (), ("Smith",))),
        ("J.A. Smith", ("J", ("A",), ("Smith",))),
        ("Ana Maria de la Cruz", ("Ana", ("Maria",), ("de", "la", "Cruz"))),
        ("Van Dyke", ("Van", (), ("Dyke",))),
        ("Cher", ("", (), ("Cher",))),
        ("Cher -", ("", (), ("Cher",))),
        ("Mr", ("", (), ("Mr",))),
        ("", ("", (), ())),
        ("12 - ,", ("", (), ())),
    ],
)
def test_a_line_is_read_as_given_middle_and_family_name(
    line: str, parts: tuple[str, tuple[str, ...], tuple[str, ...]]
) -> None:
    assert parts_of(line) == parts


@pytest.mark.parametrize(
    "name",
    ["(", "[Jo] Sm*th", "Jo (Smith", "\\", "Jo \\d+", "a|b c", "?", "-", "'"],
)
def test_no_line_breaks_the_search(name: str) -> None:
    assert NameList([name]).hits("Jo Smith and nobody else, 12") == []


@given(name=st.text(max_size=30), text=st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_whatever_is_listed_places_are_words_of_the_text(name: str, text: str) -> None:
    for hit in NameList([name]).hits(f"{text} {name} {text}"):
        assert hit.words == f"{text} {name} {text}"[hit.start : hit.end] != ""


def test_no_text_takes_for_ever() -> None:
    names = NameList(["Al AL A. Smith"])
    begun = process_time()
    assert names.hits("Al " + "AL A. A AL" * 500 + " Smithson, not Smith") == []
    assert process_time() - begun < 5


def test_an_empty_list_finds_nobody() -> None:
    assert not NameList([])
    assert NameList(["", " "]).hits("Jo Smith") == []
    assert NameList(["Jo Smith"])


def test_plain_text_has_no_accents() -> None:
    assert plain("Zoë Ærø Łódź Straße’s – co‐op") == "Zoe AEro Lodz Strasse's – co-op"


def test_a_thousand_long_texts_and_two_hundred_names_take_a_moment() -> None:
    names = NameList(f"Given{number} Family{number}" for number in range(200))
    text = "The first three areas have been mapped – with residents’ help. Given3 Family3. " * 20
    begun = process_time()
    assert sum(len(names.hits(text)) for _ in range(1000)) == 20_000
    assert process_time() - begun < 10
