"""Problems are printed for a person, for GitHub and as JSON."""

from __future__ import annotations

import json

import pytest

from macros.model.problem import InvalidDataError, Problem, count, did_you_mean, likely_typo, report

A = Problem("data/a.yml", 3, 5, "null", "no value", "write one", "do.1.step", "recommendation/1a")
B = Problem("data/a,b.yml", 1, 1, "odd", "50%\nof it", severity="warning")


def test_text_is_path_line_column_message() -> None:
    assert report([A]) == "data/a.yml:3:5: do.1.step: no value; write one"
    assert report([B]).startswith("data/a,b.yml:1:1: warning: 50%")


def test_problems_are_sorted_and_told_once() -> None:
    assert report([A, B, A]).split("\n")[0].startswith("data/a,b.yml")
    assert report([A, A]).count("no value") == 1


def test_github_annotations_are_escaped() -> None:
    assert report([A], "github") == "::error file=data/a.yml,line=3,col=5,title=null::do.1.step: no value; write one"
    assert report([B], "github") == "::warning file=data/a%2Cb.yml,line=1,col=1,title=odd::50%25%0Aof it"


def test_json_holds_every_field() -> None:
    found = json.loads(report([A], "json"))
    assert found[0]["line"] == 3
    assert found[0]["message"] == "do.1.step: no value; write one"
    assert json.loads(report([], "json")) == []


def test_count_is_one_sentence() -> None:
    assert count([]) == "no problems"
    assert count([A]) == "1 problem in 1 file"
    assert count([A, A, B]) == "2 problems in 1 file, 1 warning"


@pytest.mark.parametrize(
    ("typed", "known", "meant"),
    [
        ("outcom", "outcome", True),
        ("outocme", "outcome", True),
        ("outpoot", "output", True),
        ("Outcome ", "outcome", True),
        ("value_for money", "value-for-money", True),
        ("2F", "2f", True),
        ("1-stratgey", "1-strategy", True),
        ("2e", "2f", False),
        ("2-strategy", "1-strategy", False),
        ("compact", "impact", False),
        ("cycle", "q-cycle", False),
        ("dacorum-compact", "st-albans-compact", False),
        ("civil-society-nao-compact-2015", "civil-society-nao-compact-2012", False),
        ("output", "outcome", False),
        ("a" * 100_000, "a" * 99_999, False),
    ],
)
def test_only_a_very_close_spelling_is_a_typo(typed: str, known: str, meant: bool) -> None:
    assert likely_typo(typed, ["unlike", known]) == (known if meant else None)


def test_the_closest_spelling_is_meant() -> None:
    assert likely_typo("grantss", ["grantee", "grants", "grant"]) == "grants"


def test_did_you_mean_names_the_nearest_or_the_few() -> None:
    assert did_you_mean("1-fairnes", ["1-fairness", "2-design"]) == 'did you mean "1-fairness"?'
    assert did_you_mean("Value for money", ["value-for-money", "x"]) == 'did you mean "value-for-money"?'
    assert did_you_mean("zzz", ["a", "b"]) == "use one of: a, b"
    assert did_you_mean("zzz", [f"word{n}" for n in range(20)]) == ""
    assert did_you_mean("zzz", []) == ""


def test_the_error_carries_all_problems_sorted() -> None:
    assert InvalidDataError([A, B]).problems == (B, A)


def test_a_person_is_told_a_bounded_list() -> None:
    problems = [Problem("data/a.yml", line, 1, "x", "wrong") for line in range(1, 10_001)]
    for form in ("text", "github"):
        lines = report(problems, form).split("\n")
        assert len(lines) == 501
        assert lines[-1] == "and 9,500 more"
    assert len(report(problems[:500]).split("\n")) == 500


def test_a_message_is_one_line_that_no_terminal_or_log_obeys() -> None:
    hostile = Problem("data/a\n::error::b.yml", 1, 1, "x", 'there is no "\x1b[2J\n::add-mask::x ##[set-env]\u202e"' + "y" * 10_000)
    line = report([hostile])
    assert "\n" not in line
    assert "\x1b" not in line
    assert "\u202e" not in line
    assert "##[" not in line
    assert len(line) < 2_000
    assert "\n" not in report([hostile], "github")
    assert "\x1b" not in report([hostile], "github")
    assert json.loads(report([hostile], "json"))[0]["wrong"] == hostile.wrong


def test_what_is_too_long_for_a_name_is_like_no_name() -> None:
    assert did_you_mean("a" * 100_000, ["a", "aa"]) == ""
