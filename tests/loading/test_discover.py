"""Links, leftovers, unknown files and too many files in data/ and content/ are problems; links are not followed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath

import pytest

from macros.loading import files
from macros.loading.files import find_files, leftover
from macros.site_build.project import read_project


def problem_names(project: Path) -> dict[str, str]:
    return {problem.path: problem.name for problem in read_project(project).problems}


@pytest.mark.parametrize("name", ["data", "content"])
def test_a_linked_folder_is_refused(project: Path, tmp_path: Path, name: str) -> None:
    (project / name).rename(tmp_path / "moved")
    (project / name).symlink_to(tmp_path / "moved")
    assert problem_names(project)[name] == "symlink"
    assert not any(file.is_relative_to(project / name) for file in find_files(project).files)


@pytest.mark.parametrize("name", ["more", "more.md", "stages/more", ".more"])
def test_a_link_in_content_is_a_problem_and_is_not_followed(project: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/page.md").write_text("# Out\n\n<script>alert(1)</script>\n")
    (project / "content" / name).symlink_to(tmp_path / "out")
    assert problem_names(project) == {f"content/{name}": "symlink"}
    assert tmp_path / "out/page.md" not in {file.resolve() for file in find_files(project).files}


def test_a_link_to_a_file_is_a_problem_inside_the_folders_too(project: Path) -> None:
    (project / "content/other.md").symlink_to(project / "content/values.md")
    (project / "content/up.md").symlink_to("../../../etc/passwd")
    (project / "data/glossary/up.yml").symlink_to("../site.yml")
    assert problem_names(project) == {"content/other.md": "symlink", "content/up.md": "symlink", "data/glossary/up.yml": "symlink"}


def test_hidden_files_of_editors_are_ignored(project: Path) -> None:
    (project / "content/.#values.md").symlink_to("somebody@machine.1234")
    (project / "data/values/.trust.yml.swp").symlink_to("/dev/zero")
    (project / "data/.x.yml").symlink_to("/dev/zero")
    (project / "content/.DS_Store").write_bytes(b"\0")
    assert problem_names(project) == {}
    assert len(read_project(project).revision) == 8


NAMES = [
    *("{}~", "{}.bak", "{}.orig", "{}.swp", "#{}#", "{}.save.1", "{}.rej", "{}.old", "{}.BAK", "{}.~1~", "{}.1", "{}_bak"),
    *("{}_BASE_123.yml", "Copy of {}", "{} (copy)", "{} (copy 2).yml", "{} copy 2", "{} - Copy.md", "{} - Copy (2)", "{} (1)"),
    *("{} (Jo's conflicted copy 2026-11-01).yml", "{}.sync-conflict-20261101-120000-ABCDEFG.yml"),
    *("4913", "Thumbs.db", "desktop.ini", "~$values.md", "lu123abc.tmp"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("original", ["data/recommendations/1a.yml", "data/site.yml", "content/values.md"])
def test_a_backup_or_a_copy_is_to_be_deleted_and_not_renamed(project: Path, name: str, original: str) -> None:
    file = project / original
    copy = file.with_name(name.format(file.name))
    shutil.copy(file, copy)
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == (copy.relative_to(project).as_posix(), "leftover")
    assert problem.instead == f'copy any changes you need into the original, and delete "{copy.name}"'


@pytest.mark.parametrize(("folder", "copied"), [("data/values", "data/values (copy)"), ("content/stages", "content/stages - Copy")])
def test_a_copied_folder_is_to_be_deleted(project: Path, folder: str, copied: str) -> None:
    shutil.copytree(project / folder, project / copied)
    assert {problem.wrong for problem in read_project(project).problems} == {
        f'"{Path(copied).name}" is a backup, a copy or a temporary file'
    }


def test_a_backup_of_a_released_edition_is_to_be_deleted(project: Path) -> None:
    (project / "data/editions").mkdir(exist_ok=True)
    (project / "data/editions/2026-11.json~").write_text("{}")
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == ("data/editions/2026-11.json~", "leftover")


@pytest.mark.parametrize(
    "path", ["data/glossary/hard-copy.yml", "data/glossary/old.yml", "content/a-conflict-2.md", "data/values/a.yml.txt"]
)
def test_a_name_that_only_looks_like_a_leftover_is_allowed(path: str) -> None:
    assert leftover(PurePosixPath(path)) is None


def test_a_pipe_is_refused(project: Path) -> None:
    os.mkfifo(project / "content/pipe.md")
    os.mkfifo(project / "data/glossary/pipe.yml")
    assert problem_names(project) == {"content/pipe.md": "unreadable", "data/glossary/pipe.yml": "unreadable"}


@pytest.mark.parametrize("name", ["evil.html", "edit/config.yml", "x.markdown", "CNAME", "stages/search.js"])
def test_a_file_that_is_not_a_page_is_refused(project: Path, name: str) -> None:
    (project / "content" / name).parent.mkdir(exist_ok=True)
    (project / "content" / name).write_text("<script>alert(1)</script>")
    assert problem_names(project) == {f"content/{name}": "unknown-file"}


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("README.md", "index"),
        ("readme.md", "index"),
        ("A page.md", "a-page"),
        ("a..md", "a"),
        ("x\n::error::y.md", "x-error-y"),
        ("Über/a.md", "ber/a"),
    ],
)
def test_a_page_has_a_name_of_small_letters_and_hyphens(project: Path, name: str, better: str) -> None:
    (project / "content" / name).parent.mkdir(exist_ok=True)
    (project / "content" / name).write_text("---\ndescription: One sentence that says what it is for.\n---\n\n# A page\n")
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == (f"content/{name}", "file-name")
    assert better in problem.instead


@pytest.mark.parametrize(("limit", "value"), [("MAX_FILES", 5), ("MAX_TOTAL_BYTES", 10)])
def test_the_number_and_the_size_of_files_are_limited(project: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    assert not find_files(project).too_much
    monkeypatch.setattr(files, limit, value)
    assert [p.name for p in read_project(project).problems] == ["too-much"]
    assert read_project(project).framework is None


def test_a_missing_folder_is_empty(tmp_path: Path) -> None:
    assert find_files(tmp_path).files == ()
    assert find_files(tmp_path).problems == ()
