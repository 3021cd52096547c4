"""The table of one framework with several times its records: nothing should grow faster than the records.

Stages, principles and audiences stay the same. A stage has letters for 26 recommendations; beyond that, other records are copied instead.
A copy refers to other copies, and has the text of its original except for the names of terms.
"""

from __future__ import annotations

import itertools
import os
import re
import string
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Browser, sync_playwright

from macros.__main__ import main
from macros.history.editions import next_edition
from macros.loading import files
from macros.model.document import Key
from macros.model.framework import Framework
from macros.model.records import KINDS, Audience, Principle, Recommendation, Stage
from macros.site_build.project import read_project
from tests.benchmarks.measure import ROOT, Usage, measure, row, table
from tests.benchmarks.weight import opened
from tests.conftest import copy_project
from tests.search_eval import Query, ask
from tests.support.chromium import launched
from tests.support.http_server import served

COLUMNS = ("records", "check", "build without printing", "memory", "printing", "memory", "a stage page", "largest page", "first query")


def grown(root: Path, folder: Path, times: int) -> Path:
    """Copy the project `root` to `folder` with `times` as many records; return `folder`."""
    copy_project(root, folder)
    project = read_project(root)
    framework = project.framework
    assert framework is not None
    edition = next_edition(framework, project.snapshots)
    copies = _copies(framework, times)
    named = defaultdict(list)
    for reference in framework.references:
        named[reference.holder].append(reference)
    numbers = {kind: itertools.count(len(framework.ids(kind)) + 1) for kind in KINDS}
    for (key, copy), new in copies.items():
        data: dict[str, Any] = yaml.load((root / framework.documents[key].path).read_text("utf-8"), yaml.BaseLoader)  # noqa: S506  (text only)
        for reference in named[key]:
            parent: Any = data
            for step in reference.loc[:-1]:
                parent = parent[step]
            parent[reference.loc[-1]] = copies.get((reference.target, copy), reference.target[1])
        data.pop("formerly", None)
        if "number" in data:
            data["number"] = str(next(numbers[key[0]]))
        if key[0] == "recommendation":
            data |= {"letter": new[-1], "added": edition}
        if "added" in data:
            data["added"] = edition
        if "withdrawn" in data:
            data["withdrawn"]["edition"] = edition
        if "web" in data:
            data["web"] += f"{'&' if '?' in data['web'] else '?'}copy={copy}"
        if key[0] == "term":
            data |= {"term": f"{data['term']} {copy}", "also": [f"{name} {copy}" for name in data.get("also", ())]}
        text = yaml.safe_dump(data, allow_unicode=True, width=10_000)
        text = re.sub(r"(?<=[^\s.])(?=[.?]['\"\s])", f"-{copy}", text) if key[0] == "recommendation" else text  # no sentence twice
        (folder / "data" / KINDS[key[0]].folder / f"{new}.yml").write_text(text, "utf-8")
    return folder


def _copies(framework: Framework, times: int) -> dict[tuple[Key, int], str]:
    """Return the ids of the copies by record and number of the copy."""
    used = {i for record in framework.all(Recommendation) for i in (record.id, *record.formerly)}
    letters = {s.id: iter([c for c in string.ascii_lowercase if f"{s.number}{c}" not in used]) for s in framework.all(Stage)}
    ids: dict[tuple[Key, int], str] = {}
    for copy in itertools.count(1):
        for key, record in framework.records.items():
            if len(ids) == (times - 1) * len(framework.records):
                return ids
            if isinstance(record, Recommendation):
                if letter := next(letters[record.stage], ""):
                    ids[key, copy] = f"{framework.stage_number(record.id)}{letter}"
            elif key[0] in KINDS and not isinstance(record, (Stage, Principle, Audience)):
                ids[key, copy] = f"{record.id}-{copy}"
    raise AssertionError


def measured(root: Path, browser: Browser) -> list[tuple[float, str]]:
    """Return the figures of the project `root` for each column but the first, with their units."""

    def child(command: str) -> Usage:
        return measure([sys.executable, "-m", "tests.benchmarks.growth", command, str(root)], ROOT)

    check, printed, built = child("check"), child("build"), child("build")
    site = root / "site"
    with served(site) as address:
        stage = sum(opened(browser, address, "stages/2-specify/").values())
    largest = max(file.stat().st_size for file in site.rglob("*.html"))
    (answer,) = ask(site, [Query("outcomes", (), 0)], browser)
    return [
        (check.processor, " s"),
        (built.processor, " s"),
        (built.memory / 1024, " MB"),
        (printed.processor - built.processor, " s"),
        (printed.memory / 1024, " MB"),
        *((size / 1000, " KB") for size in (stage, largest, answer.size)),
    ]


def growth(work: Path, factors: tuple[int, ...] = (1, 3, 10)) -> None:
    """Print the table for frameworks with `factors` times the records of the real one."""
    table("One framework as its records grow, one run each, with the ratio to the first row; README.md explains the columns", *COLUMNS)
    first: list[float] = []
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for times in factors:
            root = grown(ROOT, work / f"grown-{times}", times)
            records = sum(1 for _ in (root / "data").rglob("*.yml"))
            figures = [(records, ""), *measured(root, browser)]
            first = first or [value for value, _ in figures]
            pairs = zip(figures, first, strict=True)
            row(*(f"{value:,.{int(unit == ' s')}f}{unit} ({value / one:.1f})" for (value, unit), one in pairs))
        browser.close()


if __name__ == "__main__":
    files.MAX_FILES = files.MAX_TOTAL_BYTES = sys.maxsize
    os.chdir(sys.argv[2])
    main([sys.argv[1]])
