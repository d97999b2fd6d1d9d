"""Every route of the site, read from the URLconf itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from peerplan.demo.urls import urlpatterns as demonstration


@dataclass(frozen=True)
class Route:
    """One URL pattern: its name, its view and the names of its arguments."""

    name: str
    pattern: str
    view: Any
    arguments: frozenset[str]

    @property
    def gate(self) -> Any:
        """What the view asks of a person: a capability, "signed in", "public", or None."""
        return getattr(self.view, "gate", None)

    @property
    def is_ours(self) -> bool:
        """False for views of installed packages."""
        return str(self.view.__module__).startswith(("peerplan", "actions", "reviews"))


def _walk(
    patterns: Sequence[Any], prefix: str = "", given: frozenset[str] = frozenset()
) -> Iterator[Route]:
    for pattern in patterns:
        written = prefix + str(pattern.pattern)
        arguments = given | frozenset(pattern.pattern.converters)
        arguments |= frozenset(getattr(pattern.pattern.regex, "groupindex", {}))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, written, arguments)
        elif isinstance(pattern, URLPattern):
            yield Route(pattern.name or "", written, pattern.callback, arguments)


def all_routes() -> list[Route]:
    """Every route: those of included URLconfs, of packages, and of the demonstration too."""
    found = list(_walk(get_resolver().url_patterns))
    known = {route.name for route in found}
    return found + [route for route in _walk(demonstration) if route.name not in known]
