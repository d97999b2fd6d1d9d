"""My actions: what a lead officer has to do, on a phone."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.models import Action
from actions.permissions import led_by, visible_to
from peerplan.councils import gate
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import CouncilRequest
from peerplan.councils.scheme import rating_scheme
from peerplan.dashboards.reading import read_live
from peerplan.dashboards.tasks import DONE, RESTING, OwnAction, own_actions
from reviews.models import PeerChallenge


@dataclass(frozen=True)
class Mine:
    """The actions of one plan that the person leads, the most pressing first."""

    challenge: PeerChallenge
    own: tuple[OwnAction, ...]

    @property
    def pressing(self) -> tuple[OwnAction, ...]:
        """Overdue, due soon or not updated."""
        return tuple(each for each in self.own if each.is_pressing)

    @property
    def resting(self) -> tuple[OwnAction, ...]:
        """Open, with nothing to do now."""
        return tuple(each for each in self.own if each.need == RESTING)

    @property
    def done(self) -> tuple[OwnAction, ...]:
        """Complete, in normal work, merged or not taken forward."""
        return tuple(each for each in self.own if each.need == DONE)


@gate.requires(Capability.UPDATE_OWN)
@require_safe
def my_actions(request: CouncilRequest, council: str) -> HttpResponse:
    """The actions that the person leads, in every plan of the council."""
    person = request.person
    led = Action.objects.filter(visible_to(person), led_by(person)).values("challenge")
    challenges = PeerChallenge.objects.for_council(request.council).filter(pk__in=led)
    mine = []
    for challenge in challenges:
        challenge.council = request.council
        own = own_actions(person, read_live(person, challenge, full=False))
        if own:
            mine.append(Mine(challenge, own))
    context = {
        "mine": mine,
        "number": sum(len(each.own) for each in mine),
        "pressing": sum(len(each.pressing) for each in mine),
        "scheme": rating_scheme(request.council),
        # The navigation leads on to the plan of the latest challenge.
        "challenge": mine[0].challenge if mine else None,
    }
    return render(request, "dashboards/my_actions.html", context)
