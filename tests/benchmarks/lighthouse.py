"""The table of Lighthouse scores of the built site, as on a phone, if Lighthouse is installed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from macros.site_build import mkdocs_hooks
from tests.benchmarks.measure import ROOT, row, table
from tests.support.chromium import ARGUMENTS, find_browser
from tests.support.http_server import served

COMMAND = Path(__file__).parent / "node_modules/.bin/lighthouse"
PAGES = {"home": "", "stage": "stages/2-specify/", "recommendation": "2f/", "checklist": "checklist/", "audience": "audiences/provider/"}
PAGES |= {"glossary": "glossary/", "law": "law/", "comparison": "brighton-and-hove/", "template": "templates/data-schedule/"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 5


def lighthouse(work: Path) -> None:
    """Print the table: the scores of each page, 0 to 100, by category."""
    table(f"Lighthouse, as on a phone, median of {RUNS}", "page", *CATEGORIES)
    if not COMMAND.is_file():
        sys.stdout.write("Not measured; install it with: npm ci --prefix tests/benchmarks\n")
        return
    mkdocs_hooks.build(ROOT, work / "scored")
    with sync_playwright() as playwright:
        environment = {**os.environ, "CHROME_PATH": find_browser(playwright) or playwright.chromium.executable_path}
    options = ["--output=json", "--quiet", f"--chrome-flags={' '.join(ARGUMENTS)}", f"--only-categories={','.join(CATEGORIES)}"]
    with served(work / "scored") as address:
        for name, url in PAGES.items():
            command = [str(COMMAND), address + url, *options]
            outputs = [subprocess.run(command, env=environment, check=True, capture_output=True).stdout for _ in range(RUNS)]
            runs = [json.loads(output)["categories"] for output in outputs]
            row(name, *(f"{100 * statistics.median(run[category]['score'] for run in runs):.0f}" for category in CATEGORIES))
