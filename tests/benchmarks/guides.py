"""The table of printed guides: their times, next to the same pages printed by WeasyPrint and by a browser."""

from __future__ import annotations

import functools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import lxml.html
from playwright.sync_api import sync_playwright

from macros.model.records import Stage
from macros.outputs.pdf.guides import LARGE, NORMAL, Guides
from macros.outputs.pdf.typst_compile import Guide, printed
from macros.site_build import mkdocs_hooks
from macros.site_build.project import read_project
from tests.benchmarks.measure import ROOT, row, table
from tests.support.chromium import launched

RUNS = 5
GROUPS: dict[str, Callable[[Guides, Sequence[Stage]], list[Guide]]] = {
    "stage guides": lambda guides, stages: [guides.stage(stage) for stage in stages],
    "checklists": lambda guides, stages: [guides.checklist(stage) for stage in stages],
    "the glossary": lambda guides, _: [guides.glossary()],
    "the whole framework": lambda guides, _: [guides.framework("framework", NORMAL)],
    "the same in large print": lambda guides, _: [guides.framework("framework-large-print", LARGE)],
    "all of them": lambda guides, _: list(guides.all()),
}


def timed(make: Callable[[], Sequence[bytes]]) -> tuple[float, float]:
    """Return the seconds that `make` takes, and the mean size in KB of what it makes."""
    start = time.monotonic()
    files = make()
    return time.monotonic() - start, statistics.mean(map(len, files)) / 1024


def once(group: str) -> None:
    """Print the guides of `group`, and write their seconds and mean size.

    Typst keeps its layout for as long as a process lives, so only the first time in a process counts.
    """
    project = read_project(ROOT)
    assert project.framework is not None
    guides = Guides(project.framework, project.pages, project.stamp("https://framework.example.org/", "Framework"))
    wanted = GROUPS[group](guides, project.framework.all(Stage))
    sys.stdout.write("{} {}".format(*timed(lambda: [output.content for output in printed(wanted)])))


def guides(work: Path) -> None:
    """Print the table."""
    table(f"Printed guides, median of {RUNS}", "guides", "seconds", "ratio to the stage guides", "mean size")
    first = 0.0

    def add_row(name: str, run: Callable[[], tuple[float, float]]) -> None:
        nonlocal first
        runs = [run() for _ in range(RUNS)]
        seconds = statistics.median(run[0] for run in runs)
        first = first or seconds
        row(name, f"{seconds:.2f}", f"{seconds / first:.1f}", f"{runs[0][1]:.0f} KB")

    def in_a_process(group: str) -> tuple[float, float]:
        command = [sys.executable, "-c", f"from tests.benchmarks.guides import once; once({group!r})"]
        seconds, size = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
        return float(seconds), float(size)

    for group in GROUPS:
        add_row(group, functools.partial(in_a_process, group))
    mkdocs_hooks.build(ROOT, work / "site")
    pages = sorted((work / "site").glob("stages/[0-9]*/index.html"))
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        row(f"WeasyPrint: not measured ({error}); .venv/bin/python -m pip install weasyprint==VERSION of pyproject.toml")
    else:
        head = f'<html lang="en-GB"><title>Guide</title><style>{(work / "site/framework.css").read_text("utf-8")}</style><body>'
        articles = [head + lxml.html.tostring(lxml.html.parse(page).getroot().find(".//article"), encoding="unicode") for page in pages]
        name = f"WeasyPrint {weasyprint.__version__}, {len(pages)} pages"
        add_row(name, lambda: timed(lambda: [weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1") for html in articles]))
    with sync_playwright() as playwright:
        browser = launched(playwright)
        tab = browser.new_page()

        def printed_by_browser(page: Path) -> bytes:
            tab.goto(page.as_uri())
            return tab.pdf(format="A4", tagged=True, outline=True)

        name = f"Chromium {browser.version}, {len(pages)} pages, started already"
        add_row(name, lambda: timed(lambda: [printed_by_browser(page) for page in pages]))
        browser.close()
