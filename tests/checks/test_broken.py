"""Each file of tests/broken/ holds one fault; ` #! message` at the end of a line is the expected message for that line.

The file's name is <kind>.<fault>.yml. It takes the place of a record of the small framework: the first of its kind, or the
path in a first line `#> data/...`. The marks are taken off before the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from macros.model.records import KINDS, SINGLES
from macros.site_build.project import read_project
from tests.conftest import TESTS, make_project

FILES = [f"data/{file.parent.name}/{file.name}" for root in ("starter", "every_kind") for file in TESTS.glob(f"{root}/data/*/*")]
HOMES = {cls.kind: min(file for file in FILES if file.startswith(f"data/{cls.folder}/")) for cls in KINDS.values()}
HOMES |= {cls.kind: f"data/{cls.file}" for cls in SINGLES.values()} | {"page": "content/values.md"}
BROKEN = sorted((TESTS / "broken").iterdir())


def fixture(file: Path) -> tuple[str, str, list[tuple[int, str]]]:
    """Return the path at which the broken `file` belongs, its text without marks, and the lines and messages expected."""
    lines = file.read_text("utf-8").split("\n")
    home = HOMES[file.name.split(".")[0]]
    if lines[0].startswith("#> "):
        home = lines.pop(0).removeprefix("#> ")
    expected = []
    for number, line in enumerate(lines, 1):
        text, *messages = re.split(r" ?#! ", line)
        lines[number - 1] = text
        expected += [(number, message) for message in messages]
    return home, "\n".join(lines), expected


@contextmanager
def replaced(file: Path, text: str) -> Iterator[None]:
    """Let `file` hold `text` inside the block."""
    before = file.read_bytes() if file.exists() else None
    file.write_text(text, "utf-8")
    try:
        yield
    finally:
        file.unlink() if before is None else file.write_bytes(before)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project for all these tests; each puts back what it changes."""
    return make_project(tmp_path_factory.mktemp("broken"))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_fault_is_reported_at_its_line(file: Path, shared: Path, accept: bool) -> None:
    home, text, expected = fixture(file)
    with replaced(shared / home, text):
        problems = read_project(shared).problems
    found = [(p.line, p.message) for p in problems if p.path == home]
    if accept:
        mark(file, text, found)
        _, _, expected = fixture(file)
    assert found, f"no problem is found in {file.name}"
    assert [p for p in problems if p.path != home] == [], "a problem is reported in another file"
    assert found == expected
    assert all(p.column >= 1 and p.name and p.instead for p in problems)


def mark(file: Path, text: str, found: list[tuple[int, str]]) -> None:
    """Write `found` into the broken `file`, each message on its line."""
    lines = text.split("\n")
    for number, message in found:
        lines[number - 1] += f" #! {message}"
    first = file.read_text("utf-8").split("\n")[0]
    head = f"{first}\n" if first.startswith("#> ") else ""
    file.write_text(head + "\n".join(lines), "utf-8")
