"""YAML is read as text, with its lines; whatever YAML 1.1 would misread is a problem."""

from __future__ import annotations

import re

import pytest
import yaml

from macros.loading.yaml_reader import explain, misplaced, parse
from macros.model.document import Place
from macros.model.types import MAX_TEXT
from tests.conftest import REAL, TESTS, cases

RECORD = (TESTS / "starter/data/recommendations/1a.yml").read_text("utf-8").split("\n")


def names(text: str) -> list[str]:
    return [problem.name for problem in parse(text, "a.yml").problems]


@pytest.mark.parametrize("typed", ["no", "1.10", "010", "2017-04-01", "12:30", "1_000", "=", "0x1F", ".5", "1e3", "Yes", "<<x"])
def test_the_characters_typed_are_the_value(typed: str) -> None:
    document = parse(f"title: {typed}\n", "a.yml")
    assert document.value == {"title": typed}
    assert document.problems == ()


@pytest.mark.parametrize("typed", ["", "~", "null", "NULL", "#c"])
def test_no_value_is_a_problem_unless_it_is_quoted(typed: str) -> None:
    document = parse(f"number: 1\ntitle: {typed}\n", "a.yml")
    assert [(p.name, p.line, p.field) for p in document.problems] == [("null", 2, "title")]
    assert document.value == {"number": "1", "title": None}
    assert names(f'title: "{typed}"\n') == []


@pytest.mark.parametrize(
    ("text", "name"), [("", "empty"), ("\n\n", "empty"), ("# only a comment\n", "empty"), ("- a\n", "wrong-type"), ("a: \x01", "syntax")]
)
def test_a_file_without_a_record_is_a_problem_at_its_start(text: str, name: str) -> None:
    document = parse(text, "a.yml")
    assert document.value is None
    assert [(p.line, p.column, p.name) for p in document.problems] == [(1, 1, name)]
    assert document.place(("title",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("---\ntitle: x\n", []),
        ("a: b\x85c:", ["null"]),
        ("a: " + "[" * 200_000, ["too-deep"]),
        ("a: &x 1\nb: *x\nc:\nd: !t 2\nd: 3\n", ["yaml-mark", "yaml-mark", "null", "yaml-mark", "duplicate-key"]),
        (f"a: {'x' * (MAX_TEXT + 1)}", ["too-long"]),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_records_do_not_need_is_refused(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_keys_and_values_have_places() -> None:
    document = parse("title: Output\ndo:\n  - step: |-\n      Ask.\n      Answer them.\n  - step: Wait\n", "a.yml")
    assert document.place(("title",)) == Place(1, 8)
    assert document.place(("title",), key=True) == Place(1, 1)
    assert document.place(("do", 1, "step")) == Place(6, 11)
    assert document.place(("do", 1, "missing")) == Place(6, 5)
    assert document.place(("nowhere",)) == Place(1, 1)
    assert document.text(("do", 0, "step")) == "Ask.\nAnswer them."
    assert document.place_in(("do", 0, "step"), len("Ask.\nAnswer ")) == Place(5, 14)
    assert document.place_in(("title",), 3) == Place(1, 8)
    assert parse("a: |\n  Ask them.\nb: c\n", "a.yml").place_in(("a",), 4) == Place(2, 7)
    assert parse("a:\n  - |\n\n    Ask them.\n", "a.yml").place_in(("a", 0), 5) == Place(4, 9)


@pytest.mark.parametrize(
    ("text", "field", "may_be_an_item"),
    [("a: b\na: c\n", "", False), ("cell:\n  a: b\n  a: c\n", "cell", False), ("do:\n  - a: b\n    a: c\n", "do.1", True)],
)
def test_a_second_key_may_begin_an_item_only_in_a_list(text: str, field: str, may_be_an_item: bool) -> None:
    (problem,) = parse(text, "a.yml").problems
    assert (problem.name, problem.field) == ("duplicate-key", field)
    assert ("begin the second with -" in problem.instead) is may_be_an_item


@pytest.mark.parametrize("typed", ["\\u202E", "\\0", "\\e[2J", "\\u200b", "\\U000E0041", "\\L", "\\x7f", "\\ufe0f", "\\t"])
def test_an_escaped_invisible_character_is_a_problem(typed: str) -> None:
    assert [(p.name, p.line) for p in parse(f'b: c\na: "x{typed}"\n', "a.yml").problems] == [("control-character", 2)]


@pytest.mark.parametrize("typed", ['"a\\n::error::x": 1', "? |\n  a\n  b\n: 1", '"\\e[2J": 1', "&a b: 1", "!a b: 1", "[a]: 1", "{a: b}: 1"])
def test_a_key_is_one_word(typed: str) -> None:
    document = parse(f"{typed}\nc: ~\n", "a.yml")
    assert [(p.line, p.name) for p in document.problems] == [(1, "bad-key")]
    assert document.value is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: Beds #1 and #2", 1, 9),
        ('a: "Beds" #1', 1, 11),
        ("a: |- #1 reason\n  Words.", 1, 7),
        ("a: Beds\n  and more #1\nb: c", 2, 12),
        ("a:\n  - Beds # and more", 2, 10),
    ],
)
def test_text_after_a_hash_is_not_lost_unnoticed(text: str, line: int, column: int) -> None:
    assert [(p.name, p.line, p.column) for p in parse(text, "a.yml").problems] == [("cut-by-hash", line, column)]


@pytest.mark.parametrize(
    "text",
    [
        *("# one\na: b  # two", "a: [b] # one", "a: # one\n  - b", 'a: "b" # one', "a: |- # one\n  b"),
        *("a: Beds#1", 'a: "Beds #1"', "a: C# here"),
    ],
)
def test_a_comment_and_a_hash_inside_a_word_are_allowed(text: str) -> None:
    assert names(text) == []


def test_an_unknown_error_is_quoted_at_its_place_or_at_the_start() -> None:
    mark = yaml.Mark("a.yml", 0, 4, 2, None, 0)
    line, column, wrong, instead = explain(yaml.MarkedYAMLError(problem="something new", problem_mark=mark))
    assert (line, column, wrong) == (5, 3, "not YAML (something new)")
    assert "data/README.md" in instead
    assert explain(yaml.MarkedYAMLError(problem="found undefined tag handle"))[:2] == (1, 1)


@pytest.mark.parametrize(("text", "line", "message"), cases("yaml_reader.a_mistake_is_explained_at_its_line"))
def test_a_mistake_is_explained_at_its_line(text: str, line: int, message: str) -> None:
    (problem,) = parse(text, "a.yml").problems
    assert problem.line == line
    assert problem.message.startswith(message)


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
