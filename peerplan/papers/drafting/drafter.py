"""What a drafter is."""

from collections.abc import Callable
from dataclasses import dataclass

from peerplan.papers.drafting.context import DraftContext
from peerplan.render.report import Block


@dataclass(frozen=True)
class Draft:
    """What a part says: `text` to be edited, `blocks` drawn from the plan each time.

    The text is in the few signs of `render.texts`; "" where the plan has nothing to say.
    """

    text: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Drafter:
    """One subject on which a part of a paper can be drafted; `about` tells officers what it says.

    `only_blocks` where it has no text of its own: a table that nobody edits.
    """

    key: str
    label: str
    about: str
    draft: Callable[[DraftContext], Draft]
    only_blocks: bool = False
