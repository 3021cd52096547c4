"""The table of what a browser fetches, next to the same content with the theme's own templates."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request, sync_playwright

from macros.outputs.cms import FOLDER
from macros.site_build import mkdocs_hooks
from tests.benchmarks.measure import ROOT, row, table
from tests.benchmarks.plain import build_with_theme
from tests.support.chromium import launched
from tests.support.http_server import served

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
    """Bytes fetched for a page when it is opened first and after another; and its requests, in all and to other hosts."""

    first: int
    requests: int
    others: int
    next: int


def opened(browser: Browser, address: str, *urls: str) -> tuple[list[int], list[str]]:
    """Open `urls` of the site at `address` in turn in a new context; return the sizes and addresses of what the last one fetches."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    sizes: list[int] = []
    addresses: list[str] = []

    def finished(request: Request) -> None:
        size = request.sizes()
        sizes.append(size["responseBodySize"] + size["responseHeadersSize"])

    page.on("request", lambda request: addresses.append(request.url))
    page.on("requestfinished", finished)
    for url in urls:
        sizes.clear()
        addresses.clear()
        page.goto(address + url)
        page.wait_for_load_state("networkidle")
    page.context.close()
    return sizes, addresses


def weighed(browser: Browser, address: str, url: str, after: str) -> Weight:
    """Weigh the page `url` of the site at `address`: alone, and once the page `after` has been read."""
    first, addresses = opened(browser, address, url)
    then, _ = opened(browser, address, after, url)
    others = sum(urlsplit(one).hostname not in ("127.0.0.1", None) for one in addresses)
    return Weight(sum(first), len(first), others, sum(then))


def weight(work: Path) -> None:
    """Print the table: our site, and the same pages with the theme's own templates and search."""
    mkdocs_hooks.build(ROOT, work / "ours")
    build_with_theme(ROOT, work / "stock", work / "source")
    title = "What a browser fetches for a stage guide, compressed, with headers, mean and maximum of seven"
    table(title, "pages", "first page", "requests", "other hosts", "next page", "whole site on disk")
    means: dict[str, tuple[float, float]] = {}
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for name, label in (("stock", "the theme's own, with its search"), ("ours", "ours")):
            with served(work / name) as address:
                pages = [weighed(browser, address, url, STAGES[n - 1]) for n, url in enumerate(STAGES)]
            first, after = [page.first for page in pages], [page.next for page in pages]
            means[name] = statistics.mean(first), statistics.mean(after)
            row(
                label,
                f"{means[name][0] / 1000:.1f} KB, {max(first) / 1000:.1f}",
                max(page.requests for page in pages),
                sum(page.others for page in pages),
                f"{means[name][1] / 1000:.1f} KB, {max(after) / 1000:.1f}",
                f"{on_disk(work / name) / 1e6:.1f} MB",
            )
        browser.close()
    row("ratio, ours to stock", *(f"{ours / stock:.2f}" for ours, stock in zip(means["ours"], means["stock"], strict=True)))


def on_disk(folder: Path) -> int:
    """Return the size of `folder` in bytes, without the form at /edit/."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.relative_to(folder).parts[0] != FOLDER)
    return sum(file.stat().st_size for file in files)
