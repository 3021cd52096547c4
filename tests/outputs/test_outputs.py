"""Outputs are values: a path and bytes, the same each time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from macros.model.output import Output
from macros.outputs.pdf import guides, typst_compile
from macros.outputs.pdf.guides import Guides
from macros.rendering.page_macros import Library
from macros.site_build.artifacts import _guides, _printed_guides, outputs
from macros.site_build.project import Project, read_project
from tests.conftest import ROOT


def pages(project: Project, site_url: str) -> list[Output]:
    """Return the outputs that are pages: the short addresses."""
    return [output for output in outputs(project, project.stamp(site_url, "Small framework")) if output.path.endswith(".html")]


def test_outputs_are_as_expected(small_project: Project, expected: Callable[[str, str], None]) -> None:
    for output in pages(small_project, "https://framework.testshire.gov.uk"):
        expected(f"site/{output.path}", output.content.decode())


def test_every_recommendation_has_a_short_address(small_project: Project) -> None:
    assert [o.path for o in pages(small_project, "")] == [f"{i}/index.html" for i in ("1a", "1b", "2a", "2b", "2c")]


def test_the_short_address_leads_to_the_recommendation_without_script(small_project: Project) -> None:
    text = next(iter(pages(small_project, "https://f.example/base"))).content.decode()
    assert '<meta http-equiv="refresh" content="0; url=../stages/1-plan/#1a">' in text
    assert '<link rel="canonical" href="https://f.example/base/stages/1-plan/#1a">' in text
    assert '<a href="../stages/1-plan/#1a">' in text
    assert "<script" not in text


def test_hostile_titles_are_escaped(small_project: Project) -> None:
    text = [o.content.decode() for o in pages(small_project, "")][1]
    assert "Ask openly &lt;for&gt; *ideas*" in text


@pytest.mark.costly
def test_outputs_are_the_same_twice(real_project: Project) -> None:
    stamp = real_project.stamp("https://x.example/", "Small framework")
    once = outputs(real_project, stamp)
    outputs.cache_clear()
    assert once == outputs(real_project, stamp)


def test_a_record_that_was_renamed_merged_or_moved_keeps_its_addresses(project: Path) -> None:
    """2b moves to stage 1 as 1c, 2c becomes 2b, outcome becomes result, and provider becomes charity."""

    def change(path: str, *pairs: tuple[str, str], to: str = "", formerly: str = "") -> None:
        file = project / path
        text = file.read_text()
        for old, new in pairs:
            text = text.replace(old, new)
        file.unlink()
        (project / (to or path)).write_text(text + (f"formerly: [{formerly}]\n" if formerly else ""))

    change(
        "data/recommendations/2b.yml",
        ("stage: 2-buy", "stage: 1-plan"),
        ("letter: b", "letter: c"),
        to="data/recommendations/1c.yml",
        formerly="2b",
    )
    change("data/recommendations/2c.yml", ("instead: [2b]", "instead: [1c]"))
    for name in ("1a", "1b", "1c", "2a", "2c"):
        change(
            f"data/recommendations/{name}.yml",
            ("terms: [outcome]", "terms: [result]"),
            ("[[outcome|", "[[result|"),
            ("provider", "charity"),
        )
    change("data/glossary/outcome.yml", to="data/glossary/result.yml", formerly="outcome")
    for path in ("data/law/small-act.yml", "data/approaches/new-way.yml", "data/stages/2-buy.yml"):
        change(path, ("[outcome]", "[result]"), ("term: outcome", "term: result"), ("provider", "charity"))
    change("data/audiences/provider.yml", to="data/audiences/charity.yml", formerly="provider")
    change("content/audiences/provider.md", ('"provider"', '"charity"'), to="content/audiences/charity.md")
    change("content/index.md", ("term/outcome", "term/result"))
    change("content/compact/index.md", ('meaning("outcome")', 'meaning("result")'))

    read = read_project(project)
    assert read.problems == ()
    assert read.framework is not None
    made = {output.path: output.content.decode() for output in pages(read, "")}
    assert "url=../stages/1-plan/#1c" in made["2b/index.html"]
    assert "url=../charity/" in made["audiences/provider/index.html"]
    library = Library(read.framework, str)
    assert '<span id="outcome"></span>' in library.glossary()
    guide = library.stage_guide("2-buy")
    assert '<li id="2b">2b is now <a href="stages/1-plan/#1c">1c. Tell people the result</a>.</li>' in guide


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The code has not changed for a while."""
    monkeypatch.setattr(guides, "_SETTLED", True)


def print_guides(root: Path) -> tuple[Output, ...]:
    project = read_project(root)
    assert project.framework is not None
    typst_compile._PRINTED.clear()
    return _printed_guides(project, _guides(project, project.framework, project.stamp("https://f.example/", "Small framework")))


@pytest.mark.usefixtures("settled")
def test_guides_that_are_printed_already_are_not_rendered(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = print_guides(project)
    monkeypatch.setattr(Guides, "all", None)
    assert print_guides(project) == made
    monkeypatch.undo()
    monkeypatch.setattr(guides, "_SETTLED", True)
    cache = project / ".cache/pdf"
    for file in sorted(cache.iterdir()):
        file.write_bytes(b"x")
        assert print_guides(project) == made
        file.unlink()
        assert print_guides(project) == made


@pytest.mark.usefixtures("settled")
def test_a_record_that_changes_is_printed_anew(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = print_guides(project)
    file = project / "data/stages/1-plan.yml"
    file.write_text(file.read_text() + "# A remark\n")
    every, rendered = Guides.all, []

    def counted(self: Guides) -> Iterator[typst_compile.Guide]:
        rendered.append(self)
        return every(self)

    monkeypatch.setattr(Guides, "all", counted)
    assert [guide.path for guide in print_guides(project)] == [guide.path for guide in before]
    assert len(rendered) == 1


def key(project: Project, root: Path | None = None, **stamp: Any) -> bytes | None:
    read = read_project(root) if root else project
    assert read.framework is not None
    made = replace(read.stamp("https://f.example/", "Small framework"), **stamp)
    return Guides(read.framework, read.pages, made, draft=read.draft, editions=read.editions).key()


@pytest.mark.usefixtures("settled")
def test_whatever_makes_a_guide_is_in_its_key(
    small_project: Project, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = key(small_project)
    assert small == key(small_project, project) is not None, "the same words in another folder have the same key"
    known = {small}

    def is_new(found: bytes | None) -> None:
        assert found is not None
        assert found not in known
        known.add(found)

    for other in ({"edition": "2031-01"}, {"day": date(2031, 1, 1)}, {"revision": "preview"}, {"home": ""}, {"name": "Other"}):
        is_new(key(small_project, **other))
    for name in ("data/stages/1-plan.yml", "data/report.yml", "data/site.yml", "content/glossary.md"):
        file = project / name
        file.write_text(file.read_text().replace("a", "e", 1) if name.endswith(".md") else file.read_text() + "# A remark\n")
        is_new(key(small_project, project))
    (tmp_path / "package-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    is_new(key(small_project))
    monkeypatch.setattr("sys.version", "3.99")
    is_new(key(small_project))


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("name", ["nodes.py", "templates/guides/guide.typ", "templates/guides/stage.html.j2", "templates/new.yml"])
def test_code_that_changes_makes_another_key_and_none_in_a_process_that_runs_already(
    small_project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    home = shutil.copytree(ROOT / "macros", tmp_path / "macros", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(guides, "_CODE", home)
    before = key(small_project)
    assert before is not None
    with (home / name).open("a") as file:
        file.write("\n")
    assert key(small_project) is None
    monkeypatch.setattr(guides, "_AT_START", guides._code()[0])
    assert key(small_project) not in (None, before)
    monkeypatch.setattr(guides, "_SETTLED", False)
    assert key(small_project) is None


def test_another_typst_or_typeface_finds_no_printed_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = typst_compile.Cache(tmp_path)
    guide = typst_compile.Guide("x.pdf", "{}", date(2026, 11, 22))
    cache.keep([(guide, (b"PDF", 1))])
    cache.keep_group(b"key", [guide])
    assert cache.group(b"key") == (Output("x.pdf", b"PDF", 1),)
    assert cache.group(b"other") is None
    (tmp_path / "face").write_bytes(b"another")
    for name, value in (
        ("version", lambda package: "9" if package == "typst" else version(package)),
        ("faces", lambda: [tmp_path / "face"]),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(typst_compile, name, value)
            typst_compile._layout.cache_clear()
            assert cache.group(b"key") is None
    typst_compile._layout.cache_clear()
    assert cache.group(b"key") is not None
