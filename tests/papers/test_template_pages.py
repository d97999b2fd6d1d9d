"""The pages of report templates: done, refused, forbidden, not found, stale, sent twice, shown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from peerplan.core.versions import claim
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.papers.models import Body, Paper, PaperTemplate, Placement, TemplatePart
from peerplan.papers.services import templates as services
from peerplan.papers.services.templates import PartDetails, parts_of
from peerplan.papers.template_presets import PRESETS

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]

SETTINGS = {
    "name": "Report to our Cabinet",
    "body_kind": "executive",
    "section_style": "1.",
    "paragraph_style": "1",
    "item_style": "(a)",
    "appendix_style": "A",
    "appendix_word": "Annex",
    "kicker": "Report to {body}",
    "lead_in": "Cabinet is asked to:",
    "no_background_papers": "None.",
    "exempt_words": "Not for publication: {paragraphs}.",
    "shows_logo": "no",
}
PART = {
    "label": "Climate implications",
    "kind": "implication",
    "placement": "front",
    "group": "",
    "source": "typed",
    "drafter": "",
    "options": "",
    "text": "None arising from this report.",
    "sign_off_role": "Head of Climate",
    "is_required": "yes",
    "after": "",
}


@dataclass(frozen=True)
class Page:
    """A page that writes: what it stands for, what is posted and what is wrong with it."""

    of: str  # "council", "template" or "part"
    given: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    kept: str = ""
    versioned: bool = False
    again: int = 302  # the status of the same post sent a second time
    writes_again: bool = False
    extra: dict[str, str] = field(default_factory=dict)


PAGES = {
    "paper_templates_ready_made": Page("council"),
    "paper_template_new": Page(
        "council",
        {"preset": "report-to-council", "name": "Report to our council"},
        {"preset": "blank", "name": "OURS"},
        "There is a template “OURS” already.",
        "OURS",
        again=422,
    ),
    "paper_template_change": Page(
        "template",
        SETTINGS,
        {"name": ""},
        "Enter the name of the template.",
        "Cabinet is asked to:",
        versioned=True,
        again=409,
    ),
    "paper_template_copy": Page("template", writes_again=True),
    "paper_template_end": Page("template", versioned=True, again=409),
    "template_part_new": Page(
        "template",
        PART,
        {"placement": "end"},
        "Enter the heading of the list or the closing table.",
        "None arising from this report.",
        writes_again=True,
    ),
    "template_part": Page(
        "part",
        PART,
        {"source": "plan"},
        "Choose what is drafted from the plan.",
        "Head of Climate",
        versioned=True,
        again=409,
    ),
    "template_part_move": Page("part", versioned=True, again=409, extra={"way": "up"}),
    "template_part_end": Page("part", versioned=True, again=409),
}
NAMES = sorted(PAGES)
FORMS = sorted(name for name, page in PAGES.items() if page.message)
VERSIONED = sorted(name for name, page in PAGES.items() if page.versioned)
BUTTONS = sorted(set(NAMES) - set(FORMS))


@dataclass
class Rows:
    """The template and the part that the pages stand for."""

    template: PaperTemplate
    part: TemplatePart

    def record(self, name: str) -> Any:
        found = self.part if PAGES[name].of == "part" else self.template
        found.refresh_from_db()
        return found

    def url(self, name: str, council: str = "ashdale") -> str:
        page = PAGES[name]
        given: dict[str, Any] = {"council": council} | page.extra
        if page.of != "council":
            given[page.of] = self.record(name).pk
        return reverse(name, kwargs=given)

    def body(self, name: str) -> dict[str, Any]:
        page = PAGES[name]
        return page.given | ({"version": self.record(name).version} if page.versioned else {})


@pytest.fixture
def rows(council: Council, democratic: Person) -> Rows:
    template = services.create_template(
        council=council, details=services.TemplateDetails(name="Ours"), author=democratic
    )
    parts = [
        services.add_part(
            template=template,
            details=PartDetails(kind="field", placement=Placement.FRONT, label=label),
            author=democratic,
        )
        for label in ("Presented by", "Wards", "Contact")
    ]
    return Rows(template, parts[-1])


def written() -> tuple[int, ...]:
    """How much has ever been written."""
    return PaperTemplate.history.count(), TemplatePart.history.count()


def versions() -> list[int]:
    kinds: tuple[Any, ...] = (PaperTemplate, TemplatePart)
    return [version for kind in kinds for version in kind.objects.values_list("version", flat=True)]


# --- Each page that writes -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_is_saved(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    before = written()
    answer = signed_in(democratic).post(rows.url(name), rows.body(name))
    assert answer.status_code == 302
    assert written() > before
    assert signed_in(democratic).get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("name", FORMS)
def test_the_form_is_shown(name: str, rows: Rows, manager: Person, signed_in: SignIn) -> None:
    answer = signed_in(manager).get(rows.url(name))
    assert answer.status_code == 200
    assert "csrfmiddlewaretoken" in answer.content.decode()


@pytest.mark.parametrize("name", FORMS)
def test_what_is_wrong_comes_back_with_what_was_typed(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    before, page = (written(), versions()), PAGES[name]
    answer = signed_in(democratic).post(rows.url(name), rows.body(name) | page.wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in text
    assert page.message in text
    assert page.kept in text
    assert (written(), versions()) == before


@pytest.mark.parametrize("name", NAMES)
def test_another_method_is_refused(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    client = signed_in(democratic)
    assert client.delete(rows.url(name)).status_code == 405
    assert client.get(rows.url(name)).status_code == (405 if name in BUTTONS else 200)


@pytest.mark.parametrize("name", NAMES)
def test_other_roles_may_not(
    name: str,
    rows: Rows,
    owner: Person,
    member: Person,
    lead: Person,
    peer: Person,
    administrator: Person,
    signed_in: SignIn,
) -> None:
    before = written()
    for person in (owner, member, lead, peer, administrator):
        answer = signed_in(person).post(rows.url(name), rows.body(name))
        assert answer.status_code == 403, person.membership.role
    assert written() == before


@pytest.mark.parametrize("name", NAMES)
def test_another_council_finds_nothing(
    name: str, rows: Rows, democratic: Person, outsider: Person, signed_in: SignIn
) -> None:
    before = written()
    for person, council in (
        (outsider, "ashdale"),
        (outsider, "mereford"),
        (democratic, "mereford"),
    ):
        if PAGES[name].of == "council" and person.council.slug == council:
            continue
        answer = signed_in(person).post(rows.url(name, council), rows.body(name))
        assert answer.status_code == 404
    assert written() == before


@pytest.mark.parametrize("name", VERSIONED)
def test_the_later_of_two_is_told(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    body = rows.body(name)
    with transaction.atomic():
        claim(rows.record(name))  # somebody else was first
    before = written()
    answer = signed_in(democratic).post(rows.url(name), body)
    assert answer.status_code == 409
    assert PAGES[name].kept in answer.content.decode()
    assert written() == before


@pytest.mark.parametrize("name", sorted(set(VERSIONED) & set(BUTTONS)))
def test_a_button_pressed_too_late_leads_back_to_the_page(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    back = reverse("paper_template", args=["ashdale", rows.template.pk])
    for version, status in ((99, 409), ("", 422)):
        answer = signed_in(democratic).post(rows.url(name), {"version": version})
        assert answer.status_code == status
        assert f'href="{back}"' in answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_post_sent_twice_is_saved_once(
    name: str, rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    body = rows.body(name)
    client = signed_in(democratic)
    assert client.post(rows.url(name), body).status_code == 302
    before = written()
    assert client.post(rows.url(name), body).status_code == PAGES[name].again
    assert (written() > before) == PAGES[name].writes_again


# --- Two people at once --------------------------------------------------------------------------


def test_both_texts_are_shown_and_the_second_can_then_be_saved(
    rows: Rows, democratic: Person, manager: Person, signed_in: SignIn
) -> None:
    url, seen = rows.url("template_part"), rows.body("template_part")
    theirs = seen | {"text": "Fewer vans on the road.", "is_required": "no"}
    assert signed_in(manager).post(url, theirs).status_code == 302
    answer = signed_in(democratic).post(url, seen)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Policy Manager saved this while you were writing" in text
    assert "Fewer vans on the road." in text
    assert "None arising from this report." in text
    again = seen | {"version": answer.context["form"]["version"].value()}
    assert signed_in(democratic).post(url, again).status_code == 302
    assert rows.record("template_part").text == "None arising from this report."


def test_a_part_that_somebody_removed_keeps_what_was_typed(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    url = rows.url("template_part")
    services.end_part(part=rows.part, version=rows.part.version, author=democratic)
    client = signed_in(democratic)
    answer = client.post(url, rows.body("template_part"))
    assert answer.status_code == 422
    assert "Head of Climate" in answer.content.decode()
    assert "This part was removed in the meantime" in answer.content.decode()
    assert client.get(url).status_code == 404


# --- What is kept --------------------------------------------------------------------------------


def test_the_settings_are_kept(rows: Rows, democratic: Person, signed_in: SignIn) -> None:
    name = "paper_template_change"
    signed_in(democratic).post(rows.url(name), rows.body(name))
    saved = rows.record(name)
    kept = {field: getattr(saved, field) for field in SETTINGS}
    assert kept == SETTINGS | {"shows_logo": False}


def test_a_part_is_kept_and_put_where_it_is_told_to(
    rows: Rows, democratic: Person, signed_in: SignIn
) -> None:
    first = parts_of(rows.template)[0]
    signed_in(democratic).post(rows.url("template_part_new"), PART | {"after": str(first.pk)})
    signed_in(democratic).post(
        rows.url("template_part"), rows.body("template_part") | {"after": "first", "label": "Top"}
    )
    rows_now = parts_of(rows.template)
    assert [part.label for part in rows_now] == [
        "Top",
        "Presented by",
        "Climate implications",
        "Wards",
    ]
    assert rows_now[2].sign_off_role == "Head of Climate"
    assert rows_now[2].is_required


def test_an_empty_template_needs_a_name_and_a_ready_made_one_has_its_own(
    council: Council, democratic: Person, signed_in: SignIn
) -> None:
    url = reverse("paper_template_new", args=["ashdale"])
    client = signed_in(democratic)
    refused = client.post(url, {"preset": "blank", "name": ""})
    assert refused.status_code == 422
    assert "Enter the name of the template." in refused.content.decode()
    assert client.post(url, {"preset": "report-to-council", "name": ""}).status_code == 302
    assert client.post(url, {"preset": "blank", "name": "Letter"}).status_code == 302
    names = set(PaperTemplate.objects.values_list("name", flat=True))
    assert names == {"Report to council", "Letter"}


# --- What is shown -------------------------------------------------------------------------------


def test_a_council_without_templates_is_offered_the_five(
    council: Council, democratic: Person, owner: Person, signed_in: SignIn
) -> None:
    url = reverse("paper_templates", args=["ashdale"])
    words = "Add the five ready-made templates"
    assert words in signed_in(democratic).get(url).content.decode()
    assert words not in signed_in(owner).get(url).content.decode()
    client = signed_in(democratic)
    client.post(reverse("paper_templates_ready_made", args=["ashdale"]))
    page = client.get(url).content.decode()
    assert words not in page
    for preset in PRESETS.values():
        assert preset.name in page


def test_the_page_says_that_papers_in_writing_follow_the_settings(
    paper: Paper, owner: Person, signed_in: SignIn
) -> None:
    url = reverse("paper_template", args=["ashdale", paper.template.pk])
    page = signed_in(owner).get(url).content.decode()
    assert "so they count for the 1 paper in writing, too" in page


def test_officers_read_templates_but_change_nothing(
    rows: Rows, owner: Person, signed_in: SignIn
) -> None:
    url = reverse("paper_template", args=["ashdale", rows.template.pk])
    page = signed_in(owner).get(url).content.decode()
    assert "Presented by" in page
    assert page.count("<form") == signed_in(owner).get(
        reverse("paper_templates", args=["ashdale"])
    ).content.decode().count("<form")


@pytest.mark.parametrize("name", ["paper_templates", "paper_template", "paper_template_preview"])
def test_members_do_not_read_templates(
    name: str, rows: Rows, member: Person, outsider: Person, signed_in: SignIn
) -> None:
    args = ["ashdale"] if name == "paper_templates" else ["ashdale", rows.template.pk]
    assert signed_in(member).get(reverse(name, args=args)).status_code == 403
    assert signed_in(outsider).get(reverse(name, args=args)).status_code == 404


@pytest.mark.parametrize("preset", PRESETS)
def test_every_part_is_listed_under_where_it_is_printed(
    preset: str, council: Council, democratic: Person, signed_in: SignIn
) -> None:
    template = services.add_from_preset(council=council, preset=preset, author=democratic)
    answer = signed_in(democratic).get(reverse("paper_template", args=["ashdale", template.pk]))
    listed = [
        (block.words.partition(":")[0], row.part.label)
        for block in answer.context["blocks"]
        for row in block.rows
    ]
    words = {
        Placement.HEAD: "Lines above the title",
        Placement.FACTS: "Short facts below the title",
        Placement.FRONT: "Front table",
        Placement.BODY: "Numbered sections",
        Placement.PLAIN: "Sections without a number",
        Placement.LIST: "Numbered list",
        Placement.END: "Closing table",
    }
    assert listed == [(words[part.placement], part.label) for part in PRESETS[preset].parts]
    assert not answer.context["is_split"]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_example_prints_every_part(
    preset: str, council: Council, democratic: Person, signed_in: SignIn
) -> None:
    template = services.add_from_preset(council=council, preset=preset, author=democratic)
    url = reverse("paper_template_preview", args=["ashdale", template.pk])
    page = signed_in(democratic).get(url).content.decode().replace("&#x27;", "'")
    for part in PRESETS[preset].parts:
        assert part.label.partition(" {")[0] in page
        assert part.group in page
    assert "To be written" not in page
    assert "Action plan with progress" in page
    assert "{" not in page.partition('class="report"')[2].partition("</article>")[0]


def test_the_example_is_numbered_as_the_settings_say(
    council: Council, democratic: Person, signed_in: SignIn
) -> None:
    template = services.add_from_preset(
        council=council, preset="numbered-two-bodies", author=democratic
    )
    url = reverse("paper_template_preview", args=["ashdale", template.pk])
    page = signed_in(democratic).get(url).content.decode()
    for number in ("1.0", "2.1", "2.2", "Appendix A", "Appendix C"):
        assert number in page


def test_the_example_of_a_form_for_any_body_goes_to_two(
    council: Council, democratic: Person, signed_in: SignIn
) -> None:
    template = services.add_from_preset(
        council=council, preset="numbered-two-bodies", author=democratic
    )
    url = reverse("paper_template_preview", args=["ashdale", template.pk])
    page = signed_in(democratic).get(url).content.decode()
    for words in (
        "Recommendations to Overview and Scrutiny Committee",
        "Recommendations to Cabinet",
        "Cabinet only",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("lead_in", "words"),
    [
        ("", "That the progress be noted."),
        ("Members are asked to:", "note the progress on the action plan;"),
        ("THAT CABINET:", "Notes the progress on the action plan."),
    ],
)
def test_the_recommendations_of_the_example_go_on_from_the_lead_in(
    lead_in: str, words: str, council: Council, democratic: Person, signed_in: SignIn
) -> None:
    template = services.create_template(
        council=council,
        details=services.TemplateDetails(name="Ours", lead_in=lead_in),
        author=democratic,
    )
    part = PartDetails(kind="recommendations", placement=Placement.FRONT, label="Recommendations")
    services.add_part(template=template, details=part, author=democratic)
    url = reverse("paper_template_preview", args=["ashdale", template.pk])
    assert words in signed_in(democratic).get(url).content.decode()


@pytest.mark.parametrize("number", [1, 60])
def test_the_pages_ask_the_database_little(
    number: int,
    rows: Rows,
    cabinet: Body,
    democratic: Person,
    signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:
    for count in range(number):
        part = TemplatePart(
            template=rows.template,
            position=count,
            kind="section",
            placement="body",
            label=f"Section {count}",
        )
        part._history_user = democratic.user
        part.save()
    client = signed_in(democratic)
    args = ["ashdale", rows.template.pk]
    urls = [
        reverse("paper_templates", args=["ashdale"]),
        reverse("paper_template", args=args),
        reverse("paper_template_change", args=args),
        reverse("paper_template_preview", args=args),
        reverse("template_part_new", args=args),
        rows.url("template_part"),
    ]
    for url in urls:
        with django_assert_max_num_queries(15):
            assert client.get(url).status_code == 200
