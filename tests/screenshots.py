"""Take screenshots of the built site: `python -m tests.screenshots`, into screenshots/."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import FloatRect, Page, sync_playwright

from tests.conftest import ROOT, served
from tests.support.chromium import NoBrowserError, launched

PAGES = {
    "home": "",
    "stage": "stages/2-specify/",
    "audience": "audiences/provider/",
    "glossary": "glossary/",
    "matrix": "compact/#matrix",
    "comparison": "brighton-and-hove/#criteria",
    "law": "law/",
    "search": "search/?q=lowest+price",
    "search-nothing": "search/?q=zzzzqqqq",
    "downloads": "downloads/",
    "missing": "404.html",
}
MAX_HEIGHT = 5000
"""The height at which screenshots of long pages are cut, in pixels."""


def main() -> None:
    """Take screenshots of each page at phone and desktop width, in light and dark, of its first screen and more."""
    if not (ROOT / "site" / "index.html").is_file():
        sys.exit("There is no site/. Run make site first.")
    target = ROOT / "screenshots"
    target.mkdir(exist_ok=True)
    try:
        with served(ROOT / "site") as address, sync_playwright() as playwright:
            browser = launched(playwright)
            for width in (390, 1440):
                for scheme in ("light", "dark"):
                    context = browser.new_context(
                        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
                    )
                    take(context.new_page(), address, target, f"{width}-{scheme}")
                    context.close()
    except NoBrowserError as error:
        sys.exit(str(error))
    sys.stdout.write(f"{sum(1 for _ in target.glob('*.png'))} screenshots in {target.relative_to(ROOT)}/\n")


def take(page: Page, address: str, target: Path, name: str) -> None:
    """Take screenshots of all pages in the browser page `page`; the file names end in `name`."""
    for title, url in PAGES.items():
        page.goto(address + url)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=target / f"{title}-{name}.png")
        size = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        long = FloatRect(x=0, y=0, width=size[0], height=min(size[1], MAX_HEIGHT))
        page.screenshot(path=target / f"{title}-{name}-long.png", full_page=True, clip=long)
    page.goto(f"{address}stages/2-specify/")
    page.locator(".term-link:visible").first.click()
    page.screenshot(path=target / f"term-{name}.png")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("small charities")
    page.locator("#search[data-shown='small charities']").wait_for()
    page.screenshot(path=target / f"search-open-{name}.png")
    page.keyboard.press("Escape")
    if page.get_by_role("button", name="Menu").is_visible():
        page.get_by_role("button", name="Menu").click()
        page.screenshot(path=target / f"menu-{name}.png")


if __name__ == "__main__":
    main()
