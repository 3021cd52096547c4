"""YAML's complaints are put in words for a person; an unknown one is passed on."""

from __future__ import annotations

import pytest
import yaml

from macros.loading.yaml_errors import explain
from macros.loading.yaml_reader import parse


def test_an_unknown_complaint_is_quoted() -> None:
    mark = yaml.Mark("a.yml", 0, 4, 2, None, 0)
    line, column, wrong, instead = explain(yaml.MarkedYAMLError(problem="something new", problem_mark=mark))
    assert (line, column) == (5, 3)
    assert "something new" in wrong
    assert "data/README.md" in instead


def test_a_complaint_without_a_place_is_put_at_the_start() -> None:
    assert explain(yaml.MarkedYAMLError(problem="found undefined tag handle"))[:2] == (1, 1)


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("see:\n    term: a\n  - term: b\n", 2, "an item of a list that does not begin with -"),
        ("title: A\n- term: b\n", 2, "a line that is indented wrongly, or text after a closing quotation mark"),
        ("title: A\naim: more: still\n", 2, "a colon and a space inside the text"),
        ("cell:\n    Some words.\n    More words.\n  points: [a]\n", 2, "text that no key and no |- stands before"),
        ("cell:\n   says: a\n  points: [a]\n", 2, '"says: a" begins after 3 spaces'),
        ("\nWords.\n# a comment\ntitle: A\n", 2, "a line that is no key"),
        ('title: "A\naim: b\nwhy: "c" d\n', 1, "a quotation mark that is not closed in its line"),
        ('title: "A" b\n', 1, "a line that is indented wrongly, or text after a closing quotation mark"),
        ('title: "A\n  b"\naim: more: still\n', 3, "a colon and a space inside the text"),
        ('terms: [a,\n  "b\n  c"\n', 1, "a list opened with [ that is not closed"),
        ("title: A\n  b: c\n", 2, '"b: c" begins after 2 spaces'),
    ],
)
def test_a_fault_is_named_where_it_was_made(text: str, line: int, wrong: str) -> None:
    found = parse(text, "a.yml").problems
    assert [(p.line, p.wrong) for p in found] == [(line, wrong)]


def test_a_line_of_small_letters_below_a_text_may_be_a_key_or_words() -> None:
    (problem,) = parse("why: |-\n  One reason,\nand another.\naim: a\n", "a.yml").problems
    assert (problem.line, problem.wrong) == (3, '"and another." begins at the start of the line')
    assert problem.instead == 'begin it after 2 spaces, as line 2 does, or put a colon after "and" if it is a key'
    (problem,) = parse("why: |-\n  One reason.\naim |-\n  More.\n", "a.yml").problems
    assert (problem.line, problem.instead) == (3, "write aim: |-, or indent the line if it belongs to the text above")


def test_a_key_of_several_words_is_named_beside_the_fault_that_yaml_sees() -> None:
    found = parse("do:\n  - Step 1: a\n  - b\n  - [c\n", "a.yml").problems
    assert [(p.line, p.column, p.name) for p in found] == [(2, 5, "bad-key"), (4, 5, "syntax")]
    assert found[0].wrong == '"Step 1" is no key'
