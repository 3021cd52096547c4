"""Test that Zensical builds the same site, with `svf finish` for what it has no hooks for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import lxml.etree
import lxml.html
import pytest

from tests.conftest import ROOT, copy_project

pytestmark = pytest.mark.sweep
BASE = "https://site.invalid/"
THEIRS = {"sitemap.xml", "sitemap.xml.gz", "search.json"}
"""Files that Zensical makes in its own way."""


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the project `folder` with Zensical, from a copy of content/ with the pages made from records."""
    prepared = run(folder, "macros", "prepare", ".cache/prepared")
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr
    settings = folder / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("docs_dir: content\n", "docs_dir: .cache/prepared\n"), "utf-8")
    return run(folder, "zensical", "build", "--strict")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def zensical_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site as Zensical builds it, finished."""
    folder = copy_project(ROOT, tmp_path_factory.mktemp("rehearsal"))
    built = build(folder)
    assert built.returncode == 0, built.stdout + built.stderr
    finished = run(folder, "macros", "finish", "site")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return folder / "site"


def files(site: Path) -> set[str]:
    return {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}


def article(site: Path, name: str) -> str | None:
    """Return the article of a page with full addresses, sorted attributes, and white space collapsed."""
    page = lxml.html.fromstring((site / name).read_bytes())
    page.make_links_absolute(BASE + name.removesuffix("index.html"))
    article = page.find(".//article")
    return None if article is None else re.sub(r"\s*(<[^>]*>)\s*|\s+", r"\1 ", lxml.etree.tostring(article, method="c14n").decode())


@pytest.mark.costly
def test_all_files_are_the_same(site: Path, zensical_site: Path) -> None:
    """Articles, guides, workbook, open data, the form, and the search index, whose words come from the built pages."""
    ours, theirs = (files(tree) - THEIRS for tree in (site, zensical_site))
    assert ours == theirs
    compared = 0
    for name in sorted(ours):
        expected = article(site, name) if name.endswith(".html") and (site / name).stat().st_size else None
        if expected is None:
            assert (zensical_site / name).read_bytes() == (site / name).read_bytes(), name
        else:
            assert article(zensical_site, name) == expected, name
            compared += 1
    assert compared > 36


@pytest.mark.costly
def test_menus_and_titles_are_the_same(site: Path, zensical_site: Path) -> None:
    for name in ("index.html", "stages/1-strategy/index.html", "404.html"):
        pages = [lxml.html.parse(tree / name) for tree in (site, zensical_site)]
        ours, theirs = ([page.findtext(".//title"), *page.xpath('//nav[@id="menu"]//a//text()')] for page in pages)
        assert ours == theirs
        assert len(ours) > 5


def test_an_invalid_record_stops_the_build_and_svf_finish_names_it(project: Path) -> None:
    (project / "data/values/openness.yml").write_text("x\n")
    built = run(project, "zensical", "build", "--strict")
    assert built.returncode != 0
    assert "InvalidDataError" in built.stderr
    finished = run(project, "macros", "finish", ".")
    assert finished.returncode == 1
    assert finished.stdout.startswith("data/values/openness.yml:1:1: ")


def test_a_site_can_be_finished_twice(project: Path) -> None:
    pages = sorted(file.relative_to(project / "content").as_posix() for file in project.glob("content/**/*.md"))
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"nav: {pages}\n")
    assert build(project).returncode == 0
    assert run(project, "macros", "finish", "site").returncode == 0
    finished = {name: (project / "site" / name).read_bytes() for name in files(project / "site")}
    assert run(project, "macros", "finish", "site").returncode == 0
    assert finished == {name: (project / "site" / name).read_bytes() for name in files(project / "site")}
