"""The plan as XLSX and CSV, for each reader."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.releases import release_position
from actions.services.updates import post_update
from peerplan.core import clock
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge

pytestmark = pytest.mark.django_db
Act = Callable[..., Action]
Draft = Callable[..., UpdateDraft]
SignedIn = Callable[[Person], Client]
CSV = "/c/ashdale/cpc-2024/plan.csv"
XLSX = "/c/ashdale/cpc-2024/plan.xlsx"


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    """The CSV as rows by heading."""
    response = client.get(CSV + query)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def plan(act: Act, draft: Draft, manager: Person) -> dict[str, Action]:
    """A green action, a red one, one not for publication; the green text looks like a formula."""
    green, red = act("1.1"), act("1.2", lead_role="Head of Property", title="=HYPERLINK(1)")
    exempt = act("1.3", title="Settle the claim", visibility="exempt", exempt_paragraph=3)
    notes = {"internal_note": "Nobody else may read this."}
    for action, given in (
        (green, {"commentary": "=1+1 areas mapped."} | notes),
        (red, {"rating": "red", "decision_sought": "Cabinet to choose."} | notes),
        (exempt, {"commentary": "The claimant asks for more."} | notes),
    ):
        post_update(action=action, version=action.version, draft=draft(**given), author=manager)
    return {action.ref: action for action in (green, red, exempt)}


def released(challenge: PeerChallenge, manager: Person) -> None:
    release_position(
        challenge=challenge,
        as_at=date(2025, 3, 31),
        reason="For scrutiny in April",
        author=manager,
    )


def test_an_officer_has_the_live_plan_with_its_words_and_dates(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person
) -> None:
    rows = table(signed_in(owner))
    assert [row["Reference"] for row in rows] == ["1.1", "1.2"]
    first = rows[0]
    assert first["Recommendation"] == "1 Repair homes faster"
    assert first["Status"] == "Green"
    assert first["Due (date)"] == "2025-06-30"
    assert first["As at"] == "2025-03-31"
    assert rows[1]["Decision sought"] == "Cabinet to choose."


def test_a_workbook_opens_with_real_dates_and_text_that_is_only_text(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person
) -> None:
    response = signed_in(owner).get(XLSX)
    sheet = load_workbook(io.BytesIO(response.content)).active
    rows: list[Any] = list(sheet.iter_rows())
    by_heading = {cell.value: index for index, cell in enumerate(rows[0])}
    due = rows[1][by_heading["Due (date)"]]
    assert due.is_date
    assert due.value.date() == date(2025, 6, 30)
    title = rows[2][by_heading["Action"]]
    assert (title.value, title.data_type) == ("=HYPERLINK(1)", "s")
    assert sheet.freeze_panes == "A2"


def test_no_cell_of_a_csv_is_a_formula(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person
) -> None:
    cells = [cell for row in table(signed_in(owner)) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'=1+1 areas mapped." in cells


def test_what_is_not_for_publication_goes_to_those_entitled_only(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person, manager: Person
) -> None:
    assert [row["Reference"] for row in table(signed_in(manager))] == ["1.1", "1.2", "1.3"]
    content = signed_in(owner).get(CSV).content.decode()
    assert "Settle the claim" not in content
    assert "claimant" not in content
    assert "Not for publication" not in content


@pytest.mark.parametrize("who", ["manager", "member"])
def test_internal_notes_are_in_no_file(
    plan: dict[str, Action],
    challenge: PeerChallenge,
    signed_in: SignedIn,
    manager: Person,
    request: pytest.FixtureRequest,
    who: str,
) -> None:
    released(challenge, manager)
    client = signed_in(request.getfixturevalue(who))
    assert "Nobody else may read this" not in client.get(CSV).content.decode()


def test_a_member_has_the_released_position(
    plan: dict[str, Action],
    challenge: PeerChallenge,
    signed_in: SignedIn,
    draft: Draft,
    manager: Person,
    member: Person,
) -> None:
    assert signed_in(member).get(CSV).status_code == 404
    released(challenge, manager)
    action = Action.objects.get(ref="1.1")
    later = draft(as_at=clock.today(), commentary="Not released yet.")
    post_update(action=action, version=action.version, draft=later, author=manager)
    rows = table(signed_in(member))
    assert [row["Reference"] for row in rows] == ["1.1", "1.2"]
    assert "Not released yet." not in {row["Progress update"] for row in rows}
    assert signed_in(member).get(f"{CSV}?as_at={clock.today():%Y-%m-%d}").status_code == 422


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("?status=red", ["1.2"]),
        ("?lead=Head+of+Housing", ["1.1"]),
        ("?lead=me", ["1.1"]),
        ("?q=hyperlink", ["1.2"]),
        ("?due=overdue", ["1.1", "1.2"]),
        ("?status=green&q=hyperlink", []),
        ("?status=purple&unknown=1", ["1.1", "1.2"]),
    ],
)
def test_the_filters_of_the_page_hold(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person, query: str, refs: list[str]
) -> None:
    assert [row["Reference"] for row in table(signed_in(owner), query)] == refs


def test_a_past_day_gives_the_position_of_that_day(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person
) -> None:
    rows = table(signed_in(owner), "?as_at=2025-03-30")
    assert {row["Status"] for row in rows} == {"Not started"}


@pytest.mark.parametrize(
    "query", ["?as_at=31+2+2025", "?as_at=2999-01-01", "?as_at=2020-01-01", "?known_by=soon"]
)
def test_a_day_that_cannot_be_shown_is_said_to_be(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person, query: str
) -> None:
    assert signed_in(owner).get(CSV + query).status_code == 422


def test_a_file_is_an_attachment_with_a_sensible_name(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person
) -> None:
    response = signed_in(owner).get(XLSX)
    day = f"{clock.today():%Y-%m-%d}"
    assert response["Content-Disposition"] == f'attachment; filename="ashdale-cpc-2024-{day}.xlsx"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_other_kinds_methods_and_councils_are_refused(
    plan: dict[str, Action], signed_in: SignedIn, owner: Person, outsider: Person
) -> None:
    client = signed_in(owner)
    assert client.get("/c/ashdale/cpc-2024/plan.exe").status_code == 404
    assert client.post(CSV).status_code == 405
    assert signed_in(outsider).get(CSV).status_code == 404


def test_a_file_costs_few_queries_at_any_size(
    act: Act, signed_in: SignedIn, manager: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        act(f"1.{number}")
    client = signed_in(manager)
    with django_assert_max_num_queries(15):
        assert client.get(XLSX).status_code == 200
