"""The files of the site that are not pages: short addresses, and the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from macros.model.framework import Framework
from macros.model.output import Output
from macros.model.records import Recommendation
from macros.rendering.page_macros import PageMacros
from macros.site_build.artifacts import outputs
from macros.site_build.project import Project, read_project
from macros.text.inline_markdown import to_plain_text
from macros.text.typography import typographic
from tests.conftest import html_of


def pages(project: Project, site_url: str) -> list[Output]:
    """Return the outputs that are pages: the short addresses."""
    return [output for output in outputs(project, project.stamp(site_url, "Small framework")) if output.path.endswith(".html")]


def test_outputs_are_as_expected(small_project: Project, expected: Callable[[str, str], None]) -> None:
    for output in pages(small_project, "https://framework.testshire.gov.uk"):
        expected(f"site/{output.path}", output.content.decode())


def test_llms_txt_lists_the_plain_text_of_each_page(site: Path, real: Framework) -> None:
    pages = {page for page in html_of(site) if not re.search(r'"noindex"|http-equiv="refresh"', page.read_text("utf-8"))}
    left_out = {site / path for path in ("404.html", "search/index.html", "about/sitemap/index.html")}
    listed = re.findall(r"[^/]\]\(https://[^/]+/(\S*)index\.txt\): \w", (site / "llms.txt").read_text("utf-8"))
    assert {site / url / "index.html" for url in listed} == pages - left_out
    assert len(listed) == len(pages - left_out)
    assert "\n- [words](" not in (site / "llms.txt").read_text("utf-8")
    for url in listed:
        assert re.findall(r"^(#+) [^\n]*\s*(?:\Z|(?!\1#)#+ )", (site / url / "index.txt").read_text("utf-8"), re.MULTILINE) == [], url
    for recommendation in (one for one in real.all(Recommendation) if not one.withdrawn):
        text = (site / f"{recommendation.id}/index.txt").read_text("utf-8")
        assert text.startswith(f"# {typographic(recommendation.name)}\n")
        for step in recommendation.do:
            assert typographic(to_plain_text(step.step)).split("\n")[0] in text
        assert "Suggest" not in text.replace("Suggested", "")


def test_a_record_that_was_renamed_merged_or_moved_keeps_its_addresses(project: Path) -> None:
    """3b moves to stage 2 as 2c, outcome becomes result, and provider becomes charity."""

    def change(path: str, *pairs: tuple[str, str], to: str = "", formerly: str = "") -> None:
        file = project / path
        text = file.read_text()
        for old, new in pairs:
            text = text.replace(old, new)
        file.unlink()
        (project / (to or path)).write_text(text + (f"formerly: [{formerly}]\n" if formerly else ""))

    moved = ("stage: 3-look-back", "stage: 2-agree"), ("letter: b", "letter: c")
    change("data/recommendations/3b.yml", *moved, to="data/recommendations/2c.yml", formerly="3b")
    change("data/recommendations/3c.yml", ("instead: [3b]", "instead: [2c]"))
    change("data/glossary/outcome.yml", to="data/glossary/result.yml", formerly="outcome")
    renamed = ("terms: [outcome", "terms: [result"), ("[[outcome|", "[[result|"), ("term: outcome", "term: result"), ("provider", "charity")
    for file in (project / "data").rglob("*.yml"):
        change(str(file.relative_to(project)), *renamed)
    change("data/audiences/provider.yml", to="data/audiences/charity.yml", formerly="provider")
    change("content/audiences/provider.md", ('"provider"', '"charity"'), to="content/audiences/charity.md")
    change("content/framework.md", ("term/outcome", "term/result"))
    change("content/compact/index.md", ('meaning("outcome")', 'meaning("result")'))

    read = read_project(project)
    assert read.problems == ()
    assert read.framework is not None
    html = {output.path: output.content.decode() for output in pages(read, "")}
    assert "url=../2c/" in html["3b/index.html"]
    assert "url=../charity/" in html["audiences/provider/index.html"]
    library = PageMacros(read.framework, str)
    assert '<span id="outcome"></span>' in library.glossary()
    guide = library.stage_guide("3-look-back")
    assert '<li id="3b">3b is now <a href="2c/">2c. Start the next plan early</a>.</li>' in guide
