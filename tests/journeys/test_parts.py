"""Every component on one page, as it is and on the wall."""

from typing import Any

import pytest
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BooleanField, ChoiceField, FileField, MultipleChoiceField
from django.forms.widgets import CheckboxSelectMultiple, RadioSelect
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from playwright.sync_api import Page

from peerplan.core.filters import Filter
from peerplan.core.forms import Choice, DayField, Form, PlainText
from peerplan.councils import gate
from peerplan.councils.ratings import DEFAULT_RULES
from tests.journeys.browsing import check_page

pytestmark = [pytest.mark.browser, pytest.mark.urls(__name__), pytest.mark.django_db]

RATINGS = [
    (rule.key, Choice(rule.label, rule=rule.definition, status=rule.key))
    for rule in DEFAULT_RULES[:3]
]


class Everything(Form):
    """One field of each kind."""

    title = PlainText(max_length=80, help_text="In a few words.")
    commentary = PlainText(lines=True, max_length=600)
    rating = ChoiceField(widget=RadioSelect, choices=RATINGS)
    forecast = ChoiceField(choices=RATINGS, required=False)
    due = DayField(label="Due date")
    themes = MultipleChoiceField(
        widget=CheckboxSelectMultiple, choices=[("1", "One"), ("2", "Two")]
    )
    sure = BooleanField(label="I have checked this", help_text="A second person has too.")
    evidence = FileField(required=False)


GALLERY = """\
{% extends "base.html" %}{% block title %}Parts{% endblock %}
{% block html_class %}{% if wall %} class="projector"{% endif %}{% endblock %}
{% block content %}{% error_summary form %}<h1>Parts</h1>
<h2>Status</h2><ul class="plain">{% for rule in rules %}<li>{% status rule.key rule.label %}
{% status rule.key rule.label large=True was="was Green in March" %}</li>{% endfor %}</ul>
<h2>Lists</h2>{% filter_panel filters title="Filter the plan" %}{% pages page %}
{% include "core/empty.html" with heading="No actions" text="Add one." url="/" label="Add" %}
{% include "core/facts.html" with facts=facts %}
{% include "core/banner.html" with kind="warn" text="Look at this." %}
<h2>Form</h2><form method="post" novalidate class="measure">{% csrf_token %}{{ form }}
<p class="actions"><button class="button">Save</button></p></form>{% endblock %}"""


@gate.public
def gallery(request: HttpRequest, wall: bool = False) -> HttpResponse:
    """The page with everything on it."""
    messages.success(request, "Update to 3.2 saved.")
    messages.warning(request, "It has no evidence yet.")
    context: dict[str, Any] = {
        "wall": wall,
        "rules": DEFAULT_RULES,
        "form": Everything({"due_0": "31", "due_1": "2"}),
        "page": Paginator(range(95), 10).page(3),
        "facts": [("Lead role", "Head of Housing"), ("Due", "31 March 2027")],
        "filters": [
            Filter("q", "Words", "a long search for something in the plan"),
            Filter("theme", "Theme", "1", (("1", "Organisational and place leadership"),)),
            Filter("lead", "Lead", "", (("1", "Head of Housing"),), "Anyone"),
        ],
    }
    page = engines["django"].from_string(GALLERY)  # type: ignore[attr-defined]
    return HttpResponse(page.render(context, request))


urlpatterns = [
    path("parts/", gallery),
    path("wall/", gallery, {"wall": True}),
    path("", include("peerplan.urls")),
]


@pytest.mark.parametrize("address", ["/parts/", "/wall/"])
def test_every_part_is_accessible_and_fits_a_phone(page: Page, address: str) -> None:
    page.goto(address)
    check_page(page)


def test_the_summary_of_errors_has_the_focus_and_leads_to_the_field(page: Page) -> None:
    page.goto("/parts/")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.click("text=Enter the title")
    assert page.evaluate("document.activeElement.id") == "id_title"


def test_the_filter_panel_is_closed_on_a_phone_only(page: Page) -> None:
    page.goto("/parts/")
    assert page.evaluate("document.querySelector('.filters').open")
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    assert not page.evaluate("document.querySelector('.filters').open")
