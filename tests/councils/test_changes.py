"""What was changed in the settings, in plain words."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from peerplan.councils.changes import entries, marks_of
from peerplan.councils.gate import Person
from peerplan.councils.models import Council, RatingLabel, User
from peerplan.councils.pictures import Picture
from peerplan.councils.services import brand, invitations, people, ratings, structure
from tests.councils.conftest import SignIn

pytestmark = pytest.mark.django_db


def said(council: Council) -> list[tuple[str, tuple[str, ...]]]:
    """Subjects and sentences, the latest first."""
    return [(entry.subject, entry.sentences) for entry in entries(marks_of(council))]


def test_a_new_council_has_two_entries_not_one_for_each_default_rule(
    council: Council, administrator: Person
) -> None:
    assert [subject for subject, _ in said(council)] == ["admin@ashdale.example", "The council"]
    assert said(council)[1] == ("The council", ("Council set up",))


def test_each_field_is_told_from_what_to_what(council: Council, founder: User) -> None:
    details = brand.CouncilDetails("Ashdale Council", "unitary", "england")
    brand.change_details(council=council, details=details, version=1, author=founder)
    assert said(council)[0] == (
        "The council",
        (
            "Name: from “Ashdale District Council” to “Ashdale Council”",
            "Kind: from “District or borough council” to “Unitary authority”",
        ),
    )


def test_words_statements_and_the_logo_are_told_in_their_own_way(
    council: Council, founder: User
) -> None:
    brand.change_words(council=council, words={"lead": "Owner"}, version=1, author=founder)
    brand.change_words(council=council, words={}, version=2, author=founder)
    brand.change_statements(
        council=council, accessibility="Long text", privacy="", version=3, author=founder
    )
    brand.change_logo(
        council=council, picture=Picture(b"x", "image/png"), version=4, author=founder
    )
    brand.change_logo(council=council, picture=None, version=5, author=founder)
    assert [sentences for _, sentences in said(council)][:5] == [
        ("The logo was taken down",),
        ("A new logo was put up",),
        ("Accessibility statement: rewritten",),
        ("Word for lead role: from “Owner” to “Lead role”",),
        ("Word for lead role: from “Lead role” to “Owner”",),
    ]


def test_structure_rules_and_people_are_told_too(
    council: Council, founder: User, administrator: Person, lead: Person
) -> None:
    place = structure.add_directorate(council=council, name="Place", author=founder)
    place = structure.end_part(part=place, on=date(2026, 3, 1), version=1, author=founder)
    structure.reopen_part(part=place, version=2, author=founder)
    ratings.change_rule(
        rule=RatingLabel.objects.for_council(council).get(key="none"),
        label="Not started",
        definition="Not due to start yet.",
        requires_commentary=True,
        version=1,
        author=founder,
    )
    people.change_membership(
        membership=lead.membership,
        role="member",
        post="Leader",
        reads_exempt=False,
        ends_on=date(2099, 5, 7),
        version=1,
        author=administrator.user,
    )
    ended = people.end_membership(membership=lead.membership, version=2, author=administrator.user)
    assert ended.version == 3
    invited = invitations.invite(
        council=council, email="x@ashdale.example", name="", role="lead", post="",
        reads_exempt=False, author=founder,
    )  # fmt: skip
    invitations.withdraw_invitation(invitation=invited.invitation, author=administrator.user)
    assert said(council)[:9] == [
        ("Invitation to x@ashdale.example", ("Withdrawn",)),
        ("Invitation to x@ashdale.example", ("Sent, to join as Lead (approves)",)),
        ("lead@ashdale.example", ("Access ended",)),
        (
            "lead@ashdale.example",
            (
                "Role: from “Lead (approves)” to “Scrutiny or executive member”",
                "Post or office: from “Chief Executive” to “Leader”",
                "May read what is not for publication: from yes to no",
                "Last day: from nothing to 7 May 2099",
            ),
        ),
        ("Rule for “Not started”", ("Needs a commentary: from no to yes",)),
        ("Directorate “Place”", ("Reopened",)),
        ("Directorate “Place”", ("Ended on 1 March 2026",)),
        ("Directorate “Place”", ("Added",)),
        ("lead@ashdale.example", ("Joined as Lead (approves)",)),
    ]


def test_nothing_of_another_council_is_told(
    council: Council, other_council: Council, founder: User
) -> None:
    structure.add_directorate(council=other_council, name="Canary", author=founder)
    assert "Canary" not in str(said(council))


def test_the_page_shows_25_a_page_at_the_same_cost(
    admin_client: Client, council: Council, founder: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        structure.add_directorate(council=council, name=f"Directorate {number}", author=founder)
    url = reverse("council_changes", kwargs={"council": "ashdale"})
    with django_assert_max_num_queries(16):
        html = admin_client.get(url, {"page": "2"}).content.decode()
    assert "Directorate “Directorate 34”" in html
    assert "Directorate “Directorate 35”" not in html
    assert "26 to 50 of 62" in html
    assert admin_client.get(url, {"page": "rubbish"}).status_code == 200


def test_the_page_is_for_administrators(
    as_person: SignIn, manager: Person, outsider: Person
) -> None:
    url = reverse("council_changes", kwargs={"council": "ashdale"})
    assert as_person(manager).get(url).status_code == 403
    assert as_person(outsider).get(url).status_code == 404
