"""Measures the site as its framework grows, beside plain MkDocs and Hugo with the same pages, expanded before.

Each copy of the framework is there as another county's would be in one site: with its own stages, recommendations, principles and
audiences, a page for each of them in the menu, and its own glossary, values, sources and so on. What shares one page in the real site
shares it with all copies, as the address of such a record is one of that page: the glossary, sources, values, laws, case studies, events,
comparison and common core; and so do what lists everything (home, the lists of stages and audiences, coverage, the matrix, the sitemap).
The report and the words to avoid stay as they are.
"""

from __future__ import annotations

import gzip
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from playwright.sync_api import Browser, Request, sync_playwright

from macros import hooks, outputs
from macros.browser import launched
from macros.guides import LARGE, NORMAL, Guides
from macros.host import served
from macros.model import Stage
from macros.output import Output
from macros.press import Guide, NotPrintedError, printed
from macros.project import Project, read_project
from tests.benchmarks.measure import OVER_MEMORY, ROOT, OverError, Taken, row, taken
from tests.benchmarks.plain import expanded, for_hugo
from tests.benchmarks.scale import copied, unlimited
from tests.benchmarks.weight import on_disk, opened

LIMIT = 60 * 60
"""How many seconds one builder may take at one factor."""
MEMORY = 6 * 1024**3
"""How many bytes of memory a process of ours may take, so that a large framework does not stop the whole machine."""
OVER = {"time": f"over {LIMIT // 60} min", "memory": f"over {MEMORY // 1024**3} GB"}
STAGE = "stages/2-specify/"
QUERY = "outcomes"
COLUMNS = (
    "framework",
    "made by",
    "seconds",
    "of processors",
    "ratio to mkdocs",
    "ratio to the first",
    "peak memory",
    "files",
    "written",
    "a stage page",
    "first query",
    "answered in",
)


class Built(NamedTuple):
    """What a builder took and made: files, bytes, bytes of a stage page, and of the first query with its seconds; None if not measured.

    `over` says of what it would have taken too much: then there is nothing else.
    """

    taken: Taken | None = None
    files: int | None = None
    size: int | None = None
    page: int | None = None
    query: tuple[int, float | None] | None = None
    over: str = ""


def build(root: Path, target: Path) -> None:
    """Build the project `root` into `target`, with an empty file in the place of each printed guide."""

    class Unprinted(Guides):
        def all(self) -> Iterator[Guide]:
            names = [f"stage-{stage.id}{form}" for stage in self._stages for form in ("", "-checklist")]
            yield from (
                Guide(f"downloads/{name}.pdf", "", self._stamp.day) for name in (*names, "framework", "framework-large-print", "glossary")
            )

    def stood_in(made: tuple[Guide, ...]) -> tuple[Output, ...]:
        return tuple(Output(guide.path, b"", 1) for guide in made)

    with patch.object(outputs, "Guides", Unprinted), patch.object(outputs, "printed", stood_in):
        hooks.build(root, target)


def guides(project: Project, part: str) -> Iterator[Guide]:
    """Yield the guides of `project` that are `part` of all: those of the stages, or those that hold everything."""
    assert project.framework is not None
    stamp = project.stamp("https://framework.example.org/", "Hertfordshire Social Value Framework")
    made = Guides(project.framework, project.pages, stamp)
    if part == "stages":
        for stage in project.framework.all(Stage):
            yield made.stage(stage)
            yield made.checklist(stage)
    else:
        yield made.framework("framework", NORMAL)
        yield made.framework("framework-large-print", LARGE)
        yield made.glossary()


def print_(root: Path, target: Path, part: str) -> None:
    """Print the guides of the project `root` that are `part` of all into the folder `target`."""
    target.mkdir()
    for output in printed(tuple(guides(read_project(root), part))):
        (target / Path(output.path).name).write_bytes(output.content)


def asked(browser: Browser, address: str) -> tuple[int, float]:
    """Ask the search of the site at `address` the first query; return the bytes that it fetches, and seconds until it answers."""
    page = browser.new_context().new_page()
    moved: list[Request] = []
    page.goto(f"{address}search/")
    page.wait_for_load_state("networkidle")
    page.on("requestfinished", lambda request: moved.append(request))
    start = time.monotonic()
    page.fill("#search-page input", QUERY)
    page.press("#search-page input", "Enter")
    page.wait_for_function("words => document.querySelector('#search-page').dataset.shown === words", arg=QUERY, timeout=120_000)
    seconds = time.monotonic() - start
    page.wait_for_load_state("networkidle")
    size = sum(request.sizes()["responseBodySize"] for request in moved)
    page.context.close()
    return size, seconds


def child(*words: object) -> list[str]:
    """Return the command that does what `words` ask of this module in a process of its own."""
    return [sys.executable, "-m", "tests.benchmarks.growth", *map(str, words)]


def measured(command: list[str], folder: Path, target: Path, limit: float, browser: Browser) -> Built:
    """Run `command` in `folder`, which builds a site into `target`, and weigh that site."""
    try:
        used = taken(command, folder, limit)
    except OverError as error:
        return Built(over=str(error))
    files = sum(1 for file in target.rglob("*") if file.is_file())
    with served(target) as address:
        moved, _ = opened(browser, address, STAGE)
        query: tuple[int, float | None] | None = None
        index = target / "search" / "search_index.json"
        if (target / "pagefind").is_dir():
            query = asked(browser, address)
        elif index.is_file():
            query = len(gzip.compress(index.read_bytes())), None
    return Built(used, files, on_disk(target), sum(moved), query)


def builders(work: Path, source: Path, limit: float, browser: Browser) -> Iterator[tuple[str, Built]]:
    """Yield what each builder takes for the project `source`, mkdocs first; `work` is an empty folder."""
    plain, small = work / "plain", work / "hugo"
    taken(child("expand", source, plain), ROOT)
    for_hugo(plain, small)
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(work / "of-mkdocs")]
    yield "mkdocs", measured(mkdocs, plain, work / "of-mkdocs", limit, browser)
    if hugo := shutil.which("hugo"):
        yield "Hugo", measured([hugo, "--quiet", "-d", str(work / "of-hugo")], small, work / "of-hugo", limit, browser)
    yield "ours, not printed", measured(child("build", source, work / "ours"), ROOT, work / "ours", limit, browser)
    for part, name in (("stages", "guides and checklists as PDF"), ("whole", "whole framework twice and glossary as PDF")):
        target = work / part
        try:
            used = taken(child("print", source, target, part), ROOT, limit)
        except OverError as error:
            yield name, Built(over=str(error))
        else:
            yield name, Built(used, sum(1 for _ in target.iterdir()), sum(file.stat().st_size for file in target.iterdir()))


def shown(size: str, name: str, built: Built, mkdocs: float | None, first: float | None) -> tuple[object, ...]:
    """Return the cells of the row of `built`, made by `name` of a framework of that `size`.

    `mkdocs` is how long mkdocs took for the same, and `first` how long `name` took for the first size, in seconds of processors.
    """

    def cell(value: float | None, write: Callable[[float], str]) -> str:
        return "" if value is None else write(value)

    used, (moved, answered) = built.taken, built.query or (None, None)
    return (
        size,
        name,
        OVER[built.over] if used is None else f"{used.seconds:.1f}",
        cell(used and used.processor, "{:.1f}".format),
        cell(used and mkdocs and used.processor / mkdocs, "{:.1f}".format),
        cell(used and first and used.processor / first, "{:.1f}".format),
        cell(used and used.memory, lambda n: f"{n / 1024:,.0f} MB"),
        cell(built.files, "{:,}".format),
        cell(built.size, lambda n: f"{n / 1e6:,.1f} MB"),
        cell(built.page, lambda n: f"{n / 1000:.1f} KB"),
        cell(moved, lambda n: f"{n / 1000:.0f} KB"),
        cell(answered, lambda n: f"{n:.2f} s"),
    )


def growth(work: Path, factors: tuple[int, ...] = (1, 10)) -> None:
    """Print the table for a framework so many times the real one."""
    sys.stdout.write(
        f"\nThe site as its framework grows, one run each, at most {LIMIT // 60} minutes, and for ours"
        f" {MEMORY // 1024**3} GB a process; ratios are of seconds of processors."
        " mkdocs and Hugo build the same pages, expanded before, without checks, open data, workbook or guides to print; Hugo in a frame"
        " of a few lines. A stage page: what a browser fetches for it first, packed, headers included. First query: what it fetches (for"
        " mkdocs its whole index, packed). All copies share one glossary page, one of sources, and so on, and the same words, so that the"
        " words that the search knows grow less than they would.\n\n"
    )
    row(*COLUMNS)
    row(*["---"] * len(COLUMNS))
    first: dict[str, float | None] = {}
    with sync_playwright() as playwright:
        browser = launched(playwright)
        for times in factors:
            inside = work / f"grown-{times}"
            inside.mkdir()
            source = copied(ROOT, inside / "source", times)
            records = sum(1 for _ in (source / "data").rglob("*.yml"))
            mkdocs: float | None = None
            for name, built in builders(inside, source, LIMIT, browser):
                processor = built.taken and built.taken.processor
                mkdocs = processor if name == "mkdocs" else mkdocs
                first.setdefault(name, processor)
                row(*shown(f"{times} times, {records:,} records", name, built, mkdocs, first[name]))
            shutil.rmtree(inside)
        browser.close()


def main(task: str, root: str, target: str, *more: str) -> None:
    """Do `task` (expand, build, print) for the project `root`, in this process, into the folder `target`."""
    unlimited()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        if task == "expand":
            expanded(Path(root), Path(target))
        elif task == "build":
            build(Path(root), Path(target))
        else:
            print_(Path(root), Path(target), *more)
    except (MemoryError, NotPrintedError) as error:
        if isinstance(error, NotPrintedError) and "memory" not in str(error):
            raise
        sys.exit(OVER_MEMORY)


if __name__ == "__main__":
    main(*sys.argv[1:])
