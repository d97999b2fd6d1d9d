"""Looking at a page as a person would, and asking axe about it."""

import json
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 320)
HEIGHT = 900
RULES: dict[str, Any] = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}


def axe_findings(page: Page) -> list[str]:
    """What axe objects to (WCAG 2.0 A to 2.2 AA and best practice), one line an element."""
    result = Axe().run(page, options=RULES).response
    assert result["passes"], "axe looked at nothing"
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """What makes the page wider than the window at its present width; nothing where it fits."""
    page.wait_for_load_state()  # before its style sheets are there, nothing is where it will be
    found: list[str] = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return [];
            const wide = [...document.querySelectorAll("body *")].filter(
                (element) => element.getBoundingClientRect().right > room + 1);
            return [`${document.documentElement.scrollWidth} of ${room} px`,
                ...wide.slice(-5).map((element) => element.outerHTML.slice(0, 120))];
        }"""
    )
    return found


def problems(page: Page) -> list[str]:
    """Whatever is wrong with the page as it stands, at 1280 px and at 320 px."""
    page.wait_for_load_state()
    found: list[str] = []
    before = page.viewport_size or {"width": WIDTHS[0], "height": HEIGHT}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"at {width} px: {line}" for line in axe_findings(page)]
        found += [f"at {width} px sideways: {line}" for line in sideways(page)]
    page.set_viewport_size(before)  # type: ignore[arg-type]
    return found


def check_page(page: Page) -> None:
    """Fails, with what is wrong, unless axe is content and nothing scrolls sideways."""
    found = problems(page)
    assert not found, f"{page.url}\n{json.dumps(found, indent=1, ensure_ascii=False)}"
