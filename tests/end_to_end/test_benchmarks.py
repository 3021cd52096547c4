"""The benchmarks measure what they say: a framework that has grown passes every check, and plain MkDocs gets the same pages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from macros.model.framework import Framework
from macros.model.records import Stage, Term
from tests.benchmarks.growth import grown
from tests.benchmarks.plain import expanded
from tests.conftest import framework_of


def test_a_grown_framework_has_no_problems(project: Path, small: Framework, tmp_path: Path) -> None:
    framework = framework_of(grown(project, tmp_path / "source", 4))
    assert len(framework.records) == 4 * len(small.records)
    assert framework.all(Stage) == small.all(Stage)
    copy, original = (framework.get(Term, id_) for id_ in ("outcome-3", "outcome"))
    assert (copy.term, copy.also) == (f"{original.term} 3", tuple(f"{name} 3" for name in original.also))
    assert copy.sources == tuple(f"{source}-3" for source in original.sources)


def test_plain_mkdocs_gets_the_same_pages_with_the_macros_expanded(project: Path, tmp_path: Path) -> None:
    plain = expanded(project, tmp_path / "plain")
    written = {file.relative_to(plain).as_posix(): file.read_text("utf-8") for file in plain.glob("content/**/*.md")}
    assert not any("{{" in text for text in written.values())
    assert 'id="1a"' in written["content/stages/1-find-out.md"]
    assert "content/1a.md" in written, "the pages made from records, too"
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(tmp_path / "site")], cwd=plain, check=True, capture_output=True
    )
    found = json.loads((tmp_path / "site/search/search_index.json").read_text("utf-8"))
    assert [page for page in found["docs"] if page["location"] == "1a/"], "MkDocs has its own search, as it comes"
    assert not list(tmp_path.glob("site/downloads/*.pdf")), "nothing of ours is in it"
