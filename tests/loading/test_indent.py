"""A line in a wrong column is found, with the columns that would fit; a record laid out as all are has none."""

from __future__ import annotations

import re

import pytest

from macros.loading.indentation import Misplaced, misplaced
from macros.loading.yaml_reader import parse
from tests.conftest import REAL, TESTS

RECORD = (TESTS / "data/recommendations/1a.yml").read_text("utf-8").split("\n")


def test_no_line_of_a_record_is_misplaced() -> None:
    wrong: dict[tuple[str, int], Misplaced] = {}
    for file in sorted(file for file in (REAL / "data").rglob("*.yml") if "schema" not in file.parts):
        lines = file.read_text("utf-8").split("\n")
        wrong |= {(file.name, last): found for last in range(0, len(lines), 7) if (found := misplaced(lines, last))}
    assert wrong == {}


@pytest.mark.parametrize("by", [-2, -1, 1, 2])
def test_each_line_that_cannot_be_read_is_told_where_to_begin(by: int) -> None:
    told = 0
    for number, line in enumerate(RECORD):
        moved = f"{' ' * by}{line}" if by > 0 else line.removeprefix(" " * -by)
        if not line or moved == line:
            continue
        problems = parse("\n".join([*RECORD[:number], moved, *RECORD[number + 1 :]]), "a.yml").problems
        if problems:
            (problem,) = problems
            spaces = len(line) - len(line.lstrip())
            where = rf"after {spaces} spaces" if spaces else "at the start of the line"
            assert re.search(rf"begin it .*{where}", problem.instead), problem
            assert problem.line == number + 1
            told += 1
    assert told > 10


def test_a_key_may_belong_to_one_of_two_groups() -> None:
    lines = ["cell:", "  - says: a", "  points: [a]"]
    assert misplaced(lines, 2) == Misplaced(2, 2, ((4, 1), (0, 0)))
    assert misplaced([*lines, "  - says: b", "    points: [b]"], 2) == Misplaced(2, 2, ((4, 1),))


def test_the_line_above_may_be_the_one_that_is_misplaced() -> None:
    assert misplaced(["do:", "  - a: b", "c: |-", "      Text.", "    d: e"], 3) == Misplaced(2, 0, ((4, None),))
    assert misplaced(["do:", "  - a: b", "c: [x]", "    d: |-"], 3) == Misplaced(2, 0, ((4, None),))


def test_comments_texts_and_items_without_a_key_are_left_alone() -> None:
    assert misplaced(["# a", "title: A", " # b", "- x", "why: >-", "  One.", "", "   two", "# c", "z: a", "  b"], 10) is None
    assert misplaced([], 3) is None
