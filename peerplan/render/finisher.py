"""Repairs to the tag tree that WeasyPrint 70 writes, made just before a PDF is saved.

Out of the box four defects meet whoever checks or listens to a tagged PDF. Each has one function
here and a test that fails without it:

1. a table that runs over n pages becomes n tables, each with a head that is read aloud again,
   and a row cut by a page end becomes two rows (`join_tables`);
2. header cells carry no scope (`set_scopes`; Matterhorn 15-003);
3. running heads and feet are tagged as content (`mark_artifacts`; Matterhorn 18-001, 18-002);
4. links lack the print flag (`print_links`).

It works on private objects of WeasyPrint and pydyf: hence `weasyprint<71` and the tests.
"""

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes

PRINT_FLAG = 4


def finish(document: Any, pdf: Any) -> None:
    """Makes all repairs in place. `document` is a WeasyPrint Document, `pdf` a pydyf PDF."""
    tree = TagTree(pdf)
    join_tables(document, tree)
    alive = tree.reachable()
    set_scopes(tree, alive)
    mark_artifacts(tree, alive)
    print_links(tree)


class TagTree:
    """The structure tree of a PDF under construction, by object number."""

    def __init__(self, pdf: Any) -> None:
        self.objects: list[Any] = pdf.objects
        self.root: Any = self.at(pdf.catalog["StructTreeRoot"])

    @staticmethod
    def number(reference: Any) -> int | None:
        """The object number in "12 0 R", or None when it is not a reference."""
        if isinstance(reference, bytes):
            reference = reference.decode()
        if isinstance(reference, str) and reference.endswith(" R"):
            return int(reference.split()[0])
        return None

    def at(self, reference: Any) -> Any:
        """The object referred to; raises TypeError when it is not a reference."""
        number = self.number(reference)
        if number is None:
            raise TypeError(f"not a reference: {reference!r}")
        return self.objects[number]

    def kids(self, element: Any) -> list[Any]:
        """The structure elements right below an element, in reading order."""
        found = []
        for kid in element.get("K", ()):
            number = self.number(kid)
            if number is not None and "S" in self.objects[number]:
                found.append(self.objects[number])
        return found

    def kids_of_kind(self, element: Any, kind: str) -> list[Any]:
        """The structure elements right below an element with that tag ("/TR")."""
        return [kid for kid in self.kids(element) if kid["S"] == kind]

    def reachable(self) -> set[int]:
        """The numbers of all objects that hang on the root of the tree."""
        seen: set[int] = set()
        waiting = [self.number(kid) for kid in self.root["K"]]
        while waiting:
            number = waiting.pop()
            if number is None or number in seen:
                continue
            seen.add(number)
            target = self.objects[number]
            if isinstance(target, dict):
                waiting.extend(self.number(kid) for kid in target.get("K", ()))
        return seen


def _tables(box: Any) -> Iterator[Any]:
    """The boxes of all tables in a box, fragments by page, in reading order."""
    box = getattr(box, "_box", box)
    if isinstance(box, boxes.TableBox):
        yield box
    for child in getattr(box, "children", None) or ():
        yield from _tables(child)


def _rows(table: Any) -> Iterator[tuple[bool, Any]]:
    """The rows of a table fragment: whether in its head, and the row's box."""
    for group in table.children:
        for row in group.children:
            yield group.is_header, row


class _Fragment:
    """One page's part of a table: its boxes, and the structure elements made of them."""

    def __init__(self, tree: TagTree, table: Any) -> None:
        self.box = table.element
        self.head: list[Any] = []
        self.body: list[tuple[Any, Any]] = []
        self.element: Any = None
        for in_head, row in _rows(table):
            marks = [cell.mark for cell in row.children if hasattr(cell, "mark")]
            if not marks:
                continue
            line = tree.at(marks[0]["P"])
            self.element = tree.at(tree.at(line["P"])["P"])
            if in_head:
                self.head.append(line)
            else:
                self.body.append((row.element, line))


def join_tables(document: Any, tree: TagTree) -> None:
    """Makes one table of the fragments of each, and one row of a row that a page end cut.

    The repeated heads fall out of the tree, so that `mark_artifacts` silences them; cells that
    named them name the first head instead.
    """
    firsts: dict[int, _Fragment] = {}
    for page in document.pages:
        for table in _tables(page._page_box):
            fragment = _Fragment(tree, table)
            if fragment.element is None:
                continue
            first = firsts.setdefault(id(fragment.box), fragment)
            if first is not fragment:
                _append(tree, first, fragment)


def _append(tree: TagTree, first: _Fragment, fragment: _Fragment) -> None:
    same_cell: dict[bytes, Any] = {}
    for old_row, new_row in zip(first.head, fragment.head, strict=False):
        for old, new in zip(tree.kids(old_row), tree.kids(new_row), strict=False):
            if "ID" in old and "ID" in new:
                same_cell[new["ID"].data] = old["ID"]

    groups = tree.kids_of_kind(first.element, "/TBody")
    body = groups[-1] if groups else first.element
    for place, (source, line) in enumerate(fragment.body):
        if place == 0 and first.body and first.body[-1][0] is source:
            _append_to_row(tree, first.body[-1][1], line, same_cell)
            continue
        line["P"] = body.reference
        body["K"].append(line.reference)
        first.body.append((source, line))
        for cell in tree.kids(line):
            _rename_headers(cell, same_cell)

    parent = tree.at(fragment.element["P"])
    parent["K"].remove(fragment.element.reference)


def _append_to_row(tree: TagTree, row: Any, rest: Any, same_cell: dict[bytes, Any]) -> None:
    """Moves what the rest of a cut row holds into the cells of its beginning."""
    for cell, more in zip(tree.kids(row), tree.kids(rest), strict=True):
        for kid in tree.kids(more):
            kid["P"] = cell.reference
        cell["K"].extend(more["K"])
        if "ID" in cell and "ID" in more:
            same_cell[more["ID"].data] = cell["ID"]


def _rename_headers(cell: Any, same_cell: dict[bytes, Any]) -> None:
    headers = cell.get("A", {}).get("Headers")
    if headers is not None:
        cell["A"]["Headers"] = pydyf.Array(
            [same_cell.get(header.data, header) for header in headers]
        )


def set_scopes(tree: TagTree, alive: set[int]) -> None:
    """Says of every header cell whether it heads a column (in the head) or a row."""
    for number in alive:
        cell = tree.objects[number]
        if not isinstance(cell, dict) or cell.get("S") != "/TH":
            continue
        in_head = tree.at(tree.at(cell["P"])["P"])["S"] == "/THead"
        attributes = cell.setdefault("A", pydyf.Dictionary({"O": "/Table"}))
        attributes["Scope"] = "/Column" if in_head else "/Row"


def mark_artifacts(tree: TagTree, alive: set[int]) -> None:
    """Marks as artifacts what is drawn on a page and no longer hangs on the tree."""
    pages = {
        page["StructParents"]: page
        for page in tree.objects
        if isinstance(page, dict) and page.get("Type") == "/Page" and "StructParents" in page
    }
    numbers = tree.at(tree.root["ParentTree"])["Nums"]
    for key, owners in zip(numbers[::2], numbers[1::2], strict=True):
        if not isinstance(owners, list):
            continue
        orphans = {mark for mark, owner in enumerate(owners) if tree.number(owner) not in alive}
        if not orphans:
            continue
        operators = tree.at(pages[key]["Contents"]).stream
        for place, operator in enumerate(operators):
            if operator != b"BDC":
                continue
            properties = operators[place - 1]
            if isinstance(properties, dict) and properties.get("MCID") in orphans:
                operators[place - 2] = "/Artifact"
                operators[place - 1] = pydyf.Dictionary({"Type": "/Pagination"})
        for mark in orphans:
            owners[mark] = "null"


def print_links(tree: TagTree) -> None:
    """Sets the print flag of every link annotation."""
    for annotation in tree.objects:
        if isinstance(annotation, dict) and annotation.get("Type") == "/Annot":
            annotation["F"] = PRINT_FLAG
