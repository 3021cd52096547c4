"""A mistake in mkdocs.yml is one problem at its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from macros.checks.settings import own_path
from macros.site_build import mkdocs_hooks
from macros.site_build.project import read_project
from tests.conftest import REAL, cases
from tests.history.test_git import put


@pytest.fixture
def menu(project: Path) -> Path:
    """A small project with the settings of the real site and a menu of its own pages."""
    settings = (REAL / "mkdocs.yml").read_text("utf-8")
    pages = sorted(file.relative_to(project / "content").as_posix() for file in (project / "content").rglob("*.md"))
    (project / "mkdocs.yml").write_text(
        settings[: settings.index("\nnav:")] + "\nnav:\n" + "".join(f"  - {page}\n" for page in pages), "utf-8"
    )
    assert read_project(project).errors == ()
    return project


@pytest.mark.parametrize(("old", "new", "message"), cases("settings.a_mistake_is_one_problem_at_its_line"))
def test_a_mistake_is_one_problem_at_its_line(menu: Path, old: str, new: str, message: str) -> None:
    file = menu / "mkdocs.yml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    (problem,) = read_project(menu).errors
    assert problem.path == "mkdocs.yml"
    assert problem.message.startswith(message)
    typed = new.split("\n")[-1]
    assert file.read_text("utf-8").split("\n")[problem.line - 1] == typed
    assert problem.instead


def test_a_page_outside_the_menu_is_a_problem(menu: Path) -> None:
    put(menu, "mkdocs.yml", "  - glossary.md\n", "")
    (problem,) = read_project(menu).errors
    assert problem.path == "content/glossary.md"
    assert problem.message == "the page is not in the menu; add - glossary.md under nav: in mkdocs.yml"


@pytest.mark.records
@pytest.mark.parametrize(("old", "new", "message"), cases("settings.a_setting_that_mkdocs_refuses_is_a_problem_at_its_line"))
def test_a_setting_that_mkdocs_refuses_is_a_problem_at_its_line(menu: Path, old: str, new: str, message: str) -> None:
    settings, times = re.subn(old, new, (menu / "mkdocs.yml").read_text("utf-8"))
    (menu / "mkdocs.yml").write_text(settings, "utf-8")
    problem = mkdocs_hooks.settings_problems(menu)[0]
    line = settings.partition(new)[0].count("\n") + 1
    assert (times, problem.path, problem.line) == (1, "mkdocs.yml", line)
    assert message in problem.message
    assert ("site; write it in full, for example https://" in problem.message) == ("site_url" in new)


@pytest.mark.parametrize(("target", "home", "path"), cases("settings.the_path_of_an_address_on_this_site"))
def test_the_path_of_an_address_on_this_site(target: str, home: str, path: str | None) -> None:
    assert own_path(target, home) == path
