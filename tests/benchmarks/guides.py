"""Times the printed guides, beside the same pages printed by WeasyPrint and by a browser."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import lxml.html
from playwright.sync_api import sync_playwright

from macros import press
from macros.guides import LARGE, NORMAL, Guides
from macros.model import Stage
from macros.output import Output
from macros.project import Project
from tests.browser import ARGUMENTS, find_browser

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


def ours(project: Project, runs: int) -> list[Row]:
    """Return how long each group of guides takes inside a build, everything made anew."""
    assert project.framework is not None
    stages = project.framework.all(Stage)
    stamp = project.stamp("https://framework.example.org/", "Hertfordshire Social Value Framework")

    def made(choose: Callable[[Guides], list[Output]]) -> Callable[[], Sequence[bytes]]:
        def make() -> Sequence[bytes]:
            press._print.cache_clear()
            press._compiler.cache_clear()
            assert project.framework is not None
            return [output.content for output in choose(Guides(project.framework, project.pages, stamp))]

        return make

    groups: dict[str, Callable[[Guides], list[Output]]] = {
        f"{len(stages)} stage guides": lambda guides: [guides.stage(stage) for stage in stages],
        f"{len(stages)} checklists": lambda guides: [guides.checklist(stage) for stage in stages],
        "the glossary": lambda guides: [guides.glossary()],
        "the whole framework": lambda guides: [guides.framework("framework", NORMAL)],
        "the same in large print": lambda guides: [guides.framework("framework-large-print", LARGE)],
        "all of them": lambda guides: list(guides.all()),
    }
    rows: list[Row] = []
    for name, choose in groups.items():
        seconds, content = _times(made(choose), runs)
        rows.append((name, seconds, seconds / rows[0][1] if rows else 1.0, _size(content)))
    return rows


def beside(project: Project, site: Path, first: float, runs: int) -> list[Row]:
    """Return how long the guides' pages of the built `site` take others; `first` is how long the stage guides take us, in seconds."""
    assert project.framework is not None
    pages = [site / stage.url / "index.html" for stage in project.framework.all(Stage)]
    rows: list[Row] = []
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        rows.append((f"WeasyPrint: not measured ({error}); pip install --group bench", 0, 0, 0))
    else:
        style = (site / "framework.css").read_text("utf-8")
        articles = [
            f'<html lang="en-GB"><title>{page.parent.name}</title><style>{style}</style><body class="md-typeset">'
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
