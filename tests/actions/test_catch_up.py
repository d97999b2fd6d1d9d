"""The catch-up sheet: row by row, and no bad row loses another."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.core.forms import DayField, DayWidget
from peerplan.councils.gate import Person

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
SHEET = "/c/ashdale/cpc-2024/catch-up/?as_at=2025-03-31"


def html(response: Any) -> str:
    return str(response.content.decode())


def sent(client: Client, url: str = SHEET, **save: str) -> dict[str, str]:
    """What a browser would send of the sheet as it is shown, before anything is typed."""
    page = client.get(url)
    data: dict[str, str] = {}
    for row in page.context["rows"]:
        form = row.form
        for bound in form:
            value = bound.value()
            if isinstance(bound.field, DayField):
                parts = bound.field.widget.decompress(value)
                data |= {f"{bound.html_name}_{at}": part for at, part in enumerate(parts)}
            elif bound.name != "is_correction":
                data[bound.html_name] = "" if value is None else str(value)
    about = page.context["about"]["as_at"].value()
    parts = about if isinstance(about, list) else DayWidget().decompress(about)
    data |= {f"as_at_{at}": part for at, part in enumerate(parts)}
    return data | save


def test_touched_rows_are_saved_and_the_others_left(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    first, second, third = act("1.1"), act("1.2"), act("1.3")
    client = signed_in(manager)
    data = sent(client, save="all")
    data |= {
        f"a{first.pk}-commentary": "Mapped.",
        f"a{first.pk}-status": "green",
        f"a{second.pk}-commentary": "Stuck.",
        f"a{second.pk}-status": "red",
        f"a{second.pk}-decision_sought": "Cabinet to choose.",
    }
    response = client.post(SHEET, data)
    assert response.status_code == 302
    assert "Two updates saved: 1.1 and 1.2." in html(client.get(response["Location"]))
    update = first.updates.get()
    assert (update.as_at, update.on_behalf_of) == (date(2025, 3, 31), "Head of Housing")
    assert second.updates.get().rating == "red"
    assert third.updates.count() == 0


def test_one_bad_row_loses_no_other(act: Act, manager: Person, signed_in: SignedIn) -> None:
    first, second = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = sent(client, save="all")
    data |= {
        f"a{first.pk}-commentary": "Typed with care.",
        f"a{first.pk}-status": "amber",
        f"a{second.pk}-commentary": "Mapped.",
        f"a{second.pk}-status": "green",
    }
    response = client.post(SHEET, data)
    page = html(response)
    assert response.status_code == 422
    assert "One update saved: 1.2." in page
    assert "1 row not saved" in page
    assert "Typed with care.</textarea>" in page
    assert "Say what the team is doing to recover." in page
    assert (first.updates.count(), second.updates.count()) == (0, 1)


def test_one_row_can_be_saved_alone_and_the_rest_stays_typed(
    act: Act, manager: Person, signed_in: SignedIn
) -> None:
    first, second = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = sent(client, save=str(second.pk))
    data |= {
        f"a{first.pk}-commentary": "Not finished ty",
        f"a{second.pk}-commentary": "Mapped.",
        f"a{second.pk}-status": "green",
    }
    response = client.post(SHEET, data)
    assert response.status_code == 200
    assert "Not finished ty</textarea>" in html(response)
    assert "There is a problem" not in html(response)
    assert (first.updates.count(), second.updates.count()) == (0, 1)


def test_a_stale_row_shows_both_texts_and_the_others_are_saved(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    first, second = act("1.1"), act("1.2")
    client = signed_in(manager)
    data = sent(client, save="all")
    data |= {
        f"a{first.pk}-commentary": "Mine for 1.1.",
        f"a{first.pk}-status": "green",
        f"a{second.pk}-commentary": "Mapped.",
        f"a{second.pk}-status": "green",
    }
    post_update(action=first, version=1, draft=draft(commentary="Theirs."), author=owner)
    response = client.post(SHEET, data)
    page = html(response)
    assert response.status_code == 409
    assert "Head of Housing updated 1.1 while you were writing" in page
    assert "Theirs." in page
    assert "Mine for 1.1.</textarea>" in page
    assert second.updates.count() == 1
    form = next(row.form for row in response.context["rows"] if row.conflict)
    again = data | {
        form.add_prefix("version"): str(form["version"].value()),
        form.add_prefix("follows"): str(form["follows"].value()),
        "save": str(first.pk),
    }
    again = {name: value for name, value in again.items() if name.startswith(f"a{first.pk}-")}
    assert client.post(SHEET, again | {"save": "all"}).status_code == 302
    assert first.updates.count() == 2


def test_what_somebody_else_changed_does_not_make_a_row_typed_in(
    act: Act, draft: Draft, owner: Person, manager: Person, signed_in: SignedIn
) -> None:
    first = act("1.1")
    client = signed_in(manager)
    data = sent(client, save="all")
    post_update(action=first, version=1, draft=draft(), author=owner)
    assert client.post(SHEET, data).status_code == 200
    assert first.updates.count() == 1


def test_it_obeys_the_plans_filters(act: Act, manager: Person, signed_in: SignedIn) -> None:
    act("1.1")
    act("1.2", lead_role="Head of Property")
    page = html(signed_in(manager).get(f"{SHEET}&lead=Head+of+Property"))
    assert 'id="sheet-1.2"' in page
    assert 'id="sheet-1.1"' not in page


@pytest.mark.parametrize("day", ["2090-01-01", "2025-02-31", "soon"])
def test_an_impossible_day_is_refused(
    act: Act, manager: Person, signed_in: SignedIn, day: str
) -> None:
    act()
    response = signed_in(manager).get(f"/c/ashdale/cpc-2024/catch-up/?as_at={day}")
    assert response.status_code == 422
    assert "There is a problem" in html(response)


def test_a_day_in_three_boxes_counts(act: Act, manager: Person, signed_in: SignedIn) -> None:
    act()
    url = "/c/ashdale/cpc-2024/catch-up/?as_at_0=31&as_at_1=3&as_at_2=2025"
    page = html(signed_in(manager).get(url))
    assert "31 March 2025</time>" in page
    assert "There is no filter" not in page


@pytest.mark.parametrize("who", ["owner", "member", "peer", "democratic", "administrator"])
def test_only_those_who_update_for_others_may_use_it(
    act: Act, who: str, request: pytest.FixtureRequest, signed_in: SignedIn
) -> None:
    act()
    assert signed_in(request.getfixturevalue(who)).get(SHEET).status_code == 403


def test_another_council_finds_nothing(act: Act, outsider: Person, signed_in: SignedIn) -> None:
    act()
    assert signed_in(outsider).get(SHEET).status_code == 404


def test_it_costs_the_same_number_of_queries_for_three_rows_and_for_thirty(
    act: Act, manager: Person, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    for index in range(30):
        act(f"1.{index + 1}")
    client = signed_in(manager)
    with django_assert_max_num_queries(18):
        client.get(SHEET)
