"""What came back to Ashdale from committees and from the peers, in the order of its dates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions.models import Action
from actions.rules import UpdateDraft
from actions.services.closing import close_plan
from actions.services.extensions import Decided, NewDate, ask, extend_by_body
from actions.services.findings import answer_finding, find_line
from actions.services.releases import post_recommendation_update
from actions.services.statements import write_statement
from actions.services.updates import post_update
from actions.states import State
from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.councils.models import Council
from peerplan.councils.services.dates import change_dates_rule
from peerplan.councils.services.names import change_names
from peerplan.demo import ashdale
from peerplan.demo import ashdale_returns as returns
from peerplan.papers.models import Body, Route, RouteStep
from peerplan.papers.services import questions
from peerplan.papers.services.amendments import amend, as_it_stands
from peerplan.papers.services.decisions import (
    DecisionDetails,
    ResolutionDetails,
    add_resolutions,
    record_decision,
)
from reviews.models import PeerChallenge, Recommendation, Theme
from reviews.services import progress, recurrences
from reviews.services.access import invite_peer
from reviews.services.challenges import adopt, change_challenge, create_challenge
from reviews.services.parts import set_themes_of_challenge
from reviews.services.recommendations import add_recommendation


@dataclass(frozen=True)
class LaterDates:
    """The date that is asked for and waits, and the one to which Cabinet put an action off."""

    waits: date
    agreed: date


class AshdaleReturns:
    """Builds what comes back, once the plan and its committees are there."""

    def __init__(self, council: Council, people: Mapping[str, Person], today: date) -> None:
        self.council = council
        self.people = people
        self.manager = people[Role.PLAN_MANAGER]
        self.today = today

    def load(self, challenge: PeerChallenge, later: LaterDates) -> None:
        """Everything that came back."""
        challenge.refresh_from_db()
        self._review(challenge)
        self._impacts(challenge)
        self._decisions(challenge)
        self._progress_decision(challenge, later.agreed)
        self._questions(challenge)
        self._later_date(challenge, later.waits)
        self._findings(challenge)
        write_statement(
            challenge=challenge,
            version=0,
            introduction=returns.STATEMENT[0],
            ahead=returns.STATEMENT[1],
            author=self.manager,
        )
        self._peer(challenge)
        self._challenge_before(challenge)

    def _review(self, challenge: PeerChallenge) -> None:
        review = progress.set_dates(
            challenge=challenge,
            version=challenge.version,
            author=self.manager,
            review_from=challenge.review_from,
            review_to=challenge.review_to,
            review_report_published_on=challenge.review_report_published_on,
        )
        for place in returns.RETURNING:
            role, organisation = ashdale.TEAM[place]
            progress.add_peer(
                review=review, author=self.manager, role=role, organisation=organisation
            )
        titles = [title for title, _ in returns.REVIEW_HEADINGS]
        themes = progress.add_themes(review=review, author=self.manager, titles=titles)
        by_title = {theme.title: theme for theme in themes}
        for title, text in returns.REVIEW_HEADINGS:
            by_title[title] = progress.change_theme(
                theme=by_title[title],
                version=by_title[title].version,
                author=self.manager,
                title=title,
                text=text,
            )
        known = self._by_ref(challenge)
        for saw in returns.FINDINGS:
            progress.set_finding(
                review=review,
                recommendation=known[saw.ref],
                version=0,
                author=self.manager,
                progress=saw.progress,
                words=saw.words,
                theme=by_title[saw.heading],
            )
        for ref, title, wording in returns.SUGGESTIONS:
            progress.add_suggestion(
                review=review,
                parent=known[ref],
                author=self.manager,
                title=title,
                wording=wording,
            )
        review.refresh_from_db()
        review = progress.change_words(
            review=review,
            version=review.version,
            author=self.manager,
            summary=returns.REVIEW_SUMMARY,
            report_url="https://ashdale.example/progress-review",
        )
        progress.lock(review=review, version=review.version, author=self.manager)
        challenge.refresh_from_db()

    def _by_ref(self, challenge: PeerChallenge) -> dict[str, Recommendation]:
        rows = Recommendation.objects.filter(challenge=challenge, ended_at__isnull=True)
        return {row.ref: row for row in rows.order_by("position", "pk")}

    def _impacts(self, challenge: PeerChallenge) -> None:
        """What has changed for people, beside the last status the council gave."""
        for ref, impact in returns.IMPACTS.items():
            row = self._by_ref(challenge)[ref]
            last = row.updates.order_by("as_at", "pk").last()
            assert last is not None, "the plan gives these a status"
            post_recommendation_update(
                recommendation=row,
                version=row.version,
                as_at=last.as_at,
                status=last.status,
                summary=last.summary,
                impact=impact,
                author=self.manager,
            )

    def _decisions(self, challenge: PeerChallenge) -> None:
        """The records of how the plan was approved, resolution by resolution."""
        officer = self.people[Role.DEMOCRATIC_SERVICES]
        route = Route.objects.filter(challenge=challenge).order_by("pk")[0]
        steps = route.steps.order_by("position")
        for step, details, resolved in zip(
            steps, returns.DECISIONS, returns.RESOLUTIONS, strict=True
        ):
            record_decision(
                step=step,
                version=0,
                details=DecisionDetails(**details),  # type: ignore[arg-type]
                author=officer,
            )
            add_resolutions(
                step=step,
                resolutions=[
                    ResolutionDetails(text, recommendations=recommendations, actions=actions)
                    for text, recommendations, actions in resolved
                ],
                author=officer,
            )

    def _progress_decision(self, challenge: PeerChallenge, agreed: date) -> None:
        """What Cabinet resolved on the last progress report: an amendment, and a later date."""
        route = Route.objects.filter(challenge=challenge).order_by("pk")[1]
        step = route.steps.select_related("body", "meeting").order_by("-position")[0]
        record_decision(
            step=step,
            version=0,
            details=DecisionDetails(**returns.PROGRESS_DECISION),  # type: ignore[arg-type]
            author=self.people[Role.DEMOCRATIC_SERVICES],
        )
        resolved, ref, measure, why = returns.AMENDED
        put_off, late, *_ = returns.PUT_OFF
        rows = add_resolutions(
            step=step,
            resolutions=[
                ResolutionDetails("Progress on the action plan be noted."),
                ResolutionDetails(resolved, actions=(ref,)),
                ResolutionDetails(put_off, actions=(late,)),
            ],
            author=self.people[Role.DEMOCRATIC_SERVICES],
        )
        action = self._action(challenge, ref)
        amend(
            step=step,
            action=action,
            version=action.version,
            amended=replace(as_it_stands(action), success_measure=measure, why=why),
            resolution=rows[1],
            author=self.manager,
        )
        self._put_off(challenge, step, agreed)

    def _put_off(self, challenge: PeerChallenge, step: RouteStep, agreed: date) -> None:
        """The date that Cabinet itself put off, with its minute."""
        _, ref, _, why, proposed_by = returns.PUT_OFF
        assert step.meeting is not None, "the progress report went to a meeting"
        action = self._action(challenge, ref)
        extend_by_body(
            action=action,
            version=action.version,
            asked=NewDate(to=agreed, words="", reason=why, asked_for=proposed_by),
            decided=Decided(
                is_approved=True,
                body=step.body.name,
                on=step.meeting.on,
                minute=f"Minute {step.minute_number}",
            ),
            author=self.people[Role.DEMOCRATIC_SERVICES],
        )

    def _findings(self, challenge: PeerChallenge) -> None:
        """The list of people, what came in since the last release, and one finding answered."""
        self.council = change_names(
            council=self.council,
            names="\n".join(returns.NAMED),
            version=self.council.version,
            author=self.manager.user,
        )
        for ref, rating, forecast, words in returns.RATED_LATELY:
            action = self._action(challenge, ref)
            last = action.latest_update
            assert last is not None, "the plan gives these an update"
            post_update(
                action=action,
                version=action.version,
                author=self.manager,
                draft=UpdateDraft(
                    as_at=self.today,
                    state=State.IN_PROGRESS,
                    rating=rating,
                    forecast=forecast,
                    expected_date=last.expected_date,
                    commentary=words or last.commentary,
                    recovery_plan=last.recovery_plan if rating == "amber" else "",
                    on_behalf_of=action.lead_role,
                ),
            )
        rule, ref, note = returns.ANSWERED
        releases = list(challenge.releases.defer("findings"))
        line = find_line(self.manager, challenge, self.today, releases, rule=rule, ref=ref)
        assert line is not None, "the updates above show it"
        answer_finding(
            challenge=challenge,
            as_at=self.today,
            rule=rule,
            ref=ref,
            facts=line.finding.facts_sha256,
            seen=0,
            note=note,
            author=self.manager,
        )

    def _questions(self, challenge: PeerChallenge) -> None:
        """What the chair of scrutiny asked: one closed, one answered, one open."""
        member = self.people[Role.MEMBER]
        body = Body.objects.for_council(self.council).get(kind="scrutiny")
        for ref, text, reply, is_closed in returns.QUESTIONS:
            question = questions.ask(
                challenge=challenge,
                body=body,
                about=questions.Subject(action=self._action(challenge, ref)),
                text=text,
                author=member,
            )
            if reply:
                question = questions.answer(
                    question=question, version=question.version, text=reply, author=self.manager
                )
            if is_closed:
                questions.close(question=question, version=question.version, text="", author=member)

    def _action(self, challenge: PeerChallenge, ref: str) -> Action:
        return Action.objects.get(challenge=challenge, ref=ref, removed_at__isnull=True)

    def _later_date(self, challenge: PeerChallenge, later_date: date) -> None:
        """From now on later dates need approval, and one waits for it."""
        self.council = change_dates_rule(
            council=self.council,
            extensions_need_approval=True,
            version=self.council.version,
            author=self.manager.user,
        )
        owner = self.people[Role.ACTION_OWNER]
        ref, _, why = returns.LATER_DATE
        action = self._action(challenge, ref)
        ask(
            action=action,
            version=action.version,
            asked=NewDate(to=later_date, words="", reason=why),
            author=Person(user=owner.user, council=self.council, membership=owner.membership),
        )

    def _peer(self, challenge: PeerChallenge) -> None:
        """The peer of the demonstration reads the plan for a month."""
        person = self.people[Role.PEER_REVIEWER]
        invite_peer(
            challenge=challenge,
            author=self.manager,
            email=person.user.email,
            post=person.membership.post,
            opens_on=self.today,
            closes_on=self.today + timedelta(days=30),
        )

    def _challenge_before(self, challenge: PeerChallenge) -> None:
        """The challenge five years earlier, closed, and what of it was asked again."""
        begun = challenge.on_site_from.replace(year=challenge.on_site_from.year - 5, day=14)
        before = create_challenge(
            council=self.council,
            author=self.manager,
            kind="cpc",
            title=f"Corporate Peer Challenge {begun.year}",
            on_site_from=begun,
            on_site_to=begun + timedelta(days=2),
            rule_set="lga-2019",
            context=returns.BEFORE,
        )
        set_themes_of_challenge(
            challenge=before, author=self.manager, core=(), own=returns.BEFORE_THEMES, focus=()
        )
        themes = {theme.title: theme for theme in Theme.objects.filter(challenge=before)}
        made = {}
        for ref, title, theme, *_ in returns.BEFORE_RECOMMENDATIONS:
            made[ref] = add_recommendation(
                challenge=before,
                author=self.manager,
                ref=ref,
                title=title,
                themes=[themes[theme]],
                response="accepted",
            )
        before.refresh_from_db()
        before = adopt(
            challenge=before,
            adopted_on=begun + timedelta(days=120),
            author=self.manager,
            version=before.version,
        )
        closed_on = begun + timedelta(days=1200)
        later = self._by_ref(challenge)
        for ref, _, _, status, summary, reason, taken_up, note in returns.BEFORE_RECOMMENDATIONS:
            row = made[ref]
            row.refresh_from_db()
            post_recommendation_update(
                recommendation=row,
                version=row.version,
                as_at=closed_on,
                status=status,
                summary=summary,
                is_closed=True,
                closing_reason=reason,
                author=self.manager,
            )
            if taken_up:
                recurrences.link(earlier=row, later=later[taken_up], note=note, author=self.manager)
        before.refresh_from_db()
        close_plan(
            challenge=before,
            version=before.version,
            closed_on=closed_on,
            reason="Cabinet agreed that the rest is normal work.",
            author=self.manager,
        )
        challenge.refresh_from_db()
        change_challenge(
            challenge=challenge, version=challenge.version, author=self.manager, previous=before
        )
