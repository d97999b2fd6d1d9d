"""The components, drawn as pages draw them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.forms import formset_factory
from django.template import Context, Template
from django.test import RequestFactory

from peerplan.core.filters import Filter, choice_filter, text_filter
from peerplan.core.forms import DayField, Form, PlainText
from peerplan.core.templatetags.parts import SHAPES
from peerplan.councils.ratings import Status


def draw(source: str, path: str = "/c/ashdale/", **context: Any) -> str:
    """The template text drawn for a request of `path`."""
    return Template(source).render(Context(context | {"request": RequestFactory().get(path)}))


def test_every_status_has_a_word_a_shape_and_a_colour() -> None:
    drawn = {
        key: draw("{% status key label %}", key=key, label=label) for key, label in Status.choices
    }
    assert set(SHAPES) == set(drawn)
    for key, label in Status.choices:
        assert f"status--{key}" in drawn[key]
        assert f"{label}</span>" in drawn[key]
        assert "aria-hidden" in drawn[key]
    shapes = {html.partition("<svg")[2].partition("</svg>")[0] for html in drawn.values()}
    assert len(shapes) == len(drawn) - 1, "only complete and claimed share a shape"


def test_a_status_may_say_what_it_was_and_be_large() -> None:
    html = draw('{% status "red" "Red" was=was large=True %}', was="was <Amber> in March")
    assert "status--large" in html
    assert '<span class="was">was &lt;Amber&gt; in March</span>' in html


def test_an_unknown_status_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(KeyError):
        draw('{% status "mauve" "Mauve" %}')


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% day d %}", '<time datetime="2026-09-30">30 September 2026</time>'),
        ("{% day d short=True %}", '<time datetime="2026-09-30">30 Sep 2026</time>'),
        ("{% day d words=words %}", "By &lt;autumn&gt;"),
        ("{% day nothing %}", "No date"),
        ('{% day nothing empty="Not set" %}', "Not set"),
        (
            "{% moment m %}",
            '<time datetime="2026-07-01T00:30+01:00">1 July 2026, 00:30</time>',
        ),
        ("{% day m %}", '<time datetime="2026-07-01">1 July 2026</time>'),
        ("{% moment nothing %}", "Never"),
        ('{% person_role "Head of Housing" %}', '<span class="person">Head of Housing</span>'),
    ],
)
def test_days_and_moments_are_londons(tag: str, expected: str) -> None:
    moment = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert draw(tag, d=date(2026, 9, 30), m=moment, nothing=None, words="By <autumn>") == expected


def test_a_name_stands_after_its_role() -> None:
    html = draw('{% person_role "Head of Housing" "A. Example" %}')
    assert html.index("Head of Housing") < html.index("A. Example")


def test_lines_that_begin_with_a_bullet_are_a_list() -> None:
    text = "Next:\n- one <b>\n• two\nand so on\n\n- three\n\n-5 is no bullet"
    assert draw("{{ t|paragraphs }}", t=text) == (
        "<p>Next:</p>\n<ul><li>one &lt;b&gt;</li><li>two</li></ul>\n<p>and so on</p>\n"
        "<ul><li>three</li></ul>\n<p>-5 is no bullet</p>"
    )


def test_plain_text_becomes_paragraphs_and_never_markup() -> None:
    assert draw("{{ t|paragraphs }}", t="a\nb\n\n\n<b>c") == "<p>a<br>b</p>\n<p>&lt;b&gt;c</p>"


class Sample(Form):
    """A title and a date."""

    title = PlainText()
    due = DayField()


def test_the_error_summary_links_to_the_first_box_of_each_field() -> None:
    form = Sample({})
    form.add_error(None, "These two do not go together.")
    html = draw("{% error_summary form nothing %}", form=form, nothing=None)
    assert 'role="alert"' in html
    assert 'tabindex="-1"' in html
    assert '<a href="#id_title">Enter the title</a>' in html
    assert 'href="#id_due_0"' in html
    assert "These two do not go together." in html


def test_the_error_summary_gathers_the_forms_of_a_formset() -> None:
    formset = formset_factory(Sample)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-title": "x"}
    )
    assert 'href="#id_form-0-due_0"' in draw("{% error_summary formset %}", formset=formset)


def test_there_is_no_summary_without_a_problem() -> None:
    assert draw("{% error_summary form %}", form=Sample()).strip() == ""


def test_pages_keep_the_query_and_mark_the_present_page() -> None:
    page = Paginator(range(95), 10).page(2)
    html = draw("{% pages page %}", "/?status=red&page=2", page=page)
    assert 'href="?status=red&amp;page=3" rel="next"' in html
    assert 'href="?status=red&amp;page=2" aria-current="page"' in html
    assert "11 to 20 of 95" in html


def test_one_page_needs_no_pages() -> None:
    assert draw("{% pages page %}", page=Paginator(range(5), 10).page(1)).strip() == ""


def test_query_with_changes_removes_and_begins_again() -> None:
    tag = '{% query_with status="red" theme=nothing %}'
    assert draw(tag, "/?theme=2&page=4&q=a+b", nothing=None) == "?q=a+b&amp;status=red"


FILTERS = [
    Filter("q", "Words", "roof & gutter"),
    Filter("theme", "Theme", "2", (("1", "Place"), ("2", "Finance")), "All themes"),
    Filter("lead", "Lead", "", (("a", "Anyone"),)),
]


def test_the_filter_panel_shows_what_is_chosen_and_how_to_undo_it() -> None:
    path = "/?q=roof+%26+gutter&theme=2&status=red&page=3"
    html = draw("{% filter_panel filters %}", path, filters=FILTERS)
    assert "(2 chosen)" in html
    assert '<option value="2" selected>Finance</option>' in html
    assert 'value="roof &amp; gutter"' in html
    assert 'href="?q=roof+%26+gutter&amp;status=red"' in html, "a link that removes the theme"
    assert '<input type="hidden" name="status" value="red">' in html
    assert 'name="page"' not in html
    assert 'href="?status=red">Clear all' in html


def test_an_unknown_choice_counts_as_none_and_odd_characters_are_left_out() -> None:
    query = {"theme": "<script>", "q": "roof\x00\u202e " + "x" * 200}
    assert not choice_filter(query, "theme", "Theme", [("1", "Place")]).is_active
    typed = text_filter(query, "q", "Words").value
    assert typed.startswith("roof x")
    assert len(typed) <= 100


def test_the_empty_state_says_what_to_do() -> None:
    told = 'heading="None yet" text="Add one." url="/x" label="Add"'
    source = f'{{% include "core/empty.html" with {told} %}}'
    html = draw(source)
    assert "None yet" in html
    assert '<a class="button" href="/x">Add</a>' in html


def test_the_navigation_marks_the_page_and_its_section() -> None:
    source = '{% nav_link "Home" "/c/ashdale/" %}{% nav_link "Plan" "/p/" section="plan" %}'
    html = draw(source, section="plan")
    assert '<a href="/c/ashdale/" aria-current="page">Home</a>' in html
    assert '<a href="/p/" aria-current="true">Plan</a>' in html
    assert draw('{% nav_link "Not built" "" %}') == ""
