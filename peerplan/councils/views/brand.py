"""A council's colours and logo, served as files so that a strict content policy holds."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from peerplan.councils import gate
from peerplan.councils.models import Council

LOGO_TYPES = frozenset({"image/png", "image/jpeg"})
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PROPERTIES = (
    ("--brand", "brand"),
    ("--brand-ink", "brand_ink"),
    ("--brand-trim", "brand_trim"),
    ("--link", "link_colour"),
)
_AN_HOUR = "public, max-age=3600"


@gate.public
def brand_css(request: HttpRequest, council: str) -> HttpResponse:
    """The council's four colours as custom properties; values that are no colour are left out."""
    here = get_object_or_404(Council, slug=council)
    lines = [
        f"  {name}: {value};"
        for name, field in _PROPERTIES
        if _COLOUR.fullmatch(value := str(getattr(here, field)))
    ]
    # The projector's dark view keeps its own link colour.
    css = "\n".join([":root:not(.projector) {", *lines, "}", ":root.projector {", *lines[:-1], "}"])
    return HttpResponse(
        css + "\n", content_type="text/css; charset=utf-8", headers={"Cache-Control": _AN_HOUR}
    )


@gate.public
def logo(request: HttpRequest, council: str) -> HttpResponse:
    """The council's logo. Opened on its own it can run no script."""
    here = get_object_or_404(Council, slug=council)
    if not here.logo or here.logo_type not in LOGO_TYPES:
        raise Http404
    return HttpResponse(
        bytes(here.logo),
        content_type=here.logo_type,
        headers={
            "Cache-Control": _AN_HOUR,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
