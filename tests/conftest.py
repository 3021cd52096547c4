"""Fixtures for all tests: small and real projects, the built site, a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
import yaml
from click.testing import CliRunner
from filelock import FileLock
from playwright.sync_api import Browser, Page, expect, sync_playwright

from macros.__main__ import main
from macros.model.framework import Framework
from macros.model.output import Stamp
from macros.model.records import Recommendation, Stage
from macros.outputs.cms import FOLDER
from macros.site_build import mkdocs_hooks
from macros.site_build.project import Project, read_project
from tests.support.chromium import NoBrowserError, launched
from tests.support.http_server import served

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
REAL = Path(os.environ.get("SVF_PROJECT", ROOT))
"""The project of the real records and pages: this repository, or an edited copy of it (test_documented_edits.py)."""
LOCAL_ONLY = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""Blocks all hosts but this machine in browsers, so that tests are not counted as readers."""


for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
    os.environ.pop(name, None)  # print messages as on a laptop


def sweep(*cases: Any) -> list[Any]:
    """Return cases of a parametrised test, marked as a sweep; a tuple is several values."""
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.sweep) for case in cases]


def cases(name: str) -> Any:
    """Return the cases `name`, a key of a file of tests/cases/, such as `diff.words_that_differ_are_marked`."""
    file, _, key = name.partition(".")
    return yaml.safe_load((TESTS / f"cases/{file}.yml").read_text("utf-8"))[key]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the current output to tests/expected/ and tests/broken/")
    parser.addini("our_content", "whether data/ and content/ are those that tests marked our_content judge", "bool", default=True)
    parser.addoption("--all", action="store_true", help="also run sweeps over all pages and queries")


def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are processors, as browser tests often wait."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests of real records and pages for test_documented_edits.py; deselect sweeps without --all.

    A module with its own fixture `real`, `real_project` or `site` tests something else.
    """
    for item in items:
        needed = set(getattr(item, "fixturenames", ()))
        own = set(vars(getattr(item, "module", item)))
        if (needed - own) & {"real", "real_project", "site"} and "browser" not in needed:
            item.add_marker("records")
    slow = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path not in slow)  # start slow files first
    if not config.getini("our_content"):
        items[:] = [item for item in items if not item.get_closest_marker("our_content")]
    if not config.getoption("--all"):
        items[:] = [item for item in items if not item.get_closest_marker("sweep")]


@pytest.fixture(scope="session")
def accept(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--accept"))


Done = subprocess.CompletedProcess[str]
"""The exit status and output of a command."""


def svf(folder: Path, *words: str, **environment: str) -> Done:
    """Run `svf` with `words` as arguments in `folder`, in this process; an uncaught exception fails the test."""
    with chdir(folder):
        done = CliRunner(catch_exceptions=False).invoke(main, words, prog_name="svf", env=environment)
    if isinstance(done.exception, SystemExit) and isinstance(line := done.exception.code, str):  # CliRunner prints it to standard output
        return Done(words, 1, done.stdout.removesuffix(f"{line}\n"), f"{done.stderr}{line}\n")
    return Done(words, done.exit_code, done.stdout, done.stderr)


def copy_project(root: Path, folder: Path) -> Path:
    """Copy the project `root` to `folder`, to be changed and built there with our code; return `folder`."""
    folder.mkdir(exist_ok=True)
    for name in ("data", "content", "overrides", ".github", ".vscode", "mkdocs.yml", "CHANGELOG.md", "CONTRIBUTING.md", ".gitignore"):
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name)
        elif (root / name).is_file():
            shutil.copy(root / name, folder)
    for name in ("macros", "node_modules", "package.json", "package-lock.json"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def framework_of(root: Path) -> Framework:
    """Return the framework of the project `root`, which must have no problems."""
    project = read_project(root)
    assert project.errors == ()
    assert project.framework is not None
    return project.framework


def share_cache(folder: Path) -> None:
    """Let the project in `folder` use the repository's cache of PDFs, so that few are printed again."""
    (ROOT / ".cache/outputs").mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text(".cache/\n.build.lock\n", "utf-8")
    (folder / ".cache").mkdir()
    (folder / ".cache/outputs").symlink_to(ROOT / ".cache/outputs")


def make_project(folder: Path) -> Path:
    """Make a project of the small framework in `folder`: the starter with a record of every kind; return `folder`."""
    for source in (TESTS / "starter", TESTS / "every_kind"):
        for name in ("data", "content"):
            shutil.copytree(source / name, folder / name, dirs_exist_ok=True)
    shutil.copytree(ROOT / "overrides", folder / "overrides")
    for name in ("checklist.js", "checklist-page.js", "framework.css", "framework.js", "search.js", "suggest.js"):
        shutil.copy(ROOT / "content" / name, folder / "content")
    (folder / "macros").symlink_to(ROOT / "macros")
    share_cache(folder)
    settings = yaml.safe_load((TESTS / "starter/mkdocs.yml").read_text("utf-8")) | {"site_description": "A small framework for tests."}
    del settings["nav"]  # which leaves out the pages of every_kind
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(settings), "utf-8")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project for one test, which may change it."""
    return make_project(tmp_path / "project")


@pytest.fixture(scope="session")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small project, which tests must not change."""
    return read_project(make_project(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="session")
def small(small_project: Project) -> Framework:
    """The small framework."""
    assert small_project.framework is not None, small_project.problems
    return small_project.framework


@pytest.fixture(scope="session")
def real_project() -> Project:
    """The real project: data/ and content/."""
    return read_project(REAL)


@pytest.fixture(scope="session")
def real(real_project: Project) -> Framework:
    """The framework of data/."""
    assert real_project.framework is not None, real_project.problems
    return real_project.framework


@pytest.fixture(scope="session")
def stamp(real_project: Project) -> Stamp:
    """The stamp of the real site."""
    settings = yaml.safe_load((REAL / "mkdocs.yml").read_text("utf-8"))
    return real_project.stamp(settings["site_url"], settings["site_name"])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """The real site, built once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if hasattr(pytestconfig, "workerinput"):
        shared = shared.parent
    target = shared / "site"
    with FileLock(shared / "site.lock"):
        if not target.exists():
            building = shared / "site-building"
            shutil.rmtree(building, ignore_errors=True)
            mkdocs_hooks.build(REAL, building)
            building.rename(target)
    return target


def present(*urls: str) -> list[str]:
    """Return those of `urls` that are pages of the real site; another county may leave out some kinds."""
    return [url for url in urls if any((REAL / "content" / file).is_file() for file in (f"{url}index.md", f"{url[:-1]}.md"))]


STAGE, PRINCIPLE = (
    f"{kind}/{max(sorted((REAL / 'content' / kind).glob('[0-9]*.md'))[:2], default=Path('none')).stem}/" for kind in ("stages", "compact")
)
AUDIENCE = max(file.stem for file in (REAL / "data/audiences").glob("*.yml"))
ONE_OF_EACH_KIND = ["", STAGE, f"audiences/{AUDIENCE}/", *present("compact/", PRINCIPLE, "glossary/", "law/", "brighton-and-hove/")]


@pytest.fixture(scope="session")
def urls(site: Path, pytestconfig: pytest.Config) -> list[str]:
    """The addresses of all pages with --all, else of one page of each kind."""
    if not pytestconfig.getoption("--all"):
        return ONE_OF_EACH_KIND
    pages = [file for file in html_of(site) if 'http-equiv="refresh"' not in file.read_text("utf-8")]
    return [file.relative_to(site).as_posix().removesuffix("index.html") for file in pages]


def edition_line(stamp: Stamp) -> str:
    """Return the edition and day of `stamp` as shown to readers."""
    return f"Edition {stamp.edition}, {stamp.day.day} {stamp.day:%B %Y}"


def in_page_order(framework: Framework, stage: Stage) -> list[Recommendation]:
    """Return the recommendations of `stage` in the order of its page: those without a theme, then by theme."""
    themes = [None, *(theme.id for theme in stage.themes)]
    return sorted(framework.recommendations(stage), key=lambda record: themes.index(record.theme))


def html_of(site: Path, name: str = "*.html") -> list[Path]:
    """The files of the pages of `site`, without the form at /edit/, which has its own test."""
    return sorted(file for file in site.rglob(name) if file.relative_to(site).parts[0] != FOLDER)


@pytest.fixture(scope="session")
def address(site: Path, stamp: Stamp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which the built site is served, with the path of its `site_url`."""
    root, path = tmp_path_factory.mktemp("server") / "root", urlsplit(stamp.home).path.strip("/")
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to(site)
    with served(root) as home:
        yield urljoin(home, path + "/" if path else "")


@pytest.fixture(scope="session")
def expected(accept: bool) -> Callable[[str, str], None]:
    """Compare a text with a file of tests/expected/, or write it there with --accept."""

    def compare(name: str, text: str) -> None:
        file = TESTS / "expected" / name
        if accept:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        assert file.is_file(), f"no {file.relative_to(ROOT)}; if the text is right, run: make accept"
        assert text == file.read_text("utf-8"), f"differs from {file.relative_to(ROOT)}; if the new text is right, run: make accept"

    return compare


def wait_until(page: Page, done: Callable[[], bool]) -> None:
    """Wait until `done` returns True, as events of a browser are asynchronous; fail after a minute."""
    for _ in range(1200):
        if done():
            return
        page.wait_for_timeout(50)
    pytest.fail("timed out")


class Watched(NamedTuple):
    """A page of a browser, the addresses that it requests, and its complaints."""

    page: Page
    requested: list[str]
    complaints: list[str]


@contextmanager
def watched(browser: Browser) -> Iterator[Watched]:
    """Open a page whose requests, errors and violations of the policy are recorded while the block runs."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    seen = Watched(context.new_page(), [], [])
    seen.page.on("request", lambda request: seen.requested.append(request.url))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.expose_function("refused", lambda what: seen.complaints.append(what))
    seen.page.add_init_script(
        "addEventListener('securitypolicyviolation', (event) => refused(`${event.violatedDirective} ${event.blockedURI}`))"
    )
    yield seen
    context.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser."""
    expect.set_options(timeout=60_000)  # the machine may be busy
    with sync_playwright() as playwright:
        try:
            found = launched(playwright, LOCAL_ONLY)
        except NoBrowserError as error:
            pytest.fail(str(error), pytrace=False)
        yield found
        found.close()
