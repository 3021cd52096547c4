"""The table of Lighthouse scores of the built site, as on a phone, if Lighthouse is installed."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from macros.site_build import mkdocs_hooks
from tests.benchmarks.measure import ROOT, row, table
from tests.support.chromium import ARGUMENTS, find_browser
from tests.support.http_server import served

COMMAND = Path(__file__).parent / "node_modules/.bin/lighthouse"
PAGES = {"home": "", "stage 2": "stages/2-specify/", "glossary": "glossary/", "matrix": "compact/", "comparison": "brighton-and-hove/"}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 3


def lighthouse(work: Path) -> None:
    """Print the table: the scores of each page, 0 to 100, by category."""
    table(f"Lighthouse, as on a phone, median of {RUNS}", "page", *CATEGORIES)
    if not COMMAND.is_file():
        sys.stdout.write("Not measured; install it with: npm ci --prefix tests/benchmarks\n")
        return
    mkdocs_hooks.build(ROOT, work / "scored")
    browser = find_browser()
    environment = {**os.environ, **({"CHROME_PATH": browser} if browser else {})}
    with served(work / "scored") as address:
        for name, url in PAGES.items():
            runs = []
            for _ in range(RUNS):
                command = [str(COMMAND), address + url, "--output=json", "--quiet", f"--chrome-flags={' '.join(ARGUMENTS)}"]
                command.append(f"--only-categories={','.join(CATEGORIES)}")
                done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
                runs.append(json.loads(done.stdout)["categories"])
            row(name, *(f"{100 * statistics.median(run[category]['score'] for run in runs):.0f}" for category in CATEGORIES))
