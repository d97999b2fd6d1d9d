"""Every URL says who may pass; a bare one fails here."""

from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from peerplan.councils import gate
from peerplan.councils.capabilities import CAPABILITIES, Capability, Role
from tests.architecture import routes
from tests.architecture.routes import Route, all_routes

WITHOUT_COUNCIL = ("public", "signed in")
CLASSES = {"public", "signed in"}


def problem(route: Route) -> str:
    """What is wrong with a route's gate; empty where nothing is."""
    if not route.name:
        return f"{route.pattern} has no name"
    if not route.is_ours:
        known = gate.PACKAGE_VIEWS.get(route.name)
        return "" if known in CLASSES else f"{route.pattern} is not in gate.PACKAGE_VIEWS"
    if route.gate is None:
        return f"{route.pattern} has no gate"
    if isinstance(route.gate, Capability):
        return "" if "council" in route.arguments else f"{route.pattern} names no council"
    if route.gate not in CLASSES:
        return f"{route.pattern} has a gate that nobody knows: {route.gate}"
    is_open = not getattr(route.view, "login_required", True)
    if is_open is not (route.gate == "public"):
        return f"{route.pattern} says {route.gate} and does otherwise"
    return ""


def problems() -> list[str]:
    """What is wrong with the gates of all routes."""
    return [found for route in all_routes() if (found := problem(route))]


def test_every_url_says_who_may_pass() -> None:
    assert problems() == []


def test_there_are_routes_of_every_kind() -> None:
    kinds = {str(route.gate) for route in all_routes() if route.is_ours}
    assert kinds >= CLASSES
    assert Capability.ADMINISTER in kinds
    assert any(not route.is_ours for route in all_routes())


def _view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse()


_view.__module__ = "peerplan.somewhere"


@login_not_required
def _open_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


_open_view.__module__ = "peerplan.somewhere"


def _says_signed_in() -> Any:
    view = gate.signed_in(_open_view)
    return view


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (path("bare/", _view, name="bare"), "has no gate"),
        (path("nameless/", gate.public(_open_view)), "has no name"),
        (
            path("lost/", gate.requires(Capability.RELEASE)(_view), name="lost"),
            "names no council",
        ),
        (path("liar/", _says_signed_in(), name="liar"), "says signed in and does otherwise"),
        (path("package/", Client, name="package"), "is not in gate.PACKAGE_VIEWS"),
    ],
)
def test_the_walk_notices(pattern: Any, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Resolver:
        url_patterns = [pattern]

    monkeypatch.setattr(routes, "get_resolver", Resolver)
    assert len(problems()) == 1
    assert says in problems()[0]


def test_no_two_routes_share_a_name_or_a_path() -> None:
    ours = [route for route in all_routes() if route.is_ours]
    for values in (Counter(route.name for route in ours), Counter(r.pattern for r in ours)):
        assert [value for value, times in values.items() if times > 1] == []


def test_package_views_that_no_url_has_are_not_listed() -> None:
    there = {route.name for route in all_routes() if not route.is_ours}
    assert set(gate.PACKAGE_VIEWS) <= there


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(gate.PACKAGE_VIEWS))
def test_a_package_view_lets_pass_whom_the_table_says(name: str, client: Client) -> None:
    arguments: dict[str, dict[str, str]] = {
        "account_confirm_email": {"key": "made-up"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "made-up"},
    }
    url = reverse(name, kwargs=arguments.get(name))
    response = client.get(url)
    asked_to_sign_in = response.status_code == 302 and response["Location"].startswith(
        reverse(settings.LOGIN_URL) + "?next="
    )
    assert asked_to_sign_in is (gate.PACKAGE_VIEWS[name] == "signed in")


def test_every_role_has_capabilities_and_every_capability_has_a_role() -> None:
    assert set(CAPABILITIES) == set(Role.values)
    assert set().union(*CAPABILITIES.values()) == set(Capability)
