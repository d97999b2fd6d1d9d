"""The database says no: each constraint of a council's tables, and something that breaks it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from peerplan.core import clock
from peerplan.councils.models import (
    Council,
    Directorate,
    Invitation,
    Membership,
    Portfolio,
    RatingLabel,
    User,
)

pytestmark = pytest.mark.django_db

Break = Callable[[Council, User], models.Model]


def invitation(council: Council, user: User, **given: Any) -> Invitation:
    base: dict[str, Any] = {
        "council": council,
        "email": "new@ashdale.example",
        "role": "member",
        "token_sha256": "a" * 64,
        "invited_by": user,
        "expires_at": clock.now() + timedelta(days=1),
    }
    return Invitation(**(base | given))


def twice(make: Callable[[], models.Model], author: User) -> models.Model:
    """A second row like one that is there already."""
    first: Any = make()
    first._history_user = author
    first.save()
    return make()


BREAKS: dict[str, Break] = {
    "user_email_once_whatever_the_case": lambda council, user: User(email=user.email.upper()),
    "councils_user_email": lambda council, user: User(email=user.email),
    "councils_council_slug": lambda council, user: Council(name="Second", slug=council.slug),
    "council_has_a_name": lambda council, user: Council(name="", slug="nameless"),
    "council_is_not_its_own_successor": lambda council, user: Council(
        pk=council.pk, name="Ashdale", slug="ashdale", successor_id=council.pk
    ),
    "directorate_once_a_council": lambda council, user: twice(
        lambda: Directorate(council=council, name="Place"), user
    ),
    "portfolio_once_a_council": lambda council, user: twice(
        lambda: Portfolio(council=council, name="Housing"), user
    ),
    "membership_once_a_person": lambda council, user: twice(
        lambda: Membership(council=council, user=user, role="lead"), user
    ),
    "membership_known_role": lambda council, user: Membership(
        council=council, user=user, role="king"
    ),
    "invitation_known_role": lambda council, user: invitation(council, user, role="king"),
    "invitation_ends_later": lambda council, user: invitation(
        council, user, expires_at=clock.now() - timedelta(days=1)
    ),
    "invitation_accepted_or_withdrawn": lambda council, user: invitation(
        council, user, accepted_at=clock.now(), withdrawn_at=clock.now(), withdrawn_by=user
    ),
    "invitation_withdrawn_by_someone": lambda council, user: invitation(
        council, user, withdrawn_at=clock.now()
    ),
    "councils_invitation_token_sha256": lambda council, user: twice(
        lambda: invitation(council, user), user
    ),
    "rating_label_once_a_council": lambda council, user: RatingLabel(
        council=council, key="red", position=1, label="Crimson", definition="Off track."
    ),
    "rating_label_word_once_a_council": lambda council, user: RatingLabel(
        council=council, key="crimson", position=1, label="RED", definition="Off track."
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses(name: str, council: Council, founder: User) -> None:
    row: Any = BREAKS[name](council, founder)
    row._history_user = founder
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_names_differ_by_more_than_their_case(council: Council, founder: User) -> None:
    for model, first, second in (
        (Directorate, "Place", "PLACE"),
        (Portfolio, "Housing", "housing"),
    ):
        for name, is_taken in ((first, True), (second, False)):
            row: Any = model(council=council, name=name)
            row._history_user = founder
            if is_taken:
                row.save()
            else:
                with pytest.raises(IntegrityError), transaction.atomic():
                    row.save()


def test_every_constraint_of_these_tables_has_something_that_breaks_it() -> None:
    declared = {
        constraint.name
        for model in (Council, Directorate, Portfolio, Membership, Invitation, RatingLabel, User)
        for constraint in model._meta.constraints
    }
    assert declared <= set(BREAKS)


@pytest.mark.parametrize("model", [Council, Directorate, Portfolio, Membership, RatingLabel])
def test_history_without_an_author_is_refused(model: Any, council: Council, founder: User) -> None:
    rows: dict[Any, Any] = {
        Council: Council(name="Second", slug="second"),
        Directorate: Directorate(council=council, name="Place"),
        Portfolio: Portfolio(council=council, name="Housing"),
        Membership: Membership(council=council, user=founder, role="lead"),
        RatingLabel: RatingLabel(
            council=council, key="x", position=1, label="Extra", definition="Extra."
        ),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        rows[model].save()


def test_a_council_with_anything_in_it_and_a_person_who_did_anything_stay(
    council: Council, founder: User
) -> None:
    for row in (council, founder):
        with pytest.raises((models.ProtectedError, IntegrityError)), transaction.atomic():
            row.delete()
