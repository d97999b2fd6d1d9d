"""Tags that tell what changed and name statuses: `{% load telling %}`.

{% change_words change scheme %}            "went from Green to Amber", statuses as pills
{% status_of "red" scheme %}                the pill with the council's own label
"""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.changes import Change
from actions.sentences import change_sentence
from peerplan.core.templatetags.parts import status
from peerplan.councils.ratings import Rule

register = template.Library()


@register.simple_tag
def change_words(change: Change, scheme: Mapping[str, Rule]) -> SafeString:
    """What happened to one action, in words that follow its title."""
    return format_html_join(
        "",
        "{}",
        (
            (status(piece.key, piece.text) if piece.key else format_html("{}", piece.text),)
            for piece in change_sentence(change, scheme)
        ),
    )


@register.simple_tag
def status_of(key: str, scheme: Mapping[str, Rule]) -> SafeString:
    """The pill of a status under the council's own label."""
    return status(key, scheme[key].label)
