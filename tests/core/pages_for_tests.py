"""A page with a form, for tests of what every form shares; with the site's own URLs around it."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import engines
from django.urls import include, path

from peerplan.core.errors import Invalid, NotPermitted, Stale

FORM = """\
{% extends "base.html" %}{% block title %}Test{% endblock %}{% block content %}<h1>Test</h1>
<form method="post" action="/save/" hx-post="/save/" hx-target="#result">{% csrf_token %}
<label for="words">Words</label><textarea id="words" name="words"></textarea>
<input type="hidden" name="version" value="7"><button>Save</button></form>
<div id="result"></div>{% endblock %}"""
SAVED: list[QueryDict] = []


def save(request: HttpRequest) -> HttpResponse:
    """Shows the form; keeps what is posted in SAVED; fails in the way the form asks for."""
    if request.method != "POST":
        page = engines["django"].from_string(FORM)  # type: ignore[attr-defined]
        return HttpResponse(page.render({}, request))
    failure = request.POST.get("fail", "")
    if failure == "stale":
        raise Stale(None)
    if failure == "permission":
        raise NotPermitted("Your role here does not let you release the position.")
    if failure == "invalid":
        raise Invalid({"words": "Say more."})
    if failure == "fault":
        raise RuntimeError("broken")
    SAVED.append(request.POST)
    return HttpResponse("<p>Saved.</p>")


urlpatterns = [path("save/", save), path("", include("peerplan.urls"))]
