"""Who may read the restricted copy of a body's papers: decided before anything is looked up."""

from peerplan.councils.capabilities import Role
from peerplan.councils.gate import Person
from peerplan.papers.models import Body, BodyMember


def may_read_restricted(person: Person, body: Body) -> bool:
    """True where `person` is entitled to what is not for publication in papers of `body`.

    An officer by the membership's own mark (no query); a member by a standing seat on the body
    and by nothing else (one query). Local Government Act 1972, sections 100B(2) and 100F: exempt
    papers may be kept from the public, not from those whose business they are.
    """
    if person.reads_live:
        return person.reads_exempt
    return body.pk in seats_of(person)


def seats_of(person: Person) -> frozenset[int]:
    """The bodies on which `person` has a standing seat as a member (one query)."""
    if person.membership.role == Role.PEER_REVIEWER:
        return frozenset()  # whoever came for the review keeps no seat from an earlier role
    rows = BodyMember.objects.for_council(person.council).filter(
        membership=person.membership, ended_at__isnull=True
    )
    return frozenset(rows.values_list("body_id", flat=True))
