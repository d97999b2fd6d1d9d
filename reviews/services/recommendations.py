"""Recommendations: added and changed freely until the plan is adopted, corrected openly after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from peerplan.core import clock, versions
from peerplan.core.errors import Invalid
from peerplan.councils.gate import Person
from reviews import refs
from reviews.models import PeerChallenge, Recommendation, RecommendationTheme, Theme
from reviews.services import checks

LOCKED = ("ref", "title", "wording")
FIELDS = (*LOCKED, "kind", "parent", "response", "response_reason")
_IS_LOCKED = (
    "The plan is adopted, so the peers’ words are locked. "
    "Correct them on the page “Correct the wording”, with a reason."
)


@dataclass(frozen=True)
class Row:
    """One recommendation of a pasted list."""

    ref: str
    title: str
    wording: str = ""


@transaction.atomic
def add_recommendation(
    *,
    challenge: PeerChallenge,
    author: Person,
    ref: str,
    title: str,
    kind: str = Recommendation.Kind.KEY,
    wording: str = "",
    parent: Recommendation | None = None,
    themes: Iterable[Theme] = (),
    response: str = "",
    response_reason: str = "",
) -> Recommendation:
    """One more recommendation, after its parent's last one or at the end. Raises Invalid."""
    current = checks.locked(challenge, author)
    made = Recommendation(
        challenge=current,
        ref=ref,
        title=title,
        kind=kind,
        wording=wording,
        parent=parent,
        response=response,
        response_reason=response_reason,
    )
    _check(made)
    made.position = _place(current, parent, author)
    # The links begin no later than the row of the history that begins with them.
    now = clock.now()
    checks.save(made, author=author, reason="Added")
    _set_themes(made, themes, author, now)
    return made


@transaction.atomic
def add_recommendations(
    *,
    challenge: PeerChallenge,
    author: Person,
    rows: Sequence[Row],
    kind: str = Recommendation.Kind.KEY,
) -> list[Recommendation]:
    """All of a pasted list, or none. "1.1" goes under "1" where there is one.

    Raises Invalid with one line for each row that cannot be taken.
    """
    current = checks.locked(challenge, author)
    problems, added = [], []
    by_ref = {row.ref.lower(): row for row in standing_recommendations(current)}
    for number, row in enumerate(rows, start=1):
        parent = by_ref.get(row.ref.rsplit(".", 1)[0].lower()) if "." in row.ref else None
        try:
            made = add_recommendation(
                challenge=current,
                author=author,
                ref=row.ref,
                title=row.title,
                wording=row.wording,
                kind=kind,
                parent=parent if parent and parent.parent_id is None else None,
            )
        except Invalid as error:
            problems.append(f"Row {number} ({row.ref or 'no reference'}): {error}")
            continue
        by_ref[made.ref.lower()] = made
        added.append(made)
    if not rows:
        problems.append("Paste the recommendations, one on each line.")
    if problems:
        raise Invalid({"rows": "\n".join(problems)})
    return added


@transaction.atomic
def change_recommendation(
    *,
    recommendation: Recommendation,
    version: int,
    author: Person,
    reason: str = "",
    themes: Iterable[Theme] | None = None,
    **fields: Any,
) -> Recommendation:
    """The recommendation with `fields` (any of FIELDS) and themes changed.

    Raises Invalid, also where the plan is adopted and the reference, heading or wording would
    change, and Stale.
    """
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"A recommendation has no {', '.join(sorted(unknown))} to set.")
    current = _claimed(recommendation, version, author)
    before = {name: getattr(current, name) for name in LOCKED}
    for name, value in fields.items():
        setattr(current, name, value)
    _check(current)
    if current.challenge.is_adopted:
        changed = [name for name in LOCKED if getattr(current, name) != before[name]]
        if changed:
            raise Invalid(dict.fromkeys(changed, _IS_LOCKED))
    if themes is not None:
        _set_themes(current, themes, author, clock.now())
    checks.save(current, author=author, reason=checks.plain("reason", reason, lines=True))
    return current


@transaction.atomic
def correct_wording(
    *,
    recommendation: Recommendation,
    version: int,
    author: Person,
    reason: str,
    title: str,
    wording: str,
    ref: str | None = None,
) -> Recommendation:
    """The recommendation with an error in the peers' words put right after adoption.

    The reason is kept in the history and shown to everyone beside the old words. Raises Invalid
    without a reason, where nothing changes or before adoption, and Stale.
    """
    current = _claimed(recommendation, version, author)
    if not current.challenge.is_adopted:
        raise Invalid({"": "The plan is not adopted yet: change the recommendation itself."})
    reason = checks.plain(
        "reason",
        reason,
        lines=True,
        missing="Say why the wording is corrected. Everyone who reads the plan sees the reason.",
    )
    before = {name: getattr(current, name) for name in LOCKED}
    current.title, current.wording = title, wording
    current.ref = current.ref if ref is None else ref
    _check(current)
    if all(getattr(current, name) == before[name] for name in LOCKED):
        raise Invalid({"": "Nothing is different from the wording that is kept."})
    checks.save(current, author=author, reason=reason)
    return current


@transaction.atomic
def respond(
    *,
    recommendation: Recommendation,
    version: int,
    author: Person,
    response: str,
    response_reason: str = "",
) -> Recommendation:
    """The recommendation with the council's answer. Raises Invalid and Stale.

    What is not accepted has a reason (LGA guidance: the council answers every recommendation).
    """
    return change_recommendation(
        recommendation=recommendation,
        version=version,
        author=author,
        response=response,
        response_reason=response_reason,
    )


@transaction.atomic
def set_themes(
    *, recommendation: Recommendation, version: int, author: Person, themes: Iterable[Theme]
) -> Recommendation:
    """The recommendation under exactly these themes. Raises Invalid and Stale."""
    return change_recommendation(
        recommendation=recommendation, version=version, author=author, themes=themes
    )


@transaction.atomic
def end_recommendation(
    *, recommendation: Recommendation, version: int, author: Person, reason: str = ""
) -> None:
    """Take a recommendation away before adoption. The row stays, ended, with its history.

    Raises Invalid once the plan is adopted and where something stands under it; and Stale.
    """
    current = _claimed(recommendation, version, author)
    if current.challenge.is_adopted:
        raise Invalid(
            {"": "The plan is adopted: its recommendations stay. Say in the response what is so."}
        )
    if has_something_under(current):
        raise Invalid(
            {
                "": f"Recommendation {current.ref} cannot be removed while actions or other "
                "recommendations stand under it. Move those first."
            }
        )
    current.ended_at = clock.now()
    checks.save(current, author=author, reason=checks.plain("reason", reason) or "Removed")


@transaction.atomic
def move(*, recommendation: Recommendation, up: bool, version: int, author: Person) -> None:
    """Put a recommendation, with those under it, one place up or down among its fellows.

    At the end nothing happens. Raises Stale, and Invalid where it was removed.
    """
    challenge = checks.locked(recommendation.challenge, author)
    rows = list(Recommendation.objects.filter(challenge=challenge, ended_at__isnull=True))
    tree = in_tree_order(rows)
    fellows = [row for row in tree if row.parent_id == recommendation.parent_id]
    places = [row.pk for row in fellows]
    if recommendation.pk not in places:
        raise Invalid({"": "This was removed in the meantime, so it cannot be moved."})
    place = places.index(recommendation.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(fellows):
        return
    fellows[place], fellows[other] = fellows[other], fellows[place]
    if recommendation.parent_id is None:
        under = [row for row in tree if row.parent_id is not None]
        order = in_tree_order([*fellows, *under])
    else:
        order = _with_children_in(fellows, tree)
    for row, position in checks.in_new_order(rows, order):
        moved = versions.claim(row, version if row.pk == recommendation.pk else row.version)
        moved.position = position
        checks.save(moved, author=author, reason="Moved in the order")


def standing_recommendations(challenge: PeerChallenge) -> list[Recommendation]:
    """Those of a challenge that were not removed, in plan order: each before those under it."""
    rows = Recommendation.objects.filter(challenge=challenge, ended_at__isnull=True)
    return in_tree_order(list(rows))


def in_tree_order(rows: Sequence[Recommendation]) -> list[Recommendation]:
    """`rows` by position, each followed by those under it."""
    keys = {row.pk for row in rows}
    under: dict[int | None, list[Recommendation]] = {}
    for row in rows:
        under.setdefault(row.parent_id if row.parent_id in keys else None, []).append(row)
    return [one for row in under.get(None, []) for one in (row, *under.get(row.pk, []))]


def _with_children_in(
    fellows: Sequence[Recommendation], tree: Sequence[Recommendation]
) -> list[Recommendation]:
    """`tree` with the places of `fellows` taken by them in their new order."""
    keys, turn = {row.pk for row in fellows}, iter(fellows)
    return [next(turn) if row.pk in keys else row for row in tree]


def _claimed(recommendation: Recommendation, version: int, author: Person) -> Recommendation:
    """The recommendation, its version claimed and its challenge kept from being adopted."""
    challenge = checks.locked(recommendation.challenge, author)
    current = checks.standing(versions.claim(recommendation, version))
    current.challenge = challenge
    return current


def _place(challenge: PeerChallenge, parent: Recommendation | None, author: Person) -> int:
    """A free position: after the parent's last, or after all. Moves others only to make room."""
    last = checks.next_position(Recommendation, challenge)
    if parent is None:
        return last
    tree = standing_recommendations(challenge)
    family = [row for row in tree if parent.pk in (row.pk, row.parent_id)]
    index = tree.index(family[-1]) + 1
    if index == len(tree):
        return last
    before, after = tree[index - 1].position, tree[index].position
    if after - before > 1:
        return (before + after) // 2
    for row in tree[index:]:
        moved = versions.claim(row)
        moved.position += checks.STEP
        checks.save(moved, author=author, reason="Moved in the order")
    return before + checks.STEP // 2


def _check(row: Recommendation) -> None:
    """Raises Invalid with what is wrong, by field. Cleans the texts in place."""
    problems: dict[str, str] = {}
    try:
        row.ref = refs.clean_ref(row.ref)
    except ValueError as error:
        problems["ref"] = str(error)
    else:
        if taken := _with_ref(row):
            problems["ref"] = f"Recommendation {taken.ref} is there already: “{taken.title}”."
    for name, limit, lines, missing in (
        ("title", 250, False, "Enter the heading of the recommendation."),
        ("wording", checks.LONG, True, ""),
        ("response_reason", checks.LONG, True, ""),
    ):
        try:
            cleaned = checks.plain(
                name, getattr(row, name), limit=limit, lines=lines, missing=missing
            )
        except Invalid as error:
            problems |= error.fields
        else:
            setattr(row, name, cleaned)
    if row.kind not in row.challenge.preset.kinds:
        problems["kind"] = "Choose one of the kinds of recommendation in the list."
    if row.response not in Recommendation.Response.values:
        problems["response"] = "Choose one of the responses in the list."
    elif row.response == Recommendation.Response.NOT_ACCEPTED and not row.response_reason:
        problems.setdefault(
            "response_reason", "Give the reason why the recommendation is not accepted."
        )
    if wrong := _wrong_parent(row):
        problems["parent"] = wrong
    if problems:
        raise Invalid(problems)


def _with_ref(row: Recommendation) -> Recommendation | None:
    rows = Recommendation.objects.filter(
        challenge=row.challenge, ended_at__isnull=True, ref__iexact=row.ref
    )
    return rows.exclude(pk=row.pk).first()


def _wrong_parent(row: Recommendation) -> str:
    parent = row.parent
    if parent is None:
        return ""
    if parent.challenge_id != row.challenge_id or parent.ended_at is not None:
        return "Choose a recommendation of this challenge."
    if parent.pk == row.pk:
        return "A recommendation cannot stand under itself."
    if parent.parent_id is not None:
        return f"There are two levels: {parent.ref} stands under another one itself."
    if row.pk and row.children.filter(ended_at__isnull=True).exists():
        return "There are two levels: other recommendations stand under this one."
    return ""


def _set_themes(
    row: Recommendation, themes: Iterable[Theme], author: Person, now: datetime
) -> None:
    wanted = {theme.pk: theme for theme in themes}
    for theme in wanted.values():
        checks.beside(row.challenge, theme, "themes")
    links = RecommendationTheme.objects.filter(recommendation=row, ended_at__isnull=True)
    there = {link.theme_id: link for link in links}
    for key, link in there.items():
        if key not in wanted:
            link.ended_at = now
            link.save()
    for key, theme in wanted.items():
        if key not in there:
            RecommendationTheme.objects.create(
                recommendation=row, theme=theme, added_at=now, added_by=author.user
            )


def has_something_under(row: Recommendation) -> bool:
    """True where a row of any app points to this one and has not ended (themes do not count).

    Asked of the models' own relations, since this app may not know what answers it.
    """
    for relation in Recommendation._meta.related_objects:
        model: Any = relation.related_model
        names = {field.name for field in model._meta.get_fields()}
        if model is RecommendationTheme or "ended_at" not in names:
            continue
        key = relation.field.name
        if model._default_manager.filter(**{key: row, "ended_at__isnull": True}).exists():
            return True
    return False
