"""The services that write papers."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.updates import post_update
from peerplan.core import clock, history
from peerplan.core.errors import Invalid, NotPermitted, Stale
from peerplan.councils.gate import Person
from peerplan.papers.models import (
    Meeting,
    Paper,
    PaperAppendix,
    PaperPart,
    PaperTemplate,
    PartKind,
    Placement,
    RouteStep,
    TemplatePart,
)
from peerplan.papers.services import papers
from peerplan.papers.services.papers import NewPart, PartEdit, SeenEdit
from peerplan.papers.services.templates import add_from_preset
from reviews.models import PeerChallenge

pytestmark = pytest.mark.django_db

JUNE = "2025-06-12 09:00:00+00:00"
Act = Callable[..., Action]


@pytest.fixture(autouse=True)
def june() -> object:
    """Thursday 12 June 2025, before the meetings of the fixtures."""
    with time_machine.travel(JUNE, tick=False):
        yield


def part(paper: Paper, label: str) -> PaperPart:
    found = next(row for row in papers.parts_of(paper) if row.label == label)
    return found


@pytest.fixture
def template(council: object, democratic: Person) -> PaperTemplate:
    """A ready-made form for the executive."""
    return add_from_preset(
        council=democratic.council, preset="front-table-cabinet", author=democratic
    )


def start(
    step: RouteStep, template: PaperTemplate, author: Person, title: str = "Progress"
) -> Paper:
    return papers.start_paper(step=step, template=template, title=title, author=author)


class TestStarting:
    def test_a_paper_has_the_parts_of_its_template_drafted_from_the_plan(
        self, cabinet_step: RouteStep, template: PaperTemplate, democratic: Person, act: Act
    ) -> None:
        act("1.1")
        paper = start(cabinet_step, template, democratic)
        parts = papers.parts_of(paper)
        designs = TemplatePart.objects.filter(template=template, ended_at__isnull=True)
        assert [one.label for one in parts] == [one.label for one in designs]
        assert paper.figures_as_at == date(2025, 6, 12)
        background = part(paper, "Background")
        assert "26" in background.text
        assert background.text == background.drafted
        assert part(paper, "Public report").text == "Yes"
        cabinet_step.refresh_from_db()
        assert cabinet_step.paper == paper

    def test_a_paper_for_a_meeting_of_the_past_knows_nothing_of_later_days(
        self,
        scrutiny_step: RouteStep,
        template: PaperTemplate,
        democratic: Person,
        act: Act,
        cabinet_step: RouteStep,
    ) -> None:
        act("1.1")
        with time_machine.travel("2025-09-01 09:00:00+00:00", tick=False):
            paper = start(scrutiny_step, template, democratic)
        assert paper.figures_as_at == date(2025, 6, 19)
        assert "24 June 2025" not in part(paper, "Background").text

    def test_the_recommendations_are_to_the_body_in_its_own_words(
        self, cabinet_step: RouteStep, template: PaperTemplate, democratic: Person
    ) -> None:
        paper = start(cabinet_step, template, democratic)
        asked = part(paper, "Recommendations")
        assert (asked.step, asked.lead_in) == (cabinet_step, "THAT CABINET:")
        assert asked.text

    def test_the_plan_is_its_first_appendix(
        self, cabinet_step: RouteStep, template: PaperTemplate, democratic: Person
    ) -> None:
        paper = start(cabinet_step, template, democratic)
        (appendix,) = PaperAppendix.objects.filter(paper=paper)
        assert (appendix.kind, appendix.as_at, appendix.audience) == ("plan", None, None)

    def test_one_report_for_two_bodies_has_recommendations_to_each(
        self, scrutiny_step: RouteStep, cabinet_step: RouteStep, democratic: Person
    ) -> None:
        cabinet_step.shares_paper = True
        history.save(cabinet_step, author=democratic.user)
        template = add_from_preset(
            council=democratic.council, preset="numbered-two-bodies", author=democratic
        )
        paper = start(scrutiny_step, template, democratic)
        asked = [one for one in papers.parts_of(paper) if one.kind == PartKind.RECOMMENDATIONS]
        assert [(one.label, one.step) for one in asked] == [
            ("Recommendations to Corporate Scrutiny Committee", scrutiny_step),
            ("Recommendations to Cabinet", cabinet_step),
        ]
        cabinet_step.refresh_from_db()
        assert cabinet_step.paper == paper

    def test_a_body_that_comes_to_share_a_paper_joins_it_with_its_own_recommendations(
        self,
        scrutiny_step: RouteStep,
        cabinet_step: RouteStep,
        template: PaperTemplate,
        democratic: Person,
    ) -> None:
        paper = start(scrutiny_step, template, democratic)
        cabinet_step.shares_paper = True
        history.save(cabinet_step, author=democratic.user)
        assert start(cabinet_step, template, democratic) == paper
        asked = [one for one in papers.parts_of(paper) if one.kind == PartKind.RECOMMENDATIONS]
        assert [one.step for one in asked] == [scrutiny_step, cabinet_step]
        assert Paper.objects.count() == 1

    def test_a_step_has_one_paper(
        self, cabinet_step: RouteStep, template: PaperTemplate, democratic: Person
    ) -> None:
        start(cabinet_step, template, democratic)
        with pytest.raises(Invalid, match="has its paper already"):
            start(RouteStep.objects.get(pk=cabinet_step.pk), template, democratic)
        assert Paper.objects.count() == 1

    def test_only_those_who_produce_papers_start_one(
        self, cabinet_step: RouteStep, template: PaperTemplate, owner: Person, outsider: Person
    ) -> None:
        for person in (owner, outsider):
            with pytest.raises(NotPermitted):
                start(cabinet_step, template, person)

    @pytest.mark.parametrize("title", ["", "x" * 201, "Draft \x07"])
    def test_a_title_that_cannot_be_printed_is_refused(
        self, cabinet_step: RouteStep, template: PaperTemplate, democratic: Person, title: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            start(cabinet_step, template, democratic, title)
        assert "title" in refused.value.fields

    def test_a_paper_that_is_taken_away_leaves_room_for_another(
        self, cabinet_step: RouteStep, template: PaperTemplate, democratic: Person
    ) -> None:
        first = start(cabinet_step, template, democratic)
        papers.end_paper(paper=first, version=first.version, reason="Wrong form", author=democratic)
        again = start(RouteStep.objects.get(pk=cabinet_step.pk), template, democratic)
        assert again != first


class TestParts:
    def test_a_changed_part_remembers_who_and_what_was_before(
        self, paper: Paper, democratic: Person
    ) -> None:
        row = part(paper, "Background")
        after = papers.change_part(
            part=row, version=row.version, edit=PartEdit("Six peers came."), author=democratic
        )
        assert (after.text, after.version) == ("Six peers came.", row.version + 1)
        assert [one.text for one in after.history.all()] == ["Six peers came.", row.text]

    def test_the_second_of_two_writers_is_told_and_nothing_is_overwritten(
        self, paper: Paper, democratic: Person, manager: Person
    ) -> None:
        row = part(paper, "Background")
        papers.change_part(part=row, version=row.version, edit=PartEdit("Mine."), author=manager)
        with pytest.raises(Stale) as stale:
            papers.change_part(
                part=row, version=row.version, edit=PartEdit("Yours."), author=democratic
            )
        assert stale.value.current.text == "Mine."
        assert part(paper, "Background").text == "Mine."

    def test_leafing_through_writes_nothing_and_meets_nobody(
        self, paper: Paper, democratic: Person, manager: Person
    ) -> None:
        row = part(paper, "Background")
        same = PartEdit(row.text, label=row.label, exempt_paragraph=None, marks_exempt=True)
        kept = papers.change_part(part=row, version=1, edit=same, author=democratic)
        assert (kept.version, kept.history.count()) == (1, 1)
        papers.change_part(part=row, version=1, edit=PartEdit("Theirs."), author=manager)
        now = part(paper, "Background")
        assert papers.change_part(part=now, version=1, edit=same, author=democratic) == now
        assert part(paper, "Background").text == "Theirs."

    def test_words_from_word_are_cleaned_and_refused_ones_named(
        self, paper: Paper, democratic: Person
    ) -> None:
        row = part(paper, "Background")
        pasted = "\ufeff“Smart”\u200b – quotes…\r\n\r\nand\u2028lines\u00ad"
        after = papers.change_part(
            part=row, version=row.version, edit=PartEdit(pasted), author=democratic
        )
        assert after.text == "“Smart” – quotes…\n\nand\nlines\u00ad"
        with pytest.raises(Invalid, match=r"U\+0007"):
            papers.change_part(
                part=after, version=after.version, edit=PartEdit("Bell\x07"), author=democratic
            )

    def test_an_exempt_part_is_changed_by_those_entitled_only(
        self, paper: Paper, democratic: Person, manager: Person
    ) -> None:
        row = part(paper, "Background")
        secret = PartEdit("Secret.", exempt_paragraph=3, marks_exempt=True)
        papers.change_part(part=row, version=row.version, edit=secret, author=manager)
        # They had the page open before it was marked: not even a conflict shows them the words.
        with pytest.raises(NotPermitted) as refused:
            papers.change_part(part=row, version=row.version, edit=PartEdit("X"), author=democratic)
        assert "Secret" not in str(refused.value)
        now = part(paper, "Background")
        with pytest.raises(NotPermitted):
            papers.end_part(part=now, version=now.version, author=democratic)

    def test_a_part_is_added_after_the_last_of_its_placement_moved_and_taken_out(
        self, paper: Paper, democratic: Person
    ) -> None:
        new = NewPart("Risk", PartKind.IMPLICATION, Placement.FRONT, sign_off_role="Risk Manager")
        papers.add_part(paper=paper, new=new, author=democratic)
        labels = [row.label for row in papers.parts_of(paper)]
        assert labels[labels.index("Recommendations") + 1] == "Risk"
        risk = part(paper, "Risk")
        papers.move_part(part=risk, up=True, version=risk.version, author=democratic)
        labels = [row.label for row in papers.parts_of(paper)]
        assert labels[labels.index("Risk") + 1] == "Recommendations"
        risk = part(paper, "Risk")
        papers.end_part(part=risk, version=risk.version, author=democratic)
        assert "Risk" not in [row.label for row in papers.parts_of(paper)]

    def test_a_part_sent_twice_is_added_once(self, paper: Paper, democratic: Person) -> None:
        new = NewPart("Risk", PartKind.SECTION, Placement.BODY)
        papers.add_part(paper=paper, new=new, author=democratic)
        with pytest.raises(Invalid, match="There is a part “Risk” in this place already"):
            papers.add_part(paper=paper, new=new, author=democratic)

    def test_a_part_of_a_list_needs_the_heading_it_stands_under(
        self, paper: Paper, democratic: Person
    ) -> None:
        with pytest.raises(Invalid) as refused:
            papers.add_part(
                paper=paper, new=NewPart("Risk", "section", Placement.LIST), author=democratic
            )
        assert list(refused.value.fields) == ["group"]

    def test_a_paper_that_was_taken_away_is_not_changed(
        self, paper: Paper, democratic: Person
    ) -> None:
        row = part(paper, "Background")
        papers.end_paper(paper=paper, version=1, reason="Not needed", author=democratic)
        row.paper.refresh_from_db()
        with pytest.raises(Invalid, match="taken away"):
            papers.change_part(part=row, version=1, edit=PartEdit("X"), author=democratic)


class TestSeveralParts:
    def seen(self, paper: Paper, label: str, text: str, on: date | None = None) -> SeenEdit:
        row = part(paper, label)
        return SeenEdit(row, row.version, PartEdit(text), on)

    def test_only_what_was_edited_is_written(self, paper: Paper, democratic: Person) -> None:
        edits = [
            self.seen(paper, "Background", "Six peers came."),
            self.seen(paper, "Equality", part(paper, "Equality").text),
        ]
        changed, lapsed = papers.change_parts(paper=paper, edits=edits, author=democratic)
        assert ([one.label for one in changed], lapsed) == (["Background"], [])
        assert part(paper, "Equality").version == 1

    def test_a_part_is_written_and_signed_off_in_one_go(
        self, paper: Paper, democratic: Person
    ) -> None:
        edit = self.seen(paper, "Financial implications", "None at all.", date(2025, 6, 11))
        papers.change_parts(paper=paper, edits=[edit], author=democratic)
        row = part(paper, "Financial implications")
        assert (row.text, row.signed_off_on) == ("None at all.", date(2025, 6, 11))

    def test_all_or_none_is_saved_and_every_clash_is_named(
        self, paper: Paper, democratic: Person, manager: Person
    ) -> None:
        edits = [
            self.seen(paper, label, f"Mine of {label}")
            for label in ("Purpose of report", "Background", "Equality")
        ]
        for label in ("Background", "Equality"):
            row = part(paper, label)
            papers.change_part(
                part=row, version=row.version, edit=PartEdit("Theirs."), author=manager
            )
        with pytest.raises(papers.PartsStale) as stale:
            papers.change_parts(paper=paper, edits=edits, author=democratic)
        assert [row.label for row in stale.value.records] == ["Background", "Equality"]
        assert part(paper, "Purpose of report").text == "To report progress."

    def test_what_somebody_else_changed_meanwhile_is_left_where_it_was_only_carried_along(
        self, paper: Paper, democratic: Person, manager: Person
    ) -> None:
        edits = [
            self.seen(paper, "Background", part(paper, "Background").text),
            self.seen(paper, "Equality", "Considered."),
        ]
        row = part(paper, "Background")
        papers.change_part(part=row, version=row.version, edit=PartEdit("Theirs."), author=manager)
        papers.change_parts(paper=paper, edits=self.fresh(paper, edits), author=democratic)
        assert part(paper, "Background").text == "Theirs."
        assert part(paper, "Equality").text == "Considered."

    def fresh(self, paper: Paper, edits: list[SeenEdit]) -> list[SeenEdit]:
        """The edits with the rows as the post finds them: only the versions are those seen."""
        return [
            SeenEdit(part(paper, one.part.label), one.version, one.edit, one.signed_off_on)
            for one in edits
        ]


class TestSigningOff:
    def sign(self, paper: Paper, author: Person, on: date = date(2025, 6, 12)) -> PaperPart:
        row = part(paper, "Financial implications")
        return papers.sign_off(part=row, version=row.version, on=on, author=author)

    def test_it_says_who_recorded_it_and_when(self, paper: Paper, democratic: Person) -> None:
        row = self.sign(paper, democratic, date(2025, 6, 10))
        assert (row.signed_off_by, row.signed_off_on, row.signed_off_at) == (
            democratic.user,
            date(2025, 6, 10),
            clock.now(),
        )

    def test_those_who_approve_may_record_it_and_action_owners_may_not(
        self, paper: Paper, lead: Person, owner: Person
    ) -> None:
        with pytest.raises(NotPermitted):
            self.sign(paper, owner)
        assert self.sign(paper, lead).signed_off_by == lead.user

    def test_it_lapses_when_the_words_change_and_stays_when_they_do_not(
        self, paper: Paper, democratic: Person
    ) -> None:
        signed = self.sign(paper, democratic)
        same = papers.change_part(
            part=signed,
            version=signed.version,
            edit=PartEdit(signed.text, exempt_paragraph=None, shows_figures=False),
            author=democratic,
        )
        assert same.signed_off_at is not None
        after = papers.change_part(
            part=same, version=same.version, edit=PartEdit("Ten thousand."), author=democratic
        )
        assert (after.signed_off_at, after.signed_off_on, after.signed_off_by) == (None,) * 3
        assert after.history.first().history_change_reason == papers.LAPSED

    def test_it_can_be_taken_back(self, paper: Paper, democratic: Person) -> None:
        signed = self.sign(paper, democratic)
        after = papers.take_back_sign_off(part=signed, version=signed.version, author=democratic)
        assert after.signed_off_at is None

    def test_words_that_others_changed_meanwhile_are_not_signed(
        self, paper: Paper, democratic: Person, manager: Person
    ) -> None:
        row = part(paper, "Financial implications")
        papers.change_part(part=row, version=row.version, edit=PartEdit("Other."), author=manager)
        with pytest.raises(Stale):
            papers.sign_off(part=row, version=row.version, on=date(2025, 6, 12), author=democratic)

    @pytest.mark.parametrize(
        ("label", "text", "on", "message"),
        [
            ("Financial implications", "None.", date(2025, 6, 13), "cannot be in the future"),
            ("Financial implications", "", date(2025, 6, 12), "no words to sign off"),
            ("Background", "Words.", date(2025, 6, 12), "Nobody is asked"),
        ],
    )
    def test_what_cannot_be_signed_is_refused_in_words(
        self, paper: Paper, democratic: Person, label: str, text: str, on: date, message: str
    ) -> None:
        row = part(paper, label)
        row = papers.change_part(
            part=row, version=row.version, edit=PartEdit(text), author=democratic
        )
        with pytest.raises(Invalid, match=message):
            papers.sign_off(part=row, version=row.version, on=on, author=democratic)


class TestFreshFigures:
    @pytest.fixture
    def drafted(
        self, cabinet_step: RouteStep, template: PaperTemplate, democratic: Person, act: Act
    ) -> Paper:
        """A paper drafted while action 1.1 had no update."""
        self.action = act("1.1")
        return start(cabinet_step, template, democratic)

    def update(self, draft: Callable[..., UpdateDraft], manager: Person) -> None:
        post_update(
            action=self.action,
            version=self.action.version,
            draft=draft(
                as_at=date(2025, 6, 12),
                rating="red",
                forecast="red",
                commentary="Nothing works.",
                decision_sought="More money.",
            ),
            author=manager,
        )

    def refresh(self, paper: Paper, author: Person, **given: object) -> papers.Renewed:
        args = {"version": paper.version, "as_at": date(2025, 6, 12)} | given
        return papers.refresh_figures(paper=paper, author=author, **args)  # type: ignore[arg-type]

    def test_untouched_words_follow_the_plan_and_edited_ones_stay(
        self, drafted: Paper, democratic: Person, manager: Person, draft: Callable[..., UpdateDraft]
    ) -> None:
        background = part(drafted, "Background")
        papers.change_part(
            part=background,
            version=background.version,
            edit=PartEdit("The council was visited."),
            author=democratic,
        )
        before = part(drafted, "Progress on the action plan").text
        self.update(draft, manager)
        renewed = self.refresh(drafted, democratic)
        after = part(drafted, "Progress on the action plan")
        assert after.text != before
        assert after.text == after.drafted
        assert after in renewed.changed
        assert part(drafted, "Background").text == "The council was visited."

    def test_an_edit_beside_new_words_is_kept_and_both_are_shown(
        self, drafted: Paper, democratic: Person, manager: Person, draft: Callable[..., UpdateDraft]
    ) -> None:
        progress = part(drafted, "Progress on the action plan")
        papers.change_part(
            part=progress,
            version=progress.version,
            edit=PartEdit("\n\n".join(f"{one} Indeed." for one in progress.text.split("\n\n"))),
            author=democratic,
        )
        self.update(draft, manager)
        renewed = self.refresh(drafted, democratic)
        ((row, clashes),) = [one for one in renewed.clashes if one[0].pk == progress.pk]
        assert all(clash.mine.endswith("Indeed.") and clash.new for clash in clashes)
        for clash in clashes:
            assert clash.mine in row.text

    def test_a_sign_off_lapses_only_where_words_changed(
        self, drafted: Paper, democratic: Person, manager: Person, draft: Callable[..., UpdateDraft]
    ) -> None:
        for label in ("Progress on the action plan", "Background"):
            row = part(drafted, label)
            row = papers.change_part(
                part=row,
                version=row.version,
                edit=PartEdit(row.text, sign_off_role="Chief Executive"),
                author=democratic,
            )
            papers.sign_off(part=row, version=row.version, on=date(2025, 6, 12), author=democratic)
        self.update(draft, manager)
        renewed = self.refresh(drafted, democratic)
        assert [one.label for one in renewed.lapsed] == ["Progress on the action plan"]
        assert part(drafted, "Background").signed_off_at is not None

    def test_words_that_may_not_be_read_are_left_alone(
        self, drafted: Paper, democratic: Person, manager: Person, draft: Callable[..., UpdateDraft]
    ) -> None:
        row = part(drafted, "Progress on the action plan")
        secret = PartEdit(row.text, exempt_paragraph=3, marks_exempt=True)
        papers.change_part(part=row, version=row.version, edit=secret, author=manager)
        self.update(draft, manager)
        renewed = self.refresh(drafted, democratic)
        assert row.pk not in [one.pk for one in renewed.changed]
        assert part(drafted, "Progress on the action plan").text == row.text

    def test_a_second_press_of_an_old_page_is_stale(
        self, drafted: Paper, democratic: Person
    ) -> None:
        self.refresh(drafted, democratic)
        with pytest.raises(Stale):
            self.refresh(drafted, democratic)

    @pytest.mark.parametrize("as_at", [date(2025, 6, 13), date(2024, 6, 1)])
    def test_a_day_that_is_not_there_to_be_shown_is_refused(
        self, drafted: Paper, democratic: Person, as_at: date
    ) -> None:
        with pytest.raises(Invalid) as refused:
            self.refresh(drafted, democratic, as_at=as_at)
        assert list(refused.value.fields) == ["as_at"]

    def test_what_is_exempt_in_the_plan_is_never_drafted(
        self, cabinet_step: RouteStep, template: PaperTemplate, manager: Person, act: Act
    ) -> None:
        act("9.9", title="CANARY of an exempt action", visibility="exempt", exempt_paragraph=3)
        paper = start(cabinet_step, template, manager)
        assert not [one for one in papers.parts_of(paper) if "CANARY" in one.text + one.drafted]


@pytest.mark.parametrize(("is_key", "said"), [(True, "Yes"), (False, "No")])
def test_what_the_step_says_of_a_key_decision_is_not_asked_again(
    cabinet_step: RouteStep, template: PaperTemplate, democratic: Person, is_key: bool, said: str
) -> None:
    cabinet_step.is_key = is_key
    history.save(cabinet_step, author=democratic.user)
    assert part(start(cabinet_step, template, democratic), "Key decision").text == said


def test_the_title_of_a_step_names_the_challenge(
    cabinet_step: RouteStep, challenge: PeerChallenge, cabinet_meeting: Meeting
) -> None:
    assert papers.proposed_title(cabinet_step).endswith("2024: progress on the action plan")
    cabinet_step.route.challenge.plan_approved_on = None
    assert papers.proposed_title(cabinet_step).endswith("2024: action plan")
