"""Test that records and pages are checked together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from macros.model.records import Audience, Recommendation, Term
from macros.site_build.project import page_path, read_project
from tests.conftest import cases


@pytest.mark.parametrize(("path", "old", "new", "at", "message"), cases("project.a_page_that_is_needed_is_missed"))
def test_a_page_that_is_needed_is_missed(project: Path, path: str, old: str, new: str, at: str, message: str) -> None:
    file = project / path
    if new.endswith(".md"):
        file.rename(project / new)
    else:
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    (found,) = (problem for problem in read_project(project).problems if problem.name == "no-page")
    assert (found.path, message in found.message) == (at, True), found.message


def test_problems_of_records_and_pages_come_together(project: Path) -> None:
    (project / "content/values.md").write_text("x")
    (project / "data/values/openness.yml").write_text("x")
    assert {p.path for p in read_project(project).problems} == {"content/values.md", "data/values/openness.yml"}


def test_records_are_read_again_only_if_one_has_changed(project: Path) -> None:
    before = read_project(project)
    page = project / "content/values.md"
    page.write_text(page.read_text() + "\nMore words.\n")
    after = read_project(project)
    assert after is not before
    assert after.framework is before.framework
    (project / "data/values/openness.yml").write_text("x")
    assert read_project(project).framework is None


def test_which_page_shows_a_record() -> None:
    assert page_path(Audience.model_construct(id="funder")) == "content/audiences/funder.md"
    assert page_path(Term.model_construct(id="outcome")) is None
    assert page_path(Recommendation.model_construct(id="1a", stage="1-find-out")) is None


def test_only_records_and_pages_change_the_revision(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy, symlinks=True)
    for file in (copy / "data").rglob("*.yml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (copy / "data" / "README.md").write_text("x")
    revisions = {read_project(project).revision}
    assert {read_project(copy).revision} == revisions
    for path in ("data/values/openness.yml", "content/index.md"):
        (copy / path).write_text((copy / path).read_text("utf-8") + "\n", "utf-8")
        revisions.add(read_project(copy).revision)
    assert len(revisions) == 3
