"""What is kept on disk is made once, and again if anything it is made from has changed or its file is damaged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from macros.loading import disk_cache
from macros.loading.disk_cache import cached, hash_of


def test_a_result_is_made_once_and_again_if_its_file_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make() -> list[str]:
        made.append("made")
        return ["a", "b"]

    folder = tmp_path / "folder"
    assert cached(folder, "key", make) == cached(folder, "key", make) == ["a", "b"]
    assert made == ["made"]
    (file,) = folder.iterdir()
    content = file.read_bytes()
    for times, damage in enumerate((b"", b"x", content[:-1], content.replace(b"a", b"c"), content[32:]), 2):
        file.write_bytes(damage)
        assert cached(folder, "key", make) == ["a", "b"]
        assert len(made) == times
    os.utime(file, (0, 0))
    monkeypatch.setattr(disk_cache, "_MAX_FILES", 1)
    assert cached(folder, "other", lambda: 1) == 1
    assert [file.stem for file in folder.iterdir()] == ["other"]
    (tmp_path / "file").touch()
    assert cached(tmp_path / "file", "key", make) == ["a", "b"]


def test_a_hash_depends_on_names_and_contents_of_files_on_values_and_on_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, other = tmp_path / "a", tmp_path / "b"
    for made in (file, other):
        made.write_text("a", "utf-8")
    hashes = [hash_of(tmp_path, [file]), hash_of(tmp_path, [other]), hash_of(tmp_path, [file, other]), hash_of(tmp_path, [file], 1)]
    file.write_text("b", "utf-8")
    hashes.append(hash_of(tmp_path, [file]))
    assert hash_of(tmp_path, [file]) == hashes[-1]
    monkeypatch.setattr(disk_cache, "_code", lambda: "other code")
    hashes.append(hash_of(tmp_path, [file]))
    assert len(set(hashes)) == len(hashes)
