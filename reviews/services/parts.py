"""The peer team, the themes and what the peers said under them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from peerplan.core import clock, versions
from peerplan.core.errors import Invalid
from peerplan.councils.gate import Person
from reviews.deadlines import counted
from reviews.models import (
    ChallengePart,
    Conclusion,
    PeerChallenge,
    Recommendation,
    RecommendationTheme,
    TeamMember,
    Theme,
)
from reviews.services import checks

# --- The team -----------------------------------------------------------------------------------


@transaction.atomic
def add_team_member(
    *, challenge: PeerChallenge, author: Person, role: str, name: str = "", organisation: str = ""
) -> TeamMember:
    """One more of the peers. Raises Invalid, also where the same one is there already."""
    current = checks.locked(challenge, author)
    member = TeamMember(challenge=current, name=name, role=role, organisation=organisation)
    member.position = checks.next_position(TeamMember, current)
    _check_member(member)
    checks.save(member, author=author)
    return member


@transaction.atomic
def change_team_member(
    *, member: TeamMember, version: int, author: Person, role: str, name: str, organisation: str
) -> TeamMember:
    """The member, changed. Raises Invalid and Stale."""
    checks.permitted(author, member.challenge)
    current = checks.standing(versions.claim(member, version))
    current.name, current.role, current.organisation = name, role, organisation
    _check_member(current)
    checks.save(current, author=author)
    return current


def _check_member(member: TeamMember) -> None:
    member.name = checks.plain("name", member.name, limit=120)
    member.role = checks.plain(
        "role", member.role, limit=150, missing="Enter the role, such as Chief executive peer."
    )
    member.organisation = checks.plain("organisation", member.organisation, limit=150)
    same = TeamMember.objects.filter(
        challenge=member.challenge,
        ended_at__isnull=True,
        name__iexact=member.name,
        role__iexact=member.role,
        organisation__iexact=member.organisation,
    ).exclude(pk=member.pk)
    # Two peers without a name may share a role and an organisation; a named person is one person.
    if member.name and same.exists():
        raise Invalid({"name": f"{member.name} is on the team already, in this role."})


# --- Themes -------------------------------------------------------------------------------------


@transaction.atomic
def add_theme(
    *, challenge: PeerChallenge, author: Person, title: str, kind: str = Theme.Kind.OWN
) -> Theme:
    """One more theme. Raises Invalid, also where one of that title is there already."""
    current = checks.locked(challenge, author)
    theme = Theme(challenge=current, title=title, kind=kind)
    theme.position = checks.next_position(Theme, current)
    _check_theme(theme)
    checks.save(theme, author=author)
    return theme


@transaction.atomic
def change_theme(*, theme: Theme, version: int, author: Person, title: str, kind: str) -> Theme:
    """The theme, changed. Raises Invalid and Stale."""
    checks.permitted(author, theme.challenge)
    current = checks.standing(versions.claim(theme, version))
    current.title, current.kind = title, kind
    _check_theme(current)
    checks.save(current, author=author)
    return current


@transaction.atomic
def set_themes_of_challenge(
    *,
    challenge: PeerChallenge,
    author: Person,
    core: Iterable[str],
    seen: Iterable[str] = (),
    own: Iterable[str] = (),
    focus: Iterable[str] = (),
) -> list[Theme]:
    """The themes that stand after the ticks and the lines of the themes page.

    `core` are the ticked titles of the preset, `seen` the titles that stood when the page was
    made: only those may be taken away by leaving out the tick, so that nobody takes away what
    they never saw. `own` and `focus` are added. Raises Invalid.
    """
    current = checks.locked(challenge, author)
    ticked, there = list(core), {theme.title.lower(): theme for theme in _themes(current)}
    for title in seen:
        theme = there.get(title.lower())
        if theme and title in current.preset.themes and title not in ticked:
            end_part(part=theme, version=theme.version, author=author)
    for title in ticked:
        if title.lower() not in there and title in current.preset.themes:
            add_theme(challenge=current, author=author, title=title, kind=Theme.Kind.CORE)
    for field, kind, titles in (("own", Theme.Kind.OWN, own), ("focus", Theme.Kind.FOCUS, focus)):
        for title in titles:
            try:
                add_theme(challenge=current, author=author, title=title, kind=kind)
            except Invalid as error:
                raise Invalid({field: str(error)}) from error
    return list(_themes(current))


def _themes(challenge: PeerChallenge) -> Any:
    return Theme.objects.filter(challenge=challenge, ended_at__isnull=True)


def _check_theme(theme: Theme) -> None:
    theme.title = checks.plain("title", theme.title, limit=120, missing="Enter the theme.")
    if theme.kind not in Theme.Kind.values:
        raise Invalid({"kind": "Choose what kind of theme it is."})
    same = _themes(theme.challenge).filter(title__iexact=theme.title).exclude(pk=theme.pk)
    if same.exists():
        raise Invalid({"title": f"There is a theme “{theme.title}” already."})


# --- What the peers said ------------------------------------------------------------------------


@transaction.atomic
def add_conclusions(
    *,
    challenge: PeerChallenge,
    author: Person,
    kind: str,
    texts: Iterable[str],
    theme: Theme | None,
) -> list[Conclusion]:
    """One conclusion for each of `texts`, in their order; those there already are passed over.

    Returns what was added. Raises Invalid where there is no text at all, or all are there.
    """
    current = checks.locked(challenge, author)
    checks.beside(current, theme, "theme")
    texts = [one for one in texts if one.strip()]
    if not texts:
        raise Invalid({"texts": "Enter what was said, one point on each line."})
    rows = Conclusion.objects.filter(challenge=current, theme=theme, ended_at__isnull=True)
    there = {row.text.lower() for row in rows if row.kind == kind}
    position = checks.next_position(Conclusion, current)
    added = []
    for one in texts:
        conclusion = Conclusion(
            challenge=current, theme=theme, kind=kind, text=one, position=position
        )
        _check_conclusion(conclusion, "texts")
        if conclusion.text.lower() not in there:
            there.add(conclusion.text.lower())
            checks.save(conclusion, author=author)
            added.append(conclusion)
            position += checks.STEP
    if not added:
        raise Invalid({"texts": "Each of these lines is there already."})
    return added


@transaction.atomic
def change_conclusion(
    *,
    conclusion: Conclusion,
    version: int,
    author: Person,
    kind: str,
    text: str,
    theme: Theme | None,
) -> Conclusion:
    """The conclusion, changed. Raises Invalid and Stale."""
    checks.permitted(author, conclusion.challenge)
    current = checks.standing(versions.claim(conclusion, version))
    checks.beside(current.challenge, theme, "theme")
    current.kind, current.text, current.theme = kind, text, theme
    _check_conclusion(current, "text")
    checks.save(current, author=author)
    return current


def _check_conclusion(conclusion: Conclusion, field: str) -> None:
    if conclusion.kind not in Conclusion.Kind.values:
        raise Invalid({"kind": "Choose whether it is a strength, a conclusion or to consider."})
    conclusion.text = checks.plain(
        field, conclusion.text, lines=True, limit=5_000, missing="Enter what was said."
    )


# --- All of them --------------------------------------------------------------------------------


@transaction.atomic
def end_part(*, part: ChallengePart, version: int, author: Person, reason: str = "") -> None:
    """Take a team member, a theme or a conclusion away. The row stays, ended, with its history.

    Raises Invalid for a theme under which something stands, Stale where it was changed.
    """
    checks.permitted(author, part.challenge)
    current = checks.standing(versions.claim(part, version))
    if isinstance(current, Recommendation):
        raise TypeError("A recommendation is ended by end_recommendation().")
    if isinstance(current, Theme):
        _check_nothing_under(current)
    current.ended_at = clock.now()
    checks.save(current, author=author, reason=reason or "Removed")


def _check_nothing_under(theme: Theme) -> None:
    links = RecommendationTheme.objects.filter(
        theme=theme, ended_at__isnull=True, recommendation__ended_at__isnull=True
    )
    said = Conclusion.objects.filter(theme=theme, ended_at__isnull=True)
    words = (("recommendation", links.count()), ("conclusion", said.count()))
    found = [counted(number, word) for word, number in words if number]
    if found:
        raise Invalid(
            {
                "": f"“{theme.title}” cannot be removed while it has {' and '.join(found)}. "
                "Move them to another theme first."
            }
        )


@transaction.atomic
def move_part(*, part: ChallengePart, up: bool, version: int, author: Person) -> None:
    """Put a team member, theme or conclusion one place up or down; at the end nothing happens.

    A conclusion moves among those of its theme. Raises Stale.
    """
    challenge = checks.locked(part.challenge, author)
    rows = list(type(part)._default_manager.filter(challenge=challenge, ended_at__isnull=True))
    fellows = [row for row in rows if _same_list(row, part)]
    places = [row.pk for row in fellows]
    if part.pk not in places:
        raise Invalid({"": "This was removed in the meantime, so it cannot be moved."})
    place = places.index(part.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(fellows):
        return
    order = list(rows)
    first, second = rows.index(fellows[place]), rows.index(fellows[other])
    order[first], order[second] = order[second], order[first]
    for row, position in checks.in_new_order(rows, order):
        moved = versions.claim(row, version if row.pk == part.pk else row.version)
        moved.position = position
        checks.save(moved, author=author, reason="Moved in the order")


def _same_list(row: ChallengePart, other: ChallengePart) -> bool:
    if isinstance(row, Conclusion) and isinstance(other, Conclusion):
        return (row.theme_id, row.kind) == (other.theme_id, other.kind)
    return True
