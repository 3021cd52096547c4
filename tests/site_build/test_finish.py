"""The built tree is finished whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.model.problem import InvalidDataError
from macros.site_build import mkdocs_hooks
from tests.conftest import svf
from tests.history.test_revision import put


def test_code_in_a_page_stops_the_build_at_its_line_before_it_begins(project: Path) -> None:
    page = project / "content/values.md"
    page.write_text(page.read_text() + '\n<p style="color: red">Red</p>\n')
    done = svf(project, "build")
    assert done.returncode == 1
    line = len(page.read_text().splitlines())
    assert f"content/values.md:{line}:1: HTML that begins <p" in done.stdout
    assert not (project / "site").exists()


def test_code_in_a_page_that_got_past_that_stops_the_build_at_its_line(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("macros.site_build.project.unsafe", lambda _: ())
    page = project / "content/values.md"
    page.write_text(page.read_text() + '\n<p style="color: red">Red</p>\n')
    with pytest.raises(InvalidDataError) as caught:
        mkdocs_hooks.build(project, tmp_path / "site")
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("content/values.md", len(page.read_text().splitlines()))
    assert problem.wrong == 'style="color: red", which a browser would refuse'


def test_a_site_may_stand_in_a_folder_of_a_server(project: Path, tmp_path: Path) -> None:
    """The page for what is missing is shown at any address, so that its links begin at the server's root."""
    put(project, "mkdocs.yml", "https://framework.example.org/", "https://www.testshire.gov.uk/county/")
    mkdocs_hooks.build(project, tmp_path / "site")
    assert 'href="/county/framework.css"' in (tmp_path / "site/404.html").read_text("utf-8")
