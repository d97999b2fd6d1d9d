"""What was changed in a council's settings: who, when and from what to what, in plain words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from peerplan.core.templatetags.parts import day_in_words
from peerplan.councils.capabilities import Role
from peerplan.councils.models import (
    Council,
    Directorate,
    Invitation,
    Membership,
    Portfolio,
    RatingLabel,
    User,
)
from peerplan.councils.vocabulary import Words

TRACKED: tuple[type[models.Model], ...] = (
    Council,
    Directorate,
    Portfolio,
    Membership,
    RatingLabel,
)
LONG = {"accessibility_statement", "privacy_notice", "protected_names"}
"""Texts too long to quote twice, or not to be repeated: the entry says that they were rewritten."""
LABELS = {
    "contact_email": "Contact e-mail",
    "brand": "Main colour",
    "brand_ink": "Text on the main colour",
    "brand_trim": "Trim",
    "link_colour": "Links",
    "post": "Post or office",
    "reads_exempt": "May read what is not for publication",
    "ends_on": "Last day",
    "definition": "Written rule",
    "requires_commentary": "Needs a commentary",
    "holder_title": "Held by",
}
NOT_SHOWN = {"id", "version", "logo_type", "council", "user", "started_at", "is_sample", "slug"}


@dataclass(frozen=True)
class Entry:
    """One change: when, by whom, to what, and each thing that is different since."""

    at: datetime
    author: User
    subject: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """Where a change is found: cheap enough to have one for every change there ever was."""

    at: datetime
    model: type[models.Model]
    pk: int
    before: int | None = None
    is_withdrawal: bool = False


def _in_words(field: Any, value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_in_words(value)
    return f"“{dict(field.flatchoices).get(value, value)}”"


def _word_changes(before: dict[str, str], after: dict[str, str]) -> Iterable[str]:
    for key, ours in vars(Words()).items():
        was, now = before.get(key, ours), after.get(key, ours)
        if was != now:
            yield f"Word for {ours.lower()}: from “{was}” to “{now}”"


def _field_change(field: Any, before: Any, after: Any) -> str:
    name = field.name
    label = LABELS.get(name, str(field.verbose_name).capitalize())
    if name in LONG:
        return f"{label}: rewritten" if after else f"{label}: removed"
    if name == "ended_on":
        return f"Ended on {day_in_words(after)}" if after else "Reopened"
    if name == "ended_at":
        return "Access ended" if after else "Access given back"
    return f"{label}: from {_in_words(field, before)} to {_in_words(field, after)}"


def _sentences(row: Any, before: Any) -> tuple[str, ...]:
    """What differs between a history row and the one before it, or the reason it gives."""
    if before is None:
        if isinstance(row, Membership.history.model):
            return (f"Joined as {Role(row.role).label}",)
        return (row.history_change_reason or "Added",)
    found: list[str] = []
    for field in row.tracked_fields:
        if field.name in NOT_SHOWN or (
            getattr(row, field.attname) == getattr(before, field.attname)
        ):
            continue
        if field.name == "vocabulary":
            found += _word_changes(before.vocabulary, row.vocabulary)
        else:
            found.append(
                _field_change(field, getattr(before, field.attname), getattr(row, field.attname))
            )
    if row.history_change_reason:
        found.append(row.history_change_reason)
    return tuple(found) or ("Saved without a change",)


def _subject(model: type[models.Model], row: Any) -> str:
    if model is Council:
        return "The council"
    if model is Membership:
        return str(row.user)
    if model is RatingLabel:
        return f"Rule for “{row.label}”"
    return f"{str(model._meta.verbose_name).capitalize()} “{row.name}”"


def marks_of(council: Council) -> list[Mark]:
    """A mark for every change of the council's settings, the latest first. Six queries."""
    marks: list[Mark] = []
    for model in TRACKED:
        owner = {"id": council.pk} if model is Council else {"council_id": council.pk}
        rows = model.history.filter(**owner)  # type: ignore[attr-defined]
        latest: dict[int, int] = {}
        for pk, history_id, at in rows.order_by("history_date", "history_id").values_list(
            "id", "history_id", "history_date"
        ):
            before = latest.get(pk)
            latest[pk] = history_id
            if before is not None or model is not RatingLabel:
                marks.append(Mark(at, model, history_id, before))
    for pk, invited_at, withdrawn_at in Invitation.objects.for_council(council).values_list(
        "pk", "invited_at", "withdrawn_at"
    ):
        marks.append(Mark(invited_at, Invitation, pk))
        if withdrawn_at:
            marks.append(Mark(withdrawn_at, Invitation, pk, is_withdrawal=True))
    return sorted(marks, key=lambda mark: (mark.at, mark.pk), reverse=True)


def _invitation_entry(mark: Mark, invitation: Invitation) -> Entry:
    subject = f"Invitation to {invitation.email}"
    if mark.is_withdrawal and invitation.withdrawn_by:
        return Entry(mark.at, invitation.withdrawn_by, subject, ("Withdrawn",))
    role = invitation.get_role_display()
    return Entry(mark.at, invitation.invited_by, subject, (f"Sent, to join as {role}",))


def entries(marks: Sequence[Mark]) -> list[Entry]:
    """The changes behind the marks, in their order: at most one query for each kind of record."""
    rows: dict[tuple[type[models.Model], int], Any] = {}
    for model in {mark.model for mark in marks}:
        wanted = {pk for mark in marks if mark.model is model for pk in (mark.pk, mark.before)}
        if model is Invitation:
            found: Any = Invitation.objects.select_related("invited_by", "withdrawn_by")
            rows |= {(model, row.pk): row for row in found.filter(pk__in=wanted - {None})}
            continue
        related = ["history_user"] + (["user"] if model is Membership else [])
        found = model.history.select_related(*related)  # type: ignore[attr-defined]
        found = found.filter(history_id__in=wanted - {None})
        rows |= {(model, row.history_id): row for row in found}
    made: list[Entry] = []
    for mark in marks:
        row = rows[mark.model, mark.pk]
        if mark.model is Invitation:
            made.append(_invitation_entry(mark, row))
            continue
        before = rows[mark.model, mark.before] if mark.before else None
        made.append(
            Entry(mark.at, row.history_user, _subject(mark.model, row), _sentences(row, before))
        )
    return made
