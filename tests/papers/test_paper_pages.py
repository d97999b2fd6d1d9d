"""The pages on which a paper is written."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from peerplan.core import history
from peerplan.councils.gate import Person
from peerplan.papers.models import (
    Paper,
    PaperPart,
    PartKind,
    Placement,
    RouteStep,
    Source,
)
from peerplan.papers.services import papers
from peerplan.papers.services.papers import PartEdit
from peerplan.papers.services.templates import add_from_preset
from tests.plugins.plans import text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def june() -> Iterator[None]:
    """Thursday 12 June 2025, before the meetings of the fixtures."""
    with time_machine.travel("2025-06-12 09:00:00+00:00", tick=False):
        yield


def part(paper: Paper, label: str) -> PaperPart:
    return next(row for row in papers.parts_of(paper) if row.label == label)


def url(name: str, paper: Paper, **more: int) -> str:
    return reverse(name, kwargs={"council": "ashdale", "paper": paper.pk} | more)


def words(row: PaperPart, **given: Any) -> dict[str, Any]:
    """What the form of a part sends when it is left as it is, with what is given instead."""
    boxes = row.text.split("\n\n") if row.kind == PartKind.RECOMMENDATIONS else row.text
    return {
        "version": row.version,
        "text": boxes,
        "lead_in": row.lead_in,
        "label": row.label,
        "sign_off_role": row.sign_off_role,
        "exempt_paragraph": row.exempt_paragraph or "",
        **({"is_required": "on"} if row.is_required else {}),
    } | given


def content(response: Any) -> str:
    return str(response.content.decode())


class TestStarting:
    def test_a_step_offers_a_title_and_the_template_of_its_body_and_starts(
        self, signed_in: SignIn, democratic: Person, cabinet_step: RouteStep
    ) -> None:
        template = add_from_preset(
            council=democratic.council, preset="front-table-cabinet", author=democratic
        )
        client = signed_in(democratic)
        address = reverse("paper_new", args=["ashdale", cabinet_step.pk])
        form = client.get(address).context["form"]
        assert form.initial["template"] == template
        response = client.post(address, {"title": form.initial["title"], "template": template.pk})
        made = Paper.objects.get()
        assert response.url == url("paper", made)
        # Pressed again, or opened again: the paper that is there.
        assert client.post(address, {"title": "Again", "template": template.pk}).url == response.url
        assert Paper.objects.count() == 1

    def test_without_a_template_it_says_where_to_get_one(
        self, signed_in: SignIn, democratic: Person, cabinet_step: RouteStep
    ) -> None:
        page = signed_in(democratic).get(reverse("paper_new", args=["ashdale", cabinet_step.pk]))
        assert "No report template yet" in content(page)

    def test_a_missing_title_comes_back_with_what_was_typed(
        self, signed_in: SignIn, democratic: Person, cabinet_step: RouteStep, paper_template: Any
    ) -> None:
        address = reverse("paper_new", args=["ashdale", cabinet_step.pk])
        response = signed_in(democratic).post(
            address, {"title": " ", "template": paper_template.pk}
        )
        assert response.status_code == 422
        assert "Enter the title" in content(response)


class TestThePaper:
    def test_it_says_by_when_it_is_public_and_what_is_missing(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        page = content(signed_in(democratic).get(url("paper", paper)))
        assert "Report to Cabinet · Tuesday 24 June 2025" in page
        assert "Publish by Monday 16 June: 4 days left" in page
        assert "Record the sign-off of “Financial implications” by the Section 151 Officer." in page
        assert "9 of 10 parts ready." in page

    def test_an_empty_part_is_missing_and_one_that_may_be_empty_is_left_out(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        for label, required in (("Background", True), ("Equality", False)):
            row = part(paper, label)
            edit = PartEdit("", is_required=required)
            papers.change_part(part=row, version=1, edit=edit, author=democratic)
        response = signed_in(democratic).get(url("paper", paper))
        states = {row.part.label: row.state for row in response.context["sheet"].rows}
        assert (states["Background"], states["Equality"]) == ("Missing", "Left out")
        assert "Write “Background”." in content(response)

    def test_a_day_that_contradicts_the_calendar_is_pointed_out_beside_its_part(
        self, signed_in: SignIn, democratic: Person, manager: Person, paper: Paper
    ) -> None:
        row = part(paper, "Background")
        slip = "The plan goes to Cabinet on Monday 24 June 2025."
        row = papers.change_part(part=row, version=1, edit=PartEdit(slip), author=manager)
        page = content(signed_in(democratic).get(url("paper", paper)))
        assert "Look at these again" in page
        assert "is a Tuesday" in page
        secret = PartEdit(slip, exempt_paragraph=3, marks_exempt=True)
        papers.change_part(part=row, version=row.version, edit=secret, author=manager)
        page = content(signed_in(democratic).get(url("paper", paper)))
        assert "Look at these again" not in page

    def test_it_says_what_it_waits_for_from_earlier_steps(
        self,
        signed_in: SignIn,
        democratic: Person,
        paper: Paper,
        scrutiny_step: RouteStep,
        travel: time_machine.Traveller,
    ) -> None:
        client = signed_in(democratic)
        travel.move_to("2025-06-20 09:00:00+00:00")
        waits = "Bring in fresh figures once it is there."
        assert waits in content(client.get(url("paper", paper)))
        scrutiny_step.comments, scrutiny_step.minute = "Good.", "RESOLVED that it be noted."
        scrutiny_step.minute_number = "31"
        history.save(scrutiny_step, author=democratic.user)
        assert waits not in content(client.get(url("paper", paper)))

    def test_a_paper_that_no_step_leads_to_says_so(
        self, signed_in: SignIn, democratic: Person, paper: Paper, cabinet_step: RouteStep
    ) -> None:
        cabinet_step.paper = None
        history.save(cabinet_step, author=democratic.user)
        page = content(signed_in(democratic).get(url("paper", paper)))
        assert "No body gets this paper any more" in page

    @pytest.mark.parametrize("count", [10, 40])
    def test_its_pages_take_few_queries_however_many_parts_there_are(
        self,
        signed_in: SignIn,
        democratic: Person,
        paper: Paper,
        count: int,
        django_assert_max_num_queries: Any,
    ) -> None:
        for number in range(count - 10):
            row = PaperPart(
                paper=paper,
                position=100 + number,
                kind=PartKind.IMPLICATION,
                placement=Placement.BODY,
                label=f"Implication {number}",
                text="None." if number % 2 else "",
                sign_off_role="Section 151 Officer",
            )
            history.save(row, author=democratic.user)
        client = signed_in(democratic)
        pages = [
            url("paper", paper),
            url("paper_all", paper) + "?parts=all",
            url("paper_part", paper, part=part(paper, "Background").pk),
            url("paper_sign_off", paper, part=part(paper, "Financial implications").pk),
            url("paper_appendix_new", paper),
        ]
        for address in pages:
            with django_assert_max_num_queries(15):
                assert client.get(address).status_code == 200

    def test_members_and_strangers_see_nothing_of_a_paper_in_writing(
        self, signed_in: SignIn, member: Person, peer: Person, outsider: Person, paper: Paper
    ) -> None:
        row = part(paper, "Background")
        for person, status in ((member, 403), (peer, 404), (outsider, 404)):
            client = signed_in(person)
            for address in (url("paper", paper), url("paper_part", paper, part=row.pk)):
                assert client.get(address).status_code == status

    def test_other_officers_read_and_do_not_write(
        self, signed_in: SignIn, owner: Person, paper: Paper
    ) -> None:
        client = signed_in(owner)
        row = part(paper, "Background")
        page = content(client.get(url("paper_part", paper, part=row.pk)))
        assert "The peers came in June." in page
        assert "<textarea" not in page
        assert client.post(url("paper_part", paper, part=row.pk), words(row)).status_code == 403
        assert client.get(url("paper_all", paper)).status_code == 403


class TestOnePart:
    def test_it_is_saved_and_goes_on_to_the_next(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        row, after = part(paper, "Background"), part(paper, "Impact on customers")
        address = url("paper_part", paper, part=row.pk)
        given = words(row, text="Six peers came.", next="1")
        response = signed_in(democratic).post(address, given)
        assert response.url == url("paper_part", paper, part=after.pk)
        assert part(paper, "Background").text == "Six peers came."

    def test_what_is_refused_comes_back_with_what_was_typed(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        row = part(paper, "Background")
        address = url("paper_part", paper, part=row.pk)
        response = signed_in(democratic).post(address, words(row, text="Mine \x07", label=""))
        assert response.status_code == 422
        assert "Enter the heading." in content(response)
        assert "U+0007" in content(response)
        assert "Mine " in content(response)
        assert part(paper, "Background").version == 1

    def test_two_writers_see_both_texts_and_can_save_again(
        self, signed_in: SignIn, democratic: Person, manager: Person, paper: Paper
    ) -> None:
        row = part(paper, "Background")
        papers.change_part(part=row, version=1, edit=PartEdit("Theirs."), author=manager)
        client = signed_in(democratic)
        address = url("paper_part", paper, part=row.pk)
        response = client.post(address, words(row, text="Mine."))
        assert response.status_code == 409
        page = content(response)
        assert "Policy Manager saved this while you were writing" in page
        assert page.count("Mine.") == 2
        assert "Theirs." in page
        seen = response.context["form"]["version"].value()
        assert client.post(address, words(row, text="Both.", version=seen)).status_code == 302
        assert part(paper, "Background").text == "Both."

    def test_a_changed_text_says_that_its_sign_off_lapsed(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        row = part(paper, "Financial implications")
        row = papers.sign_off(part=row, version=1, on=date(2025, 6, 12), author=democratic)
        response = signed_in(democratic).post(
            url("paper_part", paper, part=row.pk), words(row, text="Ten thousand."), follow=True
        )
        assert "Financial implications changed: its sign-off has lapsed." in content(response)

    def test_an_exempt_part_is_shown_to_those_entitled_only(
        self, signed_in: SignIn, democratic: Person, manager: Person, paper: Paper
    ) -> None:
        row = part(paper, "Background")
        secret = PartEdit("CANARY", exempt_paragraph=3, marks_exempt=True)
        papers.change_part(part=row, version=1, edit=secret, author=manager)
        client = signed_in(democratic)
        address = url("paper_part", paper, part=row.pk)
        for page in (
            client.get(address),
            client.get(url("paper", paper)),
            client.get(url("paper_all", paper) + "?parts=all"),
            client.get(url("paper_sign_off", paper, part=row.pk)),
        ):
            assert "CANARY" not in content(page)
        assert "You are not entitled to read this part" in content(client.get(address))
        typed = client.post(address, words(row, text="What I typed."))
        assert typed.status_code == 403
        assert "What I typed." in content(typed)
        assert "CANARY" not in content(typed)
        assert "CANARY" in content(signed_in(manager).get(address))

    @pytest.mark.parametrize(
        ("source", "options", "sent", "kept"),
        [
            (Source.YES_NO, "", "Yes", "Yes"),
            (Source.ROLE, "", "Leader of the Council", "Leader of the Council"),
            (
                Source.LIST,
                "Homes\nJobs, skills\nClimate",
                ["Homes", "Jobs, skills"],
                "Homes\nJobs, skills",
            ),
        ],
    )
    def test_a_field_asks_for_what_its_source_is(
        self,
        signed_in: SignIn,
        democratic: Person,
        paper: Paper,
        source: str,
        options: str,
        sent: Any,
        kept: str,
    ) -> None:
        row = part(paper, "Equality")
        row.source, row.options, row.text = source, options, ""
        history.save(row, author=democratic.user)
        client = signed_in(democratic)
        address = url("paper_part", paper, part=row.pk)
        assert client.post(address, words(row, text=sent)).status_code == 302
        assert part(paper, "Equality").text == kept
        bound = client.get(address).context["form"]["text"]
        assert "checked" in str(bound) or kept in str(bound)

    def test_a_list_refuses_what_is_not_in_it(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        row = part(paper, "Equality")
        row.source, row.options, row.text = Source.LIST, "Homes", ""
        history.save(row, author=democratic.user)
        address = url("paper_part", paper, part=row.pk)
        assert (
            signed_in(democratic).post(address, words(row, text=["Elsewhere"])).status_code == 422
        )


class TestRecommendations:
    def press(self, client: Client, paper: Paper, boxes: list[str], **button: str) -> list[str]:
        """The boxes after a button was pressed; nothing is saved by it."""
        row = part(paper, "Recommendations")
        response = client.post(
            url("paper_part", paper, part=row.pk), words(row, text=boxes) | button
        )
        assert response.status_code == 200
        assert part(paper, "Recommendations").version == row.version
        value = response.context["form"]["text"].value()
        for box in value:
            assert box in content(response)
        return list(value)

    def test_boxes_are_added_moved_and_removed_and_keep_what_was_typed(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        client = signed_in(democratic)
        assert self.press(client, paper, ["A", "B"], **{"text-add": "1"}) == ["A", "B", ""]
        assert self.press(client, paper, ["A", "B", "C"], **{"text-up": "2"}) == ["A", "C", "B"]
        assert self.press(client, paper, ["A", "B", "C"], **{"text-drop": "1"}) == ["A", "C"]
        assert self.press(client, paper, ["A", "B"], **{"text-up": "0"}) == ["A", "B"]
        assert self.press(client, paper, ["A"], **{"text-drop": "7"}) == ["A"]

    def test_each_box_is_one_recommendation(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        row = part(paper, "Recommendations")
        boxes = ["Notes this.", " ", "Agrees that.\n\nAnd more."]
        response = signed_in(democratic).post(
            url("paper_part", paper, part=row.pk),
            words(row, text=boxes, lead_in="MEMBERS ARE ASKED TO:"),
        )
        assert response.status_code == 302
        after = part(paper, "Recommendations")
        assert after.text == "Notes this.\n\nAgrees that.\nAnd more."
        assert after.lead_in == "MEMBERS ARE ASKED TO:"


class TestAllOnOnePage:
    def post(self, client: Client, paper: Paper, rows: list[PaperPart], **given: Any) -> Any:
        """Posts the page of several parts as it was shown for `rows`, but for what is given."""
        data: dict[str, Any] = {
            "part": [row.pk for row in rows],
            "signed_on_0": "12",
            "signed_on_1": "6",
            "signed_on_2": "2025",
        }
        for row in rows:
            data[f"part-{row.pk}-version"] = row.version
            data[f"part-{row.pk}-text"] = row.text
        return client.post(url("paper_all", paper), data | given)

    def test_it_shows_what_is_missing_and_saves_it_with_its_sign_off(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        client = signed_in(democratic)
        shown = client.get(url("paper_all", paper)).context["forms"]
        assert [form.part.label for form in shown] == ["Financial implications"]
        row = part(paper, "Financial implications")
        given = {f"part-{row.pk}-text": "None at all.", f"part-{row.pk}-signed": "on"}
        assert self.post(client, paper, [row], **given).url == url("paper", paper)
        after = part(paper, "Financial implications")
        assert (after.text, after.signed_off_on) == ("None at all.", date(2025, 6, 12))
        assert "Nothing is missing" in content(client.get(url("paper", paper)))

    def test_a_page_without_sign_offs_is_saved_without_their_day(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        client = signed_in(democratic)
        row = part(paper, "Equality")
        data = {
            "part": [row.pk],
            f"part-{row.pk}-version": row.version,
            f"part-{row.pk}-text": "Nobody is treated worse.",
        }
        assert client.post(url("paper_all", paper), data).url == url("paper", paper)
        assert part(paper, "Equality").text == "Nobody is treated worse."

    def test_a_clash_names_the_part_shows_both_texts_and_saves_nothing(
        self, signed_in: SignIn, democratic: Person, manager: Person, paper: Paper
    ) -> None:
        client = signed_in(democratic)
        rows = [part(paper, "Background"), part(paper, "Equality")]
        papers.change_part(part=rows[0], version=1, edit=PartEdit("Theirs."), author=manager)
        given = {f"part-{row.pk}-text": f"Mine of {row.label}" for row in rows}
        response = self.post(client, paper, rows, **given)
        assert response.status_code == 409
        page = content(response)
        assert "Somebody else saved “Background” while you were writing" in page
        assert "Theirs." in page
        assert page.count("Mine of Background") == 2
        assert "Mine of Equality" in page
        assert part(paper, "Equality").text == "None."
        versions = {
            f"{form.prefix}-version": form["version"].value() for form in response.context["forms"]
        }
        assert self.post(client, paper, rows, **(given | versions)).status_code == 302
        assert part(paper, "Background").text == "Mine of Background"

    def test_what_was_typed_into_a_part_that_was_taken_out_is_shown(
        self, signed_in: SignIn, democratic: Person, manager: Person, paper: Paper
    ) -> None:
        rows = [part(paper, "Background"), part(paper, "Equality")]
        papers.end_part(part=rows[0], version=1, author=manager)
        given = {f"part-{row.pk}-text": f"Mine of {row.label}" for row in rows}
        response = self.post(signed_in(democratic), paper, rows, **given)
        assert response.status_code == 422
        assert "Mine of Background" in content(response)
        assert "Mine of Equality" in content(response)

    def test_a_wrong_text_or_day_is_named_and_all_is_kept(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        row = part(paper, "Financial implications")
        given = {f"part-{row.pk}-text": "None \x07", f"part-{row.pk}-signed": "on"}
        response = self.post(signed_in(democratic), paper, [row], **given, signed_on_1="13")
        assert response.status_code == 422
        page = content(response)
        assert "U+0007" in page
        assert "Enter a real date" in page

    def test_a_sign_off_of_tomorrow_is_refused_beside_its_part(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        row = part(paper, "Financial implications")
        given = {f"part-{row.pk}-signed": "on", "signed_on_0": "13"}
        response = self.post(signed_in(democratic), paper, [row], **given)
        assert response.status_code == 422
        assert "cannot be in the future" in content(response)


class TestSigningOff:
    def test_it_is_recorded_and_taken_back(
        self, signed_in: SignIn, lead: Person, paper: Paper
    ) -> None:
        client = signed_in(lead)
        row = part(paper, "Financial implications")
        address = url("paper_sign_off", paper, part=row.pk)
        day = {"on_0": "11", "on_1": "6", "on_2": "2025"}
        assert client.post(address, {"version": 1} | day).status_code == 302
        row = part(paper, "Financial implications")
        assert (row.signed_off_on, row.signed_off_by) == (date(2025, 6, 11), lead.user)
        assert "recorded by Chief Executive" in content(client.get(url("paper", paper)))
        assert client.post(address, {"version": row.version, "take-back": "1"}).status_code == 302
        assert part(paper, "Financial implications").signed_off_at is None

    def test_stale_wrong_and_not_permitted(
        self, signed_in: SignIn, lead: Person, owner: Person, democratic: Person, paper: Paper
    ) -> None:
        row = part(paper, "Financial implications")
        address = url("paper_sign_off", paper, part=row.pk)
        day = {"on_0": "11", "on_1": "6", "on_2": "2025", "version": "1"}
        assert signed_in(owner).post(address, day).status_code == 403
        client = signed_in(lead)
        assert client.post(address, day | {"on_1": "13"}).status_code == 422
        papers.change_part(part=row, version=1, edit=PartEdit("Other."), author=democratic)
        assert client.post(address, day).status_code == 409


class TestThePaperAsAWhole:
    def test_fresh_figures_show_edits_beside_what_the_plan_says(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        row = part(paper, "Background")
        row.drafter, row.drafted = "background", "Other words of the plan."
        row.text = "Other words of the plan, edited."
        history.save(row, author=democratic.user)
        day = {"version": "1", "as_at_0": "11", "as_at_1": "6", "as_at_2": "2025"}
        client = signed_in(democratic)
        response = client.post(url("paper_figures", paper), day)
        page = content(response)
        assert response.status_code == 200
        assert "What the plan says now" in page
        assert "Other words of the plan, edited." in page
        paper.refresh_from_db()
        assert paper.figures_as_at == date(2025, 6, 11)
        assert client.post(url("paper_figures", paper), day).status_code == 409
        assert client.post(url("paper_figures", paper), {"version": "2"}).status_code == 422

    def test_its_title_changes_and_it_is_taken_away_with_a_reason(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        client = signed_in(democratic)
        title = {"title": "Another title", "version": "1"}
        assert client.post(url("paper_title", paper), title).status_code == 302
        assert client.post(url("paper_title", paper), title | {"title": "X"}).status_code == 409
        assert client.post(url("paper_title", paper), title | {"title": ""}).status_code == 422
        assert client.post(url("paper_end", paper), {"version": "2"}).status_code == 422
        gone = {"version": "2", "reason": "Wrong form"}
        assert client.post(url("paper_end", paper), gone).status_code == 302
        assert client.get(url("paper", paper)).status_code == 404

    def test_sections_and_tables_are_added_from_the_plan_once_each(
        self, signed_in: SignIn, democratic: Person, member: Person, paper: Paper
    ) -> None:
        client, address = signed_in(democratic), url("paper_part_drafted", paper)
        chosen = {"drafters": ["extensions", "overdue"]}
        assert client.post(address, {}).status_code == 422
        assert client.post(address, {"drafters": ["recommendations"]}).status_code == 422
        assert client.post(address, chosen).status_code == 302
        assert client.post(address, chosen).status_code == 422
        added = list(paper.parts.filter(drafter__in=chosen["drafters"]).order_by("position"))
        assert [row.label for row in added] == ["Extensions", "Overdue"]
        body = list(paper.parts.filter(placement="body").order_by("position"))
        assert body[-2:] == added
        preview = text_of(client.get(url("paper_preview", paper)))
        assert "Extensions" in preview
        assert signed_in(member).post(address, chosen).status_code == 403

    def test_several_parts_are_taken_out_at_once_or_none(
        self, signed_in: SignIn, democratic: Person, member: Person, paper: Paper
    ) -> None:
        client, address = signed_in(democratic), url("paper_parts_out", paper)
        gone = [part(paper, label) for label in ("Equality", "Impact on customers")]
        chosen = {"parts": [f"{row.pk}-{row.version}" for row in gone]}
        assert client.get(address).status_code == 200
        assert client.post(address, {}).status_code == 422
        papers.change_part(
            part=gone[0], version=gone[0].version, edit=PartEdit("Another word"), author=democratic
        )
        assert client.post(address, chosen).status_code == 422
        assert paper.parts.filter(ended_at__isnull=False).count() == 0
        chosen = {"parts": [f"{row.pk}-{part(paper, row.label).version}" for row in gone]}
        assert client.post(address, chosen).status_code == 302
        assert paper.parts.filter(ended_at__isnull=False).count() == 2
        assert client.post(address, chosen).status_code == 422
        assert signed_in(member).post(address, chosen).status_code == 403

    def test_a_part_is_added_moved_and_taken_out(
        self, signed_in: SignIn, democratic: Person, paper: Paper
    ) -> None:
        client = signed_in(democratic)
        new = {"label": "Risk", "placement": "front", "kind": "implication", "text": "None."}
        assert client.post(url("paper_part_new", paper), new).status_code == 302
        assert client.post(url("paper_part_new", paper), new | {"label": ""}).status_code == 422
        row = part(paper, "Risk")
        args = {"part": row.pk}
        move = {"version": row.version, "way": "up"}
        assert client.post(url("paper_part_move", paper, **args), move).status_code == 302
        assert client.post(url("paper_part_move", paper, **args), move).status_code == 409
        row = part(paper, "Risk")
        seen = {"version": row.version}
        assert client.get(url("paper_part_end", paper, **args)).status_code == 405
        assert (
            client.post(url("paper_part_end", paper, **args), {"version": 1000}).status_code == 409
        )
        assert client.post(url("paper_part_end", paper, **args), seen).status_code == 302
        assert client.post(url("paper_part_end", paper, **args), seen).status_code == 404


def test_a_paper_leads_to_each_copy_as_it_will_be_printed(
    paper: Paper, cabinet_step: RouteStep, democratic: Person, signed_in: SignIn
) -> None:
    page = signed_in(democratic).get(f"/c/ashdale/papers/{paper.pk}/").content.decode()
    for end in ("preview/", "draft.pdf", "draft.docx"):
        assert f'href="/c/ashdale/papers/{paper.pk}/{end}?step={cabinet_step.pk}"' in page
