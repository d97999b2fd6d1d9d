"""The template tags and filters of our components; every template has them. No domain in here.

    {% status "red" "Red" %}                    word, shape and colour, one pill
    {% status key label was="was Green in September" large=True %}
    {% day value %}                             <time> "30 September 2026"; "No date" for None
    {% day value short=True %}                  "30 Sep 2026"
    {% day value words="Ongoing" %}             the words where there are any
    {% moment value %}                          an instant in London, "17 November 2026, 09:41"
    {% person_role role name %}                 the role first, the name after it where given
    {% error_summary form other_form formset %} "There is a problem", linked to the fields
    {% pages page_obj %}                        pagination that keeps the query string
    {% filter_panel filters %}                  a GET form and what is chosen (`core.filters`)
    {% query_with status="red" page=None %}     "?..." of this page with changes; None removes
    {% nav_link "Home" url section="plan" %}    an item of the main navigation; current on its own
                                                page and where the context's `section` is "plan"
    {{ person|can:"RELEASE" }}                  True where the role has that capability
    {{ text|paragraphs }}                       plain text as <p>, a blank line between
    {% include "core/empty.html" with heading="No actions yet" text="..." url=u label="Add one" %}
    {% include "core/facts.html" with facts=pairs %}   pairs of (label, value)
    {% include "core/banner.html" with kind="done" heading="Saved" text="..." %}  or "warn", ""
    {{ form.field.as_field_group }}             label, hint, error, field; {{ form }} for all

Status, day and moment are made here and not in included files, since a plan of a thousand
actions draws some ten thousand of them.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import Field
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from peerplan.core import clock
from peerplan.core.filters import Filter

register = template.Library()

# Shapes on a grid of 16, drawn in the text's colour; `cut` is drawn in the fill's.
SHAPES: dict[str, str] = {
    "red": '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/>'
    '<path class="cut" d="M5.3 5.3l5.4 5.4m0-5.4l-5.4 5.4"/>',
    "amber": '<path d="M8 1l7.5 14H.5z"/><path class="cut" d="M8 5.5v4.7M8 11.6v2"/>',
    "green": '<circle cx="8" cy="8" r="6.5"/>',
    "complete": '<path class="line" d="M1.8 8.6l4 4L14.2 3.4"/>',
    "claimed": '<path class="line" d="M1.8 8.6l4 4L14.2 3.4"/>',
    "none": '<circle class="dash" cx="8" cy="8" r="6"/>',
    "paused": '<path d="M3.5 2h3.2v12H3.5zM9.3 2h3.2v12H9.3z"/>',
    "bau": '<path class="line" d="M1.5 8h8.5M6.5 4l4 4-4 4M14 2v12"/>',
    "merged": '<path class="line" d="M1.5 3c4 0 5 5 8 5h5M1.5 13c4 0 5-5 8-5"/>',
    "withdrawn": '<circle class="line" cx="8" cy="8" r="6"/>'
    '<path class="line" d="M3.8 12.2l8.4-8.4"/>',
}
_OPENINGS: dict[tuple[str, bool], SafeString] = {
    (key, large): mark_safe(  # noqa: S308 - constants of this file
        f'<span class="status status--{key}{" status--large" if large else ""}">'
        f'<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">{shape}</svg>'
    )
    for key, shape in SHAPES.items()
    for large in (False, True)
}
BULLET = re.compile(r"[ \t]*[-•][ \t\xa0]+(?=\S)")
MONTHS = (
    "January February March April May June July August September October November December"
).split()


@register.simple_tag
def status(key: str, label: str, was: str = "", large: bool = False) -> SafeString:
    """The pill of one status. Raises KeyError for a key that has no shape."""
    pill = format_html("{}{}</span>", _OPENINGS[str(key), bool(large)], label)
    return format_html('{}<span class="was">{}</span>', pill, was) if was else pill


def day_in_words(value: date, short: bool = False) -> str:
    """ "30 September 2026", or "30 Sep 2026" when short; never with a locale's habits."""
    month = MONTHS[value.month - 1]
    return f"{value.day} {month[:3] if short else month} {value.year}"


@register.simple_tag
def day(
    value: date | None, short: bool = False, words: str = "", empty: str = "No date"
) -> SafeString:
    """A day, the words that stand for it, or `empty`."""
    if words:
        return format_html("{}", words)
    if value is None or value == "":
        return format_html("{}", empty)
    if isinstance(value, datetime):
        value = clock.day_of(value)
    text = day_in_words(value, short)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


@register.simple_tag
def moment(value: datetime | None, short: bool = False, empty: str = "Never") -> SafeString:
    """An instant as London's clocks showed it."""
    if value is None:
        return format_html("{}", empty)
    local = value.astimezone(clock.LONDON)
    text = f"{day_in_words(local.date(), short)}, {local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat("T", "minutes"), text)


@register.simple_tag
def person_role(role: str, name: str = "") -> SafeString:
    """The role first; a name is optional and is never shown to the public."""
    if not name or name == role:
        return format_html('<span class="person">{}</span>', role)
    return format_html(
        '<span class="person">{} <span class="person-name">{}</span></span>', role, name
    )


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs; single line breaks stay. Nothing in it is taken as HTML.

    Neighbouring lines that begin with "- " or "• " are a list, as they are in the papers.
    """
    blocks = [block for block in re.split(r"\n\s*\n", str(text).strip()) if block]
    drawn: list[SafeString] = []
    for block in blocks:
        for is_list, lines in groupby(block.split("\n"), key=lambda line: bool(BULLET.match(line))):
            if is_list:
                items = ((BULLET.sub("", line, count=1),) for line in lines)
                drawn.append(format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items)))
            else:
                words = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))
                drawn.append(format_html("<p>{}</p>", words))
    return format_html_join("\n", "{}", ((each,) for each in drawn))


@register.filter
def can(person: Any, capability: str) -> bool:
    """True where `person` (None for nobody) has the capability of that name.

    Raises KeyError for a name that no capability has.
    """
    if not person:
        return False
    kind: Any = type(next(iter(person.capabilities)))
    return kind[capability] in person.capabilities


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, label: str, url: str, section: str = "") -> SafeString:
    """An item of the navigation, or nothing without a URL.

    It is current on its own page, and on pages whose view gives one of its sections, which are
    separated by spaces.
    """
    if not url:
        return mark_safe("")
    path = context["request"].path
    current: SafeString = mark_safe("")
    if path == url:
        current = mark_safe(' aria-current="page"')
    elif context.get("section") in section.split():
        current = mark_safe(' aria-current="true"')
    return format_html('<li><a href="{}"{}>{}</a></li>', url, current, label)


def _query(context: template.Context, changes: dict[str, Any]) -> str:
    query = context["request"].GET.copy()
    if "page" not in changes:
        query.pop("page", None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """This page's query string with changes; None or "" removes a key. Starts again at page 1."""
    return _query(context, changes)


@register.inclusion_tag("core/pages.html", takes_context=True)
def pages(context: template.Context, page_obj: Page[Any]) -> dict[str, Any]:
    """Links to the pages of a list; nothing where there is one page."""
    paginator = page_obj.paginator
    numbers = paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    links = [
        {
            "number": number,
            "url": _query(context, {"page": number}) if isinstance(number, int) else "",
            "current": number == page_obj.number,
        }
        for number in numbers
    ]
    number = page_obj.number
    return {
        "page_obj": page_obj,
        "links": links,
        "before": _query(context, {"page": number - 1}) if page_obj.has_previous() else "",
        "after": _query(context, {"page": number + 1}) if page_obj.has_next() else "",
    }


@register.inclusion_tag("core/filters.html", takes_context=True)
def filter_panel(
    context: template.Context, filters: Iterable[Filter], title: str = "Filter the list"
) -> dict[str, Any]:
    """A panel with one field a filter, and what is chosen, each with a link that removes it."""
    request = context["request"]
    filters = list(filters)
    ours = {item.name for item in filters}
    active = [
        {"label": item.label, "chosen": item.chosen, "url": _query(context, {item.name: None})}
        for item in filters
        if item.is_active
    ]
    kept = [
        (key, value)
        for key, values in request.GET.lists()
        if key not in ours and key != "page"
        for value in values
    ]
    clear = _query(context, dict.fromkeys(ours))
    return {
        "filters": filters,
        "title": title,
        "active": active,
        "kept": kept,
        "path": request.path,
        "clear": clear if clear != "?" else request.path,
    }


def _first_id(bound: Any) -> str:
    """The id to jump to: groups of inputs have none of their own."""
    if getattr(bound.field.widget, "use_fieldset", False):
        return f"{bound.auto_id}_0"
    return str(bound.id_for_label or bound.auto_id)


_REQUIRED = Field.default_error_messages["required"]


def _problems(form: Any) -> list[tuple[str, str]]:
    if hasattr(form, "forms"):
        found = [("", str(message)) for message in form.non_form_errors()]
        for inner in form.forms:
            found += _problems(inner)
        return found
    found = [("", str(message)) for message in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else _first_id(bound)
        for message in bound.errors:
            # A package's form says only "This field is required": say which.
            words = f"{bound.label}: {message}" if message == _REQUIRED else str(message)
            found.append((target, words))
    return found


@register.inclusion_tag("core/errors.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """What is wrong with the forms and formsets given, linked to the fields; None is allowed."""
    return {"problems": [found for form in forms if form is not None for found in _problems(form)]}
