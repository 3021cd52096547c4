"""The table of printed guides: their times, next to the same pages printed by WeasyPrint and by a browser."""

from __future__ import annotations

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


def once(group: str) -> tuple[float, int]:
    """Print the guides of `group`; return seconds and their mean size in bytes.

    Typst keeps its layout for as long as a process lives, so only the first time in a process counts.
    """
    project = read_project(ROOT)
    assert project.framework is not None
    stamp = project.stamp("https://framework.example.org/", "Hertfordshire Social Value Framework")
    start = time.monotonic()
    made = printed(GROUPS[group](Guides(project.framework, project.pages, stamp), project.framework.all(Stage)))
    return time.monotonic() - start, _mean_size([output.content for output in made])


def _mean_size(files: Sequence[bytes]) -> int:
    return sum(map(len, files)) // len(files)


def guides(work: Path) -> None:
    """Print the table."""
    table(f"Printed guides, median of {RUNS}", "guides", "seconds", "ratio to the stage guides", "mean size")
    first = 0.0

    def add_row(name: str, seconds: float, size: int) -> None:
        row(name, f"{seconds:.2f}", f"{seconds / first:.1f}", f"{size / 1024:.0f} KB")

    for group in GROUPS:
        command = [sys.executable, "-c", f"from tests.benchmarks.guides import once; print(*once({group!r}))"]
        runs = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split() for _ in range(RUNS)]
        seconds = statistics.median(float(run[0]) for run in runs)
        first = first or seconds
        add_row(group, seconds, int(runs[0][1]))

    def add_other(name: str, make: Callable[[], Sequence[bytes]]) -> None:
        times = []
        for _ in range(RUNS):
            start = time.monotonic()
            made = make()
            times.append(time.monotonic() - start)
        add_row(name, statistics.median(times), _mean_size(made))

    site = work / "site"
    mkdocs_hooks.build(ROOT, site)
    pages = sorted(site.glob("stages/[0-9]*/index.html"))
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        row(f"WeasyPrint: not measured ({error}); .venv/bin/python -m pip install weasyprint==VERSION of pyproject.toml")
    else:
        style = (site / "framework.css").read_text("utf-8")
        articles = [
            f'<html lang="en-GB"><title>{page.parent.name}</title><style>{style}</style><body>'
            + lxml.html.tostring(lxml.html.parse(page).getroot().find(".//article"), encoding="unicode")
            for page in pages
        ]
        name = f"WeasyPrint {weasyprint.__version__}, {len(pages)} pages"
        add_other(name, lambda: [weasyprint.HTML(string=article).write_pdf(pdf_variant="pdf/ua-1") for article in articles])
    with sync_playwright() as playwright:
        browser = launched(playwright)
        tab = browser.new_page()

        def printed_by_browser() -> list[bytes]:
            files = []
            for page in pages:
                tab.goto(page.as_uri())
                files.append(tab.pdf(format="A4", tagged=True, outline=True))
            return files

        add_other(f"Chromium {browser.version}, {len(pages)} pages, started already", printed_by_browser)
        browser.close()
