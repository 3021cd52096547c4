"""The benchmarks measure what they say: a framework that has grown passes every check, and plain MkDocs gets the same pages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from macros.model.framework import Framework
from macros.model.records import Stage, Term
from macros.site_build.project import read_project
from tests.benchmarks.growth import build, grown
from tests.benchmarks.plain import expanded
from tests.conftest import REAL


@pytest.mark.costly
@pytest.mark.sweep
def test_a_framework_grows_and_passes_every_check(real: Framework, tmp_path: Path) -> None:
    project = read_project(grown(REAL, tmp_path / "source", 3))
    assert project.errors == ()
    assert project.framework is not None
    assert len(project.framework.records) == 3 * len(real.records)
    assert project.framework.all(Stage) == real.all(Stage)
    term = next(term for term in real.all(Term) if term.sources)
    copy = project.framework.get(Term, f"{term.id}-2")
    assert (copy.term, copy.also) == (f"{term.term} 2", tuple(f"{name} 2" for name in term.also))
    assert copy.sources == tuple(f"{source}-2" for source in term.sources)


def test_a_grown_framework_is_built_without_printing(project: Path, tmp_path: Path) -> None:
    build(grown(project, tmp_path / "source", 4), tmp_path / "site")
    assert 'id="outcome-3"' in (tmp_path / "site/glossary/index.html").read_text("utf-8")
    assert {file.stat().st_size for file in tmp_path.glob("site/downloads/*.pdf")} == {0}


def test_plain_mkdocs_gets_the_same_pages_with_the_macros_expanded(project: Path, tmp_path: Path) -> None:
    plain = expanded(project, tmp_path / "plain")
    written = {file.relative_to(plain).as_posix(): file.read_text("utf-8") for file in plain.glob("content/**/*.md")}
    assert not any("{{" in text for text in written.values())
    assert '<div class="recommendation" data-id="1a">' in written["content/stages/1-plan.md"]
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(tmp_path / "site")], cwd=plain, check=True, capture_output=True
    )
    found = json.loads((tmp_path / "site/search/search_index.json").read_text("utf-8"))
    assert [page for page in found["docs"] if page["location"].startswith("stages/1-plan/#1a")], "MkDocs has its own search, as it comes"
    assert not list(tmp_path.glob("site/downloads/*.pdf")), "nothing of ours is in it"
