"""A file that is no plain text is refused, by name and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.loading.decode import LARGEST, text_of


@pytest.mark.parametrize(
    ("raw", "name", "line"),
    [
        (b"\xef\xbb\xbftitle: x\n", "byte-order-mark", 1),
        ("title: x\n".encode("utf-16"), "byte-order-mark", 1),
        (b"title: x\nnote: \xe9t\xe9\n", "not-utf-8", 2),
        (b"title: x\n\x00\n", "binary", 2),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary", 3),
        (b"title: x\nnote: a\x07b\n", "control-character", 2),
        (b"title: x\rnote: y\n", "control-character", 1),
        ("title: a\u2028b\n".encode(), "control-character", 1),
        (b"title: x\n\tnote: y\n", "tab-indentation", 2),
        (b"title: x\ty\n", "tab", 1),
        (b"a: b\n<<<<<<< HEAD\n", "merge-conflict", 2),
        (b"x" * (LARGEST + 1), "too-large", 1),
    ],
)
def test_refused(tmp_path: Path, raw: bytes, name: str, line: int) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(raw)
    text, problems = text_of(file, "data/a.yml")
    assert text is None
    assert [(p.path, p.line, p.name) for p in problems] == [("data/a.yml", line, name)]


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(b"x" * LARGEST)
    assert text_of(file, "a.yml") == ("x" * LARGEST, [])


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    with file.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    assert [p.name for p in text_of(file, "a.yml")[1]] == ["too-large"]


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(b"a: b\r\nc: d\r\n")
    assert text_of(file, "a.yml") == ("a: b\nc: d\n", [])


def test_a_line_of_equals_signs_in_a_longer_line_is_text(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("a: x ======= y\n")
    assert text_of(file, "a.yml")[1] == []


def test_a_link_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real.yml").write_text("a: b\n")
    (tmp_path / "link.yml").symlink_to(tmp_path / "real.yml")
    assert [p.name for p in text_of(tmp_path / "link.yml", "link.yml")[1]] == ["symlink"]
    assert [p.name for p in text_of(tmp_path / "gone.yml", "gone.yml")[1]] == ["unreadable"]
    assert [p.name for p in text_of(tmp_path, "folder")[1]] == ["unreadable"]
