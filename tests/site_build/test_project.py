"""Test that records and pages are checked together."""

from __future__ import annotations

import shutil
from pathlib import Path

from macros.model.records import Audience, Recommendation, Term
from macros.site_build.project import page_path, read_project


def test_a_record_with_its_own_address_needs_a_page(project: Path) -> None:
    (project / "content/audiences/provider.md").unlink()
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == ("data/audiences/provider.yml", "no-page")
    assert 'write content/audiences/provider.md with {{ audience("provider") }}' in problem.message


def test_problems_of_records_and_pages_come_together(project: Path) -> None:
    (project / "content/values.md").write_text("x")
    (project / "data/values/trust.yml").write_text("x")
    assert {p.path for p in read_project(project).problems} == {"content/values.md", "data/values/trust.yml"}


def test_records_are_read_again_only_if_one_has_changed(project: Path) -> None:
    before = read_project(project)
    page = project / "content/values.md"
    page.write_text(page.read_text() + "\nMore words.\n")
    after = read_project(project)
    assert after is not before
    assert after.framework is before.framework
    (project / "data/values/trust.yml").write_text("x")
    assert read_project(project).framework is None


def test_which_page_shows_a_record() -> None:
    assert page_path(Audience.model_construct(id="funder")) == "content/audiences/funder.md"
    assert page_path(Term.model_construct(id="outcome")) is None
    assert page_path(Recommendation.model_construct(id="1a", stage="1-plan")) is None


def test_only_records_and_pages_change_the_revision(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy, symlinks=True)
    for file in (copy / "data").rglob("*.yml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (copy / "data" / "README.md").write_text("x")
    revisions = {read_project(project).revision}
    assert {read_project(copy).revision} == revisions
    for path in ("data/values/trust.yml", "content/index.md"):
        (copy / path).write_text((copy / path).read_text("utf-8") + "\n", "utf-8")
        revisions.add(read_project(copy).revision)
    assert len(revisions) == 3
