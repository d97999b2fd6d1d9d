"""Giving an update in the browser: on its page and in the row of the plan."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from actions.models import Action, Visibility
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.councils.gate import Person

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
PLAN = "/c/ashdale/cpc-2024/"
PAGE = f"{PLAN}1.1/update/"


def html(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def typed() -> Callable[..., dict[str, object]]:
    """What a browser sends for a green update as at 31 March 2025, with what is given instead."""

    def make(**given: object) -> dict[str, object]:
        return {
            "version": "1",
            "follows": "",
            "commentary": "The first three areas have been mapped.",
            "status": "green",
            "forecast": "green",
            "as_at_0": "31",
            "as_at_1": "3",
            "as_at_2": "2025",
            "date_choice": "same",
        } | given

    return make


Typed = Callable[..., dict[str, object]]


def test_an_update_is_saved(act: Act, owner: Person, signed_in: SignedIn, typed: Typed) -> None:
    action = act()
    client = signed_in(owner)
    assert "What has happened?" in html(client.get(PAGE))
    response = client.post(PAGE, typed())
    assert response.status_code == 302
    assert response["Location"] == f"{PLAN}1.1/?saved=update"
    update = action.updates.get()
    assert (update.state, update.rating, update.as_at) == (
        "in-progress",
        "green",
        date(2025, 3, 31),
    )
    page = html(client.get(response["Location"]))
    assert "Update of 1.1 saved." in page
    assert "The first three areas have been mapped." in page


def test_the_form_shows_the_last_words_and_does_not_copy_them(
    act: Act, draft: Draft, owner: Person, signed_in: SignedIn
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner)
    page = html(signed_in(owner).get(PAGE))
    assert page.count("The first three areas have been mapped.") == 1
    assert "What has happened since 31 March 2025?" in page


def test_the_councils_rule_stands_beside_each_choice(
    act: Act, owner: Person, signed_in: SignedIn
) -> None:
    act()
    page = html(signed_in(owner).get(PAGE))
    assert "Off track. It needs a decision from someone else." in page
    assert "Stopped for now by a decision." not in page, "only the plan manager pauses an action"


def test_the_plan_manager_speaks_for_the_lead(
    act: Act, manager: Person, signed_in: SignedIn, typed: Typed
) -> None:
    action = act()
    client = signed_in(manager)
    assert 'value="Head of Housing"' in html(client.get(PAGE))
    client.post(PAGE, typed(on_behalf_of="Head of Housing"))
    assert action.updates.get().on_behalf_of == "Head of Housing"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"status": "amber"}, "Say what the team is doing to recover."),
        ({"status": "red"}, "Say which decision is needed"),
        ({"status": "purple"}, "Choose one of the ratings or states that are offered."),
        ({"status": "complete"}, "Choose one of the ratings or states that are offered."),
        ({"commentary": ""}, "Say what has happened"),
        ({"commentary": "a\x00b"}, "Remove the character U+0000"),
        ({"commentary": "x " * 5000}, "shorten it to 4,000 or fewer"),
        ({"as_at_1": "13"}, "Enter a real date"),
        ({"as_at_2": "2124"}, "The year must be between"),
        ({"as_at_2": "2090"}, "The as-at date is in the future"),
        ({"as_at_2": "2023"}, "This action came into the plan on 17 December 2024"),
        ({"as_at_0": "", "as_at_1": "", "as_at_2": ""}, "Enter a date"),
        ({"date_choice": "new"}, "Enter the new date"),
        (
            {
                "date_choice": "new",
                "expected_date_0": "1",
                "expected_date_1": "1",
                "expected_date_2": "2025",
                "date_reason": "Late",
            },
            "The new date is before the as-at date",
        ),
        (
            {
                "date_choice": "new",
                "expected_date_0": "1",
                "expected_date_1": "12",
                "expected_date_2": "2025",
            },
            "Say why the date moves.",
        ),
        ({"is_correction": "on"}, "There is no update for this date to correct"),
        ({"on_behalf_of": "x" * 121}, "shorten it to 120 or fewer"),
        ({"evidence_link": "javascript:alert(1)"}, "Give a whole address"),
        ({"version": "many"}, "version"),
    ],
)
def test_what_cannot_be_saved_comes_back_with_a_message_and_what_was_typed(
    act: Act,
    owner: Person,
    signed_in: SignedIn,
    typed: Typed,
    given: dict[str, object],
    message: str,
) -> None:
    action = act()
    response = signed_in(owner).post(PAGE, typed(internal_note="Keep me here.") | given)
    assert response.status_code == 422
    assert message in html(response)
    assert "Keep me here." in html(response)
    assert "There is a problem" in html(response)
    action.refresh_from_db()
    assert (action.version, action.updates.count()) == (1, 0)


def test_the_later_of_two_sees_both_texts_and_can_save_again(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn, typed: Typed
) -> None:
    action = act()
    theirs = draft(commentary="Four areas have been mapped already.", rating="amber")
    theirs = UpdateDraft(**(theirs.__dict__ | {"recovery_plan": "Two more mappers."}))
    post_update(action=action, version=1, draft=theirs, author=manager)
    client = signed_in(owner)
    response = client.post(PAGE, typed(commentary="Three areas have been mapped."))
    page = html(response)
    assert response.status_code == 409
    assert "Policy Manager updated 1.1 while you were writing" in page
    assert "<mark>Four</mark>" in page
    assert "Three areas have been mapped.</textarea>" in page
    assert "Two more mappers." in page
    form = response.context["form"]
    again = typed(
        commentary="Three areas have been mapped.",
        version=form["version"].value(),
        follows=form["follows"].value(),
    )
    assert client.post(PAGE, again).status_code == 302
    assert [each.rating for each in action.updates.all()] == ["amber", "green"]


def test_a_form_sent_twice_saves_once(
    act: Act, owner: Person, signed_in: SignedIn, typed: Typed
) -> None:
    action = act()
    client = signed_in(owner)
    assert client.post(PAGE, typed()).status_code == 302
    assert client.post(PAGE, typed()).status_code == 409
    assert action.updates.count() == 1


def test_a_conflict_with_a_change_of_the_action_says_who_made_it(
    act: Act, owner: Person, manager: Person, signed_in: SignedIn, typed: Typed
) -> None:
    from actions.services.plan import move_action

    action = act("1.1")
    act("1.2")
    move_action(action=action, version=1, up=False, author=manager)
    response = signed_in(owner).post(PAGE, typed())
    assert response.status_code == 409
    assert "Policy Manager changed 1.1 while you were writing" in html(response)


@pytest.mark.parametrize("who", ["member", "peer", "democratic", "administrator", "lead"])
def test_roles_that_update_nothing_are_refused(
    act: Act, who: str, request: pytest.FixtureRequest, signed_in: SignedIn, typed: Typed
) -> None:
    action = act()
    client = signed_in(request.getfixturevalue(who))
    assert client.get(PAGE).status_code == (404 if who == "peer" else 403)
    assert client.post(PAGE, typed()).status_code == 403
    assert action.updates.count() == 0


def test_another_owners_action_is_refused(
    act: Act, owner: Person, signed_in: SignedIn, typed: Typed
) -> None:
    act(lead_role="Head of Property")
    assert signed_in(owner).post(PAGE, typed()).status_code == 403


def test_an_exempt_action_is_not_there_for_those_not_entitled(
    act: Act, owner: Person, signed_in: SignedIn, typed: Typed
) -> None:
    act(visibility=Visibility.EXEMPT, exempt_paragraph=3)
    assert signed_in(owner).post(PAGE, typed()).status_code == 404


def test_another_council_finds_nothing(
    act: Act, outsider: Person, signed_in: SignedIn, typed: Typed
) -> None:
    act()
    assert signed_in(outsider).post(PAGE, typed()).status_code == 404


def test_other_methods_are_refused(act: Act, owner: Person, signed_in: SignedIn) -> None:
    act()
    assert signed_in(owner).delete(PAGE).status_code == 405


def test_a_file_comes_with_the_update(
    act: Act,
    owner: Person,
    signed_in: SignedIn,
    typed: Typed,
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    action = act()
    notes = SimpleUploadedFile("notes.txt", b"Workshop of 27 August")
    assert signed_in(owner).post(PAGE, typed(evidence_file=notes)).status_code == 302
    kept = action.evidence.get()
    assert kept.update == action.updates.get()
    assert (kept.title, kept.content_type) == ("notes.txt", "text/plain")
    assert "notes" not in kept.file.name


def test_a_file_that_is_refused_leaves_the_rest_of_the_form(
    act: Act, owner: Person, signed_in: SignedIn, typed: Typed
) -> None:
    action = act()
    page = SimpleUploadedFile("notes.pdf", b"<html><script>alert(1)</script></html>")
    response = signed_in(owner).post(PAGE, typed(evidence_file=page))
    assert response.status_code == 422
    assert "“notes.pdf” cannot be taken." in html(response)
    assert "The first three areas have been mapped.</textarea>" in html(response)
    assert "Choose the file again" in html(response)
    assert action.updates.count() == 0


def test_a_file_that_is_too_large_is_refused(
    act: Act, owner: Person, signed_in: SignedIn, typed: Typed, settings: Any
) -> None:
    settings.EVIDENCE_MAX_BYTES = 100
    act()
    big = SimpleUploadedFile("big.txt", b"x" * 101)
    response = signed_in(owner).post(PAGE, typed(evidence_file=big))
    assert response.status_code == 422
    assert "Choose a file of at most" in html(response)


def test_posting_costs_at_most_fifteen_queries(
    act: Act,
    draft: Draft,
    owner: Person,
    signed_in: SignedIn,
    typed: Typed,
    django_assert_max_num_queries: Any,
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner)
    client = signed_in(owner)
    with django_assert_max_num_queries(15):
        assert client.post(PAGE, typed(version="2", as_at_1="4", as_at_0="30")).status_code == 302


def test_the_row_opens_without_a_script(
    act: Act, owner: Person, signed_in: SignedIn, typed: Typed
) -> None:
    action = act("1.1")
    act("1.2")
    client = signed_in(owner)
    opened = html(client.get(f"{PLAN}?update=1.1&status=none"))
    assert opened.count('class="open"') == 1
    assert 'action="?status=none&amp;update=1.1"' in opened
    wrong = client.post(f"{PLAN}?status=none&update=1.1", typed(status="amber"))
    assert wrong.status_code == 422
    assert "Say what the team is doing to recover." in html(wrong)
    assert 'id="a1.2"' in html(wrong), "the plan is still there around the row"
    right = client.post(f"{PLAN}?status=none&update=1.1", typed())
    assert right.status_code == 302
    assert right["Location"] == f"{PLAN}?status=none&saved=1.1#a1.1"
    assert "Update of 1.1 saved." in html(client.get(right["Location"]))
    assert action.updates.count() == 1
    assert client.post(f"{PLAN}?update=1.1", typed()).status_code == 409


def test_the_row_is_swapped_in_place_by_htmx(
    act: Act, owner: Person, signed_in: SignedIn, typed: Typed
) -> None:
    act("1.1")
    act("1.2")
    client = signed_in(owner)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PLAN}?status=none"}
    opened = html(client.get(f"{PAGE}?in_row=1", headers=headers))
    assert opened.strip().startswith("<tr")
    assert "<html" not in opened
    assert opened.count("<tr") == 2
    wrong = client.post(f"{PAGE}?in_row=1", typed(status="red"), headers=headers)
    assert (wrong.status_code, html(wrong).count("<tr")) == (422, 1)
    saved = client.post(f"{PAGE}?in_row=1", typed(), headers=headers)
    assert saved.status_code == 200
    assert 'hx-swap-oob="true"' in html(saved)
    assert "Update of 1.1 saved." in html(saved)
    assert 'class="open"' not in html(saved)
    stale = client.post(f"{PAGE}?in_row=1", typed(), headers=headers)
    assert (stale.status_code, html(stale).count("<tr")) == (409, 1)


def test_a_row_that_is_not_mine_does_not_open(
    act: Act, owner: Person, signed_in: SignedIn, typed: Typed
) -> None:
    act(lead_role="Head of Property")
    client = signed_in(owner)
    assert 'class="open"' not in html(client.get(f"{PLAN}?update=1.1"))
    assert client.post(f"{PLAN}?update=1.1", typed()).status_code == 403
    assert client.post(f"{PLAN}?update=9.9", typed()).status_code == 404
