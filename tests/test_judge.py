"""The judge of the search: queries are read strictly, answers judged by concept, and our own set passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from macros import judge
from macros.framework import Framework
from macros.judge import Answer, Query, Verdict

from .conftest import TESTS


def test_the_search_answers_our_queries(site: Path, real: Framework, browser: Browser) -> None:
    asked, problems = judge.queries(TESTS / "queries.yml", real)
    assert problems == []
    assert len(asked) >= 59
    verdict = Verdict.of(real, list(judge.ask(site, asked, browser)))
    assert verdict.good, str(verdict)


def test_mistakes_in_a_file_of_queries_are_named_by_line(tmp_path: Path, real: Framework) -> None:
    file = tmp_path / "queries.yml"
    file.write_text(
        '- {q: "a", any: ["rec:2f"]}\n- {q: "b", any: ["rec:9z"]}\n- {q: "c", any: []}\n- {q: "d", any: ["term:outcom"]}\n', "utf-8"
    )
    found, problems = judge.queries(file, real)
    assert [query.q for query in found] == ["a", "b", "d"]
    assert [(problem.line, problem.wrong) for problem in problems] == [
        (2, '"rec:9z" names nothing'),
        (3, "not a query"),
        (4, '"term:outcom" names nothing'),
    ]
    assert "outcome" in problems[2].instead


@pytest.mark.parametrize("text", ["", "a: 1\n", "- [\n", "just words\n"])
def test_what_is_no_list_of_queries_says_what_to_write(tmp_path: Path, real: Framework, text: str) -> None:
    file = tmp_path / "queries.yml"
    file.write_text(text, "utf-8")
    found, (problem,) = judge.queries(file, real)
    assert found == []
    assert 'any: ["rec:2f"' in problem.instead


@pytest.mark.parametrize(
    ("concept", "address", "is_right"),
    [
        ("rec:2f", "stages/2-specify/#2f", True),
        ("rec:2f", "stages/2-specify/", True),
        ("rec:2f", "stages/2-specify/#2g", False),
        ("stage:2", "stages/2-specify/#2g", True),
        ("stage:2", "stages/3-tender/", False),
        ("term:outcome", "glossary/#outcome", True),
        ("term:outcome", "glossary/", False),
        ("value:trust", "values/#trust", True),
        ("principle", "compact/3-services/", True),
        ("principle", "compact/", False),
        ("principle:3", "compact/3-services/", True),
        ("principle:1", "compact/3-services/", False),
        ("page:law", "law/#procurement-act", True),
        ("page:home", "", True),
        ("page:home", "law/", False),
    ],
)
def test_an_address_answers_a_concept(real: Framework, concept: str, address: str, is_right: bool) -> None:
    assert judge.right(real, concept)(address) is is_right


def test_a_verdict_counts_first_and_first_three(real: Framework) -> None:
    def answer(*found: str) -> Answer:
        return Answer(Query("q", ("term:outcome",), 1), tuple((address, "") for address in found), 1000)

    good, third, none = answer("glossary/#outcome"), answer("a/", "b/", "glossary/#outcome"), answer()
    verdict = Verdict.of(real, [good, third, none])
    assert (verdict.queries, verdict.first, verdict.three, verdict.good) == (3, 1, 2, False)
    assert Verdict.of(real, [good] * 9 + [third]).good
    assert not Verdict.of(real, [good] * 8 + [third] * 2).good
    assert not Verdict.of(real, [good] * 32 + [none]).good
    assert "hit@1 1/3 (33.3%, must be 90%)" in str(verdict)
    assert json.loads(judge.as_json([good])) == [{"q": "q", "results": [{"address": "glossary/#outcome", "title": ""}]}]
    assert judge.as_text(real, [good]) == "No misses."
    assert judge.as_text(real, [third, none]).splitlines() == [
        "line 1: q: the right result is number 3; first a/",
        "line 1: q: no right result; first nothing",
    ]
