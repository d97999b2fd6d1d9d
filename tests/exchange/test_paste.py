"""Bringing a pasted table into the plan, step by step."""

from collections.abc import Callable
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from actions.models import Action, Answer, ProgressUpdate
from actions.position import plan_position
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted
from peerplan.councils.gate import Person
from peerplan.councils.models import Directorate
from peerplan.exchange import rows, services
from peerplan.exchange.reading import known_of
from peerplan.exchange.rows import Choices
from peerplan.exchange.table import read_rows
from reviews.models import PeerChallenge, Recommendation

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Person], Client]
URL = "/c/ashdale/cpc-2024/paste/"

TABLE = """No\tRecommendation\tAction\tLead\tTimescale\tRAG\tProgress\tDirectorate
1.1\t1\t"Map the repairs
step by step"\tHead of Housing\t30/09/2025\tG\tThree areas mapped.\t
1.2\t\tSet a target\tHead of Housing\tQ3 2025/26\tNot started\t\t
1.3\t\tTell tenants\tHead of Housing\tOngoing\t\t\t"""
COLUMNS = ("reference", "recommendation", "action", "lead", "due", "rating", "progress", "")


def sent(text: str = TABLE, columns: tuple[str, ...] = COLUMNS, **more: str) -> dict[str, str]:
    """What the check of the rows sends."""
    return (
        {"text": text, "headings": "yes", "as_at": "2025-06-30", "in_plan_from": "2024-12-17"}
        | {f"column-{index}": name for index, name in enumerate(columns)}
        | more
    )


class Form(HTMLParser):
    """What a browser would send of a page's fields, without its buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.name = ""
        self.is_area = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.is_area = tag == "textarea"
        if tag == "option":
            if self.name not in self.fields or "selected" in given:
                self.fields[self.name] = given["value"]
        elif tag in ("select", "textarea"):
            self.name = given["name"]
        elif tag == "input":
            can_be_off = given["type"] in ("radio", "checkbox")
            if not can_be_off or "checked" in given:
                self.fields[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.is_area:
            self.fields[self.name] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        self.is_area = False


def form_of(page: HttpResponse) -> dict[str, str]:
    """The fields of the page's form, as they were filled in."""
    return Form(page.content.decode()).fields


def test_a_table_goes_from_the_clipboard_into_the_plan(
    signed_in: SignedIn, manager: Person, recommendation: Recommendation, challenge: PeerChallenge
) -> None:
    client = signed_in(manager)
    page = client.get(URL)
    assert page.status_code == 200
    page = client.post(URL, {"text": TABLE, "step": "columns"})
    assert page.status_code == 200
    form = form_of(page)
    assert [form[f"column-{n}"] for n in range(8)] == [*COLUMNS[:7], "directorate"]
    form |= {"as_at_0": "30", "as_at_1": "6", "as_at_2": "2025", "step": "rows"}
    page = client.post(URL, form)
    assert page.status_code == 200
    assert "<b>3 ready</b>" in page.content.decode()
    assert Action.objects.count() == 0
    page = client.post(URL, form_of(page) | {"step": "import"})
    assert page.status_code == 302
    assert page["Location"] == "/c/ashdale/cpc-2024/"
    position = plan_position(challenge)
    mapped = position.by_ref["1.1"]
    assert (mapped.title, mapped.status, mapped.due) == (
        "Map the repairs step by step",
        "green",
        date(2025, 9, 30),
    )
    assert mapped.update is not None
    assert (mapped.update.as_at, mapped.update.commentary) == (
        date(2025, 6, 30),
        "Three areas mapped.",
    )
    assert position.by_ref["1.2"].due_words == "Q3 2025/26"
    assert position.by_ref["1.2"].due == date(2025, 12, 31)
    assert position.by_ref["1.3"].update is None
    assert position.recommendations[0].actions == position.actions
    assert Action.history.filter(history_user=manager.user).count() >= 3


def test_the_same_table_twice_is_refused_and_says_why(
    signed_in: SignedIn, manager: Person, recommendation: Recommendation
) -> None:
    client = signed_in(manager)
    assert client.post(URL, sent(step="import")).status_code == 302
    before = ProgressUpdate.objects.count()
    page = client.post(URL, sent(step="import"))
    assert page.status_code == 422
    assert "The plan has an action 1.1 already." in page.content.decode()
    assert "Was this table brought in before?" in page.content.decode()
    assert (Action.objects.count(), ProgressUpdate.objects.count()) == (3, before)


def test_rows_with_problems_hold_the_others_back_until_left_out(
    signed_in: SignedIn, manager: Person, recommendation: Recommendation
) -> None:
    client = signed_in(manager)
    text = f"{TABLE}\n9.1\t9\tNo such recommendation\tHead\t31/02/2026\tG/A\t\t"
    page = client.post(URL, sent(text, step="import"))
    assert page.status_code == 422
    assert Action.objects.count() == 0
    page = client.post(URL, sent(text, step="import", drops_rows="on"))
    assert page.status_code == 302
    assert Action.objects.count() == 3


def test_a_problem_is_put_right_in_place_in_every_row_that_has_it(
    signed_in: SignedIn, manager: Person, recommendation: Recommendation
) -> None:
    client = signed_in(manager)
    text = TABLE.replace("30/09/2025", "31/09/2025").replace("Q3 2025/26", "31/09/2025")
    page = client.post(URL, sent(text, step="rows"))
    form = form_of(page) | {"step": "import"}
    assert form["fix-2-due"] == "31/09/2025"
    assert client.post(URL, form).status_code == 422
    form["fix-2-due"] = "30/09/2025"
    assert client.post(URL, form).status_code == 302
    assert set(Action.objects.values_list("original_due", flat=True)) == {date(2025, 9, 30), None}


def test_what_no_column_gives_can_be_given_in_place(
    signed_in: SignedIn, manager: Person, recommendation: Recommendation
) -> None:
    client = signed_in(manager)
    page = client.post(URL, sent(TABLE.replace("\tG\t", "\tA\t"), step="rows"))
    form = form_of(page) | {"step": "import"}
    form["fix-2-recovery"] = "A second team starts\r\nin May."
    assert client.post(URL, form).status_code == 302
    assert ProgressUpdate.objects.get(rating="amber").recovery_plan == (
        "A second team starts\nin May."
    )


def test_an_unknown_directorate_is_matched_to_one_of_the_councils(
    signed_in: SignedIn, manager: Person, recommendation: Recommendation
) -> None:
    history.save(Directorate(council=manager.council, name="Place"), author=manager.user)
    text = TABLE.replace("mapped.\t", "mapped.\tHousing dept")
    client = signed_in(manager)
    columns = (*COLUMNS[:7], "directorate")
    page = client.post(URL, sent(text, columns, step="rows"))
    form = form_of(page) | {"step": "import", "fix-2-directorate": "Place"}
    assert client.post(URL, form).status_code == 302
    assert str(Action.objects.get(ref="1.1").directorate) == "Place"


def test_missing_recommendations_are_added_before_adoption_only(
    signed_in: SignedIn, manager: Person, challenge: PeerChallenge
) -> None:
    client = signed_in(manager)
    text = TABLE.replace("1.1\t1\t", "1.1\tRepair homes faster\t")
    asked = sent(text, step="import", makes_recommendations="on")
    assert client.post(URL, asked).status_code == 422
    assert Recommendation.objects.count() == 0
    challenge.adopted_on = None
    history.save(challenge, author=manager.user)
    page = client.post(URL, asked | {"step": "rows"})
    assert "Recommendations to be added" in page.content.decode()
    assert client.post(URL, asked).status_code == 302
    made = Recommendation.objects.get()
    assert (made.ref, made.title) == ("1", "Repair homes faster")
    assert Answer.objects.filter(recommendation=made, is_primary=True).count() == 3


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"as_at": ""}, "Enter the day that the statuses"),
        ({"as_at": "2999-01-01"}, "between 1990 and 2100"),
        ({"as_at": "2099-01-01"}, "in the future"),
        ({"as_at": "2025-02-31"}, "Enter a real date"),
        ({"in_plan_from": ""}, "Enter a date"),
        ({"in_plan_from": "2025-07-01"}, "must be in the plan by the as-at date"),
        ({"column-3": "action"}, "is chosen twice"),
        ({"column-2": ""}, "Choose the column that says what the council will do"),
        ({"column-5": ""}, "A progress update needs a status"),
        ({"column-5": "password"}, "Choose where this column goes"),
    ],
)
def test_columns_that_cannot_be_are_refused_with_what_was_chosen(
    signed_in: SignedIn,
    manager: Person,
    recommendation: Recommendation,
    given: dict[str, str],
    words: str,
) -> None:
    page = signed_in(manager).post(URL, sent(step="import", **given))
    body = unescape(page.content.decode())
    assert page.status_code == 422
    assert words in body
    assert "Three areas mapped." in body
    assert Action.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste a table"),
        ("words without columns", "no columns"),
        ("\x00", "no columns"),
        ("a\tb\n" + "x" * 600_000, "at most 500 kB"),
        ("1\tx\n" * 2_001, "2,001 rows"),
    ],
)
def test_what_is_no_table_comes_back_with_a_message(
    signed_in: SignedIn, manager: Person, challenge: PeerChallenge, text: str, words: str
) -> None:
    page = signed_in(manager).post(URL, {"text": text, "step": "columns"})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert text[:20] in page.content.decode()


def test_hostile_cells_are_refused_or_shown_as_text(
    signed_in: SignedIn, manager: Person, recommendation: Recommendation
) -> None:
    text = "No\tAction\tLead\n1.1\tRun \x00 now\tHead\n1.2\t<script>alert(1)</script>\tHead\n"
    columns = ("reference", "action", "lead")
    page = signed_in(manager).post(URL, sent(text, columns, step="import"))
    assert page.status_code == 422
    assert "U+0000" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert Action.objects.count() == 0


@pytest.mark.parametrize("step", ["", "text", "columns", "rows", "import", "everything"])
def test_a_form_with_parts_missing_is_never_an_error_of_ours(
    signed_in: SignedIn, manager: Person, challenge: PeerChallenge, step: str
) -> None:
    client = signed_in(manager)
    for given in (
        {},
        {"text": TABLE},
        {"text": TABLE, "column-0": "reference"},
        sent() | {"fix-9999-due": "x", "fix-2-nothing": "x", "fix-2-theme": "Homes"},
    ):
        assert client.post(URL, given | {"step": step}).status_code in (200, 302, 422)


def test_a_row_that_a_service_refuses_leaves_nothing_behind(
    manager: Person, recommendation: Recommendation, challenge: PeerChallenge
) -> None:
    choices = Choices(as_at=date(2025, 6, 30), in_plan_from=date(2024, 12, 17))
    table = read_rows(TABLE)[1:]
    reading = rows.read(table, COLUMNS, known_of(challenge), choices)
    Action(challenge=challenge, ref="1.3", title="Made in the meantime")
    made = Action(
        challenge=challenge, ref="1.3", title="Made meanwhile", in_plan_from=date(2024, 12, 17)
    )
    history.save(made, author=manager.user)
    with pytest.raises(Invalid, match=r"Row 4 \(1\.3\)"):
        services.bring_in(challenge=challenge, reading=reading, choices=choices, author=manager)
    assert list(Action.objects.values_list("ref", flat=True)) == ["1.3"]
    assert ProgressUpdate.objects.count() == 0


def test_the_service_asks_who_it_is(
    owner: Person, recommendation: Recommendation, challenge: PeerChallenge
) -> None:
    choices = Choices(as_at=None, in_plan_from=clock.today())
    reading = rows.read(read_rows(TABLE)[1:], COLUMNS, known_of(challenge), choices)
    with pytest.raises(NotPermitted):
        services.bring_in(challenge=challenge, reading=reading, choices=choices, author=owner)


@pytest.mark.parametrize("who", ["owner", "member", "peer", "lead", "democratic", "administrator"])
def test_only_those_who_manage_the_plan_may_paste(
    request: pytest.FixtureRequest, signed_in: SignedIn, challenge: PeerChallenge, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(URL).status_code == (404 if who == "peer" else 403)
    assert client.post(URL, sent(step="import")).status_code == 403
    assert Action.objects.count() == 0


def test_another_councils_plan_is_not_there(
    signed_in: SignedIn, outsider: Person, challenge: PeerChallenge
) -> None:
    client = signed_in(outsider)
    assert client.post(URL, sent(step="import")).status_code == 404
    assert client.get("/c/mereford/cpc-2024/paste/").status_code == 404


def test_other_methods_are_refused(
    signed_in: SignedIn, manager: Person, challenge: PeerChallenge
) -> None:
    client = signed_in(manager)
    assert client.put(URL).status_code == 405
    assert client.delete(URL).status_code == 405


def test_checking_costs_the_same_few_queries_for_many_rows(
    signed_in: SignedIn,
    manager: Person,
    recommendation: Recommendation,
    django_assert_max_num_queries: Any,
) -> None:
    client = signed_in(manager)
    text = "No\tAction\n" + "\n".join(f"1.{n}\tDo thing {n}" for n in range(1, 1_001))
    with django_assert_max_num_queries(12):
        page = client.post(URL, sent(text, ("reference", "action"), step="rows"))
    assert "<b>1000 ready</b>" in page.content.decode()
