"""What a filter panel shows: a list page makes these from its query string."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Filter:
    """One field of a filter panel. Without choices it is a search box."""

    name: str
    label: str
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    any_label: str = "All"

    @property
    def is_active(self) -> bool:
        """True where the reader has chosen something."""
        return self.value != ""

    @property
    def chosen(self) -> str:
        """What the reader chose, in words."""
        return dict(self.choices).get(self.value, self.value)


def choice_filter(
    query: Mapping[str, str],
    name: str,
    label: str,
    choices: Iterable[tuple[str, str]],
    any_label: str = "All",
) -> Filter:
    """A filter over `choices`; a value that is not among them counts as none."""
    known = tuple(choices)
    value = query.get(name, "")
    if value not in dict(known):
        value = ""
    return Filter(name, label, value, known, any_label)


def text_filter(query: Mapping[str, str], name: str, label: str, longest: int = 100) -> Filter:
    """A search box. Characters that no plan can hold are left out."""
    typed = query.get(name, "")[:longest]
    return Filter(name, label, "".join(letter for letter in typed if letter.isprintable()).strip())
