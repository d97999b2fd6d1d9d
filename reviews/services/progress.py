"""The progress review: its days, who came back, its headings, findings and suggestions.

The words are written freely until they are locked, and corrected openly after: with a reason that
everyone who reads the review sees.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction

from peerplan.core import clock, versions
from peerplan.core.errors import Invalid, Stale
from peerplan.councils.gate import Person
from reviews import refs
from reviews.deadlines import counted, in_words
from reviews.models import (
    Finding,
    PeerChallenge,
    ProgressReview,
    Recommendation,
    ReturningPeer,
    ReviewPart,
    ReviewTheme,
    TeamMember,
)
from reviews.services import challenges, checks, recommendations

PartT = TypeVar("PartT", bound=ReviewPart)

LONGEST_REASON = 2_000
_WHY = (
    "The words of the review are locked. Say why they change: everyone who reads the review "
    "sees the reason."
)

# --- Days and words -----------------------------------------------------------------------------


@transaction.atomic
def set_dates(
    *,
    challenge: PeerChallenge,
    version: int,
    author: Person,
    review_from: date | None,
    review_to: date | None,
    review_report_published_on: date | None,
) -> ProgressReview:
    """The review, begun where there was none, with its days and the day of its report.

    Those are dates of the challenge, whose `version` was seen. Raises Invalid, also where the
    review would come before the visit, and Stale.
    """
    if review_from is None:
        checks.permitted(author, challenge)
        raise Invalid({"review_from": "Enter the first day of the progress review."})
    current = challenges.change_challenge(
        challenge=challenge,
        version=version,
        author=author,
        review_from=review_from,
        review_to=review_to,
        review_report_published_on=review_report_published_on,
    )
    review = review_of(current)
    if review is None:
        review = ProgressReview(challenge=current)
        checks.save(review, author=author, reason="Added")
    return review


@transaction.atomic
def change_words(
    *,
    review: ProgressReview,
    version: int,
    author: Person,
    summary: str,
    report_url: str,
    reason: str = "",
) -> ProgressReview:
    """The review with what the peers found overall, and where its report is.

    Raises Invalid, also without a reason once the words are locked, and Stale.
    """
    checks.locked(review.challenge, author)
    current = versions.claim(review, version)
    why = _reason(current, reason)
    current.summary = checks.plain("summary", summary, lines=True)
    current.report_url = checks.plain("report_url", report_url, limit=200)
    if current.report_url:
        try:
            URLValidator(schemes=["http", "https"])(current.report_url)
        except ValidationError as error:
            message = "Enter a full web address that begins with https://"
            raise Invalid({"report_url": message}) from error
    checks.save(current, author=author, reason=why)
    return current


@transaction.atomic
def lock(*, review: ProgressReview, version: int, author: Person) -> ProgressReview:
    """The review, its words locked: from now on members and peers read it.

    Raises Invalid where they are locked already, the review is still to come or nothing is
    written; and Stale.
    """
    challenge = checks.locked(review.challenge, author)
    current = versions.claim(review, version)
    if current.locked_on is not None:
        raise Invalid({"": f"The words were locked on {in_words(current.locked_on)} already."})
    if challenge.review_from is None or challenge.review_from > clock.today():
        raise Invalid({"": "The review has not begun: its words cannot be locked yet."})
    if not current.summary and not _standing(Finding, current).exists():
        raise Invalid({"": "Nothing is written yet: enter what the peers found first."})
    current.locked_on = clock.today()
    checks.save(current, author=author, reason="Locked")
    return current


def review_of(challenge: PeerChallenge) -> ProgressReview | None:
    """The progress review of a challenge, None before it is set up (one query)."""
    rows = ProgressReview.objects.filter(challenge=challenge)
    return rows.select_related("challenge__council").first()


# --- Who came back ------------------------------------------------------------------------------


@transaction.atomic
def add_peer(
    *,
    review: ProgressReview,
    author: Person,
    role: str,
    name: str = "",
    organisation: str = "",
    reason: str = "",
) -> ReturningPeer:
    """One more of those who came back. Raises Invalid, also where a named one is there already."""
    current, why = _writable(review, author, reason)
    peer = ReturningPeer(review=current, name=name, role=role, organisation=organisation)
    peer.position = _next_position(ReturningPeer, current)
    _check_peer(peer)
    checks.save(peer, author=author, reason=why or "Added")
    return peer


@transaction.atomic
def change_peer(
    *,
    peer: ReturningPeer,
    version: int,
    author: Person,
    role: str,
    name: str,
    organisation: str,
    reason: str = "",
) -> ReturningPeer:
    """One of those who came back, changed. Raises Invalid and Stale."""
    current, why = _claimed(peer, version, author, reason)
    current.name, current.role, current.organisation = name, role, organisation
    _check_peer(current)
    checks.save(current, author=author, reason=why)
    return current


@transaction.atomic
def copy_team(*, review: ProgressReview, author: Person, reason: str = "") -> list[ReturningPeer]:
    """The team of the visit, copied; those there already are passed over. Returns who was added.

    Raises Invalid where the visit has no team or all of it is there.
    """
    current, why = _writable(review, author, reason)
    there = {_same_peer(peer) for peer in _standing(ReturningPeer, current)}
    team = TeamMember.objects.filter(challenge=current.challenge, ended_at__isnull=True)
    added = []
    position = _next_position(ReturningPeer, current)
    for member in team:
        if _same_peer(member) in there:
            continue
        peer = ReturningPeer(
            review=current,
            name=member.name,
            role=member.role,
            organisation=member.organisation,
            position=position,
        )
        checks.save(peer, author=author, reason=why or "Added")
        added.append(peer)
        position += checks.STEP
    if not added:
        raise Invalid({"": "Everyone on the team of the visit is on this list already."})
    return added


def _same_peer(peer: TeamMember | ReturningPeer) -> tuple[str, str, str]:
    return peer.name.lower(), peer.role.lower(), peer.organisation.lower()


def _check_peer(peer: ReturningPeer) -> None:
    peer.name = checks.plain("name", peer.name, limit=120)
    peer.role = checks.plain(
        "role", peer.role, limit=150, missing="Enter the role, such as Chief executive peer."
    )
    peer.organisation = checks.plain("organisation", peer.organisation, limit=150)
    others = _standing(ReturningPeer, peer.review).exclude(pk=peer.pk)
    # Two peers without a name may share a role and an organisation; a named person is one person.
    if peer.name and others.filter(name__iexact=peer.name, role__iexact=peer.role).exists():
        raise Invalid({"name": f"{peer.name} is on the list already, in this role."})


# --- Headings -----------------------------------------------------------------------------------


@transaction.atomic
def add_themes(
    *, review: ProgressReview, author: Person, titles: Iterable[str], reason: str = ""
) -> list[ReviewTheme]:
    """One heading for each of `titles`, in their order. Raises Invalid; then none is added."""
    current, why = _writable(review, author, reason)
    added = []
    position = _next_position(ReviewTheme, current)
    for title in titles:
        theme = ReviewTheme(review=current, title=title, position=position)
        try:
            _check_theme(theme)
        except Invalid as error:
            raise Invalid({"titles": str(error)}) from error
        checks.save(theme, author=author, reason=why or "Added")
        added.append(theme)
        position += checks.STEP
    if not added:
        raise Invalid({"titles": "Enter the headings of the report, one on each line."})
    return added


@transaction.atomic
def change_theme(
    *, theme: ReviewTheme, version: int, author: Person, title: str, text: str, reason: str = ""
) -> ReviewTheme:
    """The heading with what the peers wrote under it, changed. Raises Invalid and Stale."""
    current, why = _claimed(theme, version, author, reason)
    current.title, current.text = title, text
    _check_theme(current)
    checks.save(current, author=author, reason=why)
    return current


def _check_theme(theme: ReviewTheme) -> None:
    theme.title = checks.plain("title", theme.title, limit=120, missing="Enter the heading.")
    theme.text = checks.plain("text", theme.text, lines=True)
    same = _standing(ReviewTheme, theme.review).filter(title__iexact=theme.title)
    if same.exclude(pk=theme.pk).exists():
        raise Invalid({"title": f"There is a heading “{theme.title}” already."})


# --- Findings -----------------------------------------------------------------------------------


@transaction.atomic
def set_finding(
    *,
    review: ProgressReview,
    recommendation: Recommendation,
    version: int,
    author: Person,
    progress: str,
    words: str,
    theme: ReviewTheme | None = None,
    reason: str = "",
) -> Finding:
    """What the peers saw of a recommendation, in their words.

    `version` is that of the finding seen, 0 where there was none. Raises Invalid, also for a
    recommendation that was removed or is of another challenge, and Stale.
    """
    current, why = _writable(review, author, reason)
    _check_subject(current, recommendation)
    there = _standing(Finding, current).filter(recommendation=recommendation).first()
    if there is None:
        finding = Finding(review=current, recommendation=recommendation)
        finding.position = recommendation.position
        why = why or "Added"
    elif version == 0:
        raise Stale(there)
    else:
        finding = versions.claim(there, version)
    finding.progress, finding.words, finding.theme = progress, words, theme
    _check_finding(finding)
    checks.save(finding, author=author, reason=why)
    return finding


def _check_subject(review: ProgressReview, recommendation: Recommendation) -> None:
    row = Recommendation.objects.get(pk=recommendation.pk)
    if row.challenge_id != review.challenge_id:
        raise Invalid({"": f"Recommendation {row.ref} belongs to another challenge."})
    if row.ended_at is not None:
        raise Invalid(
            {"": f"Recommendation {row.ref} was removed, so nothing can be found about it."}
        )
    if row.kind == Recommendation.Kind.SUGGESTION:
        raise Invalid({"": f"{row.ref} is a suggestion: findings are about what came before it."})


def _check_finding(finding: Finding) -> None:
    if finding.progress not in Finding.Progress.values:
        raise Invalid({"progress": "Choose how much progress the peers saw."})
    finding.words = checks.plain("words", finding.words, lines=True)
    if finding.progress == Finding.Progress.NOT_SAID and not finding.words:
        raise Invalid({"words": "Enter the peers’ words, or choose how much progress they saw."})
    theme = finding.theme
    if theme is not None and (theme.review_id != finding.review_id or theme.ended_at is not None):
        raise Invalid({"theme": "Choose one from the list: it was removed or never stood here."})


# --- Suggestions --------------------------------------------------------------------------------


@transaction.atomic
def add_suggestion(
    *,
    review: ProgressReview,
    parent: Recommendation,
    author: Person,
    title: str,
    wording: str,
    ref: str = "",
    reason: str = "",
) -> Recommendation:
    """A suggestion of the peers, as a recommendation of the second round under `parent`.

    Without a `ref` it takes the next free one. Raises Invalid, also for a recommendation of
    another challenge, one that was removed, or one that stands under another.
    """
    current, why = _writable(review, author, reason)
    row = Recommendation.objects.get(pk=parent.pk)
    if row.challenge_id != current.challenge_id:
        raise Invalid(
            {
                "": f"Recommendation {row.ref} belongs to another challenge: suggestions go under "
                "those of this one."
            }
        )
    if row.ended_at is not None:
        raise Invalid({"": f"Recommendation {row.ref} was removed: nothing can stand under it."})
    if row.parent_id is not None:
        above = Recommendation.objects.get(pk=row.parent_id)
        raise Invalid(
            {
                "": f"There are two levels: {row.ref} stands under {above.ref} itself. Put the "
                f"suggestion under {above.ref}."
            }
        )
    same = suggestions_of(current.challenge).filter(parent=row, title__iexact=title.strip())
    if same.exists():
        raise Invalid({"title": f"This suggestion is there already under {row.ref}."})
    made = recommendations.add_recommendation(
        challenge=current.challenge,
        author=author,
        ref=ref or next_ref(row),
        title=title,
        wording=wording,
        kind=Recommendation.Kind.SUGGESTION,
        parent=row,
    )
    if why:
        # The history of the review tells why something was added after its words were locked.
        claimed = versions.claim(current)
        checks.save(claimed, author=author, reason=f"Suggestion {made.ref} added: {why}")
    return made


@transaction.atomic
def remove_suggestion(
    *, review: ProgressReview, suggestion: Recommendation, version: int, author: Person
) -> None:
    """Take away a suggestion entered by mistake, while the words are not locked.

    It need not wait for a plan that is not adopted: the peers' words of the visit are locked then,
    those of the review are not yet. Raises Invalid once they are, or where something stands under
    it; and Stale.
    """
    current, _ = _writable(review, author, "Removed")
    row = versions.claim(suggestion, version)
    if row.ended_at is not None:
        raise Invalid({"": "This was removed in the meantime."})
    if row.challenge_id != current.challenge_id or row.kind != Recommendation.Kind.SUGGESTION:
        raise Invalid({"": f"Recommendation {row.ref} is no suggestion of this review."})
    if current.is_locked:
        raise Invalid({"": "The words of the review are locked: its suggestions stay."})
    if recommendations.has_something_under(row):
        raise Invalid(
            {
                "": f"Suggestion {row.ref} cannot be removed while actions stand under it. "
                "Move those first."
            }
        )
    row.ended_at = clock.now()
    checks.save(row, author=author, reason="Removed")


def suggestions_of(challenge: PeerChallenge) -> models.QuerySet[Recommendation]:
    """The standing suggestions of a challenge, by position."""
    return Recommendation.objects.filter(
        challenge=challenge, kind=Recommendation.Kind.SUGGESTION, ended_at__isnull=True
    )


def next_ref(parent: Recommendation) -> str:
    """The next free reference under `parent`: "3.4" where the plan has gone up to 3.3.

    Actions are numbered under recommendations too, so a number that one of them has is not free:
    asked of the models' own relations, since this app may not know what else a plan is made of.
    """
    taken: set[str] = set()
    for relation in PeerChallenge._meta.related_objects:
        model: Any = relation.related_model
        if "ref" in {field.name for field in model._meta.get_fields()}:
            rows = model._default_manager.filter(**{relation.field.name: parent.challenge_id})
            taken |= {ref.lower() for ref in rows.values_list("ref", flat=True)}
    # There is one dot in a reference: below "3.1" comes "3.1-1".
    stem = f"{parent.ref}-" if "." in parent.ref else f"{parent.ref}."
    number = 1
    while f"{stem}{number}".lower() in taken:
        number += 1
    found = f"{stem}{number}"
    return found if len(found) <= refs.REF_LENGTH else ""


# --- All of them --------------------------------------------------------------------------------


@transaction.atomic
def end_part(*, part: ReviewPart, version: int, author: Person, reason: str = "") -> None:
    """Take one of those who came back, a heading or a finding away. The row stays, ended.

    Raises Invalid for a heading under which findings stand, and without a reason once the words
    are locked; Stale where it was changed.
    """
    current, why = _claimed(part, version, author, reason)
    if isinstance(current, ReviewTheme):
        under = _standing(Finding, current.review).filter(theme=current).count()
        if under:
            raise Invalid(
                {
                    "": f"“{current.title}” cannot be removed while it has "
                    f"{counted(under, 'finding')}. Move them to another heading first."
                }
            )
    current.ended_at = clock.now()
    checks.save(current, author=author, reason=why or "Removed")


@transaction.atomic
def move_part(*, part: ReviewPart, up: bool, version: int, author: Person) -> None:
    """Put a peer or a heading one place up or down; at the end nothing happens. Raises Stale."""
    checks.locked(part.review.challenge, author)
    rows = list(_standing(type(part), part.review))
    places = [row.pk for row in rows]
    if part.pk not in places:
        raise Invalid({"": "This was removed in the meantime, so it cannot be moved."})
    place = places.index(part.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    order = list(rows)
    order[place], order[other] = order[other], order[place]
    for index, row in enumerate(order, start=1):
        if row.position == checks.STEP * index:
            continue
        moved = versions.claim(row, version if row.pk == part.pk else row.version)
        moved.position = checks.STEP * index
        checks.save(moved, author=author, reason="Moved in the order")


def _standing(model: type[PartT], review: ProgressReview) -> models.QuerySet[PartT]:
    return model._default_manager.filter(review=review, ended_at__isnull=True)


def _next_position(model: type[ReviewPart], review: ProgressReview) -> int:
    last: int = _standing(model, review).aggregate(last=models.Max("position"))["last"] or 0
    return last + checks.STEP


def _writable(review: ProgressReview, author: Person, reason: str) -> tuple[ProgressReview, str]:
    """The review as it is now, kept from being locked meanwhile, and the reason for a change."""
    challenge = checks.locked(review.challenge, author)
    current = ProgressReview.objects.get(pk=review.pk)
    current.challenge = challenge
    return current, _reason(current, reason)


def _claimed(part: PartT, version: int, author: Person, reason: str) -> tuple[PartT, str]:
    review, why = _writable(part.review, author, reason)
    current = versions.claim(part, version)
    if current.ended_at is not None:
        raise Invalid({"": "This was removed in the meantime, so it cannot be changed."})
    current.review = review
    return current, why


def _reason(review: ProgressReview, reason: str) -> str:
    """The reason as it is kept. Raises Invalid where the words are locked and there is none."""
    missing = _WHY if review.is_locked else ""
    return checks.plain("reason", reason, lines=True, limit=LONGEST_REASON, missing=missing)
