"""Asks Lighthouse for its scores of the built site, as on a phone, if it has been fetched."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from pathlib import Path

from tests.support.chromium import ARGUMENTS, find_browser
from tests.support.http_server import served

HERE = Path(__file__).parent
COMMAND = HERE / "node_modules/.bin/lighthouse"
PAGES = {"home": "", "stage 2": "stages/2-specify/", "glossary": "glossary/", "matrix": "compact/", "comparison": "brighton-and-hove/"}
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]


def scores(site: Path, runs: int) -> dict[str, dict[str, float]]:
    """Return the scores of each page of the built `site`, 0 to 100, by category: the median of `runs`; none if there is no Lighthouse."""
    found: dict[str, dict[str, float]] = {}
    if not COMMAND.is_file():
        return found
    browser = find_browser()
    environment = {**os.environ, **({"CHROME_PATH": browser} if browser else {})}
    with served(site) as address:
        for name, url in PAGES.items():
            said = []
            for _ in range(runs):
                words = [str(COMMAND), address + url, "--output=json", "--quiet", f"--chrome-flags={' '.join(ARGUMENTS)}"]
                words.append(f"--only-categories={','.join(CATEGORIES)}")
                done = subprocess.run(words, env=environment, check=True, capture_output=True, text=True)
                said.append(json.loads(done.stdout)["categories"])
            found[name] = {category: 100 * statistics.median(one[category]["score"] for one in said) for category in CATEGORIES}
    return found
