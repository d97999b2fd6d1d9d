"""The catch-up sheet: row by row, and no bad row loses another."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action, ProgressUpdate, Visibility
from actions.rules import UpdateDraft
from actions.services.evidence import EvidenceDraft, add_evidence
from actions.services.updates import post_update
from peerplan.core import clock
from peerplan.core.forms import DayField, DayWidget
from peerplan.councils.gate import Person

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
HERE = "/c/ashdale/cpc-2024/catch-up/"
SHEET = f"{HERE}?as_at=2025-03-31"
IN_PLACE = {"HX-Request": "true"}


def html(response: Any) -> str:
    return str(response.content.decode())


def as_sent(page: Any, **save: str) -> dict[str, str]:
    """What a browser would send of a sheet as it is shown, before anything more is typed."""
    day = page.context["about"]["as_at"].value()
    parts = day if isinstance(day, list) else DayWidget().decompress(day)
    data = {f"as_at_{index}": part for index, part in enumerate(parts)}
    for row in page.context["rows"]:
        for bound in row.form:
            value = bound.value()
            if isinstance(bound.field, DayField):
                parts = value if isinstance(value, list) else DayWidget().decompress(value)
                data |= {f"{bound.html_name}_{index}": part for index, part in enumerate(parts)}
            elif bound.name != "is_correction" or value:
                data[bound.html_name] = "" if value is None else str(value)
    return data | save


def row(action: Action, status: str = "green", words: str = "Mapped.", **more: str) -> Any:
    """What is typed in the row of `action`."""
    typed = {"status": status, "commentary": words} | more
    return {f"a{action.pk}-{name}": value for name, value in typed.items()}


def outcomes(response: Any) -> dict[str, str]:
    return {each.action.ref: each.outcome for each in response.context["rows"]}


def test_touched_rows_are_saved_and_the_others_left(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    first, second, third = act("1.1"), act("1.2"), act("1.3")
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save="all") | row(first)
    data |= row(second, "red", "Stuck.", decision_sought="Cabinet to choose.")
    response = client.post(SHEET, data)
    page = html(response)
    assert response.status_code == 200
    assert "2 updates saved:" in page
    assert outcomes(response) == {"1.1": "saved", "1.2": "saved", "1.3": ""}
    update = first.updates.get()
    assert (update.as_at, update.on_behalf_of) == (date(2025, 3, 31), "Head of Housing")
    assert (second.updates.get().rating, third.updates.count()) == ("red", 0)
    assert "Stuck.</textarea>" not in page, "a row that is saved is emptied"
    assert "<p>Stuck.</p>" in page, "and shows how the action stands now"


def test_a_sheet_sent_twice_saves_once(act: Act, manager: Person, signed_in: SignedIn) -> None:
    action = act()
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save="all") | row(action)
    assert client.post(SHEET, data).status_code == 200
    assert client.post(SHEET, data).status_code == 409
    assert action.updates.count() == 1


def test_a_sheet_with_nothing_typed_saves_nothing(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner)
    client = signed_in(manager)
    response = client.post(SHEET, as_sent(client.get(SHEET), save="all"))
    assert response.status_code == 422
    assert "Nothing was typed in any row." in html(response)
    assert action.updates.count() == 1


def test_choosing_another_status_is_typing(act: Act, manager: Person, signed_in: SignedIn) -> None:
    action = act()
    client = signed_in(manager)
    response = client.post(SHEET, as_sent(client.get(SHEET), save="all") | row(action, words=""))
    assert response.status_code == 422
    assert "Say what has happened: Green needs a progress update." in html(response)


def test_one_bad_row_loses_no_other(act: Act, manager: Person, signed_in: SignedIn) -> None:
    first, second = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save="all")
    data |= row(first, "amber", "Typed with care.", internal_note="Rang them.") | row(second)
    response = client.post(SHEET, data)
    page = html(response)
    assert response.status_code == 422
    assert "1 update saved:" in page
    assert "1 not saved" in page
    assert f'<a href="#id_a{first.pk}-recovery_plan">1.1: Say what the team is doing' in page
    assert "Typed with care.</textarea>" in page
    assert "Rang them.</textarea>" in page
    assert (first.updates.count(), second.updates.count()) == (0, 1)
    again = as_sent(response, save="all") | row(
        first, "amber", "Typed with care.", recovery_plan="Two more mappers."
    )
    assert client.post(SHEET, again).status_code == 200
    assert (first.updates.count(), second.updates.count()) == (1, 1)


def test_one_row_can_be_saved_alone_and_the_rest_stays_typed(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    first, second = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save=str(second.pk))
    data |= row(first, "amber", "Not finished ty", expected_date_0="31") | row(second)
    response = client.post(SHEET, data)
    page = html(response)
    assert response.status_code == 200
    assert outcomes(response) == {"1.1": "kept", "1.2": "saved"}
    assert "Not finished ty</textarea>" in page
    assert "Typed and not yet saved: " in page
    sent = as_sent(response)
    assert sent[f"a{first.pk}-expected_date_0"] == "31"
    assert (first.updates.count(), second.updates.count()) == (0, 1)
    again = client.post(SHEET, sent | {"save": "all"})
    assert again.status_code == 422, "what was kept is still to be saved, as it was typed"
    assert outcomes(again) == {"1.1": "invalid", "1.2": ""}


def test_a_row_saved_without_a_word_says_so(act: Act, manager: Person, signed_in: SignedIn) -> None:
    action = act()
    client = signed_in(manager)
    response = client.post(SHEET, as_sent(client.get(SHEET), save=str(action.pk)))
    assert response.status_code == 422
    assert "1.1: Nothing was typed in this row." in html(response)


def test_return_pressed_in_a_field_saves_nothing_and_keeps_everything(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    action = act()
    client = signed_in(manager)
    page = html(client.get(SHEET))
    assert page.index('name="save" value=""') < page.index(f'name="save" value="{action.pk}"')
    response = client.post(SHEET, as_sent(client.get(SHEET), save="") | row(action))
    assert response.status_code == 200
    assert "Nothing is saved yet." in html(response)
    assert "Mapped.</textarea>" in html(response)
    assert action.updates.count() == 0


def test_a_stale_row_shows_both_texts_and_the_others_are_saved(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    first, second = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save="all") | row(first, words="Mine for 1.1.") | row(second)
    post_update(action=first, version=1, draft=draft(commentary="Theirs."), author=owner)
    response = client.post(SHEET, data)
    page = html(response)
    assert response.status_code == 409
    assert "Head of Housing updated 1.1 while you were writing" in page
    assert "Theirs." in page
    assert "Mine for 1.1.</textarea>" in page
    assert outcomes(response) == {"1.1": "stale", "1.2": "saved"}
    again = client.post(SHEET, as_sent(response, save="all"))
    assert again.status_code == 200
    assert outcomes(again) == {"1.1": "saved", "1.2": ""}
    assert [each.commentary for each in first.updates.all()] == ["Theirs.", "Mine for 1.1."]
    assert second.updates.count() == 1


def test_what_somebody_else_changed_does_not_make_a_row_typed_in(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    first, second = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save="all") | row(second)
    post_update(action=first, version=1, draft=draft(), author=owner)
    response = client.post(SHEET, data)
    assert response.status_code == 200
    assert outcomes(response) == {"1.1": "", "1.2": "saved"}
    assert first.updates.count() == 1


def test_a_second_update_of_a_day_asks_for_a_correction(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    action = act()
    post_update(action=action, version=1, draft=draft(), author=owner)
    client = signed_in(manager)
    response = client.post(SHEET, as_sent(client.get(SHEET), save="all") | row(action, "none"))
    assert response.status_code == 422
    assert "There is already an update for this date." in html(response)
    assert response.context["rows"][0].opens_more
    fixed = as_sent(response, save="all") | {
        f"a{action.pk}-is_correction": "on",
        f"a{action.pk}-correction_reason": "They had not begun.",
    }
    assert client.post(SHEET, fixed).status_code == 200
    assert action.updates.last().kind == ProgressUpdate.Kind.CORRECTION  # type: ignore[union-attr]


def test_a_row_may_be_of_another_day_and_move_the_date(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    action = act()
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save="all") | row(
        action, as_at_0="28", as_at_1="2", as_at_2="2025", expected_words="Autumn 2025"
    )
    unsaid = client.post(SHEET, data)
    assert unsaid.status_code == 422
    assert "Say why the date moves." in html(unsaid)
    assert unsaid.context["rows"][0].opens_date
    assert client.post(SHEET, data | {f"a{action.pk}-date_reason": "Late."}).status_code == 200
    update = action.updates.get()
    assert (update.as_at, update.expected_words) == (date(2025, 2, 28), "Autumn 2025")


def test_a_reason_alone_asks_for_the_date(act: Act, manager: Person, signed_in: SignedIn) -> None:
    action = act()
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save="all") | row(action, date_reason="Late.")
    response = client.post(SHEET, data)
    assert "Enter the new date, or the words to print for it." in html(response)
    assert action.updates.count() == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"commentary": "a\x00b"}, "Remove the character U+0000"),
        ({"commentary": "x" * 10_000}, "shorten it to 4,000 or fewer"),
        ({"status": "purple"}, "Choose one of the ratings or states"),
        ({"as_at_0": "31", "as_at_1": "2", "as_at_2": "2025"}, "Enter a real date"),
        ({"as_at_0": "1", "as_at_1": "1", "as_at_2": "2090"}, "The as-at date is in the future"),
        ({"as_at_0": "1", "as_at_1": "1", "as_at_2": "2023"}, "came into the plan on"),
        ({"version": "many"}, "Enter a whole number"),
        ({"on_behalf_of": "x" * 121}, "shorten it to 120 or fewer"),
    ],
)
def test_what_cannot_be_saved_is_told_in_its_row(
    act: Act, manager: Person, signed_in: SignedIn, typed: dict[str, str], message: str
) -> None:
    action, other = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save="all") | row(other)
    data |= row(action, internal_note="Keep me here.")
    response = client.post(SHEET, data | {f"a{action.pk}-{k}": v for k, v in typed.items()})
    assert response.status_code == 422
    assert message in html(response)
    assert "Keep me here.</textarea>" in html(response)
    assert (action.updates.count(), other.updates.count()) == (0, 1)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2090-01-01", "The as-at date is in the future"),
        ("2025-02-31", "Enter a real date"),
        ("soon", "Enter a real date"),
    ],
)
def test_an_impossible_day_is_told_and_nothing_is_lost(
    act: Act, manager: Person, signed_in: SignedIn, day: str, message: str
) -> None:
    action = act()
    client = signed_in(manager)
    shown = client.get(f"{HERE}?as_at={day}")
    assert shown.status_code == 422
    assert message in html(shown)
    response = client.post(HERE, as_sent(shown, save="all") | row(action))
    assert response.status_code == 422
    assert f"1.1: The day at the top of the sheet: {message}" in html(response)
    assert "Mapped.</textarea>" in html(response)
    assert action.updates.count() == 0


def test_the_day_is_today_until_another_is_given(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    action = act(in_plan_from=date(2024, 12, 17))
    client = signed_in(manager)
    data = as_sent(client.get(HERE), save="all") | row(action)
    assert client.post(HERE, data).status_code == 200
    assert action.updates.get().as_at == clock.today()


def test_the_day_typed_becomes_part_of_the_address(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    act()
    url = f"{HERE}?as_at_0=31&as_at_1=3&as_at_2=2025&status=none"
    page = html(signed_in(manager).get(url))
    assert f'action="{HERE}?status=none&amp;as_at=2025-03-31"' in page
    assert "There is no filter" not in page


def test_it_obeys_the_plans_filters_and_leaves_out_what_is_closed(
    act: Act, draft: Draft, manager: Person, signed_in: SignedIn
) -> None:
    act("1.1")
    act("1.2", lead_role="Head of Property")
    closed = act("1.3")
    shown = EvidenceDraft(link="https://ashdale.example/shown")
    done = draft(state="claimed", rating="")
    post_update(action=closed, version=1, draft=done, author=manager, evidence=[shown])
    client = signed_in(manager)
    assert set(outcomes(client.get(SHEET))) == {"1.1", "1.2"}
    assert set(outcomes(client.get(f"{SHEET}&lead=Head+of+Property"))) == {"1.2"}
    nothing = html(client.get(f"{SHEET}&q=zzz"))
    assert "No open action fits these filters" in nothing
    assert "There is no filter called “colour”" in html(client.get(f"{SHEET}&colour=red"))


def test_a_row_that_was_sent_is_shown_though_it_no_longer_fits_the_filter(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    action = act()
    client = signed_in(manager)
    url = f"{SHEET}&status=none"
    without = client.post(url, as_sent(client.get(url), save="all") | row(action, "claimed"))
    assert "Add a link or a file that shows that it is complete" in html(without)
    shown = EvidenceDraft(link="https://ashdale.example/shown")
    add_evidence(action=action, version=1, evidence=shown, author=manager)
    response = client.post(url, as_sent(client.get(url), save="all") | row(action, "claimed"))
    assert outcomes(response) == {"1.1": "saved"}


def test_no_more_than_a_hundred_rows_stand_on_a_page(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    for index in range(103):
        act(f"1.{index + 1}")
    client = signed_in(manager)
    assert len(client.get(SHEET).context["rows"]) == 100
    second = client.get(f"{SHEET}&page=2")
    assert len(second.context["rows"]) == 3
    assert client.get(f"{SHEET}&page=many").status_code == 200


@pytest.mark.parametrize("number", [30, 300])
def test_it_costs_at_most_fifteen_queries_at_any_size(
    act: Act, manager: Person, signed_in: SignedIn, number: int, django_assert_max_num_queries: Any
) -> None:
    for index in range(number):
        act(f"1.{index + 1}")
    client = signed_in(manager)
    with django_assert_max_num_queries(15):
        assert client.get(SHEET).status_code == 200


def test_in_place_only_the_row_comes_back(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    first, second = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = as_sent(client.get(SHEET), save=str(first.pk)) | row(second, words="Not this one.")
    wrong = client.post(SHEET, data | row(first, "red"), headers=IN_PLACE)
    assert wrong.status_code == 422
    assert html(wrong).strip().startswith("<section")
    assert "1.1 is not saved" in html(wrong)
    assert "Not this one." not in html(wrong)
    saved = client.post(SHEET, data | row(first), headers=IN_PLACE)
    assert saved.status_code == 200
    assert "Update of 1.1 saved." in html(saved)
    stale = client.post(SHEET, data | row(first, words="Again."), headers=IN_PLACE)
    assert stale.status_code == 409
    assert "Again.</textarea>" in html(stale)
    nothing = client.post(
        SHEET, data | {"save": str(second.pk)} | row(second, "none", ""), headers=IN_PLACE
    )
    assert nothing.status_code == 422
    assert (first.updates.count(), second.updates.count()) == (1, 0)


def test_text_about_an_action_that_is_gone_is_handed_back(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    action = act()
    client = signed_in(manager)
    gone = {"a999999-version": "1", "a999999-commentary": "Nobody shall lose this."}
    data = as_sent(client.get(SHEET), save="all") | row(action) | gone
    response = client.post(SHEET, data)
    assert response.status_code == 422
    assert "There is no such action in this plan now" in html(response)
    assert "Nobody shall lose this.</textarea>" in html(response)
    assert action.updates.count() == 1
    alone = client.post(SHEET, gone | {"save": "999999"}, headers=IN_PLACE)
    assert alone.status_code == 404


def test_another_councils_action_is_as_one_that_never_was(
    act: Act, manager: Person, outsider: Person, signed_in: SignedIn
) -> None:
    from peerplan.core import history
    from reviews.models import PeerChallenge

    theirs = PeerChallenge(
        council=outsider.council,
        slug="cpc-2024",
        title="Theirs",
        on_site_from=date(2024, 6, 26),
        on_site_to=date(2024, 6, 28),
    )
    history.save(theirs, author=outsider.user)
    action = Action(challenge=theirs, ref="9.9", title="Canary", in_plan_from=date(2024, 12, 17))
    history.save(action, author=outsider.user)
    act()
    client = signed_in(manager)
    bodies = []
    for key in (action.pk, 999999):
        sent = {f"a{key}-version": "1", f"a{key}-status": "green", f"a{key}-commentary": "Mine."}
        response = client.post(SHEET, sent | {"save": "all"})
        assert response.status_code == 422
        bodies.append(html(response).partition("<main")[2])
    assert bodies[0] == bodies[1]
    assert "Canary" not in bodies[0]
    assert action.updates.count() == 0


def test_an_exempt_action_is_not_there_for_a_manager_who_is_not_entitled(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    from peerplan.core import history

    secret = act("1.1", visibility=Visibility.EXEMPT, exempt_paragraph=3, title="Canary")
    act("1.2")
    manager.membership.reads_exempt = False
    history.save(manager.membership, author=manager.user)
    client = signed_in(manager)
    page = client.get(SHEET)
    assert "Canary" not in html(page)
    response = client.post(
        SHEET, as_sent(page, save="all") | row(secret) | {f"a{secret.pk}-version": "1"}
    )
    assert response.status_code == 422
    assert "Canary" not in html(response)
    assert secret.updates.count() == 0


@pytest.mark.parametrize("who", ["owner", "lead", "member", "peer", "democratic", "administrator"])
def test_only_those_who_update_for_others_may_use_it(
    act: Act, who: str, request: pytest.FixtureRequest, signed_in: SignedIn
) -> None:
    action = act()
    client = signed_in(request.getfixturevalue(who))
    assert client.get(SHEET).status_code == (404 if who == "peer" else 403)
    assert client.post(SHEET, row(action) | {"save": "all"}).status_code == 403
    assert action.updates.count() == 0


def test_another_council_finds_nothing(act: Act, outsider: Person, signed_in: SignedIn) -> None:
    act()
    client = signed_in(outsider)
    assert client.get(SHEET).status_code == 404
    assert client.post(SHEET, {"save": "all"}).status_code == 404


def test_other_methods_are_refused(manager: Person, act: Act, signed_in: SignedIn) -> None:
    act()
    assert signed_in(manager).delete(SHEET).status_code == 405
