"""Problems are printed for a person and for GitHub."""

from __future__ import annotations

import pytest

from macros.model.problem import InvalidDataError, Problem, count, did_you_mean, likely_typo, report
from tests.conftest import cases

A = Problem("data/a.yml", 3, 5, "null", "no value", "write one", "do.1.step", "recommendation/1a")
B = Problem("data/a,b.yml", 1, 1, "odd", "50%\nof it", severity="warning")


def test_problems_are_sorted_and_printed_once_with_path_line_and_column() -> None:
    assert report([A, B, A]) == "data/a,b.yml:1:1: warning: 50% of it\ndata/a.yml:3:5: do.1.step: no value; write one"
    assert InvalidDataError([A, B]).problems == (B, A)


def test_github_annotations_are_escaped() -> None:
    assert report([A], "github") == "::error file=data/a.yml,line=3,col=5,title=null::do.1.step: no value; write one"
    assert report([B], "github") == "::warning file=data/a%2Cb.yml,line=1,col=1,title=odd::50%25%0Aof it"


@pytest.mark.parametrize(
    ("problems", "sentence"), [([], "no problems"), ([A], "1 problem in 1 file"), ([A, A, B], "2 problems in 1 file, 1 warning")]
)
def test_problems_are_counted_in_one_sentence(problems: list[Problem], sentence: str) -> None:
    assert count(problems) == sentence


@pytest.mark.parametrize(
    ("typed", "known", "meant"), [*cases("problem.only_a_very_close_spelling_is_a_typo"), ("a" * 100_000, "a" * 99_999, False)]
)
def test_only_a_very_close_spelling_is_a_typo(typed: str, known: str, meant: bool) -> None:
    assert likely_typo(typed, ["unlike", known]) == (known if meant else None)


@pytest.mark.parametrize(
    ("typed", "known", "advice"),
    [
        ("1-equal-voic", ["1-equal-voice", "2-design"], 'did you mean "1-equal-voice"?'),
        ("Value for money", ["value-for-money", "x"], 'did you mean "value-for-money"?'),
        ("TITLE", ["title", "x"], 'did you mean "title"?'),
        ("zzz", ["a", "b"], "use one of: a, b"),
        ("zzz", [f"word{n}" for n in range(20)], ""),
        ("a" * 100_000, ["a", "aa"], "use one of: a, aa"),
    ],
)
def test_advice_names_the_nearest_or_the_few(typed: str, known: list[str], advice: str) -> None:
    assert did_you_mean(typed, known) == advice


def test_the_number_of_printed_problems_is_limited() -> None:
    problems = [Problem("data/a.yml", line, 1, "x", "wrong") for line in range(1, 10_001)]
    lines = report(problems).split("\n")
    assert (len(lines), lines[-1]) == (501, "and 9,500 more")


def test_a_message_is_one_line_without_commands_to_a_terminal_or_a_log() -> None:
    hostile = Problem("data/a\n::error::b.yml", 1, 1, "x", 'there is no "\x1b[2J\n::add-mask::x ##[set-env]\u202e"' + "y" * 10_000)
    line = report([hostile])
    assert len(line) < 2_000
    for mark in ("\n", "\x1b", "\u202e", "##["):
        assert mark not in line
    assert not {"\n", "\x1b"} & set(report([hostile], "github"))
