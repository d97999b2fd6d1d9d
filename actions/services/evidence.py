"""Keeping evidence: a link or a file that shows what an update says. Withdrawn, never deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.files.base import File
from django.db import transaction

from actions.files import CheckedFile
from actions.models import Action, Evidence, ProgressUpdate
from actions.permissions import require_update
from actions.services.locking import lock_and_claim
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person

TITLE_LENGTH = 200
LINK_LENGTH = 500
REASON_LENGTH = 1000


@dataclass(frozen=True)
class EvidenceDraft:
    """Evidence as given: a link or a checked file, not both. Without a title it has its name."""

    title: str = ""
    link: str = ""
    file: CheckedFile | None = None


@transaction.atomic
def add_evidence(
    *, action: Action, version: int, evidence: EvidenceDraft, author: Person
) -> Evidence:
    """Keep evidence for `action` and return it. Raises NotPermitted, Stale and Invalid."""
    require_update(author, action)
    current = lock_and_claim(action, version)
    (kept,) = keep_evidence(current, [evidence], update=None, author=author)
    history.save(current, author=author.user, reason=f"Evidence added: {kept.title}")
    return kept


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, version: int, reason: str, author: Person) -> Evidence:
    """Take evidence out of view; it is kept. `version` is its action's.

    Raises NotPermitted (only who added it or a plan manager may), Stale and Invalid.
    """
    require_update(author, evidence.action)
    if evidence.added_by_id != author.user.pk and not author.can(Capability.UPDATE_ANY):
        raise NotPermitted("Ask the plan manager to withdraw evidence that somebody else added.")
    if not reason.strip():
        raise Invalid({"reason": "Say why the evidence is withdrawn."})
    if len(reason) > REASON_LENGTH:
        raise Invalid({"reason": f"Shorten the reason to {REASON_LENGTH:,} characters."})
    current = lock_and_claim(evidence.action, version)
    kept = Evidence.objects.get(pk=evidence.pk)
    if kept.withdrawn_at is None:
        kept.withdrawn_at = clock.now()
        kept.save()
    history.save(
        current,
        author=author.user,
        reason=f"Evidence withdrawn: {kept.title}. {reason.strip()}",
    )
    return kept


def keep_evidence(
    action: Action,
    drafts: Sequence[EvidenceDraft],
    *,
    update: ProgressUpdate | None,
    author: Person,
) -> list[Evidence]:
    """Write the evidence of a claimed action, as visible as the action is now. Raises Invalid."""
    return [_keep(action, draft, update, author) for draft in drafts]


def _keep(
    action: Action, draft: EvidenceDraft, update: ProgressUpdate | None, author: Person
) -> Evidence:
    if bool(draft.link) == bool(draft.file):
        raise Invalid({"evidence_link": "Give a link or choose a file, one of the two."})
    record = Evidence(
        action=action,
        update=update,
        title=draft.title.strip(),
        visibility=action.visibility,
        added_at=clock.now(),
        added_by=author.user,
    )
    if draft.file is None:
        host = _host_of(draft.link)
        if not host:
            raise Invalid({"evidence_link": "Give a whole address that begins with https://."})
        if len(draft.link) > LINK_LENGTH:
            raise Invalid(
                {"evidence_link": f"Give an address of at most {LINK_LENGTH} characters."}
            )
        record.link = draft.link
        record.title = record.title or host
    else:
        record.file_name = draft.file.name
        record.content_type = draft.file.content_type
        record.size = draft.file.size
        record.sha256 = draft.file.sha256
        record.title = record.title or draft.file.name
    if len(record.title) > TITLE_LENGTH:
        raise Invalid({"evidence_title": f"Give a title of at most {TITLE_LENGTH} characters."})
    if draft.file is not None:
        try:
            record.file.save(draft.file.name, File(draft.file.content), save=False)
        except OSError as error:
            raise Invalid(
                {
                    "evidence_file": "The file could not be stored just now. Save without it, "
                    "and add it later."
                }
            ) from error
    record.save()
    return record


def _host_of(link: str) -> str:
    """The host that a web address names, "" for what is no web address."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in ("http", "https") else ""
