"""`{% url … as x %}` is silent about a name that is not there: this test is not."""

import re
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

NAMED = re.compile(r"""\{%\s*url\s+["']([\w:-]+)["']""")
ONLY_IN_DEMONSTRATION = {"demo_sign_in"}


def route_names(patterns: list[URLPattern | URLResolver]) -> set[str]:
    """The names of all routes below `patterns`."""
    names: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            names |= route_names(pattern.url_patterns)
        elif pattern.name:
            names.add(pattern.name)
    return names


def test_every_link_of_a_template_leads_somewhere() -> None:
    known = route_names(get_resolver().url_patterns) | ONLY_IN_DEMONSTRATION
    found = [
        (str(path.relative_to(settings.BASE_DIR)), name)
        for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
        for name in NAMED.findall(path.read_text())
    ]
    assert len(found) > 50
    assert [each for each in found if each[1] not in known] == []
