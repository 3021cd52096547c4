"""A file that is not plain text is refused, by name and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from macros.loading.files import MAX_BYTES, decode_file


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (b"\xef\xbb\xbftitle: x\n", "byte-order-mark", 1),
        ("title: x\n".encode("utf-16"), "byte-order-mark", 1),
        (b"title: x\nnote: \xe9t\xe9\n", "not-utf-8", 2),
        (b"title: x\nnote: a\x07b\n", "control-character", 2),
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


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"x" * MAX_BYTES, "x" * MAX_BYTES), (b"a: b\r\nc: d\r\n", "a: b\nc: d\n"), (b"a: x ======= y\n", "a: x ======= y\n")],
    ids=["the largest file", "Windows line ends", "equals signs inside a line"],
)
def test_plain_text_is_read(tmp_path: Path, content: bytes, text: str) -> None:
    file = tmp_path / "a.yml"
    file.write_bytes(content)
    assert decode_file(file, "a.yml") == (text, [])


def test_a_huge_file_a_link_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with (tmp_path / "huge.yml").open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    (tmp_path / "link.yml").symlink_to(tmp_path / "huge.yml")
    names = [decode_file(tmp_path / name, name)[1][0].name for name in ("huge.yml", "link.yml", "gone.yml", ".")]
    assert names == ["too-large", "symlink", "unreadable", "unreadable"]
