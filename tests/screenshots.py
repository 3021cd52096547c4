"""Take screenshots of the built site: `python -m tests.screenshots`, into screenshots/."""

from __future__ import annotations

import itertools
import sys

from playwright.sync_api import FloatRect, Page, sync_playwright

from tests.conftest import ROOT
from tests.support.chromium import launched
from tests.support.http_server import served

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
TARGET = ROOT / "screenshots"


def main() -> None:
    """Take screenshots of each page at phone and desktop width, in light and dark, of its first screen and more."""
    if not (ROOT / "site" / "index.html").is_file():
        sys.exit("There is no site/. Run make site first.")
    with served(ROOT / "site") as address, sync_playwright() as playwright:
        browser = launched(playwright)
        for width, scheme in itertools.product((390, 1440), ("light", "dark")):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            take(page, address, f"{width}-{scheme}")
            page.close()
    sys.stdout.write(f"{len(list(TARGET.glob('*.png')))} screenshots in screenshots/\n")


def take(page: Page, address: str, end: str) -> None:
    """Take screenshots of all pages in the browser page `page`; the file names end in `end`."""
    for title, url in PAGES.items():
        page.goto(address + url)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=TARGET / f"{title}-{end}.png")
        width, height = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        long = FloatRect(x=0, y=0, width=width, height=min(height, MAX_HEIGHT))
        page.screenshot(path=TARGET / f"{title}-{end}-long.png", full_page=True, clip=long)
    page.goto(f"{address}stages/2-specify/")
    page.locator(".term-link:visible").first.click()
    page.screenshot(path=TARGET / f"term-{end}.png")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("small charities")
    page.locator("#search[data-shown='small charities']").wait_for()
    page.screenshot(path=TARGET / f"search-open-{end}.png")
    page.keyboard.press("Escape")
    if page.get_by_role("button", name="Menu").is_visible():
        page.get_by_role("button", name="Menu").click()
        page.screenshot(path=TARGET / f"menu-{end}.png")


if __name__ == "__main__":
    main()
