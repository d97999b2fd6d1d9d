"""Two councils with a row of every kind, so that what leaks from one to the other can be seen."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from actions.models import (
    Action,
    Answer,
    Evidence,
    Lineage,
    Milestone,
    MilestoneDone,
    ProgressUpdate,
    RecommendationUpdate,
    Release,
    StoredDocument,
)
from peerplan.core import clock, history
from peerplan.councils.capabilities import Role
from peerplan.councils.models import (
    Directorate,
    Invitation,
    Portfolio,
    RatingLabel,
    User,
)
from peerplan.councils.services import add_member, create_council
from reviews.models import (
    Conclusion,
    PeerChallenge,
    Recommendation,
    RecommendationTheme,
    TeamMember,
    Theme,
)

OUR_APPS = {"councils", "reviews", "actions", "exchange", "dashboards"}
LIVE, RELEASED = date(2025, 9, 30), date(2025, 3, 31)


@dataclass
class World:
    """One council and a row of each kind in it, by the name of its model in lower case."""

    slug: str
    canary: str
    rows: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("rows", {}):
            return self.rows[name]
        raise AttributeError(name)

    def keep(self, record: models.Model, author: User | None = None, name: str = "") -> Any:
        """The record, saved and kept under its model's name (or `name`)."""
        if hasattr(record, "history"):
            assert author
            history.save(record, author=author, reason=f"{self.canary} reason of history")
        else:
            record.save()
        self.rows[name or type(record).__name__.lower()] = record
        return record


def build(slug: str, canary: str, author: User) -> World:
    """A council called `slug` that has `canary` in all that can be written in it."""
    world = World(slug, canary)
    council = create_council(
        name=f"{canary} council", slug=slug, kind="district", nation="england", author=author
    )
    council.accessibility_statement = f"{canary} statement"
    council.privacy_notice = f"{canary} notice"
    council.vocabulary = {"lead": f"{canary} lead"}
    world.keep(council, author)
    for number, role in enumerate(Role.values):
        user = User.objects.create_user(
            f"{canary.lower()}.{role}@{slug}.example", name=f"{canary} person {number}"
        )
        world.rows[f"user_{role}"] = user
        world.rows[f"membership_{role}"] = add_member(
            council=council,
            user=user,
            role=role,
            post=f"{canary} post {number}",
            reads_exempt=role in (Role.PLAN_MANAGER, Role.LEAD),
            author=author,
        )
    world.rows["membership"] = world.membership_member
    rule = RatingLabel.objects.get(council=council, key="paused")
    rule.label, rule.definition = f"{canary} label", f"{canary} definition"
    world.keep(rule, author)
    world.keep(Directorate(council=council, name=f"{canary} directorate"), author)
    world.keep(
        Portfolio(council=council, name=f"{canary} portfolio", holder_title=f"{canary} holder"),
        author,
    )
    world.keep(
        Invitation(
            council=council,
            email=f"{canary.lower()}.invited@{slug}.example",
            name=f"{canary} invited",
            post=f"{canary} post",
            role=Role.MEMBER,
            token_sha256=uuid.uuid4().hex * 2,
            invited_by=author,
            expires_at=clock.now() + timedelta(days=9),
        )
    )
    _build_challenge(world, author)
    _build_plan(world, author)
    return world


def _build_challenge(world: World, author: User) -> None:
    canary = world.canary
    challenge = world.keep(
        PeerChallenge(
            council=world.council,
            slug=f"{world.slug}-visit",
            title=f"{canary} challenge",
            on_site_from=date(2024, 6, 26),
            on_site_to=date(2024, 6, 28),
            report_received_on=date(2024, 9, 1),
            plan_approved_on=date(2024, 12, 17),
            adopted_on=date(2024, 12, 17),
            context=f"{canary} context",
            report_url=f"https://{world.slug}.example/{canary.lower()}",
        ),
        author,
    )
    world.keep(
        TeamMember(
            challenge=challenge,
            name=f"{canary} peer",
            role=f"{canary} role",
            organisation=f"{canary} organisation",
        ),
        author,
    )
    theme = world.keep(Theme(challenge=challenge, title=f"{canary} theme"), author)
    world.keep(Conclusion(challenge=challenge, theme=theme, text=f"{canary} conclusion"), author)
    recommendation = world.keep(
        Recommendation(
            challenge=challenge,
            ref=f"{world.slug[:1].upper()}7",
            title=f"{canary} recommendation",
            wording=f"{canary} wording",
            response="accepted",
            response_reason=f"{canary} response",
        ),
        author,
    )
    world.keep(RecommendationTheme(recommendation=recommendation, theme=theme, added_by=author))
    world.keep(
        RecommendationUpdate(
            recommendation=recommendation,
            as_at=RELEASED,
            author=author,
            status="amber",
            summary=f"{canary} summary",
        )
    )


def _action(world: World, author: User, number: int, **given: Any) -> Action:
    """An action with an update, answering the recommendation."""
    canary = world.canary
    action: Action = world.keep(
        Action(
            challenge=world.peerchallenge,
            ref=f"{world.recommendation.ref}.{number}",
            position=number,
            in_plan_from=date(2024, 12, 17),
            original_due=date(2025, 12, 31),
            original_due_words=f"{canary} winter",
            lead_role=f"{canary} head",
            lead_person=world.rows["membership_action-owner"],
            portfolio=world.portfolio,
            directorate=world.directorate,
            **{
                "title": f"{canary} action {number}",
                "description": f"{canary} description",
                "success_measure": f"{canary} measure",
            }
            | given,
        ),
        author,
        name=f"action_{number}",
    )
    world.keep(
        Answer(action=action, recommendation=world.recommendation, is_primary=True, added_by=author)
    )
    return action


def _update(action: Action, author: User, as_at: date, canary: str, **given: Any) -> ProgressUpdate:
    update = ProgressUpdate(
        action=action,
        as_at=as_at,
        author=author,
        visibility=action.visibility,
        expected_date=date(2026, 1, 31),
        **{
            "state": "in-progress",
            "rating": "amber",
            "forecast": "green",
            "on_behalf_of": f"{canary} behalf",
            "expected_words": f"{canary} words",
            "date_reason": f"{canary} reason",
            "commentary": f"{canary} commentary",
            "recovery_plan": f"{canary} recovery",
            "decision_sought": f"{canary} decision",
            "internal_note": f"{canary} INTERNAL note",
            "correction_reason": f"{canary} correction",
        }
        | given,
    )
    update.save()
    action.latest_update = update
    history.save(action, author=author)
    return update


def _build_plan(world: World, author: User) -> None:
    """Actions 1 (public), 2 (exempt) and 3 (merged into 1); released, and updated after that."""
    canary = world.canary
    public = _action(world, author, 1)
    exempt = _action(
        world, author, 2, visibility="exempt", exempt_paragraph=3,
        title=f"{canary} EXEMPT action", description=f"{canary} EXEMPT description",
        success_measure=f"{canary} EXEMPT measure",
    )  # fmt: skip
    merged = _action(world, author, 3)
    world.rows["action"] = public
    milestone = world.keep(Milestone(action=public, title=f"{canary} milestone"), author)
    world.rows["progressupdate"] = first = _update(public, author, RELEASED, canary)
    _update(
        exempt, author, RELEASED, canary,
        commentary=f"{canary} EXEMPT commentary", recovery_plan=f"{canary} EXEMPT recovery",
        expected_words="", date_reason=f"{canary} EXEMPT reason",
    )  # fmt: skip
    _update(merged, author, RELEASED, canary, state="superseded", rating="", forecast="")
    world.keep(MilestoneDone(update=first, milestone=milestone))
    world.keep(
        Lineage(
            source=merged,
            target=public,
            kind="merged",
            on=RELEASED,
            reason=f"{canary} lineage",
            added_by=author,
        )
    )
    for action, mark in ((public, ""), (exempt, "EXEMPT ")):
        world.keep(
            Evidence(
                action=action,
                update=first if action is public else None,
                title=f"{canary} {mark}evidence",
                link=f"https://{world.slug}.example/{canary.lower()}",
                visibility=action.visibility,
                added_by=author,
            ),
            name="evidence_exempt" if mark else "evidence",
        )
    world.keep(
        Release(
            challenge=world.peerchallenge, as_at=RELEASED, author=author, reason=f"{canary} release"
        )
    )
    _update(
        public, author, LIVE, canary, rating="red", commentary=f"{canary} UNRELEASED commentary",
        decision_sought=f"{canary} UNRELEASED decision", expected_words="",
        date_reason=f"{canary} UNRELEASED reason",
    )  # fmt: skip
    world.keep(
        StoredDocument(
            council=world.council,
            challenge=world.peerchallenge,
            inputs_sha256="0" * 64,
            variant=f"{canary} variant",
            content=canary.encode(),
            content_sha256="0" * 64,
            pages=1,
        )
    )


def tenant_models() -> Iterator[type[models.Model]]:
    """Every table whose rows belong to a council."""
    for model in apps.get_models():
        if model._meta.app_label in OUR_APPS and not hasattr(model, "instance_type"):
            names = {each.name for each in model._meta.get_fields()}
            if hasattr(model, "council_path") or "council" in names:
                yield model
