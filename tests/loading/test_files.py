"""Files that are no plain text, links, copies, unknown files and too many files in data/ and content/ are problems."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from macros.loading import files
from macros.loading.files import MAX_BYTES, decode_file, find_files
from macros.site_build.project import read_project


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (b"\xef\xbb\xbftitle: x\n", "byte-order-mark", 1),
        ("title: x\n".encode("utf-16"), "byte-order-mark", 1),
        (b"title: x\nnote: \xe9t\xe9\n", "not-utf-8", 2),
        (b"title: x\n\x00\n", "control-character", 2),
        (b"title: x\rnote: y\n", "control-character", 1),
        ("title: a\u2028b\n".encode(), "control-character", 1),
        (b"title: x\n\tnote: y\n", "tab", 2),
        (b"a: b\n<<<<<<< HEAD\n", "merge-conflict", 2),
        (b"x" * (MAX_BYTES + 1), "too-large", 1),
    ],
)
def test_a_file_that_is_not_plain_text_is_refused(tmp_path: Path, content: bytes, name: str, line: int) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(content)
    text, problems = decode_file(file, "data/a.yml")
    assert text is None
    assert [(p.path, p.line, p.name) for p in problems] == [("data/a.yml", line, name)]


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"a: b\r\nc: x ======= y\r\n")
    assert decode_file(tmp_path / "a.yml", "a.yml") == ("a: b\nc: x ======= y\n", [])


def test_a_link_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link.yml").symlink_to(tmp_path / "other.yml")
    names = [decode_file(tmp_path / name, name)[1][0].name for name in ("link.yml", "gone.yml", ".")]
    assert names == ["symlink", "unreadable", "unreadable"]


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


def test_a_link_to_a_file_and_a_pipe_are_problems(project: Path) -> None:
    (project / "content/other.md").symlink_to(project / "content/values.md")
    (project / "data/glossary/up.yml").symlink_to("../site.yml")
    os.mkfifo(project / "data/glossary/pipe.yml")
    assert problem_names(project) == {
        "content/other.md": "symlink",
        "data/glossary/up.yml": "symlink",
        "data/glossary/pipe.yml": "unreadable",
    }


def test_hidden_files_of_editors_are_ignored(project: Path) -> None:
    (project / "content/.#values.md").symlink_to("somebody@machine.1234")
    (project / "data/.x.yml").symlink_to("/dev/zero")
    (project / "content/.DS_Store").write_bytes(b"\0")
    assert problem_names(project) == {}


@pytest.mark.parametrize("name", ["{}~", "{}.bak", "#{}#", "{} (copy)", "Copy of {}", "{} - Copy (2)", "Thumbs.db"])
def test_a_backup_or_a_copy_is_refused(project: Path, name: str) -> None:
    copies = set()
    (project / "data/editions").mkdir(exist_ok=True)
    (project / "data/editions/2026-11.json").write_text("{}")
    for original in ("data/recommendations/1a.yml", "data/site.yml", "content/values.md", "data/editions/2026-11.json"):
        file = project / original
        copy = shutil.copy(file, file.with_name(name.format(file.name)))
        copies.add(Path(copy).relative_to(project).as_posix())
    (project / "data/editions/2026-11.json").unlink()
    assert {problem.path for problem in read_project(project).problems} == copies


def test_a_file_that_is_not_a_page_is_refused(project: Path) -> None:
    names = ("evil.html", "edit/config.yml", "x.markdown", "CNAME", "stages/search.js")
    for name in names:
        (project / "content" / name).parent.mkdir(exist_ok=True)
        (project / "content" / name).write_text("<script>alert(1)</script>")
    assert problem_names(project) == {f"content/{name}": "unknown-file" for name in names}


@pytest.mark.parametrize(
    ("name", "better"),
    [("README.md", "index"), ("A page.md", "a-page"), ("a..md", "a"), ("x\n::error::y.md", "x-error-y"), ("Über/a.md", "ber/a")],
)
def test_a_page_has_a_name_of_small_letters_and_hyphens(project: Path, name: str, better: str) -> None:
    (project / "content" / name).parent.mkdir(exist_ok=True)
    (project / "content" / name).write_text("---\ndescription: One sentence that says what it is for.\n---\n\n# A page\n")
    (problem,) = read_project(project).problems
    assert (problem.path, problem.name) == (f"content/{name}", "file-name")
    assert better in problem.instead


@pytest.mark.parametrize(("limit", "value"), [("MAX_FILES", 5), ("MAX_TOTAL_BYTES", 10)])
def test_the_number_and_the_size_of_files_are_limited(project: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(files, limit, value)
    assert [p.name for p in read_project(project).problems] == ["too-much"]
    assert read_project(project).framework is None
