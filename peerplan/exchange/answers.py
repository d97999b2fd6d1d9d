"""Which recommendation a row answers: by its number, heading or wording, or the row's reference."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from peerplan.exchange.cells import plain, short
from reviews.refs import clean_ref

WORDING_LIMIT = 20_000

LABELLED = re.compile(
    r"(?:recommendation|rec|action|no|number|ref)\b[\s.:]*(?=[A-Za-z]{0,3}-?\d)", re.I | re.A
)
_NUMBER_THEN_WORDS = re.compile(
    r"([A-Za-z]{0,2}-?\d{1,3}(?:\.\d{1,3})?)(?:[.:)\u2013-]+\s*|\s+)(\S.*)", re.S | re.A
)
_NUMBER = re.compile(r"[A-Za-z]{0,2}-?\d+(?:\.\d+)*[.:)]?", re.A)
_LEAST_TO_KNOW_BY = 15


@dataclass(frozen=True)
class KnownRecommendation:
    """A recommendation that the challenge has."""

    ref: str
    title: str
    wording: str = ""


@dataclass(frozen=True)
class NewRecommendation:
    """A recommendation that the plan lacks and the table has."""

    ref: str
    title: str
    wording: str
    theme: str = ""


class Recommendations:
    """The recommendations of the challenge, and those that the table adds to them.

    Each answer is the reference of one of them.
    """

    def __init__(self, known: Sequence[KnownRecommendation], may_make: bool) -> None:
        self.known = known
        self.may_make = may_make
        self.made: dict[str, NewRecommendation] = {}
        self._by_number: dict[str, str] = {_bare(each.ref): each.ref for each in known}
        self._texts: list[tuple[str, str]] = [
            (words, each.ref)
            for each in known
            for words in {plain(each.title), plain(each.wording)} - {""}
        ]

    def from_ref(self, ref: str) -> str | None:
        """The recommendation of which an action's reference speaks: "1.2" and "1.2.1" of 1."""
        while "." in ref:
            ref = ref.rpartition(".")[0]
            found = self._by_ref(ref)
            if found:
                return found
        return None

    def _by_ref(self, ref: str) -> str | None:
        return self._by_number.get(_bare(ref))

    def find(self, typed: str) -> str | None:
        """A recommendation by its number, its heading or its wording, None where there is none."""
        typed = LABELLED.sub("", typed, count=1)
        if is_number(typed):
            return self._by_ref(typed)
        numbered = _NUMBER_THEN_WORDS.fullmatch(typed)
        wanted = {plain(typed), plain(numbered[2]) if numbered else ""} - {""}
        for words, ref in self._texts:
            if words in wanted or any(_begins_alike(words, each) for each in wanted):
                return ref
        return self._by_ref(numbered[1]) if numbered else None

    def make(self, typed: str, ref: str, theme: str) -> str | None:
        """A recommendation to be made of the text, None where none may be made or there is none."""
        typed = LABELLED.sub("", typed, count=1)
        if not self.may_make or is_number(typed) or not plain(typed):
            return None
        numbered = _NUMBER_THEN_WORDS.fullmatch(typed)
        wording = numbered[2] if numbered else typed
        number = numbered[1] if numbered else ref.partition(".")[0] if "." in ref else ""
        if not number or self._by_ref(number):
            number = next(str(n) for n in count(1) if str(n) not in self._by_number)
        title = short(wording)
        try:
            number = clean_ref(number)
        except ValueError:
            return None
        if len(wording) > WORDING_LIMIT:
            return None
        whole = "" if title == " ".join(wording.split()) else wording
        self.made[_bare(number)] = NewRecommendation(number, title, whole, theme)
        self._by_number[_bare(number)] = number
        self._texts.append((plain(wording), number))
        return number

    def not_there(self, typed: str) -> str:
        """Says which recommendation is missing, and which there are."""
        known = ", ".join(each.ref for each in self.known[:12])
        shown = short(typed, 60)
        if not known:
            return f"There is no recommendation “{shown}”: the challenge has none yet."
        return f"There is no recommendation “{shown}”: give one of {known}."


def is_number(typed: str) -> bool:
    """True for a reference with no words after it."""
    return bool(_NUMBER.fullmatch(typed.strip()))


def _begins_alike(one: str, other: str) -> bool:
    """True where one is the beginning of the other, and long enough to know it by."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _LEAST_TO_KNOW_BY and longer.startswith(shorter)


def _bare(ref: str) -> str:
    """A recommendation's reference for comparing: without R before it or a dot after it."""
    ref = ref.strip().lower().rstrip(".:)")
    return re.sub(r"\Ar(?:ec)?-?(?=\d)", "", ref)
