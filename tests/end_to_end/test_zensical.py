"""Test that Zensical builds the same site, with `svf finish` for what it has no hooks for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import lxml.html
import pytest
from lxml.html import HtmlElement

from tests.conftest import ROOT

pytestmark = pytest.mark.sweep
BASE = "https://site.invalid/"
THEIRS = {"sitemap.xml", "sitemap.xml.gz", "search.json"}
"""Files that Zensical makes in its own way."""


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def zensical_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site as Zensical builds it, finished."""
    folder = tmp_path_factory.mktemp("rehearsal")
    for name in ("content", "data", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("macros", "node_modules", "package.json", "package-lock.json"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    built = run(folder, "zensical", "build", "--strict")
    assert built.returncode == 0, built.stdout + built.stderr
    finished = run(folder, "macros", "finish", "site")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return folder / "site"


def files(site: Path) -> set[str]:
    return {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}


def content(element: HtmlElement, address: str) -> Iterator[str]:
    """Yield the names, attributes, full addresses and text in `element` of the page at `address`, with white space collapsed."""
    if isinstance(element.tag, str):
        yield element.tag
        for name, value in sorted(element.attrib.items()):
            yield f"{name}={urljoin(address, value) if name in ('href', 'src', 'action') else ' '.join(value.split())}"
        yield " ".join((element.text or "").split())
        for child in element:
            yield from content(child, address)
            yield " ".join((child.tail or "").split())
        yield f"/{element.tag}"


def article(file: Path, site: Path) -> list[str] | None:
    found = lxml.html.fromstring(file.read_bytes()).find(".//article")
    return None if found is None else list(content(found, BASE + file.relative_to(site).as_posix().removesuffix("index.html")))


@pytest.mark.costly
def test_the_articles_are_the_same(site: Path, zensical_site: Path) -> None:
    pages = sorted(name for name in files(site) if name.endswith(".html"))
    assert pages == sorted(name for name in files(zensical_site) if name.endswith(".html"))
    compared = 0
    for name in pages:
        ours = article(site / name, site)
        assert article(zensical_site / name, zensical_site) == ours, name
        compared += ours is not None
    assert compared > 36


@pytest.mark.costly
def test_all_other_files_are_the_same(site: Path, zensical_site: Path) -> None:
    """Guides, workbook, open data, the form and the search index, whose words come from the built pages."""
    ours, theirs = (files(tree) - THEIRS for tree in (site, zensical_site))
    assert ours == theirs
    for name in sorted(ours):
        if not name.endswith(".html") or not lxml.html.fromstring((site / name).read_bytes() or b"-").xpath("//article"):
            assert (zensical_site / name).read_bytes() == (site / name).read_bytes(), name


@pytest.mark.costly
def test_menus_and_titles_are_the_same(site: Path, zensical_site: Path) -> None:
    for name in ("index.html", "stages/1-strategy/index.html", "404.html"):
        titles = [[a.text_content() for a in lxml.html.parse(tree / name).xpath('//nav[@id="menu"]//a')] for tree in (site, zensical_site)]
        assert titles[0] == titles[1]
        assert titles[0]
        shown = [lxml.html.parse(tree / name).findtext(".//title") for tree in (site, zensical_site)]
        assert shown[0] == shown[1]


def test_an_invalid_record_stops_the_build_and_svf_finish_names_it(project: Path) -> None:
    (project / "data/values/trust.yml").write_text("x\n")
    built = run(project, "zensical", "build", "--strict")
    assert built.returncode != 0
    assert "InvalidDataError" in built.stderr
    finished = run(project, "macros", "finish", ".")
    assert finished.returncode == 1
    assert finished.stdout.startswith("data/values/trust.yml:1:1: ")


def test_a_site_can_be_finished_twice(project: Path) -> None:
    assert run(project, "zensical", "build", "--strict").returncode == 0
    assert run(project, "macros", "finish", "site").returncode == 0
    finished = {name: (project / "site" / name).read_bytes() for name in files(project / "site")}
    assert run(project, "macros", "finish", "site").returncode == 0
    assert finished == {name: (project / "site" / name).read_bytes() for name in files(project / "site")}
