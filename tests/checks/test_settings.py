"""A mistake in mkdocs.yml is named once, at its line, by svf check."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from macros.checks.settings import own_path
from macros.site_build import mkdocs_hooks
from macros.site_build.project import read_project
from tests.conftest import ROOT


@pytest.fixture
def menu(project: Path) -> Path:
    """A small project with the settings of the real site and a menu of its own pages."""
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = sorted(file.relative_to(project / "content").as_posix() for file in (project / "content").rglob("*.md"))
    (project / "mkdocs.yml").write_text(
        settings[: settings.index("\nnav:")] + "\nnav:\n" + "".join(f"  - {page}\n" for page in pages), "utf-8"
    )
    assert read_project(project).errors == ()
    return project


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  - glossary.md", "  - glosary.md", 'there is no page "glosary.md"; did you mean "glossary.md"?'),
        ("  - glossary.md", "  - Words: glosary.md", 'there is no page "glosary.md"; did you mean "glossary.md"?'),
        ("  - glossary.md", "  - glossary.md\n  - glossary.md", '"glossary.md" for the second time (first in line'),
        ("strict: true", "strict: true\nstrict: true", '"strict" for the second time (first in line 6)'),
        ("nav:", "nav", 'a line without a colon after its key ("nav")'),
        ("  - glossary.md", "\t- glossary.md", "a tab at the start of the line; use spaces"),
    ],
)
def test_a_mistake_is_one_problem_at_its_line(menu: Path, old: str, new: str, message: str) -> None:
    file = menu / "mkdocs.yml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    (problem,) = read_project(menu).errors
    assert problem.path == "mkdocs.yml"
    assert problem.message.startswith(message)
    typed = new.split("\n")[-1]
    assert file.read_text("utf-8").split("\n")[problem.line - 1] == typed
    assert problem.instead


def test_a_page_that_no_menu_names_is_a_problem_of_the_page(menu: Path) -> None:
    file = menu / "mkdocs.yml"
    file.write_text(file.read_text("utf-8").replace("  - glossary.md\n", "", 1), "utf-8")
    (problem,) = read_project(menu).errors
    assert (problem.path, problem.message) == (
        "content/glossary.md",
        "no menu leads to this page; add - glossary.md under nav: in mkdocs.yml",
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("site_dir:", "site_dirr:", 5, 'Unrecognised configuration name: site_dirr; did you mean "site_dir"?'),
        ("  - macros:", "  - macross:", 27, 'The "macross" plugin is not installed'),
        ("name: material", "name: materiall", 13, "Unrecognised theme name: 'materiall'"),
        ("https://framework.example.org/", "framework.example.org", 2, "The URL isn't valid"),
        ("docs_dir: content", "docs_dir: contents", 4, "contents"),
    ],
)
def test_what_mkdocs_refuses_is_named_at_its_line(menu: Path, old: str, new: str, line: int, message: str) -> None:
    file = menu / "mkdocs.yml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    problem = mkdocs_hooks.settings_problems(menu)[0]
    assert (problem.path, problem.line) == ("mkdocs.yml", line)
    assert message in problem.message


def test_settings_that_mkdocs_accepts_are_remembered(menu: Path) -> None:
    shutil.rmtree(menu / ".cache", ignore_errors=True)
    assert mkdocs_hooks.settings_problems(menu) == ()
    assert len(list((menu / ".cache").glob("mkdocs-*"))) == 1


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("https://a.example/x/#y", "x/"),
        ("http://www.a.example/x/", "x/"),
        ("https://a.example", ""),
        ("https://a.example:443/x", "x"),
        ("https://b.example/x/", None),
        ("x/", None),
        ("mailto:a@a.example", None),
        ("https://[", None),
    ],
)
def test_the_path_of_an_own_address(target: str, path: str | None) -> None:
    assert own_path(target, "https://a.example/") == path


def test_the_path_of_an_own_address_in_a_folder() -> None:
    home = "https://a.example/herts/"
    assert own_path("https://a.example/herts/x/", home) == "x/"
    assert own_path("https://a.example/herts", home) == ""
    assert own_path("https://a.example/other/", home) is None
    assert own_path("https://a.example/x/", "") is None
