"""YAML arrives as text, with its lines; what could be misread is a problem."""

from __future__ import annotations

import pytest

from macros.loading.yaml_reader import DEEPEST, LONGEST_KEY, MOST, parse
from macros.model.document import Place
from macros.model.types import LONGEST


@pytest.mark.parametrize(
    "typed", ["no", "yes", "on", "1.10", "010", "2017-04-01", "12:30", "1_000", "=", "0x1F", ".5", "1e3", "Yes", "<<x"]
)
def test_the_characters_typed_are_the_value(typed: str) -> None:
    document = parse(f"title: {typed}\n", "a.yml")
    assert document.value == {"title": typed}
    assert document.problems == ()


@pytest.mark.parametrize("typed", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_null(typed: str) -> None:
    document = parse(f"number: 1\ntitle: {typed}\n", "a.yml")
    assert [(p.name, p.line, p.field) for p in document.problems] == [("null", 2, "title")]
    assert document.value == {"number": "1", "title": None}


@pytest.mark.parametrize("typed", ['""', "''", '"null"', "'~'"])
def test_quoted_text_is_never_null(typed: str) -> None:
    assert parse(f"title: {typed}\n", "a.yml").problems == ()


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n...\n"])
def test_nothing_is_no_record(text: str) -> None:
    document = parse(text, "a.yml")
    assert document.value is None
    assert len(document.problems) == 1


@pytest.mark.parametrize(("text", "name"), [("", "empty"), ("- a\n", "wrong-type"), ("a: \x01", "syntax")])
def test_what_is_wrong_with_a_whole_file_stands_at_its_start(text: str, name: str) -> None:
    document = parse(text, "a.yml")
    assert [(p.line, p.column, p.name) for p in document.problems] == [(1, 1, name)]
    assert document.place(("title",)) == Place(1, 1)


def test_a_line_end_that_only_yaml_knows_is_survived() -> None:
    assert [p.name for p in parse("a: b\x85c:", "a.yml").problems] == ["null"]


def test_deep_nesting_stops_reading() -> None:
    assert [p.name for p in parse("a: " + "[" * DEEPEST + "]" * DEEPEST, "a.yml").problems] == ["too-deep"]
    assert parse("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1), "a.yml").problems == ()
    again = [[p.name for p in parse(f"a: b\na: {'[' * deep}{']' * deep}", "a.yml").problems] for deep in (DEEPEST - 1, DEEPEST)]
    assert again == [["duplicate-key"], ["duplicate-key", "too-deep"]]


def test_a_bomb_of_aliases_or_brackets_is_refused_at_once() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert {p.name for p in parse(bomb, "a.yml").problems} == {"anchor", "alias"}
    assert [p.name for p in parse("a: " + "[" * 200_000, "a.yml").problems] == ["too-deep"]


def test_places_are_those_of_keys_and_values() -> None:
    document = parse("title: Output\ndo:\n  - step: |-\n      Ask.\n      Answer them.\n  - step: Wait\n", "a.yml")
    assert document.place(("title",)) == Place(1, 8)
    assert document.place(("title",), key=True) == Place(1, 1)
    assert document.place(("do", 1, "step")) == Place(6, 11)
    assert document.place(("do", 1, "missing")) == Place(6, 5)
    assert document.place(("nowhere",)) == Place(1, 1)
    assert parse("# A comment.\ntitle: Output\n", "a.yml").place(("nowhere",)) == Place(2, 1)
    assert document.value is not None
    text = document.value["do"][0]["step"]
    assert text == "Ask.\nAnswer them."
    assert document.place_in(("do", 0, "step"), text.index("them")) == Place(5, 14)
    assert document.place_in(("title",), 3) == Place(1, 8)
    assert parse("a: |\n  Ask them.\nb: c\n", "a.yml").place_in(("a",), 4) == Place(2, 7)
    assert parse("a: |\nb: c\n", "a.yml").place_in(("a",), 0) == Place(1, 4)
    assert parse("a:\n  - |\n\n    Ask them.\n", "a.yml").place_in(("a", 0), 5) == Place(4, 9)


def test_several_faults_of_one_file_are_all_named() -> None:
    document = parse("a: &x 1\nb: *x\nc:\nd: !t 2\nd: 3\n", "a.yml")
    assert [(p.line, p.name) for p in document.problems] == [(1, "anchor"), (2, "alias"), (3, "null"), (4, "tag"), (5, "duplicate-key")]


def test_a_problem_in_a_list_counts_its_items_from_one() -> None:
    assert [p.field for p in parse("do:\n  - a\n  - step: ~\n", "a.yml").problems] == ["do.2.step"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a: b #c", ["cut-by-hash"]),
        ("a: b # c", ["cut-by-hash"]),
        ("a: b  # c", []),
        ("a: b#c", []),
        ('a: "b" # c', []),
        ('a: "b" #c', ["cut-by-hash"]),
        ("a: 'b' #c", ["cut-by-hash"]),
        ("a: #c", ["null"]),
    ],
)
def test_only_a_comment_that_looks_like_the_rest_of_a_text_is_a_problem(text: str, names: list[str]) -> None:
    assert [p.name for p in parse(text, "a.yml").problems] == names


@pytest.mark.parametrize(
    ("text", "item"), [("a: b\na: c\n", False), ("cell:\n  a: b\n  a: c\n", False), ("do:\n  - a: b\n    a: c\n", True)]
)
def test_only_in_a_list_may_a_key_for_the_second_time_be_an_item_of_its_own(text: str, item: bool) -> None:
    (problem,) = parse(text, "a.yml").problems
    assert problem.name == "duplicate-key"
    assert ("begin the second with -" in problem.instead) is item


def test_a_start_mark_is_allowed() -> None:
    assert parse("---\ntitle: x\n", "a.yml").value == {"title": "x"}


@pytest.mark.parametrize("typed", ["\\u202E", "\\0", "\\e[2J", "\\u200b", "\\U000E0041", "\\L", "\\x7f", "\\ufe0f"])
def test_an_invisible_character_by_its_number_is_a_problem(typed: str) -> None:
    assert [(p.name, p.line) for p in parse(f'b: c\na: "x{typed}"\n', "a.yml").problems] == [("control-character", 2)]


@pytest.mark.parametrize(
    "typed",
    [
        '"a\\n::error::x": 1',
        "? |\n  a\n  b\n: 1",
        f"{'k' * (LONGEST_KEY + 1)}: 1",
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
    assert parse(f"{'k' * LONGEST_KEY}: 1", "a.yml").problems == ()


def test_a_text_has_an_end() -> None:
    assert parse(f"a: {'x' * LONGEST}", "a.yml").problems == ()
    assert [p.name for p in parse(f"a: {'x' * (LONGEST + 1)}", "a.yml").problems] == ["too-long"]


def test_so_many_problems_of_one_file_are_enough() -> None:
    document = parse("".join(f"a{n}: &x y\n" for n in range(5_000)), "a.yml")
    assert len(document.problems) == MOST
    assert document.value is None
    assert len(parse("".join(f"a{n}: &x y\n" for n in range(5_000)) + 'b: "', "a.yml").problems) == MOST
    assert len(parse("a: &x y\n" + "".join(f"a{n}: &x !t y\n" for n in range(5_000)), "a.yml").problems) == MOST + 1


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a: Beds #1 and #2", 9),
        ("a: Beds # and more", 9),
        ("a: Beds   #1", 11),
        ('a: "Beds" #1', 11),
        ("a: |- #1 reason\n  Words.", 7),
        ("a: Beds\n  and more #1\nb: c", 12),
        ("a:\n  - Beds # and more", 10),
    ],
)
def test_words_behind_a_hash_are_not_lost_in_silence(text: str, column: int) -> None:
    found = parse(text, "a.yml").problems
    assert [(p.name, p.line, p.column) for p in found] == [
        ("cut-by-hash", next(n for n, s in enumerate(text.split("\n"), 1) if "#" in s), column)
    ]


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
def test_a_comment_and_a_hash_inside_a_word_stay_allowed(text: str) -> None:
    assert parse(text, "a.yml").problems == ()
