"""Charts: geometry, words that fit, names for those who cannot see them, no colour alone."""

import re
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from peerplan.render.charts import (
    LOOKS,
    ORDER,
    Segment,
    StackedBar,
    Trend,
    TrendColumn,
    stacked_table,
)
from tests.render.samples import WORDS

SVG = "{http://www.w3.org/2000/svg}"


def bar_of(**counts: int) -> StackedBar:
    segments = [Segment(key, WORDS[key], count) for key, count in counts.items()]
    return StackedBar("Now, 19 November 2026", segments)


def drawn(template: str, **context: object) -> ElementTree.Element:
    return ElementTree.fromstring(render_to_string(template, context))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_statuses_are_in_their_order() -> None:
    assert ORDER == (
        "red",
        "amber",
        "green",
        "complete",
        "claimed",
        "none",
        "paused",
        "bau",
        "merged",
        "withdrawn",
    )


@pytest.mark.parametrize("key", ORDER)
def test_text_on_a_segment_and_its_edge_can_be_seen(key: str) -> None:
    look = LOOKS[key]
    assert contrast(look.fill, look.ink) >= 4.5
    assert contrast(look.edge, "#ffffff") >= 3


def test_ratings_differ_without_colour() -> None:
    textures = [LOOKS[key].texture for key in ("red", "amber", "green", "complete", "none")]
    assert len(set(textures)) == 5


def test_unknown_status_and_negative_count_are_refused() -> None:
    with pytest.raises(ValueError, match="purple"):
        Segment("purple", "Purple", 1)
    with pytest.raises(ValueError, match="negative"):
        Segment("red", "Red", -1)


def test_segments_are_in_order_of_status_and_empty_ones_are_left_out() -> None:
    bar = bar_of(green=11, red=2, none=0, amber=5)
    assert [rect.key for rect in bar.drawn] == ["red", "amber", "green"]
    assert [(rect.x, rect.width) for rect in bar.drawn] == [
        ("0.00%", "11.11%"),
        ("11.11%", "27.78%"),
        ("38.89%", "61.11%"),
    ]


@given(st.lists(st.tuples(st.sampled_from(ORDER), st.integers(0, 5000)), unique_by=lambda p: p[0]))
def test_segments_fill_the_width_and_none_is_invisible(pairs: list[tuple[str, int]]) -> None:
    rects = StackedBar("Now", [Segment(key, key, count) for key, count in pairs]).drawn
    assert len(rects) == sum(1 for _, count in pairs if count)
    widths = [float(rect.width.rstrip("%")) for rect in rects]
    if rects:
        assert sum(widths) == pytest.approx(100, abs=0.1)
        assert min(widths) > 1


def test_words_and_numbers_go_when_a_segment_is_too_narrow() -> None:
    texts = {rect.key: (rect.number, rect.word) for rect in bar_of(red=1, amber=9, green=90).drawn}
    assert texts == {"red": ("", ""), "amber": ("9", ""), "green": ("90", " Green")}


def test_wide_paper_has_room_for_more_words() -> None:
    segments = [Segment("bau", "Business as usual", 4), Segment("green", "Green", 16)]
    assert [rect.word for rect in StackedBar("Now", segments).drawn] == [" Green", ""]
    wide = StackedBar("Now", segments, words_at=1000)
    assert [rect.word for rect in wide.drawn] == [" Green", " Business as usual"]


def test_bar_has_a_name_and_a_role() -> None:
    svg = drawn("render/stacked_bar.html", bar=bar_of(red=2, claimed=1), ident="b-now")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "b-now"
    title = svg.find(f"{SVG}title")
    assert title is not None
    assert title.get("id") == "b-now"
    assert title.text == "Now, 19 November 2026: 3 actions: 2 red, 1 claimed complete"


def test_bar_of_nothing_says_so() -> None:
    svg = drawn("render/stacked_bar.html", bar=bar_of(red=0), ident="b")
    title = svg.find(f"{SVG}title")
    assert title is not None
    assert title.text == "Now, 19 November 2026: no actions"
    assert svg.find(f"{SVG}rect") is not None


@pytest.mark.parametrize("key", ORDER)
def test_markup_holds_under_a_strict_policy_and_has_no_pattern(key: str) -> None:
    markup = render_to_string("render/stacked_bar.html", {"bar": bar_of(**{key: 3}), "ident": "b"})
    assert not re.search(r"style=|<style|<pattern|url\(|<script|\son\w+=", markup)
    assert f'class="seg seg--{key}"' in markup
    assert f'fill="{LOOKS[key].fill}"' in markup


def test_labels_are_escaped() -> None:
    bar = StackedBar("<b>Now</b>", [Segment("red", "<i>Red</i>", 3)])
    markup = render_to_string("render/stacked_bar.html", {"bar": bar, "ident": "b"})
    assert "<b>" not in markup
    assert "<i>" not in markup


def trend_of(*columns: tuple[str, dict[str, int]], description: str = "") -> Trend:
    return Trend(
        "Actions by status at the end of each month",
        [
            TrendColumn(label, [Segment(key, WORDS[key], n) for key, n in counts.items()])
            for label, counts in columns
        ],
        description,
    )


def test_trend_columns_share_one_scale_and_stand_on_the_axis() -> None:
    trend = trend_of(("Oct", {"green": 10, "red": 10}), ("Nov", {"complete": 5}))
    october, november = trend.drawn
    assert [rect.key for rect in october.rects] == ["green", "red"]
    for column in (october, november):
        lowest = column.rects[0]
        assert float(lowest.y) + float(lowest.height) == pytest.approx(trend.base, abs=0.2)
    assert float(october.rects[0].height) == pytest.approx(2 * float(november.rects[0].height))
    assert float(october.rects[-1].y) >= 0


def test_trend_says_its_first_and_last_month_when_not_described() -> None:
    trend = trend_of(("Oct", {"green": 2}), ("Nov", {"complete": 1}), ("Dec", {"red": 1}))
    assert trend.spoken == "Oct: 2 actions: 2 green. Dec: 1 action: 1 red"
    assert trend_of(("Oct", {"green": 2}), description="It grew.").spoken == "It grew."
    svg = drawn("render/trend.html", trend=trend, ident="t")
    assert svg.get("aria-labelledby") == "t t-d"
    assert {element.get("id") for element in svg} >= {"t", "t-d"}


@pytest.mark.parametrize("columns", [(), (("Oct", {}),)])
def test_empty_trend_is_drawn_as_an_axis(columns: tuple[tuple[str, dict[str, int]], ...]) -> None:
    svg = drawn("render/trend.html", trend=trend_of(*columns), ident="t")
    assert svg.find(f"{SVG}line") is not None
    assert svg.find(f"{SVG}svg") is None


def test_table_holds_every_number_and_the_change() -> None:
    table = stacked_table(
        "Actions by status", [bar_of(red=2, green=8), bar_of(green=9, none=1)], with_change=True
    )
    assert [head.key for head in table.heads] == ["red", "green", "none"]
    assert [(row.cells, row.total) for row in table.rows] == [
        (("2", "8", "0"), "10"),
        (("0", "9", "1"), "10"),
        (("+2", "−1", "−1"), "0"),
    ]


def test_table_markup_heads_every_row_and_column() -> None:
    markup = render_to_string(
        "render/stacked_table.html", {"table": stacked_table("Numbers", [bar_of(red=2)])}
    )
    assert markup.count('<th scope="col"') == 2
    assert markup.count('<th scope="row"') == 1
    assert 'class="status status--red"' in markup


@pytest.mark.parametrize("key", ORDER)
def test_every_status_has_a_shape(key: str) -> None:
    markup = render_to_string("render/status.html", {"key": key, "label": WORDS[key]})
    assert re.search(r"<(path|circle) ", markup)
    assert WORDS[key] in markup
