from typing import Any

import pytest

from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from reviews.models import ChallengePart, Conclusion, PeerChallenge, TeamMember, Theme
from reviews.presets import CORE_THEMES
from reviews.services import parts

pytestmark = pytest.mark.django_db


def standing(model: type[ChallengePart]) -> list[Any]:
    return list(model._default_manager.filter(ended_at__isnull=True))


@pytest.fixture
def peers(setting_up: PeerChallenge, manager: Person) -> list[TeamMember]:
    return [
        parts.add_team_member(
            challenge=setting_up, author=manager, name=f"Peer {n}", role=f"Role {n}"
        )
        for n in range(3)
    ]


def test_a_team_keeps_its_order_and_may_leave_names_out(
    setting_up: PeerChallenge, manager: Person, peers: list[TeamMember]
) -> None:
    for _ in range(2):
        parts.add_team_member(challenge=setting_up, author=manager, role="LGA adviser")
    assert [row.role for row in standing(TeamMember)][:3] == ["Role 0", "Role 1", "Role 2"]
    assert len(standing(TeamMember)) == 5


def test_a_named_peer_is_not_on_the_team_twice(
    setting_up: PeerChallenge, manager: Person, peers: list[TeamMember]
) -> None:
    with pytest.raises(Invalid, match="on the team already"):
        parts.add_team_member(challenge=setting_up, author=manager, name="peer 1", role="role 1")
    with pytest.raises(Invalid, match="Enter the role"):
        parts.add_team_member(challenge=setting_up, author=manager, name="Peer 9", role="")


def test_changing_a_peer_claims_the_version(peers: list[TeamMember], manager: Person) -> None:
    given = {"author": manager, "name": "Peer 0", "role": "Leader peer", "organisation": "Oakham"}
    changed = parts.change_team_member(member=peers[0], version=1, **given)
    assert (changed.version, str(changed)) == (2, "Peer 0, Leader peer, Oakham")
    with pytest.raises(Stale):
        parts.change_team_member(member=peers[0], version=1, **given)


def test_moving_goes_one_place_and_stops_at_the_ends(
    peers: list[TeamMember], manager: Person
) -> None:
    parts.move_part(part=peers[0], up=True, version=1, author=manager)
    assert [row.pk for row in standing(TeamMember)] == [row.pk for row in peers]
    assert standing(TeamMember)[0].version == 1
    parts.move_part(part=peers[0], up=False, version=1, author=manager)
    assert [row.role for row in standing(TeamMember)] == ["Role 1", "Role 0", "Role 2"]
    with pytest.raises(Stale):
        parts.move_part(part=peers[0], up=False, version=1, author=manager)


def test_rows_with_one_position_can_be_moved_too(
    setting_up: PeerChallenge, manager: Person
) -> None:
    rows = [TeamMember(challenge=setting_up, role=f"Role {n}", position=0) for n in range(3)]
    for row in rows:
        row._history_user = manager.user  # type: ignore[attr-defined]
        row.save()
    parts.move_part(part=rows[2], up=True, version=1, author=manager)
    assert [row.role for row in standing(TeamMember)] == ["Role 0", "Role 2", "Role 1"]


def test_a_removed_row_stays_with_its_history_and_is_not_changed_again(
    peers: list[TeamMember], manager: Person
) -> None:
    parts.end_part(part=peers[0], version=1, author=manager)
    assert len(standing(TeamMember)) == 2
    assert peers[0].history.count() == 2
    with pytest.raises(Stale):
        parts.end_part(part=peers[0], version=1, author=manager)
    with pytest.raises(Invalid, match="removed in the meantime"):
        parts.end_part(part=peers[0], version=2, author=manager)
    with pytest.raises(Invalid, match="removed in the meantime"):
        parts.move_part(part=peers[0], up=False, version=2, author=manager)


def test_themes_of_a_title_stand_once(
    setting_up: PeerChallenge, manager: Person, theme: Theme
) -> None:
    with pytest.raises(Invalid, match="already"):
        parts.add_theme(challenge=setting_up, author=manager, title="HOUSING repairs")
    with pytest.raises(Invalid, match="Enter the theme"):
        parts.add_theme(challenge=setting_up, author=manager, title="")
    parts.end_part(part=theme, version=1, author=manager)
    again = parts.add_theme(challenge=setting_up, author=manager, title="Housing repairs")
    assert again.pk != theme.pk


def test_ticks_and_lines_make_the_themes(setting_up: PeerChallenge, manager: Person) -> None:
    made = parts.set_themes_of_challenge(
        challenge=setting_up,
        author=manager,
        core=CORE_THEMES,
        own=["Transformation"],
        focus=["Housing repairs", "Regeneration"],
    )
    assert [theme.title for theme in made] == [
        *CORE_THEMES,
        "Transformation",
        "Housing repairs",
        "Regeneration",
    ]
    assert [theme.kind for theme in made][4:7] == ["core", "own", "focus"]


def test_sending_the_ticks_twice_changes_nothing(
    setting_up: PeerChallenge, manager: Person
) -> None:
    for _ in range(2):
        parts.set_themes_of_challenge(challenge=setting_up, author=manager, core=CORE_THEMES)
    assert len(standing(Theme)) == 5


def test_only_a_theme_that_was_seen_is_taken_away(
    setting_up: PeerChallenge, manager: Person
) -> None:
    parts.set_themes_of_challenge(challenge=setting_up, author=manager, core=CORE_THEMES[:2])
    parts.set_themes_of_challenge(
        challenge=setting_up, author=manager, core=[], seen=CORE_THEMES[:1]
    )
    assert [theme.title for theme in standing(Theme)] == [CORE_THEMES[1]]


def test_a_duplicate_line_is_refused_and_nothing_is_half_written(
    setting_up: PeerChallenge, manager: Person
) -> None:
    with pytest.raises(Invalid) as refused:
        parts.set_themes_of_challenge(
            challenge=setting_up, author=manager, core=CORE_THEMES, own=["Growth", "growth"]
        )
    assert "already" in refused.value.fields["own"]
    assert standing(Theme) == []


def test_a_theme_in_use_is_not_removed(
    setting_up: PeerChallenge, manager: Person, theme: Theme
) -> None:
    said = parts.add_conclusions(
        challenge=setting_up, author=manager, kind="strength", texts=["Good"], theme=theme
    )
    with pytest.raises(Invalid, match="while it has 1 conclusion"):
        parts.end_part(part=theme, version=1, author=manager)
    parts.end_part(part=said[0], version=1, author=manager)
    parts.end_part(part=theme, version=1, author=manager)
    assert standing(Theme) == []


def test_several_points_are_added_at_once_and_none_twice(
    setting_up: PeerChallenge, manager: Person, theme: Theme
) -> None:
    given = {"challenge": setting_up, "author": manager, "kind": "strength", "theme": theme}
    first = parts.add_conclusions(texts=["Staff are proud.", "Partners trust us."], **given)
    again = parts.add_conclusions(texts=["Staff are proud.", "Tenants too."], **given)
    assert ([row.text for row in first], [row.text for row in again]) == (
        ["Staff are proud.", "Partners trust us."],
        ["Tenants too."],
    )
    assert len({row.position for row in (*first, *again)}) == 3
    for texts, message in (([" "], "one point on each line"), (["tenants too."], "there already")):
        with pytest.raises(Invalid, match=message):
            parts.add_conclusions(texts=texts, **given)


def test_a_point_moves_among_those_of_its_theme_and_kind(
    setting_up: PeerChallenge, manager: Person, theme: Theme
) -> None:
    given = {"challenge": setting_up, "author": manager, "theme": theme}
    first = parts.add_conclusions(kind="strength", texts=["One"], **given)[0]
    parts.add_conclusions(kind="consider", texts=["Other kind"], **given)
    second = parts.add_conclusions(kind="strength", texts=["Two"], **given)[0]
    parts.move_part(part=second, up=True, version=1, author=manager)
    rows = [row.text for row in standing(Conclusion)]
    assert rows == ["Two", "Other kind", "One"]
    first.refresh_from_db()
    parts.move_part(part=first, up=False, version=first.version, author=manager)
    assert [row.text for row in standing(Conclusion)] == rows


def test_a_point_is_changed_and_put_under_another_theme(
    setting_up: PeerChallenge,
    manager: Person,
    theme: Theme,
    foreign: PeerChallenge,
    outsider: Person,
) -> None:
    row = parts.add_conclusions(
        challenge=setting_up, author=manager, kind="strength", texts=["One"], theme=theme
    )[0]
    given = {"conclusion": row, "author": manager, "kind": "consider", "text": "Two"}
    changed = parts.change_conclusion(version=1, theme=None, **given)
    assert (changed.text, changed.kind, changed.theme) == ("Two", "consider", None)
    elsewhere = parts.add_theme(challenge=foreign, author=outsider, title="Secret")
    with pytest.raises(Invalid, match="never stood here"):
        parts.change_conclusion(version=2, theme=elsewhere, **given)
    with pytest.raises(Invalid, match="Choose whether"):
        parts.change_conclusion(version=2, theme=None, **given | {"kind": "praise"})


def test_a_stranger_and_a_member_write_nothing(
    setting_up: PeerChallenge, theme: Theme, member: Person, outsider: Person
) -> None:
    for person in (member, outsider):
        with pytest.raises(NotPermitted):
            parts.add_team_member(challenge=setting_up, author=person, role="Peer")
        with pytest.raises(NotPermitted):
            parts.add_theme(challenge=setting_up, author=person, title="Mine")
        with pytest.raises(NotPermitted):
            parts.change_theme(theme=theme, version=1, author=person, title="Mine", kind="own")
        with pytest.raises(NotPermitted):
            parts.end_part(part=theme, version=1, author=person)
        with pytest.raises(NotPermitted):
            parts.move_part(part=theme, up=True, version=1, author=person)
        with pytest.raises(NotPermitted):
            parts.add_conclusions(
                challenge=setting_up, author=person, kind="strength", texts=["x"], theme=None
            )
    assert [row.title for row in standing(Theme)] == ["Housing repairs"]
