"""The table of what a browser fetches, next to the same content with the theme's own templates."""

from __future__ import annotations

import statistics
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request, sync_playwright

from macros.outputs.cms import FOLDER
from macros.site_build import mkdocs_hooks
from tests.benchmarks.measure import ROOT, row, table
from tests.benchmarks.plain import build_with_theme
from tests.support.chromium import launched
from tests.support.http_server import served


def opened(browser: Browser, address: str, *urls: str) -> dict[str, int]:
    """Open `urls` of the site at `address` in turn in a new context; return the addresses and sizes of what the last one fetches."""
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    sizes: dict[str, int] = {}

    def finished(request: Request) -> None:
        size = request.sizes()
        sizes[request.url] = size["responseBodySize"] + size["responseHeadersSize"]

    page.on("requestfinished", finished)
    for url in urls:
        sizes.clear()
        page.goto(address + url)
        page.wait_for_load_state("networkidle")
    page.context.close()
    return sizes


def weight(work: Path) -> None:
    """Print the table: our site, and the same pages with the theme's own templates and search."""
    mkdocs_hooks.build(ROOT, work / "ours")
    build_with_theme(ROOT, work / "stock", work / "source")
    stages = sorted(f"stages/{folder.name}/" for folder in (work / "ours").glob("stages/[0-9]*"))
    title = f"What a browser fetches for a stage guide, compressed, with headers, mean and maximum of {len(stages)}"
    table(title, "pages", "first page", "requests", "other hosts", "next page", "whole site on disk")
    means = {}
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for name, label in (("stock", "the theme's own, with its search"), ("ours", "ours")):
            with served(work / name) as address:
                alone = [opened(browser, address, url) for url in stages]
                first = [sum(page.values()) / 1000 for page in alone]
                after = [sum(opened(browser, address, stages[n - 1], url).values()) / 1000 for n, url in enumerate(stages)]
            others = sum(urlsplit(url).hostname not in ("127.0.0.1", None) for page in alone for url in page)
            means[name] = statistics.mean(first), statistics.mean(after)
            files = [f for f in (work / name).rglob("*") if f.is_file() and f.relative_to(work / name).parts[0] != FOLDER]
            row(
                label,
                f"{means[name][0]:.1f} KB, {max(first):.1f}",
                max(map(len, alone)),
                others,
                f"{means[name][1]:.1f} KB, {max(after):.1f}",
                f"{sum(file.stat().st_size for file in files) / 1e6:.1f} MB",
            )
        browser.close()
    row("ratio, ours to stock", *(f"{ours / stock:.2f}" for ours, stock in zip(means["ours"], means["stock"], strict=True)))
