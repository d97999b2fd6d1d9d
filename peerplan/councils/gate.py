"""The gate: every URL says who may pass, and nothing passes by being forgotten.

`LoginRequiredMiddleware` fails closed. On it each view of ours carries exactly one of
`requires(Capability)`, `signed_in` and `public`; views of installed packages are classified in
`PACKAGE_VIEWS`. A test walks the resolver and fails on a bare one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from peerplan.core import clock
from peerplan.core.errors import NotPermitted
from peerplan.councils.capabilities import CAPABILITIES, Capability, Role
from peerplan.councils.models import Council, Membership, User

View = Callable[..., HttpResponseBase]
ViewT = TypeVar("ViewT", bound=View)


@dataclass(frozen=True)
class Person:
    """One signed-in person in one council: what they may do and see there."""

    user: User
    council: Council
    membership: Membership

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the person's role allows."""
        return CAPABILITIES[self.membership.role]

    def can(self, capability: Capability) -> bool:
        """True where the person's role has the capability."""
        return capability in self.capabilities

    @property
    def is_peer(self) -> bool:
        """True for a peer reviewer, who reads what the door for peers lets them, for a time."""
        return bool(self.membership.role == Role.PEER_REVIEWER)

    @property
    def reads_live(self) -> bool:
        """True for officers; members and peers read the last released position."""
        return self.can(Capability.READ_LIVE)

    @property
    def reads_exempt(self) -> bool:
        """True where the person is entitled to material that is not for publication."""
        return self.membership.reads_exempt

    def require(self, capability: Capability) -> None:
        """Raises NotPermitted where the role lacks the capability."""
        if not self.can(capability):
            raise NotPermitted(f"Your role here does not let you {capability.value}.")


class CouncilRequest(HttpRequest):
    """The request a gated view gets: `council` and `person` are there and checked."""

    council: Council
    person: Person
    user: User


Show = Callable[[], HttpResponseBase]
"""Shows the page that was asked for; the door for peers calls it, or does not."""
PeerDoor = Callable[[CouncilRequest, dict[str, Any], Show], HttpResponseBase]


def no_way_in(request: CouncilRequest, kwargs: dict[str, Any], show: Show) -> HttpResponseBase:
    """The door for peers while nobody has said what they may reach. Raises Http404."""
    raise Http404


peer_door: PeerDoor = no_way_in


def let_peers_in_by(door: PeerDoor) -> None:
    """From now on `door` answers every request of a peer reviewer for a page of their council."""
    global peer_door
    peer_door = door


PACKAGE_VIEWS: dict[str, str] = {
    "account_login": "public",
    "account_logout": "public",
    "account_confirm_login_code": "public",
    "account_signup": "public",
    "account_inactive": "public",
    "account_confirm_email": "public",
    "account_email_verification_sent": "public",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "account_change_password": "signed in",
    "account_set_password": "signed in",
    "account_email": "signed in",
    "account_reauthenticate": "signed in",
}


def memberships_of(user: Any) -> QuerySet[Membership]:
    """What `user` may do today, in which councils, by the council's name."""
    return (
        Membership.objects.select_related("council", "user")
        .defer("council__logo")
        .filter(user=user, ended_at__isnull=True)
        .exclude(ends_on__lt=clock.today())
        .order_by("council__name")
    )


def person_in(user: Any, slug: str) -> Person:
    """The person `user` is in the council called `slug`.

    Raises Http404 alike for a council that is not there and for one they do not belong to.
    """
    membership = memberships_of(user).filter(council__slug=slug).first()
    if membership is None:
        raise Http404
    return Person(user=membership.user, council=membership.council, membership=membership)


def requires(capability: Capability) -> Callable[[View], View]:
    """Only people of the URL's council whose role has `capability` pass; a view's decorator.

    The view's URL has a keyword `council` (its slug). Sets `request.council` and
    `request.person`. A stranger gets 404, a role without the capability 403. What a peer reviewer
    reaches is decided by the door that `let_peers_in_by` was given; without one it is nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\0" in str(part) for part in kwargs.values()):
                raise Http404  # names nothing, and PostgreSQL refuses to be asked about it
            person = person_in(request.user, kwargs["council"])
            council_request = cast(CouncilRequest, request)
            council_request.council = person.council
            council_request.person = person

            def show() -> HttpResponseBase:
                person.require(capability)
                return view(council_request, *args, **kwargs)

            return peer_door(council_request, kwargs, show) if person.is_peer else show()

        gated.gate = capability  # type: ignore[attr-defined]
        return gated

    return decorate


def signed_in(view: ViewT) -> ViewT:
    """Anyone who has signed in passes: pages about the person, not about a council."""
    view.gate = "signed in"  # type: ignore[attr-defined]
    return view


def public(view: ViewT) -> ViewT:
    """Anyone at all passes."""
    view.gate = "public"  # type: ignore[attr-defined]
    return login_not_required(view)
