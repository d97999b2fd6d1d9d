from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from reviews import history, reading
from reviews.models import PeerChallenge, Recommendation, RecommendationTheme, Theme
from reviews.services import parts, recommendations
from reviews.services.recommendations import Row

pytestmark = pytest.mark.django_db

Add = Callable[..., Recommendation]
Adopt = Callable[[], PeerChallenge]


def refs_of(challenge: PeerChallenge) -> list[str]:
    return [row.ref for row in recommendations.standing_recommendations(challenge)]


def in_rows(challenge: PeerChallenge) -> list[str]:
    """By position alone, as the plan reads them."""
    rows = Recommendation.objects.filter(challenge=challenge, ended_at__isnull=True)
    return list(rows.values_list("ref", flat=True))


def change(row: Recommendation, author: Person, **given: Any) -> Recommendation:
    row.refresh_from_db()
    return recommendations.change_recommendation(
        recommendation=row, version=row.version, author=author, **given
    )


def test_recommendations_come_in_the_order_of_adding_and_under_their_parent(
    setting_up: PeerChallenge, add: Add
) -> None:
    one = add("1")
    add("2")
    add("1.1", parent=one)
    add("1.2", parent=one)
    add("3")
    assert refs_of(setting_up) == ["1", "1.1", "1.2", "2", "3"]
    assert in_rows(setting_up) == refs_of(setting_up)


def test_room_is_made_where_there_is_none_left(setting_up: PeerChallenge, add: Add) -> None:
    one = add("1")
    add("2")
    for n in range(1, 13):
        add(f"1.{n}", parent=one)
    assert in_rows(setting_up) == ["1", *[f"1.{n}" for n in range(1, 13)], "2"]


def test_a_reference_stands_once_whatever_its_case(add: Add) -> None:
    add("R3", title="Publish a plan")
    with pytest.raises(Invalid) as refused:
        add("r3")
    assert refused.value.fields["ref"] == "Recommendation R3 is there already: “Publish a plan”."


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"ref": "1.1.1"}, "ref", "one dot at most"),
        ({"ref": "visit"}, "ref", "addresses"),
        ({"title": " "}, "title", "Enter the heading"),
        ({"title": "x" * 251}, "title", "at most 250"),
        ({"title": "A\x1bB"}, "title", "U+001B"),
        ({"wording": "x" * 20_001}, "wording", "at most 20,000"),
        ({"kind": "rumour"}, "kind", "Choose one"),
        ({"response": "perhaps"}, "response", "Choose one"),
        ({"response": "not-accepted"}, "response_reason", "not accepted"),
        ({"response": "not-accepted", "response_reason": " "}, "response_reason", "not accepted"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    add: Add, given: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add(**({"ref": "1"} | given))
    assert message in refused.value.fields[field]
    assert not Recommendation.objects.exists()


def test_every_problem_is_told_at_once(add: Add) -> None:
    with pytest.raises(Invalid) as refused:
        add("", title="", response="not-accepted")
    assert set(refused.value.fields) == {"ref", "title", "response_reason"}


def test_there_are_two_levels_within_one_challenge(
    add: Add, recommendation: Recommendation, manager: Person
) -> None:
    one, two = add("1"), add("2")
    under = add("1.1", parent=one)
    with pytest.raises(Invalid, match="stands under another one"):
        add("1.2", parent=under)
    with pytest.raises(Invalid, match="of this challenge"):
        add("1.3", parent=recommendation)
    with pytest.raises(Invalid, match="stand under this one"):
        change(one, manager, parent=two)
    with pytest.raises(Invalid, match="under itself"):
        change(two, manager, parent=two)


def test_before_adoption_everything_can_be_changed(add: Add, theme: Theme, manager: Person) -> None:
    row = add("1")
    changed = change(row, manager, ref="R1", title="New", wording="Words", themes=[theme])
    assert (changed.ref, changed.title, changed.wording, changed.version) == (
        "R1",
        "New",
        "Words",
        2,
    )
    assert changed.theme_links.get().theme == theme


def test_after_adoption_the_peers_words_are_locked(
    add: Add, adopt: Adopt, theme: Theme, manager: Person
) -> None:
    row = add("1", wording="Publish a plan.")
    adopt()
    for name, value in (("ref", "9"), ("title", "Other"), ("wording", "Publish it.")):
        with pytest.raises(Invalid, match="locked") as refused:
            change(row, manager, **{name: value})
        assert set(refused.value.fields) == {name}
    row.refresh_from_db()
    assert (row.ref, row.title, row.wording, row.version) == (
        "1",
        "Heading of 1",
        "Publish a plan.",
        1,
    )
    answered = recommendations.respond(
        recommendation=row, version=1, author=manager, response="partly", response_reason="Money"
    )
    assert answered.response == "partly"
    assert change(row, manager, title="Heading of 1", themes=[theme]).version == 3


def test_a_correction_after_adoption_keeps_the_reason_and_the_old_words(
    setting_up: PeerChallenge, add: Add, adopt: Adopt, manager: Person
) -> None:
    row = add("1", wording="Publish a plann.")
    change(row, manager, wording="Publish a plan and use it,", reason="Copied badly")
    adopted = adopt()
    row.refresh_from_db()
    corrected = recommendations.correct_wording(
        recommendation=row,
        version=row.version,
        author=manager,
        reason="A comma stood for the full stop",
        title=row.title,
        wording="Publish a plan and use it.",
    )
    assert corrected.wording == "Publish a plan and use it."
    found = history.corrections(adopted)[row.pk]
    assert [one.reason for one in found] == ["A comma stood for the full stop"]
    assert found[0].changes == (
        history.Change("Wording", "Publish a plan and use it,", "Publish a plan and use it."),
    )
    assert reading.recommendations(adopted)[0].corrections == found


def test_a_correction_needs_adoption_a_reason_and_a_difference(
    add: Add, adopt: Adopt, manager: Person
) -> None:
    row = add("1", wording="Publish a plan.")
    given = {"author": manager, "title": row.title, "wording": "Publish it."}
    with pytest.raises(Invalid, match="not adopted yet"):
        recommendations.correct_wording(recommendation=row, version=1, reason="Typo", **given)
    adopt()
    with pytest.raises(Invalid, match="Say why") as refused:
        recommendations.correct_wording(recommendation=row, version=1, reason="  ", **given)
    assert set(refused.value.fields) == {"reason"}
    same = given | {"wording": "Publish a plan."}
    with pytest.raises(Invalid, match="Nothing is different"):
        recommendations.correct_wording(recommendation=row, version=1, reason="Typo", **same)
    recommendations.correct_wording(recommendation=row, version=1, reason="Typo", **given)
    with pytest.raises(Stale):
        recommendations.correct_wording(recommendation=row, version=1, reason="Typo", **given)


def test_the_second_of_two_changes_is_stale(add: Add, manager: Person) -> None:
    row = add("1")
    recommendations.change_recommendation(
        recommendation=row, version=1, author=manager, title="First"
    )
    with pytest.raises(Stale) as lost:
        recommendations.change_recommendation(
            recommendation=row, version=1, author=manager, title="Second"
        )
    assert lost.value.current.title == "First"


def test_a_theme_link_is_ended_and_made_anew(
    setting_up: PeerChallenge, add: Add, theme: Theme, manager: Person
) -> None:
    other = parts.add_theme(challenge=setting_up, author=manager, title="Growth")
    row = add("1", themes=[theme])
    recommendations.set_themes(recommendation=row, version=1, author=manager, themes=[other])
    recommendations.set_themes(recommendation=row, version=2, author=manager, themes=[theme, other])
    links = RecommendationTheme.objects.filter(recommendation=row).order_by("id")
    assert [(link.theme, link.ended_at is None) for link in links] == [
        (theme, False),
        (other, True),
        (theme, True),
    ]
    assert reading.theme_titles(setting_up)[row.pk] == ("Housing repairs", "Growth")


def test_a_theme_of_another_council_is_refused(
    add: Add, foreign: PeerChallenge, outsider: Person, manager: Person
) -> None:
    elsewhere = parts.add_theme(challenge=foreign, author=outsider, title="Secret")
    row = add("1")
    with pytest.raises(Invalid, match="never stood here"):
        recommendations.set_themes(
            recommendation=row, version=1, author=manager, themes=[elsewhere]
        )
    assert not RecommendationTheme.objects.exists()


def test_moving_takes_those_under_it_along(
    setting_up: PeerChallenge, add: Add, manager: Person
) -> None:
    one = add("1")
    add("1.1", parent=one)
    two = add("2")
    add("2.1", parent=two)
    recommendations.move(recommendation=two, up=True, version=two.version, author=manager)
    assert refs_of(setting_up) == in_rows(setting_up) == ["2", "2.1", "1", "1.1"]
    two.refresh_from_db()
    recommendations.move(recommendation=two, up=True, version=two.version, author=manager)
    assert refs_of(setting_up) == ["2", "2.1", "1", "1.1"]


def test_one_on_the_second_level_moves_among_its_own(
    setting_up: PeerChallenge, add: Add, manager: Person
) -> None:
    one = add("1")
    first, second = add("1.1", parent=one), add("1.2", parent=one)
    add("2")
    recommendations.move(recommendation=second, up=True, version=1, author=manager)
    assert refs_of(setting_up) == in_rows(setting_up) == ["1", "1.2", "1.1", "2"]
    first.refresh_from_db()
    recommendations.move(recommendation=first, up=False, version=first.version, author=manager)
    assert refs_of(setting_up) == ["1", "1.2", "1.1", "2"]


def test_a_stale_move_moves_nothing(setting_up: PeerChallenge, add: Add, manager: Person) -> None:
    add("1")
    two = add("2")
    change(two, manager, title="Other")
    with pytest.raises(Stale):
        recommendations.move(recommendation=two, up=True, version=1, author=manager)
    assert in_rows(setting_up) == ["1", "2"]


def test_before_adoption_one_is_removed_from_view_and_kept(
    setting_up: PeerChallenge, add: Add, manager: Person
) -> None:
    row = add("1")
    recommendations.end_recommendation(
        recommendation=row, version=1, author=manager, reason="Added twice"
    )
    assert refs_of(setting_up) == []
    assert row.history.count() == 2
    assert add("1").pk != row.pk
    with pytest.raises(Invalid, match="removed in the meantime"):
        change(row, manager, title="Back again")


def test_one_with_something_under_it_is_not_removed(add: Add, manager: Person) -> None:
    one = add("1")
    under = add("1.1", parent=one)
    with pytest.raises(Invalid, match="actions or other recommendations"):
        recommendations.end_recommendation(recommendation=one, version=1, author=manager)
    recommendations.end_recommendation(recommendation=under, version=1, author=manager)
    recommendations.end_recommendation(recommendation=one, version=1, author=manager)


def test_one_that_an_action_answers_is_not_removed(add: Add, manager: Person) -> None:
    from actions.services.plan import ActionDetails, create_action

    one = add("1")
    create_action(
        challenge=one.challenge,
        details=ActionDetails(ref="1.1", title="Publish it", in_plan_from=date(2026, 3, 6)),
        recommendations=[one],
        author=manager,
    )
    with pytest.raises(Invalid, match="actions or other recommendations"):
        recommendations.end_recommendation(recommendation=one, version=1, author=manager)


def test_after_adoption_none_is_removed(add: Add, adopt: Adopt, manager: Person) -> None:
    row = add("1")
    adopt()
    with pytest.raises(Invalid, match="its recommendations stay"):
        recommendations.end_recommendation(recommendation=row, version=1, author=manager)


def test_suggestions_are_added_after_adoption(
    setting_up: PeerChallenge, add: Add, adopt: Adopt
) -> None:
    one = add("1")
    add("2")
    adopt()
    add("1.1", parent=one, kind="suggestion")
    assert refs_of(setting_up) == ["1", "1.1", "2"]


def test_a_pasted_list_is_added_whole_with_its_levels(
    setting_up: PeerChallenge, manager: Person
) -> None:
    rows = [Row("1", "Repair homes"), Row("1.1", "Tell tenants", "When and why."), Row("2", "Plan")]
    added = recommendations.add_recommendations(challenge=setting_up, author=manager, rows=rows)
    assert refs_of(setting_up) == ["1", "1.1", "2"]
    assert added[1].parent == added[0]
    assert added[1].wording == "When and why."


def test_one_bad_row_keeps_the_whole_list_out_and_every_problem_is_told(
    setting_up: PeerChallenge, add: Add, manager: Person
) -> None:
    add("3")
    rows = [Row("1", "Good"), Row("3", "Again"), Row("", "No number"), Row("4", "")]
    with pytest.raises(Invalid) as refused:
        recommendations.add_recommendations(challenge=setting_up, author=manager, rows=rows)
    lines = refused.value.fields["rows"].split("\n")
    assert [line[:5] for line in lines] == ["Row 2", "Row 3", "Row 4"]
    assert refs_of(setting_up) == ["3"]


def test_a_pasted_list_sent_twice_is_refused(setting_up: PeerChallenge, manager: Person) -> None:
    rows = [Row("1", "Repair homes"), Row("2", "Plan")]
    recommendations.add_recommendations(challenge=setting_up, author=manager, rows=rows)
    with pytest.raises(Invalid, match="there already"):
        recommendations.add_recommendations(challenge=setting_up, author=manager, rows=rows)
    assert refs_of(setting_up) == ["1", "2"]


def test_a_stranger_and_a_member_write_nothing(add: Add, member: Person, outsider: Person) -> None:
    row = add("1")
    for person in (member, outsider):
        with pytest.raises(NotPermitted):
            recommendations.add_recommendation(
                challenge=row.challenge, author=person, ref="9", title="Mine"
            )
        with pytest.raises(NotPermitted):
            change(row, person, title="Mine")
        with pytest.raises(NotPermitted):
            recommendations.correct_wording(
                recommendation=row, version=1, author=person, reason="x", title="x", wording="x"
            )
        with pytest.raises(NotPermitted):
            recommendations.move(recommendation=row, up=True, version=1, author=person)
        with pytest.raises(NotPermitted):
            recommendations.end_recommendation(recommendation=row, version=1, author=person)
    row.refresh_from_db()
    assert (row.title, row.version) == ("Heading of 1", 1)


def test_history_tells_who_did_what_from_what_to_what_and_why(
    add: Add, theme: Theme, manager: Person
) -> None:
    row = add("1", wording="Old")
    change(row, manager, wording="New", kind="further", themes=[theme], reason="Report corrected")
    change(row, manager, response="accepted")
    row.refresh_from_db()
    add("2")
    recommendations.move(recommendation=row, up=False, version=row.version, author=manager)
    row.refresh_from_db()
    entries = history.recommendation_history(row)
    assert [entry.what for entry in entries] == [
        "Moved in the order",
        "Responded",
        "Changed",
        "Added",
    ]
    assert {entry.who for entry in entries} == {"Policy Manager"}
    assert entries[1].changes == (history.Change("Response", "Not yet answered", "Accepted"),)
    assert entries[2].reason == "Report corrected"
    assert entries[2].changes == (
        history.Change("Wording", "Old", "New"),
        history.Change("Kind", "Key recommendation", "Further recommendation"),
        history.Change("Themes", "nothing", "Housing repairs"),
    )
    assert [entry.reason for entry in entries if entry.what != "Changed"] == ["", "", ""]


def test_a_misspelt_field_is_a_programming_error(add: Add, manager: Person) -> None:
    with pytest.raises(TypeError, match="words"):
        change(add("1"), manager, words="x")
