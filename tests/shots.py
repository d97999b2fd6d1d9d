"""Pictures of a running demonstration, and what axe says of each page.

    .venv/bin/python tests/shots.py http://127.0.0.1:8000 plan-manager /c/ashdale/ /help/

The role is one of the sign-in page's, or `nobody`. Pictures go to /tmp/shots, at 1280 and 320 px
and as printed.
"""

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from tests.journeys.browsing import FLAGS, HEIGHT, WIDTHS, axe_findings, sideways
from tests.plugins.halves import chromium

FOLDER = Path(tempfile.gettempdir()) / "shots"


def main(base: str, role: str, *paths: str) -> int:
    """Shoots each path; returns 1 where a page has something wrong with it."""
    FOLDER.mkdir(exist_ok=True)
    wrong = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(base_url=base, viewport={"width": WIDTHS[0], "height": HEIGHT})
        if role != "nobody":
            page.goto("/account/login/")
            page.click(f'button[name="role"][value="{role}"]')
        for path in paths:
            answer = page.goto(path)
            name = f"{role}-{re.sub(r'[^a-zA-Z0-9.]+', '-', path).strip('-') or 'front'}"
            sys.stdout.write(f"{path} {answer.status if answer else ''} {page.title()}\n")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": HEIGHT})
                page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True)
                for line in axe_findings(page) + sideways(page):
                    wrong = 1
                    sys.stdout.write(f"  {width}: {line}\n")
                sys.stdout.write(f"  {FOLDER / name}-{width}.png\n")
            page.set_viewport_size({"width": 794, "height": 1123})
            page.emulate_media(media="print")
            page.screenshot(path=FOLDER / f"{name}-print.png", full_page=True)
            page.emulate_media(media="screen")
        browser.close()
    return wrong


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
