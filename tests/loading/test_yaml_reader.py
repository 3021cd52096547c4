"""YAML is read as text, with its lines; whatever YAML 1.1 would misread is a problem."""

from __future__ import annotations

import pytest

from macros.loading.yaml_reader import MAX_DEPTH, MAX_PROBLEMS_PER_FILE, parse
from macros.model.document import Place
from macros.model.types import MAX_TEXT


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
    ("text", "name"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("# only a comment\n", "empty"),
        ("---\n...\n", "null"),
        ("- a\n", "wrong-type"),
        ("a: \x01", "syntax"),
    ],
)
def test_a_file_without_a_record_is_a_problem_at_its_start(text: str, name: str) -> None:
    document = parse(text, "a.yml")
    assert document.value is None
    assert [(p.line, p.column, p.name) for p in document.problems] == [(1 if name != "null" else 2, 1, name)]
    assert document.place(("title",)) == (document.problems[0].line, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("---\ntitle: x\n", []),
        ("a: b\x85c:", ["null"]),
        ("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, ["too-deep"]),
        ("a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1), []),
        ("a: " + "[" * 200_000, ["too-deep"]),
        ("a: b\na: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, ["duplicate-key", "too-deep"]),
        ("a: &x 1\nb: *x\nc:\nd: !t 2\nd: 3\n", ["yaml-mark", "yaml-mark", "null", "yaml-mark", "duplicate-key"]),
        (f"a: {'x' * MAX_TEXT}", []),
        (f"a: {'x' * (MAX_TEXT + 1)}", ["too-long"]),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_records_do_not_need_is_refused(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_aliases_cannot_multiply() -> None:
    lines = (f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert set(names("a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(lines))) == {"yaml-mark"}


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
    assert parse("# A comment.\ntitle: Output\n", "a.yml").place(("nowhere",)) == Place(2, 1)
    assert parse("a: |\n  Ask them.\nb: c\n", "a.yml").place_in(("a",), 4) == Place(2, 7)
    assert parse("a: |\nb: c\n", "a.yml").place_in(("a",), 0) == Place(1, 4)
    assert parse("a:\n  - |\n\n    Ask them.\n", "a.yml").place_in(("a", 0), 5) == Place(4, 9)


def test_a_problem_in_a_list_counts_its_items_from_one() -> None:
    assert [p.field for p in parse("do:\n  - a\n  - step: ~\n", "a.yml").problems] == ["do.2.step"]


@pytest.mark.parametrize(
    ("text", "is_item"), [("a: b\na: c\n", False), ("cell:\n  a: b\n  a: c\n", False), ("do:\n  - a: b\n    a: c\n", True)]
)
def test_only_in_a_list_may_a_second_key_begin_an_item(text: str, is_item: bool) -> None:
    (problem,) = parse(text, "a.yml").problems
    assert problem.name == "duplicate-key"
    assert ("begin the second with -" in problem.instead) is is_item


@pytest.mark.parametrize("typed", ["\\u202E", "\\0", "\\e[2J", "\\u200b", "\\U000E0041", "\\L", "\\x7f", "\\ufe0f", "\\t"])
def test_an_escaped_invisible_character_is_a_problem(typed: str) -> None:
    assert [(p.name, p.line) for p in parse(f'b: c\na: "x{typed}"\n', "a.yml").problems] == [("control-character", 2)]


@pytest.mark.parametrize(
    "typed",
    [
        '"a\\n::error::x": 1',
        "? |\n  a\n  b\n: 1",
        '"\\e[2J": 1',
        "&a b: 1",
        "!a b: 1",
        "[a]: 1",
        "{a: b}: 1",
    ],
)
def test_a_key_is_one_short_word(typed: str) -> None:
    document = parse(f"{typed}\nc: ~\n", "a.yml")
    assert [(p.line, p.name) for p in document.problems] == [(1, "bad-key")]
    assert document.value is None


def test_reading_stops_after_too_many_problems() -> None:
    lines = "".join(f"a{n}: &x y\n" for n in range(5_000))
    assert parse(lines, "a.yml").value is None
    assert len(names(lines)) == len(names(lines + 'b: "')) == MAX_PROBLEMS_PER_FILE


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: Beds #1 and #2", 1, 9),
        ("a: Beds # and more", 1, 9),
        ("a: Beds   #1", 1, 11),
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
        "# one\na: b  # two",
        "a: [b] # one",
        "a: # one\n  - b",
        'a: "b" # one',
        "a: |- # one\n  b",
        "a: Beds#1",
        'a: "Beds #1"',
        "a: C# here",
    ],
)
def test_a_comment_and_a_hash_inside_a_word_are_allowed(text: str) -> None:
    assert names(text) == []
