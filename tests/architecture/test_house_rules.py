"""Rules of the house that no linter knows, read from the source itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
PRODUCT = ("peerplan", "actions", "reviews")
TEMPLATES = ROOT / "templates"

WRITES_WITHOUT_HISTORY = {"bulk_create", "abulk_create", "bulk_update", "abulk_update", "aupdate"}
MAY_WRITE_WITHOUT_HISTORY = {
    "peerplan/core/versions.py": "the claim of a version is the only bare update",
    "peerplan/demo/bench/": "two million rows for a measurement, in a database thrown away after",
}
MAY_TRUST_MARKUP = (
    "peerplan/render/",  # draws SVG from numbers
    "peerplan/core/templatetags/parts.py",  # draws the components, from constants of its own
)
DOCUMENT_TEMPLATES = ("render/", "pdf/")
"""Templates of printed documents: their styles are handed to the PDF engine, not to a browser."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Each Python file of the product but its migrations, by its path from the root."""
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def page_templates() -> list[str]:
    """Names of all templates of ours."""
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*"))


def writes_without_history(tree: ast.Module) -> Iterator[int]:
    """Lines that call a queryset's `update(name=...)` or a bulk write.

    `dict.update(mapping)` and `hash.update(data)` take what they are given by position; a queryset
    takes its fields by keyword only, which tells them apart.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            bare_update = node.func.attr == "update" and node.keywords and not node.args
            if bare_update or node.func.attr in WRITES_WITHOUT_HISTORY:
                yield node.lineno


def test_only_the_claim_writes_rows_without_history() -> None:
    found = [
        f"{path}:{line}"
        for path, tree in sources()
        if not path.startswith(tuple(MAY_WRITE_WITHOUT_HISTORY))
        for line in writes_without_history(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("Action.objects.filter(pk=1).update(title='x')", True),
        ("rows.update(**fields)", True),
        ("Action.objects.bulk_create(rows)", True),
        ("context.update(extra)", False),
        ("hashlib.sha256().update(data)", False),
    ],
)
def test_a_queryset_write_is_told_from_a_dictionary_update(source: str, is_found: bool) -> None:
    assert bool(list(writes_without_history(ast.parse(source)))) is is_found


def trusts_what_it_is_given(tree: ast.Module) -> Iterator[int]:
    """Lines that declare something safe that does not stand there as a literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not all(isinstance(a, ast.Constant) for a in node.args):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"mark_safe", "SafeString", "SafeText"}:
                yield node.lineno


def test_only_renderer_and_components_declare_markup_safe() -> None:
    in_code = [
        f"{path}:{line}"
        for path, tree in sources()
        if not path.startswith(MAY_TRUST_MARKUP)
        for line in trusts_what_it_is_given(tree)
    ]
    in_templates = [
        name
        for name in page_templates()
        if not name.startswith(DOCUMENT_TEMPLATES)
        and not name.endswith(".txt")  # plain-text mail
        and re.search(r"\|\s*safe\b|autoescape\s+off", (TEMPLATES / name).read_text())
    ]
    assert in_code + in_templates == []


INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "script without src": re.compile(r"<script\b(?![^>]*\ssrc=)", re.I),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "javascript: link": re.compile(r"javascript:", re.I),
    "address of another site": re.compile(
        r"<(?:script|link|img)\b[^>]*(?:src|href)=.https?:", re.I
    ),
}


@pytest.mark.parametrize("name", page_templates())
def test_a_page_template_keeps_the_content_security_policy(name: str) -> None:
    if not name.startswith(DOCUMENT_TEMPLATES):
        text = (TEMPLATES / name).read_text()
        assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("name", page_templates())
def test_a_template_compiles(name: str) -> None:
    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        pytest.fail(f"{name}: {error}")


def test_no_model_has_a_many_to_many_field_or_hears_signals() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"ManyToManyField", "post_save", "pre_save", "post_delete", "pre_delete"}
    ]
    assert found == []
