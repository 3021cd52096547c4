"""Mistakes in YAML are explained at their line; more cases are in tests/broken/."""

from __future__ import annotations

import re

import pytest
import yaml

from macros.loading.yaml_reader import explain, misplaced, parse
from tests.conftest import REAL, TESTS

RECORD = (TESTS / "data/recommendations/1a.yml").read_text("utf-8").split("\n")


def test_an_unknown_error_is_quoted_at_its_place_or_at_the_start() -> None:
    mark = yaml.Mark("a.yml", 0, 4, 2, None, 0)
    line, column, wrong, instead = explain(yaml.MarkedYAMLError(problem="something new", problem_mark=mark))
    assert (line, column, wrong) == (5, 3, "not YAML (something new)")
    assert "data/README.md" in instead
    assert explain(yaml.MarkedYAMLError(problem="found undefined tag handle"))[:2] == (1, 1)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("title: A\naim: more: still\n", 2, "a colon and a space inside the text; put the whole text"),
        ("title: A\n- term: b\n", 2, "wrong indentation, or text after a closing quotation mark"),
        ('title: "A" b\n', 1, "wrong indentation, or text after a closing quotation mark"),
        ('title: "A\naim: b\nwhy: "c" d\n', 1, "a quotation mark that is never closed"),
        ('title: "A\n  b"\naim: more: still\n', 3, "a colon and a space inside the text"),
        ('terms: [a,\n  "b\n  c"\n', 1, "a list opened with [ that is not closed"),
        ("\nWords.\n# a comment\ntitle: A\n", 2, "a line without a key; write key: value, or begin it with #"),
        ("cell:\n    Some words.\n    More words.\n  points: [a]\n", 2, "text without a key; write key: |-"),
        ("cell:\n   says: a\n  points: [a]\n", 2, '"says: a" begins after 3 spaces; begin it after 2 spaces'),
        ("title: A\n  b: c\n", 2, '"b: c" begins after 2 spaces; begin it at the start of the line'),
        ("see:\n    term: a\n  - term: b\n", 2, '"term: a" begins after 4 spaces; begin it after 2 spaces, or write - before it'),
        (
            "cell:\n  - says: a\n  points: [a]\n",
            3,
            '"points: [a]" begins after 2 spaces; begin it after 4 spaces or at the start of the line',
        ),
        ("do:\n  - a: b\n    c: d\ne: [x]\n    f: g\n", 4, '"e: [x]" begins at the start of the line; begin it after 4 spaces'),
        (
            "why: |-\n  One reason,\nand another.\naim: a\n",
            3,
            '"and another." begins at the start of the line; begin it after 2 spaces, or put a colon after "and" if it is a key',
        ),
    ],
)
def test_a_mistake_is_explained_at_its_line(text: str, line: int, message: str) -> None:
    (problem,) = parse(text, "a.yml").problems
    assert problem.line == line
    assert problem.message.startswith(message)


def test_a_key_of_several_words_is_reported_before_the_error_it_may_cause() -> None:
    (problem,) = parse("do:\n  - Step 1: a\n  - b\n  - [c\n", "a.yml").problems
    assert (problem.line, problem.column, problem.wrong) == (2, 5, '"Step 1" is not a key')


def test_no_line_of_the_real_files_is_misplaced() -> None:
    files = [file for file in (REAL / "data").rglob("*.yml") if "schema" not in file.parts]
    for file in (*files, REAL / "mkdocs.yml"):
        lines = file.read_text("utf-8").split("\n")
        assert misplaced(lines, len(lines)) is None, file
    assert misplaced(["# a", "title: A", " # b", "- x", "why: >-", "  One.", "", "   two", "# c", "z: a", "  b"], 10) is None


@pytest.mark.parametrize("by", [-2, -1, 1, 2])
def test_a_line_moved_left_or_right_is_found_with_its_right_place(by: int) -> None:
    found = 0
    for number, line in enumerate(RECORD):
        moved = f"{' ' * by}{line}" if by > 0 else line.removeprefix(" " * -by)
        if not line or moved == line:
            continue
        for problem in parse("\n".join([*RECORD[:number], moved, *RECORD[number + 1 :]]), "a.yml").problems:
            spaces = len(line) - len(line.lstrip())
            where = rf"after {spaces} spaces" if spaces else "at the start of the line"
            assert re.search(rf"begin it .*{where}", problem.instead), problem
            assert problem.line == number + 1
            found += 1
    assert found > 10
