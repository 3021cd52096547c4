"""Test the checks of a built site, and its address below the root of a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.site_build import mkdocs_hooks
from macros.site_build.postprocess import dead_links, parsed_pages
from tests.conftest import cases
from tests.history.test_git import put


def lay(folder: Path, **pages: str) -> Path:
    for name, text in pages.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "index.html").write_text(text)
    (folder / "style.css").write_text("")
    return folder


@pytest.mark.parametrize(("link", "fault"), cases("postprocess.dead_links_are_problems_at_their_line"))
def test_dead_links_are_problems_at_their_line(tmp_path: Path, link: str, fault: str) -> None:
    lay(tmp_path, a=f'<p id="here">\n<a href="{link}">x</a>', b='<p id="there">')
    problems = list(dead_links(tmp_path, parsed_pages(tmp_path)))
    assert [(problem.path, problem.line) for problem in problems] == ([("site/a/index.html", 2)] if fault else [])
    assert all(fault in problem.message for problem in problems)


def test_a_link_from_the_root_of_the_server_starts_at_the_path_of_the_site(tmp_path: Path) -> None:
    lay(tmp_path, a='<a href="/county/b/">x</a>\n<a href="/b/">x</a>\n<a href="../../b/">x</a>\n<a href="/county/c/">x</a>', b="")
    assert [problem.line for problem in dead_links(tmp_path, parsed_pages(tmp_path), "https://www.testshire.gov.uk/county")] == [2, 3, 4]


def test_pictures_scripts_and_repeated_anchors_are_checked(tmp_path: Path) -> None:
    lay(tmp_path, a='<img src="gone.png"><script src="gone.js"></script><p id="x"><p id="x">')
    assert sorted(problem.name for problem in dead_links(tmp_path, parsed_pages(tmp_path))) == ["anchor-twice", "dead-link", "dead-link"]


def test_a_site_may_be_published_in_a_folder_of_a_server(project: Path, tmp_path: Path) -> None:
    """404.html is shown at any address, so its links start at the root of the server."""
    put(project, "mkdocs.yml", "https://framework.example.org/", "https://www.testshire.gov.uk/county/")
    mkdocs_hooks.build(project, tmp_path / "site")
    assert 'href="/county/framework.css"' in (tmp_path / "site/404.html").read_text("utf-8")
