"""What a drafter is."""

from collections.abc import Callable
from dataclasses import dataclass

from peerplan.papers.drafting.context import DraftContext
from peerplan.render.report import Block


@dataclass(frozen=True)
class Drafter:
    """One subject on which a part of a paper can be drafted; `about` tells officers what it says.

    `words` are to be edited: plain text in the few signs of `render.texts`, "" where the plan has
    nothing to say. `tables` are drawn from the plan each time, below the words; `needs_details`
    where they show milestones or how dates moved.
    """

    key: str
    label: str
    about: str
    words: Callable[[DraftContext], str] | None = None
    tables: Callable[[DraftContext], tuple[Block, ...]] | None = None
    needs_details: bool = False

    def text(self, context: DraftContext) -> str:
        """The words as they would be drafted now."""
        return self.words(context).strip() if self.words else ""

    def figures(self, context: DraftContext) -> tuple[Block, ...]:
        """The tables and charts as they stand; a drafter without any reads nothing."""
        return self.tables(context) if self.tables else ()

    @property
    def only_blocks(self) -> bool:
        """True where it has no text of its own: a table that nobody edits."""
        return self.words is None
