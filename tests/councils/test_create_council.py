"""The command that begins a council on a new installation."""

import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from peerplan.councils.capabilities import Role
from peerplan.councils.models import Council, Invitation, Membership, User

pytestmark = pytest.mark.django_db

NAME = "Elmbridge Vale Borough Council"
SLUG = "elmbridge-vale-borough-council"
ADMIN = "admin@elmbridge-vale.example"


def test_the_invited_administrator_can_join_with_the_link_that_was_mailed() -> None:
    call_command("create_council", NAME, administrator=ADMIN)
    assert mail.outbox[0].to == [ADMIN]
    link = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[0].body))
    assert link
    password = "a long pass phrase of four"
    form = {"name": "An administrator", "password1": password, "password2": password}
    Client().post(link[1], form | {"password": password})
    joined = Membership.objects.for_council(Council.objects.get(slug=SLUG)).get()
    assert joined.user.email == ADMIN
    assert joined.role == Role.ADMINISTRATOR


def test_the_council_has_a_rating_scheme_and_an_author_who_cannot_sign_in() -> None:
    call_command("create_council", NAME, administrator=ADMIN)
    council = Council.objects.get(slug=SLUG)
    assert council.rating_labels.exists()
    author = council.history.get().history_user
    assert not author.is_active
    assert not author.has_usable_password()


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        (NAME, {"administrator": "nobody"}, "valid email"),
        (NAME, {"administrator": ADMIN, "slug": "taken"}, "already"),
        ("", {"administrator": ADMIN, "slug": "fine"}, "blank"),
        (NAME, {"administrator": ADMIN, "slug": "not a slug"}, "slug"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing_behind(
    name: str, arguments: dict[str, str], says: str
) -> None:
    call_command("create_council", "Taken", administrator=ADMIN, slug="taken")
    before = Council.objects.count(), User.objects.count(), Invitation.objects.count()
    with pytest.raises(CommandError, match=says):
        call_command("create_council", name, **arguments)
    assert (Council.objects.count(), User.objects.count(), Invitation.objects.count()) == before


def test_without_a_mail_server_the_link_is_printed_instead(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(
        "peerplan.councils.management.commands.create_council.send_invitation", refuse
    )
    call_command("create_council", NAME, administrator=ADMIN)
    out, err = capsys.readouterr()
    assert "nobody listens" in err
    assert re.search(r"Pass this link on to \S+, and to nobody else: https?://\S+", out)
