"""Capabilities are code, roles are data: what each role of a council may do."""

from enum import StrEnum

from django.db import models


class Capability(StrEnum):
    """One thing that a person may be allowed to do in a council."""

    READ_RELEASED = "read the last released position"
    READ_LIVE = "read the plan as it is now"
    UPDATE_OWN = "update the actions they lead"
    UPDATE_ANY = "update any action on behalf of its lead"
    MANAGE_PLAN = "set up challenges, recommendations and actions"
    RELEASE = "release the position to members"
    PRODUCE_PAPERS = "produce the papers that committees need"
    VERIFY = "check what others claim to be complete"
    APPROVE = "approve date changes and closures"
    ASK = "ask questions on the plan for a body"
    ADMINISTER = "administer the council, its people and its words"


class Role(models.TextChoices):
    """The roles of a council (design: who does what)."""

    ACTION_OWNER = "action-owner", "Action owner"
    PLAN_MANAGER = "plan-manager", "Plan manager"
    DEMOCRATIC_SERVICES = "democratic-services", "Democratic services officer"
    MEMBER = "member", "Scrutiny or executive member"
    LEAD = "lead", "Lead (approves)"
    PEER_REVIEWER = "peer-reviewer", "Peer reviewer"
    ADMINISTRATOR = "administrator", "Council administrator"


_C = Capability

CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.ACTION_OWNER: frozenset({_C.READ_RELEASED, _C.READ_LIVE, _C.UPDATE_OWN}),
    Role.PLAN_MANAGER: frozenset(
        {
            _C.READ_RELEASED,
            _C.READ_LIVE,
            _C.UPDATE_OWN,
            _C.UPDATE_ANY,
            _C.MANAGE_PLAN,
            _C.RELEASE,
            _C.VERIFY,
            _C.PRODUCE_PAPERS,
        }
    ),
    Role.DEMOCRATIC_SERVICES: frozenset(
        {_C.READ_RELEASED, _C.READ_LIVE, _C.PRODUCE_PAPERS, _C.ASK}
    ),
    Role.MEMBER: frozenset({_C.READ_RELEASED, _C.ASK}),
    Role.LEAD: frozenset({_C.READ_RELEASED, _C.READ_LIVE, _C.VERIFY, _C.APPROVE}),
    Role.PEER_REVIEWER: frozenset({_C.READ_RELEASED}),
    Role.ADMINISTRATOR: frozenset({_C.READ_RELEASED, _C.READ_LIVE, _C.ADMINISTER}),
}
