"""What tests of a council's settings share."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from peerplan.councils.gate import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SignIn = Callable[[Person], Client]
Draw = Callable[..., bytes]


@pytest.fixture
def as_person() -> SignIn:
    """A new test client, signed in as a person: for tests with several people."""

    def sign_in(person: Person) -> Client:
        client = Client()
        client.force_login(person.user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def admin_client(administrator: Person, as_person: SignIn) -> Client:
    """The test client of Ashdale's administrator."""
    return as_person(administrator)


@pytest.fixture
def draw() -> Draw:
    """Makes a picture file: `draw("PNG", width, height)`."""

    def make(form: str = "PNG", width: int = 88, height: int = 88) -> bytes:
        file = BytesIO()
        Image.new("RGB", (width, height), "#12324f").save(file, form)
        return file.getvalue()

    return make
