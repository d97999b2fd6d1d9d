"""The letter with which a council closes a challenge."""

from dataclasses import dataclass

from django.db import transaction

from peerplan.core import versions
from peerplan.councils.gate import Person
from reviews.models import ClosingLetter, PeerChallenge
from reviews.services import checks


@dataclass(frozen=True)
class LetterTexts:
    """The words of a closing letter."""

    addressee: str
    text: str
    carried_over: str
    signed_by: str


@transaction.atomic
def save_letter(
    *, challenge: PeerChallenge, version: int, texts: LetterTexts, author: Person
) -> ClosingLetter:
    """The letter of `challenge` with these words; `version` 0 where there was none.

    Raises NotPermitted, Stale and Invalid.
    """
    locked = checks.locked(challenge, author)
    there = ClosingLetter.objects.filter(challenge=locked).first()
    current = versions.claim(there, version) if there else ClosingLetter(challenge=locked)
    current.addressee = checks.plain("addressee", texts.addressee, lines=True, limit=200)
    current.text = checks.plain("text", texts.text, lines=True, missing="Write the letter.")
    current.carried_over = checks.plain("carried_over", texts.carried_over, lines=True)
    current.signed_by = checks.plain("signed_by", texts.signed_by, limit=120)
    checks.save(current, author=author)
    return current
