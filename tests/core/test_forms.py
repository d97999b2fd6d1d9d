"""How our fields read what is typed, and how they say what is wrong."""

from datetime import date
from typing import Any

import pytest
from django.forms import BooleanField, ChoiceField, RadioSelect

from peerplan.core.forms import Choice, DayField, Form, PlainText, read_day


class Sample(Form):
    """One field of each kind."""

    title = PlainText(max_length=10, help_text="In a few words.")
    commentary = PlainText(lines=True, required=False, max_length=30)
    rating = ChoiceField(
        widget=RadioSelect,
        choices=[
            ("red", Choice("Red", status="red", rule="Off track.")),
            ("none", Choice("Not known")),
        ],
    )
    due = DayField(label="Due date")
    sure = BooleanField(label="I am sure")


GOOD = {
    "title": "Repairs",
    "rating": "red",
    "due_0": "31",
    "due_1": "3",
    "due_2": "2027",
    "sure": "on",
}


def errors(**given: Any) -> dict[str, list[str]]:
    """The messages of a form with what is given in place of what is good."""
    return {name: list(found) for name, found in Sample(GOOD | given).errors.items()}


def test_a_good_form_is_clean() -> None:
    form = Sample(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == date(2027, 3, 31)


def test_an_empty_field_is_named_with_what_to_do() -> None:
    assert {name: list(found) for name, found in Sample({}).errors.items()} == {
        "title": ["Enter the title"],
        "rating": ["Choose the rating"],
        "due": ["Enter a date, such as 31 3 2027."],
        "sure": ["Tick “I am sure”"],
    }


@pytest.mark.parametrize(
    "typed", ["31 3 2027", "31/3/2027", "31.03.2027", "31 March 2027", "31 mar 2027", "2027-03-31"]
)
def test_a_whole_date_may_be_typed_into_one_box(typed: str) -> None:
    form = Sample(GOOD | {"due_0": typed, "due_1": "", "due_2": ""})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == date(2027, 3, 31)


def test_a_whole_date_over_a_filled_in_day_replaces_all_three() -> None:
    form = Sample(GOOD | {"due_0": "31 3 2027", "due_1": "11", "due_2": "2026"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == date(2027, 3, 31)


def test_a_date_may_come_under_the_fields_own_name() -> None:
    data = {key: value for key, value in GOOD.items() if not key.startswith("due")}
    form = Sample(data | {"due": "2027-03-31"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("31", "2", "2027"), "Enter a real date"),
        (("x", "2", "2027"), "Enter a real date"),
        (("0", "2", "2027"), "Enter a real date"),
        (("1", "13", "2027"), "Enter a real date"),
        (("1", "Brumaire", "2027"), "Enter a real date"),
        (("1", "2", "27"), "The year must have four figures"),
        (("1", "2", "0027"), "The year must be between"),
        (("1", "2", "20277"), "Enter a real date"),
        (("1", "", "2027"), "The date must have a month."),
        (("1", "", ""), "The date must have a month and a year."),
        (("", "2", "2027"), "Enter a real date"),
        (("١", "2", "2027"), "Enter a real date"),
        (("next week", "", ""), "Enter a real date"),
    ],
)
def test_an_impossible_date_is_refused_in_words(parts: tuple[str, str, str], words: str) -> None:
    found = errors(due_0=parts[0], due_1=parts[1], due_2=parts[2])
    assert found["due"][0].startswith(words)


def test_what_was_typed_as_a_date_stays_in_its_boxes() -> None:
    html = str(Sample(GOOD | {"due_0": "31", "due_1": "2"})["due"])
    assert 'value="31"' in html
    assert 'value="2"' in html
    assert 'value="2027"' in html


def test_an_initial_date_stands_in_the_boxes() -> None:
    html = str(Sample(initial={"due": date(2026, 9, 30)})["due"])
    assert all(f'value="{part}"' in html for part in (30, 9, 2026))


def test_a_date_has_changed_only_when_it_is_another_day() -> None:
    field = DayField()
    assert not field.has_changed(date(2027, 3, 31), ["31", "03", "2027"])
    assert field.has_changed(date(2027, 3, 31), ["1", "4", "2027"])
    assert field.has_changed(None, ["x", "", ""])


def test_read_day_raises_for_nothing() -> None:
    with pytest.raises(ValueError, match="real date"):
        read_day("")


def test_too_much_text_is_told_how_much_it_is_and_is_not_cut_off() -> None:
    assert errors(commentary="x" * 10_000)["commentary"] == [
        "Use at most 30 characters: this has 10000."
    ]
    assert "maxlength" not in str(Sample()["commentary"])


def test_a_new_line_counts_once() -> None:
    assert "commentary" not in errors(commentary="x" * 14 + "\r\n" + "x" * 15)


def test_a_refused_character_is_named_on_the_field() -> None:
    assert "U+0000 (null)" in errors(title="Re\x00pairs")["title"][0]


def test_label_hint_error_and_field_are_tied_together() -> None:
    html = Sample(GOOD | {"title": ""})["title"].as_field_group()
    assert '<label for="id_title">' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert "required" not in html


def test_groups_are_fieldsets_with_rule_and_pill_beside_each_choice() -> None:
    html = Sample(GOOD | {"rating": ""})["rating"].as_field_group()
    assert "<legend>Rating</legend>" in html
    assert 'aria-describedby="id_rating_error"' in html
    assert 'class="status status--red"' in html
    assert '<span class="rule">Off track.</span>' in html
    assert html.count("<label") == 2


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "(optional)" in Sample()["commentary"].as_field_group()
    assert "(optional)" not in Sample()["title"].as_field_group()


def test_markup_in_what_is_typed_stays_text() -> None:
    html = str(Sample(GOOD | {"title": "<script>"}))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
