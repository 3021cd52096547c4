"""What stands in data/ and content/ is known; what leads out of them, or is no page, is a problem and is not followed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath

import pytest

from macros.loading import discover as module
from macros.loading.discover import DEEPEST, leftover, tree
from macros.site_build.project import read_project


def said(project: Path) -> dict[str, str]:
    return {problem.path: problem.name for problem in read_project(project).problems}


@pytest.mark.parametrize("name", ["data", "content"])
def test_the_folders_themselves_are_no_links(project: Path, tmp_path: Path, name: str) -> None:
    (project / name).rename(tmp_path / "moved")
    (project / name).symlink_to(tmp_path / "moved")
    assert said(project)[name] == "symlink"
    assert not any(file.is_relative_to(project / name) for file in tree(project).files)


@pytest.mark.parametrize("name", ["more", "more.md", "stages/more", ".more"])
def test_a_link_in_content_is_a_problem_and_is_not_followed(project: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/page.md").write_text("# Out\n\n<script>alert(1)</script>\n")
    (project / "content" / name).symlink_to(tmp_path / "out")
    assert said(project) == {f"content/{name}": "symlink"}
    assert tmp_path / "out/page.md" not in {file.resolve() for file in tree(project).files}


def test_a_link_to_a_file_is_a_problem_inside_the_folders_too(project: Path) -> None:
    (project / "content/other.md").symlink_to(project / "content/values.md")
    (project / "content/up.md").symlink_to("../../../etc/passwd")
    (project / "data/glossary/up.yml").symlink_to("../site.yml")
    assert said(project) == {"content/other.md": "symlink", "content/up.md": "symlink", "data/glossary/up.yml": "symlink"}


def test_what_an_editor_leaves_behind_is_not_looked_at(project: Path) -> None:
    (project / "content/.#values.md").symlink_to("somebody@machine.1234")
    (project / "data/values/.trust.yml.swp").symlink_to("/dev/zero")
    (project / "data/.x.yml").symlink_to("/dev/zero")
    (project / "content/.DS_Store").write_bytes(b"\0")
    assert said(project) == {}
    assert len(read_project(project).revision) == 8


BACKUPS = ["{}~", "{}.bak", "{}.orig", "{}.swp", "#{}#", "{}.save", "{}.save.1", "{}.rej", "{}.old", "{}.BAK", "{}.~1~", "{}.1", "{}_bak"]
COPIES = [
    "{} (copy){}",
    "{} (another copy){}",
    "{} (copy 2){}",
    "{} copy{}",
    "{} copy 2{}",
    "{} - Copy{}",
    "{} - Copy (2){}",
    "{} (1){}",
    "Copy of {}{}",
    "{} (Jo's conflicted copy 2026-11-01){}",
    "{} (Case Conflict){}",
    "{}.sync-conflict-20261101-120000-ABCDEFG{}",
]


@pytest.mark.parametrize("form", [*BACKUPS, *COPIES, "{}_BASE_123{}", "{}.bak{}"])
@pytest.mark.parametrize("original", ["data/recommendations/1a.yml", "data/site.yml", "content/values.md"])
def test_a_backup_or_a_copy_is_to_be_deleted_and_not_renamed(project: Path, form: str, original: str) -> None:
    file = project / original
    left = file.with_name(form.format(file.name) if form in BACKUPS else form.format(file.stem, file.suffix))
    shutil.copy(file, left)
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == (left.relative_to(project).as_posix(), "leftover")
    kind = "a copy" if form in COPIES else "an editor's backup copy"
    assert problem.message == f"{kind} of {file.name}; delete this file, after copying any changes you need into {file.name}"


@pytest.mark.parametrize("name", ["4913", "Thumbs.db", "desktop.ini", "~$values.md", "lu123abc.tmp"])
@pytest.mark.parametrize("folder", ["data", "data/values", "content", "content/stages"])
def test_what_a_program_leaves_behind_is_to_be_deleted(project: Path, folder: str, name: str) -> None:
    (project / folder / name).write_bytes(b"\0")
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == (f"{folder}/{name}", "leftover")
    assert problem.message == "a leftover file of an editor or of the operating system; delete this file"


@pytest.mark.parametrize(("folder", "copied"), [("data/values", "data/values (copy)"), ("content/stages", "content/stages - Copy")])
def test_a_copied_folder_is_to_be_deleted(project: Path, folder: str, copied: str) -> None:
    shutil.copytree(project / folder, project / copied)
    problems = read_project(project).problems
    assert {problem.name for problem in problems} == {"leftover"}
    name, original = Path(copied).name, Path(folder).name
    wrong = f'"{name}" is a copy of the folder "{original}"; delete that folder, after copying any changes you need into "{original}"'
    assert {problem.message for problem in problems} == {wrong}


def test_a_backup_of_a_released_edition_is_to_be_deleted(project: Path) -> None:
    (project / "data/editions").mkdir(exist_ok=True)
    (project / "data/editions/2026-11.json~").write_text("{}")
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == ("data/editions/2026-11.json~", "leftover")
    assert "into 2026-11.json" in problem.instead


@pytest.mark.parametrize(
    "path", ["data/glossary/hard-copy.yml", "data/glossary/old.yml", "content/a-conflict-2.md", "data/values/a.yml.txt"]
)
def test_a_name_that_only_looks_like_a_leftover_is_none(path: str) -> None:
    assert leftover(PurePosixPath(path)) is None


def test_what_is_no_file_is_not_opened(project: Path) -> None:
    os.mkfifo(project / "content/pipe.md")
    os.mkfifo(project / "data/glossary/pipe.yml")
    assert said(project) == {"content/pipe.md": "unreadable", "data/glossary/pipe.yml": "unreadable"}


@pytest.mark.parametrize(
    "name", ["evil.html", "a.js", "a.svg", "b.css", "edit/config.yml", "x.markdown", "x.mkd", "CNAME", "stages/search.js"]
)
def test_a_file_that_is_no_page_is_a_problem(project: Path, name: str) -> None:
    (project / "content" / name).parent.mkdir(exist_ok=True)
    (project / "content" / name).write_text("<script>alert(1)</script>")
    assert said(project) == {f"content/{name}": "unknown-file"}


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("README.md", "readme"),
        ("readme.md", "index.md"),
        ("A page.md", "a-page"),
        ("a..md", "a"),
        ("x\n::error::y.md", "x-error-y"),
        ("Über/a.md", "ber/a"),
    ],
)
def test_a_page_has_a_plain_name(project: Path, name: str, better: str) -> None:
    (project / "content" / name).parent.mkdir(exist_ok=True)
    (project / "content" / name).write_text("---\ndescription: One sentence that says what it is for.\n---\n\n# A page\n")
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == (f"content/{name}", "file-name")
    assert better in problem.instead


def test_there_is_an_end_to_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tree(project)
    assert not whole.too_much
    monkeypatch.setattr(module, "MOST_FILES", len(whole.files) - 1)
    assert [p.name for p in read_project(project).problems] == ["too-many-files"]
    monkeypatch.setattr(module, "MOST_FILES", 5)
    assert [p.name for p in read_project(project).problems] == ["too-many-files"], "in one folder"
    monkeypatch.undo()
    monkeypatch.setattr(module, "MOST_BYTES", 10)
    assert [p.name for p in read_project(project).problems] == ["too-large"]
    monkeypatch.undo()
    (project / "content" / "/".join("a" * (DEEPEST + 3))).mkdir(parents=True)
    assert [p.name for p in read_project(project).problems] == ["too-deep"]
    assert read_project(project).framework is None


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert tree(tmp_path).files == ()
    assert tree(tmp_path).problems == ()
