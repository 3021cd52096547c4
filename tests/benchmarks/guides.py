"""Times the printed guides, beside the same pages printed by WeasyPrint and by a browser."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import lxml.html
from playwright.sync_api import sync_playwright

from macros.model.core import Stage
from macros.outputs.pdf.guides import LARGE, NORMAL, Guides
from macros.outputs.pdf.typst_compile import Guide, printed
from macros.site_build.project import Project, read_project
from tests.support.chromium import ARGUMENTS, find_browser

ROOT = Path(__file__).parent.parent.parent
Row = tuple[str, float, float, int]
"""What was made, seconds, the ratio to ours, and the mean size in bytes."""


def _times(make: Callable[[], Sequence[bytes]], runs: int) -> tuple[float, Sequence[bytes]]:
    found: list[float] = []
    made: Sequence[bytes] = ()
    for _ in range(runs):
        start = time.monotonic()
        made = make()
        found.append(time.monotonic() - start)
    return statistics.median(found), made


def _size(made: Sequence[bytes]) -> int:
    return sum(map(len, made)) // len(made)


GROUPS: dict[str, Callable[[Guides, Sequence[Stage]], list[Guide]]] = {
    "stage guides": lambda guides, stages: [guides.stage(stage) for stage in stages],
    "checklists": lambda guides, stages: [guides.checklist(stage) for stage in stages],
    "the glossary": lambda guides, _: [guides.glossary()],
    "the whole framework": lambda guides, _: [guides.framework("framework", NORMAL)],
    "the same in large print": lambda guides, _: [guides.framework("framework-large-print", LARGE)],
    "stage guides, glossary and whole framework": lambda guides, stages: [
        *(guides.stage(stage) for stage in stages),
        guides.glossary(),
        guides.framework("framework", NORMAL),
    ],
    "all of them": lambda guides, _: list(guides.all()),
}


def once(group: str) -> tuple[float, int]:
    """Make the guides of `group` for the first time in this process; return seconds and the mean size in bytes.

    Typst remembers what it has laid out for as long as a process lives, so only the first time counts.
    """
    project = read_project(ROOT)
    assert project.framework is not None
    stamp = project.stamp("https://framework.example.org/", "Hertfordshire Social Value Framework")
    start = time.monotonic()
    made = printed(GROUPS[group](Guides(project.framework, project.pages, stamp), project.framework.all(Stage)))
    return time.monotonic() - start, _size([output.content for output in made])


def ours(runs: int) -> list[Row]:
    """Return how long each group of guides takes inside a build: the median of `runs` processes, without their start."""
    rows: list[Row] = []
    for group in GROUPS:
        code = f"from tests.benchmarks.guides import once; print(*once({group!r}))"
        found = [
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
            for _ in range(runs)
        ]
        seconds = statistics.median(float(second) for second, _ in found)
        rows.append((group, seconds, seconds / rows[0][1] if rows else 1.0, int(found[0][1])))
    return rows


def beside(project: Project, site: Path, first: float, runs: int) -> list[Row]:
    """Return how long the guides' pages of the built `site` take others; `first` is how long the stage guides take us, in seconds."""
    assert project.framework is not None
    pages = [site / stage.url / "index.html" for stage in project.framework.all(Stage)]
    rows: list[Row] = []
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        rows.append((f"WeasyPrint: not measured ({error}); .venv/bin/python -m pip install weasyprint==VERSION of pyproject.toml", 0, 0, 0))
    else:
        style = (site / "framework.css").read_text("utf-8")
        articles = [
            f'<html lang="en-GB"><title>{page.parent.name}</title><style>{style}</style><body>'
            + lxml.html.tostring(lxml.html.parse(page).getroot().find(".//article"), encoding="unicode")
            for page in pages
        ]
        seconds, made = _times(lambda: [weasyprint.HTML(string=a).write_pdf(pdf_variant="pdf/ua-1") for a in articles], runs)
        rows.append((f"WeasyPrint {weasyprint.__version__}, {len(pages)} pages", seconds, seconds / first, _size(made)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        tab = browser.new_page()

        def made_by_browser() -> list[bytes]:
            found = []
            for page in pages:
                tab.goto(page.as_uri())
                found.append(tab.pdf(format="A4", tagged=True, outline=True))
            return found

        seconds, made = _times(made_by_browser, runs)
        rows.append((f"Chromium {browser.version}, {len(pages)} pages, started already", seconds, seconds / first, _size(made)))
        browser.close()
    return rows
