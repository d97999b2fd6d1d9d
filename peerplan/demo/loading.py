"""Loads the demonstration data through the same services that people use.

Updates have past as-at dates and an honest `recorded_at`: they are all recorded now, in the order
of their dates, with each release between the updates it covers.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from django.db import transaction

from actions.models import Action, Lineage
from actions.rules import UpdateDraft
from actions.services.claims import verify
from actions.services.evidence import EvidenceDraft
from actions.services.plan import (
    ActionDetails,
    MilestoneDetails,
    carry_on_in,
    create_action,
    move_to_business_as_usual,
    withdraw_action,
)
from actions.services.releases import post_recommendation_update, release_position
from actions.services.updates import post_update
from actions.states import State
from peerplan.core import clock, history, versions
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, Membership, User
from peerplan.councils.pictures import read_logo
from peerplan.councils.services.brand import Colours, change_colours, change_logo
from peerplan.councils.services.people import add_member
from peerplan.councils.services.structure import add_directorate, add_portfolio, create_council
from peerplan.demo import ashdale, ashdale_returns, published
from peerplan.demo.committees import AshdaleCommittees, issue_ashdale
from peerplan.demo.returns import AshdaleReturns, LaterDates
from peerplan.demo.views import DOMAIN, PAPERS
from reviews.models import PeerChallenge, Recommendation, Theme
from reviews.services import progress
from reviews.services.challenges import adopt, create_challenge
from reviews.services.parts import add_conclusions, add_team_member, set_themes_of_challenge
from reviews.services.recommendations import add_recommendation

MONTHS = 14
LOGO = Path(__file__).with_name("ashdale.png")
"""Whole months between the approval of Ashdale's plan and today."""

CODES = {
    "r": (State.IN_PROGRESS, "red"),
    "a": (State.IN_PROGRESS, "amber"),
    "g": (State.IN_PROGRESS, "green"),
    "none": (State.NOT_STARTED, ""),
    "claimed": (State.CLAIMED, ""),
    "paused": (State.PAUSED, ""),
}


@dataclass(frozen=True)
class Calendar:
    """Turns the month numbers of the demonstration into days that end before `today`."""

    today: date

    def first(self, month: int) -> date:
        """The first day of the month that is `month` after the plan's approval."""
        months = self.today.year * 12 + self.today.month - 1 - MONTHS + month
        return date(months // 12, months % 12 + 1, 1)

    def day(self, month: int, day: int) -> date:
        """A day of that month, the last one where the month is shorter; never after today."""
        first = self.first(month)
        found = first.replace(day=min(day, monthrange(first.year, first.month)[1]))
        return min(found, self.today)

    @property
    def approved(self) -> date:
        """The Tuesday in the middle of the first month, on which Cabinet approved the plan."""
        middle = self.first(0).replace(day=15)
        return middle + timedelta(days=(1 - middle.weekday()) % 7)

    def end(self, month: int) -> date:
        """The last day of that month, which may be to come."""
        return self.first(month + 1) - timedelta(days=1)


def load_published(author: User) -> None:
    """Four real councils, holding what their papers state and nothing else."""
    for paper in published.PUBLISHED:
        council = create_council(
            name=paper.council, slug=paper.slug, kind=paper.kind, nation="england", author=author
        )
        membership = add_member(
            council=council,
            user=author,
            role=Role.PLAN_MANAGER,
            post="Reader of the published papers",
            reads_exempt=False,
            author=author,
        )
        person = Person(user=author, council=council, membership=membership)
        challenge = create_challenge(
            council=council,
            author=person,
            kind="cpc",
            title=paper.title,
            on_site_from=paper.on_site[0],
            on_site_to=paper.on_site[1],
            rule_set=paper.rule_set,
            context=f"{paper.context}\n\nSource: {paper.source}.",
            **paper.dates,
        )
        for role, organisation in paper.team:
            add_team_member(
                challenge=challenge, author=person, role=role, organisation=organisation
            )
        set_themes_of_challenge(
            challenge=challenge,
            author=person,
            core=paper.core_themes,
            own=paper.own_themes,
            focus=paper.focus,
        )
        for ref, title in paper.recommendations:
            add_recommendation(challenge=challenge, author=person, ref=ref, title=title)
        if paper.adopted_on:
            challenge.refresh_from_db()
            adopt(
                challenge=challenge,
                adopted_on=paper.adopted_on,
                author=person,
                version=challenge.version,
            )
        if paper.review_headings:
            _load_review(challenge, paper, person)


def _load_review(challenge: PeerChallenge, paper: published.Published, person: Person) -> None:
    """The headings of a progress review and who came back; nothing of what they found."""
    challenge.refresh_from_db()
    review = progress.set_dates(
        challenge=challenge,
        version=challenge.version,
        author=person,
        review_from=challenge.review_from,
        review_to=challenge.review_to,
        review_report_published_on=challenge.review_report_published_on,
    )
    for role, organisation in paper.review_team:
        progress.add_peer(review=review, author=person, role=role, organisation=organisation)
    progress.add_themes(review=review, author=person, titles=paper.review_headings)


def load_ashdale(author: User) -> Council:
    """The fictional council with its people, challenge, plan, updates and releases."""
    council = create_council(
        name="Ashdale District Council",
        slug="ashdale",
        kind="district",
        nation="england",
        author=author,
    )
    council = change_colours(
        council=council,
        colours=Colours(
            brand="#12324f", brand_ink="#ffffff", brand_trim="#d9b65c", link_colour="#0b4f8a"
        ),
        version=council.version,
        author=author,
    )
    council = change_logo(
        council=council,
        picture=read_logo(LOGO.read_bytes()),
        version=council.version,
        author=author,
    )
    with transaction.atomic():
        council = versions.claim(council)
        council.is_sample = True
        history.save(council, author=author, reason="Invented for demonstration")
    return council


class AshdalePlan:
    """Builds Ashdale's plan in the order of its dates."""

    def __init__(self, council: Council, people: dict[str, Person], today: date) -> None:
        self.council = council
        self.people = people
        self.manager = people[Role.PLAN_MANAGER]
        self.calendar = Calendar(today)
        self.actions: dict[str, Action] = {}
        self.recommendations: dict[str, Recommendation] = {}

    def load(self) -> PeerChallenge:
        """The adopted challenge with all its actions, updates and releases."""
        challenge = self._challenge()
        self._themes_and_recommendations(challenge)
        self._actions(challenge)
        challenge.refresh_from_db()
        challenge = adopt(
            challenge=challenge,
            adopted_on=self.calendar.approved,
            author=self.manager,
            version=challenge.version,
        )
        for _, act in sorted(self._timeline(challenge), key=lambda entry: entry[0]):
            act()
        return challenge

    def _challenge(self) -> PeerChallenge:
        when = self.calendar
        site = when.day(-4, 8)
        challenge = create_challenge(
            council=self.council,
            author=self.manager,
            kind="cpc",
            title=f"Corporate Peer Challenge {site.year}",
            on_site_from=site,
            on_site_to=site + timedelta(days=2),
            rule_set="lga-2024",
            context="An invented challenge of an invented council, for demonstration.",
            report_received_on=when.day(-2, 4),
            report_published_on=when.day(-1, 6),
            plan_approved_on=when.approved,
            review_from=when.day(7, 10),
            review_to=when.day(7, 11),
            review_report_published_on=when.day(8, 4),
        )
        for role, organisation in ashdale.TEAM:
            add_team_member(
                challenge=challenge, author=self.manager, role=role, organisation=organisation
            )
        return challenge

    def _themes_and_recommendations(self, challenge: PeerChallenge) -> None:
        set_themes_of_challenge(
            challenge=challenge,
            author=self.manager,
            core=challenge.preset.themes,
            focus=ashdale.FOCUS,
        )
        themes = {theme.title: theme for theme in Theme.objects.filter(challenge=challenge)}
        for kind, theme, text in ashdale.CONCLUSIONS:
            add_conclusions(
                challenge=challenge,
                author=self.manager,
                kind=kind,
                texts=[text],
                theme=themes.get(theme),
            )
        for each in ashdale.RECOMMENDATIONS:
            self.recommendations[each.ref] = add_recommendation(
                challenge=challenge,
                author=self.manager,
                ref=each.ref,
                kind=each.kind,
                title=each.title,
                wording=each.wording,
                themes=[themes[title] for title in each.themes],
                response=each.response,
                response_reason=each.reason,
            )

    def _actions(self, challenge: PeerChallenge) -> None:
        directorates = [
            add_directorate(council=self.council, name=name, author=self.manager.user)
            for name in ashdale.DIRECTORATES
        ]
        portfolios = [
            add_portfolio(
                council=self.council, name=name, holder_title=title, author=self.manager.user
            )
            for name, title in ashdale.PORTFOLIOS
        ]
        for each in ashdale.ACTIONS:
            primary = each.ref.split(".")[0]
            self.actions[each.ref] = create_action(
                challenge=challenge,
                author=self.manager,
                recommendations=[self.recommendations[ref] for ref in (primary, *each.also)],
                milestones=[
                    MilestoneDetails(title=title, due=self.calendar.end(month))
                    for title, month in each.milestones
                ],
                details=ActionDetails(
                    ref=each.ref,
                    title=each.title,
                    in_plan_from=self.calendar.approved,
                    success_measure=each.measure,
                    lead_role=each.lead,
                    directorate=directorates[each.directorate],
                    portfolio=portfolios[each.portfolio],
                    beginning="under-way" if each.under_way else "new",
                    original_due=self.calendar.end(each.due),
                    original_due_words=each.words,
                    visibility="exempt" if each.exempt else "public",
                    exempt_paragraph=each.exempt,
                ),
            )

    def _timeline(self, challenge: PeerChallenge) -> Iterator[tuple[date, Callable[[], object]]]:
        """Everything that happens after adoption, with the day it is true for."""
        when = self.calendar
        for index, each in enumerate(ashdale.ACTIONS):
            for update in each.updates:
                day = when.day(update.month, 6 + index % 14)
                yield day, partial(self._update, each, update, day)
        ref, month, text, reason = ashdale.CORRECTION
        day = when.day(month, 6 + self._index(ref) % 14)
        yield day, partial(self._correct, ref, day, text, reason)
        for source, target, month, reason in (ashdale.MERGED, ashdale.SUPERSEDED):
            kind = Lineage.Kind.MERGED if source == ashdale.MERGED[0] else Lineage.Kind.SUPERSEDED
            day_of = when.day(month, 21)
            yield day_of, partial(self._carry_on, source, target, kind, day_of, reason)
        yield when.day(ashdale.WITHDRAWN[1], 21), self._withdraw
        for month, ref, status, summary in ashdale.OWN_STATUS:
            own = when.day(month, 22)
            yield own, partial(self._own_status, ref, own, status, summary)
        for month, reason in ashdale.RELEASES:
            as_at = when.day(month, 24)
            yield (
                as_at,
                partial(
                    release_position,
                    challenge=challenge,
                    as_at=as_at,
                    reason=reason,
                    author=self.manager,
                ),
            )

    def _index(self, ref: str) -> int:
        return next(i for i, each in enumerate(ashdale.ACTIONS) if each.ref == ref)

    def _fresh(self, ref: str) -> Action:
        return Action.objects.for_council(self.council).get(pk=self.actions[ref].pk)

    def _author(self, each: ashdale.Act, update: ashdale.Upd) -> Person:
        """The owner for what the owner leads, the plan manager for the rest."""
        owner = self.people[Role.ACTION_OWNER]
        if update.code != "paused" and each.lead == owner.membership.post:
            return owner
        return self.manager

    def _update(self, each: ashdale.Act, update: ashdale.Upd, day: date) -> None:
        action = self._fresh(each.ref)
        if update.code in ("verified", "bau"):
            self._close(action, each, update, day)
            return
        state, rating = CODES[update.code]
        author = self._author(each, update)
        standing = list(action.milestones.order_by("position"))
        ticked = update.done or (len(standing) if state == State.CLAIMED else 0)
        moved_to, why = update.moved or (None, "")
        post_update(
            action=action,
            version=action.version,
            author=author,
            draft=UpdateDraft(
                as_at=day,
                state=state,
                rating=rating,
                forecast=update.forecast or ("green" if rating == "green" else ""),
                expected_date=self.calendar.end(moved_to) if moved_to is not None else None,
                date_reason=why,
                commentary=update.text,
                recovery_plan=update.extra if rating == "amber" else "",
                decision_sought=update.extra if rating == "red" else "",
                internal_note=update.note,
                on_behalf_of="" if author.membership.post == each.lead else each.lead,
                milestones_done=(
                    frozenset(row.pk for row in standing[:ticked]) if ticked else None
                ),
            ),
            evidence=[
                EvidenceDraft(title=title, link=_link_of(title))
                for month, title in each.evidence
                if month == update.month
            ],
        )

    def _close(self, action: Action, each: ashdale.Act, update: ashdale.Upd, day: date) -> None:
        """A second person checks what is claimed; or the action moves into normal work."""
        if update.code == "verified":
            verify(
                action=action,
                version=action.version,
                as_at=day,
                note=update.text,
                author=self.people["second"],
            )
            return
        move_to_business_as_usual(
            action=action,
            version=action.version,
            as_at=day,
            where=ashdale.CARRIED_ON_IN,
            owner=each.lead,
            reason=update.text,
            author=self.manager,
        )

    def _correct(self, ref: str, day: date, text: str, reason: str) -> None:
        action = self._fresh(ref)
        post_update(
            action=action,
            version=action.version,
            author=self.manager,
            draft=UpdateDraft(
                as_at=day,
                state=State.IN_PROGRESS,
                rating="green",
                forecast="green",
                commentary=text,
                on_behalf_of=action.lead_role,
                is_correction=True,
                correction_reason=reason,
            ),
        )

    def _carry_on(self, source: str, target: str, kind: str, day: date, reason: str) -> None:
        action = self._fresh(source)
        carry_on_in(
            source=action,
            version=action.version,
            targets=[self._fresh(target)],
            kind=kind,
            as_at=day,
            reason=reason,
            author=self.manager,
        )

    def _withdraw(self) -> None:
        ref, month, reason = ashdale.WITHDRAWN
        action = self._fresh(ref)
        withdraw_action(
            action=action,
            version=action.version,
            as_at=self.calendar.day(month, 21),
            reason=reason,
            agreed_by=ashdale.AGREED_BY,
            author=self.manager,
        )

    def _own_status(self, ref: str, day: date, status: str, summary: str) -> None:
        recommendation = self.recommendations[ref]
        recommendation.refresh_from_db()
        post_recommendation_update(
            recommendation=recommendation,
            version=recommendation.version,
            as_at=day,
            status=status,
            summary=summary,
            author=self.manager,
        )


def _link_of(title: str) -> str:
    """The address of a piece of evidence by its title."""
    name = title.lower().replace(" ", "-").replace(",", "")
    return f"https://ashdale.example/evidence/{name}"


def people_of(council: Council, author: User) -> dict[str, Person]:
    """Ashdale's people by role, and `second`, who checks what others claim."""
    found: dict[str, Person] = {}
    rows = [*ashdale.PEOPLE, ("second", "Head of Internal Audit", True)]
    for role, post, reads_exempt in rows:
        user = User.objects.create_user(f"{role}@ashdale.example")
        membership = add_member(
            council=council,
            user=user,
            role=Role.PLAN_MANAGER if role == "second" else role,
            post=post,
            reads_exempt=reads_exempt,
            author=author,
        )
        found[role] = Person(user=user, council=council, membership=membership)
    return found


@transaction.atomic
def load_demonstration() -> bool:
    """Load everything, or nothing where Ashdale is there already. True where it was loaded."""
    if Council.objects.filter(slug="ashdale").exists():
        return False
    author = User.objects.create_user(f"{PAPERS}@{DOMAIN}", name="PeerPlan demonstration")
    council = load_ashdale(author)
    people = people_of(council, author)
    plan = AshdalePlan(council, people, clock.today())
    challenge = plan.load()
    AshdaleCommittees(council, people, clock.today()).load(challenge)
    later = LaterDates(
        waits=plan.calendar.end(ashdale_returns.LATER_DATE[1]),
        agreed=plan.calendar.end(ashdale_returns.PUT_OFF[2]),
    )
    AshdaleReturns(council, people, clock.today()).load(challenge, later)
    load_published(author)
    return True


def issue_demonstration() -> int:
    """Issue the papers that the demonstration holds complete; how many were issued.

    Raises the errors of `peerplan.render.errors` where no PDF can be made here.
    """
    officer = Membership.objects.select_related("user", "council").get(
        council__slug="ashdale", role=Role.DEMOCRATIC_SERVICES
    )
    return issue_ashdale(Person(officer.user, officer.council, officer))
