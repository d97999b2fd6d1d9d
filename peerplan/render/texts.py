"""An officer's plain text as blocks of a report: the few signs that they need to know."""

import re
from collections.abc import Iterator
from itertools import groupby

from peerplan.render.report import Block, Bullets, Paragraph, SubHeading

HINT = (
    "Leave a blank line between paragraphs. Begin a line with “- ” for a bullet or with “# ” for "
    "a sub-heading; with “> ” for a paragraph, or “## ” for a sub-heading, without a number. "
    "Write [appendix: its title] or [section: its heading] where its number is to stand."
)
# What Word puts before the items of a list when they are pasted as plain text, after those typed.
BULLET = re.compile(r"[ \t]*(?:[-•][ \t\xa0]+|[·o–▪§][ \t\xa0]*\t[ \t]*)(?=\S)")
HEADINGS = ("#", "##")
BEGINNERS = ("-", *HEADINGS)
"""The signs of lines that never go on with the block before them."""
SPACES = re.compile(r"[ \t\r\n]+")
# Word's line break within a paragraph, and the ends of lines and paragraphs of other systems.
LINE_ENDS = re.compile("\r\n|[\r\v\f\u2028]")


def blocks_of(text: str) -> tuple[Block, ...]:
    """The paragraphs, bullets and sub-headings of a text; nothing for a text of spaces.

    Neighbouring bullets make one list, also with blank lines between them. A line without a sign
    goes on with the paragraph or the bullet before it.
    """
    text = LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    parts = re.split(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*)+", text)
    blocks: list[Block] = []
    for is_list, run in groupby(
        (block for part in parts for block in _blocks_of_part(part.split("\n"))),
        key=lambda block: isinstance(block, Bullets),
    ):
        if is_list:
            lists = (block for block in run if isinstance(block, Bullets))
            blocks.append(Bullets(tuple(item for block in lists for item in block.items)))
        else:
            blocks += run
    return tuple(blocks)


def _blocks_of_part(lines: list[str]) -> Iterator[Block]:
    """The blocks of lines between which there is no blank one."""
    words: list[str] = []
    sign = ""
    for line in lines:
        found = _sign(line)
        if found in BEGINNERS:
            yield from _block(sign, words)
            words, sign = [], found
        elif found == ">" and not words:
            sign = found
        elif sign in HEADINGS:
            yield from _block(sign, words)
            words, sign = [], found
        words.append(_without_sign(line, found if found in BEGINNERS else sign))
    yield from _block(sign, words)


def _sign(line: str) -> str:
    """What kind of line it is: "#", "##", ">", "-" for every kind of bullet, or "" for none."""
    if BULLET.match(line):
        return "-"
    begun = line.lstrip(" \t")
    sign, _, words = begun.partition(" ")
    return sign if sign in (*HEADINGS, ">") and words.strip() else ""


def _without_sign(line: str, sign: str) -> str:
    if sign == "-":
        return BULLET.sub("", line, count=1)
    begun = line.lstrip(" \t")
    return begun.removeprefix(f"{sign} ") if sign else line


def _block(sign: str, lines: list[str]) -> Iterator[Block]:
    """The block of lines that belong together; none when they hold nothing."""
    words = SPACES.sub(" ", " ".join(lines)).strip()
    if not words:
        return
    if sign == "-":
        yield Bullets((words,))
    elif sign in HEADINGS:
        yield SubHeading(words, is_numbered=sign == "#")
    else:
        yield Paragraph(words, is_numbered=sign != ">")
