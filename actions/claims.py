"""What is claimed complete, by whom, and who may check it: the same person never does both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from actions.models import Action, ProgressUpdate, Visibility
from actions.people import SOMEBODY, post_key, posts_of
from actions.permissions import Led, leads, visible_actions
from actions.position import ActionPosition
from actions.states import State
from peerplan.councils.capabilities import Capability
from peerplan.councils.gate import Person
from reviews.models import PeerChallenge

SETTLED = (ProgressUpdate.Kind.VERIFIED, ProgressUpdate.Kind.SENT_BACK)


def run_of(updates: Iterable[ProgressUpdate]) -> tuple[ProgressUpdate, ...]:
    """The updates at the end of `updates` (oldest first) that all say “claimed complete”.

    What was recorded for an earlier day after a claim, beneath it, does not part the claim from
    those before it: nobody frees themselves in that way to check what they claimed.
    """
    found: list[ProgressUpdate] = []
    between: list[ProgressUpdate] = []
    for update in updates:
        if update.state != State.CLAIMED:
            between.append(update)
            continue
        told = (update.recorded_at, update.pk)
        if any((each.recorded_at, each.pk) < told for each in between):
            found = []
        found.append(update)
        between = []
    return () if between else tuple(found)


def standing_claim(action: Action) -> tuple[ProgressUpdate, ...]:
    """The updates on which the present claim of `action` rests, the claim itself first.

    Empty where the action is not claimed complete now.
    """
    rows = ProgressUpdate.objects.filter(action=action)
    return run_of(rows.order_by("as_at", "recorded_at", "id"))


def why_not(person: Person, action: Led, claim: Sequence[ProgressUpdate]) -> str:
    """Why `person` may not check `claim`; "" where nothing forbids it.

    Not who claimed it or said so again since, and not the one on whose behalf it was claimed.
    """
    if not person.can(Capability.VERIFY):
        return "Your role here does not let you check what others claim to be complete."
    said = [each for each in claim if each.kind != ProgressUpdate.Kind.EXTENSION]
    if any(update.author_id == person.user.pk for update in said):
        return "You entered this claim: a second person has to check it."
    given_by = {post_key(update.on_behalf_of) for update in said} - {""}
    post = post_key(person.membership.post)
    is_theirs = post_key(action.lead_role) in given_by and leads(person, action)
    if post in given_by or is_theirs:
        return "It was claimed on your behalf: a second person has to check it."
    return ""


def to_check(person: Person, actions: Iterable[ActionPosition]) -> list[ActionPosition]:
    """The claims among `actions` that `person` is asked to check (one query, or none).

    `why_not` decides; this leaves out whom the latest update of the claim already rules out.
    """
    claimed = [each for each in actions if each.update and each.state == State.CLAIMED]
    if not claimed or not person.can(Capability.VERIFY):
        return []
    latest = ProgressUpdate.objects.filter(
        pk__in=[each.update.id for each in claimed if each.update]
    )
    claims = {update.pk: update for update in latest}
    return [
        each
        for each in claimed
        if each.update and not why_not(person, each, [claims[each.update.id]])
    ]


@dataclass(frozen=True)
class Waiting:
    """A claim that waits to be checked.

    `first` is the update that claimed it, `last` the latest that says so; `evidence` counts the
    pieces that stand; `bar` says why this reader may not check it, or is empty.
    """

    action: Action
    first: ProgressUpdate
    last: ProgressUpdate
    who: str
    evidence: int
    bar: str
    text: str


def claims_of(challenge: PeerChallenge, person: Person) -> list[Waiting]:
    """Every claim of the plan that waits and that `person` may see, in plan order (4 queries)."""
    actions = list(
        visible_actions(person)
        .filter(challenge=challenge, latest_update__state=State.CLAIMED)
        .annotate(pieces=_standing_pieces(person))
        .order_by("position", "id")
    )
    history: dict[int, list[ProgressUpdate]] = {}
    rows = ProgressUpdate.objects.filter(action__in=[each.pk for each in actions])
    for update in rows.order_by("as_at", "recorded_at", "id"):
        history.setdefault(update.action_id, []).append(update)
    claims = {key: run_of(updates) for key, updates in history.items()}
    posts = posts_of(person.council, {claim[0].author_id for claim in claims.values() if claim})
    return [
        Waiting(
            action=each,
            first=(claim := claims[each.pk])[0],
            last=claim[-1],
            who=claim[0].on_behalf_of or posts.get(claim[0].author_id, SOMEBODY),
            evidence=each.pieces,
            bar=why_not(person, each, claim),
            text=readable_text(claim[-1], person),
        )
        for each in actions
    ]


def count_verified(challenge: PeerChallenge, person: Person) -> int:
    """How many actions of the plan, of those that `person` may see, are verified now."""
    rows = visible_actions(person).filter(challenge=challenge)
    return rows.filter(latest_update__state=State.VERIFIED).count()


def settled(challenge: PeerChallenge, person: Person) -> QuerySet[ProgressUpdate]:
    """What was checked or sent back in the plan, of what `person` may see, the latest first."""
    return (
        ProgressUpdate.objects.filter(action__in=visible_actions(person), kind__in=SETTLED)
        .filter(action__challenge=challenge)
        .select_related("action")
        .order_by("-recorded_at", "-id")
    )


def readable_text(update: ProgressUpdate, person: Person) -> str:
    """The update's words, "" where they were not for publication and `person` may not know."""
    is_public = update.visibility == Visibility.PUBLIC
    return update.commentary if is_public or person.reads_exempt else ""


def _standing_pieces(person: Person) -> Count:
    seen = Q(evidence__withdrawn_at__isnull=True)
    if not person.reads_exempt:
        seen &= Q(evidence__visibility=Visibility.PUBLIC)
    return Count("evidence", filter=seen)
