"""Who may see, list and update an action: one predicate for the object and for the list."""

from typing import Protocol

from django.db.models import Q, QuerySet

from actions.models import Action, Visibility
from actions.position import ActionPosition
from peerplan.core.errors import NotPermitted
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from reviews.services.checks import require_open


def visible_to(person: Person) -> Q:
    """Actions that `person` may see at all, as a condition on Action."""
    standing = Q(challenge__council=person.council, removed_at__isnull=True)
    return standing if person.reads_exempt else standing & Q(visibility=Visibility.PUBLIC)


def led_by(person: Person) -> Q:
    """Actions that `person` leads, by name or by post, as a condition on Action."""
    own = Q(lead_person=person.membership)
    if person.membership.post:
        own |= Q(lead_role__iexact=person.membership.post)
    return own


def visible_actions(person: Person) -> QuerySet[Action]:
    """The actions that `person` may see."""
    return Action.objects.filter(visible_to(person))


class Led(Protocol):
    """What has a lead: an action, or its position."""

    @property
    def lead_role(self) -> str: ...

    @property
    def lead_person_id(self) -> int | None: ...


def leads(person: Person, action: Led) -> bool:
    """True where `person` leads `action`, by name or by post."""
    post = person.membership.post.strip().lower()
    return action.lead_person_id == person.membership.pk or (
        bool(post) and action.lead_role.strip().lower() == post
    )


def may_update(person: Person, action: Action) -> bool:
    """True where `person` may post an update of `action`."""
    return not action.challenge.is_closed and _may_update(
        person, action, is_exempt=action.visibility == Visibility.EXEMPT
    )


def may_update_position(person: Person, action: ActionPosition) -> bool:
    """The same of an action as the live plan shows it."""
    return _may_update(person, action, is_exempt=action.is_exempt)


def _may_update(person: Person, action: Led, *, is_exempt: bool) -> bool:
    if is_exempt and not person.reads_exempt:
        return False
    return person.can(Capability.UPDATE_ANY) or (
        person.can(Capability.UPDATE_OWN) and leads(person, action)
    )


def require_update(person: Person, action: Action) -> None:
    """Raises NotPermitted where `person` may not post an update of `action`.

    Raises Invalid where its plan is closed.
    """
    require_open(action.challenge)
    if not may_update(person, action):
        raise NotPermitted(
            "You can update the actions that you lead. Ask the plan manager if this one is yours."
        )
