"""What is found about the ratings: before a release, kept with it, and answered by notes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, FindingNote, Release
from actions.services.findings import answer_finding
from actions.services.releases import post_recommendation_update, release_position
from peerplan.core import history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.councils.services.names import change_names
from reviews.models import PeerChallenge, Recommendation
from tests.plugins.plans import CANARY, Plan, text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
HERE = "/c/ashdale/cpc-2024/"
LIST = HERE + "findings/"
RELEASE = HERE + "release/"
NO_LEAD = LIST + "no-lead/1.6/"


QUIET = LIST + "same-words/1.4/"
JUNE = date(2025, 6, 24)


def seen_at(client: Client, url: str, note: str = "The post is advertised.") -> dict[str, str]:
    """What the form of a finding sends, as the page asks for it."""
    initial = client.get(url).context["form"].initial
    return {"facts": initial["facts"], "seen": str(initial["seen"]), "note": note}


def change(action: Action, manager: Person, **fields: object) -> None:
    row = Action.objects.get(pk=action.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    history.save(row, author=manager.user)


@pytest.fixture
def other_manager(manager: Person, lead: Person) -> Person:
    """A second plan manager, who is not entitled to what is exempt."""
    lead.membership.role, lead.membership.reads_exempt = manager.membership.role, False
    lead.membership.post = "Performance Officer"
    history.save(lead.membership, author=manager.user)
    return lead


# --- What is shown ------------------------------------------------------------------------------


def test_the_page_tells_what_each_rule_found_and_quotes_it(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    page = text_of(signed_in(manager).get(LIST))
    assert "What does not fit together in the position at 24 June 2025" in page
    assert "9 findings: 9 without a note." in page
    assert "No lead: 1 , 1 without a note" in page
    assert "Rule: Every open action has a lead, a role or a person." in page
    assert "1.6 Write to every tenant Nobody leads it. Lead: None given" in page
    assert (
        "1.4 Train the call handlers The progress update is word for word that of the last two "
        "releases, 31 March 2025 and 31 May 2025. Progress update: How 1.4 went up to March."
    ) in page


def test_another_day_has_its_own_findings(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    client = signed_in(manager)
    page = text_of(client.get(LIST, {"as_at": "2025-05-31"}))
    assert "position at 31 May 2025" in page
    assert "word for word" not in page
    for day in ("2030-01-01", "31 2 2025", "x"):
        answer = client.get(LIST, {"as_at": day})
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)


def test_the_list_is_filtered_by_rule_and_by_whether_it_is_answered(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    client.post(QUIET, seen_at(client, QUIET, "Nothing happened before the summer."))
    page = text_of(client.get(LIST, {"rule": "same-words", "show": "answered"}))
    assert "9 findings: 8 without a note, 1 answered by one." in page
    assert "1 finding fits the filter." in page
    assert "Note Policy Manager, 24 June 2025, 10:00 Nothing happened before the summer." in page
    assert "Give another note" in page
    assert CANARY not in page
    assert "Nobody leads it" not in page
    page = text_of(client.get(LIST, {"rule": "rubbish", "show": "rubbish"}))
    assert "Nobody leads it" in page


def test_the_release_page_shows_them_before_release(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    answer = client.get(RELEASE, {"as_at": "2025-06-20"})
    page = text_of(answer)
    assert "9 findings: 9 without a note." in page
    assert "9 findings are without a note . 1 action changed" in page.replace("note.", "note .")
    link = "findings/no-lead/1.6/?as_at=2025-06-20&amp;from=release"
    assert link in answer.content.decode()
    note = client.get(NO_LEAD, {"as_at": "2025-06-20", "from": "release"})
    assert 'href="/c/ashdale/cpc-2024/release/?as_at=2025-06-20"' in note.content.decode()


def test_where_every_rule_is_kept_it_says_so(
    challenge: PeerChallenge, act: Callable[..., Action], manager: Person, signed_in: SignIn
) -> None:
    act(success_measure="No repair waits.", original_due=date(2099, 1, 1))
    for url in (LIST, RELEASE):
        assert "Nothing was found. Every rating keeps the eleven rules." in text_of(
            signed_in(manager).get(url)
        )


def test_names_of_the_councils_list_are_found_in_what_will_be_public(
    plan: Plan, manager: Person, council: Council, recommendation: Recommendation, update: Any,
    signed_in: SignIn,
) -> None:  # fmt: skip
    change_names(council=council, names="Jo Smith", version=council.version, author=manager.user)
    update(plan.actions["1.4"], JUNE, commentary="Trained by J. Smith.")
    update(plan.actions["1.5"], JUNE, "red", commentary="Jo Smith refused.")
    post_recommendation_update(
        recommendation=recommendation, version=recommendation.version, as_at=JUNE,
        status="green", summary="Led by Jo Smith’s team.", author=manager,
    )  # fmt: skip
    client = signed_in(manager)
    page = text_of(client.get(LIST, {"rule": "named"}))
    assert "“J. Smith” is named in a text for publication: progress update." in page
    assert "Progress update: Trained by J. Smith." in page
    assert "“Jo Smith” is named in a text for publication: the council’s summary." in page
    assert "refused" not in page
    page = text_of(client.get(LIST, {"rule": "better-than-actions"}))
    assert "The council says Green, and actions 1.1 and 1.5 stand at Red." in page
    for url in (LIST + "named-recommendation/1/", LIST + "better-than-actions/1/"):
        saved = client.post(url, seen_at(client, url), follow=True)
        assert "Your note on 1 is saved." in text_of(saved)
    assert {note.recommendation for note in FindingNote.objects.all()} == {recommendation}


# --- Answering ----------------------------------------------------------------------------------


def test_a_note_answers_a_finding_until_its_facts_change(
    plan: Plan, manager: Person, update: Any, signed_in: SignIn, travel: Any
) -> None:
    client = signed_in(manager)
    answer = client.post(QUIET, seen_at(client, QUIET, "Nothing happened."))
    assert answer.status_code == 302
    assert answer["Location"] == f"{LIST}?as_at=2025-06-24#same-words"
    note = FindingNote.objects.get()
    assert (note.rule, note.action, note.added_by) == (
        "same-words", plan.actions["1.4"], manager.user,
    )  # fmt: skip
    travel.move_to("2025-06-26 09:00:00+00:00")
    client = signed_in(manager)
    assert "8 without a note, 1 answered by one." in text_of(client.get(LIST))
    release_position(
        challenge=plan.challenge, as_at=date(2025, 6, 25), reason="For Cabinet", author=manager
    )
    page = text_of(client.get(LIST))
    assert "31 May 2025 and 25 June 2025" in page
    assert "Nothing happened." not in page


def test_a_later_note_stands_in_the_place_of_the_first(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    client.post(NO_LEAD, seen_at(client, NO_LEAD, "It is advertised."))
    assert "The note that answers it now Policy Manager" in text_of(client.get(NO_LEAD))
    client.post(NO_LEAD, seen_at(client, NO_LEAD, "Interviews are on Monday."))
    page = text_of(client.get(LIST))
    assert "Interviews are on Monday." in page
    assert "It is advertised." not in page
    assert FindingNote.objects.count() == 2


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (" ", "Say why it stands as it is"),
        ("x" * 4_001, "Use at most 4,000 characters"),
        ("bad \x00 character", "Remove the character U+0000"),
    ],
)
def test_a_note_that_cannot_be_taken_is_kept_and_refused_in_words(
    plan: Plan, manager: Person, signed_in: SignIn, note: str, message: str
) -> None:
    client = signed_in(manager)
    answer = client.post(NO_LEAD, seen_at(client, NO_LEAD, note))
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert note.strip().replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert "Nobody leads it." in text_of(answer)
    assert not FindingNote.objects.exists()
    assert client.post(NO_LEAD, {"note": "Typed."}).status_code == 422
    assert client.post(NO_LEAD, {"note": "Typed.", "facts": "x", "seen": "-1"}).status_code == 422


def test_a_closed_plan_takes_no_more_notes(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    client = signed_in(manager)
    given = seen_at(client, NO_LEAD, "Interviews are on Monday.")
    plan.challenge.closed_on = JUNE
    history.save(plan.challenge, author=manager.user)
    answer = client.post(NO_LEAD, given)
    assert answer.status_code == 422
    assert "This plan was closed on 24 June 2025" in text_of(answer)
    assert "Interviews are on Monday." in answer.content.decode()
    assert not FindingNote.objects.exists()


def test_who_answers_second_sees_both_notes_and_can_save_again(
    plan: Plan, manager: Person, other_manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    given = seen_at(client, NO_LEAD, "Mine.")
    theirs = signed_in(other_manager)
    assert theirs.post(NO_LEAD, given | {"note": "Theirs."}).status_code == 302
    client = signed_in(manager)
    answer = client.post(NO_LEAD, given)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Somebody answered this finding while you were writing" in page
    assert "Performance Officer, 24 June 2025, 10:00 Theirs." in page
    assert b"Mine." in answer.content
    form = answer.context["form"].initial
    assert client.post(NO_LEAD, form).status_code == 302
    assert [note.note for note in FindingNote.objects.all()] == ["Theirs.", "Mine."]


def test_the_same_form_sent_twice_is_taken_once(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    given = seen_at(client, NO_LEAD)
    assert client.post(NO_LEAD, given).status_code == 302
    assert client.post(NO_LEAD, given).status_code == 409
    assert FindingNote.objects.count() == 1


def test_a_finding_that_changed_meanwhile_is_shown_anew_with_what_was_typed(
    plan: Plan, manager: Person, update: Any, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    given = seen_at(client, QUIET, "Nothing happened.")
    release_position(
        challenge=plan.challenge, as_at=date(2025, 6, 23), reason="For Cabinet", author=manager
    )
    answer = client.post(QUIET, given)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "What triggered this finding has changed while you were writing" in page
    assert "31 May 2025 and 23 June 2025" in page
    assert b"Nothing happened." in answer.content
    assert client.post(QUIET, answer.context["form"].initial).status_code == 302


def test_a_finding_that_is_gone_keeps_what_was_typed_and_takes_no_note(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    given = seen_at(client, NO_LEAD, "It is advertised.")
    change(plan.actions["1.6"], manager, lead_role="Head of People")
    answer = client.post(NO_LEAD, given)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Nothing is found here any more" in page
    assert "What you typed It is advertised." in page
    assert "Nothing is found here" in text_of(client.get(NO_LEAD))
    assert not FindingNote.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "no-lead/9.9/",
        "no-such-rule/1.6/",
        "no-lead-recommendation/1/",
        "better-than-actions/1.6/",
        "no-lead/1/",
        "named-recommendation/9/",
        "no-lead/1.6%00/",
    ],
)
def test_what_is_not_there_is_not_found(
    plan: Plan, manager: Person, signed_in: SignIn, path: str
) -> None:
    client = signed_in(manager)
    assert client.get(LIST + path).status_code == 404
    given = {"facts": "x", "seen": "0", "note": "Typed."}
    assert client.post(LIST + path, given).status_code == 404
    assert client.post(LIST + path, {}).status_code == 404


@pytest.mark.parametrize("who", ["owner", "democratic", "member", "lead", "administrator", "peer"])
def test_only_a_plan_manager_sees_and_answers(
    plan: Plan,
    manager: Person,
    who: str,
    request: pytest.FixtureRequest,
    signed_in: SignIn,
) -> None:
    given = seen_at(signed_in(manager), NO_LEAD)
    client = signed_in(request.getfixturevalue(who))
    refused = 404 if who == "peer" else 403
    assert client.get(LIST).status_code == refused
    assert client.get(NO_LEAD).status_code == refused
    assert client.post(NO_LEAD, given).status_code in (refused, 403)
    assert not FindingNote.objects.exists()


def test_the_service_refuses_who_may_not_and_what_is_not_there(
    plan: Plan, owner: Person, manager: Person
) -> None:
    given: dict[str, Any] = {
        "challenge": plan.challenge, "as_at": JUNE, "rule": "no-lead", "ref": "1.6",
        "facts": "x", "seen": 0, "note": "Typed.",
    }  # fmt: skip
    with pytest.raises(NotPermitted):
        answer_finding(**given, author=owner)
    with pytest.raises(Stale):
        answer_finding(**given, author=manager)
    for note in ("", "x" * 4_001):
        with pytest.raises(Invalid):
            answer_finding(**(given | {"note": note}), author=manager)


def test_nothing_of_another_council_is_found(
    plan: Plan, outsider: Person, manager: Person, signed_in: SignIn
) -> None:
    given = seen_at(signed_in(manager), NO_LEAD)
    client = signed_in(outsider)
    for url in (LIST, NO_LEAD, f"{LIST}?release={plan.releases[0].pk}"):
        assert client.get(url).status_code == 404
        assert client.get(url.replace("ashdale", "mereford")).status_code == 404
    assert client.post(NO_LEAD, given).status_code == 404
    assert not FindingNote.objects.exists()


def test_other_methods_are_refused(plan: Plan, manager: Person, signed_in: SignIn) -> None:
    client = signed_in(manager)
    assert client.post(LIST).status_code == 405
    assert client.put(NO_LEAD).status_code == 405
    assert client.delete(NO_LEAD).status_code == 405


# --- Kept with a release ------------------------------------------------------------------------


def test_a_release_keeps_what_was_found_and_answered(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    client.post(NO_LEAD, seen_at(client, NO_LEAD, "The post is advertised."))
    client.post(RELEASE, {"as_at": "2025-06-24", "seen": 2, "reason": "For Cabinet on 8 July"})
    done = plan.challenge.releases.get(reason="For Cabinet on 8 July")
    change(plan.actions["1.6"], manager, lead_role="Head of People")
    answer = client.get(LIST, {"release": done.pk})
    page = text_of(answer)
    assert "What was found in the position at 24 June 2025 when it was released on" in page
    assert "9 findings: 8 without a note, 1 answered by one." in page
    assert "1.6 Write to every tenant Nobody leads it." in page
    assert "Note Policy Manager, 24 June 2025, 10:00 The post is advertised." in page
    assert "No note was given." in page
    assert "Answer with a note" not in page
    listed = text_of(client.get(HERE + "releases/"))
    assert "kept with the position at 24 June 2025, 8 without a note" in listed
    for wrong in ("0", "x", str(done.pk + 1)):
        assert client.get(LIST, {"release": wrong}).status_code == 404


def test_members_do_not_read_what_was_found(
    plan: Plan, member: Person, democratic: Person, signed_in: SignIn
) -> None:
    for person in (member, democratic):
        page = text_of(signed_in(person).get(HERE + "releases/"))
        assert "Findings" not in page
        assert "without a note" not in page


def test_a_release_of_before_findings_were_kept_has_none(
    plan: Plan, manager: Person, signed_in: SignIn
) -> None:
    old = Release.objects.create(
        challenge=plan.challenge, as_at=date(2025, 1, 31), author=manager.user, reason="Old"
    )
    page = text_of(signed_in(manager).get(LIST, {"release": old.pk}))
    assert "Nothing was found." in page


# --- Not for publication ------------------------------------------------------------------------


def test_who_is_not_entitled_learns_nothing_of_what_is_exempt(
    plan: Plan, manager: Person, other_manager: Person, recommendation: Recommendation,
    signed_in: SignIn,
) -> None:  # fmt: skip
    post_recommendation_update(
        recommendation=recommendation, version=recommendation.version, as_at=JUNE,
        status="green", summary="", author=manager,
    )  # fmt: skip
    secret = LIST + "same-words/1.5/"
    client = signed_in(manager)
    client.post(secret, seen_at(client, secret, "We wait for the court."))
    done = release_position(
        challenge=plan.challenge, as_at=JUNE, reason="For Cabinet", author=manager
    )
    assert "We wait for the court." in text_of(client.get(LIST, {"release": done.pk}))
    client = signed_in(other_manager)
    for url in (LIST, RELEASE, f"{LIST}?release={done.pk}"):
        page = text_of(client.get(url))
        assert CANARY not in page
        assert "1.5" not in page
        assert "court" not in page
        assert "and action 1.1 stands at Red." in page
    assert client.get(secret).status_code == 404
    assert client.post(secret, {"facts": "x", "seen": "0", "note": "T"}).status_code == 404


def test_what_became_exempt_since_is_not_told_and_what_was_exempt_is_not_answered(
    plan: Plan, manager: Person, other_manager: Person, signed_in: SignIn
) -> None:
    client = signed_in(manager)
    client.post(NO_LEAD, seen_at(client, NO_LEAD))
    secret = LIST + "no-measure/1.5/"
    client.post(secret, seen_at(client, secret, "We wait for the court."))
    done = release_position(
        challenge=plan.challenge, as_at=JUNE, reason="For Cabinet", author=manager
    )
    change(plan.actions["1.6"], manager, visibility="exempt", exempt_paragraph=3)
    change(plan.actions["1.5"], manager, visibility="public", exempt_paragraph=None)
    client = signed_in(other_manager)
    kept = text_of(client.get(LIST, {"release": done.pk}))
    assert "1.6" not in kept
    assert "1.4" in kept
    now = text_of(client.get(LIST))
    assert "1.5" in now
    assert "court" not in now
    assert "refused our offer" not in now


# --- At size ------------------------------------------------------------------------------------


def test_sixty_findings_and_more_stay_usable(
    hundred: Plan, manager: Person, signed_in: SignIn
) -> None:
    answer = signed_in(manager).get(RELEASE)
    page = answer.content.decode()
    assert "No success measure: 75" in page
    assert page.count("Answer with a note") <= 40
    assert '<details class="finding-group" id="no-measure">' in page
    assert "All 75" in page
    first = text_of(signed_in(manager).get(LIST, {"rule": "no-measure"}))
    assert "1 to 25 of 75" in first
    last = text_of(signed_in(manager).get(LIST, {"rule": "no-measure", "page": "3"}))
    assert "51 to 75 of 75" in last


def test_the_pages_cost_few_queries_whatever_the_size(
    hundred: Plan, manager: Person, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(manager)
    url = LIST + "no-measure/4.1/"
    client.post(url, seen_at(client, url))
    for address in (LIST, f"{LIST}?rule=no-measure&page=2", url):
        client.get(address)
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200
    with django_assert_max_num_queries(15):
        assert client.get(LIST, {"release": hundred.releases[0].pk}).status_code == 200
    with django_assert_max_num_queries(17):
        assert client.get(RELEASE).status_code == 200


def test_one_action_costs_no_more(
    plan: Plan, manager: Person, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(manager)
    for address in (LIST, NO_LEAD):
        client.get(address)
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200
