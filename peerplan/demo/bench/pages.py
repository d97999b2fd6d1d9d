"""Every page of a council, found in the site's own addresses."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from actions.models import Action
from peerplan.councils.models import User
from peerplan.demo.bench.generate import CHALLENGE
from peerplan.demo.bench.measure import Work
from reviews.models import PeerChallenge

# The document is measured by itself; a picture costs what a file costs.
LEFT_OUT = frozenset({"appendix_pdf", "logo"})
HOST = "localhost"


def signed_in(user: User) -> Client:
    """A browser in which the person has signed in."""
    client = Client(headers={"host": HOST}, raise_request_exception=False)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, address: str) -> Work:
    """Reading a page. Raises RuntimeError where it does not answer with 200."""

    def read() -> object:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")
        return response

    return read


def council_pages(client: Client, challenge: PeerChallenge) -> dict[str, str]:
    """Name and address of every page of the challenge's council that `client` can read."""
    action = Action.objects.filter(challenge=challenge).order_by("position")[0]
    release = challenge.releases.all()[2]
    known: dict[str, Any] = {
        "council": challenge.council.slug,
        "challenge": CHALLENGE,
        "ref": action.ref,
        "day": release.as_at.isoformat(),
        "kind": "csv",
        "pk": action.pk,
    }
    found: dict[str, str] = {}
    for name, needed in _patterns(get_resolver()):
        if "council" not in needed or not needed <= set(known) or name in LEFT_OUT:
            continue
        kwargs = {each: known[each] for each in needed}
        if name.startswith("recommendation"):
            kwargs["ref"] = action.ref.partition(".")[0]
        try:
            address = reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
        if client.get(address).status_code == 200:
            found[name] = address
    return dict(sorted(found.items()))


def _patterns(resolver: URLResolver) -> Iterator[tuple[str, set[str]]]:
    """Name and keywords of every address of the site."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield str(pattern.name), set(pattern.pattern.converters)
