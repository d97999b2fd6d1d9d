"""Keeping a request for a later date, which moves nothing until somebody approves it."""

from datetime import date

from actions.models import Action, Extension, Visibility
from peerplan.core import clock
from peerplan.core.errors import Invalid
from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.gate import Person


def keep_request(
    action: Action,
    *,
    as_at: date,
    to: date | None,
    to_words: str,
    reason: str,
    asked_for: str,
    author: Person,
) -> Extension:
    """Write the request for a claimed action, as visible as the action is now, and return it.

    Raises Invalid where another one waits: two would be decided one against the other.
    """
    waiting = Extension.objects.filter(action=action, decision=Extension.Decision.WAITING).first()
    if waiting is not None:
        asked = waiting.to_words or (day_in_words(waiting.to) if waiting.to else "")
        readable = author.reads_exempt or waiting.visibility == Visibility.PUBLIC
        which = f"Another date ({asked})" if readable and asked else "Another date"
        raise Invalid(
            {
                "expected_date": f"{which} already waits for approval. Leave the date as it is, "
                "or have that request decided or taken back first."
            }
        )
    return Extension.objects.create(
        action=action,
        as_at=as_at,
        to=to,
        to_words=to_words,
        reason=reason,
        asked_for=asked_for,
        asked_by=author.user,
        asked_at=clock.now(),
        visibility=action.visibility,
    )
