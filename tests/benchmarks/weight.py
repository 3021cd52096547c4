"""Weighs what a browser fetches, beside the same content in the theme's own pages."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request, sync_playwright

from macros.outputs.cms import FOLDER
from macros.site_build import mkdocs_hooks
from tests.benchmarks.plain import build_with_theme
from tests.support.chromium import launched
from tests.support.http_server import served

ROOT = Path(__file__).parent.parent.parent
STAGES = [
    "stages/1-strategy/",
    "stages/2-specify/",
    "stages/3-tender/",
    "stages/4-choose/",
    "stages/5-contract/",
    "stages/6-manage/",
    "stages/7-review/",
]


class Weight(NamedTuple):
    """What a page moves as the first that is opened, and after another; bytes as they are sent; and whom else it asks."""

    first: int
    requests: int
    others: int
    next: int


def opened(browser: Browser, address: str, *urls: str) -> tuple[list[int], list[str]]:
    """Open `urls` of the site at `address` one after another in a new browser; return the bytes and addresses that the last asked for."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    moved: list[int] = []
    asked: list[str] = []

    def finished(request: Request) -> None:
        sizes = request.sizes()
        moved.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfinished", finished)
    for url in urls:
        moved.clear()
        asked.clear()
        page.goto(address + url)
        page.wait_for_load_state("networkidle")
    page.context.close()
    return moved, asked


def weighed(browser: Browser, address: str, url: str, after: str) -> Weight:
    """Weigh the page `url` of the site at `address`: alone, and once the page `after` has been read."""
    first, asked = opened(browser, address, url)
    then, _ = opened(browser, address, after, url)
    others = sum(urlsplit(one).hostname not in ("127.0.0.1", None) for one in asked)
    return Weight(sum(first), len(first), others, sum(then))


def weights(work: Path) -> dict[str, list[Weight]]:
    """Return what each stage guide weighs in our site and in the theme's own, as stock; both are built for it in `work`."""
    mkdocs_hooks.build(ROOT, work / "ours")
    build_with_theme(ROOT, work / "stock", work / "source")
    found = {}
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for name in ("ours", "stock"):
            with served(work / name) as address:
                found[name] = [weighed(browser, address, url, STAGES[n - 1]) for n, url in enumerate(STAGES)]
        browser.close()
    return found


def on_disk(folder: Path) -> int:
    """Return how many bytes `folder` holds, without the form at /edit/, which no reader of a page fetches."""
    held = (file for file in folder.rglob("*") if file.is_file() and file.relative_to(folder).parts[0] != FOLDER)
    return sum(file.stat().st_size for file in held)
